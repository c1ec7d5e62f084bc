# FRED, the series of the Federal Reserve Bank of St. Louis: https://fred.stlouisfed.org/docs/api. An observation is an
# event at the end of the day on which its value became known, revisions included, so that a test sees what was known.
# The feed releases is an economic calendar: the days on which figures are to be published, known in advance. FRED gives
# the day only; the hour is the usual one of the release (`assumed`).

def describe: {
  title: "FRED",
  origin: "https://api.stlouisfed.org",
  credentials: ["key"],
  auth: {query: {"api_key": "{key}"}},
  pace: {requests: 100, seconds: 60, burst: 20},
  commands: ["events", "search"],
  feeds: ["observations", "releases"]
};

# Releases by number: what an event of them is called, its impact and its usual hour in New York.
def usual: {
  "9": {kind: "retail_sales", impact: "medium", clock: "08:30:00"},
  "10": {kind: "cpi", impact: "high", clock: "08:30:00"},
  "50": {kind: "nfp", impact: "high", clock: "08:30:00"},
  "53": {kind: "gdp", impact: "high", clock: "08:30:00"},
  "54": {kind: "pce", impact: "high", clock: "08:30:00"}
};

# What became known from a day on may be of months before it. What was known before realtime_start is given as if it were
# known from then on: so a day or two before are asked for too, and what is of them is left out.
def days_before: (.s | tonumber) - 2 * 86400 | todate[0:10];

def request:
  if .command == "search" then
    {path: "/fred/series/search", query: {search_text: .text, file_type: "json", limit: 100}}
  elif .feed == "releases" then
    {path: "/fred/releases/dates",
     query: {file_type: "json", sort_order: "asc", order_by: "release_date", include_release_dates_with_no_data: true,
             limit: 1000, offset: .page.offset, realtime_start: .from.date, realtime_end: .to.date}}
  elif (.symbols | length) != 1 then {error: "which series? such as DGS10"}
  else {path: "/fred/series/observations",
        query: {series_id: .symbols[0], file_type: "json", sort_order: "asc", limit: 100000, offset: .page,
                realtime_start: (.from | days_before), realtime_end: .to.date}} end;

# Daily releases have a date for every day, Sundays too: they are no events. So the dates of all pages are gathered first.
def releases($in):
  ((.page.dates // []) + [.body.release_dates[] | [.release_id, .release_name, .date]]) as $dates
  | (.body | (.offset | tonumber) + (.limit | tonumber)) as $n
  | if $n < (.body.count | tonumber) and ($dates | length) < 1000 then {next: {offset: $n, dates: $dates}}
    else
      ($dates | group_by(.[0])[]
       | select(all(.[2] | strptime("%Y-%m-%d") | .[6] | . != 0 and . != 6))
       | .[]
       | usual[.[0]] as $usual
       | {type: "event", time: "local:America/New_York:\(.[2]) \($usual.clock // "00:00:00")", kind: ($usual.kind // "release"),
          impact: $usual.impact, title: .[1], date: .[2], id: "fred:\(.[0]):\(.[2])", release: .[0], assumed: true}
       | select(.date >= $in.from.date and .date <= $in.to.date)),
      (if $n < (.body.count | tonumber) then {note: "more than 1000 dates: the last ones are left out, ask for a shorter time"} else empty end)
    end;

def response:
  . as $in
  | if .status != 200 then
      {error: (.body.error_message? // "the server answers \(.status)"),
       code: (if (.body.error_message? // "") | contains("api_key") then "credentials" else "missing" end)}
    elif .command == "search" then
      (.body.seriess[] | {type: "instrument", symbol: .id, time: $in.now.time, name: .title, kind: "series",
                          units, frequency})
    elif .feed == "releases" then releases($in)
    else
      (.body.observations[] | select(.value != "." and .realtime_start >= $in.from.date)
       | {type: "event", time: "local:America/New_York:\(.realtime_start) 23:59:59", symbol: $in.symbols[0],
          kind: "observation", title: "\($in.symbols[0]) of \(.date)", date, value}),
      (.body | ((.offset | tonumber) + (.limit | tonumber)) as $n
       | if $n < (.count | tonumber) then {next: $n} else empty end)
    end;
