//! `complex()`, its slots and methods.

use crate::complex::{self, Complex, PyComplex, as_complex, from_complex};
use crate::err::PyResult;
use crate::float::{self, as_float, from_f64};
use crate::float_attributes::{scan, strip_underscores, trim};
use crate::float_repr::{FloatFlags, double_to_string};
use crate::names::names;
use crate::native::{MemberDef, MethodDef, Signature};
use crate::typeobject::{CompareOp, Slots, Type, TypeFlags, TypeObject, TypeSpec, as_type};
use crate::value::{Ref, Value};
use crate::{err, exceptions, float_methods, int, int_convert, protocol, strings, tuple};

fn number(v: Value) -> Complex {
    as_complex(v).unwrap_or(Complex {
        re: f64::NAN,
        im: f64::NAN,
    })
}

/// An operand: complex or real.
enum Operand {
    Complex(Complex),
    Real(f64),
}

fn operand(v: Value) -> PyResult<Option<Operand>> {
    if let Some(c) = as_complex(v) {
        return Ok(Some(Operand::Complex(c)));
    }
    Ok(float_methods::operand(v)?.map(Operand::Real))
}

macro_rules! binary_slot {
    ($name:ident, $cc:expr, $cr:expr, $rc:expr) => {
        fn $name(a: Value, b: Value) -> PyResult {
            let Some(x) = operand(a)? else {
                return Ok(Ref::NOT_IMPLEMENTED);
            };
            let Some(y) = operand(b)? else {
                return Ok(Ref::NOT_IMPLEMENTED);
            };
            let r: Option<Complex> = match (x, y) {
                (Operand::Complex(x), Operand::Complex(y)) => $cc(x, y),
                (Operand::Complex(x), Operand::Real(y)) => $cr(x, y),
                (Operand::Real(x), Operand::Complex(y)) => $rc(x, y),
                (Operand::Real(_), Operand::Real(_)) => return Ok(Ref::NOT_IMPLEMENTED),
            };
            match r {
                Some(c) => Ok(from_complex(c)),
                None => err!(ZeroDivisionError, "division by zero"),
            }
        }
    };
}

binary_slot!(
    complex_add,
    |x: Complex, y: Complex| Some(Complex {
        re: x.re + y.re,
        im: x.im + y.im
    }),
    |x: Complex, y: f64| Some(Complex {
        re: x.re + y,
        im: x.im
    }),
    |x: f64, y: Complex| Some(Complex {
        re: y.re + x,
        im: y.im
    })
);
binary_slot!(
    complex_sub,
    |x: Complex, y: Complex| Some(Complex {
        re: x.re - y.re,
        im: x.im - y.im
    }),
    |x: Complex, y: f64| Some(Complex {
        re: x.re - y,
        im: x.im
    }),
    |x: f64, y: Complex| Some(Complex {
        re: x - y.re,
        im: -y.im
    })
);
binary_slot!(
    complex_mul,
    |x: Complex, y: Complex| Some(x.mul(y)),
    |x: Complex, y: f64| Some(Complex {
        re: x.re * y,
        im: x.im * y
    }),
    |x: f64, y: Complex| Some(Complex {
        re: y.re * x,
        im: y.im * x
    })
);
binary_slot!(
    complex_div,
    |x: Complex, y: Complex| x.div(y),
    |x: Complex, y: f64| if y == 0.0 {
        None
    } else {
        Some(Complex {
            re: x.re / y,
            im: x.im / y,
        })
    },
    |x: f64, y: Complex| y.divide_real(x)
);

fn complex_pow(a: Value, b: Value, c: Value) -> PyResult {
    let as_number = |v| {
        Ok(operand(v)?.map(|o| match o {
            Operand::Complex(c) => c,
            Operand::Real(re) => Complex { re, im: 0.0 },
        }))
    };
    let Some(x) = as_number(a)? else {
        return Ok(Ref::NOT_IMPLEMENTED);
    };
    let Some(y) = as_number(b)? else {
        return Ok(Ref::NOT_IMPLEMENTED);
    };
    if !c.is_none_or_null() {
        return err!(ValueError, "complex modulo");
    }
    complex::pow(x, y)
}

fn complex_compare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let (c, other) = if as_complex(a).is_some() {
        (number(a), b)
    } else {
        (number(b), a)
    };
    let equal = if let Some(d) = as_complex(other) {
        c.re == d.re && c.im == d.im
    } else if let Some(f) = as_float(other) {
        c.re == f && c.im == 0.0
    } else if let Some(i) = int::as_int(&other) {
        c.im == 0.0 && float_methods::cmp_int(c.re, i).is_some_and(|o| o.is_eq())
    } else {
        return Ok(Ref::NOT_IMPLEMENTED);
    };
    Ok(Ref::bool(equal == (op == CompareOp::Eq)))
}

