#!/usr/bin/env python3
"""An independent reading of feeds' frames, for tests/cli/stream-decoders.t.

usage: frames.py make FEED COUNT SEED      frames, one a line ("hex:…" for a binary one), as the feed's server sends them
       frames.py read FEED                 frames on standard input to what tn makes of them, one JSON list a line:
                                           [type, symbol, time in ns, figures as text …]
       frames.py lines                     records of tn on standard input to the same lists
"""
import json, random, struct, sys
from datetime import datetime, timezone
from decimal import Decimal

RECEIVED = 1795530601 * 10**9


def text(number):
    """A decimal, exactly, in one spelling."""
    if number is None:
        return None
    number = Decimal(str(number)).normalize()
    return format(number, "f")


def ns(stamp):
    whole, _, rest = stamp.rstrip("Z").partition(".")
    moment = datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    return int(moment.timestamp()) * 10**9 + int((rest + "000000000")[:9])


def levels(list_of):
    return [[text(a), text(b)] for a, b in list_of]


def emit(*row):
    print(json.dumps(row))


def read_binance(frame):
    data = json.loads(frame, parse_float=Decimal)
    if "data" not in data:
        return
    d = data["data"]
    symbol = d["s"]
    if d.get("e") == "trade":
        if d.get("X", "MARKET") == "MARKET":
            emit("trade", symbol, d["T"] * 10**6, text(d["p"]), text(d["q"]), "sell" if d["m"] else "buy", str(d["t"]))
    elif d.get("e") == "depthUpdate":
        emit("book", symbol, d["E"] * 10**6, levels(d["b"]), levels(d["a"]))
    else:
        emit("quote", symbol, d["T"] * 10**6 if "T" in d else RECEIVED, *(text(d[k]) for k in "bBaA"))


def read_alpaca(frame):
    for d in json.loads(frame, parse_float=Decimal):
        if d["T"] == "t":
            emit("trade", d["S"], ns(d["t"]), text(d["p"]), text(d["s"]), None, str(d["i"]))
        elif d["T"] == "q":
            emit("quote", d["S"], ns(d["t"]), text(d["bp"]) if d["bp"] else None, text(d["bs"]),
                 text(d["ap"]) if d["ap"] else None, text(d["as"]))
        elif d["T"] == "b":
            emit("bar", d["S"], ns(d["t"]), *(text(d[k]) for k in "ohlcv"))


def read_massive(frame):
    for d in json.loads(frame, parse_float=Decimal):
        if d["ev"] == "T":
            emit("trade", d["sym"], d["t"] * 10**6, text(d["p"]), text(d.get("ds", d["s"])), None, d["i"])
        elif d["ev"] == "Q":
            emit("quote", d["sym"], d["t"] * 10**6, text(d.get("bp")), text(d["bs"]), text(d.get("ap")), text(d["as"]))
        elif d["ev"] == "AM":
            emit("bar", d["sym"], d["s"] * 10**6, *(text(d[k]) for k in "ohlcv"))


def read_kraken(frame):
    message = json.loads(frame, parse_float=Decimal)
    for d in message.get("data", []):
        if message["channel"] == "trade":
            emit("trade", d["symbol"], ns(d["timestamp"]), text(d["price"]), text(d["qty"]), d["side"], str(d["trade_id"]))
        elif message["channel"] == "book":
            emit("book", d["symbol"], ns(d["timestamp"]), *([[text(x["price"]), text(x["qty"])] for x in d[k]]
                                                            for k in ("bids", "asks")))


def read_coinbase(frame):
    message = json.loads(frame, parse_float=Decimal)
    for event in message["events"]:
        for d in reversed(event.get("trades", [])):
            emit("trade", d["product_id"].replace("-", "/"), ns(d["time"]), text(d["price"]), text(d["size"]),
                 {"BUY": "sell", "SELL": "buy"}[d["side"]], d["trade_id"])


volumes = {}


