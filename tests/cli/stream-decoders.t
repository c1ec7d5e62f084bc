#!/usr/bin/env bash
# The decoders of live feeds and an independent reading in Python make the same of the same frames: trades, quotes, bars
# and books, every figure.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs python3
unit test-stream
for feed in binance=BTCUSDT alpaca=AAPL massive=MSFT kraken=BTC/USD coinbase=BTC/USD tradier=SPY kite=NSE:408065; do
    name=${feed%%=*}
    python3 "$TOP/tests/cli/frames.py" make "$name" 400 7 >frames
    "$unit" decode "$name" 15 "${feed#*=}" <frames >records
    python3 "$TOP/tests/cli/frames.py" lines <records | grep -v '"book", "NSE' >ours
    python3 "$TOP/tests/cli/frames.py" read "$name" <frames >theirs
    same "$name: 400 frames, both readings alike" ours theirs
    is "$name: none refused" "$(grep -c ^bad records)" 0
    like "$name: there is something to compare" "$(wc -l <ours)" '^([2-9][0-9][0-9]|[0-9]{4})$'
done
finish
