#!/usr/bin/env bash
# scripts/tn-morning-scan as cron runs it: days in a row on a made-up market, the same morning twice, a missing symbol,
# two runs at a time, what it prints and when it keeps quiet.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs flock
mkdir tmp
export TMPDIR=$WORK/tmp

printf '# the watchlist\nAAPL\nMSFT\nNVDA\nXOM\nJPM\n' >watch.txt
# shellcheck disable=SC2317 # called by ok, exits and run
scan() { "$TOP/scripts/tn-morning-scan" -w watch.txt --source sim --strategy momentum --strategy sma-cross:fast=5,slow=15 "$@"; }
events() { tn-journal query 'SELECT count(*) AS n, max(seq) AS last FROM event' -O tsv | tail -n 1; }
count() { tn-journal query "SELECT count(*) AS n FROM $1" -O tsv | tail -n 1; }

export TN_HOME=$WORK/late
# The account as it is: what was decided before the last session is not entered any more, and that is no news for cron.
ok 'fresh: a morning on which nothing was decided' scan -a fresh --now 2026-09-11T12:00:00Z
stderr_like 'is said, with the setting' 'no entries: .*decided before the last bar \([0-9]+ LATE\).*entry_within'
stdout_like 'fresh: and counted in the report' '^[0-9]+ wanted since before this session: LATE'
is 'fresh: by symbol and strategy' "$(grep -cE '^    [A-Z]+, (momentum|sma-cross:fast=5,slow=15): decided [0-9]+ bars? ago$' <<<"$out")" \
    "$(sed -n 's/ wanted since before.*//p' <<<"$out")"
unlike 'fresh: which lists none of them' "$out" '^REFUSED|^ORDERED'
# What a strategy holds that is not asked is nobody's to sell, and what was refused the journal knows.
stdout_like 'fresh: why not is asked of the journal' '^ {4}[A-Z]+, momentum: decided'
late=$(sed -n 's/^    \([A-Z]*\), momentum: decided.*/\1/p' <<<"$out" | head -n 1)
run tn-journal why "$late" -O csv
like 'fresh: which says it' "$out" "refusal,$late,.*LATE: decided [0-9]+ bars? ago.*, of momentum"
before=$(events)
ok 'fresh: by cron' scan -a fresh --now 2026-09-11T12:10:00Z --force -q
is 'fresh: not a word' "$out$err" ''
is 'fresh: and no event more' "$(events)" "$before"
ok 'fresh: a Monday of two decisions' scan -a fresh --now 2026-09-21T12:00:00Z
is 'fresh: orders these two' "$(grep -cE '^(MSFT|NVDA) +buy ' <<<"$out")" 2
run "$TOP/scripts/tn-morning-scan" -w watch.txt --source sim -a fresh --now 2026-09-22T12:00:00Z
stdout_like 'the strategies that are asked when none is named' '^breakout wants [0-9]+ of 5 symbols'
stdout_like 'both' '^rsi-2 wants [0-9]+ of 5 symbols'
is 'what the others hold is named' "$(grep -cE '^(MSFT|NVDA) is held by .*, which was not asked:$' <<<"$out")" 2

# Below, levels of any age are entered: what is tested is something else.
any() { mkdir -p "$TN_HOME" && echo 'account paper { entry_within = any }' >"$TN_HOME/config"; }
export TN_HOME=$WORK/tn
for name in paper some actions clocks left; do printf 'account %s { entry_within = any }\n' "$name"; done >"$TN_HOME/config"

exits 'opens the account and orders; what one limit refuses is exit 6' 6 scan --now 2026-10-01T12:00:00Z
stdout_like 'names account and session' '^MORNING SCAN of account paper \(paper\), after the session that ended 2026-09-30T20:00:00Z$'
stdout_like 'shows what was ordered' '^MSFT +buy +[0-9]+ +market +entry +2026-10-01T20:00:00Z$'
stdout_like 'shows what was refused and why' 'JPM .* refused .* 5000 +5021\.59'
stdout_like 'with the reason below' '^    tn[a-z2-7]+ MAX_POSITION: the position in the symbol'
unlike 'nothing has filled yet' "$out" '^FILLED'
is 'an order for each level that was permitted' "$(count orders)" 5

