#!/usr/bin/env python3
"""What signal.t and prefix.t need: a generated market, the indicators by their definitions, and the prefix test.

    indicators.py bars              write the market: two symbols, a split, dividends, records that are no bars
    indicators.py check < OUTPUT    compare `tn-signal add` with the definitions, in exact fractions or 50-digit decimals
    indicators.py prefix CMD…       run CMD on the first k lines of standard input for every k; the outputs, ends aside,
                                must be prefixes of the output on all
    indicators.py moments CMD…      the same for every k at which a moment (all records of one time) is complete, what
                                is said once of all input aside too: what belongs to the moment is written when it has ended
    indicators.py trades            write trades of one morning, for bars to be built from
    indicators.py stream CMD…       feed CMD line by line through a pipe; after each line, what it has written must be what
                                it writes for these lines alone, without the input having ended
    indicators.py live CMD…         feed CMD all lines through a pipe that stays open; what the lines but the last bring must
                                come
"""
import datetime
import decimal
import json
import random
import signal
import subprocess
import sys
from fractions import Fraction

decimal.getcontext().prec = 50
SPLIT_DAY, DIVIDEND_DAYS, DAYS = 60, (90, 120), 160


HOLIDAYS = {"2023-01-02", "2023-01-16", "2023-02-20", "2023-04-07", "2023-05-29", "2023-06-19", "2023-07-04"}


def sessions():
    """The first sessions of the NYSE in 2023."""
    date = datetime.date(2023, 1, 1)
    while True:
        date += datetime.timedelta(1)
        if date.weekday() < 5 and str(date) not in HOLIDAYS:
            yield date


def stamp(date, hour):
    """An hour in New York; summer time began on 12 March."""
    return "%sT%02d:00:00Z" % (date, hour + (4 if date >= datetime.date(2023, 3, 12) else 5))


def bars():
    chance = random.Random(20231120)
    price = {"AAPL": 120.0, "MSFT": 45.0}
    trend = 0.0
    for day, date in zip(range(DAYS), sessions()):
        if day % 25 == 0:
            trend = chance.choice([-0.006, 0.0, 0.006])
        if day == SPLIT_DAY:
            print(json.dumps({"type": "action", "time": stamp(date, 0), "symbol": "AAPL", "id": "s1",
                              "kind": "split", "new": 3, "old": 1}))
            price["AAPL"] /= 3
        if day in DIVIDEND_DAYS:
            print(json.dumps({"type": "action", "time": stamp(date, 0), "symbol": "MSFT", "id": "d%d" % day,
                              "kind": "dividend", "cash": 0.75, "currency": "USD"}))
            price["MSFT"] -= 0.75
        if day % 40 == 7:
            print(json.dumps({"type": "tide", "time": stamp(date, 1), "level": day}))
        for symbol in price:
            start = price[symbol]
            price[symbol] *= 1 + trend + chance.gauss(0, 0.018)
            end = price[symbol]
            high = max(start, end) * (1 + abs(chance.gauss(0, 0.004)))
            low = min(start, end) * (1 - abs(chance.gauss(0, 0.004)))
            # Digits by hand: a price must not be rounded outside its own bar.
            figures = [round(x, 4) for x in (start, max(high, start, end) + 0.0001, min(low, start, end) - 0.0001, end)]
            print('{"type":"bar","time":"%s","symbol":"%s","interval":"1d","open":%s,"high":%s,"low":%s,"close":%s,'
                  '"volume":%d,"end":"%s","mine":{"n":[%d]}}'
                  % (stamp(date, 0), symbol, *figures, chance.randrange(10 ** 6),
                     stamp(date, 16), day))
    print(json.dumps({"type": "end", "status": 0, "complete": True, "failed": {}, "counts": {}}))


def sma(values, n):
    return [None if i < n - 1 else sum(values[i - n + 1:i + 1]) / n for i in range(len(values))]


def smoothed(values, n, weight):
    """Seeded with the mean of the first n that are known."""
    out, known = [], []
    for value in values:
        if value is None:
            out.append(None)
            continue
        known.append(value)
        if len(known) < n:
            out.append(None)
        elif len(known) == n:
            out.append(sum(known) / n)
        else:
            out.append(out[-1] * (1 - weight) + value * weight)
    return out


