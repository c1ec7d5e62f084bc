#!/usr/bin/env bash
# tn-notify: what the rules find reaches every channel that takes it, once, through outages, crashes, bursts, quiet
# hours and hostile text.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs python3

# A stand-in for every service: answers what the file `answer` says (a status, seconds to wait, the next status), keeps each request.
cat >server.py <<'P'
import http.server, json, sys, threading
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *_): pass
    def do_GET(self): self.do_POST()
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
        with open("requests", "a") as out:
            out.write(json.dumps({"method": self.command, "path": self.path, "auth": self.headers.get("Authorization"), "body": body}) + "\n")
        status, *wait = open("answer").read().split()
        if len(wait) > 1: open("answer", "w").write(wait[1])
        self.send_response(int(status))
        if wait: self.send_header("Retry-After", wait[0])
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"no")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
open("port.new", "w").write(str(server.server_port))
import os
os.rename("port.new", "port")
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
P
echo 200 >answer
mkfifo hold
python3 server.py <hold &
server=$!
exec 7>hold
for _ in $(seq 100); do [ -s port ] && break; sleep 0.05; done
url=http://127.0.0.1:$(cat port)
requests() { [ ! -e requests ] || cat requests; }
body() { requests | jq -r "select(.path | test(\"$1\")) | .body"; }

cat >sendmail <<'S'
#!/bin/sh
[ ! -e no-mail ] || { echo 'sendmail: no route to host' >&2; exit 75; }
cat >>mails
echo "-- $*" >>mails
S
chmod +x sendmail
(umask 077; echo 'canary-token-4711' >token)
config() { cat >"$TN_HOME/config"; chmod 600 "$TN_HOME/config"; }
config <<C
channel post { kind = mail  to = "me@example.org"  from = "desk@example.org"  command = "$WORK/sendmail -t"  level = warning }
channel log { kind = command  command = "/bin/sh -c 'cat >>$WORK/log; printf \"%s\n\" \"\$1\" >>$WORK/titles' x {title}" }
C

fill() { # N SYMBOL
    printf '{"type":"fill","time":"2026-03-02T14:30:00Z","symbol":"%s","id":"o%d.1","order_id":"o%d","account":"paper","side":"buy","quantity":8,"price":563.08,"role":"entry","strategy":"momentum","mode":"paper"}\n' "$2" "$1" "$1"
}
alert() { # LEVEL TITLE
    printf '{"type":"alert","time":"2026-03-02T14:30:00Z","level":"%s","title":"%s"}\n' "$1" "$2"
}

ok 'a fill and an alert' tn-notify send < <(fill 1 AAPL; alert critical 'disk full')
is 'nothing on standard output' "$out" ''
is 'the command has both, in words' "$(cat titles)" $'buy 8 AAPL at 563.08\ndisk full'
is 'and the record for programs' "$(jq -r '.record.symbol // .record.title' log)" $'AAPL\ndisk full'
is 'mail has the one that is urgent enough' "$(grep -c '^Subject' mails)" 1
is 'its subject' "$(sed -n 's/^Subject: =?UTF-8?B?\(.*\)?=$/\1/p' mails | base64 -d)" 'disk full'
like 'and a name that is the same however often it is sent' "$(cat mails)" '^Message-ID: <tn-2-post@truenorth.invalid>$'
ok 'the same again' tn-notify send < <(fill 1 AAPL; alert critical 'disk full')
is 'is told to nobody: nothing comes twice' "$(grep -c . titles)" 2
run tn-notify queue -O json
is 'a critical one stays listed' "$(jq -c '[.id,.channel,.state]' <<<"$out")" $'[2,"log","sent"]\n[2,"post","sent"]'
ok 'until it is acknowledged' tn-notify acknowledge 2
exits 'then nothing is open' 1 tn-notify queue
exits 'twice is no' 1 tn-notify acknowledge 2
exits 'no such number' 2 tn-notify acknowledge x2
exits 'which?' 2 tn-notify acknowledge

