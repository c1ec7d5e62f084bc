#!/usr/bin/env bash
# Every program, whatever programs there are, keeps the conventions of tn(7): help, version, usage errors, options.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# collect DESC: one TAP line for all complaints since the last, in $complaints.
complaints=''
complain() { complaints+="$*"$'\n'; }
collect() {
    [ -z "$complaints" ]
    result $? "$1" "$complaints"
    complaints=''
}
# A usage error: exit 2, nothing on standard output, two lines on standard error, the second a hint.
usage_error() {
    run "$@"
    [ "$code" -eq 2 ] || complain "$*: exit code $code, wanted 2"
    [ -z "$out" ] || complain "$*: writes to standard output"
    [[ $err =~ ^"${1##*/}: "[^$'\n']+$'\n'"  hint: "[^$'\n']+$ ]] || complain "$*: not two lines with a hint: $err"
}
example=$'^[^\n]*\n  (\\$ )?[^ ]' # on the second line
helps() {
    run "$@"
    [ "$code" -eq 0 ] || complain "$*: exit code $code, wanted 0"
    [ -z "$err" ] || complain "$*: writes to standard error: $err"
    [[ $out == Examples:$'\n'* ]] || complain "$*: does not begin with examples"
    [[ $out =~ $example ]] || complain "$*: no example"
}

mapfile -t programs < <(cd "$BIN" && for file in tn tn-*; do [ -f "$file" ] && [ -x "$file" ] && [ ! -L "$file" ] && echo "$file"; done)
[ "${#programs[@]}" -ge 1 ]
result $? "programs under test: ${programs[*]}"
version=$(sed -n 's/^VERSION := //p' "$TOP/Makefile")

