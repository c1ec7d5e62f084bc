#!/usr/bin/env bash
# The cache: what was asked for once is not asked for again, and what a source changes is found.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs python3

mkdir raw adj
ask_server files

mkdir "$TN_HOME/feeds"
for kind in raw split; do
    sed "s/ADJUSTED/$kind/" "$TOP/tests/servers/files.jq" >"$TN_HOME/feeds/$kind.jq"
done
cat >"$TN_HOME/config" <<END
source raw { kind = raw  url = "http://127.0.0.1:$port/raw"  pace = "1000/1" }
source adj { kind = split  url = "http://127.0.0.1:$port/adj"  pace = "1000/1" }
source bare { kind = raw  url = "http://127.0.0.1:$port/raw"  pace = "1000/1"  cache = no }
END

# bars FOLDER/SYMBOL FACTOR: the sessions of 2026-09-01 to 2026-11-24, each with the close FACTOR × (100 + its number)
bars() {
    python3 - "$1.csv" "$2" <<'END'
import datetime, sys
day, number, factor = datetime.date(2026, 9, 1), 0, float(sys.argv[2])
with open(sys.argv[1], "w") as file:
    print("date,open,high,low,close,volume", file=file)
    while day <= datetime.date(2026, 11, 24):
        if day.weekday() < 5 and str(day) != "2026-09-07":
            number += 1
            c = 100 + number
            print(f"{day},{c * factor:g},{(c + 1) * factor:g},{(c - 1) * factor:g},{c * factor:g},1000", file=file)
        day += datetime.timedelta(days=1)
END
}
bars raw/AAA 1
bars raw/BBB 2
bars adj/AAA 1

