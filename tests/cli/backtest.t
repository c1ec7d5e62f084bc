#!/usr/bin/env bash
# tn-backtest run as a user runs it, against fills and amounts worked out by hand. sma-cross:fast=1,slow=2,stop=0 wants
# to be long whenever a close is above the one before, and nothing otherwise.
# shellcheck disable=SC2016 # backticks are data here
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

bars() { # lines of DAY OPEN HIGH LOW CLOSE, of January 2024
    while read -r day open high low close; do
        printf '{"type":"bar","time":"2024-01-%sT05:00:00Z","symbol":"%s","interval":"1d","session":"2024-01-%s","end":"2024-01-%sT21:00:00Z","open":%s,"high":%s,"low":%s,"close":%s,"volume":1000,"adjusted":"raw"}\n' \
            "$day" "${1:-A}" "$day" "$day" "$open" "$high" "$low" "$close"
    done
}
end='{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}'
plain=('sma-cross:fast=1,slow=2,stop=0' --sizing quantity:100 --max-position 100%)
backtest() { tn-backtest run "${plain[@]}" "$@"; }
fills() { jq -c 'select(.type == "fill") | [.time[5:16], .role, .side, .quantity, .price, .commission]' <<<"$out" | paste -sd' '; }
last() { jq -c 'select(.type == "equity") | .equity' <<<"$out" | tail -n 1; }
figure() { jq -c "select(.type == \"result\") | $1" <<<"$out"; }

{
    bars <<'END'
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
    echo "$end"
} >ten.nd

# --- fills at the open after the decision; cash and equity by hand
run backtest -f ten.nd
is 'exit code' "$code" 0
is 'market orders fill at the next open' "$(fills)" \
    '["01-04T14:30","entry","buy",100,11.2,0] ["01-08T14:30","exit","sell",100,11.4,0] ["01-10T14:30","entry","buy",100,12,0] ["01-16T14:30","exit","sell",100,12.4,0]'
is 'an equity point for every bar' "$(grep -c '"type":"equity"' <<<"$out")" 10
# 100000 − 1120 + 100 × 12; 100000 + 20 − 1200 + 1340; 100000 + 20 + 40
is 'equity after the third, the eighth and the last' "$(jq -c 'select(.type == "equity").equity' <<<"$out" | sed -n '3p;8p;10p' | paste -sd' ')" '100080 100160 100060'
is 'the figures follow' "$(figure '[.metrics.start_equity, .metrics.end_equity, .metrics.net_profit, .metrics.trades]')" '[100000,100060,60,2]'
is 'the counts' "$(figure '[.assumptions.bars, .assumptions.orders, .assumptions.refusals, .assumptions.actions]')" '[10,4,0,0]'
is 'nothing is held at the end' "$(grep -c '"type":"position"' <<<"$out")" 0

# Cut off after the close at 13.4: the second hundred, bought at 12, is still there; the first made 20.
head -n 8 ten.nd >eight.nd
run backtest -f eight.nd
is 'what is held at the end, at the last close' "$(jq -c 'select(.type == "position") | [.time, .symbol, .strategy, .quantity, .average_price, .market_price, .unrealized, .realized, .opened]' <<<"$out")" \
    '["2024-01-11T21:00:00Z","A","sma-cross:fast=1,slow=2,stop=0",100,12,13.4,140,20,"2024-01-10T14:30:00Z"]'
is 'and then the result' "$(jq -r .type <<<"$out" | tail -n 3 | paste -sd' ')" 'position result end'
is 'tn-report shows it' "$(tn-report positions -O csv <<<"$out" | tail -n 1)" \
    'backtest,backtest,2024-01-11T21:00:00Z,"sma-cross:fast=1,slow=2,stop=0",A,100,100,12,13.4,140,20,USD,2024-01-10T14:30:00Z'

# Slippage of 2 ticks and 10 basis points, then to the next tick: 11.2 + 0.02 + 0.0112 is 11.24, 11.4 − 0.02 − 0.0114 is
# 11.36, 12 + 0.02 + 0.012 is 12.04, 12.4 − 0.02 − 0.0124 is 12.36. Commission of a cent a share and 0.1 %, at least 2.13:
# 2.124 is 2.12 and so 2.13, 2.136 is 2.14, 2.204 is 2.20, 2.236 is 2.24; 8.71 in all.
costs=(--commission-per-share 0.01 --commission-percent 0.1% --commission-minimum 2.13 --slippage-ticks 2 --slippage-bps 10)
run backtest "${costs[@]}" -f ten.nd
is 'costs: prices move against us, commissions are taken' "$(fills)" \
    '["01-04T14:30","entry","buy",100,11.24,2.13] ["01-08T14:30","exit","sell",100,11.36,2.14] ["01-10T14:30","entry","buy",100,12.04,2.2] ["01-16T14:30","exit","sell",100,12.36,2.24]'
