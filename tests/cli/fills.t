#!/usr/bin/env bash
# Fill models by name and the range over them (sim/fill_models.h), as a user runs them. What each does to an order is in
# tests/unit/test-fills.c.
# shellcheck disable=SC2016 # jq's own variables
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

figure() { jq -c "select(.type == \"result\") | $1" "$2"; }
tn-quote bars -s sim AAPL MSFT -n 600 >bars.nd
run_as() { tn-backtest run sma-cross:fast=5,slow=15,stop=0.3,target=0.3 --slippage-bps 5 "$@" bars.nd; }

# --- a model by option, environment and account
for model in conservative ohlc olhc optimistic pessimistic probabilistic volume; do
    run_as --fills "$model" >"$model.nd"
    is "$model: the result names it" "$(figure .assumptions.fill_model "$model.nd")" "\"$model\""
done
run_as >default.nd
same 'conservative is the default' default.nd conservative.nd
is 'each makes figures of its own' "$(for m in conservative ohlc olhc optimistic pessimistic probabilistic; do figure .metrics.net_profit "$m.nd"; done | sort -u | wc -l)" 6
echo 'account backtest { fills = ohlc  fill_seed = 3 }' >"$TN_HOME/config"
run_as >account.nd
same 'an account says it' account.nd ohlc.nd
TN_FILLS=olhc run_as >environment.nd
same 'the environment goes before it' environment.nd olhc.nd
run_as --fills probabilistic >drawn.nd
is 'the seed is the account'"'"'s' "$(figure .assumptions.fill_seed drawn.nd)" 3
run_as --fills probabilistic --fill-seed 1 >drawn.nd
same 'or the option'"'"'s: the same seed, the same bytes' drawn.nd probabilistic.nd
is 'where nothing is drawn there is none' "$(figure .assumptions.fill_seed ohlc.nd)" null
rm "$TN_HOME/config"
exits 'another name' 2 run_as --fills optimist
stderr_like 'the nearest' 'optimistic'
echo 'account backtest { fills = hopeful }' >"$TN_HOME/config"
exits 'another name in the configuration' 2 run_as
rm "$TN_HOME/config"
like 'the head of a summary says it' "$(tn-report summary -O table pessimistic.nd)" 'fills +pessimistic, '
tn-backtest sweep sma-cross 'fast=5..6' slow=15 --fills pessimistic bars.nd >sweep.nd
is 'a sweep says it' "$(jq -c 'select(.type == "sweep") | .assumptions.fill_model' sweep.nd)" '"pessimistic"'
exits 'a range is of a run' 2 tn-backtest sweep sma-cross 'fast=5..6' slow=15 --fills range bars.nd

# --- quotes among the bars; orders that are large
exits 'spread without a quote' 2 run_as --fills spread
stderr_like 'says so' 'needs quotes, but there are none'
{ for symbol in AAPL MSFT; do printf '{"type":"quote","time":"2020-01-02T15:00:00Z","symbol":"%s","bid":100,"ask":100.5}\n' "$symbol"; done; cat bars.nd; } >quotes.nd
tn-backtest run sma-cross:fast=5,slow=15,stop=0.3,target=0.3 --fills spread quotes.nd >spread.nd
is 'with them: market and stop fills lose half of 0.50 a share' \
    "$(jq -s 'map(select(.type == "fill" and .role != "target") | (.slippage / .quantity * 100 | round)) | unique' -c spread.nd)" '[25]'
jq -c 'if .type == "bar" then .volume = 500 else . end' bars.nd | tn-backtest run sma-cross:fast=5,slow=15,stop=0 --sizing quantity:100 --max-position 100% >large.nd
ok 'an order above a tenth of its bar is counted' test "$(figure .outcome.large large.nd)" -gt 0
like 'and said' "$(tn-report summary -O table large.nd)" 'orders? w.* for more than 10 % of the volume of the bar'
is 'small ones are not' "$(figure '[.outcome.large, .outcome.largest < 0.1]' default.nd)" '[0,true]'

