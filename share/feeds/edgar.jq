# SEC EDGAR: https://www.sec.gov/edgar. Filings of a company, and the facts of its reports, as events known in the
# evening of the day they were filed. `contact` in the section network is demanded: without it the answer is 403.

def describe: {
  title: "SEC EDGAR",
  origin: "https://data.sec.gov",
  others: {www: "https://www.sec.gov"},
  pace: {requests: 8, seconds: 1, burst: 1},
  timeout: 60,
  commands: ["events", "search"],
  feeds: ["filings", "facts"]
};

def request:
  if .command == "search" or .page == null then {server: "www", path: "/files/company_tickers.json"}
  elif .feed == "facts" then {path: "/api/xbrl/companyfacts/CIK\(.page).json"}
  else {path: "/submissions/CIK\(.page).json"} end;

def padded: ("0000000000" + .)[-10:];
def known: "local:America/New_York:\(.) 22:00:00";

def filings($in):
  .filings.recent as $f
  | range($f.accessionNumber | length) as $i
  | select($f.filingDate[$i] >= $in.from.date and $f.filingDate[$i] <= $in.to.date)
  | {type: "event", time: ($f.filingDate[$i] | known), symbol: $in.symbols[0], kind: "filing",
     title: "\($f.form[$i]) \($f.primaryDocDescription[$i] // "")", form: $f.form[$i], id: $f.accessionNumber[$i],
     period: $f.reportDate[$i],
     url: "https://www.sec.gov/Archives/edgar/data/\($in.page | ltrimstr("0") | tonumber)/\($f.accessionNumber[$i] | gsub("-"; ""))/\($f.primaryDocument[$i])"};

# The same fact stands in later reports again: the first filing is when it became known.
def facts($in):
  .facts | to_entries[] | .key as $taxonomy | .value | to_entries[] | .key as $tag | .value.units | to_entries[] | .key as $unit
  | .value | group_by([.start, .end, .val])[] | min_by(.filed)
  | select(.filed >= $in.from.date and .filed <= $in.to.date)
  | {type: "event", time: (.filed | known), symbol: $in.symbols[0], kind: "fact", title: "\($taxonomy):\($tag)", unit: $unit,
     value: .val, start, end: .end, form, id: .accn};

def response:
  . as $in
  | if .status == 403 then {error: "EDGAR wants to know who asks: set `contact` in the section network", code: "credentials"}
    elif .status == 404 then {error: "nothing there", code: "missing"}
    elif .status != 200 then {error: "the server answers \(.status)"}
    elif .command == "search" then
      .body[] | select((.ticker + " " + .title) | ascii_downcase | contains($in.text | ascii_downcase))
      | {type: "instrument", symbol: (.ticker | gsub("-"; ".")), time: $in.now.time, name: .title, cik: (.cik_str | padded)}
    elif .page == null then
      ($in.symbols[0] | gsub("\\."; "-")) as $ticker
      | [.body[] | select(.ticker == $ticker)][0]
      | if . == null then {error: "no company of that symbol", code: "missing"} else {next: (.cik_str | padded)} end
    elif .feed == "facts" then .body | facts($in)
    else .body | filings($in) end;
