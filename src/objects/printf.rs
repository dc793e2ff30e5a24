//! `%` formatting of str and bytes.

use crate::err::PyResult;
use crate::float_repr::{FloatFlags, double_to_string};
use crate::strings::{self, StrBuilder, StrData, expect};
use crate::typeobject::TypeFlags;
use crate::value::{Ref, Value};
use crate::{bytes, err, float, format_spec, int, protocol, tuple, with_str};

/// `str.__mod__`.
pub(crate) fn str_remainder(a: Value, b: Value) -> PyResult {
    if !strings::is_str(a) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let mut out = StrBuilder::new();
    let s = expect(a);
    with_str!(s.data(), d => run(d.len(), &|i| d[i] as u32, b, false, &mut out))?;
    Ok(out.finish())
}

/// `bytes % args` as raw bytes.
pub(crate) fn format_bytes(format: &[u8], args: Value) -> PyResult<Vec<u8>> {
    let mut out = StrBuilder::new();
    run(format.len(), &|i| format[i] as u32, args, true, &mut out)?;
    // Only bytes were pushed.
    let text = out.finish();
    match expect(*text).data() {
        StrData::Latin1(d) => Ok(d.to_vec()),
        _ => err!(SystemError, "bytes formatting gave a wide result"),
    }
}

struct Arguments {
    args: Value,
    /// The current mapping argument replaces everything while a `(key)` conversion is done.
    keyed: Option<Ref>,
    index: usize,
    count: usize,
    is_tuple: bool,
    mapping: bool,
}

impl Arguments {
    fn next(&mut self) -> PyResult<Ref> {
        if let Some(v) = self.keyed.take() {
            self.index = 1;
            self.count = 1;
            return Ok(v);
        }
        if self.index < self.count {
            let i = self.index;
            self.index += 1;
            return Ok(if self.is_tuple {
                tuple::as_slice(self.args)[i].to_ref()
            } else {
                self.args.to_ref()
            });
        }
        err!(TypeError, "not enough arguments for format string")
    }
}

#[derive(Default)]
struct Conversion {
    left: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
}

fn is_mapping(v: Value, bytes: bool) -> bool {
    let ty = v.ty();
    let text = if bytes {
        bytes::is_bytes(v) || ty.full_name() == "bytearray"
    } else {
        strings::is_str(v)
    };
    ty.slots().subscript.is_some() && !ty.has_flag(TypeFlags::TUPLE_SUBCLASS) && !text
}

fn number(at: &dyn Fn(usize) -> u32, n: usize, i: &mut usize, what: &str) -> PyResult<usize> {
    let mut value: usize = 0;
    while *i < n && (48..58).contains(&at(*i)) {
        value = match value
            .checked_mul(10)
            .and_then(|v| v.checked_add(at(*i) as usize - 48))
        {
            Some(v) if v <= i32::MAX as usize => v,
            _ => return err!(ValueError, "{what} too big"),
        };
        *i += 1;
    }
    Ok(value)
}

fn star(args: &mut Arguments) -> PyResult<i64> {
    let v = args.next()?;
    match int::as_int(&v) {
        Some(i) => match i.to_i64() {
            Some(i) if i.abs() <= i32::MAX as i64 => Ok(i),
            Some(_) => err!(ValueError, "width too big"),
            None => err!(
                OverflowError,
                "Python int too large to convert to C ssize_t"
            ),
        },
        None => err!(TypeError, "* wants int"),
    }
}

