#!/usr/bin/awk -f
# mean.py as a program in awk, for daily bars as tn-quote writes them: long while the close is above its mean of n
# closes, flat otherwise; the stop is as far below as the mean is. Every record goes on; behind a bar comes its signal.
#
#     tn-quote bars -s sim AAPL -n 1000 | ./mean.awk -v n=20 | tn-backtest run --signals | tn-report summary

function text(key) {
    return match($0, "\"" key "\":\"[^\"]*\"") ? substr($0, RSTART + length(key) + 4, RLENGTH - length(key) - 5) : ""
}
function number(key) {
    return match($0, "\"" key "\":[-+.0-9eE]+") ? substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 3) : ""
}
function is(type) { return index($0, "{\"type\":\"" type "\",") == 1 }

BEGIN { if (n == "") n = 20 }
{ print; fflush() }
# Prices before a split say nothing about prices after it.
is("action") && text("kind") == "split" { count[text("symbol")] = 0 }
is("bar") && !/"final":false/ {
    symbol = text("symbol"); close_text = number("close"); price = close_text + 0; time = text("end")
    if (time == "") {
        print "mean.awk: a bar without its end: daily bars are needed" > "/dev/stderr"
        exit 1
    }
    window[symbol, count[symbol]++ % n] = price
    if (count[symbol] < n) next
    sum = 0
    for (i = count[symbol]; i < count[symbol] + n; i++) sum += window[symbol, i % n]
    mean = sum / n
    side = price > mean ? "long" : "flat"
    if (!(symbol in wanted) || wanted[symbol] != side) {
        initial[symbol] = !(symbol in wanted)
        wanted[symbol] = side
        decided[symbol] = time
    }
    printf "{\"type\":\"signal\",\"time\":\"%s\",\"symbol\":\"%s\",\"id\":\"%s.%s.%s\",\"strategy\":\"mean:n=%d\"," \
        "\"side\":\"%s\",\"decided\":\"%s\",\"interval\":\"%s\",\"initial\":%s,\"price\":%s%s,\"reason\":{\"mean\":%.10g}}\n", time, symbol, symbol,
        side, decided[symbol], n, side, decided[symbol], text("interval"), initial[symbol] ? "true" : "false", close_text,
        side == "long" ? sprintf(",\"stop\":%.2f", 2 * mean - price) : "", mean
    fflush()
}
