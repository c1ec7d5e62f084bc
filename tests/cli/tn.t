#!/usr/bin/env bash
# tn: the map, running tn-NAME, tn config, tn doctor.
# shellcheck source=tests/cli/lib.sh disable=SC2016
. "$(dirname "$0")/lib.sh"

ok 'tn alone prints the map' tn
for name in quote stream signal risk order journal backtest report config doctor; do
    stdout_like "the map names $name" "^  tn $name +[a-z]"
done
is 'the map is at most 24 lines of 80 columns' "$(awk 'length > 90 {n++} END {print (NR <= 24) + 0, n + 0}' <<<"$out")" '1 0'

# A family of its own: tn beside two stand-ins.
mkdir own other
cp "$BIN/tn" own/tn
printf '#!/bin/sh\nprintf "%%s|" "$0" "$@"\nexit 42\n' >own/tn-quote
printf '#!/bin/sh\necho mine; exit 3\n' >other/tn-mine
printf '#!/bin/sh\necho not me\n' >other/tn-quote
chmod +x own/* other/*
PATH=$WORK/other:$PATH
exits 'tn NAME is tn-NAME, with its exit code' 42 own/tn quote bars -x --help '$(id)' ''
is 'arguments arrive untouched' "$out" "$WORK/own/tn-quote|bars|-x|--help|\$(id)||"
exits 'tn help NAME is tn-NAME help' 42 own/tn help quote
is 'and nothing else' "$out" "$WORK/own/tn-quote|help|"
exits 'a program of the user is found on PATH' 3 own/tn mine
is 'and run' "$out" mine

exits 'an unknown word' 2 own/tn qoute --help
is 'is told with the nearest one, in two lines' "$err" "tn: unknown command 'qoute'
  hint: did you mean 'tn quote'?"
exits 'a path is no program' 2 own/tn ../own/tn-quote
exits 'a program of the family that is missing' 2 env PATH=/usr/bin:/bin own/tn stream replay --pass
is 'is named' "$err" "tn: tn-stream is not installed
  hint: it belongs beside tn, or on PATH; 'tn doctor' checks the installation"

# tn config
cat >"$TN_HOME/config" <<'END'
account main {
    max_position = 7%
    sizing = notional:5000
}
source daily { kind = csv  path = /nowhere/daily }
END
ok 'tn config writes records when nobody watches' tn config
stdout_like 'a value of the file has file and line' \
    '"section":"account","title":"main","name":"max_position","value":"7%","origin":".*/tn/config:2"'
stdout_like 'one that is not there is a default' \
    '"section":"account","title":"main","name":"daily_loss","value":"2%","origin":"default"'
stdout_like 'and one without a value is null' '"name":"csv_tz","value":null'
is 'every setting of every title, and of titles without a section' "$(grep -c '"name":"max_positions"' <<<"$out")" 2
ok 'one title' env TN_MAX_POSITION=3% tn config account main -O tsv
stdout_like 'the environment beats the file' "^account	main	max_position	3%	TN_MAX_POSITION	"
is 'and nothing else is shown' "$(grep -vc '^account	main' <<<"$out")" 1
printf 'network { contact = "me" }\ndisplay { tz = UTC }\nschedule { backup_days = 3 }\n' >"$WORK/untitled"
mkdir -m 700 "$WORK/no-title" && mv "$WORK/untitled" "$WORK/no-title/config"
run env TN_HOME="$WORK/no-title" tn config -O tsv
is 'sections without a title: what the file says' "$(awk -F'\t' '$5 ~ /config:/ {print $1, $2, $3, $4}' <<<"$out")" \
    $'network  contact me\nschedule  backup_days 3\ndisplay  tz UTC'
exits 'a wrong section' 2 tn config acount
stderr_like 'has a hint' "did you mean 'account'"
echo 'account main { max_postion = 7% }' >"$TN_HOME/config"
exits 'a misspelt setting' 2 tn config
is 'is named with file, line and the nearest word' "$err" "tn: $TN_HOME/config:1:16: unknown setting 'max_postion'
  hint: did you mean 'max_position'?"
exits 'and with --log-json' 2 tn config --log-json
like 'is a record' "$err" '^\{"type":"log","time":"[^"]*Z","level":"error","program":"tn","text":".*","hint":.*,"code":2\}$'


