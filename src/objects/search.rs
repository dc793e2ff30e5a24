//! Substring search over bytes, 16-bit and 32-bit units.

/// A unit of text.
pub trait Unit: Copy + Eq + Ord + 'static {
    fn code(self) -> u32;
    /// The code point as a unit, if it fits.
    fn from_code(c: u32) -> Option<Self>;
}
macro_rules! unit {
    ($t:ty) => {
        impl Unit for $t {
            #[inline(always)]
            fn code(self) -> u32 {
                self as u32
            }
            #[inline(always)]
            fn from_code(c: u32) -> Option<$t> {
                <$t>::try_from(c).ok()
            }
        }
    };
}
unit!(u8);
unit!(u16);
unit!(u32);

#[inline]
fn raw<T: Unit>(s: &[T]) -> &[u8] {
    // SAFETY: the units are plain integers.
    unsafe { std::slice::from_raw_parts(s.as_ptr() as *const u8, size_of_val(s)) }
}

/// First place of `needle` in `hay`.
#[inline]
pub fn find<T: Unit>(hay: &[T], needle: &[T]) -> Option<usize> {
    if needle.len() > hay.len() {
        return None;
    }
    if size_of::<T>() == 1 {
        return match raw(needle) {
            [] => Some(0),
            [c] => memchr::memchr(*c, raw(hay)),
            n => memchr::memmem::find(raw(hay), n),
        };
    }
    if let [c] = needle {
        return hay.iter().position(|h| h == c);
    }
    let (h, n, size) = (raw(hay), raw(needle), size_of::<T>());
    let finder = memchr::memmem::Finder::new(n);
    let mut from = 0;
    loop {
        let at = from + finder.find(&h[from..])?;
        if at % size == 0 {
            return Some(at / size);
        }
        from = at + 1;
    }
}

/// Last place of `needle` in `hay`.
pub fn rfind<T: Unit>(hay: &[T], needle: &[T]) -> Option<usize> {
    if needle.len() > hay.len() {
        return None;
    }
    if size_of::<T>() == 1 {
        return match raw(needle) {
            [] => Some(hay.len()),
            [c] => memchr::memrchr(*c, raw(hay)),
            n => memchr::memmem::rfind(raw(hay), n),
        };
    }
    if let [c] = needle {
        return hay.iter().rposition(|h| h == c);
    }
    let (h, n, size) = (raw(hay), raw(needle), size_of::<T>());
    let finder = memchr::memmem::FinderRev::new(n);
    let mut end = h.len();
    loop {
        let at = finder.rfind(&h[..end])?;
        if at % size == 0 {
            return Some(at / size);
        }
        end = at + n.len() - 1;
    }
}

/// Places of `needle` (not empty) that do not overlap, from the left, `max` at most.
pub fn find_all<T: Unit>(hay: &[T], needle: &[T], max: usize) -> Vec<usize> {
    let mut out = Vec::new();
    if max == 0 || needle.len() > hay.len() {
        return out;
    }
    if size_of::<T>() == 1 {
        if let [c] = raw(needle) {
            out.extend(memchr::memchr_iter(*c, raw(hay)).take(max));
        } else {
            out.extend(memchr::memmem::find_iter(raw(hay), raw(needle)).take(max));
        }
        return out;
    }
    let mut from = 0;
    while out.len() < max
        && let Some(at) = find(&hay[from..], needle)
    {
        out.push(from + at);
        from += at + needle.len();
    }
    out
}

/// Places of `needle` (not empty) that do not overlap, from the right, `max` at most.
pub fn rfind_all<T: Unit>(hay: &[T], needle: &[T], max: usize) -> Vec<usize> {
    let mut out = Vec::new();
    let mut end = hay.len();
    while out.len() < max
        && let Some(at) = rfind(&hay[..end], needle)
    {
        out.push(at);
        end = at;
    }
    out
}

/// Number of places that do not overlap; of gaps if `needle` is empty.
pub fn count<T: Unit>(hay: &[T], needle: &[T], max: usize) -> usize {
    if needle.is_empty() {
        return (hay.len() + 1).min(max);
    }
    if size_of::<T>() == 1
        && let [c] = raw(needle)
    {
        return memchr::memchr_iter(*c, raw(hay)).count().min(max);
    }
    find_all(hay, needle, max).len()
}

