//! BaseExceptionGroup and ExceptionGroup, and what `except*` needs of them.
//!
//! Fields: message, exceptions (a tuple), the text of the exceptions if they came in neither a list nor a tuple.

use crate::err::PyResult;
use crate::exception_fields::get_field;
use crate::exception_methods::{args_of, base_init, keyword_count};
use crate::exceptions::{
    self, BaseExceptionGroup, ExceptionGroup, alloc_exception, expect, is_exception,
};
use crate::names::names;
use crate::native::{MemberDef, MethodDef};
use crate::typeobject::{Type, as_type};
use crate::value::{Ref, Value};
use crate::{err, list, protocol, strings, tuple};

/// Whether the value is an exception group.
pub fn is_group(v: Value) -> bool {
    is_exception(v) && v.ty().is_subtype(&BaseExceptionGroup)
}

fn members(v: Value) -> &'static [Value] {
    let t = expect(v).field(1);
    if t.is_null() { &[] } else { tuple::as_slice(t) }
}

pub(crate) fn group_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    let args = &args[..args.len() - keyword_count(kwnames)];
    let [message, excs] = args else {
        return err!(
            TypeError,
            "BaseExceptionGroup.__new__() takes exactly 2 arguments ({} given)",
            args.len()
        );
    };
    if !strings::is_str(*message) {
        return err!(
            TypeError,
            "BaseExceptionGroup.__new__() argument 1 must be str, not {}",
            message.type_name()
        );
    }
    if excs.ty().slots().item.is_none() || crate::dict::is_dict(*excs) {
        return err!(TypeError, "second argument (exceptions) must be a sequence");
    }
    let items = tuple::from_refs(protocol::to_vec(*excs)?);
    let all = tuple::as_slice(*items);
    if all.is_empty() {
        return err!(
            ValueError,
            "second argument (exceptions) must be a non-empty sequence"
        );
    }
    let mut has_base = false;
    for (i, e) in all.iter().enumerate() {
        if !is_exception(*e) {
            return err!(
                ValueError,
                "Item {i} of second argument (exceptions) is not an exception"
            );
        }
        has_base |= !e.ty().is_subtype(&exceptions::Exception);
    }
    let mut ty = ty;
    if ty.is(&BaseExceptionGroup) {
        if !has_base {
            ty = &ExceptionGroup;
        }
    } else if has_base {
        if ty.is(&ExceptionGroup) {
            return err!(TypeError, "Cannot nest BaseExceptions in an ExceptionGroup");
        }
        if ty.is_subtype(&exceptions::Exception) {
            return err!(TypeError, "Cannot nest BaseExceptions in '{}'", ty.name());
        }
    }
    let text = if list::is_list(*excs) || excs.is_exact::<tuple::PyTuple>() {
        Ref::NULL
    } else {
        protocol::repr(*excs)?
    };
    let r = alloc_exception(ty, tuple::from_values(args));
    let e = expect(*r);
    e.set_field(0, message.to_ref());
    e.set_field(1, items);
    if !text.is_null() {
        e.set_field(2, text);
    }
    Ok(r)
}

pub(crate) fn group_init(this: Value, args: &[Value], kwnames: Value) -> PyResult<()> {
    base_init(this, args, kwnames)
}

pub(crate) fn group_str(this: Value) -> PyResult {
    let n = members(this).len();
    let mut out = strings::StrBuilder::new();
    out.push_pystr(strings::expect(*protocol::str(*get_field(this, 0)?)?));
    out.push_str(&format!(
        " ({n} sub-exception{})",
        if n > 1 { "s" } else { "" }
    ));
    Ok(out.finish())
}

pub(crate) fn group_repr(this: Value) -> PyResult {
    let e = expect(this);
    let text = if !e.field(2).is_null() {
        e.field(2).to_ref()
    } else if matches!(args_of(this), [_, v] if list::is_list(*v)) {
        let l = list::new_list(members(this).iter().map(|v| v.to_ref()).collect());
        protocol::repr(*l)?
    } else {
        let t = get_field(this, 1)?;
        protocol::repr(*t)?
    };
    let mut out = strings::StrBuilder::new();
    out.push_str(this.ty().name());
    out.push_str("(");
    out.push_pystr(strings::expect(*protocol::repr(*get_field(this, 0)?)?));
    out.push_str(", ");
    out.push_pystr(strings::expect(*text));
    out.push_str(")");
    Ok(out.finish())
}

