//! Calls and returns.

use crate::call;
#[allow(unused_imports)]
use crate::core::state::IntoValue;
use crate::core::{slow, specialize};
use taipan_objects::frame::{Frame, FrameFlags, FrameKind};
use taipan_objects::function::{PyBuiltin, PyFunction, PyMethod, PyMethodDescr};
use taipan_objects::typeobject::TypeFlags;
use taipan_objects::value::{Ref, Value};
use taipan_objects::vm::vm;

/// Starts running a frame that has been pushed.
#[macro_export]
macro_rules! enter_frame {
    ($s:ident, $frame:expr) => {{
        let frame: &'static taipan_objects::frame::Frame = $frame;
        let pc = frame.pc.get();
        let word = *pc;
        let op = (*$s.table.add((word & 255) as usize)).0;
        $crate::tail!(
            op,
            pc,
            frame.sp.get(),
            frame.localsplus.get(),
            frame,
            $s.table,
            (word >> 8) as usize
        )
    }};
}

handler!(op_CALL, s => {
    s.save();
    specialize::call(s);
    goto!(s, op_call_general)
});
handler!(op_call_general, s => {
    s.save();
    let n = s.arg;
    let mut callable = s.peek(n + 2);
    let mut slf = s.peek(n + 1);
    if slf.is_null() && callable.is_exact::<PyMethod>() {
        let m = callable.cast_unchecked::<PyMethod>();
        let (f, o) = (m.func.get(), m.self_.get());
        f.incref();
        o.incref();
        s.set_peek(n + 2, f);
        s.set_peek(n + 1, o);
        callable.decref();
        callable = f;
        slf = o;
    }
    let has_self = !slf.is_null() as usize;
    let args = s.sp.sub(n + has_self);
    let nargs = n + has_self;
    if callable.is_exact::<PyFunction>() {
        let base = s.sp.sub(n + 2);
        match call::push_frame(s.frame, callable, args, nargs, Value::NULL) {
            Some(frame) => {
                s.frame.sp.set(base);
                s.frame.return_offset.set(4);
                enter_frame!(s, frame)
            }
            None => {
                // Arguments and callable were consumed.
                s.sp = base;
                error!(s)
            }
        }
    }
    let r = try_op!(s, slow::call_native(callable, args, nargs));
    s.drop_n(n);
    let (a, b) = (s.peek(2), s.peek(1));
    s.stack_shrink(1);
    s.set_top(r.into_value());
    b.decref();
    a.decref();
    goto!(s, op_after_call)
});
handler!(
    /// Calls of native code end here: it may have asked for attention.
    op_after_call, s => {
        if taipan_objects::vm::EVAL_BREAKER.load(std::sync::atomic::Ordering::Relaxed) != 0 {
            goto!(s, op_breaker_after_call)
        }
        next!(s, 3)
    }
);
handler!(#[cold] op_breaker_after_call, s => {
    s.save();
    try_op!(s, crate::eval::handle_breaker());
    next!(s, 3)
});

macro_rules! py_exact {
    ($s:ident, $callable:expr, $args:expr, $nargs:expr, $base:expr) => {{
        let func = $callable.cast_unchecked::<PyFunction>();
        let code = func.code();
        let vm = vm();
        let new = vm.frame_top.get();
        let in_window = $s.frame.kind.get() as u8 <= FrameKind::Entry as u8;
        let locals: *mut Value = $args;
        let limit = locals.add(code.framesize as usize);
        if !in_window || new >= vm.frame_limit.get() || limit > vm.stack_limit.get() {
            goto!($s, op_call_general)
        }
        let f = &*new;
        f.limit.set(limit);
        f.localsplus.set(locals);
        f.previous.set($s.frame as *const Frame as *mut Frame);
        $s.frame.pc.set($s.pc);
        $s.frame.sp.set($base);
        $s.frame.return_offset.set(4);
        vm.frame_top.set(new.add(1));
        vm.frame.set(new);
        f.code.set(code);
        f.consts.set(code.consts.as_ptr() as *const Value);
        std::mem::forget(f.function.replace(Ref::from_owned($callable)));
        std::mem::forget(f.locals.replace(Ref::NULL));
        std::mem::forget(f.object.replace(Ref::NULL));
        f.globals.set(func.globals.get());
        f.builtins.set(func.builtins.get());
        f.kind.set(FrameKind::Normal);
        f.flags.set(0);
        let mut at = locals.add($nargs);
        let end = locals.add(code.nlocalsplus as usize);
        while at < end {
            // Volatile, lest it become a call of memset or vector code that needs registers.
            at.write_volatile(Value::NULL);
            at = at.add(1);
        }
        let pc = code.entry.get();
        f.pc.set(pc);
        let word = *pc;
        let op = (*$s.table.add((word & 255) as usize)).0;
        tail!(op, pc, end, locals, f, $s.table, (word >> 8) as usize)
    }};
}

