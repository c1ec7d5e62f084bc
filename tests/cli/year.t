#!/usr/bin/env bash
# Mornings and evenings in fast time, on a machine that was off some days, with a disk that was full on one, a source
# that was dead on others and runs that were killed: afterwards every session was seen to once, nothing was ordered
# twice, the journal is sound and the days are run again to the same bytes. A few days here, with TN_SOAK a year.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs flock sqlite3
mkdir tmp
export TMPDIR=$WORK/tmp
printf 'AAPL\nMSFT\nNVDA\nXOM\nJPM\n' >watch.txt
printf 'account paper { entry_within = any }\nschedule { watchlist = "%s/watch.txt" source = sim strategies = "momentum sma-cross:fast=5,slow=15" history = 60 }\n' "$WORK" >"$TN_HOME/config"

first=2026-01-02 last=2026-01-20
[ -z "$TN_SOAK" ] || last=2026-12-31
mapfile -t dates < <(tn-quote sessions nyse --since "$first" --now "${last}T23:00:00Z" -O tsv | tail -n +2 | cut -f1)
is 'there are as many sessions as the NYSE has' "${#dates[@]}" "$([ -n "$TN_SOAK" ] && echo 250 || echo 11)"

runs=0 silent='' troubled=0
# job NAME TIME TROUBLE: a run, and what its code must be.
job() {
    local name=$1 now=$2 trouble=$3 code=0 options=()
    runs=$((runs + 1))
    case $trouble in
    dead) options=(-s csv:nowhere) ;;
    full) options=() ;;
    esac
    if [ "$trouble" = full ]; then
        (ulimit -f 8 && "tn-$name" --now "$now" -q) >said 2>&1 || code=$?
    elif [ "$trouble" = killed ]; then
        timeout -s KILL 0.15 "tn-$name" --now "$now" -q >said 2>&1 || code=$?
    else
        "tn-$name" --now "$now" -q "${options[@]}" >said 2>&1 || code=$?
    fi
    case $trouble/$code in
    /0 | /6 | dead/5 | full/10 | full/2 | killed/137 | killed/0 | killed/6) ;;
    *) silent+=" $now:$name:$trouble:$code:$(head -n 1 said)" ;;
    esac
    [ -z "$trouble" ] || troubled=$((troubled + 1))
    case $trouble in dead | full) [ -s said ] || silent+=" $now:$name:$trouble:silent" ;; esac
}

# What befalls a day: by its number, so that every run of this test is the same.
n=0
for date in "${dates[@]}"; do
    n=$((n + 1))
    morning='' evening=''
    case $((n % 11)) in
    3) continue ;;                    # off all day
    4) morning=dead ;;                # no source in the morning
    5) evening=full ;;                # the disk was full
    7) morning=killed evening=killed ;;
    8) evening=dead ;;
    9) job end-of-day "${date}T22:00:00Z" '' && continue ;; # on in the evening only
    esac
    job morning-scan "${date}T13:00:00Z" "$morning"
    job end-of-day "${date}T22:00:00Z" "$evening"
    # The timer tries again after a failure.
    [ -z "$evening" ] || job end-of-day "${date}T23:30:00Z" ''
done
job morning-scan "${last}T23:40:00Z" ''
job end-of-day "${last}T23:50:00Z" ''
is 'every run ended as its trouble says, and no failure was silent' "$silent" ''
like 'and there was trouble' "$troubled" '^[5-9]|^[0-9]{2}'
ok 'the journal is sound' tn-journal verify
database=$TN_HOME/data/journal.db
is 'nothing was ordered twice: a decision has one entry' \
    "$(sqlite3 "$database" "SELECT count(*) FROM (SELECT 1 FROM orders WHERE role = 'entry' GROUP BY strategy, symbol, time HAVING count(*) > 1)" 2>&1)" 0
is 'no bar filled an order twice' "$(sqlite3 "$database" "SELECT count(*) FROM (SELECT order_id FROM fills GROUP BY order_id HAVING sum(quantity) > (SELECT quantity FROM orders WHERE id = order_id))" 2>&1)" 0
like 'it traded' "$(sqlite3 "$database" 'SELECT count(*) FROM fills')" '^[1-9]'
missing=''
for date in "${dates[@]}"; do
    [ -d "$TN_HOME/data/days/$date" ] || [ -f "$TN_HOME/data/days/$date.tar.gz" ] || missing+=" $date"
done
is 'every session has its folder' "$missing" ''
is 'and no other day has one, but the next' "$(cd "$TN_HOME/data/days" && printf '%s\n' 20* | sed 's/\.tar\.gz//' | sort -u |
    grep -cvxF -f <(printf '%s\n' "${dates[@]}") | sed 's/^[01]$/few/')" few
is 'each with its equity, once a session' "$(for folder in "$TN_HOME"/data/days/*; do
    if [ -d "$folder" ]; then cat "$folder/equity.ndjson" 2>/dev/null; else tar -xzOf "$folder" --wildcards '*/equity.ndjson' 2>/dev/null; fi
done | grep -o '"time":"[^"]*"' | sort | uniq -d | wc -l)" 0
is 'the last session was seen to' "$(sed -n 's/.*"session":"\([^"]*\)".*/\1/p' "$TN_HOME/state/jobs/end-of-day.paper")" "$last"
wrong=''
step=$((${#dates[@]} / 3))
for i in 0 1 2; do
    date=${dates[$((i * step))]}
    tn-replay-day -q "$date" >said 2>&1 || wrong+=" $date:$?:$(head -n 1 said)"
done
is 'a day out of each third is run again to the same bytes' "$wrong" ''
note "$runs runs, $troubled with trouble"
finish
