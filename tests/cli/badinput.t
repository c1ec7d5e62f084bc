#!/usr/bin/env bash
# Bad input of every kind for every command that reads records or files. A cell of the table is one kind of bad line in
# the middle of good ones, given to one command: exit 3, the line named once on stderr, and what the good lines give is
# what they give without it (of a batch of orders: nothing at all). Memory is bounded while it happens.
# shellcheck source=tests/cli/lib.sh
# shellcheck disable=SC2016,SC2086,SC2094 # hostile dollars and backticks; commands as lists of words; a pipe of our own
. "$(dirname "$0")/lib.sh"
needs jq

# --- the columns: NAME KIND COMMAND; the input comes on standard input
columns=(
    'replay bar tn-stream replay -'
    'replay-bars trade tn-stream replay - --bars 1m --complete'
    'add bar tn-signal add sma:2'
    'run bar tn-signal run sma-cross:fast=1,slow=2 -p'
    'size signal tn-risk size --sizing notional:1000 --now 2024-01-03T22:00:00Z'
    'submit order tn-order submit --now 2024-01-03T22:00:00Z'
    'session order tn-order run'
    'settle bar tn-order settle'
    'record fill tn-journal record'
    'backtest bar tn-backtest run sma-cross:fast=1,slow=2 --orders'
    'summary equity tn-report summary -O json'
    'equity equity tn-report equity -O json'
    'trades fill tn-report trades -O json'
    'positions fill tn-report positions -O json'
    'orders order tn-report orders -O json'
    'chart bar tn-report chart AAPL -O json'
)

# --- good lines of a kind, number 1, 2 or 3; SYMBOL, STRATEGY, PRICE and MORE fill them
good() { # KIND NUMBER
    local n=$2 price=${PRICE:-10} symbol=${SYMBOL:-AAPL} strategy=${STRATEGY:-s} more=${MORE:-}${rest:-}
    local head="\"symbol\":\"$symbol\""
    case $1 in
    bar) printf '{"type":"bar","time":"2024-01-0%dT05:00:00Z",%s,"interval":"1d","session":"2024-01-0%d","end":"2024-01-0%dT21:00:00Z","open":10,"high":12,"low":8,"close":%s,"volume":100%s}' \
        $((n + 1)) "$head" $((n + 1)) $((n + 1)) "$price" "$more" ;;
    trade) printf '{"type":"trade","time":"2024-01-03T14:3%d:00Z",%s,"price":%s,"quantity":%s%s}' "$n" "$head" "$price" "${QUANTITY:-5}" "$more" ;;
    signal) printf '{"type":"signal","time":"2024-01-03T21:00:00Z",%s,"id":"sg%d","strategy":"%s%d","side":"long","decided":"2024-01-03T21:00:00Z","interval":"1d","price":%s,"stop":9%s}' \
        "$head" "$n" "$strategy" "$n" "$price" "$more" ;;
    order) printf '{"type":"order","time":"2024-01-03T21:00:00Z",%s,"id":"tnorder%d","side":"buy","quantity":%s,"order_type":"limit","limit_price":%s,"role":"entry","strategy":"%s%d"%s}' \
        "$head" "$n" "${QUANTITY:-5}" "$price" "$strategy" "$n" "$more" ;;
    fill) printf '{"type":"fill","time":"2024-01-0%dT14:30:00Z",%s,"id":"f%d","order_id":"o%d","account":"paper","strategy":"%s","role":"%s","quantity":%s,"price":%s,"commission":0,"mode":"paper"%s}' \
        $((n + 1)) "$head" "$n" "$n" "$strategy" "$([ "$n" = 3 ] && echo 'exit","side":"sell' || echo 'entry","side":"buy')" "${QUANTITY:-$((n == 3 ? 3 : 5))}" "$price" "$more" ;;
    equity) printf '{"type":"equity","time":"2024-01-0%dT21:00:00Z","account":"paper","equity":%s,"cash":5,"exposure":5,"mode":"paper"%s}' \
        $((n + 1)) "$price" "$more" ;;
    esac
}
end='{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}'
plain() { rest='' PRICE='' SYMBOL='' STRATEGY='' QUANTITY='' MORE='' good "$@"; }
repeat() { head -c "$1" /dev/zero | tr '\0' "$2"; }

