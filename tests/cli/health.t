#!/usr/bin/env bash
# tn health and tn metrics: what a desk that runs by itself says of itself, whom it tells, and what makes it fail.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs flock

printf 'AAPL\nMSFT\nNVDA\nXOM\nJPM\n' >watch.txt
base='account paper { entry_within = any }'
jobs='watchlist = "watch.txt" source = sim strategies = "momentum sma-cross:fast=5,slow=15"'
printf '%s\nschedule { %s }\n' "$base" "$jobs" >"$TN_HOME/config"
# state CHECK [SUBJECT]: of the last run of tn health.
state() { awk -F'\t' -v check="$1" -v subject="${2-}" '$3 == check && $4 == subject {print $2}' <<<"$out"; }
health() { run tn health -O tsv --now "$1"; }

health 2026-10-01T12:00:00Z
is 'nothing is there yet: nothing is wrong' "$code $(state journal)" '0 ok'
tn-morning-scan --now 2026-10-01T12:00:00Z >/dev/null 2>&1
tn-end-of-day --now 2026-10-01T22:00:00Z >/dev/null 2>&1
health 2026-10-01T22:30:00Z
is 'a day later: both jobs ran' "$(state job 'morning-scan paper') $(state job 'end-of-day paper')" 'ok ok'
is 'every position has its stop' "$(state stops paper)" ok
is 'prices are of today' "$(state prices paper)" ok
is 'there is no backup: a warning, no failure' "$code $(state backup)" '0 warn'
like 'each with what to do' "$(awk -F'\t' '$3 == "backup" {print $6}' <<<"$out")" 'tn-backup\(1\)'

# The schedule of the jobs. The morning of Friday 2026-10-02 has to have seen to the session of the first by an hour
# after the open (13:30Z); the evening has six hours from the close (20:00Z).
health 2026-10-02T14:29:00Z
is 'fault-023: an hour after the open the morning is not late yet' "$(state job 'morning-scan paper')" ok
health 2026-10-02T14:31:00Z
is 'fault-023: then it is' "$code $(state job 'morning-scan paper')" '1 fail'
stdout_like 'fault-023: by which session' 'did not run after the session of 2026-10-01'
health 2026-10-03T01:59:00Z
is 'fault-023: six hours after the close the evening is not late yet' "$(state job 'end-of-day paper')" ok
health 2026-10-03T02:01:00Z
is 'fault-023: then it is' "$(state job 'end-of-day paper')" fail
tn-morning-scan --now 2026-10-02T13:00:00Z >/dev/null 2>&1
tn-end-of-day --now 2026-10-02T22:00:00Z >/dev/null 2>&1
health 2026-10-05T13:00:00Z
is 'fault-029: on a weekend nothing is due' "$(state job 'morning-scan paper') $(state job 'end-of-day paper')" 'ok ok'
health 2026-10-07T13:00:00Z
is 'prices of days ago fail' "$(state prices paper)" fail
printf '%s\nschedule { %s jobs = "morning-scan weekly-review" }\n' "$base" "$jobs" >"$TN_HOME/config"
health 2026-10-05T13:00:00Z
is 'a job that should run and never has' "$code $(state job weekly-review)" '1 fail'
stdout_like 'is named, with its timer' 'has never run.*tn-weekly-review.timer'
tn-morning-scan -w none.txt --now 2026-10-05T13:00:00Z 2>/dev/null
mkdir -p prices && printf 'date,open,high,low,close\n2026-09-01,1,1,1,1\n' >prices/AAPL.csv
printf 'AAPL\n' >one.txt
tn-morning-scan -w one.txt -s csv:prices --now 2026-10-05T13:10:00Z >/dev/null 2>&1
health 2026-10-05T13:15:00Z
is 'a job that failed warns at once' "$(state job 'morning-scan paper')" warn
stdout_like 'with what it said' 'ended with 5: the source is behind'
printf 'nonsense' >"$TN_HOME/state/jobs/backup"
health 2026-10-05T13:15:00Z
is 'a status that is nonsense fails' "$(state job backup)" fail
rm "$TN_HOME/state/jobs/backup"

# Backups: fresh, old, gone.
mkdir usb
printf '%s\nschedule { %s backup = "%s/usb" }\n' "$base" "$jobs" "$WORK" >"$TN_HOME/config"
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
health "$now"
is 'no backup in the folder' "$(state backup)" fail
tn-backup -q
health "$now"
like 'a fresh one' "$(state backup)" '^(ok|warn)$'
touch -d '3 days ago' usb/journal-*.db
health "$now"
is 'an old one' "$(state backup)" fail
mv usb away
health "$now"
is 'a disk that is not mounted' "$(state backup)" fail
mv away usb

