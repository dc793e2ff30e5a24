//! The stack core: one handler per instruction, and the table that threads them.

#[macro_use]
pub mod state;
#[macro_use]
pub mod ops_call;
pub mod ops_arith;
pub mod ops_attr;
pub mod ops_build;
pub mod ops_exc;
pub mod ops_flow;
pub mod ops_stack;
pub mod slow;
pub mod specialize;

use state::Op2;

/// Handlers of instructions that share another's, or that verified code does not contain.
mod aliases {
    pub use super::ops_exc::op_invalid as op_CACHE;
    pub use super::ops_exc::op_invalid as op_RESERVED;
    pub use super::ops_exc::op_invalid as op_ENTER_EXECUTOR;
    pub use super::ops_exc::op_invalid as op_INSTRUMENTED_LINE;
    pub use super::ops_exc::op_invalid as op_INSTRUMENTED_INSTRUCTION;
    // A borrowed load that nothing was found to be gained from counts like any other.
    pub use super::ops_stack::op_LOAD_CONST as op_LOAD_CONST_IMMORTAL;
    pub use super::ops_stack::op_LOAD_CONST as op_LOAD_CONST_MORTAL;
    pub use super::ops_stack::op_LOAD_FAST as op_LOAD_FAST_BORROW;
    pub use super::ops_stack::op_LOAD_FAST_LOAD_FAST as op_LOAD_FAST_BORROW_LOAD_FAST_BORROW;
    // Inline fast paths of the generic handler serve these.
    pub use super::ops_arith::op_BINARY_OP as op_BINARY_OP_SUBSCR_GETITEM;
    pub use super::ops_arith::op_BINARY_OP as op_BINARY_OP_SUBSCR_LIST_SLICE;
    pub use super::ops_arith::op_CONTAINS_OP as op_CONTAINS_OP_DICT;
    pub use super::ops_arith::op_CONTAINS_OP as op_CONTAINS_OP_SET;
    pub use super::ops_arith::op_TO_BOOL as op_TO_BOOL_ALWAYS_TRUE;
    pub use super::ops_arith::op_TO_BOOL as op_TO_BOOL_BOOL;
    pub use super::ops_arith::op_TO_BOOL as op_TO_BOOL_INT;
    pub use super::ops_arith::op_TO_BOOL as op_TO_BOOL_LIST;
    pub use super::ops_arith::op_TO_BOOL as op_TO_BOOL_NONE;
    pub use super::ops_arith::op_TO_BOOL as op_TO_BOOL_STR;
    pub use super::ops_attr::op_LOAD_ATTR_CLASS as op_LOAD_ATTR_CLASS_WITH_METACLASS_CHECK;
    pub use super::ops_attr::op_LOAD_SUPER_ATTR as op_LOAD_SUPER_ATTR_ATTR;
    pub use super::ops_attr::op_LOAD_SUPER_ATTR as op_LOAD_SUPER_ATTR_METHOD;
    pub use super::ops_attr::op_load_attr_general as op_LOAD_ATTR_GETATTRIBUTE_OVERRIDDEN;
    pub use super::ops_build::op_UNPACK_SEQUENCE as op_UNPACK_SEQUENCE_LIST;
    pub use super::ops_build::op_UNPACK_SEQUENCE as op_UNPACK_SEQUENCE_TUPLE;
    pub use super::ops_build::op_UNPACK_SEQUENCE as op_UNPACK_SEQUENCE_TWO_TUPLE;
    pub use super::ops_call::op_CALL_BUILTIN_FAST as op_CALL_BUILTIN_O;
    pub use super::ops_call::op_CALL_BUILTIN_FAST as op_CALL_BUILTIN_FAST_WITH_KEYWORDS;
    pub use super::ops_call::op_CALL_KW as op_CALL_KW_BOUND_METHOD;
    pub use super::ops_call::op_CALL_KW as op_CALL_KW_NON_PY;
    pub use super::ops_call::op_CALL_KW as op_CALL_KW_PY;
    pub use super::ops_call::op_CALL_METHOD_DESCRIPTOR_FAST as op_CALL_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS;
    pub use super::ops_call::op_CALL_METHOD_DESCRIPTOR_FAST as op_CALL_METHOD_DESCRIPTOR_NOARGS;
    pub use super::ops_call::op_CALL_METHOD_DESCRIPTOR_FAST as op_CALL_METHOD_DESCRIPTOR_O;
    pub use super::ops_call::op_CALL_PY_GENERAL as op_CALL_BOUND_METHOD_GENERAL;
    pub use super::ops_call::op_CALL_PY_GENERAL as op_CALL_BUILTIN_CLASS;
    pub use super::ops_call::op_CALL_PY_GENERAL as op_CALL_NON_PY_GENERAL;
    pub use super::ops_call::op_CALL_PY_GENERAL as op_CALL_STR_1;
    pub use super::ops_call::op_CALL_PY_GENERAL as op_CALL_TUPLE_1;
    pub use super::ops_flow::op_JUMP_BACKWARD as op_JUMP_BACKWARD_JIT;
    pub use super::ops_flow::op_JUMP_BACKWARD as op_JUMP_BACKWARD_NO_JIT;
    // Instrumented forms: monitoring is not there yet, and nothing installs them.
    pub use super::ops_arith::*;
    pub use super::ops_attr::op_LOAD_SUPER_ATTR as op_INSTRUMENTED_LOAD_SUPER_ATTR;
    pub use super::ops_attr::*;
    pub use super::ops_build::*;
    pub use super::ops_call::op_CALL as op_INSTRUMENTED_CALL;
    pub use super::ops_call::op_CALL_FUNCTION_EX as op_INSTRUMENTED_CALL_FUNCTION_EX;
    pub use super::ops_call::op_CALL_KW as op_INSTRUMENTED_CALL_KW;
    pub use super::ops_call::op_RETURN_VALUE as op_INSTRUMENTED_RETURN_VALUE;
    pub use super::ops_call::*;
    pub use super::ops_exc::*;
    pub use super::ops_flow::op_END_ASYNC_FOR as op_INSTRUMENTED_END_ASYNC_FOR;
    pub use super::ops_flow::op_FOR_ITER as op_INSTRUMENTED_FOR_ITER;
    pub use super::ops_flow::op_JUMP_BACKWARD as op_INSTRUMENTED_JUMP_BACKWARD;
    pub use super::ops_flow::op_JUMP_FORWARD as op_INSTRUMENTED_JUMP_FORWARD;
    pub use super::ops_flow::op_POP_JUMP_IF_FALSE as op_INSTRUMENTED_POP_JUMP_IF_FALSE;
    pub use super::ops_flow::op_POP_JUMP_IF_NONE as op_INSTRUMENTED_POP_JUMP_IF_NONE;
    pub use super::ops_flow::op_POP_JUMP_IF_NOT_NONE as op_INSTRUMENTED_POP_JUMP_IF_NOT_NONE;
    pub use super::ops_flow::op_POP_JUMP_IF_TRUE as op_INSTRUMENTED_POP_JUMP_IF_TRUE;
    pub use super::ops_flow::op_RESUME as op_INSTRUMENTED_RESUME;
    pub use super::ops_flow::op_YIELD_VALUE as op_INSTRUMENTED_YIELD_VALUE;
    pub use super::ops_flow::*;
    pub use super::ops_stack::op_END_FOR as op_INSTRUMENTED_END_FOR;
    pub use super::ops_stack::op_END_SEND as op_INSTRUMENTED_END_SEND;
    pub use super::ops_stack::op_NOT_TAKEN as op_INSTRUMENTED_NOT_TAKEN;
    pub use super::ops_stack::op_POP_ITER as op_INSTRUMENTED_POP_ITER;
    pub use super::ops_stack::*;
}

macro_rules! dispatch_table {
    ($(#[doc = $doc:literal] $name:ident = $number:literal, $handler:ident, $generic:ident, $kind:ident, $effect:literal,
       |$n:ident| $pops:expr => $pushes:expr, cache $cache:literal, $flags:expr;)*) => {
        /// The handler of every opcode byte.
        pub static DISPATCH: [Op2; 256] = {
            let mut table = [Op2(ops_exc::op_invalid); 256];
            $(table[$number] = Op2(aliases::$handler);)*
            table
        };
    };
}
taipan_bytecode::for_each_op!(dispatch_table);
