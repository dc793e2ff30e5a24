//! The format specification mini-language: `format(value, spec)` for str, int, float and complex.

use crate::err::PyResult;
use crate::float_repr::{FloatFlags, double_to_string};
use crate::int::{self, IntValue};
use crate::strings::{self, PyStr, StrBuilder};
use crate::value::{Ref, Value};
use crate::{err, float};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Grouping {
    None,
    Comma,
    Underscore,
    /// Underscores between groups of four.
    UnderscoreFour,
    /// The locale's own.
    Locale,
}

struct Spec {
    fill: u32,
    align: u8,
    alternate: bool,
    no_negative_zero: bool,
    /// `+`, ` ` or 0 (as for `-`).
    sign: u8,
    width: isize,
    thousands: Grouping,
    precision: Option<usize>,
    fraction: Grouping,
    code: u32,
}

fn is_align(c: u32) -> bool {
    matches!(char::from_u32(c), Some('<' | '>' | '=' | '^'))
}

fn read_int(s: &PyStr, pos: &mut usize) -> PyResult<Option<usize>> {
    let start = *pos;
    let mut n: usize = 0;
    while *pos < s.len() {
        let Some(digit) = crate::unicode::to_decimal(s.at(*pos)) else {
            break;
        };
        match n
            .checked_mul(10)
            .and_then(|n| n.checked_add(digit as usize))
        {
            Some(m) if m <= isize::MAX as usize => n = m,
            _ => return err!(ValueError, "Too many decimal digits in format string"),
        }
        *pos += 1;
    }
    Ok((*pos > start).then_some(n))
}

fn both_separators<T>() -> PyResult<T> {
    err!(ValueError, "Cannot specify both ',' and '_'.")
}

fn unknown_code<T>(code: u32, type_name: &str) -> PyResult<T> {
    if code > 32 && code < 128 {
        err!(
            ValueError,
            "Unknown format code '{}' for object of type '{type_name}'",
            char::from_u32(code).unwrap_or('?')
        )
    } else {
        err!(
            ValueError,
            "Unknown format code '\\x{code:x}' for object of type '{type_name}'"
        )
    }
}

