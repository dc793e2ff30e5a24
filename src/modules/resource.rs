//! `resource`: limits and usage.

use taipan_objects::err::PyResult;
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{err, exceptions, float, int, module, protocol, structseq, structseq_type, tuple};

structseq_type! {
    static USAGE_TYPE, USAGE = "resource.struct_rusage", "struct_rusage: Result from getrusage.", instantiable true, visible 16,
    fields ["ru_utime", "ru_stime", "ru_maxrss", "ru_ixrss", "ru_idrss", "ru_isrss", "ru_minflt", "ru_majflt", "ru_nswap", "ru_inblock", "ru_oublock", "ru_msgsnd", "ru_msgrcv", "ru_nsignals", "ru_nvcsw", "ru_nivcsw"],
    { 0 "ru_utime" "user time used", 1 "ru_stime" "system time used", 2 "ru_maxrss" "max. resident set size", 3 "ru_ixrss" "shared memory size", 4 "ru_idrss" "unshared data size", 5 "ru_isrss" "unshared stack size", 6 "ru_minflt" "page faults not requiring I/O", 7 "ru_majflt" "page faults requiring I/O", 8 "ru_nswap" "number of swap outs", 9 "ru_inblock" "block input operations", 10 "ru_oublock" "block output operations", 11 "ru_msgsnd" "IPC messages sent", 12 "ru_msgrcv" "IPC messages received", 13 "ru_nsignals" "signals received", 14 "ru_nvcsw" "voluntary context switches", 15 "ru_nivcsw" "involuntary context switches" }
}

pub static MODULE: ModuleDef = ModuleDef {
    name: "resource",
    doc: "",
    functions: &[
        MethodDef::new("getrusage($module, who, /)", "Resources used.", |a| {
            let who = int::to_i32(a[0])?;
            // SAFETY: plain data, filled by the call.
            let mut u: libc::rusage = unsafe { std::mem::zeroed() };
            if unsafe { libc::getrusage(who, &mut u) } == -1 {
                if crate::posix::errno() == libc::EINVAL {
                    return err!(ValueError, "invalid who parameter");
                }
                return Err(crate::posix::os_err());
            }
            usage(&u)
        }),
        MethodDef::new("getrlimit($module, resource, /)", "Soft and hard limit.", |a| {
            let r = resource(a[0])?;
            // SAFETY: plain data, filled by the call.
            let mut l: libc::rlimit = unsafe { std::mem::zeroed() };
            if unsafe { libc::getrlimit(r as _, &mut l) } == -1 {
                return Err(crate::posix::os_err());
            }
            Ok(pair(&l))
        }),
        MethodDef::new("setrlimit($module, resource, limits, /)", "Sets soft and hard limit.", |a| {
            let r = resource(a[0])?;
            let l = limits(a[1])?;
            // SAFETY: limits of our own.
            if unsafe { libc::setrlimit(r as _, &l) } == -1 {
                return Err(refused());
            }
            Ok(Ref::NONE)
        }),
        #[cfg(target_os = "linux")]
        MethodDef::new("prlimit($module, pid, resource, limits=None, /)", "Limits of another process.", |a| {
            let (pid, r) = (int::to_i32(a[0])?, resource(a[1])?);
            let new = if a[2].is_none_or_null() { None } else { Some(limits(a[2])?) };
            // SAFETY: plain data, filled by the call.
            let mut old: libc::rlimit = unsafe { std::mem::zeroed() };
            let p = new.as_ref().map_or(std::ptr::null(), |l| l as *const _);
            if unsafe { libc::prlimit(pid, r as _, p, &mut old) } == -1 {
                return Err(refused());
            }
            Ok(pair(&old))
        }),
        MethodDef::new("getpagesize($module, /)", "Bytes of a page of memory.", |_| {
            // SAFETY: plain call.
            Ok(int::from_i64(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }))
        }),
    ],
    init: Some(|m| {
        structseq::ready(&USAGE_TYPE, &USAGE);
        module::add_type(m, &USAGE_TYPE);
        module::add(m, "error", exceptions::OSError.to_ref());
        for (n, v) in CONSTANTS {
            module::add(m, n, int::from_i64(*v));
        }
        Ok(())
    }),
};

