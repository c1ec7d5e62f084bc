#!/usr/bin/env bash
# Rules: an idea in a line is a scan, a ranking, an alert, a backtest, and every mistake in it is named.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

tn-quote bars -s sim AAPL MSFT XOM JPM --from 2018-01-01 --to 2024-01-01 >bars.nd
tn-quote bars -s sim AAPL MSFT XOM JPM -n 250 --now 2026-03-02T13:00:00Z >year.nd

# The same strategy as rules and in C: the same fills.
cat >cross.tn <<'R'
param fast = 10 in 2..50
param slow = 30 in 5..200
enter long: sma(fast) > sma(slow)
exit long: sma(fast) <= sma(slow)
R
fills() { tn-backtest run "$1" --sizing quantity:10 --max-position 90% <bars.nd | jq -c 'select(.type=="fill") | [.time,.symbol,.side,.quantity,.price]'; }
fills sma-cross:stop=0 >want
fills cross.tn >got
same 'a cross in rules fills as the one in C' got want
is 'and it does fill' "$(wc -l <want | tr -d ' ')" "$(grep -c . got)"
fills sma-cross:fast=5,slow=20,stop=0 >want
fills cross.tn:fast=5,slow=20 >got
same 'with parameters too' got want
like 'there are some' "$(wc -l <got)" '[1-9][0-9]'

# So it is with the others of the table.
twin() { # STRATEGY RULES…
    local name=${1%%:*}
    printf '%s\n' "${@:2}" >twin.tn
    fills "$1" >want
    fills twin.tn >got
    same "$name in rules fills as the one in C" got want
    like "$name: there are fills" "$(wc -l <want)" '^[1-9][0-9]'
}
twin momentum:stop=0 'enter long: close[21] > close[126]' 'exit long: close[21] <= close[126]'
twin mean-reversion:stop=0 'enter long: close < bbands_lower(20, 2) and rsi(14) <= 30' 'exit long: close >= sma(20)'
twin rsi-2:stop=0 'enter long: close > sma(200) and rsi(2) < 5' 'exit long: close > sma(5)'
twin breakout:stop=0,entry=20,out=10 'enter long: close > highest(20)[1]' 'exit long: close < lowest(10)[1]'
twin volume-breakout:stop=0,n=20,out=20,times=1.1 'enter long: close > highest(20)[1] and volume > 1.1 * sma(volume, 20)[1]' \
    'exit long: close < sma(20)'
twin bollinger-breakout:stop=0,quiet=20 \
    'enter long: bbwidth(20, 2)[1] <= lowest(bbwidth(20, 2), 20)[1] * (1 + 1e-12) and close > bbands_upper(20, 2)' 'exit long: close < sma(20)'

# A prefix of the input gives a prefix of the output (no look-ahead).
cat >dip.tn <<'R'
title: buy weakness in an up trend
param days = 2 in 2..5
let trend = close > sma(50)
enter long: trend
    and rsi(days) < 20   # goes on
exit long: close > sma(5)
enter short: not trend and rsi(days) > 90
exit short: close < sma(5)
stop: close - 3 * atr(14)
hold: 10 bars
confirm: close > open within 3 bars
when: weekday != fri
R
tn-signal run dip.tn <bars.nd | grep '"type":"signal"' >all
for n in 300 1000 3000; do
    head -n $n bars.nd | tn-signal run dip.tn 2>/dev/null | grep '"type":"signal"' >part
    head -n "$(grep -c . part)" all >want
    same "the first $n bars" part want
done
stop_ok=$(jq -c 'select(.side != "flat") | if .side == "long" then .stop < .price else .stop > .price end' all | sort -u)
is 'stops lie on their side of the price' "$stop_ok" true
is 'no entry is decided on a Friday' "$(jq -r 'select(.side != "flat" and .decided == .time) | .decided' all | while read -r t; do date -u -d "$t" +%u; done | grep -c 5)" 0
stdout_of_ten=$(jq -r 'select(.symbol == "AAPL") | [.side, .decided] | @tsv' all | uniq -c | awk '$2 != "flat" && $1 > 10' | wc -l)
is 'no position is wanted for more than ten bars' "$stdout_of_ten" 0

