//! `StringIO`: a stream of text in memory.

use super::base::{FLAGS, TEXT_IO_BASE_TYPE, restore_dict, state_dict};
use super::newlines::{Line, LineEnd, Newlines, contains, find_line, newline_mode};
use super::{c_int_arg, size_arg, tp_name, value_error};
use std::cell::{Cell, UnsafeCell};
use taipan_objects::err::PyResult;
use taipan_objects::names::names;
use taipan_objects::native::{GetSetDef, MethodDef, Signature};
use taipan_objects::object::{Header, alloc, instance};
use taipan_objects::strings::{self, PyStr, StrBuilder, StrData, expect};
use taipan_objects::typeobject::{Slots, Type, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{err, int, object_impl, tuple, with_str};

/// The content in the form that the last operations asked for.
enum Content {
    /// Only appended to so far.
    Growing(StrBuilder),
    /// Only read since: a str.
    Fixed(Ref),
    /// Both, mixed.
    Mixed(Vec<u32>),
}

/// Text with a position.
#[repr(C)]
pub struct StringIo {
    header: Header,
    /// Rule: no reference into it is kept across anything that may run Python code.
    content: UnsafeCell<Content>,
    pos: Cell<usize>,
    closed: Cell<bool>,
    ready: Cell<bool>,
    /// How often grown text was read: after the second time it stays `Mixed`.
    turns: Cell<u32>,
    /// Recognises line ends; unused unless `universal`.
    newlines: Newlines,
    universal: Cell<bool>,
    end: Cell<LineEnd>,
    write_as: Cell<Option<&'static str>>,
    /// The argument, for pickling.
    newline: Slot,
}
object_impl!(StringIo, STRING_IO_TYPE, |this, visit| visit(this.newline.get()), |_this| ());

fn stream(v: Value) -> &'static StringIo {
    instance::<StringIo>(v)
}

