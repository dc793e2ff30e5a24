//! `_opcode`: what `dis` and `opcode` ask about the instructions.

use taipan_bytecode::opcode;
use taipan_objects::err::PyResult;
use taipan_objects::function::PyCode;
use taipan_objects::int::{self, from_i64};
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{err, list, module, strings, tuple};

/// The instruction's number, if there is such an instruction.
fn known(v: Value) -> PyResult<Option<u16>> {
    let n = int::to_i32(v)?;
    Ok(u16::try_from(n).ok().filter(|n| *n < 300 && !opcode::info(*n).name.is_empty()))
}

fn test(a: &[Value], f: fn(u16) -> bool) -> PyResult {
    Ok(Ref::bool(known(a[0])?.is_some_and(f)))
}

fn stack_effect(a: &[Value]) -> PyResult {
    let op = int::to_i32(a[0])?;
    let arg = if a[1].is_none_or_null() { 0 } else { int::to_i32(a[1])? };
    let jumps: &[bool] = match a[2] {
        j if j.is_none_or_null() => &[true, false],
        j if j.is(Value::TRUE) => &[true],
        j if j.is(Value::FALSE) => &[false],
        _ => return err!(ValueError, "stack_effect: jump must be False, True or None"),
    };
    let effect = u16::try_from(op)
        .ok()
        // Specialized instructions have no effect of their own.
        .filter(|op| *op < 300 && (*op > 255 || opcode::deoptimized(*op as u8) as u16 == *op))
        .and_then(|op| jumps.iter().filter_map(|j| opcode::stack_effect(op, arg as u32, *j)).max());
    match effect {
        Some(e) => Ok(from_i64(e)),
        None => err!(ValueError, "invalid opcode or oparg"),
    }
}

fn texts(names: &[&str]) -> PyResult {
    Ok(list::new_list(names.iter().map(|n| strings::intern_str(n)).collect()))
}

const NB_NAMES: [&str; 27] = [
    "NB_ADD", "NB_AND", "NB_FLOOR_DIVIDE", "NB_LSHIFT", "NB_MATRIX_MULTIPLY", "NB_MULTIPLY", "NB_REMAINDER", "NB_OR", "NB_POWER",
    "NB_RSHIFT", "NB_SUBTRACT", "NB_TRUE_DIVIDE", "NB_XOR", "NB_INPLACE_ADD", "NB_INPLACE_AND", "NB_INPLACE_FLOOR_DIVIDE",
    "NB_INPLACE_LSHIFT", "NB_INPLACE_MATRIX_MULTIPLY", "NB_INPLACE_MULTIPLY", "NB_INPLACE_REMAINDER", "NB_INPLACE_OR",
    "NB_INPLACE_POWER", "NB_INPLACE_RSHIFT", "NB_INPLACE_SUBTRACT", "NB_INPLACE_TRUE_DIVIDE", "NB_INPLACE_XOR", "NB_SUBSCR",
];

fn nb_ops(_: &[Value]) -> PyResult {
    let pair = |(n, s): (&&str, &&str)| tuple::of([strings::intern_str(n), strings::intern_str(s)]);
    Ok(list::new_list(NB_NAMES.iter().zip(opcode::BINARY_OPS).map(pair).collect()))
}

fn get_executor(a: &[Value]) -> PyResult {
    if !a[0].is_a::<PyCode>() {
        return err!(TypeError, "expected a code object, not '{}'", a[0].type_name());
    }
    int::to_i32(a[1])?;
    err!(ValueError, "no executor at given byte offset")
}

pub static MODULE: ModuleDef = ModuleDef {
    name: "_opcode",
    doc: "Opcode support module.",
    functions: &[
        MethodDef::new("stack_effect($module, opcode, oparg=None, /, *, jump=None)", "Compute the stack effect of the opcode.", stack_effect),
        MethodDef::new("is_valid($module, /, opcode)", "Return True if opcode is valid, False otherwise.", |a| test(a, |_| true)),
        MethodDef::new("has_arg($module, /, opcode)", "Return True if the opcode uses its oparg, False otherwise.", |a| test(a, opcode::has_arg)),
        MethodDef::new("has_const($module, /, opcode)", "Return True if the opcode accesses a constant, False otherwise.", |a| test(a, opcode::has_const)),
        MethodDef::new("has_name($module, /, opcode)", "Return True if the opcode accesses an attribute by name, False otherwise.", |a| test(a, opcode::has_name)),
        MethodDef::new("has_jump($module, /, opcode)", "Return True if the opcode has a jump target, False otherwise.", |a| test(a, |op| op < 234 && opcode::has_jump(op))),
        MethodDef::new("has_free($module, /, opcode)", "Return True if the opcode accesses a free variable, False otherwise.", |a| test(a, opcode::has_free)),
        MethodDef::new("has_local($module, /, opcode)", "Return True if the opcode accesses a local variable, False otherwise.", |a| test(a, opcode::has_local)),
        MethodDef::new("has_exc($module, /, opcode)", "Return True if the opcode sets an exception handler, False otherwise.", |a| test(a, opcode::is_block_push)),
        MethodDef::new("get_specialization_stats($module, /)", "Return the specialization stats", |_| Ok(Ref::NONE)),
        MethodDef::new("get_nb_ops($module, /)", "Return array of symbols of binary ops.", nb_ops),
        MethodDef::new("get_intrinsic1_descs($module, /)", "Return a list of names of the unary intrinsics.", |_| texts(opcode::INTRINSICS_1)),
        MethodDef::new("get_intrinsic2_descs($module, /)", "Return a list of names of the binary intrinsics.", |_| texts(opcode::INTRINSICS_2)),
        MethodDef::new("get_special_method_names($module, /)", "Return a list of special method names.", |_| texts(opcode::SPECIAL_METHODS)),
        MethodDef::new("get_executor($module, /, code, offset)", "Return the executor object at offset in code if exists, None otherwise.", get_executor),
    ],
    init: Some(|m| {
        module::add(m, "ENABLE_SPECIALIZATION", from_i64(1));
        module::add(m, "ENABLE_SPECIALIZATION_FT", from_i64(1));
        Ok(())
    }),
};
