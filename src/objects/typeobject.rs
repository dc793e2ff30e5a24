//! Type objects: the struct, its slots, and how native types are described.
//!
//! A native type is one `static` made from a `TypeSpec` table:
//! ```ignore
//! pub static LIST_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
//!     name: "list", doc: "…", flags: TypeFlags::HAVE_GC | TypeFlags::BASETYPE,
//!     slots: Slots { repr: Some(list_repr), ..Slots::of::<PyList>() },
//!     methods: &[MethodDef::new("append($self, object, /)", "…", list_append)],
//!     ..TypeSpec::of::<PyList>()
//! });
//! ```
//! Dunder methods (`__repr__`, `__add__`) come from the slots and are never listed as methods.

use crate::err::PyResult;
use crate::native::{GetSetDef, MemberDef, MethodDef};
use crate::object::{Header, Object};
use crate::value::{Ref, Slot, Value};
use std::cell::{Cell, UnsafeCell};

/// Types live as long as somebody holds an instance or the type itself; code that holds a `Type` relies on that.
pub type Type = &'static TypeObject;

/// Bits of a type's flags.
pub struct TypeFlags;
impl TypeFlags {
    /// Instances are linked into the collector.
    pub const HAVE_GC: u32 = 1;
    /// Instances carry `AttrHead`: a shape or a dict.
    pub const MANAGED_DICT: u32 = 2;
    /// Made at run time, counted.
    pub const HEAPTYPE: u32 = 4;
    /// May be subclassed from Python.
    pub const BASETYPE: u32 = 8;
    /// The native part varies in size (`Slots::var_size`).
    pub const VAR_SIZED: u32 = 16;
    /// `MRO` and slots are ready.
    pub const READY: u32 = 32;
    /// Attributes of the type cannot be set (builtin types).
    pub const IMMUTABLE: u32 = 64;
    /// `tp_new` is not inherited: instances cannot be made from Python.
    pub const DISALLOW_INSTANTIATION: u32 = 128;
    /// A method that binds its first argument when called (`LOAD_ATTR` method form).
    pub const METHOD_DESCRIPTOR: u32 = 256;
    /// `collections.abc.Sequence` for pattern matching.
    pub const SEQUENCE: u32 = 512;
    /// `collections.abc.Mapping` for pattern matching.
    pub const MAPPING: u32 = 1024;
    pub const IS_ABSTRACT: u32 = 2048;
    /// Instances can be weakly referenced.
    pub const WEAKREFABLE: u32 = 4096;
    /// A single positional class pattern matches the subject itself (bool, int, str, …).
    pub const MATCH_SELF: u32 = 1 << 13;
    // Fast subclass tests.
    pub const INT_SUBCLASS: u32 = 1 << 24;
    pub const LIST_SUBCLASS: u32 = 1 << 25;
    pub const TUPLE_SUBCLASS: u32 = 1 << 26;
    pub const BYTES_SUBCLASS: u32 = 1 << 27;
    pub const STR_SUBCLASS: u32 = 1 << 28;
    pub const DICT_SUBCLASS: u32 = 1 << 29;
    pub const EXC_SUBCLASS: u32 = 1 << 30;
    pub const TYPE_SUBCLASS: u32 = 1 << 31;
}

/// Comparison operators, numbered as `COMPARE_OP`'s `oparg >> 5`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum CompareOp {
    Lt,
    Le,
    Eq,
    Ne,
    Gt,
    Ge,
}

impl CompareOp {
    pub fn from_index(i: usize) -> CompareOp {
        [
            CompareOp::Lt,
            CompareOp::Le,
            CompareOp::Eq,
            CompareOp::Ne,
            CompareOp::Gt,
            CompareOp::Ge,
        ][i]
    }
    /// The operator with its sides exchanged.
    pub fn swapped(self) -> CompareOp {
        match self {
            CompareOp::Lt => CompareOp::Gt,
            CompareOp::Le => CompareOp::Ge,
            CompareOp::Gt => CompareOp::Lt,
            CompareOp::Ge => CompareOp::Le,
            o => o,
        }
    }
    pub fn symbol(self) -> &'static str {
        ["<", "<=", "==", "!=", ">", ">="][self as usize]
    }
    /// Whether an ordering satisfies the operator.
    #[inline(always)]
    pub fn test(self, o: std::cmp::Ordering) -> bool {
        match self {
            CompareOp::Lt => o.is_lt(),
            CompareOp::Le => o.is_le(),
            CompareOp::Eq => o.is_eq(),
            CompareOp::Ne => o.is_ne(),
            CompareOp::Gt => o.is_gt(),
            CompareOp::Ge => o.is_ge(),
        }
    }
}