fn parse(s: &PyStr, type_name: &str, default_code: u32, default_align: u8) -> PyResult<Spec> {
    let mut spec = Spec {
        fill: ' ' as u32,
        align: default_align,
        alternate: false,
        no_negative_zero: false,
        sign: 0,
        width: -1,
        thousands: Grouping::None,
        precision: None,
        fraction: Grouping::None,
        code: default_code,
    };
    let end = s.len();
    let mut pos = 0;
    let at = |i: usize| if i < end { s.at(i) } else { 0 };
    let is = |i: usize, c: char| i < end && s.at(i) == c as u32;
    let mut align_given = false;
    let mut fill_given = false;
    if end >= 2 && is_align(at(1)) {
        spec.align = at(1) as u8;
        spec.fill = at(0);
        align_given = true;
        fill_given = true;
        pos = 2;
    } else if end >= 1 && is_align(at(0)) {
        spec.align = at(0) as u8;
        align_given = true;
        pos = 1;
    }
    if is(pos, '+') || is(pos, ' ') || is(pos, '-') {
        spec.sign = if is(pos, '-') { 0 } else { at(pos) as u8 };
        if is(pos, '-') {
            spec.sign = b'-';
        }
        pos += 1;
    }
    if is(pos, 'z') {
        spec.no_negative_zero = true;
        pos += 1;
    }
    if is(pos, '#') {
        spec.alternate = true;
        pos += 1;
    }
    if !fill_given && is(pos, '0') {
        spec.fill = '0' as u32;
        if !align_given && default_align == b'>' {
            spec.align = b'=';
        }
        pos += 1;
    }
    if let Some(w) = read_int(s, &mut pos)? {
        spec.width = w as isize;
    }
    if is(pos, ',') {
        spec.thousands = Grouping::Comma;
        pos += 1;
    }
    if is(pos, '_') {
        if spec.thousands != Grouping::None {
            return both_separators();
        }
        spec.thousands = Grouping::Underscore;
        pos += 1;
    }
    if is(pos, ',') && spec.thousands == Grouping::Underscore {
        return both_separators();
    }
    if is(pos, '.') {
        pos += 1;
        spec.precision = read_int(s, &mut pos)?;
        let mut consumed = spec.precision.is_some();
        if is(pos, ',') {
            spec.fraction = Grouping::Comma;
            pos += 1;
            consumed = true;
        }
        if is(pos, '_') {
            if spec.fraction != Grouping::None {
                return both_separators();
            }
            spec.fraction = Grouping::Underscore;
            pos += 1;
            consumed = true;
        }
        if is(pos, ',') && spec.fraction == Grouping::Underscore {
            return both_separators();
        }
        if !consumed {
            return err!(ValueError, "Format specifier missing precision");
        }
    }
    if end - pos > 1 {
        return err!(
            ValueError,
            "Invalid format specifier '{}' for object of type '{type_name}'",
            s.to_string_lossy()
        );
    }
    if pos < end {
        spec.code = at(pos);
    }
    let separator = |g: Grouping| if g == Grouping::Comma { ',' } else { '_' };
    if spec.thousands != Grouping::None {
        match char::from_u32(spec.code) {
            Some('d' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F' | '\0') => {}
            Some('b' | 'o' | 'x' | 'X') if spec.thousands == Grouping::Underscore => {
                spec.thousands = Grouping::UnderscoreFour
            }
            _ => return bad_separator(separator(spec.thousands), spec.code),
        }
    }
    if spec.fraction != Grouping::None && spec.code == 'n' as u32 {
        return bad_separator(separator(spec.fraction), spec.code);
    }
    Ok(spec)
}

fn bad_separator<T>(separator: char, code: u32) -> PyResult<T> {
    if code > 32 && code < 128 {
        err!(
            ValueError,
            "Cannot specify '{separator}' with '{}'.",
            char::from_u32(code).unwrap_or('?')
        )
    } else {
        err!(
            ValueError,
            "Cannot specify '{separator}' with '\\x{code:x}'."
        )
    }
}

fn expect_spec(spec: &Value) -> PyResult<&PyStr> {
    match strings::as_str(spec) {
        Some(s) => Ok(s),
        None => err!(
            TypeError,
            "__format__() argument must be str, not {}",
            spec.type_name()
        ),
    }
}

fn push_repeat(out: &mut StrBuilder, c: u32, n: usize) {
    for _ in 0..n {
        out.push(c);
    }
}

/// `str.__format__`: `value` is a str.
pub fn format_str(value: Value, spec: Value) -> PyResult {
    let text = strings::expect(value);
    let spec_text = expect_spec(&spec)?;
    if spec_text.len() == 0 {
        return crate::protocol::str(value);
    }
    let spec = parse(spec_text, value.type_name(), 's' as u32, b'<')?;
    if spec.code != 's' as u32 {
        return unknown_code(spec.code, value.type_name());
    }
    if spec.sign != 0 {
        if spec.sign == b' ' {
            return err!(ValueError, "Space not allowed in string format specifier");
        }
        return err!(ValueError, "Sign not allowed in string format specifier");
    }
    if spec.no_negative_zero {
        return err!(
            ValueError,
            "Negative zero coercion (z) not allowed in string format specifier"
        );
    }
    if spec.alternate {
        return err!(
            ValueError,
            "Alternate form (#) not allowed in string format specifier"
        );
    }
    if spec.align == b'=' {
        return err!(
            ValueError,
            "'=' alignment not allowed in string format specifier"
        );
    }
    let n = spec.precision.map_or(text.len(), |p| p.min(text.len()));
    let width = spec.width.max(0) as usize;
    if width <= n {
        if n == text.len() && value.is_exact::<PyStr>() {
            return Ok(value.to_ref());
        }
        return Ok(strings::substring(text, 0, n));
    }
    crate::str_methods::check_size(width)?;
    let pad = width - n;
    let left = match spec.align {
        b'>' => pad,
        b'^' => pad / 2,
        _ => 0,
    };
    let mut out = StrBuilder::with_capacity(width);
    push_repeat(&mut out, spec.fill, left);
    let part = strings::substring(text, 0, n);
    out.push_pystr(strings::expect(*part));
    push_repeat(&mut out, spec.fill, pad - left);
    Ok(out.finish())
}

/// Digits from the right in groups, with zeros in front until `min_width` is reached.
fn group_digits(digits: &[u8], min_width: isize, group: usize, separator: u8, out: &mut Vec<u8>) {
    let mut reversed = Vec::with_capacity(digits.len() * 4 / 3 + 2);
    let mut remaining = digits.len() as isize;
    let mut min_width = min_width;
    let mut first = true;
    loop {
        let take = (group as isize).min(remaining.max(min_width).max(1));
        let zeros = (take - remaining).max(0);
        let chars = remaining.min(take).max(0);
        if !first {
            reversed.push(separator);
        }
        first = false;
        for i in 0..chars {
            reversed.push(digits[(remaining - 1 - i) as usize]);
        }
        for _ in 0..zeros {
            reversed.push(b'0');
        }
        remaining -= chars;
        min_width -= take;
        if remaining <= 0 && min_width <= 0 {
            break;
        }
        min_width -= 1;
    }
    out.extend(reversed.iter().rev());
}

/// A number taken apart: sign, prefix (`0x`), integer digits, fraction digits, and what follows (`e+10`, `%`).
struct Number<'a> {
    negative: bool,
    prefix: &'a [u8],
    whole: &'a [u8],
    point: bool,
    fraction: &'a [u8],
    rest: &'a [u8],
}

