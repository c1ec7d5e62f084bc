# Binance spot, market data only: no key. Symbols are written BTC/USDT; days are those of UTC.

def describe: {
  title: "Binance spot",
  origin: "https://data-api.binance.vision",
  calendar: "always",
  pace: {requests: 20, seconds: 1, burst: 20},
  commands: ["bars", "quotes"],
  intervals: ["1m", "5m", "15m", "30m", "1h", "4h", "1d"],
  adjusted: "raw"
};

def spelled: gsub("/"; "") | ascii_upcase;

def request:
  if .command == "quotes" then {path: "/api/v3/ticker/bookTicker", query: {symbol: (.symbols[0] | spelled)}}
  else {path: "/api/v3/klines",
        query: {symbol: (.symbols[0] | spelled), interval: .interval, startTime: (.page // .from.ms),
                endTime: (.to.ms | tonumber - 1), limit: 1000}}
  end;

def response:
  . as $in
  | if .status != 200 then
      {error: (.body.msg? // "the server answers \(.status)"),
       code: (if .body.code? == "-1121" then "missing" else "unavailable" end)}
    elif .command == "quotes" then
      .body | {type: "quote", symbol: $in.symbols[0], time: $in.now.time, bid: .bidPrice, bid_size: .bidQty, ask: .askPrice,
               ask_size: .askQty}
    else
      (.body[] | {type: "bar", symbol: $in.symbols[0], interval: $in.interval, time: "ms:\(.[0])", open: .[1], high: .[2],
                  low: .[3], close: .[4], volume: .[5], trades: .[8]}),
      (if (.body | length) == 1000 then {next: (.body[-1][0] | tonumber + 1)} else empty end)
    end;
