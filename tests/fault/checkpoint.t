#!/usr/bin/env bash
# Checkpoints of an account: written when due, confirmed by verify; killed while one is written, a stale, a forged, a
# cut, a foreign one: the right figures or exit 9, never others.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"
needs jq sqlite3 strace python3

bar() { # SYMBOL DAY PRICE: of January 2024
    printf '{"type":"bar","time":"2024-01-%sT05:00:00Z","symbol":"%s","interval":"1d","session":"2024-01-%s","end":"2024-01-%sT21:00:00Z","open":%s,"high":%s,"low":%s,"close":%s,"volume":1000}\n' \
        "$2" "$1" "$2" "$2" "$3" "$3" "$3" "$3"
}
end() { echo '{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}'; }
# A day's batch: symbols bought at the close of a day, with a stop that follows a target; the first is replaced, and
# an order waits for it.
batch() { # DAY FROM TO
    local i
    for ((i = $2; i <= $3; i++)); do
        printf '{"type":"order","time":"2024-01-%sT21:00:00Z","symbol":"S%d","id":"tn%s-%d","side":"buy","quantity":1,"order_type":"market","role":"entry","strategy":"s","reference_price":10,"legs":[{"role":"stop","order_type":"stop","stop_price":5,"even_after_target":true},{"role":"target","order_type":"limit","r":1}]}\n' "$1" "$i" "$1" "$i"
    done
    printf '{"type":"replace","time":"2024-01-%sT21:00:00Z","order_id":"tn%s-%d","quantity":3}\n' "$1" "$1" "$2"
    printf '{"type":"order","time":"2024-01-%sT21:00:00Z","symbol":"S%d","id":"tn%s-after","side":"sell","quantity":1,"order_type":"limit","limit_price":99,"role":"exit","strategy":"s","oto":"tn%s-%d"}\n' "$1" "$2" "$1" "$1" "$2"
    end
}
bars() { # DAY FROM TO
    local i
    for ((i = $2; i <= $3; i++)); do bar "S$i" "$1" $((10 + i % 7)); done
    end
}
sql() { sqlite3 -cmd '.timeout 5000' "$TN_HOME/data/journal.db" "$@"; }
figures() { tn-order account -O json && tn-order positions -O json && tn-order orders -O json; }

tn-order open paper --cash 1000000 --now 2023-12-31 -q
cat >"$TN_HOME/config" <<'CONFIG'
account paper {
    max_positions = 1000
}
CONFIG
batch 02 1 80 | tn-order submit --now 2024-01-02T22:00:00Z -q >/dev/null
bars 03 1 80 | tn-order settle -q >/dev/null
batch 03 81 160 | tn-order submit --now 2024-01-03T22:00:00Z -q >/dev/null
bars 04 1 160 | tn-order settle -q >/dev/null
batch 04 161 200 | tn-order submit --now 2024-01-04T22:00:00Z -q >/dev/null
bars 05 1 200 | tn-order settle -q >/dev/null
like 'checkpoints are written' "$(sql "SELECT count(*) FROM event WHERE type = 'checkpoint'")" '^[2-9]$'
count() { sql "SELECT count(*) FROM event WHERE record LIKE '%$1%'"; }
is 'orders were replaced, sent after another, and have legs' "$(count '"replaced"') $(count '"reason":"oto"') $(($(count '"role":"target","parent') > 100))" '3 3 1'
is 'the last two states are kept' "$(sql 'SELECT count(*) FROM state')" 2
ok 'verify compares them' tn-journal verify
figures >right
cp -r "$TN_HOME" "$WORK/good"
again() { # a fresh copy
    rm -rf "$TN_HOME"
    cp -r "$WORK/good" "$TN_HOME"
}
open_triggers="DROP TRIGGER event_kept; DROP TRIGGER event_stays; DROP TRIGGER event_numbered;"

# From the first event, from either state: the same figures.
again
sql 'DELETE FROM state'
figures >first 2>err
same 'without a state: from the first event' first right
is 'and nothing is said' "$(cat err)" ''
again
sql 'DELETE FROM state WHERE n = (SELECT max(n) FROM state)'
figures >older
same 'from the older state' older right

# forge EXPRESSION: what the latest state becomes; `s` is what it was, `older` the one before.
forge() {
    python3 - "$TN_HOME/data/journal.db" "$1" <<'PYTHON'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
(n, s), (_, older) = db.execute("SELECT n, state FROM state ORDER BY n DESC").fetchall()
db.execute("UPDATE state SET state = ? WHERE n = ?", (eval(sys.argv[2]), n))
db.commit()
PYTHON
}
# A state that was changed is not used, and verify says so.
for way in 'bytes(len(s))' 's[:-1]' 's + bytes(1)' 'bytes(0)' 'older' 's[:8] + s[16:]'; do
    again
    forge "$way"
    figures >forged 2>err
    same "a forged state ($way): the older one is used" forged right
    like 'with a word' "$(cat err)" "the saved state of account 'paper' after its event [0-9]+ is not used: it does not match its checkpoint: the account was read from an older state"
    exits 'verify: 9' 9 tn-journal verify
    stderr_like 'with the way' 'tn-journal rebuild'
    ok 'rebuild throws it away' tn-journal rebuild
    ok 'and all is sound' tn-journal verify
