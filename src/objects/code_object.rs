//! `code` objects: made from canonical code, and what Python sees of them.

use crate::err::PyResult;
use crate::function::PyCode;
use crate::native::{GetSetDef, MemberDef, MethodDef};
use crate::object::{Header, alloc};
use crate::strings;
use crate::typeobject::{CompareOp, Slots, Type, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Slot, Value};
use crate::{bytes, dict, err, float, int, list, protocol, tuple};
use std::cell::{Cell, UnsafeCell};
use std::sync::Arc;
use taipan_bytecode::Str;
use taipan_bytecode::code::{Code, Const};

/// A `str` from the compiler's text.
pub fn str_from(s: &Str) -> Ref {
    match s.as_str() {
        Some(t) => strings::new_str(t),
        None => strings::from_code_points(&s.code_points().collect::<Vec<u32>>()),
    }
}
/// The compiler's text from a `str`.
pub fn to_compiler_str(v: Value) -> Str {
    let s = strings::expect(v);
    match s.as_ascii() {
        Some(t) => Str::new(t),
        None => Str::from_code_points(s.data().iter()).unwrap_or_else(|| Str::new("")),
    }
}

/// `name(items)` for a builtin type; constants are hashable, so it cannot fail.
fn from_builtin(name: &str, items: Value) -> Ref {
    let ty = dict::get_str(*(crate::vm::hooks().builtins)(), name).to_ref();
    protocol::call(*ty, &[items]).unwrap_or_else(|_| {
        drop(crate::vm::vm().take_pending());
        Ref::NONE
    })
}

/// A constant as a value.
pub fn const_value(c: &Const) -> Ref {
    match c {
        Const::None => Ref::NONE,
        Const::True => Ref::bool(true),
        Const::False => Ref::bool(false),
        Const::Ellipsis => Ref::immediate(Value::ELLIPSIS),
        Const::Int(i) => int::from_ibig(i.clone()),
        Const::Float(f) => float::from_f64(*f),
        Const::Complex(re, im) => crate::complex::new_complex(*re, *im),
        Const::Str(s) => {
            let r = str_from(s);
            if taipan_bytecode::marshal::is_identifier_like(s) {
                strings::intern(r)
            } else {
                r
            }
        }
        Const::Bytes(b) => bytes::new_bytes(b),
        Const::Tuple(items) => tuple::from_refs(items.iter().map(const_value).collect()),
        Const::FrozenSet(items) => {
            let items = list::new_list(items.iter().map(const_value).collect());
            from_builtin("frozenset", *items)
        }
        Const::Code(code) => new_code(code.clone()),
        Const::Slice(parts) => {
            let p: Vec<Ref> = parts.iter().map(const_value).collect();
            crate::slice::new_slice(*p[0], *p[1], *p[2])
        }
        Const::List(items) => list::new_list(items.iter().map(const_value).collect()),
        Const::Dict(items) => {
            let d = dict::new_dict();
            for (k, v) in items.iter() {
                if dict::set(*d, *const_value(k), *const_value(v)).is_err() {
                    drop(crate::vm::vm().take_pending());
                }
            }
            d
        }
        Const::Set(items) => {
            let items = list::new_list(items.iter().map(const_value).collect());
            from_builtin("set", *items)
        }
        Const::StopIteration => crate::exceptions::StopIteration.to_ref(),
    }
}

/// A value as a constant, `None` if it cannot be one.
pub fn value_const(v: Value) -> Option<Const> {
    Some(if v.is_none() {
        Const::None
    } else if v.is_bool() {
        if v.is(Value::TRUE) {
            Const::True
        } else {
            Const::False
        }
    } else if v.is(Value::ELLIPSIS) {
        Const::Ellipsis
    } else if let Some(i) = int::as_int(&v) {
        Const::Int(i.to_ibig())
    } else if let Some(f) = float::as_float(v) {
        Const::Float(f)
    } else if strings::is_str(v) {
        Const::Str(to_compiler_str(v))
    } else if let Some(b) = bytes::as_bytes(&v) {
        Const::Bytes(b.into())
    } else if tuple::is_tuple(v) {
        Const::Tuple(
            tuple::as_slice(v)
                .iter()
                .map(|x| value_const(*x))
                .collect::<Option<Vec<_>>>()?
                .into(),
        )
    } else if let Some(c) = v.cast::<PyCode>() {
        Const::Code(c.code.clone())
    } else if let Some(crate::complex::Complex { re, im }) = crate::complex::as_complex(v) {
        Const::Complex(re, im)
    } else if let Some(s) = crate::slice::as_slice(&v) {
        let p = [
            value_const(s.start.get())?,
            value_const(s.stop.get())?,
            value_const(s.step.get())?,
        ];
        Const::Slice(Box::new(p))
    } else if v.ty().name() == "frozenset" {
        let items = protocol::to_vec(v).ok()?;
        Const::FrozenSet(
            items
                .iter()
                .map(|x| value_const(**x))
                .collect::<Option<Vec<_>>>()?
                .into(),
        )
    } else {
        return None;
    })
}

