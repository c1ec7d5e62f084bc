#!/usr/bin/env python3
"""A strategy in another language: it reads bars and writes signals, and so is a member of the family.

Long while the close is above its mean of N closes, flat otherwise; the stop is as far below as the mean is.

    tn-quote bars -w watch.txt -n 250 | ./mean.py 20 | tn-risk size | tn-order submit
    tn-quote bars -w watch.txt -n 2500 | ./mean.py -p 20 | tn-backtest run --signals | tn-report summary
    tn-stream replay day.ndjson | ./mean.py -p 20 | tn-risk size --session -p | tn-order run
    tn-backtest check --exec './mean.py 20' bars.ndjson

usage: mean.py [-p] [N]      -p: pass the bars on as well, as backtests and sessions need it
"""
import hashlib
import json
import sys
from collections import deque
from datetime import datetime, timedelta

passing = "-p" in sys.argv[1:]
numbers = [word for word in sys.argv[1:] if word != "-p"]
n = int(numbers[0]) if numbers else 20
name = f"mean:n={n}"
minutes = {"1m": 1, "5m": 5, "15m": 15, "30m": 30, "1h": 60}


def write(record):
    # Flushed, because in a live session somebody waits for it.
    print(json.dumps(record, separators=(",", ":")), flush=True)


def known(bar):
    """When the bar became known: its end, written where it is not time + interval."""
    if "end" in bar:
        return bar["end"]
    start = datetime.fromisoformat(bar["time"].replace("Z", "+00:00"))
    end = start + timedelta(minutes=minutes[bar["interval"]])
    return end.strftime("%Y-%m-%dT%H:%M:%SZ")


closes = {}   # the last n closes of each symbol
decision = {}  # side and time of the last decision
written = 0

for line in sys.stdin:
    record = json.loads(line)
    kind = record["type"]
    if kind == "end":
        # Pass on how the input ended; when it did not, nothing of ours says that it did.
        record["counts"] = {"signal": written}
        write(record)
        continue
    if passing or kind not in ("bar", "action"):
        sys.stdout.write(line)
    if kind == "sync":
        sys.stdout.flush()  # with --exec, this is what is waited for
    symbol = record.get("symbol")
    if kind == "action" and record["kind"] == "split":
        closes.pop(symbol, None)  # prices before a split say nothing about prices after it
    if kind != "bar" or record.get("final") is False:
        continue
    window = closes.setdefault(symbol, deque(maxlen=n))
    window.append(record["close"])
    if len(window) < n:
        continue
    mean = sum(window) / n
    close, time = record["close"], known(record)
    side = "long" if close > mean else "flat"
    first = symbol not in decision
    if first or decision[symbol][0] != side:
        decision[symbol] = (side, time, first)
    side, decided, initial = decision[symbol]
    # One id for one decision, however often the level is repeated.
    key = hashlib.sha256(f"{name} {symbol} {side} {decided}".encode()).hexdigest()[:16]
    signal = {"type": "signal", "time": time, "symbol": symbol, "id": key, "strategy": name, "side": side,
              "decided": decided, "interval": record["interval"], "price": close, "reason": {"mean": mean},
              "cause": f"bar/{record['interval']}/{record['time']}/{symbol}"}
    if initial:
        signal["initial"] = True
    if side == "long":
        signal["stop"] = round(2 * mean - close, 2)
    write(signal)
    written += 1
