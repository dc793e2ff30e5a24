"""Lists: append, pop, index, slices, matrix product, sieve, in-place reversal."""


def matmul(n):
    a = [[(i * 7 + j * 3) % 11 for j in range(n)] for i in range(n)]
    b = [[(i * 5 + j * 2) % 13 for j in range(n)] for i in range(n)]
    c = [[0] * n for _ in range(n)]
    for i in range(n):
        ai = a[i]
        ci = c[i]
        for k in range(n):
            aik = ai[k]
            bk = b[k]
            for j in range(n):
                ci[j] += aik * bk[j]
    return sum(map(sum, c))


def sieve(limit):
    flags = [True] * limit
    flags[0] = flags[1] = False
    i = 2
    while i * i < limit:
        if flags[i]:
            for j in range(i * i, limit, i):
                flags[j] = False
        i += 1
    return flags.count(True)


def stack_and_queue(count):
    stack = []
    total = 0
    for i in range(count):
        stack.append(i)
        if i % 3 == 2:
            total += stack.pop()
            total += stack.pop()
    stack.reverse()
    stack.extend(stack[:10])
    stack.insert(3, 99)
    return total, len(stack), stack[3], stack.index(99)


def bubble(n):
    data = [(i * 7919) % n for i in range(n)]
    for i in range(n):
        for j in range(n - 1 - i):
            if data[j] > data[j + 1]:
                data[j], data[j + 1] = data[j + 1], data[j]
    return data[0], data[n // 2], data[-1]


def slicing(rounds):
    data = list(range(200))
    total = 0
    for i in range(rounds):
        k = i % 200
        data = data[k:] + data[:k]
        total += data[0] + data[-1] + len(data[::7])
        data[10:20] = data[19:9:-1]
        if 150 in data:
            total += 1
    return total


print("lists", matmul(190), sieve(4000000), *stack_and_queue(4000000), *bubble(1500), slicing(100000))
