//! `BufferedReader`, `BufferedWriter`, `BufferedRandom` and `BufferedRWPair` as types.

use super::base::{BUFFERED_IO_BASE_TYPE, FLAGS};
use super::buffered::{Buffered, BufferedRandom, BufferedReader, BufferedWriter, buffered};
use super::{
    c_int_arg, call0, cannot_pickle, fileio, int_arg, repr_with_name, require_readable, require_seekable, require_writable, size_arg,
    value_error,
};
use taipan_objects::err::PyResult;
use taipan_objects::names::names;
use taipan_objects::native::{GetSetDef, MemberDef, MethodDef, Signature};
use taipan_objects::object::{Header, alloc, instance};
use taipan_objects::typeobject::{Slots, Type, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{attributes, bytes, err, int, native_class, protocol};

fn buffer_size(v: Value) -> PyResult<i64> {
    int_arg(v, super::DEFAULT_BUFFER_SIZE as i64)
}

fn init(v: Value, a: &[Value], readable: bool, writable: bool, ty: Type) -> PyResult<()> {
    let this = buffered(v);
    this.ok.set(false);
    this.detached.set(false);
    let size = buffer_size(a[1])?;
    let raw = a[0];
    if !raw.is_exact::<fileio::FileIo>() {
        if readable && writable {
            require_seekable(raw)?;
        }
        if readable {
            require_readable(raw)?;
        }
        if writable {
            require_writable(raw)?;
        }
    } else {
        let check = |name: Value, message: &str| {
            if protocol::is_true(*call0(raw, name)?)? { Ok(()) } else { Err(super::unsupported(message)) }
        };
        let n = names();
        if readable && writable {
            check(n.seekable, "File or stream is not seekable.")?;
        }
        if readable {
            check(n.readable, "File or stream is not readable.")?;
        }
        if writable {
            check(n.writable, "File or stream is not writable.")?;
        }
    }
    this.start(raw, size, readable, writable, v.ty().is(ty))
}

macro_rules! constructors {
    ($layout:ident, $ty:ident, $signature:literal, $readable:literal, $writable:literal, $new:ident, $init:ident) => {
        fn $new(ty: Type, _args: &[Value], _kwnames: Value) -> PyResult {
            Ok(alloc(ty, $layout(Buffered::new(Header::new(ty)))))
        }
        fn $init(v: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
            static S: Signature = Signature::new($signature);
            S.bind(args, kwnames, |a| init(v, a, $readable, $writable, &$ty))
        }
    };
}
constructors!(BufferedReader, BUFFERED_READER_TYPE, "BufferedReader(raw, buffer_size=DEFAULT_BUFFER_SIZE)", true, false, new_reader, init_reader);
constructors!(BufferedWriter, BUFFERED_WRITER_TYPE, "BufferedWriter(raw, buffer_size=DEFAULT_BUFFER_SIZE)", false, true, new_writer, init_writer);
constructors!(BufferedRandom, BUFFERED_RANDOM_TYPE, "BufferedRandom(raw, buffer_size=DEFAULT_BUFFER_SIZE)", true, true, new_random, init_random);

/// A buffer around a raw stream: of the given kind, as `open` makes it.
pub(super) fn make(raw: Value, size: i64, readable: bool, writable: bool) -> PyResult {
    let (ty, r): (Type, Ref) = match (readable, writable) {
        (true, true) => (&BUFFERED_RANDOM_TYPE, new_random(&BUFFERED_RANDOM_TYPE, &[], Value::NULL)?),
        (true, false) => (&BUFFERED_READER_TYPE, new_reader(&BUFFERED_READER_TYPE, &[], Value::NULL)?),
        _ => (&BUFFERED_WRITER_TYPE, new_writer(&BUFFERED_WRITER_TYPE, &[], Value::NULL)?),
    };
    init(*r, &[raw, *int::from_i64(size)], readable, writable, ty)?;
    Ok(r)
}

/// The native buffer behind a value, if it is exactly of one of the three types.
pub(super) fn exact(v: Value) -> Option<&'static Buffered> {
    if !v.is_heap() {
        return None;
    }
    let ty = v.ty();
    if ty.is(&BUFFERED_WRITER_TYPE) || ty.is(&BUFFERED_READER_TYPE) || ty.is(&BUFFERED_RANDOM_TYPE) { Some(buffered(v)) } else { None }
}