/// A code object for canonical code.
pub fn new_code(code: Arc<Code>) -> Ref {
    let consts = code.consts.iter().map(const_value).collect();
    new_with_consts(code, consts)
}

fn new_with_consts(code: Arc<Code>, consts: Vec<Ref>) -> Ref {
    let names: Vec<Ref> = code
        .names
        .iter()
        .map(|n| strings::intern(str_from(n)))
        .collect();
    let locals: Vec<Ref> = code
        .localsplusnames
        .iter()
        .map(|n| strings::intern(str_from(n)))
        .collect();
    let nlocalsplus = locals.len() as u32;
    let c = PyCode {
        header: Header::new(&CODE_TYPE),
        quickened: UnsafeCell::new(Vec::new()),
        entry: Cell::new(std::ptr::null_mut()),
        consts,
        names,
        localsplusnames: locals,
        argcount: code.argcount,
        posonlyargcount: code.posonlyargcount,
        kwonlyargcount: code.kwonlyargcount,
        nlocalsplus,
        nlocals: code.nlocals() as u32,
        ncells: code.ncellvars() as u32,
        nfrees: code.nfreevars() as u32,
        stacksize: code.stacksize,
        flags: code.flags,
        framesize: nlocalsplus + code.stacksize,
        filename: Slot::new(str_from(&code.filename)),
        name: strings::intern(str_from(&code.name)),
        qualname: strings::intern(str_from(&code.qualname)),
        handlers: Default::default(),
        extra: Cell::new(0),
        verified: Cell::new(false),
        version: Cell::new(0),
        hits: Cell::new(0),
        code,
    };
    alloc(&CODE_TYPE, c)
}

fn me(v: &Value) -> &PyCode {
    // SAFETY: getters and methods of the type get instances of it.
    unsafe { v.cast_unchecked::<PyCode>() }
}
fn number(n: u32) -> PyResult {
    Ok(int::from_i64(n as i64))
}
fn names_tuple(it: impl Iterator<Item = Ref>) -> PyResult {
    Ok(tuple::from_refs(it.collect()))
}

/// `co_code`: the canonical bytes, caches zeroed.
fn co_code(v: Value) -> PyResult {
    Ok(bytes::new_bytes(&me(&v).code.code))
}
fn adaptive(v: Value) -> PyResult {
    let c = me(&v);
    // SAFETY: read only, copied at once.
    let units = unsafe { &*c.quickened.get() };
    if units.is_empty() {
        return co_code(v);
    }
    // Forms of our own show as what they stand for.
    let own = |u: u16| {
        if (212..234).contains(&(u as u8)) {
            (u & 0xff00) | taipan_bytecode::opcode::deoptimized(u as u8) as u16
        } else {
            u
        }
    };
    Ok(bytes::from_vec(
        units.iter().flat_map(|u| own(*u).to_le_bytes()).collect(),
    ))
}
fn kinds(c: &PyCode, mask: u8) -> impl Iterator<Item = Ref> + '_ {
    c.localsplusnames
        .iter()
        .zip(c.code.localspluskinds.iter())
        .filter(move |(_, k)| **k & mask != 0)
        .map(|(n, _)| n.clone())
}

