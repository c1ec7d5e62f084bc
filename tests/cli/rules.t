#!/usr/bin/env bash
# Rules: an idea in a line is a scan, a ranking, an alert, a backtest, and every mistake in it is named.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

tn-quote bars -s sim AAPL MSFT XOM JPM --from 2018-01-01 --to 2024-01-01 >bars.nd
tn-quote bars -s sim AAPL MSFT XOM JPM -n 250 --now 2026-03-02T13:00:00Z >year.nd

# The same strategy as rules and in C: the same fills.
cat >cross.tn <<'R'
param fast = 10 in 2..50
param slow = 30 in 5..200
enter long: sma(fast) > sma(slow)
exit long: sma(fast) <= sma(slow)
R
fills() { tn-backtest run "$1" --sizing quantity:10 --max-position 90% <bars.nd | jq -c 'select(.type=="fill") | [.time,.symbol,.side,.quantity,.price]'; }
fills sma-cross:stop=0 >want
fills cross.tn >got
same 'a cross in rules fills as the one in C' got want
is 'and it does fill' "$(wc -l <want | tr -d ' ')" "$(grep -c . got)"
fills sma-cross:fast=5,slow=20,stop=0 >want
fills cross.tn:fast=5,slow=20 >got
same 'with parameters too' got want
like 'there are some' "$(wc -l <got)" '[1-9][0-9]'

# A prefix of the input gives a prefix of the output (no look-ahead).
cat >dip.tn <<'R'
title: buy weakness in an up trend
param days = 2 in 2..5
let trend = close > sma(50)
enter long: trend
    and rsi(days) < 20   # goes on
exit long: close > sma(5)
enter short: not trend and rsi(days) > 90
exit short: close < sma(5)
stop: close - 3 * atr(14)
hold: 10 bars
confirm: close > open within 3 bars
when: weekday != fri
R
tn-signal run dip.tn <bars.nd | grep '"type":"signal"' >all
for n in 300 1000 3000; do
    head -n $n bars.nd | tn-signal run dip.tn 2>/dev/null | grep '"type":"signal"' >part
    head -n "$(grep -c . part)" all >want
    same "the first $n bars" part want
done
stop_ok=$(jq -c 'select(.side != "flat") | if .side == "long" then .stop < .price else .stop > .price end' all | sort -u)
is 'stops lie on their side of the price' "$stop_ok" true
is 'no entry is decided on a Friday' "$(jq -r 'select(.side != "flat" and .decided == .time) | .decided' all | while read -r t; do date -u -d "$t" +%u; done | grep -c 5)" 0
stdout_of_ten=$(jq -r 'select(.symbol == "AAPL") | [.side, .decided] | @tsv' all | uniq -c | awk '$2 != "flat" && $1 > 10' | wc -l)
is 'no position is wanted for more than ten bars' "$stdout_of_ten" 0

