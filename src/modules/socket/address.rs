//! Addresses of sockets, as Python shows them and as the system wants them.

use std::net::{Ipv4Addr, Ipv6Addr};
use taipan_objects::err::PyResult;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{buffer, bytes, codecs, err, int, strings, tuple};

/// Storage for any address.
pub struct Address {
    pub storage: libc::sockaddr_storage,
    pub len: libc::socklen_t,
}

impl Address {
    pub fn empty() -> Address {
        // SAFETY: plain data.
        Address { storage: unsafe { std::mem::zeroed() }, len: size_of::<libc::sockaddr_storage>() as libc::socklen_t }
    }
    fn of<T>(a: T) -> Address {
        let mut out = Address::empty();
        assert!(size_of::<T>() <= size_of::<libc::sockaddr_storage>());
        // SAFETY: the storage is large and aligned enough for every kind of address.
        unsafe { (&mut out.storage as *mut libc::sockaddr_storage as *mut T).write(a) };
        out.len = size_of::<T>() as libc::socklen_t;
        out
    }
    pub fn ptr(&self) -> *const libc::sockaddr {
        &self.storage as *const libc::sockaddr_storage as *const libc::sockaddr
    }
    pub fn ptr_mut(&mut self) -> *mut libc::sockaddr {
        &mut self.storage as *mut libc::sockaddr_storage as *mut libc::sockaddr
    }
    pub fn v4(ip: Ipv4Addr, port: u16) -> Address {
        // SAFETY: plain data.
        let mut a: libc::sockaddr_in = unsafe { std::mem::zeroed() };
        a.sin_family = libc::AF_INET as _;
        a.sin_port = port.to_be();
        a.sin_addr.s_addr = u32::from_ne_bytes(ip.octets());
        Address::of(a)
    }
    pub fn v6(ip: Ipv6Addr, port: u16, flow: u32, scope: u32) -> Address {
        // SAFETY: plain data.
        let mut a: libc::sockaddr_in6 = unsafe { std::mem::zeroed() };
        a.sin6_family = libc::AF_INET6 as _;
        a.sin6_port = port.to_be();
        a.sin6_flowinfo = flow.to_be();
        a.sin6_scope_id = scope;
        a.sin6_addr.s6_addr = ip.octets();
        Address::of(a)
    }

    /// The address as Python shows it.
    pub fn to_python(&self) -> Ref {
        if self.len == 0 {
            return Ref::NONE;
        }
        match self.storage.ss_family as i32 {
            libc::AF_INET => {
                // SAFETY: the family tells the layout.
                let a = unsafe { &*(self.ptr() as *const libc::sockaddr_in) };
                let ip = Ipv4Addr::from(a.sin_addr.s_addr.to_ne_bytes());
                tuple::of([strings::new_str(&ip.to_string()), int::from_i64(u16::from_be(a.sin_port) as i64)])
            }
            libc::AF_INET6 => {
                // SAFETY: as above.
                let a = unsafe { &*(self.ptr() as *const libc::sockaddr_in6) };
                let ip = Ipv6Addr::from(a.sin6_addr.s6_addr);
                tuple::of([
                    strings::new_str(&ip.to_string()),
                    int::from_i64(u16::from_be(a.sin6_port) as i64),
                    int::from_i64(u32::from_be(a.sin6_flowinfo) as i64),
                    int::from_i64(a.sin6_scope_id as i64),
                ])
            }
            libc::AF_UNIX => {
                // SAFETY: as above.
                let a = unsafe { &*(self.ptr() as *const libc::sockaddr_un) };
                let head = std::mem::offset_of!(libc::sockaddr_un, sun_path);
                let n = (self.len as usize).saturating_sub(head).min(a.sun_path.len());
                let path: Vec<u8> = a.sun_path[..n].iter().map(|c| *c as u8).collect();
                if path.first() == Some(&0) {
                    return bytes::from_vec(path);
                }
                let end = path.iter().position(|b| *b == 0).unwrap_or(path.len());
                codecs::fs_decode(&path[..end])
            }
            family => {
                // SAFETY: bytes of the storage.
                let raw = unsafe { std::slice::from_raw_parts(self.ptr() as *const u8, (self.len as usize).min(128)) };
                tuple::of([int::from_i64(family as i64), bytes::new_bytes(&raw[2.min(raw.len())..])])
            }
        }
    }

