//! The table of special methods: which slot each dunder name stands for, and how a call of the dunder reaches the slot.

use crate::err::PyResult;
use crate::typeobject::{
    BinaryFn, CallFn, CompareOp, InitFn, SlotId, Slots, TernaryFn, Type, TypeFlags, UnaryFn,
    as_type,
};
use crate::value::{Ref, Value};
use crate::{err, int, protocol, strings, tuple};
use std::cell::UnsafeCell;

/// How a wrapper calls its slot.
pub enum Wrap {
    Unary(fn(&Slots) -> Option<UnaryFn>),
    Binary(fn(&Slots) -> Option<BinaryFn>),
    /// With the operands exchanged: `__radd__`.
    Reflected(fn(&Slots) -> Option<BinaryFn>),
    Power(fn(&Slots) -> Option<TernaryFn>),
    PowerReflected,
    InplacePower,
    Call(fn(&Slots) -> Option<CallFn>),
    Init(fn(&Slots) -> Option<InitFn>),
    Hash,
    Bool,
    Length(fn(&Slots) -> Option<fn(Value) -> PyResult<usize>>),
    Contains,
    Next,
    Compare(CompareOp),
    DescrGet,
    DescrSet,
    DescrDelete,
    SetAttr,
    DelAttr,
    Item,
    SetItem,
    DelItem,
    SetSubscript,
    DelSubscript,
    Repeat(fn(&Slots) -> Option<fn(Value, isize) -> PyResult>),
    Finalize,
    Buffer,
    ReleaseBuffer,
    /// No wrapper is made from the slot: the name only sets it (`__getattr__`, `__new__`).
    None,
}

/// One dunder name of one slot.
pub struct SlotDef {
    pub name: &'static str,
    pub doc: &'static str,
    pub slot: SlotId,
    pub wrap: Wrap,
    /// Assigning the name in a Python class does not fill the slot (`sq_concat` and `__add__`).
    pub native_only: bool,
}

macro_rules! defs {
    ($($name:ident $slot:ident $wrap:expr, $doc:literal $($native:ident)?;)*) => {
        /// In the order in which a type's namespace lists them.
        pub static SLOT_DEFS: &[SlotDef] = &[$(SlotDef {
            name: stringify!($name), doc: $doc, slot: SlotId::$slot, wrap: $wrap, native_only: defs!(@n $($native)?),
        },)*];
    };
    (@n) => { false };
    (@n native) => { true };
}

use CompareOp::{Eq, Ge, Gt, Le, Lt, Ne};
use Wrap::{Binary as B, Reflected as R, Unary as U};

