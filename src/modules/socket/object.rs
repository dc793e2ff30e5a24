//! The socket object.

use super::address::Address;
use crate::posix::{errno, os_err};
use std::cell::Cell;
use std::time::{Duration, Instant};
use taipan_objects::buffer::{self, Buffer, WRITABLE};
use taipan_objects::err::PyResult;
use taipan_objects::native::{GetSetDef, MemberDef, MethodDef, Signature};
use taipan_objects::object::{Header, alloc};
use taipan_objects::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{bytes, err, exceptions, float, int, list, object_impl, protocol, strings, tuple, vm};

/// A socket.
#[repr(C)]
pub struct PySocket {
    header: Header,
    /// -1 once closed.
    fd: Cell<i32>,
    family: Cell<i32>,
    kind: Cell<i32>,
    proto: Cell<i32>,
    /// Seconds; negative: none.
    timeout: Cell<f64>,
}
object_impl!(PySocket, SOCKET_TYPE);
impl Drop for PySocket {
    fn drop(&mut self) {
        let fd = self.fd.replace(-1);
        if fd >= 0 {
            // SAFETY: the descriptor is the object's.
            unsafe { libc::close(fd) };
        }
    }
}

/// `setdefaulttimeout`, as the bits of a float.
static DEFAULT_TIMEOUT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0xbff0_0000_0000_0000);
fn default_timeout() -> f64 {
    f64::from_bits(DEFAULT_TIMEOUT.load(std::sync::atomic::Ordering::Relaxed))
}

fn me(v: &Value) -> &PySocket {
    // SAFETY: slots and methods of the type get instances of it.
    unsafe { v.cast_unchecked::<PySocket>() }
}

fn set_nonblocking(fd: i32, on: bool) -> PyResult<()> {
    // SAFETY: plain calls.
    unsafe {
        let flags = libc::fcntl(fd, libc::F_GETFL);
        let new = if on { flags | libc::O_NONBLOCK } else { flags & !libc::O_NONBLOCK };
        if flags < 0 || (new != flags && libc::fcntl(fd, libc::F_SETFL, new) < 0) {
            return Err(os_err());
        }
    }
    Ok(())
}

fn cloexec(fd: i32) {
    // SAFETY: plain call.
    unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) };
}

fn timed_out() -> taipan_objects::err::Raised {
    taipan_objects::err::raise_with(&exceptions::TimeoutError, &[*strings::new_str("timed out")])
}

impl PySocket {
    /// Waits until the socket can be read or written, up to the time limit.
    fn wait(&self, write: bool, end: Option<Instant>) -> PyResult<()> {
        let events = if write { libc::POLLOUT } else { libc::POLLIN };
        let mut fds = [libc::pollfd { fd: self.fd.get(), events, revents: 0 }];
        let left = end.map(|e| e.saturating_duration_since(Instant::now()));
        if crate::select::poll_fds(&mut fds, left)? == 0 {
            return Err(timed_out());
        }
        Ok(())
    }
    fn deadline(&self) -> Option<Instant> {
        let t = self.timeout.get();
        if t > 0.0 { Some(Instant::now() + Duration::from_secs_f64(t.min(4e9))) } else { None }
    }
    /// A system call on the socket, repeated while it would block and the timeout allows.
    fn call(&self, write: bool, end: Option<Instant>, mut f: impl FnMut(i32) -> isize) -> PyResult<isize> {
        loop {
            if self.timeout.get() > 0.0 {
                self.wait(write, end)?;
            }
            let fd = self.fd.get();
            let r = vm::allow_threads(|| f(fd));
            if r >= 0 {
                return Ok(r);
            }
            match errno() {
                libc::EINTR => vm::check_signals()?,
                e if (e == libc::EAGAIN || e == libc::EWOULDBLOCK) && self.timeout.get() > 0.0 => {}
                _ => return Err(os_err()),
            }
        }
    }
}

