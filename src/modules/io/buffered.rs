//! The buffer between raw streams and their users: what `BufferedReader`, `BufferedWriter` and `BufferedRandom` have in common.
//!
//! `pos` is the logical position within the buffer. `read_end` ends the valid bytes of a reader, `write_pos..write_end` are bytes not
//! yet written; -1 as end says that there is nothing of the kind. `raw_pos` is where the raw stream stands, seen from the start of the
//! buffer, and `abs_pos` where it stands in the file; negative if unknown.

use super::fileio::{FILE_IO_TYPE, FileIo};
use super::memory::Owner;
use super::{attribute_true, call0, call_again, find_byte, index_i64, require_seekable, value_error, would_block};
use std::cell::{Cell, UnsafeCell};
use taipan_objects::err::{PyResult, Raised};
use taipan_objects::names::names;
use taipan_objects::object::{Header, instance};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::vm::{check_signals, vm};
use taipan_objects::{bytearray, bytes, err, exceptions, int, memoryview, protocol};

/// A raw stream with a buffer.
#[repr(C)]
pub struct Buffered {
    pub(super) header: Header,
    pub(super) raw: Slot,
    pub(super) ok: Cell<bool>,
    pub(super) detached: Cell<bool>,
    pub(super) readable: Cell<bool>,
    pub(super) writable: Cell<bool>,
    pub(super) finalizing: Cell<bool>,
    /// The types are the native ones, so that whether the stream is closed can be told without calls.
    fast: Cell<bool>,
    abs_pos: Cell<i64>,
    /// Memory of `size` bytes, its length unused. It stays in place while `owner` is set.
    memory: UnsafeCell<Vec<u8>>,
    has_memory: Cell<bool>,
    size: Cell<usize>,
    pos: Cell<i64>,
    raw_pos: Cell<i64>,
    read_end: Cell<i64>,
    write_pos: Cell<i64>,
    write_end: Cell<i64>,
    owner: Owner,
}

/// What a raw stream did.
enum Raw {
    Did(usize),
    WouldBlock,
}

pub(super) fn buffered(v: Value) -> &'static Buffered {
    debug_assert!(v.is_heap());
    // SAFETY: called for the three types whose layout this is; the caller holds the object.
    unsafe { &*(v.as_ptr() as *const Buffered) }
}

impl Buffered {
    pub(super) fn new(header: Header) -> Buffered {
        Buffered {
            header,
            raw: Slot::null(),
            ok: Cell::new(false),
            detached: Cell::new(false),
            readable: Cell::new(false),
            writable: Cell::new(false),
            finalizing: Cell::new(false),
            fast: Cell::new(false),
            abs_pos: Cell::new(0),
            memory: UnsafeCell::new(Vec::new()),
            has_memory: Cell::new(false),
            size: Cell::new(0),
            pos: Cell::new(0),
            raw_pos: Cell::new(0),
            read_end: Cell::new(-1),
            write_pos: Cell::new(0),
            write_end: Cell::new(-1),
            owner: Owner::new(),
        }
    }
    fn value(&self) -> Value {
        // SAFETY: a heap object, held by the caller.
        unsafe { Value::from_ptr(&self.header) }
    }

    /// Common part of `__init__`, after the checks of the raw stream.
    pub(super) fn start(&self, raw: Value, size: i64, readable: bool, writable: bool, exact: bool) -> PyResult<()> {
        if size <= 0 {
            return Err(value_error("buffer size must be strictly positive"));
        }
        self.owner.enter(self.value())?;
        self.raw.set(raw.to_ref());
        self.detached.set(false);
        self.readable.set(readable);
        self.writable.set(writable);
        let mut memory: Vec<u8> = Vec::new();
        if memory.try_reserve_exact(size as usize).is_err() {
            self.owner.leave();
            return Err(err::raise_with(&exceptions::MemoryError, &[]));
        }
        // SAFETY: nobody else uses the memory: the lock is held.
        unsafe { *self.memory.get() = memory };
        self.has_memory.set(true);
        self.size.set(size as usize);
        self.pos.set(0);
        self.owner.leave();
        if self.raw_tell_now().is_err() {
            drop(vm().take_pending());
        }
        self.reset_read();
        self.reset_write();
        if readable && writable {
            self.read_end.set(-1);
        }
        self.pos.set(0);
        self.raw_pos.set(0);
        self.fast.set(exact && raw.ty().is(&FILE_IO_TYPE));
        self.ok.set(true);
        Ok(())
    }

