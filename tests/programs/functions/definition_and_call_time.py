# Definition time against call time: what runs when; defaults once, globals looked up at the call.
print("1: module starts")


def decorator(f):
    print("3: decorator runs at definition")
    return f


def default():
    print("2: default evaluated at definition")
    return []


@decorator
def f(x, acc=default()):
    print("body runs at call", x, acc, late)
    acc.append(x)
    return acc


print("4: f is defined, its body has not run")
try:
    f(0)
except NameError as e:
    print("call before late exists:", e)
late = "now there"
print(f(1), f(2), f.__defaults__)
late = "changed"
f(3)


def g():
    return helper()


def helper():
    return "first helper"


print(g())


def helper():
    return "second helper"


print(g())


class C:
    print("class body runs at definition")
    x = 1

    def m(self):
        return x_global

    y = x + 1


x_global = 10
print(C.y, C().m())


def h():
    if False:
        never = 1
    return never


try:
    h()
except UnboundLocalError as e:
    print(e)
code = compile("def k():\n    return undefined_thing\nprint('k defined')", "<late>", "exec")
exec(code)
try:
    k()
except NameError as e:
    print(e)
