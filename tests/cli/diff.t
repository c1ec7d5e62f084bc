#!/usr/bin/env bash
# tn-backtest diff: an account's journal beside a re-run of its strategies. The journal of a session agrees in everything;
# then it is changed by hand in one respect each, and that is what is said.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

mkdir -p "$TN_HOME"
printf 'account paper {\n commission_per_share = 0.005\n commission_minimum = 1\n slippage_ticks = 1\n}\n' >"$TN_HOME/config"
chmod 600 "$TN_HOME/config"
strategies=('sma-cross:fast=5,slow=20' 'mean-reversion:target=3')
tn-quote bars -s sim AAPL MSFT KO --from 2025-06-01 --to 2026-01-01 --now 2026-03-02T00:00:00Z >bars.nd
tn-order open paper --now 2025-05-31 -q
tn-stream replay bars.nd | tn-signal run "${strategies[@]}" -p | tn-risk size --session -p | tn-order run >/dev/null
orders=$(tn-journal query "SELECT count(*) AS n FROM orders" -O tsv | tail -n 1)
like 'there is something to compare' "$orders" '^[2-9][0-9]$'
exits 'all as in the re-run' 0 tn-backtest diff -a paper bars.nd
is 'which says so' "$(jq -r 'select(.type == "difference") | [.kind, .money] | join(" ")' <<<"$out" | sort | uniq -c | tr -s ' ')" " $orders same 0"
stderr_like 'in words' "$orders orders, $orders the same, 0 different"
exits 'strategies by name' 0 tn-backtest diff -a paper "${strategies[@]}" bars.nd --from 2025-09-01
is 'only those of the time' "$(jq -r 'select(.type == "difference" and .time < "2025-09-01") | .time' <<<"$out")" ''
# Files that overlap, as those of days' folders do.
grep '"time":"2025-0[6-9]' bars.nd >early.nd
exits 'files that overlap' 0 tn-backtest diff -a paper early.nd bars.nd

# The first entry of sma-cross and what became of it; the journal is cut behind its fill.
id=$(tn-journal query "SELECT id FROM orders WHERE role = 'entry' AND strategy LIKE 'sma%' ORDER BY seq LIMIT 1" -O tsv | tail -n 1)
tn-journal show -O json | grep -v '"type":"\(end\|checkpoint\)"' >events
fill=$(grep -n "\"type\":\"fill\".*\"order_id\":\"$id\"" events | head -n 1 | cut -d: -f1)
time=$(sed -n "${fill}p" events | jq -r .time)
head -n "$fill" events >cut.ev
awk -v to="${time%%T*}" -F'"' '{for (i = 1; i < NF; i++) if ($i == "time") {if (substr($(i + 2), 1, 10) <= to) print; next}}' bars.nd >cut.nd
quantity=$(sed -n "${fill}p" events | jq -r .quantity) price=$(sed -n "${fill}p" events | jq -r .price)
decided=$(jq -r 'select(.type == "order" and .id == "'"$id"'") | .time' cut.ev)
signal=$(jq -r 'select(.type == "order" and .id == "'"$id"'") | .signal' cut.ev)

# changed NAME KIND MONEY CAUSE: the journal of `now`, and what its one difference is.
changed() {
    export TN_HOME=$WORK/home-$2-$RANDOM
    mkdir -p "$TN_HOME"
    cp "$WORK/tn/config" "$TN_HOME/config"
    ok "$1: such a journal can be" tn-journal record now
    exits "$1: is found" 1 tn-backtest diff -a paper --to "${decided%Z}.5Z" "${strategies[@]}" "${bars:-cut.nd}"
    is "$1: as that, with its money" "$(jq -r --arg id "$id" 'select(.type == "difference" and (.order_id == $id or .kind == "extra")) | [.kind, .money] | join(" ")' <<<"$out" | sort)" "$2 $3"
    like "$1: and its cause" "$(jq -r 'select(.type == "difference" and .kind != "same") | .cause' <<<"$out")" "$4"
}
close=$(jq -r --arg symbol "$(sed -n "${fill}p" events | jq -r .symbol)" 'select(.type == "bar" and .symbol == $symbol) | .close' cut.nd | tail -n 1)
money() { jq -n "(($1) * 1e8 | round) / 1e8"; }

