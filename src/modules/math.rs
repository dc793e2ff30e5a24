//! `math`: functions of real numbers. Those on integers are in `math_integers.rs`, sums and norms in `math_sums.rs`.

use crate::math_integers as integers;
use crate::math_sums as sums;
use taipan_objects::err::PyResult;
use taipan_objects::float::{as_float, from_f64, to_f64};
use taipan_objects::int::{IntValue, as_int, from_i64};
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::protocol::{self, BinaryOp};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{err, float_methods, int_convert, module, names::names, tuple};

/// The C library's functions, so that results are CPython's to the last bit.
pub(crate) mod libm {
    unsafe extern "C" {
        pub safe fn acos(x: f64) -> f64;
        pub safe fn acosh(x: f64) -> f64;
        pub safe fn asin(x: f64) -> f64;
        pub safe fn asinh(x: f64) -> f64;
        pub safe fn atan(x: f64) -> f64;
        pub safe fn atan2(y: f64, x: f64) -> f64;
        pub safe fn atanh(x: f64) -> f64;
        pub safe fn cbrt(x: f64) -> f64;
        pub safe fn cos(x: f64) -> f64;
        pub safe fn cosh(x: f64) -> f64;
        pub safe fn erf(x: f64) -> f64;
        pub safe fn erfc(x: f64) -> f64;
        pub safe fn exp(x: f64) -> f64;
        pub safe fn exp2(x: f64) -> f64;
        pub safe fn expm1(x: f64) -> f64;
        pub safe fn fma(x: f64, y: f64, z: f64) -> f64;
        pub safe fn fmod(x: f64, y: f64) -> f64;
        pub safe fn hypot(x: f64, y: f64) -> f64;
        pub safe fn log(x: f64) -> f64;
        pub safe fn log10(x: f64) -> f64;
        pub safe fn log1p(x: f64) -> f64;
        pub safe fn log2(x: f64) -> f64;
        pub safe fn nextafter(x: f64, y: f64) -> f64;
        pub safe fn pow(x: f64, y: f64) -> f64;
        pub safe fn sin(x: f64) -> f64;
        pub safe fn sinh(x: f64) -> f64;
        pub safe fn tan(x: f64) -> f64;
        pub safe fn tanh(x: f64) -> f64;
    }
}
use libm::*;

#[cold]
fn domain() -> PyResult {
    err!(ValueError, "math domain error")
}
#[cold]
fn range() -> PyResult {
    err!(OverflowError, "math range error")
}
/// ValueError that says what was expected, with the number.
#[cold]
fn unexpected(what: &str, x: f64) -> PyResult {
    err!(ValueError, "{what}, got {}", taipan_objects::float_repr::repr(x))
}

/// The C library's `cbrt`: Rust's support library has a function of that name too, with other rounding, which the linker finds first.
fn system_cbrt(x: f64) -> f64 {
    static FOUND: std::sync::OnceLock<Option<extern "C" fn(f64) -> f64>> = std::sync::OnceLock::new();
    let f = FOUND.get_or_init(|| {
        // SAFETY: the symbol, if there, is C's function of this signature.
        unsafe {
            let p = libc::dlsym(libc::RTLD_DEFAULT, c"cbrt".as_ptr());
            if p.is_null() { None } else { Some(std::mem::transmute::<*mut libc::c_void, extern "C" fn(f64) -> f64>(p)) }
        }
    });
    match f {
        Some(f) => f(x),
        None => cbrt(x),
    }
}

/// Functions of one number: a domain error with this text if nan comes of a number, and range or domain for infinity of a finite one.
macro_rules! unary {
    ($($name:ident $f:expr, $overflow:expr, $domain:literal;)*) => {
        $(fn $name(a: &[Value]) -> PyResult {
            let x = to_f64(a[0])?;
            let f: fn(f64) -> f64 = $f;
            let r = f(x);
            if r.is_nan() && !x.is_nan() {
                return if $domain.is_empty() { domain() } else { unexpected($domain, x) };
            }
            if r.is_infinite() && x.is_finite() {
                return if $overflow { range() } else if $domain.is_empty() { domain() } else { unexpected($domain, x) };
            }
            Ok(from_f64(r))
        })*
    };
}

