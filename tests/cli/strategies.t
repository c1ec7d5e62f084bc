#!/usr/bin/env bash
# The strategies that come as rules: each on a few bars whose answer was worked out by hand, then honestly on the
# synthetic market, with costs, and without looking ahead.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq
needs python3

cat >make.py <<'P'
"""Bars of X: `daily` from CSV lines of date,open,high,low,close; else sessions of 13 bars of half an hour, each day as
DATE and its first bars, the rest flat at the last close."""
import datetime, json, sys
def bar(start, end, interval, row, session=None):
    o, h, l, c = row
    r = dict(type="bar", time=start, symbol="X", interval=interval, end=end, open=o, high=h, low=l, close=c, volume=1000)
    if session: r["session"] = session
    print(json.dumps(r))
if sys.argv[1] == "daily":
    for line in sys.stdin:
        day, *row = line.strip().split(",")
        bar(day + "T05:00:00Z", day + "T21:00:00Z", "1d", [float(x) for x in row[:4]], day)
else:
    for line in sys.stdin:
        day, *rows = line.split()
        rows = [[float(x) for x in r.split(",")] for r in rows]
        for i in range(13):
            start = datetime.datetime.fromisoformat(day + "T14:30:00") + datetime.timedelta(minutes=30 * i)
            end = start + datetime.timedelta(minutes=30)
            row = rows[i] if i < len(rows) else [rows[-1][3]] * 4
            bar(start.isoformat() + "Z", end.isoformat() + "Z", "30m", row)
P
decisions() { tn-signal run -q "$1" | jq -r 'select(.type == "signal" and .side != "flat" and .decided == .time or .type == "signal" and .side == "flat" and .decided == .time and .initial != true) | [.time[5:16], .side, .stop, .target] | map(. // "-") | join(" ")'; }

# Window 101 100 99 100 95.6: mean 99.12, deviation 1.870187, lower band at 1.75 of them 95.847172. Out at or above 97.92.
is 'bollinger-reversion' "$(python3 make.py daily <<'D' | decisions bollinger-reversion.tn:days=5,k=1.75 | cut -d' ' -f1,2
2024-01-02,100.00,100.50,99.50,100.00
2024-01-03,100.00,101.50,99.50,101.00
2024-01-04,101.00,101.50,99.50,100.00
2024-01-05,100.00,100.50,98.50,99.00
2024-01-08,99.00,100.50,98.50,100.00
2024-01-09,100.00,100.50,95.10,95.60
2024-01-10,95.60,97.50,95.10,97.00
2024-01-11,97.00,98.50,96.50,98.00
2024-01-12,98.00,99.50,97.50,99.00
D
)" $'01-09T21:00 long\n01-11T21:00 flat'

