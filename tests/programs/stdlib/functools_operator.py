# functools and operator.
import functools
import operator as op

print(functools.reduce(op.add, [1, 2, 3]), functools.reduce(op.mul, [], 5), functools.partial(int, base=2)("101"), functools.partial(print, 1, sep="-").args, functools.partial(pow, 2).func is pow)
p = functools.partial(lambda *a, **k: (a, k), 1, x=2)
print(p(3, y=4), p.keywords, functools.partial(p, 5)(6))
print(functools.cmp_to_key(lambda a, b: b - a)(1) < functools.cmp_to_key(lambda a, b: b - a)(0), sorted([1, 3, 2], key=functools.cmp_to_key(lambda a, b: b - a)))


@functools.lru_cache(maxsize=3)
def f(x, *, y=0):
    return x + y


f(1); f(1); f(2); f(3); f(4); f(1); f(1, y=1)
print(f.cache_info(), f.cache_parameters(), f.__wrapped__(5), f.cache_clear(), f.cache_info())


@functools.cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(80), fib.cache_info().hits)


class C:
    @functools.partialmethod
    def nope(self): ...
    def base(self, a, b):
        return a, b
    part = functools.partialmethod(base, 1)
    @functools.singledispatchmethod
    def d(self, x):
        return "any"
    @d.register
    def _(self, x: str):
        return "str"


print(C().part(2), C().d("s"), C().d(1))
print(op.add(1, 2), op.getitem([1, 2], 0), op.itemgetter(1)("abc"), op.itemgetter(0, 2)("abc"), op.attrgetter("real")(5), op.attrgetter("__class__.__name__", "imag")(5), op.methodcaller("upper")("a"), op.methodcaller("replace", "a", "b")("aa"), op.contains("abc", "b"), op.countOf([1, 1], 1), op.indexOf("abc", "c"), op.iadd([1], [2]), op.truth([]), op.not_(1), op.is_(None, None), op.concat("a", "b"), op.index(5), op.neg(1), op.inv(1), op.matmul.__name__, op.setitem({}, 1, 2), op.lt(1, 2), op.call(len, "abc"), op.is_none(None), op.length_hint(iter([1])), op.xor(1, 3), op.itemgetter(slice(1))("abc"))
for bad in ("functools.reduce(op.add, [])", "functools.reduce(1, [1, 2])", "functools.partial()", "functools.partial(5)", "op.itemgetter()", "op.itemgetter(9)('a')", "op.attrgetter(5)", "op.attrgetter('zz')(5)", "op.methodcaller()", "op.methodcaller(5)", "op.index(1.5)", "f([])", "functools.cmp_to_key()", "op.add(1)", "functools.lru_cache(5)(6)", "functools.wraps()", "op.concat(1, 2)", "op.indexOf('a', 'z')"):
    try:
        print(bad, eval(bad))
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
print(repr(functools.partial(int, "1", base=2)), repr(op.itemgetter(1, 2)), repr(op.attrgetter("a")), repr(op.methodcaller("x", 1, k=2)))
