//! "Did you mean": the closest of some names, by a weighted edit distance (as in CPython's suggestions).

const MOVE: usize = 2;
const CASE: usize = 1;
const MAX_ITEMS: usize = 750;
const MAX_SIZE: usize = 40;

fn substitution(a: u8, b: u8) -> usize {
    if a == b {
        0
    } else if a.eq_ignore_ascii_case(&b) {
        CASE
    } else {
        MOVE
    }
}

/// Edit distance, or `None` if above `max`.
fn distance(a: &[u8], b: &[u8], max: usize) -> Option<usize> {
    if a == b {
        return Some(0);
    }
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[start..], &b[start..]);
    let end = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take_while(|(x, y)| x == y)
        .count();
    let (a, b) = (&a[..a.len() - end], &b[..b.len() - end]);
    if a.is_empty() || b.is_empty() {
        let d = (a.len() + b.len()) * MOVE;
        return (d <= max).then_some(d);
    }
    if a.len() > MAX_SIZE || b.len() > MAX_SIZE {
        return None;
    }
    let (a, b) = if b.len() < a.len() { (b, a) } else { (a, b) };
    if (b.len() - a.len()) * MOVE > max {
        return None;
    }
    let mut row: Vec<usize> = (1..=a.len()).map(|i| i * MOVE).collect();
    let mut result = 0;
    for (j, c) in b.iter().enumerate() {
        let mut diagonal = j * MOVE;
        result = j * MOVE;
        let mut minimum = usize::MAX;
        for (i, d) in a.iter().enumerate() {
            let substitute = diagonal + substitution(*c, *d);
            diagonal = row[i];
            let insert_delete = result.min(diagonal) + MOVE;
            result = substitute.min(insert_delete);
            row[i] = result;
            minimum = minimum.min(result);
        }
        if minimum > max {
            return None;
        }
    }
    (result <= max).then_some(result)
}

/// The name closest to `wrong`, if any is close enough.
pub fn closest<'a>(wrong: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut best: Option<(usize, &str)> = None;
    for (n, name) in names.enumerate() {
        if n >= MAX_ITEMS {
            return None;
        }
        if name == wrong {
            continue;
        }
        let mut max = (wrong.len() + name.len() + 3) * MOVE / 6;
        if let Some((d, _)) = best {
            max = max.min(d - 1);
        }
        if let Some(d) = distance(wrong.as_bytes(), name.as_bytes(), max) {
            if best.is_none_or(|(b, _)| d < b) {
                best = Some((d, name));
                if d == 0 {
                    break;
                }
            }
        }
    }
    best.map(|(_, s)| s.to_string())
}

#[cfg(test)]
mod tests {
    use super::closest;
    #[test]
    fn finds_the_closest() {
        assert_eq!(
            closest("prnt", ["print", "repr", "int"].into_iter()).as_deref(),
            Some("print")
        );
        assert_eq!(closest("xyzzy", ["print", "repr"].into_iter()), None);
    }
}
