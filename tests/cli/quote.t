#!/usr/bin/env bash
# tn-quote: bars and corporate actions from CSV files and the synthetic market.
. "$(dirname "$0")/lib.sh"
needs jq

now=(--now 2024-06-28T21:00:00Z)
bars() { grep '"type":"bar"' "$1"; }

# --- the synthetic market
run tn-quote bars -s sim AAPL -n 5 "${now[@]}"
is 'sim: five bars and an end' "$(grep -c . <<<"$out")" 6
is 'sim: exit 0' "$code" 0
like 'sim: says that it is synthetic' "$out" '"source":"sim"'
is 'sim: the last bar is the last finished session' "$(sed -n 5p <<<"$out" | jq -r .session)" 2024-06-28
is 'sim: prices are whole cents' "$(jq -r 'select(.type=="bar") | .open,.high,.low,.close' <<<"$out" | grep -cE '\.[0-9]{3}')" 0

tn-quote bars -s sim AAPL -n 250 "${now[@]}" >one
tn-quote bars -s sim AAPL -n 250 "${now[@]}" >again
same 'sim: the same request gives the same bytes' one again
tn-quote bars -s sim MSFT AAPL KO -n 250 "${now[@]}" | grep '"symbol":"AAPL"' >among
bars one >alone
same 'sim: a symbol does not depend on its company' among alone
tn-quote bars -s sim AAPL --from 2020-01-01 "${now[@]}" | grep '"type":"bar"' | tail -250 >long
same 'sim: nor on the range' long alone
tn-quote bars -s sim AAPL -n 250 --seed 2 "${now[@]}" | grep '"type":"bar"' >other
exits 'sim: another seed is another market' 1 cmp -s other alone
TZ=Nonsense/Zone tn-quote bars -s sim AAPL -n 250 "${now[@]}" >tz
same 'TZ has no effect (fault-028)' tz one

# 1d bars against an independent aggregation of the 1m bars by jq
tn-quote bars -s sim AAPL -i 1m --from 2024-06-24 --to 2024-06-29 "${now[@]}" >minutes
is 'sim: 390 minutes a session' "$(bars minutes | wc -l)" 1950
tn-quote bars -s sim AAPL --from 2024-06-24 --to 2024-06-29 "${now[@]}" | grep '"type":"bar"' |
    jq -c '[.session,.open,.high,.low,.close,.volume]' >days
bars minutes | jq -sc 'group_by(.time[:10])[] | [.[0].time[:10], .[0].open, (map(.high)|max), (map(.low)|min), .[-1].close, (map(.volume)|add)]' >aggregated
same 'sim: a day is what its minutes add up to' days aggregated
tn-quote bars -s sim AAPL -i 1w --from 2024-06-24 --to 2024-06-29 "${now[@]}" | grep '"type":"bar"' |
    jq -c '[.open,.high,.low,.close,.volume]' >week
bars minutes | jq -sc '[.[0].open, (map(.high)|max), (map(.low)|min), .[-1].close, (map(.volume)|add)]' >aggregated
same 'a week is what its minutes add up to' week aggregated
tn-quote bars -s sim AAPL -i 1m --from 2024-06-24 --to 2024-06-25 "${now[@]}" | grep '"type":"bar"' | sed -n 7p |
    jq -c '[.open,.high,.low,.close,.volume]' >minute
tn-quote bars -s sim AAPL -i 1s --from 2024-06-24 --to 2024-06-25 "${now[@]}" | grep '"type":"bar"' | sed -n 361,420p |
    jq -sc '[.[0].open, (map(.high)|max), (map(.low)|min), .[-1].close, (map(.volume)|add)]' >aggregated
same 'a minute is what its seconds add up to' minute aggregated
run tn-quote bars -s sim AAPL -i 1h -n 7 "${now[@]}"
is 'hours begin at the open and end at the close' \
    "$(jq -r 'select(.type=="bar") | .time[11:16] + (if .end then "-" + .end[11:16] else "" end)' <<<"$out" | paste -sd' ')" \
    '13:30 14:30 15:30 16:30 17:30 18:30 19:30-20:00'

# --- order, unfinished bars, ranges
run tn-quote bars -s sim B A -n 2 "${now[@]}"
is 'merged by moment, then in the order named' "$(jq -r 'select(.type=="bar") | .session[8:] + .symbol' <<<"$out" | paste -sd' ')" '27B 27A 28B 28A'
run tn-quote bars -s sim A -n 1 --now 2024-06-28T19:59:59Z
is 'the running session is left out' "$(jq -r 'select(.type=="bar") | .session' <<<"$out")" 2024-06-27
run tn-quote bars -s sim A -n 1 -i 1m --now 2024-06-28T19:58:30Z
is 'the running minute is left out' "$(jq -r 'select(.type=="bar") | .time' <<<"$out")" 2024-06-28T19:57:00Z
run tn-quote bars -s sim A --from 2024-07-01 --to 2024-07-06 --now 2024-12-31
is 'holidays have no bar, early closes an early end' "$(jq -r 'select(.type=="bar") | .session[5:] + .end[10:16]' <<<"$out" | paste -sd' ')" \
    '07-01T20:00 07-02T20:00 07-03T17:00 07-05T20:00'

