//! Entering the core, preparing code for it, threads' stacks, and what happens at the evaluation breaker.

use crate::core::DISPATCH;
use crate::core::specialize::WARMUP;
use std::sync::atomic::Ordering;
use taipan_bytecode::opcode::{cache_units, deoptimized};
use taipan_objects::err;
use taipan_objects::err::{PyResult, Raised};
use taipan_objects::frame::Frame;
use taipan_objects::function::PyCode;
use taipan_objects::value::{Ref, Value};
use taipan_objects::vm::{Breaker, EVAL_BREAKER, ThreadState, vm};

/// Most frames a thread can have, whatever the recursion limit.
pub const MAX_FRAMES: usize = 1 << 20;
/// Values on a thread's stack (address space; memory is used as it is touched).
const STACK_VALUES: usize = 1 << 25;

/// Runs a frame that was pushed with kind Entry or GeneratorEntry.
pub fn run(frame: &'static Frame) -> PyResult {
    let pc = frame.pc.get();
    // SAFETY: the frame was prepared: `pc` is in the running copy of verified code.
    let bits = unsafe {
        let word = *pc;
        let op = DISPATCH[(word & 255) as usize].0;
        op(
            pc,
            frame.sp.get(),
            frame.localsplus.get(),
            frame,
            DISPATCH.as_ptr(),
            (word >> 8) as usize,
        )
    };
    // SAFETY: a handler returns the bits of a value it owned.
    let v = unsafe { Value::from_bits(bits) };
    if v.is_null() {
        debug_assert!(!vm().pending().is_null());
        return Err(Raised::pending());
    }
    // SAFETY: as above.
    Ok(unsafe { Ref::from_owned(v) })
}

/// Makes the running copy of the code, after verifying it; once.
#[inline(always)]
pub fn prepare(code: &PyCode) -> PyResult<()> {
    if !code.entry.get().is_null() {
        return Ok(());
    }
    prepare_cold(code)
}

#[cold]
#[inline(never)]
fn prepare_cold(code: &PyCode) -> PyResult<()> {
    if let Err(message) = taipan_bytecode::verify::verify(&code.code) {
        return err!(
            SystemError,
            "invalid code object {}: {message}",
            taipan_objects::strings::expect(*code.name)
        );
    }
    let bytes = &code.code.code;
    let mut units: Vec<u16> = bytes
        .chunks_exact(2)
        .map(|c| u16::from_le_bytes([c[0], c[1]]))
        .collect();
    let mut i = 0;
    while i < units.len() {
        let op = deoptimized(units[i] as u8);
        units[i] = (units[i] & 0xff00) | op as u16;
        let n = cache_units(op);
        if n > 0 && i + 1 < units.len() {
            units[i + 1] = WARMUP;
        }
        i += 1 + n;
    }
    fuse_borrowed_loads(&mut units);
    // SAFETY: the code does not run yet, nobody holds the old vector.
    unsafe {
        *code.quickened.get() = units;
        code.entry.set((*code.quickened.get()).as_mut_ptr());
    }
    code.verified.set(true);
    Ok(())
}

/// Gives borrowed loads a form that looks at their consumer, where that can take the local without counting it.
/// The consumer stays as it is: the form falls back to a plain load unless it finds the specialization it knows.
fn fuse_borrowed_loads(units: &mut [u16]) {
    use taipan_bytecode::opcode::Opcode;
    let mut i = 0;
    while i + 1 < units.len() {
        let op = units[i] as u8;
        let next = units[i + 1];
        let fused = if op == Opcode::LOAD_FAST_BORROW as u8 {
            if next as u8 == Opcode::LOAD_ATTR as u8 && (next >> 8) & 1 == 0 {
                Some(Opcode::LOAD_FAST_BORROW_LOAD_ATTR)
            } else if next as u8 == Opcode::STORE_ATTR as u8 {
                Some(Opcode::LOAD_FAST_BORROW_STORE_ATTR)
            } else if next as u8 == Opcode::RETURN_VALUE as u8 {
                Some(Opcode::LOAD_FAST_BORROW_RETURN_VALUE)
            } else {
                None
            }
        } else if op == Opcode::LOAD_FAST_BORROW_LOAD_FAST_BORROW as u8
            && next == Opcode::BINARY_OP as u16 | 26 << 8
        {
            Some(Opcode::LOAD_FAST_BORROW_LOAD_FAST_BORROW_SUBSCR)
        } else {
            None
        };
        // A prefixed load keeps its form: its argument is wider than the unit.
        let prefixed = i > 0 && units[i - 1] as u8 == Opcode::EXTENDED_ARG as u8;
        if let Some(f) = fused
            && !prefixed
        {
            units[i] = (units[i] & 0xff00) | f as u16;
        }
        i += 1 + cache_units(op);
    }
}

/// Start of the thread's array of frame records.
pub fn frame_array(vm: &ThreadState) -> *mut Frame {
    // The records lie in front of the values; see `attach_stack`.
    (vm.stack_base.get() as usize - MAX_FRAMES * size_of::<Frame>()) as *mut Frame
}

