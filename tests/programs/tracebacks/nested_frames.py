# Nested frames and their traceback: one entry per frame, innermost last, carets under the failing part.
def innermost(x):
    return 10 / x


def middle(x):
    y = x - 1
    return innermost(y) + 1


def outermost(x):
    return middle(x)


print("before")
outermost(1)
