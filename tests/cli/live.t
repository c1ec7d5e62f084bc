#!/usr/bin/env bash
# tn-stream live against stand-ins of live feeds (tests/servers/streams.py) on a bad day: cuts, closes, duplicates,
# disorder, holes, nonsense, silence. Bars are those of the undisturbed market; what was wrong is said.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq python3

server() { # NAME [FAULT…]: its folder NAME, its port in NAME/port
    local name=$1
    shift
    mkdir "$name"
    python3 "$TOP/tests/servers/websocket.py" "$WORK/$name/port" --module "$TOP/tests/servers/streams.py" "$WORK/$name" \
        "$@" <hold 2>"$name/errors" &
}
# shellcheck disable=SC2317 # within calls it
at_least() { [ "$(grep -cE -e "$2" "$3" 2>/dev/null)" -ge "$1" ]; } # COUNT PATTERN FILE
mkfifo hold
# The bad day of three servers: one loses trades and is left, one falls silent, one repeats itself and talks nonsense
# (its bars are built from what it says, those of the others asked for). It is over when every gap has been filled; in
# the long form (make soak) the first has three minutes of everything.
faults='0.4:cut 0.8:swap 1:close=1011 2:skip 2.1:skip 2.2:skip 2.3:flood=3000' day=0
if [ -n "$soak" ]; then # pauses grow until a connection has held for a minute
    day=180 faults='1.2:cut 2.1:twice 2.4:swap 2.8:close=1011 3.4:bad 3.8:skip 4.2:flood=3000 5:hang=3'
    faults+=' 14:flood=5000 20:twice 25:swap 30:skip 36:bad 45:flood=9000 50:swap 75:close=1001 95:twice 100:flood=5000'
    faults+=' 110:skip 118:swap 125:bad 140:hang=3 160:twice'
fi
# shellcheck disable=SC2086 # words
server bad $faults
server hung 1.2:hang=4
server odd 1.2:twice 1.4:bad 1.5:leap 1.6:twice 1.9:twice
server good
server full 0.5:flood=20000
server late past=2
server lazy rate=0.1 6:hang=9
server tardy late=1.3
exec 9>hold
for name in bad hung odd good full late lazy tardy; do within 30 test -s $name/port; done
good=127.0.0.1:$(cat good/port) full=127.0.0.1:$(cat full/port)
printf 'key = PKTEST\nsecret = canary-secret\n' >key
printf 'key = PKTEST\nsecret = canary-wrong\n' >wrong
chmod 600 key wrong
cat >"$TN_HOME/config" <<END
source binance { kind = binance  stream_url = "ws://$full" }
source kraken { kind = kraken  stream_url = "ws://$good" }
source alpaca { kind = alpaca  stream_url = "ws://$good"  secret_file = "$WORK/key" }
source stranger { kind = alpaca  stream_url = "ws://$good"  secret_file = "$WORK/wrong" }
source tardy { kind = kraken  stream_url = "ws://127.0.0.1:$(cat tardy/port)" }
source nobody { kind = kraken  stream_url = "ws://127.0.0.1:9" }
END
for name in bad hung odd late lazy; do
    at=127.0.0.1:$(cat $name/port)
    echo "source $name { kind = binance  url = \"http://$at\"  stream_url = \"ws://$at\"  pace = \"1000/1\" }" >>"$TN_HOME/config"
done
mkdir "$TN_HOME/feeds" # Binance has bars of a second, which the test has no time to wait sixty times for
sed 's/intervals: \["1m"/intervals: ["1s", "1m"/' "$TOP/share/feeds/binance.jq" >"$TN_HOME/feeds/binance.jq"

