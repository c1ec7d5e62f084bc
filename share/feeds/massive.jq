# Massive (Polygon until 2025-10): https://massive.com/docs. Stocks by /v2/aggs, futures by /futures/v1.
# Prices are asked for as they were traded (adjusted=false). next_url lacks the key, which C adds again.

def describe: {
  title: "Massive (Polygon)",
  origin: "https://api.massive.com",
  credentials: ["key"],
  auth: {headers: {"Authorization": "Bearer {key}"}},
  pace: {requests: 50, seconds: 1, burst: 20},
  commands: ["bars", "actions", "quotes", "chain", "news", "search"],
  intervals: ["1m", "5m", "15m", "30m", "1d"],
  feeds: ["stocks", "futures"],
  adjusted: "raw"
};

def span: {"1m": "1/minute", "5m": "5/minute", "15m": "15/minute", "30m": "30/minute", "1d": "1/day"}[.interval];
def resolution: {"1m": "1min", "5m": "5min", "15m": "15min", "30m": "30min", "1d": "1session"}[.interval];

# ESZ2026 is ESZ6 there: the year's last digit, which comes again after ten years.
def contract_ticker:
  if test("^[A-Z0-9]+[FGHJKMNQUVXZ]20[0-9]{2}$") then .[:-4] + .[-1:] else . end;

# A session begins in the evening of the day before, which may be before the range.
def bars($ticker):
  if .feed == "futures" then
    {path: "/futures/v1/aggs/\(.symbols[0] | contract_ticker | @uri)",
     query: {resolution: resolution,
             "window_start.gte": (if .interval == "1d" then "\((.from.s | tonumber) - 172800)000000000" else .from.ns end),
             "window_start.lt": .to.ns, limit: 50000, sort: "window_start.asc"}}
  elif .interval == "1d" then
    {path: "/v2/aggs/ticker/\($ticker)/range/\(span)/\(.from.date)/\(.to.date)",
     query: {adjusted: false, sort: "asc", limit: 50000}}
  else
    {path: "/v2/aggs/ticker/\($ticker)/range/\(span)/\(.from.ms)/\(.to.ms)",
     query: {adjusted: false, sort: "asc", limit: 50000}}
  end;

# Splits first, then dividends: the page says which.
def is_dividends: (.page | type) == "object" or ((.page | type) == "string" and (.page | contains("/dividends")));

def request:
  (.symbols[0] // "" | @uri) as $ticker
  | if .command == "bars" then bars($ticker)
    elif .command == "actions" and .feed == "futures" then null # futures have none
    elif .command == "actions" and (is_dividends | not) then
      {path: "/stocks/v1/splits",
       query: {ticker: .symbols[0], "execution_date.gte": .from.date, "execution_date.lte": .to.date, limit: 5000,
               sort: "execution_date.asc"}}
    elif .command == "actions" then
      {path: "/stocks/v1/dividends",
       query: {ticker: .symbols[0], "ex_dividend_date.gte": .from.date, "ex_dividend_date.lte": .to.date, limit: 5000,
               sort: "ex_dividend_date.asc"}}
    elif .command == "quotes" then {path: "/v2/last/nbbo/\($ticker)"}
    elif .command == "chain" then {path: "/v3/snapshot/options/\($ticker)", query: {limit: 250}}
    elif .command == "news" then
      {path: "/v2/reference/news",
       query: {ticker: .symbols[0], "published_utc.gte": .from.time, "published_utc.lt": .to.time, limit: 1000,
               order: "asc", sort: "published_utc"}}
    elif .command == "search" then
      {path: "/v3/reference/tickers", query: {search: .text, active: true, limit: 100}}
    else {error: "no such command"} end;

def bar($symbol; $interval):
  if .window_start then
    {type: "bar", symbol: $symbol, interval: $interval, time: "ns:\(.window_start)",
     session: (if $interval == "1d" then .session_end_date else null end),
     open, high, low, close, volume, trades: .transactions}
  else
    {type: "bar", symbol: $symbol, interval: $interval, time: "ms:\(.t)", open: .o, high: .h, low: .l, close: .c,
     volume: .v, trades: .n, vwap: .vw}
  end;

def contract($underlying; $now):
  {type: "contract", symbol: (.details.ticker | ltrimstr("O:")),
   time: (if .last_quote.last_updated then "ns:\(.last_quote.last_updated)" else $now end), underlying: $underlying,
   expiry: .details.expiration_date, right: .details.contract_type, strike: .details.strike_price,
   multiplier: .details.shares_per_contract, bid: .last_quote.bid, ask: .last_quote.ask,
   last: (.last_trade.price // .day.close), volume: .day.volume, open_interest, implied_volatility,
   delta: .greeks.delta, gamma: .greeks.gamma, theta: .greeks.theta, vega: .greeks.vega};

def response:
  . as $in
  | (.symbols[0] // "") as $symbol
  | if .status != 200 or (.body.status // "OK" | . != "OK" and . != "DELAYED") then
      {error: (.body.error? // .body.message? // "the server answers \(.status)"),
       code: (if .status == 401 or .status == 403 then "credentials" else "unavailable" end)}
    elif .command == "bars" then
      (.body.results // [] | .[]
       | select($in.feed != "futures" or $in.interval != "1d"
                or (.session_end_date >= $in.from.date and .session_end_date <= $in.to.date))
       | bar($symbol; $in.interval))
    elif .command == "actions" and (is_dividends | not) then
      (.body.results // [] | .[] | {type: "action", symbol: $symbol, kind: "split", ex_date: .execution_date,
                                    new: .split_to, old: .split_from})
    elif .command == "actions" then
      (.body.results // [] | .[] | {type: "action", symbol: $symbol, kind: "dividend", ex_date: .ex_dividend_date,
                                    cash: .cash_amount, currency, pay_date})
    elif .command == "quotes" then
      (.body.results | {type: "quote", symbol: $symbol, time: "ns:\(.t)", bid: .p, bid_size: .s, ask: .P, ask_size: .S})
    elif .command == "chain" then (.body.results // [] | .[] | contract($symbol; $in.now.time))
    elif .command == "news" then
      (.body.results // [] | .[]
       | {type: "news", id: "massive:\(.id)", headline: .title, url: .article_url, published: .published_utc,
          first_seen: $in.now.time, symbols: .tickers, summary: .description})
    elif .command == "search" then
      (.body.results // [] | .[]
       | {type: "instrument", symbol: .ticker, time: $in.now.time, name, exchange: .primary_exchange,
          currency: (.currency_name // "" | ascii_upcase), kind: {"stocks": "stock", "otc": "stock", "crypto": "crypto", "fx": "currency", "indices": "index"}[.market // ""]})
    else empty end,
    (if .body.next_url? then {next_url: .body.next_url}
     elif .command == "actions" and .status == 200 and (is_dividends | not) then {next: {kind: "dividends"}}
     else empty end);
