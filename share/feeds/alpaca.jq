# Alpaca Market Data v2: https://docs.alpaca.markets (market-data-api 1.1 of 2026-06). See tn-adapters(5).
# Bars are raw, the feed is said with every request: the server's own default would be one that free plans may not read.

def describe: {
  title: "Alpaca Market Data",
  origin: "https://data.alpaca.markets",
  credentials: ["key", "secret"],
  auth: {headers: {"APCA-API-KEY-ID": "{key}", "APCA-API-SECRET-KEY": "{secret}"}},
  pace: {requests: 200, seconds: 60, burst: 50},
  symbols: 100,
  commands: ["bars", "actions", "quotes", "news", "chain"],
  intervals: ["1m", "5m", "15m", "30m", "1d"],
  feeds: ["iex", "sip", "delayed_sip", "boats", "otc"],
  adjusted: "raw"
};

def timeframe: {"1m": "1Min", "5m": "5Min", "15m": "15Min", "30m": "30Min", "1d": "1Day"}[.interval];

def request:
  (.symbols | join(",")) as $symbols
  | if .command == "bars" then
      {path: "/v2/stocks/bars",
       query: {symbols: $symbols, timeframe: timeframe, start: .from.time, end: .to.time, limit: 10000,
               adjustment: "raw", feed: .feed, asof: .to.date, page_token: .page, sort: "asc"}}
    elif .command == "actions" then
      {path: "/v1/corporate-actions",
       query: {symbols: $symbols, start: .from.date, end: .to.date, limit: 1000, page_token: .page, sort: "asc",
               types: "forward_split,reverse_split,cash_dividend,stock_dividend,spin_off,name_change,worthless_removal"}}
    elif .command == "quotes" then
      {path: "/v2/stocks/quotes/latest", query: {symbols: $symbols, feed: .feed}}
    elif .command == "news" then
      {path: "/v1beta1/news",
       query: {symbols: (if $symbols == "" then null else $symbols end), start: .from.time, end: .to.time,
               limit: 50, page_token: .page}}
    elif .command == "chain" then
      {path: "/v1beta1/options/snapshots/\($symbols | @uri)",
       query: {feed: "indicative", limit: 1000, page_token: .page}}
    else {error: "no such command"} end;

def split($symbol; $new; $old; $id): {
  type: "action", symbol: $symbol, id: $id, kind: "split", ex_date: .ex_date, new: $new, old: $old, pay_date: .payable_date};

def action($kind):
  if $kind == "forward_splits" or $kind == "reverse_splits" then split(.symbol; .new_rate; .old_rate; .id)
  elif $kind == "stock_dividends" then
    split(.symbol; 1 + (.rate | tonumber); 1; .id)
  elif $kind == "cash_dividends" then
    {type: "action", symbol, id, kind: "dividend", ex_date, cash: .rate, currency: (.currency // "USD"), pay_date: .payable_date}
  elif $kind == "spin_offs" then
    {type: "action", symbol: .source_symbol, id, kind: "spinoff", ex_date, new: .new_rate, old: .source_rate, new_symbol, pay_date: .payable_date}
  elif $kind == "name_changes" then
    {type: "action", symbol: .old_symbol, id, kind: "rename", ex_date: .process_date, new_symbol}
  elif $kind == "worthless_removals" then
    {type: "action", symbol, id, kind: "delist", ex_date: .process_date}
  else empty end;

# AAPL261218C00190000
def contract: capture("^(?<root>[A-Z0-9]+)(?<y>[0-9]{2})(?<m>[0-9]{2})(?<d>[0-9]{2})(?<right>[CP])(?<strike>[0-9]{8})$");

def response:
  . as $in
  | if .status != 200 then {error: (.body.message? // "the server answers \(.status)"),
                            code: (if .status == 401 or .status == 403 then "credentials" else "missing" end)}
    elif .command == "bars" then
      ((.body.bars // {}) | to_entries[] | .key as $symbol | .value // [] | .[]
       | {type: "bar", symbol: $symbol, interval: $in.interval, time: .t, open: .o, high: .h, low: .l, close: .c,
          volume: .v, trades: .n, vwap: .vw}),
      {next: .body.next_page_token}
    elif .command == "actions" then
      ((.body.corporate_actions // {}) | to_entries[] | .key as $kind | .value // [] | .[] | action($kind)),
      {next: .body.next_page_token}
    elif .command == "quotes" then
      ((.body.quotes // {}) | to_entries[]
       | {type: "quote", symbol: .key, time: .value.t, bid: .value.bp, bid_size: .value.bs, ask: .value.ap, ask_size: .value.as})
    elif .command == "news" then
      (.body.news[]
       | {type: "news", id: "alpaca:\(.id)", headline, url, published: .created_at, first_seen: $in.now.time,
          symbols, summary}),
      {next: .body.next_page_token}
    elif .command == "chain" then
      ((.body.snapshots // {}) | to_entries[] | .value as $v | .key as $symbol | ($symbol | contract)
       | {type: "contract", symbol: $symbol, time: ($v.latestQuote.t // $in.now.time), underlying: $in.symbols[0],
          expiry: "20\(.y)-\(.m)-\(.d)", right: (if .right == "C" then "call" else "put" end),
          strike: (.strike[0:5] + "." + .strike[5:8] | ltrimstr("0") | ltrimstr("0") | ltrimstr("0") | ltrimstr("0")),
          multiplier: "100", bid: $v.latestQuote.bp, ask: $v.latestQuote.ap, last: $v.latestTrade.p,
          implied_volatility: $v.impliedVolatility, delta: $v.greeks.delta, gamma: $v.greeks.gamma,
          theta: $v.greeks.theta, vega: $v.greeks.vega, rho: $v.greeks.rho}),
      {next: .body.next_page_token}
    else empty end;
