# Frames of code without source show only file, line and name.
code = compile("def g():\n    h()\n\ndef h():\n    1 / 0\n", "<generated>", "exec")
exec(code)
g()
