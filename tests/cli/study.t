#!/usr/bin/env bash
# tn-backtest walk, montecarlo and check, and the trial ledger.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

tn-quote bars -s sim AAPL XOM -n 400 --now 2026-03-02 >bars.ndjson

# --- walking forward
walk() { tn-backtest walk sma-cross 'fast=3,5' 'slow=10,20' --train 200 --test 60 --least-trades 3 bars.ndjson "$@"; }
run walk
is 'exit code' "$code" 0
cp .out walk.ndjson
# 400 days: 200 to choose, then 60, 60, 60 and the 20 that are left.
is 'windows follow each other' "$(jq -s -c '[.[] | select(.type == "fold")] | [length, (map(.cells) | unique), all(.[]; .train_until == .test_from)]' walk.ndjson)" '[4,[4],true]'
is 'each begins where the one before ends' "$(jq -s '[.[] | select(.type == "fold")] as $f | all(range(1; 4); $f[.].test_from == $f[. - 1].test_until)' walk.ndjson)" true
is 'a point for each day traded' "$(grep -c '"type":"equity"' walk.ndjson)" 200
is 'and the figures are of these alone' "$(jq -c 'select(.type == "result") | [.metrics.days, .params.folds]' walk.ndjson)" '[199,4]'
is 'trades are those of the windows' "$(jq -s '([.[] | select(.type == "fold").test.trades] | add) == (.[] | select(.type == "result").metrics.trades)' walk.ndjson)" true
is 'money goes on from window to window' "$(jq -s -c '[.[] | select(.type == "fold").test | [.start_equity, .end_equity]] as $e | all(range(1; 4); $e[.][0] - $e[. - 1][1] | fabs < 0.01)' walk.ndjson)" true
stderr_like 'the efficiency is said' 'walk-forward efficiency'
walk --jobs 3 >jobs.ndjson 2>/dev/null
same 'the same bytes on three processes' jobs.ndjson walk.ndjson
# Nothing reaches back: with other bars from the third choice on, the choices up to it, what they were made by and the
# days traded before it are the same. Bars of the purge decide no choice either.
from=$(jq -s -r '[.[] | select(.type == "fold")][2].train_until' walk.ndjson)
jq -c --arg from "$from" 'if .type == "bar" and .end >= $from then {open, high: .low, low: .high, close} as $p |
    . + ($p | map_values(10000 / . | . * 100 | round / 100)) else . end' bars.ndjson >turned.ndjson
tn-backtest walk -q sma-cross 'fast=3,5' 'slow=10,20' --train 200 --test 60 --least-trades 3 turned.ndjson >turned-walk.ndjson
choices() { jq -c --arg from "$from" 'select(.type == "fold" and .train_until <= $from) | [.strategy, .best, .train]' "$1"; }
like 'three choices lie before it' "$(choices walk.ndjson | grep -c .)" '^3$'
is 'what comes later decides no choice' "$(choices turned-walk.ndjson)" "$(choices walk.ndjson)"
traded() { jq -c --arg from "$from" 'select(.type == "equity" and .time < $from)' "$1"; }
is 'nor what is traded before it' "$(traded turned-walk.ndjson)" "$(traded walk.ndjson)"
exits 'only what follows' 1 cmp -s turned-walk.ndjson walk.ndjson
walk --anchored -q >anchored.ndjson
is 'anchored: every choice begins with the first day' "$(jq -s '[.[] | select(.type == "fold").train_from] | unique | length' anchored.ndjson)" 1
# The choice of the last window as run alone would have made it, on the bars before its days.
until=$(jq -s -r '[.[] | select(.type == "fold")][-1].train_until' anchored.ndjson)
jq -c --arg until "$until" 'select(.type != "bar" or .end < $until)' bars.ndjson >first.ndjson
chosen=$(jq -s -r '[.[] | select(.type == "fold")][-1].strategy' anchored.ndjson)
is 'its figures are those of run' "$(tn-backtest run -q "$chosen" first.ndjson | jq -c 'select(.type == "result").metrics')" \
    "$(jq -s -c '[.[] | select(.type == "fold")][-1].train' anchored.ndjson)"
