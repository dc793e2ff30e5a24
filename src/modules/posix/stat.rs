//! `stat` and its relatives.

use super::path::{PathArg, PathOptions, dir_fd};
use super::{bool_or, fd_arg, retry};
use taipan_objects::err::PyResult;
use taipan_objects::native::MethodDef;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{err, float, int, module, structseq, structseq_type, vm};

structseq_type! {
    pub static STAT_RESULT_TYPE, STAT_RESULT = "os.stat_result", "stat_result: Result from stat, fstat, or lstat.", instantiable true, visible 10,
    fields ["st_mode", "st_ino", "st_dev", "st_nlink", "st_uid", "st_gid", "st_size", "", "", "", "st_atime", "st_mtime", "st_ctime", "st_atime_ns", "st_mtime_ns", "st_ctime_ns", "st_blksize", "st_blocks", "st_rdev"],
    { 0 "st_mode" "protection bits", 1 "st_ino" "inode", 2 "st_dev" "device", 3 "st_nlink" "number of hard links", 4 "st_uid" "user ID of owner", 5 "st_gid" "group ID of owner", 6 "st_size" "total size, in bytes", 10 "st_atime" "time of last access", 11 "st_mtime" "time of last modification", 12 "st_ctime" "time of last change", 13 "st_atime_ns" "time of last access in nanoseconds", 14 "st_mtime_ns" "time of last modification in nanoseconds", 15 "st_ctime_ns" "time of last change in nanoseconds", 16 "st_blksize" "blocksize for filesystem I/O", 17 "st_blocks" "number of blocks allocated", 18 "st_rdev" "device type (if inode device)" }
}
structseq_type! {
    static STATVFS_RESULT_TYPE, STATVFS_RESULT = "os.statvfs_result", "statvfs_result: Result from statvfs or fstatvfs.", instantiable true, visible 10,
    fields ["f_bsize", "f_frsize", "f_blocks", "f_bfree", "f_bavail", "f_files", "f_ffree", "f_favail", "f_flag", "f_namemax", "f_fsid"],
    { 0 "f_bsize" "", 1 "f_frsize" "", 2 "f_blocks" "", 3 "f_bfree" "", 4 "f_bavail" "", 5 "f_files" "", 6 "f_ffree" "", 7 "f_favail" "", 8 "f_flag" "", 9 "f_namemax" "", 10 "f_fsid" "" }
}

pub fn init(m: Value) {
    structseq::ready(&STAT_RESULT_TYPE, &STAT_RESULT);
    structseq::ready(&STATVFS_RESULT_TYPE, &STATVFS_RESULT);
    module::add_type(m, &STAT_RESULT_TYPE);
    module::add_type(m, &STATVFS_RESULT_TYPE);
}

/// A `stat_result`.
pub fn result(s: &libc::stat) -> Ref {
    let n = |v: i64| int::from_i64(v);
    let ns = |sec: i64, nsec: i64| int::from_i128(sec as i128 * 1_000_000_000 + nsec as i128);
    let f = |sec: i64, nsec: i64| float::from_f64(sec as f64 + nsec as f64 * 1e-9);
    let (a, an, m, mn, c, cn) = (
        s.st_atime as i64,
        s.st_atime_nsec as i64,
        s.st_mtime as i64,
        s.st_mtime_nsec as i64,
        s.st_ctime as i64,
        s.st_ctime_nsec as i64,
    );
    structseq::new(
        &STAT_RESULT_TYPE,
        vec![
            n(s.st_mode as i64),
            int::from_u64(s.st_ino as u64),
            int::from_u64(s.st_dev as u64),
            n(s.st_nlink as i64),
            n(s.st_uid as i64),
            n(s.st_gid as i64),
            n(s.st_size as i64),
            n(a),
            n(m),
            n(c),
            f(a, an),
            f(m, mn),
            f(c, cn),
            ns(a, an),
            ns(m, mn),
            ns(c, cn),
            n(s.st_blksize as i64),
            n(s.st_blocks as i64),
            n(s.st_rdev as i64),
        ],
    )
}