unary! {
    m_acos |x| acos(x), false, "expected a number in range from -1 up to 1";
    m_acosh |x| acosh(x), false, "expected argument value not less than 1";
    m_asin |x| asin(x), false, "expected a number in range from -1 up to 1";
    m_asinh |x| asinh(x), false, "";
    m_atan |x| atan(x), false, "";
    m_atanh |x| atanh(x), false, "expected a number between -1 and 1";
    m_cbrt |x| system_cbrt(x), false, "";
    m_cos |x| cos(x), false, "expected a finite input";
    m_cosh |x| cosh(x), true, "";
    m_erf |x| erf(x), false, "";
    m_erfc |x| erfc(x), false, "";
    m_exp |x| exp(x), true, "";
    m_exp2 |x| exp2(x), true, "";
    m_expm1 |x| expm1(x), true, "";
    m_fabs |x| x.abs(), false, "";
    m_log1p |x| log1p(x), false, "expected argument value > -1";
    m_sin |x| sin(x), false, "expected a finite input";
    m_sinh |x| sinh(x), true, "";
    m_sqrt |x| x.sqrt(), false, "expected a nonnegative input";
    m_tan |x| tan(x), false, "expected a finite input";
    m_tanh |x| tanh(x), false, "";
}

fn two(a: &[Value]) -> PyResult<(f64, f64)> {
    Ok((to_f64(a[0])?, to_f64(a[1])?))
}

fn m_atan2(a: &[Value]) -> PyResult {
    let (y, x) = two(a)?;
    Ok(from_f64(atan2(y, x)))
}
fn m_copysign(a: &[Value]) -> PyResult {
    let (x, y) = two(a)?;
    Ok(from_f64(x.copysign(y)))
}

fn m_fmod(a: &[Value]) -> PyResult {
    let (x, y) = two(a)?;
    if y.is_infinite() && x.is_finite() {
        return Ok(from_f64(x));
    }
    let r = fmod(x, y);
    if r.is_nan() && !x.is_nan() && !y.is_nan() {
        return domain();
    }
    Ok(from_f64(r))
}

fn m_remainder(a: &[Value]) -> PyResult {
    let (x, y) = two(a)?;
    if x.is_nan() || y.is_nan() {
        return Ok(from_f64(if x.is_nan() { x } else { y }));
    }
    if x.is_infinite() || y == 0.0 {
        return domain();
    }
    if y.is_infinite() {
        return Ok(from_f64(x));
    }
    let (ax, ay) = (x.abs(), y.abs());
    let m = fmod(ax, ay);
    let c = ay - m;
    let r = if m < c {
        m
    } else if m > c {
        -c
    } else {
        m - 2.0 * fmod(0.5 * (ax - m), ay)
    };
    Ok(from_f64(1f64.copysign(x) * r))
}

fn m_pow(a: &[Value]) -> PyResult {
    let (x, y) = two(a)?;
    if !x.is_finite() || !y.is_finite() {
        let odd = |y: f64| y.is_finite() && fmod(y.abs(), 2.0) == 1.0;
        let r = if x.is_nan() {
            if y == 0.0 { 1.0 } else { x }
        } else if y.is_nan() {
            if x == 1.0 { 1.0 } else { y }
        } else if x.is_infinite() {
            if y > 0.0 {
                if odd(y) { x } else { x.abs() }
            } else if y == 0.0 {
                1.0
            } else if odd(y) {
                0f64.copysign(x)
            } else {
                0.0
            }
        } else if x.abs() == 1.0 {
            1.0
        } else if y > 0.0 && x.abs() > 1.0 {
            y
        } else if y < 0.0 && x.abs() < 1.0 {
            -y
        } else {
            0.0
        };
        return Ok(from_f64(r));
    }
    let r = pow(x, y);
    if r.is_nan() {
        return domain();
    }
    if r.is_infinite() {
        return if x == 0.0 { domain() } else { range() };
    }
    Ok(from_f64(r))
}

// ---------------------------------------------------------------- logarithms

