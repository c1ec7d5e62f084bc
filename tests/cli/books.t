#!/usr/bin/env bash
# Order books of tn-stream live against a stand-in (tests/servers/books.py): every book that is written was the market's,
# and what made one doubtful is said and mended: lost changes, a wrong checksum, a crossed book, silence.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq python3

mkfifo hold
server() { # NAME [FAULT…]
    local name=$1
    shift
    mkdir "$name"
    python3 "$TOP/tests/servers/websocket.py" "$WORK/$name/port" --module "$TOP/tests/servers/books.py" "$WORK/$name" "$@" \
        <hold 2>"$name/errors" &
}
server kraken 80:wrong 330:lost
server binance 260:lost
server slow 100:crossed
server thin rest=7
server coinbase 150:lost
exec 9>hold
for _ in $(seq 500); do
    [ ! -s kraken/port ] || [ ! -s binance/port ] || [ ! -s slow/port ] || [ ! -s thin/port ] ||
        [ ! -s coinbase/port ] || break
    sleep 0.02
done
cat >"$TN_HOME/config" <<END
source kraken { kind = kraken  stream_url = "ws://127.0.0.1:$(cat kraken/port)" }
source slow { kind = kraken  stream_url = "ws://127.0.0.1:$(cat slow/port)" }
source binance { kind = binance  url = "http://127.0.0.1:$(cat binance/port)"
                 stream_url = "ws://127.0.0.1:$(cat binance/port)"  pace = "1000/1" }
source coinbase { kind = coinbase  stream_url = "ws://127.0.0.1:$(cat coinbase/port)" }
source thin { kind = binance  url = "http://127.0.0.1:$(cat thin/port)"
              stream_url = "ws://127.0.0.1:$(cat thin/port)"  pace = "1000/1" }
END
tn-stream live -s kraken,binance,thin,coinbase kraken=BTC/USD binance=BTC/USDT thin=BTC/USDT coinbase=BTC/USD --take book --depth 5 --every 0 >records 2>err &
job=$!
tn-stream live -s slow BTC/USD --take book --depth 5 --every 300 >paced 2>paced.err &
paced=$!
lines=''
# shellcheck disable=SC2317 # within calls it
is_over() { # the market stands still, and the last books that were written are its last
    local before=$lines source
    lines=$(cat {kraken,binance,slow,thin,coinbase}/truth 2>/dev/null | wc -l)
    [ "$lines" = "$before" ] && [ "$lines" -ge 1600 ] || return 1
    for source in kraken binance coinbase slow; do
        [ "$(cat records paced | jq -c --arg s "$source" 'select(.type == "book" and .source == $s) | [.bids, .asks]' 2>/dev/null | tail -1)" = \
            "$(tail -1 "$source"/truth | jq -c .)" ] || return 1
    done
}
within 20 is_over
kill -TERM $job $paced
wait $job
is 'ended by SIGTERM: in order' $? 0
wait $paced
for source in kraken binance coinbase; do
    # Numbers as jq writes them on both sides.
    jq -c --arg s "$source" 'select(.type == "book" and .source == $s) | [.bids, .asks]' records >"$source/ours"
    jq -c . "$source/truth" >"$source/theirs"
    awk 'NR == FNR { at[$0] = at[$0] " " FNR; next }
        { found = 0; n = split(at[$0], place, " "); for (i = 1; i <= n; i++) if (place[i] + 0 > last) { last = place[i] + 0; found = 1; break }
          if (!found) print FNR }' "$source/theirs" "$source/ours" >"$source/strange"
    is "$source: every book is one that there was, in their order" "$(head -3 "$source/strange")" ''
    is "$source: the last one is the market's last" "$(tail -1 "$source/ours")" "$(tail -1 "$source/theirs")"
    [ $source = coinbase ] || # whose connection is made anew in between
        like "$source: most of them" "$(wc -l <"$source/ours")" '^(1[5-9][0-9]|[2-4][0-9][0-9])$'
done
python3 - >thin/strange <<'END'
import json
truth, last = [json.loads(line) for line in open("thin/truth")], 0
ours = [json.loads(line) for line in open("records") if '"source":"thin"' in line]
ours = [[r["bids"], r["asks"]] for r in ours if r["type"] == "book"]
def fits(known, all): # as far as it is known; a snapshot may show more of the state that was written last
    return known[0] == all[0][:len(known[0])] and known[1] == all[1][:len(known[1])]
for number, book in enumerate(ours):
    found = [i for i in range(last, len(truth)) if fits(book, truth[i])]
    if not found:
        print(number, book)
        break
    last = found[0]
print(len(ours) > 100, len([b for b in ours if len(b[0]) + len(b[1]) == 10]) > 20)
END
is 'thin: a snapshot that was asked for anew, and is older than what is known, turns nothing back' "$(cat thin/strange)" 'True True'
say() { jq -r --arg s "$1" 'select(.type == "status" and .source == $s) | .message // empty' "$2"; }
again='the book is whole again'
is 'kraken: what was doubtful is said, and that it is whole again' "$(say kraken records | paste -sd,)" \
    "the book is not whole: its checksum differs; asked for again,$again,the book is not whole: its checksum differs; asked for again,$again"
is 'fault-050: binance: changes that are missing' "$(say binance records | paste -sd,)" \
    "the book is not whole: changes are missing; asked for again,$again"
like 'coinbase: messages that are missing: no book is written until the connection is made anew' "$(say coinbase records | paste -sd,)" \
    'messages are missing'
is 'thin: snapshots that are older than what is known lose nothing' "$(say thin records)" ''
like 'on standard error too' "$(cat err)" 'binance: BTC/USDT: the book is not whole: changes are missing'
is 'a book is all of its levels' "$(jq -r 'select(.type == "book" and .source != "thin") | "\(.snapshot) \(.bids | length) \(.asks | length)"' records | sort -u)" 'true 5 5'
like 'fault-051: a crossed book is an anomaly' "$(cat paced)" '"check":"crossed","observed":[0-9.]+,"expected":[0-9.]+,"message":"the book of slow is crossed"'
is 'and is asked for again' "$(say slow paced | paste -sd,)" "the book is not whole: the bid is not below the ask; asked for again,$again"
like 'every 300 ms: at most as many as that' "$(grep -c '"type":"book"' paced)" '^([5-9]|10)$'
is 'and the last is the last of the market' "$(jq -c 'select(.type == "book") | [.bids, .asks]' paced | tail -1)" "$(jq -c . slow/truth | tail -1)"
is 'the servers found no fault with us' "$(cat {kraken,binance,slow,thin,coinbase}/errors)" ''
exec 9>&-
finish
