//! The module type.

use crate::attributes::{attribute_error, generic_getattr_opt, object_dict};
use crate::err::PyResult;
use crate::module::{PyModule, namespace};
use crate::names::names;
use crate::native::{GetSetDef, MemberDef, MethodDef, Signature};
use crate::object::{Header, alloc};
use crate::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Slot, Value};
use crate::{dict, err, list, protocol, strings};

fn new(ty: Type, _args: &[Value], _kwnames: Value) -> PyResult {
    Ok(alloc(
        ty,
        PyModule {
            header: Header::new(ty),
            dict: Slot::new(dict::new_dict()),
            def: None,
        },
    ))
}

fn init(v: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    static SIG: Signature = Signature::new("module(name, doc=None)");
    SIG.bind(args, kwnames, |a| {
        if !strings::is_str(a[0]) {
            return err!(
                TypeError,
                "module() argument 'name' must be str, not {}",
                a[0].type_name()
            );
        }
        let n = names();
        let d = object_dict(v).expect("modules have a dict");
        dict::set(*d, n.__name__, a[0])?;
        dict::set(*d, n.__doc__, a[1].or(Value::NONE))?;
        for k in [n.__package__, n.__loader__, n.__spec__] {
            dict::set(*d, k, Value::NONE)?;
        }
        Ok(())
    })
}

fn getattro(v: Value, name: Value) -> PyResult {
    if let Some(r) = generic_getattr_opt(v, name)? {
        return Ok(r);
    }
    let n = names();
    let d = namespace(v).to_ref();
    let hook = dict::get(*d, n.__getattr__)?;
    if !hook.is_null() {
        let hook = hook.to_ref();
        return protocol::call(*hook, &[name])
            .inspect_err(|_| crate::attributes::set_error_context(v, name));
    }
    let text = strings::expect(name).to_string();
    let own_name = dict::get(*d, n.__name__)?;
    if !strings::is_str(own_name) {
        return Err(attribute_error(
            v,
            name,
            format!("module has no attribute '{text}'"),
        ));
    }
    let own_name = strings::expect(own_name).to_string();
    let spec = dict::get(*d, n.__spec__)?.to_ref();
    if !spec.is_none_or_null()
        && let Some(i) = protocol::getattr_opt(*spec, n._initializing)?
        && protocol::is_true(*i)?
    {
        let origin = match protocol::getattr_opt(*spec, n.origin)? {
            Some(o) if strings::is_str(*o) => Some(strings::expect(*o).to_string()),
            _ => None,
        };
        let message = match origin {
            Some(o) => format!(
                "partially initialized module '{own_name}' from '{o}' has no attribute '{text}' (most likely due to a circular import)"
            ),
            None => format!(
                "partially initialized module '{own_name}' has no attribute '{text}' (most likely due to a circular import)"
            ),
        };
        return Err(attribute_error(v, name, message));
    }
    if !spec.is_none_or_null()
        && let Some(u) = protocol::getattr_opt(*spec, n._uninitialized_submodules)?
        && protocol::contains(*u, name)?
    {
        return Err(attribute_error(
            v,
            name,
            format!(
                "cannot access submodule '{text}' of module '{own_name}' (most likely due to a circular import)"
            ),
        ));
    }
    Err(attribute_error(
        v,
        name,
        format!("module '{own_name}' has no attribute '{text}'"),
    ))
}

fn repr(v: Value) -> PyResult {
    let n = names();
    let d = namespace(v).to_ref();
    let get = |k: Value| -> PyResult { Ok(dict::get(*d, k)?.or(Value::NONE).to_ref()) };
    let spec = get(n.__spec__)?;
    let text = if !spec.is_none() {
        let name = protocol::getattr(*spec, n.name)?;
        let name = if name.is_none() {
            "'?'".to_string()
        } else {
            protocol::repr_text(*name)?
        };
        let origin = protocol::getattr_opt(*spec, n.origin)?.unwrap_or(Ref::NONE);
        if origin.is_none() {
            let loader = protocol::getattr_opt(*spec, n.loader)?.unwrap_or(Ref::NONE);
            if loader.is_none() {
                format!("<module {name}>")
            } else {
                format!("<module {name} ({})>", protocol::repr_text(*loader)?)
            }
        } else {
            let located = protocol::getattr_opt(*spec, n.has_location)?.unwrap_or(Ref::NONE);
            if protocol::is_true(*located)? {
                format!("<module {name} from {}>", protocol::repr_text(*origin)?)
            } else {
                format!("<module {name} ({})>", protocol::str_text(*origin)?)
            }
        }
    } else {
        let name = get(n.__name__)?;
        let name = if name.is_none() {
            "'?'".to_string()
        } else {
            protocol::repr_text(*name)?
        };
        let file = get(n.__file__)?;
        let loader = get(n.__loader__)?;
        if !file.is_none() {
            format!("<module {name} from {}>", protocol::repr_text(*file)?)
        } else if !loader.is_none() {
            format!("<module {name} ({})>", protocol::repr_text(*loader)?)
        } else {
            format!("<module {name}>")
        }
    };
    Ok(strings::new_str(&text))
}

