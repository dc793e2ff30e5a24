# Files: modes, reading, writing, seeking, buffering, newlines, encodings, errors, StringIO and BytesIO.
import io
import os
import tempfile

folder = tempfile.mkdtemp()
path = os.path.join(folder, "f.txt")
with open(path, "w", encoding="utf-8") as f:
    print(f.write("line 1\nline é\nlast"), f.writable(), f.readable(), f.mode, f.encoding, f.closed)
    f.writelines(["\n", "more"])
    print("printed", file=f)
print(f.closed)
with open(path, encoding="utf-8") as f:
    print(f.readline(), f.tell(), f.read(3), f.readlines(), f.read(), f.seek(0), list(f), f.newlines)
with open(path, "rb") as f:
    print(f.read(5), f.seek(-3, 2), f.read(), f.seek(0), f.readline(), f.readinto(b := bytearray(3)), b, f.peek(2)[:2], type(f).__name__, type(f.raw).__name__)
with open(path, "a+", encoding="utf-8") as f:
    f.write("appended")
    f.seek(0)
    print(len(f.read()))
with open(path, "r+b", buffering=0) as f:
    f.write(b"LINE")
    print(f.tell(), type(f).__name__, f.seekable(), f.fileno() > 2, f.isatty())
with open(path, "wb") as f:
    f.write(b"a\r\nb\rc\n")
for nl in (None, "", "\n", "\r", "\r\n"):
    with open(path, newline=nl) as f:
        print(repr(nl), f.readlines(), repr(f.newlines))
with open(path, "w", newline="\r\n") as f:
    f.write("x\ny\n")
print(open(path, "rb").read() if 0 else io.open_code(path).read())
try:
    with open(path, "x") as f:
        pass
except FileExistsError as e:
    print(e.errno)
with open(path, "wb") as f:
    f.write(b"\xff\xfeabc")
for err in ("strict", "ignore", "replace", "surrogateescape", "backslashreplace"):
    try:
        with open(path, encoding="utf-8", errors=err) as f:
            print(err, ascii(f.read()))
    except UnicodeDecodeError as e:
        print(err, e)
for bad in ("f.read()", "f.write('x')", "iter(f).__next__()", "f.fileno()", "f.seek(0)", "f.__enter__()", "f.flush()"):
    try:
        eval(bad)
    except ValueError as e:
        print(bad, e)
with open(path) as f:
    for bad in ("f.write('x')", "f.read('x')", "f.seek(1, 5)", "f.seek(-1)", "f.truncate()", "f.seek(1, 1)"):
        try:
            print(bad, eval(bad))
        except (io.UnsupportedOperation, TypeError, ValueError, OSError) as e:
            print(bad, type(e).__name__, e)
with open(path, "wb") as f:
    for bad in ("f.write('x')", "f.read()", "f.write(5)"):
        try:
            eval(bad)
        except (io.UnsupportedOperation, TypeError) as e:
            print(bad, type(e).__name__, e)
s = io.StringIO("one\ntwo\n")
print(s.readline(), s.getvalue(), s.seek(0, 2), s.write("three"), s.getvalue(), s.truncate(3), s.getvalue(), s.tell(), s.closed, list(io.StringIO("a\nb")))
b = io.BytesIO(b"abc")
print(b.read(1), b.getbuffer()[1], b.seek(5), b.write(b"z"), b.getvalue(), b.readinto(bytearray(2)), b.read1(), b.readable(), b.seek(0), b.readlines())
r, w = os.pipe()
with open(w, "w") as wf:
    wf.write("through a pipe")
with open(r) as rf:
    print(rf.read(), rf.name == r)
t = io.TextIOWrapper(io.BytesIO(), encoding="latin-1", line_buffering=True)
t.write("é\n")
print(t.buffer.getvalue(), t.detach().getvalue(), io.DEFAULT_BUFFER_SIZE, io.SEEK_END, issubclass(io.UnsupportedOperation, OSError))
br = io.BufferedReader(io.BytesIO(b"0123456789"), 4)
print(br.read(2), br.peek(), br.read1(10), br.read(), io.BufferedWriter(io.BytesIO()).write(b"x"), io.IncrementalNewlineDecoder(None, True).decode("a\r\nb"))
os.remove(path)
os.rmdir(folder)
