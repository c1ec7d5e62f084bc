#!/usr/bin/env bash
# What is in examples/ works as it stands: the Makefile builds and builds nothing twice, the strategy in Python is a
# proper filter that trades, and what cron and systemd would run are commands that the script knows. So does the README:
# its transcript is what the programs print, and the files it names are there.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs make python3

# --- README, ARCHITECTURE, CONTRIBUTING ---
ok 'the transcript of the README is what the programs print' "$TOP/scripts/dev/transcript" --check "$TOP/README.md"
like 'and it has its commands' "$(grep -c '^    [$] ' "$TOP/README.md")" '^(9|[1-9][0-9])$'
run bash -c "$(grep -m1 '^    tn-' "$TOP/README.md") -O table"
is 'its first pipeline runs as it stands' "$code $err" '0 '
like 'and shows figures' "$out" 'entries ordered'
run bash -c "$(tn | grep -m1 '^  tn-') -O table"
is 'so does the one that tn shows' "$code $err" '0 '
lost=''
while read -r name; do
    [ -e "$TOP/$name" ] || compgen -G "$TOP/$name*" >/dev/null || lost+=" $name"
done < <(grep -ohE '(src|tests|scripts|examples|man)/[a-zA-Z0-9_./-]*[a-zA-Z0-9/]' "$TOP/README.md" "$TOP/ARCHITECTURE.md" "$TOP/CONTRIBUTING.md" | grep -v NAME | sort -u)
is 'the files that README, ARCHITECTURE and CONTRIBUTING name are there' "$lost" ''

# --- a backtest by make ---
cp -r "$TOP/examples/backtest" backtest
build() { make -C backtest --no-print-directory MAKEFLAGS= RANGE='--from 2023-01-01 --to 2024-07-01' "$@"; }
ok 'make runs every strategy' build
is 'one run for each file of strategies/' "$(cd backtest/run && echo *)" \
    'cross-fast.ndjson cross-slow.ndjson momentum.ndjson reversion.ndjson'
is 'the figures of each run stand there' "$(grep -oE '^BACKTEST [^, ]+(,slow=50)?' backtest/summary.txt | sort)" \
    "$(printf 'BACKTEST %s\n' mean-reversion momentum sma-cross sma-cross:fast=20,slow=50)"
build -q
result $? 'make has nothing more to do'
before=$(sha256sum backtest/run/momentum.ndjson)
sleep 0.01
touch backtest/strategies/momentum
run build
is 'a strategy that changed is run again, and only that' "$(grep -c '^tn-backtest' <<<"$out")" 1
is 'the same strategy and bars give the same bytes' "$(sha256sum backtest/run/momentum.ndjson)" "$before"
build COSTS='--commission-minimum 50' >/dev/null
unlike 'other costs make other runs' "$(sha256sum backtest/run/momentum.ndjson)" "^${before%% *}"
like 'which the figures show' "$(cat backtest/summary.txt)" 'commission and fees +[0-9]+[05]0\.00'
mkdir prices
(echo Date,Open,High,Low,Close,Volume
    for day in 03 04 05 08 09 10; do echo "2024-01-$day,$((10#$day)),15,3,$((10#$day + 1)),100"; done) >prices/OWN.csv
run build SOURCE=csv:../prices SYMBOLS=OWN RANGE='--from 2024-01-01'
is 'another source: its bars' "$code $(grep -c '"symbol":"OWN"' backtest/data/bars.ndjson)" '0 6'
is 'and their runs' "$(jq -r 'select(.type == "result").assumptions.bars' backtest/run/momentum.ndjson)" 6
build -q SOURCE=csv:../prices SYMBOLS=OWN RANGE='--from 2024-01-01'
result $? 'with nothing more to do'
build >/dev/null
is 'and back again' "$(sha256sum backtest/run/momentum.ndjson)" "$before"
ok 'trades as CSV' build trades
like 'with a head' "$(head -n 1 backtest/report/momentum.csv)" '^.*symbol,.*'
if command -v gnuplot >/dev/null; then
    ok 'charts as SVG' build charts
    is 'one for each run' "$(grep -l '<svg' backtest/report/*.svg | wc -l)" 4