fn co_lines(args: &[Value]) -> PyResult {
    let c = me(&args[0]);
    let mut out: Vec<Ref> = Vec::new();
    let mut run: Option<(usize, usize, Option<i32>)> = None;
    let push = |out: &mut Vec<Ref>, (a, b, l): (usize, usize, Option<i32>)| {
        out.push(tuple::of([
            int::from_usize(a * 2),
            int::from_usize(b * 2),
            l.map_or(Ref::NONE, |l| int::from_i64(l as i64)),
        ]));
    };
    for loc in c.code.locations() {
        let (start, end) = (loc.start, loc.start + loc.length);
        let line = loc.position.line;
        match &mut run {
            Some((_, b, l)) if *l == line => *b = end,
            _ => {
                if let Some(r) = run.take() {
                    push(&mut out, r);
                }
                run = Some((start, end, line));
            }
        }
    }
    if let Some(r) = run {
        push(&mut out, r);
    }
    protocol::iter(*list::new_list(out))
}
fn co_positions(args: &[Value]) -> PyResult {
    let c = me(&args[0]);
    let mut out = Vec::new();
    let n = |x: Option<i32>| x.map_or(Ref::NONE, |l| int::from_i64(l as i64));
    for loc in c.code.locations() {
        let p = &loc.position;
        for _ in 0..loc.length {
            out.push(tuple::of([
                n(p.line),
                n(p.end_line),
                n(p.column),
                n(p.end_column),
            ]));
        }
    }
    protocol::iter(*list::new_list(out))
}
fn co_branches(args: &[Value]) -> PyResult {
    use taipan_bytecode::opcode::op;
    let c = me(&args[0]);
    let mut out = Vec::new();
    for i in c.code.instructions() {
        let o = i.opcode as u16;
        if matches!(
            o,
            op::POP_JUMP_IF_FALSE
                | op::POP_JUMP_IF_TRUE
                | op::POP_JUMP_IF_NONE
                | op::POP_JUMP_IF_NOT_NONE
                | op::FOR_ITER
        ) && let Some(t) = i.jump_target()
        {
            let at = i.offset as i64;
            let next = at + 1 + taipan_bytecode::opcode::cache_units(o as u8) as i64;
            let not_taken = if o == op::FOR_ITER { next } else { next + 1 };
            let target = if o == op::FOR_ITER { t + 1 } else { t };
            out.push(tuple::of([
                int::from_i64(at * 2),
                int::from_i64(not_taken * 2),
                int::from_i64(target * 2),
            ]));
        }
    }
    protocol::iter(*list::new_list(out))
}

fn repr(v: Value) -> PyResult {
    let c = me(&v);
    Ok(strings::new_str(&format!(
        "<code object {} at {:#x}, file \"{}\", line {}>",
        strings::expect(*c.name),
        v.id(),
        strings::expect(c.filename.get()),
        c.code.firstlineno
    )))
}
fn richcompare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if (op != CompareOp::Eq && op != CompareOp::Ne)
        || !a.is_exact::<PyCode>()
        || !b.is_exact::<PyCode>()
    {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let (x, y) = (&me(&a).code, &me(&b).code);
    let equal = Arc::ptr_eq(x, y)
        || (x.name == y.name
            && x.argcount == y.argcount
            && x.posonlyargcount == y.posonlyargcount
            && x.kwonlyargcount == y.kwonlyargcount
            && x.flags == y.flags
            && x.firstlineno == y.firstlineno
            && x.code == y.code
            && x.consts == y.consts
            && x.names == y.names
            && x.localsplusnames == y.localsplusnames
            && x.linetable == y.linetable
            && x.exceptiontable == y.exceptiontable);
    Ok(Ref::bool(equal == (op == CompareOp::Eq)))
}
fn hash(v: Value) -> PyResult<i64> {
    let c = &me(&v).code;
    let h = crate::hash::hash_bytes(c.name.as_bytes())
        ^ crate::hash::hash_bytes(&c.code).rotate_left(7)
        ^ ((c.firstlineno as i64) << 20)
        ^ c.argcount as i64;
    Ok(crate::hash::fix(h))
}

fn text_arg(v: Value, what: &str) -> PyResult<Str> {
    if !strings::is_str(v) {
        return err!(TypeError, "{what} must be str, not {}", v.type_name());
    }
    Ok(to_compiler_str(v))
}
fn bytes_arg(v: Value, what: &str) -> PyResult<Box<[u8]>> {
    match bytes::as_bytes(&v) {
        Some(b) => Ok(b.into()),
        None => err!(TypeError, "{what} must be bytes, not {}", v.type_name()),
    }
}
fn names_arg(v: Value, what: &str) -> PyResult<Vec<Str>> {
    if !tuple::is_tuple(v) {
        return err!(TypeError, "{what} must be tuple, not {}", v.type_name());
    }
    tuple::as_slice(v)
        .iter()
        .map(|n| {
            if strings::is_str(*n) {
                Ok(to_compiler_str(*n))
            } else {
                err!(
                    TypeError,
                    "name tuples must contain only strings, not '{}'",
                    n.type_name()
                )
            }
        })
        .collect()
}
fn count_arg(v: Value, what: &str) -> PyResult<u32> {
    let n = int::to_i64(v)?;
    if n < 0 {
        return err!(ValueError, "co_{what} must be a positive integer");
    }
    match u32::try_from(n) {
        Ok(n) => Ok(n),
        Err(_) => err!(OverflowError, "signed integer is greater than maximum"),
    }
}