# Halted; a journal that was changed.
tn-order halt -a paper --reason 'a test' >/dev/null
health 2026-10-02T22:30:00Z
is 'a halted account warns' "$(state halt paper)" warn
tn-order resume -a paper >/dev/null
if command -v sqlite3 >/dev/null; then
    cp -r "$TN_HOME" changed
    sqlite3 changed/data/journal.db "DROP TRIGGER event_kept; UPDATE event SET record = replace(record, '\"quantity\":', '\"quantity\":1') WHERE seq = (SELECT max(seq) FROM event WHERE type = 'fill')"
    run env TN_HOME="$WORK/changed" tn health -O tsv --now 2026-10-02T22:30:00Z
    is 'fault-087: a journal that was changed fails' "$code $(awk -F'\t' '$2 == "fail" && ($3 == "account" || $3 == "journal") {print "found"}' <<<"$out" | head -n 1)" '1 found'
else
    skip 'fault-087: a journal that was changed fails' 'sqlite3 is not installed'
fi

# Limits. max_positions = 6 with five symbols held: 5 / 6 = 83 %.
printf 'account paper { entry_within = any max_positions = 6 }\nchannel file { kind = command command = "tee -a %s/told" }\n' "$WORK" >"$TN_HOME/config"
run tn health -O json --now 2026-10-02T22:30:00Z
is 'a limit says how far it is used' "$(sed -n 's/.*"subject":"paper max_positions".*"used":0.8333.*/83/p' <<<"$out")" 83
tn-notify send <<<"$out"
tn-notify send <<<"$out"
is 'it is told at 60 and at 80 %, once each' "$(grep -oE 'paper max_positions: (60|80|100) %' told | sort | uniq -c | sed 's/^ *//')" \
    $'1 paper max_positions: 60 %\n1 paper max_positions: 80 %'
printf 'account paper { entry_within = any max_positions = 5 }\nchannel file { kind = command command = "tee -a %s/told" }\n' "$WORK" >"$TN_HOME/config"
tn health -O json --now 2026-10-02T22:30:00Z | tn-notify send
is 'and at 100 % when all of it is used' "$(grep -oE 'paper max_positions: 100 %' told | wc -l)" 1

# What all stops may lose and what was lost from the highest equity, worked out from positions, orders and equity points.
printf 'account paper { entry_within = any watch_at_risk = 10%% goal_drawdown = 5%% }\n' >"$TN_HOME/config"
run tn health -O json --now 2026-10-02T22:30:00Z
tn-order positions -O json >held.json
tn-order orders -O json >orders.json
tn-journal show -t equity -O json >points.json
python3 - <<'P' >want
import json
read = lambda name: [json.loads(l) for l in open(name)]
equity = [r["equity"] for r in read("points.json") if r["type"] == "equity"]
stop = {r["symbol"]: r["stop_price"] for r in read("orders.json") if r.get("stop_price") and r.get("side") == "sell"}
lost = sum(r["quantity"] * max(0, r["market_price"] - stop[r["symbol"]]) for r in read("held.json") if r["type"] == "position")
print("%.6f" % (lost / equity[-1] / 0.1), "%.6f" % ((1 - equity[-1] / max(equity)) / 0.05))
P
is 'money at risk and drawdown, as parts of what was set' \
    "$(jq -r 'select(.check == "limit" and (.subject | test("watch_at_risk|goal_drawdown"))) | .used' <<<"$out" | xargs printf '%.6f %.6f')" "$(cat want)"
like 'and there is something to lose' "$(cut -d' ' -f1 want)" '[1-9]'

# tn metrics
ok 'figures for Prometheus, into a file' tn metrics -o metrics.prom --now 2026-10-02T22:30:00Z
is 'is quiet' "$out$err" ''
want=$(tn-order account -a paper -O tsv | awk -F'\t' 'NR == 1 {for (i = 1; i <= NF; i++) if ($i == "equity") at = i} NR == 2 {print $at}')
is 'the equity is that of tn-order' "$(sed -n 's/^tn_account_equity{account="paper"} //p' metrics.prom)" "$want"
is 'five positions, none without a stop' "$(sed -n 's/^tn_account_\(unprotected_\)\{0,1\}positions{account="paper"} //p' metrics.prom | xargs)" '5 0'
like 'jobs, by their last success' "$(cat metrics.prom)" '^tn_job_last_success_timestamp_seconds\{job="end-of-day",account="paper"\} 1[0-9]{9}$'
is 'every line is a comment or a sample' "$(grep -cvE '^(# (HELP|TYPE) tn_[a-z_]+ .*|tn_[a-z_]+(\{([a-z]+="([^"\\]|\\.)*",?)+\})? -?[0-9.e+-]+)$' metrics.prom)" 0
is 'every family has its type once, before its samples' \
    "$(awk '/^# TYPE/ {if (seen[$3]++) print "twice " $3} /^tn_/ {sub(/[{ ].*/, ""); if (!seen[$0]) print "no type " $0}' metrics.prom)" ''
