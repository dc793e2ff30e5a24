//! `_random`: the Mersenne Twister MT19937, giving CPython's stream of numbers.

use dashu_int::UBig;
use dashu_int::ops::UnsignedAbs;
use std::cell::{Cell, UnsafeCell};
use taipan_objects::err::PyResult;
use taipan_objects::float::from_f64;
use taipan_objects::int::{as_int, from_i64, from_ibig, from_u64, to_i64};
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::object::{Header, alloc};
use taipan_objects::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{err, module, object_impl, protocol, tuple};

const N: usize = 624;
const M: usize = 397;

/// The generator's state.
#[repr(C)]
pub struct PyRandom {
    header: Header,
    index: Cell<usize>,
    state: UnsafeCell<[u32; N]>,
}
object_impl!(PyRandom, RANDOM_TYPE);

impl PyRandom {
    #[allow(clippy::mut_from_ref)]
    fn state(&self) -> &mut [u32; N] {
        // SAFETY: no reference is kept across calls that run Python code.
        unsafe { &mut *self.state.get() }
    }

    fn next_u32(&self) -> u32 {
        let mt = self.state();
        let mut i = self.index.get();
        if i >= N {
            let mix = |u: u32, l: u32| (u & 0x8000_0000) | (l & 0x7fff_ffff);
            let twist = |y: u32| (y >> 1) ^ if y & 1 != 0 { 0x9908_b0df } else { 0 };
            for k in 0..N - M {
                mt[k] = mt[k + M] ^ twist(mix(mt[k], mt[k + 1]));
            }
            for k in N - M..N - 1 {
                mt[k] = mt[k + M - N] ^ twist(mix(mt[k], mt[k + 1]));
            }
            mt[N - 1] = mt[M - 1] ^ twist(mix(mt[N - 1], mt[0]));
            i = 0;
        }
        let mut y = mt[i];
        self.index.set(i + 1);
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }

    fn init_word(&self, seed: u32) {
        let mt = self.state();
        mt[0] = seed;
        for i in 1..N {
            mt[i] = 1812433253u32.wrapping_mul(mt[i - 1] ^ (mt[i - 1] >> 30)).wrapping_add(i as u32);
        }
        self.index.set(N);
    }

    fn init_words(&self, key: &[u32]) {
        self.init_word(19650218);
        let mt = self.state();
        let (mut i, mut j) = (1, 0);
        for _ in 0..N.max(key.len()) {
            mt[i] = (mt[i] ^ (mt[i - 1] ^ (mt[i - 1] >> 30)).wrapping_mul(1664525))
                .wrapping_add(key[j])
                .wrapping_add(j as u32);
            i += 1;
            j += 1;
            if i >= N {
                mt[0] = mt[N - 1];
                i = 1;
            }
            if j >= key.len() {
                j = 0;
            }
        }
        for _ in 0..N - 1 {
            mt[i] = (mt[i] ^ (mt[i - 1] ^ (mt[i - 1] >> 30)).wrapping_mul(1566083941)).wrapping_sub(i as u32);
            i += 1;
            if i >= N {
                mt[0] = mt[N - 1];
                i = 1;
            }
        }
        mt[0] = 0x8000_0000;
    }

    fn seed(&self, n: Value) -> PyResult<()> {
        if n.is_none_or_null() {
            let mut key = [0u32; N];
            // getentropy gives at most 256 bytes at a time.
            for part in key.chunks_mut(64) {
                // SAFETY: the buffer is as long as said.
                unsafe { libc::getentropy(part.as_mut_ptr() as *mut libc::c_void, part.len() * 4) };
            }
            self.init_words(&key);
            return Ok(());
        }
        let magnitude = match as_int(&n) {
            Some(i) => i.to_ibig().unsigned_abs(),
            None => UBig::from(protocol::hash(n)? as u64),
        };
        let bytes = magnitude.to_le_bytes();
        let mut key: Vec<u32> = bytes
            .chunks(4)
            .map(|c| c.iter().rev().fold(0, |w, b| (w << 8) | *b as u32))
            .collect();
        if key.is_empty() {
            key.push(0);
        }
        self.init_words(&key);
        Ok(())
    }
}

fn this(v: Value) -> &'static PyRandom {
    // SAFETY: methods and slots of the type get its instances, which their callers hold.
    unsafe { &*(v.as_ptr() as *const PyRandom) }
}

fn random_new(ty: Type, _args: &[Value], _kwnames: Value) -> PyResult {
    let r = alloc(ty, PyRandom { header: Header::new(ty), index: Cell::new(N), state: UnsafeCell::new([0; N]) });
    Ok(r)
}