# Several at once, for the sake of time.
tn-stream live -s bad,hung,odd BTC/USDT --bars 1s --grace 200 --stale 1 -v >bars 2>bars.err &
job_bars=$!
# What it holds: descriptors, and KiB of memory.
holds() { echo "$(find "/proc/$job_bars/fd" -mindepth 1 | wc -l) $(awk '/^VmRSS/ {print $2}' "/proc/$job_bars/status")"; }
{
    within 30 at_least 3 ': connected' bars.err
    holds >bars.early
    sleep $day
    for _ in $(seq 400); do
        [ "$(grep -o '"source":"[a-z]*","healed":true' bars | sort -u | wc -l)" -lt 3 ] ||
            ! sed '1,/nothing comes any more/d' bars | grep -q '"source":"hung","healed":true' || break
        sleep 0.1
    done
    sleep 0.2
    holds >bars.late
    kill -TERM $job_bars
} &
# A server that confirms late, when a bar has begun since the connection was made.
tn-stream live -s tardy BTC/USD --bars 1s --grace 500 >tardy.bars 2>tardy.err &
job_tardy=$!
{
    within 30 at_least 2 '"type":"bar"' tardy.bars
    kill -TERM $job_tardy
} &
echo BTC/USD >watch
tn-stream live -s kraken,alpaca -w watch NO/USD --take trades -v >ticks 2>ticks.err &
job_trades=$!
# shellcheck disable=SC2094 # what the reader has got is looked at meanwhile
{
    tn-stream live -s binance ETH/USDT --take trades --memory 1 2>slow.err &
    within 60 test -e full/told
    sleep 1 # until it has come here
    : >slow.read
    within 20 at_least 1 'the reader is slow' slow
    kill -TERM $!
    wait $!
    echo $? >slow.code
} | {
    within 80 test -e slow.read
    cat
} >slow &
job_slow=$!
# A market so slow that its silence is found when the bars are out.
{
    tn-stream live -s lazy BTC/USDT --bars 1s --grace 200 --stale 1 >lazy.bars 2>lazy.err &
    within 40 at_least 2 '"healed":true' lazy.bars
    kill -TERM $!
    wait $!
} &
job_lazy=$!
# Symbols that come and go within a bar, of a market that trades on.
{
    tn-stream live -s late ETH/USDT BTC/USDT --take trades >late.trades 2>late.trades.err &
    before=$!
    within 30 test -s late/truth
    echo BTC/USDT >watch.late
    tn-stream live -s late -w watch.late --bars 1s --grace 1000 >late.bars 2>late.err &
    within 30 at_least 2 '"symbol":"BTC/USDT"' late.bars
    sleep 0.5
    echo ETH/USDT >watch.late # and BTC is given up
    kill -HUP $!
    within 30 at_least 1 '"reason":"a symbol was added' late.bars
    within 30 at_least 2 '"symbol":"ETH/USDT".*"interval":"1s"' late.bars
    kill -TERM $! $before
    wait $! $before
} &
job_late=$!
# A wall clock that is moved: an hour ahead and back again; and one that was an hour behind and is put right. (A library
# that is loaded before others does not go with the sanitizers.)
step_to() { echo "$2" >"next.$1" && mv -f "next.$1" "step.$1"; } # CLOCK SECONDS, at once
clocks=(ahead behind)
if [[ $TN_BIN == *asan* ]] || ! gcc -O1 -shared -fPIC -o clock-step.so "$TOP/tests/fault/clock-step.c"; then
    clocks=()
fi
for name in "${clocks[@]}"; do
    steps=('0 0' '3600 1' '-3600 2') # the clock's error, and how often it has moved then
    [ "$name" = ahead ] || steps=('-3600 0' '0 1' '0 1')
    {
        step_to "$name" "${steps[0]% *}"
        CLOCK_STEP="$WORK/step.$name" LD_PRELOAD="$WORK/clock-step.so" \
            tn-stream live -s kraken BTC/USD --bars 1s --grace 1500 >"clock.$name" 2>"clock.$name.err" &
        for step in "${steps[@]}"; do
            known=$(grep -c '"type":"bar"' "clock.$name")
            step_to "$name" "${step% *}"
            sleep 1.4
            within 20 at_least "${step#* }" 'moved by' "clock.$name.err"
            within 20 at_least $((known + 1)) '"type":"bar"' "clock.$name"
        done
        kill -TERM $!
        wait $!
    } &
    clock_jobs+=($!)
done
within 30 at_least 1 'BTC/USD subscribed' ticks.err
sleep 0.5
printf 'ETH/USD\nAAPL\n' >>watch # of a source that had none, too
kill -HUP $job_trades

