//! CPython's marshal format, version 5, and the header of `.pyc` files.
//!
//! Reading is independent of what is built: a [`Builder`] makes the values, so that the same reader
//! serves code objects here and live objects elsewhere.
//!
//! Invariant: no input makes the reader panic, recurse more than [`MAX_DEPTH`] levels, or allocate
//! more than in proportion to the input and what its references repeat.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use dashu_int::ops::BitTest;
use dashu_int::{IBig, Sign, UBig};

use crate::code::{Code, Const};
use crate::text::Str;

/// The newest version, which is written by default.
pub const VERSION: i32 = 5;
/// First four bytes of a `.pyc` file of CPython 3.14: 3627 and a line end.
pub const MAGIC: [u8; 4] = [0x2B, 0x0E, 0x0D, 0x0A];
/// How deep objects may nest.
pub const MAX_DEPTH: usize = 2000;

/// Bit of a type code: the object gets the next reference number.
pub const FLAG_REF: u8 = 0x80;

/// Type codes.
pub mod tag {
    #![allow(missing_docs)]
    pub const NULL: u8 = b'0';
    pub const NONE: u8 = b'N';
    pub const FALSE: u8 = b'F';
    pub const TRUE: u8 = b'T';
    pub const STOPITER: u8 = b'S';
    pub const ELLIPSIS: u8 = b'.';
    pub const INT: u8 = b'i';
    pub const INT64: u8 = b'I';
    pub const FLOAT: u8 = b'f';
    pub const BINARY_FLOAT: u8 = b'g';
    pub const COMPLEX: u8 = b'x';
    pub const BINARY_COMPLEX: u8 = b'y';
    pub const LONG: u8 = b'l';
    pub const STRING: u8 = b's';
    pub const INTERNED: u8 = b't';
    pub const REF: u8 = b'r';
    pub const TUPLE: u8 = b'(';
    pub const SMALL_TUPLE: u8 = b')';
    pub const LIST: u8 = b'[';
    pub const DICT: u8 = b'{';
    pub const CODE: u8 = b'c';
    pub const UNICODE: u8 = b'u';
    pub const UNKNOWN: u8 = b'?';
    pub const SET: u8 = b'<';
    pub const FROZENSET: u8 = b'>';
    pub const SLICE: u8 = b':';
    pub const ASCII: u8 = b'a';
    pub const ASCII_INTERNED: u8 = b'A';
    pub const SHORT_ASCII: u8 = b'z';
    pub const SHORT_ASCII_INTERNED: u8 = b'Z';
}

/// Why reading or writing failed; each kind is one of Python's exceptions.
#[derive(Clone, Debug, PartialEq)]
pub enum MarshalError {
    /// EOFError
    Eof(&'static str),
    /// ValueError
    Value(String),
    /// TypeError
    Type(String),
    /// Raised by the builder; it keeps the exception itself.
    Builder,
}

impl MarshalError {
    fn bad(what: &str) -> MarshalError {
        MarshalError::Value(format!("bad marshal data ({what})"))
    }

    fn null(what: &str) -> MarshalError {
        MarshalError::Type(format!("NULL object in marshal data for {what}"))
    }
}

impl fmt::Display for MarshalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MarshalError::Eof(text) => f.write_str(text),
            MarshalError::Value(text) | MarshalError::Type(text) => f.write_str(text),
            MarshalError::Builder => f.write_str("building the object failed"),
        }
    }
}

impl std::error::Error for MarshalError {}

type Result<T> = std::result::Result<T, MarshalError>;

/// A mutable container that is being read, so that its items can refer to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Container {
    /// A list
    List,
    /// A dict
    Dict,
    /// A set
    Set,
}

/// The fields of a code object as they were read.
pub struct CodeFields<V> {
    /// `co_argcount`
    pub argcount: i32,
    /// `co_posonlyargcount`
    pub posonlyargcount: i32,
    /// `co_kwonlyargcount`
    pub kwonlyargcount: i32,
    /// `co_stacksize`
    pub stacksize: i32,
    /// `co_flags`
    pub flags: i32,
    /// `co_code`
    pub code: V,
    /// `co_consts`
    pub consts: V,
    /// `co_names`
    pub names: V,
    /// Names of all locals.
    pub localsplusnames: V,
    /// Kinds of all locals.
    pub localspluskinds: V,
    /// `co_filename`
    pub filename: V,
    /// `co_name`
    pub name: V,
    /// `co_qualname`
    pub qualname: V,
    /// `co_firstlineno`
    pub firstlineno: i32,
    /// `co_linetable`
    pub linetable: V,
    /// `co_exceptiontable`
    pub exceptiontable: V,
}

/// Makes values from what the reader finds.
#[allow(missing_docs)]
pub trait Builder {
    type Value;

