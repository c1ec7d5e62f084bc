#!/usr/bin/env bash
# Many sources as one, and records that somebody stands for.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq
needs python3

tn-quote bars -s sim AAPL MSFT XOM --from 2019-01-01 --to 2022-01-01 >bars.nd
tn-signal run -p sma-cross:short=1 momentum:lookback=60,short=1 breakout:short=1 rsi-2 bars.nd >all.nd 2>/dev/null
tn-signal track -q all.nd | jq -c 'select(.type == "outcome")' >outcomes.nd
jq -c 'select(.type == "signal")' all.nd >signals.nd
ok 'votes' tn-signal consensus all.nd
tn-signal consensus --quorum 3 --agreement 60% signals.nd | jq -c 'select(.type == "signal")' >votes.nd
cat >count.py <<'P'
"""The vote with equal weights, from the words of the page."""
import itertools, json
level, last, lines = {}, {}, [json.loads(l) for l in open("signals.nd")]
for time, group in itertools.groupby(lines, key=lambda r: r["time"]):
    spoken = set()
    for r in group:
        level.setdefault(r["symbol"], {})[r["strategy"]] = r["side"]
        spoken.add(r["symbol"])
    for symbol in sorted(spoken):
        sides = list(level[symbol].values())
        if len(sides) < 3: continue
        l, s = sides.count("long"), sides.count("short")
        side = "long" if l > s and l / len(sides) >= 0.6 else "short" if s > l and s / len(sides) >= 0.6 else "flat"
        print(time, symbol, side)
P
python3 count.py >want
jq -r '[.time, .symbol, .side] | join(" ")' votes.nd >got
same 'three of all, 60 %' got want
like 'of all sides' "$(cut -d' ' -f3 want | sort -u | paste -sd,)" '^flat,long,short$'
is 'one id for each decision' "$(jq -r '[.id, .symbol, .side, .decided] | join(" ")' votes.nd | sort -u | cut -d' ' -f1 | sort | uniq -d | wc -l)" 0
for n in 1000 3000; do
    head -n $n signals.nd | tn-signal consensus --quorum 3 | jq -c 'select(.type == "signal")' >part
    moments=$(($(wc -l <part) - 3)) # the last moment may be half
    is "no look-ahead: $n lines" "$(head -n $moments part | cmp - <(head -n $moments votes.nd) && echo same)" same
done
jq -sc 'group_by(.time) | map(sort_by(.symbol) | reverse) | flatten | .[]' signals.nd >turned.nd
tn-signal consensus --outcomes outcomes.nd turned.nd | jq -c 'select(.type == "signal")' >got
tn-signal consensus --outcomes outcomes.nd signals.nd | jq -c 'select(.type == "signal")' >want
same 'whatever the order within a moment' got want
is 'weights change what is said' "$(cmp -s want <(tn-signal consensus --weights equal signals.nd | jq -c 'select(.type == "signal")') || echo differs)" differs
jq -c 'select(.time < "2020-06-01")' outcomes.nd >early.nd
is 'later outcomes say nothing of earlier votes' "$(tn-signal consensus --outcomes early.nd signals.nd | jq -c 'select(.type == "signal" and .time < "2020-05-29")' | cmp - <(jq -c 'select(.time < "2020-05-29")' want) && echo same)" same
tn-signal consensus -p --agreement 50% all.nd >asked.nd
is 'those who vote are not passed on' "$(jq -r 'select(.type == "signal") | .strategy' asked.nd | sort -u)" consensus
fills() { jq -c 'select(.type == "fill") | [.time, .symbol, .strategy, .role, .side, .quantity, .price]' "$1"; }
tn-backtest run --signals asked.nd >run.nd 2>/dev/null
tn-order open paper --cash 100000 --now 2018-12-31 -q
tn-stream replay bars.nd | tn-signal run sma-cross:short=1 momentum:lookback=60,short=1 breakout:short=1 rsi-2 -p 2>/dev/null |
    tn-signal consensus -p --agreement 50% | tn-risk size --session -p 2>/dev/null | tn-order run >session.nd 2>/dev/null
fills run.nd >want
fills session.nd >got
like 'a backtest trades it' "$(wc -l <want)" '^ *[1-9][0-9]'
same 'as a session does' got want
run tn-signal consensus --quorum 9 signals.nd
like 'too few sources are said' "$err" 'times fewer than 9 sources voted'
tac signals.nd >back.nd
exits 'signals out of order' 3 tn-signal consensus back.nd
exits 'an agreement of nothing' 2 tn-signal consensus --agreement 0% signals.nd
exits 'no outcomes there' 2 tn-signal consensus --outcomes nowhere.nd signals.nd
printf '%s\n' '{"type":"outcome","time":"2024-01-01T00:00:00Z"}' >half.nd
exits 'half an outcome' 3 tn-signal consensus --outcomes half.nd signals.nd
stderr_like 'with its place' 'half.nd: line 1: '
run tn-signal consensus --outcomes bars.nd signals.nd
like 'a file without outcomes is said' "$err" 'bars.nd has no outcomes'