# --- CSV: spellings of header and time, all the same bar
cat >want <<'END'
{"type":"bar","time":"2024-01-03T05:00:00Z","symbol":"X","interval":"1d","session":"2024-01-03","end":"2024-01-03T21:00:00Z","open":10.5,"high":11,"low":10.25,"close":10.75,"volume":1200,"adjusted":"raw","source":"csv"}
END
spelling() { # DESC, file on stdin, options after DESC
    local desc=$1
    shift
    cat >x.csv
    tn-quote bars -s csv:x.csv "$@" | grep '"type":"bar"' >got
    same "csv: $desc" got want
}
spelling 'plain' <<<$'date,open,high,low,close,volume\n2024-01-03,10.5,11,10.25,10.75,1200'
spelling 'capitals, adjusted close ignored' <<<$'Date,Open,High,Low,Close,Adj Close,Volume\n2024-01-03,10.50,11.00,10.25,10.75,9.99,1200'
spelling 'numbered names' <<<$'timestamp,1. open,2. high,3. low,4. close,5. volume\n2024-01-03,10.5,11,10.25,10.75,1200'
spelling 'angle brackets, compact date and time' <<<$'<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>\n20240103,000000,10.5,11,10.25,10.75,1200'
spelling 'one letter, any order, epoch seconds' <<<$'v,c,l,h,o,t\n1200,10.75,10.25,11,10.5,1704258000'
spelling 'epoch milliseconds' <<<$'t,o,h,l,c,v\n1704258000000,10.5,11,10.25,10.75,1200'
spelling 'semicolons, CRLF' <<<$'Date;Open;High;Low;Close;Volume\r\n2024-01-03;10.5;11;10.25;10.75;1200\r'
spelling 'tabs, quotes, dollar signs, month first (Nasdaq)' <<<$'Date\tClose/Last\tVolume\tOpen\tHigh\tLow\n"01/03/2024"\t$10.75\t1200\t$10.50\t$11.00\t$10.25'
spelling 'byte order mark, two-digit year' --dates mdy <<<$'\xef\xbb\xbfdate,open,high,low,close,volume\n1/3/24,10.5,11,10.25,10.75,1200'
spelling 'midnight with an offset of another zone' <<<$'Datetime,Open,High,Low,Close,Volume\n2024-01-03 00:00:00+09:00,10.5,11,10.25,10.75,1200'
spelling 'no newline at the end' < <(printf 'date,open,high,low,close,volume\n2024-01-03,10.5,11,10.25,10.75,1200')
spelling 'newest first is turned round' -n 1 <<<$'date,open,high,low,close,volume\n2024-01-03,10.5,11,10.25,10.75,1200\n2024-01-02,1,1,1,1,1'
spelling 'more than 8 digits are rounded half-even' <<<$'date,open,high,low,close,volume\n2024-01-03,10.500000005,10.9999999951,10.2500000049,10.750000000000001,1200'
run tn-quote bars -v -s csv:x.csv
stderr_like 'csv: rounded prices are counted' '4 prices rounded'

# --- CSV: bad lines are named, counted and left out
cat >bad.csv <<'END'
date,open,high,low,close,volume
2024-01-02,10,11,9,10,100
2024-01-03,10,9,11,10,100
2024-01-04,0,11,9,10,100
2024-01-05,-1,11,9,10,100
2024-01-08,nan,11,9,10,100
2024-01-09,10,1e308,9,10,100
2024-01-10,10,11,9,12,100
2024-01-11,10,11,9,10,-5
2024-01-12,10,11,9
2024-13-01,10,11,9,10,100
2024-01-15,10,11,9,10,100
2024-01-13,10,11,9,10,100
2024-01-16,10,11,9,10,100
2024-01-16,10,11,9,10,100
2024-01-03,10,11,9,10,100
2024-01-17,,11,9,10,100
2024-01-18,10,11,9,10,Infinity

2024-01-19,10,11,9,10,
END
exits 'csv: bad lines end with 3' 3 tn-quote bars -s csv:bad.csv
is 'csv: the good ones come' "$(jq -r 'select(.type=="bar") | .session[8:]' <<<"$out" | paste -sd' ')" '02 16 19'
is 'csv: the end counts the bad ones' "$(jq -c 'select(.type=="end") | [.status, .counts.bad]' <<<"$out")" '[3,14]'
for line in 3:'high 9 is below low 11' 4:'open 0 is not above zero' 5:'open -1' 6:nan 7:1e308 8:'high 11 is below close 12' 9:volume \
    10:'ends after 4 of 6' 11:'not a date' 12:session 13:session 16:'out of order' 17:'open is empty' 18:Infinity; do
    stderr_like "csv: line ${line%%:*} is named (fault-054 fault-055)" "^tn-quote: bad.csv: line ${line%%:*}: .*${line#*:}"
done
exits 'csv: --strict stops at the first' 3 tn-quote bars --strict -s csv:bad.csv
unlike 'csv: --strict delivers nothing of that symbol' "$out" '"type":"bar"'
is 'csv: an empty volume is unknown' "$(tn-quote bars -s csv:bad.csv -n 1 2>/dev/null | jq -c 'select(.type=="bar") | has("volume")')" false

