//! Values, heap objects, the builtin types and the operations on them.
//!
//! Knows nothing of bytecode execution: what needs the interpreter goes through `vm::Hooks`.

pub mod attributes;
pub mod buffer;
pub mod builtin_iterators;
pub mod bytearray;
pub mod bytes;
pub mod bytes_find;
pub mod bytes_methods;
pub mod capsule;
pub mod class_methods;
pub mod code_object;
pub mod codecs;
pub mod complex;
pub mod complex_methods;
#[cfg(test)]
mod container_tests;
pub mod descriptors;
pub mod dict;
pub mod dict_methods;
pub mod dict_views;
pub mod err;
pub mod exception_fields;
pub mod exception_group;
pub mod exception_methods;
pub mod exception_types;
pub mod exception_unicode;
pub mod exceptions;
pub mod float;
pub mod float_attributes;
pub mod float_methods;
pub mod float_repr;
pub mod format_spec;
pub mod frame;
pub mod function;
pub mod function_type;
pub mod gc;
pub mod gc_collect;
pub mod generic_alias;
pub mod hash;
pub mod int;
pub mod int_attributes;
pub mod int_convert;
pub mod int_methods;
pub mod iterators;
pub mod list;
pub mod list_methods;
pub mod mappingproxy;
pub mod memory_format;
pub mod memoryview;
pub mod module;
pub mod module_type;
pub mod mro;
pub mod names;
pub mod native;
pub mod object;
pub mod object_methods;
pub mod printf;
pub mod property;
pub mod protocol;
pub mod range;
pub mod search;
pub mod set;
pub mod set_methods;
pub mod shape;
pub mod simple_namespace;
pub mod singletons;
pub mod slice;
pub mod slice_args;
pub mod slot_functions;
pub mod slot_table;
pub mod sort;
pub mod str_case;
pub mod str_find;
pub mod str_format;
pub mod str_iter;
pub mod str_methods;
pub mod strings;
pub mod structseq;
pub mod suggest;
pub mod super_object;
pub mod testing;
pub mod traceback;
pub mod tuple;
pub mod tuple_methods;
pub mod type_attributes;
pub mod type_methods;
pub mod type_new;
pub mod type_ready;
pub mod typeobject;
pub mod types;
pub mod typevar;
pub mod unicode;
mod unicode_tables;
pub mod union_type;
pub mod value;
pub mod vm;
pub mod weakproxy;
pub mod weakref;

/// Makes everything here ready for use: the collector, names, native types. Needs a current thread state; doing it again is harmless.
pub fn init() {
    if gc::GC.generations[0].next.get().is_null() {
        gc::init();
    }
    names::init();
    slot_table::init();
    for ty in types::all() {
        type_ready::ready(ty);
    }
}
