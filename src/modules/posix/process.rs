//! Processes: starting, waiting for, ending; the machine they run on.

use super::path::{PathArg, PathOptions, fs_cstring};
use super::{check, int_or, os_err, retry};
use std::ffi::CString;
use taipan_objects::err::PyResult;
use taipan_objects::native::MethodDef;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{bytes, codecs, dict, err, exceptions, float, int, module, protocol, strings, structseq, structseq_type, tuple, vm};

structseq_type! {
    static TIMES_TYPE, TIMES = "posix.times_result", "times_result: Result from os.times().", instantiable true, visible 5,
    fields ["user", "system", "children_user", "children_system", "elapsed"],
    { 0 "user" "user time", 1 "system" "system time", 2 "children_user" "user time of children", 3 "children_system" "system time of children", 4 "elapsed" "elapsed time since an arbitrary point in the past" }
}
structseq_type! {
    static UNAME_TYPE, UNAME = "posix.uname_result", "uname_result: Result from os.uname().", instantiable true, visible 5,
    fields ["sysname", "nodename", "release", "version", "machine"],
    { 0 "sysname" "operating system name", 1 "nodename" "name of machine on network (implementation-defined)", 2 "release" "operating system release", 3 "version" "operating system version", 4 "machine" "hardware identifier" }
}
structseq_type! {
    static WAITID_TYPE, WAITID = "posix.waitid_result", "waitid_result: Result from waitid.", instantiable true, visible 5,
    fields ["si_pid", "si_uid", "si_signo", "si_status", "si_code"],
    { 0 "si_pid" "", 1 "si_uid" "", 2 "si_signo" "", 3 "si_status" "", 4 "si_code" "" }
}

pub fn init(m: Value) {
    for (t, d) in [(&TIMES_TYPE, &TIMES), (&UNAME_TYPE, &UNAME), (&WAITID_TYPE, &WAITID)] {
        structseq::ready(t, d);
        module::add_type(m, t);
    }
}

fn number(i: i64) -> PyResult {
    if i < 0 { Err(os_err()) } else { Ok(int::from_i64(i)) }
}
fn status(a: &[Value]) -> PyResult<i32> {
    int::to_i32(a[0])
}
fn child(pid: libc::pid_t, status: i32) -> PyResult {
    if pid == -1 {
        return Err(os_err());
    }
    Ok(super::pair(pid as i64, status as i64))
}
fn waitpid(pid: i32, options: i32) -> PyResult {
    let mut s = 0i32;
    let p = &mut s as *mut i32 as usize;
    // SAFETY: room for the status.
    let r = retry(|| unsafe { libc::waitpid(pid, p as *mut i32, options) })?;
    child(r, s)
}
fn wait4(pid: i32, options: i32) -> PyResult {
    let mut s = 0i32;
    // SAFETY: plain data.
    let mut u: libc::rusage = unsafe { std::mem::zeroed() };
    let (p, q) = (&mut s as *mut i32 as usize, &mut u as *mut libc::rusage as usize);
    // SAFETY: room for status and usage.
    let r = retry(|| unsafe { libc::wait4(pid, p as *mut i32, options, q as *mut libc::rusage) })?;
    if r == -1 {
        return Err(os_err());
    }
    Ok(tuple::of([int::from_i64(r as i64), int::from_i64(s as i64), crate::resource::usage(&u)?]))
}
#[cfg(target_os = "linux")]
fn waitid(a: &[Value]) -> PyResult {
    let (kind, id, options) = (int::to_i32(a[0])?, int::to_i64(a[1])?, int::to_i32(a[2])?);
    // SAFETY: plain data, filled by the call.
    let mut si: libc::siginfo_t = unsafe { std::mem::zeroed() };
    let p = &mut si as *mut libc::siginfo_t as usize;
    let r = retry(|| unsafe { libc::waitid(kind as libc::idtype_t, id as libc::id_t, p as *mut libc::siginfo_t, options) })?;
    if r == -1 {
        return Err(os_err());
    }
    // SAFETY: the fields of a child's signal.
    let (pid, uid, st) = unsafe { (si.si_pid(), si.si_uid(), si.si_status()) };
    if pid == 0 {
        return Ok(Ref::NONE);
    }
    let n = |i: i64| int::from_i64(i);
    Ok(structseq::new(&WAITID_TYPE, vec![n(pid as i64), n(uid as i64), n(si.si_signo as i64), n(st as i64), n(si.si_code as i64)]))
}
#[cfg(not(target_os = "linux"))]
fn waitid(_: &[Value]) -> PyResult {
    taipan_objects::err::missing("waitid on this system")
}
fn exit_code(a: &[Value]) -> PyResult {
    let s = status(a)?;
    if libc::WIFEXITED(s) {
        Ok(int::from_i64(libc::WEXITSTATUS(s) as i64))
    } else if libc::WIFSIGNALED(s) {
        Ok(int::from_i64(-(libc::WTERMSIG(s) as i64)))
    } else if libc::WIFSTOPPED(s) {
        err!(ValueError, "process stopped by delivery of signal {}", libc::WSTOPSIG(s))
    } else {
        err!(ValueError, "invalid wait status: {s}")
    }
}