/// Reserves frames and values for a thread.
pub fn attach_stack(ts: &ThreadState, values: Option<usize>) -> Result<(), std::io::Error> {
    let frames = MAX_FRAMES * size_of::<Frame>();
    let n = values.unwrap_or(STACK_VALUES);
    let size = frames + n * 8;
    // SAFETY: an anonymous mapping of our own.
    let p = unsafe {
        libc::mmap(
            std::ptr::null_mut(),
            size,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
            -1,
            0,
        )
    };
    if p == libc::MAP_FAILED {
        return Err(std::io::Error::last_os_error());
    }
    let base = p as usize;
    ts.frame_top.set(base as *mut Frame);
    ts.stack_base.set((base + frames) as *mut Value);
    ts.stack_limit.set((base + size - 4096) as *mut Value);
    crate::call::apply_recursion_limit(ts);
    Ok(())
}

/// Gives the memory back, at the thread's end.
pub fn detach_stack(ts: &ThreadState) {
    let frames = MAX_FRAMES * size_of::<Frame>();
    let base = ts.stack_base.get() as usize - frames;
    let size = ts.stack_limit.get() as usize + 4096 - base;
    // SAFETY: mapped by `attach_stack`, no frame is left.
    unsafe { libc::munmap(base as *mut libc::c_void, size) };
}

/// Sets the lowest native stack address that code may reach, from the current thread's stack.
pub fn set_native_limit(ts: &ThreadState) {
    const RESERVE: usize = 256 * 1024;
    let (low, _) = native_stack();
    ts.native_stack_limit.set(low + RESERVE);
}

/// Lowest address and size of the current thread's native stack.
#[cfg(target_os = "linux")]
fn native_stack() -> (usize, usize) {
    // SAFETY: plain pthread calls with out parameters of our own.
    unsafe {
        let mut attr: libc::pthread_attr_t = std::mem::zeroed();
        if libc::pthread_getattr_np(libc::pthread_self(), &mut attr) == 0 {
            let mut addr = std::ptr::null_mut();
            let mut size = 0;
            libc::pthread_attr_getstack(&attr, &mut addr, &mut size);
            libc::pthread_attr_destroy(&mut attr);
            return (addr as usize, size);
        }
    }
    let here = 0u8;
    (&here as *const u8 as usize - 512 * 1024, 0)
}
#[cfg(not(target_os = "linux"))]
fn native_stack() -> (usize, usize) {
    // SAFETY: plain pthread calls.
    unsafe {
        let t = libc::pthread_self();
        let high = libc::pthread_get_stackaddr_np(t) as usize;
        let size = libc::pthread_get_stacksize_np(t);
        (high - size, size)
    }
}

/// Called back for signals that arrived; set by the signal module.
pub static SIGNAL_HANDLER: std::sync::atomic::AtomicPtr<()> =
    std::sync::atomic::AtomicPtr::new(std::ptr::null_mut());
/// Called to give other threads a turn; set by the thread module.
pub static GIL_YIELD: std::sync::atomic::AtomicPtr<()> =
    std::sync::atomic::AtomicPtr::new(std::ptr::null_mut());

/// What the breaker asked for: signals, collection, other threads, an exception from another thread.
#[cold]
#[inline(never)]
pub fn handle_breaker() -> PyResult<()> {
    let bits = EVAL_BREAKER.load(Ordering::Relaxed);
    if bits & Breaker::GC != 0 {
        EVAL_BREAKER.fetch_and(!Breaker::GC, Ordering::Relaxed);
        (taipan_objects::vm::hooks().collect)(usize::MAX);
    }
    if bits & Breaker::SIGNAL != 0 {
        let f = SIGNAL_HANDLER.load(Ordering::Relaxed);
        if f.is_null() {
            EVAL_BREAKER.fetch_and(!Breaker::SIGNAL, Ordering::Relaxed);
        } else {
            // SAFETY: only functions of this type are stored.
            let f: fn() -> PyResult<()> = unsafe { std::mem::transmute(f) };
            f()?;
        }
    }
    if bits & Breaker::GIL_DROP != 0 {
        EVAL_BREAKER.fetch_and(!Breaker::GIL_DROP, Ordering::Relaxed);
        let f = GIL_YIELD.load(Ordering::Relaxed);
        if !f.is_null() {
            // SAFETY: only functions of this type are stored.
            let f: fn() = unsafe { std::mem::transmute(f) };
            f();
        }
    }
    if bits & Breaker::ASYNC_EXC != 0 {
        let exc = vm().async_exc.take();
        if !exc.is_null() {
            EVAL_BREAKER.fetch_and(!Breaker::ASYNC_EXC, Ordering::Relaxed);
            let e = crate::core::slow::make_exception(*exc)?;
            return Err(taipan_objects::err::set_exception(e));
        }
    }
    Ok(())
}