printf 'date,open,high,low,close\n' >empty.csv
exits 'csv: a file without bars is unavailable' 5 tn-quote bars -s csv:empty.csv
: >nothing.csv
exits 'csv: an empty file is bad input' 3 tn-quote bars -s csv:nothing.csv
printf 'a,b,c\n1,2,3\n' >headless.csv
exits 'csv: a file without the columns is bad input' 3 tn-quote bars -s csv:headless.csv
stderr_like 'csv: says which column' 'no column for the date'
printf 'date,open,high,low,close,Close\n' >twice.csv
exits 'csv: a column twice is bad input' 3 tn-quote bars -s csv:twice.csv
printf 'date,open,high,low,close\n2024-01-02,"1,1,1,1\n' >quote.csv
exits 'csv: an open quote is bad input' 3 tn-quote bars -s csv:quote.csv
{ printf 'date,open,high,low,close\n2024-01-02,'; head -c 200000 /dev/zero | tr '\0' 1; } >endless.csv
exits 'csv: an endless field is bad input (fault-077)' 3 tn-quote bars -s csv:endless.csv
printf 'date,open,high,low,close\n2024-01-02,1\0,1,1,1\n2024-01-03,1,1,1,1\n' >nul.csv
exits 'csv: NUL is bad input (fault-079)' 3 tn-quote bars -s csv:nul.csv

# --- folders, symbols, failures of one among many
mkdir prices
printf 'date,open,high,low,close\n2024-01-02,1,1,1,1\n2024-01-03,2,2,2,2\n' | tee prices/AAPL.csv prices/brk.b.csv prices/EUR-USD.csv >/dev/null
printf 'junk\n' >prices/junk.csv
run tn-quote bars -s csv:prices AAPL BRK.B EUR/USD
is 'folder: a file a symbol, whatever its capitals' "$(jq -r 'select(.type=="bar") | .symbol' <<<"$out" | paste -sd' ')" 'AAPL BRK.B EUR/USD AAPL BRK.B EUR/USD'
exits 'folder: a missing symbol does not stop the others' 5 tn-quote bars -s csv:prices AAPL NONE JUNK
is 'folder: it is named in the end' "$(jq -c 'select(.type=="end") | [.status, (.failed | keys)]' <<<"$out")" '[5,["JUNK","NONE"]]'
is 'folder: the others come' "$(jq -r 'select(.type=="bar") | .symbol' <<<"$out" | paste -sd' ')" 'AAPL AAPL'
stderr_like 'folder: and on stderr' '^tn-quote: NONE: no '
exits 'a damaged file alone is bad input' 3 tn-quote bars -s csv:prices JUNK
exits 'a name that leaves the folder is bad input (fault-081)' 3 tn-quote bars -s csv:prices ../prices/AAPL
run tn-quote bars -s csv:prices
is 'folder: without symbols, every file' "$(jq -r 'select(.type=="bar") | .symbol' <<<"$out" | sort -u | paste -sd' ')" 'AAPL BRK.B EUR-USD'
mkdir unfit none
cp prices/AAPL.csv unfit/
cp prices/AAPL.csv 'unfit/my own data.csv'
mkfifo unfit/BB.csv unfit/cc.csv 'unfit/AAPL (1).csv'
ln -s nowhere unfit/dd.csv
mkdir unfit/ee.csv
exits 'a folder: what is no file is said, and stops nothing' 5 timeout 10 tn-quote bars -s csv:unfit
is 'each of them' "$(jq -c 'select(.type=="end") | .failed' <<<"$out")" "{\"BB\":\"'unfit/BB.csv' is not a regular file\",\"CC\":\"'unfit/cc.csv' is not a regular file\",\"DD\":\"'unfit/dd.csv' is a broken link\",\"EE\":\"'unfit/ee.csv' is not a regular file\"}"
is 'and the file beside them comes' "$(jq -r 'select(.type=="bar") | .symbol' <<<"$out" | paste -sd' ')" 'AAPL AAPL'
stderr_like 'a file whose name is not a symbol is said' "^tn-quote: 'my own data.csv' of 'unfit' is passed over"
for symbol in BB CC; do exits "a named pipe asked for: $symbol" 3 timeout 10 tn-quote bars -s csv:unfit "$symbol"; done
exits 'a folder of nothing' 5 tn-quote bars -s csv:none
stderr_like 'is said' "'none' has no file named after a symbol"
printf '# mine\nAAPL  # the fruit\n\n  BRK.B\r\nAAPL\n' >watch
run tn-quote bars -s csv:prices -w watch -n 1
is 'a watchlist: comments, blanks, repetitions' "$(jq -r 'select(.type=="bar") | .symbol' <<<"$out" | paste -sd' ')" 'AAPL BRK.B'
run tn-quote bars -s csv:prices -w <(echo AAPL) -n 1
is 'a watchlist from a pipe of the shell' "$(jq -r 'select(.type=="bar") | .symbol' <<<"$out")" AAPL
exits 'a folder as watchlist is a usage error' 2 tn-quote bars -s csv:prices -w prices
exits 'fault-078: a symbol that is no ASCII, from any source' 3 tn-quote bars -s sim $'A\xff' -n 1
is 'is never written' "$(grep -c '"bar"' <<<"$out")" 0
exits 'a watchlist that is not there is a usage error' 2 tn-quote bars -s csv:prices -w nowhere
# shellcheck disable=SC2016 # these are the symbols
printf '$(touch$IFS-pwned)\n`touch$IFS-pwned2`\nAAPL;rm\n' >hostile
run tn-quote bars -s csv:prices -w hostile
is 'a hostile watchlist is data (fault-072)' "$(ls -- *pwned* 2>/dev/null)" ''
is 'and its symbols are named to the byte (fault-082)' "$(jq -r 'select(.type=="end") | .failed | keys[]' <<<"$out" | sort | paste -sd' ')" "$(tr -d '\r' <hostile | sort | paste -sd' ')"
printf 'symbol,date,open,high,low,close\nB,2024-01-02,1,1,1,1\nA,2024-01-02,2,2,2,2\nB,2024-01-03,3,3,3,3\n' >many.csv
run tn-quote bars -s csv:many.csv
is 'a symbol column: all, in the order of the file' "$(jq -r 'select(.type=="bar") | .symbol' <<<"$out" | paste -sd' ')" 'B A B'
run tn-quote bars -s csv:many.csv A
is 'a symbol column: one' "$(jq -r 'select(.type=="bar") | .open' <<<"$out")" 2
exits 'a symbol column: none of them' 5 tn-quote bars -s csv:many.csv C
stderr_like 'the hint says what is there' "hint: it has 'B' and 1 more"
printf 'ticker,date,open,high,low,close\nXX,2024-01-02,1,1,1,1\nSTQ.US,2024-01-02,1,1,1,1\n' >suffix.csv
exits 'a symbol with a suffix' 5 tn-quote bars -s csv:suffix.csv STQ
stderr_like 'the hint names it' "hint: it has 'STQ\.US'"
exits 'a source that is not there' 5 tn-quote bars -s csv:nowhere X