handler!(
    /// Cache: the function's version in 1-2 (its code takes exactly these arguments, and has been prepared).
    op_CALL_PY_EXACT_ARGS, s => {
        let n = s.arg;
        let callable = s.peek(n + 2);
        if !callable.is_exact::<PyFunction>()
            || callable.cast_unchecked::<PyFunction>().version.get() != s.cache32(1)
        {
            goto!(s, specialize::op_deopt)
        }
        let has_self = !s.peek(n + 1).is_null() as usize;
        let nargs = n + has_self;
        if callable.cast_unchecked::<PyFunction>().code().argcount as usize != nargs {
            goto!(s, op_call_general)
        }
        py_exact!(s, callable, s.sp.sub(nargs), nargs, s.sp.sub(n + 2))
    }
);
handler!(
    /// A bound method of a Python function, exact arguments. Cache: the function's version.
    op_CALL_BOUND_METHOD_EXACT_ARGS, s => {
        let n = s.arg;
        let callable = s.peek(n + 2);
        if !callable.is_exact::<PyMethod>() || !s.peek(n + 1).is_null() {
            goto!(s, specialize::op_deopt)
        }
        let m = callable.cast_unchecked::<PyMethod>();
        let f = m.func.get();
        if !f.is_exact::<PyFunction>() || f.cast_unchecked::<PyFunction>().version.get() != s.cache32(1) {
            goto!(s, specialize::op_deopt)
        }
        goto!(s, op_call_general)
    }
);
handler!(
    /// Any Python function; binding is done in general.
    op_CALL_PY_GENERAL, s => { goto!(s, op_call_general) }
);

