//! Values, heap objects, builtin types and the operations on them
