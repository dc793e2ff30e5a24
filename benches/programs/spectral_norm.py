"""Largest singular value of an infinite matrix, by power iteration."""


def entry(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(u):
    n = len(u)
    return [sum(entry(i, j) * u[j] for j in range(n)) for i in range(n)]


def transposed_times(u):
    n = len(u)
    return [sum(entry(j, i) * u[j] for j in range(n)) for i in range(n)]


def main(n=480, rounds=9):
    u = [1.0] * n
    for _ in range(rounds):
        v = transposed_times(times(u))
        u = transposed_times(times(v))
    uv = vv = 0.0
    for a, b in zip(u, v):
        uv += a * b
        vv += b * b
    print("spectral_norm %.9f" % (uv / vv) ** 0.5)


main()
