#!/usr/bin/env bash
# The state of a market and who leads it, against an independent calculation; and the tables of what was found.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq
needs python3

tn-quote bars -s sim:actions SPY XLK XLE XLF XLV --from 2021-01-01 --to 2024-01-01 >bars.nd
cat >check.py <<'P'
"""The default rules of regime, and rotation, from the definitions; prices adjusted forwards by hand."""
import json, math, statistics, sys
factor, close, ends, raw = {}, {}, {}, {}
for line in open("bars.nd"):
    r = json.loads(line)
    s = r.get("symbol")
    if r["type"] == "action":
        f = factor.get(s, 1.0)
        if r["kind"] == "split":
            f *= r["new"] / r["old"]
            if s in raw: raw[s] *= r["old"] / r["new"]
        elif r["kind"] == "dividend" and s in raw:
            f /= 1 - r["cash"] / raw[s]
            raw[s] -= r["cash"]
        factor[s] = f
    elif r["type"] == "bar":
        raw[s] = r["close"]
        close.setdefault(s, []).append(r["close"] * factor.get(s, 1.0))
        ends.setdefault(s, []).append(r["end"])
def z(x, n):
    part = x[-n:]
    return (part[-1] - statistics.fmean(part)) / statistics.pstdev(part)
if sys.argv[1] == "rotation":
    rows = []
    for s in ("XLK", "XLE", "XLF", "XLV"):
        rs = [a / b for a, b in zip(close[s], close["SPY"])]
        ratio = [100 + z(rs[:i], 14) for i in range(14, len(rs) + 1)]
        change = [ratio[i] / ratio[i - 10] - 1 for i in range(10, len(ratio))]
        gain = close[s][-1] / close[s][-64] - 1
        excess = gain - (close["SPY"][-1] / close["SPY"][-64] - 1)
        momentum = 100 + z(change, 14)
        quadrant = {(1, 1): "leading", (1, 0): "weakening", (0, 0): "lagging", (0, 1): "improving"}[
            (int(ratio[-1] > 100), int(momentum > 100))]
        rows.append((-gain, s, gain, excess, ratio[-1], momentum, quadrant))
    for i, (_, s, gain, excess, ratio, momentum, quadrant) in enumerate(sorted(rows)):
        print("%s %d %.9f %.9f %.7f %.7f %s" % (s, i + 1, gain, excess, ratio, momentum, quadrant))
else:
    c = close["SPY"]
    sma = lambda i: statistics.fmean(c[i - 199:i + 1])
    hv = [None] * 20 + [statistics.stdev([math.log(c[k] / c[k - 1]) for k in range(i - 19, i + 1)]) for i in range(20, len(c))]
    last = None
    for i in range(272, len(c)):
        trend = ("bull" if c[i] > sma(i) and sma(i) > sma(i - 20) else
                 "bear" if c[i] < sma(i) and sma(i) < sma(i - 20) else "sideways")
        rank = 100 * sum(v < hv[i] for v in hv[i - 252:i]) / 252
        state = (trend, "volatile" if rank >= 75 else "calm")
        if state != last:
            print(ends["SPY"][i], *state)
        last = state
P
tn-signal regime --changes --where 'symbol == "SPY"' bars.nd | jq -r 'select(.type == "regime") | "\(.time) \(.trend) \(.volatility)"' >got
python3 check.py regime >want
same 'regimes are those of the rules' got want
like 'there are some' "$(wc -l <want)" '^ *[1-9][0-9]'
tn-signal regime bars.nd | jq -c 'select(.type == "regime" and .symbol == "SPY")' >all
is 'a level after every bar' "$(jq -r 'select(.age == null) | "\(.time) \(.trend) \(.volatility)"' all)" "$(cat want)"
is 'age counts the bars since' "$(jq -s '[.[1:], .[:-1]] | transpose | map(select(.[0].since == .[1].since and .[0].age != (.[1].age // 0) + 1)) | length' all)" 0
for n in 1600 3000; do
    head -n $n bars.nd | tn-signal regime | jq -c 'select(.type == "regime" and .symbol == "SPY")' >part
    head -n "$(wc -l <part)" all >same
    same "no look-ahead: $n lines" part same
