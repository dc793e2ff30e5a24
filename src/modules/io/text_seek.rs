//! Positions of text streams: numbers that hold a position in bytes and how to come from there to a character.

use super::codec::Decoder;
use super::text::TextIo;
use super::{call0, unsupported};
use taipan_objects::err::PyResult;
use taipan_objects::names::names;
use taipan_objects::strings::expect;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{bytes, err, int, protocol};

/// What a position says: go to `start`, put the decoder into a state, feed it some bytes, leave out some characters.
#[derive(Default)]
struct Cookie {
    start: u64,
    flags: u32,
    bytes_to_feed: u32,
    chars_to_skip: u32,
    need_eof: bool,
}

impl Cookie {
    fn read(v: Value) -> PyResult<Cookie> {
        let too_large = || err!(OverflowError, "int too big to convert");
        if let Some(i) = int::as_int(&v).and_then(|i| i.to_i64()) {
            return Ok(Cookie { start: i as u64, ..Cookie::default() });
        }
        let Some(i) = int::as_int(&v) else { return too_large() };
        let Ok(big) = dashu_int::UBig::try_from(i.to_ibig()) else { return too_large() };
        let raw = big.to_le_bytes();
        if raw.len() > 21 {
            return too_large();
        }
        let mut b = [0u8; 21];
        b[..raw.len()].copy_from_slice(&raw);
        let word = |at: usize| u32::from_le_bytes([b[at], b[at + 1], b[at + 2], b[at + 3]]);
        Ok(Cookie {
            start: word(0) as u64 | (word(4) as u64) << 32,
            flags: word(8),
            bytes_to_feed: word(12),
            chars_to_skip: word(16),
            need_eof: b[20] != 0,
        })
    }
    fn write(&self) -> Ref {
        if self.flags == 0 && self.bytes_to_feed == 0 && self.chars_to_skip == 0 && !self.need_eof {
            return int::from_u64(self.start);
        }
        let mut b = [0u8; 21];
        b[..8].copy_from_slice(&self.start.to_le_bytes());
        b[8..12].copy_from_slice(&self.flags.to_le_bytes());
        b[12..16].copy_from_slice(&self.bytes_to_feed.to_le_bytes());
        b[16..20].copy_from_slice(&self.chars_to_skip.to_le_bytes());
        b[20] = self.need_eof as u8;
        int::from_ibig(dashu_int::UBig::from_le_bytes(&b).into())
    }
    fn prepare(&self, decoder: &Decoder) -> PyResult<()> {
        if self.start == 0 && self.flags == 0 { decoder.reset() } else { decoder.set_state(&[], self.flags as u64) }
    }
}

fn decode_len(decoder: &Decoder, data: &[u8], last: bool) -> PyResult<usize> {
    let b = bytes::new_bytes(data);
    Ok(expect(*decoder.decode(*b, last)?).len())
}

impl TextIo {
    pub(super) fn seek(&self, this: Value, cookie: Value, whence: i32) -> PyResult {
        self.check_attached()?;
        self.check_open()?;
        if !self.seekable.get() {
            return Err(unsupported("underlying stream is not seekable"));
        }
        let zero = Value::small_int(0);
        let mut target = cookie.to_ref();
        match whence {
            0 => {}
            1 => {
                if !protocol::eq(cookie, zero)? {
                    return Err(unsupported("can't do nonzero cur-relative seeks"));
                }
                // Comes to where the stream is, with nothing left in memory.
                target = call0(this, names().tell)?;
            }
            2 => {
                if !protocol::eq(cookie, zero)? {
                    return Err(unsupported("can't do nonzero end-relative seeks"));
                }
                call0(this, names().flush)?;
                self.set_decoded(Ref::NULL);
                drop(self.snapshot.take());
                if let Some(d) = self.decoder() {
                    d.reset()?;
                }
                let buffer = self.buffer()?;
                let at = protocol::call_method(*buffer, names().seek, &[zero, Value::small_int(2)])?;
                if let Some(e) = self.encoder() {
                    e.restart(protocol::eq(*at, zero)?)?;
                }
                return Ok(at);
            }
            _ => return err!(ValueError, "invalid whence ({whence}, should be 0, 1 or 2)"),
        }
        if protocol::compare_bool(*target, zero, taipan_objects::typeobject::CompareOp::Lt)? {
            return err!(ValueError, "negative seek position {}", protocol::repr_text(*target)?);
        }
        call0(this, names().flush)?;
        let index = protocol::index(*target)?;
        let c = Cookie::read(*index)?;
        let buffer = self.buffer()?;
        protocol::call_method(*buffer, names().seek, &[*int::from_u64(c.start)])?;
        self.set_decoded(Ref::NULL);
        drop(self.snapshot.take());
        if let Some(d) = self.decoder() {
            c.prepare(&d)?;
            if c.chars_to_skip > 0 {
                let input = protocol::call_method(*buffer, names().read, &[*int::from_u64(c.bytes_to_feed as u64)])?;
                if !bytes::is_bytes(*input) {
                    return err!(
                        TypeError,
                        "underlying read() should have returned a bytes object, not '{}'",
                        super::tp_name(*input)
                    );
                }
                self.snapshot_flags.set(c.flags as u64);
                self.snapshot.set(input.clone());
                let text = d.decode(*input, c.need_eof)?;
                let n = expect(*text).len();
                self.set_decoded(text);
                if n < c.chars_to_skip as usize {
                    return err!(OSError, "can't restore logical file position");
                }
                self.used.set(c.chars_to_skip as usize);
            } else {
                self.snapshot_flags.set(c.flags as u64);
                self.snapshot.set(bytes::new_bytes(&[]));
            }
        }
        if let Some(e) = self.encoder() {
            e.restart(c.start == 0 && c.flags == 0)?;
        }
        Ok(target)
    }