/// Locals with their kinds from the three tuples of names that Python shows.
fn localsplus(
    code: &mut Code,
    varnames: &[Str],
    cellvars: &[Str],
    freevars: &[Str],
) -> PyResult<()> {
    use taipan_bytecode::code::kinds::*;
    let total = code.argcount as usize
        + code.kwonlyargcount as usize
        + (code.flags & taipan_bytecode::code::flags::CO_VARARGS != 0) as usize
        + (code.flags & taipan_bytecode::code::flags::CO_VARKEYWORDS != 0) as usize;
    if varnames.len() < total {
        return err!(ValueError, "code: varnames is too small");
    }
    let mut names = Vec::new();
    let mut kinds = Vec::new();
    for (i, n) in varnames.iter().enumerate() {
        let mut k = CO_FAST_LOCAL;
        let (pos, all) = (
            code.argcount as usize,
            (code.argcount + code.kwonlyargcount) as usize,
        );
        if i < code.posonlyargcount as usize {
            k |= CO_FAST_ARG_POS;
        } else if i < pos {
            k |= CO_FAST_ARG_POS | CO_FAST_ARG_KW;
        } else if i < all {
            k |= CO_FAST_ARG_KW;
        } else if i < total {
            let first_is_args =
                code.flags & taipan_bytecode::code::flags::CO_VARARGS != 0 && i == all;
            k |= CO_FAST_ARG_VAR
                | if first_is_args {
                    CO_FAST_ARG_POS
                } else {
                    CO_FAST_ARG_KW
                };
        }
        if cellvars.contains(n) {
            k |= CO_FAST_CELL;
        }
        names.push(n.clone());
        kinds.push(k);
    }
    for n in cellvars {
        if !varnames.contains(n) {
            names.push(n.clone());
            kinds.push(CO_FAST_CELL);
        }
    }
    for n in freevars {
        names.push(n.clone());
        kinds.push(CO_FAST_FREE);
    }
    code.localsplusnames = names.into();
    code.localspluskinds = kinds.into();
    Ok(())
}

/// Checks the whole and makes the object. Constants keep their identity.
fn build(code: Code, consts: Vec<Ref>) -> PyResult {
    if code.code.len() % 2 != 0 || code.code.is_empty() {
        return err!(ValueError, "code: co_code is malformed");
    }
    if let Err(m) = taipan_bytecode::verify::verify(&code) {
        return err!(ValueError, "code: {m}");
    }
    Ok(new_with_consts(Arc::new(code), consts))
}

