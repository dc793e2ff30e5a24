//! `_types`.

use taipan_objects::native::ModuleDef;
use taipan_objects::typeobject::Type;
use taipan_objects::value::Value;
use taipan_objects::{module, traceback, types};
use taipan_runtime::{frame_object, generator_types};

/// What `types` exports, by name.
static TYPES: &[(&str, Type)] = &[
    ("AsyncGeneratorType", &generator_types::ASYNC_GENERATOR_TYPE),
    ("BuiltinFunctionType", &types::BUILTIN_TYPE),
    ("BuiltinMethodType", &types::BUILTIN_TYPE),
    ("CapsuleType", &types::CAPSULE_TYPE),
    ("CellType", &types::CELL_TYPE),
    ("ClassMethodDescriptorType", &types::CLASSMETHOD_DESCR_TYPE),
    ("CodeType", &types::CODE_TYPE),
    ("CoroutineType", &generator_types::COROUTINE_TYPE),
    ("EllipsisType", &types::ELLIPSIS_TYPE),
    ("FrameType", &frame_object::FRAME_TYPE),
    ("FunctionType", &types::FUNCTION_TYPE),
    ("GeneratorType", &generator_types::GENERATOR_TYPE),
    ("GenericAlias", &types::GENERIC_ALIAS_TYPE),
    ("GetSetDescriptorType", &types::GETSET_DESCR_TYPE),
    ("LambdaType", &types::FUNCTION_TYPE),
    ("MappingProxyType", &types::MAPPINGPROXY_TYPE),
    ("MemberDescriptorType", &types::MEMBER_DESCR_TYPE),
    ("MethodDescriptorType", &types::METHOD_DESCR_TYPE),
    ("MethodType", &types::METHOD_TYPE),
    ("MethodWrapperType", &types::METHOD_WRAPPER_TYPE),
    ("ModuleType", &types::MODULE_TYPE),
    ("NoneType", &types::NONE_TYPE),
    ("NotImplementedType", &types::NOT_IMPLEMENTED_TYPE),
    ("SimpleNamespace", &types::SIMPLE_NAMESPACE_TYPE),
    ("TracebackType", &traceback::TRACEBACK_TYPE),
    ("UnionType", &types::UNION_TYPE),
    ("WrapperDescriptorType", &types::WRAPPER_DESCR_TYPE),
];

pub static MODULE: ModuleDef = ModuleDef {
    name: "_types",
    doc: "Define names for built-in types.",
    functions: &[],
    init: Some(|m: Value| {
        for (name, ty) in TYPES {
            module::add(m, name, ty.to_ref());
        }
        Ok(())
    }),
};
