//! Writing JSON.

use taipan_objects::err::PyResult;
use taipan_objects::native::{MemberDef, Signature};
use taipan_objects::object::{Header, alloc};
use taipan_objects::strings::{self, PyStr, StrBuilder, StrData, expect};
use taipan_objects::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{dict, err, float, float_repr, int, list, protocol, raised, tuple, with_str};

/// A `make_encoder`.
#[repr(C)]
pub struct Encoder {
    header: Header,
    /// A dict of the containers being written, or None.
    markers: Slot,
    default: Slot,
    encoder: Slot,
    indent: Slot,
    key_separator: Slot,
    item_separator: Slot,
    sort_keys: bool,
    skipkeys: bool,
    allow_nan: bool,
    /// Strings are written here rather than by calling `encoder`.
    native: Option<bool>,
}
taipan_objects::object_impl!(
    Encoder,
    ENCODER_TYPE,
    |this, visit| for s in
        [&this.markers, &this.default, &this.encoder, &this.indent, &this.key_separator, &this.item_separator]
    {
        visit(s.get());
    },
    |this| for s in [&this.markers, &this.default, &this.encoder] {
        s.set(Ref::NONE);
    }
);

fn this(v: &Value) -> &Encoder {
    // SAFETY: called with encoders only.
    unsafe { v.cast_unchecked::<Encoder>() }
}

pub static ENCODER_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_json.Encoder",
    doc: "Encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)",
    flags: TypeFlags::BASETYPE | TypeFlags::HAVE_GC,
    slots: Slots { new: Some(new), call: Some(call), ..Slots::of::<Encoder>() },
    members: &[
        MemberDef::ro("markers", "", |v| Ok(this(&v).markers.get_ref())),
        MemberDef::ro("default", "", |v| Ok(this(&v).default.get_ref())),
        MemberDef::ro("encoder", "", |v| Ok(this(&v).encoder.get_ref())),
        MemberDef::ro("indent", "", |v| Ok(this(&v).indent.get_ref())),
        MemberDef::ro("key_separator", "", |v| Ok(this(&v).key_separator.get_ref())),
        MemberDef::ro("item_separator", "", |v| Ok(this(&v).item_separator.get_ref())),
        MemberDef::ro("sort_keys", "", |v| Ok(Ref::bool(this(&v).sort_keys))),
        MemberDef::ro("skipkeys", "", |v| Ok(Ref::bool(this(&v).skipkeys))),
    ],
    ..TypeSpec::of::<Encoder>()
});

fn new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static SIGNATURE: Signature = Signature::new(
        "make_encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)",
    );
    SIGNATURE.bind(args, kwnames, |a| {
        if !a[0].is_none() && !dict::is_dict(a[0]) {
            return err!(TypeError, "make_encoder() argument 1 must be dict or None, not {}", a[0].type_name());
        }
        for i in [4, 5] {
            if !strings::is_str(a[i]) {
                return err!(TypeError, "make_encoder() argument {} must be str, not {}", i + 1, a[i].type_name());
            }
        }
        let native = a[2].cast::<taipan_objects::function::PyBuiltin>().and_then(|f| match f.def.name() {
            "encode_basestring_ascii" => Some(true),
            "encode_basestring" => Some(false),
            _ => None,
        });
        let slot = |i: usize| Slot::new(a[i].to_ref());
        Ok(alloc(
            ty,
            Encoder {
                header: Header::new(ty),
                markers: slot(0),
                default: slot(1),
                encoder: slot(2),
                indent: slot(3),
                key_separator: slot(4),
                item_separator: slot(5),
                sort_keys: protocol::is_true(a[6])?,
                skipkeys: protocol::is_true(a[7])?,
                allow_nan: protocol::is_true(a[8])?,
                native,
            },
        ))
    })
}

fn call(v: Value, args: &[Value], kwnames: Value) -> PyResult {
    static SIGNATURE: Signature = Signature::new("_iterencode(obj, _current_indent_level)");
    SIGNATURE.bind(args, kwnames, |a| {
        let level = int::to_isize(a[1])?;
        let e = this(&v);
        let mut out = StrBuilder::with_capacity(64);
        e.value(a[0], level.max(0) as usize, &mut out)?;
        Ok(tuple::of([out.finish()]))
    })
}

