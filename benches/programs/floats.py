"""Float loops: numerical integration, Newton steps, points, rounding, math functions."""

from math import cos, exp, floor, hypot, sin


class Point:
    __slots__ = ("x", "y", "z")

    def __init__(self, i):
        self.x = x = sin(i)
        self.y = cos(i) * 3
        self.z = (x * x) / 2

    def normalize(self):
        norm = (self.x * self.x + self.y * self.y + self.z * self.z) ** 0.5
        self.x /= norm
        self.y /= norm
        self.z /= norm

    def maximize(self, other):
        self.x = self.x if self.x > other.x else other.x
        self.y = self.y if self.y > other.y else other.y
        self.z = self.z if self.z > other.z else other.z
        return self


def integrate(n):
    step = 1.0 / n
    total = 0.0
    for i in range(n):
        x = (i + 0.5) * step
        total += 4.0 / (1.0 + x * x)
    return total * step


def newton(count):
    total = 0.0
    for i in range(1, count):
        x = float(i)
        for _ in range(6):
            x = 0.5 * (x + i / x)
        total += x
    return total


def points(count):
    items = [Point(i) for i in range(count)]
    for p in items:
        p.normalize()
    best = items[0]
    for p in items[1:]:
        best = best.maximize(p)
    return best.x + best.y + best.z


def mixed(count):
    total = 0.0
    for i in range(count):
        total += abs(-i * 0.25) - floor(i * 0.1) + int(i / 3) % 7 + round(i * 0.37, 1)
        total -= hypot(3.0, 4.0) + exp(-i)
    return total


print("floats %.6f %.6f %.6f %.6f" % (integrate(6000000), newton(600000), points(200000), mixed(600000)))
