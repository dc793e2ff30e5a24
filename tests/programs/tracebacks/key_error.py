# An uncaught KeyError inside a comprehension.
prices = {"apple": 1}
total = sum([prices[name] for name in ("apple", "pear")])
