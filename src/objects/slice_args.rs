//! Slice objects as ranges of positions.

use crate::err::PyResult;
use crate::slice;
use crate::value::Value;

/// The positions a slice selects in a sequence.
#[derive(Clone, Copy)]
pub struct SliceRange {
    pub start: usize,
    pub step: isize,
    pub count: usize,
}

impl SliceRange {
    pub fn indices(self) -> impl DoubleEndedIterator<Item = usize> {
        (0..self.count).map(move |i| (self.start as isize + i as isize * self.step) as usize)
    }
}

/// The range a slice selects in a sequence of `len` items; `None` if `key` is not a slice.
pub fn range(key: Value, len: usize) -> PyResult<Option<SliceRange>> {
    if slice::as_slice(&key).is_none() {
        return Ok(None);
    }
    let (start, _stop, step, count) = slice::resolve(key, len)?;
    Ok(Some(SliceRange {
        start: start.max(0) as usize,
        step,
        count,
    }))
}
