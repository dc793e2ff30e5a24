// Undoes the edits that the packaged library carries for another interpreter, so that what is
// embedded behaves as CPython's own library. Included by the build script.

/// One replacement in one file. The old text must occur.
pub enum Edit {
    /// Replace the one occurrence of the first text by the second.
    Swap(&'static str, &'static str),
    /// Remove from the start of the first text up to the start of the second.
    CutBetween(&'static str, &'static str),
    /// Remove from the start of the text to the end of the file.
    CutFrom(&'static str),
    /// Replace the first so many lines.
    Head(usize, &'static str),
}

use Edit::*;

/// Every edited file with its edits, in order.
pub const EDITS: &[(&str, &[Edit])] = &[
    (
        "site.py",
        &[
            Swap(
                "return 'RustPython' # XXX: RUSTPYTHON; for site-packages",
                "return 'Python'",
            ),
            Swap("    # XXX: RUSTPYTHON\n", ""),
            Swap("/lib/rustpython{version[0]}", "/lib/python{version[0]}"),
        ],
    ),
    (
        "sysconfig/__init__.py",
        &[Swap(
            "return 'RustPython'  # XXX: RUSTPYTHON; For site-packages",
            "return 'Python'",
        )],
    ),
    (
        "platform.py",
        &[
            CutBetween(
                "\n        # XXX: RUSTPYTHON support",
                "            name = 'CPython'",
            ),
            Swap("            name = 'CPython'", "        name = 'CPython'"),
        ],
    ),
    (
        "io.py",
        &[
            Swap(
                "open, open_code, BytesIO,",
                "open, open_code, FileIO, BytesIO,",
            ),
            CutBetween("# XXX: RUSTPYTHON; FileIO", "# for seek()"),
            CutBetween("if FileIO is not None:", "    RawIOBase.register(FileIO)"),
            Swap(
                "    RawIOBase.register(FileIO)",
                "RawIOBase.register(FileIO)",
            ),
        ],
    ),
    (
        "json/decoder.py",
        &[CutBetween(
            "    # RUSTPYTHON SPECIFIC",
            "    # Note that this exception is used",
        )],
    ),
    (
        "_compat_pickle.py",
        &[CutBetween(
            "# NOTE: RUSTPYTHON exceptions",
            "for excname in PYTHON2_EXCEPTIONS:\n",
        )],
    ),
    (
        "unittest/__init__.py",
        &[CutFrom("\n\n\n# XXX: RUSTPYTHON")],
    ),
    (
        "_opcode_metadata.py",
        &[Head(2, "# Tables of the instruction set.\n")],
    ),
    // The licence text is packed instead of lying beside the library.
    (
        "_sitebuiltins.py",
        &[Swap(
            "        if not data:\n            data = self.__data\n",
            "        if not data and self.__filenames:\n            \
             try:\n                \
             data = __spec__.loader.get_data(self.__filenames[2]).decode()\n            \
             except (AttributeError, OSError):\n                \
             pass\n        \
             if not data:\n            data = self.__data\n",
        )],
    ),
];

/// Files and folders that CPython does not have, or that are no use without a display.
pub const DROPPED: &[&str] = &[
    "_dummy_os.py",
    "_dummy_thread.py",
    "dummy_threading.py",
    "_pycodecs.py",
    "__phello__/ham",
    "idlelib",
    "tkinter",
    "turtle.py",
    "turtledemo",
    "ctypes/macholib",
    "test",
    "README.md",
];

/// Applies the edits of one file.
pub fn apply(path: &str, text: String) -> String {
    let Some((_, edits)) = EDITS.iter().find(|(file, _)| *file == path) else {
        return text;
    };
    let find = |text: &str, what: &str| -> usize {
        text.find(what)
            .unwrap_or_else(|| panic!("{path}: the text to edit is missing: {what}"))
    };
    edits.iter().fold(text, |text, edit| match edit {
        Swap(old, new) => {
            find(&text, old);
            text.replacen(old, new, 1)
        }
        CutBetween(from, to) => {
            let start = find(&text, from);
            let end = start + find(&text[start..], to);
            format!("{}{}", &text[..start], &text[end..])
        }
        CutFrom(from) => text[..find(&text, from)].to_owned(),
        Head(lines, new) => {
            let rest: String = text.split_inclusive('\n').skip(*lines).collect();
            format!("{new}{rest}")
        }
    })
}