fn run(
    n: usize,
    at: &dyn Fn(usize) -> u32,
    args: Value,
    bytes: bool,
    out: &mut StrBuilder,
) -> PyResult<()> {
    let is_tuple = tuple::is_tuple(args);
    let mut arguments = Arguments {
        args,
        keyed: None,
        index: 0,
        count: if is_tuple {
            tuple::as_slice(args).len()
        } else {
            1
        },
        is_tuple,
        mapping: is_mapping(args, bytes),
    };
    let mut i = 0;
    while i < n {
        let c = at(i);
        if c != 37 {
            out.push(c);
            i += 1;
            continue;
        }
        i += 1;
        let mut conv = Conversion::default();
        if i < n && at(i) == '(' as u32 {
            if !arguments.mapping {
                return err!(TypeError, "format requires a mapping");
            }
            i += 1;
            let start = i;
            let mut depth = 1;
            while i < n {
                match at(i) {
                    40 => depth += 1,
                    41 => depth -= 1,
                    _ => {}
                }
                i += 1;
                if depth == 0 {
                    break;
                }
            }
            if depth > 0 {
                return err!(ValueError, "incomplete format key");
            }
            let key: Vec<u32> = (start..i - 1).map(at).collect();
            let key = if bytes {
                bytes::from_vec(key.iter().map(|c| *c as u8).collect())
            } else {
                strings::from_code_points(&key)
            };
            arguments.keyed = Some(protocol::getitem(args, *key)?);
        }
        while i < n {
            match at(i) {
                45 => conv.left = true,
                43 => conv.plus = true,
                32 => conv.space = true,
                35 => conv.alternate = true,
                48 => conv.zero = true,
                _ => break,
            }
            i += 1;
        }
        if i < n && at(i) == 42 {
            i += 1;
            let w = star(&mut arguments)?;
            if w < 0 {
                conv.left = true;
            }
            conv.width = w.unsigned_abs() as usize;
        } else {
            conv.width = number(at, n, &mut i, "width")?;
        }
        if i < n && at(i) == 46 {
            i += 1;
            if i < n && at(i) == 42 {
                i += 1;
                conv.precision = Some(star(&mut arguments)?.max(0) as usize);
            } else {
                conv.precision = Some(number(at, n, &mut i, "precision")?);
            }
        }
        if i < n && matches!(at(i), 104 | 108 | 76) {
            i += 1;
        }
        if i >= n {
            return err!(ValueError, "incomplete format");
        }
        let code = at(i);
        i += 1;
        if code == 37 {
            // CPython takes no argument only for a bare "%%".
            if at(i - 2) == 37 {
                out.push(37);
                continue;
            }
            arguments.next()?;
            out.push(37);
            continue;
        }
        let v = arguments.next()?;
        convert(*v, code, &conv, bytes, i - 1, out)?;
    }
    if arguments.index < arguments.count && !arguments.mapping {
        let what = if bytes { "bytes" } else { "string" };
        return err!(
            TypeError,
            "not all arguments converted during {what} formatting"
        );
    }
    Ok(())
}

fn pad_text(text: StrData, conv: &Conversion, out: &mut StrBuilder) -> PyResult<()> {
    let n = conv.precision.map_or(text.len(), |p| p.min(text.len()));
    let pad = conv.width.saturating_sub(n);
    crate::str_methods::check_size(pad)?;
    let spaces = |out: &mut StrBuilder| {
        for _ in 0..pad {
            out.push(32);
        }
    };
    if !conv.left {
        spaces(out);
    }
    match text {
        StrData::Latin1(d) => out.push_data(StrData::Latin1(&d[..n])),
        StrData::Ucs2(d) => out.push_data(StrData::Ucs2(&d[..n])),
        StrData::Ucs4(d) => out.push_data(StrData::Ucs4(&d[..n])),
    }
    if conv.left {
        spaces(out);
    }
    Ok(())
}

/// Sign, prefix and digits with padding.
fn pad_number(
    negative: bool,
    prefix: &str,
    digits: &str,
    conv: &Conversion,
    zero: bool,
    out: &mut StrBuilder,
) -> PyResult<()> {
    let sign = if negative {
        "-"
    } else if conv.plus {
        "+"
    } else if conv.space {
        " "
    } else {
        ""
    };
    let used = sign.len() + prefix.len() + digits.len();
    let pad = conv.width.saturating_sub(used);
    crate::str_methods::check_size(pad)?;
    let fill = |out: &mut StrBuilder, c: u8| {
        for _ in 0..pad {
            out.push(c as u32);
        }
    };
    if !conv.left && !zero {
        fill(out, b' ');
    }
    out.push_ascii(sign.as_bytes());
    out.push_ascii(prefix.as_bytes());
    if !conv.left && zero {
        fill(out, b'0');
    }
    out.push_ascii(digits.as_bytes());
    if conv.left {
        fill(out, b' ');
    }
    Ok(())
}

