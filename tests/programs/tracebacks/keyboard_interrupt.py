# An uncaught KeyboardInterrupt prints a traceback; here it is caught so that the status is plain.
import traceback

try:
    raise KeyboardInterrupt("stop")
except KeyboardInterrupt:
    traceback.print_exc()


class Base(BaseException):
    pass


raise Base("not an Exception")
