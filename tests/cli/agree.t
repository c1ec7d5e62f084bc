#!/usr/bin/env bash
# Several sources: who is believed when they differ, fail or lie, and a whole morning scan on three of them.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs python3

mkdir a b c
ask_server files

mkdir "$TN_HOME/feeds"
for kind in raw total; do
    sed "s/ADJUSTED/$kind/" "$TOP/tests/servers/files.jq" >"$TN_HOME/feeds/$kind.jq"
done
# configure SETTINGS-OF-C: the sources a, b and c; nothing is kept, so that each test has what its files say
configure() {
    cat >"$TN_HOME/config" <<END
source a { kind = raw  url = "http://127.0.0.1:$port/a"  pace = "1000/1"  cache = no }
source b { kind = raw  url = "http://127.0.0.1:$port/b"  pace = "1000/1"  cache = no }
source c { kind = raw  url = "http://127.0.0.1:$port/c"  pace = "1000/1"  cache = no  $1 }
END
}
configure ''

# bars FACTOR FILE…: twenty sessions to 2026-11-24 with the closes FACTOR × 100 … FACTOR × 119;
# turn FACTOR FILE…: the same falling from 119 to 101, and 130 on the last day
turn() { TURN=yes bars "$@"; }
bars() {
    python3 - "$@" <<'END'
import datetime, os, sys
days, day = [], datetime.date(2026, 11, 24)
while len(days) < 20:
    if day.weekday() < 5:
        days.insert(0, day)
    day -= datetime.timedelta(days=1)
factor = float(sys.argv[1])
for name in sys.argv[2:]:
    with open(name, "w") as file:
        print("date,open,high,low,close,volume", file=file)
        for number, day in enumerate(days):
            c = 100 + number
            if "TURN" in os.environ:
                c = 130 if number == 19 else 119 - number
            print(",".join([str(day)] + [f"{x * factor:g}" for x in (c, c + 1, c - 1, c)] + ["1000"]), file=file)
END
}
# change FILE DATE CLOSE: another close that day
change() { sed -i "s/^\($2,[^,]*,\)[^,]*,[^,]*,[^,]*/\1999,1,$3/" "$1"; }

now=2026-11-25T12:00:00Z
# get SOURCES ARGUMENT…: date, close and source of each bar
get() {
    run tn-quote bars --now $now -s "$@"
    got=$(jq -r 'select(.type == "bar") | "\(.session) \(.close) \(.source)"' <<<"$out")
    odd=$(jq -r 'select(.type == "anomaly") | "\(.check) \(.time[:10]) \(.observed) \(.expected)"' <<<"$out")
    health=$(jq -r 'select(.type == "status") | "\(.source) \(.state) \(.symbol)"' <<<"$out")
}

bars 1 {a,b,c}/AAA.csv
change b/AAA.csv 2026-11-24 119.3 # 119.3 / 119 is 0.25 % more
get a,b,c AAA -n 2
is 'three that agree within half a percent: the first is taken as it is' "$code $got $odd $health" \
    '0 2026-11-23 118 a
2026-11-24 119 a  '
like 'each bar says how far all are from the median' "$out" '"source":"a","deltas":\{"a":0,"b":0.002521,"c":0\}'
get a,b,c AAA -n 2 --agree 0.2%
is 'more strictly, b is an outlier that day' "$code $odd" '0 disagree 2026-11-24 null 119'
like 'and is named with its distance' "$err" "AAA: b's close of 2026-11-24 is \\+0.25 % from the others'"
change b/AAA.csv 2026-11-24 119

change a/AAA.csv 2026-11-20 107
get a,b,c AAA -n 4
is 'one lie of the source that is taken: the bar of the next one, and an anomaly' "$code $got $odd" \
    '0 2026-11-19 116 a
2026-11-20 117 b
2026-11-23 118 a
2026-11-24 119 a disagree 2026-11-20 107 117'
sed -i '/^2026-11-20/d' a/AAA.csv
get a,b,c AAA -n 4
is 'a bar that it lacks is filled in' "$got $odd" \
    '2026-11-19 116 a
2026-11-20 117 b
2026-11-23 118 a
2026-11-24 119 a gap 2026-11-20 null 117'
bars 1 a/AAA.csv
sed -i '/^2026-11-24/d' a/AAA.csv
get a,b,c AAA -n 2
is 'one that ends before the others is passed over' "$code $got $health" '0 2026-11-23 118 b
2026-11-24 119 b a stale AAA'
bars 1.1 a/AAA.csv
get a,b,c AAA -n 2
is 'one that lies always too' "$code $got $health" '0 2026-11-23 118 b
2026-11-24 119 b a down AAA'
like 'saying how often' "$err" "AAA: a: down: 2 of 2 closes are more than 0.5 % from the others'"
bars 1 a/AAA.csv

get a,b AAA -n 2
is 'two that agree' "$code $got" '0 2026-11-23 118 a
2026-11-24 119 a'
change b/AAA.csv 2026-11-23 110
get a,b AAA -n 3
is 'of two that differ nobody knows which is wrong: the bar is left out' "$code $got $odd" '0 2026-11-20 117 a
2026-11-24 119 a disagree 2026-11-23 118 114'
bars 1.02 b/AAA.csv
exits 'two that never agree give nothing' 5 tn-quote bars --now $now -s a,b AAA
stderr_like 'and say so' 'the sources do not agree within 0.5 %: 20 of 20 closes'
bars 1 b/AAA.csv

