//! `grp`: the database of groups.

use crate::pwd::text;
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::value::Ref;
use taipan_objects::{codecs, err, int, list, module, protocol, raised, strings, structseq, structseq_type};

structseq_type! {
    static GROUP_TYPE, GROUP = "grp.struct_group", "grp.struct_group: Results from getgr*() routines.", instantiable true, visible 4,
    fields ["gr_name", "gr_passwd", "gr_gid", "gr_mem"],
    { 0 "gr_name" "group name", 1 "gr_passwd" "password", 2 "gr_gid" "group id", 3 "gr_mem" "group members" }
}

pub static MODULE: ModuleDef = ModuleDef {
    name: "grp",
    doc: "Access to the Unix group database.",
    functions: &[
        MethodDef::new("getgrgid($module, /, id)", "The entry of a group by number.", |a| {
            if a[0].ty().slots().index.is_none() {
                return err!(TypeError, "gid should be integer, not {}", a[0].type_name());
            }
            let number = protocol::index(a[0])?;
            if let Some(g) = int::as_int(&number).and_then(|i| i.to_i64())
                && (0..=u32::MAX as i64).contains(&g)
            {
                // SAFETY: the entry is read before the next call.
                let p = unsafe { libc::getgrgid(g as libc::gid_t) };
                if !p.is_null() {
                    return Ok(entry(p));
                }
            }
            Err(raised!(KeyError, "getgrgid(): gid not found: {}", protocol::str_text(a[0])?))
        }),
        MethodDef::new("getgrnam($module, /, name)", "The entry of a group by name.", |a| {
            if !strings::is_str(a[0]) {
                return err!(TypeError, "getgrnam() argument 'name' must be str, not {}", a[0].type_name());
            }
            let Ok(name) = std::ffi::CString::new(codecs::fs_encode(a[0])?) else {
                return err!(ValueError, "embedded null byte");
            };
            // SAFETY: a C string; the entry is read before the next call.
            let p = unsafe { libc::getgrnam(name.as_ptr()) };
            if p.is_null() {
                return err!(KeyError, "getgrnam(): name not found: {}", protocol::repr_text(a[0])?);
            }
            Ok(entry(p))
        }),
        MethodDef::new("getgrall($module, /)", "All entries.", |_| {
            let mut all = Vec::new();
            // SAFETY: each entry is read before the next call.
            unsafe {
                libc::setgrent();
                loop {
                    let p = libc::getgrent();
                    if p.is_null() {
                        break;
                    }
                    all.push(entry(p));
                }
                libc::endgrent();
            }
            Ok(list::new_list(all))
        }),
    ],
    init: Some(|m| {
        structseq::ready(&GROUP_TYPE, &GROUP);
        module::add_type(m, &GROUP_TYPE);
        Ok(())
    }),
};

fn entry(p: *const libc::group) -> Ref {
    let mut members = Vec::new();
    // SAFETY: an entry just read; its list of members ends with null.
    unsafe {
        let e = &*p;
        let mut m = e.gr_mem;
        while !m.is_null() && !(*m).is_null() {
            members.push(text(*m));
            m = m.add(1);
        }
        structseq::new(&GROUP_TYPE, vec![text(e.gr_name), text(e.gr_passwd), int::from_i64(e.gr_gid as i64), list::new_list(members)])
    }
}
