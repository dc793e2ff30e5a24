//! Python's arithmetic on numeric constants. None means: raises, so it is left to run time.

use std::hash::{Hash, Hasher};

use dashu_int::ops::{BitTest, DivRemEuclid};
use dashu_int::{IBig, Sign, UBig};

/// A numeric constant.
#[derive(Clone, Debug)]
pub enum Number {
    Bool(bool),
    Int(IBig),
    Float(f64),
    Complex(f64, f64),
}

use Number::{Bool, Complex, Float, Int};

impl Number {
    /// The integer, of a bool too.
    pub fn as_int(&self) -> Option<IBig> {
        match self {
            Bool(value) => Some(IBig::from(*value as u8)),
            Int(value) => Some(value.clone()),
            _ => None,
        }
    }

    /// The float it is converted to; None when it is complex or too large.
    fn as_float(&self) -> Option<f64> {
        match self {
            Bool(value) => Some(*value as u8 as f64),
            Int(value) => int_to_float(value),
            Float(value) => Some(*value),
            Complex(..) => None,
        }
    }
}

/// Nearest float; None on overflow.
pub fn int_to_float(value: &IBig) -> Option<f64> {
    Some(value.to_f64().value()).filter(|value| value.is_finite())
}

/// Bits of the magnitude.
pub fn bits(value: &IBig) -> u64 {
    value.clone().into_parts().1.bit_len() as u64
}

fn is_zero(value: &IBig) -> bool {
    *value == IBig::ZERO
}

fn is_negative(value: &IBig) -> bool {
    *value < IBig::ZERO
}

/// Quotient rounded down, and the remainder, which has the sign of the divisor.
fn int_divmod(a: &IBig, b: &IBig) -> Option<(IBig, IBig)> {
    if is_zero(b) {
        return None;
    }
    let (quotient, remainder): (IBig, UBig) = a.div_rem_euclid(b);
    let remainder = IBig::from(remainder);
    if is_negative(b) && !is_zero(&remainder) {
        Some((quotient - IBig::ONE, remainder + b))
    } else {
        Some((quotient, remainder))
    }
}

/// `a / b` rounded once.
fn int_true_divide(a: &IBig, b: &IBig) -> Option<f64> {
    if is_zero(b) {
        return None;
    }
    let negative = is_negative(a) != is_negative(b);
    let (a, b) = (a.clone().into_parts().1, b.clone().into_parts().1);
    if a.bit_len() == 0 {
        return Some(if negative { -0.0 } else { 0.0 });
    }
    // A quotient of 66 or 67 bits, its last bit sticky; conversion then rounds once.
    let shift = 66 + b.bit_len() as i64 - a.bit_len() as i64;
    let (a, b) = if shift >= 0 {
        (a << shift as usize, b)
    } else {
        (a, b << (-shift) as usize)
    };
    let (mut quotient, remainder) = (&a / &b, &a % &b);
    if remainder.bit_len() != 0 {
        quotient |= UBig::ONE;
    }
    let exponent = quotient.bit_len() as i64 - shift;
    if exponent > 1024 || exponent < -1000 {
        return None;
    }
    let value = quotient.to_f64().value()
        * 2f64.powi((-shift / 2) as i32)
        * 2f64.powi((-shift - -shift / 2) as i32);
    value
        .is_finite()
        .then_some(if negative { -value } else { value })
}

fn float_divmod(v: f64, w: f64) -> Option<(f64, f64)> {
    if w == 0.0 {
        return None;
    }
    let mut modulo = v % w;
    let mut quotient = (v - modulo) / w;
    if modulo != 0.0 {
        if (w < 0.0) != (modulo < 0.0) {
            modulo += w;
            quotient -= 1.0;
        }
    } else {
        modulo = 0f64.copysign(w);
    }
    let floor = if quotient != 0.0 {
        let floor = quotient.floor();
        if quotient - floor > 0.5 {
            floor + 1.0
        } else {
            floor
        }
    } else {
        0f64.copysign(v / w)
    };
    Some((floor, modulo))
}

fn float_power(v: f64, w: f64) -> Option<Number> {
    if w == 0.0 || v == 1.0 {
        return Some(Float(1.0));
    }
    if v == 0.0 && w < 0.0 {
        return None;
    }
    if v < 0.0 && v.is_finite() && w.is_finite() && w != w.floor() {
        return complex_power((v, 0.0), (w, 0.0));
    }
    let result = v.powf(w);
    // Overflow raises.
    (result.is_finite() || !v.is_finite() || !w.is_finite()).then_some(Float(result))
}

type C = (f64, f64);

