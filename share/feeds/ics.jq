# iCalendar (RFC 5545), such as the release schedule of the Bureau of Labor Statistics, with its hours: the address of the
# file is `url` in its section of the configuration. What is ahead is there too, with --to. Recurrence is not unfolded; where
# there is one, a note says so.

def describe: {
  title: "iCalendar file",
  takes_path: true,
  pace: {requests: 1, seconds: 5, burst: 5, hold: 600},
  timeout: 20,
  commands: ["events"]
};

def request: {path: .path, expect: "text", keep: true};

def unescaped: gsub("\\\\[nN]"; " ") | gsub("\\\\(?<c>[,;\\\\])"; .c);

# "DTSTART;TZID=US-Eastern:20261210T083000" → {name, zone, date_only, value}
def property:
  [capture("^(?<name>[A-Za-z-]+)(?<parameters>(;([^:\";]|\"[^\"]*\")*)*):(?<value>.*)$")] | .[0]
  | if . == null then empty
    else {name: (.name | ascii_upcase), value, zone: ([.parameters | capture("TZID=\"?(?<z>[^\";:]+)") | .z] | .[0])} end;

# Names that calendars use beside those of the zone database.
def zone: {"US-Eastern": "America/New_York", "US/Eastern": "America/New_York", "Eastern Standard Time": "America/New_York",
           "Eastern Time": "America/New_York"}[.] // .;
def moment:
  .zone as $zone
  | [.value | capture("^(?<y>[0-9]{4})(?<m>[0-9]{2})(?<d>[0-9]{2})(T(?<h>[0-9]{2})(?<i>[0-9]{2})(?<s>[0-9]{2})(?<z>Z?))?$")] | .[0]
  | if . == null then null
    elif .h == null then "local:\($zone // "America/New_York" | zone):\(.y)-\(.m)-\(.d) 00:00:00"
    elif .z == "Z" then "\(.y)-\(.m)-\(.d)T\(.h):\(.i):\(.s)Z"
    else "local:\($zone // "America/New_York" | zone):\(.y)-\(.m)-\(.d) \(.h):\(.i):\(.s)" end;

# The words of the figures that move markets most.
def usual:
  ascii_downcase
  | if test("^consumer price index") then {kind: "cpi", impact: "high"}
    elif test("^(the )?employment situation") then {kind: "nfp", impact: "high"}
    elif test("^(gross domestic product|gdp)") then {kind: "gdp", impact: "high"}
    elif test("^personal income") then {kind: "pce", impact: "high"}
    elif test("fomc|federal open market committee") then {kind: "fomc", impact: "high"}
    elif test("^producer price index") then {kind: "ppi", impact: "medium"}
    elif test("retail sales|retail trade") then {kind: "retail_sales", impact: "medium"}
    else {kind: "release", impact: null} end;

# In UTC only the moment says whether it is asked for; elsewhere its day does.
def is_asked($in):
  if .value | endswith("Z") then moment | . >= $in.from.time and . < $in.to.time
  else .value | "\(.[0:4])-\(.[4:6])-\(.[6:8])" | . >= $in.from.date and . <= $in.to.date end;

def event($in):
  (map(select(.name == "SUMMARY")) | .[0].value // "" | unescaped) as $title
  | (map(select(.name == "DTSTART")) | .[0]) as $start
  | ($title | usual) as $usual
  | (if $start == null then null else $start | moment end) as $time
  | if $time == null then {note: "an entry without a usable time is left out: \($title[0:60])"}
    else
      (if any(.name == "RRULE" or .name == "RDATE") then {note: "read once, its recurrence is not unfolded: \($title[0:60])"}
       else empty end),
      (select($start | is_asked($in))
       | {type: "event", time: $time, kind: $usual.kind, impact: $usual.impact, title: $title,
          date: ($start.value | if endswith("Z") then null else "\(.[0:4])-\(.[4:6])-\(.[6:8])" end),
          assumed: (if $start.value | contains("T") then null else true end),
          id: (map(select(.name == "UID")) | .[0].value), url: (map(select(.name == "URL")) | .[0].value)})
    end;

def response:
  . as $in
  | if .status != 200 then {error: "the server answers \(.status)", code: (if .status == 403 then "credentials" else "missing" end)}
    elif .body | test("^(\ufeff)?BEGIN:VCALENDAR"; "") | not then {error: "no iCalendar file", code: "unavailable"}
    elif .body | test("END:VCALENDAR\\s*$") | not then {error: "the file breaks off", code: "unavailable"}
    else
      # One entry at a time: the time of gsub grows with the square of the text's length. A line that begins with a blank
      # goes on the one before.
      .body | split("\nBEGIN:VEVENT")[1:][] | split("\nEND:VEVENT")[0]
      | gsub("\r"; "") | gsub("\n[ \t]"; "") | split("\n") | [.[] | property]
      | select(any(.name == "STATUS" and (.value | ascii_upcase) == "CANCELLED") | not)
      | event($in)
    end;
