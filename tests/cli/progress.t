#!/usr/bin/env bash
# Progress and messages of filters: one line on a terminal after two seconds, SIGUSR1, --no-progress, --log-json.
# shellcheck source=tests/cli/lib.sh disable=SC2016
. "$(dirname "$0")/lib.sh"
needs script

for symbol in AAPL MSFT ORCL; do tn-quote bars -s sim "$symbol" -n 200 | head -n 200 >"bars-$symbol"; done
# Records before and after the two seconds.
slow() {
    cat "$WORK/bars-AAPL"
    sleep 1.2
    cat "$WORK/bars-MSFT"
    sleep 1.2
    cat "$WORK/bars-ORCL"
}
export -f slow
typed() { # NAME COMMAND…: what a terminal shows as standard error
    SHELL=$BASH script -qec "bash -c 'TERM=xterm; slow | $2'" /dev/null </dev/null >"$WORK/$1" 2>&1
}
export WORK
typed file 'tn-signal add sma:5 >out.ndjson' &
typed pipe 'tn-signal add sma:5 | cat >piped.ndjson' &
typed none 'tn-signal add sma:5 --no-progress >none.ndjson' &
typed data 'tn-signal add sma:5' &
typed report 'tn-report summary' &
slow | tn-signal add sma:5 >signal.ndjson 2>signal.err &
subject=$!
sleep 0.8
kill -USR1 "$subject" 2>/dev/null
quiet() { # a source that has nothing to say for now
    cat "$WORK/bars-AAPL"
    sleep 30 &
    echo "$!" >quiet.pid
    wait "$!"
}
quiet | tn-backtest run sma-cross >quiet.ndjson 2>quiet.err &
subject=$!
sleep 0.5
for ((i = 0; i < 100 && $(wc -l <quiet.err) < 2; i++)); do
    kill -USR1 "$subject" 2>/dev/null
    sleep 0.1
done
cp quiet.err quiet.before
kill "$(<quiet.pid)" 2>/dev/null
wait
like 'after two seconds a line says how far the work is' "$(cat file)" $'\r''tn-signal: records: [0-9]+, [0-9]+/s'
is 'and is taken away at the end' "$(tail -c 4 file | od -An -c | tr -d ' ')" '\r033[K'
is 'not in the middle of a pipeline' "$(cat pipe)" ''
is 'not with --no-progress' "$(cat none)" ''
unlike 'not where records go to the terminal' "$(cat data)" 'records: '
like 'but where a report is awaited' "$(cat report)" $'\r''tn-report: records: '
like 'SIGUSR1 prints it once, terminal or not' "$(cat signal.err)" '^tn-signal: records: [0-9]+, [0-9]+/s$'
like 'while it waits for input too' "$(cat quiet.before)" '^tn-backtest: records: 200, [0-9]+/s$'
is 'and goes on where it was' "$(tail -n 1 quiet.ndjson | grep -o '"status":[0-9]*')" '"status":0'
is 'and harms nothing' "$(cmp out.ndjson signal.ndjson 2>&1)" ''

{ cat bars-AAPL; echo 'no record'; } >bars.ndjson
exits 'a bad line' 3 bash -c 'tn-signal add sma:5 <bars.ndjson'
is 'is one line on standard error' "$(wc -l <.err)" 1
exits 'with --log-json' 3 bash -c 'tn-signal add sma:5 --log-json <bars.ndjson'
like 'it is a record' "$err" '^\{"type":"log","time":"[^"]+Z","level":"error","program":"tn-signal","text":"[^"]*201[^"]*","code":3\}$'
exits 'with -q' 3 bash -c 'tn-signal add sma:5 -q <bars.ndjson'
is 'it is counted only' "$err" ''
finish
