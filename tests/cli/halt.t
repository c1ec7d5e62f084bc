#!/usr/bin/env bash
# The kill switch: a halted account enters nothing, by no way and after no restart, and keeps what protects it.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

monday=2026-03-02T13:00:00Z tuesday=2026-03-03T13:00:00Z wednesday=2026-03-04T13:00:00Z
bars() { tn-quote bars -s sim AAPL MSFT XOM JPM -n 250 --now "$1"; }
working() { tn-order orders -O json | grep -c "\"role\":\"$1\"" || true; }
count() { tn-journal query "SELECT count(*) AS n FROM $1" -O tsv | tail -n 1; }
bars $monday >monday.ndjson
bars $tuesday >tuesday.ndjson
bars $wednesday >wednesday.ndjson
for day in monday tuesday; do tn-signal run momentum <$day.ndjson >$day.signals; done

# Levels of any age, so that there is much to halt.
morning() {
    mkdir -p "$TN_HOME"
    echo 'account paper { entry_within = any }' >"$TN_HOME/config"
    tn-order open paper --now $monday -q
    tn-risk size --now $monday <monday.signals >orders.ndjson
    tn-order submit --now $monday <orders.ndjson >/dev/null
}
morning
is 'four entries work' "$(working entry)" 4
ok 'halt' tn-order halt --now $monday --reason 'test'
stderr_like 'says how many it cancelled' "account 'paper' is halted; 4 orders cancelled"
is 'fault-068: none works any more' "$(working entry)" 0
tn-signal run sma-cross:fast=3,slow=5 <tuesday.ndjson >others.signals
exits 'fault-068: sizing refuses entries' 6 tn-risk size --now $tuesday -f others.signals
stdout_like 'by name' '"code":"HALTED"'
id=$(sed -n '1s/.*"id":"\(tn[a-z2-7]*\)".*/\1/p' orders.ndjson)
exits 'fault-068: so does again' 6 tn-order again "$id" --now $monday
sed 's/"id":"tn./"id":"tnz/' orders.ndjson >others.ndjson
exits 'fault-068: and submit, for orders of whomever' 6 tn-order submit --now $monday -f others.ndjson
is 'nothing works' "$(tn-order orders | grep -c .)" 0
exits 'resume of an account that is not there' 2 tn-order resume -a papre
stderr_like 'says so' "account 'papre' is not open"
ok 'resume' tn-order resume
exits 'what was cancelled stays so: the decision is spent' 0 tn-risk size --now $monday -f monday.signals
unlike 'no order' "$out" '"type":"order"'
ok 'but again enters it' tn-order again "$id" --now $monday
is 'under a new id' "$(working entry)" 1

# The switch is thrown beside a session that sits there and waits; nobody has cancelled anything when it ends.
export TN_HOME=$WORK/second
morning
mkfifo idle
tn-order run <idle >/dev/null &
exec 8>idle
# shellcheck disable=SC2317 # within calls it
session_trades() { [ -s "$TN_HOME/data/paper.lock" ] && is_locked "$TN_HOME/data/paper.lock"; }
within 30 session_trades
sleep 0.2
ok 'halt beside a session' tn-order halt --now $monday
stderr_like 'leaves the cancelling to it' "account 'paper' is halted; the running session will cancel its working entries"
exec 8>&-
wait
ok 'bars that would fill the entries' tn-order settle -f tuesday.ndjson
is 'fault-068: fill none of them: whoever trades the account next cancels first' "$(count fills) $(working entry)" '0 0'
is 'with the reason' "$(count "orders WHERE status = 'canceled' AND reason = 'halt'")" 4

# A running session obeys --all as well, and a halt that was lifted before the session looked.
export TN_HOME=$WORK/beside
morning
tn-order settle -f tuesday.ndjson >/dev/null
is 'four stops' "$(working stop)" 4
tn-order run <idle >/dev/null &
exec 8>idle
within 30 session_trades
ok 'halt --all beside a session' tn-order halt --all --now $tuesday
stderr_like 'names what goes' "account 'paper' is halted; the running session will cancel its working orders"
ok 'and resume at once' tn-order resume --now $tuesday
cat wednesday.ndjson >&8
exec 8>&-
wait
is 'fault-068: the session has cancelled the stops' \
    "$(count "orders WHERE role = 'stop' AND status = 'canceled' AND reason = 'halt'") $(working stop)" '4 0'

# What protects a position goes on.
export TN_HOME=$WORK/third
morning
tn-order settle -f tuesday.ndjson >/dev/null
is 'four positions with their stops' "$(tn-order positions | grep -c .) $(working stop)" '4 4'
ok 'halt with positions' tn-order halt --now $tuesday
is 'keeps the stops' "$(working stop)" 4
sed 's/"side":"long"/"side":"flat"/; s/"id":"sg./"id":"sgz/' tuesday.signals >flat.signals
ok 'fault-068: exits pass' bash -c "tn-risk size --now $tuesday <flat.signals >exits.ndjson"
ok 'and are taken' tn-order submit --now $tuesday -f exits.ndjson
is 'all four' "$(working exit)" 4
ok 'halt again' tn-order halt --now $tuesday
is 'leaves exits alone' "$(working exit)" 4
ok 'they fill while the account is halted' tn-order settle -f wednesday.ndjson
is 'nothing is held any more' "$(tn-order positions | grep -c .)" 0
export TN_HOME=$WORK/fourth
morning
tn-order settle -f tuesday.ndjson >/dev/null
ok 'halt --all' tn-order halt --all --now $tuesday
stderr_like 'says how many' '4 orders cancelled'
is 'cancels the stops too' "$(working stop)" 0
ok 'fault-068: exits of after it' bash -c "tn-risk size --now $tuesday <flat.signals | tn-order submit --now $tuesday"
ok 'are not cancelled by whoever comes next' tn-order settle -f tuesday.ndjson
is 'all four' "$(working exit)" 4