/// Fraction in [0.5, 1) and exponent of a positive big integer.
fn big_frexp(n: IntValue) -> (f64, f64) {
    use dashu_int::{IBig, ops::BitTest};
    let b = n.to_ibig();
    let bits = b.bit_len();
    let f = int_convert::divide(&b, &(IBig::ONE << bits)).unwrap_or(1.0);
    if f == 1.0 { (0.5, bits as f64 + 1.0) } else { (f, bits as f64) }
}

fn log_of(v: Value, f: fn(f64) -> f64) -> PyResult<f64> {
    if let Some(n) = as_int(&v) {
        let positive = match n {
            IntValue::Small(i) => i > 0,
            IntValue::Big(b) => *b > dashu_int::IBig::ZERO,
        };
        if !positive {
            return err!(ValueError, "expected a positive input");
        }
        return match n {
            IntValue::Small(i) => Ok(f(i as f64)),
            IntValue::Big(b) => {
                let x = b.to_f64().value();
                if x.is_finite() {
                    return Ok(f(x));
                }
                let (x, e) = big_frexp(n);
                Ok(f(x) + f(2.0) * e)
            }
        };
    }
    let x = to_f64(v)?;
    if x.is_nan() || x == f64::INFINITY {
        return Ok(x);
    }
    if x <= 0.0 {
        return Err(unexpected("expected a positive input", x).unwrap_err());
    }
    Ok(f(x))
}

fn m_log(args: &[Value], kwnames: Value) -> PyResult {
    if !kwnames.is_null() && !tuple::as_slice(kwnames).is_empty() {
        return err!(TypeError, "math.log() takes no keyword arguments");
    }
    match args {
        [] => err!(TypeError, "log expected at least 1 argument, got 0"),
        [x] => Ok(from_f64(log_of(*x, |x| log(x))?)),
        [x, base] => {
            let n = log_of(*x, |x| log(x))?;
            let d = log_of(*base, |x| log(x))?;
            float_methods::truediv(n, d)
        }
        _ => err!(TypeError, "log expected at most 2 arguments, got {}", args.len()),
    }
}
fn m_log2(a: &[Value]) -> PyResult {
    Ok(from_f64(log_of(a[0], |x| log2(x))?))
}
fn m_log10(a: &[Value]) -> PyResult {
    Ok(from_f64(log_of(a[0], |x| log10(x))?))
}

// ---------------------------------------------------------------- gamma

const LANCZOS_G: f64 = 6.024680040776729583740234375;
const LANCZOS_G_MINUS_HALF: f64 = 5.524680040776729583740234375;
const LANCZOS_NUM: [f64; 13] = [
    23531376880.410759688572007674451636754734846804940,
    42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843,
    17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708,
    1439720407.3117216736632230727949123939715485786372,
    248874557.86205415651146038641322942321632125127801,
    31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768,
    186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024,
    210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408,
];
const LANCZOS_DEN: [f64; 13] = [
    0.0, 39916800.0, 120543840.0, 150917976.0, 105258076.0, 45995730.0, 13339535.0, 2637558.0, 357423.0, 32670.0, 1925.0, 66.0,
    1.0,
];
const LOG_PI: f64 = 1.144729885849400174143427351353058711647;
const PI: f64 = std::f64::consts::PI;

/// The rational function of the Lanczos approximation.
fn lanczos_sum(x: f64) -> f64 {
    let (mut num, mut den) = (0.0, 0.0);
    if x < 5.0 {
        for i in (0..13).rev() {
            num = num * x + LANCZOS_NUM[i];
            den = den * x + LANCZOS_DEN[i];
        }
    } else {
        for i in 0..13 {
            num = num / x + LANCZOS_NUM[i];
            den = den / x + LANCZOS_DEN[i];
        }
    }
    num / den
}

/// `sin(pi * x)`.
fn sin_pi(x: f64) -> f64 {
    let y = fmod(x.abs(), 2.0);
    let r = match (2.0 * y).round() as i32 {
        0 => sin(PI * y),
        1 => cos(PI * (y - 0.5)),
        2 => sin(PI * (1.0 - y)),
        3 => -cos(PI * (y - 1.5)),
        _ => sin(PI * (y - 2.0)),
    };
    1f64.copysign(x) * r
}

const GAMMA_DOMAIN: &str = "expected a noninteger or positive integer";

