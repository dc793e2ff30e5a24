//! CALL_INTRINSIC_1 and CALL_INTRINSIC_2.

use taipan_objects::err::PyResult;
use taipan_objects::exceptions;
use taipan_objects::function::PyFunction;
use taipan_objects::names::names;
use taipan_objects::value::{Ref, Value};
use taipan_objects::vm::vm;
use taipan_objects::{dict, err, list, protocol, strings, tuple, typevar};

/// By number as in the table of intrinsics.
#[inline(never)]
pub fn unary(which: usize, v: Value) -> PyResult {
    match which {
        1 => display(v),
        2 => import_star(v),
        3 => stop_iteration_error(v),
        4 => Ok(crate::generator_types::wrap_async_value(v)),
        5 => protocol::positive(v),
        6 => Ok(tuple::from_values(taipan_objects::value::values(
            list::expect(v).items(),
        ))),
        7 => Ok(typevar::intrinsic_typevar(v)),
        8 => Ok(typevar::intrinsic_paramspec(v)),
        9 => Ok(typevar::intrinsic_typevartuple(v)),
        10 => typevar::intrinsic_subscript_generic(v),
        11 => typevar::intrinsic_typealias(v),
        _ => err!(SystemError, "unknown intrinsic {which}"),
    }
}

/// By number as in the table of intrinsics.
#[inline(never)]
pub fn binary(which: usize, a: Value, b: Value) -> PyResult {
    match which {
        1 => taipan_objects::exception_group::prep_reraise_star(a, b),
        2 => Ok(typevar::intrinsic_typevar_with_bound(a, b)),
        3 => Ok(typevar::intrinsic_typevar_with_constraints(a, b)),
        4 => {
            // SAFETY: verified code: the operand is a function just made.
            unsafe { a.cast_unchecked::<PyFunction>() }
                .type_params
                .set(b.to_ref());
            Ok(a.to_ref())
        }
        5 => typevar::intrinsic_set_typeparam_default(a, b),
        _ => err!(SystemError, "unknown intrinsic {which}"),
    }
}

fn display(v: Value) -> PyResult {
    let sys = crate::sys::namespace();
    let hook = dict::get(*sys, names().displayhook)?;
    if hook.is_null() {
        return err!(RuntimeError, "lost sys.displayhook");
    }
    protocol::call(hook, &[v])
}

/// `from module import *` into the running frame's namespace.
fn import_star(module: Value) -> PyResult {
    let f = vm().frame.get();
    // SAFETY: called by a running frame.
    let frame = unsafe { &*f };
    let ns = frame.locals.get();
    let ns = if ns.is_null() {
        frame.globals.get()
    } else {
        ns
    };
    let all = protocol::getattr_opt(module, names().__all__)?;
    let (keys, skip_underscore) = match all {
        Some(a) => (protocol::to_vec(*a)?, false),
        None => {
            let Some(d) = protocol::getattr_opt(module, names().__dict__)? else {
                return err!(
                    ImportError,
                    "from-import-* object has no __dict__ and no __all__"
                );
            };
            let keys = protocol::call_method(*d, names().keys, &[])?;
            (protocol::to_vec(*keys)?, true)
        }
    };
    for k in keys {
        let Some(name) = strings::as_str(&k) else {
            let m = protocol::getattr(module, names().__name__)?;
            let m = protocol::str_text(*m)?;
            return if skip_underscore {
                err!(
                    TypeError,
                    "Key in {m}.__dict__ must be str, not {}",
                    k.type_name()
                )
            } else {
                err!(
                    TypeError,
                    "Item in {m}.__all__ must be str, not {}",
                    k.type_name()
                )
            };
        };
        if skip_underscore && name.len() > 0 && name.at(0) == '_' as u32 {
            continue;
        }
        let key = strings::intern(k.clone());
        let v = protocol::getattr(module, *key)?;
        if dict::is_dict(ns) {
            dict::set(ns, *key, *v)?;
        } else {
            protocol::setitem(ns, *key, *v)?;
        }
    }
    Ok(Ref::NONE)
}

/// StopIteration leaving a generator becomes RuntimeError.
fn stop_iteration_error(exc: Value) -> PyResult {
    let f = vm().frame.get();
    // SAFETY: called by a running generator's frame.
    let flags = unsafe { (*f).code().flags };
    use taipan_bytecode::code::flags::{CO_ASYNC_GENERATOR, CO_COROUTINE};
    let is_async_gen = flags & CO_ASYNC_GENERATOR != 0;
    let what = if is_async_gen {
        "async generator"
    } else if flags & CO_COROUTINE != 0 {
        "coroutine"
    } else {
        "generator"
    };
    let message = if exc.ty().is_subtype(&exceptions::StopIteration) {
        format!("{what} raised StopIteration")
    } else if is_async_gen && exc.ty().is_subtype(&exceptions::StopAsyncIteration) {
        "async generator raised StopAsyncIteration".to_string()
    } else {
        return Ok(exc.to_ref());
    };
    let e = exceptions::new_exception(&exceptions::RuntimeError, &[*strings::new_str(&message)]);
    let x = exceptions::expect(*e);
    x.cause.set(exc.to_ref());
    x.suppress_context.set(true);
    x.context.set(exc.to_ref());
    Ok(e)
}
