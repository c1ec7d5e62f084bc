#!/usr/bin/env bash
# Calendars: sessions of each market against vectors from outside, those of the user, and every mistake in one.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

vectors=$TOP/tests/data/calendars
for name in nse cme-equity cme-rates cme-fx cme-energy cme-metals cme-grains cme-livestock nyse; do
    first=$(sed -n 2p "$vectors/$name.csv" | cut -c1-4)
    sort "$vectors/$name.csv" | grep '^[0-9]' | sort -u >want
    lasts=$(tail -n 1 want | cut -c1-4)
    first=$(head -n 1 want | cut -c1-4)
    tn-quote sessions "$name" --from "$first-01-01" --to "$((lasts + 1))-01-01" -O csv | grep -v ',closed,' | awk -F, 'NR > 1 { print $1 "," $2 "," $3 }' >hours
    cut -d, -f1 want | awk -F, 'NR == FNR { hours[$1] = $2 "," $3; next } { print $1 "," ($1 in hours ? hours[$1] : ",") }' hours - >got
    same "$name: sessions" got want
    like "$name: as many as that" "$(wc -l <want)" '^[0-9]*[5-9]$|[0-9][0-9]'
done
bad=
while IFS=, read -r instant state; do
    tn session forex --now "$instant" >minutes
    case $?$state in 0open | 1closed) ;; *) bad="$bad $instant" ;; esac
done < <(tail -n +2 "$vectors/forex.csv")
is 'forex: the edges of weeks around changes of clocks' "$bad" ''
is 'a week is one stretch of 120 hours' "$(tn session forex --now 2026-11-01T22:00:00Z)" 7200
exits 'open' 0 tn session nyse --now 2026-11-25T15:00:00Z
is 'minutes until it closes' "$out" 360
exits 'closed' 1 tn session nyse --now 2026-11-26T15:00:00Z
is 'over a holiday, until it opens' "$out" 1410
exits 'a minute before' 1 tn session --now 2026-11-25T14:29:01Z
is 'is rounded up' "$out" 1
exits 'always' 0 tn session always --now 2026-11-26T15:00:00Z
is 'without an end to be written' "$out" ''

# The trading of a date begins the evening before: a bar of days is of the date, whatever the evening's own.
printf '%s\n' time,open,high,low,close,volume 2026-11-22T23:00:00Z,10,11,9,10,1 2026-11-23T00:00:00Z,10,10.5,9.5,10,1 2026-11-23T21:00:00Z,10,12,10,12,2 2026-11-23T23:00:00Z,12,12,12,12,1 2026-11-24T00:00:00Z,12,12,12,12,1 2026-11-24T21:00:00Z,12,12,12,12,1 >ES.csv
run tn-quote bars -s csv:ES.csv ES -i 1d --calendar cme-equity --now 2026-11-25T00:00:00Z --csv-tz UTC
is 'an evening and a day are one bar' "$(jq -r 'select(.type == "bar") | [.session, .open, .high, .low, .close, .volume] | join(" ")' <<<"$out" | head -1)" '2026-11-23 10 12 9 12 4'
tn-quote bars -s csv:ES.csv ES -i 1h --calendar cme-equity --now 2026-11-25T00:00:00Z --csv-tz UTC >es.nd
is 'a rule over days of it' "$(tn-signal scan 'close@1d == 12 and low@1d[1] == 9' --calendar cme-equity es.nd 2>/dev/null | jq -r 'select(.type == "match") | .symbol')" ES

