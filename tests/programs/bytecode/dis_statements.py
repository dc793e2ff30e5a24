# dis of each kind of statement.
import dis
import io
import re


def show(code, view=dis.dis, **options):
    text = io.StringIO()
    view(code, file=text, **options)
    print(re.sub(r" at 0x[0-9a-f]+", "", text.getvalue()), end="")


SOURCES = {
    "assign": "x = 1\na, b = b, a\n*c, d = e",
    "augmented": "x += 1\ny[0] *= 2\nz.w -= 3",
    "delete": "del x, y[0], z.w",
    "if": "if a and b or not c:\n    d()\nelif e is None:\n    f()\nelse:\n    g()",
    "while": "while x:\n    x -= 1\n    if y: break\n    if z: continue\nelse:\n    w()",
    "for": "for i in range(3):\n    print(i)\nelse:\n    done()",
    "try": "try:\n    a()\nexcept ValueError as e:\n    b(e)\nexcept:\n    c()\nelse:\n    d()\nfinally:\n    f()",
    "try star": "try:\n    a()\nexcept* ValueError as e:\n    b(e)",
    "with": "with a as b, c:\n    d()",
    "import": "import os.path as p, sys\nfrom a.b import c as d, e\nfrom m import *",
    "assert": "assert x, 'message'",
    "raise": "raise A from B",
    "match": "match x:\n    case [1, *rest]: a()\n    case {'k': v, **kw}: b()\n    case C(y, z=0) if y: c()\n    case 1 | 2: d()\n    case _: e()",
    "class": "@deco\nclass C(B, metaclass=M):\n    x: int = 1\n    def m(self): return super().m()",
    "annotation": "x: int = 1\ny: str",
}
for name, source in SOURCES.items():
    print("==", name)
    show(compile(source, name, "exec"))
