//! The combinatoric iterators of `itertools`.

use std::cell::{Cell, RefCell};
use taipan_objects::attributes::generic_getattr;
use taipan_objects::err::PyResult;
use taipan_objects::iterators::self_iter;
use taipan_objects::native::{MethodDef, Signature};
use taipan_objects::object::{Header, alloc, instance};
use taipan_objects::typeobject::{Slots, Type, TypeFlags, TypeObject, TypeSpec};
use taipan_objects::value::{Ref, Slot, Value};
use taipan_objects::{err, int, native_class, tuple};

const FLAGS: u32 = TypeFlags::HAVE_GC | TypeFlags::BASETYPE;

#[derive(Clone, Copy, PartialEq)]
enum State {
    Fresh,
    Running,
    Done,
}

/// A tuple of `pool[i]` for the indices.
fn pick(pool: &[Value], indices: &[usize]) -> Ref {
    if indices.is_empty() {
        return tuple::empty();
    }
    tuple::make(&taipan_objects::types::TUPLE_TYPE, indices.len(), |k| {
        pool[indices[k]].to_ref()
    })
}

// ---------------------------------------------------------------- product

native_class!(Product, PRODUCT_TYPE { pools; indices: RefCell<Vec<usize>>, state: Cell<State> });

fn product_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("product(*iterables, repeat=1)");
    S.bind(args, kwnames, |a| {
        let repeat = if a[1].is_null() {
            1
        } else {
            int::to_i64(a[1])?
        };
        if repeat < 0 {
            return err!(ValueError, "repeat argument cannot be negative");
        }
        let given = tuple::as_slice(a[0]);
        if repeat > 0 && given.len() as i64 > i64::MAX / 8 / repeat {
            return err!(OverflowError, "repeat argument too large");
        }
        let mut pools = Vec::new();
        if repeat > 0 {
            for v in given {
                pools.push(tuple::from_iterable(*v)?);
            }
        }
        let n = pools.len();
        for _ in 1..repeat {
            for i in 0..n {
                pools.push(pools[i].clone());
            }
        }
        let indices = RefCell::new(vec![0; pools.len()]);
        Ok(alloc(
            ty,
            Product {
                header: Header::new(ty),
                pools: Slot::new(tuple::from_refs(pools)),
                indices,
                state: Cell::new(State::Fresh),
            },
        ))
    })
}

fn product_next(v: Value) -> PyResult<Option<Ref>> {
    let this = instance::<Product>(v);
    if this.pools.is_null() {
        return Ok(None);
    }
    let pools = tuple::as_slice(this.pools.get());
    let mut indices = this.indices.borrow_mut();
    match this.state.get() {
        State::Done => return Ok(None),
        State::Fresh => {
            if pools.iter().any(|p| tuple::as_slice(*p).is_empty()) {
                this.state.set(State::Done);
                return Ok(None);
            }
            this.state.set(State::Running);
        }
        State::Running => {
            let mut i = pools.len();
            loop {
                if i == 0 {
                    this.state.set(State::Done);
                    return Ok(None);
                }
                i -= 1;
                indices[i] += 1;
                if indices[i] < tuple::as_slice(pools[i]).len() {
                    break;
                }
                indices[i] = 0;
            }
        }
    }
    if pools.is_empty() {
        return Ok(Some(tuple::empty()));
    }
    Ok(Some(tuple::make(
        &taipan_objects::types::TUPLE_TYPE,
        pools.len(),
        |k| tuple::as_slice(pools[k])[indices[k]].to_ref(),
    )))
}

fn product_sizeof(args: &[Value]) -> PyResult {
    let n = instance::<Product>(args[0]).indices.borrow().len();
    Ok(int::from_usize(args[0].ty().basicsize() + n * 8))
}