fn derive(a: &[Value]) -> PyResult {
    let msg = get_field(a[0], 0)?;
    protocol::call(BaseExceptionGroup.value(), &[*msg, a[1]])
}

/// A group of some of the members, by `derive`, with traceback, chain and notes of the original; None for no members.
fn subset(orig: Value, items: Vec<Ref>) -> PyResult {
    if items.is_empty() {
        return Ok(Ref::NONE);
    }
    let l = list::new_list(items);
    let eg = protocol::call_method_str(orig, "derive", &[*l])?;
    if !is_group(*eg) {
        return err!(
            TypeError,
            "derive must return an instance of BaseExceptionGroup"
        );
    }
    let (o, n) = (expect(orig), expect(*eg));
    if !o.traceback.is_null() {
        n.traceback.set(o.traceback.get_ref());
    }
    n.context.set(o.context.get_ref());
    n.cause.set(o.cause.get_ref());
    n.suppress_context
        .set(o.suppress_context.get() || n.suppress_context.get());
    if let Some(notes) = protocol::getattr_opt(orig, names().__notes__)?
        && (list::is_list(*notes) || tuple::is_tuple(*notes))
    {
        let copy = list::new_list(protocol::to_vec(*notes)?);
        protocol::setattr(*eg, names().__notes__, *copy)?;
    }
    Ok(eg)
}

/// How `split` and `subgroup` choose.
enum Matcher {
    /// A type or a tuple of types.
    Types(Ref),
    Predicate(Ref),
    /// Identities of the leaves to keep.
    Leaves(std::collections::HashSet<u64>),
}

impl Matcher {
    fn new(v: Value) -> PyResult<Matcher> {
        let is_exception_type =
            |t: Value| as_type(t).is_some_and(|t| t.is_subtype(&exceptions::BaseException));
        if is_exception_type(v)
            || (tuple::is_tuple(v) && tuple::as_slice(v).iter().all(|t| is_exception_type(*t)))
        {
            return Ok(Matcher::Types(v.to_ref()));
        }
        if as_type(v).is_none() && v.ty().slots().call.is_some() {
            return Ok(Matcher::Predicate(v.to_ref()));
        }
        err!(
            TypeError,
            "expected an exception type, a tuple of exception types, or a callable (other than a class)"
        )
    }
    fn matches(&self, exc: Value) -> PyResult<bool> {
        match self {
            Matcher::Types(t) => Ok(exception_matches(exc, **t)),
            Matcher::Predicate(f) => {
                let r = protocol::call(**f, &[exc])?;
                protocol::is_true(*r)
            }
            Matcher::Leaves(ids) => Ok(!is_group(exc) && ids.contains(&exc.bits())),
        }
    }
}

/// Whether an exception is an instance of the type or of one of the types in the tuple.
pub fn exception_matches(exc: Value, types: Value) -> bool {
    if tuple::is_tuple(types) {
        return tuple::as_slice(types)
            .iter()
            .any(|t| exception_matches(exc, *t));
    }
    as_type(types).is_some_and(|t| exc.ty().is_subtype(t))
}

/// `(match, rest)`, each None if empty; `rest` is None if it is not wanted.
fn split_recursive(exc: Value, m: &Matcher, want_rest: bool) -> PyResult<(Ref, Ref)> {
    crate::vm::vm().check_native_stack(" in exceptiongroup_split_recursive")?;
    if m.matches(exc)? {
        return Ok((exc.to_ref(), Ref::NONE));
    }
    if !is_group(exc) {
        return Ok((Ref::NONE, if want_rest { exc.to_ref() } else { Ref::NONE }));
    }
    let (mut yes, mut no) = (Vec::new(), Vec::new());
    let items = get_field(exc, 1)?;
    for e in tuple::as_slice(*items) {
        let (a, b) = split_recursive(*e, m, want_rest)?;
        if !a.is_none() {
            yes.push(a);
        }
        if !b.is_none() {
            no.push(b);
        }
    }
    let matched = subset(exc, yes)?;
    let rest = if want_rest {
        subset(exc, no)?
    } else {
        Ref::NONE
    };
    Ok((matched, rest))
}

