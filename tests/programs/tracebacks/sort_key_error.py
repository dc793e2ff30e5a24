# The traceback of an error inside a key function called by sorted.
def key(x):
    return x["name"]


sorted([{"name": "a"}, {}], key=key)
