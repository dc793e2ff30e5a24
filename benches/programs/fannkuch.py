"""Pancake flipping over all permutations: list slices and indexing."""


def fannkuch(n):
    perm = list(range(n))
    count = [0] * n
    best = 0
    checksum = 0
    sign = 1
    r = n
    while True:
        while r != 1:
            count[r - 1] = r
            r -= 1
        first = perm[0]
        if first:
            work = perm[:]
            flips = 0
            while first:
                work[: first + 1] = work[first::-1]
                flips += 1
                first = work[0]
            if flips > best:
                best = flips
            checksum += sign * flips
        sign = -sign
        while True:
            if r == n:
                return best, checksum
            perm.insert(r, perm.pop(0))
            count[r] -= 1
            if count[r] > 0:
                break
            r += 1
        r = r if r > 1 else 1


def main():
    for n in (7, 8, 9, 9, 9):
        result = fannkuch(n)
    print("fannkuch", *result)


main()
