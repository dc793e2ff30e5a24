//! `TextIOWrapper` as a type.

use super::base::{FLAGS, TEXT_IO_BASE_TYPE};
use super::buffered_types;
use super::codec;
use super::fileio::{FileIo, shown_type};
use super::newlines::newline_mode;
use super::text::{TextIo, text};
use super::{bool_arg, c_int_arg, call0, cannot_pickle, repr_with_name, size_arg, tp_name, unsupported, value_error};
use taipan_objects::err::{PyResult};
use taipan_objects::names::names;
use taipan_objects::native::{GetSetDef, MemberDef, MethodDef, Signature};
use taipan_objects::object::{Header, alloc};
use taipan_objects::strings::{self, expect};
use taipan_objects::typeobject::{Slots, Type, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{attributes, err, exceptions, int, protocol};

fn new(ty: Type, _args: &[Value], _kwnames: Value) -> PyResult {
    Ok(alloc(ty, TextIo::new(Header::new(ty))))
}

/// What the encoding is if none is named, or it is named "locale".
fn locale_encoding() -> &'static str {
    if taipan_runtime::sys::config().utf8_mode { "utf-8" } else { "UTF-8" }
}

fn str_or_none(v: Value, what: &str) -> PyResult<()> {
    if v.is_none_or_null() || strings::is_str(v) {
        return Ok(());
    }
    err!(TypeError, "TextIOWrapper() argument '{what}' must be str or None, not {}", shown_type(v))
}
fn no_nul(v: Value) -> PyResult<()> {
    match strings::as_str(&v) {
        Some(s) if super::newlines::contains(s, 0) => Err(value_error("embedded null character")),
        _ => Ok(()),
    }
}

fn init(v: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    static S: Signature = Signature::new(
        "TextIOWrapper(buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)",
    );
    S.bind(args, kwnames, |a| set_up(v, a))
}

/// `__init__`, with an argument for each parameter.
fn set_up(v: Value, a: &[Value]) -> PyResult<()> {
    let this = text(v);
    let (buffer, encoding, errors, newline) = (a[0], a[1], a[2], a[3]);
    str_or_none(encoding, "encoding")?;
    str_or_none(errors, "errors")?;
    str_or_none(newline, "newline")?;
    no_nul(encoding)?;
    no_nul(errors)?;
    no_nul(newline)?;
    let line_buffering = bool_arg(a[4], false)?;
    let write_through = bool_arg(a[5], false)?;
    this.ok.set(false);
    this.detached.set(false);
    if encoding.is_none_or_null() && taipan_runtime::sys::config().warn_default_encoding {
        err::warn(&exceptions::EncodingWarning, "'encoding' argument not specified")?;
    }
    let errors = if errors.is_none_or_null() { names().strict } else { errors };
    let mode = newline_mode(newline)?;
    let named = strings::as_str(&encoding).filter(|e| !e.eq_str("locale"));
    let encoding = if named.is_some() { encoding.to_ref() } else { strings::intern_str(locale_encoding()) };
    let codec = codec::lookup(&expect(*encoding).to_string())?;
    this.errors.set(errors.to_ref());
    this.encoding.set(encoding);
    this.universal.set(mode.universal);
    this.translate.set(mode.translate);
    this.end.set(mode.end);
    this.write_as.set(mode.write_as);
    this.line_buffering.set(line_buffering);
    this.write_through.set(write_through);
    this.clear_pending();
    this.set_decoded(Ref::NULL);
    drop(this.snapshot.take());
    this.ratio.set(0.0);
    this.buffer.set(buffer.to_ref());
    this.make_codec(&codec, &expect(errors).to_string())?;
    let native = buffered_types::exact(buffer).is_some();
    this.has_read1.set(native || protocol::hasattr(buffer, names().read1)?);
    let seekable = protocol::is_true(*call0(buffer, names().seekable)?)?;
    this.seekable.set(seekable);
    this.telling.set(seekable);
    this.fix_encoder()?;
    this.ok.set(true);
    Ok(())
}

/// A text stream over `buffer`, as `open` makes it.
pub(super) fn make(args: &[Value; 6]) -> PyResult {
    let r = new(&TEXT_IO_WRAPPER_TYPE, &[], Value::NULL)?;
    set_up(*r, args)?;
    Ok(r)
}