fn m_gamma(a: &[Value]) -> PyResult {
    let x = to_f64(a[0])?;
    if x.is_nan() || x == f64::INFINITY {
        return Ok(from_f64(x));
    }
    if x == f64::NEG_INFINITY || x == 0.0 || (x < 0.0 && x == x.floor()) {
        return unexpected(GAMMA_DOMAIN, x);
    }
    if x == x.floor() && x <= 23.0 {
        // Exact: 22! has 53 significant bits.
        return Ok(from_f64((1..x as i128).product::<i128>() as f64));
    }
    let ax = x.abs();
    if ax < 1e-20 {
        let r = 1.0 / x;
        return if r.is_infinite() { range() } else { Ok(from_f64(r)) };
    }
    if ax > 200.0 {
        return if x < 0.0 { Ok(from_f64(0.0 / sin_pi(x))) } else { range() };
    }
    let y = ax + LANCZOS_G_MINUS_HALF;
    let z = if ax > LANCZOS_G_MINUS_HALF {
        let q = y - ax;
        q - LANCZOS_G_MINUS_HALF
    } else {
        let q = y - LANCZOS_G_MINUS_HALF;
        q - ax
    };
    let z = z * LANCZOS_G / y;
    let mut r;
    if x < 0.0 {
        r = -PI / sin_pi(ax) / ax * exp(y) / lanczos_sum(ax);
        r -= z * r;
        if ax < 140.0 {
            r /= pow(y, ax - 0.5);
        } else {
            let p = pow(y, ax / 2.0 - 0.25);
            r /= p;
            r /= p;
        }
    } else {
        r = lanczos_sum(ax) / exp(y);
        r += z * r;
        if ax < 140.0 {
            r *= pow(y, ax - 0.5);
        } else {
            let p = pow(y, ax / 2.0 - 0.25);
            r *= p;
            r *= p;
        }
    }
    if r.is_infinite() { range() } else { Ok(from_f64(r)) }
}

fn m_lgamma(a: &[Value]) -> PyResult {
    let x = to_f64(a[0])?;
    if !x.is_finite() {
        return Ok(from_f64(if x.is_nan() { x } else { f64::INFINITY }));
    }
    if x == x.floor() && x <= 2.0 {
        return if x <= 0.0 { unexpected(GAMMA_DOMAIN, x) } else { Ok(from_f64(0.0)) };
    }
    let ax = x.abs();
    if ax < 1e-20 {
        return Ok(from_f64(-log(ax)));
    }
    let mut r = log(lanczos_sum(ax)) - LANCZOS_G;
    r += (ax - 0.5) * (log(ax + LANCZOS_G - 0.5) - 1.0);
    if x < 0.0 {
        r = LOG_PI - log(sin_pi(ax).abs()) - log(ax) - r;
    }
    if r.is_infinite() { range() } else { Ok(from_f64(r)) }
}

// ---------------------------------------------------------------- parts of floats

fn rounded(v: Value, name: Value, f: fn(f64) -> f64) -> PyResult {
    if let Some(x) = v.as_immediate_float() {
        return Ok(int_convert::from_f64(f(x)));
    }
    if v.is_small_int() {
        return Ok(v.to_ref());
    }
    if let Some(x) = v.cast_exact::<taipan_objects::float::PyFloat>() {
        return int_convert::float_to_int(f(x.value));
    }
    if let Some(r) = protocol::call_special(v, name, &[])? {
        return Ok(r);
    }
    int_convert::float_to_int(f(to_f64(v)?))
}
fn m_ceil(a: &[Value]) -> PyResult {
    rounded(a[0], names().__ceil__, f64::ceil)
}
fn m_floor(a: &[Value]) -> PyResult {
    rounded(a[0], names().__floor__, f64::floor)
}
fn m_trunc(a: &[Value]) -> PyResult {
    if a[0].is_immediate_float() {
        return int_convert::float_to_int(as_float(a[0]).unwrap_or(0.0));
    }
    match protocol::call_special(a[0], names().__trunc__, &[])? {
        Some(r) => Ok(r),
        None => err!(TypeError, "type {} doesn't define __trunc__ method", a[0].type_name()),
    }
}

