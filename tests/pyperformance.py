#!/usr/bin/env python3
"""Run pyperformance's benchmarks once each with taipan, unmodified, and print which work.

    python3 -m venv /tmp/pyperf && /tmp/pyperf/bin/pip install pyperformance==1.14.0 pyperf==2.10.0
    tests/pyperformance.py --packages /tmp/pyperf/lib/python3.*/site-packages --taipan target/release/taipan

--packages names a folder outside this repository that pip installed pyperformance 1.14.0 and pyperf 2.10.0
into (a venv's site-packages, or `pip install --target`).  Each benchmark's run_benchmark.py is run with
`--debug-single-value`, which measures one value in one process.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

# name in the table: folder of the benchmark and its further arguments
BENCHMARKS = {
    name: (name, [])
    for name in """
    nbody fannkuch spectral_norm richards richards_super deltablue nqueens chaos float go hexiom raytrace
    meteor_contest pidigits unpack_sequence coroutines generators async_generators comprehensions mdp
    barnes_hut deepcopy pprint json_dumps json_loads regex_compile regex_dna regex_effbot regex_v8 pyflate
    """.split()
}
for part in ("format", "silent", "simple"):
    BENCHMARKS["logging_" + part] = ("logging", [part])
for part in ("fft", "lu", "monte_carlo", "sor", "sparse_mat_mult"):
    BENCHMARKS["scimark_" + part] = ("scimark", [part])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = pathlib.Path(__file__).resolve().parent.parent
    parser.add_argument("--taipan", default=str(root / "target" / "release" / "taipan"))
    parser.add_argument("--packages", required=True)
    parser.add_argument("--compare", help="a CPython to time beside it")
    parser.add_argument("--timeout", type=float, default=300)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    packages = pathlib.Path(options.packages).resolve()
    folder = packages / "pyperformance" / "data-files" / "benchmarks"
    if not folder.is_dir():
        sys.exit(f"{packages} holds no pyperformance")
    commands = {"taipan": str(pathlib.Path(options.taipan).resolve())}
    if options.compare:
        commands["CPython"] = options.compare
    passed = 0
    names = options.names or list(BENCHMARKS)
    print("| benchmark |" + "".join(f" {name} |" for name in commands) + (" ratio |" if options.compare else ""))
    print("|---|" + "---|" * len(commands) + ("---|" if options.compare else ""))
    for name in names:
        directory, arguments = BENCHMARKS[name]
        script = folder / f"bm_{directory}" / "run_benchmark.py"
        cells, values = [], []
        for label, command in commands.items():
            text, value, output = measure(command, script, arguments, packages, options.timeout)
            cells.append(text)
            values.append(value)
            if label == "taipan":
                passed += value is not None
                if value is None and options.verbose:
                    print(output[-3000:], file=sys.stderr)
        if options.compare:
            cells.append(f"{values[1] / values[0]:.2f}" if all(values) else "")
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)
    print(f"\n{passed} of {len(names)} run")
    sys.exit(passed != len(names))


UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "sec": 1.0, "min": 60.0}


def measure(command, script, arguments, packages, timeout):
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    env["PYTHONPATH"] = str(packages)
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as work:
        try:
            done = subprocess.run(
                [command, str(script), "--debug-single-value", *arguments], cwd=work, env=env,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout,
            )
        except subprocess.TimeoutExpired:
            return "time limit", None, ""
    output = done.stdout.decode("utf-8", "replace")
    found = re.search(r": (?:Mean \+- std dev: )?([\d.]+) (ns|us|ms|sec|min)\b", output)
    if done.returncode or not found:
        lines = [line for line in output.strip().splitlines() if line.strip()]
        reason = lines[-1][:80].replace("|", "/") if lines else ""
        return f"fails ({done.returncode}): {reason}", None, output
    value = float(found[1]) * UNITS[found[2]]
    return f"{found[1]} {found[2]} ({time.monotonic() - start:.1f} s)", value, output


if __name__ == "__main__":
    main()
