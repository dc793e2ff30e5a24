//! `zlib`: compression in the formats of zlib, gzip and raw deflate.

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use std::cell::{Cell, RefCell};
use taipan_objects::err::PyResult;
use taipan_objects::exceptions::{Exception, PyException};
use taipan_objects::native::{GetSetDef, MethodDef, ModuleDef, Signature};
use taipan_objects::object::{Header, new_object};
use taipan_objects::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{buffer, bytes, err, int, module, strings, type_ready};

pub static MODULE: ModuleDef = ModuleDef {
    name: "zlib",
    doc: "The functions in this module allow compression and decompression using the\nzlib library, which is based on GNU zip.",
    functions: &[
        MethodDef::new("adler32($module, data, value=1, /)", "The Adler-32 checksum of data.", adler32),
        MethodDef::new("crc32($module, data, value=0, /)", "The CRC-32 of data.", crate::binascii::crc32),
        MethodDef::new("compress($module, data, /, level=Z_DEFAULT_COMPRESSION, wbits=MAX_WBITS)", "The data compressed.", |a| {
            let data = buffer::to_vec(a[0])?;
            let level = number(a[1], -1)?;
            let mut c = compressor(level, number(a[2], 15)?)?;
            let mut out = Vec::new();
            run_compress(&mut c, &data, FlushCompress::Finish, &mut out)?;
            Ok(bytes::from_vec(out))
        }),
        MethodDef::new("decompress($module, data, /, wbits=MAX_WBITS, bufsize=DEF_BUF_SIZE)", "The data decompressed.", |a| {
            let data = buffer::to_vec(a[0])?;
            let wbits = number(a[1], 15)?;
            if !a[2].is_null() && int::to_i64(a[2])? < 0 {
                return err!(ValueError, "bufsize must be non-negative");
            }
            let mut d = decompressor(wbits, &data)?;
            let mut out = Vec::new();
            let (_, end) = run_decompress(&mut d, &data, None, &mut out, b"")?;
            if !end {
                return fail("Error -5 while decompressing data: incomplete or truncated stream");
            }
            Ok(bytes::from_vec(out))
        }),
        MethodDef::new(
            "compressobj($module, /, level=Z_DEFAULT_COMPRESSION, method=DEFLATED,\n            wbits=MAX_WBITS, memLevel=DEF_MEM_LEVEL,\n            strategy=Z_DEFAULT_STRATEGY, zdict=<unrepresentable>)",
            "A compressor object.",
            |a| {
                let (level, wbits) = (number(a[0], -1)?, number(a[2], 15)?);
                if number(a[1], 8)? != 8 || !(1..=9).contains(&number(a[3], 8)?) {
                    return err!(ValueError, "Invalid initialization option");
                }
                let mut c = compressor(level, wbits)?;
                if !a[5].is_null() {
                    let dictionary = buffer::to_vec(a[5])?;
                    if c.set_dictionary(&dictionary).is_err() {
                        return err!(ValueError, "Invalid dictionary");
                    }
                }
                Ok(new_object(Compressor { header: Header::new(&COMPRESS_TYPE), state: RefCell::new(Some(c)) }))
            },
        ),
        MethodDef::new("decompressobj($module, /, wbits=MAX_WBITS, zdict=b'')", "A decompressor object.", |a| {
            let wbits = number(a[0], 15)?;
            let zdict = if a[1].is_null() { Vec::new() } else { buffer::to_vec(a[1])? };
            check_decompress_wbits(wbits)?;
            Ok(new_object(Decompressor {
                header: Header::new(&DECOMPRESS_TYPE),
                state: RefCell::new(None),
                wbits,
                zdict,
                unused: Slot::new(bytes::new_bytes(b"")),
                tail: Slot::new(bytes::new_bytes(b"")),
                eof: Cell::new(false),
            }))
        }),
    ],
    init: Some(init),
};

static ERROR: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "zlib.error",
    base: Some(&Exception),
    flags: TypeFlags::BASETYPE | TypeFlags::HAVE_GC | TypeFlags::EXC_SUBCLASS,
    ..TypeSpec::of::<PyException>()
});
fn fail<T>(message: impl AsRef<str>) -> PyResult<T> {
    Err(taipan_objects::err::raise(&ERROR, message))
}

