//! `mmap`: files as memory.

use crate::posix::os_err;
use std::cell::Cell;
use taipan_objects::buffer::{self, Buffer};
use taipan_objects::err::PyResult;
use taipan_objects::native::{GetSetDef, MethodDef, ModuleDef, Signature};
use taipan_objects::object::{Header, alloc};
use taipan_objects::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{bytes, err, exceptions, int, module, object_impl, protocol, slice, strings};

pub static MODULE: ModuleDef = ModuleDef {
    name: "mmap",
    doc: "",
    functions: &[],
    init: Some(|m| {
        module::add_type(m, &MMAP_TYPE);
        module::add(m, "error", exceptions::OSError.to_ref());
        for (n, v) in CONSTANTS {
            module::add(m, n, int::from_i64(*v));
        }
        Ok(())
    }),
};

const ACCESS_READ: i32 = 1;
const ACCESS_WRITE: i32 = 2;
const ACCESS_COPY: i32 = 3;

/// A mapping. Invariant: while `exports` is not zero it stays where it is.
#[repr(C)]
struct PyMmap {
    header: Header,
    data: Cell<*mut u8>,
    len: Cell<usize>,
    pos: Cell<usize>,
    fd: Cell<i32>,
    offset: i64,
    access: i32,
    exports: Cell<usize>,
    closed: Cell<bool>,
}
object_impl!(PyMmap, MMAP_TYPE);
impl Drop for PyMmap {
    fn drop(&mut self) {
        self.unmap();
    }
}
impl PyMmap {
    fn unmap(&self) {
        if !self.closed.replace(true) {
            // SAFETY: the mapping and the descriptor are the object's.
            unsafe {
                libc::munmap(self.data.get() as *mut libc::c_void, self.len.get());
                if self.fd.get() >= 0 {
                    libc::close(self.fd.get());
                }
            }
        }
    }
    fn bytes(&self) -> &[u8] {
        // SAFETY: the mapping has this length.
        unsafe { std::slice::from_raw_parts(self.data.get(), self.len.get()) }
    }
    #[allow(clippy::mut_from_ref)]
    fn bytes_mut(&self) -> &mut [u8] {
        // SAFETY: as above; writable as checked by `writable`, and not kept across calls.
        unsafe { std::slice::from_raw_parts_mut(self.data.get(), self.len.get()) }
    }
    fn writable(&self) -> PyResult<()> {
        if self.access == ACCESS_READ {
            return err!(TypeError, "mmap can't modify a readonly memory map.");
        }
        Ok(())
    }
}
fn raw(v: &Value) -> &PyMmap {
    // SAFETY: slots and methods of the type get instances of it.
    unsafe { v.cast_unchecked::<PyMmap>() }
}
fn me(v: &Value) -> PyResult<&PyMmap> {
    let m = raw(v);
    if m.closed.get() {
        return err!(ValueError, "mmap closed or invalid");
    }
    Ok(m)
}

