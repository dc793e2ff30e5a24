//! The registry of encodings written in Python.

use crate::err::PyResult;
use crate::value::{Ref, Slot, Value};
use crate::{dict, err, list, protocol, strings, tuple};

struct Table {
    /// Search functions, a list.
    search: Slot,
    /// Found codecs by normalised name, a dict.
    cache: Slot,
    loaded: std::cell::Cell<bool>,
}
// SAFETY: used only under the global interpreter lock.
unsafe impl Sync for Table {}
static TABLE: Table = Table {
    search: Slot::null(),
    cache: Slot::null(),
    loaded: std::cell::Cell::new(false),
};

fn prepare() {
    if TABLE.search.is_null() {
        TABLE.search.set(list::new_list(Vec::new()));
        TABLE.cache.set(dict::new_dict());
    }
}

/// `codecs.register`.
pub fn register(search: Value) -> PyResult<()> {
    if search.ty().slots().call.is_none() {
        return err!(TypeError, "argument must be callable");
    }
    prepare();
    list::expect(TABLE.search.get())
        .items_mut()
        .push(search.to_ref());
    Ok(())
}
/// `codecs.unregister`.
pub fn unregister(search: Value) {
    prepare();
    let items = list::expect(TABLE.search.get()).items_mut();
    if let Some(i) = items.iter().position(|f| f.is(search)) {
        let gone = items.remove(i);
        dict::clear(TABLE.cache.get());
        drop(gone);
    }
}

fn normalize(encoding: &str) -> String {
    let mut out = String::new();
    let mut gap = false;
    for c in encoding.chars() {
        if c.is_ascii_alphanumeric() || c == '.' {
            if gap && !out.is_empty() {
                out.push('_');
            }
            gap = false;
            out.push(c.to_ascii_lowercase());
        } else {
            gap = true;
        }
    }
    out
}

/// The codec's tuple (encoder, decoder, stream reader, stream writer).
pub fn lookup(encoding: &str) -> PyResult {
    prepare();
    let key = strings::new_str(&normalize(encoding));
    let found = dict::get(TABLE.cache.get(), *key)?;
    if !found.is_null() {
        return Ok(found.to_ref());
    }
    if !TABLE.loaded.replace(true) {
        // The package registers its search function when imported.
        if let Err(e) = (crate::vm::hooks().import)("encodings") {
            TABLE.loaded.set(false);
            return Err(e);
        }
    }
    let functions: Vec<Ref> = list::expect(TABLE.search.get()).items().to_vec();
    if functions.is_empty() {
        return err!(
            LookupError,
            "no codec search functions registered: can't find encoding"
        );
    }
    for f in functions {
        let r = protocol::call(*f, &[*key])?;
        if r.is_none() {
            continue;
        }
        if !tuple::is_tuple(*r) || tuple::as_slice(*r).len() != 4 {
            return err!(TypeError, "codec search functions must return 4-tuples");
        }
        dict::set(TABLE.cache.get(), *key, *r)?;
        return Ok(r);
    }
    err!(LookupError, "unknown encoding: {encoding}")
}

/// Calls a codec's encoder (`which` 0) or decoder (1) and gives the first item of its result.
pub fn call_codec(
    encoding: &str,
    which: usize,
    object: Value,
    errors: Option<&str>,
    text_only: bool,
) -> PyResult {
    let codec = lookup(encoding)?;
    if text_only && !codec.is_exact::<tuple::PyTuple>() {
        let is_text = protocol::getattr_opt(*codec, *strings::intern_str("_is_text_encoding"))?;
        if let Some(t) = is_text
            && !protocol::is_true(*t)?
        {
            let instead = if which == 0 {
                "codecs.encode()"
            } else {
                "codecs.decode()"
            };
            return err!(
                LookupError,
                "'{encoding}' is not a text encoding; use {instead} to handle arbitrary codecs"
            );
        }
    }
    let f = tuple::as_slice(*codec)[which].to_ref();
    let result = match errors {
        Some(e) => protocol::call(*f, &[object, *strings::new_str(e)]),
        None => protocol::call(*f, &[object]),
    };
    let result = match result {
        Ok(r) => r,
        Err(e) => {
            note(encoding, which);
            return Err(e);
        }
    };
    if !tuple::is_tuple(*result) || tuple::as_slice(*result).len() != 2 {
        let what = if which == 0 { "encoder" } else { "decoder" };
        return err!(TypeError, "{what} must return a tuple (object, integer)");
    }
    Ok(tuple::as_slice(*result)[0].to_ref())
}

/// Adds to the pending exception which codec failed.
fn note(encoding: &str, which: usize) {
    let exc = crate::vm::vm().take_pending();
    let word = if which == 0 { "encoding" } else { "decoding" };
    let text = strings::new_str(&format!("{word} with '{encoding}' codec failed"));
    if protocol::call_method_str(*exc, "add_note", &[*text]).is_err() {
        drop(crate::vm::vm().take_pending());
    }
    crate::vm::vm().set_pending(exc);
}
