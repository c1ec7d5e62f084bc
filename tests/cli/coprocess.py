"""A program for --exec that does as agreed, or not: the first argument says how."""
import json
import os
import signal
import sys
import time

how = sys.argv[1]


def out(text):
    sys.stdout.write(text)
    sys.stdout.flush()


if how == "never-reads":
    time.sleep(60)
if how == "dies-at-once":
    sys.exit(3)
if how == "environment":
    sys.stderr.write(" ".join(sorted(f"{k}={v}" for k, v in os.environ.items() if k not in ("PATH", "HOME"))) + "\n")
    sys.stderr.write(f"leads {os.getpgid(0) == os.getpid()}\n")
n = 0
bars = []
for line in sys.stdin:
    record = json.loads(line)
    if record["type"] == "end":
        if how == "bad-exit":
            sys.exit(4)
        if how == "bad-end":
            out('{"type":"end","status":3,"complete":true}\n')
        if how == "stays":
            time.sleep(60)
        continue
    if record["type"] == "bar":
        if how == "large":  # writes for each bar at once, without waiting for the sync record
            out(json.dumps({"type": "signal", "symbol": record["symbol"], "side": "long", "stop": 0.01,
                            "reason": {"text": "x" * 2000}}) + "\n")
        bars.append(line)
    if record["type"] != "sync":
        continue
    n += 1
    if n == 3:
        if how == "dies":
            sys.exit(7)
        if how == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if how == "hangs":
            time.sleep(60)
        if how == "floods":
            while True:
                out("x" * 70000)
        if how == "lines":
            while True:
                out('{"type":"status","state":"connected"}\n' * 1000)
        if how == "garbage":
            out("hello\n")
        if how == "half":
            out('{"type":"sig')
            sys.exit(0)
        if how == "bars":
            out(bars[-1])
        if how == "closes":
            os.close(0)
            os.close(1)
            time.sleep(60)
        if how == "orphan":
            if os.fork() == 0:
                time.sleep(60)
            os._exit(0)
    if how != "large":
        out(json.dumps({"type": "signal", "symbol": json.loads(bars[-1])["symbol"], "side": "flat"}) + "\n")
    out(line)
