#!/usr/bin/env bash
# tn-stream replay: files of records merged by time, bars built from their trades.
. "$(dirname "$0")/lib.sh"
needs jq

trade() { # SYMBOL TIME PRICE QUANTITY
    printf '{"type":"trade","time":"2024-01-03T%sZ","symbol":"%s","price":%s,"quantity":%s}\n' "$2" "$1" "$3" "$4"
}

# --- merging
{ trade A 14:30:00 10 1; trade A 14:30:02 11 1; trade A 14:31:00 12 1; } >a.nd
{ trade B 14:30:01 20 1; trade B 14:30:02 21 1; } >b.nd
cat >bars.nd <<'END'
{"type":"bar","time":"2024-01-03T14:29:00Z","symbol":"C","interval":"1m","open":1,"high":1,"low":1,"close":1,"volume":5,"mine":"kept"}
{"type":"action","id":"x","time":"2024-01-03T14:30:02Z","symbol":"B","kind":"split","new":2,"old":1,"ex_date":"2024-01-03"}
{"type":"mood","of":"the market"}
END
run tn-stream replay a.nd b.nd bars.nd
is 'exit 0' "$code" 0
is 'merged by the moment each became known; actions first; unknown types stay behind what they stood behind' \
    "$(jq -r 'select(.type!="end") | .type[:1] + (.symbol // "-") + (.time // "")[17:19]' <<<"$out" | paste -sd' ')" \
    'bC00 tA00 tB01 aB02 tA02 tB02 m- tA00'
like 'unknown fields and types go through untouched' "$out" '"mine":"kept"'
tn-stream replay a.nd >got
head -n -1 got >lines
same 'a line is passed on byte for byte' lines a.nd
like 'and the end counts' "$(tail -1 got)" '"trade":3'
run tn-stream replay b.nd a.nd
is 'at one moment: files in the order named decide the order of symbols' "$(jq -r 'select(.type!="end") | .symbol' <<<"$out" | paste -sd' ')" 'A B B A A'
run bash -c 'tn-stream replay - b.nd <a.nd'
is '- is standard input' "$(jq -r 'select(.type!="end") | .symbol' <<<"$out" | paste -sd' ')" 'A B A B A'
run tn-stream replay a.nd b.nd --where 'price > 11'
is '--where' "$(jq -r 'select(.type=="trade") | .price' <<<"$out" | paste -sd' ')" '20 21 12'
tac a.nd >backwards.nd
exits 'a file that is not in order is named' 3 tn-stream replay backwards.nd
like 'and how many' "$out" '2 records earlier'
is 'its records are passed on all the same' "$(grep -c '"type":"trade"' <<<"$out")" 3

# --- the end records of recorded output
tn-quote bars -s sim A -n 3 --now 2024-06-28 >good.nd
run tn-stream replay good.nd
is 'an end that is well' "$code" 0
is 'one end comes out' "$(grep -c '"type":"end"' <<<"$out")" 1
tn-quote bars -s csv:nowhere A >bad.nd 2>/dev/null
cat good.nd >mixed.nd
echo '{"type":"end","status":5,"complete":true,"failed":{"X":"no such symbol"},"counts":{}}' >>mixed.nd
exits 'a failure in a recording is a failure of its replay' 5 tn-stream replay mixed.nd
exits 'so is one that was cut' 5 bash -c 'echo "{\"type\":\"end\",\"status\":0,\"complete\":false,\"failed\":{},\"counts\":{}}" | tn-stream replay -'

# --- bars of trades; figures by hand
{
    trade A 14:29:59 9 1000       # before the open: not in the session
    trade A 14:30:00 10 100
    trade A 14:30:30.5 12 50
    trade A 14:30:59.999 9.5 50
    trade B 14:30:10 100 1
    trade A 14:32:00 11 10        # no trade at 14:31: no bar
    trade A 20:59:59 13 7
    trade A 21:00:00 99 1         # the close: not in the session
} >day.nd
run tn-stream replay day.nd --bars 1m
is 'closed bars, by end and then symbol' "$(jq -c 'select(.type=="bar") | [.symbol,.time[11:16],.open,.high,.low,.close,.volume,.trades,.vwap]' <<<"$out" | paste -sd' ')" \
    '["A","14:30",10,12,9.5,9.5,200,3,10.375] ["B","14:30",100,100,100,100,1,1,100] ["A","14:32",11,11,11,11,10,1,11] ["A","20:59",13,13,13,13,7,1,13]'