is 'costs: 100000 + 12 + 32 − 8.71' "$(last)" 100035.29
# Four fills of 100 that slipped by 0.04 each.
is 'costs: slippage is one of them' "$(figure '.metrics | [.commission, .slippage, .costs]')" '[8.71,16,24.71]'
is 'costs: each fill says what it was' "$(jq -c 'select(.type == "fill").slippage' <<<"$out" | paste -sd' ')" '4 4 4 4'
is 'costs: all of them stand in the result' \
    "$(figure '.assumptions | [.commission_per_share, .commission_percent, .commission_minimum, .slippage_ticks, .slippage_bps]')" '[0.01,0.001,2.13,2,10]'

# --- a stop and a target: entry at the next open, with legs from the true range (of 2 days: the strategy says so)
{
    bars <<'END'
02 10 11 9 10
03 10 11 9 10
04 10 11 9 10
05 10 12 10 12
08 12 13 11 13
09 13 14 9 13.5
10 13 14 12 13
END
    echo "$end"
} >legs.nd
# True ranges are 2 on every day to the 5th: their average is 2, the stop one of it below 12, at 10.
run tn-backtest run sma-cross:fast=1,slow=2,atr=3,stop=1 --sizing quantity:100 --max-position 100% --orders -f legs.nd
is 'a protective stop fills at its price' "$(fills | cut -d' ' -f1-2)" '["01-08T14:30","entry","buy",100,12,0] ["01-09T21:00","stop","sell",100,10,0]'
is 'and spends the decision' "$(grep -c '"type":"fill"' <<<"$out")" 2

# --- a split and a dividend: fills raw, positions and cash follow, the strategy sees no jump
{
    bars <<'END'
02 10 10.5 9.5 10
03 10 11 10 11
04 11.2 12 11 12
END
    echo '{"type":"action","id":"s1","time":"2024-01-05T05:00:00Z","symbol":"A","kind":"split","new":2,"old":1,"ex_date":"2024-01-05"}'
    bars <<<'05 6.1 6.3 6 6.2'
    echo '{"type":"action","id":"d1","time":"2024-01-08T05:00:00Z","symbol":"A","kind":"dividend","cash":0.1,"ex_date":"2024-01-08"}'
    bars <<'END'
08 6.1 6.2 6.05 6.15
09 6.1 6.1 6 6
10 5.9 6 5.8 5.9
END
    echo "$end"
} >actions.nd
run backtest -f actions.nd
# Held through 12 → 6.2 (6 after the split) and 6.2 → 6.15 (6.1 after the dividend); sold after 6.15 → 6.
is 'actions: 100 become 200 and are sold at the raw open' "$(fills)" '["01-04T14:30","entry","buy",100,11.2,0] ["01-10T14:30","exit","sell",200,5.9,0]'
is 'actions: the dividend on 200' "$(jq -c 'select(.type == "cash") | [.kind, .amount]' <<<"$out")" '["dividend",20]'
is 'actions: 100000 − 1120 + 20 + 1180' "$(last)" 100080
# The split has no point of its own: that of its day is the fourth.
is 'actions: equity on the day of the split: 98880 + 200 × 6.2' "$(jq -c 'select(.type == "equity").equity' <<<"$out" | sed -n 4p)" 100120
is 'actions: counted' "$(figure '.assumptions.actions')" 2
sed 's/"raw"/"total"/' actions.nd >adjusted.nd
exits 'actions do not go with adjusted prices' 3 backtest -f adjusted.nd

