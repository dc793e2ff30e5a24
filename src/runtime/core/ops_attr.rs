//! Attributes.

#[allow(unused_imports)]
use crate::core::state::IntoValue;
use crate::core::{slow, specialize};
use taipan_bytecode::opcode::Opcode;
use taipan_objects::object::Header;
use taipan_objects::shape::AttrHead;
use taipan_objects::typeobject::TypeFlags;
use taipan_objects::value::{Ref, Slot, Value};

handler!(op_LOAD_ATTR, s => {
    s.save();
    specialize::load_attr(s);
    goto!(s, op_load_attr_general)
});
handler!(op_load_attr_general, s => {
    s.save();
    let owner = s.top();
    let name = s.name(s.arg >> 1);
    if s.arg & 1 != 0 {
        let (f, bound) = try_op!(s, slow::get_method(owner, name));
        s.set_top(f.into_value());
        if bound {
            s.push(owner);
            next!(s, 9)
        }
        s.push(Value::NULL);
        drop_next!(s, owner, 9)
    }
    let v = try_op!(s, slow::getattr(owner, name));
    s.set_top(v.into_value());
    drop_next!(s, owner, 9)
});

/// Whether `v` is an instance in shape form, of the shape in cache units 3-4.
macro_rules! guard_shape {
    ($s:ident, $v:expr, $shape:expr) => {
        if !$v.is_heap()
            || !(*$v.as_ptr()).ty().has_flag(TypeFlags::MANAGED_DICT)
            || (*AttrHead::of($v.as_ptr())).shape.get() != $shape
        {
            goto!($s, specialize::op_deopt)
        }
    };
}
/// Whether the type of `v` has the version in cache units 1-2.
macro_rules! guard_type {
    ($s:ident, $v:expr) => {
        if !$v.is_heap() || (*$v.as_ptr()).ty().version_tag.get() != $s.cache32(1) {
            goto!($s, specialize::op_deopt)
        }
    };
}

/// Pushes the attribute found in place of its owner, and NULL for the method form.
macro_rules! attr_next {
    ($s:ident, $owner:expr, $v:expr) => {{
        let v = $v;
        v.incref();
        $s.set_top(v);
        if $s.arg & 1 != 0 {
            $s.push(Value::NULL);
        }
        drop_next!($s, $owner, 9)
    }};
}

