#!/usr/bin/env bash
# tn-order positions --watch: figures worked out by hand, printed once in a pipe, refreshed in a terminal, which is left as
# it was.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs python3 jq

bar() { # DAY OPEN HIGH LOW CLOSE [SYMBOL]
    printf '{"type":"bar","time":"2024-01-%sT05:00:00Z","symbol":"%s","interval":"1d","session":"2024-01-%s","end":"2024-01-%sT21:00:00Z","open":%s,"high":%s,"low":%s,"close":%s,"volume":1000}\n' \
        "$1" "${6:-AAPL}" "$1" "$1" "$2" "$3" "$4" "$5"
}
order() { # ID SYMBOL SIDE QUANTITY STOP PRICE
    printf '{"type":"order","time":"2024-01-02T21:00:00Z","id":"%s","account":"paper","symbol":"%s","side":"%s","quantity":%s,"order_type":"market","time_in_force":"day","role":"entry","reference_price":%s,"mode":"paper","class":"bracket","legs":[{"role":"stop","order_type":"stop","stop_price":%s}]}\n' \
        "$1" "$2" "$3" "$4" "$6" "$5"
}
printf 'account paper { slippage_ticks = 0  slippage_bps = 0  long_only = no }\n' >"$TN_HOME/config"
tn-order open paper --cash 100000 --now 2024-01-02T14:00:00Z >/dev/null 2>&1
{
    order e1 AAPL buy 10 90 100
    order e2 MSFT sell_short 20 220 200
    echo '{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}'
} >orders.nd
ok 'two entries' tn-order submit orders.nd --now 2024-01-02T21:01:00Z
{
    bar 03 100 104 97 101
    bar 03 200 203 199 202 MSFT
    bar 04 101 112 100 108
    bar 04 202 206 201 205 MSFT
    bar 05 108 109 94 99
    bar 05 205 205 190 192 MSFT
} >bars.nd
ok 'three days' tn-order settle bars.nd
# AAPL: bought 10 at 100, stop 90: risk 100. Closes 101 108 99: the best (108-100)*10 = 80, the worst (100-99)*10 = 10; now -10,
# -0.1 R. MSFT: sold 20 at 200, stop 220: risk 400. Closes 202 205 192: best (200-192)*20 = 160, worst (205-200)*20 = 100; now
# 160: 0.4 R.
figures='[.symbol, .quantity, .unrealized, .risk, .mfe, .mae, .r]'
ok 'in a pipe: once' tn-order positions --watch
is 'by the closes that the account has seen' "$(jq -c "$figures" <<<"$out" | paste -sd' ')" \
    '["AAPL",10,-10,100,80,10,-0.1] ["MSFT",-20,160,400,160,100,0.4]'
# A stream: a bar of today with a high of 130 and a low of 95, closing at 120, then a quote of MSFT around 180.
{
    bar 08 100 130 95 120
    echo '{"type":"quote","time":"2024-01-08T15:00:00Z","symbol":"MSFT","bid":179,"bid_size":1,"ask":181,"ask_size":1}'
    echo '{"type":"trade","time":"2024-01-08T15:00:00Z","symbol":"OTHER","price":1,"quantity":1}'
} >prices.nd
ok 'with prices of a stream' tn-order positions --watch prices.nd
# AAPL: (120-100)*10 = 200, 2 R; best (130-100)*10 = 300, worst (100-95)*10 = 50. MSFT: (200-180)*20 = 400, 1 R.
is 'they are the newer ones' "$(jq -c "$figures" <<<"$out" | paste -sd' ')" \
    '["AAPL",10,200,100,300,50,2] ["MSFT",-20,400,400,400,100,1]'
ok 'from standard input' sh -c 'tn-order positions --watch - -O csv <prices.nd'
like 'as CSV' "$out" '^2024-01-08T21:00:00Z,AAPL,paper,'
exits 'a line that is no record' 3 sh -c 'echo nonsense | tn-order positions --watch -'
stderr_like 'is said' 'a price: '
exits 'no such file' 2 tn-order positions --watch nowhere
exits 'prices without --watch' 2 tn-order positions prices.nd
ok 'without --watch as before' tn-order positions
is 'and without its figures' "$(jq -c '[.symbol, .mfe, .r]' <<<"$out" | head -1)" '["AAPL",null,null]'

