//! Terminals.

use super::{check, fd_arg, os_err, pair};
use taipan_objects::err::PyResult;
use taipan_objects::native::MethodDef;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{codecs, int, module, strings, structseq, structseq_type};

structseq_type! {
    static TERMINAL_SIZE_TYPE, TERMINAL_SIZE = "os.terminal_size", "A tuple of (columns, lines) for holding terminal window size", instantiable true, visible 2,
    fields ["columns", "lines"],
    { 0 "columns" "width of the terminal window in characters", 1 "lines" "height of the terminal window in characters" }
}

pub fn init(m: Value) {
    structseq::ready(&TERMINAL_SIZE_TYPE, &TERMINAL_SIZE);
    module::add_type(m, &TERMINAL_SIZE_TYPE);
}

fn size(a: &[Value]) -> PyResult {
    let fd = if a[0].is_null() { 1 } else { fd_arg(a[0])? };
    // SAFETY: plain data, filled by the call.
    let mut w: libc::winsize = unsafe { std::mem::zeroed() };
    if unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &mut w) } != 0 {
        return Err(os_err());
    }
    Ok(structseq::new(&TERMINAL_SIZE_TYPE, vec![int::from_i64(w.ws_col as i64), int::from_i64(w.ws_row as i64)]))
}
fn ttyname(a: &[Value]) -> PyResult {
    let fd = fd_arg(a[0])?;
    let mut buf = [0u8; 4096];
    // SAFETY: a buffer of the given length.
    let e = unsafe { libc::ttyname_r(fd, buf.as_mut_ptr() as *mut libc::c_char, buf.len()) };
    if e != 0 {
        return Err(taipan_objects::exceptions::os_error(e, None, None));
    }
    let n = buf.iter().position(|b| *b == 0).unwrap_or(0);
    Ok(codecs::fs_decode(&buf[..n]))
}
fn openpty(_: &[Value]) -> PyResult {
    let (mut a, mut b) = (0, 0);
    // SAFETY: room for two descriptors, nothing else asked for.
    if unsafe { libc::openpty(&mut a, &mut b, std::ptr::null_mut(), std::ptr::null_mut(), std::ptr::null_mut()) } != 0 {
        return Err(os_err());
    }
    super::fd::set_cloexec(a, true)?;
    super::fd::set_cloexec(b, true)?;
    Ok(pair(a as i64, b as i64))
}

pub const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new("get_terminal_size($module, fd=<unrepresentable>, /)", "Size of a terminal.", size),
    MethodDef::new("ttyname($module, fd, /)", "Name of a terminal.", ttyname),
    MethodDef::new("ctermid($module, /)", "Name of the controlling terminal.", |_| Ok(strings::new_str("/dev/tty"))),
    MethodDef::new("openpty($module, /)", "A pair of pseudo-terminals.", openpty),
    MethodDef::new("tcgetpgrp($module, fd, /)", "The process group in a terminal's foreground.", |a| {
        let fd = fd_arg(a[0])?;
        // SAFETY: plain call.
        let r = unsafe { libc::tcgetpgrp(fd) };
        if r == -1 { Err(os_err()) } else { Ok(int::from_i64(r as i64)) }
    }),
    MethodDef::new("tcsetpgrp($module, fd, pgid, /)", "Sets the process group in a terminal's foreground.", |a| {
        let (fd, g) = (fd_arg(a[0])?, int::to_i32(a[1])?);
        // SAFETY: plain call.
        check(unsafe { libc::tcsetpgrp(fd, g) })
    }),
    MethodDef::new("device_encoding($module, /, fd)", "The encoding of a terminal, None for other files.", |a| {
        let fd = fd_arg(a[0])?;
        // SAFETY: plain call.
        Ok(if unsafe { libc::isatty(fd) } == 1 { strings::new_str("utf-8") } else { Ref::NONE })
    }),
    MethodDef::new("_inputhook($module, /)", "", |_| Ok(int::from_i64(0))),
    MethodDef::new("_is_inputhook_installed($module, /)", "", |_| Ok(Ref::bool(false))),
];
