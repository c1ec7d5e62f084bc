#!/usr/bin/env bash
# Events and figures in rules: as they were known after each bar, worked out by hand from the sessions of January 2024
# (the 15th is a holiday), in every program alike, and never before.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

bar() { printf '{"type":"bar","time":"2024-01-%sT05:00:00Z","symbol":"%s","interval":"1d","end":"2024-01-%sT21:00:00Z","session":"2024-01-%s","open":100,"high":101,"low":99,"close":100,"volume":1000}\n' "$1" "$2" "$1" "$1"; }
event() { printf '{"type":"event",%s}\n' "$1"; }
{
    # The Fed's meeting stands in front of everything: a calendar that was known all along.
    event '"time":"2024-01-12T19:00:00Z","kind":"fomc"'
    bar 02 X
    # Announced on the 3rd for the 10th; of another company for the 4th; figures filed after the close of the 4th and on
    # the 8th; a rate of the 4th.
    event '"time":"2024-01-03T13:00:00Z","symbol":"X","kind":"earnings","date":"2024-01-10"'
    event '"time":"2024-01-03T13:00:00Z","symbol":"Y","kind":"earnings","date":"2024-01-04"'
    bar 03 X
    bar 04 X
    event '"time":"2024-01-04T22:00:00Z","symbol":"X","kind":"fact","title":"us-gaap:Eps","value":4,"start":"2023-10-01","end":"2023-12-31"'
    event '"time":"2024-01-05T04:59:59Z","symbol":"DGS10","kind":"observation","value":"4.00","date":"2024-01-04"'
    bar 05 X
    event '"time":"2024-01-08T12:00:00Z","symbol":"X","kind":"fact","title":"us-gaap:Eps","value":20,"start":"2023-01-01","end":"2023-12-31"'
    bar 08 X
    bar 09 X
    bar 10 X
    # Said too late: a filing of the 5th that the stream brings now is known from the 11th on.
    event '"time":"2024-01-05T13:00:00Z","symbol":"X","kind":"filing"'
    bar 11 X
    bar 12 X
    bar 16 X
    printf '{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}\n'
} >stream.nd
cat >ask.tn <<'R'
enter long: close > 0 and coalesce(earnings_in, -1) > -9 and coalesce(since_earnings, -1) > -9 and coalesce(fomc_in, -1) > -9
    and coalesce(since_event("fomc"), -1) > -9 and coalesce(since_filing, -1) > -9
exit long: close < 0
R
cat >figure.tn <<'R'
enter long: close > 0 and coalesce(fact("Eps", "quarter"), -1) > -9 and coalesce(fact("Eps", "year"), -1) > -9
    and coalesce(fact("us-gaap:Eps"), -1) > -9 and coalesce(observation("DGS10"), -1) > -9 and coalesce(close / fact("Eps"), -1) > -9
exit long: close < 0
R
asked() { tn-signal run -q "$1" stream.nd | jq -r 'select(.type == "signal") | [.time[8:10]] + [.reason | del(.close) | to_entries[].value] | map(tostring) | join(" ")'; }
asked ask.tn >got
# earnings_in, since_earnings, fomc_in, since fomc, since_filing
cat >want <<'W'
02 -1 -1 8 -1 -1
03 5 -1 7 -1 -1
04 4 -1 6 -1 -1
05 3 -1 5 -1 -1
08 2 -1 4 -1 -1
09 1 -1 3 -1 -1
10 0 -1 2 -1 -1
11 -1 1 1 -1 4
12 -1 2 -1 0 5
16 -1 3 -1 1 6
W
same 'sessions to and since events' got want
asked figure.tn >got
cat >want <<'W'
02 -1 -1 -1 -1 -1
03 -1 -1 -1 -1 -1
04 -1 -1 -1 -1 -1
05 4 -1 4 4 25
08 4 20 20 4 5
09 4 20 20 4 5
10 4 20 20 4 5
11 4 20 20 4 5
12 4 20 20 4 5
16 4 20 20 4 5
W
same 'figures as they were filed' got want