# --- a home with an open account, in which an order works
home=$WORK/template
TN_HOME=$home tn-order open paper --now 2024-01-01 -q
TN_HOME=$home tn-order run >/dev/null <<<'{"type":"order","time":"2024-01-01T21:00:00Z","symbol":"AAPL","id":"tnfirst","side":"buy","quantity":5,"order_type":"market","time_in_force":"gtc","reference_price":10,"role":"entry","strategy":"first"}'
TN_HOME=$home tn-journal show >"$home.events"
# The orders of the fills to be recorded, in a home of their own: they are not to fill elsewhere.
ordered_home() { # SYMBOL STRATEGY, as they stand in JSON
    rm -rf "$home.record"
    cp -r "$home" "$home.record"
    for n in 1 2 3; do
        side=$([ "$n" = 3 ] && echo 'sell","role":"exit' || echo 'buy","role":"entry')
        printf '%s\n' '{"type":"order","time":"2024-01-01T21:00:00Z","symbol":"'"$1"'","id":"o'"$n"'","account":"paper","strategy":"'"$2"'","side":"'"$side"'","quantity":5,"order_type":"market","time_in_force":"gtc"}'
    done | TN_HOME=$home.record tn-journal record >"$home.ordered"
}
ordered_home AAPL s
bounded=yes
grep -q __asan_init "$BIN/tn-order" && bounded=
# cell INPUT COMMAND…: in a fresh home, with bounded memory; sets $code, and files out, err.
cell() {
    local input=$1
    shift
    case $1$2 in tn-order* | tn-risk*) rm -rf "$TN_HOME"; cp -r "$home" "$TN_HOME" ;;
    tn-journal*) rm -rf "$TN_HOME"; cp -r "$home.record" "$TN_HOME" ;; esac
    (
        [ -z "$bounded" ] || ulimit -v 262144
        ulimit -t 20
        exec "$@" <"$input" >"$WORK/raw" 2>"$WORK/err"
    )
    code=$?
    grep -av '^{"type":"end"\|^{"type":"sync"' "$WORK/raw" >"$WORK/out"
}

declare -A said first last
for column in "${columns[@]}"; do
    read -r name kind command <<<"$column"
    first[$kind]=$(plain "$kind" 1) last[$kind]=$(plain "$kind" 3)
    printf '%s\n' "${first[$kind]}" "${last[$kind]}" "$end" >"good.$kind"
    cell "good.$kind" $command
    cp out "want.$name"
    said[$name]=$(grep -vc '^  hint: ' err) # what is said of so few bars
    [ "$code" -eq 0 ] && [ -s out ]
    result $? "$name: good lines give something" "exit code: $code" "$(cat err)"
done