fn init(m: Value) -> PyResult<()> {
    for t in [&ERROR, &COMPRESS_TYPE, &DECOMPRESS_TYPE, &ZLIB_DECOMPRESSOR_TYPE] {
        type_ready::ready(t);
    }
    module::add(m, "error", ERROR.to_ref());
    module::add(m, "_ZlibDecompressor", ZLIB_DECOMPRESSOR_TYPE.to_ref());
    for (name, v) in [
        ("DEFLATED", 8),
        ("DEF_BUF_SIZE", 16384),
        ("DEF_MEM_LEVEL", 8),
        ("MAX_WBITS", 15),
        ("Z_BEST_COMPRESSION", 9),
        ("Z_BEST_SPEED", 1),
        ("Z_BLOCK", 5),
        ("Z_DEFAULT_COMPRESSION", -1),
        ("Z_DEFAULT_STRATEGY", 0),
        ("Z_FILTERED", 1),
        ("Z_FINISH", 4),
        ("Z_FIXED", 4),
        ("Z_FULL_FLUSH", 3),
        ("Z_HUFFMAN_ONLY", 2),
        ("Z_NO_COMPRESSION", 0),
        ("Z_NO_FLUSH", 0),
        ("Z_PARTIAL_FLUSH", 1),
        ("Z_RLE", 3),
        ("Z_SYNC_FLUSH", 2),
        ("Z_TREES", 6),
    ] {
        module::add(m, name, int::from_i64(v));
    }
    for (name, v) in [("ZLIB_VERSION", "1.3.1"), ("ZLIB_RUNTIME_VERSION", "1.3.1"), ("__version__", "1.0")] {
        module::add(m, name, strings::new_str(v));
    }
    Ok(())
}

fn number(v: Value, default: i64) -> PyResult<i64> {
    if v.is_null() { Ok(default) } else { int::to_i32(v).map(|i| i as i64) }
}

fn adler32(a: &[Value]) -> PyResult {
    let start = crate::binascii::word(a[1], 1)?;
    let data = buffer::to_vec(a[0])?;
    let (mut x, mut y) = (start & 0xffff, start >> 16);
    // The sums stay below 2^32 for so many bytes.
    for chunk in data.chunks(5552) {
        for b in chunk {
            x += *b as u32;
            y += x;
        }
        x %= 65521;
        y %= 65521;
    }
    Ok(int::from_u64((y << 16 | x) as u64))
}

fn compressor(level: i64, wbits: i64) -> PyResult<Compress> {
    if !(-1..=9).contains(&level) {
        return fail("Bad compression level");
    }
    let level = if level < 0 { Compression::default() } else { Compression::new(level as u32) };
    Ok(match wbits {
        9..=15 => Compress::new_with_window_bits(level, true, wbits as u8),
        -15..=-9 => Compress::new_with_window_bits(level, false, -wbits as u8),
        25..=31 => Compress::new_gzip(level, (wbits - 16) as u8),
        _ => return err!(ValueError, "Invalid initialization option"),
    })
}

fn check_decompress_wbits(wbits: i64) -> PyResult<()> {
    match wbits {
        0 | 8..=15 | -15..=-8 | 24..=31 | 40..=47 => Ok(()),
        _ => err!(ValueError, "Invalid initialization option"),
    }
}

/// `data` is the beginning of the input, by which automatic detection decides.
fn decompressor(wbits: i64, data: &[u8]) -> PyResult<Decompress> {
    check_decompress_wbits(wbits)?;
    Ok(match wbits {
        0 => Decompress::new(true),
        8..=15 => Decompress::new_with_window_bits(true, (wbits as u8).max(9)),
        -15..=-8 => Decompress::new_with_window_bits(false, (-wbits as u8).max(9)),
        24..=31 => Decompress::new_gzip(((wbits - 16) as u8).max(9)),
        _ if data.starts_with(&[0x1f]) => Decompress::new_gzip(((wbits - 32) as u8).max(9)),
        _ => Decompress::new_with_window_bits(true, ((wbits - 32) as u8).max(9)),
    })
}

