//! Jumps, loops, generators.

#[allow(unused_imports)]
use crate::core::state::IntoValue;
use crate::core::{slow, specialize};
use crate::generator::{self, PyGenerator};
use taipan_bytecode::opcode::Opcode;
use taipan_objects::frame::FrameKind;
use taipan_objects::iterators::{ListIter, TupleIter};
use taipan_objects::list::PyList;
use taipan_objects::range::RangeIter;
use taipan_objects::tuple::PyTuple;
use taipan_objects::value::{Ref, Value};
use taipan_objects::vm::{EVAL_BREAKER, vm};

#[inline(always)]
fn breaker() -> bool {
    EVAL_BREAKER.load(std::sync::atomic::Ordering::Relaxed) != 0
}

handler!(op_RESUME, s => {
    if breaker() {
        goto!(s, op_resume_breaker)
    }
    next!(s)
});
handler!(op_RESUME_CHECK, s => { goto!(s, op_RESUME) });
handler!(#[cold] op_resume_breaker, s => {
    s.save();
    // Not after `yield from`: the instruction before is still at work.
    if s.arg & 3 < 2 {
        try_op!(s, crate::eval::handle_breaker());
    }
    next!(s)
});
handler!(op_JUMP_FORWARD, s => { dispatch_at!(s, s.pc.add(1 + s.arg)) });
handler!(op_JUMP_BACKWARD, s => {
    if breaker() {
        goto!(s, op_jump_breaker)
    }
    dispatch_at!(s, s.pc.add(2).sub(s.arg))
});
handler!(#[cold] op_jump_breaker, s => {
    s.save();
    try_op!(s, crate::eval::handle_breaker());
    dispatch_at!(s, s.pc.add(2).sub(s.arg))
});
handler!(op_JUMP_BACKWARD_NO_INTERRUPT, s => { dispatch_at!(s, s.pc.add(1).sub(s.arg)) });

handler!(op_POP_JUMP_IF_FALSE, s => {
    let v = s.pop();
    let skip = if v.is(Value::FALSE) { s.arg } else { (*s.pc.add(2) as u8 == Opcode::NOT_TAKEN as u8) as usize };
    dispatch_at!(s, s.pc.add(2 + skip))
});
handler!(op_POP_JUMP_IF_TRUE, s => {
    let v = s.pop();
    let skip = if v.is(Value::TRUE) { s.arg } else { (*s.pc.add(2) as u8 == Opcode::NOT_TAKEN as u8) as usize };
    dispatch_at!(s, s.pc.add(2 + skip))
});
handler!(op_POP_JUMP_IF_NONE, s => {
    let v = s.pop();
    if v.is_none() {
        dispatch_at!(s, s.pc.add(2 + s.arg))
    }
    drop_next!(s, v, 1)
});
handler!(op_POP_JUMP_IF_NOT_NONE, s => {
    let v = s.pop();
    if v.is_none() {
        next!(s, 1)
    }
    s.pc = s.pc.add(s.arg);
    drop_next!(s, v, 1)
});

handler!(op_GET_ITER, s => {
    s.save();
    let v = s.top();
    let r = try_op!(s, slow::iter(v));
    s.set_top(r.into_value());
    drop_next!(s, v, 0)
});
handler!(op_GET_YIELD_FROM_ITER, s => {
    s.save();
    let v = s.top();
    let r = try_op!(s, generator::yield_from_iter(s.frame, v));
    s.set_top(r.into_value());
    drop_next!(s, v, 0)
});
handler!(op_FOR_ITER, s => {
    s.save();
    specialize::for_iter(s);
    goto!(s, op_for_iter_general)
});
handler!(op_for_iter_general, s => {
    s.save();
    let v = slow::next_or_null(s.top());
    if !v.is_null() {
        s.push(v);
        next!(s, 1)
    }
    if !vm().pending().is_null() {
        error!(s)
    }
    // Behind the END_FOR, to POP_ITER.
    dispatch_at!(s, s.pc.add(2 + s.arg + 1))
});

/// Gives the next item to the STORE_FAST behind the loop's head at once, or pushes it.
macro_rules! item_next {
    ($s:ident, $v:expr) => {{
        let v: Value = $v;
        let next = *$s.pc.add(2);
        if next as u8 == Opcode::STORE_FAST as u8 {
            let old = $s.locals.add((next >> 8) as usize).replace(v);
            drop_next!($s, old, 2)
        }
        $s.push(v);
        next!($s, 1)
    }};
}
handler!(op_FOR_ITER_LIST, s => {
    let it = s.top();
    if !it.is_exact::<ListIter>() {
        goto!(s, specialize::op_deopt)
    }
    let it = it.cast_unchecked::<ListIter>();
    let l = it.sequence.get();
    let i = it.index.get();
    // The end, and whatever is unusual, goes the general way.
    if !l.is_heap() || i >= l.cast_unchecked::<PyList>().items().len() {
        goto!(s, op_for_iter_general)
    }
    it.index.set(i + 1);
    let v = l.cast_unchecked::<PyList>().items().get_unchecked(i).value();
    v.incref();
    item_next!(s, v)
});
handler!(op_FOR_ITER_TUPLE, s => {
    let it = s.top();
    if !it.is_exact::<TupleIter>() {
        goto!(s, specialize::op_deopt)
    }
    let it = it.cast_unchecked::<TupleIter>();
    let t = it.sequence.get();
    let i = it.index.get();
    if !t.is_heap() || i >= t.cast_unchecked::<PyTuple>().items().len() {
        goto!(s, op_for_iter_general)
    }
    it.index.set(i + 1);
    let v = *t.cast_unchecked::<PyTuple>().items().get_unchecked(i);
    v.incref();
    item_next!(s, v)
});
handler!(op_FOR_ITER_RANGE, s => {
    let it = s.top();
    if !it.is_exact::<RangeIter>() {
        goto!(s, specialize::op_deopt)
    }
    let it = it.cast_unchecked::<RangeIter>();
    let n = it.remaining.get();
    if n == 0 {
        dispatch_at!(s, s.pc.add(2 + s.arg + 1))
    }
    let i = it.current.get();
    let Some(v) = Value::try_small_int(i) else { goto!(s, op_for_iter_general) };
    it.remaining.set(n - 1);
    it.current.set(i.wrapping_add(it.step.get()));
    item_next!(s, v)
});

