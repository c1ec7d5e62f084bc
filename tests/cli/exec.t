#!/usr/bin/env bash
# Strategies that are programs (--exec): the same fills in three worlds, the same bytes as a strategy of ours, and every
# way in which a program can fail to do as agreed. What is agreed is tested in tests/unit/test-foreign.c.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs python3 jq
program="python3 $TOP/tests/cli/coprocess.py"
strategies=$TOP/examples/strategies
mkdir -p "$TN_HOME"
printf 'account paper { commission_per_share = 0.005  slippage_ticks = 1  sizing = "notional:5%%" }\n' >"$TN_HOME/config"
symbols=(A B C D)
tn-quote bars -s sim:actions "${symbols[@]}" --from 2024-01-01 --to 2024-07-01 >bars.ndjson
like 'the market has splits and dividends' "$(grep -c '"action"' bars.ndjson)" '^[2-9]$'

# --- one of ours, run as another program, and as itself ---
own='tn-signal run sma-cross:fast=5,slow=20'
without_names() { jq -c 'select(.type == "signal") | del(.id, .strategy)' "$@"; }
tn-signal run --exec "$own" bars.ndjson >exec.ndjson
tn-signal run sma-cross:fast=5,slow=20 bars.ndjson >own.ndjson
like 'as many signals as bars can be judged' "$(grep -c '"signal"' own.ndjson)" '^[0-9]{3}$'
same 'a strategy of ours as a program says the same' <(without_names exec.ndjson) <(without_names own.ndjson)
like 'under the name of the program and its words' "$(head -n 1 exec.ndjson)" '"strategy":"tn-signal:run,sma-cross:fast=5,slow=20"'
tn-signal run -p --exec "$own" momentum:lookback=20,skip=2 bars.ndjson >both.ndjson
is 'beside another strategy, each says its own' \
    "$(jq -r 'select(.type == "signal").strategy' both.ndjson | sort -u | tr '\n' ' ')" \
    'momentum:lookback=20,skip=2 tn-signal:run,sma-cross:fast=5,slow=20 '
is 'sync records are taken out' "$(grep -c '"sync"' both.ndjson)" 0

# --- three worlds ---
fills() { jq -c 'select(.type == "fill") | [.time, .symbol, .strategy, .role, .side, .quantity, .price, .commission]' "$@"; }
both=(--exec "$strategies/strongest.py 2 15" --exec "$strategies/mean.py 10")
tn-backtest run -a paper "${both[@]}" bars.ndjson >backtest.ndjson
is 'a backtest' "$?" 0
fills backtest.ndjson >backtest.fills
like 'of both trades' "$(jq -r '.[2]' backtest.fills | sort | uniq -c | tr -s ' \n' ' ')" '[0-9]{2} mean.py:10 [0-9]{2} strongest.py:2,15'
world() { # NAME
    cp -r "$TN_HOME" "$WORK/home-$1"
    export TN_HOME=$WORK/home-$1
    tn-order open paper --now 2023-12-31 -q
}
home=$TN_HOME
world session
tn-stream replay bars.ndjson | tn-signal run -p "${both[@]}" | tn-risk size --session -p | tn-order run >session.ndjson
fills session.ndjson >session.fills
same 'a session gives the same fills' session.fills backtest.fills
tn-quote bars -s sim:actions "${symbols[@]}" --from 2024-01-01 --to 2024-01-30 >short.ndjson
scanned=(--exec "$strategies/strongest.py 1 4")
tn-backtest run -a paper "${scanned[@]}" short.ndjson >short.out
fills short.out >short.fills
TN_HOME=$home world daily
worst=0
while read -r close; do
    jq -c --arg close "$close" 'select((.end // .time) <= $close)' short.ndjson >day.ndjson
    tn-order settle <day.ndjson >>daily.ndjson
    tn-signal run "${scanned[@]}" <day.ndjson | tn-risk size --now "$close" | tn-order submit --now "$close" \
        --allow-failed >>daily.ndjson
    codes=("${PIPESTATUS[@]}")
    for code in "${codes[@]}"; do
        [ "$code" -eq 0 ] || [ "$code" -eq 6 ] || worst=$code
    done
done < <(jq -r 'select(.type == "bar") | .end' short.ndjson | sort -u)
is 'a scan once a day' "$worst" 0
fills daily.ndjson >daily.fills
like 'trades' "$(wc -l <daily.fills)" '^([4-9]|[1-9][0-9])$'
same 'and gives the same fills' daily.fills short.fills
export TN_HOME=$home

