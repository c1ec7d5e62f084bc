#!/usr/bin/env bash
# Kill -9 at any system call of tn-order submit and settle: what they said is in the journal, and running them again ends
# where an undisturbed run ends: no order lost, none twice, no fill twice. A seeded sample; with TN_SOAK every call.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"
needs strace tn-order tn-risk tn-quote
if ! strace -o /dev/null true 2>/dev/null; then
    echo '1..0 # SKIP strace cannot trace here (no ptrace)'
    finished=yes
    exit 0
fi
data=$TN_HOME/data

# shellcheck disable=SC2016 # jq's own variables
# Three entries, sized on the last bar of a made-up market, and the bars of the next sessions, on which they fill.
mkdir -p "$TN_HOME"
echo 'account paper { fills = volume }' >"$TN_HOME/config" # a tenth of a bar's volume: 12 of these, so that orders fill in parts
tn-quote bars -s sim AAA BBB CCC --from 2024-03-01 --to 2024-04-04 | jq -c 'if .type == "bar" then .volume = 120 else . end' >all.ndjson
grep -v '"session":"2024-\(03-28\|04\)' all.ndjson >past.ndjson
{
    for symbol in AAA BBB CCC; do
        price=$(grep "\"symbol\":\"$symbol\"" past.ndjson | tail -1 | grep -o '"close":[0-9.]*' | cut -d: -f2)
        printf '{"type":"signal","time":"2024-03-27T20:00:00Z","symbol":"%s","id":"sg%s","strategy":"hand","side":"long","decided":"2024-03-27T20:00:00Z","interval":"1d","price":%s,"stop":%s}\n' \
            $symbol $symbol "$price" "$(awk -v p="$price" 'BEGIN {printf "%.2f", p * 0.9}')"
    done
    echo '{"type":"end","status":0,"complete":true,"failed":{},"counts":{"signal":3}}'
} >signals.ndjson
ok 'an account' tn-order open paper --cash 100000 --now 2024-01-01
cp -r "$data" opened
tn-risk size --sizing notional:2000 --now 2024-03-27T21:00:00Z <signals.ndjson >orders.ndjson
is 'three orders' "$(grep -c '"type":"order"' orders.ndjson)" 3
# A fourth, sent when the first has filled; the second sells half at 1 R and breaks even then; the third is replaced.
first=$(jq -r 'select(.type == "order").id' orders.ndjson | head -1)
third=$(jq -r 'select(.type == "order").id' orders.ndjson | tail -1)
jq -c --arg oto "$first" --arg third "$third" 'if .type == "order" then .time_in_force = "gtc" | del(.valid_until) else . end | if .symbol == "BBB" then .legs[0].even_after_target = true | .legs += [{role: "target", order_type: "limit", r: 0.01, share: 0.5}] else . end |
    if .id == $third then ., {type: "replace", time, order_id: $third, quantity: 15} else . end |
    if .id == $oto then ., {type, time, symbol, id: "after", account, side: "sell", quantity: 1, order_type: "limit", limit_price: 9999, role: "exit", strategy, oto: $oto} else . end' orders.ndjson >with
mv with orders.ndjson

state() {
    for table in accounts orders order_updates fills positions lots cash; do
        tn-journal query "SELECT * FROM $table" | sed 's/"seq":[0-9]*//'
    done
}
tn-order submit --now 2024-03-27T21:00:00Z <orders.ndjson >/dev/null
cp -r "$data" submitted
state >state.submit
tn-order settle <all.ndjson >/dev/null
state >state.settle
like 'undisturbed, what waited for the first is sent' "$(tn-journal query "SELECT reason FROM order_updates WHERE order_id = 'after' AND status = 'accepted'" -O tsv)" 'oto$'
like 'undisturbed, the third was replaced' "$(tn-journal query "SELECT quantity FROM orders WHERE id = '$third'" -O tsv)" '15$'
like 'undisturbed, they fill in parts' "$(tn-journal query "SELECT count(*) AS n FROM order_updates WHERE status = 'partially_filled'" -O tsv | tail -1)" '^2$'
like 'undisturbed, one scales out' "$(tn-journal query "SELECT count(*) AS n FROM fills WHERE role = 'target'" -O tsv | tail -1)" '^[1-9]$'
like 'undisturbed, they fill' "$(tn-journal query "SELECT count(*) AS n FROM fills WHERE role = 'entry'" -O tsv | tail -1)" '^5$'

# strike BEFORE STATE INPUT CALL N COMMAND…
complaints=''
strike() {
    local before=$1 want=$2 input=$3 call=$4 n=$5 what
    shift 5
    what="killed at $call $n"
    rm -rf "$data"
    cp -r "$before" "$data"
    # The shell says what killed a program: not to the test's own standard error.
    { strace -qq -o /dev/null -e trace="$call" -e inject="$call:signal=KILL:when=$n" "$@" <"$input" >said 2>/dev/null; } 2>/dev/null
    [ ! -s said ] || [ -z "$(tail -c 1 said)" ] || sed -i '$d' said # half a line says nothing
    grep -v '"type":"end"' said >told
    tn-journal verify >/dev/null 2>err || complaints+="$what: $(cat err)"$'\n'
    tn-journal show >there 2>/dev/null
    ! grep -qvxFf there told || complaints+="$what: said, but not in the journal: $(grep -vxFf there told | head -1)"$'\n'
    "$@" <"$input" >again 2>err || complaints+="$what: again: $(cat err)"$'\n'
    state >now
    cmp -s now "$want" || complaints+="$what: $(diff now "$want" | head -3)"$'\n'
    tn-journal verify >/dev/null 2>err || complaints+="$what: at the end: $(cat err)"$'\n'
}

points() { # BEFORE INPUT MANY COMMAND…
    local before=$1 input=$2 many=$3
    shift 3
    rm -rf "$data"
    cp -r "$before" "$data"
    strace -f -o calls "$@" <"$input" >/dev/null 2>&1
    sed -nE 's/^[0-9]+ +([a-z_0-9]+)\(.*/\1/p' calls | grep -vE '^(execve|exit_group|exit)$' | sort | uniq -c |
        awk -v seed=20261121 -v soak="$TN_SOAK" -v many="$many" '
            soak != "" || $2 ~ /^(p?write(64|v)?|p?read(64)?|fdatasync|fsync|ftruncate|fallocate|fcntl|openat|unlink|rename|flock)$/ {
                for (n = 1; n <= $1; n++) point[++points] = $2 " " n
            }
            END {
                srand(seed)
                for (i = points; i > 1; i--) { j = 1 + int(rand() * i); t = point[i]; point[i] = point[j]; point[j] = t }
                for (i = 1; i <= points && (soak != "" || i <= many); i++) print point[i]
            }'
}

count=0
while read -r call n; do
    count=$((count + 1))
    strike opened state.submit orders.ndjson "$call" "$n" tn-order submit --now 2024-03-27T21:00:00Z
done < <(points opened orders.ndjson 40 tn-order submit --now 2024-03-27T21:00:00Z)
[ "$count" -gt 0 ] && [ -z "$complaints" ]
result $? "fault-001: submit killed at $count system calls: no order lost, none twice" "$complaints"

count=0 complaints=''
while read -r call n; do
    count=$((count + 1))
    strike submitted state.settle all.ndjson "$call" "$n" tn-order settle
done < <(points submitted all.ndjson 40 tn-order settle)
[ "$count" -gt 0 ] && [ -z "$complaints" ]
result $? "fault-001: settle killed at $count system calls: no fill lost, none twice" "$complaints"
finish
