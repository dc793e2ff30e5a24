# str: case methods and character tests over ASCII, Latin-1 and beyond.
words = ["hello world", "HELLO", "Hello World", "ß straße", "ǆ ǅ", "İstanbul ı", "ΑΣ ΣΑΣ", "ﬁne", "éÀ", "123abc", "", "a\u0301", "they're bill's", "ÿ", "µ", "ŉ", "𐐀𐐨"]
for w in words:
    print(ascii(w), *map(ascii, (w.upper(), w.lower(), w.title(), w.capitalize(), w.swapcase(), w.casefold())))
tests = ["isalpha", "isdigit", "isdecimal", "isnumeric", "isalnum", "islower", "isupper", "istitle", "isspace", "isidentifier", "isprintable", "isascii"]
for s in ["", "a", "A", "aB", "Ab", "1", "²", "½", "٣", "Ⅷ", "一", " ", "\t\n", "\x1c", "\u2003", "\u200b", "_x", "1x", "def", "é", "ªº", "\x00", "\u0300", "a b", "ǅ", "A1", "a1", "\x85", "\xa0", "\U0001F600", "𝟘", "x\u0300", "Ⓐ", "ʰ"]:
    print(ascii(s), "".join("01"[getattr(s, t)()] for t in tests))
