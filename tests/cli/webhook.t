#!/usr/bin/env bash
# tn-stream webhook: who may post, what may come of it, and what does not get in.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs python3 jq openssl
printf 'canary-tv-secret\n' >secret
chmod 600 secret
echo 'error("not today")' >broken.jq
cat >"$TN_HOME/config" <<END
webhook tv { adapter = "$TOP/share/webhooks/tradingview.jq"  secret_file = "$WORK/secret"
             records = "alert signal"  strategies = "tv-*"  symbols = "AAPL BTC*"  rate = 2000 }
webhook broken { adapter = "$WORK/broken.jq"  secret_file = "$WORK/secret" }
webhook slow { adapter = "$TOP/share/webhooks/tradingview.jq"  secret_file = "$WORK/secret"  rate = 2 }
END
tn-stream webhook --port 0 >out.nd 2>err &
job=$!
for _ in $(seq 300); do
    grep -q listening err && break
    sleep 0.02
done
port=$(sed -n 's/.*port \([0-9]*\)$/\1/p' err)
post() { # PATH BODY: the status
    python3 - "$port" "$1" "$2" <<'END'
import http.client, sys
c = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=5)
c.request("POST", sys.argv[2], sys.argv[3].encode())
print(c.getresponse().status)
END
}
s='"secret":"canary-tv-secret"'
is 'a signal that is allowed' "$(post /tv "{$s,\"symbol\":\"AAPL\",\"side\":\"long\",\"strategy\":\"tv-orb\",\"price\":\"190.25\"}")" 200
is 'the same within a minute: dropped' "$(post /tv "{$s,\"symbol\":\"AAPL\",\"side\":\"long\",\"strategy\":\"tv-orb\",\"price\":\"190.25\"}")" 200
is 'an alert' "$(post /tv "{$s,\"text\":\"look\"}")" 200
is 'a figure stays what it is' "$(post /tv "{$s,\"symbol\":\"BTCUSD\",\"side\":\"flat\",\"strategy\":\"tv-x\",\"price\":61800.12345678}")" 200
long=tv-$(printf 'x%.0s' $(seq 60)) # its signals: each has an id of its own, however long the names in it are
is 'a signal of a long name' "$(post /tv "{$s,\"symbol\":\"AAPL\",\"side\":\"long\",\"strategy\":\"$long\",\"interval\":\"60\"}")" 200
is 'the next one of it' "$(post /tv "{$s,\"symbol\":\"AAPL\",\"side\":\"flat\",\"strategy\":\"$long\",\"interval\":\"D\"}")" 200
is 'an alert whose title is no text' "$(post /tv "{$s,\"title\":{\"a\":1}}")" 403
is 'a strategy that is not' "$(post /tv "{$s,\"symbol\":\"AAPL\",\"side\":\"long\",\"strategy\":\"momentum\"}")" 403
is 'a symbol that is not' "$(post /tv "{$s,\"symbol\":\"TSLA\",\"side\":\"long\",\"strategy\":\"tv-orb\"}")" 403
is 'a section without signals' "$(post /slow "{$s,\"symbol\":\"AAPL\",\"side\":\"long\",\"strategy\":\"tv-orb\"}")" 403
is 'the same again: still not' "$(post /tv "{$s,\"symbol\":\"TSLA\",\"side\":\"long\",\"strategy\":\"tv-orb\"}")" 403
is 'what the jq file cannot read' "$(post /broken "{$s,\"text\":\"x\"}")" 422
is 'and again: it was not taken' "$(post /broken "{$s,\"text\":\"x\"}")" 422
is 'a secret that stands in a text too' "$(post /tv "{$s,\"text\":\"alert canary-tv-secret fires\"}")" 200
is 'no sense' "$(post /tv "{$s,\"symbol\":\"AAPL\",\"side\":\"sideways\",\"strategy\":\"tv-orb\"}")" 403
is 'no secret' "$(post /tv '{"text":"x"}')" 401
is 'a wrong one' "$(post /tv '{"secret":"canary-tv-secreT","text":"x"}')" 401
is 'part of it' "$(post /tv '{"secret":"canary","text":"x"}')" 401
is 'twice it' "$(post /tv '{"secret":"canary-tv-secretcanary-tv-secret","text":"x"}')" 401
is 'no text' "$(post /tv '{"secret":1,"text":"x"}')" 401
is 'no object' "$(post /tv 'buy AAPL')" 400
is 'a list' "$(post /tv '[1]')" 400
is 'nobody' "$(post /other "{$s}")" 404
is 'too long' "$(post /tv "{$s,\"text\":\"$(head -c 70000 /dev/zero | tr '\0' x)\"}")" 413
is 'strangers: as many as the rate' "$(post /slow '{"text":"x"}') $(post /slow '{"secret":"y"}') $(post /slow x)" '401 401 429'
is 'use up nothing of those who have the secret: within the rate' "$(post /slow "{$s,\"text\":\"b\"}")" 200
is 'past it' "$(post /slow "{$s,\"text\":\"c\"}")" 429
is 'not a post' "$(python3 -c "
import http.client
c = http.client.HTTPConnection('127.0.0.1', $port, timeout=5)
c.request('GET', '/tv')
print(c.getresponse().status)")" 405
python3 - "$port" >flood <<'END'
import socket, sys, time
port = int(sys.argv[1])
slow = []
for i in range(20):  # they send a byte now and then, and hold up nobody
    c = socket.create_connection(("127.0.0.1", port))
    c.sendall(b"POST /tv HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
    slow.append(c)
began, good = time.time(), 0
for i in range(300):
    body = b'{"secret":"canary-tv-secret","text":"%d"}' % i
    c = socket.create_connection(("127.0.0.1", port))
    c.sendall(b"POST /tv HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    good += c.recv(100).startswith(b"HTTP/1.1 200")
    c.close()
print(good)
END
is 'slow ones hold up nobody: 300 posts beside them' "$(cat flood)" 300
kill -TERM $job
wait $job
is 'ended by SIGTERM; something was refused' $? 6
is 'the signals' "$(jq -c 'select(.type == "signal") | [.symbol, .side, .strategy, .price]' out.nd | paste -sd' ')" \
    "[\"AAPL\",\"long\",\"tv-orb\",190.25] [\"BTCUSD\",\"flat\",\"tv-x\",61800.12345678] \
[\"AAPL\",\"long\",\"$long\",null] [\"AAPL\",\"flat\",\"$long\",null]"
is 'each has an id of its own' "$(jq -r 'select(.type == "signal").id' out.nd | sort -u | wc -l)" 4
is 'the interval as TradingView names it' "$(jq -r 'select(.type == "signal").interval' out.nd | paste -sd' ')" 'null null 60m 1d'
made() { echo "{\"received\":\"2026-03-03T13:00:00Z\",\"body\":{\"side\":\"long\",\"symbol\":\"X\",\"interval\":\"$1\"}}" |
    jq -r -f "$TOP/share/webhooks/tradingview.jq" | jq -r .interval; }
is 'all of them' "$(for i in 5 30S 2D W M 3M 15m 1mo; do made $i; done | paste -sd' ')" '5m 30s 2d 1w 1mo 3mo 15m 1mo'
is 'the alerts' "$(grep -c '"type":"alert"' out.nd)" 303
like 'without the secret' "$(cat out.nd)" 'alert \*\*\* fires'
is 'the refusals' "$(grep -c '"type":"refusal"' out.nd)" 7
like 'an end' "$(tail -1 out.nd)" '"type":"end","status":6'
unlike 'no secret anywhere' "$(cat out.nd err)" canary-tv
# --- who reads it has gone: no post is answered as taken that went nowhere
tn-stream webhook --port 0 2>gone.err | head -n 1 >gone.nd &
job=$!
for _ in $(seq 300); do
    grep -q listening gone.err && break
    sleep 0.02
done
port=$(sed -n 's/.*port \([0-9]*\)$/\1/p' gone.err)
is 'one that is read' "$(post /tv "{$s,\"text\":\"read\"}")" 200
for _ in $(seq 100); do # head ends when it has its line
    [ -s gone.nd ] && break
    sleep 0.02
done
sleep 0.1
unlike 'one that is not' "$(post /tv "{$s,\"text\":\"lost\"}" 2>/dev/null)" 200
wait $job
# --- TLS
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out cert.pem -days 2 \
    -subj /CN=localhost -addext 'subjectAltName = IP:127.0.0.1' 2>/dev/null
chmod 600 key.pem
plain=$(cat "$TN_HOME/config")
printf '%s\nnetwork { certificate = "%s/cert.pem"  certificate_key = "%s/key.pem" }\n' "$plain" "$WORK" "$WORK" >"$TN_HOME/config"
tn-stream webhook --port 0 >tls.nd 2>tls.err &
job=$!
for _ in $(seq 300); do
    grep -q listening tls.err && break
    sleep 0.02
done
python3 -W ignore - "$(sed -n 's/.*port \([0-9]*\)$/\1/p' tls.err)" >tls.out <<'END'
import http.client, socket, ssl, sys, time
port = int(sys.argv[1])
context = ssl.create_default_context(cafile="cert.pem")
c = http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=context)
c.request("POST", "/tv", b'{"secret":"canary-tv-secret","text":"over TLS"}')
print(c.getresponse().status)
c = socket.create_connection(("127.0.0.1", port), timeout=5)
try:
    c.sendall(b"POST /tv HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
    print("plain", c.recv(100)[:4] == b"HTTP")
except OSError:
    print("plain False")
old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
try:
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=5))
    print("old True")
