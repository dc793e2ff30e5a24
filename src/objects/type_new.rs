//! Creation of classes, and assignment of `__bases__`.

use crate::attributes::{lookup_type, own_attribute};
use crate::err::PyResult;
use crate::function::{PyCell, PyFunction};
use crate::names::names;
use crate::native::GetSetDef;
use crate::object::alloc;
use crate::slot_functions::{update_all_slots, update_slot};
use crate::slot_table::{self, SLOT_DEFS};
use crate::type_attributes::static_name;
use crate::type_methods::this_type;
use crate::type_ready::{add_subclass, ready, remove_subclass, subclasses, type_modified};
use crate::typeobject::{Slots, Type, TypeFlags, TypeObject, as_type};
use crate::value::{Ref, Value};
use crate::{descriptors, dict, err, protocol, strings, tuple};

/// The most derived of the metaclasses of the bases and `meta`.
pub fn calculate_metaclass(meta: Type, bases: &[Value]) -> PyResult<Type> {
    let mut winner = meta;
    for b in bases {
        let t = b.ty();
        if winner.is_subtype(t) {
            continue;
        }
        if t.is_subtype(winner) {
            winner = t;
            continue;
        }
        return err!(
            TypeError,
            "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases"
        );
    }
    Ok(winner)
}

/// The type in the chain of bases that determines the memory layout.
fn solid_base(ty: Type) -> Type {
    ready(ty);
    let Some(base) = ty.base.get() else { return ty };
    let solid = solid_base(base);
    // What native types keep for `__dict__` alone is no layout of its own.
    if ty.basicsize() != base.basicsize()
        || (!ty.is_heap_type()
            && ty.has_flag(TypeFlags::VAR_SIZED) != base.has_flag(TypeFlags::VAR_SIZED))
    {
        ty
    } else {
        solid
    }
}

/// The base whose layout the new class extends.
fn best_base(bases: &[Value]) -> PyResult<Type> {
    let mut winner: Option<Type> = None;
    let mut best: Option<Type> = None;
    for b in bases {
        let Some(b) = as_type(*b) else {
            return err!(TypeError, "bases must be types");
        };
        ready(b);
        if !b.has_flag(TypeFlags::BASETYPE) {
            return err!(
                TypeError,
                "type '{}' is not an acceptable base type",
                b.full_name()
            );
        }
        let candidate = solid_base(b);
        match winner {
            None => {
                winner = Some(candidate);
                best = Some(b);
            }
            Some(w) if w.is_subtype(candidate) => {}
            Some(w) if candidate.is_subtype(w) => {
                winner = Some(candidate);
                best = Some(b);
            }
            _ => return err!(TypeError, "multiple bases have instance lay-out conflict"),
        }
    }
    Ok(best.expect("there is a base"))
}

/// CPython's `tp_itemsize != 0`: no named slots and no weak references can be added.
fn has_items(ty: Type) -> bool {
    ty.has_flag(
        TypeFlags::INT_SUBCLASS
            | TypeFlags::TUPLE_SUBCLASS
            | TypeFlags::BYTES_SUBCLASS
            | TypeFlags::TYPE_SUBCLASS,
    )
}

fn has_dict(ty: Type) -> bool {
    ty.has_flag(TypeFlags::MANAGED_DICT | TypeFlags::TYPE_SUBCLASS) || ty.dict_offset.get() != 0
}

/// What `__slots__` asks for.
#[derive(Default)]
struct Layout {
    add_dict: bool,
    add_weakref: bool,
    /// Mangled names, sorted.
    slots: Vec<Ref>,
    had_slots: bool,
}

/// `_Class__name` for private names.
fn mangle(class: &str, name: Value) -> Ref {
    let s = strings::expect(name).to_string();
    if !s.starts_with("__") || s.ends_with("__") || s.contains('.') {
        return strings::intern(name.to_ref());
    }
    let class = class.trim_start_matches('_');
    if class.is_empty() {
        return strings::intern(name.to_ref());
    }
    strings::intern_str(&format!("_{class}{s}"))
}

