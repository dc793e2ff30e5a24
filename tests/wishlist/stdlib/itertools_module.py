# itertools: every function.
from itertools import *

print(list(islice(count(5, 2), 3)), list(islice(cycle("ab"), 5)), list(repeat(1, 3)), list(accumulate([1, 2, 3])), list(accumulate([1, 2, 3], lambda a, b: a * b, initial=10)), list(batched("abcde", 2)), list(chain("ab", [1])), list(chain.from_iterable(["ab", "c"])), list(combinations("abc", 2)), list(combinations_with_replacement("ab", 2)), list(compress("abc", [1, 0, 1])), list(dropwhile(lambda x: x < 3, [1, 3, 1])), list(filterfalse(None, [0, 1])), [(k, list(g)) for k, g in groupby("aabbc")], [(k, list(g)) for k, g in groupby([1, 3, 2], key=lambda x: x % 2)], list(islice("abcdef", 1, 5, 2)), list(pairwise("abc")), list(permutations("abc", 2)), list(permutations(range(3)))[:3], list(product("ab", [1, 2])), list(product("a", repeat=3)), list(starmap(pow, [(2, 3), (3, 2)])), list(takewhile(str.isalpha, "ab1c")), [list(t) for t in tee("ab")], list(zip_longest("ab", "c", fillvalue="-")))
print(count(1.5), repeat("x"), repeat("x", 2), next(count()), list(combinations([], 0)), list(permutations([], 0)), list(product()), list(zip_longest()), list(islice([], 5)), list(batched([], 1)))
a, b = tee(iter([1, 2, 3]))
next(a)
print(list(b), list(a))
g = groupby("aab")
k1, g1 = next(g)
k2, g2 = next(g)
print(k1, list(g1), k2, list(g2))
for bad in ("islice('a', -1)", "islice('a', 'x')", "batched('a', 0)", "list(batched('abc', 2, strict=True))", "combinations('a', -1)", "permutations('a', -1)", "permutations('a', 'x')", "product(1)", "product('a', repeat=-1)", "repeat()", "count('a')", "chain(1).__next__()", "accumulate(1)", "starmap(pow, [1]).__next__()", "zip_longest('a', foo=1)", "tee('a', -1)", "cycle()", "groupby()", "compress('a')", "pairwise()", "islice('a')", "takewhile(1)", "list(accumulate([1, 'a']))"):
    try:
        print(bad, eval(bad))
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
