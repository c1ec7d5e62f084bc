#!/usr/bin/env bash
# What became of signals, and whose were good. What an outcome says a backtest of one share says too.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

tn-quote bars -s sim:actions AAPL MSFT XOM JPM --from 2019-01-01 --to 2024-01-01 >bars.nd
printf '%s\n' 'enter short: close < lowest(10)[1]' 'exit short: close > highest(5)[1]' 'stop: close - 1.5 * atr(14)' \
    'target: close + 2 * atr(14)' >down.tn
strategies=(rsi-2 breakout:target=4 'mean-reversion:target=1,stop=1' down.tn)
tn-signal run -p "${strategies[@]}" <bars.nd >both.nd
ok 'tracks' tn-signal track both.nd
run tn-signal track both.nd
grep '"type":"outcome"' "$WORK/.out" >outcomes.nd
is 'every decision for a position has one outcome' "$(jq -r .signal outcomes.nd | sort)" \
    "$(jq -r 'select(.type == "signal" and .side != "flat") | .id' both.nd | sort -u)"

# The same signals traded one share at a time. Stops and targets are rounded to the tick there, so what touches by less
# may differ: those that do not are the same.
tn-backtest run "${strategies[@]}" --sizing quantity:1 --cash 100000000 --max-position 100% --max-positions 1000 \
    --daily-loss 100% --long-only no --slippage-bps 0 --slippage-ticks 0 bars.nd 2>/dev/null >run.nd
jq -r 'select(.type == "fill") | [.strategy, .symbol, .time, .role, .price] | @tsv' run.nd | awk -F'\t' '
    $4 == "entry" {time[$1,$2] = $3; price[$1,$2] = $5; next}
    {printf "%s %s %s %s %s %s %.0f\n", $1, $2, time[$1,$2], price[$1,$2], $4, $3, $5 * 100}' | sort >traded
jq -r 'select(.exit) | [.strategy, .symbol, .entered, .entry, (if .ended == "signal" then "exit" else .ended end), .left, .exit] | @tsv' outcomes.nd |
    awk -F'\t' '{printf "%s %s %s %s %s %s %.0f\n", $1, $2, $3, $4, $5, $6, $7 * 100}' | sort >tracked
like 'there are many trades' "$(wc -l <traded)" '^ *(1[0-9][0-9]|[2-9][0-9][0-9])$'
is 'nearly all of them as the backtest has them' "$(($(comm -12 traded tracked | wc -l) * 100 / $(wc -l <traded) >= 97))" 1
is 'stops, targets and exits' "$(cut -d' ' -f5 tracked | sort -u | tr '\n' ' ')" 'exit stop target '

# No look-ahead: what the first lines say stays.
for n in 400 2000 5000; do
    head -n $n both.nd | tn-signal track -q | jq -c 'select(.type == "outcome" and .ended != "open" and .after["20"] != null)' >part
    is "outcomes of the first $n lines are those of all" "$(comm -23 <(sort part) <(sort outcomes.nd) | wc -l)" 0
done
# Whatever the order of the symbols, and of the signals of a file.
jq -c 'select(.type == "bar" or .type == "action")' both.nd >plain
jq -c 'select(.type == "signal")' both.nd >signals.ndjson
jq -s -c 'sort_by(.symbol) | .[]' plain >by-symbol
# A file of decisions, backwards, and bars symbol by symbol.
jq -c 'select(.type == "signal" and .time == .decided)' both.nd | tac >decided.ndjson
tn-signal track -q --signal-file decided.ndjson by-symbol | grep '"type":"outcome"' | sort >other
jq -c 'select(.type == "signal" and .initial and .age)' both.nd | jq -r .id | sort -u >late
grep -vFf late other >other.known
sort outcomes.nd | grep -vFf late >known
same 'the same outcomes' other.known known
ok 'leaders' tn-signal leaders outcomes.nd
run tn-signal leaders outcomes.nd
want=$out
is 'the same in any order' "$(shuf --random-source=bars.nd outcomes.nd | tn-signal leaders -q | jq -c 'select(.type == "leader")')" \
    "$(jq -c 'select(.type == "leader")' <<<"$want")"
is 'ranked by the low end' "$(jq -s -c '[.[] | select(.type == "leader") | .r_low] | . == (sort | reverse)' <<<"$want")" true
n=$(jq -s '[.[] | select(.strategy == "rsi-2" and .exit)] | length' outcomes.nd)
mean=$(jq -s '[.[] | select(.strategy == "rsi-2" and .exit) | .return] | add / length * 1e9 | round' outcomes.nd)
is 'counts and means are those of jq' \
    "$(jq -c 'select(.strategy == "rsi-2") | [.outcomes, (.return * 1e9 | round)]' <<<"$want")" "[$n,$mean]"
