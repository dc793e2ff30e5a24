# Constructing, repr, str and args of every builtin exception class; those with required arguments.
import builtins

for name in sorted(vars(builtins)):
    cls = getattr(builtins, name)
    if isinstance(cls, type) and issubclass(cls, BaseException) and cls.__name__ == name:
        for args in ((), ("a",), ("a", 1)):
            try:
                e = cls(*args)
                print(name, args, "->", repr(e), str(e), e.args)
            except TypeError as t:
                print(name, args, "-> TypeError", t)
        try:
            cls(x=1)
        except TypeError as t:
            print(name, "keyword ->", t)
