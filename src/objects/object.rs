//! The object header, allocation, and destruction.
//!
//! Memory of an object: `[attributes: 16]? [gc links: 16]? [Header: 16] [native struct] [__slots__] [inline attribute slots]`.
//! The first two parts are there if the type has `TypeFlags::MANAGED_DICT` / `TypeFlags::HAVE_GC`.
//! Invariant: objects are 16-byte aligned; a type with MANAGED_DICT has HAVE_GC.

use crate::shape::AttrHead;
use crate::typeobject::{Type, TypeFlags, TypeObject};
use crate::value::{Ref, Value};
use std::alloc::Layout;
use std::cell::Cell;

/// First 16 bytes of every heap object.
#[repr(C, align(16))]
pub struct Header {
    refcount: Cell<u32>,
    /// Bits of `ObjFlags`; the upper 16 belong to the object's type.
    pub flags: Cell<u32>,
    ty: Cell<Type>,
}

/// Bits of `Header::flags`.
pub struct ObjFlags;
impl ObjFlags {
    pub const IMMORTAL: u32 = 1;
    /// There are entries for this object in the table of weak references.
    pub const HAS_WEAKREFS: u32 = 2;
    /// `__del__` has run.
    pub const FINALIZED: u32 = 4;
    /// Linked into a generation of the collector.
    pub const GC_TRACKED: u32 = 8;
    /// Used by the collector while it runs.
    pub const GC_COLLECTING: u32 = 16;
    /// Used by the collector while it runs.
    pub const GC_UNREACHABLE: u32 = 32;
    /// First bit that belongs to the object's type.
    pub const TYPE_BIT0: u32 = 1 << 16;
}

/// Count of immortal objects at birth: far from zero whatever unbalanced holders do.
pub const IMMORTAL_REFCOUNT: u32 = 1 << 31;

impl Header {
    #[inline(always)]
    pub fn new(ty: Type) -> Header {
        Header {
            refcount: Cell::new(1),
            flags: Cell::new(0),
            ty: Cell::new(ty),
        }
    }
    pub const fn new_static(ty: Type) -> Header {
        Header {
            refcount: Cell::new(IMMORTAL_REFCOUNT),
            flags: Cell::new(ObjFlags::IMMORTAL),
            ty: Cell::new(ty),
        }
    }
    #[inline(always)]
    pub fn ty(&self) -> Type {
        self.ty.get()
    }
    /// Changes `__class__`; counts of the types are the caller's business.
    pub fn set_ty(&self, ty: Type) {
        self.ty.set(ty)
    }
    #[inline(always)]
    pub fn refcount(&self) -> u32 {
        self.refcount.get()
    }
    #[inline(always)]
    pub fn incref(&self) {
        self.refcount.set(self.refcount.get().wrapping_add(1));
    }
    /// Gives up one count and says whether it was the last: then the caller must call `dealloc`.
    #[inline(always)]
    pub fn release(&self) -> bool {
        let n = self.refcount.get().wrapping_sub(1);
        self.refcount.set(n);
        n == 0
    }
    /// Changes the count without further effect: for the collector, which puts it back.
    pub(crate) fn adjust_refcount(&self, by: i32) {
        self.refcount
            .set(self.refcount.get().wrapping_add_signed(by));
    }
    /// # Safety
    /// `this` is live and the caller owns one count.
    #[inline(always)]
    pub unsafe fn decref(this: *mut Header) {
        unsafe {
            let n = (*this).refcount.get().wrapping_sub(1);
            (*this).refcount.set(n);
            if n == 0 {
                dealloc(this);
            }
        }
    }
    pub fn set_immortal(&self) {
        self.refcount.set(IMMORTAL_REFCOUNT);
        self.set_flag(ObjFlags::IMMORTAL);
    }
    pub fn is_immortal(&self) -> bool {
        self.has_flag(ObjFlags::IMMORTAL)
    }
    #[inline(always)]
    pub fn has_flag(&self, f: u32) -> bool {
        self.flags.get() & f != 0
    }
    #[inline(always)]
    pub fn set_flag(&self, f: u32) {
        self.flags.set(self.flags.get() | f)
    }
    #[inline(always)]
    pub fn clear_flag(&self, f: u32) {
        self.flags.set(self.flags.get() & !f)
    }
}

/// A native object layout: `#[repr(C)]`, its first field a `Header`.
///
/// # Safety
/// The layout rule above must hold, and `type_object()` must be the type whose `basicsize` is this struct's size.
pub unsafe trait Object: Sized {
    fn type_object() -> Type;
    /// Shows the collector every counted reference the struct owns.
    fn traverse(&self, _visit: &mut dyn FnMut(Value)) {}
    /// Drops references that may be part of a cycle; the object stays valid.
    fn clear(&self) {}
}

