//! Running a program from start-up to exit status.

use crate::cli::{Command, Program};
use std::os::unix::ffi::OsStrExt;
use taipan_compiler::Source;
use taipan_compiler::parse::Mode;
use taipan_objects::err::{PyResult, Raised};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{dict, list, module, protocol, strings};
use taipan_runtime::import::{LibraryModule, Providers};
use taipan_runtime::{compile, import, lifecycle, sys};

fn library(name: &str) -> Option<LibraryModule> {
    let e = taipan_stdlib::find(name)?;
    Some(LibraryModule {
        is_package: e.is_package,
        code: e.code,
        source: |name| taipan_stdlib::find(name).map(|e| e.source()),
        filename: e.filename(),
    })
}

/// Runs the program and gives the exit status.
pub fn run(command: Command) -> i32 {
    let Command {
        program,
        mut config,
        hash_seed,
        skip_first_line,
    } = command;
    taipan_objects::hash::set_seed(hash_seed);
    config.library = taipan_stdlib::PREFIX;
    config.stdlib_names = taipan_stdlib::modules()
        .map(|m| m.name)
        .filter(|n| !n.contains('.'))
        .map(|n| n.to_string())
        .chain(taipan_modules::ALL.iter().map(|m| m.name.to_string()))
        .collect();
    let mut builtin: Vec<String> = taipan_modules::ALL
        .iter()
        .map(|m| m.name.to_string())
        .collect();
    builtin.extend(["sys", "builtins", "_imp"].map(String::from));
    builtin.sort();
    config.builtin_names = builtin;
    let (no_site, safe_path, inspect, quiet) = (
        config.no_site,
        config.safe_path,
        config.inspect,
        config.quiet,
    );
    let digits = config.int_max_str_digits;
    sys::set_config(config);
    taipan_objects::int_convert::MAX_STR_DIGITS
        .store(digits as usize, std::sync::atomic::Ordering::Relaxed);
    import::set_providers(Providers {
        native: taipan_modules::find,
        native_names: || taipan_modules::ALL.iter().map(|m| m.name).collect(),
        library,
        library_names: || {
            taipan_stdlib::modules()
                .map(|m| m.name.to_string())
                .collect()
        },
        library_file: taipan_stdlib::file,
        library_prefix: taipan_stdlib::PREFIX,
    });
    if start(no_site).is_err() {
        let status = lifecycle::report_exception();
        return if status == 0 { 1 } else { status };
    }
    let mut result = match program {
        Program::Command(text) => {
            if !safe_path {
                prepend_path("");
            }
            run_source(&text, "<string>")
        }
        Program::Module(name) => run_module(&name, safe_path),
        Program::File(path) => match run_file(&path, safe_path, skip_first_line) {
            Ok(r) => r,
            Err(status) => {
                lifecycle::finalize(status);
                return status;
            }
        },
        Program::Stdin => {
            if !safe_path {
                prepend_path("");
            }
            // SAFETY: a plain system call.
            if unsafe { libc::isatty(0) } == 1 {
                interactive(quiet)
            } else {
                run_stdin()
            }
        }
    };
    if inspect && unsafe { libc::isatty(0) } == 1 {
        if result.is_err() {
            lifecycle::report_exception();
        }
        result = interactive(true);
    }
    let status = match result {
        Ok(()) => 0,
        Err(_) => lifecycle::report_exception(),
    };
    lifecycle::finalize(status)
}

fn start(no_site: bool) -> PyResult<()> {
    lifecycle::init()?;
    import::start()?;
    taipan_modules::stdio::install()?;
    lifecycle::main_module()?;
    if !sys::config().warnoptions.is_empty() {
        import::ensure_module("warnings")?;
    }
    if !no_site {
        import::ensure_module("site")?;
    }
    Ok(())
}