/// `group.split(types)`, for `except*`: `(match, rest)`.
pub fn split(exc: Value, matcher: Value) -> PyResult<(Ref, Ref)> {
    split_recursive(exc, &Matcher::new(matcher)?, true)
}

fn split_method(a: &[Value]) -> PyResult {
    let (yes, no) = split(a[0], a[1])?;
    Ok(tuple::of([yes, no]))
}

fn subgroup(a: &[Value]) -> PyResult {
    Ok(split_recursive(a[0], &Matcher::new(a[1])?, false)?.0)
}

fn collect_leaves(exc: Value, out: &mut std::collections::HashSet<u64>) -> PyResult<()> {
    crate::vm::vm().check_native_stack(" in collect_exception_group_leaf_ids")?;
    if exc.is_none() {
        return Ok(());
    }
    if !is_group(exc) {
        out.insert(exc.bits());
        return Ok(());
    }
    for e in members(exc) {
        collect_leaves(*e, out)?;
    }
    Ok(())
}

fn same_metadata(a: Value, b: Value) -> PyResult<bool> {
    let (x, y) = (expect(a), expect(b));
    let notes = |v| protocol::getattr_opt(v, names().__notes__);
    let same_notes = match (notes(a)?, notes(b)?) {
        (None, None) => true,
        (Some(p), Some(q)) => p.is(*q),
        _ => false,
    };
    Ok(same_notes
        && x.traceback.get().is(y.traceback.get())
        && x.cause.get().is(y.cause.get())
        && x.context.get().is(y.context.get()))
}

/// What is to be raised after the handlers of `try … except*`: of `excs` (a list; None entries count for nothing), those raised
/// anew and those raised again (with the structure they had in `orig`); None for nothing.
pub fn prep_reraise_star(orig: Value, excs: Value) -> PyResult {
    let all: Vec<Ref> = list::expect(excs)
        .items()
        .iter()
        .filter(|e| !e.is_none())
        .cloned()
        .collect();
    if all.is_empty() {
        return Ok(Ref::NONE);
    }
    if !is_group(orig) {
        // A naked exception was wrapped: at most one handler ran.
        return Ok(all[0].clone());
    }
    let (mut raised, mut leaves, mut reraised) =
        (Vec::new(), std::collections::HashSet::new(), false);
    for e in all {
        if same_metadata(*e, orig)? {
            collect_leaves(*e, &mut leaves)?;
            reraised = true;
        } else {
            raised.push(e);
        }
    }
    let rest = if reraised {
        split_recursive(orig, &Matcher::Leaves(leaves), false)?.0
    } else {
        Ref::NONE
    };
    if raised.is_empty() {
        return Ok(rest);
    }
    if !rest.is_none() {
        raised.push(rest);
    }
    if raised.len() == 1 {
        return Ok(raised.pop().unwrap_or(Ref::NONE));
    }
    let l = list::new_list(raised);
    protocol::call(BaseExceptionGroup.value(), &[*strings::empty(), *l])
}

pub(crate) static METHODS: &[MethodDef] = &[
    MethodDef::new("__class_getitem__($type, object, /)", "See PEP 585", |a| {
        crate::generic_alias::new_alias(a[0], a[1])
    })
    .class(),
    MethodDef::new(
        "derive($self, excs, /)",
        "A group of the same kind with other members.",
        derive,
    ),
    MethodDef::new(
        "split($self, matcher_value, /)",
        "The part that matches, and the rest.",
        split_method,
    ),
    MethodDef::new(
        "subgroup($self, matcher_value, /)",
        "The part that matches, or None.",
        subgroup,
    ),
];

pub(crate) static MEMBERS: &[MemberDef] = &[
    MemberDef::ro("message", "exception message", |v| get_field(v, 0)),
    MemberDef::ro("exceptions", "nested exceptions", |v| get_field(v, 1)),
];