fn new(ty: Type, _args: &[Value], _kw: Value) -> PyResult {
    Ok(alloc(
        ty,
        PySocket {
            header: Header::new(ty),
            fd: Cell::new(-1),
            family: Cell::new(0),
            kind: Cell::new(0),
            proto: Cell::new(0),
            timeout: Cell::new(default_timeout()),
        },
    ))
}
fn init(this: Value, args: &[Value], kw: Value) -> PyResult<()> {
    static S: Signature = Signature::new("socket(family=-1, type=-1, proto=-1, fileno=None)");
    S.bind(args, kw, |a| {
        let n = |v: Value| if v.is_null() { Ok(-1) } else { int::to_i32(v) };
        let (mut family, mut kind, mut proto) = (n(a[0])?, n(a[1])?, n(a[2])?);
        let s = me(&this);
        let fd;
        if a[3].is_none_or_null() {
            if family == -1 {
                family = libc::AF_INET;
            }
            if kind == -1 {
                kind = libc::SOCK_STREAM;
            }
            if proto == -1 {
                proto = 0;
            }
            #[cfg(target_os = "linux")]
            let r = vm::allow_threads(|| unsafe { libc::socket(family, kind | libc::SOCK_CLOEXEC, proto) });
            #[cfg(not(target_os = "linux"))]
            let r = vm::allow_threads(|| unsafe { libc::socket(family, kind, proto) });
            if r == -1 {
                return Err(os_err());
            }
            cloexec(r);
            fd = r;
        } else {
            if taipan_objects::float::as_float(a[3]).is_some() {
                return err!(TypeError, "integer argument expected, got float");
            }
            fd = int::to_i32(a[3])?;
            if fd < 0 {
                return err!(ValueError, "negative file descriptor");
            }
            let mut addr = Address::empty();
            let mut len = addr.len;
            // SAFETY: room for any address.
            if unsafe { libc::getsockname(fd, addr.ptr_mut(), &mut len) } < 0 {
                if family == -1 || errno() == libc::EBADF || errno() == libc::ENOTSOCK {
                    return Err(os_err());
                }
            } else if family == -1 {
                family = addr.storage.ss_family as i32;
            }
            if kind == -1 {
                kind = option_int(fd, libc::SOL_SOCKET, libc::SO_TYPE)?;
            }
            if proto == -1 {
                #[cfg(target_os = "linux")]
                {
                    proto = option_int(fd, libc::SOL_SOCKET, libc::SO_PROTOCOL)?;
                }
                #[cfg(not(target_os = "linux"))]
                {
                    proto = 0;
                }
            }
        }
        s.fd.set(fd);
        s.family.set(family);
        #[cfg(target_os = "linux")]
        {
            s.timeout.set(if kind & libc::SOCK_NONBLOCK != 0 { 0.0 } else { default_timeout() });
            kind &= !(libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC);
        }
        s.kind.set(kind);
        s.proto.set(proto);
        if s.timeout.get() >= 0.0 {
            set_nonblocking(fd, true)?;
        }
        Ok(())
    })
}
fn option_int(fd: i32, level: i32, name: i32) -> PyResult<i32> {
    let mut v = 0i32;
    let mut len = 4;
    // SAFETY: room for an int.
    if unsafe { libc::getsockopt(fd, level, name, &mut v as *mut i32 as *mut libc::c_void, &mut len) } < 0 {
        return Err(os_err());
    }
    Ok(v)
}

fn repr(v: Value) -> PyResult {
    let s = me(&v);
    Ok(strings::new_str(&format!(
        "<socket object, fd={}, family={}, type={}, proto={}>",
        s.fd.get(),
        s.family.get(),
        s.kind.get(),
        s.proto.get()
    )))
}
fn finalize(v: Value) {
    let s = me(&v);
    if s.fd.get() < 0 {
        return;
    }
    let pending = vm::vm().take_pending();
    let shown = protocol::repr_text(v).unwrap_or_default();
    if taipan_objects::err::warn(&exceptions::ResourceWarning, &format!("unclosed {shown}")).is_err() {
        taipan_runtime::sys::write_unraisable("Exception ignored while finalizing socket", v);
    }
    let fd = s.fd.replace(-1);
    // SAFETY: the descriptor is the object's.
    unsafe { libc::close(fd) };
    if !pending.is_null() {
        vm::vm().set_pending(pending);
    }
}

fn accept(a: &[Value]) -> PyResult {
    let s = me(&a[0]);
    let mut addr = Address::empty();
    let mut len = addr.len;
    let (p, l) = (addr.ptr_mut() as usize, &mut len as *mut libc::socklen_t as usize);
    // SAFETY: room for any address.
    let fd = s.call(false, s.deadline(), |fd| unsafe {
        *(l as *mut libc::socklen_t) = size_of::<libc::sockaddr_storage>() as libc::socklen_t;
        #[cfg(target_os = "linux")]
        let r = libc::accept4(fd, p as *mut libc::sockaddr, l as *mut libc::socklen_t, libc::SOCK_CLOEXEC);
        #[cfg(not(target_os = "linux"))]
        let r = libc::accept(fd, p as *mut libc::sockaddr, l as *mut libc::socklen_t);
        r as isize
    })? as i32;
    cloexec(fd);
    addr.len = len;
    Ok(tuple::of([int::from_i64(fd as i64), addr.to_python()]))
}

