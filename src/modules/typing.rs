//! `_typing`.

use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::value::Value;
use taipan_objects::{module, types, typevar};

pub static MODULE: ModuleDef = ModuleDef {
    name: "_typing",
    doc: "Primitives and accelerators for the typing module.\n",
    functions: &[MethodDef::new("_idfunc($module, x, /)", "", |a| Ok(a[0].to_ref()))],
    init: Some(|m: Value| {
        for ty in [
            &typevar::TYPEVAR_TYPE,
            &typevar::TYPEVARTUPLE_TYPE,
            &typevar::PARAMSPEC_TYPE,
            &typevar::PARAMSPECARGS_TYPE,
            &typevar::PARAMSPECKWARGS_TYPE,
            &typevar::TYPE_ALIAS_TYPE,
            &typevar::GENERIC_TYPE,
            &types::UNION_TYPE,
        ] {
            module::add(m, ty.name(), ty.to_ref());
        }
        module::add(m, "NoDefault", typevar::no_default());
        Ok(())
    }),
};