exits 'a folder that is not there' 10 tn metrics -o none/metrics.prom
tn health --keep --now 2026-10-02T22:25:00Z >/dev/null 2>&1
tn health --keep --now 2026-10-02T22:30:00Z >/dev/null 2>&1
tn-quote bars -s sim AAPL -n 50 | tn-signal run --keep-times momentum >/dev/null
tn-order submit --keep-times -a paper <<<'{"type":"end","status":0,"complete":true}' >/dev/null

# Over HTTP: the same page; to nobody who was led here under another name.
tn metrics --listen --port 0 --now 2026-10-02T22:30:00Z 2>said &
server=$!
for _ in $(seq 300); do grep -q listening said && break; sleep 0.02; done
port=$(sed -n 's/.*port //p' said)
ask() { # METHOD PATH HOST: status, and the page in the file `page`
    python3 - "$port" "$@" <<'P'
import http.client, sys
c = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=10)
c.request(sys.argv[2], sys.argv[3], headers={"Host": sys.argv[4]} if len(sys.argv) > 4 else {})
r = c.getresponse()
open("page", "wb").write(r.read())
print(r.status, r.headers["Content-Type"])
P
}
is 'figures over HTTP' "$(ask GET /metrics)" '200 text/plain; version=0.0.4; charset=utf-8'
tn metrics -o metrics.prom --now 2026-10-02T22:30:00Z
same 'are those of the file' page metrics.prom
is 'by its name too' "$(ask GET /metrics localhost:"$port" | cut -c1-3)" 200
is 'a name that leads here from elsewhere is not answered' "$(ask GET /metrics evil.example | cut -c1-3) $(grep -c tn_ page)" '421 0'
is 'nothing can be changed' "$(ask POST /metrics | cut -c1-3) $(ask GET /other | cut -c1-3)" '405 404'
# Once more where the machine was too slow for the moment.
for _ in $(seq 5); do
    ask GET /metrics >/dev/null
    mv "$TN_HOME/config" away.config && printf 'nonsense {' >"$TN_HOME/config"
    kept=$(ask GET /metrics | cut -c1-3)
    rm "$TN_HOME/config" && mv away.config "$TN_HOME/config"
    [ "$kept" != 200 ] || break
    sleep 1
done
is 'the page is kept for a moment' "$kept" 200
exits 'its port is taken' 5 tn metrics --listen --port "$port"
if [ -n "$TN_SOAK" ] && command -v prometheus >/dev/null; then
    printf 'scrape_configs:\n- job_name: tn\n  scrape_interval: 1s\n  static_configs: [{targets: ["127.0.0.1:%s"]}]\nrule_files: ["%s"]\n' "$port" "$TOP/share/prometheus/truenorth.yml" >prometheus.yml
    prometheus --config.file=prometheus.yml --storage.tsdb.path=tsdb --web.listen-address=127.0.0.1:0 --log.format=json 2>prometheus.log &
    prometheus=$!
    up=''
    for _ in $(seq 60); do
        sleep 0.5
        at=$(sed -n 's/.*"address":"\(127.0.0.1:[0-9]*\)".*/\1/p' prometheus.log | tail -n 1)
        [ -n "$at" ] || continue
        up=$(python3 -c 'import json, sys, urllib.request as u
r = json.load(u.urlopen("http://%s/api/v1/query?query=tn_account_positions" % sys.argv[1]))["data"]["result"]
print(r[0]["value"][1] if r else "")' "$at" 2>/dev/null)
        [ -z "$up" ] || break
    done
    is 'the real prometheus scrapes it' "$up" 5
    kill $prometheus
    wait $prometheus
fi
kill $server
wait $server
is 'a signal ends it' $? 0
exits 'a port without --listen' 2 tn metrics --port 9
like 'counts of what was kept' "$(sed -n 's/^tn_\(watched_seconds\|signal_turns\|order_turns\|service_readable\)\(_total\)\{0,1\} //p' metrics.prom | xargs)" '^300 [1-9] [1-9] 1$'
if command -v promtool >/dev/null; then
    ok 'promtool takes them' bash -c 'promtool check metrics <metrics.prom'
    ok 'and the alert rules' promtool check rules "$TOP/share/prometheus/truenorth.yml"
else
    skip 'promtool takes them' 'prometheus is not installed'
fi
is 'the alert rules ask for figures that are there' \
    "$(grep -oE 'tn_[a-z_]+' "$TOP/share/prometheus/truenorth.yml" | sort -u | while read -r name; do grep -q "^# TYPE $name " metrics.prom || echo "$name"; done)" ''
exits 'nothing beside the options' 2 tn health now
finish
