#!/usr/bin/env python3
"""Record what CPython 3.14.8 prints for the programs below tests/programs, tests/wishlist and benches/programs.

    tests/regenerate.py            record everything
    tests/regenerate.py TEXT ...   only programs whose path contains one of the texts
    tests/regenerate.py --check    change nothing; fail if anything would change

The interpreter is $TAIPAN_CPYTHON or python3.14 on PATH.  Beside NAME.py it writes NAME.out (standard
output), NAME.err (standard error, when there is any) and NAME.exit (exit status, when it is not 0).  The
folder of the program is cut out of both streams.  Every program runs twice, the second time as a copy in
another folder, and must print the same.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

TESTS = pathlib.Path(__file__).resolve().parent
ROOTS = [TESTS / "programs", TESTS / "wishlist", TESTS.parent / "benches" / "programs"]
VERSION = "3.14.8"


def find_cpython():
    command = os.environ.get("TAIPAN_CPYTHON") or shutil.which("python3.14")
    if not command:
        sys.exit("set TAIPAN_CPYTHON to a CPython " + VERSION + ", or put python3.14 on PATH")
    probe = "import sys; print(sys.implementation.name, sys.version.split()[0])"
    found = subprocess.run([command, "-c", probe], capture_output=True, text=True).stdout.strip()
    if found != "cpython " + VERSION:
        sys.exit(f"{command} is {found or 'no Python'}, not cpython {VERSION}")
    return command


def environment():
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    for name in ("LANG", "LC_CTYPE", "FORCE_COLOR", "NO_COLOR", "TERM", "COLUMNS"):
        env.pop(name, None)
    env.update(PYTHONHASHSEED="0", LC_ALL="C.UTF-8", TZ="UTC")
    return env


def arguments(program):
    lines = program.read_bytes().decode("utf-8", "replace").splitlines()[:4]
    for line in lines:
        if line.startswith("# run: "):
            return [word.replace("FILE", program.name) for word in line[len("# run: ") :].split()]
    return [program.name]


def run(command, program):
    given = program.with_suffix(".in")
    done = subprocess.run(
        [command, *arguments(program)],
        cwd=program.parent,
        env=environment(),
        input=given.read_bytes() if given.exists() else b"",
        capture_output=True,
        timeout=120,
    )
    folder = (str(program.parent) + "/").encode()
    return done.stdout.replace(folder, b""), done.stderr.replace(folder, b""), done.returncode


def programs(filters):
    for root in ROOTS:
        for path in sorted(root.rglob("*.py")):
            parts = path.relative_to(root).parts
            if any(part.startswith("_") for part in parts):
                continue
            if not filters or any(text in str(path) for text in filters):
                yield path


def record(command, program, check):
    problems = []
    out, err, code = run(command, program)
    if "benches" not in program.parts:
        with tempfile.TemporaryDirectory() as elsewhere:
            copy = pathlib.Path(elsewhere).resolve() / program.parent.name
            shutil.copytree(program.parent, copy)
            if run(command, copy / program.name) != (out, err, code):
                problems.append(f"{program}: prints something else when run again elsewhere")
    if b"/lib/python3" in out + err:
        problems.append(f"{program}: its output names the library's folder")
    wanted = {
        ".out": out,
        ".err": err or None,
        ".exit": f"{code}\n".encode() if code else None,
    }
    for suffix, content in wanted.items():
        path = program.with_suffix(suffix)
        present = path.read_bytes() if path.exists() else None
        if present == content:
            continue
        if check:
            problems.append(f"{path}: would change")
        elif content is None:
            path.unlink()
        else:
            path.write_bytes(content)
    return problems


def main():
    args = sys.argv[1:]
    check = "--check" in args
    filters = [a for a in args if a != "--check"]
    command = find_cpython()
    found = list(programs(filters))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda p: record(command, p, check), found))
    problems = [line for result in results for line in result]
    for line in problems:
        print(line)
    print(f"{len(found)} programs, {len(problems)} problems")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
