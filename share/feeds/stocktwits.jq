# StockTwits, messages of a symbol: https://api.stocktwits.com/developers. It gives no new keys since 2023; who has a
# token can use it. What people say is kept without who says it.

def describe: {
  title: "StockTwits",
  origin: "https://api.stocktwits.com",
  credentials: ["token"],
  auth: {query: {"access_token": "{token}"}},
  pace: {requests: 200, seconds: 3600, burst: 20, hold: 3600},
  commands: ["news"]
};

# BTC/USD is BTC.X there.
def spelled: if contains("/") then split("/")[0] + ".X" else . end;

def request:
  if (.symbols | length) != 1 then {error: "which symbol? its messages are asked for by symbol"}
  else {path: "/api/2/streams/symbol/\(.symbols[0] | spelled | @uri).json", query: {limit: 30, max: .page}} end;

def plain: gsub("&#39;"; "'") | gsub("&quot;"; "\"") | gsub("&lt;"; "<") | gsub("&gt;"; ">") | gsub("&amp;"; "&");

def response:
  . as $in
  | if .status != 200 or (.body.response.status? // "200") != "200" then
      {error: (.body.errors[0].message? // "the server answers \(.status)"),
       code: (if .status == 401 or .status == 403 then "credentials" elif .status == 429 then "limit" else "missing" end)}
    else
      (.body.messages[] | select(.created_at >= $in.from.time and .created_at < $in.to.time)
       | {type: "news", id: "stocktwits:\(.id)", headline: (.body | plain), published: .created_at, first_seen: $in.now.time,
          symbols: $in.symbols, publisher: "stocktwits", sentiment: (.entities.sentiment.basic? // null | if . == null then null else ascii_downcase end),
          likes: (.likes.total? // null)}),
      # Newest first: older ones are asked for until the range is covered.
      (if .body.cursor.more == true and (.body.messages | length) > 0 and .body.messages[-1].created_at >= .from.time
       then {next: .body.cursor.max} else empty end)
    end;