fn convert(
    v: Value,
    code: u32,
    conv: &Conversion,
    bytes: bool,
    index: usize,
    out: &mut StrBuilder,
) -> PyResult<()> {
    let c = char::from_u32(code).unwrap_or('\u{fffd}');
    match c {
        's' | 'b' if bytes => {
            let data = bytes_argument(v)?;
            pad_text(StrData::Latin1(&data), conv, out)
        }
        's' | 'r' | 'a' if !(bytes && c == 's') => {
            if c == 's' && v.is_exact::<strings::PyStr>() {
                return pad_text(expect(v).data(), conv, out);
            }
            let text = match c {
                's' => protocol::str(v)?,
                'r' if !bytes => protocol::repr(v)?,
                _ => ascii_repr(v)?,
            };
            pad_text(expect(*text).data(), conv, out)
        }
        'c' => {
            let x = if bytes {
                byte_argument(v)?
            } else {
                char_argument(v)?
            };
            let one = [x];
            pad_text(
                StrData::Ucs4(&one),
                &Conversion {
                    precision: None,
                    ..*conv
                },
                out,
            )
        }
        'd' | 'i' | 'u' | 'o' | 'x' | 'X' => {
            let n = integer(v, if matches!(c, 'i' | 'u') { 'd' } else { c }, c)?;
            let value = int::as_int(&n).expect("an int");
            let (radix, prefix) = match c {
                'o' => (8, "0o"),
                'x' => (16, "0x"),
                'X' => (16, "0X"),
                _ => (10, ""),
            };
            let mut digits = format_spec::int_digits(value, radix)?;
            if c == 'X' {
                digits.make_ascii_uppercase();
            }
            if let Some(p) = conv.precision
                && digits.len() < p
            {
                crate::str_methods::check_size(p)?;
                digits.insert_str(0, &"0".repeat(p - digits.len()));
            }
            let prefix = if conv.alternate { prefix } else { "" };
            pad_number(value.is_negative(), prefix, &digits, conv, conv.zero, out)
        }
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
            let f = match float::as_float(v) {
                Some(f) => f,
                None => match float::to_f64(v) {
                    Ok(f) => f,
                    Err(e) => {
                        if bytes {
                            drop(e);
                            drop(crate::vm::vm().take_pending());
                            return err!(
                                TypeError,
                                "float argument required, not {}",
                                v.type_name()
                            );
                        }
                        return Err(e);
                    }
                },
            };
            let p = conv.precision.unwrap_or(6);
            if p > 1 << 28 {
                return err!(ValueError, "precision too big");
            }
            let text = double_to_string(
                f,
                c as u8,
                p,
                FloatFlags {
                    alternate: conv.alternate,
                    ..Default::default()
                },
            );
            let (negative, digits) = match text.strip_prefix('-') {
                Some(d) => (true, d),
                None => (false, text.as_str()),
            };
            pad_number(negative, "", digits, conv, conv.zero, out)
        }
        _ => {
            let shown = if (32..127).contains(&code) { c } else { '?' };
            err!(
                ValueError,
                "unsupported format character '{shown}' (0x{code:x}) at index {index}"
            )
        }
    }
}

