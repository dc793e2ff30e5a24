# The traceback of an error in a class body, a comprehension, a lambda and a generator.
class Outer:
    def method(self):
        class Inner:
            items = [1, 2]
            bad = sum(self.missing for _ in items)

        return Inner


run = lambda o: o.method()
[run(o) for o in [Outer()]]