python3 - >screen.out 2>&1 <<'END'
import fcntl, os, pty, re, select, signal, struct, sys, termios, time
def size(fd, rows, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
pid, fd = pty.fork()
if pid == 0:
    os.execvp("tn-order", ["tn-order", "positions", "--watch", "--every", "100", "--no-color"])
size(fd, 24, 100)
before = termios.tcgetattr(fd)
def read_until(mark, seconds=10):
    seen, end = b"", time.time() + seconds
    while time.time() < end:
        if select.select([fd], [], [], 0.1)[0]:
            try:
                seen += os.read(fd, 65536)
            except OSError:
                break
        if mark in seen:
            break
    return seen
seen = read_until(b"q quits")
print("begins", b"\x1b[?1049h\x1b[?25l" in seen)
print("shows", b"AAPL" in seen and b"MSFT" in seen and b"equity" in seen and b"MFE" in seen)
print("raw", termios.tcgetattr(fd)[3] & (termios.ICANON | termios.ECHO) == 0)
print("again", seen.count(b"\x1b[H\x1b[J") + read_until(b"\x1b[H\x1b[J").count(b"\x1b[H\x1b[J") >= 2)
size(fd, 24, 60)
os.kill(pid, signal.SIGWINCH)
read_until(b"q quits")
text = read_until(b"q quits").decode().split("\x1b[H\x1b[J")[-1]
lines = [len(re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", l)) for l in text.replace("\r", "").split("\n")]
print("narrow", max(lines) <= 60, "not all columns" if "MAE" not in text else "")
size(fd, 6, 60)
os.kill(pid, signal.SIGWINCH)
read_until(b"more lines; q quits")
text = read_until(b"more lines; q quits").decode().split("\x1b[H\x1b[J")[-1]
print("low", text.count("\n") <= 6)
os.write(fd, b"xq")
seen = read_until(b"\x1b[?25h\x1b[?1049l")
print("ends", b"\x1b[?25h\x1b[?1049l" in seen)
print("restored", termios.tcgetattr(fd)[3] == before[3])
print("code", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END
is 'in a terminal: drawn again and again, fits, q ends it, the terminal is as it was' \
    "$(sed 's/ not all columns//; s/ *$//' screen.out | paste -sd,)" \
    'begins True,shows True,raw True,again True,narrow True,low True,ends True,restored True,code 0'
# Whatever ends it: ^\\, a crash; a stop (which would leave a shell with half a terminal) is not obeyed.
python3 - >ends.out 2>&1 <<'END'
import os, pty, select, signal, termios, time
def run(kills, code):
    pid, fd = pty.fork()
    if pid == 0:
        os.execvp("tn-order", ["tn-order", "positions", "--watch", "--every", "100", "--no-color"])
    before = termios.tcgetattr(fd)
    seen, end, sent = b"", time.time() + 10, 0
    while time.time() < end:
        if select.select([fd], [], [], 0.1)[0]:
            try:
                seen += os.read(fd, 65536)
            except OSError:
                break
        if sent < len(kills) and seen.count(b"q quits") > sent: # the screen is shown, and again after a stop
            os.kill(pid, kills[sent])
            sent += 1
        if b"\x1b[?25h\x1b[?1049l" in seen:
            break
    got = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    print(b"\x1b[?25h\x1b[?1049l" in seen, termios.tcgetattr(fd)[3] == before[3], got == code)
run([signal.SIGQUIT], 0)
run([signal.SIGTSTP, signal.SIGTERM], 0)
run([signal.SIGABRT], -signal.SIGABRT)
END
is 'the terminal is as it was after SIGQUIT, a stop and a crash' "$(paste -sd, ends.out)" \
    'True True True,True True True,True True True'
finish