handler!(
    /// Cache: shape in units 3-4, byte offset from the header in unit 5.
    op_LOAD_ATTR_INSTANCE_VALUE, s => {
        let owner = s.top();
        guard_shape!(s, owner, s.cache32(3));
        let v = *((owner.as_ptr() as *const u8).add(s.cache(5) as usize) as *const Value);
        attr_next!(s, owner, v)
    }
);
handler!(
    /// A borrowed local whose instance slot is read next: no count is touched but the result's.
    op_LOAD_FAST_BORROW_LOAD_ATTR, s => {
        let owner = *s.locals.add(s.arg);
        let at = s.pc.add(1);
        if *at as u8 == Opcode::LOAD_ATTR_INSTANCE_VALUE as u8
            && owner.is_heap()
            && (*owner.as_ptr()).ty().has_flag(TypeFlags::MANAGED_DICT)
            && (*AttrHead::of(owner.as_ptr())).shape.get() == crate::core::state::read32(at.add(4))
        {
            let v = *((owner.as_ptr() as *const u8).add(*at.add(6) as usize) as *const Value);
            v.incref();
            s.push(v);
            dispatch_at!(s, at.add(10))
        }
        owner.incref();
        s.push(owner);
        dispatch_at!(s, at)
    }
);
handler!(
    /// A borrowed local whose instance slot is written next.
    op_LOAD_FAST_BORROW_STORE_ATTR, s => {
        let owner = *s.locals.add(s.arg);
        let at = s.pc.add(1);
        if *at as u8 == Opcode::STORE_ATTR_INSTANCE_VALUE as u8
            && owner.is_heap()
            && (*owner.as_ptr()).ty().has_flag(TypeFlags::MANAGED_DICT)
            && (*AttrHead::of(owner.as_ptr())).shape.get() == crate::core::state::read32(at.add(2))
        {
            let index = *at.add(4);
            let slot = (owner.as_ptr() as *const u8).add(((index & !ADDS_ATTRIBUTE) as usize) * 8) as *mut Value;
            if index & ADDS_ATTRIBUTE == 0 {
                let old = slot.replace(s.pop());
                s.pc = at;
                drop_next!(s, old, 4)
            }
            let head = &*AttrHead::of(owner.as_ptr());
            if (slot as usize) < inline_end(owner.as_ptr(), head) {
                head.shape.set(head.shape.get() + *at.add(1) as u32);
                slot.write(s.pop());
                dispatch_at!(s, at.add(5))
            }
        }
        owner.incref();
        s.push(owner);
        dispatch_at!(s, at)
    }
);
handler!(
    /// Cache: type version in 1-2, byte offset in 5. NULL in the slot: AttributeError, the general way.
    op_LOAD_ATTR_SLOT, s => {
        let owner = s.top();
        guard_type!(s, owner);
        let v = *((owner.as_ptr() as *const u8).add(s.cache(5) as usize) as *const Value);
        if v.is_null() {
            goto!(s, op_load_attr_general)
        }
        attr_next!(s, owner, v)
    }
);
handler!(
    /// Cache: keys version of the module's dict in 3-4, entry in 5.
    op_LOAD_ATTR_MODULE, s => {
        let owner = s.top();
        if !owner.is_exact::<taipan_objects::module::PyModule>() {
            goto!(s, specialize::op_deopt)
        }
        let d = owner.cast_unchecked::<taipan_objects::module::PyModule>().dict.get();
        let d = d.cast_unchecked::<taipan_objects::dict::PyDict>();
        if d.current_keys_version() != s.cache32(3) {
            goto!(s, specialize::op_deopt)
        }
        let v = d.entry_value(s.cache(5) as usize);
        attr_next!(s, owner, v)
    }
);
handler!(
    /// Cache: type version in 1-2; entry in 5; the instance has a dict of its own, whose entry 5 has this name.
    op_LOAD_ATTR_WITH_HINT, s => {
        let owner = s.top();
        guard_type!(s, owner);
        let head = &*AttrHead::of(owner.as_ptr());
        let d = head.dict.get();
        if d.is_null() {
            goto!(s, specialize::op_deopt)
        }
        let t = d.cast_unchecked::<taipan_objects::dict::PyDict>().entries();
        let i = s.cache(5) as usize;
        if i >= t.len() || !t.get_unchecked(i).key.is(s.name(s.arg >> 1)) {
            goto!(s, op_load_attr_general)
        }
        let v = t.get_unchecked(i).value.value();
        attr_next!(s, owner, v)
    }
);
handler!(
    /// A class attribute that is no descriptor, read through an instance in shape form. Cache: type version, shape, the value in 5-8.
    op_LOAD_ATTR_NONDESCRIPTOR_WITH_VALUES, s => {
        let owner = s.top();
        guard_type!(s, owner);
        guard_shape!(s, owner, s.cache32(3));
        let v = Value::from_bits(s.cache64(5));
        attr_next!(s, owner, v)
    }
);
handler!(
    /// As above, for types whose instances have no dict.
    op_LOAD_ATTR_NONDESCRIPTOR_NO_DICT, s => {
        let owner = s.top();
        guard_type!(s, owner);
        let v = Value::from_bits(s.cache64(5));
        attr_next!(s, owner, v)
    }
);
handler!(
    /// A method of an instance in shape form. Cache: type version, shape, the function in 5-8 (kept alive by the type while the version holds).
    op_LOAD_ATTR_METHOD_WITH_VALUES, s => {
        let owner = s.top();
        guard_type!(s, owner);
        if (*AttrHead::of(owner.as_ptr())).shape.get() != s.cache32(3) {
            goto!(s, specialize::op_deopt)
        }
        let f = Value::from_bits(s.cache64(5));
        (*f.as_ptr()).incref();
        s.set_top(f);
        s.push(owner);
        next!(s, 9)
    }
);
handler!(
    /// A method of an instance that can have no attributes of its own.
    op_LOAD_ATTR_METHOD_NO_DICT, s => {
        let owner = s.top();
        guard_type!(s, owner);
        let f = Value::from_bits(s.cache64(5));
        (*f.as_ptr()).incref();
        s.set_top(f);
        s.push(owner);
        next!(s, 9)
    }
);
handler!(
    /// A method of an instance with a dict, in which the name is not (checked by look-up: str keys only).
    op_LOAD_ATTR_METHOD_LAZY_DICT, s => {
        let owner = s.top();
        guard_type!(s, owner);
        let d = (*AttrHead::of(owner.as_ptr())).dict.get();
        if (*AttrHead::of(owner.as_ptr())).shape.get() != taipan_objects::shape::DICT_SHAPE
            || (!d.is_null() && (!d.cast_unchecked::<taipan_objects::dict::PyDict>().is_str_keyed()
                || taipan_objects::dict::index_of_str(d, s.name(s.arg >> 1)).is_some()))
        {
            goto!(s, op_load_attr_general)
        }
        let f = Value::from_bits(s.cache64(5));
        (*f.as_ptr()).incref();
        s.set_top(f);
        s.push(owner);
        next!(s, 9)
    }
);
handler!(
    /// An attribute of a class. Cache: the class's own version in 1-2, the value in 5-8.
    op_LOAD_ATTR_CLASS, s => {
        let owner = s.top();
        if !owner.is_heap() || !(*owner.as_ptr()).ty().has_flag(TypeFlags::TYPE_SUBCLASS) {
            goto!(s, specialize::op_deopt)
        }
        let ty = &*(owner.as_ptr() as *const taipan_objects::typeobject::TypeObject);
        if ty.version_tag.get() != s.cache32(1) {
            goto!(s, specialize::op_deopt)
        }
        let v = Value::from_bits(s.cache64(5));
        attr_next!(s, owner, v)
    }
);
handler!(
    /// A property whose getter is a plain Python function of one argument. Cache: type version, the function in 5-8.
    op_LOAD_ATTR_PROPERTY, s => {
        let owner = s.top();
        guard_type!(s, owner);
        s.save();
        let f = Value::from_bits(s.cache64(5));
        // Arguments of the new frame lie on the stack's top: there is room, as LOAD_ATTR's result takes the owner's slot.
        match crate::call::push_property_frame(s, f) {
            Some(frame) => {
                s.frame.sp.set(s.sp.sub(1));
                s.frame.return_offset.set(10);
                crate::enter_frame!(s, frame)
            }
            None => error!(s),
        }
    }
);

