"""Deterministic profiler with the interface of the built-in one, on top of sys.setprofile."""

__all__ = ["run", "runctx", "Profile"]

import profile as _profile
import sys
from time import perf_counter


def run(statement, filename=None, sort=-1):
    """Run statement under the profiler, printing or saving the statistics."""
    return _profile._Utils(Profile).run(statement, filename, sort)


def runctx(statement, globals, locals, filename=None, sort=-1):
    """Run statement in the given namespaces under the profiler."""
    return _profile._Utils(Profile).runctx(statement, globals, locals, filename, sort)


def label(code):
    """The (file, line, name) key under which pstats files a code object or function name."""
    if isinstance(code, str):
        return ('~', 0, code)
    return (code.co_filename, code.co_firstlineno, code.co_name)


class Profile:
    """Profile(timer=None, timeunit=None, subcalls=True, builtins=True)"""

    def __init__(self, timer=None, timeunit=None, subcalls=True, builtins=True):
        self._subcalls = subcalls
        self._builtins = builtins
        if timer is None:
            self._timer = perf_counter
        elif timeunit:
            self._timer = lambda: timer() * timeunit
        else:
            self._timer = timer
        self.clear()

    def clear(self):
        """Forget everything collected so far."""
        # key -> [calls, primitive calls, own time, total time, {caller: [the same four]}]
        self._entries = {}
        self._stack = []
        self._active = {}

    def enable(self, subcalls=True, builtins=True):
        """Start collecting."""
        self._subcalls = subcalls
        self._builtins = builtins
        self._stack = []
        self._active = {}
        sys.setprofile(self._dispatch)

    def disable(self):
        """Stop collecting."""
        sys.setprofile(None)
        while self._stack:
            self._leave(self._timer())

    def _dispatch(self, frame, event, arg):
        now = self._timer()
        if event == 'call':
            self._enter(label(frame.f_code), now)
        elif event == 'return':
            self._leave(now)
        elif self._builtins:
            if event == 'c_call':
                self._enter(('~', 0, self._describe(arg)), now)
            elif event in ('c_return', 'c_exception'):
                self._leave(now)

    @staticmethod
    def _describe(function):
        owner = getattr(function, '__self__', None)
        name = getattr(function, '__name__', '?')
        if owner is None or type(owner).__name__ == 'module':
            module = getattr(function, '__module__', None)
            if module and module != 'builtins':
                return f'<{module}.{name}>'
            if type(function).__name__ == 'method_descriptor':
                return f"<method '{name}' of '{function.__objclass__.__name__}' objects>"
            return f'<built-in method {module}.{name}>' if module else f'<{name}>'
        return f"<method '{name}' of '{type(owner).__name__}' objects>"

    def _enter(self, key, now):
        self._active[key] = self._active.get(key, 0) + 1
        # key, start, time spent in callees
        self._stack.append([key, now, 0.0])

    def _leave(self, now):
        if not self._stack:
            return
        key, start, inner = self._stack.pop()
        total = now - start
        depth = self._active[key] = self._active[key] - 1
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = [0, 0, 0.0, 0.0, {}]
        self._account(entry, depth, total, inner)
        if self._stack:
            above = self._stack[-1]
            above[2] += total
            if self._subcalls:
                callers = entry[4]
                caller = callers.get(above[0])
                if caller is None:
                    caller = callers[above[0]] = [0, 0, 0.0, 0.0]
                self._account(caller, depth, total, inner)

    @staticmethod
    def _account(entry, depth, total, inner):
        entry[0] += 1
        entry[2] += total - inner
        if depth == 0:
            entry[1] += 1
            entry[3] += total

    def create_stats(self):
        """Stop and compute the statistics."""
        self.disable()
        self.snapshot_stats()

    def snapshot_stats(self):
        """Compute the statistics without stopping."""
        own = _OWN_FILES
        self.stats = {
            key: (primitive, calls, own_time, total,
                  {caller: (c[1], c[0], c[2], c[3]) for caller, c in callers.items()})
            for key, (calls, primitive, own_time, total, callers) in self._entries.items()
            if key[0] not in own
        }

    def print_stats(self, sort=-1):
        """Print the statistics."""
        import pstats
        if not isinstance(sort, tuple):
            sort = (sort,)
        pstats.Stats(self).strip_dirs().sort_stats(*sort).print_stats()

    def dump_stats(self, file):
        """Save the statistics for pstats."""
        import marshal
        with open(file, 'wb') as f:
            self.create_stats()
            marshal.dump(self.stats, f)

    def run(self, cmd):
        """Profile a statement in the main module's namespace."""
        import __main__
        namespace = __main__.__dict__
        return self.runctx(cmd, namespace, namespace)

    def runctx(self, cmd, globals, locals):
        """Profile a statement in the given namespaces."""
        self.enable()
        try:
            exec(cmd, globals, locals)
        finally:
            self.disable()
        return self

    def runcall(self, func, /, *args, **kw):
        """Profile one call and return its result."""
        self.enable()
        try:
            return func(*args, **kw)
        finally:
            self.disable()

    def __enter__(self):
        self.enable()
        return self

    def __exit__(self, *exc_info):
        self.disable()


_OWN_FILES = {Profile.enable.__code__.co_filename}


def main():
    """Command line: profile a script or a module."""
    import importlib.machinery
    import importlib.util
    import io
    import os
    import pstats
    import runpy
    from optparse import OptionParser
    usage = "cProfile.py [-o output_file_path] [-s sort] [-m module | scriptfile] [arg] ..."
    parser = OptionParser(usage=usage)
    parser.allow_interspersed_args = False
    parser.add_option('-o', '--outfile', dest="outfile",
                      help="Save stats to <outfile>", default=None)
    parser.add_option('-s', '--sort', dest="sort",
                      help="Sort order when printing to stdout, based on pstats.Stats class",
                      default=2,
                      choices=sorted(pstats.Stats.sort_arg_dict_default))
    parser.add_option('-m', dest="module", action="store_true",
                      help="Profile a library module", default=False)
    if not sys.argv[1:]:
        parser.print_usage()
        sys.exit(2)
    options, args = parser.parse_args()
    sys.argv[:] = args
    # The script may change the working directory.
    if options.outfile is not None:
        options.outfile = os.path.abspath(options.outfile)
    if not args:
        parser.print_usage()
        return parser
    if options.module:
        code = "run_module(modname, run_name='__main__')"
        globs = {'run_module': runpy.run_module, 'modname': args[0]}
    else:
        script = args[0]
        sys.path.insert(0, os.path.dirname(script))
        with io.open_code(script) as fp:
            code = compile(fp.read(), script, 'exec')
        spec = importlib.machinery.ModuleSpec(name='__main__', loader=None, origin=script)
        module = importlib.util.module_from_spec(spec)
        globs = module.__dict__
        globs.update({'__spec__': spec, '__file__': spec.origin, '__name__': spec.name,
                      '__package__': None, '__cached__': None})
        sys.modules['__main__'] = module
    try:
        runctx(code, globs, None, options.outfile, options.sort)
    except BrokenPipeError as exc:
        # Prevent a second complaint at interpreter exit.
        sys.stdout = None
        sys.exit(exc.errno)
    return parser


if __name__ == '__main__':
    main()
