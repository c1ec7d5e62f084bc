#!/usr/bin/env bash
# tn-risk size as a user runs it: sizing rules, refusals, batches, sessions. Sizes are worked out by hand in comments.
# shellcheck source=tests/cli/lib.sh
# shellcheck disable=SC2154,SC2034 # what lib.sh sets
. "$(dirname "$0")/lib.sh"
needs jq

# signal ID SYMBOL SIDE PRICE STOP [MORE]: decided at the close of 3 January 2024
signal() {
    printf '{"type":"signal","time":"%s","symbol":"%s","id":"%s","strategy":"%s","side":"%s","decided":"%s","interval":"1d","price":%s,"stop":%s,"reason":{"why":"test"},"cause":"bar/1d/x/%s","basis":{"close":%s}%s}\n' \
        "${TIME:-2024-01-03T21:00:00Z}" "$2" "$1" "${STRATEGY:-s}" "$3" "${TIME:-2024-01-03T21:00:00Z}" "$4" "$5" "$2" "$4" "${6:-}"
}
end='{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}'
evening=2024-01-03T22:00:00Z
size() { tn-risk size --now "$evening" "$@"; }
first() { jq -r 'select(.type == "order" or .type == "refusal") | "\(.code // .side) \(.quantity // .observed)"' <<<"$out" | paste -sd, ; }
world() {
    rm -rf "$TN_HOME"
    mkdir -p "$TN_HOME"
    tn-order open paper --cash 100000 --now 2023-12-31 -q
}
bar() { # SYMBOL DAY OPEN HIGH LOW CLOSE
    printf '{"type":"bar","time":"2024-01-%sT05:00:00Z","symbol":"%s","interval":"1d","session":"2024-01-%s","end":"2024-01-%sT21:00:00Z","open":%s,"high":%s,"low":%s,"close":%s,"volume":1000}\n' \
        "$2" "$1" "$2" "$2" "$3" "$4" "$5" "$6"
}
world

# --- sizing rules
try() { # DESCRIPTION WANT SIGNAL-WORDS -- OPTIONS
    local desc=$1 want=$2 words=()
    shift 2
    while [ "$1" != -- ]; do words+=("$1"); shift; done
    shift
    run size "$@" < <(signal "${words[@]}"; echo "$end")
    is "$desc" "$(first)" "$want"
}
try 'by risk: 1 % of 100000 over 5 to the stop is 200; 5 % of equity at 50 is room for 100' 'buy 100' a A long 50 45 --
stdout_like 'what was cut is said' '"wanted":200,"clipped":"MAX_POSITION"'
try 'with more room, all of it' 'buy 200' a A long 50 45 -- --max-position 20%
try 'half a per cent' 'buy 50' a A long 50 40 -- --sizing risk:0.5%
try 'an amount at risk: 333 over 7 is 47 and a rest' 'buy 47' a A long 50 43 -- --sizing risk:333
try 'by notional: 1000 at 30 is 33 and a rest' 'buy 33' a A long 30 29 -- --sizing notional:1000
try 'a part of the equity: 2 % of 100000 at 30' 'buy 66' a A long 30 29 -- --sizing notional:2%
try 'by quantity' 'buy 7' a A long 30 null -- --sizing quantity:7
try 'fractional: 1000 / 30 in steps of a millionth' 'buy 33.333333' a A long 30 29 -- --sizing notional:1000 --fractional yes
try 'a short sale where it is allowed' 'sell_short 100' a A short 50 55 -- --long-only no
printf 'instrument A { lot_size = 10  tick_size = 0.25 }\ninstrument F { multiplier = 50 }\n' >"$TN_HOME/config"
try 'lots of ten' 'buy 30' a A long 30 29.1 -- --sizing notional:1000
stdout_like 'the stop on the tick' '"stop_price":29[,}]'
try 'a multiplier of 50: 4000 at 30 is 2 of 1500 each' 'buy 2' f F long 30 29 -- --sizing notional:4000
rm "$TN_HOME/config"
for rule in risk:0% risk:-1% risk risk:x notional:101% quantity:5% 'quantity:1e308' size:5 ''; do
    run size --sizing "$rule" <<<"$end"
    is "--sizing '$rule' is a usage error" "$code" 2
