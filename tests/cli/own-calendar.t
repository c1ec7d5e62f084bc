#!/usr/bin/env bash
# A coin that trades every day beside a stock that does not, in one account: each goes by its own sessions, over a
# weekend in which clocks change, the other change and a half day; the same in backtest, session and daily scan.
. "$(dirname "$0")/lib.sh"
needs jq

home() { # NAME CALENDAR, of the account; its symbols have the other where theirs is another
    export TN_HOME=$WORK/home-$1
    mkdir -p "$TN_HOME"
    printf 'account paper {\n calendar = %s\n day_rolls = "17:00 America/New_York"\n cash = 100000\n max_position = 100%%\n max_positions = 100\n}\n' "$2" >"$TN_HOME/config"
    cat >"$TN_HOME/instruments.ndjson" <<'END'
{"type":"instrument","symbol":"BTC-USD","kind":"crypto","calendar":"always"}
{"type":"instrument","symbol":"SPY","kind":"fund","calendar":"nyse"}
END
}
coin() { # DAY OPEN HIGH LOW CLOSE, of March 2026
    echo "{\"type\":\"bar\",\"time\":\"2026-03-$1T00:00:00Z\",\"symbol\":\"BTC-USD\",\"interval\":\"1d\",\"session\":\"2026-03-$1\",\"open\":$2,\"high\":$3,\"low\":$4,\"close\":$5,\"volume\":1000,\"end\":\"$(date -u -d "2026-03-$1 + 1 day" +%FT00:00:00Z)\"}"
}
stock() { # DAY MIDNIGHT CLOSE (hours UTC) OPEN HIGH LOW CLOSE
    echo "{\"type\":\"bar\",\"time\":\"2026-03-$1T$2:00:00Z\",\"symbol\":\"SPY\",\"interval\":\"1d\",\"session\":\"2026-03-$1\",\"open\":$4,\"high\":$5,\"low\":$6,\"close\":$7,\"volume\":1000000,\"end\":\"2026-03-$1T$3:00:00Z\"}"
}
order() { # TIME SYMBOL ID SIDE TYPE TIF [MORE]
    echo "{\"type\":\"order\",\"time\":\"$1:00Z\",\"symbol\":\"$2\",\"id\":\"$3\",\"side\":\"$4\",\"quantity\":1,\"order_type\":\"$5\",\"time_in_force\":\"$6\",\"role\":\"${8:-entry}\",\"strategy\":\"hand-$3\",\"reference_price\":100${7:+,$7}}"
}

# Friday 6 March to Tuesday 10 March 2026; New York's clocks go forward on the 8th, so that Monday closes at 20:00 UTC.
# b1 is entered on Saturday and left one session later, on Sunday; b2 is good for Saturday only; b3 gets its close, and
# b4 the opening of Sunday. s1 waits for Monday's opening, s2, of Saturday night, is good until Monday's close.
weekend() {
    stock 06 05 21 500 505 495 502
    order 2026-03-06T21:00 SPY s1 buy market day
    coin 06 100 110 90 105
    order 2026-03-07T00:00 BTC-USD b1 buy market day '"legs":[{"role":"time","order_type":"market","sessions":1}]'
    order 2026-03-07T00:00 BTC-USD b2 buy limit day '"limit_price":50'
    order 2026-03-07T00:00 BTC-USD b3 buy limit cls '"limit_price":120'
    coin 07 106 112 104 108
    order 2026-03-08T00:00 SPY s2 buy limit day '"limit_price":400'
    order 2026-03-08T00:00 BTC-USD b4 buy market opg
    coin 08 107 109 101 103
    stock 09 04 20 510 512 505 508
    order 2026-03-09T20:00 SPY s1x sell market day '' exit
    coin 09 103 104 99 100
    stock 10 04 20 509 511 505 507
    coin 10 100 101 98 99
}
weekend | sed 's/"strategy":"hand-s1x"/"strategy":"hand-s1"/' >weekend.ndjson
cat >by-hand.fills <<'END'
["2026-03-07T00:00:00Z","BTC-USD","buy",1,106]
["2026-03-08T00:00:00Z","BTC-USD","buy",1,107]
["2026-03-08T00:00:00Z","BTC-USD","buy",1,108]
["2026-03-08T00:00:00Z","BTC-USD","sell",1,107]
["2026-03-09T13:30:00Z","SPY","buy",1,510]
["2026-03-10T13:30:00Z","SPY","sell",1,509]
END
cat >by-hand.ends <<'END'
["2026-03-08T00:00:00Z","b2"]
["2026-03-09T20:00:00Z","s2"]
END
fills() { jq -c 'select(.type == "fill") | [.time, .symbol, .side, .quantity, .price]' "$@" | sort; }
ends() { jq -c 'select(.type == "order_update" and .status == "expired") | [.time, .order_id]' "$@" | sort; }
for calendar in nyse always; do
    home "backtest-$calendar" "$calendar"
    tn-backtest run --signals --orders -a paper <weekend.ndjson >"backtest.ndjson" 2>backtest.err
    fills backtest.ndjson >backtest.fills
    same "account $calendar: fills by hand, in a backtest" backtest.fills by-hand.fills
    ends backtest.ndjson >backtest.ends
    same "account $calendar: what expired, and when" backtest.ends by-hand.ends
    home "session-$calendar" "$calendar"
    tn-order open paper --now 2026-03-01 -q
    tn-order run <weekend.ndjson >session.ndjson 2>session.err
    fills session.ndjson >session.fills
    same "account $calendar: a session gives the same fills" session.fills by-hand.fills
    ends session.ndjson >session.ends
    same "account $calendar: and the same ends" session.ends by-hand.ends
    ok "account $calendar: the journal is sound" tn-journal verify -q
    # A moment is its bars, then its orders, with nothing kept in between but the journal.
    home "scan-$calendar" "$calendar"
    tn-order open paper --now 2026-03-01 -q
    for now in $(jq -r 'select(.type == "bar").end' weekend.ndjson); do
        jq -c --arg now "$now" 'select(.type == "bar" and .end == $now)' weekend.ndjson | tn-order settle
        orders=$(jq -c --arg now "$now" 'select(.type == "order" and .time == $now)' weekend.ndjson)
        [ -z "$orders" ] || { echo "$orders"; echo '{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}'; } |
            tn-order submit --now "$now"
    done >scan.ndjson
    fills scan.ndjson >scan.fills
    same "account $calendar: a scan gives the same fills" scan.fills by-hand.fills
    ends scan.ndjson >scan.ends
    same "account $calendar: and the same ends" scan.ends by-hand.ends
