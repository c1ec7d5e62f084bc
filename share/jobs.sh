# shellcheck shell=bash disable=SC2034,SC2154 # variables that the jobs read, and "jobs", the path of this file
# What the jobs share (scripts/tn-*), read by each of them before it does anything: how they speak and fail, their
# folders, one lock and one status file each, and the most urgent exit code of their steps.
#
#     job_begin backup            # $job; now say and fail can be used
#     job_programs tn-journal     # programs of True North first on PATH; $state
#     job_account                 # $account, unless it is given
#     job_lock "$account"         # a second run ends with 5; from here on the run leaves a status behind
#     job_step FILE COMMAND…      # notes the exit code of the command
#     job_done=yes                # all that it should; else the status says when that was last
#     job_end                     # the most urgent code so far
#
# The status file is one `job` record (tn-records(5)), replaced as a whole; with channels it is told to tn-notify too.
set -euo pipefail

say() {
    job_said=$1
    printf 'tn-%s: %s\n' "$job" "$1" >&2
}

# fail CODE TEXT [HINT]
fail() {
    say "$2"
    [ $# -lt 3 ] || printf '  hint: %s\n' "$3" >&2
    exit "$1"
}

# job_begin NAME
job_begin() {
    job=$1 job_said='' account='' worst=0 work=''
    job_key='' job_session='' job_done='' job_told='' configuration=''
    job_started=$(date -u +%Y-%m-%dT%H:%M:%SZ)
    job_clock=$EPOCHSECONDS
    job_uptime=$(job_seconds)
}

# job_programs [PROGRAM…]: those beside the script (an installation, or bin/ of a checkout), else those of PATH. Reads the
# configuration, once.
job_programs() {
    local folder program here
    here=$(cd "$(dirname "${BASH_SOURCE[1]}")" && pwd)
    for folder in "$here" "$here/../bin"; do
        if [ -z "${TN_BIN:-}" ] && [ -x "$folder/tn-order" ]; then
            PATH=$(cd "$folder" && pwd):$PATH
            break
        fi
    done
    for program in tn flock "$@"; do
        command -v "$program" >/dev/null || fail 2 "$program is not on PATH" 'make, or make install; flock is in util-linux'
    done
    umask 077
    [ -n "$configuration" ] || configuration=$(tn config -O tsv) || exit
    if [ -n "${TN_HOME:-}" ]; then
        state=$TN_HOME/state
    else
        state=${XDG_STATE_HOME:-$HOME/.local/state}/truenorth
    fi
}

# Seconds since the machine started, which no setting of the clock moves.
job_seconds() { cut -d. -f1 /proc/uptime 2>/dev/null || echo 0; }

# setting NAME: of the section schedule, "" when it has none.
setting() {
    local pattern=$'\nschedule\t[^\t\n]*\t'"$1"$'\t([^\t\n]*)'
    if [[ $'\n'"$configuration" =~ $pattern ]]; then printf '%s\n' "${BASH_REMATCH[1]}"; fi
}

# count NAME TEXT LEAST: refuses what is no number, or less.
count() {
    if ! [[ $2 =~ ^[0-9]{1,6}$ ]] || [ "$2" -lt "$3" ]; then fail 2 "$1: '$2' is not a number from $3 on"; fi
}

# The account: the only one that is configured, else paper.
job_account() {
    if [ -z "$account" ]; then
        account=$(awk -F'\t' '$1 == "account" && $2 != "*" {print $2}' <<<"$configuration" | sort -u)
        if [ -z "$account" ] || [ "$(wc -l <<<"$account")" -gt 1 ]; then account=paper; fi
    fi
    [[ $account =~ ^[A-Za-z0-9_-][A-Za-z0-9._-]*$ ]] || fail 2 "'$account' cannot name an account"
}

# job_lock ACCOUNT: one run of the job for the account at a time; "" for a job that concerns all of them. What is
# written below $work goes at the end.
job_lock() {
    local whose=${1:+ for account \'$1\'}
    job_key=$job${1:+.$1}
    mkdir -p "$state/jobs"
    exec 9>>"$state/$job_key.lock"
    flock -n 9 || fail 5 "another run$whose is in progress" 'nothing was changed; try again when it has ended'
    work=$(mktemp -d "${TMPDIR:-/tmp}/$job.XXXXXX")
    trap job_leave EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

# job_note CODE: the most urgent of the codes so far, in the order of tn(7). What nothing can follow ends the run.
job_note() {
    local code
    [ "$1" -eq 0 ] && return
    [ "$1" -le 10 ] || exit "$1"
    for code in 8 9 10 7 6 5 4 3 2 1; do
        if [ "$1" -eq "$code" ] || [ "$worst" -eq "$code" ]; then
            worst=$code
            break
        fi
    done
    case $1 in 2 | 4 | 8 | 9 | 10) exit "$worst" ;; esac
}

# job_step OUTPUT COMMAND…: without the lock (9), which a program left behind must not hold. What it says last is kept
# for the status; all of it goes to the file $job_told, where there is one, and is then shown only where the run ends.
job_step() {
    local output=$1 code=0
    shift
    "$@" >"$output" 2>"$work/said" 9>&- || code=$?
    [ -z "$job_told" ] || cp "$work/said" "$job_told"
    case ${job_told:+$code} in '' | 2 | 4 | 8 | 9 | 10) cat "$work/said" >&2 ;; esac
    [ "$code" -eq 0 ] || [ ! -s "$work/said" ] || job_said=$(grep -v '^  hint:' "$work/said" | tail -n 1)
    job_note "$code"
}

# A program that ended before its input did has not said `"complete":true`: what follows would stand on half of it.
job_whole() {
    tail -n 1 "$1" | grep -q '^{"type":"end".*"complete":true' && return
    say "stopped: ${1##*/} is incomplete"
    [ "$worst" -ne 0 ] || worst=5
    exit "$worst"
}

# json TEXT: as a string of JSON.
json() {
    local text
    text=$(tr '\000-\037\177' ' ' <<<"$1" | sed 's/ *$//')
    text=${text//\\/\\\\}
    printf '"%s"' "${text//\"/\\\"}"
}

# job_last FIELD: what the status of the run before said, "" when it said nothing.
job_last() {
    sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p' "$state/jobs/$job_key" 2>/dev/null || true
}

# job_last_number FIELD: a whole number that it said, else 0.
job_last_number() {
    local number
    number=$(sed -n 's/.*"'"$1"'":\([0-9]\{1,15\}\)[,}].*/\1/p' "$state/jobs/$job_key" 2>/dev/null) || true
    echo "${number:-0}"
}

# When the clock was set during the run, what was judged by it may be wrong; time-outs are not.
job_check_clock() {
    local step=$((EPOCHSECONDS - job_clock - ($(job_seconds) - job_uptime)))
    [ "$job_uptime" -gt 0 ] || return 0
    if [ "$step" -gt 5 ] || [ "$step" -lt -5 ]; then say "the clock was set by $step seconds during the run"; fi
}

# The status of the run; a disk that cannot take it is said, and its code counts when there was none.
job_leave() {
    local code=$? time succeeded session runs failures
    trap - EXIT
    set +e
    job_check_clock
    time=$(date -u +%Y-%m-%dT%H:%M:%SZ)
    if [ -n "$job_done" ]; then
        succeeded=$time session=$job_session
    else
        succeeded=$(job_last succeeded) session=$(job_last session)
    fi
    runs=$(job_last_number runs) failures=$(job_last_number failures)
    case $code in 0 | 1 | 6) ;; *) failures=$((failures + 1)) ;; esac
    if [ "$code" -gt 128 ]; then say "ended by signal $((code - 128))$(job_working)"; fi
    if ! {
        printf '{"type":"job","time":"%s","name":"%s"' "$time" "$job"
        [ "$job_key" = "$job" ] || printf ',"account":"%s"' "$account"
        printf ',"started":"%s"' "$job_started"
        [ -z "$session" ] || printf ',"session":"%s"' "$session"
        [ -z "$succeeded" ] || printf ',"succeeded":"%s"' "$succeeded"
        printf ',"status":%d,"runs":%d,"failures":%d' "$code" $((runs + 1)) "$failures"
        [ -z "$job_said" ] || printf ',"text":%s' "$(json "$job_said")"
        printf '}\n'
    } >"$state/jobs/$job_key.new" || ! mv -f "$state/jobs/$job_key.new" "$state/jobs/$job_key"; then
        printf 'tn-%s: cannot write %s\n' "$job" "$state/jobs/$job_key" >&2
        [ "$code" -ne 0 ] || code=10
    fi
    day_done "$code"
    job_tell
    rm -rf "$work"
    exit "$code"
}

