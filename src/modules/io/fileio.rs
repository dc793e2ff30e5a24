//! `FileIO`: unbuffered files by descriptor.

use super::base::{self, FLAGS, RAW_IO_BASE_TYPE};
use super::{bool_arg, c_int_arg, cannot_pickle, size_arg, tp_name, unsupported, value_error};
use std::cell::Cell;
use taipan_objects::err::{PyResult, Raised};
use taipan_objects::names::names;
use taipan_objects::native::{GetSetDef, MemberDef, MethodDef, Signature};
use taipan_objects::object::{Header, alloc, instance};
use taipan_objects::typeobject::{Slots, Type, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Value};
use taipan_objects::vm::{allow_threads, check_signals, hooks, vm};
use taipan_objects::{buffer, bytes, codecs, err, exceptions, int, object_impl, protocol, strings};

/// A file descriptor with a mode.
#[repr(C)]
pub struct FileIo {
    header: Header,
    /// -1: closed, or not open yet.
    fd: Cell<i32>,
    created: Cell<bool>,
    readable: Cell<bool>,
    writable: Cell<bool>,
    appending: Cell<bool>,
    closefd: Cell<bool>,
    finalizing: Cell<bool>,
    seekable: Cell<Option<bool>>,
    block_size: Cell<usize>,
    /// Size of a regular file when it was opened: how much room reading all of it takes, more or less. -1: not known.
    size: Cell<i64>,
    /// Whether the file may be a terminal; known not to be one if it is a regular file.
    may_be_tty: Cell<bool>,
}
object_impl!(FileIo, FILE_IO_TYPE);

fn file(v: Value) -> &'static FileIo {
    instance::<FileIo>(v)
}

/// Runs a system call without the interpreter's lock; its result or `errno`.
pub(super) fn system_call(f: impl Fn() -> isize) -> Result<usize, i32> {
    allow_threads(|| {
        let n = f();
        if n >= 0 { Ok(n as usize) } else { Err(std::io::Error::last_os_error().raw_os_error().unwrap_or(0)) }
    })
}

/// As `system_call`, again after interruptions; `None` if it would block.
fn transfer(f: impl Fn() -> isize) -> PyResult<Option<usize>> {
    loop {
        match system_call(&f) {
            Ok(n) => return Ok(Some(n)),
            Err(libc::EINTR) => check_signals()?,
            Err(libc::EAGAIN) => return Ok(None),
            Err(e) => return Err(exceptions::os_error(e, None, None)),
        }
    }
}

