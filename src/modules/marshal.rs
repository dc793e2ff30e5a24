//! `marshal`: live objects to and from the format of `.pyc` files.

use std::collections::HashMap;
use taipan_bytecode::code::Const;
use taipan_bytecode::marshal::{self, Builder, CodeFields, ConstBuilder, Container, FLAG_REF, MarshalError, Reader, Writer, tag};
use taipan_objects::err::{PyResult, Raised};
use taipan_objects::function::PyCode;
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::strings::{self, PyStr};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{
    buffer, bytes, code_object, complex, dict, err, exceptions, float, int, list, module, protocol, raised, set, slice, tuple,
};

pub static MODULE: ModuleDef = ModuleDef {
    name: "marshal",
    doc: "Reads and writes the values that compiled modules consist of, in a format of their own.",
    functions: &[
        MethodDef::new("dump($module, value, file, version=version, /, *, allow_code=True)", "Writes a value to a binary file.", |a| {
            let b = dumps(a[0], a[2], a[3])?;
            protocol::call_method_str(a[1], "write", &[*b])
        }),
        MethodDef::new("dumps($module, value, version=version, /, *, allow_code=True)", "The bytes that dump() would write.", |a| {
            dumps(a[0], a[1], a[2])
        }),
        MethodDef::new("load($module, file, /, *, allow_code=True)", "Reads one value from a binary file.", load),
        MethodDef::new("loads($module, bytes, /, *, allow_code=True)", "The value in a bytes-like object; what follows it is ignored.", |a| {
            let allow = allow(a[1])?;
            if let Some(b) = bytes::as_bytes(&a[0]) {
                return loads(b, allow).map(|r| r.0);
            }
            loads(&buffer::to_vec(a[0])?, allow).map(|r| r.0)
        }),
    ],
    init: Some(|m| {
        module::add(m, "version", int::from_i64(marshal::VERSION as i64));
        Ok(())
    }),
};

fn allow(v: Value) -> PyResult<bool> {
    if v.is_null() { Ok(true) } else { protocol::is_true(v) }
}

fn raise(e: MarshalError) -> Raised {
    match e {
        MarshalError::Eof(t) => raised!(EOFError, "{t}"),
        MarshalError::Value(t) => raised!(ValueError, "{t}"),
        MarshalError::Type(t) => raised!(TypeError, "{t}"),
        MarshalError::Builder => Raised::pending(),
    }
}

fn loads(data: &[u8], allow_code: bool) -> PyResult<(Ref, usize)> {
    if allow_code && data.first().is_some_and(|c| c & !FLAG_REF == tag::CODE) {
        let mut r = Reader::new(data, ConstBuilder::new());
        return match r.read() {
            Ok(Const::Code(c)) => Ok((code_object::new_code(c), r.position())),
            Ok(c) => Ok((code_object::const_value(&c), r.position())),
            Err(e) => Err(raise(e)),
        };
    }
    let mut r = Reader::new(data, Live).allow_code(allow_code);
    match r.read() {
        Ok(v) => Ok((v, r.position())),
        Err(e) => Err(raise(e)),
    }
}

fn load(a: &[Value]) -> PyResult {
    let allow = allow(a[1])?;
    let data = protocol::call_method_str(a[0], "read", &[])?;
    let Some(b) = bytes::as_bytes(&data) else {
        return err!(TypeError, "file.read() returned not bytes but {}", data.type_name());
    };
    let (v, used) = loads(b, allow)?;
    if used < b.len() {
        // The file's position is to stand behind the value.
        let back = int::from_i64(used as i64 - b.len() as i64);
        protocol::call_method_str(a[0], "seek", &[*back, *int::from_i64(1)])?;
    }
    Ok(v)
}

// ---------------------------------------------------------------- reading

/// Makes live objects.
struct Live;

fn built<T>(r: PyResult<T>) -> Result<T, MarshalError> {
    r.map_err(|_| MarshalError::Builder)
}

fn constant(v: &Ref) -> Result<Const, MarshalError> {
    code_object::value_const(**v).ok_or_else(|| MarshalError::Value("bad marshal data (invalid constant in code object)".into()))
}

impl Builder for Live {
    type Value = Ref;

