#!/usr/bin/env bash
# A stock that trades in euros, in an account in dollars, over a rate that moves: numbers by hand, and the same in
# backtest, session and daily scan. Then what is refused, and money changed by hand.
. "$(dirname "$0")/lib.sh"
needs jq

home() { # NAME
    export TN_HOME=$WORK/home-$1
    mkdir -p "$TN_HOME"
    cat >"$TN_HOME/config" <<'END'
account paper {
    currency = USD
    sizing = notional:10000
    max_position = 100%
    entry_within = any
}
END
    cat >"$TN_HOME/instruments.ndjson" <<'END'
{"type":"instrument","symbol":"SAP","kind":"stock","currency":"EUR","sector":"software"}
{"type":"instrument","symbol":"TM","kind":"stock","currency":"JPY","lot_size":1}
{"type":"instrument","symbol":"FUT","kind":"future","multiplier":10,"expiry":"2026-03-04"}
END
}
bar() { # SYMBOL DAY OPEN HIGH LOW CLOSE
    echo "{\"type\":\"bar\",\"time\":\"2026-03-0$2T05:00:00Z\",\"symbol\":\"$1\",\"interval\":\"1d\",\"session\":\"2026-03-0$2\",\"open\":$3,\"high\":$4,\"low\":$5,\"close\":$6,\"volume\":1000000,\"end\":\"2026-03-0$2T21:00:00Z\"}"
}
level() { # DAY SIDE PRICE DECIDED SYMBOL
    echo "{\"type\":\"signal\",\"time\":\"2026-03-0$1T21:00:00Z\",\"symbol\":\"${5:-SAP}\",\"id\":\"sg${5:-SAP}$2$4\",\"strategy\":\"hand\",\"side\":\"$2\",\"decided\":\"2026-03-0$4T21:00:00Z\",\"price\":$3,\"interval\":\"1d\"}"
}
days() {
    bar EURUSD 2 1.09 1.11 1.08 1.10
    bar SAP 2 149 151 148 150
    level 2 long 150 2
    bar EURUSD 3 1.10 1.13 1.09 1.12
    bar SAP 3 152 154 151 153
    level 3 long 153 2
    bar EURUSD 4 1.12 1.16 1.12 1.15
    bar SAP 4 154 161 153 160
    level 4 flat 160 4
    bar EURUSD 5 1.15 1.21 1.15 1.20
    bar SAP 5 161 163 160 162
    level 5 flat 162 4
}
end() { echo '{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}'; }
days >days.ndjson
fills() { jq -c 'select(.type == "fill") | [.time, .symbol, .side, .quantity, .price, .currency, .pair, .rate]' "$@"; }
curve() { jq -c 'select(.type == "equity") | [.time[:10], .equity, .cash]' "$@"; }

# 60 shares: 10000 USD / (150 EUR x 1.10) = 60.6. Bought at 152, when the euro was last 1.10: 9120 EUR, 10032 USD.
# Sold at 161 at 1.15: 9660 EUR, 11109 USD. Equity: 100000 + 60 x (153 - 152) x 1.12; + 60 x 8 x 1.15; + 540 x 1.20.
home backtest
tn-backtest run --signals -a paper <days.ndjson >backtest.ndjson 2>backtest.err
is 'a backtest over two currencies' "$?" 0
fills backtest.ndjson >backtest.fills
cat >by-hand.fills <<'EOF2'
["2026-03-03T14:30:00Z","SAP","buy",60,152,"EUR","EURUSD",1.1]
["2026-03-05T14:30:00Z","SAP","sell",60,161,"EUR","EURUSD",1.15]
EOF2
same 'fills, in euros, with the rate of their day' backtest.fills by-hand.fills
is 'equity, in dollars' "$(curve backtest.ndjson | jq -s -c 'map(.[1]) | unique')" '[100000,100067.2,100552,100648]'
is 'the trade in dollars at the rates of its days: 11109 - 10032' \
    "$(tn-report trades -O json backtest.ndjson | jq -c .pnl)" 1077

# 60 SAP cost 9120 EUR that the account does not have, and no interest is reckoned on them: said. Yen that borrowing
# costs are in the head in dollars: 100 TM at 1500 yen, 12 % a year are 50 yen a night, 150 yen a dollar: a third.
is 'money owed in another currency is said to be without interest' \
    "$(jq -r 'select(.type == "result") | .assumptions.uncharged' backtest.ndjson)" \
    'debit balances in other currencies without interest'
