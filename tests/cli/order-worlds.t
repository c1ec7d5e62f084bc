#!/usr/bin/env bash
# Orders of every type and time in force, by hand: the backtest, the session and the scan once a day give the same
# fills, on bars of days and of hours, with splits and dividends.
. "$(dirname "$0")/lib.sh"
needs jq python3

cat >"$TN_HOME/config" <<'EOF'
account paper {
    cash = 100000000
    commission_per_share = 0.005
    commission_minimum = 1
    slippage_ticks = 2
    max_position = 100%
    max_positions = 100
    long_only = false
}
EOF
symbols=(A B C D E F)
fills() { jq -c 'select(.type == "fill") | [.time, .symbol, .strategy, .role, .side, .quantity, .price, .commission]' "$@" | sort; }
ends() {
    jq -c 'select(.type == "order_update" and (.status | IN("canceled", "expired", "rejected"))) |
        [.order_id, .time, .status, .reason]' "$@" | sort
}

worlds() { # NAME, of its stream and folder
    local name=$1 stream=$1.stream folder=$1.moments now world bad=0
    tn-backtest run --signals --orders -a paper "$stream" >"$name-backtest.ndjson" 2>"$name-backtest.err"
    is "$name: a backtest of orders ends well" "$?" 0
    for world in session scan; do
        mkdir -p "home-$world-$name"
        cp "$TN_HOME/config" "home-$world-$name/config"
        TN_HOME=$PWD/home-$world-$name tn-order open paper --now 2023-12-31 -q
    done
    TN_HOME=$PWD/home-session-$name tn-order run "$stream" >"$name-session.ndjson" 2>"$name-session.err"
    like "$name: a session too; what the limits refuse is told" "$?" '^[06]$'
    # A day is its bars, then its orders, with nothing kept in between but the journal.
    export TN_HOME=$PWD/home-scan-$name
    for now in "$folder"/*.now; do
        tn-order settle "${now%now}bars" >>"$name-scan.ndjson" || bad=1
        [ ! -e "${now%now}orders" ] ||
            tn-order submit --now "$(cat "$now")" "${now%now}orders" >>"$name-scan.ndjson" || [ "$?" -eq 6 ] || bad=1
    done
    export TN_HOME=$WORK/tn
    is "$name: no scan failed" "$bad" 0
    for world in backtest session scan; do
        fills "$name-$world.ndjson" >"$name-$world.fills"
        ends "$name-$world.ndjson" >"$name-$world.ends"
    done
    same "$name: backtest and session give the same fills" "$name-session.fills" "$name-backtest.fills"
    same "$name: and the same ends without one" "$name-session.ends" "$name-backtest.ends"
    same "$name: the scan gives the same fills" "$name-scan.fills" "$name-backtest.fills"
    same "$name: and the same ends" "$name-scan.ends" "$name-backtest.ends"
    TN_HOME=$PWD/home-session-$name ok "$name: the journal verifies" tn-journal verify -q
    TN_HOME=$PWD/home-session-$name exits "$name: a re-run of what was ordered by hand is the same" 0 \
        tn-backtest diff -a paper "$name.ndjson"
    like "$name: and says of how much" "$err" '^tn-backtest: ([0-9]+) orders, \1 the same'
}

tn-quote bars -s sim:actions "${symbols[@]}" --from 2024-01-01 --to 2024-05-15 >days.ndjson
mkdir days.moments
python3 "$TOP/tests/cli/order-worlds.py" 1 days.moments <days.ndjson >days.stream
worlds days

# That the proof is one: each kind has filled, entering and leaving.
jq -r 'select(.type == "order") | [.id, .order_type, .time_in_force // "none", .role] | @tsv' days.stream | sort >kinds
jq -r 'select(.type == "fill") | .order_id' days-backtest.ndjson | sort -u >filled
count() { awk -F'\t' -v "$1" -v role="$2" 'NR == FNR { f[$1]; next } ($2 == k || $3 == t) && (role == "" || $4 == role) && ($1 in f)' filled kinds | wc -l; }
for kind in market limit stop stop_limit trailing_stop market_if_touched limit_if_touched market_on_open market_on_close; do
    for role in entry exit; do
        filled=$(count k="$kind" "$role")
        ok "$kind, $role: $filled filled" test "$filled" -gt 0
    done
done
for tif in day gtc gtd ioc fok opg cls; do
    filled=$(count t="$tif" '')
    ok "$tif: $filled filled" test "$filled" -gt 0
done
like 'stops have trailed' "$(cat days-session.ndjson)" '"stop_price":[0-9.]*,"reason":"trail"'
for reason in break-even age oco oto; do
    like "exits: $reason" "$(cat days-session.ndjson)" "\"reason\":\"$reason\""
done
like 'exits at a time' "$(cat days-backtest.fills)" '"time"'
like 'limits were set off' "$(cat days-session.ndjson)" '"triggered":true'
like 'legs of the new kinds have filled' "$(jq -r 'select(.type == "order" and .parent != null) | .order_type' days-session.ndjson | sort -u | tr '\n' ' ')" \
    'limit limit_if_touched market market_if_touched stop stop_limit trailing_stop'

# Bars of hours: auctions are the first and the last of a session.
tn-quote bars -s sim:actions A B --interval 1h --from 2024-03-04 --to 2024-03-23 >hours.ndjson
mkdir hours.moments
python3 "$TOP/tests/cli/order-worlds.py" 2 hours.moments <hours.ndjson >hours.stream
worlds hours
jq -r 'select(.type == "order") | [.id, .order_type, .time_in_force // "none", .role] | @tsv' hours.stream | sort >kinds
jq -r 'select(.type == "fill") | .order_id' hours-backtest.ndjson | sort -u >filled
for tif in opg cls; do
    filled=$(count t="$tif" '')
    ok "hours: $tif: $filled filled" test "$filled" -gt 0
done

# Signals that enter at a stop or limit which moves, and name their exits: the same three worlds.
mkdir signals.moments
python3 "$TOP/tests/cli/signal-worlds.py" signals.moments <days.ndjson >signals.stream
tn-backtest run --signals --orders -a paper signals.stream >signals-backtest.ndjson
is 'a backtest of such signals ends well' "$?" 0
for world in session scan; do
    mkdir -p "home-$world-signals"
    cp "$TN_HOME/config" "home-$world-signals/config"
    TN_HOME=$PWD/home-$world-signals tn-order open paper --now 2023-12-31 -q
done
export TN_HOME=$PWD/home-session-signals
tn-risk size --session -p <signals.stream | tn-order run >signals-session.ndjson
export TN_HOME=$PWD/home-scan-signals
for now in signals.moments/*.now; do
    tn-order settle "${now%now}bars" >>signals-scan.ndjson
    [ ! -e "${now%now}orders" ] || tn-risk size --now "$(cat "$now")" <"${now%now}orders" |
        tn-order submit --now "$(cat "$now")" >>signals-scan.ndjson
done
export TN_HOME=$WORK/tn
for world in backtest session scan; do fills "signals-$world.ndjson" >"signals-$world.fills"; done
same 'signals: backtest and session give the same fills' signals-session.fills signals-backtest.fills
same 'signals: the scan too' signals-scan.fills signals-backtest.fills
for role in entry stop target time exit; do
    like "signals: a fill of a $role" "$(cat signals-backtest.fills)" "\"$role\""
done
like 'signals: an entry was moved' "$(cat signals-session.ndjson)" '"reason":"replaced"'
like 'signals: a stop that is held was moved' "$(jq -r 'if .type == "order" and .role == "stop" then .id elif .reason == "replaced" and .stop_price then .order_id else empty end' signals-session.ndjson | sort | uniq -d)" .
like 'signals: one ended with its bars' "$(cat signals-session.ndjson)" 'not filled in its bars'
like 'signals: one was withdrawn' "$(cat signals-session.ndjson)" '"reason":"flat wanted"'

unlike 'the old words are not written' "$(cat days-session.ndjson)" 'market_on_'

finish