static NEW: MethodDef = MethodDef::new(
    "code(argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize, flags, codestring, constants, names, varnames, filename, name, qualname, firstlineno, linetable, exceptiontable, freevars=(), cellvars=(), /)",
    "",
    new_bound,
);
fn new(_ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    NEW.call(args, kwnames)
}
fn const_items(v: Value, what: &str) -> PyResult<(Vec<Ref>, Box<[Const]>)> {
    if !tuple::is_tuple(v) {
        return err!(TypeError, "{what} must be tuple, not {}", v.type_name());
    }
    let refs: Vec<Ref> = tuple::as_slice(v).iter().map(|c| c.to_ref()).collect();
    // Constants of other types are allowed at run time; marshal refuses them later.
    let consts = refs
        .iter()
        .map(|c| value_const(**c).unwrap_or(Const::None))
        .collect::<Vec<_>>();
    Ok((refs, consts.into()))
}
fn new_bound(a: &[Value]) -> PyResult {
    let (consts, const_box) = const_items(a[7], "code() argument 8")?;
    let mut code = Code {
        argcount: count_arg(a[0], "argcount")?,
        posonlyargcount: count_arg(a[1], "posonlyargcount")?,
        kwonlyargcount: count_arg(a[2], "kwonlyargcount")?,
        stacksize: count_arg(a[4], "stacksize")?,
        flags: count_arg(a[5], "flags")?,
        code: bytes_arg(a[6], "code() argument 7")?,
        consts: const_box,
        names: names_arg(a[8], "code() argument 9")?.into(),
        localsplusnames: Box::new([]),
        localspluskinds: Box::new([]),
        filename: text_arg(a[10], "code() argument 11")?,
        name: text_arg(a[11], "code() argument 12")?,
        qualname: text_arg(a[12], "code() argument 13")?,
        firstlineno: int::to_i32(a[13])?,
        linetable: bytes_arg(a[14], "code() argument 15")?,
        exceptiontable: bytes_arg(a[15], "code() argument 16")?,
    };
    let nlocals = count_arg(a[3], "nlocals")? as usize;
    let varnames = names_arg(a[9], "code() argument 10")?;
    if nlocals != varnames.len() {
        return err!(ValueError, "code: co_nlocals != len(co_varnames)");
    }
    let free = if a[16].is_null() {
        vec![]
    } else {
        names_arg(a[16], "code() argument 17")?
    };
    let cell = if a[17].is_null() {
        vec![]
    } else {
        names_arg(a[17], "code() argument 18")?
    };
    localsplus(&mut code, &varnames, &cell, &free)?;
    build(code, consts)
}
fn replace(a: &[Value]) -> PyResult {
    let c = me(&a[0]);
    let mut code = (*c.code).clone();
    let given = |i: usize| a[i].some();
    let mut consts: Vec<Ref> = c.consts.clone();
    let old_varnames: Vec<Str> = code.varnames().cloned().collect();
    let old_cell: Vec<Str> = code.cellvars().cloned().collect();
    let old_free: Vec<Str> = code.freevars().cloned().collect();
    let signature_changes = [1, 2, 3, 4, 6, 12, 13, 14]
        .iter()
        .any(|i| given(*i).is_some());
    if let Some(v) = given(1) {
        code.argcount = count_arg(v, "argcount")?;
    }
    if let Some(v) = given(2) {
        code.posonlyargcount = count_arg(v, "posonlyargcount")?;
    }
    if let Some(v) = given(3) {
        code.kwonlyargcount = count_arg(v, "kwonlyargcount")?;
    }
    if let Some(v) = given(5) {
        code.stacksize = count_arg(v, "stacksize")?;
    }
    if let Some(v) = given(6) {
        code.flags = count_arg(v, "flags")?;
    }
    if let Some(v) = given(7) {
        code.firstlineno = int::to_i32(v)?;
    }
    if let Some(v) = given(8) {
        code.code = bytes_arg(v, "replace() argument 'co_code'")?;
    }
    if let Some(v) = given(9) {
        let (r, b) = const_items(v, "replace() argument 'co_consts'")?;
        consts = r;
        code.consts = b;
    }
    if let Some(v) = given(10) {
        code.names = names_arg(v, "replace() argument 'co_names'")?.into();
    }
    let varnames = match given(11) {
        Some(v) => names_arg(v, "replace() argument 'co_varnames'")?,
        None => old_varnames,
    };
    let free = match given(12) {
        Some(v) => names_arg(v, "replace() argument 'co_freevars'")?,
        None => old_free,
    };
    let cell = match given(13) {
        Some(v) => names_arg(v, "replace() argument 'co_cellvars'")?,
        None => old_cell,
    };
    if let Some(v) = given(14) {
        code.filename = text_arg(v, "replace() argument 'co_filename'")?;
    }
    if let Some(v) = given(15) {
        code.name = text_arg(v, "replace() argument 'co_name'")?;
    }
    if let Some(v) = given(16) {
        code.qualname = text_arg(v, "replace() argument 'co_qualname'")?;
    }
    if let Some(v) = given(17) {
        code.linetable = bytes_arg(v, "replace() argument 'co_linetable'")?;
    }
    if let Some(v) = given(18) {
        code.exceptiontable = bytes_arg(v, "replace() argument 'co_exceptiontable'")?;
    }
    if let Some(v) = given(4)
        && count_arg(v, "nlocals")? as usize != varnames.len()
    {
        return err!(ValueError, "code: co_nlocals != len(co_varnames)");
    }
    if signature_changes || given(11).is_some() {
        localsplus(&mut code, &varnames, &cell, &free)?;
    }
    build(code, consts)
}
fn varname_from_oparg(a: &[Value]) -> PyResult {
    let i = int::to_i64(a[1])?;
    match me(&a[0]).localsplusnames.get(i as usize) {
        Some(n) => Ok(n.clone()),
        None => err!(IndexError, "tuple index out of range"),
    }
}

