//! `_functools`: partial, reduce, cmp_to_key and the lru_cache wrapper.

use std::cell::Cell;
use taipan_objects::err::PyResult;
use taipan_objects::native::{GetSetDef, MemberDef, MethodDef, ModuleDef, Signature};
use taipan_objects::object::{Header, alloc, instance, new_object};
use taipan_objects::strings::StrBuilder;
use taipan_objects::typeobject::{CompareOp, Slots, Type, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value, values};
use taipan_objects::{
    attributes, dict, err, function, generic_alias, int, module, native_class, object_impl,
    protocol, strings, tuple,
};

// ---------------------------------------------------------------- Placeholder

/// The object that stands for an argument to be given later. There is one, besides the mark between positional and keyword arguments
/// in the keys of caches.
#[repr(C)]
struct Marker {
    header: Header,
}
object_impl!(Marker, PLACEHOLDER_TYPE);
// SAFETY: never changes.
unsafe impl Sync for Marker {}
static PLACEHOLDER: Marker = Marker {
    header: Header::new_static(&PLACEHOLDER_TYPE),
};
static KEYWORD_MARK: Marker = Marker {
    header: Header::new_static(&PLACEHOLDER_TYPE),
};

fn placeholder() -> Value {
    Value::from_obj(&PLACEHOLDER)
}

fn placeholder_new(_ty: Type, args: &[Value], _kwnames: Value) -> PyResult {
    if !args.is_empty() {
        return err!(TypeError, "PlaceholderType takes no arguments");
    }
    Ok(placeholder().to_ref())
}

static PLACEHOLDER_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "functools._PlaceholderType",
    doc: "The type of the Placeholder singleton, which stands for positional arguments of partial().",
    slots: Slots {
        new: Some(placeholder_new),
        repr: Some(|_| Ok(strings::new_str("Placeholder"))),
        ..Slots::of::<Marker>()
    },
    methods: &[MethodDef::new("__reduce__($self, /)", "", |_| {
        Ok(strings::new_str("Placeholder"))
    })],
    ..TypeSpec::of::<Marker>()
});

// ---------------------------------------------------------------- partial

native_class!(Partial, PARTIAL_TYPE { func, args, keywords, dict; placeholders: Cell<usize> });

fn is_callable(v: Value) -> bool {
    v.ty().slots().call.is_some()
}

fn count_placeholders(args: &[Value]) -> usize {
    args.iter().filter(|v| v.is(placeholder())).count()
}

/// Fills the placeholders among `old` from `new` and appends the rest of `new`.
fn fill(old: &[Value], new: &[Value], out: &mut Vec<Value>) {
    let mut rest = new.iter();
    for v in old {
        out.push(if v.is(placeholder()) {
            rest.next().copied().unwrap_or(*v)
        } else {
            *v
        });
    }
    out.extend(rest);
}

fn partial_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    let kw = if kwnames.is_null() {
        &[][..]
    } else {
        tuple::as_slice(kwnames)
    };
    let npos = args.len() - kw.len();
    if npos < 1 {
        return err!(TypeError, "type 'partial' takes at least one argument");
    }
    let mut func = args[0];
    if !is_callable(func) {
        return err!(TypeError, "the first argument must be callable");
    }
    let new = &args[1..npos];
    if new.last().is_some_and(|v| v.is(placeholder())) {
        return err!(TypeError, "trailing Placeholders are not allowed");
    }
    if args[npos..].iter().any(|v| v.is(placeholder())) {
        return err!(
            TypeError,
            "Placeholder cannot be passed as a keyword argument"
        );
    }
    let mut all = Vec::new();
    let mut keywords = dict::new_dict();
    match func.cast::<Partial>() {
        Some(inner) if inner.dict.is_null() => {
            fill(tuple::as_slice(inner.args.get()), new, &mut all);
            keywords = dict::copy(inner.keywords.get());
            func = inner.func.get();
        }
        _ => all.extend_from_slice(new),
    }
    for (k, v) in kw.iter().zip(&args[npos..]) {
        dict::set(*keywords, *k, *v)?;
    }
    Ok(alloc(
        ty,
        Partial {
            header: Header::new(ty),
            func: Slot::new(func.to_ref()),
            placeholders: Cell::new(count_placeholders(&all)),
            args: Slot::new(tuple::from_values(&all)),
            keywords: Slot::new(keywords),
            dict: Slot::null(),
        },
    ))
}

