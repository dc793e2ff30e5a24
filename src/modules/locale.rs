//! `_locale`: the C library's locale.

use std::ffi::{CStr, CString};
use taipan_objects::err::PyResult;
use taipan_objects::int::{from_i64, to_i32};
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::typeobject::as_type;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{dict, err, list, module, protocol, strings, tuple, vm};

/// `locale.Error`, from the module.
fn error(message: &str) -> PyResult {
    let m = (vm::hooks().import)("_locale")?;
    let e = protocol::getattr_str(*m, "Error")?;
    match as_type(*e) {
        Some(ty) => Err(taipan_objects::err::raise_with(ty, &[*strings::new_str(message)])),
        None => err!(RuntimeError, "{message}"),
    }
}

/// A C string made by the C library.
///
/// # Safety
/// `p` is NUL-terminated, or null.
unsafe fn text(p: *const libc::c_char) -> Ref {
    if p.is_null() {
        return strings::empty();
    }
    strings::new_str(&unsafe { CStr::from_ptr(p) }.to_string_lossy())
}

fn c_string(v: Value, what: &str) -> PyResult<CString> {
    match CString::new(strings::to_text(v, what)?) {
        Ok(s) => Ok(s),
        Err(_) => err!(ValueError, "embedded null character"),
    }
}

fn setlocale(a: &[Value]) -> PyResult {
    let category = to_i32(a[0])?;
    if a[1].is_none_or_null() {
        // SAFETY: a query.
        let p = unsafe { libc::setlocale(category, std::ptr::null()) };
        if p.is_null() {
            return error("locale query failed");
        }
        return Ok(unsafe { text(p) });
    }
    let name = c_string(a[1], "setlocale() argument 2")?;
    // SAFETY: other threads of the interpreter wait for its lock.
    let p = unsafe { libc::setlocale(category, name.as_ptr()) };
    if p.is_null() {
        return error("unsupported locale setting");
    }
    Ok(unsafe { text(p) })
}

/// Numbers of digits in groups; 0 at the end means that the last repeats.
unsafe fn grouping(p: *const libc::c_char) -> Ref {
    let mut out = Vec::new();
    if !p.is_null() && unsafe { *p } != 0 {
        let mut i = 0;
        loop {
            let n = unsafe { *p.add(i) };
            out.push(from_i64(n as i64));
            if n == 0 || n == libc::c_char::MAX {
                break;
            }
            i += 1;
        }
    }
    list::new_list(out)
}

fn localeconv(_: &[Value]) -> PyResult {
    let d = dict::new_dict();
    // SAFETY: the struct stays valid until the next call, and the lock is held.
    unsafe {
        let l = &*libc::localeconv();
        for (name, p) in [
            ("int_curr_symbol", l.int_curr_symbol),
            ("currency_symbol", l.currency_symbol),
            ("mon_decimal_point", l.mon_decimal_point),
            ("mon_thousands_sep", l.mon_thousands_sep),
        ] {
            dict::set_str(*d, name, *text(p));
        }
        dict::set_str(*d, "mon_grouping", *grouping(l.mon_grouping));
        dict::set_str(*d, "positive_sign", *text(l.positive_sign));
        dict::set_str(*d, "negative_sign", *text(l.negative_sign));
        for (name, n) in [
            ("int_frac_digits", l.int_frac_digits),
            ("frac_digits", l.frac_digits),
            ("p_cs_precedes", l.p_cs_precedes),
            ("p_sep_by_space", l.p_sep_by_space),
            ("n_cs_precedes", l.n_cs_precedes),
            ("n_sep_by_space", l.n_sep_by_space),
            ("p_sign_posn", l.p_sign_posn),
            ("n_sign_posn", l.n_sign_posn),
        ] {
            dict::set_str(*d, name, *from_i64(n as i64));
        }
        dict::set_str(*d, "decimal_point", *text(l.decimal_point));
        dict::set_str(*d, "thousands_sep", *text(l.thousands_sep));
        dict::set_str(*d, "grouping", *grouping(l.grouping));
    }
    Ok(d)
}

fn getencoding(_: &[Value]) -> PyResult {
    // SAFETY: a query; the text is copied at once.
    let codeset = unsafe { text(libc::nl_langinfo(libc::CODESET)) };
    Ok(if strings::expect(*codeset).len() == 0 { strings::new_str("UTF-8") } else { codeset })
}

