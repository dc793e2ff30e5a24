//! `_blake2`: BLAKE2b and BLAKE2s with all parameters (RFC 7693 and the tree mode).

use crate::digest_object::{data_argument, initial};
use std::cell::RefCell;
use taipan_objects::err::PyResult;
use taipan_objects::native::{GetSetDef, ModuleDef, MethodDef, Signature};
use taipan_objects::object::{Header, alloc};
use taipan_objects::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Value};
use taipan_objects::{buffer, bytes, bytes_methods, dict, err, int, module, protocol, strings, type_ready};

pub static MODULE: ModuleDef = ModuleDef {
    name: "_blake2",
    doc: "_blake2b provides BLAKE2b for hashlib\n",
    functions: &[],
    init: Some(|m| {
        for (t, upper, out, salt) in
            [(&BLAKE2B_TYPE, "BLAKE2B", 64, 16), (&BLAKE2S_TYPE, "BLAKE2S", 32, 8)]
        {
            type_ready::ready(t);
            module::add(m, t.name(), t.to_ref());
            let sizes = [("MAX_DIGEST_SIZE", out), ("MAX_KEY_SIZE", out), ("PERSON_SIZE", salt), ("SALT_SIZE", salt)];
            for (name, n) in sizes {
                dict::set_str(t.dict(), name, *int::from_i64(n));
                module::add(m, &format!("{upper}_{name}"), int::from_i64(n));
            }
        }
        module::add(m, "_GIL_MINSIZE", int::from_i64(2048));
        Ok(())
    }),
};

