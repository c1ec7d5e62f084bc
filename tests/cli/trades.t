#!/usr/bin/env bash
# Trades and quotes beside bars: orders meet the trades in turn, and the model `queue` waits behind what is shown. All
# figures by hand.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

day=2024-01-03T14:
bar() { # MINUTE OPEN HIGH LOW CLOSE
    printf '{"type":"bar","time":"%s%s:00Z","symbol":"X","interval":"1m","open":%s,"high":%s,"low":%s,"close":%s,"volume":1000}\n' "$day" "$@"
}
trade() { printf '{"type":"trade","time":"%s%sZ","symbol":"X","price":%s,"quantity":%s%s}\n' "$day" "$1" "$2" "$3" "${4:-}"; }
quote() { printf '{"type":"quote","time":"%s%sZ","symbol":"X","bid":%s,"bid_size":%s,"ask":%s,"ask_size":%s}\n' "$day" "$@"; }
order() { # TIME ID SIDE QUANTITY ROLE MORE
    printf '{"type":"order","time":"%s%sZ","symbol":"X","id":"%s","side":"%s","quantity":%s,"role":"%s","reference_price":100%s}\n' "$day" "$@"
}
run_it() { # MODEL, of standard input: its fills
    tn-backtest run --signals --orders --max-position 100% --fills "$1" "${@:2}" 2>err >out.nd
    jq -r 'select(.type == "fill") | "\(.order_id) \(.time[14:] | sub("Z$"; "")) \(.quantity)@\(.price)"' out.nd | paste -sd';'
}

# 500 are shown at 100 when the order comes: all of them are ahead. A trade takes 200: 300. 300 come behind. Then 300 are
# gone without a trade, half of what was there, so half of what is ahead: 150. A trade of 200 leaves 50 for us, one of
# 100 all, and one below our price the rest.
{
    quote 30:59 100 500 100.05 300
    bar 30 100 100 100 100
    order 31:00 q buy 200 entry ',"order_type":"limit","limit_price":100'
    trade 31:01 100 200
    quote 31:02 100 600 100.05 300
    quote 31:03 100 300 100.05 300
    trade 31:04 100 200
    trade 31:05 100 100
    trade 31:06 99.99 10
    bar 31 100 100 99.99 99.99
} >queue.nd
is 'a limit order waits behind what is shown' "$(run_it queue <queue.nd)" 'q 31:04 50@100;q 31:05 100@100;q 31:06 50@100'
is 'each part is a part' "$(jq -r 'select(.type == "order_update") | .status' out.nd | paste -sd' ')" 'accepted partially_filled partially_filled filled'
is 'and the trades that working orders met are counted' "$(jq -c 'select(.type == "result").outcome | [.trades_met, .late_trades]' out.nd)" '[4,0]'
# The same trades under other models: to touch is not enough, or is.
is 'conservative: a trade beyond the limit' "$(run_it conservative <queue.nd)" 'q 31:06 200@100'
is 'optimistic: the first that touches' "$(run_it optimistic <queue.nd)" 'q 31:01 200@100'
is 'pessimistic: a tick beyond' "$(run_it pessimistic <queue.nd)" 'q 31:06 200@100'
is 'volume goes by the bar' "$(run_it volume <queue.nd)" 'q 32:00 100@100'
is 'bars alone: at the end of the bar' "$(grep -v '"trade"' queue.nd | run_it conservative)" 'q 32:00 200@100'
is 'the way of a bar with trades is none to assume' "$(run_it ohlc <queue.nd)" 'q 31:06 200@100'
is 'twice the same bytes' "$(run_it queue <queue.nd; sha256sum <out.nd)" "$(run_it queue <queue.nd; sha256sum <out.nd)"
# The bid falls below our price: whoever was ahead is gone. A better price than the bid is the first of its queue.
{
    quote 30:59 100 500 100.05 300
    bar 30 100 100 100 100
    order 31:00 a buy 100 entry ',"order_type":"limit","limit_price":100'
    order 31:00 b buy 100 entry ',"order_type":"limit","limit_price":100.02'
    order 31:00 c buy 100 entry ',"order_type":"limit","limit_price":99.98'
    trade 31:01 100.02 30
    quote 31:02 99.99 400 100.04 300
    trade 31:03 100 100
    quote 31:04 99.98 70 100.04 300
    trade 31:05 99.98 80
    bar 31 100 100.02 99.98 99.98
} >moved.nd
# c was below the bid, and nobody knew its queue; when its price is the best, the 70 that are shown are ahead: 10 of 80.
is 'the queue of a price that is left, of a better one, of one that comes' "$(run_it queue <moved.nd | tr ';' '\n' | sort | paste -sd';')" \
    'a 31:03 100@100;b 31:01 30@100.02;b 31:03 70@100.02;c 31:05 10@99.98'