# --- the range: three runs at once
run_as --fills range >range.nd
jq -c 'select(.type == "result").range |= empty' range.nd >base.nd
jq -c . conservative.nd >plain.nd
same 'the records are those of the base' base.nd plain.nd
for at in 0:pessimistic 1:conservative 2:optimistic; do
    is "its figures of ${at#*:} are those of that run" "$(figure ".range.metrics | map_values(.[${at%:*}])" range.nd)" \
        "$(figure .metrics "${at#*:}.nd")"
done
is 'the models are named' "$(figure '[.range.low, .range.base, .range.high]' range.nd)" '["pessimistic","conservative","optimistic"]'
is 'what is out of order is: return, drawdown and profit factor are named if and only if they are' \
    "$(figure '.range | [.out_of_order[] | select(IN("return", "max_drawdown", "profit_factor", "ulcer"))] | sort' range.nd)" \
    "$(figure '.range.metrics | [("return", "profit_factor") as $m | select(.[$m][0] > .[$m][1] or .[$m][1] > .[$m][2]) | $m] +
        [("max_drawdown", "ulcer") as $m | select(.[$m][0] < .[$m][1] or .[$m][1] < .[$m][2]) | $m] | sort' range.nd)"
tn-backtest pack bars.nd -o bars.pack
tn-backtest run sma-cross:fast=5,slow=15,stop=0.3,target=0.3 --slippage-bps 5 --fills range bars.pack >packed.nd
same 'from a file of columns: the same' packed.nd range.nd
like 'a summary shows the range' "$(tn-report summary -O table range.nd)" "net profit +$(printf %.2f "$(figure .metrics.net_profit range.nd)") \\($(printf %.2f "$(figure .metrics.net_profit pessimistic.nd)") to "
like 'and says of what' "$(tn-report summary -O table range.nd)" 'range of the fill models pessimistic to optimistic'
is 'JSON has it' "$(tn-report summary -O json range.nd | jq -c '.range.low')" '"pessimistic"'

# --- how far each trade went, worked out by Python from the bars: highs and lows from the bar of the entry, which is at an
# open, to the one before the exit, and the price of that
cat >excursions.py <<'END'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
bars = [r for r in (json.loads(line) for line in open("bars.nd")) if r["type"] == "bar"]
entry, wrong, count = {}, 0, 0
for fill in (r for r in lines if r["type"] == "fill"):
    if fill["role"] == "entry":
        entry[fill["symbol"]] = fill
        continue
    start = entry[fill["symbol"]]
    passed = [b for b in bars if b["symbol"] == fill["symbol"] and start["time"][:10] <= b["session"] < fill["time"][:10]]
    high = max([b["high"] for b in passed] + [start["price"], fill["price"]])
    low = min([b["low"] for b in passed] + [start["price"], fill["price"]])
    want = [round((x - start["price"]) * fill["quantity"], 2) for x in (high, low)]
    count += 1
    wrong += want != [fill["mfe"], fill["mae"]]
print(count, wrong)
END
is 'best and worst excursion of each trade' "$(python3 excursions.py conservative.nd | sed 's/^[1-9][0-9] /many /')" 'many 0'
is 'their means are among the figures' "$(figure '.metrics | [.mfe, .mae, .edge_ratio] | map(. * 1e6 | round)' conservative.nd)" \
    "$(jq -sc 'map(select(.type == "fill" and .mfe)) | [([.[].mfe] | add / length), ([.[].mae] | add / length)] | [.[0], .[1], -.[0] / .[1]] | map(. * 1e6 | round)' conservative.nd)"

# --- against each other, day by day: the mean difference of the daily returns, a year
tn-report compare conservative.nd optimistic.nd -o compare.md
want=$(jq -sr --slurpfile other optimistic.nd 'def curve: map(select(.type == "equity").equity) | [.[1:], .[:-1]] | transpose | map(.[0] / .[1] - 1);
    ($other | curve) as $a | curve as $b | [$a, $b] | transpose | map(.[0] - .[1]) | "\(length) \(add / length * 252 * 10000 | round)"' conservative.nd)
row=$(grep '| all days ' compare.md)
is 'compare: the days that both have' "$(awk -F'|' '{gsub(/ /, "", $4); print $4}' <<<"$row")" "${want% *}"
is 'the mean difference, a year, in hundredths of a percent' "$(awk -F'|' '{gsub(/[ %+]/, "", $5); printf "%.0f", $5 * 100}' <<<"${row//−/-}")" "${want#* }"
is 'by year too' "$(grep -c '| 20[0-9][0-9] ' compare.md)" "$(jq -r 'select(.type == "equity").time[:4]' conservative.nd | sort -u | wc -l)"
is 'with the bars of a market by its trend' "$(tn-report compare conservative.nd optimistic.nd bars.nd -o both.md && grep -c 'its average of 200 days' both.md)" 2
is 'tn-report trades has them' "$(tn-report trades -O json conservative.nd | jq -sc 'map(select(.type == "round_trip") | [.mfe, .mae])')" \
    "$(jq -sc 'map(select(.type == "fill" and .mfe) | [.mfe, .mae])' conservative.nd)"
finish
