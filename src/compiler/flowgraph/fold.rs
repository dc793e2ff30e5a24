//! What operators give on constants. None means: raises, or would make too large a constant.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use dashu_int::IBig;
use taipan_bytecode::opcode::BinaryOperator;
use taipan_bytecode::{Const, Str};

use super::numbers::{self, Number};

/// Bits of an integer.
const MAX_INT_BITS: u64 = 128;
/// Items of a repeated tuple.
const MAX_COLLECTION: i64 = 256;
/// Characters or bytes of a repeated string.
const MAX_STRING: i64 = 4096;
/// Items with those of nested tuples.
const MAX_TOTAL_ITEMS: i64 = 1024;

fn number(value: &Const) -> Option<Number> {
    Some(match value {
        Const::True => Number::Bool(true),
        Const::False => Number::Bool(false),
        Const::Int(value) => Number::Int(value.clone()),
        Const::Float(value) => Number::Float(*value),
        Const::Complex(re, im) => Number::Complex(*re, *im),
        _ => return None,
    })
}

fn constant(value: Number) -> Const {
    match value {
        Number::Bool(value) => Const::bool(value),
        Number::Int(value) => Const::Int(value),
        Number::Float(value) => Const::Float(value),
        Number::Complex(re, im) => Const::Complex(re, im),
    }
}

fn integer(value: &Const) -> Option<IBig> {
    number(value)?.as_int()
}

/// Truth of a constant.
pub fn is_true(value: &Const) -> bool {
    match value {
        Const::None | Const::False => false,
        Const::True | Const::Ellipsis | Const::Code(_) | Const::Slice(_) | Const::StopIteration => {
            true
        }
        Const::Int(value) => *value != IBig::ZERO,
        Const::Float(value) => *value != 0.0,
        Const::Complex(re, im) => *re != 0.0 || *im != 0.0,
        Const::Str(value) => !value.is_empty(),
        Const::Bytes(value) => !value.is_empty(),
        Const::Tuple(items) | Const::FrozenSet(items) | Const::List(items) | Const::Set(items) => {
            !items.is_empty()
        }
        Const::Dict(items) => !items.is_empty(),
    }
}

/// `-value`
pub fn negative(value: &Const) -> Option<Const> {
    numbers::negative(&number(value)?).map(constant)
}

/// `+value`
pub fn positive(value: &Const) -> Option<Const> {
    numbers::positive(&number(value)?).map(constant)
}

/// `~value`
pub fn invert(value: &Const) -> Option<Const> {
    numbers::invert(&number(value)?).map(constant)
}

