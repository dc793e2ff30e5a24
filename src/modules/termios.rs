//! `termios`: settings of terminals.

use crate::posix::{fd_arg, retry};
use taipan_objects::err::PyResult;
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{bytes, dict, err, exceptions, int, list, module, protocol, strings, tuple};

pub static MODULE: ModuleDef = ModuleDef {
    name: "termios",
    doc: "This module provides an interface to the Posix calls for tty I/O control.",
    functions: &[
        MethodDef::new("tcgetattr($module, fd, /)", "The settings of a terminal.", getattr),
        MethodDef::new("tcsetattr($module, fd, when, attributes, /)", "Changes the settings of a terminal.", setattr),
        MethodDef::new("tcsendbreak($module, fd, duration, /)", "Sends a break.", |a| {
            let (fd, n) = (fd_arg(a[0])?, int::to_i32(a[1])?);
            check(retry(|| unsafe { libc::tcsendbreak(fd, n) })?)
        }),
        MethodDef::new("tcdrain($module, fd, /)", "Waits until all output has been sent.", |a| {
            let fd = fd_arg(a[0])?;
            check(retry(|| unsafe { libc::tcdrain(fd) })?)
        }),
        MethodDef::new("tcflush($module, fd, queue, /)", "Discards what is queued.", |a| {
            let (fd, n) = (fd_arg(a[0])?, int::to_i32(a[1])?);
            check(retry(|| unsafe { libc::tcflush(fd, n) })?)
        }),
        MethodDef::new("tcflow($module, fd, action, /)", "Suspends or resumes.", |a| {
            let (fd, n) = (fd_arg(a[0])?, int::to_i32(a[1])?);
            check(retry(|| unsafe { libc::tcflow(fd, n) })?)
        }),
        MethodDef::new("tcgetwinsize($module, fd, /)", "Rows and columns of a terminal.", |a| {
            let fd = fd_arg(a[0])?;
            // SAFETY: plain data, filled by the call.
            let mut w: libc::winsize = unsafe { std::mem::zeroed() };
            if unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &mut w) } == -1 {
                return Err(raise());
            }
            Ok(crate::posix::pair(w.ws_row as i64, w.ws_col as i64))
        }),
        MethodDef::new("tcsetwinsize($module, fd, winsize, /)", "Sets rows and columns of a terminal.", |a| {
            let fd = fd_arg(a[0])?;
            let t = protocol::to_vec(a[1])?;
            if t.len() != 2 {
                return err!(TypeError, "tcsetwinsize, arg 2: must be a two-item sequence");
            }
            // SAFETY: plain data, filled by the call.
            let mut w: libc::winsize = unsafe { std::mem::zeroed() };
            if unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &mut w) } == -1 {
                return Err(raise());
            }
            w.ws_row = int::to_i64(*t[0])? as u16;
            w.ws_col = int::to_i64(*t[1])? as u16;
            check(unsafe { libc::ioctl(fd, libc::TIOCSWINSZ, &w) })
        }),
    ],
    init: Some(|m| {
        for (n, v) in CONSTANTS {
            module::add(m, n, int::from_i64(*v));
        }
        let ns = dict::new_dict();
        dict::set_str(*ns, "__module__", *strings::intern_str("termios"));
        let error = protocol::call(
            taipan_objects::types::TYPE_TYPE.value(),
            &[*strings::new_str("error"), *tuple::of([exceptions::Exception.to_ref()]), *ns],
        )?;
        ERROR.0.set(error.clone());
        module::add(m, "error", error);
        Ok(())
    }),
};

struct Error(Slot);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Error {}
static ERROR: Error = Error(Slot::null());

fn raise() -> taipan_objects::err::Raised {
    let e = crate::posix::errno();
    let ty = ERROR.0.get_ref();
    match taipan_objects::typeobject::as_type(*ty) {
        Some(t) => taipan_objects::err::raise_with(t, &[*int::from_i64(e as i64), *exceptions::error_text(e)]),
        None => crate::posix::os_err(),
    }
}
fn check(r: i32) -> PyResult {
    if r == -1 { Err(raise()) } else { Ok(Ref::NONE) }
}