impl FileIo {
    pub(super) fn is_closed(&self) -> bool {
        self.fd.get() < 0
    }
    pub(super) fn is_finalizing(&self) -> bool {
        self.finalizing.get()
    }
    fn descriptor(&self) -> PyResult<i32> {
        if self.fd.get() < 0 { Err(value_error("I/O operation on closed file")) } else { Ok(self.fd.get()) }
    }
    fn for_reading(&self) -> PyResult<i32> {
        let fd = self.descriptor()?;
        if self.readable.get() { Ok(fd) } else { Err(unsupported("File not open for reading")) }
    }
    fn for_writing(&self) -> PyResult<i32> {
        let fd = self.descriptor()?;
        if self.writable.get() { Ok(fd) } else { Err(unsupported("File not open for writing")) }
    }
    /// Reads once into memory; `None` if it would block.
    ///
    /// # Safety
    /// `len` bytes at `at` may be written, also while other threads run.
    pub(super) unsafe fn read_raw(&self, at: *mut u8, len: usize) -> PyResult<Option<usize>> {
        let fd = self.for_reading()?;
        let at = at as usize;
        // SAFETY: as promised by the caller.
        transfer(move || unsafe { libc::read(fd, at as *mut libc::c_void, len) })
    }
    /// Writes once from memory; `None` if it would block.
    ///
    /// # Safety
    /// `len` bytes at `at` may be read, also while other threads run.
    pub(super) unsafe fn write_raw(&self, at: *const u8, len: usize) -> PyResult<Option<usize>> {
        let fd = self.for_writing()?;
        self.size.set(-1);
        let at = at as usize;
        // SAFETY: as promised by the caller.
        transfer(move || unsafe { libc::write(fd, at as *const libc::c_void, len) })
    }
    /// `lseek`.
    pub(super) fn seek_raw(&self, to: i64, whence: i32) -> PyResult<i64> {
        let fd = self.descriptor()?;
        // SAFETY: a plain system call.
        match system_call(|| unsafe { libc::lseek(fd, to, whence) } as isize) {
            Ok(n) => {
                if self.seekable.get().is_none() {
                    self.seekable.set(Some(true));
                }
                Ok(n as i64)
            }
            Err(e) => Err(exceptions::os_error(e, None, None)),
        }
    }
    fn is_seekable(&self) -> PyResult<bool> {
        let fd = self.descriptor()?;
        if let Some(s) = self.seekable.get() {
            return Ok(s);
        }
        // SAFETY: a plain system call.
        let s = system_call(|| unsafe { libc::lseek(fd, 0, libc::SEEK_CUR) } as isize).is_ok();
        self.seekable.set(Some(s));
        Ok(s)
    }
    fn mode(&self) -> &'static str {
        let (r, w) = (self.readable.get(), self.writable.get());
        if self.created.get() {
            if r { "xb+" } else { "xb" }
        } else if self.appending.get() {
            if r { "ab+" } else { "ab" }
        } else if r {
            if w { "rb+" } else { "rb" }
        } else {
            "wb"
        }
    }
    fn close_descriptor(&self) -> PyResult<()> {
        let fd = self.fd.replace(-1);
        if fd < 0 {
            return Ok(());
        }
        // SAFETY: the descriptor is this object's own.
        match system_call(|| unsafe { libc::close(fd) } as isize) {
            Ok(_) => Ok(()),
            Err(e) => Err(exceptions::os_error(e, None, None)),
        }
    }
}

/// `os.fspath`: a str or bytes.
pub(super) fn fspath(v: Value) -> PyResult {
    if strings::is_str(v) || bytes::is_bytes(v) {
        return Ok(v.to_ref());
    }
    let r = match protocol::call_special(v, names().__fspath__, &[])? {
        Some(r) => r,
        None => return err!(TypeError, "expected str, bytes or os.PathLike object, not {}", tp_name(v)),
    };
    if strings::is_str(*r) || bytes::is_bytes(*r) {
        return Ok(r);
    }
    err!(TypeError, "expected {}.__fspath__() to return str or bytes, not {}", tp_name(v), tp_name(*r))
}

/// A path as the system takes it.
fn path_bytes(v: Value) -> PyResult<std::ffi::CString> {
    let p = fspath(v)?;
    let raw = match bytes::as_bytes(&p) {
        Some(b) => b.to_vec(),
        None => codecs::fs_encode(*p)?,
    };
    std::ffi::CString::new(raw).or_else(|_| err!(ValueError, "embedded null byte"))
}

/// What the letters of a mode ask for.
struct Mode {
    created: bool,
    readable: bool,
    writable: bool,
    appending: bool,
    flags: i32,
}