unlike 'in place of the trades' "$out" '"trade"'
is 'what is outside the session is said with -v' "$(tn-stream replay day.nd --bars 1m -v 2>&1 >/dev/null)" 'tn-stream: trades left out because they are outside the sessions: 2'
grep -v 21:00:00 day.nd >open.nd
run tn-stream replay open.nd --bars 1m
is 'a bar that nothing ends is left out' "$(grep -c '"bar"' <<<"$(grep -v '"end"' <<<"$out" | grep 20:59)")" 0
stderr_like 'which is said' 'last bars left out because .*: 1$'
run tn-stream replay open.nd --bars 1m --complete
like '--complete ends it' "$(tail -2 <<<"$out")" 20:59
{ cat open.nd; echo '{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}'; } >ended.nd
run tn-stream replay ended.nd --bars 1m
like 'so does a complete end' "$(tail -2 <<<"$out")" 20:59
run tn-stream replay open.nd --bars 1d --complete
is 'a day of trades' "$(jq -c 'select(.type=="bar" and .symbol=="A") | [.session,.end[11:16],.open,.high,.low,.close,.volume]' <<<"$out")" '["2024-01-03","21:00",10,13,9.5,13,217]'
run tn-stream replay day.nd --bars tick:2
is 'bars of trades' "$(jq -c 'select(.type=="bar" and .symbol=="A") | [.open,.close]' <<<"$out" | paste -sd' ')" '[10,12] [9.5,11]'
jq -c 'select(.type=="bar")' <<<"$out" >onlybars.nd
run tn-stream replay onlybars.nd --bars 1h
stderr_like '--bars without a trade says so' 'no trades to build bars from'
{ trade A 14:30:00 10 1; trade A 14:30:20 12 1; trade A 14:30:10 8 1; trade A 14:31:00 9 1; } >jumbled.nd
sort jumbled.nd >sorted.nd
tn-stream replay jumbled.nd --bars 1m 2>/dev/null | grep '"bar"' | grep -v '"end","status' >got
tn-stream replay sorted.nd --bars 1m 2>/dev/null | grep '"bar"' | grep -v '"end","status' >want
same 'a late tick in time: bars as from sorted trades (fault-049)' got want
exits 'and flagged (fault-049)' 3 tn-stream replay jumbled.nd --bars 1m
# minutes of the synthetic market made into trades at their closes give its minutes' closes back
tn-quote bars -s sim A -i 1m -n 780 --now 2024-06-28T21:00:00Z >minutes.nd
jq -c 'select(.type=="bar") | {type:"trade",time,symbol,price:.close,quantity:.volume}' minutes.nd >trades.nd
tn-stream replay trades.nd --bars 1m --complete | jq -c 'select(.type=="bar") | [.time,.close,.volume]' >got
jq -c 'select(.type=="bar") | [.time,.close,.volume]' minutes.nd >want
same 'a bar for every minute that traded' got want

# --- prefix: what is built from a part is the beginning of what is built from all
tn-stream replay day.nd --bars 1m 2>/dev/null | grep -v '"end","status' >all
for k in 0 1 2 3 4 5 6 7 8; do
    head -n $k day.nd >part.nd
    tn-stream replay part.nd --bars 1m 2>/dev/null | grep -v '"end","status' >got
    head -n "$(grep -c . got)" all | cmp -s - got || note "k=$k"
done >differences
is 'output for the first k trades is a prefix of the output for all' "$(cat differences)" ''

# --- bad input
{ cat a.nd; echo '{"type":"trade","time":"2024-01-03T14:32:00Z","symbol":"A","price":0,"quantity":1}'; echo '{'; printf '\xef\xbb\xbf{}\n'; } >bad.nd
exits 'bad lines end with 3' 3 tn-stream replay bad.nd --bars 1m
stderr_like 'named' '^tn-stream: bad.nd: line 5: '
exits '--strict stops at the first' 3 tn-stream replay --strict bad.nd
exits 'a file that is not there' 2 tn-stream replay a.nd nowhere.nd
exits 'no file' 2 tn-stream replay
exits 'an interval that is none' 2 tn-stream replay a.nd --bars 7x
exits 'weeks are not made of trades' 2 tn-stream replay a.nd --bars 1w
exits 'a full disk is not a success (fault-010)' 10 sh -c 'tn-stream replay a.nd >/dev/full'
run bash -c 'for i in {1..3000}; do cat a.nd; done | tn-stream replay - 2>/dev/null | head -1 >/dev/null; exit ${PIPESTATUS[1]}'
is 'a closed pipe ends it quietly (fault-009)' "$code" 141

