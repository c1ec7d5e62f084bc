# Interactive Brokers, Client Portal API: https://www.interactivebrokers.com/campus/ibkr-api-page/cpapi-v1. It is asked by
# way of IBKR's gateway, a program that runs on your own machine and in which you log in with a browser; `ca_file` names
# the gateway's certificate. Contracts are known by a number, which is looked up first. Prices are adjusted for splits.

def describe: {
  title: "Interactive Brokers",
  origin: "https://localhost:5000",
  pace: {requests: 8, seconds: 1, burst: 4, hold: 600},
  parallel: 4,
  timeout: 30,
  commands: ["bars", "quotes", "search"],
  intervals: ["1m", "5m", "15m", "30m", "1d"],
  adjusted: "split"
};

# BRK.B is "BRK B" there.
def spelled: gsub("\\."; " ");
# An answer holds at most 1000 points: so many days, the hours before and after the session included.
def days: {"1m": 1, "5m": 5, "15m": 15, "30m": 30, "1d": 365}[.interval];
def length_of: {"1m": "1min", "5m": "5min", "15m": "15min", "30m": "30min", "1d": "1d"}[.interval];
def begin: .page.begin // (.from.s | tonumber);
def finish: [begin + days * 86400, (.to.s | tonumber)] | min;
# A window begins with a session: bars of a day carry the moment of its open.
def moment: todate | "\(.[0:4])\(.[5:7])\(.[8:10])-\(.[11:19])";

def request:
  if .command == "search" then {path: "/v1/api/iserver/secdef/search", query: {symbol: .text, name: true}}
  elif .page == null then {path: "/v1/api/trsrv/stocks", query: {symbols: (.symbols[0] | spelled)}}
  elif .command == "quotes" and .page.step == "accounts" then {path: "/v1/api/iserver/accounts"}
  elif .command == "quotes" then
    {path: "/v1/api/iserver/marketdata/snapshot", query: {conids: .page.conid, fields: "84,85,86,88,6509"}}
  else
    {path: "/v1/api/iserver/marketdata/history",
     query: {conid: .page.conid, bar: length_of, period: "\((finish - begin) / 86400 | ceil)d", startTime: (finish | moment),
             outsideRth: (.interval != "1d")}}
  end;

# The American listing, else the first one there is: [that one, and a note where there was a choice].
def listing($symbol):
  [.[$symbol | spelled] // [] | .[] | select(.assetClass == "STK") | .contracts[]]
  | ([.[] | select(.isUS == true)] + . | .[0]) as $first
  | [$first, (if $first.isUS != true and length > 1 then
                {note: "\($symbol) has no American listing; of those at \(map(.exchange) | join(", ")) the first is taken"} else empty end)];

def figure: if . == null then null else gsub(","; "") | ltrimstr("C") | ltrimstr("H") end;

# Of American stocks, sizes are counted in hundreds.
def size($in): figure | if . == null or $in.page.us != true then . else tonumber * 100 | tostring end;

def quote($in):
  .body[0] as $q
  | if $q["84"] != null and $q["86"] != null then
      {type: "quote", symbol: $in.symbols[0], time: "ms:\($q._updated)", bid: ($q["84"] | figure), bid_size: ($q["88"] | size($in)),
       ask: ($q["86"] | figure), ask_size: ($q["85"] | size($in)), delayed: ($q["6509"] // "" | startswith("D"))}
    elif $in.page.tries >= 8 then
      {error: (if ($q["6509"] // "" | startswith("N")) then "no market data for your account" else "no bid and ask yet" end),
       code: "missing"}
    else {next: ($in.page | .tries += 1), wait: 1} end;

# Sizes are counted in volumeFactor.
def bars($in):
  ($in.body.volumeFactor // "1" | tonumber) as $factor
  | ($in | begin * 1000) as $low | ($in | finish * 1000) as $high
  | ($in.body.data // [])[]
  | (.t | tonumber) as $t
  | select($t >= $low and $t < $high)
  | {type: "bar", symbol: $in.symbols[0], interval: $in.interval, time: "ms:\(.t)", open: .o, high: .h, low: .l, close: .c,
     volume: (if $factor == 1 then .v else (.v | tonumber) * $factor | tostring end)};

def response:
  . as $in
  | if .status == 401 then {error: "the gateway is not logged in: open \"https://localhost:5000\" in a browser", code: "credentials"}
    elif .status != 200 or (.body | type) == "object" and .body.error? != null then
      {error: (.body.error? // "the server answers \(.status)"),
       code: (if (.body.error? // "" | contains("no bridge")) then "credentials" else "unavailable" end)}
    elif .command == "search" then
      .body[] | {type: "instrument", symbol: (.symbol // "" | gsub(" "; ".")), time: $in.now.time, name: .companyName,
                 exchange: .description, conid: (.conid | tostring)} | select(.symbol != "")
    elif .page == null then
      (.body | listing($in.symbols[0])) as [$listing, $note]
      | if $listing.conid == null then {error: "no such symbol", code: "missing"}
        else
          ($note // empty),
          {next: {conid: $listing.conid, us: ($listing.isUS == true), step: (if $in.command == "quotes" then "accounts" else "history" end),
                  tries: 0}}
        end
    elif .command == "quotes" and .page.step == "accounts" then {next: (.page | .step = "snapshot")}
    elif .command == "quotes" then quote($in)
    else
      bars($in),
      (if finish < (.to.s | tonumber) then {next: (.page | .begin = ($in | finish))} else empty end)
    end;
