//! `cmath`: functions of complex numbers. Values at infinities and nans are those of C99's Annex G.

use crate::math::libm::*;
use taipan_objects::complex::{Complex, from_complex, new_complex};
use taipan_objects::complex_methods::to_complex;
use taipan_objects::err::PyResult;
use taipan_objects::float::{from_f64, to_f64};
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{err, int_convert, module, tuple};

/// What C calls errno.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    None,
    Domain,
    Range,
}
type Outcome = (Complex, Fault);

const INF: f64 = f64::INFINITY;
const N: f64 = f64::NAN;
const PI: f64 = std::f64::consts::PI;
const P14: f64 = 0.25 * PI;
const P12: f64 = 0.5 * PI;
const P34: f64 = 0.75 * PI;
const LN2: f64 = std::f64::consts::LN_2;
const LARGE: f64 = f64::MAX / 4.0;

fn sqrt_large() -> f64 {
    LARGE.sqrt()
}
fn log_large() -> f64 {
    log(LARGE)
}

type Table = [[(f64, f64); 7]; 7];
/// A place in a table that is never looked at: both parts finite.
const U: (f64, f64) = (0.0, 0.0);
const NN: (f64, f64) = (N, N);

/// Row or column of a table: -inf, negative, -0, +0, positive, +inf, nan.
fn kind(x: f64) -> usize {
    if x.is_nan() {
        6
    } else if x.is_infinite() {
        if x > 0.0 { 5 } else { 0 }
    } else if x != 0.0 {
        if x > 0.0 { 4 } else { 1 }
    } else if x.is_sign_positive() {
        3
    } else {
        2
    }
}
fn special(z: Complex, table: &Table) -> Complex {
    let (re, im) = table[kind(z.re)][kind(z.im)];
    Complex { re, im }
}
fn finite(z: Complex) -> bool {
    z.re.is_finite() && z.im.is_finite()
}
fn c(re: f64, im: f64) -> Complex {
    Complex { re, im }
}