fn parse_mode(text: &str) -> PyResult<Mode> {
    let bad = || err!(ValueError, "Must have exactly one of create/read/write/append mode and at most one plus");
    let mut m = Mode { created: false, readable: false, writable: false, appending: false, flags: 0 };
    let (mut kind, mut plus) = (false, false);
    for c in text.chars() {
        match c {
            'x' | 'r' | 'w' | 'a' => {
                if kind {
                    return bad();
                }
                kind = true;
                match c {
                    'x' => {
                        m.created = true;
                        m.writable = true;
                        m.flags |= libc::O_EXCL | libc::O_CREAT;
                    }
                    'r' => m.readable = true,
                    'w' => {
                        m.writable = true;
                        m.flags |= libc::O_CREAT | libc::O_TRUNC;
                    }
                    _ => {
                        m.writable = true;
                        m.appending = true;
                        m.flags |= libc::O_APPEND | libc::O_CREAT;
                    }
                }
            }
            'b' => {}
            '+' => {
                if plus {
                    return bad();
                }
                plus = true;
                m.readable = true;
                m.writable = true;
            }
            _ => return err!(ValueError, "invalid mode: {text}"),
        }
    }
    if !kind {
        return bad();
    }
    m.flags |= match (m.readable, m.writable) {
        (true, true) => libc::O_RDWR,
        (true, false) => libc::O_RDONLY,
        _ => libc::O_WRONLY,
    };
    m.flags |= libc::O_CLOEXEC;
    Ok(m)
}

fn new(ty: Type, _args: &[Value], _kwnames: Value) -> PyResult {
    Ok(make(ty))
}
fn make(ty: Type) -> Ref {
    alloc(
        ty,
        FileIo {
            header: Header::new(ty),
            fd: Cell::new(-1),
            created: Cell::new(false),
            readable: Cell::new(false),
            writable: Cell::new(false),
            appending: Cell::new(false),
            closefd: Cell::new(true),
            finalizing: Cell::new(false),
            seekable: Cell::new(None),
            block_size: Cell::new(super::DEFAULT_BUFFER_SIZE),
            size: Cell::new(-1),
            may_be_tty: Cell::new(true),
        },
    )
}

fn init(v: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    static S: Signature = Signature::new("FileIO(file, mode='r', closefd=True, opener=None)");
    S.bind(args, kwnames, |a| {
        let mode = if a[1].is_null() {
            "r".to_string()
        } else if let Some(s) = strings::as_str(&a[1]) {
            s.to_utf8()?.into_owned()
        } else {
            return err!(TypeError, "FileIO() argument 'mode' must be str, not {}", shown_type(a[1]));
        };
        open(v, a[0], &mode, bool_arg(a[2], true)?, a[3])
    })
}

/// Type name in argument messages, where None is written by itself.
pub(super) fn shown_type(v: Value) -> &'static str {
    if v.is_none() { "None" } else { tp_name(v) }
}

/// A new open file.
pub(super) fn new_file(path: Value, mode: &str, closefd: bool, opener: Value) -> PyResult {
    let f = make(&FILE_IO_TYPE);
    open(*f, path, mode, closefd, opener)?;
    Ok(f)
}

