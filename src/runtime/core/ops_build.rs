//! Making and taking apart: containers, text, functions, imports, patterns.

use crate::core::slow;
#[allow(unused_imports)]
use crate::core::state::IntoValue;
use taipan_objects::list::PyList;
use taipan_objects::tuple::PyTuple;
use taipan_objects::value::Value;

handler!(op_BUILD_TUPLE, s => {
    let n = s.arg;
    let r = slow::build_tuple(s.sp.sub(n), n).into_value();
    s.stack_shrink(n);
    s.push(r);
    next!(s)
});
handler!(op_BUILD_LIST, s => {
    let n = s.arg;
    let r = slow::build_list(s.sp.sub(n), n).into_value();
    s.stack_shrink(n);
    s.push(r);
    next!(s)
});
handler!(op_BUILD_SET, s => {
    s.save();
    let n = s.arg;
    let r = try_op!(s, slow::build_set(s.slice(n)));
    s.drop_n(n);
    s.push(r.into_value());
    next!(s)
});
handler!(op_BUILD_MAP, s => {
    s.save();
    let n = s.arg;
    let r = try_op!(s, slow::build_map(s.slice(2 * n)));
    s.drop_n(2 * n);
    s.push(r.into_value());
    next!(s)
});
handler!(op_BUILD_SLICE, s => {
    let n = s.arg;
    let r = slow::build_slice(s.slice(n)).into_value();
    s.drop_n(n);
    s.push(r);
    next!(s)
});
handler!(op_BUILD_STRING, s => {
    let n = s.arg;
    let r = slow::build_string(s.slice(n)).into_value();
    s.drop_n(n);
    s.push(r);
    next!(s)
});
handler!(op_BUILD_INTERPOLATION, s => {
    s.save();
    let n = 2 + (s.arg & 1);
    let r = try_op!(s, slow::build_interpolation(s.slice(n), s.arg));
    s.drop_n(n);
    s.push(r.into_value());
    next!(s)
});
handler!(op_BUILD_TEMPLATE, s => {
    s.save();
    let r = try_op!(s, slow::build_template(s.slice(2)));
    s.drop_n(2);
    s.push(r.into_value());
    next!(s)
});
handler!(op_FORMAT_SIMPLE, s => {
    let v = s.top();
    if v.is_exact::<taipan_objects::strings::PyStr>() {
        next!(s)
    }
    s.save();
    let r = try_op!(s, slow::format(v, Value::NULL));
    s.set_top(r.into_value());
    drop_next!(s, v, 0)
});
handler!(op_FORMAT_WITH_SPEC, s => {
    s.save();
    let (v, spec) = (s.peek(2), s.peek(1));
    let r = try_op!(s, slow::format(v, spec));
    s.stack_shrink(1);
    s.set_top(r.into_value());
    spec.decref();
    drop_next!(s, v, 0)
});
handler!(op_CONVERT_VALUE, s => {
    s.save();
    let v = s.top();
    let r = try_op!(s, slow::convert_value(v, s.arg));
    s.set_top(r.into_value());
    drop_next!(s, v, 0)
});

handler!(op_LIST_APPEND, s => {
    let v = s.pop();
    let l = s.peek(s.arg);
    push_item!(l, v);
    next!(s)
});
handler!(op_LIST_EXTEND, s => {
    s.save();
    let v = s.top();
    try_op!(s, slow::list_extend(s.peek(1 + s.arg), v));
    s.stack_shrink(1);
    drop_next!(s, v, 0)
});
handler!(op_SET_ADD, s => {
    s.save();
    let v = s.top();
    try_op!(s, slow::set_add(s.peek(1 + s.arg), v));
    s.stack_shrink(1);
    drop_next!(s, v, 0)
});
handler!(op_SET_UPDATE, s => {
    s.save();
    let v = s.top();
    try_op!(s, slow::set_update(s.peek(1 + s.arg), v));
    s.stack_shrink(1);
    drop_next!(s, v, 0)
});
handler!(op_MAP_ADD, s => {
    s.save();
    let (k, v) = (s.peek(2), s.peek(1));
    try_op!(s, slow::dict_set(s.peek(2 + s.arg), k, v));
    s.stack_shrink(2);
    k.decref();
    drop_next!(s, v, 0)
});
handler!(op_DICT_UPDATE, s => {
    s.save();
    let v = s.top();
    try_op!(s, slow::dict_update(s.peek(1 + s.arg), v));
    s.stack_shrink(1);
    drop_next!(s, v, 0)
});
handler!(op_DICT_MERGE, s => {
    s.save();
    let v = s.top();
    let callable = s.peek(4 + s.arg);
    try_op!(s, slow::dict_merge(callable, s.peek(1 + s.arg), v));
    s.stack_shrink(1);
    drop_next!(s, v, 0)
});

