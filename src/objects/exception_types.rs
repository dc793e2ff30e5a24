//! The exception types.
#![allow(non_upper_case_globals)]

use crate::exceptions::PyException;
use crate::typeobject::{TypeFlags, TypeObject, TypeSpec};

const FLAGS: u32 = TypeFlags::BASETYPE | TypeFlags::HAVE_GC | TypeFlags::EXC_SUBCLASS;

macro_rules! exception {
    ($name:ident, $base:expr, $doc:literal) => {
        pub static $name: TypeObject = TypeObject::builtin(&TypeSpec {
            name: stringify!($name),
            doc: $doc,
            base: $base,
            flags: FLAGS,
            ..TypeSpec::of::<PyException>()
        });
    };
}

exception!(BaseException, None, "");
exception!(Exception, Some(&BaseException), "");
exception!(ArithmeticError, Some(&Exception), "");
exception!(AssertionError, Some(&Exception), "");
exception!(AttributeError, Some(&Exception), "");
exception!(BaseExceptionGroup, Some(&BaseException), "");
exception!(OSError, Some(&Exception), "");
exception!(BlockingIOError, Some(&OSError), "");
exception!(ConnectionError, Some(&OSError), "");
exception!(BrokenPipeError, Some(&ConnectionError), "");
exception!(BufferError, Some(&Exception), "");
exception!(Warning, Some(&Exception), "");
exception!(BytesWarning, Some(&Warning), "");
exception!(ChildProcessError, Some(&OSError), "");
exception!(ConnectionAbortedError, Some(&ConnectionError), "");
exception!(ConnectionRefusedError, Some(&ConnectionError), "");
exception!(ConnectionResetError, Some(&ConnectionError), "");
exception!(DeprecationWarning, Some(&Warning), "");
exception!(EOFError, Some(&Exception), "");
exception!(EncodingWarning, Some(&Warning), "");
exception!(ExceptionGroup, Some(&BaseExceptionGroup), "");
exception!(FileExistsError, Some(&OSError), "");
exception!(FileNotFoundError, Some(&OSError), "");
exception!(FloatingPointError, Some(&ArithmeticError), "");
exception!(FutureWarning, Some(&Warning), "");
exception!(GeneratorExit, Some(&BaseException), "");
exception!(ImportError, Some(&Exception), "");
exception!(ImportWarning, Some(&Warning), "");
exception!(SyntaxError, Some(&Exception), "");
exception!(IndentationError, Some(&SyntaxError), "");
exception!(LookupError, Some(&Exception), "");
exception!(IndexError, Some(&LookupError), "");
exception!(InterruptedError, Some(&OSError), "");
exception!(IsADirectoryError, Some(&OSError), "");
exception!(KeyError, Some(&LookupError), "");
exception!(KeyboardInterrupt, Some(&BaseException), "");
exception!(MemoryError, Some(&Exception), "");
exception!(ModuleNotFoundError, Some(&ImportError), "");
exception!(NameError, Some(&Exception), "");
exception!(NotADirectoryError, Some(&OSError), "");
exception!(RuntimeError, Some(&Exception), "");
exception!(NotImplementedError, Some(&RuntimeError), "");
exception!(OverflowError, Some(&ArithmeticError), "");
exception!(PendingDeprecationWarning, Some(&Warning), "");
exception!(PermissionError, Some(&OSError), "");
exception!(ProcessLookupError, Some(&OSError), "");
exception!(PythonFinalizationError, Some(&RuntimeError), "");
exception!(RecursionError, Some(&RuntimeError), "");
exception!(ReferenceError, Some(&Exception), "");
exception!(ResourceWarning, Some(&Warning), "");
exception!(RuntimeWarning, Some(&Warning), "");
exception!(StopAsyncIteration, Some(&Exception), "");
exception!(StopIteration, Some(&Exception), "");
exception!(SyntaxWarning, Some(&Warning), "");
exception!(SystemError, Some(&Exception), "");
exception!(SystemExit, Some(&BaseException), "");
exception!(TabError, Some(&IndentationError), "");
exception!(TimeoutError, Some(&OSError), "");
exception!(TypeError, Some(&Exception), "");
exception!(UnboundLocalError, Some(&NameError), "");
exception!(ValueError, Some(&Exception), "");
exception!(UnicodeError, Some(&ValueError), "");
exception!(UnicodeDecodeError, Some(&UnicodeError), "");
exception!(UnicodeEncodeError, Some(&UnicodeError), "");
exception!(UnicodeTranslateError, Some(&UnicodeError), "");
exception!(UnicodeWarning, Some(&Warning), "");
exception!(UserWarning, Some(&Warning), "");
exception!(ZeroDivisionError, Some(&ArithmeticError), "");
exception!(_IncompleteInputError, Some(&SyntaxError), "");
