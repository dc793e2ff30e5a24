//! Listing folders.

use super::path::{PathArg, PathOptions, dir_fd};
use super::{bool_or, os_err};
use std::cell::{Cell, RefCell};
use std::ffi::{CStr, CString};
use taipan_objects::err::PyResult;
use taipan_objects::native::{MemberDef, MethodDef};
use taipan_objects::object::{Header, new_object};
use taipan_objects::typeobject::{Slots, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{bytes, codecs, int, list, module, object_impl, protocol, strings, vm};

pub fn init(m: Value) {
    module::add_type(m, &ENTRY_TYPE);
    taipan_objects::type_ready::ready(&SCANDIR_TYPE);
}

struct Found {
    name: Vec<u8>,
    kind: u8,
    inode: u64,
}

/// All entries of a folder but `.` and `..`; `Err` is errno.
fn read_all(path: &CStr, fd: Option<i32>) -> Result<Vec<Found>, i32> {
    // SAFETY: the stream is ours and closed at the end; entries are copied before the next call.
    unsafe {
        let dir = match fd {
            Some(fd) => {
                let copy = libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0);
                if copy == -1 {
                    return Err(super::errno());
                }
                let d = libc::fdopendir(copy);
                if d.is_null() {
                    let e = super::errno();
                    libc::close(copy);
                    return Err(e);
                }
                libc::rewinddir(d);
                d
            }
            None => libc::opendir(path.as_ptr()),
        };
        if dir.is_null() {
            return Err(super::errno());
        }
        let mut out = Vec::new();
        loop {
            taipan_runtime::gil::set_errno(0);
            let e = libc::readdir(dir);
            if e.is_null() {
                let n = super::errno();
                libc::closedir(dir);
                return if n == 0 { Ok(out) } else { Err(n) };
            }
            let name = CStr::from_ptr((*e).d_name.as_ptr()).to_bytes();
            if name != b"." && name != b".." {
                out.push(Found { name: name.to_vec(), kind: (*e).d_type, inode: (*e).d_ino as u64 });
            }
        }
    }
}

fn entries(p: &PathArg) -> PyResult<Vec<Found>> {
    match vm::allow_threads(|| read_all(&p.path, p.fd)) {
        Ok(v) => Ok(v),
        Err(e) => {
            taipan_runtime::gil::set_errno(e);
            Err(p.error())
        }
    }
}
fn name_value(name: &[u8], is_bytes: bool) -> Ref {
    if is_bytes { bytes::new_bytes(name) } else { codecs::fs_decode(name) }
}

fn listdir(a: &[Value]) -> PyResult {
    let p = PathArg::new(a[0], PathOptions::new("listdir").or_fd().or_none())?;
    let found = entries(&p)?;
    Ok(list::new_list(found.iter().map(|f| name_value(&f.name, p.is_bytes)).collect()))
}

/// An entry of a folder.
#[repr(C)]
struct PyEntry {
    header: Header,
    name: Slot,
    path: Slot,
    full: CString,
    /// The folder, if it was given as a descriptor.
    dir: i32,
    kind: u8,
    inode: u64,
    stat: Slot,
    lstat: Slot,
}
object_impl!(PyEntry, ENTRY_TYPE);

fn entry_of(v: &Value) -> &PyEntry {
    // SAFETY: methods of the type get instances of it.
    unsafe { v.cast_unchecked::<PyEntry>() }
}

fn entry_stat(v: Value, follow: bool) -> PyResult {
    let e = entry_of(&v);
    let slot = if follow && (e.kind == libc::DT_LNK || e.kind == libc::DT_UNKNOWN) { &e.stat } else { &e.lstat };
    if slot.is_null() {
        let p = PathArg { path: e.full.clone(), fd: None, object: e.path.get_ref(), is_bytes: false };
        let follow = std::ptr::eq(slot, &e.stat);
        slot.set(super::stat::stat_path(&p, e.dir, follow)?);
    }
    Ok(slot.get_ref())
}

