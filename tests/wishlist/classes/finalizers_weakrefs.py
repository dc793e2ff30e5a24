# __del__, weak references, finalize order, cycles and gc, resurrection.
import gc
import weakref


class D:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("del", self.n)


a = D("a")
b = a
del a
print("still")
b = None
D("temporary")
x = [D("in list")]
x.clear()


def f():
    local = D("local")
    print("in f")


f()
d = {"k": D("in dict")}
d["k"] = 1
c = D("cycle")
c.me = c
del c
print("before collect")
print(gc.collect() > 0)
w = weakref.ref(o := D("weak"), lambda r: print("callback", r() is None))
print(w() is o, weakref.getweakrefcount(o))
del o
print(w())
saved = []


class Res:
    def __del__(self):
        saved.append(self)
        print("resurrected")


r = Res()
del r
print(len(saved))
saved.clear()
print("gone quietly")
wd = weakref.WeakValueDictionary()
k = D("wvd")
wd["k"] = k
print(list(wd))
del k
print(list(wd))
wk = weakref.WeakKeyDictionary()
ws = weakref.WeakSet()
k = D("wk")
wk[k] = 1
ws.add(k)
print(len(wk), len(ws))
del k
print(len(wk), len(ws))
p = D("proxied")
px = weakref.proxy(p)
print(px.n)
del p
try:
    px.n
except ReferenceError as e:
    print(e)


class M:
    def m(self): ...


m = M()
wm = weakref.WeakMethod(m.m)
print(wm() == m.m, weakref.ref(m) == weakref.ref(m), weakref.ref(m) is weakref.ref(m))
fin = weakref.finalize(m, print, "finalize", 1)
print(fin.alive)
del m
print(fin.alive, wm())
for bad in (5, "s", (), [], None, {}):
    try:
        weakref.ref(bad)
    except TypeError as e:
        print(e)


class Err:
    def __del__(self):
        raise ValueError("in del")


import sys

sys.unraisablehook = lambda u: print("unraisable", type(u.exc_value).__name__, u.exc_value)
e = Err()
del e
g1, g2 = D("g1"), D("g2")
g1.o, g2.o = g2, g1
wg = weakref.ref(g1)
del g1, g2
gc.collect()
print(wg() is None, gc.isenabled(), gc.get_threshold()[0] > 0, gc.is_tracked([]), gc.is_tracked(1))
D("at exit")
keep = D("module global at exit")
