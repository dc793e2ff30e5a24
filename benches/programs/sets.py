"""Sets: sieve, algebra, membership, breadth-first search over tuples."""


def sieve(limit):
    numbers = set(range(2, limit))
    for i in range(2, int(limit**0.5) + 1):
        if i in numbers:
            numbers -= set(range(i * i, limit, i))
    return len(numbers), sum(numbers)


def algebra(rounds):
    a = set(range(0, 60, 2))
    b = set(range(0, 60, 3))
    c = frozenset(range(0, 60, 5))
    total = 0
    for i in range(rounds):
        total += len(a & b) + len(a | c) + len(b - c) + len(a ^ b)
        total += a.isdisjoint(c) + (a <= b) + (c >= {0, 5})
        d = {i, i + 1, i + 2}
        d.add(i)
        d.discard(i + 1)
        d.update(c)
        total += len(d)
    return total


def knight(size, start):
    moves = ((1, 2), (2, 1), (-1, 2), (-2, 1), (1, -2), (2, -1), (-1, -2), (-2, -1))
    seen = {start}
    frontier = [start]
    depth = 0
    while frontier:
        fresh = []
        for r, c in frontier:
            for dr, dc in moves:
                p = (r + dr, c + dc)
                if 0 <= p[0] < size and 0 <= p[1] < size and p not in seen:
                    seen.add(p)
                    fresh.append(p)
        frontier = fresh
        depth += 1
    return depth, len(seen)


def dedupe(count):
    seen = set()
    seed = 7
    repeats = 0
    for _ in range(count):
        seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
        value = seed >> 12
        if value in seen:
            repeats += 1
        else:
            seen.add(value)
    return repeats


print("sets", *sieve(700000), algebra(170000), *knight(300, (0, 0)), dedupe(1800000))