    /// Runs `f` while no other thread uses the buffer.
    pub(super) fn locked<R>(&self, f: impl FnOnce() -> PyResult<R>) -> PyResult<R> {
        self.owner.enter(self.value())?;
        let r = f();
        self.owner.leave();
        r
    }

    pub(super) fn check_ready(&self) -> PyResult<()> {
        if self.ok.get() {
            return Ok(());
        }
        Err(value_error(if self.detached.get() { "raw stream has been detached" } else { "I/O operation on uninitialized object" }))
    }
    /// The raw stream.
    pub(super) fn raw(&self) -> PyResult {
        self.check_ready()?;
        Ok(self.raw.get_ref())
    }
    pub(super) fn closed(&self) -> PyResult<bool> {
        let raw = self.raw()?;
        attribute_true(*raw, names().closed)
    }
    fn is_closed(&self) -> PyResult<bool> {
        if !self.has_memory.get() {
            return Ok(true);
        }
        if self.fast.get() {
            let raw = self.raw.get();
            return Ok(instance::<FileIo>(raw).is_closed());
        }
        self.closed()
    }
    /// ValueError if closed and nothing is left to be read.
    pub(super) fn check_open(&self, message: &str) -> PyResult<()> {
        if self.raw.is_null() || (self.is_closed()? && self.readahead() == 0) {
            return Err(value_error(message));
        }
        Ok(())
    }

    fn valid_read(&self) -> bool {
        self.readable.get() && self.read_end.get() != -1
    }
    fn valid_write(&self) -> bool {
        self.writable.get() && self.write_end.get() != -1
    }
    fn adjust_position(&self, to: i64) {
        self.pos.set(to);
        if self.valid_read() && self.read_end.get() < to {
            self.read_end.set(to);
        }
    }
    fn readahead(&self) -> i64 {
        if self.valid_read() { self.read_end.get() - self.pos.get() } else { 0 }
    }
    fn raw_offset(&self) -> i64 {
        if (self.valid_read() || self.valid_write()) && self.raw_pos.get() >= 0 { self.raw_pos.get() - self.pos.get() } else { 0 }
    }
    fn reset_read(&self) {
        self.read_end.set(-1);
    }
    fn reset_write(&self) {
        self.write_pos.set(0);
        self.write_end.set(-1);
    }
    fn memory(&self) -> *mut u8 {
        // SAFETY: only the pointer is taken.
        unsafe { (*self.memory.get()).as_mut_ptr() }
    }
    /// Bytes `from..to` of the buffer, which hold data. Not to be kept across anything that may run Python code.
    fn data(&self, from: i64, to: i64) -> &[u8] {
        debug_assert!(from >= 0 && from <= to && to as usize <= self.size.get());
        if !self.has_memory.get() {
            return &[];
        }
        // SAFETY: positions lie within what was filled.
        unsafe { std::slice::from_raw_parts(self.memory().add(from as usize), (to - from) as usize) }
    }
    fn put(&self, at: i64, data: &[u8]) {
        debug_assert!(at >= 0 && at as usize + data.len() <= self.size.get());
        // SAFETY: within the buffer's memory, and from elsewhere.
        unsafe { std::ptr::copy_nonoverlapping(data.as_ptr(), self.memory().add(at as usize), data.len()) }
    }
    /// Takes `n` bytes that are in the buffer.
    fn take(&self, n: i64) -> &[u8] {
        let at = self.pos.get();
        self.pos.set(at + n);
        self.data(at, at + n)
    }

    // ------------------------------------------------------------ the raw stream

