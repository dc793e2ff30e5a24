#!/usr/bin/env python3
"""Run CPython's own core test modules with taipan and write docs/cpython-tests.md.

    tests/cpython_suite.py --taipan target/release/taipan --tests FOLDER

FOLDER contains CPython 3.14's `test` package; without the option it is asked of $TAIPAN_CPYTHON (or
python3.14 on PATH).  Each module runs in a process of its own under a time limit, with a small runner that
counts methods: one that fails in a subtest counts as failed once.

    --module NAME     only this module (may be repeated); prints what failed; the table is not written
    --verbose         print each failure's last line
    --timeout N       seconds per module (300)
    --python COMMAND  the same with another interpreter
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

MODULES = """
grammar generators coroutines class decorators with unpack unpack_ex augassign compare contains dict list tuple
set int float bool range slice iter enumerate string_literals fstring patma named_expressions listcomps
keywordonlyarg positional_only_arg extcall scope raise exception_group except_star super property funcattrs
""".split()

RUNNER = r'''
import json, sys, unittest
name, report = sys.argv[1], sys.argv[2]
sys.argv = [name]
try:
    from test import support
    support.use_resources = []
except Exception:
    pass
counts = {"passed": 0, "failed": 0, "errored": 0, "skipped": 0}
details = []

class Result(unittest.TestResult):
    def startTest(self, test):
        super().startTest(test)
        self.outcome = "passed"
        with open(report + ".current", "w") as f:
            f.write(test.id())
    def note(self, test, kind, err):
        if self.outcome == "passed" or kind == "errored":
            self.outcome = kind
        text = self._exc_info_to_string(err, test) if hasattr(self, "_exc_info_to_string") else repr(err[1])
        details.append([test.id() if test is not None else "?", kind, text[-2500:]])
    def addFailure(self, test, err): self.note(test, "failed", err)
    def addError(self, test, err):
        self.note(test, "errored", err)
        if isinstance(test, unittest.suite._ErrorHolder):
            counts["errored"] += 1
    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.note(test, "failed" if issubclass(err[0], test.failureException) else "errored", err)
    def addSkip(self, test, reason): self.outcome = "skipped"
    def addExpectedFailure(self, test, err): pass
    def addUnexpectedSuccess(self, test): self.outcome = "failed"; details.append([test.id(), "failed", "unexpected success"])
    def stopTest(self, test):
        counts[self.outcome] += 1
        super().stopTest(test)
        with open(report, "w") as f:
            json.dump([counts, details, False], f)

suite = unittest.defaultTestLoader.loadTestsFromName("test." + name)
result = Result()
suite.run(result)
with open(report, "w") as f:
    json.dump([counts, details, True], f)
'''


def find_tests(given):
    if given:
        folder = pathlib.Path(given).resolve()
    else:
        command = os.environ.get("TAIPAN_CPYTHON") or shutil.which("python3.14")
        if not command:
            sys.exit("give --tests FOLDER, or set TAIPAN_CPYTHON")
        probe = "import test, os; print(os.path.dirname(os.path.dirname(test.__file__)))"
        folder = pathlib.Path(subprocess.run([command, "-c", probe], capture_output=True, text=True).stdout.strip())
    if not (folder / "test" / "test_grammar.py").exists():
        sys.exit(f"{folder} does not contain test/test_grammar.py")
    return folder


def lay_out(tests, scratch):
    """A folder with nothing in it but `test`, so that no other library module comes from there."""
    link = scratch / "test"
    if not link.exists():
        link.symlink_to(tests / "test")
    return scratch


def run_module(command, name, path, scratch, timeout):
    report = scratch / f"{name}.json"
    work = scratch / f"work-{name}"
    work.mkdir()
    runner = scratch / "runner.py"
    runner.write_text(RUNNER)
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    env.update(PYTHONPATH=str(path), PYTHONHASHSEED="0", LC_ALL="C.UTF-8", PYTHONDONTWRITEBYTECODE="1")
    start = time.monotonic()
    output = ""
    try:
        done = subprocess.run(
            [*command, str(runner), name, str(report)], cwd=work, env=env, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout,
        )
        output = done.stdout.decode("utf-8", "replace")
        status = "" if done.returncode == 0 else f"exit status {done.returncode}"
    except subprocess.TimeoutExpired as e:
        output = (e.stdout or b"").decode("utf-8", "replace")
        status = "time limit"
    seconds = time.monotonic() - start
    counts, details, complete = {"passed": 0, "failed": 0, "errored": 0, "skipped": 0}, [], False
    if report.exists():
        try:
            counts, details, complete = json.loads(report.read_text())
        except ValueError:
            pass
    if complete:
        status = ""
    elif not status:
        status = "ended early"
    if status:
        current = pathlib.Path(str(report) + ".current")
        where = current.read_text() if current.exists() else "while loading"
        status += f" in {where.split('test.', 1)[-1]}"
    return {"name": name, **counts, "details": details, "status": status, "output": output, "seconds": seconds}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = pathlib.Path(__file__).resolve().parent.parent
    parser.add_argument("--taipan", default=str(root / "target" / "release" / "taipan"))
    parser.add_argument("--python")
    parser.add_argument("--tests")
    parser.add_argument("--module", action="append", default=[])
    parser.add_argument("--timeout", type=float, default=300)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--output", default=str(root / "docs" / "cpython-tests.md"))
    options = parser.parse_args()
    command = [options.python or str(pathlib.Path(options.taipan).resolve())]
    tests = find_tests(options.tests)
    names = [m if m.startswith("test_") else "test_" + m for m in options.module or MODULES]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        path = scratch / "path"
        path.mkdir()
        lay_out(tests, path)
        for name in names:
            row = run_module(command, name, path, scratch, options.timeout)
            rows.append(row)
            print(
                f"{name:28} {row['passed']:4} passed {row['failed']:3} failed {row['errored']:3} errored "
                f"{row['skipped']:3} skipped {row['seconds']:6.1f} s {row['status']}",
                flush=True,
            )
            if options.module or options.verbose:
                for test, kind, text in row["details"]:
                    last = text.rstrip().splitlines()[-1] if text.strip() else ""
                    print(f"    {kind} {test.removeprefix('test.')}: {last[:200]}")
                    if options.module:
                        print("        " + text.rstrip().replace("\n", "\n        "))
                if row["status"]:
                    print("    " + row["output"].rstrip()[-3000:].replace("\n", "\n    "))
    total = {k: sum(r[k] for r in rows) for k in ("passed", "failed", "errored", "skipped")}
    run = total["passed"] + total["failed"] + total["errored"]
    share = 100 * total["passed"] / run if run else 0
    troubled = [r["name"] for r in rows if r["status"]]
    print(f"total: {total['passed']} of {run} methods pass ({share:.1f} %), {total['skipped']} skipped; did not finish: {', '.join(troubled) or 'none'}")
    if options.module:
        return
    lines = [
        "# CPython's own tests",
        "",
        "The core test modules of CPython 3.14.8, unchanged, run by `tests/cpython_suite.py`. A method with a failing",
        "subtest counts as failed; a skipped one is not counted among those run.",
        "",
        f"{total['passed']} of {run} methods pass ({share:.1f} %); {total['skipped']} are skipped.",
        "",
        "| module | passed | failed | errored | skipped | remark |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for r in rows:
        lines.append(f"| {r['name']} | {r['passed']} | {r['failed']} | {r['errored']} | {r['skipped']} | {r['status']} |")
    failing = [(r["name"], test.split(".", 2)[-1]) for r in rows for test, kind, text in r["details"]]
    if failing:
        lines += ["", "## Methods that do not pass", ""]
        for name in dict.fromkeys(n for n, _ in failing):
            methods = dict.fromkeys(m.split(" ")[0].removeprefix(name + ".") for n, m in failing if n == name)
            lines.append(f"- {name}: {', '.join(methods)}")
    pathlib.Path(options.output).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