fn partial_call(v: Value, args: &[Value], kwnames: Value) -> PyResult {
    let this = instance::<Partial>(v);
    let nkw = if kwnames.is_null() {
        0
    } else {
        tuple::as_slice(kwnames).len()
    };
    let npos = args.len() - nkw;
    let n = this.placeholders.get();
    if npos < n {
        return err!(
            TypeError,
            "missing positional arguments in 'partial' call; expected at least {n}, got {npos}"
        );
    }
    // Held during the call: __setstate__ may replace them.
    let (func, own, keywords) = (
        this.func.get_ref(),
        this.args.get_ref(),
        this.keywords.get_ref(),
    );
    let own = tuple::as_slice(*own);
    let keywords = dict::expect(*keywords);
    let mut all = Vec::with_capacity(own.len() + args.len() + keywords.len());
    if n == 0 {
        all.extend_from_slice(own);
        all.extend_from_slice(&args[..npos]);
    } else {
        fill(own, &args[..npos], &mut all);
    }
    if keywords.len() == 0 {
        all.extend_from_slice(&args[npos..]);
        return protocol::call_kw(*func, &all, kwnames);
    }
    let given = if kwnames.is_null() {
        &[][..]
    } else {
        tuple::as_slice(kwnames)
    };
    let (mut names, mut held) = (Vec::new(), Vec::new());
    let mut used = vec![false; given.len()];
    let mut pos = 0;
    while let Some((k, v)) = keywords.next_entry(&mut pos) {
        let mut v = v;
        for (i, g) in given.iter().enumerate() {
            if !used[i] && protocol::eq(k, *g)? {
                v = args[npos + i];
                used[i] = true;
            }
        }
        names.push(k.to_ref());
        held.push(v.to_ref());
    }
    for (i, g) in given.iter().enumerate() {
        if !used[i] {
            names.push(g.to_ref());
            held.push(args[npos + i].to_ref());
        }
    }
    all.extend_from_slice(values(&held));
    let names = tuple::from_refs(names);
    protocol::call_kw(*func, &all, *names)
}

fn partial_repr(v: Value) -> PyResult {
    let this = instance::<Partial>(v);
    let ty = v.ty();
    let name = if ty.is(&PARTIAL_TYPE) {
        String::from("functools.partial")
    } else {
        let module = protocol::getattr_str(ty.value(), "__module__")?;
        let qualname = protocol::getattr_str(ty.value(), "__qualname__")?;
        format!(
            "{}.{}",
            protocol::str_text(*module)?,
            protocol::str_text(*qualname)?
        )
    };
    if !protocol::repr_enter(v) {
        return Ok(strings::new_str(&format!("{name}(...)")));
    }
    let r = (|| {
        let mut out = StrBuilder::new();
        out.push_str(&name);
        out.push_str("(");
        let (func, args, keywords) = (
            this.func.get_ref(),
            this.args.get_ref(),
            this.keywords.get_ref(),
        );
        out.push_pystr(strings::expect(*protocol::repr(*func)?));
        for a in tuple::as_slice(*args) {
            out.push_str(", ");
            out.push_pystr(strings::expect(*protocol::repr(*a)?));
        }
        for (k, a) in dict::items(*keywords) {
            out.push_str(", ");
            out.push_pystr(strings::expect(*protocol::str(*k)?));
            out.push_str("=");
            out.push_pystr(strings::expect(*protocol::repr(*a)?));
        }
        out.push_str(")");
        Ok(out.finish())
    })();
    protocol::repr_leave(v);
    r
}

fn bind_to_instance(v: Value, obj: Value, _ty: Value) -> PyResult {
    if obj.is_none_or_null() {
        return Ok(v.to_ref());
    }
    Ok(function::new_method(v, obj))
}