# The stop of a position moves up with what the program says, as that of the same signals in a file.
cat >moving.jq <<'J'
if .type == "sync" then .
elif .type == "bar" then {type: "signal", symbol, side: "long", stop: (.close * 95 | round / 100), moves: true}
else empty end
J
moving='jq -c --unbuffered -f moving.jq'
stops() { jq -c 'select(.type == "fill") | [.time, .symbol, .role, .price]'; }
tn-backtest run --exec "$moving" bars.ndjson | stops >moving.fills
tn-signal run -p --exec "$moving" bars.ndjson | tn-backtest run --signals | stops >moved.fills
like 'a program moves the stops of what is held' "$(grep -c '"stop"' moving.fills)" '^[1-9]'
same 'as its signals do' moving.fills moved.fills
is 'and not to where they were' "$(cmp -s moving.fills <(tn-signal run -p --exec "$moving" bars.ndjson |
    jq -c 'del(.moves)' | tn-backtest run --signals | stops); echo $?)" 1

# A backtest asks up to 64 moments ahead. A program that answers the first of 64 only when it has them all says the same
# as one that answers each at once; for 65 it would wait for ever.
cat >ahead.py <<'P'
import json, sys
kept, moments, days, ahead = [], 0, {}, int(sys.argv[1])
for line in sys.stdin:
    record = json.loads(line)
    if record["type"] == "bar":
        symbol = record["symbol"]
        days[symbol] = days.get(symbol, 0) + 1
        side = "long" if days[symbol] % 9 < 4 else "flat"
        kept.append(json.dumps({"type": "signal", "symbol": symbol, "side": side}) + "\n")
    if record["type"] == "sync":
        kept.append(line)
        moments += 1
        if moments >= ahead:
            sys.stdout.write("".join(kept))
            sys.stdout.flush()
            kept = []
P
tn-quote bars -s sim A B -n 100 --now 2024-07-01 >plain.ndjson
for ahead in 1 64; do
    TN_ANSWER_WITHIN=20 tn-backtest run -a paper --exec "python3 ahead.py $ahead" plain.ndjson |
        fills | jq -c 'del(.[2])' >ahead.$ahead
done
like 'a program that keeps 64 moments back' "$(wc -l <ahead.64)" '^[1-9][0-9]$'
same 'trades as when it answers each at once' ahead.64 ahead.1
TN_ANSWER_WITHIN=1 run tn-backtest run -q --exec 'python3 ahead.py 65' plain.ndjson
like 'one more is too many' "$code $err" '5 .*does not answer within 1 s.*'
# What is under way can be read before the answer: so check tells of one moment at a time, and finds who needs more.
TN_ANSWER_WITHIN=2 run tn-backtest check -a paper --exec 'python3 ahead.py 64' plain.ndjson
stderr_like 'check: a program that waits for later bars' 'look-ahead: failed: given one moment at a time.*not answer'
cat >peek.py <<'P'
import json, os, select
rest = b""
def moment(patience):
    global rest
    bars = []
    while True:
        while b"\n" not in rest:
            if not select.select([0], [], [], patience)[0]:
                return None
            more = os.read(0, 65536)
            if not more:
                return None
            rest += more
        line, rest = rest.split(b"\n", 1)
        record = json.loads(line)
        if record["type"] == "bar":
            bars.append(record)
        elif record["type"] == "sync":
            return bars, line.decode()
        elif record["type"] == "end":
            return None
now = moment(60)
while now:
    later = moment(0.01)
    close = {bar["symbol"]: bar["close"] for bar in later[0]} if later else {}
    for bar in now[0]:
        side = "long" if close.get(bar["symbol"], 0) > bar["close"] else "flat"
        print(json.dumps({"type": "signal", "symbol": bar["symbol"], "side": side}))
    print(now[1], flush=True)
    now = later or moment(60)
P
TN_ANSWER_WITHIN=20 run tn-backtest check -a paper --exec 'python3 peek.py' plain.ndjson
is 'check: a program that looks at them and answers all the same' "$code" 1
stderr_like 'is found' 'look-ahead: failed: with only the bars before'

# --- studies ---
run tn-backtest check --exec "$strategies/strongest.py {n=2} {m=15}" bars.ndjson
like 'check: it does not look ahead' "$err" 'look-ahead: passed.*'
like 'two runs are the same' "$err" 'determinism: passed'
run tn-backtest sweep --jobs 2 --exec "$strategies/strongest.py {n=2} {m=15}" n=1..3 m=10,20 bars.ndjson
is 'sweep: its parameters vary' "$code $(jq -r 'select(.type == "cell").strategy' <<<"$out" | sort | tr '\n' ' ')" \
    '0 strongest.py:1,10 strongest.py:1,20 strongest.py:2,10 strongest.py:2,20 strongest.py:3,10 strongest.py:3,20 '
is 'a cell is the run of its values' "$(jq -c 'select(.strategy == "strongest.py:3,20").metrics.end_equity' <<<"$out")" \
    "$(tn-backtest run --exec "$strategies/strongest.py 3 20" bars.ndjson | jq -c 'select(.type == "result").metrics.end_equity')"