exits 'fault-085: wrong keys: credentials' 4 timeout -s TERM 60 tn-stream live -s stranger AAPL
stderr_like 'and says whose' 'Alpaca: auth failed'
exits 'fault-058: a symbol that is refused, and no other: named' 5 timeout -s TERM 60 tn-stream live -s kraken NO/USD
stderr_like 'with the reason of the server' 'NO/USD: refused: Currency pair not supported NO/USD'
like 'and in the end record' "$out" '"type":"end","status":5,"complete":true,"failed":.*NO/USD'
exits 'no source' 2 tn-stream live BTC/USD
exits 'a source without a stream' 2 tn-stream live -s yahoo AAPL
stderr_like 'those that have one are listed' 'alpaca binance coinbase kite kraken massive tradier'
exits 'nothing to take' 2 tn-stream live -s kraken BTC/USD --take tardes
exits 'no symbols' 2 tn-stream live -s kraken
exits 'bars need trades' 2 tn-stream live -s kraken BTC/USD --bars 1m --take quotes
tn-stream live -s nobody BTC/USD >absent 2>absent.err &
within 30 at_least 1 '"attempt":1' absent
kill -TERM $!
wait $!
like 'fault-046: a server that is not there is tried again' "$(cat absent)" '"state":"reconnecting".*"attempt":1.*cannot reach 127.0.0.1'

for name in '"ETH/USD".*"kraken"' '"AAPL".*"alpaca"'; do within 30 at_least 1 "\"type\":\"trade\".*$name" ticks; done
kill -TERM $job_trades
wait $job_trades
is 'ended by SIGTERM: in order, but for what was refused' $? 5
is 'trades of both sources, and of the symbol that was added at SIGHUP' \
    "$(jq -r 'select(.type == "trade") | .source + " " + .symbol' ticks | sort | uniq | paste -sd,)" \
    'alpaca AAPL,kraken BTC/USD,kraken ETH/USD'
is 'in the order in which they became known' "$(jq -r 'select(.type == "trade") | .received' ticks | sort -c 2>&1)" ''
is 'none twice' "$(jq -r 'select(.type == "trade") | .symbol + .id' ticks | sort | uniq -d)" ''
like 'subscriptions are confirmed one by one' "$(cat ticks.err)" 'kraken: ETH/USD subscribed'
like 'what was refused is a status' "$(cat ticks)" '"symbol":"NO/USD","source":"kraken","state":"down"'
unlike 'no secret anywhere' "$(cat ticks ticks.err)" canary
jq -r 'select(.type == "trade" and .symbol == "BTC/USD") | "\(.id) \(.price) \(.quantity)"' ticks >ours
awk '$1 == "BTC/USD" {print $5, $3 + 0, $4 + 0}' good/truth | grep -F -x -f - ours | cmp -s - ours
is 'and every trade is one that was made' $? 0

wait $job_slow
is 'fault-053: a slow reader: exit 5' "$(cat slow.code)" 5
like 'what it did not get is said' "$(cat slow.err)" 'the reader is slow: [0-9]+ records were left out'
like 'and is a gap' "$(cat slow)" '"type":"gap",.*the reader is slow'
is 'all lines are whole' "$(jq -c . <slow >/dev/null 2>&1 && echo yes)" yes

