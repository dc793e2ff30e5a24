//! Files by path: removing, renaming, links, permissions, times.

use super::path::{PathArg, PathOptions, dir_fd};
use super::{bool_or, fd_arg, int_or};
use taipan_objects::err::PyResult;
use taipan_objects::native::MethodDef;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{buffer, bytes, codecs, err, int, list, tuple, vm};

fn open(a: &[Value]) -> PyResult {
    let p = PathArg::new(a[0], PathOptions::new("open"))?;
    let (flags, mode, dir) = (int::to_i32(a[1])? | libc::O_CLOEXEC, int_or(a[2], 0o777)?, dir_fd(a[3])?);
    let ptr = p.ptr() as usize;
    // SAFETY: a C string that outlives the call.
    let fd = super::retry(|| unsafe { libc::openat(dir, ptr as *const libc::c_char, flags, mode as libc::c_uint) })?;
    if fd == -1 { Err(p.error()) } else { Ok(int::from_i64(fd as i64)) }
}
fn unlink(a: &[Value], name: &'static str) -> PyResult {
    let p = PathArg::new(a[0], PathOptions::new(name))?;
    let dir = dir_fd(a[1])?;
    let ptr = p.ptr() as usize;
    // SAFETY: a C string that outlives the call.
    p.check(vm::allow_threads(|| unsafe { libc::unlinkat(dir, ptr as *const libc::c_char, 0) }))
}
fn rename(a: &[Value], name: &'static str) -> PyResult {
    let src = PathArg::new(a[0], PathOptions::new(name).argument("src"))?;
    let dst = PathArg::new(a[1], PathOptions::new(name).argument("dst"))?;
    let (sd, dd) = (dir_fd(a[2])?, dir_fd(a[3])?);
    let (s, d) = (src.ptr() as usize, dst.ptr() as usize);
    // SAFETY: C strings that outlive the call.
    let r = vm::allow_threads(|| unsafe { libc::renameat(sd, s as *const libc::c_char, dd, d as *const libc::c_char) });
    if r == -1 { Err(src.error2(&dst)) } else { Ok(Ref::NONE) }
}
fn link(a: &[Value]) -> PyResult {
    let src = PathArg::new(a[0], PathOptions::new("link").argument("src"))?;
    let dst = PathArg::new(a[1], PathOptions::new("link").argument("dst"))?;
    let (sd, dd, follow) = (dir_fd(a[2])?, dir_fd(a[3])?, bool_or(a[4], true)?);
    let flag = if follow { libc::AT_SYMLINK_FOLLOW } else { 0 };
    // SAFETY: C strings.
    let r = unsafe { libc::linkat(sd, src.ptr(), dd, dst.ptr(), flag) };
    if r == -1 { Err(src.error2(&dst)) } else { Ok(Ref::NONE) }
}
fn symlink(a: &[Value]) -> PyResult {
    let src = PathArg::new(a[0], PathOptions::new("symlink").argument("src"))?;
    let dst = PathArg::new(a[1], PathOptions::new("symlink").argument("dst"))?;
    let dir = dir_fd(a[3])?;
    // SAFETY: C strings.
    let r = unsafe { libc::symlinkat(src.ptr(), dir, dst.ptr()) };
    if r == -1 { Err(src.error2(&dst)) } else { Ok(Ref::NONE) }
}
fn readlink(a: &[Value]) -> PyResult {
    let p = PathArg::new(a[0], PathOptions::new("readlink"))?;
    let dir = dir_fd(a[1])?;
    let mut buf = vec![0u8; 4097];
    // SAFETY: a C string, and a buffer of the given length.
    let n = unsafe { libc::readlinkat(dir, p.ptr(), buf.as_mut_ptr() as *mut libc::c_char, buf.len() - 1) };
    if n < 0 {
        return Err(p.error());
    }
    buf.truncate(n as usize);
    Ok(if p.is_bytes { bytes::from_vec(buf) } else { codecs::fs_decode(&buf) })
}
fn access(a: &[Value]) -> PyResult {
    let p = PathArg::new(a[0], PathOptions::new("access"))?;
    let (mode, dir) = (int::to_i32(a[1])?, dir_fd(a[2])?);
    let mut flags = 0;
    if bool_or(a[3], false)? {
        flags |= libc::AT_EACCESS;
    }
    if !bool_or(a[4], true)? {
        flags |= libc::AT_SYMLINK_NOFOLLOW;
    }
    // SAFETY: a C string.
    Ok(Ref::bool(unsafe { libc::faccessat(dir, p.ptr(), mode, flags) } == 0))
}
fn chmod(a: &[Value]) -> PyResult {
    let p = PathArg::new(a[0], PathOptions::new("chmod").or_fd())?;
    let (mode, dir, follow) = (int::to_i32(a[1])? as libc::mode_t, dir_fd(a[2])?, bool_or(a[3], true)?);
    // SAFETY: a C string.
    p.check(unsafe {
        match p.fd {
            Some(fd) => libc::fchmod(fd, mode),
            None => libc::fchmodat(dir, p.ptr(), mode, if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW }),
        }
    })
}
fn id_arg(v: Value, what: &str) -> PyResult<u32> {
    let i = int::to_i64(v)?;
    if i < -1 {
        return err!(OverflowError, "{what} is less than minimum");
    }
    if i > u32::MAX as i64 {
        return err!(OverflowError, "{what} is greater than maximum");
    }
    Ok(i as u32)
}
fn chown(a: &[Value]) -> PyResult {
    let p = PathArg::new(a[0], PathOptions::new("chown").or_fd())?;
    let (uid, gid) = (id_arg(a[1], "uid")?, id_arg(a[2], "gid")?);
    let (dir, follow) = (dir_fd(a[3])?, bool_or(a[4], true)?);
    // SAFETY: a C string.
    p.check(unsafe {
        match p.fd {
            Some(fd) => libc::fchown(fd, uid, gid),
            None => libc::fchownat(dir, p.ptr(), uid, gid, if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW }),
        }
    })
}
fn timespec(ns: i128) -> libc::timespec {
    libc::timespec { tv_sec: ns.div_euclid(1_000_000_000) as libc::time_t, tv_nsec: ns.rem_euclid(1_000_000_000) as _ }
}
fn seconds_ns(v: Value) -> PyResult<i128> {
    if int::is_int(v) {
        return Ok(int::to_i64(v)? as i128 * 1_000_000_000);
    }
    let f = taipan_objects::protocol::to_f64(v)?;
    if f.is_nan() {
        return err!(ValueError, "Invalid value NaN (not a number)");
    }
    let whole = f.floor();
    Ok(whole as i128 * 1_000_000_000 + ((f - whole) * 1e9).floor() as i128)
}
fn whole_ns(v: Value) -> PyResult<i128> {
    match int::as_int(&*taipan_objects::protocol::index(v)?).and_then(|i| i.to_i64()) {
        Some(i) => Ok(i as i128),
        None => err!(OverflowError, "Python int too large to convert to C long"),
    }
}
fn utime(a: &[Value]) -> PyResult {
    let p = PathArg::new(a[0], PathOptions::new("utime").or_fd())?;
    let (dir, follow) = (dir_fd(a[3])?, bool_or(a[4], true)?);
    if !a[1].is_none_or_null() && !a[2].is_null() {
        return err!(ValueError, "utime: you may specify either 'times' or 'ns' but not both");
    }
    let two = |v: Value, what: &str, f: fn(Value) -> PyResult<i128>| -> PyResult<[libc::timespec; 2]> {
        if !tuple::is_tuple(v) || tuple::as_slice(v).len() != 2 {
            return err!(TypeError, "utime: '{what}' must be{}a tuple of two ints", if what == "times" { " either " } else { " " });
        }
        Ok([timespec(f(tuple::as_slice(v)[0])?), timespec(f(tuple::as_slice(v)[1])?)])
    };
    let times = if !a[1].is_none_or_null() {
        if !tuple::is_tuple(a[1]) || tuple::as_slice(a[1]).len() != 2 {
            return err!(TypeError, "utime: 'times' must be either a tuple of two ints or None");
        }
        Some(two(a[1], "times", seconds_ns)?)
    } else if !a[2].is_null() {
        Some(two(a[2], "ns", whole_ns)?)
    } else {
        None
    };
    let ptr = times.as_ref().map_or(std::ptr::null(), |t| t.as_ptr());
    // SAFETY: a C string and null or two times.
    p.check(unsafe {
        match p.fd {
            Some(fd) => libc::futimens(fd, ptr),
            None => libc::utimensat(dir, p.ptr(), ptr, if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW }),
        }
    })
}
fn truncate(a: &[Value]) -> PyResult {
    let p = PathArg::new(a[0], PathOptions::new("truncate").or_fd())?;
    let n = int::to_i64(a[1])?;
    // SAFETY: a C string.
    p.check(unsafe {
        match p.fd {
            Some(fd) => libc::ftruncate(fd, n),
            None => libc::truncate(p.ptr(), n),
        }
    })
}
fn mkfifo(a: &[Value]) -> PyResult {
    let p = PathArg::new(a[0], PathOptions::new("mkfifo"))?;
    let (mode, dir) = (int_or(a[1], 0o666)?, dir_fd(a[2])?);
    // SAFETY: a C string.
    p.check(unsafe { libc::mkfifoat(dir, p.ptr(), mode as libc::mode_t) })
}
fn mknod(a: &[Value]) -> PyResult {
    let p = PathArg::new(a[0], PathOptions::new("mknod"))?;
    let (mode, dir) = (int_or(a[1], 0o600)?, dir_fd(a[3])?);
    let device = if a[2].is_null() { 0 } else { int::to_i64(a[2])? };
    // SAFETY: a C string.
    p.check(unsafe { libc::mknodat(dir, p.ptr(), mode as libc::mode_t, device as libc::dev_t) })
}

