"""Sudoku by constraint propagation: strings, dicts, sets and recursion together."""

DIGITS = "123456789"
ROWS = "ABCDEFGHI"


def cross(a, b):
    return [x + y for x in a for y in b]


SQUARES = cross(ROWS, DIGITS)
UNITLIST = (
    [cross(ROWS, c) for c in DIGITS]
    + [cross(r, DIGITS) for r in ROWS]
    + [cross(rs, cs) for rs in ("ABC", "DEF", "GHI") for cs in ("123", "456", "789")]
)
UNITS = {s: [u for u in UNITLIST if s in u] for s in SQUARES}
PEERS = {s: [p for p in SQUARES if p != s and any(p in u for u in UNITS[s])] for s in SQUARES}


def assign(values, square, digit):
    for other in values[square].replace(digit, ""):
        if not eliminate(values, square, other):
            return False
    return True


def eliminate(values, square, digit):
    if digit not in values[square]:
        return True
    values[square] = values[square].replace(digit, "")
    if not values[square]:
        return False
    if len(values[square]) == 1:
        last = values[square]
        for peer in PEERS[square]:
            if not eliminate(values, peer, last):
                return False
    for unit in UNITS[square]:
        places = [s for s in unit if digit in values[s]]
        if not places:
            return False
        if len(places) == 1 and not assign(values, places[0], digit):
            return False
    return True


def search(values):
    if values is False:
        return False
    open_squares = [s for s in SQUARES if len(values[s]) > 1]
    if not open_squares:
        return values
    square = min(open_squares, key=lambda s: len(values[s]))
    for digit in values[square]:
        copy = values.copy()
        result = search(assign(copy, square, digit) and copy)
        if result:
            return result
    return False


def solve(grid):
    values = dict.fromkeys(SQUARES, DIGITS)
    for square, c in zip(SQUARES, grid):
        if c in DIGITS and not assign(values, square, c):
            return False
    return search(values)


GRIDS = (
    "4.....8.5.3..........7......2.....6.....8.4......1.......6.3.7.5..2.....1.4......",
    "85...24..72......9..4.........1.7..23.5...9...4...........8..7..17..........36.4.",
    "..53.....8......2..7..1.5..4....53...1..7...6..32...8..6.5....9..4....3......97..",
)


def main(rounds=2):
    for _ in range(rounds):
        answers = ["".join(solve(g)[s] for s in SQUARES) for g in GRIDS]
    print("sudoku", *(a[:12] for a in answers))


main()