# Memory: the library that reads the file takes its end badly, so it must not come to that.
for ((i = 0; i < 40; i++)); do echo "account a$i { max_position = 7%  sizing = notional:5000 }"; done >"$TN_HOME/config"
wrong='' none=0 whole=0
for ((limit = 4000; limit < 60000; limit += limit < 12000 ? 97 : 4000)); do
    (ulimit -v "$limit"; tn config -O tsv) >part 2>said
    case $? in
    0) whole=$((whole + 1)) ;;
    10) none=$((none + 1)) && grep -q 'out of memory\|Cannot allocate memory' said || wrong+=" $limit: $(cat said)" ;;
    127) ;; # the program cannot even be loaded
    *) wrong+=" $limit: $(head -1 said)" ;;
    esac
done 2>/dev/null
is 'fault-011: the configuration, with less and less memory' "$wrong" ''
note "$none ended with 10, $whole were whole"
[ "$whole" -gt 0 ]
result $? 'and with enough'
rm "$TN_HOME/config"

# tn doctor
echo 'account main { max_postion = 7% }' >"$TN_HOME/config"
exits 'the doctor fails a configuration that cannot be read' 1 tn doctor
stdout_like 'and quotes why' '"state":"fail","check":"configuration","found":".*unknown setting .max_postion.*","hint":"did you'
for setting in 'sizing = risk' 'day_rolls = "25:00 America/New_York"' 'day_rolls = "17:00 America/NewYork"'; do
    echo "account main { $setting }" >"$TN_HOME/config"
    exits "$setting fits no account" 2 tn config
    stderr_like 'and the message says where it stands' "/config:1: ${setting%% *}: "
    exits 'the doctor fails it' 1 tn doctor
    stdout_like 'and quotes why' "\"state\":\"fail\",\"check\":\"configuration\",\"found\":\".*/config:1: ${setting%% *}: "
    exits 'no account opens with it' 2 tn-order open main
done
rm "$TN_HOME/config"
exits 'nor with one of the environment' 2 env TN_SIZING=risk tn config
stderr_like 'which is named' "TN_SIZING: sizing: 'risk' is not a sizing rule"
echo 'source daily { path = /nowhere/daily  csv_tz = Mars/Phobos }' >"$TN_HOME/config"
exits 'a zone that does not exist' 1 tn doctor
stdout_like 'is found' '"state":"fail","check":"configuration","found":".*/config:1: csv_tz = .Mars/Phobos.'
stdout_like 'and a path that does not' '"state":"warn","check":"configuration","found":".*/config:1: path = ./nowhere/daily.*No such'
chmod 666 "$TN_HOME/config"
: >"$TN_HOME/config"
exits 'a configuration that others can write' 1 tn doctor
stdout_like 'fails' '"state":"fail","check":"configuration","found":".* can be changed by others .mode 666.'
rm "$TN_HOME/config"
mkdir -p "$TN_HOME/data"
chmod 755 "$TN_HOME/data"
run tn doctor
stdout_like 'a data folder open to others is a warning' '"state":"warn","check":"folders","found":".*accessible to other users .mode 755.*","hint":"chmod 700'
chmod 700 "$TN_HOME/data"
run env TN_ZONEINFO=/nowhere tn doctor
stdout_like 'without time zones' '"state":"fail","check":"time zones".*apt-get install tzdata'
run env PATH=/nowhere "$BIN/tn" doctor
stdout_like 'without gnuplot' '"state":"warn","check":"gnuplot".*apt-get install gnuplot'
exits 'beside programs of another kind' 1 own/tn doctor
stdout_like 'says which' '"state":"fail","check":"programs","found":".*/own/tn-quote is not version'
ok 'where all is well the doctor ends with 0' tn doctor
stdout_like 'all programs are of one version' '"state":"ok","check":"programs","found":"all 9 programs'
unlike 'nothing fails' "$out" '"state":"fail"'
run tn-order open main --cash 1000
ok 'with a journal' tn doctor
stdout_like 'which is checked' '"state":"ok","check":"journal","found":".*/data/journal.db is intact"'
printf 'garbage' | dd of="$TN_HOME/data/journal.db-wal" bs=1 seek=20000 conv=notrunc status=none
exits 'fault-016: a damaged one' 1 tn doctor
stdout_like 'fault-016: fails' '"state":"fail","check":"journal","found":".*exit code 9'
rm -rf "$TN_HOME/data"
exits 'without HOME' 1 env -u HOME -u TN_HOME tn doctor
stdout_like 'the configuration fails' '"state":"fail","check":"configuration","found":"cannot find'
exits 'fault-010: a full disk' 10 bash -c 'tn >/dev/full'
exits 'fault-010: for answers too' 10 bash -c 'tn config >/dev/full'
finish