    fn none(&mut self) -> Result<Self::Value>;
    fn bool(&mut self, value: bool) -> Result<Self::Value>;
    fn ellipsis(&mut self) -> Result<Self::Value>;
    fn stop_iteration(&mut self) -> Result<Self::Value>;
    fn int(&mut self, value: i64) -> Result<Self::Value>;
    fn big(&mut self, value: IBig) -> Result<Self::Value>;
    fn float(&mut self, value: f64) -> Result<Self::Value>;
    fn complex(&mut self, real: f64, imag: f64) -> Result<Self::Value>;
    fn bytes(&mut self, value: &[u8]) -> Result<Self::Value>;
    /// The bytes are ASCII.
    fn ascii(&mut self, value: &[u8], interned: bool) -> Result<Self::Value>;
    /// UTF-8 that may also encode lone surrogates; not checked yet.
    fn unicode(&mut self, value: &[u8], interned: bool) -> Result<Self::Value>;
    fn tuple(&mut self, items: Vec<Self::Value>) -> Result<Self::Value>;
    fn frozenset(&mut self, items: Vec<Self::Value>) -> Result<Self::Value>;
    fn slice(
        &mut self,
        start: Self::Value,
        stop: Self::Value,
        step: Self::Value,
    ) -> Result<Self::Value>;
    fn code(&mut self, fields: CodeFields<Self::Value>) -> Result<Self::Value>;
    /// An empty container to which its items may refer, or None when the builder knows no such references.
    fn start(&mut self, kind: Container) -> Result<Option<Self::Value>>;
    /// Fills what `start` gave, or makes the container. The items of a dict are keys and values in turn.
    fn finish(
        &mut self,
        kind: Container,
        started: Option<Self::Value>,
        items: Vec<Self::Value>,
    ) -> Result<Self::Value>;
    /// One more use of a value that was read before.
    fn share(&mut self, value: &Self::Value) -> Result<Self::Value>;
}

/// Reads objects from a buffer.
pub struct Reader<'a, B: Builder> {
    data: &'a [u8],
    pos: usize,
    depth: usize,
    allow_code: bool,
    refs: Vec<Option<B::Value>>,
    /// What makes the values.
    pub builder: B,
}