before=$(events)
ok 'the same morning again has nothing to do' scan --now 2026-10-01T12:30:00Z
stdout_like 'and says so' '^Nothing new: no session has been completed since 2026-09-30T20:00:00Z'
ok 'or is quiet' scan --now 2026-10-01T12:30:00Z -q
is 'with -q not a word' "$out$err" ''
exits 'forced, it runs all the same' 6 scan --now 2026-10-01T12:45:00Z --force
unlike 'but orders nothing twice' "$out" '^(ORDERED|FILLED)'
is 'three more runs have changed nothing in the journal' "$(events)" "$before"

exits 'the next morning' 6 scan --now 2026-10-02T12:00:00Z
stdout_like 'yesterday filled at its open' '^2026-10-01T13:30:00Z +MSFT +buy +155 '
stdout_like 'is held at its close' '^2026-10-01 16:00 +MSFT +155 '
is 'five entries, five fills' "$(count fills)" 5
is 'each with its stop' "$(count "orders WHERE role = 'stop'")" 5

exits 'fault-023: mornings that were missed are made up for' 6 scan --now 2026-10-09T12:00:00Z
stdout_like 'marks up to the last session' '^2026-10-08 16:00 +AAPL '
stdout_like 'an exit is wanted' '^MSFT +sell +155 +market +exit '
is 'beside the stop, which works until the exit fills' "$(count "orders WHERE role = 'stop' AND symbol = 'MSFT' AND status = 'accepted'")" 1
ok 'the journal holds together' tn-journal verify

# The evening of the ninth: its session fills the exit, nothing new is ordered.
# shellcheck disable=SC2317
settle() { "$TOP/scripts/tn-end-of-day" -w watch.txt --source sim "$@"; }
before=$(count orders)
ok 'the close of the day' settle --now 2026-10-09T22:00:00Z
stdout_like 'has its own title' '^CLOSE OF DAY of account paper'
stdout_like 'the exit has filled' '^2026-10-09T13:30:00Z +MSFT +sell +155 '
is 'nothing is ordered' "$(count orders)" "$before"
ok 'the close again' settle --now 2026-10-09T23:00:00Z -q
is 'has nothing to say' "$out$err" ''
exits 'it asks no strategy' 2 settle --strategy momentum

# A weekend: Friday's session was seen on Saturday, Sunday has nothing new.
run scan --now 2026-10-10T12:00:00Z
ok 'a day without a session is skipped' scan --now 2026-10-11T12:00:00Z
stdout_like 'since Friday' 'since 2026-10-09T20:00:00Z'

# A symbol that is not there stops none of the others.
mkdir prices
for symbol in AAPL MSFT; do
    echo 'date,open,high,low,close,volume' >prices/$symbol.csv
    tn-quote bars -s sim $symbol -n 120 --now 2026-10-01T12:00:00Z | sed -n 's/.*"session":"\([^"]*\)".*"open":\([^,]*\),"high":\([^,]*\),"low":\([^,]*\),"close":\([^,]*\),"volume":\([^,]*\),.*/\1,\2,\3,\4,\5,\6/p' \
        >>prices/$symbol.csv
done
is 'the files are there' "$(cat prices/*.csv | wc -l)" 242
printf 'AAPL\nNOPE\nMSFT\n' >some.txt
# shellcheck disable=SC2317
some() {
    "$TOP/scripts/tn-morning-scan" -w some.txt --source csv:prices -a some --strategy sma-cross:fast=5,slow=15 \
        --now 2026-10-01T12:00:00Z "$@"
}
exits 'a missing symbol is exit 5' 5 some
stderr_like 'names it' "^tn-quote: NOPE: no 'NOPE.csv' in 'prices'"
stdout_like 'the others are ordered' '^MSFT +buy '
is 'both of them' "$(count "orders WHERE account = 'some'")" 2
exits 'is tried again the same day' 5 some
unlike 'without ordering anything twice' "$out" '^ORDERED'
cp prices/MSFT.csv prices/NOPE.csv
ok 'and when the symbol is there, it is ordered' some
is 'once' "$(grep -c '^NOPE *buy' <<<"$out")" 1

