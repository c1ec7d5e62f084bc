# shellcheck shell=bash
# TAP for tests of programs as a user runs them. A test is an executable bash script tests/cli/NAME.t:
#
#     #!/usr/bin/env bash
#     . "$(dirname "$0")/lib.sh"
#     ok 'writes bars' tn-quote bars -s sim AAPL -n 3          # exit 0
#     exits 'refuses an unknown word' 2 tn-quote bras          # that exit code
#     run tn-quote bars -s sim AAPL -n 3                       # sets $out, $err, $code; never fails
#     is 'three bars and an end' "$(grep -c . <<<"$out")" 4
#     like 'a bar' "$out" '"type":"bar"'                       # extended regular expression
#     unlike 'no trade' "$out" '"type":"trade"'
#     stderr_like 'names the word' "nearest: 'bars'"           # of the last run, ok or exits
#     same 'equal files' got.ndjson want.ndjson
#     finish
#
# The script runs in a fresh folder $WORK (removed at the end) with its own TN_HOME and HOME, with the programs under
# test first on PATH ($BIN: TN_BIN, or bin/ of the repository), UTC, C locale, and no TN_*, XDG_* or terminal settings
# of the caller. $TOP is the repository. `needs PROGRAM` skips the whole test when a tool is not there;
# `skip DESC WHY` counts one check as skipped.

set -u
# Whoever started us may have had signals ignored (nohup, a shell's background job), and programs under test inherit
# that: begin again without.
if [ -z "${TN_SIGNALS:-}" ]; then
    TN_SIGNALS=default exec env --default-signal=HUP,INT,QUIT,PIPE,TERM,USR1 "$0" "$@"
fi
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BIN=$(cd "${TN_BIN:-$TOP/bin}" && pwd) || { echo "Bail out! no programs: run make"; exit 1; }
soak=${TN_SOAK:-}
for name in $(compgen -v | grep -E '^(TN_|XDG_)'); do unset "$name"; done
unset NO_COLOR COLUMNS POSIXLY_CORRECT name
export TN_BIN=$BIN TN_SOAK=$soak PATH=$BIN:$PATH LC_ALL=C TERM=dumb
unset TZ
WORK=$(mktemp -d "${TMPDIR:-/tmp}/tn-test.XXXXXX") || exit 1
export HOME=$WORK/home TN_HOME=$WORK/tn
mkdir -p "$HOME" "$TN_HOME"
chmod 700 "$TN_HOME"
# Sanitized programs (make check says so) leave behind what they find in memory: no exit code can hide it. Undefined
# behaviour ends them with 99, which no test expects.
[ -z "${ASAN_OPTIONS:-}" ] || export ASAN_OPTIONS="$ASAN_OPTIONS:log_path='$WORK/.found'"
cd "$WORK" || exit 1

tests=0 failed=0 finished=
out='' err='' code=0

clean_up() {
    local status=$?
    cd / || exit 1
    chmod -R u+rwX "$WORK" 2>/dev/null
    rm -rf "$WORK"
    if [ -z "$finished" ]; then
        echo "# the test ended before finish"
        exit $((status > 0 ? status : 1))
    fi
}
trap clean_up EXIT
trap 'exit 130' INT TERM

note() { printf '%s\n' "$*" | sed 's/^/# /'; }

# result PASSED(0 or 1) DESC [DETAIL…]: one TAP line, details only when it failed.
result() {
    local passed=$1 desc=$2
    shift 2
    tests=$((tests + 1))
    if [ "$passed" -eq 0 ]; then
        printf 'ok %d - %s\n' "$tests" "$desc"
        return 0
    fi
    failed=$((failed + 1))
    printf 'not ok %d - %s\n' "$tests" "$desc"
    for detail in "$@"; do note "$detail"; done
    return 1
}

# run COMMAND…: standard output, standard error and exit code in $out, $err, $code (and files $WORK/.out, .err).
run() {
    "$@" >"$WORK/.out" 2>"$WORK/.err"
    code=$?
    { out=$(<"$WORK/.out") err=$(<"$WORK/.err"); } 2>/dev/null # without NULs, of which bash would warn
    return 0
}

ok() { exits "$1" 0 "${@:2}"; }

exits() {
    local desc=$1 want=$2
    shift 2
    run "$@"
    [ "$code" -eq "$want" ]
    result $? "$desc" "command: $*" "exit code: $code, wanted $want" "stderr: ${err:0:2000}" \
        "stdout: ${out:0:1000}"
}

is() {
    [ "$2" = "$3" ]
    result $? "$1" "got:  ${2:0:2000}" "want: ${3:0:2000}"
}

like() {
    grep -qE -e "$3" <<<"$2"
    result $? "$1" "got: ${2:0:2000}" "want something like: $3"
}

unlike() {
    ! grep -qE -e "$3" <<<"$2"
    result $? "$1" "got: ${2:0:2000}" "want nothing like: $3"
}

stderr_like() { like "$1" "$err" "$2"; }
stdout_like() { like "$1" "$out" "$2"; }
stderr_empty() { is "$1" "$err" ''; }

same() {
    local difference
    difference=$(diff -u -- "$3" "$2" 2>&1 | head -40)
    [ -z "$difference" ]
    result $? "$1" "$difference"
}

skip() {
    tests=$((tests + 1))
    printf 'ok %d - %s # SKIP %s\n' "$tests" "$1" "$2"
}

needs() {
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null || {
            echo "1..0 # SKIP $tool is not installed"
            finished=yes
            exit 0
        }
    done
}

# within SECONDS COMMAND…: waits for what is to come, as long as it takes on a machine that is busy with other things.
within() {
    local left=$(($1 * 10))
    shift
    until "$@" || [ $left -le 0 ]; do
        sleep 0.1
        left=$((left - 1))
    done
}
is_locked() { ! flock -n "$1" true 2>/dev/null; }

# A server of tests/servers to ask, which lives as long as this script: sets port and url.
ask_server() { # MODULE
    mkfifo hold
    python3 "$TOP/tests/servers/standin.py" "$WORK/port" --module "$TOP/tests/servers/$1.py" <hold 2>server.err &
    exec 9>hold
    within 30 test -s port
    port=$(cat port)
    [ -n "$port" ]
    result $? 'a server to ask' "$(cat server.err)"
    # shellcheck disable=SC2034 # for the script
    url="http://127.0.0.1:$port"
}

# unprivileged COMMAND…: as a user to whom file permissions apply, for root too.
unprivileged() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid=65534 --regid=65534 --clear-groups -- "$@"
    else
        "$@"
    fi
}

# unit NAME: the unit test beside the programs under test, made if need be: its path in $unit.
unit() {
    local variant=release
    case $BIN in "$TOP"/build/*) variant=${BIN##*/} ;; esac
    unit=$TOP/build/$variant/$1
    run make -C "$TOP" VARIANT="$variant" "build/$variant/$1"
}

finish() {
    local found=("$WORK"/.found.*) # the first says enough
    [ ! -e "${found[0]}" ] || result 1 'the sanitizers find nothing in memory' "$(head -c 4000 "${found[0]}")"
    finished=yes
    echo "1..$tests"
    [ "$failed" -eq 0 ] && [ "$tests" -gt 0 ] || exit 1
    exit 0
}
