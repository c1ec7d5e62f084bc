#!/usr/bin/env bash
# Lots: the order in which fills close them, an order that names one, and what reports make of it.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

order() { # DAY ID SIDE ROLE MORE
    printf '{"type":"order","time":"2024-01-%sT21:00:00Z","symbol":"Y","id":"%s","account":"yen","side":"%s","quantity":100,"order_type":"market","role":"%s","strategy":"s","reference_price":10%s}\n{"type":"end","status":0,"complete":true}\n' "$@" |
        tn-order submit -a yen --now "2024-01-$1T21:00:00Z" -q >out.nd
}
settle() { # DAY PRICE
    printf '{"type":"bar","time":"2024-01-%sT05:00:00Z","symbol":"Y","interval":"1d","end":"2024-01-%sT21:00:00Z","open":%s,"high":%s.4,"low":%s,"close":%s,"volume":1000000}\n' "$1" "$1" "$2" "$2" "$2" "$2" |
        tn-order settle -a yen -q >/dev/null
}
# An account in yen that closes its youngest lots first buys 100 at 10 and 100 at 14, and sells 100 at 15.
lots() { # MORE_OF_THE_SALE [OPTION…]
    rm -rf home
    mkdir home
    export TN_HOME=$PWD/home
    printf 'account yen {\n currency = JPY\n lot_order = lifo\n cash = 1000000\n max_position = 100%%\n}\n' >home/config
    tn-order open yen --now 2024-01-02T21:00:00Z -q
    order 02 o1 buy entry ''
    settle 03 10
    order 03 o2 buy entry ''
    settle 04 14
    order 04 o3 sell exit "$1"
    settle 05 15
    tn-report trades --journal -a yen -O json "${@:2}" | jq -c 'select(.type == "round_trip") | [.entry_price, .pnl]'
}
is 'the youngest lot goes first: 100 x (15 - 14)' "$(lots '')" '[14,100]'
is 'the lot that an order names: 100 x (15 - 10)' "$(lots ',"lot":"o1.1"')" '[10,500]'
is 'round trips in another order than the account has' "$(lots '' --lots fifo)" '[10,500]'
lots ',"lot":"none"' >/dev/null
is 'a lot that is not open is refused' "$(jq -r 'select(.type == "refusal") | .code' out.nd)" NO_LOT
is 'the opening says what is not standard' \
    "$(tn-journal show -O json | jq -c 'select(.type == "cash") | [.settlement_unit, .lot_order]')" '[1,"lifo"]'
exits 'the journal is sound' 0 tn-journal verify -q
is 'an account keeps the order it was opened with' "$(sed -i s/lifo/fifo/ home/config
    order 05 o4 sell exit ''
    settle 08 16
    tn-report trades --journal -a yen -O json | jq -c 'select(.type == "round_trip") | .entry_price')" 14
is 'where the configuration says another, tn health warns' \
    "$(tn health -O json 2>/dev/null | jq -r 'select(.check == "lots") | .state + ": " + .found')" \
    'warn: closed in the order it was opened with, lifo; the configuration says fifo'

# A run of orders, the same three: how far the lot went that was sold, 14 to 15 or 10 to 15 (its bars end at 14.4).
stream() { # MORE_OF_THE_SALE
    local day n=0 orders=('"o1","side":"buy","role":"entry"' '"o2","side":"buy","role":"entry"' '"o3","side":"sell","role":"exit"'"$1")
    for day in 02:10 03:10 04:14 05:15; do
        printf '{"type":"bar","time":"2024-01-%sT05:00:00Z","symbol":"Y","interval":"1d","end":"2024-01-%sT21:00:00Z","open":%s,"high":%s.4,"low":%s,"close":%s,"volume":1000000}\n' \
            "${day%:*}" "${day%:*}" "${day#*:}" "${day#*:}" "${day#*:}" "${day#*:}"
        [ $n -lt 3 ] && printf '{"type":"order","time":"2024-01-%sT21:00:00Z","symbol":"Y","quantity":100,"order_type":"market","strategy":"s","reference_price":10,"id":%s}\n' "${day%:*}" "${orders[n++]}"
    done
    printf '{"type":"end","status":0,"complete":true}\n'
}
went() { # MORE_OF_THE_SALE
    stream "$1" | tn-backtest run --signals -a yen --cash 1000000 -q --fills range >run.nd
    jq -c 'select(.type == "fill" and .side == "sell") | [.mfe, .mae]' run.nd
}
sed -i s/fifo/lifo/ home/config
is 'of the youngest lot' "$(went '')" '[100,0]'
is 'of the lot that the order names' "$(went ',"lot":"o1.1"')" '[500,0]'
is 'which every run of a range closes' "$(jq -c 'select(.type == "result") | .range.metrics.trades' run.nd)" '[1,1,1]'
finish
