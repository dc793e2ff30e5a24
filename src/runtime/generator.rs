//! Generators and coroutines: frames that can be suspended, with a window of their own.
//!
//! All three kinds (generator, coroutine, async generator) share the layout `PyGenerator`. Resuming from Python code stays in the same
//! run of the core (`enter`); from native code it starts a run (`resume`).
//! Invariant: while a generator runs, its frame is linked to the resumer's and its `exc_info` is the innermost.

use crate::eval;
use std::cell::{Cell, UnsafeCell};
use taipan_bytecode::code::flags::{CO_ASYNC_GENERATOR, CO_COROUTINE, CO_ITERABLE_COROUTINE};
use taipan_bytecode::opcode::Opcode;
use taipan_objects::err::{PyResult, Raised};
use taipan_objects::frame::{Frame, FrameKind};
use taipan_objects::function::PyCode;
use taipan_objects::names::names;
use taipan_objects::object::{Header, Object};
use taipan_objects::typeobject::{SendResult, Type};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::vm::{ExcInfo, vm};
use taipan_objects::{err, protocol};

/// What a generator is doing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GenState {
    Created,
    Suspended,
    Running,
    Done,
}

/// A generator, coroutine or async generator.
#[repr(C)]
pub struct PyGenerator {
    pub header: Header,
    pub state: Cell<GenState>,
    /// The code, which outlives the frame.
    pub code: Slot,
    pub name: Slot,
    pub qualname: Slot,
    pub exc_info: ExcInfo,
    /// Coroutines: where it was made (`cr_origin`), or NULL.
    pub origin: Slot,
    /// Async generators.
    pub finalizer: Slot,
    pub hooks_inited: Cell<bool>,
    pub running_async: Cell<bool>,
    pub closed: Cell<bool>,
    pub frame: Frame,
    pub window: UnsafeCell<Vec<Value>>,
}

impl PyGenerator {
    /// Not running and not finished.
    #[inline(always)]
    pub fn is_resumable(&self) -> bool {
        matches!(self.state.get(), GenState::Suspended | GenState::Created)
    }
    fn visit_all(&self, visit: &mut dyn FnMut(Value)) {
        for s in [
            &self.code,
            &self.name,
            &self.qualname,
            &self.exc_info.value,
            &self.origin,
            &self.finalizer,
        ] {
            visit(s.get());
        }
        if self.is_resumable() {
            visit(self.frame.function.get());
            visit(self.frame.locals.get());
            visit(self.frame.object.get());
            let mut p = self.frame.localsplus.get();
            while p < self.frame.sp.get() {
                // SAFETY: a suspended frame owns its window up to `sp`.
                unsafe {
                    visit(*p);
                    p = p.add(1);
                }
            }
        }
    }
}

// SAFETY: repr(C) with a Header first. The three types share the layout.
unsafe impl Object for PyGenerator {
    #[inline(always)]
    fn type_object() -> Type {
        &crate::generator_types::GENERATOR_TYPE
    }
    fn traverse(&self, visit: &mut dyn FnMut(Value)) {
        self.visit_all(visit);
    }
    fn clear(&self) {
        if self.is_resumable() {
            discard(self);
        }
    }
}

impl Drop for PyGenerator {
    fn drop(&mut self) {
        if self.is_resumable() {
            discard(self);
        }
    }
}