fn new(ty: Type, args: &[Value], kw: Value) -> PyResult {
    static S: Signature =
        Signature::new("mmap(fileno, length, flags=MAP_SHARED, prot=PROT_WRITE|PROT_READ, access=ACCESS_DEFAULT, offset=0, *, trackfd=True)");
    S.bind(args, kw, |a| {
        let fd = int::to_i32(a[0])?;
        let mut len = int::to_i64(a[1])?;
        let mut flags = if a[2].is_null() { libc::MAP_SHARED } else { int::to_i32(a[2])? };
        let mut prot = if a[3].is_null() { libc::PROT_READ | libc::PROT_WRITE } else { int::to_i32(a[3])? };
        let mut access = if a[4].is_null() { 0 } else { int::to_i32(a[4])? };
        let offset = if a[5].is_null() { 0 } else { int::to_i64(a[5])? };
        let track = a[6].is_null() || protocol::is_true(a[6])?;
        if len < 0 {
            return err!(OverflowError, "memory mapped length must be positive");
        }
        if offset < 0 {
            return err!(OverflowError, "memory mapped offset must be positive");
        }
        if access != 0 && (!a[2].is_null() || !a[3].is_null()) {
            return err!(ValueError, "mmap can't specify both access and flags, prot.");
        }
        match access {
            ACCESS_READ => (flags, prot) = (libc::MAP_SHARED, libc::PROT_READ),
            ACCESS_WRITE => (flags, prot) = (libc::MAP_SHARED, libc::PROT_READ | libc::PROT_WRITE),
            ACCESS_COPY => (flags, prot) = (libc::MAP_PRIVATE, libc::PROT_READ | libc::PROT_WRITE),
            0 if prot & libc::PROT_WRITE == 0 => access = ACCESS_READ,
            0 => {}
            _ => return err!(ValueError, "mmap invalid access parameter."),
        }
        if fd != -1 {
            // SAFETY: plain data, filled by the call.
            let mut st: libc::stat = unsafe { std::mem::zeroed() };
            if unsafe { libc::fstat(fd, &mut st) } == 0 && st.st_mode & libc::S_IFMT == libc::S_IFREG {
                if len == 0 {
                    if st.st_size == 0 {
                        return err!(ValueError, "cannot mmap an empty file");
                    }
                    if offset >= st.st_size {
                        return err!(ValueError, "mmap offset is greater than file size");
                    }
                    len = st.st_size - offset;
                } else if offset > st.st_size || st.st_size - offset < len {
                    return err!(ValueError, "mmap length is greater than file size");
                }
            }
        } else {
            flags |= libc::MAP_ANONYMOUS;
        }
        let mut copy = -1;
        if fd != -1 && track {
            // SAFETY: plain call.
            copy = unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0) };
            if copy < 0 {
                return Err(os_err());
            }
        }
        // SAFETY: a new mapping; the length is checked against the file above.
        let p = unsafe { libc::mmap(std::ptr::null_mut(), len as usize, prot, flags, fd, offset) };
        if p == libc::MAP_FAILED {
            let e = os_err();
            if copy >= 0 {
                unsafe { libc::close(copy) };
            }
            return Err(e);
        }
        Ok(alloc(
            ty,
            PyMmap {
                header: Header::new(ty),
                data: Cell::new(p as *mut u8),
                len: Cell::new(len as usize),
                pos: Cell::new(0),
                fd: Cell::new(copy),
                offset,
                access,
                exports: Cell::new(0),
                closed: Cell::new(false),
            },
        ))
    })
}

fn repr(v: Value) -> PyResult {
    let m = raw(&v);
    let name = v.ty().full_name();
    if m.closed.get() {
        return Ok(strings::new_str(&format!("<{name} closed=True>")));
    }
    let access = match m.access {
        ACCESS_READ => "ACCESS_READ",
        ACCESS_WRITE => "ACCESS_WRITE",
        ACCESS_COPY => "ACCESS_COPY",
        _ => "ACCESS_DEFAULT",
    };
    Ok(strings::new_str(&format!(
        "<{name} closed=False, access={access}, length={}, pos={}, offset={}>",
        m.len.get(),
        m.pos.get(),
        m.offset
    )))
}
fn get_buffer(v: Value, flags: u32) -> PyResult<Buffer> {
    let m = me(&v)?;
    let readonly = m.access == ACCESS_READ;
    if readonly && flags & buffer::WRITABLE != 0 {
        return err!(BufferError, "Object is not writable.");
    }
    m.exports.set(m.exports.get() + 1);
    Ok(Buffer::of_bytes(v, m.data.get(), m.len.get(), readonly))
}
fn release_buffer(v: Value, _: &Buffer) {
    let m = raw(&v);
    m.exports.set(m.exports.get() - 1);
}
fn position(m: &PyMmap, i: isize) -> PyResult<usize> {
    let i = if i < 0 { i + m.len.get() as isize } else { i };
    if i < 0 || i as usize >= m.len.get() {
        return err!(IndexError, "mmap index out of range");
    }
    Ok(i as usize)
}
fn subscript(v: Value, key: Value) -> PyResult {
    let m = me(&v)?;
    if key.ty().slots().index.is_some() {
        let i = position(m, int::to_isize(key)?)?;
        return Ok(int::from_i64(m.bytes()[i] as i64));
    }
    if slice::as_slice(&key).is_none() {
        return err!(TypeError, "mmap indices must be integers");
    }
    let (start, _, step, n) = slice::resolve(key, m.len.get())?;
    let m = me(&v)?;
    let b = m.bytes();
    Ok(bytes::from_vec((0..n).map(|i| b[(start + i as isize * step) as usize]).collect()))
}
fn ass_subscript(v: Value, key: Value, value: Value) -> PyResult<()> {
    let m = me(&v)?;
    m.writable()?;
    if value.is_null() {
        return err!(TypeError, "mmap object doesn't support item deletion");
    }
    if key.ty().slots().index.is_some() {
        let i = position(m, int::to_isize(key)?)?;
        if value.ty().slots().index.is_none() {
            return err!(TypeError, "mmap item value must be an int");
        }
        let b = int::to_i64(value)?;
        if !(0..256).contains(&b) {
            return err!(ValueError, "mmap item value must be in range(0, 256)");
        }
        me(&v)?.bytes_mut()[i] = b as u8;
        return Ok(());
    }
    if slice::as_slice(&key).is_none() {
        return err!(TypeError, "mmap indices must be integers");
    }
    let (start, _, step, n) = slice::resolve(key, m.len.get())?;
    let data = buffer::to_vec(value)?;
    if data.len() != n {
        return err!(IndexError, "mmap slice assignment is wrong size");
    }
    let b = me(&v)?.bytes_mut();
    for (i, c) in data.into_iter().enumerate() {
        b[(start + i as isize * step) as usize] = c;
    }
    Ok(())
}