impl StringIo {
    #[allow(clippy::mut_from_ref)]
    fn content(&self) -> &mut Content {
        // SAFETY: see the rule at the field.
        unsafe { &mut *self.content.get() }
    }
    fn len(&self) -> usize {
        match self.content() {
            Content::Growing(b) => b.len(),
            Content::Fixed(r) => expect(**r).len(),
            Content::Mixed(v) => v.len(),
        }
    }
    /// The content, to be read.
    fn data(&self) -> StrData<'_> {
        if let Content::Growing(b) = self.content() {
            let text = std::mem::take(b).finish();
            self.turns.set(self.turns.get() + 1);
            *self.content() =
                if self.turns.get() > 1 { Content::Mixed(expect(*text).data().to_vec()) } else { Content::Fixed(text) };
        }
        match self.content() {
            Content::Fixed(r) => expect(**r).data(),
            Content::Mixed(v) => StrData::Ucs4(v),
            Content::Growing(_) => StrData::Latin1(&[]),
        }
    }
    fn slice(&self, from: usize, to: usize) -> Ref {
        match self.data() {
            StrData::Latin1(d) => strings::new_latin1(&d[from..to]),
            StrData::Ucs2(d) => strings::from_data(StrData::Ucs2(&d[from..to])),
            StrData::Ucs4(d) => strings::from_code_points(&d[from..to]),
        }
    }
    fn value(&self) -> Ref {
        match self.content() {
            Content::Growing(b) => {
                // The builder is spent by finishing, so it starts again from the text.
                let text = std::mem::take(b).finish();
                let mut again = StrBuilder::with_capacity(expect(*text).len() * 2);
                again.push_pystr(expect(*text));
                *b = again;
                text
            }
            Content::Fixed(r) => r.clone(),
            Content::Mixed(v) => strings::from_code_points(v),
        }
    }
    /// Puts text at the position; the argument has its final line ends.
    fn put(&self, s: &PyStr) {
        if s.len() == 0 {
            return;
        }
        let at = self.pos.get();
        let n = self.len();
        if at == n {
            match self.content() {
                Content::Growing(b) => b.push_pystr(s),
                Content::Fixed(r) if self.turns.get() <= 1 => {
                    let mut b = StrBuilder::with_capacity((n + s.len()) * 2);
                    b.push_pystr(expect(**r));
                    b.push_pystr(s);
                    *self.content() = Content::Growing(b);
                }
                Content::Fixed(_) => self.mix().extend(s.data().to_vec()),
                Content::Mixed(v) => with_str!(s.data(), d => v.extend(d.iter().map(|c| *c as u32))),
            }
        } else {
            let v = self.mix();
            let end = at + s.len();
            if end > v.len() {
                v.resize(end, 0);
            }
            with_str!(s.data(), d => {
                for (to, c) in v[at..end].iter_mut().zip(d) {
                    *to = *c as u32;
                }
            });
        }
        self.pos.set(at + s.len());
    }
    /// The content as code points, for changes in the middle.
    fn mix(&self) -> &mut Vec<u32> {
        let v = match self.content() {
            Content::Mixed(_) => None,
            Content::Growing(b) => Some(expect(*std::mem::take(b).finish()).data().to_vec()),
            Content::Fixed(r) => Some(expect(**r).data().to_vec()),
        };
        if let Some(v) = v {
            let old = std::mem::replace(self.content(), Content::Mixed(v));
            drop(old);
        }
        match self.content() {
            Content::Mixed(v) => v,
            _ => unreachable!("just mixed"),
        }
    }
    /// Writes text, with its line ends as the stream has them.
    fn write(&self, text: Value) -> PyResult<()> {
        let s = expect(text);
        if let Some(end) = self.write_as.get()
            && contains(s, b'\n')
        {
            let mut out = StrBuilder::with_capacity(s.len() + 16);
            for c in s.data().iter() {
                if c == 10 { out.push_str(end) } else { out.push(c) }
            }
            self.put(expect(*out.finish()));
            return Ok(());
        }
        if self.universal.get() {
            let t = self.newlines.process(text.to_ref(), true);
            self.put(expect(*t));
            return Ok(());
        }
        self.put(s);
        Ok(())
    }
    fn line(&self, limit: i64) -> Ref {
        let d = self.data();
        let (at, n) = (self.pos.get(), d.len());
        if at >= n {
            return strings::empty();
        }
        let mut end = match find_line(d, at, self.end.get()) {
            Line::Ends(i) => i,
            Line::Open(_) => n,
        };
        if limit >= 0 {
            end = end.min(at.saturating_add(limit as usize));
        }
        self.pos.set(end);
        self.slice(at, end)
    }
}

fn new(ty: Type, _args: &[Value], _kwnames: Value) -> PyResult {
    Ok(alloc(
        ty,
        StringIo {
            header: Header::new(ty),
            content: UnsafeCell::new(Content::Growing(StrBuilder::new())),
            pos: Cell::new(0),
            closed: Cell::new(false),
            ready: Cell::new(false),
            turns: Cell::new(0),
            newlines: Newlines::default(),
            universal: Cell::new(false),
            end: Cell::new(LineEnd::Lf),
            write_as: Cell::new(None),
            newline: Slot::null(),
        },
    ))
}

fn set_up(v: Value, newline: Value) -> PyResult<()> {
    let this = stream(v);
    if !newline.is_none_or_null() && !strings::is_str(newline) {
        return err!(TypeError, "newline must be str or None, not {}", tp_name(newline));
    }
    let default = strings::latin1_char(b'\n');
    let newline = newline.or(*default);
    let mode = newline_mode(newline)?;
    this.universal.set(mode.universal);
    this.newlines.translate.set(mode.translate);
    this.newlines.reset();
    this.end.set(mode.end);
    this.write_as.set(mode.write_as);
    this.newline.set(newline.to_ref());
    let old = std::mem::replace(this.content(), Content::Growing(StrBuilder::new()));
    drop(old);
    this.turns.set(0);
    this.pos.set(0);
    this.closed.set(false);
    this.ready.set(true);
    Ok(())
}

