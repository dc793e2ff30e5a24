//! Operators: arithmetic, comparison, truth, subscripts.

#[allow(unused_imports)]
use crate::core::state::IntoValue;
use crate::core::{slow, specialize};
use taipan_bytecode::opcode::Opcode;
use taipan_objects::list::PyList;
use taipan_objects::strings::{self, PyStr};
use taipan_objects::tuple::PyTuple;
use taipan_objects::typeobject::CompareOp;
use taipan_objects::value::{Ref, Value};

handler!(op_BINARY_OP, s => {
    s.save();
    specialize::binary_op(s);
    let (a, b) = (s.peek(2), s.peek(1));
    let r = try_op!(s, slow::binary_op(s.arg, a, b));
    s.stack_shrink(1);
    s.set_top(r.into_value());
    drop2_next!(s, a, b, 5)
});

macro_rules! int_op {
    ($name:ident, $f:ident) => {
        handler!($name, s => {
            match Value::$f(s.peek(2), s.peek(1)) {
                Some(v) => {
                    s.stack_shrink(1);
                    s.set_top(v);
                    next!(s, 5)
                }
                None => goto!(s, specialize::op_deopt),
            }
        });
    };
}
int_op!(op_BINARY_OP_ADD_INT, checked_add_ints);
int_op!(op_BINARY_OP_SUBTRACT_INT, checked_sub_ints);
int_op!(op_BINARY_OP_MULTIPLY_INT, checked_mul_ints);

macro_rules! float_op {
    ($name:ident, $op:tt) => {
        handler!($name, s => {
            let (a, b) = (s.peek(2), s.peek(1));
            if !a.is_immediate_float() || !b.is_immediate_float() {
                goto!(s, specialize::op_deopt)
            }
            match Value::try_immediate_float(a.immediate_float_unchecked() $op b.immediate_float_unchecked()) {
                Some(v) => {
                    s.stack_shrink(1);
                    s.set_top(v);
                    next!(s, 5)
                }
                None => goto!(s, op_binary_once),
            }
        });
    };
}
float_op!(op_BINARY_OP_ADD_FLOAT, +);
float_op!(op_BINARY_OP_SUBTRACT_FLOAT, -);
float_op!(op_BINARY_OP_MULTIPLY_FLOAT, *);

handler!(
    /// A specialised instruction whose operands need the general way this time, without giving up the specialisation.
    #[cold]
    op_binary_once, s => {
        s.save();
        let (a, b) = (s.peek(2), s.peek(1));
        let r = try_op!(s, slow::binary_op(s.arg, a, b));
        s.stack_shrink(1);
        s.set_top(r.into_value());
        a.decref();
        drop_next!(s, b, 5)
    }
);

/// Kinds of `BINARY_OP_EXTEND`, in cache unit 1.
pub mod extend {
    pub const FLOOR_DIV_INT: u16 = 1;
    pub const MOD_INT: u16 = 2;
    pub const AND_INT: u16 = 3;
    pub const OR_INT: u16 = 4;
    pub const XOR_INT: u16 = 5;
    pub const LSHIFT_INT: u16 = 6;
    pub const RSHIFT_INT: u16 = 7;
    pub const TRUE_DIV: u16 = 8;
    pub const MIXED: u16 = 9;
}

#[inline(always)]
fn number(v: Value) -> Option<f64> {
    if v.is_immediate_float() {
        Some(v.immediate_float_unchecked())
    } else if v.is_small_int() {
        let i = v.small_int_unchecked();
        // Beyond 2^53 the conversion rounds as CPython's does, but division must be exact: left to the general way.
        if i.unsigned_abs() <= 1 << 53 {
            Some(i as f64)
        } else {
            None
        }
    } else {
        None
    }
}

