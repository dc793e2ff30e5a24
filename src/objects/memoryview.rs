//! `memoryview`.

use crate::buffer::{self, Buffer};
use crate::err::PyResult;
use crate::memory_format::{item_size, native_char, pack, unpack};
use crate::native::{GetSetDef, MethodDef, Signature};
use crate::object::{Header, new_object};
use crate::str_iter::itself;
use crate::typeobject::{CompareOp, Slots, Type, TypeFlags, TypeObject, TypeSpec};
use crate::value::{Ref, Slot, Value};
use crate::{bytes, bytes_methods, err, int, list, protocol, strings, tuple};
use std::cell::{Cell, UnsafeCell};
use std::rc::Rc;

/// How a memoryview sees memory.
#[derive(Clone)]
struct View {
    /// What keeps the memory in place, shared by all views made from one.
    base: Rc<Buffer>,
    ptr: *mut u8,
    format: String,
    itemsize: usize,
    shape: Vec<usize>,
    strides: Vec<isize>,
    readonly: bool,
}

/// A memoryview; no view once released.
#[repr(C)]
pub struct PyMemoryView {
    pub header: Header,
    view: UnsafeCell<Option<View>>,
    exports: Cell<usize>,
    hash: Cell<i64>,
}
crate::object_impl!(
    PyMemoryView,
    MEMORYVIEW_TYPE,
    |this, visit| {
        // A base held by several views would be shown too often, so only its only holder shows it.
        if let Some(v) = this.raw()
            && Rc::strong_count(&v.base) == 1
        {
            visit(*v.base.obj)
        }
    },
    |this| if this.exports.get() == 0 {
        this.drop_view()
    }
);

