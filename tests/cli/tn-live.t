#!/usr/bin/env bash
# tn-live: a live day on paper against a stand-in feed; ended, killed and started again, it goes on where the account
# stands.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs python3 jq
mkfifo hold
mkdir market
python3 "$TOP/tests/servers/websocket.py" "$WORK/market/port" --module "$TOP/tests/servers/streams.py" "$WORK/market" past=60 \
    <hold 2>market/errors &
exec 9>hold
for _ in $(seq 500); do
    [ ! -s market/port ] || break
    sleep 0.02
done
server=127.0.0.1:$(cat market/port)
cat >"$TN_HOME/config" <<END
source market { kind = binance  url = "http://$server"  stream_url = "ws://$server"  pace = "1000/1" }
account day { calendar = always  fractional = yes  sizing = notional:1000 }
END
mkdir "$TN_HOME/feeds"
sed 's/intervals: \["1m"/intervals: ["1s", "1m"/' "$TOP/share/feeds/binance.jq" >"$TN_HOME/feeds/binance.jq"
printf 'BTC/USDT\nETH/USDT\n' >watch
live() { # OUTPUT: started in a group of its own, whose number is $job
    setsid "$BIN/tn-live" -s market -w watch -a day -i 1s --calendar always --history 40 \
        --strategy sma-cross:fast=1,slow=2 --record ticks >"$1" 2>"$1.err" &
    job=$!
}
# waits COUNT PATTERN FILE: until so many lines are like that, 15 s at most.
waits() {
    for _ in $(seq 150); do
        [ "$(grep -c -- "$2" "$3" 2>/dev/null)" -lt "$1" ] || return 0
        sleep 0.1
    done
}
live first
waits 1 '"type":"fill"' first
kill -TERM $job
wait $job
code=$?
like 'ended by SIGTERM, in order' "$code" '^[06]$'
is 'to its end record' "$(tail -1 first | jq -r '.type + " \(.complete)"')" 'end true'
orders=$(tn-order orders -a day -O tsv 2>/dev/null | wc -l)
is 'orders came of it' "$((orders > 1))" 1
ok 'the journal holds together' tn-journal verify

live second
waits 1 '"type":"fill"' second
kill -KILL -- -$job
wait $job 2>/dev/null
sleep 0.5
ok 'killed at once, all of it: the journal holds together' tn-journal verify
live third
waits 1 '"type":"fill"' third
kill -TERM $job
wait $job
like 'started again: it goes on' "$?" '^[06]$'
ok 'and the journal holds together' tn-journal verify
is 'no order is there twice' "$(tn-journal show -a day --type order -O json 2>/dev/null | jq -r 'select(.type == "order") | .id' | sort | uniq -d)" ''
is 'what was recorded can be replayed' "$(($(tn-stream replay ticks 2>/dev/null | grep -c '"type":"bar"') > 5))" 1
exits 'no strategy' 2 tn-live -s market -w watch
exits 'no such list' 2 tn-live -s market -w nowhere --strategy sma-cross
exits 'an option that is not known' 2 tn-live --fast
exec 9>&-
finish
