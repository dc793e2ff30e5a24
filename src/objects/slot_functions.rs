//! Slots of classes defined in Python: each calls the dunder method that it finds on the type. And which slot such a class gets.

use crate::attributes::{generic_getattr, generic_getattr_opt, lookup_type};
use crate::descriptors::PySlotWrapper;
use crate::err::{PyResult, clear_if};
use crate::names::names;
use crate::slot_table::{self, SLOT_DEFS};
use crate::type_ready::{native_new_owner, subclasses};
use crate::typeobject::{BinaryFn, CompareOp, SlotId, Slots, TernaryFn, Type, TypeFlags};
use crate::value::{Ref, Value};
use crate::{err, int, protocol, strings};

// ---------------------------------------------------------------- choosing slots

/// Sets the slots that `ty.name` stands for, in the type and its subclasses.
pub fn update_slots_for(ty: Type, name: Value) {
    for i in slot_table::defs_of(name) {
        update_slot(ty, SLOT_DEFS[i].slot);
    }
    for t in subclasses(ty) {
        update_slots_for(t, name);
    }
}

/// Sets every slot from the namespaces of the resolution order.
pub fn update_all_slots(ty: Type) {
    let mut done: u128 = 0;
    for d in SLOT_DEFS {
        let bit = 1u128 << (d.slot as u32);
        if done & bit == 0 {
            done |= bit;
            update_slot(ty, d.slot);
        }
    }
}
const _: () = assert!((SlotId::release_buffer as u32) < 128);

/// Sets one slot: directly to a native function where only that function's own wrappers are found, else to the function that calls the dunder.
pub fn update_slot(ty: Type, id: SlotId) {
    let mut specific: Option<&'static Slots> = None;
    let mut hash_none = false;
    let mut generic = false;
    let mut found_any = false;
    for (i, def) in SLOT_DEFS.iter().enumerate() {
        if def.slot != id {
            continue;
        }
        let found = lookup_type(ty, slot_table::def_name(i));
        if found.is_null() {
            continue;
        }
        if let Some(w) = found.cast_exact::<PySlotWrapper>()
            && w.def().name == def.name
            && ty.is_subtype(w.owner)
        {
            let s = w.owner.slots();
            match specific {
                None => specific = Some(s),
                Some(o) if o.addr(id) == s.addr(id) => {}
                _ => generic = true,
            }
        } else if id == SlotId::new
            && let Some(owner) = native_new_owner(found)
            && owner.slots().addr(id) == crate::object_methods::native_base(ty).slots().addr(id)
        {
            specific = Some(owner.slots());
        } else if found.is_none() && id == SlotId::hash {
            hash_none = true;
        } else {
            generic = true;
        }
        found_any = true;
        if def.native_only && generic {
            // The name is a Python method: the number slot calls it, this one must stay empty.
            ty.slots_mut().copy_slot(&Slots::EMPTY, id);
            return;
        }
    }
    let slots = ty.slots_mut();
    if hash_none {
        slots.hash = Some(protocol::hash_not_implemented);
    } else if !found_any {
        slots.copy_slot(&Slots::EMPTY, id);
    } else if let (Some(s), false) = (specific, generic) {
        slots.copy_slot(s, id);
    } else {
        slots.copy_slot(&GENERIC, id);
    }
}

// ---------------------------------------------------------------- calling dunders

/// Calls a dunder found on the type; `None` if there is none.
#[inline]
fn call_dunder<const N: usize>(obj: Value, name: Value, args: [Value; N]) -> PyResult<Option<Ref>> {
    let f = lookup_type(obj.ty(), name);
    if f.is_null() {
        return Ok(None);
    }
    let f = f.to_ref();
    if f.ty().has_flag(TypeFlags::METHOD_DESCRIPTOR) {
        let mut all = [obj; 4];
        all[1..=N].copy_from_slice(&args);
        return protocol::call(*f, &all[..=N]).map(Some);
    }
    let bound = match f.ty().slots().descr_get {
        Some(get) => get(*f, obj, obj.ty().value())?,
        None => f,
    };
    protocol::call(*bound, &args).map(Some)
}