# A filter in the middle of a pipeline passes everything on, untouched.
ok 'passes all on' tn-notify send -p --queue < <(fill 2 MSFT; echo '{"type":"strange","x": 1}'; echo '{"type":"end","status":0,"complete":true}')
is 'byte for byte' "$(head -2 <<<"$out")" "$(fill 2 MSFT; echo '{"type":"strange","x": 1}')"
stdout_like 'and the end' '"type":"end","status":0,"complete":true'
is 'only queued' "$(tn-notify queue -O json | jq -r '.state' | sort -u)" waiting
ok 'deliver' tn-notify deliver
is 'has told it' "$(tail -1 titles)" 'buy 8 MSFT at 563.08'
exits 'a bad line is said' 3 tn-notify send --queue <<<'{"type":"fill"'
stderr_like 'and named' 'line 1'

# fault-074: what a record says is text, wherever it goes.
# shellcheck disable=SC2016
ok 'hostile text' tn-notify send <<'R'
{"type":"alert","time":"2026-03-02T14:31:00Z","level":"warning","title":"x\r\nBcc: all@example.org\r\n\r\n$(touch hacked) `touch hacked`","text":"<script>\u001b[2J"}
R
[ ! -e hacked ]
result $? 'fault-072: no shell sees it'
is 'no header begins in it' "$(grep -c '^Bcc' mails)" 0
# shellcheck disable=SC2016
is 'and it is one line' "$(tail -1 titles)" 'x  Bcc: all@example.org    $(touch hacked) `touch hacked`'

# A state is told when it begins, again after it ended.
position() { printf '{"type":"position","symbol":"AAPL","account":"paper","strategy":"m","quantity":8,"unprotected":%s}\n' "$1"; }
: >titles
for quantity in 0 8 8 0 8; do position $quantity | tn-notify send; done
is 'unprotected: told twice' "$(cat titles)" $'AAPL: 8 of 8 without a stop\nAAPL: 8 of 8 without a stop'

# An outage loses nothing and is told on the other channel.
touch no-mail
: >titles
exits 'mail is down' 5 tn-notify send < <(alert warning 'first')
stderr_like 'said with the reason' "channel 'post': .*sendmail ended with 75: sendmail: no route to host"
is 'the other channel has it' "$(cat titles)" first
is 'waits for its time' "$(tn-notify queue -O json | jq -r 'select(.channel == "post" and .title == "first") | .state')" waiting
sql() { sqlite3 "$TN_HOME/state/notify.db" "$1"; }
hurry() { sql 'UPDATE delivery SET due = 0 WHERE state = 0'; }
for _ in 2 3 4 5; do
    hurry
    run tn-notify deliver
done
ok 'what the other channel then hears' tn-notify deliver
is 'is that one fails' "$(tail -1 titles)" 'channel post delivers nothing'
rm no-mail
hurry
ok 'it is there again' tn-notify deliver
is 'nothing was lost' "$(sed -n 's/^Subject: =?UTF-8?B?\(.*\)?=$/\1/p' mails | tail -1 | base64 -d)" first
is 'nothing waits' "$(tn-notify queue -O json | jq -r 'select(.state == "waiting")' | wc -l)" 0
ok 'all acknowledged' tn-notify acknowledge --all

# Died while sending: it may have arrived, so it comes again and says so.
alert info 'torn' | tn-notify send --queue
sql "UPDATE delivery SET state = 1, sending = 1 WHERE state = 0"
: >log
ok 'a delivery that was cut off' tn-notify deliver
is 'comes again' "$(jq -r '.title' log)" torn
config <<C
channel log { kind = command  command = "/bin/sh -c 'printf \"%s\n\" \"\$1\" >>$WORK/texts' x {text}" }
C
alert info 'torn again' | tn-notify send --queue
sql "UPDATE delivery SET state = 1, sending = 1 WHERE state = 0"
tn-notify deliver
is 'and says so' "$(cat texts)" '(sent before)'

# 10,000 alerts are one message.
config <<C
channel log { kind = command  command = "/bin/sh -c 'cat >>$WORK/log; printf \"%s\n\" \"\$1\" >>$WORK/titles' x {title}" }
C
: >titles
: >log
for i in $(seq 10000); do alert info "number $i"; done >burst
ok 'a burst' tn-notify send <burst
is 'is told in one piece' "$(cat titles)" '10000 alerts'
is 'that lists the first' "$(jq -r '.[19].title, length' log)" $'number 20\n20'

