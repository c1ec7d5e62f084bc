"""Live feeds for tests/servers/websocket.py --module: a market that trades all the time, told as Binance, Kraken,
Alpaca, Massive or Kite tell it, with what goes wrong on such a day. Kite counts hundredths: it has no broken quantities.

arguments: FOLDER [FAULT…]

FOLDER/truth gets every trade, "symbol time-in-ns price quantity id" a line. A fault is SECONDS:WHAT, counted from the
first subscription: cut (no close), close=CODE, silent=SECONDS (nothing is sent, pings are not answered), hang=SECONDS
(nothing is sent, pings are answered), twice (the last ten trades again), skip (three trades are left out), swap (two
trades in the wrong order), leap (one trade has a number far above the others, and then they go on), refuse (the next three connections get a 503), bad (a frame that makes no sense), flood=N
(N trades at once; FOLDER/told is there when they are out). REST: /api/v3/klines of the same trades (interval 1s or 1m), so that what was missed can be asked
for. past=SECONDS: there was trading before; rate=SECONDS: the pause between two trades; late=SECONDS: Kraken confirms so late.
"""
import json, os, random, socket, struct, sys, threading, time, urllib.parse
from datetime import datetime, timezone
from websocket_server import Closed

folder, faults, trades, lock = "", [], {}, threading.Lock()
started, refusing, rate, past, late = [0.0], [0], 0.02, 0, 0.0
condition = threading.Condition(lock)
tokens = {"NSE:INFY": 408065, "NSE:RELIANCE": 738561}
by_token = {token: name for name, token in tokens.items()}


def setup(arguments):
    global folder, rate, past, late
    folder = arguments[0]
    for word in arguments[1:]:
        if word.startswith("rate="):
            rate = float(word[5:])
            continue
        if word.startswith("past="):
            past = int(word[5:])
            continue
        if word.startswith("late="):
            late = float(word[5:])
            continue
        at, _, what = word.partition(":")
        what, _, value = what.partition("=")
        faults.append([float(at), what, float(value or 0)])
    faults.sort()


def add(symbol, count=1, ago=0):
    """New trades of a symbol, or such of some seconds ago; the caller holds the lock."""
    known = trades[symbol]
    r = known["random"]
    with open(os.path.join(folder, "truth"), "a") as out:
        for _ in range(count):
            now = time.time_ns() // 10**6 * 10**6 - int(ago * 10**9)
            known["price"] = max(100, known["price"] + r.randint(-30, 30))
            known["id"] += 1
            trade = (now, known["price"] / 100, r.randint(1, 500) / 100, known["id"], r.random() < 0.5)
            known["list"].append(trade)
            out.write("%s %d %.2f %.2f %d\n" % (symbol, *trade[:4]))
    condition.notify_all()


def trade_on():
    while True:
        time.sleep(rate)
        with lock:
            for symbol in list(trades):
                add(symbol)


def watch(symbol):
    with lock:
        if symbol not in trades:
            trades[symbol] = {"list": [], "price": 10000 + 100 * len(trades), "id": 1000, "random": random.Random(symbol)}
            for i in range(4 * past, 0, -1):
                add(symbol, ago=i / 4)
        if not started[0]:
            started[0] = time.time()
            threading.Thread(target=trade_on, daemon=True).start()