fn read(a: &[Value]) -> PyResult {
    let m = me(&a[0])?;
    let left = m.len.get().saturating_sub(m.pos.get());
    let n = if a[1].is_none_or_null() { left } else { usize::try_from(int::to_i64(a[1])?).map_or(left, |n| n.min(left)) };
    let m = me(&a[0])?;
    let p = m.pos.get();
    m.pos.set(p + n);
    Ok(bytes::new_bytes(&m.bytes()[p..p + n]))
}
fn readline(a: &[Value]) -> PyResult {
    let m = me(&a[0])?;
    let p = m.pos.get().min(m.len.get());
    let rest = &m.bytes()[p..];
    let n = rest.iter().position(|c| *c == b'\n').map_or(rest.len(), |i| i + 1);
    m.pos.set(p + n);
    Ok(bytes::new_bytes(&rest[..n]))
}
fn write(a: &[Value]) -> PyResult {
    let data = buffer::to_vec(a[1])?;
    let m = me(&a[0])?;
    m.writable()?;
    let p = m.pos.get();
    if p > m.len.get() || m.len.get() - p < data.len() {
        return err!(ValueError, "data out of range");
    }
    m.bytes_mut()[p..p + data.len()].copy_from_slice(&data);
    m.pos.set(p + data.len());
    Ok(int::from_usize(data.len()))
}
fn seek(a: &[Value]) -> PyResult {
    let m = me(&a[0])?;
    let d = int::to_i64(a[1])?;
    let whence = if a[2].is_null() { 0 } else { int::to_i32(a[2])? };
    let base = match whence {
        0 => 0,
        1 => m.pos.get() as i64,
        2 => m.len.get() as i64,
        _ => return err!(ValueError, "unknown seek type"),
    };
    let to = base.saturating_add(d);
    if to < 0 || to as usize > m.len.get() {
        return err!(ValueError, "seek out of range");
    }
    m.pos.set(to as usize);
    Ok(int::from_i64(to))
}
fn search(a: &[Value], last: bool) -> PyResult {
    let data = buffer::to_vec(a[1])?;
    let m = me(&a[0])?;
    let len = m.len.get() as isize;
    let bound = |v: Value, d: isize| -> PyResult<isize> {
        if v.is_none_or_null() {
            return Ok(d);
        }
        let i = int::to_isize_clipped(v)?;
        Ok(if i < 0 { (i + len).max(0) } else { i.min(len) })
    };
    let (from, to) = (bound(a[2], m.pos.get() as isize)? as usize, bound(a[3], len)? as usize);
    if from > to {
        return Ok(int::from_i64(-1));
    }
    let hay = &me(&a[0])?.bytes()[from..to];
    let found = if data.is_empty() {
        Some(if last { hay.len() } else { 0 })
    } else if last {
        hay.windows(data.len()).rposition(|w| w == data)
    } else {
        hay.windows(data.len()).position(|w| w == data)
    };
    Ok(found.map_or(int::from_i64(-1), |i| int::from_usize(i + from)))
}
fn flush(a: &[Value]) -> PyResult {
    let m = me(&a[0])?;
    let offset = if a[1].is_null() { 0 } else { int::to_i64(a[1])? };
    let size = if a[2].is_none_or_null() { m.len.get() as i64 - offset } else { int::to_i64(a[2])? };
    if offset < 0 || size < 0 || (m.len.get() as i64) < offset + size {
        return err!(ValueError, "flush values out of range");
    }
    if m.access == ACCESS_READ || m.access == ACCESS_COPY {
        return Ok(Ref::NONE);
    }
    // SAFETY: within the mapping.
    crate::posix::check(unsafe { libc::msync(m.data.get().add(offset as usize) as *mut libc::c_void, size as usize, libc::MS_SYNC) })
}
fn size(a: &[Value]) -> PyResult {
    let m = me(&a[0])?;
    if m.fd.get() < 0 {
        return Ok(int::from_usize(m.len.get()));
    }
    // SAFETY: plain data, filled by the call.
    let mut st: libc::stat = unsafe { std::mem::zeroed() };
    if unsafe { libc::fstat(m.fd.get(), &mut st) } < 0 {
        return Err(os_err());
    }
    Ok(int::from_i64(st.st_size))
}
fn resize(a: &[Value]) -> PyResult {
    let n = int::to_i64(a[1])?;
    let m = me(&a[0])?;
    if m.exports.get() > 0 {
        return err!(BufferError, "mmap can't resize with extant pointers exported.");
    }
    if m.access == ACCESS_READ || m.access == ACCESS_COPY {
        return err!(TypeError, "mmap can't resize a readonly or copy-on-write memory map.");
    }
    if n <= 0 {
        return err!(ValueError, "new size out of range");
    }
    #[cfg(target_os = "linux")]
    // SAFETY: the mapping is the object's and nobody else points into it.
    unsafe {
        if m.fd.get() >= 0 && libc::ftruncate(m.fd.get(), m.offset + n) == -1 {
            return Err(os_err());
        }
        let p = libc::mremap(m.data.get() as *mut libc::c_void, m.len.get(), n as usize, libc::MREMAP_MAYMOVE);
        if p == libc::MAP_FAILED {
            return Err(os_err());
        }
        m.data.set(p as *mut u8);
        m.len.set(n as usize);
        Ok(Ref::NONE)
    }
    #[cfg(not(target_os = "linux"))]
    err!(SystemError, "mmap: resizing not available--no mremap()")
}
fn close(a: &[Value]) -> PyResult {
    let m = raw(&a[0]);
    if m.exports.get() > 0 {
        return err!(BufferError, "cannot close exported pointers exist");
    }
    m.unmap();
    Ok(Ref::NONE)
}

