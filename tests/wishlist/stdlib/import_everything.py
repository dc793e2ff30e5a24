# The library modules that programs use most can all be imported.
import importlib

NAMES = """
os io codecs encodings abc re collections functools enum dataclasses typing json argparse logging traceback inspect ast dis
tokenize contextlib random math itertools operator struct time string textwrap copy heapq bisect statistics fractions pathlib
tempfile weakref types warnings signal subprocess threading asyncio pickle datetime decimal sys builtins errno stat posixpath
collections.abc importlib importlib.util importlib.machinery importlib.abc importlib.resources importlib.metadata pkgutil
array queue base64 binascii hashlib hmac secrets uuid zlib gzip shutil glob fnmatch csv configparser html html.parser
xml.etree.ElementTree urllib.parse urllib.request http http.client socket select selectors ssl email email.message calendar
locale gettext platform sysconfig site gc atexit unittest doctest pdb cmd code codeop profile timeit trace pprint reprlib
numbers cmath colorsys concurrent.futures multiprocessing sched contextvars difflib filecmp fileinput graphlib ipaddress
keyword linecache marshal mimetypes opcode optparse getopt getpass pickletools plistlib pyclbr py_compile compileall runpy
quopri rlcompleter shelve shlex socketserver sqlite3 stringprep symtable tabnanny tarfile token tomllib types unicodedata
wave webbrowser zipapp zipfile zipimport zoneinfo string.templatelib annotationlib bz2 lzma mmap fcntl resource pwd grp
""".split()
missing = []
for name in NAMES:
    try:
        importlib.import_module(name)
    except ImportError as e:
        missing.append(name)
print("missing:", missing)
