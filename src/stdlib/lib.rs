//! The Python standard library inside the binary: compiled code for importing, compressed sources
//! for tracebacks and `inspect`, and the few data files that library modules read.

use std::io::Read;

static PACK: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/library.pack"));

/// The folder under which the embedded modules pretend to lie; it begins every `co_filename`.
pub const PREFIX: &str = "/taipan/lib/python3.14";

const HEADER: usize = 8;
const MODULE_RECORD: usize = 36;
const FILE_RECORD: usize = 20;

/// One module of the library.
#[derive(Clone, Copy)]
pub struct Entry {
    /// Full dotted name.
    pub name: &'static str,
    /// Whether it is a package (`path` then ends in `__init__.py`).
    pub is_package: bool,
    /// The marshalled code object, if the module was compiled when the binary was built.
    pub code: Option<&'static [u8]>,
    /// Path below [`PREFIX`], for example `json/decoder.py`.
    pub path: &'static str,
    source: &'static [u8],
    source_len: usize,
}

impl Entry {
    /// The source text, UTF-8.
    pub fn source(&self) -> Vec<u8> {
        inflate(self.source, self.source_len)
    }

    /// The full name of the file the module pretends to come from.
    pub fn filename(&self) -> String {
        format!("{PREFIX}/{}", self.path)
    }
}

/// Finds a module by its dotted name.
pub fn find(name: &str) -> Option<Entry> {
    let (mut low, mut high) = (0, module_count());
    while low < high {
        let middle = (low + high) / 2;
        let entry = module(middle);
        match entry.name.cmp(name) {
            std::cmp::Ordering::Equal => return Some(entry),
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}

/// All modules, sorted by name.
pub fn modules() -> impl ExactSizeIterator<Item = Entry> {
    (0..module_count()).map(module)
}

/// Finds a module by its path below [`PREFIX`].
pub fn find_path(path: &str) -> Option<Entry> {
    let stem = path.strip_suffix(".py")?;
    let name = stem
        .strip_suffix("/__init__")
        .unwrap_or(stem)
        .replace('/', ".");
    find(&name).filter(|entry| entry.path == path)
}

/// A data file by its path below [`PREFIX`], for example `pydoc_data/_pydoc.css`.
pub fn file(path: &str) -> Option<Vec<u8>> {
    files()
        .find(|(name, _, _)| *name == path)
        .map(|(_, data, len)| inflate(data, len))
}

/// Paths of all data files.
pub fn file_names() -> impl Iterator<Item = &'static str> {
    files().map(|(name, _, _)| name)
}

/// The licence under which the library comes.
pub fn license() -> String {
    file("LICENSE.txt")
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_default()
}

fn number(at: usize) -> usize {
    u32::from_le_bytes([PACK[at], PACK[at + 1], PACK[at + 2], PACK[at + 3]]) as usize
}

fn bytes(at: usize) -> &'static [u8] {
    let start = number(at);
    &PACK[start..start + number(at + 4)]
}

fn text(at: usize) -> &'static str {
    std::str::from_utf8(bytes(at)).expect("names in the pack are ASCII")
}

fn module_count() -> usize {
    number(0)
}

fn module(i: usize) -> Entry {
    let at = HEADER + i * MODULE_RECORD;
    let flags = number(at + 8);
    let code = bytes(at + 20);
    Entry {
        name: text(at),
        is_package: flags & 1 != 0,
        code: (!code.is_empty()).then_some(code),
        path: text(at + 12),
        source: bytes(at + 28),
        source_len: flags >> 1,
    }
}

fn files() -> impl Iterator<Item = (&'static str, &'static [u8], usize)> {
    let start = HEADER + module_count() * MODULE_RECORD;
    (0..number(4)).map(move |i| {
        let at = start + i * FILE_RECORD;
        (text(at), bytes(at + 8), number(at + 16))
    })
}

fn inflate(compressed: &[u8], len: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(len);
    flate2::read::DeflateDecoder::new(compressed)
        .read_to_end(&mut out)
        .expect("the pack is intact");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_found() {
        let decoder = find("json.decoder").expect("json.decoder");
        assert_eq!(decoder.path, "json/decoder.py");
        assert!(!decoder.is_package);
        let source = String::from_utf8(decoder.source()).expect("UTF-8");
        assert!(source.contains("class JSONDecoder") && !source.contains("RUSTPYTHON"));
        assert!(find("json").expect("json").is_package);
        assert!(find("idlelib").is_none() && find("nope").is_none());
        assert_eq!(find_path("json/__init__.py").map(|e| e.name), Some("json"));
        let names: Vec<_> = modules().map(|e| e.name).collect();
        assert!(names.is_sorted() && names.len() > 500);
    }

    #[test]
    fn every_source_inflates() {
        for entry in modules() {
            assert_eq!(entry.source().len(), entry.source_len, "{}", entry.name);
        }
    }

    #[test]
    fn licence_and_data_files() {
        assert!(license().contains("PYTHON SOFTWARE FOUNDATION LICENSE"));
        assert!(file("pydoc_data/_pydoc.css").is_some());
    }

    #[test]
    fn build_time_variables_are_there() {
        assert!(modules().any(|e| e.name.starts_with("_sysconfigdata__")));
    }

    #[test]
    #[cfg(feature = "precompile")]
    fn every_module_is_compiled() {
        let without: Vec<_> = modules()
            .filter(|entry| entry.code.is_none())
            .map(|entry| entry.name)
            .collect();
        assert!(without.is_empty(), "source only: {without:?}");
    }
}