/// The generator whose frame this is.
#[inline(always)]
pub fn of_frame(frame: &'static Frame) -> &'static PyGenerator {
    debug_assert!(frame.kind.get() as u8 >= FrameKind::Generator as u8);
    // SAFETY: frames of these kinds are the `frame` field of a generator.
    unsafe {
        &*((frame as *const Frame as *const u8).sub(std::mem::offset_of!(PyGenerator, frame))
            as *const PyGenerator)
    }
}

/// Any of the three kinds.
#[inline(always)]
pub fn as_any(v: &Value) -> Option<&PyGenerator> {
    use crate::generator_types::{ASYNC_GENERATOR_TYPE, COROUTINE_TYPE, GENERATOR_TYPE};
    if v.is_heap() {
        let t = v.ty();
        if std::ptr::eq(t, &GENERATOR_TYPE)
            || std::ptr::eq(t, &COROUTINE_TYPE)
            || std::ptr::eq(t, &ASYNC_GENERATOR_TYPE)
        {
            // SAFETY: these types have this layout.
            return Some(unsafe { v.cast_unchecked::<PyGenerator>() });
        }
    }
    None
}
/// A generator or coroutine.
#[inline(always)]
pub fn as_generator_or_coroutine(v: &Value) -> Option<&PyGenerator> {
    use crate::generator_types::{COROUTINE_TYPE, GENERATOR_TYPE};
    if v.is_heap() {
        let t = v.ty();
        if std::ptr::eq(t, &GENERATOR_TYPE) || std::ptr::eq(t, &COROUTINE_TYPE) {
            // SAFETY: these types have this layout.
            return Some(unsafe { v.cast_unchecked::<PyGenerator>() });
        }
    }
    None
}

/// RETURN_GENERATOR: moves a frame that has just begun into a new generator.
///
/// # Safety
/// `frame` is the current frame, of kind Normal or Entry, its stack up to `sp`.
#[inline(never)]
pub unsafe fn from_frame(frame: &'static Frame, sp: *mut Value) -> Ref {
    let code = frame.code();
    let ty: Type = if code.flags & CO_COROUTINE != 0 {
        &crate::generator_types::COROUTINE_TYPE
    } else if code.flags & CO_ASYNC_GENERATOR != 0 {
        &crate::generator_types::ASYNC_GENERATOR_TYPE
    } else {
        &crate::generator_types::GENERATOR_TYPE
    };
    let used = unsafe { sp.offset_from(frame.localsplus.get()) } as usize;
    let mut window = Vec::with_capacity(code.framesize as usize);
    window.resize(code.framesize as usize, Value::NULL);
    unsafe { std::ptr::copy_nonoverlapping(frame.localsplus.get(), window.as_mut_ptr(), used) };
    let base = window.as_mut_ptr();
    let (name, qualname, code_ref) = match frame.function() {
        Some(f) => (f.name.get_ref(), f.qualname.get_ref(), f.code.get_ref()),
        None => (code.name.clone(), code.qualname.clone(), Ref::NONE),
    };
    let origin = if code.flags & CO_COROUTINE != 0 && vm().coroutine_origin_depth.get() > 0 {
        crate::generator_types::origin(vm().coroutine_origin_depth.get())
    } else {
        Ref::NULL
    };
    let g = PyGenerator {
        header: Header::new(ty),
        state: Cell::new(GenState::Created),
        code: Slot::new(code_ref),
        name: Slot::new(name),
        qualname: Slot::new(qualname),
        exc_info: ExcInfo {
            value: Slot::null(),
            previous: Cell::new(std::ptr::null()),
        },
        origin: Slot::new(origin),
        finalizer: Slot::null(),
        hooks_inited: Cell::new(false),
        running_async: Cell::new(false),
        closed: Cell::new(false),
        frame: Frame {
            // Resumes behind RETURN_GENERATOR.
            pc: Cell::new(unsafe { frame.pc.get().add(1) }),
            localsplus: Cell::new(base),
            sp: Cell::new(unsafe { base.add(used) }),
            previous: Cell::new(std::ptr::null_mut()),
            code: Cell::new(frame.code.get()),
            consts: Cell::new(frame.consts.get()),
            limit: Cell::new(std::ptr::null_mut()),
            function: Slot::new(frame.function.take()),
            globals: Cell::new(frame.globals.get()),
            builtins: Cell::new(frame.builtins.get()),
            locals: Slot::new(frame.locals.take()),
            object: Slot::new(frame.object.take()),
            kind: Cell::new(FrameKind::Generator),
            flags: Cell::new(0),
            return_offset: Cell::new(0),
        },
        window: UnsafeCell::new(window),
    };
    let r = taipan_objects::object::alloc(ty, g);
    // SAFETY: just made.
    let g = unsafe { r.cast_unchecked::<PyGenerator>() };
    if !g.frame.object.is_null() {
        crate::frame_object::moved(g.frame.object.get(), &g.frame);
    }
    r
}

/// Links a generator's frame as the current one. The caller then pushes the sent value on its stack.
/// `None`: too deep, RecursionError is pending.
#[inline(never)]
pub fn enter(g: &PyGenerator, resumer: *const Frame, kind: FrameKind) -> Option<&'static Frame> {
    let vm = vm();
    // A record is left out for the depth count.
    let top = vm.frame_top.get();
    if top >= vm.frame_limit.get() {
        let _ = crate::call::raise_recursion();
        return None;
    }
    vm.frame_top.set(top.wrapping_add(1));
    // SAFETY: the frame lives in the generator, which whoever resumes it holds.
    let f: &'static Frame = unsafe { &*(&g.frame as *const Frame) };
    f.kind.set(kind);
    f.previous.set(resumer as *mut Frame);
    f.limit.set(if resumer.is_null() {
        vm.stack_base.get()
    } else {
        unsafe { (*resumer).limit.get() }
    });
    g.state.set(GenState::Running);
    g.exc_info.previous.set(vm.exc_info() as *const ExcInfo);
    vm.exc_info.set(&g.exc_info);
    vm.frame.set(f as *const Frame as *mut Frame);
    Some(f)
}