fn fork(_: &[Value]) -> PyResult {
    if taipan_runtime::lifecycle::is_finalizing() {
        return err!(PythonFinalizationError, "can't fork at interpreter shutdown");
    }
    super::before_fork();
    let others = taipan_runtime::gil::other_threads();
    let pid = taipan_runtime::gil::fork();
    let e = super::errno();
    if pid == 0 {
        super::after_fork_child();
    } else {
        super::after_fork_parent();
        if others > 0 && pid > 0 {
            let me = std::process::id();
            taipan_objects::err::warn(
                &exceptions::DeprecationWarning,
                &format!("This process (pid={me}) is multi-threaded, use of fork() may lead to deadlocks in the child."),
            )?;
        }
    }
    if pid == -1 {
        taipan_runtime::gil::set_errno(e);
        return Err(os_err());
    }
    Ok(int::from_i64(pid as i64))
}

fn strings_arg(v: Value, what: &str) -> PyResult<Vec<CString>> {
    let mut out = Vec::new();
    for s in protocol::to_vec(v)? {
        out.push(fs_cstring(*s)?);
    }
    if out.is_empty() && what == "argv" {
        return err!(ValueError, "argv must not be empty");
    }
    Ok(out)
}
fn argv(v: Value, name: &str) -> PyResult<Vec<CString>> {
    if !tuple::is_tuple(v) && !taipan_objects::list::is_list(v) {
        return err!(TypeError, "{name}() arg 2 must be a tuple or list");
    }
    let all = strings_arg(v, "")?;
    match all.first() {
        None => err!(ValueError, "{name}() arg 2 must not be empty"),
        Some(s) if s.is_empty() => err!(ValueError, "{name}() arg 2 first element cannot be empty"),
        _ => Ok(all),
    }
}
/// `name=value` strings of an environment mapping.
pub fn environment(v: Value) -> PyResult<Vec<CString>> {
    if v.ty().slots().subscript.is_none() {
        return err!(TypeError, "environ must be a mapping object");
    }
    let keys = protocol::call_method_str(v, "keys", &[])?;
    let mut out = Vec::new();
    for k in protocol::to_vec(*keys)? {
        let value = protocol::getitem(v, *k)?;
        let mut text = super::fs_bytes(*k)?;
        if text.contains(&b'=') {
            return err!(ValueError, "illegal environment variable name");
        }
        text.push(b'=');
        text.extend(super::fs_bytes(*value)?);
        match CString::new(text) {
            Ok(c) => out.push(c),
            Err(_) => return err!(ValueError, "embedded null byte"),
        }
    }
    Ok(out)
}
fn pointers(v: &[CString]) -> Vec<*const libc::c_char> {
    v.iter().map(|s| s.as_ptr()).chain([std::ptr::null()]).collect()
}
fn execv(a: &[Value]) -> PyResult {
    let p = PathArg::new(a[0], PathOptions::new("execv"))?;
    let args = argv(a[1], "execv")?;
    // SAFETY: C strings in null-terminated lists.
    unsafe { libc::execv(p.ptr(), pointers(&args).as_ptr()) };
    Err(os_err())
}
fn execve(a: &[Value]) -> PyResult {
    let p = PathArg::new(a[0], PathOptions::new("execve").or_fd())?;
    let args = argv(a[1], "execve")?;
    if a[2].ty().slots().subscript.is_none() {
        return err!(TypeError, "execve: environment must be a mapping object");
    }
    let env = environment(a[2])?;
    let (av, ev) = (pointers(&args), pointers(&env));
    // SAFETY: C strings in null-terminated lists.
    unsafe {
        match p.fd {
            #[cfg(target_os = "linux")]
            Some(fd) => libc::fexecve(fd, av.as_ptr(), ev.as_ptr()),
            _ => libc::execve(p.ptr(), av.as_ptr(), ev.as_ptr()),
        };
    }
    Err(p.error())
}