    pub(super) fn tell(&self, this: Value) -> PyResult {
        self.check_attached()?;
        self.check_open()?;
        if !self.seekable.get() {
            return Err(unsupported("underlying stream is not seekable"));
        }
        if !self.telling.get() {
            return err!(OSError, "telling position disabled by next() call");
        }
        self.write_pending()?;
        call0(this, names().flush)?;
        let buffer = self.buffer()?;
        let at = call0(*buffer, names().tell)?;
        let Some(decoder) = self.decoder() else { return Ok(at) };
        if self.snapshot.is_null() {
            return Ok(at);
        }
        let snapshot = self.snapshot.get_ref();
        let input = bytes::as_bytes(&snapshot).unwrap_or(&[]);
        let mut c = Cookie {
            start: (super::index_i64(*at)? - input.len() as i64) as u64,
            flags: self.snapshot_flags.get() as u32,
            ..Cookie::default()
        };
        if self.decoded.is_null() || self.used.get() == 0 {
            return Ok(c.write());
        }
        let (held, flags) = decoder.state()?;
        let r = find_start(&decoder, input, self.used.get(), self.ratio.get(), &mut c);
        let back = decoder.set_state(bytes::as_bytes(&held).unwrap_or(&[]), flags);
        super::both(r, || back)?;
        Ok(c.write())
    }
}

/// Finds the last place before the character `skip` of `input` at which the decoder holds nothing back.
fn find_start(decoder: &Decoder, input: &[u8], skip: usize, ratio: f64, c: &mut Cookie) -> PyResult<()> {
    let mut skip = skip;
    // A quick search near the position …
    let mut at = ((ratio * skip as f64) as usize).min(input.len()) as isize;
    let mut back = 1isize;
    while at > 0 {
        c.prepare(decoder)?;
        let n = decode_len(decoder, &input[..at as usize], false)?;
        if n <= skip {
            let (held, flags) = decoder.state()?;
            let h = bytes::as_bytes(&held).map_or(0, |b| b.len());
            if h == 0 {
                c.flags = flags as u32;
                skip -= n;
                break;
            }
            at -= h as isize;
            back = 1;
        } else {
            at -= back;
            back *= 2;
        }
    }
    if at <= 0 {
        at = 0;
        c.prepare(decoder)?;
    }
    let from = at as usize;
    c.start += from as u64;
    c.chars_to_skip = skip as u32;
    if skip == 0 {
        return Ok(());
    }
    // … then byte by byte.
    let mut decoded = 0;
    for b in &input[from..] {
        decoded += decode_len(decoder, std::slice::from_ref(b), false)?;
        c.bytes_to_feed += 1;
        let (held, flags) = decoder.state()?;
        if bytes::as_bytes(&held).is_none_or(|h| h.is_empty()) && decoded <= skip {
            c.start += c.bytes_to_feed as u64;
            skip -= decoded;
            c.flags = flags as u32;
            c.bytes_to_feed = 0;
            decoded = 0;
        }
        if decoded >= skip {
            c.chars_to_skip = skip as u32;
            return Ok(());
        }
    }
    decoded += decode_len(decoder, &[], true)?;
    c.need_eof = true;
    if decoded < skip {
        return err!(OSError, "can't reconstruct logical file position");
    }
    c.chars_to_skip = skip as u32;
    Ok(())
}