def read_kite(frame):
    data = bytes.fromhex(frame[4:])
    count, at = struct.unpack(">H", data[:2])[0], 2
    for _ in range(count):
        size = struct.unpack(">H", data[at:at + 2])[0]
        packet, at = data[at + 2:at + 2 + size], at + 2 + size
        token, last = struct.unpack(">Ii", packet[:8])
        if size != 184:
            continue
        volume, stamp = struct.unpack(">I", packet[16:20])[0], struct.unpack(">I", packet[60:64])[0]
        if token in volumes and volume > volumes[token]:
            emit("trade", "NSE:%d" % token, stamp * 10**9, text(Decimal(last) / 100), text(volume - volumes[token]), None, None)
        volumes[token] = volume
        rows = [struct.unpack(">IiHH", packet[64 + 12 * i:76 + 12 * i]) for i in range(10)]
        bid, ask = rows[0], rows[5]
        emit("quote", "NSE:%d" % token, stamp * 10**9, text(Decimal(bid[1]) / 100), text(bid[0]),
             text(Decimal(ask[1]) / 100), text(ask[0]))


def read_tradier(frame):
    for line in frame.split("\\n"):
        d = json.loads(line, parse_float=Decimal)
        if d["type"] == "timesale":
            emit("trade", d["symbol"], int(d["date"]) * 10**6, text(d["last"]), text(d["size"]), None, str(d["seq"]))
        elif d["type"] == "quote":
            emit("quote", d["symbol"], max(int(d["biddate"]), int(d["askdate"])) * 10**6, text(d["bid"]),
                 text(Decimal(str(d["bidsz"])) * 100), text(d["ask"]), text(Decimal(str(d["asksz"])) * 100))


def lines():
    for line in sys.stdin:
        if not line.startswith("{"):
            continue
        d = json.loads(line, parse_float=Decimal)
        get = lambda key: text(d[key]) if key in d else None
        if d["type"] == "trade":
            emit("trade", d["symbol"], ns(d["time"]), get("price"), get("quantity"), d.get("side"), d.get("id"))
        elif d["type"] == "quote":
            emit("quote", d["symbol"], ns(d["time"]), get("bid"), get("bid_size"), get("ask"), get("ask_size"))
        elif d["type"] == "bar":
            emit("bar", d["symbol"], ns(d["time"]), *(get(k) for k in ("open", "high", "low", "close", "volume")))
        elif d["type"] == "book":
            emit("book", d["symbol"], ns(d["time"]), levels(d["bids"]), levels(d["asks"]))


# --- making

