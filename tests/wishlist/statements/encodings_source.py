# -*- coding: latin-1 -*-
# A source in Latin-1 by its PEP 263 comment; compile of bytes with BOM and with other encodings.
print(ascii("café"), len("é"))
src = "# coding: iso-8859-15\nx = '\xa4'\n".encode("latin-1")
ns = {}
exec(src, ns)
print(ascii(ns["x"]))
exec(b"\xef\xbb\xbfy = '\xc3\xa9'", ns)
print(ascii(ns["y"]))
exec("z = '\u4e2d'\n\u03b4\u00aa = 1".encode(), ns)
print(ascii(ns["z"]), [ascii(k) for k in ns if not k.isascii()])
for bad in (b"x = '\xff'", b"# coding: nonsense\nx=1", b"\xef\xbb\xbf# coding: latin-1\n", b"# coding: utf-16\nx=1"):
    try:
        exec(bad)
    except SyntaxError as e:
        print(e.msg)
exec("a\u0301 = 5" if False else "\ufb01 = 7", ns)
print(ns["fi"])
exec("x = 1\r\ny = 2\rz = '''a\r\nb'''", ns)
print(ns["z"].encode(), ns["y"])
exec("if 1:\n\tx = 3\n\ty = 4\x0c\n", ns)
print(ns["x"])
exec("t = 'a\\\nb'", ns)
print(ns["t"])