/// `ascii(v)`.
pub fn ascii_repr(v: Value) -> PyResult {
    let r = protocol::repr(v)?;
    let s = expect(*r);
    if s.is_ascii() {
        return Ok(r);
    }
    let mut out = StrBuilder::new();
    for c in s.data().iter() {
        if c < 128 {
            out.push(c);
        } else if c < 256 {
            out.push_ascii(format!("\\x{c:02x}").as_bytes());
        } else if c < 65536 {
            out.push_ascii(format!("\\u{c:04x}").as_bytes());
        } else {
            out.push_ascii(format!("\\U{c:08x}").as_bytes());
        }
    }
    Ok(out.finish())
}

fn integer(v: Value, kind: char, code: char) -> PyResult {
    if int::is_int(v) {
        return Ok(v.to_ref());
    }
    let decimal = kind == 'd';
    let slots = v.ty().slots();
    let done = if decimal {
        if let Some(f) = slots.int {
            Some(f(v))
        } else if slots.index.is_some() {
            Some(protocol::index(v))
        } else {
            None
        }
    } else if slots.index.is_some() {
        Some(protocol::index(v))
    } else {
        None
    };
    match done {
        Some(Ok(r)) if int::is_int(*r) => return Ok(r),
        Some(Err(e)) => {
            if !crate::err::clear_if(&crate::exceptions::TypeError) {
                return Err(e);
            }
        }
        _ => {}
    }
    if decimal {
        err!(
            TypeError,
            "%{code} format: a real number is required, not {}",
            v.type_name()
        )
    } else {
        err!(
            TypeError,
            "%{code} format: an integer is required, not {}",
            v.type_name()
        )
    }
}

fn char_argument(v: Value) -> PyResult<u32> {
    if let Some(s) = strings::as_str(&v) {
        if s.len() == 1 {
            return Ok(s.at(0));
        }
        return err!(
            TypeError,
            "%c requires an int or a unicode character, not a string of length {}",
            s.len()
        );
    }
    if int::is_int(v) || v.ty().slots().index.is_some() {
        let n = protocol::index(v)?;
        return match int::as_int(&n).and_then(|i| i.to_i64()) {
            Some(i) if (0..0x110000).contains(&i) => Ok(i as u32),
            _ => err!(OverflowError, "%c arg not in range(0x110000)"),
        };
    }
    err!(
        TypeError,
        "%c requires an int or a unicode character, not {}",
        v.type_name()
    )
}

fn byte_argument(v: Value) -> PyResult<u32> {
    let kind = if bytes::is_bytes(v) {
        Some("bytes")
    } else if v.is_a::<crate::bytearray::PyByteArray>() {
        Some("bytearray")
    } else {
        None
    };
    if let Some(kind) = kind {
        let data = crate::buffer::to_vec(v)?;
        if data.len() == 1 {
            return Ok(data[0] as u32);
        }
        return err!(
            TypeError,
            "%c requires an integer in range(256) or a single byte, not a {kind} object of length {}",
            data.len()
        );
    }
    if int::is_int(v) || v.ty().slots().index.is_some() {
        let n = protocol::index(v)?;
        return match int::as_int(&n).and_then(|i| i.to_i64()) {
            Some(i) if (0..256).contains(&i) => Ok(i as u32),
            _ => err!(OverflowError, "%c arg not in range(256)"),
        };
    }
    err!(
        TypeError,
        "%c requires an integer in range(256) or a single byte, not {}",
        v.type_name()
    )
}

fn bytes_argument(v: Value) -> PyResult<Vec<u8>> {
    if v.is_exact::<bytes::PyBytes>() {
        return crate::buffer::to_vec(v);
    }
    if let Some(r) = protocol::call_special(v, crate::names::names().__bytes__, &[])? {
        return match bytes::as_bytes(&r) {
            Some(b) => Ok(b.to_vec()),
            None => err!(
                TypeError,
                "__bytes__ returned non-bytes (type {})",
                r.type_name()
            ),
        };
    }
    if v.ty().slots().get_buffer.is_some() {
        return crate::buffer::to_vec(v);
    }
    err!(
        TypeError,
        "%b requires a bytes-like object, or an object that implements __bytes__, not '{}'",
        v.type_name()
    )
}
