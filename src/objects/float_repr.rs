//! Text of floats: shortest digits that read back as the same number, and correctly rounded digits of any precision.

/// What `double_to_string` is to do besides the format code.
#[derive(Clone, Copy, Default)]
pub struct FloatFlags {
    /// Put a sign in front of non-negative numbers too.
    pub always_sign: bool,
    /// `1.0` rather than `1`, for `repr` and for the empty format code.
    pub add_dot_0: bool,
    /// `#`: keep the point and trailing zeros.
    pub alternate: bool,
    /// `z`: no minus sign on a result that rounds to zero.
    pub no_negative_zero: bool,
}

/// Decimal digits without leading or trailing zeros; the point stands before digit `-point` (so 0.5 is `5` with point 0).
struct Digits {
    digits: Vec<u8>,
    point: i32,
}

/// `repr(f)`.
pub fn repr(f: f64) -> String {
    if f.is_finite() {
        let mut buffer = ryu::Buffer::new();
        let text = buffer.format_finite(f);
        let body = text.strip_prefix('-').unwrap_or(text);
        // Positional output from ryu is Python's own, but for numbers from 1e-5 to 1e-4.
        if !body.bytes().any(|c| c == b'e') && !body.starts_with("0.0000") {
            return text.to_string();
        }
    }
    double_to_string(
        f,
        b'r',
        0,
        FloatFlags {
            add_dot_0: true,
            ..FloatFlags::default()
        },
    )
}

