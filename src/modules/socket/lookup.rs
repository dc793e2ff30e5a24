//! Names of hosts and services.

use super::address::{Address, host_name, resolve};
use super::lookup_error;
use crate::posix::os_err;
use std::ffi::{CStr, CString};
use std::net::{Ipv4Addr, Ipv6Addr};
use taipan_objects::err::PyResult;
use taipan_objects::native::MethodDef;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{buffer, bytes, codecs, err, int, list, protocol, strings, tuple, vm};

/// One result of `getaddrinfo`.
pub struct Found {
    pub family: i32,
    pub kind: i32,
    pub protocol: i32,
    pub name: Ref,
    pub address: Address,
}

/// The pointer that `getaddrinfo` gives, freed on drop.
struct List(*mut libc::addrinfo);
impl Drop for List {
    fn drop(&mut self) {
        if !self.0.is_null() {
            // SAFETY: from getaddrinfo.
            unsafe { libc::freeaddrinfo(self.0) };
        }
    }
}

fn c_string(b: &[u8]) -> PyResult<CString> {
    match CString::new(b) {
        Ok(c) => Ok(c),
        Err(_) => err!(ValueError, "embedded null byte"),
    }
}
fn gai_error(e: i32) -> taipan_objects::err::Raised {
    if e == libc::EAI_SYSTEM {
        return os_err();
    }
    // SAFETY: gives a C string that lives for ever.
    let text = unsafe { CStr::from_ptr(libc::gai_strerror(e)) }.to_string_lossy().into_owned();
    lookup_error(1, e, &text)
}

/// `getaddrinfo` of the system.
pub fn addresses(host: Option<&[u8]>, service: Option<&[u8]>, family: i32, kind: i32, protocol: i32, flags: i32) -> PyResult<Vec<Found>> {
    let host = host.map(c_string).transpose()?;
    let service = service.map(c_string).transpose()?;
    // SAFETY: plain data.
    let mut hints: libc::addrinfo = unsafe { std::mem::zeroed() };
    hints.ai_family = family;
    hints.ai_socktype = kind;
    hints.ai_protocol = protocol;
    hints.ai_flags = flags;
    let mut out = List(std::ptr::null_mut());
    let (h, s) = (host.as_ref().map_or(0, |c| c.as_ptr() as usize), service.as_ref().map_or(0, |c| c.as_ptr() as usize));
    let (hp, op) = (&hints as *const libc::addrinfo as usize, &mut out.0 as *mut *mut libc::addrinfo as usize);
    // SAFETY: everything pointed to outlives the call.
    let e = vm::allow_threads(|| unsafe {
        libc::getaddrinfo(
            h as *const libc::c_char,
            s as *const libc::c_char,
            hp as *const libc::addrinfo,
            op as *mut *mut libc::addrinfo,
        )
    });
    if e != 0 {
        return Err(gai_error(e));
    }
    let mut all = Vec::new();
    let mut at = out.0;
    while !at.is_null() {
        // SAFETY: a node of the list; addresses have the length said.
        unsafe {
            let n = &*at;
            let mut address = Address::empty();
            let len = (n.ai_addrlen as usize).min(size_of::<libc::sockaddr_storage>());
            std::ptr::copy_nonoverlapping(n.ai_addr as *const u8, address.ptr_mut() as *mut u8, len);
            address.len = len as libc::socklen_t;
            let name = if n.ai_canonname.is_null() {
                strings::empty()
            } else {
                codecs::fs_decode(CStr::from_ptr(n.ai_canonname).to_bytes())
            };
            all.push(Found { family: n.ai_family, kind: n.ai_socktype, protocol: n.ai_protocol, name, address });
            at = n.ai_next;
        }
    }
    Ok(all)
}

fn number_or(v: Value, default: i32) -> PyResult<i32> {
    if v.is_null() { Ok(default) } else { int::to_i32(v) }
}

fn getaddrinfo(a: &[Value]) -> PyResult {
    let host = if a[0].is_none() {
        None
    } else if strings::is_str(a[0]) || bytes::is_bytes(a[0]) {
        Some(host_name(a[0])?)
    } else {
        return err!(TypeError, "getaddrinfo() argument 1 must be string or None");
    };
    let service = if a[1].is_none() {
        None
    } else if int::is_int(a[1]) {
        Some(protocol::str_text(a[1])?.into_bytes())
    } else if strings::is_str(a[1]) {
        Some(codecs::fs_encode(a[1])?)
    } else if bytes::is_bytes(a[1]) {
        Some(buffer::to_vec(a[1])?)
    } else {
        return err!(OSError, "Int or String expected");
    };
    let (family, kind, proto, flags) = (number_or(a[2], 0)?, number_or(a[3], 0)?, number_or(a[4], 0)?, number_or(a[5], 0)?);
    let found = addresses(host.as_deref(), service.as_deref(), family, kind, proto, flags)?;
    let n = |i: i32| int::from_i64(i as i64);
    Ok(list::new_list(
        found.into_iter().map(|f| tuple::of([n(f.family), n(f.kind), n(f.protocol), f.name, f.address.to_python()])).collect(),
    ))
}

