#!/usr/bin/env bash
# Schedules of fees as a user meets them: in a backtest, an account, a result. Rates and rounding are in
# tests/unit/test-fees.c.
# shellcheck disable=SC2016 # jq's own variables
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

bars() { # lines of DAY OPEN CLOSE, of June 2026
    while read -r day open close; do
        high=$((open > close ? open : close)) low=$((open < close ? open : close))
        printf '{"type":"bar","time":"2026-06-%sT04:00:00Z","symbol":"A","interval":"1d","session":"2026-06-%s","end":"2026-06-%sT20:00:00Z","open":%s,"high":%s,"low":%s,"close":%s,"volume":1000000,"adjusted":"raw"}\n' \
            "$day" "$day" "$day" "$open" "$high" "$low" "$close"
    done
}
end='{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}'
{ bars <<<$'01 50 50\n02 50 51\n03 50 49\n04 50 48'; echo "$end"; } >bars.nd
run_as() { tn-backtest run sma-cross:fast=1,slow=2,stop=0 --sizing quantity:1000 --max-position 100% "$@" bars.nd; }
fills() { jq -c 'select(.type == "fill") | [.side, .quantity, .price, .commission, .fees]' "$1" | paste -sd' '; }

# A buy and a sale of 1000 at 50. IBKR, facts F28 and F31: 5.00 and 0.003 for the CAT, a cent half up in all: 5.00; the sale
# 5 + 1.03 + 0.195 + 0.003 = 6.228: 6.23.
run_as --fees ibkr-fixed >ibkr.nd
is 'commission and fees of each fill' "$(fills ibkr.nd)" '["buy",1000,50,5,0] ["sell",1000,50,5,1.23]'
is 'are in the figures' "$(jq -c 'select(.type == "result") | [.metrics.commission, .metrics.net_profit]' ibkr.nd)" '[11.23,-11.23]'
is 'the result names the schedule and its age' \
    "$(jq -c 'select(.type == "result").assumptions | [.fees, .fee_level, .fees_read, (.fees_text | length)]' ibkr.nd)" '["ibkr-fixed",0,"2026-11-26",16]'
like 'the head of a summary too' "$(tn-report summary -O table ibkr.nd)" 'costs +fees of ibkr-fixed'
run_as >none.nd
is 'without one there are no fees' "$(fills none.nd)" '["buy",1000,50,0,null] ["sell",1000,50,0,null]'
run_as --fees us-free --commission-per-share 0.01 >both.nd
is 'settings are added: 1000 x 0.01, and of the sale 1.03 + 0.20' "$(fills both.nd)" '["buy",1000,50,10,0] ["sell",1000,50,10,1.23]'
is 'check charges twice: 2 x 1.23 of 100,000' \
    "$(tn-backtest check sma-cross:fast=1,slow=2,stop=0 --sizing quantity:1000 --max-position 100% --fees us-free bars.nd | jq -c 'select(.type == "check" and .name == "costs").return_after')" -2.4599999999999998e-05

# --- an account, and a file of one's own
mkdir -p "$TN_HOME/fees"
cat >"$TN_HOME/fees/mine.fees" <<'END'
include: us-reg
title: mine
currency: USD
fee commission 2024-01-01: 0.01%
fee commission 2024-01-01: level 1 7
END
echo 'account backtest { fees = mine  fee_level = 1 }' >"$TN_HOME/config"
run_as >mine.nd
is 'by the account, with its level' "$(fills mine.nd)" '["buy",1000,50,7,0] ["sell",1000,50,7,1.23]'
run_as --fee-level 0 >mine.nd
is 'or the option' "$(fills mine.nd)" '["buy",1000,50,5,0] ["sell",1000,50,5,1.23]'
run_as --fees none >mine.nd
same 'none is none' mine.nd none.nd
echo 'fee commission 2024-01-01: 1 per shre' >>"$TN_HOME/fees/mine.fees"
exits 'a bad line is said with its file' 2 run_as
stderr_like 'and its number' "mine.fees: line 6: 'per shre': not a unit"
echo 'include: mine' >"$TN_HOME/fees/mine.fees"
exits 'a schedule that includes itself' 2 run_as
stderr_like 'is found out' "'mine' includes itself"
rm "$TN_HOME/config"
exits 'a name that there is not' 2 run_as --fees ibkr
stderr_like 'the hint has those that there are' 'hint: none, or one of: .*ibkr-fixed'
exits 'a currency that is not the account'"'"'s' 2 run_as --fees uk
stderr_like 'is said' "the fees of 'uk' are in GBP, and the account is in USD"
sed 's/2026-06-01/2001-06-04/g; s/2026-06-02/2001-06-05/g; s/2026-06-03/2001-06-06/g; s/2026-06-04/2001-06-07/g' bars.nd >old.nd
exits 'a day without a rate is refused' 2 tn-backtest run sma-cross:fast=1,slow=2,stop=0 --sizing quantity:1000 --max-position 100% --fees us-reg old.nd
stderr_like 'and named' "no 'sec' rate for A on 2001-06-"