# Quiet hours, the rate, and escalation.
config <<C
channel night { kind = command  command = "/bin/sh -c 'printf \"%s\n\" \"\$1\" >>$WORK/night' x {title}"
                quiet = "00:00-23:59 UTC"  quiet_level = critical  escalate_to = phone  escalate_minutes = 15 }
channel phone { kind = command  command = "/bin/sh -c 'printf \"%s\n\" \"\$1\" >>$WORK/phone' x {title}"  rules = "none-yet" }
C
exits 'a rule that is not there' 2 tn-notify channels
stderr_like 'is named' "channel 'phone': there is no alert rule 'none-yet'"
sed -i 's/none-yet/halt/' "$TN_HOME/config"
minute=$(date -u +%H:%M)
if [ "$minute" != 23:59 ]; then
    ok 'at night' tn-notify send < <(alert warning 'wait'; alert critical 'wake up')
    is 'only what is critical' "$(cat night)" 'wake up'
    sql "UPDATE delivery SET sent = sent - 16 * 60 * 1000000000 WHERE state = 2"
    ok 'nobody acknowledges' tn-notify deliver
    is 'so it goes further' "$(cat phone)" 'wake up'
    ok 'and only once' tn-notify deliver
    is 'and only once' "$(cat phone)" 'wake up'
else
    skip 'at night' 'the one minute of the day that is not quiet'
fi
config <<C
channel few { kind = command  command = "/bin/sh -c 'printf \"%s\n\" \"\$1\" >>$WORK/few' x {title}"  rate = 2 }
C
for i in 1 2 3 4; do alert info "few $i" | tn-notify send; done
is 'two an hour' "$(cat few)" $'few 1\nfew 2'
is 'the others wait' "$(tn-notify queue -O json | jq -r 'select(.channel == "few" and .state == "waiting") | .title')" $'few 3\nfew 4'

# Services over HTTP: shapes as their pages have them; the token is seen by nobody else.
config <<C
channel telegram { kind = telegram  to = "42"  url = "$url/tg"  secret_file = "$WORK/token" }
channel discord { kind = discord  url = "$url/discord" }
channel slack { kind = slack  url = "$url/slack" }
channel ntfy { kind = ntfy  to = desk  url = "$url/ntfy"  secret_command = "cat $WORK/token" }
channel pushover { kind = pushover  to = user1  url = "$url/push"  secret_file = "$WORK/token" }
channel hook { kind = webhook  url = "$url/hook"  secret_file = "$WORK/token" }
C
ok 'to all services' tn-notify send -vv < <(alert critical '<b>&amp; @everyone')
unlike 'fault-084: the token is in no trace' "$err" canary-token
is 'telegram' "$(requests | jq -r 'select(.path | test("/tg/")) | .path')" '/tg/botcanary-token-4711/sendMessage'
is 'plain text to the chat' "$(body /tg/)" '{"text":"<b>&amp; @everyone","chat_id":"42"}'
is 'discord pings nobody' "$(body discord | jq -c '[.content,.allowed_mentions]')" '["<b>&amp; @everyone",{"parse":[]}]'
is 'slack escapes its own' "$(body slack | jq -r .text)" '&lt;b&gt;&amp;amp; @everyone'
is 'ntfy' "$(body ntfy | jq -c '[.topic,.title,.priority]')" '["desk","<b>&amp; @everyone",5]'
is 'with its token' "$(requests | jq -r 'select(.path | test("ntfy")) | .auth')" 'Bearer canary-token-4711'
is 'pushover' "$(body push)" 'token=canary%2Dtoken%2D4711&user=user1&title=%3Cb%3E%26amp%3B%20%40everyone&message=%3Cb%3E%26amp%3B%20%40everyone&priority=1'
is 'webhook: the record too' "$(body hook | jq -r '.record.level')" critical
is 'fault-084: the token is in no file of ours' "$(grep -rl canary-token "$TN_HOME" | wc -l)" 0
echo 401 >answer
config <<C
channel hook { kind = webhook  url = "$url/hook"  secret_file = "$WORK/token" }
C
exits 'a token that is not accepted' 4 tn-notify send < <(alert info 'one')
is 'waits for somebody to mend it' "$(tn-notify queue -O json | jq -r 'select(.title == "one") | .state')" waiting
echo 400 >answer
exits 'what is refused for good' 7 tn-notify send < <(alert info 'two')
is 'is kept as failed' "$(tn-notify queue -O json | jq -r 'select(.title == "two") | .state')" failed
echo 200 >answer
ok 'and tried again when asked' tn-notify again --all
hurry
ok 'and delivered' tn-notify deliver
is 'all is sent' "$(tn-notify queue --all -O json | jq -r 'select(.title == "two") | .state')" sent
chmod 644 token
exits 'fault-085: a token that others can read' 4 tn-notify test hook
exits 'a channel that is not there' 2 tn-notify test phone

