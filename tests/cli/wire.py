"""An independent opinion on lines: Python's json with every rule of tn-records(5) beside it.

wire.py make COUNT       generated lines, good and bad
wire.py long             lines of every length up to beyond 1 MiB, with few and with many structural bytes
wire.py drip FILE        FILE in pieces of odd sizes
wire.py check FILE OURS  compares the verdicts of test-scan on FILE with Python's
"""
import json
import os
import random
import sys

PIECES = [b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b" ", b"\t", b"\r", b"0", b"-", b".", b"e5", b"\x00", b"\x01",
          b"\x7f", b"\xc3\xa9", b"\xff", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\xef\xbb\xbf", b"\\u0000", b"\\ud83d",
          b"\\ud83d\\ude00", b"\\u00e9", b"\\/", b"\\x", b'"a":1,', b',"a":1', b"null", b"NaN", b"-Infinity", b"tru"]


def value(rng, depth):
    kind = rng.randrange(9 if depth < 4 else 7)
    if kind < 3:
        return rng.choice([0, 1, -1, 185.12, 1e300, 1e-7, 123456789012345678, 0.1, -0.0, rng.random(), rng.randrange(10**9)])
    if kind == 3:
        return rng.choice([True, False, None])
    if kind < 7:
        return "".join(rng.choice('ab"\\/\n\té€😀 01{}[],:') for _ in range(rng.randrange(12)))
    if kind == 7:
        return [value(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {f"k{rng.randrange(6)}": value(rng, depth + 1) for _ in range(rng.randrange(4))}


def line(rng):
    fields = {"type": rng.choice(["bar", "signal", "x", "é"])}
    names = ["time", "symbol", "open", "close", "reason", "k", "\u00e9", 'a"b', "x y"]
    for name in rng.sample(names, rng.randrange(len(names))):
        fields[name] = value(rng, 1)
    separators = rng.choice([(",", ":"), (",", ":"), (", ", ": ")])
    text = json.dumps(fields, ensure_ascii=rng.random() < 0.3, separators=separators).encode()
    if rng.random() < 0.5:
        at = rng.randrange(len(text) + 1)
        text = rng.choice([
            text[:at] + rng.choice(PIECES) + text[at:],
            text[:at] + text[at + 1:],
            text[:at] + bytes([rng.randrange(256)]) + text[at + 1:],
            text[:at],
        ])
    return text.replace(b"\n", b" ")


class Refused(Exception):
    pass


def unique(pairs):
    if len({key for key, _ in pairs}) != len(pairs):
        raise Refused("a key twice")
    return dict(pairs)


def not_json(word):
    raise Refused(word)


def whole_text(item, depth):
    if depth > 64:
        raise Refused("depth")
    if isinstance(item, str):
        item.encode("utf-8")  # half a surrogate pair has no encoding
        if "\0" in item:
            raise Refused("NUL")
    elif isinstance(item, list):
        for member in item:
            whole_text(member, depth + 1)
    elif isinstance(item, dict):
        for key, member in item.items():
            whole_text(key, depth + 1)
            whole_text(member, depth + 1)


def parse(text):
    decoded = text.decode("utf-8")
    item = json.loads(decoded, object_pairs_hook=unique, parse_constant=not_json, parse_int=str, parse_float=str)
    if not isinstance(item, dict):
        raise Refused("no object")
    whole_text(item, 0)
    if len(item) > 256 or not isinstance(item.get("type"), str):
        raise Refused("fields")
    if not 1 <= len(item["type"].encode()) <= 64:
        raise Refused("type")
    return item


def check(file, ours):
    lines = open(file, "rb").read().split(b"\n")[:-1]
    verdicts = open(ours, "rb").read().split(b"\n")[:-1]
    if len(lines) != len(verdicts):
        sys.exit(f"{len(lines)} lines, {len(verdicts)} verdicts")
    accepted = refused = 0
    for number, (text, verdict) in enumerate(zip(lines, verdicts), 1):
        try:
            want = parse(text)
        except (Refused, ValueError, RecursionError) as error:
            want, why = None, error
        if verdict.startswith(b"+ "):
            if want is None:
                sys.exit(f"line {number}: accepted, but {why!r}: {text!r}")
            got = json.loads(verdict[2:], object_pairs_hook=unique, parse_int=str, parse_float=str)
            if got != want or list(got) != list(want):
                sys.exit(f"line {number}: read as {got}, is {want}")
            accepted += 1
        else:
            if want is not None and b"unnecessary escapes" not in verdict and b"'type' is not a word" not in verdict:
                sys.exit(f"line {number}: {verdict!r}, but Python reads {want}: {text!r}")
            refused += 1
    print(f"{accepted} accepted, {refused} refused")
    if accepted < len(lines) // 3 or refused < len(lines) // 6:
        sys.exit("the lines are too one-sided")


def long():
    for i in range(40):
        yield f'{{"type":"x","a":"{"y" * (i * 30000)}","b":{i}}}'
        yield f'{{"type":"x","a":[{",".join(str(k).join(chr(34) * 2) for k in range(i * 3000))}],"b":{i}}}'
        yield f'{{"type":"x","a":1,"b":{i}}}'


def drip(data):
    rng = random.Random(5)
    while data:
        size = rng.choice([1, 3, 17, 64, 100, 500, 4000, 70000])
        os.write(1, data[:size])
        data = data[size:]


if sys.argv[1] == "long":
    print("\n".join(long()))
elif sys.argv[1] == "drip":
    drip(memoryview(open(sys.argv[2], "rb").read()))
elif sys.argv[1] == "make":
    generator = random.Random(7)
    out = sys.stdout.buffer
    for _ in range(int(sys.argv[2])):
        out.write(line(generator) + b"\n")
else:
    check(sys.argv[2], sys.argv[3])
