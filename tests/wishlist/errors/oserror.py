# OSError: subclasses by errno, filename attributes, str forms, real failures.
import errno
import os

for code in (errno.ENOENT, errno.EACCES, errno.EEXIST, errno.EISDIR, errno.ENOTDIR, errno.EPIPE, errno.ECONNREFUSED, errno.ETIMEDOUT, errno.EAGAIN, errno.ECHILD, errno.EINTR, errno.ESRCH, errno.ECONNRESET, errno.ENOSPC):
    e = OSError(code, os.strerror(code))
    print(type(e).__name__, e)
e = OSError(2, "msg", "file", None, "other")
print(e.errno, e.strerror, e.filename, e.filename2, e.args, str(e), repr(e))
print(repr(OSError()), repr(OSError(1)), OSError(1).errno, OSError("x", "y", "z"), OSError(1, 2, 3, 4, 5, 6) if 0 else "", OSError(2, "m", b"bytes"), OSError(13, "m", 5))
print(FileNotFoundError(13, "keeps class"), type(FileNotFoundError(13, "x")), type(OSError(13, "x")), BlockingIOError(11, "m", 5).characters_written)


class Sub(OSError):
    pass


print(type(Sub(2, "x")), Sub(2, "x").errno)
for code in ("open('/nonexistent/x')", "open('/')", "os.mkdir('/')", "os.listdir('/nonexistent')", "os.rmdir('/nonexistent')", "os.rename('/nonexistent1', '/nonexistent2')", "os.stat('/nonexistent')", "os.remove('/nonexistent')", "os.close(9999)", "os.read(9999, 1)", "os.chdir('/nonexistent')", "open('/dev/null/x')", "os.kill(999999999, 0)", "os.fdopen(9999)", "os.readlink('/')", "os.open('/nonexistent', 0)", "open('a\\0b')", "os.stat(b'/nonexistent')", "os.scandir('/nonexistent')", "os.link('/nonexistent', '/nonexistent2')"):
    try:
        eval(code)
    except (OSError, ValueError) as e:
        print(code, "->", type(e).__name__, e, getattr(e, "filename", None), getattr(e, "filename2", None))