handler!(op_UNPACK_SEQUENCE, s => {
    let v = s.top();
    let n = s.arg;
    if v.is_exact::<PyTuple>() {
        let items = v.cast_unchecked::<PyTuple>().items();
        if items.len() == n {
            s.stack_shrink(1);
            let mut i = n;
            while i > 0 {
                i -= 1;
                let x = *items.get_unchecked(i);
                x.incref();
                s.push(x);
            }
            drop_next!(s, v, 1)
        }
    } else if v.is_exact::<PyList>() {
        let items = v.cast_unchecked::<PyList>().items();
        if items.len() == n {
            s.stack_shrink(1);
            let mut i = n;
            while i > 0 {
                i -= 1;
                let x = items.get_unchecked(i).value();
                x.incref();
                s.push(x);
            }
            drop_next!(s, v, 1)
        }
    }
    goto!(s, op_unpack_general)
});
handler!(op_unpack_general, s => {
    s.save();
    let v = s.top();
    try_op!(s, slow::unpack_iterable(v, s.arg, None, s.sp.sub(1).add(s.arg)));
    s.stack_shrink(1);
    s.stack_grow(s.arg);
    drop_next!(s, v, 1)
});
handler!(op_UNPACK_EX, s => {
    s.save();
    let v = s.top();
    let (before, after) = (s.arg & 255, s.arg >> 8);
    let n = before + 1 + after;
    try_op!(s, slow::unpack_iterable(v, before, Some(after), s.sp.sub(1).add(n)));
    s.stack_shrink(1);
    s.stack_grow(n);
    drop_next!(s, v, 0)
});

handler!(op_MAKE_FUNCTION, s => {
    s.save();
    let code = s.top();
    let f = slow::make_function(s.frame, code).into_value();
    s.set_top(f);
    drop_next!(s, code, 0)
});
handler!(op_SET_FUNCTION_ATTRIBUTE, s => {
    let (attr, f) = (s.peek(2), s.peek(1));
    slow::set_function_attribute(f, attr, s.arg);
    s.stack_shrink(1);
    s.set_top(f);
    next!(s)
});
handler!(op_SETUP_ANNOTATIONS, s => {
    s.save();
    try_op!(s, slow::setup_annotations(s.frame));
    next!(s)
});
handler!(op_IMPORT_NAME, s => {
    s.save();
    let (level, fromlist) = (s.peek(2), s.peek(1));
    let r = try_op!(s, slow::import_name(s.frame, s.name(s.arg), fromlist, level));
    s.stack_shrink(1);
    s.set_top(r.into_value());
    level.decref();
    drop_next!(s, fromlist, 0)
});
handler!(op_IMPORT_FROM, s => {
    s.save();
    let r = try_op!(s, slow::import_from(s.top(), s.name(s.arg)));
    s.push(r.into_value());
    next!(s)
});

handler!(op_GET_LEN, s => {
    s.save();
    let n = try_op!(s, slow::len(s.top()));
    s.push(Value::small_int(n as i64));
    next!(s)
});
handler!(op_MATCH_MAPPING, s => {
    let r = s.top().ty().has_flag(taipan_objects::typeobject::TypeFlags::MAPPING);
    s.push(Value::from_bool(r));
    next!(s)
});
handler!(op_MATCH_SEQUENCE, s => {
    let r = s.top().ty().has_flag(taipan_objects::typeobject::TypeFlags::SEQUENCE);
    s.push(Value::from_bool(r));
    next!(s)
});
handler!(op_MATCH_KEYS, s => {
    s.save();
    let r = try_op!(s, slow::match_keys(s.peek(2), s.peek(1)));
    s.push(r.into_value());
    next!(s)
});
handler!(op_MATCH_CLASS, s => {
    s.save();
    let (subject, ty, names) = (s.peek(3), s.peek(2), s.peek(1));
    let r = try_op!(s, slow::match_class(subject, ty, s.arg, names));
    s.stack_shrink(2);
    s.set_top(r.into_value());
    ty.decref();
    names.decref();
    drop_next!(s, subject, 0)
});
