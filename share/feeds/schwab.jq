# Schwab Trader API, market data: https://developer.schwab.com. `refresh_token` comes from a login in a browser and lasts
# seven days, whatever is done with it; the access token that C has for it lasts half an hour. Prices are adjusted for
# splits. A symbol that the server does not know stands among the errors of a good answer.

def describe: {
  title: "Charles Schwab",
  origin: "https://api.schwabapi.com",
  credentials: ["key", "secret", "refresh_token"],
  token: {path: "/v1/oauth/token", basic: "{key}:{secret}",
          form: {grant_type: "refresh_token", refresh_token: "{refresh_token}"}},
  login: {address: "https://api.schwabapi.com/v1/oauth/authorize?client_id={key}&redirect_uri={redirect}", parameter: "code",
          path: "/v1/oauth/token", basic: "{key}:{secret}",
          form: {grant_type: "authorization_code", code: "{code}", redirect_uri: "{redirect}"},
          answer: "refresh_token", keeps: "refresh_token"},
  auth: {headers: {"Authorization": "Bearer {access_token}"}},
  pace: {requests: 120, seconds: 60, burst: 20},
  parallel: 4,
  commands: ["bars", "quotes", "chain", "search"],
  intervals: ["1m", "5m", "15m", "30m", "1d"],
  adjusted: "split"
};

# BRK.B is BRK/B there.
def spelled: gsub("\\."; "/");
def minutes: {"1m": 1, "5m": 5, "15m": 15, "30m": 30}[.interval];

def request:
  {headers: {"Accept": "application/json"}}
  + if .command == "bars" then
      {path: "/marketdata/v1/pricehistory",
       query: ({symbol: (.symbols[0] | spelled), startDate: .from.ms, endDate: .to.ms, needPreviousClose: false}
               + if .interval == "1d" then {periodType: "year", frequencyType: "daily", frequency: 1, needExtendedHoursData: false}
                 else {periodType: "day", frequencyType: "minute", frequency: minutes, needExtendedHoursData: true} end)}
    elif .command == "quotes" then
      {path: "/marketdata/v1/quotes", query: {symbols: (.symbols[0] | spelled), fields: "quote", indicative: false}}
    elif .command == "chain" then
      {path: "/marketdata/v1/chains", query: {symbol: (.symbols[0] | spelled), contractType: "ALL", includeUnderlyingQuote: false}}
    else {path: "/marketdata/v1/instruments", query: {symbol: .text, projection: "desc-search"}} end;

def failure($in):
  {error: (.message? // ([.errors? | arrays | .[] | .detail // .title] | if length == 0 then null else join(", ") end)
           // "the server answers \($in.status)"),
   code: (if $in.status == 401 or $in.status == 403 then "credentials" elif $in.status == 404 then "missing" else "unavailable" end)};

# What is missing among the figures of an option is -999, or the text "NaN".
def figure: if . == null or . == "NaN" or (tonumber? // 0) <= -999 then null else . end;

def contract($in):
  {type: "contract", symbol: (.symbol | gsub(" "; "")),
   time: (if (.quoteTimeInLong // "0") == "0" then $in.now.time else "ms:\(.quoteTimeInLong)" end), underlying: $in.symbols[0],
   expiry: .expirationDate[0:10], right: (.putCall | ascii_downcase), strike: .strikePrice, multiplier, bid, ask, last,
   volume: .totalVolume, open_interest: .openInterest,
   implied_volatility: (.volatility | figure | if . == null then null else tonumber / 100 | tostring end),
   delta: (.delta | figure), gamma: (.gamma | figure), theta: (.theta | figure), vega: (.vega | figure), rho: (.rho | figure)};

def response:
  . as $in
  | .body
  | if $in.status != 200 then failure($in)
    elif $in.command == "bars" then
      .candles // [] | .[]
      | {type: "bar", symbol: $in.symbols[0], interval: $in.interval, time: "ms:\(.datetime)", open, high, low, close, volume}
    elif $in.command == "quotes" then
      (del(.errors) | to_entries[] | .value.quote | select(. != null)
       | {type: "quote", symbol: $in.symbols[0], time: "ms:\(.quoteTime)", bid: .bidPrice, bid_size: .bidSize, ask: .askPrice,
          ask_size: .askSize}),
      (if (.errors.invalidSymbols? // [] | length) > 0 then {error: "no such symbol", code: "missing"} else empty end)
    elif $in.command == "chain" then
      if .status == "FAILED" then {error: "no options of this symbol", code: "missing"}
      else .callExpDateMap, .putExpDateMap | .[]? | .[] | .[] | contract($in) end
    else
      .instruments // [] | .[]
      | {type: "instrument", symbol: (.symbol | gsub("/"; ".")), time: $in.now.time, name: .description, exchange,
         asset_class: (.assetType // "" | ascii_downcase)}
    end;