# scan, rank, alert, explain
run tn-signal scan 'close > sma(50) and rsi(2) < 60' year.nd
like 'a match with its figures' "$out" '"type":"match".*"symbol":"JPM".*"rule":"close > sma\(50\) and rsi\(2\) < 60","price":29.49,"figures":\{"close":29.49,"sma\(50\)":28.9018'
stderr_like 'what each stage dropped' '3 dropped by rsi\(2\) < 60'
want=$(tn-signal add sma:50 rsi:2 <year.nd | jq -r 'select(.time == "2026-02-27T05:00:00Z" and .close > .sma_50 and .rsi_2 < 60) | .symbol')
is 'those that jq finds by the indicators' "$(jq -r 'select(.type=="match") | .symbol' <<<"$out")" "$want"
sort -t'"' -k12,12 -s year.nd | grep '"bar"' >by-symbol.nd
is 'whatever the order of the symbols' "$(tn-signal scan 'close > sma(50) and rsi(2) < 60' by-symbol.nd 2>/dev/null | grep match)" "$(grep match <<<"$out")"
exits 'nothing matches' 1 tn-signal scan 'close < 0' year.nd
exits 'too few bars' 1 tn-signal scan 'close > sma(300)' year.nd
stderr_like 'says how many are needed' '4 with too few bars: 300 are needed'
run tn-signal rank 'close / close[120] - 1' --top 1 --bottom 1 year.nd
is 'the first and the last' "$(jq -c 'select(.type=="match") | [.symbol, .figures.rank, .figures.of]' <<<"$out" | head -1)" '["MSFT",1,4]'
is 'two of them' "$(grep -c match <<<"$out")" 3
is 'a rank in a table is a whole number' "$(tn-report scan -O table <<<"$out" | awk '/MSFT/ { print $(NF - 2), $(NF - 1) }')" '1 4'
run tn-signal alert 'close crosses above sma(50)' year.nd
crossed=$(tn-signal add sma:50 <year.nd | jq -c 'select(.type=="bar") | [.symbol, .end, .close, .sma_50]' | jq -sc 'group_by(.[0]) | map([., .[1:]] | transpose | map(select(.[1] != null and .[0][3] != null and .[1][2] > .[1][3] and .[0][2] <= .[0][3])) | map(.[1][1])) | flatten | sort | .[]')
is 'an alert for each crossing' "$(jq -c 'select(.type=="alert") | .time' <<<"$out" | sort)" "$crossed"
few=$(tn-signal alert 'close crosses above sma(50)' --cooldown 250 year.nd | jq -r 'select(.type=="alert") | .symbol' | sort | uniq -d | wc -l)
is 'a cool-down' "$few" 0
tn-signal alert 'close > sma(20)' year.nd | jq -c 'select(.type == "alert") | [.symbol, .time[:7], .time]' >each
run tn-signal alert 'close > sma(20)' --once month year.nd
is 'one in a month, the first' "$(jq -c 'select(.type == "alert") | [.symbol, .time[:7], .time]' <<<"$out" | sort)" "$(jq -sc 'group_by(.[:2])[] | min' each)"
run tn-signal rank close --each --top 2 year.nd
is 'a ranking after every day' "$(jq -c 'select(.type == "match") | [.time, .symbol, .figures.rank]' <<<"$out")" \
    "$(jq -sc 'map(select(.type == "bar")) | group_by(.end)[] | sort_by(-.close, .symbol) | to_entries[:2][] | [.value.end, .value.symbol, .key + 1]' year.nd)"
{
    for s in AAPL:Technology MSFT:Technology XOM:Energy; do printf '{"type":"instrument","symbol":"%s","sector":"%s"}\n' "${s%:*}" "${s#*:}"; done
    cat year.nd
} >sectors.nd
run tn-signal rank close --neutral sectors.nd
last() { jq -r 'select(.symbol == "'"$1"'" and .type == "bar") | .close' year.nd | tail -n 1; }
half=$(jq -n "($(last AAPL) - $(last MSFT)) / 2 * 1e6 | round")
is 'against the mean of the sector' "$(jq -r 'select(.type == "match") | [.symbol, (.figures.value * 1e6 | round), .figures.sector] | map(tostring) | join(" ")' <<<"$out")" \
    "$(printf '%s\n' "AAPL $half Technology" 'XOM 0 Energy' "MSFT $((-half)) Technology")"
