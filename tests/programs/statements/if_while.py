# if/elif/else, while/else, break and continue.
def sign(n):
    if n < 0:
        return "negative"
    elif n == 0:
        return "zero"
    else:
        return "positive"


print([sign(n) for n in (-2, 0, 7)])
n = 0
while n < 10:
    n += 1
    if n % 2:
        continue
    if n == 8:
        break
    print("n", n)
else:
    print("not reached")
while n > 6:
    n -= 1
else:
    print("else after while", n)
while False:
    pass
else:
    print("else of while False")
if not []:
    print("empty list is false")
if 0 or "" or None or () or {} or 0.0 or 0j or set():
    print("no")
else:
    print("all false")
x = 5
if 1 < x < 10 and not x == 7 or x in (100,):
    print("chain")
while True:
    while True:
        break
    else:
        print("not here")
    break
