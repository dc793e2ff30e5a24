//! What the hash objects of `_md5`, `_sha1`, `_sha2` and `_sha3` share.

use taipan_objects::err::PyResult;
use taipan_objects::value::Value;
use taipan_objects::{buffer, err, protocol, strings};

/// The data argument of a hash function.
pub(crate) fn data_argument(v: Value) -> PyResult<Vec<u8>> {
    if strings::is_str(v) {
        return err!(TypeError, "Strings must be encoded before hashing");
    }
    if v.ty().slots().get_buffer.is_none() {
        return err!(TypeError, "object supporting the buffer API required");
    }
    buffer::to_vec(v)
}

/// `data`, `usedforsecurity` and `string` of a constructor, as the data to begin with.
pub(crate) fn initial(data: Value, usedforsecurity: Value, string: Value) -> PyResult<Vec<u8>> {
    if !usedforsecurity.is_null() {
        protocol::is_true(usedforsecurity)?;
    }
    let v = match (data.some(), string.some().filter(|s| !s.is_none())) {
        (Some(_), Some(_)) => {
            return err!(
                TypeError,
                "'data' and 'string' are mutually exclusive and support for 'string' keyword parameter is slated for removal in a future version."
            );
        }
        (Some(d), None) => d,
        (None, Some(s)) => s,
        (None, None) => return Ok(Vec::new()),
    };
    data_argument(v)
}

/// Defines an object type around a RustCrypto hash: struct, type, and a function that makes one.
macro_rules! digest_type {
    ($t:ident, $ty:ident, $hash:ty, $type_name:literal, $name:literal, $block:literal, $make:ident) => {
        #[doc = concat!("A `", $name, "` hash object.")]
        #[repr(C)]
        pub struct $t {
            header: taipan_objects::object::Header,
            state: std::cell::RefCell<$hash>,
        }
        taipan_objects::object_impl!($t, $ty);
        impl $t {
            fn make(state: $hash) -> taipan_objects::value::Ref {
                taipan_objects::object::new_object($t {
                    header: taipan_objects::object::Header::new(&$ty),
                    state: std::cell::RefCell::new(state),
                })
            }
            fn of(v: &taipan_objects::value::Value) -> &$t {
                // SAFETY: methods check self.
                unsafe { v.cast_unchecked::<$t>() }
            }
        }
        static $ty: taipan_objects::typeobject::TypeObject =
            taipan_objects::typeobject::TypeObject::builtin(
                &taipan_objects::typeobject::TypeSpec {
                    name: $type_name,
                    flags: taipan_objects::typeobject::TypeFlags::DISALLOW_INSTANTIATION,
                    slots: taipan_objects::typeobject::Slots {
                        repr: Some(|v| {
                            Ok(taipan_objects::strings::new_str(&format!(
                                "<{} {} object @ 0x{:x}>",
                                $name,
                                v.type_name(),
                                v.id()
                            )))
                        }),
                        ..taipan_objects::typeobject::Slots::of::<$t>()
                    },
                    methods: &[
                        taipan_objects::native::MethodDef::new(
                            "copy($self, /)",
                            "A copy of the hash object.",
                            |a| Ok($t::make($t::of(&a[0]).state.borrow().clone())),
                        ),
                        taipan_objects::native::MethodDef::new(
                            "digest($self, /)",
                            "The digest, as bytes.",
                            |a| {
                                let state = $t::of(&a[0]).state.borrow().clone();
                                Ok(taipan_objects::bytes::new_bytes(&state.finalize()))
                            },
                        ),
                        taipan_objects::native::MethodDef::new(
                            "hexdigest($self, /)",
                            "The digest, in hexadecimal.",
                            |a| {
                                let state = $t::of(&a[0]).state.borrow().clone();
                                taipan_objects::bytes_methods::hex_text(
                                    &state.finalize(),
                                    taipan_objects::value::Value::NULL,
                                    taipan_objects::value::Value::NULL,
                                )
                            },
                        ),
                        taipan_objects::native::MethodDef::new(
                            "update($self, obj, /)",
                            "Adds data.",
                            |a| {
                                let data = crate::digest_object::data_argument(a[1])?;
                                $t::of(&a[0]).state.borrow_mut().update(&data);
                                Ok(taipan_objects::value::Ref::NONE)
                            },
                        ),
                    ],
                    getset: &[
                        taipan_objects::native::GetSetDef::ro(
                            "block_size",
                            "Block size in bytes.",
                            |_| Ok(taipan_objects::int::from_i64($block)),
                        ),
                        taipan_objects::native::GetSetDef::ro("name", "The name.", |_| {
                            Ok(taipan_objects::strings::new_str($name))
                        }),
                        taipan_objects::native::GetSetDef::ro(
                            "digest_size",
                            "Digest size in bytes.",
                            |_| Ok(taipan_objects::int::from_usize(<$hash>::output_size())),
                        ),
                    ],
                    ..taipan_objects::typeobject::TypeSpec::of::<$t>()
                },
            );
        fn $make(a: &[taipan_objects::value::Value]) -> taipan_objects::err::PyResult {
            let mut state = <$hash>::new();
            state.update(crate::digest_object::initial(a[0], a[1], a[2])?);
            Ok($t::make(state))
        }
    };
}
pub(crate) use digest_type;