for day in 2 3 4; do
    bar USDJPY "$day" 150 150 150 150
    bar TM "$day" 1500 1500 1500 1500
    level "$day" short 1500 2 TM
done | tn-backtest run --signals -a paper --long-only no --sizing quantity:100 --borrow-rate 12% >yen.ndjson 2>yen.err
is 'yen that borrowing costs are yen, with their rate' \
    "$(jq -c 'select(.type == "cash") | [.amount, .currency, .pair, .rate]' yen.ndjson)" '[-50,"JPY","USDJPY",150]'
is 'and dollars in the head' "$(jq 'select(.type == "result") | .assumptions.borrow * 1000 | round' yen.ndjson)" -333

home session
tn-order open paper --now 2026-03-01 -q
tn-stream replay days.ndjson | tn-risk size --session -p | tn-order run >session.ndjson
fills session.ndjson >session.fills
same 'a session gives the same fills' session.fills by-hand.fills
is 'its equity' "$(tn-order account -O json | jq -c 'select(.type == "account") | [.currency, .cash, .equity, .pair, .rate]')" \
    '["USD",100000,100648,null,null]
["EUR",540,null,"EURUSD",1.2]'
is 'the journal says what it traded, once' \
    "$(tn-journal query "SELECT count(*) AS n FROM event WHERE type = 'instrument'" -O json | jq .n)" 1
ok 'and is sound' tn-journal verify -q
mv "$TN_HOME/instruments.ndjson" gone.ndjson
is 'it is read without the file' "$(tn-order account -O json | jq -s '.[0].equity')" 100648
is 'the report of the journal has the trade too' \
    "$(tn-report trades --journal -O json | jq -c .pnl)" 1077

# Once a day: settle what came, size what is wanted, submit.
home scan
tn-order open paper --now 2026-03-01 -q
for day in 2 3 4 5; do
    { grep "2026-03-0${day}T21" days.ndjson | grep '"bar"'; end; } | tn-order settle >>scan.ndjson
    { grep "signal\",\"time\":\"2026-03-0${day}T21" days.ndjson; end; } | tn-risk size --now "2026-03-0${day}T22:00:00Z" |
        tn-order submit --now "2026-03-0${day}T22:00:00Z" >>scan.ndjson 2>>scan.err
done
fills scan.ndjson >scan.fills
same 'a scan once a day gives the same fills' scan.fills by-hand.fills

# The other way round: USDEUR. 1 / 0.8 is 1.25: 10000 / (150 x 1.25) = 53.
home inverse
sed 's/EURUSD/USDEUR/' days.ndjson | jq -c 'if .symbol == "USDEUR" then .open = 0.8 | .high = 0.8 | .low = 0.8 | .close = 0.8 else . end' >inverse.ndjson
is 'a pair the other way round' "$(tn-backtest run --signals -a paper <inverse.ndjson | fills | head -n 1)" \
    '["2026-03-03T14:30:00Z","SAP","buy",53,152,"EUR","USDEUR",0.8]'

# Without the pair nothing enters, by name.
home missing
grep -v EURUSD days.ndjson >missing.ndjson
tn-backtest run --signals -a paper --orders <missing.ndjson >missing.out 2>&1
is 'without a rate nothing is traded' "$(fills missing.out | wc -l)" 0
like 'and it is said which is missing' "$(cat missing.out)" 'NO_RATE.*bars of EURUSD'
home stale
grep -v 'EURUSD.*2026-03-0[345]T21' days.ndjson | sed 's/2026-03-02T21:00:00Z","price":150/&/' |
    jq -c 'if .type == "signal" then select(.time >= "2026-03-05") | .side = "long" | .decided = .time | .id = "sgx" else . end' >stale.ndjson
{ cat stale.ndjson; bar SAP 9 161 163 160 162; level 9 long 162 9; } >older.ndjson
is 'a rate of three days is one' "$(tn-backtest run --signals -a paper <stale.ndjson | grep -c NO_RATE)" 0
tn-backtest run --signals -a paper --orders <older.ndjson >older.out
like 'an older one is none' "$(cat older.out)" 'NO_RATE.*EUR.*more than 4 days old'