# --- time: intraday, zones, resampling
{
    echo time,open,high,low,close,volume
    for m in 28 29 30 31 32 33 34 35 36 37 38 39; do echo "2024-01-03T09:$m:00,$m,$m,$m,$m,10"; done
} >MIN.csv
run tn-quote bars -s csv:MIN.csv -i 1m
is 'local times are those of the exchange; the session only' "$(jq -r 'select(.type=="bar") | .time' <<<"$out" | head -1)" 2024-01-03T14:30:00Z
run tn-quote bars -s csv:MIN.csv -i 1m --extended
is '--extended: before the session too' "$(jq -r 'select(.type=="bar") | .time' <<<"$out" | head -1)" 2024-01-03T14:28:00Z
run tn-quote bars -s csv:MIN.csv -i 5m
is 'five minutes from the open' "$(jq -c 'select(.type=="bar") | [.time[14:16],.open,.high,.low,.close,.volume]' <<<"$out" | paste -sd' ')" \
    '["30",30,34,30,34,50] ["35",35,39,35,39,50]'
run tn-quote bars -s csv:MIN.csv -i 1m --csv-tz UTC --calendar always -n 1
is '--csv-tz' "$(jq -r 'select(.type=="bar") | .time' <<<"$out")" 2024-01-03T09:39:00Z
exits 'an unknown zone is a usage error' 2 tn-quote bars -s csv:MIN.csv --csv-tz Mars/Olympus
exits 'finer bars than the file has: bad input' 3 tn-quote bars -s csv:prices AAPL -i 1m
stderr_like 'and it says what the file has' 'has 1d bars'
printf 'date,open,high,low,close\n2024-02-29,1,1,1,1\n2024-06-28,4,4,4,4\n2038-01-19,5,5,5,5\n' >L.csv
run tn-quote bars -s csv:L.csv --calendar always --now 2040-01-01
is '29 February and 2038 (fault-027)' "$(jq -r 'select(.type=="bar") | .session' <<<"$out" | paste -sd' ')" '2024-02-29 2024-06-28 2038-01-19'

# --- corporate actions
cat >SPL.csv <<'END'
date,open,high,low,close,volume,dividend,split
2024-01-02,100,100,100,100,10,0.0,1.0
2024-01-03,50,51,49,50,20,0.0,2.0
2024-01-04,50,51,49,50,20,0.25,1.0
END
run tn-quote bars -s csv:SPL.csv
is 'columns of dividends and splits become actions before the bar' "$(jq -c 'select(.type!="end") | [.type,.kind,.time[:10]]' <<<"$out" | paste -sd' ')" \
    '["bar",null,"2024-01-02"] ["action","split","2024-01-03"] ["bar",null,"2024-01-03"] ["action","dividend","2024-01-04"] ["bar",null,"2024-01-04"]'
