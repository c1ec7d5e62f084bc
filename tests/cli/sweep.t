#!/usr/bin/env bash
# tn-backtest sweep and merge: each cell is the run of its values, however many processes, parts and attempts it took.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

tn-quote bars -s sim AAPL XOM -n 300 --now 2026-03-02 >bars.ndjson
sweep() { tn-backtest sweep sma-cross 'fast=5..20/5' 'slow=10..40/10' bars.ndjson "$@"; }

run sweep
is 'exit code' "$code" 0
cp .out sweep.ndjson
# fast 5 10 15 20 × slow 10 20 30 40 are 16; not faster: 10/10, 15/10, 20/10, 20/20.
is 'the head counts the cells and those that the strategy permits' \
    "$(jq -c 'select(.type == "sweep") | [.strategy, .cells, .kept, .method, .seed, .ranges]' <<<"$out")" \
    '["sma-cross",16,12,"grid",0,{"fast":"5..20/5","slow":"10..40/10"}]'
is 'the last range changes first, and what is left out keeps its number' \
    "$(jq -r 'select(.type == "cell") | [.cell, .params.fast, .params.slow] | join(" ")' <<<"$out" | paste -sd,)" \
    '0 5 10,1 5 20,2 5 30,3 5 40,5 10 20,6 10 30,7 10 40,9 15 20,10 15 30,11 15 40,14 20 30,15 20 40'
stderr_like 'the best is named' 'cells: 12, 4 left out; '