fn repr(v: Value) -> PyResult {
    repr_with_name(v, |_| Ok(()))
}
fn iter_next(v: Value) -> PyResult<Option<Ref>> {
    let this = buffered(v);
    this.check_ready()?;
    let ty = v.ty();
    let line = if ty.is(&BUFFERED_READER_TYPE) || ty.is(&BUFFERED_RANDOM_TYPE) {
        this.readline(-1)?
    } else {
        let line = call0(v, names().readline)?;
        if !bytes::is_bytes(*line) {
            return err!(OSError, "readline() should have returned a bytes object, not '{}'", super::tp_name(*line));
        }
        line
    };
    Ok(if bytes::as_bytes(&line).is_some_and(|d| d.is_empty()) { None } else { Some(line) })
}

fn seek(a: &[Value]) -> PyResult {
    buffered(a[0]).seek(a[1], c_int_arg(a[2], 0)?)
}
fn truncate(a: &[Value]) -> PyResult {
    buffered(a[0]).truncate(a[1].or(Value::NONE))
}
fn read(a: &[Value]) -> PyResult {
    buffered(a[0]).read(size_arg(a[1])?)
}
fn write(a: &[Value]) -> PyResult {
    buffered(a[0]).check_ready()?;
    if let Some(d) = bytes::as_bytes(&a[1]) {
        return Ok(int::from_usize(buffered(a[0]).write(d)?));
    }
    let b = fileio::source(a[1])?;
    // SAFETY: the buffer is held during the call.
    Ok(int::from_usize(buffered(a[0]).write(unsafe { b.bytes() })?))
}
fn closed(v: Value) -> PyResult {
    let raw = buffered(v).raw()?;
    protocol::getattr(*raw, names().closed)
}
fn raw_of(v: Value) -> PyResult {
    let raw = buffered(v).raw.get_ref();
    if raw.is_null() { Err(attributes::no_attribute(v, names().raw)) } else { Ok(raw) }
}
fn delegate(v: Value, name: Value) -> PyResult {
    let raw = buffered(v).raw()?;
    call0(*raw, name)
}

/// Methods of all three, with those of the single types before them.
macro_rules! methods {
    ($($own:expr),* $(,)?) => {
        &[
            $($own,)*
            MethodDef::new("detach($self, /)", "Separates the raw stream from the buffer and returns it.", |a| buffered(a[0]).detach()),
            MethodDef::new("close($self, /)", "Writes out what is left and closes the raw stream.", |a| buffered(a[0]).close()),
            MethodDef::new("seekable($self, /)", "Whether the raw stream can be positioned.", |a| delegate(a[0], names().seekable)),
            MethodDef::new("fileno($self, /)", "The raw stream's file descriptor.", |a| delegate(a[0], names().fileno)),
            MethodDef::new("isatty($self, /)", "Whether the raw stream is a terminal.", |a| delegate(a[0], names().isatty)),
            MethodDef::new("_dealloc_warn($self, source, /)", "", |a| {
                let this = buffered(a[0]);
                if this.ok.get() && !this.raw.is_null() {
                    super::buffered::warn_raw(*this.raw.get_ref(), a[1]);
                }
                Ok(Ref::NONE)
            }),
            MethodDef::new("seek($self, target, whence=0, /)", "Moves to a position and returns it.", seek),
            MethodDef::new("tell($self, /)", "The current position.", |a| Ok(int::from_i64(buffered(a[0]).tell()?))),
            MethodDef::new("truncate($self, pos=None, /)", "Changes the size of the raw stream.", truncate),
            MethodDef::new("__sizeof__($self, /)", "Size in memory, in bytes.", |a| {
                Ok(int::from_usize(size_of::<Buffered>() + 32 + buffered(a[0]).memory_size()))
            }),
            MethodDef::new("__getstate__($self, /)", "", cannot_pickle),
        ]
    };
}
const READABLE: MethodDef =
    MethodDef::new("readable($self, /)", "Whether the raw stream can be read.", |a| delegate(a[0], names().readable));
const WRITABLE: MethodDef =
    MethodDef::new("writable($self, /)", "Whether the raw stream can be written.", |a| delegate(a[0], names().writable));
