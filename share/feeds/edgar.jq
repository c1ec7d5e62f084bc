# SEC EDGAR: https://www.sec.gov/edgar. Filings of a company, the facts of its reports, what its insiders traded (Form 4)
# and what a manager of money holds (13F), as events known in the evening of the day they were filed. A company without a
# symbol is asked for by its number, as CIK0001067983. `contact` in the section network is demanded: else the answer is 403.

def describe: {
  title: "SEC EDGAR",
  origin: "https://data.sec.gov",
  others: {www: "https://www.sec.gov"},
  pace: {requests: 8, seconds: 1, burst: 1},
  timeout: 60,
  commands: ["events", "search"],
  feeds: ["filings", "facts", "insiders", "holdings"]
};

# The way of a question: company_tickers.json (page null), then the company's list (page.cik), older parts of that list
# (page.files), and where documents are read, those that are left (page.left); a 13F's folder first (page.folder).
def most_documents: 400;
def folder($cik; $id): "/Archives/edgar/data/\($cik | tonumber)/\($id | gsub("-"; ""))";

def request:
  (.symbols[0] // "") as $symbol
  | {keep: true} + if .command == "search" then {server: "www", path: "/files/company_tickers.json"}
    elif (.symbols | length) != 1 then {error: "which company? one symbol, such as AAPL or CIK0001067983"}
    elif .page == null and ($symbol | test("^CIK[0-9]{1,10}$") | not) then {server: "www", path: "/files/company_tickers.json"}
    elif .page.folder then {server: "www", path: "\(folder(.page.cik; .page.left[0].id))/\(.page.folder)", expect: "xml"}
    elif .page.left and .feed == "holdings" then {server: "www", path: "\(folder(.page.cik; .page.left[0].id))/index.json"}
    elif .page.left then {server: "www", path: "\(folder(.page.cik; .page.left[0].id))/\(.page.left[0].document)", expect: "xml"}
    else
      (.page.cik // ("0000000000" + $symbol[3:] | .[-10:])) as $cik
      | if .feed == "facts" then {path: "/api/xbrl/companyfacts/CIK\($cik).json"}
        elif .page.files then {path: "/submissions/\(.page.files[0] | @uri)"}
        else {path: "/submissions/CIK\($cik).json"} end
    end;

def padded: ("0000000000" + .)[-10:];
def known: "local:America/New_York:\(.) 22:00:00";
def cik($in): $in.page.cik // ($in.symbols[0][3:] | padded);

# The columns of a list of filings, as rows within the range that was asked for.
def rows($in):
  . as $f
  | if ([.accessionNumber, .filingDate, .form, .primaryDocument | length] | unique | length) != 1 then
      error("columns of unequal length")
    else range(.accessionNumber | length) end
  | {id: $f.accessionNumber[.], filed: $f.filingDate[.], form: $f.form[.], document: $f.primaryDocument[.],
     period: ($f.reportDate[.]? // null | if . == "" then null else . end), description: ($f.primaryDocDescription[.]? // "")}
  | select(.filed >= $in.from.date and .filed <= $in.to.date);

def filing($in):
  {type: "event", time: (.filed | known), symbol: $in.symbols[0], kind: "filing", title: "\(.form) \(.description)", form, id,
   period, url: "https://www.sec.gov\(folder(cik($in); .id))/\(.document)"};

# The same fact stands in later reports again: the first filing is when it became known.
def facts($in):
  .facts | to_entries[] | .key as $taxonomy | .value | to_entries[] | .key as $tag | .value.units | to_entries[] | .key as $unit
  | .value | group_by([.start, .end, .val])[] | min_by(.filed)
  | select(.filed >= $in.from.date and .filed <= $in.to.date)
  | {type: "event", time: (.filed | known), symbol: $in.symbols[0], kind: "fact", title: "\($taxonomy):\($tag)", unit: $unit,
     value: .val, start, end: .end, form, id: .accn};

# ---- XML: names without their prefix, the text of a path of elements

def local: sub("^.*:"; "");
def kids($name): .children[] | select(.name | local == $name);
def at($path): reduce ($path | split("/")[]) as $name (.; [.[] | kids($name)]);
def text($path): [[.] | at($path) | .[].text | select(. != "")] | .[0];
def is_set($path): text($path) | . == "1" or . == "true";

# ---- Form 4

def owner:
  {name: text("reportingOwnerId/rptOwnerName"),
   role: ([(if is_set("reportingOwnerRelationship/isDirector") then "director" else empty end),
           (if is_set("reportingOwnerRelationship/isOfficer") then (text("reportingOwnerRelationship/officerTitle") // "officer") else empty end),
           (if is_set("reportingOwnerRelationship/isTenPercentOwner") then "10 % owner" else empty end)] | join(", "))};

def doing: {"P": "bought", "S": "sold", "A": "was granted", "M": "exercised", "F": "gave for tax", "G": "gave away", "D": "returned",
            "C": "converted", "X": "exercised"}[.] // "reports";

def insiders($in):
  $in.page.left[0] as $filing
  | [kids("reportingOwner") | owner] as $owners
  | [(kids("nonDerivativeTable") | kids("nonDerivativeTransaction") | {derivative: false, e: .}),
     (kids("derivativeTable") | kids("derivativeTransaction") | {derivative: true, e: .})]
  | to_entries[] | .key as $n | .value.derivative as $derivative | .value.e
  | text("transactionCoding/transactionCode") as $code
  | text("transactionAmounts/transactionShares/value") as $quantity
  | text("transactionAmounts/transactionPricePerShare/value") as $price
  | ($owners | map(.name) | join("; ")) as $name
  | {type: "event", time: ($filing.filed | known), symbol: $in.symbols[0], kind: "insider", form: $filing.form, id: "\($filing.id):\($n + 1)",
     title: "\($name) \($code // "" | doing) \($quantity // "?")\(if $price then " at \($price)" else "" end)", owner: $name,
     role: ($owners | map(.role) | unique | join("; ")), code: $code,
     direction: ({"A": "acquired", "D": "disposed"}[text("transactionAmounts/transactionAcquiredDisposedCode/value") // ""]),
     quantity: $quantity, price: $price, held: text("postTransactionAmounts/sharesOwnedFollowingTransaction/value"),
     date: (text("transactionDate/value") | if . == null then null else .[0:10] end), security: text("securityTitle/value"),
     derivative: $derivative, indirect: (text("ownershipNature/directOrIndirectOwnership/value") == "I"),
     url: "https://www.sec.gov\(folder($in.page.cik; $filing.id))/\($filing.document)"};

# ---- 13F

# Values are whole dollars since 2023, thousands before; several rows of one security are one holding.
def holdings($in):
  $in.page.left[0] as $filing
  | [kids("infoTable")
     | {name: text("nameOfIssuer"), class: text("titleOfClass"), cusip: text("cusip"), put_call: text("putCall"),
        kind: text("shrsOrPrnAmt/sshPrnamtType"), quantity: (text("shrsOrPrnAmt/sshPrnamt") | gsub(","; "") | tonumber),
        value: (text("value") | gsub(","; "") | tonumber)}] as $rows
  | (if $filing.filed >= "2023-01-03" and ([$rows[] | select(.quantity > 0 and .kind == "SH" and .value / .quantity < 1)] | length) * 2 > ($rows | length)
     then {note: "\($filing.id): most values are below a dollar a share; they may be thousands"} else empty end),
    ($rows | group_by([.cusip, .put_call, .kind])[]
     | (map(.value) | add | if $filing.filed < "2023-01-03" then . * 1000 else . end | tostring) as $value
     | (map(.quantity) | add | tostring) as $quantity
     | .[0]
     | {type: "event", time: ($filing.filed | known), symbol: $in.symbols[0], kind: "holding", form: $filing.form,
        id: "\($filing.id):\(.cusip)\(if .put_call then ":" + (.put_call | ascii_downcase) else "" end)", title: "\(.name) \(.class)",
        issuer: .name, class, cusip, put_call: (.put_call | if . == null then null else ascii_downcase end),
        quantity: $quantity, unit: ({"SH": "shares", "PRN": "principal"}[.kind // ""]), value: $value, period: $filing.period,
        url: "https://www.sec.gov\(folder($in.page.cik; $filing.id))/"});

# ---- from step to step

# The form that a feed reads; "xslF345X05/" before a name is the view for people.
def is_read($feed): .form | if $feed == "insiders" then test("^4(/A)?$") else test("^13F-HR(/A)?$") end;
def document: {id, filed, form, period, document: (.document | split("/") | .[-1])};

def on_list($in):
  ((.files? // []) | map(select(.filingTo >= $in.from.date and .filingFrom <= $in.to.date) | .name)) as $older
  | (if $in.page.files then $in.page.files[1:] else $older end) as $files
  | (if $in.page.files then . else .recent end) as $columns
  | if $in.feed == "filings" then
      ($columns | rows($in) | filing($in)),
      (if ($files | length) > 0 then {next: {cik: cik($in), files: $files}} else empty end)
    else
      (($in.page.found // []) + [$columns | rows($in) | select(is_read($in.feed)) | document]) as $found
      | if ($files | length) > 0 then {next: {cik: cik($in), files: $files, found: $found}}
        elif ($found | length) == 0 then empty
        else
          (if ($found | length) > most_documents then
             {note: "\($found | length) filings: only the newest \(most_documents) are read, ask for a shorter time"} else empty end),
          {next: {cik: cik($in), left: ($found | sort_by(.filed) | .[-most_documents:])}}
        end
    end;

def after_document($in): if ($in.page.left | length) > 1 then {next: {cik: $in.page.cik, left: $in.page.left[1:]}} else empty end;

def response:
  . as $in
  | if .status == 403 then {error: "EDGAR wants to know who asks: set `contact` in the section network", code: "credentials"}
    elif .page.left and .status == 404 then {note: "\(.page.left[0].id): its document is not there"}, after_document($in)
    elif .status == 404 then {error: "nothing there", code: "missing"}
    elif .status != 200 then {error: "the server answers \(.status)"}
    elif .command == "search" then
      .body[] | select((.ticker + " " + .title) | ascii_downcase | contains($in.text | ascii_downcase))
      | {type: "instrument", symbol: (.ticker | gsub("-"; ".")), time: $in.now.time, name: .title, cik: (.cik_str | padded)}
    elif .page == null and ($in.symbols[0] | test("^CIK[0-9]{1,10}$") | not) then
      ($in.symbols[0] | gsub("\\."; "-")) as $ticker
      | [.body[] | select(.ticker == $ticker)][0]
      | if . == null then {error: "no company of that symbol", code: "missing"} else {next: {cik: (.cik_str | padded)}} end
    elif .feed == "facts" then .body | facts($in)
    elif .page.folder then (.body | holdings($in)), after_document($in)
    elif .page.left and .feed == "holdings" then
      [.body.directory.item[].name | select(test("\\.xml$"; "i") and . != "primary_doc.xml")] as $names
      | if ($names | length) == 0 then {note: "\(.page.left[0].id): no information table"}, after_document($in)
        else {next: (.page + {folder: $names[0]})} end
    elif .page.left then (.body | insiders($in)), after_document($in)
    elif .page.files then .body | on_list($in)
    else .body.filings | on_list($in) end;