    fn raw_tell_now(&self) -> PyResult<i64> {
        let raw = self.raw.get_ref();
        if raw.is_null() {
            return Err(value_error("raw stream has been detached"));
        }
        let n = match raw.cast_exact::<FileIo>() {
            Some(f) => f.seek_raw(0, libc::SEEK_CUR)?,
            None => super::fileio::offset_arg(*call0(*raw, names().tell)?)?,
        };
        self.know_position(n)
    }
    fn know_position(&self, n: i64) -> PyResult<i64> {
        if n < 0 {
            return err!(OSError, "Raw stream returned invalid position {n}");
        }
        self.abs_pos.set(n);
        Ok(n)
    }
    fn raw_tell(&self) -> PyResult<i64> {
        if self.abs_pos.get() != -1 { Ok(self.abs_pos.get()) } else { self.raw_tell_now() }
    }
    fn raw_seek(&self, to: i64, whence: i32) -> PyResult<i64> {
        let raw = self.raw.get_ref();
        if raw.is_null() {
            return Err(value_error("raw stream has been detached"));
        }
        let n = match raw.cast_exact::<FileIo>() {
            Some(f) => f.seek_raw(to, whence)?,
            None => {
                let r = protocol::call_method(*raw, names().seek, &[*int::from_i64(to), *int::from_i64(whence as i64)])?;
                super::fileio::offset_arg(*r)?
            }
        };
        self.know_position(n)
    }
    /// Reads once from the raw stream.
    ///
    /// # Safety
    /// `len` bytes at `at` may be written, also while other threads run.
    unsafe fn raw_read(&self, at: *mut u8, len: usize) -> PyResult<Raw> {
        let raw = self.raw.get_ref();
        if raw.is_null() {
            return Err(value_error("raw stream has been detached"));
        }
        let n = if let Some(f) = raw.cast_exact::<FileIo>() {
            // SAFETY: as promised by the caller.
            match unsafe { f.read_raw(at, len)? } {
                Some(n) => n,
                None => return Ok(Raw::WouldBlock),
            }
        } else {
            // A stream written in Python may keep the view, so it gets memory of its own.
            let own = bytearray::from_vec(vec![0; len]);
            let view = memoryview::of(*own)?;
            let r = call_again(*raw, names().readinto, &[*view])?;
            if r.is_none() {
                return Ok(Raw::WouldBlock);
            }
            let n = match index_i64(*r) {
                Ok(n) => n,
                Err(_) => {
                    let cause = vm().take_pending();
                    let e = exceptions::new_exception(&exceptions::OSError, &[*taipan_objects::strings::new_str("raw readinto() failed")]);
                    exceptions::expect(*e).context.set(cause.clone());
                    exceptions::expect(*e).cause.set(cause);
                    exceptions::expect(*e).suppress_context.set(true);
                    vm().set_pending(e);
                    return Err(Raised::pending());
                }
            };
            if n < 0 || n as usize > len {
                return err!(OSError, "raw readinto() returned invalid length {n} (should have been between 0 and {len})");
            }
            let n = n as usize;
            let filled = own.cast::<bytearray::PyByteArray>().map_or(&[][..], |b| b.data());
            let have = n.min(filled.len());
            // SAFETY: the target is valid for `len` bytes.
            unsafe { std::ptr::copy_nonoverlapping(filled.as_ptr(), at, have) };
            n
        };
        if n > 0 && self.abs_pos.get() != -1 {
            self.abs_pos.set(self.abs_pos.get() + n as i64);
        }
        Ok(Raw::Did(n))
    }
    /// Writes once to the raw stream.
    ///
    /// # Safety
    /// `len` bytes at `at` may be read, also while other threads run.
    unsafe fn raw_write(&self, at: *const u8, len: usize) -> PyResult<Raw> {
        let raw = self.raw.get_ref();
        if raw.is_null() {
            return Err(value_error("raw stream has been detached"));
        }
        let n = if let Some(f) = raw.cast_exact::<FileIo>() {
            // SAFETY: as promised by the caller.
            match unsafe { f.write_raw(at, len)? } {
                Some(n) => n,
                None => return Ok(Raw::WouldBlock),
            }
        } else {
            // SAFETY: as promised by the caller.
            let own = bytes::new_bytes(unsafe { std::slice::from_raw_parts(at, len) });
            let view = memoryview::of(*own)?;
            let r = call_again(*raw, names().write, &[*view])?;
            if r.is_none() {
                return Ok(Raw::WouldBlock);
            }
            let n = index_i64(*r)?;
            if n < 0 || n as usize > len {
                return err!(OSError, "raw write() returned invalid length {n} (should have been between 0 and {len})");
            }
            n as usize
        };
        if n > 0 && self.abs_pos.get() != -1 {
            self.abs_pos.set(self.abs_pos.get() + n as i64);
        }
        Ok(Raw::Did(n))
    }
    /// Reads once behind what is in the buffer.
    fn fill(&self) -> PyResult<Raw> {
        let start = if self.valid_read() { self.read_end.get() } else { 0 };
        // SAFETY: the rest of the buffer; the memory stays while the lock is held.
        let r = unsafe { self.raw_read(self.memory().add(start as usize), self.size.get() - start as usize)? };
        if let Raw::Did(n) = r
            && n > 0
        {
            self.read_end.set(start + n as i64);
            self.raw_pos.set(start + n as i64);
        }
        Ok(r)
    }

