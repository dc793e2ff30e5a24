//! Properties of list sorting, dict and set against models.

use crate::testing::with_vm;
use crate::value::{Ref, Value};
use crate::{dict, int, list, set, slice, sort, strings, tuple};
use proptest::prelude::*;

fn ints(v: &[i64]) -> Vec<Ref> {
    v.iter().map(|i| int::from_i64(*i)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn sorting_is_stable_whatever_the_path(keys in proptest::collection::vec(0i64..40, 0..300), runs in any::<bool>(), nested in any::<bool>()) {
        with_vm(|| {
            let mut keys = keys.clone();
            if runs {
                let half = keys.len() / 2;
                keys[..half].sort();
                keys[half..].sort();
            }
            // Nested tuples go the general way.
            let mut pairs: Vec<(i64, i64)> = keys.iter().copied().zip(0..).collect();
            let mut refs: Vec<Ref> = pairs
                .iter()
                .map(|(k, i)| {
                    let key = int::from_i64(*k);
                    tuple::of([if nested { tuple::of([key]) } else { key }, int::from_i64(*i)])
                })
                .collect();
            sort::sort_refs(&mut refs, Value::NULL, false).unwrap();
            pairs.sort();
            let got: Vec<i64> = refs.iter().map(|t| tuple::as_slice(**t)[1].as_small_int().unwrap()).collect();
            assert_eq!(got, pairs.iter().map(|p| p.1).collect::<Vec<_>>());
        });
    }

    #[test]
    fn dict_agrees_with_a_model(ops in proptest::collection::vec((0u8..4, 0i64..30, any::<i16>()), 0..400)) {
        with_vm(|| {
            let d = dict::new_dict();
            let mut model: Vec<(i64, i64)> = Vec::new();
            for (op, k, v) in &ops {
                let key = if k % 3 == 0 { strings::new_str(&format!("k{k}")) } else { int::from_i64(*k) };
                match op {
                    0 | 1 => {
                        dict::set(*d, *key, *int::from_i64(*v as i64)).unwrap();
                        match model.iter_mut().find(|e| e.0 == *k) {
                            Some(e) => e.1 = *v as i64,
                            None => model.push((*k, *v as i64)),
                        }
                    }
                    2 => {
                        let there = dict::delete(*d, *key).unwrap();
                        assert_eq!(there, model.iter().any(|e| e.0 == *k));
                        model.retain(|e| e.0 != *k);
                    }
                    _ => {
                        let got = dict::get(*d, *key).unwrap().some().and_then(|v| v.as_small_int());
                        assert_eq!(got, model.iter().find(|e| e.0 == *k).map(|e| e.1));
                    }
                }
                assert_eq!(dict::expect(*d).len(), model.len());
            }
            let got: Vec<i64> = dict::items(*d).iter().map(|(_, v)| v.as_small_int().unwrap()).collect();
            assert_eq!(got, model.iter().map(|e| e.1).collect::<Vec<_>>());
        });
    }

    #[test]
    fn set_agrees_with_a_model(ops in proptest::collection::vec((any::<bool>(), 0i64..60), 0..400)) {
        with_vm(|| {
            let s = set::new_set();
            let mut model = std::collections::BTreeSet::new();
            for (put, k) in &ops {
                if *put {
                    set::add(*s, Value::small_int(*k)).unwrap();
                    model.insert(*k);
                } else {
                    let h = set::element_hash(Value::small_int(*k)).unwrap();
                    assert_eq!(set::expect(*s).discard_hash(Value::small_int(*k), h).unwrap(), model.remove(k));
                }
            }
            let mut got: Vec<i64> = set::expect(*s).keys().iter().map(|v| v.as_small_int().unwrap()).collect();
            got.sort();
            assert_eq!(got, model.into_iter().collect::<Vec<_>>());
        });
    }
}

#[test]
fn slices_adjust() {
    assert_eq!(slice::adjust(5, 0, isize::MAX, 1), (0, 5, 5));
    assert_eq!(slice::adjust(5, isize::MAX, isize::MIN, -1), (4, -1, 5));
    assert_eq!(slice::adjust(5, -2, isize::MAX, 1), (3, 5, 2));
    assert_eq!(slice::adjust(5, 4, 1, 2).2, 0);
}

#[test]
fn list_slices() {
    with_vm(|| {
        let l = list::new_list(ints(&[0, 1, 2, 3, 4]));
        let part = crate::list_methods::get_slice(*l, isize::MAX, isize::MIN, -2);
        let got: Vec<i64> = list::expect(*part)
            .items()
            .iter()
            .map(|v| v.as_small_int().unwrap())
            .collect();
        assert_eq!(got, [4, 2, 0]);
    });
}
