//! `TextIOWrapper`: text over a stream of bytes. Here reading and writing; positions are in `text_seek`, the type in `text_types`.

use super::buffered_types;
use super::codec::{Codec, Decoder, Encoder};
use super::newlines::{Line, LineEnd, contains, find_line};
use super::{attribute_true, call0, call_again, tp_name, unsupported, value_error};
use std::cell::{Cell, UnsafeCell};
use std::rc::Rc;
use taipan_objects::err::{PyResult};
use taipan_objects::names::names;
use taipan_objects::object::{Header, instance};
use taipan_objects::strings::{self, StrBuilder, expect};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{bytes, err, exceptions, int, object_impl, protocol};

/// Bytes and characters that are read or gathered before the next step, unless changed by `_CHUNK_SIZE`.
const CHUNK_SIZE: usize = 8192;

/// A text stream.
#[repr(C)]
pub struct TextIo {
    pub(super) header: Header,
    pub(super) buffer: Slot,
    pub(super) encoding: Slot,
    pub(super) errors: Slot,
    pub(super) ok: Cell<bool>,
    pub(super) detached: Cell<bool>,
    pub(super) finalizing: Cell<bool>,
    pub(super) line_buffering: Cell<bool>,
    pub(super) write_through: Cell<bool>,
    pub(super) seekable: Cell<bool>,
    /// Positions are recorded; off while the stream is iterated.
    pub(super) telling: Cell<bool>,
    pub(super) has_read1: Cell<bool>,
    pub(super) chunk_size: Cell<usize>,
    decoder: UnsafeCell<Option<Rc<Decoder>>>,
    encoder: UnsafeCell<Option<Rc<Encoder>>>,
    /// Encoded, not yet written.
    pending: UnsafeCell<Vec<u8>>,
    /// Decoded text, used up to `used`; NULL if there is none.
    pub(super) decoded: Slot,
    pub(super) used: Cell<usize>,
    /// State of the decoder and input since, from which `decoded` came: NULL if not recorded.
    pub(super) snapshot: Slot,
    pub(super) snapshot_flags: Cell<u64>,
    /// Bytes per character, of the last piece decoded.
    pub(super) ratio: Cell<f64>,
    pub(super) universal: Cell<bool>,
    pub(super) translate: Cell<bool>,
    pub(super) end: Cell<LineEnd>,
    pub(super) write_as: Cell<Option<&'static str>>,
}
object_impl!(
    TextIo,
    super::text_types::TEXT_IO_WRAPPER_TYPE,
    |this, visit| {
        visit(this.buffer.get());
        if let Some(d) = this.decoder() {
            d.traverse(visit);
        }
        if let Some(e) = this.encoder() {
            e.traverse(visit);
        }
    },
    |this| {
        this.ok.set(false);
        this.set_codec(None, None);
        drop(this.buffer.take());
    }
);

pub(super) fn text(v: Value) -> &'static TextIo {
    instance::<TextIo>(v)
}

impl TextIo {
    pub(super) fn new(header: Header) -> TextIo {
        TextIo {
            header,
            buffer: Slot::null(),
            encoding: Slot::null(),
            errors: Slot::null(),
            ok: Cell::new(false),
            detached: Cell::new(false),
            finalizing: Cell::new(false),
            line_buffering: Cell::new(false),
            write_through: Cell::new(false),
            seekable: Cell::new(false),
            telling: Cell::new(false),
            has_read1: Cell::new(false),
            chunk_size: Cell::new(CHUNK_SIZE),
            decoder: UnsafeCell::new(None),
            encoder: UnsafeCell::new(None),
            pending: UnsafeCell::new(Vec::new()),
            decoded: Slot::null(),
            used: Cell::new(0),
            snapshot: Slot::null(),
            snapshot_flags: Cell::new(0),
            ratio: Cell::new(0.0),
            universal: Cell::new(false),
            translate: Cell::new(false),
            end: Cell::new(LineEnd::Lf),
            write_as: Cell::new(None),
        }
    }
    fn value(&self) -> Value {
        // SAFETY: a heap object, held by the caller.
        unsafe { Value::from_ptr(&self.header) }
    }
    /// The decoder; kept alive by the result while Python code may replace it.
    pub(super) fn decoder(&self) -> Option<Rc<Decoder>> {
        // SAFETY: under the interpreter's lock; the reference does not leave this expression.
        unsafe { (*self.decoder.get()).clone() }
    }
    pub(super) fn encoder(&self) -> Option<Rc<Encoder>> {
        // SAFETY: as above.
        unsafe { (*self.encoder.get()).clone() }
    }
    pub(super) fn set_codec(&self, decoder: Option<Rc<Decoder>>, encoder: Option<Rc<Encoder>>) {
        // SAFETY: as above; the old ones are dropped after the fields are set.
        let old = unsafe { (std::mem::replace(&mut *self.decoder.get(), decoder), std::mem::replace(&mut *self.encoder.get(), encoder)) };
        drop(old);
    }
    /// Not to be kept across anything that may run Python code.
    #[allow(clippy::mut_from_ref)]
    fn pending(&self) -> &mut Vec<u8> {
        // SAFETY: see above.
        unsafe { &mut *self.pending.get() }
    }
    pub(super) fn clear_pending(&self) {
        self.pending().clear();
    }

