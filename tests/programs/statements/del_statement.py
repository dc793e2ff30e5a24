# del of names, items, slices, attributes, nested targets; what it leaves unbound.
x = 1
del x
try:
    x
except NameError as e:
    print(e)
a, b, c = 1, 2, 3
del a, (b, [c])
print([n for n in "abc" if n in globals()])
lst = list(range(10))
del lst[0], lst[-1]
print(lst)
del lst[1:3]
del lst[::2]
print(lst)
d = {"k": 1, "j": 2}
del d["k"]
print(d)


class O:
    def __delattr__(self, name):
        print("delattr", name)
        object.__delattr__(self, name)

    def __delitem__(self, key):
        print("delitem", key)


o = O()
o.x = 1
del o.x
del o[1:2], o["k", 3], o[...]
for code in ("del d['zz']", "del lst[99]", "del o.x", "del (1).real", "del (1,)[0]", "del 'abc'[0]", "del nope"):
    try:
        exec(code)
    except Exception as e:
        print(code, "->", type(e).__name__, e)


def f():
    y = 1
    del y
    try:
        print(y)
    except UnboundLocalError as e:
        print(e)

    def g():
        return z

    z = 3
    print(g())
    del z
    try:
        g()
    except NameError as e:
        print(type(e).__name__, e)
    try:
        del z
    except NameError as e:
        print(type(e).__name__, e)


f()