fn run_compress(c: &mut Compress, mut data: &[u8], flush: FlushCompress, out: &mut Vec<u8>) -> PyResult<()> {
    loop {
        out.reserve((data.len() / 2).clamp(1024, 1 << 20));
        let (before, produced) = (c.total_in(), out.len());
        let status = match c.compress_vec(data, out, flush) {
            Ok(s) => s,
            Err(e) => return fail(format!("Error -2 while compressing data: {e}")),
        };
        data = &data[(c.total_in() - before) as usize..];
        let full = out.len() == out.capacity();
        match status {
            Status::StreamEnd => return Ok(()),
            _ if flush == FlushCompress::Finish => {
                if out.len() == produced && !full && data.is_empty() {
                    return Ok(());
                }
            }
            _ if data.is_empty() && !full => return Ok(()),
            _ => {}
        }
    }
}

/// Decompresses up to `limit` bytes into `out`: gives what input was used, and whether the stream ended.
fn run_decompress(
    d: &mut Decompress,
    data: &[u8],
    limit: Option<usize>,
    out: &mut Vec<u8>,
    zdict: &[u8],
) -> PyResult<(usize, bool)> {
    let mut used = 0;
    loop {
        let room = limit.map_or(usize::MAX, |l| l - out.len());
        if room == 0 {
            return Ok((used, false));
        }
        let step = ((data.len() - used) * 2).clamp(1024, 1 << 20).min(room);
        let mut piece = vec![0; step];
        let (in_before, out_before) = (d.total_in(), d.total_out());
        let status = d.decompress(&data[used..], &mut piece, FlushDecompress::None);
        used += (d.total_in() - in_before) as usize;
        let produced = (d.total_out() - out_before) as usize;
        out.extend_from_slice(&piece[..produced]);
        match status {
            Ok(Status::StreamEnd) => return Ok((used, true)),
            Ok(_) => {
                if produced < step && used == data.len() {
                    return Ok((used, false));
                }
                if produced == 0 && in_before == d.total_in() {
                    return Ok((used, false));
                }
            }
            Err(e) => {
                if e.needs_dictionary().is_some() {
                    if zdict.is_empty() {
                        return fail("Error 2 while decompressing data");
                    }
                    if d.set_dictionary(zdict).is_err() {
                        return fail("Error -3 while setting zdict");
                    }
                    continue;
                }
                return match e.message() {
                    Some(m) => fail(format!("Error -3 while decompressing data: {m}")),
                    None => fail("Error -3 while decompressing data"),
                };
            }
        }
    }
}

// ---------------------------------------------------------------- objects

/// A `compressobj`.
#[repr(C)]
pub struct Compressor {
    header: Header,
    /// `None` when finished.
    state: RefCell<Option<Compress>>,
}
taipan_objects::object_impl!(Compressor, COMPRESS_TYPE);

static COMPRESS_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "zlib.Compress",
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots::of::<Compressor>(),
    methods: &[
        MethodDef::new("compress($self, data, /)", "Compresses data, and gives what is ready.", |a| {
            let data = buffer::to_vec(a[1])?;
            let c = compress_of(&a[0]);
            let mut out = Vec::new();
            match &mut *c.state.borrow_mut() {
                Some(s) => run_compress(s, &data, FlushCompress::None, &mut out)?,
                None => return fail("Error -2 while compressing data: inconsistent stream state"),
            }
            Ok(bytes::from_vec(out))
        }),
        MethodDef::new("flush($self, mode=zlib.Z_FINISH, /)", "Gives what is left.", |a| {
            let c = compress_of(&a[0]);
            let mode = match number(a[1], 4)? {
                0 => return Ok(bytes::new_bytes(b"")),
                1 => FlushCompress::Partial,
                2 => FlushCompress::Sync,
                3 => FlushCompress::Full,
                4 => FlushCompress::Finish,
                _ => return fail("Error -2 while flushing: inconsistent stream state"),
            };
            let mut out = Vec::new();
            let mut state = c.state.borrow_mut();
            match &mut *state {
                Some(s) => run_compress(s, b"", mode, &mut out)?,
                None => return fail("Error -2 while flushing: inconsistent stream state"),
            }
            if mode == FlushCompress::Finish {
                *state = None;
            }
            Ok(bytes::from_vec(out))
        }),
        MethodDef::new("copy($self, /)", "A copy of the compressor.", |_| taipan_objects::err::missing("zlib.Compress.copy")),
        MethodDef::new("__copy__($self, /)", "A copy of the compressor.", |_| taipan_objects::err::missing("zlib.Compress.copy")),
        MethodDef::new("__deepcopy__($self, memo, /)", "A copy of the compressor.", |_| {
            taipan_objects::err::missing("zlib.Compress.copy")
        }),
    ],
    ..TypeSpec::of::<Compressor>()
});
fn compress_of(v: &Value) -> &Compressor {
    // SAFETY: methods check self.
    unsafe { v.cast_unchecked::<Compressor>() }
}

