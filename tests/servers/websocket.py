#!/usr/bin/env python3
"""A stand-in WebSocket server that keeps to RFC 6455, or breaks it on demand.

usage: websocket.py PORT-FILE [--tls CERT KEY] [--module FILE.py [ARGUMENT…]]

Listens on 127.0.0.1, any free port, and writes the port to PORT-FILE. Ends when its standard input does. The path of
the request chooses what happens: a key of CASES below, or serve(peer, path) of the module. A module may have setup(list
of arguments) and http(peer, method, path, headers, body) for requests that are no upgrade.
"""
import base64, hashlib, importlib.util, json, os, socket, ssl, struct, sys, threading, time

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CONT, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


class Closed(Exception):
    """The client closed or is gone."""


class Peer:
    def __init__(self, connection):
        self.connection, self.buffer, self.path, self.headers, self.method = connection, b"", "", {}, ""
        self.lock, self.code = threading.Lock(), None

    # --- bytes
    def raw(self, data):
        with self.lock:
            self.connection.sendall(data)

    def some(self):
        data = self.connection.recv(65536)
        if not data:
            raise Closed("end")
        self.buffer += data

    def take(self, count):
        while len(self.buffer) < count:
            self.some()
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    # --- the upgrade
    def request(self):
        while b"\r\n\r\n" not in self.buffer:
            self.some()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        first, *lines = head.decode().split("\r\n")
        self.method, self.path, _ = first.split(" ")
        self.headers = {k.strip().lower(): v.strip() for k, v in (line.split(":", 1) for line in lines)}

    def accept(self, extra="", key=None, status="101 Switching Protocols", upgrade="Upgrade: websocket\r\n", pieces=0,
               connection="keep-alive, Upgrade"):
        key = key or self.headers["sec-websocket-key"].encode()
        digest = base64.b64encode(hashlib.sha1(key + MAGIC).digest()).decode()
        answer = (f"HTTP/1.1 {status}\r\n{upgrade}Connection: {connection}\r\n"
                  f"Sec-WebSocket-Accept: {digest}\r\n{extra}\r\n").encode()
        if pieces:
            for byte in answer:
                self.raw(bytes([byte]))
        else:
            self.raw(answer)

    # --- frames
    def frame(self, opcode, payload=b"", fin=True, rsv=0, mask=False, form=None):
        if isinstance(payload, str):
            payload = payload.encode()
        n = len(payload)
        form = form or (7 if n < 126 else 16 if n < 65536 else 64)
        head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
        bit = 0x80 if mask else 0
        head += bytes([bit | n]) if form == 7 else bytes([bit | 126]) + struct.pack(">H", n) if form == 16 else \
            bytes([bit | 127]) + struct.pack(">Q", n)
        if mask:
            head += b"\1\2\3\4"
            payload = bytes(b ^ (i % 4 + 1) for i, b in enumerate(payload))
        self.raw(head + payload)

    def text(self, payload):
        self.frame(TEXT, payload)

    def json(self, value):
        self.text(json.dumps(value, separators=(",", ":")))

    def receive(self, pong=True):
        """The next message: opcode and bytes. Checks what a client must keep to."""
        while True:
            a, b = self.take(2)
            opcode, n = a & 15, b & 127
            assert a & 0x70 == 0, "reserved bits"
            assert b & 0x80, "a client masks"
            if n == 126:
                n = struct.unpack(">H", self.take(2))[0]
            elif n == 127:
                n = struct.unpack(">Q", self.take(8))[0]
            key = self.take(4)
            payload = bytes(c ^ key[i % 4] for i, c in enumerate(self.take(n)))
            if opcode == PING:
                if pong:
                    self.frame(PONG, payload)
                continue
            if opcode == CLOSE:
                self.code = struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else 1005
                raise Closed(self.code)
            return opcode, payload

    def wait(self):
        """Until the client closes; answers its close."""
        try:
            while True:
                self.receive()
        except Closed:
            if self.code is not None:
                self.frame(CLOSE, struct.pack(">H", self.code if self.code != 1005 else 1000))


# --- what a case does after the upgrade; "hello" comes first, where not said otherwise

def hello(peer):
    peer.accept()
    peer.text("hello")


def frames(*list_of):
    def case(peer):
        hello(peer)
        for entry in list_of:
            peer.raw(entry) if isinstance(entry, bytes) else peer.frame(*entry[0], **entry[1])
        peer.wait()
    return case