/// `unsafe impl Object` in one line: `object_impl!(PyList, LIST_TYPE, |this, visit| …, |this| …)`.
#[macro_export]
macro_rules! object_impl {
    ($t:ty, $ty:expr) => {
        // SAFETY: repr(C) with a Header first, and a type of its own.
        unsafe impl $crate::object::Object for $t {
            #[inline(always)]
            fn type_object() -> $crate::typeobject::Type {
                &$ty
            }
        }
    };
    ($t:ty, $ty:expr, |$this:ident, $visit:ident| $body:expr, |$this2:ident| $clear:expr) => {
        // SAFETY: repr(C) with a Header first, and a type of its own.
        unsafe impl $crate::object::Object for $t {
            #[inline(always)]
            fn type_object() -> $crate::typeobject::Type {
                &$ty
            }
            fn traverse(&self, $visit: &mut dyn FnMut($crate::value::Value)) {
                let $this = self;
                $body
            }
            fn clear(&self) {
                let $this2 = self;
                $clear
            }
        }
    };
}

/// Bytes in front of the header for objects of this type.
#[inline(always)]
pub fn prefix_size(ty: Type) -> usize {
    let f = ty.flags();
    (if f & TypeFlags::HAVE_GC != 0 { 16 } else { 0 })
        + (if f & TypeFlags::MANAGED_DICT != 0 {
            16
        } else {
            0
        })
}

/// Raw memory for an object of type `ty` with room for `size` bytes from the header on.
/// Prefix parts are initialised; nothing from the header on is.
///
/// # Safety
/// The caller initialises the object at once and, for HAVE_GC types, tracks it.
#[inline(always)]
pub unsafe fn alloc_raw(ty: Type, size: usize) -> *mut Header {
    let prefix = prefix_size(ty);
    let layout = unsafe { Layout::from_size_align_unchecked(prefix + size, 16) };
    unsafe {
        let mem = std::alloc::alloc(layout);
        if mem.is_null() {
            std::alloc::handle_alloc_error(layout);
        }
        let obj = mem.add(prefix) as *mut Header;
        if prefix == 32 {
            AttrHead::of(obj).write(AttrHead::new(ty));
        }
        if ty.flags() & TypeFlags::HEAPTYPE != 0 {
            ty.header.incref();
        }
        obj
    }
}

/// Size from the header on, of an instance of `ty` whose native part takes `native` bytes.
#[inline(always)]
pub fn instance_size(ty: Type, native: usize) -> usize {
    if ty.flags() & TypeFlags::HEAPTYPE == 0 {
        native
    } else {
        // Variable-size natives have neither __slots__ nor inline attributes.
        native.max(ty.basicsize()) + ty.inline_capacity() * 8
    }
}

/// A new object of type `ty` (its own type or a subclass) with the native part `value`.
#[inline]
pub fn alloc<T: Object>(ty: Type, value: T) -> Ref {
    // SAFETY: the memory is initialised here, entirely.
    unsafe {
        let size = instance_size(ty, size_of::<T>());
        let obj = alloc_raw(ty, size);
        (obj as *mut T).write(value);
        finish_alloc(obj, ty, size_of::<T>());
        Ref::from_owned(Value::from_ptr(obj))
    }
}

/// A new exact instance.
#[inline]
pub fn new_object<T: Object>(value: T) -> Ref {
    alloc(T::type_object(), value)
}

/// A new object with `extra` bytes after the native struct (strings, tuples). `value`'s trailing part is the caller's to fill:
/// for GC types call `finish_alloc` afterwards.
///
/// # Safety
/// The caller fills the trailing part before anything can see the object, then calls `finish_alloc` if the type has HAVE_GC.
#[inline]
pub unsafe fn alloc_var<T: Object>(ty: Type, value: T, extra: usize) -> *mut T {
    unsafe {
        let obj = alloc_raw(ty, size_of::<T>() + extra) as *mut T;
        obj.write(value);
        obj
    }
}

/// Fills what follows the native part with NULL and hands the object to the collector.
///
/// # Safety
/// `obj` is an object of type `ty` from `alloc_raw`, its header and native part written.
#[inline(always)]
pub unsafe fn finish_alloc(obj: *mut Header, ty: Type, native: usize) {
    unsafe {
        let f = ty.flags();
        if f & TypeFlags::HEAPTYPE != 0 && f & TypeFlags::VAR_SIZED == 0 {
            let from = (obj as *mut u8).add(native) as *mut Value;
            let n = (instance_size(ty, native) - native) / 8;
            for i in 0..n {
                from.add(i).write(Value::NULL);
            }
        }
        if f & TypeFlags::HAVE_GC != 0 {
            crate::gc::track_new(obj);
        }
    }
}