done
# A bit of each of some bytes.
size=$(sql 'SELECT length(state) FROM state ORDER BY n DESC LIMIT 1') wrong=''
for ((at = 0; at < size; at += size / 12)); do
    again
    forge "s[:$at] + bytes([s[$at] ^ 1]) + s[$at + 1:]"
    figures >forged 2>err
    cmp -s forged right && grep -q 'is not used' err || wrong+=" $at"
done
is 'a bit of a state changed: it is not used' "$wrong" ''

# A state moved: to another number, to another account, from another journal.
again
sql 'UPDATE state SET n = n + 1 WHERE n = (SELECT max(n) FROM state)'
figures >forged 2>err
same 'a state of another number is not used' forged right
like 'no event names it' "$(cat err)" 'no event refers to it'
again
tn-order open second --cash 5 --now 2023-12-31 -q
tn-order account -a second -O json >right.second
sql "UPDATE state SET account = 'second'"
tn-order account -a second -O json >second.forged 2>err
same 'a state of another account is not used' second.forged right.second
again
export TN_HOME=$WORK/other
mkdir -m 700 "$TN_HOME"
cp "$WORK/good/config" "$TN_HOME"
tn-order open paper --cash 2000000 --now 2023-12-31 -q
batch 02 1 150 | tn-order submit --now 2024-01-02T22:00:00Z -q >/dev/null
bars 03 1 150 | tn-order settle -q >/dev/null
sqlite3 "$TN_HOME/data/journal.db" "ATTACH '$WORK/tn/data/journal.db' AS here; UPDATE here.state SET (n, state) = (SELECT n, state FROM main.state ORDER BY n DESC LIMIT 1) WHERE n = (SELECT max(n) FROM here.state)"
export TN_HOME=$WORK/tn
figures >forged 2>err
same 'a state from another journal is not used' forged right

# What is forged in the chain itself is seen: the event, the rows behind the state.
last=$(sql "SELECT max(seq) FROM event WHERE type = 'checkpoint'")
for way in "UPDATE event SET record = replace(record, '\"n\":', '\"n\":1') WHERE seq = $last" "DELETE FROM event WHERE seq = $last" \
    "UPDATE event SET record = replace(record, '\"quantity\":1,', '\"quantity\":2,') WHERE seq = (SELECT min(seq) FROM event WHERE seq > $last AND record LIKE '%\"quantity\":1,%')" \
    "DELETE FROM event WHERE seq = $last + 2" "UPDATE event SET account = 'other' WHERE seq = $last + 2" \
    "DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)" "UPDATE last SET n = n - 1"; do
    again
    sql "$open_triggers $way"
    run tn-order account -O json
    is "9, and no figure: ${way:0:40}" "$code $out" '9 '
done

# A change before the state that is used is not read by who trades; verify finds it.
again
sql "$open_triggers UPDATE event SET record = replace(record, '1000000', '2000000') WHERE seq = 1"
figures >hidden
same 'what lies before the state is not read' hidden right
exits 'verify finds it' 9 tn-journal verify

# A setting that decides how days are counted: the state is of the old one, and is not used.
again
sed -i 's/account paper {/&\n    day_rolls = "16:00 America\/New_York"/' "$TN_HOME/config"
ok 'another day_rolls: opens' tn-order account
stderr_like 'from the first event' 'the account had other terms'

# Killed while the checkpoint is written: the transaction is there or not, with its state.
rm -rf "$TN_HOME"
cp -r "$WORK/good" "$TN_HOME"
sql 'DELETE FROM state'
batch 05 201 300 >next
complaints='' killed=0
for call in pwrite64 fdatasync; do
    for n in 1 2 4 8 15 27; do
        again
        { strace -qq -o /dev/null -e trace="$call" -e inject="$call:signal=KILL:when=$n" \
            tn-order submit --now 2024-01-05T22:00:00Z -q <next >/dev/null; } 2>/dev/null && continue
        killed=$((killed + 1))
        figures >after 2>err || complaints+="$call $n: $(cat err)"$'\n'
        [ ! -s err ] || complaints+="$call $n: $(cat err)"$'\n'
        tn-journal verify >/dev/null 2>err || complaints+="$call $n: $(cat err)"$'\n'
        tn-order submit --now 2024-01-05T22:00:00Z -q <next >/dev/null 2>err || complaints+="$call $n again: $(cat err)"$'\n'
        tn-journal verify >/dev/null 2>err || complaints+="$call $n: $(cat err)"$'\n'
    done
done
is 'killed at any write: sound, and the next run completes it' "$complaints" ''
like 'it was killed' "$killed" '^[1-9]'
finish
