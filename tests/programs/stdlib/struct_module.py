# struct: formats, sizes, errors.
import struct
print(struct.pack("<ihq", 1, -2, 3), struct.unpack(">HB", b"\x01\x02\x03"), struct.calcsize("ibd"), struct.calcsize("=ibd"), struct.pack("5s2p?c", b"abc", b"x", True, b"z"), struct.pack("!f", 1.5), struct.pack("<d", 0.1), struct.unpack("<e", struct.pack("<e", 1.5)), list(struct.iter_unpack("<H", b"\1\0\2\0")), struct.Struct("<I").size, struct.Struct("<I").format, struct.pack("3x"), struct.pack("<QP"[:2], 2**64 - 1), struct.unpack_from("<H", b"\0\1\2", 1))
b = bytearray(4)
struct.pack_into("<H", b, 1, 513)
print(b)
for bad in ("struct.pack(\"B\", 256)", "struct.pack(\"b\", -129)", "struct.pack(\"I\", -1)", "struct.pack(\"i\", \"a\")", "struct.pack(\"z\", 1)", "struct.pack(\"i\")", "struct.unpack(\"i\", b\"\")", "struct.pack(\"c\", b\"ab\")", "struct.pack(\"s\", \"a\")", "struct.calcsize(\"5\")", "struct.pack(\"f\", 1e300)", "struct.unpack_from(\"i\", b\"a\")", "struct.pack(\"i\", 1.5)", "list(struct.iter_unpack(\"i\", b\"abc\"))"):
    try:
        print(eval(bad))
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