const PEEK: MethodDef = MethodDef::new("peek($self, size=0, /)", "Bytes that come next, at least one if not at the end; the position stays.", |a| {
    int_arg(a[1], 0)?;
    buffered(a[0]).peek()
});
const READ: MethodDef = MethodDef::new("read($self, size=-1, /)", "Reads up to so many bytes, or all.", read);
const READ1: MethodDef =
    MethodDef::new("read1($self, size=-1, /)", "Reads up to so many bytes with at most one call of the raw stream.", |a| {
        buffered(a[0]).read1(int_arg(a[1], -1)?)
    });
const READINTO: MethodDef =
    MethodDef::new("readinto($self, buffer, /)", "Reads into a buffer.", |a| buffered(a[0]).readinto(a[1], false));
const READINTO1: MethodDef = MethodDef::new("readinto1($self, buffer, /)", "Reads into a buffer with at most one call of the raw stream.", |a| {
    buffered(a[0]).readinto(a[1], true)
});
const READLINE: MethodDef =
    MethodDef::new("readline($self, size=-1, /)", "Reads a line, or as many bytes of it as are asked for.", |a| {
        let n = size_arg(a[1])?;
        buffered(a[0]).readline(n)
    });
const WRITE: MethodDef = MethodDef::new("write($self, buffer, /)", "Writes bytes and returns their number.", write);
const FLUSH: MethodDef = MethodDef::new("flush($self, /)", "Writes out what is left in the buffer.", |a| {
    buffered(a[0]).flush()?;
    Ok(Ref::NONE)
});
const RAW_FLUSH: MethodDef =
    MethodDef::new("flush($self, /)", "Flushes the raw stream.", |a| delegate(a[0], names().flush));

static MEMBERS: &[MemberDef] = &[
    MemberDef { name: "raw", doc: "", get: raw_of, set: None },
    MemberDef {
        name: "_finalizing",
        doc: "",
        get: |v| Ok(Ref::bool(buffered(v).finalizing.get())),
        set: Some(|v, x| {
            buffered(v).finalizing.set(!x.is_null() && protocol::is_true(x)?);
            Ok(())
        }),
    },
];
static GETSET: &[GetSetDef] = &[
    GetSetDef::ro("closed", "", closed),
    GetSetDef::ro("name", "", |v| protocol::getattr(*buffered(v).raw()?, names().name)),
    GetSetDef::ro("mode", "", |v| protocol::getattr(*buffered(v).raw()?, names().mode)),
];

pub static BUFFERED_READER_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_io.BufferedReader",
    doc: "Create a new buffered reader using the given readable raw IO object.",
    base: Some(&BUFFERED_IO_BASE_TYPE),
    flags: FLAGS,
    text_signature: "(raw, buffer_size=DEFAULT_BUFFER_SIZE)",
    slots: Slots { new: Some(new_reader), init: Some(init_reader), repr: Some(repr), iternext: Some(iter_next), ..Slots::of::<BufferedReader>() },
    methods: methods![RAW_FLUSH, READABLE, PEEK, READ, READ1, READINTO, READINTO1, READLINE],
    members: MEMBERS,
    getset: GETSET,
    ..TypeSpec::of::<BufferedReader>()
});
pub static BUFFERED_WRITER_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_io.BufferedWriter",
    doc: "A buffer for a writeable sequential RawIO object.\n\nThe constructor creates a BufferedWriter for the given writeable raw\nstream. If the buffer_size is not given, it defaults to\nDEFAULT_BUFFER_SIZE.",
    base: Some(&BUFFERED_IO_BASE_TYPE),
    flags: FLAGS,
    text_signature: "(raw, buffer_size=DEFAULT_BUFFER_SIZE)",
    slots: Slots { new: Some(new_writer), init: Some(init_writer), repr: Some(repr), ..Slots::of::<BufferedWriter>() },
    methods: methods![WRITABLE, FLUSH, WRITE],
    members: MEMBERS,
    getset: GETSET,
    ..TypeSpec::of::<BufferedWriter>()
});
pub static BUFFERED_RANDOM_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_io.BufferedRandom",
    doc: "A buffered interface to random access streams.\n\nThe constructor creates a reader and writer for a seekable stream,\nraw, given in the first argument. If the buffer_size is omitted it\ndefaults to DEFAULT_BUFFER_SIZE.",
    base: Some(&BUFFERED_IO_BASE_TYPE),
    flags: FLAGS,
    text_signature: "(raw, buffer_size=DEFAULT_BUFFER_SIZE)",
    slots: Slots { new: Some(new_random), init: Some(init_random), repr: Some(repr), iternext: Some(iter_next), ..Slots::of::<BufferedRandom>() },
    methods: methods![READABLE, WRITABLE, FLUSH, PEEK, READ, READ1, READINTO, READINTO1, READLINE, WRITE],
    members: MEMBERS,
    getset: GETSET,
    ..TypeSpec::of::<BufferedRandom>()
});