fn reconfigure(a: &[Value]) -> PyResult {
    let this = text(a[0]);
    this.check_attached()?;
    let (encoding, errors, newline) = (a[1].or(Value::NONE), a[2].or(Value::NONE), a[3]);
    let check = |v: Value, what: &str| -> PyResult<()> {
        if v.is_none() || strings::is_str(v) {
            return Ok(());
        }
        err!(TypeError, "reconfigure() argument '{what}' must be str or None, not {}", tp_name(v))
    };
    check(encoding, "encoding")?;
    check(errors, "errors")?;
    if this.has_decoded() && (!encoding.is_none() || !errors.is_none() || !newline.is_null()) {
        return Err(unsupported("It is not possible to set the encoding or newline of stream after the first read"));
    }
    let mode = if newline.is_null() {
        None
    } else {
        check(newline, "newline")?;
        Some(newline_mode(newline)?)
    };
    let flag = |v: Value, now: bool| if v.is_none_or_null() { Ok(now) } else { protocol::is_true(v) };
    let line_buffering = flag(a[4], this.line_buffering.get())?;
    let write_through = flag(a[5], this.write_through.get())?;
    call0(a[0], names().flush)?;
    this.ratio.set(0.0);
    let changed = mode.is_some();
    if let Some(m) = mode {
        this.universal.set(m.universal);
        this.translate.set(m.translate);
        this.end.set(m.end);
        this.write_as.set(m.write_as);
    }
    if changed || !encoding.is_none() || !errors.is_none() {
        let new_errors = if !errors.is_none() {
            errors.to_ref()
        } else if encoding.is_none() {
            this.errors.get_ref()
        } else {
            names().strict.to_ref()
        };
        let new_encoding = match strings::as_str(&encoding) {
            None => this.encoding.get_ref(),
            Some(e) if e.eq_str("locale") => strings::intern_str(locale_encoding()),
            Some(_) => encoding.to_ref(),
        };
        let codec = codec::lookup(&expect(*new_encoding).to_string())?;
        this.make_codec(&codec, &expect(*new_errors).to_string())?;
        this.encoding.set(new_encoding);
        this.errors.set(new_errors);
        this.fix_encoder()?;
    }
    this.line_buffering.set(line_buffering);
    this.write_through.set(write_through);
    Ok(Ref::NONE)
}

fn iter_next(v: Value) -> PyResult<Option<Ref>> {
    let this = text(v);
    this.check_attached()?;
    this.telling.set(false);
    let line = if v.ty().is(&TEXT_IO_WRAPPER_TYPE) {
        this.readline(-1)?
    } else {
        let line = call0(v, names().readline)?;
        if !strings::is_str(*line) {
            return err!(OSError, "readline() should have returned a str object, not '{}'", tp_name(*line));
        }
        line
    };
    if expect(*line).len() == 0 {
        drop(this.snapshot.take());
        this.telling.set(this.seekable.get());
        return Ok(None);
    }
    Ok(Some(line))
}

fn repr(v: Value) -> PyResult {
    let this = text(v);
    this.check_attached()?;
    repr_with_name(v, |out| {
        if let Some(m) = protocol::getattr_opt(v, names().mode)? {
            out.push_str(" mode=");
            out.push_pystr(expect(*protocol::repr(*m)?));
        }
        out.push_str(" encoding=");
        out.push_pystr(expect(*protocol::repr(*this.encoding.get_ref())?));
        Ok(())
    })
}

fn delegate(v: Value, name: Value) -> PyResult {
    let buffer = text(v).buffer()?;
    call0(*buffer, name)
}
fn field(v: Value, slot: impl Fn(&TextIo) -> Value, name: Value) -> PyResult {
    let x = slot(text(v));
    if x.is_null() { Err(attributes::no_attribute(v, name)) } else { Ok(x.to_ref()) }
}
fn chunk_size(v: Value) -> PyResult {
    text(v).check_attached()?;
    Ok(int::from_usize(text(v).chunk_size.get()))
}
fn set_chunk_size(v: Value, x: Value) -> PyResult<()> {
    let this = text(v);
    this.check_attached()?;
    if x.is_null() {
        return err!(AttributeError, "cannot delete attribute");
    }
    let n = super::index_i64(x)?;
    if n <= 0 {
        return Err(value_error("a strictly positive integer is required"));
    }
    this.chunk_size.set(n as usize);
    Ok(())
}