fn partial_reduce(args: &[Value]) -> PyResult {
    let this = instance::<Partial>(args[0]);
    let d = if this.dict.is_null() {
        Ref::NONE
    } else {
        this.dict.get_ref()
    };
    Ok(tuple::of([
        args[0].ty().to_ref(),
        tuple::of([this.func.get_ref()]),
        tuple::of([
            this.func.get_ref(),
            this.args.get_ref(),
            this.keywords.get_ref(),
            d,
        ]),
    ]))
}

fn partial_setstate(args: &[Value]) -> PyResult {
    let this = instance::<Partial>(args[0]);
    let state = if tuple::is_tuple(args[1]) {
        tuple::as_slice(args[1])
    } else {
        &[]
    };
    let &[func, positional, keywords, d] = state else {
        return err!(TypeError, "invalid partial state");
    };
    if !is_callable(func)
        || !tuple::is_tuple(positional)
        || !(keywords.is_none() || dict::is_dict(keywords))
    {
        return err!(TypeError, "invalid partial state");
    }
    let items = tuple::as_slice(positional);
    if items.last().is_some_and(|v| v.is(placeholder())) {
        return err!(TypeError, "trailing Placeholders are not allowed");
    }
    let keywords = if keywords.is_none() {
        dict::new_dict()
    } else {
        dict::copy(keywords)
    };
    this.placeholders.set(count_placeholders(items));
    this.func.set(func.to_ref());
    this.args.set(tuple::from_values(items));
    this.keywords.set(keywords);
    this.dict
        .set(if d.is_none() { Ref::NULL } else { d.to_ref() });
    Ok(Ref::NONE)
}

fn get_dict(v: Value) -> PyResult {
    Ok(attributes::object_dict(v).unwrap_or_default())
}

const DICT_GETSET: &[GetSetDef] = &[GetSetDef::rw(
    "__dict__",
    "",
    get_dict,
    attributes::set_object_dict,
)];

static PARTIAL_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "functools.partial",
    doc: "A function with some arguments and keywords given in advance.",
    flags: TypeFlags::HAVE_GC | TypeFlags::BASETYPE | TypeFlags::WEAKREFABLE,
    text_signature: "(func, /, *args, **keywords)",
    dict_offset: std::mem::offset_of!(Partial, dict),
    slots: Slots {
        new: Some(partial_new),
        call: Some(partial_call),
        repr: Some(partial_repr),
        descr_get: Some(bind_to_instance),
        getattro: Some(attributes::generic_getattr),
        setattro: Some(attributes::generic_setattr),
        ..Slots::of::<Partial>()
    },
    methods: &[
        MethodDef::new("__reduce__($self, /)", "", partial_reduce),
        MethodDef::new("__setstate__($self, object, /)", "", partial_setstate),
        MethodDef::new(
            "__class_getitem__($type, object, /)",
            "See PEP 585",
            generic_alias::class_getitem,
        )
        .class(),
    ],
    getset: DICT_GETSET,
    members: &[
        MemberDef::ro(
            "func",
            "function object to use in future partial calls",
            |v| Ok(instance::<Partial>(v).func.get_ref()),
        ),
        MemberDef::ro("args", "tuple of arguments to future partial calls", |v| {
            Ok(instance::<Partial>(v).args.get_ref())
        }),
        MemberDef::ro(
            "keywords",
            "dictionary of keyword arguments to future partial calls",
            |v| Ok(instance::<Partial>(v).keywords.get_ref()),
        ),
    ],
    ..TypeSpec::of::<Partial>()
});

// ---------------------------------------------------------------- cmp_to_key

native_class!(KeyWrapper, KEY_WRAPPER_TYPE { cmp, object; });

fn new_key(cmp: Value, object: Ref) -> Ref {
    new_object(KeyWrapper {
        header: Header::new(&KEY_WRAPPER_TYPE),
        cmp: Slot::new(cmp.to_ref()),
        object: Slot::new(object),
    })
}

fn key_call(v: Value, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("K(obj)");
    S.bind(args, kwnames, |a| {
        Ok(new_key(instance::<KeyWrapper>(v).cmp.get(), a[0].to_ref()))
    })
}