def ema(values, n):
    return smoothed(values, n, Fraction(2, n + 1))


def minus(a, b):
    return [None if x is None or y is None else x - y for x, y in zip(a, b)]


def rsi(close, n):
    change = [None] + [b - a for a, b in zip(close, close[1:])]
    gain = smoothed([None if c is None else max(c, Fraction(0)) for c in change], n, Fraction(1, n))
    loss = smoothed([None if c is None else max(-c, Fraction(0)) for c in change], n, Fraction(1, n))
    return [None if g is None else 100 - 100 / (1 + g / l) for g, l in zip(gain, loss)]


def atr(high, low, close, n):
    ranges = [None] + [max(high[i] - low[i], abs(high[i] - close[i - 1]), abs(low[i] - close[i - 1]))
                       for i in range(1, len(close))]
    return smoothed(ranges, n, Fraction(1, n))


def root(value):
    return Fraction((decimal.Decimal(value.numerator) / decimal.Decimal(value.denominator)).sqrt())


def bands(close, n, k):
    middle = sma(close, n)
    reach = [None if m is None else k * root(sum((x - m) ** 2 for x in close[i - n + 1:i + 1]) / n)
             for i, m in enumerate(middle)]
    return [None if m is None else m + r for m, r in zip(middle, reach)], middle, minus(middle, reach)


def channel(high, low, n):
    upper = [None if i < n - 1 else max(high[i - n + 1:i + 1]) for i in range(len(high))]
    lower = [None if i < n - 1 else min(low[i - n + 1:i + 1]) for i in range(len(low))]
    return upper, [None if u is None else (u + l) / 2 for u, l in zip(upper, lower)], lower


def expected(rows):
    """rows: (high, low, close, factor) of one symbol; the prices in the basis of the first bar, the factor since then."""
    high, low, close = ([row[i] * row[3] for row in rows] for i in range(3))
    line = minus(ema(close, 5), ema(close, 12))
    signal = smoothed(line, 4, Fraction(2, 5))
    upper, middle, lower = bands(close, 10, Fraction(5, 2))
    top, half, bottom = channel(high, low, 15)
    prices = {"sma_20": sma(close, 20), "ema_9": ema(close, 9), "macd_5_12_4": line, "macd_5_12_4_signal": signal,
              "macd_5_12_4_histogram": minus(line, signal), "atr_7": atr(high, low, close, 7),
              "bbands_10_2.5_upper": upper, "bbands_10_2.5_middle": middle, "bbands_10_2.5_lower": lower,
              "donchian_15_upper": top, "donchian_15_middle": half, "donchian_15_lower": bottom}
    out = {name: [None if v is None else v / row[3] for v, row in zip(values, rows)]
           for name, values in prices.items()}
    out["rsi_14"] = rsi(close, 14)
    return out


def check():
    rows, got, factor = {}, {}, {}
    for text in sys.stdin:
        record = json.loads(text, parse_float=str)
        if record["type"] == "action":
            symbol = record["symbol"]
            before = factor.get(symbol, Fraction(1))
            if record["kind"] == "split":
                factor[symbol] = before * Fraction(record["new"], record["old"])
            else:
                close = rows[symbol][-1][2]
                factor[symbol] = before / (1 - Fraction(record["cash"]) / close)
        if record["type"] == "bar":
            symbol = record["symbol"]
            rows.setdefault(symbol, []).append(tuple(Fraction(record[k]) for k in ("high", "low", "close"))
                                               + (factor.get(symbol, Fraction(1)),))
            got.setdefault(symbol, []).append(record)
    compared = 0
    for symbol, records in got.items():
        for name, values in expected(rows[symbol]).items():
            for i, (record, value) in enumerate(zip(records, values)):
                written = record[name]
                if value is None or written is None:
                    assert value is None and written is None, (symbol, name, i, written, value)
                    continue
                scale = 100 if name == "rsi_14" else float(rows[symbol][i][2])
                assert abs(float(Fraction(written) - value)) <= 1e-12 * scale, (symbol, name, i, written, float(value))
                compared += 1
    assert compared > 3000, compared
    print(compared, "figures agree")