fn getnameinfo(a: &[Value]) -> PyResult {
    if !tuple::is_tuple(a[0]) {
        return err!(TypeError, "getnameinfo() argument 1 must be a tuple");
    }
    let t = tuple::as_slice(a[0]);
    if t.len() < 2 || t.len() > 4 || !strings::is_str(t[0]) {
        return err!(TypeError, "getnameinfo(): illegal sockaddr argument");
    }
    let flags = int::to_i32(a[1])?;
    let port = protocol::str_text(t[1])?;
    let host = host_name(t[0])?;
    let found = addresses(Some(&host), Some(port.as_bytes()), libc::AF_UNSPEC, libc::SOCK_DGRAM, 0, libc::AI_NUMERICHOST)?;
    if found.len() > 1 {
        return err!(OSError, "sockaddr resolved to multiple addresses");
    }
    let Some(f) = found.into_iter().next() else { return err!(OSError, "sockaddr resolved to no address") };
    let (mut h, mut s) = ([0u8; 1025], [0u8; 32]);
    let (hp, sp) = (h.as_mut_ptr() as usize, s.as_mut_ptr() as usize);
    let (ap, al) = (f.address.ptr() as usize, f.address.len);
    // SAFETY: buffers of the given lengths.
    let e = vm::allow_threads(|| unsafe {
        libc::getnameinfo(ap as *const libc::sockaddr, al, hp as *mut libc::c_char, 1025, sp as *mut libc::c_char, 32, flags)
    });
    if e != 0 {
        return Err(gai_error(e));
    }
    let text = |b: &[u8]| codecs::fs_decode(&b[..b.iter().position(|c| *c == 0).unwrap_or(0)]);
    Ok(tuple::of([text(&h), text(&s)]))
}

fn ip_text(a: &Address) -> Ref {
    let t = a.to_python();
    tuple::as_slice(*t)[0].to_ref()
}
fn gethostbyname(a: &[Value]) -> PyResult {
    let host = host_name(a[0])?;
    match resolve(&host, libc::AF_INET)? {
        Some(r) => Ok(ip_text(&r)),
        None => Ok(strings::new_str("0.0.0.0")),
    }
}
fn gethostbyname_ex(a: &[Value]) -> PyResult {
    let host = host_name(a[0])?;
    let found = addresses(Some(&host), None, libc::AF_INET, libc::SOCK_STREAM, 0, libc::AI_CANONNAME)?;
    let name = match found.first() {
        Some(f) if strings::expect(*f.name).len() > 0 => f.name.clone(),
        _ => codecs::fs_decode(&host),
    };
    let all = found.iter().map(|f| ip_text(&f.address)).collect();
    Ok(tuple::of([name, list::new_list(vec![]), list::new_list(all)]))
}
fn gethostbyaddr(a: &[Value]) -> PyResult {
    let host = host_name(a[0])?;
    let Some(r) = resolve(&host, libc::AF_UNSPEC)? else { return Err(lookup_error(0, 1, "Unknown host")) };
    let mut h = [0u8; 1025];
    let (hp, ap, al) = (h.as_mut_ptr() as usize, r.ptr() as usize, r.len);
    // SAFETY: a buffer of the given length.
    let e = vm::allow_threads(|| unsafe {
        libc::getnameinfo(ap as *const libc::sockaddr, al, hp as *mut libc::c_char, 1025, std::ptr::null_mut(), 0, libc::NI_NAMEREQD)
    });
    if e != 0 {
        return Err(lookup_error(0, 1, "Unknown host"));
    }
    let name = codecs::fs_decode(&h[..h.iter().position(|c| *c == 0).unwrap_or(0)]);
    Ok(tuple::of([name, list::new_list(vec![]), list::new_list(vec![ip_text(&r)])]))
}

