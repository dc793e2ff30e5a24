# Descriptors: data and non-data, __set_name__, property, functions as descriptors, precedence.
class Data:
    def __set_name__(self, owner, name):
        print("set_name", owner.__name__, name)
        self.name = name

    def __get__(self, obj, owner=None):
        return f"data {self.name} {'class' if obj is None else 'instance'} {owner.__name__}"

    def __set__(self, obj, value):
        print("set", self.name, value)

    def __delete__(self, obj):
        print("delete", self.name)


class NonData:
    def __get__(self, obj, owner):
        return "nondata"


class C:
    d = Data()
    n = NonData()


c = C()
print(c.d, C.d, c.n)
c.d = 5
del c.d
c.__dict__["d"] = "hidden"
c.n = "instance wins"
print(c.d, c.n, C.n)
C.d = "replaced"
print(C.d, c.d)


class Temp:
    def __init__(self):
        self._c = 0

    @property
    def f(self):
        """Fahrenheit"""
        return self._c * 9 / 5 + 32

    @f.setter
    def f(self, v):
        self._c = (v - 32) * 5 / 9

    @f.deleter
    def f(self):
        print("deleting")

    ro = property(lambda self: 7, doc="read only")
    wo = property(None, lambda self, v: print("wrote", v))


t = Temp()
t.f = 212
print(t._c, t.f, Temp.f.__doc__, t.ro, Temp.ro.__doc__, Temp.f.__name__)
del t.f
t.wo = 3
for code in ("t.ro = 1", "del t.ro", "t.wo", "del t.wo", "Temp.f.fget(5)", "Temp.ro.fget = 1"):
    try:
        exec(code)
    except AttributeError as e:
        print(code, "->", e)
p = Temp.f
print(p.fget(t), p.fset is not None, p.getter(lambda s: 1).fget(0), p.__isabstractmethod__)


class SubTemp(Temp):
    @Temp.f.getter
    def f(self):
        return "sub"


s = SubTemp()
print(s.f)
s.f = 32
print(s._c)


def func(self, x):
    return self, x


print(func.__get__(1)(2), func.__get__(None, int) is func)
print(classmethod(func).__get__(None, int)(5), staticmethod(func).__get__(1)(2, 3), staticmethod(func)(4, 5), classmethod(func).__func__ is func)


class BadName:
    def __set_name__(self, o, n):
        raise ValueError("no name")


try:
    class Bad:
        attr = BadName()
except ValueError as e:
    print(e, e.__notes__)


class GetOnly:
    def __get__(self, obj, owner):
        raise AttributeError("hidden by descriptor")


class H:
    x = GetOnly()

    def __getattr__(self, n):
        return "fallback " + n


print(H().x, hasattr(H, "x"))


class SetOnly:
    def __set__(self, o, v):
        o.__dict__["s"] = v * 2


class J:
    s = SetOnly()


j = J()
print(type(j.s).__name__)
j.s = 4
print(j.s)
try:
    del j.s
except AttributeError as e:
    print(e)
