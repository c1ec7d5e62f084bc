# Alpha Vantage: https://www.alphavantage.co/documentation. The key can only stand in the address; every error is a 200.

def describe: {
  title: "Alpha Vantage",
  origin: "https://www.alphavantage.co",
  credentials: ["key"],
  auth: {query: {"apikey": "{key}"}},
  pace: {requests: 1, seconds: 1},
  parallel: 1,
  commands: ["bars", "actions", "news", "search"],
  intervals: ["1m", "5m", "15m", "30m", "1d"],
  adjusted: "raw"
};

# The free plan has the last 100 days, the whole history is a premium one.
def size: if (.now.s | tonumber) - (.from.s | tonumber) < 140 * 86400 then "compact" else "full" end;
def month: .page // .from.date[0:7];

def request:
  .symbols[0] as $symbol
  | {path: "/query",
     query: (
       if .command == "bars" and .interval == "1d" then {function: "TIME_SERIES_DAILY", symbol: $symbol, outputsize: size}
       elif .command == "bars" then
         {function: "TIME_SERIES_INTRADAY", symbol: $symbol, interval: (.interval + "in"), adjusted: "false",
          extended_hours: "false", month: month, outputsize: "full"}
       elif .command == "actions" then {function: (.page // "SPLITS"), symbol: $symbol}
       elif .command == "news" then
         {function: "NEWS_SENTIMENT", tickers: $symbol, limit: 1000, sort: "EARLIEST",
          time_from: (.from.time[0:16] | gsub("[-:]"; ""))}
       else {function: "SYMBOL_SEARCH", keywords: .text} end)};

def next_month:
  (.[0:4] | tonumber) as $y | (.[5:7] | tonumber) as $m
  | if $m == 12 then "\($y + 1)-01" else "\($y)-\($m + 101 | tostring | .[1:3])" end;

def rows($in):
  (to_entries[] | select(.key | startswith("Time Series")) | .value | to_entries[]) as $row
  | $row.value
  | {type: "bar", symbol: $in.symbols[0], interval: $in.interval,
     open: .["1. open"], high: .["2. high"], low: .["3. low"], close: .["4. close"], volume: .["5. volume"]}
    + (if $in.interval == "1d" then select($row.key >= $in.from.date and $row.key <= $in.to.date) | {session: $row.key, time: $row.key}
       else {time: "local:US/Eastern:\($row.key)"} end);

def actions($in):
  .data // [] | .[]
  | if ($in.page // "SPLITS") == "SPLITS" then
      select(.effective_date >= $in.from.date and .effective_date <= $in.to.date)
      | {type: "action", symbol: $in.symbols[0], kind: "split", ex_date: .effective_date, new: .split_factor, old: "1"}
    else
      select(.ex_dividend_date >= $in.from.date and .ex_dividend_date <= $in.to.date)
      | {type: "action", symbol: $in.symbols[0], kind: "dividend", ex_date: .ex_dividend_date, cash: .amount,
         pay_date: (if .payment_date == "None" then null else .payment_date end)}
    end;

def response:
  . as $in
  | .body
  | if type != "object" then {error: "an answer that is not an object"}
    elif .["Error Message"] then {error: .["Error Message"], code: "missing"}
    elif .Information then {error: .Information, code: "limit"}
    elif .Note then {error: .Note, code: "limit"}
    elif $in.command == "bars" then
      if . == {} then {error: "no such symbol", code: "missing"} else rows($in) end,
      (if $in.interval != "1d" and ($in | month) < $in.to.date[0:7] then {next: ($in | month | next_month)} else empty end)
    elif $in.command == "actions" then
      actions($in), (if $in.page == null then {next: "DIVIDENDS"} else empty end)
    elif $in.command == "news" then
      (.feed // [] | .[]
       | {type: "news", id: .url, headline: .title, url, summary, first_seen: $in.now.time,
          published: (.time_published | "\(.[0:4])-\(.[4:6])-\(.[6:8])T\(.[9:11]):\(.[11:13]):\(.[13:15])Z"),
          symbols: [.ticker_sentiment[]?.ticker]}),
      (if (.feed // [] | length) >= 1000 then {note: "only the oldest 1000 articles: ask for a shorter time"} else empty end)
    else
      (.bestMatches // [] | .[]
       | {type: "instrument", symbol: .["1. symbol"], time: $in.now.time, name: .["2. name"], kind: {"Equity": "stock", "ETF": "fund", "Mutual Fund": "fund"}[.["3. type"] // ""],
          currency: .["8. currency"]})
    end;
