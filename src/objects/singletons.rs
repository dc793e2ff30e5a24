//! The types of None, Ellipsis and NotImplemented.
use crate::err::PyResult;
use crate::native::MethodDef;
use crate::object::Header;
use crate::typeobject::{Slots, Type, TypeObject, TypeSpec};
use crate::value::{Ref, Value};
use crate::{err, strings};

/// Layout of values that have none: the special constants.
#[repr(C)]
pub struct NoInstance {
    header: Header,
}
crate::object_impl!(NoInstance, NONE_TYPE);

/// The constant itself, from a constructor that takes nothing.
fn made(ty: Type, args: &[Value], constant: Value) -> PyResult {
    if !args.is_empty() {
        return err!(TypeError, "{} takes no arguments", ty.name());
    }
    Ok(Ref::immediate(constant))
}
fn text(s: &str) -> PyResult {
    Ok(strings::intern_str(s))
}

pub static NONE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "NoneType",
    doc: "The type of the None singleton.",
    slots: Slots {
        new: Some(|ty, args, _| made(ty, args, Value::NONE)),
        repr: Some(|_| text("None")),
        hash: Some(|_| Ok(0xfca86420)),
        bool: Some(|_| Ok(false)),
        richcompare: Some(crate::object_methods::object_compare),
        ..Slots::EMPTY
    },
    text_signature: "()",
    ..TypeSpec::of::<NoInstance>()
});
pub static ELLIPSIS_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "ellipsis",
    doc: "The type of the Ellipsis singleton.",
    slots: Slots {
        new: Some(|_, args, _| {
            if !args.is_empty() {
                return err!(TypeError, "EllipsisType takes no arguments");
            }
            Ok(Ref::immediate(Value::ELLIPSIS))
        }),
        repr: Some(|_| text("Ellipsis")),
        ..Slots::EMPTY
    },
    methods: &[MethodDef::new("__reduce__($self, /)", "", |_| {
        text("Ellipsis")
    })],
    text_signature: "()",
    ..TypeSpec::of::<NoInstance>()
});
pub static NOT_IMPLEMENTED_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "NotImplementedType",
    doc: "The type of the NotImplemented singleton.",
    slots: Slots {
        new: Some(|ty, args, _| made(ty, args, Value::NOT_IMPLEMENTED)),
        repr: Some(|_| text("NotImplemented")),
        bool: Some(|_| {
            err!(
                TypeError,
                "NotImplemented should not be used in a boolean context"
            )
        }),
        ..Slots::EMPTY
    },
    methods: &[MethodDef::new("__reduce__($self, /)", "", |_| {
        text("NotImplemented")
    })],
    text_signature: "()",
    ..TypeSpec::of::<NoInstance>()
});