def f(*arguments, **named):
    return arguments, named


def echo(peer):
    hello(peer)
    try:
        while True:
            opcode, payload = peer.receive()
            peer.frame(opcode, payload)
    except Closed:
        if peer.code is not None:
            peer.frame(CLOSE, struct.pack(">H", peer.code))


def together(peer):
    digest = base64.b64encode(hashlib.sha1(peer.headers["sec-websocket-key"].encode() + MAGIC).digest())
    peer.raw(b"HTTP/1.1 101 Switching Protocols\r\nupgrade: WebSocket\r\nCONNECTION: upgrade\r\n"
             b"Sec-WebSocket-Accept: " + digest + b"\r\n\r\n\x81\x05hello\x81\x05again")
    peer.wait()


def silent(peer):
    """Says hello, then nothing, not even to pings."""
    hello(peer)
    try:
        while True:
            peer.receive(pong=False)
    except Closed:
        pass


def status(text, body=b"", extra=b""):
    def case(peer):
        peer.raw(b"HTTP/1.1 " + text + b"\r\nContent-Length: %d\r\n" % len(body) + extra + b"\r\n" + body)
        time.sleep(0.05)
    return case


def never(peer):
    while True:
        peer.some()


def flood(peer):
    """Pings without reading the pongs: who answers must not keep them all."""
    hello(peer)
    try:
        for _ in range(4):
            peer.raw(b"\x89\x02ab" * 4096)
    except OSError:
        return
    peer.text("after")
    peer.wait()


def million(peer):
    hello(peer)
    peer.raw(b"\x01\x01a" + b"\x00\x01a" * 99998 + b"\x80\x01a")
    peer.wait()


def headers_back(peer):
    peer.accept()
    peer.json({"path": peer.path, **peer.headers})
    peer.wait()


def cut_inside(peer):
    hello(peer)
    peer.raw(b"\x81\x7e\x01\x00abc")


CASES = {
    "/echo": echo,
    "/together": together,
    "/headers": headers_back,
    "/pieces": lambda peer: (peer.accept(pieces=1), peer.text("hello"), peer.wait()),
    "/silent": silent,
    "/quiet": lambda peer: (hello(peer), peer.wait()),
    # the upgrade
    "/wrong-key": lambda peer: (peer.accept(key=b"x3JJHMbDL1EzLkh9GBhXDw=="), peer.wait()),
    "/no-upgrade": lambda peer: (peer.accept(upgrade=""), peer.wait()),
    "/extension": lambda peer: (peer.accept("Sec-WebSocket-Extensions: permessage-deflate\r\n"), peer.wait()),
    "/protocol": lambda peer: (peer.accept("Sec-WebSocket-Protocol: chat\r\n"), peer.wait()),
    "/long-head": lambda peer: (peer.accept("X: " + "y" * 9000 + "\r\n"), peer.wait()),
    "/no-http": lambda peer: (peer.raw(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), never(peer)),
    "/never": never,
    "/hang-up": lambda peer: None,
    "/301": status(b"301 Moved", extra=b"Location: https://elsewhere.example/\r\n"),
    "/401": status(b"401 Unauthorized", b'{"message":"the token KEY-OF-OURS is dead"}'),
    "/429": status(b"429 Too Many Requests", b"slow down", b"Retry-After: 7\r\n"),
    "/503": status(b"503 Service Unavailable"),
    # RFC 6455 §5.1 … §5.5
    "/masked": frames(f(TEXT, "x", mask=True)),
    "/rsv1": frames(f(TEXT, "x", rsv=4)),
    "/rsv3": frames(f(TEXT, "x", rsv=1)),
    "/opcode-3": frames(f(3, "x")),
    "/opcode-11": frames(f(11, "x")),
    "/ping-fragment": frames(f(PING, "x", fin=False)),
    "/ping-long": frames(b"\x89\x7e\x00\x7e" + b"x" * 126),
    "/continuation-alone": frames(f(CONT, "x")),
    "/text-in-text": frames(f(TEXT, "a", fin=False), f(TEXT, "b")),
    "/length-16": frames(f(TEXT, "short", form=16)),
    "/length-64": frames(f(TEXT, "x" * 300, form=64)),
    "/length-top": frames(b"\x81\x7f\x80\0\0\0\0\0\0\1x"),
    "/length-huge": frames(b"\x81\x7f\x40\0\0\0\0\0\0\0x"),
    # §8.1
    "/utf8-bad": frames(f(TEXT, b"caf\xe9")),
    "/utf8-split-bad": frames(f(TEXT, b"\xe2\x82", fin=False), f(CONT, b"\x28")),
    "/utf8-split-good": frames(f(TEXT, b"\xe2\x82", fin=False), f(PING, "between"), f(CONT, b"\xac", fin=False), f(CONT)),
    "/utf8-surrogate": frames(f(TEXT, b"\xed\xa0\x80")),
    "/utf8-overlong": frames(f(TEXT, b"\xc0\xaf")),
    "/utf8-ends-early": frames(f(TEXT, b"\xe2\x82")),
    "/binary": frames(f(BINARY, b"\xff\0\xfe")),
    "/empty": frames(f(TEXT), f(BINARY)),
    # §7.4
    "/close-1000": lambda peer: (hello(peer), peer.frame(CLOSE, b"\x03\xe8bye"), peer.wait()),
    "/close-1008": lambda peer: (hello(peer), peer.frame(CLOSE, b"\x03\xf0too slow"), peer.wait()),
    "/close-4001": lambda peer: (hello(peer), peer.frame(CLOSE, b"\x0f\xa1"), peer.wait()),
    "/close-empty": lambda peer: (hello(peer), peer.frame(CLOSE), peer.wait()),
    "/close-one-byte": frames(f(CLOSE, b"\x03")),
    "/close-1005": frames(f(CLOSE, b"\x03\xed")),
    "/close-1015": frames(f(CLOSE, b"\x03\xf7")),
    "/close-bad-reason": frames(f(CLOSE, b"\x03\xe8\xff\xfe")),
    "/close-then-data": frames(f(CLOSE, b"\x03\xe8"), f(TEXT, "more")),
    "/cut": hello,
    "/cut-inside": cut_inside,
    # size
    "/too-long": frames(f(TEXT, "x" * 70000)),
    "/too-long-fragments": frames(*[f(TEXT if i == 0 else CONT, "x" * 10000, fin=i == 9) for i in range(10)]),
    "/million": million,
    "/flood": flood,
    "/pong-unasked": frames(f(PONG, "x"), f(TEXT, "after")),
}