/// As `call_dunder`; AttributeError with the name as text if there is none.
#[inline]
fn call_required<const N: usize>(obj: Value, name: Value, args: [Value; N]) -> PyResult {
    match call_dunder(obj, name, args)? {
        Some(r) => Ok(r),
        None => err!(AttributeError, "{}", strings::expect(name).to_string()),
    }
}

fn call_with(obj: Value, name: Value, args: &[Value], kwnames: Value) -> PyResult<Option<Ref>> {
    let f = lookup_type(obj.ty(), name);
    if f.is_null() {
        return Ok(None);
    }
    let f = f.to_ref();
    if f.ty().has_flag(TypeFlags::METHOD_DESCRIPTOR) {
        let mut small = [obj; 8];
        if args.len() < 8 {
            small[1..=args.len()].copy_from_slice(args);
            return protocol::call_kw(*f, &small[..=args.len()], kwnames).map(Some);
        }
        let mut all = Vec::with_capacity(args.len() + 1);
        all.push(obj);
        all.extend_from_slice(args);
        return protocol::call_kw(*f, &all, kwnames).map(Some);
    }
    let bound = match f.ty().slots().descr_get {
        Some(get) => get(*f, obj, obj.ty().value())?,
        None => f,
    };
    protocol::call_kw(*bound, args, kwnames).map(Some)
}

// ---------------------------------------------------------------- the slots

/// Whether a type's slot is the one that calls the dunder.
#[inline]
fn is_generic(ty: Type, id: SlotId) -> bool {
    ty.slots().addr(id) == GENERIC.addr(id)
}

/// A binary operator: `__op__` of the left operand, `__rop__` of the right.
fn binary(a: Value, b: Value, id: SlotId, name: Value, reflected: Value) -> PyResult {
    let (ta, tb) = (a.ty(), b.ty());
    let mut other = !ta.is(tb) && is_generic(tb, id);
    if is_generic(ta, id) {
        if other && tb.is_subtype(ta) {
            let rb = lookup_type(tb, reflected);
            if !rb.is_null() && !rb.is(lookup_type(ta, reflected)) {
                if let Some(r) = call_dunder(b, reflected, [a])?
                    && !r.is_not_implemented()
                {
                    return Ok(r);
                }
                other = false;
            }
        }
        let r = call_dunder(a, name, [b])?.unwrap_or(Ref::NOT_IMPLEMENTED);
        if !r.is_not_implemented() || tb.is(ta) {
            return Ok(r);
        }
    }
    if other {
        return Ok(call_dunder(b, reflected, [a])?.unwrap_or(Ref::NOT_IMPLEMENTED));
    }
    Ok(Ref::NOT_IMPLEMENTED)
}

macro_rules! binary_slots {
    ($($slot:ident $name:ident $reflected:ident;)*) => {
        $(fn $slot(a: Value, b: Value) -> PyResult {
            binary(a, b, SlotId::$slot, names().$name, names().$reflected)
        })*
    };
}
binary_slots! {
    add __add__ __radd__; subtract __sub__ __rsub__; multiply __mul__ __rmul__; remainder __mod__ __rmod__;
    divmod __divmod__ __rdivmod__; lshift __lshift__ __rlshift__; rshift __rshift__ __rrshift__; and __and__ __rand__;
    xor __xor__ __rxor__; or __or__ __ror__; floor_divide __floordiv__ __rfloordiv__; true_divide __truediv__ __rtruediv__;
    matrix_multiply __matmul__ __rmatmul__;
}

macro_rules! inplace_slots {
    ($($slot:ident $name:ident;)*) => {
        $(fn $slot(a: Value, b: Value) -> PyResult {
            call_required(a, names().$name, [b])
        })*
    };
}
inplace_slots! {
    inplace_add __iadd__; inplace_subtract __isub__; inplace_multiply __imul__; inplace_remainder __imod__;
    inplace_lshift __ilshift__; inplace_rshift __irshift__; inplace_and __iand__; inplace_xor __ixor__; inplace_or __ior__;
    inplace_floor_divide __ifloordiv__; inplace_true_divide __itruediv__; inplace_matrix_multiply __imatmul__;
    subscript __getitem__;
}

