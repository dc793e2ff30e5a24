//! Opcodes, what is known of each, and the numbered tables that arguments select from.

use crate::{for_each_op, for_each_pseudo_op};

/// Properties of instructions, combined as bits.
pub mod flags {
    /// May raise.
    pub const ERROR: u8 = 1;
    /// May run arbitrary code.
    pub const ESCAPES: u8 = 2;
    /// Looks at the evaluation breaker.
    pub const EVAL_BREAK: u8 = 4;
    /// Never goes on with the next instruction.
    pub const NO_FALLTHROUGH: u8 = 8;
}

/// What an instruction's argument means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ArgKind {
    /// No argument.
    None,
    /// A count or other plain number.
    Count,
    /// Index into the constants.
    Const,
    /// Index into the names.
    Name,
    /// Index into the names, shifted by one bit of flag.
    NameShift1,
    /// Index into the names, shifted by two bits of flags.
    NameShift2,
    /// Index of a local.
    Local,
    /// Two indices of locals below 16, four bits each.
    LocalPair,
    /// Index of a cell or free variable among the locals.
    Free,
    /// Distance forward, in units, from the end of the instruction and its caches.
    JumpForward,
    /// Distance back, in units, from the end of the instruction and its caches.
    JumpBackward,
    /// The integer itself.
    SmallInt,
    /// A `BINARY_OPS` index.
    BinaryOp,
    /// Comparison in bits 5.., wants-bool in bit 4, a mask for specialisation below.
    Compare,
    /// 1 inverts the result.
    Invert,
    /// `str`, `repr`, `ascii`.
    Conversion,
    /// An `INTRINSICS_1` index.
    Intrinsic1,
    /// An `INTRINSICS_2` index.
    Intrinsic2,
    /// A `SPECIAL_METHODS` index.
    SpecialMethod,
    /// A `COMMON_CONSTANTS` index.
    CommonConstant,
    /// Which attribute SET_FUNCTION_ATTRIBUTE sets.
    FunctionAttribute,
    /// Pseudo: target of a jump of yet unknown direction.
    Jump,
    /// Pseudo: the handler of a protected region.
    Block,
}

/// Everything the table says of one instruction.
#[derive(Clone, Copy)]
pub struct OpInfo {
    /// Its name; empty for numbers without a meaning.
    pub name: &'static str,
    /// One line of meaning.
    pub doc: &'static str,
    /// Stack before and after, as text.
    pub effect: &'static str,
    /// Head of its family.
    pub generic: u8,
    /// What the argument means.
    pub kind: ArgKind,
    /// How many entries it needs, by argument.
    pub pops: fn(u64) -> u64,
    /// How many entries it leaves in their place, by argument.
    pub pushes: fn(u64) -> u64,
    /// Units of inline cache behind it.
    pub cache: u8,
    /// Bits of [`flags`].
    pub flags: u8,
}

const UNDEFINED: OpInfo = OpInfo {
    name: "",
    doc: "",
    effect: "",
    generic: 0,
    kind: ArgKind::None,
    pops: |_| 0,
    pushes: |_| 0,
    cache: 0,
    flags: 0,
};

macro_rules! real_ops {
    ($(#[doc = $doc:literal] $name:ident = $number:literal, $handler:ident, $generic:ident, $kind:ident, $effect:literal,
       |$n:ident| $pops:expr => $pushes:expr, cache $cache:literal, $flags:expr;)*) => {
        /// An instruction that can stand in a code object.
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u8)]
        pub enum Opcode {
            $(#[doc = $doc] $name = $number,)*
        }

        impl Opcode {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Opcode] = &[$(Opcode::$name,)*];
        }

        /// The numbers of all instructions, pseudo ones included, by name.
        pub mod op {
            $(#[doc = $doc] pub const $name: u16 = $number;)*
            pub use super::pseudo::*;
        }

        #[allow(unused_imports)]
        static OPS: [OpInfo; 256] = {
            use flags::*;
            let mut table = [UNDEFINED; 256];
            $(table[$number] = OpInfo {
                name: stringify!($name),
                doc: $doc,
                effect: $effect,
                generic: op::$generic as u8,
                kind: ArgKind::$kind,
                pops: |$n| { let _ = $n; $pops },
                pushes: |$n| { let _ = $n; $pushes },
                cache: $cache,
                flags: $flags,
            };)*
            table
        };
    };
}

