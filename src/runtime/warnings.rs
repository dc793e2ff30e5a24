//! Warnings raised from Rust: through the `warnings` module once it is there.

use taipan_compiler::error::{Warning, WarningKind};
use taipan_objects::err::PyResult;
use taipan_objects::typeobject::Type;

use taipan_objects::{exceptions, int, protocol, strings};

/// `warnings.warn(message, category, stacklevel)`.
pub fn warn(category: Type, message: &str, stacklevel: usize) -> PyResult<()> {
    let m = match crate::import::imported("_warnings") {
        Some(m) => m,
        // Modules are gone, and filters with them.
        None if crate::lifecycle::is_finalizing() => return Ok(()),
        None => crate::import::import_module("_warnings")?,
    };
    let f = protocol::getattr_str(*m, "warn")?;
    let (text, level) = (strings::new_str(message), int::from_usize(stacklevel));
    protocol::call(*f, &[*text, category.value(), *level]).map(|_| ())
}

/// `warnings.warn_explicit` for what the compiler found; an error made of it is a SyntaxError at its place.
pub fn warn_syntax(w: &Warning, filename: &str) -> PyResult<()> {
    let category: Type = match w.kind {
        WarningKind::Syntax => &exceptions::SyntaxWarning,
        WarningKind::Deprecation => &exceptions::DeprecationWarning,
    };
    let m = crate::import::import_module("_warnings")?;
    let f = protocol::getattr_str(*m, "warn_explicit")?;
    let (text, file, line) = (
        strings::new_str(&w.msg),
        strings::new_str(filename),
        int::from_i64(w.lineno as i64),
    );
    match protocol::call(*f, &[*text, category.value(), *file, *line]) {
        Ok(_) => Ok(()),
        Err(e) => {
            let pending = taipan_objects::vm::vm().pending();
            if pending.ty().is(category) {
                drop(taipan_objects::vm::vm().take_pending());
                let error = taipan_compiler::error::CompileError {
                    kind: taipan_compiler::error::ErrorKind::Syntax,
                    msg: w.msg.clone(),
                    location: w.location,
                    text: None,
                    filename_unknown: false,
                };
                return Err(crate::compile::raise_compile_error(&error, filename));
            }
            Err(e)
        }
    }
}