defs! {
    __getattr__ getattro Wrap::None, "";
    __repr__ repr U(|s| s.repr), "Return repr(self).";
    __hash__ hash Wrap::Hash, "Return hash(self).";
    __call__ call Wrap::Call(|s| s.call), "Call self as a function.";
    __str__ str U(|s| s.str), "Return str(self).";
    __getattribute__ getattro B(|s| s.getattro), "Return getattr(self, name).";
    __setattr__ setattro Wrap::SetAttr, "Implement setattr(self, name, value).";
    __delattr__ setattro Wrap::DelAttr, "Implement delattr(self, name).";
    __lt__ richcompare Wrap::Compare(Lt), "Return self<value.";
    __le__ richcompare Wrap::Compare(Le), "Return self<=value.";
    __eq__ richcompare Wrap::Compare(Eq), "Return self==value.";
    __ne__ richcompare Wrap::Compare(Ne), "Return self!=value.";
    __gt__ richcompare Wrap::Compare(Gt), "Return self>value.";
    __ge__ richcompare Wrap::Compare(Ge), "Return self>=value.";
    __iter__ iter U(|s| s.iter), "Implement iter(self).";
    __next__ iternext Wrap::Next, "Implement next(self).";
    __get__ descr_get Wrap::DescrGet, "Return an attribute of instance, which is of type owner.";
    __set__ descr_set Wrap::DescrSet, "Set an attribute of instance to value.";
    __delete__ descr_set Wrap::DescrDelete, "Delete an attribute of instance.";
    __init__ init Wrap::Init(|s| s.init), "Initialize self.  See help(type(self)) for accurate signature.";
    __new__ new Wrap::None, "";
    __del__ finalize Wrap::Finalize, "Called when the instance is about to be destroyed.";
    __buffer__ get_buffer Wrap::Buffer, "Return a buffer object that exposes the underlying memory of the object.";
    __release_buffer__ release_buffer Wrap::ReleaseBuffer, "Release the buffer object that exposes the underlying memory of the object.";
    __await__ await_ U(|s| s.await_), "Return an iterator to be used in await expression.";
    __aiter__ aiter U(|s| s.aiter), "Return an awaitable, that resolves in asynchronous iterator.";
    __anext__ anext U(|s| s.anext), "Return a value or raise StopAsyncIteration.";
    __add__ add B(|s| s.add), "Return self+value.";
    __radd__ add R(|s| s.add), "Return value+self.";
    __sub__ subtract B(|s| s.subtract), "Return self-value.";
    __rsub__ subtract R(|s| s.subtract), "Return value-self.";
    __mul__ multiply B(|s| s.multiply), "Return self*value.";
    __rmul__ multiply R(|s| s.multiply), "Return value*self.";
    __mod__ remainder B(|s| s.remainder), "Return self%value.";
    __rmod__ remainder R(|s| s.remainder), "Return value%self.";
    __divmod__ divmod B(|s| s.divmod), "Return divmod(self, value).";
    __rdivmod__ divmod R(|s| s.divmod), "Return divmod(value, self).";
    __pow__ power Wrap::Power(|s| s.power), "Return pow(self, value, mod).";
    __rpow__ power Wrap::PowerReflected, "Return pow(value, self, mod).";
    __neg__ negative U(|s| s.negative), "-self";
    __pos__ positive U(|s| s.positive), "+self";
    __abs__ absolute U(|s| s.absolute), "abs(self)";
    __bool__ bool Wrap::Bool, "True if self else False";
    __invert__ invert U(|s| s.invert), "~self";
    __lshift__ lshift B(|s| s.lshift), "Return self<<value.";
    __rlshift__ lshift R(|s| s.lshift), "Return value<<self.";
    __rshift__ rshift B(|s| s.rshift), "Return self>>value.";
    __rrshift__ rshift R(|s| s.rshift), "Return value>>self.";
    __and__ and B(|s| s.and), "Return self&value.";
    __rand__ and R(|s| s.and), "Return value&self.";
    __xor__ xor B(|s| s.xor), "Return self^value.";
    __rxor__ xor R(|s| s.xor), "Return value^self.";
    __or__ or B(|s| s.or), "Return self|value.";
    __ror__ or R(|s| s.or), "Return value|self.";
    __int__ int U(|s| s.int), "int(self)";
    __float__ float U(|s| s.float), "float(self)";
    __iadd__ inplace_add B(|s| s.inplace_add), "Return self+=value.";
    __isub__ inplace_subtract B(|s| s.inplace_subtract), "Return self-=value.";
    __imul__ inplace_multiply B(|s| s.inplace_multiply), "Return self*=value.";
    __imod__ inplace_remainder B(|s| s.inplace_remainder), "Return self%=value.";
    __ipow__ inplace_power Wrap::InplacePower, "Return self**=value.";
    __ilshift__ inplace_lshift B(|s| s.inplace_lshift), "Return self<<=value.";
    __irshift__ inplace_rshift B(|s| s.inplace_rshift), "Return self>>=value.";
    __iand__ inplace_and B(|s| s.inplace_and), "Return self&=value.";
    __ixor__ inplace_xor B(|s| s.inplace_xor), "Return self^=value.";
    __ior__ inplace_or B(|s| s.inplace_or), "Return self|=value.";
    __floordiv__ floor_divide B(|s| s.floor_divide), "Return self//value.";
    __rfloordiv__ floor_divide R(|s| s.floor_divide), "Return value//self.";
    __truediv__ true_divide B(|s| s.true_divide), "Return self/value.";
    __rtruediv__ true_divide R(|s| s.true_divide), "Return value/self.";
    __ifloordiv__ inplace_floor_divide B(|s| s.inplace_floor_divide), "Return self//=value.";
    __itruediv__ inplace_true_divide B(|s| s.inplace_true_divide), "Return self/=value.";
    __index__ index U(|s| s.index), "Return self converted to an integer, if self is suitable for use as an index into a list.";
    __matmul__ matrix_multiply B(|s| s.matrix_multiply), "Return self@value.";
    __rmatmul__ matrix_multiply R(|s| s.matrix_multiply), "Return value@self.";
    __imatmul__ inplace_matrix_multiply B(|s| s.inplace_matrix_multiply), "Return self@=value.";
    __len__ map_length Wrap::Length(|s| s.map_length), "Return len(self).";
    __getitem__ subscript B(|s| s.subscript), "Return self[key].";
    __setitem__ ass_subscript Wrap::SetSubscript, "Set self[key] to value.";
    __delitem__ ass_subscript Wrap::DelSubscript, "Delete self[key].";
    __len__ length Wrap::Length(|s| s.length), "Return len(self).";
    __add__ concat B(|s| s.concat), "Return self+value." native;
    __mul__ repeat Wrap::Repeat(|s| s.repeat), "Return self*value." native;
    __rmul__ repeat Wrap::Repeat(|s| s.repeat), "Return value*self." native;
    __getitem__ item Wrap::Item, "Return self[key].";
    __setitem__ ass_item Wrap::SetItem, "Set self[key] to value.";
    __delitem__ ass_item Wrap::DelItem, "Delete self[key].";
    __contains__ contains Wrap::Contains, "Return bool(key in self).";
    __iadd__ inplace_concat B(|s| s.inplace_concat), "Implement self+=value." native;
    __imul__ inplace_repeat Wrap::Repeat(|s| s.inplace_repeat), "Implement self*=value." native;
}

