# The traceback through generators and yield from.
def inner():
    yield 1
    yield 1 / 0


def outer():
    yield from inner()


for value in outer():
    print(value)