# At the market: what the other side shows at its price, 300, and of the next quote the rest. A limit beyond the other
# side takes it at its price.
{
    quote 30:59 100 500 100.05 300
    bar 30 100 100 100 100
    order 31:00 m buy 400 entry ',"order_type":"market"'
    trade 31:01 100 10
    trade 31:02 100 10
    quote 31:03 100 500 100.06 200
    trade 31:04 100 10
    bar 31 100 100 100 100
    order 32:00 l buy 50 entry ',"order_type":"limit","limit_price":101'
    trade 32:01 100 10
    bar 32 100 100 100 100
} >market.nd
is 'at the market, and a limit beyond the other side' "$(run_it queue <market.nd)" 'm 31:01 300@100.05;m 31:04 100@100.06;l 32:01 50@100.06'
is 'fok all or nothing' "$(sed 's/"order_type":"market"/"order_type":"market","time_in_force":"fok"/' market.nd | run_it queue)" 'l 32:01 50@100.06'
is 'ioc what there is at once' "$(sed 's/"order_type":"market"/"order_type":"market","time_in_force":"ioc"/' market.nd | run_it queue)" \
    'm 31:01 300@100.05;l 32:01 50@100.06'
# No quote, no queue.
run_it queue < <(grep -v '"quote"' queue.nd) >/dev/null
like 'without quotes it is refused' "$(cat err)" "the fill model 'queue' needs quotes, but there are none"

# The way that the price has gone: the target before the stop, though the bar has both; bought at the first trade. What
# the bar shows and no trade does (95) fills nothing.
{
    bar 30 100 100 100 100
    order 31:00 e buy 100 entry ',"order_type":"market","legs":[{"role":"stop","order_type":"stop","stop_price":99},{"role":"target","order_type":"limit","limit_price":101}]'
    order 31:00 f buy 10 entry ',"order_type":"limit","limit_price":96,"strategy":"f"'
    trade 31:01 100.1 50
    trade 31:10 101.01 50
    trade 31:20 98.9 50
    bar 31 100.2 101.1 95 98.9
} >path.nd
legs='[.role, (.time[14:] | sub("Z$"; "")), .price] | map(tostring) | join(" ")'
ways() { tn-backtest run --signals --max-position 100% --fills "$1" 2>/dev/null | jq -r 'select(.type == "fill") | '"$legs" | paste -sd';'; }
is 'the target first' "$(ways conservative <path.nd)" 'entry 31:01 100.1;target 31:10 101'
is 'the stop first, at the price of its trade' "$(sed 's/31:10Z/31:30Z/' path.nd | ways conservative)" 'entry 31:01 100.1;stop 31:20 98.9'
is 'bars alone: the stop' "$(grep -v '"trade"' path.nd | ways conservative)" 'entry 31:00 100.2;stop 32:00 99;entry 32:00 96'
# A recording: received in another order than that of the trades, the bar behind trades of the next minute.
{
    head -n 4 path.nd
    trade 31:20 98.9 50
    trade 31:10 101.01 50
    trade 32:00.5 98 50
    bar 31 100.2 101.1 95 98.9
    trade 31:59 97 50
    bar 32 98 98 98 98
} >mixed.nd
is 'by their times, whatever the order they came in' "$(ways conservative <mixed.nd)" 'entry 31:01 100.1;target 31:10 101'
is 'what comes behind its bar is late, and said' "$(tn-backtest run --signals --max-position 100% <mixed.nd 2>err | jq -c 'select(.type == "result").outcome.late_trades'; tail -n 1 err)" \
    '1
tn-backtest: 1 trades came after their bar and were ignored'
{ head -n 4 path.nd; trade 31:10 101.01 50; trade 31:10 101.01 50 ',"canceled":true'; tail -n 2 path.nd; } >taken.nd
is 'one that is taken back in time has not been' "$(ways conservative <taken.nd)" 'entry 31:01 100.1;stop 31:20 98.9'
# Before the session opens and behind its close nothing trades.
{
    printf '{"type":"bar","time":"2024-01-02T05:00:00Z","symbol":"X","interval":"1d","session":"2024-01-02","end":"2024-01-02T21:00:00Z","open":100,"high":100,"low":100,"close":100,"volume":9}\n'
    printf '{"type":"order","time":"2024-01-02T21:00:00Z","symbol":"X","id":"o","side":"buy","quantity":10,"role":"entry","reference_price":100,"order_type":"market","time_in_force":"%s"}\n' opg
    for at in 13:00 14:30:01 14:31; do printf '{"type":"trade","time":"2024-01-03T%sZ","symbol":"X","price":1%s,"quantity":10}\n' "$at" "${at:0:2}"; done
    printf '{"type":"bar","time":"2024-01-03T05:00:00Z","symbol":"X","interval":"1d","session":"2024-01-03","end":"2024-01-03T21:00:00Z","open":114,"high":114,"low":114,"close":114,"volume":9}\n'
} | sed 's/13:00Z/13:00:00Z/; s/14:31Z/14:31:00Z/' >early.nd
is 'an order for the open takes the first trade of the session' "$(ways conservative <early.nd)" 'entry 30:01 114'
is 'one for the close, its close' "$(sed 's/"opg"/"cls"/' early.nd | ways conservative)" 'entry 00:00 114'

# A recording, as a folder, is the input.
tn-stream record kept <path.nd 2>/dev/null
is 'a recording is input' "$(tn-backtest run --signals --max-position 100% kept 2>/dev/null | jq -r 'select(.type == "fill") | '"$legs" | paste -sd';')" \
    'entry 31:01 100.1;target 31:10 101'
finish
