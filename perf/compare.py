#!/usr/bin/env python3
"""Time benches/programs with taipan and with a CPython, interleaved, and print the ratios.

    perf/compare.py --taipan target/release/taipan --cpython python3.14 [--rounds 5] [--filter TEXT]

In each round every program runs once with each interpreter, in alternating order, so that drift of the
machine meets both alike.  A row gives the median of user+system time, CPython's over taipan's (above 1:
taipan is faster) and the noise: the spread of the middle half relative to the median, the larger of the two.
Both must print the same.  The last row is the geometric mean.
"""

import argparse
import math
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import time


def run_once(command, program, core):
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    env.update(PYTHONHASHSEED="0", LC_ALL="C.UTF-8")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    done = subprocess.run([command, *core, program.name], cwd=program.parent, env=env, capture_output=True, timeout=600)
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        return None, wall, (lines[-1] if lines else f"exit status {done.returncode}")
    return cpu, wall, done.stdout


def noise(values):
    if len(values) < 3:
        return 0.0
    quarters = statistics.quantiles(values, n=4)
    return (quarters[2] - quarters[0]) / statistics.median(values)


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--taipan", default=str(root / "target" / "release" / "taipan"))
    parser.add_argument("--cpython", default=os.environ.get("TAIPAN_CPYTHON") or shutil.which("python3.14"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--filter", default="")
    parser.add_argument("--core", help="pass -X core=NAME to taipan")
    parser.add_argument("--wall", action="store_true", help="compare wall-clock time instead of processor time")
    options = parser.parse_args()
    if not options.cpython:
        sys.exit("name a CPython with --cpython or TAIPAN_CPYTHON")
    options.taipan = str(pathlib.Path(options.taipan).resolve())
    core = ["-X", f"core={options.core}"] if options.core else []
    programs = [p for p in sorted((root / "benches" / "programs").glob("*.py")) if options.filter in p.name]
    times = {p: ([], []) for p in programs}
    outputs = {p: [None, None] for p in programs}
    broken = {}
    for number in range(options.rounds):
        for program in programs:
            if program in broken:
                continue
            order = (0, 1) if number % 2 == 0 else (1, 0)
            for which in order:
                command, flags = (options.taipan, core) if which == 0 else (options.cpython, [])
                cpu, wall, output = run_once(command, program, flags)
                if cpu is None:
                    broken[program] = ("taipan: " if which == 0 else "CPython: ") + str(output)
                    break
                times[program][which].append(wall if options.wall else cpu)
                outputs[program][which] = output
            else:
                if outputs[program][0] != outputs[program][1]:
                    broken[program] = "prints something else than CPython"
        print(f"round {number + 1} of {options.rounds} done", file=sys.stderr)
    print("| program | taipan s | CPython s | CPython / taipan | noise |")
    print("|---|---:|---:|---:|---:|")
    ratios = []
    for program in programs:
        if program in broken:
            print(f"| {program.stem} | {broken[program][:100]} | | | |")
            continue
        ours, theirs = times[program]
        a, b = statistics.median(ours), statistics.median(theirs)
        ratios.append(b / a)
        print(f"| {program.stem} | {a:.3f} | {b:.3f} | {b / a:.2f} | {max(noise(ours), noise(theirs)):.0%} |")
    if ratios:
        mean = math.exp(statistics.fmean(map(math.log, ratios)))
        print(f"| **geometric mean of {len(ratios)}** | | | **{mean:.2f}** | |")
        print(f"\nlowest {min(ratios):.2f}, highest {max(ratios):.2f}; {len(broken)} programs did not run")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