    /// The address for a socket of this family; `what` names the function in messages.
    pub fn from_python(family: i32, v: Value, what: &str) -> PyResult<Address> {
        match family {
            libc::AF_UNIX => unix(v),
            libc::AF_INET => {
                let t = parts(v, "AF_INET", what)?;
                if t.len() != 2 {
                    return err!(TypeError, "{what}(): AF_INET address must be a pair (host, port)");
                }
                let host = host_name(t[0])?;
                let mut a = resolve(&host, family)?.unwrap_or_else(|| Address::v4(Ipv4Addr::UNSPECIFIED, 0));
                a.set_port(port(t[1], what)?);
                Ok(a)
            }
            libc::AF_INET6 => {
                let t = parts(v, "AF_INET6", what)?;
                if t.len() < 2 || t.len() > 4 {
                    return err!(TypeError, "{what}(): AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])");
                }
                let host = host_name(t[0])?;
                let mut a = resolve(&host, family)?.unwrap_or_else(|| Address::v6(Ipv6Addr::UNSPECIFIED, 0, 0, 0));
                a.set_port(port(t[1], what)?);
                let flow = if t.len() > 2 { int::to_i64(t[2])? } else { 0 };
                if !(0..=0xfffff).contains(&flow) {
                    return err!(OverflowError, "{what}(): flowinfo must be 0-1048575.");
                }
                let scope = if t.len() > 3 { int::to_i64(t[3])? as u32 } else { 0 };
                // SAFETY: an IPv6 address.
                let s = unsafe { &mut *(a.ptr_mut() as *mut libc::sockaddr_in6) };
                s.sin6_flowinfo = (flow as u32).to_be();
                if t.len() > 3 {
                    s.sin6_scope_id = scope;
                }
                Ok(a)
            }
            _ => err!(OSError, "{what}(): bad family"),
        }
    }
    fn set_port(&mut self, port: u16) {
        // SAFETY: the port stands at the same place in both kinds of internet address.
        unsafe { (*(self.ptr_mut() as *mut libc::sockaddr_in)).sin_port = port.to_be() };
    }
}

fn parts(v: Value, family: &str, what: &str) -> PyResult<&'static [Value]> {
    if !tuple::is_tuple(v) {
        return err!(TypeError, "{what}(): {family} address must be tuple, not {}", v.type_name());
    }
    Ok(tuple::as_slice(v))
}
fn port(v: Value, what: &str) -> PyResult<u16> {
    if !int::is_int(v) && v.ty().slots().index.is_none() {
        return err!(TypeError, "'{}' object cannot be interpreted as an integer", v.type_name());
    }
    match u16::try_from(int::to_i64(v).unwrap_or(-1)) {
        Ok(p) => Ok(p),
        Err(_) => {
            drop(taipan_objects::vm::vm().take_pending());
            err!(OverflowError, "{what}(): port must be 0-65535.")
        }
    }
}
/// A host name argument: str (by IDNA if need be) or bytes.
pub fn host_name(v: Value) -> PyResult<Vec<u8>> {
    if let Some(s) = strings::as_str(&v) {
        if let Some(t) = s.as_ascii() {
            return Ok(t.as_bytes().to_vec());
        }
        let b = codecs::encode_str(v, Some("idna"), None)?;
        return buffer::to_vec(*b);
    }
    if bytes::is_bytes(v) || v.ty().slots().get_buffer.is_some() {
        return buffer::to_vec(v);
    }
    err!(TypeError, "str, bytes or bytearray expected, not {}", v.type_name())
}

fn unix(v: Value) -> PyResult<Address> {
    let path = if strings::is_str(v) { codecs::fs_encode(v)? } else { buffer::to_vec(v)? };
    // SAFETY: plain data.
    let mut a: libc::sockaddr_un = unsafe { std::mem::zeroed() };
    let abstract_name = cfg!(target_os = "linux") && path.first() == Some(&0);
    let room = a.sun_path.len() - !abstract_name as usize;
    if path.len() > room {
        return err!(OSError, "AF_UNIX path too long");
    }
    if !abstract_name && path.contains(&0) {
        return err!(ValueError, "embedded null byte");
    }
    a.sun_family = libc::AF_UNIX as _;
    for (to, from) in a.sun_path.iter_mut().zip(&path) {
        *to = *from as libc::c_char;
    }
    let len = std::mem::offset_of!(libc::sockaddr_un, sun_path) + path.len() + !abstract_name as usize;
    let mut out = Address::of(a);
    out.len = len as libc::socklen_t;
    Ok(out)
}

/// The first address of a host name; `None` for the empty one.
pub fn resolve(host: &[u8], family: i32) -> PyResult<Option<Address>> {
    if host.is_empty() {
        return Ok(None);
    }
    if host == b"<broadcast>" && family != libc::AF_INET6 {
        return Ok(Some(Address::v4(Ipv4Addr::BROADCAST, 0)));
    }
    if let Ok(t) = std::str::from_utf8(host) {
        if family != libc::AF_INET6
            && let Ok(ip) = t.parse::<Ipv4Addr>()
        {
            return Ok(Some(Address::v4(ip, 0)));
        }
        if family != libc::AF_INET
            && let Ok(ip) = t.parse::<Ipv6Addr>()
        {
            return Ok(Some(Address::v6(ip, 0, 0, 0)));
        }
    }
    let found = super::lookup::addresses(Some(host), None, family, 0, 0, 0)?;
    Ok(found.into_iter().next().map(|f| f.address))
}