# What still works when a run is stopped is never silent.
job_working() {
    local n
    [ -n "$account" ] || return 0
    n=$(tn-journal query -O tsv "SELECT count(*) FROM orders WHERE account = '$account'
        AND status IN ('pending_new', 'accepted', 'partially_filled', 'pending_cancel', 'pending_replace', 'unknown')" 2>/dev/null 9>&- | tail -n 1)
    [ "${n:-0}" -eq 0 ] || printf "; %d %s of account '%s' still %s" "$n" "$([ "$n" -eq 1 ] && echo order || echo orders)" \
        "$account" "$([ "$n" -eq 1 ] && echo works || echo work)"
}

# Whoever is told of alerts is told how the run ended; that a message cannot be sent is no failure of the job.
job_tell() {
    ! job_has_channels || timeout 60 tn-notify send <"$state/jobs/$job_key" 9>&-
}

job_has_channels() {
    local pattern=$'\nchannel\t[^*\t\n]'
    [[ $'\n'"$configuration" =~ $pattern ]]
}

job_end() { exit "$worst"; }

# --- Jobs of an account ---
#
# Options and settings of all of them, the day's folder, and the steps that a morning and an evening have in common.

desk_defaults() {
    watch='' source='' history='' from='' actions='' bars='' now='' force='' quiet='' strategies=()
}

# desk_option OPTION VALUE: 1 when it is none that they share.
desk_option() {
    case $1 in
    -w | --watchlist) watch=$2 ;;
    -s | --source) source=$2 ;;
    -a | --account) account=$2 ;;
    -n | --last) history=$2 ;;
    --from) from=$2 ;;
    --actions) actions=$2 ;;
    --bars) bars=$2 ;;
    --now) now=$2 ;;
    *) return 1 ;;
    esac
}

