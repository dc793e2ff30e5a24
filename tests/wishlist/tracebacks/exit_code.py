# sys.exit with a number sets the exit status; atexit functions run in reverse order.
import atexit
import sys

atexit.register(print, "first registered")
atexit.register(lambda: print("second registered"))


class D:
    def __del__(self):
        print("module global deleted")


d = D()
sys.exit(7)
