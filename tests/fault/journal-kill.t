#!/usr/bin/env bash
# Kill -9 at any system call of tn-journal record: every record that it passed on is in the journal, no row is torn, and
# running it again completes the story. A seeded sample of the system calls; with TN_SOAK (make soak) every one of them.
# Also a failing disk: full, fsync failing once, at each of its calls. Without strace: killed at any moment.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"

# The journal of an account, then more of it: two runs, so that both making a journal and adding to one are struck.
first() {
    echo '{"type":"cash","time":"2026-01-02T14:00:00Z","id":"c1","account":"paper","currency":"USD","amount":100000,"kind":"deposit"}'
    for n in 1 2 3; do
        printf '{"type":"order","time":"2026-01-02T21:00:00Z","symbol":"AAPL","id":"tn%d","account":"paper","side":"buy","quantity":10,"order_type":"market","role":"entry","strategy":"s","signal":"sg%d"}\n' $n $n
        printf '{"type":"order_update","time":"2026-01-05T14:30:0%dZ","account":"paper","order_id":"tn%d","status":"accepted"}\n' $n $n
    done
}
second() {
    for n in 1 2 3; do
        printf '{"type":"fill","time":"2026-01-05T14:30:1%dZ","symbol":"AAPL","id":"f%d","order_id":"tn%d","account":"paper","strategy":"s","side":"buy","quantity":10,"price":100.5,"mode":"paper"}\n' $n $n $n
        printf '{"type":"order_update","time":"2026-01-05T14:30:1%dZ","account":"paper","order_id":"tn%d","status":"filled","filled_quantity":10}\n' $n $n
    done
}
first >first.ndjson
second >second.ndjson
cat first.ndjson second.ndjson >story.ndjson

# Each record by itself, so that the program commits and acknowledges one after the other.
slowly() { while IFS= read -r line; do printf '%s\n' "$line"; sleep 0.002; done; }

data=$TN_HOME/data
# The number of system calls of a whole run, by name: strace strikes the n-th of each name.
survey() { # INPUT
    slowly <"$1" | strace -f -o calls tn-journal record >/dev/null 2>&1
    sed -nE 's/^[0-9]+ +([a-z_0-9]+)\(.*/\1/p' calls | grep -vE '^(execve|exit_group|exit)$' | sort | uniq -c
}

# strike WHAT INPUT CALL N: kill at the n-th CALL, check what is there, and that the next run completes it.
complaints=''
strike() {
    local before=$1 input=$2 call=$3 n=$4
    rm -rf "$data"
    if [ -n "$before" ]; then cp -r "$before" "$data"; fi
    # The shell says what killed a program: not to the test's own standard error.
    { slowly <"$input" | strace -qq -o /dev/null -e trace="$call" -e inject="$call:signal=KILL:when=$n" \
        tn-journal record >acknowledged; } 2>/dev/null
    settle "$before" "$input" "killed at $call $n"
}

# What must hold after anything: the acknowledged records are in the journal, it is sound, and it can go on.
settle() {
    local before=$1 input=$2 what=$3 torn
    # The last line may be half written: that record was not acknowledged.
    torn=$(tail -c 1 acknowledged | od -An -c | tr -d ' ')
    [ "$torn" = '\n' ] || sed -i '$d' acknowledged
    grep -v '"type":"end"' acknowledged >kept
    if [ -s kept ] || [ -n "$before" ]; then
        tn-journal verify >said 2>&1 || complaints+="$what: verify: $(cat said)"$'\n'
        tn-journal show >there 2>said || complaints+="$what: show: $(cat said)"$'\n'
        grep -qxvFf there kept && complaints+="$what: an acknowledged record is gone: $(grep -xvFf there kept | head -1)"$'\n'
    fi
    tn-journal record "$input" >again 2>said || complaints+="$what: again: $(cat said)"$'\n'
    tn-journal show | grep -v '"type":"end"' >there
    if [ -n "$before" ]; then cmp -s there story.ndjson; else cmp -s there "$input"; fi ||
        complaints+="$what: the journal is not the story"$'\n'
    tn-journal verify >said 2>&1 || complaints+="$what: verify after: $(cat said)"$'\n'
}

# At any moment, without strace, once so many records were acknowledged.
complaints='' kills=0 some=0
for many in 0 1 2 3 5 7 9 11; do
    rm -rf "$data"
    : >acknowledged
    slowly <story.ndjson 2>/dev/null | tn-journal record >acknowledged 2>/dev/null &
    recorder=$! # of a pipeline, the last program's
    for ((i = 0; i < 500 && $(grep -c . acknowledged) < many; i++)); do sleep 0.001; done
    { kill -9 "$recorder"; wait "$recorder"; } 2>/dev/null
    [ $? -ne 137 ] || kills=$((kills + 1))
    wait
    some=$((some + $(grep -c . acknowledged)))
    settle '' story.ndjson "killed after $many records"