handler!(op_BINARY_OP_EXTEND, s => {
    let (a, b) = (s.peek(2), s.peek(1));
    let kind = s.cache(1);
    if kind < extend::TRUE_DIV {
        if !Value::both_small_ints(a, b) {
            goto!(s, specialize::op_deopt)
        }
        let (x, y) = (a.small_int_unchecked(), b.small_int_unchecked());
        let r = match kind {
            extend::FLOOR_DIV_INT if y != 0 => {
                let q = x.wrapping_div(y);
                if (x % y != 0) && ((x < 0) != (y < 0)) { q - 1 } else { q }
            }
            extend::MOD_INT if y != 0 => {
                let m = x.wrapping_rem(y);
                if m != 0 && ((m < 0) != (y < 0)) { m + y } else { m }
            }
            extend::AND_INT => x & y,
            extend::OR_INT => x | y,
            extend::XOR_INT => x ^ y,
            extend::LSHIFT_INT if (0..60).contains(&y) && (x << y) >> y == x => x << y,
            extend::RSHIFT_INT if y >= 0 => x >> y.min(63),
            _ => goto!(s, op_binary_once),
        };
        match Value::try_small_int(r) {
            Some(v) => {
                s.stack_shrink(1);
                s.set_top(v);
                next!(s, 5)
            }
            None => goto!(s, op_binary_once),
        }
    }
    let (Some(x), Some(y)) = (number(a), number(b)) else { goto!(s, specialize::op_deopt) };
    let r = match s.arg {
        11 | 24 if y != 0.0 => x / y,
        0 | 13 => x + y,
        10 | 23 => x - y,
        5 | 18 => x * y,
        _ => goto!(s, op_binary_once),
    };
    match Value::try_immediate_float(r) {
        Some(v) => {
            s.stack_shrink(1);
            s.set_top(v);
            next!(s, 5)
        }
        None => goto!(s, op_binary_once),
    }
});

handler!(op_BINARY_OP_ADD_UNICODE, s => {
    let (a, b) = (s.peek(2), s.peek(1));
    if !a.is_exact::<PyStr>() || !b.is_exact::<PyStr>() {
        goto!(s, specialize::op_deopt)
    }
    // The left operand's reference is consumed: a temporary grows in place.
    let r = slow::str_append(a, b);
    s.stack_shrink(1);
    s.set_top(r);
    drop_next!(s, b, 5)
});
handler!(op_BINARY_OP_INPLACE_ADD_UNICODE, s => {
    let (a, b) = (s.peek(2), s.peek(1));
    // The next instruction stores the result in the local that is the left operand: give up the local's reference first,
    // so that the string can grow in place.
    let local = s.locals.add((*s.pc.add(6) >> 8) as usize);
    if !a.is_exact::<PyStr>() || !b.is_exact::<PyStr>() || !(*local).is(a) {
        goto!(s, specialize::op_deopt)
    }
    local.write(Value::NULL);
    a.decref();
    let r = slow::str_append(a, b);
    // STORE_FAST done here as well.
    local.write(r);
    s.stack_shrink(2);
    drop_next!(s, b, 6)
});

handler!(op_BINARY_OP_SUBSCR_LIST_INT, s => {
    let (a, b) = (s.peek(2), s.peek(1));
    if !a.is_exact::<PyList>() || !b.is_small_int() {
        goto!(s, specialize::op_deopt)
    }
    let items = a.cast_unchecked::<PyList>().items();
    let mut i = b.small_int_unchecked();
    if i < 0 {
        i += items.len() as i64;
    }
    if (i as usize) >= items.len() {
        goto!(s, op_binary_once)
    }
    let v = items.get_unchecked(i as usize).value();
    v.incref();
    s.stack_shrink(1);
    s.set_top(v);
    drop_next!(s, a, 5)
});
handler!(
    /// Two borrowed locals, the one a list, the other its index.
    op_LOAD_FAST_BORROW_LOAD_FAST_BORROW_SUBSCR, s => {
        let (a, b) = (*s.locals.add(s.arg >> 4), *s.locals.add(s.arg & 15));
        let at = s.pc.add(1);
        if *at as u8 == Opcode::BINARY_OP_SUBSCR_LIST_INT as u8 && a.is_exact::<PyList>() && b.is_small_int() {
            let items = a.cast_unchecked::<PyList>().items();
            let i = b.small_int_unchecked();
            if (i as usize) < items.len() {
                let v = items.get_unchecked(i as usize).value();
                v.incref();
                s.push(v);
                dispatch_at!(s, at.add(6))
            }
        }
        a.incref();
        b.incref();
        s.push(a);
        s.push(b);
        dispatch_at!(s, at)
    }
);
handler!(op_BINARY_OP_SUBSCR_TUPLE_INT, s => {
    let (a, b) = (s.peek(2), s.peek(1));
    if !a.is_exact::<PyTuple>() || !b.is_small_int() {
        goto!(s, specialize::op_deopt)
    }
    let items = a.cast_unchecked::<PyTuple>().items();
    let mut i = b.small_int_unchecked();
    if i < 0 {
        i += items.len() as i64;
    }
    if (i as usize) >= items.len() {
        goto!(s, op_binary_once)
    }
    let v = *items.get_unchecked(i as usize);
    v.incref();
    s.stack_shrink(1);
    s.set_top(v);
    drop_next!(s, a, 5)
});
handler!(op_BINARY_OP_SUBSCR_STR_INT, s => {
    let (a, b) = (s.peek(2), s.peek(1));
    if !a.is_exact::<PyStr>() || !b.is_small_int() {
        goto!(s, specialize::op_deopt)
    }
    let p = strings::expect(a);
    let mut i = b.small_int_unchecked();
    if i < 0 {
        i += p.len() as i64;
    }
    if (i as usize) >= p.len() {
        goto!(s, op_binary_once)
    }
    let v = slow::char_string(p.at(i as usize));
    s.stack_shrink(1);
    s.set_top(v);
    drop_next!(s, a, 5)
});
handler!(op_BINARY_OP_SUBSCR_DICT, s => {
    s.save();
    let (a, b) = (s.peek(2), s.peek(1));
    if !a.is_exact::<taipan_objects::dict::PyDict>() {
        goto!(s, specialize::op_deopt)
    }
    let v = try_op!(s, slow::dict_get(a, b));
    if v.is_null() {
        goto!(s, op_binary_once)
    }
    v.incref();
    s.stack_shrink(1);
    s.set_top(v);
    drop2_next!(s, a, b, 5)
});

