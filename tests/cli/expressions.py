"""Puts random expressions to random records, and compares the answers of test-expr with an evaluation in Python.

usage: expressions.py PROGRAM [COUNT [SEED]]

The expression is made as a tree and written with no parentheses but the needed ones, some spare ones aside, so that its
text also tests precedence. Python calculates with fractions where numbers are decimals and with its floats elsewhere.
"""

import json
import math
import random
import subprocess
import sys
import tempfile
from fractions import Fraction

LIMIT = 2**63 - 1
FIELDS = {"number": ["p", "q", "r_1.5"], "text": ["s", "t"], "truth": ["u", "v"], "time": ["w"]}
WORDS = ["AAPL", "MSFT", "", "a b", 'say "hi"', "it's", "back\\slash", "2024-01-02", "2024-01-02T05:00:00+05:00", "é"]
PRECEDENCE = {"or": 1, "and": 2, "not": 3, "compare": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6, "negate": 7}


class Mismatch(Exception):
    """Values that do not fit the question."""


def number_text(rng):
    kind = rng.randrange(8)
    if kind < 4:
        return str(rng.randrange(12))
    if kind < 6:
        return f"{rng.randrange(1000) / 100:g}"
    if kind == 6:
        return f"{rng.random() * 10 ** rng.randrange(-12, 14)!r}"
    return rng.choice(["1e300", "92233720368.54775807", "92233720369", "0.000000001", "1E2", "5e-324", "0.00000001"])


def read_number(text):
    """A decimal as a Fraction, when it is one that fits; else a float."""
    exact = Fraction(text)
    units = exact * 10**8
    return exact if units.denominator == 1 and abs(units) <= LIMIT else float(text)


