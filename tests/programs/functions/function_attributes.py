# Function objects: attributes, code replacement, globals, builtins, repr without address, doc, module.
def f(x, y=1):
    """doc of f"""
    return x + y


print(f.__name__, f.__qualname__, f.__module__, f.__doc__, f.__globals__ is globals(), f.__dict__, f.__type_params__)
f.attr = 5
f.__doc__ = "new"
f.__name__ = "renamed"
print(f.attr, f.__doc__, vars(f), f.__name__, f.__qualname__, repr(f).split(" at ")[0])


def g(a, b=0):
    return a * b


f.__code__ = g.__code__
print(f(3, 4), f.__code__.co_name)
f.__code__ = f.__code__.replace(co_name="other", co_consts=f.__code__.co_consts)
print(f.__code__.co_name)


def outer():
    z = 1

    def inner():
        return z

    return inner


try:
    f.__code__ = outer().__code__
except ValueError as e:
    print(e)
print(outer().__qualname__, outer.__code__.co_qualname)


class C:
    def m(self): ...

    class D:
        def n(self):
            def deep(): ...

            return deep


print(C.m.__qualname__, C.D.n.__qualname__, C.D().n().__qualname__, C().m.__func__ is C.m, C().m.__self__.__class__.__name__)
m = C().m
print(m.__name__, m == m.__self__.m, m is m.__self__.m, hash(m) == hash(m.__self__.m), repr(m).split(" of ")[0])
try:
    m.attr = 1
except AttributeError as e:
    print(e)
import types

print(types.MethodType(lambda s, v: (s, v), 5)(6), type(C.m), type(m), type(len), type([].append), type(str.join), type(int.__add__), type((1).__add__), type(C.__init__), type(int.__dict__["real"]), type(types.FunctionType.__code__))
print(len.__name__, len.__self__.__name__, [].append.__self__, [].append.__qualname__, str.join.__objclass__, str.join.__qualname__, len.__text_signature__, len.__module__)
print(f.__builtins__ is __builtins__.__dict__, (lambda: 0).__name__, dir(f)[:3], "__call__" in dir(f))
del f.attr
try:
    del f.__code__
except (TypeError, AttributeError) as e:
    print(type(e).__name__, e)
print(f.__get__(5, int)(7) if 0 else f.__get__(5)(7), f.__call__(1, 2))