whole() { jq -c 'select(.type == "cell" or .type == "result") | [.run, .strategy, .params, .metrics, .outcome]'; }
for pair in 5,40 20,30; do
    is "cell $pair is what run makes" "$(tn-backtest run -q "sma-cross:fast=${pair%,*},slow=${pair#*,}" bars.ndjson | whole)" \
        "$(jq -c --argjson pair "[$pair]" 'select(.type == "cell" and [.params.fast, .params.slow] == $pair)' sweep.ndjson | whole)"
done
for jobs in 1 3; do
    sweep --jobs "$jobs" >jobs.ndjson 2>/dev/null
    same "the same bytes with --jobs $jobs" jobs.ndjson sweep.ndjson
done
sweep -f bars.ndjson >/dev/null 2>&1
is 'a file named twice goes back in time' "$?" 3

# --- the best: by which figure, and of how many trades
best() { sweep "$@" 2>&1 >/dev/null | sed -n 's/.*best by //p'; }
top() { jq -s -r "[.[] | select(.type == \"cell\" and .metrics.trades >= $2)] | $1(.metrics.$3).strategy" sweep.ndjson; }
like 'by Sharpe ratio' "$(best --least-trades 5)" "^Sharpe ratio: $(top max_by 5 sharpe) with"
like 'by drawdown, the least' "$(best --by max_drawdown --least-trades 1)" "^maximum drawdown: $(top min_by 1 max_drawdown) with"
run sweep --least-trades 1000
stderr_like 'or nobody is' 'none has 1000 trades'
exits 'an unknown figure' 2 sweep --by sharp
stderr_like 'with the nearest' 'did you mean sharpe'

# --- constraints
is '--where leaves cells out' "$(sweep -q --where 'fast * 2 < slow' | jq -c 'select(.type == "cell") | .cell' | paste -sd' ')" '1 2 3 6 7 11'
exits '--where about a parameter that there is not' 2 sweep --where 'fats < slow'
stderr_like 'with the nearest' 'did you mean fast'
exits '--where that permits nothing' 2 sweep --where 'fast > slow'

# --- parts
for k in 1 2 3; do sweep -q --shard $k/3 >shard-$k.ndjson; done
is 'a part has every third cell' "$(jq -c 'select(.type == "cell") | .cell' shard-2.ndjson | paste -sd' ')" '1 7 10'
tn-backtest merge shard-3.ndjson shard-1.ndjson shard-2.ndjson >merged.ndjson
same 'merged, they are the whole' merged.ndjson sweep.ndjson
exits 'a part that is missing' 5 tn-backtest merge shard-1.ndjson shard-3.ndjson
stderr_like 'is named' 'shard 2/3 is missing'
sed '$d' shard-2.ndjson >cut.ndjson
exits 'a part without its end' 5 tn-backtest merge shard-1.ndjson cut.ndjson shard-3.ndjson
stderr_like 'is named too' 'shard 2/3 is incomplete'
sed 3d shard-2.ndjson >hole.ndjson
exits 'a part that lost a cell' 5 tn-backtest merge shard-1.ndjson hole.ndjson shard-3.ndjson
exits 'a part twice' 2 tn-backtest merge shard-1.ndjson shard-1.ndjson shard-3.ndjson
exits 'a whole sweep' 3 tn-backtest merge sweep.ndjson
tn-quote bars -s sim AAPL -n 300 --now 2026-03-02 >other.ndjson
tn-backtest sweep -q sma-cross 'fast=5..20/5' 'slow=10..40/10' other.ndjson --shard 2/3 >strange.ndjson
exits 'a part of other bars' 9 tn-backtest merge shard-1.ndjson strange.ndjson shard-3.ndjson
stderr_like 'says so' 'their bars differ'
sweep -q --cash 5000 --shard 2/3 >strange.ndjson
exits 'a part on other terms' 9 tn-backtest merge shard-1.ndjson strange.ndjson shard-3.ndjson
stderr_like 'says so too' 'their terms differ'
sweep -q --shard 2/3 --where 'fast > 1' >strange.ndjson
exits 'a part with another constraint' 9 tn-backtest merge shard-1.ndjson strange.ndjson shard-3.ndjson
for shard in 0/3 4/3 1/0 1 a/b 1/3x; do exits "--shard $shard" 2 sweep --shard "$shard"; done

# --- going on after a crash
sweep -q --resume kept.ndjson >first.ndjson
same '--resume writes what a sweep without it does' first.ndjson sweep.ndjson
head -c 9000 kept.ndjson >part.ndjson
is 'a file cut within a line' "$(tail -c 1 part.ndjson | grep -c '}$')" 0
run sweep --resume part.ndjson
cp .out again.ndjson
stderr_like 'what was done is taken from it' '^tn-backtest: [1-9] of 12 cells are read from'
same 'the output is the whole' again.ndjson sweep.ndjson
same 'and so is the file' part.ndjson kept.ndjson
exits 'a file of another sweep' 9 sweep --resume kept.ndjson --cash 7000
sed 's/"cell":1,/"cell":2,/' kept.ndjson >wrong.ndjson
exits 'a file with a strange line' 9 sweep --resume wrong.ndjson
echo 'not a sweep' >text
exits 'a file that is none of ours' 9 sweep --resume text
is 'is left as it was' "$(cat text)" 'not a sweep'

# --- drawn cells
draw() { tn-backtest sweep -q sma-cross 'fast=5..50' 'slow=20..200' 'stop=0..3' bars.ndjson "$@"; }
draw --random 12 --seed 7 --where 'fast * 3 < slow' >drawn.ndjson
is 'random: every cell is there, drawn again until it is permitted' \
    "$(jq -s -c '[.[] | select(.type == "cell")] | [length, (map(select(.params.fast * 3 < .params.slow)) | length)]' drawn.ndjson)" '[12,12]'
for k in 1 2; do draw --random 12 --seed 7 --where 'fast * 3 < slow' --shard $k/2 >drawn-$k.ndjson; done
tn-backtest merge drawn-1.ndjson drawn-2.ndjson >merged.ndjson
same 'random: in parts' merged.ndjson drawn.ndjson
unlike 'random: another seed, other cells' "$(draw --random 12 --seed 8 | jq -c 'select(.type == "cell") | .params')" \
    "$(jq -c 'select(.type == "cell") | .params' drawn.ndjson | head -n 1 | sed 's/[{}]//g')"
# A Latin hypercube of 10 in 20..29 has each of the ten values once.
is 'latin: each part of a range once' "$(tn-backtest sweep -q sma-cross 'fast=1..10' 'slow=20..29' bars.ndjson --latin 10 |
    jq -s -c '[.[] | select(.type == "cell").params] | [(map(.fast) | sort), (map(.slow) | sort)]')" \
    '[[1,2,3,4,5,6,7,8,9,10],[20,21,22,23,24,25,26,27,28,29]]'
exits 'not both' 2 draw --random 3 --latin 3

# --- ranges of a rule file, and steps that are exact
cat >turn.tn <<'END'
param fast = 10 in 5..15 step 5
param k = 0.2 in 0.1..0.5 step 0.1
enter long: ema(fast) crosses above ema(30)
exit long: ema(fast) crosses below ema(30)
stop: close - k * atr(14)
END
is 'a rule file says its ranges' "$(tn-backtest sweep -q turn.tn bars.ndjson | jq -c 'select(.type == "cell") | .params.k' | head -n 5 | paste -sd' ')" '0.1 0.2 0.3 0.4 0.5'
is 'or they are named' "$(tn-backtest sweep -q turn.tn fast=5,7 k=0.4 bars.ndjson | jq -c 'select(.type == "cell") | [.params.fast, .params.k]' | paste -sd' ')" '[5,0.4] [7,0.4]'
sed 's/ema(30)/ema(31)/' turn.tn >changed.tn && mv changed.tn turn.tn
is 'the rules are of the sweep' "$(tn-backtest sweep -q turn.tn bars.ndjson | head -n 1 | jq -r .rules)" "$(sha256sum turn.tn | cut -d' ' -f1)"

