# Chained exceptions: context, cause, suppressed context, cause of a cause, in functions.
import traceback


def context():
    try:
        1 / 0
    except ZeroDivisionError:
        {}["k"]


def cause():
    try:
        int("x")
    except ValueError as e:
        raise RuntimeError("wrapped") from e


def suppressed():
    try:
        int("x")
    except ValueError:
        raise RuntimeError("clean") from None


def three():
    try:
        try:
            raise KeyError("one")
        except KeyError:
            raise IndexError("two")
    except IndexError as e:
        raise TypeError("three") from e


def finally_chain():
    try:
        raise ValueError("in try")
    finally:
        raise OSError("in finally")


def with_chain():
    class C:
        def __enter__(self):
            pass

        def __exit__(self, *a):
            raise LookupError("in exit")

    with C():
        raise ValueError("in body")


def explicit_class():
    raise RuntimeError from KeyError("given")


def self_cause():
    e = ValueError("me")
    e.__cause__ = e
    raise e


def cycle():
    a, b = ValueError("a"), ValueError("b")
    a.__context__, b.__context__ = b, a
    raise a


def deep():
    def f(n):
        try:
            if n == 0:
                raise ValueError(n)
            f(n - 1)
        except ValueError:
            raise ValueError(n)

    f(3)


for fn in (context, cause, suppressed, three, finally_chain, with_chain, explicit_class, self_cause, deep):
    print("--", fn.__name__)
    try:
        fn()
    except Exception as e:
        traceback.print_exception(e)
        print(repr(e.__cause__), repr(e.__context__), e.__suppress_context__)
cycle()
