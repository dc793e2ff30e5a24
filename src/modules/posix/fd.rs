//! File descriptors.

use super::{bool_or, check, fd_arg, int_or, os_err, pair, retry};
use taipan_objects::buffer::{self, Buffer, WRITABLE};
use taipan_objects::err::PyResult;
use taipan_objects::native::MethodDef;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{bytes, err, int, protocol, vm};

fn number(r: i64) -> PyResult {
    if r < 0 { Err(os_err()) } else { Ok(int::from_i64(r)) }
}
fn length(v: Value) -> PyResult<usize> {
    let n = int::to_i64(v)?;
    if n < 0 {
        taipan_runtime::gil::set_errno(libc::EINVAL);
        return Err(os_err());
    }
    Ok((n as usize).min(0x7fff_f000))
}

fn close(a: &[Value]) -> PyResult {
    let fd = fd_arg(a[0])?;
    // SAFETY: the descriptor belongs to the program.
    let r = vm::allow_threads(|| unsafe { libc::close(fd) });
    if r == -1 && super::errno() != libc::EINTR { Err(os_err()) } else { Ok(Ref::NONE) }
}
fn read(a: &[Value]) -> PyResult {
    let (fd, n) = (fd_arg(a[0])?, length(a[1])?);
    let mut buf: Vec<u8> = Vec::with_capacity(n);
    let p = buf.as_mut_ptr() as usize;
    // SAFETY: the buffer has room for `n` bytes, of which the call says how many it wrote.
    let r = retry(|| unsafe { libc::read(fd, p as *mut libc::c_void, n) })?;
    if r < 0 {
        return Err(os_err());
    }
    unsafe { buf.set_len(r as usize) };
    Ok(bytes::from_vec(buf))
}
fn pread(a: &[Value]) -> PyResult {
    let (fd, n, offset) = (fd_arg(a[0])?, length(a[1])?, int::to_i64(a[2])?);
    let mut buf: Vec<u8> = Vec::with_capacity(n);
    let p = buf.as_mut_ptr() as usize;
    // SAFETY: as in `read`.
    let r = retry(|| unsafe { libc::pread(fd, p as *mut libc::c_void, n, offset) })?;
    if r < 0 {
        return Err(os_err());
    }
    unsafe { buf.set_len(r as usize) };
    Ok(bytes::from_vec(buf))
}
fn contiguous(v: Value, flags: u32) -> PyResult<Buffer> {
    let b = buffer::get(v, flags)?;
    if !b.is_contiguous() {
        return err!(BufferError, "memoryview: underlying buffer is not C-contiguous");
    }
    Ok(b)
}
fn readinto(a: &[Value]) -> PyResult {
    let (fd, b) = (fd_arg(a[0])?, contiguous(a[1], WRITABLE)?);
    let (p, n) = (b.ptr as usize, b.len.min(0x7fff_f000));
    // SAFETY: the exporter keeps its memory while the buffer is held.
    let r = retry(|| unsafe { libc::read(fd, p as *mut libc::c_void, n) })?;
    number(r as i64)
}
fn write(a: &[Value]) -> PyResult {
    let (fd, b) = (fd_arg(a[0])?, contiguous(a[1], 0)?);
    let (p, n) = (b.ptr as usize, b.len.min(0x7fff_f000));
    // SAFETY: as in `readinto`.
    let r = retry(|| unsafe { libc::write(fd, p as *const libc::c_void, n) })?;
    number(r as i64)
}
fn pwrite(a: &[Value]) -> PyResult {
    let (fd, b, offset) = (fd_arg(a[0])?, contiguous(a[1], 0)?, int::to_i64(a[2])?);
    let (p, n) = (b.ptr as usize, b.len.min(0x7fff_f000));
    // SAFETY: as in `readinto`.
    let r = retry(|| unsafe { libc::pwrite(fd, p as *const libc::c_void, n, offset) })?;
    number(r as i64)
}
/// The memory of each buffer of a sequence.
pub(super) fn vectors(v: Value, flags: u32, what: &str) -> PyResult<(Vec<Buffer>, Vec<libc::iovec>)> {
    if v.ty().slots().item.is_none() {
        return err!(TypeError, "{what}() arg 2 must be a sequence");
    }
    let mut held = Vec::new();
    for o in protocol::to_vec(v)? {
        held.push(contiguous(*o, flags)?);
    }
    let io = held.iter().map(|b| libc::iovec { iov_base: b.ptr as *mut libc::c_void, iov_len: b.len }).collect();
    Ok((held, io))
}
fn vectored(a: &[Value], flags: u32, what: &str, offset: Option<i64>) -> PyResult {
    let fd = fd_arg(a[0])?;
    let (_held, io) = vectors(a[1], flags, what)?;
    let (p, n, out) = (io.as_ptr() as usize, io.len() as libc::c_int, flags == 0);
    // SAFETY: the exporters keep their memory while the buffers are held.
    let r = retry(|| unsafe {
        let p = p as *const libc::iovec;
        match (out, offset) {
            (true, None) => libc::writev(fd, p, n),
            (true, Some(o)) => libc::pwritev(fd, p, n, o),
            (false, None) => libc::readv(fd, p, n),
            (false, Some(o)) => libc::preadv(fd, p, n, o),
        }
    })?;
    number(r as i64)
}
fn lseek(a: &[Value]) -> PyResult {
    let (fd, pos, whence) = (fd_arg(a[0])?, int::to_i64(a[1])?, int::to_i32(a[2])?);
    // SAFETY: plain call.
    number(vm::allow_threads(|| unsafe { libc::lseek(fd, pos, whence) }))
}
fn dup2(a: &[Value]) -> PyResult {
    let (fd, fd2, inheritable) = (fd_arg(a[0])?, fd_arg(a[1])?, bool_or(a[2], true)?);
    if fd < 0 || fd2 < 0 {
        taipan_runtime::gil::set_errno(libc::EBADF);
        return Err(os_err());
    }
    // SAFETY: plain calls.
    let r = unsafe { libc::dup2(fd, fd2) };
    if r >= 0 && !inheritable && fd != fd2 {
        set_cloexec(fd2, true)?;
    }
    number(r as i64)
}
/// Sets or clears FD_CLOEXEC.
pub fn set_cloexec(fd: i32, on: bool) -> PyResult<()> {
    // SAFETY: plain calls.
    unsafe {
        let flags = libc::fcntl(fd, libc::F_GETFD);
        if flags < 0 {
            return Err(os_err());
        }
        let new = if on { flags | libc::FD_CLOEXEC } else { flags & !libc::FD_CLOEXEC };
        if libc::fcntl(fd, libc::F_SETFD, new) < 0 {
            return Err(os_err());
        }
    }
    Ok(())
}
fn pipe(flags: i32) -> PyResult {
    let mut fds = [0i32; 2];
    // SAFETY: room for two descriptors.
    #[cfg(target_os = "linux")]
    let r = unsafe { libc::pipe2(fds.as_mut_ptr(), flags) };
    #[cfg(not(target_os = "linux"))]
    let r = unsafe {
        let r = libc::pipe(fds.as_mut_ptr());
        if r == 0 && flags & libc::O_CLOEXEC != 0 {
            for fd in fds {
                libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC);
            }
        }
        r
    };
    if r == -1 { Err(os_err()) } else { Ok(pair(fds[0] as i64, fds[1] as i64)) }
}
fn get_blocking(a: &[Value]) -> PyResult {
    let fd = fd_arg(a[0])?;
    // SAFETY: plain call.
    let flags = unsafe { libc::fcntl(fd, libc::F_GETFL) };
    if flags < 0 { Err(os_err()) } else { Ok(Ref::bool(flags & libc::O_NONBLOCK == 0)) }
}
fn set_blocking(a: &[Value]) -> PyResult {
    let (fd, on) = (fd_arg(a[0])?, protocol::is_true(a[1])?);
    // SAFETY: plain calls.
    unsafe {
        let flags = libc::fcntl(fd, libc::F_GETFL);
        if flags < 0 {
            return Err(os_err());
        }
        let new = if on { flags & !libc::O_NONBLOCK } else { flags | libc::O_NONBLOCK };
        check(libc::fcntl(fd, libc::F_SETFL, new))
    }
}
fn sync_with(a: &[Value], f: unsafe extern "C" fn(libc::c_int) -> libc::c_int) -> PyResult {
    let fd = fd_arg(a[0])?;
    // SAFETY: plain call.
    let r = retry(|| unsafe { f(fd) })?;
    check(r)
}
#[cfg(target_os = "linux")]
fn sendfile(a: &[Value]) -> PyResult {
    let (out, fd, count) = (fd_arg(a[0])?, fd_arg(a[1])?, int::to_i64(a[3])? as usize);
    let mut offset = if a[2].is_none() { 0 } else { int::to_i64(a[2])? };
    let p = if a[2].is_none() { 0 } else { &mut offset as *mut i64 as usize };
    // SAFETY: null or our own offset.
    number(retry(|| unsafe { libc::sendfile(out, fd, p as *mut libc::off_t, count) })? as i64)
}
#[cfg(target_os = "linux")]
fn copy_range(a: &[Value]) -> PyResult {
    let (src, dst, count) = (fd_arg(a[0])?, fd_arg(a[1])?, int::to_i64(a[2])?);
    if count < 0 {
        return err!(ValueError, "negative value for 'count' not allowed");
    }
    let mut offsets = [0i64; 2];
    let mut given = [0usize; 2];
    for i in 0..2 {
        if !a[3 + i].is_none_or_null() {
            offsets[i] = int::to_i64(a[3 + i])?;
            given[i] = &mut offsets[i] as *mut i64 as usize;
        }
    }
    // SAFETY: null or our own offsets.
    number(retry(|| unsafe {
        libc::copy_file_range(src, given[0] as *mut libc::off64_t, dst, given[1] as *mut libc::off64_t, count as usize, 0)
    })? as i64)
}
#[cfg(target_os = "linux")]
fn memfd(a: &[Value]) -> PyResult {
    let name = super::path::fs_cstring(a[0])?;
    let flags = if a[1].is_null() { libc::MFD_CLOEXEC } else { int::to_i64(a[1])? as libc::c_uint };
    // SAFETY: a C string.
    number(unsafe { libc::memfd_create(name.as_ptr(), flags) } as i64)
}
#[cfg(target_os = "linux")]
fn eventfd(a: &[Value]) -> PyResult {
    let flags = int_or(a[1], libc::EFD_CLOEXEC)?;
    // SAFETY: plain call.
    number(unsafe { libc::eventfd(int::to_i64(a[0])? as libc::c_uint, flags) } as i64)
}

