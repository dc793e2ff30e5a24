//! The abstract operations: what an instruction or a builtin does with arbitrary objects. Both cores and all native code call these.

use crate::err::PyResult;
use crate::names::names;
use crate::strings::{self, PyStr};
use crate::typeobject::{BinaryFn, CompareOp, Slots, Type, as_type};
use crate::value::{Ref, Value};
use crate::{dict, err, float, int, list, tuple};

// ---------------------------------------------------------------- calls

/// Calls with positional arguments.
#[inline]
pub fn call(f: Value, args: &[Value]) -> PyResult {
    call_kw(f, args, Value::NULL)
}

/// Calls; the last arguments are the values of the keywords named in the tuple `kwnames` (or NULL).
#[inline]
pub fn call_kw(f: Value, args: &[Value], kwnames: Value) -> PyResult {
    match f.ty().slots().call {
        Some(c) => c(f, args, kwnames),
        None => err!(TypeError, "'{}' object is not callable", f.type_name()),
    }
}

/// Calls with a tuple and a dict (or NULL) of arguments.
pub fn call_tuple_dict(f: Value, args: Value, kwargs: Value) -> PyResult {
    let mut all: Vec<Ref> = tuple::as_slice(args).iter().map(|v| v.to_ref()).collect();
    let mut names = Vec::new();
    if !kwargs.is_none_or_null() {
        for (k, v) in dict::items(kwargs) {
            if !strings::is_str(*k) {
                return err!(TypeError, "keywords must be strings");
            }
            names.push(k);
            all.push(v);
        }
    }
    let kwnames = if names.is_empty() {
        Ref::NULL
    } else {
        tuple::from_refs(names)
    };
    call_kw(f, crate::value::values(&all), *kwnames)
}

/// `obj.name(*args)`, without making a bound method where that can be avoided.
pub fn call_method(obj: Value, name: Value, args: &[Value]) -> PyResult {
    let (f, bound) = get_method(obj, name)?;
    if bound {
        let mut all = Vec::with_capacity(args.len() + 1);
        all.push(obj);
        all.extend_from_slice(args);
        call(*f, &all)
    } else {
        call(*f, args)
    }
}

/// As `call_method`, by a Rust string.
pub fn call_method_str(obj: Value, name: &str, args: &[Value]) -> PyResult {
    call_method(obj, *strings::intern_str(name), args)
}

/// What `obj.name` gives for a call: the function and whether `obj` is to go in front of the arguments.
pub fn get_method(obj: Value, name: Value) -> PyResult<(Ref, bool)> {
    use crate::typeobject::TypeFlags;
    let ty = obj.ty();
    if ty
        .slots()
        .getattro
        .is_some_and(|f| f as usize == generic_getattr as *const () as usize)
    {
        let found = lookup_type(ty, name);
        if !found.is_null() && found.ty().has_flag(TypeFlags::METHOD_DESCRIPTOR) {
            let found = found.to_ref();
            let own = instance_attribute(obj, name)?;
            if own.is_null() {
                return Ok((found, true));
            }
            return Ok((own.to_ref(), false));
        }
    }
    Ok((getattr(obj, name)?, false))
}

/// Looks up a dunder on the type (not the instance) and binds it; `None` if the type has none.
pub fn lookup_special(obj: Value, name: Value) -> PyResult<Option<Ref>> {
    let f = lookup_type(obj.ty(), name);
    if f.is_null() {
        return Ok(None);
    }
    let f = f.to_ref();
    match f.ty().slots().descr_get {
        Some(get) => Ok(Some(get(*f, obj, obj.ty().value())?)),
        None => Ok(Some(f)),
    }
}

/// Calls a dunder looked up on the type; `None` if the type has none.
pub fn call_special(obj: Value, name: Value, args: &[Value]) -> PyResult<Option<Ref>> {
    let f = lookup_type(obj.ty(), name);
    if f.is_null() {
        return Ok(None);
    }
    let f = f.to_ref();
    if f.ty()
        .has_flag(crate::typeobject::TypeFlags::METHOD_DESCRIPTOR)
    {
        let mut all = Vec::with_capacity(args.len() + 1);
        all.push(obj);
        all.extend_from_slice(args);
        return Ok(Some(call(*f, &all)?));
    }
    let bound = match f.ty().slots().descr_get {
        Some(get) => get(*f, obj, obj.ty().value())?,
        None => f,
    };
    Ok(Some(call(*bound, args)?))
}

