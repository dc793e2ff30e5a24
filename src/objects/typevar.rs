//! Type parameters: `TypeVar`, `ParamSpec`, `TypeVarTuple`, `TypeAliasType`, `Generic`, `NoDefault`.
//!
//! One layout serves the three kinds of parameters. Bounds, constraints, defaults and alias values may be functions that are
//! called on first use.

use crate::err::PyResult;
use crate::function::PyFunction;
use crate::names::names;
use crate::native::{GetSetDef, MemberDef, MethodDef, Signature};
use crate::object::{Header, alloc, new_object};
use crate::typeobject::{CompareOp, Slots, Type, TypeFlags, TypeObject, TypeSpec, as_type};
use crate::value::{Ref, Slot, Value};
use crate::{dict, err, generic_alias, object_impl, protocol, strings, tuple, union_type};
use std::cell::Cell;
use std::mem::offset_of;

/// A value, or the function that makes it.
#[repr(C)]
pub struct Lazy {
    value: Slot,
    evaluate: Slot,
}
impl Lazy {
    fn new(value: Ref, evaluate: Ref) -> Lazy {
        Lazy {
            value: Slot::new(value),
            evaluate: Slot::new(evaluate),
        }
    }
    /// The value, computed now if need be; `missing` if there is neither.
    fn get(&self, missing: Value) -> PyResult {
        if !self.value.is_null() {
            return Ok(self.value.get_ref());
        }
        if self.evaluate.is_null() {
            return Ok(missing.to_ref());
        }
        let f = self.evaluate.get_ref();
        let v = protocol::call(*f, &[Value::small_int(1)])?;
        self.value.set(v.clone());
        Ok(v)
    }
    /// The function that evaluates, for `annotationlib`.
    fn evaluator(&self) -> PyResult {
        if !self.evaluate.is_null() {
            return Ok(self.evaluate.get_ref());
        }
        if !self.value.is_null() {
            return Ok(new_object(ConstEvaluator {
                header: Header::new(&CONST_EVALUATOR_TYPE),
                value: Slot::new(self.value.get_ref()),
            }));
        }
        Ok(Ref::NONE)
    }
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        visit(self.value.get());
        visit(self.evaluate.get());
    }
    fn clear(&self) {
        drop(self.value.take());
        drop(self.evaluate.take());
    }
}

/// A type parameter of any kind.
#[repr(C)]
pub struct PyTypeParam {
    pub header: Header,
    pub name: Slot,
    pub bound: Lazy,
    pub constraints: Lazy,
    pub default: Lazy,
    pub dict: Slot,
    covariant: Cell<bool>,
    contravariant: Cell<bool>,
    infer_variance: Cell<bool>,
}
object_impl!(
    PyTypeParam,
    TYPEVAR_TYPE,
    |this, visit| {
        visit(this.name.get());
        visit(this.dict.get());
        for l in [&this.bound, &this.constraints, &this.default] {
            l.visit(visit);
        }
    },
    |this| {
        for l in [&this.bound, &this.constraints, &this.default] {
            l.clear();
        }
        drop(this.dict.take());
    }
);

fn this(v: Value) -> &'static PyTypeParam {
    // SAFETY: called from slots and methods of the three types only; alive as long as the caller holds it.
    unsafe { &*(v.as_ptr() as *const PyTypeParam) }
}
/// Whether the value is a type parameter.
pub fn is_type_param(v: Value) -> bool {
    v.is_heap()
        && [&TYPEVAR_TYPE, &PARAMSPEC_TYPE, &TYPEVARTUPLE_TYPE]
            .iter()
            .any(|t| v.ty().is(t))
}
/// Whether the value is made by a `type` statement.
pub fn is_type_alias(v: Value) -> bool {
    v.is_exact::<PyTypeAlias>()
}

fn make(
    ty: Type,
    name: Value,
    bound: Lazy,
    constraints: Lazy,
    default: Lazy,
    variance: [bool; 3],
) -> Ref {
    alloc(
        ty,
        PyTypeParam {
            header: Header::new(ty),
            name: Slot::new(name.to_ref()),
            bound,
            constraints,
            default,
            dict: Slot::null(),
            covariant: Cell::new(variance[0]),
            contravariant: Cell::new(variance[1]),
            infer_variance: Cell::new(variance[2]),
        },
    )
}
fn none() -> Lazy {
    Lazy::new(Ref::NULL, Ref::NULL)
}