/// `connect`; the errno that stopped it, 0 for success.
fn do_connect(s: &PySocket, addr: &Address) -> PyResult<i32> {
    let (p, l, fd) = (addr.ptr() as usize, addr.len, s.fd.get());
    // SAFETY: the address outlives the call.
    let r = vm::allow_threads(|| unsafe { libc::connect(fd, p as *const libc::sockaddr, l) });
    if r == 0 {
        return Ok(0);
    }
    let e = errno();
    let wait = match e {
        libc::EINTR => {
            vm::check_signals()?;
            s.timeout.get() != 0.0
        }
        libc::EINPROGRESS => s.timeout.get() > 0.0,
        _ => false,
    };
    if !wait {
        return Ok(e);
    }
    s.wait(true, s.deadline())?;
    option_int(fd, libc::SOL_SOCKET, libc::SO_ERROR)
}
fn connect(a: &[Value]) -> PyResult {
    let s = me(&a[0]);
    let addr = Address::from_python(s.family.get(), a[1], "connect")?;
    match do_connect(s, &addr)? {
        0 => Ok(Ref::NONE),
        e => Err(exceptions::os_error(e, None, None)),
    }
}
fn connect_ex(a: &[Value]) -> PyResult {
    let s = me(&a[0]);
    let addr = Address::from_python(s.family.get(), a[1], "connect_ex")?;
    match do_connect(s, &addr) {
        Ok(e) => Ok(int::from_i64(e as i64)),
        Err(e) => {
            if taipan_objects::err::clear_if(&exceptions::TimeoutError) {
                return Ok(int::from_i64(libc::EWOULDBLOCK as i64));
            }
            Err(e)
        }
    }
}
fn bind(a: &[Value]) -> PyResult {
    let s = me(&a[0]);
    let addr = Address::from_python(s.family.get(), a[1], "bind")?;
    // SAFETY: an address of the given length.
    crate::posix::check(unsafe { libc::bind(s.fd.get(), addr.ptr(), addr.len) })
}
fn listen(a: &[Value]) -> PyResult {
    let n = if a[1].is_null() { 128 } else { int::to_i32(a[1])?.max(0) };
    // SAFETY: plain call.
    crate::posix::check(unsafe { libc::listen(me(&a[0]).fd.get(), n) })
}
fn close(a: &[Value]) -> PyResult {
    let fd = me(&a[0]).fd.replace(-1);
    if fd != -1 {
        // SAFETY: the descriptor is the object's.
        let r = vm::allow_threads(|| unsafe { libc::close(fd) });
        if r < 0 && errno() != libc::ECONNRESET {
            return Err(os_err());
        }
    }
    Ok(Ref::NONE)
}
fn name_of(s: &PySocket, f: unsafe extern "C" fn(libc::c_int, *mut libc::sockaddr, *mut libc::socklen_t) -> libc::c_int) -> PyResult {
    let mut addr = Address::empty();
    let mut len = addr.len;
    // SAFETY: room for any address.
    if unsafe { f(s.fd.get(), addr.ptr_mut(), &mut len) } < 0 {
        return Err(os_err());
    }
    addr.len = len;
    Ok(addr.to_python())
}

