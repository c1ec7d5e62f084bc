"""Compares the arithmetic of test-dec and test-num with Python's whole numbers and floats, which share no code with it.

usage: arithmetic.py dec|num PROGRAM [COUNT [SEED]]

Gives COUNT random operations to `PROGRAM operations`; prints the first that differ and exits 1 if any does.
"""

import random
import struct
import subprocess
import sys
import tempfile

ONE = 10**8
MAX = 2**63 - 1
HALF_EVEN, HALF_UP, DOWN, UP, FLOOR, CEILING = range(6)


def divide(n, d, rounding):
    """n / d as a whole number; d != 0."""
    if d < 0:
        n, d = -n, -d
    floor, rest = divmod(n, d)
    if rest == 0 or rounding == FLOOR:
        return floor
    if rounding == CEILING:
        return floor + 1
    if rounding == DOWN:
        return floor + (n < 0)
    if rounding == UP:
        return floor + (n > 0)
    if 2 * rest != d:
        return floor + (2 * rest > d)
    if rounding == HALF_UP:
        return floor + (n > 0)
    return floor + (floor & 1)


def shown(value):
    return str(value) if -MAX <= value <= MAX else "!"


def units(rng):
    """A decimal, in units: of any size, often round."""
    bits = rng.getrandbits(16)
    size = rng.getrandbits(1 + bits % 63)
    if bits & 0x300 == 0:
        size = size % 10**9 * 10**6
        if size > MAX:
            size = MAX
    elif bits & 0x7C00 == 0x400:
        size = MAX - (size & 3)
    return -size if bits & 0x8000 else size


def plain(value):
    """Shortest plain text of value units."""
    sign, size = ("-", -value) if value < 0 else ("", value)
    whole, fraction = divmod(size, ONE)
    return sign + (f"{whole}.{fraction:08d}".rstrip("0") if fraction else str(whole))


def odd_text(rng):
    """Number text with any number of digits, and its value as n / d."""
    digits = rng.getrandbits(1 + rng.getrandbits(7) % 90)
    if rng.getrandbits(2) == 0:
        digits = (2 * rng.getrandbits(40) + 1) * 5 * 10 ** (rng.getrandbits(5))
    text = str(digits)
    places = rng.getrandbits(4)
    exponent = 0
    if places:
        text = text.rjust(places + 1, "0")
        text = text[:-places] + "." + text[-places:]
    if rng.getrandbits(1):
        exponent = rng.getrandbits(5) - 16
        text += f"e{exponent}" if rng.getrandbits(1) or exponent < 0 else f"E+{exponent}"
    if rng.getrandbits(1):
        text, digits = "-" + text, -digits
    power = exponent - places
    return text, digits * 10 ** max(power, 0), 10 ** max(-power, 0)


def dec_operation(rng):
    kind = rng.getrandbits(8) % 11
    rounding = rng.getrandbits(8) % 6
    a = units(rng)
    if kind == 0:
        return f"f {a}", plain(a)
    if kind == 1:
        return f"p {plain(a)}", str(a)
    if kind == 2:
        text, n, d = odd_text(rng)
        value, rest = divmod(n * ONE, d)
        return f"p {text}", shown(value) if rest == 0 else "!"
    if kind == 3:
        text, n, d = odd_text(rng)
        value = divide(n * ONE, d, HALF_EVEN)
        cut = " cut" if n * ONE % d and -MAX <= value <= MAX else ""
        return f"q {text}", shown(value) + cut
    if kind == 4:
        return f"t {a}", struct.pack(">d", a / ONE).hex()
    if kind == 5:
        double = struct.unpack("<d", rng.randbytes(8))[0] if rounding == 0 else a / ONE
        if rounding == 1:
            double = rng.getrandbits(53) * 2.0 ** (rng.getrandbits(7) - 90)
        if rounding == 2:
            double = (2 * rng.getrandbits(20) + 1) / 1024  # often exact, often a tie
        rounding = rng.getrandbits(8) % 6
        bits = struct.unpack("<Q", struct.pack("<d", double))[0]
        if double != double or double in (float("inf"), float("-inf")):
            return f"d {bits:x} {rounding}", "!"
        n, d = double.as_integer_ratio()
        return f"d {bits:x} {rounding}", shown(divide(n * ONE, d, rounding))
    b = units(rng)
    if kind == 6:
        return f"+ {a} {b}", shown(a + b)
    if kind == 7:
        return f"- {a} {b}", shown(a - b)
    if kind == 8:
        if rng.getrandbits(2) == 0:
            c, d = units(rng), units(rng)
            if rng.getrandbits(1):
                c = 10 ** (abs(c) % 11) if d & 1 else abs(c) or 1
                if abs(a * b) < 2**90:
                    return f"a {a} {b} {c}", shown(divide(a * b, ONE * c, HALF_EVEN) * c)
            return f"n {a} {b} {c} {d}", shown(divide(a * b + c * d, ONE, HALF_EVEN))
        return f"* {a} {b} {rounding}", shown(divide(a * b, ONE, rounding))
    if kind == 9:
        if rng.getrandbits(1):
            b = abs(b) or 1
            return f"r {a} {b} {rounding}", shown(divide(a, b, rounding) * b)
        return f"/ {a} {b} {rounding}", shown(divide(a * ONE, b, rounding)) if b else "!"
    c = units(rng)
    return f"m {a} {b} {c} {rounding}", shown(divide(a * b, c, rounding)) if c else "!"


