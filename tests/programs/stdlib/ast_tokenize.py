# ast and tokenize: parse, dump, unparse, visit, literal_eval, tokens, symtable.
import ast
import io
import symtable
import tokenize

source = '''@d
async def f(a, /, b: int = 1, *c, d=2, **e) -> str:
    """doc"""
    async with a as b: pass
    return [x async for x in y if x] + {**k, 1: 2} or (lambda: (yield))
class C[T](B, m=1):
    x: int = 5; del y[1:2, ...]
    try: pass
    except* E as e: raise A from B
match p:
    case [1, *r] | {"k": v, **kw} | C(a, b=1) if z: pass
f"{a!r:>{w}} {b=}" "c" b""
x = y[1] if not a < b <= c else -1 ** 2
type X = int
for i, *j in k: continue
else: break
'''.replace('"c" b""', '"c"')
tree = ast.parse(source)
print(ast.dump(tree))
print(ast.unparse(tree))
print(ast.dump(ast.parse("a.b(c)[d]", mode="eval"), indent=2, include_attributes=True)[:300])
print(ast.literal_eval("{'a': [1, 2.5, -3, (None, True)], 'b': {1}, 'c': b'x', 'd': 1+2j}"))
for bad in ("f()", "1 + x", "a.b", "[1", "1 - 'x'"):
    try:
        print(ast.literal_eval(bad))
    except (ValueError, SyntaxError) as e:
        print(bad, type(e).__name__, str(e).split(" at 0x")[0].split(": <")[0])


class V(ast.NodeTransformer):
    def visit_Name(self, node):
        return ast.copy_location(ast.Constant(7), node)


print(ast.unparse(V().visit(ast.parse("x + y * 2"))), eval(compile(ast.fix_missing_locations(V().visit(ast.parse("q + 1", mode="eval"))), "", "eval")))
print([type(n).__name__ for n in ast.walk(ast.parse("a = b + 1"))], ast.get_source_segment("x = 1 + 2", ast.parse("x = 1 + 2").body[0].value), ast.get_docstring(tree.body[0]), list(ast.iter_fields(ast.parse("a").body[0].value))[0])
n = ast.Name("x")
print(ast.dump(n), n._fields, n._attributes, ast.Name.__mro__[1].__name__, isinstance(ast.Constant(1), ast.expr), ast.dump(ast.Call(func=n, args=[], keywords=[])))
for t in tokenize.generate_tokens(io.StringIO("def f(x):  # c\n    return x+1.5 'a' f'{b}'\n").readline):
    print(tokenize.tok_name[t.type], repr(t.string), t.start, t.end)
print(tokenize.untokenize(tokenize.generate_tokens(io.StringIO("a  =  1\n").readline)), tokenize.detect_encoding(io.BytesIO(b"# coding: latin-1\n").readline))
st = symtable.symtable("def f(a):\n    global g\n    b = a\n    def h(): return b\n", "s", "exec")
f = next(c for c in st.get_children() if c.get_type() == "function")
print(sorted(f.get_identifiers()), f.get_parameters(), f.get_locals(), f.get_globals(), f.lookup("b").is_local(), [c for c in f.get_children() if c.get_name() == "h"][0].lookup("b").is_free())