fn leave(g: &PyGenerator) {
    let vm = vm();
    vm.exc_info.set(g.exc_info.previous.get());
    vm.frame.set(g.frame.previous.get());
    vm.frame_top.set(vm.frame_top.get().wrapping_sub(1));
    g.frame.previous.set(std::ptr::null_mut());
}

/// YIELD_VALUE: the frame's pc and sp have been saved.
#[inline(never)]
pub fn suspend(frame: &'static Frame) {
    let g = of_frame(frame);
    leave(g);
    g.state.set(GenState::Suspended);
}

/// The frame has returned or is being unwound.
///
/// # Safety
/// `frame` is the current frame, a generator's; its stack goes up to `sp`.
pub unsafe fn finish(frame: &'static Frame, sp: *mut Value) {
    let g = of_frame(frame);
    frame.sp.set(sp);
    // Contents die while the frame is still current, as in a function.
    clear_frame(g);
    leave(g);
    drop(g.exc_info.value.take());
}

/// Ends a generator that does not run: drops what its frame holds.
pub fn discard(g: &PyGenerator) {
    clear_frame(g);
    drop(g.exc_info.value.take());
}

fn clear_frame(g: &PyGenerator) {
    g.state.set(GenState::Done);
    let f = &g.frame;
    // SAFETY: the frame lives in the generator.
    let f: &'static Frame = unsafe { &*(f as *const Frame) };
    let sp = f.sp.get();
    if !f.object.is_null() {
        // SAFETY: the frame owns its window up to `sp`.
        unsafe { crate::frame_object::take_over(f, sp) };
    } else {
        let base = f.localsplus.get();
        let mut at = sp;
        while at > base {
            // SAFETY: the frame owns its window up to `sp`.
            unsafe {
                at = at.sub(1);
                f.sp.set(at);
                drop(Ref::from_owned(at.replace(Value::NULL)));
            }
        }
    }
    drop(f.locals.take());
    drop(f.function.take());
}

/// Resumes from native code with a value (or, `None`, with the pending exception).
pub fn resume(g: &PyGenerator, value: Option<Ref>) -> PyResult<SendResult> {
    let vm = vm();
    vm.check_native_stack("")?;
    let keep = Value::from_obj(g).to_ref();
    let pending = if value.is_none() {
        vm.take_pending()
    } else {
        Ref::NULL
    };
    let Some(f) = enter(g, vm.frame.get(), FrameKind::GeneratorEntry) else {
        return Err(Raised::pending());
    };
    let r = match value {
        Some(v) => {
            // SAFETY: a suspended generator has room for the value its yield gives.
            unsafe {
                let sp = f.sp.get();
                sp.write(v.into_value());
                f.sp.set(sp.add(1));
            }
            eval::run(f)
        }
        None => {
            vm.set_pending(pending);
            run_raising(f)
        }
    };
    let r = match r {
        Ok(v) if g.state.get() == GenState::Suspended => Ok(SendResult::Yield(v)),
        Ok(v) => Ok(SendResult::Return(v)),
        Err(e) => Err(e),
    };
    drop(keep);
    r
}