pub static MEMORYVIEW_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "memoryview",
    doc: "Create a new memoryview object which references the given object.",
    flags: TypeFlags::HAVE_GC | TypeFlags::SEQUENCE | TypeFlags::WEAKREFABLE,
    text_signature: "(object)",
    slots: Slots {
        repr: Some(repr),
        hash: Some(hash),
        richcompare: Some(richcompare),
        iter: Some(iter),
        new: Some(new),
        length: Some(length),
        item: Some(|v, i| subscript(v, *int::from_i64(i as i64))),
        map_length: Some(length),
        subscript: Some(subscript),
        ass_subscript: Some(ass_subscript),
        get_buffer: Some(get_buffer),
        release_buffer: Some(|v, _| {
            let m = expect(&v);
            m.exports.set(m.exports.get().saturating_sub(1));
        }),
        ..Slots::of::<PyMemoryView>()
    },
    methods: &[
        MethodDef::new("release($self, /)", "Gives up the memory.", |a| {
            release(expect(&a[0]))?;
            Ok(Ref::NONE)
        }),
        MethodDef::new(
            "tobytes($self, /, order='C')",
            "The bytes of the memory.",
            |a| {
                let v = expect(&a[0]).view()?;
                let order = if a[1].is_none_or_null() {
                    String::from("C")
                } else {
                    strings::to_text(a[1], "order")?
                };
                match order.as_str() {
                    "C" | "A" => Ok(bytes::from_vec(v.gather())),
                    "F" => Ok(bytes::from_vec(if v.shape.len() < 2 {
                        v.gather()
                    } else {
                        v.gather_fortran()
                    })),
                    _ => err!(ValueError, "order must be 'C', 'F' or 'A'"),
                }
            },
        ),
        MethodDef::new(
            "hex($self, /, sep=<unrepresentable>, bytes_per_sep=1)",
            "Pairs of hexadecimal digits.",
            |a| bytes_methods::hex_text(&expect(&a[0]).view()?.gather(), a[1], a[2]),
        ),
        MethodDef::new("tolist($self, /)", "The items, as a list.", |a| {
            let v = expect(&a[0]).view()?;
            let c = v.code()?;
            Ok(v.nested(c, 0, v.ptr))
        }),
        MethodDef::new(
            "cast($self, /, format, shape=<unrepresentable>)",
            "The same memory with another format or shape.",
            cast,
        ),
        MethodDef::new("toreadonly($self, /)", "The same memory, read-only.", |a| {
            let mut v = expect(&a[0]).view()?.clone();
            v.readonly = true;
            Ok(make(v))
        }),
        MethodDef::new("count($self, value, /)", "How often a value occurs.", |a| {
            let mut n = 0;
            protocol::for_each(a[0], |x| {
                n += protocol::eq(*x, a[1])? as i64;
                Ok(())
            })?;
            Ok(int::from_i64(n))
        }),
        MethodDef::new(
            "index($self, value, start=0, stop=sys.maxsize, /)",
            "Where a value occurs first.",
            index_of,
        ),
        MethodDef::new("_from_flags($type, /, object, flags)", "", |a| of(a[1])).class(),
        MethodDef::new("__enter__($self, /)", "", |a| {
            expect(&a[0]).view()?;
            Ok(a[0].to_ref())
        }),
        MethodDef::new("__exit__($self, /, *exc_info)", "", |a| {
            release(expect(&a[0]))?;
            Ok(Ref::NONE)
        }),
        MethodDef::new("__class_getitem__($type, object, /)", "", |a| {
            crate::generic_alias::new_alias(a[0], a[1])
        })
        .class(),
    ],
    getset: &[
        GetSetDef::ro("obj", "The object whose memory it is.", |v| {
            Ok(expect(&v).view()?.base.obj.clone())
        }),
        GetSetDef::ro("nbytes", "Size in bytes.", |v| {
            Ok(int::from_usize(expect(&v).view()?.nbytes()))
        }),
        GetSetDef::ro("readonly", "Whether the memory is read-only.", |v| {
            Ok(Ref::bool(expect(&v).view()?.readonly))
        }),
        GetSetDef::ro("itemsize", "Size of an item in bytes.", |v| {
            Ok(int::from_usize(expect(&v).view()?.itemsize))
        }),
        GetSetDef::ro("format", "Format of an item, as in struct.", |v| {
            Ok(strings::new_str(&expect(&v).view()?.format))
        }),
        GetSetDef::ro("ndim", "Number of dimensions.", |v| {
            Ok(int::from_usize(expect(&v).view()?.shape.len()))
        }),
        GetSetDef::ro("shape", "Items in each dimension.", |v| {
            Ok(tuple::from_refs(
                expect(&v)
                    .view()?
                    .shape
                    .iter()
                    .map(|n| int::from_usize(*n))
                    .collect(),
            ))
        }),
        GetSetDef::ro("strides", "Bytes between items in each dimension.", |v| {
            Ok(tuple::from_refs(
                expect(&v)
                    .view()?
                    .strides
                    .iter()
                    .map(|n| int::from_i64(*n as i64))
                    .collect(),
            ))
        }),
        GetSetDef::ro("suboffsets", "Always empty.", |v| {
            expect(&v).view()?;
            Ok(tuple::empty())
        }),
        GetSetDef::ro(
            "c_contiguous",
            "Whether the memory is without gaps in C order.",
            |v| Ok(Ref::bool(expect(&v).view()?.is_c_contiguous())),
        ),
        GetSetDef::ro(
            "f_contiguous",
            "Whether the memory is without gaps in Fortran order.",
            |v| Ok(Ref::bool(expect(&v).view()?.is_f_contiguous())),
        ),
        GetSetDef::ro("contiguous", "Whether the memory is without gaps.", |v| {
            let v = expect(&v).view()?;
            Ok(Ref::bool(v.is_c_contiguous() || v.is_f_contiguous()))
        }),
    ],
    ..TypeSpec::of::<PyMemoryView>()
});

fn expect(v: &Value) -> &PyMemoryView {
    // SAFETY: called with memoryviews only.
    unsafe { v.cast_unchecked::<PyMemoryView>() }
}

impl PyMemoryView {
    fn raw(&self) -> Option<&View> {
        // SAFETY: replaced only by release, and no reference is kept across that.
        unsafe { (*self.view.get()).as_ref() }
    }
    fn view(&self) -> PyResult<&View> {
        match self.raw() {
            Some(v) => Ok(v),
            None => err!(
                ValueError,
                "operation forbidden on released memoryview object"
            ),
        }
    }
    fn drop_view(&self) {
        // SAFETY: as in `raw`; the old view is dropped after it has been taken out.
        let old = unsafe { (*self.view.get()).take() };
        drop(old);
    }
}