fn flags(v: Value) -> PyResult<i32> {
    if v.is_null() { Ok(0) } else { int::to_i32(v) }
}
fn size(v: Value, what: &str) -> PyResult<usize> {
    let n = int::to_i64(v)?;
    if n < 0 {
        return err!(ValueError, "negative buffersize in {what}");
    }
    Ok(n as usize)
}
fn recv_bytes(s: &PySocket, n: usize, flags: i32) -> PyResult<Vec<u8>> {
    let mut buf: Vec<u8> = Vec::with_capacity(n);
    let p = buf.as_mut_ptr() as usize;
    // SAFETY: room for `n` bytes, of which the call says how many it wrote.
    let r = s.call(false, s.deadline(), |fd| unsafe { libc::recv(fd, p as *mut libc::c_void, n, flags) })?;
    unsafe { buf.set_len(r as usize) };
    Ok(buf)
}
fn recv(a: &[Value]) -> PyResult {
    let (n, f) = (size(a[1], "recv")?, flags(a[2])?);
    if n == 0 {
        return Ok(bytes::new_bytes(b""));
    }
    Ok(bytes::from_vec(recv_bytes(me(&a[0]), n, f)?))
}
fn target(v: Value, nbytes: Value, what: &str) -> PyResult<(Buffer, usize)> {
    let b = buffer::get(v, WRITABLE)?;
    let n = if nbytes.is_null() { 0 } else { size(nbytes, what)? };
    let n = if n == 0 { b.len } else { n };
    if n > b.len {
        return err!(ValueError, "{}", if what == "recv_into" { "buffer too small for requested bytes" } else { "nbytes is greater than the length of the buffer" });
    }
    Ok((b, n))
}
fn recv_into(a: &[Value]) -> PyResult {
    let (b, n) = target(a[1], a[2], "recv_into")?;
    let f = flags(a[3])?;
    if n == 0 {
        return Ok(int::from_i64(0));
    }
    let s = me(&a[0]);
    let p = b.ptr as usize;
    // SAFETY: the exporter keeps its memory while the buffer is held.
    let r = s.call(false, s.deadline(), |fd| unsafe { libc::recv(fd, p as *mut libc::c_void, n, f) })?;
    Ok(int::from_i64(r as i64))
}
fn recvfrom_raw(s: &PySocket, p: usize, n: usize, flags: i32) -> PyResult<(isize, Ref)> {
    let mut addr = Address::empty();
    let mut len = addr.len;
    let (ap, lp) = (addr.ptr_mut() as usize, &mut len as *mut libc::socklen_t as usize);
    // SAFETY: room for `n` bytes and any address.
    let r = s.call(false, s.deadline(), |fd| unsafe {
        *(lp as *mut libc::socklen_t) = size_of::<libc::sockaddr_storage>() as libc::socklen_t;
        libc::recvfrom(fd, p as *mut libc::c_void, n, flags, ap as *mut libc::sockaddr, lp as *mut libc::socklen_t)
    })?;
    addr.len = len;
    Ok((r, addr.to_python()))
}
fn recvfrom(a: &[Value]) -> PyResult {
    let (n, f) = (size(a[1], "recvfrom")?, flags(a[2])?);
    let mut buf: Vec<u8> = Vec::with_capacity(n);
    let (r, addr) = recvfrom_raw(me(&a[0]), buf.as_mut_ptr() as usize, n, f)?;
    // SAFETY: as many bytes were written.
    unsafe { buf.set_len(r as usize) };
    Ok(tuple::of([bytes::from_vec(buf), addr]))
}
fn recvfrom_into(a: &[Value]) -> PyResult {
    let (b, n) = target(a[1], a[2], "recvfrom_into")?;
    let (r, addr) = recvfrom_raw(me(&a[0]), b.ptr as usize, n, flags(a[3])?)?;
    Ok(tuple::of([int::from_i64(r as i64), addr]))
}
fn send(a: &[Value]) -> PyResult {
    let b = buffer::get(a[1], 0)?;
    let (p, n, f) = (b.ptr as usize, b.len, flags(a[2])?);
    let s = me(&a[0]);
    // SAFETY: the exporter keeps its memory while the buffer is held.
    let r = s.call(true, s.deadline(), |fd| unsafe { libc::send(fd, p as *const libc::c_void, n, f) })?;
    Ok(int::from_i64(r as i64))
}
fn sendall(a: &[Value]) -> PyResult {
    let b = buffer::get(a[1], 0)?;
    let (mut p, mut n, f) = (b.ptr as usize, b.len, flags(a[2])?);
    let s = me(&a[0]);
    let end = s.deadline();
    while n > 0 {
        if end.is_some_and(|e| Instant::now() >= e) {
            return Err(timed_out());
        }
        // SAFETY: as above.
        let r = s.call(true, end, |fd| unsafe { libc::send(fd, p as *const libc::c_void, n, f) })? as usize;
        p += r;
        n -= r;
        vm::check_signals()?;
    }
    Ok(Ref::NONE)
}
fn sendto(a: &[Value]) -> PyResult {
    let (f, address) = if a[3].is_null() { (0, a[2]) } else { (int::to_i32(a[2])?, a[3]) };
    let s = me(&a[0]);
    let b = buffer::get(a[1], 0)?;
    let addr = Address::from_python(s.family.get(), address, "sendto")?;
    let (p, n, ap, al) = (b.ptr as usize, b.len, addr.ptr() as usize, addr.len);
    // SAFETY: as above; the address outlives the call.
    let r = s.call(true, s.deadline(), |fd| unsafe {
        libc::sendto(fd, p as *const libc::c_void, n, f, ap as *const libc::sockaddr, al)
    })?;
    Ok(int::from_i64(r as i64))
}

