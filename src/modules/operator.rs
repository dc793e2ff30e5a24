//! `_operator`: the operators as functions, and the getters that are called. The getters' types are in `operator_getters.rs`.

use crate::operator_getters::{ATTRGETTER_TYPE, ITEMGETTER_TYPE, METHODCALLER_TYPE};
use taipan_objects::err::PyResult;
use taipan_objects::int::{from_usize, to_isize};
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::protocol::{self, BinaryOp};
use taipan_objects::typeobject::CompareOp;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{buffer, err, module, strings};

macro_rules! binary {
    ($name:literal, $doc:literal, $op:ident) => {
        MethodDef::new(concat!($name, "($module, a, b, /)"), $doc, |a| protocol::binary(a[0], a[1], BinaryOp::$op))
    };
}
macro_rules! inplace {
    ($name:literal, $doc:literal, $op:ident) => {
        MethodDef::new(concat!($name, "($module, a, b, /)"), $doc, |a| protocol::inplace(a[0], a[1], BinaryOp::$op))
    };
}
macro_rules! compare {
    ($name:literal, $doc:literal, $op:ident) => {
        MethodDef::new(concat!($name, "($module, a, b, /)"), $doc, |a| protocol::richcompare(a[0], a[1], CompareOp::$op))
    };
}

fn is_sequence(v: Value) -> bool {
    v.ty().slots().item.is_some() && !taipan_objects::dict::is_dict(v)
}

fn concat(a: &[Value]) -> PyResult {
    let s = a[0].ty().slots();
    if let Some(f) = s.concat {
        return f(a[0], a[1]);
    }
    if is_sequence(a[0]) && is_sequence(a[1]) {
        return protocol::binary(a[0], a[1], BinaryOp::Add);
    }
    err!(TypeError, "'{}' object can't be concatenated", a[0].type_name())
}

fn iconcat(a: &[Value]) -> PyResult {
    let s = a[0].ty().slots();
    if let Some(f) = s.inplace_concat.or(s.concat) {
        return f(a[0], a[1]);
    }
    if is_sequence(a[0]) && is_sequence(a[1]) {
        return protocol::inplace(a[0], a[1], BinaryOp::Add);
    }
    err!(TypeError, "'{}' object can't be concatenated", a[0].type_name())
}

fn iterate(v: Value, f: impl FnMut(Ref) -> PyResult<()>) -> PyResult<()> {
    let s = v.ty().slots();
    if s.iter.is_none() && s.item.is_none() {
        return err!(TypeError, "argument of type '{}' is not iterable", v.type_name());
    }
    protocol::for_each(v, f)
}

fn count_of(a: &[Value]) -> PyResult {
    let mut n = 0;
    iterate(a[0], |v| {
        n += protocol::eq(*v, a[1])? as usize;
        Ok(())
    })?;
    Ok(from_usize(n))
}

fn index_of(a: &[Value]) -> PyResult {
    let s = a[0].ty().slots();
    if s.iter.is_none() && s.item.is_none() {
        return err!(TypeError, "argument of type '{}' is not iterable", a[0].type_name());
    }
    let it = protocol::iter(a[0])?;
    let mut i = 0;
    while let Some(v) = protocol::next(*it)? {
        if protocol::eq(*v, a[1])? {
            return Ok(from_usize(i));
        }
        i += 1;
    }
    err!(ValueError, "sequence.index(x): x not in sequence")
}

fn length_hint(a: &[Value]) -> PyResult {
    let default = if a[1].is_null() { 0 } else { to_isize(a[1])? };
    let n = protocol::length_hint(a[0], default.max(0) as usize)?;
    if default < 0 && n == 0 && protocol::len(a[0]).is_err() {
        drop(taipan_objects::vm::vm().take_pending());
        return Ok(taipan_objects::int::from_i64(default as i64));
    }
    Ok(from_usize(n))
}

/// Comparison whose time does not depend on where the two differ.
fn compare_digest(a: &[Value]) -> PyResult {
    let text = (strings::as_str(&a[0]), strings::as_str(&a[1]));
    let (x, y) = if let (Some(s), Some(t)) = text {
        match (s.as_ascii(), t.as_ascii()) {
            (Some(s), Some(t)) => (s.as_bytes().to_vec(), t.as_bytes().to_vec()),
            _ => return err!(TypeError, "comparing strings with non-ASCII characters is not supported"),
        }
    } else {
        let buffers = a.iter().all(|v| v.ty().slots().get_buffer.is_some());
        if !buffers {
            return err!(
                TypeError,
                "unsupported operand types(s) or combination of types: '{}' and '{}'",
                a[0].type_name(),
                a[1].type_name()
            );
        }
        (buffer::to_vec(a[0])?, buffer::to_vec(a[1])?)
    };
    let mut diff = (x.len() != y.len()) as u8;
    let other = if x.len() == y.len() { &x } else { &y };
    for (p, q) in other.iter().zip(&y) {
        diff |= std::hint::black_box(p ^ q);
    }
    Ok(Ref::bool(diff == 0))
}

fn call(args: &[Value], kwnames: Value) -> PyResult {
    let npos = args.len() - taipan_objects::native::split_args(args, kwnames).1.count();
    if npos == 0 {
        return err!(TypeError, "call expected at least 1 argument, got 0");
    }
    protocol::call_kw(args[0], &args[1..], kwnames)
}