static ACOS: Table = [
    [(P34, INF), (PI, INF), (PI, INF), (PI, -INF), (PI, -INF), (P34, -INF), (N, INF)],
    [(P12, INF), U, U, U, U, (P12, -INF), NN],
    [(P12, INF), U, (P12, 0.0), (P12, -0.0), U, (P12, -INF), (P12, N)],
    [(P12, INF), U, (P12, 0.0), (P12, -0.0), U, (P12, -INF), (P12, N)],
    [(P12, INF), U, U, U, U, (P12, -INF), NN],
    [(P14, INF), (0.0, INF), (0.0, INF), (0.0, -INF), (0.0, -INF), (P14, -INF), (N, INF)],
    [(N, INF), NN, NN, NN, NN, (N, -INF), NN],
];
static ACOSH: Table = [
    [(INF, -P34), (INF, -PI), (INF, -PI), (INF, PI), (INF, PI), (INF, P34), (INF, N)],
    [(INF, -P12), U, U, U, U, (INF, P12), NN],
    [(INF, -P12), U, (0.0, -P12), (0.0, P12), U, (INF, P12), (N, P12)],
    [(INF, -P12), U, (0.0, -P12), (0.0, P12), U, (INF, P12), (N, P12)],
    [(INF, -P12), U, U, U, U, (INF, P12), NN],
    [(INF, -P14), (INF, -0.0), (INF, -0.0), (INF, 0.0), (INF, 0.0), (INF, P14), (INF, N)],
    [(INF, N), NN, NN, NN, NN, (INF, N), NN],
];
static ASINH: Table = [
    [(-INF, -P14), (-INF, -0.0), (-INF, -0.0), (-INF, 0.0), (-INF, 0.0), (-INF, P14), (-INF, N)],
    [(-INF, -P12), U, U, U, U, (-INF, P12), NN],
    [(-INF, -P12), U, (-0.0, -0.0), (-0.0, 0.0), U, (-INF, P12), NN],
    [(INF, -P12), U, (0.0, -0.0), (0.0, 0.0), U, (INF, P12), NN],
    [(INF, -P12), U, U, U, U, (INF, P12), NN],
    [(INF, -P14), (INF, -0.0), (INF, -0.0), (INF, 0.0), (INF, 0.0), (INF, P14), (INF, N)],
    [(INF, N), NN, (N, -0.0), (N, 0.0), NN, (INF, N), NN],
];
static ATANH: Table = [
    [(-0.0, -P12), (-0.0, -P12), (-0.0, -P12), (-0.0, P12), (-0.0, P12), (-0.0, P12), (-0.0, N)],
    [(-0.0, -P12), U, U, U, U, (-0.0, P12), NN],
    [(-0.0, -P12), U, (-0.0, -0.0), (-0.0, 0.0), U, (-0.0, P12), (-0.0, N)],
    [(0.0, -P12), U, (0.0, -0.0), (0.0, 0.0), U, (0.0, P12), (0.0, N)],
    [(0.0, -P12), U, U, U, U, (0.0, P12), NN],
    [(0.0, -P12), (0.0, -P12), (0.0, -P12), (0.0, P12), (0.0, P12), (0.0, P12), (0.0, N)],
    [(0.0, -P12), NN, NN, NN, NN, (0.0, P12), NN],
];
static COSH: Table = [
    [(INF, N), U, (INF, 0.0), (INF, -0.0), U, (INF, N), (INF, N)],
    [NN, U, U, U, U, NN, NN],
    [(N, 0.0), U, (1.0, 0.0), (1.0, -0.0), U, (N, 0.0), (N, 0.0)],
    [(N, 0.0), U, (1.0, -0.0), (1.0, 0.0), U, (N, 0.0), (N, 0.0)],
    [NN, U, U, U, U, NN, NN],
    [(INF, N), U, (INF, -0.0), (INF, 0.0), U, (INF, N), (INF, N)],
    [NN, NN, (N, 0.0), (N, 0.0), NN, NN, NN],
];
static EXP: Table = [
    [(0.0, 0.0), U, (0.0, -0.0), (0.0, 0.0), U, (0.0, 0.0), (0.0, 0.0)],
    [NN, U, U, U, U, NN, NN],
    [NN, U, (1.0, -0.0), (1.0, 0.0), U, NN, NN],
    [NN, U, (1.0, -0.0), (1.0, 0.0), U, NN, NN],
    [NN, U, U, U, U, NN, NN],
    [(INF, N), U, (INF, -0.0), (INF, 0.0), U, (INF, N), (INF, N)],
    [NN, NN, (N, -0.0), (N, 0.0), NN, NN, NN],
];
static LOG: Table = [
    [(INF, -P34), (INF, -PI), (INF, -PI), (INF, PI), (INF, PI), (INF, P34), (INF, N)],
    [(INF, -P12), U, U, U, U, (INF, P12), NN],
    [(INF, -P12), U, (-INF, -PI), (-INF, PI), U, (INF, P12), NN],
    [(INF, -P12), U, (-INF, -0.0), (-INF, 0.0), U, (INF, P12), NN],
    [(INF, -P12), U, U, U, U, (INF, P12), NN],
    [(INF, -P14), (INF, -0.0), (INF, -0.0), (INF, 0.0), (INF, 0.0), (INF, P14), (INF, N)],
    [(INF, N), NN, NN, NN, NN, (INF, N), NN],
];
static SINH: Table = [
    [(INF, N), U, (-INF, -0.0), (-INF, 0.0), U, (INF, N), (INF, N)],
    [NN, U, U, U, U, NN, NN],
    [(0.0, N), U, (-0.0, -0.0), (-0.0, 0.0), U, (0.0, N), (0.0, N)],
    [(0.0, N), U, (0.0, -0.0), (0.0, 0.0), U, (0.0, N), (0.0, N)],
    [NN, U, U, U, U, NN, NN],
    [(INF, N), U, (INF, -0.0), (INF, 0.0), U, (INF, N), (INF, N)],
    [NN, NN, (N, -0.0), (N, 0.0), NN, NN, NN],
];
static SQRT: Table = [
    [(INF, -INF), (0.0, -INF), (0.0, -INF), (0.0, INF), (0.0, INF), (INF, INF), (N, INF)],
    [(INF, -INF), U, U, U, U, (INF, INF), NN],
    [(INF, -INF), U, (0.0, -0.0), (0.0, 0.0), U, (INF, INF), NN],
    [(INF, -INF), U, (0.0, -0.0), (0.0, 0.0), U, (INF, INF), NN],
    [(INF, -INF), U, U, U, U, (INF, INF), NN],
    [(INF, -INF), (INF, -0.0), (INF, -0.0), (INF, 0.0), (INF, 0.0), (INF, INF), (INF, N)],
    [(INF, -INF), NN, NN, NN, NN, (INF, INF), NN],
];
static TANH: Table = [
    [(-1.0, 0.0), U, (-1.0, -0.0), (-1.0, 0.0), U, (-1.0, 0.0), (-1.0, 0.0)],
    [NN, U, U, U, U, NN, NN],
    [(-0.0, N), U, (-0.0, -0.0), (-0.0, 0.0), U, (-0.0, N), (-0.0, N)],
    [(0.0, N), U, (0.0, -0.0), (0.0, 0.0), U, (0.0, N), (0.0, N)],
    [NN, U, U, U, U, NN, NN],
    [(1.0, 0.0), U, (1.0, -0.0), (1.0, 0.0), U, (1.0, 0.0), (1.0, 0.0)],
    [NN, NN, (N, -0.0), (N, 0.0), NN, NN, NN],
];
static RECT: Table = [
    [(INF, N), U, (-INF, 0.0), (-INF, -0.0), U, (INF, N), (INF, N)],
    [NN, U, U, U, U, NN, NN],
    [(0.0, 0.0), U, (-0.0, 0.0), (-0.0, -0.0), U, (0.0, 0.0), (0.0, 0.0)],
    [(0.0, 0.0), U, (0.0, -0.0), (0.0, 0.0), U, (0.0, 0.0), (0.0, 0.0)],
    [NN, U, U, U, U, NN, NN],
    [(INF, N), U, (INF, -0.0), (INF, 0.0), U, (INF, N), (INF, N)],
    [NN, NN, (N, 0.0), (N, 0.0), NN, NN, NN],
];

