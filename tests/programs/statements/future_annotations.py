# from __future__ import annotations keeps annotations as source text.
from __future__ import annotations

import __future__


def f(a: int | undefined, *, b: [x for x in y if x] = 1, c: "quoted", d: lambda x=1: x + 2, e: a if b else c) -> {1: 2, **z}: ...


print(f.__annotations__)


class C:
    x: f"{a!r:>10}" = 1
    y: (1, 2)
    z: -x ** 2 + (not y) * ~z
    w: a[1:2, ::3, ...]
    v: await_(x).y(*a, **k)


print(C.__annotations__)
v: (5, *q) = 1
print(__annotations__)
print(annotations, __future__.annotations.getMandatoryRelease(), __future__.all_feature_names)
for src in ("from __future__ import nope", "x = 1\nfrom __future__ import division", "from __future__ import braces", "from __future__ import *"):
    try:
        exec(src)
    except SyntaxError as e:
        print(e.msg)
