# Comprehensions: nesting, conditions, scopes, evaluation order, class bodies, iteration variable hiding.
x = "outer"
print([x for x in range(3)], x)
print([(a, b) for a in range(3) for b in range(a) if (a + b) % 2], {a: b for a, b in zip("ab", "cd")}, sorted({c.lower() for c in "aAbB"}))
print([[c * r for c in range(3)] for r in range(3)], [i for r in [[1, 2], [3]] for i in r])
print(list(x + y for x in "ab" for y in "cd"), dict((k, v) for k, v in [(1, 2)]))
print([f() for f in [lambda: i for i in range(3)]], [f() for f in [lambda i=i: i for i in range(3)]])


class C:
    items = [1, 2]
    n = 2
    doubled = [i for i in items]
    try:
        bad = [i * n for i in items]
    except NameError as e:
        print(e)
    nested = [[j for j in range(i)] for i in items]
    locals_seen = [sorted(k for k in locals() if not k.startswith("__")) for _ in [0]][0] if 0 else 0


print(C.doubled, C.nested)


def order(tag, value):
    print(tag, end=" ")
    return value


print([order("e", i) for i in order("it", range(2)) if order("if", True)])
print({order("k", i): order("v", i) for i in range(2)})
try:
    [1 for _ in 5]
except TypeError as e:
    print(e)
try:
    (1 for _ in 5)
except TypeError as e:
    print(e)
try:
    {[]: 1 for _ in range(1)}
except TypeError as e:
    print(e)


def free(n):
    return [[n + m + k for k in range(2)] for m in range(2)]


print(free(10))


def keep():
    i = "kept"
    [i for i in range(3)]
    try:
        [i / 0 for i in range(3)]
    except ZeroDivisionError:
        pass
    return i


print(keep())
print([*[1], *(2, 3)], [i for i in range(10) if i % 2 if i > 4], [i if i % 2 else -i for i in range(4)])
print([(yes, no) for yes in range(2) for no in [yes * 2]], [e for a, *e in [(1, 2, 3)]], [g[0] for g[0] in [1]] if 0 else "")
gen = (print("lazy", i) for i in range(2))
print("not yet")
next(gen)
print(sum(i for i in range(5)), max((i for i in "abc"), default=0), "".join(c for c in "xyz"))
print([lambda: y for y in range(2)][0](), (lambda: [z for z in range(2)])())
print([locals().get("q") for q in (1, 2)], [x for x in x])