# scan, rank, alert, explain
run tn-signal scan 'close > sma(50) and rsi(2) < 60' year.nd
like 'a match with its figures' "$out" '"type":"match".*"symbol":"JPM".*"rule":"close > sma\(50\) and rsi\(2\) < 60","price":29.49,"figures":\{"close":29.49,"sma\(50\)":28.9018'
stderr_like 'what each stage dropped' '3 dropped by rsi\(2\) < 60'
want=$(tn-signal add sma:50 rsi:2 <year.nd | jq -r 'select(.time == "2026-02-27T05:00:00Z" and .close > .sma_50 and .rsi_2 < 60) | .symbol')
is 'those that jq finds by the indicators' "$(jq -r 'select(.type=="match") | .symbol' <<<"$out")" "$want"
sort -t'"' -k12,12 -s year.nd | grep '"bar"' >by-symbol.nd
is 'whatever the order of the symbols' "$(tn-signal scan 'close > sma(50) and rsi(2) < 60' by-symbol.nd 2>/dev/null | grep match)" "$(grep match <<<"$out")"
exits 'nothing matches' 1 tn-signal scan 'close < 0' year.nd
exits 'too few bars' 1 tn-signal scan 'close > sma(300)' year.nd
stderr_like 'says how many are needed' '4 with too few bars: 300 are needed'
run tn-signal rank 'close / close[120] - 1' --top 1 --bottom 1 year.nd
is 'the first and the last' "$(jq -c 'select(.type=="match") | [.symbol, .figures.rank, .figures.of]' <<<"$out" | head -1)" '["MSFT",1,4]'
is 'two of them' "$(grep -c match <<<"$out")" 3
run tn-signal alert 'close crosses above sma(50)' year.nd
crossed=$(tn-signal add sma:50 <year.nd | jq -c 'select(.type=="bar") | [.symbol, .end, .close, .sma_50]' | jq -sc 'group_by(.[0]) | map([., .[1:]] | transpose | map(select(.[1] != null and .[0][3] != null and .[1][2] > .[1][3] and .[0][2] <= .[0][3])) | map(.[1][1])) | flatten | sort | .[]')
is 'an alert for each crossing' "$(jq -c 'select(.type=="alert") | .time' <<<"$out" | sort)" "$crossed"
few=$(tn-signal alert 'close crosses above sma(50)' --cooldown 250 year.nd | jq -r 'select(.type=="alert") | .symbol' | sort | uniq -d | wc -l)
is 'a cool-down' "$few" 0
run tn-signal explain AAPL 'close > sma(50) and not (rsi(2) < 30)' year.nd -O csv
like 'the sides of a comparison' "$out" 'yes,"?  close > sma\(50\)"?,557.65,527.58'
exits 'a symbol without bars' 1 tn-signal explain ZZZ 'close > 1' year.nd

# Mistakes
exits 'half a rule' 2 tn-signal scan 'close >' year.nd
stderr_like 'with its column' 'close >, column 8: a field or value is missing'
exits 'a word of another language' 2 tn-signal scan 'crossover(close, sma(5))' year.nd
stderr_like 'is translated' 'hint: write a crosses above b'
exits '--where has no history' 2 tn-quote bars -s sim AAPL -n 1 --where 'close > sma(5)'
stderr_like 'and says who has' 'tn-signal scan does'
wrong() { # NAME SAYS TEXT
    printf '%b' "$3" >wrong.tn
    exits "$1" 2 tn-signal run wrong.tn year.nd
    stderr_like "$1: said" "$2"
}
wrong 'an unknown statement' "wrong.tn:2: 'entr long' is no statement" '# x\nentr long: close > 1\n'
wrong 'an unknown name' "wrong.tn:1: clse > 1, column 1: 'clse'" 'enter long: clse > 1\n'
wrong 'nothing entered' 'nothing is entered' 'exit long: close > 1\n'
wrong 'nothing ends it' 'nothing ends a long position' 'enter long: close > 1\n'
wrong 'a number for a question' 'wrong.tn:1: .* not a question' 'enter long: close\nhold: 2 bars\n'
wrong 'a question for a price' "'stop' is a number" 'enter long: close > 1\nstop: close > 1\n'
wrong 'a stop that is no price' 'stop is no price' 'enter long: close > 1\nstop: rsi(14)\n'
wrong 'twice' "'enter long' is said twice" 'enter long: close > 1\nenter long: close > 2\nhold: 2 bars\n'
wrong 'a parameter with the name of an indicator' 'is a name of the language already' 'param sma = 3 in 1..5\nenter long: close > 1\nhold: 2 bars\n'
wrong 'a default out of range' 'is not within' 'param x = 9 in 1..5\nenter long: close > x\nhold: 2 bars\n'
wrong 'an exit without its entry' 'an exit without its entry' 'enter long: close > 1\nexit short: close > 1\nhold: 2 bars\n'
wrong 'confirm without an end' 'confirm says until when' 'enter long: close > 1\nconfirm: close > open\nhold: 2 bars\n'
wrong 'an empty file' 'nothing is entered' ''
exits 'a parameter out of its range' 2 tn-signal run dip.tn:days=9 year.nd
exits 'a parameter that is none' 2 tn-signal run dip.tn:day=2 year.nd
stderr_like 'named' 'did you mean days'
exits 'a file that is not there' 2 tn-signal run nowhere.tn year.nd
cp dip.tn momentum.tn
exits 'the name of a strategy that there is' 2 tn-signal run momentum.tn year.nd
finish