is 'a split' "$(jq -c 'select(.kind=="split") | [.new,.old,.ex_date,.time]' <<<"$out")" '[2,1,"2024-01-03","2024-01-03T05:00:00Z"]'
is 'a dividend' "$(jq -c 'select(.kind=="dividend") | [.cash,.ex_date]' <<<"$out")" '[0.25,"2024-01-04"]'
run tn-quote actions -s csv:SPL.csv
is 'actions alone' "$(jq -r 'select(.type!="end") | .kind' <<<"$out" | paste -sd' ')" 'split dividend'
sed 's/^2024-01-02,.*/2024-01-02,50,50,50,50,10,0.0,1.0/' SPL.csv >ADJ.csv
exits 'a split that is not in the prices is refused' 3 tn-quote bars -s csv:ADJ.csv
stderr_like 'with what to do' '--adjusted split'
run tn-quote bars -s csv:ADJ.csv --adjusted split
is 'unless the prices are said to be adjusted' "$(jq -r 'select(.type!="end") | .kind // .adjusted' <<<"$out" | paste -sd' ')" 'split split dividend split'
grep -v split SPL.csv | cut -d, -f1-6 | sed '1i date,open,high,low,close,volume' >RAW.csv
printf 'date,symbol,kind,new,old,cash\n2024-01-03,RAW,split,2,1,\n2024-01-04,RAW,dividend,,,0.25\n2024-01-04,OTHER,dividend,,,1\n' >actions.csv
run tn-quote bars -s csv:RAW.csv --actions actions.csv
for n in 1 2 3; do
    tn-quote bars -s csv:RAW.csv --actions actions.csv -n $n >"last-$n"
    is "fault-057: the last $n with the action of the first one's day" "$(jq -c 'select(.type!="end") | .kind // .time[:10]' "last-$n" | paste -sd' ')" \
        "$(jq -c 'select(.type!="end") | .kind // .time[:10]' <<<"$out" | tail -n $((n == 3 ? 5 : 2 * n)) | paste -sd' ')"
done
is 'an actions file' "$(jq -c 'select(.type=="action") | [.symbol,.kind,.new,.cash]' <<<"$out" | paste -sd' ')" '["RAW","split",2,null] ["RAW","dividend",null,0.25]'
grep '"type":"action"' <<<"$out" >actions.ndjson
for order in 'split,2,1,:dividend,,,1' 'dividend,,,1:split,2,1,'; do
    printf '%s\n' date,symbol,kind,new,old,cash "2024-01-03,RAW,${order%:*}" "2024-01-03,RAW,${order#*:}" >two.csv
    is 'two of one day: the split first, whatever the order of lines' \
        "$(tn-quote bars -s csv:RAW.csv --actions two.csv | jq -r 'select(.type=="action") | .kind' | paste -sd' ')" 'split dividend'
done
printf 'date,symbol,kind,new,old,cash\n2024-01-03,SPL,split,2,1,\n2024-01-04,SPL,dividend,,,0.25\n' >same.csv
is 'what the file and its columns both say is one action' "$(tn-quote bars -s csv:SPL.csv --actions same.csv | jq -r 'select(.type=="action") | .kind' | paste -sd' ')" \
    'split dividend'
tn-quote bars -s csv:RAW.csv --actions actions.ndjson >got
printf '%s\n' "$out" >want
same 'the same as records' got want
# A file of a share's whole life: what the bars' own days hold comes out, per symbol, unless a range is asked for.
mkdir spans
printf 'date,open,high,low,close\n2013-10-04,1,1,1,1\n2013-10-07,1,1,1,1\n2013-10-11,1,1,1,1\n' >spans/SPY.csv
printf 'date,open,high,low,close\n2013-10-10,1,1,1,1\n2013-10-15,1,1,1,1\n' >spans/TLT.csv
printf 'date,open,high,low,close\n2013-10-07T09:30,1,1,1,1\n2013-10-07T09:31,1,1,1,1\n' >spans/MIN.csv
{
    echo 'date,symbol,kind,cash'
    for day in 1998-12-18 2013-10-03 2013-10-04 2013-10-07 2013-10-08 2013-10-10 2013-10-11 2013-10-14 2021-03-19; do
        for symbol in SPY TLT MIN; do echo "$day,$symbol,dividend,0.5"; done
    done
} >spans.csv
acted() { tn-quote "$@" --actions spans.csv | jq -r 'select(.type=="action") | .symbol[:1] + .ex_date[2:]' | paste -sd' '; }
is 'actions of a file: from the day of the first bar to the end of the last one, each symbol by itself' \
    "$(acted bars -s csv:spans SPY TLT)" 'S13-10-04 S13-10-07 S13-10-08 S13-10-10 T13-10-10 S13-10-11 T13-10-11 T13-10-14'
is 'tn-quote actions the same' "$(acted actions -s csv:spans TLT SPY)" \
    'S13-10-04 S13-10-07 S13-10-08 T13-10-10 S13-10-10 T13-10-11 S13-10-11 T13-10-14'
is 'of minutes too the day begins at midnight' "$(acted bars -s csv:spans -i 1m MIN)" 'M13-10-07'
is 'with -n from the bar before the first one on' "$(acted bars -s csv:spans SPY -n 2)" \
    'S13-10-07 S13-10-08 S13-10-10 S13-10-11 S13-10-14 S21-03-19'
is 'or from the day of the first bar there is' "$(acted bars -s csv:spans SPY -n 100)" \
    'S13-10-04 S13-10-07 S13-10-08 S13-10-10 S13-10-11 S13-10-14 S21-03-19'
is 'with --from all from there on' "$(acted bars -s csv:spans SPY --from 2013-10-09)" 'S13-10-10 S13-10-11 S13-10-14 S21-03-19'
is 'with --to all from the first bar to there' "$(acted bars -s csv:spans SPY --to 2013-10-15)" \
    'S13-10-04 S13-10-07 S13-10-08 S13-10-10 S13-10-11 S13-10-14'