# A dollar more for each share: so much less.
jq -c 'if .type == "fill" and .order_id == "'"$id"'" then .price += 1 else . end' cut.ev >now
changed 'a price' price "$(money "-$quantity")" 'another price'
jq -c 'if .type == "fill" and .order_id == "'"$id"'" then .commission += 3 else . end' cut.ev >now
changed 'a commission' price -3 'other costs'
# One share less: what it would have made to the last close, and its price is not paid; the commission stays a dollar.
jq -c 'if .type == "fill" and .order_id == "'"$id"'" then .quantity -= 1 else . end' cut.ev >now
changed 'a part' partial "$(money "$price - $close")" 'in part'
# An hour later.
jq -c 'if .type == "fill" and .order_id == "'"$id"'" then .time |= sub("T1[34]:"; "T15:") else . end' cut.ev >now
changed 'late' late 0 'filled later'
# The whole of it: neither paid for nor worth anything; a dollar of commission saved.
all=$(money "$quantity * ($price - $close) + 1")
{
    grep -v "\"$id\"" cut.ev
    printf '{"type":"refusal","time":"%s","symbol":"KO","account":"paper","code":"MAX_POSITION","message":"too much","cause":"%s"}\n' "$decided" "$signal"
} >now
changed 'refused' refused "$all" 'MAX_POSITION: too much'
grep -v "\"$id\"" cut.ev >now
changed 'missed' missed "$all" 'no such order'
# An order that nothing decides: bought at its price, worth the last close.
jq -c 'if .type == "order" and .id == "'"$id"'" then (., (.id = "tnother" | .signal = "sgother" | .legs = null | .class = "simple")) elif .type == "fill" and .order_id == "'"$id"'" then (., (.id = "tnother.1" | .order_id = "tnother")) else . end' cut.ev >now
changed 'extra' extra "$(money "$quantity * ($close - $price) - 1")
same 0" 'has no such order'
# The bar it filled in was another one then: the fill explains itself.
bars=other.nd
jq -c --arg symbol "$(sed -n "${fill}p" events | jq -r .symbol)" --arg day "${time%%T*}" 'if .type == "bar" and .symbol == $symbol and .session == $day then .open -= 0.5 | .low -= 1 | .close -= 0.25 else . end' cut.nd >other.nd
{
    cat cut.ev
    sed -n "$((fill + 1)),\$p" events | grep '"marks":' | grep "\"${time%%T*}T[^\"]*\",[0-9]" || true
} >now
changed 'data' data "$(money "-0.5 * $quantity")" 'the close of .* was .* and is now .*'
export TN_HOME=$WORK/tn

# --- orders by hand between the bars, with money that comes and goes: done again at their times, all is the same.
export TN_HOME=$WORK/hand
mkdir "$TN_HOME"
cp "$WORK/tn/config" "$TN_HOME/config"
tn-quote bars -s sim:actions A B --interval 1h --from 2024-03-04 --to 2024-06-15 >hours.nd
order() { # TIME SYMBOL ID SIDE QUANTITY ROLE, and more members
    printf '{"type":"order","time":"%s","symbol":"%s","id":"%s","side":"%s","quantity":%s,"role":"%s","reference_price":50%s}\n' "$@"
}
{
    order 2024-03-05T15:47:00Z A a buy 50 entry ',"order_type":"market","legs":[{"role":"stop","order_type":"stop","stop_price":1}]'
    order 2024-03-06T15:01:00Z B b buy 10 entry ',"order_type":"limit","limit_price":20,"time_in_force":"gtc"'
    echo '{"type":"replace","time":"2024-03-07T16:11:00Z","order_id":"b","limit_price":200}'
    order 2024-03-11T15:17:00Z B c buy 10 entry ',"order_type":"limit","limit_price":10,"time_in_force":"gtc"'
    echo '{"type":"cancel","time":"2024-03-12T15:17:00Z","order_id":"c"}'
    order 2024-05-20T18:12:00Z A out sell 40 exit ',"order_type":"market"'
} >hand.nd
tn-order open paper --now 2024-03-01 -q
tn-stream replay hours.nd hand.nd | tn-order run >session.nd
is 'nothing by hand was refused' "$(grep -c refusal session.nd)" 0
echo '{"type":"cash","time":"2024-06-20T15:10:00Z","id":"in","account":"paper","currency":"USD","amount":5000,"kind":"deposit"}' | tn-journal record -q >/dev/null
exits 'orders by hand, all the same' 0 tn-backtest diff -a paper hours.nd
like 'each of them' "$(jq -r 'select(.type == "difference") | "\(.order_id)=\(.kind)"' <<<"$out" | paste -sd' ')" '^a=same .*b=same c=same out=same'
stderr_like 'and says how many' '4 of them manual, repeated at their times'
equity=$(tn-order account -a paper | jq .equity)
stderr_like 'the account has what it has' "the account has $equity, the rerun $equity: a difference of 0,"
# Other bars in between (the last ones are the same): what the account has more is, to the cent, what its orders and its
# dividends brought more.
jq -c 'if .type == "bar" and .symbol == "A" and .time < "2024-03-20" then (.open, .high, .low, .close) |= (. * 90 | round / 100)
    elif .type == "action" and .kind == "dividend" then .cash *= 2 else . end' hours.nd >others.nd
