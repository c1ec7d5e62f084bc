#!/usr/bin/env bash
# A session at full speed: bars of an hour (of four symbols, DAYS says for how many days) through tn-signal, tn-risk and
# tn-order, and the CPU time of each. Beside it the same bars only passed on by
# `tn-signal run` to `wc`. Works in TN_BENCH_DIR, or the current folder: it must be on a real disk.
set -eu
bin=$(cd "${TN_BIN:-$(dirname "$0")/../../build/release}" && pwd)
work=$(mktemp -d "${TN_BENCH_DIR:-.}/bench-session.XXXXXX")
trap 'rm -rf "$work"' EXIT
export LC_ALL=C PATH=$bin:$PATH TN_HOME=$work/tn
mkdir -m 700 "$TN_HOME"
strategy=sma-cross:fast=10,slow=30
last=$(date -u -d "2024-01-02 + ${DAYS:-600} days" +%F)
for symbol in A B C D; do
    tn-quote bars -s sim "$symbol" --interval 1h --from 2024-01-02 --to "$last" --now "${last}T23:00:00Z"
done | grep '"type":"bar"' | sort -t'"' -k8,8 -s >"$work/bars"
bars=$(wc -l <"$work/bars")
tn-order open paper --cash 100000 --now 2024-01-01T00:00:00Z -q
TIMEFORMAT='%U %S'
cpu() { # NAME COMMAND…: stands in a pipe
    local name=$1
    shift
    { time "$@"; } 2>"$work/$name.err"
}
cpu signal tn-signal run "$strategy" -p <"$work/bars" |
    cpu risk tn-risk size --session -p --sizing quantity:10 --entry-within any |
    cpu order tn-order run >"$work/out" || [ $? = 6 ]
total=0
for name in signal risk order; do
    used=$(tail -n 1 "$work/$name.err" | awk '{print $1 + $2}')
    printf '%-10s %8.2f s CPU\n' "$name" "$used"
    total=$(awk "BEGIN {print $total + $used}")
done
printf '%d bars, %d fills: %.0f bars a CPU second\n' "$bars" "$(grep -c '"type":"fill"' "$work/out")" \
    "$(awk "BEGIN {print $bars / $total}")"
cpu pass tn-signal run "$strategy" -p <"$work/bars" | wc -c >/dev/null
printf 'passed on only: %s s CPU\n' "$(tail -n 1 "$work/pass.err" | awk '{print $1 + $2}')"