struct FileActions(libc::posix_spawn_file_actions_t);
impl Drop for FileActions {
    fn drop(&mut self) {
        // SAFETY: initialised when made.
        unsafe { libc::posix_spawn_file_actions_destroy(&mut self.0) };
    }
}
fn signal_set(v: Value) -> PyResult<libc::sigset_t> {
    crate::signal::set_of(v)
}
#[cfg(target_os = "linux")]
unsafe extern "C" {
    #[link_name = "posix_spawn_file_actions_addclosefrom_np"]
    fn libc_closefrom(actions: *mut libc::posix_spawn_file_actions_t, from: libc::c_int) -> libc::c_int;
}
fn posix_spawn(a: &[Value], search: bool) -> PyResult {
    let name = if search { "posix_spawnp" } else { "posix_spawn" };
    let p = PathArg::new(a[0], PathOptions::new(name))?;
    let args = argv(a[1], name)?;
    let env = if a[2].is_none() { None } else { Some(environment(a[2])?) };
    let mut paths = Vec::new();
    // SAFETY: initialised by the call below, destroyed on drop.
    let mut actions = FileActions(unsafe { std::mem::zeroed() });
    unsafe { libc::posix_spawn_file_actions_init(&mut actions.0) };
    if !a[3].is_none_or_null() {
        for action in protocol::to_vec(a[3])? {
            if !tuple::is_tuple(*action) || tuple::as_slice(*action).is_empty() {
                return err!(TypeError, "Each file_actions element must be a non-empty tuple");
            }
            let t = tuple::as_slice(*action);
            let arg = |i: usize| -> PyResult<i32> {
                match t.get(i) {
                    Some(v) => int::to_i32(*v),
                    None => err!(TypeError, "A file action tuple has too few elements"),
                }
            };
            // SAFETY: the object is initialised; paths live until the spawn.
            unsafe {
                match int::to_i64(t[0])? {
                    0 => {
                        let Some(path) = t.get(2) else { return err!(TypeError, "A open file_action tuple must have 5 elements") };
                        paths.push(fs_cstring(*path)?);
                        let path = paths[paths.len() - 1].as_ptr();
                        libc::posix_spawn_file_actions_addopen(&mut actions.0, arg(1)?, path, arg(3)?, arg(4)? as libc::mode_t);
                    }
                    1 => {
                        libc::posix_spawn_file_actions_addclose(&mut actions.0, arg(1)?);
                    }
                    2 => {
                        libc::posix_spawn_file_actions_adddup2(&mut actions.0, arg(1)?, arg(2)?);
                    }
                    #[cfg(target_os = "linux")]
                    3 => {
                        libc_closefrom(&mut actions.0, arg(1)?);
                    }
                    _ => return err!(TypeError, "Unknown file_actions identifier"),
                }
            }
        }
    }
    // SAFETY: plain data, initialised by the call.
    let mut attr: libc::posix_spawnattr_t = unsafe { std::mem::zeroed() };
    let mut flags = 0i32;
    unsafe { libc::posix_spawnattr_init(&mut attr) };
    if !a[4].is_none_or_null() {
        unsafe { libc::posix_spawnattr_setpgroup(&mut attr, int::to_i32(a[4])?) };
        flags |= libc::POSIX_SPAWN_SETPGROUP as i32;
    }
    if super::bool_or(a[5], false)? {
        flags |= libc::POSIX_SPAWN_RESETIDS as i32;
    }
    if super::bool_or(a[6], false)? {
        flags |= 0x80;
    }
    if !a[7].is_null() {
        let set = signal_set(a[7])?;
        if protocol::len(a[7]).unwrap_or(1) > 0 {
            unsafe { libc::posix_spawnattr_setsigmask(&mut attr, &set) };
            flags |= libc::POSIX_SPAWN_SETSIGMASK as i32;
        }
    }
    if !a[8].is_null() {
        let set = signal_set(a[8])?;
        if protocol::len(a[8]).unwrap_or(1) > 0 {
            unsafe { libc::posix_spawnattr_setsigdefault(&mut attr, &set) };
            flags |= libc::POSIX_SPAWN_SETSIGDEF as i32;
        }
    }
    unsafe { libc::posix_spawnattr_setflags(&mut attr, flags as _) };
    let av = pointers(&args);
    let ev = env.as_ref().map(|e| pointers(e));
    let mut pid = 0;
    unsafe extern "C" {
        static environ: *const *const libc::c_char;
    }
    // SAFETY: C strings in null-terminated lists, initialised attributes.
    let e = unsafe {
        let envp = ev.as_ref().map_or(environ, |e| e.as_ptr());
        let f = if search { libc::posix_spawnp } else { libc::posix_spawn };
        let e = f(&mut pid, p.ptr(), &actions.0, &attr, av.as_ptr() as *const *mut libc::c_char, envp as *const *mut libc::c_char);
        libc::posix_spawnattr_destroy(&mut attr);
        e
    };
    if e != 0 {
        return Err(exceptions::os_error(e, Some(*p.object), None));
    }
    Ok(int::from_i64(pid as i64))
}

