#!/usr/bin/env bash
# tn-notify bot: who is answered what, by Telegram and Discord as stand-ins; a halt with a code; strangers, late
# commands, hostile text, outages, restarts.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs python3 flock

# Both services: what is in the file `ask` is handed out once, each line as a message; what is said is kept.
cat >server.py <<'P'
import http.server, json, os, socket, sys, threading, time
lock = threading.Lock()
sent = {"telegram": [], "discord": []}
number = [100]
def fresh():  # new lines: SERVICE CHAT USER AGE TEXT
    with lock:
        try:
            os.rename("ask", "ask.taken")
        except OSError:
            return
        for line in open("ask.taken"):
            service, chat, user, age, text = line.rstrip("\n").split(" ", 4)
            number[0] += 1
            at = time.time() - float(age)
            id = number[0] if service == "telegram" else (int((at - 1420070400) * 1000) << 22) + number[0]
            sent[service].append((id, chat, user, at, text.encode().decode("unicode_escape") if "\\" in text else text))
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *_): pass
    def answer(self, status, data):
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status == 429: self.send_header("Retry-After", "1")
        self.end_headers()
        self.wfile.write(body)
    def note(self, kind, chat, text):
        with lock, open("said", "a") as out:
            out.write(json.dumps({"kind": kind, "chat": chat, "text": text}) + "\n")
    def fails(self):
        try: status = int(open("fail").read())
        except OSError: return False
        if status == 429: os.unlink("fail")
        self.answer(status, {"ok": False, "description": "stand-in"})
        return True
    def do_GET(self):
        if self.fails(): return
        if self.headers["Authorization"] != "Bot canary-discord-token" or not self.headers["User-Agent"].startswith("DiscordBot ("):
            return self.answer(401, {"message": "401: Unauthorized"})
        fresh()
        chat, query = self.path.split("/")[5 - 1], self.path.split("?")[1]
        after = int(dict(p.split("=") for p in query.split("&"))["after"])
        found = [m for m in sent["discord"] if m[1] == chat and m[0] > after]
        self.answer(200, [{"id": str(m[0]), "channel_id": m[1], "author": {"id": m[2]}, "content": m[4]} for m in reversed(found)])
    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        if self.fails(): return
        if self.path.startswith("/api/v10/channels/"):
            chat = self.path.split("/")[4]
            if self.headers["Content-Type"].startswith("multipart"):
                self.note("picture", chat, raw.split(b"\r\n\r\n")[1][:4].decode("latin1"))
            else:
                data = json.loads(raw)
                self.note("discord", chat, data["content"] + str(data["allowed_mentions"]))
            return self.answer(200, {})
        if not self.path.startswith("/botcanary-telegram-token/"):
            return self.answer(401, {"ok": False})
        method = self.path.split("/")[2]
        if method == "getUpdates":
            data = json.loads(raw)
            until = time.time() + min(data["timeout"], 2)
            while True:
                fresh()
                found = [m for m in sent["telegram"] if m[0] >= data.get("offset", 0)]
                if found or time.time() > until: break
                time.sleep(0.05)
            open("polls", "a").write("%s\n" % data.get("offset", "-"))
            return self.answer(200, {"ok": True, "result": [{"update_id": m[0], "message": {"message_id": 1, "date": int(m[3]), "from": {"id": int(m[2]), "is_bot": False}, "chat": {"id": int(m[1])}, "text": m[4]}} for m in found]})
        if method == "sendPhoto":
            self.note("picture", raw.split(b"\r\n\r\n")[1].split(b"\r\n")[0].decode(), raw.split(b"\r\n\r\n")[2][1:4].decode())
        else:
            data = json.loads(raw)
            n = len(data["text"].encode("utf-16-le")) // 2
            ok = data["entities"] == [{"type": "pre", "offset": 0, "length": n}] and "parse_mode" not in data
            self.note("telegram" if ok else "markup", data["chat_id"], data["text"])
        self.answer(200, {"ok": True})
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
server.handle_error = lambda *_: None
watch = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
watch.bind("watch.sock")
def watching():
    while True:
        with open("watched", "ab") as out: out.write(watch.recv(64) + b"\n")