fn m_frexp(a: &[Value]) -> PyResult {
    let x = to_f64(a[0])?;
    let (m, e) = if x.is_finite() { float_methods::split(x) } else { (x, 0) };
    Ok(tuple::of([from_f64(m), from_i64(e as i64)]))
}

fn m_ldexp(a: &[Value]) -> PyResult {
    let x = to_f64(a[0])?;
    let Some(e) = as_int(&a[1]) else {
        return err!(TypeError, "Expected an int as second argument to ldexp.");
    };
    let limit = i32::MAX as i64;
    let e = e.to_i64().unwrap_or(if e.is_negative() { -limit } else { limit }).clamp(-limit, limit);
    if x == 0.0 || !x.is_finite() {
        return Ok(from_f64(x));
    }
    let r = int_convert::scale(x, e as i32);
    if r.is_infinite() { range() } else { Ok(from_f64(r)) }
}

fn m_modf(a: &[Value]) -> PyResult {
    let x = to_f64(a[0])?;
    let (fraction, whole) = if x.is_infinite() {
        (0f64.copysign(x), x)
    } else if x.is_nan() {
        (x, x)
    } else {
        ((x - x.trunc()).copysign(x), x.trunc())
    };
    Ok(tuple::of([from_f64(fraction), from_f64(whole)]))
}

fn m_nextafter(a: &[Value]) -> PyResult {
    let (x, y) = two(a)?;
    if a[2].is_none_or_null() {
        return Ok(from_f64(nextafter(x, y)));
    }
    let steps = protocol::index(a[2])?;
    let steps = match as_int(&steps) {
        Some(n) if n.is_negative() => return err!(ValueError, "steps must be a non-negative integer"),
        Some(IntValue::Small(n)) => n as u64,
        Some(IntValue::Big(b)) => u64::try_from(b).unwrap_or(u64::MAX),
        None => 0,
    };
    if steps == 0 || x.is_nan() {
        return Ok(from_f64(x));
    }
    if y.is_nan() || x == y {
        return Ok(from_f64(y));
    }
    const SIGN: u64 = 1 << 63;
    let (ux, uy) = (x.to_bits(), y.to_bits());
    let (ax, ay) = (ux & !SIGN, uy & !SIGN);
    let r = if (ux ^ uy) & SIGN != 0 {
        if ax + ay <= steps {
            uy
        } else if ax < steps {
            (uy & SIGN) | (steps - ax)
        } else {
            ux - steps
        }
    } else if ax > ay {
        if ax - ay >= steps { ux - steps } else { uy }
    } else if ay - ax >= steps {
        ux + steps
    } else {
        uy
    };
    Ok(from_f64(f64::from_bits(r)))
}

fn m_ulp(a: &[Value]) -> PyResult {
    let x = to_f64(a[0])?;
    if x.is_nan() {
        return Ok(from_f64(x));
    }
    let x = x.abs();
    if x.is_infinite() {
        return Ok(from_f64(x));
    }
    let next = nextafter(x, f64::INFINITY);
    Ok(from_f64(if next.is_infinite() { x - nextafter(x, f64::NEG_INFINITY) } else { next - x }))
}

fn m_fma(a: &[Value]) -> PyResult {
    let (x, y, z) = (to_f64(a[0])?, to_f64(a[1])?, to_f64(a[2])?);
    let r = fma(x, y, z);
    if r.is_nan() && !x.is_nan() && !y.is_nan() && !z.is_nan() {
        return err!(ValueError, "invalid operation in fma");
    }
    if r.is_infinite() && x.is_finite() && y.is_finite() && z.is_finite() {
        return err!(OverflowError, "overflow in fma");
    }
    Ok(from_f64(r))
}

fn m_degrees(a: &[Value]) -> PyResult {
    Ok(from_f64(to_f64(a[0])? * (180.0 / PI)))
}
fn m_radians(a: &[Value]) -> PyResult {
    Ok(from_f64(to_f64(a[0])? * (PI / 180.0)))
}
fn m_isfinite(a: &[Value]) -> PyResult {
    Ok(Ref::bool(to_f64(a[0])?.is_finite()))
}
fn m_isinf(a: &[Value]) -> PyResult {
    Ok(Ref::bool(to_f64(a[0])?.is_infinite()))
}
fn m_isnan(a: &[Value]) -> PyResult {
    Ok(Ref::bool(to_f64(a[0])?.is_nan()))
}