fn release(m: &PyMemoryView) -> PyResult<()> {
    let n = m.exports.get();
    if n > 0 {
        return err!(
            BufferError,
            "memoryview has {n} exported buffer{}",
            if n == 1 { "" } else { "s" }
        );
    }
    m.drop_view();
    Ok(())
}

fn make(view: View) -> Ref {
    new_object(PyMemoryView {
        header: Header::new(&MEMORYVIEW_TYPE),
        view: UnsafeCell::new(Some(view)),
        exports: Cell::new(0),
        hash: Cell::new(-1),
    })
}

/// `memoryview(obj)`.
pub fn of(obj: Value) -> PyResult {
    if let Some(m) = obj.cast_exact::<PyMemoryView>() {
        return Ok(make(m.view()?.clone()));
    }
    if obj.ty().slots().get_buffer.is_none() {
        return err!(
            TypeError,
            "memoryview: a bytes-like object is required, not '{}'",
            obj.type_name()
        );
    }
    let b = buffer::get(obj, 0)?;
    Ok(from_buffer(b))
}
/// A memoryview of a buffer just got.
pub fn from_buffer(b: Buffer) -> Ref {
    let view = View {
        ptr: b.ptr,
        format: b.format.clone(),
        itemsize: b.itemsize,
        shape: b.shape.clone(),
        strides: b.strides.clone(),
        readonly: b.readonly,
        base: Rc::new(b),
    };
    make(view)
}

fn new(_ty: Type, args: &[Value], kwnames: Value) -> PyResult {
    static SIGNATURE: Signature = Signature::new("memoryview(object)");
    SIGNATURE.bind(args, kwnames, |a| of(a[0]))
}

/// Calls `f` with the address of every item, in C order.
fn each(shape: &[usize], strides: &[isize], ptr: *mut u8, f: &mut impl FnMut(*mut u8)) {
    match shape {
        [] => f(ptr),
        [n, rest @ ..] => {
            for i in 0..*n {
                // The shape and strides stay within the memory.
                let at = ptr.wrapping_offset(strides[0] * i as isize);
                each(rest, &strides[1..], at, f);
            }
        }
    }
}

impl View {
    fn nbytes(&self) -> usize {
        self.shape.iter().product::<usize>() * self.itemsize
    }
    fn is_c_contiguous(&self) -> bool {
        let mut expect = self.itemsize as isize;
        if self.shape.contains(&0) {
            return true;
        }
        for (n, s) in self.shape.iter().zip(&self.strides).rev() {
            if *n > 1 && *s != expect {
                return false;
            }
            expect *= *n as isize;
        }
        true
    }
    fn is_f_contiguous(&self) -> bool {
        let mut expect = self.itemsize as isize;
        if self.shape.contains(&0) {
            return true;
        }
        for (n, s) in self.shape.iter().zip(&self.strides) {
            if *n > 1 && *s != expect {
                return false;
            }
            expect *= *n as isize;
        }
        true
    }
    /// The format's character, if items of it can be read.
    fn code(&self) -> PyResult<u8> {
        match native_char(&self.format) {
            Some(c) => Ok(c),
            None => err!(
                NotImplementedError,
                "memoryview: format {} not supported",
                self.format
            ),
        }
    }
    fn item(&self, c: u8, at: *const u8) -> Ref {
        // SAFETY: `at` is an item within the memory the base holds.
        unpack(c, unsafe { std::slice::from_raw_parts(at, self.itemsize) })
    }
    fn gather(&self) -> Vec<u8> {
        let n = self.nbytes();
        if n == 0 {
            return Vec::new();
        }
        if self.is_c_contiguous() {
            // SAFETY: without gaps, the memory is one run of `n` bytes.
            return unsafe { std::slice::from_raw_parts(self.ptr, n) }.to_vec();
        }
        let mut out = Vec::with_capacity(n);
        each(&self.shape, &self.strides, self.ptr, &mut |p| {
            // SAFETY: `p` is an item within the memory the base holds.
            out.extend_from_slice(unsafe { std::slice::from_raw_parts(p, self.itemsize) })
        });
        out
    }
    fn gather_fortran(&self) -> Vec<u8> {
        let shape: Vec<usize> = self.shape.iter().rev().copied().collect();
        let strides: Vec<isize> = self.strides.iter().rev().copied().collect();
        View {
            shape,
            strides,
            ..self.clone()
        }
        .gather()
    }
    fn nested(&self, c: u8, dim: usize, ptr: *mut u8) -> Ref {
        if dim == self.shape.len() {
            return self.item(c, ptr);
        }
        let items = (0..self.shape[dim])
            .map(|i| {
                self.nested(
                    c,
                    dim + 1,
                    ptr.wrapping_offset(self.strides[dim] * i as isize),
                )
            })
            .collect();
        list::new_list(items)
    }
    fn address(&self, indices: &[isize]) -> PyResult<*mut u8> {
        let mut at = self.ptr;
        for (dim, i) in indices.iter().enumerate() {
            let n = self.shape[dim] as isize;
            let i = if *i < 0 { *i + n } else { *i };
            if i < 0 || i >= n {
                return err!(IndexError, "index out of bounds on dimension {}", dim + 1);
            }
            at = at.wrapping_offset(self.strides[dim] * i);
        }
        Ok(at)
    }
    fn sliced(&self, key: Value) -> PyResult<View> {
        let mut v = self.clone();
        if let Some(r) = crate::slice_args::range(key, self.shape[0])? {
            v.ptr = self.ptr.wrapping_offset(self.strides[0] * r.start as isize);
            if r.count == 0 {
                v.ptr = self.ptr;
            }
            v.shape[0] = r.count;
            v.strides[0] = self.strides[0] * r.step;
        }
        Ok(v)
    }
}

