#!/usr/bin/env bash
# tn-journal as a user runs it: what is recorded once is there, in order, provable, and answers questions.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

data=$TN_HOME/data/journal.db
cat >story.ndjson <<'END'
{"type":"cash","time":"2026-01-02T14:00:00Z","id":"c1","account":"paper","currency":"USD","amount":100000,"kind":"deposit"}
{"type":"signal","time":"2026-01-02T21:00:00Z","symbol":"AAPL","id":"sg1","strategy":"sma-cross:fast=10,slow=30","side":"long","decided":"2026-01-02T21:00:00Z","price":100.25,"stop":95,"reason":{"fast":100.1,"slow":99.7},"basis":{"interval":"1d","time":"2026-01-02T05:00:00Z","open":99,"high":101,"low":98.5,"close":100.25}}
{"type":"order","time":"2026-01-02T21:00:00Z","symbol":"AAPL","id":"tn1","account":"paper","side":"buy","quantity":10,"order_type":"market","role":"entry","strategy":"sma-cross:fast=10,slow=30","signal":"sg1"}
{"type":"order","time":"2026-01-02T21:00:00Z","symbol":"AAPL","id":"tn1s","account":"paper","side":"sell","quantity":10,"order_type":"stop","stop_price":95,"role":"stop","parent":"tn1","strategy":"sma-cross:fast=10,slow=30","signal":"sg1"}
{"type":"order_update","time":"2026-01-05T14:30:00Z","symbol":"AAPL","account":"paper","order_id":"tn1","status":"accepted"}
{"type":"bar","time":"2026-01-05T14:30:00Z","symbol":"AAPL","interval":"1m","open":1,"high":1,"low":1,"close":1,"volume":1}
{"type":"fill","time":"2026-01-05T14:30:00Z","symbol":"AAPL","id":"f1","order_id":"tn1","account":"paper","strategy":"sma-cross:fast=10,slow=30","role":"entry","side":"buy","quantity":10,"price":100.5,"commission":1,"mode":"paper"}
{"type":"order_update","time":"2026-01-05T14:30:00Z","symbol":"AAPL","account":"paper","order_id":"tn1","status":"filled","filled_quantity":10,"average_price":100.5}
{"type":"refusal","time":"2026-01-05T21:00:00Z","symbol":"MSFT","account":"paper","code":"MAX_POSITION","limit":5000,"observed":6000,"message":"too large","cause":"sg2"}
{"type":"note","time":"2026-01-05T22:00:00Z","id":"n1","about":"tn1","tags":["gap"],"text":"=cmd()'; DROP TABLE event; --"}
{"type":"order","time":"2026-01-06T21:00:00Z","symbol":"AAPL","id":"tn2","account":"paper","side":"sell","quantity":10,"order_type":"market","role":"exit","strategy":"sma-cross:fast=10,slow=30","signal":"sg9","basis":{"side":"flat","price":102.5,"reason":{"fast":1,"slow":2},"bar":{"interval":"1d","time":"2026-01-06T05:00:00Z","close":102.5}}}
{"type":"end","status":0,"complete":true}
END
grep -v '"bar"' story.ndjson >events.ndjson
grep -v '"type":"end"' events.ndjson >want.ndjson
grep -v '"type":"bar"' story.ndjson | grep -v '"type":"end"' >want.ndjson

exits 'no journal yet: usage' 2 tn-journal show
stderr_like 'says how to begin' 'tn-order open'
ok 'records' tn-journal record story.ndjson
grep -v '"type":"end"' <<<"$out" >got.ndjson
same 'passes the events on, to the byte' got.ndjson want.ndjson
like 'ends with what it did' "$out" '"type":"end","status":0,"complete":true'
ok 'records the same again' tn-journal record <story.ndjson
ok 'shows' tn-journal show
is 'each event is there once' "$(grep -vc '"type":"end"' <<<"$out")" 10
grep -v '"type":"end"' <<<"$out" >got.ndjson
same 'in order, to the byte' got.ndjson want.ndjson
run tn-journal record -p story.ndjson
like 'passes market records under --pass' "$out" '"type":"bar"'
is 'in their place' "$(sed -n 6p <<<"$out" | cut -c1-13)" '{"type":"bar"'

