//! Adaptive specialization: which form an instruction takes after it has been seen at work, and the way back.
//!
//! The counter unit holds CPython's backoff counter: value in the upper 12 bits, exponent in the lower 4.
//! Generic handlers call in here first; it counts down and, at zero, rewrites the instruction's opcode and cache.

use crate::core::ops_arith::extend;
use crate::core::state::State;
use std::sync::atomic::{AtomicU64, Ordering};
use taipan_bytecode::opcode::{Opcode, deoptimized};
use taipan_objects::dict::{self, PyDict};
use taipan_objects::function::{PyBuiltin, PyFunction, PyMethod, PyMethodDescr};
use taipan_objects::list::PyList;
use taipan_objects::module::PyModule;
use taipan_objects::protocol;
use taipan_objects::shape::{self, DICT_SHAPE};
use taipan_objects::strings::PyStr;
use taipan_objects::tuple::PyTuple;
use taipan_objects::typeobject::{CompareOp, Type, TypeFlags, as_type};
use taipan_objects::value::Value;

/// Counter of a fresh instruction: specialises at the second visit.
pub const WARMUP: u16 = 1 << 4 | 1;
const COOLDOWN: u16 = 52 << 4;

/// Counts down; `true` when it is time to specialise.
#[inline(always)]
fn due(s: State) -> bool {
    let c = s.cache(0);
    if c >> 4 == 0 {
        return true;
    }
    s.set_cache(0, c - 16);
    false
}

/// After a specialisation that could not be made.
fn back_off(s: State) {
    let e = (s.cache(0) & 15).min(11) + 1;
    s.set_cache(0, ((1 << e) - 1) << 4 | e);
}

fn to(s: State, op: Opcode) {
    s.set_opcode(op);
}

handler!(
    /// A guard failed: back to the generic form, which will specialise again later.
    #[cold]
    op_deopt, s => {
        let generic = deoptimized(*s.pc as u8);
        *(s.pc as *mut u8) = generic;
        s.set_cache(0, COOLDOWN);
        let op = (*s.table.add(generic as usize)).0;
        tail!(op, s.pc, s.sp, s.locals, s.frame, s.table, s.arg)
    }
);

