"""Methods of str: splitting, searching, replacing, casing, testing, translating."""

TEXT = (
    "It was a bright cold day in April, and the clocks were striking thirteen; "
    "Winston, his chin nuzzled into his breast, slipped quickly through the doors.\n"
) * 4


def cycle(text):
    total = 0
    for line in text.splitlines():
        for word in line.split():
            w = word.strip(".,;").lower()
            if w.startswith("st") or w.endswith("ed"):
                total += 3
            if w.isalpha():
                total += len(w.upper())
            if "in" in w:
                total += w.find("in")
            total += w.count("i")
            total += len(w.replace("t", "--"))
            total += len(w.rjust(12)) + len(w.zfill(8)) + len(w.center(9, "*"))
    head, _, tail = text.partition(",")
    total += len(head) + len(tail.rpartition(" ")[0])
    total += text.rfind("doors") + text.index("clocks")
    table = {ord("a"): "4", ord("e"): "3", ord("i"): None}
    total += len(text.translate(table))
    total += len(text.title()) + len(text.swapcase()) + len(text.casefold())
    total += len(text.encode("utf-8").decode("utf-8"))
    total += len(text.expandtabs()) + text.isascii()
    return total


def main(rounds=17000):
    total = 0
    for _ in range(rounds):
        total += cycle(TEXT)
    print("string_methods", total)


main()