is 'and no other cell has a better one' "$(tn-backtest sweep sma-cross 'fast=3,5' 'slow=10,20' first.ndjson --least-trades 3 2>&1 >/dev/null | sed -n 's/.*best by Sharpe ratio: \(.*\) with .* trades/\1/p')" "$chosen"
walk -q --purge 10 --embargo 5 >purged.ndjson
is 'purge and embargo: a gap of fifteen days' "$(jq -s -r '[.[] | select(.type == "fold")][0] | .train_until, .test_from' purged.ndjson | paste -sd' ' | {
    read -r a b
    jq -r 'select(.type == "bar" and .symbol == "XOM").end' bars.ndjson | awk -v a="$a" -v b="$b" '$1 >= a && $1 < b' | grep -c .
})" 15
is 'nothing good enough: nothing traded' "$(walk -q --least-trades 900 | jq -s -c '[(.[] | select(.type == "result").metrics.trades), ([.[] | select(.type == "fold").strategy] | unique)]')" '[0,[null]]'
# Units of a rule file are traded too: a walk of one cell that trades all days but the first two is the run.
is 'units are traded' "$(tn-backtest walk -q turtle.tn entry=20 --train 2 --test 398 --least-trades 0 --by return bars.ndjson | jq -c 'select(.type == "equity").equity' | tail -n 1)" \
    "$(tn-backtest run -q turtle.tn:entry=20 bars.ndjson | jq -c 'select(.type == "equity").equity' | tail -n 1)"
exits 'windows are needed' 2 tn-backtest walk sma-cross fast=3,5 bars.ndjson
exits 'more days than there are' 3 tn-backtest walk sma-cross fast=3,5 bars.ndjson --train 500 --test 10
exits 'a purge of everything' 2 walk --purge 200

# --- Monte Carlo
paths() { tn-backtest montecarlo sma-cross:fast=3,slow=10 bars.ndjson --paths 300 "$@"; }
run paths
cp .out paths.ndjson
is 'a record a method' "$(jq -r 'select(.type == "montecarlo").method' <<<"$out" | paste -sd' ')" 'shuffle missed block stationary jitter'
is 'the run it is drawn from' "$(jq -r 'select(.type == "montecarlo").run' <<<"$out" | sort -u)" "$(tn-backtest run -q sma-cross:fast=3,slow=10 bars.ndjson | jq -r 'select(.type == "result").run')"
paths -q --jobs 3 >jobs.ndjson
same 'the same bytes on three processes' jobs.ndjson paths.ndjson
is 'quantiles rise' "$(jq -s 'all(.[] | select(.type == "montecarlo") | .return, .drawdown; [.p5, .p25, .p50, .p75, .p95] | . == sort)' paths.ndjson)" true
is 'another order has the same end' "$(jq 'select(.method == "shuffle").return | .p95 - .p5 | fabs < 1e-9' paths.ndjson)" true
is 'and other drawdowns' "$(jq 'select(.method == "shuffle").drawdown | .p95 > .p5' paths.ndjson)" true
is 'no trade missed: the run itself' "$(paths -q --method missed --missed 0% | jq 'select(.type == "montecarlo").return | .p5 == .p95')" true
is 'all missed: nothing' "$(paths -q --method missed --missed 99.99999% | jq -c 'select(.type == "montecarlo") | [.return.p50, .drawdown.p50]')" '[0,0]'
# None of 300: the Wilson interval ends at z² / (n + z²) = 3.841459 / 303.841459.
is 'a goal out of reach' "$(paths -q --method block --goal 900% | jq -c 'select(.type == "montecarlo").goal | [.probability, .low, (.high * 1e6 | round)]')" '[0,0,12643]'
is 'no jitter: the run itself' "$(paths -q --method jitter --jitter 0% --paths 3 | jq 'select(.type == "montecarlo") | .return.p5 == .base_return and .return.p95 == .base_return')" true
unlike 'another seed, other paths' "$(paths -q --method block --seed 1 | head -n 1)" "$(jq -c 'select(.method == "block").return' paths.ndjson | sed 's/[{}]//g')"
exits 'an unknown method' 2 paths --method shufle
exits 'ranges belong to the strategy' 2 tn-backtest montecarlo sma-cross fast=3..5 bars.ndjson
exits 'no trade, nothing to draw from' 1 tn-backtest montecarlo momentum:threshold=10 bars.ndjson