/// Ends an object whose count fell to zero: `__del__`, weak references, contents, memory.
///
/// # Safety
/// `obj` is live and its count is zero.
#[cold]
#[inline(never)]
pub unsafe fn dealloc(obj: *mut Header) {
    unsafe {
        let header = &*obj;
        if header.is_immortal() {
            header.refcount.set(IMMORTAL_REFCOUNT);
            return;
        }
        let ty = header.ty();
        if let Some(finalize) = ty.slots().finalize
            && !header.has_flag(ObjFlags::FINALIZED)
        {
            header.refcount.set(1);
            if ty.flags() & TypeFlags::HAVE_GC != 0 {
                header.set_flag(ObjFlags::FINALIZED);
            }
            finalize(Value::from_ptr(obj));
            let n = header.refcount.get() - 1;
            header.refcount.set(n);
            if n != 0 {
                return; // resurrected
            }
        }
        if header.has_flag(ObjFlags::HAS_WEAKREFS) {
            // Callbacks see a dead object, but the memory must stay while they run.
            header.refcount.set(1);
            crate::weakref::clear_weakrefs(Value::from_ptr(obj));
            header.refcount.set(0);
        }
        if crate::gc::defer_dealloc(obj) {
            return; // too deep: the outermost dealloc goes on with it
        }
        destroy(obj, ty);
        crate::gc::run_deferred();
    }
}

/// Drops the contents and frees the memory.
///
/// # Safety
/// As for `dealloc`, with finalizers and weak references done.
pub(crate) unsafe fn destroy(obj: *mut Header, ty: Type) {
    unsafe {
        let f = ty.flags();
        if f & TypeFlags::HAVE_GC != 0 {
            crate::gc::untrack(obj);
        }
        let native = native_size(obj, ty);
        let mut size = if f & TypeFlags::HEAPTYPE == 0 {
            native
        } else {
            native.max(ty.basicsize())
        };
        if f & TypeFlags::MANAGED_DICT != 0 {
            // The capacity the object was made with: the type's may have grown since.
            size += (*AttrHead::of(obj)).capacity.get() as usize * 8;
        }
        if f & TypeFlags::MANAGED_DICT != 0 {
            crate::shape::drop_attributes(obj, ty);
        }
        if f & (TypeFlags::HEAPTYPE | TypeFlags::VAR_SIZED) == TypeFlags::HEAPTYPE {
            // __slots__ values stand between the native part and the inline attributes.
            let mut at = (obj as *mut u8).add(native) as *mut Value;
            let end = (obj as *mut u8).add(ty.basicsize()) as *mut Value;
            while at < end {
                at.read().decref();
                at = at.add(1);
            }
        }
        if let Some(drop_fields) = ty.slots().drop_fields {
            drop_fields(obj);
        }
        let prefix = prefix_size(ty);
        std::alloc::dealloc(
            (obj as *mut u8).sub(prefix),
            Layout::from_size_align_unchecked(prefix + size, 16),
        );
        if f & TypeFlags::HEAPTYPE != 0 {
            Header::decref(ty as *const TypeObject as *mut Header);
        }
    }
}

/// Bytes of the native part, with the trailing part of variable-size objects.
unsafe fn native_size(obj: *mut Header, ty: Type) -> usize {
    match ty.slots().var_size {
        Some(f) => unsafe { f(obj) },
        None => ty.native_basicsize(),
    }
}

/// `drop_fields` slot for `T`.
///
/// # Safety
/// `obj` is a `T`.
pub unsafe fn drop_fields<T: Object>(obj: *mut Header) {
    unsafe { std::ptr::drop_in_place(obj as *mut T) }
}
/// `traverse` slot for `T`.
///
/// # Safety
/// `obj` is a `T`.
pub unsafe fn traverse<T: Object>(obj: *mut Header, visit: &mut dyn FnMut(Value)) {
    unsafe { (*(obj as *const T)).traverse(visit) }
}
/// `clear` slot for `T`.
///
/// # Safety
/// `obj` is a `T`.
pub unsafe fn clear<T: Object>(obj: *mut Header) {
    unsafe { (*(obj as *const T)).clear() }
}

/// `self` of a slot or method as its own layout. To be used only where the type has been checked already, as it is when a slot or a
/// native method is called.
#[inline(always)]
pub fn instance<T: Object>(v: Value) -> &'static T {
    debug_assert!(v.is_a::<T>());
    // SAFETY: the type was checked; the caller holds the object during the call.
    unsafe { &*(v.as_ptr() as *const T) }
}

/// A native class whose counted fields are slots: `native_class!(Cycle, CYCLE_TYPE { iterator, saved; index: Cell<usize> })`.
#[macro_export]
macro_rules! native_class {
    ($name:ident, $ty:ident { $($slot:ident),* $(,)?; $($field:ident: $fty:ty),* $(,)? }) => {
        #[repr(C)]
        struct $name {
            header: $crate::object::Header,
            $($slot: $crate::value::Slot,)*
            $($field: $fty,)*
        }
        $crate::object_impl!(
            $name,
            $ty,
            |this, visit| {
                $(visit(this.$slot.get());)*
                let _ = (this, visit);
            },
            |this| {
                $(drop(this.$slot.take());)*
                let _ = this;
            }
        );
    };
}
