//! The line table and the exception table of a code object.
//!
//! Line table: entries of a head byte (bit 7 set, bits 3-6 the form, bits 0-2 the length in units
//! less one) and what the form needs. Exception table: entries of four numbers, most significant
//! six bits first, the first byte of an entry with bit 7 set.

use crate::code::Code;

/// Where a stretch of code comes from; each part may be unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub struct Position {
    /// First line.
    pub line: Option<i32>,
    /// Last line.
    pub end_line: Option<i32>,
    /// First column, in bytes of UTF-8.
    pub column: Option<i32>,
    /// Column behind the last.
    pub end_column: Option<i32>,
}

/// An entry of the line table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocationEntry {
    /// First unit.
    pub start: usize,
    /// Number of units.
    pub length: usize,
    /// Where they come from.
    pub position: Position,
}

const FORM_ONE_LINE: u8 = 10;
const FORM_NO_COLUMNS: u8 = 13;
const FORM_LONG: u8 = 14;
const FORM_NONE: u8 = 15;

/// Iterates over the line table; stops early where it is malformed.
pub struct Locations<'a> {
    data: &'a [u8],
    at: usize,
    unit: usize,
    line: i32,
}

/// Iterates over a line table.
pub fn locations(linetable: &[u8], firstlineno: i32) -> Locations<'_> {
    Locations {
        data: linetable,
        at: 0,
        unit: 0,
        line: firstlineno,
    }
}

impl Locations<'_> {
    /// Whether everything was used.
    pub fn is_at_end(&self) -> bool {
        self.at == self.data.len()
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.data.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn varint(&mut self) -> Option<u32> {
        let mut value = 0u32;
        let mut shift = 0;
        loop {
            let byte = self.byte()?;
            if shift < 32 {
                value |= (byte as u32 & 63) << shift;
            }
            shift += 6;
            if byte & 64 == 0 {
                return Some(value);
            }
            if shift > 36 {
                return None;
            }
        }
    }

    fn signed_varint(&mut self) -> Option<i32> {
        let value = self.varint()?;
        let magnitude = (value >> 1) as i32;
        Some(if value & 1 != 0 {
            -magnitude
        } else {
            magnitude
        })
    }
}

impl Iterator for Locations<'_> {
    type Item = LocationEntry;

    fn next(&mut self) -> Option<LocationEntry> {
        let head = self.byte()?;
        if head & 0x80 == 0 {
            self.at -= 1;
            return None;
        }
        let length = (head & 7) as usize + 1;
        let position = match (head >> 3) & 15 {
            FORM_NONE => Position::default(),
            FORM_NO_COLUMNS => {
                self.line = self.line.wrapping_add(self.signed_varint()?);
                Position {
                    line: Some(self.line),
                    end_line: Some(self.line),
                    column: None,
                    end_column: None,
                }
            }
            FORM_LONG => {
                self.line = self.line.wrapping_add(self.signed_varint()?);
                let end_line = self.line.wrapping_add(self.varint()? as i32);
                let column = self.varint()?;
                let end_column = self.varint()?;
                let known = |column: u32| column.checked_sub(1).map(|column| column as i32);
                Position {
                    line: Some(self.line),
                    end_line: Some(end_line),
                    column: known(column),
                    end_column: known(end_column),
                }
            }
            form @ FORM_ONE_LINE..=12 => {
                self.line = self.line.wrapping_add((form - FORM_ONE_LINE) as i32);
                let column = self.byte()? as i32;
                let end_column = self.byte()? as i32;
                Position {
                    line: Some(self.line),
                    end_line: Some(self.line),
                    column: Some(column),
                    end_column: Some(end_column),
                }
            }
            form => {
                let second = self.byte()?;
                let column = (form as i32) << 3 | (second >> 4) as i32;
                Position {
                    line: Some(self.line),
                    end_line: Some(self.line),
                    column: Some(column),
                    end_column: Some(column + (second & 15) as i32),
                }
            }
        };
        let start = self.unit;
        self.unit += length;
        Some(LocationEntry {
            start,
            length,
            position,
        })
    }
}

