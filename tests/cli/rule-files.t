#!/usr/bin/env bash
# Rule files that enter at a price, add, and name their exits: each on a few bars whose fills were worked out by hand.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq python3

# Bars of X from lines "open high low close": sessions from 2024-01-02 on, weekends left out; with MINUTES two
# bars of half a session each.
days() {
    awk -v minutes="${1:-}" 'BEGIN { split("02 03 04 05 08 09 10 11 12 16 17 18 19 22 23 24 25 26 29 30 31", day, " ") }
        { if (minutes == "") { d = day[NR]; a = "05:00"; b = "21:00"; i = "1d" }
          else { d = day[int((NR + 1) / 2)]; a = NR % 2 ? "14:30" : "17:45"; b = NR % 2 ? "17:45" : "21:00"; i = "195m" }
          printf "{\"type\":\"bar\",\"time\":\"2024-01-%sT%s:00Z\",\"symbol\":\"X\",\"interval\":\"%s\",\"end\":\"2024-01-%sT%s:00Z\",\"session\":\"2024-01-%s\",\"open\":%s,\"high\":%s,\"low\":%s,\"close\":%s,\"volume\":1000}\n", d, a, i, d, b, d, $1, $2, $3, $4 }'
}
# Fills of the rules over the bars of standard input, 100 shares: day, role, quantity with its sign, price.
fills() { # RULES [MINUTES]
    printf '%s\n' "$1" >rules.tn
    days "${2:-}" >bars.nd
    tn-backtest run rules.tn bars.nd -q --sizing "${SIZING:-quantity:100}" --long-only no --max-position 1000% >out.nd 2>err
    jq -r 'select(.type == "fill") | [.time[8:10], .role, (if .side == "buy" or .side == "buy_to_cover" then "+" else "-" end) + (.quantity | tostring), .price] | map(tostring) | join(" ")' out.nd
}

# The highest of two days is 12: a stop there, and the third day opens beyond it. Out at the open after a close below 9.5.
is 'a stop that the open has gone past' "$(fills 'enter long at stop: highest(2)
exit long: close < 9.5' <<'D'
10 11 9 10
10 12 9 11
13 14 12.5 13.5
13 13.5 9 9.2
9.1 9.5 9 9.3
D
)" $'04 entry +100 13\n08 exit -100 9.1'

# The stop of 11 is good for the 3rd and 4th; without `for` for the 3rd alone. The 4th is one bar: out at the next open.
bars='9 11 9 10
9.5 10.9 9 9.5
9.5 11.5 9.4 11.2
11.1 11.1 10 10.5
10 10.2 9 9'
is 'a stop that is good for two bars' "$(fills 'enter long: close == 10
enter long at stop: high for 2 bars
exits: after 1 bar' <<<"$bars")" $'04 entry +100 11\n05 time -100 11.1'
is 'a stop is good for one bar' "$(fills 'enter long: close == 10
enter long at stop: high
exits: after 1 bar' <<<"$bars")" ''
is 'for a number of bars that is a parameter' "$(fills 'param wait = 2 in 1..5
enter long: close == 10
enter long at stop: 11 for wait bars
exits: after wait bars' <<<"$bars")" $'04 entry +100 11\n08 time -100 10'

# The 3rd only touches the limit of 9.5, which may have been another's turn.
is 'a limit' "$(fills 'enter long: close == 10
enter long at limit: low for 2 bars
exits: after 1 bar' <<'D'
10.5 11 9.5 10
10 10.2 9.5 9.8
9.8 9.9 9.4 9.6
9.7 9.8 9 9.1
9 9 9 9
D
)" $'04 entry +100 9.5\n05 time -100 9.7'