fn ok(re: f64, im: f64) -> Outcome {
    (c(re, im), Fault::None)
}
fn ranged(re: f64, im: f64) -> Outcome {
    (c(re, im), if re.is_infinite() || im.is_infinite() { Fault::Range } else { Fault::None })
}
/// The function of `i z` turned back: how the circular functions follow from the hyperbolic ones.
fn turned(z: Complex, f: fn(Complex) -> Outcome) -> Outcome {
    let (r, fault) = f(c(-z.im, z.re));
    (c(r.im, -r.re), fault)
}

fn c_sqrt(z: Complex) -> Outcome {
    if !finite(z) {
        return (special(z, &SQRT), Fault::None);
    }
    if z.re == 0.0 && z.im == 0.0 {
        return ok(0.0, z.im);
    }
    let (ax, ay) = (z.re.abs(), z.im.abs());
    let s = if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE {
        let ax = int_convert::scale(ax, 53);
        int_convert::scale((ax + hypot(ax, int_convert::scale(ay, 53))).sqrt(), -27)
    } else {
        let ax = ax / 8.0;
        2.0 * (ax + hypot(ax, ay / 8.0)).sqrt()
    };
    let d = ay / (2.0 * s);
    if z.re >= 0.0 { ok(s, d.copysign(z.im)) } else { ok(d, s.copysign(z.im)) }
}