fn escape(c: u32, ascii: bool, out: &mut StrBuilder) {
    match c {
        0x22 => out.push_ascii(b"\\\""),
        0x5c => out.push_ascii(b"\\\\"),
        10 => out.push_ascii(b"\\n"),
        13 => out.push_ascii(b"\\r"),
        9 => out.push_ascii(b"\\t"),
        8 => out.push_ascii(b"\\b"),
        12 => out.push_ascii(b"\\f"),
        32..127 => out.push(c),
        0..32 => out.push_ascii(format!("\\u{c:04x}").as_bytes()),
        c if !ascii => out.push(c),
        c if c < 0x10000 => out.push_ascii(format!("\\u{c:04x}").as_bytes()),
        c => {
            let (high, low) = (0xd7c0 + (c >> 10), 0xdc00 + (c & 0x3ff));
            out.push_ascii(format!("\\u{high:04x}\\u{low:04x}").as_bytes());
        }
    }
}

fn push_string(s: &PyStr, ascii: bool, out: &mut StrBuilder) {
    out.push('"' as u32);
    let plain = match s.data() {
        StrData::Latin1(d) => d.iter().all(|c| *c >= 32 && *c != b'"' && *c != b'\\' && (!ascii || *c < 127)),
        _ => false,
    };
    if plain {
        out.push_pystr(s);
    } else {
        with_str!(s.data(), d => for c in d {
            escape(*c as u32, ascii, out);
        });
    }
    out.push('"' as u32);
}

fn basestring(v: Value, ascii: bool) -> PyResult {
    let Some(s) = strings::as_str(&v) else {
        return err!(TypeError, "first argument must be a string, not {}", v.type_name());
    };
    let mut out = StrBuilder::with_capacity(s.len() + 2);
    push_string(s, ascii, &mut out);
    Ok(out.finish())
}
pub fn encode_basestring_ascii(a: &[Value]) -> PyResult {
    basestring(a[0], true)
}
pub fn encode_basestring(a: &[Value]) -> PyResult {
    basestring(a[0], false)
}

impl Encoder {
    fn string(&self, v: Value, out: &mut StrBuilder) -> PyResult<()> {
        if let Some(ascii) = self.native {
            push_string(expect(v), ascii, out);
            return Ok(());
        }
        let r = protocol::call(self.encoder.get(), &[v])?;
        match strings::as_str(&r) {
            Some(s) => {
                out.push_pystr(s);
                Ok(())
            }
            None => err!(TypeError, "encoder() must return a string, not {}", r.type_name()),
        }
    }