# --- a batch that was cut is not made whole: only the input's own end says so, through every program in between
{ echo '{"type":"note","time":"2024-01-02T00:00:00Z","text":"a"}'; } >cut.nd
whole='{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}'
{ cat cut.nd; echo "$whole"; } >whole.nd
complete() { tail -n 1 | grep -o '"complete":[a-z]*'; }
is 'a file without its end is not complete' "$(tn-stream replay cut.nd | complete)" '"complete":false'
is 'nor are several, of which one has none' "$(tn-stream replay whole.nd cut.nd | complete)" '"complete":false'
is 'with their ends they are' "$(tn-stream replay whole.nd whole.nd | complete)" '"complete":true'
is 'what comes after an end has none' "$(cat whole.nd cut.nd | tn-stream replay - | complete)" '"complete":false'
is '--complete is about bars, not about a batch' "$(tn-stream replay cut.nd --complete | complete)" '"complete":false'
is 'no program behind it makes it whole' "$(tn-stream replay cut.nd | tn-signal add sma:2 | tn-stream replay - | complete)" '"complete":false'
tn-order open paper --now 2024-01-01 -q
echo '{"type":"order","time":"2024-01-02T21:00:00Z","symbol":"AAPL","id":"o1","side":"buy","quantity":1,"order_type":"market","reference_price":10}' >order.nd
exits 'so nothing of a cut batch is traded' 5 bash -c 'tn-stream replay order.nd | tn-order submit --now 2024-01-02T21:30:00Z'
exits 'and of a whole one all' 0 bash -c "{ cat order.nd; echo '$whole'; } | tn-stream replay - | tn-order submit --now 2024-01-02T21:30:00Z"

# --- a file that may grow no further (ulimit -f): a failed write like a full disk, not a death by signal
run bash -c 'ulimit -f 4; for i in {1..900}; do cat a.nd; done | tn-stream replay - >grown.nd; exit ${PIPESTATUS[1]}'
is 'a file at its limit is an error' "$code" 10
stderr_like 'that says so' 'cannot write standard output: File too large'

# --- a fraction, an exponent or too much in a field of whole numbers is a bad line: its number, 3, and the run goes on
action='{"type":"action","time":"2024-01-03T05:00:00Z","symbol":"A","id":"a1","kind":"split","new":2,"old":1}'
for number in 2.406 1e3 1.0 99999999999999999999; do
    printf '%s\n%s\n%s\n' "$action" "${action/:2,/:$number,}" "$action" >numbers.nd
    for filter in 'tn-signal add sma:1 -f' 'tn-backtest run sma-cross -f' 'tn-report trades' 'tn-journal record'; do
        # shellcheck disable=SC2086
        exits "$number of shares: $filter" 3 $filter numbers.nd
        stderr_like 'names line 2' 'line 2: .*(whole number|is not between)'
    done
done
# Lines that are only passed on are what tn-records(5) says of them, or the page says that they are not looked at.
good='{"type":"note","time":"2024-01-02T00:00:00Z","text":"a"}'
end='{"type":"end","status":0,"complete":true,"failed":{}}'
wrong=''
tn-order open paper --now 2020-01-01 -q
while read -r line; do
    printf '%s\n' "$good" "$line" "$end" >odd.ndjson
    for command in 'tn-stream replay' 'tn-signal add sma:2 -p -f' 'tn-signal run momentum -p -f' 'tn-risk size -p -f' \
        'tn-order submit -f' 'tn-order settle -f' 'tn-order run -f' 'tn-journal record -p' 'tn-backtest run momentum -f'; do
        # shellcheck disable=SC2086 # words
        run $command odd.ndjson
        [ "$code" -eq 3 ] && grep -q 'line 2' <<<"$err" || wrong+="$command: $line: $code"$'\n'
        ! grep -qF "$line" <<<"$out" || wrong+="$command: $line: passed on"$'\n'
    done
done <<'LINES'
{"type":"refusal","time":"xx","code":"A","symbol":"A"}
{"type":"refusal","time":"2024-01-02T15:00:00Z","symbol":"A"}
{"type":"alert","time":"2024-01-02T15:00:00Z","level":"loud","title":"x"}
{"type":"anomaly","time":"2024-01-02T15:00:00Z","symbol":5}
{"type":"heartbeat","time":7}
{"type":"sync","time":"2024-01-02T15:00:00Z"}
LINES
is 'control records are checked by whoever passes them' "$wrong" ''
for line in '{"type":"action","time":"2024-01-02T15:00:00Z","symbol":"A","id":"s","kind":"split"}' \
    '{"type":"fill","time":"2024-01-02T15:00:00Z","symbol":"A","id":"f","side":"none"}' \
    '{"type":"equity","time":"2024-01-02T15:00:00Z","equity":"x"}'; do
    printf '%s\n' "$good" "$line" "$end" >odd.ndjson
    exits "replay checks $line" 3 tn-stream replay odd.ndjson
    is 'and leaves it out' "$(grep -c . <<<"$out")" 2
