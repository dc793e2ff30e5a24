# An exception in __del__ is printed as ignored, and the program goes on. (No addresses: repr is given.)
class Noisy:
    def close(self):
        raise OSError("cannot close")

    def __del__(self):
        self.close()


class Loud(type):
    def __repr__(cls):
        return "<class Loud>"


import sys

old = sys.unraisablehook


def hook(u):
    print(u.exc_type.__name__, u.exc_value)


sys.unraisablehook = hook
n = Noisy()
del n
print("going on")
