# An uncaught NameError with a suggestion.
def compute(amount):
    total = amount * 2
    return totl


print(compute(2))
