//! All builtin types in one place.
pub use crate::builtin_iterators::{ENUMERATE_TYPE, FILTER_TYPE, MAP_TYPE, ZIP_TYPE};
pub use crate::bytes_methods::BYTES_TYPE;
pub use crate::descriptors::METHOD_DESCR_TYPE;
pub use crate::dict_methods::DICT_TYPE;
pub use crate::float_methods::FLOAT_TYPE;
pub use crate::function_type::{BUILTIN_TYPE, CELL_TYPE, CODE_TYPE, FUNCTION_TYPE, METHOD_TYPE};
pub use crate::int_methods::{BOOL_TYPE, INT_TYPE};
pub use crate::iterators::{CALLABLE_ITERATOR_TYPE, LIST_ITERATOR_TYPE, LIST_REVERSE_ITERATOR_TYPE, REVERSED_TYPE, SEQUENCE_ITERATOR_TYPE, TUPLE_ITERATOR_TYPE};
pub use crate::list_methods::LIST_TYPE;
pub use crate::module_type::MODULE_TYPE;
pub use crate::range::{LONG_RANGE_ITERATOR_TYPE, RANGE_ITERATOR_TYPE, RANGE_TYPE};
pub use crate::singletons::{ELLIPSIS_TYPE, NONE_TYPE, NOT_IMPLEMENTED_TYPE};
pub use crate::slice::SLICE_TYPE;
pub use crate::str_methods::STR_TYPE;
pub use crate::tuple_methods::TUPLE_TYPE;
pub use crate::type_methods::{OBJECT_TYPE, TYPE_TYPE};
