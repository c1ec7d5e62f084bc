#!/usr/bin/env bash
# tn-report service and goals: how the desk did its work, as tn health --keep and --keep-times kept it.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs flock python3

printf 'AAPL\nMSFT\nNVDA\nXOM\nJPM\n' >watch.txt
printf 'account paper { entry_within = any goal_return = 10%% goal_costs = 1%% }\nschedule { watchlist = "watch.txt" source = sim strategies = "momentum sma-cross:fast=5,slow=15" }\n' >"$TN_HOME/config"
service() { tn-report service -O tsv "$@" | awk -F'\t' -v want="$cells" 'NR == 1 {for (i = 1; i <= NF; i++) at[$i] = i; n = split(want, w, " "); next}
    {line = ""; for (i = 1; i <= n; i++) line = line (i > 1 ? " " : "") ($at[w[i]] == "" ? "-" : $at[w[i]]); print line}'; }
keep() { tn health --keep --now "$1" >/dev/null 2>&1; }

ok 'before anything was kept' tn-report service -O tsv --now 2026-10-01T12:00:00Z
stderr_like 'that is said' 'there are no records of this time'
tn-morning-scan --now 2026-10-01T12:00:00Z >/dev/null 2>&1
is 'the jobs keep how long they took' "$(cells='period signals_in_time orders_in_time' && service | sed 's/^[^ ]* //' | tail -n 1)" '1 1'
tn-end-of-day --now 2026-10-01T22:00:00Z >/dev/null 2>&1

# Well from 23:50 to 23:55 and to 00:05 the next day; a file of nonsense for a status then fails: from 00:05 to 00:10
# it is down, from 00:10 (mended) to 00:15 well. Nobody looks until 01:15: an hour down.
# The first day: 10 minutes, all well. The second: 75 minutes, of which 5 and 60 were not: 10 / 75.
keep 2026-10-01T23:50:00Z
keep 2026-10-01T23:55:00Z
keep 2026-10-02T00:05:00Z
cells='period watched_hours up troubles'
is 'time is counted by day' "$(service --now 2026-10-02T00:06:00Z -n 2 | awk '{printf "%s %.4f %s %s\n", $1, $2, $3, $4}')" \
    $'2026-10-01 0.1667 1 0\n2026-10-02 0.0833 1 0'
rm "$TN_HOME/state/service.db"*
keep 2026-10-01T23:50:00Z
keep 2026-10-01T23:55:00Z
keep 2026-10-02T00:00:00Z
printf nonsense >"$TN_HOME/state/jobs/backup"
keep 2026-10-02T00:05:00Z
keep 2026-10-02T00:05:00Z
rm "$TN_HOME/state/jobs/backup"
keep 2026-10-02T00:10:00Z
keep 2026-10-02T00:15:00Z
keep 2026-10-02T01:15:00Z
keep 2026-10-02T01:10:00Z
is 'who was down, and who did not look, is not up' "$(service --now 2026-10-02T02:00:00Z -n 2 | awk '{printf "%s %.4f %.6f %s\n", $1, $2, $3, $4}')" \
    $'2026-10-01 0.1667 1.000000 0\n2026-10-02 1.2500 0.133333 1'
# Together 85 minutes, 65 of them down.
is 'and by month' "$(service --by month --now 2026-10-02T02:00:00Z -n 1 | awk '{printf "%s %.4f %.6f %s\n", $1, $2, $3, $4}')" '2026-10 1.4167 0.235294 1'
is 'and by year' "$(service --by year --now 2026-10-02T02:00:00Z | cut -d' ' -f1)" 2026
cells='jobs jobs_failed fresh'
is 'runs of jobs are counted once' "$(service --now 2026-10-02T02:00:00Z -n 1; service --by month -n 1 --now 2026-10-02T02:00:00Z)" $'0 0 1\n2 0 1'
tn-morning-scan -w none.txt --now 2026-10-02T13:00:00Z 2>/dev/null
mkdir -p prices && printf 'date,open,high,low,close\n2026-09-01,1,1,1,1\n' >prices/AAPL.csv
printf 'AAPL\n' >one.txt
for _ in 1 2; do tn-morning-scan -w one.txt -s csv:prices --now 2026-10-02T13:10:00Z >/dev/null 2>&1; done
tn-morning-scan --now 2026-10-02T13:20:00Z >/dev/null 2>&1
keep 2026-10-02T13:25:00Z
is 'a job that failed twice before it succeeded counts so' "$(service --now 2026-10-02T14:00:00Z -n 1 | cut -d' ' -f1,2)" '3 2'

# Out of the journal: entries, refusals, costs.
tn-end-of-day --now 2026-10-02T22:00:00Z >/dev/null 2>&1
cells='entries filled refusals costs'
want=$(tn-journal query -O tsv "SELECT (SELECT count(*) FROM orders WHERE role = 'entry' AND status IN ('filled','expired','canceled','rejected')),
    (SELECT count(*) FROM orders WHERE role = 'entry' AND status = 'filled'), (SELECT count(*) FROM event WHERE type = 'refusal')" | tail -n 1)
is 'entries, filled and refused are those of the journal' \
    "$(service --by year --now 2026-10-03T00:00:00Z -n 1 | awk '{print $1 "\t" $1 * $2 "\t" $3}')" "$want"
like 'at least one of them filled' "$want" '^[1-9][0-9]*.[1-9]'

# Limits that are used up: once each time it begins.
printf 'account paper { entry_within = any max_positions = 5 }\n' >"$TN_HOME/config"
for at in 22:30 22:35 22:40; do keep "2026-10-02T$at:00Z"; done
cells='breaches'
is 'a limit that is used up is one breach' "$(service --now 2026-10-02T23:00:00Z -n 1)" 1

# A session: each record that comes is a turn.
tn-order open live --now 2026-10-02T12:00:00Z >/dev/null
bar() { printf '{"type":"bar","time":"2026-10-02T14:%02d:00Z","symbol":"A","interval":"1m","open":1,"high":1,"low":1,"close":1,"end":"2026-10-02T14:%02d:00Z"}\n' "$1" $(($1 + 1)); }
rm "$TN_HOME/state/service.db"*
mkfifo way
tn-order run --keep-times -a live <way >/dev/null &
order=$!
exec 8>way
for i in 1 2 3; do bar $i >&8; sleep 0.05; done
printf '{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}\n' >&8
exec 8>&-
wait $order
result $? 'a session ends well'
turns=$(python3 -c 'import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute("SELECT measure, n, bad, worst > 0, worst < 5000000000 FROM day").fetchone())' "$TN_HOME/state/service.db")
like 'it had a turn for each record that it waited for' "$turns" '^orders [3-5] [0-5] 1 1$'
printf 'no database, %08000d' 0 >"$TN_HOME/state/service.db"
ok 'a file that is no database stops nobody' bash -c 'tn-order run --keep-times -a live </dev/null >/dev/null; [ $? -le 5 ]'
stderr_like 'but is said' 'the time it took cannot be recorded'
exits 'and is no figure' 9 tn-report service
rm "$TN_HOME/state/service.db"
# A feed that is connected for a second and away for another.
feed() { printf '{"type":"status","time":"2026-10-02T14:00:00Z","source":"wire","state":"%s"}\n' "$1"; }
{ feed connected && sleep 1.05 && feed down && sleep 1.05 && feed connected; } | tn-signal run --keep-times momentum >/dev/null 2>&1
is 'how long a live feed was fresh' "$(tn-report service -n 1 -O json | grep -o '"feeds":[^,]*')" '"feeds":0.5'
rm "$TN_HOME/state/service.db"
exits 'a period that there is not' 2 tn-report service --by week
exits 'nor so many' 2 tn-report service -n 0

# Goals.
printf 'account paper { entry_within = any goal_return = 10%% goal_sharpe = 1.5 goal_costs = 1%% }\n' >"$TN_HOME/config"
run tn-report goals -j -a paper -O json
is 'the goals that are set, in order' "$(grep -o '"goal":"[a-z]*"' <<<"$out" | xargs)" 'goal:return goal:sharpe goal:costs'
like 'costs: none were paid' "$out" '"goal":"costs",.*"wanted":0.01,"measured":(0|null),.*"state":"(met|unknown)"'
run tn-report goals -j -a paper -O table
stdout_like 'as a table' 'yearly return, at least +10.0 %'
printf 'account paper { entry_within = any }\n' >"$TN_HOME/config"
run tn-report goals -j -a paper -O table
stdout_like 'no goal: says how to set one' 'no goal is set: account NAME \{ goal_return'
tn-quote bars -s sim AAPL -n 400 | tn-backtest run sma-cross >run.ndjson
printf 'account backtest { goal_drawdown = 15%% }\n' >"$TN_HOME/config"
ok 'a report' tn-report strategy run.ndjson -o report.md
is 'has them as a card' "$(grep -c 'maximum drawdown, at most' report.md)" 1
finish