/// Enters a frame by raising the pending exception at its current instruction.
fn run_raising(f: &'static Frame) -> PyResult {
    use crate::core::ops_exc::op_error;
    // SAFETY: as in `eval::run`.
    let bits = unsafe {
        op_error(
            f.pc.get().sub(1),
            f.sp.get(),
            f.localsplus.get(),
            f,
            crate::core::DISPATCH.as_ptr(),
            0,
        )
    };
    let v = unsafe { Value::from_bits(bits) };
    if v.is_null() {
        Err(Raised::pending())
    } else {
        Ok(unsafe { Ref::from_owned(v) })
    }
}

/// The hook `gen_send`: any of the three kinds.
pub fn send(v: Value, arg: Value) -> PyResult<SendResult> {
    let Some(g) = as_any(&v) else {
        return err!(TypeError, "'{}' object is not a generator", v.type_name());
    };
    send_to(g, arg)
}

/// `gen.send(arg)` as a result.
pub fn send_to(g: &PyGenerator, arg: Value) -> PyResult<SendResult> {
    let kind = crate::generator_types::kind_name(g);
    match g.state.get() {
        GenState::Running => err!(ValueError, "{kind} already executing"),
        GenState::Done => {
            if kind == "coroutine" {
                return err!(RuntimeError, "cannot reuse already awaited coroutine");
            }
            Ok(SendResult::Return(Ref::NONE))
        }
        GenState::Created if !arg.is_none() => {
            err!(
                TypeError,
                "can't send non-None value to a just-started {kind}"
            )
        }
        _ => resume(g, Some(arg.to_ref())),
    }
}

/// What the generator delegates to, if it is suspended in a `yield from` or `await`; borrowed.
pub fn delegate(g: &PyGenerator) -> Option<Value> {
    if g.state.get() != GenState::Suspended {
        return None;
    }
    // SAFETY: a suspended generator's pc is at its YIELD_VALUE or behind it; the receiver is on the stack's top.
    unsafe {
        let pc = g.frame.pc.get();
        let at = if *pc as u8 == Opcode::YIELD_VALUE as u8 {
            pc
        } else {
            pc.sub(1)
        };
        if *at as u8 != Opcode::YIELD_VALUE as u8 || *at >> 8 == 0 {
            return None;
        }
        let next = *at.add(1);
        if next as u8 != Opcode::RESUME as u8 || (next >> 8) & 3 < 2 {
            return None;
        }
        Some(*g.frame.sp.get().sub(1))
    }
}

/// `gen.throw(exc)` with an exception instance.
pub fn throw(g: &PyGenerator, exc: Ref) -> PyResult<SendResult> {
    match g.state.get() {
        GenState::Running => {
            return err!(
                ValueError,
                "{} already executing",
                crate::generator_types::kind_name(g)
            );
        }
        GenState::Done => {
            if crate::generator_types::kind_name(g) == "coroutine" {
                return err!(RuntimeError, "cannot reuse already awaited coroutine");
            }
            return Err(taipan_objects::err::set_exception(exc));
        }
        _ => {}
    }
    if let Some(sub) = delegate(g) {
        let sub = sub.to_ref();
        vm().check_native_stack("")?;
        if exc
            .ty()
            .is_subtype(&taipan_objects::exceptions::GeneratorExit)
        {
            g.state.set(GenState::Running);
            let r = close_iter(*sub);
            g.state.set(GenState::Suspended);
            if r.is_err() {
                return resume_raising(g);
            }
        } else {
            let r = if let Some(inner) = as_generator_or_coroutine(&sub) {
                g.state.set(GenState::Running);
                let r = with_link(g, || throw(inner, exc.clone()));
                g.state.set(GenState::Suspended);
                Some(r)
            } else {
                match protocol::getattr_opt(*sub, names().throw)? {
                    Some(f) => {
                        g.state.set(GenState::Running);
                        let r = with_link(g, || protocol::call(*f, &[*exc]));
                        g.state.set(GenState::Suspended);
                        Some(match r {
                            Ok(v) => Ok(SendResult::Yield(v)),
                            Err(e) => {
                                if taipan_objects::err::pending_is(
                                    &taipan_objects::exceptions::StopIteration,
                                ) {
                                    let e = vm().take_pending();
                                    Ok(SendResult::Return(crate::core::slow::stop_iteration_value(
                                        *e,
                                    )))
                                } else {
                                    Err(e)
                                }
                            }
                        })
                    }
                    None => None,
                }
            };
            match r {
                Some(Ok(SendResult::Yield(v))) => return Ok(SendResult::Yield(v)),
                Some(Ok(SendResult::Return(v))) => {
                    // The delegate is finished: go on behind the SEND as if it had returned.
                    return resume_after_delegate(g, v);
                }
                Some(Err(_)) => return resume_raising(g),
                None => {}
            }
        }
    }
    let _ = taipan_objects::err::set_exception(exc);
    resume_raising(g)
}

