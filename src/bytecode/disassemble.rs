//! Text listings in the format of Python's `dis`.

use std::collections::BTreeMap;
use std::fmt::Write;

use dashu_int::IBig;

use crate::code::{Code, Const};
use crate::opcode::{self, ArgKind, op};
use crate::text::Str;

/// `dis.dis(code)`: the listing of a code object and of those among its constants.
pub fn dis(code: &Code) -> String {
    let mut out = String::new();
    recurse(&mut out, code);
    out
}

fn recurse(out: &mut String, code: &Code) {
    out.push_str(&disassemble(code));
    for constant in &code.consts {
        if let Const::Code(inner) = constant {
            let _ = writeln!(out, "\nDisassembly of {}:", repr(constant));
            recurse(out, inner);
        }
    }
}

/// The listing of one code object.
pub fn disassemble(code: &Code) -> String {
    let lines = line_starts(code);
    let labels = label_numbers(code);
    let largest = lines.values().flatten().filter(|line| **line != 0).max();
    let line_width = match largest {
        None => 0,
        Some(largest) => {
            let width = largest.to_string().len().max(3);
            if lines.values().any(Option::is_none) {
                width.max(4)
            } else {
                width
            }
        }
    };
    let label_width = 4 + labels.len().to_string().len();

    let mut out = String::new();
    let mut arg = 0u32;
    let mut unit = 0;
    while unit * 2 + 1 < code.code.len() {
        let opcode = code.code[unit * 2];
        arg = arg << 8 | code.code[unit * 2 + 1] as u32;
        let mut fields = Vec::new();
        if line_width > 0 {
            let line = lines.get(&unit);
            if line.is_some() && unit > 0 {
                out.push('\n');
            }
            fields.push(match line {
                Some(Some(line)) => format!("{line:>line_width$}"),
                Some(None) => format!("{:>line_width$}", "  --"),
                None => " ".repeat(line_width),
            });
        }
        fields.push(match labels.get(&unit) {
            Some(label) => format!("{:>label_width$}", format!("L{label}:")),
            None => " ".repeat(label_width),
        });
        fields.push("   ".to_string());
        let name = opcode::name(opcode as u16);
        fields.push(format!("{name:<20}"));
        let end = unit + 1 + opcode::cache_units(opcode);
        if opcode::has_arg(opcode as u16) {
            let width = 5usize.saturating_sub(name.len().saturating_sub(20));
            fields.push(format!("{arg:>width$}"));
            let meaning = describe(code, opcode, arg, end, &labels);
            if !meaning.is_empty() {
                fields.push(format!("({meaning})"));
            }
        }
        out.push_str(fields.join(" ").trim_end());
        out.push('\n');
        if opcode as u16 != op::EXTENDED_ARG {
            arg = 0;
        }
        unit = end;
    }
    let mut entries = code.exception_entries().peekable();
    if entries.peek().is_some() {
        out.push_str("ExceptionTable:\n");
    }
    let label = |unit: u32| labels.get(&(unit as usize)).copied().unwrap_or(0);
    for entry in entries {
        let lasti = if entry.lasti { " lasti" } else { "" };
        let _ = writeln!(
            out,
            "  L{} to L{} -> L{} [{}]{lasti}",
            label(entry.start),
            label(entry.end),
            label(entry.target),
            entry.depth
        );
    }
    out
}

/// Units at which another line begins.
fn line_starts(code: &Code) -> BTreeMap<usize, Option<i32>> {
    let mut starts = BTreeMap::new();
    let mut last = None;
    for entry in code.locations() {
        let line = entry.position.line;
        if last != Some(line) {
            starts.insert(entry.start, line);
            last = Some(line);
        }
    }
    starts
}

/// Where instruction at `end` of whatever kind leads, in units.
fn target(opcode: u8, arg: u32, end: usize) -> Option<usize> {
    match opcode::info(opcode as u16).kind {
        ArgKind::JumpForward => Some(end + arg as usize),
        ArgKind::JumpBackward => end.checked_sub(arg as usize),
        _ => None,
    }
}

fn label_numbers(code: &Code) -> BTreeMap<usize, usize> {
    let mut labels = BTreeMap::new();
    for instr in code.instructions() {
        if let Some(target) = target(instr.opcode, instr.arg, instr.end) {
            labels.insert(target, 0);
        }
    }
    for entry in code.exception_entries() {
        for unit in [entry.start, entry.end, entry.target] {
            labels.insert(unit as usize, 0);
        }
    }
    for (number, label) in labels.values_mut().enumerate() {
        *label = number + 1;
    }
    labels
}

