# What SystemExit carries, and how raise SystemExit differs from sys.exit.
import sys

for args in ((), (0,), (None,), ("text",), ((1, 2),), (3.5,), (True,)):
    try:
        sys.exit(*args)
    except SystemExit as e:
        print(repr(e), repr(e.code), e.args)
try:
    raise SystemExit
except SystemExit as e:
    print(repr(e.code))
try:
    raise SystemExit(1, 2)
except SystemExit as e:
    print(e.code)
try:
    exit(4)
except SystemExit as e:
    print(e.code)
sys.exit((1, "tuple"))
