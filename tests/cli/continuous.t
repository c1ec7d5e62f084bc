#!/usr/bin/env bash
# tn-quote continuous: contracts of a future as one series.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# Three contracts. On March 4 M trades more than H: from the 5th on the series is M's; on the 6th U passes M.
mkdir futures
printf '%s\n' date,open,high,low,close,volume,openinterest 2026-03-02,100,100,100,100,10,9 2026-03-03,101,101,101,101,10,9 2026-03-04,102,102,102,102,4,9 2026-03-05,103,103,103,103,1,9 >futures/ESH26.csv
printf '%s\n' date,open,high,low,close,volume,openinterest 2026-03-02,102,102,102,102,3,1 2026-03-03,103,103,103,103,5,10 2026-03-04,104.5,104.5,104.5,104.5,6,10 2026-03-05,105,105,105,105,9,10 2026-03-06,106,106,106,106,5,10 2026-03-09,107,107,107,107,1,10 >futures/ESM26.csv
printf '%s\n' date,open,high,low,close,volume,openinterest 2026-03-06,111,111,111,111,8,1 2026-03-09,112,112,112,112,9,1 >futures/ESU26.csv
tn-quote bars -s csv:futures --calendar cme-equity --now 2026-03-12T00:00:00Z >all.nd
closes() { tn-quote continuous ES all.nd "$@" 2>said | jq -r 'select(.type == "bar") | .close' | paste -sd' '; }

# By hand: the rolls are 102 -> 104.5 and 106 -> 111, the first session only chooses.
is 'by difference, on the last basis: +7.5, +5, 0' "$(closes)" '108.5 109.5 110 111 112'
like 'which is said to change' "$(<said)" 'on the basis of ESU26 and change with the next roll'
is 'by difference, on the first: 0, -2.5, -7.5' "$(closes --anchor first)" '101 102 102.5 103.5 104.5'
is 'which is for ever: nothing is said' "$(<said)" ''
is 'as they are' "$(closes --adjust none)" '101 102 105 106 112'
# 101 × 104.5/102 × 111/106 = 108.35640954, 102 × that = 109.42924528, 105 × 111/106 = 109.95283019
is 'by ratio' "$(closes --adjust ratio)" '108.35640954 109.42924528 109.95283019 111 112'
is 'by open interest: a day earlier, 103/101' "$(closes --roll interest --anchor first)" '101 102.5 103 104 105'
run tn-quote continuous ES all.nd
is 'each bar says its contract' "$(jq -r 'select(.type == "bar") | [.symbol, .contract, .adjusted] | join(" ")' <<<"$out" | uniq -c | tr -s ' ' | paste -sd,)" ' 2 ES ESH26 difference, 2 ES ESM26 difference, 1 ES ESU26 difference'
is 'a roll is an action before its first bar' "$(jq -r 'select(.type == "action" or .type == "bar") | [.type, .time, .kind, .old_symbol, .new_symbol, .old_close, .new_close] | join(" ")' <<<"$out" | sed -n '3p;4p' | paste -sd,)" \
    'action 2026-03-04T23:00:00Z roll ESH26 ESM26 102 104.5,bar 2026-03-05T06:00:00Z     '
# The first lines give the first lines, wherever they are cut.
tn-quote continuous ES all.nd --anchor first | grep -v '"type":"end"' >whole
bad=
for k in $(seq 1 "$(wc -l <all.nd)"); do
    head -n "$k" all.nd | tn-quote continuous ES --anchor first 2>/dev/null | grep -v '"type":"end"' >part
    cmp -s part <(head -n "$(wc -l <part)" whole) || bad="$bad $k"
done
is 'no roll looks ahead' "$bad" ''