# Pauses: the grains' morning, the index futures' quarter of an hour up to 2021-06-25, NSE's two parts.
is 'in a pause it is closed, for 25 minutes more' "$(tn session cme-grains --now 2024-06-12T13:05:00Z || echo "$?")" '25
1'
is 'before it there are 5 minutes' "$(tn session cme-grains --now 2024-06-12T12:40:00Z)" 5
is 'and behind it 290' "$(tn session cme-grains --now 2024-06-12T13:30:00Z)" 290
run tn-quote sessions cme-equity --from 2021-06-25 --to 2021-06-29 -O csv
is 'pauses are listed' "$(cut -d, -f1,6,7 <<<"$out" | tail -n +2 | paste -sd' ')" '2021-06-25,2021-06-25T20:15:00Z,2021-06-25T20:30:00Z 2021-06-28,,'
is 'NSE: two parts' "$(tn-quote sessions nse --from 2024-03-02 --to 2024-03-03 -O csv | tail -n 1 | cut -d, -f2,3,6,7)" '2024-03-02T03:45:00Z,2024-03-02T07:00:00Z,2024-03-02T04:30:00Z,2024-03-02T06:00:00Z'
is 'BSE has the days of the NSE' "$(tn-quote sessions bse --from 2024-01-01 --to 2025-01-01 -O csv | md5sum)" "$(tn-quote sessions nse --from 2024-01-01 --to 2025-01-01 -O csv | md5sum)"
exits 'and years of its own' 3 tn-quote sessions bse --from 2009-06-01
exits 'one list or the other' 2 tn-quote sessions --from 2024-01-01 --last 3

# Annualised by the sessions of a year: 260 weekdays, 258 of CME, 248 of the NSE (2,478 sessions from 2017 to 2026), 252, 365.
for name in nyse:252 forex:260 cme-equity:258 nse:248 always:365; do
    got=$(tn-quote bars -s sim AAPL -n 40 --calendar "${name%:*}" --now 2026-06-01T00:00:00Z | tn-backtest run sma-cross:fast=3,slow=8 --calendar "${name%:*}" 2>/dev/null | jq -r 'select(.type == "result") | .metrics.periods')
    is "returns a year: ${name%:*}" "$got" "${name#*:}"
done

