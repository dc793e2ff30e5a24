//! `_warnings`: filtering and issuing warnings.

use taipan_objects::err::PyResult;
use taipan_objects::frame::Frame;
use taipan_objects::names::names;
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::typeobject::as_type;
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::vm::vm;
use taipan_objects::{dict, err, exceptions, int, list, module, protocol, strings, tuple};
use taipan_runtime::import;

pub static MODULE: ModuleDef = ModuleDef {
    name: "_warnings",
    doc: "The part of the warnings machinery that runs before Python code does.",
    functions: &[
        MethodDef::new(
            "warn($module, /, message, category=None, stacklevel=1, source=None, *,\n     skip_file_prefixes=())",
            "Issues a warning, or maybe ignores it or raises an exception.",
            warn,
        ),
        MethodDef::new(
            "warn_explicit($module, /, message, category, filename, lineno,\n              module=<unrepresentable>, registry=None,\n              module_globals=None, source=None)",
            "Issues a warning for a given place.",
            warn_explicit,
        ),
        MethodDef::new("_filters_mutated_lock_held($module, /)", "Tells that the list of filters has changed.", |_| {
            STATE.0.version.set(STATE.0.version.get() + 1);
            Ok(Ref::NONE)
        }),
        MethodDef::new("_acquire_lock($module, /)", "", |_| {
            STATE.0.locked.set(STATE.0.locked.get() + 1);
            Ok(Ref::NONE)
        }),
        MethodDef::new("_release_lock($module, /)", "", |_| {
            let n = STATE.0.locked.get();
            if n == 0 {
                return err!(RuntimeError, "cannot release un-acquired lock");
            }
            STATE.0.locked.set(n - 1);
            Ok(Ref::NONE)
        }),
    ],
    init: Some(init),
};

struct State {
    filters: Slot,
    once: Slot,
    default_action: Slot,
    version: std::cell::Cell<i64>,
    /// The lock serves `warnings` alone, whose critical sections cannot be left to other threads here.
    locked: std::cell::Cell<u32>,
}
struct Shared(State);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Shared {}
static STATE: Shared = Shared(State {
    filters: Slot::null(),
    once: Slot::null(),
    default_action: Slot::null(),
    version: std::cell::Cell::new(0),
    locked: std::cell::Cell::new(0),
});

fn filter(action: &str, category: Value, module: Option<&str>) -> Ref {
    let m = module.map_or(Ref::NONE, strings::new_str);
    tuple::of([strings::intern_str(action), Ref::NONE, category.to_ref(), m, int::from_i64(0)])
}

fn init(m: Value) -> PyResult<()> {
    let s = &STATE.0;
    s.filters.set(list::new_list(vec![
        filter("default", exceptions::DeprecationWarning.value(), Some("__main__")),
        filter("ignore", exceptions::DeprecationWarning.value(), None),
        filter("ignore", exceptions::PendingDeprecationWarning.value(), None),
        filter("ignore", exceptions::ImportWarning.value(), None),
        filter("ignore", exceptions::ResourceWarning.value(), None),
    ]));
    s.once.set(dict::new_dict());
    s.default_action.set(strings::intern_str("default"));
    module::add(m, "filters", s.filters.get_ref());
    module::add(m, "_onceregistry", s.once.get_ref());
    module::add(m, "_defaultaction", s.default_action.get_ref());
    if let Ok(Some(cv)) = import::native_module("_contextvars")
        && let Some(t) = protocol::getattr_opt(*cv, *strings::intern_str("ContextVar"))?
    {
        module::add(m, "_warnings_context", protocol::call(*t, &[*strings::intern_str("_warnings_context")])?);
    }
    Ok(())
}

/// An attribute of the `warnings` module, if that has been imported (or, for showing, can be).
fn module_attr(name: &str, try_import: bool) -> PyResult<Option<Ref>> {
    let m = match import::imported("warnings") {
        Some(m) => m,
        None if try_import && !taipan_runtime::lifecycle::is_finalizing() => match import::import_module("warnings") {
            Ok(m) => m,
            Err(e) => {
                if taipan_objects::err::clear_if(&exceptions::ImportError) {
                    return Ok(None);
                }
                return Err(e);
            }
        },
        None => return Ok(None),
    };
    protocol::getattr_opt(*m, *strings::intern_str(name))
}