fn cmsg_space(n: usize) -> usize {
    // SAFETY: plain arithmetic.
    unsafe { libc::CMSG_SPACE(n as libc::c_uint) as usize }
}
fn sendmsg(a: &[Value]) -> PyResult {
    let s = me(&a[0]);
    let mut held = Vec::new();
    for o in protocol::to_vec(a[1])? {
        held.push(buffer::get(*o, 0)?);
    }
    let mut io: Vec<libc::iovec> =
        held.iter().map(|b| libc::iovec { iov_base: b.ptr as *mut libc::c_void, iov_len: b.len }).collect();
    let mut items = Vec::new();
    if !a[2].is_none_or_null() {
        for c in protocol::to_vec(a[2])? {
            let t = protocol::to_vec(*c)?;
            if t.len() != 3 {
                return err!(TypeError, "[sendmsg() ancillary data items] must be a sequence of 3 items");
            }
            items.push((int::to_i32(*t[0])?, int::to_i32(*t[1])?, buffer::to_vec(*t[2])?));
        }
    }
    let f = flags(a[3])?;
    let addr = if a[4].is_none_or_null() { None } else { Some(Address::from_python(s.family.get(), a[4], "sendmsg")?) };
    let total: usize = items.iter().map(|i| cmsg_space(i.2.len())).sum();
    // u64 for the alignment of the headers.
    let mut control = vec![0u64; total.div_ceil(8)];
    // SAFETY: plain data; the headers are written within the control buffer, whose size was computed for them.
    let mut msg: libc::msghdr = unsafe { std::mem::zeroed() };
    msg.msg_iov = io.as_mut_ptr();
    msg.msg_iovlen = io.len() as _;
    if let Some(ad) = &addr {
        msg.msg_name = ad.ptr() as *mut libc::c_void;
        msg.msg_namelen = ad.len;
    }
    if !items.is_empty() {
        msg.msg_control = control.as_mut_ptr() as *mut libc::c_void;
        msg.msg_controllen = total as _;
        unsafe {
            let mut h = libc::CMSG_FIRSTHDR(&msg);
            for (level, kind, data) in &items {
                if h.is_null() {
                    return err!(RuntimeError, "unexpected NULL result from CMSG_FIRSTHDR() or CMSG_NXTHDR()");
                }
                (*h).cmsg_level = *level;
                (*h).cmsg_type = *kind;
                (*h).cmsg_len = libc::CMSG_LEN(data.len() as libc::c_uint) as _;
                std::ptr::copy_nonoverlapping(data.as_ptr(), libc::CMSG_DATA(h), data.len());
                h = libc::CMSG_NXTHDR(&msg, h);
            }
        }
    }
    let p = &msg as *const libc::msghdr as usize;
    // SAFETY: everything the message points to outlives the call.
    let r = s.call(true, s.deadline(), |fd| unsafe { libc::sendmsg(fd, p as *const libc::msghdr, f) })?;
    Ok(int::from_i64(r as i64))
}
/// `recvmsg` into the vectors; gives length, ancillary data, flags, address.
fn recvmsg_raw(s: &PySocket, io: &mut [libc::iovec], ancillary: Value, f: i32) -> PyResult<(isize, Ref, i32, Ref)> {
    let room = if ancillary.is_null() { 0 } else { int::to_i64(ancillary)? };
    if room < 0 {
        return err!(ValueError, "invalid ancillary data buffer length");
    }
    let mut control = vec![0u64; (room as usize).div_ceil(8)];
    let mut addr = Address::empty();
    // SAFETY: plain data; the message points to memory that outlives the call.
    let mut msg: libc::msghdr = unsafe { std::mem::zeroed() };
    msg.msg_iov = io.as_mut_ptr();
    msg.msg_iovlen = io.len() as _;
    msg.msg_name = addr.ptr_mut() as *mut libc::c_void;
    msg.msg_namelen = addr.len;
    if room > 0 {
        msg.msg_control = control.as_mut_ptr() as *mut libc::c_void;
        msg.msg_controllen = room as _;
    }
    let p = &mut msg as *mut libc::msghdr as usize;
    // SAFETY: as above.
    let r = s.call(false, s.deadline(), |fd| unsafe {
        #[cfg(target_os = "linux")]
        let f = f | libc::MSG_CMSG_CLOEXEC;
        libc::recvmsg(fd, p as *mut libc::msghdr, f)
    })?;
    let mut items = Vec::new();
    if room > 0 {
        // SAFETY: headers that the system wrote, within the length it says.
        unsafe {
            let end = control.as_ptr() as usize + msg.msg_controllen as usize;
            let mut h = libc::CMSG_FIRSTHDR(&msg);
            while !h.is_null() {
                let data = libc::CMSG_DATA(h);
                let n = ((*h).cmsg_len as usize).saturating_sub(data as usize - h as usize).min(end.saturating_sub(data as usize));
                items.push(tuple::of([
                    int::from_i64((*h).cmsg_level as i64),
                    int::from_i64((*h).cmsg_type as i64),
                    bytes::new_bytes(std::slice::from_raw_parts(data, n)),
                ]));
                h = libc::CMSG_NXTHDR(&msg, h);
            }
        }
    }
    addr.len = msg.msg_namelen;
    #[allow(unused_mut)]
    let mut got = msg.msg_flags;
    #[cfg(target_os = "linux")]
    {
        got &= !libc::MSG_CMSG_CLOEXEC;
    }
    Ok((r, list::new_list(items), got, addr.to_python()))
}
fn recvmsg(a: &[Value]) -> PyResult {
    let n = int::to_i64(a[1])?;
    if n < 0 {
        return err!(ValueError, "negative buffer size in recvmsg()");
    }
    let mut buf = vec![0u8; n as usize];
    let mut io = [libc::iovec { iov_base: buf.as_mut_ptr() as *mut libc::c_void, iov_len: buf.len() }];
    let (r, items, got, addr) = recvmsg_raw(me(&a[0]), &mut io, a[2], flags(a[3])?)?;
    buf.truncate(r as usize);
    Ok(tuple::of([bytes::from_vec(buf), items, int::from_i64(got as i64), addr]))
}
fn recvmsg_into(a: &[Value]) -> PyResult {
    let mut held = Vec::new();
    for o in protocol::to_vec(a[1])? {
        held.push(buffer::get(*o, WRITABLE)?);
    }
    let mut io: Vec<libc::iovec> =
        held.iter().map(|b| libc::iovec { iov_base: b.ptr as *mut libc::c_void, iov_len: b.len }).collect();
    let (r, items, got, addr) = recvmsg_raw(me(&a[0]), &mut io, a[2], flags(a[3])?)?;
    Ok(tuple::of([int::from_i64(r as i64), items, int::from_i64(got as i64), addr]))
}

