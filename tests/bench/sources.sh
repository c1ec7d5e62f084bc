#!/usr/bin/env bash
# 500 symbols × 250 days from a server on this machine that answers in 10 ms, beside the same requests made by Python
# without reading the answers: what is left is the reading. BENCH_SYMBOLS changes the size.
set -u
bin=$(cd "${TN_BIN:-build/release}" && pwd) || exit 1
top=$(cd "$(dirname "$0")/../.." && pwd)
count=${BENCH_SYMBOLS:-500}
work=$(mktemp -d "${TMPDIR:-/tmp}/tn-bench.XXXXXX") || exit 1
trap 'exec 9>&-; rm -rf "$work"' EXIT
export TN_HOME=$work/tn
mkdir -m 700 "$TN_HOME"
mkfifo "$work/hold"
STANDIN_DELAY=0.01 python3 "$top/tests/servers/standin.py" "$work/port" --module "$top/tests/servers/providers.py" \
    <"$work/hold" &
exec 9>"$work/hold"
for _ in $(seq 500); do
    [ ! -s "$work/port" ] || break
    sleep 0.02
done
url=http://127.0.0.1:$(cat "$work/port")
printf 'source tradier { kind = tradier  url = "%s"  secret_command = "echo canary-token"  pace = "100000/1" }\n' "$url" \
    >"$TN_HOME/config"
mapfile -t symbols < <(seq -f 'S%04g' "$count")

TIMEFORMAT='%3R %3U'
ours=$({ time "$bin/tn-quote" bars -s tradier --now 2026-11-25T12:00:00Z --from 2025-11-25 "${symbols[@]}" \
    >"$work/bars"; } 2>&1) || { echo "# failed: $ours"; exit 1; }
bars=$(grep -c '"type":"bar"' "$work/bars")
[ "$bars" -eq $((count * 251)) ] || { echo "# $bars bars, wanted $((count * 251))"; exit 1; }
yardstick=$({ time python3 - "$url" "${symbols[@]}" <<'END'
import sys, threading, urllib.request
url, symbols = sys.argv[1], sys.argv[2:]
def work(some):
    for symbol in some:
        request = urllib.request.Request(f"{url}/v1/markets/history?symbol={symbol}&interval=daily&start=2025-11-25&end=2026-11-25",
                                         headers={"Authorization": "Bearer canary-token", "Accept": "application/json"})
        urllib.request.urlopen(request).read()
threads = [threading.Thread(target=work, args=(symbols[i::8],)) for i in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
END
} 2>&1)
echo "$count symbols, $bars bars: tn-quote ${ours% *} s, of it ${ours#* } s computing; the bare requests ${yardstick% *} s"
