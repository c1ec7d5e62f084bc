#!/usr/bin/env bash
# A journal that something outside has changed gives no figure and takes no order: every command that uses an account
# ends with 9, whatever was changed among what it reads.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs python3

bar() { # DAY SYMBOL PRICE
    printf '{"type":"bar","time":"2024-01-%sT05:00:00Z","symbol":"%s","interval":"1d","session":"2024-01-%s","end":"2024-01-%sT21:00:00Z","open":%s,"high":%s,"low":%s,"close":%s,"volume":1}\n' \
        "$1" "$2" "$1" "$1" "$3" "$3" "$3" "$3"
}
level() { # DAY SYMBOL
    printf '{"type":"signal","time":"2024-01-%sT21:00:00Z","symbol":"%s","id":"sg%s","strategy":"s","side":"long","decided":"2024-01-%sT21:00:00Z","interval":"1d","price":100,"stop":90}\n' \
        "$1" "$2" "$2" "$1"
}
end='{"type":"end","status":0,"complete":true}'
tn-order open paper --cash 100000 --now 2024-01-01 -q
{ level 02 A; echo "$end"; } | tn-risk size --now 2024-01-02T22:00:00Z | tn-order submit --now 2024-01-02T22:00:00Z >/dev/null
bar 03 A 100 | tn-order settle >/dev/null
{ level 03 B; echo "$end"; } >level.ndjson
{ bar 04 A 101; echo "$end"; } >bars.ndjson
tn-risk size --now 2024-01-03T22:00:00Z -f level.ndjson >orders.ndjson
id=$(sed -n 's/.*"type":"order".*"id":"\([^"]*\)".*/\1/p' orders.ndjson)
like 'there is an order to submit' "$id" '^tn'
cp -r "$TN_HOME/data" sound

cat >change.py <<'EOP'
import sqlite3, sys
journal = sqlite3.connect(sys.argv[1])
for (name,) in journal.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
    journal.execute("DROP TRIGGER " + name)
journal.executescript(sys.argv[2])
journal.commit()
EOP
restore() {
    rm -rf "$TN_HOME/data"
    cp -r "$1" "$TN_HOME/data"
}

wrong=''
while IFS='|' read -r what change; do
    restore sound
    python3 change.py "$TN_HOME/data/journal.db" "$change"
    cp -r "$TN_HOME/data" changed
    while read -r command; do
        restore changed
        # shellcheck disable=SC2086 # words
        run $command </dev/null
        [ "$code" -eq 9 ] || wrong+="$what: $command: $code"$'\n'
        grep -q '^  hint: ' <<<"$err" || wrong+="$what: $command: no hint: $err"$'\n'
        ! grep -qE '"type":"(order|fill|position|account|result|round_trip)"' <<<"$out" ||
            wrong+="$what: $command: shows $(head -c 200 <<<"$out")"$'\n'
    done <<COMMANDS
tn-order account -O json
tn-order positions -O json
tn-order orders -O json
tn-order accounts -O json
tn-order settle -f bars.ndjson
tn-order submit --now 2024-01-03T22:00:00Z -f orders.ndjson
tn-order run -f bars.ndjson
tn-order cancel --all
tn-order again $id
tn-order halt
tn-order resume
tn-risk size --now 2024-01-03T22:00:00Z -f level.ndjson
tn-risk size --session -f level.ndjson
tn-report trades -j -O json
tn-report positions -j -O json
tn-report summary -j -O json
tn-report equity -j -O json
tn-report orders -j -O json
tn-report desk -j
tn-report day -j
tn-journal adjust x
tn-journal verify
tn-journal rebuild
COMMANDS
    rm -rf changed
done <<'CHANGES'
more money|UPDATE event SET record = replace(record, '100000', '900000') WHERE seq = 1
a larger fill|UPDATE event SET record = replace(record, '"quantity":50', '"quantity":55') WHERE type = 'fill'
no first event|DELETE FROM event WHERE seq = 1
no fill|DELETE FROM event WHERE type = 'fill'
another mode|UPDATE event SET mode = 'live' WHERE seq = 2
another time|UPDATE event SET recorded = recorded + 1 WHERE seq = 1
two swapped|UPDATE event SET seq = -1 WHERE seq = 4; UPDATE event SET seq = 4 WHERE seq = 5; UPDATE event SET seq = 5 WHERE seq = -1
a version of none|PRAGMA user_version = 0
an older version|PRAGMA user_version = 1
a version below none|PRAGMA user_version = -1
a version to come|PRAGMA user_version = 2147483647
no table of events|DROP TABLE event
bytes that are no record|UPDATE event SET record = '{"' WHERE type = 'fill'
CHANGES
is '13 changes, 23 commands: 9, and nothing is shown' "$wrong" ''
# The column that says whose an event is: reports go by the record, in which it is as it was.
restore sound
python3 change.py "$TN_HOME/data/journal.db" "UPDATE event SET account = 'other' WHERE type = 'fill'"
exits 'an event given to another account' 9 tn-order account
stderr_like 'is missed' "account 'paper' has no event 4|event 4"
exits 'by verify, too' 9 tn-journal verify
restore sound
ok 'the sound journal' tn-journal verify
ok 'is used' tn-order submit --now 2024-01-03T22:00:00Z -f orders.ndjson

# Queries read the tables beside the events; those that are made of accounts are computed, and find what was changed.
wrong=''
for change in "UPDATE event SET record = replace(record, '100000', '900000') WHERE seq = 1" "DELETE FROM event WHERE type = 'fill'"; do
    restore sound
    python3 change.py "$TN_HOME/data/journal.db" "$change"
    for query in 'SELECT cash FROM accounts' 'SELECT * FROM positions' 'SELECT * FROM lots' 'SELECT * FROM fills' 'SELECT sum(amount) FROM cash'; do
        run tn-journal query "$query" -O json
        [ "$code" -eq 9 ] || wrong+="$change: $query: $code"$'\n'
        [ -z "$out" ] || wrong+="$change: $query: $out"$'\n'
    done
done
is 'a query on changed events is 9' "$wrong" ''
restore sound
python3 change.py "$TN_HOME/data/journal.db" 'UPDATE fills SET quantity = 99'
exits 'a changed table' 9 tn-journal verify
stderr_like 'is named' 'table fills: row 1 \(by id\) does not match the events'
ok 'and computed anew' tn-journal rebuild
is 'from the events' "$(tn-journal query 'SELECT quantity FROM fills' -O tsv | tail -n 1)" 50
finish
