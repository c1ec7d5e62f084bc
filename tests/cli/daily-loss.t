#!/usr/bin/env bash
# The daily loss limit on paper: it holds for its trading day, for every program, and ends with the day, though the
# account is flat and nothing has happened to it since.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# Monday 2 March 2026 to Thursday, New York winter time: sessions 14:30Z to 21:00Z, the day rolls at 22:00Z.
bar() { # DATE OPEN HIGH LOW CLOSE
    printf '{"type":"bar","time":"%sT05:00:00Z","symbol":"AAA","interval":"1d","session":"%s","end":"%sT21:00:00Z",' \
        "$1" "$1" "$1"
    printf '"open":%s,"high":%s,"low":%s,"close":%s,"volume":1}\n' "$2" "$3" "$4" "$5"
}
level() { # DATE SIDE STOP
    printf '{"type":"signal","time":"%sT21:00:00Z","symbol":"AAA","id":"sg-%s","strategy":"hand","side":"%s",' \
        "$1" "$1" "$2"
    printf '"decided":"%sT21:00:00Z","interval":"1d","price":100,"stop":%s}\n' "$1" "$3"
    printf '{"type":"end","status":0,"complete":true}\n'
}
size() { tn-risk size --now "$1"; }

tn-order open paper --cash 100000 --now 2026-03-02T21:00:00Z -q
# 1 % of 100000 over 20 a share is 50; 5 % of it at 100 leaves room for 50.
level 2026-03-02 long 80 | size 2026-03-02T21:30:00Z >orders
ok 'an entry' tn-order submit --now 2026-03-02T21:30:00Z -f orders
bar 2026-03-03 100 100 100 100 | tn-order settle >/dev/null
is 'is filled' "$(tn-order positions | grep -c .)" 1
# A gap to 50 through the stop: 50 x (100 - 50) = 2500 is more than 2 % of 100000. Flat.
bar 2026-03-04 50 50 50 50 | tn-order settle >/dev/null
is 'and stopped out at a loss of 2500' "$(tn-order positions | grep -c .)" 0
level 2026-03-04 long 80 >again
exits 'no entry for the rest of the day' 6 tn-risk size --now 2026-03-04T21:30:00Z -f again
stdout_like 'by name' '"code":"DAILY_LOSS_LIMIT"'
level 2026-03-05 long 80 >later
exits 'after the roll there is' 0 tn-risk size --now 2026-03-05T21:30:00Z -f later
stdout_like 'an order' '"type":"order"'
printf '%s\n' "$out" >orders
exits 'which the account takes' 0 tn-order submit --now 2026-03-05T21:30:00Z -f orders
is 'and works' "$(tn-order orders | grep -c .)" 1
finish
