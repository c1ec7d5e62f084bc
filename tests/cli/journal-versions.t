#!/usr/bin/env bash
# Journals of version 0.1.0 are brought up to date, by reading them too, and say what those programs said
# (tests/data/journal-0.1.0/make); then trading goes on.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq
data=$TOP/tests/data/journal-0.1.0
old() { # a fresh copy
    rm -rf "$TN_HOME/data"
    mkdir -p "$TN_HOME/data"
    cp "$data/journal.db" "$data/journal.db-head" "$TN_HOME/data"
}
old
for account in paper second; do
    for what in positions account orders; do
        # Fields that are newer are left out: what those programs said must be said still.
        now=$(tn-order "$what" -a "$account" -O json | jq -c 'del(.unprotected)')
        is "$account: $what as before" "$now" "$(jq -c . "$data/$account-$what.json")"
    done
done
run tn-journal query 'SELECT * FROM lots ORDER BY 1, 2, 3, 4' -O json
# 0.1.0 did not say what was paid on a lot: B has had 0.50 for each of its 20 shares.
is 'lots as before' "$(printf %s "$out" | sed 's/"dividends":[0-9]*,//')" "$(cat "$data/lots.json")"
like 'and their dividends' "$out" '"symbol":"B","n":1,"quantity":20,"cost":1000,"dividends":10,'
ok 'the journal is sound' tn-journal verify
like 'all of it' "$out" '^36 events are sound, head f53576128d897207456b00e9bd3afd5115535e02618a6aedacdce4915c40bad6$'
# Of the 36 events the note is nobody's and four are second's: its opening, two refusals, the halt.
run tn-journal query "SELECT account, n, seq FROM last ORDER BY 1" -O csv
is 'each account has its end' "$(tail -n 2 <<<"$out" | paste -sd' ')" 'paper,31,34 second,4,36'
run tn-journal query "SELECT count(*) AS wrong FROM event AS e WHERE n IS NOT (SELECT count(*) FROM event AS b WHERE b.account = e.account AND b.seq <= e.seq) AND account IS NOT NULL" -O csv
is 'and its events their numbers' "$(tail -n 1 <<<"$out")" 0
old
{
    echo '{"type":"bar","time":"2024-01-08T05:00:00Z","symbol":"A","interval":"1d","session":"2024-01-08","end":"2024-01-08T21:00:00Z","open":44,"high":46,"low":43,"close":45,"volume":1000}'
    echo '{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}'
} >bars
ok 'its stop works on' tn-order settle <bars
# 20 shares, a stop at 45 since the split, an open at 44: sold at 44 (tn-backtest(1)), 100000 - 2000 + 10 + 880.
is 'at the open below it' "$(tn-order account -O json | jq .cash)" 98890
ok 'and all is sound' tn-journal verify
finish
