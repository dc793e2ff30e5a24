//! `_sha3`.

use crate::digest_object::{data_argument, initial};
use ::sha3::digest::Update;
use ::sha3::{Digest, Sha3_224, Sha3_256, Sha3_384, Sha3_512};
use std::cell::RefCell;
use taipan_objects::err::PyResult;
use taipan_objects::native::{GetSetDef, MethodDef, ModuleDef, Signature};
use taipan_objects::object::{Header, new_object};
use taipan_objects::typeobject::{Slots, Type, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{bytes, bytes_methods, err, int, module, strings, type_ready};

pub static MODULE: ModuleDef = ModuleDef {
    name: "_sha3",
    doc: "",
    functions: &[],
    init: Some(|m| {
        for t in [&SHA3_224_TYPE, &SHA3_256_TYPE, &SHA3_384_TYPE, &SHA3_512_TYPE, &SHAKE_128_TYPE, &SHAKE_256_TYPE] {
            type_ready::ready(t);
            module::add(m, t.name(), t.to_ref());
        }
        module::add(m, "implementation", strings::new_str("RustCrypto"));
        module::add(m, "_GIL_MINSIZE", int::from_i64(2048));
        Ok(())
    }),
};

/// The fixed and the extendable hashes; `length` is 0 for the fixed ones.
trait Sponge: Clone + 'static {
    const SIZE: usize;
    const RATE: i64;
    fn start() -> Self;
    fn add(&mut self, data: &[u8]);
    fn end(self, length: usize) -> Vec<u8>;
}
macro_rules! fixed {
    ($t:ty, $size:literal) => {
        impl Sponge for $t {
            const SIZE: usize = $size;
            const RATE: i64 = 200 - 2 * $size;
            fn start() -> Self {
                <$t>::new()
            }
            fn add(&mut self, data: &[u8]) {
                Update::update(self, data)
            }
            fn end(self, _length: usize) -> Vec<u8> {
                self.finalize().to_vec()
            }
        }
    };
}

/// SHAKE with `RATE` bytes absorbed at a time.
#[derive(Clone)]
struct Shake<const RATE: usize> {
    lanes: [u64; 25],
    /// Bytes absorbed into the current block.
    at: usize,
}

impl<const RATE: usize> Sponge for Shake<RATE> {
    const SIZE: usize = 0;
    const RATE: i64 = RATE as i64;
    fn start() -> Self {
        Shake { lanes: [0; 25], at: 0 }
    }
    fn add(&mut self, data: &[u8]) {
        for b in data {
            self.lanes[self.at / 8] ^= (*b as u64) << (8 * (self.at % 8));
            self.at += 1;
            if self.at == RATE {
                permute(&mut self.lanes);
                self.at = 0;
            }
        }
    }
    fn end(mut self, length: usize) -> Vec<u8> {
        self.lanes[self.at / 8] ^= 0x1f << (8 * (self.at % 8));
        self.lanes[RATE / 8 - 1] ^= 0x80 << 56;
        let mut out = Vec::with_capacity(length);
        while out.len() < length {
            permute(&mut self.lanes);
            let n = RATE.min(length - out.len());
            out.extend((0..n).map(|i| (self.lanes[i / 8] >> (8 * (i % 8))) as u8));
        }
        out
    }
}

/// Keccak-f[1600].
fn permute(a: &mut [u64; 25]) {
    let mut lfsr = 1u8;
    for _ in 0..24 {
        let mut c = [0u64; 5];
        for x in 0..5 {
            c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
        }
        for x in 0..5 {
            let d = c[(x + 4) % 5] ^ c[(x + 1) % 5].rotate_left(1);
            for y in 0..5 {
                a[x + 5 * y] ^= d;
            }
        }
        // Rotation and permutation go along one cycle of lanes.
        let (mut x, mut y) = (1, 0);
        let mut current = a[1];
        for t in 0..24 {
            (x, y) = (y, (2 * x + 3 * y) % 5);
            let next = a[x + 5 * y];
            a[x + 5 * y] = current.rotate_left((t + 1) * (t + 2) / 2 % 64);
            current = next;
        }
        for y in 0..5 {
            let row = [a[5 * y], a[5 * y + 1], a[5 * y + 2], a[5 * y + 3], a[5 * y + 4]];
            for x in 0..5 {
                a[5 * y + x] = row[x] ^ (!row[(x + 1) % 5] & row[(x + 2) % 5]);
            }
        }
        // The round constant's bits come from a shift register.
        for j in 0..7 {
            let bit = lfsr & 1;
            lfsr = lfsr << 1 ^ if lfsr & 0x80 != 0 { 0x71 } else { 0 };
            if bit != 0 {
                a[0] ^= 1 << ((1 << j) - 1);
            }
        }
    }
}