exits 'sweep: one strategy' 2 tn-backtest sweep momentum --exec "$own" bars.ndjson
exits 'a program that is not there' 2 tn-signal run --exec './nowhere 1' bars.ndjson
like 'is named' "$err" "cannot start './nowhere': No such file"
exits 'the same program twice' 2 tn-backtest run --exec "$own" --exec "$own" bars.ndjson
exits 'no strategy at all' 2 tn-signal run bars.ndjson

# --- what it gets ---
tn-quote bars -s sim AAPL -n 30 --now 2024-06-03T12:00:00Z >few.ndjson
run env SECRET=1 "$BIN/tn-signal" run --exec "$program environment" few.ndjson
like 'a small environment' "$err" '^LANG=C.UTF-8 .*TN_STRATEGY=python3:[^ ]*,environment TZ=UTC.*'
unlike 'without our secrets' "$err" 'SECRET|TN_HOME'
like 'a process group of its own' "$err" 'leads True'
# 2,000 symbols in one moment: 400 kB to it, 4 MB from it before it has read all: more than any pipe holds.
jq -nc 'range(2000) | {type: "bar", time: "2024-01-02T05:00:00Z", symbol: "S\(.)", interval: "1d", session: "2024-01-02",
    end: "2024-01-02T21:00:00Z", open: 1, high: 1, low: 1, close: 1, volume: 1}' >large.ndjson
run tn-signal run --exec "$program large" large.ndjson
is 'a moment larger than pipes: no deadlock' "$code $(grep -c '"type":"signal"' <<<"$out")" '0 2000'

# --- programs that do not do as agreed: one line, the moment, the code, and nothing of that moment ---
third=$(jq -r 'select(.type == "bar").end' few.ndjson | sed -n 3p)
first=$(jq -r 'select(.type == "bar").end' few.ndjson | sed -n 1p)
cat >slow.sh <<'END' # a shell starts at once, however busy the machine is
n=0
while read -r line; do
    case $line in *'"type":"sync"'*)
        n=$((n + 1))
        [ $n -lt 3 ] || sleep 60
        echo '{"type":"signal","symbol":"AAPL","side":"flat"}'
        printf '%s\n' "$line"
        ;;
    esac
done
END
fails() { # HOW CODE SAID [SIGNALS]
    run tn-signal run --answer-within "${within:-20}" --exec "${how:-$program} $1" few.ndjson
    is "$1: ends with $2, one line" "$code $(wc -l <<<"$err")" "$2 1"
    like "$1: says so" "$err" "^tn-signal: [a-z0-9]*:[^ ]*,$1: at $3\$"
    is "$1: nothing of the moment counts" "$(grep -c '"type":"signal"' <<<"$out")" "${4:-2}"
    like "$1: the end record says it" "$out" "\"end\",\"status\":$2,"
}
fails dies 5 "$third: ended with 7"
fails killed 5 "$third: was ended by signal 9"
fails floods 3 "$third: line 5 is longer than 1048576 bytes"
fails lines 3 "$third: line 5: a record of type 'status', where only signals and sync are allowed"
fails garbage 3 "$third: line 5: not JSON: .*"
fails half 3 "$third: line 5 is cut off"
fails orphan 5 "$third: ended before its input did"
fails dies-at-once 5 "$first: ended with 3" 0
fails bad-exit 5 'its end: ended with 4' 30
fails bad-end 5 'its end: line 61: its end record says status 3' 30
within=1
how='sh slow.sh' fails hangs 5 "$third: does not answer within 1 s"
fails never-reads 5 "$first: does not answer within 1 s" 0
run tn-signal run --exec "$program bars" few.ndjson
like 'a program that passes bars on is told not to' "$err" 'hint: .* leave out -p$'
TN_ANSWER_WITHIN=1 run tn-backtest run --exec 'sh slow.sh' few.ndjson
is 'a backtest ends as well' "$code $err" \
    "5 tn-backtest: sh:slow.sh: at $third: does not answer within 1 s"
is 'without a result' "$(grep -c '"result"' <<<"$out")" 0
run tn-backtest run --exec "$program garbage" few.ndjson
is 'a bad record ends it with 3' "$code $(wc -l <<<"$err")" '3 1'
run tn-backtest sweep --exec "$program {n=1}" n=1,2 few.ndjson
is 'a sweep ends with what its programs do' "$code" 0

# --- killed with us ---
tn-signal run --answer-within 60 --exec "$program hangs" few.ndjson >/dev/null 2>&1 &
parent=$!
for ((i = 0; i < 100; i++)); do
    child=$(pgrep -P "$parent" || true)
    [ -z "$child" ] || break
    sleep 0.05
done
sleep 0.2
kill -KILL "$parent"
wait "$parent" 2>/dev/null
for ((i = 0; i < 100; i++)); do
    kill -0 "$child" 2>/dev/null || break
    sleep 0.05
done
exits 'killed, however we end' 1 kill -0 "${child:-1}"
finish
