//! Users, groups, sessions.

use super::{check, os_err};
use taipan_objects::err::PyResult;
use taipan_objects::native::MethodDef;
use taipan_objects::value::Value;
use taipan_objects::{codecs, err, int, list, protocol, tuple};

fn id(v: Value, what: &str) -> PyResult<u32> {
    if !int::is_int(v) && v.ty().slots().index.is_none() {
        return err!(TypeError, "{what} should be integer, not {}", v.type_name());
    }
    let i = int::to_i64(v)?;
    if i < -1 {
        return err!(OverflowError, "{what} is less than minimum");
    }
    if i > u32::MAX as i64 {
        return err!(OverflowError, "{what} is greater than maximum");
    }
    Ok(i as u32)
}
fn number(i: i64) -> PyResult {
    if i < 0 { Err(os_err()) } else { Ok(int::from_i64(i)) }
}
fn getgroups(_: &[Value]) -> PyResult {
    let mut buf = vec![0 as libc::gid_t; 65536];
    // SAFETY: room for as many groups as said.
    let n = unsafe { libc::getgroups(buf.len() as libc::c_int, buf.as_mut_ptr()) };
    if n < 0 {
        return Err(os_err());
    }
    Ok(list::new_list(buf[..n as usize].iter().map(|g| int::from_i64(*g as i64)).collect()))
}
fn setgroups(a: &[Value]) -> PyResult {
    let mut all = Vec::new();
    for g in protocol::to_vec(a[0])? {
        all.push(id(*g, "gid")? as libc::gid_t);
    }
    // SAFETY: as many groups as said.
    check(unsafe { libc::setgroups(all.len() as _, all.as_ptr()) })
}
fn getgrouplist(a: &[Value]) -> PyResult {
    let user = super::path::fs_cstring(a[0])?;
    let gid = id(a[1], "gid")?;
    let mut buf = vec![0 as libc::gid_t; 65536];
    let mut n = buf.len() as libc::c_int;
    // SAFETY: a C string, and room for as many groups as said.
    if unsafe { libc::getgrouplist(user.as_ptr(), gid as _, buf.as_mut_ptr() as _, &mut n) } == -1 {
        return Err(os_err());
    }
    Ok(list::new_list(buf[..n as usize].iter().map(|g| int::from_i64(*g as i64)).collect()))
}
unsafe extern "C" {
    fn getlogin_r(buf: *mut libc::c_char, len: usize) -> libc::c_int;
}
fn getlogin(_: &[Value]) -> PyResult {
    let mut buf = [0u8; 256];
    // SAFETY: a buffer of the given length.
    let e = unsafe { getlogin_r(buf.as_mut_ptr() as *mut libc::c_char, buf.len()) };
    if e != 0 {
        return Err(taipan_objects::exceptions::os_error(e, None, None));
    }
    let n = buf.iter().position(|b| *b == 0).unwrap_or(0);
    Ok(codecs::fs_decode(&buf[..n]))
}
#[cfg(target_os = "linux")]
fn three(f: unsafe extern "C" fn(*mut u32, *mut u32, *mut u32) -> libc::c_int) -> PyResult {
    let (mut a, mut b, mut c) = (0u32, 0, 0);
    // SAFETY: room for three numbers.
    if unsafe { f(&mut a, &mut b, &mut c) } != 0 {
        return Err(os_err());
    }
    Ok(tuple::of([int::from_i64(a as i64), int::from_i64(b as i64), int::from_i64(c as i64)]))
}

macro_rules! plain {
    ($sig:literal, $doc:literal, $f:ident) => {
        MethodDef::new($sig, $doc, |_| {
            // SAFETY: plain call.
            number(unsafe { libc::$f() } as i64)
        })
    };
}
macro_rules! set_id {
    ($sig:literal, $doc:literal, $f:ident, $($arg:literal),+) => {
        MethodDef::new($sig, $doc, |a| {
            let mut all = a.iter();
            // SAFETY: plain call.
            check(unsafe { libc::$f($(match all.next() { Some(v) => id(*v, $arg)? as _, None => 0 }),+) })
        })
    };
}

pub const FUNCTIONS: &[MethodDef] = &[
    plain!("getuid($module, /)", "The user's number.", getuid),
    plain!("geteuid($module, /)", "The effective user's number.", geteuid),
    plain!("getgid($module, /)", "The group's number.", getgid),
    plain!("getegid($module, /)", "The effective group's number.", getegid),
    plain!("getpgrp($module, /)", "The process group.", getpgrp),
    plain!("setsid($module, /)", "Starts a session.", setsid),
    MethodDef::new("setpgrp($module, /)", "Makes the process lead a group.", |_| check(unsafe { libc::setpgid(0, 0) })),
    MethodDef::new("getpgid($module, /, pid)", "A process's group.", |a| {
        let p = int::to_i32(a[0])?;
        number(unsafe { libc::getpgid(p) } as i64)
    }),
    MethodDef::new("setpgid($module, pid, pgrp, /)", "Sets a process's group.", |a| {
        let (p, g) = (int::to_i32(a[0])?, int::to_i32(a[1])?);
        check(unsafe { libc::setpgid(p, g) })
    }),
    MethodDef::new("getsid($module, pid, /)", "A process's session.", |a| {
        let p = int::to_i32(a[0])?;
        number(unsafe { libc::getsid(p) } as i64)
    }),
    set_id!("setuid($module, uid, /)", "Sets the user.", setuid, "uid"),
    set_id!("seteuid($module, euid, /)", "Sets the effective user.", seteuid, "uid"),
    set_id!("setgid($module, gid, /)", "Sets the group.", setgid, "gid"),
    set_id!("setegid($module, egid, /)", "Sets the effective group.", setegid, "gid"),
    set_id!("setreuid($module, ruid, euid, /)", "Sets real and effective user.", setreuid, "uid", "uid"),
    set_id!("setregid($module, rgid, egid, /)", "Sets real and effective group.", setregid, "gid", "gid"),
    #[cfg(target_os = "linux")]
    set_id!("setresuid($module, ruid, euid, suid, /)", "Sets real, effective and saved user.", setresuid, "uid", "uid", "uid"),
    #[cfg(target_os = "linux")]
    set_id!("setresgid($module, rgid, egid, sgid, /)", "Sets real, effective and saved group.", setresgid, "gid", "gid", "gid"),
    #[cfg(target_os = "linux")]
    MethodDef::new("getresuid($module, /)", "Real, effective and saved user.", |_| three(libc::getresuid)),
    #[cfg(target_os = "linux")]
    MethodDef::new("getresgid($module, /)", "Real, effective and saved group.", |_| three(libc::getresgid)),
    MethodDef::new("getgroups($module, /)", "Supplementary groups.", getgroups),
    MethodDef::new("setgroups($module, groups, /)", "Sets the supplementary groups.", setgroups),
    MethodDef::new("getgrouplist($module, user, group, /)", "The groups a user is in.", getgrouplist),
    MethodDef::new("initgroups($module, username, gid, /)", "Sets the groups that a user is in.", |a| {
        let (u, g) = (super::path::fs_cstring(a[0])?, id(a[1], "gid")?);
        check(unsafe { libc::initgroups(u.as_ptr(), g as _) })
    }),
    MethodDef::new("getlogin($module, /)", "The name that was logged in with.", getlogin),
    MethodDef::new("umask($module, mask, /)", "Sets the file mode mask and gives the former one.", |a| {
        let m = int::to_i32(a[0])?;
        number(unsafe { libc::umask(m as libc::mode_t) } as i64)
    }),
];
