//! The exception types. Behaviour is in `exception_methods.rs`, `exception_fields.rs`, `exception_unicode.rs`, `exception_group.rs`.
#![allow(non_upper_case_globals)]

use crate::exception_methods::base_new;
use crate::exceptions::PyException;
use crate::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec};
use crate::{exception_fields, exception_group, exception_methods, exception_unicode};

const FLAGS: u32 =
    TypeFlags::BASETYPE | TypeFlags::HAVE_GC | TypeFlags::MANAGED_DICT | TypeFlags::EXC_SUBCLASS;
const MEMORY: Slots = Slots::of::<PyException>();

macro_rules! exceptions {
    ($($name:ident, $base:expr, $doc:literal, { $($field:ident: $value:expr),* };)*) => {
        $(pub static $name: TypeObject = TypeObject::builtin(&TypeSpec {
            name: stringify!($name),
            doc: $doc,
            base: $base,
            flags: FLAGS,
            $($field: $value,)*
            ..TypeSpec::of::<PyException>()
        });)*
        /// All exception types, bases first.
        pub static ALL: &[Type] = &[$(&$name),*];
    };
}

exceptions! {
    BaseException, None, "Common base class for all exceptions", { slots: exception_methods::BASE_SLOTS, methods: exception_methods::METHODS, getset: exception_methods::GETSET, members: exception_methods::MEMBERS };
    Exception, Some(&BaseException), "Common base class for all non-exit exceptions.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    ArithmeticError, Some(&Exception), "Base class for arithmetic errors.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    AssertionError, Some(&Exception), "Assertion failed.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    AttributeError, Some(&Exception), "Attribute not found.", { slots: Slots { init: Some(exception_fields::attribute_init), ..MEMORY }, methods: exception_fields::ATTRIBUTE_METHODS, members: exception_fields::ATTRIBUTE_MEMBERS };
    BaseExceptionGroup, Some(&BaseException), "A combination of multiple unrelated exceptions.", { slots: Slots { new: Some(exception_group::group_new), init: Some(exception_group::group_init), str: Some(exception_group::group_str), repr: Some(exception_group::group_repr), ..MEMORY }, methods: exception_group::METHODS, members: exception_group::MEMBERS };
    OSError, Some(&Exception), "Base class for I/O related errors.", { slots: Slots { new: Some(exception_fields::os_new), init: Some(exception_fields::os_init), str: Some(exception_fields::os_str), ..MEMORY }, methods: exception_fields::OS_METHODS, getset: exception_fields::OS_GETSET, members: exception_fields::OS_MEMBERS };
    BlockingIOError, Some(&OSError), "I/O operation would block.", {  };
    ConnectionError, Some(&OSError), "Connection error.", {  };
    BrokenPipeError, Some(&ConnectionError), "Broken pipe.", {  };
    BufferError, Some(&Exception), "Buffer error.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    Warning, Some(&Exception), "Base class for warning categories.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    BytesWarning, Some(&Warning), "Base class for warnings about bytes and buffer related problems, mostly\nrelated to conversion from str or comparing to str.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    ChildProcessError, Some(&OSError), "Child process error.", {  };
    ConnectionAbortedError, Some(&ConnectionError), "Connection aborted.", {  };
    ConnectionRefusedError, Some(&ConnectionError), "Connection refused.", {  };
    ConnectionResetError, Some(&ConnectionError), "Connection reset.", {  };
    DeprecationWarning, Some(&Warning), "Base class for warnings about deprecated features.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    EOFError, Some(&Exception), "Read beyond end of file.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    EncodingWarning, Some(&Warning), "Base class for warnings about encodings.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    ExceptionGroup, Some(&BaseExceptionGroup), "", { more_bases: &[&Exception] };
    FileExistsError, Some(&OSError), "File already exists.", {  };
    FileNotFoundError, Some(&OSError), "File not found.", {  };
    FloatingPointError, Some(&ArithmeticError), "Floating-point operation failed.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    FutureWarning, Some(&Warning), "Base class for warnings about constructs that will change semantically\nin the future.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    GeneratorExit, Some(&BaseException), "Request that a generator exit.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    ImportError, Some(&Exception), "Import can't find module, or can't find name in module.", { slots: Slots { init: Some(exception_fields::import_init), str: Some(exception_fields::import_str), ..MEMORY }, methods: exception_fields::IMPORT_METHODS, members: exception_fields::IMPORT_MEMBERS };
    ImportWarning, Some(&Warning), "Base class for warnings about probable mistakes in module imports", { slots: Slots { new: Some(base_new), ..MEMORY } };
    SyntaxError, Some(&Exception), "Invalid syntax.", { slots: Slots { init: Some(exception_fields::syntax_init), str: Some(exception_fields::syntax_str), ..MEMORY }, members: exception_fields::SYNTAX_MEMBERS };
    IndentationError, Some(&SyntaxError), "Improper indentation.", {  };
    LookupError, Some(&Exception), "Base class for lookup errors.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    IndexError, Some(&LookupError), "Sequence index out of range.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    InterruptedError, Some(&OSError), "Interrupted by signal.", {  };
    IsADirectoryError, Some(&OSError), "Operation doesn't work on directories.", {  };
    KeyError, Some(&LookupError), "Mapping key not found.", { slots: Slots { str: Some(exception_fields::key_error_str), ..MEMORY } };
    KeyboardInterrupt, Some(&BaseException), "Program interrupted by user.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    MemoryError, Some(&Exception), "Out of memory.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    ModuleNotFoundError, Some(&ImportError), "Module not found.", {  };
    NameError, Some(&Exception), "Name not found globally.", { slots: Slots { init: Some(exception_fields::name_init), ..MEMORY }, members: exception_fields::NAME_MEMBERS };
    NotADirectoryError, Some(&OSError), "Operation only works on directories.", {  };
    RuntimeError, Some(&Exception), "Unspecified run-time error.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    NotImplementedError, Some(&RuntimeError), "Method or function hasn't been implemented yet.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    OverflowError, Some(&ArithmeticError), "Result too large to be represented.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    PendingDeprecationWarning, Some(&Warning), "Base class for warnings about features which will be deprecated\nin the future.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    PermissionError, Some(&OSError), "Not enough permissions.", {  };
    ProcessLookupError, Some(&OSError), "Process not found.", {  };
    PythonFinalizationError, Some(&RuntimeError), "Operation blocked during Python finalization.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    RecursionError, Some(&RuntimeError), "Recursion limit exceeded.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    ReferenceError, Some(&Exception), "Weak ref proxy used after referent went away.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    ResourceWarning, Some(&Warning), "Base class for warnings about resource usage.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    RuntimeWarning, Some(&Warning), "Base class for warnings about dubious runtime behavior.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    StopAsyncIteration, Some(&Exception), "Signal the end from iterator.__anext__().", { slots: Slots { new: Some(base_new), ..MEMORY } };
    StopIteration, Some(&Exception), "Signal the end from iterator.__next__().", { slots: Slots { init: Some(exception_fields::lazy_init), ..MEMORY }, members: exception_fields::STOP_ITERATION_MEMBERS };
    SyntaxWarning, Some(&Warning), "Base class for warnings about dubious syntax.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    SystemError, Some(&Exception), "Internal error in the Python interpreter.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    SystemExit, Some(&BaseException), "Request to exit from the interpreter.", { slots: Slots { init: Some(exception_fields::lazy_init), ..MEMORY }, members: exception_fields::SYSTEM_EXIT_MEMBERS };
    TabError, Some(&IndentationError), "Improper mixture of spaces and tabs.", {  };
    TimeoutError, Some(&OSError), "Timeout expired.", {  };
    TypeError, Some(&Exception), "Inappropriate argument type.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    UnboundLocalError, Some(&NameError), "Local name referenced but not bound to a value.", {  };
    ValueError, Some(&Exception), "Inappropriate argument value (of correct type).", { slots: Slots { new: Some(base_new), ..MEMORY } };
    UnicodeError, Some(&ValueError), "Unicode related error.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    UnicodeDecodeError, Some(&UnicodeError), "Unicode decoding error.", { slots: Slots { new: Some(base_new), init: Some(exception_unicode::decode_init), str: Some(exception_unicode::decode_str), ..MEMORY }, members: exception_unicode::MEMBERS };
    UnicodeEncodeError, Some(&UnicodeError), "Unicode encoding error.", { slots: Slots { new: Some(base_new), init: Some(exception_unicode::encode_init), str: Some(exception_unicode::encode_str), ..MEMORY }, members: exception_unicode::MEMBERS };
    UnicodeTranslateError, Some(&UnicodeError), "Unicode translation error.", { slots: Slots { new: Some(base_new), init: Some(exception_unicode::translate_init), str: Some(exception_unicode::translate_str), ..MEMORY }, members: exception_unicode::MEMBERS };
    UnicodeWarning, Some(&Warning), "Base class for warnings about Unicode related problems, mostly\nrelated to conversion problems.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    UserWarning, Some(&Warning), "Base class for warnings generated by user code.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    ZeroDivisionError, Some(&ArithmeticError), "Second argument to a division or modulo operation was zero.", { slots: Slots { new: Some(base_new), ..MEMORY } };
    _IncompleteInputError, Some(&SyntaxError), "incomplete input.", {  };
}