configure 'weight = 2'
get a,b,c AAA -n 1
is 'the heaviest is taken' "$got" '2026-11-24 119 c'
configure 'weight = 2  path = x'
rm c/AAA.csv
get a,b,c AAA -n 1
is 'one that has not the symbol is passed over' "$code $got $health" '0 2026-11-24 119 a c down AAA'
rm b/AAA.csv
exits 'with one left there is nothing to compare' 5 tn-quote bars --now $now -s a,b,c AAA
stderr_like 'which is an error' 'only one of 3 sources has it'
configure ''
bars 1 {b,c}/AAA.csv

# Different adjustment: a split of 2:1 on 2026-11-23 and a dividend of 1.17 the day before, 1 % of the close of 117.
# Totally adjusted closes before the split are those of the raw source × 0.5; before the dividend × 0.5 × 0.99.
python3 - <<'END'
for source, split, dividend in (("a", 1, 1), ("b", 1, 1), ("c", .5, .99)):
    rows = ["date,open,high,low,close,volume"]
    lines = open(f"{source}/AAA.csv").read().splitlines()[1:]
    for line in lines:
        day, close = line.split(",")[0], float(line.split(",")[4])
        close = close / 2 if day >= "2026-11-23" else close * split * (dividend if day < "2026-11-20" else 1)
        rows.append(f"{day},{close:g},{close + 1:g},{close - 1:g},{close:g},1000")
    if source != "c":
        rows += ["2026-11-23,split,2,1", "2026-11-20,dividend,1.16"] # 1 % of the close before, 116
    open(f"{source}/AAA.csv", "w").write("\n".join(rows) + "\n")
END
sed -i 's/source c { kind = raw/source c { kind = total/' "$TN_HOME/config"
get a,b,c AAA -n 20
is 'raw and adjusted prices are compared on one basis' "$code $(wc -l <<<"$got") $odd$health" '0 20 '
get c,a,b AAA -n 20
is 'whoever is taken' "$code $(wc -l <<<"$got") $odd$health" '0 20 '
change c/AAA.csv 2026-11-18 70
get c,a,b AAA -n 20
is 'an outlier that no other bar can replace on its basis is left out' "$code $(wc -l <<<"$got") $(cut -d' ' -f1-3 <<<"$odd")" \
    '0 19 disagree 2026-11-18 70'

exits 'a source named twice' 2 tn-quote bars -s a,a AAA
exits 'an unknown one' 2 tn-quote bars -s a,b,d AAA
exits '--agree needs several' 2 tn-quote bars -s a --agree 1% AAA
exits 'actions come from one' 2 tn-quote actions -s a,b AAA

# How they did: a is asked once and fails, of two closes compared one of b is an outlier.
bars 1 {a,b,c}/AAA.csv
change b/AAA.csv 2026-11-23 110
configure 'call_cost = 0.01'
rm -f "$TN_HOME"/state/sources.db*
get a,b,c AAA -n 2
echo 403 >a/status
get a,b,c AAA -n 2
run tn-report sources -O json
is 'tn-report sources: requests, failures, agreement, by source' \
    "$code $(jq -c '[.source, .requests, .failures, .symbols, .missed, .compared, .agreement, .failure]' <<<"$out")" \
    '0 ["a",2,0.5,2,0.5,2,1,"the server answers 403"]
["b",2,0,2,0,4,0.75,null]
["c",2,0,2,0,4,1,null]'
# Two requests in a week at least: 2 / 7 × 30.4 = 8.69 a month, at 0.01 each.
is 'and what a month of calls costs' "$(jq -c 'select(.source == "c") | [.a_month, (.cost * 10000 | round), .newest]' <<<"$out")" \
    '[9,869,"2026-11-24T21:00:00Z"]'
run tn-report sources --days 30 --now 2030-01-01
is 'none in a month without one' "$code $out" '0 '
like 'which is said' "$err" 'no requests to sources in the last 30 days'
rm a/status

# The morning scan on three: a fails, b lies about BBB, c is true.
turn 1 {b,c}/{AAA,BBB,CCC}.csv
turn 1.3 b/BBB.csv
mkdir d
cp c/*.csv d/
configure ''
printf 'source d { kind = raw  url = "http://127.0.0.1:%s/d"  pace = "1000/1" }\n' "$port" >>"$TN_HOME/config"
echo 403 >a/status
printf 'AAA BBB CCC\n' | tr ' ' '\n' >watch.txt
run tn-morning-scan -w watch.txt -s a,b,c,d --now $now -n 20 --strategy momentum:lookback=5,skip=0
is 'the morning scan runs' "$code" 0 || note "$err"
like 'with its report' "$out" 'MORNING SCAN of account paper \(paper\), after the session that ended 2026-11-24T21:00:00Z'
like 'what is wanted' "$out" 'wants 3 of 3 symbols long'
like 'a is down' "$err" 'a: down: '
like 'b is not believed about BBB' "$err" 'BBB: b: down: 20 of 20 closes are more than 0.5 % from the others'
is 'its orders are of prices that are true' "$(tn-journal query -O csv 'SELECT symbol FROM orders ORDER BY symbol' | tr '\n' ' ')" \
    'symbol AAA BBB CCC '
echo 403 >c/status
run tn-morning-scan -w watch.txt -s a,b,c,d --now 2026-11-26T12:00:00Z -n 20 --strategy momentum:lookback=5,skip=0 --force
is 'with two left, one of them a liar, BBB is not traded' "$code" 5
like 'and that is said' "$err" 'BBB: the sources do not agree'

exec 9>&-
finish
