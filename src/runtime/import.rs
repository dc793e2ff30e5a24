//! Import: `__import__`, the `_imp` module, and starting importlib, which does the rest.

use std::sync::OnceLock;
use taipan_objects::err::PyResult;
use taipan_objects::function::PyCode;
use taipan_objects::names::names;
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{
    bytes, code_object, dict, err, exceptions, int, list, module, protocol, strings, tuple,
};

/// A module of the embedded library.
pub struct LibraryModule {
    pub is_package: bool,
    /// Marshalled code, if compiled when the binary was built.
    pub code: Option<&'static [u8]>,
    pub source: fn(&str) -> Option<Vec<u8>>,
    pub filename: String,
}

/// Where modules come from that are not files.
pub struct Providers {
    pub native: fn(&str) -> Option<&'static ModuleDef>,
    pub native_names: fn() -> Vec<&'static str>,
    pub library: fn(&str) -> Option<LibraryModule>,
    pub library_names: fn() -> Vec<String>,
    /// A data file of the library by its path below the library folder.
    pub library_file: fn(&str) -> Option<Vec<u8>>,
    pub library_prefix: &'static str,
}
static PROVIDERS: OnceLock<Providers> = OnceLock::new();
/// Set once, before `start`.
pub fn set_providers(p: Providers) {
    let _ = PROVIDERS.set(p);
}
fn providers() -> Option<&'static Providers> {
    PROVIDERS.get()
}

struct Importlib {
    find_and_load: Slot,
    handle_fromlist: Slot,
    bootstrap: Slot,
}
struct Shared(Importlib);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Shared {}
static IMPORTLIB: Shared = Shared(Importlib {
    find_and_load: Slot::null(),
    handle_fromlist: Slot::null(),
    bootstrap: Slot::null(),
});

/// `sys.modules`.
fn modules() -> PyResult {
    let m = dict::get(*crate::sys::namespace(), names().modules)?;
    if m.is_null() {
        return err!(RuntimeError, "unable to get sys.modules");
    }
    Ok(m.to_ref())
}
/// A module that has been imported already.
pub fn imported(name: &str) -> Option<Ref> {
    let m = modules().ok()?;
    if !dict::is_dict(*m) {
        return None;
    }
    let v = dict::get_str(*m, name);
    if v.is_none_or_null() {
        None
    } else {
        Some(v.to_ref())
    }
}
/// Imports a module for its effects.
pub fn ensure_module(name: &str) -> PyResult<()> {
    import_module(name).map(|_| ())
}
/// `importlib.import_module(name)`.
pub fn import_module(name: &str) -> PyResult {
    if let Some(m) = imported(name) {
        return Ok(m);
    }
    find_and_load(*strings::intern_str(name))
}

/// Whether the module is still being imported.
fn is_initializing(m: Value) -> PyResult<bool> {
    let Some(spec) = protocol::getattr_opt(m, names().__spec__)? else {
        return Ok(false);
    };
    if spec.is_none() {
        return Ok(false);
    }
    match protocol::getattr_opt(*spec, names()._initializing)? {
        Some(v) => protocol::is_true(*v),
        None => Ok(false),
    }
}

/// From `sys.modules`, or by importlib.
fn find_and_load(name: Value) -> PyResult {
    let mods = modules()?;
    let found = if dict::is_dict(*mods) {
        dict::get(*mods, name)?.some().map(|v| v.to_ref())
    } else {
        match protocol::getitem(*mods, name) {
            Ok(v) => Some(v),
            Err(_) if taipan_objects::err::clear_if(&exceptions::KeyError) => None,
            Err(e) => return Err(e),
        }
    };
    let f = IMPORTLIB.0.find_and_load.get_ref();
    if let Some(m) = found {
        if !m.is_none() {
            if is_initializing(*m)? && !IMPORTLIB.0.bootstrap.is_null() {
                let lock =
                    protocol::getattr(IMPORTLIB.0.bootstrap.get(), names()._lock_unlock_module)?;
                protocol::call(*lock, &[name])?;
            }
            return Ok(m);
        }
    }
    if f.is_null() {
        return native_before_importlib(name);
    }
    let import = strings::new_str("");
    drop(import);
    let r = protocol::call(*f, &[name, *import_function()])?;
    Ok(r)
}
fn import_function() -> Ref {
    let v = dict::get(*crate::builtins::namespace(), names().__import__).unwrap_or(Value::NULL);
    if v.is_null() { Ref::NONE } else { v.to_ref() }
}

