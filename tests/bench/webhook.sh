#!/usr/bin/env bash
# Posts a second that tn-stream webhook takes, each by a connection of its own, with secret, jq file and record, beside as
# many slow ones as would fill half of its places; the yardstick is the same client at a server that only answers.
# BENCH_POSTS changes the number.
set -u
bin=$(cd "${TN_BIN:-build/release}" && pwd) || exit 1
top=$(cd "$(dirname "$0")/../.." && pwd)
posts=${BENCH_POSTS:-6000}
work=$(mktemp -d "${TMPDIR:-/tmp}/tn-bench.XXXXXX") || exit 1
trap 'kill $server $plain 2>/dev/null; rm -rf "$work"' EXIT
export TN_HOME=$work/tn
mkdir -m 700 "$TN_HOME"
echo bench-secret >"$work/secret"
chmod 600 "$work/secret"
cat >"$TN_HOME/config" <<END
webhook tv { adapter = "$top/share/webhooks/tradingview.jq"  secret_file = "$work/secret"  records = "alert"  rate = 100000 }
END
"$bin/tn-stream" webhook --port 0 >"$work/out" 2>"$work/err" &
server=$!
python3 - "$work/plain" <<'END' &
import socket, sys
s = socket.create_server(("127.0.0.1", 0), backlog=200)
with open(sys.argv[1], "w") as out:
    out.write(str(s.getsockname()[1]))
while True:
    c, _ = s.accept()
    c.recv(4096)
    c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    c.close()
END
plain=$!
for _ in $(seq 500); do
    grep -q listening "$work/err" && [ -s "$work/plain" ] && break
    sleep 0.02
done
port=$(sed -n 's/.*port \([0-9]*\)$/\1/p' "$work/err")
post() { # PORT: how many a second were answered with 200
    python3 - "$1" "$posts" <<'END'
import socket, sys, time
port, posts = int(sys.argv[1]), int(sys.argv[2])
slow = []
for i in range(32):
    c = socket.create_connection(("127.0.0.1", port))
    c.sendall(b"POST /tv HTTP/1.1\r\nX: ")
    slow.append(c)
good, began = 0, time.time()
for i in range(posts):
    body = b'{"secret":"bench-secret","text":"%d %d"}' % (i, port)
    c = socket.create_connection(("127.0.0.1", port))
    c.sendall(b"POST /tv HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    good += c.recv(100).startswith(b"HTTP/1.1 200")
    c.close()
print("%d %d" % (good, good / (time.time() - began)))
END
}
cpu() { awk '{print $14 + $15}' "/proc/$server/stat"; }
before=$(cpu)
read -r good rate < <(post "$port")
spent=$(($(cpu) - before))
read -r _ bare < <(post "$(cat "$work/plain")")
[ "$good" = "$posts" ] || { echo "# $good of $posts posts were taken"; exit 1; }
kill -TERM $server
wait $server
records=$(grep -c '"type":"alert"' "$work/out")
[ "$records" = "$posts" ] || { echo "# $records records of $posts posts"; exit 1; }
echo "$posts posts one after the other: $rate/s, $((spent * 10000 / posts)) µs of CPU each (jq's process not counted); a server that only answers $bare/s"
