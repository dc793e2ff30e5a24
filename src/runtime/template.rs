//! Template strings (PEP 750): `string.templatelib.Template` and `Interpolation`.

use taipan_objects::err::PyResult;
use taipan_objects::native::{GetSetDef, MemberDef, MethodDef, Signature};
use taipan_objects::object::{Header, new_object};
use taipan_objects::protocol;
use taipan_objects::typeobject::{Slots, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{err, list, object_impl, strings, tuple};

#[repr(C)]
pub struct PyInterpolation {
    pub header: Header,
    value: Slot,
    expression: Slot,
    conversion: Slot,
    format_spec: Slot,
}
object_impl!(
    PyInterpolation,
    INTERPOLATION_TYPE,
    |this, visit| visit(this.value.get()),
    |_this| {}
);

#[repr(C)]
pub struct PyTemplate {
    pub header: Header,
    /// One string more than interpolations, tuples both.
    strings: Slot,
    interpolations: Slot,
}
object_impl!(
    PyTemplate,
    TEMPLATE_TYPE,
    |this, visit| visit(this.interpolations.get()),
    |_this| {}
);

pub fn new_interpolation(
    value: Value,
    expression: Value,
    conversion: Value,
    format_spec: Value,
) -> PyResult {
    Ok(new_object(PyInterpolation {
        header: Header::new(&INTERPOLATION_TYPE),
        value: Slot::new(value.to_ref()),
        expression: Slot::new(expression.to_ref()),
        conversion: Slot::new(conversion.to_ref()),
        format_spec: Slot::new(format_spec.to_ref()),
    }))
}
pub fn new_template(strings: Value, interpolations: Value) -> PyResult {
    Ok(new_object(PyTemplate {
        header: Header::new(&TEMPLATE_TYPE),
        strings: Slot::new(strings.to_ref()),
        interpolations: Slot::new(interpolations.to_ref()),
    }))
}
fn interp(v: &Value) -> &PyInterpolation {
    // SAFETY: methods of the type get instances of it.
    unsafe { v.cast_unchecked::<PyInterpolation>() }
}
fn templ(v: &Value) -> &PyTemplate {
    // SAFETY: methods of the type get instances of it.
    unsafe { v.cast_unchecked::<PyTemplate>() }
}

static INTERPOLATION_NEW: Signature =
    Signature::new("Interpolation(value, expression='', conversion=None, format_spec='')");

pub static INTERPOLATION_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "string.templatelib.Interpolation",
    doc: "Interpolation object",
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        new: Some(|_, a, k| {
            INTERPOLATION_NEW.bind(a, k, |a| {
                let conv = a[2].or(Value::NONE);
                if !conv.is_none() {
                    let Some(s) = strings::as_str(&conv) else {
                        return err!(
                            TypeError,
                            "Interpolation() argument 'conversion' must be str, not {}",
                            conv.type_name()
                        );
                    };
                    if !(s.eq_str("s") || s.eq_str("r") || s.eq_str("a")) {
                        return err!(
                            ValueError,
                            "Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'"
                        );
                    }
                }
                let e = strings::empty();
                new_interpolation(a[0], a[1].or(*e), conv, a[3].or(*e))
            })
        }),
        repr: Some(|v| {
            let i = interp(&v);
            Ok(strings::new_str(&format!(
                "Interpolation({}, {}, {}, {})",
                protocol::repr_text(i.value.get())?,
                protocol::repr_text(i.expression.get())?,
                protocol::repr_text(i.conversion.get())?,
                protocol::repr_text(i.format_spec.get())?
            )))
        }),
        ..Slots::of::<PyInterpolation>()
    },
    methods: &[
        MethodDef::new("__class_getitem__($cls, item, /)", "See PEP 585", |a| {
            taipan_objects::generic_alias::new_alias(a[0], a[1])
        })
        .class(),
        MethodDef::new("__reduce__($self, /)", "", |a| {
            let i = interp(&a[0]);
            Ok(tuple::of([
                INTERPOLATION_TYPE.to_ref(),
                tuple::of([
                    i.value.get_ref(),
                    i.expression.get_ref(),
                    i.conversion.get_ref(),
                    i.format_spec.get_ref(),
                ]),
            ]))
        }),
    ],
    members: &[
        MemberDef::ro("value", "Value", |v| Ok(interp(&v).value.get_ref())),
        MemberDef::ro("expression", "Expression", |v| {
            Ok(interp(&v).expression.get_ref())
        }),
        MemberDef::ro("conversion", "Conversion", |v| {
            Ok(interp(&v).conversion.get_ref())
        }),
        MemberDef::ro("format_spec", "Format specifier", |v| {
            Ok(interp(&v).format_spec.get_ref())
        }),
    ],
    ..TypeSpec::of::<PyInterpolation>()
});