fn read_slots(name: &str, base: Type, bases: &[Value], ns: Value) -> PyResult<Layout> {
    let n = names();
    let may_dict = !has_dict(base);
    let may_weak = !base.has_flag(TypeFlags::WEAKREFABLE) && !has_items(base);
    let mut out = Layout::default();
    let given = dict::get(ns, n.__slots__)?;
    if given.is_null() {
        out.add_dict = may_dict;
        out.add_weakref = may_weak;
        return Ok(out);
    }
    out.had_slots = true;
    let given = given.to_ref();
    let items = if strings::is_str(*given) {
        vec![given.clone()]
    } else {
        protocol::to_vec(*given)?
    };
    if !items.is_empty() && has_items(base) {
        return err!(
            TypeError,
            "nonempty __slots__ not supported for subtype of '{}'",
            base.name()
        );
    }
    for s in &items {
        let Some(text) = strings::as_str(s) else {
            return err!(
                TypeError,
                "__slots__ items must be strings, not '{}'",
                s.type_name()
            );
        };
        if !is_identifier(text) {
            return err!(TypeError, "__slots__ must be identifiers");
        }
        if text.eq_str("__dict__") {
            if !may_dict || out.add_dict {
                return err!(TypeError, "__dict__ slot disallowed: we already got one");
            }
            out.add_dict = true;
        } else if text.eq_str("__weakref__") {
            if !may_weak || out.add_weakref {
                return err!(TypeError, "__weakref__ slot disallowed: we already got one");
            }
            out.add_weakref = true;
        } else {
            let m = mangle(name, **s);
            if dict::contains(ns, *m)?
                && !["__qualname__", "__classcell__", "__classdictcell__"]
                    .iter()
                    .any(|k| text.eq_str(k))
            {
                return err!(
                    ValueError,
                    "{} in __slots__ conflicts with class variable",
                    protocol::repr_text(*m)?
                );
            }
            out.slots.push(m);
        }
    }
    out.slots
        .sort_by(|a, b| strings::expect(**a).cmp(strings::expect(**b)));
    // Other bases may bring what the layout's base does not have.
    for b in bases {
        let b = this_type(*b);
        if b.is(base) {
            continue;
        }
        if may_dict && has_dict(b) {
            out.add_dict = true;
        }
        if may_weak && b.has_flag(TypeFlags::WEAKREFABLE) {
            out.add_weakref = true;
        }
    }
    Ok(out)
}

fn is_identifier(s: &strings::PyStr) -> bool {
    s.len() > 0
        && s.data()
            .iter()
            .enumerate()
            .all(|(i, c)| match char::from_u32(c) {
                Some(c) => {
                    c == '_'
                        || c.is_alphabetic()
                        || (i > 0 && (c.is_alphanumeric() || !c.is_ascii()))
                }
                None => false,
            })
}

fn argument(v: Value, i: usize, ok: bool, wanted: &str) -> PyResult<()> {
    if ok {
        Ok(())
    } else {
        err!(
            TypeError,
            "type.__new__() argument {i} must be {wanted}, not {}",
            v.type_name()
        )
    }
}

/// `type.__new__(metatype, name, bases, namespace, **kwargs)`.
pub fn type_new(meta: Type, args: &[Value], kwnames: Value) -> PyResult {
    let nkw = if kwnames.is_null() {
        0
    } else {
        tuple::as_slice(kwnames).len()
    };
    let npos = args.len() - nkw;
    if npos != 3 {
        return err!(
            TypeError,
            "type.__new__() takes exactly 3 arguments ({npos} given)"
        );
    }
    let (name, bases, ns) = (args[0], args[1], args[2]);
    argument(name, 1, strings::is_str(name), "str")?;
    argument(bases, 2, tuple::is_tuple(bases), "tuple")?;
    argument(ns, 3, dict::is_dict(ns), "dict")?;
    for b in tuple::as_slice(bases) {
        if as_type(*b).is_none() && protocol::getattr_opt(*b, names().__mro_entries__)?.is_some() {
            return err!(
                TypeError,
                "type() doesn't support MRO entry resolution; use types.new_class()"
            );
        }
    }
    let winner = calculate_metaclass(meta, tuple::as_slice(bases))?;
    let mut meta = meta;
    if !winner.is(meta) {
        if let Some(new) = winner.slots().new
            && new as usize != type_new as *const () as usize
        {
            return new(winner, args, kwnames);
        }
        meta = winner;
    }
    let bases = if tuple::as_slice(bases).is_empty() {
        tuple::of([crate::types::OBJECT_TYPE.to_ref()])
    } else {
        bases.to_ref()
    };
    let base = best_base(tuple::as_slice(*bases))?;
    let ns = dict::copy(ns);
    let ty = build(meta, name, &bases, base, &ns)?;
    set_names(this_type(*ty), *ns)?;
    init_subclass(this_type(*ty), &args[npos..], kwnames)?;
    Ok(ty)
}

