//! Source text to canonical CPython 3.14 code objects