# asked: the requests since the last time, as FOLDER/SYMBOL from..to
asked() {
    python3 - "$port" "$WORK/seen" <<'END'
import json, os, sys, urllib.parse, urllib.request
log = json.load(urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/log"))
seen = int(open(sys.argv[2]).read()) if os.path.exists(sys.argv[2]) else 0
for entry in log[seen:]:
    q = dict(urllib.parse.parse_qsl(entry["query"]))
    print(entry["path"][1:-4], q["start"] + ".." + q["end"])
open(sys.argv[2], "w").write(str(len(log)))
END
}
# get NOW ARGUMENT…: exit code, then date, symbol and close of each bar
get() {
    run tn-quote bars --now "$1" "${@:2}"
    got=$(jq -r 'select(.type == "bar") | "\(.session) \(.symbol) \(.close)"' <<<"$out")
}
morning=2026-11-20T12:00:00Z # a Friday, before the open
later=2026-11-25T12:00:00Z

# 2026-09-01 is session 1; to 2026-11-19 there are 80 days, of which 58 are Monday to Friday, less Labor Day: 57 sessions.
get $morning -s raw AAA -n 3
is 'the first time a source is asked' "$code $got $(asked)" '0 2026-11-17 AAA 155
2026-11-18 AAA 156
2026-11-19 AAA 157 raw/AAA 2026-11-06..2026-11-20'
first=$out
get $morning -s raw AAA -n 3
is 'the second time nobody is asked, and the bars are the same to the byte' "$code $out $(asked)" "0 $first "
get 2026-11-20T20:00:00Z -s raw AAA -n 3
is 'nor within a session, of which no bar is finished' "$code $out $(asked)" "0 $first "
# The five bars before what is missing: 2026-11-13, 16, 17, 18, 19.
get $later -s raw AAA -n 3
is 'days later only the days between, and five bars before them' "$code $got $(asked)" '0 2026-11-20 AAA 158
2026-11-23 AAA 159
2026-11-24 AAA 160 raw/AAA 2026-11-13..2026-11-25'
# 30 sessions reach back 30 × 8 / 5 + 10 = 58 days; the five bars behind the gap are those of 2026-11-09 to 13, since
# the first question began at 12:00 on 2026-11-06.
get $later -s raw AAA -n 30
is 'of a longer history only its beginning' "$code $(wc -l <<<"$got") $(head -1 <<<"$got") $(asked)" \
    '0 30 2026-10-14 AAA 131 raw/AAA 2026-09-28..2026-11-13'
get $later -s raw AAA BBB -n 30
is 'of two symbols only the one that is not there' "$code $(wc -l <<<"$got") $(asked)" '0 60 raw/BBB 2026-09-28..2026-11-25'

echo 500 >raw/status
get $later -s raw AAA BBB -n 30
is 'what is there needs no server' "$code $(wc -l <<<"$got") $(asked)" '0 60 '
echo 403 >raw/status
get $later -s raw AAA BBB -n 40
is 'what is missing fails' "$code $got" '5 '
like 'and the hint says what is kept' "$err" 'hint: --offline uses the cache'
get $later -s raw AAA BBB CCC -n 40 --offline
is '--offline uses the cache, and fails for what is not' "$code $(wc -l <<<"$got")" '5 80'
like 'saying so' "$err" 'CCC: it is not in the cache of raw'
rm raw/status
asked >/dev/null
get 2026-12-02T12:00:00Z -s raw AAA -n 3 --offline
is '--offline asks nobody' "$code $(tail -1 <<<"$got") $(asked)" '0 2026-11-24 AAA 160 '
like 'and says how far the bars go' "$err" 'raw: 1 of 1 symbols are kept only in part: AAA to 2026-11-25T05:00:00Z'

# Corrections
sed -i 's/^2026-11-23,.*/2026-11-23,159,160,158,159.5,1000/; /^2026-11-19/d' raw/AAA.csv
printf '2026-11-25,161,162,160,161,1000\n' >>raw/AAA.csv
get 2026-11-27T12:00:00Z -s raw AAA -n 6
is 'a corrected close and a withdrawn bar are found beside what is new' "$code $got" '0 2026-11-17 AAA 155
2026-11-18 AAA 156
2026-11-20 AAA 158
2026-11-23 AAA 159.5
2026-11-24 AAA 160
2026-11-25 AAA 161'
like 'and told' "$err" 'AAA: raw has corrected 1 bar; the last is of 2026-11-23: its close was 159, and is 159.5'
sed -i 's/^2026-10-15,.*/2026-10-15,132,140,131,139,1000/' raw/AAA.csv
get 2026-11-27T12:00:00Z -s raw AAA -n 30
unlike 'older ones are not asked for again' "$got" '2026-10-15 AAA 139'
get 2026-11-27T12:00:00Z -s raw AAA -n 30 --fresh
like 'but by --fresh' "$got" '2026-10-15 AAA 139'
like 'which tells them' "$err" 'the last is of 2026-10-15: its close was 132, and is 139'

# Another basis: a split of 2:1 halves all that was before.
get $morning -s adj AAA -n 40
is 'prices adjusted for splits' "$code $(tail -1 <<<"$got")" '0 2026-11-19 AAA 157'
asked >/dev/null
bars adj/AAA 0.5
get $later -s adj AAA -n 40 -v
is 'a split since then: all is asked for again' "$code $(wc -l <<<"$got") $(sed -n '1p;$p' <<<"$got") $(asked)" \
    '0 40 2026-09-30 AAA 60.5
2026-11-24 AAA 80 adj/AAA 2026-11-13..2026-11-25
adj/AAA 2026-09-12..2026-11-19'
like 'and -v says why' "$err" 'its prices are on another basis since they were kept'
sed -i '2i 2026-09-10,dividend,0.25' adj/AAA.csv
get $later -s adj AAA -n 55
is 'an action in what is asked for comes with it' "$(grep -c '"type":"action"' <<<"$out")" 1
get $later -s adj AAA -n 55 --offline
is 'and is kept' "$(grep -c '"type":"action"' <<<"$out")" 1

# What makes no sense is never a time without a bar.
printf '2026-11-27,10,9,11,10,5\n2026-11-30,321,322,320,321,1000\n' >>raw/BBB.csv
get 2026-12-01T12:00:00Z -s raw BBB -n 3
is 'a bad bar' "$code $(tail -1 <<<"$got")" '3 2026-11-30 BBB 321'
get 2026-12-01T12:00:00Z -s raw BBB -n 3
is 'is a bad bar again' "$code $(tail -1 <<<"$got")" '3 2026-11-30 BBB 321'
sed -i 's/^2026-11-27,.*/2026-11-27,320.5,322,320,320.5,1000/' raw/BBB.csv
get 2026-12-01T12:00:00Z -s raw BBB -n 3
is 'until it is mended' "$code $got" '0 2026-11-24 BBB 320
2026-11-27 BBB 320.5
2026-11-30 BBB 321'
mv raw/BBB.csv raw/BBB.away
printf 'date\n' >raw/BBB.csv
get 2026-12-03T12:00:00Z -s raw BBB -n 3
is 'an answer without a bar is not believed' "$code" 5
like 'where there were some' "$err" 'it has no bars where it had some before'
mv raw/BBB.away raw/BBB.csv

# Several at once, and what the cache cannot do
rm -f "$TN_HOME/cache/bars.db"*
for i in 1 2 3; do
    tn-quote bars -s raw --now $later AAA BBB -n 30 >"out$i" 2>"err$i" &
    pids[i]=$!
done
wait "${pids[1]}" && wait "${pids[2]}" && wait "${pids[3]}" && cmp -s out1 out2 && cmp -s out2 out3
result $? 'three at once have the same bars' "$(cat err1 err2 err3)"
get $later -s raw AAA BBB -n 30 --offline
is 'which are kept once' "$out" "$(cat out1)"
run tn-quote cache -O csv
like 'tn-quote cache tells of them' "$out" "raw,,1d,raw,regular,nyse,http://127.0.0.1:$port/raw,2,"
get $later -s bare AAA -n 3
run tn-quote cache -O json
is 'cache = no keeps nothing' "$(jq -s 'map(.series) | add' <<<"$out")" 2
run tn-quote cache -s raw AAA --forget
like '--forget forgets what is named' "$err" '1 series forgotten'
run tn-quote cache --prune 1
like '--prune keeps what was used' "$err" '0 series forgotten'
exits 'and must know what' 2 tn-quote cache --forget
rm -f "$TN_HOME/cache/bars.db-wal" "$TN_HOME/cache/bars.db-shm"
printf 'no database, but some text that is long enough to be read as one: %01000d' 0 >"$TN_HOME/cache/bars.db"
get $later -s raw AAA -n 3
is 'fault-016: a damaged cache costs nothing but time' "$code $(wc -l <<<"$got")" '0 3'
like 'and is told' "$err" 'the cache cannot be used: '
exits 'but --offline has nothing else' 9 tn-quote bars --now $later -s raw AAA -n 3 --offline

exec 9>&-
finish
