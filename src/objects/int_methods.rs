//! Arithmetic of int and bool: the fast helpers for the cores, and the number slots. Methods are in `int_attributes.rs`.

use crate::err::PyResult;
use crate::int::{self, IntValue, PyInt, as_int, from_i64, from_i128, from_ibig};
use crate::typeobject::{CompareOp, Slots, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Value};
use crate::{err, float, float_methods, int_convert, names::names, tuple};
use dashu_int::ops::{Abs, BitTest, DivRem, UnsignedAbs};
use dashu_int::{IBig, Sign, UBig, fast_div::ConstDivisor};

/// Results of more bits than this raise MemoryError.
const MAX_BITS: usize = 1 << 34;

#[cold]
fn too_large<T>() -> PyResult<T> {
    err!(MemoryError, "")
}

/// The number in 127 bits, if it fits.
#[inline]
fn as_i128(v: IntValue) -> Option<i128> {
    match v {
        IntValue::Small(i) => Some(i as i128),
        IntValue::Big(b) => {
            let (sign, words) = b.as_sign_words();
            let m: u128 = match words {
                [] => 0,
                [a] => *a as u128,
                [a, b] if *b >> 63 == 0 => *a as u128 | (*b as u128) << 64,
                _ => return None,
            };
            Some(if sign == Sign::Negative {
                -(m as i128)
            } else {
                m as i128
            })
        }
    }
}

/// The number of a value known to be an int.
#[inline(always)]
fn number(v: &Value) -> IntValue<'_> {
    match as_int(v) {
        Some(n) => n,
        None => unreachable!("operand is an int"),
    }
}

/// Applies `f` to both numbers as big integers, without copying those that are.
fn with_big<R>(a: &Value, b: &Value, f: impl FnOnce(&IBig, &IBig) -> R) -> R {
    match (number(a), number(b)) {
        (IntValue::Big(x), IntValue::Big(y)) => f(x, y),
        (IntValue::Big(x), IntValue::Small(y)) => f(x, &IBig::from(y)),
        (IntValue::Small(x), IntValue::Big(y)) => f(&IBig::from(x), y),
        (IntValue::Small(x), IntValue::Small(y)) => f(&IBig::from(x), &IBig::from(y)),
    }
}

