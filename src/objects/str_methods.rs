//! The type `str`: its slots and table of methods.

use crate::err::PyResult;
use crate::native::{MethodDef, Signature};
use crate::search::Unit;
use crate::strings::{self, PyStr, StrBuilder, StrData, expect};
use crate::typeobject::{CompareOp, Slots, Type, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Value};
use crate::{
    codecs, dict, err, int, protocol, str_case, str_find, str_format, str_iter, tuple, unicode,
    with_str,
};

pub static STR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "str",
    doc: "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str\n\nMake a string from an object, by its __str__ or __repr__, or by decoding bytes.",
    flags: TypeFlags::BASETYPE
        | TypeFlags::VAR_SIZED
        | TypeFlags::STR_SUBCLASS
        | TypeFlags::MATCH_SELF,
    slots: Slots {
        drop_fields: Some(strings::str_drop),
        var_size: Some(strings::str_size),
        repr: Some(str_repr),
        str: Some(str_str),
        hash: Some(str_hash),
        richcompare: Some(str_richcompare),
        iter: Some(str_iter::iter),
        new: Some(str_new),
        remainder: Some(crate::printf::str_remainder),
        length: Some(str_length),
        concat: Some(str_concat),
        repeat: Some(str_repeat),
        item: Some(str_item),
        contains: Some(str_contains),
        map_length: Some(str_length),
        subscript: Some(str_subscript),
        ..Slots::of::<PyStr>()
    },
    methods: &[
        MethodDef::new(
            "capitalize($self, /)",
            "A copy with the first character in title case and the rest in lower case.",
            str_case::capitalize,
        ),
        MethodDef::new(
            "casefold($self, /)",
            "A copy for comparisons that ignore case.",
            str_case::casefold,
        ),
        MethodDef::new(
            "center($self, width, fillchar=' ', /)",
            "A copy centered in a string of the given width.",
            center,
        ),
        MethodDef::new(
            "count($self, sub[, start[, end]], /)",
            "How often a substring occurs without overlap.",
            str_find::count,
        ),
        MethodDef::new(
            "encode($self, /, encoding='utf-8', errors='strict')",
            "The text as bytes in an encoding.",
            encode,
        ),
        MethodDef::new(
            "endswith($self, suffix[, start[, end]], /)",
            "Whether the string ends with a suffix, or with one of a tuple of them.",
            str_find::endswith,
        ),
        MethodDef::new(
            "expandtabs($self, /, tabsize=8)",
            "A copy in which tabs are spaces up to the next column.",
            expandtabs,
        ),
        MethodDef::new(
            "find($self, sub[, start[, end]], /)",
            "The lowest index of a substring, or -1.",
            str_find::find,
        ),
        MethodDef::raw(
            "format($self, /, *args, **kwargs)",
            "The string with its replacement fields filled from the arguments.",
            str_format::format,
        ),
        MethodDef::new(
            "format_map($self, mapping, /)",
            "As format, with names looked up in a mapping.",
            str_format::format_map,
        ),
        MethodDef::new(
            "index($self, sub[, start[, end]], /)",
            "The lowest index of a substring; ValueError if there is none.",
            str_find::index,
        ),
        MethodDef::new(
            "isalnum($self, /)",
            "Whether all characters are letters or numeric, and there is one.",
            str_case::isalnum,
        ),
        MethodDef::new(
            "isalpha($self, /)",
            "Whether all characters are letters, and there is one.",
            str_case::isalpha,
        ),
        MethodDef::new(
            "isascii($self, /)",
            "Whether all characters are ASCII.",
            str_case::isascii,
        ),
        MethodDef::new(
            "isdecimal($self, /)",
            "Whether all characters are decimals, and there is one.",
            str_case::isdecimal,
        ),
        MethodDef::new(
            "isdigit($self, /)",
            "Whether all characters are digits, and there is one.",
            str_case::isdigit,
        ),
        MethodDef::new(
            "isidentifier($self, /)",
            "Whether the string is an identifier (keywords are, too).",
            str_case::isidentifier,
        ),
        MethodDef::new(
            "islower($self, /)",
            "Whether all cased characters are lower case, and there is one.",
            str_case::islower,
        ),
        MethodDef::new(
            "isnumeric($self, /)",
            "Whether all characters are numeric, and there is one.",
            str_case::isnumeric,
        ),
        MethodDef::new(
            "isprintable($self, /)",
            "Whether repr() would show all characters as they are.",
            str_case::isprintable,
        ),
        MethodDef::new(
            "isspace($self, /)",
            "Whether all characters are whitespace, and there is one.",
            str_case::isspace,
        ),
        MethodDef::new(
            "istitle($self, /)",
            "Whether words begin in upper case and go on in lower case.",
            str_case::istitle,
        ),
        MethodDef::new(
            "isupper($self, /)",
            "Whether all cased characters are upper case, and there is one.",
            str_case::isupper,
        ),
        MethodDef::new(
            "join($self, iterable, /)",
            "The strings of an iterable with this one between them.",
            str_find::join,
        ),
        MethodDef::new(
            "ljust($self, width, fillchar=' ', /)",
            "A copy at the left of a string of the given width.",
            ljust,
        ),
        MethodDef::new("lower($self, /)", "A copy in lower case.", str_case::lower),
        MethodDef::new(
            "lstrip($self, chars=None, /)",
            "A copy without whitespace, or the given characters, in front.",
            str_find::lstrip,
        ),
        MethodDef::new(
            "maketrans(x, y=<unrepresentable>, z=<unrepresentable>, /)",
            "A table for translate().",
            maketrans,
        )
        .static_(),
        MethodDef::new(
            "partition($self, sep, /)",
            "What stands before the first separator, the separator, what stands after.",
            str_find::partition,
        ),
        MethodDef::new(
            "removeprefix($self, prefix, /)",
            "A copy without a prefix, if it is there.",
            str_find::removeprefix,
        ),
        MethodDef::new(
            "removesuffix($self, suffix, /)",
            "A copy without a suffix, if it is there.",
            str_find::removesuffix,
        ),
        MethodDef::new(
            "replace($self, old, new, /, count=-1)",
            "A copy with a substring replaced by another, everywhere or so many times.",
            str_find::replace,
        ),
        MethodDef::new(
            "rfind($self, sub[, start[, end]], /)",
            "The highest index of a substring, or -1.",
            str_find::rfind,
        ),
        MethodDef::new(
            "rindex($self, sub[, start[, end]], /)",
            "The highest index of a substring; ValueError if there is none.",
            str_find::rindex,
        ),
        MethodDef::new(
            "rjust($self, width, fillchar=' ', /)",
            "A copy at the right of a string of the given width.",
            rjust,
        ),
        MethodDef::new(
            "rpartition($self, sep, /)",
            "What stands before the last separator, the separator, what stands after.",
            str_find::rpartition,
        ),
        MethodDef::new(
            "rsplit($self, /, sep=None, maxsplit=-1)",
            "The parts between separators or whitespace, counted from the right.",
            str_find::rsplit,
        ),
        MethodDef::new(
            "rstrip($self, chars=None, /)",
            "A copy without whitespace, or the given characters, at the end.",
            str_find::rstrip,
        ),
        MethodDef::new(
            "split($self, /, sep=None, maxsplit=-1)",
            "The parts between separators or whitespace.",
            str_find::split,
        ),
        MethodDef::new(
            "splitlines($self, /, keepends=False)",
            "The lines of the string.",
            str_find::splitlines,
        ),
        MethodDef::new(
            "startswith($self, prefix[, start[, end]], /)",
            "Whether the string starts with a prefix, or with one of a tuple of them.",
            str_find::startswith,
        ),
        MethodDef::new(
            "strip($self, chars=None, /)",
            "A copy without whitespace, or the given characters, on both sides.",
            str_find::strip,
        ),
        MethodDef::new(
            "swapcase($self, /)",
            "A copy with upper and lower case exchanged.",
            str_case::swapcase,
        ),
        MethodDef::new(
            "title($self, /)",
            "A copy in which words begin in title case and go on in lower case.",
            str_case::title,
        ),
        MethodDef::new(
            "translate($self, table, /)",
            "A copy with each character replaced by what a table has for it.",
            translate,
        ),
        MethodDef::new("upper($self, /)", "A copy in upper case.", str_case::upper),
        MethodDef::new(
            "zfill($self, width, /)",
            "A copy filled with zeros, after the sign, to the given width.",
            zfill,
        ),
        MethodDef::new(
            "__format__($self, format_spec, /)",
            "The string laid out by a format specification.",
            format_method,
        ),
        MethodDef::new("__sizeof__($self, /)", "Size in memory, in bytes.", sizeof),
        MethodDef::new("__getnewargs__($self, /)", "", getnewargs),
    ],
    ..TypeSpec::of::<PyStr>()
});