fn is_large(z: Complex) -> bool {
    z.re.abs() > LARGE || z.im.abs() > LARGE
}

fn c_acos(z: Complex) -> Outcome {
    if !finite(z) {
        return (special(z, &ACOS), Fault::None);
    }
    if is_large(z) {
        let l = log(hypot(z.re / 2.0, z.im / 2.0)) + LN2 * 2.0;
        let im = if z.re < 0.0 { -l.copysign(z.im) } else { l.copysign(-z.im) };
        return ok(atan2(z.im.abs(), z.re), im);
    }
    let (s1, s2) = (c_sqrt(c(1.0 - z.re, -z.im)).0, c_sqrt(c(1.0 + z.re, z.im)).0);
    ok(2.0 * atan2(s1.re, s2.re), asinh(s2.re * s1.im - s2.im * s1.re))
}

fn c_acosh(z: Complex) -> Outcome {
    if !finite(z) {
        return (special(z, &ACOSH), Fault::None);
    }
    if is_large(z) {
        return ok(log(hypot(z.re / 2.0, z.im / 2.0)) + LN2 * 2.0, atan2(z.im, z.re));
    }
    let (s1, s2) = (c_sqrt(c(z.re - 1.0, z.im)).0, c_sqrt(c(z.re + 1.0, z.im)).0);
    ok(asinh(s1.re * s2.re + s1.im * s2.im), 2.0 * atan2(s1.im, s2.re))
}

fn c_asinh(z: Complex) -> Outcome {
    if !finite(z) {
        return (special(z, &ASINH), Fault::None);
    }
    if is_large(z) {
        let l = log(hypot(z.re / 2.0, z.im / 2.0)) + LN2 * 2.0;
        let re = if z.im >= 0.0 { l.copysign(z.re) } else { -l.copysign(-z.re) };
        return ok(re, atan2(z.im, z.re.abs()));
    }
    let (s1, s2) = (c_sqrt(c(1.0 + z.im, -z.re)).0, c_sqrt(c(1.0 - z.im, z.re)).0);
    ok(asinh(s1.re * s2.im - s2.re * s1.im), atan2(z.im, s1.re * s2.re - s1.im * s2.im))
}

fn c_asin(z: Complex) -> Outcome {
    turned(z, c_asinh)
}
fn c_atan(z: Complex) -> Outcome {
    turned(z, c_atanh)
}
fn c_sin(z: Complex) -> Outcome {
    turned(z, c_sinh)
}
fn c_tan(z: Complex) -> Outcome {
    turned(z, c_tanh)
}
fn c_cos(z: Complex) -> Outcome {
    c_cosh(c(-z.im, z.re))
}

fn c_atanh(z: Complex) -> Outcome {
    if !finite(z) {
        return (special(z, &ATANH), Fault::None);
    }
    if z.re < 0.0 || (z.re == 0.0 && z.re.is_sign_negative()) {
        let (r, fault) = c_atanh(c(-z.re, -z.im));
        return (c(-r.re, -r.im), fault);
    }
    let ay = z.im.abs();
    if z.re > sqrt_large() || ay > sqrt_large() {
        let h = hypot(z.re / 2.0, z.im / 2.0);
        return ok(z.re / 4.0 / h / h, -(P12.copysign(-z.im)));
    }
    if z.re == 1.0 && ay < f64::MIN_POSITIVE.sqrt() {
        if ay == 0.0 {
            return (c(INF, z.im), Fault::Domain);
        }
        return ok(-log(ay.sqrt() / hypot(ay, 2.0).sqrt()), (atan2(2.0, -ay) / 2.0).copysign(z.im));
    }
    let one_less = 1.0 - z.re;
    ok(
        log1p(4.0 * z.re / (one_less * one_less + ay * ay)) / 4.0,
        -atan2(-2.0 * z.im, one_less * (1.0 + z.re) - ay * ay) / 2.0,
    )
}