is 'with both all of the range' "$(acted bars -s csv:spans SPY --from 2013-01-01 --to 2013-10-08)" 'S13-10-03 S13-10-04 S13-10-07'
exits 'actions are for raw prices' 2 tn-quote bars -s csv:RAW.csv --adjusted total --actions actions.csv
printf 'date,symbol,kind,new,old,cash\n2024-01-03,RAW,split,,,\n2024-01-04,RAW,gift,,,\n2024-01-04,RAW,dividend,,,-1\n' >bad-actions.csv
exits 'an ex-date past all time is a bad line' 3 tn-quote bars -s csv:RAW.csv --actions "$TOP/tests/fuzz/corpus/csv/late-record"
exits 'bad actions are bad lines' 3 tn-quote bars -s csv:RAW.csv --actions bad-actions.csv
is 'each counted' "$(jq -c 'select(.type=="end") | .counts.bad' <<<"$out")" 3
run tn-quote bars -s csv:SPL.csv -i 1w --now 2025-01-01
is 'a week with a split is on one basis' "$(jq -c 'select(.type=="bar") | [.open,.high,.low,.close,.volume]' <<<"$out")" ''
printf '2024-01-05,52,53,50,52,30,0.0,1.0\n' >>SPL.csv
run tn-quote bars -s csv:SPL.csv -i 1w --now 2025-01-01
is 'once it is complete' "$(jq -c 'select(.type=="bar") | [.open,.high,.low,.close,.volume]' <<<"$out")" '[50,53,49,52,90]'

# --- what the source does not end
printf '%s\n' date,open,high,low,close 2024-03-01T{09,10,11,12,13,14,15}:30,1,2,1,2 2024-03-04T{09,10}:30,3,4,3,4 >PART.csv
run tn-quote bars -s csv:PART.csv
is 'a day that the source ends in the middle of is no day' "$(jq -r 'select(.type=="bar") | .session' <<<"$out")" 2024-03-01
stderr_like 'and that is said' 'PART: the bar of 2024-03-04T05:00:00Z is left out: the source ends at 2024-03-04T16:30:00Z'
exits 'no bars: why' 5 tn-quote bars -s csv:RAW.csv --from 2025-01-01
stderr_like 'all are before' 'no finished bars in the requested range: all are before it'
run tn-quote bars -s csv:- RAW <RAW.csv
is 'csv:- is standard input' "$(jq -r 'select(.type=="bar") | .symbol' <<<"$out" | uniq -c | tr -s ' ')" ' 3 RAW'
exits 'symbols in one word' 2 tn-quote bars -s sim AAPL,MSFT
exits 'a file as a symbol' 2 tn-quote bars RAW.csv
stderr_like 'is explained' 'hint: name a file with -s csv:RAW.csv'
printf 'AAPL,###TECH & CO,NASDAQ:MSFT,###Oil,NYSE:XOM, JPM # a remark, KO\n### others, not now\n' >sections.txt
run tn-quote bars -s sim -w sections.txt -n 1 --now 2026-03-02T13:00:00Z
is 'sections of a watchlist in one line' "$(jq -r 'select(.type == "bar").symbol' <<<"$out" | sort | paste -sd' ')" 'AAPL JPM MSFT XOM'
printf '\xef\xbb\xbfNASDAQ:AAPL,NYSE:KO\r\n###Tech\r\nNSE:INFY\r\n' >tradingview.txt
run tn-quote bars -s sim -w tradingview.txt -n 1 "${now[@]}"
is 'a watchlist of TradingView' "$(jq -r 'select(.type=="bar") | .symbol' <<<"$out" | paste -sd' ')" 'AAPL KO NSE:INFY'
cp RAW.csv 'BATS_SPLT, 1D_3f2a1.csv'
run tn-quote bars -s 'csv:BATS_SPLT, 1D_3f2a1.csv' -n 1 -v
is "TradingView's names of files" "$(jq -r 'select(.type=="bar") | .symbol' <<<"$out")" SPLT
stderr_like '-v says what was decided' 'comma, bars of 1d, raw'

# --- before 1970: trading ended at 15:30 in New York, 20:30 UTC in winter, and in 1950 at 15:00, on Saturdays at noon
printf '%s\n' date,open,high,low,close 1962-01-02,7,8,7,8 1962-01-03,8,9,8,9 >OLD.csv
exits 'bars of 1962' 0 bash -c 'tn-quote bars -s csv:OLD.csv | tn-signal add sma:2'
is 'with the hours of their time, through a filter' "$(jq -c 'select(.type=="bar") | [.session, .end, .sma_2]' <<<"$out" | paste -sd' ')" \
    '["1962-01-02","1962-01-02T20:30:00Z",null] ["1962-01-03","1962-01-03T20:30:00Z",8.5]'
printf '%s\n' date,open,high,low,close 1950-01-06,7,8,7,8 1950-01-07,8,9,8,9 >OLD.csv
run tn-quote bars -s csv:OLD.csv
is 'a Saturday of 1950' "$(jq -r 'select(.type=="bar") | .end' <<<"$out" | paste -sd' ')" '1950-01-06T20:00:00Z 1950-01-07T17:00:00Z'
printf '%s\n' date,open,high,low,close 1968-06-11,7,8,7,8 1968-06-12,8,9,8,9 >OLD.csv
exits 'a Wednesday on which paper was caught up with' 3 tn-quote bars -s csv:OLD.csv
stderr_like 'is no session' '1968-06-12 is not a session'

