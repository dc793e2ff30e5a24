//! How the engine reads subjects, and running it.

use rustpython_sre_engine::{Request, State, StrDrive, StringCursor};

/// Text of units of `N` bytes, as raw bytes in native order.
#[derive(Clone, Copy)]
pub struct Units<'a, const N: usize>(pub &'a [u8]);

/// Moves the pointer by bytes without moving the position: the engine's byte drive is the only way to it.
#[inline(always)]
fn forward(c: &mut StringCursor, bytes: usize) {
    let p = c.position;
    <&[u8] as StrDrive>::skip(c, bytes);
    c.position = p;
}
#[inline(always)]
fn backward(c: &mut StringCursor, bytes: usize) {
    let p = c.position;
    c.position = bytes;
    <&[u8] as StrDrive>::back_skip(c, bytes);
    c.position = p;
}
#[inline(always)]
fn read<const N: usize>(c: &StringCursor) -> u32 {
    let mut at = *c;
    let mut bytes = [0u8; 4];
    for i in 0..N {
        bytes[i] = <&[u8] as StrDrive>::peek(&at) as u8;
        if i + 1 < N {
            forward(&mut at, 1);
        }
    }
    match N {
        1 => bytes[0] as u32,
        2 => u16::from_ne_bytes([bytes[0], bytes[1]]) as u32,
        _ => u32::from_ne_bytes(bytes),
    }
}

impl<const N: usize> StrDrive for Units<'_, N> {
    #[inline]
    fn count(&self) -> usize {
        self.0.len() / N
    }
    #[inline]
    fn create_cursor(&self, n: usize) -> StringCursor {
        let mut c = self.0.create_cursor(n * N);
        c.position = n;
        c
    }
    #[inline]
    fn adjust_cursor(&self, cursor: &mut StringCursor, n: usize) {
        *cursor = self.create_cursor(n);
    }
    #[inline]
    fn advance(cursor: &mut StringCursor) -> u32 {
        let c = read::<N>(cursor);
        forward(cursor, N);
        cursor.position += 1;
        c
    }
    #[inline]
    fn peek(cursor: &StringCursor) -> u32 {
        read::<N>(cursor)
    }
    #[inline]
    fn skip(cursor: &mut StringCursor, n: usize) {
        forward(cursor, n * N);
        cursor.position += n;
    }
    #[inline]
    fn back_advance(cursor: &mut StringCursor) -> u32 {
        backward(cursor, N);
        cursor.position -= 1;
        read::<N>(cursor)
    }
    #[inline]
    fn back_peek(cursor: &StringCursor) -> u32 {
        let mut at = *cursor;
        backward(&mut at, N);
        read::<N>(&at)
    }
    #[inline]
    fn back_skip(cursor: &mut StringCursor, n: usize) {
        backward(cursor, n * N);
        cursor.position -= n;
    }
}

/// The subject of a match: units of 1, 2 or 4 bytes.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    pub bytes: &'a [u8],
    pub kind: u8,
}

/// Where a search begins and what it looks for.
#[derive(Clone, Copy, PartialEq)]
pub enum Mode {
    Search,
    Match,
    FullMatch,
}

/// Places of the groups of one match; -1 where a group took no part.
pub struct Found {
    /// Start and end of the match, then of each group.
    pub marks: Vec<isize>,
    pub last_index: isize,
}

/// Searches in `subject[start..end]` one after another.
pub struct Runner<'a> {
    subject: Subject<'a>,
    code: &'a [u32],
    groups: usize,
    pub start: usize,
    pub end: usize,
    pub must_advance: bool,
    state: State,
}

impl<'a> Runner<'a> {
    pub fn new(subject: Subject<'a>, code: &'a [u32], groups: usize, start: usize, end: usize) -> Runner<'a> {
        Runner { subject, code, groups, start, end, must_advance: false, state: State::default() }
    }

    fn run_with<S: StrDrive>(&mut self, s: S, mode: Mode) -> bool {
        let mut request = Request::new(s, self.start, self.end, self.code, mode == Mode::FullMatch);
        request.must_advance = self.must_advance;
        self.state.reset(&request, self.start);
        if mode == Mode::Search { self.state.search(request) } else { self.state.py_match(&request) }
    }

    /// One attempt from `start`; `start..` of the match and its end are in the result.
    pub fn run(&mut self, mode: Mode) -> Option<(usize, usize)> {
        if self.start > self.end {
            return None;
        }
        let found = match self.subject.kind {
            1 => self.run_with(Units::<1>(self.subject.bytes), mode),
            2 => self.run_with(Units::<2>(self.subject.bytes), mode),
            _ => self.run_with(Units::<4>(self.subject.bytes), mode),
        };
        found.then(|| (self.state.start, self.state.cursor.position))
    }

    /// Goes on behind the match just found.
    pub fn advance(&mut self) {
        let end = self.state.cursor.position;
        self.must_advance = end == self.state.start;
        self.start = end;
    }

    /// Group `i` (from 1) of the last match.
    pub fn group(&self, i: usize) -> Option<(usize, usize)> {
        let (a, b) = self.state.marks.get(i - 1);
        match (a.into_option(), b.into_option()) {
            (Some(a), Some(b)) => Some((a, b)),
            _ => None,
        }
    }

    pub fn found(&self) -> Found {
        let mut marks = Vec::with_capacity(2 * self.groups + 2);
        marks.push(self.state.start as isize);
        marks.push(self.state.cursor.position as isize);
        for i in 1..=self.groups {
            let (a, b) = self.group(i).map_or((-1, -1), |(a, b)| (a as isize, b as isize));
            marks.push(a);
            marks.push(b);
        }
        Found { marks, last_index: self.state.marks.last_index() }
    }
}
