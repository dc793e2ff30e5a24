# StopIteration raised inside a generator becomes RuntimeError with a cause.
def take():
    while True:
        yield next(source)


source = iter([1, 2])
for v in take():
    print(v)