fn build(meta: Type, name: Value, bases: &Ref, base: Type, ns: &Ref) -> PyResult {
    let n = names();
    let text = strings::expect(name).to_utf8()?.into_owned();
    if text.contains('\0') {
        return err!(ValueError, "type name must not contain null characters");
    }
    let layout = read_slots(&text, base, tuple::as_slice(**bases), **ns)?;
    let qualname = dict::pop(**ns, n.__qualname__)?;
    if !qualname.is_null() && !strings::is_str(*qualname) {
        return err!(
            TypeError,
            "type __qualname__ must be a str, not {}",
            qualname.type_name()
        );
    }
    let cell = dict::pop(**ns, n.__classcell__)?;
    if !cell.is_null() && !cell.is_exact::<PyCell>() {
        return err!(
            TypeError,
            "__classcell__ must be a nonlocal cell, not {}",
            protocol::repr_text(cell.ty().value())?
        );
    }
    let dict_cell = dict::pop(**ns, n.__classdictcell__)?;
    if !dict_cell.is_null() && !dict_cell.is_exact::<PyCell>() {
        return err!(
            TypeError,
            "__classdictcell__ must be a nonlocal cell, not {}",
            protocol::repr_text(dict_cell.ty().value())?
        );
    }

    let ty_ref = alloc(meta, TypeObject::new_heap(meta));
    let ty = this_type(*ty_ref);
    ty.name.set(static_name(&text));
    ty.qualname.set(if qualname.is_null() {
        strings::intern(name.to_ref())
    } else {
        qualname
    });
    ty.base.set(Some(base));
    ty.bases_slot.set(bases.clone());
    ty.dict_slot.set(ns.clone());
    *ty.slots_mut() = *base.slots();
    ty.set_flag(TypeFlags::BASETYPE);
    crate::type_ready::inherit_flags(ty, base);

    // The layout.
    let is_var = base.has_flag(TypeFlags::VAR_SIZED);
    let nslots = layout.slots.len();
    let hidden_dict = is_var && nslots > 0;
    if layout.add_dict || hidden_dict {
        ty.set_flag(TypeFlags::MANAGED_DICT | TypeFlags::HAVE_GC);
    }
    if nslots > 0 {
        ty.set_flag(TypeFlags::HAVE_GC);
    }
    if layout.add_weakref {
        ty.set_flag(TypeFlags::WEAKREFABLE);
    }
    ty.dict_offset.set(base.dict_offset.get());
    ty.native_basicsize.set(base.native_basicsize() as u32);
    let own = if is_var { 0 } else { nslots * 8 };
    ty.basicsize.set((base.basicsize() + own) as u32);
    if ty.has_flag(TypeFlags::MANAGED_DICT) && !is_var {
        ty.inline_capacity.set(initial_capacity(base, **ns)?);
    }
    if layout.had_slots {
        ty.slot_names.set(tuple::from_refs(layout.slots.clone()));
    }

    // The namespace.
    if !dict::contains(**ns, n.__module__)?
        && let Some(m) = current_module()
    {
        dict::set_interned(**ns, n.__module__, *m);
    }
    wrap_function(**ns, n.__new__, crate::class_methods::new_staticmethod)?;
    wrap_function(
        **ns,
        n.__init_subclass__,
        crate::class_methods::new_classmethod,
    )?;
    wrap_function(
        **ns,
        n.__class_getitem__,
        crate::class_methods::new_classmethod,
    )?;
    for (i, s) in layout.slots.iter().enumerate() {
        let offset = if is_var { 0 } else { base.basicsize() + i * 8 };
        dict::set_interned(**ns, **s, *descriptors::new_slot_member(**s, offset, ty));
    }
    if layout.add_dict {
        dict::setdefault(**ns, n.__dict__, *descriptors::new_getset(&DICT_GETSET, ty))?;
    }
    if layout.add_weakref {
        dict::setdefault(
            **ns,
            n.__weakref__,
            *descriptors::new_getset(&WEAKREF_GETSET, ty),
        )?;
    }
    dict::setdefault(**ns, n.__doc__, Value::NONE)?;
    if !cell.is_null() {
        // SAFETY: checked to be a cell.
        unsafe { cell.cast_unchecked::<PyCell>() }
            .contents
            .set(ty_ref.clone());
    }
    if !dict_cell.is_null() {
        // SAFETY: checked to be a cell.
        unsafe { dict_cell.cast_unchecked::<PyCell>() }
            .contents
            .set(ns.clone());
    }

    // Order, slots.
    if dict::contains(**ns, n.__eq__)? && !dict::contains(**ns, n.__hash__)? {
        dict::set_interned(**ns, n.__hash__, Value::NONE);
    }
    // Before the order is there: a metatype's `mro` may come back here.
    ty.set_flag(TypeFlags::READY);
    let order = compute_mro(ty)?;
    set_mro(ty, order);
    type_modified(ty);
    for b in tuple::as_slice(**bases) {
        add_subclass(this_type(*b), ty);
    }
    choose_slots(ty, base, **ns);
    Ok(ty_ref)
}