static MMAP_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "mmap.mmap",
    doc: "Maps a file into memory.",
    flags: TypeFlags::BASETYPE | TypeFlags::WEAKREFABLE | TypeFlags::SEQUENCE,
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        length: Some(|v| Ok(me(&v)?.len.get())),
        map_length: Some(|v| Ok(me(&v)?.len.get())),
        item: Some(|v, i| {
            let m = me(&v)?;
            let i = position(m, i)?;
            Ok(bytes::new_bytes(&m.bytes()[i..i + 1]))
        }),
        subscript: Some(subscript),
        ass_subscript: Some(ass_subscript),
        get_buffer: Some(get_buffer),
        release_buffer: Some(release_buffer),
        ..Slots::of::<PyMmap>()
    },
    getset: &[GetSetDef::ro("closed", "", |v| Ok(Ref::bool(raw(&v).closed.get())))],
    methods: &[
        MethodDef::new("close($self, /)", "Gives the memory back.", close),
        MethodDef::new("find($self, view, start=None, end=None, /)", "The first place of some bytes.", |a| search(a, false)),
        MethodDef::new("rfind($self, view, start=None, end=None, /)", "The last place of some bytes.", |a| search(a, true)),
        MethodDef::new("flush($self, offset=0, size=None, /)", "Writes changes to the file.", flush),
        MethodDef::new("move($self, dest, src, count, /)", "Copies within the mapping.", |a| {
            let (d, s, n) = (int::to_i64(a[1])?, int::to_i64(a[2])?, int::to_i64(a[3])?);
            let m = me(&a[0])?;
            m.writable()?;
            let len = m.len.get() as i64;
            if d < 0 || s < 0 || n < 0 || len - d < n || len - s < n {
                return err!(ValueError, "source, destination, or count out of range");
            }
            m.bytes_mut().copy_within(s as usize..(s + n) as usize, d as usize);
            Ok(Ref::NONE)
        }),
        MethodDef::new("read($self, n=None, /)", "Reads bytes.", read),
        MethodDef::new("read_byte($self, /)", "Reads a byte.", |a| {
            let m = me(&a[0])?;
            match m.bytes().get(m.pos.get()) {
                Some(b) => {
                    m.pos.set(m.pos.get() + 1);
                    Ok(int::from_i64(*b as i64))
                }
                None => err!(ValueError, "read byte out of range"),
            }
        }),
        MethodDef::new("readline($self, /)", "Reads a line.", readline),
        MethodDef::new("resize($self, newsize, /)", "Changes the size of mapping and file.", resize),
        MethodDef::new("seek($self, pos, whence=0, /)", "Moves the position.", seek),
        MethodDef::new("seekable($self, /)", "Always True.", |_| Ok(Ref::bool(true))),
        MethodDef::new("size($self, /)", "The file's size.", size),
        MethodDef::new("tell($self, /)", "The position.", |a| Ok(int::from_usize(me(&a[0])?.pos.get()))),
        MethodDef::new("write($self, bytes, /)", "Writes bytes.", write),
        MethodDef::new("write_byte($self, byte, /)", "Writes a byte.", |a| {
            let b = int::to_i64(a[1])?;
            let m = me(&a[0])?;
            m.writable()?;
            if !(0..256).contains(&b) {
                return err!(OverflowError, "unsigned byte integer is greater than maximum");
            }
            let p = m.pos.get();
            if p >= m.len.get() {
                return err!(ValueError, "write byte out of range");
            }
            m.bytes_mut()[p] = b as u8;
            m.pos.set(p + 1);
            Ok(Ref::NONE)
        }),
        MethodDef::new("__enter__($self, /)", "", |a| {
            me(&a[0])?;
            Ok(a[0].to_ref())
        }),
        MethodDef::new("__exit__($self, exc_type, exc_value, traceback, /)", "", close),
    ],
    ..TypeSpec::of::<PyMmap>()
});

