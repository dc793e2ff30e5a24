# An uncaught exception group from except*.
def work():
    raise ExceptionGroup("work", [ValueError("a"), TypeError("b"), ExceptionGroup("nested", [KeyError("c")])])


try:
    work()
except* ValueError as g:
    print("handled", g.exceptions)
