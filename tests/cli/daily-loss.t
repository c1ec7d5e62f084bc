#!/usr/bin/env bash
# The daily loss limit on paper: it holds for its trading day, for every program, and ends with the day, though the
# account is flat and nothing has happened to it since.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# Monday 2 March 2026 to Thursday, New York winter time: sessions 14:30Z to 21:00Z, the day rolls at 22:00Z.
bar() { # DATE OPEN HIGH LOW CLOSE
    printf '{"type":"bar","time":"%sT05:00:00Z","symbol":"AAA","interval":"1d","session":"%s","end":"%sT21:00:00Z",' \
        "$1" "$1" "$1"
    printf '"open":%s,"high":%s,"low":%s,"close":%s,"volume":1}\n' "$2" "$3" "$4" "$5"
}
level() { # DATE SIDE STOP
    printf '{"type":"signal","time":"%sT21:00:00Z","symbol":"AAA","id":"sg-%s","strategy":"hand","side":"%s",' \
        "$1" "$1" "$2"
    printf '"decided":"%sT21:00:00Z","interval":"1d","price":100,"stop":%s}\n' "$1" "$3"
    printf '{"type":"end","status":0,"complete":true}\n'
}
size() { tn-risk size --now "$1"; }

tn-order open paper --cash 100000 --now 2026-03-02T21:00:00Z -q
# 1 % of 100000 over 20 a share is 50; 5 % of it at 100 leaves room for 50.
level 2026-03-02 long 80 | size 2026-03-02T21:30:00Z >orders
ok 'an entry' tn-order submit --now 2026-03-02T21:30:00Z -f orders
bar 2026-03-03 100 100 100 100 | tn-order settle >/dev/null
is 'is filled' "$(tn-order positions | grep -c .)" 1
# A gap to 50 through the stop: 50 x (100 - 50) = 2500 is more than 2 % of 100000. Flat.
bar 2026-03-04 50 50 50 50 | tn-order settle >/dev/null
is 'and stopped out at a loss of 2500' "$(tn-order positions | grep -c .)" 0
level 2026-03-04 long 80 >again
exits 'no entry for the rest of the day' 6 tn-risk size --now 2026-03-04T21:30:00Z -f again
stdout_like 'by name' '"code":"DAILY_LOSS_LIMIT"'
# 2500 of the 100000 at the roll; the day ends at 17:00 New York, 22:00Z.
stdout_like 'which day, how much, until when' 'the trading day 2026-03-04 has lost 2500, 2.5 % of its equity, the limit is 2 %: entries resume after 2026-03-04T22:00:00Z'
exits 'nor on the next morning, for what was decided on that day' 6 tn-risk size --now 2026-03-05T13:30:00Z -f again
stdout_like 'the day of the decision is named' 'the trading day of the decision, 2026-03-04, lost 2500, 2.5 % of its equity, the limit is 2 %: only later decisions, after 2026-03-04T22:00:00Z'
cat >order <<'EOF'
{"type":"order","time":"2026-03-04T21:00:00Z","symbol":"AAA","id":"byhand","side":"buy","quantity":1,"order_type":"market","reference_price":50}
{"type":"end","status":0,"complete":true}
EOF
exits 'nor under the lock' 6 tn-order submit --now 2026-03-05T13:30:00Z -f order
stdout_like 'as the account says too' '"code":"DAILY_LOSS_LIMIT".*the trading day of the decision, 2026-03-04'
level 2026-03-05 long 80 >later
exits 'after the roll there is' 0 tn-risk size --now 2026-03-05T21:30:00Z -f later
stdout_like 'an order' '"type":"order"'
printf '%s\n' "$out" >orders
exits 'which the account takes' 0 tn-order submit --now 2026-03-05T21:30:00Z -f orders
is 'and works' "$(tn-order orders | grep -c .)" 1

