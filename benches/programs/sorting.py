"""Sorting: ints, floats, strings, tuples, keys, reverse, nearly sorted, merge by hand."""

from operator import itemgetter


class Record:
    def __init__(self, a, b):
        self.a = a
        self.b = b

    def __lt__(self, other):
        return (self.a, self.b) < (other.a, other.b)


def numbers(count, seed=1):
    out = []
    for _ in range(count):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        out.append(seed)
    return out


def merge_sort(items):
    if len(items) < 2:
        return items
    middle = len(items) // 2
    left = merge_sort(items[:middle])
    right = merge_sort(items[middle:])
    out = []
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            out.append(left[i])
            i += 1
        else:
            out.append(right[j])
            j += 1
    out.extend(left[i:])
    out.extend(right[j:])
    return out


def quick_sort(a, low, high):
    while low < high:
        pivot = a[(low + high) >> 1]
        i, j = low, high
        while i <= j:
            while a[i] < pivot:
                i += 1
            while a[j] > pivot:
                j -= 1
            if i <= j:
                a[i], a[j] = a[j], a[i]
                i += 1
                j -= 1
        quick_sort(a, low, j)
        low = i


def main(n=110000):
    data = numbers(n)
    checks = []
    for _ in range(3):
        checks.append(sorted(data)[n // 2])
        checks.append(sorted(data, reverse=True)[5])
        checks.append(sorted([x / 3 for x in data])[7])
        checks.append(sorted(map(str, data))[9])
        checks.append(sorted(data, key=lambda x: x % 1000)[11])
        checks.append(sorted(data, key=str)[13])
    pairs = [(x % 100, x) for x in data]
    checks.append(sorted(pairs)[17])
    checks.append(sorted(pairs, key=itemgetter(1))[19])
    records = [Record(x % 50, x) for x in data[:12000]]
    records.sort()
    checks.append(records[100].b)
    nearly = list(range(n))
    nearly[100], nearly[n - 100] = nearly[n - 100], nearly[100]
    nearly.sort()
    checks.append(nearly[100])
    checks.append(merge_sort(data)[23])
    copy = data[:]
    quick_sort(copy, 0, n - 1)
    checks.append(copy == sorted(data))
    checks.append(min(data, key=lambda x: -x) == max(data))
    print("sorting", len(checks), checks[0], checks[-6], checks[-1], hash(tuple(c for c in checks if isinstance(c, int))))


main()
