//! `memoryview`.

/// The bytes of a buffer with gaps, in order.
pub fn gather(_b: &crate::buffer::Buffer) -> crate::err::PyResult<Vec<u8>> {
    crate::err::missing("a buffer that is not contiguous")
}
