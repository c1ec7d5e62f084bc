#!/usr/bin/env bash
# tn-stream flow: the records of a stream of trades, quotes and books; the figures themselves are tests/unit/test-order-flow.c.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

trade() { printf '{"type":"trade","time":"2024-01-03T%sZ","symbol":"%s","price":%s,"quantity":%s%s}\n' "$2" "$1" "$3" "$4" "${5:-}"; }
quote() { printf '{"type":"quote","time":"2024-01-03T%sZ","symbol":"%s","bid":%s,"bid_size":%s,"ask":%s,"ask_size":%s}\n' "$2" "$1" "$3" "$4" "$5" "$6"; }
book() { printf '{"type":"book","time":"2024-01-03T%sZ","symbol":"%s","bids":%s,"asks":%s,"snapshot":%s}\n' "$2" "$1" "$3" "$4" "$5"; }
end='{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}'
{
    quote A 14:30:00 9.9 10 10.1 30
    trade A 14:30:10 10.1 5
    trade B 14:30:20 20 7 ',"side":"sell"'
    quote A 14:30:30 9.9 20 10.3 20
    trade A 14:31:10 9.9 2
    echo "$end"
} >tape.nd
ok 'two symbols, two minutes' tn-stream flow tape.nd --tick 0.1
is 'a record for each symbol and interval, by end and symbol' \
    "$(jq -c 'select(.type == "order_flow") | [.symbol, .time[11:16], .end[11:16], .volume, .delta, .session_delta]' <<<"$out" | paste -sd' ')" \
    '["A","14:30","14:31",5,5,5] ["B","14:30","14:31",7,-7,-7] ["A","14:31","14:32",2,-2,3]'
is 'spread and depth by time' "$(jq -c 'select(.symbol == "A") | [(.spread * 1000 | round), .bid_depth, .ask_depth, .depth_imbalance]' <<<"$out" | head -1)" '[300,15,25,-0.25]'
is 'an end' "$(jq -c 'select(.type == "end") | [.status, .complete, .counts.order_flow]' <<<"$out")" '[0,true,3]'
ok 'with its rows' tn-stream flow tape.nd --tick 0.1 --rows
is 'of each symbol its own' "$(jq -c 'select(.type == "order_flow") | .profile' <<<"$out" | paste -sd' ')" '[[10.1,5,0,0]] [[20,0,7,0]] [[9.9,0,2,0]]'
grep -v '"end"' tape.nd >open.nd
ok 'an input that does not say that it is over' tn-stream flow open.nd
stderr_like 'the last intervals are not told' 'last intervals left out.*: 1'
ok 'which --complete does' tn-stream flow open.nd --complete
is 'then they are' "$(grep -c order_flow <<<"$out")" 4
ok 'passing on' tn-stream flow tape.nd -p
is 'each in its place' "$(jq -r '.type' <<<"$out" | paste -sd' ')" 'quote trade trade quote order_flow order_flow trade order_flow end'
{
    book C 14:30:00 '[[99,5],[98,10]]' '[[101,20],[102,25]]' true
    quote C 14:30:15 50 1 60 1
    book C 14:30:30 '[[99,0]]' '[]' false
    trade C 14:30:40 101 1
} >book.nd
ok 'books' tn-stream flow book.nd --complete
is 'their levels are the depth, changes are applied, quotes beside them are not looked at' \
    "$(jq -c 'select(.type == "order_flow") | [.bid_depth, .ask_depth, .spread, .spread_high, .quotes]' <<<"$out")" '[12.5,45,2.5,3,2]'
{
    trade A 14:32:00 10 1
    trade A 14:31:00 10 1
    trade A 14:30:00 10 1
} >late.nd
exits 'what is late is left out' 3 tn-stream flow late.nd --complete
stderr_like 'and counted' 'after their interval: 2'
# An exchange whose clock is ahead of ours: a quote of the next minute comes before that begins.
said() { sed "s/}\$/,\"received\":\"2024-01-03T$1Z\"}/"; }
{
    quote A 14:30:58 9 1 10 1 | said 14:30:58
    quote A 14:31:00.001 9 1 10 3 | said 14:30:59.999
    trade A 14:30:59.5 10 2 | said 14:31:00
    quote A 14:31:00.002 9 1 10 5 | said 14:31:00.002
} >ahead.nd
ok 'a quote ahead of the time of the stream' tn-stream flow ahead.nd --complete
is 'waits for its minute, and what comes meanwhile counts in its own' \
    "$(jq -c 'select(.type == "order_flow") | [.time[11:16], .quotes, .volume]' <<<"$out" | paste -sd' ')" '["14:30",1,2] ["14:31",2,0]'
# With two seconds of grace a trade of 14:30:59.5 counts in its minute although one of 14:31:00.5 came first; the one of
# 14:30:50 is too late at 14:31:10. Volumes: 5 + 1, and 3 + 1.
{
    trade A 14:30:59 10 5
    trade A 14:31:00.5 10.1 3
    trade A 14:30:59.5 10 1
    trade A 14:31:10 10 1
    trade A 14:30:50 10 9
} >grace.nd
exits 'grace: trades of two intervals at once' 3 tn-stream flow grace.nd --grace 2000 --complete
is 'each in its own' "$(jq -c 'select(.type == "order_flow") | [.time[11:16], .volume]' <<<"$out" | paste -sd' ')" '["14:30",6] ["14:31",4]'
stderr_like 'but for what is later than that' 'after their interval: 1'
# Taken back while it waits: gone. Later: said.
{
    trade A 14:30:10 10 5 ',"id":"1"'
    trade A 14:30:11 10 7 ',"id":"2"'
    trade A 14:30:11 10 7 ',"id":"2","canceled":true'
} >back.nd
ok 'a trade that is taken back in time' tn-stream flow back.nd --grace 2000 --complete
is 'does not count' "$(jq -c 'select(.type == "order_flow") | [.volume, .trades]' <<<"$out")" '[5,1]'
exits 'one that is taken back later' 3 tn-stream flow back.nd --complete
stderr_like 'is said' 'cancelled after they had been counted: 1'
like 'and in the end record' "$out" '"failed":.*"canceled"'
exits 'bad levels' 3 tn-stream flow <<<'{"type":"book","time":"2024-01-03T14:30:00Z","symbol":"A","bids":[[1]],"asks":[],"snapshot":true}'
exits 'bad JSON prices' 3 tn-stream flow <<<'{"type":"trade","time":"2024-01-03T14:30:00Z","symbol":"A","price":null,"quantity":1}'
exits 'no such interval' 2 tn-stream flow tape.nd -i tick:5
exits 'a tick of nothing' 2 tn-stream flow tape.nd --tick 0
exits 'more than all' 2 tn-stream flow tape.nd --area 101
ok 'nothing' tn-stream flow </dev/null
stderr_like 'is said' 'no trades, quotes or books came'
# Two sources of one symbol: 5 shares here, 7 there, not 12.
run tn-stream flow --complete <<'END'
{"type":"trade","time":"2024-01-03T14:30:00Z","symbol":"A","price":10,"quantity":5,"source":"one"}
{"type":"trade","time":"2024-01-03T14:30:01Z","symbol":"A","price":10,"quantity":7,"source":"two"}
{"type":"trade","time":"2024-01-03T14:30:02Z","symbol":"A","price":11,"quantity":9,"source":"two","effect":"close"}
END
is 'two sources of one symbol are not mixed, and an official close is no trade' \
    "$(jq -c 'select(.type == "order_flow") | [.symbol, .source, .volume]' <<<"$out" | paste -sd' ')" '["A","one",5] ["A","two",7]'
finish
