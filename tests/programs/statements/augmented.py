# Augmented assignment: every operator, in-place methods, evaluation once, targets of every form.
x = 7
x += 3; print(x)
x -= 4; print(x)
x *= 5; print(x)
x //= 4; print(x)
x %= 5; print(x)
x **= 6; print(x)
x <<= 3; print(x)
x >>= 2; print(x)
x |= 16; print(x)
x &= 20; print(x)
x ^= 5; print(x)
x /= 4; print(x)


class M:
    def __init__(self, v):
        self.v = v

    def __imatmul__(self, o):
        self.v = (self.v, o)
        return self

    def __iadd__(self, o):
        return NotImplemented

    def __add__(self, o):
        return M(self.v + o)


m = M(1)
n = m
m @= 2
print(m.v, n is m)
k = M(1)
j = k
k += 5
print(k.v, j.v)


def once(log=[]):
    log.append(1)
    print("called", len(log))
    return 0


data = [10, 20]
data[once()] += 1
print(data)


class A:
    n = 5


a = A()
a.n += 1
print(a.n, A.n)
l1 = l2 = [1]
l1 += (2, 3)
print(l2)
l1 *= 2
print(l2)
t = u = (1,)
t += (2,)
print(t, u)
t = ([],)
try:
    t[0] += [1]
except TypeError as e:
    print(e, t)
s = fs = {1, 2}
s |= {3}
s &= {2, 3}
s ^= {9}
s -= {3}
print(fs)
d = {"a": 1}
d |= {"b": 2}
d |= [("c", 3)]
print(d)
for code in ("q = 1; q += 'a'", "q = 'a'; q += 1", "q = []; q += 1", "q = {}; q += {}", "q = 1; q @= 2", "nope += 1", "q = 1; q <<= -1"):
    try:
        exec(code)
    except Exception as e:
        print(type(e).__name__, e)