# --- paper trading: what a day has been charged outlives the process. Alpaca, by the day: two sales of 1 at 50 on one day
# pay for one cent each of SEC and FINRA, and of the CAT, together.
echo 'account paper { fees = alpaca  sizing = quantity:1  fractional = yes }' >"$TN_HOME/config"
tn-order open paper --cash 100000 --now 2026-06-01 -q >/dev/null
order() { printf '{"type":"order","time":"%s","symbol":"A","id":"%s","account":"paper","role":"%s","side":"%s","quantity":%s,"order_type":"market","reference_price":50,"time_in_force":"gtc"}\n%s\n' "$1" "$2" "$3" "$4" "$5" "$end"; }
day=2026-06-03
minute() { # MINUTE
    printf '{"type":"bar","time":"%sT14:%s:00Z","symbol":"A","interval":"1m","end":"%sT14:%s:59Z","open":50,"high":50,"low":50,"close":50,"volume":1000,"adjusted":"raw"}\n%s\n' "$day" "$1" "$day" "$1" "$end"
}
trade() { # ID ROLE SIDE QUANTITY MINUTE
    order "${day}T14:$(printf %02d $((10#$5 - 1))):00Z" "$1" "$2" "$3" "$4" | tn-order submit --now "${day}T14:$(printf %02d $((10#$5 - 1))):30Z" -q >/dev/null
    minute "$5" | tn-order settle -q | jq -c 'select(.type == "fill") | [.id, .commission, .fees]'
}
is 'a purchase: the CAT' "$(trade a entry buy 4 10)" '["a.1",0,0.01]'
is 'a first sale: SEC and FINRA' "$(trade b exit sell 1 20)" '["b.1",0,0.02]'
is 'a second of the day, by another process: nothing more is due' "$(trade c exit sell 1 30)" '["c.1",0,0]'
is 'the cash is less by them: 100,000 - 200 - 0.01 + 50 - 0.02 + 50' "$(tn-order account -O json | jq -c .cash)" 99899.97

# --- the volume of 30 days: a backtest, and paper accounts by several processes. 1 %, and 0.1 % from 300 in the days before.
# The backtest buys 50,000 on one day and sells them on the next. The account above traded 200 + 50 + 50 on June 3rd: on
# June 4th 50 pay 0.05; so do they on July 3rd, the 30th day after, twice; on July 4th only 150 are left of it.
printf 'title: volume\ncurrency: USD\nfee commission 2024-01-01: 1%%\nfee commission 2024-01-01: volume>=300 0.1%%\n' >"$TN_HOME/fees/volume.fees"
run_as --fees volume >volume.nd
is 'the first day pays 1 % of 50,000, the next 0.1 %' "$(fills volume.nd)" '["buy",1000,50,500,0] ["sell",1000,50,50,0]'
sed -i 's/fees = alpaca/fees = volume/' "$TN_HOME/config"
day=2026-06-04
is 'June 4th: 300 the day before' "$(trade d entry buy 1 10)" '["d.1",0.05,0]'
day=2026-07-03
is 'July 3rd: still, in another month' "$(trade e entry buy 1 10)" '["e.1",0.05,0]'
is 'and by a process that begins in July' "$(trade f entry buy 1 20)" '["f.1",0.05,0]'
day=2026-07-04
is 'July 4th: 50 of June and 100 of July' "$(trade g entry buy 1 10)" '["g.1",0.5,0]'
finish
