//! The `builtins` module's functions. `compile`, `eval`, `exec` are in `compile.rs`, class creation in `build_class.rs`.

use crate::frame_object;
use std::sync::atomic::{AtomicU64, Ordering};
use taipan_objects::err::PyResult;
use taipan_objects::names::names;
use taipan_objects::native::{MethodDef, ModuleDef, split_args};
use taipan_objects::protocol::{self, BinaryOp};
use taipan_objects::typeobject::CompareOp;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{dict, err, exceptions, float, int, list, module, strings};

static NAMESPACE: AtomicU64 = AtomicU64::new(0);

/// The namespace of the `builtins` module.
pub fn namespace() -> Ref {
    let bits = NAMESPACE.load(Ordering::Relaxed);
    if bits == 0 {
        return dict::new_dict();
    }
    // SAFETY: `install` keeps the dict alive for ever.
    unsafe { Value::from_bits(bits) }.to_ref()
}

/// Makes the module; once.
pub fn install() -> PyResult {
    let m = module::create_native(&MODULE)?;
    let d = module::namespace(*m);
    d.incref();
    NAMESPACE.store(d.bits(), Ordering::Relaxed);
    for ty in taipan_objects::types::all() {
        if ty.full_name().contains('.')
            || !PUBLIC_TYPES.contains(&ty.name())
                && !ty.has_flag(taipan_objects::typeobject::TypeFlags::EXC_SUBCLASS)
        {
            continue;
        }
        dict::set_str(d, ty.name(), ty.value());
    }
    dict::set_str(d, "EnvironmentError", exceptions::OSError.value());
    dict::set_str(d, "IOError", exceptions::OSError.value());
    dict::set_str(d, "None", Value::NONE);
    dict::set_str(d, "True", Value::TRUE);
    dict::set_str(d, "False", Value::FALSE);
    dict::set_str(d, "Ellipsis", Value::ELLIPSIS);
    dict::set_str(d, "NotImplemented", Value::NOT_IMPLEMENTED);
    crate::core::specialize::remember_builtins(d);
    Ok(m)
}

const PUBLIC_TYPES: &[&str] = &[
    "bool",
    "bytearray",
    "bytes",
    "classmethod",
    "complex",
    "dict",
    "enumerate",
    "filter",
    "float",
    "frozenset",
    "int",
    "list",
    "map",
    "memoryview",
    "object",
    "property",
    "range",
    "reversed",
    "set",
    "slice",
    "staticmethod",
    "str",
    "super",
    "tuple",
    "type",
    "zip",
];

/// Interned, for use as an attribute name.
fn attribute_name(v: Value) -> PyResult {
    if !strings::is_str(v) {
        return err!(
            TypeError,
            "attribute name must be string, not '{}'",
            v.type_name()
        );
    }
    Ok(strings::intern(v.to_ref()))
}

