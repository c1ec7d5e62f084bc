#!/usr/bin/env python3
"""Puts orders of every type and time in force behind the bars of a stream, each from a position of its own.

order-worlds.py SEED FOLDER < bars.ndjson > stream.ndjson

A round is an entry of one kind and, some days later, an exit of another, so that all kinds are tried on both sides.
Prices lie near the close, so that most fill within days. Nothing here knows how anything fills. FOLDER gets the same by
moments: NNN.bars, NNN.orders where there are any, and in NNN.now when that was.
"""
import datetime
import json
import os
import random
import sys

KINDS = [("market", tif) for tif in ("day", "gtc", "ioc", "fok", "opg", "cls")]
KINDS += [("limit", tif) for tif in ("day", "gtc", "gtd", "ioc", "fok", "opg", "cls")]
KINDS += [(kind, tif) for kind in ("stop", "stop_limit", "trailing_stop", "market_if_touched", "limit_if_touched")
          for tif in ("day", "gtc", "gtd")]
KINDS += [("market_on_open", None), ("market_on_close", None)]


def price(rng, close, toward):
    """On a cent, up to 2 % away from the close: above it for toward > 0."""
    return round(close * (1 + toward * rng.uniform(0.001, 0.02)), 2)


def order(rng, name, bar, later, side, role, kind, tif):
    sign = 1 if side in ("buy", "buy_to_cover") else -1
    close = float(bar["close"])
    out = {"type": "order", "time": bar["end"], "symbol": bar["symbol"], "id": name, "side": side, "quantity": 100,
           "order_type": kind, "role": role, "strategy": "hand-" + name.split("-")[0], "reference_price": bar["close"]}
    if tif is not None:
        out["time_in_force"] = tif
    if tif == "gtd":
        out["expires"] = later.get("session", later["end"][:10])
    if kind == "limit":
        out["limit_price"] = price(rng, close, -sign)
    if kind in ("stop", "stop_limit"):
        out["stop_price"] = price(rng, close, sign)
    if kind in ("market_if_touched", "limit_if_touched"):
        out["stop_price"] = price(rng, close, -sign)
    if kind in ("stop_limit", "limit_if_touched"):
        out["limit_price"] = round(out["stop_price"] * (1 + rng.choice((-0.005, 0, 0.005))), 2)
    if kind == "trailing_stop":
        way = rng.randrange(3)
        if way == 0:
            out["trail_amount"] = round(close * rng.uniform(0.005, 0.03), 2)
        elif way == 1:
            out["trail_percent"] = rng.choice((0.5, 1, 2.25))
        else:
            out["trail_atr"], out["atr"] = rng.choice((0.5, 1.5)), round(close * 0.01, 4)
        if rng.random() < 0.3:
            out["stop_price"] = price(rng, close, sign)
    return out


def legs(rng, entry, bar):
    sign = 1 if entry["side"] == "buy" else -1
    close = float(bar["close"])
    kind = rng.choice(("stop", "stop_limit", "trailing_stop"))
    stop = {"role": "stop", "order_type": kind}
    if kind == "trailing_stop":
        stop["trail_percent"] = 3
    else:
        stop["stop_price"] = round(close * (1 - sign * 0.04), 2)
    if kind == "stop_limit":
        stop["limit_price"] = stop["stop_price"]
    kind = rng.choice(("limit", "market_if_touched", "limit_if_touched"))
    target = {"role": "target", "order_type": kind}
    if kind != "market_if_touched":
        target["limit_price"] = round(close * (1 + sign * 0.04), 2)
    if kind != "limit":
        target["stop_price"] = round(close * (1 + sign * 0.04), 2)
    entry["legs"] = [stop, target][:rng.choice((1, 2, 2))]
    if rng.random() < 0.5:
        return
    # Exits that go by R, shares, age and time.
    entry["interval"] = "1d"
    share = rng.choice((0.3, 0.5))
    rules = [
        {"role": "target", "order_type": "limit", "r": 0.5, "share": share},
        {"role": "target", "order_type": "limit", "r": 1.5, "fall": 0.1},
        {"role": "stop", "order_type": "trailing_stop", "trail_percent": 1.5, "active_r": 0.5},
        rng.choice(({"role": "time", "order_type": "market", "bars": rng.randrange(1, 6)},
                    {"role": "time", "order_type": "market", "sessions": rng.randrange(1, 6)},
                    {"role": "time", "order_type": "market", "time_in_force": "cls"})),
    ]
    even = rng.choice(({"even_r": 0.5}, {"even_after_target": True}, {}))
    first = {"role": "stop", "order_type": "stop", "offset": round(close * 0.03, 2), **even}
    entry["legs"] = [first] + rng.sample(rules, rng.randrange(1, 5))


