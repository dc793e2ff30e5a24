# for over many kinds of iterables, targets of every form, else, break, continue.
for i in range(3):
    print(i, end=" ")
else:
    print("done")
for a, b in [(1, 2), (3, 4)]:
    print(a + b)
for a, (b, *c) in [(1, (2, 3, 4)), (5, "xyz")]:
    print(a, b, c)
for i, c in enumerate("ab", 1):
    print(i, c)
box = [0, 0]
for box[1] in range(4):
    pass
print(box)


class O:
    pass


o = O()
for o.x in "pq":
    pass
print(o.x)
for k in {"a": 1, "b": 2}:
    print(k)
for x in 1, 2, 3:
    if x == 2:
        break
else:
    print("not printed")
print("after break", x)
for x in []:
    pass
else:
    print("else of empty; x is still", x)
for x in (*range(2), *"z"):
    print(x)
try:
    for q in 5:
        pass
except TypeError as e:
    print(e)
items = [1, 2, 3]
for it in items:
    if it < 3 and len(items) < 6:
        items.append(it * 10)
print(items)
d = {"a": 1}
try:
    for k in d:
        d[k + "x"] = 1
except RuntimeError as e:
    print(e)
s = {1}
try:
    for k in s:
        s.add(k + 1)
except RuntimeError as e:
    print(e)
try:
    for k in d:
        del d["a"]
        d["b"] = 0
except (RuntimeError, KeyError) as e:
    print(type(e).__name__, e)
for i in range(2):
    for j in range(2):
        if j:
            continue
        print(i, j)
