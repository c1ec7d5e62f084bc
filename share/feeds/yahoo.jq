# Yahoo's chart, version 8: without a promise and without a key, so it is asked slowly and left alone when it says so.
# Prices are adjusted for splits; dividends come with them, on the same footing.

def describe: {
  title: "Yahoo chart (unofficial)",
  origin: "https://query2.finance.yahoo.com",
  pace: {requests: 1, seconds: 1, hold: 3600},
  parallel: 1,
  commands: ["bars", "actions"],
  intervals: ["1m", "5m", "15m", "1d"],
  adjusted: "split",
  actions_in_bars: true
};

# BRK.B is BRK-B there; a suffix of two letters or more is an exchange (VOD.L has one letter, and no other dot).
def spelled: if test("^[A-Z]+\\.[A-K]$") then sub("\\."; "-") else . end;

def request:
  {path: "/v8/finance/chart/\(.symbols[0] | spelled | @uri)",
   query: {period1: .from.s, period2: .to.s, interval: (if .command == "actions" then "1d" else .interval end),
           includePrePost: false, events: "div,splits"}};

# The day of a moment where the exchange is. The offset is that of today: an hour wrong in the other half of the year, which
# leaves the day of an opening as it is.
def date($meta): tonumber + ($meta.gmtoffset // "0" | tonumber) | todate | .[0:10];

def rows($in):
  .meta as $meta
  | (.timestamp // []) as $t
  | (.indicators.quote[0] // {}) as $q
  | range($t | length) as $i
  | select($q.open[$i] and $q.high[$i] and $q.low[$i] and $q.close[$i])
  | select(($t[$i] | tonumber) < ($in.to.s | tonumber))
  | {type: "bar", symbol: $in.symbols[0], interval: $in.interval, time: "s:\($t[$i])",
     session: (if $in.interval == "1d" then $t[$i] | date($meta) else null end), open: $q.open[$i],
     high: $q.high[$i], low: $q.low[$i], close: $q.close[$i], volume: $q.volume[$i]};

# The event's own moment is the open of its session.
def events($in):
  .meta as $meta
  | ((.events.dividends // {})[] | {type: "action", symbol: $in.symbols[0], kind: "dividend", ex_date: (.date | date($meta)), cash: .amount}),
  ((.events.splits // {})[] | {type: "action", symbol: $in.symbols[0], kind: "split", ex_date: (.date | date($meta)),
                               new: .numerator, old: .denominator});

def response:
  . as $in
  | (.body.chart.error? // .body.finance.error? // null) as $error
  | if $error then {error: ($error.description // $error.code),
                    code: (if .status == 404 then "missing" else "unavailable" end)}
    elif .status != 200 then {error: "the server answers \(.status)"}
    else .body.chart.result[0]
      | (if .meta.currency | IN("GBp", "ZAc", "ILA", "GBX") then {note: "\($in.symbols[0]): prices are in hundredths (\(.meta.currency))"} else empty end),
        (if $in.command == "bars" then rows($in) else empty end), events($in)
    end;