stderr_like 'who has none is left out' '1 without a sector'
run tn-signal explain AAPL 'close > sma(50) and not (rsi(2) < 30)' year.nd -O csv
like 'the sides of a comparison' "$out" 'yes,"?  close > sma\(50\)"?,557.65,527.58'
exits 'a symbol without bars' 1 tn-signal explain ZZZ 'close > 1' year.nd

# Coarser bars: a week's close is seen from its last day on, and that of the week before until then. By hand from the days.
tn-quote bars -s sim AAPL --from 2024-01-01 --to 2024-03-01 >days.nd
cat >week.tn <<'R'
enter long: close@1w > 0 and close > 0
exit long: close@1w < 0
R
tn-signal run week.tn days.nd | jq -r 'select(.type == "signal") | [.basis.time[:10], .reason["close@1w"]] | @tsv' >seen
jq -r 'select(.type == "bar") | [.time[:10], (.time[:10] + "T00:00:00Z" | fromdate | strftime("%G-%V")), .close] | @tsv' days.nd |
    awk '{ day[NR] = $1; week[NR] = $2; close_[NR] = $3 }
        END { week[NR + 1] = week[NR] # the last week goes on
              for (i = 1; i <= NR; i++) { if (week[i + 1] != week[i]) last = close_[i]; if (last != "") print day[i] "\t" last } }' >want
same 'closes of weeks, from their last day on' seen want
tn-quote bars -s sim AAPL -i 30m --from 2024-03-04 --to 2024-03-20 >half.nd
tn-quote bars -s sim AAPL --from 2024-03-04 --to 2024-03-20 | jq -r 'select(.type == "bar") | [.end, .close] | @tsv' >closes
cat >day.tn <<'R'
enter long: close@1d > 0 and minutes_since_open > 0 and minutes_to_close >= 0
exit long: close < 0
R
tn-signal run day.tn half.nd | jq -r 'select(.type == "signal" and .reason.minutes_to_close == 0) | [.time, .reason["close@1d"]] | @tsv' >seen
same 'closes of days are there with the last bar of each, at the clock of New York on both sides of the change' seen closes
is 'sessions of 390 minutes' "$(tn-signal run day.tn half.nd | jq -r 'select(.type == "signal") | .reason.minutes_since_open + .reason.minutes_to_close' | sort -u)" 390

# Another symbol, in whatever order it comes.
cat >market.tn <<'R'
enter long: (close > sma(50)) of JPM and rsi(2) < 20
exit long: close > sma(5) or close of JPM < 0
stop: close - 3 * atr(14)
R
signals() { jq -c 'select(.type == "signal") | [.symbol, .time, .side, .decided]' | sort; }
tn-signal run market.tn <year.nd | signals >want
tac year.nd | grep '"bar"' | jq -sc 'sort_by(.time)[]' >turned.nd
tn-signal run market.tn <turned.nd | signals >got
same 'whatever the order of the symbols within a moment' got want
like 'there are some' "$(grep -c '"long"' want)" '[1-9][0-9]'
run tn-signal scan 'close of JPM > 0 and close > 0' year.nd
is 'its value is its close' "$(jq -r 'select(.symbol == "AAPL") | .figures["close of JPM"]' <<<"$out")" "$(jq -r 'select(.symbol == "JPM") | .close' year.nd | tail -1)"
exits 'a symbol that is not there' 1 tn-signal scan 'close of ZZZ > 0' year.nd
stderr_like 'is not known' '4 for which it is unknown'
stderr_like 'and missed by name' 'no bar of ZZZ, which the rule uses'
printf '%s\n' 'enter long: (close > sma(50)) of ZZZ' 'exit long: close < sma(5)' >nobody.tn
run tn-signal run nobody.tn bars.nd
stderr_like 'a strategy misses it by name' 'nobody: no bar of ZZZ, which its rules use'
stderr_like 'and never knew' 'a value in its rules was never known'
never='nobody: a value in its rules was never known; no bar of ZZZ, which the rules use'
run tn-backtest run nobody.tn bars.nd
stderr_like 'so does a backtest' "no trades: $never"
is 'in its result too' "$(jq -r 'select(.type == "result") | .outcome.no_trades' <<<"$out")" "$never"
sed 's/JPM/ZZZ/g' market.tn >half.tn
run tn-backtest run half.tn bars.nd
stderr_like 'also where rules say no without it' 'no position was wanted after any of .* bars; no bar of ZZZ'
rule_fills() { jq -c 'select(.type == "fill") | [.time, .symbol, .side]'; }
tn-backtest run market.tn --sizing quantity:10 --max-position 90% <bars.nd | rule_fills >want
tn-signal run market.tn -p <bars.nd | tn-backtest run --signals --sizing quantity:10 --max-position 90% | rule_fills >got
same 'a backtest of the rules fills as one of their signals' got want
like 'it does fill' "$(wc -l <want)" '[1-9][0-9]'

