//! `complex`: representation and arithmetic on pairs of floats. Methods are in `complex_methods.rs`.

use crate::err;
use crate::err::PyResult;
use crate::float_methods::raw_pow;
use crate::object::{Header, alloc};
use crate::typeobject::Type;
use crate::value::{Ref, Value};

/// A complex number as C computes with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Complex {
    pub re: f64,
    pub im: f64,
}

/// A complex object.
#[repr(C)]
pub struct PyComplex {
    pub header: Header,
    pub value: Complex,
}
crate::object_impl!(PyComplex, crate::complex_methods::COMPLEX_TYPE);

/// A complex object from its parts.
pub fn new_complex(re: f64, im: f64) -> Ref {
    from_complex(Complex { re, im })
}
pub fn from_complex(c: Complex) -> Ref {
    new_of_type(&crate::complex_methods::COMPLEX_TYPE, c)
}
/// An instance of `ty` (complex or a subclass).
pub fn new_of_type(ty: Type, value: Complex) -> Ref {
    alloc(
        ty,
        PyComplex {
            header: Header::new(ty),
            value,
        },
    )
}
/// The number, if the value is a complex or an instance of a subclass.
#[inline]
pub fn as_complex(v: Value) -> Option<Complex> {
    v.cast::<PyComplex>().map(|c| c.value)
}

fn boxed(x: f64) -> f64 {
    (if x.is_infinite() { 1f64 } else { 0.0 }).copysign(x)
}
fn nan_to_zero(x: f64) -> f64 {
    if x.is_nan() { 0f64.copysign(x) } else { x }
}

impl Complex {
    /// Product; infinities that came out as nan are recovered as C11's Annex G says.
    pub fn mul(self, w: Complex) -> Complex {
        let (mut a, mut b, mut c, mut d) = (self.re, self.im, w.re, w.im);
        let (ac, bd, ad, bc) = (a * c, b * d, a * d, b * c);
        let r = Complex {
            re: ac - bd,
            im: ad + bc,
        };
        if !(r.re.is_nan() && r.im.is_nan()) {
            return r;
        }
        let mut again = false;
        if a.is_infinite() || b.is_infinite() {
            (a, b, c, d) = (boxed(a), boxed(b), nan_to_zero(c), nan_to_zero(d));
            again = true;
        }
        if c.is_infinite() || d.is_infinite() {
            (a, b, c, d) = (nan_to_zero(a), nan_to_zero(b), boxed(c), boxed(d));
            again = true;
        }
        if !again && (ac.is_infinite() || bd.is_infinite() || ad.is_infinite() || bc.is_infinite())
        {
            (a, b, c, d) = (
                nan_to_zero(a),
                nan_to_zero(b),
                nan_to_zero(c),
                nan_to_zero(d),
            );
            again = true;
        }
        if again {
            return Complex {
                re: f64::INFINITY * (a * c - b * d),
                im: f64::INFINITY * (a * d + b * c),
            };
        }
        r
    }

    /// Quotient; `None` for division by zero.
    pub fn div(self, b: Complex) -> Option<Complex> {
        let a = self;
        let (abs_re, abs_im) = (b.re.abs(), b.im.abs());
        let mut r = Complex {
            re: f64::NAN,
            im: f64::NAN,
        };
        if abs_re >= abs_im {
            if abs_re == 0.0 {
                return None;
            }
            let ratio = b.im / b.re;
            let denom = b.re + b.im * ratio;
            r = Complex {
                re: (a.re + a.im * ratio) / denom,
                im: (a.im - a.re * ratio) / denom,
            };
        } else if abs_im >= abs_re {
            let ratio = b.re / b.im;
            let denom = b.re * ratio + b.im;
            r = Complex {
                re: (a.re * ratio + a.im) / denom,
                im: (a.im * ratio - a.re) / denom,
            };
        }
        if r.re.is_nan() && r.im.is_nan() {
            if (a.re.is_infinite() || a.im.is_infinite()) && b.re.is_finite() && b.im.is_finite() {
                let (x, y) = (boxed(a.re), boxed(a.im));
                r = Complex {
                    re: f64::INFINITY * (x * b.re + y * b.im),
                    im: f64::INFINITY * (y * b.re - x * b.im),
                };
            } else if (b.re.is_infinite() || b.im.is_infinite())
                && a.re.is_finite()
                && a.im.is_finite()
            {
                let (x, y) = (boxed(b.re), boxed(b.im));
                r = Complex {
                    re: 0.0 * (a.re * x + a.im * y),
                    im: 0.0 * (a.im * x - a.re * y),
                };
            }
        }
        Some(r)
    }

    /// A real number divided by this; `None` for division by zero.
    pub fn divide_real(self, a: f64) -> Option<Complex> {
        let b = self;
        let (abs_re, abs_im) = (b.re.abs(), b.im.abs());
        let mut r = Complex {
            re: f64::NAN,
            im: f64::NAN,
        };
        if abs_re >= abs_im {
            if abs_re == 0.0 {
                return None;
            }
            let ratio = b.im / b.re;
            let denom = b.re + b.im * ratio;
            r = Complex {
                re: a / denom,
                im: (-a * ratio) / denom,
            };
        } else if abs_im >= abs_re {
            let ratio = b.re / b.im;
            let denom = b.re * ratio + b.im;
            r = Complex {
                re: (a * ratio) / denom,
                im: (-a) / denom,
            };
        }
        if r.re.is_nan()
            && r.im.is_nan()
            && (b.re.is_infinite() || b.im.is_infinite())
            && a.is_finite()
        {
            let (x, y) = (boxed(b.re), boxed(b.im));
            r = Complex {
                re: 0.0 * (a * x),
                im: 0.0 * (-a * y),
            };
        }
        Some(r)
    }

    fn power_of_int(self, n: i64) -> Option<Complex> {
        let one = Complex { re: 1.0, im: 0.0 };
        let power = |mut n: i64| {
            let mut p = self;
            if n == 0 {
                return one;
            }
            let mut r = p;
            n -= 1;
            let mut mask = 1;
            while n >= mask {
                if n & mask != 0 {
                    r = r.mul(p);
                }
                mask <<= 1;
                p = p.mul(p);
            }
            r
        };
        if n > 0 {
            Some(power(n))
        } else {
            one.div(power(-n))
        }
    }
}

/// `a ** b`.
pub fn pow(a: Complex, b: Complex) -> PyResult {
    let r = if b.im == 0.0 && b.re == b.re.floor() && b.re.abs() <= 100.0 {
        a.power_of_int(b.re as i64)
    } else if b.re == 0.0 && b.im == 0.0 {
        Some(Complex { re: 1.0, im: 0.0 })
    } else if a.re == 0.0 && a.im == 0.0 {
        if b.im != 0.0 || b.re < 0.0 {
            None
        } else {
            Some(Complex { re: 0.0, im: 0.0 })
        }
    } else {
        let vabs = a.re.hypot(a.im);
        let mut len = raw_pow(vabs, b.re);
        let at = a.im.atan2(a.re);
        let mut phase = at * b.re;
        if b.im != 0.0 {
            len *= (-at * b.im).exp();
            phase += b.im * vabs.ln();
        }
        Some(Complex {
            re: len * phase.cos(),
            im: len * phase.sin(),
        })
    };
    match r {
        None => err!(ZeroDivisionError, "zero to a negative or complex power"),
        Some(r) if r.re.is_infinite() || r.im.is_infinite() => {
            err!(OverflowError, "complex exponentiation")
        }
        Some(r) => Ok(from_complex(r)),
    }
}