macro_rules! entry {
    ($(#[$m:meta])* $name:ident, $cold:ident) => {
        $(#[$m])*
        #[inline(always)]
        pub fn $name(s: State) {
            if due(s) {
                $cold(s.pc, s.sp, s.locals, s.frame, s.arg)
            }
        }
    };
}
macro_rules! cold {
    ($name:ident, $s:ident => $body:block) => {
        #[cold]
        #[inline(never)]
        fn $name(
            pc: *mut u16,
            sp: *mut Value,
            locals: *mut Value,
            frame: &'static taipan_objects::frame::Frame,
            arg: usize,
        ) {
            let $s = State {
                pc,
                sp,
                locals,
                frame,
                table: std::ptr::null(),
                arg,
            };
            // SAFETY: called by handlers with their own state.
            #[allow(unused_unsafe)]
            let done: bool = unsafe { $body };
            if !done {
                back_off($s);
            }
        }
    };
}

entry!(binary_op, binary_op_cold);
cold!(binary_op_cold, s => {
    let (a, b) = (s.peek(2), s.peek(1));
    let floats = a.is_immediate_float() && b.is_immediate_float();
    let ints = Value::both_small_ints(a, b);
    let strs = a.is_exact::<PyStr>() && b.is_exact::<PyStr>();
    let op = match s.arg {
        0 | 13 if ints => Opcode::BINARY_OP_ADD_INT,
        10 | 23 if ints => Opcode::BINARY_OP_SUBTRACT_INT,
        5 | 18 if ints => Opcode::BINARY_OP_MULTIPLY_INT,
        0 | 13 if floats => Opcode::BINARY_OP_ADD_FLOAT,
        10 | 23 if floats => Opcode::BINARY_OP_SUBTRACT_FLOAT,
        5 | 18 if floats => Opcode::BINARY_OP_MULTIPLY_FLOAT,
        0 | 13 if strs => {
            let next = *s.pc.add(6);
            if next as u8 == Opcode::STORE_FAST as u8 && (*s.locals.add((next >> 8) as usize)).is(a) {
                Opcode::BINARY_OP_INPLACE_ADD_UNICODE
            } else {
                Opcode::BINARY_OP_ADD_UNICODE
            }
        }
        26 if b.is_small_int() && a.is_exact::<PyList>() => Opcode::BINARY_OP_SUBSCR_LIST_INT,
        26 if b.is_small_int() && a.is_exact::<PyTuple>() => Opcode::BINARY_OP_SUBSCR_TUPLE_INT,
        26 if b.is_small_int() && a.is_exact::<PyStr>() => Opcode::BINARY_OP_SUBSCR_STR_INT,
        26 if a.is_exact::<PyDict>() => Opcode::BINARY_OP_SUBSCR_DICT,
        _ => {
            let kind = match s.arg {
                2 | 15 if ints => extend::FLOOR_DIV_INT,
                6 | 19 if ints => extend::MOD_INT,
                1 | 14 if ints => extend::AND_INT,
                7 | 20 if ints => extend::OR_INT,
                12 | 25 if ints => extend::XOR_INT,
                3 | 16 if ints => extend::LSHIFT_INT,
                9 | 22 if ints => extend::RSHIFT_INT,
                11 | 24 if (a.is_small_int() || a.is_immediate_float()) && (b.is_small_int() || b.is_immediate_float()) => {
                    extend::TRUE_DIV
                }
                0 | 13 | 10 | 23 | 5 | 18
                    if (a.is_small_int() && b.is_immediate_float()) || (a.is_immediate_float() && b.is_small_int()) =>
                {
                    extend::MIXED
                }
                _ => 0,
            };
            if kind != 0 {
                s.set_cache(1, kind);
                to(s, Opcode::BINARY_OP_EXTEND);
            } else {
                back_off(s);
            }
            return;
        }
    };
    to(s, op);
    true
});

entry!(compare_op, compare_op_cold);
cold!(compare_op_cold, s => {
    let (a, b) = (s.peek(2), s.peek(1));
    if Value::both_small_ints(a, b) {
        to(s, Opcode::COMPARE_OP_INT);
        true
    } else if a.is_immediate_float() && b.is_immediate_float() {
        to(s, Opcode::COMPARE_OP_FLOAT);
        true
    } else if a.is_exact::<PyStr>()
        && b.is_exact::<PyStr>()
        && (s.arg >> 5 == CompareOp::Eq as usize || s.arg >> 5 == CompareOp::Ne as usize)
    {
        to(s, Opcode::COMPARE_OP_STR);
        true
    } else {
        false
    }
});

entry!(store_subscr, store_subscr_cold);
cold!(store_subscr_cold, s => {
    let (c, k) = (s.peek(2), s.peek(1));
    if c.is_exact::<PyList>() && k.is_small_int() {
        to(s, Opcode::STORE_SUBSCR_LIST_INT);
        true
    } else if c.is_exact::<PyDict>() {
        to(s, Opcode::STORE_SUBSCR_DICT);
        true
    } else {
        false
    }
});

entry!(for_iter, for_iter_cold);
cold!(for_iter_cold, s => {
    let it = s.top();
    match crate::core::slow::for_iter_form(it) {
        Some(op) if s.arg < 60000 => {
            to(s, op);
            true
        }
        _ => false,
    }
});

entry!(load_global, load_global_cold);
cold!(load_global_cold, s => {
    let (g, b) = (s.frame.globals.get(), s.frame.builtins.get());
    let name = s.name(s.arg >> 1);
    if !g.is_exact::<PyDict>() || !b.is_exact::<PyDict>() {
        false
    } else if let Some(i) = dict::index_of_str(g, name) {
        let v = dict::expect(g).keys_version();
        if v != 0 && i < 65536 {
            s.set_cache(1, i as u16);
            s.set_cache32(2, v);
            to(s, Opcode::LOAD_GLOBAL_MODULE);
            true
        } else {
            false
        }
    } else if let Some(i) = dict::index_of_str(b, name) {
        let (v, w) = (dict::expect(g).keys_version(), dict::expect(b).keys_version());
        // Look-up by another hash-equal key type cannot happen: both have str keys only.
        if dict::expect(g).is_str_keyed() && v != 0 && w != 0 && v < 65536 && w < 65536 && i < 65536 {
            s.set_cache(1, i as u16);
            s.set_cache(2, v as u16);
            s.set_cache(3, w as u16);
            to(s, Opcode::LOAD_GLOBAL_BUILTIN);
            true
        } else {
            false
        }
    } else {
        false
    }
});

fn uses_generic_getattr(ty: Type) -> bool {
    ty.slots().getattro.is_some_and(|f| {
        std::ptr::fn_addr_eq(
            f,
            protocol::generic_getattr as taipan_objects::typeobject::BinaryFn,
        )
    })
}
fn uses_generic_setattr(ty: Type) -> bool {
    ty.slots().setattro.is_some_and(|f| {
        std::ptr::fn_addr_eq(
            f,
            protocol::generic_setattr
                as fn(Value, Value, Value) -> taipan_objects::err::PyResult<()>,
        )
    })
}
/// The type's version, assigned if needed; 0: none to be had.
fn type_version(ty: Type) -> u32 {
    ty.version()
}

entry!(load_attr, load_attr_cold);
cold!(load_attr_cold, s => {
    specialize_load_attr(s).unwrap_or(false)
});

unsafe fn specialize_load_attr(s: State) -> Option<bool> {
    let owner = unsafe { s.top() };
    let name = s.name(s.arg >> 1);
    if owner.is_exact::<PyModule>() {
        let d = taipan_objects::module::namespace(owner);
        let i = dict::index_of_str(d, name)?;
        let v = dict::expect(d).keys_version();
        if v == 0 || i >= 65536 {
            return None;
        }
        s.set_cache32(3, v);
        s.set_cache(5, i as u16);
        to(s, Opcode::LOAD_ATTR_MODULE);
        return Some(true);
    }
    if let Some(ty) = as_type(owner) {
        // Only where the metaclass has nothing to say.
        if !ty.header.ty().is(&taipan_objects::types::TYPE_TYPE) {
            return None;
        }
        let meta = protocol::lookup_type(ty.header.ty(), name);
        if !meta.is_null() {
            return None;
        }
        let v = protocol::lookup_type(ty, name);
        if v.is_null() || (v.ty().slots().descr_get.is_some() && !v.is_exact::<PyFunction>()) {
            return None;
        }
        let version = type_version(ty);
        if version == 0 {
            return None;
        }
        s.set_cache32(1, version);
        s.set_cache64(5, v.bits());
        to(s, Opcode::LOAD_ATTR_CLASS);
        return Some(true);
    }
    if !owner.is_heap() && !owner.is_small_int() {
        return None;
    }
    if !owner.is_heap() {
        return None;
    }
    let ty = owner.ty();
    if !uses_generic_getattr(ty) {
        return None;
    }
    let found = protocol::lookup_type(ty, name);
    let version = type_version(ty);
    if version == 0 {
        return None;
    }
    let is_data = !found.is_null() && found.ty().slots().descr_set.is_some();
    if is_data {
        if let Some(offset) = taipan_objects::descriptors::slot_offset(found, ty) {
            s.set_cache32(1, version);
            s.set_cache(5, u16::try_from(offset).ok()?);
            to(s, Opcode::LOAD_ATTR_SLOT);
            return Some(true);
        }
        let getter = taipan_objects::property::getter_of(found);
        if getter.is_exact::<PyFunction>() && s.arg & 1 == 0 {
            let f = unsafe { getter.cast_unchecked::<PyFunction>() };
            if crate::call::takes_exactly(f, 1) {
                s.set_cache32(1, version);
                s.set_cache64(5, getter.bits());
                to(s, Opcode::LOAD_ATTR_PROPERTY);
                return Some(true);
            }
        }
        return None;
    }
    let head = shape::head(owner);
    if let Some(h) = head {
        if let Some(i) = shape::lookup(h.shape.get(), name) {
            s.set_cache32(3, h.shape.get());
            s.set_cache(5, (ty.basicsize() + i * 8) as u16);
            to(s, Opcode::LOAD_ATTR_INSTANCE_VALUE);
            return Some(true);
        }
        if h.shape.get() == DICT_SHAPE && !h.dict.is_null() {
            if let Some(i) = dict::index_of_str(h.dict.get(), name) {
                if i >= 65536 {
                    return None;
                }
                s.set_cache32(1, version);
                s.set_cache(5, i as u16);
                to(s, Opcode::LOAD_ATTR_WITH_HINT);
                return Some(true);
            }
        }
    } else if ty.has_flag(TypeFlags::EXC_SUBCLASS) || !no_own_attributes(ty) {
        return None;
    }
    if found.is_null() {
        return None;
    }
    let is_method = found.is_heap() && found.ty().has_flag(TypeFlags::METHOD_DESCRIPTOR);
    let binds = found.is_heap() && found.ty().slots().descr_get.is_some();
    if is_method && s.arg & 1 != 0 {
        s.set_cache32(1, version);
        s.set_cache64(5, found.bits());
        match head {
            None => to(s, Opcode::LOAD_ATTR_METHOD_NO_DICT),
            Some(h) if h.shape.get() == DICT_SHAPE => to(s, Opcode::LOAD_ATTR_METHOD_LAZY_DICT),
            Some(h) => {
                s.set_cache32(3, h.shape.get());
                to(s, Opcode::LOAD_ATTR_METHOD_WITH_VALUES)
            }
        }
        return Some(true);
    }
    if !binds {
        s.set_cache32(1, version);
        s.set_cache64(5, found.bits());
        match head {
            None => to(s, Opcode::LOAD_ATTR_NONDESCRIPTOR_NO_DICT),
            Some(h) if h.shape.get() == DICT_SHAPE => return None,
            Some(h) => {
                s.set_cache32(3, h.shape.get());
                to(s, Opcode::LOAD_ATTR_NONDESCRIPTOR_WITH_VALUES)
            }
        }
        return Some(true);
    }
    None
}

/// Whether instances without `AttrHead` have no other dict either (native types with a `dict` field have a `__dict__` getset).
fn no_own_attributes(ty: Type) -> bool {
    protocol::lookup_type(ty, taipan_objects::names::names().__dict__).is_null()
}

entry!(store_attr, store_attr_cold);
cold!(store_attr_cold, s => {
    specialize_store_attr(s).unwrap_or(false)
});

unsafe fn specialize_store_attr(s: State) -> Option<bool> {
    let owner = unsafe { s.top() };
    let name = s.name(s.arg);
    if !owner.is_heap() || as_type(owner).is_some() {
        return None;
    }
    let ty = owner.ty();
    if !uses_generic_setattr(ty) {
        return None;
    }
    let found = protocol::lookup_type(ty, name);
    let version = type_version(ty);
    if version == 0 {
        return None;
    }
    if !found.is_null() && found.is_heap() && found.ty().slots().descr_set.is_some() {
        let offset = taipan_objects::descriptors::slot_offset(found, ty)?;
        s.set_cache32(1, version);
        s.set_cache(3, u16::try_from(offset).ok()?);
        to(s, Opcode::STORE_ATTR_SLOT);
        return Some(true);
    }
    let h = shape::head(owner)?;
    let old = h.shape.get();
    if old != DICT_SHAPE {
        let base = ty.basicsize() / 8;
        if let Some(i) = shape::lookup(old, name) {
            s.set_cache32(1, old);
            s.set_cache(3, (base + i) as u16);
            to(s, Opcode::STORE_ATTR_INSTANCE_VALUE);
            return Some(true);
        }
        let i = shape::len(old);
        if i < h.capacity.get() as usize {
            let new = shape::transition(old, name);
            let delta = u16::try_from(new.checked_sub(old)?).ok()?;
            s.set_cache(0, delta);
            s.set_cache32(1, old);
            s.set_cache(3, (base + i) as u16 | crate::core::ops_attr::ADDS_ATTRIBUTE);
            to(s, Opcode::STORE_ATTR_INSTANCE_VALUE);
            return Some(true);
        }
        return None;
    }
    if h.dict.is_null() {
        return None;
    }
    let i = dict::index_of_str(h.dict.get(), name)?;
    if i >= 65536 {
        return None;
    }
    s.set_cache32(1, version);
    s.set_cache(3, i as u16);
    to(s, Opcode::STORE_ATTR_WITH_HINT);
    Some(true)
}

static LEN: AtomicU64 = AtomicU64::new(0);
static ISINSTANCE: AtomicU64 = AtomicU64::new(0);
static LIST_APPEND: AtomicU64 = AtomicU64::new(0);
/// Word of `builtins.len`, 0 before `remember_builtins`.
#[inline(always)]
pub fn len_function() -> u64 {
    LEN.load(Ordering::Relaxed)
}
#[inline(always)]
pub fn isinstance_function() -> u64 {
    ISINSTANCE.load(Ordering::Relaxed)
}
#[inline(always)]
pub fn list_append_method() -> u64 {
    LIST_APPEND.load(Ordering::Relaxed)
}
/// Notes the functions that have call forms of their own. They are kept alive for ever.
pub fn remember_builtins(builtins: Value) {
    let keep = |v: Value| -> u64 {
        if v.is_null() {
            return 0;
        }
        v.incref();
        v.bits()
    };
    LEN.store(keep(dict::get_str(builtins, "len")), Ordering::Relaxed);
    ISINSTANCE.store(
        keep(dict::get_str(builtins, "isinstance")),
        Ordering::Relaxed,
    );
    let name = taipan_objects::names::names().append;
    LIST_APPEND.store(
        keep(protocol::lookup_type(
            &taipan_objects::types::LIST_TYPE,
            name,
        )),
        Ordering::Relaxed,
    );
}

entry!(call, call_cold);
cold!(call_cold, s => {
    specialize_call(s).unwrap_or(false)
});

unsafe fn specialize_call(s: State) -> Option<bool> {
    let n = s.arg;
    let (callable, slf) = unsafe { (s.peek(n + 2), s.peek(n + 1)) };
    let nargs = n + !slf.is_null() as usize;
    if !callable.is_heap() {
        return None;
    }
    if callable.is_exact::<PyFunction>() {
        let f = unsafe { callable.cast_unchecked::<PyFunction>() };
        if crate::call::takes_exactly(f, nargs) {
            s.set_cache32(1, crate::call::function_version(f));
            to(s, Opcode::CALL_PY_EXACT_ARGS);
        } else {
            to(s, Opcode::CALL_PY_GENERAL);
        }
        return Some(true);
    }
    if callable.is_exact::<PyMethod>() && slf.is_null() {
        let f = unsafe { callable.cast_unchecked::<PyMethod>() }.func.get();
        if f.is_exact::<PyFunction>() {
            to(s, Opcode::CALL_BOUND_METHOD_GENERAL);
            return Some(true);
        }
        return None;
    }
    if callable.is_exact::<PyBuiltin>() {
        let b = unsafe { callable.cast_unchecked::<PyBuiltin>() };
        if callable.bits() == len_function() && n == 1 && slf.is_null() {
            to(s, Opcode::CALL_LEN);
            return Some(true);
        }
        if callable.bits() == isinstance_function() && n == 2 && slf.is_null() {
            to(s, Opcode::CALL_ISINSTANCE);
            return Some(true);
        }
        if !b.binds {
            to(s, Opcode::CALL_BUILTIN_FAST);
            return Some(true);
        }
        to(s, Opcode::CALL_NON_PY_GENERAL);
        return Some(true);
    }
    if callable.is_exact::<PyMethodDescr>() {
        let d = unsafe { callable.cast_unchecked::<PyMethodDescr>() };
        if nargs == 0 {
            return None;
        }
        let first = if slf.is_null() {
            unsafe { s.peek(n) }
        } else {
            slf
        };
        if callable.bits() == list_append_method() && n == 1 && slf.is_exact::<PyList>() {
            to(s, Opcode::CALL_LIST_APPEND);
            return Some(true);
        }
        if crate::core::slow::is_instance_of(first, d.owner) {
            to(s, Opcode::CALL_METHOD_DESCRIPTOR_FAST);
            return Some(true);
        }
        to(s, Opcode::CALL_NON_PY_GENERAL);
        return Some(true);
    }
    if let Some(ty) = as_type(callable)
        && slf.is_null()
    {
        if std::ptr::eq(ty, &taipan_objects::types::TYPE_TYPE) && n == 1 {
            to(s, Opcode::CALL_TYPE_1);
            return Some(true);
        }
        if crate::call::is_plain_class(ty) {
            let init = protocol::lookup_type(ty, taipan_objects::names::names().__init__);
            if init.is_exact::<PyFunction>()
                && crate::call::takes_exactly(unsafe { init.cast_unchecked::<PyFunction>() }, n + 1)
            {
                let version = type_version(ty);
                if version == 0 {
                    return None;
                }
                ty.cached_init.set(init);
                ty.cached_version.set(version);
                s.set_cache32(1, version);
                to(s, Opcode::CALL_ALLOC_AND_ENTER_INIT);
                return Some(true);
            }
        }
        to(s, Opcode::CALL_NON_PY_GENERAL);
        return Some(true);
    }
    None
}