/// A `decompressobj`.
#[repr(C)]
pub struct Decompressor {
    header: Header,
    /// Made at the first input.
    state: RefCell<Option<Decompress>>,
    wbits: i64,
    zdict: Vec<u8>,
    unused: Slot,
    tail: Slot,
    eof: Cell<bool>,
}
taipan_objects::object_impl!(Decompressor, DECOMPRESS_TYPE);

static DECOMPRESS_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "zlib.Decompress",
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots::of::<Decompressor>(),
    methods: &[
        MethodDef::new("decompress($self, data, /, max_length=0)", "Decompresses data.", |a| {
            let data = buffer::to_vec(a[1])?;
            let max = if a[2].is_null() { 0 } else { int::to_isize(a[2])? };
            if max < 0 {
                return err!(ValueError, "max_length must be non-negative");
            }
            let d = decompress_of(&a[0]);
            d.feed(&data, if max == 0 { None } else { Some(max as usize) })
        }),
        MethodDef::new("flush($self, length=zlib.DEF_BUF_SIZE, /)", "Decompresses what is left.", |a| {
            if !a[1].is_null() && int::to_isize(a[1])? <= 0 {
                return err!(ValueError, "length must be greater than zero");
            }
            let d = decompress_of(&a[0]);
            let tail = buffer::to_vec(d.tail.get())?;
            d.feed(&tail, None)
        }),
        MethodDef::new("copy($self, /)", "A copy of the decompressor.", |_| taipan_objects::err::missing("zlib.Decompress.copy")),
        MethodDef::new("__copy__($self, /)", "A copy of the decompressor.", |_| {
            taipan_objects::err::missing("zlib.Decompress.copy")
        }),
        MethodDef::new("__deepcopy__($self, memo, /)", "A copy of the decompressor.", |_| {
            taipan_objects::err::missing("zlib.Decompress.copy")
        }),
    ],
    getset: &[
        GetSetDef::ro("unused_data", "Data behind the end of the stream.", |v| Ok(decompress_of(&v).unused.get_ref())),
        GetSetDef::ro("unconsumed_tail", "Input not used because of max_length.", |v| Ok(decompress_of(&v).tail.get_ref())),
        GetSetDef::ro("eof", "Whether the end of the stream was reached.", |v| Ok(Ref::bool(decompress_of(&v).eof.get()))),
    ],
    ..TypeSpec::of::<Decompressor>()
});
fn decompress_of(v: &Value) -> &Decompressor {
    // SAFETY: methods check self.
    unsafe { v.cast_unchecked::<Decompressor>() }
}
impl Decompressor {
    fn feed(&self, data: &[u8], limit: Option<usize>) -> PyResult {
        if self.eof.get() {
            let mut unused = buffer::to_vec(self.unused.get())?;
            unused.extend_from_slice(data);
            self.unused.set(bytes::from_vec(unused));
            self.tail.set(bytes::new_bytes(b""));
            return Ok(bytes::new_bytes(b""));
        }
        let mut out = Vec::new();
        let mut state = self.state.borrow_mut();
        if state.is_none() {
            if data.is_empty() {
                return Ok(bytes::new_bytes(b""));
            }
            let mut d = decompressor(self.wbits, data)?;
            if self.wbits < 0 && !self.zdict.is_empty() && d.set_dictionary(&self.zdict).is_err() {
                return fail("Error -3 while setting zdict");
            }
            *state = Some(d);
        }
        let Some(d) = &mut *state else { return Ok(bytes::new_bytes(b"")) };
        let (used, end) = run_decompress(d, data, limit, &mut out, &self.zdict)?;
        if end {
            self.eof.set(true);
            self.unused.set(bytes::new_bytes(&data[used..]));
            self.tail.set(bytes::new_bytes(b""));
        } else {
            self.tail.set(bytes::new_bytes(&data[used..]));
        }
        Ok(bytes::from_vec(out))
    }
}

