//! `binascii`: bytes in hexadecimal, base64, quoted-printable and uuencoded form, and checksums.

use taipan_objects::err::PyResult;
use taipan_objects::exceptions::{Exception, PyException, ValueError};
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::typeobject::{TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::Value;
use taipan_objects::{buffer, bytes, bytes_methods, err, int, module, protocol, strings, type_ready};

pub static MODULE: ModuleDef = ModuleDef {
    name: "binascii",
    doc: "Conversion between binary data and ASCII",
    functions: &[
        MethodDef::new("a2b_uu($module, data, /)", "The bytes of a uuencoded line.", a2b_uu),
        MethodDef::new("b2a_uu($module, data, /, *, backtick=False)", "Bytes as a uuencoded line.", b2a_uu),
        MethodDef::new("a2b_base64($module, data, /, *, strict_mode=False)", "The bytes of base64 text.", a2b_base64),
        MethodDef::new("b2a_base64($module, data, /, *, newline=True)", "Bytes as base64 text.", b2a_base64),
        MethodDef::new("a2b_hex($module, hexstr, /)", "The bytes of hexadecimal text.", unhexlify),
        MethodDef::new("b2a_hex($module, /, data, sep=<unrepresentable>, bytes_per_sep=1)", "Bytes as hexadecimal text.", hexlify),
        MethodDef::new("unhexlify($module, hexstr, /)", "The bytes of hexadecimal text.", unhexlify),
        MethodDef::new("hexlify($module, /, data, sep=<unrepresentable>, bytes_per_sep=1)", "Bytes as hexadecimal text.", hexlify),
        MethodDef::new("crc_hqx($module, data, crc, /)", "The CRC-CCITT of data.", crc_hqx),
        MethodDef::new("crc32($module, data, crc=0, /)", "The CRC-32 of data.", crc32),
        MethodDef::new("b2a_qp($module, /, data, quotetabs=False, istext=True, header=False)", "Bytes as quoted-printable text.", b2a_qp),
        MethodDef::new("a2b_qp($module, /, data, header=False)", "The bytes of quoted-printable text.", a2b_qp),
    ],
    init: Some(|m| {
        type_ready::ready(&ERROR);
        type_ready::ready(&INCOMPLETE);
        module::add(m, "Error", ERROR.to_ref());
        module::add(m, "Incomplete", INCOMPLETE.to_ref());
        Ok(())
    }),
};

const EXCEPTION: u32 = TypeFlags::BASETYPE | TypeFlags::HAVE_GC | TypeFlags::EXC_SUBCLASS;
static ERROR: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "binascii.Error",
    base: Some(&ValueError),
    flags: EXCEPTION,
    ..TypeSpec::of::<PyException>()
});
static INCOMPLETE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "binascii.Incomplete",
    base: Some(&Exception),
    flags: EXCEPTION,
    ..TypeSpec::of::<PyException>()
});

fn fail<T>(message: impl AsRef<str>) -> PyResult<T> {
    Err(taipan_objects::err::raise(&ERROR, message))
}

/// Bytes, or the bytes of an ASCII str.
fn text(v: Value) -> PyResult<Vec<u8>> {
    if let Some(s) = strings::as_str(&v) {
        return match s.as_ascii() {
            Some(t) => Ok(t.as_bytes().to_vec()),
            None => err!(ValueError, "string argument should contain only ASCII characters"),
        };
    }
    if v.ty().slots().get_buffer.is_none() {
        return err!(TypeError, "argument should be bytes, buffer or ASCII string, not '{}'", v.type_name());
    }
    buffer::to_vec(v)
}

fn flag(v: Value, default: bool) -> PyResult<bool> {
    if v.is_null() { Ok(default) } else { protocol::is_true(v) }
}

fn a2b_uu(a: &[Value]) -> PyResult {
    let d = text(a[0])?;
    let Some(first) = d.first() else { return Ok(bytes::new_bytes(b"")) };
    let want = (first.wrapping_sub(b' ') & 63) as usize;
    let mut out = Vec::with_capacity(want);
    let (mut word, mut bits) = (0u32, 0);
    let mut i = 1;
    while out.len() < want {
        let c = d.get(i).copied().unwrap_or(b' ');
        i += 1;
        let v = if matches!(c, b'\n' | b'\r') || i > d.len() {
            0
        } else {
            if !(b' '..=b' ' + 64).contains(&c) {
                return fail("Illegal char");
            }
            (c - b' ') & 63
        };
        word = word << 6 | v as u32;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((word >> bits) as u8);
            word &= (1 << bits) - 1;
        }
    }
    for c in d.get(i..).unwrap_or(&[]) {
        if !matches!(c, b' ' | b'`' | b'\n' | b'\r') {
            return fail("Trailing garbage");
        }
    }
    Ok(bytes::from_vec(out))
}