def stamp(ns):
    return datetime.fromtimestamp(ns // 10**9, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S") + ".%06dZ" % (ns % 10**9 // 1000)


class Feed:
    def __init__(self, peer):
        self.peer, self.cursor, self.silent_until = peer, {}, 0

    def follow(self, symbol):
        watch(symbol)
        with lock:
            self.cursor.setdefault(symbol, len(trades[symbol]["list"]))

    def binance(self, symbol, t):
        data = {"e": "trade", "E": t[0] // 10**6, "s": symbol, "t": t[3], "p": "%.2f" % t[1], "q": "%.2f" % t[2],
                "T": t[0] // 10**6, "m": t[4]}
        # /ws is the raw stream, /stream the combined one
        self.peer.json(data if self.peer.path.startswith("/ws") else {"stream": symbol.lower() + "@trade", "data": data})

    def kraken(self, symbol, t, kind="update"):
        self.peer.text('{"channel":"trade","type":"%s","data":[{"symbol":"%s","side":"%s","price":%.2f,"qty":%.8f,'
                       '"ord_type":"market","trade_id":%d,"timestamp":"%s"}]}'
                       % (kind, symbol, "sell" if t[4] else "buy", t[1], t[2], t[3], stamp(t[0])))

    def alpaca(self, symbol, t):
        self.peer.json([{"T": "t", "S": symbol, "i": t[3], "x": "V", "p": t[1], "s": t[2], "t": stamp(t[0]), "c": ["@"],
                         "z": "C"}])

    def massive(self, symbol, t):
        ms = t[0] // 10**6
        self.peer.json([{"ev": "T", "sym": symbol, "x": 4, "i": str(t[3]), "z": 3, "p": t[1], "s": int(t[2]),
                         "ds": "%.2f" % t[2], "c": [], "t": ms, "q": t[3], "pt": ms}])

    def kite(self, symbol, t):
        """A packet of mode full: the state behind this trade, with one order a side."""
        with lock:
            done = [one for one in trades[symbol]["list"] if one[3] <= t[3]]
        prices, volume = [round(one[1] * 100) for one in done], sum(round(one[2] * 100) for one in done)
        last, seconds = round(t[1] * 100), t[0] // 10**9
        packet = struct.pack(">16I", tokens[symbol], last, round(t[2] * 100), sum(prices) // len(prices), volume, 10, 10,
                             prices[0], max(prices), min(prices), prices[0], seconds, 0, 0, 0, seconds)
        for price in (last - 5, last + 5):
            packet += struct.pack(">IIHH", 10, price, 1, 0) + bytes(48)
        self.peer.frame(2, struct.pack(">HH", 1, len(packet)) + packet)

    def fault(self):
        """The next one that is due, for whoever sends."""
        with lock:
            if not started[0] or not faults or time.time() - started[0] < faults[0][0]:
                return None, 0
            return faults.pop(0)[1:]

    def send(self, tell):
        """Trades as they happen, and what goes wrong."""
        while True:
            what, value = self.fault()
            if what == "cut":
                self.peer.connection.shutdown(socket.SHUT_RDWR)
                raise Closed("cut")
            if what == "refuse":
                refusing[0] = 3
            if what == "close":
                self.peer.frame(8, int(value).to_bytes(2, "big"))
                raise Closed("close")
            if what == "silent":
                self.peer.mute = True
                self.silent_until = time.time() + value
            if what == "hang":
                self.silent_until = time.time() + value
            if what == "bad":
                self.peer.text('{"stream":"x@trade","data":{"e":"trade","s":"%s","p":nonsense}}' % list(self.cursor)[0])
            if what == "flood":
                with lock:
                    for symbol in self.cursor:
                        add(symbol, int(value))
            todo = []
            with lock:
                condition.wait(0.2)
                for symbol, at in self.cursor.items():
                    known = trades[symbol]["list"]
                    new = known[at:]
                    self.cursor[symbol] = len(known)
                    if what == "twice":
                        new = known[max(0, at - 10):]
                    if what == "skip":
                        new = known[at + 3:] if len(known) > at + 3 else []
                        self.cursor[symbol] = max(len(known), at + 3)
                    if what == "leap" and new:
                        new[0] = (*new[0][:3], 10**15, new[0][4])
                    if what == "swap":
                        new = new[::-1]
                    todo += [(symbol, trade) for trade in new]
            if time.time() < self.silent_until:
                continue # what happens meanwhile is never told
            for symbol, trade in todo:
                tell(symbol, trade)
            if what == "flood":
                open(os.path.join(folder, "told"), "w").close()

    def beat(self):
        """Kite's heartbeat: one byte a second."""
        try:
            while True:
                self.peer.frame(2, b"\0")
                time.sleep(1)
        except OSError:
            pass

    def listen(self, words):
        """What the client says, in a thread of its own."""
        try:
            while True:
                _, payload = self.peer.receive(pong=not getattr(self.peer, "mute", False))
                words(json.loads(payload))
        except (Closed, OSError, AssertionError):
            try:
                self.peer.connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def serve(peer, path):
    if refusing[0] > 0:
        refusing[0] -= 1
        peer.raw(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
        return
    feed = Feed(peer)
    if path.startswith("/?") and "api_key=kitekey&access_token=canary-token" not in path:
        peer.raw(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        return
    peer.accept(connection="Upgrade") # Massive's client takes no list
    ready = threading.Event()

    if path.startswith(("/stream", "/ws")):
        def words(message):
            for name in message["params"]:
                symbol, _, kind = name.partition("@")
                if message["method"] == "SUBSCRIBE" and kind == "trade":
                    feed.follow(symbol.upper())
                elif message["method"] == "UNSUBSCRIBE":
                    feed.cursor.pop(symbol.upper(), None)
            peer.json({"result": None, "id": message["id"]})
            ready.set()
        tell = feed.binance
    elif path.startswith("/v2/iex"):
        peer.json([{"T": "success", "msg": "connected"}])

        def words(message):
            if message["action"] == "auth":
                good = message["key"] == "PKTEST" and message["secret"] == "canary-secret"
                peer.json([{"T": "success", "msg": "authenticated"} if good
                           else {"T": "error", "code": 402, "msg": "auth failed"}])
                return
            asked = [s for s in message.get("trades", []) if s != "NOPE"]
            for symbol in asked:
                feed.follow(symbol)
            peer.json([{"T": "subscription", "trades": sorted(feed.cursor), "quotes": [], "bars": []}])
            ready.set()
        tell = feed.alpaca
    elif path.startswith("/stocks"):
        peer.json([{"ev": "status", "status": "connected", "message": "Connected Successfully"}])
        known = []

        def words(message):
            if message["action"] == "auth":
                known[:] = [1] if message["params"] == "canary-key" else []
                peer.json([{"ev": "status", "status": "auth_success", "message": "authenticated"} if known
                           else {"ev": "status", "status": "auth_failed", "message": "authentication failed"}])
                return
            answers = []
            for topic in message["params"].split(","):
                kind, _, symbol = topic.partition(".")
                if message["action"] == "unsubscribe":
                    feed.cursor.pop(symbol, None)
                    answers.append(("success", "unsubscribed to: " + topic))
                elif known and kind == "T" and ":" not in symbol:
                    feed.follow(symbol)
                    answers.append(("success", "subscribed to: " + topic))
                else:
                    answers.append(("error", "not authorized to subscribe to: " + topic))
            peer.json([{"ev": "status", "status": status, "message": text} for status, text in answers])
            ready.set()
        tell = feed.massive
    elif path.startswith("/?"):
        threading.Thread(target=feed.beat, daemon=True).start()

        def words(message):
            if message["a"] == "subscribe": # nothing confirms
                for token in message["v"]:
                    feed.follow(by_token[token])
            elif message["a"] == "unsubscribe":
                for token in message["v"]:
                    feed.cursor.pop(by_token[token], None)
            elif message["v"][0] == "full":
                ready.set()
        tell = feed.kite
    else:
        peer.json({"channel": "status", "type": "update", "data": [{"system": "online", "api_version": "v2"}]})

        def words(message):
            for symbol in message["params"]["symbol"]:
                if symbol.startswith("NO"):
                    peer.json({"method": "subscribe", "success": False, "symbol": symbol,
                               "error": "Currency pair not supported " + symbol})
                    continue
                watch(symbol)
                time.sleep(late)
                with lock:
                    known = trades[symbol]["list"]
                    feed.cursor[symbol] = len(known)
                    last = known[-50:]
                peer.json({"method": "subscribe", "success": True, "result": {"channel": "trade", "symbol": symbol}})
                for trade in last:
                    feed.kraken(symbol, trade, "snapshot")
            ready.set()
        tell = feed.kraken
    threading.Thread(target=feed.listen, args=(words,), daemon=True).start()
    ready.wait(30)
    feed.send(tell)


def http(peer, method, path, headers, body):
    """Klines of the trades there were; the tokens of Kite's instruments."""
    if path.startswith("/quote/ltp?"):
        asked = [name for key, name in urllib.parse.parse_qsl(path.partition("?")[2]) if key == "i" and name in tokens]
        good = headers.get("authorization") == "token kitekey:canary-token"
        text = json.dumps({"status": "success", "data": {name: {"instrument_token": tokens[name], "last_price": 100.0}
                                                         for name in asked}} if good else
                          {"status": "error", "error_type": "TokenException", "message": "Incorrect `api_key` or `access_token`."}).encode()
        peer.raw(b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                 % (b"200 OK" if good else b"403 Forbidden", len(text)) + text)
        return
    query = dict(word.split("=", 1) for word in path.partition("?")[2].split("&") if "=" in word)
    if not path.startswith("/api/v3/klines"):
        peer.raw(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        return
    size = {"1s": 10**9, "1m": 60 * 10**9}[query["interval"]]
    watch(query["symbol"])
    first, last = int(query["startTime"]) * 10**6, int(query["endTime"]) * 10**6
    rows = {}
    with lock:
        for t in trades.get(query["symbol"], {"list": []})["list"]:
            start = t[0] // size * size
            if first <= start <= last:
                rows.setdefault(start, []).append(t)
    answer = []
    for start in sorted(rows):
        part = rows[start]
        answer.append([start // 10**6, "%.2f" % part[0][1], "%.2f" % max(t[1] for t in part),
                       "%.2f" % min(t[1] for t in part), "%.2f" % part[-1][1], "%.2f" % sum(t[2] for t in part),
                       (start + size) // 10**6 - 1, "0", len(part), "0", "0", "0"])
    text = json.dumps(answer).encode()
    peer.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(text) + text)
