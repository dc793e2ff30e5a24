//! `PyCapsule`: an opaque object by which native modules pass data to each other. Python sees only its name.

use crate::object::{Header, new_object};
use crate::typeobject::{Slots, TypeFlags, TypeObject, TypeSpec};
use crate::value::Ref;
use crate::{object_impl, strings};
use std::any::Any;

/// A capsule.
#[repr(C)]
pub struct PyCapsule {
    pub header: Header,
    pub name: &'static str,
    pub content: Box<dyn Any>,
}
object_impl!(PyCapsule, CAPSULE_TYPE);

/// A capsule around a Rust value.
pub fn new_capsule(name: &'static str, content: Box<dyn Any>) -> Ref {
    new_object(PyCapsule {
        header: Header::new(&CAPSULE_TYPE),
        name,
        content,
    })
}

pub static CAPSULE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "PyCapsule",
    doc: "Capsule objects let native extension modules pass data to each other.",
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        repr: Some(|v| {
            // SAFETY: the slot of the type.
            let name = unsafe { v.cast_unchecked::<PyCapsule>() }.name;
            Ok(strings::new_str(&format!(
                "<capsule object \"{name}\" at {:#x}>",
                v.id()
            )))
        }),
        ..Slots::of::<PyCapsule>()
    },
    ..TypeSpec::of::<PyCapsule>()
});