fn key_richcompare(a: Value, b: Value, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.cast::<KeyWrapper>(), b.cast::<KeyWrapper>()) else {
        return err!(TypeError, "other argument must be K instance");
    };
    let (p, q) = (x.object.get_ref(), y.object.get_ref());
    if p.is_null() || q.is_null() {
        return err!(AttributeError, "object");
    }
    let cmp = x.cmp.get_ref();
    let r = protocol::call(*cmp, &[*p, *q])?;
    protocol::richcompare(*r, Value::small_int(0), op)
}

static KEY_WRAPPER_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "functools.KeyWrapper",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        call: Some(key_call),
        hash: Some(protocol::hash_not_implemented),
        richcompare: Some(key_richcompare),
        ..Slots::of::<KeyWrapper>()
    },
    members: &[MemberDef {
        name: "obj",
        doc: "Value wrapped by a key function.",
        get: |v| {
            let o = &instance::<KeyWrapper>(v).object;
            Ok(if o.is_null() { Ref::NONE } else { o.get_ref() })
        },
        set: Some(|v, new| {
            instance::<KeyWrapper>(v).object.set(if new.is_null() {
                Ref::NULL
            } else {
                new.to_ref()
            });
            Ok(())
        }),
    }],
    ..TypeSpec::of::<KeyWrapper>()
});

fn cmp_to_key(args: &[Value]) -> PyResult {
    Ok(new_key(args[0], Ref::NULL))
}

// ---------------------------------------------------------------- reduce

fn reduce(args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("reduce(function, iterable, /, initial=None)");
    let nkw = if kwnames.is_null() {
        0
    } else {
        tuple::as_slice(kwnames).len()
    };
    if args.len() - nkw < 2 {
        return err!(
            TypeError,
            "reduce() takes at least 2 positional arguments ({} given)",
            args.len() - nkw
        );
    }
    S.bind(args, kwnames, |a| {
        let it = match protocol::iter(a[1]) {
            Ok(it) => it,
            Err(e) => {
                if taipan_objects::err::clear_if(&taipan_objects::exceptions::TypeError) {
                    return err!(TypeError, "reduce() arg 2 must support iteration");
                }
                return Err(e);
            }
        };
        let mut total = match a[2].some() {
            Some(v) => Some(v.to_ref()),
            None => protocol::next(*it)?,
        };
        while let Some(item) = protocol::next(*it)? {
            let t = total.take().expect("there was a first item");
            total = Some(protocol::call(a[0], &[*t, *item])?);
        }
        match total {
            Some(t) => Ok(t),
            None => err!(
                TypeError,
                "reduce() of empty iterable with no initial value"
            ),
        }
    })
}

// ---------------------------------------------------------------- lru_cache

/// One remembered call, in a ring ordered by use; place 0 of the vector is the ring's head.
struct Link {
    previous: u32,
    next: u32,
    hash: i64,
    key: Ref,
    result: Ref,
}

#[repr(C)]
struct LruCache {
    header: Header,
    func: Slot,
    info_type: Slot,
    /// Unbounded: key to result. Bounded: key to place in `links`.
    cache: Slot,
    dict: Slot,
    /// -1: unbounded.
    max_size: i64,
    typed: bool,
    hits: Cell<i64>,
    misses: Cell<i64>,
    links: std::cell::UnsafeCell<Vec<Link>>,
}
object_impl!(
    LruCache,
    LRU_CACHE_TYPE,
    |this, visit| {
        for s in [&this.func, &this.info_type, &this.cache, &this.dict] {
            visit(s.get());
        }
        for l in this.links() {
            visit(*l.key);
            visit(*l.result);
        }
    },
    |this| {
        drop(this.func.take());
        drop(this.dict.take());
        this.forget();
    }
);

