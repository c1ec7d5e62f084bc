#!/usr/bin/env bash
# shellcheck disable=SC2030,SC2031 # a folder of its own within a subshell is meant
# tn-order as a user runs it: accounts, batches, sessions, bars, the kill switch. No costs are configured, so that
# amounts are quantity times price.
# shellcheck source=tests/cli/lib.sh
# shellcheck disable=SC2016,SC2086,SC2094,SC2238 # what messages quote; commands as lists of words; files called batch
. "$(dirname "$0")/lib.sh"
needs jq

bar() { # SYMBOL DAY OPEN HIGH LOW CLOSE, of January 2024
    printf '{"type":"bar","time":"2024-01-%sT05:00:00Z","symbol":"%s","interval":"1d","session":"2024-01-%s","end":"2024-01-%sT21:00:00Z","open":%s,"high":%s,"low":%s,"close":%s,"volume":1000}\n' \
        "$2" "$1" "$2" "$2" "$3" "$4" "$5" "$6"
}
order() { # ID SYMBOL DAY SIDE QUANTITY [MORE]: decided at the close of the day
    printf '{"type":"order","time":"2024-01-%sT21:00:00Z","symbol":"%s","id":"%s","side":"%s","quantity":%s,"order_type":"market","role":"entry","strategy":"s-%s","reference_price":100%s}\n' \
        "$3" "$2" "$1" "$4" "$5" "$2" "${6:-}"
}
exit_order() { # ID SYMBOL DAY QUANTITY
    printf '{"type":"order","time":"2024-01-%sT21:00:00Z","symbol":"%s","id":"%s","side":"sell","quantity":%s,"order_type":"market","time_in_force":"gtc","role":"exit","reduce_only":true,"strategy":"s-%s"}\n' \
        "$3" "$2" "$1" "$4" "$2"
}
end() { printf '{"type":"end","status":%s,"complete":%s,"failed":%s,"counts":{}}\n' "${1:-0}" "${2:-true}" "${3:-{\}}"; }
events() { tn-journal show | grep -vc '"type":"end"'; }
fills() { jq -c 'select(.type == "fill") | [.time[5:10], .symbol, .role, .side, .quantity, .price]' <<<"$out" | paste -sd' '; }
updates() { jq -r 'select(.type == "order_update") | .order_id + " " + .status + (if .reason then " (" + .reason + ")" else "" end)' <<<"$out" | paste -sd, ; }
world() { # a new account called paper, opened before 2024
    rm -rf "$TN_HOME"
    mkdir -p "$TN_HOME"
    tn-order open paper --cash 100000 --now 2023-12-31 -q
}
after() { echo "2024-01-${1}T22:00:00Z"; } # the evening of a day

# --- open
ok 'open' tn-order open paper --cash 100000 --now 2023-12-31
stderr_like 'says with what' "account 'paper' is open with 100000 USD, on paper"
exits 'open twice' 1 tn-order open paper --cash 5
stderr_like 'says so' "account 'paper' is already open"
is 'and changes nothing' "$(events)" 1
exits 'an account that was never opened' 2 tn-order account -a other
stderr_like 'with the way' 'tn-order open other --cash'
for bad in 'paper -5' 'x 0' 'x lots' 'x NaN' 'a/b 5' '. 5'; do
    run tn-order open "${bad% *}" "--cash=${bad#* }"
    is "open $bad is refused" "$code" 2
done
exits 'no name' 2 tn-order open
long=$(printf 'x%.0s' {1..56})
exits 'a name of 57 characters' 2 tn-order open "${long}y"
ok 'of 56' tn-order open "$long" --now 2023-12-31 -q
ok 'another account in the same journal' tn-order open second --cash 500 --now 2023-12-31
is 'has its own money' "$(tn-order account -a second -O json | jq .cash)" 500

# --- the batch rule
world
{ order tn1 A 02 buy 10; order tn2 B 02 buy 20; end; } >batch
head -n 2 batch >cut
exits 'a batch without its end' 5 tn-order submit --now "$(after 02)" <cut
stderr_like 'says so' 'the input has no end record'
{ cat cut; end 0 false; } >lost
exits 'an end that is not complete' 5 tn-order submit --now "$(after 02)" <lost
{ cat cut; end 5 true '{"C":"no such symbol"}'; } >failed
exits 'an end with a failure: its code' 5 tn-order submit --now "$(after 02)" <failed
stderr_like 'with the way' '--allow-failed'
{ order tn1 A 02 buy 10; order tn2 B 02 buy -20; end; } >bad
exits 'one bad order' 3 tn-order submit --now "$(after 02)" <bad
exits 'one bad order under --allow-failed' 3 tn-order submit --allow-failed --now "$(after 02)" <bad
{ order tn1 A 02 buy 10 ',"account":"other"'; order tn2 B 02 buy 20; end; } >other
exits 'an order for another account' 3 tn-order submit --now "$(after 02)" <other
stderr_like 'is named with its line' "standard input: line 1: order tn1 is for account 'other'"
limit() { order tn1 A 02 buy 10 ",\"limit_price\":$1" | sed 's/"market"/"limit"/'; }
{ limit 99.995; end; } >fine
exits 'fault-055: a price finer than the tick' 3 tn-order submit --now "$(after 02)" <fine
stderr_like 'is named' 'line 1: order tn1: a price is not a multiple of the tick size, 0.01'
{ limit 0.1234; end; } >fine
ok 'below a dollar the tick is finer' tn-order submit --dry-run --now "$(after 02)" <fine
{ order tn1 A 02 buy 10 ',"mode":"live"'; end; } >live
exits 'fault-070: an order for live trading' 3 tn-order submit --now "$(after 02)" <live
is 'nothing of all these was sent' "$(events)" 1
ok 'a dry run' tn-order submit --dry-run --now "$(after 02)" <batch
stdout_like 'tells what would happen' '"order_id":"tn2","status":"accepted"'
is 'and keeps nothing' "$(events) $(tn-order orders -O json)" '1 '
exits 'the rest of a failed batch: the code still tells of the failure' 5 tn-order submit --allow-failed --now "$(after 02)" <failed
is 'is taken' "$(updates)" 'tn1 accepted,tn2 accepted'
count=$(events)
ok 'the same batch again' tn-order submit --now "$(after 02)" <batch
is 'is no second order' "$(jq -r .type <<<"$out") $(events)" "end $count"
{ order tn1 A 02 buy 11; order tn3 C 02 buy 1; end; } >changed
exits 'the same id with other content is refused' 6 tn-order submit --now "$(after 02)" <changed
is 'and nothing beside it: the other order goes' "$(jq -r 'select(.type == "refusal") | .order_id + " " + .code' <<<"$out") $(updates)" 'tn1 DUPLICATE tn3 accepted'
tn-order cancel --now "$(after 02)" tn3 >/dev/null
exits 'an entry whose session is over' 6 tn-order submit --now 2024-01-05T22:00:00Z < <(order tn4 D 02 buy 1; end)
stdout_like 'fault-052: is stale' '"code":"STALE_PRICE".*"mode":"paper"'
{ order tn5 D 02 buy 100; order tn6 E 02 buy 10; end; } >mixed
exits 'an order above a limit does not stop the others' 6 tn-order submit --now "$(after 02)" <mixed
is 'which are taken' "$(updates)" 'tn6 accepted'
like 'the limit is named' "$(jq -c 'select(.type == "refusal") | [.code, .limit, .observed]' <<<"$out")" '\["MAX_POSITION",5000,10000\]'

