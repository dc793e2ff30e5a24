# random: the same stream as CPython for the same seed.
import random

r = random.Random(42)
print([r.random() for _ in range(3)], r.randint(1, 100), r.randrange(0, 100, 7), r.choice("abcdef"), r.choices([1, 2, 3], weights=[5, 1, 1], k=5), r.sample(range(100), 5), r.uniform(1, 2), r.gauss(0, 1), r.getrandbits(70), r.triangular(), r.betavariate(1, 2), r.expovariate(1), r.normalvariate(), r.randbytes(4), r.lognormvariate(0, 1), r.vonmisesvariate(0, 1), r.paretovariate(1), r.weibullvariate(1, 1), r.gammavariate(1, 2), r.binomialvariate(10, 0.3))
x = list(range(10))
r.shuffle(x)
print(x)
st = r.getstate()
a = r.random()
r.setstate(st)
print(a == r.random(), st[0], len(st[1]))
for seed in (0, -5, 2**100, "text", b"bytes", 1.5, None, True):
    if seed is not None:
        print(repr(seed), random.Random(seed).random())
random.seed(1)
print(random.random(), random.randint(0, 9), random.Random(1).getrandbits(0))
for bad in ("r.randint(5, 1)", "r.randrange(0)", "r.choice([])", "r.sample([1], 2)", "r.sample({1}, 1)", "r.getrandbits(-1)", "random.Random([])", "r.choices([], k=1)", "r.randrange(1.5)", "r.setstate(5)", "r.choices([1], [0])"):
    try:
        print(bad, eval(bad))
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