/// Equality as Python sees it.
fn equal(a: &Const, b: &Const) -> bool {
    match (number(a), number(b)) {
        (Some(a), Some(b)) => numbers::equal(&a, &b),
        (None, None) => match (a, b) {
            (Const::Tuple(a), Const::Tuple(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
            }
            _ => a == b,
        },
        _ => false,
    }
}

/// A hash on which equal constants agree.
fn hash(value: &Const, state: &mut DefaultHasher) {
    match (number(value), value) {
        (Some(number), _) => numbers::hash(&number, state),
        (None, Const::Tuple(items)) => items.iter().for_each(|item| hash(item, state)),
        (None, Const::FrozenSet(items)) => items.len().hash(state),
        _ => value.hash(state),
    }
}

/// The first of each group of equal items.
pub fn distinct(items: Vec<Const>) -> Vec<Const> {
    let mut kept: Vec<Const> = Vec::with_capacity(items.len());
    let mut by_hash: HashMap<u64, Vec<usize>> = HashMap::with_capacity(items.len());
    for item in items {
        let mut state = DefaultHasher::new();
        hash(&item, &mut state);
        let alike = by_hash.entry(state.finish()).or_default();
        if !alike.iter().any(|&at| equal(&kept[at], &item)) {
            alike.push(kept.len());
            kept.push(item);
        }
    }
    kept
}

/// `lhs <op> rhs`
pub fn binary(lhs: &Const, operator: BinaryOperator, rhs: &Const) -> Option<Const> {
    use BinaryOperator as Op;
    match operator {
        Op::Add => return add(lhs, rhs),
        Op::Multiply => return multiply(lhs, rhs),
        Op::Subscr => return subscript(lhs, rhs),
        _ => {}
    }
    let (a, b) = (&number(lhs)?, &number(rhs)?);
    let result = match operator {
        Op::Subtract => numbers::subtract(a, b),
        Op::TrueDivide => numbers::true_divide(a, b),
        Op::FloorDivide => numbers::floor_divide(a, b),
        Op::Remainder => numbers::remainder(a, b),
        Op::Power => {
            if let (Some(base), Some(exponent)) = (a.as_int(), b.as_int()) {
                if numbers::sign(&base) != 0 && numbers::sign(&exponent) > 0 {
                    let exponent = u64::try_from(&exponent).ok()?;
                    if numbers::bits(&base) > MAX_INT_BITS / exponent {
                        return None;
                    }
                }
            }
            numbers::power(a, b)
        }
        Op::Lshift => {
            let (value, count) = (a.as_int()?, b.as_int()?);
            if numbers::sign(&value) != 0 && numbers::sign(&count) != 0 {
                let count = u64::try_from(&count).ok()?;
                if count > MAX_INT_BITS || numbers::bits(&value) > MAX_INT_BITS - count {
                    return None;
                }
            }
            numbers::shift_left(a, b)
        }
        Op::Rshift => numbers::shift_right(a, b),
        Op::Or => numbers::bitwise(a, b, |a, b| a | b, |a, b| a | b),
        Op::Xor => numbers::bitwise(a, b, |a, b| a ^ b, |a, b| a ^ b),
        Op::And => numbers::bitwise(a, b, |a, b| a & b, |a, b| a & b),
        _ => None,
    };
    result.map(constant)
}

fn add(lhs: &Const, rhs: &Const) -> Option<Const> {
    match (lhs, rhs) {
        (Const::Str(a), Const::Str(b)) => joined(&[a, b]),
        (Const::Bytes(a), Const::Bytes(b)) => Some(Const::Bytes([&a[..], &b[..]].concat().into())),
        (Const::Tuple(a), Const::Tuple(b)) => Some(Const::Tuple([&a[..], &b[..]].concat().into())),
        _ => numbers::add(&number(lhs)?, &number(rhs)?).map(constant),
    }
}

fn joined(parts: &[&Str]) -> Option<Const> {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(part.as_bytes());
    }
    Str::from_wtf8(&bytes).map(Const::Str)
}

fn total_within(items: &[Const], limit: i64) -> Option<i64> {
    let mut left = limit - items.len() as i64;
    for item in items {
        if left < 0 {
            return None;
        }
        if let Const::Tuple(items) = item {
            left = total_within(items, left)?;
        }
    }
    (left >= 0).then_some(left)
}

fn multiply(lhs: &Const, rhs: &Const) -> Option<Const> {
    let is_sequence =
        |value: &Const| matches!(value, Const::Str(_) | Const::Bytes(_) | Const::Tuple(_));
    if is_sequence(lhs) {
        return repeat(lhs, &integer(rhs)?);
    }
    if is_sequence(rhs) {
        return repeat(rhs, &integer(lhs)?);
    }
    let (a, b) = (number(lhs)?, number(rhs)?);
    if let (Some(a), Some(b)) = (a.as_int(), b.as_int()) {
        if numbers::sign(&a) != 0
            && numbers::sign(&b) != 0
            && numbers::bits(&a) + numbers::bits(&b) > MAX_INT_BITS
        {
            return None;
        }
    }
    numbers::multiply(&a, &b).map(constant)
}

