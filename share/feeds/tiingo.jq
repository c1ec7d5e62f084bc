# Tiingo: https://www.tiingo.com/documentation. Days are consolidated and raw, with their dividends and splits; the feed
# iex has minutes, with the volume of that exchange only.

def describe: {
  title: "Tiingo",
  origin: "https://api.tiingo.com",
  credentials: ["key"],
  auth: {headers: {"Authorization": "Token {key}"}},
  pace: {requests: 5, seconds: 1, burst: 5},
  commands: ["bars", "actions", "news"],
  intervals: ["1m", "5m", "15m", "30m", "1d"],
  feeds: ["eod", "iex"],
  adjusted: "raw",
  actions_in_bars: true
};

def spelled: gsub("\\."; "-");

def request:
  if .command == "news" then
    {path: "/tiingo/news",
     query: {tickers: (.symbols | join(",")), startDate: .from.date, endDate: .to.date, limit: 1000, offset: .page}}
  elif .command == "actions" or .interval == "1d" then
    if .feed == "iex" then {error: "the feed iex has minutes; days are in the feed eod"}
    else {path: "/tiingo/daily/\(.symbols[0] | spelled | @uri)/prices",
          query: {startDate: .from.date, endDate: .to.date, resampleFreq: "daily", format: "json", sort: "date"}} end
  elif .feed == "eod" then {error: "the feed eod has days; minutes are in the feed iex"}
  else {path: "/iex/\(.symbols[0] | spelled | @uri)/prices",
        query: {startDate: .from.date, endDate: .to.date, resampleFreq: (.interval + "in"),
                columns: "open,high,low,close,volume"}} end;

def actions($symbol):
  (select(.splitFactor and (.splitFactor | tonumber) != 1)
   | {type: "action", symbol: $symbol, kind: "split", ex_date: .date[0:10], new: .splitFactor, old: "1"}),
  (select(.divCash and (.divCash | tonumber) != 0)
   | {type: "action", symbol: $symbol, kind: "dividend", ex_date: .date[0:10], cash: .divCash});

def response:
  . as $in
  | .symbols[0] as $symbol
  | .body
  | if type == "string" then {error: ., code: "limit"}
    elif type == "object" then
      {error: (.detail // "the server answers \($in.status)"),
       code: (if $in.status == 404 then "missing" elif $in.status == 401 or $in.status == 403 then "credentials" else "limit" end)}
    elif $in.status != 200 then {error: "the server answers \($in.status)"}
    elif $in.command == "news" then
      (.[] | {type: "news", id: "tiingo:\(.id)", headline: .title, url, summary: .description, published: .publishedDate,
              first_seen: $in.now.time, symbols: [.tickers[]? | ascii_upcase]}),
      (if length == 1000 then {next: (($in.page // 0) + 1000)} else empty end)
    elif $in.command == "actions" then (.[] | actions($symbol))
    elif $in.interval == "1d" then
      (.[] | {type: "bar", symbol: $symbol, interval: "1d", session: .date[0:10], time: .date[0:10], open, high, low, close,
              volume},
             actions($symbol))
    else
      (.[] | {type: "bar", symbol: $symbol, interval: $in.interval, time: .date, open, high, low, close, volume})
    end;
