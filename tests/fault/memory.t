#!/usr/bin/env bash
# fault-011: the n-th allocation of a program fails, for every n. It ends with 10 and a message, or does without what it
# could not have and writes the same as ever; never a crash, never another output that claims to be whole. What changes
# an account has done it or not, and running it again completes the story.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"
needs gcc python3 jq
gcc -O1 -shared -fPIC -o fail-alloc.so "$TOP/tests/fault/fail-alloc.c" || exit 1
python3 "$TOP/tests/cli/indicators.py" bars | tail -n 100 >market.ndjson

# points TOTAL: which allocations fail: the first and the last hundred, and a hundred evenly spread over the rest (most
# of them are those by which OpenSSL begins); all of them with TN_SOAK.
points() {
    awk -v total="$1" -v soak="$soak" 'BEGIN {
        step = total > 300 && soak == "" ? int(total / 100) : 1
        for (n = 1; n <= total; n++)
            if (n <= 100 || n > total - 100 || n % step == 0) print n
    }'
}

# fail N COMMAND…: the exit code of a command whose N-th allocation fails; it writes `part` and `said`.
fail() {
    local n=$1
    shift
    # The shell says what killed a program: not to the test's own standard error.
    { FAIL_ALLOC=$n LD_PRELOAD=$WORK/fail-alloc.so "$@" >part 2>said <"$input"; } 2>/dev/null
}

# complaint N CODE: what is wrong with how a command ended that had not had its N-th allocation, nothing if it is right.
complaint() {
    if [ "$2" -eq 0 ]; then
        cmp -s whole part || printf ' %s: other output;' "$1"
    elif [ "$2" -ne 10 ]; then
        printf ' %s: exit code %s;' "$1" "$2"
    else
        [ -s said ] || printf ' %s: silent;' "$1"
        ! grep -q 'this is a bug' said || printf ' %s: %s;' "$1" "$(cat said)"
        ! grep -q '"type":"end","status":0,"complete":true' part || printf ' %s: claims to be whole;' "$1"
    fi
}

# each MEANING COMMAND…: of what changes nothing.
input=market.ndjson
each() {
    local meaning=$1 wrong='' seen=0 code n
    shift
    FAIL_ALLOC_LOG=total LD_PRELOAD=$WORK/fail-alloc.so "$@" >whole 2>/dev/null <"$input" || { result 1 "$meaning runs when there is memory"; return; }
    for n in $(points "$(cat total)"); do
        fail "$n" "$@" && code=0 || code=$?
        wrong+=$(complaint "$n" "$code")
        [ "$code" -ne 10 ] || seen=$((seen + 1))
    done
    [ -z "$wrong" ] && [ "$seen" -gt 0 ]
    result $? "$meaning survives want of memory ($seen of $(cat total) allocations ended it) fault-011" "$wrong"
}

# change MEANING BEFORE COMMAND…: of what changes the account that is in the folder BEFORE.
story() { tn-journal query 'SELECT type, key, record FROM event ORDER BY seq' -O tsv; }
change() {
    local meaning=$1 before=$2 wrong='' seen=0 code n
    shift 2
    restore "$before"
    FAIL_ALLOC_LOG=total LD_PRELOAD=$WORK/fail-alloc.so "$@" >whole 2>/dev/null <"$input" || { result 1 "$meaning runs when there is memory"; return; }
    story >told
    for n in $(points "$(cat total)"); do
        restore "$before"
        fail "$n" "$@" && code=0 || code=$?
        wrong+=$(complaint "$n" "$code")
        if [ "$code" -ne 0 ]; then
            seen=$((seen + 1))
            tn-journal verify >/dev/null 2>&1 || wrong+=" $n: a damaged journal;"
            "$@" <"$input" >/dev/null 2>&1 || wrong+=" $n: cannot be run again;"
        fi
        story >now
        cmp -s told now || wrong+=" $n: another story;"
    done
    [ -z "$wrong" ] && [ "$seen" -gt 0 ]
    result $? "$meaning survives want of memory, and so does the account ($seen of $(cat total) allocations ended it) fault-011" "$wrong"
}
restore() {
    rm -rf "$TN_HOME"
    cp -r "$1" "$TN_HOME"
}

