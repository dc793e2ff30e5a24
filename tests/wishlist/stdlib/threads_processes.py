# threading, queues, locks, local, events, executors, subprocess, signal, time.
import concurrent.futures
import queue
import signal
import subprocess
import sys
import threading
import time

total = 0
lock = threading.Lock()


def add(n):
    global total
    for _ in range(n):
        with lock:
            total += 1


ts = [threading.Thread(target=add, args=(1000,)) for _ in range(4)]
for t in ts:
    t.start()
for t in ts:
    t.join()
print(total, ts[0].is_alive(), threading.current_thread().name, threading.main_thread() is threading.current_thread(), threading.active_count())
q = queue.Queue()
c = threading.Thread(target=lambda: [q.put(i) for i in range(3)])
c.start()
print([q.get(timeout=5) for _ in range(3)])
c.join()
ev = threading.Event()
w = threading.Thread(target=ev.set)
w.start()
print(ev.wait(5), threading.Semaphore(2).acquire(), threading.Barrier(1).wait(), threading.RLock().acquire())
w.join()
loc = threading.local()
loc.x = 1
seen = []
u = threading.Thread(target=lambda: seen.append(hasattr(loc, "x")))
u.start()
u.join()
print(seen, loc.x)
cond = threading.Condition()
items = []


def consumer():
    with cond:
        cond.wait_for(lambda: items, 5)
        items.append("consumed")


t = threading.Thread(target=consumer)
t.start()
with cond:
    items.append("made")
    cond.notify()
t.join()
print(items)
with concurrent.futures.ThreadPoolExecutor(2) as ex:
    print(list(ex.map(lambda x: x * x, range(5))), ex.submit(pow, 2, 5).result(), type(ex.submit(lambda: 1 / 0).exception()).__name__)
tm = threading.Timer(0.001, print, ["timer"])
tm.start()
tm.join()
for bad in ("lock.release()", "threading.Thread(target=5, foo=1)", "ts[0].start()", "threading.Thread().join()", "threading.current_thread().join()"):
    try:
        eval(bad)
    except (RuntimeError, TypeError) as e:
        print(bad, "->", type(e).__name__, e)
r = subprocess.run([sys.executable, "-c", "import sys; print(input()); print('err', file=sys.stderr); sys.exit(3)"], input="given\n", capture_output=True, text=True)
print(r.returncode, r.stdout, r.stderr)
print(subprocess.check_output(["echo", "x"]), subprocess.call("exit 4", shell=True), subprocess.getoutput("echo y"))
for bad in ("subprocess.run(['/nonexistent/cmd'])", "subprocess.run('exit 2', shell=True, check=True)", "subprocess.run(['sleep', '9'], timeout=0.01)"):
    try:
        eval(bad)
    except (OSError, subprocess.SubprocessError) as e:
        print(type(e).__name__, e)
p = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
print(p.communicate(b"piped"), p.poll(), p.wait())
got = []
old = signal.signal(signal.SIGUSR1, lambda n, f: got.append(signal.Signals(n).name))
signal.raise_signal(signal.SIGUSR1)
print(got, old == signal.SIG_DFL, signal.getsignal(signal.SIGINT) is signal.default_int_handler)
signal.signal(signal.SIGALRM, lambda *a: (_ for _ in ()).throw(InterruptedError("alarm")))
signal.setitimer(signal.ITIMER_REAL, 0.01)
try:
    time.sleep(5)
except InterruptedError as e:
    print(e)
a = time.monotonic()
time.sleep(0.01)
print(time.monotonic() - a >= 0.01, time.gmtime(0)[:6], time.strftime("%Y", time.gmtime(0)), time.mktime(time.gmtime(0)), time.perf_counter_ns() > 0, time.time() > 1e9, time.asctime(time.gmtime(0)), time.strptime("2000", "%Y").tm_year, time.get_clock_info("monotonic").monotonic)