fn repeat(sequence: &Const, count: &IBig) -> Option<Const> {
    let count = i64::try_from(count).ok();
    let times = |size: usize, limit: i64| -> Option<usize> {
        match size {
            0 => count.map(|_| 0),
            _ => usize::try_from(count.filter(|count| *count <= limit / size as i64)?).ok(),
        }
    };
    match sequence {
        Const::Tuple(items) => {
            let times = times(items.len(), MAX_COLLECTION)?;
            if times > 0 {
                total_within(items, MAX_TOTAL_ITEMS / times as i64)?;
            }
            Some(Const::Tuple(
                (0..times).flat_map(|_| items.iter().cloned()).collect(),
            ))
        }
        Const::Str(text) => {
            let times = times(text.code_points().count(), MAX_STRING)?;
            Str::from_wtf8(&text.as_bytes().repeat(times)).map(Const::Str)
        }
        Const::Bytes(bytes) => {
            let times = times(bytes.len(), MAX_STRING)?;
            Some(Const::Bytes(bytes.repeat(times).into()))
        }
        _ => None,
    }
}

/// Positions that a slice selects of `length` items.
fn slice_positions(parts: &[Const; 3], length: usize) -> Option<Vec<usize>> {
    let length = length as i64;
    // Numbers beyond the length are all alike.
    let part = |value: &Const| -> Option<Option<i64>> {
        match value {
            Const::None => Some(None),
            other => {
                let value = integer(other)?;
                let clamped = i64::try_from(&value).unwrap_or(if numbers::sign(&value) < 0 {
                    i64::MIN
                } else {
                    i64::MAX
                });
                Some(Some(clamped.clamp(-(1 << 62), 1 << 62)))
            }
        }
    };
    let step = part(&parts[2])?.unwrap_or(1);
    if step == 0 {
        return None;
    }
    let (low, high) = if step > 0 {
        (0, length)
    } else {
        (-1, length - 1)
    };
    let bound = |value: Option<i64>, default: i64| match value {
        None => default,
        Some(value) if value < 0 => (value + length).max(low),
        Some(value) => value.min(high),
    };
    let (first, last) = if step > 0 { (low, high) } else { (high, low) };
    let mut at = bound(part(&parts[0])?, first);
    let stop = bound(part(&parts[1])?, last);
    let mut positions = Vec::new();
    while if step > 0 { at < stop } else { at > stop } {
        positions.push(at as usize);
        at += step;
    }
    Some(positions)
}