fn abs(a: &[Value]) -> PyResult {
    protocol::absolute(a[0])
}
fn all(a: &[Value]) -> PyResult {
    let it = protocol::iter(a[0])?;
    while let Some(v) = protocol::next(*it)? {
        if !protocol::is_true(*v)? {
            return Ok(Ref::bool(false));
        }
    }
    Ok(Ref::bool(true))
}
fn any(a: &[Value]) -> PyResult {
    let it = protocol::iter(a[0])?;
    while let Some(v) = protocol::next(*it)? {
        if protocol::is_true(*v)? {
            return Ok(Ref::bool(true));
        }
    }
    Ok(Ref::bool(false))
}
/// `ascii(v)`.
pub fn ascii(v: Value) -> PyResult {
    let r = protocol::repr(v)?;
    let s = strings::expect(*r);
    if s.is_ascii() {
        return Ok(r);
    }
    let mut b = strings::StrBuilder::new();
    for c in s.data().iter() {
        if c < 128 {
            b.push(c);
        } else if c < 256 {
            b.push_str(&format!("\\x{c:02x}"));
        } else if c < 65536 {
            b.push_str(&format!("\\u{c:04x}"));
        } else {
            b.push_str(&format!("\\U{c:08x}"));
        }
    }
    Ok(b.finish())
}
fn radix(v: Value, prefix: &str, base: u8) -> PyResult {
    let i = protocol::index(v)?;
    let Some(n) = int::as_int(&i) else {
        return err!(TypeError, "an integer is required");
    };
    let text = match n {
        int::IntValue::Small(n) => {
            let m = n.unsigned_abs();
            match base {
                2 => format!("{m:b}"),
                8 => format!("{m:o}"),
                _ => format!("{m:x}"),
            }
        }
        int::IntValue::Big(b) => {
            let t = b.in_radix(base).to_string();
            t.trim_start_matches('-').to_string()
        }
    };
    let sign = if n.is_negative() { "-" } else { "" };
    Ok(strings::new_str(&format!("{sign}{prefix}{text}")))
}
fn callable(a: &[Value]) -> PyResult {
    Ok(Ref::bool(a[0].ty().slots().call.is_some()))
}
fn chr(a: &[Value]) -> PyResult {
    let i = match protocol::index(a[0]).map(|i| int::as_int(&i).and_then(|i| i.to_i64())) {
        Ok(i) => i.unwrap_or(-1),
        Err(e) => return Err(e),
    };
    if !(0..0x110000).contains(&i) {
        return err!(ValueError, "chr() arg not in range(0x110000)");
    }
    Ok(strings::from_char(i as u32))
}
fn ord(a: &[Value]) -> PyResult {
    if let Some(s) = strings::as_str(&a[0]) {
        if s.len() == 1 {
            return Ok(int::from_i64(s.at(0) as i64));
        }
        return err!(
            TypeError,
            "ord() expected a character, but string of length {} found",
            s.len()
        );
    }
    if let Some(f) = a[0].ty().slots().get_buffer {
        let b = f(a[0], 0)?;
        if b.len == 1 {
            // SAFETY: one byte is there.
            return Ok(int::from_i64(unsafe { b.bytes() }[0] as i64));
        }
        return err!(
            TypeError,
            "ord() expected a character, but string of length {} found",
            b.len
        );
    }
    err!(
        TypeError,
        "ord() expected string of length 1, but {} found",
        a[0].type_name()
    )
}
fn delattr(a: &[Value]) -> PyResult {
    let n = attribute_name(a[1])?;
    protocol::setattr(a[0], *n, Value::NULL)?;
    Ok(Ref::NONE)
}
fn setattr(a: &[Value]) -> PyResult {
    let n = attribute_name(a[1])?;
    protocol::setattr(a[0], *n, a[2])?;
    Ok(Ref::NONE)
}
fn getattr(a: &[Value]) -> PyResult {
    let n = attribute_name(a[1])?;
    if a[2].is_null() {
        return protocol::getattr(a[0], *n);
    }
    Ok(protocol::getattr_opt(a[0], *n)?.unwrap_or_else(|| a[2].to_ref()))
}
fn hasattr(a: &[Value]) -> PyResult {
    let n = attribute_name(a[1])?;
    Ok(Ref::bool(protocol::hasattr(a[0], *n)?))
}
/// The running Python frame, for `globals()`, `locals()` and the like.
fn current() -> PyResult<&'static taipan_objects::frame::Frame> {
    match frame_object::at_depth(0) {
        Some(f) => Ok(f),
        None => err!(SystemError, "frame does not exist"),
    }
}
/// `locals()` of the running frame.
pub fn current_locals() -> PyResult {
    let f = current()?;
    let o = frame_object::of(f);
    // SAFETY: just made.
    let fo = unsafe { o.cast_unchecked::<frame_object::PyFrame>() };
    if fo.is_optimized() {
        return Ok(fo.snapshot());
    }
    if f.code()
        .code
        .localspluskinds
        .iter()
        .any(|k| k & taipan_bytecode::code::kinds::CO_FAST_HIDDEN != 0)
    {
        // Inside an inlined comprehension: its variables are seen as well.
        let d = fo.snapshot_with_hidden();
        let ns = frame_object::f_locals(*o)?;
        if dict::is_dict(*ns) && dict::expect(*d).len() > 0 {
            let all = dict::copy(*ns);
            for (k, v) in dict::items(*d) {
                dict::set(*all, *k, *v)?;
            }
            return Ok(all);
        }
    }
    frame_object::f_locals(*o)
}
fn locals(_a: &[Value]) -> PyResult {
    current_locals()
}
fn globals(_a: &[Value]) -> PyResult {
    match frame_object::at_depth(0) {
        Some(f) => Ok(f.globals.get().to_ref()),
        None => Ok(Ref::NONE),
    }
}
fn vars(a: &[Value]) -> PyResult {
    if a[0].is_null() {
        return current_locals();
    }
    match protocol::getattr_opt(a[0], names().__dict__)? {
        Some(d) => Ok(d),
        None => err!(TypeError, "vars() argument must have __dict__ attribute"),
    }
}
fn dir(a: &[Value]) -> PyResult {
    let names_list = if a[0].is_null() {
        let l = current_locals()?;
        protocol::call_method(*l, names().keys, &[])?
    } else {
        match protocol::call_special(a[0], names().__dir__, &[])? {
            Some(v) => v,
            None => return err!(TypeError, "object does not provide __dir__"),
        }
    };
    let l = list::new_list(protocol::to_vec(*names_list)?);
    protocol::call_method_str(*l, "sort", &[])?;
    Ok(l)
}
fn divmod(a: &[Value]) -> PyResult {
    protocol::binary(a[0], a[1], BinaryOp::Divmod)
}
fn format(a: &[Value]) -> PyResult {
    if !a[1].is_null() && !strings::is_str(a[1]) {
        return err!(
            TypeError,
            "format() argument 2 must be str, not {}",
            a[1].type_name()
        );
    }
    protocol::format(a[0], a[1])
}
fn hash(a: &[Value]) -> PyResult {
    Ok(int::from_i64(protocol::hash(a[0])?))
}
fn id(a: &[Value]) -> PyResult {
    Ok(match u64::try_from(a[0].id()) {
        Ok(i) => int::from_u64(i),
        Err(_) => int::from_i128(a[0].id() as i128),
    })
}
fn input(a: &[Value]) -> PyResult {
    let sys = crate::sys::namespace();
    let get = |name: Value, what: &str| -> PyResult {
        let v = dict::get(*sys, name)?;
        if v.is_none_or_null() {
            return err!(RuntimeError, "input(): lost sys.{what}");
        }
        Ok(v.to_ref())
    };
    let stdin = get(names().stdin, "stdin")?;
    let stdout = get(names().stdout, "stdout")?;
    let stderr = get(names().stderr, "stderr")?;
    protocol::call_method(*stderr, names().flush, &[])?;
    if !a[0].is_null() {
        let s = protocol::str(a[0])?;
        protocol::call_method(*stdout, names().write, &[*s])?;
    }
    protocol::call_method(*stdout, names().flush, &[])?;
    let line = protocol::call_method(*stdin, names().readline, &[])?;
    let Some(s) = strings::as_str(&line) else {
        return err!(TypeError, "object.readline() returned non-string");
    };
    if s.len() == 0 {
        return err!(EOFError, "EOF when reading a line");
    }
    let n = s.len();
    Ok(if s.at(n - 1) == '\n' as u32 {
        strings::substring(s, 0, n - 1)
    } else {
        line.clone()
    })
}
fn isinstance(a: &[Value]) -> PyResult {
    Ok(Ref::bool(protocol::isinstance(a[0], a[1])?))
}
fn issubclass(a: &[Value]) -> PyResult {
    Ok(Ref::bool(protocol::issubclass(a[0], a[1])?))
}
fn iter(a: &[Value]) -> PyResult {
    if a[1].is_null() {
        return protocol::iter(a[0]);
    }
    if a[0].ty().slots().call.is_none() {
        return err!(TypeError, "iter(v, w): v must be callable");
    }
    Ok(taipan_objects::iterators::callable_iterator(a[0], a[1]))
}
fn aiter(a: &[Value]) -> PyResult {
    let Some(f) = a[0].ty().slots().aiter else {
        return err!(
            TypeError,
            "'{}' object is not an async iterable",
            a[0].type_name()
        );
    };
    let r = f(a[0])?;
    if r.ty().slots().anext.is_none() {
        return err!(
            TypeError,
            "aiter() returned not an async iterator of type '{}'",
            r.type_name()
        );
    }
    Ok(r)
}
fn anext(a: &[Value]) -> PyResult {
    let Some(f) = a[0].ty().slots().anext else {
        return err!(
            TypeError,
            "'{}' object is not an async iterator",
            a[0].type_name()
        );
    };
    let awaitable = f(a[0])?;
    if a[1].is_null() {
        return Ok(awaitable);
    }
    Ok(crate::anext::new_anext_awaitable(awaitable, a[1].to_ref()))
}
fn len(a: &[Value]) -> PyResult {
    Ok(int::from_usize(protocol::len(a[0])?))
}
fn min_max(args: &[Value], kwnames: Value, op: CompareOp, name: &str) -> PyResult {
    let (pos, kw) = split_args(args, kwnames);
    let (mut key, mut default) = (Value::NULL, Value::NULL);
    for (k, v) in kw {
        let k = strings::expect(k);
        if k.eq_str("key") {
            key = v;
        } else if k.eq_str("default") {
            default = v;
        } else {
            return err!(
                TypeError,
                "{name}() got an unexpected keyword argument '{k}'"
            );
        }
    }
    if pos.is_empty() {
        return err!(TypeError, "{name} expected at least 1 argument, got 0");
    }
    if pos.len() > 1 && !default.is_null() {
        return err!(
            TypeError,
            "Cannot specify a default for {name}() with multiple positional arguments"
        );
    }
    let mut best: Option<(Ref, Ref)> = None;
    let mut visit = |v: Ref| -> PyResult<()> {
        let k = if key.is_none_or_null() {
            v.clone()
        } else {
            protocol::call(key, &[*v])?
        };
        let better = match &best {
            None => true,
            Some((b, _)) => {
                if Value::both_small_ints(**b, *k) {
                    op.test(k.small_int_unchecked().cmp(&b.small_int_unchecked()))
                } else {
                    let r = protocol::richcompare(*k, **b, op)?;
                    protocol::is_true(*r)?
                }
            }
        };
        if better {
            best = Some((k, v));
        }
        Ok(())
    };
    if pos.len() > 1 {
        for v in pos {
            visit(v.to_ref())?;
        }
    } else {
        protocol::for_each(pos[0], visit)?;
    }
    match best {
        Some((_, v)) => Ok(v),
        None if !default.is_null() => Ok(default.to_ref()),
        None => err!(ValueError, "{name}() iterable argument is empty"),
    }
}
fn max(args: &[Value], kwnames: Value) -> PyResult {
    min_max(args, kwnames, CompareOp::Gt, "max")
}
fn min(args: &[Value], kwnames: Value) -> PyResult {
    min_max(args, kwnames, CompareOp::Lt, "min")
}
fn next(a: &[Value]) -> PyResult {
    let Some(f) = a[0].ty().slots().iternext else {
        return err!(
            TypeError,
            "'{}' object is not an iterator",
            a[0].type_name()
        );
    };
    drop(taipan_objects::vm::vm().stop_value.take());
    match f(a[0]) {
        Ok(Some(v)) => Ok(v),
        Ok(None) if !a[1].is_null() => Ok(a[1].to_ref()),
        Ok(None) => Err(taipan_objects::vm::vm().raise_stop_iteration()),
        Err(e) => {
            if !a[1].is_null() && taipan_objects::err::clear_if(&exceptions::StopIteration) {
                return Ok(a[1].to_ref());
            }
            Err(e)
        }
    }
}
fn pow(a: &[Value]) -> PyResult {
    protocol::power(a[0], a[1], a[2].or(Value::NONE))
}
fn print(args: &[Value], kwnames: Value) -> PyResult {
    let (pos, kw) = split_args(args, kwnames);
    let n = names();
    let (mut sep, mut end, mut file, mut flush) = (Value::NONE, Value::NONE, Value::NONE, false);
    for (k, v) in kw {
        let k = strings::expect(k);
        if k.eq_str("sep") {
            sep = v;
        } else if k.eq_str("end") {
            end = v;
        } else if k.eq_str("file") {
            file = v;
        } else if k.eq_str("flush") {
            flush = protocol::is_true(v)?;
        } else {
            return err!(
                TypeError,
                "print() got an unexpected keyword argument '{k}'"
            );
        }
    }
    let out = if file.is_none() {
        let sys = crate::sys::namespace();
        let o = dict::get(*sys, n.stdout)?;
        if o.is_null() {
            return err!(RuntimeError, "lost sys.stdout");
        }
        if o.is_none() {
            return Ok(Ref::NONE);
        }
        o.to_ref()
    } else {
        file.to_ref()
    };
    for (v, what) in [(sep, "sep"), (end, "end")] {
        if !v.is_none() && !strings::is_str(v) {
            return err!(
                TypeError,
                "{what} must be None or a string, not {}",
                v.type_name()
            );
        }
    }
    let space = strings::latin1_char(b' ');
    let newline = strings::latin1_char(b'\n');
    let write = |v: Value| protocol::call_method(*out, n.write, &[v]);
    for (i, v) in pos.iter().enumerate() {
        if i > 0 {
            write(if sep.is_none() { *space } else { sep })?;
        }
        let s = protocol::str(*v)?;
        write(*s)?;
    }
    write(if end.is_none() { *newline } else { end })?;
    if flush {
        protocol::call_method(*out, n.flush, &[])?;
    }
    Ok(Ref::NONE)
}
fn repr(a: &[Value]) -> PyResult {
    protocol::repr(a[0])
}
fn round(a: &[Value]) -> PyResult {
    let args = if a[1].is_none_or_null() {
        &a[2..2]
    } else {
        &a[1..2]
    };
    match protocol::call_special(a[0], names().__round__, args)? {
        Some(v) => Ok(v),
        None => err!(
            TypeError,
            "type {} doesn't define __round__ method",
            a[0].type_name()
        ),
    }
}
fn sorted(args: &[Value], kwnames: Value) -> PyResult {
    let (pos, _) = split_args(args, kwnames);
    if pos.len() != 1 {
        return err!(TypeError, "sorted expected 1 argument, got {}", pos.len());
    }
    let l = list::new_list(protocol::to_vec(pos[0])?);
    let f = protocol::getattr_str(*l, "sort")?;
    protocol::call_kw(*f, &args[1..], kwnames)?;
    Ok(l)
}
fn sum(a: &[Value]) -> PyResult {
    let start = a[1];
    if strings::is_str(start) {
        return err!(
            TypeError,
            "sum() can't sum strings [use ''.join(seq) instead]"
        );
    }
    if taipan_objects::bytes::is_bytes(start) {
        return err!(
            TypeError,
            "sum() can't sum bytes [use b''.join(seq) instead]"
        );
    }
    if !start.is_null() && start.type_name() == "bytearray" {
        return err!(
            TypeError,
            "sum() can't sum bytearray [use b''.join(seq) instead]"
        );
    }
    let it = protocol::iter(a[0])?;
    let mut acc = if start.is_null() {
        int::from_i64(0)
    } else {
        start.to_ref()
    };
    let next = it.ty().slots().iternext;
    let step = || match next {
        Some(f) => f(*it),
        None => Ok(None),
    };
    // Integers without allocation, then floats with compensated summation as CPython does.
    if let Some(mut total) = acc.as_small_int() {
        loop {
            let Some(v) = step()? else {
                return Ok(int::from_i64(total));
            };
            match v
                .as_small_int()
                .or(if v.is_bool() {
                    Some(v.is(Value::TRUE) as i64)
                } else {
                    None
                })
                .and_then(|i| total.checked_add(i))
            {
                Some(t) => total = t,
                None => {
                    acc = protocol::binary(*int::from_i64(total), *v, BinaryOp::Add)?;
                    break;
                }
            }
        }
    }
    if acc.is_exact::<float::PyFloat>() || acc.is_immediate_float() {
        let mut total = float::as_float(*acc).unwrap_or(0.0);
        let mut c: f64 = 0.0;
        loop {
            let Some(v) = step()? else {
                return Ok(float::from_f64(if c != 0.0 && c.is_finite() {
                    total + c
                } else {
                    total
                }));
            };
            if v.is_immediate_float() || v.is_exact::<float::PyFloat>() {
                let x = float::as_float(*v).unwrap_or(0.0);
                let t = total + x;
                if total.abs() >= x.abs() {
                    c += (total - t) + x;
                } else {
                    c += (x - t) + total;
                }
                total = t;
            } else if let Some(i) = v.as_small_int() {
                let x = i as f64;
                let t = total + x;
                c += if total.abs() >= x.abs() {
                    (total - t) + x
                } else {
                    (x - t) + total
                };
                total = t;
            } else {
                if c != 0.0 && c.is_finite() {
                    total += c;
                }
                acc = protocol::binary(*float::from_f64(total), *v, BinaryOp::Add)?;
                break;
            }
        }
    }
    while let Some(v) = step()? {
        acc = protocol::binary(*acc, *v, BinaryOp::Add)?;
    }
    Ok(acc)
}
fn breakpoint(args: &[Value], kwnames: Value) -> PyResult {
    let sys = crate::sys::namespace();
    let hook = dict::get_str(*sys, "breakpointhook");
    if hook.is_null() {
        return err!(RuntimeError, "lost sys.breakpointhook");
    }
    protocol::call_kw(hook, args, kwnames)
}
fn import(a: &[Value]) -> PyResult {
    crate::import::import_dunder(a[0], a[1].or(Value::NONE), a[3].or(Value::NONE), a[4])
}

