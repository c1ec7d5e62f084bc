#!/usr/bin/env bash
# Sources that need more than one question: tokens for a login, a gateway, documents behind lists, what is ahead.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs python3

ask_server providers

printf 'key = appkey\nsecret = canary-secret\nrefresh_token = canary-refresh==\n' >schwab.key
printf 'key = appkey\nsecret = canary-secret\nrefresh_token = canary-old\n' >old.key
printf 'key = appkey\nsecret = canary-secret\n' >reddit.key
printf 'key = appkey\nsecret = canary-wrong\n' >wrong.key
printf 'canary-key\n' >key
printf 'key = appkey\nsecret = canary-secret\nrefresh_token = canary-told\n' >told.key
printf 'canary-told\n' >fred-told.key
printf 'canary-token\n' >token
chmod 600 ./*key token
cat >"$TN_HOME/config" <<END
network { log_requests = yes  contact = "Test test@example.com" }
source schwab { url = "$url"  secret_file = "$WORK/schwab.key"  kind = schwab  pace = "1000/1" }
source old { url = "$url"  secret_file = "$WORK/old.key"  kind = schwab  pace = "1000/1" }
source told { url = "$url"  secret_file = "$WORK/told.key"  kind = schwab  pace = "1000/1" }
source fred-told { url = "$url"  secret_file = "$WORK/fred-told.key"  kind = fred }
source kite { url = "$url"  secret_file = "$WORK/kite.key"  kind = kite  pace = "1000/1" }
source ibkr { url = "$url"  kind = ibkr  pace = "1000/1" }
source reddit { url = "$url"  secret_file = "$WORK/reddit.key"  kind = reddit }
source private { url = "$url/r/private"  secret_file = "$WORK/reddit.key"  kind = reddit }
source wrong { url = "$url"  secret_file = "$WORK/wrong.key"  kind = reddit }
source st { url = "$url"  secret_file = "$WORK/token"  kind = stocktwits  pace = "1000/1" }
source edgar { url = "$url"  kind = edgar  pace = "1000/1" }
source fred { url = "$url"  kind = fred  secret_file = "$WORK/key" }
source bls { url = "$url/bls.ics"  kind = ics  pace = "1000/1" }
source cut { url = "$url/cut.ics"  kind = ics  pace = "1000/1" }
source large { url = "$url/large.ics"  kind = ics  pace = "1000/1" }
source page { url = "$url/page.ics"  kind = ics  pace = "1000/1" }
END

now=2026-11-25T12:00:00Z
# bars SOURCE SYMBOL…: date, close and volume of each; ask COMMAND SOURCE …: the records, without the end
bars() {
    run tn-quote bars --now $now -s "$@"
    got=$(jq -r 'select(.type == "bar") | "\(.symbol) \(.session // .time) \(.close) \(.volume)"' <<<"$out")
}
ask() {
    run tn-quote "$1" --now $now -s "${@:2}"
    got=$(grep -v '"type":"end"' <<<"$out")
}

# ---- Schwab: the rule of tests/servers/providers.py, as in sources.t
bars schwab AAPL -n 2
is 'Schwab: days, with a token that was had for the login' "$code $err $got" '0  AAPL 2026-11-23 116.25 1080
AAPL 2026-11-24 117.25 1081'
like 'its prices are adjusted for splits' "$out" '"adjusted":"split","source":"schwab"'
bars schwab BRK.B -n 1
# BRK.B is 66+82+75+46+66 = 335: (335 + 20781) % 50 = 16
is 'Schwab: classes of shares are spelled its way' "$code $got" '0 BRK.B 2026-11-24 116.25 1081'
bars schwab AAPL -i 5m -n 1
is 'Schwab: minutes' "$code $got" '0 AAPL 2026-11-24T14:30:00Z 1.75 12'
bars schwab UNKNOWN NODATA HTML -n 1
is 'Schwab: what fails is named' "$code $(jq -c 'select(.type == "end").failed | map_values(.[0:31])' <<<"$out")" \
    '5 {"UNKNOWN":"schwab: Symbol not found","NODATA":"no finished bars in the request","HTML":"schwab: the answer cannot be us"}'
ask quotes schwab AAPL UNKNOWN
is 'Schwab: quotes, one of them of no symbol' "$code $(jq -c '[.symbol, .time, .bid, .ask, .ask_size]' <<<"$got") $err" \
    '5 ["AAPL","2026-11-24T14:30:00.123Z",190.29,190.31,2] tn-quote: UNKNOWN: schwab: no such symbol'
ask chain schwab AAPL
is 'Schwab: a chain, its odd figures left out, its percentages as fractions' \
    "$code $(jq -c '[.symbol, .right, .strike, .expiry, .delta, .implied_volatility, .rho]' <<<"$got")" \
    '0 ["AAPL261218C00190000","call",190,"2026-12-18",0.52,0.2871,null]
["AAPL261218P00190000","put",190,"2026-12-18",null,null,null]'
ask chain schwab UNKNOWN
is 'Schwab: no options' "$code $err" '5 tn-quote: UNKNOWN: schwab: no options of this symbol'
ask search schwab berkshire
is 'Schwab: search' "$code $(jq -c '[.symbol, .exchange]' <<<"$got")" '0 ["BRK.B","NYSE"]'
bars old AAPL -n 1 --fresh
is 'a login that has run out' "$code ${err#*: AAPL: }" \
    '4 Charles Schwab returns no access token: unsupported_token_type: 400 Bad Request: refresh token is expired
  hint: the key may be wrong, or the login has expired: log in again, see tn-adapters(5)'
ask news wrong AAPL
is 'a wrong key' "$code $(head -1 <<<"$err")" '4 tn-quote: AAPL: Reddit returns no access token: Unauthorized'

ask quotes told AAPL
is 'fault-084: a secret that the server repeats with its refusal of a token is not shown' "$code $(head -1 <<<"$err") $(grep -c canary .out)" \
    '4 tn-quote: AAPL: Charles Schwab returns no access token: invalid_grant: no login *** of *** 0'
ask events fred-told DGS10
is 'fault-084: nor one in the words of an adapter' "$code $(head -1 <<<"$err") $(grep -c canary .out)" \
    '4 tn-quote: DGS10: fred: Bad Request.  The api_key *** is not registered. 0'

# ---- Interactive Brokers
bars ibkr AAPL -n 2
is 'IBKR: the contract is looked up, sizes are counted in hundreds' "$code $err $got" '0  AAPL 2026-11-23 116.25 1080
AAPL 2026-11-24 117.25 1081'
bars ibkr BRK.B --from 2025-11-03
# 2025-11-03 to 2026-11-24 are 277 weekdays less the 10 holidays of providers.py: two windows of 365 days
is 'IBKR: two windows, nothing twice' "$code $(wc -l <<<"$got") $(sort -u <<<"$got" | wc -l)" '0 267 267'
bars ibkr UNKNOWN NODATA LOGOUT -n 1
is 'IBKR: what fails is named' "$code $(jq -c 'select(.type == "end").failed | map_values(.[0:31])' <<<"$out")" \
    '5 {"UNKNOWN":"ibkr: no such symbol","NODATA":"no finished bars in the request","LOGOUT":"ibkr: the gateway is not logged"}'
ask quotes ibkr AAPL
is 'IBKR: the first snapshot only subscribes, it is asked again' "$code $(jq -c '[.time, .bid, .ask, .ask_size, .bid_size]' <<<"$got")" \
    '0 ["2026-11-24T14:30:00.123Z",190.29,190.31,120000,10000]' # "for US stocks, the number displayed is divided by 100"
ask quotes ibkr BMW
is 'IBKR: sizes elsewhere are as they are, and a choice among listings is said' "$code $(jq -c '[.ask_size, .bid_size]' <<<"$got") $err" \
    '0 [1200,100] tn-quote: ibkr: BMW has no American listing; of those at IBIS, EBS the first is taken'
ask search ibkr berkshire
is 'IBKR: search' "$code $(jq -c '[.symbol, .conid]' <<<"$got")" '0 ["BRK.B","72063691"]'

# ---- Reddit and StockTwits
ask news reddit AAPL
is 'Reddit: pages, what was removed or is too old left out, nobody named' \
    "$code $(jq -c '[.id, .published, .publisher, .score, has("author")]' <<<"$got")" \
    '0 ["reddit:t3_1ab1","2026-11-24T14:30:00Z","r/stocks",12,false]
["reddit:t3_1ab4","2026-11-23T10:33:20Z","r/stocks",12,false]'
ask news private
is 'Reddit: a private group' "$code $err" '5 tn-quote: reddit: Forbidden'
ask news st AAPL
is 'StockTwits: until the range is covered' "$code $(jq -c '[.id, .headline, .published, .sentiment]' <<<"$got")" \
    "0 [\"stocktwits:700120455\",\"\$AAPL it's up & away\",\"2026-11-24T18:35:11Z\",\"bullish\"]
[\"stocktwits:700120454\",\"\$AAPL it's up & away\",\"2026-11-24T18:30:00Z\",null]"
ask news st UNKNOWN
is 'StockTwits: an unknown symbol' "$code $err" '5 tn-quote: UNKNOWN: stocktwits: Symbol not found'
ask news st HTML
is 'StockTwits: a page instead of messages' "$code $(grep -c 'not JSON' <<<"$err")" '5 1'

# ---- EDGAR: filed 2026-11-16 is known at 22:00 in New York, which is 03:00 of the next day
ask events edgar:insiders CIK0001067983
is 'Form 4: each trade, a price that is only a footnote left out' \
    "$code $(jq -c '[.time, .title, .role, .code, .direction, .quantity, .price, .held, .date, .indirect, .id]' <<<"$got")" \
    '0 ["2026-11-17T03:00:00Z","Doe Jane bought 1000 at 499.1234","director, CFO","P","acquired",1000,499.1234,5000,"2026-11-12",false,"0001067983-26-000009:1"]
["2026-11-17T03:00:00Z","Doe Jane gave away 7","director, CFO","G","disposed",7,null,null,"2026-11-12",true,"0001067983-26-000009:2"]'
# 150000 + 90000 of 500 + 300 shares; the put is a holding of its own
ask events edgar:holdings BRK.B
is '13F: rows of one security are one holding' "$code $(jq -c '[.issuer, .cusip, .put_call, .quantity, .value, .period]' <<<"$got")" \
    '0 ["APPLE INC","037833100",null,800,240000,"2026-09-30"]
["APPLE INC","037833100","put",200,60000,"2026-09-30"]'
ask events edgar:holdings CIK1067983 --from 2020-01-01 --to 2020-12-31
is '13F: an older list, whose values are thousands' "$code $(jq -c '[.time, .quantity, .value]' <<<"$got")" \
    '0 ["2020-02-15T03:00:00Z",800,240000]
["2020-02-15T03:00:00Z",200,60000]'
ask events edgar CIK0001067983 --from 2020-01-01
is 'filings, those of the older list too' "$code $(jq -r .form <<<"$got" | tr '\n' ' ')" '0 13F-HR 8-K 13F-HR 4 '
ask events edgar CIK1
is 'columns of unequal length' "$code $(grep -c 'columns of unequal length' <<<"$err")" '5 1'

# ---- what is ahead
ask events fred:releases --to 2026-12-31
is 'FRED: the days of releases, daily ones left out, pages' "$code $(jq -c '[.time, .kind, .impact, .title, .assumed]' <<<"$got")" \
    '0 ["2026-12-04T13:30:00Z","nfp","high","Employment Situation",true]
["2026-12-09T05:00:00Z","release",null,"Some Release",true]
["2026-12-10T13:30:00Z","cpi","high","Consumer Price Index",true]'
ask events bls --to 2027-01-02
# a5 is canceled; a7, 00:30 in Greenwich on New Year's Day, is 19:30 of 31 December in New York
is 'iCalendar: hours in their zone, folded lines' "$code $(jq -c '[.time, .kind, .title, .id, .date, .assumed]' <<<"$got")" \
    '0 ["2026-12-09T05:00:00Z","fomc","FOMC meeting","a3","2026-12-09",true]
["2026-12-10T13:30:00Z","cpi","Consumer Price Index for November 2026, final","a1","2026-12-10",null]
["2027-01-01T00:30:00Z","release","Evening in New York","a7",null,null]'
like 'an entry that recurs is not passed over in silence' "$err" 'read once, its recurrence is not unfolded: Retail sales'
like 'an entry without a time is named' "$err" 'an entry without a usable time is left out: No time'
ask events large --to 2026-12-31
is 'iCalendar: a large file is read in time' "$code $(wc -l <<<"$got")" '0 800'
ask events cut --to 2026-12-31
is 'iCalendar: a file that breaks off' "$code $err" '5 tn-quote: ics: the file breaks off'
ask events page --to 2026-12-31
is 'iCalendar: a page that is none' "$code $err" '5 tn-quote: ics: no iCalendar file'

# ---- a login by a person: the address that a browser is sent to, and what comes of it in the secret file
login() { run tn-quote login "$1" <<<"$2"; }
login old 'https://127.0.0.1/?code=C0.canary-wrong&session=x'
is 'login: a code that the server does not take' "$code $(grep -c 'refuses the login: Invalid authorization code \*\*\*' <<<"$err") $(tail -1 old.key)" \
    '4 1 refresh_token = canary-old'
login old 'https://127.0.0.1/?session=x'
is 'login: an address without a code' "$code $(grep -c "the address has no 'code'" <<<"$err")" '3 1'
login old 'https://127.0.0.1/?session=x&code=C0.canary-code%40#end'
is 'login: what the source gives is in the secret file' "$code $(stat -c %a old.key) $(tr '\n' ',' <old.key)" \
    '0 600 key = appkey,secret = canary-secret,refresh_token = canary-refresh==,'
like 'login: the address to open' "$err" 'https://api.schwabapi.com/v1/oauth/authorize\?client_id=appkey&redirect_uri=https%3A%2F%2F127.0.0.1'
ask quotes old AAPL
is 'login: and the source can be asked' "$code" 0
printf 'key: kitekey\nsecret: canary-secret\n' >kite.key
chmod 600 kite.key
login kite 'https://example.com/back?status=success&request_token=canary-request'
is 'login: Kite, with a digest of the secrets' "$code $(tr '\n' ',' <kite.key)" '0 key: kitekey,secret: canary-secret,token = canary-token,'
ask quotes kite NSE:INFY
is 'login: which can be asked too' "$code" 0
login fred x
is 'login: where nobody logs in' "$code $(head -1 <<<"$err")" '2 tn-quote: FRED needs no login'
login nowhere x
is 'login: no such source' "$code" 2

# ---- conformance
for pair in schwab:AAPL ibkr:AAPL reddit:AAPL st:AAPL bls:US edgar:BRK.B; do
    run tn-quote check --now $now -O json "${pair%%:*}" "${pair#*:}"
    is "check: ${pair%%:*}" "$code $(jq -r 'select(.result != "pass") | "\(.check) \(.detail)"' <<<"$out")" '0 '
done

# ---- a gateway on this machine, which signs its own certificate
if command -v openssl >/dev/null; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=gateway \
        -addext subjectAltName=IP:127.0.0.1 -keyout gateway.key -out gateway.pem 2>/dev/null
    python3 "$TOP/tests/servers/standin.py" "$WORK/tls-port" --tls gateway.pem gateway.key \
        --module "$TOP/tests/servers/providers.py" <hold 9>&- 2>/dev/null &
    for _ in $(seq 500); do
        [ ! -s tls-port ] || break
        sleep 0.02
    done
    for name in gateway stranger; do
        echo "source $name { url = \"https://127.0.0.1:$(cat tls-port)\"  kind = ibkr  pace = \"1000/1\"" >>"$TN_HOME/config"
        [ $name = stranger ] || echo "ca_file = \"$WORK/gateway.pem\"" >>"$TN_HOME/config"
        echo "}" >>"$TN_HOME/config"
    done
    bars gateway AAPL -n 1
    is 'ca_file: the certificate of a gateway is trusted for its source' "$code $got" '0 AAPL 2026-11-24 117.25 1081'
    bars stranger AAPL -n 1 --fresh
    is 'ca_file: and for no other' "$code $(grep -c 'has no valid certificate' <<<"$err")" '5 1'
else
    skip 'ca_file' 'openssl is not here'
fi

# ---- fault-084: neither the secrets nor the tokens had for them are seen anywhere
run tn-quote quotes --now $now -s schwab AAPL -vv --record "$WORK/kept"
like 'a trace shows the question for a token' "$err" 'schwab POST http://127.0.0.1:[0-9]+/v1/oauth/token'
like 'and the log has it' "$(cat "$TN_HOME/state/requests.ndjson")" '"method":"POST","url":"http://127.0.0.1:[0-9]+/v1/oauth/token"'
basic=$(printf 'appkey:canary-secret' | base64)
is 'fault-084: no secret and no token in log, trace, recording or state' \
    "$(grep -rlE "canary|$basic" "$TN_HOME" kept .out .err)" ''
first=$out
sed "s#http://127.0.0.1:[0-9]*#http://127.0.0.1:1#" "$TN_HOME/config" >config.new && cp config.new "$TN_HOME/config"
run tn-quote quotes -s schwab AAPL --replay "$WORK/kept"
is 'a recording is played without a token' "$code $out" "0 $first"
finish