fn index_value(key: Value) -> PyResult<isize> {
    match int::to_isize(key) {
        Ok(i) => Ok(i),
        Err(e) => {
            if crate::err::clear_if(&crate::exceptions::OverflowError) {
                return err!(
                    IndexError,
                    "cannot fit '{}' into an index-sized integer",
                    key.type_name()
                );
            }
            Err(e)
        }
    }
}
fn indices(key: Value) -> PyResult<Option<Vec<isize>>> {
    if !tuple::is_tuple(key)
        || !tuple::as_slice(key)
            .iter()
            .all(|k| k.ty().slots().index.is_some())
    {
        return Ok(None);
    }
    tuple::as_slice(key)
        .iter()
        .map(|k| index_value(*k))
        .collect::<PyResult<_>>()
        .map(Some)
}

fn subscript(v: Value, key: Value) -> PyResult {
    let m = expect(&v);
    let view = m.view()?;
    if view.shape.is_empty() {
        if tuple::is_tuple(key) && tuple::as_slice(key).is_empty() {
            return Ok(view.item(view.code()?, view.ptr));
        }
        if key.is(Value::ELLIPSIS) {
            return Ok(v.to_ref());
        }
        return err!(TypeError, "invalid indexing of 0-dim memory");
    }
    if key.is_small_int() || key.ty().slots().index.is_some() {
        let i = index_value(key)?;
        let view = m.view()?;
        if view.shape.len() > 1 {
            return err!(
                NotImplementedError,
                "multi-dimensional sub-views are not implemented"
            );
        }
        let c = view.code()?;
        let at = view.address(&[i])?;
        return Ok(view.item(c, at));
    }
    if crate::slice::as_slice(&key).is_some() {
        return Ok(make(view.sliced(key)?));
    }
    if let Some(list) = indices(key)? {
        let view = m.view()?;
        if list.len() < view.shape.len() {
            return err!(NotImplementedError, "sub-views are not implemented");
        }
        if list.len() > view.shape.len() {
            return err!(
                TypeError,
                "cannot index {}-dimension view with {}-element tuple",
                view.shape.len(),
                list.len()
            );
        }
        let c = view.code()?;
        let at = view.address(&list)?;
        return Ok(view.item(c, at));
    }
    if tuple::is_tuple(key)
        && tuple::as_slice(key)
            .iter()
            .all(|k| crate::slice::as_slice(k).is_some())
    {
        return err!(
            NotImplementedError,
            "multi-dimensional slicing is not implemented"
        );
    }
    err!(TypeError, "memoryview: invalid slice key")
}