/// Writes a line table.
pub struct LocationWriter {
    data: Vec<u8>,
    line: i32,
}

impl LocationWriter {
    /// Begins the table of code that starts at `firstlineno`.
    pub fn new(firstlineno: i32) -> LocationWriter {
        LocationWriter {
            data: Vec::new(),
            line: firstlineno,
        }
    }

    /// The table.
    pub fn into_bytes(self) -> Vec<u8> {
        self.data
    }

    fn varint(&mut self, mut value: u32) {
        while value >= 64 {
            self.data.push(64 | (value & 63) as u8);
            value >>= 6;
        }
        self.data.push(value as u8);
    }

    fn signed_varint(&mut self, value: i32) {
        let magnitude = value.unsigned_abs() << 1;
        self.varint(if value < 0 { magnitude | 1 } else { magnitude });
    }

    fn head(&mut self, form: u8, length: usize) {
        self.data.push(0x80 | form << 3 | (length as u8 - 1));
    }

    /// A stretch of `length` units. A line of None or -1 means nowhere; other parts may be negative for unknown.
    pub fn add(
        &mut self,
        line: i32,
        end_line: i32,
        column: i32,
        end_column: i32,
        mut length: usize,
    ) {
        while length > 0 {
            let part = length.min(8);
            self.add_part(line, end_line, column, end_column, part);
            length -= part;
        }
    }

    fn add_part(&mut self, line: i32, end_line: i32, column: i32, end_column: i32, length: usize) {
        if line == -1 {
            return self.head(FORM_NONE, length);
        }
        let delta = line - self.line;
        if column < 0 || end_column < 0 {
            if end_line == line || end_line < 0 {
                self.head(FORM_NO_COLUMNS, length);
                self.signed_varint(delta);
                self.line = line;
                return;
            }
        } else if end_line == line {
            if delta == 0 && column < 80 && end_column >= column && end_column - column < 16 {
                self.head((column >> 3) as u8, length);
                self.data
                    .push(((column & 7) << 4 | (end_column - column)) as u8);
                return;
            }
            if (0..3).contains(&delta) && column < 128 && end_column < 128 {
                self.head(FORM_ONE_LINE + delta as u8, length);
                self.data.extend([column as u8, end_column as u8]);
                self.line = line;
                return;
            }
        }
        self.head(FORM_LONG, length);
        self.signed_varint(delta);
        self.varint(end_line.wrapping_sub(line) as u32);
        self.varint((column + 1) as u32);
        self.varint((end_column + 1) as u32);
        self.line = line;
    }
}

/// An entry of the exception table, offsets in units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExceptionEntry {
    /// First protected unit.
    pub start: u32,
    /// First unit behind the protected ones.
    pub end: u32,
    /// Where to go.
    pub target: u32,
    /// To which depth the stack is popped first.
    pub depth: u32,
    /// Whether the offset of the raising instruction is pushed before the exception.
    pub lasti: bool,
}

/// Iterates over an exception table; stops early where it is malformed.
pub struct ExceptionEntries<'a> {
    data: &'a [u8],
    at: usize,
}

/// Iterates over an exception table.
pub fn exception_entries(table: &[u8]) -> ExceptionEntries<'_> {
    ExceptionEntries { data: table, at: 0 }
}

impl ExceptionEntries<'_> {
    /// Whether everything was used.
    pub fn is_at_end(&self) -> bool {
        self.at == self.data.len()
    }

    fn varint(&mut self) -> Option<u32> {
        let mut value = 0u32;
        loop {
            let byte = *self.data.get(self.at)?;
            self.at += 1;
            if value >> 26 != 0 {
                return None;
            }
            value = value << 6 | (byte & 63) as u32;
            if byte & 64 == 0 {
                return Some(value);
            }
        }
    }
}

impl Iterator for ExceptionEntries<'_> {
    type Item = ExceptionEntry;

    fn next(&mut self) -> Option<ExceptionEntry> {
        let begin = self.at;
        let entry = (|| {
            let start = self.varint()?;
            let length = self.varint()?;
            let target = self.varint()?;
            let depth = self.varint()?;
            let end = start.checked_add(length)?;
            Some(ExceptionEntry {
                start,
                end,
                target,
                depth: depth >> 1,
                lasti: depth & 1 != 0,
            })
        })();
        if entry.is_none() {
            self.at = begin;
        }
        entry
    }
}