count=$(events)
for ((i = 0; i < 4; i++)); do tn-order submit --now "$(after 02)" <batch >"at-once.$i" 2>&1 & done
wait
is 'fault-021: nor is it when it comes four times at once' "$(cat at-once.* | grep -vc '"type":"end","status":0') $(events)" "0 $count"
cancel() { printf '{"type":"cancel","time":"2024-01-02T21:00:00Z","order_id":"%s"%s}\n' "$1" "${2:-}"; }
{ order tn7 F 02 buy 1; cancel tn1 ',"account":"other"'; end; } >cancels
exits 'a cancel for another account' 3 tn-order submit --now "$(after 02)" <cancels
stderr_like 'is named with its line' "line 2: cancel of tn1 is for account 'other'"
exits 'in a session too' 3 tn-order run <cancels
is 'where the order before it is taken, and what works stays' "$(updates) $(tn-order orders -O json | grep -c '"id":"tn1"')" 'tn7 accepted 1'
replace() { printf '{"type":"replace","time":"2024-01-02T21:00:00Z","order_id":"%s"%s}\n' "$1" "${2:-}"; }
{ order tn8 F 02 buy 1; replace tn8 ',"quantity":2,"account":"other"'; end; } >replaces
exits 'a replace for another account' 3 tn-order submit --now "$(after 02)" <replaces
stderr_like 'is named with its line' "line 2: replace of tn8 is for account 'other'"
exits 'one of nothing too' 3 tn-order run --strict < <(order tn8 F 02 buy 1; replace tn8)
stderr_like 'which, strict, ends there' "line 2: replace without 'quantity', 'limit_price' or 'stop_price'"
is 'with what came before' "$(updates)" 'tn8 accepted'
exits 'what cannot be is refused' 6 tn-order submit --now "$(after 02)" < <(replace tn8 ',"limit_price":5'; replace tn999 ',"quantity":5'; end)
is 'and why' "$(jq -c 'select(.type == "refusal") | [.order_id, .code]' <<<"$out" | xargs)" '[tn8,REPLACE] [tn999,NOT_WORKING]'
ok 'a replace by record' tn-order submit --now "$(after 02)" < <(replace tn8 ',"quantity":3'; end)
is 'keeps the id and counts' "$(jq -c 'select(.type == "order_update") | [.order_id, .quantity, .revision]' <<<"$out")" '["tn8",3,1]'
ok 'and by hand' tn-order replace tn8 --quantity 2 --now "$(after 02)"
ok 'the batch of before once more' tn-order submit --now 2024-01-02T23:00:00Z < <(replace tn8 ',"quantity":3'; end)
is 'undoes nothing' "$(updates)" ''
is 'it works as it is now' "$(tn-order orders -O json | jq -c 'select(.id == "tn8") | [.quantity, .status]')" '[2,"accepted"]'
exits 'by nothing' 2 tn-order replace tn8
exits 'by less than nothing' 2 tn-order replace tn8 --quantity -1
exits 'of nothing' 6 tn-order replace tn77 --quantity 1 --now "$(after 02)"
{ order tn9 F 02 buy 1; order tn1 A 02 buy 11; order tnX F 02 buy 1; end; } >broken
exits 'a session refuses the same id with other content' 6 tn-order run <broken
is 'and goes on' "$(updates) $(tn-order orders -O json | grep -c '"id":"tn[9X]"')" 'tn9 accepted,tnX accepted 2'
ok 'cancel by record' tn-order submit --now "$(after 02)" < <(cancel tn9; cancel tnX; cancel tn8; cancel tn7; cancel tn6; end)
is 'as many as there are' "$(updates)" 'tn9 canceled,tnX canceled,tn8 canceled,tn7 canceled,tn6 canceled'

