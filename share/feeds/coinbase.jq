# Coinbase Advanced Trade, its public part: no key. Symbols are written BTC/USD; days are those of UTC.

def describe: {
  title: "Coinbase",
  origin: "https://api.coinbase.com",
  calendar: "always",
  pace: {requests: 8, seconds: 1, burst: 8},
  commands: ["bars", "quotes", "search"],
  intervals: ["1m", "5m", "15m", "30m", "1h", "1d"],
  adjusted: "raw"
};

def spelled: gsub("/"; "-") | ascii_upcase;
def granularity: {"1m": "ONE_MINUTE", "5m": "FIVE_MINUTE", "15m": "FIFTEEN_MINUTE", "30m": "THIRTY_MINUTE",
                  "1h": "ONE_HOUR", "1d": "ONE_DAY"}[.interval];
def seconds: {"1m": 60, "5m": 300, "15m": 900, "30m": 1800, "1h": 3600, "1d": 86400}[.interval];

# At most 350 buckets a request, oldest window first. Nothing is older than 2012.
def begin: .page // ([(.from.s | tonumber), 1325376000] | max);
def finish: [begin + 300 * seconds, (.to.s | tonumber)] | min;

def request:
  {headers: {"Cache-Control": "no-cache"}}
  + if .command == "quotes" then
      {path: "/api/v3/brokerage/market/product_book", query: {product_id: (.symbols[0] | spelled), limit: 1}}
    elif .command == "search" then {path: "/api/v3/brokerage/market/products", query: {limit: 1000}}
    else {path: "/api/v3/brokerage/market/products/\(.symbols[0] | spelled | @uri)/candles",
          query: {start: begin, end: finish, granularity: granularity, limit: 350}} end;

def response:
  . as $in
  | if .status != 200 then
      {error: (.body.message? // "the server answers \(.status)"),
       code: (if .status == 404 then "missing" else "unavailable" end)}
    elif .command == "quotes" then
      .body.pricebook
      | {type: "quote", symbol: $in.symbols[0], time: (.time // $in.now.time), bid: .bids[0].price, bid_size: .bids[0].size,
         ask: .asks[0].price, ask_size: .asks[0].size}
    elif .command == "search" then
      .body.products[] | select(.product_id | ascii_downcase | contains($in.text | ascii_downcase | gsub("/"; "-")))
      | {type: "instrument", symbol: (.product_id | sub("-"; "/")), time: $in.now.time, kind: "crypto",
         tick_size: .quote_increment, lot_size: .base_increment, currency: .quote_currency_id}
    else
      (.body.candles // [] | .[]
       | select((.start | tonumber) < ($in | finish))
       | {type: "bar", symbol: $in.symbols[0], interval: $in.interval, time: "s:\(.start)", open, high, low, close, volume}),
      (if ($in | finish) < ($in.to.s | tonumber) then {next: ($in | finish)} else empty end)
    end;
