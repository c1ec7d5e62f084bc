#!/usr/bin/env bash
# A clock that is wrong, and one that is set while something runs.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs python3

# A server that says what the file `off` adds to its time, and answers /slow after a second.
cat >server.py <<'P'
import http.server, os, sys, threading, time
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *_): pass
    def date_time_string(self, timestamp=None):
        return super().date_time_string(time.time() + float(open("off").read()))
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        open("asked", "a").write(self.path + "\n")
        if self.path == "/slow": time.sleep(1)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
open("port.new", "w").write(str(server.server_port))
os.rename("port.new", "port")
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
P
echo 0 >off
mkfifo hold
python3 server.py <hold &
exec 7>hold
for _ in $(seq 100); do [ -s port ] && break; sleep 0.05; done
url=http://127.0.0.1:$(cat port)
printf 'channel hook { kind = webhook  url = "%s/hook" }\nchannel slow { kind = webhook  url = "%s/slow" }\n' "$url" "$url" >"$TN_HOME/config"
chmod 600 "$TN_HOME/config"

tn-order open paper --cash 10000 -q --now "$(date -u -d '2 days ago' +%Y-%m-%dT%H:%M:%SZ)"
order() { # ID SIDE ROLE TIME
    printf '{"type":"order","time":"%s","symbol":"AAA","id":"%s","side":"%s","quantity":1,"order_type":"market","time_in_force":"gtc","role":"%s",%s"strategy":"s","reference_price":100}\n' \
        "$4" "$1" "$2" "$3" "$([ "$3" = exit ] && echo '"reduce_only":true,')"
    echo '{"type":"end","status":0,"complete":true}'
}
now() { date -u +%Y-%m-%dT%H:%M:%SZ; }
code_of() { jq -r 'select(.type == "refusal") | .code + ": " + .message' <<<"$out" | sed 's/[0-9]* s /N s /'; }

ok 'fault-026: a server whose clock is as ours' tn-notify test hook
exits 'fault-026: nothing is refused for it' 0 tn-order submit < <(order tn1 buy entry "$(now)")
echo 3 >off
ok 'fault-026: three seconds are said' tn-notify test hook
stderr_like 'fault-026: once' 'the clock of this machine is [1-3] s behind that of 127\.0\.0\.1'
exits 'fault-026: and stop nothing' 0 tn-order submit < <(order tn2 buy entry "$(now)")
echo -30 >off
ok 'fault-026: half a minute' tn-notify test hook
stderr_like 'fault-026: is said' 'the clock of this machine is (28|29|30) s ahead of that'
exits 'fault-026: and nothing enters' 9 tn-order submit < <(order tn3 buy entry "$(now)")
is 'fault-026: with the reason' "$(code_of)" 'CLOCK: the clock is N s ahead of that of 127.0.0.1'
run tn-order submit < <(order tn4 sell exit "$(now)")
unlike 'fault-026: what reduces goes on' "$out" '"code":"CLOCK"'
ok 'fault-026: orders of another time too' tn-order submit --now "$(date -u -d 'yesterday' +%Y-%m-%dT%H:%M:%SZ)" --dry-run < <(order tn5 buy entry "$(date -u -d 'yesterday' +%Y-%m-%dT%H:%M:%SZ)")
run tn health -O tsv
like 'fault-026: tn health fails' "$(grep -P '\tclock\t' <<<"$out")" 'fail.*ahead of that of 127'
echo 0 >off
ok 'fault-026: the clock is right again' tn-notify test hook
ok 'fault-026: entries go on' tn-order submit < <(order tn6 buy entry "$(now)")

# fault-025: the clock is set forward by an hour while a request is under way, and while a job runs.
library=$(find /usr/lib -name libfaketime.so.1 2>/dev/null | head -n 1)
if [ -n "$library" ] && [ -z "${ASAN_OPTIONS:-}" ]; then # sanitized programs take no library before their own
    faked() { env LD_PRELOAD="$library" FAKETIME_TIMESTAMP_FILE="$WORK/clock" FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1 "$@"; }
    echo +0 >clock
    : >asked
    faked tn-notify test slow 2>said &
    for _ in $(seq 200); do [ -s asked ] && break; sleep 0.02; done
    echo +3600 >clock
    wait $!
    is 'fault-025: a time-out does not go by the clock that is set' "$? $(grep -c /slow asked)" '0 1'
    rm -f "$TN_HOME/state/clock"
    echo +0 >clock
    mkfifo bars
    tn-quote bars -s sim AAPL -n 5 >some
    echo AAPL >watch
    mkdir tmp
    TMPDIR=$WORK/tmp faked tn-end-of-day -w watch -s sim --bars bars -q >/dev/null 2>said &
    job=$!
    for _ in $(seq 200); do compgen -G 'tmp/end-of-day.*' >had && break; sleep 0.02; done
    echo +3600 >clock
    timeout 20 bash -c 'cat some >bars'
    wait $job
    like 'fault-025: a step during a job is reported' "$(cat said)" 'tn-end-of-day: the clock was set by 3(599|60[0-9]) seconds during the run'
    unlike 'fault-025: and is no failure' "$(cat said)" 'ended by signal'
else
    skip 'fault-025: a time-out does not go by the clock that is set' 'faketime is not installed, or the programs are sanitized'
fi
finish
