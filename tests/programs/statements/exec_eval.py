# exec, eval, compile: modes, namespaces, flags, code objects, errors.
import ast

print(eval("1 + 2"), eval(" 1\n"), eval(b"3"), exec("q = 5"), q)
ns = {}
exec("a = 1\ndef f(): return a + b", ns)
ns["b"] = 10
print(ns["f"](), sorted(k for k in ns if k != "__builtins__"))
loc = {}
exec("x = 1; y = x + g", {"g": 5}, loc)
print(loc)
code = compile("a * b", "<expr>", "eval")
print(eval(code, {"a": 6, "b": 7}), code.co_filename, code.co_name)
single = compile("1 + 1\n", "<single>", "single")
exec(single)
exec(compile("'text'; None; [1]", "<single>", "single"))
tree = compile("1 + x", "f", "eval", ast.PyCF_ONLY_AST)
print(ast.dump(tree))
print(eval(compile(tree, "f", "eval"), {"x": 4}))


def scoped():
    x = "local"
    print(eval("x"), sorted(locals()))
    exec("x = 'changed'; new = 1")
    print(x, "new" in locals())
    return [eval("y", {"y": v}) for v in (1, 2)]


print(scoped())


class Chain(dict):
    def __missing__(self, k):
        return k * 2


print(eval("abc", {}, Chain()))
for src, mode in (("a = 1", "eval"), ("", "eval"), ("1 2", "exec"), ("x", "bogus"), ("a=1\nb=2\n", "single"), ("(", "exec"), ("x\0y", "exec")):
    try:
        compile(src, "<t>", mode)
    except (SyntaxError, ValueError) as e:
        print(type(e).__name__, str(e))
for args in ((1,), ("1", []), ("1", {}, 5), ("x", {"__builtins__": {}})):
    try:
        eval(*args)
    except Exception as e:
        print(type(e).__name__, e)
try:
    exec("x", {"x": 1}, {}, 5)
except TypeError as e:
    print(e)
try:
    eval(compile("def f(y):\n  return lambda: y", "", "exec").co_consts[0].co_consts[1] if 0 else (lambda: q).__code__)
    print("ok")
except TypeError as e:
    print(e)


def closure():
    v = 1
    return lambda: v


try:
    exec(closure().__code__)
except TypeError as e:
    print(e)
exec(closure().__code__, closure=closure().__closure__)
print(eval("lambda: 5")(), eval("[i for i in range(3)]"), eval("(yield_ := 3)"))