wait $job_bars $job_late $job_lazy
market() { # SERVER: its bars, from the trades it made
    python3 - "$1/truth" <<'END'
import sys
from datetime import datetime, timezone
rows = {}
for line in open(sys.argv[1]):
    _, time, price, quantity, _ = line.split()
    rows.setdefault(int(time) // 10**9, []).append((float(price), round(float(quantity) * 100)))
for second in sorted(rows):
    part = rows[second]
    figures = part[0][0], max(p for p, _ in part), min(p for p, _ in part), part[-1][0], sum(q for _, q in part) / 100, len(part)
    print(datetime.fromtimestamp(second, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"), *("%.10g" % f for f in figures))
END
}
for name in bad hung odd lazy; do
    # a bar that was out before its gap was found is told again
    jq -rs --arg s $name 'map(select(.source == $s or .bar.source == $s)) |
        (map(select(.type == "anomaly" and .bar != null) | .bar) | INDEX(.time)) as $again |
        .[] | select(.type == "bar") | $again[.time] // . |
        "\(.time) \(.open) \(.high) \(.low) \(.close) \(.volume) \(.trades)"' bars lazy.bars >ours
    count=$(wc -l <ours)
    market $name >theirs
    head -n "$count" theirs >expected
    same "faults 45 to 50: $name: every bar is that of the undisturbed market" ours expected
    like 'there are some' "$count" '^([3-9]|[1-9][0-9]+)$'
done
jq -r 'select(.type == "bar") | "\(.time) \(.open) \(.high) \(.low) \(.close) \(.volume) \(.trades)"' late.bars | sort >ours
for symbol in BTCUSDT ETHUSDT; do
    grep "^$symbol" late/truth >only-late
    mkdir -p part && mv only-late part/truth
    market part
done | sort | grep -F -x -f ours >expected
same 'a symbol that is added or given up at SIGHUP: no bar of half its trades' ours expected
is 'both have bars' "$(jq -r 'select(.type == "bar") | .symbol' late.bars | sort -u | paste -sd,)" BTC/USDT,ETH/USDT
like 'the cut is told' "$(cat bars)" '"state":"reconnecting",.*closed the connection without a reason'
like 'the close too' "$(cat bars)" 'closes the connection: 1011'
like 'and that the gap was filled' "$(cat bars)" '"type":"gap",.*"healed":true'
[ -n "$soak" ] || is 'holes within a gap do not lengthen it: to the end of a bar, of the one behind it at most' \
    "$(jq -s '(map(select(.source == "bad" and .state == "connected")) | last.time) as $back |
        map(select(.type == "gap" and .source == "bad"))[0].to | (sub("[.].*|Z$"; "") + "Z" | fromdate) -
        ($back | sub("[.].*"; "Z") | fromdate) <= 2' bars)" true
is 'every gap was' "$(grep -c '"healed":false' bars)" 0
like 'silence is found although pings are answered' "$(cat bars)" '"state":"reconnecting",.*nothing comes any more'
read -r files_early memory_early <bars.early
read -r files_late memory_late <bars.late
is 'as many descriptors at the end as at the beginning' "$files_late" "$files_early"
like "memory is flat: $memory_early KiB, then $memory_late" "$((memory_late - memory_early))" '^(-[0-9]+|[0-9]{1,3}|[1-3][0-9]{3})$'
like 'fault-048: duplicates are counted' "$(cat bars.err)" 'duplicate trades dropped: [0-9]+'
like 'numbers of trades that go back are said, and trades taken all the same' "$(cat bars.err)" 'odd: the numbers of trades of BTC/USDT went back from 1000000000000000 to'
like 'bad frame is said' "$(cat bars.err)" 'bad frame'
like 'and is bad input' "$(tail -1 bars)" '"type":"end","status":3'
[ "${#clocks[@]}" = 0 ] || wait "${clock_jobs[@]}"
for name in "${clocks[@]}"; do
    jq -r 'select(.type == "bar") | "\(.time) \(.open) \(.high) \(.low) \(.close) \(.volume) \(.trades)"' "clock.$name" >ours
    grep '^BTC/USD' good/truth >truth
    mkdir -p only && mv truth only/truth
    market only | head -n -1 | grep -F -f <(cut -d' ' -f1 ours) >expected # the last second may not be over
    same "fault-025: a clock that is $name: each bar is that of the market" ours expected
    unlike 'there are some' "$(wc -l <ours)" '^0$'
    unlike "fault-025: a clock that is $name: no trade comes too late" "$(cat "clock.$name.err")" 'came after their bar'
done
if [ "${#clocks[@]}" != 0 ]; then
    like 'fault-025: the step is told, and on which side the trades are' "$(paste -sd' ' clock.ahead.err)" \
        'moved by 3600.0 s.*trades show that the new clock is wrong'
    like 'the other way too' "$(paste -sd' ' clock.behind.err)" 'moved by 3600.0 s.*trades show that the new clock is right'
    like 'in the stream too' "$(cat clock.ahead)" '"type":"status",.*moved by -3600.0 s'
    is 'what was received keeps its time' \
        "$(jq -s 'map(select(.type == "status") | .time[:19] + "Z" | fromdate) | max - min < 60' clock.ahead)" true
fi
wait $job_tardy
jq -r 'select(.type == "bar") | "\(.time) \(.open) \(.high) \(.low) \(.close) \(.volume) \(.trades)"' tardy.bars >ours
market tardy | grep -F -f <(cut -d' ' -f1 ours) >expected
same 'what a server confirms late: no bar has half of its trades' ours expected
unlike 'and there are some' "$(wc -l <ours)" '^0$'
exec 9>&-
finish