fn ass_subscript(v: Value, key: Value, value: Value) -> PyResult<()> {
    let m = expect(&v);
    let view = m.view()?;
    if view.readonly {
        return err!(TypeError, "cannot modify read-only memory");
    }
    if value.is_null() {
        return err!(TypeError, "cannot delete memory");
    }
    let c = view.code()?;
    let store = |at: *mut u8| -> PyResult<()> {
        let mut item = [0u8; 16];
        let size = m.view()?.itemsize;
        pack(c, value, &mut item)?;
        // Converting the value may have released the view.
        m.view()?;
        // SAFETY: `at` is an item within the memory the base holds.
        unsafe { std::ptr::copy_nonoverlapping(item.as_ptr(), at, size) };
        Ok(())
    };
    if view.shape.is_empty() {
        if key.is(Value::ELLIPSIS) || (tuple::is_tuple(key) && tuple::as_slice(key).is_empty()) {
            return store(view.ptr);
        }
        return err!(TypeError, "invalid indexing of 0-dim memory");
    }
    if key.is_small_int() || key.ty().slots().index.is_some() {
        let i = index_value(key)?;
        let view = m.view()?;
        if view.shape.len() > 1 {
            return err!(NotImplementedError, "sub-views are not implemented");
        }
        let at = view.address(&[i])?;
        return store(at);
    }
    if crate::slice::as_slice(&key).is_some() && view.shape.len() == 1 {
        let source = of_any(value)?;
        let source = expect(&source).view()?.clone();
        let target = m.view()?.sliced(key)?;
        if source.shape != target.shape || native_char(&source.format) != Some(c) {
            return err!(
                ValueError,
                "memoryview assignment: lvalue and rvalue have different structures"
            );
        }
        let data = source.gather();
        let mut chunks = data.chunks(target.itemsize);
        each(&target.shape, &target.strides, target.ptr, &mut |p| {
            if let Some(item) = chunks.next() {
                // SAFETY: `p` is an item within the memory the base holds.
                unsafe { std::ptr::copy_nonoverlapping(item.as_ptr(), p, item.len()) };
            }
        });
        return Ok(());
    }
    if let Some(list) = indices(key)? {
        let view = m.view()?;
        if list.len() != view.shape.len() {
            return err!(NotImplementedError, "sub-views are not implemented");
        }
        let at = view.address(&list)?;
        return store(at);
    }
    if tuple::is_tuple(key) || crate::slice::as_slice(&key).is_some() {
        return err!(
            NotImplementedError,
            "memoryview slice assignments are currently restricted to ndim = 1"
        );
    }
    err!(TypeError, "memoryview: invalid slice key")
}

fn of_any(v: Value) -> PyResult {
    if v.ty().slots().get_buffer.is_none() {
        return err!(
            TypeError,
            "a bytes-like object is required, not '{}'",
            v.type_name()
        );
    }
    of(v)
}

fn length(v: Value) -> PyResult<usize> {
    match expect(&v).view()?.shape.first() {
        Some(n) => Ok(*n),
        None => err!(TypeError, "0-dim memory has no length"),
    }
}
fn repr(v: Value) -> PyResult {
    let word = if expect(&v).raw().is_some() {
        ""
    } else {
        "released "
    };
    Ok(strings::new_str(&format!(
        "<{word}memory at 0x{:x}>",
        v.id()
    )))
}
fn hash(v: Value) -> PyResult<i64> {
    let m = expect(&v);
    if m.hash.get() == -1 {
        let view = m.view()?;
        if !view.readonly {
            return err!(ValueError, "cannot hash writable memoryview object");
        }
        if !matches!(native_char(&view.format), Some(b'B' | b'b' | b'c')) {
            return err!(
                ValueError,
                "memoryview: hashing is restricted to formats 'B', 'b' or 'c'"
            );
        }
        protocol::hash(*view.base.obj)?;
        m.hash.set(crate::hash::hash_bytes(&m.view()?.gather()));
    }
    Ok(m.hash.get())
}

