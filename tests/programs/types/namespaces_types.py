# types.SimpleNamespace, mappingproxy, ModuleType, code and frame basics, getset and member descriptors, None and friends.
import types
n = types.SimpleNamespace(a=1, b=[2])
n.c = n
print(n, n.a, n == types.SimpleNamespace(a=1, b=[2], c=n) if 0 else "", types.SimpleNamespace() == types.SimpleNamespace(), types.SimpleNamespace({"x": 1}, y=2), vars(types.SimpleNamespace(q=1)))
for bad in ("types.SimpleNamespace(1)", "types.SimpleNamespace({1: 2})", "types.SimpleNamespace().x", "n < n", "types.SimpleNamespace({}, {})"):
    try:
        print(eval(bad))
    except (TypeError, AttributeError) as e:
        print(bad, "->", e)
class A: x = 1
mp = A.__dict__
print(type(mp), mp["x"], "x" in mp, mp.get("q", 0), len(types.MappingProxyType({"a": 1})), types.MappingProxyType({"a": 1}), types.MappingProxyType({"a": 1}) | {"b": 2}, types.MappingProxyType({"a": 1}) == {"a": 1}, list(types.MappingProxyType({"a": 1}).items()), types.MappingProxyType({1: 2}).copy(), hash(types.MappingProxyType({})) if 0 else "")
for bad in ("mp['y'] = 1", "del mp['x']", "mp.clear()", "types.MappingProxyType(5)", "types.MappingProxyType([])", "A.__dict__ = {}"):
    try:
        exec(bad)
    except (TypeError, AttributeError) as e:
        print(bad, "->", e)
print(None, type(None)(), bool(None), None == None, None is None, repr(...), type(...)(), Ellipsis is ..., NotImplemented, type(NotImplemented)(), hash(None) is not None, None.__class__)
for bad in ("None + 1", "None()", "None.x", "None < None", "len(None)", "type(None)(1)", "class X(type(None)): pass", "class Y(type(...)): pass", "class Z(bool): pass", "class W(slice): pass", "class V(types.FunctionType): pass", "class U(type(iter([]))): pass", "type(len)()", "types.FunctionType()", "types.MethodType(5)", "types.MethodType(5, 5)", "types.MethodType(len, None)", "types.CodeType()", "types.GeneratorType()", "types.FrameType()", "types.CellType(1, 2)", "types.TracebackType()", "types.MethodDescriptorType()", "types.NoneType.__new__(int)"):
    try:
        exec(bad)
    except (TypeError, AttributeError) as e:
        print(bad, "->", e)
g = types.FunctionType.__dict__["__code__"]
print(type(g), g.__name__, g.__objclass__, type(int.__dict__["real"]), int.__dict__["real"].__get__(5), type(types.FunctionType.__dict__["__globals__"]), type(slice.__dict__["start"]), type(dict.__dict__["fromkeys"]), type(str.__dict__["maketrans"]), type(object.__dict__["__class__"]), type(A.__dict__["__dict__"]), type(A.__dict__["__weakref__"]), type(type.__dict__["__mro__"]))
for bad in ("g.__get__(5)", "g.__set__(5, 1)", "str.upper.__get__(5)", "str.upper(5)", "int.__add__('a', 1)", "dict.__dict__['fromkeys'].__get__(5)", "dict.__dict__['fromkeys'].__get__(None, int)", "int.__dict__['real'].__set__(5, 1)", "list.append.__get__([])(1, 2)", "list.append()", "list.append.__call__([])"):
    try:
        print(eval(bad))
    except (TypeError, AttributeError) as e:
        print(bad, "->", e)
print(str.upper.__get__("abc")(), list.append.__name__, list.append.__objclass__, list.__len__.__objclass__, [].__len__.__self__, [].__len__.__name__, int.__add__(1, 2), (1).__add__.__qualname__, type(str.join).__name__, type("".join).__name__)
m = types.ModuleType("m"); m.x = 1
print(m, m.x, m.__dict__["x"], sorted(vars(m)), repr(__builtins__), types.__name__, types.__spec__.name, isinstance(m, types.ModuleType), types.CodeType is type((lambda: 0).__code__), types.get_original_bases(A), types.DynamicClassAttribute.__name__)