macro_rules! unary_slots {
    ($($slot:ident $name:ident;)*) => {
        $(fn $slot(v: Value) -> PyResult {
            call_required(v, names().$name, [])
        })*
    };
}
unary_slots! {
    negative __neg__; positive __pos__; absolute __abs__; invert __invert__; int __int__; float __float__; index __index__;
    await_ __await__; aiter __aiter__; anext __anext__;
}

fn power(a: Value, b: Value, c: Value) -> PyResult {
    let n = names();
    if c.is_none() {
        return binary(a, b, SlotId::power, n.__pow__, n.__rpow__);
    }
    if is_generic(a.ty(), SlotId::power) {
        let r = call_dunder(a, n.__pow__, [b, c])?.unwrap_or(Ref::NOT_IMPLEMENTED);
        if !r.is_not_implemented() {
            return Ok(r);
        }
    }
    if !a.ty().is(b.ty()) && is_generic(b.ty(), SlotId::power) {
        return Ok(call_dunder(b, n.__rpow__, [a, c])?.unwrap_or(Ref::NOT_IMPLEMENTED));
    }
    Ok(Ref::NOT_IMPLEMENTED)
}
fn inplace_power(a: Value, b: Value, _c: Value) -> PyResult {
    call_required(a, names().__ipow__, [b])
}

fn repr(v: Value) -> PyResult {
    match call_dunder(v, names().__repr__, [])? {
        Some(r) => Ok(r),
        None => Ok(strings::new_str(&format!(
            "<{} object at {:#x}>",
            v.type_name(),
            v.id()
        ))),
    }
}
fn str(v: Value) -> PyResult {
    call_required(v, names().__str__, [])
}
fn hash(v: Value) -> PyResult<i64> {
    let f = lookup_type(v.ty(), names().__hash__);
    if f.is_none_or_null() {
        return protocol::hash_not_implemented(v);
    }
    let r = call_required(v, names().__hash__, [])?;
    match int::as_int(&r) {
        None => err!(TypeError, "__hash__ method should return an integer"),
        Some(i) => match i.to_i64() {
            Some(h) => Ok(crate::hash::fix(h)),
            None => protocol::hash(*int::from_ibig(i.to_ibig())),
        },
    }
}
fn call(f: Value, args: &[Value], kwnames: Value) -> PyResult {
    crate::vm::vm().check_native_stack("")?;
    match call_with(f, names().__call__, args, kwnames)? {
        Some(r) => Ok(r),
        None => err!(TypeError, "'{}' object is not callable", f.type_name()),
    }
}

/// `init` of classes with an `__init__` of their own.
pub fn slot_init(this: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    match call_with(this, names().__init__, args, kwnames)? {
        Some(r) if r.is_none() => Ok(()),
        Some(r) => err!(
            TypeError,
            "__init__() should return None, not '{}'",
            r.type_name()
        ),
        None => err!(AttributeError, "__init__"),
    }
}
fn new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    let f = protocol::getattr(ty.value(), names().__new__)?;
    let mut all = Vec::with_capacity(args.len() + 1);
    all.push(ty.value());
    all.extend_from_slice(args);
    protocol::call_kw(*f, &all, kwnames)
}

/// `getattro` of classes with `__getattr__` or `__getattribute__`.
fn getattro(obj: Value, name: Value) -> PyResult {
    let ty = obj.ty();
    let n = names();
    let hook = lookup_type(ty, n.__getattr__);
    let own = lookup_type(ty, n.__getattribute__);
    let is_plain = own.is_null()
        || own.cast_exact::<PySlotWrapper>().is_some_and(|w| {
            w.slots().addr(SlotId::getattro) == generic_getattr as *const () as usize
        });
    if hook.is_null() {
        return if is_plain {
            generic_getattr(obj, name)
        } else {
            call_required(obj, n.__getattribute__, [name])
        };
    }
    let hook = hook.to_ref();
    let r = if is_plain {
        match generic_getattr_opt(obj, name) {
            Ok(Some(v)) => return Ok(v),
            Ok(None) => None,
            Err(e) => Some(e),
        }
    } else {
        match call_required(obj, n.__getattribute__, [name]) {
            Ok(v) => return Ok(v),
            Err(e) => Some(e),
        }
    };
    if let Some(e) = r
        && !clear_if(&crate::exceptions::AttributeError)
    {
        return Err(e);
    }
    if hook.ty().has_flag(TypeFlags::METHOD_DESCRIPTOR) {
        return protocol::call(*hook, &[obj, name]);
    }
    let bound = match hook.ty().slots().descr_get {
        Some(get) => get(*hook, obj, ty.value())?,
        None => hook,
    };
    protocol::call(*bound, &[name])
}
fn setattro(obj: Value, name: Value, value: Value) -> PyResult<()> {
    if value.is_null() {
        call_required(obj, names().__delattr__, [name])?;
    } else {
        call_required(obj, names().__setattr__, [name, value])?;
    }
    Ok(())
}