# R is 100 - 95. All is sold on the 5th, so that the 8th decides anew.
is 'half at 1 R, the rest at 2 R' "$(fills 'enter long: close == 100
stop: close - 5
exits: half at 1 R, rest at 2 R' <<'D'
100 101 99 100
100 104 99 103
103 105.5 102 105
105 110.2 104 109
100 101 99 100
101 102 100 101.5
D
)" $'03 entry +100 100\n04 target -50 105\n05 target -50 110\n09 entry +100 101'
is 'break even after the first target' "$(fills 'enter long: close == 100
stop: close - 5
exits: half at entry + 5, break even after target
hold: 20 bars' <<'D'
100 101 99 100
100 104 99 103
103 105.5 102 105
104 104 99.5 101
D
)" $'03 entry +100 100\n04 target -50 105\n05 stop -50 100'
# 104.99 is not 1 R; from 105 on it follows the best price, 106, by 3.
is 'a trail that begins at 1 R' "$(fills 'enter long: close == 100
stop: 95
exits: trail 3 after 1 R' <<'D'
100 101 99 100
100 104.99 99 100.5
101 102 98 101
104 106 103.5 105
105 105 103 104
100 101 99 100
100 101 99 100.5
D
)" $'03 entry +100 100\n08 stop -100 103\n10 entry +100 100'
# 90 from the fill, then 99 below 110.
is 'a trail of ten per cent' "$(fills 'enter long: close == 100
exits: trail 10 %' <<'D'
100 101 99 100
100 100 95 99
99 110 98 108
107 108 99 101
D
)" $'03 entry +100 100\n05 stop -100 99'
is 'out at the close of its day' "$(fills 'enter long: close == 100
exits: at close' <<'D'
100 101 99 100
101 103 100 102
100 101 99 100
99 100 98 99
D
)" $'03 entry +100 101\n03 time -100 102\n05 entry +100 99\n05 time -100 99'
is 'a stop that lies four below the fill' "$(fills 'enter long: close == 100
exits: stop at entry - 4' <<'D'
100 101 99 100
101 103 98 102
100 101 96.5 97.5
D
)" $'03 entry +100 101\n04 stop -100 97'
# 110 after the fill, 107.5 from the 4th on, 105 from the 5th.
is 'a target that falls' "$(fills 'enter long: close == 100
exits: stop at entry - 5, all at 2 R falling 0.5 R a bar' <<'D'
100 101 99 100
100 101 99 100
101 107 100 106
104 105.5 103 105
D
)" $'03 entry +100 100\n05 target -100 105'
# 1 in 2 of the normal size.
is 'a size' "$(fills 'param part = 0.5 in 0..1 step 0.1
enter long: close == 100
size: part
exits: after 2 bars' <<'D'
100 101 99 100
100 101 99 101
100 101 99 101
99 99 99 99
D
)" $'03 entry +50 100\n05 time -50 99'
# Of three closes of 100 the deviation is 0, and 1 by it not known; of 100 101 100 it is 0.471405: 212 shares.
is 'an entry whose size is not known is not made' "$(fills 'enter long: close == 100 or close == 99
size: close / 100 / stddev(close, 3)
exits: after 1 bar' <<'D'
100 101 99 100
100 101 99 100
100 101 99 100
101 101 101 101
100 101 99 100
99 99 99 99
98 98 98 98
D
)" $'09 entry +212 99\n10 time -212 98'
# Units at 102 and 104, beyond the fill of the first. The stop of the newest, 104 - 4, ends all: the others at the open.
is 'units' "$(fills 'enter long: close == 100
exits: stop at entry - 4
add: every 2 up to 3' <<'D'
100 101 99 100
100 101 99 101
101 104.5 101 104
103 103 99.5 100.2
99 99.5 98.5 99
D
)" $'03 entry +100 100\n04 entry +100 102\n04 entry +100 104\n05 stop -100 100\n08 exit -100 99\n08 exit -100 99'
is 'units of their own names' "$(jq -r 'select(.type == "fill" and .role == "entry") | .strategy' out.nd | paste -sd' ')" 'rules rules:unit=2 rules:unit=3'
is 'in a result of one' "$(jq -r 'select(.type == "result") | .strategy' out.nd)" rules
# A short one: R is 105 - 100, the trail begins at 95 and stands at 94 + 3.
is 'the mirror image' "$(fills 'enter short: close == 100
stop: close - 5
exits: half at 1 R, trail 3 after 1 R' <<'D'
100 101 99 100
100 101 97 98
97 98 94 95
95.5 97.2 95 96
D
)" $'03 entry -100 100\n04 target +50 95\n05 stop +50 97'
# Two bars a day. One session closes with the day of the entry.
is 'after a session' "$(fills 'enter long: close == 100 and minutes_to_close > 0
exits: after 1 session' minutes <<'D'
99 100 99 100
100 101 99 100.5
101 102 100 101
101 101 101 101
D
)" $'02 entry +100 100\n03 time -100 101'
is 'at the close of the session' "$(fills 'enter long: close == 100 and minutes_to_close > 0
exits: at close' minutes <<'D'
99 100 99 100
100 101 99 100.5
101 102 100 101
101 101 101 101
D
)" $'02 entry +100 100\n02 time -100 100.5'
# The bar that stops it out decides anew: the rule still holds.
is 'stopped, and in again' "$(fills 'enter long: close > 50
exit long: close < 50
stop: close - 5' <<'D'
100 100 100 100
100 101 99 100
99 99 94 96
97 98 96 97
D
)" $'03 entry +100 100\n04 stop -100 95\n05 entry +100 97'