/// While importlib does not run yet, only native modules can be imported.
fn native_before_importlib(name: Value) -> PyResult {
    let text = strings::expect(name).to_string();
    match native_module(&text)? {
        Some(m) => Ok(m),
        None => err!(ModuleNotFoundError, "No module named '{text}'"),
    }
}

/// Makes a native module and enters it in `sys.modules`; `None` if there is none of that name.
pub fn native_module(name: &str) -> PyResult<Option<Ref>> {
    if let Some(m) = imported(name) {
        return Ok(Some(m));
    }
    let Some(def) = find_native(name) else {
        return Ok(None);
    };
    let m = module::create_native(def)?;
    dict::set_str(*modules()?, name, *m);
    Ok(Some(m))
}
fn find_native(name: &str) -> Option<&'static ModuleDef> {
    match name {
        "_imp" => Some(&IMP),
        _ => providers().and_then(|p| (p.native)(name)),
    }
}

/// The package a relative import starts from.
fn calculate_package(globals: Value) -> PyResult {
    let n = names();
    let get = |k: Value| dict::get(globals, k).map(|v| v.or(Value::NONE).to_ref());
    let package = get(n.__package__)?;
    let spec = get(n.__spec__)?;
    if !package.is_none() {
        if !strings::is_str(*package) {
            return err!(TypeError, "package must be a string");
        }
        return Ok(package);
    }
    if !spec.is_none() {
        let p = protocol::getattr(*spec, n.parent)?;
        if !strings::is_str(*p) {
            return err!(TypeError, "__spec__.parent must be a string");
        }
        return Ok(p);
    }
    crate::warnings::warn(
        &exceptions::ImportWarning,
        "can't resolve package from __spec__ or __package__, falling back on __name__ and __path__",
        1,
    )?;
    let name = get(n.__name__)?;
    if name.is_none() {
        return err!(KeyError, "'__name__' not in globals");
    }
    if !strings::is_str(*name) {
        return err!(TypeError, "__name__ must be a string");
    }
    if get(n.__path__)?.is_none() {
        let t = strings::expect(*name).to_string();
        return Ok(strings::intern_str(
            t.rsplit_once('.').map_or("", |(p, _)| p),
        ));
    }
    Ok(name)
}

fn resolve_name(name: &str, globals: Value, level: i64) -> PyResult<String> {
    if globals.is_none_or_null() || !dict::is_dict(globals) {
        return err!(KeyError, "'__name__' not in globals");
    }
    let package = calculate_package(globals)?;
    let package = strings::expect(*package).to_string();
    if package.is_empty() {
        return err!(
            ImportError,
            "attempted relative import with no known parent package"
        );
    }
    let mut base = package.as_str();
    for _ in 1..level {
        match base.rsplit_once('.') {
            Some((p, _)) => base = p,
            None => {
                return err!(
                    ImportError,
                    "attempted relative import beyond top-level package"
                );
            }
        }
    }
    Ok(if name.is_empty() {
        base.to_string()
    } else {
        format!("{base}.{name}")
    })
}

/// `__import__(name, globals, locals, fromlist, level)`.
pub fn import_dunder(name: Value, globals: Value, fromlist: Value, level: Value) -> PyResult {
    let Some(name_s) = strings::as_str(&name) else {
        return err!(TypeError, "module name must be a string");
    };
    let level = if level.is_null() {
        0
    } else {
        int::to_i64(level)?
    };
    if level < 0 {
        return err!(ValueError, "level must be >= 0");
    }
    if level == 0 && name_s.len() == 0 {
        return err!(ValueError, "Empty module name");
    }
    let abs = if level > 0 {
        strings::intern_str(&resolve_name(&name_s.to_string(), globals, level)?)
    } else {
        strings::intern(name.to_ref())
    };
    let m = find_and_load(*abs)?;
    let has_from = !fromlist.is_none_or_null() && protocol::is_true(fromlist)?;
    if has_from {
        if protocol::getattr_opt(*m, names().__path__)?.is_some() {
            let f = IMPORTLIB.0.handle_fromlist.get_ref();
            if !f.is_null() {
                return protocol::call(*f, &[*m, fromlist, *import_function()]);
            }
        }
        return Ok(m);
    }
    let text = name_s.to_string();
    if level > 0 && text.is_empty() {
        return Ok(m);
    }
    let Some((front, _)) = text.split_once('.') else {
        return Ok(m);
    };
    if level == 0 {
        return find_and_load(*strings::intern_str(front));
    }
    let abs_text = strings::expect(*abs).to_string();
    let cut = text.len() - front.len();
    let top = strings::intern_str(&abs_text[..abs_text.len() - cut]);
    match dict::get(*modules()?, *top)?.some() {
        Some(m) => Ok(m.to_ref()),
        None => err!(
            KeyError,
            "'{}' not in sys.modules as expected",
            strings::expect(*top)
        ),
    }
}