# The journal: what happened since the last time, told once.
config <<C
channel log { kind = command  command = "/bin/sh -c 'printf \"%s\n\" \"\$1\" >>$WORK/events' x {title}" }
alert account { record = account  when = "equity < 100000"  key = "{account}"  state = yes  title = "{account}: {equity}" }
C
exits 'no journal yet' 2 tn-notify journal
tn-order open paper --cash 1000 --now 2026-03-02T13:00:00Z -q
ok 'the first time' tn-notify journal
stderr_like 'what was before is no news' 'begins after event 1'
tn-order halt -q --reason 'enough' --now 2026-03-02T13:01:00Z
ok 'since then' tn-notify journal
is 'a halt' "$(cat events)" 'account paper is halted'
ok 'nothing new' tn-notify journal
is 'is told once' "$(cat events)" 'account paper is halted'
tn-order account -O json | tn-notify send
is 'a rule of the user over what a command says' "$(tail -1 events)" 'paper: 1000'
ok 'the rules as the configuration has them' tn-notify rules
stdout_like 'his own too' '^alert account \{'
config <<<'alert broken { record = fill  when = "price >"  title = x }'
exits 'a rule that is no question' 2 tn-notify rules
stderr_like 'is named' "alert 'broken'"
config <<<'alert broken { record = fills  title = x }'
exits 'a record that is none' 2 tn-notify rules
config <<<'channel c { kind = mail }'
exits 'mail to nobody' 2 tn-notify channels
stderr_like 'says what is missing' "channel 'c': mail needs 'to'"
# A service that rings when it hears nothing: each look of tn health, each job that did what it should, nothing else.
echo 200 >answer
: >requests
config <<C
channel pulse { kind = ping  url = "$url/pulse"  rules = alive }
channel jobs { kind = ping  url = "$url/jobs"  rules = done }
channel log { kind = command  command = "/bin/sh -c 'printf \"%s\n\" \"\$1\" >>$WORK/all' x {title}" }
C
ok 'tn health and a job' tn-notify send < <(tn health -O json --now 2026-03-02T13:05:00Z)
ran() { # JOB STATUS MINUTE
    printf '{"type":"job","time":"2026-03-02T13:%s:00Z","name":"%s","account":"paper","status":%s,"runs":1,"failures":0}\n' "$3" "$1" "$2"
}
ok 'each time' tn-notify send < <(ran end-of-day 0 10; ran end-of-day 5 11; ran morning-scan 6 12)
is 'the address is asked for, nothing is told' "$(requests | jq -r '.method + .path + .body' | sort | uniq -c | sed 's/^ *//')" $'2 GET/jobs\n1 GET/pulse'
is 'the others hear what failed' "$(grep -c 'ended with 5' all) $(grep -c 'alive\|ran$' all)" '1 0'

# A symbol that moved by 5 % in a day: closes of 100, 104.9, 110.2 (+5.05 %) and 104 (-5.6 %).
n=0
for close in 100 104.9 110.2 104; do
    n=$((n + 1))
    printf '{"type":"bar","time":"2026-02-0%dT05:00:00Z","symbol":"MOVE","interval":"1d","session":"2026-02-0%d","end":"2026-02-0%dT21:00:00Z","open":%s,"high":111,"low":99,"close":%s,"volume":1}\n' "$n" "$n" "$n" "$close" "$close"
done | tn-signal add roc:1 >moves
tn-notify send <moves
tn-notify send <moves
is 'is told, once' "$(grep -c '^MOVE moved by' all) $(grep -oE 'MOVE moved by -?[0-9]\.[0-9]+' all | xargs)" '2 MOVE moved by 5.1 MOVE moved by -5.6'