/// MemoryError for lengths no string can have.
pub(crate) fn check_size(n: usize) -> PyResult<()> {
    if n > u32::MAX as usize / 4 {
        return err!(MemoryError, "");
    }
    Ok(())
}

// ---------------------------------------------------------------- slots

fn str_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static SIGNATURE: Signature =
        Signature::new("str(object='', encoding='utf-8', errors='strict')");
    if kwnames.is_null() && args.len() == 1 && ty.is(&STR_TYPE) {
        return protocol::str(args[0]);
    }
    if kwnames.is_null() && args.len() > 3 {
        return err!(
            TypeError,
            "str expected at most 3 arguments, got {}",
            args.len()
        );
    }
    let text = SIGNATURE.bind(args, kwnames, |a| {
        if a[0].is_null() {
            return Ok(strings::empty());
        }
        if a[1].is_null() && a[2].is_null() {
            return protocol::str(a[0]);
        }
        let encoding = codecs::name_arg(a[1], "str", "encoding")?;
        let errors = codecs::name_arg(a[2], "str", "errors")?;
        codecs::decode_object(a[0], encoding, errors)
    })?;
    if ty.is(&STR_TYPE) {
        return Ok(text);
    }
    Ok(strings::copy_as(ty, expect(*text)))
}

fn hex_escape(c: u32, out: &mut StrBuilder) {
    let text = if c < 256 {
        format!("\\x{c:02x}")
    } else if c < 65536 {
        format!("\\u{c:04x}")
    } else {
        format!("\\U{c:08x}")
    };
    out.push_ascii(text.as_bytes());
}