/// The arguments of a native call: (pointer to the first, number), self included if there is one.
macro_rules! native_args {
    ($s:ident) => {{
        let has_self = !$s.peek($s.arg + 1).is_null() as usize;
        ($s.sp.sub($s.arg + has_self), $s.arg + has_self)
    }};
}
/// Ends a native call: drops arguments, puts the result.
macro_rules! native_result {
    ($s:ident, $r:expr) => {{
        let r = $r;
        $s.drop_n($s.arg);
        let (callable, slf) = ($s.peek(2), $s.peek(1));
        $s.stack_shrink(1);
        $s.set_top(r);
        slf.decref();
        callable.decref();
        goto!($s, op_after_call)
    }};
}
handler!(
    /// A native function called with positional arguments.
    op_CALL_BUILTIN_FAST, s => {
        let callable = s.peek(s.arg + 2);
        if !callable.is_exact::<PyBuiltin>() {
            goto!(s, specialize::op_deopt)
        }
        let b = callable.cast_unchecked::<PyBuiltin>();
        let (args, n) = native_args!(s);
        if b.binds {
            goto!(s, op_call_general)
        }
        s.save();
        let r = try_op!(s, slow::call_def(b.def, args, n));
        native_result!(s, r.into_value())
    }
);
handler!(
    /// A method of a native type called with positional arguments.
    op_CALL_METHOD_DESCRIPTOR_FAST, s => {
        let callable = s.peek(s.arg + 2);
        if !callable.is_exact::<PyMethodDescr>() {
            goto!(s, specialize::op_deopt)
        }
        let d = callable.cast_unchecked::<PyMethodDescr>();
        let (args, n) = native_args!(s);
        if n == 0 || !slow::is_instance_of(*args, d.owner) {
            goto!(s, op_call_general)
        }
        s.save();
        let r = try_op!(s, slow::call_def(d.def, args, n));
        native_result!(s, r.into_value())
    }
);
handler!(op_CALL_LIST_APPEND, s => {
    let callable = s.peek(s.arg + 2);
    let slf = s.peek(s.arg + 1);
    if s.arg != 1 || callable.bits() != specialize::list_append_method() || !slf.is_exact::<taipan_objects::list::PyList>() {
        goto!(s, specialize::op_deopt)
    }
    let item = s.top();
    push_item!(slf, item);
    s.stack_shrink(2);
    s.set_top(Value::NONE);
    callable.decref();
    drop_next!(s, slf, 3)
});
handler!(op_CALL_LEN, s => {
    s.save();
    let callable = s.peek(s.arg + 2);
    if s.arg != 1 || !s.peek(2).is_null() || callable.bits() != specialize::len_function() {
        goto!(s, specialize::op_deopt)
    }
    let v = s.top();
    let n = try_op!(s, slow::len(v));
    if n as i64 > taipan_objects::value::SMALL_INT_MAX {
        // Too long for an immediate: the general call makes the number.
        goto!(s, specialize::op_deopt)
    }
    s.stack_shrink(2);
    s.set_top(Value::small_int(n as i64));
    callable.decref();
    drop_next!(s, v, 3)
});
handler!(op_CALL_ISINSTANCE, s => {
    s.save();
    let callable = s.peek(s.arg + 2);
    if s.arg != 2 || !s.peek(3).is_null() || callable.bits() != specialize::isinstance_function() {
        goto!(s, specialize::op_deopt)
    }
    let (v, cls) = (s.peek(2), s.peek(1));
    let r = try_op!(s, slow::isinstance(v, cls));
    s.stack_shrink(3);
    s.set_top(Value::from_bool(r));
    callable.decref();
    cls.decref();
    drop_next!(s, v, 3)
});
handler!(op_CALL_TYPE_1, s => {
    let callable = s.peek(s.arg + 2);
    if s.arg != 1 || !s.peek(2).is_null() || !callable.is(taipan_objects::types::TYPE_TYPE.value()) {
        goto!(s, specialize::op_deopt)
    }
    let v = s.top();
    let t = v.ty().to_ref();
    s.stack_shrink(2);
    s.set_top(t.into_value());
    drop_next!(s, v, 3)
});
handler!(
    /// A Python class with plain `__new__` and a Python `__init__` taking exactly these arguments. Cache: the class's version.
    op_CALL_ALLOC_AND_ENTER_INIT, s => {
        let n = s.arg;
        let callable = s.peek(n + 2);
        if !s.peek(n + 1).is_null()
            || !callable.is_heap()
            || !(*callable.as_ptr()).ty().has_flag(TypeFlags::TYPE_SUBCLASS)
        {
            goto!(s, specialize::op_deopt)
        }
        let ty = &*(callable.as_ptr() as *const taipan_objects::typeobject::TypeObject);
        if ty.version_tag.get() != s.cache32(1) || ty.cached_version.get() != ty.version_tag.get() {
            goto!(s, specialize::op_deopt)
        }
        if s.frame.kind.get() as u8 > FrameKind::Entry as u8 {
            goto!(s, op_call_general)
        }
        s.save();
        let init = ty.cached_init.get();
        let slf = call::plain_instance(ty).into_value();
        // The instance stays in the callable's slot as the result; its second reference is the new frame's first local.
        slf.incref();
        init.incref();
        s.set_peek(n + 1, slf);
        let args = s.sp.sub(n + 1);
        let base = s.sp.sub(n + 2);
        match call::push_frame(s.frame, init, args, n + 1, Value::NULL) {
            Some(frame) => {
                base.write(slf);
                s.frame.sp.set(base.add(1));
                s.frame.return_offset.set(4);
                frame.flags.set(FrameFlags::INIT);
                callable.decref();
                enter_frame!(s, frame)
            }
            None => {
                base.write(slf);
                callable.decref();
                s.sp = base.add(1);
                error!(s)
            }
        }
    }
);

handler!(op_CALL_KW, s => {
    s.save();
    let n = s.arg;
    let kwnames = s.pop();
    let mut callable = s.peek(n + 2);
    let mut slf = s.peek(n + 1);
    if slf.is_null() && callable.is_exact::<PyMethod>() {
        let m = callable.cast_unchecked::<PyMethod>();
        let (f, o) = (m.func.get(), m.self_.get());
        f.incref();
        o.incref();
        s.set_peek(n + 2, f);
        s.set_peek(n + 1, o);
        callable.decref();
        callable = f;
        slf = o;
    }
    let has_self = !slf.is_null() as usize;
    let args = s.sp.sub(n + has_self);
    let nargs = n + has_self;
    if callable.is_exact::<PyFunction>() {
        let base = s.sp.sub(n + 2);
        let pushed = call::push_frame(s.frame, callable, args, nargs, kwnames);
        kwnames.decref();
        match pushed {
            Some(frame) => {
                s.frame.sp.set(base);
                s.frame.return_offset.set(4);
                enter_frame!(s, frame)
            }
            None => {
                s.sp = base;
                error!(s)
            }
        }
    }
    let r = slow::call_native_kw(callable, args, nargs, kwnames);
    kwnames.decref();
    let r = try_op!(s, r);
    s.drop_n(n);
    let (a, b) = (s.peek(2), s.peek(1));
    s.stack_shrink(1);
    s.set_top(r.into_value());
    b.decref();
    a.decref();
    goto!(s, op_after_call)
});
handler!(op_CALL_FUNCTION_EX, s => {
    s.save();
    let base = s.sp.sub(4);
    let (callable, args, kwargs) = (s.peek(4), s.peek(2), s.peek(1));
    if callable.is_exact::<PyFunction>() {
        match call::push_frame_ex(s.frame, callable, args, kwargs) {
            Ok(frame) => {
                args.decref();
                kwargs.decref();
                s.frame.sp.set(base);
                s.frame.return_offset.set(1);
                enter_frame!(s, frame)
            }
            Err(consumed) => {
                if consumed {
                    args.decref();
                    kwargs.decref();
                    s.sp = base;
                }
                error!(s)
            }
        }
    }
    let r = try_op!(s, slow::call_ex(callable, args, kwargs));
    s.drop_n(3);
    s.set_top(r.into_value());
    drop_next!(s, callable, 0)
});
handler!(op_CALL_INTRINSIC_1, s => {
    s.save();
    let v = s.top();
    let r = try_op!(s, crate::intrinsics::unary(s.arg, v));
    s.set_top(r.into_value());
    drop_next!(s, v, 0)
});
handler!(op_CALL_INTRINSIC_2, s => {
    s.save();
    let (a, b) = (s.peek(2), s.peek(1));
    let r = try_op!(s, crate::intrinsics::binary(s.arg, a, b));
    s.stack_shrink(1);
    s.set_top(r.into_value());
    a.decref();
    drop_next!(s, b, 0)
});

