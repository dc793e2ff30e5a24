//! `ast.AST`: what all nodes have in common.

use super::schema::classes;
use taipan_objects::err::{self, PyResult};
use taipan_objects::exceptions;
use taipan_objects::native::{GetSetDef, MethodDef, split_args};
use taipan_objects::object::{Header, alloc};
use taipan_objects::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{attributes, dict, generic_alias, list, protocol, strings, tuple, union_type};
use taipan_objects::err as raise_err;

/// A node: nothing but its attributes.
#[repr(C)]
pub struct Node {
    header: Header,
}
taipan_objects::object_impl!(Node, AST_TYPE);

pub static AST_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "ast.AST",
    flags: TypeFlags::BASETYPE | TypeFlags::HAVE_GC | TypeFlags::MANAGED_DICT,
    slots: Slots {
        new: Some(|ty, _, _| Ok(instance(ty))),
        init: Some(init),
        repr: Some(|v| repr(v, 3)),
        getattro: Some(attributes::generic_getattr),
        setattro: Some(attributes::generic_setattr),
        ..Slots::of::<Node>()
    },
    methods: &[
        MethodDef::new("__reduce__($self, /)", "Helper for pickle.", |a| reduce(a[0])),
        MethodDef::raw("__replace__($self, /, **fields)", "A copy of the node with the given fields replaced.", replace),
    ],
    getset: &[GetSetDef::rw(
        "__dict__",
        "",
        |v| Ok(attributes::object_dict(v).unwrap_or(Ref::NONE)),
        attributes::set_object_dict,
    )],
    ..TypeSpec::of::<Node>()
});

/// An empty node.
pub fn instance(ty: Type) -> Ref {
    alloc(ty, Node { header: Header::new(ty) })
}

/// `_fields` of a class as a vector.
fn class_list(ty: Type, name: &str) -> PyResult<Vec<Ref>> {
    match protocol::getattr_opt(ty.value(), *strings::intern_str(name))? {
        Some(found) => protocol::to_vec(*found),
        None => Ok(Vec::new()),
    }
}

fn position(items: &[Ref], v: Value) -> PyResult<Option<usize>> {
    for (i, item) in items.iter().enumerate() {
        if protocol::eq(**item, v)? {
            return Ok(Some(i));
        }
    }
    Ok(None)
}

fn deprecated(message: String) -> PyResult<()> {
    err::warn(&exceptions::DeprecationWarning, &message)
}

fn init(this: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    let (positional, keywords) = split_args(args, kwnames);
    let ty = this.ty();
    let fields = class_list(ty, "_fields")?;
    if fields.len() < positional.len() {
        return raise_err!(
            TypeError,
            "{} constructor takes at most {} positional argument{}",
            ty.name(),
            fields.len(),
            if fields.len() == 1 { "" } else { "s" }
        );
    }
    let mut missing = vec![true; fields.len()];
    for (i, v) in positional.iter().enumerate() {
        protocol::setattr(this, *fields[i], *v)?;
        missing[i] = false;
    }
    for (k, v) in keywords {
        match position(&fields, k)? {
            Some(i) if !missing[i] => {
                return raise_err!(
                    TypeError,
                    "{} got multiple values for argument {}",
                    ty.name(),
                    protocol::repr_text(k)?
                );
            }
            Some(i) => missing[i] = false,
            None => {
                if position(&class_list(ty, "_attributes")?, k)?.is_none() {
                    deprecated(format!(
                        "{}.__init__ got an unexpected keyword argument {}. Support for arbitrary keyword arguments \
                         is deprecated and will be removed in Python 3.15.",
                        ty.name(),
                        protocol::repr_text(k)?
                    ))?;
                }
            }
        }
        protocol::setattr(this, k, v)?;
    }
    let Some(types) = protocol::getattr_opt(ty.value(), *strings::intern_str("_field_types"))? else { return Ok(()) };
    for (name, _) in fields.iter().zip(&missing).filter(|(_, missing)| **missing) {
        let found = if dict::is_dict(*types) { dict::get(*types, **name)?.to_ref() } else { Ref::NULL };
        if found.is_null() {
            deprecated(format!(
                "Field {} is missing from {}._field_types. This will become an error in Python 3.15.",
                protocol::repr_text(**name)?,
                ty.name()
            ))?;
        } else if found.ty().is(&union_type::UNION_TYPE) {
            // The class has None for it.
        } else if found.ty().is(&generic_alias::GENERIC_ALIAS_TYPE) {
            protocol::setattr(this, **name, *list::new_list(Vec::new()))?;
        } else if classes().family("expr_context").is_some_and(|t| found.is(t.value())) {
            protocol::setattr(this, **name, *classes().of(super::schema::Kind::Load).singleton)?;
        } else {
            deprecated(format!(
                "{}.__init__ missing 1 required positional argument: {}. This will become an error in Python 3.15.",
                ty.name(),
                protocol::repr_text(**name)?
            ))?;
        }
    }
    Ok(())
}

