# FRED, the series of the Federal Reserve Bank of St. Louis: https://fred.stlouisfed.org/docs/api. An observation is an
# event at the end of the day on which its value became known, revisions included, so that a test sees what was known.

def describe: {
  title: "FRED",
  origin: "https://api.stlouisfed.org",
  credentials: ["key"],
  auth: {query: {"api_key": "{key}"}},
  pace: {requests: 100, seconds: 60, burst: 20},
  commands: ["events", "search"]
};

def request:
  if .command == "search" then
    {path: "/fred/series/search", query: {search_text: .text, file_type: "json", limit: 100}}
  elif (.symbols | length) != 1 then {error: "which series? such as DGS10"}
  else {path: "/fred/series/observations",
        query: {series_id: .symbols[0], file_type: "json", sort_order: "asc", limit: 100000, offset: .page,
                observation_start: .from.date, observation_end: .to.date,
                realtime_start: .from.date, realtime_end: .to.date}} end;

def response:
  . as $in
  | if .status != 200 then
      {error: (.body.error_message? // "the server answers \(.status)"),
       code: (if (.body.error_message? // "") | contains("api_key") then "credentials" else "missing" end)}
    elif .command == "search" then
      (.body.seriess[] | {type: "instrument", symbol: .id, time: $in.now.time, name: .title, kind: "series",
                          units, frequency})
    else
      (.body.observations[] | select(.value != ".")
       | {type: "event", time: "local:America/New_York:\(.realtime_start) 23:59:59", symbol: $in.symbols[0],
          kind: "observation", title: "\($in.symbols[0]) of \(.date)", date, value}),
      (.body | ((.offset | tonumber) + (.limit | tonumber)) as $n
       | if $n < (.count | tonumber) then {next: $n} else empty end)
    end;
