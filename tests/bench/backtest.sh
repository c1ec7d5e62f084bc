#!/usr/bin/env bash
# A backtest from NDJSON on a pipe beside the loop that only reads the same lines, and its memory. Each round runs every
# command once, on one core; CPU time, medians of one run. BENCH_BARS and BENCH_ROUNDS change the size.
set -u
bin=$(cd "${TN_BIN:-build/release}" && pwd) || exit 1
wire=$bin/bench-wire
bars=${BENCH_BARS:-500000} # at most: they are minutes of one year
rounds=${BENCH_ROUNDS:-5}
[ -x "$wire" ] || { echo "# no $wire: run 'make benches'"; exit 1; }
work=$(mktemp -d "${TMPDIR:-/tmp}/tn-bench.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
export TN_HOME=$work/home
mkdir -p "$TN_HOME"
pin=()
command -v taskset >/dev/null && pin=(taskset -c 0)
"$wire" make "$bars" >"$work/bars.ndjson"

terms=(--calendar always --sizing notional:5% --daily-loss 99%
    --commission-per-share 0.005 --commission-minimum 1 --slippage-ticks 1)
backtest() { "${pin[@]}" "$bin/tn-backtest" run -q "$1" "${terms[@]}"; }
traded=sma-cross:fast=10,slow=30,stop=0
quiet=momentum:lookback=2,skip=1,threshold=10,stop=0

# clock NAME COMMAND…: user and system time of the whole process in milliseconds, appended to $work/NAME
clock() {
    local name=$1 spent
    shift
    spent=$({ TIMEFORMAT='%3U %3S'; time "$@" <"$work/bars.ndjson" >/dev/null; } 2>&1) ||
        { echo "# failed: $*: $spent"; exit 1; }
    awk '{ printf "%d\n", ($1 + $2) * 1000 + 0.5 }' <<<"$spent" >>"$work/$name"
}

per_bar() { sort -n "$work/$1" | sed -n "$((rounds / 2 + 1))p" | awk -v n="$bars" '{ printf "%.0f", $1 * 1e6 / n }'; }

# peak TIMES: most memory of a backtest of the bars so many times over, each time four years further on; in KiB
peak() {
    local fd pid year
    exec {fd}> >(exec "$bin/tn-backtest" run -q "$traded" "${terms[@]}" >/dev/null)
    pid=$!
    for ((year = 2024; year < 2024 + 4 * $1; year += 4)); do
        sed "s/\"time\":\"2024/\"time\":\"$year/" "$work/bars.ndjson"
    done >&"$fd"
    sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$pid/status"
    exec {fd}>&-
    wait "$pid"
}

for ((round = 0; round < rounds; round++)); do
    clock read "${pin[@]}" "$wire" read 2 /dev/stdin
    clock quiet backtest "$quiet"
    clock traded backtest "$traded"
done
fills=$(backtest "$traded" <"$work/bars.ndjson" | grep -c '"type":"fill"')
read=$(per_bar read)
quiet_ns=$(per_bar quiet)
traded_ns=$(per_bar traded)
times() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a / b }'; }
echo "backtest: $bars bars as NDJSON, CPU time of the whole process on one core, medians of $rounds rounds"
echo "  read every bar, nothing else         $read ns a bar"
echo "  tn-backtest run, without a trade     $quiet_ns ns: $(times "$quiet_ns" "$read") times, an equity point a bar written"
echo "  tn-backtest run, sma-cross 10/30     $traded_ns ns: $(times "$traded_ns" "$read") times, with $fills fills"
echo "  peak memory                          $(peak 1) KiB, of a stream four times as long $(peak 4) KiB"
