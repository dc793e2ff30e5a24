# argparse and logging.
import argparse
import io
import logging
import sys

p = argparse.ArgumentParser(prog="tool", description="A tool.")
p.add_argument("file", nargs="+")
p.add_argument("-n", "--number", type=int, default=3, help="a number")
p.add_argument("-v", action="count", default=0)
p.add_argument("--flag", action=argparse.BooleanOptionalAction)
p.add_argument("--mode", choices=["a", "b"])
print(p.parse_args(["x", "y", "-n", "5", "-vv", "--flag", "--mode=b"]))
print(p.parse_known_args(["x", "--zzz"]))
p.print_usage()
print(p.format_help())
for bad in (["x", "-n", "q"], [], ["x", "--mode", "c"], ["x", "--unknown"]):
    sys.stderr = io.StringIO()
    try:
        p.parse_args(bad)
    except SystemExit as e:
        text = sys.stderr.getvalue()
        sys.stderr = sys.__stderr__
        print(e.code, text.splitlines()[-1])
    sys.stderr = sys.__stderr__
s = argparse.ArgumentParser(prog="multi")
sub = s.add_subparsers(dest="cmd")
sub.add_parser("run").add_argument("--fast", action="store_true")
print(s.parse_args(["run", "--fast"]))
stream = io.StringIO()
logging.basicConfig(stream=stream, level=logging.INFO, format="%(levelname)s:%(name)s:%(funcName)s:%(lineno)d:%(message)s")
log = logging.getLogger("app.part")


def work():
    log.debug("hidden")
    log.info("value %d", 5)
    log.warning("warn %(k)s", {"k": "v"})
    try:
        1 / 0
    except ZeroDivisionError:
        log.exception("failed")


work()
print(stream.getvalue())
print(log.parent.name, log.getEffectiveLevel(), log.isEnabledFor(10), logging.getLevelName(30), logging.getLogger("app") is logging.getLogger("app"))
h = logging.StreamHandler(out := io.StringIO())
h.setFormatter(logging.Formatter("{message}!", style="{"))
log.addHandler(h)
log.propagate = False
log.error("direct")
print(repr(out.getvalue()), repr(log))
logging.getLogger("bad").handlers = []
logging.raiseExceptions = False
log.info("%d", "not a number")
