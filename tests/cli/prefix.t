#!/usr/bin/env bash
# The prefix test: no filter may look ahead. Its output on the first k lines is a prefix of its output on all lines, for
# every k, and what the first k lines say is out before the next line comes.
# shellcheck disable=SC2317 # ok calls the functions
. "$(dirname "$0")/lib.sh"
needs python3
market() { python3 "$TOP/tests/cli/indicators.py" "$@"; }

run market bars
printf '%s\n' "$out" >market.ndjson
is 'the market has a split and two dividends' "$(grep -c '"action"' market.ndjson)" 3
is 'the market has hundreds of bars' "$(grep -c '"bar"' market.ndjson)" 320

# Parameters that warm up and change sides within the series; the defaults come below.
strategies=('sma-cross:fast=3,slow=9,target=3' 'momentum:lookback=20,skip=4,short=1'
    'mean-reversion:n=10,k=1.5,oversold=45,short=1')
indicators=(sma:20 ema:9 rsi:14 'macd:5,12,4' atr:7 'bbands:10,2.5' donchian:15)

prefix() { market prefix "$@" <market.ndjson; }
ok 'tn-signal run: every prefix, all strategies' prefix tn-signal run -q "${strategies[@]}"
like 'for every number of lines' "$out" '^328 lines and every prefix'
ok 'tn-signal add: every prefix, all indicators' prefix tn-signal add "${indicators[@]}"
like 'for every number of lines' "$out" '^328 lines and every prefix'
exits 'a filter that begins with the last line is found out' 1 prefix tac

# What a moment brings is written when the moment has ended.
moments() { market moments "$@" <market.ndjson; }
ok 'tn-backtest run: every moment, fills, orders and equity of all strategies' \
    moments tn-backtest run --orders --cash 100000 "${strategies[@]}"
live() { grep MSFT market.ndjson | market live "$@"; }
ok 'and has written them while the pipe is still open' live tn-backtest run --orders --cash 100000 "${strategies[@]}"
like 'all but those of the last bar' "$out" '^[0-9]{3,} lines'
market trades >trades.ndjson
built() { market prefix tn-stream replay --bars "$1" - <trades.ndjson; }
ok 'tn-stream replay: every prefix, bars of a minute' built 1m
ok 'tn-stream replay: every prefix, bars of three trades' built tick:3

stream() { market stream "$@" <market.ndjson; }
for strategy in "${strategies[@]}" $(tn-signal list | sed -n 's/.*"kind":"strategy","name":"\([^"]*\)".*/\1/p'); do
    ok "tn-signal run -p $strategy answers line by line" stream tn-signal run -p "$strategy"
done
for part in 0 1 2 3; do
    some=$(tn-signal list | sed -n 's/.*"kind":"indicator","name":"\([^"]*\)".*/\1/p' | awk -v part=$part 'NR % 4 == part')
    # shellcheck disable=SC2086
    ok "tn-signal add $(paste -sd' ' <<<"$some") answers line by line" stream tn-signal add --against AAPL $some
done
finish
