#!/usr/bin/env bash
# The table of reports in tn-order(1) is the one that the order manager goes by; and what a broker has only been asked for
# is no term of an order yet, for none of those who read it.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs make
unit test-steps
sed -n '/^\.Ss Brokers that answer later/,/^\.Ss Output/{/^\.It [a-z_]* Ta/p}' "$TOP/man/man1/tn-order.1" >page
ok 'the table of the order manager' "$unit" page
is 'tn-order(1) has it, line by line (else: build/release/test-steps page)' "$(cat page)" "$out"
ok 'it is as long as it should be' test "$(grep -c . <page)" -gt 30

cat >asked.ndjson <<'END'
{"type":"cash","time":"2026-01-02T14:00:00Z","id":"c1","account":"paper","currency":"USD","amount":100000,"kind":"deposit"}
{"type":"order","time":"2026-01-02T21:00:00Z","symbol":"AAPL","id":"o1","account":"paper","side":"buy","quantity":10,"order_type":"limit","limit_price":100,"role":"entry","strategy":"s"}
{"type":"order_update","time":"2026-01-05T14:30:00Z","symbol":"AAPL","account":"paper","order_id":"o1","status":"accepted"}
{"type":"order_update","time":"2026-01-05T14:31:00Z","symbol":"AAPL","account":"paper","order_id":"o1","status":"pending_replace","quantity":20,"limit_price":101}
END
cat >done.ndjson <<'END'
{"type":"order_update","time":"2026-01-05T14:32:00Z","symbol":"AAPL","account":"paper","order_id":"o1","status":"accepted","quantity":20,"limit_price":101,"revision":1}
END
order_is() { # the journal's table, tn-order and tn-report say the same of it: STATUS QUANTITY LIMIT
    is "$1: in the journal" "$(tn-journal query -O tsv 'SELECT status, quantity FROM orders' | tail -n 1)" "$2"$'\t'"$3"
    is "$1: tn-order orders" "$(tn-order orders -O tsv | tail -n 1 | tr '\t' '\n' | grep -cE "^($2|$3|$4)\$")" 3
    is "$1: tn-report orders" "$(tn-report orders --journal -O tsv | tail -n 1 | tr '\t' '\n' | grep -cE "^($2|$3|$4)\$")" 3
}
ok 'a replace is asked for' tn-journal record asked.ndjson
order_is 'it is not done' pending_replace 10 100
ok 'and done' tn-journal record done.ndjson
order_is 'now it is' accepted 20 101
finish
