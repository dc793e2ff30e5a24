//! Frames, the interpreter cores, import, and the builtins module.
#![cfg_attr(taipan_become, feature(explicit_tail_calls))]
#![cfg_attr(taipan_become, allow(incomplete_features))]

pub mod anext;
pub mod build_class;
pub mod builtins;
pub mod call;
pub mod compile;
pub mod core;
pub mod eval;
pub mod frame_object;
pub mod generator;
pub mod generator_types;
pub mod gil;
pub mod import;
pub mod intrinsics;
pub mod lifecycle;
pub mod locals_proxy;
pub use taipan_objects::suggest;
pub mod sys;
pub mod template;
pub mod warnings;