// ---------------------------------------------------------------- for the instructions

/// `INTRINSIC_TYPEVAR`.
pub fn intrinsic_typevar(name: Value) -> Ref {
    make(
        &TYPEVAR_TYPE,
        name,
        none(),
        none(),
        none(),
        [false, false, true],
    )
}
/// `INTRINSIC_TYPEVAR_WITH_BOUND`.
pub fn intrinsic_typevar_with_bound(name: Value, evaluate: Value) -> Ref {
    make(
        &TYPEVAR_TYPE,
        name,
        Lazy::new(Ref::NULL, evaluate.to_ref()),
        none(),
        none(),
        [false, false, true],
    )
}
/// `INTRINSIC_TYPEVAR_WITH_CONSTRAINTS`.
pub fn intrinsic_typevar_with_constraints(name: Value, evaluate: Value) -> Ref {
    make(
        &TYPEVAR_TYPE,
        name,
        none(),
        Lazy::new(Ref::NULL, evaluate.to_ref()),
        none(),
        [false, false, true],
    )
}
/// `INTRINSIC_PARAMSPEC`.
pub fn intrinsic_paramspec(name: Value) -> Ref {
    make(
        &PARAMSPEC_TYPE,
        name,
        none(),
        none(),
        none(),
        [false, false, true],
    )
}
/// `INTRINSIC_TYPEVARTUPLE`.
pub fn intrinsic_typevartuple(name: Value) -> Ref {
    make(
        &TYPEVARTUPLE_TYPE,
        name,
        none(),
        none(),
        none(),
        [false, false, false],
    )
}
/// `INTRINSIC_SET_TYPEPARAM_DEFAULT`.
pub fn intrinsic_set_typeparam_default(param: Value, evaluate: Value) -> PyResult {
    if !is_type_param(param) {
        return err!(
            TypeError,
            "Expected a type param, got {}",
            protocol::repr_text(param)?
        );
    }
    this(param).default.evaluate.set(evaluate.to_ref());
    Ok(param.to_ref())
}
/// `INTRINSIC_TYPEALIAS`: `(name, type parameters or None, function)`.
pub fn intrinsic_typealias(parts: Value) -> PyResult {
    let [name, params, compute] = tuple::as_slice(parts) else {
        return err!(SystemError, "bad arguments of a type statement");
    };
    Ok(make_alias(
        *name,
        if params.is_none() {
            Value::NULL
        } else {
            *params
        },
        Ref::NULL,
        compute.to_ref(),
        Ref::NULL,
    ))
}
/// `INTRINSIC_SUBSCRIPT_GENERIC`: `Generic[params]`.
pub fn intrinsic_subscript_generic(params: Value) -> PyResult {
    let unpacked = unpack_typevartuples(params)?;
    call_typing("_GenericAlias", &[GENERIC_TYPE.value(), *unpacked])
}

fn call_typing(name: &str, args: &[Value]) -> PyResult {
    let m = (crate::vm::hooks().import)("typing")?;
    let f = protocol::getattr_str(*m, name)?;
    protocol::call(*f, args)
}

/// `Unpack[Ts]`.
fn unpack(v: Value) -> PyResult {
    let m = (crate::vm::hooks().import)("typing")?;
    let u = protocol::getattr_str(*m, "Unpack")?;
    protocol::getitem(*u, v)
}
fn unpack_typevartuples(params: Value) -> PyResult {
    let mut out = Vec::new();
    for p in tuple::as_slice(params) {
        out.push(if p.is_heap() && p.ty().is(&TYPEVARTUPLE_TYPE) {
            unpack(*p)?
        } else {
            p.to_ref()
        });
    }
    Ok(tuple::from_refs(out))
}

