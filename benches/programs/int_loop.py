"""Integer arithmetic in while and for loops: small ints, division, masks."""


def collatz(limit):
    best = 0
    best_start = 1
    for start in range(1, limit):
        n = start
        steps = 0
        while n != 1:
            if n & 1:
                n = 3 * n + 1
            else:
                n >>= 1
            steps += 1
        if steps > best:
            best = steps
            best_start = start
    return best, best_start


def hash_loop(count):
    h = 2166136261
    i = 0
    while i < count:
        h = ((h ^ (i & 255)) * 16777619) & 0xFFFFFFFF
        i += 1
    return h


def gcd_sum(limit):
    total = 0
    for a in range(1, limit):
        for b in range(1, limit):
            x, y = a, b
            while y:
                x, y = y, x % y
            total += x
    return total


print("int_loop", *collatz(90000), hash_loop(3000000), gcd_sum(600))
