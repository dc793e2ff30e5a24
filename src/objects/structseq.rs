//! Tuples with named fields, some of which may be invisible as items: `sys.flags`, `os.stat_result`, `time.struct_time`.
//!
//! A type is made with `structseq_type!` and made known with `ready`, once, before instances are made.

use crate::err::PyResult;
use crate::native::{MethodDef, Signature};
use crate::tuple::{self, PyTuple};
use crate::typeobject::{Slots, Type, TypeFlags};
use crate::value::{Ref, Value};
use crate::{dict, err, int, protocol, strings};
use std::cell::UnsafeCell;

/// What a structseq type has beyond a tuple.
pub struct StructDesc {
    /// Names by position, "" for unnamed fields.
    pub fields: &'static [&'static str],
    /// Fields that are items; the rest are only attributes.
    pub visible: usize,
}

struct Known(UnsafeCell<Vec<(*const crate::typeobject::TypeObject, &'static StructDesc)>>);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Known {}
static KNOWN: Known = Known(UnsafeCell::new(Vec::new()));

fn desc(ty: Type) -> &'static StructDesc {
    // SAFETY: under the lock.
    let known = unsafe { &*KNOWN.0.get() };
    known
        .iter()
        .find(|(t, _)| std::ptr::eq(*t, ty))
        .map(|(_, d)| *d)
        .expect("structseq type was made ready")
}

/// Enters a type's description and sets `n_fields` and its fellows. The type's namespace must exist.
pub fn ready(ty: Type, desc: &'static StructDesc) {
    // SAFETY: under the lock.
    let known = unsafe { &mut *KNOWN.0.get() };
    if known.iter().any(|(t, _)| std::ptr::eq(*t, ty)) {
        return;
    }
    known.push((ty, desc));
    crate::type_ready::ready(ty);
    let d = ty.dict();
    let names: Vec<Ref> = desc.fields[..desc.visible]
        .iter()
        .filter(|f| !f.is_empty())
        .map(|f| strings::intern_str(f))
        .collect();
    let unnamed = desc.fields.iter().filter(|f| f.is_empty()).count();
    dict::set_str(d, "n_sequence_fields", *int::from_usize(desc.visible));
    dict::set_str(d, "n_fields", *int::from_usize(desc.fields.len()));
    dict::set_str(d, "n_unnamed_fields", *int::from_usize(unnamed));
    dict::set_str(d, "__match_args__", *tuple::from_refs(names));
}

/// An instance; one item per field, hidden ones included (missing ones at the end are None).
pub fn new(ty: Type, items: Vec<Ref>) -> Ref {
    let d = desc(ty);
    let mut it = items.into_iter();
    tuple::make_with_hidden(ty, d.visible, d.fields.len() - d.visible, |_| {
        it.next().unwrap_or(Ref::NONE)
    })
}

/// Field `N`, hidden or not: getter of members.
pub fn field<const N: usize>(v: Value) -> PyResult {
    // SAFETY: members of structseq types are applied to their instances only.
    Ok(unsafe { v.cast_unchecked::<PyTuple>() }.all_items()[N].to_ref())
}

/// `__new__`.
pub fn structseq_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("structseq(sequence, dict=<unrepresentable>)");
    S.bind(args, kwnames, |a| {
        let (sd, name) = (desc(ty), ty.full_name());
        let s = a[0].ty().slots();
        if s.iter.is_none() && s.item.is_none() {
            return err!(TypeError, "constructor requires a sequence");
        }
        let mut items = protocol::to_vec(a[0])?;
        let extra = a[1].some();
        if let Some(d) = extra
            && !dict::is_dict(d)
        {
            return err!(TypeError, "{name}() takes a dict as second arg, if any");
        }
        let (n, min, max) = (items.len(), sd.visible, sd.fields.len());
        if n < min || n > max {
            let (how, count) = match (min == max, n < min) {
                (true, _) => ("", min),
                (_, true) => ("at least ", min),
                _ => ("at most ", max),
            };
            let article = if how.is_empty() { "a " } else { "an " };
            return err!(
                TypeError,
                "{name}() takes {article}{how}{count}-sequence ({n}-sequence given)"
            );
        }
        let mut used = 0;
        for f in &sd.fields[n..] {
            let v = match extra {
                Some(d) => dict::get_str(d, f),
                None => Value::NULL,
            };
            used += !v.is_null() as usize;
            items.push(v.or(Value::NONE).to_ref());
        }
        if let Some(d) = extra
            && dict::expect(d).len() > used
        {
            return err!(
                TypeError,
                "{name}() got duplicate or unexpected field name(s)"
            );
        }
        Ok(new(ty, items))
    })
}

