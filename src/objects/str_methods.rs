//! Methods of str.
use crate::typeobject::{Slots, TypeFlags, TypeObject, TypeSpec};

pub static STR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec { name: "str", slots: Slots { drop_fields: Some(crate::strings::str_drop), var_size: Some(crate::strings::str_size), ..Slots::of::<crate::strings::PyStr>() }, flags: TypeFlags::BASETYPE | TypeFlags::VAR_SIZED | TypeFlags::STR_SUBCLASS | TypeFlags::MATCH_SELF, ..TypeSpec::of::<crate::strings::PyStr>() });

/// MemoryError for lengths no string can have.
pub(crate) fn check_size(n: usize) -> crate::err::PyResult<()> {
    if n > u32::MAX as usize / 4 {
        return crate::err!(MemoryError, "");
    }
    Ok(())
}