fn current_filters() -> PyResult {
    // A context may bring filters of its own.
    if let Some(f) = module_attr("_get_filters", false)? {
        let l = protocol::call(*f, &[])?;
        if list::is_list(*l) {
            return Ok(l);
        }
    }
    if let Some(f) = module_attr("filters", false)? {
        if !list::is_list(*f) {
            return err!(ValueError, "_warnings.filters must be a list");
        }
        STATE.0.filters.set(f);
    }
    Ok(STATE.0.filters.get_ref())
}

fn matches(pattern: Value, text: Value) -> PyResult<bool> {
    if pattern.is_none() {
        return Ok(true);
    }
    if pattern.is_exact::<strings::PyStr>() {
        return protocol::eq(pattern, text);
    }
    let m = protocol::call_method_str(pattern, "match", &[text])?;
    protocol::is_true(*m)
}

/// The action for a warning, and the filter it came from.
fn find_action(category: Value, text: Value, lineno: i64, module: Value) -> PyResult<(Ref, Ref)> {
    let filters = current_filters()?;
    for (i, f) in list::expect(*filters).to_vec().into_iter().enumerate() {
        if !tuple::is_tuple(*f) || tuple::as_slice(*f).len() != 5 {
            return err!(ValueError, "warnings.filters item {i} isn't a 5-tuple");
        }
        let t: Vec<Ref> = tuple::as_slice(*f).iter().map(|v| v.to_ref()).collect();
        if !strings::is_str(*t[0]) {
            return err!(TypeError, "action must be a string, not '{}'", t[0].type_name());
        }
        let line = int::to_i64(*t[4])?;
        if (line == 0 || line == lineno)
            && protocol::issubclass(category, *t[2])?
            && matches(*t[1], text)?
            && matches(*t[3], module)?
        {
            return Ok((t[0].clone(), f));
        }
    }
    if let Some(d) = module_attr("defaultaction", false)? {
        STATE.0.default_action.set(d);
    }
    Ok((STATE.0.default_action.get_ref(), Ref::NONE))
}

/// Whether the registry knows the key; enters it if `set`.
fn already_warned(registry: Value, key: Value, set: bool) -> PyResult<bool> {
    if registry.is_none_or_null() {
        return Ok(false);
    }
    let version = dict::get_str(registry, "version");
    if version.as_small_int() != Some(STATE.0.version.get()) {
        dict::clear(registry);
        dict::set_str(registry, "version", *int::from_i64(STATE.0.version.get()));
    } else {
        let known = dict::get(registry, key)?;
        if !known.is_null() && protocol::is_true(known)? {
            return Ok(true);
        }
    }
    if set {
        dict::set(registry, key, Value::TRUE)?;
    }
    Ok(false)
}

fn normalize_module(filename: Value) -> Ref {
    let f = strings::expect(filename);
    let text = f.to_string();
    if text.is_empty() {
        return strings::new_str("<unknown>");
    }
    match text.strip_suffix(".py") {
        Some(t) => strings::new_str(t),
        None => filename.to_ref(),
    }
}

/// Everything that is known about a warning.
struct Warning {
    category: Value,
    message: Value,
    filename: Value,
    lineno: i64,
    module: Value,
    registry: Value,
    source_line: Value,
    source: Value,
}