/// `repr` of a string.
pub fn repr_of(s: &PyStr) -> Ref {
    let (mut single, mut double) = (false, false);
    let mut plain = true;
    with_str!(s.data(), d => for c in d {
        match c.code() {
            0x27 => single = true,
            0x22 => double = true,
            0x5c => plain = false,
            32..127 => {}
            _ => plain = false,
        }
    });
    let quote = if single && !double { b'"' } else { b'\'' };
    if plain && !(quote == b'\'' && single) {
        return strings::build_latin1(s.len() + 2, true, |out| {
            out[0] = quote;
            out[1..=s.len()].copy_from_slice(s.raw_bytes());
            out[s.len() + 1] = quote;
        });
    }
    let mut out = StrBuilder::with_capacity(s.len() + 8);
    out.push(quote as u32);
    with_str!(s.data(), d => for c in d {
        let c = c.code();
        match c {
            9 => out.push_ascii(b"\\t"),
            10 => out.push_ascii(b"\\n"),
            13 => out.push_ascii(b"\\r"),
            0x5c => out.push_ascii(b"\\\\"),
            c if c == quote as u32 => {
                out.push(0x5c);
                out.push(c);
            }
            c if unicode::is_printable(c) => out.push(c),
            c => hex_escape(c, &mut out),
        }
    });
    out.push(quote as u32);
    out.finish()
}

