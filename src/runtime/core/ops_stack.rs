//! Loads, stores and what else only moves values.

use crate::core::slow;
#[allow(unused_imports)]
use crate::core::state::IntoValue;
use taipan_objects::object::{self, Header};
use taipan_objects::value::{Ref, Value};

handler!(
    /// Ends the object whose address is in `arg`, then goes on at `pc`.
    #[cold]
    op_dealloc, s => {
        object::dealloc(s.arg as *mut Header);
        dispatch_at!(s, s.pc)
    }
);

handler!(
    /// Ends the object whose address is in `arg` and drops the value above the stack's top, then goes on at `pc`.
    #[cold]
    op_dealloc_and_drop, s => {
        let second = *s.sp;
        object::dealloc(s.arg as *mut Header);
        second.decref();
        dispatch_at!(s, s.pc)
    }
);

handler!(op_NOP, s => { next!(s) });
handler!(op_NOT_TAKEN, s => { next!(s) });

handler!(op_EXTENDED_ARG, s => {
    let pc = s.pc.add(1);
    let word = *pc;
    let op = (*s.table.add((word & 255) as usize)).0;
    tail!(op, pc, s.sp, s.locals, s.frame, s.table, s.arg << 8 | (word >> 8) as usize)
});

handler!(op_LOAD_FAST, s => {
    let v = *s.locals.add(s.arg);
    v.incref();
    s.push(v);
    next!(s)
});
handler!(op_LOAD_FAST_CHECK, s => {
    let v = *s.locals.add(s.arg);
    if v.is_null() {
        goto!(s, op_unbound_local)
    }
    v.incref();
    s.push(v);
    next!(s)
});
handler!(#[cold] op_unbound_local, s => {
    s.save();
    slow::raise_unbound_local(s.frame, s.arg);
    error!(s)
});
handler!(op_LOAD_FAST_LOAD_FAST, s => {
    let (a, b) = (*s.locals.add(s.arg >> 4), *s.locals.add(s.arg & 15));
    a.incref();
    b.incref();
    s.push(a);
    s.push(b);
    next!(s)
});
handler!(op_LOAD_FAST_AND_CLEAR, s => {
    let v = s.locals.add(s.arg).replace(Value::NULL);
    s.push(v);
    next!(s)
});
handler!(op_STORE_FAST, s => {
    let v = s.pop();
    let old = s.locals.add(s.arg).replace(v);
    drop_next!(s, old, 0)
});
handler!(op_STORE_FAST_LOAD_FAST, s => {
    let v = s.top();
    let old = s.locals.add(s.arg >> 4).replace(v);
    let w = *s.locals.add(s.arg & 15);
    w.incref();
    s.set_top(w);
    drop_next!(s, old, 0)
});
handler!(op_STORE_FAST_STORE_FAST, s => {
    let (first, second) = (s.peek(1), s.peek(2));
    s.stack_shrink(2);
    let old1 = s.locals.add(s.arg >> 4).replace(first);
    let old2 = s.locals.add(s.arg & 15).replace(second);
    drop2_next!(s, old1, old2, 0)
});
handler!(op_DELETE_FAST, s => {
    let old = s.locals.add(s.arg).replace(Value::NULL);
    if old.is_null() {
        goto!(s, op_unbound_local)
    }
    drop_next!(s, old, 0)
});

handler!(op_LOAD_CONST, s => {
    let v = *s.frame.consts.get().add(s.arg);
    v.incref();
    s.push(v);
    next!(s)
});
handler!(op_LOAD_SMALL_INT, s => {
    s.push(Value::small_int(s.arg as i64));
    next!(s)
});
handler!(op_LOAD_COMMON_CONSTANT, s => {
    let v = slow::common_constant(s.arg).into_value();
    s.push(v);
    next!(s)
});
handler!(op_PUSH_NULL, s => {
    s.push(Value::NULL);
    next!(s)
});
handler!(op_POP_TOP, s => {
    let v = s.pop();
    drop_next!(s, v, 0)
});
handler!(op_END_FOR, s => {
    let v = s.pop();
    drop_next!(s, v, 0)
});
handler!(op_POP_ITER, s => {
    let v = s.pop();
    drop_next!(s, v, 0)
});
handler!(op_END_SEND, s => {
    let v = s.pop();
    let receiver = s.top();
    s.set_top(v);
    drop_next!(s, receiver, 0)
});
handler!(op_COPY, s => {
    let v = s.peek(s.arg);
    v.incref();
    s.push(v);
    next!(s)
});
handler!(op_SWAP, s => {
    let (top, other) = (s.top(), s.peek(s.arg));
    s.set_top(other);
    s.set_peek(s.arg, top);
    next!(s)
});

// ---------------------------------------------------------------- cells

