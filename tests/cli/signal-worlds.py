#!/usr/bin/env python3
"""Signals behind the bars of a stream: entries at a stop or limit that moves with the bars, exits by rules.

signal-worlds.py FOLDER < bars.ndjson > stream.ndjson

Every symbol has a level after each bar: long or short for a while, then flat, again and again, in ways that differ by
symbol. FOLDER gets the same by moments: NNN.bars, NNN.orders with the signals, NNN.now with the moment.
"""
import json
import os
import sys

END = '{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}\n'


def exits(number, close):
    """Rules, in turn."""
    stop = {"role": "stop", "order_type": "stop", "offset": round(close * 0.02, 2), "even_after_target": True}
    return [
        [stop, {"role": "target", "order_type": "limit", "r": 0.5, "share": 0.5},
         {"role": "stop", "order_type": "trailing_stop", "trail_percent": 1, "active_r": 0.75}],
        [stop, {"role": "time", "order_type": "market", "bars": 3}],
        [stop, {"role": "target", "order_type": "limit", "r": 1, "fall": 0.2}],
        [],
    ][number % 4]


def level(symbol, number, history):
    """The signal after a bar; None before there is one."""
    bar = history[-1]
    turn, step = divmod(len(history), 12 + number % 3)
    close = float(bar["close"])
    if turn == 0:
        return None
    side = "flat" if step >= 9 else "long" if turn % 2 else "short"
    sign = 1 if side == "long" else -1
    first = history[-1 - step] if side != "flat" else history[-1 - (step - 9)]
    out = {"type": "signal", "time": bar["end"], "symbol": symbol, "id": "g-%s-%d-%s" % (symbol, turn, side),
           "strategy": "worlds", "side": side, "decided": first["end"], "interval": "1d", "price": bar["close"]}
    if side == "flat":
        return out
    out["stop"] = round(close * (1 - sign * 0.05), 2)
    kind = turn % 3
    if kind:
        out["entry"] = "stop" if kind == 1 else "limit"
        reach = 0.002 if kind == 1 else -0.004
        if number == 2: # too far away
            reach = -0.05 if kind == 2 else 0.05
        out["entry_price"] = round(close * (1 + sign * reach * (1 + number % 4)), 2)
        if number % 2:
            out["entry_bars"] = 2
    if (turn + number) % 2: # what is held follows its level
        out["moves"] = True
        out["target"] = round(close * (1 + sign * 0.03), 2)
    rules = exits(turn + number, close)
    if rules:
        out["exits"] = rules
    return out


def main():
    records = [json.loads(line) for line in sys.stdin]
    symbols = sorted({record["symbol"] for record in records if record["type"] == "bar"})
    moments, history = {}, {symbol: [] for symbol in symbols}
    for record in records:
        if record["type"] != "end":
            moments.setdefault(record["end"] if record["type"] == "bar" else record["time"], []).append(record)
    for number, (moment, known) in enumerate(moments.items()):
        signals = []
        for record in known:
            if record["type"] == "bar":
                history[record["symbol"]].append(record)
                signals.append(level(record["symbol"], symbols.index(record["symbol"]), history[record["symbol"]]))
        for name, part in (("bars", known), ("orders", [signal for signal in signals if signal])):
            lines = "".join(json.dumps(record, separators=(",", ":")) + "\n" for record in part)
            sys.stdout.write(lines)
            if lines:
                with open(os.path.join(sys.argv[1], "%03d.%s" % (number, name)), "w") as out:
                    out.write(lines + (END if name == "orders" else ""))
        with open(os.path.join(sys.argv[1], "%03d.now" % number), "w") as out:
            out.write(moment + "\n")
    sys.stdout.write(END)


main()
