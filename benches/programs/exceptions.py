"""Exceptions: raise and catch, finally, with, nested handlers, unused try blocks."""


class Failure(Exception):
    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Special(Failure):
    pass


class Guard:
    depth = 0

    def __enter__(self):
        Guard.depth += 1
        return self

    def __exit__(self, kind, value, traceback):
        Guard.depth -= 1
        return kind is Special


def check(i):
    if i % 7 == 0:
        raise Special(i)
    if i % 5 == 0:
        raise Failure(i)
    return i


def deep(n, i):
    if n == 0:
        return check(i)
    return deep(n - 1, i)


def run(count):
    caught = finals = plain = 0
    for i in range(count):
        try:
            plain += check(i)
        except Special as e:
            caught += e.code & 1
        except Failure as e:
            caught += 2
        finally:
            finals += 1
    return caught, finals, plain


def lookups(count):
    d = {"a": 1}
    items = [1, 2, 3]
    misses = 0
    for i in range(count):
        try:
            d["b"]
        except KeyError:
            misses += 1
        try:
            items[i + 3]
        except (IndexError, TypeError):
            misses += 1
        try:
            int("x")
        except ValueError:
            misses += 1
        try:
            items.nothing
        except AttributeError:
            misses += 1
    return misses


def guarded(count):
    n = 0
    for i in range(count):
        with Guard():
            if i & 1:
                raise Special(i)
            n += 1
    return n, Guard.depth


def unwinding(count):
    n = 0
    for i in range(count):
        try:
            n += deep(8, i)
        except Failure as e:
            n += e.code
    return n


def chained(count):
    n = 0
    for i in range(count):
        try:
            try:
                raise KeyError(i)
            except KeyError as e:
                raise Failure(i) from e
        except Failure as e:
            n += e.__cause__.args[0]
    return n


def untouched(count):
    n = 0
    for i in range(count):
        try:
            n += i
        except ZeroDivisionError:
            n = 0
        else:
            n ^= 1
    return n


print(
    "exceptions",
    *run(900000),
    lookups(180000),
    *guarded(500000),
    unwinding(250000),
    chained(200000),
    untouched(2500000),
)