/// Appends an entry to an exception table.
pub fn write_exception_entry(table: &mut Vec<u8>, entry: &ExceptionEntry) {
    let mut write = |value: u32, first: u8| {
        let mut mark = first;
        for shift in [30, 24, 18, 12, 6] {
            if value >> shift != 0 {
                table.push((value >> shift & 63) as u8 | 64 | mark);
                mark = 0;
            }
        }
        table.push((value & 63) as u8 | mark);
    };
    write(entry.start, 128);
    write(entry.end - entry.start, 0);
    write(entry.target, 0);
    write(entry.depth << 1 | entry.lasti as u32, 0);
}

impl Code {
    /// The line table's entries.
    pub fn locations(&self) -> Locations<'_> {
        locations(&self.linetable, self.firstlineno)
    }

    /// Where the unit at that offset comes from.
    pub fn position(&self, unit: usize) -> Position {
        self.locations()
            .find(|entry| unit < entry.start + entry.length)
            .map(|entry| entry.position)
            .unwrap_or_default()
    }

    /// The line of the unit at that offset.
    pub fn line(&self, unit: usize) -> Option<i32> {
        self.position(unit).line
    }

    /// The exception table's entries.
    pub fn exception_entries(&self) -> ExceptionEntries<'_> {
        exception_entries(&self.exceptiontable)
    }

    /// The handler of exceptions raised by the unit at that offset. The entries are in order of their
    /// start and do not overlap.
    pub fn handler(&self, unit: usize) -> Option<ExceptionEntry> {
        self.exception_entries()
            .find(|entry| (entry.start as usize..entry.end as usize).contains(&unit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_table_round_trip() {
        let cases = [
            (10, 10, 0, 5, 1),
            (10, 10, 79, 94, 3),
            (10, 10, 79, 95, 3),
            (11, 11, 127, 127, 8),
            (12, 12, 4, 128, 9),
            (12, 20, 4, 2, 20),
            (5, 5, -1, -1, 2),
            (-1, -1, -1, -1, 2),
            (100_000, 100_001, 70_000, 3, 1),
            (100_000, 100_000, 9, 3, 1),
        ];
        let mut writer = LocationWriter::new(9);
        for (a, b, c, d, n) in cases {
            writer.add(a, b, c, d, n);
        }
        let data = writer.into_bytes();
        let mut read = Vec::new();
        let mut entries = locations(&data, 9);
        for entry in entries.by_ref() {
            for _ in 0..entry.length {
                let p = entry.position;
                let part = |part: Option<i32>| part.unwrap_or(-1);
                read.push((
                    part(p.line),
                    part(p.end_line),
                    part(p.column),
                    part(p.end_column),
                ));
            }
        }
        assert!(entries.is_at_end());
        let expected: Vec<_> = cases
            .iter()
            .flat_map(|&(a, b, c, d, n)| std::iter::repeat_n((a, b, c, d), n))
            .collect();
        assert_eq!(read, expected);
    }

    #[test]
    fn exception_table_round_trip() {
        let cases = [
            ExceptionEntry {
                start: 0,
                end: 63,
                target: 64,
                depth: 0,
                lasti: false,
            },
            ExceptionEntry {
                start: 63,
                end: 5000,
                target: 300_000,
                depth: 3,
                lasti: true,
            },
            ExceptionEntry {
                start: 20_000_000,
                end: 20_000_001,
                target: 1 << 29,
                depth: 40,
                lasti: true,
            },
        ];
        let mut data = Vec::new();
        for entry in &cases {
            write_exception_entry(&mut data, entry);
        }
        let mut entries = exception_entries(&data);
        assert_eq!(entries.by_ref().collect::<Vec<_>>(), cases);
        assert!(entries.is_at_end());
        assert_eq!(exception_entries(&data[..data.len() - 1]).count(), 2);
    }
}
