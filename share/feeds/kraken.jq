# Kraken spot, its public part: no key. Symbols are written BTC/USD, days are those of UTC. Only the last 720 bars of an
# interval exist; errors are a 200 with a list.

def describe: {
  title: "Kraken",
  origin: "https://api.kraken.com",
  calendar: "always",
  pace: {requests: 1, seconds: 1, burst: 3},
  parallel: 2,
  commands: ["bars", "quotes"],
  intervals: ["1m", "5m", "15m", "30m", "1h", "4h", "1d"],
  adjusted: "raw"
};

def spelled: ascii_upcase | gsub("^BTC/"; "XBT/") | gsub("/BTC$"; "/XBT") | gsub("/"; "");
def minutes: {"1m": 1, "5m": 5, "15m": 15, "30m": 30, "1h": 60, "4h": 240, "1d": 1440}[.interval];

def request:
  if .command == "quotes" then {path: "/0/public/Ticker", query: {pair: (.symbols[0] | spelled)}}
  else {path: "/0/public/OHLC", query: {pair: (.symbols[0] | spelled), interval: minutes, since: (.from.s | tonumber - 1)}} end;

# The answer bears Kraken's own name of the pair.
def pair: .body.result | to_entries | map(select(.key != "last")) | .[0].value;

def response:
  . as $in
  | if .status != 200 then {error: "the server answers \(.status)"}
    elif (.body.error // [] | map(select(startswith("E"))) | length) > 0 then
      {error: (.body.error | join(", ")),
       code: (if .body.error[0] | startswith("EQuery:Unknown") then "missing" else "unavailable" end)}
    elif .command == "quotes" then
      pair | {type: "quote", symbol: $in.symbols[0], time: $in.now.time, bid: .b[0], bid_size: .b[2], ask: .a[0], ask_size: .a[2]}
    else
      pair as $rows
      | (if ($rows | length) >= 720 and ($rows[0][0] | tonumber) > ($in.from.s | tonumber) + ($in | minutes) * 60 then
           {note: "there are no more than the last 720 bars of \($in.interval)"} else empty end),
        ($rows[] | select((.[0] | tonumber) < ($in.to.s | tonumber))
         | {type: "bar", symbol: $in.symbols[0], interval: $in.interval, time: "s:\(.[0])", open: .[1], high: .[2], low: .[3],
            close: .[4], vwap: (if .[6] | tonumber > 0 then .[5] else null end), volume: .[6], trades: .[7]})
    end;
