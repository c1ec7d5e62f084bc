#!/usr/bin/env python3
"""A stand-in server that misbehaves on demand: for tests of the HTTP client and of sources.

usage: standin.py PORT-FILE [--tls CERT KEY [--old-tls]] [--module FILE.py]

Listens on 127.0.0.1, any free port, and writes the port to PORT-FILE once it does. Ends when its standard input does,
so that it never outlives the test. Every request is remembered; GET /log answers all of them as a JSON list. A module
has handle(request) -> answer or None, for paths the table below does not know; an answer is (status, headers, body).

/ok            200, {"ok":true}            /status/503/2/x  503 twice, then 200; x keeps counters apart
/echo          the request as JSON         /wait/3/x        429 once with Retry-After: 3, then 200
/slow          one byte a second           /cut             less than Content-Length says
/cut-record    less than a record of TLS says
/drop          closes after the request    /drop-first/x    closes the first time, then 200
/redirect?URL  302 to URL                  /endless         a body without an end
/bomb          gzip, 64 KB that are 64 MB     /gzip            gzip of {"ok":true}
/clock?30      200, by a clock that is 30 s ahead
/etag          304 when If-None-Match fits, else 200 with ETag "v1"
/unmeasured    the same, but a body that ends with the connection, in the middle the first time
/304           304, whatever is asked
"""
import gzip, importlib.util, io, json, os, socket, ssl, sys, threading, time, warnings, zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

warnings.simplefilter("ignore")  # TLS 1.1 is deprecated, which is why it is tried
log, counters, lock = [], {}, threading.Lock()
module = None


def count(name):
    with lock:
        counters[name] = counters.get(name, 0) + 1
        return counters[name]


def bomb():
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    out, zeros = io.BytesIO(), bytes(1 << 20)
    for _ in range(64):
        out.write(packer.compress(zeros))
    out.write(packer.flush())
    return out.getvalue()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def log_message(self, *_):
        pass

    offset = 0  # of the clock, in seconds

    def date_time_string(self, timestamp=None):
        return super().date_time_string((timestamp or time.time()) + self.offset)

    def answer(self, status, body, headers=()):
        if isinstance(body, str):
            body = body.encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def drop(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def serve(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode("utf-8", "replace")
        path, _, query = self.path.partition("?")
        entry = {"method": self.command, "path": path, "query": query, "body": body,
                 "headers": {k.lower(): v for k, v in self.headers.items()}, "time": time.time()}
        if path != "/log":
            with lock:
                log.append(entry)
        try:
            self.route(entry, path, query)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True

    def route(self, entry, path, query):
        part = path.split("/")[1:]
        self.offset = int(query or 0) if path == "/clock" else 0
        if path in ("/ok", "/clock"):
            self.answer(200, '{"ok":true}')
        elif path == "/log":
            with lock:
                text = json.dumps(log)
            self.answer(200, text)
        elif path == "/echo":
            self.answer(200, json.dumps(entry), [("Set-Cookie", "a=b")])
        elif part[0] == "status":
            times = int(part[2]) if len(part) > 2 else 1 << 30
            failing = count(path) <= times
            self.answer(int(part[1]) if failing else 200, '{"ok":%s}' % ("false" if failing else "true"))
        elif part[0] == "wait":
            if count(path) == 1:
                self.answer(429, "slow down", [("Retry-After", part[1])])
            else:
                self.answer(200, '{"ok":true}')
        elif path == "/slow":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            for _ in range(1000):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(1)
        elif path == "/cut":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"ok":')
            self.wfile.flush()
            self.drop()
        elif path == "/cut-record":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"ok":')
            self.wfile.flush()
            os.write(self.connection.fileno(), b"\x17\x03\x03\x40\x00 of 16384 bytes")
            self.drop()
        elif path == "/drop":
            self.drop()
        elif part[0] == "drop-first":
            if count(path) == 1:
                self.drop()
            else:
                self.answer(200, '{"ok":true}')
        elif path == "/redirect":
            self.answer(302, "", [("Location", query)])
        elif path == "/endless":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            piece = b"10000\r\n" + bytes([32]) * 65536 + b"\r\n"
            while True:
                self.wfile.write(piece)
        elif path == "/bomb":
            self.answer(200, bomb(), [("Content-Encoding", "gzip")])
        elif path == "/gzip":
            self.answer(200, gzip.compress(b'{"ok":true}'), [("Content-Encoding", "gzip")])
        elif path == "/etag":
            fits = self.headers.get("If-None-Match") == '"v1"'
            self.answer(304 if fits else 200, "" if fits else '{"ok":true}', [("ETag", '"v1"')])
        elif path == "/unmeasured":
            self.send_response(304 if self.headers.get("If-None-Match") == '"v1"' else 200)
            self.send_header("ETag", '"v1"')
            self.send_header("Connection", "close")
            self.end_headers()
            if self.headers.get("If-None-Match") != '"v1"':
                self.wfile.write(b'{"ok":' if count(path) == 1 else b'{"ok":true}')
        elif path == "/304":
            self.answer(304, "")
        else:
            answer = module.handle(entry) if module else None
            if answer is None:
                self.answer(404, '{"message":"no such path"}')
            elif answer == "drop":
                self.drop()
            else:
                status, headers, body = answer
                self.answer(status, body, list(headers.items()))

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = serve


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):
        pass

    def finish_request(self, request, client_address):
        request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().finish_request(request, client_address)


def main():
    global module
    argv = sys.argv[1:]
    port_file = argv.pop(0)
    server = Server(("127.0.0.1", 0), Handler)
    while argv:
        word = argv.pop(0)
        if word == "--tls":
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(argv.pop(0), argv.pop(0))
            if argv and argv[0] == "--old-tls":
                argv.pop(0)
                context.set_ciphers("ALL:@SECLEVEL=0")
                context.minimum_version = ssl.TLSVersion.TLSv1
                context.maximum_version = ssl.TLSVersion.TLSv1_1
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        elif word == "--module":
            spec = importlib.util.spec_from_file_location("answers", argv.pop(0))
            module = importlib.util.module_from_spec(spec)
            sys.modules["answers"] = module
            spec.loader.exec_module(module)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with open(port_file + ".new", "w") as file:
        file.write(str(server.server_address[1]))
    os.rename(port_file + ".new", port_file)
    sys.stdin.buffer.read()


main()