# Each service that fails: what passes is tried again and comes once, what is refused for good is kept as failed.
config <<C
channel telegram { kind = telegram  to = "42"  url = "$url/tg"  secret_file = "$WORK/own" }
channel discord { kind = discord  url = "$url/discord" }
channel slack { kind = slack  url = "$url/slack" }
channel ntfy { kind = ntfy  to = desk  url = "$url/ntfy" }
channel pushover { kind = pushover  to = user1  url = "$url/push"  secret_file = "$WORK/own" }
channel hook { kind = webhook  url = "$url/hook" }
C
(umask 077; echo 'own-token' >own)
states() { tn-notify queue --all -O json | jq -r "select(.title == \"$1\") | .state" | sort | uniq -c | sed 's/^ *//'; }
: >requests
echo 503 >answer
exits 'six services are down' 5 tn-notify send < <(alert warning 'down')
is 'all six wait' "$(states down)" '6 waiting'
echo 200 >answer
: >requests
hurry
ok 'they are there again' tn-notify deliver
ok 'nothing is left' tn-notify deliver
is 'each has it once' "$(requests | grep -c down) $(states down)" '6 6 sent'
echo 400 >answer
exits 'six services refuse' 7 tn-notify send < <(alert warning 'bad')
is 'all six are kept' "$(states bad)" '6 failed'

# The desktop and the voice: a title is no option of theirs.
mkdir -p bin
for name in notify-send espeak-ng; do
    # shellcheck disable=SC2016
    printf '#!/bin/sh\n{ printf "%%s|" "$@"; [ %s = notify-send ] || cat; } >"%s/%s.got"\n' "$name" "$WORK" "$name" >"bin/$name"
    chmod +x "bin/$name"
done
config <<C
channel desktop { kind = desktop }
channel voice { kind = voice }
C
ok 'on the desktop and aloud' env PATH="$WORK/bin:$PATH" tn-notify send < <(alert critical '--help <b>')
is 'the desktop gets words, and how urgent they are' "$(cat notify-send.got)" '--app-name=True North|--urgency=critical|--|--help <b>||'
is 'the voice gets the title' "$(cat espeak-ng.got)" '--stdin|--help <b>'
exits 'neither is installed' 2 env PATH="$(dirname "$(command -v tn-notify)")" "$(command -v tn-notify)" send < <(alert critical 'nobody')
like 'which is said' "$err" "channel 'desktop'.*notify-send"

# A service that is busy says when to come again; nothing comes twice.
config <<C
channel hook { kind = webhook  url = "$url/hook" }
C
: >requests
echo '429 1 200' >answer
began=$(date +%s%N)
ok 'a service that asks to wait a second' tn-notify send < <(alert info 'busy')
is 'is asked twice' "$(requests | jq -r '.body' | jq -r .title)" $'busy\nbusy'
[ $((($(date +%s%N) - began) / 1000000)) -ge 1000 ]
result $? 'a second apart'
: >requests
echo '429 600' >answer
exits 'one that asks for ten minutes' 5 tn-notify send < <(alert info 'later')
hurry
exits 'is left alone until then, by all' 5 tn-notify deliver
is 'whatever the queue' "$(requests | wc -l) $(tn-notify queue -O json | jq -r 'select(.title == "later") | .state')" '1 waiting'
exec 7>&-
wait $server 2>/dev/null

# Files by mail.
config <<C
channel post { kind = mail  to = "me@example.org"  command = "$WORK/sendmail -t" }
channel log { kind = command  command = "cat" }
C
: >mails
head -c 3000 /dev/urandom >'a "b".bin'
ok 'a file by mail' tn-notify file post 'a "b".bin' --title 'the week'
python3 - <<'P' >got
import email
m = email.message_from_bytes(open("mails", "rb").read().split(b"-- -t")[0])
part = m.get_payload()[1]
print(m.get_content_type(), part.get_filename(), part.get_payload(decode=True) == open('a "b".bin', "rb").read())
P
is 'arrives as it is, with a plain name' "$(cat got)" 'multipart/mixed a--b-.bin True'
exits 'other channels take none' 2 tn-notify file log 'a "b".bin'
exits 'a file that there is not' 10 tn-notify file post none
touch no-mail
exits 'no mail: it is said' 5 tn-notify file post 'a "b".bin'
finish
