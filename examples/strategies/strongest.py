#!/usr/bin/env python3
"""A strategy that looks at all symbols of a moment, for --exec (tn-strategies(7), PROGRAMS).

Long in the N symbols that have risen most over M bars, flat in the others; the stop is a tenth below the close.

    tn-backtest run --exec './strongest.py 2 60' bars.ndjson | tn-report summary
    tn-backtest sweep --exec './strongest.py {n=2} {m=60}' n=1..3 m=20..120/20 bars.ndjson
    tn-quote bars -w watch.txt -n 250 | tn-signal run --exec './strongest.py 2 60' | tn-risk size | tn-order submit

usage: strongest.py N M
"""
import json
import sys
from collections import deque

n, m = int(sys.argv[1]), int(sys.argv[2])
closes = {}  # the last m + 1 of each symbol
moment = {}  # the closes of this moment

for line in sys.stdin:
    record = json.loads(line)
    kind = record["type"]
    if kind == "action" and record["kind"] == "split":
        closes.pop(record["symbol"], None)  # prices before a split say nothing about prices after it
    elif kind == "bar":
        moment[record["symbol"]] = record["close"]
        closes.setdefault(record["symbol"], deque(maxlen=m + 1)).append(record["close"])
    elif kind == "sync":
        # All bars of the moment are here: rank, answer, and send the line back.
        risen = {s: closes[s][-1] / closes[s][0] - 1 for s in moment if len(closes[s]) > m}
        best = sorted(risen, key=lambda s: (-risen[s], s))[:n]
        for symbol, value in risen.items():
            signal = {"type": "signal", "symbol": symbol, "side": "long" if symbol in best else "flat",
                      "reason": {"risen": value}}
            if symbol in best:
                signal["stop"] = round(moment[symbol] * 0.9, 2)
            print(json.dumps(signal))
        print(line, end="", flush=True)
        moment.clear()