else
    skip 'charts as SVG' 'gnuplot is not installed'
fi
echo 'astrology' >backtest/strategies/wrong
run build
unlike 'a run that fails is an error' "$code" '^0$'
[ ! -e backtest/run/wrong.ndjson ]
result $? 'and leaves no file behind'

# --- a strategy in another language ---
mean=$TOP/examples/strategies/mean.py
tn-quote bars -s sim AAPL MSFT -n 120 --now 2024-06-03T12:00:00Z >bars.ndjson
"$mean" 20 <bars.ndjson >signals.ndjson
result $? 'mean.py reads bars and writes signals'
is 'a signal for each bar once it has its 20' "$(grep -c '"type":"signal"' signals.ndjson)" 202
is 'then the end, as it came' "$(tail -n 1 signals.ndjson)" \
    '{"type":"end","status":0,"complete":true,"failed":{},"counts":{"signal":202}}'
wrong=0
for k in 1 39 40 77 150; do
    head -n "$k" bars.ndjson | "$mean" 20 | cmp -s - <(head -n "$k" bars.ndjson | "$mean" 20 | wc -l |
        xargs -I{} head -n {} signals.ndjson) || wrong=$((wrong + 1))
done
is 'it never looks ahead: output on the first lines is a prefix of all' "$wrong" 0
mkdir -p "$TN_HOME"
echo 'account paper { entry_within = any }' >"$TN_HOME/config"
tn-order open paper --now 2020-01-01 2>/dev/null
ok 'tn-risk sizes its signals' bash -c "tn-risk size --now 2024-06-03T12:00:00Z <signals.ndjson >orders.ndjson"
like 'into orders' "$(cat orders.ndjson)" '"type":"order".*"strategy":"mean:n=20"'
tn-order open session --now 2020-01-01 2>/dev/null
run bash -c "'$mean' -p 20 <bars.ndjson | tn-risk size -a session --session -p | tn-order run -a session"
is 'and a session trades them' "$code" 0
like 'entries fill' "$out" '"type":"fill".*"strategy":"mean:n=20".*"role":"entry"'
like 'and exits' "$out" '"type":"fill".*"strategy":"mean:n=20".*"role":"exit"'
# --- the same in other languages, backtested in one pipe: the same fills (prices differ by a cent where a stop rounds
# from a tie)
fills() { jq -r 'select(.type == "fill") | [.time, .symbol, .side, .quantity] | @csv' <<<"$out"; }
strategies=$TOP/examples/strategies
tn-quote bars -s sim AAPL MSFT -n 600 --now 2024-06-03T12:00:00Z >long.ndjson
run bash -c "'$mean' -p 20 <long.ndjson | tn-backtest run --signals"
is 'mean.py is backtested in one pipe' "$code $err" '0 '
fills >python.csv
like 'it trades' "$(wc -l <python.csv)" '^[0-9]{2}'
languages=("awk:'$strategies/mean.awk' -v n=20")
command -v jq >/dev/null && languages+=("jq:jq -nc --argjson n 20 -f '$strategies/mean.jq'")
if command -v cc >/dev/null && cc -O2 -Wall -Wextra -Werror -o "$WORK/mean" "$strategies/mean.c"; then
    languages+=("C:'$WORK/mean' 20")
else
    skip 'the strategy in C' 'there is no compiler'
fi
for language in "${languages[@]}"; do
    run bash -c "${language#*:} <long.ndjson | tn-backtest run --signals"
    fills >other.csv
    same "the strategy in ${language%%:*}" other.csv python.csv
