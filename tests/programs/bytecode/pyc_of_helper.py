# A .pyc is made for an imported helper and not for the script itself.
import importlib.util
import marshal
import os
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as folder:
    script = os.path.join(folder, "script.py")
    helper = os.path.join(folder, "helper.py")
    with open(helper, "w") as f:
        f.write("def greet(name):\n    return 'hello ' + name\nprint('helper runs as', __name__, os_path(__cached__))\n".replace("os_path(__cached__)", "__spec__.cached.split('/')[-1]"))
    with open(script, "w") as f:
        f.write("import helper\nprint(helper.greet('script'), __name__)\n")
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    out = subprocess.run([sys.executable, script], capture_output=True, text=True, env=env)
    print(out.stdout, out.stderr)
    print(sorted(os.listdir(folder)), sorted(os.listdir(os.path.join(folder, "__pycache__"))))
    with open(importlib.util.cache_from_source(helper), "rb") as f:
        data = f.read()
    flags = int.from_bytes(data[4:8], "little")
    size = int.from_bytes(data[12:16], "little")
    print(data[:4].hex(), importlib.util.MAGIC_NUMBER.hex(), flags, size == os.path.getsize(helper))
    code = marshal.loads(data[16:])
    print(code.co_name, os.path.basename(code.co_filename), code.co_names, [c.co_name for c in code.co_consts if hasattr(c, "co_name")])
    before = os.stat(importlib.util.cache_from_source(helper)).st_mtime_ns
    out = subprocess.run([sys.executable, script], capture_output=True, text=True, env=env)
    print(out.stdout, before == os.stat(importlib.util.cache_from_source(helper)).st_mtime_ns)
    out = subprocess.run([sys.executable, "-B", "-c", "import helper"], cwd=folder, capture_output=True, text=True, env=env)
    print(out.stdout, out.stderr)
