//! `_posixsubprocess`: fork and exec without running Python in between (but for `preexec_fn`).

use crate::posix;
use std::ffi::CString;
use taipan_objects::err::PyResult;
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::value::Value;
use taipan_objects::{err, int, protocol, tuple};
use taipan_runtime::gil;

pub static MODULE: ModuleDef = ModuleDef {
    name: "_posixsubprocess",
    doc: "A POSIX helper for the subprocess module.",
    functions: &[MethodDef::new(
        "fork_exec($module, args, executable_list, close_fds, pass_fds, cwd,\n          env, p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite,\n          errpipe_read, errpipe_write, restore_signals, call_setsid,\n          pgid_to_set, gid, extra_groups, uid, child_umask, preexec_fn,\n          /)",
        "Starts a program in a new process and returns its number.",
        fork_exec,
    )],
    init: None,
};

fn c_string(v: Value) -> PyResult<CString> {
    match CString::new(posix::fs_bytes(v)?) {
        Ok(c) => Ok(c),
        Err(_) => err!(ValueError, "embedded null byte"),
    }
}
fn c_strings(v: Value) -> PyResult<Vec<CString>> {
    protocol::to_vec(v)?.iter().map(|s| c_string(**s)).collect()
}
fn pointers(v: &[CString]) -> Vec<*const libc::c_char> {
    v.iter().map(|s| s.as_ptr()).chain([std::ptr::null()]).collect()
}
fn optional_id(v: Value, what: &str) -> PyResult<Option<u32>> {
    if v.is_none() {
        return Ok(None);
    }
    let i = int::to_i64(v)?;
    if i < -1 || i > u32::MAX as i64 {
        return err!(ValueError, "invalid {what}");
    }
    Ok(Some(i as u32))
}

/// All that the child does; everything it needs is made before the fork.
struct Plan {
    argv: Vec<*const libc::c_char>,
    programs: Vec<*const libc::c_char>,
    envp: Option<Vec<*const libc::c_char>>,
    cwd: Option<CString>,
    close_fds: bool,
    keep: Vec<i32>,
    p2cread: i32,
    p2cwrite: i32,
    c2pread: i32,
    c2pwrite: i32,
    errread: i32,
    errwrite: i32,
    errpipe_read: i32,
    errpipe_write: i32,
    restore_signals: bool,
    setsid: bool,
    pgid: i32,
    gid: Option<u32>,
    groups: Option<Vec<libc::gid_t>>,
    uid: Option<u32>,
    umask: i32,
}

