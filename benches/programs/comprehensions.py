"""List, set, dict comprehensions and generator expressions, nested and filtered."""


class Widget:
    def __init__(self, ident, kind, tags):
        self.ident = ident
        self.kind = kind
        self.tags = tags


def widgets(count):
    return [Widget(i, "abc"[i % 3], [i % 5, i % 7]) for i in range(count)]


def round_trip(items):
    ids = [w.ident for w in items if w.kind == "a"]
    by_kind = {k: [w.ident for w in items if w.kind == k] for k in {w.kind for w in items}}
    tags = {t for w in items for t in w.tags}
    index = {w.ident: (w.kind, len(w.tags)) for w in items}
    total = sum(w.ident * t for w in items for t in w.tags if t)
    table = [[r * c for c in range(12)] for r in range(12)]
    flat = [x for row in table for x in row if x % 2]
    diagonal = sum(row[i] for i, row in enumerate(table))
    any_big = any(x > 120 for x in flat)
    pairs = [(a, b) for a in range(8) for b in range(a)]
    squares = [(y := x * x) + y for x in range(20)]
    return len(ids) + len(by_kind["b"]) + sum(tags) + len(index) + total + diagonal + any_big + len(pairs) + squares[-1]


def main(rounds=9000):
    items = widgets(300)
    total = 0
    for _ in range(rounds):
        total += round_trip(items)
    print("comprehensions", total)


main()