run tn-signal leaders --until 2020-01-01 --by hit --confidence 90% --cost 0.2% outcomes.nd
like 'of what was known then' "$out" '"confidence":0.9'
is 'nothing later' "$(jq -r 'select(.type == "leader" and .time > "2020-01-01") | .time' <<<"$out")" ''

# Somebody's advice, as CSV.
printf '%s\n' '{"type":"bar","time":"2024-01-05T05:00:00Z","symbol":"X","interval":"1d","session":"2024-01-05","end":"2024-01-05T21:00:00Z","open":10,"high":11,"low":9.5,"close":10}' \
    '{"type":"bar","time":"2024-01-08T05:00:00Z","symbol":"X","interval":"1d","session":"2024-01-08","end":"2024-01-08T21:00:00Z","open":10,"high":11,"low":9.5,"close":10.5}' \
    '{"type":"bar","time":"2024-01-09T05:00:00Z","symbol":"X","interval":"1d","session":"2024-01-09","end":"2024-01-09T21:00:00Z","open":11,"high":12.5,"low":10.5,"close":12}' >x.ndjson
printf '%s\n' 'Date,Ticker,Side,Stop,Target' 2024-01-05,X,Buy,9,12 '2024-01-08 11:00,X,sell,,' >advice.csv
run tn-signal track --signal-file advice.csv x.ndjson --after 1
is 'a date is known when it is over; a sale within a day comes at the next open' \
    "$(jq -c 'select(.type == "outcome") | [.strategy, .entered, .entry, .ended, .exit, .r, .after["1"]]' <<<"$out")" \
    '["advice","2024-01-08T14:30:00Z",10,"signal",11,1,0.5]'
run tn-signal track --signal-file advice.csv x.ndjson --after 1 --bars 1
is 'no longer than a bar' "$(jq -c 'select(.type == "outcome") | [.ended, .exit]' <<<"$out")" '["bars",10.5]'

# Bad input
printf '%s\n' 'date,symbol,side' 2024-01-05,X,buy 01/02/2024,X,buy 2024-01-05,X,up '2024-01-05,a b,buy' >bad.csv
exits 'bad rows' 3 tn-signal track --signal-file bad.csv x.ndjson
stderr_like 'are named' 'bad.csv: line 3: .*may be day first or month first'
stderr_like 'each' "bad.csv: line 4: side 'up' is not long, short or flat"
is 'the good one counts' "$(tn-signal track -q --signal-file bad.csv x.ndjson | grep -c '"type":"outcome"')" 1
exits 'stop at the first' 3 tn-signal track --strict --signal-file bad.csv x.ndjson
printf '%s\n' a,b,c 1,2,3 >none.csv
exits 'no such columns' 3 tn-signal track --signal-file none.csv x.ndjson
stderr_like 'says which' 'no column for the time, the symbol or the side'
: >empty.csv
exits 'an empty file' 3 tn-signal track --signal-file empty.csv x.ndjson
exits 'no file' 2 tn-signal track --signal-file nowhere.csv x.ndjson
exits 'no such file of records' 2 tn-signal track --signal-file nowhere.ndjson x.ndjson
exits 'an interval that is none' 2 tn-signal track -i 1x x.ndjson
exits 'numbers that fall' 2 tn-signal track --after 5,1 x.ndjson
exits 'no numbers' 2 tn-signal track --after 1,,2 x.ndjson
exits 'signals after their bars' 3 tn-signal track x.ndjson signals.ndjson bars.nd signals.ndjson
stderr_like 'with the way' 'hint: .*--signal-file|older than the last bar'
exits 'bars that come twice' 3 tn-signal track x.ndjson x.ndjson
run tn-signal track x.ndjson
like 'no signals are said' "$err" 'no signals'
exits 'no outcomes' 1 tn-signal leaders x.ndjson
stderr_like 'are said' 'no outcomes'
exits 'a confidence of nothing' 2 tn-signal leaders --confidence 10% outcomes.nd
jq -c '.stop = null | .risk = null | .r = null' outcomes.nd >stopless
run tn-signal leaders stopless
like 'without stops there is no R' "$err" '4 of 4 sources have no rank.*--by return'
ok 'but a return' tn-signal leaders --by return stopless
finish