fn open(v: Value, name: Value, mode: &str, closefd: bool, opener: Value) -> PyResult<()> {
    let this = file(v);
    if this.fd.get() >= 0 {
        if this.closefd.get() {
            this.close_descriptor()?;
        } else {
            this.fd.set(-1);
        }
    }
    if name.is_bool() {
        err::warn(&exceptions::RuntimeWarning, "bool is used as a file descriptor")?;
    }
    let given = if int::is_int(name) {
        let fd = c_int_arg(name, -1)?;
        if fd < 0 {
            return Err(value_error("negative file descriptor"));
        }
        Some(fd)
    } else {
        None
    };
    let path = if given.is_none() { Some(path_bytes(name)?) } else { None };
    let m = parse_mode(mode)?;
    this.created.set(m.created);
    this.readable.set(m.readable);
    this.writable.set(m.writable);
    this.appending.set(m.appending);
    this.seekable.set(None);
    this.size.set(-1);
    this.may_be_tty.set(true);
    this.block_size.set(super::DEFAULT_BUFFER_SIZE);
    let mut own = true;
    match (given, path) {
        (Some(fd), _) => {
            this.fd.set(fd);
            this.closefd.set(closefd);
            own = false;
        }
        (None, path) => {
            this.closefd.set(true);
            if !closefd {
                return Err(value_error("Cannot use closefd=False with file name"));
            }
            if opener.is_none_or_null() {
                let path = path.expect("no descriptor was given");
                loop {
                    // SAFETY: the path ends with NUL.
                    match system_call(|| unsafe { libc::open(path.as_ptr(), m.flags, 0o666) } as isize) {
                        Ok(fd) => break this.fd.set(fd as i32),
                        Err(libc::EINTR) => check_signals()?,
                        Err(e) => return Err(exceptions::os_error(e, Some(name), None)),
                    }
                }
            } else {
                let fd = protocol::call(opener, &[name, *int::from_i64(m.flags as i64)])?;
                if !int::is_int(*fd) {
                    return err!(TypeError, "expected integer from opener");
                }
                let fd = c_int_arg(*fd, -1)?;
                if fd < 0 {
                    return err!(ValueError, "opener returned {fd}");
                }
                this.fd.set(fd);
                // SAFETY: plain system calls on a descriptor; failure changes nothing.
                unsafe {
                    let flags = libc::fcntl(fd, libc::F_GETFD);
                    if flags < 0 {
                        this.fd.set(-1);
                        return Err(exceptions::last_os_error(None));
                    }
                    libc::fcntl(fd, libc::F_SETFD, flags | libc::FD_CLOEXEC);
                }
            }
        }
    }
    let r = finish_open(v, this, name);
    if r.is_err() {
        if !own {
            this.fd.set(-1);
        } else {
            let e = vm().take_pending();
            return Err(super::chain(e, this.close_descriptor()));
        }
    }
    r
}

fn finish_open(v: Value, this: &FileIo, name: Value) -> PyResult<()> {
    let fd = this.fd.get();
    let mut st = std::mem::MaybeUninit::<libc::stat>::zeroed();
    // SAFETY: fills the record.
    let failed = unsafe { libc::fstat(fd, st.as_mut_ptr()) } < 0;
    if failed {
        let e = std::io::Error::last_os_error().raw_os_error().unwrap_or(0);
        if e == libc::EBADF {
            return Err(exceptions::os_error(e, Some(name), None));
        }
    } else {
        // SAFETY: zeroed and then filled.
        let st = unsafe { st.assume_init() };
        match st.st_mode & libc::S_IFMT {
            libc::S_IFDIR => return Err(exceptions::os_error(libc::EISDIR, Some(name), None)),
            libc::S_IFREG => {
                this.size.set(st.st_size);
                this.may_be_tty.set(false);
            }
            libc::S_IFCHR => {}
            _ => this.may_be_tty.set(false),
        }
        if st.st_blksize > 1 {
            this.block_size.set(st.st_blksize as usize);
        }
    }
    protocol::setattr(v, names().name, name)?;
    if this.appending.get()
        && this.seek_raw(0, libc::SEEK_END).is_err()
    {
        // Pipes cannot be positioned.
        let e = vm().take_pending();
        let errno = exceptions::expect(*e).field(0);
        if errno.as_small_int() != Some(libc::ESPIPE as i64) {
            vm().set_pending(e);
            return Err(Raised::pending());
        }
    }
    Ok(())
}

/// What `open` sizes its buffers by.
pub(super) fn buffer_size(v: Value) -> usize {
    file(v).block_size.get().min(8 << 20).max(super::DEFAULT_BUFFER_SIZE)
}
/// `isatty()` for `open`: without a system call where it is known.
pub(super) fn is_tty_at_open(v: Value) -> bool {
    let this = file(v);
    // SAFETY: a plain system call.
    this.may_be_tty.get() && unsafe { libc::isatty(this.fd.get()) } == 1
}

