#!/usr/bin/env bash
# The manual is true: a page for every program, every command and option of its table in the page and no other option,
# every setting in tn-config(5), no errors of mdoc, references that lead somewhere, and examples that run.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs mandoc col

# The words of a macro in a page: `words Fl page` prints "-interval", "i", … one a line, wherever the macro stands.
words() {
    awk -v macro="$1" '/^\./ {
        n = split(substr($0, 2), part, " ")
        for (i = 1; i < n; i++)
            if (part[i] == macro)
                for (j = i + 1; j <= n && part[j] !~ /^(Ar|Ns|Op|Fl|Cm|Pq|Oo|Oc|Xr|Sy|No|Ql|Li|Dq|,|\.|;|:|\)|\|)$/; j++) print part[j]
    }' <(own_lines "$2") | sed 's/\\-/-/g; s/\\&//g' | sort -u
}

# A line that names another program speaks of that one: `.Nm tn-risk Cm size Fl -session`.
own_lines() {
    local name
    name=$(basename "$1")
    awk -v own="${name%.[157]}" '!(match($0, /Nm tn[a-z-]*/) && substr($0, RSTART + 3, RLENGTH - 3) != own)' "$1"
}

declare -A flags_of # of each program, between spaces
common='-help h -version V -verbose v -quiet q -no-color -no-progress -log-json'
for program in "$BIN"/tn "$BIN"/tn-*; do
    [[ -x $program && -f $program && ! -L $program && $program != *.* ]] || continue
    name=${program##*/}
    page=$TOP/man/man1/$name.1
    [ -f "$page" ]
    result $? "$name has a manual page" || continue
    table=$("$name" --dump-table)
    missing=''
    while IFS=$'\t' read -r _ command _; do
        words Cm "$page" | grep -qxF -e "$command" || missing+=" $command"
    done < <(grep '^command' <<<"$table")
    is "$name(1) has every command" "$missing" ''
    options=$(awk -F'\t' '$1 == "option" && $2 != "*" {print "-" $3; if ($4 != "-") print $4}' <<<"$table" | sort -u)
    flags_of[$name]=" $(awk -F'\t' '$1 == "option" {print "-" $3 " " $4}' <<<"$table" | paste -sd' ') "
    flags=$(words Fl "$page")
    is "$name(1) has every option" "$(comm -23 <(echo "$options") <(echo "$flags"))" ''
    # shellcheck disable=SC2086 # a list of words
    is "$name(1) has no option that $name does not have" \
        "$(comm -13 <(printf '%s\n' $common "$options" -live | sort -u) <(echo "$flags"))" ''
    unlike "$name(1) has examples" "$(grep -c '^\.Sh EXAMPLES' "$page")" '^0$'
done

# Scripts that are commands: the options of --help.
for script in "$TOP"/scripts/tn-*; do
    name=${script##*/} page=$TOP/man/man1/${script##*/}.1
    [ -f "$page" ] && [ "$(readlink -f "$BIN/$name")" = "$script" ]
    result $? "$name has a manual page, and its one place is scripts/"
    options=$("$script" --help | sed -n '/^Options:/,/^$/p' | grep -oE '^ +(-[a-z], )?--[a-z-]+' | tr -d ' ' | tr ',' '\n' | sed 's/^-//' | sort -u)
    is "$name(1) has the options of --help, and no other" \
        "$(comm -3 <(echo "$options") <(words Fl "$page"))" ''
done

settings=$(tn config -O tsv | awk -F'\t' 'NR > 1 {print $1 "." $3}' | sort -u)
page=$TOP/man/man5/tn-config.5
# The lines of the page that speak of a setting: heading, name, line.
said=$(awk '/^\.S[sh] / {section = tolower($0)} /^\.It/ {name = $2 == "Cm" ? $3 : ""} name != "" {print section "\t" name "\t" $0}' "$page")
missing=$(awk -F'\t' 'FNR == NR {seen[$2, $1]; next}
    {split($0, part, "."); name = substr($0, length(part[1]) + 2); found = 0
     for (key in seen) {split(key, k, SUBSEP); if (k[1] == name && k[2] ~ ("^\\.ss.*" part[1])) found = 1}
     if (!found) printf " %s", $0}' <(echo "$said") <(echo "$settings"))
is 'tn-config(5) has every setting in its section' "$missing" ''
is 'tn-config(5) has no other' "$(awk '/^\.Ss/ {section = $NF} /^\.It Cm/ && section != "" {print tolower(section) "." $3}
    /^\.Sh/ {section = ""}' "$page" | sort -u | comm -13 <(echo "$settings") -)" ''
wrong=$(awk -F'\t' 'FNR == NR {line[++n] = $0; section[n] = $1; name[n] = $2; next}
    {found = 0
     for (i = 1; i <= n && !found; i++) found = name[i] == $2 && section[i] ~ ("^\\.ss.*" $1) && index(line[i], $3)
     if (!found) printf " %s.%s=%s", $1, $2, $3}' <(echo "$said") <(tn config -O tsv | awk -F'\t' -v OFS='\t' 'NR > 1 && $4 != "" {print $1, $3, $4}'))
is 'tn-config(5) names every default' "$wrong" ''

codes=$(grep -ohE '(refuse|give_refusal|withhold)\([^"]*"[A-Z_]+"|\.code = "[A-Z_]+"' "$TOP"/src/*/*.c | grep -oE '"[A-Z_]+"' | tr -d '"' | sort -u)
missing=''
for code in $codes; do
    grep -qE "^\.(It )?Li (.* )?$code\b" "$TOP"/man/man1/tn-{risk,order}.1 || missing+=" $code"
done
like 'the programs refuse for reasons' "$codes" '^MAX_POSITION$'
is 'tn-risk(1) and tn-order(1) explain each of them' "$missing" ''

pages=("$TOP"/man/man[157]/*)
missing=''
for page in "${pages[@]}"; do
    while read -r name flag; do
        if [ -z "${flags_of[$name]:-}" ]; then continue; fi
        [[ ${flags_of[$name]} == *" $flag "* ]] || missing+="${page##*/}: $name has no $flag"$'\n'
    done < <(awk '/^\..*Nm tn/ {name = ""; n = split($0, part, " ")
        for (i = 1; i < n; i++) {
            if (part[i] ~ /Nm$/) name = part[i + 1]
            if (part[i] == "Fl" && name ~ /^tn/) print name, part[i + 1]
        }}' "$page")
done
is 'options of other programs that a page mentions exist' "$missing" ''

ok 'mandoc finds nothing to warn of' mandoc -T lint -W warning "${pages[@]}"
# What a merge leaves: a line twice, an item of a section twice in a row of items, a long option with one dash.
doubled=$(awk '
    FNR == 1 || /^\.S[hs]/ { split("", seen) }
    /^[A-Za-z]/ && $0 == last || /^\.(Sx|Fn|Xr) / && $0 == last { print FILENAME ": " FNR ": " $0 }
    /^\.It Cm [a-z]+$/ && FILENAME ~ /man1/ && seen[$0]++ { print FILENAME ": " FNR ": " $0 }
    /^\.Fl .* (Cm|Ar) [^ ]+ -[a-z][a-z-]+( |$)/ { print FILENAME ": " FNR ": " $0 }
    { last = $0 }' "${pages[@]}")
is 'nothing stands twice, and a long option has two dashes' "$doubled" ''
missing=''
for page in "${pages[@]}"; do
    while read -r name section; do
        [[ $name == tn* ]] || continue
        [ -f "$TOP/man/man$section/$name.$section" ] || missing+="${page##*/}: $name($section)"$'\n'
    done < <(grep -ohE '\bXr tn[a-z-]* [157]' "$page" | cut -c4-)
done
is 'every reference to a page of ours leads to one' "$missing" ''

for page in "${pages[@]}"; do
    ok "the examples of ${page##*/} run" "$TOP/scripts/dev/run-examples" "$page"
done
finish