# Over a weekend: Friday 6 March loses; what Friday's bars decided is judged by Friday on Monday morning.
export TN_HOME=$WORK/weekend
tn-order open paper --cash 100000 --now 2026-03-04T21:00:00Z -q
level 2026-03-04 long 80 | size 2026-03-04T21:30:00Z >orders
tn-order submit --now 2026-03-04T21:30:00Z -f orders >/dev/null
bar 2026-03-05 100 100 100 100 | tn-order settle >/dev/null
# An order by hand that works beside it, for another symbol, far from its market.
cat >far <<'EOF'
{"type":"order","time":"2026-03-05T21:00:00Z","symbol":"BBB","id":"far","side":"buy","quantity":1,"order_type":"limit","limit_price":10,"time_in_force":"gtc"}
{"type":"end","status":0,"complete":true}
EOF
ok 'an entry by hand' tn-order submit --now 2026-03-05T21:30:00Z -f far
bar 2026-03-06 50 50 50 50 | tn-order settle >friday
like 'is cancelled when the limit latches, as by halt' "$(cat friday)" '"type":"order_update".*"order_id":"far","status":"canceled".*"reason":"daily loss"'
is 'nothing works any more' "$(tn-order orders | grep -c .)" 0
level 2026-03-06 long 80 >friday-level
exits 'on Monday morning' 6 tn-risk size --now 2026-03-09T12:30:00Z -f friday-level
stdout_like 'Friday counts' 'the trading day of the decision, 2026-03-06, lost 2500'
level 2026-03-09 long 80 >monday
exits "Monday's decisions are free" 0 tn-risk size --now 2026-03-09T20:30:00Z -f monday

# A clock that is wrong enters nothing: one before the account's last event, or an order that was decided after now.
sed 's/"id":"far"/"id":"far2"/' far >doubt
exits 'a clock before the last event' 6 tn-order submit --now 2026-03-05T22:00:00Z -f doubt
stdout_like 'is in doubt' '"code":"CLOCK".*before the last event of the account'
sed 's/"id":"far"/"id":"far3"/; s/2026-03-05T21/2030-03-05T21/' far >future
exits 'an order from the future' 6 tn-order submit --now 2026-03-09T20:30:00Z -f future
stdout_like 'too' '"code":"CLOCK".*decided in the future'

# A market that never closes, its day that of UTC: the moment of the roll, when its daily bars end, is of the day before.
export TN_HOME=$WORK/crypto
mkdir -p "$TN_HOME"
cat >"$TN_HOME/config" <<'EOF'
account paper { calendar = always  day_rolls = "00:00 UTC" }
EOF
coin() { # DATE NEXT PRICE
    printf '{"type":"bar","time":"%sT00:00:00Z","symbol":"AAA","interval":"1d","session":"%s","end":"%sT00:00:00Z",' "$1" "$1" "$2"
    printf '"open":%s,"high":%s,"low":%s,"close":%s,"volume":1}\n' "$3" "$3" "$3" "$3"
}
turn() { level "$1" long 40 | sed 's/T21:00/T00:00/g'; }
tn-order open paper --cash 100000 --now 2026-03-02T00:00:00Z -q
turn 2026-03-02 | size 2026-03-02T00:00:00Z | tn-order submit --now 2026-03-02T00:00:00Z >/dev/null
coin 2026-03-02 2026-03-03 100 | tn-order settle >/dev/null
is 'a coin is held: 1000 / 60 = 16' "$(tn-order positions -O json | sed -n 's/.*"quantity":\([0-9]*\).*/\1/p')" 16
# Stopped out at the open of 20: 16 x 80 = 1280.
coin 2026-03-03 2026-03-04 20 | tn-order settle >/dev/null
turn 2026-03-04 | sed 's/"price":100,"stop":40/"price":20,"stop":10/' >roll
exits '1.28 % is less than the limit' 0 tn-risk size --now 2026-03-04T00:00:00Z -f roll
exits 'with a limit of 1 % it is not' 6 tn-risk size --daily-loss 1% --now 2026-03-04T00:00:00Z -f roll
stdout_like 'and 00:00Z is the last moment of 3 March' 'the trading day 2026-03-03 has lost 1280, 1.28 % of its equity, the limit is 1 %: entries resume after 2026-03-04T00:00:00Z'
exits 'a moment later it is the day before' 6 tn-risk size --daily-loss 1% --now 2026-03-04T08:30:00Z -f roll
stdout_like 'that the decision is of' 'the trading day of the decision, 2026-03-03, lost 1280'