fn dealloc_warn(this: Value, source: Value) {
    let f = file(this);
    if f.fd.get() < 0 || !f.closefd.get() {
        return;
    }
    let saved = vm().take_pending();
    let shown = protocol::repr_text(source);
    let r = shown.and_then(|s| err::warn(&exceptions::ResourceWarning, &format!("unclosed file {s}")));
    if r.is_err() {
        if err::pending_is(&exceptions::Warning) {
            (hooks().write_unraisable)("", this);
        } else {
            drop(vm().take_pending());
        }
    }
    if !saved.is_null() {
        vm().set_pending(saved);
    }
}

fn close(a: &[Value]) -> PyResult {
    let this = file(a[0]);
    let flushed = base::base_close(a[0]);
    if !this.closefd.get() {
        this.fd.set(-1);
        flushed?;
        return Ok(Ref::NONE);
    }
    let pending = if flushed.is_err() { vm().take_pending() } else { Ref::NULL };
    if this.finalizing.get() {
        dealloc_warn(a[0], a[0]);
    }
    let closed = this.close_descriptor();
    if !pending.is_null() {
        return Err(super::chain(pending, closed));
    }
    closed?;
    Ok(Ref::NONE)
}

/// Reads until the end; `None` if it would block before anything came.
pub(super) fn read_all(this: &FileIo) -> PyResult<Option<Vec<u8>>> {
    let fd = this.for_reading()?;
    let mut room = 8 * 1024;
    if this.size.get() > 0 {
        // SAFETY: a plain system call.
        let at = unsafe { libc::lseek(fd, 0, libc::SEEK_CUR) };
        if at >= 0 && this.size.get() >= at {
            room = ((this.size.get() - at) as usize).min(1 << 30) + 1;
        }
    }
    let mut out: Vec<u8> = Vec::with_capacity(room);
    loop {
        if out.len() == out.capacity() {
            out.reserve(out.len().max(64 * 1024));
        }
        let (at, n) = (out.len(), out.capacity() - out.len());
        // SAFETY: the room behind the content is written by the system; the vector is local.
        let got = unsafe { this.read_raw(out.as_mut_ptr().add(at), n)? };
        match got {
            Some(0) => break,
            // SAFETY: so many bytes were written.
            Some(n) => unsafe { out.set_len(at + n) },
            None if out.is_empty() => return Ok(None),
            None => break,
        }
    }
    Ok(Some(out))
}

fn read(a: &[Value]) -> PyResult {
    let this = file(a[0]);
    this.for_reading()?;
    let n = size_arg(a[1])?;
    if n < 0 {
        return readall(&a[..1]);
    }
    let n = (n as usize).min(0x7fff_f000);
    let mut out: Vec<u8> = Vec::new();
    if out.try_reserve_exact(n).is_err() {
        return Err(err::raise_with(&exceptions::MemoryError, &[]));
    }
    // SAFETY: the room was reserved; the vector is local.
    match unsafe { this.read_raw(out.as_mut_ptr(), n)? } {
        Some(n) => {
            // SAFETY: so many bytes were written.
            unsafe { out.set_len(n) };
            Ok(bytes::from_vec(out))
        }
        None => Ok(Ref::NONE),
    }
}
fn readall(a: &[Value]) -> PyResult {
    Ok(read_all(file(a[0]))?.map_or(Ref::NONE, bytes::from_vec))
}
fn readinto(a: &[Value]) -> PyResult {
    let this = file(a[0]);
    this.for_reading()?;
    let b = target(a[1], "readinto")?;
    // SAFETY: the buffer is held during the call.
    Ok(match unsafe { this.read_raw(b.ptr, b.len)? } {
        Some(n) => int::from_usize(n),
        None => Ref::NONE,
    })
}
/// Writable, contiguous memory of an argument.
pub(super) fn target(v: Value, function: &str) -> PyResult<buffer::Buffer> {
    let wrong = || -> PyResult<buffer::Buffer> {
        err!(TypeError, "{function}() argument must be read-write bytes-like object, not {}", shown_type(v))
    };
    if v.ty().slots().get_buffer.is_none() {
        return wrong();
    }
    match buffer::get(v, buffer::WRITABLE) {
        Ok(b) if b.readonly => wrong(),
        Ok(b) if !b.is_contiguous() => err!(TypeError, "{function}() argument must be contiguous buffer, not {}", shown_type(v)),
        Ok(b) => Ok(b),
        Err(_) if err::clear_if(&exceptions::BufferError) => wrong(),
        Err(e) => Err(e),
    }
}
/// Bytes to be written, of a contiguous buffer.
pub(super) fn source(v: Value) -> PyResult<buffer::Buffer> {
    let b = buffer::get(v, 0)?;
    if b.is_contiguous() { Ok(b) } else { err!(BufferError, "memoryview: underlying buffer is not C-contiguous") }
}