# --- settle: each bar once
{ bar A 03 101 103 100 102; bar B 03 50 51 49 50.5; } >day3
run tn-order settle <day3
is 'market orders fill at the open' "$(fills)" '["01-03","A","entry","buy",10,101] ["01-03","B","entry","buy",20,50]'
# 100000 − 10 × 101 − 20 × 50; at the close 97990 + 10 × 102 + 20 × 50.5
is 'cash is what is left, equity what it is worth' "$(tn-order account -O json | jq -c '[.cash, .equity]')" '[97990,100020]'
count=$(events)
run tn-order settle <day3
is 'the same bars again' "$(jq -r .type <<<"$out") $(events)" "end $count"
{ bar A 02 1 1 1 1; cat day3; bar A 04 104 105 103 104; } >days
run tn-order settle <days
is 'older ones and a new one: only the new one counts' "$(jq -r .type <<<"$out") $(tn-order account -O json | jq .equity)" 'end 100040'
{ exit_order tx1 A 04 10; end; } | tn-order submit --now "$(after 04)" >/dev/null
{ bar A 05 105 106 104 105; bar A 04 99 99 99 99; } >wrong
exits 'a bar out of order' 3 tn-order settle <wrong
stderr_like 'is named' 'line 2: A: a bar is earlier than the one before'
is 'what came before it has happened: the exit sold' "$(fills)" '["01-05","A","exit","sell",10,105]'
{ exit_order tx2 A 05 10; end; } >again
exits 'an exit of what is not held' 6 tn-order submit --now "$(after 05)" <again
stdout_like 'is refused' '"code":"NOTHING_TO_REDUCE"|"code":"NO_POSITION"'

# --- corporate actions, once
action() { printf '{"type":"action","id":"%s","time":"2024-01-08T05:00:00Z","symbol":"B","kind":"%s",%s,"ex_date":"2024-01-08"}\n' "$1" "$2" "$3"; }
{ action d1 dividend '"cash":0.5'; action s1 split '"new":2,"old":1'; } >actions
run tn-order settle <actions
is 'a dividend on what is held: 20 × 0.50' "$(jq -c 'select(.type == "cash") | [.kind, .amount]' <<<"$out")" '["dividend",10]'
# The mark of 50.50 less the dividend, halved.
is 'a split doubles it' "$(tn-order positions -O json | jq -c '[.symbol, .quantity, .average_price, .market_price]')" '["B",40,25,25]'
run tn-order settle <actions
is 'both only once' "$(jq -r .type <<<"$out") $(tn-order positions -O json | jq .quantity)" 'end 40'

# --- a symbol that was missing for a day is caught up with
mkdir missed
(
    export TN_HOME=$WORK/missed
    tn-order open paper --cash 100000 --now 2023-12-31 -q
    { order tn1 A 02 buy 10; order tn2 B 02 buy 20; end; } | tn-order submit --now "$(after 02)"
    { bar A 03 101 103 100 102; bar B 03 50 51 49 50; bar A 04 101 103 100 102; bar A 05 101 103 100 102; } | tn-order settle
    { bar B 04 50 51 49 49; bar B 05 50 51 49 51; bar A 08 101 106 100 104; bar B 08 50 53 49 52; } | tn-order settle
) >/dev/null
is 'the equity curve does not turn back' "$(TN_HOME=$WORK/missed tn-journal show -t equity | jq -r 'select(.type == "equity") | .time[8:10] + " " + (.equity | tostring)' | paste -sd,)" \
    '03 100010,04 100010,05 100010,05 100030,08 100070'
ok 'and the report can read it' env TN_HOME="$WORK/missed" tn-report summary --journal

# --- what is not done about a corporate action is said, once
bar B 09 26 27 25 26 | tn-order settle >/dev/null
{ action d2 dividend '"cash":0.5' | sed 's/-08/-09/g'; action r1 spinoff '"new_symbol":"BB"' | sed 's/-08/-10/g'; } >late
run tn-order settle <late
is 'fault-057: a dividend that comes after later prices, and a spin-off' \
    "$code $(jq -r 'select(.type == "alert") | [.symbol, .account, .cause, .text] | join("|")' <<<"$out" | paste -sd,)" \
    "0 B|paper|d2|a dividend of B seems to correct d1, which was applied: 'tn-journal adjust d2 -a paper' books the difference,B|paper|r1|a spin-off: the new shares are not booked"
run tn-order settle <late
is 'once' "$(jq -r .type <<<"$out")" end
is 'and the journal keeps it' "$(tn-journal show --type alert | grep -c '"type":"alert"')" 2
ok 'which still verifies' tn-journal verify

{ bar B 10 26 27 25 26 | sed 's/}$/,"adjusted":"split"}/'; action s2 split '"new":2,"old":1' | sed 's/-08/-11/g'; } >adjusted
exits 'a split among bars that hold it already' 3 tn-order settle <adjusted
stderr_like 'is said' 'line 2: B: a corporate action, but the bars are already adjusted for it'
is 'and changes nothing' "$(tn-order positions -O json | jq .quantity)" 40

# --- an order of before a split
{ order tnS B 05 buy 10; end; } >old
exits 'fault-057: an entry decided before a split' 6 tn-order submit --now 2024-01-05T22:00:00Z <old
stdout_like 'is refused by name' '"code":"STALE_PRICE".*its symbol has split since'

# --- an account that was opened after the moment that is asked for: its day would never roll
rm -rf "$TN_HOME"
mkdir -p "$TN_HOME"
tn-order open paper --cash 100000 --now 2024-06-01 -q
{ order tn1 A 02 buy 10; end; } >old
exits 'a batch of before the account' 6 tn-order submit --now "$(after 02)" <old
stdout_like 'is told why' '"code":"STALE_PRICE".*from before the account was opened: to replay old bars, open an account with an earlier --now'
exits 'a session as well' 6 tn-order run <old
stdout_like 'in the same words' '"code":"STALE_PRICE".*from before the account'