pub static TEXT_IO_WRAPPER_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_io.TextIOWrapper",
    doc: "Character and line based layer over a BufferedIOBase object, buffer.\n\nencoding gives the name of the encoding that the stream will be\ndecoded or encoded with. It defaults to locale.getencoding().\n\nerrors determines the strictness of encoding and decoding (see\nhelp(codecs.Codec) or the documentation for codecs.register) and\ndefaults to \"strict\".\n\nnewline controls how line endings are handled. It can be None, '',\n'\\n', '\\r', and '\\r\\n'.",
    base: Some(&TEXT_IO_BASE_TYPE),
    flags: FLAGS,
    text_signature: "(buffer, encoding=None, errors=None, newline=None,\n              line_buffering=False, write_through=False)",
    slots: Slots { new: Some(new), init: Some(init), repr: Some(repr), iternext: Some(iter_next), ..Slots::of::<TextIo>() },
    methods: &[
        MethodDef::new("detach($self, /)", "Separates the stream of bytes and returns it.", |a| text(a[0]).detach()),
        MethodDef::new(
            "reconfigure($self, /, *, encoding=None, errors=None, newline=None,\n            line_buffering=None, write_through=None)",
            "Changes how the stream works.",
            reconfigure,
        ),
        MethodDef::new("write($self, text, /)", "Writes text and returns the number of its characters.", |a| text(a[0]).write(a[1])),
        MethodDef::new("read($self, size=-1, /)", "Reads up to so many characters, or all.", |a| {
            let n = size_arg(a[1])?;
            text(a[0]).read(n)
        }),
        MethodDef::new("readline($self, size=-1, /)", "Reads a line, or as much of it as is asked for.", |a| {
            let n = if a[1].is_null() { -1 } else { super::index_i64(a[1])? };
            text(a[0]).check_attached()?;
            text(a[0]).readline(n)
        }),
        MethodDef::new("fileno($self, /)", "The file descriptor.", |a| delegate(a[0], names().fileno)),
        MethodDef::new("seekable($self, /)", "Whether the stream of bytes can be positioned.", |a| delegate(a[0], names().seekable)),
        MethodDef::new("readable($self, /)", "Whether the stream of bytes can be read.", |a| delegate(a[0], names().readable)),
        MethodDef::new("writable($self, /)", "Whether the stream of bytes can be written.", |a| delegate(a[0], names().writable)),
        MethodDef::new("isatty($self, /)", "Whether the stream of bytes is a terminal.", |a| delegate(a[0], names().isatty)),
        MethodDef::new("flush($self, /)", "Writes out what is gathered.", |a| {
            text(a[0]).flush()?;
            Ok(Ref::NONE)
        }),
        MethodDef::new("close($self, /)", "Writes out what is gathered and closes the stream of bytes.", |a| text(a[0]).close()),
        MethodDef::new("seek($self, cookie, whence=os.SEEK_SET, /)", "Moves to a position that tell() gave, or to start or end.", |a| {
            let whence = c_int_arg(a[2], 0)?;
            text(a[0]).seek(a[0], a[1], whence)
        }),
        MethodDef::new("tell($self, /)", "The position as a number for seek().", |a| text(a[0]).tell(a[0])),
        MethodDef::new("truncate($self, pos=None, /)", "Changes the size of the stream of bytes.", |a| {
            text(a[0]).check_attached()?;
            call0(a[0], names().flush)?;
            let buffer = text(a[0]).buffer()?;
            protocol::call_method(*buffer, names().truncate, &[a[1].or(Value::NONE)])
        }),
        MethodDef::new("__getstate__($self, /)", "", cannot_pickle),
    ],
    getset: &[
        GetSetDef::ro("name", "", |v| protocol::getattr(*text(v).buffer()?, names().name)),
        GetSetDef::ro("closed", "", |v| {
            let this = text(v);
            this.check_attached()?;
            if this.buffer.get().is_exact::<FileIo>() {
                return Ok(Ref::bool(this.is_closed()?));
            }
            protocol::getattr(*this.buffer()?, names().closed)
        }),
        GetSetDef::ro("newlines", "", |v| {
            text(v).check_attached()?;
            Ok(text(v).decoder().and_then(|d| d.newlines.as_ref().map(|n| n.seen())).unwrap_or(Ref::NONE))
        }),
        GetSetDef::ro("errors", "", |v| {
            text(v).check_attached()?;
            Ok(text(v).errors.get_ref())
        }),
        GetSetDef::rw("_CHUNK_SIZE", "", chunk_size, set_chunk_size),
    ],
    members: &[
        MemberDef { name: "encoding", doc: "", get: |v| field(v, |t| t.encoding.get(), names().encoding), set: None },
        MemberDef {
            name: "buffer",
            doc: "",
            get: |v| field(v, |t| t.buffer.get(), *strings::intern_str("buffer")),
            set: None,
        },
        MemberDef { name: "line_buffering", doc: "", get: |v| Ok(Ref::bool(text(v).line_buffering.get())), set: None },
        MemberDef { name: "write_through", doc: "", get: |v| Ok(Ref::bool(text(v).write_through.get())), set: None },
        MemberDef {
            name: "_finalizing",
            doc: "",
            get: |v| Ok(Ref::bool(text(v).finalizing.get())),
            set: Some(|v, x| {
                text(v).finalizing.set(!x.is_null() && protocol::is_true(x)?);
                Ok(())
            }),
        },
    ],
    ..TypeSpec::of::<TextIo>()
});
