//! `select`: waiting for descriptors.

use crate::posix::{errno, fd_arg, os_err};
use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};
use taipan_objects::err::PyResult;
use taipan_objects::native::{GetSetDef, MethodDef, ModuleDef, Signature};
use taipan_objects::object::{Header, alloc, new_object};
use taipan_objects::typeobject::{Slots, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{err, exceptions, int, list, module, object_impl, protocol, tuple, vm};

pub static MODULE: ModuleDef = ModuleDef {
    name: "select",
    doc: "Waiting for files and sockets.",
    functions: &[
        MethodDef::new("select($module, rlist, wlist, xlist, timeout=None, /)", "Waits until one of the descriptors is ready.", select),
        MethodDef::new("poll($module, /)", "A polling object.", |_| {
            Ok(new_object(PyPoll { header: Header::new(&POLL_TYPE), fds: RefCell::new(Vec::new()), busy: Cell::new(false) }))
        }),
    ],
    init: Some(|m| {
        taipan_objects::type_ready::ready(&POLL_TYPE);
        #[cfg(target_os = "linux")]
        module::add_type(m, &epoll::EPOLL_TYPE);
        module::add(m, "error", exceptions::OSError.to_ref());
        for (n, v) in CONSTANTS {
            module::add(m, n, int::from_i64(*v));
        }
        Ok(())
    }),
};

/// A time limit in seconds; `None` to wait for ever.
fn seconds(v: Value) -> PyResult<Option<Duration>> {
    if v.is_none_or_null() {
        return Ok(None);
    }
    if !int::is_int(v) && taipan_objects::float::as_float(v).is_none() && v.ty().slots().float.is_none() && v.ty().slots().index.is_none() {
        return err!(TypeError, "timeout must be a float or None");
    }
    let t = protocol::to_f64(v)?;
    if t < 0.0 {
        return err!(ValueError, "timeout must be non-negative");
    }
    if t > 9.2e9 {
        return err!(OverflowError, "timeout is too large");
    }
    Ok(Some(Duration::from_secs_f64(t)))
}

/// `poll` with signals handled and the time that is left counted. Gives the number of ready descriptors.
pub fn poll_fds(fds: &mut [libc::pollfd], limit: Option<Duration>) -> PyResult<i32> {
    let end = limit.map(|l| Instant::now() + l);
    loop {
        let ms = match end {
            None => -1,
            Some(e) => {
                let left = e.saturating_duration_since(Instant::now());
                left.as_nanos().div_ceil(1_000_000).min(i32::MAX as u128) as i32
            }
        };
        let (p, n) = (fds.as_mut_ptr() as usize, fds.len());
        // SAFETY: the descriptors outlive the call.
        let r = vm::allow_threads(|| unsafe { libc::poll(p as *mut libc::pollfd, n as libc::nfds_t, ms) });
        if r == -1 {
            if errno() == libc::EINTR {
                vm::check_signals()?;
                continue;
            }
            return Err(os_err());
        }
        return Ok(r);
    }
}

fn select(a: &[Value]) -> PyResult {
    let limit = seconds(a[3])?;
    let events = [libc::POLLIN | libc::POLLHUP | libc::POLLERR, libc::POLLOUT | libc::POLLERR, libc::POLLPRI];
    let ask = [libc::POLLIN, libc::POLLOUT, libc::POLLPRI];
    let mut fds: Vec<libc::pollfd> = Vec::new();
    let mut objects: Vec<Vec<(Ref, i32)>> = Vec::new();
    for (i, arg) in a[..3].iter().enumerate() {
        let items = match protocol::to_vec(*arg) {
            Ok(v) => v,
            Err(e) => {
                if taipan_objects::err::clear_if(&exceptions::TypeError) {
                    return err!(TypeError, "arguments 1-3 must be sequences");
                }
                return Err(e);
            }
        };
        let mut set = Vec::new();
        for o in items {
            let fd = fd_arg(*o)?;
            if fd < 0 {
                return err!(ValueError, "file descriptor cannot be a negative integer ({fd})");
            }
            if fd >= 1024 {
                return err!(ValueError, "filedescriptor out of range in select()");
            }
            match fds.iter_mut().find(|p| p.fd == fd) {
                Some(p) => p.events |= ask[i],
                None => fds.push(libc::pollfd { fd, events: ask[i], revents: 0 }),
            }
            set.push((o, fd));
        }
        objects.push(set);
    }
    poll_fds(&mut fds, limit)?;
    if fds.iter().any(|p| p.revents & libc::POLLNVAL != 0) {
        return Err(exceptions::os_error(libc::EBADF, None, None));
    }
    let mut out = Vec::new();
    for (i, set) in objects.into_iter().enumerate() {
        let ready = set
            .into_iter()
            .filter(|(_, fd)| fds.iter().any(|p| p.fd == *fd && p.revents & events[i] != 0))
            .map(|(o, _)| o)
            .collect();
        out.push(list::new_list(ready));
    }
    Ok(tuple::from_refs(out))
}

/// A polling object.
#[repr(C)]
struct PyPoll {
    header: Header,
    fds: RefCell<Vec<(i32, i16)>>,
    busy: Cell<bool>,
}
object_impl!(PyPoll, POLL_TYPE);

fn poll_of(v: &Value) -> &PyPoll {
    // SAFETY: methods of the type get instances of it.
    unsafe { v.cast_unchecked::<PyPoll>() }
}
fn mask(v: Value, default: i16) -> PyResult<i16> {
    if v.is_null() {
        return Ok(default);
    }
    let i = int::to_i64(v)?;
    if i < 0 {
        return err!(ValueError, "value must be positive");
    }
    if i > u16::MAX as i64 {
        return err!(OverflowError, "Python int too large for C unsigned short");
    }
    Ok(i as u16 as i16)
}

static POLL_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "select.poll",
    doc: "",
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    methods: &[
        MethodDef::new("register($self, fd, eventmask=select.POLLIN | select.POLLPRI | select.POLLOUT, /)", "Adds a descriptor.", |a| {
            let (fd, m) = (fd_arg(a[1])?, mask(a[2], libc::POLLIN | libc::POLLPRI | libc::POLLOUT)?);
            let mut f = poll_of(&a[0]).fds.borrow_mut();
            match f.iter_mut().find(|e| e.0 == fd) {
                Some(e) => e.1 = m,
                None => f.push((fd, m)),
            }
            Ok(Ref::NONE)
        }),
        MethodDef::new("modify($self, fd, eventmask, /)", "Changes what a descriptor is watched for.", |a| {
            let (fd, m) = (fd_arg(a[1])?, mask(a[2], 0)?);
            let mut f = poll_of(&a[0]).fds.borrow_mut();
            match f.iter_mut().find(|e| e.0 == fd) {
                Some(e) => e.1 = m,
                None => return Err(exceptions::os_error(libc::ENOENT, None, None)),
            }
            Ok(Ref::NONE)
        }),
        MethodDef::new("unregister($self, fd, /)", "Removes a descriptor.", |a| {
            let fd = fd_arg(a[1])?;
            let mut f = poll_of(&a[0]).fds.borrow_mut();
            match f.iter().position(|e| e.0 == fd) {
                Some(i) => {
                    f.remove(i);
                }
                None => return Err(taipan_objects::err::raise_with(&exceptions::KeyError, &[*int::from_i64(fd as i64)])),
            }
            Ok(Ref::NONE)
        }),
        MethodDef::new("poll($self, timeout=None, /)", "Waits; gives pairs of descriptor and events.", |a| {
            let limit = if a[1].is_none_or_null() {
                None
            } else {
                if !int::is_int(a[1]) && taipan_objects::float::as_float(a[1]).is_none() {
                    return err!(TypeError, "timeout must be an integer or None");
                }
                let ms = protocol::to_f64(a[1])?;
                if ms < 0.0 { None } else { Some(Duration::from_secs_f64((ms / 1000.0).min(4e6))) }
            };
            let p = poll_of(&a[0]);
            if p.busy.replace(true) {
                return err!(RuntimeError, "concurrent poll() invocation");
            }
            let mut fds: Vec<libc::pollfd> =
                p.fds.borrow().iter().map(|(fd, m)| libc::pollfd { fd: *fd, events: *m, revents: 0 }).collect();
            let r = poll_fds(&mut fds, limit);
            p.busy.set(false);
            r?;
            let ready = fds.iter().filter(|f| f.revents != 0);
            Ok(list::new_list(ready.map(|f| crate::posix::pair(f.fd as i64, f.revents as u16 as i64)).collect()))
        }),
    ],
    slots: Slots::of::<PyPoll>(),
    ..TypeSpec::of::<PyPoll>()
});