macro_rules! two_step {
    ($(#[$doc:meta])* $name:ident, $slow:ident, $fast:path, $checked:ident, $big:expr) => {
        $(#[$doc])*
        #[inline(always)]
        pub fn $name(a: Value, b: Value) -> Ref {
            match $fast(a, b) {
                Some(v) => Ref::immediate(v),
                None => $slow(a, b),
            }
        }
        #[inline(never)]
        fn $slow(a: Value, b: Value) -> Ref {
            if let (Some(x), Some(y)) = (as_i128(number(&a)), as_i128(number(&b)))
                && let Some(r) = x.$checked(y)
            {
                return from_i128(r);
            }
            from_ibig(with_big(&a, &b, $big))
        }
    };
}

two_step!(
    /// `a + b` of two ints.
    add, add_slow, Value::checked_add_ints, checked_add, |x, y| x + y
);
two_step!(
    /// `a - b` of two ints.
    sub, sub_slow, Value::checked_sub_ints, checked_sub, |x, y| x - y
);
two_step!(
    /// `a * b` of two ints.
    mul, mul_slow, Value::checked_mul_ints, checked_mul, |x, y| x * y
);

macro_rules! bit_op {
    ($(#[$doc:meta])* $name:ident, $slow:ident, $op:tt) => {
        $(#[$doc])*
        #[inline(always)]
        pub fn $name(a: Value, b: Value) -> Ref {
            if Value::both_small_ints(a, b) {
                return Ref::immediate(Value::small_int(a.small_int_unchecked() $op b.small_int_unchecked()));
            }
            $slow(a, b)
        }
        #[inline(never)]
        fn $slow(a: Value, b: Value) -> Ref {
            if let (Some(x), Some(y)) = (as_i128(number(&a)), as_i128(number(&b))) {
                return from_i128(x $op y);
            }
            from_ibig(with_big(&a, &b, |x, y| x $op y))
        }
    };
}

bit_op!(
    /// `a & b` of two ints.
    and, and_slow, &
);
bit_op!(
    /// `a | b` of two ints.
    or, or_slow, |
);
bit_op!(
    /// `a ^ b` of two ints.
    xor, xor_slow, ^
);

#[cold]
fn zero_division<T>() -> PyResult<T> {
    err!(ZeroDivisionError, "division by zero")
}

/// Quotient rounded down; `b` is not 0, and not -1 with the least `a`.
#[inline(always)]
fn floor_div_i64(a: i64, b: i64) -> i64 {
    let q = a / b;
    q - ((a % b != 0) & ((a ^ b) < 0)) as i64
}
#[inline(always)]
fn floor_mod_i64(a: i64, b: i64) -> i64 {
    let r = a % b;
    if (r != 0) & ((r ^ b) < 0) { r + b } else { r }
}

/// Floor quotient and remainder; `b` is not 0.
pub fn floor_divmod(a: &IBig, b: &IBig) -> (IBig, IBig) {
    let (q, r) = a.div_rem(b);
    if !r.is_zero() && r.sign() != b.sign() {
        (q - IBig::ONE, r + b)
    } else {
        (q, r)
    }
}

/// `a // b` of two ints.
#[inline(always)]
pub fn floordiv(a: Value, b: Value) -> PyResult {
    if Value::both_small_ints(a, b) && b.small_int_unchecked() != 0 {
        return Ok(from_i64(floor_div_i64(
            a.small_int_unchecked(),
            b.small_int_unchecked(),
        )));
    }
    floordiv_slow(a, b)
}
#[inline(never)]
fn floordiv_slow(a: Value, b: Value) -> PyResult {
    if let (Some(x), Some(y)) = (as_i128(number(&a)), as_i128(number(&b))) {
        if y == 0 {
            return zero_division();
        }
        let q = x / y;
        return Ok(from_i128(q - ((x % y != 0) & ((x ^ y) < 0)) as i128));
    }
    Ok(from_ibig(with_big(&a, &b, |x, y| floor_divmod(x, y).0)))
}

/// `a % b` of two ints.
#[inline(always)]
pub fn modulo(a: Value, b: Value) -> PyResult {
    if Value::both_small_ints(a, b) && b.small_int_unchecked() != 0 {
        let r = floor_mod_i64(a.small_int_unchecked(), b.small_int_unchecked());
        return Ok(Ref::immediate(Value::small_int(r)));
    }
    modulo_slow(a, b)
}
#[inline(never)]
fn modulo_slow(a: Value, b: Value) -> PyResult {
    if let (Some(x), Some(y)) = (as_i128(number(&a)), as_i128(number(&b))) {
        if y == 0 {
            return zero_division();
        }
        let r = x % y;
        return Ok(from_i128(if r != 0 && (r ^ y) < 0 { r + y } else { r }));
    }
    Ok(from_ibig(with_big(&a, &b, |x, y| floor_divmod(x, y).1)))
}

/// `divmod(a, b)` of two ints.
pub fn divmod(a: Value, b: Value) -> PyResult {
    if Value::both_small_ints(a, b) && b.small_int_unchecked() != 0 {
        let (x, y) = (a.small_int_unchecked(), b.small_int_unchecked());
        return Ok(tuple::of([
            from_i64(floor_div_i64(x, y)),
            from_i64(floor_mod_i64(x, y)),
        ]));
    }
    if is_zero(number(&b)) {
        return zero_division();
    }
    let (q, r) = with_big(&a, &b, floor_divmod);
    Ok(tuple::of([from_ibig(q), from_ibig(r)]))
}

pub(crate) fn is_zero(v: IntValue) -> bool {
    match v {
        IntValue::Small(i) => i == 0,
        IntValue::Big(b) => b.is_zero(),
    }
}

/// `a << b` of two ints.
#[inline(always)]
pub fn lshift(a: Value, b: Value) -> PyResult {
    if Value::both_small_ints(a, b) {
        let (x, n) = (a.small_int_unchecked(), b.small_int_unchecked());
        if (0..64).contains(&n) {
            return Ok(from_i128((x as i128) << n));
        }
    }
    lshift_slow(a, b)
}
#[inline(never)]
fn lshift_slow(a: Value, b: Value) -> PyResult {
    let (x, n) = (number(&a), number(&b));
    if n.is_negative() {
        return err!(ValueError, "negative shift count");
    }
    if is_zero(x) {
        return Ok(from_i64(0));
    }
    match n.to_i64() {
        Some(n) if (n as usize) < MAX_BITS => Ok(from_ibig(match x {
            IntValue::Small(i) => IBig::from(i) << n as usize,
            IntValue::Big(i) => i << n as usize,
        })),
        Some(_) => too_large(),
        None => err!(OverflowError, "too many digits in integer"),
    }
}

/// `a >> b` of two ints.
#[inline(always)]
pub fn rshift(a: Value, b: Value) -> PyResult {
    if Value::both_small_ints(a, b) {
        let (x, n) = (a.small_int_unchecked(), b.small_int_unchecked());
        if n >= 0 {
            return Ok(Ref::immediate(Value::small_int(x >> n.min(63))));
        }
    }
    rshift_slow(a, b)
}
#[inline(never)]
fn rshift_slow(a: Value, b: Value) -> PyResult {
    let (x, n) = (number(&a), number(&b));
    if n.is_negative() {
        return err!(ValueError, "negative shift count");
    }
    let n = n.to_i64().unwrap_or(i64::MAX) as usize;
    Ok(match x {
        IntValue::Small(i) => from_i64(i >> n.min(63)),
        IntValue::Big(i) if n > i.bit_len() => {
            from_i64(if i.sign() == Sign::Negative { -1 } else { 0 })
        }
        IntValue::Big(i) => {
            if let Some(x) = as_i128(IntValue::Big(i)) {
                return Ok(from_i128(x >> n.min(127)));
            }
            from_ibig(floor_shift(i, n))
        }
    })
}

fn floor_shift(i: &IBig, n: usize) -> IBig {
    if i.sign() == Sign::Negative {
        // !(!i >> n), of a number that is not negative.
        !(!i >> n)
    } else {
        i >> n
    }
}

/// `-a` of an int.
#[inline(always)]
pub fn neg(a: Value) -> Ref {
    if let Some(i) = a.as_small_int() {
        return from_i64(-i);
    }
    match number(&a) {
        IntValue::Small(i) => from_i64(-i),
        IntValue::Big(b) => from_ibig(-b),
    }
}

/// `~a` of an int.
#[inline(always)]
pub fn invert(a: Value) -> Ref {
    if let Some(i) = a.as_small_int() {
        return from_i64(!i);
    }
    match number(&a) {
        IntValue::Small(i) => from_i64(!i),
        IntValue::Big(b) => from_ibig(!b),
    }
}

/// `a / b` of two ints, correctly rounded.
pub fn truediv(a: Value, b: Value) -> PyResult {
    const EXACT: i64 = 1 << 53;
    if Value::both_small_ints(a, b) {
        let (x, y) = (a.small_int_unchecked(), b.small_int_unchecked());
        if y == 0 {
            return zero_division();
        }
        if x.abs() <= EXACT && y.abs() <= EXACT {
            return Ok(float::from_f64(x as f64 / y as f64));
        }
    }
    if is_zero(number(&b)) {
        return zero_division();
    }
    match with_big(&a, &b, int_convert::divide) {
        Some(f) => Ok(float::from_f64(f)),
        None => err!(
            OverflowError,
            "integer division result too large for a float"
        ),
    }
}

/// `a ** b` of two ints; a float if `b` is negative.
pub fn pow(a: Value, b: Value) -> PyResult {
    let exp = number(&b);
    if exp.is_negative() {
        let x = int_convert::to_f64(number(&a))?;
        let y = int_convert::to_f64(exp)?;
        return float_methods::pow(x, y);
    }
    if let (Some(base), Some(exp)) = (a.as_small_int(), b.as_small_int()) {
        // Machine integers as long as they do.
        let (mut r, mut x, mut e) = (1i64, base, exp);
        loop {
            if e & 1 == 1 {
                match r.checked_mul(x) {
                    Some(n) => r = n,
                    None => break,
                }
            }
            e >>= 1;
            if e == 0 {
                return Ok(from_i64(r));
            }
            match x.checked_mul(x) {
                Some(n) => x = n,
                None => break,
            }
        }
    }
    let base = number(&a).to_ibig();
    if base.is_zero() || base.is_one() || base == IBig::NEG_ONE {
        let odd = match exp {
            IntValue::Small(i) => i & 1 == 1,
            IntValue::Big(i) => i.bit(0),
        };
        if is_zero(exp) {
            return Ok(from_i64(1));
        }
        return Ok(from_ibig(if !odd && !base.is_zero() {
            IBig::ONE
        } else {
            base
        }));
    }
    match exp.to_i64() {
        Some(e) if (e as u128) * (base.bit_len() as u128 - 1) < MAX_BITS as u128 => {
            Ok(from_ibig(base.pow(e as usize)))
        }
        _ => too_large(),
    }
}

/// `pow(a, b, m)` of three ints.
pub fn pow_mod(a: Value, b: Value, m: Value) -> PyResult {
    let (base, exp, modulus) = (number(&a), number(&b), number(&m));
    if is_zero(modulus) {
        return err!(ValueError, "pow() 3rd argument cannot be 0");
    }
    if let (IntValue::Small(x), IntValue::Small(e), IntValue::Small(n)) = (base, exp, modulus)
        && e >= 0
    {
        return Ok(from_i64(pow_mod_small(x, e, n)));
    }
    let modulus = modulus.to_ibig();
    let negative = modulus.sign() == Sign::Negative;
    let n: UBig = modulus.clone().unsigned_abs();
    if n.is_one() {
        return Ok(from_i64(0));
    }
    let mut base = floor_divmod(&base.to_ibig(), &IBig::from(n.clone())).1;
    let mut exp = exp.to_ibig();
    if exp.sign() == Sign::Negative {
        exp = -exp;
        base = match inverse(&base, &n) {
            Some(i) => i,
            None => return err!(ValueError, "base is not invertible for the given modulus"),
        };
    }
    let ring = ConstDivisor::new(n.clone());
    let r = IBig::from(
        ring.reduce(base.unsigned_abs())
            .pow(&exp.unsigned_abs())
            .residue(),
    );
    Ok(from_ibig(if negative && !r.is_zero() {
        r + modulus
    } else {
        r
    }))
}

/// The inverse of `a` modulo `n`, if there is one.
fn inverse(a: &IBig, n: &UBig) -> Option<IBig> {
    let n = IBig::from(n.clone());
    let (mut r0, mut r1) = (n.clone(), a.clone());
    let (mut t0, mut t1) = (IBig::ZERO, IBig::ONE);
    while !r1.is_zero() {
        let (q, r) = r0.div_rem(&r1);
        let t = &t0 - &q * &t1;
        (r0, r1) = (r1, r);
        (t0, t1) = (t1, t);
    }
    if !r0.is_one() {
        return None;
    }
    Some(if t0.sign() == Sign::Negative {
        t0 + n
    } else {
        t0
    })
}

fn pow_mod_small(base: i64, mut e: i64, n: i64) -> i64 {
    let m = n.unsigned_abs();
    let mut x = (base as i128).rem_euclid(m as i128) as u64;
    let mut r = 1 % m;
    if m <= u32::MAX as u64 {
        while e > 0 {
            if e & 1 == 1 {
                r = r * x % m;
            }
            x = x * x % m;
            e >>= 1;
        }
    } else {
        while e > 0 {
            if e & 1 == 1 {
                r = (r as u128 * x as u128 % m as u128) as u64;
            }
            x = (x as u128 * x as u128 % m as u128) as u64;
            e >>= 1;
        }
    }
    if n < 0 && r != 0 {
        r as i64 + n
    } else {
        r as i64
    }
}

/// Order of two ints.
#[inline]
pub fn cmp(a: Value, b: Value) -> std::cmp::Ordering {
    if Value::both_small_ints(a, b) {
        return a.small_int_unchecked().cmp(&b.small_int_unchecked());
    }
    with_big(&a, &b, |x, y| x.cmp(y))
}

/// Hash of a big integer: its value modulo 2^61 - 1 with its sign.
pub fn hash_big(b: &IBig) -> i64 {
    const M: u128 = crate::hash::MODULUS as u128;
    let (sign, words) = b.as_sign_words();
    let mut r: u128 = 0;
    for w in words.iter().rev() {
        // 2^64 is 8 modulo 2^61 - 1.
        r = (r * 8 + *w as u128) % M;
    }
    let h = r as i64;
    crate::hash::fix(if sign == Sign::Negative { -h } else { h })
}

// ---------------------------------------------------------------- slots

macro_rules! binary_slot {
    ($name:ident, $a:ident, $b:ident => $e:expr) => {
        fn $name($a: Value, $b: Value) -> PyResult {
            if !int::is_int($a) || !int::is_int($b) {
                return Ok(Ref::NOT_IMPLEMENTED);
            }
            $e
        }
    };
}

binary_slot!(int_add, a, b => Ok(add(a, b)));
binary_slot!(int_sub, a, b => Ok(sub(a, b)));
binary_slot!(int_mul, a, b => checked_mul(a, b));
binary_slot!(int_floordiv, a, b => floordiv(a, b));
binary_slot!(int_mod, a, b => modulo(a, b));
binary_slot!(int_divmod, a, b => divmod(a, b));
binary_slot!(int_truediv, a, b => truediv(a, b));
binary_slot!(int_lshift, a, b => lshift(a, b));
binary_slot!(int_rshift, a, b => rshift(a, b));
binary_slot!(int_and, a, b => Ok(and(a, b)));
binary_slot!(int_or, a, b => Ok(or(a, b)));
binary_slot!(int_xor, a, b => Ok(xor(a, b)));

/// As `mul`, with MemoryError for results beyond all bounds.
fn checked_mul(a: Value, b: Value) -> PyResult {
    if let (Some(IntValue::Big(x)), Some(IntValue::Big(y))) = (as_int(&a), as_int(&b))
        && x.bit_len() + y.bit_len() > MAX_BITS
    {
        return too_large();
    }
    Ok(mul(a, b))
}

fn int_pow(a: Value, b: Value, c: Value) -> PyResult {
    if !int::is_int(a) || !int::is_int(b) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    if c.is_none_or_null() {
        return pow(a, b);
    }
    if !int::is_int(c) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    pow_mod(a, b, c)
}

fn int_compare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if !int::is_int(a) || !int::is_int(b) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    Ok(Ref::bool(op.test(cmp(a, b))))
}

/// The same number as an exact int.
pub fn to_exact(v: Value) -> Ref {
    if v.is_small_int() || v.is_exact::<PyInt>() {
        return v.to_ref();
    }
    match number(&v) {
        IntValue::Small(i) => from_i64(i),
        IntValue::Big(b) => from_ibig(b.clone()),
    }
}

fn int_abs(v: Value) -> PyResult {
    Ok(match number(&v) {
        IntValue::Small(i) => from_i64(i.abs()),
        IntValue::Big(b) => from_ibig(b.clone().abs()),
    })
}

fn int_hash(v: Value) -> PyResult<i64> {
    Ok(match number(&v) {
        IntValue::Small(i) => crate::hash::hash_i64(i),
        IntValue::Big(b) => hash_big(b),
    })
}

const INT_SLOTS: Slots = Slots {
    new: Some(crate::int_attributes::int_new),
    repr: Some(|v| int_convert::to_str(number(&v))),
    hash: Some(int_hash),
    richcompare: Some(int_compare),
    add: Some(int_add),
    subtract: Some(int_sub),
    multiply: Some(int_mul),
    floor_divide: Some(int_floordiv),
    true_divide: Some(int_truediv),
    remainder: Some(int_mod),
    divmod: Some(int_divmod),
    power: Some(int_pow),
    lshift: Some(int_lshift),
    rshift: Some(int_rshift),
    and: Some(int_and),
    or: Some(int_or),
    xor: Some(int_xor),
    negative: Some(|v| Ok(neg(v))),
    positive: Some(|v| Ok(to_exact(v))),
    absolute: Some(int_abs),
    invert: Some(|v| Ok(invert(v))),
    bool: Some(|v| Ok(!is_zero(number(&v)))),
    int: Some(|v| Ok(to_exact(v))),
    index: Some(|v| Ok(to_exact(v))),
    float: Some(|v| Ok(float::from_f64(int_convert::to_f64(number(&v))?))),
    ..Slots::of::<PyInt>()
};

pub static INT_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "int",
    doc: "int([x]) -> integer\nint(x, base=10) -> integer\n\nConvert a number or string to an integer, or return 0 if no arguments\n\
are given.  With a base, x must be a string, bytes or bytearray holding an integer literal in it.\nBase 0 takes the base from the literal's prefix.",
    flags: TypeFlags::BASETYPE | TypeFlags::INT_SUBCLASS | TypeFlags::MATCH_SELF,
    slots: INT_SLOTS,
    methods: &crate::int_attributes::METHODS,
    getset: crate::int_attributes::GETSET,
    ..TypeSpec::of::<PyInt>()
});

// ---------------------------------------------------------------- bool

fn bool_new(_ty: crate::typeobject::Type, args: &[Value], kwnames: Value) -> PyResult {
    if !kwnames.is_null() && !tuple::as_slice(kwnames).is_empty() {
        return err!(TypeError, "bool() takes no keyword arguments");
    }
    match args {
        [] => Ok(Ref::bool(false)),
        [x] => Ok(Ref::bool(crate::protocol::is_true(*x)?)),
        _ => err!(
            TypeError,
            "bool expected at most 1 argument, got {}",
            args.len()
        ),
    }
}

macro_rules! bool_slot {
    ($name:ident, $int:ident, $op:tt) => {
        fn $name(a: Value, b: Value) -> PyResult {
            if a.is_bool() && b.is_bool() {
                return Ok(Ref::bool(a.is(Value::TRUE) $op b.is(Value::TRUE)));
            }
            $int(a, b)
        }
    };
}
bool_slot!(bool_and, int_and, &);
bool_slot!(bool_or, int_or, |);
bool_slot!(bool_xor, int_xor, ^);

fn bool_invert(v: Value) -> PyResult {
    crate::err::warn(
        &crate::exceptions::DeprecationWarning,
        "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. \
         This returns the bitwise inversion of the underlying int object and is usually not what you expect from the negation of a bool. \
         Use the 'not' operator for boolean not or ~int(x) for the bitwise inversion of the underlying integer.",
    )?;
    Ok(invert(v))
}

fn bool_repr(v: Value) -> PyResult {
    let n = names();
    Ok(if v.is(Value::TRUE) {
        n.True_.to_ref()
    } else {
        n.False_.to_ref()
    })
}

pub static BOOL_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "bool",
    doc: "Returns True when the argument is true, False otherwise.\nThe builtins True and False are the only two instances of the class bool.\n\
The class bool is a subclass of the class int, and cannot be subclassed.",
    base: Some(&INT_TYPE),
    flags: TypeFlags::INT_SUBCLASS | TypeFlags::MATCH_SELF,
    text_signature: "(object=False, /)",
    slots: Slots {
        new: Some(bool_new),
        repr: Some(bool_repr),
        and: Some(bool_and),
        or: Some(bool_or),
        xor: Some(bool_xor),
        invert: Some(bool_invert),
        ..Slots::of::<PyInt>()
    },
    ..TypeSpec::of::<PyInt>()
});