# What was not given is as the configuration has it; then the account, its lock and its calendar.
desk_begin() {
    job_programs tn-quote tn-signal tn-risk
    if [ -z "$bars" ]; then
        [ -n "$watch" ] || watch=$(setting watchlist)
        [ -n "$source" ] || source=$(setting source)
        if [ -z "$watch" ] || [ -z "$source" ]; then
            fail 2 'a watchlist and a source are needed' \
                "tn-$job -w watch.txt --source sim, or watchlist and source in the section schedule of tn-config(5)"
        fi
        [ -r "$watch" ] || fail 2 "cannot read '$watch'"
    elif ! [ -r "$bars" ]; then
        fail 2 "cannot read '$bars'"
    fi
    [ -n "$history" ] || history=$(setting history)
    [ -n "$actions" ] || actions=$(setting actions)
    desk_account_begin
}

# The account alone: its lock, its calendar, where it is remembered what was seen.
desk_account_begin() {
    job_programs tn-quote tn-order tn-journal tn-report sha256sum
    [ -n "$account" ] || account=$(setting account)
    job_account
    [ -z "$now" ] || now=$(date -u -d "$now" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null) || fail 2 '--now: that is not a time'
    job_lock "$account"
    calendar=$(awk -F'\t' -v account="$account" '
        $1 != "account" {next}
        $3 == "calendar" && $2 == "*" && !own {value = $4}
        $3 == "calendar" && $2 == account {value = $4; own = 1}
        END {print value}' <<<"$configuration")
    remembered=$state/$job.$account
}

# sessions OPTION…: date, open and close of sessions, a line each.
sessions() { tn-quote sessions "$calendar" --now "$now" -O tsv "$@" 9>&- | tail -n +2; }

# The bars, once, as $work/bars; $session is when the last of them became known, $date its session. Without --now the
# present moment is taken when they are here, and holds for the whole run.
desk_bars() {
    local range=(-n "$history") line
    if [ -n "$bars" ]; then
        cp "$bars" "$work/bars"
    else
        [ -z "$from" ] || range=(--from "$from")
        [ -z "$actions" ] || range+=(--actions "$actions")
        job_step "$work/bars" tn-quote bars -s "$source" -w "$watch" -i 1d --calendar "$calendar" "${range[@]}" ${now:+--now "$now"}
    fi
    job_whole "$work/bars"
    [ -n "$now" ] || now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
    session=$(last_end "$work/bars")
    [ -n "$session" ] || fail $((worst > 0 ? worst : 5)) 'no bars came'
    line=$(sessions --last 1 --next 0)
    date=$(cut -f1 <<<"$line")
    due=$(cut -f3 <<<"$line")
}

# When the last of the bars became known. Where it is not written it is their time and a day.
last_end() { # FILE
    local end time
    end=$({ grep '^{"type":"bar"' "$1" || true; } | grep -o '"end":"[^"]*"' | cut -d'"' -f4 | sort | tail -n 1)
    if [ -z "$end" ]; then
        time=$({ grep '^{"type":"bar"' "$1" || true; } | grep -o '"time":"[^"]*"' | cut -d'"' -f4 | sort | tail -n 1)
        [ -z "$time" ] || end=$(date -u -d "$time + 1 day" +%Y-%m-%dT%H:%M:%SZ)
    fi
    printf '%s\n' "$end"
}

# desk_seen WHAT: has a run that did all it should seen to WHAT already? It is remembered by desk_end.
desk_seen() {
    seen=$1
    [ -z "$force" ] && [ "$worst" -eq 0 ] && [ -f "$remembered" ] && [ "$(cat "$remembered")" = "$1" ]
}

# The account, opened when it is not, and how far the journal went before this run.
desk_account() {
    if ! tn-order account -a "$account" >/dev/null 2>&1 9>&-; then
        job_step "$work/opened" tn-order open "$account" --now "$now"
    fi
    before=$(query tsv 'SELECT coalesce(max(seq), 0) AS seq FROM event' | tail -n 1)
}

query() { tn-journal query -O "$1" "$2" 9>&-; }

section() {
    local heading=$1 rows
    rows=$(cat)
    [[ $rows == *$'\n'* ]] || return 0
    printf '%s\n%s\n\n' "$heading" "$rows"
}

# --- The day's folder ---

days_folder() {
    if [ -n "${TN_HOME:-}" ]; then
        days=$TN_HOME/data/days
    else
        days=${XDG_DATA_HOME:-$HOME/.local/share}/truenorth/days
    fi
}

# day_open DATE: a folder in it for this run, $out, with a file that says what the run reads: enough to run it again.
day_open() {
    local name n=1
    days_folder
    day=$days/$1
    if [ -f "$day.tar.gz" ] && [ ! -d "$day" ]; then day_unpack "$day"; fi
    name=$(date -u -d "$now" +%Y-%m-%dT%H%M%SZ)-$job.$account
    out=$day/out/$name
    while [ -e "$out" ]; do n=$((n + 1)) && out=$day/out/$name-$n; done
    mkdir -p "$day/in" "$out" || fail 10 "cannot make '$out'"
    {
        echo "job $job"
        echo "account $account"
        echo "now $now"
        echo "version $(tn --version)"
        echo "events $(query tsv 'SELECT coalesce(max(seq), 0) AS seq FROM event' 2>/dev/null | tail -n 1)"
        [ ! -e "${days%/days}/$account.halt" ] || echo 'halted yes'
        # What TN_* variables say, and of the files the sections that decide about orders.
        awk -F'\t' '$5 ~ /^TN_/ && !seen[$5]++ {print "environment " $5 "=" $4}' <<<"$configuration"
    } >"$out/run"
    settings >"$work/settings"
    day_keep settings "$work/settings"
    day_keep bars "$work/bars"
    [ -n "$bars" ] || day_keep watchlist "$watch"
    [ -z "$actions" ] || day_keep actions "$actions"
    # What stands beside the configuration and decides about orders and sessions.
    if [ -f "$(config_folder)/instruments.ndjson" ]; then day_keep instruments "$(config_folder)/instruments.ndjson"; fi
    if [ -f "$(config_folder)/calendars/$calendar.calendar" ]; then day_keep calendar "$(config_folder)/calendars/$calendar.calendar" "$calendar.calendar"; fi
}

config_folder() { echo "${TN_HOME:-${XDG_CONFIG_HOME:-$HOME/.config}/truenorth}"; }

day_unpack() { tar -C "${1%/*}" -xzf "$1.tar.gz" && rm -f "$1.tar.gz"; }

# day_keep WORD FILE [TEXT]: an input, once for each content.
day_keep() {
    local name
    name=in/$(sha256sum <"$2" | cut -c1-32).$1
    [ -e "$day/$name" ] || { cp "$2" "$day/$name.new" && mv -f "$day/$name.new" "$day/$name"; } || fail 10 "cannot keep '$2'"
    echo "$1 $name${3:+ $3}" >>"$out/run"
}

# The sections account and instrument of the configuration files, without what the environment says.
settings() {
    local hidden=() name
    for name in $(compgen -e | grep '^TN_' | grep -vxE 'TN_HOME|TN_BIN'); do hidden+=(-u "$name"); done
    env "${hidden[@]}" tn config -O tsv 9>&- | awk -F'\t' -v quote="'" '
        ($1 == "account" || $1 == "instrument") && $2 != "*" && $5 != "default" {
            if ($1 " " $2 != title) printf "%s%s \"%s\" {\n", title == "" ? "" : "}\n", $1, $2
            title = $1 " " $2
            gsub(/\\/, "\\\\", $4); gsub(quote, "\\" quote, $4)
            printf "    %s = %s%s%s\n", $3, quote, $4, quote
        }
        END {if (title != "") print "}"}'
}

# day_done CODE: what became of the run, by job_leave.
day_done() {
    [ -d "${out:-}" ] || return 0
    echo "status $1" >>"$out/run" && cat "$state/jobs/$job_key" >>"$day/runs.ndjson"
}

# What happened to the account since the run began, for its report.
happened() {
    local since="account = '$account' AND seq > $before"
    query table "SELECT time, symbol, side, quantity, price, commission, role, strategy FROM fills
        WHERE $since ORDER BY seq" | section 'FILLED'
    query table "SELECT o.symbol, o.side, o.quantity, o.role, u.status, u.reason, o.strategy
        FROM order_updates u JOIN orders o ON o.id = u.order_id WHERE u.account = '$account' AND u.seq > $before
        AND u.status IN ('expired', 'rejected', 'canceled') ORDER BY u.seq" | section 'ENDED WITHOUT A FILL'
    query table "SELECT time, symbol, kind, amount, currency, strategy FROM cash
        WHERE $since AND kind <> 'deposit' ORDER BY seq" | section 'PAID'
    query table "SELECT json_extract(record, '\$.symbol') AS symbol, json_extract(record, '\$.text') AS text FROM event
        WHERE $since AND type = 'alert' ORDER BY seq" | section 'LOOK AT THIS'
}

# The rules over alerts see the session's bars, with their change in per cent.
desk_tell_moves() {
    job_has_channels || return 0
    tn-signal add roc:1 -f "$work/bars" 2>/dev/null 9>&- | tn-notify send --queue --where "session == '$date'" 2>/dev/null 9>&- || true
}

# What it has now.
desk_state() {
    tn-order positions -a "$account" -O table 9>&- | section 'POSITIONS'
    tn-order account -a "$account" -O table 9>&- | section 'ACCOUNT'
}

# A run that could not do all it should is made up for by the next one, on the same day too.
desk_end() {
    case $worst in
    0 | 6)
        job_done=yes job_session=$date
        printf '%s\n' "$seen" >"$remembered.new" && mv -f "$remembered.new" "$remembered"
        ;;
    esac
    job_end
}