# --- prices that jump: 100 to 50 between two sessions is a split of 2:1 that nobody named
exits 'an unknown split is told, and no error' 0 tn-quote bars -s csv:RAW.csv
stderr_like 'with what can be done' "opens at 50 after 100, as after a 2:1 split.*"
stderr_like 'the hint' "--accept 'RAW 2024-01-03'"
is 'as a record before the bar' "$(jq -c 'select(.type!="end") | [.type,.check,.observed,.expected]' <<<"$out" | paste -sd' ')" \
    '["bar",null,null,null] ["anomaly","split",50,100] ["bar",null,null,null] ["bar",null,null,null]'
exits 'accepted, it is silent' 0 tn-quote bars -s csv:RAW.csv --accept 'OTHER 2024-01-03, RAW 2024-01-03'
is 'on both' "$err$(grep -c anomaly <<<"$out")" 0
exits 'a named split is none' 0 tn-quote bars -s csv:RAW.csv --actions actions.csv
is 'nor is it told' "$err$(grep -c anomaly <<<"$out")" 0
sed 's/^2024-01-02,.*/2024-01-02,5000,5000,5000,5000,1/' RAW.csv >UNIT.csv
run tn-quote bars -s csv:UNIT.csv
is 'another unit' "$(jq -r 'select(.type=="anomaly") | .check' <<<"$out")" unit
# A high that lost its decimal point, a low that has one too many, and trades at a cent that were cancelled later (May 2010).
printf '%s\n' Date,Open,High,Low,Close,Volume 2024-01-02,180,181,179,180,1 2024-01-03,180,1800.53,179,181,1 \
    2024-01-04,181,182,17.95,180,1 2024-01-05,41,41,0.01,40,1 >WICK.csv
run tn-quote bars -s csv:WICK.csv --accept 'WICK 2024-01-05'
is 'a high or low in another unit within a session' "$(jq -c 'select(.type=="anomaly") | [.check,.observed,.expected,.time[:10]]' <<<"$out" | paste -sd' ')" \
    '["unit",1800.53,181,"2024-01-03"] ["unit",17.95,180,"2024-01-04"]'
stderr_like 'is told' 'WICK: 2024-01-03 has a high of 1800.53 beside an open or close of 181: a misprint\?'
exits 'and can be accepted' 0 tn-quote bars -s csv:WICK.csv --accept 'WICK 2024-01-03, WICK 2024-01-04, WICK 2024-01-05'
is 'by its date' "$err" ''
cat >jumps.ndjson <<'END'
{"type":"anomaly","time":"2024-01-03T21:00:00Z","symbol":"A","check":"split","observed":50,"expected":100}
{"type":"signal","time":"2024-01-03T21:00:00Z","id":"a","symbol":"A","strategy":"x","side":"long","decided":"2024-01-03T21:00:00Z","price":50,"stop":45,"interval":"1d"}
{"type":"signal","time":"2024-01-03T21:00:00Z","id":"b","symbol":"B","strategy":"x","side":"long","decided":"2024-01-03T21:00:00Z","price":50,"stop":45,"interval":"1d"}
{"type":"end","status":0,"complete":true,"failed":{}}
END
tn-order open jump --cash 100000 --now 2024-01-01 >/dev/null 2>&1
exits 'entries in such a symbol are refused' 6 tn-risk size -a jump --now 2024-01-04T12:00:00Z -f jumps.ndjson
is 'by name, and no others' "$(jq -r 'select(.type=="order" or .type=="refusal") | [.type,.symbol,.code // ""] | join(" ")' <<<"$out" | paste -sd,)" \
    'refusal A ANOMALY,order B '

# --- words, output, configuration
exits 'no source' 2 tn-quote bars AAPL
exits 'an unknown source' 2 tn-quote bars -s sin AAPL
stderr_like 'with the nearest' "nearest: 'sim'"
exits 'sim without a symbol' 2 tn-quote bars -s sim
exits 'bars of ticks' 2 tn-quote bars -s sim A -i tick:5
exits 'an interval that is none' 2 tn-quote bars -s sim A -i 7x
exits '--from after --to' 2 tn-quote bars -s sim A --from 2024-01-02 --to 2024-01-01
exits 'an expression that is none' 2 tn-quote bars -s sim A --where 'close >'
run tn-quote bars -s sim A --where 'close > open' -n 50 "${now[@]}"
is '--where keeps what it says' "$(jq -c 'select(.type=="bar" and .close <= .open)' <<<"$out")" ''
like '--where keeps some' "$out" '"type":"bar"'
exits 'a full disk is not a success (fault-010)' 10 sh -c 'tn-quote bars -s sim A -n 5 >/dev/full'
run bash -c 'tn-quote bars -s sim A >/dev/null; tn-quote bars -s sim A | head -1 >/dev/null; exit ${PIPESTATUS[0]}'
is 'a closed pipe ends it quietly (fault-009)' "$code $err" '141 '
printf 'source daily {\n  kind = csv\n  path = "%s/prices"\n}\n' "$WORK" >"$TN_HOME/config"
run tn-quote bars AAPL -n 1
is 'the only source of the configuration is the default' "$(jq -r 'select(.type=="bar") | .source' <<<"$out")" daily
printf 'source odd {\n  kind = csv\n  path = "%s/ODD.csv"\n  columns = "close,date,open,high,low"\n  dates = dmy\n  decimal = ","\n}\n' "$WORK" >>"$TN_HOME/config"
echo '10,5;03/04/2024;10;11;9' >ODD.csv
run tn-quote bars -s odd
is 'how a file is written, kept in its section' "$(jq -c 'select(.type=="bar") | [.session,.open,.high,.low,.close]' <<<"$out")" '["2024-04-03",10,11,9,10.5]'
printf 'source play {\n  kind = sim\n  seed = 2\n}\n' >>"$TN_HOME/config"
tn-quote bars -s play AAPL -n 250 "${now[@]}" | grep '"type":"bar"' >got
same 'a configured synthetic source' got other
exits 'two sources and none named' 2 tn-quote bars AAPL
echo 'source home { path = ~/prices }' >"$TN_HOME/config"
exits 'a path with ~' 5 tn-quote bars AAPL
stderr_like 'is not expanded, but explained' '\$\{HOME\}/prices'

