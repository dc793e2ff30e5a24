//! `fcntl`: control of descriptors, and locks on files.

use crate::posix::{fd_arg, os_err, retry};
use taipan_objects::buffer;
use taipan_objects::err::PyResult;
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{bytes, codecs, err, int, module, protocol, strings};

pub static MODULE: ModuleDef = ModuleDef {
    name: "fcntl",
    doc: "This module performs file control and I/O control on file\ndescriptors.",
    functions: &[
        MethodDef::new("fcntl($module, fd, cmd, arg=0, /)", "Control of a descriptor.", fcntl),
        MethodDef::new("ioctl($module, fd, request, arg=0, mutate_flag=True, /)", "Control of a device.", ioctl),
        MethodDef::new("flock($module, fd, operation, /)", "A lock on a whole file.", |a| {
            let (fd, op) = (fd_arg(a[0])?, int::to_i32(a[1])?);
            // SAFETY: plain call.
            let r = retry(|| unsafe { libc::flock(fd, op) })?;
            if r == -1 { Err(os_err()) } else { Ok(Ref::NONE) }
        }),
        MethodDef::new("lockf($module, fd, cmd, len=0, start=0, whence=0, /)", "A lock on part of a file.", lockf),
    ],
    init: Some(|m| {
        for (n, v) in CONSTANTS {
            module::add(m, n, int::from_i64(*v));
        }
        Ok(())
    }),
};

/// The bytes of a str or bytes-like argument, if it is one.
fn memory(v: Value) -> PyResult<Option<Vec<u8>>> {
    if strings::is_str(v) {
        return codecs::fs_encode(v).map(Some);
    }
    if v.ty().slots().get_buffer.is_some() {
        return buffer::to_vec(v).map(Some);
    }
    Ok(None)
}

fn fcntl(a: &[Value]) -> PyResult {
    let (fd, cmd) = (fd_arg(a[0])?, int::to_i32(a[1])?);
    if !a[2].is_null()
        && let Some(mut m) = memory(a[2])?
    {
        if m.len() > 1024 {
            return err!(ValueError, "fcntl argument 3 is too long");
        }
        let n = m.len();
        m.resize(1024, 0);
        let p = m.as_mut_ptr() as usize;
        // SAFETY: a buffer larger than any structure used here.
        let r = retry(|| unsafe { libc::fcntl(fd, cmd, p as *mut libc::c_void) })?;
        if r < 0 {
            return Err(os_err());
        }
        m.truncate(n);
        return Ok(bytes::from_vec(m));
    }
    let arg = if a[2].is_null() { 0 } else { int::to_i64(a[2])? };
    // SAFETY: an integer argument.
    let r = retry(|| unsafe { libc::fcntl(fd, cmd, arg as libc::c_int) })?;
    if r < 0 { Err(os_err()) } else { Ok(int::from_i64(r as i64)) }
}

fn ioctl(a: &[Value]) -> PyResult {
    let (fd, request) = (fd_arg(a[0])?, int::to_i64(a[1])? as u32);
    let mutate = a[3].is_null() || protocol::is_true(a[3])?;
    if !a[2].is_null() && !int::is_int(a[2]) {
        if mutate && !strings::is_str(a[2]) && !bytes::is_bytes(a[2]) && a[2].ty().slots().get_buffer.is_some() {
            let mut b = buffer::get(a[2], buffer::WRITABLE)?;
            // SAFETY: the exporter keeps its memory while the buffer is held.
            let target = unsafe { b.bytes_mut() };
            let mut m = target.to_vec();
            m.resize(target.len().max(1024), 0);
            let p = m.as_mut_ptr() as usize;
            // SAFETY: a buffer larger than any structure used here.
            let r = retry(|| unsafe { libc::ioctl(fd, request as _, p as *mut libc::c_void) })?;
            if r < 0 {
                return Err(os_err());
            }
            let n = target.len();
            target.copy_from_slice(&m[..n]);
            return Ok(int::from_i64(r as i64));
        }
        if let Some(mut m) = memory(a[2])? {
            if m.len() > 1024 {
                return err!(ValueError, "ioctl argument 3 is too long");
            }
            let n = m.len();
            m.resize(1024, 0);
            let p = m.as_mut_ptr() as usize;
            // SAFETY: as above.
            let r = retry(|| unsafe { libc::ioctl(fd, request as _, p as *mut libc::c_void) })?;
            if r < 0 {
                return Err(os_err());
            }
            m.truncate(n);
            return Ok(bytes::from_vec(m));
        }
        return err!(TypeError, "ioctl() argument 3 must be an integer, a bytes-like object, or a string, not {}", a[2].type_name());
    }
    let arg = if a[2].is_null() { 0 } else { int::to_i64(a[2])? };
    // SAFETY: an integer argument.
    let r = retry(|| unsafe { libc::ioctl(fd, request as _, arg) })?;
    if r < 0 { Err(os_err()) } else { Ok(int::from_i64(r as i64)) }
}