macro_rules! pseudo_ops {
    ($(#[doc = $doc:literal] $name:ident = $number:literal, $kind:ident, |$n:ident| $pops:expr => $pushes:expr, $flags:expr;)*) => {
        mod pseudo {
            $(#[doc = $doc] pub const $name: u16 = $number;)*
        }

        static PSEUDO_OPS: &[OpInfo] = {
            #[allow(unused_imports)]
            use flags::*;
            &[$(OpInfo {
                name: stringify!($name),
                doc: $doc,
                effect: "",
                generic: 0,
                kind: ArgKind::$kind,
                pops: |$n| { let _ = $n; $pops },
                pushes: |$n| { let _ = $n; $pushes },
                cache: 0,
                flags: $flags,
            },)*]
        };
    };
}

for_each_pseudo_op!(pseudo_ops);
for_each_op!(real_ops);

/// Number of the first pseudo instruction.
pub const FIRST_PSEUDO: u16 = 256;
/// Instructions from this number up take an argument (among the unspecialised ones).
pub const HAVE_ARGUMENT: u16 = 43;
/// First of the instrumented forms.
pub const MIN_INSTRUMENTED: u16 = 234;
/// First of the specialised forms (but for one that shares the low numbers).
pub const MIN_SPECIALIZED: u16 = 129;

/// What the table says of `opcode`; an entry with an empty name when there is no such instruction.
#[inline]
pub fn info(opcode: u16) -> &'static OpInfo {
    match opcode {
        0..=255 => &OPS[opcode as usize],
        _ => PSEUDO_OPS
            .get((opcode - FIRST_PSEUDO) as usize)
            .unwrap_or(&UNDEFINED),
    }
}

/// Name of the instruction, `<n>` for numbers without a meaning.
pub fn name(opcode: u16) -> String {
    match info(opcode).name {
        "" => format!("<{opcode}>"),
        name => name.to_string(),
    }
}

impl Opcode {
    /// The instruction of that number.
    #[inline]
    pub fn from_u8(number: u8) -> Option<Opcode> {
        if OPS[number as usize].name.is_empty() {
            return None;
        }
        // SAFETY: every number with a name in OPS is a discriminant; both come from the same rows.
        Some(unsafe { std::mem::transmute::<u8, Opcode>(number) })
    }

    /// What the table says of it.
    #[inline]
    pub fn info(self) -> &'static OpInfo {
        &OPS[self as usize]
    }

    /// The unspecialised, uninstrumented form.
    #[inline]
    pub fn generic(self) -> Opcode {
        Opcode::from_u8(self.info().generic).unwrap_or(self)
    }
}

/// The unspecialised, uninstrumented form of an opcode byte.
#[inline]
pub fn deoptimized(opcode: u8) -> u8 {
    let info = &OPS[opcode as usize];
    if info.name.is_empty() {
        opcode
    } else {
        info.generic
    }
}

/// Units of inline cache behind an opcode byte.
#[inline]
pub fn cache_units(opcode: u8) -> usize {
    OPS[opcode as usize].cache as usize
}

/// Names of the cache entries behind a generic instruction and their widths in units.
pub fn cache_fields(opcode: u16) -> &'static [(&'static str, u8)] {
    match opcode {
        op::STORE_SUBSCR
        | op::COMPARE_OP
        | op::CONTAINS_OP
        | op::FOR_ITER
        | op::JUMP_BACKWARD
        | op::LOAD_SUPER_ATTR
        | op::POP_JUMP_IF_FALSE
        | op::POP_JUMP_IF_NONE
        | op::POP_JUMP_IF_NOT_NONE
        | op::POP_JUMP_IF_TRUE
        | op::SEND
        | op::UNPACK_SEQUENCE => &[("counter", 1)],
        op::TO_BOOL => &[("counter", 1), ("version", 2)],
        op::BINARY_OP => &[("counter", 1), ("descr", 4)],
        op::CALL | op::CALL_KW => &[("counter", 1), ("func_version", 2)],
        op::LOAD_ATTR => &[
            ("counter", 1),
            ("version", 2),
            ("keys_version", 2),
            ("descr", 4),
        ],
        op::LOAD_GLOBAL => &[
            ("counter", 1),
            ("index", 1),
            ("module_keys_version", 1),
            ("builtin_keys_version", 1),
        ],
        op::STORE_ATTR => &[("counter", 1), ("version", 2), ("index", 1)],
        _ => &[],
    }
}

/// Whether the instruction takes an argument.
#[inline]
pub fn has_arg(opcode: u16) -> bool {
    info(opcode).kind != ArgKind::None
}

/// Whether the argument is an index into the constants.
#[inline]
pub fn has_const(opcode: u16) -> bool {
    info(opcode).kind == ArgKind::Const
}

/// Whether the argument is an index into the names.
#[inline]
pub fn has_name(opcode: u16) -> bool {
    matches!(
        info(opcode).kind,
        ArgKind::Name | ArgKind::NameShift1 | ArgKind::NameShift2
    )
}