    pub(super) fn check_attached(&self) -> PyResult<()> {
        if self.ok.get() {
            return Ok(());
        }
        Err(value_error(if self.detached.get() { "underlying buffer has been detached" } else { "I/O operation on uninitialized object" }))
    }
    /// The stream of bytes.
    pub(super) fn buffer(&self) -> PyResult {
        self.check_attached()?;
        Ok(self.buffer.get_ref())
    }
    pub(super) fn is_closed(&self) -> PyResult<bool> {
        let buffer = self.buffer.get();
        if let Some(b) = buffered_types::exact(buffer)
            && let Some(c) = b.known_closed()
        {
            return Ok(c);
        }
        let buffer = self.buffer()?;
        attribute_true(*buffer, names().closed)
    }
    pub(super) fn check_open(&self) -> PyResult<()> {
        self.check_attached()?;
        if self.is_closed()? { Err(value_error("I/O operation on closed file.")) } else { Ok(()) }
    }
    pub(super) fn check_readable(&self) -> PyResult<Rc<Decoder>> {
        self.decoder().ok_or_else(|| unsupported("not readable"))
    }

    // ------------------------------------------------------------ writing

    pub(super) fn write(&self, text: Value) -> PyResult {
        self.check_attached()?;
        let Some(s) = strings::as_str(&text) else {
            return err!(TypeError, "write() argument must be str, not {}", super::fileio::shown_type(text));
        };
        self.check_open()?;
        let Some(encoder) = self.encoder() else { return Err(unsupported("not writable")) };
        let n = s.len();
        let replaced;
        let mut text = text;
        let mut needs_flush = false;
        if self.line_buffering.get() || self.write_as.get().is_some() {
            let has_lf = contains(s, b'\n');
            needs_flush = self.line_buffering.get() && (has_lf || contains(s, b'\r'));
            if has_lf && let Some(end) = self.write_as.get() {
                let mut out = StrBuilder::with_capacity(n + 16);
                for c in s.data().iter() {
                    if c == 10 { out.push_str(end) } else { out.push(c) }
                }
                replaced = out.finish();
                text = *replaced;
            }
        }
        match encoder.as_is(expect(text)) {
            Some(d) => self.gather(d)?,
            None => self.gather(&encoder.encode(text)?)?,
        }
        if needs_flush || self.write_through.get() || self.pending().len() >= self.chunk_size.get() {
            self.write_pending()?;
        }
        if needs_flush {
            let buffer = self.buffer.get_ref();
            self.flush_buffer(*buffer)?;
        }
        if !self.decoded.is_null() || !self.snapshot.is_null() {
            self.set_decoded(Ref::NULL);
            drop(self.snapshot.take());
        }
        if let Some(d) = self.decoder() {
            d.reset()?;
        }
        Ok(int::from_usize(n))
    }
    fn gather(&self, data: &[u8]) -> PyResult<()> {
        if !self.pending().is_empty() && self.pending().len() + data.len() > self.chunk_size.get() {
            self.write_pending()?;
        }
        self.pending().extend_from_slice(data);
        Ok(())
    }
    /// Hands what is gathered to the stream of bytes.
    pub(super) fn write_pending(&self) -> PyResult<()> {
        if self.pending().is_empty() {
            return Ok(());
        }
        let mut data = std::mem::take(self.pending());
        let buffer = self.buffer()?;
        match buffered_types::exact(*buffer) {
            Some(b) if b.writable.get() => {
                b.write(&data)?;
                // The memory serves again.
                if self.pending().capacity() == 0 && data.capacity() <= 4 * CHUNK_SIZE {
                    data.clear();
                    *self.pending() = data;
                }
            }
            _ => {
                let b = bytes::from_vec(data);
                call_again(*buffer, names().write, &[*b])?;
            }
        }
        Ok(())
    }
    fn flush_buffer(&self, buffer: Value) -> PyResult<()> {
        match buffered_types::exact(buffer) {
            Some(b) if b.writable.get() => b.flush(),
            _ => call_again(buffer, names().flush, &[]).map(|_| ()),
        }
    }
    pub(super) fn flush(&self) -> PyResult<()> {
        self.check_attached()?;
        self.check_open()?;
        self.telling.set(self.seekable.get());
        self.write_pending()?;
        let buffer = self.buffer.get_ref();
        if buffered_types::exact(*buffer).is_some_and(|b| b.writable.get()) {
            return self.flush_buffer(*buffer);
        }
        call0(*buffer, names().flush).map(|_| ())
    }

