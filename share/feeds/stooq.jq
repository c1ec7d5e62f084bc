# Stooq's daily files: CSV, adjusted for splits and dividends. Since 2026-07 it asks most programs to prove that they
# are browsers; that is said, not answered.

def describe: {
  title: "Stooq",
  origin: "https://stooq.com",
  credentials: ["key"],
  credentials_optional: true,
  auth: {query: {"apikey": "{key}"}},
  pace: {requests: 1, seconds: 1},
  parallel: 1,
  commands: ["bars"],
  intervals: ["1d"],
  adjusted: "total"
};

# AAPL is aapl.us, BRK.B is brk-b.us; ^SPX, EURUSD and what bears an exchange's suffix stay.
def spelled:
  ascii_downcase
  | if test("^[\\^]") or test("\\.(us|uk|de|jp|hk|hu|f|b|v)$") and (test("\\.b$") | not) or test("/") then gsub("/"; "")
    else sub("\\."; "-") + ".us" end;

def request:
  {path: "/q/d/l/", expect: "text",
   query: {s: (.symbols[0] | spelled), d1: (.from.date | gsub("-"; "")), d2: (.to.date | gsub("-"; "")), i: "d"}};

def response:
  . as $in
  | if .status != 200 then {error: "the server answers \(.status)"}
    elif .body | startswith("Date,") then
      .body | gsub("\r"; "") | split("\n") | .[1:][] | select(. != "") | split(",")
      # Indices and currencies have no column of volumes.
      | {type: "bar", symbol: $in.symbols[0], interval: "1d", session: .[0], time: .[0], open: .[1], high: .[2],
         low: .[3], close: .[4], volume: (.[5] // "0")}
    elif .body | startswith("No data") then {error: "no such symbol, or no data in the range", code: "missing"}
    elif .body | startswith("Exceeded the daily hits limit") then {error: "the day's number of requests is used up", code: "limit"}
    elif .body | ascii_downcase | contains("<html") then {error: "the source demands a browser", code: "unavailable"}
    else {error: "an answer that is no table: \(.body[0:80])"} end;