# One of the user's own.
mkdir -p "$TN_HOME/calendars"
cat >"$TN_HOME"/calendars/mine.calendar <<'C'
# half days on Fridays
title: my market
zone: Europe/Berlin
years: 2024..2026
hours 2024-01-01: mon-thu 09:00-17:30
hours 2024-01-01: fri 09:00-12:00
closed 2024-12-25: Christmas
on 2024-12-28: 10:00-11:00 a Saturday
C
run tn-quote sessions mine --from 2024-12-24 --to 2024-12-31 -O csv
is 'its sessions' "$(cut -d, -f1-4 <<<"$out" | tail -n +2 | paste -sd' ')" '2024-12-24,2024-12-24T08:00:00Z,2024-12-24T16:30:00Z,usual 2024-12-25,,,closed 2024-12-26,2024-12-26T08:00:00Z,2024-12-26T16:30:00Z,usual 2024-12-27,2024-12-27T08:00:00Z,2024-12-27T11:00:00Z,usual 2024-12-28,2024-12-28T09:00:00Z,2024-12-28T10:00:00Z,other 2024-12-30,2024-12-30T08:00:00Z,2024-12-30T16:30:00Z,usual'
printf 'account paper { calendar = mine }\n' >"$TN_HOME/config"; chmod 600 "$TN_HOME/config"
printf '%s\n' '# as mine, but for a day' 'like: mine' 'title: other' 'on 2024-12-25: 09:00-12:00 open here' 'sessions: 200' >"$TN_HOME"/calendars/other.calendar
is 'one like another, which says a date anew' "$(tn-quote sessions other --from 2024-12-24 --to 2024-12-28 -O csv | cut -d, -f1-4 | tail -n +2 | paste -sd' ')" '2024-12-24,2024-12-24T08:00:00Z,2024-12-24T16:30:00Z,usual 2024-12-25,2024-12-25T08:00:00Z,2024-12-25T11:00:00Z,other 2024-12-26,2024-12-26T08:00:00Z,2024-12-26T16:30:00Z,usual 2024-12-27,2024-12-27T08:00:00Z,2024-12-27T11:00:00Z,usual'
run tn-quote bars -s sim AAPL -n 60 --calendar mine --now 2025-03-03T20:00:00Z
printf '%s\n' "$out" >mine.nd
is 'bars in its sessions, a Saturday among them' "$(jq -r 'select(.type == "bar") | .end[11:16]' mine.nd | sort -u | paste -sd' ')" '10:00 11:00 16:30'
run tn-backtest run sma-cross:fast=3,slow=8 mine.nd --calendar mine
like 'a backtest by it' "$out" '"calendar":"mine"'
exits 'an account by it' 0 tn-order open paper
exits 'a year it does not know' 3 tn-quote sessions mine --from 2027-01-01
stderr_like 'says which it knows' "covers 2024 to 2026"
exits 'no such calendar' 2 tn session nowhere
stderr_like 'names those there are' 'calendars are: nyse always mine other bse cme-energy cme-equity cme-fx cme-grains cme-livestock cme-metals cme-rates forex nse'
exits 'no path is a name' 2 tn session ../mine
exits 'dates the wrong way round' 2 tn-quote sessions nyse --from 2026-01-02 --to 2026-01-01
mistake() { # NAME SAYS TEXT
    printf '%b' "$3" >"$TN_HOME"/calendars/bad.calendar
    exits "$1" 2 tn session bad --now 2025-01-01
    stderr_like "$1: said" "$2"
}
good='zone: UTC\nyears: 2024..2026\nhours 2024-01-01: mon-fri 09:00-17:00\n'
mistake 'no zone' 'has zone, years and hours' 'years: 2024..2026\n'
mistake 'an unknown zone' 'bad.calendar: .*Nowhere' 'zone: Nowhere/Land\nyears: 2024..2026\nhours 2024-01-01: mon-fri 09:00-17:00\n'
mistake 'an unknown word' "bad.calendar:4: 'holiday 2024" "${good}holiday 2024-01-01: x\n"
mistake 'a day twice' '2025-05-01 is given twice' "${good}closed 2025-05-01: a\non 2025-05-01: 10:00-11:00 b\n"
mistake 'no date' 'bad.calendar:4' "${good}closed 2025-02-30: a\n"
mistake 'hours backwards' 'bad.calendar:4: other hours are written' "${good}on 2025-05-01: 11:00-10:00\n"
mistake 'no hours' 'bad.calendar:4: hours are written' "${good}hours 2025-01-01: mon-fri 9-17\n"
mistake 'no weekday' 'bad.calendar:4: hours are written' "${good}hours 2025-01-01: mo-fr 09:00-17:00\n"
mistake 'years backwards' 'bad.calendar:1: years are written' 'years: 2026..2024\n'
mistake 'an empty file' 'has zone, years and hours' ''
mistake 'like none' "bad.calendar: like: 'none' is not a calendar" 'like: none\n'
mistake 'like itself' 'is not a calendar of another file' 'like: bad\n'
mistake 'like, too late' 'bad.calendar:4: like stands first' "${good}like: nse\n"
mistake 'a pause backwards' 'bad.calendar:4: hours are written' "${good}hours 2025-01-01: mon-fri 09:00-12:00,11:00-17:00\n"
mistake 'three parts' 'bad.calendar:4: hours are written' "${good}hours 2025-01-01: mon-fri 09:00-10:00,11:00-12:00,13:00-14:00\n"
mistake 'no sessions' 'bad.calendar:4: sessions of a year are written' "${good}sessions: 400\n"
mistake 'a NUL' 'not a line of text' 'zone: U\0TC\n'
printf 'zone: UTC\nyears: 2024..2026\nhours 2026-01-01: mon-fri 09:00-17:00\n' >"$TN_HOME"/calendars/bad.calendar
exits 'no session in a month' 3 tn session bad --now 2025-01-01
stderr_like 'said' 'has no session in 31 days'
finish
