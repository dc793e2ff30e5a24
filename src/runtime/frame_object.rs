//! Frame objects: what Python sees of a frame, while it runs and after.

use std::cell::{Cell, UnsafeCell};
use taipan_bytecode::code::kinds::{CO_FAST_CELL, CO_FAST_FREE, CO_FAST_HIDDEN};
use taipan_objects::err::PyResult;
use taipan_objects::frame::{Frame, FrameKind};
use taipan_objects::function::{PyCell, PyCode};
use taipan_objects::native::{GetSetDef, MethodDef};
use taipan_objects::object::{Header, new_object};
use taipan_objects::typeobject::{Slots, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::vm::vm;
use taipan_objects::{dict, err, int, object_impl, protocol, strings};

/// A frame object.
#[repr(C)]
pub struct PyFrame {
    pub header: Header,
    /// The record while the frame is alive; null afterwards.
    pub frame: Cell<*const Frame>,
    pub code: Slot,
    pub globals: Slot,
    pub builtins: Slot,
    /// Locals after the frame has ended, and `f_locals` of class and module code.
    pub window: UnsafeCell<Vec<Ref>>,
    pub locals: Slot,
    pub back: Slot,
    pub lasti: Cell<isize>,
    pub trace: Slot,
    pub trace_lines: Cell<bool>,
    pub trace_opcodes: Cell<bool>,
    /// Extra names written through `f_locals`, a dict or NULL.
    pub extra_locals: Slot,
    pub function: Slot,
}
object_impl!(
    PyFrame,
    FRAME_TYPE,
    |this, visit| {
        for s in [
            &this.code,
            &this.globals,
            &this.builtins,
            &this.locals,
            &this.back,
            &this.trace,
            &this.extra_locals,
            &this.function,
        ] {
            visit(s.get());
        }
        // SAFETY: not kept across anything that may run Python code.
        for r in unsafe { &*this.window.get() } {
            visit(**r);
        }
    },
    |this| {
        drop(this.locals.take());
        drop(this.back.take());
        drop(this.trace.take());
        drop(this.extra_locals.take());
        // SAFETY: as above.
        drop(std::mem::take(unsafe { &mut *this.window.get() }));
    }
);

impl PyFrame {
    /// The record, if the frame is alive.
    pub fn live(&self) -> Option<&'static Frame> {
        let p = self.frame.get();
        // SAFETY: cleared by `take_over` before the record goes.
        if p.is_null() {
            None
        } else {
            Some(unsafe { &*p })
        }
    }
    pub fn code(&self) -> &PyCode {
        // SAFETY: the slot holds a code object.
        unsafe { &*(self.code.get().as_ptr() as *const PyCode) }
    }
    pub fn current_lasti(&self) -> isize {
        self.live().map_or(self.lasti.get(), |f| f.lasti())
    }
    pub fn line(&self) -> Option<i32> {
        let i = self.current_lasti();
        if i < 0 {
            return Some(self.code().code.firstlineno);
        }
        self.code().code.line(i as usize / 2)
    }
    /// Local slot `i`, without looking into cells; NULL if unbound.
    fn slot(&self, i: usize) -> Value {
        match self.live() {
            // SAFETY: `i` is below nlocalsplus.
            Some(f) => unsafe { *f.localsplus.get().add(i) },
            // SAFETY: not kept.
            None => unsafe { &*self.window.get() }
                .get(i)
                .map_or(Value::NULL, |r| **r),
        }
    }
    fn set_slot(&self, i: usize, v: Ref) {
        match self.live() {
            // SAFETY: `i` is below nlocalsplus.
            Some(f) => unsafe {
                let old = f.localsplus.get().add(i).replace(v.into_value());
                drop(Ref::from_owned(old));
            },
            None => {
                // SAFETY: not kept.
                if let Some(slot) = unsafe { &mut *self.window.get() }.get_mut(i) {
                    let old = std::mem::replace(slot, v);
                    drop(old);
                }
            }
        }
    }
    /// Value of local `i` as Python sees it: through its cell, if it is one.
    pub fn local(&self, i: usize) -> Value {
        let v = self.slot(i);
        if v.is_null() {
            return v;
        }
        let kind = self.code().code.localspluskinds[i];
        if kind & (CO_FAST_CELL | CO_FAST_FREE) != 0
            && let Some(c) = v.cast_exact::<PyCell>()
        {
            return c.contents.get();
        }
        v
    }
    /// Index of a local by its name.
    pub fn find_local(&self, name: Value) -> Option<usize> {
        let code = self.code();
        let k = strings::as_str(&name)?;
        (0..code.localsplusnames.len()).find(|i| {
            code.code.localspluskinds[*i] & CO_FAST_HIDDEN == 0
                && strings::expect(*code.localsplusnames[*i]).equals(k)
        })
    }
    /// Writes local `i` as Python sees it.
    pub fn set_local(&self, i: usize, v: Ref) {
        let kind = self.code().code.localspluskinds[i];
        let old = self.slot(i);
        if kind & (CO_FAST_CELL | CO_FAST_FREE) != 0
            && !old.is_null()
            && let Some(c) = old.cast_exact::<PyCell>()
        {
            c.contents.set(v);
            return;
        }
        self.set_slot(i, v);
    }
    /// Whether the code has locals in slots.
    pub fn is_optimized(&self) -> bool {
        self.code().flags & taipan_bytecode::code::flags::CO_OPTIMIZED != 0
    }
    /// A dict of the locals as they are now.
    pub fn snapshot(&self) -> Ref {
        self.collect(0)
    }
    /// The variables of inlined comprehensions that are bound now.
    pub fn snapshot_with_hidden(&self) -> Ref {
        self.collect(CO_FAST_HIDDEN)
    }
    fn collect(&self, hidden: u8) -> Ref {
        let d = dict::new_dict();
        let code = self.code();
        for i in 0..code.localsplusnames.len() {
            if code.code.localspluskinds[i] & CO_FAST_HIDDEN != hidden {
                continue;
            }
            let v = self.local(i);
            if !v.is_null() {
                dict::set_interned(*d, *code.localsplusnames[i], v);
            }
        }
        let extra = self.extra_locals.get();
        if !extra.is_null() {
            for (k, v) in dict::items(extra) {
                let _ = dict::set(*d, *k, *v);
            }
        }
        d
    }
}