# --- protective legs, cancel, again, halt, resume
world
leg() { echo ",\"class\":\"bracket\",\"legs\":[{\"role\":\"stop\",\"order_type\":\"stop\",\"stop_price\":$1},{\"role\":\"target\",\"order_type\":\"limit\",\"limit_price\":$2}]"; }
{ order tnA A 02 buy 10 "$(leg 90 120)"; order tnB B 02 buy 10; order tnC C 02 buy 10; end; } | tn-order submit --now "$(after 02)" >/dev/null
is 'orders shows what works' "$(tn-order orders -O json | jq -r '.id + " " + .status' | paste -sd,)" 'tnA accepted,tnB accepted,tnC accepted'
run tn-order cancel tnB --now "$(after 02)"
is 'cancel' "$code $(updates)" '0 tnB canceled (by hand)'
exits 'cancel it again' 1 tn-order cancel tnB
stderr_like 'says what' 'tnB: no working order has this id or symbol'
exits 'one of two' 1 tn-order cancel nothing tnC --now "$(after 02)"
is 'cancels the other' "$(updates)" 'tnC canceled (by hand)'
exits 'again of what never was' 1 tn-order again nothing
exits 'again of what works' 1 tn-order again tnA
run tn-order again tnB --now "$(after 02)"
is 'again of what was cancelled: its next attempt, for the next session' \
    "$code $(jq -c 'select(.type == "order") | [.id != "tnB", .attempt, .valid_until]' <<<"$out")" '0 [true,1,"2024-01-03T21:00:00Z"]'
exits 'again of what was repeated' 1 tn-order again tnB --now "$(after 02)"
stderr_like 'names the repetition' 'order tnB was already repeated, as tn[a-z2-7]{16}$'
# How long it works, it says anew: an order for an open, in the middle of a session, waits for the next one.
while read -r tif until; do
    { order "tn-$tif" "$tif" 02 buy 1 ",\"time_in_force\":\"$tif\""; end; } | tn-order submit --now "$(after 02)" >/dev/null
    tn-order cancel "tn-$tif" --now "$(after 02)" >/dev/null
    run tn-order again "tn-$tif" --now 2024-01-03T15:00:00Z
    is "again of $tif" "$code $(jq -c 'select(.type == "order") | .valid_until' <<<"$out")" "$until"
    tn-order cancel "$tif" --now 2024-01-03T15:00:00Z >/dev/null
done <<'TIFS'
opg 0 "2024-01-04T21:00:00Z"
gtc 0 null
day 0 "2024-01-03T21:00:00Z"
TIFS
{ bar A 03 100 101 99 100; bar B 03 100 101 99 100; } | tn-order settle >/dev/null
is 'the entry has its legs, as large as it is' "$(tn-order orders -O json | jq -r '[.role, .side, .quantity, .status] | join(" ")' | paste -sd,)" \
    'stop sell 10 accepted,target sell 10 accepted'
stop=$(tn-order orders -O json | jq -r 'select(.role == "stop" and .symbol == "A").id')
for price in 91 90; do
    ok "a stop is moved to $price" tn-order replace "$stop" --stop "$price" --now "$(after 03)"
done
exits 'again of what filled' 1 tn-order again tnA --now "$(after 03)"
stderr_like 'says so' 'order tnA has filled'
{ order tnD D 03 buy 5; end; } | tn-order submit --now "$(after 03)" >/dev/null
ok 'halt' tn-order halt --reason 'odd quotes' --now "$(after 03)"
stderr_like 'says what it did' 'halted; 1 orders? cancelled'
is 'entries are cancelled, protective exits stay' "$(tn-order orders -O json | jq -r .role | paste -sd,)" 'stop,target'
is 'the account says so' "$(tn-order account -O json | jq .halted)" true
like 'the journal has the reason' "$(tn-journal show --type halt)" '"halted":true,"reason":"odd quotes"'
{ order tnE E 03 buy 5; exit_order txB B 03 10; end; } >two
exits 'fault-068: halted, an entry is refused, the exit passes' 6 tn-order submit --now "$(after 03)" <two
is 'by name' "$(jq -r 'select(.type == "refusal") | .code' <<<"$out") $(updates)" 'HALTED txB accepted'
exits 'fault-068: again is refused as well' 6 tn-order again tnC --now "$(after 03)"
ok 'resume' tn-order resume --now "$(after 03)"
run tn-order submit --now "$(after 03)" < <(order tnE E 03 buy 5; end)
is 'and entries pass' "$code $(updates)" '0 tnE accepted'
ok 'halt --all' tn-order halt --all --now "$(after 03)"
is 'cancels the protective exits too' "$(tn-order orders -O json | grep -c .)" 0
tn-order resume -q --now "$(after 03)"

# --- questions, in every form
world
is 'nothing is held: a sentence, no empty table' "$(tn-order positions -O table)" 'no positions'
is 'nor does an order work' "$(tn-order orders -O table)" 'no working orders'
is 'data have their head all the same' "$(tn-order orders -O csv | cut -d, -f1-3)" time,id,symbol
{ order tnA A 02 buy 10; order tnB B 02 buy 2 ',"time_in_force":"gtc"'; end; } | tn-order submit --now "$(after 02)" >/dev/null
bar A 03 101 103 100 102 | tn-order settle >/dev/null
for question in positions account orders; do
    run tn-order "$question" -O json
    is "$question: json" "$(jq -r .type <<<"$out")" "${question%s}"
    keys=$(jq -r 'del(.type) | keys_unsorted | join(",")' <<<"$out")
    run tn-order "$question" -O csv
    head=$(head -n 1 <<<"$out")
    missing=$(comm -23 <(tr , '\n' <<<"$keys" | sort) <(tr , '\n' <<<"$head" | sort))
    is "$question: csv has a column for every key, and a row" "$missing$(grep -c . <<<"$out")" 2
    run tn-order "$question" -O tsv
    is "$question: tsv is the same with tabs" "$(head -n 1 <<<"$out" | tr '\t' ,)" "$head"
    run tn-order "$question" -O table
    is "$question: a table fits 80 columns" "$(awk 'length > 80' <<<"$out")" ''
    run env COLUMNS=200 tn-order "$question" -O table
    is "$question: a table has its head and a row" "$code $(grep -c '[A-Za-z]' <<<"$out")" '0 2'
    unlike "$question: in plain ASCII with --ascii" "$(tn-order "$question" -O table --ascii)" '[^ -~]'
    exits "$question: another form" 2 tn-order "$question" -O xml
done
is 'a position' "$(tn-order positions -O json | jq -c '[.symbol, .account, .strategy, .quantity, .average_price, .market_price, .unrealized, .realized, .currency, .opened, .mode]')" \
    '["A","paper","s-A",10,101,102,10,0,"USD","2024-01-03T14:30:00Z","paper"]'