# --- what cannot be
while read -r words; do
    # shellcheck disable=SC2086 # words
    exits "refused: $words" 2 tn-backtest sweep $words bars.ndjson
done <<'END'
sma-cross
sma-crss fast=1..2
sma-cross fast=5..
sma-cross fast=..5
sma-cross fast=5..3
sma-cross fast=a,b
sma-cross fast=
sma-cross fast=5,5
sma-cross fast=1..5/0.5
sma-cross fast=1..5/0
sma-cross fast=1..5/-1
sma-cross fast=0..5
sma-cross stop=1..2
sma-cross slow=1..100000000
sma-cross fast=1..9000 slow=1..9000
sma-cross nope=1
sma-cross fast=1 fast=2
sma-cross fast=1..5 momentum
END
# --- successive halving: 12 cells on a ninth of the days, 4 on a third, 2 on all
before=$(grep -c . "$TN_HOME/state/trials.ndjson")
sweep --halving 3 >halved.ndjson 2>said
is 'halving: the last few' "$(jq -s -c '[.[] | select(.type == "cell")] | length' halved.ndjson) $(jq -c 'select(.type == "sweep") | [.cells, .kept, .halving, .by]' halved.ndjson)" '2 [16,2,3,"sharpe"]'
like 'halving: the others are counted' "$(cat said)" 'cells: 2, 4 left out, 10 dropped on fewer days'
is 'halving: as trials too' "$(($(grep -c . "$TN_HOME/state/trials.ndjson") > before))" 1
cell=$(jq -c 'select(.type == "cell") | .cell' halved.ndjson | head -n 1)
is 'halving: their runs are those of the whole' "$(jq -c --argjson cell "$cell" 'select(.type == "cell" and .cell == $cell)' halved.ndjson | whole)" \
    "$(jq -c --argjson cell "$cell" 'select(.type == "cell" and .cell == $cell)' sweep.ndjson | whole)"
sweep -q --halving 3 --jobs 3 >jobs.ndjson
same 'halving: the same on three processes' jobs.ndjson halved.ndjson
# best N DAYS CELLS…: of these cells the best N on the days before that one
best_of() {
    local n=$1 until
    until=$(jq -r 'select(.type == "bar" and .symbol == "XOM").end' bars.ndjson | sed -n "$2p")
    shift 2
    jq -c --arg until "$until" 'select(.type != "bar" or .end < $until)' bars.ndjson | tn-backtest sweep -q sma-cross 'fast=5..20/5' 'slow=10..40/10' |
        jq -s -r --argjson n "$n" --argjson cells "[$(tr ' ' , <<<"$*")]" 'map(select(.type == "cell" and .metrics.trades >= 1)) |
            map(select(.cell as $c | $cells | index($c))) | sort_by(-.metrics.sharpe, .cell) | .[:$n] | map(.cell) | sort | map(tostring) | join(" ")'
}
# shellcheck disable=SC2046 # numbers
first=$(best_of 4 34 $(jq -c 'select(.type == "cell").cell' sweep.ndjson))
# shellcheck disable=SC2086
is 'halving: of 300 days 33 and then 100 choose' "$(jq -c 'select(.type == "cell").cell' halved.ndjson | paste -sd' ')" "$(best_of 2 101 $first)"
exits 'halving: not in parts' 2 sweep --halving 3 --shard 1/2
exits 'halving: not resumed' 2 sweep --halving 3 --resume file

# --- the table
is 'tn-report sweep: the best first' "$(tn-report sweep sweep.ndjson --least-trades 1 -O json | jq -r 'select(.type == "sweep_row").strategy' | head -n 1)" "$(top max_by 1 sharpe)"
is 'the least drawdown first' "$(tn-report sweep sweep.ndjson --by max_drawdown --least-trades 1 --count 1 -O json | jq -r 'select(.type == "sweep_row").strategy')" "$(top min_by 1 max_drawdown)"
is 'all of them' "$(tn-report sweep --least-trades 0 -O csv <sweep.ndjson | grep -c '^[0-9]')" 12
like 'and what is left out is said' "$(tn-report sweep sweep.ndjson --least-trades 1000 -O table)" '12 with fewer than 1000 trades'
exits 'no cells' 1 tn-report sweep bars.ndjson
exits 'an unknown figure' 2 tn-report sweep sweep.ndjson --by sharp

exits 'no bars, and no end' 5 tn-backtest sweep sma-cross fast=5..6 /dev/null
grep -v '"type":"bar"' bars.ndjson >none.ndjson
exits 'no bars' 1 tn-backtest sweep sma-cross fast=5..6 none.ndjson
finish
