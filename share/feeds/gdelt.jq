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
  if .text == "" and (.symbols | length) == 0 then {error: "what about? -q WORDS, or a symbol"}
  else {path: "/api/v2/doc/doc",
        query: {query: (if .text != "" then .text else "\"\(.symbols[0])\"" end), mode: "artlist", format: "json", maxrecords: 250,
                sort: "dateasc", startdatetime: (.from.time | stamp), enddatetime: (.to.time | stamp)}} end;

def response:
  . as $in
  | if .status != 200 then {error: "the server answers \(.status)"}
    else
      .body.articles // [] | .[]
      | (.seendate | "\(.[0:4])-\(.[4:6])-\(.[6:8])T\(.[9:11]):\(.[11:13]):\(.[13:15])Z") as $seen
      | {type: "news", id: .url, headline: .title, url, first_seen: $seen, symbols: $in.symbols, publisher: .domain}
    end;