wrong() { # NAME SAYS TEXT
    printf '%b' "$3" >wrong.tn
    exits "$1" 2 tn-signal run wrong.tn bars.nd
    stderr_like "$1: says so" "$2"
}
printf 'enter long: close == 100\nexits:\n half\n at\n 1 R, stop at\n entry - 5, trail 4\n after\n 2 R\nadd: every 1\n up\n to 2\n' >lines.tn
exits 'a statement breaks between any words' 0 tn-signal run lines.tn bars.nd
wrong 'the line of what is wrong behind them' 'wrong.tn:7: two' 'enter long: close > 1\nexits: half\n at\n # so far\n\n entry + 1,\n all at entry + two\n'
wrong 'what others call a statement' "did you mean 'exit long'" 'enter long: close > 1\nexit: close < 1\n'
wrong 'where to read of statements' 'tn-strategies\(7\)' 'enter long: close > 1\nstop: 5%\n'
wrong 'no exit' "wrong.tn:2: 'half' is not an exit" 'enter long: close > 1\nexits: half\n'
wrong 'no part' "'hlf' is not a part" 'enter long: close > 1\nexits: hlf at 1 R\n'
wrong 'R without a stop' 'stop: is missing' 'enter long: close > 1\nexits: all at 1 R\n'
wrong 'nothing to move' 'stop: is missing' 'enter long: close > 1\nexits: break even at 1 R, after 3 bars\n'
wrong 'parts of more than all' 'more than the position' 'enter long: close > 1\nstop: close - 1\nexits: 60 % at 1 R, 50 % at 2 R\n'
wrong 'parts beside a target' 'more than the position' 'enter long: close > 1\nstop: close - 1\ntarget: close + 1\nexits: rest at 1 R\n'
wrong 'two stops' 'two stops' 'enter long: close > 1\nstop: close - 1\nexits: stop at entry - 2\n'
wrong 'two trails' 'only parts may be repeated' 'enter long: close > 1\nexits: trail 1, trail 2 %\n'
wrong 'a distance that is none' 'not an amount of money' 'enter long: close > 1\nexits: trail rsi(2)\n'
wrong 'a price that is none' 'the price of an entry is not a price' 'enter long at stop: volume\nexits: after 1 bar\n'
wrong 'two prices' 'one price for each side' 'enter long at stop: high\nenter long at limit: low\nexits: after 1 bar\n'
wrong 'both sides at once' 'only one side can wait for its price at a time' 'enter long at stop: high\nenter short at stop: low\nexits: after 1 bar\n'
wrong 'parts that leave something' 'nothing ends a long position' 'enter long: close > 1\nexits: half at entry + 1\n'
wrong 'units of nothing' 'distance and number are needed' 'enter long: close > 1\nexits: after 1 bar\nadd: 3\n'
wrong 'too many units' 'up to: a whole number from 1 to 10' 'enter long: close > 1\nexits: after 1 bar\nadd: every 1 up to 11\n'
wrong 'a size that is a price' 'size is a price or a volume' 'enter long: close > 1\nexits: after 1 bar\nsize: close\n'
wrong 'a word about the position in a condition' 'exits:' 'enter long: close > entry_price\nexits: after 1 bar\n'
wrong 'a time that is none' 'a time in bars or sessions' 'enter long: close > 1\nexits: after 3 days\n'
wrong 'a number that is known later' 'is not a constant number' 'enter long: close > 1\nexits: after close bars\n'
wrong 'exits of a ranking that adds' 'a ranking decides' 'rank by close: long top 1\nrebalance: session\nadd: every 1 up to 2\n'

