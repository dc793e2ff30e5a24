# os, os.path, pathlib, glob, shutil, tempfile on a scratch folder.
import glob
import os
import os.path as p
import pathlib
import shutil
import tempfile

print(p.join("a", "b", "/c"), p.join("a", ""), p.split("/a/b"), p.splitext("x.tar.gz"), p.basename("/a/b"), p.dirname("/a/b"), p.normpath("a/../b//c/."), p.isabs("/a"), p.commonprefix(["abc", "abd"]), p.commonpath(["/a/b", "/a/c"]), p.relpath("/a/b", "/a/c"), p.expanduser("~nobodyxx"), p.splitroot("//a/b"))
d = tempfile.mkdtemp()
os.chdir(d)
os.mkdir("sub")
os.makedirs("x/y/z", exist_ok=True)
for n in ("a.txt", "b.py", "sub/c.txt"):
    with open(n, "w") as f:
        f.write(n)
print(sorted(os.listdir()), p.exists("a.txt"), p.isdir("sub"), p.isfile("sub"), p.getsize("a.txt"), os.stat("a.txt").st_size, sorted(e.name for e in os.scandir() if e.is_dir()), [(r, sorted(ds), sorted(fs)) for r, ds, fs in sorted(os.walk("."))])
os.rename("a.txt", "A.txt")
os.replace("A.txt", "a.txt")
os.symlink("a.txt", "link")
print(os.readlink("link"), p.islink("link"), p.realpath("link") == p.join(p.realpath(d), "a.txt"), os.access("a.txt", os.R_OK), oct(os.stat("a.txt").st_mode & 0o700))
os.chmod("a.txt", 0o600)
print(oct(os.stat("a.txt").st_mode), sorted(glob.glob("**/*.txt", recursive=True)), os.path.samefile("a.txt", "link"))
q = pathlib.Path("sub") / "c.txt"
print(q, q.name, q.stem, q.suffix, q.parent, q.parts, q.exists(), q.read_text(), q.with_suffix(".md"), q.is_file(), sorted(map(str, pathlib.Path(".").rglob("*.txt"))), pathlib.PurePosixPath("/a/b").relative_to("/a"), q.write_text("new"), q.read_bytes(), pathlib.Path("a") == pathlib.Path("a"), repr(pathlib.PurePath("x/y")), pathlib.Path("x/y").resolve().is_relative_to(pathlib.Path(d).resolve()), q.match("*.txt"), pathlib.PurePath("a/b/../c").as_posix(), q.with_name("n"), q.with_stem("s"), list(pathlib.PurePath("a/b/c").parents))
shutil.copy("a.txt", "copy.txt")
shutil.copytree("sub", "sub2")
shutil.move("copy.txt", "sub2/")
print(sorted(os.listdir("sub2")), shutil.which("sh") is not None)
shutil.rmtree("sub2")
os.environ["TAIPAN_TEST"] = "1"
print(os.environ["TAIPAN_TEST"], os.getenv("TAIPAN_TEST"), os.environ.pop("TAIPAN_TEST"), os.getenv("TAIPAN_TEST", "gone"), os.sep, os.linesep, os.name, os.curdir, os.devnull, os.getpid() > 0, os.fspath(q), os.fsencode("é"), os.strerror(2), os.cpu_count() > 0, os.path.exists(os.getcwd()))
fd = os.open("raw", os.O_RDWR | os.O_CREAT)
print(os.write(fd, b"hello"), os.lseek(fd, 0, os.SEEK_SET), os.read(fd, 3), os.fstat(fd).st_size, os.ftruncate(fd, 2), os.close(fd), os.urandom(4) != b"", os.path.getsize("raw"))
os.utime("raw", (1, 2))
print(os.stat("raw").st_mtime, os.stat("raw").st_mtime_ns, os.stat_result, type(os.stat("raw")).__name__, os.terminal_size((80, 24)))
with tempfile.TemporaryDirectory() as t, tempfile.NamedTemporaryFile("w+") as f:
    f.write("x")
    print(p.isdir(t), p.exists(f.name))
print(p.exists(t), tempfile.SpooledTemporaryFile().read())
os.chdir("/")
shutil.rmtree(d)