    // ------------------------------------------------------------ reading

    pub(super) fn read(&self, n: i64) -> PyResult {
        self.check_ready()?;
        if n < -1 {
            return Err(value_error("read length must be non-negative or -1"));
        }
        self.check_open("read of closed file")?;
        if n == -1 {
            return self.locked(|| self.read_all());
        }
        if n <= self.readahead() {
            return Ok(bytes::new_bytes(self.take(n)));
        }
        self.locked(|| self.read_generic(n))
    }
    fn read_all(&self) -> PyResult {
        let have = self.readahead();
        let mut out: Vec<u8> = if have > 0 { self.take(have).to_vec() } else { Vec::new() };
        if self.writable.get() {
            self.flush_and_rewind()?;
        }
        self.reset_read();
        let raw = self.raw.get_ref();
        if let Some(f) = raw.cast_exact::<FileIo>() {
            return Ok(match super::fileio::read_all(f)? {
                None if out.is_empty() => Ref::NONE,
                None => bytes::from_vec(out),
                Some(rest) => {
                    if self.abs_pos.get() != -1 {
                        self.abs_pos.set(self.abs_pos.get() + rest.len() as i64);
                    }
                    if out.is_empty() {
                        bytes::from_vec(rest)
                    } else {
                        out.extend_from_slice(&rest);
                        bytes::from_vec(out)
                    }
                }
            });
        }
        if let Some(readall) = protocol::getattr_opt(*raw, names().readall)? {
            let rest = protocol::call(*readall, &[])?;
            if rest.is_none() {
                return Ok(if have > 0 { bytes::from_vec(out) } else { rest });
            }
            let Some(d) = bytes::as_bytes(&rest) else {
                return err!(TypeError, "readall() should return bytes");
            };
            if have == 0 {
                return Ok(rest);
            }
            out.extend_from_slice(d);
            return Ok(bytes::from_vec(out));
        }
        loop {
            let part = call0(*raw, names().read)?;
            if part.is_none() {
                return Ok(if out.is_empty() { part } else { bytes::from_vec(out) });
            }
            let Some(d) = bytes::as_bytes(&part) else {
                return err!(TypeError, "read() should return bytes");
            };
            if d.is_empty() {
                return Ok(bytes::from_vec(out));
            }
            out.extend_from_slice(d);
            if self.abs_pos.get() != -1 {
                self.abs_pos.set(self.abs_pos.get() + d.len() as i64);
            }
        }
    }
    fn read_generic(&self, n: i64) -> PyResult {
        let have = self.readahead();
        if n <= have {
            return Ok(bytes::new_bytes(self.take(n)));
        }
        let want = n as usize;
        let mut out: Vec<u8> = Vec::new();
        if out.try_reserve_exact(want).is_err() {
            return Err(err::raise_with(&exceptions::MemoryError, &[]));
        }
        if have > 0 {
            out.extend_from_slice(self.take(have));
        }
        if self.writable.get() {
            self.flush_and_rewind()?;
        }
        self.reset_read();
        let done = |out: Vec<u8>, blocked: bool| {
            if blocked && out.is_empty() { Ok(Ref::NONE) } else { Ok(bytes::from_vec(out)) }
        };
        // Whole blocks go where they are wanted.
        loop {
            let remaining = want - out.len();
            let whole = remaining - remaining % self.size.get();
            if whole == 0 {
                break;
            }
            let at = out.len();
            // SAFETY: the room was reserved; the vector is local.
            match unsafe { self.raw_read(out.as_mut_ptr().add(at), whole)? } {
                Raw::Did(0) => return done(out, false),
                Raw::WouldBlock => return done(out, true),
                // SAFETY: so many bytes were written.
                Raw::Did(n) => unsafe { out.set_len(at + n) },
            }
        }
        self.pos.set(0);
        self.raw_pos.set(0);
        self.read_end.set(0);
        // The rest goes through the buffer, with no more calls than needed: each may block.
        while out.len() < want && (self.read_end.get() as usize) < self.size.get() {
            match self.fill()? {
                Raw::Did(0) => return done(out, false),
                Raw::WouldBlock => return done(out, true),
                Raw::Did(n) => {
                    let n = n.min(want - out.len());
                    out.extend_from_slice(self.take(n as i64));
                }
            }
        }
        Ok(bytes::from_vec(out))
    }
    pub(super) fn read1(&self, n: i64) -> PyResult {
        self.check_ready()?;
        let n = if n < 0 { self.size.get() as i64 } else { n };
        self.check_open("read of closed file")?;
        if n == 0 {
            return Ok(bytes::new_bytes(&[]));
        }
        let have = self.readahead();
        if have > 0 {
            return Ok(bytes::new_bytes(self.take(n.min(have))));
        }
        let mut out: Vec<u8> = Vec::new();
        if out.try_reserve_exact(n as usize).is_err() {
            return Err(err::raise_with(&exceptions::MemoryError, &[]));
        }
        self.locked(|| {
            self.reset_read();
            // SAFETY: the room was reserved; the vector is local.
            unsafe {
                if let Raw::Did(n) = self.raw_read(out.as_mut_ptr(), n as usize)? {
                    out.set_len(n);
                }
            }
            Ok(())
        })?;
        Ok(bytes::from_vec(out))
    }
    pub(super) fn readinto(&self, target: Value, once: bool) -> PyResult {
        self.check_ready()?;
        let b = super::fileio::target(target, if once { "readinto1" } else { "readinto" })?;
        self.check_open("readinto of closed file")?;
        let have = self.readahead().max(0) as usize;
        let mut written = 0;
        if have > 0 {
            let n = have.min(b.len);
            // SAFETY: the target's memory is held; it is not this buffer's.
            unsafe { std::ptr::copy(self.take(n as i64).as_ptr(), b.ptr, n) };
            if n == b.len {
                return Ok(int::from_usize(n));
            }
            written = n;
        }
        self.locked(|| {
            if self.writable.get() {
                self.flush_and_rewind()?;
            }
            self.reset_read();
            self.pos.set(0);
            while written < b.len {
                let remaining = b.len - written;
                let r = if remaining > self.size.get() {
                    // SAFETY: the target's memory is held.
                    unsafe { self.raw_read(b.ptr.add(written), remaining)? }
                } else if !(once && written > 0) {
                    match self.fill()? {
                        Raw::Did(n) if n > 0 => {
                            let n = n.min(remaining);
                            // SAFETY: as above.
                            unsafe { std::ptr::copy(self.take(n as i64).as_ptr(), b.ptr.add(written), n) };
                            written += n;
                            if once {
                                break;
                            }
                            continue;
                        }
                        r => r,
                    }
                } else {
                    Raw::Did(0)
                };
                match r {
                    Raw::Did(0) => break,
                    Raw::WouldBlock if written > 0 => break,
                    Raw::WouldBlock => return Ok(Ref::NONE),
                    Raw::Did(n) => written += n,
                }
                if once {
                    break;
                }
            }
            Ok(int::from_usize(written))
        })
    }
    pub(super) fn peek(&self) -> PyResult {
        self.check_ready()?;
        self.check_open("peek of closed file")?;
        self.locked(|| {
            if self.writable.get() {
                self.flush_and_rewind()?;
            }
            let have = self.readahead();
            if have > 0 {
                return Ok(bytes::new_bytes(self.data(self.pos.get(), self.pos.get() + have)));
            }
            self.reset_read();
            let n = match self.fill()? {
                Raw::Did(n) => n,
                Raw::WouldBlock => 0,
            };
            self.pos.set(0);
            Ok(bytes::new_bytes(self.data(0, n as i64)))
        })
    }
    pub(super) fn readline(&self, limit: i64) -> PyResult {
        self.check_ready()?;
        self.check_open("readline of closed file")?;
        let mut n = self.readahead();
        if limit >= 0 {
            n = n.min(limit);
        }
        let at = self.pos.get();
        if n > 0
            && let Some(i) = find_byte(self.data(at, at + n), b'\n')
        {
            return Ok(bytes::new_bytes(self.take(i as i64 + 1)));
        }
        if n == limit && n >= 0 {
            return Ok(bytes::new_bytes(self.take(n)));
        }
        self.locked(|| {
            let mut out: Vec<u8> = Vec::new();
            let mut left = limit;
            if n > 0 {
                out.extend_from_slice(self.take(n));
                if left >= 0 {
                    left -= n;
                }
            }
            if self.writable.get() {
                self.flush_and_rewind()?;
            }
            loop {
                self.reset_read();
                let mut n = match self.fill()? {
                    Raw::Did(n) if n > 0 => n as i64,
                    _ => break,
                };
                self.pos.set(0);
                if left >= 0 {
                    n = n.min(left);
                }
                if let Some(i) = find_byte(self.data(0, n), b'\n') {
                    out.extend_from_slice(self.take(i as i64 + 1));
                    break;
                }
                out.extend_from_slice(self.take(n));
                if left >= 0 {
                    left -= n;
                    if left == 0 {
                        break;
                    }
                }
            }
            Ok(bytes::from_vec(out))
        })
    }

