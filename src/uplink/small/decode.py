"""What a Hoistway box sends, read with the standard library alone. README.md beside this file tells the form.

decode(payload) gives the messages of a payload as objects: of a batch all in their order, of any other one.
"""

import json
import os
import zlib

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "dictionary.txt"), "rb") as file:
    DICTIONARY = file.read()
MOST_BYTES = 8 * 2**20
SAID = {"T": True, "F": False, "N": None, "U": "up", "D": "down"}


def unpack(payload):
    if payload[:1] == b"{":
        return json.loads(payload)
    inflater = zlib.decompressobj(zdict=DICTIONARY)
    text = inflater.decompress(payload, MOST_BYTES)
    if not inflater.eof:
        raise ValueError("it is cut off, or unpacks to too much")
    return json.loads(text)


def decode(payload):
    message = unpack(payload)
    return unfold(message) if "batch" in message else [message]


def whole(value):
    return type(value) is int and abs(value) < 2**53


def unfold(batch):
    shapes, columns, others = batch["shapes"], batch["columns"], iter(batch["others"])
    now, likes, rows, read = {}, {}, [], [0] * len(shapes)

    def digits(places, row):
        return "".join(place[row] if row < len(place) else "0" for place in places) or "0"

    def value_of(at, row):
        column, text = columns[at], digits([place[at] for place in batch["values"]], row)
        base = sum(now[name] for name in column.get("add", []) if whole(now.get(name)))
        key = None
        if "like" in column or "either" in column:
            alike = [json.dumps(now.get(name)) for name in column.get("like", column.get("either"))]
            key = (column["name"], *(alike if "like" in column else sorted(alike)))
        if text[-1] == "*" or text[-1] in SAID:
            value = next(others) if text[-1] == "*" else SAID[text[-1]]
            rest = value - base if whole(value) and whole(value - base) else value
        else:
            rest = batch["least"][at] + int(text, 36)
            if whole(likes.get(key)):
                rest += likes[key]
            elif rest == 0 and key in likes:
                rest = likes[key]
            value = rest + base if whole(rest) else rest
        if key is not None:
            likes[key] = rest
        now[column["name"]] = value
        return value

    for lift, count, places in batch["lifts"]:
        for at in range(count):
            kind = int(digits(places, at), 36)
            row, read[kind] = read[kind], read[kind] + 1
            told = dict(shapes[kind]["same"])
            told.update((c["name"], value_of(n, row)) for n, c in enumerate(columns) if c["of"] == kind)
            rows.append({key: told[key] for key in shapes[kind]["keys"]})
    rows.sort(key=lambda body: body["atMs"] if whole(body.get("atMs")) else 0)
    names = [(boot, first + on) for boot, first, count in batch["runs"] for on in range(count)]
    order = batch["order"] + [0] * (len(names) - len(batch["order"]))
    return [
        {"box": batch["box"], "boot": boot, "seq": seq, **rows[at + order[at]]} for at, (boot, seq) in enumerate(names)
    ]