fn shortest(f: f64) -> Digits {
    let mut buffer = ryu::Buffer::new();
    let text = buffer.format_finite(f.abs());
    let (mantissa, exponent) = match text.split_once('e') {
        Some((m, e)) => (m, e.parse::<i32>().unwrap_or(0)),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    let mut point = whole.len() as i32 + exponent;
    let zeros = digits.iter().take_while(|c| **c == b'0').count();
    digits.drain(..zeros);
    point -= zeros as i32;
    trim(&mut digits);
    if digits.is_empty() {
        return Digits {
            digits: vec![b'0'],
            point: 1,
        };
    }
    Digits { digits, point }
}

fn trim(digits: &mut Vec<u8>) {
    while digits.last() == Some(&b'0') {
        digits.pop();
    }
}

/// More digits than any double has.
const ENOUGH: usize = 1100;

/// `n` significant digits, correctly rounded.
fn significant(f: f64, n: usize) -> Digits {
    let f = f.abs();
    if f == 0.0 {
        return Digits {
            digits: vec![b'0'],
            point: 1,
        };
    }
    let text = format!("{:.*e}", n.clamp(1, ENOUGH) - 1, f);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let mut digits: Vec<u8> = mantissa.bytes().filter(|c| *c != b'.').collect();
    trim(&mut digits);
    Digits {
        digits,
        point: exponent.parse::<i32>().unwrap_or(0) + 1,
    }
}

/// `n` digits after the point, correctly rounded.
fn fixed(f: f64, n: usize) -> Digits {
    let text = format!("{:.*}", n.min(ENOUGH), f.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    let mut point = whole.len() as i32;
    let zeros = digits.iter().take_while(|c| **c == b'0').count();
    digits.drain(..zeros);
    point -= zeros as i32;
    trim(&mut digits);
    if digits.is_empty() {
        point = 1 - (n as i32).max(0);
        return Digits {
            digits: vec![b'0'],
            point: if n == 0 { 1 } else { point },
        };
    }
    Digits { digits, point }
}

/// The number as text by the format code `r` (repr), `e`, `f`, `g` or their capitals.
pub fn double_to_string(f: f64, code: u8, precision: usize, flags: FloatFlags) -> String {
    let upper = code.is_ascii_uppercase();
    let mut out = Vec::with_capacity(24);
    format_short(f, code.to_ascii_lowercase(), precision, flags, &mut out);
    if upper {
        out.make_ascii_uppercase();
    }
    // Only ASCII was written.
    String::from_utf8(out).unwrap_or_default()
}

fn format_short(f: f64, code: u8, mut precision: usize, flags: FloatFlags, out: &mut Vec<u8>) {
    let mut negative = f.is_sign_negative();
    if f.is_nan() {
        negative = false;
    }
    if !f.is_finite() {
        if negative {
            out.push(b'-');
        } else if flags.always_sign {
            out.push(b'+');
        }
        out.extend_from_slice(if f.is_nan() { b"nan" } else { b"inf" });
        return;
    }
    let Digits { digits, point } = match code {
        b'e' => {
            precision += 1;
            significant(f, precision)
        }
        b'f' => fixed(f, precision),
        b'g' => {
            precision = precision.max(1);
            significant(f, precision)
        }
        _ => shortest(f),
    };
    let is_zero = digits == [b'0'];
    if is_zero && flags.no_negative_zero {
        negative = false;
    }
    let n = digits.len() as i32;
    let mut point = if is_zero && code != b'f' { 1 } else { point };
    let mut end = n;
    let mut use_exponent = false;
    match code {
        b'e' => {
            use_exponent = true;
            end = precision as i32;
        }
        b'f' => {
            if is_zero {
                point = 1;
            }
            end = point + precision as i32;
        }
        b'g' => {
            if point <= -4 || point > precision as i32 - flags.add_dot_0 as i32 {
                use_exponent = true;
            }
            if flags.alternate {
                end = precision as i32;
            }
        }
        _ => use_exponent = point <= -4 || point > 16,
    }
    let mut exponent = 0;
    if use_exponent {
        exponent = point - 1;
        point = 1;
    }
    let start = if point <= 0 { point - 1 } else { 0 };
    end = if !use_exponent && flags.add_dot_0 {
        end.max(point + 1)
    } else {
        end.max(point)
    };

    if negative {
        out.push(b'-');
    } else if flags.always_sign {
        out.push(b'+');
    }
    for i in start..end {
        if i == point {
            out.push(b'.');
        }
        out.push(if i >= 0 && i < n {
            digits[i as usize]
        } else {
            b'0'
        });
    }
    if end == point && flags.alternate {
        out.push(b'.');
    }
    if use_exponent {
        out.extend_from_slice(
            format!(
                "e{}{:02}",
                if exponent < 0 { '-' } else { '+' },
                exponent.abs()
            )
            .as_bytes(),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(f: f64, code: u8, precision: usize) -> String {
        double_to_string(f, code, precision, FloatFlags::default())
    }

    #[test]
    fn shortest_form() {
        for (f, s) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (1e16, "1e+16"),
            (123456789012345680.0, "1.2345678901234568e+17"),
            (1e15, "1000000000000000.0"),
            (9999999999999998.0, "9999999999999998.0"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (0.000012345, "1.2345e-05"),
            (1e22, "1e+22"),
            (5e-324, "5e-324"),
            (1.7976931348623157e308, "1.7976931348623157e+308"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
        ] {
            assert_eq!(repr(f), s);
        }
    }

    #[test]
    fn precise_forms() {
        assert_eq!(d(2.5, b'f', 0), "2");
        assert_eq!(d(0.5, b'f', 0), "0");
        assert_eq!(d(1.5, b'f', 0), "2");
        assert_eq!(d(0.0, b'f', 3), "0.000");
        assert_eq!(d(0.0001, b'f', 2), "0.00");
        assert_eq!(d(1234.5678, b'f', 2), "1234.57");
        assert_eq!(d(1234.5678, b'e', 2), "1.23e+03");
        assert_eq!(d(0.0, b'e', 2), "0.00e+00");
        assert_eq!(d(1234567.0, b'g', 6), "1.23457e+06");
        assert_eq!(d(100000.0, b'g', 6), "100000");
        assert_eq!(d(0.0001, b'g', 6), "0.0001");
        assert_eq!(d(1e-5, b'G', 6), "1E-05");
        assert_eq!(d(1e100, b'f', 1), format!("{:.1}", 1e100));
        let alt = FloatFlags {
            alternate: true,
            ..FloatFlags::default()
        };
        assert_eq!(double_to_string(1.0, b'g', 6, alt), "1.00000");
        assert_eq!(double_to_string(1.0, b'f', 0, alt), "1.");
    }
}