fixed!(Sha3_224, 28);
fixed!(Sha3_256, 32);
fixed!(Sha3_384, 48);
fixed!(Sha3_512, 64);

macro_rules! sponge_type {
    ($t:ident, $ty:ident, $hash:ty, $name:literal, $digest:literal, $hexdigest:literal) => {
        #[doc = concat!("A `", $name, "` hash object.")]
        #[repr(C)]
        pub struct $t {
            header: Header,
            state: RefCell<$hash>,
        }
        taipan_objects::object_impl!($t, $ty);
        impl $t {
            fn of(v: &Value) -> &$t {
                // SAFETY: methods check self.
                unsafe { v.cast_unchecked::<$t>() }
            }
            fn make(state: $hash) -> Ref {
                new_object($t { header: Header::new(&$ty), state: RefCell::new(state) })
            }
            fn result(a: &[Value]) -> PyResult<Vec<u8>> {
                let length = if <$hash>::SIZE == 0 { length(a[1])? } else { 0 };
                let state = $t::of(&a[0]).state.borrow().clone();
                Ok(state.end(length))
            }
            fn new(_ty: Type, args: &[Value], kwnames: Value) -> PyResult {
                static SIGNATURE: Signature = Signature::new(concat!($name, "(data=b'', *, usedforsecurity=True, string=None)"));
                SIGNATURE.bind(args, kwnames, |a| {
                    let mut state = <$hash>::start();
                    state.add(&initial(a[0], a[1], a[2])?);
                    Ok($t::make(state))
                })
            }
        }
        static $ty: TypeObject = TypeObject::builtin(&TypeSpec {
            name: concat!("_sha3.", $name),
            slots: Slots { new: Some($t::new), ..Slots::of::<$t>() },
            methods: &[
                MethodDef::new("copy($self, /)", "A copy of the hash object.", |a| {
                    Ok($t::make($t::of(&a[0]).state.borrow().clone()))
                }),
                MethodDef::new($digest, "The digest, as bytes.", |a| Ok(bytes::from_vec($t::result(a)?))),
                MethodDef::new($hexdigest, "The digest, in hexadecimal.", |a| {
                    bytes_methods::hex_text(&$t::result(a)?, Value::NULL, Value::NULL)
                }),
                MethodDef::new("update($self, data, /)", "Adds data.", |a| {
                    let data = data_argument(a[1])?;
                    $t::of(&a[0]).state.borrow_mut().add(&data);
                    Ok(Ref::NONE)
                }),
            ],
            getset: &[
                GetSetDef::ro("block_size", "Block size in bytes.", |_| Ok(int::from_i64(<$hash>::RATE))),
                GetSetDef::ro("name", "The name.", |_| Ok(strings::new_str($name))),
                GetSetDef::ro("digest_size", "Digest size in bytes.", |_| Ok(int::from_usize(<$hash>::SIZE))),
                GetSetDef::ro("_capacity_bits", "", |_| Ok(int::from_i64(1600 - 8 * <$hash>::RATE))),
                GetSetDef::ro("_rate_bits", "", |_| Ok(int::from_i64(8 * <$hash>::RATE))),
                GetSetDef::ro("_suffix", "", |_| Ok(bytes::new_bytes(if <$hash>::SIZE == 0 { b"\x1f" } else { b"\x06" }))),
            ],
            text_signature: "(data=b'', *, usedforsecurity=True, string=None)",
            ..TypeSpec::of::<$t>()
        });
    };
}

fn length(v: Value) -> PyResult<usize> {
    let n = int::to_i64(v)?;
    if n < 0 {
        return err!(ValueError, "value must be positive");
    }
    if n >= 1 << 29 {
        return err!(ValueError, "length is too large");
    }
    Ok(n as usize)
}

sponge_type!(Sha3_224Object, SHA3_224_TYPE, Sha3_224, "sha3_224", "digest($self, /)", "hexdigest($self, /)");
sponge_type!(Sha3_256Object, SHA3_256_TYPE, Sha3_256, "sha3_256", "digest($self, /)", "hexdigest($self, /)");
sponge_type!(Sha3_384Object, SHA3_384_TYPE, Sha3_384, "sha3_384", "digest($self, /)", "hexdigest($self, /)");
sponge_type!(Sha3_512Object, SHA3_512_TYPE, Sha3_512, "sha3_512", "digest($self, /)", "hexdigest($self, /)");
sponge_type!(Shake128Object, SHAKE_128_TYPE, Shake<168>, "shake_128", "digest($self, /, length)", "hexdigest($self, /, length)");
sponge_type!(Shake256Object, SHAKE_256_TYPE, Shake<136>, "shake_256", "digest($self, /, length)", "hexdigest($self, /, length)");
