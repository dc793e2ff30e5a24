//! `str.format` and the parsing of its replacement fields.

use crate::err::PyResult;
use crate::strings::{self, PyStr, StrBuilder, expect};
use crate::value::{Ref, Value};
use crate::{dict, err, int, protocol, tuple};

/// Where positional and named fields come from.
struct Source<'a> {
    positional: &'a [Value],
    /// A mapping for names; NULL if there is none.
    named: Value,
    /// `format_map`: names go through the mapping's `__getitem__`, positions are refused.
    mapping: bool,
    /// Next automatic number; `None` after explicit ones, unless none was used.
    auto: Auto,
}

#[derive(Clone, Copy, PartialEq)]
enum Auto {
    Unknown,
    Automatic(usize),
    Manual,
}

/// One step of the parse: literal text, and the field that follows it if any.
pub struct Piece {
    pub literal: Vec<u32>,
    pub field: Option<Field>,
}
pub struct Field {
    pub name: Vec<u32>,
    pub spec: Vec<u32>,
    pub conversion: Option<u32>,
    spec_needs_expanding: bool,
}

const OPEN: u32 = '{' as u32;
const CLOSE: u32 = '}' as u32;

/// The next piece of a format string from `*pos`; `None` at the end.
pub fn next_piece(s: &[u32], pos: &mut usize) -> PyResult<Option<Piece>> {
    if *pos >= s.len() {
        return Ok(None);
    }
    let mut literal = Vec::new();
    let mut i = *pos;
    while i < s.len() && s[i] != OPEN && s[i] != CLOSE {
        literal.push(s[i]);
        i += 1;
    }
    if i >= s.len() {
        *pos = i;
        return Ok(Some(Piece {
            literal,
            field: None,
        }));
    }
    let c = s[i];
    let doubled = i + 1 < s.len() && s[i + 1] == c;
    if doubled {
        literal.push(c);
        *pos = i + 2;
        return Ok(Some(Piece {
            literal,
            field: None,
        }));
    }
    if c == CLOSE {
        return err!(ValueError, "Single '}}' encountered in format string");
    }
    if i + 1 >= s.len() {
        return err!(ValueError, "Single '{{' encountered in format string");
    }
    i += 1;
    // The field name ends at ':' or '!' outside brackets, or at the closing brace.
    let start = i;
    let mut depth = 1usize;
    let mut brackets = false;
    while i < s.len() {
        match char::from_u32(s[i]) {
            Some('[') => brackets = true,
            Some(']') => brackets = false,
            Some('{') => {
                return err!(ValueError, "unexpected '{{' in field name");
            }
            Some('}' | ':' | '!') if !brackets => break,
            _ => {}
        }
        i += 1;
    }
    if i >= s.len() {
        return err!(ValueError, "expected '}}' before end of string");
    }
    let name = s[start..i].to_vec();
    let mut conversion = None;
    let mut spec = Vec::new();
    let mut spec_needs_expanding = false;
    let mut c = s[i];
    i += 1;
    if c == '!' as u32 {
        if i >= s.len() {
            return err!(
                ValueError,
                "end of string while looking for conversion specifier"
            );
        }
        conversion = Some(s[i]);
        i += 1;
        if i >= s.len() {
            return err!(ValueError, "unmatched '{{' in format spec");
        }
        c = s[i];
        i += 1;
        if c != ':' as u32 && c != CLOSE {
            return err!(ValueError, "expected ':' after conversion specifier");
        }
    }
    if c == ':' as u32 {
        let spec_start = i;
        loop {
            if i >= s.len() {
                return err!(ValueError, "unmatched '{{' in format spec");
            }
            match s[i] {
                OPEN => {
                    depth += 1;
                    spec_needs_expanding = true;
                }
                CLOSE => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                _ => {}
            }
            i += 1;
        }
        spec = s[spec_start..i].to_vec();
        i += 1;
    }
    *pos = i;
    Ok(Some(Piece {
        literal,
        field: Some(Field {
            name,
            spec,
            conversion,
            spec_needs_expanding,
        }),
    }))
}

/// One accessor after the first part of a field name.
pub enum Accessor {
    Attribute(Vec<u32>),
    Index(i64),
    Key(Vec<u32>),
}

fn as_number(s: &[u32]) -> PyResult<Option<i64>> {
    if s.is_empty() {
        return Ok(None);
    }
    let mut n: i64 = 0;
    for c in s {
        let Some(d) = crate::unicode::to_decimal(*c) else {
            return Ok(None);
        };
        n = match n.checked_mul(10).and_then(|n| n.checked_add(d as i64)) {
            Some(n) => n,
            None => return err!(ValueError, "Too many decimal digits in format string"),
        };
    }
    Ok(Some(n))
}

/// The first part of a field name (its end), and as a number if it is one.
pub fn split_first(name: &[u32]) -> PyResult<(usize, Option<i64>)> {
    let end = name
        .iter()
        .position(|c| *c == '.' as u32 || *c == '[' as u32)
        .unwrap_or(name.len());
    Ok((end, as_number(&name[..end])?))
}