done
[ "$kills" -gt 0 ] && [ "$some" -gt 0 ] && [ -z "$complaints" ]
result $? "fault-003: killed at $kills moments, $some records acknowledged: none is lost" "$complaints"

if ! strace -o /dev/null true 2>/dev/null; then
    skip 'fault-001 fault-003 fault-005 fault-007: struck at each system call' 'strace is not installed, or may not trace here'
    finish
fi

# The calls to strike: all of them, or a sample of those that touch files, which every run draws alike.
sample() {
    awk -v seed=20261121 -v soak="$TN_SOAK" -v many="$1" '
        soak != "" || $2 ~ /^(p?write(64|v)?|p?read(64)?|fdatasync|fsync|ftruncate|fallocate|fcntl|openat|unlink|poll)$/ {
            for (n = 1; n <= $1; n++) point[++points] = $2 " " n
        }
        END {
            srand(seed)
            for (i = points; i > 1; i--) { j = 1 + int(rand() * i); t = point[i]; point[i] = point[j]; point[j] = t }
            for (i = 1; i <= points && (soak != "" || i <= many); i++) print point[i]
        }'
}

complaints=''
rm -rf "$data"
survey first.ndjson >points.first
cp -r "$data" with-first
survey second.ndjson >points.second
is 'two whole runs are the story' "$(tn-journal show | grep -v '"type":"end"')" "$(cat story.ndjson)"

points=0
while read -r call n; do
    points=$((points + 1))
    strike '' first.ndjson "$call" "$n"
done < <(sample 40 <points.first)
[ "$points" -gt 0 ] && [ -z "$complaints" ]
result $? "fault-001 fault-003: killed at $points system calls of making a journal: nothing acknowledged is lost" "$complaints"

points=0 complaints=''
while read -r call n; do
    points=$((points + 1))
    strike with-first second.ndjson "$call" "$n"
done < <(sample 60 <points.second)
[ "$points" -gt 0 ] && [ -z "$complaints" ]
result $? "fault-001 fault-003: killed at $points system calls of adding to one: nothing acknowledged is lost" "$complaints"

# fail CALL ERROR CODE: the n-th call fails, for every n; the run ends with CODE or, where the call does not matter, as
# ever; nothing acknowledged is lost.
fail() {
    local call=$1 error=$2 calls n status struck=0
    calls=$(awk -v call="$call" '$2 == call {print $1}' points.second)
    for ((n = 1; n <= ${calls:-0}; n += ${#TN_SOAK} > 0 || n < 8 ? 1 : 7)); do
        rm -rf "$data"
        cp -r with-first "$data"
        { slowly <second.ndjson | strace -qq -o /dev/null -e trace="$call" -e inject="$call:error=$error:when=$n" \
            tn-journal record 2>said >acknowledged; status=${PIPESTATUS[1]}; } 2>/dev/null
        case $status in
        0) ;;
        10) struck=$((struck + 1)); grep -q '^tn-journal: ' said || complaints+="$call $n: silent"$'\n' ;;
        *) complaints+="$call $n: exit code $status: $(cat said)"$'\n' ;;
        esac
        if [ "$call" = fdatasync ] && [ "$status" -ne 0 ]; then
            tn-journal record second.ndjson >/dev/null 2>said
            [ $? -eq 10 ] || complaints+="$call $n: written on without a verification"$'\n'
            grep -q 'tn-journal verify' said || complaints+="$call $n: no hint: $(cat said)"$'\n'
            tn-journal verify >/dev/null 2>said || complaints+="$call $n: verify: $(cat said)"$'\n'
        fi
        settle with-first second.ndjson "$call $error $n"
    done
    failures=$((failures + struck))
}
complaints='' failures=0
fail pwrite64 ENOSPC
[ "$failures" -gt 0 ] && [ -z "$complaints" ]
result $? "fault-005: the disk is full at each write ($failures ended with 10): nothing acknowledged is lost" "$complaints"
complaints='' failures=0
fail pwrite64 EIO
[ "$failures" -gt 0 ] && [ -z "$complaints" ]
result $? "fault-020: a write fails ($failures ended with 10): nothing acknowledged is lost" "$complaints"
complaints='' failures=0
fail fdatasync EIO
[ "$failures" -gt 0 ] && [ -z "$complaints" ]
result $? "fault-007: a sync fails ($failures ended with 10): not tried again, nothing is written until verify has passed" "$complaints"
finish
