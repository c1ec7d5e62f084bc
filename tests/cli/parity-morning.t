#!/usr/bin/env bash
# The scan of the next morning, as cron runs it, gives the fills of the backtest, in an account that loses more than a
# day may: what Monday's bars decided is judged by Monday in both, over weekends and holidays too. The same for a market
# that never closes, scanned when its day ends.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

strategies=("sma-cross:fast=2,slow=4" "mean-reversion:n=5,k=1.5,rsi=3,target=3")
fills() { jq -c 'select(.type == "fill") | [.time, .symbol, .strategy, .role, .side, .quantity, .price, .commission]' "$@"; }
# Each decision once, when it was first refused: a backtest says no more of a level that is repeated.
limited() {
    jq -r 'select(.type == "refusal" and .code == "DAILY_LOSS_LIMIT") | .time + " " + .symbol + " " + .cause' "$@" |
        sort | awk '!seen[$2 " " $3]++'
}

# scans WORLD MOMENT…: settle, signals, sizing and orders at each; every program starts from the journal alone.
scans() {
    local world=$1 now code worst=0
    shift
    tn-order open paper --now 2024-01-01T00:00:00Z -q
    : >"$world.ndjson"
    for now in "$@"; do
        tn-quote bars -s sim "${symbols[@]}" "${market[@]}" --from 2024-01-02 --now "$now" >day.ndjson
        tn-order settle <day.ndjson >>"$world.ndjson"
        tn-signal run "${strategies[@]}" <day.ndjson | tn-risk size --now "$now" | tee -a "$world.sized" |
            tn-order submit --now "$now" >>"$world.ndjson"
        for code in "${PIPESTATUS[@]}"; do
            [ "$code" -eq 0 ] || [ "$code" -eq 6 ] || worst=$code
        done
    done
    is "$world: no scan failed" "$worst" 0
    fills "$world.ndjson" >"$world.fills"
}

# compare WORLD: with the backtest of all the bars the scans have seen.
compare() {
    tn-backtest run -a paper --orders "${strategies[@]}" <day.ndjson >"$1.backtest"
    fills "$1.backtest" >"$1.backtest.fills"
    ok "$1: there are fills" test -s "$1.fills"
    same "$1: the scan gives the fills of the backtest" "$1.fills" "$1.backtest.fills"
    limited "$1.backtest" >"$1.backtest.limited"
    limited "$1.sized" >"$1.limited"
    ok "$1: days reached the limit" test -s "$1.limited"
    same "$1: and on the same days entries were refused" "$1.limited" "$1.backtest.limited"
}

terms='sizing = notional:30%  max_position = 40%  daily_loss = 0.4%  slippage_ticks = 1'
mkdir -p "$TN_HOME"
printf 'account paper { %s }\n' "$terms" >"$TN_HOME/config"
symbols=(A B C D E F) market=(--calendar nyse)
mornings=()
for ((day = 0; day < 56; day++)); do # 8:30 in New York, on every working day from 5 January to the end of February 2024
    now=$(date -u -d "2024-01-05 13:30 UTC + $day days" '+%u %FT%TZ')
    [ "${now%% *}" -gt 5 ] || mornings+=("${now#* }")
done
scans morning "${mornings[@]}"
compare morning
# Mondays judge Fridays: 2024 has the weekends of 6 January, 13 January and so on.
ok 'morning: a Friday is among them' test -n "$(xargs -r -n 1 date -u +%u -d < <(cut -d' ' -f1 morning.limited) | grep 5)"

export TN_HOME=$WORK/crypto
mkdir -p "$TN_HOME"
printf 'account paper { calendar = always  day_rolls = "00:00 UTC"  fractional = yes  %s }\n' "$terms" >"$TN_HOME/config"
market=(--calendar always)
midnights=()
for ((day = 0; day < 25; day++)); do
    midnights+=("$(date -u -d "2024-01-06 + $day days" +%FT%TZ)")
done
scans crypto "${midnights[@]}"
compare crypto

# What holding costs, and when a sale settles: a cash account with interest, and one that sells short on loan.
carried() { jq -c 'select(.type == "cash") | [.time, .kind, .symbol, .amount]' "$@"; }
settled() { jq -c 'select(.type == "fill") | [.time, .symbol, .side, .settles]' "$@"; }
unsettled() { jq -r 'select(.type == "refusal" and .code == "UNSETTLED") | .time + " " + .symbol' "$@" | sort -u; }
world() { # NAME SETTINGS STRATEGY…
    local world=$1
    export TN_HOME=$WORK/$1
    mkdir -p "$TN_HOME"
    printf 'account paper { %s }\n' "$2" >"$TN_HOME/config"
    strategies=("${@:3}")
    scans "$world" "${mornings[@]:0:32}"
    tn-backtest run -a paper --orders "${strategies[@]}" <day.ndjson >"$world.backtest"
    fills "$world.backtest" >"$world.backtest.fills"
    ok "$world: there are fills" test -s "$world.fills"
    same "$world: the scan gives the fills of the backtest" "$world.fills" "$world.backtest.fills"
    carried "$world.ndjson" >"$world.carried"
    carried "$world.backtest" >"$world.backtest.carried"
    same "$world: and its interest and fees, to the cent" "$world.carried" "$world.backtest.carried"
    settled "$world.ndjson" >"$world.settled"
    settled "$world.backtest" >"$world.backtest.settled"
    same "$world: and its days of settlement" "$world.settled" "$world.backtest.settled"
}
symbols=(A B C D E F) market=(--calendar nyse)
world cash 'account_type = cash  cash_rate = 5%  sizing = notional:45%  max_position = 90%' sma-cross:fast=2,slow=4
like 'cash: interest was paid' "$(cat cash.carried)" credit_interest
like 'cash: sales settle later' "$(cat cash.settled)" '"sell","20'
unsettled cash.backtest >cash.backtest.unsettled
unsettled cash.sized cash.ndjson >cash.unsettled
ok 'cash: money that had not settled was asked for' test -s cash.unsettled
same 'cash: and refused in both' cash.unsettled cash.backtest.unsettled
world loan 'long_only = no  margin_rate = 7%  borrow_rate = 3%  initial_margin = 50%  sizing = notional:60%  max_position = 90%' sma-cross:fast=2,slow=4,short=1
like 'loan: borrowed shares cost' "$(cat loan.carried)" '"borrow"'
finish
