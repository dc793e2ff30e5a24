//! The table of CPython 3.14's instructions, from which everything else about them is derived.

/// Hands the whole instruction table to another macro.
///
/// Each row is
/// `/// doc` `NAME = number, op_NAME, GENERIC, Operand, "before -- after", |n| pops => pushes, cache units, flags;`
/// where `op_NAME` is what the handler is called, `GENERIC` the head of the family (the name itself,
/// unless the row is a specialised or instrumented form), `Operand` a variant of
/// [`ArgKind`](crate::opcode::ArgKind), `n` the argument as `u64`, and the flags are constants of
/// [`flags`](crate::opcode::flags). The callback's pattern is
///
/// ```text
/// ($(#[doc = $doc:literal] $name:ident = $number:literal, $handler:ident, $generic:ident, $kind:ident,
///    $effect:literal, |$n:ident| $pops:expr => $pushes:expr, cache $cache:literal, $flags:expr;)*)
/// ```
#[macro_export]
macro_rules! for_each_op {
    ($callback:ident) => {
        $callback! {
            /// One unit of inline cache behind an instruction; never executed.
            CACHE = 0, op_CACHE, CACHE, None, "", |_n| 0 => 0, cache 0, 0;
            /// `container[start:stop]`.
            BINARY_SLICE = 1, op_BINARY_SLICE, BINARY_SLICE, None, "container, start, stop -- result", |_n| 3 => 1, cache 0, ERROR | ESCAPES;
            /// A template string from its two tuples.
            BUILD_TEMPLATE = 2, op_BUILD_TEMPLATE, BUILD_TEMPLATE, None, "strings, interpolations -- template", |_n| 2 => 1, cache 0, ERROR | ESCAPES;
            /// `local += rhs` of strings, where the next instruction stores the same local.
            BINARY_OP_INPLACE_ADD_UNICODE = 3, op_BINARY_OP_INPLACE_ADD_UNICODE, BINARY_OP, BinaryOp, "lhs, rhs -- result", |_n| 2 => 1, cache 5, ERROR | ESCAPES;
            /// `callable(*args, **kwargs)`; `kwargs` may be null.
            CALL_FUNCTION_EX = 4, op_CALL_FUNCTION_EX, CALL_FUNCTION_EX, None, "callable, null, args, kwargs -- result", |_n| 4 => 1, cache 0, ERROR | ESCAPES | EVAL_BREAK;
            /// Splits an exception group for `except*`.
            CHECK_EG_MATCH = 5, op_CHECK_EG_MATCH, CHECK_EG_MATCH, None, "group, type -- rest, match", |_n| 2 => 2, cache 0, ERROR | ESCAPES;
            /// Whether `exc` is caught by `except type`.
            CHECK_EXC_MATCH = 6, op_CHECK_EXC_MATCH, CHECK_EXC_MATCH, None, "exc, type -- exc, matches", |_n| 2 => 2, cache 0, ERROR | ESCAPES;
            /// Turns a StopIteration raised inside `throw()` into its value, re-raises all else.
            CLEANUP_THROW = 7, op_CLEANUP_THROW, CLEANUP_THROW, None, "sub_iter, last_sent, exc -- none, value", |_n| 3 => 2, cache 0, ERROR | ESCAPES;
            /// `del container[key]`.
            DELETE_SUBSCR = 8, op_DELETE_SUBSCR, DELETE_SUBSCR, None, "container, key --", |_n| 2 => 0, cache 0, ERROR | ESCAPES;
            /// Drops the last value after a loop is exhausted.
            END_FOR = 9, op_END_FOR, END_FOR, None, "value --", |_n| 1 => 0, cache 0, 0;
            /// Drops the receiver after `yield from` or `await` has its result.
            END_SEND = 10, op_END_SEND, END_SEND, None, "receiver, value -- value", |_n| 2 => 1, cache 0, 0;
            /// Raises TypeError unless `__init__` returned None.
            EXIT_INIT_CHECK = 11, op_EXIT_INIT_CHECK, EXIT_INIT_CHECK, None, "result --", |_n| 1 => 0, cache 0, ERROR | ESCAPES;
            /// `format(value)`.
            FORMAT_SIMPLE = 12, op_FORMAT_SIMPLE, FORMAT_SIMPLE, None, "value -- text", |_n| 1 => 1, cache 0, ERROR | ESCAPES;
            /// `format(value, spec)`.
            FORMAT_WITH_SPEC = 13, op_FORMAT_WITH_SPEC, FORMAT_WITH_SPEC, None, "value, spec -- text", |_n| 2 => 1, cache 0, ERROR | ESCAPES;
            /// `aiter(obj)`, with a check that it has `__anext__`.
            GET_AITER = 14, op_GET_AITER, GET_AITER, None, "obj -- aiter", |_n| 1 => 1, cache 0, ERROR | ESCAPES;
            /// `aiter.__anext__()` made awaitable.
            GET_ANEXT = 15, op_GET_ANEXT, GET_ANEXT, None, "aiter -- aiter, awaitable", |_n| 1 => 2, cache 0, ERROR | ESCAPES;
            /// `iter(iterable)`.
            GET_ITER = 16, op_GET_ITER, GET_ITER, None, "iterable -- iter", |_n| 1 => 1, cache 0, ERROR | ESCAPES;
            /// Never generated.
            RESERVED = 17, op_RESERVED, RESERVED, None, "", |_n| 0 => 0, cache 0, 0;
            /// `len(obj)` for sequence patterns.
            GET_LEN = 18, op_GET_LEN, GET_LEN, None, "obj -- obj, length", |_n| 1 => 2, cache 0, ERROR | ESCAPES;
            /// The iterator for `yield from`; generators and coroutines are taken as they are.
            GET_YIELD_FROM_ITER = 19, op_GET_YIELD_FROM_ITER, GET_YIELD_FROM_ITER, None, "iterable -- iter", |_n| 1 => 1, cache 0, ERROR | ESCAPES;
            /// Leaves the interpreter loop with `value`.
            INTERPRETER_EXIT = 20, op_INTERPRETER_EXIT, INTERPRETER_EXIT, None, "value --", |_n| 1 => 0, cache 0, NO_FALLTHROUGH;
            /// `builtins.__build_class__`.
            LOAD_BUILD_CLASS = 21, op_LOAD_BUILD_CLASS, LOAD_BUILD_CLASS, None, "-- build_class", |_n| 0 => 1, cache 0, ERROR | ESCAPES;
            /// The frame's local namespace.
            LOAD_LOCALS = 22, op_LOAD_LOCALS, LOAD_LOCALS, None, "-- namespace", |_n| 0 => 1, cache 0, ERROR;
            /// A function without defaults, annotations or closure.
            MAKE_FUNCTION = 23, op_MAKE_FUNCTION, MAKE_FUNCTION, None, "code -- function", |_n| 1 => 1, cache 0, ERROR;
            /// The values of a mapping pattern, None when a key is absent.
            MATCH_KEYS = 24, op_MATCH_KEYS, MATCH_KEYS, None, "subject, keys -- subject, keys, values_or_none", |_n| 2 => 3, cache 0, ERROR | ESCAPES;
            /// Whether the subject is a mapping.
            MATCH_MAPPING = 25, op_MATCH_MAPPING, MATCH_MAPPING, None, "subject -- subject, matches", |_n| 1 => 2, cache 0, 0;
            /// Whether the subject is a sequence.
            MATCH_SEQUENCE = 26, op_MATCH_SEQUENCE, MATCH_SEQUENCE, None, "subject -- subject, matches", |_n| 1 => 2, cache 0, 0;
            /// Does nothing; keeps a line for tracing.
            NOP = 27, op_NOP, NOP, None, "", |_n| 0 => 0, cache 0, 0;
            /// Marks the fall-through side of a conditional jump for monitoring.
            NOT_TAKEN = 28, op_NOT_TAKEN, NOT_TAKEN, None, "", |_n| 0 => 0, cache 0, 0;
            /// Restores the exception that was being handled before.
            POP_EXCEPT = 29, op_POP_EXCEPT, POP_EXCEPT, None, "exc_info --", |_n| 1 => 0, cache 0, 0;
            /// Drops the iterator of a finished loop.
            POP_ITER = 30, op_POP_ITER, POP_ITER, None, "iter --", |_n| 1 => 0, cache 0, 0;
            /// Drops the top of the stack.
            POP_TOP = 31, op_POP_TOP, POP_TOP, None, "value --", |_n| 1 => 0, cache 0, 0;
            /// Makes `exc` the handled exception and keeps the previous one.
            PUSH_EXC_INFO = 32, op_PUSH_EXC_INFO, PUSH_EXC_INFO, None, "exc -- previous, exc", |_n| 1 => 2, cache 0, 0;
            /// Pushes the null that stands for «no self» in calls.
            PUSH_NULL = 33, op_PUSH_NULL, PUSH_NULL, None, "-- null", |_n| 0 => 1, cache 0, 0;
            /// Moves the frame into a generator and returns that to the caller.
            RETURN_GENERATOR = 34, op_RETURN_GENERATOR, RETURN_GENERATOR, None, "-- generator", |_n| 0 => 1, cache 0, ERROR;
            /// Returns `value` to the caller.
            RETURN_VALUE = 35, op_RETURN_VALUE, RETURN_VALUE, None, "value -- value", |_n| 1 => 1, cache 0, NO_FALLTHROUGH;
            /// Makes `__annotations__` in the local namespace unless there is one.
            SETUP_ANNOTATIONS = 36, op_SETUP_ANNOTATIONS, SETUP_ANNOTATIONS, None, "", |_n| 0 => 0, cache 0, ERROR | ESCAPES;
            /// `container[start:stop] = value`.
            STORE_SLICE = 37, op_STORE_SLICE, STORE_SLICE, None, "value, container, start, stop --", |_n| 4 => 0, cache 0, ERROR | ESCAPES;
            /// `container[key] = value`.
            STORE_SUBSCR = 38, op_STORE_SUBSCR, STORE_SUBSCR, None, "value, container, key --", |_n| 3 => 0, cache 1, ERROR | ESCAPES;
            /// `bool(value)`.
            TO_BOOL = 39, op_TO_BOOL, TO_BOOL, None, "value -- truth", |_n| 1 => 1, cache 3, ERROR | ESCAPES;
            /// `~value`.
            UNARY_INVERT = 40, op_UNARY_INVERT, UNARY_INVERT, None, "value -- result", |_n| 1 => 1, cache 0, ERROR | ESCAPES;
            /// `-value`.
            UNARY_NEGATIVE = 41, op_UNARY_NEGATIVE, UNARY_NEGATIVE, None, "value -- result", |_n| 1 => 1, cache 0, ERROR | ESCAPES;
            /// `not truth`, of an exact bool.
            UNARY_NOT = 42, op_UNARY_NOT, UNARY_NOT, None, "truth -- result", |_n| 1 => 1, cache 0, 0;
            /// Calls `__exit__` with the exception.
            WITH_EXCEPT_START = 43, op_WITH_EXCEPT_START, WITH_EXCEPT_START, None, "exit, self, lasti, unused, exc -- exit, self, lasti, unused, exc, result", |_n| 5 => 6, cache 0, ERROR | ESCAPES;
            /// `lhs <op> rhs`; `arg` selects the operator.
            BINARY_OP = 44, op_BINARY_OP, BINARY_OP, BinaryOp, "lhs, rhs -- result", |_n| 2 => 1, cache 5, ERROR | ESCAPES;
            /// An interpolation of a template string; bit 0 says a format is there, the rest the conversion.
            BUILD_INTERPOLATION = 45, op_BUILD_INTERPOLATION, BUILD_INTERPOLATION, Count, "value, text, spec? -- interpolation", |n| 2 + (n & 1) => 1, cache 0, ERROR | ESCAPES;
            /// A list of the top `n` values.
            BUILD_LIST = 46, op_BUILD_LIST, BUILD_LIST, Count, "values[n] -- list", |n| n => 1, cache 0, ERROR;
            /// A dict of the top `n` pairs of key and value.
            BUILD_MAP = 47, op_BUILD_MAP, BUILD_MAP, Count, "pairs[2n] -- dict", |n| 2 * n => 1, cache 0, ERROR | ESCAPES;
            /// A set of the top `n` values.
            BUILD_SET = 48, op_BUILD_SET, BUILD_SET, Count, "values[n] -- set", |n| n => 1, cache 0, ERROR | ESCAPES;
            /// `slice` of two or three parts.
            BUILD_SLICE = 49, op_BUILD_SLICE, BUILD_SLICE, Count, "parts[n] -- slice", |n| n => 1, cache 0, ERROR;
            /// Joins `n` strings.
            BUILD_STRING = 50, op_BUILD_STRING, BUILD_STRING, Count, "pieces[n] -- text", |n| n => 1, cache 0, ERROR;
            /// A tuple of the top `n` values.
            BUILD_TUPLE = 51, op_BUILD_TUPLE, BUILD_TUPLE, Count, "values[n] -- tuple", |n| n => 1, cache 0, ERROR;
            /// Calls with `n` positional arguments.
            CALL = 52, op_CALL, CALL, Count, "callable, self_or_null, args[n] -- result", |n| 2 + n => 1, cache 3, ERROR | ESCAPES | EVAL_BREAK;
            /// Calls an intrinsic of one operand.
            CALL_INTRINSIC_1 = 53, op_CALL_INTRINSIC_1, CALL_INTRINSIC_1, Intrinsic1, "value -- result", |_n| 1 => 1, cache 0, ERROR | ESCAPES;
            /// Calls an intrinsic of two operands.
            CALL_INTRINSIC_2 = 54, op_CALL_INTRINSIC_2, CALL_INTRINSIC_2, Intrinsic2, "first, second -- result", |_n| 2 => 1, cache 0, ERROR | ESCAPES;
            /// Calls with `n` arguments, the last of which are named by the tuple `names`.
            CALL_KW = 55, op_CALL_KW, CALL_KW, Count, "callable, self_or_null, args[n], names -- result", |n| 3 + n => 1, cache 3, ERROR | ESCAPES;
            /// Rich comparison; bits 5.. select it, bit 4 asks for an exact bool.
            COMPARE_OP = 56, op_COMPARE_OP, COMPARE_OP, Compare, "lhs, rhs -- result", |_n| 2 => 1, cache 1, ERROR | ESCAPES;
            /// `item in container`, inverted when `arg` is 1.
            CONTAINS_OP = 57, op_CONTAINS_OP, CONTAINS_OP, Invert, "item, container -- truth", |_n| 2 => 1, cache 1, ERROR | ESCAPES;
            /// `str`, `repr` or `ascii` of the value.
            CONVERT_VALUE = 58, op_CONVERT_VALUE, CONVERT_VALUE, Conversion, "value -- text", |_n| 1 => 1, cache 0, ERROR | ESCAPES;
            /// Copies the n-th value from the top.
            COPY = 59, op_COPY, COPY, Count, "at[n] -- at[n], top", |n| n => n + 1, cache 0, 0;
            /// Copies the closure's cells into the frame.
            COPY_FREE_VARS = 60, op_COPY_FREE_VARS, COPY_FREE_VARS, Count, "", |_n| 0 => 0, cache 0, 0;
            /// `del owner.name`.
            DELETE_ATTR = 61, op_DELETE_ATTR, DELETE_ATTR, Name, "owner --", |_n| 1 => 0, cache 0, ERROR | ESCAPES;
            /// Empties a cell.
            DELETE_DEREF = 62, op_DELETE_DEREF, DELETE_DEREF, Free, "", |_n| 0 => 0, cache 0, ERROR | ESCAPES;
            /// Deletes a local.
            DELETE_FAST = 63, op_DELETE_FAST, DELETE_FAST, Local, "", |_n| 0 => 0, cache 0, ERROR | ESCAPES;
            /// Deletes a global.
            DELETE_GLOBAL = 64, op_DELETE_GLOBAL, DELETE_GLOBAL, Name, "", |_n| 0 => 0, cache 0, ERROR | ESCAPES;
            /// Deletes a name from the local namespace.
            DELETE_NAME = 65, op_DELETE_NAME, DELETE_NAME, Name, "", |_n| 0 => 0, cache 0, ERROR | ESCAPES;
            /// Merges keyword arguments, raising on repeated ones.
            DICT_MERGE = 66, op_DICT_MERGE, DICT_MERGE, Count, "callable, null, args, dict, below[n-1], update -- callable, null, args, dict, below[n-1]", |n| 4 + n => 3 + n, cache 0, ERROR | ESCAPES;
            /// `dict.update(update)`.
            DICT_UPDATE = 67, op_DICT_UPDATE, DICT_UPDATE, Count, "dict, below[n-1], update -- dict, below[n-1]", |n| n + 1 => n, cache 0, ERROR | ESCAPES;
            /// Ends an `async for` on StopAsyncIteration, re-raises all else; `arg` points back at the SEND.
            END_ASYNC_FOR = 68, op_END_ASYNC_FOR, END_ASYNC_FOR, JumpBackward, "awaitable, exc --", |_n| 2 => 0, cache 0, ERROR | ESCAPES;
            /// Prefixes eight higher bits to the next instruction's argument.
            EXTENDED_ARG = 69, op_EXTENDED_ARG, EXTENDED_ARG, Count, "", |_n| 0 => 0, cache 0, 0;
            /// `next(iter)`, or a jump to END_FOR when exhausted.
            FOR_ITER = 70, op_FOR_ITER, FOR_ITER, JumpForward, "iter -- iter, next", |_n| 1 => 2, cache 1, ERROR | ESCAPES;
            /// The iterator behind `await obj`.
            GET_AWAITABLE = 71, op_GET_AWAITABLE, GET_AWAITABLE, Count, "obj -- iter", |_n| 1 => 1, cache 0, ERROR | ESCAPES;
            /// `from module import name`.
            IMPORT_FROM = 72, op_IMPORT_FROM, IMPORT_FROM, Name, "module -- module, attr", |_n| 1 => 2, cache 0, ERROR | ESCAPES;
            /// `__import__(name, …, fromlist, level)`.
            IMPORT_NAME = 73, op_IMPORT_NAME, IMPORT_NAME, Name, "level, fromlist -- module", |_n| 2 => 1, cache 0, ERROR | ESCAPES;
            /// `lhs is rhs`, inverted when `arg` is 1.
            IS_OP = 74, op_IS_OP, IS_OP, Invert, "lhs, rhs -- truth", |_n| 2 => 1, cache 0, 0;
            /// Jumps back and looks at the evaluation breaker.
            JUMP_BACKWARD = 75, op_JUMP_BACKWARD, JUMP_BACKWARD, JumpBackward, "", |_n| 0 => 0, cache 1, EVAL_BREAK | NO_FALLTHROUGH;
            /// Jumps back.
            JUMP_BACKWARD_NO_INTERRUPT = 76, op_JUMP_BACKWARD_NO_INTERRUPT, JUMP_BACKWARD_NO_INTERRUPT, JumpBackward, "", |_n| 0 => 0, cache 0, NO_FALLTHROUGH;
            /// Jumps forward.
            JUMP_FORWARD = 77, op_JUMP_FORWARD, JUMP_FORWARD, JumpForward, "", |_n| 0 => 0, cache 0, NO_FALLTHROUGH;
            /// Appends to the list of a comprehension.
            LIST_APPEND = 78, op_LIST_APPEND, LIST_APPEND, Count, "list, below[n-1], value -- list, below[n-1]", |n| n + 1 => n, cache 0, ERROR;
            /// Extends a list display.
            LIST_EXTEND = 79, op_LIST_EXTEND, LIST_EXTEND, Count, "list, below[n-1], iterable -- list, below[n-1]", |n| n + 1 => n, cache 0, ERROR | ESCAPES;
            /// `owner.name`; with bit 0 a method and its self, or an attribute and null.
            LOAD_ATTR = 80, op_LOAD_ATTR, LOAD_ATTR, NameShift1, "owner -- attr, self_or_null?", |n| 1 => 1 + (n & 1), cache 9, ERROR | ESCAPES;
            /// One of a few fixed constants.
            LOAD_COMMON_CONSTANT = 81, op_LOAD_COMMON_CONSTANT, LOAD_COMMON_CONSTANT, CommonConstant, "-- value", |_n| 0 => 1, cache 0, 0;
            /// A constant of the code.
            LOAD_CONST = 82, op_LOAD_CONST, LOAD_CONST, Const, "-- value", |_n| 0 => 1, cache 0, 0;
            /// The content of a cell.
            LOAD_DEREF = 83, op_LOAD_DEREF, LOAD_DEREF, Free, "-- value", |_n| 0 => 1, cache 0, ERROR;
            /// A local that is known to be set.
            LOAD_FAST = 84, op_LOAD_FAST, LOAD_FAST, Local, "-- value", |_n| 0 => 1, cache 0, 0;
            /// Takes a local away, set or not.
            LOAD_FAST_AND_CLEAR = 85, op_LOAD_FAST_AND_CLEAR, LOAD_FAST_AND_CLEAR, Local, "-- value_or_null", |_n| 0 => 1, cache 0, 0;
            /// A local, borrowed: it outlives its use on the stack.
            LOAD_FAST_BORROW = 86, op_LOAD_FAST_BORROW, LOAD_FAST_BORROW, Local, "-- value", |_n| 0 => 1, cache 0, 0;
            /// Two borrowed locals.
            LOAD_FAST_BORROW_LOAD_FAST_BORROW = 87, op_LOAD_FAST_BORROW_LOAD_FAST_BORROW, LOAD_FAST_BORROW_LOAD_FAST_BORROW, LocalPair, "-- first, second", |_n| 0 => 2, cache 0, 0;
            /// A local that may be unset.
            LOAD_FAST_CHECK = 88, op_LOAD_FAST_CHECK, LOAD_FAST_CHECK, Local, "-- value", |_n| 0 => 1, cache 0, ERROR;
            /// Two locals.
            LOAD_FAST_LOAD_FAST = 89, op_LOAD_FAST_LOAD_FAST, LOAD_FAST_LOAD_FAST, LocalPair, "-- first, second", |_n| 0 => 2, cache 0, 0;
            /// A name looked up in a class namespace, then in a cell.
            LOAD_FROM_DICT_OR_DEREF = 90, op_LOAD_FROM_DICT_OR_DEREF, LOAD_FROM_DICT_OR_DEREF, Free, "namespace -- value", |_n| 1 => 1, cache 0, ERROR | ESCAPES;
            /// A name looked up in a namespace, then in globals and builtins.
            LOAD_FROM_DICT_OR_GLOBALS = 91, op_LOAD_FROM_DICT_OR_GLOBALS, LOAD_FROM_DICT_OR_GLOBALS, Name, "namespace -- value", |_n| 1 => 1, cache 0, ERROR | ESCAPES;
            /// A global or builtin; with bit 0 a null follows for a call.
            LOAD_GLOBAL = 92, op_LOAD_GLOBAL, LOAD_GLOBAL, NameShift1, "-- value, null?", |n| 0 => 1 + (n & 1), cache 4, ERROR | ESCAPES;
            /// A name looked up in locals, globals, builtins.
            LOAD_NAME = 93, op_LOAD_NAME, LOAD_NAME, Name, "-- value", |_n| 0 => 1, cache 0, ERROR | ESCAPES;
            /// The integer `arg`.
            LOAD_SMALL_INT = 94, op_LOAD_SMALL_INT, LOAD_SMALL_INT, SmallInt, "-- value", |_n| 0 => 1, cache 0, 0;
            /// A special method looked up on the type.
            LOAD_SPECIAL = 95, op_LOAD_SPECIAL, LOAD_SPECIAL, SpecialMethod, "owner -- method, self_or_null", |_n| 1 => 2, cache 0, ERROR | ESCAPES;
            /// `super(class, self).name`; bit 0 as in LOAD_ATTR, bit 1 says two arguments were written.
            LOAD_SUPER_ATTR = 96, op_LOAD_SUPER_ATTR, LOAD_SUPER_ATTR, NameShift2, "global_super, class, self -- attr, self_or_null?", |n| 3 => 1 + (n & 1), cache 1, ERROR | ESCAPES;
            /// Puts a local into a new cell.
            MAKE_CELL = 97, op_MAKE_CELL, MAKE_CELL, Free, "", |_n| 0 => 0, cache 0, ERROR;
            /// Sets an item in the dict of a comprehension.
            MAP_ADD = 98, op_MAP_ADD, MAP_ADD, Count, "dict, below[n-1], key, value -- dict, below[n-1]", |n| n + 2 => n, cache 0, ERROR | ESCAPES;
            /// The attributes for a class pattern with `n` positional ones.
            MATCH_CLASS = 99, op_MATCH_CLASS, MATCH_CLASS, Count, "subject, type, names -- attrs_or_none", |_n| 3 => 1, cache 0, ERROR | ESCAPES;
            /// Jumps when false.
            POP_JUMP_IF_FALSE = 100, op_POP_JUMP_IF_FALSE, POP_JUMP_IF_FALSE, JumpForward, "truth --", |_n| 1 => 0, cache 1, 0;
            /// Jumps when None.
            POP_JUMP_IF_NONE = 101, op_POP_JUMP_IF_NONE, POP_JUMP_IF_NONE, JumpForward, "value --", |_n| 1 => 0, cache 1, 0;
            /// Jumps when not None.
            POP_JUMP_IF_NOT_NONE = 102, op_POP_JUMP_IF_NOT_NONE, POP_JUMP_IF_NOT_NONE, JumpForward, "value --", |_n| 1 => 0, cache 1, 0;
            /// Jumps when true.
            POP_JUMP_IF_TRUE = 103, op_POP_JUMP_IF_TRUE, POP_JUMP_IF_TRUE, JumpForward, "truth --", |_n| 1 => 0, cache 1, 0;
            /// `raise`, `raise exc`, `raise exc from cause`.
            RAISE_VARARGS = 104, op_RAISE_VARARGS, RAISE_VARARGS, Count, "exc?, cause? --", |n| n => 0, cache 0, ERROR | ESCAPES | NO_FALLTHROUGH;
            /// Raises `exc` again; with `n` of 1 the offset below it is where it was raised.
            RERAISE = 105, op_RERAISE, RERAISE, Count, "values[n], exc -- values[n]", |n| n + 1 => n, cache 0, ERROR | ESCAPES | NO_FALLTHROUGH;
            /// Sends into the receiver; jumps when it is finished.
            SEND = 106, op_SEND, SEND, JumpForward, "receiver, value -- receiver, result", |_n| 2 => 2, cache 1, ERROR | ESCAPES;
            /// Adds to the set of a comprehension.
            SET_ADD = 107, op_SET_ADD, SET_ADD, Count, "set, below[n-1], value -- set, below[n-1]", |n| n + 1 => n, cache 0, ERROR | ESCAPES;
            /// Sets defaults, annotations or closure of a new function.
            SET_FUNCTION_ATTRIBUTE = 108, op_SET_FUNCTION_ATTRIBUTE, SET_FUNCTION_ATTRIBUTE, FunctionAttribute, "attr, function -- function", |_n| 2 => 1, cache 0, 0;
            /// Updates a set display.
            SET_UPDATE = 109, op_SET_UPDATE, SET_UPDATE, Count, "set, below[n-1], iterable -- set, below[n-1]", |n| n + 1 => n, cache 0, ERROR | ESCAPES;
            /// `owner.name = value`.
            STORE_ATTR = 110, op_STORE_ATTR, STORE_ATTR, Name, "value, owner --", |_n| 2 => 0, cache 4, ERROR | ESCAPES;
            /// Stores into a cell.
            STORE_DEREF = 111, op_STORE_DEREF, STORE_DEREF, Free, "value --", |_n| 1 => 0, cache 0, 0;
            /// Stores into a local.
            STORE_FAST = 112, op_STORE_FAST, STORE_FAST, Local, "value --", |_n| 1 => 0, cache 0, 0;
            /// Stores a local, then loads another.
            STORE_FAST_LOAD_FAST = 113, op_STORE_FAST_LOAD_FAST, STORE_FAST_LOAD_FAST, LocalPair, "value -- loaded", |_n| 1 => 1, cache 0, 0;
            /// Stores two locals.
            STORE_FAST_STORE_FAST = 114, op_STORE_FAST_STORE_FAST, STORE_FAST_STORE_FAST, LocalPair, "second, first --", |_n| 2 => 0, cache 0, 0;
            /// Stores a global.
            STORE_GLOBAL = 115, op_STORE_GLOBAL, STORE_GLOBAL, Name, "value --", |_n| 1 => 0, cache 0, ERROR | ESCAPES;
            /// Stores a name in the local namespace.
            STORE_NAME = 116, op_STORE_NAME, STORE_NAME, Name, "value --", |_n| 1 => 0, cache 0, ERROR | ESCAPES;
            /// Exchanges the top with the n-th value from the top.
            SWAP = 117, op_SWAP, SWAP, Count, "at[n], top -- top, at[n]", |n| n => n, cache 0, 0;
            /// Unpacks with a starred target: low byte before it, the rest after it.
            UNPACK_EX = 118, op_UNPACK_EX, UNPACK_EX, Count, "sequence -- values", |n| 1 => 1 + (n & 0xFF) + (n >> 8), cache 0, ERROR | ESCAPES;
            /// Unpacks into exactly `n` values.
            UNPACK_SEQUENCE = 119, op_UNPACK_SEQUENCE, UNPACK_SEQUENCE, Count, "sequence -- values[n]", |n| 1 => n, cache 1, ERROR | ESCAPES;
            /// Suspends the generator; bit 0 says it is part of `await` or `yield from`.
            YIELD_VALUE = 120, op_YIELD_VALUE, YIELD_VALUE, Count, "value -- sent", |_n| 1 => 1, cache 0, 0;
            /// Where a frame begins or goes on; a no-op but for the evaluation breaker.
            RESUME = 128, op_RESUME, RESUME, Count, "", |_n| 0 => 0, cache 0, ERROR | ESCAPES | EVAL_BREAK;
            /// `lhs + rhs` of floats.
            BINARY_OP_ADD_FLOAT = 129, op_BINARY_OP_ADD_FLOAT, BINARY_OP, BinaryOp, "lhs, rhs -- result", |_n| 2 => 1, cache 5, ERROR | ESCAPES;
            /// `lhs + rhs` of ints.
            BINARY_OP_ADD_INT = 130, op_BINARY_OP_ADD_INT, BINARY_OP, BinaryOp, "lhs, rhs -- result", |_n| 2 => 1, cache 5, ERROR | ESCAPES;
            /// `lhs + rhs` of strings.
            BINARY_OP_ADD_UNICODE = 131, op_BINARY_OP_ADD_UNICODE, BINARY_OP, BinaryOp, "lhs, rhs -- result", |_n| 2 => 1, cache 5, ERROR | ESCAPES;
            /// An operation of two types found in a side table.
            BINARY_OP_EXTEND = 132, op_BINARY_OP_EXTEND, BINARY_OP, BinaryOp, "lhs, rhs -- result", |_n| 2 => 1, cache 5, ERROR | ESCAPES;
            /// `lhs * rhs` of floats.
            BINARY_OP_MULTIPLY_FLOAT = 133, op_BINARY_OP_MULTIPLY_FLOAT, BINARY_OP, BinaryOp, "lhs, rhs -- result", |_n| 2 => 1, cache 5, ERROR | ESCAPES;
            /// `lhs * rhs` of ints.
            BINARY_OP_MULTIPLY_INT = 134, op_BINARY_OP_MULTIPLY_INT, BINARY_OP, BinaryOp, "lhs, rhs -- result", |_n| 2 => 1, cache 5, ERROR | ESCAPES;
            /// `dict[key]`.
            BINARY_OP_SUBSCR_DICT = 135, op_BINARY_OP_SUBSCR_DICT, BINARY_OP, BinaryOp, "lhs, rhs -- result", |_n| 2 => 1, cache 5, ERROR | ESCAPES;
            /// `obj[key]` by a `__getitem__` written in Python.
            BINARY_OP_SUBSCR_GETITEM = 136, op_BINARY_OP_SUBSCR_GETITEM, BINARY_OP, BinaryOp, "lhs, rhs -- result", |_n| 2 => 1, cache 5, ERROR | ESCAPES;
            /// `list[int]`.
            BINARY_OP_SUBSCR_LIST_INT = 137, op_BINARY_OP_SUBSCR_LIST_INT, BINARY_OP, BinaryOp, "lhs, rhs -- result", |_n| 2 => 1, cache 5, ERROR | ESCAPES;
            /// `list[slice]`.
            BINARY_OP_SUBSCR_LIST_SLICE = 138, op_BINARY_OP_SUBSCR_LIST_SLICE, BINARY_OP, BinaryOp, "lhs, rhs -- result", |_n| 2 => 1, cache 5, ERROR | ESCAPES;
            /// `str[int]`.
            BINARY_OP_SUBSCR_STR_INT = 139, op_BINARY_OP_SUBSCR_STR_INT, BINARY_OP, BinaryOp, "lhs, rhs -- result", |_n| 2 => 1, cache 5, ERROR | ESCAPES;
            /// `tuple[int]`.
            BINARY_OP_SUBSCR_TUPLE_INT = 140, op_BINARY_OP_SUBSCR_TUPLE_INT, BINARY_OP, BinaryOp, "lhs, rhs -- result", |_n| 2 => 1, cache 5, ERROR | ESCAPES;
            /// `lhs - rhs` of floats.
            BINARY_OP_SUBTRACT_FLOAT = 141, op_BINARY_OP_SUBTRACT_FLOAT, BINARY_OP, BinaryOp, "lhs, rhs -- result", |_n| 2 => 1, cache 5, ERROR | ESCAPES;
            /// `lhs - rhs` of ints.
            BINARY_OP_SUBTRACT_INT = 142, op_BINARY_OP_SUBTRACT_INT, BINARY_OP, BinaryOp, "lhs, rhs -- result", |_n| 2 => 1, cache 5, ERROR | ESCAPES;
            /// A class whose `__init__` is written in Python.
            CALL_ALLOC_AND_ENTER_INIT = 143, op_CALL_ALLOC_AND_ENTER_INIT, CALL, Count, "callable, self_or_null, args[n] -- result", |n| 2 + n => 1, cache 3, ERROR | ESCAPES;
            /// A bound Python method that takes just these arguments.
            CALL_BOUND_METHOD_EXACT_ARGS = 144, op_CALL_BOUND_METHOD_EXACT_ARGS, CALL, Count, "callable, self_or_null, args[n] -- result", |n| 2 + n => 1, cache 3, ERROR | ESCAPES;
            /// A bound Python method.
            CALL_BOUND_METHOD_GENERAL = 145, op_CALL_BOUND_METHOD_GENERAL, CALL, Count, "callable, self_or_null, args[n] -- result", |n| 2 + n => 1, cache 3, ERROR | ESCAPES;
            /// A builtin class.
            CALL_BUILTIN_CLASS = 146, op_CALL_BUILTIN_CLASS, CALL, Count, "callable, self_or_null, args[n] -- result", |n| 2 + n => 1, cache 3, ERROR | ESCAPES;
            /// A builtin function of several positional arguments.
            CALL_BUILTIN_FAST = 147, op_CALL_BUILTIN_FAST, CALL, Count, "callable, self_or_null, args[n] -- result", |n| 2 + n => 1, cache 3, ERROR | ESCAPES;
            /// A builtin function that may take keywords.
            CALL_BUILTIN_FAST_WITH_KEYWORDS = 148, op_CALL_BUILTIN_FAST_WITH_KEYWORDS, CALL, Count, "callable, self_or_null, args[n] -- result", |n| 2 + n => 1, cache 3, ERROR | ESCAPES;
            /// A builtin function of one argument.
            CALL_BUILTIN_O = 149, op_CALL_BUILTIN_O, CALL, Count, "callable, self_or_null, args[n] -- result", |n| 2 + n => 1, cache 3, ERROR | ESCAPES;
            /// `isinstance(obj, cls)`.
            CALL_ISINSTANCE = 150, op_CALL_ISINSTANCE, CALL, Count, "callable, self_or_null, args[n] -- result", |n| 2 + n => 1, cache 3, ERROR | ESCAPES;
            /// A bound Python method with keywords.
            CALL_KW_BOUND_METHOD = 151, op_CALL_KW_BOUND_METHOD, CALL_KW, Count, "callable, self_or_null, args[n], names -- result", |n| 3 + n => 1, cache 3, ERROR | ESCAPES;
            /// Something not written in Python, with keywords.
            CALL_KW_NON_PY = 152, op_CALL_KW_NON_PY, CALL_KW, Count, "callable, self_or_null, args[n], names -- result", |n| 3 + n => 1, cache 3, ERROR | ESCAPES;
            /// A Python function with keywords.
            CALL_KW_PY = 153, op_CALL_KW_PY, CALL_KW, Count, "callable, self_or_null, args[n], names -- result", |n| 3 + n => 1, cache 3, ERROR | ESCAPES;
            /// `len(obj)`.
            CALL_LEN = 154, op_CALL_LEN, CALL, Count, "callable, self_or_null, args[n] -- result", |n| 2 + n => 1, cache 3, ERROR | ESCAPES;
            /// `list.append(item)` whose result is dropped.
            CALL_LIST_APPEND = 155, op_CALL_LIST_APPEND, CALL, Count, "callable, self_or_null, args[n] -- result", |n| 2 + n => 1, cache 3, ERROR | ESCAPES;
            /// A builtin method of several positional arguments.
            CALL_METHOD_DESCRIPTOR_FAST = 156, op_CALL_METHOD_DESCRIPTOR_FAST, CALL, Count, "callable, self_or_null, args[n] -- result", |n| 2 + n => 1, cache 3, ERROR | ESCAPES;
            /// A builtin method that may take keywords.
            CALL_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS = 157, op_CALL_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS, CALL, Count, "callable, self_or_null, args[n] -- result", |n| 2 + n => 1, cache 3, ERROR | ESCAPES;
            /// A builtin method without arguments.
            CALL_METHOD_DESCRIPTOR_NOARGS = 158, op_CALL_METHOD_DESCRIPTOR_NOARGS, CALL, Count, "callable, self_or_null, args[n] -- result", |n| 2 + n => 1, cache 3, ERROR | ESCAPES;
            /// A builtin method of one argument.
            CALL_METHOD_DESCRIPTOR_O = 159, op_CALL_METHOD_DESCRIPTOR_O, CALL, Count, "callable, self_or_null, args[n] -- result", |n| 2 + n => 1, cache 3, ERROR | ESCAPES;
            /// Something not written in Python.
            CALL_NON_PY_GENERAL = 160, op_CALL_NON_PY_GENERAL, CALL, Count, "callable, self_or_null, args[n] -- result", |n| 2 + n => 1, cache 3, ERROR | ESCAPES;
            /// A Python function that takes just these arguments.
            CALL_PY_EXACT_ARGS = 161, op_CALL_PY_EXACT_ARGS, CALL, Count, "callable, self_or_null, args[n] -- result", |n| 2 + n => 1, cache 3, ERROR | ESCAPES;
            /// A Python function.
            CALL_PY_GENERAL = 162, op_CALL_PY_GENERAL, CALL, Count, "callable, self_or_null, args[n] -- result", |n| 2 + n => 1, cache 3, ERROR | ESCAPES;
            /// `str(obj)`.
            CALL_STR_1 = 163, op_CALL_STR_1, CALL, Count, "callable, self_or_null, args[n] -- result", |n| 2 + n => 1, cache 3, ERROR | ESCAPES;
            /// `tuple(iterable)`.
            CALL_TUPLE_1 = 164, op_CALL_TUPLE_1, CALL, Count, "callable, self_or_null, args[n] -- result", |n| 2 + n => 1, cache 3, ERROR | ESCAPES;
            /// `type(obj)`.
            CALL_TYPE_1 = 165, op_CALL_TYPE_1, CALL, Count, "callable, self_or_null, args[n] -- result", |n| 2 + n => 1, cache 3, ERROR | ESCAPES;
            /// Comparison of floats.
            COMPARE_OP_FLOAT = 166, op_COMPARE_OP_FLOAT, COMPARE_OP, Compare, "lhs, rhs -- result", |_n| 2 => 1, cache 1, ERROR | ESCAPES;
            /// Comparison of small ints.
            COMPARE_OP_INT = 167, op_COMPARE_OP_INT, COMPARE_OP, Compare, "lhs, rhs -- result", |_n| 2 => 1, cache 1, ERROR | ESCAPES;
            /// Equality of strings.
            COMPARE_OP_STR = 168, op_COMPARE_OP_STR, COMPARE_OP, Compare, "lhs, rhs -- result", |_n| 2 => 1, cache 1, ERROR | ESCAPES;
            /// `key in dict`.
            CONTAINS_OP_DICT = 169, op_CONTAINS_OP_DICT, CONTAINS_OP, Invert, "item, container -- truth", |_n| 2 => 1, cache 1, ERROR | ESCAPES;
            /// `item in set`.
            CONTAINS_OP_SET = 170, op_CONTAINS_OP_SET, CONTAINS_OP, Invert, "item, container -- truth", |_n| 2 => 1, cache 1, ERROR | ESCAPES;
            /// The next value of a generator.
            FOR_ITER_GEN = 171, op_FOR_ITER_GEN, FOR_ITER, JumpForward, "iter -- iter, next", |_n| 1 => 2, cache 1, ERROR | ESCAPES;
            /// The next value of a list iterator.
            FOR_ITER_LIST = 172, op_FOR_ITER_LIST, FOR_ITER, JumpForward, "iter -- iter, next", |_n| 1 => 2, cache 1, ERROR | ESCAPES;
            /// The next value of a range iterator.
            FOR_ITER_RANGE = 173, op_FOR_ITER_RANGE, FOR_ITER, JumpForward, "iter -- iter, next", |_n| 1 => 2, cache 1, ERROR | ESCAPES;
            /// The next value of a tuple iterator.
            FOR_ITER_TUPLE = 174, op_FOR_ITER_TUPLE, FOR_ITER, JumpForward, "iter -- iter, next", |_n| 1 => 2, cache 1, ERROR | ESCAPES;
            /// Never generated.
            JUMP_BACKWARD_JIT = 175, op_JUMP_BACKWARD_JIT, JUMP_BACKWARD, JumpBackward, "", |_n| 0 => 0, cache 1, EVAL_BREAK | NO_FALLTHROUGH;
            /// JUMP_BACKWARD without warm-up counting.
            JUMP_BACKWARD_NO_JIT = 176, op_JUMP_BACKWARD_NO_JIT, JUMP_BACKWARD, JumpBackward, "", |_n| 0 => 0, cache 1, EVAL_BREAK | NO_FALLTHROUGH;
            /// An attribute of a class.
            LOAD_ATTR_CLASS = 177, op_LOAD_ATTR_CLASS, LOAD_ATTR, NameShift1, "owner -- attr, self_or_null?", |n| 1 => 1 + (n & 1), cache 9, ERROR | ESCAPES;
            /// An attribute of a class whose metaclass could interfere.
            LOAD_ATTR_CLASS_WITH_METACLASS_CHECK = 178, op_LOAD_ATTR_CLASS_WITH_METACLASS_CHECK, LOAD_ATTR, NameShift1, "owner -- attr, self_or_null?", |n| 1 => 1 + (n & 1), cache 9, ERROR | ESCAPES;
            /// An attribute by a `__getattribute__` written in Python.
            LOAD_ATTR_GETATTRIBUTE_OVERRIDDEN = 179, op_LOAD_ATTR_GETATTRIBUTE_OVERRIDDEN, LOAD_ATTR, NameShift1, "owner -- attr, self_or_null?", |n| 1 => 1 + (n & 1), cache 9, ERROR | ESCAPES;
            /// An attribute in the instance's inline values.
            LOAD_ATTR_INSTANCE_VALUE = 180, op_LOAD_ATTR_INSTANCE_VALUE, LOAD_ATTR, NameShift1, "owner -- attr, self_or_null?", |n| 1 => 1 + (n & 1), cache 9, ERROR | ESCAPES;
            /// A method of an object whose dict is not made yet.
            LOAD_ATTR_METHOD_LAZY_DICT = 181, op_LOAD_ATTR_METHOD_LAZY_DICT, LOAD_ATTR, NameShift1, "owner -- attr, self_or_null?", |n| 1 => 1 + (n & 1), cache 9, ERROR | ESCAPES;
            /// A method of an object without a dict.
            LOAD_ATTR_METHOD_NO_DICT = 182, op_LOAD_ATTR_METHOD_NO_DICT, LOAD_ATTR, NameShift1, "owner -- attr, self_or_null?", |n| 1 => 1 + (n & 1), cache 9, ERROR | ESCAPES;
            /// A method of an object with inline values.
            LOAD_ATTR_METHOD_WITH_VALUES = 183, op_LOAD_ATTR_METHOD_WITH_VALUES, LOAD_ATTR, NameShift1, "owner -- attr, self_or_null?", |n| 1 => 1 + (n & 1), cache 9, ERROR | ESCAPES;
            /// An attribute of a module.
            LOAD_ATTR_MODULE = 184, op_LOAD_ATTR_MODULE, LOAD_ATTR, NameShift1, "owner -- attr, self_or_null?", |n| 1 => 1 + (n & 1), cache 9, ERROR | ESCAPES;
            /// A class attribute of an object without a dict.
            LOAD_ATTR_NONDESCRIPTOR_NO_DICT = 185, op_LOAD_ATTR_NONDESCRIPTOR_NO_DICT, LOAD_ATTR, NameShift1, "owner -- attr, self_or_null?", |n| 1 => 1 + (n & 1), cache 9, ERROR | ESCAPES;
            /// A class attribute of an object with inline values.
            LOAD_ATTR_NONDESCRIPTOR_WITH_VALUES = 186, op_LOAD_ATTR_NONDESCRIPTOR_WITH_VALUES, LOAD_ATTR, NameShift1, "owner -- attr, self_or_null?", |n| 1 => 1 + (n & 1), cache 9, ERROR | ESCAPES;
            /// A property written in Python.
            LOAD_ATTR_PROPERTY = 187, op_LOAD_ATTR_PROPERTY, LOAD_ATTR, NameShift1, "owner -- attr, self_or_null?", |n| 1 => 1 + (n & 1), cache 9, ERROR | ESCAPES;
            /// A slot of the instance.
            LOAD_ATTR_SLOT = 188, op_LOAD_ATTR_SLOT, LOAD_ATTR, NameShift1, "owner -- attr, self_or_null?", |n| 1 => 1 + (n & 1), cache 9, ERROR | ESCAPES;
            /// An attribute at a remembered place of the instance's dict.
            LOAD_ATTR_WITH_HINT = 189, op_LOAD_ATTR_WITH_HINT, LOAD_ATTR, NameShift1, "owner -- attr, self_or_null?", |n| 1 => 1 + (n & 1), cache 9, ERROR | ESCAPES;
            /// A constant that is not counted.
            LOAD_CONST_IMMORTAL = 190, op_LOAD_CONST_IMMORTAL, LOAD_CONST, Const, "-- value", |_n| 0 => 1, cache 0, 0;
            /// A constant that is counted.
            LOAD_CONST_MORTAL = 191, op_LOAD_CONST_MORTAL, LOAD_CONST, Const, "-- value", |_n| 0 => 1, cache 0, 0;
            /// A builtin.
            LOAD_GLOBAL_BUILTIN = 192, op_LOAD_GLOBAL_BUILTIN, LOAD_GLOBAL, NameShift1, "-- value, null?", |n| 0 => 1 + (n & 1), cache 4, ERROR | ESCAPES;
            /// A global.
            LOAD_GLOBAL_MODULE = 193, op_LOAD_GLOBAL_MODULE, LOAD_GLOBAL, NameShift1, "-- value, null?", |n| 0 => 1 + (n & 1), cache 4, ERROR | ESCAPES;
            /// An attribute by `super()`.
            LOAD_SUPER_ATTR_ATTR = 194, op_LOAD_SUPER_ATTR_ATTR, LOAD_SUPER_ATTR, NameShift2, "global_super, class, self -- attr, self_or_null?", |n| 3 => 1 + (n & 1), cache 1, ERROR | ESCAPES;
            /// A method by `super()`.
            LOAD_SUPER_ATTR_METHOD = 195, op_LOAD_SUPER_ATTR_METHOD, LOAD_SUPER_ATTR, NameShift2, "global_super, class, self -- attr, self_or_null?", |n| 3 => 1 + (n & 1), cache 1, ERROR | ESCAPES;
            /// RESUME that only tests the evaluation breaker.
            RESUME_CHECK = 196, op_RESUME_CHECK, RESUME, Count, "", |_n| 0 => 0, cache 0, ERROR | ESCAPES | EVAL_BREAK;
            /// Sends into a generator or coroutine.
            SEND_GEN = 197, op_SEND_GEN, SEND, JumpForward, "receiver, value -- receiver, result", |_n| 2 => 2, cache 1, ERROR | ESCAPES;
            /// Stores into the instance's inline values.
            STORE_ATTR_INSTANCE_VALUE = 198, op_STORE_ATTR_INSTANCE_VALUE, STORE_ATTR, Name, "value, owner --", |_n| 2 => 0, cache 4, ERROR | ESCAPES;
            /// Stores into a slot.
            STORE_ATTR_SLOT = 199, op_STORE_ATTR_SLOT, STORE_ATTR, Name, "value, owner --", |_n| 2 => 0, cache 4, ERROR | ESCAPES;
            /// Stores at a remembered place of the instance's dict.
            STORE_ATTR_WITH_HINT = 200, op_STORE_ATTR_WITH_HINT, STORE_ATTR, Name, "value, owner --", |_n| 2 => 0, cache 4, ERROR | ESCAPES;
            /// `dict[key] = value`.
            STORE_SUBSCR_DICT = 201, op_STORE_SUBSCR_DICT, STORE_SUBSCR, None, "value, container, key --", |_n| 3 => 0, cache 1, ERROR | ESCAPES;
            /// `list[int] = value`.
            STORE_SUBSCR_LIST_INT = 202, op_STORE_SUBSCR_LIST_INT, STORE_SUBSCR, None, "value, container, key --", |_n| 3 => 0, cache 1, ERROR | ESCAPES;
            /// True, by the type.
            TO_BOOL_ALWAYS_TRUE = 203, op_TO_BOOL_ALWAYS_TRUE, TO_BOOL, None, "value -- truth", |_n| 1 => 1, cache 3, ERROR | ESCAPES;
            /// A bool itself.
            TO_BOOL_BOOL = 204, op_TO_BOOL_BOOL, TO_BOOL, None, "value -- truth", |_n| 1 => 1, cache 3, ERROR | ESCAPES;
            /// `value != 0`.
            TO_BOOL_INT = 205, op_TO_BOOL_INT, TO_BOOL, None, "value -- truth", |_n| 1 => 1, cache 3, ERROR | ESCAPES;
            /// Whether the list has items.
            TO_BOOL_LIST = 206, op_TO_BOOL_LIST, TO_BOOL, None, "value -- truth", |_n| 1 => 1, cache 3, ERROR | ESCAPES;
            /// False.
            TO_BOOL_NONE = 207, op_TO_BOOL_NONE, TO_BOOL, None, "value -- truth", |_n| 1 => 1, cache 3, ERROR | ESCAPES;
            /// Whether the string is not empty.
            TO_BOOL_STR = 208, op_TO_BOOL_STR, TO_BOOL, None, "value -- truth", |_n| 1 => 1, cache 3, ERROR | ESCAPES;
            /// Unpacks a list.
            UNPACK_SEQUENCE_LIST = 209, op_UNPACK_SEQUENCE_LIST, UNPACK_SEQUENCE, Count, "sequence -- values[n]", |n| 1 => n, cache 1, ERROR | ESCAPES;
            /// Unpacks a tuple.
            UNPACK_SEQUENCE_TUPLE = 210, op_UNPACK_SEQUENCE_TUPLE, UNPACK_SEQUENCE, Count, "sequence -- values[n]", |n| 1 => n, cache 1, ERROR | ESCAPES;
            /// Unpacks a tuple of two.
            UNPACK_SEQUENCE_TWO_TUPLE = 211, op_UNPACK_SEQUENCE_TWO_TUPLE, UNPACK_SEQUENCE, Count, "sequence -- values[n]", |n| 1 => n, cache 1, ERROR | ESCAPES;
            /// `LOAD_FAST_BORROW` and the `LOAD_ATTR` behind it at once where that reads an instance slot; the owner is borrowed. Taipan's own.
            LOAD_FAST_BORROW_LOAD_ATTR = 212, op_LOAD_FAST_BORROW_LOAD_ATTR, LOAD_FAST_BORROW, Local, "-- value", |_n| 0 => 1, cache 0, 0;
            /// `LOAD_FAST_BORROW` and the `STORE_ATTR` behind it at once where that writes an instance slot; the owner is borrowed. Taipan's own.
            LOAD_FAST_BORROW_STORE_ATTR = 213, op_LOAD_FAST_BORROW_STORE_ATTR, LOAD_FAST_BORROW, Local, "-- value", |_n| 0 => 1, cache 0, 0;
            /// `LOAD_FAST_BORROW` before `RETURN_VALUE`: the local's reference moves out. Taipan's own.
            LOAD_FAST_BORROW_RETURN_VALUE = 214, op_LOAD_FAST_BORROW_RETURN_VALUE, LOAD_FAST_BORROW, Local, "-- value", |_n| 0 => 1, cache 0, 0;
            /// Two borrowed locals and the subscript behind them at once where that indexes a list. Taipan's own.
            LOAD_FAST_BORROW_LOAD_FAST_BORROW_SUBSCR = 215, op_LOAD_FAST_BORROW_LOAD_FAST_BORROW_SUBSCR, LOAD_FAST_BORROW_LOAD_FAST_BORROW, LocalPair, "-- first, second", |_n| 0 => 2, cache 0, 0;
            /// END_FOR that reports to monitoring tools.
            INSTRUMENTED_END_FOR = 234, op_INSTRUMENTED_END_FOR, END_FOR, None, "value --", |_n| 1 => 0, cache 0, 0;
            /// POP_ITER that reports to monitoring tools.
            INSTRUMENTED_POP_ITER = 235, op_INSTRUMENTED_POP_ITER, POP_ITER, None, "iter --", |_n| 1 => 0, cache 0, 0;
            /// END_SEND that reports to monitoring tools.
            INSTRUMENTED_END_SEND = 236, op_INSTRUMENTED_END_SEND, END_SEND, None, "receiver, value -- value", |_n| 2 => 1, cache 0, 0;
            /// FOR_ITER that reports to monitoring tools.
            INSTRUMENTED_FOR_ITER = 237, op_INSTRUMENTED_FOR_ITER, FOR_ITER, JumpForward, "iter -- iter, next", |_n| 1 => 2, cache 1, ERROR | ESCAPES;
            /// Reports each instruction to monitoring tools.
            INSTRUMENTED_INSTRUCTION = 238, op_INSTRUMENTED_INSTRUCTION, INSTRUMENTED_INSTRUCTION, None, "", |_n| 0 => 0, cache 0, ERROR | ESCAPES;
            /// JUMP_FORWARD that reports to monitoring tools.
            INSTRUMENTED_JUMP_FORWARD = 239, op_INSTRUMENTED_JUMP_FORWARD, JUMP_FORWARD, JumpForward, "", |_n| 0 => 0, cache 0, NO_FALLTHROUGH;
            /// NOT_TAKEN that reports to monitoring tools.
            INSTRUMENTED_NOT_TAKEN = 240, op_INSTRUMENTED_NOT_TAKEN, NOT_TAKEN, None, "", |_n| 0 => 0, cache 0, 0;
            /// POP_JUMP_IF_TRUE that reports to monitoring tools.
            INSTRUMENTED_POP_JUMP_IF_TRUE = 241, op_INSTRUMENTED_POP_JUMP_IF_TRUE, POP_JUMP_IF_TRUE, JumpForward, "truth --", |_n| 1 => 0, cache 1, 0;
            /// POP_JUMP_IF_FALSE that reports to monitoring tools.
            INSTRUMENTED_POP_JUMP_IF_FALSE = 242, op_INSTRUMENTED_POP_JUMP_IF_FALSE, POP_JUMP_IF_FALSE, JumpForward, "truth --", |_n| 1 => 0, cache 1, 0;
            /// POP_JUMP_IF_NONE that reports to monitoring tools.
            INSTRUMENTED_POP_JUMP_IF_NONE = 243, op_INSTRUMENTED_POP_JUMP_IF_NONE, POP_JUMP_IF_NONE, JumpForward, "value --", |_n| 1 => 0, cache 1, 0;
            /// POP_JUMP_IF_NOT_NONE that reports to monitoring tools.
            INSTRUMENTED_POP_JUMP_IF_NOT_NONE = 244, op_INSTRUMENTED_POP_JUMP_IF_NOT_NONE, POP_JUMP_IF_NOT_NONE, JumpForward, "value --", |_n| 1 => 0, cache 1, 0;
            /// RESUME that reports to monitoring tools.
            INSTRUMENTED_RESUME = 245, op_INSTRUMENTED_RESUME, RESUME, Count, "", |_n| 0 => 0, cache 0, ERROR | ESCAPES | EVAL_BREAK;
            /// RETURN_VALUE that reports to monitoring tools.
            INSTRUMENTED_RETURN_VALUE = 246, op_INSTRUMENTED_RETURN_VALUE, RETURN_VALUE, None, "value -- value", |_n| 1 => 1, cache 0, NO_FALLTHROUGH;
            /// YIELD_VALUE that reports to monitoring tools.
            INSTRUMENTED_YIELD_VALUE = 247, op_INSTRUMENTED_YIELD_VALUE, YIELD_VALUE, Count, "value -- sent", |_n| 1 => 1, cache 0, 0;
            /// END_ASYNC_FOR that reports to monitoring tools.
            INSTRUMENTED_END_ASYNC_FOR = 248, op_INSTRUMENTED_END_ASYNC_FOR, END_ASYNC_FOR, JumpBackward, "awaitable, exc --", |_n| 2 => 0, cache 0, ERROR | ESCAPES;
            /// LOAD_SUPER_ATTR that reports to monitoring tools.
            INSTRUMENTED_LOAD_SUPER_ATTR = 249, op_INSTRUMENTED_LOAD_SUPER_ATTR, LOAD_SUPER_ATTR, NameShift2, "global_super, class, self -- attr, self_or_null?", |n| 3 => 1 + (n & 1), cache 1, ERROR | ESCAPES;
            /// CALL that reports to monitoring tools.
            INSTRUMENTED_CALL = 250, op_INSTRUMENTED_CALL, CALL, Count, "callable, self_or_null, args[n] -- result", |n| 2 + n => 1, cache 3, ERROR | ESCAPES;
            /// CALL_KW that reports to monitoring tools.
            INSTRUMENTED_CALL_KW = 251, op_INSTRUMENTED_CALL_KW, CALL_KW, Count, "callable, self_or_null, args[n], names -- result", |n| 3 + n => 1, cache 3, ERROR | ESCAPES;
            /// CALL_FUNCTION_EX that reports to monitoring tools.
            INSTRUMENTED_CALL_FUNCTION_EX = 252, op_INSTRUMENTED_CALL_FUNCTION_EX, CALL_FUNCTION_EX, None, "callable, null, args, kwargs -- result", |_n| 4 => 1, cache 0, ERROR | ESCAPES;
            /// JUMP_BACKWARD that reports to monitoring tools.
            INSTRUMENTED_JUMP_BACKWARD = 253, op_INSTRUMENTED_JUMP_BACKWARD, JUMP_BACKWARD, JumpBackward, "", |_n| 0 => 0, cache 1, EVAL_BREAK | NO_FALLTHROUGH;
            /// Reports a new line to monitoring tools.
            INSTRUMENTED_LINE = 254, op_INSTRUMENTED_LINE, INSTRUMENTED_LINE, None, "", |_n| 0 => 0, cache 0, ERROR | ESCAPES;
            /// Never generated.
            ENTER_EXECUTOR = 255, op_ENTER_EXECUTOR, ENTER_EXECUTOR, Count, "", |_n| 0 => 0, cache 0, EVAL_BREAK | NO_FALLTHROUGH;
        }
    };
}

