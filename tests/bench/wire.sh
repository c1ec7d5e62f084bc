#!/usr/bin/env bash
# The wire against jq on the same lines: each round runs every command once, on one core, and only medians of the same
# run are compared. BENCH_LINES and BENCH_ROUNDS change the size.
set -u
bin=$(cd "${TN_BIN:-build/release}" && pwd) || exit 1
wire=$bin/bench-wire
lines=${BENCH_LINES:-500000}
rounds=${BENCH_ROUNDS:-5}
[[ -x $wire && -x $bin/tn-signal ]] || { echo "# no $wire or tn-signal: run 'make all programs benches'"; exit 1; }
work=$(mktemp -d "${TMPDIR:-/tmp}/tn-bench.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
pin=()
command -v taskset >/dev/null && pin=(taskset -c 0)
"$wire" make "$lines" >"$work/bars.ndjson"
"$wire" make "$lines" trades >"$work/trades.ndjson"
# jq is so much slower that it gets a tenth of the lines.
head -n $((lines / 10)) "$work/bars.ndjson" >"$work/tenth.ndjson"

# clock NAME COMMAND…: user and system time in milliseconds, appended to $work/NAME; waiting for a busy machine is not
# what is measured.
clock() {
    local name=$1 spent
    shift
    spent=$({ TIMEFORMAT='%3U %3S'; time "${pin[@]}" "$@" >/dev/null; } 2>&1) || { echo "# failed: $*"; exit 1; }
    awk '{ printf "%d\n", ($1 + $2) * 1000 + 0.5 }' <<<"$spent" >>"$work/$name"
}

# start NAME COMMAND…: wall-clock microseconds of each of twenty starts
start() {
    local name=$1 begin end i
    shift
    for ((i = 0; i < 20; i++)); do
        begin=${EPOCHREALTIME/./}
        "$@" >/dev/null
        end=${EPOCHREALTIME/./}
        echo $((end - begin)) >>"$work/$name"
    done
}

# The start of a program is mostly waiting, so on a busy machine only the fastest says what it costs.
fastest() { sort -n "$work/$1" | sed -n 1p; }

median() { sort -n "$work/$1" | sed -n "$((rounds / 2 + 1))p"; }

# per_record NAME LINES: nanoseconds
per_record() { echo $(($(median "$1") * 1000000 / $2)); }

times() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a / b }'; }

for ((round = 0; round < rounds; round++)); do
    clock copy "$wire" copy "$work/bars.ndjson"
    clock trades "$wire" copy "$work/trades.ndjson"
    clock where "$wire" where 'close > 100' "$work/bars.ndjson"
    clock scan "$wire" scan 2 "$work/bars.ndjson"
    clock sse2 "$wire" scan 1 "$work/bars.ndjson"
    clock portable "$wire" scan 0 "$work/bars.ndjson"
    clock read "$wire" read 2 "$work/bars.ndjson"
    start start "$bin/tn-signal" --version
    if command -v jq >/dev/null; then
        clock jq_copy jq -c . "$work/tenth.ndjson"
        clock jq_where jq -c 'select(.close > 100)' "$work/tenth.ndjson"
        start jq_start jq -n .
    fi
done

echo "wire: $lines bars of $(($(wc -c <"$work/bars.ndjson") / lines)) bytes, CPU time on one core, medians of $rounds rounds"
echo "  scan only                            $(per_record scan "$lines") ns a record (SSE2 $(per_record sse2 "$lines"), portable $(per_record portable "$lines"))"
echo "  read every field                     $(per_record read "$lines") ns"
copy=$(per_record copy "$lines")
where=$(per_record where "$lines")
if [ -s "$work/jq_copy" ]; then
    jq_copy=$(per_record jq_copy $((lines / 10)))
    jq_where=$(per_record jq_where $((lines / 10)))
    echo "  read every field and write it again  $copy ns, $(jq --version) -c . $jq_copy ns: $(times "$jq_copy" "$copy") times"
    echo "  --where 'close > 100'                $where ns, jq -c 'select(.close > 100)' $jq_where ns: $(times "$jq_where" "$where") times"
    echo "  start of a program (tn-signal)       $(times "$(fastest start)" 1000) ms, jq $(times "$(fastest jq_start)" 1000) ms"
else
    echo "  read every field and write it again  $copy ns (no jq to compare with)"
    echo "  --where 'close > 100'                $where ns"
    echo "  start of a program (tn-signal)       $(times "$(fastest start)" 1000) ms"
fi
echo "  the same with trades                 $(per_record trades "$lines") ns a record of $(($(wc -c <"$work/trades.ndjson") / lines)) bytes"
# The peak of a stream four times as long must be the same.
peak() { "$wire" peak "$@"; }
for _ in 1 2 3 4; do cat "$work/bars.ndjson"; done >"$work/long.ndjson"
echo "  peak memory                          $(peak "$work/bars.ndjson") KiB, of a stream four times as long $(peak "$work/long.ndjson") KiB"