/// Slots for attributes in each instance: as many as the class's code was seen to assign, and a few more.
fn initial_capacity(base: Type, ns: Value) -> PyResult<u32> {
    let seen = dict::get(ns, names().__static_attributes__)?;
    let count = if !seen.is_null() && tuple::is_tuple(seen) {
        tuple::as_slice(seen).len() as u32
    } else {
        0
    };
    let inherited = if base.is_heap_type() {
        base.inline_capacity() as u32
    } else {
        0
    };
    let want = match (count, inherited) {
        (0, 0) => 4,
        (0, i) => i,
        (c, 0) => c + 1,
        (c, i) => i.max(2) - 1 + c,
    };
    Ok(want.min(30))
}

fn wrap_function(ns: Value, name: Value, wrap: fn(Value) -> Ref) -> PyResult<()> {
    let f = dict::get(ns, name)?;
    if !f.is_null() && f.is_exact::<PyFunction>() {
        let w = wrap(f);
        dict::set(ns, name, *w)?;
    }
    Ok(())
}

/// `__name__` of the globals of the running frame.
fn current_module() -> Option<Ref> {
    let frame = crate::vm::vm().frame.get();
    if frame.is_null() {
        return None;
    }
    // SAFETY: the thread's current frame is live.
    let globals = unsafe { (*frame).globals.get() };
    if globals.is_null() || !dict::is_dict(globals) {
        return None;
    }
    dict::get(globals, names().__name__)
        .ok()
        .filter(|v| !v.is_null())
        .map(|v| v.to_ref())
}

/// The order of a heap type: by its metatype's `mro`, if that has one of its own.
fn compute_mro(ty: Type) -> PyResult<Vec<Type>> {
    let meta = ty.header.ty();
    let bases: Vec<Type> = tuple::as_slice(ty.bases())
        .iter()
        .map(|b| this_type(*b))
        .collect();
    if !meta.is(&crate::types::TYPE_TYPE) {
        let name = strings::intern_str("mro");
        let f = lookup_type(meta, *name);
        if !f.is(lookup_type(&crate::types::TYPE_TYPE, *name)) && !f.is_null() {
            ready(ty.header.ty());
            let r = protocol::call_method(ty.value(), *name, &[])?;
            let mut order = Vec::new();
            let solid = solid_base(ty.base.get().expect("has a base"));
            for v in protocol::to_vec(*r)? {
                let Some(t) = as_type(*v) else {
                    return err!(
                        TypeError,
                        "mro() returned a non-class ('{}')",
                        v.type_name()
                    );
                };
                if !t.is(ty) && !solid.is_subtype(solid_base(t)) {
                    return err!(
                        TypeError,
                        "mro() returned base with unsuitable layout ('{}')",
                        t.name()
                    );
                }
                order.push(t);
            }
            return Ok(order);
        }
    }
    crate::mro::linearize(ty, &bases)
}

