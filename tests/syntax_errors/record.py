"""Rewrites the expected results in cases.txt with what CPython reports.

Usage: $TAIPAN_CPYTHON tests/syntax_errors/record.py   (a CPython 3.14)

A case is a line `--- MODE [escaped] [FLAGS]`, the source, and a line `>>> RESULT`. The source is
taken without its last newline; with `escaped` it is one line holding the inside of a Python string
literal. RESULT is `ok`, or the class, the place as line:offset-end_line:end_offset (`-` for none)
and the message.
"""

import ast
import pathlib
import sys
import warnings

PATH = pathlib.Path(__file__).with_name("cases.txt")


def describe(source, mode, flags):
    try:
        compile(source, "file.py", mode, flags, dont_inherit=True)
        return "ok"
    except SyntaxError as error:
        numbers = (error.lineno, error.offset, error.end_lineno, error.end_offset)
        place = "-" if error.lineno is None else "{}:{}-{}:{}".format(*("" if n is None else n for n in numbers))
        return f"{type(error).__name__} {place} {error.msg}"
    except (MemoryError, RecursionError, ValueError, OverflowError) as error:
        return f"{type(error).__name__} - {error}"


def cases(text):
    """Yields (header, source lines) of every case."""
    header, lines = None, []
    for line in text.splitlines():
        if header is None:
            if line.startswith("--- "):
                header, lines = line, []
        elif line.startswith(">>> "):
            yield header, lines
            header = None
        else:
            lines.append(line)


def main():
    warnings.simplefilter("ignore")
    out = []
    seen = set()
    for header, lines in cases(PATH.read_text("utf-8")):
        words = header.split()[1:]
        source = "\n".join(lines)
        if "escaped" in words:
            source = ast.literal_eval(f'"""{source}"""')
        flags = int(words[-1]) if words[-1].isdigit() else 0
        if (header, source) in seen:
            continue
        seen.add((header, source))
        out += [header, *lines, ">>> " + describe(source, words[0], flags)]
    PATH.write_text("\n".join(out) + "\n", "utf-8")
    print(len(seen), "cases")


if __name__ == "__main__":
    main()