/// The next accessor of a field name from `*pos`.
pub fn next_accessor(name: &[u32], pos: &mut usize) -> PyResult<Option<Accessor>> {
    let Some(c) = name.get(*pos) else {
        return Ok(None);
    };
    *pos += 1;
    let start = *pos;
    if *c == '.' as u32 {
        while *pos < name.len() && name[*pos] != '.' as u32 && name[*pos] != '[' as u32 {
            *pos += 1;
        }
        if start == *pos {
            return err!(ValueError, "Empty attribute in format string");
        }
        return Ok(Some(Accessor::Attribute(name[start..*pos].to_vec())));
    }
    if *c == '[' as u32 {
        while *pos < name.len() && name[*pos] != ']' as u32 {
            *pos += 1;
        }
        if *pos >= name.len() {
            return err!(ValueError, "Missing ']' in format string");
        }
        let key = name[start..*pos].to_vec();
        *pos += 1;
        if key.is_empty() {
            return err!(ValueError, "Empty attribute in format string");
        }
        return Ok(Some(match as_number(&key)? {
            Some(n) => Accessor::Index(n),
            None => Accessor::Key(key),
        }));
    }
    err!(
        ValueError,
        "Only '.' or '[' may follow ']' in format field specifier"
    )
}

impl Source<'_> {
    fn lookup(&mut self, name: &[u32]) -> PyResult {
        let (end, mut number) = split_first(name)?;
        let empty = end == 0;
        if empty || number.is_some() {
            if empty {
                number = Some(match self.auto {
                    Auto::Manual => {
                        return err!(
                            ValueError,
                            "cannot switch from manual field specification to automatic field numbering"
                        );
                    }
                    Auto::Unknown => {
                        self.auto = Auto::Automatic(1);
                        0
                    }
                    Auto::Automatic(n) => {
                        self.auto = Auto::Automatic(n + 1);
                        n as i64
                    }
                });
            } else {
                if let Auto::Automatic(_) = self.auto {
                    return err!(
                        ValueError,
                        "cannot switch from automatic field numbering to manual field specification"
                    );
                }
                self.auto = Auto::Manual;
            }
        }
        let mut value = match number {
            Some(n) => {
                if self.mapping {
                    return err!(ValueError, "Format string contains positional fields");
                }
                match self.positional.get(n as usize) {
                    Some(v) => v.to_ref(),
                    None => {
                        return err!(
                            IndexError,
                            "Replacement index {n} out of range for positional args tuple"
                        );
                    }
                }
            }
            None => {
                let key = strings::from_code_points(&name[..end]);
                if self.named.is_null() {
                    return Err(crate::err::raise_with(
                        &crate::exceptions::KeyError,
                        &[*key],
                    ));
                }
                if self.mapping {
                    protocol::getitem(self.named, *key)?
                } else {
                    let v = dict::get(self.named, *key)?;
                    if v.is_null() {
                        return Err(crate::err::raise_with(
                            &crate::exceptions::KeyError,
                            &[*key],
                        ));
                    }
                    v.to_ref()
                }
            }
        };
        let mut pos = end;
        while let Some(step) = next_accessor(name, &mut pos)? {
            value = match step {
                Accessor::Attribute(a) => {
                    protocol::getattr(*value, *strings::intern(strings::from_code_points(&a)))?
                }
                Accessor::Index(i) => protocol::getitem(*value, *int::from_i64(i))?,
                Accessor::Key(k) => protocol::getitem(*value, *strings::from_code_points(&k))?,
            };
        }
        Ok(value)
    }

    fn run(&mut self, s: &[u32], depth: usize, out: &mut StrBuilder) -> PyResult<()> {
        if depth == 0 {
            return err!(ValueError, "Max string recursion exceeded");
        }
        let mut pos = 0;
        while let Some(piece) = next_piece(s, &mut pos)? {
            for c in piece.literal {
                out.push(c);
            }
            let Some(field) = piece.field else { continue };
            let mut value = self.lookup(&field.name)?;
            if let Some(c) = field.conversion {
                value = match char::from_u32(c) {
                    Some('r') => protocol::repr(*value)?,
                    Some('s') => protocol::str(*value)?,
                    Some('a') => crate::printf::ascii_repr(*value)?,
                    Some(ch) if c > 32 && c < 127 => {
                        return err!(ValueError, "Unknown conversion specifier {ch}");
                    }
                    _ => return err!(ValueError, "Unknown conversion specifier \\x{c:x}"),
                };
            }
            let spec = if field.spec_needs_expanding {
                let mut inner = StrBuilder::new();
                self.run(&field.spec, depth - 1, &mut inner)?;
                inner.finish()
            } else {
                strings::from_code_points(&field.spec)
            };
            let text = protocol::format(*value, *spec)?;
            out.push_pystr(expect(*text));
        }
        Ok(())
    }
}

fn build(s: &PyStr, mut source: Source) -> PyResult {
    let mut out = StrBuilder::with_capacity(s.len() + 16);
    source.run(&s.data().to_vec(), 2, &mut out)?;
    Ok(out.finish())
}

/// `str.format`: raw arguments, self first.
pub(crate) fn format(args: &[Value], kwnames: Value) -> PyResult {
    let Some(this) = args.first().filter(|v| strings::is_str(**v)) else {
        return err!(TypeError, "unbound method str.format() needs an argument");
    };
    let nkw = if kwnames.is_null() {
        0
    } else {
        tuple::as_slice(kwnames).len()
    };
    let npos = args.len() - nkw;
    let mut named = Ref::NULL;
    if nkw > 0 {
        named = dict::new_dict();
        for (k, v) in tuple::as_slice(kwnames).iter().zip(&args[npos..]) {
            dict::set(*named, *k, *v)?;
        }
    }
    build(
        expect(*this),
        Source {
            positional: &args[1..npos],
            named: *named,
            mapping: false,
            auto: Auto::Unknown,
        },
    )
}

/// `str.format_map`.
pub(crate) fn format_map(a: &[Value]) -> PyResult {
    build(
        expect(a[0]),
        Source {
            positional: &[],
            named: a[1],
            mapping: true,
            auto: Auto::Unknown,
        },
    )
}
