#!/usr/bin/env bash
# Recorded replies of a provider (shared/data/fixtures, beside the repository) decode to the figures that they hold, as jq
# reads them from the files. Without them there is nothing to try.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs python3
for folder in "$TOP/.." "$TOP/../.."; do
    fixtures=$folder/shared/data/fixtures/massive
    [ ! -d "$fixtures" ] || break
done
if [ ! -d "$fixtures" ]; then
    skip 'recorded replies of Massive' 'they are not here'
    finish
fi

export FIXTURES=$fixtures
ask_server fixtures
printf 'key = x\n' >key
chmod 600 key
mkdir "$TN_HOME/feeds"
# Any reply, as an event that holds it: what passes here has been read strictly.
cat >"$TN_HOME/feeds/any.jq" <<'END'
def describe: {title: "any", takes_path: true, commands: ["events"]};
def request: {path: "/file/\(.symbols[0])"};
def response: {type: "event", time: .now.time, kind: "reply", title: .symbols[0], body: .body};
END
cat >"$TN_HOME/config" <<END
source massive { url = "$url"  kind = massive  secret_file = "$WORK/key"  pace = "1000/1" }
source any { url = "$url/"  kind = any  pace = "1000/1" }
END

# ask COMMAND ARGUMENT…: what jq makes of the records; want FILE FILTER: what it makes of the reply
ask() {
    run tn-quote "$1" -s massive --now 2024-07-01T00:00:00Z --from 2001-01-01 "${@:3}"
    got="$code $(jq -c "select(.type != \"end\") | $2" <<<"$out")"
}
want() { echo "0 $(jq -c ".results[] | $2" "$fixtures/$1.json")"; }

ask bars 'select(.type == "bar") | [.session, .open, .high, .low, .close, .volume]' AAPL --to 2020-01-06
# 1577941200 is 2020-01-02 00:00 in New York, 1578027600 the day after
is 'bars' "$got" "$(want aggs_range '[(.t / 1000 - 18000 | todate | .[0:10]), .o, .h, .l, .c, .v]')"
ask actions 'select(.kind == "split") | [.ex_date, .new, .old]' AAPL
is 'splits, oldest first' "$got" "0 $(jq -c '.results | reverse | .[] | [.execution_date, .split_to, .split_from]' "$fixtures/splits.json")"
ask actions 'select(.kind == "dividend") | [.ex_date, .cash, .pay_date]' AAPL
is 'dividends' "$got" "0 $(jq -c '.results | reverse | .[] | [.ex_dividend_date, .cash_amount, .pay_date]' "$fixtures/dividends.json")"
ask quotes '[.bid, .bid_size, .ask, .ask_size]' AAPL
is 'a quote' "$got" "$(want last_nbbo . >/dev/null; jq -c '"0 \([.results | .p, .s, .P, .S] | tojson)"' -r "$fixtures/last_nbbo.json")"
ask quotes '.time' AAPL
is 'with its nanoseconds, which are more than a double holds' "$got" '0 "2021-04-07T20:27:01.3497303Z"' # 1617827221349730300
ask chain '[.strike, .expiry, .right, .bid, .ask, .last, .open_interest, .implied_volatility, .delta]' AAPL
is 'an option' "$got" "$(want option_chain '[.details.strike_price, .details.expiration_date, .details.contract_type, .last_quote.bid, .last_quote.ask, .last_trade.price, .open_interest, .implied_volatility, .greeks.delta]')"
ask news '[.headline, .published, .url]' UBS
is 'news' "$got" "$(want news '[.title, .published_utc, .article_url]')"
run tn-quote search -s massive --now 2024-07-01T00:00:00Z x
is 'search' "$code $(jq -c 'select(.type != "end") | [.symbol, .name]' <<<"$out")" "$(want tickers '[.ticker, .name]')"

# Each of the replies, those of questions that we do not ask too, is read whole: numbers come as they were written.
mapfile -t names < <(basename -s .json -a "$fixtures"/*.json)
run tn-quote events -s any --now 2024-07-01T00:00:00Z "${names[@]}"
jq -cS 'select(.type == "event") | [.title, .body]' <<<"$out" | sort >got
for name in "${names[@]}"; do echo "$fixtures/$name.json"; done |
    xargs jq -cS '[(input_filename | split("/")[-1] | rtrimstr(".json")), walk(if type == "number" then tostring else . end)]' | sort >want
same 'every reply is read whole' got want
finish