fn repr(v: Value) -> PyResult {
    let sd = desc(v.ty());
    let mut out = strings::StrBuilder::new();
    out.push_str(v.ty().full_name());
    out.push_str("(");
    for (i, (item, name)) in tuple::as_slice(v)
        .iter()
        .zip(sd.fields.iter().filter(|f| !f.is_empty()))
        .enumerate()
    {
        if i > 0 {
            out.push_str(", ");
        }
        out.push_str(name);
        out.push_str("=");
        let r = protocol::repr(*item)?;
        out.push_pystr(strings::expect(*r));
    }
    out.push_str(")");
    Ok(out.finish())
}

fn all_items(v: Value) -> &'static [Value] {
    // SAFETY: structseq instances are tuples; the caller holds the value.
    unsafe { &*(v.as_ptr() as *const PyTuple) }.all_items()
}

fn reduce(a: &[Value]) -> PyResult {
    let sd = desc(a[0].ty());
    let hidden = dict::new_dict();
    for (name, v) in sd.fields.iter().zip(all_items(a[0])).skip(sd.visible) {
        dict::set_str(*hidden, name, *v);
    }
    let args = tuple::of([tuple::from_values(tuple::as_slice(a[0])), hidden]);
    Ok(tuple::of([a[0].ty().to_ref(), args]))
}

fn replace(args: &[Value], kwnames: Value) -> PyResult {
    let (positional, keywords) = crate::native::split_args(args, kwnames);
    let this = positional[0];
    if positional.len() > 1 {
        return err!(TypeError, "__replace__() takes no positional arguments");
    }
    let (ty, sd) = (this.ty(), desc(this.ty()));
    if sd.fields.iter().any(|f| f.is_empty()) {
        return err!(
            TypeError,
            "__replace__() is not supported for {} because it has unnamed field(s)",
            ty.full_name()
        );
    }
    let mut items: Vec<Ref> = all_items(this).iter().map(|v| v.to_ref()).collect();
    let mut unknown = Vec::new();
    for (k, v) in keywords {
        match sd.fields.iter().position(|f| strings::expect(k).eq_str(f)) {
            Some(i) => items[i] = v.to_ref(),
            None => unknown.push(k.to_ref()),
        }
    }
    if !unknown.is_empty() {
        let l = crate::list::new_list(unknown);
        return err!(
            TypeError,
            "Got unexpected field name(s): {}",
            protocol::repr_text(*l)?
        );
    }
    Ok(new(ty, items))
}

/// Methods of every structseq type.
pub static METHODS: [MethodDef; 2] = [
    MethodDef::new("__reduce__($self, /)", "", reduce),
    MethodDef::raw(
        "__replace__($self, /, **changes)",
        "Return a copy of the structure with new values for the specified fields.",
        replace,
    ),
];

/// Slots of a structseq type.
pub const fn slots(instantiable: bool) -> Slots {
    Slots {
        repr: Some(repr),
        new: if instantiable {
            Some(structseq_new)
        } else {
            None
        },
        drop_fields: Some(crate::tuple::tuple_drop),
        var_size: Some(crate::tuple::tuple_size),
        ..Slots::of::<PyTuple>()
    }
}

/// Flags of a structseq type.
pub const fn flags(instantiable: bool) -> u32 {
    TypeFlags::HAVE_GC
        | TypeFlags::VAR_SIZED
        | TypeFlags::TUPLE_SUBCLASS
        | TypeFlags::SEQUENCE
        | if instantiable {
            0
        } else {
            TypeFlags::DISALLOW_INSTANTIATION
        }
}

/// A structseq type and its description. Unnamed fields are left out of the list; `fields` names all of them by position.
/// ```ignore
/// structseq_type! {
///     pub static TERMINAL_SIZE_TYPE, TERMINAL_SIZE = "os.terminal_size", "A tuple of (columns, lines)", instantiable true, visible 2,
///     fields ["columns", "lines"],
///     { 0 "columns" "width in characters", 1 "lines" "height in characters" }
/// }
/// ```
#[macro_export]
macro_rules! structseq_type {
    ($vis:vis static $ty:ident, $desc:ident = $name:literal, $doc:literal, instantiable $inst:literal, visible $visible:literal,
     fields [$($field:literal),* $(,)?], { $($i:literal $member:literal $mdoc:literal),* $(,)? }) => {
        $vis static $desc: $crate::structseq::StructDesc =
            $crate::structseq::StructDesc { fields: &[$($field),*], visible: $visible };
        $vis static $ty: $crate::typeobject::TypeObject = $crate::typeobject::TypeObject::builtin(&$crate::typeobject::TypeSpec {
            name: $name,
            doc: $doc,
            base: Some(&$crate::types::TUPLE_TYPE),
            flags: $crate::structseq::flags($inst),
            slots: $crate::structseq::slots($inst),
            methods: &$crate::structseq::METHODS,
            members: &[$($crate::native::MemberDef::ro($member, $mdoc, $crate::structseq::field::<$i>)),*],
            ..$crate::typeobject::TypeSpec::of::<$crate::tuple::PyTuple>()
        });
    };
}