# --- checks, by hand: sma-cross:fast=1,slow=2 is long whenever a close is above the one before
while read -r day open high low close; do
    printf '{"type":"bar","time":"2024-01-%sT05:00:00Z","symbol":"A","interval":"1d","session":"2024-01-%s","end":"2024-01-%sT21:00:00Z","open":%s,"high":%s,"low":%s,"close":%s,"volume":1000,"adjusted":"raw"}\n' \
        "$day" "$day" "$day" "$open" "$high" "$low" "$close"
done >ten.ndjson <<'END'
02 10 10.5 9.5 10
03 10 11 10 11
04 11.2 12 11 12
05 12 12.5 11.5 11.5
08 11.4 11.8 11 11.2
09 11.3 12 11.2 11.9
10 12 13 11.9 12.8
11 12.9 13.5 12.7 13.4
12 13.3 13.4 12.5 12.6
16 12.4 12.7 12.2 12.5
END
run tn-backtest check sma-cross:fast=1,slow=2,stop=0 --sizing quantity:100 --max-position 100% ten.ndjson
is 'the checks' "$(jq -r 'select(.type == "check") | "\(.name):\(.grade)"' <<<"$out" | paste -sd,)" \
    'look-ahead:passed,determinism:passed,start date:passed,costs:passed,delay:doubtful,best trades:doubtful,verdict:doubtful'
# As it is: 11.2 to 11.4 and 12 to 12.4, 60 on 100000. A bar later: 12 to 11.3, and 12.9, held until the close at 12.5: −110.
is 'one bar later' "$(jq -c 'select(.name == "delay") | [.return_before, .return_after]' <<<"$out")" '[0.0006,-0.0011]'
like 'without the best trades' "$(jq -r 'select(.name == "best trades").text' <<<"$out")" 'without its 2 best trades of 2, the profit is 0.00 instead of 60.00'
# 5 basis points: 11.2 + 0.0056 → 11.21, 11.4 − 0.0057 → 11.39, 12 + 0.006 → 12.01, 12.4 − 0.0062 → 12.39: 18 + 38 = 56.
is 'at 5 basis points' "$(jq -c 'select(.name == "costs").return_after' <<<"$out")" 0.00056
run tn-backtest check sma-cross:fast=1,slow=2,stop=0 --sizing quantity:100 --max-position 100% --commission-per-share 0.01 ten.ndjson
# A cent a share is 4 for four fills; two cents are 8.
is 'at twice the costs' "$(jq -c 'select(.name == "costs") | [.return_before, .return_after]' <<<"$out")" '[0.00056,0.00052]'
is 'a verdict in words' "$(jq -r 'select(.name == "verdict").text' <<<"$out")" 'too few trades to tell skill from luck'

# --- a walk by hand, over the same ten days
ten() { tn-backtest walk sma-cross:fast=1,stop=0 slow=2 --least-trades 0 --sizing quantity:100 --max-position 100% ten.ndjson "$@"; }
# Days 0 to 9; the choice of day 4 sees days 0 to 2 and trades 5 and 6, that of day 7 sees 3 to 5 and trades 8 and 9.
is 'windows with a purge and an embargo of a day' "$(ten -q --train 4 --test 3 --purge 1 --embargo 1 |
    jq -r 'select(.type == "fold") | [.train_from, .train_until, .test_from, .test_until] | map(.[8:10]) | join(" ")' | paste -sd,)" \
    '02 05 09 11,05 10 12 16'