fn sys_path() -> Ref {
    sys::get("path")
}
fn prepend_path(p: &str) {
    let path = sys_path();
    if list::is_list(*path) {
        list::expect(*path)
            .items_mut()
            .insert(0, strings::new_str(p));
    }
}

fn main_namespace() -> PyResult<Value> {
    let m = lifecycle::main_module()?;
    Ok(module::namespace(*m))
}

fn run_source(text: &[u8], filename: &str) -> PyResult<()> {
    let d = main_namespace()?;
    if let Some(m) = import::imported("_frozen_importlib") {
        dict::set_str(
            d,
            "__loader__",
            *protocol::getattr_str(*m, "BuiltinImporter")?,
        );
    }
    let code = compile::compile_source(
        Source::from(text),
        filename,
        Mode::Exec,
        0,
        compile::default_optimize(),
    )?;
    lifecycle::run_main_code(*code).map(|_| ())
}

fn run_stdin() -> PyResult<()> {
    use std::io::Read;
    let mut text = Vec::new();
    if let Err(e) = std::io::stdin().read_to_end(&mut text) {
        // A closed stdin is an empty program.
        if e.raw_os_error() != Some(libc::EBADF) {
            return taipan_objects::err!(OSError, "cannot read the program from stdin: {e}");
        }
    }
    run_source(&text, "<stdin>")
}

fn run_module(name: &str, safe_path: bool) -> PyResult<()> {
    if !safe_path {
        let cwd =
            std::env::current_dir().map_or(String::new(), |p| p.to_string_lossy().into_owned());
        prepend_path(&cwd);
    }
    let runpy = import::import_module("runpy")?;
    let (n, t) = (strings::new_str(name), Value::TRUE);
    protocol::call_method_str(*runpy, "_run_module_as_main", &[*n, t]).map(|_| ())
}