/// IMPORT_FROM when the module has no such attribute: a submodule on its way, or ImportError.
pub fn import_from_fallback(m: Value, name: Value) -> PyResult {
    let n = names();
    let mod_name = protocol::getattr_opt(m, n.__name__)?.filter(|v| strings::is_str(**v));
    let name_text = strings::expect(name).to_string();
    if let Some(mn) = &mod_name {
        let full = format!("{}.{name_text}", strings::expect(**mn));
        if let Some(sub) = imported(&full) {
            return Ok(sub);
        }
    }
    let shown = mod_name
        .as_ref()
        .map_or("<unknown module name>".to_string(), |v| {
            strings::expect(**v).to_string()
        });
    let spec = protocol::getattr_opt(m, n.__spec__)?;
    let mut origin = Ref::NONE;
    if let Some(s) = &spec
        && !s.is_none()
    {
        if let Some(h) = protocol::getattr_opt(**s, n.has_location)?
            && protocol::is_true(*h)?
            && let Some(o) = protocol::getattr_opt(**s, n.origin)?
        {
            origin = o;
        }
    }
    if origin.is_none()
        && let Some(f) = protocol::getattr_opt(m, n.__file__)?
        && strings::is_str(*f)
    {
        origin = f;
    }
    let place = if strings::is_str(*origin) {
        strings::expect(*origin).to_string()
    } else {
        "unknown location".to_string()
    };
    let message = if m.is_a::<module::PyModule>() && is_initializing(m)? {
        format!(
            "cannot import name '{name_text}' from partially initialized module '{shown}' (most likely due to a circular import) ({place})"
        )
    } else {
        format!("cannot import name '{name_text}' from '{shown}' ({place})")
    };
    let r: PyResult = err!(ImportError, "{message}");
    let exc = taipan_objects::vm::vm().pending().to_ref();
    let set = |k: &str, v: Value| {
        if protocol::setattr_str(*exc, k, v).is_err() {
            // The attributes only serve suggestions.
        }
    };
    let pending = taipan_objects::vm::vm().take_pending();
    set("name", mod_name.as_ref().map_or(Value::NONE, |v| **v));
    set("path", *origin);
    set("name_from", name);
    taipan_objects::vm::vm().set_pending(pending);
    r
}

/// Loads a marshalled code object.
pub fn load_code(data: &[u8]) -> PyResult {
    match taipan_bytecode::marshal::loads_code(data) {
        Ok(c) => Ok(code_object::new_code(c)),
        Err(e) => err!(ValueError, "bad marshal data ({e})"),
    }
}

/// Code of an embedded library module, compiled now if it was not when the binary was built.
fn library_code(name: &str) -> PyResult<Option<Ref>> {
    let Some(p) = providers() else {
        return Ok(None);
    };
    let Some(m) = (p.library)(name) else {
        return Ok(None);
    };
    if crate::compile::default_optimize() == 0
        && let Some(data) = m.code
    {
        return load_code(data).map(Some);
    }
    let Some(source) = (m.source)(name) else {
        return Ok(None);
    };
    let code = crate::compile::compile_source(
        taipan_compiler::Source::from(source.as_slice()),
        &m.filename,
        taipan_compiler::parse::Mode::Exec,
        0,
        crate::compile::default_optimize(),
    )?;
    Ok(Some(code))
}

/// Runs an embedded module under a name of its own, before there is an importlib.
fn run_frozen(library_name: &str, name: &str) -> PyResult {
    let Some(code) = library_code(library_name)? else {
        return err!(ImportError, "the embedded library lacks {library_name}");
    };
    let m = module::new_module(name);
    let d = module::namespace(*m);
    dict::set_str(d, "__builtins__", *crate::builtins::namespace());
    dict::set_str(*modules()?, name, *m);
    crate::call::run_code(*code, d, *crate::builtins::namespace(), d, Value::NULL)?;
    Ok(m)
}