/// Whether an infinity meets an angle that has a direction.
fn inf_with_angle(z: Complex) -> bool {
    z.re.is_infinite() && z.im.is_finite() && z.im != 0.0
}

fn c_cosh(z: Complex) -> Outcome {
    if !finite(z) {
        let r = if inf_with_angle(z) {
            let im = INF.copysign(sin(z.im));
            c(INF.copysign(cos(z.im)), if z.re > 0.0 { im } else { -im })
        } else {
            special(z, &COSH)
        };
        return (r, if z.im.is_infinite() && !z.re.is_nan() { Fault::Domain } else { Fault::None });
    }
    if z.re.abs() > log_large() {
        let x = z.re - 1f64.copysign(z.re);
        let e = std::f64::consts::E;
        return ranged(cos(z.im) * cosh(x) * e, sin(z.im) * sinh(x) * e);
    }
    ranged(cos(z.im) * cosh(z.re), sin(z.im) * sinh(z.re))
}

fn c_sinh(z: Complex) -> Outcome {
    if !finite(z) {
        let r = if inf_with_angle(z) {
            let re = INF.copysign(cos(z.im));
            c(if z.re > 0.0 { re } else { -re }, INF.copysign(sin(z.im)))
        } else {
            special(z, &SINH)
        };
        return (r, if z.im.is_infinite() && !z.re.is_nan() { Fault::Domain } else { Fault::None });
    }
    if z.re.abs() > log_large() {
        let x = z.re - 1f64.copysign(z.re);
        let e = std::f64::consts::E;
        return ranged(cos(z.im) * sinh(x) * e, sin(z.im) * cosh(x) * e);
    }
    ranged(cos(z.im) * sinh(z.re), sin(z.im) * cosh(z.re))
}

fn c_exp(z: Complex) -> Outcome {
    if !finite(z) {
        let r = if inf_with_angle(z) {
            let m = if z.re > 0.0 { INF } else { 0.0 };
            c(m.copysign(cos(z.im)), m.copysign(sin(z.im)))
        } else {
            special(z, &EXP)
        };
        let bad = z.im.is_infinite() && (z.re.is_finite() || z.re == INF);
        return (r, if bad { Fault::Domain } else { Fault::None });
    }
    if z.re > log_large() {
        let l = exp(z.re - 1.0);
        let e = std::f64::consts::E;
        return ranged(l * cos(z.im) * e, l * sin(z.im) * e);
    }
    let l = exp(z.re);
    ranged(l * cos(z.im), l * sin(z.im))
}

fn c_log(z: Complex) -> Outcome {
    if !finite(z) {
        return (special(z, &LOG), Fault::None);
    }
    let (ax, ay) = (z.re.abs(), z.im.abs());
    let im = atan2(z.im, z.re);
    let re = if ax > LARGE || ay > LARGE {
        log(hypot(ax / 2.0, ay / 2.0)) + LN2
    } else if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE {
        if ax == 0.0 && ay == 0.0 {
            return (c(-INF, im), Fault::Domain);
        }
        log(hypot(int_convert::scale(ax, 53), int_convert::scale(ay, 53))) - 53.0 * LN2
    } else {
        let h = hypot(ax, ay);
        if (0.71..=1.73).contains(&h) {
            let (am, an) = if ax > ay { (ax, ay) } else { (ay, ax) };
            log1p((am - 1.0) * (am + 1.0) + an * an) / 2.0
        } else {
            log(h)
        }
    };
    ok(re, im)
}

fn c_log10(z: Complex) -> Outcome {
    let (r, fault) = c_log(z);
    let ln10 = std::f64::consts::LN_10;
    (c(r.re / ln10, r.im / ln10), fault)
}