done
run tn-signal regime --bull 'close > 0' --bear 'close > 0' --volatile 'close > 1000000' --where 'symbol == "XLK"' bars.nd
is 'rules of one'"'"'s own; bull comes first' "$(jq -r 'select(.type == "regime") | "\(.trend) \(.volatility)"' <<<"$out" | sort -u)" 'bull calm'
exits 'a rule that is none' 2 tn-signal regime --bear 'close >' bars.nd
stderr_like 'says which' '^tn-signal: --bear: '
exits 'another symbol' 2 tn-signal regime --bull '(close > sma(20)) of SPY' bars.nd
stderr_like 'is not asked' 'uses the bars of its own symbol'
exits 'a number is no rule' 2 tn-signal regime --volatile 'hv(20)' bars.nd
head -n 100 bars.nd >few.nd
run tn-signal regime few.nd
like 'too few bars are said' "$err" 'no symbol had enough bars for a regime: 2[67][0-9] are needed'

rotation() { jq -r 'select(.type == "rotation") | [.symbol, .rank, .return, .excess, .ratio, .momentum, .quadrant] | @tsv' |
    awk -F'\t' '{printf "%s %d %.9f %.9f %.7f %.7f %s\n", $1, $2, $3, $4, $5, $6, $7}'; }
tn-signal rotation bars.nd | rotation >got
python3 check.py rotation >want
same 'rotation' got want
jq -sc 'map(select(.type != "end")) | group_by(.symbol) | reverse | flatten | .[]' bars.nd >by-symbol
tn-signal rotation by-symbol | rotation >got
same 'whatever the order of the symbols' got want
grep -v '"symbol":"SPY".*2023-12-2[5-9]' bars.nd >behind.nd
exits 'a benchmark that stopped' 1 tn-signal rotation behind.nd
stderr_like 'leaves nothing to compare' '4 without the newest bar of SPY'
exits 'no benchmark' 1 tn-signal rotation --against QQQ bars.nd
stderr_like 'is said' 'no bars of the benchmark QQQ'
exits 'too few bars' 1 tn-signal rotation few.nd
stderr_like 'are said' '4 with too few bars in common with SPY: 64 are needed'
exits 'a window of one' 2 tn-signal rotation --window 1 bars.nd

# The tables
run tn-report scan -O csv <<<"$(tn-signal rotation bars.nd)"
is 'a table of the ranking' "$(cut -d, -f2,5 <<<"$out" | tail -n +2)" "$(awk '{print $1 "," $2}' want)"
tn-signal scan 'close > 1 and rsi(2) < 101' bars.nd >found 2>/dev/null
run tn-report scan -O csv found
is 'figures are columns' "$(head -1 <<<"$out")" 'time,symbol,interval,rule,price,close,rsi(2),cause'
is 'a row for each match' "$(tail -n +2 <<<"$out" | wc -l | tr -d ' ')" 5
run tn-report scan -O table found
like 'the rule stands above' "$(head -1 <<<"$out")" '^close > 1 and rsi\(2\) < 101$'
run tn-report scan -O json found
is 'as data' "$(jq -r 'select(.symbol == "SPY") | .price' <<<"$out")" "$(jq -r 'select(.type == "match" and .symbol == "SPY") | .price' found)"
cat all >>found
run tn-report scan found
like 'one type at a time' "$err" 'records of other types are left out'
exits 'nothing found' 1 tn-report scan bars.nd
stderr_like 'is said' 'no match, outcome'
printf '%s\n' '{"type":"match","time":"2024-01-02T00:00:00Z"}' >half.nd
exits 'a record without its fields' 3 tn-report scan half.nd
finish
