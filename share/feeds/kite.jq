# Zerodha Kite Connect 3: https://kite.trade/docs/connect/v3. Symbols are written NSE:INFY. The token lasts until about
# six in the morning, Indian time: a person gets a new one each day. Candles are named by a number, which the list of
# instruments gives: it is read first, once for all symbols of an exchange.

def describe: {
  title: "Zerodha Kite",
  origin: "https://api.kite.trade",
  calendar: "always",
  credentials: ["key", "token"],
  login: {address: "https://kite.zerodha.com/connect/login?v=3&api_key={key}", parameter: "request_token",
          path: "/session/token", headers: {"X-Kite-Version": "3"}, needs: ["secret"],
          form: {api_key: "{key}", request_token: "{code}", checksum: "{sha256:key code secret}"},
          answer: "access_token", keeps: "token"},
  auth: {headers: {"Authorization": "token {key}:{token}", "X-Kite-Version": "3"}},
  pace: {requests: 3, seconds: 1},
  parallel: 2,
  symbols: 500,
  commands: ["bars", "quotes"],
  intervals: ["1m", "5m", "15m", "30m", "1d"],
  adjusted: "split"
};

def span: {"1m": "minute", "5m": "5minute", "15m": "15minute", "30m": "30minute", "1d": "day"}[.interval];
def most_days: {"1m": 60, "5m": 100, "15m": 200, "30m": 200, "1d": 2000}[.interval];
def exchanges: [.symbols[] | split(":")[0]] | unique;
# What is still to be done: exchanges whose lists are to be read, symbols with their numbers, the start of a window.
def state: .page // {exchanges: exchanges, found: [], begin: null};
def begin: state.begin // (.from.s | tonumber);
def finish: [begin + most_days * 86400, (.to.s | tonumber)] | min;
def clock: . + 19800 | todate | "\(.[0:10]) \(.[11:19])"; # India is 5:30 ahead

def request:
  if .command == "quotes" then {path: ("/quote?" + ([.symbols[] | "i=" + @uri] | join("&")))}
    elif state.exchanges | length > 0 then {path: "/instruments/\(state.exchanges[0] | @uri)", expect: "text", keep: true}
    else {path: "/instruments/historical/\(state.found[0].token | @uri)/\(span)",
          query: {from: (begin | clock), to: (finish - 1 | clock)}} end;

def listed($in):
  split("\n") | .[1:][] | split(",")
  | select(length > 11) | {symbol: "\(.[11] | gsub("\r"; "")):\(.[2])", token: .[0]}
  | select(.symbol as $s | $in.symbols | index($s));

def bars($in):
  ($in | state.found[0].symbol) as $symbol
  | .body.data.candles[]
  | (.[0] | sub("(?<h>[+-][0-9]{2})(?<m>[0-9]{2})$"; "\(.h):\(.m)")) as $time
  | {type: "bar", symbol: $symbol, interval: $in.interval, time: $time, open: .[1], high: .[2], low: .[3], close: .[4],
     volume: .[5], session: (if $in.interval == "1d" then $time[0:10] else null end)};

def response:
  . as $in
  | if .status != 200 then
      {error: (.body.message? // "the server answers \(.status)"),
       code: (if .status == 403 then "credentials" else "unavailable" end)}
    elif .command == "quotes" then
      .body.data | to_entries[] | .key as $symbol | .value
      | {type: "quote", symbol: $symbol, time: "local:Asia/Kolkata:\(.timestamp)", bid: .depth.buy[0].price,
         bid_size: .depth.buy[0].quantity, ask: .depth.sell[0].price, ask_size: .depth.sell[0].quantity}
    elif state.exchanges | length > 0 then
      state as $s
      | ($s | .found += [$in.body | listed($in)] | .exchanges |= .[1:]) as $n
      | if ($n.exchanges | length) == 0 and ($n.found | length) == 0 then {error: "no such symbol", code: "missing"}
        else {next: $n} end
    else
      bars($in),
      (if finish < (.to.s | tonumber) then {next: (state | .begin = ($in | finish))}
       elif state.found | length > 1 then {next: (state | .begin = null | .found |= .[1:])}
       else empty end)
    end;