fn lockf(a: &[Value]) -> PyResult {
    let (fd, code) = (fd_arg(a[0])?, int::to_i32(a[1])?);
    let n = |v: Value| if v.is_null() { Ok(0) } else { int::to_i64(v) };
    // SAFETY: plain data.
    let mut l: libc::flock = unsafe { std::mem::zeroed() };
    l.l_type = if code == libc::LOCK_UN {
        libc::F_UNLCK as _
    } else if code & libc::LOCK_SH != 0 {
        libc::F_RDLCK as _
    } else if code & libc::LOCK_EX != 0 {
        libc::F_WRLCK as _
    } else {
        return err!(ValueError, "unrecognized lockf argument");
    };
    l.l_len = n(a[2])?;
    l.l_start = n(a[3])?;
    l.l_whence = n(a[4])? as _;
    let cmd = if code & libc::LOCK_NB != 0 { libc::F_SETLK } else { libc::F_SETLKW };
    let p = &l as *const libc::flock as usize;
    // SAFETY: a lock description of our own.
    let r = retry(|| unsafe { libc::fcntl(fd, cmd, p as *const libc::flock) })?;
    if r < 0 { Err(os_err()) } else { Ok(Ref::NONE) }
}

/// Name and value.
const CONSTANTS: &[(&str, i64)] = &[
    ("DN_ACCESS", 1),
    ("DN_ATTRIB", 32),
    ("DN_CREATE", 4),
    ("DN_DELETE", 8),
    ("DN_MODIFY", 2),
    ("DN_MULTISHOT", 2147483648),
    ("DN_RENAME", 16),
    ("FASYNC", 8192),
    ("FD_CLOEXEC", libc::FD_CLOEXEC as i64),
    ("FICLONE", libc::FICLONE as i64),
    ("FICLONERANGE", libc::FICLONERANGE as i64),
    ("F_ADD_SEALS", libc::F_ADD_SEALS as i64),
    ("F_DUPFD", libc::F_DUPFD as i64),
    ("F_DUPFD_CLOEXEC", libc::F_DUPFD_CLOEXEC as i64),
    ("F_DUPFD_QUERY", 1027),
    ("F_EXLCK", 4),
    ("F_GETFD", libc::F_GETFD as i64),
    ("F_GETFL", libc::F_GETFL as i64),
    ("F_GETLEASE", libc::F_GETLEASE as i64),
    ("F_GETLK", libc::F_GETLK as i64),
    ("F_GETLK64", 5),
    ("F_GETOWN", libc::F_GETOWN as i64),
    ("F_GETOWN_EX", 16),
    ("F_GETPIPE_SZ", libc::F_GETPIPE_SZ as i64),
    ("F_GETSIG", 11),
    ("F_GET_FILE_RW_HINT", 1037),
    ("F_GET_RW_HINT", 1035),
    ("F_GET_SEALS", libc::F_GET_SEALS as i64),
    ("F_NOTIFY", libc::F_NOTIFY as i64),
    ("F_OFD_GETLK", libc::F_OFD_GETLK as i64),
    ("F_OFD_SETLK", libc::F_OFD_SETLK as i64),
    ("F_OFD_SETLKW", libc::F_OFD_SETLKW as i64),
    ("F_OWNER_PGRP", 2),
    ("F_OWNER_PID", 1),
    ("F_OWNER_TID", 0),
    ("F_RDLCK", libc::F_RDLCK as i64),
    ("F_SEAL_FUTURE_WRITE", libc::F_SEAL_FUTURE_WRITE as i64),
    ("F_SEAL_GROW", libc::F_SEAL_GROW as i64),
    ("F_SEAL_SEAL", libc::F_SEAL_SEAL as i64),
    ("F_SEAL_SHRINK", libc::F_SEAL_SHRINK as i64),
    ("F_SEAL_WRITE", libc::F_SEAL_WRITE as i64),
    ("F_SETFD", libc::F_SETFD as i64),
    ("F_SETFL", libc::F_SETFL as i64),
    ("F_SETLEASE", libc::F_SETLEASE as i64),
    ("F_SETLK", libc::F_SETLK as i64),
    ("F_SETLK64", 6),
    ("F_SETLKW", libc::F_SETLKW as i64),
    ("F_SETLKW64", 7),
    ("F_SETOWN", libc::F_SETOWN as i64),
    ("F_SETOWN_EX", 15),
    ("F_SETPIPE_SZ", libc::F_SETPIPE_SZ as i64),
    ("F_SETSIG", 10),
    ("F_SET_FILE_RW_HINT", 1038),
    ("F_SET_RW_HINT", 1036),
    ("F_SHLCK", 8),
    ("F_UNLCK", libc::F_UNLCK as i64),
    ("F_WRLCK", libc::F_WRLCK as i64),
    ("LOCK_EX", libc::LOCK_EX as i64),
    ("LOCK_MAND", 32),
    ("LOCK_NB", libc::LOCK_NB as i64),
    ("LOCK_READ", 64),
    ("LOCK_RW", 192),
    ("LOCK_SH", libc::LOCK_SH as i64),
    ("LOCK_UN", libc::LOCK_UN as i64),
    ("LOCK_WRITE", 128),
    ("RWH_WRITE_LIFE_EXTREME", 5),
    ("RWH_WRITE_LIFE_LONG", 4),
    ("RWH_WRITE_LIFE_MEDIUM", 3),
    ("RWH_WRITE_LIFE_NONE", 1),
    ("RWH_WRITE_LIFE_NOT_SET", 0),
    ("RWH_WRITE_LIFE_SHORT", 2),
];