is 'the account' "$(tn-order account -O json | jq -c '[.account, .currency, .cash, .equity, .buying_power, .halted, .mode]')" '["paper","USD",98990,100010,98990,false,"paper"]'
is 'what works' "$(tn-order orders -O json | jq -c '[.id, .symbol, .side, .quantity, .filled_quantity, .order_type, .status]')" '["tnB","B","buy",2,0,"market","accepted"]'

# --- live is refused
printf 'account real { mode = live }\n' >"$TN_HOME/config"
for words in 'open real' 'submit -a real' 'run -a real' 'settle -a real' 'halt -a real' 'account -a real' 'again -a real x'; do
    run tn-order $words </dev/null
    is "fault-070: $words" "$code $(grep -c "account 'real' is live, but this version has no broker" <<<"$err")" '2 1'
done
exits 'fault-070: nor does tn-risk size for it' 2 tn-risk size -a real </dev/null
rm "$TN_HOME/config"
world

# --- TZ: nothing depends on it
{ order tn1 A 02 buy 10; order tn2 B 02 buy 20; end; } >batch
for ((i = 0; i < 4; i++)); do tn-order submit --now "$(after 02)" <batch >"at-once.$i" 2>&1 & done
wait
is 'fault-021: a new batch four times at once: each order once' "$(cat at-once.* | grep -c '"type":"order"') $(events)" '2 5'
world
{ order tnA A 02 buy 10 "$(leg 90 120)"; end; } >batch
{ bar A 03 101 103 100 102; bar A 04 102 121 101 120; } >bars
for zone in '' UTC Asia/Tokyo 'Mars/Olympus Mons' ':::' "$(printf 'x%.0s' {1..5000})"; do
    world
    { TZ=$zone tn-order submit --now "$(after 02)" <batch; TZ=$zone tn-order settle <bars; TZ=$zone tn-order positions -O csv; TZ=$zone tn-order orders -O table; TZ=$zone tn-journal show; } >"tz-${zone:0:3}" 2>&1
    cmp -s "tz-${zone:0:3}" tz- || wrong_zone=$zone
done
is 'fault-028: TZ has no effect' "${wrong_zone:-}$(grep -c '"type":"fill"' tz-)" 4 # two fills, told and in the journal

# --- holidays and hours: 15 January 2024 is a holiday (Martin Luther King Jr. Day), 12 January a Friday
world
{ order tnA A 12 buy 10; end; } >batch
run tn-order submit --now 2024-01-15T16:00:00Z <batch
is 'fault-029: decided on the bar of Friday, taken on a holiday' "$code $(updates)" '0 tnA accepted'
is 'fault-029: for the next session' "$(jq -r 'select(.type == "order").valid_until' <<<"$out")" 2024-01-16T21:00:00Z
run tn-order settle < <(bar A 12 90 91 89 90; bar A 16 95 96 94 95)
is 'fault-029: and fills at its open' "$(fills)" '["01-16","A","entry","buy",10,95]'
exits 'fault-029: but not a session later' 6 tn-order submit --now 2024-01-17T10:00:00Z < <(order tnB B 12 buy 10; end)
{ order tnC C 16 buy 10 ',"limit_price":50' | sed 's/market/limit/'; end; } | tn-order submit --now 2024-01-16T22:00:00Z >/dev/null
run tn-order settle < <(bar C 17 60 61 59 60)
is 'a day order that nothing filled expires with its session' "$(updates)" 'tnC expired (not filled in time)'
# Monday the 15th is a holiday; a gtd order of 2024-01-19, a Friday, ends with that day's session; of the 20th, a Saturday, with the Saturday.
for last in 19 20; do
    world
    { order tnG G 16 buy 10 ',"limit_price":50,"time_in_force":"gtd","expires":"2024-01-'$last'"' | sed 's/market/limit/'; end; } | tn-order submit --now "$(after 16)" >taken
    run tn-order settle < <(bar G 17 60 61 59 60; bar G 22 49 61 49 60)
    is "gtd with its date, the $last th, expires with it although no bar came between" "$(jq -r 'select(.type == "order") | .expires + " " + .valid_until' <taken) $(fills)$(jq -r 'select(.type == "order_update") | .status + " " + .time' <<<"$out")" \
        "2024-01-$last $([ $last = 19 ] && echo 2024-01-19T21:00:00Z || echo 2024-01-21T05:00:00Z) expired $([ $last = 19 ] && echo 2024-01-19T21:00:00Z || echo 2024-01-21T05:00:00Z)"
done
world
{ order tnG G 16 buy 10 ',"expires":"2024-01-19"'; end; } >batch
exits 'a date on an order that is not gtd' 6 tn-order submit --now "$(after 16)" <batch
{ order tnE E 16 buy 10; end; } | tn-order submit --now "$(after 16)" >/dev/null
bar E 17 100 101 99 100 | tn-order settle >/dev/null
{ exit_order tnX E 17 10 | sed 's/market"/limit","limit_price":105/; s/gtc/day/'; end; } >batch
run tn-order submit --now "$(after 17)" <batch
is 'an exit for the day has the close of the next session as its end' "$code $(jq -r 'select(.type == "order").valid_until' <<<"$out")" '0 2024-01-18T21:00:00Z'
run tn-order settle < <(bar E 19 106 107 104 105)
is 'and expires with it' "$(fills)$(updates)" 'tnX expired (not filled in time)'
{ exit_order tnY E 17 10 | sed 's/gtc/day/'; end; } >batch
exits 'an exit that can only expire' 6 tn-order submit --now "$(after 18)" <batch