/// `body` (unsigned text of a number) at its point and exponent.
fn split_number(body: &[u8]) -> (&[u8], bool, &[u8], &[u8]) {
    let n = body.iter().take_while(|c| c.is_ascii_digit()).count();
    let (whole, rest) = body.split_at(n);
    if let Some(after) = rest.strip_prefix(b".") {
        let n = after.iter().take_while(|c| c.is_ascii_digit()).count();
        return (whole, true, &after[..n], &after[n..]);
    }
    (whole, false, &[], rest)
}

fn layout(number: Number, spec: &Spec, out: &mut StrBuilder) -> PyResult<()> {
    let sign: &[u8] = if number.negative {
        b"-"
    } else {
        match spec.sign {
            b'+' => b"+",
            b' ' => b" ",
            _ => b"",
        }
    };
    let mut fraction = Vec::new();
    let shown_fraction: &[u8] = if spec.fraction == Grouping::None {
        number.fraction
    } else {
        let separator = if spec.fraction == Grouping::Comma {
            b','
        } else {
            b'_'
        };
        for (i, c) in number.fraction.iter().enumerate() {
            if i > 0 && i % 3 == 0 {
                fraction.push(separator);
            }
            fraction.push(*c);
        }
        &fraction
    };
    let fixed = sign.len()
        + number.prefix.len()
        + number.point as usize
        + shown_fraction.len()
        + number.rest.len();
    if spec.width > 0 {
        crate::str_methods::check_size(spec.width as usize)?;
    }
    let min_width = if spec.fill == '0' as u32 && spec.align == b'=' {
        spec.width - fixed as isize
    } else {
        0
    };
    let mut grouped = Vec::new();
    let whole: &[u8] = if number.whole.is_empty() {
        &[]
    } else {
        match spec.thousands {
            Grouping::None | Grouping::Locale => {
                if min_width > number.whole.len() as isize {
                    grouped.resize(min_width as usize - number.whole.len(), b'0');
                    grouped.extend_from_slice(number.whole);
                    &grouped
                } else {
                    number.whole
                }
            }
            g => {
                let (size, separator) = match g {
                    Grouping::Comma => (3, b','),
                    Grouping::UnderscoreFour => (4, b'_'),
                    _ => (3, b'_'),
                };
                group_digits(number.whole, min_width, size, separator, &mut grouped);
                &grouped
            }
        }
    };
    let pad = (spec.width - (fixed + whole.len()) as isize).max(0) as usize;
    let (left, inner, right) = match spec.align {
        b'<' => (0, 0, pad),
        b'^' => (pad / 2, 0, pad - pad / 2),
        b'=' => (0, pad, 0),
        _ => (pad, 0, 0),
    };
    push_repeat(out, spec.fill, left);
    out.push_ascii(sign);
    out.push_ascii(number.prefix);
    push_repeat(out, spec.fill, inner);
    out.push_ascii(whole);
    if number.point {
        out.push('.' as u32);
    }
    out.push_ascii(shown_fraction);
    out.push_ascii(number.rest);
    push_repeat(out, spec.fill, right);
    Ok(())
}

/// Digits of the magnitude in a radix of 2, 8, 10 or 16.
pub fn int_digits(v: IntValue, radix: u32) -> PyResult<String> {
    Ok(match v {
        IntValue::Small(i) => {
            let u = i.unsigned_abs();
            match radix {
                2 => format!("{u:b}"),
                8 => format!("{u:o}"),
                16 => format!("{u:x}"),
                _ => u.to_string(),
            }
        }
        IntValue::Big(b) => {
            if radix == 10 {
                // By way of repr, which minds the limit of digits.
                let big = int::from_ibig(b.clone());
                let text = crate::protocol::repr_text(*big)?;
                return Ok(text.strip_prefix('-').unwrap_or(&text).to_string());
            }
            let text = b.in_radix(radix as u8).to_string();
            text.strip_prefix('-').unwrap_or(&text).to_string()
        }
    })
}