/// Stores the order; the tuple keeps its types alive.
fn set_mro(ty: Type, order: Vec<Type>) {
    let t = tuple::from_refs(order.iter().map(|t| t.to_ref()).collect());
    // SAFETY: under the lock; nobody holds a reference into the old order across this.
    let old = unsafe { std::mem::replace(&mut *ty.mro.get(), order) };
    let old_tuple = ty.mro_slot.replace(t);
    drop(old);
    drop(old_tuple);
}

/// Slots of a new class: its base's, changed by what the namespaces define.
fn choose_slots(ty: Type, base: Type, ns: Value) {
    let order = ty.mro();
    let linear = order.len() == base.mro().len() + 1
        && order[1..].iter().zip(base.mro()).all(|(a, b)| a.is(b));
    if !linear {
        update_all_slots(ty);
        return;
    }
    let mut pos = 0;
    let d = dict::expect(ns);
    let mut touched: u128 = 0;
    while let Some((k, _)) = d.next_entry(&mut pos) {
        for i in slot_table::defs_of(k) {
            touched |= 1 << (SLOT_DEFS[i].slot as u32);
        }
    }
    if touched == 0 {
        return;
    }
    for def in SLOT_DEFS {
        let bit = 1u128 << (def.slot as u32);
        if touched & bit != 0 {
            touched &= !bit;
            update_slot(ty, def.slot);
        }
    }
}

/// Calls `__set_name__` of the values of the namespace.
fn set_names(ty: Type, ns: Value) -> PyResult<()> {
    let n = names();
    let mut wanted: Vec<(Ref, Ref)> = Vec::new();
    let mut pos = 0;
    let d = dict::expect(ns);
    while let Some((k, v)) = d.next_entry(&mut pos) {
        if v.is_heap()
            && !v.is_exact::<PyFunction>()
            && !lookup_type(v.ty(), n.__set_name__).is_null()
        {
            wanted.push((k.to_ref(), v.to_ref()));
        }
    }
    for (k, v) in wanted {
        let Some(f) = protocol::lookup_special(*v, n.__set_name__)? else {
            continue;
        };
        if let Err(e) = protocol::call(*f, &[ty.value(), *k]) {
            let exc = crate::vm::vm().take_pending();
            let key = protocol::repr_text(*k).unwrap_or_default();
            let note = strings::new_str(&format!(
                "Error calling __set_name__ on '{}' instance {} in '{}'",
                v.type_name(),
                key,
                ty.name()
            ));
            let _ = protocol::call_method_str(*exc, "add_note", &[*note]);
            crate::vm::vm().set_pending(exc);
            return Err(e);
        }
    }
    Ok(())
}

/// Calls `super(ty, ty).__init_subclass__(**kwargs)`.
fn init_subclass(ty: Type, kwargs: &[Value], kwnames: Value) -> PyResult<()> {
    let name = names().__init_subclass__;
    let mut found = Value::NULL;
    for t in &ty.mro()[1..] {
        found = own_attribute(t, name);
        if !found.is_null() {
            if t.is(&crate::types::OBJECT_TYPE) {
                if kwargs.is_empty() {
                    return Ok(());
                }
                return err!(
                    TypeError,
                    "{}.__init_subclass__() takes no keyword arguments",
                    ty.name()
                );
            }
            break;
        }
    }
    if found.is_null() {
        return Ok(());
    }
    let f = found.to_ref();
    let bound = match f.ty().slots().descr_get {
        Some(get) => get(*f, Value::NULL, ty.value())?,
        None => f,
    };
    protocol::call_kw(*bound, kwargs, kwnames)?;
    Ok(())
}

/// `__dict__` of instances, in the first class that brings one.
static DICT_GETSET: GetSetDef = GetSetDef::rw(
    "__dict__",
    "dictionary for instance variables",
    get_dict,
    set_dict,
);
static WEAKREF_GETSET: GetSetDef = GetSetDef::ro(
    "__weakref__",
    "list of weak references to the object",
    crate::weakref::first_weakref,
);