ok 'shows the last of a type' tn-journal show -t order -n 1
is 'that one' "$(head -1 <<<"$out" | grep -o '"id":"[^"]*"')" '"id":"tn2"'
ok 'shows since a time' tn-journal show --since 2026-01-05T21:00:00Z -O csv
is 'what happened since' "$(cut -d, -f5 <<<"$out" | xargs)" 'type refusal note order'
exits 'nothing to show: 1' 1 tn-journal show -a other
stderr_like 'and it says so' 'the journal has no such event'
stderr_like 'and where the accounts are listed' 'tn-order accounts'
exits 'no type of event: 2' 2 tn-journal show -t bar
export COLUMNS=200
ok 'a table' tn-journal show -O table --tz UTC
like 'in words' "$out" '^ *6 +2026-01-05 14:30 +paper +paper +fill +AAPL +f1 +buy 10 at 100.5, entry of sma-cross:fast=10,slow=30, commission 1$'
unlike 'fault-074: of a note nothing is run' "$out" 'cmd() is'

ok 'why a protective order' tn-journal why tn1s -O table --tz UTC
is 'the chain from the bar on' "$(awk 'NR>1{print $1=="-"?$2:$3}' <<<"$out" | xargs)" \
    'bar signal order order_update fill order_update note order'
ok 'why a fill, as records' tn-journal why f1 -O json
is 'signal, orders, updates, fill, note' "$(grep -o '^{"type":"[a-z_]*' <<<"$out" | cut -c10- | xargs)" \
    'signal order order_update fill order_update note order end'
ok 'why an order whose signal is not in the journal' tn-journal why tn2 -O table
like 'the decision in its own words' "$out" '^2026-01-06 16:00 +decision +AAPL +- +flat at 102.5, fast 1, slow 2$'
like 'the bar before it' "$out" '^2026-01-06 16:00 +bar +AAPL +- +close 102.5 on 2026-01-06$'
ok 'why a signal was not traded' tn-journal why sg2 -O table
like 'the refusal' "$out" 'MAX_POSITION: too large, limit 5000, observed 6000'
exits 'an id nobody knows: 1' 1 tn-journal why nope

ok 'query' tn-journal query "SELECT text, seq, seq FROM notes WHERE text LIKE '%DROP%'" -O csv
is 'fault-075: a formula is prefixed' "$out" $'text,seq,seq_2\n\'=cmd()\'; DROP TABLE event; --,9,9'
ok 'query as JSON' tn-journal query 'SELECT symbol, quantity, realized, NULL AS n FROM positions'
is 'numbers are numbers' "$out" '{"symbol":"AAPL","quantity":10,"realized":0,"n":null}'
for _ in $(seq 20); do tn-journal query "SELECT CASE WHEN random() > 0 THEN 1.5 ELSE 'text' END AS x" -O table; done >chance 2>&1
is 'an answer is that of one run, whatever another would say' "$(grep -cvxE ' *x|1\.5|text' chance)" 0
exits 'a row longer than 4 MiB: 3' 3 tn-journal query 'SELECT zeroblob(3000000) AS h' -O json
stderr_like 'it says which' 'row 1: longer than 4194304 bytes'
for sql in 'DELETE FROM event' 'DROP TABLE orders' "ATTACH 'x.db' AS x" 'PRAGMA journal_mode=DELETE' 'VACUUM' \
    "SELECT load_extension('x')" 'SELECT 1; DELETE FROM event' 'BEGIN' 'COMMIT' "SELECT writefile('x','y')" 'nonsense' ''; do
    exits "fault-071: a query cannot do: $sql" 2 tn-journal query "$sql"
done
is 'fault-071: no file was made' "$(echo x*)" 'x*'
cat >odd.ndjson <<'END'
{"type":"note","time":"2026-01-08T00:00:00Z","id":"$(touch x)","about":"`id`","text":"<script>é\" \u0007 ; rm -rf ~ 'x' --"}
{"type":"note","time":"2026-01-08T00:00:00Z","id":"-rf","text":"n","symbol":"'; DROP TABLE notes; --"}
END
ok 'fault-082: odd strings are recorded' tn-journal record odd.ndjson
run tn-journal show -t note -n 2
is 'fault-082: and returned to the byte' "$(head -2 <<<"$out")" "$(cat odd.ndjson)"
ok 'fault-072: why of an id with a dash' tn-journal why -O json -- -rf
like 'fault-072: is that note' "$out" 'DROP TABLE notes'

exits 'the same id with other content: 9' 9 tn-journal record <<<"$(sed -n 7p story.ndjson | sed 's/100.5/100.6/')"
stderr_like 'says where' 'line 1: fill/f1: is in the journal with different content \(event 6\)'
like 'and in its end' "$out" '"status":9,.*"failed":\{"f1":'
exits 'a fill larger than its order: 9' 9 tn-journal record <<<"$(sed -n 7p story.ndjson | sed 's/"id":"f1"/"id":"f2"/; s/"tn1"/"tn2"/; s/"quantity":10/"quantity":11/; s/buy/sell/')"
exits 'a bad line: 3' 3 tn-journal record <<<'{"type":"fill","price":NaN}'
exits 'a fill of a backtest: 3' 3 tn-journal record <<<"$(sed -n 7p story.ndjson | sed 's/"id":"f1"/"id":"f3"/; s/"mode":"paper"/"mode":"backtest"/')"
(sed -n 7p story.ndjson | sed 's/100.5/100.6/'; echo '{"type":"note","time":"2026-01-09T00:00:00Z","id":"n9","text":"after"}') >mixed.ndjson
exits 'a bad record does not stop the next' 9 tn-journal record mixed.ndjson
like 'which is kept' "$out" '"id":"n9"'
exits '--strict stops' 9 tn-journal record --strict mixed.ndjson

ok 'verifies' tn-journal verify
like 'how many' "$out" '^13 events are sound, head [0-9a-f]{64}$'
before=$(for t in accounts orders order_updates fills positions lots cash equity notes; do tn-journal query "SELECT * FROM $t"; done)
ok 'rebuilds' tn-journal rebuild
after=$(for t in accounts orders order_updates fills positions lots cash equity notes; do tn-journal query "SELECT * FROM $t"; done)
is 'to the same rows' "$after" "$before"
ok 'and verifies' tn-journal verify

missing=''
unit test-record
# The columns of a record's table are its fields (tn-records(5)); what more there is stands in the page, which names
# those of the other tables one by one.
for t in event last state accounts orders:order order_updates:order_update fills:fill positions lots cash:cash equity:equity notes:note; do
    type=${t#*:} t=${t%:*}
    in_file=$(tn-journal query "PRAGMA table_info($t)" -O tsv | awk -F'\t' 'NR > 1 {print $2}' | grep -vx "$t" | sort)
    in_page=$(awk -v table="$t" '/^\.It/ {inside = / '"$t"'( |$)/; next} /^\.(Bl|El|Ss)/ {inside = 0}
        inside && /^\.Va/ {print}' "$TOP/man/man1/tn-journal.1" | tr ' ' '\n' | grep -E '^[a-z_]+$' | grep -vx "$t" | sort)
    if [ "$type" != "$t" ] || [[ $t == @(cash|equity) ]]; then
        in_page=$( (echo "$in_page"; "$unit" fields | awk -v type="$type" '$1 == type {print $2}') | sort -u)
        in_file=$( (echo "$in_file"; echo "$in_page") | sort -u) # lists and objects are no columns
        told=$(tn-journal query "PRAGMA table_info($t)" -O tsv | awk -F'\t' 'NR > 1 {print $2}' | grep -c .)
        [ "$told" -gt 5 ] || missing+="$t: $told columns"$'\n'
    fi
    [ "$in_file" = "$in_page" ] || missing+="$t: $(comm -3 <(echo "$in_file") <(echo "$in_page") | xargs)"$'\n'
done
is 'tn-journal(1) has the columns of every table' "$missing" ''

# Output that cannot be written.
exits 'fault-010: show to a full device' 10 sh -c 'tn-journal show >/dev/full'
exits 'fault-010: query to a full device' 10 sh -c 'tn-journal query "SELECT 1" >/dev/full'
exits 'fault-010: record to a full device' 10 sh -c 'tn-journal record story.ndjson >/dev/full'
exits 'fault-010: verify to a full device' 10 sh -c 'tn-journal verify >/dev/full'
run sh -c 'tn-journal show; echo $? >code' | head -1 >/dev/null
ok 'fault-009: nothing is broken after it' tn-journal verify

if command -v sqlite3 >/dev/null; then
    cp "$TN_HOME"/data/journal.db* .
    sql() { sqlite3 "$data" "$@"; }
    # Locked by another program.
    { printf 'BEGIN IMMEDIATE;\n'; sleep 2; printf 'COMMIT;\n'; } | sql &
    sleep 0.5
    ok 'fault-015: waits for the lock' tn-journal record <<<'{"type":"note","time":"2026-01-09T00:00:00Z","id":"n10","text":"late"}'
    wait
    if [ -n "$TN_SOAK" ]; then
        { printf 'BEGIN IMMEDIATE;\n'; sleep 8; printf 'COMMIT;\n'; } | sql &
        sleep 0.5
        exits 'fault-015: but not longer than 5 s: 5' 5 tn-journal record <<<'{"type":"note","time":"2026-01-09T00:00:00Z","id":"n11","text":"late"}'
        wait
    fi
    # A newer schema.
    sql "PRAGMA user_version = 99; INSERT INTO migration VALUES(99, 0, 'True North 9.0.0')" >/dev/null
    exits 'fault-017: a newer journal: 2' 2 tn-journal show
    exits 'fault-017: nothing is written to it' 2 tn-journal record story.ndjson
    sql 'PRAGMA user_version = 2; DELETE FROM migration WHERE version = 99' >/dev/null
    ok 'fault-017: and it is unharmed' tn-journal verify
    # The same rows in another encoding of texts.
    for pragma in user_version application_id; do sql "PRAGMA $pragma" | sed "s/.*/PRAGMA $pragma=&;/"; done >pragmas
    { echo "PRAGMA encoding='UTF-16le';"; sql .dump; cat pragmas; } | sqlite3 wide.db
    rm -f "$data"*; cp wide.db "$data"
    exits 'a journal in UTF-16: 9' 9 tn-journal show
    stderr_like 'and it is not called damaged' 'stores text as UTF-16, not as UTF-8'
    rm -f "$data"*; cp journal.db* "$TN_HOME/data"
    # A row that was changed behind the program's back.
    sql "DROP TRIGGER event_kept; UPDATE event SET record = replace(record, '100.5', '10.05') WHERE seq = 6"
    exits 'fault-087: a changed row: 9' 9 tn-journal verify
    stderr_like 'fault-087: named' 'event 6 was changed'
    rm -f "$data"*; cp journal.db* "$TN_HOME/data"
    ok 'the copy is sound' tn-journal verify
    # Damage to the file itself, everything in the main file.
    sql 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
    size=$(stat -c %s "$data")
    # The header of a page, and bytes where its cells are: SQLite fills a page from its end.
    for at in $((4096 * 1)) $((4096 * 2 + 4000)) $((4096 * 3)) $((size - 4096)); do
        cp "$data" whole.db
        printf 'garbage' | dd of="$data" bs=1 seek=$at conv=notrunc status=none
        sum=$(sha256sum <"$data")
        exits "fault-016: garbage at byte $at: 9" 9 tn-journal verify
        stderr_like 'fault-016: names the way back' 'restore journal.db|tn-journal rebuild'
        is 'fault-016: the file is left as it is' "$(sha256sum <"$data")" "$sum"
        cp whole.db "$data"
    done
    truncate -s $((size - 4096)) "$data"
    exits 'fault-016: a truncated file: 9' 9 tn-journal verify
    is 'fault-016: is left as it is' "$(stat -c %s "$data")" $((size - 4096))
    exits 'fault-016: and not written to: 9' 9 tn-journal record story.ndjson
    rm -f "$data"*; cp journal.db* "$TN_HOME/data"
    [ -s journal.db-wal ] && rm -f "$data-wal" "$data-shm"
    exits 'fault-016: the write-ahead file is gone: 9' 9 tn-journal show
    rm -f "$data"*; cp journal.db* "$TN_HOME/data"
    # Put back to an earlier state, and the file that would tell is gone or empty.
    sql "DROP TRIGGER event_stays; DELETE FROM event WHERE seq = 13; DELETE FROM last" >/dev/null
    for away in 'rm -f' 'truncate -s 0'; do
        $away "$data-head"
        for command in 'tn-journal verify' 'tn-journal rebuild' 'tn-journal show' 'tn-order account' 'tn-report summary -j' \
            'tn-journal record story.ndjson'; do
            # shellcheck disable=SC2086 # words
            exits "without its head ($away): $command" 9 $command
        done
    done
    rm -f "$data"*; cp journal.db* "$TN_HOME/data"
    rm "$data-head"
    exits 'a journal that lost nothing, without its head' 9 tn-journal verify
    stderr_like 'its last hash is said' '13 events are sound, head [0-9a-f]{64}, but'
    ok 'it is taken as it is' tn-journal verify --new-head
    ok 'and used again' tn-journal show
    rm -f "$data"*; cp journal.db* "$TN_HOME/data"
else
    skip 'tampering' 'sqlite3 is not installed'
fi

# What reports would refuse for ever is not taken, and what is taken is reported.
mkdir odd-times
export TN_HOME_BEFORE=$TN_HOME TN_HOME=$WORK/odd-times
tn-order open paper --cash 1000 --now 2026-01-01 -q
fill='{"type":"fill","time":"2026-01-06T15:00:00Z","symbol":"Z","id":"z1","order_id":"none","account":"paper","side":"sell_short","quantity":10,"price":95,"currency":"USD","mode":"paper"}'
exits 'a fill that nobody ordered: 3' 3 tn-journal record <<<"$fill"
stderr_like 'its order is named' "fill 'z1': its order 'none' is not in the journal"
printf '{"type":"equity","time":"2026-01-%sT00:00:00Z","account":"paper","equity":%s}\n' 05 1050 04 1040 06 1060 >late
ok 'equity points, one of them late' tn-journal record late
run tn-report equity -j -O json
is 'are in the order of their times' "$(jq -r 'select(.type == "equity").equity' <<<"$out" | tail -n 3 | paste -sd' ')" '1040 1050 1060'
export TN_HOME=$TN_HOME_BEFORE

# A read that fails is no damage, whichever it is.
# Sanitized programs do not run under strace.
if [ -z "${ASAN_OPTIONS:-}" ] && strace -V >/dev/null 2>&1; then
    complaints=''
    for n in $(seq 30 3 60); do
        strace -o /dev/null -e inject=pread64:error=EIO:when="$n" tn-journal show >/dev/null 2>said
        case $? in 0 | 10) ;; *) complaints+="$n: $(cat said)"$'\n' ;; esac
    done
    is 'EIO is never called damage' "$complaints" ''
else
    skip 'EIO' 'not under strace'
fi

# Many at once: they make the journal together, and a check of it in between is never wrong.
complaints=''
mkdir shared
for writer in 1 2 3 4 5 6; do
    (for n in 1 2 3; do
        printf '{"type":"note","time":"2026-01-05T22:00:00Z","id":"n%s-%s","text":"x"}\n' "$writer" "$n"
        sleep 0.01
    done | TN_HOME=$WORK/shared tn-journal record >"written.$writer" || echo failed >>"written.$writer") &
done
for _ in 1 2 3 4 5 6; do
    TN_HOME=$WORK/shared tn-journal verify >/dev/null 2>said || [ $? -eq 2 ] || complaints+=$(cat said)
done
wait
is 'fault-015: six writers at once, each to its end' "$complaints$(grep -l '"status":0' written.* | wc -l)" 6
run env TN_HOME="$WORK/shared" tn-journal verify
like 'fault-015: nothing was lost' "$out" '^18 events are sound'

# The disk.
if [ "$(id -u)" -ne 0 ] || setpriv --version >/dev/null 2>&1; then
    chmod 755 "$WORK" "$TN_HOME" && chmod -R a+rX,a-w "$TN_HOME"
    exits 'fault-020: a journal that cannot be written: 10' 10 unprivileged env HOME="$HOME" TN_HOME="$TN_HOME" "$BIN/tn-journal" record story.ndjson
fi
finish
