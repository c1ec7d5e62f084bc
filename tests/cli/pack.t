#!/usr/bin/env bash
# tn-backtest pack: a file of columns is as good as the records it was made of, or refused.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq python3

tn-quote bars -s sim AAPL XOM -n 300 --now 2026-03-02 >bars.ndjson
{
    jq -c 'select(.type == "bar" and .time < "2025-09-02")' bars.ndjson
    echo '{"type":"action","id":"s1","time":"2025-09-02T04:00:00Z","symbol":"AAPL","kind":"split","new":2,"old":1,"ex_date":"2025-09-02"}'
    echo '{"type":"action","id":"d1","time":"2025-09-02T04:00:00Z","symbol":"XOM","kind":"dividend","cash":0.1,"ex_date":"2025-09-02"}'
    echo '{"type":"anomaly","time":"2025-09-02T04:00:00Z","symbol":"XOM","check":"split","observed":1,"expected":2}'
    jq -c 'select(.type == "bar" and .time >= "2025-09-02") | if .symbol == "AAPL" then .open /= 2 | .high /= 2 | .low /= 2 | .close /= 2 else . end' bars.ndjson
    tail -n 1 bars.ndjson
} >mixed.ndjson
run tn-backtest pack mixed.ndjson -o mixed.pack
is 'packs' "$code" 0
stderr_like 'and says how much' 'mixed.pack: 600 bars'
for strategy in momentum sma-cross:fast=3,slow=9; do
    tn-backtest run -q "$strategy" --orders mixed.ndjson >records
    tn-backtest run -q "$strategy" --orders mixed.pack >columns
    same "$strategy: the same bytes, with a split, a dividend and an anomaly" columns records
done
tn-backtest sweep -q sma-cross fast=3,5 slow=9,20 mixed.ndjson >records
tn-backtest sweep -q sma-cross fast=3,5 slow=9,20 -f mixed.pack >columns
same 'a sweep too' columns records
head -n 200 mixed.ndjson | tn-backtest pack -q -o cut.pack
is 'bars without an end are no whole ones' "$(tn-backtest run -q momentum cut.pack | tail -n 1 | jq .complete)" false
exits 'of another calendar' 0 tn-backtest pack -q --calendar always mixed.ndjson -o always.pack
jq -c 'select(.type == "bar") | .session = "2025-07-04" | .time = "2025-07-04T04:00:00Z" | .end = "2025-07-04T20:00:00Z"' mixed.ndjson |
    head -n 1 | tn-backtest pack -q --calendar always -o holiday.pack
exits 'whose bars the calendar of the run does not know' 3 tn-backtest run momentum holiday.pack
stderr_like 'says so' 'no[t a]* session'

exits 'beside other files' 2 tn-backtest run momentum mixed.pack bars.ndjson
exits 'packed again' 2 tn-backtest pack mixed.pack -o again.pack
exits 'asked for signals' 2 tn-backtest run --signals mixed.pack
exits 'asked by --where' 2 tn-backtest run momentum mixed.pack --where 'close > 3'
exits 'without --out' 2 tn-backtest pack mixed.ndjson
exits 'nothing to pack' 1 tn-backtest pack <(echo '{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}') -o none.pack
is 'leaves no file' "$(ls none.pack 2>/dev/null)" ''

# Every byte of the head and many of the rest, changed in turn, and every cut: 9, never another figure.
cat >damage.py <<'END'
import random, subprocess, sys
whole = open("mixed.pack", "rb").read()
random.seed(5)
wrong = 0
places = list(range(8, 400, 23)) + [random.randrange(8, len(whole)) for _ in range(25)] + [-n for n in (1, 8, 4000)]
for place in places:
    data = bytearray(whole)
    if place < 0:
        data = data[:place]
    else:
        data[place] ^= 1 << random.randrange(8)
    open("damaged.pack", "wb").write(data)
    run = subprocess.run(["tn-backtest", "run", "-q", "momentum", "damaged.pack"], capture_output=True)
    if run.returncode != 9 or b"damaged" not in run.stderr:
        wrong += 1
        print(place, run.returncode, run.stderr)
print(len(places), wrong)
END
is 'damage is found, wherever it is' "$(python3 damage.py | tail -n 1)" '46 0'
finish