def digits_of(text):
    """Significant digits without zeros at either end."""
    return text.lstrip("-").split("e")[0].replace(".", "").strip("0")


def num_operation(rng):
    """A line, and what answers it; for `f` the double itself."""
    kind = rng.getrandbits(3)
    bits = rng.getrandbits(64)
    if kind == 0:  # small exponents: what markets write
        bits = bits & 0x800FFFFFFFFFFFFF | (1023 - 30 + rng.getrandbits(6)) << 52
    elif kind == 1:  # subnormal
        bits &= 0x800FFFFFFFFFFFFF
        bits >>= rng.getrandbits(6) % 52
    elif kind == 2:  # powers of two and their neighbours
        bits = (bits & 0xFFF0000000000000) + rng.getrandbits(2)
    elif kind == 3:  # short decimals
        value = rng.getrandbits(30) / 10 ** (rng.getrandbits(3) + 1)
        bits = struct.unpack("<Q", struct.pack("<d", value))[0]
    elif kind == 4:
        text, _, _ = odd_text(rng)
        return f"p {text}", text
    elif kind == 5:  # near the middle between two doubles
        value = struct.unpack("<d", struct.pack("<Q", bits & 0x7FFFFFFFFFFFFFFF))[0]
        text = f"{value:.{rng.getrandbits(5)}e}"
        return (f"p {text}", text) if "n" not in text else ("p 1", "1")
    if bits >> 52 & 0x7FF == 0x7FF:
        bits ^= 1 << 62
    return f"f {bits:x}", struct.unpack("<d", struct.pack("<Q", bits))[0]


def num_agrees(wanted, answer):
    if isinstance(wanted, str):
        value = float(wanted)
        if value in (float("inf"), float("-inf")):
            return answer == "!"
        return answer == struct.pack(">d", value).hex()
    return struct.pack("<d", float(answer)) == struct.pack("<d", wanted) and digits_of(answer) == digits_of(repr(wanted))


def main():
    what, program = sys.argv[1:3]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 1000000
    rng = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 1)
    operation = dec_operation if what == "dec" else num_operation
    agrees = (lambda wanted, answer: wanted == answer) if what == "dec" else num_agrees
    wanted = []
    with tempfile.TemporaryFile("w+") as lines:
        for _ in range(count):
            line, answer = operation(rng)
            lines.write(line + "\n")
            wanted.append((line, answer))
        lines.seek(0)
        answers = subprocess.run([program, "operations"], stdin=lines, stdout=subprocess.PIPE, text=True, check=True)
    got = answers.stdout.splitlines()
    wrong = [(w, g) for w, g in zip(wanted, got) if not agrees(w[1], g)]
    for (line, answer), g in wrong[:10]:
        print(f"{line}: got {g}, wanted {answer!r}")
    print(f"{count} operations, {len(got)} answers, {len(wrong)} wrong")
    return 0 if len(got) == count and not wrong else 1


sys.exit(main())