const SIGMA: [[usize; 16]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

macro_rules! variant {
    ($state:ident, $obj:ident, $ty:ident, $word:ty, $bytes:literal, $rounds:literal, $r:expr, $iv:expr, $name:literal) => {
        /// State of a hash in progress.
        #[derive(Clone)]
        struct $state {
            h: [$word; 8],
            block: Vec<u8>,
            count: u128,
            out: usize,
            last_node: bool,
        }
        impl $state {
            const BLOCK: usize = 16 * $bytes;
            const IV: [$word; 8] = $iv;
            fn new(parameters: &[u8; 8 * $bytes], out: usize, last_node: bool) -> Self {
                let mut h = Self::IV;
                for (w, c) in h.iter_mut().zip(parameters.chunks($bytes)) {
                    let mut b = [0u8; $bytes];
                    b.copy_from_slice(c);
                    *w ^= <$word>::from_le_bytes(b);
                }
                $state { h, block: Vec::with_capacity(Self::BLOCK), count: 0, out, last_node }
            }
            fn compress(&mut self, block: &[u8], last: bool) {
                let mut m: [$word; 16] = [0; 16];
                for (w, c) in m.iter_mut().zip(block.chunks($bytes)) {
                    let mut b = [0u8; $bytes];
                    b.copy_from_slice(c);
                    *w = <$word>::from_le_bytes(b);
                }
                let mut v: [$word; 16] = [0; 16];
                v[..8].copy_from_slice(&self.h);
                v[8..].copy_from_slice(&Self::IV);
                v[12] ^= self.count as $word;
                v[13] ^= (self.count >> (8 * $bytes)) as $word;
                if last {
                    v[14] = !v[14];
                    if self.last_node {
                        v[15] = !v[15];
                    }
                }
                let r: [u32; 4] = $r;
                for i in 0..$rounds {
                    let s = &SIGMA[i % 10];
                    for (k, [a, b, c, d]) in [
                        [0, 4, 8, 12],
                        [1, 5, 9, 13],
                        [2, 6, 10, 14],
                        [3, 7, 11, 15],
                        [0, 5, 10, 15],
                        [1, 6, 11, 12],
                        [2, 7, 8, 13],
                        [3, 4, 9, 14],
                    ]
                    .into_iter()
                    .enumerate()
                    {
                        v[a] = v[a].wrapping_add(v[b]).wrapping_add(m[s[2 * k]]);
                        v[d] = (v[d] ^ v[a]).rotate_right(r[0]);
                        v[c] = v[c].wrapping_add(v[d]);
                        v[b] = (v[b] ^ v[c]).rotate_right(r[1]);
                        v[a] = v[a].wrapping_add(v[b]).wrapping_add(m[s[2 * k + 1]]);
                        v[d] = (v[d] ^ v[a]).rotate_right(r[2]);
                        v[c] = v[c].wrapping_add(v[d]);
                        v[b] = (v[b] ^ v[c]).rotate_right(r[3]);
                    }
                }
                for i in 0..8 {
                    self.h[i] ^= v[i] ^ v[i + 8];
                }
            }
            fn update(&mut self, mut data: &[u8]) {
                while !data.is_empty() {
                    if self.block.len() == Self::BLOCK {
                        self.count += Self::BLOCK as u128;
                        let block = std::mem::take(&mut self.block);
                        self.compress(&block, false);
                        self.block = block;
                        self.block.clear();
                    }
                    let n = data.len().min(Self::BLOCK - self.block.len());
                    self.block.extend_from_slice(&data[..n]);
                    data = &data[n..];
                }
            }
            fn digest(mut self) -> Vec<u8> {
                self.count += self.block.len() as u128;
                let mut block = std::mem::take(&mut self.block);
                block.resize(Self::BLOCK, 0);
                self.compress(&block, true);
                let mut out: Vec<u8> = self.h.iter().flat_map(|w| w.to_le_bytes()).collect();
                out.truncate(self.out);
                out
            }
        }

        #[doc = concat!("A `", $name, "` hash object.")]
        #[repr(C)]
        pub struct $obj {
            header: Header,
            state: RefCell<$state>,
        }
        taipan_objects::object_impl!($obj, $ty);
        impl $obj {
            fn of(v: &Value) -> &$obj {
                // SAFETY: methods check self.
                unsafe { v.cast_unchecked::<$obj>() }
            }
            fn make(ty: Type, state: $state) -> Ref {
                alloc(ty, $obj { header: Header::new(ty), state: RefCell::new(state) })
            }
            fn new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
                static SIGNATURE: Signature = Signature::new(concat!(
                    $name,
                    "(data=b'', /, *, digest_size=0, key=b'', salt=b'', person=b'', fanout=1, depth=1, leaf_size=0, ",
                    "node_offset=0, node_depth=0, inner_size=0, last_node=False, usedforsecurity=True, string=None)"
                ));
                SIGNATURE.bind(args, kwnames, |a| {
                    let data = initial(a[0], a[12], a[13])?;
                    const MAX: usize = 8 * $bytes;
                    let p = parameters(a, MAX, 2 * $bytes, $bytes == 8)?;
                    let mut block = [0u8; 8 * $bytes];
                    block.copy_from_slice(&p.block);
                    let mut state = $state::new(&block, p.out, p.last_node);
                    if !p.key.is_empty() {
                        let mut key = p.key;
                        key.resize($state::BLOCK, 0);
                        state.update(&key);
                    }
                    state.update(&data);
                    Ok($obj::make(ty, state))
                })
            }
        }
        static $ty: TypeObject = TypeObject::builtin(&TypeSpec {
            name: concat!("_blake2.", $name),
            doc: concat!("Return a new ", $name, " hash object."),
            flags: TypeFlags::BASETYPE,
            slots: Slots { new: Some($obj::new), ..Slots::of::<$obj>() },
            methods: &[
                MethodDef::new("copy($self, /)", "A copy of the hash object.", |a| {
                    Ok($obj::make(a[0].ty(), $obj::of(&a[0]).state.borrow().clone()))
                }),
                MethodDef::new("digest($self, /)", "The digest, as bytes.", |a| {
                    let state = $obj::of(&a[0]).state.borrow().clone();
                    Ok(bytes::from_vec(state.digest()))
                }),
                MethodDef::new("hexdigest($self, /)", "The digest, in hexadecimal.", |a| {
                    let state = $obj::of(&a[0]).state.borrow().clone();
                    bytes_methods::hex_text(&state.digest(), Value::NULL, Value::NULL)
                }),
                MethodDef::new("update($self, data, /)", "Adds data.", |a| {
                    let data = data_argument(a[1])?;
                    $obj::of(&a[0]).state.borrow_mut().update(&data);
                    Ok(Ref::NONE)
                }),
            ],
            getset: &[
                GetSetDef::ro("name", "The name.", |_| Ok(strings::new_str($name))),
                GetSetDef::ro("block_size", "Block size in bytes.", |_| Ok(int::from_usize($state::BLOCK))),
                GetSetDef::ro("digest_size", "Digest size in bytes.", |v| {
                    Ok(int::from_usize($obj::of(&v).state.borrow().out))
                }),
            ],
            text_signature: concat!(
                "(data=b'', *, digest_size=_blake2.", $name, ".MAX_DIGEST_SIZE,\n        key=b'', salt=b'', person=b'', fanout=1, depth=1, leaf_size=0,\n        node_offset=0, node_depth=0, inner_size=0, last_node=False,\n        usedforsecurity=True, string=None)"
            ),
            ..TypeSpec::of::<$obj>()
        });
    };
}