fn system(a: &[Value]) -> PyResult {
    let c = fs_cstring(a[0])?;
    let p = c.as_ptr() as usize;
    // SAFETY: a C string that outlives the call.
    Ok(int::from_i64(vm::allow_threads(|| unsafe { libc::system(p as *const libc::c_char) }) as i64))
}
fn times(_: &[Value]) -> PyResult {
    // SAFETY: plain data, filled by the call.
    let mut t: libc::tms = unsafe { std::mem::zeroed() };
    let e = unsafe { libc::times(&mut t) };
    let hz = unsafe { libc::sysconf(libc::_SC_CLK_TCK) } as f64;
    let f = |c: i64| float::from_f64(c as f64 / hz);
    Ok(structseq::new(
        &TIMES_TYPE,
        vec![f(t.tms_utime as i64), f(t.tms_stime as i64), f(t.tms_cutime as i64), f(t.tms_cstime as i64), f(e as i64)],
    ))
}
fn uname(_: &[Value]) -> PyResult {
    // SAFETY: plain data, filled by the call with C strings.
    let mut u: libc::utsname = unsafe { std::mem::zeroed() };
    if unsafe { libc::uname(&mut u) } < 0 {
        return Err(os_err());
    }
    let s = |c: &[libc::c_char]| {
        let b: Vec<u8> = c.iter().map(|c| *c as u8).take_while(|c| *c != 0).collect();
        codecs::fs_decode(&b)
    };
    Ok(structseq::new(&UNAME_TYPE, vec![s(&u.sysname), s(&u.nodename), s(&u.release), s(&u.version), s(&u.machine)]))
}
fn urandom(a: &[Value]) -> PyResult {
    let n = int::to_i64(a[0])?;
    if n < 0 {
        return err!(ValueError, "negative argument not allowed");
    }
    let mut buf = vec![0u8; n as usize];
    fill_random(&mut buf)?;
    Ok(bytes::from_vec(buf))
}
fn fill_random(buf: &mut [u8]) -> PyResult<()> {
    for part in buf.chunks_mut(256) {
        // SAFETY: a buffer of the given length, at most 256 bytes.
        if unsafe { libc::getentropy(part.as_mut_ptr() as *mut libc::c_void, part.len()) } != 0 {
            return Err(os_err());
        }
    }
    Ok(())
}
#[cfg(target_os = "linux")]
fn getrandom(a: &[Value]) -> PyResult {
    let (n, flags) = (int::to_i64(a[0])?, int_or(a[1], 0)?);
    if n < 0 {
        taipan_runtime::gil::set_errno(libc::EINVAL);
        return Err(os_err());
    }
    let mut buf = vec![0u8; n as usize];
    let (p, l) = (buf.as_mut_ptr() as usize, buf.len());
    // SAFETY: a buffer of the given length.
    let r = retry(|| unsafe { libc::getrandom(p as *mut libc::c_void, l, flags as libc::c_uint) })?;
    if r < 0 {
        return Err(os_err());
    }
    buf.truncate(r as usize);
    Ok(bytes::from_vec(buf))
}
/// A name of a table, or a number.
fn conf_name(v: Value, table: &[(&str, i64)]) -> PyResult<i32> {
    if strings::is_str(v) {
        let name = strings::expect(v).to_string();
        return match table.iter().find(|(n, _)| *n == name) {
            Some((_, i)) => Ok(*i as i32),
            None => err!(ValueError, "unrecognized configuration name"),
        };
    }
    if v.ty().slots().index.is_none() {
        return err!(TypeError, "configuration names must be strings or integers");
    }
    int::to_i32(v)
}
fn sysconf(a: &[Value]) -> PyResult {
    let n = conf_name(a[0], super::constants::SYSCONF)?;
    taipan_runtime::gil::set_errno(0);
    // SAFETY: plain call.
    let r = unsafe { libc::sysconf(n) };
    if r == -1 && super::errno() != 0 { Err(os_err()) } else { Ok(int::from_i64(r)) }
}
fn confstr(a: &[Value]) -> PyResult {
    let n = conf_name(a[0], super::constants::CONFSTR)?;
    let mut buf = [0u8; 4096];
    taipan_runtime::gil::set_errno(0);
    // SAFETY: a buffer of the given length.
    let r = unsafe { libc::confstr(n, buf.as_mut_ptr() as *mut libc::c_char, buf.len()) };
    if r == 0 {
        return if super::errno() != 0 { Err(os_err()) } else { Ok(Ref::NONE) };
    }
    Ok(codecs::fs_decode(&buf[..(r - 1).min(buf.len())]))
}
fn pathconf(a: &[Value]) -> PyResult {
    let p = PathArg::new(a[0], PathOptions::new("pathconf").or_fd())?;
    let n = conf_name(a[1], super::constants::PATHCONF)?;
    taipan_runtime::gil::set_errno(0);
    // SAFETY: a C string.
    let r = unsafe {
        match p.fd {
            Some(fd) => libc::fpathconf(fd, n),
            None => libc::pathconf(p.ptr(), n),
        }
    };
    if r == -1 && super::errno() != 0 { Err(p.error()) } else { Ok(int::from_i64(r)) }
}
fn putenv(a: &[Value]) -> PyResult {
    let (k, v) = (fs_cstring(a[0])?, fs_cstring(a[1])?);
    if k.is_empty() || k.as_bytes().contains(&b'=') {
        return err!(ValueError, "illegal environment variable name");
    }
    // SAFETY: C strings; only the holder of the lock changes the environment.
    check(unsafe { libc::setenv(k.as_ptr(), v.as_ptr(), 1) })
}
fn create_environ(_: &[Value]) -> PyResult {
    use std::os::unix::ffi::OsStrExt;
    let d = dict::new_dict();
    for (k, v) in std::env::vars_os() {
        dict::set(*d, *bytes::new_bytes(k.as_bytes()), *bytes::new_bytes(v.as_bytes()))?;
    }
    Ok(d)
}
fn getloadavg(_: &[Value]) -> PyResult {
    let mut v = [0f64; 3];
    // SAFETY: room for three numbers.
    if unsafe { libc::getloadavg(v.as_mut_ptr(), 3) } != 3 {
        return err!(OSError, "Load averages are unobtainable");
    }
    Ok(tuple::of([float::from_f64(v[0]), float::from_f64(v[1]), float::from_f64(v[2])]))
}
fn kill(a: &[Value]) -> PyResult {
    let (pid, n) = (int::to_i32(a[0])?, int::to_i32(a[1])?);
    // SAFETY: plain call.
    let r = unsafe { libc::kill(pid, n) };
    if r == -1 {
        return Err(os_err());
    }
    // A signal to oneself is handled before this returns.
    vm::check_signals()?;
    Ok(Ref::NONE)
}