threading.Thread(target=watching, daemon=True).start()
open("port.new", "w").write(str(server.server_port))
os.rename("port.new", "port")
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
P
mkfifo hold
python3 server.py <hold &
server=$!
exec 7>hold
for _ in $(seq 200); do [ -s port ] && break; sleep 0.02; done
url=http://127.0.0.1:$(cat port)
printf 'AAPL\nMSFT\nNVDA\nXOM\nJPM\n' >watch.txt
(umask 077
    printf 'token = canary-telegram-token\ntotp = GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ\n' >telegram
    echo canary-discord-token >discord)
cat >"$TN_HOME/config" <<C
account paper { entry_within = any }
schedule { watchlist = "$WORK/watch.txt"  source = sim  strategies = "momentum" }
bot phone { kind = telegram  chats = "-1001, 55"  users = "789"  secret_file = "$WORK/telegram"  url = "$url" }
bot room { kind = discord  chats = "42"  users = "9"  secret_file = "$WORK/discord"  url = "$url" }
C
chmod 600 "$TN_HOME/config"
tn-morning-scan --now 2026-10-01T12:00:00Z >/dev/null 2>&1
tn-end-of-day --now 2026-10-01T22:00:00Z >/dev/null 2>&1

start() {
    tn-notify bot -v "$@" 2>>said.err &
    bot=$!
}
stop() { kill -TERM $bot 2>/dev/null; wait $bot 2>/dev/null; }
said() { [ ! -e said ] || python3 -c 'import json, sys
for line in open("said"):
    m = json.loads(line)
    if m["kind"] in sys.argv[1:]: print("[" + m["chat"] + "]", m["text"])' "$@"; }
ask() { cat >ask.new && rm -f said && mv ask.new ask; }
wait_for() { # PATTERN KIND…
    for _ in $(seq 400); do said "${@:2}" | grep -qE "$1" && return 0; sleep 0.05; done
    note "nobody said '$1'"
    return 1
}
code() { python3 -c 'import hmac, struct, sys, time
c = int(time.time()) // 30 + int(sys.argv[1])
d = hmac.new(b"12345678901234567890", struct.pack(">Q", c), "sha1").digest()
o = d[-1] & 15
print("%06d" % ((struct.unpack(">I", d[o:o+4])[0] & 0x7fffffff) % 1000000))' "$1"; }
halted() { tn-order account -a paper -O tsv | awk -F'\t' 'NR == 1 {for (i = 1; i <= NF; i++) if ($i == "halted") at = i} NR == 2 {print $at}'; }

export NOTIFY_SOCKET=$WORK/watch.sock
start phone
ask <<<'telegram 55 789 1 /status@desk_bot'
wait_for 'equity' telegram
result $? 'status, in the chat that asked'
like 'with what tn health finds' "$(said telegram)" '(warn|fail) '
is 'and nothing as markup' "$(said markup)" ''
ask <<A
telegram 55 666 1 status
telegram 77 789 1 status
telegram -1001 789 1 positions
A
wait_for 'XOM|JPM|AAPL|NVDA|MSFT' telegram
result $? 'positions'
is 'strangers, and known users elsewhere, hear nothing' "$(said telegram | grep -c '^\[')" 1
like 'but the desk says who they were' "$(cat said.err)" 'user 666 in chat 55 is not allowed'
ask <<A
telegram 55 789 1 pnl
telegram 55 789 1 risk
telegram 55 789 1 why \$(touch hacked) <b>&\`*_
telegram 55 789 1 resume 123456
A
wait_for 'halt CODE' telegram
result $? 'an unknown word gets the list'
like 'profit and loss' "$(said telegram)" 'net_profit'
like 'how far limits are used' "$(said telegram)" 'limit paper daily_loss'
like 'no symbol: says so' "$(said telegram)" 'why: a symbol is needed'
[ ! -e hacked ]
result $? 'fault-072: no shell sees it'
symbol=$(tn-order positions -a paper -O tsv | awk -F'\t' 'NR == 1 {for (i = 1; i <= NF; i++) if ($i == "symbol") at = i} NR == 2 {print $at}')
ask <<<"telegram 55 789 1 why $symbol"
wait_for momentum telegram
result $? 'why'
ask <<<'telegram 55 789 1 chart AAPL'
wait_for "PNG|$(printf '\u2502|close')" picture telegram
result $? 'a chart'

like 'the watchdog is told that it is ready, and goes on' "$(xargs <watched)" '^READY=1 WATCHDOG=1'
: >watched
tn-order run -a paper >/dev/null < <(sleep 0.2)
like 'tn-order run, the end of a live chain, tells it too' "$(cat watched)" '^WATCHDOG=1$'
unset NOTIFY_SOCKET

# Late: nothing is done.
ask <<A
telegram 55 789 90 status
telegram 55 789 90 halt $(code 0)
A
wait_for 'NOT halted: your command came 9[0-9] s late' telegram
result $? 'a late halt is refused, and that is said'
is 'a late question is dropped' "$(said telegram | grep -c '^\[')" 1
is 'nothing is halted' "$(halted)" false
ask <<A
telegram 55 789 1 halt
telegram 55 789 1 halt 000000
telegram 55 666 1 halt $(code 0)
A
wait_for 'the code is wrong' telegram
result $? 'a wrong code'
is 'neither wrong codes nor strangers halt' "$(halted)" false
right=$(code 0)
ask <<<"telegram 55 789 1 halt $right out of the house"
wait_for 'paper is halted' telegram
result $? 'the right code'
is 'halts the account' "$(halted)" true
like 'with a reason in the journal' "$(tn-journal show -t halt -O json)" 'by telegram, user 789: out of the house'
tn-order resume -a paper >/dev/null 2>&1
ask <<<"telegram 55 789 1 halt $right"
wait_for 'wrong, used' telegram
result $? 'a code is good once'
kill -9 $bot
wait $bot 2>/dev/null
start phone
ask <<<"telegram 55 789 1 halt $right"
wait_for 'wrong, used' telegram
result $? 'after a crash too'
is 'still not halted' "$(halted)" false
for _ in 1 2 3; do
    ask <<<'telegram 55 789 1 halt 000000'
    wait_for 'NOT halted' telegram || break
done
ask <<<"telegram 55 789 1 halt $(code 1)"
wait_for 'too many wrong codes' telegram
result $? 'after five wrong codes the right one is not taken either'
is 'and nothing happens' "$(halted)" false

# Outages: said once, survived; 429 with Retry-After obeyed.
echo 502 >fail
for _ in $(seq 400); do grep -q '502' said.err && break; sleep 0.05; done
like 'an outage is said' "$(cat said.err)" "bot 'phone': .*502"
rm fail
stop
is 'nothing of the secrets is said' "$(grep -c canary said.err)" 0
printf 'nonsense\nlast 0 x\n' >"$TN_HOME/state/bot.phone"
echo 429 >fail
start phone
ask <<<'telegram 55 789 1 help'
wait_for 'halt CODE' telegram
result $? 'goes on after 429, and after a state that is nonsense'
is 'asks behind what it has answered' "$(sort -u polls | tail -n 1 | grep -cE '^[0-9]+$')" 1
stop

# Discord.
start room
ask <<<'discord 42 9 1 positions'
wait_for "$symbol" discord
result $? 'Discord: positions, as a block of code'
like 'that mentions nobody' "$(said discord)" "\`\`\`\\{'parse': \\[\\]\\}"
ask <<A
discord 42 8 1 status
discord 42 9 1 halt $(code 0)
A
wait_for 'NOT halted: no secret for codes' discord
result $? 'no halt without a secret of codes'
is 'a stranger hears nothing there either' "$(said discord | grep -c '^\[')" 1
stop
(umask 077; echo wrong >discord)
exits 'a token that is not accepted ends it' 4 timeout 20 tn-notify bot room
stderr_like 'which says so' "bot 'room': the service answers 401"
exits 'no such bot' 2 tn-notify bot none
printf 'bot b { kind = telegram  users = 1 }\n' >"$TN_HOME/config"
exits 'who may ask has to be said' 2 tn-notify bot
printf 'account paper { }\n' >"$TN_HOME/config"
exits 'none is configured' 2 tn-notify bot
stderr_like 'and how one is' 'bot NAME \{ kind = telegram'
exec 7>&-
wait $server
finish
