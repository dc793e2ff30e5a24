# sys.excepthook replaced, then failing; sys.unraisablehook; sys.exc_info and sys.exception.
import sys


def hook(kind, value, tb):
    print("hook", kind.__name__, value, tb.tb_lineno)
    raise RuntimeError("hook failed")


class D:
    def __del__(self):
        raise ValueError("in del")


sys.unraisablehook = lambda u: print("unraisable", repr(u.exc_value), u.exc_traceback is not None)
D()
try:
    raise KeyError
except KeyError:
    print(sys.exc_info()[0], sys.exception(), sys.exc_info()[2].tb_lineno)
print(sys.exc_info())
sys.excepthook = hook
1 / 0