/// Runs a script, a .pyc file, or a folder or archive with `__main__.py`. `Err(status)`: it could not be read, a message was printed.
fn run_file(path: &[u8], safe_path: bool, skip_first_line: bool) -> Result<PyResult<()>, i32> {
    let os_path = std::path::Path::new(std::ffi::OsStr::from_bytes(path));
    let shown = String::from_utf8_lossy(path).into_owned();
    let exe = sys::config().executable.clone();
    let fail = |text: String| {
        eprintln!("{exe}: {text}");
        Err(2)
    };
    let meta = match std::fs::metadata(os_path) {
        Ok(m) => m,
        Err(e) => {
            let errno = e.raw_os_error().unwrap_or(2);
            let repr = protocol::repr_text(*sys::decode_fs(path)).unwrap_or(shown);
            return fail(format!(
                "can't open file {}: [Errno {errno}] {}",
                absolute(&repr, os_path),
                strerror(errno)
            ));
        }
    };
    let is_archive = || {
        std::fs::read(os_path)
            .is_ok_and(|d| d.windows(4).rev().take(70000).any(|w| w == b"PK\x05\x06"))
    };
    if meta.is_dir()
        || (meta.is_file() && shown.ends_with(".pyz"))
        || (meta.is_file() && shown.ends_with(".zip") && is_archive())
    {
        prepend_path(&shown);
        let Ok(runpy) = import::import_module("runpy") else {
            return Ok(Err(Raised::pending()));
        };
        let spec = strings::new_str("__main__");
        if meta.is_dir()
            && !os_path.join("__main__.py").exists()
            && !os_path.join("__main__.pyc").exists()
        {
            let repr = protocol::repr_text(*sys::decode_fs(path)).unwrap_or(shown);
            eprintln!("{exe}: can't find '__main__' module in {repr}");
            return Err(1);
        }
        return Ok(protocol::call_method_str(
            *runpy,
            "_run_module_as_main",
            &[*spec, Value::FALSE],
        )
        .map(|_| ()));
    }
    let mut text = match std::fs::read(os_path) {
        Ok(t) => t,
        Err(e) => {
            let errno = e.raw_os_error().unwrap_or(5);
            let repr = protocol::repr_text(*sys::decode_fs(path)).unwrap_or(shown);
            return fail(format!(
                "can't open file {}: [Errno {errno}] {}",
                absolute(&repr, os_path),
                strerror(errno)
            ));
        }
    };
    if !safe_path {
        let dir = std::fs::canonicalize(os_path)
            .ok()
            .and_then(|p| p.parent().map(|d| d.to_string_lossy().into_owned()))
            .unwrap_or_default();
        prepend_path(&dir);
    }
    // The script is known by its absolute path, whatever sys.argv says.
    let full = if os_path.is_absolute() {
        path.to_vec()
    } else {
        let relative = path.strip_prefix(b"./").unwrap_or(path);
        match std::env::current_dir() {
            Ok(d) => d
                .join(std::ffi::OsStr::from_bytes(relative))
                .into_os_string()
                .into_encoded_bytes(),
            Err(_) => path.to_vec(),
        }
    };
    let shown = String::from_utf8_lossy(&full).into_owned();
    Ok((|| {
        let d = main_namespace()?;
        let name = sys::decode_fs(&full);
        dict::set_str(d, "__file__", *name);
        dict::set_str(d, "__cached__", Value::NONE);
        let is_pyc = shown.ends_with(".pyc");
        let ext = import::import_module("_frozen_importlib_external")?;
        let loader_name = if is_pyc {
            "SourcelessFileLoader"
        } else {
            "SourceFileLoader"
        };
        let loader =
            protocol::call_method_str(*ext, loader_name, &[*strings::new_str("__main__"), *name])?;
        dict::set_str(d, "__loader__", *loader);
        if is_pyc {
            let code = load_pyc(&text)?;
            return lifecycle::run_main_code(*code).map(|_| ());
        }
        if skip_first_line && let Some(i) = text.iter().position(|c| *c == b'\n') {
            // The line stays, empty, so that numbers are right.
            text.drain(..i);
        }
        let source = Source::Bytes {
            bytes: &text,
            origin: taipan_compiler::source::Origin::File(&shown),
            codecs: None,
        };
        let code =
            compile::compile_source(source, &shown, Mode::Exec, 0, compile::default_optimize())?;
        drop(std::mem::take(&mut text));
        lifecycle::run_main_code(*code).map(|_| ())
    })())
}

fn load_pyc(data: &[u8]) -> PyResult {
    if data.len() < 16 || data[..4] != [0x2b, 0x0e, 0x0d, 0x0a] {
        return taipan_objects::err!(RuntimeError, "Bad magic number in .pyc file");
    }
    import::load_code(&data[16..])
}

fn strerror(errno: i32) -> String {
    let t = std::io::Error::from_raw_os_error(errno).to_string();
    t.split(" (os error").next().unwrap_or(&t).to_string()
}
/// CPython shows the absolute path of a script that cannot be opened.
fn absolute(repr: &str, path: &std::path::Path) -> String {
    if path.is_absolute() {
        return repr.to_string();
    }
    match std::env::current_dir() {
        Ok(d) => format!("'{}'", d.join(path).display()),
        Err(_) => repr.to_string(),
    }
}

/// The interactive loop, by the library's `code` module.
fn interactive(quiet: bool) -> PyResult<()> {
    let d = main_namespace()?;
    let code = import::import_module("code")?;
    let banner = if quiet {
        strings::empty()
    } else {
        strings::new_str(&format!(
            "Python 3.14.8 (taipan {})\nType \"help\", \"copyright\", \"credits\" or \"license\" for more information.",
            env!("CARGO_PKG_VERSION")
        ))
    };
    let console = protocol::call_method_str(*code, "InteractiveConsole", &[d])?;
    let f = protocol::getattr_str(*console, "interact")?;
    let names = taipan_objects::tuple::of([strings::intern_str("exitmsg")]);
    protocol::call_kw(*f, &[*banner, *strings::empty()], *names).map(|_| ())
}
