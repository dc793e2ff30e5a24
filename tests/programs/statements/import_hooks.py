# Finders, loaders, module attributes, __getattr__ and __dir__ of modules, reload, lazy package parts.
import importlib
import importlib.abc
import importlib.util
import sys
import types

SOURCES = {
    "virt": "x = 1\nprint('loading', __name__, __package__, __spec__.origin)\nfrom . import part\n",
    "virt.part": "import virt as me\nname = __name__\n",
    "broken": "1/0",
}


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name in SOURCES:
            return importlib.util.spec_from_loader(name, self, origin="virtual", is_package=name == "virt")

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        exec(SOURCES[module.__name__], module.__dict__)


sys.meta_path.append(Finder())
import virt

print(virt.x, virt.part.name, sorted(k for k in vars(virt) if not k.startswith("__")))
print(repr(virt), virt.__path__)
try:
    import broken
except ZeroDivisionError as e:
    print("failed", e, "broken" in sys.modules)
SOURCES["virt"] = "x = 2\ny = 3\n"
print(importlib.reload(virt) is virt, virt.x, virt.y)
print(importlib.import_module(".part", "virt").name)
mod = types.ModuleType("dyn", "its doc")
print(mod, mod.__doc__, mod.__name__, mod.__spec__, mod.__loader__)


def __getattr__(name):
    if name == "virtual":
        return "made up"
    raise AttributeError(f"no {name}")


mod.__getattr__ = __getattr__
mod.__dir__ = lambda: ["b", "a"]
print(mod.virtual, dir(mod))
try:
    mod.other
except AttributeError as e:
    print(e)
try:
    virt.zzz
except AttributeError as e:
    print(e)
del virt.x
try:
    del virt.x
except AttributeError as e:
    print(e)
try:
    types.ModuleType()
except TypeError as e:
    print(e)
print(importlib.util.find_spec("nonexistent"), importlib.util.find_spec("json").name)
