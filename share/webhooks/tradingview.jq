# Alerts of TradingView for tn-stream webhook. The message of the alert is an object such as
#   {"secret": "…", "symbol": "{{ticker}}", "side": "long", "strategy": "tv-breakout", "price": "{{close}}"}
# with side long, short or flat for a signal; without a side it is an alert, whose words are in "text".

def id($in): "\(.strategy)/\(.symbol)/\(.side)/\($in.received)" | .[0:64];

. as $in
| .body
| if .side then
    {type: "signal", time: $in.received, symbol: .symbol, id: id($in), strategy: (.strategy // "tv"), side: .side,
     decided: $in.received, price: .price, stop: .stop, target: .target}
    | with_entries(select(.value != null))
  else
    {type: "alert", time: $in.received, symbol: .symbol, level: (.level // "info"), title: (.title // "TradingView"),
     text: (.text // "")}
    | with_entries(select(.value != null))
  end
