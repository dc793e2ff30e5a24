# str: find, index, count, replace, split, partition, strip, startswith, join, and their errors.
s = "the quick brown the lazy the"
print(s.find("the"), s.find("the", 1), s.find("the", 1, 5), s.rfind("the"), s.rfind("the", 0, -1), s.index("q"), s.rindex("l"), s.count("the"), s.count(""), s.count("e", 5), s.find(""), s.find("", 99), s.rfind(""), "aaaa".count("aa"), s.find("zzz"), "x".find("xy"), s.find("k", -20, -10))
print(s.replace("the", "A"), s.replace("the", "A", 1), s.replace("", "-")[:9], "aaa".replace("a", "bb", 2), "abc".replace("x", "y"), "".replace("", "x"), "".replace("", "x", 0), "aaa".replace("a", "", count=2), "é\u4e2d".replace("é", "xy"))
print("a,b,,c".split(","), "a,b,,c".split(",", 1), " a  b ".split(), " a  b c ".split(None, 1), "".split(), "".split(","), "a,b,c".rsplit(",", 1), " a b c ".rsplit(None, 1), "a--b--c".split("--"), "x".split("xy"), "a b".split(maxsplit=0), "a,b".split(sep=",", maxsplit=-1), "\u2003a\u00a0b".split())
print("l1\nl2\r\nl3\rl4\x0bl5\x0cl6\x1cl7\x85l8\u2028l9".splitlines(), "a\n\nb\n".splitlines(True), "".splitlines(), "\n".splitlines(), "a".splitlines(keepends=True))
print("a=b=c".partition("="), "a=b=c".rpartition("="), "abc".partition("x"), "abc".rpartition("x"))
print("  x ".strip() + "|", "  x ".lstrip() + "|", "  x ".rstrip() + "|", "xxaxx".strip("x"), "abcba".strip("ab"), "\u2003x\u00a0".strip() + "|", "".strip(), "xyz".strip(""), "prefix-body".removeprefix("prefix-"), "body.txt".removesuffix(".txt"), "abc".removesuffix(""), "abc".removeprefix("z"))
print("hello".startswith("he"), "hello".startswith(("x", "h")), "hello".startswith("l", 2), "hello".startswith("l", 2, 2), "hello".endswith("lo"), "hello".endswith(("a", "lo"), 0, 4), "".startswith(""), "hello".startswith(()), "hello".endswith(""))
print(",".join("abc"), "".join([]), "-".join(["x"]), ", ".join(str(i) for i in range(3)), "é".join(["a", "\u4e2d"]), "x".center(5, "*"), "x".ljust(4) + "|", "x".rjust(4, "0"), "-5".zfill(5), "+x".zfill(4), "abc".zfill(2), "ab".center(5) + "|", "abc".center(6, "."), "é".center(4, "\u4e2d"))
print("a\tb\tc".expandtabs(), "a\tb".expandtabs(3), "ab\n\tx".expandtabs(4), "\t".expandtabs(0) + "|", "abc".translate({97: "X", 98: None, 99: 0x64}), "abc".translate(str.maketrans("ab", "xy", "c")), str.maketrans({"a": 1}), "abc".translate(str.maketrans("a", "\u4e2d")), "abc"[::-1], "ab" * 3, "ab" * -1, 2 * "x", "a" "b" < "b")
for bad in (
    "s.index('zz')", "s.rindex('zz')", "s.split('')", "s.partition('')", "s.find(5)", "s.count(None)", "s.replace('a')", "s.replace(1, 2)", "s.startswith(5)", "s.startswith(('a', 5))", "s.endswith(['a'])", "','.join([1])", "','.join(['a', None])", "','.join(5)", "s.center('a')", "s.center(5, 'ab')", "s.ljust(5, '')", "s.strip(5)", "s.translate(5)", "'abc'.translate({97: 'x', 98: 5.5})", "'a'.translate({97: 0x110000})", "str.maketrans('ab', 'c')", "str.maketrans(5)", "str.maketrans({'ab': 1})", "s.split(5)", "s.splitlines(1, 2)", "s.encode('nope')", "s.removeprefix(1)", "s.zfill('x')", "s.expandtabs('x')", "s.isalpha(1)", "'a' + 1", "'a' * 'b'", "s['a']", "s.upper(1)", "s.find()", "s.format_map()", "s.index('the', 'x')", "str(b'a', 5)", "str('a', 'ascii')", "str(b'\\xff', 'ascii')", "str(b'\\xff', 'utf-8')", "str(1, 2, 3, 4)", "str(object=1, foo=2)",
):
    try:
        print(bad, eval(bad))
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
