# bytearray mutation and memoryview slicing, casting, release, errors.
a = bytearray(b"hello")
a[0] = 72
a[1:3] = b"EY"
a += b"!"
a.append(33)
a.extend([1, 2])
a.insert(0, 60)
print(a, a.pop(), a.pop(0), len(a), a[-1])
a.remove(1)
a.reverse()
del a[0], a[::2]
print(a, a * 2, a + b"x", b"x" + a, bytearray(3), bytearray("é", "utf8"), a.copy() == a, a.clear(), a)
b = bytearray(b"abcdef")
b[::2] = b"XYZ"
b[2:2] = [1, 2]
b *= 2
print(b, b.find(b"Y"), b.upper(), b.split(b"\x01"), b.hex(), b.decode("latin-1")[:3], bytes(b)[:2], type(b[:2]), type(b.upper()), b.startswith(b"X"), b"b" in b, repr(bytearray(b"it's")), bytearray(b"a") == b"a", b.take_bytes if 0 else "")
for bad in ("b[0] = 256", "b[0] = 'a'", "b[99] = 1", "b.append(-1)", "b.append('a')", "b.extend('ab')", "b.extend([300])", "b.remove(255)", "bytearray().pop()", "b.pop(99)", "b[::2] = b'a'", "b[0:1] = 5", "b[0:1] = 'x'", "hash(b)", "b += 'x'", "bytearray(-1)", "bytearray('a')", "b.insert('a', 1)", "del b[99]", "b[0] = 1.5", "bytearray(b'a').join([1])"):
    try:
        exec(bad)
        print(bad, "ok")
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
base = bytearray(range(10))
m = memoryview(base)
print(m[0], m[2:5].tolist(), m[::-2].tolist(), m.format, m.itemsize, m.nbytes, m.shape, m.strides, m.ndim, m.readonly, m.contiguous, len(m), m.obj is base, m.tobytes()[:3], bytes(m[8:]), m == base, m[1:2] == b"\x01", m.hex()[:6])
m[0] = 99
m[1:3] = b"\x07\x08"
print(base[:4], 99 in m, list(m)[:3], m.toreadonly().readonly)
c = memoryview(b"\x01\x00\x02\x00").cast("H")
print(c.tolist(), c.format, c[1], c.cast("B").tolist(), memoryview(b"abcdefgh").cast("B", (2, 4)).tolist(), memoryview(b"abcd").cast("B", [2, 2])[1, 0], memoryview(b"\x00\x00\x80\x3f").cast("f")[0], c.index(2), c.count(1))
for bad in ("m['a']", "m[99]", "m[0] = 256", "m[0] = b'a'", "m[0:2] = b'abc'", "memoryview('a')", "memoryview(5)", "memoryview(b'a')[0] = 1", "base.append(1)", "memoryview(b'abc').cast('H')", "memoryview(b'ab').cast('zz')", "m[::2].cast('H')", "hash(m)", "del m[0]", "memoryview()", "m < m", "c[0, 0]"):
    try:
        exec(bad)
        print(bad, "ok")
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
with memoryview(b"xyz") as v:
    print(hash(v) == hash(b"xyz"), v)if 0 else print(hash(v) == hash(b"xyz"))
try:
    v[0]
except ValueError as e:
    print(e)
m.release()
base.append(5)
print(len(base), repr(v))if 0 else print(len(base))
