#!/usr/bin/env bash
# tn-stream record and replay: what goes in comes out, byte for byte, each time; a crash costs the last second at most.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs python3

python3 - >in.nd <<'END'
import random
r, time = random.Random(5), 1795530600 * 10**3
for i in range(30000):
    time += r.randint(0, 40)
    s, ms = divmod(time - 1795530600 * 10**3, 1000)
    stamp = "2026-11-24T%02d:%02d:%02d.%03dZ" % (14 + (30 * 60 + s) // 3600, (30 + s // 60) % 60, s % 60, ms)
    print('{"type":"trade","time":"%s","symbol":"%s","price":%.2f,"quantity":%d,"id":"%d"}'
          % (stamp, r.choice(["A", "B"]), 100 + r.random(), r.randint(1, 9), i))
END
exits 'records a stream' 0 tn-stream record rec <in.nd
tn-stream replay rec 2>replay.err >out.nd
grep -v '"type":"end"' out.nd >lines
same 'and replays it byte for byte' lines in.nd
is 'once more, the same bytes' "$(tn-stream replay rec | cksum)" "$(cksum <out.nd)"
files=$(find rec -name '*.zst' | wc -l)
is 'in one file, with its index' "$files $(find rec -name '*.index' | wc -l)" '1 1'
is 'in frames of a mebibyte' "$(($(cat rec/*.index | wc -l) >= 2))" 1
is 'smaller than a third' "$(($(cat rec/*.zst | wc -c) * 3 < $(wc -c <in.nd)))" 1
like 'for its owner alone' "$(stat -c %a rec/*.zst)" '^600$'
exits 'a second recording goes into the same folder, behind the first' 0 tn-stream record rec <<'END'
{"type":"trade","time":"2026-11-25T00:00:00Z","symbol":"A","price":1,"quantity":1}
END
is 'as another file' "$(find rec -name '*.zst' | wc -l)" 2
like 'and is replayed behind it' "$(tn-stream replay rec | tail -2)" '2026-11-25T00:00:00Z'
exits 'a file of it alone' 0 tn-stream replay "$(find rec -name '*.zst' | sort | head -1)"

# --- from and to
awk -F'"' '$8 >= "2026-11-24T14:32:00" && $8 < "2026-11-24T14:33:00"' in.nd >wanted
tn-stream replay rec --from 2026-11-24T14:32:00Z --to 2026-11-24T14:33:00Z | grep -v '"type":"end"' >part
same '--from and --to: what became known then' part wanted
is 'a part of it that is empty' "$(tn-stream replay rec --from 2030-01-01 | wc -l)" 1

# --- the rhythm
head -200 in.nd >short.nd # some four seconds
began=$(date +%s%N)
tn-stream replay short.nd --speed 4 >out.nd
took=$((($(date +%s%N) - began) / 1000000))
is '--speed 4: a quarter of the time' "$((took > 700 && took < 4000))" 1
grep -v '"type":"end"' out.nd >lines
same 'and the same lines' lines short.nd
exits '--speed that is no number' 2 tn-stream replay short.nd --speed fast

# --- crashes and damage
mkfifo feed
tn-stream record crash <feed &
job=$!
exec 8>feed
head -500 in.nd >&8
sleep 1.6
head -700 in.nd | tail -200 >&8
kill -KILL $job
wait $job 2>/dev/null
exec 8>&-
tn-stream replay crash 2>/dev/null | grep -v '"type":"end"' >lines
is 'fault-002: killed: nothing older than a second is lost' "$(($(wc -l <lines) >= 500))" 1
head -n "$(wc -l <lines)" in.nd >expected
same 'and what is there is what was' lines expected
cp -r rec cut
file=$(find cut -name '*.zst' | sort | head -1)
truncate -s $(($(stat -c %s "$file") - 100)) "$file"
run tn-stream replay "$file"
stderr_like 'a file that ends within a frame: said' 'its last frame is not whole and is left out'
run tn-signal run sma-cross "$file"
stderr_like 'by whoever reads it' 'tn-signal: .*its last frame is not whole and is left out'
run tn-stream replay "$file"
is 'the frames before it are there' "$(($(wc -l <<<"$out") > 1000))" 1
printf 'garbage' | dd of="$file" bs=1 seek=2000 conv=notrunc 2>/dev/null
exits 'a damaged one: bad input' 3 tn-stream replay "$file"
mkdir empty
exits 'an empty folder is an empty recording' 0 tn-stream replay empty
exits 'one that is not there' 2 tn-stream replay nowhere.zst
exits 'a line that is no record is left out' 3 bash -c 'echo nonsense | tn-stream record other'
run bash -c 'head -3 in.nd | tn-stream record third -p'
same '-p writes every line on' <(echo "$out") <(head -3 in.nd)
tn-stream record rec <feed &
job=$!
exec 8>feed
sleep 0.3
exits 'one program records into a folder' 5 bash -c 'tn-stream record rec </dev/null'
exec 8>&-
wait $job
# ^C goes to all of a pipe: what the writer says on its way out is kept.
{
    head -3 in.nd
    sleep 0.5
    sed -n 4p in.nd
} | tn-stream record farewell &
job=$!
sleep 0.2
kill -INT $job
wait $job
is 'ended by a signal: the rest of its input is kept' "$? $(tn-stream replay farewell | grep -c "\"type\":\"trade\"")" '0 4'
# A recording is the input of any program: of bars as the bars are, of trades by way of --bars.
tn-quote bars -s sim AAPL -n 120 2>/dev/null >bars.nd
tn-stream record bars <bars.nd
tn-backtest run "$TOP/share/strategies/bollinger-reversion.tn" bars.nd >direct 2>/dev/null
tn-backtest run "$TOP/share/strategies/bollinger-reversion.tn" bars >recorded 2>/dev/null
same 'the backtest on a recording is that on its bars' direct recorded
like 'and had a result' "$(cat recorded)" '"type":"result"'
is 'by name, by --file, through replay' \
    "$(tn-signal add sma:5 bars | cksum; tn-signal add sma:5 -f bars | cksum)" \
    "$(tn-stream replay bars | tn-signal add sma:5 | tee direct | cksum; cksum <direct)"
tn-report chart bars.nd 2>&1 | sed 's/bars\.nd/bars/' >direct
tn-report chart bars >recorded 2>&1
same 'a report of it' direct recorded
exits 'a file of it alone is one too' 0 tn-signal add sma:5 "$(find bars -name '*.zst')"
run tn-signal add sma:5 cut
is 'one that is damaged: bad input' "$code" 3
stderr_like 'and said' '\.ndjson\.zst: damaged: '
run tn-signal add sma:5 --strict cut
is '--strict stops there' "$code" 3
mkdir others && touch others/file
run tn-signal add sma:5 -f others
is 'a folder that is none: usage' "$code" 2
stderr_like 'with what it should be' 'it is a folder without a recording'
run tn-stream replay rec --bars 1m --calendar always --complete
is 'bars of a recording are those of its file' \
    "$(grep -c . <<<"$out")" "$(tn-stream replay in.nd --bars 1m --calendar always --complete | awk 'END {print NR + 1}')"
finish