fn setblocking(a: &[Value]) -> PyResult {
    let on = protocol::is_true(a[1])?;
    let s = me(&a[0]);
    s.timeout.set(if on { -1.0 } else { 0.0 });
    set_nonblocking(s.fd.get(), !on)?;
    Ok(Ref::NONE)
}
/// A timeout argument in seconds; -1 for None.
fn timeout_arg(v: Value) -> PyResult<f64> {
    if v.is_none() {
        return Ok(-1.0);
    }
    let t = protocol::to_f64(v)?;
    if t.is_nan() {
        return err!(ValueError, "Invalid value NaN (not a number)");
    }
    if t < 0.0 {
        return err!(ValueError, "Timeout value out of range");
    }
    if t > 9.2e9 {
        return err!(OverflowError, "timeout doesn't fit into C timeval");
    }
    Ok(t)
}
fn settimeout(a: &[Value]) -> PyResult {
    let t = timeout_arg(a[1])?;
    let s = me(&a[0]);
    s.timeout.set(t);
    set_nonblocking(s.fd.get(), t >= 0.0)?;
    Ok(Ref::NONE)
}
fn timeout_value(t: f64) -> Ref {
    if t < 0.0 { Ref::NONE } else { float::from_f64(t) }
}
fn setsockopt(a: &[Value]) -> PyResult {
    let (s, level, name) = (me(&a[0]), int::to_i32(a[1])?, int::to_i32(a[2])?);
    // SAFETY: memory of the given length.
    let r = unsafe {
        if int::is_int(a[3]) {
            let v = int::to_i64(a[3])? as i32;
            libc::setsockopt(s.fd.get(), level, name, &v as *const i32 as *const libc::c_void, 4)
        } else if a[3].is_none() {
            if a[4].is_null() {
                return err!(TypeError, "socket option should be integer, bytes-like object or None");
            }
            libc::setsockopt(s.fd.get(), level, name, std::ptr::null(), int::to_i64(a[4])? as libc::socklen_t)
        } else {
            let b = buffer::to_vec(a[3])?;
            libc::setsockopt(s.fd.get(), level, name, b.as_ptr() as *const libc::c_void, b.len() as libc::socklen_t)
        }
    };
    crate::posix::check(r)
}
fn getsockopt(a: &[Value]) -> PyResult {
    let (s, level, name) = (me(&a[0]), int::to_i32(a[1])?, int::to_i32(a[2])?);
    let n = flags(a[3])?;
    if n == 0 {
        return Ok(int::from_i64(option_int(s.fd.get(), level, name)? as i64));
    }
    if !(0..=1024).contains(&n) {
        return err!(OSError, "getsockopt buflen out of range");
    }
    let mut buf = vec![0u8; n as usize];
    let mut len = n as libc::socklen_t;
    // SAFETY: a buffer of the given length.
    if unsafe { libc::getsockopt(s.fd.get(), level, name, buf.as_mut_ptr() as *mut libc::c_void, &mut len) } < 0 {
        return Err(os_err());
    }
    buf.truncate(len as usize);
    Ok(bytes::from_vec(buf))
}

