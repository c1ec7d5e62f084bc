# NewsAPI: https://newsapi.org/docs. Headlines that name a symbol or hold the words of a search. They have no ids: the
# address is one.

def describe: {
  title: "NewsAPI",
  origin: "https://newsapi.org",
  credentials: ["key"],
  auth: {headers: {"X-Api-Key": "{key}"}},
  pace: {requests: 1, seconds: 1, burst: 5},
  commands: ["news"]
};

def request:
  {path: "/v2/everything",
   query: {q: (if .text != "" then .text else .symbols[0] // "" end), from: .from.time, to: .to.time, sortBy: "publishedAt",
           pageSize: 100, page: (.page // 1)}};

def response:
  . as $in
  | if .status != 200 then
      {error: (.body.message? // "the server answers \(.status)"),
       code: (if .status == 401 then "credentials" else "unavailable" end)}
    else
      (.body.articles[] | select(.title != "[Removed]")
       | {type: "news", id: .url, headline: .title, url, summary: .description, published: .publishedAt,
          first_seen: $in.now.time, symbols: $in.symbols}),
      (($in.page // 1) as $page
       | if $page * 100 >= (.body.totalResults | tonumber) then empty
         elif $page < 5 then {next: ($page + 1)}
         else {note: "only the newest 500 of \(.body.totalResults) articles: ask for a shorter time"} end)
    end;