fn issue(w: &Warning) -> PyResult {
    if w.module.is_none() {
        return Ok(Ref::NONE);
    }
    if !w.registry.is_none_or_null() && !dict::is_dict(w.registry) {
        return err!(TypeError, "'registry' must be a dict or None, not '{}'", w.registry.type_name());
    }
    let module = if w.module.is_null() { normalize_module(w.filename) } else { w.module.to_ref() };
    let (text, message, category) = if protocol::isinstance(w.message, exceptions::Warning.value())? {
        (protocol::str(w.message)?, w.message.to_ref(), w.message.ty().to_ref())
    } else {
        (w.message.to_ref(), protocol::call(w.category, &[w.message])?, w.category.to_ref())
    };
    let line = int::from_i64(w.lineno);
    let key = tuple::of([text.clone(), category.clone(), line]);
    if !w.registry.is_none_or_null() && already_warned(w.registry, *key, false)? {
        return Ok(Ref::NONE);
    }
    let (action, item) = find_action(*category, *text, w.lineno, *module)?;
    let action_text = strings::to_text(*action, "action")?;
    let mut already = false;
    match action_text.as_str() {
        "error" => {
            return Err(taipan_objects::err::set_exception(message));
        }
        "ignore" => return Ok(Ref::NONE),
        "once" => {
            if let Some(r) = module_attr("onceregistry", false)? {
                STATE.0.once.set(r);
            }
            let registry = if w.registry.is_none_or_null() { STATE.0.once.get_ref() } else { w.registry.to_ref() };
            let _ = already_warned(*registry, *key, true)?;
            let short = tuple::of([text.clone(), category.clone()]);
            let once = STATE.0.once.get_ref();
            already = already_warned(*once, *short, true)?;
        }
        "always" | "all" => {}
        "module" => {
            if !w.registry.is_none_or_null() {
                dict::set(w.registry, *key, Value::TRUE)?;
                let short = tuple::of([text.clone(), category.clone(), int::from_i64(0)]);
                already = already_warned(w.registry, *short, true)?;
            }
        }
        "default" => {
            if !w.registry.is_none_or_null() {
                dict::set(w.registry, *key, Value::TRUE)?;
            }
        }
        _ => {
            return err!(
                RuntimeError,
                "Unrecognized action ({}) in warnings.filters:\n {}",
                protocol::repr_text(*action)?,
                protocol::repr_text(*item)?
            );
        }
    }
    if already {
        return Ok(Ref::NONE);
    }
    show(w, *text, *message, *category)
}

fn show(w: &Warning, text: Value, message: Value, category: Value) -> PyResult {
    let line = int::from_i64(w.lineno);
    let Some(f) = module_attr("_showwarnmsg", !w.source.is_none_or_null())? else {
        return show_plainly(w, text, category);
    };
    let Some(make) = module_attr("WarningMessage", false)? else {
        return err!(RuntimeError, "unable to get warnings.WarningMessage");
    };
    let source = w.source.or(Value::NONE);
    let m = protocol::call(*make, &[message, category, w.filename, *line, Value::NONE, Value::NONE, source])?;
    protocol::call(*f, &[*m])
}

/// What `warnings` would print, while it is not there.
fn show_plainly(w: &Warning, text: Value, category: Value) -> PyResult {
    let stderr = taipan_runtime::sys::get("stderr");
    if stderr.is_none_or_null() {
        return Ok(Ref::NONE);
    }
    let name = as_type(category).map_or("Warning", |t| t.name());
    let mut out = format!("{}:{}: {name}: {}\n", strings::expect(w.filename), w.lineno, protocol::str_text(text)?);
    let line = if w.source_line.is_none_or_null() {
        std::fs::read_to_string(&*strings::expect(w.filename).to_string_lossy())
            .ok()
            .and_then(|t| t.lines().nth((w.lineno - 1).max(0) as usize).map(str::to_string))
    } else {
        Some(protocol::str_text(w.source_line)?)
    };
    if let Some(l) = line
        && !l.trim().is_empty()
    {
        out.push_str(&format!("  {}\n", l.trim()));
    }
    protocol::call_method(*stderr, names().write, &[*strings::new_str(&out)])?;
    Ok(Ref::NONE)
}

fn caller(f: *mut Frame) -> *mut Frame {
    // SAFETY: frames in the chain are alive while their callees run.
    if f.is_null() { f } else { unsafe { (*f).previous.get() } }
}
fn filename_of(f: *mut Frame) -> Ref {
    // SAFETY: as above.
    unsafe { (*f).code() }.filename.get_ref()
}
fn is_internal(f: *mut Frame) -> bool {
    let name = filename_of(f);
    if !strings::is_str(*name) {
        return false;
    }
    let t = strings::expect(*name).to_string();
    t.contains("importlib") && t.contains("_bootstrap")
}
fn is_skipped(f: *mut Frame, prefixes: Value) -> bool {
    if is_internal(f) {
        return true;
    }
    if prefixes.is_null() {
        return false;
    }
    let name = strings::expect(*filename_of(f)).to_string();
    tuple::as_slice(prefixes).iter().any(|p| name.starts_with(&strings::expect(*p).to_string()))
}
fn next_external(mut f: *mut Frame, prefixes: Value) -> *mut Frame {
    loop {
        f = caller(f);
        if f.is_null() || !is_skipped(f, prefixes) {
            return f;
        }
    }
}