# facts/strategies/turtle_s1 with the form that leaves on closes: N is 2. Units at 102, 103, 104 and 105, the
# high of the day; each stop 4 below its fill. Out at the open after a close below the lowest low of ten days, 108.50. Then N is
# 2.0713 (in at 110.50, stop 4.1425 below it, hit the day after) and 2.206946 (111.50).
python3 make.py daily >turtle.nd <<'D'
2023-12-29,100,101,99,100
2024-01-02,100,101,99,100
2024-01-03,101,102,100,101
2024-01-04,100,101,99,100
2024-01-05,101,102,100,101
2024-01-08,100,101,99,100
2024-01-09,101,102,100,101
2024-01-10,100,101,99,100
2024-01-11,101,102,100,101
2024-01-12,100,101,99,100
2024-01-16,101,102,100,101
2024-01-17,100,101,99,100
2024-01-18,101,102,100,101
2024-01-19,100,101,99,100
2024-01-22,101,102,100,101
2024-01-23,100,101,99,100
2024-01-24,101,102,100,101
2024-01-25,100,101,99,100
2024-01-26,101,102,100,101
2024-01-29,100,101,99,100
2024-01-30,101,102,100,101
2024-01-31,101.5,103,101,103
2024-02-01,103,105,103,105
2024-02-02,105.5,107,105,107
2024-02-05,107,108.5,106.5,108
2024-02-06,108,109.5,107.5,109
2024-02-07,109,110.5,108.5,110
2024-02-08,109.5,110.5,108.5,109.5
2024-02-09,109.5,110.5,108.5,109.5
2024-02-12,109.5,110.5,108.5,109.5
2024-02-13,109.5,110.5,108.5,109.5
2024-02-14,109.5,110.5,108.5,109.5
2024-02-15,109.5,110.5,108.5,109.5
2024-02-16,109.5,110.5,108.5,109.5
2024-02-20,109.5,110.5,108.5,109.5
2024-02-21,109.5,110.5,108.5,109.5
2024-02-22,109.5,110.5,108.5,109.5
2024-02-23,109,109.5,106,107.6
2024-02-26,107.6,109.6,107.6,109.5
2024-02-27,109.5,111.5,109.5,111.4
2024-02-28,111,111,106.1,106.5
2024-02-29,106.5,108.5,106.5,108.5
2024-03-01,108.5,110.5,108.5,110.5
2024-03-04,110.5,112.5,110.5,112.4
D
share=$(dirname "$(dirname "$(readlink -f "$(command -v tn-signal)")")")/share/tn
[ -d "$share/strategies" ] || share=$TOP/share
cp "$share/strategies/turtle.tn" .
is 'turtle' "$(tn-backtest run -q turtle.tn:entry=20,out=10 turtle.nd --sizing quantity:500 --max-position 1000% --max-positions 20 --cash 1000000 |
    jq -r 'select(.type == "fill") | [.time[5:10], .role, .side, .price] | map(tostring) | join(" ")')" "$(printf '%s\n' '01-31 entry buy 102' \
    '02-01 entry buy 103' '02-01 entry buy 104' '02-01 entry buy 105' '02-26 exit sell 107.6' '02-26 exit sell 107.6' \
    '02-26 exit sell 107.6' '02-26 exit sell 107.6' '02-27 entry buy 110.5' '02-28 stop sell 106.36' '03-04 entry buy 111.5')"

# Yesterday 98 to 102, so half of the range is 2: at 102 from an open of 100, until half an hour before the close.
trades() { tn-backtest run -q "$1" --sizing quantity:100 --max-position 1000% --long-only no | jq -r 'select(.type == "fill") | [.time[5:16], .role, .side, .price] | map(tostring) | join(" ")'; }
is 'volatility-breakout' "$(python3 make.py minutes <<'D' | trades volatility-breakout.tn:out=30
2024-01-03 100,102,98,100
2024-01-04 100,101,99.5,101 101,103,101,102.5 102.5,103,101.5,102 102,103.5,102,103
D
)" $'01-04T15:30 entry buy 102\n01-04T20:30 exit sell 103'

# A gap of 1.5 % is sold after the first bar, to 100, stop 103; one of -1.9 % is bought, stop 98 - 1.9.
is 'gap-fade' "$(python3 make.py minutes <<'D' | decisions gap-fade.tn:out=30
2024-01-03 100,102,98,100
2024-01-04 101.5,101.8,101,101.2 101.2,101.3,100.5,100.6 100.6,100.7,99.8,99.9
2024-01-05 98,98.5,97.9,98.2 98.2,98.4,96,96.1
2024-01-08 104,104.5,103.9,104.2
D
)" $'01-04T15:00 short 103 100\n01-04T16:00 flat - -\n01-05T15:00 long 96.1 99.9\n01-05T15:30 flat - -'

# A gap of 4 %: bought above 105, the first bar's high, with its low as the stop.
is 'gap-go' "$(python3 make.py minutes <<'D' | decisions gap-go.tn:out=30,until=120
2024-01-03 100,102,98,100
2024-01-04 104,105,103,104.5 104.5,105.2,104.4,105 105,106,104.9,105.5 105.5,107,105.4,106.8
D
)" $'01-04T16:00 long 103 -\n01-04T20:30 flat - -'

