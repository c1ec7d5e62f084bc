#!/usr/bin/env bash
# tn-records(5) is the contract: every type and field of the tables has its place in it, and what the tables require is
# said to be required.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs make
page=$TOP/man/man5/tn-records.5
unit test-record
"$unit" fields >listed
like 'the tables have more than 150 fields' "$(grep -c . listed)" '^(1[5-9]|[2-9].)[0-9]$'
# "TYPE FIELD" of every field of the page; "required" behind it where the page says so.
awk '/^\.S[sh] / {type = $1 == ".Ss" ? $2 : ""; names = ""}
     /^\.It / {flush(); names = $0; text = ""; next}
     /^\.El/ {flush(); names = ""}
     {text = text " " tolower($0)}
     function flush(   n, i, name) {
         n = split(names, name, " ")
         for (i = 3; i <= n; i++) if (name[i] ~ /^[a-z]/) print type, name[i], text ~ /required( |\.|\)|;|$)/ ? "required" : ""
     }' "$page" | sed 's/ *$//' | sort >documented
awk '{print $1, $2}' listed | sort >known
awk '{print $1, $2}' documented | sort >told
is 'every field of every type is in its section' "$(comm -23 known told)" ''
grep required listed | sort >needed
grep required documented | sort >promised
is 'every required field is said to be required' "$(comm -23 needed promised)" ''
missing=''
while read -r type; do
    grep -qE "^\.Ss $type$" "$page" || missing+=" $type"
done < <("$unit" types)
is 'every type has a section' "$missing" ''
finish