# --- a run in which all is refused says so: long on the 3rd, flat on the 5th, long on the 9th, flat on the 12th
run tn-backtest run sma-cross:fast=1,slow=2,stop=0 -f ten.nd
is 'sizing by risk, the default, refuses entries without a stop' "$code$(figure '[.assumptions.sizing, .assumptions.orders, .assumptions.refusals]')" '0["risk",0,2]'
like 'which is said, once' "$err" '^tn-backtest: no trades: nothing was ordered: 2 refusals, the first NO_STOP: [^ ].*$'
is 'in one line' "$(wc -l <<<"$err")" 1
run tn-backtest run sma-cross:fast=1,slow=2,stop=0 -f ten.nd -q
is 'not with -q' "$err" ''
run backtest -f ten.nd
is 'nor when something was ordered' "$err" ''

# --- the result is complete
run backtest -f ten.nd
keys='bars calendar cash commission_minimum commission_per_share commission_percent currency daily_loss entry_within fill_model fills first fractional last long_only max_position max_positions net_at_5bp orders prices actions refusals sizing sizing_value slippage_bps slippage_ticks'
is 'every assumption stands in it' "$(figure '.assumptions | keys[]' | tr -d '"' | sort | paste -sd' ')" "$(tr ' ' '\n' <<<"$keys" | sort | paste -sd' ')"
is 'what costs would leave is money in a report' "$(tn-report summary -O table <<<"$out" | grep -o 'at 5 bp per side .*')" "$(figure '.assumptions.net_at_5bp' | xargs printf 'at 5 bp per side %.2f')"
is 'of the data: kind of prices, first and last moment' "$(figure '[.assumptions.prices, .assumptions.first, .assumptions.last]')" '["raw","2024-01-02T21:00:00Z","2024-01-16T21:00:00Z"]'
is 'the strategy and all its parameters' "$(figure '[.strategy, .params]')" '["sma-cross:fast=1,slow=2,stop=0",{"fast":1,"slow":2,"short":0,"atr":14,"stop":0,"target":0}]'
is 'the SHA-256 of the bars' "$(figure .input)" "\"$(grep '"type":"bar"' ten.nd | sha256sum | cut -d' ' -f1)\""
is 'the version' "$(figure .version)" "\"$(tn-backtest -V | awk 'NR == 1 { print $NF }')\""

# --- the same again: the same bytes, however the input arrives
backtest "${costs[@]}" --orders -f ten.nd >once
backtest "${costs[@]}" --orders -f ten.nd >twice
same 'the same input gives the same bytes' twice once
while read -r line; do echo "$line"; sleep 0.01; done <ten.nd | TZ=Asia/Tokyo backtest "${costs[@]}" --orders >twice
same 'also line by line, in another zone (fault-028)' twice once
head -n 6 ten.nd | backtest "${costs[@]}" --orders | grep -v '"type":"\(result\|end\)"' >part
head -n "$(wc -l <part)" once >begin
same 'of the first bars it is the beginning' part begin
is 'another input has another name' "$(head -n 9 ten.nd | backtest | jq -r 'select(.type == "result").run' | grep -c "$(jq -r 'select(.type == "result").run' once)")" 0

# --- --orders
run jq -r .type once
is '--orders: orders and what became of them, before the fills' "$(head -n 6 <<<"$out" | paste -sd' ')" 'equity equity order order_update fill order_update'
run backtest --sizing risk:1% --orders -f ten.nd
is '--orders: refusals as well, in the mode of a backtest' "$(jq -r 'select(.type == "refusal") | .code + " " + .mode' <<<"$out" | sort -u)" 'NO_STOP backtest'
unlike 'else not' "$(backtest --sizing risk:1% -f ten.nd)" '"type":"refusal"'
is 'which is no failure' "$code" 0
like 'the result counts them' "$(figure '.assumptions.refusals')" '^[1-9]'

# --- several strategies, several symbols
{ for day in 02:10:10 03:10:11 04:11:12 05:12:11 08:11:12; do IFS=: read -r d o c <<<"$day"; h=$((o > c ? o : c)); l=$((o < c ? o : c)); bars A <<<"$d $o $h $l $c"; bars B <<<"$d $o $h $l $c"; done; echo "$end"; } >two.nd
run tn-backtest run sma-cross:fast=1,slow=2,stop=0 sma-cross:fast=1,slow=3,stop=0 --sizing quantity:100 --max-position 100% -f two.nd
is 'each instance has its own position in each symbol' \
    "$(jq -r 'select(.type == "fill" and .time[8:10] == "04") | .symbol + " " + .strategy[17:23]' <<<"$out" | paste -sd,)" 'A slow=2,B slow=2'