fn nl_langinfo(a: &[Value]) -> PyResult {
    let key = to_i32(a[0])?;
    if !LANGINFO.iter().any(|(_, n)| *n == key) {
        return err!(ValueError, "unsupported langinfo constant");
    }
    // SAFETY: a query; the text is copied at once.
    Ok(unsafe { text(libc::nl_langinfo(key as libc::nl_item)) })
}

fn strcoll(a: &[Value]) -> PyResult {
    let (x, y) = (c_string(a[0], "strcoll() argument 1")?, c_string(a[1], "strcoll() argument 2")?);
    // SAFETY: both are NUL-terminated.
    Ok(from_i64(unsafe { libc::strcoll(x.as_ptr(), y.as_ptr()) } as i64))
}

fn strxfrm(a: &[Value]) -> PyResult {
    let s = c_string(a[0], "strxfrm() argument")?;
    let mut buffer = vec![0u8; s.as_bytes().len() + 1];
    for _ in 0..2 {
        // SAFETY: the buffer has the length given.
        let n = unsafe { libc::strxfrm(buffer.as_mut_ptr() as *mut libc::c_char, s.as_ptr(), buffer.len()) };
        if n < buffer.len() {
            buffer.truncate(n);
            return Ok(strings::new_str(&String::from_utf8_lossy(&buffer)));
        }
        buffer.resize(n + 1, 0);
    }
    Ok(a[0].to_ref())
}

#[cfg(target_os = "linux")]
mod intl {
    use super::*;
    unsafe extern "C" {
        fn gettext(msg: *const libc::c_char) -> *mut libc::c_char;
        fn dgettext(domain: *const libc::c_char, msg: *const libc::c_char) -> *mut libc::c_char;
        fn dcgettext(domain: *const libc::c_char, msg: *const libc::c_char, category: libc::c_int) -> *mut libc::c_char;
        fn textdomain(domain: *const libc::c_char) -> *mut libc::c_char;
        fn bindtextdomain(domain: *const libc::c_char, dir: *const libc::c_char) -> *mut libc::c_char;
        fn bind_textdomain_codeset(domain: *const libc::c_char, codeset: *const libc::c_char) -> *mut libc::c_char;
    }
    fn optional(v: Value, what: &str) -> PyResult<Option<CString>> {
        if v.is_none_or_null() { Ok(None) } else { c_string(v, what).map(Some) }
    }
    fn pointer(s: &Option<CString>) -> *const libc::c_char {
        s.as_ref().map_or(std::ptr::null(), |s| s.as_ptr())
    }
    // SAFETY (all below): arguments are NUL-terminated or null where the function allows it; results are copied at once.
    pub fn m_gettext(a: &[Value]) -> PyResult {
        let m = c_string(a[0], "gettext() argument")?;
        Ok(unsafe { text(gettext(m.as_ptr())) })
    }
    pub fn m_dgettext(a: &[Value]) -> PyResult {
        let (d, m) = (optional(a[0], "dgettext() argument 1")?, c_string(a[1], "dgettext() argument 2")?);
        Ok(unsafe { text(dgettext(pointer(&d), m.as_ptr())) })
    }
    pub fn m_dcgettext(a: &[Value]) -> PyResult {
        let (d, m) = (optional(a[0], "dcgettext() argument 1")?, c_string(a[1], "dcgettext() argument 2")?);
        let category = to_i32(a[2])?;
        Ok(unsafe { text(dcgettext(pointer(&d), m.as_ptr(), category)) })
    }
    pub fn m_textdomain(a: &[Value]) -> PyResult {
        let d = optional(a[0], "textdomain() argument")?;
        Ok(unsafe { text(textdomain(pointer(&d))) })
    }
    pub fn m_bindtextdomain(a: &[Value]) -> PyResult {
        let d = c_string(a[0], "bindtextdomain() argument 1")?;
        if d.as_bytes().is_empty() {
            return error("domain must be a non-empty string");
        }
        let dir = optional(a[1], "bindtextdomain() argument 2")?;
        Ok(unsafe { text(bindtextdomain(d.as_ptr(), pointer(&dir))) })
    }
    pub fn m_bind_textdomain_codeset(a: &[Value]) -> PyResult {
        let d = c_string(a[0], "bind_textdomain_codeset() argument 1")?;
        let codeset = optional(a[1], "bind_textdomain_codeset() argument 2")?;
        let p = unsafe { bind_textdomain_codeset(d.as_ptr(), pointer(&codeset)) };
        Ok(if p.is_null() { Ref::NONE } else { unsafe { text(p) } })
    }
}