/// Starts importlib: afterwards everything can be imported.
pub fn start() -> PyResult<()> {
    let sys = match imported("sys") {
        Some(m) => m,
        None => return err!(RuntimeError, "sys is not there"),
    };
    let b = run_frozen("importlib._bootstrap", "_frozen_importlib")?;
    let imp = match native_module("_imp")? {
        Some(m) => m,
        None => return err!(ImportError, "_imp is not there"),
    };
    protocol::call_method_str(*b, "_install", &[*sys, *imp])?;
    IMPORTLIB
        .0
        .find_and_load
        .set(protocol::getattr(*b, names()._find_and_load)?);
    IMPORTLIB
        .0
        .handle_fromlist
        .set(protocol::getattr(*b, names()._handle_fromlist)?);
    IMPORTLIB.0.bootstrap.set(b.clone());
    let ext = run_frozen(
        "importlib._bootstrap_external",
        "_frozen_importlib_external",
    )?;
    protocol::call_method_str(*ext, "_set_bootstrap_module", &[*b])?;
    protocol::setattr_str(*b, "_bootstrap_external", *ext)?;
    protocol::call_method_str(*ext, "_install", &[*b])?;
    // Interrupts raise KeyboardInterrupt from here on.
    native_module("_signal")?;
    // The embedded library stands between native modules and files.
    let importer = run_frozen("_taipan_importer", "_taipan_importer")?;
    protocol::call_method_str(*importer, "_install", &[*sys, *b, *ext, *imp])?;
    Ok(())
}

// ---------------------------------------------------------------- _imp

fn text(v: Value) -> PyResult<String> {
    strings::to_text(v, "name")
}
fn spec_name(spec: Value) -> PyResult<String> {
    let n = protocol::getattr(spec, names().name)?;
    text(*n)
}
fn create_builtin(a: &[Value]) -> PyResult {
    let name = spec_name(a[0])?;
    Ok(native_module(&name)?.unwrap_or(Ref::NONE))
}
fn is_builtin(a: &[Value]) -> PyResult {
    let name = text(a[0])?;
    let yes = name == "sys" || name == "builtins" || find_native(&name).is_some();
    Ok(int::from_i64(yes as i64))
}
fn find_library(a: &[Value]) -> PyResult {
    let name = text(a[0])?;
    match providers().and_then(|p| (p.library)(&name)) {
        Some(m) => Ok(tuple::of([
            Ref::bool(m.is_package),
            strings::new_str(&m.filename),
        ])),
        None => Ok(Ref::NONE),
    }
}
fn get_library_code(a: &[Value]) -> PyResult {
    Ok(library_code(&text(a[0])?)?.unwrap_or(Ref::NONE))
}
fn get_library_source(a: &[Value]) -> PyResult {
    let name = text(a[0])?;
    match providers()
        .and_then(|p| (p.library)(&name))
        .and_then(|m| (m.source)(&name))
    {
        Some(s) => Ok(bytes::from_vec(s)),
        None => Ok(Ref::NONE),
    }
}
fn get_library_file(a: &[Value]) -> PyResult {
    let name = text(a[0])?;
    match providers().and_then(|p| (p.library_file)(&name)) {
        Some(s) => Ok(bytes::from_vec(s)),
        None => Ok(Ref::NONE),
    }
}
fn library_names(_: &[Value]) -> PyResult {
    let all = providers().map_or(vec![], |p| (p.library_names)());
    Ok(list::new_list(
        all.iter().map(|n| strings::new_str(n)).collect(),
    ))
}
fn library_prefix(_: &[Value]) -> PyResult {
    Ok(strings::new_str(
        providers().map_or("", |p| p.library_prefix),
    ))
}
fn fix_co_filename(a: &[Value]) -> PyResult {
    if let Some(c) = a[0].cast_exact::<PyCode>() {
        fn fix(c: &PyCode, path: Value) {
            c.filename.set(path.to_ref());
            for k in &c.consts {
                if let Some(inner) = k.cast_exact::<PyCode>() {
                    fix(inner, path);
                }
            }
        }
        fix(c, a[1]);
    }
    Ok(Ref::NONE)
}
fn source_hash(a: &[Value]) -> PyResult {
    let key = int::to_i64(a[0])? as u64;
    let data = taipan_objects::buffer::to_vec(a[1])?;
    Ok(bytes::from_vec(
        taipan_objects::hash::keyed(key, &data)
            .to_le_bytes()
            .to_vec(),
    ))
}
fn no_frozen(a: &[Value]) -> PyResult {
    err!(ImportError, "No such frozen object named {}", text(a[0])?)
}