fn resource(v: Value) -> PyResult<i32> {
    let r = int::to_i32(v)?;
    if !(0..16).contains(&r) {
        return err!(ValueError, "invalid resource specified");
    }
    Ok(r)
}
fn refused() -> taipan_objects::err::Raised {
    match crate::posix::errno() {
        libc::EINVAL => taipan_objects::raised!(ValueError, "current limit exceeds maximum limit"),
        libc::EPERM => taipan_objects::raised!(ValueError, "not allowed to raise maximum limit"),
        _ => crate::posix::os_err(),
    }
}
fn limits(v: Value) -> PyResult<libc::rlimit> {
    let t = protocol::to_vec(v)?;
    if t.len() != 2 {
        return err!(ValueError, "expected a tuple of 2 integers");
    }
    Ok(libc::rlimit { rlim_cur: int::to_i64(*t[0])? as libc::rlim_t, rlim_max: int::to_i64(*t[1])? as libc::rlim_t })
}
fn pair(l: &libc::rlimit) -> Ref {
    tuple::of([int::from_i64(l.rlim_cur as i64), int::from_i64(l.rlim_max as i64)])
}

/// A `struct_rusage`.
pub fn usage(u: &libc::rusage) -> PyResult {
    structseq::ready(&USAGE_TYPE, &USAGE);
    let t = |t: libc::timeval| float::from_f64(t.tv_sec as f64 + t.tv_usec as f64 * 1e-6);
    let mut v = vec![t(u.ru_utime), t(u.ru_stime)];
    for n in [
        u.ru_maxrss,
        u.ru_ixrss,
        u.ru_idrss,
        u.ru_isrss,
        u.ru_minflt,
        u.ru_majflt,
        u.ru_nswap,
        u.ru_inblock,
        u.ru_oublock,
        u.ru_msgsnd,
        u.ru_msgrcv,
        u.ru_nsignals,
        u.ru_nvcsw,
        u.ru_nivcsw,
    ] {
        v.push(int::from_i64(n as i64));
    }
    Ok(structseq::new(&USAGE_TYPE, v))
}

/// Name and value.
const CONSTANTS: &[(&str, i64)] = &[
    ("RLIMIT_AS", libc::RLIMIT_AS as i64),
    ("RLIMIT_CORE", libc::RLIMIT_CORE as i64),
    ("RLIMIT_CPU", libc::RLIMIT_CPU as i64),
    ("RLIMIT_DATA", libc::RLIMIT_DATA as i64),
    ("RLIMIT_FSIZE", libc::RLIMIT_FSIZE as i64),
    ("RLIMIT_MEMLOCK", libc::RLIMIT_MEMLOCK as i64),
    ("RLIMIT_MSGQUEUE", libc::RLIMIT_MSGQUEUE as i64),
    ("RLIMIT_NICE", libc::RLIMIT_NICE as i64),
    ("RLIMIT_NOFILE", libc::RLIMIT_NOFILE as i64),
    ("RLIMIT_NPROC", libc::RLIMIT_NPROC as i64),
    ("RLIMIT_OFILE", 7),
    ("RLIMIT_RSS", libc::RLIMIT_RSS as i64),
    ("RLIMIT_RTPRIO", libc::RLIMIT_RTPRIO as i64),
    ("RLIMIT_RTTIME", libc::RLIMIT_RTTIME as i64),
    ("RLIMIT_SIGPENDING", libc::RLIMIT_SIGPENDING as i64),
    ("RLIMIT_STACK", libc::RLIMIT_STACK as i64),
    ("RLIM_INFINITY", libc::RLIM_INFINITY as i64),
    ("RUSAGE_CHILDREN", libc::RUSAGE_CHILDREN as i64),
    ("RUSAGE_SELF", libc::RUSAGE_SELF as i64),
    ("RUSAGE_THREAD", libc::RUSAGE_THREAD as i64),
];