for program in "${programs[@]}"; do
    table=$("$program" --dump-table)
    # the programs of the family are commands of tn (COMMAND…), and answer for themselves
    mapfile -t commands < <(awk -F'\t' '$1 == "command" && $3 != "COMMAND…" {print $2}' <<<"$table")
    [ "${#commands[@]}" -gt 0 ] || complain "$program has no commands"

    for word in -h --help help; do helps "$program" "$word"; done
    for command in "${commands[@]}"; do
        helps "$program" help "$command"
        shown=$out
        for word in -h --help; do
            helps "$program" "$command" "$word"
            [ "$out" = "$shown" ] || complain "$program $command $word is not what help $command shows"
        done
    done
    collect "$program: help goes to standard output, examples first"

    for word in -V --version; do
        run "$program" "$word"
        [ "$code/$out/$err" = "0/$program $version/" ] || complain "$program $word: $code $out $err"
    done
    collect "$program: -V and --version"

    if [ "$program" != tn ]; then usage_error "$program"; fi
    usage_error "$program" no-such-command
    usage_error "$program" help no-such-command
    usage_error "$program" --no-such-option
    for command in "${commands[@]}"; do
        [ ${#command} -lt 3 ] && continue
        usage_error "$program" "${command}q"
        [[ $err == *"did you mean '$program "[a-z]* ]] || complain "$program ${command}q: no nearest command: $err"
        usage_error "$program" "$command" --no-such-option-anywhere
    done
    collect "$program: usage errors are two lines, and end with 2"

    while IFS=$'\t' read -r kind command name _; do
        [[ $kind = option && $command != '*' && ${#name} -ge 4 ]] || continue
        usage_error "$program" "$command" "--${name}q"
        [[ $err == *"did you mean '--"* ]] || complain "$program $command --${name}q: no nearest option"
    done <<<"$table"
    collect "$program: a misspelt option is told the nearest one"

    secret=$(awk -F'\t' '$1 == "option" && $3 ~ /(secret|password|passphrase|api-?key|token|credential)/ {print $2, $3}' <<<"$table")
    is "$program: fault-083: no option takes a secret" "$secret" ''
    is "$program: -n is a count, everywhere" \
        "$(awk -F'\t' '$1 == "option" && $4 == "n" && $5 != "count" {print $2, $3}' <<<"$table")" ''
    is "$program: --live and --dry-run have no short form" \
        "$(awk -F'\t' '$1 == "option" && ($3 == "live" || $3 == "dry-run") && $4 != "-" {print $2, $3}' <<<"$table")" ''
    is "$program: summaries are one line without a full stop" \
        "$(awk -F'\t' '($1 == "command" && ($5 == "" || $5 ~ /\.$/)) || ($1 == "option" && ($8 == "" || $8 ~ /\.$/))' <<<"$table")" ''
    is "$program: an option with an argument names it, in capitals" \
        "$(awk -F'\t' '$1 == "option" && $5 != "flag" && $6 !~ /^[A-Z][A-Z=:,%…A-Z0-9\[\]-]*$/ {print $2, $3, $6}' <<<"$table")" ''

    # Standard input is a terminal: a filter must not sit there waiting.
    while IFS=$'\t' read -r kind command operands how _; do
        [ "$kind/$how" = command/filter ] || continue
        words=()
        for word in ${operands#-}; do [[ $word == \[* ]] || words+=(x); done
        script -qec "$program $command ${words[*]}" /dev/null </dev/null >"$WORK/.typed" 2>&1
        code=$?
        typed=$(cat "$WORK/.typed")
        [[ $code -eq 2 && $typed = *'standard input is a terminal'* ]] ||
            complain "$program $command on a terminal: exit code $code: $typed"
    done <<<"$table"
    collect "$program: a filter started with a terminal as standard input says how to use it"

    run "$program" no-such-command --log-json
    grep -qE "^\{\"type\":\"log\",\"time\":\"[0-9T:.-]+Z\",\"level\":\"error\",\"program\":\"$program\",\"text\":\"[^\"]+\"(,\"hint\":\"[^\"]+\")?,\"code\":2\}$" <<<"$err" ||
        complain "$err"
    collect "$program: --log-json makes a record of the message"
    for word in help --version; do
        bash -c '"$0" "$1" >/dev/full' "$program" "$word" 2>/dev/null
        [ $? -eq 10 ] || complain "$program $word > /dev/full: not 10"
        bash -c '"$0" "$1" >&-' "$program" "$word" 2>/dev/null
        [ $? -eq 10 ] || complain "$program $word with standard output closed: not 10"
    done
    collect "$program: fault-010: output that cannot be written is an error"
    tables+=$(awk -v program="$program" '{print program "\t" $0}' <<<"$table")$'\n'
done

is 'an option of one name has one short form, in all programs' \
    "$(awk -F'\t' '$2 == "option" && !(($4, $5) in seen) {seen[$4, $5]; n[$4]++; letters[$4] = letters[$4] " " $5}
        END {for (name in n) if (n[name] > 1) print name ":" letters[name]}' <<<"$tables")" ''
is 'and a short form is one option, in all programs' \
    "$(awk -F'\t' '$2 == "option" && $5 != "-" && !(($5, $4) in seen) {seen[$5, $4]; n[$5]++; names[$5] = names[$5] " " $4}
        END {for (letter in n) if (n[letter] > 1) print "-" letter ":" names[letter]}' <<<"$tables")" ''
is 'and takes an argument in all of them or in none' \
    "$(awk -F'\t' '$2 == "option" {form = $6 == "flag" ? "flag" : "argument"; if (!(($4, form) in seen)) {seen[$4, form]; n[$4]++}}
        END {for (name in n) if (n[name] > 1) print name}' <<<"$tables")" ''
# What can be no account's name is a bad value of an option (2), with every command that asks for an account, and is
# never offered for copying in a way that a shell would make something of.
export TN_HOME=$WORK/names
mkdir -m 700 "$TN_HOME"
tn-order open main -q
left=$(cd "$TN_HOME/data" && echo *)
# shellcheck disable=SC2016 # names that a shell would expand
for name in 'a b' '$(id)' '../x' 'a/b' '' '.x' "it's" 'x;y' $'a\nb' "$(printf 'n%.0s' {1..57})"; do
    for command in 'tn-order halt' 'tn-order resume' 'tn-order settle' 'tn-order submit' 'tn-order run' \
        'tn-order positions' 'tn-order account' 'tn-order orders' 'tn-order cancel --all' 'tn-order again x' \
        'tn-risk size' 'tn-journal adjust x' 'tn-backtest run sma-cross'; do
        # shellcheck disable=SC2086
        usage_error $command -a "$name" </dev/null
        [[ $err == *'is not a valid account name'* ]] || complain "$command -a '$name' says: $err"
    done
    usage_error tn-order open "$name"
    [[ $err == *'is not a valid account name'* ]] || complain "open '$name' says: $err"
done
collect 'names that no account can have are refused by every command, with 2'
for command in halt resume settle submit run positions account orders 'cancel --all' 'again x'; do
    # shellcheck disable=SC2086
    run tn-order $command -a ghost </dev/null
    [ "$code" -eq 2 ] || complain "$command -a ghost: $code"
    [[ $err == *"account 'ghost' is not open"* ]] || complain "$command -a ghost says: $err"
done
run tn-risk size -a ghost </dev/null
[ "$code" -eq 2 ] || complain "size -a ghost: $code"
usage_error tn-journal adjust x -a ghost
usage_error tn-report desk -j -a ghost
usage_error tn-report positions -j -a ghost
collect 'and one that is not open, too'
is 'neither leaves anything behind' "$(cd "$TN_HOME/data" && echo *)" "$left"
is 'nor an event' "$(tn-journal show -O json | grep -c '"type":"[^e]')" 1
tn-quote bars -s sim AAPL -n 3 >bars.ndjson
# shellcheck disable=SC2016
run tn-report chart '$(id)' -f bars.ndjson
stderr_like 'a symbol is quoted in a command that a hint offers' "hint: tn-quote bars '\\$\\(id\\)' \\| tn-report chart '\\$\\(id\\)'"
finish
