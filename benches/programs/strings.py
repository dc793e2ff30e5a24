"""Building and formatting strings: concatenation, join, f-strings, %, format."""


def concatenate(count):
    s = ""
    for i in range(count):
        s += "x"
        s += str(i)
    return len(s)


def joined(count):
    parts = []
    for i in range(count):
        parts.append("item" + str(i))
    text = ",".join(parts)
    return len(text), text.count("9")


def interpolated(count):
    total = 0
    name = "taipan"
    for i in range(count):
        total += len(f"{name}-{i}: {i * 2} {i / 7:.3f} {i:>8} {i:#x} {name!r}")
    return total


def percent(count):
    total = 0
    for i in range(count):
        total += len("%s is %d or %05.2f or %x" % ("value", i, i * 0.5, i))
    return total


def formatted(count):
    total = 0
    for i in range(count):
        total += len("{:<10}|{:^7}|{:>5,}|{name}".format("ab", i, i, name="n"))
    return total


def slices(count):
    text = "the quick brown fox jumps over the lazy dog"
    n = len(text)
    total = 0
    for i in range(count):
        a = i % n
        piece = text[a : a + 5]
        if piece[0] == "q" or piece == "fox j":
            total += 1
        total += ord(text[-1 - a])
        total += len(piece[::-1])
    return total


print(
    "strings",
    concatenate(1000000),
    *joined(1000000),
    interpolated(300000),
    percent(400000),
    formatted(400000),
    slices(1300000),
)