fn compare_name(op: CompareOp) -> Value {
    let n = names();
    match op {
        CompareOp::Lt => n.__lt__,
        CompareOp::Le => n.__le__,
        CompareOp::Eq => n.__eq__,
        CompareOp::Ne => n.__ne__,
        CompareOp::Gt => n.__gt__,
        CompareOp::Ge => n.__ge__,
    }
}
fn richcompare(a: Value, b: Value, op: CompareOp) -> PyResult {
    let name = compare_name(op);
    let f = lookup_type(a.ty(), name);
    if f.is_null() {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    call_required(a, name, [b])
}

fn iter(v: Value) -> PyResult {
    if lookup_type(v.ty(), names().__iter__).is_none() {
        return err!(TypeError, "'{}' object is not iterable", v.type_name());
    }
    call_required(v, names().__iter__, [])
}

/// `iternext` of classes with `__next__`. The value of a StopIteration is lost here: see `next_raising`.
pub fn slot_iternext(v: Value) -> PyResult<Option<Ref>> {
    match call_required(v, names().__next__, []) {
        Ok(r) => Ok(Some(r)),
        Err(e) => {
            if crate::err::pending_is(&crate::exceptions::StopIteration) {
                let exc = crate::vm::vm().take_pending();
                let value = crate::exceptions::stop_iteration_value(*exc);
                if !value.is_none_or_null() {
                    crate::vm::vm().stop_value.set(value);
                }
                Ok(None)
            } else {
                Err(e)
            }
        }
    }
}

/// `v.__next__()` with StopIteration left pending, where its value matters (`yield from`).
pub fn next_raising(v: Value) -> PyResult {
    call_required(v, names().__next__, [])
}

fn descr_get(d: Value, obj: Value, ty: Value) -> PyResult {
    match call_dunder(
        d,
        names().__get__,
        [obj.or(Value::NONE), ty.or(Value::NONE)],
    )? {
        Some(r) => Ok(r),
        None => Ok(d.to_ref()),
    }
}
fn descr_set(d: Value, obj: Value, value: Value) -> PyResult<()> {
    if value.is_null() {
        call_required(d, names().__delete__, [obj])?;
    } else {
        call_required(d, names().__set__, [obj, value])?;
    }
    Ok(())
}

fn finalize(v: Value) {
    let vm = crate::vm::vm();
    let saved = vm.take_pending();
    let f = lookup_type(v.ty(), names().__del__);
    if !f.is_null() {
        let f = f.to_ref();
        if call_dunder(v, names().__del__, []).is_err() {
            if crate::vm::hooks_installed() {
                (crate::vm::hooks().write_unraisable)(
                    "Exception ignored while calling deallocator",
                    *f,
                );
            } else {
                drop(vm.take_pending());
            }
        }
    }
    if !saved.is_null() {
        vm.set_pending(saved);
    }
}

fn bool(v: Value) -> PyResult<bool> {
    let r = call_required(v, names().__bool__, [])?;
    if !r.is_bool() {
        return err!(
            TypeError,
            "__bool__ should return bool, returned {}",
            r.type_name()
        );
    }
    Ok(r.is(Value::TRUE))
}
fn length(v: Value) -> PyResult<usize> {
    let r = call_required(v, names().__len__, [])?;
    let i = protocol::index(*r)?;
    let n = int::as_int(&i).expect("index gives an int");
    if n.is_negative() {
        return err!(ValueError, "__len__() should return >= 0");
    }
    match n.to_i64() {
        Some(n) => Ok(n as usize),
        None => err!(
            OverflowError,
            "cannot fit 'int' into an index-sized integer"
        ),
    }
}
fn map_length(v: Value) -> PyResult<usize> {
    length(v)
}
fn item(v: Value, i: isize) -> PyResult {
    call_required(v, names().__getitem__, [*int::from_i64(i as i64)])
}
fn ass_item(v: Value, i: isize, value: Value) -> PyResult<()> {
    ass_subscript(v, *int::from_i64(i as i64), value)
}
fn ass_subscript(v: Value, key: Value, value: Value) -> PyResult<()> {
    if value.is_null() {
        match call_dunder(v, names().__delitem__, [key])? {
            Some(_) => Ok(()),
            None => err!(AttributeError, "__delitem__"),
        }
    } else {
        match call_dunder(v, names().__setitem__, [key, value])? {
            Some(_) => Ok(()),
            None => err!(AttributeError, "__setitem__"),
        }
    }
}
fn contains(v: Value, item: Value) -> PyResult<bool> {
    if lookup_type(v.ty(), names().__contains__).is_none() {
        return err!(TypeError, "'{}' object is not a container", v.type_name());
    }
    let r = call_required(v, names().__contains__, [item])?;
    protocol::is_true(*r)
}

/// The memory of the memoryview that `__buffer__` returns. `__release_buffer__` is not called: the view releases what it holds.
fn get_buffer(v: Value, flags: u32) -> PyResult<crate::buffer::Buffer> {
    // PyBUF_FULL or PyBUF_FULL_RO.
    let asked = 0x11c | (flags & crate::buffer::WRITABLE) as i64;
    let r = call_required(v, names().__buffer__, [*int::from_i64(asked)])?;
    if !r.is_a::<crate::memoryview::PyMemoryView>() {
        return err!(TypeError, "__buffer__ returned non-memoryview object");
    }
    crate::buffer::get(*r, flags)
}

/// For each slot the function that calls the dunder.
pub static GENERIC: Slots = Slots {
    repr: Some(repr),
    str: Some(str),
    hash: Some(hash),
    call: Some(call),
    getattro: Some(getattro),
    setattro: Some(setattro),
    richcompare: Some(richcompare),
    iter: Some(iter),
    iternext: Some(slot_iternext),
    descr_get: Some(descr_get),
    descr_set: Some(descr_set),
    init: Some(slot_init),
    new: Some(new),
    finalize: Some(finalize),
    add: Some(add as BinaryFn),
    subtract: Some(subtract),
    multiply: Some(multiply),
    remainder: Some(remainder),
    divmod: Some(divmod),
    power: Some(power as TernaryFn),
    negative: Some(negative),
    positive: Some(positive),
    absolute: Some(absolute),
    bool: Some(bool),
    invert: Some(invert),
    lshift: Some(lshift),
    rshift: Some(rshift),
    and: Some(and),
    xor: Some(xor),
    or: Some(or),
    int: Some(int),
    float: Some(float),
    index: Some(index),
    floor_divide: Some(floor_divide),
    true_divide: Some(true_divide),
    matrix_multiply: Some(matrix_multiply),
    inplace_add: Some(inplace_add),
    inplace_subtract: Some(inplace_subtract),
    inplace_multiply: Some(inplace_multiply),
    inplace_remainder: Some(inplace_remainder),
    inplace_power: Some(inplace_power),
    inplace_lshift: Some(inplace_lshift),
    inplace_rshift: Some(inplace_rshift),
    inplace_and: Some(inplace_and),
    inplace_xor: Some(inplace_xor),
    inplace_or: Some(inplace_or),
    inplace_floor_divide: Some(inplace_floor_divide),
    inplace_true_divide: Some(inplace_true_divide),
    inplace_matrix_multiply: Some(inplace_matrix_multiply),
    length: Some(length),
    item: Some(item),
    ass_item: Some(ass_item),
    contains: Some(contains),
    map_length: Some(map_length),
    subscript: Some(subscript),
    ass_subscript: Some(ass_subscript),
    await_: Some(await_),
    aiter: Some(aiter),
    anext: Some(anext),
    get_buffer: Some(get_buffer),
    ..Slots::EMPTY
};
