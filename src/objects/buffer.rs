//! The buffer protocol: memory of an object, exported to others.

use crate::value::{Ref, Value};

/// What an exporter hands out (`Py_buffer`). `release_buffer` of the exporter is called when it is dropped through `Buffer::release`.
pub struct Buffer {
    /// The exporting object.
    pub obj: Ref,
    pub ptr: *mut u8,
    /// Bytes in all.
    pub len: usize,
    pub readonly: bool,
    pub itemsize: usize,
    /// struct-style format of an item.
    pub format: String,
    pub shape: Vec<usize>,
    pub strides: Vec<isize>,
}

/// Request flag: writable memory is needed.
pub const WRITABLE: u32 = 1;

impl Buffer {
    /// A run of plain bytes.
    pub fn of_bytes(obj: Value, ptr: *mut u8, len: usize, readonly: bool) -> Buffer {
        Buffer {
            obj: obj.to_ref(),
            ptr,
            len,
            readonly,
            itemsize: 1,
            format: String::from("B"),
            shape: vec![len],
            strides: vec![1],
        }
    }
    /// The bytes, if contiguous.
    ///
    /// # Safety
    /// The exporter keeps the memory while the buffer is held; nobody may write to it meanwhile.
    pub unsafe fn bytes(&self) -> &[u8] {
        if self.len == 0 {
            &[]
        } else {
            unsafe { std::slice::from_raw_parts(self.ptr, self.len) }
        }
    }
    /// # Safety
    /// As `bytes`, and nobody else reads or writes meanwhile.
    pub unsafe fn bytes_mut(&mut self) -> &mut [u8] {
        if self.len == 0 {
            &mut []
        } else {
            unsafe { std::slice::from_raw_parts_mut(self.ptr, self.len) }
        }
    }
    pub fn is_contiguous(&self) -> bool {
        let mut expect = self.itemsize as isize;
        for (n, s) in self.shape.iter().zip(&self.strides).rev() {
            if *n > 1 && *s != expect {
                return false;
            }
            expect *= *n as isize;
        }
        true
    }
}
impl Drop for Buffer {
    fn drop(&mut self) {
        if !self.obj.is_null()
            && let Some(f) = self.obj.ty().slots().release_buffer
        {
            f(*self.obj, self);
        }
    }
}

/// Asks an object for its memory; TypeError "a bytes-like object is required, not 'X'" if it has none.
pub fn get(obj: Value, flags: u32) -> crate::err::PyResult<Buffer> {
    match obj.ty().slots().get_buffer {
        Some(f) => f(obj, flags),
        None => crate::err!(
            TypeError,
            "a bytes-like object is required, not '{}'",
            obj.type_name()
        ),
    }
}
/// A copy of the bytes of a bytes-like object.
pub fn to_vec(obj: Value) -> crate::err::PyResult<Vec<u8>> {
    if let Some(b) = crate::bytes::as_bytes(&obj) {
        return Ok(b.to_vec());
    }
    let b = get(obj, 0)?;
    if b.is_contiguous() {
        // SAFETY: copied at once.
        return Ok(unsafe { b.bytes() }.to_vec());
    }
    crate::memoryview::gather(&b)
}