    fn float(&self, f: f64, v: Value) -> PyResult<String> {
        if f.is_finite() {
            return Ok(float_repr::repr(f));
        }
        if !self.allow_nan {
            return err!(ValueError, "Out of range float values are not JSON compliant: {}", protocol::repr_text(v)?);
        }
        Ok(if f.is_nan() {
            "NaN"
        } else if f > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }
        .to_string())
    }

    fn integer(&self, v: Value) -> PyResult<String> {
        if let Some(i) = v.as_small_int() {
            return Ok(i.to_string());
        }
        let n = int::as_int(&v).map(|i| i.to_ibig()).unwrap_or_default();
        protocol::repr_text(*int::from_ibig(n))
    }

    fn newline(&self, level: usize, out: &mut StrBuilder) {
        out.push('\n' as u32);
        let indent = self.indent.get();
        if let Some(s) = strings::as_str(&indent) {
            for _ in 0..level {
                out.push_pystr(s);
            }
        } else if let Some(n) = indent.as_small_int() {
            for _ in 0..(n.max(0) as usize * level) {
                out.push(32);
            }
        }
    }

    fn enter(&self, v: Value) -> PyResult<Option<Ref>> {
        let markers = self.markers.get();
        if markers.is_none() {
            return Ok(None);
        }
        let id = int::from_i128(v.id() as i128);
        if dict::contains(markers, *id)? {
            return err!(ValueError, "Circular reference detected");
        }
        dict::set(markers, *id, v)?;
        Ok(Some(id))
    }
    fn leave(&self, id: Option<Ref>) -> PyResult<()> {
        if let Some(id) = id {
            dict::delete(self.markers.get(), *id)?;
        }
        Ok(())
    }

    fn value(&self, v: Value, level: usize, out: &mut StrBuilder) -> PyResult<()> {
        if v.is_none() {
            out.push_ascii(b"null");
        } else if v.is_bool() {
            out.push_ascii(if v.is(Value::TRUE) { b"true" } else { b"false" });
        } else if strings::is_str(v) {
            return self.string(v, out);
        } else if int::is_int(v) {
            out.push_ascii(self.integer(v)?.as_bytes());
        } else if let Some(f) = float::as_float(v) {
            out.push_ascii(self.float(f, v)?.as_bytes());
        } else if list::is_list(v) || tuple::is_tuple(v) {
            taipan_objects::vm::vm().check_native_stack(" while encoding a JSON object")?;
            return self.array(v, level, out);
        } else if dict::is_dict(v) {
            taipan_objects::vm::vm().check_native_stack(" while encoding a JSON object")?;
            return self.object(v, level, out);
        } else {
            taipan_objects::vm::vm().check_native_stack(" while encoding a JSON object")?;
            let id = self.enter(v)?;
            let replacement = protocol::call(self.default.get(), &[v])?;
            self.value(*replacement, level, out).map_err(|e| note(e, &format!("when serializing {} object", v.ty().full_name())))?;
            return self.leave(id);
        }
        Ok(())
    }

    fn array(&self, v: Value, level: usize, out: &mut StrBuilder) -> PyResult<()> {
        let items: Vec<Ref> = if list::is_list(v) {
            list::expect(v).items().to_vec()
        } else {
            tuple::as_slice(v).iter().map(|v| v.to_ref()).collect()
        };
        if items.is_empty() {
            out.push_ascii(b"[]");
            return Ok(());
        }
        let id = self.enter(v)?;
        let indented = !self.indent.get().is_none();
        out.push('[' as u32);
        let separator = self.item_separator.get();
        if indented {
            self.newline(level + 1, out);
        }
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                out.push_pystr(expect(separator));
                if indented {
                    self.newline(level + 1, out);
                }
            }
            self.value(**item, level + 1, out)
                .map_err(|e| note(e, &format!("when serializing {} item {i}", v.ty().full_name())))?;
        }
        if indented {
            self.newline(level, out);
        }
        out.push(']' as u32);
        self.leave(id)
    }

    fn object(&self, v: Value, level: usize, out: &mut StrBuilder) -> PyResult<()> {
        if dict::expect(v).len() == 0 {
            out.push_ascii(b"{}");
            return Ok(());
        }
        let id = self.enter(v)?;
        let indented = !self.indent.get().is_none();
        let mut pairs: Vec<(Ref, Ref)> = Vec::new();
        if self.sort_keys || !v.is_exact::<dict::PyDict>() {
            let items = protocol::call_method_str(v, "items", &[])?;
            let items = list::new_list(protocol::to_vec(*items)?);
            if self.sort_keys {
                protocol::call_method_str(*items, "sort", &[])?;
            }
            for item in list::expect(*items).items().to_vec() {
                if !tuple::is_tuple(*item) || tuple::as_slice(*item).len() != 2 {
                    return err!(ValueError, "items must return 2-tuples");
                }
                let t = tuple::as_slice(*item);
                pairs.push((t[0].to_ref(), t[1].to_ref()));
            }
        } else {
            pairs = dict::items(v);
        }
        out.push('{' as u32);
        let mut first = true;
        for (k, item) in &pairs {
            let key = if strings::is_str(**k) {
                k.clone()
            } else if let Some(f) = float::as_float(**k) {
                strings::new_str(&self.float(f, **k)?)
            } else if k.is_none() {
                strings::new_str("null")
            } else if k.is_bool() {
                strings::new_str(if k.is(Value::TRUE) { "true" } else { "false" })
            } else if int::is_int(**k) {
                strings::new_str(&self.integer(**k)?)
            } else if self.skipkeys {
                continue;
            } else {
                return Err(raised!(
                    TypeError,
                    "keys must be str, int, float, bool or None, not {}",
                    k.type_name()
                ));
            };
            if first {
                first = false;
            } else {
                out.push_pystr(expect(self.item_separator.get()));
            }
            if indented {
                self.newline(level + 1, out);
            }
            self.string(*key, out)?;
            out.push_pystr(expect(self.key_separator.get()));
            self.value(**item, level + 1, out).map_err(|e| {
                let k = match protocol::repr(**k) {
                    Ok(r) => expect(*r).to_string_lossy().into_owned(),
                    Err(_) => String::new(),
                };
                note(e, &format!("when serializing {} item {k}", v.ty().full_name()))
            })?;
        }
        if indented && !first {
            self.newline(level, out);
        }
        out.push('}' as u32);
        self.leave(id)
    }
}

/// Adds a note to the pending exception.
#[cold]
fn note(e: taipan_objects::err::Raised, text: &str) -> taipan_objects::err::Raised {
    let exc = taipan_objects::vm::vm().take_pending();
    if exc.is_null() {
        return e;
    }
    if protocol::call_method_str(*exc, "add_note", &[*strings::new_str(text)]).is_err() {
        drop(taipan_objects::vm::vm().take_pending());
    }
    taipan_objects::vm::vm().set_pending(exc);
    e
}
