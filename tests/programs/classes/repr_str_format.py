# __repr__, __str__, __format__, __bytes__ and their defaults; containers use repr; recursive repr.
class A:
    def __repr__(self):
        return "A()"


class B(A):
    def __str__(self):
        return "b as str"


class F:
    def __format__(self, spec):
        return f"fmt[{spec}]"


a, b = A(), B()
print(a, str(a), repr(b), str(b), [a, b], (a,), {a: b}, f"{b} {b!r}", "%s %r" % (b, b), "{} {!r}".format(b, b), {"k": b}, ascii(b))
print(format(F(), "xyz"), f"{F():>{5}}", "{:abc}".format(F()), format(a), format(b, ">12"[:0]))
for code in ("format(a, 'x')", "format(b, '>5')", "f'{a:5}'", "'{:d}'.format(b)", "format(object(), '5')", "format([], 'x')", "format(None, 'd')"):
    try:
        print(eval(code))
    except TypeError as e:
        print(code, "->", e)


class D: ...


print(repr(D()).startswith("<__main__.D object at 0x"), str(D)[:8], repr(len), repr(print), repr(int), repr(D), repr(type(None)), repr([].append).split(" at")[0], repr(str.join), repr(int.__add__), repr((1).__add__).split(" at")[0], repr(D.__init__), repr(int.real if 0 else int.__dict__["real"]), repr(Ellipsis), repr(NotImplemented), repr(__builtins__))


class Rec:
    def __init__(self):
        self.items = [self]

    def __repr__(self):
        return f"Rec({self.items!r})" if False else "Rec"


print(Rec().items)


class By:
    def __bytes__(self):
        return b"bytes!"


print(bytes(By()), str(b"x"), repr("it's"), repr('say "hi"'), repr("both ' and \""), repr("tab\tnl\n\x00\x7f\xa0é\u200b\U0001F600\ud800"), ascii("é\U0001F600"), repr(b"\x00'\xff\n"), repr(bytearray(b"'")))


class S(str):
    def __str__(self):
        return "overridden"


s = S("val")
print(s, repr(s), str(s), s + "x", f"{s}", "%s" % s, "{}".format(s), type(str(s)), "".join([s, "y"]))


class I(int):
    def __repr__(self):
        return "I!"


i = I(5)
print(i, str(i), f"{i}", f"{i:d}", "%d %s" % (i, i), i + 1, [i], format(i))


class Fl(float):
    pass


class L(list):
    pass


class Dd(dict):
    pass


print(Fl(1.5), L([1]), Dd(a=1), type(Fl(1) + 1), type(L([1]) + [2]))