/// Whether the argument is a jump distance (or label).
#[inline]
pub fn has_jump(opcode: u16) -> bool {
    matches!(
        info(opcode).kind,
        ArgKind::JumpForward | ArgKind::JumpBackward | ArgKind::Jump
    )
}

/// Whether the argument is an index of a cell or free variable.
#[inline]
pub fn has_free(opcode: u16) -> bool {
    info(opcode).kind == ArgKind::Free && opcode != op::LOAD_DEREF
}

/// Whether the argument is an index of a local (LOAD_DEREF counts, as CPython's metadata has it).
#[inline]
pub fn has_local(opcode: u16) -> bool {
    opcode == op::LOAD_DEREF || matches!(info(opcode).kind, ArgKind::Local | ArgKind::LocalPair)
}

/// Whether the instruction is a pseudo one that begins a protected region.
#[inline]
pub fn is_block_push(opcode: u16) -> bool {
    info(opcode).kind == ArgKind::Block
}

/// Change of the stack's depth; `jump` asks for that on the way to the target. None when there is no such instruction.
pub fn stack_effect(opcode: u16, arg: u32, jump: bool) -> Option<i64> {
    if jump {
        match opcode {
            op::SETUP_FINALLY | op::SETUP_WITH => return Some(1),
            op::SETUP_CLEANUP => return Some(2),
            _ => {}
        }
    }
    let info = info(opcode);
    if info.name.is_empty() {
        return None;
    }
    Some((info.pushes)(arg as u64) as i64 - (info.pops)(arg as u64) as i64)
}

macro_rules! numbered {
    ($(#[$meta:meta])* $enum:ident, $all:ident { $($(#[$vmeta:meta])* $variant:ident = $number:literal, $text:literal;)* }) => {
        $(#[$meta])*
        #[allow(non_camel_case_types)]
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u8)]
        pub enum $enum {
            $(#[doc = $text] $variant = $number,)*
        }

        /// Their texts by number.
        pub static $all: &[&str] = &[$($text),*];

        impl $enum {
            /// The one of that number.
            #[inline]
            pub fn from_u32(number: u32) -> Option<$enum> {
                match number {
                    $($number => Some($enum::$variant),)*
                    _ => None,
                }
            }

            /// Its text.
            pub fn text(self) -> &'static str {
                $all[self as usize]
            }
        }
    };
}

numbered! {
    /// Operators of BINARY_OP.
    BinaryOperator, BINARY_OPS {
        Add = 0, "+";
        And = 1, "&";
        FloorDivide = 2, "//";
        Lshift = 3, "<<";
        MatrixMultiply = 4, "@";
        Multiply = 5, "*";
        Remainder = 6, "%";
        Or = 7, "|";
        Power = 8, "**";
        Rshift = 9, ">>";
        Subtract = 10, "-";
        TrueDivide = 11, "/";
        Xor = 12, "^";
        InplaceAdd = 13, "+=";
        InplaceAnd = 14, "&=";
        InplaceFloorDivide = 15, "//=";
        InplaceLshift = 16, "<<=";
        InplaceMatrixMultiply = 17, "@=";
        InplaceMultiply = 18, "*=";
        InplaceRemainder = 19, "%=";
        InplaceOr = 20, "|=";
        InplacePower = 21, "**=";
        InplaceRshift = 22, ">>=";
        InplaceSubtract = 23, "-=";
        InplaceTrueDivide = 24, "/=";
        InplaceXor = 25, "^=";
        Subscr = 26, "[]";
    }
}

numbered! {
    /// Rich comparisons, as numbered by COMPARE_OP's bits 5 and up.
    ComparisonOp, COMPARISONS {
        Lt = 0, "<";
        Le = 1, "<=";
        Eq = 2, "==";
        Ne = 3, "!=";
        Gt = 4, ">";
        Ge = 5, ">=";
    }
}

numbered! {
    /// Intrinsics of one operand.
    Intrinsic1, INTRINSICS_1 {
        Invalid = 0, "INTRINSIC_1_INVALID";
        Print = 1, "INTRINSIC_PRINT";
        ImportStar = 2, "INTRINSIC_IMPORT_STAR";
        StopIterationError = 3, "INTRINSIC_STOPITERATION_ERROR";
        AsyncGenWrap = 4, "INTRINSIC_ASYNC_GEN_WRAP";
        UnaryPositive = 5, "INTRINSIC_UNARY_POSITIVE";
        ListToTuple = 6, "INTRINSIC_LIST_TO_TUPLE";
        TypeVar = 7, "INTRINSIC_TYPEVAR";
        ParamSpec = 8, "INTRINSIC_PARAMSPEC";
        TypeVarTuple = 9, "INTRINSIC_TYPEVARTUPLE";
        SubscriptGeneric = 10, "INTRINSIC_SUBSCRIPT_GENERIC";
        TypeAlias = 11, "INTRINSIC_TYPEALIAS";
    }
}