# The last session that was over at a moment.
sessions_before() { tn-quote sessions "$calendar" --now "$1" --last 1 -O tsv 9>&- | tail -n +2; }

# --- What a day's folder keeps: share/day-files ---

# events_decided TYPE: what was decided after the previous close, or at it; events_happened TYPE: what happened until
# the close, or at it, and after the one before.
events_decided() { events "$1" "$to"; }
events_happened() { events "$1" "$from"; }

# events TYPE TIME: of those that events_read has read, but those at a moment.
events() {
    awk -v head="{\"type\":\"$1\",\"time\":\"" -v not="$2\"" \
        'index($0, head) == 1 && index(substr($0, length(head) + 1), not) != 1' "$work/events"
}

# What the journal has from one close to the other, both included.
events_read() {
    local code=0
    tn-journal show --since "$from" --until "${to%Z}.000000001Z" -O json >"$work/events" 2>"$work/said" 9>&- || code=$?
    [ "$code" -le 1 ] || fail "$code" "the day $date could not be read: $(head -n 1 "$work/said")"
}

# Lines of standard input whose time lies between the two closes.
lines_between() {
    awk -v from="$from" -v to="$to" 'match($0, /"time":"[^"]*"/) {
        time = substr($0, RSTART + 8, 19)
        if (time > substr(from, 1, 19) && time <= substr(to, 1, 19)) print
    }'
}