def stamp(time, digits):
    whole = datetime.fromtimestamp(time // 10**9, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    rest = ("%09d" % (time % 10**9))[:digits]
    return whole + ("." + rest if digits else "") + "Z"


def make(feed, count, seed):
    r = random.Random(seed)
    price, volume, number = Decimal("61800.20"), 1000, 5266583935
    for i in range(count):
        time = 1795530600 * 10**9 + i * 37123457
        price = max(Decimal("0.01"), price + Decimal(r.randint(-300, 300)) / 100)
        size = Decimal(r.randint(1, 10**r.randint(1, 9))) / 10**r.randint(0, 8)
        number, kind, ms = number + 1, r.randint(0, 3), time // 10**6
        p, s = r.choice([str(price), "%.8f" % price]), format(size, "f")
        if feed == "binance":
            data = {"e": "trade", "E": ms, "s": "BTCUSDT", "t": number, "p": p, "q": s, "T": ms, "m": r.random() < .5}
            if kind == 1:
                data = {"e": "depthUpdate", "E": ms, "s": "BTCUSDT", "U": number, "u": number,
                        "b": [[str(price - j), s] for j in range(r.randint(0, 30))], "a": [[str(price + 1), "0.00000000"]]}
            elif kind == 2:
                data = {"u": number, "s": "BTCUSDT", "b": p, "B": s, "a": str(price + 1), "A": s}
            print(json.dumps({"stream": "btcusdt@x", "data": data}, separators=r.choice([(",", ":"), (",", ":"), (", ", ": ")])))
        elif feed == "alpaca":
            t = stamp(time, r.choice([0, 3, 6, 9]))
            messages = [{"T": "t", "S": "AAPL", "i": number, "x": "V", "p": float(price), "s": r.randint(1, 1000), "t": t,
                         "c": ["@"], "z": "C"},
                        {"T": "q", "S": "AAPL", "ax": "Q", "ap": float(price), "as": 2, "bx": "P",
                         "bp": r.choice([0, float(price)]), "bs": 100, "c": ["R"], "z": "C", "t": t},
                        {"T": "b", "S": "AAPL", "o": float(price), "h": float(price), "l": float(price), "c": float(price),
                         "v": 12.5, "n": 3, "vw": float(price), "t": stamp(time, 0)}]
            print(json.dumps(r.sample(messages, r.randint(1, 3))))
        elif feed == "massive":
            messages = [{"ev": "T", "sym": "MSFT", "x": 4, "i": str(number), "z": 3, "p": float(price), "s": 40, "ds": s,
                         "c": [37], "t": ms, "q": i},
                        {"ev": "Q", "sym": "MSFT", "bx": 4, "bp": float(price), "bs": 3, "ax": 1, "ap": float(price + 1),
                         "as": 7, "t": ms, "q": i},
                        {"ev": "AM", "sym": "MSFT", "v": 812.0, "o": float(price), "c": float(price), "h": float(price),
                         "l": float(price), "s": ms, "e": ms + 60000}]
            print(json.dumps(r.sample(messages, r.randint(1, 3)), separators=(",", ":")))
        elif feed == "kraken":
            if kind == 1:
                rows = ['{"price":%s,"qty":%s}' % (price - j, s) for j in range(r.randint(0, 10))]
                data = '{"symbol":"BTC/USD","bids":[%s],"asks":[],"checksum":1,"timestamp":"%s"}' % (",".join(rows), stamp(time, 6))
                print('{"channel":"book","type":"update","data":[%s]}' % data)
            else:
                print('{"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","side":"%s","price":%s,"qty":%s,'
                      '"ord_type":"market","trade_id":%d,"timestamp":"%s"}]}'
                      % (r.choice(["buy", "sell"]), p, s, number, stamp(time, 6)))
        elif feed == "coinbase":
            trades = [{"trade_id": str(number * 10 + j), "product_id": "BTC-USD", "price": p, "size": s,
                       "side": r.choice(["BUY", "SELL"]), "time": stamp(time, 6)} for j in range(r.randint(1, 4), 0, -1)]
            print(json.dumps({"channel": "market_trades", "client_id": "", "timestamp": stamp(time, 9), "sequence_num": i,
                              "events": [{"type": "update", "trades": trades}]}, separators=(",", ":")))
        elif feed == "kite":
            volume += r.randint(0, 500)
            last = int(price * 100)
            packet = struct.pack(">IiIiI", 408065, last, 1, last, volume) + struct.pack(">IIiiii", 1, 1, last, last, last, last)
            packet += struct.pack(">IIIII", ms // 1000, 0, 0, 0, ms // 1000)
            packet += b"".join(struct.pack(">IiHH", r.randint(1, 9999), last - 5 * (j + 1) if j < 5 else last + 5 * (j - 4), 1, 0)
                               for j in range(10))
            other = struct.pack(">Ii", 408065, last)
            print("hex:" + (struct.pack(">H", 2) + struct.pack(">H", 8) + other + struct.pack(">H", 184) + packet).hex())
        elif feed == "tradier":
            spell = r.choice([str, float])
            sale = {"type": "timesale", "symbol": "SPY", "exch": "Q", "bid": "1", "ask": "2", "last": spell(price),
                    "size": str(r.randint(1, 900)), "date": str(ms), "seq": i, "flag": "", "cancel": False,
                    "correction": False, "session": "normal"}
            quote = {"type": "quote", "symbol": "SPY", "bid": spell(price), "bidsz": r.randint(0, 60), "bidexch": "M",
                     "biddate": str(ms), "ask": spell(price + 1), "asksz": 6, "askexch": "Z", "askdate": str(ms - 5)}
            print(json.dumps(r.choice([sale, quote])))


def main():
    if sys.argv[1] == "make":
        make(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    elif sys.argv[1] == "lines":
        lines()
    else:
        reader = globals()["read_" + sys.argv[2]]
        for line in sys.stdin:
            reader(line.rstrip("\n"))


main()