done
printf '%s\n' '{"type":"action","time":"2024-01-02T15:00:00Z","symbol":"A","id":"s","kind":"split"}' "$end" >odd.ndjson
for command in 'tn-risk size -p -f' 'tn-journal record -p' 'tn-signal add sma:2 -f'; do
    # shellcheck disable=SC2086 # words
    exits "$command: an action without its ratio" 3 $command odd.ndjson
done
# --- trades that are taken back
{
    trade A 14:30:00 10 100
    echo '{"type":"trade","time":"2024-01-03T14:30:00Z","symbol":"A","price":10,"quantity":100,"id":"1","canceled":true}'
    trade A 14:30:30 11 50
} >canceled.nd
ok 'one whose bar is open leaves it' tn-stream replay canceled.nd --bars 1m --complete
stdout_like 'the bar is that of the other trade' '"open":11,"high":11,"low":11,"close":11,"volume":50'
{
    trade A 14:30:00 10 100
    trade A 14:30:30 11 50
    trade A 14:31:30 12 50
    echo '{"type":"trade","time":"2024-01-03T14:30:00Z","symbol":"A","price":10,"quantity":100,"canceled":true,"received":"2024-01-03T14:31:40Z"}'
} >kept.nd
exits 'one whose bar is out: bad input' 3 tn-stream replay kept.nd --bars 1m --complete
stderr_like 'how many' 'trades cancelled after their bar was written: 1'
is 'and what its bar should have been' "$(jq -c 'select(.type == "anomaly") | [.time, .check, .bar.time, .bar.open, .bar.volume]' <<<"$out")" \
    '["2024-01-03T14:31:40Z","canceled","2024-01-03T14:30:00Z",11,50]'
{
    trade A 14:30:00.1 10 1
    trade A 14:30:00.2 11 1
    trade A 14:30:01 12 1
} >bricks.nd
ok 'bricks of one unit' tn-stream replay bricks.nd --bars renko:1 --complete
is 'their edges' "$(jq -c 'select(.type == "bar") | [.interval, .open, .close]' <<<"$out" | paste -sd' ')" '["renko:1",10,11] ["renko:1",11,12]'
exits 'no such size' 2 tn-stream replay bricks.nd --bars renko:0
# --- the official close: the last trade is 10.5, the auction 10.25 for 500 shares, the official close the same
cat >day.nd <<'END'
{"type":"trade","time":"2024-07-02T14:00:00Z","symbol":"XYZ","price":10,"quantity":100}
{"type":"trade","time":"2024-07-02T19:59:59Z","symbol":"XYZ","price":10.5,"quantity":100}
{"type":"heartbeat","time":"2024-07-02T20:00:01Z"}
{"type":"trade","time":"2024-07-02T20:00:02Z","symbol":"XYZ","price":10.25,"quantity":500,"conditions":"@ 6","effect":"auction"}
{"type":"trade","time":"2024-07-02T20:00:05Z","symbol":"XYZ","price":10.25,"quantity":500,"conditions":"M","effect":"close"}
{"type":"heartbeat","time":"2024-07-02T20:00:06Z"}
{"type":"trade","time":"2024-07-03T14:00:00Z","symbol":"XYZ","price":11,"quantity":100}
END
is 'a day waits for its official close, and nothing says before that it is over' \
    "$(tn-stream replay day.nd --bars 1d --official 900 --complete 2>/dev/null | jq -c '[.type, .time[:19], .close, .volume, .closing]' | head -3)" \
    '["bar","2024-07-02T04:00:00",10.25,700,"official"]
["heartbeat","2024-07-02T20:00:06",null,null,null]
["bar","2024-07-03T04:00:00",11,100,null]'
run tn-stream replay day.nd --bars 1d --complete
is 'without waiting: said, with the bar as it should have been' \
    "$code $(jq -c 'select(.check == "official") | [.observed, .bar.close, .bar.volume, .bar.closing]' <<<"$out")" \
    '0 [10.25,10.25,200,"official"]'
finish
