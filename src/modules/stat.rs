//! `_stat`: what the bits of `st_mode` mean.

use taipan_objects::err::PyResult;
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{err, int, module, strings};

macro_rules! test {
    ($sig:literal, $bits:expr) => {
        MethodDef::new($sig, "Whether the mode is that of such a file.", |a| Ok(Ref::bool(mode(a[0])? & 0o170000 == $bits)))
    };
}

pub static MODULE: ModuleDef = ModuleDef {
    name: "_stat",
    doc: "S_IFMT_: file type bits",
    functions: &[
        test!("S_ISDIR($module, object, /)", 0o040000),
        test!("S_ISCHR($module, object, /)", 0o020000),
        test!("S_ISBLK($module, object, /)", 0o060000),
        test!("S_ISREG($module, object, /)", 0o100000),
        test!("S_ISFIFO($module, object, /)", 0o010000),
        test!("S_ISLNK($module, object, /)", 0o120000),
        test!("S_ISSOCK($module, object, /)", 0o140000),
        MethodDef::new("S_ISDOOR($module, object, /)", "", |a| mode(a[0]).map(|_| Ref::bool(false))),
        MethodDef::new("S_ISPORT($module, object, /)", "", |a| mode(a[0]).map(|_| Ref::bool(false))),
        MethodDef::new("S_ISWHT($module, object, /)", "", |a| mode(a[0]).map(|_| Ref::bool(false))),
        MethodDef::new("S_IMODE($module, object, /)", "The bits that chmod() can set.", |a| Ok(int::from_i64((mode(a[0])? & 0o7777) as i64))),
        MethodDef::new("S_IFMT($module, object, /)", "The bits that tell the type.", |a| Ok(int::from_i64((mode(a[0])? & 0o170000) as i64))),
        MethodDef::new("filemode($module, object, /)", "The mode as `ls -l` shows it.", filemode),
    ],
    init: Some(|m| {
        for (n, v) in CONSTANTS {
            module::add(m, n, int::from_i64(*v));
        }
        Ok(())
    }),
};

fn mode(v: Value) -> PyResult<u32> {
    let i = int::to_i64(v)?;
    match u32::try_from(i) {
        Ok(m) => Ok(m),
        Err(_) => err!(OverflowError, "mode out of range"),
    }
}

fn filemode(a: &[Value]) -> PyResult {
    let m = mode(a[0])?;
    let kind = match m & 0o170000 {
        0o100000 => '-',
        0o040000 => 'd',
        0o120000 => 'l',
        0o060000 => 'b',
        0o020000 => 'c',
        0o010000 => 'p',
        0o140000 => 's',
        _ => '?',
    };
    let mut t = String::from(kind);
    for (shift, special, letter) in [(6, 0o4000, 's'), (3, 0o2000, 's'), (0, 0o1000, 't')] {
        let b = m >> shift;
        t.push(if b & 4 != 0 { 'r' } else { '-' });
        t.push(if b & 2 != 0 { 'w' } else { '-' });
        t.push(match (m & special != 0, b & 1 != 0) {
            (true, true) => letter,
            (true, false) => letter.to_ascii_uppercase(),
            (false, true) => 'x',
            _ => '-',
        });
    }
    Ok(strings::new_str(&t))
}

/// Name and value.
const CONSTANTS: &[(&str, i64)] = &[
    ("SF_APPEND", 262144),
    ("SF_ARCHIVED", 65536),
    ("SF_DATALESS", 1073741824),
    ("SF_FIRMLINK", 8388608),
    ("SF_IMMUTABLE", 131072),
    ("SF_NOUNLINK", 1048576),
    ("SF_SETTABLE", 4294901760),
    ("SF_SNAPSHOT", 2097152),
    ("ST_ATIME", 7),
    ("ST_CTIME", 9),
    ("ST_DEV", 2),
    ("ST_GID", 5),
    ("ST_INO", 1),
    ("ST_MODE", 0),
    ("ST_MTIME", 8),
    ("ST_NLINK", 3),
    ("ST_SIZE", 6),
    ("ST_UID", 4),
    ("S_ENFMT", 1024),
    ("S_IEXEC", libc::S_IEXEC as i64),
    ("S_IFBLK", libc::S_IFBLK as i64),
    ("S_IFCHR", libc::S_IFCHR as i64),
    ("S_IFDIR", libc::S_IFDIR as i64),
    ("S_IFDOOR", 0),
    ("S_IFIFO", libc::S_IFIFO as i64),
    ("S_IFLNK", libc::S_IFLNK as i64),
    ("S_IFPORT", 0),
    ("S_IFREG", libc::S_IFREG as i64),
    ("S_IFSOCK", libc::S_IFSOCK as i64),
    ("S_IFWHT", 0),
    ("S_IREAD", libc::S_IREAD as i64),
    ("S_IRGRP", libc::S_IRGRP as i64),
    ("S_IROTH", libc::S_IROTH as i64),
    ("S_IRUSR", libc::S_IRUSR as i64),
    ("S_IRWXG", libc::S_IRWXG as i64),
    ("S_IRWXO", libc::S_IRWXO as i64),
    ("S_IRWXU", libc::S_IRWXU as i64),
    ("S_ISGID", libc::S_ISGID as i64),
    ("S_ISUID", libc::S_ISUID as i64),
    ("S_ISVTX", libc::S_ISVTX as i64),
    ("S_IWGRP", libc::S_IWGRP as i64),
    ("S_IWOTH", libc::S_IWOTH as i64),
    ("S_IWRITE", libc::S_IWRITE as i64),
    ("S_IWUSR", libc::S_IWUSR as i64),
    ("S_IXGRP", libc::S_IXGRP as i64),
    ("S_IXOTH", libc::S_IXOTH as i64),
    ("S_IXUSR", libc::S_IXUSR as i64),
    ("UF_APPEND", 4),
    ("UF_COMPRESSED", 32),
    ("UF_DATAVAULT", 128),
    ("UF_HIDDEN", 32768),
    ("UF_IMMUTABLE", 2),
    ("UF_NODUMP", 1),
    ("UF_NOUNLINK", 16),
    ("UF_OPAQUE", 8),
    ("UF_SETTABLE", 65535),
    ("UF_TRACKED", 64),
];