def main():
    rng, others = random.Random(int(sys.argv[1])), random.Random(1000 + int(sys.argv[1]))
    records = [json.loads(line) for line in sys.stdin]
    bars = [record for record in records if record["type"] == "bar"]
    for bar in bars: # of hours: it ends with its interval
        ends = datetime.datetime.fromisoformat(bar["time"][:-1]) + datetime.timedelta(hours=1)
        bar.setdefault("end", ends.strftime("%Y-%m-%dT%H:%M:%SZ"))
    by_symbol = {}
    for bar in bars:
        by_symbol.setdefault(bar["symbol"], []).append(bar)
    orders = {}
    market = ("market", "gtc")
    rounds = [pair for kind in KINDS for pair in ((kind, market), (market, kind), (market, kind), (kind, rng.choice(KINDS)))]
    rounds += 3 * [(market, kind) for kind in KINDS[-2:]]
    for number, (enter, leave) in enumerate(rounds):
        series = rng.choice(list(by_symbol.values()))
        at = rng.randrange(5, len(series) - 20)
        side = rng.choice(("buy", "sell_short"))
        entry = order(rng, "%d-in" % number, series[at], series[at + 2], side, "entry", *enter)
        if rng.random() < 0.4:
            legs(rng, entry, series[at])
        orders.setdefault(entry["time"], []).append(entry)
        if "legs" not in entry and leave == market and others.random() < 0.5: # an exit that is sent when the entry has filled
            after = order(others, "%d-oto" % number, series[at], series[at + 6], "sell" if side == "buy" else "buy_to_cover",
                          "exit", others.choice(("limit", "stop", "market")), "gtc")
            after["oto"] = entry["id"]
            orders[entry["time"]].append(after)
        for attempt in range(3):
            bar = series[at + 3 + 3 * attempt]
            out = order(rng, "%d-out-%d" % (number, attempt), bar, series[at + 5 + 3 * attempt],
                        "sell" if side == "buy" else "buy_to_cover", "exit", *(leave if attempt < 2 else ("market", "gtc")))
            out["reduce_only"] = True
            orders.setdefault(out["time"], []).append(out)
        if rng.random() < 0.1:
            orders.setdefault(series[at + 1]["end"], []).append(
                {"type": "cancel", "time": series[at + 1]["end"], "order_id": entry["id"], "reason": "by hand"})
    moments = {}
    for record in records:
        if record["type"] != "end":
            moments.setdefault(record["end"] if record["type"] == "bar" else record["time"], []).append(record)
    for number, (moment, known) in enumerate(moments.items()):
        parts = {"bars": known, "orders": orders.get(moment, [])}
        for name, part in parts.items():
            lines = "".join(json.dumps(record, separators=(",", ":")) + "\n" for record in part)
            sys.stdout.write(lines)
            if lines:
                end = '{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}\n' if name == "orders" else ""
                with open(os.path.join(sys.argv[2], "%03d.%s" % (number, name)), "w") as out:
                    out.write(lines + end)
        with open(os.path.join(sys.argv[2], "%03d.now" % number), "w") as out:
            out.write(moment + "\n")


main()