fn b2a_uu(a: &[Value]) -> PyResult {
    let d = buffer::to_vec(a[0])?;
    let backtick = flag(a[1], false)?;
    if d.len() > 45 {
        return fail("At most 45 bytes at once");
    }
    let show = |v: u8| if v == 0 && backtick { b'`' } else { v + b' ' };
    let mut out = vec![show(d.len() as u8)];
    for c in d.chunks(3) {
        let w = (c[0] as u32) << 16 | (*c.get(1).unwrap_or(&0) as u32) << 8 | *c.get(2).unwrap_or(&0) as u32;
        for shift in [18, 12, 6, 0] {
            out.push(show((w >> shift & 63) as u8));
        }
    }
    out.push(b'\n');
    Ok(bytes::from_vec(out))
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn sextet(c: u8) -> Option<u8> {
    Some(match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

fn a2b_base64(a: &[Value]) -> PyResult {
    let d = text(a[0])?;
    let strict = flag(a[1], false)?;
    let mut out = Vec::with_capacity(d.len() / 4 * 3);
    if strict && d.first() == Some(&b'=') {
        return fail("Leading padding not allowed");
    }
    let (mut left, mut quad, mut pads, mut padding_started) = (0u8, 0, 0, false);
    for (i, c) in d.iter().enumerate() {
        if *c == b'=' {
            padding_started = true;
            if strict && quad == 0 {
                return fail(if i == 0 { "Leading padding not allowed" } else { "Excess padding not allowed" });
            }
            pads += 1;
            if quad >= 2 && quad + pads >= 4 {
                // A whole group: what follows is ignored, or an error.
                if strict && i + 1 < d.len() {
                    return fail("Excess data after padding");
                }
                return Ok(bytes::from_vec(out));
            }
            continue;
        }
        let Some(v) = sextet(*c) else {
            if strict {
                return fail("Only base64 data is allowed");
            }
            continue;
        };
        if strict && padding_started {
            return fail("Discontinuous padding not allowed");
        }
        pads = 0;
        match quad {
            0 => {
                quad = 1;
                left = v;
            }
            1 => {
                quad = 2;
                out.push(left << 2 | v >> 4);
                left = v & 15;
            }
            2 => {
                quad = 3;
                out.push(left << 4 | v >> 2);
                left = v & 3;
            }
            _ => {
                quad = 0;
                out.push(left << 6 | v);
                left = 0;
            }
        }
    }
    if quad == 1 {
        return fail(format!(
            "Invalid base64-encoded string: number of data characters ({}) cannot be 1 more than a multiple of 4",
            out.len() / 3 * 4 + 1
        ));
    }
    if quad != 0 {
        return fail("Incorrect padding");
    }
    Ok(bytes::from_vec(out))
}

fn b2a_base64(a: &[Value]) -> PyResult {
    let d = buffer::to_vec(a[0])?;
    let newline = flag(a[1], true)?;
    let mut out = Vec::with_capacity(d.len().div_ceil(3) * 4 + 1);
    for c in d.chunks(3) {
        let w = (c[0] as u32) << 16 | (*c.get(1).unwrap_or(&0) as u32) << 8 | *c.get(2).unwrap_or(&0) as u32;
        for (k, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            out.push(if k <= c.len() { BASE64[(w >> shift & 63) as usize] } else { b'=' });
        }
    }
    if newline {
        out.push(b'\n');
    }
    Ok(bytes::from_vec(out))
}

fn hexlify(a: &[Value]) -> PyResult {
    let d = buffer::to_vec(a[0])?;
    let s = bytes_methods::hex_text(&d, a[1], a[2])?;
    Ok(bytes::new_bytes(strings::expect(*s).raw_bytes()))
}
fn unhexlify(a: &[Value]) -> PyResult {
    let d = text(a[0])?;
    if d.len() % 2 != 0 {
        return fail("Odd-length string");
    }
    let mut out = Vec::with_capacity(d.len() / 2);
    for c in d.chunks(2) {
        match ((c[0] as char).to_digit(16), (c[1] as char).to_digit(16)) {
            (Some(h), Some(l)) => out.push((h * 16 + l) as u8),
            _ => return fail("Non-hexadecimal digit found"),
        }
    }
    Ok(bytes::from_vec(out))
}

/// An integer argument modulo 2^32.
pub(crate) fn word(v: Value, default: u32) -> PyResult<u32> {
    if v.is_null() {
        return Ok(default);
    }
    if let Some(i) = v.as_small_int() {
        return Ok(i as u32);
    }
    let i = protocol::index(v)?;
    let n = int::as_int(&i).map(|i| i.to_ibig()).unwrap_or_default();
    let low = n & dashu_int::IBig::from(u32::MAX);
    Ok(u32::try_from(&low).unwrap_or(0))
}

pub(crate) fn crc32(a: &[Value]) -> PyResult {
    let start = word(a[1], 0)?;
    let mut h = crc32fast::Hasher::new_with_initial(start);
    match bytes::as_bytes(&a[0]) {
        Some(b) => h.update(b),
        None => h.update(&buffer::to_vec(a[0])?),
    }
    Ok(int::from_u64(h.finalize() as u64))
}
fn crc_hqx(a: &[Value]) -> PyResult {
    let d = buffer::to_vec(a[0])?;
    let mut crc = word(a[1], 0)? & 0xffff;
    for b in d {
        crc ^= (b as u32) << 8;
        for _ in 0..8 {
            crc = if crc & 0x8000 != 0 { crc << 1 ^ 0x1021 } else { crc << 1 } & 0xffff;
        }
    }
    Ok(int::from_i64(crc as i64))
}

fn a2b_qp(a: &[Value]) -> PyResult {
    let d = text(a[0])?;
    let header = flag(a[1], false)?;
    let mut out = Vec::with_capacity(d.len());
    let hex = |c: u8| (c as char).to_digit(16);
    let mut i = 0;
    while i < d.len() {
        if d[i] == b'=' {
            i += 1;
            if i >= d.len() {
                break;
            }
            if matches!(d[i], b'\n' | b'\r') {
                if d[i] != b'\n' {
                    while i < d.len() && d[i] != b'\n' {
                        i += 1;
                    }
                }
                if i < d.len() {
                    i += 1;
                }
            } else if d[i] == b'=' {
                out.push(b'=');
                i += 1;
            } else if let (Some(h), Some(l)) = (hex(d[i]), d.get(i + 1).and_then(|c| hex(*c))) {
                out.push((h * 16 + l) as u8);
                i += 2;
            } else {
                out.push(b'=');
            }
        } else if header && d[i] == b'_' {
            out.push(b' ');
            i += 1;
        } else {
            out.push(d[i]);
            i += 1;
        }
    }
    Ok(bytes::from_vec(out))
}

fn b2a_qp(a: &[Value]) -> PyResult {
    let d = buffer::to_vec(a[0])?;
    let (quotetabs, istext, header) = (flag(a[1], false)?, flag(a[2], true)?, flag(a[3], false)?);
    let n = d.len();
    // Line ends are those of the first line.
    let crlf = d.iter().position(|c| *c == b'\n').is_some_and(|p| p > 0 && d[p - 1] == b'\r');
    let mut out: Vec<u8> = Vec::with_capacity(n);
    let mut line = 0;
    let soft = |out: &mut Vec<u8>, line: &mut usize| {
        out.push(b'=');
        if crlf {
            out.push(b'\r');
        }
        out.push(b'\n');
        *line = 0;
    };
    let mut i = 0;
    while i < n {
        let c = d[i];
        let next = d.get(i + 1).copied();
        let quote = c > 126
            || c == b'='
            || (header && c == b'_')
            || (c == b'.' && line == 0 && matches!(next, None | Some(b'\n' | b'\r' | 0)))
            || (!istext && matches!(c, b'\r' | b'\n'))
            || (matches!(c, b'\t' | b' ') && i + 1 == n)
            || (c < 33 && !matches!(c, b'\r' | b'\n' | b'\t' | b' '))
            || (c < 33 && matches!(c, b'\t' | b' ') && quotetabs);
        if quote {
            if line + 3 >= 76 {
                soft(&mut out, &mut line);
            }
            out.extend(format!("={c:02X}").bytes());
            line += 3;
            i += 1;
            continue;
        }
        if istext && (c == b'\n' || (c == b'\r' && next == Some(b'\n'))) {
            line = 0;
            // Whitespace at the end of a line has to be quoted.
            if let Some(last) = out.last().copied()
                && matches!(last, b' ' | b'\t')
            {
                out.pop();
                out.extend(format!("={last:02X}").bytes());
            }
            if crlf {
                out.push(b'\r');
            }
            out.push(b'\n');
            i += if c == b'\r' { 2 } else { 1 };
            continue;
        }
        if i + 1 != n && next != Some(b'\n') && line + 1 >= 76 {
            soft(&mut out, &mut line);
        }
        line += 1;
        out.push(if header && c == b' ' { b'_' } else { c });
        i += 1;
    }
    Ok(bytes::from_vec(out))
}
