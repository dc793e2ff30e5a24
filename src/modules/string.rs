//! `_string`: the parser behind `string.Formatter`.

use std::cell::Cell;
use taipan_objects::err::PyResult;
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::object::{Header, new_object};
use taipan_objects::str_format::{self, Accessor};
use taipan_objects::strings::{self, expect};
use taipan_objects::typeobject::{Slots, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{err, int, tuple};

pub static MODULE: ModuleDef = ModuleDef {
    name: "_string",
    doc: "string helper module",
    functions: &[
        MethodDef::new("formatter_field_name_split($module, object, /)", "The first part of a field name and an iterator of the rest.", split),
        MethodDef::new("formatter_parser($module, object, /)", "An iterator of the pieces of a format string.", parser),
    ],
    init: Some(|_| {
        taipan_objects::type_ready::ready(&PARSER_TYPE);
        taipan_objects::type_ready::ready(&FIELD_NAME_TYPE);
        Ok(())
    }),
};

/// Goes over a format string, or over the accessors of a field name.
#[repr(C)]
pub struct Pieces {
    header: Header,
    text: Slot,
    pos: Cell<usize>,
}
#[repr(C)]
pub struct Accessors {
    header: Header,
    text: Slot,
    pos: Cell<usize>,
}
taipan_objects::object_impl!(Pieces, PARSER_TYPE);
taipan_objects::object_impl!(Accessors, FIELD_NAME_TYPE);

static PARSER_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "formatteriterator",
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots { iter: Some(|v| Ok(v.to_ref())), iternext: Some(next_piece), ..Slots::of::<Pieces>() },
    ..TypeSpec::of::<Pieces>()
});
static FIELD_NAME_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "fieldnameiterator",
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots { iter: Some(|v| Ok(v.to_ref())), iternext: Some(next_accessor), ..Slots::of::<Accessors>() },
    ..TypeSpec::of::<Accessors>()
});

fn argument(v: Value) -> PyResult<()> {
    if !strings::is_str(v) {
        return err!(TypeError, "expected str, got {}", v.type_name());
    }
    Ok(())
}

fn parser(a: &[Value]) -> PyResult {
    argument(a[0])?;
    Ok(new_object(Pieces { header: Header::new(&PARSER_TYPE), text: Slot::new(a[0].to_ref()), pos: Cell::new(0) }))
}

fn next_piece(v: Value) -> PyResult<Option<Ref>> {
    let Some(this) = v.cast::<Pieces>() else { return Ok(None) };
    let text = expect(this.text.get()).data().to_vec();
    let mut pos = this.pos.get();
    let piece = str_format::next_piece(&text, &mut pos)?;
    this.pos.set(pos);
    Ok(piece.map(|p| {
        let literal = strings::from_code_points(&p.literal);
        match p.field {
            Some(f) => tuple::of([
                literal,
                strings::from_code_points(&f.name),
                strings::from_code_points(&f.spec),
                f.conversion.map_or(Ref::NONE, strings::from_char),
            ]),
            None => tuple::of([literal, Ref::NONE, Ref::NONE, Ref::NONE]),
        }
    }))
}

fn split(a: &[Value]) -> PyResult {
    argument(a[0])?;
    let name = expect(a[0]).data().to_vec();
    let (end, number) = str_format::split_first(&name)?;
    let first = match number {
        Some(n) => int::from_i64(n),
        None => strings::from_code_points(&name[..end]),
    };
    let rest =
        new_object(Accessors { header: Header::new(&FIELD_NAME_TYPE), text: Slot::new(a[0].to_ref()), pos: Cell::new(end) });
    Ok(tuple::of([first, rest]))
}

fn next_accessor(v: Value) -> PyResult<Option<Ref>> {
    let Some(this) = v.cast::<Accessors>() else { return Ok(None) };
    let name = expect(this.text.get()).data().to_vec();
    let mut pos = this.pos.get();
    let step = str_format::next_accessor(&name, &mut pos)?;
    this.pos.set(pos);
    Ok(step.map(|s| match s {
        Accessor::Attribute(a) => tuple::of([Ref::bool(true), strings::from_code_points(&a)]),
        Accessor::Index(i) => tuple::of([Ref::bool(false), int::from_i64(i)]),
        Accessor::Key(k) => tuple::of([Ref::bool(false), strings::from_code_points(&k)]),
    }))
}