handler!(
    /// A local returned: its reference moves to the stack, and the frame has one less to drop.
    op_LOAD_FAST_BORROW_RETURN_VALUE, s => {
        let slot = s.locals.add(s.arg);
        let v = *slot;
        if s.frame.object.is_null() {
            slot.write(Value::NULL);
        } else {
            v.incref();
        }
        s.push(v);
        s.pc = s.pc.add(1);
        goto!(s, op_RETURN_VALUE)
    }
);
handler!(op_RETURN_VALUE, s => {
    let frame = s.frame;
    if frame.kind.get() as u8 | frame.flags.get() != 0 || !frame.object.is_null() {
        goto!(s, op_return_special)
    }
    // What dies with the frame dies the general way; the usual case is that nothing does.
    let mut at = s.locals;
    let end = s.sp.sub(1);
    while at < end {
        let v = *at;
        if v.is_heap() {
            let h = &*v.as_ptr();
            if h.refcount() == 1 {
                goto!(s, op_return_special)
            }
            h.release();
        }
        at.write_volatile(Value::NULL);
        at = at.add(1);
    }
    let result = *end;
    let vm = vm();
    let previous = frame.previous.get();
    vm.frame.set(previous);
    vm.frame_top.set(frame as *const Frame as *mut Frame);
    let prev = &*previous;
    let sp = prev.sp.get();
    sp.write(result);
    let function = frame.function.get();
    let pc = prev.pc.get().add(prev.return_offset.get() as usize);
    if (*function.as_ptr()).release() {
        tail!(crate::core::ops_stack::op_dealloc, pc, sp.add(1), prev.localsplus.get(), prev, s.table, function.as_ptr() as usize)
    }
    let word = *pc;
    let op = (*s.table.add((word & 255) as usize)).0;
    tail!(op, pc, sp.add(1), prev.localsplus.get(), prev, s.table, (word >> 8) as usize)
});
handler!(
    /// Returns from frames of all kinds: entered from native code, generators, `__init__`, with a frame object.
    op_return_special, s => {
        s.save();
        let result = s.pop();
        let frame = s.frame;
        if frame.flags.get() & FrameFlags::INIT != 0 && !result.is_none() {
            slow::raise_init_returned(result);
            result.decref();
            error!(s)
        }
        let kind = frame.kind.get();
        let prev = frame.previous.get();
        let init = frame.flags.get() & FrameFlags::INIT != 0;
        crate::call::pop_frame(frame, s.sp);
        if kind == FrameKind::Entry || kind == FrameKind::GeneratorEntry {
            return result.bits();
        }
        let prev = &*prev;
        let mut sp = prev.sp.get();
        if !init {
            sp.write(result);
            sp = sp.add(1);
        }
        s.sp = sp;
        s.locals = prev.localsplus.get();
        s.frame = prev;
        dispatch_at!(s, prev.pc.get().add(prev.return_offset.get() as usize))
    }
);
handler!(op_INTERPRETER_EXIT, s => { goto!(s, crate::core::ops_exc::op_invalid) });
handler!(op_EXIT_INIT_CHECK, s => {
    let v = s.pop();
    if !v.is_none() {
        s.save();
        slow::raise_init_returned(v);
        v.decref();
        error!(s)
    }
    next!(s)
});