pub static SOCKET_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_socket.socket",
    doc: "socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket object",
    flags: TypeFlags::BASETYPE,
    slots: Slots { new: Some(new), init: Some(init), repr: Some(repr), finalize: Some(finalize), ..Slots::of::<PySocket>() },
    members: &[
        MemberDef::ro("family", "the socket family", |v| Ok(int::from_i64(me(&v).family.get() as i64))),
        MemberDef::ro("type", "the socket type", |v| Ok(int::from_i64(me(&v).kind.get() as i64))),
        MemberDef::ro("proto", "the socket protocol", |v| Ok(int::from_i64(me(&v).proto.get() as i64))),
    ],
    getset: &[GetSetDef::ro("timeout", "the socket timeout", |v| Ok(timeout_value(me(&v).timeout.get())))],
    methods: &[
        MethodDef::new("_accept($self, /)", "Waits for a connection; gives descriptor and address.", accept),
        MethodDef::new("bind($self, address, /)", "Gives the socket an address.", bind),
        MethodDef::new("close($self, /)", "Closes the socket.", close),
        MethodDef::new("connect($self, address, /)", "Connects to an address.", connect),
        MethodDef::new("connect_ex($self, address, /)", "As connect(), giving an error number.", connect_ex),
        MethodDef::new("detach($self, /)", "Gives the descriptor away.", |a| Ok(int::from_i64(me(&a[0]).fd.replace(-1) as i64))),
        MethodDef::new("fileno($self, /)", "The descriptor.", |a| Ok(int::from_i64(me(&a[0]).fd.get() as i64))),
        MethodDef::new("getpeername($self, /)", "The other end's address.", |a| name_of(me(&a[0]), libc::getpeername)),
        MethodDef::new("getsockname($self, /)", "The socket's address.", |a| name_of(me(&a[0]), libc::getsockname)),
        MethodDef::new("getsockopt($self, level, option, buffersize=0, /)", "An option.", getsockopt),
        MethodDef::new("setsockopt($self, level, option, value, optlen=0, /)", "Sets an option.", setsockopt),
        MethodDef::new("getblocking($self, /)", "Whether operations wait.", |a| Ok(Ref::bool(me(&a[0]).timeout.get() != 0.0))),
        MethodDef::new("setblocking($self, flag, /)", "Whether operations are to wait.", setblocking),
        MethodDef::new("gettimeout($self, /)", "The time limit of operations.", |a| Ok(timeout_value(me(&a[0]).timeout.get()))),
        MethodDef::new("settimeout($self, timeout, /)", "Sets the time limit of operations.", settimeout),
        MethodDef::new("listen($self, backlog=128, /)", "Lets others connect.", listen),
        MethodDef::new("recv($self, bufsize, flags=0, /)", "Receives bytes.", recv),
        MethodDef::new("recv_into($self, buffer, nbytes=0, flags=0)", "Receives bytes into a buffer.", recv_into),
        MethodDef::new("recvfrom($self, bufsize, flags=0, /)", "Receives bytes and the sender's address.", recvfrom),
        MethodDef::new("recvfrom_into($self, buffer, nbytes=0, flags=0)", "Receives bytes into a buffer, and the sender's address.", recvfrom_into),
        MethodDef::new("recvmsg($self, bufsize, ancbufsize=0, flags=0, /)", "Receives bytes and ancillary data.", recvmsg),
        MethodDef::new("recvmsg_into($self, buffers, ancbufsize=0, flags=0, /)", "Receives into buffers, with ancillary data.", recvmsg_into),
        MethodDef::new("send($self, data, flags=0, /)", "Sends bytes; gives how many.", send),
        MethodDef::new("sendall($self, data, flags=0, /)", "Sends all bytes.", sendall),
        MethodDef::new("sendto($self, data, flags_or_address, address=None, /)", "Sends bytes to an address.", sendto),
        MethodDef::new("sendmsg($self, buffers, ancdata=(), flags=0, address=None, /)", "Sends buffers and ancillary data.", sendmsg),
        MethodDef::new("shutdown($self, how, /)", "Ends one or both directions.", |a| {
            let how = int::to_i32(a[1])?;
            // SAFETY: plain call.
            crate::posix::check(unsafe { libc::shutdown(me(&a[0]).fd.get(), how) })
        }),
    ],
    ..TypeSpec::of::<PySocket>()
});