#[cfg(target_os = "linux")]
mod epoll {
    use super::*;

    /// An epoll object; -1 once closed.
    #[repr(C)]
    pub struct PyEpoll {
        header: Header,
        fd: Cell<i32>,
    }
    object_impl!(PyEpoll, EPOLL_TYPE);
    impl Drop for PyEpoll {
        fn drop(&mut self) {
            close(self);
        }
    }
    fn close(e: &PyEpoll) {
        let fd = e.fd.replace(-1);
        if fd >= 0 {
            // SAFETY: the descriptor is the object's.
            unsafe { libc::close(fd) };
        }
    }
    fn me(v: &Value) -> PyResult<&PyEpoll> {
        // SAFETY: methods of the type get instances of it.
        let e = unsafe { v.cast_unchecked::<PyEpoll>() };
        if e.fd.get() < 0 {
            return err!(ValueError, "I/O operation on closed epoll object");
        }
        Ok(e)
    }
    fn new(ty: taipan_objects::typeobject::Type, args: &[Value], kw: Value) -> PyResult {
        static S: Signature = Signature::new("epoll(sizehint=-1, flags=0)");
        S.bind(args, kw, |a| {
            let size = if a[0].is_null() { -1 } else { int::to_i64(a[0])? };
            if size != -1 && size <= 0 {
                return err!(ValueError, "sizehint must be positive or -1");
            }
            let flags = if a[1].is_null() { 0 } else { int::to_i32(a[1])? };
            if flags != 0 && flags != libc::EPOLL_CLOEXEC {
                return err!(OSError, "invalid flags");
            }
            // SAFETY: plain call.
            let fd = unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) };
            if fd < 0 {
                return Err(os_err());
            }
            Ok(alloc(ty, PyEpoll { header: Header::new(ty), fd: Cell::new(fd) }))
        })
    }
    fn control(a: &[Value], op: i32, events: u32) -> PyResult {
        let e = me(&a[0])?;
        let fd = fd_arg(a[1])?;
        let mut ev = libc::epoll_event { events, u64: fd as u64 };
        // SAFETY: an event of our own.
        if unsafe { libc::epoll_ctl(e.fd.get(), op, fd, &mut ev) } == -1 {
            return Err(os_err());
        }
        Ok(Ref::NONE)
    }
    fn events(v: Value) -> PyResult<u32> {
        if v.is_null() {
            return Ok((libc::EPOLLIN | libc::EPOLLPRI | libc::EPOLLOUT) as u32);
        }
        Ok(int::to_i64(v)? as u32)
    }
    fn poll(a: &[Value]) -> PyResult {
        let e = me(&a[0])?;
        let limit = if a[1].is_none_or_null() {
            None
        } else {
            let t = protocol::to_f64(a[1])?;
            if t < 0.0 { None } else { Some(Duration::from_secs_f64(t.min(4e6))) }
        };
        let max = if a[2].is_null() { -1 } else { int::to_i32(a[2])? };
        if max == 0 || max < -1 {
            return err!(ValueError, "maxevents must be greater than 0, got {max}");
        }
        let max = if max == -1 { 1023 } else { max };
        let mut buf = vec![libc::epoll_event { events: 0, u64: 0 }; max as usize];
        let end = limit.map(|l| Instant::now() + l);
        let n = loop {
            let ms = match end {
                None => -1,
                Some(e) => e.saturating_duration_since(Instant::now()).as_nanos().div_ceil(1_000_000).min(i32::MAX as u128) as i32,
            };
            let (fd, p) = (e.fd.get(), buf.as_mut_ptr() as usize);
            // SAFETY: room for `max` events.
            let r = vm::allow_threads(|| unsafe { libc::epoll_wait(fd, p as *mut libc::epoll_event, max, ms) });
            if r >= 0 {
                break r as usize;
            }
            if errno() != libc::EINTR {
                return Err(os_err());
            }
            vm::check_signals()?;
        };
        let pairs = buf[..n].iter().map(|ev| {
            let (d, e) = (ev.u64, ev.events);
            crate::posix::pair(d as i32 as i64, e as i64)
        });
        Ok(list::new_list(pairs.collect()))
    }

    pub static EPOLL_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
        name: "select.epoll",
        doc: "An edge and level triggered interface to waiting for descriptors.",
        slots: Slots { new: Some(new), ..Slots::of::<PyEpoll>() },
        getset: &[GetSetDef::ro("closed", "True if the epoll handler is closed", |v| Ok(Ref::bool(me(&v).is_err() && {
            drop(vm::vm().take_pending());
            true
        })))],
        methods: &[
            MethodDef::new("fromfd($type, fd, /)", "An epoll object for a descriptor.", |a| {
                let fd = int::to_i32(a[1])?;
                match taipan_objects::typeobject::as_type(a[0]) {
                    Some(ty) => Ok(alloc(ty, PyEpoll { header: Header::new(ty), fd: Cell::new(fd) })),
                    None => err!(TypeError, "a type is needed"),
                }
            })
            .class(),
            MethodDef::new("close($self, /)", "Closes the object.", |a| {
                // SAFETY: methods of the type get instances of it.
                close(unsafe { a[0].cast_unchecked::<PyEpoll>() });
                Ok(Ref::NONE)
            }),
            MethodDef::new("fileno($self, /)", "Its descriptor.", |a| Ok(int::from_i64(me(&a[0])?.fd.get() as i64))),
            MethodDef::new(
                "register($self, /, fd,\n         eventmask=select.EPOLLIN | select.EPOLLPRI | select.EPOLLOUT)",
                "Adds a descriptor.",
                |a| control(a, libc::EPOLL_CTL_ADD, events(a[2])?),
            ),
            MethodDef::new("modify($self, /, fd, eventmask)", "Changes what a descriptor is watched for.", |a| {
                control(a, libc::EPOLL_CTL_MOD, events(a[2])?)
            }),
            MethodDef::new("unregister($self, /, fd)", "Removes a descriptor.", |a| control(a, libc::EPOLL_CTL_DEL, 0)),
            MethodDef::new("poll($self, /, timeout=None, maxevents=-1)", "Waits; gives pairs of descriptor and events.", poll),
            MethodDef::new("__enter__($self, /)", "", |a| {
                me(&a[0])?;
                Ok(a[0].to_ref())
            }),
            MethodDef::new("__exit__($self, exc_type=None, exc_value=None, exc_tb=None, /)", "", |a| {
                // SAFETY: as above.
                close(unsafe { a[0].cast_unchecked::<PyEpoll>() });
                Ok(Ref::NONE)
            }),
        ],
        ..TypeSpec::of::<PyEpoll>()
    });
}