def first_byte(peer):
    """/first?HH: a frame with that first byte and one byte behind it."""
    hello(peer)
    peer.raw(bytes([int(peer.path.partition("?")[2], 16), 1]) + b"x")
    peer.wait()


def close_code(peer):
    """/closes?N: a close with that code."""
    hello(peer)
    peer.frame(CLOSE, struct.pack(">H", int(peer.path.partition("?")[2])))
    peer.wait()


CASES["/first"], CASES["/closes"] = first_byte, close_code
module = None


def serve(connection):
    peer = Peer(connection)
    try:
        peer.request()
        path = peer.path.partition("?")[0]
        if "sec-websocket-key" not in peer.headers:
            body = peer.take(int(peer.headers.get("content-length") or 0))
            module.http(peer, peer.method, peer.path, peer.headers, body)
        elif path in CASES:
            CASES[path](peer)
        else:
            module.serve(peer, peer.path)
    except (Closed, OSError, ssl.SSLError):
        pass
    finally:
        try:
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(2)
            while connection.recv(65536):
                pass
        except OSError:
            pass
        connection.close()


def main():
    global module
    port_file, arguments = sys.argv[1], sys.argv[2:]
    context = None
    if arguments[:1] == ["--tls"]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(arguments[1], arguments[2])
        arguments = arguments[3:]
    if arguments[:1] == ["--module"]:
        spec = importlib.util.spec_from_file_location("module", arguments[1])
        module = importlib.util.module_from_spec(spec)
        sys.modules["websocket_server"] = sys.modules["__main__"]
        spec.loader.exec_module(module)
        if hasattr(module, "setup"):
            module.setup(arguments[2:])
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)

    def answer(connection):
        if context is not None:
            try:
                connection = context.wrap_socket(connection, server_side=True)
            except (OSError, ssl.SSLError):
                connection.close()
                return
        serve(connection)

    def accept():
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    with open(port_file + ".new", "w") as out:
        out.write(str(listener.getsockname()[1]))
    os.rename(port_file + ".new", port_file)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
