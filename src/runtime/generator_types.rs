//! What Python sees of generators, coroutines and async generators.

use crate::generator::{self, GenState, PyGenerator};
use taipan_objects::err::PyResult;
use taipan_objects::native::{GetSetDef, MemberDef, MethodDef};
use taipan_objects::object::{Header, new_object};
use taipan_objects::typeobject::{SendResult, Slots, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::vm::vm;
use taipan_objects::{err, exceptions, int, object_impl, protocol, strings, tuple};

/// For messages: "generator", "coroutine" or "async generator".
pub fn kind_name(g: &PyGenerator) -> &'static str {
    let t = g.header.ty();
    if t.is(&COROUTINE_TYPE) {
        "coroutine"
    } else if t.is(&ASYNC_GENERATOR_TYPE) {
        "async generator"
    } else {
        "generator"
    }
}

/// `cr_origin`: (filename, line, function) of the callers, innermost first.
pub fn origin(depth: i32) -> Ref {
    let mut out = Vec::new();
    for i in 1..=depth as usize {
        let Some(f) = crate::frame_object::at_depth(i) else {
            break;
        };
        let code = f.code();
        let line = code.code.line((f.lasti() / 2).max(0) as usize).unwrap_or(0);
        out.push(tuple::of([
            code.filename.get_ref(),
            int::from_i64(line as i64),
            code.name.clone(),
        ]));
    }
    tuple::from_refs(out)
}

fn me(v: &Value) -> &PyGenerator {
    // SAFETY: methods of the three types get instances of them.
    unsafe { v.cast_unchecked::<PyGenerator>() }
}

/// StopIteration(value), as a function that returned a value ends iteration.
pub fn raise_stop_iteration(value: Ref) -> taipan_objects::err::Raised {
    if value.is_none() {
        return taipan_objects::err::raise_with(&exceptions::StopIteration, &[]);
    }
    // A tuple or exception must not be taken for arguments.
    let e = exceptions::new_exception(&exceptions::StopIteration, &[*value]);
    taipan_objects::err::set_exception(e)
}

