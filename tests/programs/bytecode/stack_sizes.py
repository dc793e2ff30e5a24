# co_stacksize of many small pieces of code.
for source in (
    "pass", "a", "a + b", "a + (b + (c + d))", "[a, b, c, d]", "f(a, b, c)", "f(a, *b, **c)", "x = y = z = 1", "a, b, c = d", "for i in a: b", "with a: b", "try: a\nexcept: b", "try: a\nfinally: b",
    "def f(a, b=1): pass", "class C: pass", "lambda: 0", "[x for x in y]", "{a: b, c: d}", "a[b:c]", "a[b] += c", "del a[b]", "import a.b", "from a import b, c", "f'{a!r:{b}}'", "a < b < c", "raise a from b", "assert a, b", "match a:\n case [b, *c]: pass", "match a:\n case {'k': v}: pass", "async def f():\n await a", "def g():\n yield a, b", "a if b else c", "a and b or c", "print(*a, sep=b)", "global x; x = 1", "type X = int", "x: int = 1",
):
    code = compile(source, "s", "exec")
    print(repr(source), code.co_stacksize, [c.co_stacksize for c in code.co_consts if hasattr(c, "co_stacksize")])
