//! The reference page of the instructions, made from their table.

use crate::opcode::{ArgKind, Opcode};

/// The page, in Markdown.
pub fn instructions_page() -> String {
    let mut out = String::from(
        "# Instructions\n\n\
         Made from the table in `src/bytecode/table.rs` by\n\
         `cargo run -p taipan-bytecode --example instructions > docs/instructions.md`. Do not edit.\n\n\
         The stack grows to the right; `n` is the argument. A specialised form stands below its generic one and has\n\
         its stack effect and its inline cache.\n\n\
         | number | name | argument | stack | cache | meaning |\n|---|---|---|---|---|---|\n",
    );
    let mut generics: Vec<Opcode> = Opcode::ALL
        .iter()
        .copied()
        .filter(|opcode| opcode.generic() == *opcode)
        .collect();
    generics.sort_by_key(|opcode| *opcode as u8);
    for generic in generics {
        row(&mut out, generic);
        for &form in Opcode::ALL
            .iter()
            .filter(|form| **form != generic && form.generic() == generic)
        {
            row(&mut out, form);
        }
    }
    out
}

fn row(out: &mut String, opcode: Opcode) {
    let info = opcode.info();
    let special = opcode.generic() != opcode;
    let argument = match info.kind {
        ArgKind::None => String::new(),
        kind => format!("{kind:?}"),
    };
    let effect = if special || info.effect.is_empty() {
        String::new()
    } else {
        format!("`{}`", info.effect)
    };
    let cache = if special || info.cache == 0 {
        String::new()
    } else {
        info.cache.to_string()
    };
    let indent = if special { "— " } else { "" };
    let argument = if special { "" } else { argument.as_str() };
    out.push_str(&format!(
        "| {} | {indent}`{}` | {argument} | {effect} | {cache} | {} |\n",
        opcode as u8,
        info.name,
        info.doc.trim().replace('|', "\\|")
    ));
}

#[cfg(test)]
mod tests {
    #[test]
    fn page_is_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/instructions.md");
        let Ok(written) = std::fs::read_to_string(path) else {
            return;
        };
        assert!(
            written == super::instructions_page(),
            "docs/instructions.md is not what the table gives"
        );
    }
}