    // ------------------------------------------------------------ reading

    pub(super) fn set_decoded(&self, text: Ref) {
        self.used.set(0);
        self.decoded.set(text);
    }
    /// Up to `n` characters that are decoded already; negative: all of them.
    fn take_decoded(&self, n: i64) -> Ref {
        let text = self.decoded.get_ref();
        if text.is_null() {
            return strings::empty();
        }
        let s = expect(*text);
        let from = self.used.get().min(s.len());
        let rest = s.len() - from;
        let n = if n < 0 || n as u64 > rest as u64 { rest } else { n as usize };
        self.used.set(from + n);
        if n == s.len() { text } else { strings::substring(s, from, from + n) }
    }
    /// Reads and decodes a piece; `false` at the end.
    fn read_chunk(&self, hint: usize) -> PyResult<bool> {
        let decoder = self.check_readable()?;
        let before = if self.telling.get() { Some(decoder.state()?) } else { None };
        let hint = if hint > 0 { (self.ratio.get().max(1.0) * hint as f64) as usize } else { 0 };
        let size = self.chunk_size.get().max(hint) as i64;
        let buffer = self.buffer()?;
        let input = match buffered_types::exact(*buffer) {
            Some(b) if b.readable.get() => b.read1(size)?,
            _ => {
                let name = if self.has_read1.get() { names().read1 } else { names().read };
                protocol::call_method(*buffer, name, &[*int::from_i64(size)])?
            }
        };
        let n = match bytes::as_bytes(&input) {
            Some(d) => d.len(),
            None => {
                if input.ty().slots().get_buffer.is_none() {
                    return err!(
                        TypeError,
                        "underlying {}() should have returned a bytes-like object, not '{}'",
                        if self.has_read1.get() { "read1" } else { "read" },
                        tp_name(*input)
                    );
                }
                taipan_objects::buffer::get(*input, 0)?.len
            }
        };
        let text = decoder.decode(*input, n == 0)?;
        let chars = expect(*text).len();
        self.set_decoded(text);
        self.ratio.set(if chars > 0 { n as f64 / chars as f64 } else { 0.0 });
        if let Some((held, flags)) = before {
            let all = match bytes::as_bytes(&held) {
                Some(h) if !h.is_empty() => {
                    let mut all = h.to_vec();
                    all.extend_from_slice(&taipan_objects::buffer::to_vec(*input)?);
                    bytes::from_vec(all)
                }
                _ if bytes::is_bytes(*input) => input,
                _ => bytes::from_vec(taipan_objects::buffer::to_vec(*input)?),
            };
            self.snapshot_flags.set(flags);
            self.snapshot.set(all);
        }
        Ok(n > 0 || chars > 0)
    }
    /// As `read_chunk`, again after interruptions.
    fn read_chunk_again(&self, hint: usize) -> PyResult<bool> {
        loop {
            match self.read_chunk(hint) {
                Err(_) if super::interrupted() => {}
                r => return r,
            }
        }
    }
    pub(super) fn read(&self, n: i64) -> PyResult {
        self.check_attached()?;
        self.check_open()?;
        let decoder = self.check_readable()?;
        self.write_pending()?;
        if n < 0 {
            let buffer = self.buffer()?;
            let input = match buffered_types::exact(*buffer) {
                Some(b) if b.readable.get() => b.read(-1)?,
                _ => call0(*buffer, names().read)?,
            };
            if input.is_none() {
                let text = strings::new_str("Read returned None.");
                return Err(err::raise_with(&exceptions::BlockingIOError, &[*text]));
            }
            let text = decoder.decode(*input, true)?;
            let before = self.take_decoded(-1);
            self.set_decoded(Ref::NULL);
            drop(self.snapshot.take());
            let b = expect(*before);
            return Ok(if b.len() == 0 { text } else { strings::concat(b, expect(*text)) });
        }
        let first = self.take_decoded(n);
        let mut left = n as usize - expect(*first).len();
        if left == 0 {
            return Ok(first);
        }
        let mut out = StrBuilder::new();
        out.push_pystr(expect(*first));
        while left > 0 {
            if !self.read_chunk_again(left)? {
                break;
            }
            let part = self.take_decoded(left as i64);
            left -= expect(*part).len();
            out.push_pystr(expect(*part));
        }
        Ok(out.finish())
    }
    pub(super) fn readline(&self, limit: i64) -> PyResult {
        self.check_open()?;
        self.write_pending()?;
        let end = self.end.get();
        let limit = if limit < 0 { usize::MAX } else { limit as usize };
        // The common case: the whole line is there.
        if !self.decoded.is_null() {
            let s = expect(self.decoded.get());
            let from = self.used.get();
            if from < s.len()
                && let Line::Ends(to) = find_line(s.data(), from, end)
                && to - from <= limit
            {
                self.used.set(to);
                return Ok(strings::substring(s, from, to));
            }
        }
        let mut out = StrBuilder::new();
        // The last characters of a piece that may be the start of a line end.
        let mut held = Ref::NULL;
        loop {
            let mut at_end = false;
            while self.decoded.is_null() || expect(self.decoded.get()).len() <= self.used.get() {
                if !self.read_chunk_again(0)? {
                    at_end = true;
                    break;
                }
            }
            if at_end {
                self.set_decoded(Ref::NULL);
                drop(self.snapshot.take());
                break;
            }
            let piece = self.decoded.get_ref();
            let skipped = if held.is_null() { 0 } else { expect(*held).len() };
            let line = if held.is_null() { piece } else { strings::concat(expect(*held.take()), expect(*piece)) };
            let start = if skipped > 0 { 0 } else { self.used.get() };
            let s = expect(*line);
            let (mut stop, mut done) = match find_line(s.data(), start, end) {
                Line::Ends(i) => (i, true),
                Line::Open(i) => (i, false),
            };
            if stop - start + out.len() >= limit {
                stop = start + (limit - out.len());
                done = true;
            }
            if done {
                self.used.set(stop.saturating_sub(skipped));
                let last = strings::substring(s, start, stop);
                if out.is_empty() {
                    return Ok(last);
                }
                out.push_pystr(expect(*last));
                return Ok(out.finish());
            }
            out.push_pystr(expect(*strings::substring(s, start, stop)));
            if stop < s.len() {
                held = strings::substring(s, stop, s.len());
            }
            self.set_decoded(Ref::NULL);
        }
        if !held.is_null() {
            out.push_pystr(expect(*held));
        }
        Ok(out.finish())
    }
    /// Says whether anything was read and decoded that is still to be used.
    pub(super) fn has_decoded(&self) -> bool {
        !self.decoded.is_null()
    }