fn to_python(r: PyResult<SendResult>) -> PyResult {
    match r? {
        SendResult::Yield(v) => Ok(v),
        SendResult::Return(v) => Err(raise_stop_iteration(v)),
    }
}
fn iternext(v: Value) -> PyResult<Option<Ref>> {
    match generator::send_to(me(&v), Value::NONE)? {
        SendResult::Yield(v) => Ok(Some(v)),
        SendResult::Return(v) if v.is_none() => Ok(None),
        SendResult::Return(v) => {
            vm().stop_value.set(v);
            Ok(None)
        }
    }
}
fn send(a: &[Value]) -> PyResult {
    to_python(generator::send_to(me(&a[0]), a[1]))
}
/// The exception that `throw(type, value, tb)` means.
fn thrown(a: &[Value]) -> PyResult {
    let (ty, value, tb) = (a[1], a[2], a[3]);
    if !value.is_null() || !tb.is_null() {
        (taipan_objects::vm::hooks().warn)(
            &exceptions::DeprecationWarning,
            "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature instead.",
            1,
        )?;
    }
    if !tb.is_none_or_null() && !tb.is_a::<taipan_objects::traceback::PyTraceback>() {
        return err!(
            TypeError,
            "throw() third argument must be a traceback object"
        );
    }
    let exc = if exceptions::is_exception(ty) {
        if !value.is_none_or_null() {
            return err!(
                TypeError,
                "instance exception may not have a separate value"
            );
        }
        ty.to_ref()
    } else if taipan_objects::typeobject::as_type(ty)
        .is_some_and(|t| t.has_flag(TypeFlags::EXC_SUBCLASS))
    {
        if value.is_none_or_null() {
            protocol::call(ty, &[])?
        } else if value
            .ty()
            .is_subtype(taipan_objects::typeobject::as_type(ty).unwrap_or(value.ty()))
            && exceptions::is_exception(value)
        {
            value.to_ref()
        } else if tuple::is_tuple(value) {
            protocol::call(ty, tuple::as_slice(value))?
        } else {
            protocol::call(ty, &[value])?
        }
    } else {
        return err!(
            TypeError,
            "exceptions must be classes or instances deriving from BaseException, not {}",
            ty.type_name()
        );
    };
    if !tb.is_none_or_null() {
        exceptions::expect(*exc).traceback.set(tb.to_ref());
    }
    Ok(exc)
}
fn throw(a: &[Value]) -> PyResult {
    let exc = thrown(a)?;
    to_python(generator::throw(me(&a[0]), exc))
}
fn close(a: &[Value]) -> PyResult {
    generator::close(me(&a[0]))
}
fn repr(v: Value) -> PyResult {
    let g = me(&v);
    let kind = match kind_name(g) {
        "async generator" => "async_generator",
        k => k,
    };
    Ok(strings::new_str(&format!(
        "<{kind} object {} at {:#x}>",
        strings::expect(g.qualname.get()),
        v.id()
    )))
}
fn set_name(slot: &Slot, v: Value, what: &str) -> PyResult<()> {
    if v.is_null() || !strings::is_str(v) {
        return err!(TypeError, "{what} must be set to a string object");
    }
    slot.set(v.to_ref());
    Ok(())
}
fn frame(v: Value) -> PyResult {
    let g = me(&v);
    if g.state.get() == GenState::Done {
        return Ok(Ref::NONE);
    }
    // SAFETY: the frame lives in the generator; its object is told when it ends.
    Ok(crate::frame_object::of(unsafe { &*(&g.frame as *const _) }))
}
fn running(v: Value) -> PyResult {
    Ok(Ref::bool(me(&v).state.get() == GenState::Running))
}
fn suspended(v: Value) -> PyResult {
    Ok(Ref::bool(me(&v).state.get() == GenState::Suspended))
}
fn yield_from(v: Value) -> PyResult {
    Ok(generator::delegate(me(&v)).map_or(Ref::NONE, |d| d.to_ref()))
}
fn code(v: Value) -> PyResult {
    Ok(me(&v).code.get_ref())
}

/// `__del__`: closes what was left suspended.
fn finalize(v: Value) {
    let g = me(&v);
    if g.state.get() == GenState::Done {
        return;
    }
    let saved = vm().take_pending();
    if g.header.ty().is(&ASYNC_GENERATOR_TYPE) {
        let f = g.finalizer.get_ref();
        if !f.is_none_or_null() && !g.closed.get() {
            if protocol::call(*f, &[v]).is_err() {
                (taipan_objects::vm::hooks().write_unraisable)(
                    "Exception ignored while calling the finalizer of an async generator",
                    v,
                );
            }
            vm().set_pending(saved);
            return;
        }
    }
    if g.header.ty().is(&COROUTINE_TYPE) && g.state.get() == GenState::Created {
        let name = strings::expect(g.qualname.get()).to_string();
        let warned = crate::builtins::warn_unawaited(v, &name);
        if warned.is_err() {
            (taipan_objects::vm::hooks().write_unraisable)("", v);
        }
        generator::discard(g);
    } else if generator::close(g).is_err() {
        let what = match kind_name(g) {
            "coroutine" => "closing coroutine ",
            _ => "closing generator ",
        };
        let _ = what;
        (taipan_objects::vm::hooks().write_unraisable)("", v);
    }
    if !saved.is_null() {
        vm().set_pending(saved);
    }
}

fn alias(args: &[Value]) -> PyResult {
    taipan_objects::generic_alias::new_alias(args[0], args[1])
}

