"""Closures, decorators, partial application, default and keyword arguments, lambdas."""

from functools import lru_cache, partial, reduce, wraps


def adder(n):
    def add(x):
        return x + n

    return add


def counter():
    count = 0

    def step(by=1):
        nonlocal count
        count += by
        return count

    return step


def compose(*functions):
    def composed(x):
        for f in functions:
            x = f(x)
        return x

    return composed


def logged(f):
    calls = 0

    @wraps(f)
    def wrapper(*args, **kwargs):
        nonlocal calls
        calls += 1
        wrapper.calls = calls
        return f(*args, **kwargs)

    return wrapper


@logged
def scaled(x, *, k=2):
    return x * k


@lru_cache(maxsize=None)
def ways(total, largest):
    if total == 0:
        return 1
    if total < 0 or largest == 0:
        return 0
    return ways(total, largest - 1) + ways(total - largest, largest)


def spread(a, b=2, *rest, c=3, **extra):
    return a + b + c + len(rest) + len(extra)


def church(n):
    return lambda f: lambda x: reduce(lambda acc, _: f(acc), range(n), x)


def main(rounds=700000):
    add5 = adder(5)
    pipeline = compose(add5, adder(-3), lambda x: x ^ 1, partial(pow, 3, mod=1009))
    step = counter()
    total = 0
    for i in range(rounds):
        total += add5(i)
        total += pipeline(i & 15)
        total += step() + step(by=2)
        total += scaled(i, k=3)
        total += spread(i) + spread(i, 1, 2, 3, c=4, d=5)
        args = (1, 2)
        total += spread(*args, **{"c": i})
    n = church(2000)(lambda x: x + 3)(0)
    print("closures", total, scaled.calls, ways(180, 40), n, step(0))


main()
