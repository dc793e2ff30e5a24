# inspect: members, source, signatures, stack, predicates, getdoc, closure variables.
import inspect
import types


class Base:
    """base doc"""

    def method(self, a, b=1):
        """method doc"""
        return a

    @property
    def prop(self):
        return 1

    @classmethod
    def cm(cls): ...

    @staticmethod
    def sm(): ...


class Sub(Base):
    def method(self, a, b=1):
        return b


print([n for n, _ in inspect.getmembers(Base) if not n.startswith("__")], inspect.getdoc(Sub.method), inspect.getmro(Sub), inspect.isclass(Base), inspect.ismethod(Base().method), inspect.isfunction(Base.method), inspect.isbuiltin(len), inspect.isroutine(str.join), inspect.ismodule(inspect), inspect.isgenerator((x for x in ())), inspect.isdatadescriptor(Base.prop), inspect.ismethoddescriptor(str.join), inspect.isabstract(Base))
print(inspect.getsource(Base.method))
print(inspect.getsourcelines(Sub)[1], inspect.getfile(Base).split("/")[-1], inspect.getmodule(Base).__name__, inspect.cleandoc("  a\n    b\n  "), inspect.getcomments(Base), inspect.unwrap(Base.method).__name__)


def f(a, /, b: int, *args, c=3, **kw) -> str:
    x = 1

    def g():
        return x, len

    return inspect.currentframe().f_code.co_name, inspect.stack()[0].function, inspect.stack()[1].lineno > 0, inspect.getclosurevars(g).nonlocals, [a.classify_class_attrs for a in ()]


print(f(1, 2), inspect.getfullargspec(f), inspect.getcallargs(f, 1, 2, 3, c=4) if 0 else "")
sig = inspect.signature(f)
print(sig, sig.return_annotation, sig.parameters["c"].kind.description, sig.replace(return_annotation=int), inspect.Parameter("x", inspect.Parameter.KEYWORD_ONLY, default=1), sig.bind(1, b=2).arguments)
for bad in ("sig.bind()", "sig.bind(1, 2, c=1, b=3)", "inspect.signature(5)", "inspect.getsource(len)", "inspect.getfile(5)", "inspect.Parameter('1', 1)", "inspect.Signature([inspect.Parameter('a', 3), inspect.Parameter('b', 0)])"):
    try:
        print(eval(bad))
    except (TypeError, ValueError, OSError) as e:
        print(bad, "->", type(e).__name__, e)
print([(a.name, a.kind, a.defining_class.__name__) for a in inspect.classify_class_attrs(Sub) if not a.name.startswith("__")])
g = (i for i in range(2))
print(inspect.getgeneratorstate(g), list(inspect.getgeneratorlocals(g)), inspect.indentsize("   x"), inspect.getattr_static(Base(), "prop").__class__, inspect.formatannotation(int | None), inspect.getclasstree([Sub])[0][0].__name__)
