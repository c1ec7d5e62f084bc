#!/usr/bin/env bash
# Sources over the network: every adapter against a stand-in that answers as its provider's documentation says.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs python3

mkfifo hold
python3 "$TOP/tests/servers/standin.py" "$WORK/port" --module "$TOP/tests/servers/providers.py" <hold 2>server.err &
exec 9>hold # the server lives as long as this end
for _ in $(seq 500); do
    [ ! -s port ] || break
    sleep 0.02
done
port=$(cat port)
[ -n "$port" ]
result $? 'a server to ask' "$(cat server.err)"
url="http://127.0.0.1:$port"

printf 'key = PKTEST\nsecret = canary-secret\n' >alpaca.key
printf 'canary-key\n' >key
chmod 600 alpaca.key key
cat >"$TN_HOME/config" <<END
network { log_requests = yes }
source alp { kind = alpaca  url = "$url"  secret_file = "$WORK/alpaca.key" }
source massive { url = "$url"  kind = massive  secret_command = "cat $WORK/key" }
source yahoo { url = "$url"  kind = yahoo  pace = "1000/1" }
source stooq { url = "$url"  kind = stooq  pace = "1000/1" }
source binance { url = "$url"  kind = binance }
END

# bars SOURCE SYMBOL…: date, close and volume of each, and actions
now='--now 2026-11-25T12:00:00Z'
bars() {
    # shellcheck disable=SC2086
    run tn-quote bars $now -s "$@"
    got=$(jq -r 'if .type == "bar" then "\(.symbol) \(.session // .time) \(.close) \(.volume)"
                 elif .type == "action" then "\(.symbol) \(.ex_date) \(.kind) \(.cash // "\(.new):\(.old)")" else empty end' <<<"$out")
}
# The rule of tests/servers/providers.py: 100 + (sum of the symbol's bytes + days since 1970) % 50 + 0.25.
# AAPL is 65+65+80+76 = 286; 2026-11-20, 23, 24 are days 20777, 20780, 20781: 13, 16, 17 over 50 whole parts.
aapl='AAPL 2026-11-20 113.25 1077
AAPL 2026-11-23 116.25 1080
AAPL 2026-11-24 dividend 0.26
AAPL 2026-11-24 117.25 1081'

bars alp AAPL -n 3
is 'Alpaca: bars, with the dividend before its day' "$code $got" "0 $aapl"
like 'and where they are from' "$out" '"adjusted":"raw","source":"alpaca:iex"'
bars massive AAPL -n 3
is 'Massive: the same' "$code $got" "0 $aapl"
bars yahoo AAPL -n 3
is 'Yahoo: a row of nulls is no bar, the live row is none either' "$code $got" "0 AAPL 2026-11-19 112.25 1076
AAPL 2026-11-20 113.25 1077
AAPL 2026-11-24 dividend 0.26
AAPL 2026-11-24 117.25 1081"
like 'its prices are adjusted for splits' "$out" '"adjusted":"split","source":"yahoo"'
bars stooq AAPL -n 3
is 'Stooq: CSV' "$code $got" "0 $(grep -v dividend <<<"$aapl")"
like 'its prices are adjusted for all' "$out" '"adjusted":"total","source":"stooq"'
# BTCUSDT is 66+84+67+85+83+68+84 = 537: day 20781 gives (537 + 20781) % 50 = 18
bars binance BTC/USDT -n 2
is 'Binance: days of UTC, the running one left out' "$code $got" '0 BTC/USDT 2026-11-23 117.25 1080
BTC/USDT 2026-11-24 118.25 1081'

bars alp NVDA -n 3
like 'a split of 1.5 for 1 is one of 3 for 2' "$got" 'NVDA 2026-11-23 split 3:2'
# 2025-11-03 to 2026-11-24 are 277 weekdays less the 10 holidays that providers.py lists before 2026-11-26.
bars massive NVDA --from 2025-11-01
is 'Massive: three pages by next_url' "$code $(grep -c '"type":"bar"' <<<"$out")" '0 267'
like 'with a split' "$got" 'NVDA 2026-08-31 split 4:1'
bars massive AAPL -i 1w -n 2
is 'weeks are made of its days' "$code $(jq -r 'select(.type == "bar") | "\(.session) \(.volume)"' <<<"$out")" \
    '0 2026-11-09 5340
2026-11-16 5375' # volumes 1066..1070 and 1073..1077: 5 × 1068 and 5 × 1075
bars binance BTC/USDT --from 2025-11-03 -i 1d
is 'Binance: all there is' "$code $(grep -c '"type":"bar"' <<<"$out")" '0 387' # 2025-11-03 to 2026-11-24
sym=$(seq -f 'SYM%03g' 250 | tr '\n' ' ')
# shellcheck disable=SC2086
bars alp $sym -n 2
is 'Alpaca: 250 symbols in groups of 100' "$code $(grep -c '"type":"bar"' <<<"$out")" '0 500'
bars alp AAPL UNKNOWN MSFT -n 1
is 'one unknown symbol of a group does not spoil the others' "$code $(grep -c '"type":"bar"' <<<"$out")" '5 2'
like 'and is named' "$err" 'UNKNOWN: alpaca: invalid symbol: UNKNOWN'

# What goes wrong, all symbols of a source in one run: SYMBOL, what `failed` says.
wrong() {
    local source=$1 want=$2 symbols=() lines symbol says name
    mapfile -t lines
    for line in "${lines[@]}"; do symbols+=("${line%%|*}"); done
    # shellcheck disable=SC2086
    exits "$source: what fails is counted" "$want" tn-quote bars $now -s "$source" "${symbols[@]}" -n 3
    for line in "${lines[@]}"; do
        IFS='|' read -r symbol says name <<<"$line"
        like "$name" "$(jq -r --arg s "$symbol" 'select(.type == "end").failed[$s]' <<<"$out")" "$says"
    done
}
wrong massive 5 <<'END'
NODATA|^no finished bars in the asked range|Massive: 200 without results
PLAN|^massive: You are not entitled to this data|Massive: not in the plan
ELSEWHERE|the next page is at another server .'https://evil.example.com|fault-039: the next page at another server
CIRCLE|pages run in a circle|Massive: pages in a circle
HTML|the answer cannot be used: not JSON|fault-033: a web page instead of JSON
TWICE|a key that is there already|fault-033: a key twice
CUT|the answer cannot be used: not JSON|fault-033: JSON that breaks off
NAN|the answer cannot be used: not JSON|fault-054: NaN as a price
END
wrong yahoo 5 <<'END'
UNKNOWN|No data found, symbol may be delisted|Yahoo: an unknown symbol
NODATA|no finished bars|Yahoo: no rows
HTML|not JSON|Yahoo: a page that is none
END
wrong stooq 5 <<'END'
HTML|the source demands a browser|Stooq: a challenge
UNKNOWN|no such symbol|Stooq: an unknown symbol
QUOTA|the day's number of requests is used up|Stooq: quota
END
wrong binance 5 <<'END'
UNKNOWN/USDT|Invalid symbol|Binance: an unknown symbol
END
wrong alp 5 <<'END'
CIRCLE|pages run in a circle|Alpaca: pages in a circle
END
wrong alp 5 <<'END'
LIE|no finished bars|Alpaca: a symbol of bars that are none
END
stderr_like 'fault-055: a high below the low' 'alpaca: LIE: high 135.5 is below low 137.5'

# shellcheck disable=SC2086
exits 'fault-036: throttled for longer than it can wait' 5 tn-quote bars $now -s massive THROTTLE -n 1
stderr_like 'says for how long' 'left alone for 100 s'
rm "$TN_HOME/state/pace"/*
# shellcheck disable=SC2086
exits 'Yahoo: too many requests' 5 tn-quote bars $now -s yahoo BUSY -n 1
stderr_like 'it is to be left alone for an hour' 'left alone for 3600 s'
# shellcheck disable=SC2086
exits 'and is' 5 tn-quote bars $now -s yahoo AAPL -n 1
stderr_like 'which is said' 'not to be asked for another 3[56][0-9][0-9] s'
rm "$TN_HOME/state/pace"/*
# shellcheck disable=SC2086
exits 'a bar of 90 minutes cannot be made of days' 2 tn-quote bars $now -s stooq AAPL -i 1h -n 5
# shellcheck disable=SC2086
exits 'without -n or --from, minutes have no beginning' 2 tn-quote bars $now -s massive AAPL -i 1m
exits 'a feed that it has not' 2 tn-quote bars -s massive:sip AAPL
stderr_like 'its feeds are named' 'its feeds: stocks futures'
exits 'an unknown source' 2 tn-quote bars -s alpacka AAPL
exits 'credentials are needed' 4 tn-quote bars -s alpaca AAPL
cp key open.key
chmod 644 open.key
printf 'source open { kind = massive  url = "%s"  secret_file = "%s" }\n' "$url" "$WORK/open.key" >>"$TN_HOME/config"
exits 'fault-085: a key file open to others' 4 tn-quote bars -s open AAPL -n 1
stderr_like 'with the remedy' 'hint: .*chmod'

# fault-084: the secrets are nowhere but in the requests.
run tn-quote bars -s alp AAPL -n 1 -vv --now 2026-11-25T12:00:00Z
like 'a trace shows the request' "$err" 'APCA-API-SECRET-KEY: \*\*\*'
shown=$(grep -rlE 'canary-(secret|key)' "$TN_HOME" .out .err 2>/dev/null)
is 'fault-084: no secret in the log, the state, the output or a trace' "$shown" ''
like 'the log has every request' "$(cat "$TN_HOME/state/requests.ndjson")" \
    '"source":"massive","method":"GET","url":"http://127.0.0.1:[0-9]+/v2/aggs/ticker/AAPL/range/1/day/.*"status":200'
if [ -d /proc/self ]; then
    printf 'sleep 0.4; cat %s' "$WORK/key" >slow.sh
    printf 'source slow { kind = massive  url = "%s"  secret_command = "sh %s" }\n' "$url" "$WORK/slow.sh" >>"$TN_HOME/config"
    tn-quote bars -s slow AAPL -n 1 >/dev/null 2>&1 &
    pid=$!
    seen=
    while kill -0 $pid 2>/dev/null; do
        for process in $pid $(pgrep -P $pid 2>/dev/null); do
            seen+=$({ tr '\0' ' ' <"/proc/$process/cmdline" && tr '\0' ' ' <"/proc/$process/environ"; } 2>/dev/null)
        done
        sleep 0.02
    done
    like 'its processes were looked at' "$seen" 'tn-quote'
    unlike 'fault-084: none in arguments or environments' "$seen" 'canary'
fi
finish
