//! Raising Python exceptions from Rust.
//!
//! A function that may raise returns `PyResult<T>`. `Raised` says that the exception stands in the thread state
//! (`vm().take_exception()`); it carries nothing, so that results travel in registers.

use crate::typeobject::Type;
use crate::value::Ref;

/// Proof that an exception is pending in the current thread.
#[derive(Debug)]
#[must_use]
pub struct Raised(());

pub type PyResult<T = Ref> = Result<T, Raised>;

impl Raised {
    /// To be called only right after an exception has been set.
    #[inline(always)]
    pub fn pending() -> Raised {
        Raised(())
    }
}

/// Makes `ty(message)` the pending exception.
#[cold]
#[inline(never)]
pub fn raise(ty: Type, message: impl AsRef<str>) -> Raised {
    let msg = crate::strings::new_str(message.as_ref());
    set_exception(crate::exceptions::new_exception(ty, &[*msg]))
}

/// Makes an instance the pending exception, with the handled one as its context.
#[cold]
#[inline(never)]
pub fn set_exception(exc: Ref) -> Raised {
    crate::exceptions::attach_context(*exc);
    crate::vm::vm().set_pending(exc);
    Raised(())
}

/// Makes `ty(args…)` the pending exception.
#[cold]
#[inline(never)]
pub fn raise_with(ty: Type, args: &[crate::value::Value]) -> Raised {
    let exc = crate::exceptions::new_exception(ty, args);
    set_exception(exc)
}

/// Whether the pending exception is an instance of `ty`.
pub fn pending_is(ty: Type) -> bool {
    let e = crate::vm::vm().pending();
    !e.is_null() && e.ty().is_subtype(ty)
}

/// Forgets the pending exception if it is an instance of `ty`; says whether it did.
pub fn clear_if(ty: Type) -> bool {
    if pending_is(ty) {
        drop(crate::vm::vm().take_pending());
        true
    } else {
        false
    }
}

/// `Err(ty(format!(…)))`, the type by its Python name: `return err!(TypeError, "bad {}", x)`.
#[macro_export]
macro_rules! err {
    ($ty:ident, $($arg:tt)*) => {
        Err($crate::raised!($ty, $($arg)*))
    };
}

/// As `err!`, giving the `Raised` itself.
#[macro_export]
macro_rules! raised {
    ($ty:ident, $($arg:tt)*) => {
        $crate::err::raise(&$crate::exceptions::$ty, format!($($arg)*))
    };
}

/// `NotImplementedError` for a feature that is missing, by its name.
#[cold]
pub fn missing<T>(what: &str) -> PyResult<T> {
    err!(
        NotImplementedError,
        "{what} is not implemented in taipan yet"
    )
}

/// Issues a warning, as seen from the running Python code.
#[cold]
pub fn warn(category: Type, message: &str) -> PyResult<()> {
    if crate::vm::hooks_installed() {
        (crate::vm::hooks().warn)(category, message, 1)
    } else {
        Ok(())
    }
}
