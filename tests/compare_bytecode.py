"""Compares our code objects with CPython 3.14's, field by field.

usage: compare_bytecode.py [-O | -OO] [-v] [--limit N] [--compiler PATH] [PATH ...]

Every .py file below each PATH (default: CPython's own library) is compiled by both. CPython is
$TAIPAN_CPYTHON or python3.14 on PATH; our compiler is the example `compile` of the compiler crate,
which is built unless --compiler names it. Prints the share of equal code objects and the
differences by cause; -v lists the first differing instructions.

A code object counts as equal when all its fields are, constants by type and value, nested code
objects by their place in the constants (their own differences count for themselves).
"""

import argparse
import collections
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VERSION = (3, 14)


def restart_with_cpython():
    if sys.version_info[:2] == VERSION and sys.implementation.name == "cpython":
        return
    python = os.environ.get("TAIPAN_CPYTHON") or shutil.which("python3.14")
    if python is None or os.environ.get("COMPARE_BYTECODE_RESTARTED"):
        sys.exit("no CPython 3.14: set TAIPAN_CPYTHON")
    os.environ["COMPARE_BYTECODE_RESTARTED"] = "1"
    os.execv(python, [python, *sys.argv])


def build_compiler():
    command = ["cargo", "build", "--quiet", "-p", "taipan-compiler", "--example", "compile"]
    subprocess.run(command, cwd=ROOT, check=True)
    target = os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target"))
    return os.path.join(target, "debug", "examples", "compile")


