# Alerts of TradingView for tn-stream webhook. The message of the alert is an object such as
#   {"secret": "…", "symbol": "{{ticker}}", "side": "long", "strategy": "tv-breakout", "price": "{{close}}",
#    "interval": "{{interval}}"}
# with side long, short or flat for a signal; without a side it is an alert, whose words are in "text". tn-risk sizes a
# signal by its interval, and refuses one without (NO_INTERVAL).

# The moment stands first: it makes the id one of its own however long the names behind it are.
def id($in): "\($in.received)/\(.symbol)/\(.side)/\(.strategy // "tv")" | .[0:63];

# TradingView's: minutes as a bare number, 30S, D, 2D, W, M.
def interval:
  if test("^[0-9]+$") then . + "m"
  elif test("^[0-9]*[SDWM]$") then (if test("^[0-9]") then . else "1" + . end) | ascii_downcase | sub("m$"; "mo")
  else . end;

. as $in
| .body
| if .side then
    {type: "signal", time: $in.received, symbol: .symbol, id: id($in), strategy: (.strategy // "tv"), side: .side,
     decided: $in.received,
     interval: (.interval | if . then interval else null end), price: .price, stop: .stop, target: .target}
    | with_entries(select(.value != null))
  else
    {type: "alert", time: $in.received, symbol: .symbol, level: (.level // "info"), title: (.title // "TradingView"),
     text: (.text // "")}
    | with_entries(select(.value != null))
  end