is 'the days of an embargo count' "$(ten -q --train 4 --test 3 --embargo 1 | jq -r 'select(.type == "equity") | .time[8:10]' | paste -sd' ')" '08 09 10 11 12 16'
# Day 5 closes above day 4: bought on day 6 at 12 + 0.01, a dollar of commission, worth 12.80 at its close: 100078. The
# window ends, and its position is sold at 12.80 - 0.01 for a dollar: 100076, which the next one begins with. There the
# decision is an old one, and nothing is entered.
ten -q --train 4 --test 3 --commission-per-share 0.01 --slippage-ticks 1 >spans.ndjson
is 'a trade across the end of a window' "$(jq -c 'select(.type == "equity").equity' spans.ndjson | paste -sd' ')" '100000 100000 100078 100076 100076 100076'
is 'is a trade, at its costs' "$(jq -c 'select(.type == "result").metrics | [.trades, .net_profit, .commission, .slippage]' spans.ndjson)" '[1,76,2,2]'

# --- the trial ledger
ledger=$TN_HOME/state/trials.ndjson
rm -f "$ledger"
tn-backtest sweep sma-cross 'fast=3,5' 'slow=10,20' bars.ndjson --least-trades 3 >sweep.ndjson 2>said
is 'a cell is a trial' "$(jq -r .run "$ledger" | sort | paste -sd' ')" "$(jq -r 'select(.type == "cell").run' sweep.ndjson | sort | paste -sd' ')"
like 'the last line judges the best of them' "$(tail -n 1 said)" "best of 4 trials of sma-cross so far, its Sharpe ratio is above that of luck .* White's reality check"
tn-backtest sweep -q sma-cross 'fast=3,5' 'slow=10,20' bars.ndjson >/dev/null
tn-backtest run -q sma-cross:fast=3,slow=10 bars.ndjson >run.ndjson
is 'the same again is none' "$(grep -c . "$ledger")" 4
is 'a run is one' "$(tn-backtest run -q sma-cross:fast=4,slow=10 bars.ndjson | tn-report summary -O table | grep -c 'after 5 trials')" 1
is 'another strategy is of another family' "$(tn-backtest run -q momentum bars.ndjson | tn-report summary -O table | grep -c 'after 1 trial of')" 1
tn-quote bars -s sim MSFT -n 400 --now 2026-03-02 | tn-backtest run -q sma-cross:fast=3,slow=10 >other.ndjson
is 'and so are other symbols' "$(tn-report summary other.ndjson -O table | grep -c 'after 1 trial of')" 1
before=$(tn-backtest run -q sma-cross:fast=3,slow=10 bars.ndjson | sha256sum)
echo 'no record' >>"$ledger"
printf '{"type":"trial","run":"cut' >>"$ledger"
is 'what a run writes does not depend on it' "$(tn-backtest run -q sma-cross:fast=3,slow=10 bars.ndjson | sha256sum)" "$before"
tn-backtest run -q sma-cross:fast=7,slow=10 bars.ndjson >/dev/null
is 'a line that was cut off spoils no other' "$(tail -n 1 "$ledger" | jq -r .strategy)" 'sma-cross:fast=7,slow=10'
for i in 1 2 3 4 5 6; do tn-backtest run -q "sma-cross:fast=$i,slow=60" bars.ndjson >/dev/null & done
wait
is 'many at once lose nothing' "$(grep -c 'slow=60' "$ledger")" 6
rm "$ledger" && mkdir "$ledger"
exits 'a ledger that cannot be written hinders nobody' 0 tn-backtest run sma-cross:fast=3,slow=10 bars.ndjson
stderr_like 'and it is said' 'the trial ledger cannot be written'
rmdir "$ledger"
for k in 1 2; do tn-backtest sweep -q sma-cross 'fast=3,5' 'slow=10,20' bars.ndjson --shard $k/2 >shard-$k.ndjson; done
is 'shards are no trials' "$(ls "$ledger" 2>/dev/null)" ''
tn-backtest merge -q shard-1.ndjson shard-2.ndjson >/dev/null
is 'until they are merged' "$(grep -c . "$ledger")" 4
finish
