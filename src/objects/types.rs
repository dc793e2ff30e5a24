//! All builtin types in one place: a line per file, in alphabetical order.
use crate::typeobject::Type;

macro_rules! types {
    ($($module:ident: $($name:ident),+;)*) => {
        $(pub use crate::$module::{$($name),+};)*
        /// The types that are made ready at start-up, exceptions apart. Types of native modules are made ready when the module adds them.
        static CORE: &[Type] = &[$($(&$name),+),*];
    };
}

types! {
    object_methods: OBJECT_TYPE;
    type_methods: TYPE_TYPE;
    builtin_iterators: ENUMERATE_TYPE, FILTER_TYPE, MAP_TYPE, ZIP_TYPE;
    bytearray: BYTEARRAY_TYPE;
    bytes_methods: BYTEARRAY_ITERATOR_TYPE, BYTES_ITERATOR_TYPE, BYTES_TYPE;
    complex_methods: COMPLEX_TYPE;
    capsule: CAPSULE_TYPE;
    class_methods: CLASSMETHOD_TYPE, STATICMETHOD_TYPE;
    descriptors: CLASSMETHOD_DESCR_TYPE, GETSET_DESCR_TYPE, MEMBER_DESCR_TYPE, METHOD_DESCR_TYPE, METHOD_WRAPPER_TYPE, WRAPPER_DESCR_TYPE;
    dict_methods: DICT_TYPE;
    dict_views: DICT_ITEM_ITERATOR_TYPE, DICT_ITEMS_TYPE, DICT_KEY_ITERATOR_TYPE, DICT_KEYS_TYPE, DICT_REVERSE_ITEM_ITERATOR_TYPE, DICT_REVERSE_KEY_ITERATOR_TYPE, DICT_REVERSE_VALUE_ITERATOR_TYPE, DICT_VALUE_ITERATOR_TYPE, DICT_VALUES_TYPE;
    float_methods: FLOAT_TYPE;
    code_object: CODE_TYPE;
    function_type: BUILTIN_TYPE, CELL_TYPE, FUNCTION_TYPE, METHOD_TYPE;
    int_methods: BOOL_TYPE, INT_TYPE;
    iterators: CALLABLE_ITERATOR_TYPE, LIST_ITERATOR_TYPE, LIST_REVERSE_ITERATOR_TYPE, REVERSED_TYPE, SEQUENCE_ITERATOR_TYPE, TUPLE_ITERATOR_TYPE;
    list_methods: LIST_TYPE;
    mappingproxy: MAPPINGPROXY_TYPE;
    memoryview: MEMORY_ITERATOR_TYPE, MEMORYVIEW_TYPE;
    module_type: MODULE_TYPE;
    property: PROPERTY_TYPE;
    range: LONG_RANGE_ITERATOR_TYPE, RANGE_ITERATOR_TYPE, RANGE_TYPE;
    simple_namespace: SIMPLE_NAMESPACE_TYPE;
    set_methods: FROZENSET_TYPE, SET_ITERATOR_TYPE, SET_TYPE;
    singletons: ELLIPSIS_TYPE, NONE_TYPE, NOT_IMPLEMENTED_TYPE;
    slice: SLICE_TYPE;
    str_iter: STR_ASCII_ITERATOR_TYPE, STR_ITERATOR_TYPE;
    str_methods: STR_TYPE;
    super_object: SUPER_TYPE;
    traceback: TRACEBACK_TYPE;
    tuple_methods: TUPLE_TYPE;
    generic_alias: GENERIC_ALIAS_ITERATOR_TYPE, GENERIC_ALIAS_TYPE;
    typevar: CONST_EVALUATOR_TYPE, GENERIC_TYPE, NO_DEFAULT_TYPE, PARAMSPECARGS_TYPE, PARAMSPECKWARGS_TYPE, PARAMSPEC_TYPE, TYPEVARTUPLE_TYPE, TYPEVAR_TYPE, TYPE_ALIAS_TYPE;
    union_type: UNION_TYPE;
    weakproxy: CALLABLE_PROXY_TYPE, PROXY_TYPE;
    weakref: REF_TYPE;
}

/// All native types that are ready from the start.
pub fn all() -> impl Iterator<Item = Type> {
    CORE.iter()
        .copied()
        .chain(crate::exception_types::ALL.iter().copied())
}