/// `__name__` of the module whose code is running.
fn caller_module() -> Ref {
    let frame = crate::vm::vm().frame.get();
    if frame.is_null() {
        return Ref::NONE;
    }
    // SAFETY: the thread's current frame is live.
    let globals = unsafe { (*frame).globals.get() };
    if globals.is_null() || !dict::is_dict(globals) {
        return Ref::NONE;
    }
    match dict::get(globals, names().__name__) {
        Ok(v) if !v.is_null() => v.to_ref(),
        _ => Ref::NONE,
    }
}
fn set_module(v: &Ref) -> PyResult<()> {
    let m = caller_module();
    if !m.is_none() {
        protocol::setattr(**v, names().__module__, *m)?;
    }
    Ok(())
}
fn check_name(v: Value, function: &str) -> PyResult<()> {
    if !strings::is_str(v) {
        return err!(
            TypeError,
            "{function}() argument 'name' must be str, not {}",
            v.type_name()
        );
    }
    Ok(())
}
/// A bound: None and types as they are, anything else through `typing`.
fn type_check(v: Value, message: &str) -> PyResult {
    if v.is_none() {
        return Ok(crate::types::NONE_TYPE.to_ref());
    }
    if as_type(v).is_some() || generic_alias::is_alias(v) || union_type::union_args(&v).is_some() {
        return Ok(v.to_ref());
    }
    call_typing("_type_check", &[v, *strings::new_str(message)])
}
fn given_default(v: Value) -> Lazy {
    if v.is_null() || v.is(*no_default()) {
        none()
    } else {
        Lazy::new(v.to_ref(), Ref::NULL)
    }
}
fn flag(v: Value) -> PyResult<bool> {
    if v.is_null() {
        Ok(false)
    } else {
        protocol::is_true(v)
    }
}

// ---------------------------------------------------------------- shared methods

fn param_repr(v: Value) -> PyResult {
    let p = this(v);
    let sign = if p.infer_variance.get() || v.ty().is(&TYPEVARTUPLE_TYPE) {
        ""
    } else if p.covariant.get() {
        "+"
    } else if p.contravariant.get() {
        "-"
    } else {
        "~"
    };
    Ok(strings::new_str(&format!(
        "{sign}{}",
        strings::expect(p.name.get())
    )))
}
fn param_or(a: Value, b: Value) -> PyResult {
    let f = protocol::getattr(union_type::UNION_TYPE.value(), names().__class_getitem__)?;
    protocol::call(*f, &[*tuple::from_values(&[a, b])])
}
fn param_name(v: Value) -> PyResult {
    Ok(this(v).name.get_ref())
}
fn has_default(a: &[Value]) -> PyResult {
    let d = &this(a[0]).default;
    Ok(Ref::bool(
        !d.evaluate.is_null() || (!d.value.is_null() && !d.value.get().is(*no_default())),
    ))
}
fn get_default(v: Value) -> PyResult {
    this(v).default.get(*no_default())
}
fn reduce(a: &[Value]) -> PyResult {
    Ok(this(a[0]).name.get_ref())
}
fn mro_entries(a: &[Value]) -> PyResult {
    err!(
        TypeError,
        "Cannot subclass an instance of {}",
        a[0].ty().name()
    )
}

/// The arguments with the default added where `self` is the next parameter.
fn prepare_with_default(a: &[Value]) -> PyResult {
    let (this_param, alias, args) = (a[0], a[1], a[2]);
    let params = protocol::getattr(alias, names().__parameters__)?;
    let given_args = protocol::to_vec(args)?;
    let given = given_args.len();
    let index = protocol::to_vec(*params)?
        .iter()
        .position(|p| p.is(this_param))
        .unwrap_or(0);
    if index < given {
        return Ok(args.to_ref());
    }
    if index == given {
        let d = get_default(this_param)?;
        if !d.is(*no_default()) {
            let mut all = given_args;
            all.push(d);
            return Ok(tuple::from_refs(all));
        }
    }
    err!(
        TypeError,
        "Too few arguments for {}",
        protocol::str_text(alias)?
    )
}

// ---------------------------------------------------------------- TypeVar