/// Runs `f` with the generator's frame linked, so that tracebacks and `sys._getframe` see it.
fn with_link<T>(g: &PyGenerator, f: impl FnOnce() -> T) -> T {
    let vm = vm();
    let prev = vm.frame.get();
    g.frame.previous.set(prev);
    g.frame.limit.set(if prev.is_null() {
        vm.stack_base.get()
    } else {
        unsafe { (*prev).limit.get() }
    });
    vm.frame.set(&g.frame as *const Frame as *mut Frame);
    let r = f();
    vm.frame.set(prev);
    g.frame.previous.set(std::ptr::null_mut());
    r
}

fn resume_raising(g: &PyGenerator) -> PyResult<SendResult> {
    if g.state.get() == GenState::Created {
        // Never started: the exception ends it at its first line.
        let exc = vm().take_pending();
        vm().set_pending(exc);
    }
    resume(g, None)
}

/// Goes on behind the SEND to which the suspended generator delegates, with the delegate's result.
fn resume_after_delegate(g: &PyGenerator, value: Ref) -> PyResult<SendResult> {
    // SAFETY: verified code: `SEND, YIELD_VALUE, RESUME, JUMP_BACKWARD_NO_INTERRUPT`; the SEND lies before the yield.
    unsafe {
        let pc = g.frame.pc.get();
        let mut at = if *pc as u8 == Opcode::YIELD_VALUE as u8 {
            pc
        } else {
            pc.sub(1)
        };
        while taipan_bytecode::opcode::deoptimized(*at as u8) != Opcode::SEND as u8 {
            at = at.sub(1);
        }
        // Behind the SEND's cache unit and its jump.
        let mut arg = (*at >> 8) as usize;
        let mut before = at.sub(1);
        let mut shift = 8;
        while *before as u8 == Opcode::EXTENDED_ARG as u8 {
            arg |= ((*before >> 8) as usize) << shift;
            shift += 8;
            before = before.sub(1);
        }
        g.frame.pc.set(at.add(2 + arg));
    }
    resume_at(g, value)
}

fn resume_at(g: &PyGenerator, value: Ref) -> PyResult<SendResult> {
    resume(g, Some(value))
}

/// `close()` of a delegate.
pub fn close_iter(it: Value) -> PyResult<()> {
    if let Some(g) = as_generator_or_coroutine(&it) {
        return close(g).map(|_| ());
    }
    match protocol::getattr_opt(it, names().close) {
        Ok(Some(f)) => protocol::call(*f, &[]).map(|_| ()),
        Ok(None) => Ok(()),
        Err(_) => {
            (taipan_objects::vm::hooks().write_unraisable)("", it);
            Ok(())
        }
    }
}

/// `gen.close()`: the value it returned, or None.
pub fn close(g: &PyGenerator) -> PyResult {
    match g.state.get() {
        GenState::Done => return Ok(Ref::NONE),
        GenState::Created => {
            discard(g);
            return Ok(Ref::NONE);
        }
        GenState::Running => {
            return err!(
                ValueError,
                "{} already executing",
                crate::generator_types::kind_name(g)
            );
        }
        GenState::Suspended => {}
    }
    let exc = protocol::call(taipan_objects::exceptions::GeneratorExit.value(), &[])?;
    match throw(g, exc) {
        Ok(SendResult::Yield(_)) => {
            err!(
                RuntimeError,
                "{} ignored GeneratorExit",
                crate::generator_types::kind_name(g)
            )
        }
        Ok(SendResult::Return(v)) => Ok(v),
        Err(e) => {
            if taipan_objects::err::clear_if(&taipan_objects::exceptions::GeneratorExit)
                || taipan_objects::err::clear_if(&taipan_objects::exceptions::StopIteration)
            {
                Ok(Ref::NONE)
            } else {
                Err(e)
            }
        }
    }
}