fn socketpair(a: &[Value]) -> PyResult {
    let n = |v: Value, d: i32| if v.is_null() { Ok(d) } else { int::to_i32(v) };
    let (family, kind, proto) = (n(a[0], libc::AF_UNIX)?, n(a[1], libc::SOCK_STREAM)?, n(a[2], 0)?);
    let mut fds = [0i32; 2];
    // SAFETY: room for two descriptors.
    if unsafe { libc::socketpair(family, kind, proto, fds.as_mut_ptr()) } < 0 {
        return Err(os_err());
    }
    let make = |fd: i32| {
        cloexec(fd);
        let r = new(&SOCKET_TYPE, &[], Value::NULL)?;
        let s = me(&r);
        s.fd.set(fd);
        s.family.set(family);
        s.kind.set(kind);
        s.proto.set(proto);
        if s.timeout.get() >= 0.0 {
            set_nonblocking(fd, true)?;
        }
        Ok(r)
    };
    Ok(tuple::of([make(fds[0])?, make(fds[1])?]))
}

pub const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new("socketpair($module, family=AF_UNIX, type=SOCK_STREAM, proto=0, /)", "A pair of connected sockets.", socketpair),
    MethodDef::new("close($module, fd, /)", "Closes a socket's descriptor.", |a| {
        let fd = int::to_i32(a[0])?;
        // SAFETY: the descriptor belongs to the program.
        let r = vm::allow_threads(|| unsafe { libc::close(fd) });
        if r < 0 && errno() != libc::ECONNRESET { Err(os_err()) } else { Ok(Ref::NONE) }
    }),
    MethodDef::new("dup($module, fd, /)", "A copy of a socket's descriptor.", |a| {
        let fd = int::to_i32(a[0])?;
        // SAFETY: plain call.
        let r = unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0) };
        if r < 0 { Err(os_err()) } else { Ok(int::from_i64(r as i64)) }
    }),
    MethodDef::new("getdefaulttimeout($module, /)", "The time limit of new sockets.", |_| Ok(timeout_value(default_timeout()))),
    MethodDef::new("setdefaulttimeout($module, timeout, /)", "Sets the time limit of new sockets.", |a| {
        let t = timeout_arg(a[0])?;
        DEFAULT_TIMEOUT.store(t.to_bits(), std::sync::atomic::Ordering::Relaxed);
        Ok(Ref::NONE)
    }),
    MethodDef::new("CMSG_LEN($module, length, /)", "Length of an ancillary item with some data.", |a| {
        let n = int::to_i64(a[0])?;
        if !(0..0x7fff_0000).contains(&n) {
            return err!(OverflowError, "CMSG_LEN() argument out of range");
        }
        // SAFETY: plain arithmetic.
        Ok(int::from_i64(unsafe { libc::CMSG_LEN(n as libc::c_uint) } as i64))
    }),
    MethodDef::new("CMSG_SPACE($module, length, /)", "Room for an ancillary item with some data.", |a| {
        let n = int::to_i64(a[0])?;
        if !(0..0x7fff_0000).contains(&n) {
            return err!(OverflowError, "CMSG_SPACE() argument out of range");
        }
        Ok(int::from_usize(cmsg_space(n as usize)))
    }),
];