fn getattr(a: &[Value]) -> PyResult {
    let fd = fd_arg(a[0])?;
    // SAFETY: plain data, filled by the call.
    let mut t: libc::termios = unsafe { std::mem::zeroed() };
    if unsafe { libc::tcgetattr(fd, &mut t) } == -1 {
        return Err(raise());
    }
    let canonical = t.c_lflag & libc::ICANON != 0;
    let cc = t
        .c_cc
        .iter()
        .enumerate()
        .map(|(i, c)| {
            if !canonical && (i == libc::VMIN || i == libc::VTIME) { int::from_i64(*c as i64) } else { bytes::new_bytes(&[*c]) }
        })
        .collect();
    // SAFETY: settings read just now.
    let (ispeed, ospeed) = unsafe { (libc::cfgetispeed(&t), libc::cfgetospeed(&t)) };
    let n = |v: u64| int::from_u64(v);
    Ok(list::new_list(vec![
        n(t.c_iflag as u64),
        n(t.c_oflag as u64),
        n(t.c_cflag as u64),
        n(t.c_lflag as u64),
        n(ispeed as u64),
        n(ospeed as u64),
        list::new_list(cc),
    ]))
}

fn setattr(a: &[Value]) -> PyResult {
    let (fd, when) = (fd_arg(a[0])?, int::to_i32(a[1])?);
    if !list::is_list(a[2]) || list::expect(a[2]).len() != 7 {
        return err!(TypeError, "tcsetattr, arg 3: must be 7 element list");
    }
    let v = list::expect(a[2]).to_vec();
    // SAFETY: plain data, filled by the call.
    let mut t: libc::termios = unsafe { std::mem::zeroed() };
    if unsafe { libc::tcgetattr(fd, &mut t) } == -1 {
        return Err(raise());
    }
    t.c_iflag = int::to_i64(*v[0])? as libc::tcflag_t;
    t.c_oflag = int::to_i64(*v[1])? as libc::tcflag_t;
    t.c_cflag = int::to_i64(*v[2])? as libc::tcflag_t;
    t.c_lflag = int::to_i64(*v[3])? as libc::tcflag_t;
    let (ispeed, ospeed) = (int::to_i64(*v[4])?, int::to_i64(*v[5])?);
    if !list::is_list(*v[6]) || list::expect(*v[6]).len() != t.c_cc.len() {
        return err!(TypeError, "tcsetattr: attributes[6] must be {} element list", t.c_cc.len());
    }
    for (i, c) in list::expect(*v[6]).to_vec().iter().enumerate() {
        t.c_cc[i] = match bytes::as_bytes(c) {
            Some([b]) => *b,
            _ if int::is_int(**c) => int::to_i64(**c)? as u8,
            _ => return err!(TypeError, "tcsetattr: elements of attributes must be characters or integers"),
        };
    }
    // SAFETY: settings of our own.
    unsafe {
        if libc::cfsetispeed(&mut t, ispeed as libc::speed_t) == -1 || libc::cfsetospeed(&mut t, ospeed as libc::speed_t) == -1 {
            return Err(raise());
        }
        check(libc::tcsetattr(fd, when, &t))
    }
}