pub type UnaryFn = fn(Value) -> PyResult;
pub type BinaryFn = fn(Value, Value) -> PyResult;
pub type TernaryFn = fn(Value, Value, Value) -> PyResult;
/// Positional arguments come first in the slice, then the values of the keywords named in the tuple (or NULL).
pub type CallFn = fn(Value, &[Value], Value) -> PyResult;
pub type InitFn = fn(Value, &[Value], Value) -> PyResult<()>;
pub type NewFn = fn(Type, &[Value], Value) -> PyResult;

macro_rules! slots {
    ($($(#[$doc:meta])* $name:ident: $t:ty,)*) => {
        /// What a type can do, by CPython's slot names without their prefixes. Binary slots return NotImplemented to decline.
        #[derive(Clone, Copy)]
        pub struct Slots { $($(#[$doc])* pub $name: Option<$t>,)* }
        /// Names a slot.
        #[allow(non_camel_case_types)]
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum SlotId { $($name,)* }
        impl Slots {
            /// Takes one slot from another table.
            pub fn copy_slot(&mut self, from: &Slots, id: SlotId) {
                match id { $(SlotId::$name => self.$name = from.$name,)* }
            }
            /// Address of the function in a slot; 0 if empty.
            pub fn addr(&self, id: SlotId) -> usize {
                match id { $(SlotId::$name => self.$name.map_or(0, |f| f as usize),)* }
            }
            pub const EMPTY: Slots = Slots { $($name: None,)* };
            /// Takes from `base` every slot that is empty here.
            pub fn inherit(&mut self, base: &Slots) {
                // Comparison and hash go together.
                if self.richcompare.is_none() && self.hash.is_none() {
                    self.richcompare = base.richcompare;
                    self.hash = base.hash;
                } else if self.hash.is_none() {
                    self.hash = Some(crate::protocol::hash_not_implemented);
                }
                $(if self.$name.is_none() { self.$name = base.$name; })*
            }
        }
    };
}

slots! {
    repr: UnaryFn,
    str: UnaryFn,
    hash: fn(Value) -> PyResult<i64>,
    call: CallFn,
    getattro: BinaryFn,
    /// NULL as value deletes.
    setattro: fn(Value, Value, Value) -> PyResult<()>,
    richcompare: fn(Value, Value, CompareOp) -> PyResult,
    iter: UnaryFn,
    /// `None` when exhausted.
    iternext: fn(Value) -> PyResult<Option<Ref>>,
    /// `(descriptor, instance or NULL, type)`.
    descr_get: TernaryFn,
    /// NULL as value deletes.
    descr_set: fn(Value, Value, Value) -> PyResult<()>,
    init: InitFn,
    new: NewFn,
    /// `__del__`; errors are reported as unraisable by the slot itself.
    finalize: fn(Value),
    // memory
    drop_fields: unsafe fn(*mut Header),
    traverse: unsafe fn(*mut Header, &mut dyn FnMut(Value)),
    clear: unsafe fn(*mut Header),
    /// Whole native size in bytes, for VAR_SIZED types.
    var_size: unsafe fn(*mut Header) -> usize,
    // number
    add: BinaryFn, subtract: BinaryFn, multiply: BinaryFn, remainder: BinaryFn, divmod: BinaryFn,
    power: TernaryFn,
    negative: UnaryFn, positive: UnaryFn, absolute: UnaryFn,
    bool: fn(Value) -> PyResult<bool>,
    invert: UnaryFn,
    lshift: BinaryFn, rshift: BinaryFn, and: BinaryFn, xor: BinaryFn, or: BinaryFn,
    int: UnaryFn, float: UnaryFn, index: UnaryFn,
    floor_divide: BinaryFn, true_divide: BinaryFn, matrix_multiply: BinaryFn,
    inplace_add: BinaryFn, inplace_subtract: BinaryFn, inplace_multiply: BinaryFn, inplace_remainder: BinaryFn,
    inplace_power: TernaryFn,
    inplace_lshift: BinaryFn, inplace_rshift: BinaryFn, inplace_and: BinaryFn, inplace_xor: BinaryFn, inplace_or: BinaryFn,
    inplace_floor_divide: BinaryFn, inplace_true_divide: BinaryFn, inplace_matrix_multiply: BinaryFn,
    // sequence
    length: fn(Value) -> PyResult<usize>,
    concat: BinaryFn,
    repeat: fn(Value, isize) -> PyResult,
    /// The index has had the length added if it was negative.
    item: fn(Value, isize) -> PyResult,
    ass_item: fn(Value, isize, Value) -> PyResult<()>,
    contains: fn(Value, Value) -> PyResult<bool>,
    inplace_concat: BinaryFn,
    inplace_repeat: fn(Value, isize) -> PyResult,
    // mapping
    map_length: fn(Value) -> PyResult<usize>,
    subscript: BinaryFn,
    /// NULL as value deletes.
    ass_subscript: fn(Value, Value, Value) -> PyResult<()>,
    // async
    await_: UnaryFn, aiter: UnaryFn, anext: UnaryFn,
    /// One step of a generator-like: see `SendResult`.
    send: fn(Value, Value) -> PyResult<SendResult>,
    /// The buffer protocol; see `buffer.rs`.
    get_buffer: fn(Value, u32) -> PyResult<crate::buffer::Buffer>,
    release_buffer: fn(Value, &crate::buffer::Buffer),
}

/// What one `send` gave.
pub enum SendResult {
    /// It yielded.
    Yield(Ref),
    /// It returned.
    Return(Ref),
}

impl Slots {
    /// The memory slots for the layout `T`, all else empty.
    pub const fn of<T: Object>() -> Slots {
        Slots {
            drop_fields: Some(crate::object::drop_fields::<T>),
            traverse: Some(crate::object::traverse::<T>),
            clear: Some(crate::object::clear::<T>),
            ..Slots::EMPTY
        }
    }
}

/// The table that describes a native type.
pub struct TypeSpec {
    /// CPython's `tp_name`: with the module before the last dot, unless it is builtins.
    pub name: &'static str,
    pub doc: &'static str,
    /// `None` is object (or nothing for object itself).
    pub base: Option<Type>,
    /// Bases after the first.
    pub more_bases: &'static [Type],
    pub flags: u32,
    /// Size of the native struct.
    pub basicsize: usize,
    pub slots: Slots,
    pub methods: &'static [MethodDef],
    pub getset: &'static [GetSetDef],
    pub members: &'static [MemberDef],
    /// `__new__`'s and `__init__`'s text signature: `"(iterable=(), /)"`, or "".
    pub text_signature: &'static str,
    /// Offset of a `Slot` in the native struct that holds the instance's `__dict__` (NULL until used); 0: none.
    pub dict_offset: usize,
}

impl TypeSpec {
    pub const fn of<T: Object>() -> TypeSpec {
        TypeSpec {
            name: "?",
            doc: "",
            base: None,
            more_bases: &[],
            flags: 0,
            basicsize: size_of::<T>(),
            slots: Slots::of::<T>(),
            methods: &[],
            getset: &[],
            members: &[],
            text_signature: "",
            dict_offset: 0,
        }
    }
}

/// A Python type.
#[repr(C, align(16))]
pub struct TypeObject {
    pub header: Header,
    pub(crate) flags: Cell<u32>,
    /// From the header to the first inline attribute slot: native part and `__slots__`.
    pub(crate) basicsize: Cell<u32>,
    /// The native part alone.
    pub(crate) native_basicsize: Cell<u32>,
    /// Slots for attributes inside new instances.
    pub(crate) inline_capacity: Cell<u32>,
    /// Changes with every change of the type or its bases; 0: not assigned.
    pub version_tag: Cell<u32>,
    /// Shape of instances without attributes; 0: not made yet.
    pub root_shape: Cell<u32>,
    slots: UnsafeCell<Slots>,
    pub(crate) name: Cell<&'static str>,
    pub spec: Option<&'static TypeSpec>,
    pub base: Cell<Option<Type>>,
    pub(crate) mro: UnsafeCell<Vec<Type>>,
    /// The namespace, a dict; that of native types is filled on first use: see `dict()`.
    pub(crate) dict_slot: Slot,
    pub(crate) bases_slot: Slot,
    pub(crate) mro_slot: Slot,
    /// Where instances keep their `__dict__` in the native part (`TypeSpec::dict_offset`); 0: nowhere.
    pub(crate) dict_offset: Cell<u32>,
    /// Weak: addresses of direct subclasses.
    pub(crate) subclasses: UnsafeCell<Vec<*const TypeObject>>,
    /// `ht_qualname`, heap types only.
    pub qualname: Slot,
    /// Names of `__slots__`, a tuple, heap types only.
    pub slot_names: Slot,
    /// Space for the specializer: `__getitem__`, `__init__` and their versions.
    pub cached_getitem: Cell<Value>,
    pub cached_init: Cell<Value>,
    pub cached_version: Cell<u32>,
}

// SAFETY: types change only under the global interpreter lock.
unsafe impl Sync for TypeObject {}

impl TypeObject {
    pub const fn builtin(spec: &'static TypeSpec) -> TypeObject {
        TypeObject::with_metatype(spec, &crate::types::TYPE_TYPE)
    }
    pub const fn with_metatype(spec: &'static TypeSpec, meta: Type) -> TypeObject {
        TypeObject {
            header: Header::new_static(meta),
            flags: Cell::new(spec.flags | TypeFlags::IMMUTABLE),
            basicsize: Cell::new(spec.basicsize as u32),
            native_basicsize: Cell::new(spec.basicsize as u32),
            inline_capacity: Cell::new(0),
            version_tag: Cell::new(0),
            root_shape: Cell::new(0),
            slots: UnsafeCell::new(spec.slots),
            name: Cell::new(spec.name),
            spec: Some(spec),
            base: Cell::new(spec.base),
            mro: UnsafeCell::new(Vec::new()),
            dict_slot: Slot::null(),
            bases_slot: Slot::null(),
            mro_slot: Slot::null(),
            dict_offset: Cell::new(spec.dict_offset as u32),
            subclasses: UnsafeCell::new(Vec::new()),
            qualname: Slot::null(),
            slot_names: Slot::null(),
            cached_getitem: Cell::new(Value::NULL),
            cached_init: Cell::new(Value::NULL),
            cached_version: Cell::new(0),
        }
    }
    /// An empty heap type, to be filled by type creation.
    pub(crate) fn new_heap(meta: Type) -> TypeObject {
        TypeObject {
            header: Header::new(meta),
            flags: Cell::new(TypeFlags::HEAPTYPE),
            basicsize: Cell::new(0),
            native_basicsize: Cell::new(0),
            inline_capacity: Cell::new(0),
            version_tag: Cell::new(0),
            root_shape: Cell::new(0),
            slots: UnsafeCell::new(Slots::EMPTY),
            name: Cell::new("?"),
            spec: None,
            base: Cell::new(None),
            mro: UnsafeCell::new(Vec::new()),
            dict_slot: Slot::null(),
            bases_slot: Slot::null(),
            mro_slot: Slot::null(),
            dict_offset: Cell::new(0),
            subclasses: UnsafeCell::new(Vec::new()),
            qualname: Slot::null(),
            slot_names: Slot::null(),
            cached_getitem: Cell::new(Value::NULL),
            cached_init: Cell::new(Value::NULL),
            cached_version: Cell::new(0),
        }
    }
    #[inline(always)]
    pub fn flags(&self) -> u32 {
        self.flags.get()
    }
    #[inline(always)]
    pub fn has_flag(&self, f: u32) -> bool {
        self.flags.get() & f != 0
    }
    pub fn set_flag(&self, f: u32) {
        self.flags.set(self.flags.get() | f)
    }
    #[inline(always)]
    pub fn is_heap_type(&self) -> bool {
        self.has_flag(TypeFlags::HEAPTYPE)
    }
    #[inline(always)]
    pub fn basicsize(&self) -> usize {
        self.basicsize.get() as usize
    }
    #[inline(always)]
    pub fn native_basicsize(&self) -> usize {
        self.native_basicsize.get() as usize
    }
    #[inline(always)]
    pub fn inline_capacity(&self) -> usize {
        self.inline_capacity.get() as usize
    }
    #[inline(always)]
    pub fn slots(&self) -> &Slots {
        // SAFETY: slots are only replaced word by word under the lock; nobody keeps references across calls.
        unsafe { &*self.slots.get() }
    }
    /// For type creation and `type.__setattr__` only.
    #[allow(clippy::mut_from_ref)]
    pub fn slots_mut(&self) -> &mut Slots {
        // SAFETY: as above; the caller keeps the reference for one assignment.
        unsafe { &mut *self.slots.get() }
    }
    /// `tp_name`.
    pub fn full_name(&self) -> &'static str {
        self.name.get()
    }
    /// What CPython prints with `%T`-less messages: the name after the last dot for native types, `__name__` for others.
    pub fn name(&self) -> &'static str {
        let n = self.name.get();
        if self.is_heap_type() {
            n
        } else {
            n.rsplit('.').next().unwrap_or(n)
        }
    }
    /// The method resolution order, this type first.
    #[inline(always)]
    pub fn mro(&self) -> &[Type] {
        // SAFETY: replaced only by `__bases__` assignment, under the lock.
        unsafe { &*self.mro.get() }
    }
    #[inline(always)]
    pub fn is(&self, other: Type) -> bool {
        std::ptr::eq(self, other)
    }
    /// Whether `other` stands in the MRO.
    #[inline]
    pub fn is_subtype(&self, other: Type) -> bool {
        if std::ptr::eq(self, other) {
            return true;
        }
        let mro = self.mro();
        if mro.is_empty() {
            // Before the type is ready, its chain of bases stands in.
            let mut t = self.base.get();
            while let Some(b) = t {
                if std::ptr::eq(b, other) {
                    return true;
                }
                t = b.base.get();
            }
            return std::ptr::eq(other, &crate::types::OBJECT_TYPE);
        }
        mro.iter().any(|t| std::ptr::eq(*t, other))
    }
    /// The namespace, a dict, borrowed.
    #[inline]
    pub fn dict(&self) -> Value {
        let d = self.dict_slot.get();
        if d.is_null() {
            crate::type_ready::fill_namespace(self.as_type())
        } else {
            d
        }
    }
    /// `__bases__`, borrowed.
    pub fn bases(&self) -> Value {
        if self.bases_slot.is_null() {
            let more = self.spec.map_or(&[][..], |s| s.more_bases);
            let all: Vec<Ref> = self
                .base
                .get()
                .iter()
                .chain(more)
                .map(|b| b.to_ref())
                .collect();
            let b = crate::tuple::from_refs(all);
            self.bases_slot.set(b);
        }
        self.bases_slot.get()
    }
    /// `__mro__`, borrowed.
    pub fn mro_tuple(&self) -> Value {
        if self.mro_slot.is_null() {
            self.mro_slot.set(crate::tuple::from_refs(
                self.mro().iter().map(|t| t.to_ref()).collect(),
            ));
        }
        self.mro_slot.get()
    }
    /// The same with the lifetime that all types are used with.
    #[inline(always)]
    pub fn as_type(&self) -> Type {
        // SAFETY: see `Type`.
        unsafe { &*(self as *const TypeObject) }
    }
    /// The version tag, assigned if it was not; 0 if numbers have run out.
    #[inline]
    pub fn version(&self) -> u32 {
        let v = self.version_tag.get();
        if v != 0 {
            v
        } else {
            crate::type_ready::assign_version(self.as_type())
        }
    }
    /// The type as a value.
    #[inline(always)]
    pub fn value(&self) -> Value {
        // SAFETY: types are heap objects in layout; static ones are immortal.
        unsafe { Value::from_ptr(&self.header) }
    }
    pub fn to_ref(&self) -> Ref {
        self.value().to_ref()
    }
}

/// Type of a value that is not a heap object.
#[inline(always)]
pub fn immediate_type(v: Value) -> Type {
    if v.is_small_int() {
        &crate::types::INT_TYPE
    } else if v.is_immediate_float() {
        &crate::types::FLOAT_TYPE
    } else if v.is_bool() {
        &crate::types::BOOL_TYPE
    } else if v.is_none() {
        &crate::types::NONE_TYPE
    } else if v.is(Value::ELLIPSIS) {
        &crate::types::ELLIPSIS_TYPE
    } else {
        debug_assert!(v.is_not_implemented(), "type of NULL");
        &crate::types::NOT_IMPLEMENTED_TYPE
    }
}

/// `value` as a type, if it is one.
#[inline(always)]
pub fn as_type(value: Value) -> Option<Type> {
    if value.is_heap() && value.ty().has_flag(TypeFlags::TYPE_SUBCLASS) {
        // SAFETY: instances of type have TypeObject's layout; see `Type` for the lifetime.
        Some(unsafe { &*(value.as_ptr() as *const TypeObject) })
    } else {
        None
    }
}