# A cross rate: yen in an account in euros, by USDJPY and EURUSD. A yen is 1 / 160 / 1.25 = 0.005 euros. 10000 euros are
# 2,000,000 yen: 1000 of 2000 yen. Bought at 2001, when both were as the day before; sold at 2100 at 1 / 150 / 1.25.
# Equity of day 3: 100000 + 1000 x (2010 - 2001) / 150 / 1.25 = 100048, of the end: + 99000 / 150 / 1.2 = 100550.
crossing() {
    bar USDJPY 2 160 161 159 160
    bar EURUSD 2 1.25 1.25 1.25 1.25
    bar TM 2 2000 2001 1999 2000
    level 2 long 2000 2 TM
    bar TM 3 2001 2020 2000 2010
    bar EURUSD 3 1.25 1.25 1.25 1.25
    bar USDJPY 3 160 160 150 150
    level 3 flat 2010 3 TM
    bar EURUSD 4 1.25 1.25 1.2 1.2
    bar USDJPY 4 150 150 150 150
    bar TM 4 2100 2110 2090 2100
    level 4 flat 2010 3 TM
}
cross_home() { # NAME
    home "$1"
    sed -i 's/currency = USD/currency = EUR/' "$TN_HOME/config"
}
crosses() { jq -c 'select(.type == "fill") | [.time, .side, .quantity, .price, .currency, .pair, .rate, .cross_pair, .cross_rate]' "$@"; }
cross_home cross
crossing >cross.ndjson
cat >cross-by-hand.fills <<'EOF2'
["2026-03-03T14:30:00Z","buy",1000,2001,"JPY","USDJPY",160,"EURUSD",1.25]
["2026-03-04T14:30:00Z","sell",1000,2100,"JPY","USDJPY",150,"EURUSD",1.25]
EOF2
tn-backtest run --signals -a paper <cross.ndjson >cross-backtest.ndjson 2>cross.err
crosses cross-backtest.ndjson >cross.fills
same 'yen by two pairs, in a backtest' cross.fills cross-by-hand.fills
is 'and its equity' "$(curve cross-backtest.ndjson | jq -s -c 'map(.[1])')" '[100000,100048,100550]'
# 2,100,000 / 150 / 1.25 - 2,001,000 / 160 / 1.25 = 11200 - 10005.
is 'the trade in euros at the rates of its days' "$(tn-report trades -O json cross-backtest.ndjson | jq -c .pnl)" 1195
tn-order open paper --now 2026-03-01 -q
tn-stream replay cross.ndjson | tn-risk size --session -p | tn-order run >cross-session.ndjson
crosses cross-session.ndjson >cross.fills
same 'the same in a session' cross.fills cross-by-hand.fills
is 'what the account has, with both pairs' \
    "$(tn-order account -O json | jq -c '[.currency, .cash, .equity, .pair, .rate, .cross_pair, .cross_rate]')" \
    '["EUR",100000,100550,null,null,null,null]
["JPY",99000,null,"USDJPY",150,"EURUSD",1.2]'
is 'the report of the journal has the trade' "$(tn-report trades --journal -O json | jq -c .pnl)" 1195
is 'a conversion goes by both: 4950 yen are 27.5 euros' \
    "$(tn-order convert 4950 JPY EUR --now 2026-03-04T22:00:00Z | jq -c '[.amount, .currency, .pair, .cross_pair]')" \
    '[-4950,"JPY","USDJPY","EURUSD"]
[27.5,"EUR",null,null]'
ok 'the journal is sound' tn-journal verify -q
# One pair today in one call, the other in another: they are a rate all the same. 20000 yen are 20000 / 160 / 1.25.
cross_home apart
tn-order open paper --now 2026-03-01 -q
for pair in 'USDJPY 2 160 160 160 160' 'EURUSD 2 1.25 1.25 1.25 1.25'; do
    # shellcheck disable=SC2086
    bar $pair | tn-order settle -q >/dev/null
done
is 'pairs that are settled one by one are a cross rate' \
    "$(tn-order convert 100 EUR JPY --now 2026-03-02T22:00:00Z | jq -c '[.amount, .currency, .pair, .cross_pair]')" \
    '[-100,"EUR",null,null]