except (OSError, ValueError):
    print("old False")
for i in range(10):  # handshakes that never end hold up nobody
    socket.create_connection(("127.0.0.1", port)).sendall(b"\x16\x03\x01")
c = http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=context)
c.request("POST", "/tv", b'{"secret":"canary-tv-secret","text":"again"}')
print(c.getresponse().status)
END
kill -TERM $job
wait $job
is 'over TLS' "$(paste -sd, tls.out)" '200,plain False,old False,200'
is 'two alerts' "$(grep -c '"type":"alert"' tls.nd)" 2
chmod 644 key.pem
exits 'a key that others may read' 4 tn-stream webhook --port 0
chmod 600 key.pem
printf '%s\nnetwork { certificate = "%s/cert.pem" }\n' "$plain" "$WORK" >"$TN_HOME/config"
exits 'a certificate without a key' 2 tn-stream webhook --port 0
printf '%s\nnetwork { certificate = "%s/cert.pem"  certificate_key = "%s/secret" }\n' "$plain" "$WORK" "$WORK" >"$TN_HOME/config"
exits 'a key that is none' 5 tn-stream webhook --port 0
stderr_like 'with a hint' 'certificate and key not match'
printf '%s\n' "$plain" >"$TN_HOME/config"
exits 'no webhook in the configuration' 2 env TN_HOME="$WORK/none" tn-stream webhook --port 0
chmod 644 secret
exits 'a secret that others may read' 4 tn-stream webhook --port 0
finish
