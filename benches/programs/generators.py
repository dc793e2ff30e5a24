"""Generators: plain, nested by yield from, fed by send, pipelines, throw and close."""


class Tree:
    def __init__(self, left, value, right):
        self.left = left
        self.value = value
        self.right = right

    def __iter__(self):
        if self.left is not None:
            yield from self.left
        yield self.value
        if self.right is not None:
            yield from self.right


def build(low, high):
    if low >= high:
        return None
    middle = (low + high) // 2
    return Tree(build(low, middle), middle, build(middle + 1, high))


def counter(n):
    i = 0
    while i < n:
        yield i
        i += 1


def averager():
    total = count = 0
    average = 0
    while True:
        value = yield average
        total += value
        count += 1
        average = total // count


def evens(source):
    for x in source:
        if not x & 1:
            yield x


def scaled(source, k):
    for x in source:
        yield x * k


def windows(source, n):
    window = []
    for x in source:
        window.append(x)
        if len(window) == n:
            yield sum(window)
            window.clear()


def pump(count):
    g = averager()
    next(g)
    last = 0
    for i in range(count):
        last = g.send(i)
    g.close()
    return last


def resilient():
    caught = 0
    while True:
        try:
            yield caught
        except ValueError:
            caught += 1


def throwing(count):
    g = resilient()
    next(g)
    n = 0
    for _ in range(count):
        n = g.throw(ValueError)
    return n


def hanoi(n, a, b, c):
    if n:
        yield from hanoi(n - 1, a, c, b)
        yield a, b
        yield from hanoi(n - 1, c, b, a)


def main():
    tree = build(0, 20000)
    total = 0
    for _ in range(27):
        for v in tree:
            total += v
    total += sum(counter(6000000))
    total += sum(windows(scaled(evens(counter(3000000)), 3), 4))
    moves = sum(1 for _ in hanoi(16, "a", "b", "c"))
    print("generators", total, moves, pump(4000000), throwing(600000))


main()