[20000,"JPY","USDJPY","EURUSD"]'
cross_home uncrossed
tn-backtest run --signals -a paper --orders <<<"$(grep -v EURUSD cross.ndjson)" >uncrossed.out 2>&1
like 'one pair of two is no rate, and what would do is named' "$(cat uncrossed.out)" \
    'NO_RATE.*bars of JPYEUR, or of JPYUSD and USDEUR'

# Expiry: nothing enters afterwards, what is held is closed at the last price, in every world.
home expiry
{
    bar FUT 2 100 101 99 100
    level 2 long 100 2 FUT
    bar FUT 3 100 103 99 102
    bar FUT 4 102 105 101 104
    level 4 long 104 2 FUT
    bar SPY 5 500 501 499 500
    level 5 long 104 5 FUT
} >expiry.ndjson
tn-backtest run --signals -a paper --orders <expiry.ndjson >expiry.out
is 'a future that is held over its last day is closed at its last price' \
    "$(jq -c 'select(.type == "fill") | [.time, .side, .quantity, .price]' expiry.out)" \
    '["2026-03-03T14:30:00Z","buy",10,100]
["2026-03-04T22:00:00Z","sell",10,104]'
like 'and nothing enters it any more' "$(grep '"refusal"' expiry.out)" 'EXPIRED.*2026-03-04'

# Euros paid in are no profit: 500 before there is a rate, which count from the first one, 1.1, on, and 1000 at the same.
# At 1.2 they are 1800 dollars: 150 are made by the rate.
home deposits
tn-order open paper --now 2026-03-01 -q
pay() { # ID DAY AMOUNT
    echo "{\"type\":\"cash\",\"time\":\"2026-03-0$2T10:00:00Z\",\"id\":\"$1\",\"account\":\"paper\",\"currency\":\"EUR\",\"amount\":$3,\"kind\":\"deposit\"}" |
        tn-journal record -q >/dev/null
}
pay c1 2 500
bar EURUSD 2 1.09 1.11 1.08 1.10 | tn-order settle -q >/dev/null
pay c2 3 1000
bar EURUSD 3 1.10 1.20 1.10 1.20 | tn-order settle -q >/dev/null
is 'money paid in in another currency is no profit' \
    "$(tn-report summary --journal -O json | jq -c 'select(.type == "result") | .metrics | [.start_equity, .end_equity, .net_profit]')" \
    '[100000,101800,150]'

# What a position may lose is lost in its own currency: 1000 TM of 2010 yen, without a stop, are 10050 euros of 100045 at
# 160 and 1.25, and 20 % is what may be at risk. A million yen paid in are 5000 euros: no loss afterwards.
cross_home risk
tn-order open paper --now 2026-03-01 -q
{ bar USDJPY 2 160 160 160 160; bar EURUSD 2 1.25 1.25 1.25 1.25; bar TM 2 2000 2001 1999 2000; } | tn-order settle -q >/dev/null
{
    echo '{"type":"order","time":"2026-03-02T21:00:00Z","symbol":"TM","id":"r1","side":"buy","quantity":1000,"order_type":"market","role":"entry","strategy":"hand","reference_price":2000}'
    end
} | tn-order submit --now 2026-03-02T21:00:00Z -q >/dev/null
{ bar USDJPY 3 160 160 160 160; bar EURUSD 3 1.25 1.25 1.25 1.25; bar TM 3 2001 2020 2000 2010; } | tn-order settle -q >/dev/null
sed -i 's/^}/    watch_at_risk = 20%\n    goal_drawdown = 10%\n}/' "$TN_HOME/config"
used() { tn health -O json --now 2026-03-04T22:00:00Z 2>/dev/null | jq -c "select(.check == \"limit\" and (.subject | test(\"$1\"))) | .used * 1e4 | round"; }
is 'money at risk is that of the account' "$(used watch_at_risk)" 5023
echo '{"type":"cash","time":"2026-03-03T22:00:00Z","id":"p1","account":"paper","currency":"JPY","amount":1000000,"kind":"deposit"}' |
    tn-journal record -q >/dev/null
{ bar USDJPY 4 160 160 160 160; bar EURUSD 4 1.25 1.25 1.25 1.25; bar TM 4 2010 2010 2010 2010; } | tn-order settle -q >/dev/null
is 'yen paid in are no loss' "$(used goal_drawdown)" 0

