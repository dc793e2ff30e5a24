# str: storage widths, indexing, surrogates, normalization, escapes, ordering, hashing, interning.
a, l, u, s = "ascii", "caf\u00e9", "\u4e2d\u6587", "x\U0001F600y"
print([len(x) for x in (a, l, u, s)], ascii(s[1]), ascii(s[::-1]), ascii(l[3]), ascii(a + l), ascii(l + u), ascii(u + s), ascii(s[0]), s[1:2] == "\U0001F600", ascii(s.replace("\U0001F600", "")), "y" in s, ascii(u * 2))
print("\ud800" == "\ud800", ascii("\ud83d\ude00"), len("\ud83d\ude00"), ord("\U0010FFFF"), ascii(chr(0x10FFFF)), chr(65), ascii(chr(233)))
for bad in ("chr(-1)", "chr(0x110000)", "chr(2**40)", "ord('')", "ord('ab')", "'\\ud800'.encode()", "'\\xe9'.encode('ascii')", "'\u4e2d'.encode('latin-1')", "'\\U00110000'", "'\\N{nope}'", "'\\x1'", "'\\u12'", "b'\\x1'", "b'\u00e9'", "'abc'.encode('utf-8', 'bogus')", "'\\xe9'.encode('ascii', 'bogus')", "b'\\xff'.decode()", "b'\\xe2\\x82'.decode()", "b'\\xc0\\x80'.decode()", "b'\\xed\\xa0\\x80'.decode()", "b'a\\x80b'.decode('ascii')", "b'\\xf5'.decode('utf-8')", "b'\\x00\\xd8'.decode('utf-16-le')", "b'\\x00'.decode('utf-16')"):
    try:
        print(bad, ascii(eval(bad)))
    except Exception as e:
        print(bad, "->", type(e).__name__, ascii(str(e)))
for enc in ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32-le", "utf-8-sig", "unicode_escape", "raw_unicode_escape", "utf-7", "cp1252", "latin-1", "ascii", "cp437", "punycode", "idna"):
    for t in (l,):
        try:
            b = t.encode(enc)
            print(enc, b, b.decode(enc) == t)
        except UnicodeError as e:
            print(enc, e.reason)
for err in ("ignore", "replace", "xmlcharrefreplace", "backslashreplace", "namereplace"):
    print(err, "a\u00e9\u4e2d\U0001F600".encode("ascii", err))
for err in ("ignore", "replace", "backslashreplace", "surrogateescape"):
    print(err, ascii(b"a\xff\xe2\x82b\xf0\x9f".decode("utf-8", err)))
print("\udcff".encode("utf-8", "surrogateescape"), "\ud800".encode("utf-8", "surrogatepass"), ascii(b"\xed\xa0\x80".decode("utf-8", "surrogatepass")))
import unicodedata

print(unicodedata.name("\u00e9"), unicodedata.lookup("SNOWMAN") == "\u2603", unicodedata.category("A"), unicodedata.normalize("NFD", "\u00e9") == "e\u0301", unicodedata.normalize("NFKC", "\ufb01"), unicodedata.decimal("7"), unicodedata.bidirectional("a"), unicodedata.combining("\u0301"), unicodedata.numeric("\u00bd"), unicodedata.unidata_version, unicodedata.east_asian_width("\u4e2d"))
print(sorted(["b", "a", "B", "\u00e9", "\u4e2d", "\U0001F600", "\ufffd"]) == ["B", "a", "b", "\u00e9", "\u4e2d", "\ufffd", "\U0001F600"], "a" < "\u00e9" < "\u4e2d", "abc" < "abd", "ab" < "abc", "" < "a", "\uffff" < "\U00010000")
print(ascii("\a\b\x1b\x7f\x80\xad\u0600\u2028\ue000\U000e0001"), repr("\xad\u2028\ue000 ok \u00e9"), "tab\\t", ascii("\'\""), hash("\u00e9") == hash("\xe9"), "a".__hash__() == hash("a"))
import sys

print(sys.intern("some text") is sys.intern("some " + "text"), "abc" is "abc" if 0 else True, str.__add__("a", "b"), "abc".__contains__("b"), "x".__mul__(3), "%s".__mod__(5), "a".__lt__("b"), "a".__eq__(5), "abc".__getitem__(1), "abc".__len__(), [*"h\u00e9"] == ["h", "\u00e9"])