pub static GENERATOR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "generator",
    flags: TypeFlags::HAVE_GC | TypeFlags::WEAKREFABLE | TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        repr: Some(repr),
        iter: Some(|v| Ok(v.to_ref())),
        iternext: Some(iternext),
        send: Some(generator::send),
        finalize: Some(finalize),
        ..Slots::of::<PyGenerator>()
    },
    methods: &[
        MethodDef::new(
            "send($self, value, /)",
            "Send 'value' into the generator; returns what it yields next or raises StopIteration.",
            send,
        ),
        MethodDef::new(
            "throw($self, typ, val=<unrepresentable>, tb=<unrepresentable>, /)",
            "Raise an exception in the generator; returns what it yields next or raises StopIteration.",
            throw,
        ),
        MethodDef::new(
            "close($self, /)",
            "Raise GeneratorExit inside the generator.",
            close,
        ),
        MethodDef::new("__class_getitem__($cls, item, /)", "See PEP 585", alias).class(),
    ],
    getset: &[
        GetSetDef::rw(
            "__name__",
            "name of the generator",
            |v| Ok(me(&v).name.get_ref()),
            |v, x| set_name(&me(&v).name, x, "__name__"),
        ),
        GetSetDef::rw(
            "__qualname__",
            "qualified name of the generator",
            |v| Ok(me(&v).qualname.get_ref()),
            |v, x| set_name(&me(&v).qualname, x, "__qualname__"),
        ),
        GetSetDef::ro(
            "gi_yieldfrom",
            "what the generator delegates to, or None",
            yield_from,
        ),
        GetSetDef::ro("gi_running", "", running),
        GetSetDef::ro("gi_frame", "", frame),
        GetSetDef::ro("gi_suspended", "", suspended),
        GetSetDef::ro("gi_code", "", code),
    ],
    ..TypeSpec::of::<PyGenerator>()
});

pub static COROUTINE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "coroutine",
    flags: TypeFlags::HAVE_GC | TypeFlags::WEAKREFABLE | TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        repr: Some(repr),
        send: Some(generator::send),
        finalize: Some(finalize),
        await_: Some(|v| {
            Ok(new_object(CoroutineWrapper {
                header: Header::new(&COROUTINE_WRAPPER_TYPE),
                coroutine: Slot::new(v.to_ref()),
            }))
        }),
        ..Slots::of::<PyGenerator>()
    },
    methods: &[
        MethodDef::new(
            "send($self, value, /)",
            "Send 'value' into the coroutine; returns what it yields next or raises StopIteration.",
            send,
        ),
        MethodDef::new(
            "throw($self, typ, val=<unrepresentable>, tb=<unrepresentable>, /)",
            "Raise an exception in the coroutine; returns what it yields next or raises StopIteration.",
            throw,
        ),
        MethodDef::new(
            "close($self, /)",
            "Raise GeneratorExit inside the coroutine.",
            close,
        ),
        MethodDef::new("__class_getitem__($cls, item, /)", "See PEP 585", alias).class(),
    ],
    getset: &[
        GetSetDef::rw(
            "__name__",
            "name of the coroutine",
            |v| Ok(me(&v).name.get_ref()),
            |v, x| set_name(&me(&v).name, x, "__name__"),
        ),
        GetSetDef::rw(
            "__qualname__",
            "qualified name of the coroutine",
            |v| Ok(me(&v).qualname.get_ref()),
            |v, x| set_name(&me(&v).qualname, x, "__qualname__"),
        ),
        GetSetDef::ro("cr_await", "what the coroutine awaits, or None", yield_from),
        GetSetDef::ro("cr_running", "", running),
        GetSetDef::ro("cr_frame", "", frame),
        GetSetDef::ro("cr_code", "", code),
        GetSetDef::ro("cr_suspended", "", suspended),
    ],
    members: &[MemberDef::ro("cr_origin", "", |v| {
        let o = &me(&v).origin;
        Ok(if o.is_null() { Ref::NONE } else { o.get_ref() })
    })],
    ..TypeSpec::of::<PyGenerator>()
});

/// What `coroutine.__await__()` gives.
#[repr(C)]
pub struct CoroutineWrapper {
    pub header: Header,
    pub coroutine: Slot,
}
object_impl!(
    CoroutineWrapper,
    COROUTINE_WRAPPER_TYPE,
    |this, visit| visit(this.coroutine.get()),
    |this| drop(this.coroutine.take())
);