/// `itertools.product`.
pub static PRODUCT_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "itertools.product",
    doc: "product(*iterables, repeat=1) --> product object\n\nThe Cartesian product, as nested loops would give it.",
    flags: FLAGS,
    slots: Slots {
        new: Some(product_new),
        getattro: Some(generic_getattr),
        iter: Some(self_iter),
        iternext: Some(product_next),
        ..Slots::of::<Product>()
    },
    methods: &[MethodDef::new(
        "__sizeof__($self, /)",
        "Returns size in memory, in bytes.",
        product_sizeof,
    )],
    ..TypeSpec::of::<Product>()
});

// ---------------------------------------------------------------- permutations

native_class!(Permutations, PERMUTATIONS_TYPE {
    pool;
    indices: RefCell<Vec<usize>>,
    cycles: RefCell<Vec<usize>>,
    state: Cell<State>
});

fn permutations_new(ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static S: Signature = Signature::new("permutations(iterable, r=None)");
    S.bind(args, kwnames, |a| {
        let pool = tuple::from_iterable(a[0])?;
        let n = tuple::as_slice(*pool).len();
        let mut r = n;
        if !a[1].is_none_or_null() {
            if !int::is_int(a[1]) {
                return err!(TypeError, "Expected int as r");
            }
            let given = int::to_i64(a[1])?;
            if given < 0 {
                return err!(ValueError, "r must be non-negative");
            }
            r = given as usize;
        }
        let state = if r > n { State::Done } else { State::Fresh };
        Ok(alloc(
            ty,
            Permutations {
                header: Header::new(ty),
                pool: Slot::new(pool),
                indices: RefCell::new((0..n).collect()),
                cycles: RefCell::new((0..r.min(n)).map(|i| n - i).collect()),
                state: Cell::new(state),
            },
        ))
    })
}

fn permutations_next(v: Value) -> PyResult<Option<Ref>> {
    let this = instance::<Permutations>(v);
    if this.pool.is_null() {
        return Ok(None);
    }
    let pool = tuple::as_slice(this.pool.get());
    let mut indices = this.indices.borrow_mut();
    let mut cycles = this.cycles.borrow_mut();
    let r = cycles.len();
    match this.state.get() {
        State::Done => return Ok(None),
        State::Fresh => this.state.set(State::Running),
        State::Running => {
            let n = indices.len();
            let mut i = r;
            loop {
                if i == 0 {
                    this.state.set(State::Done);
                    return Ok(None);
                }
                i -= 1;
                cycles[i] -= 1;
                if cycles[i] == 0 {
                    indices[i..].rotate_left(1);
                    cycles[i] = n - i;
                } else {
                    let j = n - cycles[i];
                    indices.swap(i, j);
                    break;
                }
            }
        }
    }
    Ok(Some(pick(pool, &indices[..r])))
}

fn permutations_sizeof(args: &[Value]) -> PyResult {
    let this = instance::<Permutations>(args[0]);
    let n = this.indices.borrow().len() + this.cycles.borrow().len();
    Ok(int::from_usize(args[0].ty().basicsize() + n * 8))
}

/// `itertools.permutations`.
pub static PERMUTATIONS_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "itertools.permutations",
    doc: "All arrangements of r items (or of all of them).",
    flags: FLAGS,
    text_signature: "(iterable, r=None)",
    slots: Slots {
        new: Some(permutations_new),
        getattro: Some(generic_getattr),
        iter: Some(self_iter),
        iternext: Some(permutations_next),
        ..Slots::of::<Permutations>()
    },
    methods: &[MethodDef::new(
        "__sizeof__($self, /)",
        "Returns size in memory, in bytes.",
        permutations_sizeof,
    )],
    ..TypeSpec::of::<Permutations>()
});

// ---------------------------------------------------------------- combinations

native_class!(Combinations, COMBINATIONS_TYPE { pool; indices: RefCell<Vec<usize>>, state: Cell<State> });