fn subscript(container: &Const, key: &Const) -> Option<Const> {
    if let Const::Slice(parts) = key {
        return match container {
            Const::Str(text) => {
                let points: Vec<u32> = text.code_points().collect();
                let positions = slice_positions(parts, points.len())?;
                Str::from_code_points(positions.iter().map(|&at| points[at])).map(Const::Str)
            }
            Const::Bytes(bytes) => {
                let positions = slice_positions(parts, bytes.len())?;
                Some(Const::Bytes(
                    positions.iter().map(|&at| bytes[at]).collect(),
                ))
            }
            Const::Tuple(items) => {
                let positions = slice_positions(parts, items.len())?;
                Some(Const::Tuple(
                    positions.iter().map(|&at| items[at].clone()).collect(),
                ))
            }
            _ => None,
        };
    }
    let index = i64::try_from(&integer(key)?).ok()?;
    let position = |length: usize| {
        let at = if index < 0 {
            index + length as i64
        } else {
            index
        };
        usize::try_from(at).ok().filter(|&at| at < length)
    };
    match container {
        Const::Str(text) => {
            let at = position(text.code_points().count())?;
            Str::from_code_points(text.code_points().nth(at)).map(Const::Str)
        }
        Const::Bytes(bytes) => Some(Const::int(bytes[position(bytes.len())?] as i64)),
        Const::Tuple(items) => Some(items[position(items.len())?].clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use BinaryOperator as Op;

    fn ints(a: i64, operator: Op, b: i64) -> Option<Const> {
        binary(&Const::int(a), operator, &Const::int(b))
    }

    #[test]
    fn integers() {
        assert_eq!(ints(-7, Op::FloorDivide, 2), Some(Const::int(-4)));
        assert_eq!(ints(-7, Op::Remainder, 2), Some(Const::int(1)));
        assert_eq!(ints(7, Op::FloorDivide, -2), Some(Const::int(-4)));
        assert_eq!(ints(7, Op::Remainder, -2), Some(Const::int(-1)));
        assert_eq!(ints(7, Op::Remainder, 0), None);
        assert_eq!(ints(1, Op::TrueDivide, 3), Some(Const::Float(1.0 / 3.0)));
        assert_eq!(
            ints(-1, Op::TrueDivide, 1 << 40),
            Some(Const::Float(-1.0 / (1u64 << 40) as f64))
        );
        assert_eq!(
            ints((1 << 60) + 1, Op::TrueDivide, 3),
            Some(Const::Float(((1i64 << 60) + 1) as f64 / 3.0))
        );
        assert_eq!(
            ints(2, Op::Power, 64),
            Some(Const::Int(IBig::from(1u128 << 64)))
        );
        assert_eq!(ints(2, Op::Power, 128), None);
        assert_eq!(ints(2, Op::Power, -1), Some(Const::Float(0.5)));
        assert_eq!(ints(0, Op::Power, -1), None);
        assert_eq!(ints(1, Op::Lshift, -1), None);
        assert_eq!(ints(-1, Op::Rshift, 70), Some(Const::int(-1)));
        assert_eq!(
            binary(&Const::True, Op::And, &Const::False),
            Some(Const::False)
        );
        assert_eq!(
            binary(&Const::True, Op::Add, &Const::True),
            Some(Const::int(2))
        );
    }

    #[test]
    fn floats_and_complex() {
        let float = Const::Float;
        assert_eq!(
            binary(&float(-1.0), Op::Remainder, &float(3.0)),
            Some(float(2.0))
        );
        assert_eq!(
            binary(&float(0.0), Op::FloorDivide, &float(-2.0)),
            Some(float(-0.0))
        );
        assert_eq!(
            binary(&Const::int(1), Op::Subtract, &Const::Complex(0.0, 2.0)),
            Some(Const::Complex(1.0, -2.0))
        );
        assert_eq!(negative(&Const::int(0)), Some(Const::int(0)));
        assert_eq!(negative(&float(0.0)), Some(float(-0.0)));
        assert_eq!(invert(&Const::True), None);
    }

    #[test]
    fn equal_items_are_one() {
        let items = vec![
            Const::int(1),
            Const::True,
            Const::Float(1.0),
            Const::Complex(1.0, 0.0),
            Const::Float(1.5),
        ];
        assert_eq!(distinct(items), [Const::int(1), Const::Float(1.5)]);
        let pair = |a| Const::Tuple([a, Const::str("x")].into());
        assert_eq!(
            distinct(vec![pair(Const::int(0)), pair(Const::Float(-0.0))]),
            [pair(Const::int(0))]
        );
    }

    #[test]
    fn sequences() {
        let text = Const::str("aäb");
        assert_eq!(
            binary(&text, Op::Subscr, &Const::int(-2)),
            Some(Const::str("ä"))
        );
        let slice = |a, b, c| Const::Slice(Box::new([a, b, c]));
        let reversed = slice(Const::None, Const::None, Const::int(-1));
        assert_eq!(
            binary(&text, Op::Subscr, &reversed),
            Some(Const::str("bäa"))
        );
        let tail = slice(Const::int(1), Const::None, Const::None);
        assert_eq!(binary(&text, Op::Subscr, &tail), Some(Const::str("äb")));
        assert_eq!(binary(&text, Op::Subscr, &Const::int(3)), None);
        assert_eq!(
            binary(&text, Op::Multiply, &Const::int(2)),
            Some(Const::str("aäbaäb"))
        );
        assert_eq!(binary(&text, Op::Multiply, &Const::int(5000)), None);
        assert_eq!(
            binary(&Const::Tuple([].into()), Op::Multiply, &Const::int(5000)),
            Some(Const::Tuple([].into()))
        );
    }
}
