# GDELT DOC 2: headlines of the world's press, as it saw them, in steps of a quarter of an hour. No key; one question in
# six seconds. What is wrong with a question is said in a sentence with 200.

def describe: {
  title: "GDELT",
  origin: "https://api.gdeltproject.org",
  pace: {requests: 1, seconds: 6, hold: 60},
  parallel: 1,
  timeout: 30,
  commands: ["news"]
};

def stamp: .[0:19] | gsub("[-:T]"; "");

def request:
  if .text == "" and (.symbols | length) == 0 then {error: "what about? --about WORDS, or a symbol"}
  else {path: "/api/v2/doc/doc", expect: "text",
        query: {query: (if .text != "" then .text else "\"\(.symbols[0])\"" end), mode: "artlist", format: "json", maxrecords: 250,
                sort: "dateasc", startdatetime: (.from.time | stamp), enddatetime: (.to.time | stamp)}} end;

# Its JSON has escapes and control bytes that JSON does not have.
def read: gsub("[\u0001-\u001f]"; " ") | gsub("\\\\'"; "'") | fromjson;

def response:
  . as $in
  | if .status != 200 then {error: "the server answers \(.status)"}
    elif (.body | startswith("{") | not) then {error: .body[0:150], code: (if .body | test("limit requests"; "i") then "limit" else "input" end)}
    else
      (.body | read.articles // []) as $articles
      | (if ($articles | length) == 250 then {note: "only the oldest 250 articles: ask for a shorter time"} else empty end),
        ($articles[]
      | (.seendate | "\(.[0:4])-\(.[4:6])-\(.[6:8])T\(.[9:11]):\(.[11:13]):\(.[13:15])Z") as $seen
      | {type: "news", id: .url, headline: .title, url, first_seen: $seen, symbols: $in.symbols, publisher: .domain})
    end;