pub static MODULE: ModuleDef = ModuleDef {
    name: "_operator",
    doc: "Operator interface.\n\nThis module exports a set of functions implemented in C corresponding\nto the intrinsic operators of Python.",
    functions: &[
        binary!("add", "Same as a + b.", Add),
        binary!("sub", "Same as a - b.", Subtract),
        binary!("mul", "Same as a * b.", Multiply),
        binary!("matmul", "Same as a @ b.", MatrixMultiply),
        binary!("floordiv", "Same as a // b.", FloorDivide),
        binary!("truediv", "Same as a / b.", TrueDivide),
        binary!("mod", "Same as a % b.", Remainder),
        binary!("lshift", "Same as a << b.", Lshift),
        binary!("rshift", "Same as a >> b.", Rshift),
        binary!("and_", "Same as a & b.", And),
        binary!("or_", "Same as a | b.", Or),
        binary!("xor", "Same as a ^ b.", Xor),
        MethodDef::new("pow($module, a, b, /)", "Same as a ** b.", |a| protocol::power(a[0], a[1], Value::NONE)),
        inplace!("iadd", "Same as a += b.", Add),
        inplace!("isub", "Same as a -= b.", Subtract),
        inplace!("imul", "Same as a *= b.", Multiply),
        inplace!("imatmul", "Same as a @= b.", MatrixMultiply),
        inplace!("ifloordiv", "Same as a //= b.", FloorDivide),
        inplace!("itruediv", "Same as a /= b.", TrueDivide),
        inplace!("imod", "Same as a %= b.", Remainder),
        inplace!("ilshift", "Same as a <<= b.", Lshift),
        inplace!("irshift", "Same as a >>= b.", Rshift),
        inplace!("iand", "Same as a &= b.", And),
        inplace!("ior", "Same as a |= b.", Or),
        inplace!("ixor", "Same as a ^= b.", Xor),
        MethodDef::new("ipow($module, a, b, /)", "Same as a **= b.", |a| protocol::inplace_power(a[0], a[1])),
        compare!("lt", "Same as a < b.", Lt),
        compare!("le", "Same as a <= b.", Le),
        compare!("eq", "Same as a == b.", Eq),
        compare!("ne", "Same as a != b.", Ne),
        compare!("gt", "Same as a > b.", Gt),
        compare!("ge", "Same as a >= b.", Ge),
        MethodDef::new("neg($module, a, /)", "Same as -a.", |a| protocol::negative(a[0])),
        MethodDef::new("pos($module, a, /)", "Same as +a.", |a| protocol::positive(a[0])),
        MethodDef::new("abs($module, a, /)", "Same as abs(a).", |a| protocol::absolute(a[0])),
        MethodDef::new("inv($module, a, /)", "Same as ~a.", |a| protocol::invert(a[0])),
        MethodDef::new("invert($module, a, /)", "Same as ~a.", |a| protocol::invert(a[0])),
        MethodDef::new("not_($module, a, /)", "Same as not a.", |a| Ok(Ref::bool(!protocol::is_true(a[0])?))),
        MethodDef::new("truth($module, a, /)", "Return True if a is true, False otherwise.", |a| Ok(Ref::bool(protocol::is_true(a[0])?))),
        MethodDef::new("is_($module, a, b, /)", "Same as a is b.", |a| Ok(Ref::bool(a[0].is(a[1])))),
        MethodDef::new("is_not($module, a, b, /)", "Same as a is not b.", |a| Ok(Ref::bool(!a[0].is(a[1])))),
        MethodDef::new("is_none($module, a, /)", "Same as a is None.", |a| Ok(Ref::bool(a[0].is_none()))),
        MethodDef::new("is_not_none($module, a, /)", "Same as a is not None.", |a| Ok(Ref::bool(!a[0].is_none()))),
        MethodDef::new("index($module, a, /)", "Same as a.__index__()", |a| {
            let i = protocol::index(a[0])?;
            Ok(taipan_objects::int_methods::to_exact(*i))
        }),
        MethodDef::new("concat($module, a, b, /)", "Same as a + b, for a and b sequences.", concat),
        MethodDef::new("iconcat($module, a, b, /)", "Same as a += b, for a and b sequences.", iconcat),
        MethodDef::new("contains($module, a, b, /)", "Same as b in a (note reversed operands).", |a| {
            Ok(Ref::bool(protocol::contains(a[0], a[1])?))
        }),
        MethodDef::new("countOf($module, a, b, /)", "Return the number of items in a which are, or which equal, b.", count_of),
        MethodDef::new("indexOf($module, a, b, /)", "Return the first index of b in a.", index_of),
        MethodDef::new("getitem($module, a, b, /)", "Same as a[b].", |a| protocol::getitem(a[0], a[1])),
        MethodDef::new("setitem($module, a, b, c, /)", "Same as a[b] = c.", |a| {
            protocol::setitem(a[0], a[1], a[2])?;
            Ok(Ref::NONE)
        }),
        MethodDef::new("delitem($module, a, b, /)", "Same as del a[b].", |a| {
            protocol::setitem(a[0], a[1], Value::NULL)?;
            Ok(Ref::NONE)
        }),
        MethodDef::new("length_hint($module, obj, default=0, /)", "Return an estimate of the number of items in obj.", length_hint),
        MethodDef::new("_compare_digest($module, a, b, /)", "Return 'a == b' in a time that does not tell where they differ.", compare_digest),
        MethodDef::raw("call($module, obj, /, *args, **kwargs)", "Same as obj(*args, **kwargs).", call),
    ],
    init: Some(|m| {
        for t in [&ITEMGETTER_TYPE, &ATTRGETTER_TYPE, &METHODCALLER_TYPE] {
            module::add_type(m, t);
        }
        Ok(())
    }),
};