# A dividend of 1 before the 4th lowers sell stops and buy limits, and leaves sell limits and buy stops (FINRA Rule 5330).
# Of 100 before it, 104 is 102.96 behind it as prices are adjusted: the 4th would reach that, the order stands at 104.
dividend() { # RULES
    printf '%s\n' "$1" >rules.tn
    { printf '{"type":"action","time":"2024-01-04T05:00:00Z","symbol":"X","id":"d","kind":"dividend","cash":1,"currency":"USD","ex_date":"2024-01-04"}\n'; days; } |
        jq -sc 'sort_by(.time)[]' >bars.nd
    tn-backtest run rules.tn bars.nd -q --sizing quantity:100 --long-only no --max-position 1000% >out.nd
    jq -r 'select(.type == "fill") | "\(.time[8:10]) \(.role) \(.price)"' out.nd
}
is 'a dividend leaves a target where it is' "$(dividend 'enter long: close == 100
exits: stop at entry - 5, all at entry + 4' <<'D'
100 101 99 100
100 101 99 100
99 103.5 98.5 103
103 104.5 102 104
104 104 103 103
D
)" $'03 entry 100\n05 target 104'
is 'and the stop of a short position, whose target it lowers' "$(dividend 'enter short: close == 100
exits: stop at entry - 4, all at entry + 8' <<'D'
100 101 99 100
100 101 99 100
99 103.5 98 99
99 99 90.9 92
92 93 91 92
D
)" $'03 entry 100\n05 target 91'
is 'and a stop that waits to buy' "$(dividend 'enter long: close == 100
enter long at stop: 104 for 3 bars
exits: after 1 bar' <<'D'
100 101 99 100
100 101 99 99.5
99 103.5 98.5 103
103 104.5 102 104.2
104.1 105 103 103
D
)" $'05 entry 104\n08 time 104.1'

# All of it together in four worlds, with splits and dividends: a backtest of the rules, one of their signals, a session,
# and a scan after each day that knows nothing but its journal.
cat >"$TN_HOME/config" <<'C'
account paper {
    cash = 1000000
    commission_per_share = 0.005
    commission_minimum = 1
    slippage_ticks = 1
    max_position = 100%
    max_positions = 100
    long_only = false
}
C
cat >climb.tn <<'R'
enter long: close > sma(10)
enter long at stop: highest(3) for 2 bars
exit long: close < lowest(8)[1]
exits: stop at entry - 2 * atr(5), half at 1 R, trail 2 * atr(5) after 1.5 R
add: every 0.5 * atr(5) up to 3
R
cat >fade.tn <<'R'
enter long: rsi(2) < 30
enter long at limit: low - 0.1 * atr(5)
enter short: rsi(2) > 70
enter short at limit: high
stop: close - 3 * atr(5)
exits: third at entry + atr(5), break even after target, after 4 bars
size: 0.5
R
cat >fall.tn <<'R'
enter long: close crosses above sma(5)
exits: stop at entry - atr(5), all at 3 R falling 0.2 R a bar
hold: 12 bars
R
tn-quote bars -s sim:actions A B C D E F J --from 2024-03-01 --to 2024-06-15 >days.nd
all=(climb.tn fade.tn fall.tn)
world_fills() { jq -c 'select(.type == "fill") | [.time, .symbol, .strategy, .role, .side, .quantity, .price, .commission]' "$@" | sort; }
tn-backtest run "${all[@]}" -a paper days.nd --orders >run.nd
is 'a backtest of all of it ends well' "$?" 0
tn-signal run "${all[@]}" -p days.nd >stream.nd
tn-backtest run --signals -a paper stream.nd >signals.nd
for world in session scan; do
    mkdir -p "home-$world"
    cp "$TN_HOME/config" "home-$world/config"
    TN_HOME=$PWD/home-$world tn-order open paper --now 2024-02-29 -q
done
export TN_HOME=$PWD/home-session
tn-risk size --session -p <stream.nd | tn-order run >session.nd 2>/dev/null
export TN_HOME=$PWD/home-scan
mkdir moments
"$TOP/tests/cli/moments.py" moments <stream.nd
for now in moments/*.now; do
    tn-order settle "${now%now}bars" >>scan.nd 2>>scan.err
    [ ! -e "${now%now}orders" ] || tn-risk size --now "$(cat "$now")" <"${now%now}orders" 2>>scan.err |
        tn-order submit --now "$(cat "$now")" >>scan.nd 2>>scan.err
done
for world in run signals session scan; do world_fills "$world.nd" >"$world.fills"; done
for world in signals session scan; do same "the same fills: $world" "$world.fills" run.fills; done
like 'there are many' "$(wc -l <run.fills)" '^[1-9][0-9][0-9]'
for what in '"fade","entry","buy"' '"fade","entry","sell_short"' '"fade","target"' '"fade","time"' '"fade","stop"' '"climb:unit=2","entry"' \
    '"climb:unit=[23]","(stop|exit)"' '"climb","target"' '"climb","exit"' '"fall","target"' '"fall","stop"'; do
    like "among them $what" "$(cat run.fills)" "$what"
done
for reason in trail break-even age 'flat wanted' 'not filled in its bars'; do
    like "and $reason" "$(cat session.nd)" "\"reason\":\"$reason\""
done
like 'a split was met' "$(tn-journal show --type action | jq -r .kind | sort -u)" split
finish