    fn none(&mut self) -> Result<Ref, MarshalError> {
        Ok(Ref::NONE)
    }
    fn bool(&mut self, value: bool) -> Result<Ref, MarshalError> {
        Ok(Ref::bool(value))
    }
    fn ellipsis(&mut self) -> Result<Ref, MarshalError> {
        Ok(Ref::immediate(Value::ELLIPSIS))
    }
    fn stop_iteration(&mut self) -> Result<Ref, MarshalError> {
        Ok(exceptions::StopIteration.to_ref())
    }
    fn int(&mut self, value: i64) -> Result<Ref, MarshalError> {
        Ok(int::from_i64(value))
    }
    fn big(&mut self, value: dashu_int::IBig) -> Result<Ref, MarshalError> {
        Ok(int::from_ibig(value))
    }
    fn float(&mut self, value: f64) -> Result<Ref, MarshalError> {
        Ok(float::from_f64(value))
    }
    fn complex(&mut self, real: f64, imag: f64) -> Result<Ref, MarshalError> {
        Ok(complex::new_complex(real, imag))
    }
    fn bytes(&mut self, value: &[u8]) -> Result<Ref, MarshalError> {
        Ok(bytes::new_bytes(value))
    }
    fn ascii(&mut self, value: &[u8], interned: bool) -> Result<Ref, MarshalError> {
        let s = strings::new_latin1(value);
        Ok(if interned { strings::intern(s) } else { s })
    }
    fn unicode(&mut self, value: &[u8], interned: bool) -> Result<Ref, MarshalError> {
        let errors = taipan_objects::codecs::Errors::new(Some("surrogatepass"));
        let (s, _) = built(taipan_objects::codecs::utf8_decode(value, &errors, true))?;
        Ok(if interned { strings::intern(s) } else { s })
    }
    fn tuple(&mut self, items: Vec<Ref>) -> Result<Ref, MarshalError> {
        Ok(tuple::from_refs(items))
    }
    fn frozenset(&mut self, items: Vec<Ref>) -> Result<Ref, MarshalError> {
        built(set::frozenset_of(taipan_objects::value::values(&items)))
    }
    fn slice(&mut self, start: Ref, stop: Ref, step: Ref) -> Result<Ref, MarshalError> {
        Ok(slice::new_slice(*start, *stop, *step))
    }
    fn code(&mut self, f: CodeFields<Ref>) -> Result<Ref, MarshalError> {
        let fields = CodeFields {
            argcount: f.argcount,
            posonlyargcount: f.posonlyargcount,
            kwonlyargcount: f.kwonlyargcount,
            stacksize: f.stacksize,
            flags: f.flags,
            code: constant(&f.code)?,
            consts: constant(&f.consts)?,
            names: constant(&f.names)?,
            localsplusnames: constant(&f.localsplusnames)?,
            localspluskinds: constant(&f.localspluskinds)?,
            filename: constant(&f.filename)?,
            name: constant(&f.name)?,
            qualname: constant(&f.qualname)?,
            firstlineno: f.firstlineno,
            linetable: constant(&f.linetable)?,
            exceptiontable: constant(&f.exceptiontable)?,
        };
        let c = ConstBuilder::new().code(fields)?;
        Ok(code_object::const_value(&c))
    }
    fn start(&mut self, kind: Container) -> Result<Option<Ref>, MarshalError> {
        Ok(Some(match kind {
            Container::List => list::new_list(Vec::new()),
            Container::Dict => dict::new_dict(),
            Container::Set => set::new_set(),
        }))
    }
    fn finish(&mut self, kind: Container, started: Option<Ref>, items: Vec<Ref>) -> Result<Ref, MarshalError> {
        let c = started.unwrap_or(Ref::NONE);
        match kind {
            Container::List => items.into_iter().for_each(|i| list::append(*c, i)),
            Container::Dict => {
                for kv in items.chunks_exact(2) {
                    built(dict::set(*c, *kv[0], *kv[1]))?;
                }
            }
            Container::Set => {
                for i in &items {
                    built(set::add(*c, **i))?;
                }
            }
        }
        Ok(c)
    }
    fn share(&mut self, value: &Ref) -> Result<Ref, MarshalError> {
        Ok(value.clone())
    }
}

// ---------------------------------------------------------------- writing

fn dumps(v: Value, version: Value, allow_code: Value) -> PyResult {
    let version = if version.is_null() { marshal::VERSION } else { int::to_i32(version)? };
    let mut w = Walker { w: Writer::new(version), refs: HashMap::new(), depth: 0, allow_code: allow(allow_code)? };
    w.object(v)?;
    Ok(bytes::from_vec(w.w.into_bytes()))
}

struct Walker {
    w: Writer,
    /// Reference numbers by address.
    refs: HashMap<u64, u32>,
    depth: usize,
    allow_code: bool,
}

/// UTF-8 that may encode lone surrogates.
fn wtf8(s: &PyStr) -> Vec<u8> {
    if let Some(t) = s.as_ascii() {
        return t.as_bytes().to_vec();
    }
    let mut out = Vec::with_capacity(s.len() * 2);
    for c in s.data().iter() {
        match char::from_u32(c) {
            Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            None => out.extend_from_slice(&[0xe0 | (c >> 12) as u8, 0x80 | ((c >> 6) & 63) as u8, 0x80 | (c & 63) as u8]),
        }
    }
    out
}