# Money changed by hand.
home convert
tn-order open paper --now 2026-03-01 -q
bar EURUSD 2 1.09 1.11 1.08 1.10 | tn-order settle -q
is 'dollars into euros by the last rate' \
    "$(tn-order convert 1000 USD EUR --now 2026-03-02T22:00:00Z | jq -c '[.kind, .amount, .currency]')" \
    '["fx",-1000,"USD"]
["fx",909.09,"EUR"]'
is 'as many yen as a bank gave' \
    "$(tn-order convert 100 EUR JPY --for 16900 --now 2026-03-02T22:01:00Z | jq -c '[.amount, .currency]')" \
    '[-100,"EUR"]
[16900,"JPY"]'
tn-order account -O table >account.txt
like 'yen without a rate: the equity is not known' "$(tn-order account -O json | jq -s -c '.[0] | [.cash, .equity, .buying_power]')" \
    '\[99000,null,null\]'
like 'and a dash in the table' "$(cat account.txt)" '99,?000.00 +-'
tn-order convert 100 EUR JPY --for 16900 --now 2026-03-02T22:01:00Z 2>twice.err
is 'the same again' "$?" 1
tn-order convert 5000 EUR USD --now 2026-03-02T22:02:00Z 2>much.err
is 'more than there is' "$?" 1
like 'says how much there is' "$(cat much.err)" 'the account has 809.09 EUR'
tn-order convert 5 EUR XYZ 2>unknown.err
is 'a currency that is none' "$?" 2
tn-order convert 5 GBP USD --now 2026-03-02T22:02:00Z 2>rate.err
is 'one without a rate' "$?" 1
like 'of which the account keeps no bars: only the amounts help' "$(cat rate.err)" 'hint: .*no instrument trades in it.*--for'
tn-order convert 5 JPY USD --now 2026-03-09T22:02:00Z 2>rate.err
like 'of which it keeps bars: those help, too' "$(cat rate.err)" 'hint: settle bars of JPYUSD, or give'
echo '{"type":"cash","time":"2026-03-03T10:00:00Z","id":"c9","account":"paper","currency":"XYZ","amount":5,"kind":"deposit"}' |
    tn-journal record >/dev/null 2>record.err
is 'nobody pays in what is no currency' "$?" 3
ok 'the journal is sound' tn-journal verify -q
is 'the money of each currency, for queries' \
    "$(tn-journal query "SELECT currency, cash, pair, rate FROM money ORDER BY currency" -O tsv | tail -n +2)" \
    "$(printf 'EUR\t809.09\tEURUSD\t1.1\nJPY\t16900\t\t\nUSD\t99000\t\t')"

# Killed at any write, a conversion is there whole or not at all.
if [ -z "${ASAN_OPTIONS:-}" ] && strace -o /dev/null true 2>/dev/null; then
    torn=0 whole=0
    for call in pwrite64 fdatasync; do
        for n in 1 2 3 4 6 9 13; do
            { strace -qq -o /dev/null -e trace="$call" -e inject="$call:signal=KILL:when=$n" \
                tn-order convert 10 USD EUR --now "2026-03-03T10:$((10 + n + ${#call})):00Z" >/dev/null; } 2>/dev/null
            pairs=$(tn-journal query "SELECT count(*) FROM cash WHERE kind = 'fx'" -O tsv | tail -n 1)
            tn-journal verify -q || torn=$((torn + 1))
            [ $((pairs % 2)) = 0 ] || torn=$((torn + 1))
            [ "$pairs" -gt 4 ] && whole=$((whole + 1))
        done
    done
    is 'killed at a write, it is there whole or not at all' "$torn" 0
    ok 'and sometimes it is' test "$whole" -gt 0
fi

# An account keeps its currency, whatever the configuration says later.
home kept
tn-order open paper --cash 1000 -q
sed -i 's/currency = USD/currency = EUR/' "$TN_HOME/config"
exits 'another currency is none of the account' 9 tn-order account -a paper
like 'and is told' "$err" "account 'paper' was opened in USD; its currency is now set to EUR"
sed -i 's/currency = EUR/currency = USD/' "$TN_HOME/config"
like 'with its own all is as it was' "$(tn-order account -a paper -O tsv)" '1000'
finish