fn c_tanh(z: Complex) -> Outcome {
    if !finite(z) {
        let r = if inf_with_angle(z) {
            c(1f64.copysign(z.re), 0f64.copysign(2.0 * sin(z.im) * cos(z.im)))
        } else {
            special(z, &TANH)
        };
        return (r, if z.im.is_infinite() && z.re.is_finite() { Fault::Domain } else { Fault::None });
    }
    if z.re.abs() > log_large() {
        return ok(1f64.copysign(z.re), 4.0 * sin(z.im) * cos(z.im) * exp(-2.0 * z.re.abs()));
    }
    let (tx, ty, cx) = (tanh(z.re), tan(z.im), 1.0 / cosh(z.re));
    let txty = tx * ty;
    let denom = 1.0 + txty * txty;
    ok(tx * (1.0 + ty * ty) / denom, ((ty / denom) * cx) * cx)
}

fn check(fault: Fault) -> PyResult<()> {
    match fault {
        Fault::None => Ok(()),
        Fault::Domain => err!(ValueError, "math domain error"),
        Fault::Range => err!(OverflowError, "math range error"),
    }
}

macro_rules! functions {
    ($($name:ident $f:ident;)*) => {
        $(fn $name(a: &[Value]) -> PyResult {
            let (r, fault) = $f(to_complex(a[0])?);
            check(fault)?;
            Ok(from_complex(r))
        })*
    };
}
functions! {
    m_acos c_acos; m_acosh c_acosh; m_asin c_asin; m_asinh c_asinh; m_atan c_atan; m_atanh c_atanh; m_cos c_cos; m_cosh c_cosh;
    m_exp c_exp; m_log10 c_log10; m_sin c_sin; m_sinh c_sinh; m_sqrt c_sqrt; m_tan c_tan; m_tanh c_tanh;
}

fn m_log(a: &[Value]) -> PyResult {
    let (mut r, mut fault) = c_log(to_complex(a[0])?);
    if !a[1].is_null() {
        let (d, f) = c_log(to_complex(a[1])?);
        fault = f;
        r = match r.div(d) {
            Some(q) => q,
            None => {
                fault = Fault::Domain;
                r
            }
        };
    }
    check(fault)?;
    Ok(from_complex(r))
}

fn m_phase(a: &[Value]) -> PyResult {
    let z = to_complex(a[0])?;
    Ok(from_f64(atan2(z.im, z.re)))
}

fn m_polar(a: &[Value]) -> PyResult {
    let z = to_complex(a[0])?;
    let r = hypot(z.re, z.im);
    if r.is_infinite() && finite(z) {
        check(Fault::Range)?;
    }
    Ok(tuple::of([from_f64(r), from_f64(atan2(z.im, z.re))]))
}

fn m_rect(a: &[Value]) -> PyResult {
    let (r, phi) = (to_f64(a[0])?, to_f64(a[1])?);
    if !r.is_finite() || !phi.is_finite() {
        let z = if r.is_infinite() && phi.is_finite() && phi != 0.0 {
            let (re, im) = (INF.copysign(cos(phi)), INF.copysign(sin(phi)));
            if r > 0.0 { c(re, im) } else { c(-re, -im) }
        } else {
            special(c(r, phi), &RECT)
        };
        if r != 0.0 && !r.is_nan() && phi.is_infinite() {
            check(Fault::Domain)?;
        }
        return Ok(from_complex(z));
    }
    // sin(-0.0) loses its sign on some systems.
    Ok(if phi == 0.0 { new_complex(r, r * phi) } else { new_complex(r * cos(phi), r * sin(phi)) })
}

fn m_isclose(a: &[Value]) -> PyResult {
    let (x, y) = (to_complex(a[0])?, to_complex(a[1])?);
    let rel = if a[2].is_null() { 1e-9 } else { to_f64(a[2])? };
    let abs = if a[3].is_null() { 0.0 } else { to_f64(a[3])? };
    if rel < 0.0 || abs < 0.0 {
        return err!(ValueError, "tolerances must be non-negative");
    }
    if x.re == y.re && x.im == y.im {
        return Ok(Ref::bool(true));
    }
    if [x.re, x.im, y.re, y.im].iter().any(|f| f.is_infinite()) {
        return Ok(Ref::bool(false));
    }
    let diff = hypot(x.re - y.re, x.im - y.im);
    Ok(Ref::bool(diff <= rel * hypot(y.re, y.im) || diff <= rel * hypot(x.re, x.im) || diff <= abs))
}