/// What stopped the child: the step's name if it was not exec.
struct Failed(&'static str);

unsafe fn inheritable(fd: i32) {
    unsafe {
        let flags = libc::fcntl(fd, libc::F_GETFD);
        if flags >= 0 {
            libc::fcntl(fd, libc::F_SETFD, flags & !libc::FD_CLOEXEC);
        }
    }
}

impl Plan {
    /// Runs in the child until exec; comes back only if something failed, with `errno` set.
    unsafe fn child(&mut self, preexec: Value) -> Failed {
        let failed = Failed("");
        unsafe {
            for fd in &self.keep {
                inheritable(*fd);
            }
            for fd in [self.p2cwrite, self.c2pread, self.errread, self.errpipe_read] {
                if fd != -1 {
                    libc::close(fd);
                }
            }
            // Descriptors in the way of the standard ones move up.
            if self.c2pwrite == 0 {
                self.c2pwrite = libc::dup(self.c2pwrite);
                if self.c2pwrite < 0 {
                    return failed;
                }
            }
            while self.errwrite == 0 || self.errwrite == 1 {
                self.errwrite = libc::dup(self.errwrite);
                if self.errwrite < 0 {
                    return failed;
                }
            }
            for (from, to) in [(self.p2cread, 0), (self.c2pwrite, 1), (self.errwrite, 2)] {
                if from == to {
                    inheritable(from);
                } else if from != -1 && libc::dup2(from, to) == -1 {
                    return failed;
                }
            }
            if let Some(c) = &self.cwd
                && libc::chdir(c.as_ptr()) == -1
            {
                return Failed("noexec:chdir");
            }
            if self.umask >= 0 {
                libc::umask(self.umask as libc::mode_t);
            }
            if self.restore_signals {
                for s in [libc::SIGPIPE, libc::SIGXFSZ] {
                    libc::signal(s, libc::SIG_DFL);
                }
            }
            if self.setsid {
                libc::setsid();
            }
            if self.pgid >= 0 && libc::setpgid(0, self.pgid) == -1 {
                return Failed("noexec");
            }
            if let Some(g) = &self.groups
                && libc::setgroups(g.len() as _, g.as_ptr()) == -1
            {
                return Failed("noexec");
            }
            if let Some(g) = self.gid
                && libc::setregid(g, g) == -1
            {
                return Failed("noexec");
            }
            if let Some(u) = self.uid
                && libc::setreuid(u, u) == -1
            {
                return Failed("noexec");
            }
            if !preexec.is_none() && protocol::call(preexec, &[]).is_err() {
                drop(taipan_objects::vm::vm().take_pending());
                gil::set_errno(0);
                return Failed("Exception occurred in preexec_fn.");
            }
            if self.close_fds {
                self.close_others();
            }
            let mut saved = 0;
            for p in &self.programs {
                match &self.envp {
                    Some(e) => libc::execve(*p, self.argv.as_ptr(), e.as_ptr()),
                    None => libc::execv(*p, self.argv.as_ptr()),
                };
                let e = posix::errno();
                if e != libc::ENOENT && e != libc::ENOTDIR && saved == 0 {
                    saved = e;
                }
            }
            if saved != 0 {
                gil::set_errno(saved);
            }
        }
        failed
    }

    /// Closes every descriptor above 2 but those to keep.
    unsafe fn close_others(&self) {
        unsafe {
            let mut start = 3;
            let mut keep = self.keep.clone();
            keep.push(self.errpipe_write);
            keep.sort_unstable();
            for k in keep {
                if k >= start {
                    close_range(start, k - 1);
                    start = k + 1;
                }
            }
            close_range(start, i32::MAX);
        }
    }
}

#[cfg(target_os = "linux")]
unsafe fn close_range(from: i32, to: i32) {
    if to < from {
        return;
    }
    unsafe {
        if libc::syscall(libc::SYS_close_range, from as libc::c_uint, to as libc::c_uint, 0) == 0 {
            return;
        }
        close_each(from, to);
    }
}
#[cfg(not(target_os = "linux"))]
unsafe fn close_range(from: i32, to: i32) {
    unsafe { close_each(from, to) }
}
unsafe fn close_each(from: i32, to: i32) {
    unsafe {
        let max = libc::sysconf(libc::_SC_OPEN_MAX).clamp(256, 65536) as i32;
        for fd in from..=to.min(max) {
            libc::close(fd);
        }
    }
}

fn fork_exec(a: &[Value]) -> PyResult {
    let preexec = a[21];
    let close_fds = protocol::is_true(a[2])?;
    if !tuple::is_tuple(a[3]) {
        return err!(TypeError, "fork_exec() argument 4 must be tuple, not {}", a[3].type_name());
    }
    let mut keep = Vec::new();
    let mut last = -1;
    for v in tuple::as_slice(a[3]) {
        let fd = int::to_i64(*v)?;
        if fd < 0 || fd <= last || fd > i32::MAX as i64 {
            return err!(ValueError, "bad value(s) in fds_to_keep");
        }
        last = fd;
        keep.push(fd as i32);
    }
    let n = |i: usize| int::to_i32(a[i]);
    let programs: Vec<CString> = c_strings(a[1])?;
    let args = c_strings(a[0])?;
    let env = if a[5].is_none() { None } else { Some(c_strings(a[5])?) };
    let cwd = if a[4].is_none() { None } else { Some(c_string(a[4])?) };
    let groups = if a[18].is_none() {
        None
    } else {
        let mut g = Vec::new();
        for v in protocol::to_vec(a[18])? {
            g.push(optional_id(*v, "group id")?.unwrap_or(0) as libc::gid_t);
        }
        Some(g)
    };
    if close_fds && n(13)? < 3 {
        return err!(ValueError, "errpipe_write must be >= 3");
    }
    let mut plan = Plan {
        argv: pointers(&args),
        programs: programs.iter().map(|p| p.as_ptr()).collect(),
        envp: env.as_ref().map(|e| pointers(e)),
        cwd,
        close_fds,
        keep,
        p2cread: n(6)?,
        p2cwrite: n(7)?,
        c2pread: n(8)?,
        c2pwrite: n(9)?,
        errread: n(10)?,
        errwrite: n(11)?,
        errpipe_read: n(12)?,
        errpipe_write: n(13)?,
        restore_signals: protocol::is_true(a[14])?,
        setsid: protocol::is_true(a[15])?,
        pgid: n(16)?,
        gid: optional_id(a[17], "group id")?,
        groups,
        uid: optional_id(a[19], "user id")?,
        umask: n(20)?,
    };
    let with_python = !preexec.is_none();
    if with_python {
        posix::before_fork();
    }
    let pid = gil::fork();
    if pid == 0 {
        if with_python {
            posix::after_fork_child();
        }
        // SAFETY: the child has this thread only; everything was made before the fork.
        unsafe {
            let failed = plan.child(preexec);
            report(plan.errpipe_write, &failed, with_python);
            libc::_exit(255);
        }
    }
    let e = posix::errno();
    if with_python {
        posix::after_fork_parent();
    }
    if pid == -1 {
        gil::set_errno(e);
        return Err(posix::os_err());
    }
    drop((args, programs, env));
    Ok(int::from_i64(pid as i64))
}

/// Tells the parent what failed, as `subprocess` reads it.
unsafe fn report(fd: i32, failed: &Failed, _with_python: bool) {
    let e = posix::errno();
    let text = if e != 0 { format!("OSError:{e:X}:{}", failed.0) } else { format!("SubprocessError:0:{}", failed.0) };
    unsafe { libc::write(fd, text.as_ptr() as *const libc::c_void, text.len()) };
}
