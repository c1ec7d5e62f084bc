"""Order books for tests/servers/websocket.py --module: one book that changes, told as Kraken (ten levels, checksums),
Binance (all levels, numbers, a snapshot over REST) or Coinbase (all levels, numbers of messages) tell it, and what goes wrong with books.

arguments: FOLDER [NUMBER:FAULT…] [rest=LEVELS]

FOLDER/truth gets the five best levels of each side after each change, as a JSON array [bids, asks]. The book changes
400 times, each 5 ms, from the first subscription on, and then no more. A fault happens at the change of that number:
lost (it is not told), wrong (Kraken's checksum is another), crossed (a bid above the ask is told). The first snapshot
over REST is older than the stream; with rest=LEVELS snapshots have so many levels of a side, and take 30 ms, in which
the stream goes on.
"""
import json, os, random, sys, threading, time, zlib
from datetime import datetime, timezone
from websocket_server import Closed

folder, faults, r = "", {}, random.Random(5)
lock = threading.Condition()
book = [{10000 - i: r.randint(1, 900) for i in range(40)}, {10001 + i: r.randint(1, 900) for i in range(40)}]
number, history, started, FIRST = 0, [], [], 100000


def setup(arguments):
    global folder
    folder = arguments[0]
    for word in arguments[1:]:
        if word.startswith("rest="):
            rest[0] = int(word[5:])
            continue
        at, _, what = word.partition(":")
        faults[int(at)] = what


def top(count, state=None):
    bids, asks = state or book
    return sorted(bids.items(), reverse=True)[:count], sorted(asks.items())[:count]


def write_truth():
    with open(os.path.join(folder, "truth"), "a") as out:
        out.write(json.dumps([[[p / 10, q / 100] for p, q in side] for side in top(5)], separators=(",", ":")) + "\n")


def change():
    """Some levels near the best; nothing crosses."""
    changed = [{}, {}]
    for _ in range(r.randint(1, 3)):
        side = r.randint(0, 1)
        best, other = (max(book[0]), min(book[1])) if side == 0 else (min(book[1]), max(book[0]))
        step = r.randint(-8, 2)
        price = best + step if side == 0 else best - step
        if (side == 0 and price >= other) or (side == 1 and price <= other):
            continue
        quantity = 0 if price in book[side] and len(book[side]) > 20 and r.random() < 0.4 else r.randint(1, 900)
        changed[side][price] = quantity
        if quantity == 0:
            book[side].pop(price)
        else:
            book[side][price] = quantity
    return changed


def go_on():
    global number
    while number < 400:
        time.sleep(0.005)
        with lock:
            before = [dict(side) for side in book]
            changed = change()
            number += 1
            history.append((number, before, [dict(side) for side in book], changed))
            write_truth()
            lock.notify_all()


def start():
    with lock:
        if not started:
            started.append(threading.Thread(target=go_on, daemon=True))
            write_truth()
            started[0].start()


def digits(text):
    return text.replace(".", "").lstrip("0")


def level(price, quantity):
    return "%.1f" % (price / 10), "%.8f" % (quantity / 100)


def checksum(state):
    bids, asks = top(10, state)
    return zlib.crc32("".join(digits(w) for p, q in asks + bids for w in level(p, q)).encode())


def kraken_text(kind, sides, state, now, wrong=0):
    lists = [",".join('{"price":%s,"qty":%s}' % level(p, q) for p, q in side) for side in sides]
    return ('{"channel":"book","type":"%s","data":[{"symbol":"BTC/USD","bids":[%s],"asks":[%s],"checksum":%d,"timestamp":"%s"}]}'
            % (kind, *lists, checksum(state) ^ wrong, now))


def stamp():
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def kraken_change(before, after):
    """What Kraken sends: changed and new levels of the ten, and those that are gone; not those that were pushed out."""
    sides = []
    for i in range(2):
        old, new = dict(top(10, before)[i]), dict(top(10, after)[i])
        gone = [(p, 0) for p in old if p not in after[i]]
        sides.append(gone + [(p, q) for p, q in new.items() if old.get(p) != q])
    return sides


def updates(at):
    """The changes after number `at`, as they come; None each half second without any."""
    while True:
        with lock:
            if len(history) <= at:
                lock.wait(0.5)
            new = history[at:]
        at += len(new)
        yield from new or [None]


