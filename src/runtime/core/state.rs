//! The machine state that handlers pass on, and how they pass it.
//!
//! Every handler has the one signature `Op` and ends by a tail call of the next, so the state stays in argument registers.
//! Invariants: `pc` points to the unit being executed; `sp` to the first free stack slot, and
//! `locals + nlocalsplus <= sp <= locals + nlocalsplus + co_stacksize`; values below `sp` are owned by the frame.

use taipan_objects::frame::Frame;
use taipan_objects::value::{Ref, Value};

/// A handler. Returns the bits of the value with which the core is left (NULL: an exception is pending).
pub type Op = unsafe extern "C" fn(
    *mut u16,
    *mut Value,
    *mut Value,
    &'static Frame,
    *const Op2,
    usize,
) -> u64;

/// An entry of the dispatch table (a wrapper, since a type alias cannot refer to itself).
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct Op2(pub Op);

/// The arguments of a handler under names.
#[derive(Clone, Copy)]
pub struct State {
    pub pc: *mut u16,
    pub sp: *mut Value,
    pub locals: *mut Value,
    pub frame: &'static Frame,
    pub table: *const Op2,
    pub arg: usize,
}

/// A number at any address. Unlike `read_unaligned`, reading it makes no temporary whose address debug builds look at: a
/// handler with such a temporary does not end in a jump.
#[repr(C, packed)]
struct Unaligned<T: Copy>(T);

/// A number of two cache entries.
///
/// # Safety
/// Both lie in the code.
#[inline(always)]
pub unsafe fn read32(at: *const u16) -> u32 {
    unsafe { (*(at as *const Unaligned<u32>)).0 }
}

/// The operand stack, by CPython's names. None of these count references.
impl State {
    #[inline(always)]
    pub fn stack_base(&self) -> *mut Value {
        // SAFETY: the window has room for the locals and the stack.
        unsafe { self.locals.add(self.frame.code().nlocalsplus as usize) }
    }
    /// Entries on the stack.
    #[inline(always)]
    pub fn stack_level(&self) -> usize {
        // SAFETY: both point into the window.
        unsafe { self.sp.offset_from(self.stack_base()) as usize }
    }
    /// Entries the stack has room for: co_stacksize.
    #[inline(always)]
    pub fn stack_size(&self) -> usize {
        self.frame.code().stacksize as usize
    }
    #[inline(always)]
    fn check(&self) {
        debug_assert!(self.sp >= self.stack_base(), "stack underflow");
        debug_assert!(self.stack_level() <= self.stack_size(), "stack overflow");
    }
    /// # Safety
    /// There is room (verified: the level stays within co_stacksize).
    #[inline(always)]
    pub unsafe fn push(&mut self, v: Value) {
        unsafe {
            self.sp.write(v);
            self.sp = self.sp.add(1);
        }
        self.check();
    }
    /// # Safety
    /// The stack is not empty; the caller takes over the reference.
    #[inline(always)]
    pub unsafe fn pop(&mut self) -> Value {
        unsafe {
            self.sp = self.sp.sub(1);
            self.check();
            *self.sp
        }
    }
    /// Entry `i` from the top; 1 is the top.
    ///
    /// # Safety
    /// There are that many.
    #[inline(always)]
    pub unsafe fn peek(&self, i: usize) -> Value {
        debug_assert!(i <= self.stack_level());
        unsafe { *self.sp.sub(i) }
    }
    /// # Safety
    /// The stack is not empty.
    #[inline(always)]
    pub unsafe fn top(&self) -> Value {
        unsafe { self.peek(1) }
    }
    /// # Safety
    /// There are that many.
    #[inline(always)]
    pub unsafe fn set_peek(&mut self, i: usize, v: Value) {
        debug_assert!(i <= self.stack_level());
        unsafe { self.sp.sub(i).write(v) }
    }
    /// # Safety
    /// The stack is not empty.
    #[inline(always)]
    pub unsafe fn set_top(&mut self, v: Value) {
        unsafe { self.set_peek(1, v) }
    }
    /// # Safety
    /// There is room, and the new entries are written before anything looks.
    #[inline(always)]
    pub unsafe fn stack_grow(&mut self, n: usize) {
        self.sp = unsafe { self.sp.add(n) };
        self.check();
    }
    /// # Safety
    /// There are that many; the caller has taken over their references.
    #[inline(always)]
    pub unsafe fn stack_shrink(&mut self, n: usize) {
        self.sp = unsafe { self.sp.sub(n) };
        self.check();
    }
    /// Says where the frame is, for tracebacks and whoever looks at frames.
    #[inline(always)]
    pub fn save(&self) {
        self.frame.pc.set(self.pc);
    }
    /// The top `n` entries as a slice.
    ///
    /// # Safety
    /// There are that many, and they stay while the slice is used.
    #[inline(always)]
    pub unsafe fn slice(&self, n: usize) -> &'static [Value] {
        unsafe { std::slice::from_raw_parts(self.sp.sub(n), n) }
    }
    /// Drops the top `n` entries, the topmost last.
    ///
    /// # Safety
    /// There are that many.
    #[inline(always)]
    pub unsafe fn drop_n(&mut self, n: usize) {
        unsafe {
            let from = self.sp.sub(n);
            self.sp = from;
            for i in 0..n {
                drop(Ref::from_owned(*from.add(i)));
            }
        }
    }
    /// Unit `i` of the inline cache (0 is the counter).
    #[inline(always)]
    pub fn cache(&self, i: usize) -> u16 {
        // SAFETY: the instruction has that many cache units (verified code).
        unsafe { *self.pc.add(1 + i) }
    }
    #[inline(always)]
    pub fn set_cache(&self, i: usize, v: u16) {
        // SAFETY: as above.
        unsafe { *self.pc.add(1 + i) = v }
    }
    /// Units `i` and `i + 1` of the inline cache.
    #[inline(always)]
    pub fn cache32(&self, i: usize) -> u32 {
        // SAFETY: as above.
        unsafe { read32(self.pc.add(1 + i)) }
    }
    #[inline(always)]
    pub fn set_cache32(&self, i: usize, v: u32) {
        // SAFETY: as above.
        unsafe { (*(self.pc.add(1 + i) as *mut Unaligned<u32>)).0 = v }
    }
    /// Four units from `i` on.
    #[inline(always)]
    pub fn cache64(&self, i: usize) -> u64 {
        // SAFETY: as above.
        unsafe { (*(self.pc.add(1 + i) as *const Unaligned<u64>)).0 }
    }
    #[inline(always)]
    pub fn set_cache64(&self, i: usize, v: u64) {
        // SAFETY: as above.
        unsafe { (*(self.pc.add(1 + i) as *mut Unaligned<u64>)).0 = v }
    }
    /// Exchanges this instruction's opcode.
    #[inline(always)]
    pub fn set_opcode(&self, op: taipan_bytecode::opcode::Opcode) {
        // SAFETY: `pc` points to a unit of the running copy.
        unsafe { *(self.pc as *mut u8) = op as u8 }
    }
    /// Name `i` of the code, interned.
    #[inline(always)]
    pub fn name(&self, i: usize) -> Value {
        // SAFETY: verified code.
        unsafe { *self.frame.code().names.get_unchecked(i).deref_value() }
    }
}