/// The frame object of a live frame, made on first use.
pub fn of(frame: &'static Frame) -> Ref {
    if frame.object.is_null() {
        let code = frame.code();
        let o = new_object(PyFrame {
            header: Header::new(&FRAME_TYPE),
            frame: Cell::new(frame),
            code: Slot::new(Value::from_obj(code).to_ref()),
            globals: Slot::new(frame.globals.get().to_ref()),
            builtins: Slot::new(frame.builtins.get().to_ref()),
            window: UnsafeCell::new(Vec::new()),
            locals: Slot::new(frame.locals.get_ref()),
            back: Slot::null(),
            lasti: Cell::new(0),
            trace: Slot::null(),
            trace_lines: Cell::new(true),
            trace_opcodes: Cell::new(false),
            extra_locals: Slot::null(),
            function: Slot::null(),
        });
        frame.object.set(o);
    }
    frame.object.get_ref()
}

/// The frame moved into a generator: its object follows.
pub fn moved(object: Value, frame: &Frame) {
    // SAFETY: the slot of a frame holds a frame object.
    unsafe { object.cast_unchecked::<PyFrame>() }
        .frame
        .set(frame);
}

/// The frame ends: its object takes the locals, if somebody holds it; the stack is dropped.
///
/// # Safety
/// The frame's window is owned up to `sp`; it is empty afterwards.
pub unsafe fn take_over(frame: &'static Frame, sp: *mut Value) {
    let object = frame.object.take();
    // SAFETY: as above.
    let o = unsafe { object.cast_unchecked::<PyFrame>() };
    let n = frame.code().nlocalsplus as usize;
    let base = frame.localsplus.get();
    o.lasti.set(frame.lasti());
    let kept = o.header.refcount() > 1;
    if kept {
        let prev = frame.previous.get();
        if !prev.is_null() && frame.kind.get() as u8 <= FrameKind::Entry as u8 && o.back.is_null() {
            // SAFETY: the caller's frame is alive.
            o.back.set(of(unsafe { &*prev }));
        }
        o.function.set(frame.function.get_ref());
    }
    let mut at = sp;
    let mut locals = Vec::with_capacity(n);
    unsafe {
        while at > base.add(n) {
            at = at.sub(1);
            drop(Ref::from_owned(at.replace(Value::NULL)));
        }
        for i in 0..n {
            locals.push(Ref::from_owned(base.add(i).replace(Value::NULL)));
        }
    }
    o.frame.set(std::ptr::null());
    if kept {
        unsafe { *o.window.get() = locals };
    } else {
        drop(locals);
    }
}

fn me(v: &Value) -> &PyFrame {
    // SAFETY: getters and methods of the type get instances of it.
    unsafe { v.cast_unchecked::<PyFrame>() }
}