fn complex_multiply(a: C, b: C) -> C {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

fn complex_divide(a: C, b: C) -> Option<C> {
    let (re, im) = (b.0.abs(), b.1.abs());
    if re >= im {
        if re == 0.0 {
            return None;
        }
        let ratio = b.1 / b.0;
        let denominator = b.0 + b.1 * ratio;
        Some((
            (a.0 + a.1 * ratio) / denominator,
            (a.1 - a.0 * ratio) / denominator,
        ))
    } else if im >= re {
        let ratio = b.0 / b.1;
        let denominator = b.0 * ratio + b.1;
        Some((
            (a.0 * ratio + a.1) / denominator,
            (a.1 * ratio - a.0) / denominator,
        ))
    } else {
        Some((f64::NAN, f64::NAN))
    }
}

/// Differs from dividing `a + 0j` in signs of zero.
fn real_by_complex(a: f64, b: C) -> Option<C> {
    if b.0.abs() >= b.1.abs() {
        if b.0 == 0.0 {
            return None;
        }
        let ratio = b.1 / b.0;
        let denominator = b.0 + b.1 * ratio;
        Some((a / denominator, -a * ratio / denominator))
    } else {
        let ratio = b.0 / b.1;
        let denominator = b.0 * ratio + b.1;
        Some((a * ratio / denominator, -a / denominator))
    }
}

fn complex_power(a: C, b: C) -> Option<Number> {
    if b == (0.0, 0.0) {
        return Some(Complex(1.0, 0.0));
    }
    let exponent = b.0;
    let (re, im) = if b.1 == 0.0 && exponent == exponent.floor() && exponent.abs() <= 100.0 {
        let mut power = (1.0, 0.0);
        let (mut base, left) = (a, exponent.abs() as u32);
        let mut mask = 1;
        while mask > 0 && left >= mask {
            if left & mask != 0 {
                power = complex_multiply(power, base);
            }
            mask <<= 1;
            base = complex_multiply(base, base);
        }
        if exponent > 0.0 {
            power
        } else {
            complex_divide((1.0, 0.0), power)?
        }
    } else if a == (0.0, 0.0) {
        if b.1 != 0.0 || b.0 < 0.0 {
            return None;
        }
        (0.0, 0.0)
    } else {
        let magnitude = a.0.hypot(a.1);
        let mut length = magnitude.powf(b.0);
        let angle = a.1.atan2(a.0);
        let mut phase = angle * b.0;
        if b.1 != 0.0 {
            length *= (-angle * b.1).exp();
            phase += b.1 * magnitude.ln();
        }
        (length * phase.cos(), length * phase.sin())
    };
    (re.is_finite() && im.is_finite()).then_some(Complex(re, im))
}

/// Both as complex numbers, when one is.
fn both_complex(a: &Number, b: &Number) -> Option<(C, C)> {
    let one = |number: &Number| match number {
        Complex(re, im) => Some((*re, *im)),
        other => other.as_float().map(|value| (value, 0.0)),
    };
    Some((one(a)?, one(b)?))
}

fn is_complex(number: &Number) -> bool {
    matches!(number, Complex(..))
}

fn is_float(number: &Number) -> bool {
    matches!(number, Float(_))
}

pub fn add(a: &Number, b: &Number) -> Option<Number> {
    match (a, b) {
        (Complex(re, im), Complex(re2, im2)) => Some(Complex(re + re2, im + im2)),
        (Complex(re, im), real) | (real, Complex(re, im)) => {
            Some(Complex(re + real.as_float()?, *im))
        }
        _ if is_float(a) || is_float(b) => Some(Float(a.as_float()? + b.as_float()?)),
        _ => Some(Int(a.as_int()? + b.as_int()?)),
    }
}

pub fn subtract(a: &Number, b: &Number) -> Option<Number> {
    match (a, b) {
        (Complex(re, im), Complex(re2, im2)) => Some(Complex(re - re2, im - im2)),
        (Complex(re, im), real) => Some(Complex(re - real.as_float()?, *im)),
        (real, Complex(re, im)) => Some(Complex(real.as_float()? - re, -im)),
        _ if is_float(a) || is_float(b) => Some(Float(a.as_float()? - b.as_float()?)),
        _ => Some(Int(a.as_int()? - b.as_int()?)),
    }
}

pub fn multiply(a: &Number, b: &Number) -> Option<Number> {
    match (a, b) {
        (Complex(re, im), Complex(re2, im2)) => {
            let (re, im) = complex_multiply((*re, *im), (*re2, *im2));
            // Infinite operands need more care than a constant is worth.
            (!re.is_nan() || !im.is_nan()).then_some(Complex(re, im))
        }
        (Complex(re, im), real) | (real, Complex(re, im)) => {
            let real = real.as_float()?;
            Some(Complex(re * real, im * real))
        }
        _ if is_float(a) || is_float(b) => Some(Float(a.as_float()? * b.as_float()?)),
        _ => Some(Int(a.as_int()? * b.as_int()?)),
    }
}

pub fn true_divide(a: &Number, b: &Number) -> Option<Number> {
    match (a, b) {
        (Complex(re, im), real) if !is_complex(real) => {
            let real = real.as_float()?;
            (real != 0.0).then_some(Complex(re / real, im / real))
        }
        (real, Complex(re, im)) if !is_complex(real) => {
            real_by_complex(real.as_float()?, (*re, *im)).map(|(re, im)| Complex(re, im))
        }
        _ if is_complex(a) || is_complex(b) => {
            let (a, b) = both_complex(a, b)?;
            complex_divide(a, b).map(|(re, im)| Complex(re, im))
        }
        _ if is_float(a) || is_float(b) => {
            let (a, b) = (a.as_float()?, b.as_float()?);
            (b != 0.0).then_some(Float(a / b))
        }
        _ => int_true_divide(&a.as_int()?, &b.as_int()?).map(Float),
    }
}

pub fn floor_divide(a: &Number, b: &Number) -> Option<Number> {
    if is_float(a) || is_float(b) {
        return float_divmod(a.as_float()?, b.as_float()?).map(|(quotient, _)| Float(quotient));
    }
    int_divmod(&a.as_int()?, &b.as_int()?).map(|(quotient, _)| Int(quotient))
}

pub fn remainder(a: &Number, b: &Number) -> Option<Number> {
    if is_float(a) || is_float(b) {
        return float_divmod(a.as_float()?, b.as_float()?).map(|(_, modulo)| Float(modulo));
    }
    int_divmod(&a.as_int()?, &b.as_int()?).map(|(_, modulo)| Int(modulo))
}

pub fn power(a: &Number, b: &Number) -> Option<Number> {
    if is_complex(a) || is_complex(b) {
        let (a, b) = both_complex(a, b)?;
        return complex_power(a, b);
    }
    if is_float(a) || is_float(b) {
        return float_power(a.as_float()?, b.as_float()?);
    }
    let (a, b) = (a.as_int()?, b.as_int()?);
    if is_negative(&b) {
        return float_power(int_to_float(&a)?, int_to_float(&b)?);
    }
    // The caller has bounded the result; 0 to any power is bounded too.
    if is_zero(&a) {
        return Some(Int(if is_zero(&b) { IBig::ONE } else { IBig::ZERO }));
    }
    Some(Int(a.pow(usize::try_from(&b).ok()?)))
}

pub fn shift_left(a: &Number, b: &Number) -> Option<Number> {
    let (a, b) = (a.as_int()?, b.as_int()?);
    if is_negative(&b) {
        return None;
    }
    if is_zero(&a) {
        return Some(Int(a));
    }
    Some(Int(a << usize::try_from(&b).ok()?))
}

pub fn shift_right(a: &Number, b: &Number) -> Option<Number> {
    let (a, b) = (a.as_int()?, b.as_int()?);
    if is_negative(&b) {
        return None;
    }
    match usize::try_from(&b) {
        Ok(count) => Some(Int(a >> count)),
        Err(_) => Some(Int(if is_negative(&a) {
            IBig::NEG_ONE
        } else {
            IBig::ZERO
        })),
    }
}

pub fn bitwise(
    a: &Number,
    b: &Number,
    bools: fn(bool, bool) -> bool,
    ints: fn(IBig, IBig) -> IBig,
) -> Option<Number> {
    match (a, b) {
        (Bool(a), Bool(b)) => Some(Bool(bools(*a, *b))),
        _ => Some(Int(ints(a.as_int()?, b.as_int()?))),
    }
}

pub fn negative(a: &Number) -> Option<Number> {
    Some(match a {
        Float(value) => Float(-value),
        Complex(re, im) => Complex(-re, -im),
        _ => Int(-a.as_int()?),
    })
}

pub fn positive(a: &Number) -> Option<Number> {
    Some(match a {
        Bool(_) => Int(a.as_int()?),
        _ => a.clone(),
    })
}

pub fn invert(a: &Number) -> Option<Number> {
    match a {
        // Deprecated, and warned of at run time.
        Bool(_) => None,
        _ => Some(Int(-a.as_int()? - IBig::ONE)),
    }
}

/// Whether Python finds the numbers equal.
pub fn equal(a: &Number, b: &Number) -> bool {
    match (a, b) {
        (Complex(re, im), Complex(re2, im2)) => re == re2 && im == im2,
        (Complex(re, im), real) | (real, Complex(re, im)) => *im == 0.0 && equal(&Float(*re), real),
        (Float(a), Float(b)) => a == b,
        (Float(float), int) | (int, Float(float)) => {
            let Some(int) = int.as_int() else {
                return false;
            };
            float.is_finite()
                && float.fract() == 0.0
                && IBig::try_from(*float).is_ok_and(|value| value == int)
        }
        _ => a.as_int() == b.as_int(),
    }
}

/// A hash on which equal numbers agree.
pub fn hash(value: &Number, state: &mut impl Hasher) {
    match value {
        Complex(re, im) if *im != 0.0 => {
            re.to_bits().hash(state);
            im.to_bits().hash(state);
        }
        Complex(float, _) | Float(float) => match IBig::try_from(*float) {
            Ok(int) if float.fract() == 0.0 => int.hash(state),
            _ => float.to_bits().hash(state),
        },
        other => other.as_int().unwrap_or_default().hash(state),
    }
}

/// Sign of an integer that may be a bool.
pub fn sign(value: &IBig) -> i32 {
    match value.sign() {
        _ if is_zero(value) => 0,
        Sign::Negative => -1,
        Sign::Positive => 1,
    }
}
