#!/usr/bin/env bash
# fault-011: the n-th allocation of a program fails, for every n. It ends with 10 and a message, or does without what it
# could not have and writes the same as ever; never a crash, never another output that claims to be whole.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"
needs gcc python3
gcc -O1 -shared -fPIC -o fail-alloc.so "$TOP/tests/fault/fail-alloc.c" || exit 1
python3 "$TOP/tests/cli/indicators.py" bars | tail -n 100 >market.ndjson

# each MEANING COMMAND…: each of the first hundred allocations, and a hundred evenly spread over the rest (most of them are
# those by which OpenSSL begins); all of them with TN_SOAK.
each() {
    local meaning=$1 total step wrong='' seen=0 status
    shift
    command -v "$1" >/dev/null || { skip "$meaning fault-011" "$1 is not built"; return; }
    FAIL_ALLOC_LOG=total LD_PRELOAD=$WORK/fail-alloc.so "$@" >whole 2>/dev/null <market.ndjson || { result 1 "$meaning runs when there is memory"; return; }
    total=$(cat total)
    step=$((total > 200 && ${#soak} == 0 ? total / 100 : 1))
    for ((n = 1; n <= total; n += n < 100 ? 1 : step)); do
        # The shell says what killed a program: not to the test's own standard error.
        { FAIL_ALLOC=$n LD_PRELOAD=$WORK/fail-alloc.so "$@" >part 2>said <market.ndjson; } 2>/dev/null
        status=$?
        if [ "$status" -eq 0 ]; then
            cmp -s whole part || wrong+=" $n: other output;"
        elif [ "$status" -ne 10 ]; then
            wrong+=" $n: exit code $status;"
        else
            seen=$((seen + 1))
            [ -s said ] || wrong+=" $n: silent;"
            ! grep -q '"type":"end","status":0,"complete":true' part || wrong+=" $n: claims to be whole;"
        fi
    done
    [ -z "$wrong" ] && [ "$seen" -gt 0 ]
    result $? "$meaning survives want of memory ($seen of $total allocations ended it) fault-011" "$wrong"
}

each 'tn-signal run' tn-signal run sma-cross momentum:lookback=30 --where 'close > 1' -p
each 'tn-signal add' tn-signal add sma:20 bbands macd
each 'tn-signal list' tn-signal list -O table
each 'tn-quote bars' tn-quote bars -s sim AAPL MSFT --from 2024-01-02 --to 2024-03-01
each 'tn-backtest run' tn-backtest run sma-cross:fast=5,slow=10 --cash 100000
each 'tn-report summary' tn-report summary -O table
each 'tn-report chart' tn-report chart AAPL
sed -n '/^{"type":"cash"/,/^{"type":"end"/p' "$TOP/tests/cli/journal.t" >story.ndjson
each 'tn-journal record' tn-journal record story.ndjson
each 'tn-journal show' tn-journal show -O table
each 'tn-journal why' tn-journal why tn1 -O json
each 'tn-journal verify' tn-journal verify
each 'tn-journal query' tn-journal query 'SELECT * FROM orders' -O table
finish
