# mean.py as a program in jq: long while the close is above its mean of n closes, flat otherwise; the stop is as far
# below as the mean is. Every record goes on; behind a bar comes the signal that judges it.
#
#     tn-quote bars -s sim AAPL -n 1000 | jq -nc --argjson n 20 -f mean.jq | tn-backtest run --signals | tn-report summary
#
# In a live session somebody waits for each line: add --unbuffered.

# When a bar became known: its end, written where it is not time + interval.
def known: .end // ((.time | fromdate) + {"1m": 60, "5m": 300, "15m": 900, "30m": 1800, "1h": 3600}[.interval] | todate);

def judge($bar; $closes):
  ($closes | add / $n) as $mean
  | (if $bar.close > $mean then "long" else "flat" end) as $side
  | (if .decision[$bar.symbol].side == $side then .
     else .decision[$bar.symbol] = {$side, decided: ($bar | known), initial: (.decision[$bar.symbol] == null)} end)
  | .decision[$bar.symbol] as $decision
  | .signal = {type: "signal", time: ($bar | known), symbol: $bar.symbol,
               id: "\($bar.symbol).\($side).\($decision.decided)", strategy: "mean:n=\($n)", side: $side,
               decided: $decision.decided, interval: $bar.interval, initial: $decision.initial, price: $bar.close, reason: {$mean}}
  | if $side == "long" then .signal.stop = ((2 * $mean - $bar.close) * 100 | round / 100) else . end;

foreach inputs as $record ({closes: {}, decision: {}};
  .signal = null
  # Prices before a split say nothing about prices after it.
  | if $record.type == "action" and $record.kind == "split" then del(.closes[$record.symbol])
    elif $record.type == "bar" and $record.final != false then
      .closes[$record.symbol] = (.closes[$record.symbol] // []) + [$record.close]
      | .closes[$record.symbol] |= .[-$n:]
      | .closes[$record.symbol] as $closes
      | if ($closes | length) == $n then judge($record; $closes) else . end
    else . end;
  $record, (.signal // empty))