// ---------------------------------------------------------------- attributes

pub use crate::attributes::{generic_getattr, generic_setattr, lookup_type};

/// The instance's own attribute (from its shape, or its dict), borrowed; NULL if none.
pub fn instance_attribute(obj: Value, name: Value) -> PyResult<Value> {
    crate::attributes::instance_attribute(obj, name)
}

/// `obj.name`. `name` must be an interned str.
#[inline]
pub fn getattr(obj: Value, name: Value) -> PyResult {
    let r = match obj.ty().slots().getattro {
        Some(f) => f(obj, name),
        None => generic_getattr(obj, name),
    };
    if r.is_err() {
        crate::attributes::set_error_context(obj, name);
    }
    r
}
/// `obj.name` with a Rust string.
pub fn getattr_str(obj: Value, name: &str) -> PyResult {
    getattr(obj, *strings::intern_str(name))
}
/// `obj.name`, `None` if that raises AttributeError.
pub fn getattr_opt(obj: Value, name: Value) -> PyResult<Option<Ref>> {
    // Where the usual look-up is at work, no exception needs to be made.
    let getattro = obj.ty().slots().getattro.map_or(0, |f| f as usize);
    let plain = if getattro == generic_getattr as *const () as usize {
        Some(crate::attributes::generic_getattr_opt(obj, name))
    } else if getattro == crate::type_methods::type_getattro as *const () as usize
        && let Some(ty) = as_type(obj)
    {
        Some(crate::type_methods::type_getattr_opt(ty, name))
    } else {
        None
    };
    match plain {
        Some(Ok(r)) => return Ok(r),
        Some(Err(e)) => {
            return if crate::err::clear_if(&crate::exceptions::AttributeError) {
                Ok(None)
            } else {
                Err(e)
            };
        }
        None => {}
    }
    match getattr(obj, name) {
        Ok(v) => Ok(Some(v)),
        Err(e) => {
            if crate::err::clear_if(&crate::exceptions::AttributeError) {
                Ok(None)
            } else {
                Err(e)
            }
        }
    }
}
pub fn hasattr(obj: Value, name: Value) -> PyResult<bool> {
    Ok(getattr_opt(obj, name)?.is_some())
}
/// `obj.name = value`; NULL deletes. `name` must be an interned str.
#[inline]
pub fn setattr(obj: Value, name: Value, value: Value) -> PyResult<()> {
    match obj.ty().slots().setattro {
        Some(f) => f(obj, name, value),
        None => generic_setattr(obj, name, value),
    }
}
pub fn setattr_str(obj: Value, name: &str, value: Value) -> PyResult<()> {
    setattr(obj, *strings::intern_str(name), value)
}

// ---------------------------------------------------------------- truth, hash, comparison

/// Truth value.
#[inline]
pub fn is_true(v: Value) -> PyResult<bool> {
    if v.is_bool() {
        return Ok(v.is(Value::TRUE));
    }
    if v.is_none() {
        return Ok(false);
    }
    if let Some(i) = v.as_small_int() {
        return Ok(i != 0);
    }
    let s = v.ty().slots();
    if let Some(f) = s.bool {
        f(v)
    } else if let Some(f) = s.map_length {
        Ok(f(v)? != 0)
    } else if let Some(f) = s.length {
        Ok(f(v)? != 0)
    } else {
        Ok(true)
    }
}

/// `hash(v)`.
#[inline]
pub fn hash(v: Value) -> PyResult<i64> {
    if let Some(i) = v.as_small_int() {
        return Ok(dict::small_int_hash(i));
    }
    match v.ty().slots().hash {
        Some(f) => f(v),
        None => hash_not_implemented(v),
    }
}
/// The hash slot of unhashable types.
pub fn hash_not_implemented(v: Value) -> PyResult<i64> {
    err!(TypeError, "unhashable type: '{}'", v.type_name())
}