fn describe(
    code: &Code,
    opcode: u8,
    arg: u32,
    end: usize,
    labels: &BTreeMap<usize, usize>,
) -> String {
    fn pick(table: &[&str], index: u32) -> String {
        table
            .get(index as usize)
            .copied()
            .unwrap_or("?")
            .to_string()
    }
    let index = arg as usize;
    let name = |names: &[Str], index: usize| {
        names
            .get(index)
            .map_or("?".to_string(), Str::to_string_lossy)
    };
    let generic = opcode::deoptimized(opcode) as u16;
    match opcode::info(opcode as u16).kind {
        ArgKind::Const => code.consts.get(index).map_or("?".to_string(), repr),
        ArgKind::Name => name(&code.names, index),
        ArgKind::NameShift1 | ArgKind::NameShift2 => {
            let shift = if generic == op::LOAD_SUPER_ATTR { 2 } else { 1 };
            let extra = match (arg & 1, generic) {
                (0, _) => "",
                (_, op::LOAD_GLOBAL) => " + NULL",
                _ => " + NULL|self",
            };
            name(&code.names, index >> shift) + extra
        }
        ArgKind::Local | ArgKind::Free => name(&code.localsplusnames, index),
        ArgKind::LocalPair => {
            format!(
                "{}, {}",
                name(&code.localsplusnames, index >> 4),
                name(&code.localsplusnames, index & 15)
            )
        }
        ArgKind::JumpForward | ArgKind::JumpBackward => {
            let preposition = if generic == op::END_ASYNC_FOR {
                "from"
            } else {
                "to"
            };
            let label = target(opcode, arg, end)
                .and_then(|unit| labels.get(&unit))
                .copied()
                .unwrap_or(0);
            format!("{preposition} L{label}")
        }
        ArgKind::BinaryOp => pick(opcode::BINARY_OPS, arg),
        ArgKind::Compare => {
            let text = pick(opcode::COMPARISONS, arg >> 5);
            if arg & opcode::COMPARE_TO_BOOL != 0 {
                format!("bool({text})")
            } else {
                text
            }
        }
        ArgKind::Invert => {
            let names = if generic == op::IS_OP {
                ["is", "is not"]
            } else {
                ["in", "not in"]
            };
            names[(arg != 0) as usize].to_string()
        }
        ArgKind::Conversion => pick(&["", "str", "repr", "ascii"], arg),
        ArgKind::Intrinsic1 => pick(opcode::INTRINSICS_1, arg),
        ArgKind::Intrinsic2 => pick(opcode::INTRINSICS_2, arg),
        ArgKind::SpecialMethod => pick(opcode::SPECIAL_METHODS, arg),
        ArgKind::CommonConstant => match opcode::CommonConstant::from_u32(arg) {
            Some(opcode::CommonConstant::BuiltinAll) => "<built-in function all>".to_string(),
            Some(opcode::CommonConstant::BuiltinAny) => "<built-in function any>".to_string(),
            _ => pick(opcode::COMMON_CONSTANTS, arg),
        },
        ArgKind::FunctionAttribute => {
            let names = [
                "defaults",
                "kwdefaults",
                "annotations",
                "closure",
                "annotate",
            ];
            let set: Vec<&str> = names
                .iter()
                .enumerate()
                .filter(|(bit, _)| arg & 1 << bit != 0)
                .map(|(_, name)| *name)
                .collect();
            set.join(", ")
        }
        _ => String::new(),
    }
}