# A ranking: the worked example of twelve months without the last (facts of Jegadeesh and Titman 1993): at the end of
# February 2024 by close[1] / close[12]: E 0.3333 B 0.2255 D 0.06 A 0 F -0.0408 C -0.1111; by close / close[12] A would be first.
months() { awk -F, 'NR == 1 { for (i = 2; i <= NF; i++) name[i] = $i; next }
    { split($1, d, "-"); y = d[1]; m = d[2] + 1; if (m > 12) { m = 1; y++ }
      for (i = 2; i <= NF; i++)
          printf "{\"type\":\"bar\",\"time\":\"%s-%s-01T00:00:00Z\",\"symbol\":\"%s\",\"interval\":\"1mo\",\"end\":\"%d-%02d-01T00:00:00Z\",\"open\":%s,\"high\":%s,\"low\":%s,\"close\":%s,\"volume\":1}\n", d[1], d[2], name[i], y, m, $i, $i, $i, $i }'; }
months >xs.nd <<'CSV'
date,A,B,C,D,E,F
2023-02-28,100.00,102.00,99.00,100.00,105.00,98.00
2023-03-31,100.00,104.00,98.00,101.00,110.00,99.00
2023-04-28,100.00,106.00,97.00,101.00,108.00,97.00
2023-05-31,100.00,108.00,96.00,102.00,112.00,98.00
2023-06-30,100.00,110.00,95.00,102.00,116.00,96.00
2023-07-31,100.00,112.00,94.00,103.00,115.00,97.00
2023-08-31,100.00,114.00,93.00,103.00,120.00,95.00
2023-09-29,100.00,116.00,92.00,104.00,126.00,96.00
2023-10-31,100.00,118.00,91.00,104.00,130.00,94.00
2023-11-30,100.00,120.00,90.00,105.00,128.00,95.00
2023-12-29,100.00,122.00,89.00,105.00,133.00,93.00
2024-01-31,100.00,125.00,88.00,106.00,140.00,94.00
2024-02-29,130.00,124.00,110.00,107.00,120.00,93.00
CSV
printf '%s\n' 'rank by close[1] / close[12] - 1: long top 2 short bottom 2' 'rebalance: month_end' 'weight: close' >xs.tn
tn-signal run xs.tn xs.nd --calendar always | jq -r 'select(.type == "signal") | [.symbol, .side, (.reason.rank * 1e4 | round)] | @tsv' >got
printf 'A\tflat\t0\nB\tlong\t2255\nC\tshort\t-1111\nD\tflat\t600\nE\tlong\t3333\nF\tshort\t-408\n' >want
same 'twelve months less one' got want
# Weights 124, 110, 120 and 93: their mean is 111.75.
is 'weights about 1' "$(tn-signal run xs.tn xs.nd --calendar always | jq -r 'select(.units != null) | .units * 1e4 | round' | paste -sd' ')" '11096 9843 10738 8322'
printf '%s\n' 'rank by close[1] / close[12] - 1: long top 50%' 'rebalance: month_end' 'when: close > 200' 'otherwise: long F' 'among: A B F' >spare.tn
is 'nobody may be chosen: the spare one' "$(tn-signal run spare.tn xs.nd --calendar always | jq -r 'select(.type == "signal") | [.symbol, .side] | join(" ")' | paste -sd,)" 'A flat,B flat,F long'
# Bars before a part of a history are looked at moment by moment too: the same strategies, checked and walked.
printf '%s\n' 'param n = 20 in 10..40' 'rank by close / close[n] - 1: long top 1' 'rebalance: week_end' 'stop: close * 0.9' >best.tn
for rules in best.tn market.tn; do
    run tn-backtest check "$rules" -q year.nd
    is "$rules is checked: all begin as one" "$(jq -r 'select(.name == "look-ahead") | .grade' <<<"$out")" passed
    like "$rules: started later, it trades" "$(jq -r 'select(.name == "start date") | .text' <<<"$out")" 'Sharpe ratio -?[0-9]'
done
run tn-backtest walk best.tn n=10..20/10 --train 100 --test 50 -q year.nd
is 'a ranking is walked' "$code" 0
# What a source says of itself between two bars of a moment does not end the moment: A would be the best of one.
one_day() { printf '{"type":"bar","time":"2024-01-02T05:00:00Z","symbol":"%s","interval":"1d","end":"2024-01-02T21:00:00Z","open":%s,"high":%s,"low":%s,"close":%s,"volume":1}\n' "$1" "$2" "$2" "$2" "$2"; }
printf '%s\n' 'rank by close: long top 1' 'rebalance: session' >one.tn
for said in status gap anomaly alert refusal quote event; do
    {
        one_day A 5
        printf '{"type":"%s","time":"2024-01-02T21:00:05Z","symbol":"A","account":"x","source":"x","state":"connected","from":"2024-01-02T20:00:00Z","to":"2024-01-02T20:01:00Z","check":"gap","level":"info","title":"x","code":"X","bid":1,"ask":2,"bid_size":1,"ask_size":1,"kind":"news","id":"x","rule":"x","key":"x","text":"x"}\n' "$said"
        one_day B 9
    } >one.nd
    tn-signal run one.tn one.nd 2>/dev/null | jq -r 'select(.type == "signal") | .symbol + " " + .side' | paste -sd, >>ranked
    tn-signal scan 'close of B > close' one.nd 2>/dev/null | jq -r 'select(.type == "match") | .symbol' | paste -sd, >>found
done
is 'nor does it split a ranking' "$(sort ranked | uniq -c | xargs)" '7 A flat,B long'
is 'nor hide another symbol from a scan' "$(sort found | uniq -c | xargs)" '7 A'

# Those that come with the programs, on the worked examples of their sources. Dual momentum at the end of January 2024:
# US 4 %, abroad 13 %, bills 4.8 %: bonds. Sectors by three months: B and E at 10 %, then B and A; the index is above
# its average both times.
share=$(dirname "$(command -v tn-signal)")/../share
[ -d "$share/strategies" ] || share=$(dirname "$(command -v tn-signal)")/../../share
sed -e 's/SPY/US/g; s/VXUS/EXUS/; s/BIL/TBILL/; s/252/12/; s/20[.][.]520/1..520/' "$share/strategies/dual-momentum.tn" >gem.tn
chosen() { jq -r 'select(.type == "signal" and .side == "long") | [.time[:7], .symbol] | join(" ")' | paste -sd,; }
months >gem.nd <<'CSV'
date,US,EXUS,AGG,TBILL
2023-01-31,100.00,100.00,100.00,100.00
2023-02-28,101.00,102.00,100.20,100.40
2023-03-31,103.00,103.00,100.40,100.80
2023-04-28,102.00,105.00,100.60,101.20
2023-05-31,104.00,106.00,100.90,101.60
2023-06-30,106.00,107.00,101.00,102.00
2023-07-31,108.00,109.00,101.20,102.40
2023-08-31,107.00,110.00,101.50,102.80
2023-09-29,109.00,112.00,101.70,103.20
2023-10-31,111.00,113.00,102.00,103.60
2023-11-30,110.00,112.00,102.20,104.00
2023-12-29,106.00,113.00,102.40,104.40
2024-01-31,104.00,113.00,102.60,104.80
2024-02-29,90.00,88.00,103.00,105.20
CSV
is 'dual momentum' "$(tn-signal run gem.tn gem.nd --calendar always | chosen)" '2024-02 AGG,2024-03 AGG'
sed -e 's/among: .*/among: XA XB XC XD XE/; s/SPY/IDX/; s/top 3/top 2/; s/ = 63 in 20/ = 3 in 1/; s/ = 210 in 20/ = 5 in 1/' "$share/strategies/sector-rotation.tn" >sectors.tn
months >sectors.nd <<'CSV'
date,IDX,XA,XB,XC,XD,XE
2023-01-31,100.00,50.00,40.00,30.00,60.00,20.00
2023-02-28,102.00,52.00,40.00,31.00,61.00,20.00
2023-03-31,104.00,53.00,41.00,31.00,63.00,21.00
2023-04-28,103.00,55.00,42.00,30.00,62.00,21.00
2023-05-31,105.00,54.00,44.00,30.00,64.00,22.00
2023-06-30,107.00,56.00,47.00,29.00,65.00,22.00
CSV
is 'sectors' "$(tn-signal run sectors.tn sectors.nd --calendar always | chosen)" '2023-06 XB,2023-06 XE,2023-07 XA,2023-07 XB'
run tn-signal list
for file in "$share"/strategies/*.tn; do
    like "$(basename "$file") is in the list, with its source" "$(grep -F "\"name\":\"$(basename "$file")\"" <<<"$out")" '"source":"[A-Z][a-z]+'
done
tn-quote bars -s sim KO PEP --from 2020-01-01 --to 2024-01-01 >pair.nd
grep -v "^stop" "$share/strategies/pair.tn" >mirror.tn # a stop ends one leg alone
tn-signal run mirror.tn pair.nd | jq -r 'select(.type == "signal" and .side != "flat" and .decided == .time) | [.time, .symbol, .side] | join(" ")' >entries
is 'of a pair one is bought on the day the other is sold' "$(awk '{ n[$1] = n[$1] $3 } END { for (t in n) print n[t] }' entries | sort | uniq -c | awk '{ print $2 }' | paste -sd,)" longshort,shortlong
run tn-backtest run pair.tn --long-only no --sizing quantity:10 pair.nd
like 'and it trades both' "$(jq -r 'select(.type == "fill") | .symbol + " " + .side' <<<"$out" | sort | uniq -c | awk '{ print $2, $3 }' | paste -sd,)" 'KO buy.*KO sell_short.*PEP buy.*PEP sell_short'
cat >rank.tn <<'R'
rank by close / close[60] - 1: long top 1
rebalance: month_end
stop: close - 4 * atr(20)
R
tn-signal run rank.tn <bars.nd | grep '"type":"signal"' >all
head -n 3000 bars.nd | tn-signal run rank.tn 2>/dev/null | grep '"type":"signal"' >part
head -n "$(grep -c . part)" all >want
same 'a ranking does not look ahead' part want
is 'one is long at a time' "$(jq -r 'select(.side == "long") | .time' all | sort | uniq -c | awk '{ print $1 }' | sort -u)" 1
is 'it changes at the ends of months' "$(jq -r 'select(.decided == .time) | .time[:10]' all | sort -u | while read -r d; do [ "$(date -u -d "$d + 4 days" +%m)" != "${d:5:2}" ] || echo "$d"; done)" ''
tn-backtest run rank.tn --sizing quantity:10 --max-position 90% <bars.nd | rule_fills >want
tn-signal run rank.tn -p <bars.nd | tn-backtest run --signals --sizing quantity:10 --max-position 90% | rule_fills >got
same 'a backtest of a ranking fills as one of its signals' got want
like 'it does trade' "$(wc -l <want)" '[1-9]'

# Mistakes
exits 'an interval that is none' 2 tn-signal scan 'close@5x > 1' year.nd
exits 'coarser bars of coarser bars' 2 tn-signal scan 'sma(3, close@1w)@1mo > 1' year.nd
exits 'finer bars than there are' 3 tn-signal scan 'close@1h > 1' year.nd
stderr_like 'says which' '1h bars, which cannot be made from 1d bars'
exits 'an interval behind a symbol' 2 tn-signal scan '(close of JPM)@1w > 1' year.nd
stderr_like 'goes before it' 'write it before'
exits 'no symbol' 2 tn-signal scan 'close of > 1' year.nd
exits 'another symbol of another' 2 tn-signal scan '(close of JPM) of AAPL > 1' year.nd
exits 'half a rule' 2 tn-signal scan 'close >' year.nd
stderr_like 'with its column' 'close >, column 8: a field or value is missing'
exits 'a word of another language' 2 tn-signal scan 'crossover(close, sma(5))' year.nd
stderr_like 'is translated' 'hint: write a crosses above b'
exits '--where has no history' 2 tn-quote bars -s sim AAPL -n 1 --where 'close > sma(5)'
stderr_like 'and says who has' 'tn-signal scan sees'
wrong() { # NAME SAYS TEXT
    printf '%b' "$3" >wrong.tn
    exits "$1" 2 tn-signal run wrong.tn year.nd
    stderr_like "$1: said" "$2"
}
wrong 'an unknown statement' "wrong.tn:2: 'entr long' is not a statement" '# x\nentr long: close > 1\n'
wrong 'an unknown name' "wrong.tn:1: clse > 1, column 13: 'clse'" 'enter long: clse > 1\n'
is 'with the place under it' "$(sed -n '2,3p' .err 2>/dev/null || true)" $'    clse > 1\n    ^'
wrong 'a line that goes on' "wrong.tn:4: and rsi\(two\) < 3, column 13: 'two'" '# x\nparam tow = 2\nenter long: close > 1\n    and rsi(two) < 3\nhold: 2 bars\n'
is 'the place in it' "$(sed -n '2,4p' .err)" $'    and rsi(two) < 3\n            ^\n  hint: did you mean \'tow\'?'
wrong 'nothing entered' 'it has no entry' 'exit long: close > 1\n'
wrong 'nothing ends it' 'nothing ends a long position' 'enter long: close > 1\n'
wrong 'a number for a question' 'wrong.tn:1: .* not a condition' 'enter long: close\nhold: 2 bars\n'
wrong 'a question for a price' "'stop' is a number" 'enter long: close > 1\nstop: close > 1\n'
wrong 'a stop that is no price' 'stop is not a price' 'enter long: close > 1\nstop: rsi(14)\n'
wrong 'twice' "'enter long' is given twice" 'enter long: close > 1\nenter long: close > 2\nhold: 2 bars\n'
wrong 'a parameter with the name of an indicator' 'is already a name of the language' 'param sma = 3 in 1..5\nenter long: close > 1\nhold: 2 bars\n'
wrong 'a default out of range' 'is not within' 'param x = 9 in 1..5\nenter long: close > x\nhold: 2 bars\n'
wrong 'an exit without its entry' 'an exit without its entry' 'enter long: close > 1\nexit short: close > 1\nhold: 2 bars\n'
wrong 'confirm without an end' 'confirm needs a number of bars' 'enter long: close > 1\nconfirm: close > open\nhold: 2 bars\n'
wrong 'a ranking without its time' "'rebalance: month_end' is missing" 'rank by close: long top 1\n'
wrong 'a ranking of nobody' 'a ranking needs its choice' 'rank by close: long 5\nrebalance: month_end\n'
wrong 'a ranking that enters' 'a ranking decides entries' 'rank by close: long top 1\nrebalance: month_end\nenter long: close > 1\n'
wrong 'another time' "'monthly' is not a time to rebalance" 'rank by close: long top 1\nrebalance: monthly\n'
wrong 'a weight without a ranking' 'belong to a ranking' 'enter long: close > 1\nhold: 2 bars\nweight: close\n'
wrong 'a ranking by a question' 'a ranking needs a number' 'rank by close > 1: long top 1\nrebalance: session\n'
wrong 'an empty file' 'it has no entry' ''
exits 'a parameter out of its range' 2 tn-signal run dip.tn:days=9 year.nd
exits 'a parameter that is none' 2 tn-signal run dip.tn:day=2 year.nd
stderr_like 'named' 'did you mean days'
exits 'a file that is not there' 2 tn-signal run nowhere.tn year.nd
cp dip.tn momentum.tn
exits 'the name of a strategy that there is' 2 tn-signal run momentum.tn year.nd
finish