fn m_isclose(a: &[Value]) -> PyResult {
    let (x, y) = two(a)?;
    let rel = if a[2].is_null() { 1e-9 } else { to_f64(a[2])? };
    let abs = if a[3].is_null() { 0.0 } else { to_f64(a[3])? };
    if rel < 0.0 || abs < 0.0 {
        return err!(ValueError, "tolerances must be non-negative");
    }
    if x == y {
        return Ok(Ref::bool(true));
    }
    if x.is_infinite() || y.is_infinite() {
        return Ok(Ref::bool(false));
    }
    let diff = (y - x).abs();
    Ok(Ref::bool(diff <= (rel * y).abs() || diff <= (rel * x).abs() || diff <= abs))
}

fn m_prod(a: &[Value]) -> PyResult {
    let mut total = if a[1].is_null() { from_i64(1) } else { a[1].to_ref() };
    protocol::for_each(a[0], |v| {
        total = match Value::checked_mul_ints(*total, *v) {
            Some(p) => Ref::immediate(p),
            None => protocol::binary(*total, *v, BinaryOp::Multiply)?,
        };
        Ok(())
    })?;
    Ok(total)
}

fn init(m: Value) -> PyResult<()> {
    for (name, x) in [
        ("pi", PI),
        ("e", std::f64::consts::E),
        ("tau", std::f64::consts::TAU),
        ("inf", f64::INFINITY),
        ("nan", f64::NAN),
    ] {
        module::add(m, name, from_f64(x));
    }
    Ok(())
}