# --- a file of the wrong kind: a market that never closes, read with the calendar of another
mkdir -p coins
{
    echo date,open,high,low,close,volume
    for ((i = 0; i < 98; i++)); do
        echo "$(date -u -d "2024-01-01 + $i days" +%F),10,11,9,10,5"
    done
} >coins/COIN.csv
# 14 weeks from a Monday on: 28 days of weekends; 1 January, 15 January, 19 February and 29 March were holidays
exits 'days without a session are bad lines' 3 tn-quote bars -s csv:coins COIN
is 'the first 20 of 32 bad lines are named' "$(grep -c 'not a session' <<<"$err")" 20
stderr_like 'the rest is counted' 'bad lines not named: 12; -v names all'
is 'one hint for all of them' "$(grep -c 'hint: .*--calendar always' <<<"$err")" 1
exits '-v names every one' 3 tn-quote bars -s csv:coins COIN -v
is 'all 32 are named' "$(grep -c 'not a session' <<<"$err")" 32
exits 'the right calendar takes them all' 0 tn-quote bars -s csv:coins COIN --calendar always

exits '-O, which records have no use for, is a usage error' 2 tn-quote bars -s sim AAPL -O csv
stderr_like 'that says what shows records' 'hint: .*tn-report'
# --adjust: Apple's dividend of 0.82 on 2020-08-07 (the close before 455.61) and its split of 4:1 on 2020-08-31.
# 455.61 × 0.25 × (1 - 0.82 / 455.61) = 113.6975; 499.23 / 4 = 124.8075; 455.61 - 0.82 = 454.79.
mkdir adjust
printf 'Date,Open,High,Low,Close,Volume\n2020-08-06,455.61,455.61,455.61,455.61,100\n2020-08-28,499.23,499.23,499.23,499.23,100\n2020-08-31,129.04,129.04,129.04,129.04,400\n' >adjust/AAPL.csv
printf 'date,symbol,kind,new,old,cash\n2020-08-07,AAPL,dividend,,,0.82\n2020-08-31,AAPL,split,4,1,\n' >adjust.actions
adjusted() {
    run tn-quote bars -s csv:adjust AAPL --actions adjust.actions --now 2020-09-02 --adjusted raw "$@"
    got=$(jq -r 'select(.type == "bar" or .type == "action") | "\(.adjusted // .kind) \(.close // .cash // .new) \(.volume)"' <<<"$out")
}
adjusted --adjust total
is 'prices on the basis of the last bar' "$code $got" '0 total 113.6975 400
total 124.8075 400
total 129.04 400'
adjusted --adjust split -n 2
is 'for splits alone the dividends stay' "$code $got" '0 dividend 0.82 null
split 124.8075 400
split 129.04 400'
adjusted --adjust dividend
is 'and the other way round' "$code $got" '0 dividend 454.79 100
dividend 499.23 100
split 4 null
dividend 129.04 400'
adjusted --adjust total --to 2020-08-29
is 'at an earlier moment the split is not known' "$code $got" '0 total 454.79 100
total 499.23 100'
run tn-quote chain -s sim AAPL --now 2026-06-01T20:00:00Z
is 'a made-up chain: nine expiries of 25 strikes' "$code $(jq -r 'select(.type == "contract") | .right' <<<"$out" | sort | uniq -c | tr -s ' ' | paste -sd,)" '0  225 call, 225 put'
is 'around the last close' "$(jq -r 'select(.type == "contract") | .underlying_price' <<<"$out" | sort -u)" "$(tn-quote bars -s sim AAPL -n 1 --now 2026-06-01T20:00:00Z | jq -r 'select(.type == "bar") | .close')"
is 'the last of some' "$(tn-quote chain -s sim AAPL --now 2026-06-01T20:00:00Z --where 'right == "put"' -n 1 | head -n 1)" "$(grep '"right":"put"' <<<"$out" | tail -n 1)"
is 'another seed' "$(tn-quote chain -s sim AAPL --now 2026-06-01T20:00:00Z --seed 2 -n 1 | cmp -s - <(tail -n 2 <<<"$out") || echo another)" another
exits 'before the market was made' 5 tn-quote chain -s sim AAPL --now 1990-01-02T12:00:00Z
stdout_like 'is said' 'the source has none'
exits 'what is adjusted cannot be taken back' 2 tn-quote bars -s csv:adjust AAPL --now 2020-09-02 --adjusted total --adjust raw
finish