/// Whether the entry's type is `kind` (S_IF…); a missing file has none.
fn is_kind(v: Value, follow: bool, dt: u8, mode: libc::mode_t) -> PyResult<bool> {
    let e = entry_of(&v);
    if e.kind != libc::DT_UNKNOWN && !(follow && e.kind == libc::DT_LNK) {
        return Ok(e.kind == dt);
    }
    match entry_stat(v, follow) {
        Ok(s) => {
            let m = int::to_i64(taipan_objects::tuple::as_slice(*s)[0])?;
            Ok(m as libc::mode_t & libc::S_IFMT == mode)
        }
        Err(e) => {
            if taipan_objects::err::clear_if(&taipan_objects::exceptions::FileNotFoundError) {
                Ok(false)
            } else {
                Err(e)
            }
        }
    }
}

static ENTRY_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "posix.DirEntry",
    doc: "An entry of a folder, as scandir() gives it.",
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        repr: Some(|v| {
            let r = protocol::repr_text(entry_of(&v).name.get())?;
            Ok(strings::new_str(&format!("<DirEntry {r}>")))
        }),
        ..Slots::of::<PyEntry>()
    },
    members: &[
        MemberDef::ro("name", "the entry's base filename, relative to scandir() \"path\" argument", |v| Ok(entry_of(&v).name.get_ref())),
        MemberDef::ro("path", "the entry's full path name; equivalent to os.path.join(scandir_path, entry.name)", |v| {
            Ok(entry_of(&v).path.get_ref())
        }),
    ],
    methods: &[
        MethodDef::new("is_dir($self, /, *, follow_symlinks=True)", "Whether it is a folder.", |a| {
            Ok(Ref::bool(is_kind(a[0], bool_or(a[1], true)?, libc::DT_DIR, libc::S_IFDIR)?))
        }),
        MethodDef::new("is_file($self, /, *, follow_symlinks=True)", "Whether it is a regular file.", |a| {
            Ok(Ref::bool(is_kind(a[0], bool_or(a[1], true)?, libc::DT_REG, libc::S_IFREG)?))
        }),
        MethodDef::new("is_symlink($self, /)", "Whether it is a symbolic link.", |a| {
            Ok(Ref::bool(is_kind(a[0], false, libc::DT_LNK, libc::S_IFLNK)?))
        }),
        MethodDef::new("is_junction($self, /)", "Always False here.", |_| Ok(Ref::bool(false))),
        MethodDef::new("stat($self, /, *, follow_symlinks=True)", "Its stat_result, remembered.", |a| entry_stat(a[0], bool_or(a[1], true)?)),
        MethodDef::new("inode($self, /)", "Its inode number.", |a| Ok(int::from_u64(entry_of(&a[0]).inode))),
        MethodDef::new("__fspath__($self, /)", "Its path.", |a| Ok(entry_of(&a[0]).path.get_ref())),
        MethodDef::new("__class_getitem__($type, object, /)", "See PEP 585", |a| taipan_objects::generic_alias::new_alias(a[0], a[1])).class(),
    ],

    ..TypeSpec::of::<PyEntry>()
});


/// What scandir() gives.
#[repr(C)]
struct PyScandir {
    header: Header,
    found: RefCell<std::vec::IntoIter<Found>>,
    closed: Cell<bool>,
    folder: Vec<u8>,
    dir: i32,
    is_bytes: bool,
}
object_impl!(PyScandir, SCANDIR_TYPE);

fn scandir_of(v: &Value) -> &PyScandir {
    // SAFETY: methods of the type get instances of it.
    unsafe { v.cast_unchecked::<PyScandir>() }
}
fn scandir(a: &[Value]) -> PyResult {
    let p = PathArg::new(a[0], PathOptions::new("scandir").or_fd().or_none())?;
    let found = entries(&p)?;
    Ok(new_object(PyScandir {
        header: Header::new(&SCANDIR_TYPE),
        found: RefCell::new(found.into_iter()),
        closed: Cell::new(false),
        folder: if p.fd.is_some() { Vec::new() } else { p.path.to_bytes().to_vec() },
        dir: p.fd.unwrap_or(libc::AT_FDCWD),
        is_bytes: p.is_bytes,
    }))
}
fn scandir_next(v: Value) -> PyResult<Option<Ref>> {
    let s = scandir_of(&v);
    if s.closed.get() {
        return Ok(None);
    }
    let Some(f) = s.found.borrow_mut().next() else { return Ok(None) };
    let mut full = s.folder.clone();
    if !full.is_empty() && full.last() != Some(&b'/') {
        full.push(b'/');
    }
    full.extend_from_slice(&f.name);
    let path = name_value(&full, s.is_bytes);
    Ok(Some(new_object(PyEntry {
        header: Header::new(&ENTRY_TYPE),
        name: Slot::new(name_value(&f.name, s.is_bytes)),
        path: Slot::new(path),
        full: CString::new(full).unwrap_or_default(),
        dir: s.dir,
        kind: f.kind,
        inode: f.inode,
        stat: Slot::null(),
        lstat: Slot::null(),
    })))
}
fn scandir_close(a: &[Value]) -> PyResult {
    scandir_of(&a[0]).closed.set(true);
    Ok(Ref::NONE)
}