/// `*r` under a name that also works through a reference.
pub trait DerefValue {
    fn deref_value(&self) -> &Value;
}
impl DerefValue for Ref {
    #[inline(always)]
    fn deref_value(&self) -> &Value {
        self
    }
}

/// The last thing a handler does.
#[cfg(not(taipan_become))]
#[macro_export]
macro_rules! tail {
    ($f:expr, $($a:expr),* $(,)?) => {
        return $f($($a),*)
    };
}
/// The last thing a handler does: here the compiler proves that it is a tail call.
#[cfg(taipan_become)]
#[macro_export]
macro_rules! tail {
    ($f:expr, $($a:expr),* $(,)?) => {
        become $f($($a),*)
    };
}

/// Goes on at `$pc`.
#[macro_export]
macro_rules! dispatch_at {
    ($s:ident, $pc:expr) => {{
        let pc: *mut u16 = $pc;
        let word = *pc;
        let op = (*$s.table.add((word & 255) as usize)).0;
        $crate::tail!(
            op,
            pc,
            $s.sp,
            $s.locals,
            $s.frame,
            $s.table,
            (word >> 8) as usize
        )
    }};
}

/// Goes on with the instruction behind this one and its `$n` cache units.
#[macro_export]
macro_rules! next {
    ($s:ident) => {
        $crate::dispatch_at!($s, $s.pc.add(1))
    };
    ($s:ident, $n:expr) => {
        $crate::dispatch_at!($s, $s.pc.add(1 + $n))
    };
}

/// Goes on with another handler of this instruction.
#[macro_export]
macro_rules! goto {
    ($s:ident, $op:path) => {
        $crate::tail!($op, $s.pc, $s.sp, $s.locals, $s.frame, $s.table, $s.arg)
    };
}

