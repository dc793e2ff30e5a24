# SystemExit with a message: the message goes to stderr, the status is 1.
import sys

print("out")
try:
    sys.exit("a message")
finally:
    print("finally runs")