    /// Makes decoder and encoder for an encoding, as far as the stream of bytes can be read and written.
    pub(super) fn make_codec(&self, codec: &Codec, errors: &str) -> PyResult<()> {
        let buffer = self.buffer.get_ref();
        let (readable, writable) = match buffered_types::exact(*buffer) {
            Some(b) if b.ok.get() => (b.readable.get(), b.writable.get()),
            _ => (
                protocol::is_true(*call0(*buffer, names().readable)?)?,
                protocol::is_true(*call0(*buffer, names().writable)?)?,
            ),
        };
        let newlines = if self.universal.get() { Some(super::newlines::Newlines::new(self.translate.get())) } else { None };
        let decoder = if readable { Some(Rc::new(Decoder::new(codec, errors, newlines)?)) } else { None };
        let encoder = if writable { Some(Rc::new(Encoder::new(codec, errors)?)) } else { None };
        self.set_codec(decoder, encoder);
        Ok(())
    }
    /// Where writing does not begin at the start of the file, no mark is to be written there.
    pub(super) fn fix_encoder(&self) -> PyResult<()> {
        let Some(encoder) = self.encoder() else { return Ok(()) };
        if !self.seekable.get() || encoder.is_native() {
            return Ok(());
        }
        let buffer = self.buffer.get_ref();
        let at = call0(*buffer, names().tell)?;
        if !protocol::eq(*at, Value::small_int(0))? {
            encoder.restart(false)?;
        }
        Ok(())
    }
    pub(super) fn close(&self) -> PyResult {
        self.check_attached()?;
        let this = self.value();
        if attribute_true(this, names().closed)? {
            return Ok(Ref::NONE);
        }
        if self.finalizing.get() && !self.buffer.is_null() {
            super::buffered::warn_raw(*self.buffer.get_ref(), this);
        }
        let flushed = call0(this, names().flush);
        super::both(flushed, || {
            let buffer = self.buffer()?;
            call0(*buffer, names().close)
        })
    }
    pub(super) fn detach(&self) -> PyResult {
        self.check_attached()?;
        call0(self.value(), names().flush)?;
        let buffer = self.buffer.take();
        self.detached.set(true);
        self.ok.set(false);
        Ok(buffer)
    }
}
