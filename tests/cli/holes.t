#!/usr/bin/env bash
# A day that is made of minutes with a hole in them: the bar comes, and that it is not whole is a record.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

mkdir whole holed
tn-quote bars -s sim AAPL -i 1m --from 2026-06-01 --to 2026-06-04 --now 2026-06-10T00:00:00Z | jq -r 'select(.type == "bar") | [.time, .open, .high, .low, .close, .volume] | @csv' | tr -d '"' | sed '1i time,open,high,low,close,volume' >whole/AAPL.csv
# June 2: nothing from 15:00 to 16:59 UTC.
grep -v '^2026-06-02T1[56]:' whole/AAPL.csv >holed/AAPL.csv
day() { tn-quote bars -s "csv:$1" AAPL --csv-tz UTC --now 2026-06-10T00:00:00Z "${@:2}" 2>said; }
is 'whole sessions: no gap' "$(day whole | jq -r 'select(.type == "gap") | .type')$(grep -c 'no bars' said)" 0
is 'a hole: a gap, before the bar of its day' "$(day holed | jq -r 'select(.type == "gap" or .type == "bar") | [.type, (.from // .session), .to] | join(" ")' | sed 's/ *$//' | paste -sd,)" \
    'bar 2026-06-01,gap 2026-06-02T15:00:00Z 2026-06-02T17:00:00Z,bar 2026-06-02,bar 2026-06-03'
is 'said once' "$(grep -c 'no bars from 2026-06-02T15:00:00Z to 2026-06-02T17:00:00Z, within a session' said)" 1
is 'the record says what it is of' "$(day holed | jq -r 'select(.type == "gap") | [.symbol, .interval, .source, .time] | join(" ")')" 'AAPL 1m csv 2026-06-02T17:01:00Z'
is 'a where does not hide it' "$(day holed --where 'close < 0' | grep -c '"type":"gap"')" 1
is 'the last days alone are without it' "$(day holed -n 1 | grep -c '"type":"gap"')" 0
is 'minutes as they are need none: they show it' "$(day holed -i 1m | grep -c '"type":"gap"')" 0
exits 'the doctor finds it among the minutes' 1 tn-quote doctor -s csv:holed AAPL -i 1m --csv-tz UTC --now 2026-06-10T00:00:00Z
like 'by its name' "$(jq -r 'select(.type == "anomaly") | [.check, .message] | join(" ")' <<<"$out")" 'gap no bars from 2026-06-02T15:00:00Z to 2026-06-02T17:00:00Z'
is 'a filter lets it pass' "$(day holed | tn-signal add sma:2 | grep -c '"type":"gap"')" 1
finish
