# re: matching, groups, flags, substitution, splitting, scanner, errors.
import re

m = re.match(r"(?P<a>\w+) (\d+)?(?P<b>x)?", "word 12")
print(m, m.group(), m[1], m["a"], m.groups(), m.groups("-"), m.groupdict(), m.span(), m.span(2), m.start("a"), m.end(3), m.lastindex, m.lastgroup, m.re.pattern, m.string, m.pos, m.endpos, m.expand(r"\1-\g<a>-\2"), m.regs)
print(re.findall(r"a|(b)", "aba"), re.findall(r"(a)(b)?", "aba"), re.findall("", "ab"), re.split(r"(,)|;", "a,b;c"), re.split(r"x*", "axbc"), re.split(",", "a,b,c", maxsplit=1), re.sub(r"(\w)", r"<\1>", "ab"), re.sub("a", lambda m: m[0].upper(), "aXa", count=1), re.subn("a", "b", "aaa"), re.sub("x*", "-", "abxd"), re.sub(r"\b", "|", "a b"))
print([m.span() for m in re.finditer(r"\d+", "1 22 333")], re.fullmatch("a+", "aaa") is not None, re.fullmatch("a", "aa"), re.search("b", "abc").start(), re.match("b", "abc"), re.compile("b").search("abcb", 2).start(), re.escape("a.b*c-d é"), re.I | re.M, re.compile("a", re.I), re.compile(r"a\n'").pattern, repr(re.compile(b"x")), re.compile("(a)(?P<n>b)").groupindex, re.compile("(a)").groups, re.compile("a", re.X).flags)
tests = [(r"(?i)ABC", "abc"), (r"(?s)a.b", "a\nb"), (r"(?m)^b$", "a\nb\nc"), (r"(?x) a  b # comment", "ab"), (r"a(?=b)", "ab"), (r"a(?!b)", "ac"), (r"(?<=a)b", "ab"), (r"(?<!a)b", "cb"), (r"(a)\1", "aa"), (r"(?P<q>['\"]).*?(?P=q)", "x'y'z"), (r"a{2,3}", "aaaa"), (r"a{2,3}?", "aaaa"), (r"a{,2}", "aaa"), (r"[^a-c]+", "abxyz"), (r"[\w.-]+@[\w.]+", "me@x.org"), (r"\Aab\Z", "ab"), (r"(?:ab)+", "abab"), (r"(?>a+)b", "aab"), (r"a++b", "aab"), (r"(a)?(?(1)b|c)", "ab"), (r"\d\D\s\S\w\W", "1a b_ "), (r"[\]\-\\]+", "]-\\"), (r"(?a:\w+)é", "aé"), (r"é", "É".lower()), (r"(?i)straße", "STRASSE"), (r"(?i)k", "\u212a"), (r"\x41\u0042\t", "AB\t"), (r"[[:alpha:]]" if 0 else "[a[]", "["), (r"(a|ab)(c|bcd)(d*)", "abcd"), (r"(?-i:a)B", "aB"), (r".*?x", "aax"), ("\N{SNOWMAN}", "☃"), (r"(?i:A)b", "ab"), (r"\N{DIGIT ONE}", "1"), (r"a|b|", "c"), (r"$", "a\n"), (r"\z", "a") ]
for p, s in tests:
    m = re.search(p, s)
    print(ascii(p), m and (ascii(m.group()), m.span(), m.groups()))
for bad in ("(", ")", "[", "a{2,1}", "*a", "a**", "(?P<a>x)(?P<a>y)", "(?P<1>a)", "(?P=x)", r"\1", "(?z)", "(?<=a+)b", r"\q", "[z-a]", "(?P<a", "(?(9)a)", "a{1}{2}", "\\", "(?", "(?i", r"\N{bogus}", r"\x1", "x{99999999999}", "(?:", "[a", "a(?i)b", "(?P>x)", "(?#", "(?(a)b)", r"\u12"):
    try:
        re.compile(bad)
        print(bad, "ok")
    except re.PatternError as e:
        print(bad, "->", e, e.msg, e.pos)
    except OverflowError as e:
        print(bad, "->", e)
for bad in ("re.match('a', b'a')", "re.match(b'a', 'a')", "re.compile(5)", "re.sub('a', 5, 'a')", "re.sub('a', r'\\1', 'a')", "re.sub('a', r'\\q', 'a')", "re.sub('a', r'\\g<x>', 'a')", "re.match('a', 'a').group(5)", "re.match('a', 'a').group('x')", "re.match('a', 'a')[1]", "re.compile(re.compile('a'), re.I)", "re.match('a')", "re.compile('a').match(5)", "re.findall('a', None)", "re.compile('a', 'x')", "re.sub('(a', '', '')", "re.split('a')"):
    try:
        print(bad, eval(bad))
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
print(re.Scanner([(r"\d+", lambda s, t: int(t)), (r"\s+", None), (r"\w+", lambda s, t: t)]).scan("12 ab 3"), re.purge(), re.template if hasattr(re, "template") else "no template", re.NOFLAG, re.compile("a") == re.compile("a"), hash(re.compile("a")) == hash(re.compile("a")))