/// `int.__format__`: `value` is an int (or bool, or a subclass instance).
pub fn format_int(value: Value, spec: Value) -> PyResult {
    let spec_text = expect_spec(&spec)?;
    if spec_text.len() == 0 {
        return crate::protocol::str(value);
    }
    let spec = parse(spec_text, value.type_name(), 'd' as u32, b'>')?;
    format_int_spec(value, spec)
}

fn int_to_f64(n: IntValue) -> PyResult<f64> {
    let f = match n {
        IntValue::Small(i) => i as f64,
        IntValue::Big(b) => b.to_f64().value(),
    };
    if f.is_infinite() {
        return err!(OverflowError, "int too large to convert to float");
    }
    Ok(f)
}

fn format_int_spec(value: Value, mut spec: Spec) -> PyResult {
    let Some(n) = int::as_int(&value) else {
        return err!(
            TypeError,
            "descriptor '__format__' requires a 'int' object but received a '{}'",
            value.type_name()
        );
    };
    let code = char::from_u32(spec.code).unwrap_or('\u{fffd}');
    match code {
        'b' | 'c' | 'd' | 'o' | 'x' | 'X' | 'n' => {}
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%' => {
            let f = int_to_f64(n)?;
            return format_float_spec(f, spec, value.type_name());
        }
        _ => return unknown_code(spec.code, value.type_name()),
    }
    if spec.precision.is_some() {
        return err!(
            ValueError,
            "Precision not allowed in integer format specifier"
        );
    }
    if spec.no_negative_zero {
        return err!(
            ValueError,
            "Negative zero coercion (z) not allowed in integer format specifier"
        );
    }
    if code == 'n' {
        spec.thousands = Grouping::Locale;
    }
    let mut out = StrBuilder::new();
    if code == 'c' {
        if spec.sign != 0 {
            return err!(
                ValueError,
                "Sign not allowed with integer format specifier 'c'"
            );
        }
        if spec.alternate {
            return err!(
                ValueError,
                "Alternate form (#) not allowed with integer format specifier 'c'"
            );
        }
        let Some(c) = n.to_i64() else {
            return err!(OverflowError, "Python int too large to convert to C long");
        };
        if !(0..0x110000).contains(&c) {
            return err!(OverflowError, "%c arg not in range(0x110000)");
        }
        let pad = (spec.width - 1).max(0) as usize;
        crate::str_methods::check_size(pad)?;
        let left = match spec.align {
            b'<' => 0,
            b'^' => pad / 2,
            _ => pad,
        };
        push_repeat(&mut out, spec.fill, left);
        out.push(c as u32);
        push_repeat(&mut out, spec.fill, pad - left);
        return Ok(out.finish());
    }
    let (radix, prefix): (u32, &[u8]) = match code {
        'b' => (2, b"0b"),
        'o' => (8, b"0o"),
        'x' => (16, b"0x"),
        'X' => (16, b"0X"),
        _ => (10, b""),
    };
    let mut digits = int_digits(n, radix)?;
    if code == 'X' {
        digits.make_ascii_uppercase();
    }
    layout(
        Number {
            negative: n.is_negative(),
            prefix: if spec.alternate { prefix } else { b"" },
            whole: digits.as_bytes(),
            point: false,
            fraction: b"",
            rest: b"",
        },
        &spec,
        &mut out,
    )?;
    Ok(out.finish())
}

/// `float.__format__`: `value` is a float or a subclass instance.
pub fn format_float(value: Value, spec: Value) -> PyResult {
    let spec_text = expect_spec(&spec)?;
    if spec_text.len() == 0 {
        return crate::protocol::str(value);
    }
    let spec = parse(spec_text, value.type_name(), 0, b'>')?;
    match float::as_float(value) {
        Some(f) => format_float_spec(f, spec, value.type_name()),
        None => err!(
            TypeError,
            "descriptor '__format__' requires a 'float' object but received a '{}'",
            value.type_name()
        ),
    }
}

/// The unsigned text of a float by a format code, and the sign.
fn float_text(f: f64, spec: &Spec) -> PyResult<(bool, String)> {
    let flags = FloatFlags {
        alternate: spec.alternate,
        no_negative_zero: spec.no_negative_zero,
        add_dot_0: spec.code == 0,
        always_sign: false,
    };
    let precision = match spec.precision {
        Some(p) if p > i32::MAX as usize => return err!(ValueError, "precision too big"),
        p => p,
    };
    if precision.is_some_and(|p| p > 1 << 28) {
        return err!(MemoryError, "");
    }
    let code = spec.code as u8;
    let mut text = match code {
        0 => match precision {
            None => double_to_string(f, b'r', 0, flags),
            Some(p) => double_to_string(f, b'g', p, flags),
        },
        b'n' => double_to_string(f, b'g', precision.unwrap_or(6), flags),
        b'%' => {
            let mut t = double_to_string(f * 100.0, b'f', precision.unwrap_or(6), flags);
            t.push('%');
            t
        }
        c => double_to_string(f, c, precision.unwrap_or(6), flags),
    };
    let negative = text.starts_with('-');
    if negative {
        text.remove(0);
    }
    Ok((negative, text))
}