/// Strings and interpolations in order, empty strings left out.
fn parts(v: Value) -> Vec<Ref> {
    let t = templ(&v);
    let (s, i) = (
        tuple::as_slice(t.strings.get()),
        tuple::as_slice(t.interpolations.get()),
    );
    let mut out = Vec::new();
    for (n, s) in s.iter().enumerate() {
        if strings::expect(*s).len() > 0 {
            out.push(s.to_ref());
        }
        if let Some(x) = i.get(n) {
            out.push(x.to_ref());
        }
    }
    out
}
/// A template from strings and interpolations in any order; neighbouring strings are joined.
fn from_parts(items: &[Value]) -> PyResult {
    let mut texts: Vec<Ref> = vec![strings::empty()];
    let mut interps = Vec::new();
    for v in items {
        if let Some(s) = strings::as_str(v) {
            let last = texts.pop().unwrap_or_else(strings::empty);
            texts.push(strings::concat(strings::expect(*last), s));
        } else if v.is_a::<PyInterpolation>() {
            interps.push(v.to_ref());
            texts.push(strings::empty());
        } else {
            return err!(
                TypeError,
                "Template.__new__ *args need to be of type 'str' or 'Interpolation', got {}",
                v.type_name()
            );
        }
    }
    new_template(*tuple::from_refs(texts), *tuple::from_refs(interps))
}
fn add(a: Value, b: Value) -> PyResult {
    if !a.is_a::<PyTemplate>() || !b.is_a::<PyTemplate>() {
        return err!(
            TypeError,
            "can only concatenate string.templatelib.Template (not \"{}\") to string.templatelib.Template",
            if a.is_a::<PyTemplate>() {
                b.type_name()
            } else {
                a.type_name()
            }
        );
    }
    let mut all = parts(a);
    all.extend(parts(b));
    from_parts(taipan_objects::value::values(&all))
}

pub static TEMPLATE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "string.templatelib.Template",
    doc: "Template object",
    flags: TypeFlags::HAVE_GC,
    slots: Slots {
        new: Some(|_, a, k| {
            if !k.is_null() && !tuple::as_slice(k).is_empty() {
                return err!(TypeError, "Template.__new__ only accepts *args arguments");
            }
            from_parts(a)
        }),
        repr: Some(|v| {
            let t = templ(&v);
            Ok(strings::new_str(&format!(
                "Template(strings={}, interpolations={})",
                protocol::repr_text(t.strings.get())?,
                protocol::repr_text(t.interpolations.get())?
            )))
        }),
        iter: Some(|v| protocol::iter(*list::new_list(parts(v)))),
        concat: Some(add),
        ..Slots::of::<PyTemplate>()
    },
    methods: &[MethodDef::new("__reduce__($self, /)", "", |a| {
        let f = protocol::getattr_str(
            *crate::import::import_module("string.templatelib")?,
            "_template_unpickle",
        )?;
        Ok(tuple::of([
            f,
            tuple::of([
                templ(&a[0]).strings.get_ref(),
                templ(&a[0]).interpolations.get_ref(),
            ]),
        ]))
    })],
    getset: &[GetSetDef::ro("values", "Values of interpolations", |v| {
        Ok(tuple::from_refs(
            tuple::as_slice(templ(&v).interpolations.get())
                .iter()
                .map(|i| interp(i).value.get_ref())
                .collect(),
        ))
    })],
    members: &[
        MemberDef::ro("strings", "Strings", |v| Ok(templ(&v).strings.get_ref())),
        MemberDef::ro("interpolations", "Interpolations", |v| {
            Ok(templ(&v).interpolations.get_ref())
        }),
    ],
    ..TypeSpec::of::<PyTemplate>()
});

/// What a table of a type cannot say: `Interpolation.__match_args__`.
pub fn complete_types() {
    let names = ["value", "expression", "conversion", "format_spec"]
        .iter()
        .map(|s| strings::intern_str(s))
        .collect();
    let d = INTERPOLATION_TYPE.dict();
    taipan_objects::dict::set_str(d, "__match_args__", *tuple::from_refs(names));
}