is 'one result for all' "$(figure '.params | keys')" '["sma-cross:fast=1,slow=2,stop=0","sma-cross:fast=1,slow=3,stop=0"]'
is 'an equity point for a moment, not for a bar' "$(grep -c '"type":"equity"' <<<"$out")" 5
exits 'the same instance twice' 2 tn-backtest run momentum momentum <ten.nd
exits 'an unknown strategy' 2 tn-backtest run momentun <ten.nd
stderr_like 'with the nearest' "momentum"
exits 'a parameter that is none' 2 tn-backtest run sma-cross:slw=3 <ten.nd
exits 'fast above slow' 2 tn-backtest run sma-cross:fast=5,slow=3 <ten.nd
exits 'no strategy' 2 tn-backtest run

# --- bad bars; no bars
{ sed -n 1,3p ten.nd; sed -n 2p ten.nd; sed -n 4,11p ten.nd; } >order.nd
exits 'a bar out of order' 3 backtest -f order.nd
stderr_like 'is named with its line' '^tn-backtest: order.nd: line 4: '
is 'and left out' "$(last)" 100060
exits '--strict stops at it' 3 backtest --strict -f order.nd
unlike 'without a result' "$out" '"type":"result"'
run backtest <<<"$end"
is 'no bars: a result without trades, and "no"' "$code $(figure '[.metrics.trades, .metrics.end_equity, .assumptions.bars, .assumptions.first]')" '1 [0,null,0,null]'
run bash -c 'tn-backtest run momentum <<<"$1" | tn-report summary -O json' - "$end"
is 'which tn-report renders' "$code $(jq -c .metrics.trades <<<"$out")" '1 0'
run tn-backtest run --signals </dev/null
is 'no bars and no end: the input is incomplete' "$code $err" '5 tn-backtest: there are no bars, and the input has no end record
  hint: tn-quote bars -s SOURCE SYMBOL | tn-backtest run …'
run tn-backtest run momentum <<<'{"type":"end","status":4,"complete":true,"failed":{"A":"no key"},"counts":{}}'
is 'no bars for a reason upstream: its code' "$code" 4
run tn-backtest run momentum <<<'nonsense'
is 'nothing but bad lines' "$code" 3
run backtest < <(head -n 5 ten.nd)
like 'bars on a pipe without an end: figures of what came, and a word' "$code $err" '^0 tn-backtest: the input has no end record: .*bars are missing'
run backtest -f <(head -n 5 ten.nd)
is 'a file may do without' "$code $err" '0 '
run backtest -f ten.nd --where 'close > 1000'
is '--where that keeps nothing' "$code $(figure .metrics.trades)" '1 0'
run backtest < <(head -n 10 ten.nd; echo '{"type":"end","status":5,"complete":true,"failed":{"X":"gone"},"counts":{}}')
is 'a failure upstream: its code, and a result all the same' "$code $(last)" '5 100060'

# --- the terms of an account
cat >"$TN_HOME/config" <<'END'
account broker { cash = 5000  commission_minimum = 1  sizing = "quantity:10"  max_position = 50%  slippage_ticks = 1 }
END
run tn-backtest run sma-cross:fast=1,slow=2,stop=0 -a broker -f ten.nd
is '-a: cash, sizing and costs of the account' "$(fills | cut -d' ' -f1-2) $(jq -c 'select(.type == "equity").equity' <<<"$out" | head -n 1)" \
    '["01-04T14:30","entry","buy",10,11.21,1] ["01-08T14:30","exit","sell",10,11.39,1] 5000'
run tn-backtest run sma-cross:fast=1,slow=2,stop=0 -a broker --cash 6000 --sizing quantity:20 --slippage-ticks 0 -f ten.nd
is '-a: the command line beats it' "$(fills | cut -d' ' -f1) $(jq -c 'select(.type == "equity").equity' <<<"$out" | head -n 1)" '["01-04T14:30","entry","buy",20,11.2,1] 6000'
run tn-backtest run sma-cross:fast=1,slow=2,stop=0 -a broker --cash 20 -f ten.nd --orders
is '-a: what cannot be paid is not bought' "$(fills)" ''
is 'no journal is made' "$(find "$TN_HOME" -name '*.db')" ''

