# Reddit, posts about symbols or words: https://www.reddit.com/dev/api. New keys need Reddit's approval since November 2025.
# With `url = "https://oauth.reddit.com/r/NAME+NAME"` in its section other groups are read. Its policy forbids to follow
# persons: posts are kept without their authors. What was deleted is left out.

def describe: {
  title: "Reddit",
  origin: "https://oauth.reddit.com",
  others: {www: "https://www.reddit.com"},
  takes_path: true,
  credentials: ["key", "secret"],
  token: {server: "www", path: "/api/v1/access_token", basic: "{key}:{secret}", form: {grant_type: "client_credentials"}},
  auth: {headers: {"Authorization": "bearer {access_token}"}},
  pace: {requests: 100, seconds: 60, burst: 20, hold: 600},
  commands: ["news"],
  feeds: ["new", "hot", "top", "rising"]
};

def groups: if .path == "" or .path == "/" then "/r/stocks+investing+wallstreetbets" else .path end;
# "$AAPL" finds the cash tag, the quotes keep it whole.
def words: if .text != "" then .text else [.symbols[] | "\"\(.)\""] | join(" OR ") end;

def request:
  if words == "" then {path: "\(groups)/\(.feed)", query: {limit: 100, after: .page, raw_json: 1, t: (if .feed == "top" then "week" else null end)}}
  else {path: "\(groups)/search", query: {q: words, restrict_sr: 1, sort: "new", t: "month", limit: 100, after: .page, raw_json: 1}} end;

def response:
  . as $in
  | if .status != 200 or .body.error? != null then
      {error: (.body.message? // .body.error? // "the server answers \(.status)"),
       code: (if .status == 401 then "credentials" elif .status == 429 then "limit" else "missing" end)}
    else
      (.body.data.children[] | .data | (.created_utc | tonumber) as $created
       | select($created >= ($in.from.s | tonumber) and $created < ($in.to.s | tonumber)
                and .removed_by_category == null and .selftext != "[removed]" and .selftext != "[deleted]")
       | {type: "news", id: "reddit:\(.name)", headline: .title, url: "https://www.reddit.com\(.permalink)",
          published: "s:\(.created_utc)", first_seen: $in.now.time, symbols: $in.symbols, publisher: "r/\(.subreddit // "")",
          summary: (.selftext // "" | .[0:1000]), score: .score, comments: .num_comments}),
      # Newest first, but for hot, top and rising, of which one page is enough.
      (if .body.data.after != null and (words != "" or .feed == "new")
          and (.body.data.children[-1].data.created_utc | tonumber) >= (.from.s | tonumber)
       then {next: .body.data.after} else empty end)
    end;