# A process that is stopped while it holds the journal cannot stop the stop: a file halts, and the next writer notes it.
export TN_HOME=$WORK/fifth
morning
halts() { tn-journal show -O json | grep '"type":"halt"'; }
hold() {
    rm -f held
    python3 - "$TN_HOME/data/journal.db" held <<'EOF' &
import os, signal, sqlite3, sys
journal = sqlite3.connect(sys.argv[1], isolation_level=None)
journal.execute("BEGIN IMMEDIATE")
open(sys.argv[2], "w").close()
os.kill(os.getpid(), signal.SIGSTOP)
EOF
    holder=$!
    for _ in {1..400}; do
        [ ! -e held ] || break
        sleep 0.05
    done
}
release() {
    kill -KILL "$holder"
    wait "$holder" 2>/dev/null
}
hold
ok 'halt while a stopped process holds the journal' tn-order halt --now $monday --reason 'test'
stderr_like 'says what halts' "account 'paper' is halted, by .*paper.halt; the journal is busy: the next program that writes to it cancels the working entries"
exits 'sizing asks the file' 6 tn-risk size --now $tuesday -f others.signals
stdout_like 'and says it' '"code":"HALTED"'
ok 'the account' tn-order account -O json
stdout_like 'is halted' '"halted":true'
release
exits 'so does submit' 6 tn-order submit --now $monday -f others.ndjson
is 'the next writer has cancelled what worked' "$(working entry) $(count "orders WHERE status = 'canceled' AND reason = 'halt'")" '0 4'
is 'and noted the halt once, with its reason' "$(halts | grep -c '"reason":"test"')" 1
ok 'resume' tn-order resume
is 'takes the file away' "$(find "$TN_HOME/data" -name '*.halt')" ''
ok 'and nobody notes it again' tn-order settle -f tuesday.ndjson
is 'one halt, one resumption' "$(halts | grep -c .)" 2
export TN_HOME=$WORK/sixth
morning
hold
ok 'halt while the journal is held' tn-order halt --now $monday
release
ok 'resume before anybody wrote' tn-order resume --now $monday
ok 'bars that would fill the entries' tn-order settle -f tuesday.ndjson
is 'the halt has cancelled them all the same' "$(count fills) $(count "orders WHERE reason = 'halt'")" '0 4'
: >"$TN_HOME/data/paper.halt"
exits 'a file that somebody made halts too' 6 tn-order submit --now $tuesday -f others.ndjson
is 'and is noted' "$(halts | grep -c '"reason":"halt file"')" 1
rm "$TN_HOME/data/paper.halt"
ok 'halt with words that need escapes' tn-order halt --now $tuesday --reason 'say "stop" \ now'
is 'which come out as they went in' "$(halts | grep -cF '"reason":"say \"stop\" \\ now"')" 1
ok 'resume' tn-order resume

# A halt that is thrown while another process resumes is not taken away with the old one.
export TN_HOME=$WORK/seventh
morning
ok 'halt' tn-order halt --now $monday
hold
tn-order resume --now $monday >resumed 2>&1 &
resuming=$!
within 30 test -e "$TN_HOME/data/paper.halt-aside" # the old file is aside, and the journal's word is waited for
ok 'halt meanwhile, with the journal held' tn-order halt --all --now $monday --reason second
stderr_like 'which counts by its file' 'the journal is busy'
release
wait "$resuming"
is 'the resumption gives way' "$? $(grep -c "account 'paper' was halted again in the meantime" resumed)" '5 1'
tn-order account -O json >account.ndjson
is 'the account is halted' "$(grep -c '"halted":true' account.ndjson)" 1
tn-report desk -j >desk.txt 2>&1
is 'the desk says so' "$(grep -c 'halted: entries are refused' desk.txt)" 1
ok 'resume' tn-order resume --now $tuesday
is 'leaves no file' "$(find "$TN_HOME/data" -name 'paper.halt*')" ''
is 'and has noted the second halt before' "$(halts | sed -n '2,$s/.*"halted":\([a-z]*\).*/\1/p' | paste -sd' ')" 'true false'
tn-report desk -j >desk.txt 2>&1
is 'nor is it on the desk' "$(grep -c 'halted: entries' desk.txt)" 0
: >"$TN_HOME/data/paper.halt"
tn-report desk -j >desk.txt 2>&1
is 'a file that the journal does not know of is on the desk too' "$(grep -c 'halted: entries' desk.txt)" 1
is 'and in the tables for queries' "$(tn-journal query 'SELECT halted FROM accounts' -O tsv | tail -n 1)" 1
rm "$TN_HOME/data/paper.halt"

exits 'halt of an account that is not there' 2 tn-order halt -a papre
is 'leaves no file' "$(find "$TN_HOME/data" -name 'papre*')" ''
is 'and no event' "$(tn-journal show -O json | grep -c '"account":"papre"')" 0
exits 'nor does resume' 2 tn-order resume -a papre
stderr_like 'which says how to open it' 'hint: tn-order open papre --cash 100000'
finish