exits 'with other bars' 1 tn-backtest diff -a paper others.nd
like 'a dividend of another size is told' "$(jq -c 'select(.kind == "cash") | [.symbol, .cause]' <<<"$out" | head -n 1)" 'dividend of .*, in the rerun'
is 'the differences add up to that of the accounts' "$(jq -s '[.[] | select(.type == "difference").money] | add * 100 | round / 100' <<<"$out")" \
    "$(sed -n 's/.*: a difference of \([-0-9.]*\), .*/\1/p' <<<"$err" | jq '. * 100 | round / 100')"
like 'which is one' "$err" "the account has $equity, the rerun [0-9.]+: a difference of -?[1-9]"
# A payment that the rerun cannot know of: what nobody paid in or out, a fee say.
echo '{"type":"cash","time":"2024-06-21T15:10:00Z","id":"fee","account":"paper","currency":"USD","amount":-12.5,"kind":"fee"}' | tn-journal record -q >/dev/null
exits 'a fee' 1 tn-backtest diff -a paper hours.nd
is 'is cash' "$(jq -c 'select(.kind == "cash") | [.order_id, .money, .cause]' <<<"$out")" '["fee",-12.5,"fee of -12.5, in the rerun 0"]'
like 'in the table too' "$(tn-report diff -O table .out 2>&1 | tail -n 1)" '^5 orders: 5 the same, 1 cash \(-12.50\)$'
export TN_HOME=$WORK/tn

is 'a table of what differs' "$(tn-backtest diff -a paper cut.nd 2>/dev/null | tn-report diff -O table --all | tail -n 1 | grep -c 'orders: ')" 1
exits 'an account that is none' 2 tn-backtest diff -a nobody bars.nd
exits 'no bars' 1 tn-backtest diff -a paper /dev/null
grep '"time":"2025-0[1-5]' bars.nd >none.nd
exits 'bars from before' 1 tn-backtest diff -a paper none.nd
exits 'no differences' 1 tn-report diff bars.nd
tn-order open other --now 2025-05-31 -q
exits 'an account without orders' 1 tn-backtest diff -a other bars.nd
stderr_like 'says so' 'this account has no orders'

# Euros are paid in where nothing trades in euros: bars of their pair came before. 1,000 euros are not 1,000 dollars, so
# no equity is told: it was 101,000 here, where the account has 101,120.
export TN_HOME=$WORK/euros
tn-order open paper --cash 100000 --now 2026-03-01T00:00:00Z -q
for day in 2 3 4; do
    printf '{"type":"bar","time":"2026-03-0%sT05:00:00Z","symbol":"EURUSD","interval":"1d","open":1.12,"high":1.13,"low":1.09,"close":1.12,"volume":1,"end":"2026-03-0%sT21:00:00Z"}\n' "$day" "$day"
done >euros.nd
head -n 2 euros.nd | tn-order run -a paper >/dev/null 2>&1
echo '{"type":"cash","time":"2026-03-03T22:00:00Z","id":"c1","account":"paper","currency":"EUR","amount":1000,"kind":"deposit"}' | tn-journal record -q >/dev/null
tail -n 1 euros.nd | tn-order run -a paper >/dev/null 2>&1
exits 'a deposit in a currency in which nothing trades' 0 tn-backtest diff -a paper sma-cross:fast=2,slow=3 euros.nd
stderr_like 'says that sums are of several currencies' 'the account has several currencies'
is 'and no wrong equity' "$(grep -c 101000 <<<"$err")" 0
finish
