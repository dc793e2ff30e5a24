//! Scheduling of processes.

use super::{check, os_err};
use taipan_objects::err::PyResult;
use taipan_objects::native::MethodDef;
use taipan_objects::value::Value;
use taipan_objects::{err, int, module, protocol, set, structseq, structseq_type, tuple, vm};

structseq_type! {
    static PARAM_TYPE, PARAM = "posix.sched_param", "Currently has only one field: sched_priority", instantiable true, visible 1,
    fields ["sched_priority"],
    { 0 "sched_priority" "the scheduling priority" }
}

pub fn init(m: Value) {
    structseq::ready(&PARAM_TYPE, &PARAM);
    module::add_type(m, &PARAM_TYPE);
}

#[cfg(target_os = "linux")]
fn getaffinity(a: &[Value]) -> PyResult {
    let pid = int::to_i32(a[0])?;
    // SAFETY: plain data of the given size.
    unsafe {
        let mut s: libc::cpu_set_t = std::mem::zeroed();
        if libc::sched_getaffinity(pid, size_of::<libc::cpu_set_t>(), &mut s) != 0 {
            return Err(os_err());
        }
        let out = set::new_set();
        for i in 0..libc::CPU_SETSIZE as usize {
            if libc::CPU_ISSET(i, &s) {
                set::add(*out, *int::from_usize(i))?;
            }
        }
        Ok(out)
    }
}
#[cfg(target_os = "linux")]
fn setaffinity(a: &[Value]) -> PyResult {
    let pid = int::to_i32(a[0])?;
    // SAFETY: plain data of the given size.
    unsafe {
        let mut s: libc::cpu_set_t = std::mem::zeroed();
        for v in protocol::to_vec(a[1])? {
            let i = int::to_i64(*v)?;
            if i < 0 {
                return err!(ValueError, "negative CPU number");
            }
            if i < libc::CPU_SETSIZE as i64 {
                libc::CPU_SET(i as usize, &mut s);
            }
        }
        check(libc::sched_setaffinity(pid, size_of::<libc::cpu_set_t>(), &s))
    }
}
#[cfg(target_os = "linux")]
fn priority(v: Value) -> PyResult<libc::sched_param> {
    if !v.ty().is(&PARAM_TYPE) {
        return err!(TypeError, "must have a sched_param object");
    }
    let mut p: libc::sched_param = unsafe { std::mem::zeroed() };
    p.sched_priority = int::to_i32(tuple::as_slice(v)[0])?;
    Ok(p)
}
fn number(r: i32) -> PyResult {
    if r == -1 { Err(os_err()) } else { Ok(int::from_i64(r as i64)) }
}

pub const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new("sched_yield($module, /)", "Lets other threads run.", |_| {
        // SAFETY: plain call.
        check(vm::allow_threads(|| unsafe { libc::sched_yield() }))
    }),
    MethodDef::new("sched_get_priority_max($module, /, policy)", "Highest priority of a policy.", |a| {
        let p = int::to_i32(a[0])?;
        number(unsafe { libc::sched_get_priority_max(p) })
    }),
    MethodDef::new("sched_get_priority_min($module, /, policy)", "Lowest priority of a policy.", |a| {
        let p = int::to_i32(a[0])?;
        number(unsafe { libc::sched_get_priority_min(p) })
    }),
    #[cfg(target_os = "linux")]
    MethodDef::new("sched_getaffinity($module, pid, /)", "The processors a process may use.", getaffinity),
    #[cfg(target_os = "linux")]
    MethodDef::new("sched_setaffinity($module, pid, mask, /)", "Sets the processors a process may use.", setaffinity),
    #[cfg(target_os = "linux")]
    MethodDef::new("sched_getscheduler($module, pid, /)", "A process's policy.", |a| {
        let p = int::to_i32(a[0])?;
        number(unsafe { libc::sched_getscheduler(p) })
    }),
    #[cfg(target_os = "linux")]
    MethodDef::new("sched_setscheduler($module, pid, policy, param, /)", "Sets a process's policy.", |a| {
        let (pid, policy, p) = (int::to_i32(a[0])?, int::to_i32(a[1])?, priority(a[2])?);
        check(unsafe { libc::sched_setscheduler(pid, policy, &p) })
    }),
    #[cfg(target_os = "linux")]
    MethodDef::new("sched_getparam($module, pid, /)", "A process's scheduling parameters.", |a| {
        let pid = int::to_i32(a[0])?;
        // SAFETY: plain data, filled by the call.
        let mut p: libc::sched_param = unsafe { std::mem::zeroed() };
        if unsafe { libc::sched_getparam(pid, &mut p) } != 0 {
            return Err(os_err());
        }
        Ok(structseq::new(&PARAM_TYPE, vec![int::from_i64(p.sched_priority as i64)]))
    }),
    #[cfg(target_os = "linux")]
    MethodDef::new("sched_setparam($module, pid, param, /)", "Sets a process's scheduling parameters.", |a| {
        let (pid, p) = (int::to_i32(a[0])?, priority(a[1])?);
        check(unsafe { libc::sched_setparam(pid, &p) })
    }),
    #[cfg(target_os = "linux")]
    MethodDef::new("sched_rr_get_interval($module, pid, /)", "A process's time slice in seconds.", |a| {
        let pid = int::to_i32(a[0])?;
        // SAFETY: plain data, filled by the call.
        let mut t: libc::timespec = unsafe { std::mem::zeroed() };
        if unsafe { libc::sched_rr_get_interval(pid, &mut t) } != 0 {
            return Err(os_err());
        }
        Ok(taipan_objects::float::from_f64(t.tv_sec as f64 + t.tv_nsec as f64 * 1e-9))
    }),
];