# --- the rows: bad DESCRIPTION KIND-OR-COLUMN… with PRICE, SYMBOL, MORE … set, or $line the line itself; of the kinds and
# columns named it is no fault
bad() {
    local desc=$1 column name kind command wrong submits middle named lines one
    shift
    for column in "${columns[@]}"; do
        read -r name kind command <<<"$column"
        [[ " $* " = *" $kind "* || " $* " = *" $name "* ]] && continue
        if [ -n "${line:-}" ]; then middle=$line; else middle=$(good "$kind" 2); fi
        printf '%s\n%s%s\n%s\n%s\n' "${first[$kind]}" "${before:-}" "$middle" "${last[$kind]}" "$end" >bad
        [[ $middle != *$'\001'* ]] || sed -i 's/\x01/\x00/' bad
        cell bad $command
        wrong='' named=0 lines=0
        submits=0
        [ "$name" != submit ] || submits=1
        [ "$code" -eq 3 ] || wrong+="exit code $code, wanted 3; "
        while IFS= read -r one; do
            [[ $one == '  hint: '* ]] || lines=$((lines + 1))
            [[ $one != "${command%% *}: standard input: line 2: "* ]] || named=$((named + 1))
            [[ $one != *[^[:print:]]* ]] || wrong+='the message is not clean; '
        done <err
        [[ $middle != *$'\001'* ]] || ! grep -aq '[^[:print:]]' err || wrong+='the message is not clean; ' # no NUL either
        [ "$named" = 1 ] || wrong+='line 2 is not named once; '
        [ "$lines" -le "$((said[$name] + 1 + submits))" ] || wrong+='too many words; '
        if [ "$name" = submit ]; then
            [ ! -s out ] || wrong+='something of the batch was submitted; '
            [ "$(tn-journal show -t order | grep -c '"tnorder')" = 0 ] || wrong+='an order is in the journal; '
        else
            cmp -s out "want.$name" || wrong+='the good lines give something else; '
        fi
        if [ -z "$wrong" ]; then result 0 "$desc: $name"; else
            result 1 "$desc: $name" "$wrong" "stderr: $(head -c 600 err)" "stdout: $(head -c 600 out)"
        fi
    done
}

# Prices. Equity may be zero or below; a signal may know no price (it is then refused, see risk.t); a replay passes on
# what it does not read.
PRICE=NaN bad 'fault-054: NaN as a price'
PRICE=Infinity bad 'fault-054: Infinity as a price'
# (nobody knows the equity: that is no bad one)
PRICE=null bad 'fault-054: null as a price' equity signal replay
PRICE='""' bad 'fault-054: "" as a price' replay
PRICE=0 bad 'fault-055: a price of zero' equity replay
PRICE=-10 bad 'fault-055: a negative price' equity replay
PRICE=1e308 bad 'fault-055: 1e308 as a price' replay
PRICE=9.0000000001 bad 'fault-055: a price finer than can be' replay
PRICE=9.001 bad 'fault-055: a price finer than the tick' bar trade signal fill equity orders
PRICE=90000000000 QUANTITY=90000000000 bad 'fault-056: quantity times price overflows' bar signal equity trade

# Bytes. (The long ones are no prefix of the call: they would be in the environment of what it runs.)
rest=",\"x\":\"$(repeat 1048577 x)\""
bad 'fault-077: a line over 1 MiB'
rest=",\"x\":$(repeat 100000 '[')$(repeat 100000 ']')"
bad 'fault-080: nesting 100 000 deep'
rest=",\"x\":$(repeat 100000 '[')"
bad 'fault-080: 100 000 brackets open'
rest=''
MORE=$',"x":"\xc3("' bad 'fault-078: invalid UTF-8'
before=$'\xef\xbb\xbf' bad 'fault-078: a byte order mark'
MORE=$',"x":"a\001b"' bad 'fault-079: a NUL byte'
MORE=',"x":"\u0000"' bad 'fault-079: \u0000'
MORE=',"x":1,"x":2' bad 'fault-080: a key twice'
line='{"type":' bad 'half a record'
line='[1]' bad 'an array'
line=$'\x1b]0;title\x07\x1b[31m{"type":"bar"}' bad 'fault-076: terminal escapes instead of a record'

# Symbols that are none. (Equity points have no symbol.)
SYMBOL='\u001b[31mAAPL' bad 'fault-076: terminal escapes in a symbol' equity replay
SYMBOL='/etc/passwd' bad 'fault-081: an absolute path as a symbol' equity replay
SYMBOL='A\nB' bad 'fault-073: a line break in a symbol' equity replay

# --- odd but valid: symbols and strategies are data, and come back to the byte. Ids are made of them; but for these,
# everything is as with a plain name.
but_ids() { sed -E 's/"(id|cause|order_id|signal|run|input|entry_order|exit_order)":"[^"]*"//g' "$1"; }
for column in "${columns[@]}"; do
    read -r name kind command <<<"$column"
    { SYMBOL=AAPL STRATEGY=AAPL good "$kind" 1; echo; SYMBOL=AAPL STRATEGY=AAPL good "$kind" 3; echo; echo "$end"; } >"plain.$kind"
    [ "$name" != record ] || ordered_home AAPL AAPL
    cell "plain.$kind" $command
    but_ids out >"plain.$name"
done
odd() { # DESCRIPTION NAME, as JSON has it
    local desc=$1 text=$2 raw name kind command column wrong words
    raw=$(jq -r . <<<"\"$text\"")
    for column in "${columns[@]}"; do
        read -r name kind command <<<"$column"
        case $kind$name in equity* | barsettle) continue ;; esac # no symbol; nothing of it works
        read -ra words <<<"$command"
        [[ $name != chart || $raw != */* ]] || continue # such an operand is a file
        [ "$name" = chart ] && words=(tn-report chart -O json -- "$raw")
        [ "$name" != record ] || ordered_home "$text" "$text"
        { SYMBOL=$text STRATEGY=$text good "$kind" 1; echo; SYMBOL=$text STRATEGY=$text good "$kind" 3; echo; echo "$end"; } >odd
        cell odd "${words[@]}"
        wrong=''
        [ "$code" -eq 0 ] || wrong+="exit code $code; "
        plain=$(cat "plain.$name")
        [ "$(but_ids out)" = "${plain//AAPL/"$text"}" ] || wrong+='not as with a plain name; '
        if [ "$name" = record ]; then
            [ "$(tn-journal query 'SELECT DISTINCT symbol FROM fills' -O json | jq -r .symbol)" = "$raw" ] || wrong+='not in the journal; '
            tn-journal verify -q >/dev/null || wrong+='the journal does not verify; '
        fi
        [ -z "$wrong" ]
        result $? "$desc: $name" "$wrong" "stderr: $(head -c 600 err)" "stdout: $(head -c 900 out)" "plain: ${plain:0:900}"
    done
}
odd 'fault-071: SQL as a name' "A';DROP TABLE event;--"
odd 'fault-072: $(…) and ; as a name' '$(touch pwned);touch pwned;'
odd 'fault-072: a dash in front' '--help'
odd 'fault-073: gnuplot words as a name' '`touch pwned`\"<touch pwned\"'
odd 'fault-081: a path as a name' '../../pwned'
odd 'fault-082: a name of odd characters' '%s%n\\ {}[]<>&|*?~#'
ordered_home AAPL s

# Text may hold anything, and does in records; a terminal gets none of it.
text='\u001b[31mred\u001b]0;title\u0007\u009b31m'
{ STRATEGY=$text good order 1; echo; echo "$end"; } >escapes.order
{ STRATEGY=$text good fill 1; echo; STRATEGY=$text good fill 3; echo; echo "$end"; } >escapes.fill
cell escapes.order tn-order submit --now 2024-01-03T22:00:00Z
if command -v script >/dev/null; then
    for words in 'tn-order orders' 'tn-order orders -O json' 'tn-order orders -O csv' 'tn-journal show' 'tn-journal query "SELECT * FROM orders"' \
        'tn-report orders escapes.order' 'tn-report trades escapes.fill' 'tn-report positions escapes.fill -O tsv' \
        'tn-report summary escapes.fill' 'tn-report orders -j -O csv'; do
        script -qec "$words" /dev/null </dev/null >typed 2>&1
        grep -q red typed || [[ $words = *summary* ]]
        shown=$?
        ! LC_ALL=C tr -d '\r\n\t' <typed | grep -aq $'[\x01-\x1f\x7f]\|\xc2\x9b' && [ $shown -eq 0 ]
        result $? "fault-076: escapes do not reach the terminal: $words" "$(cat -v typed | head -c 600)"
    done
else
    skip 'fault-076: escapes do not reach the terminal' 'script is not installed'
fi
is 'fault-082: the record has them to the byte' "$(tn-journal show -t order | grep -cF "\"strategy\":\"${text/\\u009b/$'\xc2\x9b'}1\"")" 1

# --- names of files and accounts are data too
for column in "${columns[@]}"; do
    read -r name kind command <<<"$column"
    command=" $command "
    read -ra words <<<"${command/ - / }"
    case $name in
    replay* | record | summary | equity | trades | positions | orders) words+=(--) ;;
    *) words+=(-f) ;;
    esac
    file='-rf $(touch pwned);`touch pwned`.nd'
    cp -- "good.$kind" "$file"
    cell /dev/null "${words[@]}" "$file"
    cmp -s out "want.$name"
    same=$?
    [ $code -eq 0 ] && [ $same -eq 0 ]
    result $? "fault-072: a file of that name: $name" "exit code: $code" "$(head -c 600 err)"
    printf '{\n' >"$file"
    cell /dev/null "${words[@]}" "$file"
    [ $code -eq 3 ] && grep -qF "${words[0]}: $file: line 1: " err
    result $? "fault-072: which a message names: $name" "exit code: $code" "$(head -c 600 err)"
done
for account in '../x' '/tmp/x' 'a/b' '.' '..' '$(touch pwned)' 'a;b' "a'b" $'a\nb' ''; do
    wrong=''
    for words in 'tn-risk size' 'tn-order submit' 'tn-order run' 'tn-order settle' 'tn-order positions' 'tn-order halt'; do
        cell good.order $words "--account=$account"
        [ $code -eq 3 ] || [ $code -eq 2 ] || wrong+="$words: exit $code: $(cat err); "
    done
    cell good.order tn-order open -- "$account"
    [ $code -eq 3 ] || [ $code -eq 2 ] || wrong+="open: exit $code: $(cat err); "
    is "fault-081: no account is called ${account@Q}" "$wrong$(cd "$TN_HOME" && find . -name '*x*' -o -name '*b' | grep -v '[.]db')" ''
done

# --- tn-quote reads files of its own kind; more of them in quote.t
quote() { # DESCRIPTION LINE: between two good ones
    { printf 'date,open,high,low,close,volume\n2024-01-02,10,12,8,10,5\n'; printf '%s' "$2" | tr '\001' '\000'; printf '\n2024-01-04,10,12,8,10,5\n'; } >one.csv
    cell /dev/null tn-quote bars -s csv:one.csv
    wrong=''
    [ $code -eq 3 ] || wrong+="exit code $code; "
    [ "$(grep -ac '^tn-quote: one.csv: line 3: ' err)" = 1 ] || wrong+='line 3 is not named once; '
    ! grep -aq '[^[:print:]]' err || wrong+='the message is not clean; '
    [ "$(jq -r .session out | paste -sd' ')" = '2024-01-02 2024-01-04' ] || wrong+='the good lines do not come; '
    [ -z "$wrong" ]
    result $? "$1: tn-quote" "$wrong" "stderr: $(head -c 600 err)" "stdout: $(head -c 600 out)"
}
quote 'fault-054: NaN as a price' 2024-01-03,10,12,8,NaN,5
quote 'fault-054: Infinity as a price' 2024-01-03,10,12,8,Infinity,5
quote 'fault-054: null as a price' 2024-01-03,10,12,8,null,5
quote 'fault-054: "" as a price' '2024-01-03,10,12,8,"",5'
quote 'fault-055: a price of zero' 2024-01-03,10,12,8,0,5
quote 'fault-055: a negative price' 2024-01-03,10,12,8,-10,5
quote 'fault-055: 1e308 as a price' 2024-01-03,10,12,8,1e308,5
quote 'fault-076: terminal escapes' $'2024-01-03,10,12,8,\x1b[31m10,5'
quote 'fault-078: invalid UTF-8' $'2024-01-03,10,12,8,1\xff0,5'
quote 'fault-079: a NUL byte' $'2024-01-03,10,12,8,1\0010,5'
quote 'fault-073: gnuplot words' '2024-01-03,10,12,8,`touch pwned`,5'
for column in 'bars -s sim' 'bars -s csv:one.csv' 'actions -s csv:one.csv'; do
    for symbol in '../../etc/passwd' /etc/passwd; do
        cell /dev/null tn-quote $column -- "$symbol"
        [ $code -eq 3 ] || [ "$code ${symbol:0:1} $column" = '0 . bars -s sim' ]
        result $? "fault-081: tn-quote $column $symbol" "exit code: $code" "$(cat err)"
    done
done

# Watchlists: line 2 of three.
watch() { # DESCRIPTION LINE WHAT-IT-SAYS
    { echo AAPL; printf '%s' "$2" | tr '\001' '\000'; printf '\nXOM\n'; } >watch
    cell /dev/null tn-quote bars -s sim -w watch -n 1 --now 2024-01-10
    [ "$code $(jq -r 'select(.type == "bar") | .symbol' raw | paste -sd' ')" = '3 AAPL XOM' ] && grep -q "^tn-quote: watch: line 2: .*$3" err &&
        ! grep -aq '[^[:print:]]' err
    result $? "$1: a watchlist" "exit code: $code" "$(cat err)" "$(cat raw)"
}
watch 'fault-077: a line over 1 MiB' "$(repeat 1048577 x)" 'is not a symbol'
watch 'fault-078: invalid UTF-8' $'\xff\xfe' 'is not a symbol'
watch 'fault-078: a byte order mark' $'\xef\xbb\xbfMSFT' 'byte order mark'
watch 'fault-079: a NUL byte' $'A\001B' 'is not a symbol'
watch 'fault-076: terminal escapes' $'\x1b[31mMSFT' 'is not a symbol'
watch 'fault-081: an absolute path' /etc/passwd 'is not a symbol'
watch 'two symbols' 'MSFT JPM' 'one symbol per line'

# --- output that cannot be written, and a reader that has gone
mkfifo gone
exec 9<>gone 8>gone 9<&- # what is written to 8 has no reader
for column in "${columns[@]}" 'quote bar tn-quote bars -s sim AAPL -n 3' 'open order tn-order account' 'show order tn-journal show'; do
    read -r name kind command <<<"$column"
    rm -rf "$TN_HOME"
    cp -r "$([ "$name" = record ] && echo "$home.record" || echo "$home")" "$TN_HOME"
    before_it=$(wc -l <"$home.events")
    [ "$name" != open ] || before_it=0 # a question changes nothing
    $command <"good.$kind" >/dev/full 2>err
    code=$?
    [ $code -eq 10 ] && grep -q 'No space left' err
    result $? "fault-010: $name to a full disk" "exit code: $code, wanted 10" "$(cat err)"
    if [[ $command = tn-order* ]]; then
        [ "$(tn-journal show | wc -l)" -gt "$before_it" ]
        result $? "fault-010: the journal has what $name did all the same"
    fi
    rm -rf "$TN_HOME"
    cp -r "$([ "$name" = record ] && echo "$home.record" || echo "$home")" "$TN_HOME"
    $command <"good.$kind" >&8 2>err
    code=$?
    [ $code -eq 141 ] && ! grep -qv ': no signal for ' err # of so few bars
    result $? "fault-009: the reader of $name has gone" "exit code: $code, wanted 141" "$(cat err)"
    if [[ $command = tn-order* ]]; then
        [ "$(tn-journal show | wc -l)" -gt "$before_it" ]
        result $? "fault-009: the journal has what $name did all the same"
    fi
done
exec 8>&-

# --- a disk that is read-only: for root too, as somebody else
chmod 755 "$WORK"
rm -rf "$TN_HOME"
cp -r "$home" "$TN_HOME"
chmod -R a+rX,a-w "$TN_HOME"
for column in 'submit order tn-order submit --now 2024-01-03T22:00:00Z' 'session order tn-order run' 'settle bar tn-order settle' \
    'halt order tn-order halt' 'open order tn-order open other' 'record fill tn-journal record'; do
    read -r name kind command <<<"$column"
    unprivileged env HOME="$HOME" TN_HOME="$TN_HOME" "$BIN"/$command <"good.$kind" >out 2>err
    code=$?
    [ $code -eq 10 ] && ! grep -q '"type":"\(order\|fill\)' out
    result $? "fault-020: $name on a read-only disk" "exit code: $code, wanted 10" "$(cat err)" "$(cat out)"
done
is 'fault-072 fault-073: nothing was run' "$(find . -name 'pwned*')" ''
# A file of prices fed straight to a filter: what reads it is said once.
printf 'date,open,high,low,close\n2024-01-02,1,1,1,1\n2024-01-03,1,1,1,1\n' >prices.csv
for filter in 'tn-backtest run sma-cross' 'tn-signal run sma-cross'; do
    # shellcheck disable=SC2086
    exits "CSV for records: $filter" 3 $filter -f prices.csv
    is 'three bad lines and one hint' "$(grep -c 'not JSON' <<<"$err") $(grep -c '  hint: a CSV file of bars is read by .tn-quote bars -s csv:FILE.$' <<<"$err")" '3 1'
done
# What is no file: nothing waits for it, and the same mistake is the same everywhere.
mkdir nofiles
cp prices.csv nofiles/A.csv
mkfifo nofiles/F.csv
python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' nofiles/S.csv
run timeout 10 tn-quote bars -s csv:nofiles
is 'a folder with a named pipe and a socket: its files, and that the others are not read' "$code $(jq -r 'select(.type == "bar").symbol' <<<"$out" | uniq)" '3 A'
for symbol in F f S; do
    run timeout 10 tn-quote bars -s csv:nofiles "$symbol"
    is "$symbol is not read" "$([ "$code" -gt 0 ] && [ "$code" -lt 10 ] && echo refused)" refused
done
for odd in 'socket nofiles/S.csv' 'folder nofiles' 'no file nowhere'; do
    file=${odd##* }
    for reader in "tn-stream replay" "tn-signal add sma:2 -f" "tn-report trades" "tn-quote bars -s csv:prices.csv --actions" \
        "tn-quote bars -s csv:prices.csv -w"; do
        # shellcheck disable=SC2086
        exits "${odd% *}: $reader" 2 $reader "$file"
    done
done
printf 'junk\n{"type":"bar",\n' >junk
exits 'other junk' 3 tn-signal run sma-cross -f junk
unlike 'is no CSV' "$err" hint
finish