# The first two bars are 99 to 101.5.
is 'opening-range' "$(python3 make.py minutes <<'D' | trades opening-range.tn:out=30,first_bars=2
2024-01-03 100,102,98,100
2024-01-04 100,101,99,100.5 100.5,101.5,100,101 101,101.4,100.8,101.2 101.2,102,101.1,101.8 101.8,102.5,101,102.2
D
)" $'01-04T16:30 entry buy 101.5\n01-04T20:30 exit sell 102.2'

# A pair that was made with a slope of 1.5: what the rules want, against the same by Python; the other leg is its mirror.
cat >pair.py <<'P'
import json, math, sys
n, wide, lost = 30, 2, 5
seed, rows, b, gap = 12345, [], math.log(50), 0.0
def normal():
    global seed
    total = 0
    for _ in range(12):
        seed = (seed * 1103515245 + 12345) % 2147483648
        total += seed / 2147483648
    return total - 6
for i in range(260):
    b += 0.01 * normal()
    gap = 0.8 * gap + 0.006 * normal()
    rows.append((round(math.exp(0.3 + 1.5 * b + gap), 2), round(math.exp(b), 2)))
day = 19000
with open("pair.nd", "w") as out:
    for i, row in enumerate(rows):
        for symbol, price in zip(("KO", "PEP"), row):
            at = lambda d: __import__("datetime").datetime.utcfromtimestamp(d * 86400).isoformat() + "Z"
            out.write(json.dumps(dict(type="bar", time=at(day + i), symbol=symbol, interval="1d", end=at(day + i + 1), open=price,
                                      high=round(price + 0.01, 2), low=round(price - 0.01, 2), close=price, volume=1000 + len(symbol))) + "\n")
x = [math.log(r[0]) for r in rows]
y = [math.log(r[1]) for r in rows]
mean = lambda v: math.fsum(v) / len(v)
slope, apart, far = {}, {}, {}
for i in range(n, len(rows)):
    u, v = x[i - n:i], y[i - n:i]
    mu, mv = mean(u), mean(v)
    slope[i] = math.fsum((p - mu) * (q - mv) for p, q in zip(u, v)) / math.fsum((q - mv) ** 2 for q in v)
    apart[i] = x[i] - slope[i] * y[i]
side = "flat"
for i in range(2 * n, len(rows)):
    window = [apart[k] for k in range(i - n, i)]
    m = mean(window)
    z = (apart[i] - m) / math.sqrt(math.fsum((s - m) ** 2 for s in window) / n)
    ready = i >= 2 * n
    before = side
    if side == "long" and (z >= 0 or abs(z) > lost) or side == "short" and (z <= 0 or abs(z) > lost):
        side = "flat"
    if 0.2 < slope[i] < 5 and abs(z) < lost:
        if z < -wide:
            side = "long"
        elif z > wide:
            side = "short"
    print(i, side)
P
python3 pair.py >want 2>/dev/null
sed 's/8 [*] atr/80 * atr/' "$share/strategies/pair-hedged.tn" >pair-hedged.tn
tn-signal run -q pair-hedged.tn:days=30 --calendar always pair.nd | jq -r 'select(.type == "signal" and .symbol == "KO") | "\((.time[:10] | strptime("%Y-%m-%d") | mktime) / 86400 - 19001) \(.side)"' >got
like 'pair-hedged trades' "$(cut -d' ' -f2 want | sort | uniq -c | tr -s ' \n' ' ')" '[1-9][0-9] long.*[1-9][0-9] short'
same 'pair-hedged wants what Python wants, its stop far away' want got
is 'and the other leg is its mirror' "$(tn-signal run -q pair-hedged.tn:days=30 --calendar always pair.nd | jq -r 'select(.type == "signal") | .side' | paste - - | sort -u | tr '\t\n' ' ,')" 'flat flat,long short,short long,'
like 'as large as the slope' "$(tn-signal run -q pair-hedged.tn:days=30 --calendar always pair.nd | jq -r 'select(.type == "signal" and .symbol == "PEP" and .side != "flat") | .units')" '^1\.[2-7]'