# Records of a type among the bars that the day's runs read.
lines_of_runs() {
    local file
    for file in "$day"/in/*.bars; do
        [ ! -e "$file" ] || grep -h "^{\"type\":\"$1\"" "$file" || true
    done | sort -u
}

# All messages to people; that there are none is no failure.
notifications() {
    local code=0
    tn-notify queue --all -O json || code=$?
    [ "$code" -le 1 ]
}

# What tn health finds; that it finds something is no failure of this job.
health_of_day() {
    local code=0
    tn health -O json --now "$now" || code=$?
    [ "$code" -le 1 ]
}

page_of_day() {
    tn-report day --journal --date "$date" -o "$work/day.html" && cat "$work/day.html"
}

# day_fill DATE FROM TO KIND: every file of the table that can be told for this day, replaced as a whole. A file that
# cannot be made is said and is exit code 1 at least; the others are.
day_fill() {
    local file kind command code
    local date=$1 from=$2 to=$3 day=$days/$1 made=$days/$1/new
    if [ -f "$day.tar.gz" ]; then day_unpack "$day"; fi
    rm -rf "$made" # of a run that was killed
    mkdir -p "$day" "$made"
    events_read
    while IFS=$'\t' read -r file _ kind command; do
        case $file/$kind in '#'* | /* | */now) [[ $file != '#'* && -n $file && $4 = now ]] || continue ;; esac
        code=0
        (eval "$command") >"$made/$file" 2>"$work/said" 9>&- || code=$?
        if [ "$code" -ne 0 ]; then
            rm -f "$made/$file"
            say "$1/$file could not be made: $(head -n 1 "$work/said")"
            job_note 1
        fi
    done <"$(dirname "$jobs")/day-files"
    mv -f "$made"/* "$day" && rmdir "$made"
}

# Folders of more than a week ago become one file each; those that are older than keep_days go.
day_tidy() {
    local folder keep limit week
    keep=$(setting keep_days)
    week=$(date -u -d "$date - 7 days" +%Y-%m-%d)
    limit=$(date -u -d "$date - $keep days" +%Y-%m-%d)
    for folder in "$days"/????-??-??; do
        [[ -d $folder && ${folder##*/} < $week ]] || continue
        tar -C "$days" -czf "$folder.tar.gz.new" "${folder##*/}" || fail 10 "cannot write '$folder.tar.gz'"
        mv -f "$folder.tar.gz.new" "$folder.tar.gz" && rm -rf "$folder"
    done
    [ "$keep" -gt 0 ] || return 0
    for folder in "$days"/????-??-??.tar.gz; do
        folder=${folder##*/}
        [[ ! ${folder%.tar.gz} < $limit ]] || rm -f "$days/$folder"
    done
}