handler!(op_MAKE_CELL, s => {
    slow::make_cell(s.locals.add(s.arg));
    next!(s)
});
handler!(op_COPY_FREE_VARS, s => {
    slow::copy_free_vars(s.frame, s.locals, s.arg);
    next!(s)
});
handler!(op_LOAD_DEREF, s => {
    let cell = *s.locals.add(s.arg);
    let v = cell.cast_unchecked::<taipan_objects::function::PyCell>().contents.get();
    if v.is_null() {
        goto!(s, op_unbound_deref)
    }
    v.incref();
    s.push(v);
    next!(s)
});
handler!(#[cold] op_unbound_deref, s => {
    s.save();
    slow::raise_unbound_deref(s.frame, s.arg);
    error!(s)
});
handler!(op_STORE_DEREF, s => {
    let cell = *s.locals.add(s.arg);
    let v = Ref::from_owned(s.pop());
    let old = cell.cast_unchecked::<taipan_objects::function::PyCell>().contents.replace(v).into_value();
    drop_next!(s, old, 0)
});
handler!(op_DELETE_DEREF, s => {
    let cell = *s.locals.add(s.arg);
    let old = cell.cast_unchecked::<taipan_objects::function::PyCell>().contents.take().into_value();
    if old.is_null() {
        goto!(s, op_unbound_deref)
    }
    drop_next!(s, old, 0)
});
handler!(op_LOAD_FROM_DICT_OR_DEREF, s => {
    s.save();
    let v = try_op!(s, slow::load_from_dict_or_deref(s.frame, s.top(), s.locals, s.arg));
    let old = s.top();
    s.set_top(v.into_value());
    drop_next!(s, old, 0)
});

// ---------------------------------------------------------------- names

handler!(op_LOAD_NAME, s => {
    s.save();
    let v = try_op!(s, slow::load_name(s.frame, s.name(s.arg)));
    s.push(v.into_value());
    next!(s)
});
handler!(op_STORE_NAME, s => {
    s.save();
    let v = s.top();
    try_op!(s, slow::store_name(s.frame, s.name(s.arg), v));
    s.stack_shrink(1);
    drop_next!(s, v, 0)
});
handler!(op_DELETE_NAME, s => {
    s.save();
    try_op!(s, slow::delete_name(s.frame, s.name(s.arg)));
    next!(s)
});
handler!(op_LOAD_FROM_DICT_OR_GLOBALS, s => {
    s.save();
    let v = try_op!(s, slow::load_from_dict_or_globals(s.frame, s.top(), s.name(s.arg)));
    let old = s.top();
    s.set_top(v.into_value());
    drop_next!(s, old, 0)
});
handler!(op_LOAD_GLOBAL, s => {
    s.save();
    crate::core::specialize::load_global(s);
    let v = try_op!(s, slow::load_global(s.frame, s.name(s.arg >> 1)));
    s.push(v.into_value());
    if s.arg & 1 != 0 {
        s.push(Value::NULL);
    }
    next!(s, 4)
});
handler!(op_LOAD_GLOBAL_MODULE, s => {
    let g = s.frame.globals.get();
    let d = g.cast_unchecked::<taipan_objects::dict::PyDict>();
    if d.current_keys_version() != s.cache32(2) {
        goto!(s, crate::core::specialize::op_deopt)
    }
    let v = d.entry_value(s.cache(1) as usize);
    v.incref();
    s.push(v);
    if s.arg & 1 != 0 {
        s.push(Value::NULL);
    }
    next!(s, 4)
});
handler!(op_LOAD_GLOBAL_BUILTIN, s => {
    let g = s.frame.globals.get();
    let d = g.cast_unchecked::<taipan_objects::dict::PyDict>();
    let b = s.frame.builtins.get();
    let b = b.cast_unchecked::<taipan_objects::dict::PyDict>();
    if d.current_keys_version() != s.cache(2) as u32 || b.current_keys_version() != s.cache(3) as u32 {
        goto!(s, crate::core::specialize::op_deopt)
    }
    let v = b.entry_value(s.cache(1) as usize);
    v.incref();
    s.push(v);
    if s.arg & 1 != 0 {
        s.push(Value::NULL);
    }
    next!(s, 4)
});
handler!(op_STORE_GLOBAL, s => {
    s.save();
    let v = s.top();
    try_op!(s, slow::store_global(s.frame, s.name(s.arg), v));
    s.stack_shrink(1);
    drop_next!(s, v, 0)
});
handler!(op_DELETE_GLOBAL, s => {
    s.save();
    try_op!(s, slow::delete_global(s.frame, s.name(s.arg)));
    next!(s)
});
handler!(op_LOAD_LOCALS, s => {
    s.save();
    let v = try_op!(s, slow::load_locals(s.frame));
    s.push(v.into_value());
    next!(s)
});
handler!(op_LOAD_BUILD_CLASS, s => {
    s.save();
    let v = try_op!(s, slow::load_build_class(s.frame));
    s.push(v.into_value());
    next!(s)
});