done
head -n 100 bars.ndjson | "$mean" 20 >cut.ndjson
run tn-risk size --now 2024-02-22T12:00:00Z -f cut.ndjson
stdout_like 'an input that breaks off stays incomplete' '^\{"type":"end",.*"complete":false'
exits 'and nothing of it is submitted' 5 bash -c "tn-risk size --now 2024-02-22T12:00:00Z <cut.ndjson | tn-order submit --dry-run --now 2024-02-22T12:00:00Z"

# --- cron and systemd ---
strange=''
while read -r job words; do
    [ -e "$TOP/scripts/${job##*/}" ] || continue # a program: its lines are in its page
    known=$("$TOP/scripts/${job##*/}" --help) || strange+=" $job"
    for word in $words; do
        grep -qE -e "(^| )$word( |,|$)" <<<"$known" || strange+=" $job $word"
    done
done < <(grep -hoE '(/usr/local|@BIN)[^ ]*/tn-[a-z-]+ .*' "$TOP/examples/cron/truenorth" "$TOP"/systemd/*.service)
is 'cron and systemd give options that the scripts know' "$strange" ''
is 'the crontab has a line of five fields and a command for each job' \
    "$(grep -oE '^[0-9]+ [0-9]+ \* \* [0-9*-]+ +/usr/local/bin/tn-[a-z-]+ ' "$TOP/examples/cron/truenorth" | sed 's|.*/||' | sort | xargs)" \
    'tn-backup tn-end-of-day tn-morning-scan tn-weekly-review'
is 'and else only settings and comments' "$(grep -cvE '^(#.*|[A-Z_]+=.*|[0-9*].*|)$' "$TOP/examples/cron/truenorth")" 0
printf 'AAPL\n' >"$HOME/watch.txt"
command=$(grep -m1 '^30 8' "$TOP/examples/cron/truenorth" | cut -d' ' -f6- |
    sed "s|/usr/local/bin|$TOP/scripts|; s|$| --now 2024-06-03T12:00:00Z|")
mkdir -m 700 "$WORK/cron"
printf 'schedule { watchlist = "%s/watch.txt" source = sim }\n' "$HOME" >"$WORK/cron/config"
run env -i HOME="$HOME" TN_HOME="$WORK/cron" TN_BIN="$BIN" PATH="$BIN:/usr/bin:/bin" sh -c "$command"
like 'its command runs as cron would run it' "$code" '^[06]$'
if command -v systemd-analyze >/dev/null; then
    for timer in "$TOP"/systemd/*.timer; do
        ok "systemd knows the calendar expression of ${timer##*/}" systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' "$timer")"
    done
    mkdir units
    make -s -C "$TOP" install DESTDIR="$WORK/installed" >/dev/null 2>&1
    run systemd-analyze verify --user --man=no "$WORK"/installed/usr/local/lib/systemd/user/*.timer
    unlike 'and every setting of the units' "$err" 'Unknown|Failed to parse'
else
    skip 'systemd knows the units' 'systemd is not installed'
fi
# Every command of a unit, without what the program is given beside options.
unknown=$(sed -n "s|^ExecStart=||; T; s|/bin/sh -c '\(.*\)'|\1|; s/|/\n/g; p" "$TOP"/systemd/*.service | while read -r program rest; do
    program=${program##*/}
    set -f
    # shellcheck disable=SC2086 # words of a unit
    set -- $rest
    sub=${1-}
    for word in $rest; do
        [ "${word#--}" = "$word" ] || "$program" ${sub:+"$sub"} --help | grep -q -e "$word\b" || echo "$program $word"
    done
done)
is 'the units give options that there are' "$unknown" ''
is 'each service of a job has its timer, which makes up for what was missed' \
    "$(grep -l '^Persistent=yes$' "$TOP"/systemd/*.timer | sed 's/timer$//')" "$(printf '%s\n' "$TOP"/systemd/*.service | sed '/tn-health/d; /tn-notify/d; s/service$//')"
is 'the service ends well with what a limit refuses' "$(grep -c '^SuccessExitStatus=6$' "$TOP/systemd/tn-morning-scan.service")" 1
finish