# --- what decided it, and buying and holding
# AAA is bought at 100 (1 share); 2:1 makes 2 of it, a dividend of 1 a share pays 2; last 60: (2 x 60 + 2) / 100 - 1 =
# 22 %. BBB comes later, at 50, and ends at 40: -20 %. Half the cash in each: 1 %.
day() { # SYMBOL DAY CLOSE
    printf '{"type":"bar","time":"2024-01-%sT05:00:00Z","end":"2024-01-%sT21:00:00Z","symbol":"%s","interval":"1d","open":%s,"high":%s,"low":%s,"close":%s,"adjusted":"raw"}\n' "$2" "$2" "$1" "$3" "$3" "$3" "$3"
}
{
    day AAA 02 100
    echo '{"type":"action","time":"2024-01-03T05:00:00Z","symbol":"AAA","id":"s","kind":"split","new":2,"old":1}'
    day AAA 03 50
    day BBB 03 50
    echo '{"type":"action","time":"2024-01-04T05:00:00Z","symbol":"AAA","id":"d","kind":"dividend","cash":1}'
    echo '{"type":"action","time":"2024-01-04T05:00:00Z","symbol":"AAA","id":"d","kind":"dividend","cash":1}'
    day AAA 04 60
    day BBB 04 40
    echo "$end"
} >hold.nd
run tn-backtest run momentum -f hold.nd
is 'buy and hold: equal weights at the first closes, with split and dividend' "$(figure '[.benchmark.name, .benchmark.symbols, .benchmark.return]')" '["buy and hold",2,0.01]'
tn-quote bars -s sim XOM -n 300 --now 2026-03-02 >xom.nd
tn-backtest run -q sma-cross:fast=3,slow=10 xom.nd >xom.run
is 'buy and hold has every figure of a run: of one symbol, those of its closes' "$(jq -c 'select(.type == "result").benchmark | [.sharpe, .volatility, .max_drawdown, .returns] | map(. * 1e6 | round)' xom.run)" \
    "$(jq -s -c '[.[] | select(.type == "bar").close] as $c | [range(1; $c | length) | $c[.] / $c[. - 1] - 1] as $r | ($r | length) as $n | ($r | add / $n) as $m |
        ([$r[] | (. - $m) * (. - $m)] | add / ($n - 1) | sqrt) as $sd | [$m / $sd * (252 | sqrt), $sd * (252 | sqrt),
        ([range($c | length) as $i | 1 - $c[$i] / ($c[:$i + 1] | max)] | max), $n] | map(. * 1e6 | round)' xom.nd)"
is 'which stand in the summary' "$(tn-report summary -O table xom.run | grep -c '^buy and hold')" 10
is 'too few bars: how many it needs' "$(figure '[.outcome.waiting, .outcome.no_trades]')" \
    '[{"momentum":127},"momentum needs 127 bars of a symbol, but there are at most 3"]'
stderr_like 'which is said' '^tn-backtest: no trades: momentum needs 127 bars of a symbol, but there are at most 3$'
run tn-backtest run momentum <<<"$end"
stderr_like 'no bars are said' '^tn-backtest: there are no bars$'
is 'and hold nothing' "$(figure .benchmark)" '{}'
run tn-backtest run sma-cross:fast=1,slow=2,stop=0 --sizing notional:100% --max-position 50% -f ten.nd
is 'entries, what cut them, how they were left' "$(figure '[.outcome.entries, .outcome.cut, .outcome.exits, .outcome.no_trades]')" '[2,{"MAX_POSITION":2},{"exit":2},null]'
# 100000 are 9090 shares at the close of 11; at the next open of 11.2 they are 101808.
run tn-backtest run sma-cross:fast=1,slow=2,stop=0 --sizing notional:100% --max-position 100% -f <(head -n 3 ten.nd)
is 'an entry that cannot be paid is told as well' "$(figure .outcome.rejected) $err" \
    '{"BUYING_POWER":1} tn-backtest: no trades: none of 1 entry filled: rejected BUYING_POWER 1'