/// `hay` with up to `max` places of `old` replaced.
pub fn replace<T: Unit>(hay: &[T], old: &[T], new: &[T], max: usize) -> Option<Vec<T>> {
    if max == 0 {
        return None;
    }
    if old.is_empty() {
        let n = max.min(hay.len() + 1);
        let mut out = Vec::with_capacity(hay.len() + n * new.len());
        for i in 0..n {
            out.extend_from_slice(new);
            if i < hay.len() {
                out.push(hay[i]);
            }
        }
        if n < hay.len() {
            out.extend_from_slice(&hay[n..]);
        }
        return Some(out);
    }
    let places = find_all(hay, old, max);
    if places.is_empty() {
        return None;
    }
    let mut out =
        Vec::with_capacity(hay.len() - places.len() * old.len() + places.len() * new.len());
    let mut from = 0;
    for p in places {
        out.extend_from_slice(&hay[from..p]);
        out.extend_from_slice(new);
        from = p + old.len();
    }
    out.extend_from_slice(&hay[from..]);
    Some(out)
}

/// Pieces between places of `separator`, as ranges, in order.
pub fn split<T: Unit>(hay: &[T], separator: &[T], max: usize) -> Vec<(usize, usize)> {
    let places = find_all(hay, separator, max);
    let mut out = Vec::with_capacity(places.len() + 1);
    let mut from = 0;
    for p in places {
        out.push((from, p));
        from = p + separator.len();
    }
    out.push((from, hay.len()));
    out
}

/// As `split`, counting from the right.
pub fn rsplit<T: Unit>(hay: &[T], separator: &[T], max: usize) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut end = hay.len();
    for p in rfind_all(hay, separator, max) {
        out.push((p + separator.len(), end));
        end = p;
    }
    out.push((0, end));
    out.reverse();
    out
}

/// Words between runs of whitespace, as ranges.
pub fn split_whitespace<T: Unit>(
    hay: &[T],
    max: usize,
    space: impl Fn(T) -> bool,
) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut i = 0;
    let n = hay.len();
    loop {
        while i < n && space(hay[i]) {
            i += 1;
        }
        if i == n {
            return out;
        }
        if out.len() == max {
            // The rest keeps its trailing whitespace.
            out.push((i, n));
            return out;
        }
        let start = i;
        while i < n && !space(hay[i]) {
            i += 1;
        }
        out.push((start, i));
    }
}

/// As `split_whitespace`, counting from the right.
pub fn rsplit_whitespace<T: Unit>(
    hay: &[T],
    max: usize,
    space: impl Fn(T) -> bool,
) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut i = hay.len();
    loop {
        while i > 0 && space(hay[i - 1]) {
            i -= 1;
        }
        if i == 0 {
            break;
        }
        if out.len() == max {
            out.push((0, i));
            break;
        }
        let end = i;
        while i > 0 && !space(hay[i - 1]) {
            i -= 1;
        }
        out.push((i, end));
    }
    out.reverse();
    out
}

/// Lines, as ranges, with their ends if asked for.
pub fn split_lines<T: Unit>(
    hay: &[T],
    keep_ends: bool,
    is_break: impl Fn(T) -> bool,
) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let n = hay.len();
    let mut i = 0;
    while i < n {
        let start = i;
        while i < n && !is_break(hay[i]) {
            i += 1;
        }
        let mut end = i;
        if i < n {
            i += if hay[i].code() == 13 && i + 1 < n && hay[i + 1].code() == 10 {
                2
            } else {
                1
            };
            if keep_ends {
                end = i;
            }
        }
        out.push((start, end));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_search_minds_alignment() {
        let hay: Vec<u16> = vec![0x0101, 0x0101, 0x0102, 0x0201, 0x0102];
        assert_eq!(find(&hay, &[0x0102u16, 0x0201]), Some(2));
        assert_eq!(rfind(&hay, &[0x0101u16, 0x0102]), Some(1));
        assert_eq!(find(&hay, &[0x0201u16, 0x0201]), None);
    }

    #[test]
    fn splitting() {
        assert_eq!(
            split(b"a,b,,c", b",", usize::MAX),
            [(0, 1), (2, 3), (4, 4), (5, 6)]
        );
        assert_eq!(rsplit(b"a,b,c", b",", 1), [(0, 3), (4, 5)]);
        assert_eq!(
            split_whitespace(b" a  b ", usize::MAX, |c| c == b' '),
            [(1, 2), (4, 5)]
        );
        assert_eq!(
            rsplit_whitespace(b" a  b ", 1, |c| c == b' '),
            [(0, 2), (4, 5)]
        );
        assert_eq!(
            replace(b"abab", b"", b"-", usize::MAX).unwrap(),
            b"-a-b-a-b-"
        );
        assert_eq!(
            split_lines(b"a\r\nb\n\nc", false, |c| c == b'\n' || c == b'\r'),
            [(0, 1), (3, 4), (5, 5), (6, 7)]
        );
    }
}