# A blackout: no entry within two sessions of earnings, nor where nothing is known of them.
cat >calm.tn <<'R'
enter long: close == 100
exit long: earnings_in == 1
when: earnings_in > 2 or since_earnings > 1
hold: 3 bars
R
sides() { jq -r 'select(.type == "signal" and .decided == .time) | [.time[8:10], .side] | join(" ")' | paste -sd,; }
is 'a blackout around earnings' "$(tn-signal run -q calm.tn stream.nd | sides)" '03 long,08 flat,12 long'
entries() { jq -r 'select(.type == "fill" and .role == "entry") | .time[8:10]' | paste -sd' '; }
terms=(--sizing quantity:1)
is 'in a backtest' "$(tn-backtest run -q calm.tn stream.nd "${terms[@]}" | entries)" '04 16'
is 'in one of the signals' "$(tn-signal run -q calm.tn stream.nd -p | tn-backtest run -q --signals "${terms[@]}" | entries)" '04 16'
tn-backtest pack -q stream.nd -o bars.pack
is 'in one of a file of columns' "$(tn-backtest run -q calm.tn bars.pack "${terms[@]}" | entries)" '04 16'
run_of() { jq -r 'select(.type == "result" or .type == "cell") | .run' | tail -n 1; }
is 'and it is the same run' "$(tn-backtest run -q calm.tn bars.pack "${terms[@]}" | run_of)" "$(tn-backtest run -q calm.tn stream.nd "${terms[@]}" | run_of)"
sed 's/> 2 or/> near or/; 1i param near = 2 in 1..5' calm.tn >near.tn
run tn-backtest sweep -q near.tn near=2..3/1 stream.nd "${terms[@]}"
is 'a sweep knows them' "$(jq -r 'select(.type == "cell") | .metrics.open_trades // .metrics.trades' <<<"$out" | paste -sd' ')" "$(tn-backtest sweep -q near.tn near=2..3/1 bars.pack "${terms[@]}" | jq -r 'select(.type == "cell") | .metrics.open_trades // .metrics.trades' | paste -sd' ')"
is 'as a run of the same values' "$(tn-backtest sweep -q near.tn near=2 stream.nd "${terms[@]}" | run_of)" "$(tn-backtest run -q near.tn stream.nd "${terms[@]}" | run_of)"
for n in 3 6 9 12; do
    head -n "$n" stream.nd | tn-signal run -q ask.tn 2>/dev/null | grep '"type":"signal"' >part
    tn-signal run -q ask.tn stream.nd | grep '"type":"signal"' | head -n "$(grep -c . part)" >want
    same "the first $n records say what they say among all" part want
done
# Of events that stand in front of the bars, as `tn-quote events` and `tn-quote bars` give them to a scan.
{ grep '"event"' stream.nd; grep -v '"event"' stream.nd; } >front.nd
run tn-signal scan 'since_fomc <= 1 and fact("Eps", "year") == 20' front.nd
is 'a scan' "$(jq -c 'select(.type == "match") | .figures' <<<"$out")" '{"since_fomc":1,"fact(\"Eps\", \"year\")":20}'
run tn-signal alert 'earnings_in <= 2' stream.nd
is 'an alert' "$(jq -r 'select(.type == "alert") | .time[8:10]' <<<"$out")" 08
exits 'nothing of an event' 1 tn-signal scan 'since_event("gdp") < 5' stream.nd
stderr_like 'is said' 'no event for since_event\("gdp"\)'
printf '%s\n' 'enter long: earnings_in < 3' 'exit long: close < 0' >deaf.tn
run tn-signal run deaf.tn <(grep -v '"event"' stream.nd)
stderr_like 'by a strategy too' 'no event for earnings_in'
run tn-backtest run deaf.tn <(grep -v '"event"' stream.nd)
stderr_like 'and in a result' 'no event for earnings_in'

wrong() { exits "$1" 2 tn-signal scan "$2" stream.nd && stderr_like "$1: says so" "$3"; }
wrong 'a kind that is not known' 'earning_in < 3' "did you mean 'earnings_in'"
wrong 'a figure without quotes' 'fact(Eps) > 1' 'it is fact\("NetIncomeLoss"\)'
wrong 'another period' 'fact("Eps", "month") > 1' '"quarter" or "year"'
wrong 'over coarser bars' '(fact("Eps") + 1)@1w > 1' 'have no interval'
wrong 'of another symbol' 'earnings_in of SPY < 3' "rule's own symbol"
{ event '"time":"2024-01-03T13:00:00Z","kind":"earnings","date":"soon"'; cat stream.nd; } >bad.nd
exits 'a date that is none' 3 tn-signal scan 'earnings_in == null' bad.nd
stderr_like 'is named' "event with a 'date' that is not a date"
finish
