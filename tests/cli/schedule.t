#!/usr/bin/env bash
# The jobs of a schedule: tn-end-of-day, the day's folder, tn-replay-day, tn-weekly-review; a machine that was off, a
# holiday, a source that is behind, an odd TZ, a stop in the middle. With TN_SOAK a year of mornings and evenings.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs flock sha256sum
mkdir tmp
export TMPDIR=$WORK/tmp

printf 'AAPL\nMSFT\nNVDA\nXOM\nJPM\n' >watch.txt
printf 'account paper { entry_within = any }\nschedule { watchlist = "%s/watch.txt" source = sim strategies = "momentum sma-cross:fast=5,slow=15" backup_days = 3 }\n' "$WORK" >"$TN_HOME/config"
days=$TN_HOME/data/days
# shellcheck disable=SC2317 # called by ok, exits and run
scan() { tn-morning-scan --now "$1" "${@:2}"; }
# shellcheck disable=SC2317
evening() { tn-end-of-day --now "$1" "${@:2}"; }
status_of() { sed -n 's/.*"'"$2"'":"\{0,1\}\([^",}]*\).*/\1/p' "$TN_HOME/state/jobs/$1"; }
count() { tn-journal query "SELECT count(*) AS n FROM $1" -O tsv | tail -n 1; }

# --- tn-quote sessions: Thanksgiving 2026 is 26 November, the Friday after closes at 13:00 (NYSE, Holidays & Trading Hours) ---
is 'sessions: the last session that is over and the next' \
    "$(tn-quote sessions --now 2026-11-26T15:00:00Z --last 1 --next 1 -O tsv | tail -n +2)" \
    $'2026-11-25\t2026-11-25T14:30:00Z\t2026-11-25T21:00:00Z\tusual\tover\t\t\t\n2026-11-27\t2026-11-27T14:30:00Z\t2026-11-27T18:00:00Z\tother\tto come\t\t\t'
is 'sessions: the one that is open' "$(tn-quote sessions --next 1 --now 2026-11-27T17:59:59Z -O tsv | tail -n 1 | cut -f1,5)" $'2026-11-27\topen'
is 'sessions: those after a date, none to come' "$(tn-quote sessions nyse --since 2026-11-24 --next 0 --now 2026-12-01T12:00:00Z -O tsv | tail -n +2 | cut -f1 | xargs)" \
    '2026-11-25 2026-11-27 2026-11-30'
is 'sessions: a market that never closes, over a leap day' \
    "$(tn-quote sessions always --now 2028-03-01T12:00:00Z --last 2 --next 1 -O tsv | tail -n +2 | cut -f1 | xargs)" '2028-02-28 2028-02-29 2028-03-01'
is 'sessions: nothing after the last' "$(tn-quote sessions nyse --since 2026-11-25 --next 0 --now 2026-11-26T12:00:00Z -O tsv | wc -l)" 1

# --- a day ---
exits 'the morning, with what the configuration says' 6 scan 2026-10-01T12:00:00Z
is 'its status' "$(status_of morning-scan.paper status) $(status_of morning-scan.paper session)" '6 2026-09-30'
ok 'the evening' evening 2026-10-01T22:00:00Z
stdout_like 'has its own title' '^CLOSE OF DAY of account paper \(paper\), after the session that ended 2026-10-01T20:00:00Z'
stdout_like 'the entries have filled' '^2026-10-01T13:30:00Z +MSFT +buy +155 '
is 'its status' "$(status_of end-of-day.paper status) $(status_of end-of-day.paper session)" '0 2026-10-01'
is 'the folder of the day has a file for each row of the table' \
    "$(grep -v '^#' "$TOP/share/day-files" | cut -f1 | while read -r file; do [ -e "$days/2026-10-01/$file" ] || echo "$file"; done)" ''
is 'tn-end-of-day(1) has the same table' "$(sed -n 's/^\.It \([a-z.]*\) Ta \([^ ].*\) Ta \(any day\|the last\)$/\1 \3/p' "$TOP/man/man1/tn-end-of-day.1")" \
    "$(grep -v '^#' "$TOP/share/day-files" | awk -F'\t' '{print $1, $3 == "day" ? "any day" : "the last"}')"