each 'tn-signal run' tn-signal run sma-cross momentum:lookback=30 --where 'close > 1' -p
each 'tn-signal add' tn-signal add sma:20 bbands macd
each 'tn-signal list' tn-signal list -O table
each 'tn-quote bars' tn-quote bars -s sim AAPL MSFT --from 2024-01-02 --to 2024-03-01
each 'tn-stream replay' tn-stream replay market.ndjson
each 'tn-backtest run' tn-backtest run sma-cross:fast=5,slow=10 --cash 100000
each 'tn-report chart' tn-report chart AAPL
# A run with trades and refusals that ends with a position.
head -n 54 market.ndjson | tn-backtest run sma-cross:fast=2,slow=5 --orders >run.ndjson 2>/dev/null
is 'a run with all kinds of records' "$(jq -r .type run.ndjson | sort -u | paste -sd' ')" \
    'end equity fill order order_update position result'
input=run.ndjson
for what in summary trades positions orders equity; do
    for form in table json; do
        each "tn-report $what -O $form" tn-report $what -O $form
    done
done
input=market.ndjson
sed -n '/^{"type":"cash"/,/^{"type":"end"/p' "$TOP/tests/cli/journal.t" >story.ndjson
each 'tn-journal record' tn-journal record story.ndjson
each 'tn-journal show' tn-journal show -O table
each 'tn-journal why' tn-journal why tn1 -O json
each 'tn-journal verify' tn-journal verify
each 'tn-journal query' tn-journal query 'SELECT * FROM orders' -O table

# --- an account: an entry with its stop is ordered, fills, and is stopped out
rm -rf "$TN_HOME"
now=2024-01-03T22:00:00Z
tn-order open paper --cash 100000 --now 2024-01-02T12:00:00Z >/dev/null 2>&1
cat >signals.ndjson <<'END'
{"type":"signal","time":"2024-01-03T21:00:00Z","symbol":"A","id":"sg1","strategy":"hand","side":"long","decided":"2024-01-03T21:00:00Z","interval":"1d","price":100,"stop":95}
{"type":"end","status":0,"complete":true,"failed":{},"counts":{"signal":1}}
END
bar() { printf '{"type":"bar","time":"2024-01-%sT05:00:00Z","symbol":"A","interval":"1d","session":"2024-01-%s","end":"2024-01-%sT21:00:00Z","open":%s,"high":%s,"low":%s,"close":%s,"volume":1000,"adjusted":"raw"}\n' "$1" "$1" "$1" "$2" "$3" "$4" "$5"; }
{
    bar 04 100 102 99 101
    bar 05 101 101 94 94.5
    echo '{"type":"end","status":0,"complete":true,"failed":{},"counts":{"bar":2}}'
} >bars.ndjson
input=signals.ndjson
each 'tn-risk size' tn-risk size --now $now
tn-risk size --now $now <signals.ndjson >orders.ndjson
cp -r "$TN_HOME" opened
input=orders.ndjson
change 'tn-order submit' opened tn-order submit --now $now
restore opened
tn-order submit --now $now <orders.ndjson >/dev/null 2>&1
cp -r "$TN_HOME" submitted
input=bars.ndjson
change 'tn-order settle' submitted tn-order settle
is 'what was ordered, filled and stopped' "$(tn-journal query 'SELECT role, price FROM fills ORDER BY seq' -O tsv | tail -n +2 | tr '\t\n' '  ')" 'entry 100 stop 95 '
restore submitted
tn-order settle < <(head -n 1 bars.ndjson) >/dev/null 2>&1
each 'tn-order positions' tn-order positions -O table
each 'tn-order account' tn-order account -O json
finish
