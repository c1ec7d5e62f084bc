#!/usr/bin/env bash
# An old account: 2,000,000 events of two accounts (EVENTS says otherwise), and how long halt, positions, account and a
# submit of one order take then, as whole processes, beside the same in a young journal and one fsync of this disk; then
# a verification of 1,000,000 events. Works in TN_BENCH_DIR, or the current folder: it must be on a real disk.
set -eu
bin=$(cd "${TN_BIN:-$(dirname "$0")/../../build/release}" && pwd)
work=$(mktemp -d "${TN_BENCH_DIR:-.}/bench-account.XXXXXX")
trap 'rm -rf "$work"' EXIT
export LC_ALL=C PATH=$bin:$PATH
ms() { # COMMAND…: the median of five, in milliseconds
    for _ in 1 2 3 4 5; do
        local start=$EPOCHREALTIME
        "$@" >"$work/out" 2>&1 </dev/null || [ $? = 6 ]
        local end=$EPOCHREALTIME
        echo $((${end/./} - ${start/./}))
    done | sort -n | sed -n 3p | awk '{printf "%.1f ms", $1 / 1000}'
}
order=0
submit() {
    order=$((order + 1))
    {
        printf '{"type":"order","time":"2026-01-02T21:00:00Z","symbol":"X","id":"tn%d","side":"buy","quantity":1,"order_type":"market","role":"entry","strategy":"s","reference_price":100}\n' "$RANDOM$RANDOM$order"
        echo '{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}'
    } | tn-order submit --now 2026-01-02T22:00:00Z
}
fsync() { dd if=/dev/zero of="$work/sync" bs=4096 count=1 conv=fsync; }
make_home() { # NAME EVENTS
    mkdir -p "$work/$1/data"
    chmod 700 "$work/$1"
    "$bin/bench-account" "$work/$1/data/journal.db" "$2"
}
row() { printf '%-34s %12s %12s\n' "$@"; }
start=$EPOCHREALTIME
make_home old "${EVENTS:-2000000}"
end=$EPOCHREALTIME
make_home young 100
row '' "${EVENTS:-2000000} events" '100 events'
row 'a file written and synced' "$(ms fsync)" "$(ms fsync)"
for what in 'tn-order positions' 'tn-order account' submit 'tn-order halt' 'tn-journal query SELECT*FROM(positions)'; do
    read -ra words <<<"$what"
    row "$what" "$(TN_HOME=$work/old ms "${words[@]}")" "$(TN_HOME=$work/young ms "${words[@]}")"
done
echo "made in $(((${end/./} - ${start/./}) / 1000)) ms, $(du -m "$work/old/data/journal.db" | cut -f1) MB"
make_home million 1000000
export TN_HOME=$work/million
row 'tn-journal verify, 1000000 events' "$(ms tn-journal verify)" ''
