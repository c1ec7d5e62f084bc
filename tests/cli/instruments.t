#!/usr/bin/env bash
# instruments.ndjson: what symbols are, beside and under the sections of the configuration.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# A future of 50 a point, in quarters: one point up is 50 of profit, less nothing.
bar() { printf '{"type":"bar","time":"%sT00:00:00Z","end":"%sT00:00:00Z","symbol":"ES","interval":"1d","open":%s,"high":%s,"low":%s,"close":%s,"volume":1}\n' "$1" "$2" "$3" "$3" "$3" "$3"; }
{
    bar 2026-03-01 2026-03-02 100
    bar 2026-03-02 2026-03-03 100
    bar 2026-03-03 2026-03-04 101
    bar 2026-03-04 2026-03-05 102
    bar 2026-03-05 2026-03-06 103
} >es.nd
printf '%s\n' 'enter long: close > 100' 'exit long: close > 101' 'stop: close - 50.10' >up.tn
realized() { tn-backtest run up.tn es.nd --calendar always --sizing quantity:2 --max-position 90% | jq -r 'select(.type == "result") | .metrics.net_profit'; }
is 'a stock without it' "$(realized)" 2
printf '%s\n' '{"type":"instrument","time":"2026-01-01T00:00:00Z","symbol":"ES","exchange":"CME","kind":"future","tick_size":0.25,"multiplier":20,"expiry":"2026-12-18"}' \
    '{"type":"instrument","time":"2026-02-01T00:00:00Z","symbol":"ES","name":"E-mini S&P 500","currency":"USD","multiplier":50}' '' \
    '{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}' >"$TN_HOME/instruments.ndjson"
is 'the later line counts: two of them, one point, fifty' "$(realized)" 100
is 'the stop is on a quarter' "$(tn-backtest run up.tn es.nd --orders --calendar always --sizing quantity:2 --max-position 90% | jq -r 'select(.type == "order" and .role == "stop") | .stop_price * 4 % 1' | sort -u)" 0
known() { tn-quote instruments "$@" | jq -c '[.symbol, .kind, .name, .exchange, .currency, .tick_size, .multiplier, .expiry]'; }
is 'what is known of it, field by field' "$(known ES)" '["ES","future","E-mini S&P 500","CME","USD",0.25,50,"2026-12-18"]'
exits 'of another nothing' 1 tn-quote instruments NQ
stderr_like 'which is said' 'nothing is known about .NQ.'
mkdir bare
echo '{"type":"instrument","symbol":"ES","kind":"future"}' >bare/instruments.ndjson
exits 'no future without its multiplier' 2 env TN_HOME="$PWD/bare" tn-backtest run up.tn es.nd --calendar always --sizing quantity:2 --max-position 90%
stderr_like 'which is said too' 'the multiplier of ES is unknown'
printf 'instrument ES { multiplier = 5 }\n' >"$TN_HOME/config"
chmod 600 "$TN_HOME/config"
is 'a section goes before the file' "$(realized)" 10
is 'and is shown' "$(known)" '["ES","future","E-mini S&P 500","CME","USD",0.25,5,"2026-12-18"]'
python3 -c 'for i in range(5000): print("instrument T%d { multiplier = %d tick_size = 0.5 }" % (i, i + 1))' >"$TN_HOME/config"
is 'ten thousand settings' "$(known T4321)" '["T4321",null,null,null,null,0.5,4322,null]'
is 'five thousand and one are listed' "$(known | wc -l)" 5001
rm "$TN_HOME/config"
python3 -c 'for i in range(5000): print("{\"type\":\"instrument\",\"time\":\"2026-01-01T00:00:00Z\",\"symbol\":\"S%d\",\"multiplier\":%d}" % (i, i + 1))' >"$TN_HOME/instruments.ndjson"
sed 's/"ES"/"S4999"/' es.nd >s.nd
is 'five thousand of them' "$(tn-backtest run up.tn s.nd --calendar always --sizing quantity:1 --max-position 1000% --cash 1000000 | jq -r 'select(.type == "result") | .metrics.net_profit')" 5000
mistake() { # NAME SAYS LINE
    printf '%s\n' '' "$3" >"$TN_HOME/instruments.ndjson"
    exits "$1" 2 tn-backtest run up.tn es.nd --calendar always
    stderr_like "$1: said" "$2"
}
mistake 'no JSON' 'instruments.ndjson:2: ' 'ES 50'
mistake 'another record' 'instruments.ndjson:2: not an instrument' '{"type":"note","time":"2026-01-01T00:00:00Z","text":"x"}'
mistake 'no symbol' 'instruments.ndjson:2: instrument without .symbol.' '{"type":"instrument","multiplier":50}'
mistake 'a negative multiplier' 'instruments.ndjson:2: field .multiplier.*not above zero' '{"type":"instrument","symbol":"ES","multiplier":-50}'
mistake 'a zero tick' 'instruments.ndjson:2: field .tick_size.*not above zero' '{"type":"instrument","symbol":"ES","tick_size":0}'
mistake 'a text for a number' 'lot_size.*a string, not' '{"type":"instrument","symbol":"ES","lot_size":"1"}'
finish