# A source that has stopped delivering: its bars end on Wednesday, it is Friday.
exits 'a source that is behind is exit 5, with -q too' 5 some -q --now 2026-10-02T12:00:00Z
stderr_like 'and is named' 'the source is behind: its bars end with the session of 2026-09-30T20:00:00Z, but that of 2026-10-01T20:00:00Z is over'

# fault-021: overlapping runs of a cron job.
mkfifo hold
flock "$TN_HOME/state/morning-scan.paper.lock" cat hold &
exec 8>hold
for _ in 1 2 3 4 5 6 7 8 9 10; do
    flock -n "$TN_HOME/state/morning-scan.paper.lock" true || break
    sleep 0.1
done
before=$(events)
exits 'fault-021: a run that overlaps with another ends with 5' 5 scan --now 2026-10-12T12:00:00Z
stderr_like 'and says why' "^tn-morning-scan: another run for account 'paper' is in progress"
is 'fault-021: it has changed nothing' "$(events)" "$before"
exec 8>&-
wait
run scan --now 2026-10-13T12:00:00Z
stdout_like 'fault-022: afterwards the next run works' '^MORNING SCAN'

# The account's own lock: a session trades it.
mkfifo session
tn-order run -a paper <session >/dev/null &
exec 8>session
within 30 test -s "$TN_HOME/data/paper.lock"
sleep 0.2
exits 'an account that a session trades is left alone' 5 scan --now 2026-10-14T12:00:00Z
stderr_like 'with the words of tn-order' "account 'paper' is in use"
exec 8>&-
wait
run scan --now 2026-10-14T12:00:00Z
stdout_like 'and scanned when the session has ended' 'ended 2026-10-13T20:00:00Z'

# Dividends and splits come from a file beside the source.
printf 'date,symbol,kind,new,old,cash\n2026-10-02,MSFT,dividend,,,0.5\n2026-10-02,AAPL,split,2,1,\n' >actions.csv
for day in 01 02; do run scan -a actions --now 2026-10-${day}T12:00:00Z; done
run scan -a actions --actions actions.csv --now 2026-10-05T12:00:00Z
stdout_like 'a dividend is paid on what is held: 155 × 0.50' '^PAID$'
stdout_like 'and shown' '^2026-10-02T04:00:00Z +MSFT +dividend +77\.5 +USD$'
is 'a split doubles what is held' "$(tn-order positions -a actions | sed -n 's/.*"symbol":"AAPL".*"quantity":\([0-9]*\).*/\1/p')" 18

# fault-024: in the nights to 9 March and 2 November the clocks change; 8:30 in New York is 13:30 and then 12:30 UTC, or
# the other way round, and cron on a machine in another zone may run an hour off, or twice.
done=''
for now in 2026-03-06T13:30:00Z 2026-03-09T12:30:00Z 2026-03-09T13:30:00Z 2026-10-30T12:30:00Z 2026-11-02T12:30:00Z \
    2026-11-02T13:30:00Z; do
    run scan -a clocks --now $now
    done+=$(head -c 1 <<<"$out")
done
is 'fault-024: over both changes of the clocks each session is handled once' "$done" MMNMMN

# fault-001, fault-022: killed anywhere and started again, a morning ends as if nothing had happened. What the kill leaves
# of the script's programs goes on beside the next run.
books() { tn-journal query 'SELECT id, symbol, side, quantity, status FROM orders ORDER BY id' -O tsv &&
    tn-journal query 'SELECT id, time, quantity, price FROM fills ORDER BY id' -O tsv; }