fn wrapped(v: Value) -> Ref {
    // SAFETY: methods of the type get instances of it.
    unsafe { v.cast_unchecked::<CoroutineWrapper>() }
        .coroutine
        .get_ref()
}
pub static COROUTINE_WRAPPER_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "coroutine_wrapper",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        iter: Some(|v| Ok(v.to_ref())),
        iternext: Some(|v| iternext(*wrapped(v))),
        ..Slots::of::<CoroutineWrapper>()
    },
    methods: &[
        MethodDef::new(
            "send($self, value, /)",
            "Send 'value' into the coroutine.",
            |a| send(&[*wrapped(a[0]), a[1]]),
        ),
        MethodDef::new(
            "throw($self, typ, val=<unrepresentable>, tb=<unrepresentable>, /)",
            "Raise an exception in the coroutine.",
            |a| throw(&[*wrapped(a[0]), a[1], a[2], a[3]]),
        ),
        MethodDef::new(
            "close($self, /)",
            "Raise GeneratorExit inside the coroutine.",
            |a| close(&[*wrapped(a[0])]),
        ),
    ],
    ..TypeSpec::of::<CoroutineWrapper>()
});

// ---------------------------------------------------------------- async generators

/// A value yielded by an async generator, as told from one it awaits.
#[repr(C)]
pub struct WrappedValue {
    pub header: Header,
    pub value: Slot,
}
object_impl!(
    WrappedValue,
    WRAPPED_VALUE_TYPE,
    |this, visit| visit(this.value.get()),
    |this| drop(this.value.take())
);
pub static WRAPPED_VALUE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "async_generator_wrapped_value",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
    ..TypeSpec::of::<WrappedValue>()
});
pub fn wrap_async_value(v: Value) -> Ref {
    new_object(WrappedValue {
        header: Header::new(&WRAPPED_VALUE_TYPE),
        value: Slot::new(v.to_ref()),
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Init,
    Iter,
    Closed,
}

/// The awaitables of async generators: `asend`/`__anext__` and `athrow`/`aclose`.
#[repr(C)]
pub struct AsyncStep {
    pub header: Header,
    generator: Slot,
    /// What to send; for throws the arguments as a tuple, NULL for `aclose`.
    argument: Slot,
    state: std::cell::Cell<Step>,
    throws: bool,
}
// SAFETY: repr(C) with a Header first; both types share the layout.
unsafe impl taipan_objects::object::Object for AsyncStep {
    fn type_object() -> taipan_objects::typeobject::Type {
        &ASYNC_SEND_TYPE
    }
    fn traverse(&self, visit: &mut dyn FnMut(Value)) {
        visit(self.generator.get());
        visit(self.argument.get());
    }
    fn clear(&self) {}
}

fn init_hooks(g: &PyGenerator, v: Value) -> PyResult<()> {
    if g.hooks_inited.replace(true) {
        return Ok(());
    }
    let f = vm().asyncgen_finalizer.get_ref();
    if !f.is_none_or_null() {
        g.finalizer.set(f);
    }
    let first = vm().asyncgen_firstiter.get_ref();
    if !first.is_none_or_null() {
        protocol::call(*first, &[v])?;
    }
    Ok(())
}
fn new_step(g: Value, argument: Ref, throws: bool) -> PyResult {
    init_hooks(me(&g), g)?;
    let ty = if throws {
        &ASYNC_THROW_TYPE
    } else {
        &ASYNC_SEND_TYPE
    };
    Ok(taipan_objects::object::alloc(
        ty,
        AsyncStep {
            header: Header::new(ty),
            generator: Slot::new(g.to_ref()),
            argument: Slot::new(argument),
            state: std::cell::Cell::new(Step::Init),
            throws,
        },
    ))
}
fn step(v: &Value) -> &AsyncStep {
    // SAFETY: methods of the two types get instances of them.
    unsafe { v.cast_unchecked::<AsyncStep>() }
}

/// Turns what the generator gave into what the awaiting side sees.
fn unwrap(g: &PyGenerator, r: PyResult<SendResult>) -> PyResult<SendResult> {
    match r {
        Ok(SendResult::Yield(v)) => match v.cast_exact::<WrappedValue>() {
            Some(w) => {
                g.running_async.set(false);
                Ok(SendResult::Return(w.value.get_ref()))
            }
            None => Ok(SendResult::Yield(v)),
        },
        Ok(SendResult::Return(_)) => {
            g.running_async.set(false);
            g.closed.set(true);
            Err(taipan_objects::err::raise_with(
                &exceptions::StopAsyncIteration,
                &[],
            ))
        }
        Err(e) => {
            g.running_async.set(false);
            if taipan_objects::err::pending_is(&exceptions::StopAsyncIteration)
                || taipan_objects::err::pending_is(&exceptions::GeneratorExit)
            {
                g.closed.set(true);
            }
            Err(e)
        }
    }
}
fn close_step(s: &AsyncStep) {
    s.state.set(Step::Closed);
}
fn reuse_error(s: &AsyncStep) -> PyResult<SendResult> {
    if s.throws {
        err!(
            RuntimeError,
            "cannot reuse already awaited aclose()/athrow()"
        )
    } else {
        err!(
            RuntimeError,
            "cannot reuse already awaited __anext__()/asend()"
        )
    }
}
/// One step of the awaitable.
fn step_send(v: Value, arg: Value) -> PyResult<SendResult> {
    let s = step(&v);
    let gv = s.generator.get_ref();
    let g = me(&gv);
    if s.state.get() == Step::Closed {
        return reuse_error(s);
    }
    if !s.throws {
        let mut arg = arg.to_ref();
        if s.state.get() == Step::Init {
            if g.running_async.get() {
                close_step(s);
                return err!(
                    RuntimeError,
                    "anext(): asynchronous generator is already running"
                );
            }
            if arg.is_none() {
                let a = s.argument.get_ref();
                arg = if a.is_null() { Ref::NONE } else { a };
            }
            s.state.set(Step::Iter);
            g.running_async.set(true);
        }
        let r = if g.state.get() == GenState::Done {
            g.running_async.set(false);
            Err(taipan_objects::err::raise_with(
                &exceptions::StopAsyncIteration,
                &[],
            ))
        } else {
            unwrap(g, generator::send_to(g, *arg))
        };
        if !matches!(r, Ok(SendResult::Yield(_))) {
            close_step(s);
        }
        return r;
    }
    // athrow() and aclose()
    if g.state.get() == GenState::Done && s.state.get() == Step::Init {
        close_step(s);
        return if s.argument.is_null() {
            Ok(SendResult::Return(Ref::NONE))
        } else {
            Err(taipan_objects::err::raise_with(
                &exceptions::StopAsyncIteration,
                &[],
            ))
        };
    }
    let is_close = s.argument.is_null();
    let r = if s.state.get() == Step::Init {
        if g.running_async.get() {
            close_step(s);
            return if is_close {
                err!(
                    RuntimeError,
                    "aclose(): asynchronous generator is already running"
                )
            } else {
                err!(
                    RuntimeError,
                    "athrow(): asynchronous generator is already running"
                )
            };
        }
        if g.closed.get() {
            close_step(s);
            return Err(taipan_objects::err::raise_with(
                &exceptions::StopAsyncIteration,
                &[],
            ));
        }
        if !arg.is_none() {
            return err!(
                RuntimeError,
                "can't send non-None value to a just-started async generator"
            );
        }
        s.state.set(Step::Iter);
        g.running_async.set(true);
        if is_close {
            g.closed.set(true);
            let e = protocol::call(exceptions::GeneratorExit.value(), &[])?;
            generator::throw(g, e)
        } else {
            let args = s.argument.get_ref();
            let mut a = vec![*gv];
            a.extend_from_slice(tuple::as_slice(*args));
            a.resize(4, Value::NULL);
            match thrown(&a) {
                Ok(e) => generator::throw(g, e),
                Err(e) => {
                    g.running_async.set(false);
                    close_step(s);
                    return Err(e);
                }
            }
        }
    } else {
        generator::send_to(g, arg)
    };
    finish_throw(s, g, r, is_close)
}
fn finish_throw(
    s: &AsyncStep,
    g: &PyGenerator,
    r: PyResult<SendResult>,
    is_close: bool,
) -> PyResult<SendResult> {
    if is_close {
        let r = match r {
            Ok(SendResult::Yield(v)) if v.is_exact::<WrappedValue>() => {
                g.running_async.set(false);
                err!(RuntimeError, "async generator ignored GeneratorExit")
            }
            Ok(SendResult::Yield(v)) => return Ok(SendResult::Yield(v)),
            Ok(SendResult::Return(_)) => {
                g.running_async.set(false);
                g.closed.set(true);
                Ok(SendResult::Return(Ref::NONE))
            }
            Err(e) => {
                g.running_async.set(false);
                if taipan_objects::err::clear_if(&exceptions::StopAsyncIteration)
                    || taipan_objects::err::clear_if(&exceptions::GeneratorExit)
                {
                    Ok(SendResult::Return(Ref::NONE))
                } else {
                    Err(e)
                }
            }
        };
        close_step(s);
        return r;
    }
    let r = unwrap(g, r);
    if !matches!(r, Ok(SendResult::Yield(_))) {
        close_step(s);
    }
    r
}
fn step_throw(a: &[Value]) -> PyResult {
    let s = step(&a[0]);
    let gv = s.generator.get_ref();
    let g = me(&gv);
    if s.state.get() == Step::Closed {
        return to_python(reuse_error(s));
    }
    if s.state.get() == Step::Init {
        if g.running_async.get() {
            close_step(s);
            return if !s.throws {
                err!(
                    RuntimeError,
                    "anext(): asynchronous generator is already running"
                )
            } else if s.argument.is_null() {
                err!(
                    RuntimeError,
                    "aclose(): asynchronous generator is already running"
                )
            } else {
                err!(
                    RuntimeError,
                    "athrow(): asynchronous generator is already running"
                )
            };
        }
        s.state.set(Step::Iter);
        g.running_async.set(true);
    }
    let exc = thrown(a)?;
    let r = generator::throw(g, exc);
    if s.throws {
        return to_python(finish_throw(s, g, r, s.argument.is_null()));
    }
    let r = unwrap(g, r);
    if !matches!(r, Ok(SendResult::Yield(_))) {
        close_step(s);
    }
    to_python(r)
}
fn step_close(a: &[Value]) -> PyResult {
    let s = step(&a[0]);
    if s.state.get() == Step::Closed {
        return Ok(Ref::NONE);
    }
    let e = exceptions::GeneratorExit.value();
    match step_throw(&[a[0], e, Value::NULL, Value::NULL]) {
        Ok(_) => err!(RuntimeError, "coroutine ignored GeneratorExit"),
        Err(r) => {
            if taipan_objects::err::clear_if(&exceptions::StopIteration)
                || taipan_objects::err::clear_if(&exceptions::StopAsyncIteration)
                || taipan_objects::err::clear_if(&exceptions::GeneratorExit)
            {
                Ok(Ref::NONE)
            } else {
                Err(r)
            }
        }
    }
}
fn step_next(v: Value) -> PyResult<Option<Ref>> {
    match step_send(v, Value::NONE)? {
        SendResult::Yield(v) => Ok(Some(v)),
        SendResult::Return(v) => Err(raise_stop_iteration(v)),
    }
}
const STEP_SLOTS: Slots = Slots {
    iter: Some(|v| Ok(v.to_ref())),
    iternext: Some(step_next),
    await_: Some(|v| Ok(v.to_ref())),
    send: Some(step_send),
    finalize: Some(step_finalize),
    ..Slots::of::<AsyncStep>()
};
fn step_finalize(v: Value) {
    let s = step(&v);
    if s.state.get() != Step::Init {
        return;
    }
    let g = s.generator.get_ref();
    if !s.throws {
        return;
    }
    let saved = vm().take_pending();
    let what = if s.argument.is_null() {
        "aclose"
    } else {
        "athrow"
    };
    let message = format!(
        "coroutine method '{what}' of '{}' was never awaited",
        strings::expect(me(&g).qualname.get())
    );
    if (taipan_objects::vm::hooks().warn)(&exceptions::RuntimeWarning, &message, 1).is_err() {
        (taipan_objects::vm::hooks().write_unraisable)("", v);
    }
    if !saved.is_null() {
        vm().set_pending(saved);
    }
}
static STEP_METHODS: [MethodDef; 3] = [
    MethodDef::new("send($self, value, /)", "", |a| {
        to_python(step_send(a[0], a[1]))
    }),
    MethodDef::new(
        "throw($self, typ, val=<unrepresentable>, tb=<unrepresentable>, /)",
        "",
        step_throw,
    ),
    MethodDef::new("close($self, /)", "", step_close),
];
pub static ASYNC_SEND_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "async_generator_asend",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
    slots: STEP_SLOTS,
    methods: &STEP_METHODS,
    ..TypeSpec::of::<AsyncStep>()
});
pub static ASYNC_THROW_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "async_generator_athrow",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
    slots: STEP_SLOTS,
    methods: &STEP_METHODS,
    ..TypeSpec::of::<AsyncStep>()
});