fn empty_stat() -> libc::stat {
    // SAFETY: plain data.
    unsafe { std::mem::zeroed() }
}

/// `stat` of a path, folder descriptor and all.
pub fn stat_path(p: &PathArg, dir: i32, follow: bool) -> PyResult {
    let mut s = empty_stat();
    let out = &mut s as *mut libc::stat as usize;
    let (ptr, fd) = (p.ptr() as usize, p.fd);
    let r = vm::allow_threads(|| unsafe {
        // SAFETY: the path and the buffer outlive the call.
        match fd {
            Some(fd) => libc::fstat(fd, out as *mut libc::stat),
            None => libc::fstatat(
                dir,
                ptr as *const libc::c_char,
                out as *mut libc::stat,
                if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW },
            ),
        }
    });
    if r == -1 {
        return Err(p.error());
    }
    Ok(result(&s))
}

fn stat(a: &[Value]) -> PyResult {
    let p = PathArg::new(a[0], PathOptions::new("stat").or_fd())?;
    let (dir, follow) = (dir_fd(a[1])?, bool_or(a[2], true)?);
    if p.fd.is_some() && dir != libc::AT_FDCWD {
        return err!(ValueError, "stat: can't specify dir_fd without matching path");
    }
    if p.fd.is_some() && !follow {
        return err!(ValueError, "stat: cannot use fd and follow_symlinks together");
    }
    stat_path(&p, dir, follow)
}
fn lstat(a: &[Value]) -> PyResult {
    let p = PathArg::new(a[0], PathOptions::new("lstat"))?;
    stat_path(&p, dir_fd(a[1])?, false)
}
fn fstat(a: &[Value]) -> PyResult {
    let fd = fd_arg(a[0])?;
    let mut s = empty_stat();
    // SAFETY: the buffer is ours.
    let r = retry(|| unsafe { libc::fstat(fd, &mut s) })?;
    if r == -1 {
        return Err(super::os_err());
    }
    Ok(result(&s))
}
fn statvfs_result(s: &libc::statvfs) -> Ref {
    let n = |v: u64| int::from_u64(v);
    structseq::new(
        &STATVFS_RESULT_TYPE,
        vec![
            n(s.f_bsize as u64),
            n(s.f_frsize as u64),
            n(s.f_blocks as u64),
            n(s.f_bfree as u64),
            n(s.f_bavail as u64),
            n(s.f_files as u64),
            n(s.f_ffree as u64),
            n(s.f_favail as u64),
            n(s.f_flag as u64),
            n(s.f_namemax as u64),
            n(s.f_fsid as u64),
        ],
    )
}
fn statvfs(a: &[Value]) -> PyResult {
    let p = PathArg::new(a[0], PathOptions::new("statvfs").or_fd())?;
    // SAFETY: plain data, and the buffer is ours.
    let mut s: libc::statvfs = unsafe { std::mem::zeroed() };
    let r = unsafe {
        match p.fd {
            Some(fd) => libc::fstatvfs(fd, &mut s),
            None => libc::statvfs(p.ptr(), &mut s),
        }
    };
    if r == -1 {
        return Err(p.error());
    }
    Ok(statvfs_result(&s))
}

pub const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new("stat($module, /, path, *, dir_fd=None, follow_symlinks=True)", "What the system knows of a file.", stat),
    MethodDef::new("lstat($module, /, path, *, dir_fd=None)", "As stat(), of a symbolic link itself.", lstat),
    MethodDef::new("fstat($module, /, fd)", "As stat(), of an open file.", fstat),
    MethodDef::new("statvfs($module, /, path)", "What the system knows of a file system.", statvfs),
    MethodDef::new("fstatvfs($module, fd, /)", "As statvfs(), of an open file's.", statvfs),
];