/// `a op b` as an object.
pub fn richcompare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if Value::both_small_ints(a, b) {
        return Ok(Ref::bool(
            op.test(a.small_int_unchecked().cmp(&b.small_int_unchecked())),
        ));
    }
    crate::vm::vm().check_native_stack(" in comparison")?;
    let (ta, tb) = (a.ty(), b.ty());
    let mut reflected_done = false;
    if !ta.is(tb)
        && tb.is_subtype(ta)
        && let Some(f) = tb.slots().richcompare
    {
        reflected_done = true;
        let r = f(b, a, op.swapped())?;
        if !r.is_not_implemented() {
            return Ok(r);
        }
    }
    if let Some(f) = ta.slots().richcompare {
        let r = f(a, b, op)?;
        if !r.is_not_implemented() {
            return Ok(r);
        }
    }
    if !reflected_done && let Some(f) = tb.slots().richcompare {
        let r = f(b, a, op.swapped())?;
        if !r.is_not_implemented() {
            return Ok(r);
        }
    }
    match op {
        CompareOp::Eq => Ok(Ref::bool(a.is(b))),
        CompareOp::Ne => Ok(Ref::bool(!a.is(b))),
        _ => err!(
            TypeError,
            "'{}' not supported between instances of '{}' and '{}'",
            op.symbol(),
            a.type_name(),
            b.type_name()
        ),
    }
}
/// Truth of `a op b`; identical objects are equal, as in containers.
#[inline]
pub fn compare_bool(a: Value, b: Value, op: CompareOp) -> PyResult<bool> {
    if a.is(b) {
        if op == CompareOp::Eq {
            return Ok(true);
        }
        if op == CompareOp::Ne {
            return Ok(false);
        }
    }
    if Value::both_small_ints(a, b) {
        return Ok(op.test(a.small_int_unchecked().cmp(&b.small_int_unchecked())));
    }
    let r = richcompare(a, b, op)?;
    is_true(*r)
}
/// Identity or `==`, as containers compare.
#[inline]
pub fn eq(a: Value, b: Value) -> PyResult<bool> {
    if a.is(b) {
        return Ok(true);
    }
    if a.is_exact::<PyStr>() && b.is_exact::<PyStr>() {
        return Ok(strings::expect(a).equals(strings::expect(b)));
    }
    compare_bool(a, b, CompareOp::Eq)
}

// ---------------------------------------------------------------- text

/// `repr(v)`.
pub fn repr(v: Value) -> PyResult {
    crate::vm::vm().check_native_stack(" while getting the repr of an object")?;
    match v.ty().slots().repr {
        Some(f) => {
            let r = f(v)?;
            if !strings::is_str(*r) {
                return err!(
                    TypeError,
                    "__repr__ returned non-string (type {})",
                    r.type_name()
                );
            }
            Ok(r)
        }
        None => Ok(strings::new_str(&format!(
            "<{} object at {:#x}>",
            v.type_name(),
            v.id()
        ))),
    }
}
/// `str(v)`.
pub fn str(v: Value) -> PyResult {
    if v.is_exact::<PyStr>() {
        return Ok(v.to_ref());
    }
    crate::vm::vm().check_native_stack(" while getting the str of an object")?;
    match v.ty().slots().str {
        Some(f) => {
            let r = f(v)?;
            if !strings::is_str(*r) {
                return err!(
                    TypeError,
                    "__str__ returned non-string (type {})",
                    r.type_name()
                );
            }
            Ok(r)
        }
        None => repr(v),
    }
}
/// `str(v)` as Rust text, for messages.
pub fn str_text(v: Value) -> PyResult<String> {
    Ok(strings::expect(*str(v)?).to_string())
}
/// `repr(v)` as Rust text, for messages.
pub fn repr_text(v: Value) -> PyResult<String> {
    Ok(strings::expect(*repr(v)?).to_string())
}
/// `format(v, spec)`; NULL as spec is "".
pub fn format(v: Value, spec: Value) -> PyResult {
    if spec.is_null() || strings::as_str(&spec).is_some_and(|s| s.len() == 0) {
        if v.is_exact::<PyStr>() {
            return Ok(v.to_ref());
        }
        if v.is_small_int() {
            return str(v);
        }
    }
    let spec = if spec.is_null() {
        strings::empty()
    } else {
        spec.to_ref()
    };
    match call_special(v, names().__format__, &[*spec])? {
        Some(r) if strings::is_str(*r) => Ok(r),
        Some(r) => err!(
            TypeError,
            "__format__ must return a str, not {}",
            r.type_name()
        ),
        None => err!(
            TypeError,
            "Type {} doesn't define __format__",
            v.type_name()
        ),
    }
}
/// Enters an object into the list of those whose repr is being made; `false` if it is there already (print `[...]`).
pub fn repr_enter(v: Value) -> bool {
    let mut s = crate::vm::vm().repr_stack.borrow_mut();
    if s.contains(&v.bits()) {
        return false;
    }
    s.push(v.bits());
    true
}
pub fn repr_leave(v: Value) {
    let mut s = crate::vm::vm().repr_stack.borrow_mut();
    if let Some(i) = s.iter().rposition(|b| *b == v.bits()) {
        s.remove(i);
    }
}