pub static CODE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "code",
    doc: "Create a code object.  Not for mere mortals.",
    flags: TypeFlags::WEAKREFABLE,
    slots: Slots {
        repr: Some(repr),
        hash: Some(hash),
        richcompare: Some(richcompare),
        new: Some(new),
        ..Slots::of::<PyCode>()
    },
    methods: &[
        MethodDef::new("co_lines($self, /)", "", co_lines),
        MethodDef::new("co_branches($self, /)", "", co_branches),
        MethodDef::new("co_positions($self, /)", "", co_positions),
        MethodDef::new(
            "_varname_from_oparg($self, /, oparg)",
            "",
            varname_from_oparg,
        ),
        MethodDef::new(
            "replace($self, /, *, co_argcount=<unrepresentable>, co_posonlyargcount=<unrepresentable>, co_kwonlyargcount=<unrepresentable>, co_nlocals=<unrepresentable>, co_stacksize=<unrepresentable>, co_flags=<unrepresentable>, co_firstlineno=<unrepresentable>, co_code=<unrepresentable>, co_consts=<unrepresentable>, co_names=<unrepresentable>, co_varnames=<unrepresentable>, co_freevars=<unrepresentable>, co_cellvars=<unrepresentable>, co_filename=<unrepresentable>, co_name=<unrepresentable>, co_qualname=<unrepresentable>, co_linetable=<unrepresentable>, co_exceptiontable=<unrepresentable>)",
            "Return a copy of the code object with new values for the specified fields.",
            replace,
        ),
        MethodDef::new(
            "__replace__($self, /, *, co_argcount=<unrepresentable>, co_posonlyargcount=<unrepresentable>, co_kwonlyargcount=<unrepresentable>, co_nlocals=<unrepresentable>, co_stacksize=<unrepresentable>, co_flags=<unrepresentable>, co_firstlineno=<unrepresentable>, co_code=<unrepresentable>, co_consts=<unrepresentable>, co_names=<unrepresentable>, co_varnames=<unrepresentable>, co_freevars=<unrepresentable>, co_cellvars=<unrepresentable>, co_filename=<unrepresentable>, co_name=<unrepresentable>, co_qualname=<unrepresentable>, co_linetable=<unrepresentable>, co_exceptiontable=<unrepresentable>)",
            "The same as replace().",
            replace,
        ),
    ],
    getset: &[
        GetSetDef::ro("co_code", "", co_code),
        GetSetDef::ro("_co_code_adaptive", "", adaptive),
        GetSetDef::ro("co_varnames", "", |v| {
            names_tuple(kinds(me(&v), taipan_bytecode::code::kinds::CO_FAST_LOCAL))
        }),
        GetSetDef::ro("co_cellvars", "", |v| {
            names_tuple(kinds(me(&v), taipan_bytecode::code::kinds::CO_FAST_CELL))
        }),
        GetSetDef::ro("co_freevars", "", |v| {
            names_tuple(kinds(me(&v), taipan_bytecode::code::kinds::CO_FAST_FREE))
        }),
    ],
    members: &[
        MemberDef::ro("co_argcount", "", |v| number(me(&v).argcount)),
        MemberDef::ro("co_posonlyargcount", "", |v| number(me(&v).posonlyargcount)),
        MemberDef::ro("co_kwonlyargcount", "", |v| number(me(&v).kwonlyargcount)),
        MemberDef::ro("co_nlocals", "", |v| number(me(&v).nlocals)),
        MemberDef::ro("co_stacksize", "", |v| number(me(&v).stacksize)),
        MemberDef::ro("co_flags", "", |v| number(me(&v).flags)),
        MemberDef::ro("co_names", "", |v| {
            names_tuple(me(&v).names.iter().cloned())
        }),
        MemberDef::ro("co_consts", "", |v| {
            names_tuple(me(&v).consts.iter().cloned())
        }),
        MemberDef::ro("co_filename", "", |v| Ok(me(&v).filename.get_ref())),
        MemberDef::ro("co_name", "", |v| Ok(me(&v).name.clone())),
        MemberDef::ro("co_qualname", "", |v| Ok(me(&v).qualname.clone())),
        MemberDef::ro("co_firstlineno", "", |v| {
            Ok(int::from_i64(me(&v).code.firstlineno as i64))
        }),
        MemberDef::ro("co_linetable", "", |v| {
            Ok(bytes::new_bytes(&me(&v).code.linetable))
        }),
        MemberDef::ro("co_exceptiontable", "", |v| {
            Ok(bytes::new_bytes(&me(&v).code.exceptiontable))
        }),
    ],
    ..TypeSpec::of::<PyCode>()
});
