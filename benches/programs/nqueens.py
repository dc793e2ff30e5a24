"""N queens three ways: bit masks, sets and permutations by generator."""


def count_bits(n, columns=0, left=0, right=0):
    full = (1 << n) - 1
    if columns == full:
        return 1
    total = 0
    free = full & ~(columns | left | right)
    while free:
        bit = free & -free
        free ^= bit
        total += count_bits(n, columns | bit, (left | bit) << 1, (right | bit) >> 1)
    return total


def permutations(items):
    items = tuple(items)
    n = len(items)
    indices = list(range(n))
    cycles = list(range(n, 0, -1))
    yield items
    while n:
        for i in reversed(range(n)):
            cycles[i] -= 1
            if cycles[i] == 0:
                indices[i:] = indices[i + 1 :] + indices[i : i + 1]
                cycles[i] = n - i
            else:
                j = cycles[i]
                indices[i], indices[-j] = indices[-j], indices[i]
                yield tuple(items[k] for k in indices)
                break
        else:
            return


def by_sets(n):
    columns = range(n)
    for board in permutations(columns):
        if n == len({board[i] + i for i in columns}) == len({board[i] - i for i in columns}):
            yield board


print("nqueens", count_bits(12), sum(1 for b in by_sets(9)), next(by_sets(7)))
