//! `pwd`: the database of users.


use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::value::Ref;
use taipan_objects::{codecs, err, int, list, module, protocol, raised, strings, structseq, structseq_type};

structseq_type! {
    static PASSWD_TYPE, PASSWD = "pwd.struct_passwd", "pwd.struct_passwd: Results from getpw*() routines.", instantiable true, visible 7,
    fields ["pw_name", "pw_passwd", "pw_uid", "pw_gid", "pw_gecos", "pw_dir", "pw_shell"],
    { 0 "pw_name" "user name", 1 "pw_passwd" "password", 2 "pw_uid" "user id", 3 "pw_gid" "group id", 4 "pw_gecos" "real name", 5 "pw_dir" "home directory", 6 "pw_shell" "shell program" }
}

pub static MODULE: ModuleDef = ModuleDef {
    name: "pwd",
    doc: "This module provides access to the Unix password database.",
    functions: &[
        MethodDef::new("getpwuid($module, uidobj, /)", "The entry of a user by number.", |a| {
            let uid = if int::is_int(a[0]) || a[0].ty().slots().index.is_some() {
                int::as_int(&*protocol::index(a[0])?).and_then(|i| i.to_i64())
            } else {
                return err!(TypeError, "uid should be integer, not {}", a[0].type_name());
            };
            match uid {
                Some(u) if (0..=u32::MAX as i64).contains(&u) => {
                    // SAFETY: the entry is read before the next call; only one thread is here at a time.
                    let p = unsafe { libc::getpwuid(u as libc::uid_t) };
                    if !p.is_null() {
                        return Ok(entry(p));
                    }
                }
                _ => {}
            }
            Err(raised!(KeyError, "getpwuid(): uid not found: {}", protocol::str_text(a[0])?))
        }),
        MethodDef::new("getpwnam($module, name, /)", "The entry of a user by name.", |a| {
            if !strings::is_str(a[0]) {
                return err!(TypeError, "getpwnam() argument must be str, not {}", a[0].type_name());
            }
            let Ok(name) = std::ffi::CString::new(codecs::fs_encode(a[0])?) else {
                return err!(ValueError, "embedded null byte");
            };
            // SAFETY: a C string; the entry is read before the next call.
            let p = unsafe { libc::getpwnam(name.as_ptr()) };
            if p.is_null() {
                return err!(KeyError, "getpwnam(): name not found: {}", protocol::repr_text(a[0])?);
            }
            Ok(entry(p))
        }),
        MethodDef::new("getpwall($module, /)", "All entries.", |_| {
            let mut all = Vec::new();
            // SAFETY: each entry is read before the next call.
            unsafe {
                libc::setpwent();
                loop {
                    let p = libc::getpwent();
                    if p.is_null() {
                        break;
                    }
                    all.push(entry(p));
                }
                libc::endpwent();
            }
            Ok(list::new_list(all))
        }),
    ],
    init: Some(|m| {
        structseq::ready(&PASSWD_TYPE, &PASSWD);
        module::add_type(m, &PASSWD_TYPE);
        Ok(())
    }),
};

/// A C string as text; None for null.
pub fn text(p: *const libc::c_char) -> Ref {
    if p.is_null() {
        return Ref::NONE;
    }
    // SAFETY: the databases give C strings.
    codecs::fs_decode(unsafe { std::ffi::CStr::from_ptr(p) }.to_bytes())
}
fn entry(p: *const libc::passwd) -> Ref {
    // SAFETY: an entry just read.
    let e = unsafe { &*p };
    structseq::new(
        &PASSWD_TYPE,
        vec![
            text(e.pw_name),
            text(e.pw_passwd),
            int::from_i64(e.pw_uid as i64),
            int::from_i64(e.pw_gid as i64),
            text(e.pw_gecos),
            text(e.pw_dir),
            text(e.pw_shell),
        ],
    )
}