fn dir(a: &[Value]) -> PyResult {
    let d = protocol::getattr(a[0], names().__dict__)?;
    if !dict::is_dict(*d) {
        return err!(TypeError, "<module>.__dict__ is not a dictionary");
    }
    let hook = dict::get(*d, names().__dir__)?;
    if !hook.is_null() {
        let hook = hook.to_ref();
        return protocol::call(*hook, &[]);
    }
    Ok(list::new_list(
        dict::items(*d).into_iter().map(|(k, _)| k).collect(),
    ))
}

fn get_annotations(v: Value) -> PyResult {
    let n = names();
    let d = namespace(v).to_ref();
    let own = dict::get(*d, n.__annotations__)?;
    if !own.is_null() {
        return Ok(own.to_ref());
    }
    let annotate = dict::get(*d, n.__annotate__)?.to_ref();
    let made = if !annotate.is_null() && annotate.ty().slots().call.is_some() {
        let r = protocol::call(*annotate, &[Value::small_int(1)])?;
        if !dict::is_dict(*r) {
            return err!(
                TypeError,
                "__annotate__() must return a dict, not {}",
                r.type_name()
            );
        }
        r
    } else {
        dict::new_dict()
    };
    dict::set(*d, n.__annotations__, *made)?;
    Ok(made)
}
fn set_annotations(v: Value, value: Value) -> PyResult<()> {
    let n = names();
    let d = namespace(v).to_ref();
    if value.is_null() {
        if !dict::delete(*d, n.__annotations__)? {
            return err!(AttributeError, "__annotations__");
        }
    } else {
        dict::set(*d, n.__annotations__, value)?;
    }
    dict::delete(*d, n.__annotate__)?;
    Ok(())
}
fn get_annotate(v: Value) -> PyResult {
    let d = namespace(v).to_ref();
    dict::setdefault(*d, names().__annotate__, Value::NONE)
}
fn set_annotate(v: Value, value: Value) -> PyResult<()> {
    let n = names();
    if value.is_null() {
        return err!(TypeError, "cannot delete __annotate__ attribute");
    }
    if !value.is_none() && value.ty().slots().call.is_none() {
        return err!(TypeError, "__annotate__ must be callable or None");
    }
    let d = namespace(v).to_ref();
    dict::set(*d, n.__annotate__, value)?;
    if !value.is_none() {
        dict::delete(*d, n.__annotations__)?;
    }
    Ok(())
}

pub static MODULE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "module",
    doc: "Create a module object.\n\nThe name must be a string; the optional docstring can have any type.",
    flags: TypeFlags::BASETYPE | TypeFlags::HAVE_GC | TypeFlags::WEAKREFABLE,
    slots: Slots {
        new: Some(new),
        init: Some(init),
        repr: Some(repr),
        getattro: Some(getattro),
        ..Slots::of::<PyModule>()
    },
    methods: &[MethodDef::new(
        "__dir__($self, /)",
        "List of the module's names.",
        dir,
    )],
    members: &[MemberDef::ro("__dict__", "", |v| Ok(namespace(v).to_ref()))],
    getset: &[
        GetSetDef::rw("__annotations__", "", get_annotations, set_annotations),
        GetSetDef::rw("__annotate__", "", get_annotate, set_annotate),
    ],
    text_signature: "(name, doc=None)",
    dict_offset: std::mem::offset_of!(PyModule, dict),
    ..TypeSpec::of::<PyModule>()
});