#[cfg(target_os = "linux")]
mod xattr {
    use super::*;
    pub fn get(a: &[Value]) -> PyResult {
        let p = PathArg::new(a[0], PathOptions::new("getxattr").or_fd())?;
        let name = PathArg::new(a[1], PathOptions::new("getxattr").argument("attribute"))?;
        let follow = bool_or(a[2], true)?;
        let mut buf = vec![0u8; 65536];
        // SAFETY: C strings and a buffer of the given length.
        let n = unsafe {
            let (b, l) = (buf.as_mut_ptr() as *mut libc::c_void, buf.len());
            match p.fd {
                Some(fd) => libc::fgetxattr(fd, name.ptr(), b, l),
                None if follow => libc::getxattr(p.ptr(), name.ptr(), b, l),
                None => libc::lgetxattr(p.ptr(), name.ptr(), b, l),
            }
        };
        if n < 0 {
            return Err(p.error());
        }
        buf.truncate(n as usize);
        Ok(bytes::from_vec(buf))
    }
    pub fn set(a: &[Value]) -> PyResult {
        let p = PathArg::new(a[0], PathOptions::new("setxattr").or_fd())?;
        let name = PathArg::new(a[1], PathOptions::new("setxattr").argument("attribute"))?;
        let value = buffer::to_vec(a[2])?;
        let (flags, follow) = (int_or(a[3], 0)?, bool_or(a[4], true)?);
        // SAFETY: C strings and a buffer of the given length.
        p.check(unsafe {
            let (b, l) = (value.as_ptr() as *const libc::c_void, value.len());
            match p.fd {
                Some(fd) => libc::fsetxattr(fd, name.ptr(), b, l, flags),
                None if follow => libc::setxattr(p.ptr(), name.ptr(), b, l, flags),
                None => libc::lsetxattr(p.ptr(), name.ptr(), b, l, flags),
            }
        })
    }
    pub fn remove(a: &[Value]) -> PyResult {
        let p = PathArg::new(a[0], PathOptions::new("removexattr").or_fd())?;
        let name = PathArg::new(a[1], PathOptions::new("removexattr").argument("attribute"))?;
        let follow = bool_or(a[2], true)?;
        // SAFETY: C strings.
        p.check(unsafe {
            match p.fd {
                Some(fd) => libc::fremovexattr(fd, name.ptr()),
                None if follow => libc::removexattr(p.ptr(), name.ptr()),
                None => libc::lremovexattr(p.ptr(), name.ptr()),
            }
        })
    }
    pub fn list(a: &[Value]) -> PyResult {
        let p = PathArg::new(a[0], PathOptions::new("listxattr").or_fd().or_none())?;
        let follow = bool_or(a[1], true)?;
        let mut buf = vec![0u8; 65536];
        // SAFETY: a C string and a buffer of the given length.
        let n = unsafe {
            let (b, l) = (buf.as_mut_ptr() as *mut libc::c_char, buf.len());
            match p.fd {
                Some(fd) => libc::flistxattr(fd, b, l),
                None if follow => libc::listxattr(p.ptr(), b, l),
                None => libc::llistxattr(p.ptr(), b, l),
            }
        };
        if n < 0 {
            return Err(p.error());
        }
        let names = buf[..n as usize].split(|b| *b == 0).filter(|n| !n.is_empty());
        Ok(list::new_list(names.map(codecs::fs_decode).collect()))
    }
}
#[cfg(not(target_os = "linux"))]
mod xattr {
    use super::*;
    fn missing() -> PyResult {
        taipan_objects::err::missing("extended attributes on this system")
    }
    pub fn get(_: &[Value]) -> PyResult {
        missing()
    }
    pub fn set(_: &[Value]) -> PyResult {
        missing()
    }
    pub fn remove(_: &[Value]) -> PyResult {
        missing()
    }
    pub fn list(_: &[Value]) -> PyResult {
        missing()
    }
}

