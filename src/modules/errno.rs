//! `errno`: the system's error numbers.

use taipan_objects::int::from_i64;
use taipan_objects::native::ModuleDef;
use taipan_objects::{dict, module, strings};

macro_rules! numbers {
    ($($name:ident),*) => { &[$((stringify!($name), libc::$name)),*] };
}

static COMMON: &[(&str, i32)] = numbers![
    E2BIG, EACCES, EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, EAGAIN, EALREADY, EBADF, EBADMSG, EBUSY, ECANCELED, ECHILD, ECONNABORTED, ECONNREFUSED, ECONNRESET, EDEADLK, EDESTADDRREQ, EDOM, EDQUOT, EEXIST, EFAULT, EFBIG, EHOSTDOWN, EHOSTUNREACH, EIDRM, EILSEQ, EINPROGRESS, EINTR, EINVAL, EIO, EISCONN, EISDIR, ELOOP, EMFILE, EMLINK, EMSGSIZE, EMULTIHOP, ENAMETOOLONG, ENETDOWN, ENETRESET, ENETUNREACH, ENFILE, ENOBUFS, ENODATA, ENODEV, ENOENT, ENOEXEC, ENOLCK, ENOLINK, ENOMEM, ENOMSG, ENOPROTOOPT, ENOSPC, ENOSR, ENOSTR, ENOSYS, ENOTBLK, ENOTCONN, ENOTDIR, ENOTEMPTY, ENOTRECOVERABLE, ENOTSOCK, ENOTSUP, ENOTTY, ENXIO, EOPNOTSUPP, EOVERFLOW, EOWNERDEAD, EPERM, EPFNOSUPPORT, EPIPE, EPROTO, EPROTONOSUPPORT, EPROTOTYPE, ERANGE, EREMOTE, EROFS, ESHUTDOWN, ESOCKTNOSUPPORT, ESPIPE, ESRCH, ESTALE, ETIME, ETIMEDOUT, ETOOMANYREFS, ETXTBSY, EUSERS, EWOULDBLOCK, EXDEV
];

#[cfg(target_os = "linux")]
static SYSTEM: &[(&str, i32)] = numbers![
    EADV, EBADE, EBADFD, EBADR, EBADRQC, EBADSLT, EBFONT, ECHRNG, ECOMM, EDEADLOCK, EDOTDOT, EHWPOISON, EISNAM, EKEYEXPIRED, EKEYREJECTED, EKEYREVOKED, EL2HLT, EL2NSYNC, EL3HLT, EL3RST, ELIBACC, ELIBBAD, ELIBEXEC, ELIBMAX, ELIBSCN, ELNRNG, EMEDIUMTYPE, ENAVAIL, ENOANO, ENOCSI, ENOKEY, ENOMEDIUM, ENONET, ENOPKG, ENOTNAM, ENOTUNIQ, EREMCHG, EREMOTEIO, ERESTART, ERFKILL, ESRMNT, ESTRPIPE, EUCLEAN, EUNATCH, EXFULL
];
#[cfg(not(target_os = "linux"))]
static SYSTEM: &[(&str, i32)] = &[];

pub static MODULE: ModuleDef = ModuleDef {
    name: "errno",
    doc: "This module makes available standard errno system symbols.\n\nThe value of each symbol is the corresponding integer value.",
    functions: &[],
    init: Some(|m| {
        let codes = dict::new_dict();
        for (name, n) in COMMON.iter().chain(SYSTEM) {
            let number = from_i64(*n as i64);
            module::add(m, name, number.clone());
            // Where two names mean one number, these are not the ones that the table gives.
            if !matches!(*name, "EWOULDBLOCK" | "EDEADLK" | "EOPNOTSUPP") {
                dict::set_interned(*codes, *number, *strings::intern_str(name));
            }
        }
        for (name, n) in COMMON {
            drop(dict::setdefault(*codes, *from_i64(*n as i64), *strings::intern_str(name)));
        }
        // Not in C's header, but CPython has it, with this number where the system has none.
        module::add(m, "EFTYPE", from_i64(134));
        dict::set_interned(*codes, *from_i64(134), *strings::intern_str("EFTYPE"));
        module::add(m, "errorcode", codes);
        Ok(())
    }),
};