# What is said once, of all the input.
LAST = b'{"type":"end"', b'{"type":"result"', b'{"type":"position"'


def without_end(output):
    return b"".join(line for line in output.splitlines(True) if not line.startswith(LAST))


def trades():
    chance = random.Random(20231120)
    price, second = 150.0, 9 * 3600 + 30 * 60
    for i in range(300):
        second += chance.choice([0, 1, 5, 20, 90])
        price *= 1 + chance.gauss(0, 0.0005)
        print('{"type":"trade","time":"2023-02-01T%02d:%02d:%02d.%03dZ","symbol":"AAPL","price":%.2f,"quantity":%d}'
              % (second // 3600 + 5, second // 60 % 60, second % 60, i, price, chance.randrange(1, 300)))


def moment_ends(lines):
    times = [json.loads(line).get("time", "") for line in lines]
    return [k for k in range(1, len(lines)) if times[k - 1] != times[k]]


def prefix(command, moments=False):
    lines = sys.stdin.buffer.read().splitlines(True)
    whole = without_end(subprocess.run(command, input=b"".join(lines), stdout=subprocess.PIPE).stdout)
    assert whole.count(b"\n") > 50, "hardly any output"
    before = 0
    for k in moment_ends(lines) if moments else range(len(lines) + 1):
        part = without_end(subprocess.run(command, input=b"".join(lines[:k]), stdout=subprocess.PIPE).stdout)
        assert whole.startswith(part), "the output on the first %d lines is no prefix" % k
        assert len(part) >= before, "line %d takes output back" % k
        before = len(part)
    print(len(lines), "lines and every prefix")


def stream(command):
    """A heartbeat after every line comes out when all that was before it is out: no need to guess how long to wait."""
    lines = [line for line in sys.stdin.buffer.read().splitlines(True) if not line.startswith(b'{"type": "end"')]
    whole = without_end(subprocess.run(command, input=b"".join(lines), stdout=subprocess.PIPE).stdout)
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    out = b""
    for k, line in enumerate(lines):
        beat = b'{"type":"heartbeat","time":"2030-01-01T00:00:00Z","source":"test","last":"2030-01-01T00:00:00Z"}\n'
        child.stdin.write(line + beat)
        child.stdin.flush()
        while True:
            got = child.stdout.readline()
            assert got, "the program ended at line %d" % k
            if got == beat:
                break
            out += got
        assert whole.startswith(out), "after line %d" % k
    child.stdin.close()
    assert out == whole, "something came only at the end"
    child.wait()
    print(len(lines), "steps")


def live(command):
    """All lines are written and the pipe stays open: what the moments before the last one bring must be out by then."""
    lines = [line for line in sys.stdin.buffer.read().splitlines(True) if not line.startswith(b'{"type": "end"')]
    last = json.loads(lines[-1])["time"]
    ended = [line for line in lines if json.loads(line)["time"] != last]
    before = subprocess.run(command, input=b"".join(ended), stdout=subprocess.PIPE).stdout.splitlines(True)
    want = [line for line in before if not line.startswith(LAST)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    child.stdin.write(b"".join(lines))
    child.stdin.flush()
    signal.alarm(60)  # a line that does not come is waited for
    for k, line in enumerate(want):
        got = child.stdout.readline()
        assert got == line, "line %d: %r instead of %r" % (k + 1, got, line)
    child.stdin.close()
    child.stdout.read()
    child.wait()
    print(len(want), "lines")


if __name__ == "__main__":
    if sys.argv[1] in ("prefix", "moments"):
        prefix(sys.argv[2:], sys.argv[1] == "moments")
    elif sys.argv[1] == "stream":
        stream(sys.argv[2:])
    elif sys.argv[1] == "live":
        live(sys.argv[2:])
    else:
        {"bars": bars, "trades": trades, "check": check}[sys.argv[1]]()