static IMP: ModuleDef = ModuleDef {
    name: "_imp",
    doc: "(Extremely) low-level import machinery bits as used by importlib.",
    functions: &[
        MethodDef::new(
            "lock_held($module, /)",
            "Return True if the import lock is currently held, else False.",
            |_| Ok(Ref::bool(false)),
        ),
        MethodDef::new(
            "acquire_lock($module, /)",
            "Acquires the interpreter's import lock for the current thread.",
            |_| Ok(Ref::NONE),
        ),
        MethodDef::new(
            "release_lock($module, /)",
            "Release the interpreter's import lock.",
            |_| Ok(Ref::NONE),
        ),
        MethodDef::new(
            "is_builtin($module, name, /)",
            "Returns True if the module name corresponds to a built-in module.",
            is_builtin,
        ),
        MethodDef::new(
            "is_frozen($module, name, /)",
            "Returns True if the module name corresponds to a frozen module.",
            |_| Ok(Ref::bool(false)),
        ),
        MethodDef::new(
            "is_frozen_package($module, name, /)",
            "Returns True if the module name is of a frozen package.",
            no_frozen,
        ),
        MethodDef::new(
            "get_frozen_object($module, name, data=None, /)",
            "Create a code object for a frozen module.",
            no_frozen,
        ),
        MethodDef::new(
            "init_frozen($module, name, /)",
            "Initializes a frozen module.",
            no_frozen,
        ),
        MethodDef::new(
            "find_frozen($module, name, /, *, withdata=False)",
            "Return info about the corresponding frozen module (if there is one) or None.",
            |_| Ok(Ref::NONE),
        ),
        MethodDef::new(
            "_frozen_module_names($module, /)",
            "Returns the list of available frozen modules.",
            |_| Ok(list::new_list(vec![])),
        ),
        MethodDef::new(
            "_override_frozen_modules_for_tests($module, override, /)",
            "",
            |_| Ok(Ref::NONE),
        ),
        MethodDef::new(
            "_override_multi_interp_extensions_check($module, override, /)",
            "",
            |_| Ok(int::from_i64(0)),
        ),
        MethodDef::new(
            "create_builtin($module, spec, /)",
            "Create an extension module.",
            create_builtin,
        ),
        MethodDef::new(
            "exec_builtin($module, mod, /)",
            "Initialize a built-in module.",
            |_| Ok(int::from_i64(0)),
        ),
        MethodDef::new(
            "create_dynamic($module, spec, file=None, /)",
            "Create an extension module.",
            |_| taipan_objects::err::missing("loading extension modules"),
        ),
        MethodDef::new(
            "exec_dynamic($module, mod, /)",
            "Initialize an extension module.",
            |_| Ok(int::from_i64(0)),
        ),
        MethodDef::new(
            "extension_suffixes($module, /)",
            "Returns the list of file suffixes used to identify extension modules.",
            |_| Ok(list::new_list(vec![])),
        ),
        MethodDef::new(
            "_fix_co_filename($module, code, path, /)",
            "Changes code.co_filename to specify the passed-in file path.",
            fix_co_filename,
        ),
        MethodDef::new("source_hash($module, /, key, source)", "", source_hash),
        MethodDef::new(
            "_library_find($module, name, /)",
            "(is_package, filename) of an embedded module, or None.",
            find_library,
        ),
        MethodDef::new(
            "_library_code($module, name, /)",
            "Code of an embedded module, or None.",
            get_library_code,
        ),
        MethodDef::new(
            "_library_source($module, name, /)",
            "Source of an embedded module as bytes, or None.",
            get_library_source,
        ),
        MethodDef::new(
            "_library_file($module, path, /)",
            "An embedded data file as bytes, or None.",
            get_library_file,
        ),
        MethodDef::new(
            "_library_names($module, /)",
            "Names of all embedded modules.",
            library_names,
        ),
        MethodDef::new(
            "_library_prefix($module, /)",
            "Folder under which embedded modules pretend to lie.",
            library_prefix,
        ),
    ],
    init: Some(|m| {
        module::add(m, "check_hash_based_pycs", strings::new_str("default"));
        module::add(m, "pyc_magic_number_token", int::from_i64(0x0a0d0e2b));
        Ok(())
    }),
};
