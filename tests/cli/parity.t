#!/usr/bin/env bash
# One strategy, three worlds: the backtest, the pipeline at full speed and the scan once a day give the same fills, on
# ten synthetic symbols with splits and dividends while positions are held.
. "$(dirname "$0")/lib.sh"
needs jq

mkdir -p "$TN_HOME"
cat >"$TN_HOME/config" <<'EOF'
account paper {
    commission_per_share = 0.005
    commission_minimum = 1
    slippage_ticks = 1
}
EOF
symbols=(A B C D E F G H I J)
strategies=("sma-cross:fast=5,slow=20" "momentum:lookback=40,skip=5" "mean-reversion:target=3")
tn-quote bars -s sim:actions "${symbols[@]}" --from 2024-01-01 --to 2025-01-01 >year.ndjson
fills() { jq -c 'select(.type == "fill") | [.time, .symbol, .strategy, .role, .side, .quantity, .price, .commission]' "$@"; }

# The pipeline: 20 times over all three strategies together, once each alone.
session() { # NAME STRATEGY…
    local name=$1
    shift
    export TN_HOME=$WORK/home-$name
    mkdir -p "$TN_HOME"
    cp "$WORK/tn/config" "$TN_HOME/config"
    tn-order open paper --now 2023-12-31 -q &&
        tn-stream replay year.ndjson | tn-signal run "$@" -p | tn-risk size --session -p |
            tee "$name.sized" | tn-order run >"$name.ndjson"
    fills "$name.ndjson" >"$name.fills"
}
backtest() { # NAME STRATEGY…
    local name=$1
    shift
    TN_HOME=$WORK/tn tn-backtest run -a paper "$@" <year.ndjson >"$name.ndjson"
    fills "$name.ndjson" >"$name.fills"
}

for strategy in "${strategies[@]}"; do
    name=${strategy%%:*}
    backtest "backtest-$name" "$strategy"
    session "session-$name" "$strategy"
    ok "$name trades" test -s "backtest-$name.fills"
    same "$name: backtest and pipeline give the same fills" "session-$name.fills" "backtest-$name.fills"
    moments=$(jq -r 'select(.type == "bar").end // .time' year.ndjson | sort -u | wc -l)
    asked=$(grep -c '"type":"sync"' "session-$name.sized")
    ok "$name: asks where something may come of it: $asked of $moments moments" test "$asked" -lt "$moments"
done

backtest all "${strategies[@]}"
different=0
for ((i = 0; i < 20; i++)); do
    session "all-$i" "${strategies[@]}"
    cmp -s "all-$i.fills" all.fills || different=$((different + 1))
done
is 'the pipeline gives the same fills 20 times over' "$different" 0

# A session that broke off half-way and is started over from the beginning of its stream, twice.
export TN_HOME=$WORK/home-again
mkdir -p "$TN_HOME"
cp "$WORK/tn/config" "$TN_HOME/config"
tn-order open paper --now 2023-12-31 -q
: >again.ndjson
for lines in 900 1700 100000; do
    head -n "$lines" year.ndjson | tn-signal run "${strategies[@]}" -p | tn-risk size --session -p | tn-order run \
        >>again.ndjson 2>again.err
done
fills again.ndjson >again.fills
same 'a session that is started over goes on where it broke off' again.fills all.fills

# Prices that are adjusted for splits, with dividends, as --adjusted split gives them: both pay them.
payments() { jq -c 'select(.type == "cash" and .kind == "dividend") | [.time, .symbol, .strategy, .amount]' "$@"; }
sed 's/"adjusted":"raw"/"adjusted":"split"/; /"kind":"split"/d' year.ndjson >whole.ndjson
mv year.ndjson raw.ndjson
mv whole.ndjson year.ndjson
backtest backtest-split 'sma-cross:fast=5,slow=20'
is 'a backtest takes dividends of split-adjusted prices' "$?" 0
session session-split 'sma-cross:fast=5,slow=20'
cp raw.ndjson year.ndjson
payments backtest-split.ndjson >backtest-split.paid
payments session-split.ndjson >session-split.paid
ok 'and pays them' test -s backtest-split.paid
same 'as the pipeline does' session-split.paid backtest-split.paid

# A price that jumps, in June, in two of the symbols: entries in them are refused from then on, exits go, in both alike.
jump() { printf '{"type":"anomaly","time":"2024-06-03T20:00:00Z","symbol":"%s","check":"unit","observed":1,"expected":10}\n' "$1"; }
sed "/\"symbol\":\"B\".*\"session\":\"2024-06-03\"/a $(jump B)
/\"symbol\":\"D\".*\"session\":\"2024-06-03\"/a $(jump D)" raw.ndjson >year.ndjson
is 'two anomalies are inside' "$(grep -c '"type":"anomaly"' year.ndjson)" 2
backtest backtest-jump "${strategies[@]}"
session session-jump "${strategies[@]}"
cp raw.ndjson year.ndjson
same 'prices that jump: backtest and pipeline give the same fills' session-jump.fills backtest-jump.fills
entries() { jq -c 'select((.[1] == "B" or .[1] == "D") and .[3] == "entry" and .[0] > "2024-06-04")' "$1" | wc -l; }
is 'and no entry in these symbols after it' "$(entries backtest-jump.fills)" 0
unlike 'where there were some' "$(entries all.fills)" '^0$'
like 'the result counts the refusals' "$(tail -n 2 backtest-jump.ndjson)" '"ANOMALY":[1-9]'
like 'the pipeline tells of each' "$(cat session-jump.ndjson)" '"code":"ANOMALY"'

# What the proof rests on: actions met positions and working stops.
export TN_HOME=$WORK/home-all-0
held=$(tn-journal show --type action | jq -r .kind | sort | uniq -c | tr -s ' \n' ' ')
like 'a split came while something was held' "$held" '[0-9] split'
like 'a dividend came while something was held' "$held" '[0-9] dividend'
like 'a dividend was paid' "$(tn-journal show --type cash)" '"kind":"dividend"'
ok 'the journal of a session verifies' tn-journal verify -q
equity() { jq -c 'select(.type == "equity") | .equity' "$@" | tail -n 1; }
is 'both end with the same equity' "$(tn-journal show --type equity | equity)" "$(equity all.ndjson)"

# Once a day, after the close, with nothing kept between the days but the journal.
export TN_HOME=$WORK/home-daily
mkdir -p "$TN_HOME"
cp "$WORK/tn/config" "$TN_HOME/config"
tn-order open paper --now 2023-12-31 -q
worst=0
while read -r close; do
    tn-quote bars -s sim:actions "${symbols[@]}" --from 2024-01-01 --now "$close" >day.ndjson
    tn-order settle <day.ndjson >>daily.ndjson
    tn-signal run "${strategies[@]}" <day.ndjson | tn-risk size --now "$close" | tn-order submit --now "$close" \
        >>daily.ndjson
    codes=("${PIPESTATUS[@]}")
    for code in "${codes[@]}"; do
        [ "$code" -eq 0 ] || [ "$code" -eq 6 ] || worst=$code
    done
done < <(jq -r 'select(.type == "bar") | .end' year.ndjson | sort -u)
fills daily.ndjson >daily.fills
is 'no scan of the year failed' "$worst" 0
same 'the scan once a day gives the same fills' daily.fills all.fills
ok 'the journal of the scans verifies' tn-journal verify -q
finish