fn optional_name(v: Value) -> PyResult<Option<CString>> {
    if v.is_null() { Ok(None) } else { c_string(strings::to_text(v, "name")?.as_bytes()).map(Some) }
}
fn getservbyname(a: &[Value]) -> PyResult {
    let name = c_string(strings::to_text(a[0], "getservbyname() argument 1")?.as_bytes())?;
    let proto = optional_name(a[1])?;
    // SAFETY: C strings; the entry is read at once.
    unsafe {
        let s = libc::getservbyname(name.as_ptr(), proto.as_ref().map_or(std::ptr::null(), |p| p.as_ptr()));
        if s.is_null() {
            return err!(OSError, "service/proto not found");
        }
        Ok(int::from_i64(u16::from_be((*s).s_port as u16) as i64))
    }
}
fn getservbyport(a: &[Value]) -> PyResult {
    let port = int::to_i64(a[0])?;
    if !(0..=0xffff).contains(&port) {
        return err!(OverflowError, "getservbyport: port must be 0-65535.");
    }
    let proto = optional_name(a[1])?;
    // SAFETY: as above.
    unsafe {
        let s = libc::getservbyport((port as u16).to_be() as i32, proto.as_ref().map_or(std::ptr::null(), |p| p.as_ptr()));
        if s.is_null() {
            return err!(OSError, "port/proto not found");
        }
        Ok(codecs::fs_decode(CStr::from_ptr((*s).s_name).to_bytes()))
    }
}
fn getprotobyname(a: &[Value]) -> PyResult {
    let name = c_string(strings::to_text(a[0], "getprotobyname() argument")?.as_bytes())?;
    // SAFETY: as above.
    unsafe {
        let p = libc::getprotobyname(name.as_ptr());
        if p.is_null() {
            return err!(OSError, "protocol not found");
        }
        Ok(int::from_i64((*p).p_proto as i64))
    }
}
fn short(a: &[Value], name: &str, f: fn(u16) -> u16) -> PyResult {
    let i = int::to_i64(a[0])?;
    if i < 0 {
        return err!(OverflowError, "{name}: can't convert negative Python int to C 16-bit unsigned integer");
    }
    if i > 0xffff {
        return err!(OverflowError, "{name}: Python int too large to convert to C 16-bit unsigned integer");
    }
    Ok(int::from_i64(f(i as u16) as i64))
}
fn long(a: &[Value], f: fn(u32) -> u32) -> PyResult {
    let i = int::to_i64(a[0])?;
    if i < 0 {
        return err!(OverflowError, "can't convert negative value to unsigned int");
    }
    if i > u32::MAX as i64 {
        return err!(OverflowError, "Python int too large to convert to C unsigned long");
    }
    Ok(int::from_i64(f(i as u32) as i64))
}
fn inet_aton(a: &[Value]) -> PyResult {
    let text = c_string(strings::to_text(a[0], "inet_aton() argument")?.as_bytes())?;
    unsafe extern "C" {
        fn inet_aton(cp: *const libc::c_char, inp: *mut libc::in_addr) -> libc::c_int;
    }
    // SAFETY: a C string and room for the address.
    unsafe {
        let mut out: libc::in_addr = std::mem::zeroed();
        if inet_aton(text.as_ptr(), &mut out) == 0 {
            return err!(OSError, "illegal IP address string passed to inet_aton");
        }
        Ok(bytes::new_bytes(&out.s_addr.to_ne_bytes()))
    }
}
fn inet_ntoa(a: &[Value]) -> PyResult {
    match <[u8; 4]>::try_from(buffer::to_vec(a[0])?) {
        Ok(b) => Ok(strings::new_str(&Ipv4Addr::from(b).to_string())),
        Err(_) => err!(OSError, "packed IP wrong length"),
    }
}
fn inet_pton(a: &[Value]) -> PyResult {
    let family = int::to_i32(a[0])?;
    let text = strings::to_text(a[1], "inet_pton() argument 2")?;
    let packed = match family {
        libc::AF_INET => text.parse::<Ipv4Addr>().map(|i| i.octets().to_vec()).ok(),
        libc::AF_INET6 => text.parse::<Ipv6Addr>().map(|i| i.octets().to_vec()).ok(),
        _ => return Err(taipan_objects::exceptions::os_error(libc::EAFNOSUPPORT, None, None)),
    };
    match packed {
        Some(p) => Ok(bytes::from_vec(p)),
        None => err!(OSError, "illegal IP address string passed to inet_pton"),
    }
}
fn inet_ntop(a: &[Value]) -> PyResult {
    let family = int::to_i32(a[0])?;
    let b = buffer::to_vec(a[1])?;
    match family {
        libc::AF_INET => match <[u8; 4]>::try_from(b) {
            Ok(b) => Ok(strings::new_str(&Ipv4Addr::from(b).to_string())),
            Err(_) => err!(ValueError, "invalid length of packed IP address string"),
        },
        libc::AF_INET6 => match <[u8; 16]>::try_from(b) {
            Ok(b) => Ok(strings::new_str(&Ipv6Addr::from(b).to_string())),
            Err(_) => err!(ValueError, "invalid length of packed IP address string"),
        },
        _ => err!(ValueError, "unknown address family {family}"),
    }
}
fn if_nameindex(_: &[Value]) -> PyResult {
    let mut all = Vec::new();
    // SAFETY: the list ends with a zero index and is freed at the end.
    unsafe {
        let list = libc::if_nameindex();
        if list.is_null() {
            return Err(os_err());
        }
        let mut at = list;
        while (*at).if_index != 0 && !(*at).if_name.is_null() {
            let name = codecs::fs_decode(CStr::from_ptr((*at).if_name).to_bytes());
            all.push(tuple::of([int::from_i64((*at).if_index as i64), name]));
            at = at.add(1);
        }
        libc::if_freenameindex(list);
    }
    Ok(list::new_list(all))
}