fn is_ast(v: Value) -> bool {
    v.is_a::<Node>()
}

fn repr_item(v: Value, depth: usize) -> PyResult<String> {
    if is_ast(v) { Ok(strings::to_text(*repr(v, depth)?, "repr")?) } else { protocol::repr_text(v) }
}

/// Lists show their ends only.
fn repr_items(items: &[Ref], brackets: (&str, &str), depth: usize) -> PyResult<String> {
    let mut out = brackets.0.to_string();
    if let Some(first) = items.first() {
        out.push_str(&repr_item(**first, depth)?);
    }
    if items.len() > 2 {
        out.push_str(", ...");
    }
    if items.len() > 1 {
        out.push_str(", ");
        out.push_str(&repr_item(*items[items.len() - 1], depth)?);
    }
    out.push_str(brackets.1);
    Ok(out)
}

fn repr(this: Value, depth: usize) -> PyResult {
    let name = this.ty().name();
    if depth == 0 || !protocol::repr_enter(this) {
        return Ok(strings::new_str(&format!("{name}(...)")));
    }
    let result = repr_fields(this, depth);
    protocol::repr_leave(this);
    Ok(strings::new_str(&format!("{name}({})", result?)))
}

fn repr_fields(this: Value, depth: usize) -> PyResult<String> {
    let mut out = String::new();
    for field in class_list(this.ty(), "_fields")? {
        let v = protocol::getattr(this, *field)?;
        if !out.is_empty() {
            out.push_str(", ");
        }
        out.push_str(&protocol::str_text(*field)?);
        out.push('=');
        if list::is_list(*v) {
            out.push_str(&repr_items(&list::expect(*v).to_vec(), ("[", "]"), depth - 1)?);
        } else if tuple::is_tuple(*v) {
            let items: Vec<Ref> = tuple::as_slice(*v).iter().map(|x| x.to_ref()).collect();
            out.push_str(&repr_items(&items, ("(", ")"), depth - 1)?);
        } else {
            out.push_str(&repr_item(*v, depth - 1)?);
        }
    }
    Ok(out)
}

/// Fields are passed as so many Nones, as the constructor wants them, and set after by the dict.
fn reduce(this: Value) -> PyResult {
    let ty = this.ty().to_ref();
    let Some(contents) = attributes::object_dict(this) else { return Ok(tuple::of([ty, tuple::empty()])) };
    let contents = dict::copy(*contents);
    let mut given = 0;
    for field in class_list(this.ty(), "_fields")? {
        if !dict::contains(*contents, *field)? {
            break;
        }
        given += 1;
    }
    let nones = tuple::from_refs((0..given).map(|_| Ref::NONE).collect());
    Ok(tuple::of([ty, nones, contents]))
}

fn replace(args: &[Value], kwnames: Value) -> PyResult {
    let (positional, keywords) = split_args(args, kwnames);
    let this = positional[0];
    let ty = this.ty();
    if positional.len() > 1 {
        return raise_err!(TypeError, "__replace__() takes no positional arguments");
    }
    let given: Vec<(Value, Value)> = keywords.collect();
    let mut known = class_list(ty, "_fields")?;
    let fields = known.len();
    known.extend(class_list(ty, "_attributes")?);
    for (k, _) in &given {
        if position(&known, *k)?.is_none() {
            return raise_err!(
                TypeError,
                "{}.__replace__ got an unexpected keyword argument {}.",
                ty.name(),
                protocol::repr_text(*k)?
            );
        }
    }
    let values = dict::new_dict();
    let own = attributes::object_dict(this);
    let mut missing = Vec::new();
    for (i, name) in known.iter().enumerate() {
        if let Some((_, v)) = given.iter().find(|g| protocol::eq(g.0, **name).unwrap_or(false)) {
            dict::set(*values, **name, *v)?;
            continue;
        }
        let found = match &own {
            Some(d) => dict::get(**d, **name)?.to_ref(),
            None => Ref::NULL,
        };
        if !found.is_null() {
            dict::set(*values, **name, *found)?;
        } else if i < fields && protocol::getattr_opt(ty.value(), **name)?.is_none() {
            missing.push(protocol::repr_text(**name)?);
        }
    }
    if !missing.is_empty() {
        missing.sort();
        return raise_err!(
            TypeError,
            "{}.__replace__ missing {} keyword argument{}: {}.",
            ty.name(),
            missing.len(),
            if missing.len() == 1 { "" } else { "s" },
            missing.join(", ")
        );
    }
    protocol::call_tuple_dict(ty.value(), *tuple::empty(), *values)
}
