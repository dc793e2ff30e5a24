//! Hash functions: strings and bytes by keyed SipHash-1-3, numbers modulo 2^61-1.

use siphasher::sip::SipHasher13;
use std::hash::Hasher;
use std::sync::atomic::{AtomicU64, Ordering};

static K0: AtomicU64 = AtomicU64::new(0);
static K1: AtomicU64 = AtomicU64::new(0);

/// Sets the key from PYTHONHASHSEED: 0 is no key, `Some(n)` CPython's generator seeded with n, `None` random.
pub fn set_seed(seed: Option<u32>) {
    let mut bytes = [0u8; 16];
    match seed {
        Some(0) => {}
        Some(n) => {
            let mut x = n;
            for b in bytes.iter_mut() {
                x = x.wrapping_mul(214013).wrapping_add(2531011);
                *b = (x >> 16) as u8;
            }
        }
        None => {
            // SAFETY: the buffer is 16 bytes long.
            unsafe { libc::getentropy(bytes.as_mut_ptr() as *mut libc::c_void, 16) };
        }
    }
    K0.store(
        u64::from_le_bytes(bytes[..8].try_into().unwrap()),
        Ordering::Relaxed,
    );
    K1.store(
        u64::from_le_bytes(bytes[8..].try_into().unwrap()),
        Ordering::Relaxed,
    );
}

/// Hash of bytes, as of str and bytes objects. Never -1.
pub fn hash_bytes(b: &[u8]) -> i64 {
    if b.is_empty() {
        return 0;
    }
    let mut h = SipHasher13::new_with_keys(K0.load(Ordering::Relaxed), K1.load(Ordering::Relaxed));
    h.write(b);
    fix(h.finish() as i64)
}

/// SipHash-1-3 with a key of its own (`_imp.source_hash`).
pub fn keyed(key: u64, b: &[u8]) -> u64 {
    let mut h = SipHasher13::new_with_keys(key, 0);
    h.write(b);
    h.finish()
}

/// -1 is reserved for errors in CPython, and becomes -2.
#[inline(always)]
pub fn fix(h: i64) -> i64 {
    if h == -1 { -2 } else { h }
}

/// Modulus of number hashes: 2^61 - 1.
pub const MODULUS: u64 = (1 << 61) - 1;

/// Hash of a machine integer.
#[inline(always)]
pub fn hash_i64(i: i64) -> i64 {
    let m = i.unsigned_abs() % MODULUS;
    fix(if i < 0 { -(m as i64) } else { m as i64 })
}

/// Hash of a pointer or an identity.
pub fn hash_pointer(p: u64) -> i64 {
    fix(p.rotate_right(4) as i64)
}
