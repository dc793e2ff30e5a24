//! Values, heap objects, the builtin types and the operations on them.
//!
//! Knows nothing of bytecode execution: what needs the interpreter goes through `vm::Hooks`.

pub mod attributes;
pub mod buffer;
pub mod bytes;
pub mod bytes_methods;
pub mod descriptors;
pub mod dict;
pub mod dict_methods;
pub mod err;
pub mod exception_types;
pub mod exceptions;
pub mod float;
pub mod float_methods;
pub mod frame;
pub mod function;
pub mod function_type;
pub mod gc;
pub mod generic_alias;
pub mod hash;
pub mod int;
pub mod int_methods;
pub mod iterators;
pub mod list;
pub mod list_methods;
pub mod memoryview;
pub mod module;
pub mod module_type;
pub mod names;
pub mod native;
pub mod object;
pub mod protocol;
pub mod shape;
pub mod singletons;
pub mod str_methods;
pub mod strings;
pub mod tuple;
pub mod tuple_methods;
pub mod type_methods;
pub mod typeobject;
pub mod types;
pub mod value;
pub mod vm;
pub mod weakref;