// ---------------------------------------------------------------- a reader and a writer

native_class!(Pair, BUFFERED_RW_PAIR_TYPE { reader, writer; });

fn new_pair(ty: Type, _args: &[Value], _kwnames: Value) -> PyResult {
    use taipan_objects::value::Slot;
    Ok(alloc(ty, Pair { header: Header::new(ty), reader: Slot::null(), writer: Slot::null() }))
}
fn init_pair(v: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    static S: Signature = Signature::new("BufferedRWPair(reader, writer, buffer_size=DEFAULT_BUFFER_SIZE, /)");
    S.bind(args, kwnames, |a| {
        require_readable(a[0])?;
        require_writable(a[1])?;
        let size = buffer_size(a[2])?;
        let this = instance::<Pair>(v);
        this.reader.set(make(a[0], size, true, false)?);
        this.writer.set(make(a[1], size, false, true)?);
        Ok(())
    })
}
fn reader(v: Value) -> PyResult {
    let r = instance::<Pair>(v).reader.get_ref();
    if r.is_null() { Err(value_error("I/O operation on uninitialized object")) } else { Ok(r) }
}
fn writer(v: Value) -> PyResult {
    let r = instance::<Pair>(v).writer.get_ref();
    if r.is_null() { Err(value_error("I/O operation on uninitialized object")) } else { Ok(r) }
}
macro_rules! pass_on {
    ($half:ident, $name:ident) => {
        MethodDef::raw(stringify!($name), "", |a, kw| {
            let half = $half(a[0])?;
            let f = protocol::getattr(*half, names().$name)?;
            protocol::call_kw(*f, &a[1..], kw)
        })
    };
    ($half:ident, $name:ident, $signature:literal) => {
        MethodDef::new($signature, "", |a| {
            let half = $half(a[0])?;
            call0(*half, names().$name)
        })
    };
}

pub static BUFFERED_RW_PAIR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_io.BufferedRWPair",
    doc: "A buffered reader and writer object together.\n\nA buffered reader object and buffered writer object put together to\nform a sequential IO object that can read and write. This is typically\nused with a socket or two-way pipe.\n\nreader and writer are RawIOBase objects that are readable and\nwriteable respectively. If the buffer_size is omitted it defaults to\nDEFAULT_BUFFER_SIZE.",
    base: Some(&BUFFERED_IO_BASE_TYPE),
    flags: FLAGS,
    text_signature: "(reader, writer, buffer_size=DEFAULT_BUFFER_SIZE, /)",
    slots: Slots { new: Some(new_pair), init: Some(init_pair), ..Slots::of::<Pair>() },
    methods: &[
        pass_on!(reader, read),
        pass_on!(reader, peek),
        pass_on!(reader, read1),
        pass_on!(reader, readinto),
        pass_on!(reader, readinto1),
        pass_on!(writer, write),
        pass_on!(writer, flush, "flush($self, /)"),
        pass_on!(reader, readable, "readable($self, /)"),
        pass_on!(writer, writable, "writable($self, /)"),
        MethodDef::new("close($self, /)", "Closes both.", |a| {
            let first = writer(a[0]).and_then(|w| call0(*w, names().close));
            super::both(first, || call0(*reader(a[0])?, names().close))
        }),
        MethodDef::new("isatty($self, /)", "Whether one of both is a terminal.", |a| {
            let r = call0(*writer(a[0])?, names().isatty)?;
            if r.is(Value::FALSE) { call0(*reader(a[0])?, names().isatty) } else { Ok(r) }
        }),
    ],
    getset: &[GetSetDef::ro("closed", "", |v| {
        let w = instance::<Pair>(v).writer.get_ref();
        if w.is_null() {
            return err!(RuntimeError, "the BufferedRWPair object is being garbage-collected");
        }
        protocol::getattr(*w, names().closed)
    })],
    ..TypeSpec::of::<Pair>()
});