/// Name and value.
const CONSTANTS: &[(&str, i64)] = &[
    ("ACCESS_COPY", 3),
    ("ACCESS_DEFAULT", 0),
    ("ACCESS_READ", 1),
    ("ACCESS_WRITE", 2),
    ("ALLOCATIONGRANULARITY", 4096),
    ("MADV_DODUMP", libc::MADV_DODUMP as i64),
    ("MADV_DOFORK", libc::MADV_DOFORK as i64),
    ("MADV_DONTDUMP", libc::MADV_DONTDUMP as i64),
    ("MADV_DONTFORK", libc::MADV_DONTFORK as i64),
    ("MADV_DONTNEED", libc::MADV_DONTNEED as i64),
    ("MADV_FREE", libc::MADV_FREE as i64),
    ("MADV_HUGEPAGE", libc::MADV_HUGEPAGE as i64),
    ("MADV_HWPOISON", libc::MADV_HWPOISON as i64),
    ("MADV_MERGEABLE", libc::MADV_MERGEABLE as i64),
    ("MADV_NOHUGEPAGE", libc::MADV_NOHUGEPAGE as i64),
    ("MADV_NORMAL", libc::MADV_NORMAL as i64),
    ("MADV_RANDOM", libc::MADV_RANDOM as i64),
    ("MADV_REMOVE", libc::MADV_REMOVE as i64),
    ("MADV_SEQUENTIAL", libc::MADV_SEQUENTIAL as i64),
    ("MADV_UNMERGEABLE", libc::MADV_UNMERGEABLE as i64),
    ("MADV_WILLNEED", libc::MADV_WILLNEED as i64),
    ("MAP_32BIT", libc::MAP_32BIT as i64),
    ("MAP_ANON", libc::MAP_ANON as i64),
    ("MAP_ANONYMOUS", libc::MAP_ANONYMOUS as i64),
    ("MAP_DENYWRITE", libc::MAP_DENYWRITE as i64),
    ("MAP_EXECUTABLE", libc::MAP_EXECUTABLE as i64),
    ("MAP_NORESERVE", libc::MAP_NORESERVE as i64),
    ("MAP_POPULATE", libc::MAP_POPULATE as i64),
    ("MAP_PRIVATE", libc::MAP_PRIVATE as i64),
    ("MAP_SHARED", libc::MAP_SHARED as i64),
    ("MAP_STACK", libc::MAP_STACK as i64),
    ("PAGESIZE", 4096),
    ("PROT_EXEC", libc::PROT_EXEC as i64),
    ("PROT_READ", libc::PROT_READ as i64),
    ("PROT_WRITE", libc::PROT_WRITE as i64),
];