/// GET_YIELD_FROM_ITER.
#[inline(never)]
pub fn yield_from_iter(frame: &Frame, v: Value) -> PyResult {
    if v.ty().is(&crate::generator_types::COROUTINE_TYPE) {
        if frame.code().flags & (CO_COROUTINE | CO_ITERABLE_COROUTINE) == 0 {
            return err!(
                TypeError,
                "cannot 'yield from' a coroutine object in a non-coroutine generator"
            );
        }
        return Ok(v.to_ref());
    }
    if v.ty().is(&crate::generator_types::GENERATOR_TYPE) {
        return Ok(v.to_ref());
    }
    protocol::iter(v)
}

fn is_awaitable_generator(v: Value) -> bool {
    match v.cast_exact::<PyGenerator>() {
        // SAFETY: the code slot holds a code object.
        Some(g) => unsafe {
            g.code.get().cast_unchecked::<PyCode>().flags & CO_ITERABLE_COROUTINE != 0
        },
        None => false,
    }
}

/// GET_AWAITABLE; `arg` says for whom: 1 `__aenter__`, 2 `__aexit__`.
#[inline(never)]
pub fn get_awaitable(v: Value, arg: usize) -> PyResult {
    let r = awaitable_iter(v, arg)?;
    if let Some(g) = as_generator_or_coroutine(&r)
        && r.ty().is(&crate::generator_types::COROUTINE_TYPE)
        && delegate(g).is_some()
    {
        return err!(RuntimeError, "coroutine is being awaited already");
    }
    Ok(r)
}

/// The iterator behind an awaitable.
pub fn awaitable_iter(v: Value, arg: usize) -> PyResult {
    if v.ty().is(&crate::generator_types::COROUTINE_TYPE) || is_awaitable_generator(v) {
        return Ok(v.to_ref());
    }
    match v.ty().slots().await_ {
        Some(f) => {
            let r = f(v)?;
            if r.ty().is(&crate::generator_types::COROUTINE_TYPE) || is_awaitable_generator(*r) {
                return err!(TypeError, "__await__() returned a coroutine");
            }
            if r.ty().slots().iternext.is_none() {
                return err!(
                    TypeError,
                    "__await__() returned non-iterator of type '{}'",
                    r.type_name()
                );
            }
            Ok(r)
        }
        None => match arg {
            1 => err!(
                TypeError,
                "'async with' received an object from __aenter__ that does not implement __await__: {}",
                v.type_name()
            ),
            2 => err!(
                TypeError,
                "'async with' received an object from __aexit__ that does not implement __await__: {}",
                v.type_name()
            ),
            _ => err!(TypeError, "'{}' object can't be awaited", v.type_name()),
        },
    }
}

/// GET_AITER.
#[inline(never)]
pub fn get_aiter(v: Value) -> PyResult {
    let Some(f) = v.ty().slots().aiter else {
        return err!(
            TypeError,
            "'async for' requires an object with __aiter__ method, got {}",
            v.type_name()
        );
    };
    let r = f(v)?;
    if r.ty().slots().anext.is_none() {
        return err!(
            TypeError,
            "'async for' received an object from __aiter__ that does not implement __anext__: {}",
            r.type_name()
        );
    }
    Ok(r)
}

/// GET_ANEXT: the awaitable of the next item.
#[inline(never)]
pub fn get_anext(aiter: Value) -> PyResult {
    let Some(f) = aiter.ty().slots().anext else {
        return err!(
            TypeError,
            "'async for' requires an iterator with __anext__ method, got {}",
            aiter.type_name()
        );
    };
    let a = f(aiter)?;
    if aiter.ty().is(&crate::generator_types::ASYNC_GENERATOR_TYPE) {
        return Ok(a);
    }
    match awaitable_iter(*a, 0) {
        Ok(v) => Ok(v),
        Err(_) => {
            let cause = vm().take_pending();
            let e: PyResult = err!(
                TypeError,
                "'async for' received an invalid object from __anext__: {}",
                a.type_name()
            );
            let exc = vm().pending().to_ref();
            let x = taipan_objects::exceptions::expect(*exc);
            x.cause.set(cause.clone());
            x.context.set(cause);
            x.suppress_context.set(true);
            e
        }
    }
}