pub const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new("getaddrinfo($module, host, port, family=0, type=0, proto=0, flags=0)", "Addresses for a host and a service.", getaddrinfo),
    MethodDef::new("getnameinfo($module, sockaddr, flags, /)", "Host and service for an address.", getnameinfo),
    MethodDef::new("gethostbyname($module, host, /)", "The IP address of a host.", gethostbyname),
    MethodDef::new("gethostbyname_ex($module, host, /)", "Name, aliases and addresses of a host.", gethostbyname_ex),
    MethodDef::new("gethostbyaddr($module, host, /)", "Name, aliases and addresses of a host by its address.", gethostbyaddr),
    MethodDef::new("gethostname($module, /)", "This machine's name.", |_| {
        let mut b = [0u8; 1025];
        // SAFETY: a buffer of the given length.
        if unsafe { libc::gethostname(b.as_mut_ptr() as *mut libc::c_char, 1024) } != 0 {
            return Err(os_err());
        }
        Ok(codecs::fs_decode(&b[..b.iter().position(|c| *c == 0).unwrap_or(0)]))
    }),
    MethodDef::new("sethostname($module, name, /)", "Sets this machine's name.", |a| {
        let n = crate::posix::fs_bytes(a[0])?;
        // SAFETY: a name of the given length.
        crate::posix::check(unsafe { libc::sethostname(n.as_ptr() as *const libc::c_char, n.len() as _) })
    }),
    MethodDef::new("getservbyname($module, servicename, protocolname=None, /)", "The port of a service.", getservbyname),
    MethodDef::new("getservbyport($module, port, protocolname=None, /)", "The service of a port.", getservbyport),
    MethodDef::new("getprotobyname($module, name, /)", "The number of a protocol.", getprotobyname),
    MethodDef::new("htons($module, integer, /)", "16 bits in network order.", |a| short(a, "htons", u16::to_be)),
    MethodDef::new("ntohs($module, integer, /)", "16 bits from network order.", |a| short(a, "ntohs", u16::from_be)),
    MethodDef::new("htonl($module, integer, /)", "32 bits in network order.", |a| long(a, u32::to_be)),
    MethodDef::new("ntohl($module, integer, /)", "32 bits from network order.", |a| long(a, u32::from_be)),
    MethodDef::new("inet_aton($module, ip_addr, /)", "An IPv4 address as bytes.", inet_aton),
    MethodDef::new("inet_ntoa($module, packed_ip, /)", "Bytes as an IPv4 address.", inet_ntoa),
    MethodDef::new("inet_pton($module, af, ip, /)", "An address as bytes.", inet_pton),
    MethodDef::new("inet_ntop($module, af, packed_ip, /)", "Bytes as an address.", inet_ntop),
    MethodDef::new("if_nameindex($module, /)", "Numbers and names of network interfaces.", if_nameindex),
    MethodDef::new("if_nametoindex($module, oname, /)", "The number of a network interface.", |a| {
        let n = c_string(&crate::posix::fs_bytes(a[0])?)?;
        // SAFETY: a C string.
        match unsafe { libc::if_nametoindex(n.as_ptr()) } {
            0 => err!(OSError, "no interface with this name"),
            i => Ok(int::from_i64(i as i64)),
        }
    }),
    MethodDef::new("if_indextoname($module, if_index, /)", "The name of a network interface.", |a| {
        let i = int::to_i64(a[0])?;
        let mut b = [0u8; 64];
        // SAFETY: a buffer larger than any such name.
        if unsafe { libc::if_indextoname(i as libc::c_uint, b.as_mut_ptr() as *mut libc::c_char) }.is_null() {
            return Err(os_err());
        }
        Ok(codecs::fs_decode(&b[..b.iter().position(|c| *c == 0).unwrap_or(0)]))
    }),
];