impl Walker {
    fn items(&mut self, items: &[Ref]) -> PyResult<()> {
        items.iter().try_for_each(|i| self.object(**i))
    }

    fn object(&mut self, v: Value) -> PyResult<()> {
        if self.depth >= marshal::MAX_DEPTH {
            return err!(ValueError, "object too deeply nested to marshal");
        }
        self.depth += 1;
        let r = self.object_inner(v);
        self.depth -= 1;
        r
    }

    /// FLAG_REF if others refer to the object; `None` if it was written before, and has been written as a reference.
    fn flag(&mut self, v: Value) -> Option<u8> {
        if self.w.version() < 3 || !v.is_heap() {
            return Some(0);
        }
        if let Some(i) = self.refs.get(&v.bits()) {
            self.w.reference(*i);
            return None;
        }
        // SAFETY: a live heap object.
        if unsafe { (*v.as_ptr()).refcount() } <= 1 {
            return Some(0);
        }
        let i = self.w.take_ref();
        self.refs.insert(v.bits(), i);
        Some(FLAG_REF)
    }

    fn object_inner(&mut self, v: Value) -> PyResult<()> {
        let simple = if v.is_none() {
            tag::NONE
        } else if v.is(Value::TRUE) {
            tag::TRUE
        } else if v.is(Value::FALSE) {
            tag::FALSE
        } else if v.is(Value::ELLIPSIS) {
            tag::ELLIPSIS
        } else if v.is(exceptions::StopIteration.value()) {
            tag::STOPITER
        } else {
            0
        };
        if simple != 0 {
            self.w.tag(simple);
            return Ok(());
        }
        let Some(flag) = self.flag(v) else { return Ok(()) };
        let ty = v.ty();
        if ty.is(&taipan_objects::types::INT_TYPE) {
            if let Some(i) = int::as_int(&v) {
                self.w.big(&i.to_ibig(), flag);
            }
            return Ok(());
        }
        if ty.is(&taipan_objects::types::FLOAT_TYPE) {
            self.w.float(float::as_float(v).unwrap_or(0.0), flag);
            return Ok(());
        }
        if let Some(s) = v.cast_exact::<PyStr>() {
            return self.w.text(&wtf8(s), s.is_interned(), flag).map_err(raise);
        }
        if v.is_exact::<bytes::PyBytes>()
            && let Some(b) = bytes::as_bytes(&v)
        {
            return self.w.bytes(b, flag).map_err(raise);
        }
        if v.is_exact::<tuple::PyTuple>() {
            let items: Vec<Ref> = tuple::as_slice(v).iter().map(|i| i.to_ref()).collect();
            self.w.tuple(items.len(), flag).map_err(raise)?;
            return self.items(&items);
        }
        if v.is_exact::<list::PyList>() {
            let items = list::expect(v).to_vec();
            self.w.sequence(tag::LIST, items.len(), flag).map_err(raise)?;
            return self.items(&items);
        }
        if ty.is(&taipan_objects::types::DICT_TYPE) {
            self.w.tag(tag::DICT | flag);
            for (k, x) in dict::items(v) {
                self.object(*k)?;
                self.object(*x)?;
            }
            self.w.tag(tag::NULL);
            return Ok(());
        }
        if set::is_any_set(v) && !ty.is_heap_type() {
            let items = set::expect(v).keys();
            let t = if ty.name() == "set" { tag::SET } else { tag::FROZENSET };
            self.w.sequence(t, items.len(), flag).map_err(raise)?;
            return self.items(&items);
        }
        if let Some(c) = v.cast_exact::<PyCode>() {
            if !self.allow_code {
                return err!(ValueError, "marshalling code objects is disallowed");
            }
            return self.w.code(&c.code, flag).map_err(raise);
        }
        if let Some(s) = slice::as_slice(&v)
            && self.w.version() >= 5
        {
            self.w.tag(tag::SLICE | flag);
            return self.items(&[s.start.get_ref(), s.stop.get_ref(), s.step.get_ref()]);
        }
        if let Some(c) = complex::as_complex(v)
            && !ty.is_heap_type()
        {
            self.w.complex(c.re, c.im, flag);
            return Ok(());
        }
        if ty.slots().get_buffer.is_some() {
            let b = buffer::to_vec(v)?;
            return self.w.bytes(&b, flag).map_err(raise);
        }
        err!(ValueError, "unmarshallable object")
    }
}