/// Resumes a generator in this run of the core: `value` becomes what its `yield` gives.
macro_rules! resume_generator {
    ($s:ident, $gen:expr, $value:expr, $return_offset:expr) => {{
        let g = $gen;
        $s.frame.sp.set($s.sp);
        $s.frame.return_offset.set($return_offset);
        match generator::enter(g, $s.frame, FrameKind::Generator) {
            Some(frame) => {
                let sp = frame.sp.get();
                sp.write($value);
                frame.sp.set(sp.add(1));
                $crate::enter_frame!($s, frame)
            }
            None => error!($s),
        }
    }};
}

handler!(op_FOR_ITER_GEN, s => {
    let it = s.top();
    if !it.is_exact::<PyGenerator>() {
        goto!(s, specialize::op_deopt)
    }
    let g = it.cast_unchecked::<PyGenerator>();
    if !g.is_resumable() {
        goto!(s, op_for_iter_general)
    }
    s.save();
    // On return, END_FOR drops the value.
    resume_generator!(s, g, Value::NONE, 2 + s.arg as u16)
});
handler!(op_SEND, s => {
    s.save();
    let (receiver, v) = (s.peek(2), s.peek(1));
    if let Some(g) = generator::as_generator_or_coroutine(&receiver)
        && g.is_resumable()
        && s.arg < 60000
    {
        s.stack_shrink(1);
        resume_generator!(s, g, v, 2 + s.arg as u16)
    }
    let (r, returned) = try_op!(s, slow::send(receiver, v));
    s.set_top(r.into_value());
    v.decref();
    if returned {
        dispatch_at!(s, s.pc.add(2 + s.arg))
    }
    next!(s, 1)
});
handler!(op_SEND_GEN, s => { goto!(s, op_SEND) });
handler!(op_YIELD_VALUE, s => {
    let v = s.pop();
    let frame = s.frame;
    // Goes on behind this instruction; whoever raises here instead steps back.
    frame.pc.set(s.pc.add(1));
    frame.sp.set(s.sp);
    let kind = frame.kind.get();
    let prev = frame.previous.get();
    generator::suspend(frame);
    if kind == FrameKind::GeneratorEntry {
        return v.bits();
    }
    let prev = &*prev;
    let sp = prev.sp.get();
    sp.write(v);
    s.sp = sp.add(1);
    s.locals = prev.localsplus.get();
    s.frame = prev;
    // SEND and FOR_ITER have one cache unit.
    dispatch_at!(s, prev.pc.get().add(2))
});
handler!(op_RETURN_GENERATOR, s => {
    s.save();
    let frame = s.frame;
    let kind = frame.kind.get();
    let prev = frame.previous.get();
    let g = generator::from_frame(frame, s.sp).into_value();
    vm().frame.set(prev);
    vm().frame_top.set(frame as *const taipan_objects::frame::Frame as *mut taipan_objects::frame::Frame);
    if kind == FrameKind::Entry {
        return g.bits();
    }
    let prev = &*prev;
    let sp = prev.sp.get();
    sp.write(g);
    s.sp = sp.add(1);
    s.locals = prev.localsplus.get();
    s.frame = prev;
    dispatch_at!(s, prev.pc.get().add(prev.return_offset.get() as usize))
});
handler!(op_GET_AWAITABLE, s => {
    s.save();
    let v = s.top();
    let r = try_op!(s, generator::get_awaitable(v, s.arg));
    s.set_top(r.into_value());
    drop_next!(s, v, 0)
});
handler!(op_GET_AITER, s => {
    s.save();
    let v = s.top();
    let r = try_op!(s, generator::get_aiter(v));
    s.set_top(r.into_value());
    drop_next!(s, v, 0)
});
handler!(op_GET_ANEXT, s => {
    s.save();
    let r = try_op!(s, generator::get_anext(s.top()));
    s.push(r.into_value());
    next!(s)
});
handler!(op_END_ASYNC_FOR, s => {
    s.save();
    let (awaitable, exc) = (s.peek(2), s.peek(1));
    if taipan_objects::exceptions::StopAsyncIteration.value().is(exc.ty().value())
        || exc.ty().is_subtype(&taipan_objects::exceptions::StopAsyncIteration)
    {
        s.stack_shrink(2);
        awaitable.decref();
        drop_next!(s, exc, 0)
    }
    s.stack_shrink(1);
    vm().set_pending(Ref::from_owned(exc));
    goto!(s, crate::core::ops_exc::op_unwind)
});
handler!(op_CLEANUP_THROW, s => {
    s.save();
    let exc = s.top();
    if exc.ty().is_subtype(&taipan_objects::exceptions::StopIteration) {
        let v = slow::stop_iteration_value(exc).into_value();
        let (sub, last) = (s.peek(3), s.peek(2));
        s.stack_shrink(1);
        s.set_peek(2, Value::NONE);
        s.set_peek(1, v);
        sub.decref();
        last.decref();
        drop_next!(s, exc, 0)
    }
    s.stack_shrink(1);
    vm().set_pending(Ref::from_owned(exc));
    goto!(s, crate::core::ops_exc::op_unwind)
});