fn typevar_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static SIG: Signature = Signature::new(
        "typevar(name, *constraints, bound=None, default=typing.NoDefault, covariant=False, contravariant=False, infer_variance=False)",
    );
    SIG.bind(args, kwnames, |a| {
        check_name(a[0], "typevar")?;
        let (co, contra, infer) = (flag(a[4])?, flag(a[5])?, flag(a[6])?);
        if co && contra {
            return err!(ValueError, "Bivariant types are not supported.");
        }
        if infer && (co || contra) {
            return err!(
                ValueError,
                "Variance cannot be specified with infer_variance."
            );
        }
        let bound = if a[2].is_none_or_null() {
            Ref::NULL
        } else {
            type_check(a[2], "Bound must be a type.")?
        };
        let constraints = tuple::as_slice(a[1]);
        if constraints.len() == 1 {
            return err!(TypeError, "A single constraint is not allowed");
        }
        if !constraints.is_empty() && !bound.is_null() {
            return err!(TypeError, "Constraints cannot be combined with bound=...");
        }
        let mut checked = Vec::new();
        for c in constraints {
            checked.push(type_check(
                *c,
                "TypeVar(name, constraint, ...): constraints must be types.",
            )?);
        }
        let constraints = if checked.is_empty() {
            Ref::NULL
        } else {
            tuple::from_refs(checked)
        };
        let r = make(
            ty,
            a[0],
            Lazy::new(bound, Ref::NULL),
            Lazy::new(constraints, Ref::NULL),
            given_default(a[3]),
            [co, contra, infer],
        );
        set_module(&r)?;
        Ok(r)
    })
}

const COVARIANT: MemberDef = MemberDef::ro("__covariant__", "", |v| {
    Ok(Ref::bool(this(v).covariant.get()))
});
const CONTRAVARIANT: MemberDef = MemberDef::ro("__contravariant__", "", |v| {
    Ok(Ref::bool(this(v).contravariant.get()))
});
const INFER_VARIANCE: MemberDef = MemberDef::ro("__infer_variance__", "", |v| {
    Ok(Ref::bool(this(v).infer_variance.get()))
});

pub static TYPEVAR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "typing.TypeVar",
    doc: "Type variable.\n\nStands for a type that is chosen where a generic is used; it may be bound to a base class or restricted to some types.",
    flags: TypeFlags::HAVE_GC | TypeFlags::WEAKREFABLE,
    slots: Slots {
        new: Some(typevar_new),
        repr: Some(param_repr),
        or: Some(param_or),
        ..Slots::of::<PyTypeParam>()
    },
    methods: &[
        MethodDef::new("__typing_subst__($self, arg, /)", "", |a| {
            call_typing("_typevar_subst", a)
        }),
        MethodDef::new(
            "__typing_prepare_subst__($self, alias, args, /)",
            "",
            prepare_with_default,
        ),
        MethodDef::new("__reduce__($self, /)", "", reduce),
        MethodDef::new("has_default($self, /)", "", has_default),
        MethodDef::new("__mro_entries__($self, object, /)", "", mro_entries),
    ],
    members: &[
        MemberDef::ro("__name__", "", param_name),
        COVARIANT,
        CONTRAVARIANT,
        INFER_VARIANCE,
    ],
    getset: &[
        GetSetDef::ro("__bound__", "", |v| this(v).bound.get(Value::NONE)),
        GetSetDef::ro("__constraints__", "", |v| {
            let c = &this(v).constraints;
            if c.value.is_null() && c.evaluate.is_null() {
                Ok(tuple::empty())
            } else {
                c.get(Value::NONE)
            }
        }),
        GetSetDef::ro("__default__", "", get_default),
        GetSetDef::ro("evaluate_bound", "", |v| this(v).bound.evaluator()),
        GetSetDef::ro("evaluate_constraints", "", |v| {
            this(v).constraints.evaluator()
        }),
        GetSetDef::ro("evaluate_default", "", |v| this(v).default.evaluator()),
    ],
    dict_offset: offset_of!(PyTypeParam, dict),
    ..TypeSpec::of::<PyTypeParam>()
});

// ---------------------------------------------------------------- ParamSpec