def told(what):
    """A fault happens once, to whoever asks first."""
    with lock:
        return faults.pop(what, None)


def serve_kraken(peer):
    subscribed, active = threading.Event(), [0]
    peer.json({"channel": "status", "type": "update", "data": [{"system": "online", "api_version": "v2"}]})

    def listen():
        try:
            while True:
                message = json.loads(peer.receive()[1])
                peer.json({"method": message["method"], "success": True,
                           "result": {"channel": "book", "symbol": "BTC/USD"}, "req_id": message["req_id"]})
                active[0] = 1 if message["method"] == "subscribe" else 0
                subscribed.set()
        except (Closed, OSError):
            pass
    threading.Thread(target=listen, daemon=True).start()
    subscribed.wait(10)
    start()
    last = 0
    while True:
        with lock:
            at, state = number, [dict(side) for side in book]
        peer.text(kraken_text("snapshot", top(10, state), state, stamp()))
        active[0] = 2
        for update in updates(at):
            if active[0] == 1:
                break # subscribed anew: another snapshot
            if update is None:
                peer.text('{"channel":"heartbeat"}')
                continue
            last, before, after, _ = update
            fault = told(last)
            sides = kraken_change(before, after)
            if fault == "crossed":
                sides[0].append((min(after[1]) + 5, 100))
                after = [{**after[0], min(after[1]) + 5: 100}, after[1]]
            if active[0] == 0 or fault == "lost" or not (sides[0] or sides[1]):
                continue
            peer.text(kraken_text("update", sides, after, stamp(), 1 if fault == "wrong" else 0))


def serve_binance(peer):
    message = json.loads(peer.receive()[1])
    peer.json({"result": None, "id": message["id"]})
    threading.Thread(target=peer.wait, daemon=True).start()
    start()
    for update in updates(number):
        if update is None:
            continue
        n, _, _, changed = update
        if told(n) == "lost":
            continue
        sides = [[["%.2f" % (p / 10), "%.8f" % (q / 100)] for p, q in side.items()] for side in changed]
        peer.json({"stream": "btcusdt@depth@100ms", "data": {
            "e": "depthUpdate", "E": time.time_ns() // 10**6, "s": "BTCUSDT", "U": FIRST + n * 10 - 9, "u": FIRST + n * 10,
            "b": sides[0], "a": sides[1]}})


def serve_coinbase(peer):
    sequence = [0]

    def tell(kind, sides, lost=False):
        updates = [{"side": name, "price_level": "%.1f" % (p / 10), "new_quantity": "%.8f" % (q / 100)}
                   for name, side in zip(("bid", "offer"), sides) for p, q in side]
        message = {"channel": "l2_data" if kind else "heartbeats", "timestamp": stamp(), "sequence_num": sequence[0],
                   "events": [{"type": kind, "product_id": "BTC-USD", "updates": updates}] if kind else []}
        sequence[0] += 1
        if not lost:
            peer.json(message)

    while json.loads(peer.receive()[1]).get("channel") != "level2":
        pass
    threading.Thread(target=peer.wait, daemon=True).start()
    start()
    with lock:
        at, sides = number, top(1000)
    tell("snapshot", sides)
    for update in updates(at):
        if update is None:
            tell(None, [])
        else:
            tell("update", [side.items() for side in update[3]], told(update[0]) == "lost")


def serve(peer, path):
    peer.accept()
    (serve_binance if path.startswith("/stream") else serve_kraken if path.startswith("/v2") else serve_coinbase)(peer)


asked, rest = [], [40]


def http(peer, method, path, headers, body):
    """/api/v3/depth. The first answer is older than the first change of the stream."""
    with lock:
        asked.append(path)
        n, sides = number, top(rest[0])
    if rest[0] < 40:
        time.sleep(0.03)
    if len(asked) == 1:
        n = -50
    text = json.dumps({"lastUpdateId": FIRST + n * 10, "bids": [["%.2f" % (p / 10), "%.8f" % (q / 100)] for p, q in sides[0]],
                       "asks": [["%.2f" % (p / 10), "%.8f" % (q / 100)] for p, q in sides[1]]}).encode()
    peer.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(text) + text)
