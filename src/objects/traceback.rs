//! Traceback objects: one per frame that an exception passed through.

use crate::err::PyResult;
use crate::native::{GetSetDef, MemberDef, MethodDef, Params};
use crate::object::{Header, new_object};
use crate::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Slot, Value};
use crate::{err, function, int, list, protocol, strings};
use std::cell::Cell;
use std::sync::OnceLock;

/// One entry of a traceback.
#[repr(C)]
pub struct PyTraceback {
    pub header: Header,
    /// The frame object.
    pub frame: Slot,
    /// Towards where the exception was raised; NULL at the end.
    pub next: Slot,
    /// Offset in bytes of the instruction.
    pub lasti: Cell<i32>,
    /// -1: worked out from `lasti` when asked for.
    pub lineno: Cell<i32>,
}
crate::object_impl!(
    PyTraceback,
    TRACEBACK_TYPE,
    |this, visit| {
        visit(this.frame.get());
        visit(this.next.get());
    },
    |this| {
        drop(this.frame.take());
        drop(this.next.take());
    }
);

/// A traceback entry in front of `next` (NULL or None for none). With -1 as line the line is found when asked for.
pub fn new_traceback(next: Ref, frame: Ref, lasti: i32, lineno: i32) -> Ref {
    let next = if next.is_none() { Ref::NULL } else { next };
    new_object(PyTraceback {
        header: Header::new(&TRACEBACK_TYPE),
        frame: Slot::new(frame),
        next: Slot::new(next),
        lasti: Cell::new(lasti),
        lineno: Cell::new(lineno),
    })
}

fn expect(v: Value) -> &'static PyTraceback {
    // SAFETY: called for tracebacks only, which their callers hold.
    unsafe { &*(v.as_ptr() as *const PyTraceback) }
}

fn tb_new(_ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static P: OnceLock<Params> = OnceLock::new();
    let p = P.get_or_init(|| Params::parse("traceback(tb_next, tb_frame, tb_lasti, tb_lineno)"));
    p.bind_and_call(
        crate::native::Shown {
            name: "traceback",
            def: None,
        },
        args,
        kwnames,
        |a| {
            if a[1].type_name() != "frame" {
                return err!(
                    TypeError,
                    "traceback() argument 'tb_frame' must be frame, not {}",
                    a[1].type_name()
                );
            }
            let (lasti, lineno) = (int::to_i32(a[2])?, int::to_i32(a[3])?);
            if !a[0].is_none() && !a[0].is_a::<PyTraceback>() {
                return err!(
                    TypeError,
                    "expected traceback object or None, got '{}'",
                    a[0].type_name()
                );
            }
            Ok(new_traceback(a[0].to_ref(), a[1].to_ref(), lasti, lineno))
        },
    )
}

/// `tb_lineno`; `None` if the instruction has no line.
pub fn line_number(v: Value) -> PyResult<Option<i32>> {
    let tb = expect(v);
    if tb.lineno.get() != -1 {
        return Ok(Some(tb.lineno.get()));
    }
    let code = protocol::getattr_str(tb.frame.get(), "f_code")?;
    let Some(c) = code.as_object::<function::PyCode>() else {
        return Ok(None);
    };
    let lasti = tb.lasti.get();
    if lasti < 0 {
        return Ok(Some(c.code.firstlineno as i32));
    }
    Ok(c.code.line(lasti as usize / 2))
}

fn set_next(v: Value, next: Value) -> PyResult<()> {
    if next.is_null() {
        return err!(TypeError, "can't delete tb_next attribute");
    }
    if !next.is_none() && !next.is_a::<PyTraceback>() {
        return err!(
            TypeError,
            "expected traceback object, got '{}'",
            next.type_name()
        );
    }
    let mut at = next;
    while !at.is_none_or_null() {
        if at.is(v) {
            return err!(ValueError, "traceback loop detected");
        }
        at = expect(at).next.get();
    }
    expect(v).next.set(if next.is_none() {
        Ref::NULL
    } else {
        next.to_ref()
    });
    Ok(())
}

fn dir(_: &[Value]) -> PyResult {
    Ok(list::new_list(
        ["tb_frame", "tb_next", "tb_lasti", "tb_lineno"]
            .iter()
            .map(|n| strings::intern_str(n))
            .collect(),
    ))
}

pub static TRACEBACK_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "traceback",
    doc: "One entry of a traceback.",
    flags: TypeFlags::HAVE_GC,
    text_signature: "(tb_next, tb_frame, tb_lasti, tb_lineno)",
    slots: Slots {
        new: Some(tb_new),
        ..Slots::of::<PyTraceback>()
    },
    methods: &[MethodDef::new("__dir__($self, /)", "", dir)],
    getset: &[
        GetSetDef::rw(
            "tb_next",
            "",
            |v| {
                let n = expect(v).next.get();
                Ok(if n.is_null() { Ref::NONE } else { n.to_ref() })
            },
            set_next,
        ),
        GetSetDef::ro("tb_lineno", "", |v| {
            Ok(line_number(v)?.map_or(Ref::NONE, |l| int::from_i64(l as i64)))
        }),
    ],
    members: &[
        MemberDef::ro("tb_frame", "", |v| Ok(expect(v).frame.get_ref())),
        MemberDef::ro("tb_lasti", "", |v| {
            Ok(int::from_i64(expect(v).lasti.get() as i64))
        }),
    ],
    ..TypeSpec::of::<PyTraceback>()
});