fn write(a: &[Value]) -> PyResult {
    let this = file(a[0]);
    this.for_writing()?;
    let b = source(a[1])?;
    // SAFETY: the buffer is held during the call.
    Ok(match unsafe { this.write_raw(b.ptr, b.len)? } {
        Some(n) => int::from_usize(n),
        None => Ref::NONE,
    })
}

/// A file position given as an argument.
pub(super) fn offset_arg(v: Value) -> PyResult<i64> {
    if let Some(i) = v.as_small_int() {
        return Ok(i);
    }
    let i = protocol::index(v)?;
    match int::as_int(&i).and_then(|i| i.to_i64()) {
        Some(i) => Ok(i),
        None => err!(OverflowError, "Python int too large to convert to C long"),
    }
}

fn seek(a: &[Value]) -> PyResult {
    let this = file(a[0]);
    this.descriptor()?;
    let whence = c_int_arg(a[2], 0)?;
    if a[1].ty().is_subtype(&taipan_objects::types::FLOAT_TYPE) {
        return err!(TypeError, "'float' object cannot be interpreted as an integer");
    }
    Ok(int::from_i64(this.seek_raw(offset_arg(a[1])?, whence)?))
}

fn truncate(a: &[Value]) -> PyResult {
    let this = file(a[0]);
    let fd = this.for_writing()?;
    let (to, shown) = if a[1].is_none_or_null() {
        let at = this.seek_raw(0, libc::SEEK_CUR)?;
        (at, int::from_i64(at))
    } else {
        (offset_arg(a[1])?, a[1].to_ref())
    };
    this.size.set(-1);
    loop {
        // SAFETY: a plain system call.
        match system_call(|| unsafe { libc::ftruncate(fd, to) } as isize) {
            Ok(_) => return Ok(shown),
            Err(libc::EINTR) => check_signals()?,
            Err(e) => return Err(exceptions::os_error(e, None, None)),
        }
    }
}

fn repr(v: Value) -> PyResult {
    let this = file(v);
    let name = tp_name(v);
    let fd = this.fd.get();
    if fd < 0 {
        return Ok(strings::new_str(&format!("<{name} [closed]>")));
    }
    let closefd = if this.closefd.get() { "True" } else { "False" };
    match protocol::getattr_opt(v, names().name)? {
        None => Ok(strings::new_str(&format!("<{name} fd={fd} mode='{}' closefd={closefd}>", this.mode()))),
        Some(n) => {
            if !protocol::repr_enter(v) {
                return err!(RuntimeError, "reentrant call inside {name}.__repr__");
            }
            let text = protocol::repr(*n);
            protocol::repr_leave(v);
            let mut out = strings::StrBuilder::new();
            out.push_str(&format!("<{name} name="));
            out.push_pystr(strings::expect(*text?));
            out.push_str(&format!(" mode='{}' closefd={closefd}>", this.mode()));
            Ok(out.finish())
        }
    }
}

fn isatty(a: &[Value]) -> PyResult {
    let fd = file(a[0]).descriptor()?;
    // SAFETY: a plain system call.
    Ok(Ref::bool(unsafe { libc::isatty(fd) } == 1))
}