pub const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new("close($module, /, fd)", "Closes a descriptor.", close),
    MethodDef::new("closerange($module, fd_low, fd_high, /)", "Closes descriptors from the first up to the second, errors ignored.", |a| {
        let (low, high) = (int::to_i32(a[0])?, int::to_i32(a[1])?);
        for fd in low.max(0)..high {
            // SAFETY: the program asks for it.
            unsafe { libc::close(fd) };
        }
        Ok(Ref::NONE)
    }),
    MethodDef::new("read($module, fd, length, /)", "Reads bytes.", read),
    MethodDef::new("readinto($module, fd, buffer, /)", "Reads bytes into a buffer.", readinto),
    MethodDef::new("write($module, fd, data, /)", "Writes bytes.", write),
    MethodDef::new("pread($module, fd, length, offset, /)", "Reads bytes at a place.", pread),
    MethodDef::new("pwrite($module, fd, buffer, offset, /)", "Writes bytes at a place.", pwrite),
    MethodDef::new("readv($module, fd, buffers, /)", "Reads into several buffers.", |a| vectored(a, WRITABLE, "readv", None)),
    MethodDef::new("writev($module, fd, buffers, /)", "Writes several buffers.", |a| vectored(a, 0, "writev", None)),
    MethodDef::new("preadv($module, fd, buffers, offset, flags=0, /)", "Reads into several buffers at a place.", |a| {
        vectored(a, WRITABLE, "preadv", Some(int::to_i64(a[2])?))
    }),
    MethodDef::new("pwritev($module, fd, buffers, offset, flags=0, /)", "Writes several buffers at a place.", |a| {
        vectored(a, 0, "pwritev", Some(int::to_i64(a[2])?))
    }),
    MethodDef::new("lseek($module, fd, position, whence, /)", "Moves the file position.", lseek),
    MethodDef::new("dup($module, fd, /)", "A copy of a descriptor.", |a| {
        let fd = fd_arg(a[0])?;
        // SAFETY: plain call.
        number(unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0) } as i64)
    }),
    MethodDef::new("dup2($module, /, fd, fd2, inheritable=True)", "Makes a descriptor a copy of another.", dup2),
    MethodDef::new("pipe($module, /)", "A pipe: the ends to read and to write.", |_| pipe(libc::O_CLOEXEC)),
    MethodDef::new("pipe2($module, flags, /)", "A pipe with flags.", |a| pipe(int::to_i32(a[0])?)),
    MethodDef::new("isatty($module, fd, /)", "Whether a descriptor is a terminal.", |a| {
        let fd = fd_arg(a[0])?;
        // SAFETY: plain call.
        Ok(Ref::bool(unsafe { libc::isatty(fd) } == 1))
    }),
    MethodDef::new("ftruncate($module, fd, length, /)", "Sets the length of an open file.", |a| {
        let (fd, n) = (fd_arg(a[0])?, int::to_i64(a[1])?);
        // SAFETY: plain call.
        check(retry(|| unsafe { libc::ftruncate(fd, n) })?)
    }),
    MethodDef::new("fsync($module, /, fd)", "Waits until the disk has everything.", |a| sync_with(a, libc::fsync)),
    MethodDef::new("fdatasync($module, /, fd)", "As fsync(), without what only stat() shows.", |a| sync_with(a, libc::fdatasync)),
    MethodDef::new("sync($module, /)", "Writes everything to disk.", |_| {
        // SAFETY: plain call.
        unsafe { libc::sync() };
        Ok(Ref::NONE)
    }),
    MethodDef::new("get_inheritable($module, fd, /)", "Whether child processes get the descriptor.", |a| {
        let fd = fd_arg(a[0])?;
        // SAFETY: plain call.
        let flags = unsafe { libc::fcntl(fd, libc::F_GETFD) };
        if flags < 0 { Err(os_err()) } else { Ok(Ref::bool(flags & libc::FD_CLOEXEC == 0)) }
    }),
    MethodDef::new("set_inheritable($module, fd, inheritable, /)", "Whether child processes are to get the descriptor.", |a| {
        set_cloexec(fd_arg(a[0])?, int::to_i64(a[1])? == 0)?;
        Ok(Ref::NONE)
    }),
    MethodDef::new("get_blocking($module, fd, /)", "Whether reading and writing wait.", get_blocking),
    MethodDef::new("set_blocking($module, fd, blocking, /)", "Whether reading and writing are to wait.", set_blocking),
    MethodDef::new("lockf($module, fd, command, length, /)", "Locks part of a file.", |a| {
        let (fd, cmd, n) = (fd_arg(a[0])?, int::to_i32(a[1])?, int::to_i64(a[2])?);
        // SAFETY: plain call.
        check(retry(|| unsafe { libc::lockf(fd, cmd, n) })?)
    }),
    #[cfg(target_os = "linux")]
    MethodDef::new("posix_fallocate($module, fd, offset, length, /)", "Reserves disk space.", |a| {
        let (fd, o, n) = (fd_arg(a[0])?, int::to_i64(a[1])?, int::to_i64(a[2])?);
        // SAFETY: plain call.
        match vm::allow_threads(|| unsafe { libc::posix_fallocate(fd, o, n) }) {
            0 => Ok(Ref::NONE),
            e => Err(taipan_objects::exceptions::os_error(e, None, None)),
        }
    }),
    #[cfg(target_os = "linux")]
    MethodDef::new("posix_fadvise($module, fd, offset, length, advice, /)", "Announces how a file will be read.", |a| {
        let (fd, o, n, w) = (fd_arg(a[0])?, int::to_i64(a[1])?, int::to_i64(a[2])?, int::to_i32(a[3])?);
        // SAFETY: plain call.
        match vm::allow_threads(|| unsafe { libc::posix_fadvise(fd, o, n, w) }) {
            0 => Ok(Ref::NONE),
            e => Err(taipan_objects::exceptions::os_error(e, None, None)),
        }
    }),
    #[cfg(target_os = "linux")]
    MethodDef::new("sendfile($module, /, out_fd, in_fd, offset, count)", "Copies bytes between descriptors.", sendfile),
    #[cfg(target_os = "linux")]
    MethodDef::new(
        "copy_file_range($module, /, src, dst, count, offset_src=None,\n                offset_dst=None)",
        "Copies bytes between files.",
        copy_range,
    ),
    #[cfg(target_os = "linux")]
    MethodDef::new("memfd_create($module, /, name, flags=MFD_CLOEXEC)", "A file in memory.", memfd),
    #[cfg(target_os = "linux")]
    MethodDef::new("eventfd($module, /, initval, flags=EFD_CLOEXEC)", "A descriptor for events.", eventfd),
    #[cfg(target_os = "linux")]
    MethodDef::new("eventfd_read($module, /, fd)", "Reads the counter of an event descriptor.", |a| {
        let fd = fd_arg(a[0])?;
        let mut v = 0u64;
        let p = &mut v as *mut u64 as usize;
        // SAFETY: room for the counter.
        let r = retry(|| unsafe { libc::eventfd_read(fd, p as *mut u64) })?;
        if r == -1 { Err(os_err()) } else { Ok(int::from_u64(v)) }
    }),
    #[cfg(target_os = "linux")]
    MethodDef::new("eventfd_write($module, /, fd, value)", "Adds to the counter of an event descriptor.", |a| {
        let (fd, v) = (fd_arg(a[0])?, int::to_i64(a[1])?);
        // SAFETY: plain call.
        check(retry(|| unsafe { libc::eventfd_write(fd, v as u64) })?)
    }),
];
