//! Frames, the interpreter cores, import and the builtins module