def tidy(exact, a, b, floats):
    """The exact result when it is a decimal that fits, else that of floats; None when not finite."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        try:
            units = exact(a, b) * 10**8
            if units.denominator == 1 and abs(units) <= LIMIT:
                return units / 10**8
        except ZeroDivisionError:
            return None
    try:
        result = floats(float(a), float(b))
    except (ZeroDivisionError, OverflowError, ValueError):
        return None
    return result if math.isfinite(result) else None


def remainder(a, b):
    return a - b * int(a / b)


ARITHMETIC = {
    "+": (lambda a, b: a + b, lambda a, b: a + b),
    "-": (lambda a, b: a - b, lambda a, b: a - b),
    "*": (lambda a, b: a * b, lambda a, b: a * b),
    "/": (lambda a, b: a / b, lambda a, b: a / b),
    "%": (remainder, math.fmod),
}
COMPARE = {
    "==": lambda order: order == 0,
    "=": lambda order: order == 0,
    "!=": lambda order: order != 0,
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}
MOMENTS = {"2024-01-02": 0, "2024-01-02T05:00:00+05:00": 0, "2024-01-02T00:00:00Z": 0, "2024-01-02T00:00:00.5Z": 1}


def order(a, b):
    if isinstance(a, (Fraction, float)) and isinstance(b, (Fraction, float)):
        if not (isinstance(a, Fraction) and isinstance(b, Fraction)):
            a, b = float(a), float(b)
    elif isinstance(a, str) and isinstance(b, str):
        if a in MOMENTS and b in MOMENTS:
            a, b = MOMENTS[a], MOMENTS[b]
        else:
            a, b = a.encode(), b.encode()
    elif not (isinstance(a, bool) and isinstance(b, bool)):
        raise Mismatch
    return (a > b) - (a < b)


def evaluate(tree, record):
    kind, *parts = tree
    if kind == "constant":
        return parts[1]
    if kind == "field":
        return record.get(parts[0])
    if kind in ("and", "or"):
        sides = []
        for part in parts:
            value = evaluate(part, record)
            if value is not None and not isinstance(value, bool):
                raise Mismatch
            if value is (kind == "or"):
                return value
            sides.append(value)
        return None if None in sides else kind == "and"
    if kind == "not":
        value = evaluate(parts[0], record)
        if value is not None and not isinstance(value, bool):
            raise Mismatch
        return None if value is None else not value
    if kind == "compare":
        sign, left, right = parts
        a, b = evaluate(left, record), evaluate(right, record)
        if ("constant", "null", None) in (left, right):
            return (a is None and b is None) == (sign != "!=")
        if a is None or b is None:
            return None
        if isinstance(a, bool) and isinstance(b, bool) and sign not in ("==", "=", "!="):
            raise Mismatch
        return COMPARE[sign](order(a, b))
    values = [evaluate(part, record) for part in parts]
    for value in values:
        if value is not None and (isinstance(value, bool) or not isinstance(value, (Fraction, float))):
            raise Mismatch
    if None in values:
        return None
    if kind == "negate":
        return -values[0]
    if kind == "abs":
        return abs(values[0])
    if kind in ("min", "max"):
        best = values[0]
        for value in values[1:]:
            if order(value, best) == (1 if kind == "max" else -1):
                best = value
        return best
    return tidy(ARITHMETIC[kind][0], *values, ARITHMETIC[kind][1])


def field(rng, kind):
    if rng.randrange(40) == 0:
        kind = rng.choice(list(FIELDS))
    return ("field", rng.choice(FIELDS[kind]))


def make_number(rng, depth):
    kind = rng.randrange(10 if depth > 0 else 3)
    if kind == 0:
        text = number_text(rng)
        return ("constant", text, read_number(text))
    if kind < 4:
        return field(rng, "number")
    if kind < 8:
        return (rng.choice("+-*/%"), make_number(rng, depth - 1), make_number(rng, depth - 1))
    if kind == 8:
        return ("negate", make_number(rng, depth - 1))
    name = rng.choice(["abs", "min", "max"])
    return (name, *[make_number(rng, depth - 1) for _ in range(1 if name == "abs" else rng.randrange(2, 4))])


def make_text(rng):
    if rng.randrange(2):
        return field(rng, rng.choice(["text", "time"]))
    word = rng.choice(WORDS)
    quote = rng.choice("'\"")
    return ("constant", quote + word.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote, word)


def make_truth(rng, depth):
    kind = rng.randrange(12 if depth > 0 else 6)
    if kind < 3:
        return ("compare", rng.choice(list(COMPARE)), make_number(rng, depth - 1), make_number(rng, depth - 1))
    if kind == 3:
        return ("compare", rng.choice(list(COMPARE)), make_text(rng), make_text(rng))
    if kind == 4:
        other = make_number(rng, 1) if rng.randrange(2) else make_text(rng)
        return ("compare", rng.choice(["==", "=", "!="]), other, ("constant", "null", None))
    if kind == 5:
        return rng.choice([field(rng, "truth"), ("constant", "true", True), ("constant", "false", False)])
    if kind < 8:
        return ("not", make_truth(rng, depth - 1))
    return (rng.choice(["and", "or"]), make_truth(rng, depth - 1), make_truth(rng, depth - 1))


def write(rng, tree, needed=0):
    kind, *parts = tree
    if kind in ("constant", "field"):
        return parts[0]
    if kind in ("abs", "min", "max"):
        return f"{kind}({', '.join(write(rng, part) for part in parts)})"
    level = PRECEDENCE[kind]
    space = " " * rng.randrange(1, 3)
    if kind == "not":
        text = rng.choice(["not ", "!", "! "]) + write(rng, parts[0], level)
    elif kind == "negate":
        text = "-" + write(rng, parts[0], level)
    elif kind == "compare":
        text = space.join([write(rng, parts[1], 5), parts[0], write(rng, parts[2], 5)])
    else:
        sign = rng.choice({"and": ["and", "&&"], "or": ["or", "||"]}.get(kind, [kind]))
        text = space.join([write(rng, parts[0], level), sign, write(rng, parts[1], level + 1)])
    return f"({text})" if level < needed or rng.randrange(20) == 0 else text


def make_record(rng):
    """JSON text and the values behind it."""
    texts = {}
    for name in FIELDS["number"]:
        texts[name] = rng.choice(["", "-"]) + number_text(rng)
    for name in FIELDS["text"]:
        texts[name] = json.dumps(rng.choice(WORDS), ensure_ascii=rng.randrange(2) == 0)
    for name in FIELDS["truth"]:
        texts[name] = rng.choice(["true", "false"])
    texts["w"] = json.dumps(rng.choice(list(MOMENTS)))
    names = [name for name in texts if rng.randrange(10)]
    rng.shuffle(names)
    values = {}
    for name in names:
        if rng.randrange(10) == 0:
            texts[name] = "null"
        text = texts[name]
        values[name] = read_number(text) if text[0] in "-0123456789" else json.loads(text)
    return '{"type":"bar"' + "".join(f',"{name}":{texts[name]}' for name in names) + "}", values


def main():
    program = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100000
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    wanted = []
    with tempfile.TemporaryFile("w+") as lines:
        for _ in range(count):
            tree = make_truth(rng, 3)
            text, (line, record) = write(rng, tree), make_record(rng)
            try:
                value = evaluate(tree, record)
                answer = "!" if value is not None and not isinstance(value, bool) else "yes" if value else "no"
            except Mismatch:
                answer = "!"
            lines.write(f"{text}\t{line}\n")
            wanted.append((text, line, answer))
        lines.seek(0)
        answers = subprocess.run([program, "operations"], stdin=lines, stdout=subprocess.PIPE, text=True, check=True)
    got = answers.stdout.splitlines()
    wrong = [(w, g) for w, g in zip(wanted, got) if w[2] != g]
    for (text, line, answer), g in wrong[:10]:
        print(f"{text}\n    of {line}: got {g}, wanted {answer}")
    shares = {a: sum(w[2] == a for w in wanted) for a in ("yes", "no", "!")}
    print(f"{count} expressions, {len(got)} answers, {len(wrong)} wrong; wanted {shares}")
    return 0 if len(got) == count and not wrong else 1


sys.exit(main())
