//! `_heapq`: heaps in lists, smallest or largest item first.

use taipan_objects::err::PyResult;
use taipan_objects::native::{MethodDef, ModuleDef};
use taipan_objects::typeobject::CompareOp;
use taipan_objects::value::{Ref, Value};
use taipan_objects::{err, list, protocol};

fn heap(v: Value, function: &str, only: bool) -> PyResult<&'static list::PyList> {
    if list::is_list(v) {
        return Ok(list::expect(v));
    }
    let which = if only { "" } else { " 1" };
    err!(TypeError, "{function}() argument{which} must be list, not {}", v.type_name())
}

/// Whether `a` belongs above `b`.
fn before(a: Value, b: Value, max: bool) -> PyResult<bool> {
    let (a, b) = if max { (b, a) } else { (a, b) };
    if Value::both_small_ints(a, b) {
        return Ok(a.small_int_unchecked() < b.small_int_unchecked());
    }
    let r = protocol::richcompare(a, b, CompareOp::Lt)?;
    protocol::is_true(*r)
}

/// Compares two items; an error if the list changed its size meanwhile.
fn compare_items(h: &list::PyList, a: &Ref, b: &Ref, max: bool) -> PyResult<bool> {
    let n = h.len();
    let r = before(**a, **b, max)?;
    if h.len() != n {
        return err!(RuntimeError, "list changed size during iteration");
    }
    Ok(r)
}

fn at(h: &list::PyList, i: usize) -> PyResult<Ref> {
    match h.get(i) {
        Some(v) => Ok(v),
        None => err!(IndexError, "index out of range"),
    }
}

/// Moves the item at `pos` up, not above `start`.
fn sift_down(h: &list::PyList, start: usize, mut pos: usize, max: bool) -> PyResult<()> {
    let new = at(h, pos)?;
    while pos > start {
        let parent_pos = (pos - 1) >> 1;
        let parent = at(h, parent_pos)?;
        if !compare_items(h, &new, &parent, max)? {
            break;
        }
        h.items_mut().swap(parent_pos, pos);
        pos = parent_pos;
    }
    Ok(())
}

/// Moves the item at `pos` to a leaf along the better children, and from there up again.
fn sift_up(h: &list::PyList, mut pos: usize, max: bool) -> PyResult<()> {
    let (start, end) = (pos, h.len());
    let limit = end >> 1;
    while pos < limit {
        let mut child = 2 * pos + 1;
        if child + 1 < end {
            let (l, r) = (at(h, child)?, at(h, child + 1)?);
            if !compare_items(h, &l, &r, max)? {
                child += 1;
            }
        }
        h.items_mut().swap(child, pos);
        pos = child;
    }
    sift_down(h, start, pos, max)
}

fn push(a: &[Value], name: &str, max: bool) -> PyResult {
    let h = heap(a[0], name, false)?;
    h.items_mut().push(a[1].to_ref());
    sift_down(h, 0, h.len() - 1, max)?;
    Ok(Ref::NONE)
}

fn pop(a: &[Value], name: &str, max: bool) -> PyResult {
    let h = heap(a[0], name, true)?;
    let Some(last) = h.items_mut().pop() else { return err!(IndexError, "index out of range") };
    if h.len() == 0 {
        return Ok(last);
    }
    let top = std::mem::replace(&mut h.items_mut()[0], last);
    sift_up(h, 0, max)?;
    Ok(top)
}

fn replace(a: &[Value], name: &str, max: bool) -> PyResult {
    let h = heap(a[0], name, false)?;
    if h.len() == 0 {
        return err!(IndexError, "index out of range");
    }
    let top = std::mem::replace(&mut h.items_mut()[0], a[1].to_ref());
    sift_up(h, 0, max)?;
    Ok(top)
}

fn push_pop(a: &[Value], name: &str, max: bool) -> PyResult {
    let h = heap(a[0], name, false)?;
    if h.len() == 0 {
        return Ok(a[1].to_ref());
    }
    let top = at(h, 0)?;
    if !before(*top, a[1], max)? {
        return Ok(a[1].to_ref());
    }
    if h.len() == 0 {
        return err!(IndexError, "index out of range");
    }
    let top = std::mem::replace(&mut h.items_mut()[0], a[1].to_ref());
    sift_up(h, 0, max)?;
    Ok(top)
}

fn heapify(a: &[Value], name: &str, max: bool) -> PyResult {
    let h = heap(a[0], name, true)?;
    for i in (0..h.len() >> 1).rev() {
        sift_up(h, i, max)?;
    }
    Ok(Ref::NONE)
}

pub static MODULE: ModuleDef = ModuleDef {
    name: "_heapq",
    doc: "Heap queue algorithm (a.k.a. priority queue).",
    functions: &[
        MethodDef::new("heappush($module, heap, item, /)", "Push item onto heap, maintaining the heap invariant.", |a| push(a, "heappush", false)),
        MethodDef::new("heappushpop($module, heap, item, /)", "Push item on the heap, then pop and return the smallest item from the heap.", |a| push_pop(a, "heappushpop", false)),
        MethodDef::new("heappop($module, heap, /)", "Pop the smallest item off the heap, maintaining the heap invariant.", |a| pop(a, "heappop", false)),
        MethodDef::new("heapreplace($module, heap, item, /)", "Pop and return the current smallest value, and add the new item.", |a| replace(a, "heapreplace", false)),
        MethodDef::new("heapify($module, heap, /)", "Transform list into a heap, in-place, in O(len(heap)) time.", |a| heapify(a, "heapify", false)),
        MethodDef::new("heappush_max($module, heap, item, /)", "Push item onto max heap, maintaining the heap invariant.", |a| push(a, "heappush_max", true)),
        MethodDef::new("heappushpop_max($module, heap, item, /)", "Maxheap variant of heappushpop.", |a| push_pop(a, "heappushpop_max", true)),
        MethodDef::new("heappop_max($module, heap, /)", "Maxheap variant of heappop.", |a| pop(a, "heappop_max", true)),
        MethodDef::new("heapreplace_max($module, heap, item, /)", "Maxheap variant of heapreplace.", |a| replace(a, "heapreplace_max", true)),
        MethodDef::new("heapify_max($module, heap, /)", "Maxheap variant of heapify.", |a| heapify(a, "heapify_max", true)),
    ],
    init: Some(|m| {
        taipan_objects::module::add(m, "__about__", taipan_objects::strings::new_str(ABOUT));
        Ok(())
    }),
};

const ABOUT: &str = "A heap is a list in which heap[k] <= heap[2*k+1] and heap[k] <= heap[2*k+2] for all k that have such items, so that \
heap[0] is always the smallest item.";
