"""Method calls: bound, inherited, static, class, property and super calls."""


class Counter:
    def __init__(self, start):
        self.n = start

    def bump(self):
        self.n += 1
        return self

    def add(self, a, b=1):
        self.n += a * b

    def get(self):
        return self.n


class Stepper(Counter):
    def bump(self):
        super().bump()
        return self

    @property
    def parity(self):
        return self.n & 1

    @staticmethod
    def twice(x):
        return x + x

    @classmethod
    def make(cls, n):
        return cls(n)

    def __call__(self, x):
        return self.n ^ x

    def __add__(self, other):
        return self.n + other

    def __getitem__(self, index):
        return index & self.n

    def __len__(self):
        return 3


class Shape:
    def area(self):
        return 0


class Square(Shape):
    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side * self.side


class Oblong(Shape):
    def __init__(self, width, height):
        self.width = width
        self.height = height

    def area(self):
        return self.width * self.height


class Blob(Shape):
    pass


def simple(count):
    c = Counter(0)
    for i in range(count):
        c.bump().bump()
        c.add(i, b=2)
        c.add(3)
    return c.get()


def derived(count):
    s = Stepper.make(5)
    total = 0
    for i in range(count):
        s.bump()
        total += s.parity + Stepper.twice(i) + s(i) + (s + i) + s[i] + len(s)
    return total


def polymorphic(count):
    shapes = [Square(3), Oblong(2, 5), Blob(), Square(4), Oblong(1, 1)]
    total = 0
    for _ in range(count):
        for shape in shapes:
            total += shape.area()
    return total


print("methods", simple(1500000), derived(1200000), polymorphic(800000))
