#!/usr/bin/env bash
# A recording of ticks is the input of everything: the session on the ticks that are replayed and the backtest on the same
# recording give the same fills, by bars of time, ticks and bricks.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq python3

cat >"$TN_HOME/config" <<'EOC'
account paper { commission_per_share = 0.005  slippage_ticks = 1 }
EOC
# Two sessions of two symbols, a trade each 20 seconds of either, received 0.2 s later; some come in the wrong order, some
# are taken back.
python3 - >ticks.nd <<'END'
import json, random
from datetime import datetime, timedelta
r, number, rows = random.Random(3), 0, []
price = {"AAPL": 19000, "MSFT": 37000}
for day in ("2024-01-03", "2024-01-04"):
    for second in range(0, 390 * 60, 20):
        for symbol in price:
            price[symbol] += r.randint(-14, 14)
            number += 1
            at = datetime.fromisoformat(day + "T14:30:00") + timedelta(seconds=second, milliseconds=r.randint(0, 19000))
            trade = {"type": "trade", "time": at, "symbol": symbol, "price": price[symbol] / 100,
                     "quantity": r.randint(1, 50) * 10, "id": str(number)}
            rows.append((at + timedelta(milliseconds=r.choice([200, 200, 200, 700])), trade))
            if r.random() < 0.01:
                rows.append((at + timedelta(milliseconds=900), {**trade, "canceled": True}))
stamp = lambda t: t.isoformat(timespec="milliseconds") + "Z"
for received, trade in sorted(rows, key=lambda row: row[0]):
    print(json.dumps({**trade, "time": stamp(trade["time"]), "received": stamp(received)}, separators=(",", ":")))
print('{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}')
END
ok 'ticks into a recording' sh -c 'tn-stream record kept <ticks.nd'
fills() { jq -c 'select(.type == "fill") | [.time, .symbol, .strategy, .role, .side, .quantity, .price, .commission]'; }
for bars in 1m tick:15 renko:0.15; do
    strategy=sma-cross:fast=4,slow=9
    tn-stream replay kept --bars "$bars" --grace 1000 --complete >"$bars.bars" 2>err
    code=$?
    case $bars in # of bars of trades some are out when a trade of theirs is taken back, which is said
    1m) is "$bars: every trade was in time" "$code $(cat err)" '0 ' ;;
    *) is "$bars: what is said" "$code $(sed 's/: [0-9]*$//' err)" '3 tn-stream: trades cancelled after their bar was written' ;;
    esac
    home=$WORK/home-$bars
    mkdir "$home"
    cp "$TN_HOME/config" "$home/config"
    tn-backtest run -a paper "$strategy" <"$bars.bars" 2>/dev/null | fills >"$bars.backtest"
    TN_HOME=$home tn-order open paper --now 2023-12-31 -q
    tn-stream replay kept --bars "$bars" --grace 1000 --complete 2>/dev/null |
        TN_HOME=$home tn-signal run "$strategy" -p | TN_HOME=$home tn-risk size --session -p 2>risk.err |
        TN_HOME=$home tn-order run 2>session.err | fills >"$bars.session"
    same "$bars: the session gives the fills of the backtest" "$bars.session" "$bars.backtest"
    is "$bars: without a word" "$(cat session.err risk.err)" ''
    like "$bars: there are some" "$(wc -l <"$bars.backtest")" '^[1-9][0-9]+$'
done
# What a live stream says of itself is of the present, which is ahead of its bars: no signal comes too late for it.
cp -r home-1m/config config
mkdir home-states
cp config home-states/config
jq -c '., if .type == "bar" and (input_line_number % 20 == 0) then
        {type: "status", time: (.end // .time | sub("Z$"; ".9Z")), source: "x", state: "connected"},
        {type: "quote", time: (.end // .time), symbol: .symbol, bid: 1, ask: 2, received: "2024-01-05T00:00:00Z"}
    else empty end' 1m.bars >states.nd
TN_HOME=$WORK/home-states tn-order open paper --now 2023-12-31 -q
TN_HOME=$WORK/home-states tn-signal run sma-cross:fast=4,slow=9 -p <states.nd | TN_HOME=$WORK/home-states tn-risk size --session -p 2>risk.err |
    TN_HOME=$WORK/home-states tn-order run 2>session.err | fills >states.session
same 'with states and quotes between the bars: the same fills' states.session 1m.backtest
is 'without a word' "$(cat session.err risk.err)" ''
ok 'twice the same bytes' sh -c 'tn-stream replay kept --bars 1m --grace 1000 --complete | cmp - 1m.bars'
finish