numbered! {
    /// Intrinsics of two operands.
    Intrinsic2, INTRINSICS_2 {
        Invalid = 0, "INTRINSIC_2_INVALID";
        PrepReraiseStar = 1, "INTRINSIC_PREP_RERAISE_STAR";
        TypeVarWithBound = 2, "INTRINSIC_TYPEVAR_WITH_BOUND";
        TypeVarWithConstraints = 3, "INTRINSIC_TYPEVAR_WITH_CONSTRAINTS";
        SetFunctionTypeParams = 4, "INTRINSIC_SET_FUNCTION_TYPE_PARAMS";
        SetTypeParamDefault = 5, "INTRINSIC_SET_TYPEPARAM_DEFAULT";
    }
}

numbered! {
    /// Methods of LOAD_SPECIAL.
    SpecialMethod, SPECIAL_METHODS {
        Enter = 0, "__enter__";
        Exit = 1, "__exit__";
        Aenter = 2, "__aenter__";
        Aexit = 3, "__aexit__";
    }
}

numbered! {
    /// Values of LOAD_COMMON_CONSTANT.
    CommonConstant, COMMON_CONSTANTS {
        AssertionError = 0, "AssertionError";
        NotImplementedError = 1, "NotImplementedError";
        BuiltinTuple = 2, "tuple";
        BuiltinAll = 3, "all";
        BuiltinAny = 4, "any";
    }
}

/// Bit of COMPARE_OP's argument that asks for an exact bool.
pub const COMPARE_TO_BOOL: u32 = 16;
/// Mask of outcomes in the low bits of COMPARE_OP's argument, by comparison: unordered 1, less 2, greater 4, equal 8.
pub const COMPARE_MASKS: [u32; 6] = [2, 2 | 8, 8, 1 | 2 | 4, 4, 4 | 8];

/// CONVERT_VALUE arguments.
pub mod conversion {
    /// `str()`
    pub const STR: u32 = 1;
    /// `repr()`
    pub const REPR: u32 = 2;
    /// `ascii()`
    pub const ASCII: u32 = 3;
}

/// SET_FUNCTION_ATTRIBUTE arguments.
pub mod function_attribute {
    /// Tuple of positional defaults.
    pub const DEFAULTS: u32 = 1;
    /// Dict of keyword-only defaults.
    pub const KWDEFAULTS: u32 = 2;
    /// Annotations as a tuple of names and values.
    pub const ANNOTATIONS: u32 = 4;
    /// Tuple of cells.
    pub const CLOSURE: u32 = 8;
    /// The `__annotate__` function.
    pub const ANNOTATE: u32 = 16;
}

/// RESUME arguments (low two bits; bit 2 says that the yield stands directly under one `except` for StopIteration).
pub mod resume {
    /// Start of a function.
    pub const AT_FUNC_START: u32 = 0;
    /// After `yield`.
    pub const AFTER_YIELD: u32 = 1;
    /// After `yield from`.
    pub const AFTER_YIELD_FROM: u32 = 2;
    /// After `await`.
    pub const AFTER_AWAIT: u32 = 3;
    /// Mask of the place.
    pub const LOCATION_MASK: u32 = 3;
    /// Bit: exception depth is one.
    pub const DEPTH1: u32 = 4;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effect_text_agrees_with_numbers() {
        for &o in Opcode::ALL {
            let info = o.info();
            assert_eq!(Opcode::from_u8(o as u8), Some(o));
            assert_eq!(
                cache_fields(info.generic as u16)
                    .iter()
                    .map(|f| f.1)
                    .sum::<u8>(),
                info.cache,
                "{}",
                info.name
            );
            if info.effect.is_empty() || info.effect.contains(['[', '?']) {
                continue;
            }
            let (before, after) = info.effect.split_once("--").unwrap();
            let count = |s: &str| s.split(',').filter(|p| !p.trim().is_empty()).count() as u64;
            if matches!(o.generic(), Opcode::RAISE_VARARGS | Opcode::UNPACK_EX) {
                continue;
            }
            assert_eq!((info.pops)(1), count(before), "{}", info.name);
            assert_eq!((info.pushes)(1), count(after), "{}", info.name);
        }
    }

    #[test]
    fn effects() {
        assert_eq!(stack_effect(op::CALL, 3, false), Some(-4));
        assert_eq!(stack_effect(op::LOAD_ATTR, 1, false), Some(1));
        assert_eq!(stack_effect(op::SETUP_CLEANUP, 0, true), Some(2));
        assert_eq!(stack_effect(230, 0, true), None);
        assert_eq!(
            deoptimized(op::BINARY_OP_ADD_INT as u8),
            op::BINARY_OP as u8
        );
    }
}