impl LruCache {
    /// Rule: not kept across anything that may run Python code.
    fn links(&self) -> &mut Vec<Link> {
        // SAFETY: see the rule.
        unsafe { &mut *self.links.get() }
    }
    fn forget(&self) {
        let old = std::mem::take(self.links());
        if !self.cache.is_null() {
            dict::clear(self.cache.get());
        }
        self.hits.set(0);
        self.misses.set(0);
        drop(old);
    }
    fn unlink(&self, i: u32) {
        let links = self.links();
        let (p, n) = (links[i as usize].previous, links[i as usize].next);
        links[p as usize].next = n;
        links[n as usize].previous = p;
    }
    /// Makes link `i` the one used last.
    fn link_newest(&self, i: u32) {
        let links = self.links();
        let p = links[0].previous;
        links[i as usize].previous = p;
        links[i as usize].next = 0;
        links[p as usize].next = i;
        links[0].previous = i;
    }
}

fn lru_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature =
        Signature::new("lru_cache(user_function, maxsize, typed, cache_info_type)");
    S.bind(args, kwnames, |a| {
        if !is_callable(a[0]) {
            return err!(TypeError, "the first argument must be callable");
        }
        let max_size = if a[1].is_none() {
            -1
        } else if a[1].ty().slots().index.is_some() {
            int::to_i64(a[1])?.max(0)
        } else {
            return err!(TypeError, "maxsize should be integer or None");
        };
        Ok(alloc(
            ty,
            LruCache {
                header: Header::new(ty),
                func: Slot::new(a[0].to_ref()),
                info_type: Slot::new(a[3].to_ref()),
                cache: Slot::new(dict::new_dict()),
                dict: Slot::null(),
                max_size,
                typed: protocol::is_true(a[2])?,
                hits: Cell::new(0),
                misses: Cell::new(0),
                links: Default::default(),
            },
        ))
    })
}

/// What a call is remembered under.
fn make_key(args: &[Value], kwnames: Value, typed: bool) -> Ref {
    let kw = if kwnames.is_null() {
        &[][..]
    } else {
        tuple::as_slice(kwnames)
    };
    if !typed && kw.is_empty() {
        if let [one] = args
            && (one.is_small_int()
                || one.is_exact::<strings::PyStr>()
                || one.is_exact::<int::PyInt>())
        {
            return one.to_ref();
        }
        return tuple::from_values(args);
    }
    let npos = args.len() - kw.len();
    let mut key: Vec<Ref> = args[..npos].iter().map(|v| v.to_ref()).collect();
    if !kw.is_empty() {
        key.push(Value::from_obj(&KEYWORD_MARK).to_ref());
        for (k, v) in kw.iter().zip(&args[npos..]) {
            key.push(k.to_ref());
            key.push(v.to_ref());
        }
    }
    if typed {
        key.extend(args.iter().map(|v| v.ty().to_ref()));
    }
    tuple::from_refs(key)
}

fn lru_call(v: Value, args: &[Value], kwnames: Value) -> PyResult {
    let this = instance::<LruCache>(v);
    let func = this.func.get_ref();
    if func.is_null() {
        return err!(TypeError, "the cached function is gone");
    }
    if this.max_size == 0 {
        this.misses.set(this.misses.get() + 1);
        return protocol::call_kw(*func, args, kwnames);
    }
    let key = make_key(args, kwnames, this.typed);
    let hash = dict::key_hash(*key)?;
    let cache = this.cache.get();
    let found = dict::get_with_hash(cache, *key, hash)?;
    if this.max_size < 0 {
        if !found.is_null() {
            this.hits.set(this.hits.get() + 1);
            return Ok(found.to_ref());
        }
        this.misses.set(this.misses.get() + 1);
        let result = protocol::call_kw(*func, args, kwnames)?;
        dict::set_with_hash(cache, *key, hash, *result)?;
        return Ok(result);
    }
    if let Some(i) = found.as_small_int() {
        this.hits.set(this.hits.get() + 1);
        if this.links()[0].previous as i64 != i {
            this.unlink(i as u32);
            this.link_newest(i as u32);
        }
        return Ok(this.links()[i as usize].result.clone());
    }
    this.misses.set(this.misses.get() + 1);
    let result = protocol::call_kw(*func, args, kwnames)?;
    // The call may have filled the cache itself.
    if !dict::get_with_hash(cache, *key, hash)?.is_null() {
        return Ok(result);
    }
    if this.links().is_empty() {
        this.links().push(Link {
            previous: 0,
            next: 0,
            hash: 0,
            key: Ref::NULL,
            result: Ref::NULL,
        });
    }
    let new = Link {
        previous: 0,
        next: 0,
        hash,
        key: key.clone(),
        result: result.clone(),
    };
    if (this.links().len() as i64 - 1) < this.max_size {
        let i = this.links().len();
        this.links().push(new);
        this.link_newest(i as u32);
        dict::set_with_hash(cache, *key, hash, Value::small_int(i as i64))?;
        return Ok(result);
    }
    let i = this.links()[0].next;
    this.unlink(i);
    let old = std::mem::replace(&mut this.links()[i as usize], new);
    this.link_newest(i);
    // The old key is compared by identity first, so that this runs no Python code unless hashes collide.
    dict::pop_with_hash(cache, *old.key, old.hash)?;
    dict::set_with_hash(cache, *key, hash, Value::small_int(i as i64))?;
    drop(old);
    Ok(result)
}