# With bars of days an order that comes while its last session runs can only expire: those that open later end too late.
world
{ order tnE E 16 buy 10; end; } | tn-order submit --now "$(after 16)" >/dev/null
bar E 17 100 101 99 100 | tn-order settle >/dev/null
{ order tnH E 17 buy 10; end; } >batch
exits 'an entry after the open, with daily bars' 6 tn-order submit --now 2024-01-18T14:30:01Z <batch
stdout_like 'is refused' '"order_id":"tnH".*"code":"STALE_PRICE".*it can only expire: daily bars'
exits 'of a symbol without bars too' 6 tn-order submit --now 2024-01-18T20:00:00Z < <(sed 's/"E"/"F"/; s/tnH/tnI/' batch)
ok 'at the open it can fill' tn-order submit --now 2024-01-18T14:30:00Z <batch
is 'and does' "$(bar E 18 100 101 99 100 | tn-order settle | jq -r 'select(.type == "fill").price')" 100
{ exit_order tnJ E 18 10 | sed 's/gtc/day/'; end; } >batch
exits 'so can an exit for the day only expire' 6 tn-order submit --now 2024-01-19T16:00:00Z <batch
stdout_like 'which is said' 'it can only expire: daily bars'
ok 'one without an end waits for the next open' tn-order submit --now 2024-01-19T16:00:00Z < <(sed 's/tnJ/tnK/; s/"day"/"gtc"/' batch)
world
printf '{"type":"signal","time":"2024-01-16T21:00:00Z","symbol":"E","id":"sg1","strategy":"s","side":"long","decided":"2024-01-16T21:00:00Z","interval":"%s","price":100,"stop":90,"basis":{"interval":"%s"}}\n' 1d 1d 30m 30m |
    split -l 1 - level.
for level in level.aa level.ab; do { cat $level; end; } | tn-risk size --now 2024-01-17T16:00:00Z >$level.order; done
exits 'a new account goes by the bar of the decision: a daily one' 6 tn-order submit --now 2024-01-17T16:00:00Z <level.aa.order
stdout_like 'can only expire' 'it can only expire: daily bars'
run tn-order submit --now 2024-01-17T16:00:00Z <level.ab.order
unlike 'one of half an hour may fill in the next' "$out" 'only expire'

# --- an exit is always possible: whatever became of the ones before, the next scan's has an id of its own, and no other
# order of the batch keeps it from going
signal() { # SYMBOL DAY SIDE DECIDED
    printf '{"type":"signal","time":"2024-01-%sT21:00:00Z","symbol":"%s","id":"sg%s%s%s","strategy":"s-%s","side":"%s","decided":"2024-01-%sT21:00:00Z","interval":"1d","price":100,"stop":90}\n' \
        "$2" "$1" "$1" "$3" "$4" "$1" "$3" "$4"
}
scan() { { cat; end; } | tn-risk size --now "$(after "$1")" | tn-order submit --now "$(after "$1")"; } # DAY
exit_of() { tn-order orders -O json | jq -r 'select(.role == "exit") | .id'; }
for way in cancel-cancel cancel-fill halt-cancel halt-fill; do
    world
    { signal A 02 long 02; signal B 02 long 02; } | scan 02 >/dev/null
    { bar A 03 100 101 99 100; bar B 03 100 101 99 100; } | tn-order settle >/dev/null
    signal A 03 flat 03 | scan 03 >/dev/null
    first=$(exit_of)
    case $way in
    cancel-*) tn-order cancel --now "$(after 03)" "$first" >/dev/null ;;
    halt-*) { tn-order halt -q --all --now "$(after 03)" && tn-order resume -q --now "$(after 03)"; } >/dev/null ;;
    esac
    { exit_order tnHand A 03 20; end; } | tn-order submit --now 2024-01-03T22:10:00Z >/dev/null
    [[ $way == *-fill ]] || tn-order cancel --now 2024-01-03T22:20:00Z tnHand >/dev/null
    { bar A 04 95 96 94 95; bar B 04 100 101 99 100; } | tn-order settle >/dev/null
    { signal A 04 flat 03; signal B 04 flat 04; } >signals
    run scan 04 <signals
    left=$([[ $way == *-fill ]] && echo 30 || echo 50)
    is "$way: the next scan's exit and the other one of its batch" \
        "$code $(jq -r 'select(.type == "order") | .symbol + " " + .side + " " + (.quantity | tostring)' <<<"$out" | paste -sd,) $(exit_of | grep -cx "$first")" \
        "0 A sell $left,B sell 50 0"
    run tn-order settle < <(bar A 05 70 71 69 70; bar B 05 100 101 99 100)
    is "$way: fill" "$(fills)" "[\"01-05\",\"A\",\"exit\",\"sell\",$left,70] [\"01-05\",\"B\",\"exit\",\"sell\",50,100]"
done
world
{ order tnA A 02 buy 10; end; } | tn-order submit --now "$(after 02)" >/dev/null
bar A 03 100 101 99 100 | tn-order settle >/dev/null
# The words are what they say, quotes and all.
# shellcheck disable=SC2089,SC2090
for bad in 'order tnB B 03 buy -20' 'order tnC C 03 buy 5 ,"mode":"live"' 'order tnB B 03 buy 1 ,"limit_price":99.999' 'echo {"type":"order"' 'cancel tnA ,"account":"other"'; do
    { order tnD D 03 buy 1; exit_order tnX A 03 10; cancel tnA; $bad; end; } >batch
    exits "a bad record: ${bad:0:20}" 3 tn-order submit --dry-run --now "$(after 03)" <batch
    is 'keeps entries back, not an exit' "$(updates)" 'tnX accepted'
    stderr_like 'and says so' 'only the exits of the batch were submitted'
done
{ exit_order tnX A 03 10; echo '{"type":"order"'; } >batch
exits 'without its end it might be another batch' 3 tn-order submit --dry-run --now "$(after 03)" <batch
stderr_like 'and nothing goes' 'nothing of the batch was submitted'
{ exit_order tnX A 03 10; echo '{"type":"order"'; end 5; } >batch
exits 'after a failure upstream the exit might be a mistake' 5 tn-order submit --dry-run --now "$(after 03)" <batch