/// `repr()` of a constant.
pub fn repr(value: &Const) -> String {
    match value {
        Const::None => "None".into(),
        Const::True => "True".into(),
        Const::False => "False".into(),
        Const::Ellipsis => "Ellipsis".into(),
        Const::StopIteration => "<class 'StopIteration'>".into(),
        Const::Int(value) => IBig::to_string(value),
        Const::Float(value) => float_repr(*value),
        Const::Complex(re, im) => {
            let part = |value: f64| float_repr(value).trim_end_matches(".0").to_string();
            if *re == 0.0 && re.is_sign_positive() {
                format!("{}j", part(*im))
            } else {
                let sign = if im.is_sign_negative() && !im.is_nan() {
                    ""
                } else {
                    "+"
                };
                format!("({}{sign}{}j)", part(*re), part(*im))
            }
        }
        Const::Str(text) => str_repr(text),
        Const::Bytes(bytes) => bytes_repr(bytes),
        Const::Tuple(items) if items.len() == 1 => format!("({},)", repr(&items[0])),
        Const::Tuple(items) => format!("({})", list(items)),
        Const::List(items) => format!("[{}]", list(items)),
        Const::Set(items) if items.is_empty() => "set()".into(),
        Const::Set(items) => format!("{{{}}}", list(items)),
        Const::FrozenSet(items) if items.is_empty() => "frozenset()".into(),
        Const::FrozenSet(items) => format!("frozenset({{{}}})", list(items)),
        Const::Dict(items) => {
            let pairs: Vec<String> = items
                .iter()
                .map(|(k, v)| format!("{}: {}", repr(k), repr(v)))
                .collect();
            format!("{{{}}}", pairs.join(", "))
        }
        Const::Slice(parts) => format!("slice({})", list(&parts[..])),
        Const::Code(code) => format!(
            "<code object {} at {:p}, file \"{}\", line {}>",
            code.name,
            std::sync::Arc::as_ptr(code),
            code.filename,
            code.firstlineno
        ),
    }
}

fn list(items: &[Const]) -> String {
    items.iter().map(repr).collect::<Vec<_>>().join(", ")
}

/// Shortest digits that read back as the same float, with an exponent from 1e16 up and below 1e-4.
fn float_repr(value: f64) -> String {
    if value.is_nan() {
        return "nan".into();
    }
    if value.is_infinite() {
        return if value > 0.0 {
            "inf".into()
        } else {
            "-inf".into()
        };
    }
    let scientific = format!("{value:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if value != 0.0 && !(-4..16).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.unsigned_abs());
    }
    let plain = format!("{value}");
    if plain.contains('.') {
        plain
    } else {
        plain + ".0"
    }
}

fn quote_for(has_single: bool, has_double: bool) -> char {
    if has_single && !has_double { '"' } else { '\'' }
}

fn str_repr(text: &Str) -> String {
    let bytes = text.as_bytes();
    let quote = quote_for(bytes.contains(&b'\''), bytes.contains(&b'"'));
    let mut out = String::from(quote);
    for point in text.code_points() {
        match char::from_u32(point) {
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some('\\') => out.push_str("\\\\"),
            Some(c) if c == quote => out.extend(['\\', c]),
            Some(c) if !c.is_control() && c != '\u{AD}' && !(c.is_whitespace() && c != ' ') => {
                out.push(c)
            }
            _ if point < 0x100 => {
                let _ = write!(out, "\\x{point:02x}");
            }
            _ if point < 0x1_0000 => {
                let _ = write!(out, "\\u{point:04x}");
            }
            _ => {
                let _ = write!(out, "\\U{point:08x}");
            }
        }
    }
    out.push(quote);
    out
}

fn bytes_repr(bytes: &[u8]) -> String {
    let quote = quote_for(bytes.contains(&b'\''), bytes.contains(&b'"'));
    let mut out = format!("b{quote}");
    for &byte in bytes {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b'\\' => out.push_str("\\\\"),
            _ if byte as char == quote => out.extend(['\\', quote]),
            0x20..=0x7E => out.push(byte as char),
            _ => {
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out.push(quote);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reprs() {
        for (value, text) in [
            (Const::Float(1e16), "1e+16"),
            (Const::Float(1e15), "1000000000000000.0"),
            (Const::Float(1e-5), "1e-05"),
            (Const::Float(0.0001), "0.0001"),
            (Const::Float(-0.0), "-0.0"),
            (Const::Complex(0.0, 1.0), "1j"),
            (Const::Complex(1.5, -2.0), "(1.5-2j)"),
            (Const::str("it's"), "\"it's\""),
            (Const::str("a\"'\n\u{7f}"), "'a\"\\'\\n\\x7f'"),
            (Const::Bytes(b"\0a'".as_slice().into()), "b\"\\x00a'\""),
            (Const::Tuple([Const::int(1)].into()), "(1,)"),
        ] {
            assert_eq!(repr(&value), text);
        }
    }
}