def sources(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
        for folder, folders, files in os.walk(path):
            folders.sort()
            for name in sorted(files):
                path = os.path.join(folder, name)
                if name.endswith(".py") and os.path.exists(path):
                    yield path


def key(value):
    """What two constants must have in common to be called equal."""
    import types

    if isinstance(value, types.CodeType):
        return "code"
    if isinstance(value, tuple):
        return (tuple, tuple(map(key, value)))
    if isinstance(value, frozenset):
        return (frozenset, frozenset(map(key, value)))
    if isinstance(value, slice):
        return (slice, key(value.start), key(value.stop), key(value.step))
    return (type(value), repr(value))


def instructions(code):
    import dis

    return [
        (item.opname, item.arg, repr(key(item.argval)) if item.opcode in dis.hasconst else None)
        for item in dis.get_instructions(code)
    ]


def first_difference(theirs, ours):
    pairs = zip(theirs, ours)
    for at, (a, b) in enumerate(pairs):
        if a != b:
            return at, a, b
    end = ("end", None, None)
    at = min(len(theirs), len(ours))
    return at, theirs[at] if at < len(theirs) else end, ours[at] if at < len(ours) else end


FIELDS = (
    "co_argcount co_posonlyargcount co_kwonlyargcount co_flags co_names co_varnames co_cellvars "
    "co_freevars co_name co_qualname co_firstlineno co_stacksize co_exceptiontable co_filename"
).split()


class Comparison:
    def __init__(self, limit):
        self.limit = limit
        self.total = self.equal = 0
        self.causes = collections.Counter()
        self.examples = collections.defaultdict(list)

    def note(self, cause, path, code, detail):
        self.causes[cause] += 1
        if len(self.examples[cause]) < self.limit:
            where = f"{path}:{code.co_firstlineno} {code.co_qualname}" if code else path
            self.examples[cause].append(f"{where}\n      {detail}")

    def code(self, path, theirs, ours):
        self.total += 1
        cause = self.cause(theirs, ours)
        if cause is None:
            self.equal += 1
        else:
            self.note(cause[0], path, theirs, cause[1])
        nested = [[c for c in code.co_consts if hasattr(c, "co_code")] for code in (theirs, ours)]
        known = collections.defaultdict(list)
        for code in nested[1]:
            known[code.co_name, code.co_firstlineno].append(code)
        for code in nested[0]:
            candidates = known[code.co_name, code.co_firstlineno]
            if candidates:
                self.code(path, code, candidates.pop(0))
            else:
                self.missing(path, code)

    def missing(self, path, code):
        self.total += 1
        self.note("code object missing", path, code, "")
        for inner in code.co_consts:
            if hasattr(inner, "co_code"):
                self.missing(path, inner)

    def cause(self, theirs, ours):
        if theirs.co_code != ours.co_code:
            a, b = instructions(theirs), instructions(ours)
            at, a, b = first_difference(a, b)
            return f"instructions: {a[0]} | {b[0]}", f"instruction {at}: {a} | {b}"
        for field in FIELDS:
            a, b = getattr(theirs, field), getattr(ours, field)
            if a != b:
                return field, f"{a!r} | {b!r}"
        if (a := key(theirs.co_consts)) != (b := key(ours.co_consts)):
            at, a, b = first_difference(a[1], b[1])
            return "co_consts", f"constant {at}: {a} | {b}"
        if theirs.co_linetable != ours.co_linetable:
            a, b = list(theirs.co_positions()), list(ours.co_positions())
            if a == b:
                return "co_linetable (same positions)", ""
            at, a, b = first_difference(a, b)
            name = {0: "line", 1: "end line", 2: "column", 3: "end column"}
            which = next(i for i in range(4) if a[i] != b[i])
            item = [i for i in instructions_at(theirs) if i[0] <= at]
            return f"position: {name[which]}", f"unit {at} {item[-1][1]}: {a} | {b}"
        return None


def instructions_at(code):
    import dis

    return [(item.offset // 2, item.opname) for item in dis.get_instructions(code)]


def main():
    restart_with_cpython()
    import importlib.util
    import marshal
    import warnings

    warnings.simplefilter("ignore")
    sys.setrecursionlimit(10_000)
    parser = argparse.ArgumentParser(description="Compares our code objects with CPython's.")
    parser.add_argument("paths", nargs="*", default=[os.path.dirname(os.__file__)])
    parser.add_argument("-O", dest="optimize", action="count", default=0)
    parser.add_argument("-v", dest="verbose", action="store_true")
    parser.add_argument("--limit", type=int, default=3, help="examples for each cause")
    parser.add_argument("--compiler", help="the built example `compile`")
    options = parser.parse_args()
    compiler = options.compiler or build_compiler()

    compared = Comparison(options.limit)
    rejected = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        jobs = []
        for path in sources(options.paths):
            jobs.append((path, os.path.join(folder, f"{len(jobs)}.pyc")))
        level = ["-" + "O" * options.optimize] if options.optimize else []
        lines = "".join(f"{path}\t{target}\n" for path, target in jobs)
        run = subprocess.run(
            [compiler, *level, "--batch"], input=lines, text=True, stderr=subprocess.PIPE, errors="replace"
        )
        if run.returncode not in (0, 1):
            print("our compiler died:", run.returncode, run.stderr[-2000:])
        for path, target in jobs:
            with open(path, "rb") as file:
                source = file.read()
            try:
                theirs = compile(source, path, "exec", dont_inherit=True, optimize=options.optimize)
            except Exception as error:
                theirs = None
                problem = error
            if not os.path.exists(target):
                if theirs is not None:
                    reported = [line for line in run.stderr.splitlines() if line.startswith(path + ":")]
                    compared.missing(path, theirs)
                    rejected["only CPython accepts"] += 1
                    print(*(reported[:1] or [f"{path}: no output"]))
                continue
            if theirs is None:
                rejected["only we accept"] += 1
                print(f"{path}: CPython says {type(problem).__name__}: {problem}")
                continue
            with open(target, "rb") as file:
                data = file.read()
            if data[:4] != importlib.util.MAGIC_NUMBER:
                sys.exit("wrong magic number")
            compared.code(path, theirs, marshal.loads(data[16:]))

    for cause, count in compared.causes.most_common():
        print(f"{count:7} {cause}")
        if options.verbose:
            for example in compared.examples[cause]:
                print("    ", example)
    for cause, count in rejected.items():
        print(f"{count:7} files that {cause}")
    share = 100 * compared.equal / max(compared.total, 1)
    print(f"{compared.equal} of {compared.total} code objects equal: {share:.3f} %")
    return 0 if compared.equal == compared.total and not rejected else 1


if __name__ == "__main__":
    sys.exit(main())
