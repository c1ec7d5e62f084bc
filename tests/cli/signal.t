#!/usr/bin/env bash
# tn-signal as a user runs it: indicators against their definitions, signals, what passes, what is refused.
. "$(dirname "$0")/lib.sh"
needs python3
market() { python3 "$TOP/tests/cli/indicators.py" "$@"; }
market bars >market.ndjson

# Seven bars: 10 11 12 then a split of 2 for 1: 6.5 7 5 4.5.
{
    day=2
    for close in 10 11 12 S 6.5 7 5 4.5; do
        if [ "$close" = S ]; then
            echo '{"type":"action","time":"2024-01-05T05:00:00Z","symbol":"AAPL","id":"s","kind":"split","new":2,"old":1}'
            continue
        fi
        printf '{"type":"bar","time":"2024-01-0%dT05:00:00Z","symbol":"AAPL","interval":"1d","open":%s,"high":%s,"low":%s,"close":%s,"volume":10,"end":"2024-01-0%dT21:00:00Z"}\n' \
            "$day" "$close" "$close" "$close" "$close" "$day"
        day=$((day + 1))
    done
    echo '{"type":"quote","time":"2024-01-08T22:00:00Z","symbol":"AAPL","bid":4.4,"bid_size":1,"ask":4.6,"ask_size":1}'
    echo '{"type":"status","time":"2024-01-08T22:00:00Z","source":"x","state":"stale"}'
    echo '{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}'
} >seven.ndjson
bars() { grep '"type":"bar"' <<<"$out"; }
signals() { grep '"type":"signal"' <<<"$out"; }

# add
run tn-signal add sma:20 ema:9 rsi:14 macd:5,12,4 atr:7 bbands:10,2.5 donchian:15 -f market.ndjson
printf '%s\n' "$out" >added.ndjson
ok 'every indicator agrees with its definition, in exact fractions, across splits and dividends' \
    market check <added.ndjson
run tn-signal add sma:2 <seven.ndjson
is 'add ends with 0' "$code" 0
is 'every bar comes out' "$(bars | wc -l)" 7
like 'null while warming up' "$(bars | head -1)" '"end":"2024-01-02T21:00:00Z","sma_2":null}$'
like 'the average of 10 and 11' "$(bars | sed -n 2p)" '"sma_2":10\.5}$'
# (12/2 + 6.5)/2 = 6.25 in prices after the split
like 'the average across the split, in prices of the day' "$(bars | sed -n 4p)" '"sma_2":6\.25}$'
is 'what stands between the bars goes on' "$(grep -cE '"type":"(action|quote|status)"' <<<"$out")" 3
like 'one end, with what was written' "$(tail -1 <<<"$out")" '^\{"type":"end","status":0,"complete":true,.*"bar":7'
printf '%s\n' "$out" >once.ndjson
run tn-signal add sma:2 <once.ndjson
printf '%s\n' "$out" >twice.ndjson
same 'adding the same again changes nothing' twice.ndjson once.ndjson
run tn-signal add sma:2 rsi:3 <market.ndjson
printf '%s\n' "$out" >a
tn-signal add sma:2 <market.ndjson | tn-signal add rsi:3 >b
same 'two runs in a row are one run with both' a b
like 'fields nobody knows stay' "$(bars | tail -1)" '"mine":\{"n":\[159\]\},"sma_2"'
tn-signal add sma:2 -f - <seven.ndjson >a
same '--file reads files, - is standard input' a once.ndjson

# run
run tn-signal run sma-cross:fast=1,slow=2,stop=0 <seven.ndjson
is 'run ends with 0' "$code" 0
is 'one level a bar once warm' "$(signals | wc -l)" 6
# in the basis of the first bar: 10 11 12 13 14 10 9
is 'the sides are those of the adjusted prices' \
    "$(signals | sed 's/.*"side":"\([a-z]*\)".*/\1/' | tr '\n' ' ')" 'long long long long flat flat '