fn paramspec_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static SIG: Signature = Signature::new(
        "paramspec(name, *, bound=None, default=typing.NoDefault, covariant=False, contravariant=False, infer_variance=False)",
    );
    SIG.bind(args, kwnames, |a| {
        check_name(a[0], "paramspec")?;
        let (co, contra, infer) = (flag(a[3])?, flag(a[4])?, flag(a[5])?);
        if co && contra {
            return err!(ValueError, "Bivariant types are not supported.");
        }
        if infer && (co || contra) {
            return err!(
                ValueError,
                "Variance cannot be specified with infer_variance."
            );
        }
        let bound = if a[1].is_none_or_null() {
            Ref::NULL
        } else {
            type_check(a[1], "Bound must be a type.")?
        };
        let r = make(
            ty,
            a[0],
            Lazy::new(bound, Ref::NULL),
            none(),
            given_default(a[2]),
            [co, contra, infer],
        );
        set_module(&r)?;
        Ok(r)
    })
}

pub static PARAMSPEC_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "typing.ParamSpec",
    doc: "Parameter specification variable.\n\nStands for the parameters of a callable.",
    flags: TypeFlags::HAVE_GC | TypeFlags::WEAKREFABLE,
    slots: Slots {
        new: Some(paramspec_new),
        repr: Some(param_repr),
        or: Some(param_or),
        ..Slots::of::<PyTypeParam>()
    },
    methods: &[
        MethodDef::new("__typing_subst__($self, arg, /)", "", |a| {
            call_typing("_paramspec_subst", a)
        }),
        MethodDef::new("__typing_prepare_subst__($self, alias, args, /)", "", |a| {
            call_typing("_paramspec_prepare_subst", a)
        }),
        MethodDef::new("has_default($self, /)", "", has_default),
        MethodDef::new("__reduce__($self, /)", "", reduce),
        MethodDef::new("__mro_entries__($self, object, /)", "", mro_entries),
    ],
    members: &[
        MemberDef::ro("__name__", "", param_name),
        MemberDef::ro("__bound__", "", |v| this(v).bound.get(Value::NONE)),
        COVARIANT,
        CONTRAVARIANT,
        INFER_VARIANCE,
    ],
    getset: &[
        GetSetDef::ro("args", "Represents positional arguments.", |v| {
            Ok(part(&PARAMSPECARGS_TYPE, v))
        }),
        GetSetDef::ro("kwargs", "Represents keyword arguments.", |v| {
            Ok(part(&PARAMSPECKWARGS_TYPE, v))
        }),
        GetSetDef::ro(
            "__default__",
            "The default value for this ParamSpec.",
            get_default,
        ),
        GetSetDef::ro("evaluate_default", "", |v| this(v).default.evaluator()),
    ],
    dict_offset: offset_of!(PyTypeParam, dict),
    ..TypeSpec::of::<PyTypeParam>()
});

/// `P.args` or `P.kwargs`.
#[repr(C)]
pub struct PyParamSpecPart {
    header: Header,
    origin: Slot,
}
object_impl!(
    PyParamSpecPart,
    PARAMSPECARGS_TYPE,
    |this, visit| visit(this.origin.get()),
    |_this| {}
);

fn part(ty: Type, origin: Value) -> Ref {
    alloc(
        ty,
        PyParamSpecPart {
            header: Header::new(ty),
            origin: Slot::new(origin.to_ref()),
        },
    )
}
fn part_origin(v: Value) -> Ref {
    // SAFETY: called from slots and methods of the two types only.
    unsafe { v.cast_unchecked::<PyParamSpecPart>() }
        .origin
        .get_ref()
}
fn part_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static SIG: Signature = Signature::new("paramspecargs(origin)");
    SIG.bind(args, kwnames, |a| Ok(part(ty, a[0])))
}
fn part_text(v: Value, what: &str) -> PyResult {
    let o = part_origin(v);
    if o.is_heap() && o.ty().is(&PARAMSPEC_TYPE) {
        return Ok(strings::new_str(&format!(
            "{}.{what}",
            strings::expect(this(*o).name.get())
        )));
    }
    Ok(strings::new_str(&format!(
        "{}.{what}",
        protocol::repr_text(*o)?
    )))
}
fn part_compare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if !a.ty().is(b.ty()) || !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    protocol::richcompare(*part_origin(a), *part_origin(b), op)
}
const PART_METHODS: &[MethodDef] = &[MethodDef::new(
    "__mro_entries__($self, object, /)",
    "",
    mro_entries,
)];
const PART_MEMBERS: &[MemberDef] = &[MemberDef::ro("__origin__", "", |v| Ok(part_origin(v)))];