// ---------------------------------------------------------------- iteration

/// `iter(v)`.
pub fn iter(v: Value) -> PyResult {
    let ty = v.ty();
    match ty.slots().iter {
        Some(f) => {
            let r = f(v)?;
            if r.ty().slots().iternext.is_none() {
                return err!(
                    TypeError,
                    "iter() returned non-iterator of type '{}'",
                    r.type_name()
                );
            }
            Ok(r)
        }
        None if ty.slots().item.is_some() && !dict::is_dict(v) => {
            crate::iterators::sequence_iterator(v)
        }
        None => err!(TypeError, "'{}' object is not iterable", v.type_name()),
    }
}
/// The next item; `None` when exhausted.
#[inline]
pub fn next(it: Value) -> PyResult<Option<Ref>> {
    match it.ty().slots().iternext {
        Some(f) => f(it),
        None => err!(TypeError, "'{}' object is not an iterator", it.type_name()),
    }
}
/// Calls `f` with every item until it fails.
pub fn for_each(iterable: Value, mut f: impl FnMut(Ref) -> PyResult<()>) -> PyResult<()> {
    if iterable.is_exact::<list::PyList>() {
        let l = list::expect(iterable);
        let mut i = 0;
        while let Some(v) = l.get(i) {
            f(v)?;
            i += 1;
        }
        return Ok(());
    }
    if iterable.is_exact::<tuple::PyTuple>() {
        for v in tuple::as_slice(iterable) {
            f(v.to_ref())?;
        }
        return Ok(());
    }
    let it = iter(iterable)?;
    while let Some(v) = next(*it)? {
        f(v)?;
    }
    Ok(())
}
/// All items.
pub fn to_vec(iterable: Value) -> PyResult<Vec<Ref>> {
    let mut out = Vec::new();
    if !iterable.is_exact::<list::PyList>() && !iterable.is_exact::<tuple::PyTuple>() {
        let n = length_hint(iterable, 0)?;
        out.reserve(n.min(1 << 20));
    }
    for_each(iterable, |v| {
        out.push(v);
        Ok(())
    })?;
    Ok(out)
}
/// A guess at the number of items (`operator.length_hint`).
pub fn length_hint(v: Value, default: usize) -> PyResult<usize> {
    let s = v.ty().slots();
    if s.map_length.is_some() || s.length.is_some() {
        return match len(v) {
            Ok(n) => Ok(n),
            Err(e) => {
                if crate::err::clear_if(&crate::exceptions::TypeError) {
                    Ok(default)
                } else {
                    Err(e)
                }
            }
        };
    }
    match call_special(v, names().__length_hint__, &[]) {
        Ok(None) => Ok(default),
        Ok(Some(r)) if r.is_not_implemented() => Ok(default),
        Ok(Some(r)) => match int::as_int(&r) {
            Some(i) if i.is_negative() => err!(ValueError, "__length_hint__() should return >= 0"),
            Some(i) => Ok(i.to_i64().unwrap_or(0) as usize),
            None => err!(
                TypeError,
                "__length_hint__ must be an integer, not {}",
                r.type_name()
            ),
        },
        Err(e) => {
            if crate::err::clear_if(&crate::exceptions::TypeError) {
                Ok(default)
            } else {
                Err(e)
            }
        }
    }
}