fn test(a: &[Value], f: fn(f64) -> bool, all: bool) -> PyResult {
    let z = to_complex(a[0])?;
    Ok(Ref::bool(if all { f(z.re) && f(z.im) } else { f(z.re) || f(z.im) }))
}

pub static MODULE: ModuleDef = ModuleDef {
    name: "cmath",
    doc: "This module provides access to mathematical functions for complex\nnumbers.",
    functions: &[
        MethodDef::new("acos($module, z, /)", "Return the arc cosine of z.", m_acos),
        MethodDef::new("acosh($module, z, /)", "Return the inverse hyperbolic cosine of z.", m_acosh),
        MethodDef::new("asin($module, z, /)", "Return the arc sine of z.", m_asin),
        MethodDef::new("asinh($module, z, /)", "Return the inverse hyperbolic sine of z.", m_asinh),
        MethodDef::new("atan($module, z, /)", "Return the arc tangent of z.", m_atan),
        MethodDef::new("atanh($module, z, /)", "Return the inverse hyperbolic tangent of z.", m_atanh),
        MethodDef::new("cos($module, z, /)", "Return the cosine of z.", m_cos),
        MethodDef::new("cosh($module, z, /)", "Return the hyperbolic cosine of z.", m_cosh),
        MethodDef::new("exp($module, z, /)", "Return the exponential value e**z.", m_exp),
        MethodDef::new("isclose($module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0)", "Determine whether two complex numbers are close in value.", m_isclose),
        MethodDef::new("isfinite($module, z, /)", "Return True if both the real and imaginary parts of z are finite, else False.", |a| test(a, f64::is_finite, true)),
        MethodDef::new("isinf($module, z, /)", "Checks if the real or imaginary part of z is infinite.", |a| test(a, f64::is_infinite, false)),
        MethodDef::new("isnan($module, z, /)", "Checks if the real or imaginary part of z not a number (NaN).", |a| test(a, f64::is_nan, false)),
        MethodDef::new("log($module, z, base=<unrepresentable>, /)", "log(z[, base]) -> the logarithm of z to the given base.", m_log),
        MethodDef::new("log10($module, z, /)", "Return the base-10 logarithm of z.", m_log10),
        MethodDef::new("phase($module, z, /)", "Return argument, also known as the phase angle, of a complex.", m_phase),
        MethodDef::new("polar($module, z, /)", "Convert a complex from rectangular coordinates to polar coordinates.", m_polar),
        MethodDef::new("rect($module, r, phi, /)", "Convert from polar coordinates to rectangular coordinates.", m_rect),
        MethodDef::new("sin($module, z, /)", "Return the sine of z.", m_sin),
        MethodDef::new("sinh($module, z, /)", "Return the hyperbolic sine of z.", m_sinh),
        MethodDef::new("sqrt($module, z, /)", "Return the square root of z.", m_sqrt),
        MethodDef::new("tan($module, z, /)", "Return the tangent of z.", m_tan),
        MethodDef::new("tanh($module, z, /)", "Return the hyperbolic tangent of z.", m_tanh),
    ],
    init: Some(|m| {
        for (name, x) in [("pi", PI), ("e", std::f64::consts::E), ("tau", std::f64::consts::TAU), ("inf", INF), ("nan", N)] {
            module::add(m, name, from_f64(x));
        }
        module::add(m, "infj", new_complex(0.0, INF));
        module::add(m, "nanj", new_complex(0.0, N));
        Ok(())
    }),
};