pub static PARAMSPECARGS_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "typing.ParamSpecArgs",
    doc: "The args for a ParamSpec object.",
    flags: TypeFlags::HAVE_GC | TypeFlags::WEAKREFABLE,
    slots: Slots {
        new: Some(part_new),
        repr: Some(|v| part_text(v, "args")),
        richcompare: Some(part_compare),
        ..Slots::of::<PyParamSpecPart>()
    },
    methods: PART_METHODS,
    members: PART_MEMBERS,
    ..TypeSpec::of::<PyParamSpecPart>()
});
pub static PARAMSPECKWARGS_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "typing.ParamSpecKwargs",
    doc: "The kwargs for a ParamSpec object.",
    flags: TypeFlags::HAVE_GC | TypeFlags::WEAKREFABLE,
    slots: Slots {
        new: Some(part_new),
        repr: Some(|v| part_text(v, "kwargs")),
        richcompare: Some(part_compare),
        ..Slots::of::<PyParamSpecPart>()
    },
    methods: PART_METHODS,
    members: PART_MEMBERS,
    ..TypeSpec::of::<PyParamSpecPart>()
});

// ---------------------------------------------------------------- TypeVarTuple

fn typevartuple_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static SIG: Signature = Signature::new("typevartuple(name, *, default=typing.NoDefault)");
    SIG.bind(args, kwnames, |a| {
        check_name(a[0], "typevartuple")?;
        let r = make(ty, a[0], none(), none(), given_default(a[1]), [false; 3]);
        set_module(&r)?;
        Ok(r)
    })
}
fn iter_unpacked(v: Value) -> PyResult {
    let t = tuple::of([unpack(v)?]);
    protocol::iter(*t)
}

pub static TYPEVARTUPLE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "typing.TypeVarTuple",
    doc: "Type variable tuple.\n\nStands for any number of types.",
    flags: TypeFlags::HAVE_GC | TypeFlags::WEAKREFABLE,
    slots: Slots {
        new: Some(typevartuple_new),
        repr: Some(param_repr),
        iter: Some(iter_unpacked),
        ..Slots::of::<PyTypeParam>()
    },
    methods: &[
        MethodDef::new("__typing_subst__($self, arg, /)", "", |_| {
            err!(
                TypeError,
                "Substitution of bare TypeVarTuple is not supported"
            )
        }),
        MethodDef::new("__typing_prepare_subst__($self, alias, args, /)", "", |a| {
            call_typing("_typevartuple_prepare_subst", a)
        }),
        MethodDef::new("__reduce__($self, /)", "", reduce),
        MethodDef::new("has_default($self, /)", "", has_default),
        MethodDef::new("__mro_entries__($self, object, /)", "", mro_entries),
    ],
    members: &[MemberDef::ro("__name__", "", param_name)],
    getset: &[
        GetSetDef::ro(
            "__default__",
            "The default value for this TypeVarTuple.",
            get_default,
        ),
        GetSetDef::ro("evaluate_default", "", |v| this(v).default.evaluator()),
    ],
    dict_offset: offset_of!(PyTypeParam, dict),
    ..TypeSpec::of::<PyTypeParam>()
});

// ---------------------------------------------------------------- TypeAliasType