/// Name and value.
const CONSTANTS: &[(&str, i64)] = &[
    ("B0", libc::B0 as i64),
    ("B1000000", libc::B1000000 as i64),
    ("B110", libc::B110 as i64),
    ("B115200", libc::B115200 as i64),
    ("B1152000", libc::B1152000 as i64),
    ("B1200", libc::B1200 as i64),
    ("B134", libc::B134 as i64),
    ("B14400", 14400),
    ("B150", libc::B150 as i64),
    ("B1500000", libc::B1500000 as i64),
    ("B1800", libc::B1800 as i64),
    ("B19200", libc::B19200 as i64),
    ("B200", libc::B200 as i64),
    ("B2000000", libc::B2000000 as i64),
    ("B230400", libc::B230400 as i64),
    ("B2400", libc::B2400 as i64),
    ("B2500000", libc::B2500000 as i64),
    ("B28800", 28800),
    ("B300", libc::B300 as i64),
    ("B3000000", libc::B3000000 as i64),
    ("B3500000", libc::B3500000 as i64),
    ("B38400", libc::B38400 as i64),
    ("B4000000", libc::B4000000 as i64),
    ("B460800", libc::B460800 as i64),
    ("B4800", libc::B4800 as i64),
    ("B50", libc::B50 as i64),
    ("B500000", libc::B500000 as i64),
    ("B57600", libc::B57600 as i64),
    ("B576000", libc::B576000 as i64),
    ("B600", libc::B600 as i64),
    ("B7200", 7200),
    ("B75", libc::B75 as i64),
    ("B76800", 76800),
    ("B921600", libc::B921600 as i64),
    ("B9600", libc::B9600 as i64),
    ("BRKINT", libc::BRKINT as i64),
    ("BS0", libc::BS0 as i64),
    ("BS1", libc::BS1 as i64),
    ("BSDLY", libc::BSDLY as i64),
    ("CBAUD", libc::CBAUD as i64),
    ("CBAUDEX", libc::CBAUDEX as i64),
    ("CDSUSP", 25),
    ("CEOF", 4),
    ("CEOL", 0),
    ("CEOT", 4),
    ("CERASE", 127),
    ("CFLUSH", 15),
    ("CIBAUD", libc::CIBAUD as i64),
    ("CINTR", 3),
    ("CKILL", 21),
    ("CLNEXT", 22),
    ("CLOCAL", libc::CLOCAL as i64),
    ("CQUIT", 28),
    ("CR0", libc::CR0 as i64),
    ("CR1", libc::CR1 as i64),
    ("CR2", libc::CR2 as i64),
    ("CR3", libc::CR3 as i64),
    ("CRDLY", libc::CRDLY as i64),
    ("CREAD", libc::CREAD as i64),
    ("CRPRNT", 18),
    ("CRTSCTS", libc::CRTSCTS as i64),
    ("CS5", libc::CS5 as i64),
    ("CS6", libc::CS6 as i64),
    ("CS7", libc::CS7 as i64),
    ("CS8", libc::CS8 as i64),
    ("CSIZE", libc::CSIZE as i64),
    ("CSTART", 17),
    ("CSTOP", 19),
    ("CSTOPB", libc::CSTOPB as i64),
    ("CSUSP", 26),
    ("CWERASE", 23),
    ("ECHO", libc::ECHO as i64),
    ("ECHOCTL", libc::ECHOCTL as i64),
    ("ECHOE", libc::ECHOE as i64),
    ("ECHOK", libc::ECHOK as i64),
    ("ECHOKE", libc::ECHOKE as i64),
    ("ECHONL", libc::ECHONL as i64),
    ("ECHOPRT", libc::ECHOPRT as i64),
    ("EXTA", libc::EXTA as i64),
    ("EXTB", libc::EXTB as i64),
    ("EXTPROC", libc::EXTPROC as i64),
    ("FF0", libc::FF0 as i64),
    ("FF1", libc::FF1 as i64),
    ("FFDLY", libc::FFDLY as i64),
    ("FIOASYNC", libc::FIOASYNC as i64),
    ("FIOCLEX", libc::FIOCLEX as i64),
    ("FIONBIO", libc::FIONBIO as i64),
    ("FIONCLEX", libc::FIONCLEX as i64),
    ("FIONREAD", libc::FIONREAD as i64),
    ("FLUSHO", libc::FLUSHO as i64),
    ("HUPCL", libc::HUPCL as i64),
    ("IBSHIFT", libc::IBSHIFT as i64),
    ("ICANON", libc::ICANON as i64),
    ("ICRNL", libc::ICRNL as i64),
    ("IEXTEN", libc::IEXTEN as i64),
    ("IGNBRK", libc::IGNBRK as i64),
    ("IGNCR", libc::IGNCR as i64),
    ("IGNPAR", libc::IGNPAR as i64),
    ("IMAXBEL", libc::IMAXBEL as i64),
    ("INLCR", libc::INLCR as i64),
    ("INPCK", libc::INPCK as i64),
    ("IOCSIZE_MASK", 1073676288),
    ("IOCSIZE_SHIFT", 16),
    ("ISIG", libc::ISIG as i64),
    ("ISTRIP", libc::ISTRIP as i64),
    ("IUCLC", libc::IUCLC as i64),
    ("IUTF8", libc::IUTF8 as i64),
    ("IXANY", libc::IXANY as i64),
    ("IXOFF", libc::IXOFF as i64),
    ("IXON", libc::IXON as i64),
    ("NCCS", libc::NCCS as i64),
    ("NL0", libc::NL0 as i64),
    ("NL1", libc::NL1 as i64),
    ("NLDLY", libc::NLDLY as i64),
    ("NOFLSH", libc::NOFLSH as i64),
    ("N_MOUSE", 2),
    ("N_PPP", 3),
    ("N_SLIP", 1),
    ("N_STRIP", 4),
    ("N_TTY", 0),
    ("OCRNL", libc::OCRNL as i64),
    ("OFDEL", libc::OFDEL as i64),
    ("OFILL", libc::OFILL as i64),
    ("OLCUC", libc::OLCUC as i64),
    ("ONLCR", libc::ONLCR as i64),
    ("ONLRET", libc::ONLRET as i64),
    ("ONOCR", libc::ONOCR as i64),
    ("OPOST", libc::OPOST as i64),
    ("PARENB", libc::PARENB as i64),
    ("PARMRK", libc::PARMRK as i64),
    ("PARODD", libc::PARODD as i64),
    ("PENDIN", libc::PENDIN as i64),
    ("TAB0", libc::TAB0 as i64),
    ("TAB1", libc::TAB1 as i64),
    ("TAB2", libc::TAB2 as i64),
    ("TAB3", libc::TAB3 as i64),
    ("TABDLY", libc::TABDLY as i64),
    ("TCFLSH", libc::TCFLSH as i64),
    ("TCGETS", libc::TCGETS as i64),
    ("TCIFLUSH", libc::TCIFLUSH as i64),
    ("TCIOFF", libc::TCIOFF as i64),
    ("TCIOFLUSH", libc::TCIOFLUSH as i64),
    ("TCION", libc::TCION as i64),
    ("TCOFLUSH", libc::TCOFLUSH as i64),
    ("TCOOFF", libc::TCOOFF as i64),
    ("TCOON", libc::TCOON as i64),
    ("TCSADRAIN", libc::TCSADRAIN as i64),
    ("TCSAFLUSH", libc::TCSAFLUSH as i64),
    ("TCSANOW", libc::TCSANOW as i64),
    ("TCSBRK", libc::TCSBRK as i64),
    ("TCSBRKP", libc::TCSBRKP as i64),
    ("TCSETS", libc::TCSETS as i64),
    ("TCSETSF", libc::TCSETSF as i64),
    ("TCSETSW", libc::TCSETSW as i64),
    ("TCXONC", libc::TCXONC as i64),
    ("TIOCCONS", libc::TIOCCONS as i64),
    ("TIOCEXCL", libc::TIOCEXCL as i64),
    ("TIOCGETD", libc::TIOCGETD as i64),
    ("TIOCGICOUNT", libc::TIOCGICOUNT as i64),
    ("TIOCGLCKTRMIOS", libc::TIOCGLCKTRMIOS as i64),
    ("TIOCGPGRP", libc::TIOCGPGRP as i64),
    ("TIOCGSERIAL", libc::TIOCGSERIAL as i64),
    ("TIOCGSOFTCAR", libc::TIOCGSOFTCAR as i64),
    ("TIOCGWINSZ", libc::TIOCGWINSZ as i64),
    ("TIOCINQ", libc::TIOCINQ as i64),
    ("TIOCLINUX", libc::TIOCLINUX as i64),
    ("TIOCMBIC", libc::TIOCMBIC as i64),
    ("TIOCMBIS", libc::TIOCMBIS as i64),
    ("TIOCMGET", libc::TIOCMGET as i64),
    ("TIOCMIWAIT", libc::TIOCMIWAIT as i64),
    ("TIOCMSET", libc::TIOCMSET as i64),
    ("TIOCM_CAR", libc::TIOCM_CAR as i64),
    ("TIOCM_CD", libc::TIOCM_CD as i64),
    ("TIOCM_CTS", libc::TIOCM_CTS as i64),
    ("TIOCM_DSR", libc::TIOCM_DSR as i64),
    ("TIOCM_DTR", libc::TIOCM_DTR as i64),
    ("TIOCM_LE", libc::TIOCM_LE as i64),
    ("TIOCM_RI", libc::TIOCM_RI as i64),
    ("TIOCM_RNG", libc::TIOCM_RNG as i64),
    ("TIOCM_RTS", libc::TIOCM_RTS as i64),
    ("TIOCM_SR", libc::TIOCM_SR as i64),
    ("TIOCM_ST", libc::TIOCM_ST as i64),
    ("TIOCNOTTY", libc::TIOCNOTTY as i64),
    ("TIOCNXCL", libc::TIOCNXCL as i64),
    ("TIOCOUTQ", libc::TIOCOUTQ as i64),
    ("TIOCPKT", libc::TIOCPKT as i64),
    ("TIOCPKT_DATA", 0),
    ("TIOCPKT_DOSTOP", 32),
    ("TIOCPKT_FLUSHREAD", 1),
    ("TIOCPKT_FLUSHWRITE", 2),
    ("TIOCPKT_NOSTOP", 16),
    ("TIOCPKT_START", 8),
    ("TIOCPKT_STOP", 4),
    ("TIOCSCTTY", libc::TIOCSCTTY as i64),
    ("TIOCSERCONFIG", libc::TIOCSERCONFIG as i64),
    ("TIOCSERGETLSR", libc::TIOCSERGETLSR as i64),
    ("TIOCSERGETMULTI", libc::TIOCSERGETMULTI as i64),
    ("TIOCSERGSTRUCT", libc::TIOCSERGSTRUCT as i64),
    ("TIOCSERGWILD", libc::TIOCSERGWILD as i64),
    ("TIOCSERSETMULTI", libc::TIOCSERSETMULTI as i64),
    ("TIOCSERSWILD", libc::TIOCSERSWILD as i64),
    ("TIOCSER_TEMT", 1),
    ("TIOCSETD", libc::TIOCSETD as i64),
    ("TIOCSLCKTRMIOS", libc::TIOCSLCKTRMIOS as i64),
    ("TIOCSPGRP", libc::TIOCSPGRP as i64),
    ("TIOCSSERIAL", libc::TIOCSSERIAL as i64),
    ("TIOCSSOFTCAR", libc::TIOCSSOFTCAR as i64),
    ("TIOCSTI", libc::TIOCSTI as i64),
    ("TIOCSWINSZ", libc::TIOCSWINSZ as i64),
    ("TOSTOP", libc::TOSTOP as i64),
    ("VDISCARD", libc::VDISCARD as i64),
    ("VEOF", libc::VEOF as i64),
    ("VEOL", libc::VEOL as i64),
    ("VEOL2", libc::VEOL2 as i64),
    ("VERASE", libc::VERASE as i64),
    ("VINTR", libc::VINTR as i64),
    ("VKILL", libc::VKILL as i64),
    ("VLNEXT", libc::VLNEXT as i64),
    ("VMIN", libc::VMIN as i64),
    ("VQUIT", libc::VQUIT as i64),
    ("VREPRINT", libc::VREPRINT as i64),
    ("VSTART", libc::VSTART as i64),
    ("VSTOP", libc::VSTOP as i64),
    ("VSUSP", libc::VSUSP as i64),
    ("VSWTC", libc::VSWTC as i64),
    ("VSWTCH", 7),
    ("VT0", libc::VT0 as i64),
    ("VT1", libc::VT1 as i64),
    ("VTDLY", libc::VTDLY as i64),
    ("VTIME", libc::VTIME as i64),
    ("VWERASE", libc::VWERASE as i64),
    ("XCASE", libc::XCASE as i64),
    ("XTABS", libc::XTABS as i64),
    ("_POSIX_VDISABLE", libc::_POSIX_VDISABLE as i64),
];