struct Parameters {
    block: Vec<u8>,
    key: Vec<u8>,
    out: usize,
    last_node: bool,
}

/// Reads the arguments after the data; the parameter block is 64 bytes for BLAKE2b (`wide`) and 32 for BLAKE2s.
fn parameters(a: &[Value], max: usize, salt_size: usize, wide: bool) -> PyResult<Parameters> {
    let number = |v: Value, default: i64| if v.is_null() { Ok(default) } else { int::to_i64(v) };
    let out = number(a[1], max as i64)?;
    if out <= 0 || out > max as i64 {
        return err!(ValueError, "digest_size must be between 1 and {max} bytes, got {out}");
    }
    let data = |v: Value| if v.is_null() { Ok(Vec::new()) } else { buffer::to_vec(v) };
    let (key, salt, person) = (data(a[2])?, data(a[3])?, data(a[4])?);
    if salt.len() > salt_size {
        return err!(ValueError, "maximum salt length is {salt_size} bytes, got {}", salt.len());
    }
    if person.len() > salt_size {
        return err!(ValueError, "maximum person length is {salt_size} bytes, got {}", person.len());
    }
    let fanout = number(a[5], 1)?;
    if !(0..=255).contains(&fanout) {
        return err!(ValueError, "fanout must be between 0 and 255");
    }
    let depth = number(a[6], 1)?;
    if !(1..=255).contains(&depth) {
        return err!(ValueError, "depth must be between 1 and 255");
    }
    let leaf_size = number(a[7], 0)?;
    if leaf_size < 0 {
        return err!(ValueError, "value must be positive");
    }
    if leaf_size > u32::MAX as i64 {
        return err!(OverflowError, "leaf_size is too large");
    }
    let node_offset = number(a[8], 0)?;
    if node_offset < 0 {
        return err!(ValueError, "value must be positive");
    }
    if !wide && node_offset > 0xffff_ffff_ffff {
        return err!(OverflowError, "node_offset is too large");
    }
    let node_depth = number(a[9], 0)?;
    if !(0..=255).contains(&node_depth) {
        return err!(ValueError, "node_depth must be between 0 and 255");
    }
    let inner_size = number(a[10], 0)?;
    if inner_size < 0 || inner_size > max as i64 {
        return err!(ValueError, "inner_size must be between 0 and is {max}");
    }
    let last_node = !a[11].is_null() && protocol::is_true(a[11])?;
    if key.len() > max {
        return err!(ValueError, "maximum key length is {max} bytes, got {}", key.len());
    }
    let mut block = vec![out as u8, key.len() as u8, fanout as u8, depth as u8];
    block.extend((leaf_size as u32).to_le_bytes());
    block.extend(&node_offset.to_le_bytes()[..if wide { 8 } else { 6 }]);
    block.push(node_depth as u8);
    block.push(inner_size as u8);
    if wide {
        block.resize(32, 0);
    }
    for part in [salt, person] {
        let mut part = part;
        part.resize(salt_size, 0);
        block.extend(part);
    }
    Ok(Parameters { block, key, out: out as usize, last_node })
}

variant!(
    Blake2b,
    Blake2bObject,
    BLAKE2B_TYPE,
    u64,
    8,
    12,
    [32, 24, 16, 63],
    [
        0x6a09e667f3bcc908,
        0xbb67ae8584caa73b,
        0x3c6ef372fe94f82b,
        0xa54ff53a5f1d36f1,
        0x510e527fade682d1,
        0x9b05688c2b3e6c1f,
        0x1f83d9abfb41bd6b,
        0x5be0cd19137e2179
    ],
    "blake2b"
);
variant!(
    Blake2s,
    Blake2sObject,
    BLAKE2S_TYPE,
    u32,
    4,
    10,
    [16, 12, 8, 7],
    [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19],
    "blake2s"
);