/// Interned names of `SLOT_DEFS`, and the defs of each name.
struct NameTable {
    names: Vec<Value>,
    /// `(name bits, index of its first def)`, sorted.
    index: Vec<(u64, u16)>,
}
struct NameCell(UnsafeCell<NameTable>);
// SAFETY: written once by `init`, under the global interpreter lock.
unsafe impl Sync for NameCell {}
static NAMES: NameCell = NameCell(UnsafeCell::new(NameTable {
    names: Vec::new(),
    index: Vec::new(),
}));

fn table() -> &'static NameTable {
    // SAFETY: see NameCell.
    unsafe { &*NAMES.0.get() }
}

/// Interns the names; once, after `names::init`.
pub fn init() {
    if !table().names.is_empty() {
        return;
    }
    let mut names = Vec::with_capacity(SLOT_DEFS.len());
    let mut index: Vec<(u64, u16)> = Vec::with_capacity(SLOT_DEFS.len());
    for (i, d) in SLOT_DEFS.iter().enumerate() {
        let n = strings::intern_str(d.name);
        // SAFETY: a string object.
        unsafe { (*n.as_ptr()).set_immortal() };
        let v = n.into_value();
        names.push(v);
        index.push((v.bits(), i as u16));
    }
    index.sort_unstable();
    // SAFETY: see NameCell.
    unsafe { *NAMES.0.get() = NameTable { names, index } };
}

/// Interned name of def `i`.
#[inline]
pub fn def_name(i: usize) -> Value {
    table().names[i]
}

/// Indices of the defs with this interned name.
pub fn defs_of(name: Value) -> impl Iterator<Item = usize> {
    let t = &table().index;
    let bits = name.bits();
    let start = t.partition_point(|e| e.0 < bits);
    t[start..]
        .iter()
        .take_while(move |e| e.0 == bits)
        .map(|e| e.1 as usize)
}

