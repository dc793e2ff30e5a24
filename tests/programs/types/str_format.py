# str.format and format specs: fields, attributes, indexes, nesting, conversions, auto numbering, errors.
class O:
    attr = {"k": [10, 20]}

    def __format__(self, s):
        return "O<" + s + ">"


o = O()
print("{} {} {0}".format(1, 2) if 0 else "{} {}".format(1, 2), "{1} {0} {1}".format("a", "b"), "{x} {y!r} {z:>5}".format(x=1, y="s", z="q"), "{0.attr[k][1]}".format(o), "{:{w}.{p}f}|".format(3.14159, w=10, p=2), "{{}}{{{}}}".format(5), "{!s:.2}".format("abcdef"), "{:abc}".format(o), "{!a}".format("é"), "{0[0]}{0[-1]}".format({"-1": "neg", 0: "zero"}), "{a[b c]}".format(a={"b c": 1}))
print("{:<6}|{:>6}|{:^6}|{:*^7}|{:é>4}".format("a", "b", "c", "d", "e"), "{:5}|{:5}|{:<5}|{:=5}".format(1, "s", 2, -3), "{:d} {:b} {:o} {:x} {:X} {:#b} {:c} {:n} {:,} {:_}".format(10, 10, 10, 255, 255, 5, 97, 1234, 1234567, 1234567), "{:08.3f} {:+.2e} {:.3g} {:g} {:%} {:.1%}".format(3.14159, 12345.678, 0.00012345, 1e10, 0.25, 0.125))
print("{:s} {:.3s} {:10.2s}|".format("str", "string", "truncate"), "{:>{}}".format("x", 4), "{:{fill}{align}{width}}".format("m", fill="-", align="^", width=5), "{0:{1}} {0:{1}}".format(5, 3), format(1234.5, ",.2f"), format(-5, "(") if 0 else format(5, "+d"), format("x", ">3"), format(5), format(True), format(True, "d"), format(None))
print("%s %r %a %d %i %5d|%-5d|%05d %+d % d %x %X %#x %o %#o %c %c %e %E %f %.2f %g %G %%" % ("s", "r", "é", 5, 6, 7, 8, 9, 10, 11, 255, 255, 255, 8, 8, "c", 100, 1.5, 1.5, 1.5, 1.555, 1e-10, 1e20))
print("%(a)s %(b)05.1f %(a)r" % {"a": "x", "b": 2.5}, "%*d|%-*d|%.*f" % (5, 1, 5, 2, 2, 3.14159), "%s" % (1,), "%s" % [1], "%s" % {"a": 1}, "%.3s|%5.1s|" % ("abcdef", "xyz"), "%d" % 3.99, "%d" % True, "%x" % 10**20, "%i" % -(2**70), "%s %s" % ("é", "\u4e2d"), b"%d %s %r %a" % (5, b"x", "y", "é"), b"%b" % b"z", "%5%|" % () if 0 else "", "%r" % ((1, 2),))
print("{}".format_map({}) if 0 else "{a} {b}".format_map({"a": 1, "b": 2}), type("x".format()), "".format(), "no fields".format(1, 2, k=3), "{:}".format(1.0), "{0:}{1:}".format("a", "b"))
for bad in ("'{}'.format()", "'{0} {}'.format(1, 2)", "'{} {0}'.format(1, 2)", "'{x}'.format()", "'{'.format()", "'}'.format()", "'{0'.format(1)", "'{0!z}'.format(1)", "'{0.zz}'.format(1)", "'{0[zz]}'.format({})", "'{0[5]}'.format([1])", "'{0[}'.format([1])", "'{!r'.format(1)", "'{0!}'.format(1)", "'{:d}'.format('s')", "'{:d}'.format(1.5)", "'{:s}'.format(1)", "'{:,s}'.format('a')", "'{:=5}'.format('a')", "'{:c}'.format(-1)", "'{:c}'.format(0x110000)", "'{:.2d}'.format(5)", "'{:+s}'.format('a')", "'{:#s}'.format('a')", "'{:Z}'.format(1)", "'{:Z}'.format(1.5)", "'{:Z}'.format('a')", "'{:,b}'.format(5)", "'{:_,}'.format(5)", "'{:,,}'.format(5)", "'{:.}'.format(1.5)", "'{:5 }'.format(1)", "'{:{}{}{}}'.format(1, 2, 3)", "'{:z}'.format(1)", "'{a.}'.format(a=1)", "'{0.}'.format(1)", "'{0[0]x}'.format([1])", "'{:+c}'.format(65)", "'{:{:{}}}'.format(1, 2, 3)", "'{0.__class__.__name__}'.format(1)", "'{-1}'.format(1)", "'{:0>-5}'.format(1)", "'{99999999999999999999}'.format(1)"):
    try:
        print(bad, eval(bad))
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
for bad in ("'%d' % 'a'", "'%d' % None", "'%x' % 1.5", "'%c' % 'ab'", "'%c' % 1.5", "'%c' % -1", "'%f' % 'a'", "'%s %s' % 1", "'%s' % (1, 2)", "'%(a)s' % 1", "'%(a)s' % {}", "'%' % 1", "'%z' % 1", "'%(a' % {}", "'%*d' % ('a', 1)", "'abc' % 1", "'abc' % ()", "'abc' % {}", "'abc' % []", "'%.*f' % (1.5, 2)", "'%s%d' % ('a',)", "'%d %d' % (1, 'x')", "b'%s' % 'a'", "b'%d' % 'a'", "'%ld' % 5", "'%i' % 1j", "'%y' % {}", "'%1$s' % 5", "'%c' % 0x110000", "b'%c' % 256", "b'%c' % 'a'"):
    try:
        print(bad, repr(eval(bad)))
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