done

# --- an order is complete
run size < <(signal a A long 50 45 ',"target":60'; echo "$end")
is 'the order' "$(jq -c 'select(.type == "order") | [.account, .mode, .role, .order_type, .time_in_force, .valid_until, .class, .strategy, .signal, .cause, .reference_price, .attempt]' <<<"$out")" \
    '["paper","paper","entry","market","day","2024-01-04T21:00:00Z","bracket","s","a","a",50,1]'
is 'its legs' "$(jq -c 'select(.type == "order") | [.legs[] | [.role, .order_type, .stop_price, .limit_price]]' <<<"$out")" '[["stop","stop",45,null],["target","limit",null,60]]'
is 'what the sizing used' "$(jq -c 'select(.type == "order").risk' <<<"$out")" '{"sizing":"risk","value":0.01,"equity":100000,"price":50,"stop":45,"wanted":200,"clipped":"MAX_POSITION"}'
is 'what decided it' "$(jq -c 'select(.type == "order").basis' <<<"$out")" '{"side":"long","decided":"2024-01-03T21:00:00Z","price":50,"reason":{"why":"test"},"bar":{"close":50}}'
# "tn" and the first 80 bits of SHA-256 over account, signal, role, attempt, each ended by NUL, in base32
want=tn$(python3 -c '
import base64, hashlib
digest = hashlib.sha256(b"paper\0a\0entry\0" + b"1\0").digest()
print(base64.b32encode(digest[:10]).decode().lower())')
is 'its id follows from account, signal, role and attempt' "$(jq -r 'select(.type == "order").id' <<<"$out")" "$want"
printf '%s\n' "$out" >once
size < <(signal a A long 50 45 ',"target":60'; echo "$end") >twice
same 'the same again gives the same bytes' twice once

# --- refusals: each is a record, the code is 6
refuses() { # DESCRIPTION CODE SIGNAL-WORDS -- OPTIONS
    local code_wanted=$2
    try "$1" "$2 $3" "${@:4}"
    is "$code_wanted: exit code, account and mode" "$code $(jq -c 'select(.type == "refusal") | [.account, .mode, .strategy, .cause]' <<<"$out")" '6 ["paper","paper","s","a"]'
}
refuses 'no stop' NO_STOP null a A long 50 null --
refuses 'no price (fault-054: never an order at any price)' NO_PRICE null a A long null 45 --
refuses 'beyond its stop' BEYOND_STOP 44 a A long 44 45 --
refuses 'a short sale' LONG_ONLY null a A short 50 55 --
refuses 'less than a share' ZERO_QUANTITY 0.2 a A long 5000 4950 -- --sizing notional:1000
refuses 'stale: a bar of two sessions ago (fault-052)' STALE_PRICE null a A long 50 45 -- --now 2024-01-05T22:00:00Z
refuses 'a size out of range' OUT_OF_RANGE null a A long 0.00000002 0.00000001 -- --sizing risk:90000000000
is 'the other way round: the day of the bar itself is not stale' "$(size --now 2024-01-04T20:59:59Z < <(signal a A long 50 45; echo "$end") | jq -r 'select(.type == "order").side')" buy
TIME=2024-01-03T15:00:00Z
run tn-risk size --now 2024-01-03T15:03:00Z < <(signal a A long 50 45 | sed 's/"1d"/"1m"/'; echo "$end")
is 'three minutes after a bar of a minute: good' "$(first)" 'buy 100'
run tn-risk size --now 2024-01-03T15:03:01Z < <(signal a A long 50 45 | sed 's/"1d"/"1m"/'; echo "$end")
is 'one second later: stale (fault-052)' "$(first)" 'STALE_PRICE null'
TIME=''
tn-order halt -q --now "$evening"
refuses 'halted' HALTED null a A long 50 45 --
tn-order resume -q --now "$evening"
# Eleven entries of 5 %: ten symbols are allowed; of those, buying power would be 20.
run size < <(for s in A B C D E F G H I J K; do signal "id$s" "$s" long 50 45; done; echo "$end")
is 'the eleventh symbol' "$code $(jq -r 'select(.type == "refusal") | "\(.symbol) \(.code) \(.limit) \(.observed)"' <<<"$out")" '6 K MAX_POSITIONS 10 10'
is 'the ten before it are ordered' "$(grep -c '"type":"order"' <<<"$out")" 10
# Three at 40 %: the third would make 120000.
run size --sizing notional:40% --max-position 50% < <(for s in A B C; do signal "id$s" "$s" long 50 45; done; echo "$end")
is 'buying power counts the orders of this batch' "$(first)" 'buy 800,buy 800,BUYING_POWER 120000'
# Two instances want 4 % each of one symbol: for the second there is room for 1 % = 1000 / 50.
run size --sizing notional:4% < <(STRATEGY=one signal a A long 50 45; STRATEGY=two signal b A long 50 45; echo "$end")
is 'a symbol has 5 % for all instances together' "$(first)" 'buy 80,buy 20'

# --- a batch: the latest level of an instance in a symbol, in the order they came
run size < <(signal 1 B long 50 45; signal 2 A long 50 45; signal 3 B flat 50 null; signal 4 C long 50 45; signal 5 A long 50 40; signal 6 B long 50 45; echo "$end")
is 'the last word counts, in the order of the last words' "$(jq -r 'select(.type == "order") | .symbol + .signal' <<<"$out" | paste -sd' ')" 'C4 A5 B6'
run size < <(signal 1 A long 50 null; signal 1 A long 50 null; echo "$end")
is 'a refusal is told once' "$(grep -c '"type":"refusal"' <<<"$out")" 1
run size < <(signal 1 A flat 50 null; echo "$end")
is 'flat, and nothing there: nothing' "$code $(jq -r .type <<<"$out")" '0 end'
run size -p < <(bar A 03 50 51 49 50; signal 1 A long 50 45; echo "$end")
is '-p passes the bars on, before what is made' "$(jq -r .type <<<"$out" | paste -sd' ')" 'bar order end'
run size < <(signal 1 A long 50 45; echo '{"type":"end","status":5,"complete":true,"failed":{"X":"gone"},"counts":{}}')
is 'a failure upstream stays one' "$code $(jq -c 'select(.type == "end") | [.status, .failed]' <<<"$out")" '5 [5,{"X":"gone"}]'
run size < <(signal 1 A long 50 45)
is 'an end that did not come is told' "$(jq -c 'select(.type == "end").complete' <<<"$out")" false

# --- what is held: exits, flips, spent decisions
{ signal a A long 50 45; signal b B long 50 45; echo "$end"; } | size | tn-order submit --now "$evening" >/dev/null
run size < <(signal a A long 50 45; signal b B long 50 45; echo "$end")
is 'what works is not ordered again' "$code $(jq -r .type <<<"$out")" '0 end'
run size < <(signal c A flat 50 null; echo "$end")
is 'flat cancels the working entry' "$(jq -r 'select(.type == "cancel") | .reason' <<<"$out")" 'flat wanted'
{ bar A 04 50 51 49 50; bar B 04 50 51 44 46; } | tn-order settle >/dev/null # B is stopped out at 45
export TIME=2024-01-04T21:00:00Z
late=2024-01-04T22:00:00Z
run size --now "$late" < <(signal a A long 50 45; signal b B long 50 45; echo "$end")
is 'what is held is not ordered again; after a stop the same decision opens nothing' "$code $(jq -r .type <<<"$out")" '0 end'
run size --now "$late" < <(signal a2 A short 50 55; echo "$end")
is 'the opposite: first the exit' "$(jq -c 'select(.type == "order") | [.role, .side, .quantity, .reduce_only, .time_in_force]' <<<"$out")" '["exit","sell",100,true,"gtc"]'
run size --now 2024-02-01T00:00:00Z < <(signal a2 A flat 50 null; echo "$end")
is 'fault-052: an exit is never stale' "$(first)" 'sell 100'
tn-order halt -q --now "$late"
run size --now "$late" < <(signal a2 A flat 50 null; echo "$end")
is 'nor stopped by a halt' "$(first)" 'sell 100'
tn-order resume -q --now "$late"

# --- sessions
run tn-risk size --session --sync-timeout 1 < <(signal a3 A flat 50 null; signal n N long 50 45)
is 'fault-068: without an answer entries are refused, exits still go' "$code $(first)" '6 sell 100,NO_SYNC null'
is 'a sync went ahead of them' "$(jq -r .type <<<"$out" | head -n 1)" sync
world
unset TIME
session() { # three moments; the second entry depends on what the first has become
    bar A 02 50 51 49 50
    TIME=2024-01-02T21:00:00Z signal a A long 50 45
    bar A 03 60 61 59 60
    TIME=2024-01-03T21:00:00Z signal b A flat 60 null
    bar A 04 70 71 69 70
    TIME=2024-01-04T21:00:00Z signal c A long 70 65
    bar A 05 80 81 79 80
}
session | tn-risk size --session --sync-timeout 60 -p | tn-order run >session.out
codes=${PIPESTATUS[*]}
out=$(cat session.out)
is 'with tn-order behind it: entry, exit, entry, each sized on what is held' \
    "$codes $(jq -c 'select(.type == "fill") | [.time[5:10], .role, .quantity, .price]' <<<"$out" | paste -sd' ')" \
    '0 0 0 ["01-03","entry",100,60] ["01-04","exit",100,70] ["01-05","entry",72,80]' # 5 % of 101000 at 70 is 72
exits 'a signal of an earlier moment' 3 tn-risk size --session --sync-timeout 1 < <(bar A 05 80 81 79 80; TIME=2024-01-03T21:00:00Z signal z Z flat 60 null)
stderr_like 'is named' 'line 2: '

# --- the account
exits 'an account that is not open' 2 tn-risk size -a other <<<"$end"
stderr_like 'with the way' 'tn-order open other'
printf 'account one { cash = 5000 sizing = "quantity:3" max_position = 50%% }\n' >"$TN_HOME/config"
tn-order open one -q --now 2023-12-31
run tn-risk size --now "$evening" < <(signal a A long 50 45; echo "$end")
is 'the only account of the configuration, with its terms' "$(first) $(jq -r 'select(.type == "order").account' <<<"$out")" 'buy 3 one'
run tn-risk size --now "$evening" --sizing quantity:4 < <(signal a A long 50 45; echo "$end")
is 'the command line beats them' "$(first)" 'buy 4'

# --- a report of refusals alone knows whose and in which mode they are
run size -a paper < <(signal x X long 50 null; echo "$end")
run tn-report orders <<<"$out"
is 'a report of refusals knows the mode' "$(jq -r 'select(.mode) | .mode' <<<"$out" | sort -u)" paper
# tn-order asks the limits of the configuration, whatever was said here: that is said before anything is sized.
printf '{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}\n' >nothing.ndjson
run tn-risk size --max-positions 1000 --long-only no --daily-loss 1% <nothing.ndjson
is 'limits wider than the account are allowed here' "$code" 0
like 'and named: more positions' "$err" 'max_positions is wider than in account'
like 'and short sales' "$err" 'long_only is wider than in account'
unlike 'a narrower one is not' "$err" 'daily_loss'
finish
