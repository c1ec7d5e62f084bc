#!/usr/bin/env bash
# The data doctor as a user runs it: what it finds, what is accepted of it, and that the data stay as they are.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs python3

# Sixty sessions from 2026-08-31 on, Labor Day left out; nine bars in pence, and a dividend in pence.
python3 - <<'END'
import datetime
day, number = datetime.date(2026, 8, 31), 0
clean, dirty = [["Date", "Open", "High", "Low", "Close", "Volume", "Dividends"]], [["Date", "Open", "High", "Low", "Close", "Volume", "Dividends"]]
while number < 60:
    if day.weekday() < 5 and str(day) != "2026-09-07":
        number += 1
        close = 50 + (number * 37 % 11) / 10
        volume, cash = 100000 + number * 7919 % 20000, 0.5 if number in (15, 30, 45) else 0
        prices = [close - 0.1, close + 0.3, close - 0.3, close]
        clean.append([day] + [f"{p:.2f}" for p in prices] + [volume, cash])
        wrong = 0.01 if 20 <= number < 29 else 1
        dirty.append([day] + [f"{p * wrong:.4f}" for p in prices] + [volume, cash * (100 if number == 45 else 1)])
    day += datetime.timedelta(days=1)
for name, rows in (("clean", clean), ("dirty", dirty)):
    with open(name + ".csv", "w") as file:
        file.writelines(",".join(map(str, row)) + "\n" for row in rows)
END
now='--now 2026-11-26T12:00:00Z'
doctor() {
    # shellcheck disable=SC2086
    run tn-quote doctor $now "$@"
    got=$(jq -r 'select(.type == "anomaly") | "\(.check) \(.time[:10]) \(.repair.do) \(.repair.price // .repair.cash)"' <<<"$out")
}
# 2026-08-31 is number 1; number 20 is 2026-09-28, 28 is 2026-10-08, 45 is 2026-11-02.
doctor -s csv:clean.csv ACME
is 'a clean file: nothing, exit 0' "$code $got" '0 '
sum=$(sha256sum dirty.csv)
doctor -s csv:dirty.csv ACME
is 'a dirty one: both defects with their repairs, exit 1' "$code $got" '1 dividend 2026-11-02 cash 0.5
unit 2026-09-28 scale 100'
like 'in words' "$out" '9 bars from 2026-09-28 are 0.01 times those around, as in another unit'
like 'with evidence' "$out" 'the dividend of 2026-11-02 is in another unit: 50 on a close of'
printf '%s\n' "$out" >found.ndjson
doctor -s csv:dirty.csv ACME --from 2026-10-15
is '--from tells the later ones, by the whole history' "$code $got" '1 dividend 2026-11-02 cash 0.5'
run tn-quote doctor -s csv:dirty.csv ACME -O csv
like 'a table' "$out" 'ACME,unit,.*,csv,scale,"9 bars from 2026-09-28'
is 'has a line for each finding' "$code $(wc -l <<<"$out")" '1 3'

sed 's/"do":"scale"/"do":"burn"/' found.ndjson >odd.ndjson
exits 'a repair that is none' 3 tn-quote doctor --apply odd.ndjson
like 'is named with its line' "$(tn-quote doctor --apply odd.ndjson 2>&1)" "odd.ndjson: line 2: repair: 'do' is invalid"
[ ! -e "$TN_HOME/data/overlays" ] || [ -z "$(ls "$TN_HOME/data/overlays")" ]
result $? 'and nothing is kept'
ok 'both are accepted' tn-quote doctor --apply found.ndjson
stderr_like 'and counted' '2 repairs kept in .*/overlays'
run tn-quote doctor --apply found.ndjson
like 'a second time they are there' "$err" '0 repairs kept'
# shellcheck disable=SC2086
run tn-quote bars $now -s csv:dirty.csv ACME
like 'a later read names the overlay' "$err" 'csv: 2 repairs of the overlay .*/overlays/csv-.*\.ndjson'
repaired=$(jq -c 'select(.type == "bar" or .type == "action") | del(.source, .id)' <<<"$out")
# shellcheck disable=SC2086
run tn-quote bars $now -s csv:clean.csv ACME
is 'and is the clean data' "$repaired" "$(jq -c 'select(.type == "bar" or .type == "action") | del(.source, .id)' <<<"$out")"
unlike 'which has no overlay' "$err" overlay
doctor -s csv:dirty.csv ACME
is 'the doctor has nothing left to say' "$code $got" '0 '
is 'the file is as it was' "$(sha256sum dirty.csv)" "$sum"
overlay=$(ls "$TN_HOME"/data/overlays/*)
printf '{"type":"anomaly"\n' >>"$overlay"
# shellcheck disable=SC2086
exits 'an overlay that cannot be read is never passed over' 3 tn-quote bars $now -s csv:dirty.csv ACME
stderr_like 'and named' 'overlays/csv-.*ndjson: line 3: '
rm "$overlay"

# Two sources beside each other: one close 1 % off, which neither shows by itself.
sed 's/^\(2026-10-15,[^,]*\),[^,]*,[^,]*,[^,]*/\1,52,49,51.06/' clean.csv >other.csv
doctor -s csv:clean.csv,csv:other.csv ACME
is 'two sources that differ' "$code $(cut -d' ' -f1-2 <<<"$got")" '1 disagree 2026-10-15'
like 'by how much each' "$out" '"deltas":\{"csv:clean.csv":-0\.[0-9]+,"csv:other.csv":0\.[0-9]+\}'
doctor -s csv:clean.csv,csv:other.csv ACME --agree 5%
is 'or agree within 5 %' "$code $got" '0 '

# A gap: the finding asks for the data again, which no overlay can do.
sed '/^2026-10-15/d' clean.csv >gap.csv
doctor -s csv:gap.csv ACME
is 'a session without a bar' "$code $got" '1 gap 2026-10-16 fetch null'
printf '%s\n' "$out" >gap.ndjson
run tn-quote doctor --apply gap.ndjson
like 'is to be fetched' "$code $err" '^0 .*0 repairs kept.*
.*1 more need the data again: tn-quote bars --fresh'
finish