impl<'a, B: Builder> Reader<'a, B> {
    /// Reads from the start of `data`.
    pub fn new(data: &'a [u8], builder: B) -> Reader<'a, B> {
        Reader {
            data,
            pos: 0,
            depth: 0,
            allow_code: true,
            refs: Vec::new(),
            builder,
        }
    }

    /// Whether code objects may appear (they may unless this says otherwise).
    pub fn allow_code(mut self, allow: bool) -> Self {
        self.allow_code = allow;
        self
    }

    /// How many bytes have been used.
    pub fn position(&self) -> usize {
        self.pos
    }

    /// Reads one object; what follows it is left alone.
    pub fn read(&mut self) -> Result<B::Value> {
        self.object()?.ok_or_else(|| MarshalError::null("object"))
    }

    fn byte(&mut self) -> Result<u8> {
        let byte = *self
            .data
            .get(self.pos)
            .ok_or(MarshalError::Eof("EOF read where object expected"))?;
        self.pos += 1;
        Ok(byte)
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        if self.data.len() - self.pos < count {
            return Err(MarshalError::Eof("marshal data too short"));
        }
        let bytes = &self.data[self.pos..self.pos + count];
        self.pos += count;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    fn long(&mut self) -> Result<i32> {
        Ok(i32::from_le_bytes(self.array()?))
    }

    fn size(&mut self, what: &str) -> Result<usize> {
        usize::try_from(self.long()?).map_err(|_| MarshalError::bad(what))
    }

    fn float_text(&mut self) -> Result<f64> {
        let count = self.byte()? as usize;
        let text = std::str::from_utf8(self.take(count)?).ok();
        text.and_then(|text| text.trim().parse().ok())
            .ok_or_else(|| MarshalError::Value("could not convert string to float".into()))
    }

    fn reserve(&mut self, flagged: bool) -> Option<usize> {
        flagged.then(|| {
            self.refs.push(None);
            self.refs.len() - 1
        })
    }

    fn register(&mut self, index: Option<usize>, value: B::Value) -> Result<B::Value> {
        if let Some(index) = index {
            self.refs[index] = Some(self.builder.share(&value)?);
        }
        Ok(value)
    }

    /// None is the null that ends a dict.
    fn object(&mut self) -> Result<Option<B::Value>> {
        let code = self.byte()?;
        if self.depth >= MAX_DEPTH {
            return Err(MarshalError::Value("recursion limit exceeded".into()));
        }
        let flagged = code & FLAG_REF != 0;
        let code = code & !FLAG_REF;
        match code {
            tag::NULL => return Ok(None),
            tag::NONE => return self.builder.none().map(Some),
            tag::FALSE => return self.builder.bool(false).map(Some),
            tag::TRUE => return self.builder.bool(true).map(Some),
            tag::STOPITER => return self.builder.stop_iteration().map(Some),
            tag::ELLIPSIS => return self.builder.ellipsis().map(Some),
            tag::REF => return self.reference().map(Some),
            _ => {}
        }
        self.depth += 1;
        let index = self.reserve(flagged);
        let value = match code {
            tag::TUPLE | tag::SMALL_TUPLE | tag::FROZENSET | tag::LIST | tag::SET | tag::DICT => {
                self.collection(code, index)
            }
            tag::CODE => self.code(),
            tag::SLICE => self.slice(),
            _ => self.scalar(code),
        }?;
        self.depth -= 1;
        self.register(index, value).map(Some)
    }

    fn reference(&mut self) -> Result<B::Value> {
        let index = self.long()?;
        match usize::try_from(index)
            .ok()
            .and_then(|index| self.refs.get(index))
        {
            Some(Some(value)) => self.builder.share(value),
            _ => Err(MarshalError::bad("invalid reference")),
        }
    }

    #[inline(never)]
    fn scalar(&mut self, code: u8) -> Result<B::Value> {
        match code {
            tag::INT => {
                let value = self.long()?;
                self.builder.int(value as i64)
            }
            tag::INT64 => {
                let value = i64::from_le_bytes(self.array()?);
                self.builder.int(value)
            }
            tag::LONG => {
                let value = self.big()?;
                self.builder.big(value)
            }
            tag::FLOAT => {
                let value = self.float_text()?;
                self.builder.float(value)
            }
            tag::BINARY_FLOAT => {
                let value = f64::from_le_bytes(self.array()?);
                self.builder.float(value)
            }
            tag::COMPLEX => {
                let real = self.float_text()?;
                let imag = self.float_text()?;
                self.builder.complex(real, imag)
            }
            tag::BINARY_COMPLEX => {
                let real = f64::from_le_bytes(self.array()?);
                let imag = f64::from_le_bytes(self.array()?);
                self.builder.complex(real, imag)
            }
            tag::STRING => {
                let count = self.size("bytes object size out of range")?;
                let bytes = self.take(count)?;
                self.builder.bytes(bytes)
            }
            tag::ASCII | tag::ASCII_INTERNED => {
                let count = self.size("string size out of range")?;
                self.ascii(count, code == tag::ASCII_INTERNED)
            }
            tag::SHORT_ASCII | tag::SHORT_ASCII_INTERNED => {
                let count = self.byte()? as usize;
                self.ascii(count, code == tag::SHORT_ASCII_INTERNED)
            }
            tag::UNICODE | tag::INTERNED => {
                let count = self.size("string size out of range")?;
                let bytes = self.take(count)?;
                self.builder.unicode(bytes, code == tag::INTERNED)
            }
            _ => Err(MarshalError::bad("unknown type code")),
        }
    }

    /// CPython takes bytes from 128 up for Latin-1 here, so do we.
    fn ascii(&mut self, count: usize, interned: bool) -> Result<B::Value> {
        let bytes = self.take(count)?;
        if bytes.is_ascii() {
            return self.builder.ascii(bytes, interned);
        }
        let text: String = bytes.iter().map(|&byte| byte as char).collect();
        self.builder.unicode(text.as_bytes(), interned)
    }

    fn big(&mut self) -> Result<IBig> {
        let count = self.long()?;
        if count == i32::MIN {
            return Err(MarshalError::bad("long size out of range"));
        }
        let digits = self.take(count.unsigned_abs() as usize * 2)?;
        let mut bytes = Vec::with_capacity(digits.len() + 1);
        let (mut held, mut bits) = (0u32, 0);
        let mut last = 1;
        for pair in digits.chunks_exact(2) {
            let digit = u16::from_le_bytes([pair[0], pair[1]]);
            if digit > 0x7FFF {
                return Err(MarshalError::bad("digit out of range in long"));
            }
            last = digit;
            held |= (digit as u32) << bits;
            bits += 15;
            while bits >= 8 {
                bytes.push(held as u8);
                held >>= 8;
                bits -= 8;
            }
        }
        if last == 0 {
            return Err(MarshalError::bad("unnormalized long data"));
        }
        bytes.push(held as u8);
        let sign = if count < 0 {
            Sign::Negative
        } else {
            Sign::Positive
        };
        Ok(IBig::from_parts(sign, UBig::from_le_bytes(&bytes)))
    }

    #[inline(never)]
    fn items(&mut self, count: usize, what: &str) -> Result<Vec<B::Value>> {
        // A count is not to be trusted: every item takes at least one byte.
        let mut items = Vec::with_capacity(count.min(self.data.len() - self.pos));
        for _ in 0..count {
            items.push(self.object()?.ok_or_else(|| MarshalError::null(what))?);
        }
        Ok(items)
    }

    #[inline(never)]
    fn collection(&mut self, code: u8, index: Option<usize>) -> Result<B::Value> {
        let kind = match code {
            tag::LIST => Container::List,
            tag::SET => Container::Set,
            tag::DICT => Container::Dict,
            tag::FROZENSET => {
                let count = self.size("set size out of range")?;
                let items = self.items(count, "set")?;
                return self.builder.frozenset(items);
            }
            _ => {
                let count = match code {
                    tag::SMALL_TUPLE => self.byte()? as usize,
                    _ => self.size("tuple size out of range")?,
                };
                let items = self.items(count, "tuple")?;
                return self.builder.tuple(items);
            }
        };
        let started = self.builder.start(kind)?;
        if let (Some(index), Some(started)) = (index, &started) {
            self.refs[index] = Some(self.builder.share(started)?);
        }
        let items = match kind {
            Container::List => {
                let count = self.size("list size out of range")?;
                self.items(count, "list")?
            }
            Container::Set => {
                let count = self.size("set size out of range")?;
                self.items(count, "set")?
            }
            Container::Dict => {
                let mut items = Vec::new();
                while let Some(key) = self.object()? {
                    let Some(value) = self.object()? else { break };
                    items.push(key);
                    items.push(value);
                }
                items
            }
        };
        self.builder.finish(kind, started, items)
    }

    #[inline(never)]
    fn slice(&mut self) -> Result<B::Value> {
        let start = self.read()?;
        let stop = self.read()?;
        let step = self.read()?;
        self.builder.slice(start, stop, step)
    }

    #[inline(never)]
    fn code(&mut self) -> Result<B::Value> {
        if !self.allow_code {
            return Err(MarshalError::Value(
                "unmarshalling code objects is disallowed".into(),
            ));
        }
        let fields = CodeFields {
            argcount: self.long()?,
            posonlyargcount: self.long()?,
            kwonlyargcount: self.long()?,
            stacksize: self.long()?,
            flags: self.long()?,
            code: self.read()?,
            consts: self.read()?,
            names: self.read()?,
            localsplusnames: self.read()?,
            localspluskinds: self.read()?,
            filename: self.read()?,
            name: self.read()?,
            qualname: self.read()?,
            firstlineno: self.long()?,
            linetable: self.read()?,
            exceptiontable: self.read()?,
        };
        self.builder.code(fields)
    }
}

/// Builds [`Const`] values.
pub struct ConstBuilder {
    /// Strings seen, so that equal ones share memory.
    strings: HashMap<Box<[u8]>, Str>,
    /// How many values references may still repeat.
    budget: usize,
}

/// References to large constants, each of which is a copy here, could make a small file huge.
const REPEAT_LIMIT: usize = 10_000_000;

impl ConstBuilder {
    /// A builder without strings yet.
    pub fn new() -> ConstBuilder {
        ConstBuilder {
            strings: HashMap::new(),
            budget: REPEAT_LIMIT,
        }
    }

    fn string(&mut self, value: &[u8]) -> Result<Str> {
        if let Some(known) = self.strings.get(value) {
            return Ok(known.clone());
        }
        let text = Str::from_wtf8(value)
            .ok_or_else(|| MarshalError::Value("invalid UTF-8 in marshal data".into()))?;
        self.strings.insert(value.into(), text.clone());
        Ok(text)
    }
}

fn weight(value: &Const) -> usize {
    match value {
        Const::Tuple(items) | Const::FrozenSet(items) | Const::List(items) | Const::Set(items) => {
            items.iter().map(weight).sum::<usize>() + 1
        }
        Const::Dict(items) => {
            items
                .iter()
                .map(|(k, v)| weight(k) + weight(v))
                .sum::<usize>()
                + 1
        }
        Const::Slice(items) => items.iter().map(weight).sum::<usize>() + 1,
        Const::Bytes(bytes) => bytes.len() / 32 + 1,
        Const::Int(value) => value.bit_len() / 256 + 1,
        _ => 1,
    }
}

impl Builder for ConstBuilder {
    type Value = Const;

    fn none(&mut self) -> Result<Const> {
        Ok(Const::None)
    }

    fn bool(&mut self, value: bool) -> Result<Const> {
        Ok(Const::bool(value))
    }

    fn ellipsis(&mut self) -> Result<Const> {
        Ok(Const::Ellipsis)
    }

    fn stop_iteration(&mut self) -> Result<Const> {
        Ok(Const::StopIteration)
    }

    fn int(&mut self, value: i64) -> Result<Const> {
        Ok(Const::int(value))
    }

    fn big(&mut self, value: IBig) -> Result<Const> {
        Ok(Const::Int(value))
    }

    fn float(&mut self, value: f64) -> Result<Const> {
        Ok(Const::Float(value))
    }

    fn complex(&mut self, real: f64, imag: f64) -> Result<Const> {
        Ok(Const::Complex(real, imag))
    }

    fn bytes(&mut self, value: &[u8]) -> Result<Const> {
        Ok(Const::Bytes(value.into()))
    }

    fn ascii(&mut self, value: &[u8], _interned: bool) -> Result<Const> {
        self.string(value).map(Const::Str)
    }

    fn unicode(&mut self, value: &[u8], _interned: bool) -> Result<Const> {
        self.string(value).map(Const::Str)
    }

    fn tuple(&mut self, items: Vec<Const>) -> Result<Const> {
        Ok(Const::Tuple(items.into()))
    }

    fn frozenset(&mut self, items: Vec<Const>) -> Result<Const> {
        Ok(Const::FrozenSet(items.into()))
    }

    fn slice(&mut self, start: Const, stop: Const, step: Const) -> Result<Const> {
        Ok(Const::Slice(Box::new([start, stop, step])))
    }

    fn code(&mut self, fields: CodeFields<Const>) -> Result<Const> {
        fn count(value: i32, what: &str) -> Result<u32> {
            u32::try_from(value)
                .map_err(|_| MarshalError::Value(format!("code: {what} must not be negative")))
        }
        fn wrong(what: &str) -> MarshalError {
            MarshalError::Type(format!("code: {what} has a wrong type"))
        }
        fn bytes(value: Const, what: &str) -> Result<Box<[u8]>> {
            match value {
                Const::Bytes(bytes) => Ok(bytes),
                _ => Err(wrong(what)),
            }
        }
        fn text(value: Const, what: &str) -> Result<Str> {
            match value {
                Const::Str(text) => Ok(text),
                _ => Err(wrong(what)),
            }
        }
        fn tuple(value: Const, what: &str) -> Result<Box<[Const]>> {
            match value {
                Const::Tuple(items) => Ok(items),
                _ => Err(wrong(what)),
            }
        }
        fn texts(value: Const, what: &str) -> Result<Box<[Str]>> {
            tuple(value, what)?
                .into_iter()
                .map(|item| text(item, what))
                .collect()
        }
        Ok(Const::Code(Arc::new(Code {
            argcount: count(fields.argcount, "argcount")?,
            posonlyargcount: count(fields.posonlyargcount, "posonlyargcount")?,
            kwonlyargcount: count(fields.kwonlyargcount, "kwonlyargcount")?,
            stacksize: count(fields.stacksize, "stacksize")?,
            flags: fields.flags as u32,
            code: bytes(fields.code, "code")?,
            consts: tuple(fields.consts, "consts")?,
            names: texts(fields.names, "names")?,
            localsplusnames: texts(fields.localsplusnames, "localsplusnames")?,
            localspluskinds: bytes(fields.localspluskinds, "localspluskinds")?,
            filename: text(fields.filename, "filename")?,
            name: text(fields.name, "name")?,
            qualname: text(fields.qualname, "qualname")?,
            firstlineno: fields.firstlineno,
            linetable: bytes(fields.linetable, "linetable")?,
            exceptiontable: bytes(fields.exceptiontable, "exceptiontable")?,
        })))
    }

    fn start(&mut self, _kind: Container) -> Result<Option<Const>> {
        Ok(None)
    }

    fn finish(
        &mut self,
        kind: Container,
        _started: Option<Const>,
        items: Vec<Const>,
    ) -> Result<Const> {
        Ok(match kind {
            Container::List => Const::List(items.into()),
            Container::Set => Const::Set(items.into()),
            Container::Dict => {
                let mut pairs = Vec::with_capacity(items.len() / 2);
                let mut items = items.into_iter();
                while let (Some(key), Some(value)) = (items.next(), items.next()) {
                    pairs.push((key, value));
                }
                Const::Dict(pairs.into())
            }
        })
    }

    fn share(&mut self, value: &Const) -> Result<Const> {
        self.budget = self
            .budget
            .checked_sub(weight(value))
            .ok_or_else(|| MarshalError::bad("too many repeated references"))?;
        Ok(value.clone())
    }
}

/// Reads one object.
pub fn loads(data: &[u8]) -> Result<Const> {
    Reader::new(data, ConstBuilder::new()).read()
}

/// Reads a code object.
pub fn loads_code(data: &[u8]) -> Result<Arc<Code>> {
    match loads(data)? {
        Const::Code(code) => Ok(code),
        _ => Err(MarshalError::Type(
            "marshal data is not a code object".into(),
        )),
    }
}

/// Writes objects. Whoever walks the objects calls one method for each; containers announce their
/// length and are followed by their items.
pub struct Writer {
    out: Vec<u8>,
    version: i32,
    depth: usize,
    next_ref: u32,
    strings: HashMap<Str, u32>,
    codes: HashMap<*const Code, u32>,
}

impl Writer {
    /// A writer of the given version.
    pub fn new(version: i32) -> Writer {
        Writer {
            out: Vec::new(),
            version,
            depth: 0,
            next_ref: 0,
            strings: HashMap::new(),
            codes: HashMap::new(),
        }
    }

    /// The bytes written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// The version being written.
    pub fn version(&self) -> i32 {
        self.version
    }

    /// The number that the next object written with FLAG_REF gets.
    pub fn take_ref(&mut self) -> u32 {
        self.next_ref += 1;
        self.next_ref - 1
    }

    /// A type code.
    pub fn tag(&mut self, tag: u8) {
        self.out.push(tag);
    }

    /// A 32-bit number.
    pub fn long(&mut self, value: i32) {
        self.out.extend(value.to_le_bytes());
    }

    /// A reference to an object written before.
    pub fn reference(&mut self, index: u32) {
        self.tag(tag::REF);
        self.long(index as i32);
    }

    /// A length; more than 2**31 - 1 cannot be written.
    pub fn size(&mut self, count: usize) -> Result<()> {
        let count = i32::try_from(count)
            .map_err(|_| MarshalError::Value("unmarshallable object".into()))?;
        self.long(count);
        Ok(())
    }

    /// An integer; `flag` is 0 or FLAG_REF, here and below.
    pub fn int(&mut self, value: i64, flag: u8) {
        match i32::try_from(value) {
            Ok(small) => {
                self.tag(tag::INT | flag);
                self.long(small);
            }
            Err(_) => self.big(&IBig::from(value), flag),
        }
    }

    /// An integer of any size.
    pub fn big(&mut self, value: &IBig, flag: u8) {
        if let Ok(small) = i32::try_from(value) {
            self.tag(tag::INT | flag);
            self.long(small);
            return;
        }
        self.tag(tag::LONG | flag);
        let (sign, magnitude) = value.clone().into_parts();
        let bytes = magnitude.to_le_bytes();
        let mut digits = Vec::with_capacity(bytes.len() / 2 + 2);
        let (mut held, mut bits) = (0u32, 0);
        for &byte in bytes.iter() {
            held |= (byte as u32) << bits;
            bits += 8;
            if bits >= 15 {
                digits.push((held & 0x7FFF) as u16);
                held >>= 15;
                bits -= 15;
            }
        }
        if held != 0 {
            digits.push(held as u16);
        }
        while digits.last() == Some(&0) {
            digits.pop();
        }
        let count = digits.len() as i32;
        self.long(if sign == Sign::Negative {
            -count
        } else {
            count
        });
        for digit in digits {
            self.out.extend(digit.to_le_bytes());
        }
    }

    /// A float.
    pub fn float(&mut self, value: f64, flag: u8) {
        self.tag(tag::BINARY_FLOAT | flag);
        self.out.extend(value.to_le_bytes());
    }

    /// A complex number.
    pub fn complex(&mut self, real: f64, imag: f64, flag: u8) {
        self.tag(tag::BINARY_COMPLEX | flag);
        self.out.extend(real.to_le_bytes());
        self.out.extend(imag.to_le_bytes());
    }

    /// Bytes.
    pub fn bytes(&mut self, value: &[u8], flag: u8) -> Result<()> {
        self.tag(tag::STRING | flag);
        self.size(value.len())?;
        self.out.extend(value);
        Ok(())
    }

    /// A string, as UTF-8 that may encode surrogates.
    pub fn text(&mut self, value: &[u8], interned: bool, flag: u8) -> Result<()> {
        if self.version >= 4 && value.is_ascii() {
            if let Ok(count) = u8::try_from(value.len()) {
                self.tag(
                    if interned {
                        tag::SHORT_ASCII_INTERNED
                    } else {
                        tag::SHORT_ASCII
                    } | flag,
                );
                self.out.push(count);
            } else {
                self.tag(
                    if interned {
                        tag::ASCII_INTERNED
                    } else {
                        tag::ASCII
                    } | flag,
                );
                self.size(value.len())?;
            }
        } else {
            self.tag(
                if interned && self.version >= 1 {
                    tag::INTERNED
                } else {
                    tag::UNICODE
                } | flag,
            );
            self.size(value.len())?;
        }
        self.out.extend(value);
        Ok(())
    }

    /// Begins a tuple.
    pub fn tuple(&mut self, count: usize, flag: u8) -> Result<()> {
        match u8::try_from(count) {
            Ok(small) if self.version >= 4 => {
                self.tag(tag::SMALL_TUPLE | flag);
                self.out.push(small);
                Ok(())
            }
            _ => {
                self.tag(tag::TUPLE | flag);
                self.size(count)
            }
        }
    }

    /// Begins a list, set or frozenset (by its type code).
    pub fn sequence(&mut self, tag: u8, count: usize, flag: u8) -> Result<()> {
        self.tag(tag | flag);
        self.size(count)
    }

    /// A constant with everything in it.
    pub fn constant(&mut self, value: &Const) -> Result<()> {
        if self.depth >= MAX_DEPTH {
            return Err(MarshalError::Value(
                "object too deeply nested to marshal".into(),
            ));
        }
        self.depth += 1;
        match value {
            Const::None => self.tag(tag::NONE),
            Const::True => self.tag(tag::TRUE),
            Const::False => self.tag(tag::FALSE),
            Const::Ellipsis => self.tag(tag::ELLIPSIS),
            Const::StopIteration => self.tag(tag::STOPITER),
            Const::Int(value) => self.big(value, 0),
            Const::Float(value) => self.float(*value, 0),
            Const::Complex(real, imag) => self.complex(*real, *imag, 0),
            Const::Str(text) => self.shared_text(text)?,
            Const::Bytes(bytes) => self.bytes(bytes, 0)?,
            Const::Tuple(items) => {
                self.tuple(items.len(), 0)?;
                self.constants(items)?;
            }
            Const::FrozenSet(items) => {
                self.sequence(tag::FROZENSET, items.len(), 0)?;
                self.constants(items)?;
            }
            Const::List(items) => {
                self.sequence(tag::LIST, items.len(), 0)?;
                self.constants(items)?;
            }
            Const::Set(items) => {
                self.sequence(tag::SET, items.len(), 0)?;
                self.constants(items)?;
            }
            Const::Dict(items) => {
                self.tag(tag::DICT);
                for (key, value) in items {
                    self.constant(key)?;
                    self.constant(value)?;
                }
                self.tag(tag::NULL);
            }
            Const::Slice(parts) => {
                if self.version < 5 {
                    return Err(MarshalError::Value("unmarshallable object".into()));
                }
                self.tag(tag::SLICE);
                self.constants(&parts[..])?;
            }
            Const::Code(code) => match self.codes.get(&Arc::as_ptr(code)) {
                Some(&index) => self.reference(index),
                None => {
                    let mut flag = 0;
                    if self.version >= 3 {
                        let index = self.take_ref();
                        self.codes.insert(Arc::as_ptr(code), index);
                        flag = FLAG_REF;
                    }
                    self.code(code, flag)?;
                }
            },
        }
        self.depth -= 1;
        Ok(())
    }

    fn constants(&mut self, items: &[Const]) -> Result<()> {
        items.iter().try_for_each(|item| self.constant(item))
    }

    /// A string, by reference when it has been written before.
    pub fn shared_text(&mut self, text: &Str) -> Result<()> {
        if self.version < 3 {
            return self.text(text.as_bytes(), false, 0);
        }
        if let Some(&index) = self.strings.get(text) {
            self.reference(index);
            return Ok(());
        }
        let index = self.take_ref();
        self.strings.insert(text.clone(), index);
        self.text(text.as_bytes(), is_identifier_like(text), FLAG_REF)
    }

    fn shared_texts(&mut self, texts: &[Str]) -> Result<()> {
        self.tuple(texts.len(), 0)?;
        texts.iter().try_for_each(|text| self.shared_text(text))
    }

    /// A code object; `flag` is FLAG_REF when the caller has taken a number for it.
    pub fn code(&mut self, code: &Code, flag: u8) -> Result<()> {
        self.tag(tag::CODE | flag);
        self.long(code.argcount as i32);
        self.long(code.posonlyargcount as i32);
        self.long(code.kwonlyargcount as i32);
        self.long(code.stacksize as i32);
        self.long(code.flags as i32);
        self.bytes(&code.code, 0)?;
        self.tuple(code.consts.len(), 0)?;
        self.constants(&code.consts)?;
        self.shared_texts(&code.names)?;
        self.shared_texts(&code.localsplusnames)?;
        self.bytes(&code.localspluskinds, 0)?;
        self.shared_text(&code.filename)?;
        self.shared_text(&code.name)?;
        self.shared_text(&code.qualname)?;
        self.long(code.firstlineno);
        self.bytes(&code.linetable, 0)?;
        self.bytes(&code.exceptiontable, 0)
    }
}

/// Strings of which CPython interns constants: ASCII letters, digits and underscores.
pub fn is_identifier_like(text: &Str) -> bool {
    text.as_bytes()
        .iter()
        .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

/// Writes one object in the newest version.
pub fn dumps(value: &Const) -> Result<Vec<u8>> {
    dumps_version(value, VERSION)
}

/// Writes one object.
pub fn dumps_version(value: &Const, version: i32) -> Result<Vec<u8>> {
    let mut writer = Writer::new(version);
    writer.constant(value)?;
    Ok(writer.into_bytes())
}

/// How a `.pyc` file says whether it is up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PycStamp {
    /// Modification time and size of the source, both modulo 2**32.
    Timestamp {
        /// Seconds.
        mtime: u32,
        /// Bytes.
        size: u32,
    },
    /// Hash of the source.
    Hash {
        /// SipHash-1-3 of the source, keyed by the magic number.
        hash: [u8; 8],
        /// Whether it is to be compared with the source.
        checked: bool,
    },
}

/// Length of the header of a `.pyc` file.
pub const PYC_HEADER: usize = 16;

/// Reads the header of a `.pyc` file. None when the magic number or flags are others than ours, or it is too short.
pub fn parse_pyc_header(data: &[u8]) -> Option<PycStamp> {
    let header = data.get(..PYC_HEADER)?;
    if header[..4] != MAGIC {
        return None;
    }
    let word = |at: usize| {
        u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
    };
    match word(4) {
        0 => Some(PycStamp::Timestamp {
            mtime: word(8),
            size: word(12),
        }),
        flags @ (1 | 3) => {
            let mut hash = [0; 8];
            hash.copy_from_slice(&header[8..16]);
            Some(PycStamp::Hash {
                hash,
                checked: flags & 2 != 0,
            })
        }
        _ => None,
    }
}

/// The header of a `.pyc` file.
pub fn pyc_header(stamp: PycStamp) -> [u8; PYC_HEADER] {
    let mut header = [0; PYC_HEADER];
    header[..4].copy_from_slice(&MAGIC);
    match stamp {
        PycStamp::Timestamp { mtime, size } => {
            header[8..12].copy_from_slice(&mtime.to_le_bytes());
            header[12..].copy_from_slice(&size.to_le_bytes());
        }
        PycStamp::Hash { hash, checked } => {
            header[4] = 1 | (checked as u8) << 1;
            header[8..].copy_from_slice(&hash);
        }
    }
    header
}

/// A whole `.pyc` file.
pub fn dump_pyc(code: &Arc<Code>, stamp: PycStamp) -> Result<Vec<u8>> {
    let mut data = pyc_header(stamp).to_vec();
    data.extend(dumps(&Const::Code(code.clone()))?);
    Ok(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(value: Const) {
        let data = dumps(&value).unwrap();
        assert_eq!(loads(&data).unwrap(), value);
        for end in 0..data.len() {
            assert!(loads(&data[..end]).is_err());
        }
    }

    #[test]
    fn round_trip() {
        for shift in [0, 14, 15, 16, 29, 30, 31, 32, 44, 45, 62, 63, 64, 200] {
            for sign in [1, -1] {
                let big: IBig = (IBig::from(1) << shift) * sign;
                round(Const::Int(big.clone()));
                round(Const::Int(big - 1));
            }
        }
        round(Const::Float(-0.0));
        round(Const::Float(f64::NAN));
        round(Const::Complex(1.5, -0.0));
        round(Const::str("abc"));
        round(Const::str("häß 😀"));
        round(Const::str(&"x".repeat(300)));
        round(Const::Str(Str::from_code_points([0xDC80]).unwrap()));
        round(Const::Bytes([0, 255].into()));
        round(Const::Slice(Box::new([
            Const::None,
            Const::int(1),
            Const::Ellipsis,
        ])));
        round(Const::Tuple(
            [Const::True, Const::False, Const::str("a"), Const::str("a")].into(),
        ));
        round(Const::FrozenSet([Const::int(3)].into()));
        round(Const::Dict(
            [(Const::int(3), Const::List([Const::StopIteration].into()))].into(),
        ));
    }

    #[test]
    fn cpython_bytes() {
        // marshal.dumps((1, 'a', 'a', 2**40, None))
        let data = b"\xa9\x05\xe9\x01\x00\x00\x00\xda\x01a\x72\x02\x00\x00\x00l\x03\x00\x00\x00\x00\x00\x00\x00\x00\x04N";
        let expected = [
            Const::int(1),
            Const::str("a"),
            Const::str("a"),
            Const::int(1 << 40),
            Const::None,
        ];
        assert_eq!(loads(data).unwrap(), Const::Tuple(expected.into()));
    }

    #[test]
    fn malformed_input_is_an_error() {
        assert_eq!(
            loads(b""),
            Err(MarshalError::Eof("EOF read where object expected"))
        );
        assert!(matches!(loads(b"0"), Err(MarshalError::Type(_))));
        assert!(loads(b"Q").is_err());
        assert!(loads(b"r\x00\x00\x00\x00").is_err());
        assert!(loads(b"(\xff\xff\xff\x7f").is_err());
        assert!(loads(b"s\xff\xff\xff\xff").is_err());
        assert!(loads(b"l\x01\x00\x00\x00\x00\x00").is_err());
        assert!(loads(b"l\x01\x00\x00\x00\xff\xff").is_err());
        assert!(loads(b"l\x00\x00\x00\x80").is_err());
        assert!(loads(b"u\x01\x00\x00\x00\xff").is_err());
        assert!(loads(b"\xa9\x01r\x00\x00\x00\x00").is_err());
        assert!(loads(&b")\x01".repeat(100_000)).is_err());
        // Each tuple holds the one before it twice.
        let mut bomb = b")\x64\xa9\x00".to_vec();
        for index in 0..99 {
            bomb.extend(b"\xa9\x02r");
            bomb.extend((index as i32).to_le_bytes());
            bomb.push(b'r');
            bomb.extend((index as i32).to_le_bytes());
        }
        assert!(loads(&bomb).is_err());
    }

    #[test]
    fn headers() {
        for stamp in [
            PycStamp::Timestamp { mtime: 7, size: 9 },
            PycStamp::Hash {
                hash: *b"12345678",
                checked: true,
            },
            PycStamp::Hash {
                hash: *b"12345678",
                checked: false,
            },
        ] {
            assert_eq!(parse_pyc_header(&pyc_header(stamp)), Some(stamp));
        }
        assert_eq!(parse_pyc_header(b"+\x0e\r\n"), None);
    }

    /// Damaged data must give an error or another object.
    #[test]
    fn survives_damage() {
        let inner = Const::Tuple(
            [
                Const::int(1 << 40),
                Const::str("ab"),
                Const::Bytes([1, 2].into()),
            ]
            .into(),
        );
        let value = Const::List(
            [
                inner.clone(),
                Const::FrozenSet([Const::Float(1.5)].into()),
                inner,
                Const::None,
            ]
            .into(),
        );
        let good = dumps(&value).unwrap();
        let tags = b"NFTS.iIfgxylst r()[{cu<>:aAzZ0\xA9\xDA\xE9";
        let mut seed = 7u32;
        for _ in 0..50_000 {
            let mut data = good.clone();
            for _ in 0..3 {
                seed = seed.wrapping_mul(1664525).wrapping_add(1013904223);
                let at = (seed >> 8) as usize % data.len();
                data[at] = if seed & 1 == 0 {
                    tags[(seed >> 20) as usize % tags.len()]
                } else {
                    (seed >> 24) as u8
                };
            }
            let _ = loads(&data);
        }
    }
}