# Currencies and CME: hours without a pause, the day rolls at 17:00 New York, 22:00Z in winter and 21:00Z in summer. The
# hour that ends at the roll is of the day that ends, with what was decided on it; what fills at the open that follows is
# of the next. A backtest and a session say the same.
bar_of() { # INTERVAL SYMBOL START END OPEN CLOSE
    printf '{"type":"bar","time":"%s","symbol":"%s","interval":"%s","session":"%s","end":"%s","open":%s,"high":%s,"low":%s,"close":%s,"volume":1,"adjusted":"raw"}\n' \
        "$3" "$2" "$1" "${3%T*}" "$4" "$5" "$(($5 > $6 ? $5 : $6))" "$(($5 < $6 ? $5 : $6))" "$6" | if [ "$1" = 1h ]; then sed 's/"session":[^,]*,//'; else cat; fi
}
hour() { # DATE HOUR OPEN CLOSE: of EUR; the others stand still
    local start end
    printf -v start '%sT%02d:00:00Z' "$1" "$2"
    end=$(date -u -d "$start + 1 hour" +%FT%TZ)
    bar_of 1h EUR "$start" "$end" "$3" "$4"
    bar_of 1h GBP "$start" "$end" 50 50
    bar_of 1h JPY "$start" "$end" 50 50
}
day() { # DATE OPEN CLOSE
    local end
    end=$(date -u -d "$1 + 1 day" +%FT00:00:00Z)
    bar_of 1d EUR "$1T00:00:00Z" "$end" "$2" "$3"
    bar_of 1d GBP "$1T00:00:00Z" "$end" 50 50
    bar_of 1d JPY "$1T00:00:00Z" "$end" 50 50
}
wish() { # DATE HOUR SYMBOL STOP [INTERVAL]
    printf '{"type":"signal","time":"%sT%02d:00:00Z","symbol":"%s","id":"sg-%s-%s-%s","strategy":"s-%s","side":"long","decided":"%sT%02d:00:00Z","interval":"%s","price":%s,"stop":%s}\n' \
        "$1" "$2" "$3" "$1" "$2" "$3" "$3" "$1" "$2" "${5:-1h}" "$([ "$3" = EUR ] && echo 100 || echo 50)" "$4"
}
said() { jq -r 'select(.type == "order" and .role == "entry" or .type == "refusal") | "\(.symbol) \(.code // "taken") \(.message // "" | sub(".*(?<day>2026-[0-9-]*).*lost.*"; "\(.day)"))"' | sed 's/ $//' | paste -sd,; }
both() { # NAME WANTED [TERMS]: what became of the wishes of world.ndjson
    export TN_HOME=$WORK/$1
    mkdir -p "$TN_HOME"
    echo 'account paper { calendar = always  sizing = "quantity:100"  max_position = 60%'"${3:-} }" >"$TN_HOME/config"
    is "$1: a backtest" "$(tn-backtest run --signals --orders -a paper -f world.ndjson 2>/dev/null | said)" "$2"
    tn-order open paper --cash 100000 --now "$(sed -n '1s/.*"time":"\([^"]*\)".*/\1/p' world.ndjson)" -q
    tn-stream replay world.ndjson | tn-risk size --session -p 2>/dev/null | tn-order run >session.ndjson 2>/dev/null
    is "$1: a session" "$(said <session.ndjson)" "$2"
}
needs jq
for world in 'winter 2026-03-05 22 2026-03-05' 'summer 2026-03-12 21 2026-03-12'; do
    read -r season date roll day <<<"$world"
    { hour "$date" $((roll - 2)) 100 100; wish "$date" $((roll - 1)) EUR 50
        hour "$date" $((roll - 1)) 100 70; wish "$date" "$roll" GBP 40 # 100 x 30 lost when the day ends
        hour "$date" "$roll" 70 70; wish "$date" $((roll + 1)) JPY 40
        hour "$date" $((roll + 1)) 70 70; echo '{"type":"end","status":0,"complete":true}'; } >world.ndjson
    both "$season" "EUR taken,GBP DAILY_LOSS_LIMIT $day,JPY taken"
done
# A gap at the first open of the new day: 100 bought at 100, stopped at 70. What was decided at the roll itself is free.
{ hour 2026-03-05 20 100 100; wish 2026-03-05 21 EUR 95
    hour 2026-03-05 21 100 100; wish 2026-03-05 22 GBP 40
    hour 2026-03-05 22 70 70; wish 2026-03-05 23 JPY 40
    hour 2026-03-05 23 70 70; echo '{"type":"end","status":0,"complete":true}'; } >world.ndjson
both gap 'EUR taken,GBP taken,JPY DAILY_LOSS_LIMIT 2026-03-06'
# Coins, whose day rolls at 00:00Z, with bars of days: 100 x 30 lost on the 3rd, judged by what the bar of it decided.
{ day 2026-03-01 100 100; wish 2026-03-02 0 EUR 50 1d; day 2026-03-02 100 100
    day 2026-03-03 100 70; wish 2026-03-04 0 GBP 40 1d; day 2026-03-04 70 70; wish 2026-03-05 0 JPY 40 1d; day 2026-03-05 70 70
    echo '{"type":"end","status":0,"complete":true}'; } >world.ndjson
both coins 'EUR taken,GBP DAILY_LOSS_LIMIT 2026-03-03,JPY taken' '  day_rolls = "00:00 UTC"'
finish