handler!(op_COMPARE_OP, s => {
    s.save();
    specialize::compare_op(s);
    let (a, b) = (s.peek(2), s.peek(1));
    let r = try_op!(s, slow::compare_op(s.arg, a, b));
    s.stack_shrink(1);
    s.set_top(r.into_value());
    drop2_next!(s, a, b, 1)
});
#[inline(always)]
fn compare<T: PartialOrd>(arg: usize, a: T, b: T) -> bool {
    // The low four bits of the argument say which outcomes are true: 1 unordered, 2 less, 4 greater, 8 equal.
    let bits = ((a < b) as usize) << 1 | ((a > b) as usize) << 2 | ((a == b) as usize) << 3;
    let bits = if bits == 0 { 1 } else { bits };
    arg & bits != 0
}
/// Takes the branch behind a comparison at once, if there is one.
macro_rules! compare_next {
    ($s:ident, $r:expr) => {{
        let r: bool = $r;
        let next = *$s.pc.add(2);
        let jump_if = next as u8 == Opcode::POP_JUMP_IF_TRUE as u8;
        if jump_if || next as u8 == Opcode::POP_JUMP_IF_FALSE as u8 {
            $s.stack_shrink(2);
            let after = $s.pc.add(4);
            // NOT_TAKEN stands at the start of the other way.
            let skip = if r == jump_if {
                (next >> 8) as usize
            } else {
                (*after as u8 == Opcode::NOT_TAKEN as u8) as usize
            };
            dispatch_at!($s, after.add(skip))
        }
        $s.stack_shrink(1);
        $s.set_top(Value::from_bool(r));
        next!($s, 1)
    }};
}
handler!(op_COMPARE_OP_INT, s => {
    let (a, b) = (s.peek(2), s.peek(1));
    if !Value::both_small_ints(a, b) {
        goto!(s, specialize::op_deopt)
    }
    let r = compare(s.arg, a.bits() as i64, b.bits() as i64);
    compare_next!(s, r)
});
handler!(op_COMPARE_OP_FLOAT, s => {
    let (a, b) = (s.peek(2), s.peek(1));
    if !a.is_immediate_float() || !b.is_immediate_float() {
        goto!(s, specialize::op_deopt)
    }
    let r = compare(s.arg, a.immediate_float_unchecked(), b.immediate_float_unchecked());
    compare_next!(s, r)
});
handler!(op_COMPARE_OP_STR, s => {
    let (a, b) = (s.peek(2), s.peek(1));
    if !a.is_exact::<PyStr>() || !b.is_exact::<PyStr>() {
        goto!(s, specialize::op_deopt)
    }
    let equal = a.is(b) || strings::expect(a).equals(strings::expect(b));
    let r = equal == (s.arg >> 5 == CompareOp::Eq as usize);
    s.stack_shrink(1);
    s.set_top(Value::from_bool(r));
    drop2_next!(s, a, b, 1)
});

handler!(op_IS_OP, s => {
    let (a, b) = (s.peek(2), s.peek(1));
    let r = a.is(b) != (s.arg != 0);
    s.stack_shrink(1);
    s.set_top(Value::from_bool(r));
    drop2_next!(s, a, b, 0)
});
handler!(op_CONTAINS_OP, s => {
    s.save();
    let (item, container) = (s.peek(2), s.peek(1));
    let r = try_op!(s, slow::contains(container, item));
    s.stack_shrink(1);
    s.set_top(Value::from_bool(r != (s.arg != 0)));
    item.decref();
    drop_next!(s, container, 1)
});