# --- what is not yet sold stays protected, and positions says what is not
world
{ order tnA A 02 buy 10 ',"legs":[{"role":"stop","order_type":"stop","stop_price":90}]'; order tnB B 02 buy 5; end; } | tn-order submit --now "$(after 02)" >/dev/null
{ bar A 03 100 101 99 100; bar B 03 100 101 99 100; } | tn-order settle >/dev/null
protection() { tn-order positions -O json | jq -c 'select(.symbol) | [.symbol, .quantity, .unprotected]' | paste -sd' '; }
stop_works() { tn-order orders -O json | jq -r 'select(.role == "stop") | .quantity'; }
is 'ten with a stop, five without' "$(protection)" '["A",10,0] ["B",5,5]'
{ exit_order tnX A 03 4 | sed 's/"market"/"limit","limit_price":150/; s/gtc/day/'; end; } | tn-order submit --now "$(after 03)" >/dev/null
is 'a distant exit of a part leaves the stop of all' "$(stop_works) $(protection)" '10 ["A",10,0] ["B",5,5]'
bar A 05 100 101 99 100 | tn-order settle >/dev/null
is 'it ends unfilled, the stop goes on' "$(stop_works)" 10
{ exit_order tnY A 05 4; end; } | tn-order submit --now "$(after 05)" >/dev/null
run tn-order settle < <(bar A 08 100 101 99 100)
is 'a part is sold, the stop is told its new size' "$(stop_works) $(jq -r 'select(.type == "order_update" and .quantity) | .status + " " + (.quantity | tostring)' <<<"$out") $(protection)" '6 accepted 6 ["A",6,0] ["B",5,5]'
is 'which queries have too' "$(tn-journal query "SELECT quantity FROM orders WHERE role = 'stop'" -O csv | tail -n 1)" 6
ok 'and the journal verifies' tn-journal verify -q
{ exit_order tnZ A 08 6; end; } | tn-order submit --now "$(after 08)" >/dev/null
tn-order halt -q --all --now "$(after 08)" >/dev/null
tn-order resume -q --now "$(after 08)" >/dev/null
is 'what halt --all has taken away is seen' "$(stop_works)$(protection)" '["A",6,6] ["B",5,5]'

# --- an action that comes under another id is held back, and applied as a difference after a yes
action() { # ID DAY FIELDS
    printf '{"type":"action","time":"2024-01-%sT05:00:00Z","symbol":"A","id":"%s",%s}\n' "$2" "$1" "$3"
}
half='"kind":"dividend","cash":0.5,"currency":"USD"'
two='"kind":"split","new":2,"old":1'
hold_ten() {
    world
    { order tnA A 02 buy 10; end; } | tn-order submit --now "$(after 02)" >/dev/null
    bar A 03 100 101 99 100 | tn-order settle >/dev/null
}
money() { jq -c 'select(.type == "cash") | [.kind, .amount]' <<<"$out" | paste -sd' '; }
alerts() { jq -r 'select(.type == "alert") | .title' <<<"$out" | paste -sd,; }
hold_ten
action one 04 "$half" | tn-order settle >/dev/null
run tn-order settle < <(action two 04 "${half/0.5/0.51}")
is 'a dividend of another amount is held back' "$code $(money)$(alerts)" '0 corporate action held back'
run tn-order settle < <(action two 04 "${half/0.5/0.51}")
is 'said once' "$code $(money)$(alerts)" '0 '
is 'and the cash is that of the first' "$(tn-order account -O json | jq .cash)" 99005
# Ids of 64 characters that differ in the last: an alert each.
hold_ten
long=$(printf 'x%.0s' {1..63})
action one 04 "$half" | tn-order settle >/dev/null
tn-order settle < <(action "${long}a" 04 "${half/0.5/0.51}") >/dev/null
tn-order settle < <(action "${long}b" 04 "${half/0.5/0.52}") >/dev/null
is 'alerts of long ids are two' "$(tn-journal show -t alert | jq -r 'select(.type == "alert").id' | sort -u | wc -l)" 2
hold_ten
action one 04 "$half" | tn-order settle >/dev/null
tn-order settle < <(action two 04 "${half/0.5/0.51}") >/dev/null
ok 'accepted' tn-journal adjust two --now "$(after 04)"
stderr_like 'it is told what that was' 'a dividend of A is 0.51, not 0.5: 0.1 is booked'
is 'the difference is there: 10 x 0.01' "$(tn-order account -O json | jq .cash)" 99005.1
exits 'once' 1 tn-journal adjust two
exits 'nothing is held back under another id' 1 tn-journal adjust three
run tn-order settle < <(action one 04 "$half"; action two 04 "${half/0.5/0.51}"; bar A 04 100 101 99 100)
is 'both are known from then on' "$code $(money)$(alerts)" '0 '
ok 'and the journal verifies' tn-journal verify -q
# 4 January is a Thursday: the 9th is three sessions after it, the 10th four.
for day in 09 10; do
    hold_ten
    action one 04 "$half" | tn-order settle >/dev/null
    run tn-order settle < <(action two $day "$half")
    is "a dividend of the $day" "$(money)$(alerts)" "$([ $day = 09 ] && echo 'corporate action held back' || echo '["dividend",5]')"
done
hold_ten
run tn-order settle < <(action one 04 "$half"; action two 05 "$half")
is 'two of one batch are two' "$(money)$(alerts)" '["dividend",5] ["dividend",5]'
hold_ten
action one 04 "$two" | tn-order settle >/dev/null
run tn-order settle < <(action two 05 "$two")
is 'a split that was moved is not applied again' "$(alerts) $(protection)" 'corporate action held back ["A",20,20]'
ok 'nothing is left to do' tn-journal adjust two
is 'nor done' "$(protection)" '["A",20,20]'
hold_ten
action one 04 "$two" | tn-order settle >/dev/null
action two 05 '"kind":"split","new":3,"old":1' | tn-order settle >/dev/null
exits 'a split of another ratio is no difference' 1 tn-journal adjust two
is 'and stays held back' "$(protection) $(tn-journal show -t adjustment | grep -c '"type":"adjustment"')" '["A",20,20] 0'

