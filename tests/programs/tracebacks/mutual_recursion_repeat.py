# Repetition of two alternating frames is not folded; three equal ones are.
def down(n):
    if n == 0:
        raise ValueError("bottom")
    return down(n - 1)


def ping(n):
    if n == 0:
        return down(10)
    return pong(n - 1)


def pong(n):
    return ping(n)


ping(3)