done

# How long orders are good: by hand. New York's clocks go back on 1 November; 27 November is half a day, until 13:00
# (18:00 UTC). gtd: to the close of the session of that date, or, where there is none, to its end.
home until nyse
count=0
tn-order open paper --now 2026-03-01 -q
while read -r time symbol tif until expires; do
    order "$time" "$symbol" "o$((count += 1))" buy limit "$tif" "\"limit_price\":1${expires:+,\"expires\":\"$expires\"}" >until.order
    echo '{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}' >>until.order
    is "$symbol $tif of $time" "$(tn-order submit --now "$time:00Z" until.order | jq -r 'select(.type == "order").valid_until')" "$until:00Z"
done <<'END'
2026-03-07T12:00 BTC-USD day 2026-03-08T00:00
2026-03-07T12:00 SPY day 2026-03-09T20:00
2026-03-07T12:00 BTC-USD opg 2026-03-09T00:00
2026-03-07T12:00 SPY opg 2026-03-09T20:00
2026-03-07T12:00 BTC-USD gtd 2026-03-09T00:00 2026-03-08
2026-03-07T12:00 SPY gtd 2026-03-09T04:00 2026-03-08
2026-10-30T19:00 SPY day 2026-10-30T20:00
2026-11-01T12:00 BTC-USD day 2026-11-02T00:00
2026-11-01T12:00 SPY day 2026-11-02T21:00
2026-11-27T15:00 SPY day 2026-11-27T18:00
2026-11-27T19:00 SPY day 2026-11-30T21:00
2026-11-27T19:00 BTC-USD day 2026-11-28T00:00
END

# A cash account: what a stock brings is spent when it has settled (T+1), what a coin brings at once.
home cash nyse
is 'settlement goes by the calendar of what was sold' \
    "$(tn-backtest run --signals --account-type cash -a paper <weekend.ndjson 2>/dev/null | jq -c 'select(.type == "fill" and .side == "sell") | [.symbol, .settles]')" \
    '["BTC-USD",null]
["SPY","2026-03-10T20:00:00Z"]'

# Signals: an entry is good for the session of its symbol, and a decision's age counts in its sessions.
level() { # TIME SYMBOL DECIDED
    echo "{\"type\":\"signal\",\"time\":\"$1:00Z\",\"symbol\":\"$2\",\"id\":\"sg$2\",\"strategy\":\"hand\",\"side\":\"long\",\"decided\":\"$3:00Z\",\"price\":100,\"interval\":\"1d\"}"
}
home signals nyse
{
    coin 06 100 110 90 105
    coin 07 106 112 104 108
    coin 08 107 109 101 103
    level 2026-03-09T00:00 BTC-USD 2026-03-07T00:00
} | tn-backtest run --signals --orders --entry-within 1 --sizing quantity:1 -a paper >late.ndjson 2>/dev/null
like 'a decision of Friday is two days old on Sunday, for a coin' "$(grep '"refusal"' late.ndjson)" 'LATE.*2'

# Coarser bars of a rule: the coin's week has seven days, and its high is Sunday's.
home week nyse
for day in 01 02 03 04 05 06 07 08 09; do coin "$day" 100 "1$day" 90 100; done >week.ndjson
is 'a week of a coin ends on Sunday' \
    "$(tn-signal scan -q 'high@1w > 0' week.ndjson | jq -c 'select(.type == "match").figures')" '{"high@1w":108}'

# What is no calendar is said by name.
sed -i 's/"always"/"alway"/' "$TN_HOME/instruments.ndjson"
exits 'a calendar that is none' 2 tn-backtest run --signals -a paper weekend.ndjson
like 'is named, with its symbol' "$err" "instruments.ndjson: BTC-USD: .*'alway'"
finish