impl SlotDef {
    /// Whether a type with these slots gets a wrapper for this name.
    pub fn is_present(&self, s: &Slots) -> bool {
        !matches!(self.wrap, Wrap::None) && s.addr(self.slot) != 0
    }
    /// `__text_signature__`.
    pub fn text_signature(&self) -> &'static str {
        match self.wrap {
            Wrap::Unary(_)
            | Wrap::Hash
            | Wrap::Bool
            | Wrap::Length(_)
            | Wrap::Next
            | Wrap::Finalize => "($self, /)",
            Wrap::Binary(_) if self.name == "__getattribute__" => "($self, name, /)",
            Wrap::Binary(_) if self.name == "__getitem__" => "($self, key, /)",
            Wrap::Binary(_)
            | Wrap::Reflected(_)
            | Wrap::Compare(_)
            | Wrap::InplacePower
            | Wrap::Repeat(_) => "($self, value, /)",
            Wrap::Power(_) | Wrap::PowerReflected => "($self, value, mod=None, /)",
            Wrap::Call(_) | Wrap::Init(_) => "($self, /, *args, **kwargs)",
            Wrap::Contains | Wrap::Item | Wrap::DelItem | Wrap::DelSubscript => "($self, key, /)",
            Wrap::DescrGet => "($self, instance, owner=None, /)",
            Wrap::DescrSet => "($self, instance, value, /)",
            Wrap::DescrDelete => "($self, instance, /)",
            Wrap::SetAttr => "($self, name, value, /)",
            Wrap::DelAttr => "($self, name, /)",
            Wrap::SetItem | Wrap::SetSubscript => "($self, key, value, /)",
            Wrap::Buffer => "($self, flags, /)",
            Wrap::ReleaseBuffer => "($self, buffer, /)",
            Wrap::None => "",
        }
    }

    /// Calls the slot of `s` as the dunder: `args[0]` is self.
    pub fn call(&self, s: &Slots, args: &[Value], kwnames: Value) -> PyResult {
        let this = args[0];
        let rest = &args[1..];
        match self.wrap {
            Wrap::Call(f) => return f(s).expect("slot present")(this, rest, kwnames),
            Wrap::Init(f) => {
                f(s).expect("slot present")(this, rest, kwnames)?;
                return Ok(Ref::NONE);
            }
            _ => {}
        }
        if !kwnames.is_null() && !tuple::as_slice(kwnames).is_empty() {
            return err!(
                TypeError,
                "wrapper {}() takes no keyword arguments",
                self.name
            );
        }
        let none = || Ok(Ref::NONE);
        match self.wrap {
            Wrap::Unary(f) => {
                check_count(rest, 0, 0)?;
                f(s).expect("slot present")(this)
            }
            Wrap::Binary(f) => {
                check_count(rest, 1, 1)?;
                let name = rest[0];
                if self.slot == SlotId::getattro && strings::is_str(name) {
                    let n = strings::intern(name.to_ref());
                    return f(s).expect("slot present")(this, *n);
                }
                f(s).expect("slot present")(this, rest[0])
            }
            Wrap::Reflected(f) => {
                check_count(rest, 1, 1)?;
                f(s).expect("slot present")(rest[0], this)
            }
            Wrap::Power(f) => {
                check_power(rest)?;
                f(s).expect("slot present")(
                    this,
                    rest[0],
                    rest.get(1).copied().unwrap_or(Value::NONE),
                )
            }
            Wrap::PowerReflected => {
                check_power(rest)?;
                s.power.expect("slot present")(
                    rest[0],
                    this,
                    rest.get(1).copied().unwrap_or(Value::NONE),
                )
            }
            Wrap::InplacePower => {
                check_count(rest, 1, 2)?;
                s.inplace_power.expect("slot present")(this, rest[0], Value::NONE)
            }
            Wrap::Hash => {
                check_count(rest, 0, 0)?;
                Ok(int::from_i64(s.hash.expect("slot present")(this)?))
            }
            Wrap::Bool => {
                check_count(rest, 0, 0)?;
                Ok(Ref::bool(s.bool.expect("slot present")(this)?))
            }
            Wrap::Length(f) => {
                check_count(rest, 0, 0)?;
                Ok(int::from_usize(f(s).expect("slot present")(this)?))
            }
            Wrap::Contains => {
                check_count(rest, 1, 1)?;
                Ok(Ref::bool(s.contains.expect("slot present")(this, rest[0])?))
            }
            Wrap::Next => {
                check_count(rest, 0, 0)?;
                drop(crate::vm::vm().stop_value.take());
                match s.iternext.expect("slot present")(this)? {
                    Some(v) => Ok(v),
                    None => Err(crate::vm::vm().raise_stop_iteration()),
                }
            }
            Wrap::Compare(op) => {
                check_count(rest, 1, 1)?;
                s.richcompare.expect("slot present")(this, rest[0], op)
            }
            Wrap::DescrGet => {
                check_named(self.name, rest, 1, 2)?;
                let obj = if rest[0].is_none() {
                    Value::NULL
                } else {
                    rest[0]
                };
                let ty = rest
                    .get(1)
                    .copied()
                    .filter(|t| !t.is_none())
                    .unwrap_or(Value::NULL);
                if obj.is_null() && ty.is_null() {
                    return err!(TypeError, "__get__(None, None) is invalid");
                }
                s.descr_get.expect("slot present")(this, obj, ty)
            }
            Wrap::DescrSet => {
                check_named(self.name, rest, 2, 2)?;
                s.descr_set.expect("slot present")(this, rest[0], rest[1])?;
                none()
            }
            Wrap::DescrDelete => {
                check_count(rest, 1, 1)?;
                s.descr_set.expect("slot present")(this, rest[0], Value::NULL)?;
                none()
            }
            Wrap::SetAttr => {
                check_named(self.name, rest, 2, 2)?;
                let f = s.setattro.expect("slot present");
                check_setattr(this, f, "__setattr__")?;
                f(this, *attribute_name(rest[0])?, rest[1])?;
                none()
            }
            Wrap::DelAttr => {
                check_count(rest, 1, 1)?;
                let f = s.setattro.expect("slot present");
                check_setattr(this, f, "__delattr__")?;
                f(this, *attribute_name(rest[0])?, Value::NULL)?;
                none()
            }
            Wrap::Item => {
                check_count(rest, 1, 1)?;
                s.item.expect("slot present")(this, sequence_index(this, rest[0])?)
            }
            Wrap::SetItem => {
                check_named(self.name, rest, 2, 2)?;
                s.ass_item.expect("slot present")(this, sequence_index(this, rest[0])?, rest[1])?;
                none()
            }
            Wrap::DelItem => {
                check_count(rest, 1, 1)?;
                s.ass_item.expect("slot present")(
                    this,
                    sequence_index(this, rest[0])?,
                    Value::NULL,
                )?;
                none()
            }
            Wrap::SetSubscript => {
                check_named(self.name, rest, 2, 2)?;
                s.ass_subscript.expect("slot present")(this, rest[0], rest[1])?;
                none()
            }
            Wrap::DelSubscript => {
                check_count(rest, 1, 1)?;
                s.ass_subscript.expect("slot present")(this, rest[0], Value::NULL)?;
                none()
            }
            Wrap::Repeat(f) => {
                check_count(rest, 1, 1)?;
                f(s).expect("slot present")(this, int::to_isize(rest[0])?)
            }
            Wrap::Finalize => {
                check_count(rest, 0, 0)?;
                s.finalize.expect("slot present")(this);
                none()
            }
            Wrap::Buffer => {
                check_count(rest, 1, 1)?;
                let flags = int::to_i32(rest[0])?;
                let b = s.get_buffer.expect("slot present")(
                    this,
                    flags as u32 & crate::buffer::WRITABLE,
                )?;
                Ok(crate::memoryview::from_buffer(b))
            }
            Wrap::ReleaseBuffer => {
                check_count(rest, 1, 1)?;
                protocol::call_method_str(rest[0], "release", &[])
            }
            Wrap::Call(_) | Wrap::Init(_) | Wrap::None => unreachable!(),
        }
    }
}