fn richcompare(a: Value, b: Value, op: CompareOp) -> PyResult {
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    if !a.is_a::<PyMemoryView>() || b.ty().slots().get_buffer.is_none() {
        return Ok(Ref::NOT_IMPLEMENTED);
    }
    let equal = equals(a, b)?;
    Ok(Ref::bool(equal == (op == CompareOp::Eq)))
}
fn equals(a: Value, b: Value) -> PyResult<bool> {
    let Some(x) = expect(&a).raw() else {
        return Ok(a.is(b));
    };
    let other = match of(b) {
        Ok(o) => o,
        Err(_) => {
            drop(crate::vm::vm().take_pending());
            return Ok(a.is(b));
        }
    };
    let y = expect(&other).view()?;
    if x.shape != y.shape {
        return Ok(false);
    }
    let (Some(cx), Some(cy)) = (native_char(&x.format), native_char(&y.format)) else {
        return Ok(x.format == y.format && x.itemsize == y.itemsize && is_plain_struct(x, y)?);
    };
    if cx == cy && !matches!(cx, b'e' | b'f' | b'd' | b'?') {
        return Ok(x.gather() == y.gather());
    }
    let (dx, dy) = (x.gather(), y.gather());
    for (p, q) in dx.chunks(x.itemsize).zip(dy.chunks(y.itemsize)) {
        let (p, q) = (unpack(cx, p), unpack(cy, q));
        if !protocol::is_true(*protocol::richcompare(*p, *q, CompareOp::Eq)?)? {
            return Ok(false);
        }
    }
    Ok(true)
}
/// Compares items of struct formats by unpacking them.
fn is_plain_struct(x: &View, y: &View) -> PyResult<bool> {
    let module = (crate::vm::hooks().import)("struct")?;
    let unpack_all = |v: &View| {
        protocol::call_method_str(
            *module,
            "iter_unpack",
            &[*strings::new_str(&v.format), *bytes::from_vec(v.gather())],
        )
        .and_then(|it| protocol::to_vec(*it))
    };
    let (Ok(p), Ok(q)) = (unpack_all(x), unpack_all(y)) else {
        drop(crate::vm::vm().take_pending());
        return Ok(false);
    };
    for (a, b) in p.iter().zip(&q) {
        if !protocol::eq(**a, **b)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn get_buffer(v: Value, flags: u32) -> PyResult<Buffer> {
    let m = expect(&v);
    let view = m.view()?;
    if flags & buffer::WRITABLE != 0 && view.readonly {
        return err!(BufferError, "memoryview: underlying buffer is not writable");
    }
    let b = Buffer {
        obj: v.to_ref(),
        ptr: view.ptr,
        len: view.nbytes(),
        readonly: view.readonly,
        itemsize: view.itemsize,
        format: view.format.clone(),
        shape: view.shape.clone(),
        strides: view.strides.clone(),
    };
    m.exports.set(m.exports.get() + 1);
    Ok(b)
}

fn cast(a: &[Value]) -> PyResult {
    let m = expect(&a[0]);
    if !strings::is_str(a[1]) {
        return err!(TypeError, "memoryview: format argument must be a string");
    }
    let format = strings::expect(a[1]).to_string();
    let mut view = m.view()?.clone();
    if !view.is_c_contiguous() {
        return err!(
            TypeError,
            "memoryview: casts are restricted to C-contiguous views"
        );
    }
    if !a[2].is_null() {
        if !list::is_list(a[2]) && !tuple::is_tuple(a[2]) {
            return err!(TypeError, "shape must be a list or a tuple");
        }
        if view.shape.len() != 1 && protocol::len(a[2])? != 1 {
            return err!(TypeError, "memoryview: cast must be 1D -> ND or ND -> 1D");
        }
        if view.shape.contains(&0) {
            return err!(
                TypeError,
                "memoryview: cannot cast view with zeros in shape or strides"
            );
        }
    } else if view.shape.len() > 1 && view.shape.contains(&0) {
        return err!(
            TypeError,
            "memoryview: cannot cast view with zeros in shape or strides"
        );
    }
    let Some(to) = native_char(&format) else {
        return err!(
            ValueError,
            "memoryview: destination format must be a native single character format prefixed with an optional '@'"
        );
    };
    let from = native_char(&view.format);
    let is_byte = |c: u8| matches!(c, b'b' | b'B' | b'c');
    if from.is_none() {
        return err!(
            ValueError,
            "memoryview: source format must be a native single character format prefixed with an optional '@'"
        );
    }
    if !from.is_some_and(is_byte) && !is_byte(to) {
        return err!(
            TypeError,
            "memoryview: cannot cast between two non-byte formats"
        );
    }
    let size = item_size(to).unwrap_or(1);
    let n = view.nbytes();
    if n % size != 0 {
        return err!(
            TypeError,
            "memoryview: length is not a multiple of itemsize"
        );
    }
    view.format = format;
    view.itemsize = size;
    view.shape = vec![n / size];
    if !a[2].is_null() {
        let mut shape = Vec::new();
        for d in protocol::to_vec(a[2])? {
            if !int::is_int(*d) {
                return err!(
                    TypeError,
                    "memoryview.cast(): elements of shape must be integers"
                );
            }
            let d = int::to_isize(*d)?;
            if d <= 0 {
                return err!(
                    ValueError,
                    "memoryview.cast(): elements of shape must be integers > 0"
                );
            }
            shape.push(d as usize);
        }
        if shape.len() > 64 {
            return err!(
                ValueError,
                "memoryview: number of dimensions must not exceed 64"
            );
        }
        let product = shape.iter().try_fold(size, |p, d| p.checked_mul(*d));
        if product != Some(n) {
            return err!(
                TypeError,
                "memoryview: product(shape) * itemsize != buffer size"
            );
        }
        view.shape = shape;
    }
    let mut strides = vec![0; view.shape.len()];
    let mut stride = size as isize;
    for (s, n) in strides.iter_mut().zip(&view.shape).rev() {
        *s = stride;
        stride *= *n as isize;
    }
    view.strides = strides;
    Ok(make(view))
}

fn index_of(a: &[Value]) -> PyResult {
    let n = length(a[0])? as isize;
    let clip = |v: Value, default: isize| -> PyResult<isize> {
        if v.is_null() {
            return Ok(default);
        }
        let i = int::to_isize_clipped(v)?;
        Ok(if i < 0 {
            i.saturating_add(n).max(0)
        } else {
            i.min(n)
        })
    };
    let (start, stop) = (clip(a[2], 0)?, clip(a[3], n)?);
    for i in start..stop {
        let v = subscript(a[0], *int::from_i64(i as i64))?;
        if protocol::eq(*v, a[1])? {
            return Ok(int::from_i64(i as i64));
        }
    }
    err!(ValueError, "memoryview.index(x): x not found")
}

/// A `memory_iterator`.
#[repr(C)]
pub struct PyMemoryIterator {
    header: Header,
    view: Slot,
    index: Cell<usize>,
}
crate::object_impl!(
    PyMemoryIterator,
    MEMORY_ITERATOR_TYPE,
    |this, visit| visit(this.view.get()),
    |this| drop(this.view.take())
);
pub static MEMORY_ITERATOR_TYPE: TypeObject = TypeObject::builtin(&TypeSpec {
    name: "memory_iterator",
    flags: TypeFlags::HAVE_GC | TypeFlags::DISALLOW_INSTANTIATION,
    slots: Slots {
        iter: Some(itself),
        iternext: Some(|v| {
            let Some(it) = v.cast::<PyMemoryIterator>() else {
                return Ok(None);
            };
            let view = it.view.get();
            if view.is_null() {
                return Ok(None);
            }
            let i = it.index.get();
            if i >= length(view)? {
                drop(it.view.take());
                return Ok(None);
            }
            it.index.set(i + 1);
            subscript(view, *int::from_usize(i)).map(Some)
        }),
        ..Slots::of::<PyMemoryIterator>()
    },
    ..TypeSpec::of::<PyMemoryIterator>()
});
fn iter(v: Value) -> PyResult {
    let view = expect(&v).view()?;
    if view.shape.is_empty() {
        return err!(TypeError, "invalid indexing of 0-dim memory");
    }
    view.code()?;
    if view.shape.len() > 1 {
        return err!(
            NotImplementedError,
            "multi-dimensional sub-views are not implemented"
        );
    }
    Ok(new_object(PyMemoryIterator {
        header: Header::new(&MEMORY_ITERATOR_TYPE),
        view: Slot::new(v.to_ref()),
        index: Cell::new(0),
    }))
}

/// The bytes of a buffer with gaps, in order.
pub fn gather(b: &Buffer) -> PyResult<Vec<u8>> {
    let mut out = Vec::with_capacity(b.len);
    each(&b.shape, &b.strides, b.ptr, &mut |p| {
        // SAFETY: `p` is an item within the memory the exporter holds.
        out.extend_from_slice(unsafe { std::slice::from_raw_parts(p, b.itemsize) })
    });
    Ok(out)
}