fn str_repr(v: Value) -> PyResult {
    Ok(repr_of(expect(v)))
}
fn str_str(v: Value) -> PyResult {
    Ok(str_find::exact(v))
}
fn str_hash(v: Value) -> PyResult<i64> {
    Ok(expect(v).hash())
}
fn str_richcompare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if !strings::is_str(a) || !strings::is_str(b) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let (x, y) = (expect(a), expect(b));
    Ok(Ref::bool(match op {
        CompareOp::Eq => x.equals(y),
        CompareOp::Ne => !x.equals(y),
        _ => op.test(x.cmp(y)),
    }))
}
fn str_length(v: Value) -> PyResult<usize> {
    Ok(expect(v).len())
}
fn str_concat(a: Value, b: Value) -> PyResult {
    let Some(y) = strings::as_str(&b) else {
        return err!(
            TypeError,
            "can only concatenate str (not \"{}\") to str",
            b.type_name()
        );
    };
    let x = expect(a);
    if x.len() == 0 && b.is_exact::<PyStr>() {
        return Ok(b.to_ref());
    }
    if y.len() == 0 && a.is_exact::<PyStr>() {
        return Ok(a.to_ref());
    }
    check_size(x.len() + y.len())?;
    Ok(strings::concat(x, y))
}
fn str_repeat(v: Value, n: isize) -> PyResult {
    let s = expect(v);
    if n <= 0 || s.len() == 0 {
        return Ok(strings::empty());
    }
    if n == 1 {
        return Ok(str_find::exact(v));
    }
    let n = n as usize;
    match s.len().checked_mul(n) {
        Some(total) if total <= isize::MAX as usize => check_size(total)?,
        _ => return err!(OverflowError, "repeated string is too long"),
    }
    Ok(match s.data() {
        StrData::Latin1([c]) => strings::build_latin1(n, *c < 128, |out| out.fill(*c)),
        StrData::Latin1(d) => strings::build_latin1(n * d.len(), s.is_ascii(), |out| {
            for chunk in out.chunks_exact_mut(d.len()) {
                chunk.copy_from_slice(d);
            }
        }),
        StrData::Ucs2(d) => strings::from_data(StrData::Ucs2(&d.repeat(n))),
        StrData::Ucs4(d) => strings::from_code_points(&d.repeat(n)),
    })
}
fn str_item(v: Value, i: isize) -> PyResult {
    let s = expect(v);
    if i < 0 || i as usize >= s.len() {
        return err!(IndexError, "string index out of range");
    }
    Ok(strings::from_char(s.at(i as usize)))
}
fn str_contains(v: Value, item: Value) -> PyResult<bool> {
    match strings::as_str(&item) {
        Some(n) => Ok(str_find::contains(expect(v), n)),
        None => err!(
            TypeError,
            "'in <string>' requires string as left operand, not {}",
            item.type_name()
        ),
    }
}
fn str_subscript(v: Value, key: Value) -> PyResult {
    let s = expect(v);
    if let Some(i) = key.as_small_int() {
        let at = if i < 0 { i + s.len() as i64 } else { i };
        if at < 0 || at as usize >= s.len() {
            return err!(IndexError, "string index out of range");
        }
        return Ok(strings::from_char(s.at(at as usize)));
    }
    if key.ty().slots().index.is_some() {
        let i = match int::to_isize(key) {
            Ok(i) => i,
            Err(e) => {
                if crate::err::clear_if(&crate::exceptions::OverflowError) {
                    return err!(
                        IndexError,
                        "cannot fit '{}' into an index-sized integer",
                        key.type_name()
                    );
                }
                return Err(e);
            }
        };
        return str_item(v, if i < 0 { i + s.len() as isize } else { i });
    }
    if let Some(r) = crate::slice_args::range(key, s.len())? {
        if r.step == 1 {
            if r.start == 0 && r.count == s.len() {
                return Ok(str_find::exact(v));
            }
            return Ok(strings::substring(s, r.start, r.start + r.count));
        }
        return Ok(match s.data() {
            StrData::Latin1(d) => {
                strings::new_latin1(&r.indices().map(|i| d[i]).collect::<Vec<u8>>())
            }
            d => strings::from_code_points(&r.indices().map(|i| d.at(i)).collect::<Vec<u32>>()),
        });
    }
    err!(
        TypeError,
        "string indices must be integers, not '{}'",
        key.type_name()
    )
}

// ---------------------------------------------------------------- methods

