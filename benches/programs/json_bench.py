"""JSON: dumps and loads of nested data, floats, unicode, indentation, sorted keys."""

import json


def document(count):
    return {
        "records": [
            {
                "id": i,
                "name": f"name {i}",
                "ratio": i / 7,
                "tags": ["alpha", "beta", None, True, i % 3 == 0],
                "nested": {"deep": {"deeper": [i, [i + 1, [i + 2]]]}, "empty": {}},
                "text": 'quote " backslash \\ newline \n \u00e9 \u4e2d',
            }
            for i in range(count)
        ],
        "count": count,
    }


def main(rounds=180):
    data = document(1200)
    total = 0
    for _ in range(rounds):
        text = json.dumps(data)
        back = json.loads(text)
        total += len(text) + len(back["records"])
    plain = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    pretty = json.dumps(data, indent=2, sort_keys=True)
    same = json.loads(pretty) == data == json.loads(plain)
    print("json", total, len(plain), len(pretty), same)


main()
