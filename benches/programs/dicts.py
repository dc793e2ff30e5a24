"""Dictionaries: word counts, memo tables, grouping, merging, int and tuple keys."""


def words(count):
    seed = 42
    out = []
    for _ in range(count):
        seed = (seed * 69069 + 1) & 0xFFFFFFFF
        out.append("w" + str(seed >> 16 & 1023))
    return out


def count_words(items):
    counts = {}
    for w in items:
        counts[w] = counts.get(w, 0) + 1
    best = max(counts.items(), key=lambda kv: (kv[1], kv[0]))
    return len(counts), best


def group(items):
    groups = {}
    for w in items:
        groups.setdefault(w[-1], []).append(w)
    return sorted((k, len(v)) for k, v in groups.items())[0]


def paths(n, memo):
    def go(r, c):
        if r == 0 or c == 0:
            return 1
        key = (r, c)
        if key in memo:
            return memo[key]
        result = (go(r - 1, c) + go(r, c - 1)) % 1000003
        memo[key] = result
        return result

    return go(n, n)


def churn(count):
    d = {}
    for i in range(count):
        d[i] = i
        if i >= 64:
            del d[i - 64]
    total = 0
    for k in d:
        total += k
    for k, v in d.items():
        total += k ^ v
    return total, len(d)


def merge(rounds):
    a = {"x": 1, "y": 2, "z": 3}
    b = {"y": 20, "w": 4}
    total = 0
    for i in range(rounds):
        c = {**a, **b, "i": i}
        c.update(x=5)
        total += sum(c.values())
        total += c.pop("i")
        if "nothing" not in c and "w" in c:
            total += 1
    return total


ITEMS = words(1200000)
print("dicts", *count_words(ITEMS), *group(ITEMS), paths(380, {}), *churn(2500000), merge(650000))
