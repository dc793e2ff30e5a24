//! Frames: the records of running code. Shared by both cores.
//!
//! A frame's window of values is `[localsplus | temporaries]`; `localsplus` points to its start. Records of ordinary calls come
//! from the thread's array, those of generators are inside the generator object, with a window of their own.
//! Invariant: a frame owns what is in its window up to its stack level.

use crate::function::{PyCode, PyFunction};
use crate::value::{Slot, Value};
use std::cell::Cell;

/// One activation of a code object.
#[repr(C)]
pub struct Frame {
    /// Next instruction when not running, the current one while a call is out.
    pub pc: Cell<*mut u16>,
    /// Start of the window.
    pub localsplus: Cell<*mut Value>,
    /// Stack pointer (next free slot) while suspended or while a call is out.
    pub sp: Cell<*mut Value>,
    /// The caller.
    pub previous: Cell<*mut Frame>,
    pub code: Cell<*const PyCode>,
    /// The code's constants.
    pub consts: Cell<*const Value>,
    /// End of the window: where a native function that calls back may put a new frame.
    pub limit: Cell<*mut Value>,
    /// Owned: the function (or NULL for class bodies run by exec, which hold the rest below).
    pub function: Slot,
    pub globals: Cell<Value>,
    pub builtins: Cell<Value>,
    /// Owned: `f_locals` mapping of class and module bodies; NULL in functions.
    pub locals: Slot,
    /// Owned: the frame object, if one was made.
    pub object: Slot,
    pub kind: Cell<FrameKind>,
    pub flags: Cell<u8>,
    /// Units to skip after the caller's instruction when this frame returns.
    pub return_offset: Cell<u16>,
}

/// Where a record lives and to whom it returns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum FrameKind {
    /// Called from Python code in the same run of the core.
    Normal,
    /// Called from native code: returning leaves the core.
    Entry,
    /// A generator resumed from Python code in the same run of the core.
    Generator,
    /// A generator resumed from native code.
    GeneratorEntry,
}

/// Bits of `Frame::flags`.
pub struct FrameFlags;
impl FrameFlags {
    /// The return value is that of an `__init__`: it must be None, and is dropped for the instance beneath.
    pub const INIT: u8 = 1;
    /// The frame has finished (generators).
    pub const DONE: u8 = 2;
    /// Args were copied here, the caller's callable slots have been released.
    pub const COPIED: u8 = 4;
}

impl Frame {
    #[inline(always)]
    pub fn code(&self) -> &PyCode {
        // SAFETY: the function or the generator keeps the code alive.
        unsafe { &*self.code.get() }
    }
    pub fn function(&self) -> Option<&PyFunction> {
        let f = self.function.get();
        // SAFETY: the slot is NULL or holds a function.
        if f.is_null() {
            None
        } else {
            Some(unsafe { &*(f.as_ptr() as *const PyFunction) })
        }
    }
    /// Offset in bytes of the current instruction (`f_lasti`).
    pub fn lasti(&self) -> isize {
        let start = self.code().entry.get();
        if start.is_null() {
            -1
        } else {
            unsafe { self.pc.get().offset_from(start) * 2 }
        }
    }
}