/// Hands the table of pseudo instructions, which only the compiler knows, to another macro.
///
/// Each row is `/// doc` `NAME = number, Operand, |n| pops => pushes, flags;`.
#[macro_export]
macro_rules! for_each_pseudo_op {
    ($callback:ident) => {
        $callback! {
            /// Where the module's annotation code is to be put.
            ANNOTATIONS_PLACEHOLDER = 256, None, |_n| 0 => 0, 0;
            /// A jump of either direction.
            JUMP = 257, Jump, |_n| 0 => 0, NO_FALLTHROUGH | EVAL_BREAK;
            /// Jumps on a false value, which stays.
            JUMP_IF_FALSE = 258, Jump, |_n| 1 => 1, 0;
            /// Jumps on a true value, which stays.
            JUMP_IF_TRUE = 259, Jump, |_n| 1 => 1, 0;
            /// A jump of either direction that does not look at the evaluation breaker.
            JUMP_NO_INTERRUPT = 260, Jump, |_n| 0 => 0, NO_FALLTHROUGH;
            /// Loads a cell itself.
            LOAD_CLOSURE = 261, Local, |_n| 0 => 1, 0;
            /// Ends the innermost protected region.
            POP_BLOCK = 262, None, |_n| 0 => 0, 0;
            /// Begins a region whose handler gets the offset and the exception.
            SETUP_CLEANUP = 263, Block, |_n| 0 => 0, 0;
            /// Begins a region whose handler gets the exception.
            SETUP_FINALLY = 264, Block, |_n| 0 => 0, 0;
            /// Begins the body of a `with`.
            SETUP_WITH = 265, Block, |_n| 0 => 0, 0;
            /// Stores a local that may be unset.
            STORE_FAST_MAYBE_NULL = 266, Local, |_n| 1 => 0, 0;
        }
    };
}
