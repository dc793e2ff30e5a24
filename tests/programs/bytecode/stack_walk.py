# The stack walk of `2 + 3 * 4`: what dis shows, and the evaluation stack after each instruction.
import dis
import opcode


def folded():
    return 2 + 3 * 4


def walked(a, b, c):
    return a + b * c


print(folded.__code__.co_consts, folded())
dis.dis(folded)
dis.dis(walked)
stack = []
values = {"a": 2, "b": 3, "c": 4}
for i in dis.get_instructions(walked):
    if i.opname.startswith("LOAD_FAST_BORROW_LOAD_FAST_BORROW"):
        stack += [values[n] for n in i.argval]
    elif i.opname.startswith("LOAD_FAST"):
        stack.append(values[i.argval])
    elif i.opname == "BINARY_OP":
        right, left = stack.pop(), stack.pop()
        stack.append(left * right if i.argrepr == "*" else left + right)
    elif i.opname == "RETURN_VALUE":
        print("returns", stack.pop())
    print(f"{i.offset:3} {i.opname:36} {i.argrepr:10} {stack}")
print(walked.__code__.co_stacksize)
dis.dis("2 + 3 * 4")
dis.dis("x = 2\ny = x + 3 * x")
print([opcode.stack_effect(opcode.opmap[n], *a) for n, *a in (("BINARY_OP", 0), ("POP_TOP",), ("LOAD_CONST", 0), ("RETURN_VALUE",), ("CALL", 2), ("BUILD_LIST", 3))])
