//! The method resolution order: C3 linearization.

use crate::err::PyResult;
use crate::type_ready::ready;
use crate::typeobject::{Type, as_type};
use crate::value::Ref;
use crate::{err, tuple};

/// The order of a type from its bases, the type first.
pub fn compute(ty: Type) -> PyResult<Vec<Ref>> {
    ready(ty);
    Ok(linearize(ty, &bases_of(ty))?
        .into_iter()
        .map(|t| t.to_ref())
        .collect())
}

fn bases_of(ty: Type) -> Vec<Type> {
    tuple::as_slice(ty.bases())
        .iter()
        .filter_map(|b| as_type(*b))
        .collect()
}

/// C3 of `bases` with `ty` in front.
pub fn linearize(ty: Type, bases: &[Type]) -> PyResult<Vec<Type>> {
    let mut out = vec![ty];
    if let [only] = bases {
        out.extend_from_slice(only.mro());
        return Ok(out);
    }
    for (i, b) in bases.iter().enumerate() {
        if bases[..i].iter().any(|o| o.is(b)) {
            return err!(TypeError, "duplicate base class {}", b.name());
        }
    }
    let mut lists: Vec<(&[Type], usize)> = bases.iter().map(|b| (b.mro(), 0)).collect();
    lists.push((bases, 0));
    loop {
        let mut any = false;
        let mut chosen = None;
        for (list, at) in &lists {
            let Some(candidate) = list.get(*at) else {
                continue;
            };
            any = true;
            let blocked = lists
                .iter()
                .any(|(l, a)| l.iter().skip(a + 1).any(|t| t.is(candidate)));
            if !blocked {
                chosen = Some(*candidate);
                break;
            }
        }
        if !any {
            return Ok(out);
        }
        let Some(c) = chosen else {
            // The heads that block each other, each once.
            let mut heads: Vec<Type> = Vec::new();
            for (list, at) in &lists {
                if let Some(h) = list.get(*at)
                    && !heads.iter().any(|t| t.is(h))
                {
                    heads.push(h);
                }
            }
            let text: Vec<&str> = heads.iter().map(|t| t.name()).collect();
            return err!(
                TypeError,
                "Cannot create a consistent method resolution order (MRO) for bases {}",
                text.join(", ")
            );
        };
        out.push(c);
        for (list, at) in &mut lists {
            if list.get(*at).is_some_and(|t| t.is(c)) {
                *at += 1;
            }
        }
    }
}