fn encode(a: &[Value]) -> PyResult {
    let encoding = codecs::name_arg(a[1], "encode", "encoding")?;
    let errors = codecs::name_arg(a[2], "encode", "errors")?;
    codecs::encode_str(a[0], encoding, errors)
}
fn format_method(a: &[Value]) -> PyResult {
    crate::format_spec::format_str(a[0], a[1])
}
fn sizeof(a: &[Value]) -> PyResult {
    let s = expect(a[0]);
    let own = if a[0].is_exact::<PyStr>() { 0 } else { 8 };
    let n = if s.is_ascii() {
        41 + s.len()
    } else {
        56 + (s.len() + 1) * s.kind() as usize
    };
    Ok(int::from_usize(n + own))
}
fn getnewargs(a: &[Value]) -> PyResult {
    Ok(tuple::of([strings::from_data(expect(a[0]).data())]))
}

fn fill_char(v: Value) -> PyResult<u32> {
    if v.is_null() {
        return Ok(32);
    }
    let Some(s) = strings::as_str(&v) else {
        return err!(
            TypeError,
            "The fill character must be a unicode character, not {}",
            v.type_name()
        );
    };
    if s.len() != 1 {
        return err!(
            TypeError,
            "The fill character must be exactly one character long"
        );
    }
    Ok(s.at(0))
}
fn padded(v: Value, left: usize, right: usize, fill: u32) -> PyResult {
    let s = expect(v);
    if left == 0 && right == 0 {
        return Ok(str_find::exact(v));
    }
    match s.len().checked_add(left).and_then(|n| n.checked_add(right)) {
        Some(n) => check_size(n)?,
        None => return err!(OverflowError, "padded string is too long"),
    }
    if s.kind() == 1 && fill < 256 {
        let n = s.len() + left + right;
        return Ok(strings::build_latin1(
            n,
            s.is_ascii() && fill < 128,
            |out| {
                out[..left].fill(fill as u8);
                out[left..left + s.len()].copy_from_slice(s.raw_bytes());
                out[left + s.len()..].fill(fill as u8);
            },
        ));
    }
    let mut out = StrBuilder::new();
    for _ in 0..left {
        out.push(fill);
    }
    out.push_pystr(s);
    for _ in 0..right {
        out.push(fill);
    }
    Ok(out.finish())
}
fn pad_of(a: &[Value]) -> PyResult<(usize, u32)> {
    let width = int::to_isize(a[1])?;
    let fill = fill_char(a[2])?;
    Ok(((width - expect(a[0]).len() as isize).max(0) as usize, fill))
}
fn center(a: &[Value]) -> PyResult {
    let (pad, fill) = pad_of(a)?;
    let width = expect(a[0]).len() + pad;
    let left = pad / 2 + (pad & width & 1);
    padded(a[0], left, pad - left, fill)
}
fn ljust(a: &[Value]) -> PyResult {
    let (pad, fill) = pad_of(a)?;
    padded(a[0], 0, pad, fill)
}
fn rjust(a: &[Value]) -> PyResult {
    let (pad, fill) = pad_of(a)?;
    padded(a[0], pad, 0, fill)
}
fn zfill(a: &[Value]) -> PyResult {
    let s = expect(a[0]);
    let width = int::to_isize(a[1])?;
    let pad = (width - s.len() as isize).max(0) as usize;
    if pad == 0 {
        return Ok(str_find::exact(a[0]));
    }
    check_size(s.len() + pad)?;
    let mut out = StrBuilder::with_capacity(s.len() + pad);
    let signed = s.len() > 0 && (s.at(0) == '+' as u32 || s.at(0) == '-' as u32);
    if signed {
        out.push(s.at(0));
    }
    for _ in 0..pad {
        out.push('0' as u32);
    }
    let rest = strings::substring(s, signed as usize, s.len());
    out.push_pystr(expect(*rest));
    Ok(out.finish())
}
fn expandtabs(a: &[Value]) -> PyResult {
    let s = expect(a[0]);
    let size = if a[1].is_null() {
        8
    } else {
        int::to_i32(a[1])?
    };
    let mut out = StrBuilder::with_capacity(s.len());
    let mut column = 0usize;
    for c in s.data().iter() {
        match c {
            9 => {
                if size > 0 {
                    let n = size as usize - column % size as usize;
                    check_size(out.len().saturating_add(n))?;
                    for _ in 0..n {
                        out.push(32);
                    }
                    column += n;
                }
            }
            _ => {
                out.push(c);
                column = if c == 10 || c == 13 { 0 } else { column + 1 };
            }
        }
    }
    Ok(out.finish())
}