// ---------------------------------------------------------------- containers

/// `len(v)`.
pub fn len(v: Value) -> PyResult<usize> {
    let s = v.ty().slots();
    match s.map_length.or(s.length) {
        Some(f) => f(v),
        None => err!(TypeError, "object of type '{}' has no len()", v.type_name()),
    }
}
/// `obj[key]`.
pub fn getitem(obj: Value, key: Value) -> PyResult {
    let s = obj.ty().slots();
    if let Some(f) = s.subscript {
        return f(obj, key);
    }
    if let Some(f) = s.item {
        if key.ty().slots().index.is_some() {
            return f(obj, sequence_index(obj, key)?);
        }
        return err!(
            TypeError,
            "sequence index must be integer, not '{}'",
            key.type_name()
        );
    }
    if let Some(ty) = as_type(obj) {
        if ty.is(&crate::types::TYPE_TYPE) {
            return crate::generic_alias::new_alias(obj, key);
        }
        if let Some(f) = getattr_opt(obj, names().__class_getitem__)? {
            return call(*f, &[key]);
        }
        return err!(TypeError, "type '{}' is not subscriptable", ty.name());
    }
    err!(
        TypeError,
        "'{}' object is not subscriptable",
        obj.type_name()
    )
}
fn sequence_index(obj: Value, key: Value) -> PyResult<isize> {
    let i = match int::to_i64(key) {
        Ok(i) => i as isize,
        Err(e) => {
            if crate::err::clear_if(&crate::exceptions::OverflowError) {
                return err!(
                    IndexError,
                    "cannot fit '{}' into an index-sized integer",
                    key.type_name()
                );
            }
            return Err(e);
        }
    };
    if i < 0
        && let Some(f) = obj.ty().slots().length
    {
        return Ok(i + f(obj)? as isize);
    }
    Ok(i)
}
/// `obj[key] = value`; NULL deletes.
pub fn setitem(obj: Value, key: Value, value: Value) -> PyResult<()> {
    let s = obj.ty().slots();
    if let Some(f) = s.ass_subscript {
        return f(obj, key, value);
    }
    if let Some(f) = s.ass_item {
        if key.ty().slots().index.is_some() {
            return f(obj, sequence_index(obj, key)?, value);
        }
        if s.subscript.is_none() {
            return err!(
                TypeError,
                "sequence index must be integer, not '{}'",
                key.type_name()
            );
        }
    }
    if value.is_null() {
        // CPython's sequences without item deletion say it in other words.
        let sequence = s.item.is_some() && key.ty().slots().index.is_some();
        let negation = if sequence { "doesn't" } else { "does not" };
        err!(
            TypeError,
            "'{}' object {negation} support item deletion",
            obj.type_name()
        )
    } else {
        err!(
            TypeError,
            "'{}' object does not support item assignment",
            obj.type_name()
        )
    }
}
/// `item in obj`.
pub fn contains(obj: Value, item: Value) -> PyResult<bool> {
    if let Some(f) = obj.ty().slots().contains {
        return f(obj, item);
    }
    if obj.ty().slots().iter.is_none() && obj.ty().slots().item.is_none() {
        return err!(
            TypeError,
            "argument of type '{}' is not a container or iterable",
            obj.type_name()
        );
    }
    let it = match iter(obj) {
        Ok(it) => it,
        Err(e) => {
            if crate::err::clear_if(&crate::exceptions::TypeError) {
                return err!(
                    TypeError,
                    "argument of type '{}' is not a container or iterable",
                    obj.type_name()
                );
            }
            return Err(e);
        }
    };
    while let Some(v) = next(*it)? {
        if eq(*v, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

// ---------------------------------------------------------------- numbers

/// `operator.index(v)`: an int (subclass instances as they are).
pub fn index(v: Value) -> PyResult {
    if int::is_int(v) {
        return Ok(v.to_ref());
    }
    match v.ty().slots().index {
        Some(f) => {
            let r = f(v)?;
            if !int::is_int(*r) {
                return err!(
                    TypeError,
                    "__index__ returned non-int (type {})",
                    r.type_name()
                );
            }
            if !r.is_small_int() && !r.is_exact::<int::PyInt>() {
                int::warn_strict_subclass("__index__", *r)?;
            }
            Ok(r)
        }
        None => err!(
            TypeError,
            "'{}' object cannot be interpreted as an integer",
            v.type_name()
        ),
    }
}

macro_rules! binary_ops {
    ($($op:ident $slot:ident $inplace:ident $sym:literal $reflected:literal,)*) => {
        /// The binary operators that have a number slot and an in-place form, `power` apart.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum BinaryOp { $($op,)* }
        impl BinaryOp {
            pub fn slot(self, s: &Slots) -> Option<BinaryFn> { match self { $(BinaryOp::$op => s.$slot,)* } }
            pub fn inplace_slot(self, s: &Slots) -> Option<BinaryFn> { match self { $(BinaryOp::$op => s.$inplace,)* } }
            pub fn symbol(self) -> &'static str { match self { $(BinaryOp::$op => $sym,)* } }
        }
    };
}
binary_ops! {
    Add add inplace_add "+" "__radd__",
    And and inplace_and "&" "__rand__",
    FloorDivide floor_divide inplace_floor_divide "//" "__rfloordiv__",
    Lshift lshift inplace_lshift "<<" "__rlshift__",
    MatrixMultiply matrix_multiply inplace_matrix_multiply "@" "__rmatmul__",
    Multiply multiply inplace_multiply "*" "__rmul__",
    Remainder remainder inplace_remainder "%" "__rmod__",
    Or or inplace_or "|" "__ror__",
    Rshift rshift inplace_rshift ">>" "__rrshift__",
    Subtract subtract inplace_subtract "-" "__rsub__",
    TrueDivide true_divide inplace_true_divide "/" "__rtruediv__",
    Xor xor inplace_xor "^" "__rxor__",
    Divmod divmod divmod "divmod()" "__rdivmod__",
}

fn binary_slots(a: Value, b: Value, op: BinaryOp) -> PyResult {
    let (ta, tb) = (a.ty(), b.ty());
    let fa = op.slot(ta.slots());
    let mut fb = if ta.is(tb) { None } else { op.slot(tb.slots()) };
    if let (Some(x), Some(y)) = (fa, fb)
        && x as usize == y as usize
    {
        fb = None;
    }
    if let Some(x) = fa {
        if let Some(y) = fb
            && tb.is_subtype(ta)
        {
            let r = y(a, b)?;
            if !r.is_not_implemented() {
                return Ok(r);
            }
            fb = None;
        }
        let r = x(a, b)?;
        if !r.is_not_implemented() {
            return Ok(r);
        }
    }
    if let Some(y) = fb {
        return y(a, b);
    }
    Ok(Ref::NOT_IMPLEMENTED)
}

/// `a op b`. Number slots get the operands in source order, and find out themselves which of the two is theirs.
pub fn binary(a: Value, b: Value, op: BinaryOp) -> PyResult {
    let r = binary_slots(a, b, op)?;
    if !r.is_not_implemented() {
        return Ok(r);
    }
    sequence_fallback(a, b, op, false)?.map_or_else(|| unsupported(a, b, op.symbol()), Ok)
}

/// Concatenation and repetition, which come after the number slots.
fn sequence_fallback(a: Value, b: Value, op: BinaryOp, inplace: bool) -> PyResult<Option<Ref>> {
    let (sa, sb) = (a.ty().slots(), b.ty().slots());
    match op {
        BinaryOp::Add => {
            if inplace && let Some(f) = sa.inplace_concat {
                return f(a, b).map(Some);
            }
            if let Some(f) = sa.concat {
                return f(a, b).map(Some);
            }
        }
        BinaryOp::Multiply => {
            if inplace && let Some(f) = sa.inplace_repeat {
                return f(a, repeat_count(b)?).map(Some);
            }
            if let Some(f) = sa.repeat {
                return f(a, repeat_count(b)?).map(Some);
            }
            if let Some(f) = sb.repeat {
                return f(b, repeat_count(a)?).map(Some);
            }
        }
        _ => {}
    }
    Ok(None)
}

fn repeat_count(n: Value) -> PyResult<isize> {
    if n.ty().slots().index.is_none() {
        return err!(
            TypeError,
            "can't multiply sequence by non-int of type '{}'",
            n.type_name()
        );
    }
    match int::to_i64(n) {
        Ok(i) => Ok(i as isize),
        Err(e) => {
            if crate::err::clear_if(&crate::exceptions::OverflowError) {
                return err!(
                    OverflowError,
                    "cannot fit '{}' into an index-sized integer",
                    n.type_name()
                );
            }
            Err(e)
        }
    }
}

#[cold]
fn unsupported(a: Value, b: Value, symbol: &str) -> PyResult {
    err!(
        TypeError,
        "unsupported operand type(s) for {symbol}: '{}' and '{}'",
        a.type_name(),
        b.type_name()
    )
}

/// `a op= b`: the new value of `a`.
pub fn inplace(a: Value, b: Value, op: BinaryOp) -> PyResult {
    if let Some(f) = op.inplace_slot(a.ty().slots()) {
        let r = f(a, b)?;
        if !r.is_not_implemented() {
            return Ok(r);
        }
    }
    let r = binary_slots(a, b, op)?;
    if !r.is_not_implemented() {
        return Ok(r);
    }
    let symbol = [op.symbol(), "="].concat();
    sequence_fallback(a, b, op, true)?.map_or_else(|| unsupported(a, b, &symbol), Ok)
}

/// `pow(a, b, c)`; None as `c` for two operands.
pub fn power(a: Value, b: Value, c: Value) -> PyResult {
    power_named(a, b, c, "** or pow()")
}
fn power_named(a: Value, b: Value, c: Value, symbol: &str) -> PyResult {
    let (ta, tb) = (a.ty(), b.ty());
    let fa = ta.slots().power;
    let mut fb = if ta.is(tb) { None } else { tb.slots().power };
    if let (Some(x), Some(y)) = (fa, fb)
        && x as usize == y as usize
    {
        fb = None;
    }
    if let Some(x) = fa {
        if let Some(y) = fb
            && tb.is_subtype(ta)
        {
            let r = y(a, b, c)?;
            if !r.is_not_implemented() {
                return Ok(r);
            }
            fb = None;
        }
        let r = x(a, b, c)?;
        if !r.is_not_implemented() {
            return Ok(r);
        }
    }
    if let Some(y) = fb {
        let r = y(a, b, c)?;
        if !r.is_not_implemented() {
            return Ok(r);
        }
    }
    if c.is_none() {
        unsupported(a, b, symbol)
    } else {
        let tc = c.ty();
        if let Some(z) = tc.slots().power
            && fa.is_none_or(|x| x as usize != z as usize)
        {
            let r = z(a, b, c)?;
            if !r.is_not_implemented() {
                return Ok(r);
            }
        }
        err!(
            TypeError,
            "unsupported operand type(s) for {symbol}: '{}', '{}', '{}'",
            a.type_name(),
            b.type_name(),
            c.type_name()
        )
    }
}
/// `a **= b`.
pub fn inplace_power(a: Value, b: Value) -> PyResult {
    if let Some(f) = a.ty().slots().inplace_power {
        let r = f(a, b, Value::NONE)?;
        if !r.is_not_implemented() {
            return Ok(r);
        }
    }
    power_named(a, b, Value::NONE, "**=")
}

fn unary(v: Value, f: Option<crate::typeobject::UnaryFn>, symbol: &str) -> PyResult {
    match f {
        Some(f) => f(v),
        None => err!(
            TypeError,
            "bad operand type for {symbol}: '{}'",
            v.type_name()
        ),
    }
}
pub fn negative(v: Value) -> PyResult {
    unary(v, v.ty().slots().negative, "unary -")
}
pub fn positive(v: Value) -> PyResult {
    unary(v, v.ty().slots().positive, "unary +")
}
pub fn invert(v: Value) -> PyResult {
    unary(v, v.ty().slots().invert, "unary ~")
}
pub fn absolute(v: Value) -> PyResult {
    unary(v, v.ty().slots().absolute, "abs()")
}

// ---------------------------------------------------------------- instance checks

/// `isinstance(v, cls)`, with tuples, unions and `__instancecheck__`.
pub fn isinstance(v: Value, cls: Value) -> PyResult<bool> {
    if v.ty().value().is(cls) {
        return Ok(true);
    }
    if let Some(c) = as_type(cls)
        && c.header.ty().is(&crate::types::TYPE_TYPE)
    {
        return recursive_isinstance(v, cls);
    }
    let union = crate::union_type::union_args(&cls);
    if union.is_some() || tuple::is_tuple(cls) {
        crate::vm::vm().check_native_stack(" in __instancecheck__")?;
        for c in union.unwrap_or_else(|| tuple::as_slice(cls)) {
            if isinstance(v, *c)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if let Some(r) = call_special(cls, names().__instancecheck__, &[v])? {
        return is_true(*r);
    }
    recursive_isinstance(v, cls)
}
/// `isinstance` without `__instancecheck__` (`type.__instancecheck__`).
pub fn recursive_isinstance(v: Value, cls: Value) -> PyResult<bool> {
    if let Some(c) = as_type(cls) {
        if v.ty().is_subtype(c) {
            return Ok(true);
        }
        if let Some(k) = getattr_opt(v, names().__class__)?
            && let Some(t) = as_type(*k)
            && !t.is(v.ty())
        {
            return Ok(t.is_subtype(c));
        }
        return Ok(false);
    }
    check_class(
        cls,
        "isinstance() arg 2 must be a type, a tuple of types, or a union",
    )?;
    match getattr_opt(v, names().__class__)? {
        Some(k) => abstract_issubclass(*k, cls),
        None => Ok(false),
    }
}
/// `issubclass(derived, cls)`.
pub fn issubclass(derived: Value, cls: Value) -> PyResult<bool> {
    if let Some(c) = as_type(cls)
        && c.header.ty().is(&crate::types::TYPE_TYPE)
    {
        if derived.is(cls) {
            return Ok(true);
        }
        return recursive_issubclass(derived, cls);
    }
    let union = crate::union_type::union_args(&cls);
    if union.is_some() || tuple::is_tuple(cls) {
        crate::vm::vm().check_native_stack(" in __subclasscheck__")?;
        for c in union.unwrap_or_else(|| tuple::as_slice(cls)) {
            if issubclass(derived, *c)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if let Some(r) = call_special(cls, names().__subclasscheck__, &[derived])? {
        return is_true(*r);
    }
    recursive_issubclass(derived, cls)
}
/// `issubclass` without `__subclasscheck__` (`type.__subclasscheck__`).
pub fn recursive_issubclass(derived: Value, cls: Value) -> PyResult<bool> {
    if let (Some(d), Some(c)) = (as_type(derived), as_type(cls)) {
        return Ok(d.is_subtype(c));
    }
    check_class(derived, "issubclass() arg 1 must be a class")?;
    check_class(
        cls,
        "issubclass() arg 2 must be a class, a tuple of classes, or a union",
    )?;
    abstract_issubclass(derived, cls)
}
fn abstract_bases(cls: Value) -> PyResult<Option<Ref>> {
    Ok(getattr_opt(cls, names().__bases__)?.filter(|b| tuple::is_tuple(**b)))
}
fn check_class(cls: Value, message: &str) -> PyResult<()> {
    if as_type(cls).is_some() || abstract_bases(cls)?.is_some() {
        return Ok(());
    }
    err!(TypeError, "{message}")
}
fn abstract_issubclass(derived: Value, cls: Value) -> PyResult<bool> {
    if derived.is(cls) {
        return Ok(true);
    }
    crate::vm::vm().check_native_stack(" in __issubclass__")?;
    let Some(bases) = abstract_bases(derived)? else {
        return Ok(false);
    };
    for b in tuple::as_slice(*bases) {
        if abstract_issubclass(*b, cls)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A type argument, or TypeError with this message.
pub fn expect_type(v: Value, message: &str) -> PyResult<Type> {
    match as_type(v) {
        Some(t) => Ok(t),
        None => err!(TypeError, "{message}"),
    }
}
/// A number argument as f64 (`float.to_f64` under its field name).
pub fn to_f64(v: Value) -> PyResult<f64> {
    float::to_f64(v)
}
