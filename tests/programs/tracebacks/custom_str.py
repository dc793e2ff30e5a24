# How exceptions with odd messages print: empty, multi-line, failing str, module-qualified names, KeyError.
import traceback


class Empty(Exception):
    pass


class Failing(Exception):
    def __str__(self):
        raise RuntimeError("str failed")


class Nested:
    class Inner(Exception):
        pass


class Str(Exception):
    def __str__(self):
        return "two\nlines"


class NoneStr(Exception):
    def __str__(self):
        return None


E = type("E", (Exception,), {"__module__": "some.module"})
B = type("B", (Exception,), {"__module__": "builtins"})
N = type("N", (Exception,), {"__module__": 5})
for e in (Empty(), Empty(""), Empty(1, "a"), Failing(), Nested.Inner("x"), Str(), NoneStr(), E("m"), B("m"), N("m"), KeyError("k"), KeyError(), KeyError("a", "b"), ValueError("é中\U0001F600"), ValueError("\ud800"), StopIteration(5), OSError(2, "msg"), OSError(2, "msg", "file"), OSError(2, "msg", "a", None, "b"), OSError("x"), SyntaxError("just msg"), SyntaxError("m", ("f.py", 3, 2, "  x y\n")), SyntaxError("m", ("f.py", 1, 1, "abc", 1, 3)), UnicodeDecodeError("utf-8", b"a\xff", 1, 2, "bad"), UnicodeEncodeError("ascii", "é", 0, 1, "bad"), UnicodeTranslateError("x\xe9z", 1, 3, "bad"), KeyboardInterrupt(), ImportError("i", name="n", path="p"), Exception(["list"]), AssertionError({"a": 1})):
    try:
        raise e
    except BaseException:
        print("".join(traceback.format_exception_only(e)).encode("ascii", "backslashreplace").decode(), end="")
    try:
        print(repr(e).encode("ascii", "backslashreplace").decode(), e.args if len(repr(e.args)) < 60 and "\\ud" not in repr(e.args) else "")
    except Exception as x:
        print("repr failed", x)
raise Nested.Inner("uncaught nested class")
