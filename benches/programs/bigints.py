"""Big integers: digits of pi, factorials, Fibonacci numbers, modular powers, conversion."""


def pi_digits(n):
    out = []
    q, r, t, k, m, x = 1, 0, 1, 1, 3, 3
    while len(out) < n:
        if 4 * q + r - t < m * t:
            out.append(str(m))
            q, r, m = 10 * q, 10 * (r - m * t), (10 * (3 * q + r)) // t - 10 * m
        else:
            q, r, t, k, m, x = (
                q * k,
                (2 * q + r) * x,
                t * x,
                k + 1,
                (q * (7 * k + 2) + r * x) // (t * x),
                x + 2,
            )
    return "".join(out)


def factorial(n):
    result = 1
    for i in range(2, n + 1):
        result *= i
    return result


def fibonacci(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def is_probable_prime(n):
    d, s = n - 1, 0
    while not d & 1:
        d >>= 1
        s += 1
    for a in (2, 3, 5, 7, 11, 13):
        x = pow(a, d, n)
        if x in (1, n - 1):
            continue
        for _ in range(s - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def root(n):
    x = 1 << (n.bit_length() + 1) // 2
    while True:
        y = (x + n // x) >> 1
        if y >= x:
            return x
        x = y


def xorshift(count):
    mask = (1 << 64) - 1
    x = 88172645463325252
    total = 0
    for _ in range(count):
        x ^= x << 13 & mask
        x ^= x >> 7
        x ^= x << 17 & mask
        total = (total + x) & mask
    return total


def main():
    digits = pi_digits(3000)
    f = factorial(1500)
    fib = fibonacci(80000)
    primes = [k for k in (127, 128, 521, 607) if is_probable_prime(2**k - 1)]
    text = str(f)
    back = int(text[:4000])
    print(
        "bigints",
        digits[-10:],
        f % 1000000007,
        fib % 1000000007,
        primes,
        root(10**400) % 97,
        back % 1013,
        len(text),
        xorshift(800000),
        hex(f)[:12],
    )


main()
