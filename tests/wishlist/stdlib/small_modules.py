# heapq, bisect, textwrap, string, copy, pprint, array, base64, hashlib, zlib, csv, shlex, difflib, calendar, uuid, urllib.parse.
import array, base64, binascii, bisect, calendar, csv, difflib, fnmatch, hashlib, heapq, hmac, html, io, pprint, queue, reprlib, shlex, string, textwrap, urllib.parse, uuid, zlib

h = [5, 1, 4]
heapq.heapify(h)
heapq.heappush(h, 0)
print(heapq.heappop(h), heapq.heappushpop(h, 9), heapq.heapreplace(h, 2), heapq.nlargest(2, [1, 5, 3]), heapq.nsmallest(2, "hello", key=ord), list(heapq.merge([1, 4], [2, 3])), h)
b = [1, 3, 3, 5]
print(bisect.bisect(b, 3), bisect.bisect_left(b, 3), bisect.insort(b, 4), b, bisect.bisect(b, 2, key=lambda x: -x) if 0 else "")
print(textwrap.wrap("the quick brown fox jumps", 10), textwrap.fill("a b c", 3), textwrap.dedent("  a\n   b\n"), textwrap.indent("a\nb", "> "), textwrap.shorten("hello big world", 11))
print(string.Template("$a ${b} $$").substitute(a=1, b=2), string.capwords("a bc"), string.digits, string.Formatter().format("{0} {x}", 1, x=2), string.Template("$z").safe_substitute())
pprint.pprint({"key%d" % i: list(range(10)) for i in range(4)}, width=50)
print(pprint.pformat([1, {"a": (1, 2)}]), reprlib.repr(list(range(100))))
a = array.array("i", [1, 2, 3])
a.append(4)
a[1:2] = array.array("i", [9, 9])
print(a, a.tobytes()[:4], a.typecode, a.itemsize, sum(a), array.array("d", [1.5]), array.array("u", "é") if 0 else "", a.index(9), array.array("B", b"ab").tolist(), a == array.array("i", a))
for bad in ("array.array('i', ['a'])", "array.array('z')", "array.array('b', [200])", "a.append(1.5)", "a[99]", "a + [1]"):
    try:
        print(eval(bad))
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
print(base64.b64encode(b"hello?>"), base64.b64decode("aGVsbG8="), base64.urlsafe_b64encode(b"\xff\xfe"), base64.b32encode(b"a"), base64.b16encode(b"a"), base64.b85encode(b"abc"), binascii.hexlify(b"ab"), binascii.crc32(b"abc"), binascii.unhexlify("6162"), binascii.a2b_base64(b"YQ=="))
for n in ("md5", "sha1", "sha256", "sha512", "sha3_256", "blake2b", "blake2s", "sha224", "sha384"):
    print(n, hashlib.new(n, b"abc").hexdigest()[:32])
print(hashlib.sha256(b"a").digest_size, hmac.new(b"k", b"m", "sha256").hexdigest()[:16], zlib.decompress(zlib.compress(b"abc" * 50))[:6], zlib.crc32(b"abc"), zlib.adler32(b"abc"), hashlib.pbkdf2_hmac("sha1", b"p", b"s", 2).hex())
out = io.StringIO()
csv.writer(out).writerows([["a", 'q"x', "c,d"], [1, None, 2.5]])
print(repr(out.getvalue()), list(csv.reader(io.StringIO('a,"b ""q""",c\n1,,3'))), list(csv.DictReader(["x,y", "1,2"])))
print(shlex.split("a 'b c' \"d\" e\\ f"), shlex.quote("it's"), fnmatch.filter(["a.py", "b.txt"], "*.py"), html.escape("<a&'\">"), html.unescape("&lt;&eacute;&#65;"))
print(list(difflib.unified_diff(["a", "b"], ["a", "c"], lineterm="")), difflib.get_close_matches("appel", ["apple", "ape"]), difflib.SequenceMatcher(None, "abcd", "bcde").ratio())
print(calendar.month(2024, 2), calendar.isleap(2024), calendar.monthrange(2024, 2))
print(uuid.UUID(int=5), uuid.uuid5(uuid.NAMESPACE_DNS, "x.org"), urllib.parse.urlparse("http://u@h:80/p;x?q=1#f"), urllib.parse.quote("a b/é"), urllib.parse.parse_qs("a=1&b=2&a=3"), urllib.parse.urljoin("http://a/b/c", "../d"), urllib.parse.urlencode({"a": "x y"}))
q = queue.PriorityQueue()
q.put(3); q.put(1)
print(q.get(), q.qsize(), queue.Queue(1).empty(), queue.SimpleQueue().empty())