handler!(op_TO_BOOL, s => {
    let v = s.top();
    if v.is_bool() {
        next!(s, 3)
    }
    if v.is_none() {
        s.set_top(Value::FALSE);
        next!(s, 3)
    }
    if v.is_small_int() {
        s.set_top(Value::from_bool(v.bits() != 0));
        next!(s, 3)
    }
    if v.is_exact::<PyList>() {
        let r = v.cast_unchecked::<PyList>().len() != 0;
        s.set_top(Value::from_bool(r));
        drop_next!(s, v, 3)
    }
    if v.is_exact::<PyStr>() {
        let r = strings::expect(v).len() != 0;
        s.set_top(Value::from_bool(r));
        drop_next!(s, v, 3)
    }
    goto!(s, op_to_bool_general)
});
handler!(op_to_bool_general, s => {
    s.save();
    let v = s.top();
    let r = try_op!(s, slow::is_true(v));
    s.set_top(Value::from_bool(r));
    drop_next!(s, v, 3)
});
handler!(op_UNARY_NOT, s => {
    let v = s.top();
    s.set_top(Value::from_bool(v.is(Value::FALSE)));
    next!(s)
});
handler!(op_UNARY_NEGATIVE, s => {
    let v = s.top();
    if let Some(i) = v.as_small_int()
        && let Some(r) = Value::try_small_int(-i)
    {
        s.set_top(r);
        next!(s)
    }
    s.save();
    let r = try_op!(s, slow::negative(v));
    s.set_top(r.into_value());
    drop_next!(s, v, 0)
});
handler!(op_UNARY_INVERT, s => {
    s.save();
    let v = s.top();
    let r = try_op!(s, slow::invert(v));
    s.set_top(r.into_value());
    drop_next!(s, v, 0)
});

handler!(op_BINARY_SLICE, s => {
    s.save();
    let (c, a, b) = (s.peek(3), s.peek(2), s.peek(1));
    let r = try_op!(s, slow::binary_slice(c, a, b));
    s.stack_shrink(2);
    s.set_top(r.into_value());
    a.decref();
    b.decref();
    drop_next!(s, c, 0)
});
handler!(op_STORE_SLICE, s => {
    s.save();
    let (v, c, a, b) = (s.peek(4), s.peek(3), s.peek(2), s.peek(1));
    try_op!(s, slow::store_slice(c, a, b, v));
    s.drop_n(4);
    next!(s)
});
handler!(op_STORE_SUBSCR, s => {
    s.save();
    specialize::store_subscr(s);
    let (v, c, k) = (s.peek(3), s.peek(2), s.peek(1));
    try_op!(s, slow::setitem(c, k, v));
    s.stack_shrink(3);
    v.decref();
    k.decref();
    drop_next!(s, c, 1)
});
handler!(op_STORE_SUBSCR_LIST_INT, s => {
    let (v, c, k) = (s.peek(3), s.peek(2), s.peek(1));
    if !c.is_exact::<PyList>() || !k.is_small_int() {
        goto!(s, specialize::op_deopt)
    }
    let items = c.cast_unchecked::<PyList>().items_mut();
    let i = k.small_int_unchecked();
    if i < 0 || i as usize >= items.len() {
        goto!(s, op_store_subscr_once)
    }
    let old = std::mem::replace(items.get_unchecked_mut(i as usize), Ref::from_owned(v)).into_value();
    s.stack_shrink(3);
    drop2_next!(s, old, c, 1)
});
handler!(op_STORE_SUBSCR_DICT, s => {
    s.save();
    let (v, c, k) = (s.peek(3), s.peek(2), s.peek(1));
    if !c.is_exact::<taipan_objects::dict::PyDict>() {
        goto!(s, specialize::op_deopt)
    }
    try_op!(s, slow::dict_set(c, k, v));
    s.stack_shrink(3);
    v.decref();
    k.decref();
    drop_next!(s, c, 1)
});
handler!(#[cold] op_store_subscr_once, s => {
    s.save();
    let (v, c, k) = (s.peek(3), s.peek(2), s.peek(1));
    try_op!(s, slow::setitem(c, k, v));
    s.drop_n(3);
    next!(s, 1)
});
handler!(op_DELETE_SUBSCR, s => {
    s.save();
    let (c, k) = (s.peek(2), s.peek(1));
    try_op!(s, slow::setitem(c, k, Value::NULL));
    s.drop_n(2);
    next!(s)
});