fn complex_hash(v: Value) -> PyResult<i64> {
    let c = number(v);
    let part = |f: f64| {
        if f.is_nan() {
            crate::object_methods::object_hash(v)
        } else {
            Ok(float_methods::hash_f64(f))
        }
    };
    let h = (part(c.re)? as u64).wrapping_add((part(c.im)? as u64).wrapping_mul(1000003));
    Ok(crate::hash::fix(h as i64))
}

fn complex_repr(v: Value) -> PyResult {
    let c = number(v);
    let text = |f, always_sign| {
        double_to_string(
            f,
            b'r',
            0,
            FloatFlags {
                always_sign,
                ..FloatFlags::default()
            },
        )
    };
    Ok(strings::new_str(
        &if c.re == 0.0 && c.re.is_sign_positive() {
            format!("{}j", text(c.im, false))
        } else {
            format!("({}{}j)", text(c.re, false), text(c.im, true))
        },
    ))
}

fn complex_abs(v: Value) -> PyResult {
    let c = number(v);
    let r = c.re.hypot(c.im);
    if r.is_infinite() && c.re.is_finite() && c.im.is_finite() {
        return err!(OverflowError, "absolute value too large");
    }
    Ok(from_f64(r))
}

fn to_exact(v: Value) -> Ref {
    if v.is_exact::<PyComplex>() {
        v.to_ref()
    } else {
        from_complex(number(v))
    }
}

/// What `__complex__` gives, if there is one.
fn special_method(v: Value) -> PyResult<Option<Complex>> {
    let Some(r) = protocol::call_special(v, names().__complex__, &[])? else {
        return Ok(None);
    };
    let Some(c) = as_complex(*r) else {
        return err!(
            TypeError,
            "__complex__ returned non-complex (type {})",
            r.type_name()
        );
    };
    if !r.is_exact::<PyComplex>() {
        crate::err::warn(
            &exceptions::DeprecationWarning,
            &format!(
                "__complex__ returned non-complex (type {}).  The ability to return an instance of a strict subclass of complex \
                 is deprecated, and may not be supported in a future version of Python.",
                r.type_name()
            ),
        )?;
    }
    Ok(Some(c))
}

fn is_real(v: Value) -> bool {
    let s = v.ty().slots();
    s.float.is_some() || s.index.is_some()
}

/// `complex(v)` of a number, as the functions of cmath take it.
pub fn to_complex(v: Value) -> PyResult<Complex> {
    if let Some(c) = as_complex(v) {
        return Ok(c);
    }
    if let Some(c) = special_method(v)? {
        return Ok(c);
    }
    Ok(Complex {
        re: float::to_f64(v)?,
        im: 0.0,
    })
}

fn parse(v: Value) -> PyResult<Complex> {
    match parse_text(&int_convert::to_ascii_digits(strings::expect(v))) {
        Some(c) => Ok(c),
        None => err!(ValueError, "complex() arg is a malformed string"),
    }
}

fn parse_text(text: &[u8]) -> Option<Complex> {
    let mut s = trim(text);
    if let [b'(', inner @ .., b')'] = s {
        s = trim(inner);
    }
    let owned = strip_underscores(s)?;
    let mut s = &owned[..];
    let is_j = |s: &[u8]| matches!(s.first(), Some(b'j' | b'J'));
    let mut c = Complex { re: 0.0, im: 0.0 };
    if let Some((z, n)) = scan(s) {
        s = &s[n..];
        if matches!(s.first(), Some(b'+' | b'-')) {
            c.re = z;
            match scan(s) {
                Some((y, n)) => {
                    c.im = y;
                    s = &s[n..];
                }
                None => {
                    c.im = if s[0] == b'+' { 1.0 } else { -1.0 };
                    s = &s[1..];
                }
            }
            if !is_j(s) {
                return None;
            }
            s = &s[1..];
        } else if is_j(s) {
            c.im = z;
            s = &s[1..];
        } else {
            c.re = z;
        }
    } else {
        c.im = 1.0;
        if let Some(sign @ (b'+' | b'-')) = s.first() {
            if *sign == b'-' {
                c.im = -1.0;
            }
            s = &s[1..];
        }
        if !is_j(s) {
            return None;
        }
        s = &s[1..];
    }
    s.is_empty().then_some(c)
}