# Means of high, low and close 100, 100, 96.333: average 98.7778, deviation 1.728484: 95 is below 1.5 of them, the stop 3.
is 'vwap-reversion' "$(python3 make.py minutes <<'D' | decisions vwap-reversion.tn:out=30,near=1.5
2024-01-03 100,102,98,100
2024-01-04 100,100,100,100 100,101,99,100 100,100,94,95 95,98,95,97.5 97.5,100,97,99.5
D
)" $'01-04T16:00 long 93.59232805 -\n01-04T17:00 flat - -'

# Three of five: the vote itself, against the five rules asked one by one.
tn-quote bars -s sim AAPL MSFT XOM JPM SPY --from 2018-01-01 --to 2024-01-01 >days.nd
tn-signal add sma:200 macd rsi:14 donchian:100 <days.nd | jq -r 'select(.type == "bar") | [.symbol, .end, .close, .sma_200, .macd_12_26_9, .rsi_14, .donchian_100_upper, .donchian_100_lower] | @tsv' | awk -F'\t' '
    {n = ++count[$1]; close_of[$1, n] = $3
     if (n <= 199) next
     votes = ($3 > $4) + ($3 > close_of[$1, n - 126]) + ($5 > 0) + ($3 > ($7 + $8) / 2) + ($6 > 50)
     print $1, $2, (votes >= 3 ? "in" : "out")}' | sort >want
tn-signal run -q vote.tn days.nd | jq -r 'select(.type == "signal") | "\(.symbol) \(.time) \(.side)"' | sort >got
is 'vote: out wherever fewer than three agree' "$(join -j1 <(sed 's/ /@/' want | sort) <(sed 's/ /@/' got | sort) | awk '$2 == "out" && $3 != "flat"' | wc -l)" 0
like 'and in on most other days, until a stop' "$(join -j1 <(sed 's/ /@/' want | sort) <(sed 's/ /@/' got | sort) | awk '$2 == "in" {n++; in_ += $3 == "long"} END {print int(100 * in_ / n)}')" '^[6-9][0-9]$'

# On the synthetic market, which has no edge for anybody: they trade, and costs are paid.
tn-quote bars -s sim AAPL MSFT -i 5m --from 2024-01-02 --to 2024-05-01 >minutes.nd
share=$(dirname "$(dirname "$(readlink -f "$(command -v tn-signal)")")")/share/tn
[ -d "$share/strategies" ] || share=$TOP/share
for file in bollinger-reversion turtle vote opening-range gap-fade gap-go vwap-reversion volatility-breakout; do
    bars=minutes.nd name=$file.tn
    case $file in bollinger-reversion | turtle | vote) bars=days.nd ;; gap-go) name=gap-go.tn:least=0.01 ;; esac
    run tn-backtest run "$name" --long-only no --slippage-bps 2 --commission-per-share 0.005 "$bars"
    like "$file trades, after costs" "$(jq -c 'select(.type == "result") | [.metrics.trades > 5, .metrics.costs > 0, (.metrics.return | type)]' <<<"$out")" '^\[true,true,"number"\]$'
    tn-signal run -q "$name" "$bars" | grep '"type":"signal"' >all
    head -n $(($(wc -l <"$bars") / 2)) "$bars" | tn-signal run -q "$name" | grep '"type":"signal"' >part
    head -n "$(wc -l <part)" all >same
    same "$file does not look ahead" part same
    case $bars in
    minutes.nd)
        is "$file is flat overnight" "$(jq -r 'select(.side != "flat" and (.time[11:16] == "21:00" or .time[11:16] == "20:00" and .time > "2024-03-10")) | .time' all | wc -l)" 0
        ;;
    esac
    exits "$file refuses what is out of range" 2 tn-signal run "$file.tn:out=100000" "$bars"
done
# A folder before the name, and parameters behind it.
mkdir mine
cp "$share/strategies/turtle.tn" mine/slow.tn
ok 'a file of rules in a folder takes parameters' tn-signal run -q mine/slow.tn:entry=40 days.nd
finish
