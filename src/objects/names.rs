//! Interned names that Rust code uses: `names().__init__`. Add a name to the table and use it.

use crate::strings;
use crate::value::Value;
use std::sync::atomic::{AtomicPtr, Ordering};

macro_rules! names {
    ($($name:ident $(= $text:literal)?,)*) => {
        /// One interned string per name.
        #[allow(non_snake_case)]
        pub struct Names { $(pub $name: Value,)* }
        fn make() -> Names {
            Names { $($name: immortal(names!(@text $name $($text)?)),)* }
        }
    };
    (@text $name:ident) => { stringify!($name) };
    (@text $name:ident $text:literal) => { $text };
}

names! {
    __abs__, __abstractmethods__, __add__, __aenter__, __aexit__, __aiter__, __all__, __and__, __anext__, __annotate__,
    __annotate_func__, __annotations__, __annotations_cache__, __args__, __await__, __bases__, __bool__, __buffer__,
    __build_class__, __builtins__, __bytes__, __call__, __cause__, __ceil__, __class__, __class_getitem__, __classcell__,
    __classdict__, __classdictcell__, __closure__, __code__, __complex__, __contains__, __context__, __copy__, __dataclass_fields__,
    __deepcopy__, __debug__, __defaults__, __del__, __delattr__, __delete__, __delitem__, __dict__, __dictoffset__, __dir__, __divmod__,
    __doc__, __enter__, __eq__, __exit__, __file__, __cached__, __loader__, __spec__, __package__, __path__, __firstlineno__,
    __float__, __floor__, __floordiv__, __format__, __func__, __future__, __ge__, __get__, __getattr__, __getattribute__,
    __getitem__, __getnewargs__, __getnewargs_ex__, __getstate__, __globals__, __gt__, __hash__, __iadd__, __iand__,
    __ifloordiv__, __ilshift__, __imatmul__, __imod__, __import__, __imul__, __index__, __init__, __init_subclass__,
    __instancecheck__, __int__, __invert__, __ior__, __ipow__, __irshift__, __isabstractmethod__, __isub__, __iter__, __itruediv__,
    __ixor__, __kwdefaults__, __le__, __len__, __length_hint__, __lshift__, __lt__, __main__, __match_args__, __matmul__,
    __missing__, __mod__, __module__, __mro__, __mro_entries__, __mul__, __name__, __ne__, __neg__, __new__, __newobj__,
    __newobj_ex__, __next__, __notes__, __objclass__, __or__, __orig_bases__, __orig_class__, __origin__, __parameters__, __pos__, __pow__,
    __prepare__, __qualname__, __radd__, __rand__, __rdivmod__, __reduce__, __reduce_ex__, __release_buffer__, __repr__,
    __reversed__, __rfloordiv__, __rlshift__, __rmatmul__, __rmod__, __rmul__, __ror__, __round__, __rpow__, __rrshift__,
    __rshift__, __rsub__, __rtruediv__, __rxor__, __self__, __set__, __set_name__, __setattr__, __setitem__, __setstate__,
    __sizeof__, __slots__, __static_attributes__, __str__, __sub__, __subclasscheck__, __subclasshook__, __suppress_context__,
    __text_signature__, __traceback__, __trunc__, __truediv__, __type_params__, __typing_is_unpacked_typevartuple__,
    __typing_prepare_subst__, __typing_subst__, __typing_unpacked_tuple_args__, __unpacked__, __warningregistry__, __weakref__, __wrapped__, __xor__,
    _abc_impl, _fields, _fields_defaults, _asdict, _replace, _make, _initializing, _find_and_load, _handle_fromlist, _lock_unlock_module,
    abs, add_note, append, args, argv, ascii, athrow, big, buffering, builtins, byteorder, cls, close, closed, closefd, code, compile, copy,
    copyreg, count, data, default, dict, displayhook, doc, encode, encoding, end, end_lineno, end_offset, errno, errors, excepthook, exec, extend, fget,
    file, filename, filename2, fileno, find, flush, format, fromlist, fset, fdel, func, gc, get, get_source, getpreferredencoding, getstate,
    globals, imag, index, insert, intern, io, is_running, isatty, items, iter, join, key, keys, keywords, kwargs, last_exc, last_traceback,
    last_type, last_value, latin_1 = "latin-1", len, level, line, lineno, little, locale, locals, maxsplit, metaclass, mode, modules, msg, name, name_from,
    newline, newlines, next, obj, object, offset, open, opener, path, peek, pop, popitem, print_file_and_line, ps1, ps2, put,
    raw, read, readable, readinto, readline, readlines, real, reason, replace, reset, reverse, reversed, seek, seekable, self_ = "self", send, sep, setstate,
    size, sort, source, start, stderr, stdin, stdout, step, stop, strict, strict_mode, strip, sys, tell, text, throw, truncate, type_ = "type",
    typing, update, utf_8 = "utf-8", value, values, version, warn, warn_explicit, warnings, winerror, writable, write,
    True_ = "True", False_ = "False", empty = "", dot = ".", anon_lambda = "<lambda>", anon_listcomp = "<listcomp>", anon_genexpr = "<genexpr>", anon_module = "<module>", string = "<string>",
    sequence, iterable, function, exceptions, message, exc_type, exc_value, exc_traceback, co_consts, deleter, getter, setter,
    total, year, month, day, hour, minute, second, microsecond, tzinfo, numerator, denominator, function_type, arg, kind, annotation,
    _io, _warnings, _showwarnmsg, filters, onceregistry, defaultaction, skip_file_prefixes, category, stacklevel, module, registry,
    path_hooks, path_importer_cache, meta_path, submodule_search_locations, has_location, origin, loader, parent, unraisablehook,
    __IOBase_closed, __fspath__, _blksize, _dealloc_warn, _finalizing, _is_text_encoding, _isatty_open_only, decode, detach, incrementaldecoder, incrementalencoder, line_buffering, read1, readall, readinto1, write_through,
    _bootstrap, loads, dumps, _uninitialized_submodules, fold, isoformat, utcoffset, fromtimestamp, tp_name, a, b, n, x, y, i, j, k, v, w, z,
}

fn immortal(s: &str) -> Value {
    let r = strings::intern_str(s);
    // SAFETY: a string object.
    unsafe { (*r.as_ptr()).set_immortal() };
    r.into_value()
}

static NAMES: AtomicPtr<Names> = AtomicPtr::new(std::ptr::null_mut());

/// Makes the names; once, with the lock held.
pub fn init() {
    if NAMES.load(Ordering::Relaxed).is_null() {
        NAMES.store(Box::leak(Box::new(make())), Ordering::Release);
    }
}

/// The table of names.
#[inline(always)]
pub fn names() -> &'static Names {
    // SAFETY: set by `init` before anything runs.
    unsafe { &*NAMES.load(Ordering::Relaxed) }
}