pub static FILE_IO_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_io.FileIO",
    doc: "Open a file.\n\nThe mode can be 'r' (default), 'w', 'x' or 'a' for reading, writing,\nexclusive creation or appending. Add a '+' to the mode to allow\nsimultaneous reading and writing.",
    base: Some(&RAW_IO_BASE_TYPE),
    flags: FLAGS,
    text_signature: "(file, mode='r', closefd=True, opener=None)",
    slots: Slots { new: Some(new), init: Some(init), repr: Some(repr), ..Slots::of::<FileIo>() },
    methods: &[
        MethodDef::new("close($self, /)", "Closes the file, and its descriptor if it is the file's own.", close),
        MethodDef::new("seekable($self, /)", "Whether the file can be positioned.", |a| Ok(Ref::bool(file(a[0]).is_seekable()?))),
        MethodDef::new("readable($self, /)", "Whether the file was opened for reading.", |a| {
            file(a[0]).descriptor()?;
            Ok(Ref::bool(file(a[0]).readable.get()))
        }),
        MethodDef::new("writable($self, /)", "Whether the file was opened for writing.", |a| {
            file(a[0]).descriptor()?;
            Ok(Ref::bool(file(a[0]).writable.get()))
        }),
        MethodDef::new("fileno($self, /)", "The file descriptor.", |a| Ok(int::from_i64(file(a[0]).descriptor()? as i64))),
        MethodDef::new("isatty($self, /)", "Whether the file is a terminal.", isatty),
        MethodDef::new("_isatty_open_only($self, /)", "", |a| {
            file(a[0]).descriptor()?;
            Ok(Ref::bool(is_tty_at_open(a[0])))
        }),
        MethodDef::new("read($self, size=-1, /)", "Reads up to so many bytes with one system call, or all; None if nothing is there yet.", read),
        MethodDef::new("readall($self, /)", "Reads until the end; None if nothing is there yet.", readall),
        MethodDef::new("readinto($self, buffer, /)", "Reads into a buffer with one system call.", readinto),
        MethodDef::new("write($self, b, /)", "Writes with one system call; the number of bytes written, or None.", write),
        MethodDef::new("seek($self, pos, whence=0, /)", "Moves to a position and returns it.", seek),
        MethodDef::new("tell($self, /)", "The current position.", |a| Ok(int::from_i64(file(a[0]).seek_raw(0, libc::SEEK_CUR)?))),
        MethodDef::new("truncate($self, size=None, /)", "Changes the size of the file.", truncate),
        MethodDef::new("_dealloc_warn($self, source, /)", "", |a| {
            dealloc_warn(a[0], a[1]);
            Ok(Ref::NONE)
        }),
        MethodDef::new("__getstate__($self, /)", "", cannot_pickle),
    ],
    getset: &[
        GetSetDef::ro("closed", "True if the file is closed", |v| Ok(Ref::bool(file(v).is_closed()))),
        GetSetDef::ro("closefd", "True if the file descriptor will be closed by close().", |v| Ok(Ref::bool(file(v).closefd.get()))),
        GetSetDef::ro("mode", "String giving the file mode", |v| Ok(strings::new_str(file(v).mode()))),
        GetSetDef::ro("_blksize", "Size of the file system's blocks", |v| {
            let this = file(v);
            Ok(int::from_usize(this.block_size.get().min(8 << 20).max(super::DEFAULT_BUFFER_SIZE)))
        }),
    ],
    members: &[MemberDef {
        name: "_finalizing",
        doc: "",
        get: |v| Ok(Ref::bool(file(v).finalizing.get())),
        set: Some(|v, x| {
            file(v).finalizing.set(!x.is_null() && protocol::is_true(x)?);
            Ok(())
        }),
    }],
    ..TypeSpec::of::<FileIo>()
});