/// An exception is pending: unwinds.
#[macro_export]
macro_rules! error {
    ($s:ident) => {
        $crate::goto!($s, $crate::core::ops_exc::op_error)
    };
}

/// Results stripped of destructors: a live `Ref` across a call would need an unwinding path, and that a stack slot.
pub trait Scalar {
    type Bare;
    fn bare(self) -> Self::Bare;
}
macro_rules! scalar {
    ($($t:ty => $b:ty, $v:ident => $e:expr;)*) => {
        $(impl Scalar for $t {
            type Bare = $b;
            #[inline(always)]
            fn bare(self) -> $b {
                let $v = self;
                $e
            }
        })*
    };
}
scalar! {
    Ref => Value, v => v.into_value();
    Value => Value, v => v;
    () => (), v => v;
    bool => bool, v => v;
    usize => usize, v => v;
    Option<Ref> => Option<Value>, v => match v { Some(v) => Some(v.into_value()), None => None };
    (Ref, bool) => (Value, bool), v => (v.0.into_value(), v.1);
    (Ref, Ref) => (Value, Value), v => (v.0.into_value(), v.1.into_value());
}
/// So that results read alike whether counted or bare.
pub trait IntoValue {
    fn into_value(self) -> Value;
}
impl IntoValue for Value {
    #[inline(always)]
    fn into_value(self) -> Value {
        self
    }
}

/// Appends an owned value to a list, out of line if it has to grow.
#[macro_export]
macro_rules! push_item {
    ($list:expr, $v:expr) => {{
        let (list, v): (taipan_objects::value::Value, taipan_objects::value::Value) = ($list, $v);
        let items = list
            .cast_unchecked::<taipan_objects::list::PyList>()
            .items_mut();
        let n = items.len();
        if n < items.capacity() {
            (items.as_mut_ptr() as *mut taipan_objects::value::Value)
                .add(n)
                .write(v);
            items.set_len(n + 1);
        } else {
            $crate::core::slow::list_grow(list, v);
        }
    }};
}

/// The value of a `PyResult`, bare, or unwinds.
#[macro_export]
macro_rules! try_op {
    ($s:ident, $e:expr) => {
        match $e {
            Ok(v) => $crate::core::state::Scalar::bare(v),
            Err(_) => $crate::error!($s),
        }
    };
}

/// Drops `$v` and goes on behind `$n` cache units, without a call in this handler.
#[macro_export]
macro_rules! drop_next {
    ($s:ident, $v:expr, $n:expr) => {{
        let v: taipan_objects::value::Value = $v;
        if v.is_heap() {
            let p = v.as_ptr();
            if (*p).release() {
                $crate::tail!(
                    $crate::core::ops_stack::op_dealloc,
                    $s.pc.add(1 + $n),
                    $s.sp,
                    $s.locals,
                    $s.frame,
                    $s.table,
                    p as usize
                )
            }
        }
        $crate::next!($s, $n)
    }};
}

/// As `drop_next!` for two values: a heap value whose count falls to zero is ended by a handler of its own.
#[macro_export]
macro_rules! drop2_next {
    ($s:ident, $a:expr, $b:expr, $n:expr) => {{
        let (a, b): (taipan_objects::value::Value, taipan_objects::value::Value) = ($a, $b);
        if a.is_heap() && (*a.as_ptr()).release() {
            // The second one waits on the stack, where there is room: its operands have just left it.
            $s.sp.write(b);
            $crate::tail!(
                $crate::core::ops_stack::op_dealloc_and_drop,
                $s.pc.add(1 + $n),
                $s.sp,
                $s.locals,
                $s.frame,
                $s.table,
                a.as_ptr() as usize
            )
        }
        drop_next!($s, b, $n)
    }};
}

/// Defines a handler: `handler!(op_NAME, s => { … next!(s) });`.
#[macro_export]
macro_rules! handler {
    ($(#[$m:meta])* $name:ident, $s:ident => $body:block) => {
        $(#[$m])*
        #[inline(never)]
        #[allow(non_snake_case, unused_mut, unreachable_code, clippy::diverging_sub_expression)]
        pub unsafe extern "C" fn $name(
            pc: *mut u16,
            sp: *mut taipan_objects::value::Value,
            locals: *mut taipan_objects::value::Value,
            frame: &'static taipan_objects::frame::Frame,
            table: *const $crate::core::state::Op2,
            arg: usize,
        ) -> u64 {
            // SAFETY: the invariants of `state.rs`, which every handler keeps.
            unsafe {
                let mut $s = $crate::core::state::State { pc, sp, locals, frame, table, arg };
                $body
            }
        }
    };
}
