//! Raising, unwinding, handling.

use crate::core::slow;
#[allow(unused_imports)]
use crate::core::state::IntoValue;
use taipan_objects::frame::{Frame, FrameKind};
use taipan_objects::value::{Ref, Value};
use taipan_objects::vm::vm;

handler!(
    /// An exception is pending, raised by the instruction at `pc`.
    #[cold]
    op_error, s => {
        s.save();
        slow::add_traceback(s.frame);
        goto!(s, op_unwind)
    }
);
handler!(
    /// An exception is pending: goes on at its handler, in this frame or one further out.
    #[cold]
    op_unwind, s => {
        let frame = s.frame;
        debug_assert!(!vm().pending().is_null(), "unwinding without an exception");
        let code = frame.code();
        let unit = s.pc.offset_from(code.entry.get()) as u32;
        if let Some(h) = slow::find_handler(code, unit) {
            let exc = vm().take_pending().into_value();
            let keep = s.stack_base().add(h.depth as usize);
            slow::drop_to(s.sp, keep);
            s.sp = keep;
            if h.lasti {
                s.push(Value::small_int(frame.pc.get().offset_from(code.entry.get()) as i64));
            }
            s.push(exc);
            dispatch_at!(s, code.entry.get().add(h.target as usize))
        }
        let kind = frame.kind.get();
        let prev = frame.previous.get();
        let exc = vm().take_pending().into_value();
        crate::call::pop_frame(frame, s.sp);
        vm().set_pending(Ref::from_owned(exc));
        if kind == FrameKind::Entry || kind == FrameKind::GeneratorEntry {
            return Value::NULL.bits();
        }
        let prev: &'static Frame = &*prev;
        s.sp = prev.sp.get();
        s.locals = prev.localsplus.get();
        s.pc = prev.pc.get();
        s.frame = prev;
        goto!(s, op_error)
    }
);
handler!(
    /// A number that is no instruction; verified code has none.
    #[cold]
    op_invalid, s => {
        s.save();
        slow::raise_invalid_opcode(*s.pc as u8);
        error!(s)
    }
);

handler!(op_PUSH_EXC_INFO, s => {
    let exc = s.top();
    exc.incref();
    let info = vm().exc_info();
    let old = info.value.replace(Ref::from_owned(exc));
    let old = if old.is_null() { Value::NONE } else { old.into_value() };
    s.set_top(old);
    s.push(exc);
    next!(s)
});
handler!(op_POP_EXCEPT, s => {
    let v = s.pop();
    let old = vm().exc_info().value.replace(Ref::from_owned(v)).into_value();
    drop_next!(s, old, 0)
});
handler!(op_CHECK_EXC_MATCH, s => {
    s.save();
    let (exc, ty) = (s.peek(2), s.peek(1));
    let r = try_op!(s, slow::exception_matches(exc, ty));
    s.set_top(Value::from_bool(r));
    drop_next!(s, ty, 0)
});
handler!(op_CHECK_EG_MATCH, s => {
    s.save();
    let (group, ty) = (s.peek(2), s.peek(1));
    let (rest, matched) = try_op!(s, slow::exception_group_match(group, ty));
    s.set_peek(2, rest.into_value());
    s.set_top(matched.into_value());
    group.decref();
    drop_next!(s, ty, 0)
});
handler!(op_RAISE_VARARGS, s => {
    s.save();
    let n = s.arg;
    let cause = if n == 2 { s.pop() } else { Value::NULL };
    let exc = if n >= 1 { s.pop() } else { Value::NULL };
    let reraise = slow::do_raise(exc, cause);
    cause.decref();
    exc.decref();
    if reraise {
        goto!(s, op_unwind)
    }
    error!(s)
});
handler!(op_RERAISE, s => {
    let exc = s.pop();
    s.save();
    if s.arg != 0 {
        let lasti = s.peek(s.arg);
        if let Some(i) = lasti.as_small_int() {
            s.frame.pc.set(s.frame.code().entry.get().add(i as usize));
        }
    }
    vm().set_pending(Ref::from_owned(exc));
    goto!(s, op_unwind)
});
handler!(op_WITH_EXCEPT_START, s => {
    s.save();
    let (exc, slf, exit) = (s.peek(1), s.peek(4), s.peek(5));
    let r = try_op!(s, slow::with_except_start(exit, slf, exc));
    s.push(r.into_value());
    next!(s)
});