/// RuntimeWarning about a coroutine that was never awaited.
pub fn warn_unawaited(coroutine: Value, name: &str) -> PyResult<()> {
    if let Some(w) = crate::import::imported("warnings") {
        let f = protocol::getattr_str(*w, "_warn_unawaited_coroutine")?;
        return protocol::call(*f, &[coroutine]).map(|_| ());
    }
    (taipan_objects::vm::hooks().warn)(
        &exceptions::RuntimeWarning,
        &format!("coroutine '{name}' was never awaited"),
        1,
    )
}

pub static MODULE: ModuleDef = ModuleDef {
    name: "builtins",
    doc: "Built-in functions, types, exceptions, and other objects.",
    functions: &[
        MethodDef::raw(
            "__build_class__",
            "Internal helper function used by the class statement.",
            crate::build_class::build_class,
        ),
        MethodDef::new(
            "__import__($module, /, name, globals=None, locals=None, fromlist=(), level=0)",
            "Import a module.",
            import,
        ),
        MethodDef::new(
            "abs($module, number, /)",
            "Return the absolute value of the argument.",
            abs,
        ),
        MethodDef::new(
            "all($module, iterable, /)",
            "Return True if bool(x) is True for all values x in the iterable.",
            all,
        ),
        MethodDef::new(
            "any($module, iterable, /)",
            "Return True if bool(x) is True for any x in the iterable.",
            any,
        ),
        MethodDef::new(
            "ascii($module, obj, /)",
            "Return an ASCII-only representation of an object.",
            |a| ascii(a[0]),
        ),
        MethodDef::new(
            "bin($module, number, /)",
            "Return the binary representation of an integer.",
            |a| radix(a[0], "0b", 2),
        ),
        MethodDef::raw(
            "breakpoint",
            "Call sys.breakpointhook(*args, **kws).",
            breakpoint,
        ),
        MethodDef::new(
            "callable($module, obj, /)",
            "Return whether the object is callable (i.e., some kind of function).",
            callable,
        ),
        MethodDef::new(
            "chr($module, i, /)",
            "Return a Unicode string of one character with ordinal i.",
            chr,
        ),
        MethodDef::new(
            "compile($module, /, source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)",
            "Compile source into a code object that can be executed by exec() or eval().",
            crate::compile::compile,
        ),
        MethodDef::new(
            "delattr($module, obj, name, /)",
            "Deletes the named attribute from the given object.",
            delattr,
        ),
        MethodDef::new(
            "dir(object=<unrepresentable>, /)",
            "Names in an object's namespace.",
            dir,
        ),
        MethodDef::new(
            "divmod($module, x, y, /)",
            "Return the tuple (x//y, x%y).",
            divmod,
        ),
        MethodDef::new(
            "eval($module, source, /, globals=None, locals=None)",
            "Evaluate the given source in the context of globals and locals.",
            crate::compile::eval,
        ),
        MethodDef::new(
            "exec($module, source, /, globals=None, locals=None, *, closure=None)",
            "Execute the given source in the context of globals and locals.",
            crate::compile::exec,
        ),
        MethodDef::new(
            "format($module, value, format_spec='', /)",
            "Return type(value).__format__(value, format_spec).",
            format,
        ),
        MethodDef::new(
            "getattr(object, name, default=<unrepresentable>, /)",
            "Get a named attribute from an object.",
            getattr,
        ),
        MethodDef::new(
            "globals($module, /)",
            "Return the dictionary containing the current scope's global variables.",
            globals,
        ),
        MethodDef::new(
            "hasattr($module, obj, name, /)",
            "Return whether the object has an attribute with the given name.",
            hasattr,
        ),
        MethodDef::new(
            "hash($module, obj, /)",
            "Return the hash value for the given object.",
            hash,
        ),
        MethodDef::new(
            "hex($module, number, /)",
            "Return the hexadecimal representation of an integer.",
            |a| radix(a[0], "0x", 16),
        ),
        MethodDef::new(
            "id($module, obj, /)",
            "Return the identity of an object.",
            id,
        ),
        MethodDef::new(
            "input($module, prompt='', /)",
            "Read a string from standard input.",
            input,
        ),
        MethodDef::new(
            "isinstance($module, obj, class_or_tuple, /)",
            "Return whether an object is an instance of a class or of a subclass thereof.",
            isinstance,
        ),
        MethodDef::new(
            "issubclass($module, cls, class_or_tuple, /)",
            "Return whether 'cls' is derived from another class or is the same class.",
            issubclass,
        ),
        MethodDef::new(
            "iter(object, sentinel=<unrepresentable>, /)",
            "Get an iterator from an object.",
            iter,
        ),
        MethodDef::new(
            "aiter($module, async_iterable, /)",
            "Return an AsyncIterator for an AsyncIterable object.",
            aiter,
        ),
        MethodDef::new(
            "anext($module, aiterator, default=<unrepresentable>, /)",
            "Return the next item from the async iterator.",
            anext,
        ),
        MethodDef::new(
            "len($module, obj, /)",
            "Return the number of items in a container.",
            len,
        ),
        MethodDef::new(
            "locals($module, /)",
            "Return a dictionary containing the current scope's local variables.",
            locals,
        ),
        MethodDef::raw(
            "max",
            "The largest item of an iterable or of the arguments.",
            max,
        ),
        MethodDef::raw(
            "min",
            "The smallest item of an iterable or of the arguments.",
            min,
        ),
        MethodDef::new(
            "next(iterator, default=<unrepresentable>, /)",
            "Return the next item from the iterator.",
            next,
        ),
        MethodDef::new(
            "oct($module, number, /)",
            "Return the octal representation of an integer.",
            |a| radix(a[0], "0o", 8),
        ),
        MethodDef::new(
            "ord($module, character, /)",
            "Return the ordinal value of a character.",
            ord,
        ),
        MethodDef::new(
            "pow($module, /, base, exp, mod=None)",
            "Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments.",
            pow,
        ),
        MethodDef::raw(
            "print",
            "Prints the values to a stream, or to sys.stdout by default.",
            print,
        ),
        MethodDef::new(
            "repr($module, obj, /)",
            "Return the canonical string representation of the object.",
            repr,
        ),
        MethodDef::new(
            "round($module, /, number, ndigits=None)",
            "Round a number to a given precision in decimal digits.",
            round,
        ),
        MethodDef::new(
            "setattr($module, obj, name, value, /)",
            "Sets the named attribute on the given object to the specified value.",
            setattr,
        ),
        MethodDef::raw(
            "sorted",
            "Return a new list containing all items from the iterable in ascending order.",
            sorted,
        ),
        MethodDef::new(
            "sum($module, iterable, /, start=0)",
            "Return the sum of a 'start' value (default: 0) plus an iterable of numbers",
            sum,
        ),
        MethodDef::new(
            "vars(object=<unrepresentable>, /)",
            "The __dict__ of an object, or the local variables.",
            vars,
        ),
    ],
    init: None,
};