/// `f_locals`: the mapping of class and module code, a write-through view for functions (PEP 667).
pub fn f_locals(v: Value) -> PyResult {
    let f = me(&v);
    if f.is_optimized() {
        return Ok(crate::locals_proxy::new_proxy(v));
    }
    Ok(if f.locals.is_null() {
        f.globals.get_ref()
    } else {
        f.locals.get_ref()
    })
}
fn f_back(v: Value) -> PyResult {
    let f = me(&v);
    if let Some(live) = f.live() {
        let p = live.previous.get();
        // SAFETY: the caller's frame is alive while this one is.
        return Ok(if p.is_null() {
            Ref::NONE
        } else {
            of(unsafe { &*p })
        });
    }
    Ok(if f.back.is_null() {
        Ref::NONE
    } else {
        f.back.get_ref()
    })
}
fn f_lineno(v: Value) -> PyResult {
    Ok(me(&v).line().map_or(Ref::NONE, |l| int::from_i64(l as i64)))
}
fn set_f_lineno(_: Value, line: Value) -> PyResult<()> {
    if line.is_null() {
        return err!(AttributeError, "cannot delete attribute");
    }
    err!(ValueError, "f_lineno can only be set in a trace function")
}
fn f_generator(v: Value) -> PyResult {
    match me(&v).live() {
        Some(f) if f.kind.get() as u8 >= FrameKind::Generator as u8 => {
            Ok(Value::from_obj(crate::generator::of_frame(f)).to_ref())
        }
        _ => Ok(Ref::NONE),
    }
}
fn f_trace(v: Value) -> PyResult {
    let t = &me(&v).trace;
    Ok(if t.is_null() { Ref::NONE } else { t.get_ref() })
}
fn set_f_trace(v: Value, t: Value) -> PyResult<()> {
    me(&v).trace.set(if t.is_none_or_null() {
        Ref::NULL
    } else {
        t.to_ref()
    });
    Ok(())
}
fn set_trace_lines(v: Value, b: Value) -> PyResult<()> {
    me(&v).trace_lines.set(protocol::is_true(b)?);
    Ok(())
}
fn set_trace_opcodes(v: Value, b: Value) -> PyResult<()> {
    me(&v).trace_opcodes.set(protocol::is_true(b)?);
    Ok(())
}
fn repr(v: Value) -> PyResult {
    let f = me(&v);
    let code = f.code();
    Ok(strings::new_str(&format!(
        "<frame at {:#x}, file {}, line {}, code {}>",
        v.id(),
        protocol::repr_text(code.filename.get())?,
        f.line().map_or("None".into(), |l| l.to_string()),
        strings::expect(*code.name)
    )))
}
fn clear(args: &[Value]) -> PyResult {
    let f = me(&args[0]);
    if let Some(live) = f.live() {
        if live.kind.get() as u8 >= FrameKind::Generator as u8 {
            let g = crate::generator::of_frame(live);
            if g.is_resumable() {
                let keep = Value::from_obj(g).to_ref();
                let g = crate::generator::as_any(&keep);
                if let Some(g) = g {
                    crate::generator::discard(g);
                }
                return Ok(Ref::NONE);
            }
            return err!(RuntimeError, "cannot clear an executing frame");
        }
        return err!(RuntimeError, "cannot clear an executing frame");
    }
    // SAFETY: taken out at once.
    let w = std::mem::take(unsafe { &mut *f.window.get() });
    drop(w);
    drop(f.extra_locals.take());
    Ok(Ref::NONE)
}

pub static FRAME_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "frame",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        repr: Some(repr),
        ..Slots::of::<PyFrame>()
    },
    methods: &[MethodDef::new(
        "clear($self, /)",
        "Clear all references held by the frame.",
        clear,
    )],
    getset: &[
        GetSetDef::ro(
            "f_locals",
            "Return the mapping used by the frame to look up local variables.",
            f_locals,
        ),
        GetSetDef::ro(
            "f_back",
            "Return the previous stack frame (toward the caller).",
            f_back,
        ),
        GetSetDef::rw(
            "f_lineno",
            "Return the current line number in the frame.",
            f_lineno,
            set_f_lineno,
        ),
        GetSetDef::ro(
            "f_code",
            "Return the code object being executed in this frame.",
            |v| Ok(me(&v).code.get_ref()),
        ),
        GetSetDef::ro(
            "f_globals",
            "Return the global variables in the frame.",
            |v| Ok(me(&v).globals.get_ref()),
        ),
        GetSetDef::ro(
            "f_builtins",
            "Return the built-in variables in the frame.",
            |v| Ok(me(&v).builtins.get_ref()),
        ),
        GetSetDef::ro(
            "f_lasti",
            "Return the index of the last attempted instruction in the frame.",
            |v| Ok(int::from_i64(me(&v).current_lasti() as i64)),
        ),
        GetSetDef::ro(
            "f_generator",
            "Return the generator or coroutine associated with this frame, or None.",
            f_generator,
        ),
        GetSetDef::rw(
            "f_trace",
            "Return the trace function for this frame, or None if no trace function is set.",
            f_trace,
            set_f_trace,
        ),
        GetSetDef::rw(
            "f_trace_lines",
            "",
            |v| Ok(Ref::bool(me(&v).trace_lines.get())),
            set_trace_lines,
        ),
        GetSetDef::rw(
            "f_trace_opcodes",
            "",
            |v| Ok(Ref::bool(me(&v).trace_opcodes.get())),
            set_trace_opcodes,
        ),
    ],
    ..TypeSpec::of::<PyFrame>()
});

/// The frame `depth` levels up from the current one.
pub fn at_depth(depth: usize) -> Option<&'static Frame> {
    let mut p = vm().frame.get();
    for _ in 0..depth {
        if p.is_null() {
            return None;
        }
        // SAFETY: frames in the chain are alive.
        p = unsafe { (*p).previous.get() };
    }
    if p.is_null() {
        None
    } else {
        Some(unsafe { &*p })
    }
}