macro_rules! of_status {
    ($name:literal, $sig:literal, $doc:literal, $f:ident, bool) => {
        MethodDef::new($sig, $doc, |a| Ok(Ref::bool(libc::$f(status(a)?))))
    };
    ($name:literal, $sig:literal, $doc:literal, $f:ident, int) => {
        MethodDef::new($sig, $doc, |a| Ok(int::from_i64(libc::$f(status(a)?) as i64)))
    };
}

pub const FUNCTIONS: &[MethodDef] = &[
    of_status!("WCOREDUMP", "WCOREDUMP($module, status, /)", "Whether the process left a core file.", WCOREDUMP, bool),
    of_status!("WIFCONTINUED", "WIFCONTINUED($module, /, status)", "Whether the process goes on.", WIFCONTINUED, bool),
    of_status!("WIFEXITED", "WIFEXITED($module, /, status)", "Whether the process ended by itself.", WIFEXITED, bool),
    of_status!("WIFSIGNALED", "WIFSIGNALED($module, /, status)", "Whether a signal ended the process.", WIFSIGNALED, bool),
    of_status!("WIFSTOPPED", "WIFSTOPPED($module, /, status)", "Whether the process has been stopped.", WIFSTOPPED, bool),
    of_status!("WEXITSTATUS", "WEXITSTATUS($module, /, status)", "The exit status.", WEXITSTATUS, int),
    of_status!("WTERMSIG", "WTERMSIG($module, /, status)", "The signal that ended the process.", WTERMSIG, int),
    of_status!("WSTOPSIG", "WSTOPSIG($module, /, status)", "The signal that stopped the process.", WSTOPSIG, int),
    MethodDef::new("waitstatus_to_exitcode($module, /, status)", "The exit code in a status; negative for signals.", exit_code),
    MethodDef::new("wait($module, /)", "Waits for a child.", |_| waitpid(-1, 0)),
    MethodDef::new("waitpid($module, pid, options, /)", "Waits for a child by its number.", |a| {
        waitpid(int::to_i32(a[0])?, int::to_i32(a[1])?)
    }),
    MethodDef::new("wait3($module, /, options)", "Waits for a child; gives its usage of resources.", |a| wait4(-1, int::to_i32(a[0])?)),
    MethodDef::new("wait4($module, /, pid, options)", "Waits for a child by its number; gives its usage of resources.", |a| {
        wait4(int::to_i32(a[0])?, int::to_i32(a[1])?)
    }),
    MethodDef::new("waitid($module, idtype, id, options, /)", "Waits for children in many ways.", waitid),
    MethodDef::new("fork($module, /)", "Doubles the process.", fork),
    MethodDef::new("execv($module, path, argv, /)", "Becomes another program.", execv),
    MethodDef::new("execve($module, /, path, argv, env)", "Becomes another program with another environment.", execve),
    MethodDef::new(
        "posix_spawn($module, path, argv, env, /, *, file_actions=(),\n            setpgroup=None, resetids=False, setsid=False,\n            setsigmask=(), setsigdef=(), scheduler=None)",
        "Starts a program.",
        |a| posix_spawn(a, false),
    ),
    MethodDef::new(
        "posix_spawnp($module, path, argv, env, /, *, file_actions=(),\n             setpgroup=None, resetids=False, setsid=False,\n             setsigmask=(), setsigdef=(), scheduler=None)",
        "Starts a program found on the PATH.",
        |a| posix_spawn(a, true),
    ),
    MethodDef::new("system($module, /, command)", "Runs a command in a shell.", system),
    MethodDef::new("_exit($module, /, status)", "Ends the process at once.", |a| {
        let n = int::to_i32(a[0])?;
        // SAFETY: does not return.
        unsafe { libc::_exit(n) }
    }),
    MethodDef::new("abort($module, /)", "Ends the process by SIGABRT.", |_| std::process::abort()),
    MethodDef::new("kill($module, pid, signal, /)", "Sends a signal to a process.", kill),
    MethodDef::new("killpg($module, pgid, signal, /)", "Sends a signal to a process group.", |a| {
        let (pid, n) = (int::to_i32(a[0])?, int::to_i32(a[1])?);
        // SAFETY: plain call.
        let r = unsafe { libc::killpg(pid, n) };
        vm::check_signals()?;
        check(r)
    }),
    MethodDef::new("getpid($module, /)", "The process's number.", |_| Ok(int::from_i64(std::process::id() as i64))),
    MethodDef::new("getppid($module, /)", "The parent process's number.", |_| number(unsafe { libc::getppid() } as i64)),
    MethodDef::new("nice($module, increment, /)", "Lowers the priority.", |a| {
        let n = int::to_i32(a[0])?;
        taipan_runtime::gil::set_errno(0);
        // SAFETY: plain call.
        let r = unsafe { libc::nice(n) };
        if r == -1 && super::errno() != 0 { Err(os_err()) } else { Ok(int::from_i64(r as i64)) }
    }),
    MethodDef::new("getpriority($module, /, which, who)", "A priority.", |a| {
        let (w, n) = (int::to_i32(a[0])?, int::to_i32(a[1])?);
        taipan_runtime::gil::set_errno(0);
        // SAFETY: plain call.
        let r = unsafe { libc::getpriority(w as _, n as _) };
        if r == -1 && super::errno() != 0 { Err(os_err()) } else { Ok(int::from_i64(r as i64)) }
    }),
    MethodDef::new("setpriority($module, /, which, who, priority)", "Sets a priority.", |a| {
        let (w, n, p) = (int::to_i32(a[0])?, int::to_i32(a[1])?, int::to_i32(a[2])?);
        // SAFETY: plain call.
        check(unsafe { libc::setpriority(w as _, n as _, p) })
    }),
    #[cfg(target_os = "linux")]
    MethodDef::new("pidfd_open($module, /, pid, flags=0)", "A descriptor for a process.", |a| {
        let (p, f) = (int::to_i32(a[0])?, int_or(a[1], 0)?);
        // SAFETY: plain call.
        number(unsafe { libc::syscall(libc::SYS_pidfd_open, p, f) })
    }),
    MethodDef::new("times($module, /)", "Times used by the process and its children.", times),
    MethodDef::new("uname($module, /)", "The system's name and version.", uname),
    MethodDef::new("urandom($module, size, /)", "Random bytes fit for cryptography.", urandom),
    #[cfg(target_os = "linux")]
    MethodDef::new("getrandom($module, /, size, flags=0)", "Random bytes from the system.", getrandom),
    MethodDef::new("cpu_count($module, /)", "Number of processors.", |_| {
        // SAFETY: plain call.
        let n = unsafe { libc::sysconf(libc::_SC_NPROCESSORS_ONLN) };
        Ok(if n < 1 { Ref::NONE } else { int::from_i64(n) })
    }),
    MethodDef::new("sysconf($module, name, /)", "A property of the system.", sysconf),
    MethodDef::new("confstr($module, name, /)", "A property of the system that is text.", confstr),
    MethodDef::new("pathconf($module, /, path, name)", "A property of a file.", pathconf),
    MethodDef::new("fpathconf($module, fd, name, /)", "A property of an open file.", pathconf),
    MethodDef::new("getloadavg($module, /)", "Load averages of 1, 5 and 15 minutes.", getloadavg),
    MethodDef::new("putenv($module, name, value, /)", "Sets an environment variable.", putenv),
    MethodDef::new("unsetenv($module, name, /)", "Removes an environment variable.", |a| {
        let k = fs_cstring(a[0])?;
        // SAFETY: a C string.
        check(unsafe { libc::unsetenv(k.as_ptr()) })
    }),
    MethodDef::new("_create_environ($module, /)", "The environment as a new dict.", create_environ),
    #[cfg(target_os = "linux")]
    MethodDef::new("major($module, device, /)", "The major part of a device number.", |a| {
        Ok(int::from_i64(libc::major(int::to_i64(a[0])? as libc::dev_t) as i64))
    }),
    #[cfg(target_os = "linux")]
    MethodDef::new("minor($module, device, /)", "The minor part of a device number.", |a| {
        Ok(int::from_i64(libc::minor(int::to_i64(a[0])? as libc::dev_t) as i64))
    }),
    #[cfg(target_os = "linux")]
    MethodDef::new("makedev($module, major, minor, /)", "A device number.", |a| {
        Ok(int::from_u64(libc::makedev(int::to_i64(a[0])? as _, int::to_i64(a[1])? as _) as u64))
    }),
];