fn complex_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("complex(real=0, imag=0)");
    S.bind(args, kwnames, |a| {
        let (real, imag) = (a[0], a[1]);
        // Only a single positional argument may be a string, or anything else that is not a real number.
        if args.len() == 1 && kwnames.is_null() {
            if real.is_exact::<PyComplex>() && ty.is(&COMPLEX_TYPE) {
                return Ok(real.to_ref());
            }
            let c = if strings::is_str(real) {
                parse(real)?
            } else if let Some(c) = special_method(real)? {
                c
            } else if let Some(c) = as_complex(real) {
                c
            } else if is_real(real) {
                Complex {
                    re: float::to_f64(real)?,
                    im: 0.0,
                }
            } else {
                return err!(
                    TypeError,
                    "complex() argument must be a string or a number, not {}",
                    real.type_name()
                );
            };
            return Ok(complex::new_of_type(ty, c));
        }
        let mut c = Complex { re: 0.0, im: 0.0 };
        if !real.is_null() {
            let special = special_method(real)?;
            if let Some(r) = special.or(as_complex(real)) {
                deprecated_part("real", real)?;
                c = r;
            } else if is_real(real) {
                c.re = float::to_f64(real)?;
            } else {
                return err!(
                    TypeError,
                    "complex() argument 'real' must be a real number, not {}",
                    real.type_name()
                );
            }
        }
        if !imag.is_null() {
            if let Some(i) = as_complex(imag) {
                deprecated_part("imag", imag)?;
                c.re -= i.im;
                c.im += i.re;
            } else if is_real(imag) {
                let i = float::to_f64(imag)?;
                c.im = if as_complex(real).is_some() {
                    c.im + i
                } else {
                    i
                };
            } else {
                return err!(
                    TypeError,
                    "complex() argument 'imag' must be a real number, not {}",
                    imag.type_name()
                );
            }
        }
        Ok(complex::new_of_type(ty, c))
    })
}

fn deprecated_part(part: &str, v: Value) -> PyResult<()> {
    crate::err::warn(
        &exceptions::DeprecationWarning,
        &format!(
            "complex() argument '{part}' must be a real number, not {}",
            v.type_name()
        ),
    )
}

fn from_number(a: &[Value]) -> PyResult {
    let Some(ty) = as_type(a[0]) else {
        return err!(TypeError, "from_number() requires a type");
    };
    if a[1].is_exact::<PyComplex>() && ty.is(&COMPLEX_TYPE) {
        return Ok(a[1].to_ref());
    }
    let c = to_complex(a[1])?;
    let r = from_complex(c);
    if ty.is(&COMPLEX_TYPE) {
        Ok(r)
    } else {
        protocol::call(a[0], &[*r])
    }
}

static METHODS: [MethodDef; 5] = [
    MethodDef::new(
        "from_number($type, number, /)",
        "Convert number to a complex floating-point number.",
        from_number,
    )
    .class(),
    MethodDef::new(
        "conjugate($self, /)",
        "Return the complex conjugate of its argument. (3-4j).conjugate() == 3+4j.",
        |a| {
            let c = number(a[0]);
            Ok(complex::new_complex(c.re, -c.im))
        },
    ),
    MethodDef::new(
        "__complex__($self, /)",
        "Convert this value to exact type complex.",
        |a| Ok(to_exact(a[0])),
    ),
    MethodDef::new("__getnewargs__($self, /)", "", |a| {
        let c = number(a[0]);
        Ok(tuple::of([from_f64(c.re), from_f64(c.im)]))
    }),
    MethodDef::new(
        "__format__($self, format_spec, /)",
        "Convert to a string according to format_spec.",
        |a| {
            if !strings::is_str(a[1]) {
                return err!(
                    TypeError,
                    "__format__() argument must be str, not {}",
                    a[1].type_name()
                );
            }
            let c = number(a[0]);
            crate::format_spec::format_complex(a[0], c.re, c.im, a[1])
        },
    ),
];

pub static COMPLEX_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "complex",
    doc: "Create a complex number from a string or numbers.\n\nIf a string is given, parse it as a complex number.\n\
If a single number is given, convert it to a complex number.\nIf the 'real' or 'imag' arguments are given, create a complex number\n\
with the specified real and imaginary components.",
    flags: TypeFlags::BASETYPE,
    text_signature: "(real=0, imag=0)",
    slots: Slots {
        new: Some(complex_new),
        repr: Some(complex_repr),
        hash: Some(complex_hash),
        richcompare: Some(complex_compare),
        add: Some(complex_add),
        subtract: Some(complex_sub),
        multiply: Some(complex_mul),
        true_divide: Some(complex_div),
        power: Some(complex_pow),
        negative: Some(|v| {
            let c = number(v);
            Ok(complex::new_complex(-c.re, -c.im))
        }),
        positive: Some(|v| Ok(to_exact(v))),
        absolute: Some(complex_abs),
        bool: Some(|v| {
            let c = number(v);
            Ok(c.re != 0.0 || c.im != 0.0)
        }),
        ..Slots::of::<PyComplex>()
    },
    methods: &METHODS,
    members: &[
        MemberDef::ro("real", "the real part of a complex number", |v| {
            Ok(from_f64(number(v).re))
        }),
        MemberDef::ro("imag", "the imaginary part of a complex number", |v| {
            Ok(from_f64(number(v).im))
        }),
    ],
    ..TypeSpec::of::<PyComplex>()
});
