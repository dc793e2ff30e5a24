//! The hot handlers of the release binary: no calls, no use of the native stack, and a jump to the next handler.
//!
//! Reads `target/release/taipan` (or `$TAIPAN_RELEASE`); skips with a word if there is none.

use object::{Object, ObjectSection, ObjectSymbol};
use std::path::PathBuf;

/// Handlers that must stay pure sequences of moves, tests and jumps.
const HOT: &[&str] = &[
    "op_LOAD_FAST",
    "op_LOAD_FAST_LOAD_FAST",
    "op_LOAD_CONST",
    "op_LOAD_SMALL_INT",
    "op_LOAD_GLOBAL_MODULE",
    "op_LOAD_GLOBAL_BUILTIN",
    "op_LOAD_DEREF",
    "op_STORE_FAST",
    "op_POP_TOP",
    "op_COPY",
    "op_SWAP",
    "op_PUSH_NULL",
    "op_BINARY_OP_ADD_INT",
    "op_BINARY_OP_SUBTRACT_INT",
    "op_BINARY_OP_MULTIPLY_INT",
    "op_BINARY_OP_ADD_FLOAT",
    "op_BINARY_OP_SUBTRACT_FLOAT",
    "op_BINARY_OP_MULTIPLY_FLOAT",
    "op_POP_JUMP_IF_FALSE",
    "op_POP_JUMP_IF_TRUE",
    "op_POP_JUMP_IF_NONE",
    "op_POP_JUMP_IF_NOT_NONE",
    "op_JUMP_BACKWARD",
    "op_JUMP_FORWARD",
    "op_LOAD_ATTR_INSTANCE_VALUE",
    "op_LOAD_ATTR_METHOD_WITH_VALUES",
    "op_LOAD_ATTR_MODULE",
    "op_LOAD_FAST_BORROW_LOAD_ATTR",
    "op_LOAD_FAST_BORROW_LOAD_FAST_BORROW_SUBSCR",
    "op_UNARY_NOT",
    "op_RESUME",
];

fn binary() -> Option<PathBuf> {
    if let Some(p) = std::env::var_os("TAIPAN_RELEASE") {
        return Some(p.into());
    }
    let mut p = PathBuf::from(env!("CARGO_BIN_EXE_taipan"));
    p.pop();
    p.pop();
    p.push("release/taipan");
    p.exists().then_some(p)
}

/// What is wrong with a handler's code, if anything.
fn fault(code: &[u8], address: u64, arch: object::Architecture) -> Option<String> {
    match arch {
        object::Architecture::X86_64 => fault_x86(code, address),
        object::Architecture::Aarch64 => fault_aarch64(code),
        _ => None,
    }
}

fn fault_x86(code: &[u8], address: u64) -> Option<String> {
    use iced_x86::{Decoder, DecoderOptions, FlowControl, Mnemonic, OpKind, Register};
    let mut jumps = 0;
    for i in Decoder::with_ip(64, code, address, DecoderOptions::NONE) {
        match i.flow_control() {
            FlowControl::Call | FlowControl::IndirectCall => return Some(format!("a call: {i:?}")),
            FlowControl::IndirectBranch => jumps += 1,
            _ => {}
        }
        if i.mnemonic() == Mnemonic::Push {
            return Some(format!("a push: {i:?}"));
        }
        if i.mnemonic() == Mnemonic::Sub
            && i.op0_kind() == OpKind::Register
            && i.op0_register() == Register::RSP
        {
            return Some(format!("stack space: {i:?}"));
        }
    }
    (jumps == 0).then(|| "no indirect jump".to_string())
}

fn fault_aarch64(code: &[u8]) -> Option<String> {
    let mut jumps = 0;
    for w in code
        .chunks_exact(4)
        .map(|c| u32::from_le_bytes([c[0], c[1], c[2], c[3]]))
    {
        if w & 0xfc00_0000 == 0x9400_0000 || w & 0xffff_fc1f == 0xd63f_0000 {
            return Some(format!("a call: {w:#010x}"));
        }
        if w & 0xffff_fc1f == 0xd61f_0000 {
            jumps += 1;
        }
        let base_is_sp = (w >> 5) & 31 == 31;
        // Stores of pairs and of single registers.
        let store = w & 0x3a40_0000 == 0x2800_0000
            || w & 0x3b20_0c00 == 0x3800_0c00
            || w & 0x3bc0_0000 == 0x3900_0000;
        if base_is_sp && store {
            return Some(format!("a store to the stack: {w:#010x}"));
        }
    }
    (jumps == 0).then(|| "no indirect jump".to_string())
}

#[test]
fn hot_handlers_are_pure() {
    let Some(path) = binary() else {
        println!("skipped: no release binary has been built");
        return;
    };
    let data = std::fs::read(&path).expect("the binary can be read");
    let file = object::File::parse(&*data).expect("the binary is an object file");
    let mut faults = Vec::new();
    for name in HOT {
        let mangled = format!("{}{}17h", name.len(), name);
        let Some(symbol) = file
            .symbols()
            .find(|s| s.name().is_ok_and(|n| n.contains(&mangled)))
        else {
            faults.push(format!("{name}: not found"));
            continue;
        };
        let section = symbol
            .section_index()
            .and_then(|i| file.section_by_index(i).ok())
            .expect("symbol has a section");
        let code = section
            .data_range(symbol.address(), symbol.size())
            .ok()
            .flatten()
            .expect("code of the symbol is in the file");
        if let Some(f) = fault(code, symbol.address(), file.architecture()) {
            faults.push(format!("{name}: {f}"));
        }
    }
    assert!(
        faults.is_empty(),
        "{} of {} hot handlers:\n{}",
        faults.len(),
        HOT.len(),
        faults.join("\n")
    );
}