# Signing
ok 'a pair of keys' tn-signal key mine
ok 'and another' tn-signal key other
is 'the private one is closed' "$(stat -c %a mine)" 600
exits 'a key is never overwritten' 2 tn-signal key mine
ok 'signs' tn-signal sign --key mine signals.nd
tn-signal sign --key mine signals.nd >signed.nd
is 'the records as they came' "$(head -n "$(wc -l <signals.nd)" signed.nd | cmp - signals.nd && echo same)" same
digest=$(sha256sum <signals.nd | cut -d' ' -f1)
is 'their digest' "$(jq -r 'select(.type == "signature") | .digest' signed.nd)" "$digest"
run tn-signal check --key mine.pub signed.nd
is 'what is good passes' "$(head -n -1 "$WORK/.out" | cmp - signals.nd && echo same)" same
is 'as complete as it was' "$(tail -n 1 "$WORK/.out" | jq -c '[.status, .complete]')" '[0,false]'
is 'a whole batch stays one' "$(tn-signal sign --key mine all.nd | tn-signal check --key mine.pub | tail -n 1 | jq -c '[.status, .complete]')" '[0,true]'
ok 'by one key of several' tn-signal check --key other.pub --key mine.pub signed.nd
if command -v openssl >/dev/null; then
    printf 'tn-signed 1\n%s\n' "$digest" >text
    jq -r 'select(.type == "signature") | .signature' signed.nd | python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))' >signature
    ok 'OpenSSL says the same' openssl pkeyutl -verify -rawin -pubin -inkey mine.pub -in text -sigfile signature
else
    skip 'OpenSSL says the same' 'openssl is not installed'
fi
refused() { # NAME SAYS FILE
    exits "$1" 3 tn-signal check --key mine.pub "$3"
    stderr_like "$1: said" "$2"
    tn-signal check -q --key mine.pub "$3" 2>/dev/null >left
    is "$1: nothing passes" "$(grep -c '"type":"signal"' left)" 0
    is "$1: and the end says so" "$(jq -r 'select(.type == "end") | .status' left)" 3
}
sed '5s/"side":"[a-z]*"/"side":"long"/; 6s/"side":"[a-z]*"/"side":"short"/' signed.nd >changed.nd
refused 'a changed record' 'not those that were signed' changed.nd
sed 2d signed.nd >fewer.nd
refused 'one record less' 'not those that were signed' fewer.nd
grep -v '"signature"' signed.nd >bare.nd
refused 'no signature' 'records without a signature after them' bare.nd
jq -c 'if .type == "signature" then .signature = (.signature[2:] + "00") else . end' signed.nd >forged.nd
refused 'another signature' 'not those that were signed' forged.nd
jq -c 'if .type == "signature" then .signature = "zz" else . end' signed.nd >none.nd
refused 'an invalid signature' 'an invalid signature' none.nd
tn-signal sign --key other signals.nd >others.nd
refused 'a key that is not trusted' 'which is not trusted' others.nd
{ grep -v '"end"' signed.nd; head -n 1 signals.nd; } >more.nd
exits 'a record behind the signature' 3 tn-signal check --key mine.pub more.nd
: >empty.nd
refused 'an empty file' 'there is no signature' empty.nd
tn-signal check --key mine.pub --key other.pub signed.nd others.nd >both.nd
is 'two signed files' "$(grep -c '"type":"signal"' both.nd)" "$((2 * $(wc -l <signals.nd)))"
exits 'signed twice' 3 tn-signal sign --key mine signed.nd
printf '%s\n' '{"type":"signal"' >broken.nd
exits 'a bad line is not signed' 3 tn-signal sign --key mine broken.nd
is 'nothing is' "$(tn-signal sign -q --key mine broken.nd 2>/dev/null | grep -c signature)" 0
exits 'no key' 2 tn-signal sign signals.nd
exits 'a public key signs nothing' 4 tn-signal sign --key mine.pub signals.nd
chmod 644 mine
exits 'a private key that others can read' 4 tn-signal sign --key mine signals.nd
exits 'no file' 4 tn-signal check --key nowhere signed.nd
finish