fn init(v: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    static S: Signature = Signature::new("StringIO(initial_value='', newline='\\n')");
    S.bind(args, kwnames, |a| {
        let this = stream(v);
        this.ready.set(false);
        let value = a[0].or(Value::NONE);
        if !value.is_none() && !strings::is_str(value) {
            return err!(TypeError, "initial_value must be str or None, not {}", tp_name(value));
        }
        set_up(v, a[1])?;
        if !value.is_none() && expect(value).len() > 0 {
            if !this.universal.get() && this.write_as.get().is_none() && value.is_exact::<PyStr>() {
                *this.content() = Content::Fixed(value.to_ref());
            } else {
                this.write(value)?;
            }
            this.pos.set(0);
        }
        Ok(())
    })
}

fn open(v: Value) -> PyResult<&'static StringIo> {
    let this = stream(v);
    if !this.ready.get() {
        return Err(value_error("I/O operation on uninitialized object"));
    }
    if this.closed.get() {
        return Err(value_error("I/O operation on closed file"));
    }
    Ok(this)
}
fn iter_next(v: Value) -> PyResult<Option<Ref>> {
    let this = open(v)?;
    let line = if v.is_exact::<StringIo>() {
        this.line(-1)
    } else {
        let line = super::call0(v, names().readline)?;
        if !strings::is_str(*line) {
            return err!(OSError, "readline() should have returned a str object, not '{}'", tp_name(*line));
        }
        line
    };
    Ok(if expect(*line).len() == 0 { None } else { Some(line) })
}
fn read(a: &[Value]) -> PyResult {
    let n = size_arg(a[1])?;
    let this = open(a[0])?;
    let (at, len) = (this.pos.get(), this.len());
    let end = if n < 0 { len } else { at.saturating_add(n as usize).min(len) };
    if at >= end {
        return Ok(strings::empty());
    }
    this.pos.set(end);
    if at == 0 && end == len {
        return Ok(this.value());
    }
    Ok(this.slice(at, end))
}
fn readline(a: &[Value]) -> PyResult {
    let n = size_arg(a[1])?;
    Ok(open(a[0])?.line(n))
}
fn write(a: &[Value]) -> PyResult {
    let this = stream(a[0]);
    if !this.ready.get() {
        open(a[0])?;
    }
    let Some(s) = strings::as_str(&a[1]) else {
        return err!(TypeError, "string argument expected, got '{}'", tp_name(a[1]));
    };
    open(a[0])?;
    let n = s.len();
    if n > 0 {
        this.write(a[1])?;
    }
    Ok(int::from_usize(n))
}
fn seek(a: &[Value]) -> PyResult {
    let this = open(a[0])?;
    let to = super::index_i64(a[1])?;
    let whence = c_int_arg(a[2], 0)?;
    if !(0..=2).contains(&whence) {
        return err!(ValueError, "Invalid whence ({whence}, should be 0, 1 or 2)");
    }
    if whence == 0 && to < 0 {
        return err!(ValueError, "Negative seek position {to}");
    }
    if whence != 0 && to != 0 {
        return err!(OSError, "Can't do nonzero cur-relative seeks");
    }
    let to = match whence {
        0 => to as usize,
        1 => this.pos.get(),
        _ => this.len(),
    };
    this.pos.set(to);
    Ok(int::from_usize(to))
}
fn truncate(a: &[Value]) -> PyResult {
    let this = open(a[0])?;
    let size = if a[1].is_none_or_null() {
        this.pos.get()
    } else {
        let n = size_arg(a[1])?;
        if n < 0 {
            return err!(ValueError, "Negative size value {n}");
        }
        n as usize
    };
    if size < this.len() {
        let text = this.slice(0, size);
        *this.content() = Content::Fixed(text);
    }
    Ok(int::from_usize(size))
}
fn yes(a: &[Value]) -> PyResult {
    open(a[0])?;
    Ok(Ref::bool(true))
}
fn getstate(a: &[Value]) -> PyResult {
    let this = open(a[0])?;
    Ok(tuple::of([this.value(), this.newline.get_ref(), int::from_usize(this.pos.get()), state_dict(a[0])]))
}
fn setstate(a: &[Value]) -> PyResult {
    let this = stream(a[0]);
    if this.closed.get() {
        return Err(value_error("I/O operation on closed file"));
    }
    let state = a[1];
    if !tuple::is_tuple(state) || tuple::as_slice(state).len() < 4 {
        return err!(TypeError, "{}.__setstate__ argument should be 4-tuple, got {}", tp_name(a[0]), tp_name(state));
    }
    let items = tuple::as_slice(state);
    if !strings::is_str(items[0]) && !items[0].is_none() {
        return err!(TypeError, "initial_value must be str or None, not {}", tp_name(items[0]));
    }
    set_up(a[0], items[1])?;
    if strings::is_str(items[0]) {
        // The text is as it was stored: line ends are not translated again.
        *this.content() = Content::Fixed(if items[0].is_exact::<PyStr>() {
            items[0].to_ref()
        } else {
            strings::from_data(expect(items[0]).data())
        });
    }
    if !int::is_int(items[2]) {
        return err!(TypeError, "third item of state must be an integer, got {}", tp_name(items[2]));
    }
    let pos = super::index_i64(items[2])?;
    if pos < 0 {
        return Err(value_error("position value cannot be negative"));
    }
    this.pos.set(pos as usize);
    restore_dict(a[0], items[3], "fourth")?;
    Ok(Ref::NONE)
}