fn get_dict(this: Value) -> PyResult {
    crate::object_methods::get_instance_dict(this)
}
fn set_dict(this: Value, value: Value) -> PyResult<()> {
    crate::attributes::set_object_dict(this, value)
}

/// Whether the descriptor is the one that shows instances' `__dict__`.
pub fn is_dict_getset(d: &descriptors::PyGetSet) -> bool {
    std::ptr::eq(d.def, &DICT_GETSET)
}

// ---------------------------------------------------------------- __bases__

/// `type.__bases__ = …`.
pub fn set_bases(this: Value, value: Value) -> PyResult<()> {
    let ty = this_type(this);
    if ty.has_flag(TypeFlags::IMMUTABLE) {
        return err!(
            TypeError,
            "cannot set '__bases__' attribute of immutable type '{}'",
            ty.full_name()
        );
    }
    if value.is_null() {
        return err!(
            TypeError,
            "cannot delete '__bases__' attribute of immutable type '{}'",
            ty.full_name()
        );
    }
    if !tuple::is_tuple(value) {
        return err!(
            TypeError,
            "can only assign tuple to {}.__bases__, not {}",
            ty.name(),
            value.type_name()
        );
    }
    if tuple::as_slice(value).is_empty() {
        return err!(
            TypeError,
            "can only assign non-empty tuple to {}.__bases__, not ()",
            ty.name()
        );
    }
    for b in tuple::as_slice(value) {
        let Some(b) = as_type(*b) else {
            return err!(
                TypeError,
                "{}.__bases__ must be tuple of classes, not '{}'",
                ty.name(),
                b.type_name()
            );
        };
        if b.is_subtype(ty) {
            return err!(TypeError, "a __bases__ item causes an inheritance cycle");
        }
    }
    let base = best_base(tuple::as_slice(value))?;
    let old_base = ty.base.get().expect("heap types have a base");
    if !layout_compatible(old_base, base) {
        return err!(
            TypeError,
            "__bases__ assignment: '{}' object layout differs from '{}'",
            base.name(),
            old_base.name()
        );
    }
    let old_bases = ty.bases().to_ref();
    ty.bases_slot.set(value.to_ref());
    ty.base.set(Some(base));
    let mut done: Vec<(Type, Vec<Type>)> = Vec::new();
    if let Err(e) = update_order(ty, &mut done) {
        for (t, old) in done.into_iter().rev() {
            set_mro(t, old);
        }
        ty.bases_slot.set(old_bases);
        ty.base.set(Some(old_base));
        return Err(e);
    }
    for b in tuple::as_slice(*old_bases) {
        remove_subclass(this_type(*b), ty);
    }
    for b in tuple::as_slice(value) {
        add_subclass(this_type(*b), ty);
    }
    type_modified(ty);
    update_slots_down(ty);
    Ok(())
}

/// Whether a class on `old` may get `new` instead.
fn layout_compatible(old: Type, new: Type) -> bool {
    crate::object_methods::native_base(old).is(crate::object_methods::native_base(new))
        && old.basicsize() == new.basicsize()
        && (old.has_flag(TypeFlags::MANAGED_DICT)
            || !new.has_flag(TypeFlags::MANAGED_DICT)
            || new.basicsize() == old.basicsize())
}

/// Computes the order of a type and its subclasses anew; old orders go to `done`.
fn update_order(ty: Type, done: &mut Vec<(Type, Vec<Type>)>) -> PyResult<()> {
    let order = compute_mro(ty)?;
    done.push((ty, ty.mro().to_vec()));
    set_mro(ty, order);
    for t in subclasses(ty) {
        update_order(t, done)?;
    }
    Ok(())
}

fn update_slots_down(ty: Type) {
    type_modified(ty);
    let memory: Slots = *ty.slots();
    update_all_slots(ty);
    // What no name stands for stays with the layout.
    let s = ty.slots_mut();
    s.drop_fields = memory.drop_fields;
    s.traverse = memory.traverse;
    s.clear = memory.clear;
    s.var_size = memory.var_size;
    for t in subclasses(ty) {
        update_slots_down(t);
    }
}