/// Name and value.
const CONSTANTS: &[(&str, i64)] = &[
    ("EPOLLERR", libc::EPOLLERR as i64),
    ("EPOLLET", libc::EPOLLET as i64),
    ("EPOLLEXCLUSIVE", libc::EPOLLEXCLUSIVE as i64),
    ("EPOLLHUP", libc::EPOLLHUP as i64),
    ("EPOLLIN", libc::EPOLLIN as i64),
    ("EPOLLMSG", libc::EPOLLMSG as i64),
    ("EPOLLONESHOT", libc::EPOLLONESHOT as i64),
    ("EPOLLOUT", libc::EPOLLOUT as i64),
    ("EPOLLPRI", libc::EPOLLPRI as i64),
    ("EPOLLRDBAND", libc::EPOLLRDBAND as i64),
    ("EPOLLRDHUP", libc::EPOLLRDHUP as i64),
    ("EPOLLRDNORM", libc::EPOLLRDNORM as i64),
    ("EPOLLWAKEUP", libc::EPOLLWAKEUP as i64),
    ("EPOLLWRBAND", libc::EPOLLWRBAND as i64),
    ("EPOLLWRNORM", libc::EPOLLWRNORM as i64),
    ("EPOLL_CLOEXEC", libc::EPOLL_CLOEXEC as i64),
    ("PIPE_BUF", libc::PIPE_BUF as i64),
    ("POLLERR", libc::POLLERR as i64),
    ("POLLHUP", libc::POLLHUP as i64),
    ("POLLIN", libc::POLLIN as i64),
    ("POLLMSG", 1024),
    ("POLLNVAL", libc::POLLNVAL as i64),
    ("POLLOUT", libc::POLLOUT as i64),
    ("POLLPRI", libc::POLLPRI as i64),
    ("POLLRDBAND", libc::POLLRDBAND as i64),
    ("POLLRDHUP", libc::POLLRDHUP as i64),
    ("POLLRDNORM", libc::POLLRDNORM as i64),
    ("POLLWRBAND", libc::POLLWRBAND as i64),
    ("POLLWRNORM", libc::POLLWRNORM as i64),
];
