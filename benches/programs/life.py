"""Game of life on nested lists and on a set of cells; a brainfuck interpreter."""

from collections import Counter


def step_grid(grid):
    h = len(grid)
    w = len(grid[0])
    out = []
    for r in range(h):
        up = grid[r - 1]
        here = grid[r]
        down = grid[(r + 1) % h]
        row = []
        for c in range(w):
            e = (c + 1) % w
            n = up[c - 1] + up[c] + up[e] + here[c - 1] + here[e] + down[c - 1] + down[c] + down[e]
            row.append(1 if n == 3 or (n == 2 and here[c]) else 0)
        out.append(row)
    return out


def step_cells(cells):
    around = Counter((r + dr, c + dc) for r, c in cells for dr in (-1, 0, 1) for dc in (-1, 0, 1) if dr or dc)
    return {p for p, n in around.items() if n == 3 or (n == 2 and p in cells)}


def brainfuck(source):
    jumps = {}
    opened = []
    for i, c in enumerate(source):
        if c == "[":
            opened.append(i)
        elif c == "]":
            j = opened.pop()
            jumps[i] = j
            jumps[j] = i
    tape = [0] * 300
    pc = pointer = 0
    out = []
    end = len(source)
    while pc < end:
        match source[pc]:
            case ">":
                pointer += 1
            case "<":
                pointer -= 1
            case "+":
                tape[pointer] = (tape[pointer] + 1) & 255
            case "-":
                tape[pointer] = (tape[pointer] - 1) & 255
            case ".":
                out.append(chr(tape[pointer]))
            case "[":
                if not tape[pointer]:
                    pc = jumps[pc]
            case "]":
                if tape[pointer]:
                    pc = jumps[pc]
        pc += 1
    return "".join(out)




def main():
    grid = [[(r * r * 7 + c * 13 + r * c * 3) % 11 < 4 for c in range(64)] for r in range(64)]
    grid = [[int(x) for x in row] for row in grid]
    for _ in range(600):
        grid = step_grid(grid)
    cells = {(0, 1), (1, 0), (1, 1), (1, 2), (2, 2)}
    for _ in range(420):
        cells = step_cells(cells)
    text = brainfuck("++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.")
    long = brainfuck("+" * 200 + "[>" + "+" * 250 + "[>+++[>+>+<<-]<-]<-]>>>.>.")
    print("life", sum(map(sum, grid)), len(cells), text, [ord(c) for c in long])


main()