two_mornings() { # SECONDS after which the second is killed
    export TN_HOME=$WORK/killed-$1
    any
    scan --now 2026-10-08T12:00:00Z >/dev/null 2>&1
    (
        timeout -s KILL "$1" "$TOP/scripts/tn-morning-scan" -w watch.txt --source sim --strategy momentum \
            --strategy sma-cross:fast=5,slow=15 --now 2026-10-09T12:00:00Z
        exit $?
    ) >/dev/null 2>&1
    code=$?
    scan --now 2026-10-09T12:00:00Z --force >"$1.report" 2>&1
    books >"$1.books"
}
two_mornings 60
wrong='' kills=0
for seconds in 0.02 0.05 0.08 0.11 0.15 0.2 0.3; do
    two_mornings $seconds
    [ $code -ne 137 ] || kills=$((kills + 1))
    cmp -s $seconds.books 60.books || wrong+=" $seconds"
    tn-journal verify >/dev/null || wrong+=" $seconds:verify"
done
export TN_HOME=$WORK/tn
is 'fault-001: a morning killed anywhere and run again ends the same' "$wrong" ''
unlike 'and it was killed' "$kills" '^0$'
rm -rf tmp/* # the killed ones could not

# One account in the configuration is the one meant.
printf 'account main { cash = 50000  max_position = 2%% }\n' >"$TN_HOME/config"
run scan --now 2026-10-01T12:00:00Z
stdout_like 'the only account of the configuration is the default' '^MORNING SCAN of account main'
rm "$TN_HOME/config"

# A spin-off of what is held is for a person to look at.
export TN_HOME=$WORK/spun
any
run scan --now 2026-10-01T12:00:00Z
run scan --now 2026-10-02T12:00:00Z
is 'MSFT is held' "$(tn-order positions | grep -c '"symbol":"MSFT"')" 1
printf 'date,symbol,kind,new_symbol\n2026-10-02,MSFT,spinoff,MS\n' >spinoffs.csv
run scan --now 2026-10-03T12:00:00Z --actions spinoffs.csv
stdout_like 'fault-057: the report says what is not done' '^MSFT +a spin-off: the new shares are not booked'
export TN_HOME=$WORK/tn

exits 'no watchlist' 2 "$TOP/scripts/tn-morning-scan" --source sim
exits 'no such watchlist' 2 "$TOP/scripts/tn-morning-scan" -w none.txt --source sim
exits 'an unknown option' 2 scan --frobnicate
exits 'an option without its value' 2 scan --now
exits 'an unknown strategy' 2 scan -a fresh --strategy astrology --now 2026-10-01T12:00:00Z
stderr_like 'which is said' "astrology"
exits 'a name that is no account' 2 scan -a '../x'
ok 'help' "$TOP/scripts/tn-morning-scan" --help
stdout_like 'begins with examples' '^Examples:'
is 'nothing is left in the temporary folder' "$(ls tmp)" ''
# A market that never closes: its daily bars end a day after their time, on Sundays too.
export TN_HOME=$WORK/always
mkdir -p "$TN_HOME"
printf 'account coin { entry_within = any  calendar = always day_rolls = "00:00 UTC" }\n' >"$TN_HOME/config"
printf 'BTC/USD\nETH/USD\n' >coins
# shellcheck disable=SC2317 # run calls it
coin() { "$TOP/scripts/tn-morning-scan" -w coins --source sim -n 200 --now "$1" --strategy momentum; }
run coin 2026-03-01T00:00:00Z
like 'an account of an always-open market has its Sunday' "$out" 'session that ended 2026-03-01T00:00:00Z'
like 'and orders' "$out" 'ORDERED'
run coin 2026-03-02T00:00:00Z
like 'that fill at midnight' "$out" '2026-03-01T00:00:00Z|2026-03-02T00:00:00Z'
like 'and are held' "$out" 'POSITIONS'

finish
