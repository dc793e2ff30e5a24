# An uncaught ModuleNotFoundError.
try:
    import json
finally:
    import no_such_module_here