fn warn(a: &[Value]) -> PyResult {
    let mut stacklevel = if a[2].is_null() { 1 } else { int::to_i64(a[2])? };
    let prefixes = a[4];
    if !prefixes.is_null() {
        if !tuple::is_tuple(prefixes) {
            return err!(TypeError, "warn() argument 'skip_file_prefixes' must be tuple, not {}", prefixes.type_name());
        }
        for p in tuple::as_slice(prefixes) {
            if !strings::is_str(*p) {
                return err!(TypeError, "Found non-str '{}' in skip_file_prefixes.", p.type_name());
            }
        }
    }
    let prefixes = if !prefixes.is_null() && tuple::as_slice(prefixes).is_empty() { Value::NULL } else { prefixes };
    if !prefixes.is_null() && stacklevel < 2 {
        stacklevel = 2;
    }
    let category = if protocol::isinstance(a[0], exceptions::Warning.value())? {
        a[0].ty().to_ref()
    } else if a[1].is_none_or_null() {
        exceptions::UserWarning.to_ref()
    } else {
        a[1].to_ref()
    };
    if as_type(*category).is_none_or(|t| !t.is_subtype(&exceptions::Warning)) {
        let shown = if as_type(*category).is_some() { protocol::repr_text(*category)? } else { category.type_name().to_string() };
        if as_type(*category).is_some() {
            return err!(TypeError, "category must be a Warning subclass, not class {shown}");
        }
        return err!(TypeError, "category must be a Warning subclass, not '{shown}'");
    }
    let mut f = vm().frame.get();
    if stacklevel <= 0 || (!f.is_null() && is_internal(f)) {
        while stacklevel > 1 && !f.is_null() {
            f = caller(f);
            stacklevel -= 1;
        }
    } else {
        while stacklevel > 1 && !f.is_null() {
            f = next_external(f, prefixes);
            stacklevel -= 1;
        }
    }
    let (globals, filename, lineno);
    if f.is_null() {
        globals = taipan_runtime::sys::namespace();
        filename = strings::new_str("<sys>");
        lineno = 0;
    } else {
        // SAFETY: the frame is running.
        let fr = unsafe { &*f };
        globals = fr.globals.get().to_ref();
        filename = filename_of(f);
        lineno = fr.code().code.line((fr.lasti().max(0) / 2) as usize).unwrap_or(0) as i64;
    }
    let n = names();
    let mut registry = dict::get(*globals, n.__warningregistry__)?.to_ref();
    if registry.is_null() {
        registry = dict::new_dict();
        dict::set(*globals, n.__warningregistry__, *registry)?;
    }
    let name = dict::get(*globals, n.__name__)?;
    let module = if name.is_none() || strings::is_str(name) { name.to_ref() } else { strings::new_str("<string>") };
    issue(&Warning {
        category: *category,
        message: a[0],
        filename: *filename,
        lineno,
        module: *module,
        registry: *registry,
        source_line: Value::NULL,
        source: a[3],
    })
}

fn warn_explicit(a: &[Value]) -> PyResult {
    if !strings::is_str(a[2]) {
        return err!(TypeError, "warn_explicit() argument 'filename' must be str, not {}", a[2].type_name());
    }
    let lineno = int::to_i64(a[3])?;
    let mut line = Ref::NONE;
    if !a[6].is_none_or_null() {
        if !dict::is_dict(a[6]) {
            return err!(TypeError, "module_globals must be a dict, not '{}'", a[6].type_name());
        }
        line = line_from_loader(a[6], lineno)?;
    }
    issue(&Warning {
        category: a[1],
        message: a[0],
        filename: a[2],
        lineno,
        module: a[4],
        registry: a[5],
        source_line: *line,
        source: a[7],
    })
}

fn line_from_loader(globals: Value, lineno: i64) -> PyResult {
    let n = names();
    let (loader, name) = (dict::get(globals, n.__loader__)?, dict::get(globals, n.__name__)?);
    if loader.is_none_or_null() || name.is_none_or_null() {
        return Ok(Ref::NONE);
    }
    let (loader, name) = (loader.to_ref(), name.to_ref());
    let Some(get) = protocol::getattr_opt(*loader, n.get_source)? else { return Ok(Ref::NONE) };
    let source = protocol::call(*get, &[*name])?;
    if source.is_none() {
        return Ok(Ref::NONE);
    }
    let lines = protocol::call_method_str(*source, "splitlines", &[])?;
    Ok(list::expect(*lines).get((lineno - 1).max(0) as usize).unwrap_or(Ref::NONE))
}
