//! Instruction tables, code objects, marshal, disassembly and the verifier.

mod table;

pub mod code;
pub mod disassemble;
mod flow;
pub mod locations;
pub mod marshal;
pub mod opcode;
pub mod reference;
pub mod text;
pub mod verify;

pub use code::{Code, Const};
pub use text::Str;