/// A `_ZlibDecompressor`, which keeps the input it has not used.
#[repr(C)]
pub struct ZlibDecompressor {
    header: Header,
    state: RefCell<Option<Decompress>>,
    wbits: i64,
    zdict: Vec<u8>,
    input: RefCell<Vec<u8>>,
    unused: Slot,
    eof: Cell<bool>,
    needs_input: Cell<bool>,
}
taipan_objects::object_impl!(ZlibDecompressor, ZLIB_DECOMPRESSOR_TYPE);

static ZLIB_DECOMPRESSOR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "zlib._ZlibDecompressor",
    doc: "Create a decompressor object for decompressing data incrementally.",
    slots: Slots { new: Some(new_decompressor), ..Slots::of::<ZlibDecompressor>() },
    methods: &[MethodDef::new("decompress($self, /, data, max_length=-1)", "Decompresses data.", |a| {
        let d = zlib_of(&a[0]);
        let data = buffer::to_vec(a[1])?;
        let max = if a[2].is_null() { -1 } else { int::to_isize(a[2])? };
        if d.eof.get() {
            return err!(EOFError, "End of stream already reached");
        }
        let mut input = d.input.borrow_mut();
        input.extend_from_slice(&data);
        let mut state = d.state.borrow_mut();
        if state.is_none() {
            if input.is_empty() {
                return Ok(bytes::new_bytes(b""));
            }
            *state = Some(decompressor(d.wbits, &input)?);
        }
        let Some(s) = &mut *state else { return Ok(bytes::new_bytes(b"")) };
        let mut out = Vec::new();
        let limit = if max < 0 { None } else { Some(max as usize) };
        let (used, end) = run_decompress(s, &input, limit, &mut out, &d.zdict)?;
        input.drain(..used);
        if end {
            d.eof.set(true);
            d.unused.set(bytes::from_vec(std::mem::take(&mut *input)));
            d.needs_input.set(false);
        } else {
            d.needs_input.set(limit.is_none_or(|l| out.len() < l) && input.is_empty());
        }
        Ok(bytes::from_vec(out))
    })],
    getset: &[
        GetSetDef::ro("eof", "Whether the end of the stream was reached.", |v| Ok(Ref::bool(zlib_of(&v).eof.get()))),
        GetSetDef::ro("unused_data", "Data behind the end of the stream.", |v| Ok(zlib_of(&v).unused.get_ref())),
        GetSetDef::ro("needs_input", "Whether more input is needed before more output.", |v| {
            Ok(Ref::bool(zlib_of(&v).needs_input.get()))
        }),
    ],
    text_signature: "(wbits=15, zdict=b'')",
    ..TypeSpec::of::<ZlibDecompressor>()
});
fn zlib_of(v: &Value) -> &ZlibDecompressor {
    // SAFETY: methods check self.
    unsafe { v.cast_unchecked::<ZlibDecompressor>() }
}
fn new_decompressor(_ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static SIGNATURE: Signature = Signature::new("_ZlibDecompressor(wbits=15, zdict=b'')");
    SIGNATURE.bind(args, kwnames, |a| {
        let wbits = number(a[0], 15)?;
        check_decompress_wbits(wbits)?;
        Ok(new_object(ZlibDecompressor {
            header: Header::new(&ZLIB_DECOMPRESSOR_TYPE),
            state: RefCell::new(None),
            wbits,
            zdict: if a[1].is_null() { Vec::new() } else { buffer::to_vec(a[1])? },
            input: RefCell::new(Vec::new()),
            unused: Slot::new(bytes::new_bytes(b"")),
            eof: Cell::new(false),
            needs_input: Cell::new(true),
        }))
    })
}