fn maketrans(a: &[Value]) -> PyResult {
    let table = dict::new_dict();
    if a[1].is_null() {
        if !a[0].is_exact::<dict::PyDict>() {
            return err!(
                TypeError,
                "if you give only one argument to maketrans it must be a dict"
            );
        }
        for (k, v) in dict::items(a[0]) {
            let key = if let Some(s) = strings::as_str(&k) {
                if s.len() != 1 {
                    return err!(
                        ValueError,
                        "string keys in translatetable must be of length 1"
                    );
                }
                int::from_i64(s.at(0) as i64)
            } else if int::is_int(*k) {
                k
            } else {
                return err!(
                    TypeError,
                    "keys in translate table mustbe strings or integers"
                );
            };
            dict::set(*table, *key, *v)?;
        }
        return Ok(table);
    }
    let Some(x) = strings::as_str(&a[0]) else {
        return err!(
            TypeError,
            "first maketrans argument must be a string if there is a second argument"
        );
    };
    let y = str_find::str_arg(&a[1], "maketrans", 2)?;
    if x.len() != y.len() {
        return err!(
            ValueError,
            "the first two maketrans arguments must have equal length"
        );
    }
    for i in 0..x.len() {
        dict::set(
            *table,
            *int::from_i64(x.at(i) as i64),
            *int::from_i64(y.at(i) as i64),
        )?;
    }
    if !a[2].is_null() {
        let z = str_find::str_arg(&a[2], "maketrans", 3)?;
        for c in z.data().iter() {
            dict::set(*table, *int::from_i64(c as i64), Value::NONE)?;
        }
    }
    Ok(table)
}

/// What a character becomes: `Keep`, nothing, one character, or text.
enum Mapped {
    Keep,
    Delete,
    Char(u32),
    Text(Ref),
}

fn map_char(table: Value, c: u32) -> PyResult<Mapped> {
    let key = int::from_i64(c as i64);
    let found = if table.is_exact::<dict::PyDict>() {
        let v = dict::get(table, *key)?;
        if v.is_null() {
            return Ok(Mapped::Keep);
        }
        v.to_ref()
    } else {
        match protocol::getitem(table, *key) {
            Ok(v) => v,
            Err(e) => {
                if crate::err::clear_if(&crate::exceptions::LookupError) {
                    return Ok(Mapped::Keep);
                }
                return Err(e);
            }
        }
    };
    if found.is_none() {
        return Ok(Mapped::Delete);
    }
    if strings::is_str(*found) {
        return Ok(Mapped::Text(found));
    }
    if let Some(i) = int::as_int(&found) {
        return match i.to_i64() {
            Some(i) if (0..0x110000).contains(&i) => Ok(Mapped::Char(i as u32)),
            _ => err!(ValueError, "character mapping must be in range(0x110000)"),
        };
    }
    err!(
        TypeError,
        "character mapping must return integer, None or str"
    )
}

fn translate(a: &[Value]) -> PyResult {
    let s = expect(a[0]);
    let table = a[1];
    let mut out = StrBuilder::with_capacity(s.len());
    // For ASCII each character is looked up once: 0 unknown, 1 keep, 2 delete, else character + 3.
    let mut known = [0u32; 128];
    for i in 0..s.len() {
        let c = s.at(i);
        if c < 128 {
            match known[c as usize] {
                0 => {}
                1 => {
                    out.push(c);
                    continue;
                }
                2 => continue,
                x => {
                    out.push(x - 3);
                    continue;
                }
            }
        }
        let mapped = map_char(table, c)?;
        if c < 128 {
            known[c as usize] = match mapped {
                Mapped::Keep => 1,
                Mapped::Delete => 2,
                Mapped::Char(x) => x + 3,
                Mapped::Text(_) => 0,
            };
        }
        match mapped {
            Mapped::Keep => out.push(c),
            Mapped::Delete => {}
            Mapped::Char(x) => out.push(x),
            Mapped::Text(t) => out.push_pystr(expect(*t)),
        }
    }
    Ok(out.finish())
}
