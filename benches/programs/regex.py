"""Regular expressions: matching, groups, substitution, splitting, backtracking."""

import re

LOG = "\n".join(
    f"2026-{i % 12 + 1:02}-{i % 28 + 1:02} host{i % 7} service[{i * 37 % 9999}]: "
    f"user=u{i % 50}@example.org took {i * 13 % 997}.{i % 10}ms status={200 + i % 5}"
    for i in range(44000)
)

LINE = re.compile(
    r"^(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d) (?P<host>\w+) (\w+)\[(\d+)\]: "
    r"user=(?P<user>[\w.]+@[\w.]+) took (?P<ms>\d+\.\d)ms status=(?P<status>\d+)$",
    re.M,
)


def main():
    total = 0
    for m in LINE.finditer(LOG):
        total += int(m["month"]) + int(m.group("status")) + len(m["user"])
    total += len(re.findall(r"\b\w*5\w*\b", LOG))
    total += len(re.sub(r"(\w+)@(\w+)", r"\2 at \1", LOG))
    total += len(re.sub(r"\d+", lambda m: str(len(m[0])), LOG))
    total += len(re.split(r"[\s:=\[\]]+", LOG))
    total += sum(1 for _ in re.finditer(r"(?i)HOST[0-3]|status=20[24]", LOG))
    total += len(re.findall(r"(?:took|user)(?=\W)", LOG))
    total += len(re.findall(r"(?<=status=)\d+", LOG))
    total += len(re.findall(r"(\d)\1", LOG))
    total += bool(re.fullmatch(r"(a|aa)+", "a" * 22))
    total += len(re.findall(rb"[0-9]+ms", LOG.encode()))
    total += len(re.findall(r"[^\W\d_]+?e", LOG))
    for i in range(160000):
        if re.match(r"(\d+)-(\d+)$", "12-34"):
            total += 1
    print("regex", total)


main()