# By date the expiries must be known: the second session before 2026-03-06, a Friday, is Wednesday the 4th.
exits 'by date without them' 2 tn-quote continuous ES all.nd --roll date
stderr_like 'is said' 'the expiry of ESH26 is unknown'
printf '{"type":"instrument","symbol":"%s","kind":"future","underlying":"ES","multiplier":50,"expiry":"%s"}\n' ESH26 2026-03-06 ESM26 2026-06-19 ESU26 2026-09-18 XH 2026-03-06 >"$TN_HOME/instruments.ndjson"
is 'by date' "$(closes --roll date --days 2 --adjust none)" '101 102 105 106 107'
is 'their kind makes contracts of other names too' "$(sed s/ESH26/XH/ all.nd | tn-quote continuous ES --adjust none 2>/dev/null | jq -r 'select(.type == "bar") | .contract' | uniq | paste -sd' ')" 'XH ESM26 ESU26'

# A position is held over rolls: in joined prices it earns what the contracts did, 112 - 111 + 106 - 104.5 + 0.
printf '%s\n' 'enter long: close > 0' 'exit long: close < 0' 'stop: close - 90' >hold.tn
printf '{"type":"instrument","symbol":"ES","kind":"future","multiplier":50}\n' >>"$TN_HOME/instruments.ndjson"
for how in difference none; do
    tn-quote continuous ES all.nd --adjust $how 2>/dev/null >$how.nd
    tn-backtest run hold.tn $how.nd --calendar cme-equity --sizing quantity:1 --max-position 1000% >$how.out 2>$how.err
    ends="${ends-}$? "
done
is 'rolls are no bad lines' "$ends$(grep -c 'bad\|line' difference.err)" '0 0 0'
# Entered at the open of March 4, 109.5 on the last basis; held to 112: 2.5 points of 50.
is 'profit in joined prices' "$(jq -r 'select(.type == "position") | .unrealized' difference.out)" 125
is 'without a warning' "$(grep -c 'not joined' difference.out)" 0
like 'in prices that jump there is one' "$(<none.out)" 'a roll in prices that are not joined'
exits 'nothing of it' 1 tn-quote continuous NQ all.nd
exits 'days without a date' 2 tn-quote continuous ES all.nd --days 3
sed 's/"volume":[0-9]*,//' all.nd >no-volume.nd
exits 'no volume' 3 tn-quote continuous ES no-volume.nd
stderr_like 'is named' "has no 'volume', which decides the roll"
sed 's/"interval":"1d"/"interval":"1h"/;s/"session":"[^"]*",//' all.nd | cat all.nd - >mixed.nd
exits 'two intervals' 3 tn-quote continuous ES mixed.nd
stderr_like 'are refused' 'several intervals'
sed 's/:10[567],/:2,/g;s/"close":10[567]/"close":2/' all.nd >low.nd
exits 'a price below zero' 3 tn-quote continuous ES low.nd --anchor first
stderr_like 'says what helps' 'not above zero'

# Bars within a day: the sessions of the calendar decide, the evening belongs to the next date. One minute of each.
minute() { # SYMBOL TIME CLOSE VOLUME
    printf '{"type":"bar","time":"%s","symbol":"%s","interval":"1m","open":%s,"high":%s,"low":%s,"close":%s,"volume":%s}\n' "$2" "$1" "$3" "$3" "$3" "$3" "$4"
}
{
    minute ESH6 2026-03-02T16:00:00Z 100 5
    minute ESM6 2026-03-02T16:00:00Z 102 4
    minute ESH6 2026-03-02T23:00:00Z 100 5
    minute ESM6 2026-03-02T23:00:00Z 103 4
    minute ESH6 2026-03-03T16:00:00Z 101 1
    minute ESM6 2026-03-03T16:00:00Z 104 3
    minute ESH6 2026-03-03T23:00:00Z 101 1
    minute ESM6 2026-03-03T23:00:00Z 105 1
} >minutes.nd
is 'minutes' "$(tn-quote continuous ES minutes.nd --adjust none 2>/dev/null | jq -r 'select(.type == "bar") | .close' | paste -sd' ')" '100 101 105'
finish
