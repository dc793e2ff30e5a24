//! Path arguments, and functions on paths as text.

use std::ffi::CString;
use taipan_objects::err::PyResult;
use taipan_objects::native::MethodDef;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{bytes, codecs, err, exceptions, int, protocol, strings, tuple};

/// A path given as str, bytes, os.PathLike, or (if allowed) a file descriptor.
pub struct PathArg {
    pub path: CString,
    pub fd: Option<i32>,
    /// What was given, for error messages and the type of results.
    pub object: Ref,
    pub is_bytes: bool,
}

/// How a function takes its path.
#[derive(Clone, Copy)]
pub struct PathOptions {
    pub function: &'static str,
    pub argument: &'static str,
    pub nullable: bool,
    pub fd: bool,
}
impl PathOptions {
    pub const fn new(function: &'static str) -> PathOptions {
        PathOptions { function, argument: "path", nullable: false, fd: false }
    }
    pub const fn argument(mut self, a: &'static str) -> PathOptions {
        self.argument = a;
        self
    }
    pub const fn or_fd(mut self) -> PathOptions {
        self.fd = true;
        self
    }
    pub const fn or_none(mut self) -> PathOptions {
        self.nullable = true;
        self
    }
}

fn wrong_type(o: PathOptions, v: Value) -> taipan_objects::err::Raised {
    let allowed = match (o.fd, o.nullable) {
        (true, true) => "string, bytes, os.PathLike, integer or None",
        (true, false) => "string, bytes, os.PathLike or integer",
        (false, true) => "string, bytes, os.PathLike or None",
        _ => "string, bytes or os.PathLike",
    };
    let shown = if v.is_none() { "NoneType" } else { v.type_name() };
    taipan_objects::raised!(TypeError, "{}: {} should be {allowed}, not {shown}", o.function, o.argument)
}

impl PathArg {
    pub fn new(v: Value, o: PathOptions) -> PyResult<PathArg> {
        if v.is_null() || (v.is_none() && o.nullable) {
            return Ok(PathArg { path: c".".to_owned(), fd: None, object: Ref::NONE, is_bytes: false });
        }
        let mut object = v.to_ref();
        if !strings::is_str(v) && !bytes::is_bytes(v) {
            if o.fd && v.ty().slots().index.is_some() {
                return Ok(PathArg { path: CString::default(), fd: Some(super::fd_arg(v)?), object, is_bytes: false });
            }
            match protocol::call_special(v, *strings::intern_str("__fspath__"), &[])? {
                Some(p) if strings::is_str(*p) || bytes::is_bytes(*p) => object = p,
                Some(p) => {
                    return err!(TypeError, "expected {}.__fspath__() to return str or bytes, not {}", v.type_name(), p.type_name());
                }
                None => return Err(wrong_type(o, v)),
            }
        }
        let is_bytes = bytes::is_bytes(*object);
        let raw = if is_bytes { bytes::as_bytes(&object).unwrap_or(&[]).to_vec() } else { codecs::fs_encode(*object)? };
        match CString::new(raw) {
            Ok(path) => Ok(PathArg { path, fd: None, object, is_bytes }),
            Err(_) => err!(ValueError, "{}: embedded null character in {}", o.function, o.argument),
        }
    }
    pub fn ptr(&self) -> *const libc::c_char {
        self.path.as_ptr()
    }
    /// OSError for `errno` that names the path.
    pub fn error(&self) -> taipan_objects::err::Raised {
        let f = if self.object.is_none() { None } else { Some(*self.object) };
        exceptions::os_error(super::errno(), f, None)
    }
    /// OSError for `errno` that names two paths.
    pub fn error2(&self, other: &PathArg) -> taipan_objects::err::Raised {
        exceptions::os_error(super::errno(), Some(*self.object), Some(*other.object))
    }
    /// None, or the error if the call gave -1.
    pub fn check(&self, r: libc::c_int) -> PyResult {
        if r == -1 { Err(self.error()) } else { Ok(Ref::NONE) }
    }
}

/// Bytes of a str (as file names are encoded), bytes or os.PathLike.
pub fn fs_bytes(v: Value) -> PyResult<Vec<u8>> {
    let p = fspath(&[v])?;
    match bytes::as_bytes(&p) {
        Some(b) => Ok(b.to_vec()),
        None => codecs::fs_encode(*p),
    }
}
/// As `fs_bytes`, as a C string.
pub fn fs_cstring(v: Value) -> PyResult<CString> {
    match CString::new(fs_bytes(v)?) {
        Ok(c) => Ok(c),
        Err(_) => err!(ValueError, "embedded null byte"),
    }
}