pub const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new("open($module, /, path, flags, mode=511, *, dir_fd=None)", "Opens a file; gives a descriptor.", open),
    MethodDef::new("unlink($module, /, path, *, dir_fd=None)", "Removes a file.", |a| unlink(a, "unlink")),
    MethodDef::new("remove($module, /, path, *, dir_fd=None)", "Removes a file.", |a| unlink(a, "remove")),
    MethodDef::new("rename($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None)", "Renames a file or folder.", |a| rename(a, "rename")),
    MethodDef::new("replace($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None)", "Renames a file or folder, replacing the destination.", |a| {
        rename(a, "replace")
    }),
    MethodDef::new(
        "link($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None,\n     follow_symlinks=(os.name != 'nt'))",
        "Makes a hard link.",
        link,
    ),
    MethodDef::new("symlink($module, /, src, dst, target_is_directory=False, *, dir_fd=None)", "Makes a symbolic link.", symlink),
    MethodDef::new("readlink($module, /, path, *, dir_fd=None)", "What a symbolic link points to.", readlink),
    MethodDef::new(
        "access($module, /, path, mode, *, dir_fd=None, effective_ids=False,\n       follow_symlinks=True)",
        "Whether a path can be accessed.",
        access,
    ),
    MethodDef::new("chmod($module, /, path, mode, *, dir_fd=None,\n      follow_symlinks=(os.name != 'nt'))", "Changes permissions.", chmod),
    MethodDef::new("fchmod($module, /, fd, mode)", "Changes permissions of an open file.", |a| {
        let (fd, mode) = (fd_arg(a[0])?, int::to_i32(a[1])?);
        // SAFETY: plain call.
        super::check(unsafe { libc::fchmod(fd, mode as libc::mode_t) })
    }),
    MethodDef::new("chown($module, /, path, uid, gid, *, dir_fd=None, follow_symlinks=True)", "Changes the owner.", chown),
    MethodDef::new("lchown($module, /, path, uid, gid)", "Changes the owner of a symbolic link itself.", |a| {
        chown(&[a[0], a[1], a[2], Value::NULL, Value::FALSE])
    }),
    MethodDef::new("fchown($module, /, fd, uid, gid)", "Changes the owner of an open file.", |a| {
        chown(&[a[0], a[1], a[2], Value::NULL, Value::NULL])
    }),
    MethodDef::new(
        "utime($module, /, path, times=None, *, ns=<unrepresentable>,\n      dir_fd=None, follow_symlinks=True)",
        "Sets the times of access and modification.",
        utime,
    ),
    MethodDef::new("truncate($module, /, path, length)", "Sets the length of a file.", truncate),
    MethodDef::new("mkfifo($module, /, path, mode=438, *, dir_fd=None)", "Makes a named pipe.", mkfifo),
    MethodDef::new("mknod($module, /, path, mode=384, device=0, *, dir_fd=None)", "Makes a node in the file system.", mknod),
    MethodDef::new("getxattr($module, /, path, attribute, *, follow_symlinks=True)", "An extended attribute.", xattr::get),
    MethodDef::new(
        "setxattr($module, /, path, attribute, value, flags=0, *,\n         follow_symlinks=True)",
        "Sets an extended attribute.",
        xattr::set,
    ),
    MethodDef::new("removexattr($module, /, path, attribute, *, follow_symlinks=True)", "Removes an extended attribute.", xattr::remove),
    MethodDef::new("listxattr($module, /, path=None, *, follow_symlinks=True)", "Names of the extended attributes.", xattr::list),
];