fn format_float_spec(f: f64, spec: Spec, type_name: &str) -> PyResult {
    match char::from_u32(spec.code) {
        Some('\0' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%') => {}
        _ => return unknown_code(spec.code, type_name),
    }
    let (negative, text) = float_text(f, &spec)?;
    let (whole, point, fraction, rest) = split_number(text.as_bytes());
    let mut out = StrBuilder::new();
    layout(
        Number {
            negative,
            prefix: b"",
            whole,
            point,
            fraction,
            rest,
        },
        &spec,
        &mut out,
    )?;
    Ok(out.finish())
}

/// `complex.__format__`: `value` is the complex, `re` and `im` its parts.
pub fn format_complex(value: Value, re: f64, im: f64, spec: Value) -> PyResult {
    let spec_text = expect_spec(&spec)?;
    if spec_text.len() == 0 {
        return crate::protocol::str(value);
    }
    let mut spec = parse(spec_text, value.type_name(), 0, b'>')?;
    match char::from_u32(spec.code) {
        Some('\0' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n') => {}
        _ => return unknown_code(spec.code, value.type_name()),
    }
    if spec.fill == '0' as u32 {
        return err!(
            ValueError,
            "Zero padding is not allowed in complex format specifier"
        );
    }
    if spec.align == b'=' {
        return err!(
            ValueError,
            "'=' alignment flag is not allowed in complex format specifier"
        );
    }
    let (width, align, fill) = (spec.width, spec.align, spec.fill);
    let plain = spec.code == 0;
    let skip_re = plain && re == 0.0 && !re.is_sign_negative();
    let parens = plain && !skip_re;
    spec.width = -1;
    spec.align = b'<';
    let part = |f: f64, sign: u8, spec: &Spec| -> PyResult<Ref> {
        let one = Spec {
            fill: ' ' as u32,
            align: b'<',
            alternate: spec.alternate,
            no_negative_zero: spec.no_negative_zero,
            sign,
            width: -1,
            thousands: spec.thousands,
            precision: spec.precision,
            fraction: spec.fraction,
            code: spec.code,
        };
        let flags = FloatFlags {
            alternate: spec.alternate,
            no_negative_zero: spec.no_negative_zero,
            ..Default::default()
        };
        let text = if spec.code == 0 {
            // Unlike floats, parts of a complex have no ".0".
            match spec.precision {
                None => double_to_string(f, b'r', 0, flags),
                Some(p) => double_to_string(f, b'g', p.min(1 << 28), flags),
            }
        } else {
            let (negative, t) = float_text(f, &one)?;
            if negative { ["-", &t].concat() } else { t }
        };
        let (negative, body) = match text.strip_prefix('-') {
            Some(b) => (true, b),
            None => (false, text.as_str()),
        };
        let (whole, point, fraction, rest) = split_number(body.as_bytes());
        let mut out = StrBuilder::new();
        layout(
            Number {
                negative,
                prefix: b"",
                whole,
                point,
                fraction,
                rest,
            },
            &one,
            &mut out,
        )?;
        Ok(out.finish())
    };
    let mut body = StrBuilder::new();
    if parens {
        body.push('(' as u32);
    }
    if !skip_re {
        body.push_pystr(strings::expect(*part(re, spec.sign, &spec)?));
    }
    let im_sign = if skip_re { spec.sign } else { b'+' };
    body.push_pystr(strings::expect(*part(im, im_sign, &spec)?));
    body.push('j' as u32);
    if parens {
        body.push(')' as u32);
    }
    let pad = (width - body.len() as isize).max(0) as usize;
    crate::str_methods::check_size(pad)?;
    let left = match align {
        b'<' => 0,
        b'^' => pad / 2,
        _ => pad,
    };
    let mut out = StrBuilder::new();
    push_repeat(&mut out, fill, left);
    let body = body.finish();
    out.push_pystr(strings::expect(*body));
    push_repeat(&mut out, fill, pad - left);
    Ok(out.finish())
}

/// As `format(value, text)` for a spec known at compile time.
pub fn format_with(value: Value, spec: &str) -> PyResult {
    crate::protocol::format(value, *strings::new_str(spec))
}