handler!(op_STORE_ATTR, s => {
    s.save();
    specialize::store_attr(s);
    goto!(s, op_store_attr_general)
});
handler!(op_store_attr_general, s => {
    s.save();
    let (v, owner) = (s.peek(2), s.peek(1));
    try_op!(s, slow::setattr(owner, s.name(s.arg), v));
    s.stack_shrink(2);
    v.decref();
    drop_next!(s, owner, 4)
});
/// In the index unit of STORE_ATTR_INSTANCE_VALUE: the attribute is new; the counter unit holds the distance to the new shape.
pub const ADDS_ATTRIBUTE: u16 = 0x8000;
handler!(
    /// Cache: shape in 1-2, index in 3: byte offset from the header / 8, perhaps with `ADDS_ATTRIBUTE`.
    op_STORE_ATTR_INSTANCE_VALUE, s => {
        let (v, owner) = (s.peek(2), s.peek(1));
        let shape = s.cache32(1);
        guard_shape!(s, owner, shape);
        let index = s.cache(3);
        let slot = (owner.as_ptr() as *const u8).add(((index & !ADDS_ATTRIBUTE) as usize) * 8) as *mut Value;
        if index & ADDS_ATTRIBUTE != 0 {
            let head = &*AttrHead::of(owner.as_ptr());
            if (slot as usize) >= inline_end(owner.as_ptr(), head) {
                goto!(s, op_store_attr_general)
            }
            head.shape.set(shape + s.cache(0) as u32);
            slot.write(v);
            s.stack_shrink(2);
            drop_next!(s, owner, 4)
        }
        let old = slot.replace(v);
        s.stack_shrink(2);
        drop2_next!(s, old, owner, 4)
    }
);
/// Address behind the last inline attribute slot.
#[inline(always)]
unsafe fn inline_end(obj: *mut Header, head: &AttrHead) -> usize {
    unsafe { obj as usize + (*obj).ty().basicsize() + head.capacity.get() as usize * 8 }
}
handler!(
    /// Cache: type version in 1-2, index in 3.
    op_STORE_ATTR_SLOT, s => {
        let (v, owner) = (s.peek(2), s.peek(1));
        guard_type!(s, owner);
        let slot = &*((owner.as_ptr() as *const u8).add(s.cache(3) as usize) as *const Slot);
        let old = slot.replace(Ref::from_owned(v)).into_value();
        s.stack_shrink(2);
        drop2_next!(s, old, owner, 4)
    }
);
handler!(
    /// Cache: type version in 1-2, entry in 3.
    op_STORE_ATTR_WITH_HINT, s => {
        let (v, owner) = (s.peek(2), s.peek(1));
        guard_type!(s, owner);
        let d = (*AttrHead::of(owner.as_ptr())).dict.get();
        if d.is_null() {
            goto!(s, specialize::op_deopt)
        }
        let d = d.cast_unchecked::<taipan_objects::dict::PyDict>();
        let i = s.cache(3) as usize;
        if i >= d.entries().len() || !d.entries().get_unchecked(i).key.is(s.name(s.arg)) {
            goto!(s, op_store_attr_general)
        }
        s.stack_shrink(2);
        d.set_entry_value(i, Ref::from_owned(v));
        drop_next!(s, owner, 4)
    }
);
handler!(op_DELETE_ATTR, s => {
    s.save();
    let owner = s.top();
    try_op!(s, slow::setattr(owner, s.name(s.arg), Value::NULL));
    s.stack_shrink(1);
    drop_next!(s, owner, 0)
});
handler!(op_LOAD_SUPER_ATTR, s => {
    s.save();
    let name = s.name(s.arg >> 2);
    let pushed = try_op!(s, slow::load_super_attr(s.sp, name, s.arg));
    s.stack_shrink(3);
    s.stack_grow(pushed);
    next!(s, 1)
});
handler!(op_LOAD_SPECIAL, s => {
    s.save();
    let owner = s.top();
    let (f, bound) = try_op!(s, slow::load_special(owner, s.arg));
    s.set_top(f.into_value());
    if bound {
        s.push(owner);
        next!(s)
    }
    s.push(Value::NULL);
    drop_next!(s, owner, 0)
});
