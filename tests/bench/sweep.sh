#!/usr/bin/env bash
# A sweep of 995 pairs of averages over 2,500 daily bars, with drawdown and all other figures: pairs a second on one core
# and on all, beside the same number of independent runs; and bars from a file of columns beside the same as records.
# CPU time, medians. BENCH_ROUNDS changes the number of rounds.
set -u
bin=$(cd "${TN_BIN:-build/release}" && pwd) || exit 1
rounds=${BENCH_ROUNDS:-3}
work=$(mktemp -d "${TMPDIR:-/tmp}/tn-bench.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
export TN_HOME=$work/home PATH=$bin:$PATH
mkdir "$TN_HOME" && chmod 700 "$TN_HOME"
tn-quote bars -s sim SPY -n 2500 --now 2026-03-02 >"$work/bars.ndjson"
tn-backtest pack -q "$work/bars.ndjson" -o "$work/bars.pack"
terms=(--sizing notional:5% --daily-loss 99%)
# fast 1..., slow up to 50 where slow > fast: 5..49 and 6..50 have 990 pairs, and stop=0 for plain crosses
sweep() { tn-backtest sweep -q sma-cross:stop=0 'fast=5..49' 'slow=6..50' "${terms[@]}" "$@"; }

# clock NAME COMMAND…: user and system time in milliseconds, and real time, appended to $work/NAME
clock() {
    local name=$1 spent
    shift
    spent=$({ TIMEFORMAT='%3U %3S %3R'; time "$@" >/dev/null; } 2>&1) || { echo "# failed: $*: $spent"; exit 1; }
    awk '{ printf "%d %d\n", ($1 + $2) * 1000 + 0.5, $3 * 1000 + 0.5 }' <<<"$spent" >>"$work/$name"
}
median() { sort -n -k "$2" "$work/$1" | sed -n "$((rounds / 2 + 1))p" | cut -d' ' -f"$2"; }

cells=$(sweep "$work/bars.pack" | grep -c '"type":"cell"')
for ((round = 0; round < rounds; round++)); do
    clock one sweep --jobs 1 "$work/bars.pack"
    clock all sweep "$work/bars.pack"
    clock runs tn-backtest run -q sma-cross:stop=0,fast=10,slow=30 "${terms[@]}" "$work/bars.pack"
done
one=$(median one 1) all=$(median all 2)
awk -v n="$cells" -v one="$one" -v all="$all" -v cores="$(nproc)" -v run="$(median runs 1)" 'BEGIN {
    printf "sweep: %d pairs x 2500 bars, every figure, the reality check and the records\n", n
    printf "  one core    %6d ms CPU: %.0f pairs/s\n", one, n * 1000 / one
    printf "  %d cores     %6d ms real: %.0f pairs/s\n", cores, all, n * 1000 / all
    printf "  as runs     %6d ms CPU each\n", run }'

# Feeding: a million minutes, one cell that never trades.
"$bin/bench-wire" make 500000 >"$work/minutes.ndjson" 2>/dev/null || exit 0
tn-backtest pack -q --calendar always "$work/minutes.ndjson" -o "$work/minutes.pack"
quiet() { tn-backtest run -q momentum:lookback=2,skip=1,threshold=10,stop=0 --calendar always "$1"; }
feed() { tn-backtest sweep -q --jobs 1 momentum:lookback=2,skip=1,stop=0 threshold=10 --calendar always "$1"; }
for ((round = 0; round < rounds; round++)); do
    clock records feed "$work/minutes.ndjson"
    clock columns feed "$work/minutes.pack"
    clock run-records quiet "$work/minutes.ndjson"
    clock run-columns quiet "$work/minutes.pack"
done
awk -v a="$(median records 1)" -v b="$(median columns 1)" -v c="$(median run-records 1)" -v d="$(median run-columns 1)" 'BEGIN {
    printf "pack: 500000 bars, one run\n"
    printf "  from records %d ns a bar, from columns %d ns: %.1f times as fast\n", a * 2, b * 2, a / b
    printf "  tn-backtest run, an equity point a bar written: %d and %d ns: %.1f times\n", c * 2, d * 2, c / d }'
