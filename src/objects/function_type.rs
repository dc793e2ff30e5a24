//! Types of functions, code, cells and bound methods.
use crate::typeobject::{TypeFlags, TypeObject, TypeSpec};

pub static CODE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec { name: "code", flags: 0, ..TypeSpec::of::<crate::function::PyCode>() });

pub static FUNCTION_TYPE: TypeObject = TypeObject::builtin(&TypeSpec { name: "function", flags: TypeFlags::HAVE_GC | TypeFlags::METHOD_DESCRIPTOR | TypeFlags::WEAKREFABLE, ..TypeSpec::of::<crate::function::PyFunction>() });

pub static CELL_TYPE: TypeObject = TypeObject::builtin(&TypeSpec { name: "cell", flags: TypeFlags::HAVE_GC, ..TypeSpec::of::<crate::function::PyCell>() });

pub static METHOD_TYPE: TypeObject = TypeObject::builtin(&TypeSpec { name: "method", flags: TypeFlags::HAVE_GC | TypeFlags::WEAKREFABLE, ..TypeSpec::of::<crate::function::PyMethod>() });

pub static BUILTIN_TYPE: TypeObject = TypeObject::builtin(&TypeSpec { name: "builtin_function_or_method", flags: TypeFlags::HAVE_GC | TypeFlags::WEAKREFABLE, ..TypeSpec::of::<crate::function::PyBuiltin>() });