pub static STRING_IO_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_io.StringIO",
    doc: "Text I/O implementation using an in-memory buffer.\n\nThe initial_value argument sets the value of object.  The newline\nargument is like the one of TextIOWrapper's constructor.",
    base: Some(&TEXT_IO_BASE_TYPE),
    flags: FLAGS,
    text_signature: "(initial_value='', newline='\\n')",
    slots: Slots { new: Some(new), init: Some(init), iternext: Some(iter_next), ..Slots::of::<StringIo>() },
    methods: &[
        MethodDef::new("close($self, /)", "Gives up the content.", |a| {
            let this = stream(a[0]);
            this.closed.set(true);
            let old = std::mem::replace(this.content(), Content::Growing(StrBuilder::new()));
            drop(old);
            Ok(Ref::NONE)
        }),
        MethodDef::new("getvalue($self, /)", "The whole content.", |a| Ok(open(a[0])?.value())),
        MethodDef::new("read($self, size=-1, /)", "Reads up to so many characters, or all.", read),
        MethodDef::new("readline($self, size=-1, /)", "Reads a line, or as much of it as is asked for.", readline),
        MethodDef::new("tell($self, /)", "The current position.", |a| Ok(int::from_usize(open(a[0])?.pos.get()))),
        MethodDef::new("truncate($self, pos=None, /)", "Cuts the content off.", truncate),
        MethodDef::new("seek($self, pos, whence=0, /)", "Moves to a position and returns it.", seek),
        MethodDef::new("write($self, s, /)", "Writes text and returns the number of its characters.", write),
        MethodDef::new("seekable($self, /)", "True: the stream can be positioned.", yes),
        MethodDef::new("readable($self, /)", "True: the stream can be read.", yes),
        MethodDef::new("writable($self, /)", "True: the stream can be written.", yes),
        MethodDef::new("__getstate__($self, /)", "State for pickling.", getstate),
        MethodDef::new("__setstate__($self, state, /)", "Takes over a pickled state.", setstate),
        MethodDef::new("__sizeof__($self, /)", "Size in memory, in bytes.", |a| {
            Ok(int::from_usize(size_of::<StringIo>() + 32 + stream(a[0]).len() * 4))
        }),
    ],
    getset: &[
        GetSetDef::ro("closed", "", |v| {
            let this = stream(v);
            if !this.ready.get() {
                return Err(value_error("I/O operation on uninitialized object"));
            }
            Ok(Ref::bool(this.closed.get()))
        }),
        GetSetDef::ro("line_buffering", "", |v| {
            open(v)?;
            Ok(Ref::bool(false))
        }),
        GetSetDef::ro("newlines", "", |v| {
            let this = open(v)?;
            Ok(if this.universal.get() { this.newlines.seen() } else { Ref::NONE })
        }),
    ],
    ..TypeSpec::of::<StringIo>()
});