static SCANDIR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "posix.ScandirIterator",
    doc: "",
    flags: TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots { iter: Some(|v| Ok(v.to_ref())), iternext: Some(scandir_next), ..Slots::of::<PyScandir>() },
    methods: &[
        MethodDef::new("__enter__($self, /)", "", |a| Ok(a[0].to_ref())),
        MethodDef::new("__exit__($self, /, *args)", "", scandir_close),
        MethodDef::new("close($self, /)", "", scandir_close),
    ],
    ..TypeSpec::of::<PyScandir>()
});

fn getcwd_bytes() -> PyResult<Vec<u8>> {
    use std::os::unix::ffi::OsStringExt;
    match std::env::current_dir() {
        Ok(p) => Ok(p.into_os_string().into_vec()),
        Err(e) => {
            taipan_runtime::gil::set_errno(e.raw_os_error().unwrap_or(0));
            Err(os_err())
        }
    }
}

fn mkdir(a: &[Value]) -> PyResult {
    let p = PathArg::new(a[0], PathOptions::new("mkdir"))?;
    let (mode, dir) = (super::int_or(a[1], 0o777)?, dir_fd(a[2])?);
    // SAFETY: a C string.
    p.check(unsafe { libc::mkdirat(dir, p.ptr(), mode as libc::mode_t) })
}
fn rmdir(a: &[Value]) -> PyResult {
    let p = PathArg::new(a[0], PathOptions::new("rmdir"))?;
    let dir = dir_fd(a[1])?;
    // SAFETY: a C string.
    p.check(unsafe { libc::unlinkat(dir, p.ptr(), libc::AT_REMOVEDIR) })
}
fn chdir(a: &[Value]) -> PyResult {
    let p = PathArg::new(a[0], PathOptions::new("chdir").or_fd())?;
    // SAFETY: a C string.
    p.check(unsafe {
        match p.fd {
            Some(fd) => libc::fchdir(fd),
            None => libc::chdir(p.ptr()),
        }
    })
}

pub const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new("listdir($module, /, path=None)", "Names of the entries of a folder.", listdir),
    MethodDef::new("scandir($module, /, path=None)", "An iterator of the entries of a folder.", scandir),
    MethodDef::new("getcwd($module, /)", "The current folder.", |_| Ok(codecs::fs_decode(&getcwd_bytes()?))),
    MethodDef::new("getcwdb($module, /)", "The current folder as bytes.", |_| Ok(bytes::from_vec(getcwd_bytes()?))),
    MethodDef::new("mkdir($module, /, path, mode=511, *, dir_fd=None)", "Makes a folder.", mkdir),
    MethodDef::new("rmdir($module, /, path, *, dir_fd=None)", "Removes an empty folder.", rmdir),
    MethodDef::new("chdir($module, /, path)", "Changes the current folder.", chdir),
    MethodDef::new("fchdir($module, /, fd)", "Changes the current folder to an open one.", |a| {
        let fd = super::fd_arg(a[0])?;
        if err_if(unsafe { libc::fchdir(fd) }) { Err(os_err()) } else { Ok(Ref::NONE) }
    }),
    MethodDef::new("chroot($module, /, path)", "Changes the root folder.", |a| {
        let p = PathArg::new(a[0], PathOptions::new("chroot"))?;
        p.check(unsafe { libc::chroot(p.ptr()) })
    }),
];
fn err_if(r: libc::c_int) -> bool {
    r == -1
}