fn new_combinations(
    signature: &Signature,
    ty: Type,
    args: &[Value],
    kwnames: Value,
    replacement: bool,
) -> PyResult {
    signature.bind(args, kwnames, |a| {
        let r = int::to_i64(a[1])?;
        let pool = tuple::from_iterable(a[0])?;
        let n = tuple::as_slice(*pool).len();
        if r < 0 {
            return err!(ValueError, "r must be non-negative");
        }
        let r = r as usize;
        let none = if replacement { n == 0 && r > 0 } else { r > n };
        let indices = if none {
            Vec::new()
        } else if replacement {
            vec![0; r]
        } else {
            (0..r).collect()
        };
        Ok(alloc(
            ty,
            Combinations {
                header: Header::new(ty),
                pool: Slot::new(pool),
                indices: RefCell::new(indices),
                state: Cell::new(if none { State::Done } else { State::Fresh }),
            },
        ))
    })
}

fn combinations(v: Value) -> &'static Combinations {
    // SAFETY: called from slots of the two types that have this layout.
    unsafe { &*(v.as_ptr() as *const Combinations) }
}

fn combinations_next(v: Value, replacement: bool) -> PyResult<Option<Ref>> {
    let this = combinations(v);
    if this.pool.is_null() {
        return Ok(None);
    }
    let pool = tuple::as_slice(this.pool.get());
    let mut indices = this.indices.borrow_mut();
    match this.state.get() {
        State::Done => return Ok(None),
        State::Fresh => this.state.set(State::Running),
        State::Running => {
            let (n, r) = (pool.len(), indices.len());
            let limit = |i: usize| if replacement { n - 1 } else { i + n - r };
            // The rightmost index that can still grow.
            let Some(i) = (0..r).rev().find(|i| indices[*i] != limit(*i)) else {
                this.state.set(State::Done);
                return Ok(None);
            };
            indices[i] += 1;
            for j in i + 1..r {
                indices[j] = if replacement {
                    indices[i]
                } else {
                    indices[j - 1] + 1
                };
            }
        }
    }
    Ok(Some(pick(pool, &indices)))
}

fn combinations_sizeof(args: &[Value]) -> PyResult {
    let n = combinations(args[0]).indices.borrow().len();
    Ok(int::from_usize(args[0].ty().basicsize() + n * 8))
}

/// `itertools.combinations`.
pub static COMBINATIONS_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "itertools.combinations",
    doc: "All selections of r items, in the iterable's order.",
    flags: FLAGS,
    text_signature: "(iterable, r)",
    slots: Slots {
        new: Some(|ty, args, kwnames| {
            static S: Signature = Signature::new("combinations(iterable, r)");
            new_combinations(&S, ty, args, kwnames, false)
        }),
        getattro: Some(generic_getattr),
        iter: Some(self_iter),
        iternext: Some(|v| combinations_next(v, false)),
        ..Slots::of::<Combinations>()
    },
    methods: &[MethodDef::new(
        "__sizeof__($self, /)",
        "Returns size in memory, in bytes.",
        combinations_sizeof,
    )],
    ..TypeSpec::of::<Combinations>()
});

/// `itertools.combinations_with_replacement`.
pub static REPLACEMENT_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "itertools.combinations_with_replacement",
    doc: "All selections of r items, each of which may come again, in the iterable's order.",
    flags: FLAGS,
    text_signature: "(iterable, r)",
    slots: Slots {
        new: Some(|ty, args, kwnames| {
            static S: Signature = Signature::new("combinations_with_replacement(iterable, r)");
            new_combinations(&S, ty, args, kwnames, true)
        }),
        getattro: Some(generic_getattr),
        iter: Some(self_iter),
        iternext: Some(|v| combinations_next(v, true)),
        ..Slots::of::<Combinations>()
    },
    methods: &[MethodDef::new(
        "__sizeof__($self, /)",
        "Returns size in memory, in bytes.",
        combinations_sizeof,
    )],
    ..TypeSpec::of::<Combinations>()
});