fn random_init(v: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    if v.ty().is(&RANDOM_TYPE) && !kwnames.is_null() && !tuple::as_slice(kwnames).is_empty() {
        return err!(TypeError, "Random() takes no keyword arguments");
    }
    let n = args.len() - if kwnames.is_null() { 0 } else { tuple::as_slice(kwnames).len() };
    if n > 1 {
        return err!(TypeError, "Random expected at most 1 argument, got {n}");
    }
    this(v).seed(if n == 1 { args[0] } else { Value::NULL })
}

fn random(a: &[Value]) -> PyResult {
    let r = this(a[0]);
    let (x, y) = (r.next_u32() >> 5, r.next_u32() >> 6);
    Ok(from_f64((x as f64 * 67108864.0 + y as f64) * (1.0 / 9007199254740992.0)))
}

fn getrandbits(a: &[Value]) -> PyResult {
    let r = this(a[0]);
    let k = if let Some(k) = a[1].as_small_int() {
        k
    } else {
        to_i64(a[1])?
    };
    if k < 0 {
        return err!(ValueError, "Cannot convert negative int");
    }
    match k {
        0 => return Ok(from_i64(0)),
        1..=32 => return Ok(from_i64((r.next_u32() >> (32 - k)) as i64)),
        33..=64 => {
            let low = r.next_u32() as u64;
            let high = (r.next_u32() >> (64 - k)) as u64;
            return Ok(from_u64(low | high << 32));
        }
        _ => {}
    }
    if k > 1 << 34 {
        return err!(MemoryError, "");
    }
    let words = (k as usize - 1) / 32 + 1;
    let mut left = k;
    let mut bytes = Vec::with_capacity(words * 4);
    for _ in 0..words {
        let mut w = r.next_u32();
        if left < 32 {
            w >>= 32 - left;
        }
        bytes.extend_from_slice(&w.to_le_bytes());
        left -= 32;
    }
    Ok(from_ibig(UBig::from_le_bytes(&bytes).into()))
}

fn getstate(a: &[Value]) -> PyResult {
    let r = this(a[0]);
    let mut items: Vec<Ref> = r.state().iter().map(|w| from_i64(*w as i64)).collect();
    items.push(from_i64(r.index.get() as i64));
    Ok(tuple::from_refs(items))
}

fn setstate(a: &[Value]) -> PyResult {
    let r = this(a[0]);
    if !tuple::is_tuple(a[1]) {
        return err!(TypeError, "state vector must be a tuple");
    }
    let items = tuple::as_slice(a[1]);
    if items.len() != N + 1 {
        return err!(ValueError, "state vector is the wrong size");
    }
    let mut new = [0u32; N];
    for (w, v) in new.iter_mut().zip(items) {
        let Some(i) = as_int(v) else {
            return err!(TypeError, "an integer is required");
        };
        if i.is_negative() {
            return err!(OverflowError, "can't convert negative value to unsigned int");
        }
        match i.to_i64() {
            Some(n) => *w = n as u32,
            None => return err!(OverflowError, "Python int too large to convert to C unsigned long"),
        }
    }
    let index = to_i64(items[N])?;
    if !(0..=N as i64).contains(&index) {
        return err!(ValueError, "invalid state");
    }
    *r.state() = new;
    r.index.set(index as usize);
    Ok(Ref::NONE)
}

pub static RANDOM_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_random.Random",
    doc: "Random() -> create a random number generator with its own internal state.",
    flags: TypeFlags::BASETYPE,
    slots: Slots { new: Some(random_new), init: Some(random_init), ..Slots::of::<PyRandom>() },
    methods: &[
        MethodDef::new("random($self, /)", "random() -> x in the interval [0, 1).", random),
        MethodDef::new("seed($self, n=None, /)", "seed([n]) -> None.", |a| {
            this(a[0]).seed(a[1])?;
            Ok(Ref::NONE)
        }),
        MethodDef::new("getstate($self, /)", "getstate() -> tuple containing the current state.", getstate),
        MethodDef::new("setstate($self, state, /)", "setstate(state) -> None.  Restores generator state.", setstate),
        MethodDef::new("getrandbits($self, k, /)", "getrandbits(k) -> x.  Generates an int with k random bits.", getrandbits),
    ],
    ..TypeSpec::of::<PyRandom>()
});

pub static MODULE: ModuleDef = ModuleDef {
    name: "_random",
    doc: "Module implements the Mersenne Twister random number generator.",
    functions: &[],
    init: Some(|m| {
        module::add_type(m, &RANDOM_TYPE);
        Ok(())
    }),
};
