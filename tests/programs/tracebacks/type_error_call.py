# An uncaught TypeError of a call with missing arguments.
class Point:
    def __init__(self, x, y, *, z):
        pass


Point(1)
