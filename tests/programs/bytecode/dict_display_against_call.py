# `{}` against `dict()`, `[]` against `list()`, by dis: one instruction against a name lookup and a call.
import dis

for pair in (("{}", "dict()"), ("[]", "list()"), ("()", "tuple()"), ("{'a': 1}", "dict(a=1)"), ("[1, 2, 3]", "list((1, 2, 3))"), ("''", "str()")):
    for source in pair:
        print(">>>", source)
        dis.dis(source)


def count(source):
    return sum(1 for i in dis.get_instructions(source))


print(count("{}"), count("dict()"), count("[]"), count("list()"))