    // ------------------------------------------------------------ writing

    /// Writes out what is in the buffer.
    fn flush_writes(&self) -> PyResult<()> {
        if self.valid_write() && self.write_pos.get() != self.write_end.get() {
            let back = self.raw_offset() + (self.pos.get() - self.write_pos.get());
            if back != 0 {
                self.raw_seek(-back, 1)?;
                self.raw_pos.set(self.raw_pos.get() - back);
            }
            while self.write_pos.get() < self.write_end.get() {
                let (from, to) = (self.write_pos.get(), self.write_end.get());
                // SAFETY: bytes of the buffer, whose memory stays while the lock is held.
                match unsafe { self.raw_write(self.memory().add(from as usize), (to - from) as usize)? } {
                    Raw::WouldBlock => return Err(would_block(0)),
                    Raw::Did(n) => {
                        self.adjust_position(from + n as i64);
                        self.write_pos.set(self.pos.get());
                        self.raw_pos.set(self.pos.get());
                        check_signals()?;
                    }
                }
            }
        }
        self.reset_write();
        Ok(())
    }
    /// Also puts the raw stream where the user of a reader stands.
    pub(super) fn flush_and_rewind(&self) -> PyResult<()> {
        if self.writable.get() {
            self.flush_writes()?;
        }
        if self.readable.get() {
            let back = self.raw_offset();
            self.raw_seek(-back, 1)?;
            self.reset_read();
        }
        Ok(())
    }
    pub(super) fn flush(&self) -> PyResult<()> {
        self.check_ready()?;
        self.check_open("flush of closed file")?;
        self.locked(|| self.flush_and_rewind())
    }
    /// Writes bytes, most often into the buffer only.
    pub(super) fn write(&self, data: &[u8]) -> PyResult<usize> {
        self.check_ready()?;
        self.locked(|| {
            // Looked at under the lock: another thread may have closed the stream.
            if self.is_closed()? {
                return Err(value_error("write to closed file"));
            }
            self.write_unlocked(data)
        })
    }
    fn write_unlocked(&self, data: &[u8]) -> PyResult<usize> {
        let len = data.len() as i64;
        let size = self.size.get() as i64;
        if !self.valid_read() && !self.valid_write() {
            self.pos.set(0);
            self.raw_pos.set(0);
        }
        if len <= size - self.pos.get() {
            let at = self.pos.get();
            self.put(at, data);
            if !self.valid_write() || self.write_pos.get() > at {
                self.write_pos.set(at);
            }
            self.adjust_position(at + len);
            if self.write_end.get() < self.pos.get() {
                self.write_end.set(self.pos.get());
            }
            return Ok(data.len());
        }
        if self.flush_writes().is_err() {
            return self.write_blocked(data);
        }
        // A reader's buffer may have brought the raw stream ahead of the logical position.
        let offset = self.raw_offset();
        if offset != 0 {
            self.raw_seek(-offset, 1)?;
            self.raw_pos.set(self.raw_pos.get() - offset);
        }
        let mut written = 0usize;
        while data.len() - written > self.size.get() {
            // SAFETY: the argument's memory is held by the caller.
            match unsafe { self.raw_write(data.as_ptr().add(written), data.len() - written)? } {
                Raw::WouldBlock => {
                    // Not all fits: as much as does is kept.
                    self.put(0, &data[written..written + self.size.get()]);
                    self.raw_pos.set(0);
                    self.adjust_position(size);
                    self.write_pos.set(0);
                    self.write_end.set(size);
                    written += self.size.get();
                    return Err(would_block(written));
                }
                Raw::Did(n) => {
                    written += n;
                    check_signals()?;
                }
            }
        }
        if self.readable.get() {
            self.reset_read();
        }
        let rest = &data[written..];
        self.put(0, rest);
        self.write_pos.set(0);
        self.write_end.set(rest.len() as i64);
        self.adjust_position(rest.len() as i64);
        self.raw_pos.set(0);
        Ok(data.len())
    }
    /// The buffer could not be emptied: if that was because the stream would block, keeps as much as there is room for.
    #[cold]
    fn write_blocked(&self, data: &[u8]) -> PyResult<usize> {
        if !err::pending_is(&exceptions::BlockingIOError) {
            return Err(Raised::pending());
        }
        if self.readable.get() {
            self.reset_read();
        }
        let (from, end) = (self.write_pos.get(), self.write_end.get());
        // SAFETY: both within the buffer's memory.
        unsafe { std::ptr::copy(self.memory().add(from as usize), self.memory(), (end - from) as usize) };
        self.write_end.set(end - from);
        self.raw_pos.set(self.raw_pos.get() - from);
        self.pos.set(self.pos.get() - from);
        self.write_pos.set(0);
        let room = self.size.get() - self.write_end.get() as usize;
        let n = room.min(data.len());
        self.put(self.write_end.get(), &data[..n]);
        self.write_end.set(self.write_end.get() + n as i64);
        self.pos.set(self.pos.get() + n as i64);
        drop(vm().take_pending());
        if n == data.len() { Ok(n) } else { Err(would_block(n)) }
    }

