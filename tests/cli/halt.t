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
until [ -s "$TN_HOME/data/paper.lock" ] && ! flock -n "$TN_HOME/data/paper.lock" true 2>/dev/null; do
    sleep 0.05
    [ $((tries = ${tries:-0} + 1)) -lt 40 ] || break
done
sleep 0.2
ok 'halt beside a session' tn-order halt --now $monday
stderr_like 'leaves the cancelling to it' "account 'paper' is halted; the session that is running will cancel its working entries"
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
tries=0
until [ -s "$TN_HOME/data/paper.lock" ] && ! flock -n "$TN_HOME/data/paper.lock" true 2>/dev/null; do
    sleep 0.05
    [ $((tries += 1)) -lt 40 ] || break
done
ok 'halt --all beside a session' tn-order halt --all --now $tuesday
stderr_like 'names what goes' "account 'paper' is halted; the session that is running will cancel its working orders"
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
finish
