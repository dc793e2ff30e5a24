# An uncaught exception in a thread is printed by threading.excepthook; the main thread goes on.
import threading


def work():
    raise ValueError("in thread")


def hook(args):
    print("hook", args.exc_type.__name__, args.exc_value, args.thread.name)


threading.excepthook = hook
t = threading.Thread(target=work, name="worker")
t.start()
t.join()
print("main goes on")