/// `dir_fd`: a descriptor or the current folder.
pub fn dir_fd(v: Value) -> PyResult<i32> {
    if v.is_none_or_null() {
        return Ok(libc::AT_FDCWD);
    }
    if v.ty().slots().index.is_none() {
        return err!(TypeError, "argument should be integer or None, not {}", v.type_name());
    }
    super::fd_arg(v)
}

fn fspath(a: &[Value]) -> PyResult {
    if strings::is_str(a[0]) || bytes::is_bytes(a[0]) {
        return Ok(a[0].to_ref());
    }
    match protocol::call_special(a[0], *strings::intern_str("__fspath__"), &[])? {
        Some(p) if strings::is_str(*p) || bytes::is_bytes(*p) => Ok(p),
        Some(p) => err!(TypeError, "expected {}.__fspath__() to return str or bytes, not {}", a[0].type_name(), p.type_name()),
        None => err!(TypeError, "expected str, bytes or os.PathLike object, not {}", a[0].type_name()),
    }
}

/// The text of a path argument as code points, and whether it was bytes.
fn path_text(v: Value, function: &'static str, argument: &'static str) -> PyResult<(Vec<u32>, bool)> {
    let o = PathOptions::new(function).argument(argument);
    let mut p = v.to_ref();
    if !strings::is_str(*p) && !bytes::is_bytes(*p) {
        p = match protocol::call_special(v, *strings::intern_str("__fspath__"), &[])? {
            Some(p) if strings::is_str(*p) || bytes::is_bytes(*p) => p,
            Some(p) => {
                return err!(TypeError, "expected {}.__fspath__() to return str or bytes, not {}", v.type_name(), p.type_name());
            }
            None => return Err(wrong_type(o, v)),
        };
    }
    Ok(match bytes::as_bytes(&p) {
        Some(b) => (b.iter().map(|c| *c as u32).collect(), true),
        None => (strings::expect(*p).data().to_vec(), false),
    })
}
fn text_result(t: &[u32], is_bytes: bool) -> Ref {
    if is_bytes { bytes::from_vec(t.iter().map(|c| *c as u8).collect()) } else { strings::from_code_points(t) }
}

const SLASH: u32 = '/' as u32;

/// Leading slashes that make up the root: two stay two, more are one.
fn root_len(t: &[u32]) -> usize {
    match t.iter().take_while(|c| **c == SLASH).count() {
        0 => 0,
        2 => 2,
        _ => 1,
    }
}

fn splitroot(a: &[Value]) -> PyResult {
    let (t, b) = path_text(a[0], "_path_splitroot_ex", "p")?;
    let n = root_len(&t);
    Ok(tuple::of([text_result(&[], b), text_result(&t[..n], b), text_result(&t[n..], b)]))
}

fn normpath(a: &[Value]) -> PyResult {
    let (t, b) = path_text(a[0], "_path_normpath", "path")?;
    let n = root_len(&t);
    let mut parts: Vec<&[u32]> = Vec::new();
    let dot = ['.' as u32];
    let dots = ['.' as u32, '.' as u32];
    for p in t[n..].split(|c| *c == SLASH) {
        if p.is_empty() || p == dot {
            continue;
        }
        if p == dots {
            if parts.last().is_some_and(|l| *l != dots) {
                parts.pop();
                continue;
            }
            if n > 0 {
                continue;
            }
        }
        parts.push(p);
    }
    let mut out = t[..n].to_vec();
    out.extend(parts.join(&SLASH));
    if out.is_empty() {
        out.push('.' as u32);
    }
    Ok(text_result(&out, b))
}

pub const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new("fspath($module, /, path)", "The path as str or bytes.", fspath),
    MethodDef::new("_path_splitroot_ex($module, /, p)", "Drive, root and tail of a path.", splitroot),
    MethodDef::new("_path_normpath($module, /, path)", "The path without redundant parts.", normpath),
    MethodDef::new("strerror($module, code, /)", "The system's text for an error number.", |a| {
        Ok(exceptions::error_text(int::to_i32(a[0])?))
    }),
];