    // ------------------------------------------------------------ position and end

    pub(super) fn seek(&self, to: Value, whence: i32) -> PyResult {
        self.check_ready()?;
        let known = match whence {
            0..=2 => true,
            #[cfg(target_os = "linux")]
            libc::SEEK_DATA | libc::SEEK_HOLE => true,
            _ => false,
        };
        if !known {
            return err!(ValueError, "whence value {whence} unsupported");
        }
        self.check_open("seek of closed file")?;
        let raw = self.raw.get_ref();
        if !raw.is_exact::<FileIo>() {
            require_seekable(*raw)?;
        } else if !protocol::is_true(*call0(*raw, names().seekable)?)? {
            return Err(super::unsupported("File or stream is not seekable."));
        }
        let mut to = super::fileio::offset_arg(to)?;
        if whence != 2 && whence <= 2 && self.readable.get() {
            // A place inside the buffer needs no call.
            let current = self.raw_tell()?;
            let ahead = self.readahead();
            if ahead > 0 {
                let offset = if whence == 0 { to.wrapping_sub(current - self.raw_offset()) } else { to };
                if offset >= -self.pos.get() && offset <= ahead {
                    self.pos.set(self.pos.get() + offset);
                    return Ok(int::from_i64((current - ahead + offset).max(0)));
                }
            }
        }
        self.locked(|| {
            if self.writable.get() {
                self.flush_writes()?;
            }
            if whence == 1 {
                to -= self.raw_offset();
            }
            let n = self.raw_seek(to, whence)?;
            self.raw_pos.set(-1);
            if self.readable.get() {
                self.reset_read();
            }
            Ok(int::from_i64(n))
        })
    }
    pub(super) fn tell(&self) -> PyResult<i64> {
        self.check_ready()?;
        self.locked(|| {
            let n = self.raw_tell_now()?;
            Ok((n - self.raw_offset()).max(0))
        })
    }
    pub(super) fn truncate(&self, to: Value) -> PyResult {
        self.check_ready()?;
        self.check_open("truncate of closed file")?;
        if !self.writable.get() {
            return Err(super::unsupported("truncate"));
        }
        self.locked(|| {
            self.flush_and_rewind()?;
            let raw = self.raw.get_ref();
            let r = protocol::call_method(*raw, names().truncate, &[to])?;
            if self.raw_tell_now().is_err() {
                drop(vm().take_pending());
            }
            Ok(r)
        })
    }
    pub(super) fn close(&self) -> PyResult {
        self.check_ready()?;
        let this = self.value();
        self.owner.enter(this)?;
        let closed = self.closed();
        match closed {
            Ok(false) => {}
            Ok(true) => {
                self.owner.leave();
                return Ok(Ref::NONE);
            }
            Err(e) => {
                self.owner.leave();
                return Err(e);
            }
        }
        if self.finalizing.get() && !self.raw.is_null() {
            warn_raw(*self.raw.get_ref(), this);
        }
        // Flushing may be overridden, so it must not find the lock taken.
        self.owner.leave();
        let flushed = call0(this, names().flush);
        let r = self.owner.enter(this);
        let r = super::both(flushed, || {
            r?;
            let raw = self.raw.get_ref();
            if raw.is_null() {
                return Ok(Ref::NONE);
            }
            call0(*raw, names().close)
        });
        // SAFETY: the lock is held, so nobody uses the memory.
        unsafe { *self.memory.get() = Vec::new() };
        self.has_memory.set(false);
        self.read_end.set(0);
        self.pos.set(0);
        self.reset_write();
        self.owner.leave();
        r
    }
    pub(super) fn detach(&self) -> PyResult {
        self.check_ready()?;
        call0(self.value(), names().flush)?;
        let raw = self.raw.take();
        self.detached.set(true);
        self.ok.set(false);
        Ok(raw)
    }
    /// Bytes of the buffer, for `__sizeof__`.
    pub(super) fn memory_size(&self) -> usize {
        if self.has_memory.get() { self.size.get() } else { 0 }
    }
    /// Whether the stream is known, without any call, to be open or closed.
    pub(super) fn known_closed(&self) -> Option<bool> {
        if self.ok.get() && self.fast.get() && self.raw.get().is_exact::<FileIo>() { Some(instance::<FileIo>(self.raw.get()).is_closed()) } else { None }
    }
}

/// Lets the raw stream warn that `source` was not closed.
pub(super) fn warn_raw(raw: Value, source: Value) {
    let saved = vm().take_pending();
    if protocol::call_method(raw, names()._dealloc_warn, &[source]).is_err() {
        drop(vm().take_pending());
    }
    if !saved.is_null() {
        vm().set_pending(saved);
    }
}

/// The three types have the same layout.
macro_rules! buffered_layout {
    ($($name:ident, $ty:path;)*) => {
        $(
            /// `Buffered` as the layout of a type of its own.
            #[repr(C)]
            pub struct $name(pub(super) Buffered);
            taipan_objects::object_impl!($name, $ty, |this, visit| visit(this.0.raw.get()), |this| {
                this.0.ok.set(false);
                drop(this.0.raw.take());
            });
        )*
    };
}
buffered_layout! {
    BufferedReader, super::buffered_types::BUFFERED_READER_TYPE;
    BufferedWriter, super::buffered_types::BUFFERED_WRITER_TYPE;
    BufferedRandom, super::buffered_types::BUFFERED_RANDOM_TYPE;
}
const _: () = assert!(size_of::<BufferedReader>() == size_of::<Buffered>());
