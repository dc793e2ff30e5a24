# An error in an atexit function is printed, the others still run, the status stays 0.
import atexit
import sys

sys.unraisablehook = lambda u: print("ignored", u.exc_type.__name__, u.exc_value, u.exc_traceback.tb_lineno)

atexit.register(print, "still runs")


@atexit.register
def bad():
    return 1 / 0


print("main done")
