//! `builtins.__build_class__`: what a class statement calls.

use taipan_objects::err::PyResult;
use taipan_objects::function::{PyCell, PyFunction};
use taipan_objects::names::names;
use taipan_objects::native::split_args;
use taipan_objects::typeobject::as_type;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{dict, err, protocol, strings, tuple};

/// Bases with those replaced that have `__mro_entries__`.
fn resolve_bases(bases: &[Value]) -> PyResult<(Ref, bool)> {
    let mut out = Vec::new();
    let mut changed = false;
    let original = tuple::from_values(bases);
    for b in bases {
        if as_type(*b).is_some() {
            out.push(b.to_ref());
            continue;
        }
        match protocol::getattr_opt(*b, names().__mro_entries__)? {
            None => out.push(b.to_ref()),
            Some(f) => {
                let r = protocol::call(*f, &[*original])?;
                if !tuple::is_tuple(*r) {
                    return err!(TypeError, "__mro_entries__ must return a tuple");
                }
                out.extend(tuple::as_slice(*r).iter().map(|v| v.to_ref()));
                changed = true;
            }
        }
    }
    Ok((
        if changed {
            tuple::from_refs(out)
        } else {
            original
        },
        changed,
    ))
}

/// `__build_class__(func, name, *bases, metaclass=…, **kwargs)`.
pub fn build_class(args: &[Value], kwnames: Value) -> PyResult {
    let (pos, kw) = split_args(args, kwnames);
    if pos.len() < 2 {
        return err!(TypeError, "__build_class__: not enough arguments");
    }
    let (func, name) = (pos[0], pos[1]);
    if !func.is_exact::<PyFunction>() {
        return err!(TypeError, "__build_class__: func must be a function");
    }
    if !strings::is_str(name) {
        return err!(TypeError, "__build_class__: name is not a string");
    }
    let original = tuple::from_values(&pos[2..]);
    let (bases, replaced) = resolve_bases(&pos[2..])?;
    let mut meta = Ref::NULL;
    let mut kwargs: Vec<(Ref, Ref)> = Vec::new();
    for (k, v) in kw {
        if k.is(names().metaclass) || strings::expect(k).eq_str("metaclass") {
            meta = v.to_ref();
        } else {
            kwargs.push((k.to_ref(), v.to_ref()));
        }
    }
    if meta.is_null() {
        meta = match tuple::as_slice(*bases).first() {
            Some(b) => b.ty().to_ref(),
            None => taipan_objects::types::TYPE_TYPE.to_ref(),
        };
    }
    if let Some(m) = as_type(*meta) {
        let winner = taipan_objects::type_new::calculate_metaclass(m, tuple::as_slice(*bases))?;
        meta = winner.to_ref();
    }
    let kwname_tuple = if kwargs.is_empty() {
        Ref::NULL
    } else {
        tuple::from_refs(kwargs.iter().map(|(k, _)| k.clone()).collect())
    };
    let with_kwargs = |first: &[Value]| -> Vec<Value> {
        let mut v = first.to_vec();
        v.extend(kwargs.iter().map(|(_, v)| **v));
        v
    };
    let namespace = match protocol::getattr_opt(*meta, names().__prepare__)? {
        None => dict::new_dict(),
        Some(p) => protocol::call_kw(*p, &with_kwargs(&[name, *bases]), *kwname_tuple)?,
    };
    if namespace.ty().slots().subscript.is_none() {
        let what = match as_type(*meta) {
            Some(m) => m.name().to_string(),
            None => "<metaclass>".to_string(),
        };
        return err!(
            TypeError,
            "{what}.__prepare__() must return a mapping, not {}",
            namespace.type_name()
        );
    }
    // SAFETY: checked above.
    let f = unsafe { func.cast_unchecked::<PyFunction>() };
    let cell = crate::call::run_code(
        f.code.get(),
        f.globals.get(),
        f.builtins.get(),
        *namespace,
        func,
    )?;
    if replaced {
        protocol::setitem(*namespace, names().__orig_bases__, *original)?;
    }
    let cls = protocol::call_kw(
        *meta,
        &with_kwargs(&[name, *bases, *namespace]),
        *kwname_tuple,
    )?;
    if as_type(*cls).is_some()
        && let Some(c) = cell.cast_exact::<PyCell>()
    {
        let content = c.contents.get();
        if content.is_null() {
            return err!(
                RuntimeError,
                "__class__ not set defining {} as {}. Was __classcell__ propagated to type.__new__?",
                protocol::repr_text(name)?,
                protocol::repr_text(*cls)?
            );
        }
        if !content.is(*cls) {
            return err!(
                TypeError,
                "__class__ set to {} defining {} as {}",
                protocol::repr_text(content)?,
                protocol::repr_text(name)?,
                protocol::repr_text(*cls)?
            );
        }
    }
    Ok(cls)
}