/// What a `type` statement makes.
#[repr(C)]
pub struct PyTypeAlias {
    header: Header,
    name: Slot,
    /// A tuple, or NULL.
    params: Slot,
    value: Lazy,
    module: Slot,
}
object_impl!(
    PyTypeAlias,
    TYPE_ALIAS_TYPE,
    |this, visit| {
        for s in [&this.name, &this.params, &this.module] {
            visit(s.get());
        }
        this.value.visit(visit);
    },
    |this| {
        drop(this.params.take());
        drop(this.module.take());
        this.value.clear();
    }
);
fn alias(v: Value) -> &'static PyTypeAlias {
    // SAFETY: called from slots and methods of the type only; alive as long as the caller holds it.
    unsafe { &*(v.as_ptr() as *const PyTypeAlias) }
}
fn make_alias(name: Value, params: Value, value: Ref, compute: Ref, module: Ref) -> Ref {
    let params = if params.is_null() || tuple::as_slice(params).is_empty() {
        Ref::NULL
    } else {
        params.to_ref()
    };
    new_object(PyTypeAlias {
        header: Header::new(&TYPE_ALIAS_TYPE),
        name: Slot::new(name.to_ref()),
        params: Slot::new(params),
        value: Lazy::new(value, compute),
        module: Slot::new(module),
    })
}
fn alias_new(_ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static SIG: Signature = Signature::new("typealias(name, value, *, type_params=())");
    SIG.bind(args, kwnames, |a| {
        check_name(a[0], "typealias")?;
        if !a[2].is_null() {
            if !tuple::is_tuple(a[2]) {
                return err!(TypeError, "type_params must be a tuple");
            }
            let mut seen_default = false;
            for p in tuple::as_slice(a[2]) {
                if !is_type_param(*p) {
                    return err!(
                        TypeError,
                        "Expected a type param, got {}",
                        protocol::repr_text(*p)?
                    );
                }
                if protocol::is_true(*has_default(&[*p])?)? {
                    seen_default = true;
                } else if seen_default {
                    return err!(
                        TypeError,
                        "non-default type parameter '{}' follows default type parameter",
                        protocol::str_text(*p)?
                    );
                }
            }
        }
        let module = caller_module();
        Ok(make_alias(
            a[0],
            a[2],
            a[1].to_ref(),
            Ref::NULL,
            if module.is_none() { Ref::NULL } else { module },
        ))
    })
}
fn alias_module(v: Value) -> PyResult {
    let a = alias(v);
    if !a.module.is_null() {
        return Ok(a.module.get_ref());
    }
    if let Some(f) = a.value.evaluate.get().cast_exact::<PyFunction>() {
        return Ok(f.module.get().or(Value::NONE).to_ref());
    }
    Ok(Ref::NONE)
}
fn alias_params(v: Value) -> Ref {
    let a = alias(v);
    if a.params.is_null() {
        tuple::empty()
    } else {
        a.params.get_ref()
    }
}
fn alias_subscript(v: Value, item: Value) -> PyResult {
    if alias(v).params.is_null() {
        return err!(TypeError, "Only generic type aliases are subscriptable");
    }
    generic_alias::new_alias(v, item)
}

pub static TYPE_ALIAS_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "typing.TypeAliasType",
    doc: "Type alias.\n\nWhat the type statement makes: a name for a type whose value is computed when asked for.",
    flags: TypeFlags::HAVE_GC | TypeFlags::WEAKREFABLE,
    slots: Slots {
        new: Some(alias_new),
        repr: Some(|v| Ok(alias(v).name.get_ref())),
        iter: Some(iter_unpacked),
        or: Some(param_or),
        subscript: Some(alias_subscript),
        ..Slots::of::<PyTypeAlias>()
    },
    methods: &[MethodDef::new("__reduce__($self, /)", "", |a| {
        Ok(alias(a[0]).name.get_ref())
    })],
    members: &[MemberDef::ro("__name__", "", |v| {
        Ok(alias(v).name.get_ref())
    })],
    getset: &[
        GetSetDef::ro("__parameters__", "", |v| {
            unpack_typevartuples(*alias_params(v))
        }),
        GetSetDef::ro("__type_params__", "", |v| Ok(alias_params(v))),
        GetSetDef::ro("__value__", "", |v| alias(v).value.get(Value::NONE)),
        GetSetDef::ro("evaluate_value", "", |v| alias(v).value.evaluator()),
        GetSetDef::ro("__module__", "", alias_module),
    ],
    ..TypeSpec::of::<PyTypeAlias>()
});

// ---------------------------------------------------------------- constant evaluators

/// A function that gives a known value, or its text.
#[repr(C)]
pub struct ConstEvaluator {
    header: Header,
    value: Slot,
}
object_impl!(
    ConstEvaluator,
    CONST_EVALUATOR_TYPE,
    |this, visit| visit(this.value.get()),
    |this| drop(this.value.take())
);

