# The opcode tables that dis and opcode publish.
import dis
import opcode

for name, number in sorted(opcode.opmap.items(), key=lambda p: p[1]):
    if number < 256:
        print(number, name, *[label for label, table in (("arg", opcode.hasarg), ("const", opcode.hasconst), ("name", opcode.hasname), ("local", opcode.haslocal), ("free", opcode.hasfree), ("jump", opcode.hasjrel)) if number in table], opcode._inline_cache_entries.get(name, 0))
print(opcode.cmp_op, opcode.HAVE_ARGUMENT if hasattr(opcode, "HAVE_ARGUMENT") else "", opcode.EXTENDED_ARG, dis.COMPILER_FLAG_NAMES)
print([n for n, s in opcode._nb_ops], opcode._intrinsic_1_descs, opcode._intrinsic_2_descs, opcode._special_method_names, opcode._common_constants)