fn athrow(a: &[Value]) -> PyResult {
    let n = (1..4).rev().find(|i| !a[*i].is_null()).unwrap_or(1);
    if n > 1 {
        (taipan_objects::vm::hooks().warn)(
            &exceptions::DeprecationWarning,
            "the (type, exc, tb) signature of athrow() is deprecated, use the single-arg signature instead.",
            1,
        )?;
    }
    new_step(a[0], tuple::from_values(&a[1..=n]), true)
}
pub static ASYNC_GENERATOR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "async_generator",
    flags: TypeFlags::HAVE_GC | TypeFlags::WEAKREFABLE | TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        repr: Some(repr),
        finalize: Some(finalize),
        aiter: Some(|v| Ok(v.to_ref())),
        anext: Some(|v| new_step(v, Ref::NULL, false)),
        ..Slots::of::<PyGenerator>()
    },
    methods: &[
        MethodDef::new(
            "asend($self, value, /)",
            "Send 'value' into the async generator.",
            |a| new_step(a[0], a[1].to_ref(), false),
        ),
        MethodDef::new(
            "athrow($self, typ, val=<unrepresentable>, tb=<unrepresentable>, /)",
            "Raise an exception in the async generator.",
            athrow,
        ),
        MethodDef::new(
            "aclose($self, /)",
            "Raise GeneratorExit inside the async generator.",
            |a| new_step(a[0], Ref::NULL, true),
        ),
        MethodDef::new("__class_getitem__($cls, item, /)", "See PEP 585", alias).class(),
    ],
    getset: &[
        GetSetDef::rw(
            "__name__",
            "name of the async generator",
            |v| Ok(me(&v).name.get_ref()),
            |v, x| set_name(&me(&v).name, x, "__name__"),
        ),
        GetSetDef::rw(
            "__qualname__",
            "qualified name of the async generator",
            |v| Ok(me(&v).qualname.get_ref()),
            |v, x| set_name(&me(&v).qualname, x, "__qualname__"),
        ),
        GetSetDef::ro(
            "ag_await",
            "what the async generator awaits, or None",
            yield_from,
        ),
        GetSetDef::ro("ag_frame", "", frame),
        GetSetDef::ro("ag_code", "", code),
        GetSetDef::ro("ag_suspended", "", suspended),
    ],
    members: &[MemberDef::ro("ag_running", "", |v| {
        Ok(Ref::bool(me(&v).running_async.get()))
    })],
    ..TypeSpec::of::<PyGenerator>()
});

/// All types of this file.
pub static TYPES: [&TypeObject; 7] = [
    &GENERATOR_TYPE,
    &COROUTINE_TYPE,
    &COROUTINE_WRAPPER_TYPE,
    &ASYNC_GENERATOR_TYPE,
    &ASYNC_SEND_TYPE,
    &ASYNC_THROW_TYPE,
    &WRAPPED_VALUE_TYPE,
];