# --- a session
world
sync() { printf '{"type":"sync","time":"2024-01-%sT21:00:00Z","account":"paper","token":"%s","n":1}\n' "$1" "$2"; }
{
    bar A 02 100 101 99 100
    order tnA A 02 buy 10
    sync 02 abc
    bar A 03 101 103 100 102
    printf '{"type":"refusal","time":"2024-01-03T21:00:00Z","symbol":"X","code":"MINE"}\n'
    exit_order tx1 A 03 10
    order tnOld B 02 buy 1
    bar A 04 104 105 103 104
    printf '{"type":"cancel","time":"2024-01-04T21:00:00Z","order_id":"nothing"}\n'
} >session
run tn-order run <session
is 'a session: orders as they come, bars as they pass; a late order is stale' \
    "$code $(jq -r 'select(.type != "end" and .code != "MINE") | .code // .status // .type' <<<"$out" | paste -sd' ')" \
    '6 order accepted fill filled order accepted STALE_PRICE fill filled'
like 'refusals from upstream pass' "$out" '"code":"MINE"'
is 'its fills' "$(fills)" '["01-03","A","entry","buy",10,101] ["01-04","A","exit","sell",10,104]'
like 'and the answer to the sync' "$(cat "$TN_HOME/data/paper.sync")" '^abc +1 *$'
run tn-order run <session
is 'the whole session again: nothing twice' "$(fills)$(updates)" ''

answered() { # TOKEN: within half a minute
    local tries
    for ((tries = 0; tries < 1500; tries++)); do
        ! grep -q "^$1 " "$TN_HOME/data/paper.sync" 2>/dev/null || return 0
        sleep 0.02
    done
    note "no answer to $1"
}

# A halt from another window, while the session goes on: the next record finds it.
world
mkfifo feed
tn-order run <feed >session.out 2>session.err &
pid=$!
exec 8>feed
{ order tnA A 02 buy 10; sync 02 one; } >&8
answered one
ok 'fault-068: a halt beside a session' tn-order halt --now "$(after 02)"
{ order tnB B 03 buy 10; bar A 03 101 103 100 102; sync 03 two; } >&8
answered two
out=$(cat session.out)
is 'fault-068: cancels what works and refuses what comes' "$(updates) $(jq -r 'select(.type == "refusal").code' <<<"$out")" 'tnA accepted,tnA canceled (halt) HALTED'
is 'fault-068: and nothing fills' "$(fills)" ''

# A heartbeat completes a moment; it and what else is about the flow itself passes on.
tn-order resume -q --now "$(after 03)"
{
    order tnH H 03 buy 10
    bar H 04 101 103 100 102
    printf '{"type":"%s","time":"2024-01-04T21:00:05Z","source":"x","last":"2024-01-04T21:00:00Z","state":"stale"}\n' heartbeat status
} >&8
for ((tries = 0; tries < 1500; tries++)); do
    ! grep -q '"type":"status"' session.out || break
    sleep 0.02
done
is 'a heartbeat completes the moment: its equity point' "$(tn-journal show -t equity | jq -c 'select(.time == "2024-01-04T21:00:00Z").equity')" 100010
is 'it and other control records pass' "$(grep -c '"type":"\(heartbeat\|status\)"' session.out)" 2

# The account's lock: the session has it.
start=$(date +%s%N)
exits 'fault-021: a second trader waits and ends with 5' 5 tn-order settle <bars
took=$((($(date +%s%N) - start) / 1000000))
stderr_like 'fault-021: it says who has it' "account 'paper' is in use"
is "fault-021: after five seconds ($took ms)" $((took >= 4900)) 1
ok 'questions need no lock' tn-order account
kill -KILL "$pid"
wait "$pid" 2>/dev/null
exec 8>&-
ok 'fault-022: its holder killed, the next run works' tn-order settle <bars

# Ended by a signal: what was told is in the journal, and the next run goes on.
for signal in TERM HUP; do
    world
    mkfifo "feed-$signal"
    tn-order run <"feed-$signal" >"out-$signal" &
    pid=$!
    exec 8>"feed-$signal"
    { order tnA A 02 buy 10; bar A 03 101 103 100 102; sync 03 fill; } >&8
    answered fill
    order tnB B 03 buy 1 >&8
    kill -"$signal" "$pid"
    wait "$pid" 2>/dev/null
    is "fault-013: SIG$signal ends a session" $? $((128 + $(kill -l "$signal")))
    exec 8>&-
    out=$(cat "out-$signal")
    is "fault-013: SIG$signal leaves whole records, each of them in the journal" "$(jq -r 'select(.type == "fill").id' "out-$signal")" \
        "$(tn-journal show -t fill | jq -r 'select(.type == "fill").id')"
    ok "fault-013: SIG$signal: the journal verifies" tn-journal verify -q
    run tn-order run < <(bar A 04 104 105 103 104)
    is "fault-013: SIG$signal: and the next run goes on" "$code $(tn-order account -O json | jq .equity)" '0 100030'
done

# A reader that goes away: what was read is finished first.
world
{ order tnA A 02 buy 10; bar A 03 101 103 100 102; exit_order tx1 A 03 10; bar A 04 104 105 103 104; } >session
mkfifo gone
exec 9<>gone 7>gone 9<&-
tn-order run <session >&7 2>err
is 'fault-009: a session without a reader dies of it' "$? $(cat err)" '141 '
exec 7>&-
out=$(tn-journal show)
is 'fault-009: with what it did in the journal' "$(jq -r 'select(.type == "order") | .id' <<<"$out" | head -n 1)" tnA
run tn-order run <session
is 'fault-009: from which the next run goes on: nothing lost, nothing twice' "$(tn-journal show | jq -c 'select(.type == "fill") | [.role, .price]' | paste -sd' ')" \
    '["entry",101] ["exit",104]'
finish
