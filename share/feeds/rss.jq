# RSS 2.0, RSS 1.0 and Atom: the address of the feed is `url` in its section of the configuration. When an item was
# published is its claim; known it is from the moment it is first seen here.

def describe: {
  title: "RSS or Atom feed",
  takes_path: true,
  pace: {requests: 1, seconds: 5, burst: 5, hold: 600},
  timeout: 20,
  commands: ["news"]
};

def request: {path: .path, expect: "xml", keep: true};

def local: sub("^.*:"; "");
def kids($name): .children[] | select(.name | local == $name);
def text($name): [kids($name) | .text | select(. != "")] | .[0];

# "Wed, 25 Nov 2026 14:00:00 GMT", two digits of a year, no seconds, a zone by name or offset; or ISO 8601.
def month: {"jan": "01", "feb": "02", "mar": "03", "apr": "04", "may": "05", "jun": "06", "jul": "07", "aug": "08",
            "sep": "09", "oct": "10", "nov": "11", "dec": "12"}[ascii_downcase];
def zone:
  {"GMT": "Z", "UT": "Z", "UTC": "Z", "Z": "Z", "EST": "-05:00", "EDT": "-04:00", "CST": "-06:00", "CDT": "-05:00",
   "MST": "-07:00", "MDT": "-06:00", "PST": "-08:00", "PDT": "-07:00"}[.]
  // (if test("^[+-][0-9]{4}$") then "\(.[0:3]):\(.[3:5])" else null end);
def moment:
  if . == null then null
  elif test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2})$") then .
  else
    [capture("^([A-Za-z]+, *)?(?<d>[0-9]{1,2}) (?<m>[A-Za-z]{3})[a-z]* (?<y>[0-9]{2,4}) (?<t>[0-9]{2}:[0-9]{2})(:(?<s>[0-9]{2}))? *(?<z>[A-Z]+|[+-][0-9]{4})$")]
    | if length == 0 then null else .[0] end
    | if . == null or (.m | month) == null or (.z | zone) == null then null
      else "\(if (.y | length) == 2 then "20" + .y else .y end)-\(.m | month)-\("0" + .d | .[-2:])T\(.t):\(.s // "00")\(.z | zone)" end
  end;

# RSS has <link>TEXT</link>, Atom <link rel="alternate" href="…"/>.
def link:
  text("link")
  // ([kids("link") | select((.attributes.rel // "alternate") == "alternate") | .attributes.href] | .[0]);

def item($in):
  link as $url
  | {type: "news", headline: (text("title") // "(no title)"), url: $url,
     id: (text("guid") // text("id") // $url // text("title")), published: (text("pubDate") // text("published") // text("updated") // text("date") | moment),
     first_seen: $in.now.time, symbols: $in.symbols, summary: (text("description") // text("summary"))};

def response:
  . as $in
  | if .status != 200 then {error: "the server answers \(.status)"}
    else .body | recurse(.children[]) | select(.name | local == "item" or local == "entry") | item($in)
    end;
