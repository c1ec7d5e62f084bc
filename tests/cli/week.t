#!/usr/bin/env bash
# A week of paper trading as the pages tell it, by a person who has symbols in mind and not ids: open, order, look, cancel,
# order again, by hand too, settle, ask why, halt, review. There is no place where one is stuck.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

# --- before anything is there
exits 'no account yet' 1 tn-order accounts
stderr_like 'says how to open one' 'hint: tn-order open paper'
monday=2026-03-02T13:00:00Z tuesday=2026-03-03T13:00:00Z
# Old decisions are entered too: what the strategies want, not how fresh it is, is the point here.
echo 'account paper { entry_within = any }' >"$TN_HOME/config"
ok 'an account' tn-order open paper --cash 100000 --now 2026-03-01
stderr_like 'is open' "account 'paper' is open with 100000 USD"
unlike 'a script is not told what to do next' "$err" 'next:'
exits 'an account of the same name' 1 tn-order open paper
stderr_like 'says what to do instead' 'hint: tn-order account -a paper'
tn-order open other --cash 5000 --now 2026-03-01 2>/dev/null
run tn-order accounts
is 'the accounts' "$(jq -r '[.account, .currency, .equity, .positions, .orders, .halted] | join(" ")' <<<"$out" | paste -sd,)" \
    'paper USD 100000 0 0 false,other USD 5000 0 0 false'
like 'as a table' "$(tn-order accounts -O table)" '^account .*equity +positions +working +halted'

# --- Monday before the open
printf '%s\n' AAPL MSFT XOM JPM >watch.txt
bars() { tn-quote bars -s sim -w watch.txt -n 250 --now "$1"; }
bars "$monday" >monday.ndjson
tn-signal run momentum monday.ndjson | tn-risk size -a paper --now "$monday" >orders.ndjson
# 135 x (36.87 - 35.43) = 194.40, 135 x 36.87 = 4977.45
run tn-report plan orders.ndjson
like 'the plan of the day, with the money at risk' "$out" '^\| MSFT \| buy to enter \| 135 \| market, about 36.87 \| 35.43 \| none \| 4977.45 \| 194.40 \| 2026-03-02 16:00 \|$'
like 'and why' "$out" '^- MSFT: momentum, long since 2025-10-27, return 0.247662, .*; its size was reduced by MAX_POSITION; order tn'
ok 'the plan as a file of the day' tn-report plan orders.ndjson --folder .
is 'is the same' "$(cat TODAYS_TRADES_2026-03-02.md)" "$(tn-report plan orders.ndjson)"
exits 'a plan is no data' 2 tn-report plan -O json orders.ndjson
exits 'no orders: no plan' 1 tn-report plan /dev/null
sed 's/"strategy":"momentum"/"strategy":"mo|men"/' orders.ndjson >odd.ndjson
like 'a bar in a name ends no cell' "$(tn-report plan odd.ndjson)" '^- JPM: mo\\\|men, '
run bash -c "tn-order submit -a paper --now $monday orders.ndjson | tn-report orders -O json"
is 'four entries' "$(jq -r 'select(.status == "accepted").symbol' <<<"$out" | paste -sd' ')" 'AAPL MSFT XOM JPM'
jpm=$(jq -r 'select(.symbol == "JPM").id' <<<"$out")

# --- by symbol
run tn-order cancel -a paper JPM --now "$monday"
is 'cancel SYMBOL: its working entry' "$code $(jq -r '[.order_id, .status, .reason] | join(" ")' <<<"$out")" "0 $jpm canceled by hand"
exits 'cancel SYMBOL with nothing working' 1 tn-order cancel -a paper JPM --now "$monday"
stderr_like 'says so' 'JPM: no working order has this id or symbol'
run tn-order again -a paper JPM --now "$monday"
is 'again SYMBOL: the next attempt' "$code $(jq -r 'select(.type == "order") | [.symbol, .attempt] | join(" ")' <<<"$out")" '0 JPM 2'
exits 'again of what works' 1 tn-order again -a paper JPM --now "$monday"
exits 'again of a symbol that was never ordered' 1 tn-order again -a paper GOOG --now "$monday"
exits 'cancel without a name' 2 tn-order cancel -a paper
stderr_like 'asks which' 'an id, a symbol, or --all'
run tn-journal why JPM
is 'why SYMBOL: the last entry, from its bar on' "$code $(jq -r 'select(.type == "order").attempt' <<<"$out")" '0 2'
run tn-journal why JPM -O tsv
is 'its bar and decision are of Friday evening, not of the second attempt' \
    "$(awk -F'\t' '$2 == "bar" || $2 == "decision" {print $1}' <<<"$out" | paste -sd' ')" '2026-02-27T21:00:00Z 2026-02-27T21:00:00Z'
