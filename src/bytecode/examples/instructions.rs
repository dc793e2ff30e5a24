//! Writes the reference page of the instructions, `docs/instructions.md`.
//!
//! `cargo run -p taipan-bytecode --example instructions > docs/instructions.md`; with `--effects` it
//! prints name, number and stack effects for arguments 0 to 4 instead.

use taipan_bytecode::{opcode, reference};

fn main() {
    if std::env::args().any(|arg| arg == "--effects") {
        for opcode in 0..512 {
            let name = opcode::info(opcode).name;
            if !name.is_empty() {
                let effects: Vec<String> = (0..5)
                    .flat_map(|arg| {
                        [false, true].map(|jump| opcode::stack_effect(opcode, arg, jump))
                    })
                    .map(|effect| effect.map_or("?".to_string(), |effect| effect.to_string()))
                    .collect();
                let has_arg = opcode::has_arg(opcode);
                println!("{name} {opcode} {has_arg} {}", effects.join(" "));
            }
        }
        return;
    }
    print!("{}", reference::instructions_page());
}