# --- what happens in the course of a bar pays for no entry at an open of the same moment: one sells 100 short at 10, and
# of 720 are left 720 + 1000 - 150 % of 1000 = 220; two, which needs 500 there, cannot be paid, though one is stopped
# later and has 720 + 1000 - 1100 = 620 then: in the same symbol as in another
wish() { printf '{"type":"signal","time":"2024-01-02T21:00:00Z","symbol":"%s","id":"%s","strategy":"%s","side":"short","decided":"2024-01-02T21:00:00Z","interval":"1d","price":7,"stop":11}\n' "$2" "$1" "$1"; }
for other in A B; do
    {
        for symbol in A B; do bars "$symbol" <<<'02 10 10 10 10'; done
        wish one A
        wish two "$other"
        for symbol in A B; do bars "$symbol" <<<'03 10 11.5 10 10'; done
        echo "$end"
    } >open.nd
    run tn-backtest run --signals --long-only no --sizing quantity:100 --max-position 300% --cash 720 --daily-loss 100% -f open.nd
    is "the open is before the course of a bar: A and $other" "$(fills) $(figure .outcome.rejected)" \
        '["01-03T14:30","entry","sell_short",100,10,0] ["01-03T21:00","stop","buy_to_cover",100,11,0] {"BUYING_POWER":1}'
done

# --- operands; signals of others
exits 'a file as an operand' 0 tn-backtest run sma-cross:fast=1,slow=2 ./ten.nd
exits 'only a file' 2 tn-backtest run ./ten.nd
stderr_like 'wants a strategy' 'no strategy is named, only a file'
cp ten.nd momentum
exits 'a word that is a strategy and a file' 2 tn-backtest run momentum
stderr_like 'has a way out' 'hint: ./momentum is the file'
rm momentum
ours=(--sizing quantity:100 --max-position 100%)
tn-signal run -p sma-cross:fast=1,slow=2,stop=0 sma-cross:fast=1,slow=3,stop=0 two.nd >both.nd
tn-backtest run sma-cross:fast=1,slow=2,stop=0 sma-cross:fast=1,slow=3,stop=0 "${ours[@]}" --orders two.nd |
    grep -v '"type":"result"' >run.nd
run tn-backtest run --signals "${ours[@]}" --orders both.nd
grep -v '"type":"result"' <<<"$out" >signals.nd
same '--signals: what tn-signal says is traded as strategies are, byte for byte' signals.nd run.nd
is '--signals: the instances that came' "$(figure .strategy)" '"sma-cross:fast=1,slow=2,stop=0 sma-cross:fast=1,slow=3,stop=0"'
run bash -c '{ printf "%s\n" "$1"; cat both.nd; } | tn-backtest run --signals "${@:2}"' - \
    '{"type":"cash","time":"2024-01-02T00:00:00Z","id":"c1","mode":"paper","account":"paper","kind":"deposit","amount":500,"currency":"USD"}' "${ours[@]}"
stderr_like '--signals: a payment is not taken, and that is told' '1 cash record was ignored'
tn-signal run sma-cross:fast=1,slow=2,stop=0 sma-cross:fast=1,slow=3,stop=0 two.nd >only.nd
run bash -c 'tn-stream replay two.nd only.nd | tn-backtest run --signals "$@" --orders | grep -v "\"type\":\"result\""' - "${ours[@]}"
same '--signals: merged by tn-stream replay' "$WORK/.out" run.nd
tn-backtest run sma-cross:fast=1,slow=2,stop=0 "${ours[@]}" --orders actions.nd | grep -v '"type":"result"' >run.nd
run bash -c 'tn-signal run -p sma-cross:fast=1,slow=2,stop=0 actions.nd | tn-backtest run --signals "$@" --orders | grep -v "\"type\":\"result\""' - "${ours[@]}"
same '--signals: through a split and a dividend' "$WORK/.out" run.nd
like 'in which something is held' "$(cat run.nd)" '"type":"cash"'
exits '--signals: a signal behind later bars is a bad line' 3 tn-backtest run --signals two.nd only.nd
stderr_like 'says how to merge' "hint: a signal must follow the bar on which it is based; 'tn-stream replay BARS SIGNALS'"
exits '--signals: a signal of what has no bar' 3 tn-backtest run --signals < <(sed 's/"symbol":"A"/"symbol":"C"/' only.nd)
stderr_like 'is named' 'C: a signal before any bar'
run tn-backtest run --signals two.nd
stderr_like '--signals: none came' 'no trades: there is no signal among the 10 bars'
exits '--signals beside a strategy' 2 tn-backtest run --signals momentum two.nd

# --- files one after the other are not merged
{ cat ten.nd; sed 's/"symbol":"[A-Z]*"/"symbol":"OTHER"/' ten.nd; } >both.nd
exits 'bars that go back in time are bad lines' 3 tn-backtest run sma-cross:fast=1,slow=2 -f both.nd
stderr_like 'the message tells of the merge' 'hint: .tn-stream replay FILE FILE. merges'
finish
