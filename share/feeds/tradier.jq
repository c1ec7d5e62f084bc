# Tradier market data: https://documentation.tradier.com. One element is an object there, many are an array, none is the
# text "null". Prices are adjusted for splits.

def describe: {
  title: "Tradier",
  origin: "https://api.tradier.com",
  credentials: ["token"],
  auth: {headers: {"Authorization": "Bearer {token}"}},
  pace: {requests: 120, seconds: 60, burst: 30},
  commands: ["bars", "quotes", "chain", "search"],
  intervals: ["1m", "5m", "15m", "1d"],
  adjusted: "split"
};

def many: if . == null or . == "null" then [] elif type == "array" then . else [.] end;
# New York time without a zone is what timesales take.
def spelled: gsub("\\."; "/");

def request:
  {headers: {"Accept": "application/json"}}
  + if .command == "quotes" then {path: "/v1/markets/quotes", query: {symbols: (.symbols[0] | spelled)}}
    elif .command == "search" then {path: "/v1/markets/search", query: {q: .text}}
    elif .command == "chain" and .page == null then
      {path: "/v1/markets/options/expirations", query: {symbol: (.symbols[0] | spelled)}}
    elif .command == "chain" then
      {path: "/v1/markets/options/chains", query: {symbol: (.symbols[0] | spelled), expiration: .page[0], greeks: true}}
    elif .interval == "1d" then
      {path: "/v1/markets/history", query: {symbol: (.symbols[0] | spelled), interval: "daily", start: .from.date, end: .to.date}}
    else
      {path: "/v1/markets/timesales",
       query: {symbol: (.symbols[0] | spelled), interval: (.interval + "in"), start: "\(.from.date) 00:00",
               end: "\(.to.date) 23:59", session_filter: "all"}}
    end;

def failure($in):
  {error: (.fault.faultstring? // (.errors.error? | if type == "array" then join(", ") else . end) // "the server answers \($in.status)"),
   code: (if $in.status == 401 then "credentials" else "unavailable" end)};

def contract($in):
  {type: "contract", symbol, time: $in.now.time, underlying: $in.symbols[0], expiry: .expiration_date, right: .option_type,
   strike, multiplier: .contract_size, bid, ask, last, volume, open_interest, implied_volatility: .greeks.mid_iv?,
   delta: .greeks.delta?, gamma: .greeks.gamma?, theta: .greeks.theta?, vega: .greeks.vega?, rho: .greeks.rho?};

def response:
  . as $in
  | .body
  | if $in.status != 200 or .fault? or .errors? then failure($in)
    elif $in.command == "quotes" then
      (.quotes.quote | many | .[]
       | {type: "quote", symbol: $in.symbols[0], time: (if .ask_date then "ms:\([.bid_date, .ask_date] | max)" else $in.now.time end),
          bid, bid_size: .bidsize, ask, ask_size: .asksize}),
      (if (.quotes.unmatched_symbols? | many | length) > 0 then {error: "no such symbol", code: "missing"} else empty end)
    elif $in.command == "search" then
      (.securities | if . == null or . == "null" then empty else .security | many | .[] end
       | {type: "instrument", symbol, time: $in.now.time, name: .description, exchange, kind: (if .type == "etf" then "fund" elif (.type | IN("stock", "option", "index")) then .type else null end)})
    elif $in.command == "chain" and $in.page == null then
      (.expirations | if . == null or . == "null" then [] else .date | many end) as $dates
      | if ($dates | length) == 0 then {error: "no options of this symbol", code: "missing"} else {next: $dates} end
    elif $in.command == "chain" then
      (.options | if . == null or . == "null" then empty else .option | many | .[] end | contract($in)),
      (if ($in.page | length) > 1 then {next: $in.page[1:]} else empty end)
    elif $in.interval == "1d" then
      (.history | if . == null or . == "null" then empty else .day | many | .[] end
       | {type: "bar", symbol: $in.symbols[0], interval: "1d", session: .date, time: .date, open, high, low, close, volume})
    else
      (.series | if . == null or . == "null" then empty else .data | many | .[] end
       | {type: "bar", symbol: $in.symbols[0], interval: $in.interval, time: "s:\(.timestamp)", open, high, low, close, volume,
          vwap})
    end;
