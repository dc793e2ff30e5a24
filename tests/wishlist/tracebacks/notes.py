# Notes on exceptions: add_note, several lines, non-string notes, and their printing.
import traceback

e = ValueError("base")
e.add_note("first")
e.add_note("second\nthird")
print(e.__notes__)
traceback.print_exception(e)
for bad in (5, None):
    try:
        e.add_note(bad)
    except TypeError as t:
        print(t)
e.__notes__ = "not a list"
traceback.print_exception(e)
e.__notes__ = [1, "two", [3]]
traceback.print_exception(e)


class Bad:
    def __repr__(self):
        raise ValueError("no repr")

    __str__ = __repr__


e.__notes__ = [Bad()]
traceback.print_exception(e)
e.__notes__ = []
traceback.print_exception(e)
del e.__notes__
e.add_note("é\tunicode")
raise e