pub static MODULE: ModuleDef = ModuleDef {
    name: "math",
    doc: "This module provides access to the mathematical functions\ndefined by the C standard.",
    functions: &[
        MethodDef::new("acos($module, x, /)", "Return the arc cosine (measured in radians) of x.", m_acos),
        MethodDef::new("acosh($module, x, /)", "Return the inverse hyperbolic cosine of x.", m_acosh),
        MethodDef::new("asin($module, x, /)", "Return the arc sine (measured in radians) of x.", m_asin),
        MethodDef::new("asinh($module, x, /)", "Return the inverse hyperbolic sine of x.", m_asinh),
        MethodDef::new("atan($module, x, /)", "Return the arc tangent (measured in radians) of x.", m_atan),
        MethodDef::new("atan2($module, y, x, /)", "Return the arc tangent (measured in radians) of y/x, in the right quadrant.", m_atan2),
        MethodDef::new("atanh($module, x, /)", "Return the inverse hyperbolic tangent of x.", m_atanh),
        MethodDef::new("cbrt($module, x, /)", "Return the cube root of x.", m_cbrt),
        MethodDef::new("ceil($module, x, /)", "Return the ceiling of x as an Integral.", m_ceil),
        MethodDef::new("comb($module, n, k, /)", "Number of ways to choose k items from n items without repetition and without order.", integers::comb),
        MethodDef::new("copysign($module, x, y, /)", "Return a float with the magnitude of x but the sign of y.", m_copysign),
        MethodDef::new("cos($module, x, /)", "Return the cosine of x (measured in radians).", m_cos),
        MethodDef::new("cosh($module, x, /)", "Return the hyperbolic cosine of x.", m_cosh),
        MethodDef::new("degrees($module, x, /)", "Convert angle x from radians to degrees.", m_degrees),
        MethodDef::new("dist($module, p, q, /)", "Return the Euclidean distance between two points p and q.", sums::dist),
        MethodDef::new("erf($module, x, /)", "Error function at x.", m_erf),
        MethodDef::new("erfc($module, x, /)", "Complementary error function at x.", m_erfc),
        MethodDef::new("exp($module, x, /)", "Return e raised to the power of x.", m_exp),
        MethodDef::new("exp2($module, x, /)", "Return 2 raised to the power of x.", m_exp2),
        MethodDef::new("expm1($module, x, /)", "Return exp(x)-1.", m_expm1),
        MethodDef::new("fabs($module, x, /)", "Return the absolute value of the float x.", m_fabs),
        MethodDef::new("factorial($module, n, /)", "Find n!.", integers::factorial),
        MethodDef::new("floor($module, x, /)", "Return the floor of x as an Integral.", m_floor),
        MethodDef::new("fma($module, x, y, z, /)", "Fused multiply-add operation.", m_fma),
        MethodDef::new("fmod($module, x, y, /)", "Return fmod(x, y), according to platform C.", m_fmod),
        MethodDef::new("frexp($module, x, /)", "Return the mantissa and exponent of x, as pair (m, e).", m_frexp),
        MethodDef::new("fsum($module, seq, /)", "Return an accurate floating-point sum of values in the iterable seq.", sums::fsum),
        MethodDef::new("gamma($module, x, /)", "Gamma function at x.", m_gamma),
        MethodDef::new("gcd($module, /, *integers)", "Greatest Common Divisor.", integers::gcd),
        MethodDef::new("hypot($module, /, *coordinates)", "Multidimensional Euclidean distance from the origin to a point.", sums::hypot),
        MethodDef::new("isclose($module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0)", "Determine whether two floating-point numbers are close in value.", m_isclose),
        MethodDef::new("isfinite($module, x, /)", "Return True if x is neither an infinity nor a NaN, and False otherwise.", m_isfinite),
        MethodDef::new("isinf($module, x, /)", "Return True if x is a positive or negative infinity, and False otherwise.", m_isinf),
        MethodDef::new("isnan($module, x, /)", "Return True if x is a NaN (not a number), and False otherwise.", m_isnan),
        MethodDef::new("isqrt($module, n, /)", "Return the integer part of the square root of the input.", integers::isqrt),
        MethodDef::new("lcm($module, /, *integers)", "Least Common Multiple.", integers::lcm),
        MethodDef::new("ldexp($module, x, i, /)", "Return x * (2**i).", m_ldexp),
        MethodDef::new("lgamma($module, x, /)", "Natural logarithm of absolute value of Gamma function at x.", m_lgamma),
        MethodDef::raw("log", "log(x, [base=math.e])\nReturn the logarithm of x to the given base.", m_log),
        MethodDef::new("log10($module, x, /)", "Return the base 10 logarithm of x.", m_log10),
        MethodDef::new("log1p($module, x, /)", "Return the natural logarithm of 1+x (base e).", m_log1p),
        MethodDef::new("log2($module, x, /)", "Return the base 2 logarithm of x.", m_log2),
        MethodDef::new("modf($module, x, /)", "Return the fractional and integer parts of x.", m_modf),
        MethodDef::new("nextafter($module, x, y, /, *, steps=None)", "Return the floating-point value the given number of steps after x towards y.", m_nextafter),
        MethodDef::new("perm($module, n, k=None, /)", "Number of ways to choose k items from n items without repetition and with order.", integers::perm),
        MethodDef::new("pow($module, x, y, /)", "Return x**y (x to the power of y).", m_pow),
        MethodDef::new("prod($module, iterable, /, *, start=1)", "Calculate the product of all the elements in the input iterable.", m_prod),
        MethodDef::new("radians($module, x, /)", "Convert angle x from degrees to radians.", m_radians),
        MethodDef::new("remainder($module, x, y, /)", "Difference between x and the closest integer multiple of y.", m_remainder),
        MethodDef::new("sin($module, x, /)", "Return the sine of x (measured in radians).", m_sin),
        MethodDef::new("sinh($module, x, /)", "Return the hyperbolic sine of x.", m_sinh),
        MethodDef::new("sqrt($module, x, /)", "Return the square root of x.", m_sqrt),
        MethodDef::new("sumprod($module, p, q, /)", "Return the sum of products of values from two iterables p and q.", sums::sumprod),
        MethodDef::new("tan($module, x, /)", "Return the tangent of x (measured in radians).", m_tan),
        MethodDef::new("tanh($module, x, /)", "Return the hyperbolic tangent of x.", m_tanh),
        MethodDef::new("trunc($module, x, /)", "Truncates the Real x to the nearest Integral toward 0.", m_trunc),
        MethodDef::new("ulp($module, x, /)", "Return the value of the least significant bit of the float x.", m_ulp),
    ],
    init: Some(init),
};