exits 'why of a symbol that was never ordered' 1 tn-journal why GOOG

# --- Tuesday: it has filled, and is protected
run bash -c "tn-quote bars -s sim -w watch.txt -n 250 --now $tuesday | tn-order settle -a paper"
is 'settled: four fills' "$(grep -c '"type":"fill"' <<<"$out")" 4
exits 'cancel SYMBOL leaves the stop of a position' 1 tn-order cancel -a paper MSFT --now "$tuesday"
stderr_like 'and says so' 'MSFT: 1 protective order stays; cancel it by id, or with --all'
run tn-order cancel -a paper MSFT --all --now "$tuesday"
is '--all: the stop as well' "$code $(jq -r .status <<<"$out")" '0 canceled'
run tn-journal why MSFT
is 'why of a position: it ends with the stop that was cancelled' "$(jq -r .type <<<"$out" | tail -n 2 | head -n 1) $(jq -r 'select(.type == "order_update").status' <<<"$out" | tail -n 1)" 'order_update canceled'

# --- an order by hand, as tn-order(1) shows it
{
    printf '{"type":"order","time":"%s","symbol":"XOM","id":"mine-1","side":"buy","quantity":10,"order_type":"limit","limit_price":1,"role":"entry","legs":[{"role":"stop","order_type":"stop","stop_price":0.5}]}\n' "$tuesday"
    echo '{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}'
} >mine.ndjson
ok 'an order by hand' tn-order submit -a paper --now "$tuesday" mine.ndjson
run tn-journal why XOM
is 'a symbol that two have ordered' "$code" 1
stderr_like 'lists their orders' 'hint: mine-1 of no strategy, tn[a-z2-7]{16} of momentum'
run tn-order cancel -a paper XOM --now "$tuesday"
is 'cancel SYMBOL: what was ordered by hand, the stop of the position stays' "$(jq -r .order_id <<<"$out") $err" \
    'mine-1 tn-order: XOM: 1 protective order stays; cancel it by id, or with --all'

# --- something is odd; the review
ok 'halt' tn-order halt -a paper --now "$tuesday"
is 'which the accounts show' "$(tn-order accounts | jq -r .halted | paste -sd' ')" 'true false'
ok 'resume' tn-order resume -a paper --now "$tuesday"
run tn-order cancel -a paper --all --now "$tuesday"
is 'cancel --all: every order that works' "$(jq -r .symbol <<<"$out" | sort | paste -sd' ')" 'AAPL JPM XOM'
run tn-report summary --journal -a paper -O table
like 'the summary says what was ordered' "$out" 'entries ordered +[0-9]'
like 'and what cut it' "$out" 'cut by max position +5 of 6'
like 'and what was cancelled' "$out" 'cancelled unfilled +2'
like 'and that nothing was paid' "$out" 'all costs are 0: 5 bp per side of the [0-9.]+ traded would cost [0-9.]+ USD'
run tn-report summary --journal -a other -O table
like 'an account without trades says so' "$out" 'no trades: nothing was ordered'
ok 'the journal is sound' tn-journal verify

# --- on a terminal, the next command is named
if command -v script >/dev/null; then
    typed=$(script -qec 'tn-order open third --cash 100 --now 2026-03-01' /dev/null </dev/null)
    like 'on a terminal the next command is named' "$typed" 'next: tn-quote bars .*tn-order submit -a third'
    typed=$(script -qec 'tn-order open fourth --cash 100 --now 2026-03-01 -q' /dev/null </dev/null)
    unlike 'not with -q' "$typed" 'next:'
else
    skip 'on a terminal the next command is named' 'script is not installed'
fi
finish