macro_rules! langinfo {
    ($($name:ident)*) => { &[$((stringify!($name), libc::$name as i32)),*] };
}
static LANGINFO: &[(&str, i32)] = langinfo! {
    ABDAY_1 ABDAY_2 ABDAY_3 ABDAY_4 ABDAY_5 ABDAY_6 ABDAY_7 ABMON_1 ABMON_2 ABMON_3 ABMON_4 ABMON_5 ABMON_6 ABMON_7 ABMON_8 ABMON_9
    ABMON_10 ABMON_11 ABMON_12 ALT_DIGITS AM_STR CODESET CRNCYSTR DAY_1 DAY_2 DAY_3 DAY_4 DAY_5 DAY_6 DAY_7 D_FMT D_T_FMT ERA ERA_D_FMT
    ERA_D_T_FMT ERA_T_FMT MON_1 MON_2 MON_3 MON_4 MON_5 MON_6 MON_7 MON_8 MON_9 MON_10 MON_11 MON_12 NOEXPR PM_STR RADIXCHAR THOUSEP T_FMT
    T_FMT_AMPM YESEXPR
};

fn init(m: Value) -> PyResult<()> {
    for (name, n) in LANGINFO.iter().copied().chain([
        ("LC_ALL", libc::LC_ALL),
        ("LC_COLLATE", libc::LC_COLLATE),
        ("LC_CTYPE", libc::LC_CTYPE),
        ("LC_MESSAGES", libc::LC_MESSAGES),
        ("LC_MONETARY", libc::LC_MONETARY),
        ("LC_NUMERIC", libc::LC_NUMERIC),
        ("LC_TIME", libc::LC_TIME),
        ("CHAR_MAX", libc::c_char::MAX as i32),
    ]) {
        module::add(m, name, from_i64(n as i64));
    }
    let ns = dict::new_dict();
    dict::set_str(*ns, "__module__", *strings::intern_str("locale"));
    let bases = tuple::of([taipan_objects::exceptions::Exception.to_ref()]);
    let e = protocol::call(taipan_objects::types::TYPE_TYPE.value(), &[*strings::intern_str("Error"), *bases, *ns])?;
    module::add(m, "Error", e);
    Ok(())
}

pub static MODULE: ModuleDef = ModuleDef {
    name: "_locale",
    doc: "Support for POSIX locales.",
    functions: &[
        MethodDef::new("setlocale($module, category, locale=None, /)", "Activates/queries locale processing.", setlocale),
        MethodDef::new("localeconv($module, /)", "Returns numeric and monetary locale-specific parameters.", localeconv),
        MethodDef::new("strcoll($module, os1, os2, /)", "Compares two strings according to the locale.", strcoll),
        MethodDef::new("strxfrm($module, string, /)", "Return a string that can be used as a key for locale-aware comparisons.", strxfrm),
        MethodDef::new("nl_langinfo($module, key, /)", "Return the value for the locale information associated with key.", nl_langinfo),
        MethodDef::new("getencoding($module, /)", "Get the current locale encoding.", getencoding),
        #[cfg(target_os = "linux")]
        MethodDef::new("gettext($module, msg, /)", "Return translation of msg.", intl::m_gettext),
        #[cfg(target_os = "linux")]
        MethodDef::new("dgettext($module, domain, msg, /)", "Return translation of msg in domain.", intl::m_dgettext),
        #[cfg(target_os = "linux")]
        MethodDef::new("dcgettext($module, domain, msg, category, /)", "Return translation of msg in domain and category.", intl::m_dcgettext),
        #[cfg(target_os = "linux")]
        MethodDef::new("textdomain($module, domain, /)", "Set the C library's textdomain to domain, returning the new domain.", intl::m_textdomain),
        #[cfg(target_os = "linux")]
        MethodDef::new("bindtextdomain($module, domain, dir, /)", "Bind the C library's domain to dir.", intl::m_bindtextdomain),
        #[cfg(target_os = "linux")]
        MethodDef::new("bind_textdomain_codeset($module, domain, codeset, /)", "Bind the C library's domain to codeset.", intl::m_bind_textdomain_codeset),
    ],
    init: Some(init),
};
