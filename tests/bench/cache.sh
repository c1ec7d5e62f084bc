#!/usr/bin/env bash
# 500 symbols × 250 days: from a server on this machine that answers in 10 ms, into the cache, and then from the cache.
# The yardstick is the synthetic market, which writes as many bars without reading any. BENCH_SYMBOLS changes the size.
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

TIMEFORMAT='%3R'
# timed WHAT OUTPUT OPTION…: seconds of the clock
timed() {
    local out=$1
    shift
    { time "$bin/tn-quote" bars --now 2026-11-25T12:00:00Z --from 2025-11-26 "$@" "${symbols[@]}" >"$out" 2>"$work/err"; } 2>&1
}
ask=$(timed "$work/a" -s tradier)
cached=9
for _ in 1 2 3; do
    again=$(timed "$work/b" -s tradier)
    cached=$(printf '%s\n%s\n' "$cached" "$again" | sort -g | head -1)
done
cmp -s "$work/a" "$work/b" || { echo '# the cache gives other bars'; exit 1; }
offline=$(timed "$work/b" -s tradier --offline)
yardstick=$(timed "$work/c" -s sim)
bars=$(grep -c '"type":"bar"' "$work/a")
[ "$bars" -eq $((count * 250)) ] || { echo "# $bars bars, wanted $((count * 250))"; exit 1; }
echo "$count symbols, $bars bars: asked for and kept in $ask s, from the cache in $cached s (offline $offline s); the synthetic market $yardstick s"