fn evaluator_value(v: Value) -> Ref {
    // SAFETY: called from slots of the type only.
    unsafe { v.cast_unchecked::<ConstEvaluator>() }
        .value
        .get()
        .or(Value::NONE)
        .to_ref()
}
fn evaluator_call(v: Value, args: &[Value], kwnames: Value) -> PyResult {
    static SIG: Signature = Signature::new("constevaluator.__call__(format)");
    SIG.bind(args, kwnames, |a| {
        let value = evaluator_value(v);
        // Format 4 is STRING.
        if a[0].as_small_int() != Some(4) {
            return Ok(value);
        }
        if tuple::is_tuple(*value) {
            let mut parts = Vec::new();
            for x in tuple::as_slice(*value) {
                parts.push(generic_alias::type_text(*x)?);
            }
            let comma = if parts.len() == 1 { "," } else { "" };
            return Ok(strings::new_str(&format!("({}{comma})", parts.join(", "))));
        }
        Ok(strings::new_str(&generic_alias::type_text(*value)?))
    })
}
pub static CONST_EVALUATOR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "_typing._ConstEvaluator",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        repr: Some(|v| {
            Ok(strings::new_str(&format!(
                "<constevaluator {}>",
                protocol::repr_text(*evaluator_value(v))?
            )))
        }),
        call: Some(evaluator_call),
        ..Slots::of::<ConstEvaluator>()
    },
    ..TypeSpec::of::<ConstEvaluator>()
});

// ---------------------------------------------------------------- Generic, NoDefault

fn forward_to_typing(name: &str, args: &[Value], kwnames: Value) -> PyResult {
    let m = (crate::vm::hooks().import)("typing")?;
    let f = protocol::getattr_str(*m, name)?;
    protocol::call_kw(*f, args, kwnames)
}

pub static GENERIC_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "typing.Generic",
    doc: "Abstract base class for generic types.\n\nOn Python 3.12 and newer, generic classes implicitly inherit from it when\nthey declare a parameter list after the class's name.",
    flags: TypeFlags::BASETYPE,
    slots: Slots::of::<crate::object_methods::PyObject>(),
    methods: &[
        MethodDef::raw(
            "__class_getitem__",
            "Parameterizes a generic class.",
            |a, k| forward_to_typing("_generic_class_getitem", a, k),
        )
        .class(),
        MethodDef::raw(
            "__init_subclass__",
            "Function to initialize subclasses.",
            |a, k| forward_to_typing("_generic_init_subclass", a, k),
        )
        .class(),
    ],
    ..TypeSpec::of::<crate::object_methods::PyObject>()
});

static NO_DEFAULT: OnceSlot = OnceSlot(Slot::null());
struct OnceSlot(Slot);
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for OnceSlot {}

/// `typing.NoDefault`.
pub fn no_default() -> Ref {
    if NO_DEFAULT.0.is_null() {
        let r = new_object(PyNoDefault {
            header: Header::new(&NO_DEFAULT_TYPE),
        });
        // SAFETY: a heap object.
        unsafe { (*r.as_ptr()).set_immortal() };
        NO_DEFAULT.0.set(r);
    }
    NO_DEFAULT.0.get_ref()
}

/// Layout of `NoDefault`.
#[repr(C)]
pub struct PyNoDefault {
    header: Header,
}
object_impl!(PyNoDefault, NO_DEFAULT_TYPE);

pub static NO_DEFAULT_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "NoDefaultType",
    doc: "The type of the NoDefault singleton.",
    slots: Slots {
        new: Some(|_, args, _| {
            if !args.is_empty() {
                return err!(TypeError, "NoDefaultType takes no arguments");
            }
            Ok(no_default())
        }),
        repr: Some(|_| Ok(strings::new_str("typing.NoDefault"))),
        ..Slots::of::<PyNoDefault>()
    },
    methods: &[MethodDef::new("__reduce__($self, /)", "", |_| {
        Ok(strings::new_str("NoDefault"))
    })],
    ..TypeSpec::of::<PyNoDefault>()
});
