# The tree of builtin exception classes, with their own attributes.
def show(cls, depth=0):
    own = sorted(n for n in vars(cls) if not n.startswith("__"))
    print("  " * depth + cls.__name__, *own)
    for sub in sorted((s for s in cls.__subclasses__() if s.__module__ == "builtins"), key=lambda c: c.__name__):
        show(sub, depth + 1)


show(BaseException)
print(IOError is OSError, EnvironmentError is OSError, BaseExceptionGroup.__mro__, ExceptionGroup.__mro__)