is 'five entries filled; decided were they and their five stops' \
    "$(wc -l <"$days/2026-10-01/fills.ndjson") $(grep -c '"type":"order"' "$days/2026-10-01/decisions.ndjson")" '5 10'
is 'equity ends with the close' "$(tail -n 1 "$days/2026-10-01/equity.ndjson" | grep -o '"time":"[^"]*"')" '"time":"2026-10-01T20:00:00Z"'
is 'both runs are told' "$(grep -o '"name":"[^"]*"' "$days/2026-10-01/runs.ndjson" | xargs)" 'name:morning-scan name:end-of-day'
like 'the trades of the day, for reading' "$(cat "$days/2026-10-01/TODAYS_TRADES_2026-10-01.md")" '^\| MSFT \| buy to enter \| 155 \| market, about [0-9.]+ \| [0-9.]+ \|'
is 'only for its owner' "$(stat -c %a "$days/2026-10-01" "$days/2026-10-01/in")" $'700\n700'
ok 'the evening again' evening 2026-10-01T23:00:00Z -q
is 'has nothing to say' "$out$err" ''
stderr_empty 'nor to do'

# --- again, byte for byte ---
ok 'the day again' tn-replay-day 2026-10-01
is 'comes to the same' "$out" '2026-10-01T120000Z-morning-scan.paper: the same, 5 orders
2026-10-01T220000Z-end-of-day.paper: the same'
exits 'the next morning, under settings of the environment' 6 env TN_MAX_POSITION=3% tn-morning-scan --now 2026-10-02T12:00:00Z --force
before=$(tn-journal verify)
ok 'is the same without them' tn-replay-day -q 2026-10-02
is 'the journal was only read' "$(tn-journal verify)" "$before"
# The strategy of a rule file, an action file, what symbols are: all are inputs.
echo '{"type":"instrument","time":"2026-01-01T00:00:00Z","symbol":"XOM","lot_size":10}' >"$TN_HOME/instruments.ndjson"
printf 'param days = 2 in 2..5\nenter long: close > sma(20) and rsi(days) < 60\nexit long: close < sma(20)\nstop: close - 3 * atr(14)\n' >dip.tn
printf 'date,symbol,kind,new,old,cash\n2026-10-02,MSFT,dividend,,,0.5\n' >actions.csv
run scan 2026-10-05T12:00:00Z --strategy dip.tn:days=3 --actions actions.csv
like 'a morning with a strategy of a rule file and a dividend' "$code" '^[06]$'
rm dip.tn actions.csv "$TN_HOME/instruments.ndjson"
ok 'is the same when the files are gone' tn-replay-day 2026-10-05 --keep kept
[ -f kept/2026-10-05T120000Z-morning-scan.paper/data/journal.db ]
result $? '--keep leaves the replayed home'
cp -r "$TN_HOME" changed
file=$(find changed/data/days/2026-10-01/in -name "*.bars" | sort | head -n 1)
sed -i '3s/"close":/"close":1/' "$file"
exits 'an input that was changed is noticed' 9 env TN_HOME="$WORK/changed" tn-replay-day 2026-10-01
stderr_like 'and named' 'has changed'
rm "$file"
exits 'one that is gone too' 9 env TN_HOME="$WORK/changed" tn-replay-day 2026-10-01
is 'in one line and a hint' "$(wc -l <<<"$err")" 2
cp "$days/2026-10-01/in/$(basename "$file")" "$file"
sed -i 's/"quantity":155/"quantity":154/' changed/data/days/2026-10-01/out/*morning*/orders.ndjson
exits 'orders that differ are exit 1' 1 env TN_HOME="$WORK/changed" tn-replay-day 2026-10-01
stdout_like 'with the first difference' '^2026-10-01T120000Z-morning-scan.paper: orders.ndjson differs'
sed -i '/^status/d' changed/data/days/2026-10-01/out/*morning*/run
ok 'a run that was killed' env TN_HOME="$WORK/changed" tn-replay-day 2026-10-01
stderr_like 'is not compared' 'did not come to its end'
exits 'no such day' 2 tn-replay-day 2026-01-01
exits 'no date at all' 2 tn-replay-day
exits 'no path either' 2 tn-replay-day ../../x

# fault-023: the machine was off from the evening of the 5th to the 16th; each session's folder comes once.
ok 'fault-023: the evening after days off' evening 2026-10-16T22:00:00Z
is 'fault-023: a folder for each session, the older ones packed' "$(cd "$days" && echo *)" \
    '2026-10-01.tar.gz 2026-10-02.tar.gz 2026-10-05.tar.gz 2026-10-06.tar.gz 2026-10-07.tar.gz 2026-10-08.tar.gz 2026-10-09 2026-10-12 2026-10-13 2026-10-14 2026-10-15 2026-10-16'
is 'fault-023: what holds only now is in the last' "$(cd "$days" && echo */positions.ndjson)" '2026-10-16/positions.ndjson'
is 'fault-023: equity is in each' "$(cat "$days"/2026-10-1*/equity.ndjson | wc -l)" 5
ok 'a day that is packed is run again too' tn-replay-day 2026-10-01
ok 'fault-023: again' evening 2026-10-16T23:00:00Z
stdout_like 'fault-023: there is nothing left' '^Nothing new'

# fault-029: Thanksgiving: cron runs, nothing is new. A desk of its own, which has no weeks to make up for.
mv "$TN_HOME" october
mkdir -m 700 "$TN_HOME"
cp october/config "$TN_HOME"
run scan 2026-11-25T13:00:00Z
run evening 2026-11-25T22:00:00Z
run scan 2026-11-26T13:00:00Z
before=$(count event)
ok 'fault-029: the evening of a holiday' evening 2026-11-26T22:00:00Z
stdout_like 'fault-029: has nothing to do' '^Nothing new: no session has been completed since 2026-11-25T21:00:00Z'
is 'fault-029: nothing was written' "$(count event)" "$before"
is 'fault-029: and its folder is none' "$(cd "$days" && echo 2026-11-2[678]* | tr ' ' '\n' | grep -c -- -26)" 0
ok 'fault-029: after the early close of the Friday its day is over' evening 2026-11-27T18:30:00Z
stdout_like 'fault-029: at 13:00 in New York' 'ended 2026-11-27T18:00:00Z'

# fault-028: TZ is nobody's business.
for zone in '' Nonsense/Nowhere Asia/Tokyo; do
    export TN_HOME="$WORK/zone-${zone%%/*}"
    mkdir -m 700 "$TN_HOME"
    cp "$WORK/tn/config" "$TN_HOME/config"
    TZ=$zone tn-morning-scan --now 2026-10-01T12:00:00Z >zone.out 2>&1
    TZ=$zone tn-end-of-day --now 2026-10-01T22:00:00Z >>zone.out 2>&1
    (cat zone.out && cd "$TN_HOME/data/days" && find . -type f ! -name runs.ndjson ! -name '*.html' ! -name integrity.txt ! -name verified.txt ! -name health.ndjson | sort | xargs sha256sum) >"zone.${zone%%/*}"
done
export TN_HOME=$WORK/tn
is 'fault-028: whatever TZ says, report and files are the same bytes' \
    "$(cmp zone. zone.Nonsense; cmp zone. zone.Asia)" ''
like 'fault-028: and there are some' "$(grep -c fills zone.)" '^[1-9]'

# fault-027: 29 February, the end of a year.
export TN_HOME=$WORK/leap
mkdir -m 700 leap
printf 'account coin { calendar = always day_rolls = "00:00 UTC" entry_within = any }\n' >leap/config
printf 'BTC/USD\n' >coins
for now in 2028-02-29T00:10:00Z 2028-03-01T00:10:00Z 2028-12-31T00:10:00Z 2029-01-01T00:10:00Z 2038-01-20T00:10:00Z; do
    case $now in *-31T* | 2038*) rm -r leap/state ;; esac # not made up for: that is another test
    run tn-end-of-day -w coins --source sim -n 5 --now $now -q
    [ "$code" = 0 ] || note "$now: $code $err"
done
is 'fault-027: 29 February, 31 December and 2038 are days as others' \
    "$(status_of end-of-day.coin status) $(status_of end-of-day.coin session)" '0 2038-01-19'
is 'fault-027: 29 February has its folder' "$(cd leap/data/days && echo 2028-02-29* 2028-12-31*)" '2028-02-29.tar.gz 2028-12-31.tar.gz'
export TN_HOME=$WORK/tn

# A source that is behind, then there: the evening fails, and the next run makes up for it.
export TN_HOME=$WORK/late
mkdir -m 700 late
mkdir prices
tn-quote bars -s sim AAPL -n 80 --now 2026-10-02T23:00:00Z | sed -n 's/.*"session":"\([^"]*\)".*"open":\([^,]*\),"high":\([^,]*\),"low":\([^,]*\),"close":\([^,]*\),"volume":\([^,]*\),.*/\1,\2,\3,\4,\5,\6/p' >all.csv
(echo date,open,high,low,close,volume && head -n -1 all.csv) >prices/AAPL.csv
echo AAPL >one.txt
exits 'the bars of the day are not there yet' 5 tn-end-of-day -w one.txt -s csv:prices --now 2026-10-02T22:00:00Z -q
stderr_like 'which is said' 'the source is behind'
is 'and is no session that was seen to' "$(status_of end-of-day.paper session)" ''
(echo date,open,high,low,close,volume && cat all.csv) >prices/AAPL.csv
ok 'the next run makes up for it' tn-end-of-day -w one.txt -s csv:prices --now 2026-10-02T22:30:00Z -q
is 'once' "$(status_of end-of-day.paper session)" 2026-10-02
exits 'a source that is dead' 5 tn-end-of-day -w one.txt -s csv:nowhere --now 2026-10-05T22:30:00Z -q
is 'leaves the day to the next run' "$(status_of end-of-day.paper session) $(status_of end-of-day.paper status)" '2026-10-02 5'
export TN_HOME=$WORK/tn

# fault-021: overlapping runs.
for job in end-of-day weekly-review; do
    (exec 8>>"$TN_HOME/state/$job.paper.lock" && flock 8 && exec sleep 20) &
    holder=$!
    within 30 is_locked "$TN_HOME/state/$job.paper.lock"
    exits "fault-021: tn-$job beside itself ends with 5" 5 "tn-$job" --now 2026-11-30T22:00:00Z
    kill -KILL $holder
    wait $holder 2>/dev/null
done
run evening 2026-11-30T22:00:00Z
is 'fault-022: the next run works' "$code" 0

# fault-030: a stop while orders work is said, with how many.
run scan 2026-12-02T13:00:00Z --force --strategy sma-cross:fast=2,slow=3
working=$(tn-journal query "SELECT count(*) AS n FROM orders WHERE account = 'paper' AND status = 'accepted'" -O tsv | tail -n 1)
like 'orders work' "$working" '^[1-9]'
mkfifo bars
(exec 7>bars && sleep 20) &
feeder=$!
tn-end-of-day --bars bars --now 2026-12-02T22:00:00Z 2>stopped >/dev/null &
stopped=$!
within 30 compgen -G 'tmp/end-of-day.*' >had # it has its lock, which must not be tried: that takes it
sleep 0.3
kill -TERM $stopped
kill $feeder
wait $stopped
is 'fault-030: the code is the signal'\''s' $? 143
like 'fault-030: a stop while orders work says so' "$(cat stopped)" "ended by signal 15; $working orders? of account 'paper' still works?"
is 'fault-030: in the status too' "$(status_of end-of-day.paper status)" 143
wait

# --- the weekly review ---
export TN_HOME=$WORK/tn
exits 'the review of the week before' 1 tn-weekly-review --now 2026-12-05T14:00:00Z
stdout_like 'names the week' '^WEEKLY REVIEW of account paper \(paper\), 2026-11-30 to 2026-12-04$'
stdout_like 'what needs attention comes first' '^the journal has no backup'
stdout_like 'what a backtest of its days says' $'AS IN A BACKTEST\n[0-9a-z]'
stdout_like 'a job that failed too' '^tn-end-of-day ended with 143 at '
like 'the report is a page' "$(head -c 15 "$TN_HOME/data/weeks/2026-12-04.html")" '<!DOCTYPE html>'
ok 'once a week' tn-weekly-review --now 2026-12-06T14:00:00Z
stdout_like 'and says so' '^Nothing new: the week that ended 2026-12-04 has already been reviewed'
mkdir usb
printf 'account paper { entry_within = any }\nschedule { watchlist = "%s/watch.txt" source = sim backup = "%s/usb" }\n' "$WORK" "$WORK" >"$TN_HOME/config"
ok 'a backup' tn-backup -q
ok 'an evening that works' evening 2026-12-11T22:00:00Z -q
run scan 2026-12-12T13:00:00Z -q
ok 'then nothing needs attention' tn-weekly-review --now 2026-12-12T14:00:00Z -q
is 'and -q says nothing' "$out$err" ''
# Pages of one's own, and all of them by mail.
cat >sendmail <<'S'
#!/bin/sh
[ ! -e no-mail ] || exit 75
cat >>mails
S
chmod +x sendmail
printf 'title What was lost\nperiod week\nverdict\ntable trades where pnl < 0\n' >losses.blocks
cat >>"$TN_HOME/config" <<C
channel post { kind = mail  to = "me@example.org"  command = "$WORK/sendmail -t"  rules = halt }
channel moves { kind = command  command = "/bin/sh -c 'printf \"%s\n\" \"\$1\" >>$WORK/moves' x {title}"  rules = "big-move done" }
C
sed -i "s|backup = |reports = \"$WORK/losses.blocks\" mail_reports = post backup = |" "$TN_HOME/config"
ok 'the review with a page of its own, by mail' tn-weekly-review --force --now 2026-12-12T14:00:00Z -q
python3 - "$TN_HOME/data/weeks" >mailed <<'P'
import email, os, sys
for mail in open("mails").read().split("To: ")[1:]:
    part = email.message_from_string("To: " + mail).get_payload()[1]
    page = open(os.path.join(sys.argv[1], part.get_filename()), "rb").read()
    print(part.get_filename(), part.get_payload(decode=True) == page, b"<h1>What was lost</h1>" in page)
P
is 'both pages arrive as they are' "$(cat mailed)" $'2026-12-11.html True False\n2026-12-11.losses.html True True'
is 'a run that did what it should is told where that is asked for' "$(grep -c '^weekly-review ran' moves)" 1
touch no-mail
exits 'no mail: the review says so' 5 tn-weekly-review --force --now 2026-12-12T14:00:00Z -q
exits 'a page that cannot be made' 2 env TN_HOME="$TN_HOME" sh -c 'mv losses.blocks away; tn-weekly-review --force --now 2026-12-12T14:00:00Z -q'
mv away losses.blocks && rm no-mail

# What moved by 5 % in the day: by the bars of the session alone.
: >moves
{
    for day in 11 14; do
        printf '{"type":"bar","time":"2026-12-%dT05:00:00Z","symbol":"AAPL","interval":"1d","session":"2026-12-%d","end":"2026-12-%dT21:00:00Z","open":100,"high":120,"low":90,"close":%d,"volume":1}\n' $day $day $day $((day == 11 ? 100 : 106))
        printf '{"type":"bar","time":"2026-12-%dT05:00:00Z","symbol":"MSFT","interval":"1d","session":"2026-12-%d","end":"2026-12-%dT21:00:00Z","open":100,"high":120,"low":90,"close":%d,"volume":1}\n' $day $day $day $((day == 11 ? 100 : 104))
    done
    echo '{"type":"end","status":0,"complete":true}'
} >moved
run tn-end-of-day --bars moved --now 2026-12-14T22:00:00Z -q
is 'is told' "$(grep moved moves)" 'AAPL moved by 6.0 %'
exits 'an unknown option' 2 tn-weekly-review --frob
exits 'of the evening as well' 2 tn-end-of-day --settle-only
exits 'no watchlist' 2 env TN_HOME="$WORK/zone-" tn-end-of-day -w none.txt
is 'nothing is left in the temporary folder' "$(ls tmp)" ''
finish
