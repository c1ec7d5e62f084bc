#!/usr/bin/env bash
# Sources over the network: every adapter against a stand-in that answers as its provider's documentation says.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs python3

ask_server providers

printf 'key = PKTEST\nsecret = canary-secret\n' >alpaca.key
printf 'canary-key\n' >key
printf 'key: kitekey\ntoken: canary-token\n' >kite.key
printf 'canary-token\n' >token
chmod 600 ./*key token
cat >"$TN_HOME/config" <<END
network { log_requests = yes }
source alp { kind = alpaca  url = "$url"  secret_file = "$WORK/alpaca.key" }
source massive { url = "$url"  kind = massive  secret_command = "cat $WORK/key" }
source yahoo { url = "$url"  kind = yahoo  pace = "1000/1" }
source stooq { url = "$url"  kind = stooq  pace = "1000/1" }
source av { url = "$url"  kind = alphavantage  secret_file = "$WORK/key"  pace = "1000/1" }
source tiingo { url = "$url"  kind = tiingo  secret_file = "$WORK/key" }
source fred { url = "$url"  kind = fred  secret_file = "$WORK/key" }
source coinbase { url = "$url"  kind = coinbase  pace = "1000/1" }
source kraken { url = "$url"  kind = kraken  pace = "1000/1" }
source kite { url = "$url"  kind = kite  secret_file = "$WORK/kite.key"  pace = "1000/1" }
source tradier { url = "$url"  kind = tradier  secret_file = "$WORK/token" }
source edgar { url = "$url"  kind = edgar  pace = "1000/1" }
source newsapi { url = "$url"  kind = newsapi  secret_file = "$WORK/key" }
source rss { url = "$url/feeds/rss.xml"  kind = rss  pace = "1000/1" }
source atom { url = "$url/feeds/atom.xml"  kind = rss  pace = "1000/1" }
source vain { url = "$url/feeds/vain.xml"  kind = rss  pace = "1000/1" }
source bomb { url = "$url/feeds/bomb.xml"  kind = rss  pace = "1000/1" }
source cut { url = "$url/feeds/cut.xml"  kind = rss  pace = "1000/1" }
source gdelt { url = "$url"  kind = gdelt  pace = "1000/1" }
source binance { url = "$url"  kind = binance }
END

# bars SOURCE SYMBOL…: date, close and volume of each, and actions
now='--now 2026-11-25T12:00:00Z'
bars() {
    # shellcheck disable=SC2086
    run tn-quote bars $now -s "$@"
    got=$(jq -r 'if .type == "bar" then "\(.symbol) \(.session // .time) \(.close) \(.volume)"
                 elif .type == "action" then "\(.symbol) \(.ex_date) \(.kind) \(.cash // "\(.new):\(.old)")" else empty end' <<<"$out")
}
# The rule of tests/servers/providers.py: 100 + (sum of the symbol's bytes + days since 1970) % 50 + 0.25.
# AAPL is 65+65+80+76 = 286; 2026-11-20, 23, 24 are days 20777, 20780, 20781: 13, 16, 17 over 50 whole parts.
aapl='AAPL 2026-11-20 113.25 1077
AAPL 2026-11-23 116.25 1080
AAPL 2026-11-24 dividend 0.26
AAPL 2026-11-24 117.25 1081'

bars alp AAPL -n 3
is 'Alpaca: bars, with the dividend before its day' "$code $got" "0 $aapl"
like 'and where they are from' "$out" '"adjusted":"raw","source":"alpaca:iex"'
bars massive AAPL -n 3
is 'Massive: the same' "$code $got" "0 $aapl"
# ESZ6 is 69+83+90+54 = 296: (296 + 20781) % 50 = 27; the 23rd, 26
bars massive:futures ESZ2026 -n 2 --calendar cme-equity
is 'Massive: sessions of futures, which begin the evening before' "$code $got" '0 ESZ2026 2026-11-23 126.25 1080
ESZ2026 2026-11-24 127.25 1081'
bars yahoo AAPL -n 3
is 'Yahoo: a row of nulls is no bar, the live row is none either' "$code $got" "0 AAPL 2026-11-19 112.25 1076
AAPL 2026-11-20 113.25 1077
AAPL 2026-11-24 dividend 0.26
AAPL 2026-11-24 117.25 1081"
like 'its prices are adjusted for splits' "$out" '"adjusted":"split","source":"yahoo"'
bars yahoo BHP.AX -n 1
is 'Yahoo: a day is that of the exchange' "$code $got" '0 BHP.AX 2026-11-24 2 5'
run tn-quote bars --now 2026-11-25T12:00:00Z -s yahoo VOD.L -n 1
like 'Yahoo: pence are said to be pence' "$err" 'yahoo: VOD.L: prices are in hundredths \(GBp\)'
bars stooq ^SPX -n 1
# SPX with its circumflex is 94+83+80+88 = 345: (345 + 20781) % 50 = 26
is 'Stooq: an index, which has no volumes' "$code $got" '0 ^SPX 2026-11-24 126.25 0'
bars stooq AAPL -n 3
is 'Stooq: CSV' "$code $got" "0 $(grep -v dividend <<<"$aapl")"
like 'its prices are adjusted for all' "$out" '"adjusted":"total","source":"stooq"'
# BTCUSDT is 66+84+67+85+83+68+84 = 537: day 20781 gives (537 + 20781) % 50 = 18
bars binance BTC/USDT -n 2
is 'Binance: days of UTC, the running one left out' "$code $got" '0 BTC/USDT 2026-11-23 117.25 1080
BTC/USDT 2026-11-24 118.25 1081'

bars av AAPL -n 3
is 'Alpha Vantage: raw days, with what SPLITS and DIVIDENDS say' "$code $got" "0 AAPL 2026-11-20 113.25 1077
AAPL 2026-11-23 split 2:1
AAPL 2026-11-23 116.25 1080
AAPL 2026-11-24 dividend 1.67
AAPL 2026-11-24 117.25 1081"
bars av AAPL -i 5m --from 2026-11-01
is 'its minutes are of New York' "$code $(jq -r 'select(.type == "bar") | "\(.time) \(.close)"' <<<"$out")" '0 2026-11-24T14:30:00Z 2
2026-11-24T14:35:00Z 2.5'
bars tiingo AAPL -n 3
is 'Tiingo: raw days with their dividend' "$code $got" "0 $aapl"
bars tiingo BRK.B -n 1
# BRK.B is 66+82+75+46+66 = 335: (335 + 20781) % 50 = 16
is 'Tiingo: classes of shares are spelled its way' "$code $(grep -v dividend <<<"$got")" '0 BRK.B 2026-11-24 116.25 1081'
bars tiingo:iex AAPL -i 5m -n 1
is 'Tiingo: minutes are those of its feed iex' "$code $got $(grep -c '"source":"tiingo:iex"' <<<"$out")" '0 AAPL 2026-11-24T14:30:00Z 1.75 12 1'
# BTC-USD is 66+84+67+45+85+83+68 = 498: (498 + 20781) % 50 = 29; XBTUSD is 88+66+84+85+83+68 = 474: 5
bars coinbase BTC/USD -n 1
is 'Coinbase: newest first is put in order' "$code $got" '0 BTC/USD 2026-11-24 129.25 1081'
bars coinbase BTC/USD --from 2026-01-01
is 'Coinbase: windows of 300 days' "$code $(grep -c '"type":"bar"' <<<"$out")" '0 328' # 2026-01-01 to 2026-11-24
bars kraken BTC/USD -n 1
is "Kraken: the pair's own name" "$code $got" '0 BTC/USD 2026-11-24 105.25 1081'
bars kite NSE:INFY NSE:RELIANCE -n 1
# 408065 is 52+48+56+48+54+53 = 311: (311 + 20781) % 50 = 42; 738561 is 55+51+56+53+54+49 = 318: 49
is 'Kite: the numbers of instruments are looked up once' "$code $got" '0 NSE:INFY 2026-11-24 142.25 1081
NSE:RELIANCE 2026-11-24 149.25 1081'
bars tradier AAPL -n 3
is 'Tradier: days' "$code $got" "0 $(grep -v dividend <<<"$aapl")"
bars tradier ONE -n 1
is 'Tradier: one element is an object' "$code $(grep -c '"type":"bar"' <<<"$out")" '0 1'

# ask COMMAND SOURCE …: the records, without the end
ask() {
    # shellcheck disable=SC2086
    run tn-quote "$1" $now -s "${@:2}"
    got=$(grep -v '"type":"end"' <<<"$out")
}
ask quotes alp AAPL MSFT
is 'quotes: Alpaca' "$code $(head -1 <<<"$got")" '0 {"type":"quote","symbol":"AAPL","time":"2026-11-24T14:31:02.208417003Z","bid":190.29,"bid_size":100,"ask":190.31,"ask_size":200}'
ask quotes massive AAPL
is 'quotes: Massive, to the nanosecond' "$code $(jq -c '[.time, .bid, .ask_size]' <<<"$got")" '0 ["2021-04-07T20:27:01.3497303Z",127.96,7]'
ask chain massive AAPL
is 'chain: Massive, without greeks' "$code $(jq -c '[.symbol, .time, .strike, .bid, .open_interest, .delta]' <<<"$got")" \
    '0 ["AAPL261218C00150000","2020-11-12T15:45:18.5072517Z",150,120.28,1543,null]'
ask quotes binance BTC/USDT
is 'quotes: Binance' "$code $got" '0 {"type":"quote","symbol":"BTC/USDT","time":"2026-11-25T12:00:00Z","bid":91250.1,"bid_size":1.5,"ask":91250.11,"ask_size":0.25}'
ask quotes coinbase BTC/USD
is 'quotes: Coinbase' "$code $(jq -c '[.time, .bid, .ask_size]' <<<"$got")" '0 ["2026-11-24T14:30:00.123456Z",91250.1,0.25]'
ask quotes kraken BTC/USD
is 'quotes: Kraken' "$code $(jq -c '[.bid, .bid_size, .ask]' <<<"$got")" '0 [91250.1,2,91250.2]'
exits 'fault-058: every symbol is unknown to Kite: it ends' 5 timeout 10 tn-stream live -s kite NSE:NOSUCH NSE:NOSUCH2
stderr_like 'and says which' 'kite: NSE:NOSUCH2: refused: no such instrument'
ask quotes kite NSE:INFY
is 'quotes: Kite, Indian time' "$code $(jq -c '[.time, .bid, .ask]' <<<"$got")" '0 ["2026-11-25T10:15:56Z",1530,1530.05]'
ask quotes tradier AAPL
is 'quotes: Tradier' "$code $(jq -c '[.time, .bid, .ask]' <<<"$got")" '0 ["2026-11-24T14:30:00.123Z",190.29,190.31]'
ask quotes tradier UNKNOWN
is 'quotes: an unknown symbol' "$code $err" '5 tn-quote: UNKNOWN: tradier: no such symbol'
ask quotes alp AAPL GONE
is 'quotes: a symbol that the answer passes over has failed' "$code $err" '5 tn-quote: GONE: alpaca: the answer has no data for it'
ask chain alp AAPL
is 'chain: Alpaca' "$code $(jq -c '[.symbol, .underlying, .expiry, .right, .strike, .bid, .delta, .implied_volatility]' <<<"$got")" \
    '0 ["AAPL261218C00190000","AAPL","2026-12-18","call",190,5.1,0.52,0.2871]'
ask chain tradier AAPL
is 'chain: Tradier, every expiry' "$code $(jq -r '.expiry' <<<"$got" | tr '\n' ' ')" '0 2026-12-18 2027-01-15 '
ask news alp AAPL
is 'news: Alpaca' "$code $(jq -c '[.id, .headline, .first_seen, .symbols]' <<<"$got")" \
    '0 ["alpaca:51200417","Apple &amp; friends","2026-11-25T12:00:00Z",["AAPL"]]'
ask news av IBM
is 'news: Alpha Vantage' "$code $(jq -c '[.id, .published, .symbols]' <<<"$got")" '0 ["https://example.com/5","2026-11-24T14:30:00Z",["IBM"]]'
ask news tiingo AAPL
is 'news: Tiingo' "$code $(jq -c '[.id, .published]' <<<"$got")" '0 ["tiingo:9","2026-11-24T12:00:00Z"]'
ask news newsapi --about 'rate cut'
is 'news: NewsAPI, what was removed left out' "$code $(jq -c '[.id, .headline]' <<<"$got")" '0 ["https://example.com/2","Later"]'
ask news gdelt AAPL
is 'news: GDELT' "$code $(jq -c '[.first_seen, .publisher]' <<<"$got")" '0 ["2026-11-24T14:30:00Z","example.com"]'
ask news rss
is 'news: RSS' "$code $(jq -c '[.id, .headline, .url, .published, .summary]' <<<"$got")" \
    '0 ["r-1","Fed <b>holds</b>","https://example.com/r1","2026-11-24T19:00:00Z","A&nbsp;B é"]
["https://example.com/r2","Without a date","https://example.com/r2",null,null]'
first=$got
ask news rss
is 'what has not changed is asked for with its version, and had again' "$got $(tail -1 "$TN_HOME/state/requests.ndjson" | jq .status)" "$first 304"
is 'the kept answers are private' "$(find "$TN_HOME/cache/answers" -type f ! -perm 0600 | wc -l) $(find "$TN_HOME/cache/answers" -name '*.answer' | wc -l)" '0 1'
for file in "$TN_HOME"/cache/answers/*; do printf 'etag: "v7"' >"$file"; done
ask news rss
is 'one that is damaged is asked for anew' "$got $(tail -1 "$TN_HOME/state/requests.ndjson" | jq .status)" "$first 200"
ask news vain
is 'not changed, which nobody asked' "$code $(grep -c 'answers 304 (not changed), but nothing is cached' <<<"$err")" '5 1'
ask news atom
is 'news: Atom' "$code $(jq -c '[.id, .headline, .url, .published]' <<<"$got")" \
    '0 ["urn:a1","Rates &amp; bonds","https://example.com/a1","2026-11-24T15:00:00Z"]'
ask news bomb
is 'news: entities of its own are refused' "$code $(grep -c 'a document type with declarations' <<<"$err")" '5 1'
ask news cut
is 'news: a feed that breaks off' "$code $(grep -c 'an element that does not end' <<<"$err")" '5 1'
ask news gdelt --about the
is 'news: a sentence instead of JSON' "$code $err" '3 tn-quote: gdelt: Your query was too short or too long.'
ask news gdelt --about odd
is 'news: GDELT, escapes and control bytes that JSON has not' "$code $(jq -r .headline <<<"$got")" "0 It's out"
ask events fred DGS10 --from 2026-11-20
is 'events: FRED, each value when it became known' "$code $(jq -c '[.time, .date, .value]' <<<"$got")" \
    '0 ["2026-11-25T04:59:59Z","2026-11-23",4.25]
["2026-11-26T04:59:59Z","2026-11-23",4.26]'
ask events fred DGS10 --from 2026-11-13 --to 2026-11-20
is 'events: FRED, what became known in the time asked for, of months before it' "$code $(jq -c '[.time, .date, .value]' <<<"$got")" \
    '0 ["2026-11-14T04:59:59Z","2026-10-01",4.2]
["2026-11-14T04:59:59Z","2026-09-01",4.11]'
ask events fred UNKNOWN
is 'events: an unknown series' "$code $err" '5 tn-quote: UNKNOWN: fred: Bad Request.  The series does not exist.'
ask events edgar AAPL
is 'events: EDGAR demands a contact' "$code $(grep -c 'set .contact. in the section network' <<<"$err")" '4 1'
sed -i 's/^network {/network { contact = "Test test@example.com" /' "$TN_HOME/config"
ask events edgar AAPL
is 'events: EDGAR, filings' "$code $(jq -c '[.time, .form, .id]' <<<"$got")" '0 ["2026-10-31T02:00:00Z","10-K","0000320193-26-000079"]'
ask events edgar:facts AAPL
is 'events: facts are known by their first filing' "$code $(jq -c '[.time, .title, .value]' <<<"$got")" \
    '0 ["2026-10-31T02:00:00Z","us-gaap:Revenues",416161000000]'
ask search edgar berkshire
is 'search' "$code $(jq -c '[.symbol, .cik]' <<<"$got")" '0 ["BRK.B","0001067983"]'
ask search av ibm
is 'search: Alpha Vantage' "$code $(jq -c '[.symbol, .currency]' <<<"$got")" '0 ["IBM","USD"]'
exits 'search: kept' 0 tn-quote search -s coinbase btc --save
stderr_like 'search: said' '1 of 1 instruments are new'
exits 'search: and again' 0 tn-quote search -s coinbase btc --save
stderr_like 'search: nothing new' '0 of 1 instruments are new'
is 'search: once in the file' "$(jq -c '[.symbol, .kind, .currency, .tick_size]' "$TN_HOME/instruments.ndjson")" '["BTC/USD","crypto","USD",0.01]'
rm "$TN_HOME/instruments.ndjson"
ask search edgar nothing-like-it
is 'search: nothing found' "$code $(jq -c .failed <<<"$out")" '1 {"edgar":"nothing found"}'
ask quotes stooq AAPL
is 'what a source cannot do is said' "$code $(head -1 <<<"$err")" '2 tn-quote: stooq has no quotes'

COLUMNS=60 run tn-quote watch -s alp -O table AAPL GONE --rounds 2 --every 1
# 190.31 - 190.29 is 1.05 hundredths of a percent of 190.30; 14:31:02 in UTC is 9:31:02 in New York
is 'watch: a table, twice, as wide as there is room' "$code $(grep -c '^AAPL  *190.29  190.31 .* 0.00 % .*2026-11-24 09:31:02' <<<"$out")" '5 2'
is 'watch: why a symbol fails is not left out' "$(grep -A1 '^GONE' <<<"$out" | grep -c '^    alpaca: the answer has no data for it')" 2
COLUMNS=120 run tn-quote watch -s alp -O table AAPL --rounds 1
like 'watch: with more room, middle and spread' "$out" '^AAPL +190.29 +190.31 +190.3 +0.00 % +1.1 '
run tn-quote watch -s tradier -O json AAPL UNKNOWN --rounds 1
is 'watch: what fails stays in the table' "$code $(jq -c 'select(.symbol == "UNKNOWN") | [.bid, .trouble]' <<<"$out")" \
    '5 [null,"tradier: no such symbol"]'
exits 'watch: a source without quotes' 2 tn-quote watch -s stooq AAPL
run tn-quote sources -O json
is 'sources: every file in share/feeds' "$code $(jq -r .source <<<"$out" | grep -cvE '^(csv|sim)$')" \
    "0 $(find "$TOP/share/feeds" -name '*.jq' | wc -l)"
is 'and what is configured' "$(jq -c 'select(.source == "alpaca") | [.configured, .feeds, .credentials]' <<<"$out")" \
    '["alp","iex sip delayed_sip boats otc","key secret"]'
mkdir -p "$TN_HOME/feeds"
printf 'def describe: {title: env.HOME};' >"$TN_HOME/feeds/bad.jq"
exits 'sources: a bad file is named' 2 tn-quote sources -O json
stderr_like 'with what is wrong' "feeds/bad.jq: a source must not use 'env'"
rm "$TN_HOME/feeds/bad.jq"

# Conformance: the good pass; one that takes no notice of the range does not.
for pair in massive:AAPL yahoo:AAPL binance:BTC/USDT coinbase:BTC/USD kraken:BTC/USD tradier:AAPL alp:AAPL \
    stooq:AAPL av:AAPL tiingo:AAPL kite:NSE:INFY fred:DGS10 edgar:AAPL newsapi:AAPL gdelt:AAPL rss:AAPL; do
    # shellcheck disable=SC2086
    run tn-quote check $now -O json "${pair%%:*}" "${pair#*:}"
    is "check: ${pair%%:*}" "$code $(jq -r 'select(.result != "pass") | "\(.check) \(.detail)"' <<<"$out")" '0 '
done
cat >"$TN_HOME/feeds/deaf.jq" <<'END'
def describe: {title: "Deaf", origin: "https://example.com", commands: ["bars"], intervals: ["1d"], adjusted: "raw"};
def request: {path: "/q/d/l/", expect: "text", query: {s: "aapl.us", d1: "20260901", d2: "20261124"}};
def response: . as $in | .body | gsub("\r"; "") | split("\n") | .[1:][] | select(. != "") | split(",")
  | {type: "bar", symbol: $in.symbols[0], interval: "1d", session: .[0], time: .[0],
     open: .[1], high: .[2], low: .[3], close: .[4], volume: .[5]};
END
printf 'source deaf { kind = deaf  url = "%s" }\n' "$url" >>"$TN_HOME/config"
# shellcheck disable=SC2086
run tn-quote check $now -O json deaf AAPL
is 'check: one that ignores what it is asked' "$code $(jq -r 'select(.result != "pass").check' <<<"$out" | tr '\n' ' ')" \
    '1 range unknown '

# A program of any kind as a source.
cat >mine.py <<'END'
import json, os, subprocess, sys
question = json.loads(sys.stdin.readline())
if question["call"] == "describe":
    print(json.dumps({"title": "Mine", "commands": ["bars", "news"], "intervals": ["1d"], "adjusted": "raw",
                      "credentials": ["key"], "timeout": 1 if sys.argv[1] == "hasty" else 30}))
    sys.exit()
with os.fdopen(3) as file:
    secret = file.read()
with open(sys.argv[1], "w") as file:
    json.dump({"secret": secret, "environment": dict(os.environ), "arguments": sys.argv, "question": question}, file)
for symbol in question["symbols"]:
    if symbol == "SLOW":
        subprocess.Popen(["sleep", sys.argv[2]])
        subprocess.run(["sleep", sys.argv[2]])
    if symbol == "FLOOD":
        while True:
            sys.stdout.write("x" * 100000)
    if symbol == "DIES":
        sys.exit(7)
    if symbol == "SAYS":
        print(json.dumps({"error": "not today", "code": "limit"}))
        continue
    for day, close in (("2026-11-23", "10.10"), ("2026-11-24", 10.25)):
        print(json.dumps({"type": "bar", "symbol": symbol, "interval": "1d", "session": day, "time": day, "open": 10,
                          "high": 11, "low": 9, "close": close, "volume": 5}))
END
printf 'source mine { kind = exec  command = "python3 %s %s"  secret_file = "%s" }\n' "$WORK/mine.py" "'$WORK/two words'" \
    "$WORK/key" >>"$TN_HOME/config"
printf 'source hasty { kind = exec  command = "python3 %s hasty 3007.%s"  secret_file = "%s" }\n' "$WORK/mine.py" $$ "$WORK/key" >>"$TN_HOME/config"
CANARY=canary bars mine ONE TWO -n 2
is 'exec: a program is asked once for all symbols' "$code $got" '0 ONE 2026-11-23 10.1 5
TWO 2026-11-23 10.1 5
ONE 2026-11-24 10.25 5
TWO 2026-11-24 10.25 5'
is 'exec: its secret by descriptor 3, a small environment, its arguments split without a shell' \
    "$(jq -c '[.secret, .environment.TZ, (.environment | has("CANARY", "TN_HOME")), .arguments[1], .question.symbols]' 'two words')" \
    "[\"key = canary-key\\n\",\"UTC\",false,false,\"$WORK/two words\",[\"ONE\",\"TWO\"]]"
bars mine DIES -n 1
is 'exec: one that fails' "$code $err" "5 tn-quote: DIES: mine: 'python3' ended with 7"
bars mine SAYS -n 1
is 'exec: one that says so' "$code $err" '5 tn-quote: SAYS: mine: not today'
bars hasty SLOW -n 1
like 'exec: one that takes too long is ended' "$code $err" '^5 tn-quote: SLOW: hasty: python3: took too long and was killed'
is 'with all that it started' "$(pgrep -fc "sleep 3007.$$\$" || true)" 0
bars mine FLOOD -n 1
like 'exec: one that writes without end' "$code $err" 'tn-quote: FLOOD: mine: python3: writes more than'

# Recorded once, played again without a server.
# shellcheck disable=SC2086
run tn-quote bars $now -s massive --record "$WORK/kept" AAPL NODATA -n 3
first=$out
is 'a recording is private and without secrets' \
    "$(find kept -name '*.exchange' -perm 0600 | wc -l) $(grep -rlE 'canary' kept)" "$(find kept -name '*.exchange' | wc -l) "
sed 's#http://127.0.0.1:[0-9]*#http://127.0.0.1:1#' "$TN_HOME/config" >config.new && cp config.new "$TN_HOME/config"
run tn-quote bars -s massive --replay "$WORK/kept" AAPL NODATA -n 3
is 'played again, at the moment it was recorded' "$code $out" "5 $first"
run tn-quote bars -s massive --replay "$WORK/kept" MSFT -n 3
like 'what was not recorded is not there' "$code $err" '^5 .*no recorded answer to GET /v2/aggs/ticker/MSFT/'
sed "s#http://127.0.0.1:1\"#$url\"#" config.new >"$TN_HOME/config"

bars alp NVDA -n 3
like 'a split of 1.5 for 1 is one of 3 for 2' "$got" 'NVDA 2026-11-23 split 3:2'
# 2025-11-03 to 2026-11-24 are 277 weekdays less the 10 holidays that providers.py lists before 2026-11-26.
bars massive NVDA --from 2025-11-01 --to 2026-08-01
unlike 'bars that end before a split' "$got" split
bars massive NVDA --from 2025-11-01
is 'Massive: three pages by next_url' "$code $(grep -c '"type":"bar"' <<<"$out")" '0 267'
like 'with a split, which is kept by asking for actions up to the present' "$got" 'NVDA 2026-08-31 split 4:1'
bars massive AAPL -i 1w -n 2
is 'weeks are made of its days' "$code $(jq -r 'select(.type == "bar") | "\(.session) \(.volume)"' <<<"$out")" \
    '0 2026-11-09 5340
2026-11-16 5375' # volumes 1066..1070 and 1073..1077: 5 × 1068 and 5 × 1075
bars binance BTC/USDT --from 2025-11-03 -i 1d
is 'Binance: all there is' "$code $(grep -c '"type":"bar"' <<<"$out")" '0 387' # 2025-11-03 to 2026-11-24
sym=$(seq -f 'SYM%03g' 250 | tr '\n' ' ')
# shellcheck disable=SC2086
bars alp $sym -n 2
is 'Alpaca: 250 symbols in groups of 100' "$code $(grep -c '"type":"bar"' <<<"$out")" '0 500'
bars alp AAPL UNKNOWN MSFT -n 1
is 'one unknown symbol of a group does not spoil the others' "$code $(grep -c '"type":"bar"' <<<"$out")" '5 2'
like 'and is named' "$err" 'UNKNOWN: alpaca: invalid symbol: UNKNOWN'

# What goes wrong, all symbols of a source in one run: SYMBOL, what `failed` says.
wrong() {
    local source=$1 want=$2 symbols=() lines symbol says name
    mapfile -t lines
    for line in "${lines[@]}"; do symbols+=("${line%%|*}"); done
    # shellcheck disable=SC2086
    exits "$source: what fails is counted" "$want" tn-quote bars $now -s "$source" "${symbols[@]}" -n 3
    for line in "${lines[@]}"; do
        IFS='|' read -r symbol says name <<<"$line"
        like "$name" "$(jq -r --arg s "$symbol" 'select(.type == "end").failed[$s]' <<<"$out")" "$says"
    done
}
wrong massive 5 <<'END'
NODATA|^no finished bars in the requested range|Massive: 200 without results
PLAN|^massive: You are not entitled to this data|Massive: not in the plan
ELSEWHERE|the next page is at another server .'https://evil.example.com|fault-039: the next page at another server
CIRCLE|pages repeat|Massive: pages in a circle
HTML|the answer cannot be used: not JSON|fault-033: a web page instead of JSON
TWICE|a duplicate key|fault-033: a key twice
CUT|the answer cannot be used: not JSON|fault-033: JSON that breaks off
NAN|the answer cannot be used: not JSON|fault-054: NaN as a price
END
wrong yahoo 5 <<'END'
UNKNOWN|No data found, symbol may be delisted|Yahoo: an unknown symbol
NODATA|no finished bars|Yahoo: no rows
HTML|not JSON|Yahoo: a page that is none
END
wrong stooq 5 <<'END'
HTML|the source demands a browser|Stooq: a challenge
UNKNOWN|no such symbol|Stooq: an unknown symbol
QUOTA|the day's number of requests is used up|Stooq: quota
END
wrong av 5 <<'END'
UNKNOWN|Invalid API call|Alpha Vantage: an unknown symbol
QUOTA|25 requests per day|Alpha Vantage: quota
END
wrong tiingo 5 <<'END'
UNKNOWN|Not found|Tiingo: an unknown symbol
QUOTA|run over your hourly request allocation|Tiingo: text with 200
END
wrong coinbase 5 <<'END'
UNKNOWN/USD|Product UNKNOWN-USD not supported|Coinbase: an unknown product
END
wrong kraken 5 <<'END'
UNKNOWN/USD|EQuery:Unknown asset pair|Kraken: an unknown pair
END
wrong tradier 5 <<'END'
NODATA|no finished bars|Tradier: null
END
wrong binance 5 <<'END'
UNKNOWN/USDT|Invalid symbol|Binance: an unknown symbol
END
wrong alp 5 <<'END'
CIRCLE|pages repeat|Alpaca: pages in a circle
END
wrong alp 5 <<'END'
LIE|no finished bars|Alpaca: a symbol of bars that are none
END
stderr_like 'fault-055: a high below the low' 'alpaca: LIE: high 135.5 is below low 137.5'

# shellcheck disable=SC2086
exits 'fault-036: throttled for longer than it can wait' 5 tn-quote bars $now -s massive THROTTLE -n 1
stderr_like 'says for how long' 'accepts no requests for 100 s'
rm "$TN_HOME/state/pace"/*
# shellcheck disable=SC2086
exits 'Yahoo: too many requests' 5 tn-quote bars $now -s yahoo BUSY -n 1
stderr_like 'it is to be left alone for an hour' 'accepts no requests for 3600 s'
# shellcheck disable=SC2086
exits 'and is' 5 tn-quote bars $now -s yahoo AAPL -n 1 --fresh
stderr_like 'which is said' 'accepts no requests for another 3[56][0-9][0-9] s'
rm "$TN_HOME/state/pace"/*
# shellcheck disable=SC2086
exits 'a bar of 90 minutes cannot be made of days' 2 tn-quote bars $now -s stooq AAPL -i 1h -n 5
# shellcheck disable=SC2086
exits 'without -n or --from, minutes have no beginning' 2 tn-quote bars $now -s massive AAPL -i 1m
exits 'a feed that it has not' 2 tn-quote bars -s massive:sip AAPL
stderr_like 'its feeds are named' 'its feeds: stocks futures'
exits 'an unknown source' 2 tn-quote bars -s alpacka AAPL
exits 'credentials are needed' 4 tn-quote bars -s alpaca AAPL
cp key open.key
chmod 644 open.key
printf 'source open { kind = massive  url = "%s"  secret_file = "%s" }\n' "$url" "$WORK/open.key" >>"$TN_HOME/config"
exits 'fault-085: a key file open to others' 4 tn-quote bars -s open AAPL -n 1
stderr_like 'with the remedy' 'hint: .*chmod'

# fault-084: the secrets are nowhere but in the requests.
run tn-quote bars -s alp AAPL -n 1 -vv --fresh --now 2026-11-25T12:00:00Z
like 'a trace shows the request' "$err" 'APCA-API-SECRET-KEY: \*\*\*'
shown=$(grep -rlE 'canary-(secret|key)' "$TN_HOME" .out .err 2>/dev/null)
is 'fault-084: no secret in the log, the state, the output or a trace' "$shown" ''
like 'the log has every request' "$(cat "$TN_HOME/state/requests.ndjson")" \
    '"source":"massive","method":"GET","url":"http://127.0.0.1:[0-9]+/v2/aggs/ticker/AAPL/range/1/day/.*"status":200'
if [ -d /proc/self ]; then
    printf 'sleep 0.4; cat %s' "$WORK/key" >slow.sh
    printf 'source slow { kind = massive  url = "%s"  secret_command = "sh %s" }\n' "$url" "$WORK/slow.sh" >>"$TN_HOME/config"
    tn-quote bars -s slow AAPL -n 1 >/dev/null 2>&1 &
    pid=$!
    seen=
    while kill -0 $pid 2>/dev/null; do
        for process in $pid $(pgrep -P $pid 2>/dev/null); do
            seen+=$({ tr '\0' ' ' <"/proc/$process/cmdline" && tr '\0' ' ' <"/proc/$process/environ"; } 2>/dev/null)
        done
        sleep 0.02
    done
    like 'its processes were looked at' "$seen" 'tn-quote'
    unlike 'fault-084: none in arguments or environments' "$seen" 'canary'
fi
finish