is 'one id per decision' "$(signals | sed 's/.*"id":"\([^"]*\)".*/\1/' | sort -u | wc -l)" 2
like 'the reason is in prices of the day' "$(signals | sed -n 3p)" '"reason":\{"fast":6\.5,"slow":6\.25\}'
is 'initial until the first change' "$(signals | grep -c '"initial":true')" 4
is 'without --pass no market records' "$(grep -cE '"type":"(bar|action|quote)"' <<<"$out")" 0
is 'records about the flow always pass' "$(grep -c '"type":"status"' <<<"$out")" 1
run tn-signal run -p sma-cross:fast=1,slow=2,stop=0 sma-cross:fast=1,slow=3,stop=0 <seven.ndjson
is 'with --pass signals follow their bar, in the order of the strategies' \
    "$(printf '%s\n' "$out" | sed 's/^{"type":"\([a-z]*\)".*/\1/' | head -9 | tr '\n' ' ')" \
    'bar bar signal bar signal signal action bar signal '
tn-signal run -p momentum:lookback=3,skip=1 <market.ndjson | tn-signal run -p mean-reversion:n=5,k=1.5 >chained
is 'signals of a program before pass under --pass' "$(grep -c '"strategy":"momentum' chained)" \
    "$(tn-signal run momentum:lookback=3,skip=1 <market.ndjson | grep -c '"type":"signal"')"
tn-signal run sma-cross momentum mean-reversion <market.ndjson >a
tn-signal run sma-cross momentum mean-reversion <market.ndjson >b
same 'the same input gives the same bytes' a b

# only the last of each
printf '%s\n' 'enter long: close > close[2] and close > sma(3) of AAPL / 4' 'exit long: close < close[1]' 'stop: close - atr(3)' >of.tn
{
    cat market.ndjson
    echo '{"type":"action","time":"2030-01-02T05:00:00Z","symbol":"AAPL","kind":"split","new":2,"old":1}'
    echo '{"type":"action","time":"2030-01-03T05:00:00Z","symbol":"AAPL","kind":"rename","new_symbol":"APPL"}'
} >ended.ndjson
three=('momentum:lookback=3,skip=1' 'mean-reversion:n=5,k=1.5' of.tn)
tn-signal run "${three[@]}" ended.ndjson | tac | awk '/"type":"signal"/ && match($0, /"strategy":"[^"]*"/) {
    strategy = substr($0, RSTART, RLENGTH); match($0, /"symbol":"[^"]*"/)
    if (!seen[strategy, substr($0, RSTART, RLENGTH)]++) print}' | tac >want
tn-signal run --latest "${three[@]}" ended.ndjson | grep '"type":"signal"' >got
like 'of two symbols and three strategies' "$(wc -l <got)" '^6$'
same '--latest writes the last of each, whatever follows' got want

# where
run tn-signal add sma:2 --where 'close > 6' <seven.ndjson
is '--where keeps the bars that fit' "$(bars | wc -l)" 5
like '--where keeps corporate actions, prices cannot be read without them' "$(bars | sed -n 4p)" '"sma_2":6\.25}$'
run tn-signal add sma:2 --where 'clsoe > 6' <seven.ndjson
is 'a field that no record had is named' "$err" \
    "tn-signal: --where: no record had a field 'clsoe', did you mean 'close'?"
exits 'an expression that is none is a usage error' 2 tn-signal add sma:2 --where 'close >' -f seven.ndjson

# refusals
exits 'an unknown indicator is a usage error' 2 tn-signal add smma:20 -f seven.ndjson
stderr_like 'with the nearest word' 'sma'
exits 'an unknown strategy is a usage error' 2 tn-signal run momentun -f seven.ndjson
stderr_like 'with the nearest word' 'momentum'
exits 'an unknown parameter is a usage error' 2 tn-signal run sma-cross:fats=3 -f seven.ndjson
stderr_like 'with the nearest word' 'fast'
exits 'parameters that do not fit each other are refused' 2 tn-signal run sma-cross:fast=30 -f seven.ndjson
exits 'the same field twice is refused' 2 tn-signal add sma:20 sma -f seven.ndjson
exits 'the same instance twice is refused' 2 tn-signal run sma-cross sma-cross:fast=10 -f seven.ndjson
# shellcheck disable=SC2046 # words
exits 'more than 64 fields are refused' 2 tn-signal add $(seq -f 'sma:%g' 65) -f seven.ndjson
# shellcheck disable=SC2046
ok '64 fields are not' tn-signal add $(seq -f 'sma:%g' 64) -f seven.ndjson
exits 'nothing to add is refused' 2 tn-signal add -f seven.ndjson
exits 'a missing file is named' 2 tn-signal add sma:2 -f missing.ndjson
stderr_like 'by its name' 'missing.ndjson'
{
    head -2 seven.ndjson
    echo '{"type":"bar","time":"2024-01-04T05:00:00Z","symbol":"AAPL","interval":"1d","open":5,"high":4,"low":5,"close":5,"volume":1}'
    sed -n 2p seven.ndjson
    echo '{"type":"action","time":"2024-01-05T05:00:00Z","symbol":"AAPL","kind":"split","new":0,"old":1}'
    sed -n 3p seven.ndjson
    tail -1 seven.ndjson
} >bad.ndjson
for command in 'add sma:2' 'run sma-cross:fast=1,slow=2,stop=0'; do
    # shellcheck disable=SC2086
    run tn-signal $command <bad.ndjson
    is "$command: bad lines end with 3" "$code" 3
    is "$command: each is named by its line" "$(grep -oE '(line )?[345]:' <<<"$err" | tr -dc '345')" 345
    is "$command: good lines go on" "$(grep -cE '"(bar|signal)",' <<<"$out")" "$([ "${command%% *}" = add ] && echo 3 || echo 2)"
    # shellcheck disable=SC2086
    exits "$command: --strict stops at the first" 3 tn-signal $command --strict -f bad.ndjson
    is "$command: and says only that" "$(grep -c 'tn-signal:' <<<"$err")" 1
done

# list
run tn-signal list
is 'list is NDJSON off a terminal' "$(python3 -c 'import json,sys
for line in sys.stdin: print(json.loads(line)["kind"])' <<<"$out" | sort | uniq -c | tr -s ' \n' ' ')" " 83 indicator $(($(grep -c '^extern const struct strategy strategy_' "$TOP/src/strategy/table.h") + $(find "$TOP/share/strategies" -name '*.tn' | wc -l))) strategy "
ok 'list is a table when asked' tn-signal list -O table
stdout_like 'with the bars needed' '^kind +name +parameters +bars needed +title'
like 'with the defaults' "$out" 'sma-cross +fast=10,slow=30,short=0,atr=14,stop=2,target=0 +30'
# 252 bars back, and the bar itself; a mean of 50 needs 50.
is 'list of what is named, with its parameters' "$(tn-signal list momentum:lookback=252 sma:50 -O tsv | cut -f2,4 | tail -n 2 | paste -sd' ')" \
    "$(printf 'momentum:lookback=252\t253 sma:50\t50')"
exits 'list of what there is not' 2 tn-signal list sma20
stderr_like 'knows what was meant' 'hint: did you mean sma:20\?'
run tn-signal run momentum -f seven.ndjson
stderr_like 'too few bars: how many are needed' '^tn-signal: momentum: no signal for .*: .* has [0-9]+ bars?, 127 are needed$'
# All at once: no more than 64 fields a run.
tn-signal list | sed -n 's/.*"kind":"indicator","name":"\([^"]*\)","parameters":"\([^"]*\)".*/\1:\2/p' >names
is 'most indicators have parameters' "$(($(wc -l <names) > 60))" 1
for part in 1 2 3 4; do
    # shellcheck disable=SC2046
    ok "what list says of indicators can be written ($part)" \
        tn-signal add --against X $(awk -v part=$part 'NR % 4 == part - 1' names) -f seven.ndjson
done
ok 'tn-indicators(7) is what the table says' env TN_BIN="$TN_BIN" "$TOP/scripts/dev/make-indicators" --check

# beta and correl: a second series. By hand: X 10 11 13 12 and Y 20 21 22 24 have the deviations -1.5 -0.5 1.5 0.5 and
# -1.75 -0.75 0.25 2.25: products 2.625 0.375 0.375 1.125 = 4.5, squares 5 and 8.75, so r = 4.5/sqrt(43.75) = 0.6803...
for i in 1 2 3 4; do
    x=$(cut -d' ' -f$i <<<'10 11 13 12') y=$(cut -d' ' -f$i <<<'20 21 22 24')
    for bar in "X $x" "Y $y"; do
        printf '{"type":"bar","time":"2024-01-0%dT05:00:00Z","symbol":"%s","interval":"1d","open":%s,"high":%s,"low":%s,"close":%s,"end":"2024-01-0%dT21:00:00Z"}\n' \
            $i "${bar% *}" "${bar#* }" "${bar#* }" "${bar#* }" "${bar#* }" $i
    done
done >pair.ndjson
run tn-signal add correl:4 --against X -f pair.ndjson
like 'correl holds one symbol against another' "$out" '"symbol":"Y".*"2024-01-04T21:00:00Z","correl_4":0\.680336051[0-9]*}'
like 'and that one against itself' "$out" '"symbol":"X".*"2024-01-04T21:00:00Z","correl_4":(1|0\.99999999999999[0-9]*)}'
run tn-signal add correl:4 --against Y -f pair.ndjson
like 'who comes too late is told of' "$err" 'Y comes after the bars'
exits 'a second series must be named' 2 tn-signal add beta -f pair.ndjson
like 'with a hint' "$err" 'hint: .*--against'
exits 'an unknown calendar is refused' 2 tn-signal add vwap --calendar nasdaq -f pair.ndjson
for name in $(tn-signal list | sed -n 's/.*"kind":"strategy","name":"\([^"]*\)","parameters":"\([^"]*\)".*/\1:\2/p'); do
    ok "what list says of $name can be written" tn-signal run "$name" -f seven.ndjson
done
finish
