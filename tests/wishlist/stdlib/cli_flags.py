# The command line: -c, -m, -, options, sys.flags, sys.argv, environment.
import os
import subprocess
import sys
import tempfile


def run(*args, given="", **env):
    full = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | env
    r = subprocess.run([sys.executable, *args], input=given, capture_output=True, text=True, env=full)
    print(args, sorted(env), "->", r.returncode, r.stdout.strip().replace(folder, "FOLDER"), r.stderr.strip().replace(folder, "FOLDER").replace(sys.executable, "PY"))


folder = os.path.realpath(tempfile.mkdtemp())
os.chdir(folder)
with open("mod.py", "w") as f:
    f.write("import sys; print(__name__, __package__ == '', sys.argv[0] == __file__, sys.argv[1:])\n")
os.mkdir("pkg")
for n, t in (("__init__", "print('init', __name__)"), ("__main__", "print('main', __name__, __package__)"), ("sub", "from . import sib; print(__name__, __package__, sib.v)"), ("sib", "v = 5")):
    with open(f"pkg/{n}.py", "w") as f:
        f.write(t)
run("-c", "import sys; print(sys.argv, __name__)", "a", "-b")
run("-m", "mod", "x")
run("-m", "pkg")
run("-m", "pkg.sub")
run("-m", "pkg.nope")
run("-", "q", given="import sys; print(sys.argv)")
run("-V")
run("--version")
for flags in ("-B", "-E", "-I", "-O", "-OO", "-S", "-s", "-P", "-u", "-b", "-bb", "-d" if 0 else "-q", "-X dev", "-X utf8", "-W ignore", "-R", "-i" if 0 else "-E"):
    run(*flags.split(), "-c", "import sys; print(sys.flags)")
run("-c", "import sys; print(sys.path[0] == '', sys.path[-1:] != [], sys.dont_write_bytecode)")
run("-P", "-c", "import mod")
run("-c", "import mod", PYTHONPATH="")
run("-c", "import sys; print(sys.path[1])", PYTHONPATH=folder)
run("-I", "-c", "import sys; print(sys.path[0] != '')", PYTHONPATH=folder)
run("-c", "import sys; print(sys.flags.optimize, sys.flags.dont_write_bytecode, sys.flags.hash_randomization)", PYTHONOPTIMIZE="2", PYTHONDONTWRITEBYTECODE="1", PYTHONHASHSEED="7")
run("-c", "print(hash('a'))", PYTHONHASHSEED="0")
run("-c", "print(hash('a'))", PYTHONHASHSEED="123")
run("-c", "1", PYTHONHASHSEED="x")
run("-W", "error", "-c", "import warnings; warnings.warn('w')")
run("-W", "bogus::x", "-c", "1")
run("-X", "importtime" if 0 else "faulthandler", "-c", "print(1)")
run("-b", "-c", "print(b'a' == 'a')")
run("-c", "print('a' 'b'")
run("-c", "  indented")
run("-x", "mod.py")
run("-c", "import sys; print(sys._xoptions)", "-X", "a")
run("-X", "a=b", "-X", "c", "-c", "import sys; print(sys._xoptions)")
run("-u", "-c", "import sys; print(sys.stdout.line_buffering, sys.stdout.write_through)")
run("-c", "import sys; print(sys.stdin.encoding, sys.stdout.encoding, sys.stderr.errors, sys.getfilesystemencoding(), sys.getdefaultencoding())")
run("-c", "import sys; sys.stdout.write('\\udce9')", PYTHONIOENCODING="ascii:backslashreplace")
import shutil

os.chdir("/")
shutil.rmtree(folder)