fn cache_info(args: &[Value]) -> PyResult {
    let this = instance::<LruCache>(args[0]);
    let n = if this.cache.is_null() {
        0
    } else {
        dict::expect(this.cache.get()).len()
    };
    let max = if this.max_size < 0 {
        Ref::NONE
    } else {
        int::from_i64(this.max_size)
    };
    protocol::call(
        this.info_type.get(),
        &[
            *int::from_i64(this.hits.get()),
            *int::from_i64(this.misses.get()),
            *max,
            *int::from_usize(n),
        ],
    )
}

fn cache_clear(args: &[Value]) -> PyResult {
    instance::<LruCache>(args[0]).forget();
    Ok(Ref::NONE)
}

fn lru_reduce(args: &[Value]) -> PyResult {
    protocol::getattr_str(args[0], "__qualname__")
}

fn same(args: &[Value]) -> PyResult {
    Ok(args[0].to_ref())
}

static LRU_CACHE_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "functools._lru_cache_wrapper",
    doc: "A function that remembers what it returned, see lru_cache().",
    flags: TypeFlags::HAVE_GC
        | TypeFlags::BASETYPE
        | TypeFlags::WEAKREFABLE
        | TypeFlags::METHOD_DESCRIPTOR,
    dict_offset: std::mem::offset_of!(LruCache, dict),
    slots: Slots {
        new: Some(lru_new),
        call: Some(lru_call),
        descr_get: Some(bind_to_instance),
        ..Slots::of::<LruCache>()
    },
    methods: &[
        MethodDef::new(
            "cache_info($self, /)",
            "Report cache statistics",
            cache_info,
        ),
        MethodDef::new(
            "cache_clear($self, /)",
            "Clear the cache and cache statistics",
            cache_clear,
        ),
        MethodDef::new("__reduce__($self, /)", "", lru_reduce),
        MethodDef::new("__copy__($self, /)", "", same),
        MethodDef::new("__deepcopy__($self, memo, /)", "", same),
    ],
    getset: DICT_GETSET,
    ..TypeSpec::of::<LruCache>()
});

fn init(m: Value) -> PyResult<()> {
    for ty in [&PLACEHOLDER_TYPE, &PARTIAL_TYPE, &LRU_CACHE_TYPE] {
        module::add_type(m, ty);
    }
    taipan_objects::type_ready::ready(&KEY_WRAPPER_TYPE);
    module::add(m, "Placeholder", placeholder().to_ref());
    Ok(())
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_functools",
    doc: "Tools that operate on functions.",
    functions: &[
        MethodDef::new(
            "cmp_to_key($module, /, mycmp)",
            "Convert a cmp= function into a key= function.",
            cmp_to_key,
        ),
        MethodDef::raw(
            "reduce($module, function, iterable, /, initial=<unrepresentable>)",
            "Apply a function of two arguments cumulatively to the items of an iterable, from left to right.",
            reduce,
        ),
    ],
    init: Some(init),
};