fn check_power(args: &[Value]) -> PyResult<()> {
    match args.len() {
        1 | 2 => Ok(()),
        n => err!(TypeError, "expected 1 or 2 arguments, got {n}"),
    }
}

/// As `check_count`, for the dunders whose name CPython's message starts with.
fn check_named(name: &str, args: &[Value], min: usize, max: usize) -> PyResult<()> {
    let n = args.len();
    if n >= min && n <= max {
        return Ok(());
    }
    let word = match (min == max, n < min) {
        (true, _) => "",
        (false, true) => "at least ",
        (false, false) => "at most ",
    };
    let count = if n < min { min } else { max };
    err!(
        TypeError,
        "{name} expected {word}{count} argument{}, got {n}",
        if count == 1 { "" } else { "s" }
    )
}

fn check_count(args: &[Value], min: usize, max: usize) -> PyResult<()> {
    let n = args.len();
    if n >= min && n <= max {
        return Ok(());
    }
    if min == max {
        return err!(
            TypeError,
            "expected {min} argument{}, got {n}",
            if min == 1 { "" } else { "s" }
        );
    }
    if n < min {
        return err!(
            TypeError,
            "expected at least {min} argument{}, got {n}",
            if min == 1 { "" } else { "s" }
        );
    }
    err!(TypeError, "expected at most {max} arguments, got {n}")
}

/// An attribute name argument, interned.
pub fn attribute_name(name: Value) -> PyResult {
    if !strings::is_str(name) {
        return err!(
            TypeError,
            "attribute name must be string, not '{}'",
            name.type_name()
        );
    }
    if name.is_exact::<strings::PyStr>() {
        return Ok(strings::intern(name.to_ref()));
    }
    Ok(strings::intern(strings::from_data(
        strings::expect(name).data(),
    )))
}

fn sequence_index(obj: Value, key: Value) -> PyResult<isize> {
    let i = int::to_isize(key)?;
    if i < 0
        && let Some(f) = obj.ty().slots().length
    {
        return Ok(i + f(obj)? as isize);
    }
    Ok(i)
}

/// Refuses `object.__setattr__(x, …)` where x's own native type sets attributes in another way.
fn check_setattr(
    obj: Value,
    f: fn(Value, Value, Value) -> PyResult<()>,
    what: &str,
) -> PyResult<()> {
    let ty = obj.ty();
    let mut t: Option<Type> = Some(ty);
    // The nearest native base decides.
    while let Some(b) = t {
        if !b.is_heap_type() {
            break;
        }
        t = b.base.get();
    }
    if let Some(b) = t {
        let own = b.slots().addr(SlotId::setattro);
        if own != 0
            && own != f as usize
            && b.header.ty().has_flag(TypeFlags::TYPE_SUBCLASS)
            && as_type(obj).is_some()
        {
            return err!(TypeError, "can't apply this {what} to {} object", ty.name());
        }
    }
    Ok(())
}
