#!/usr/bin/env bash
# tn-report summary of returns that another tool has written, against the published figures of Bacon's 24 months
# (Practical Portfolio Performance Measurement and Attribution, 2008) and values computed from the papers' formulas.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

returns='.003 .026 .011 -.010 .015 .025 .016 .067 -.014 .040 -.005 .081 .040 -.037 -.061 .017 -.049 -.022 .070 .058 -.065 .024 -.005 -.009'
# shellcheck disable=SC2086 # words
printf '%s\n' $returns >plain.csv
{ echo 'Date,Return'; nl -ba plain.csv | awk '{printf "%d-%02d,%s\n", 2000 + int(($1 - 1) / 12), ($1 - 1) % 12 + 1, $2}'; } >months.csv
figure() { awk -F, -v name="$1" '$4 == name {printf "%.8f", $5}' figures; }
tn-report summary months.csv -O csv >figures
while read -r name want; do
    is "$name" "$(figure "$name")" "$want"
done <<'END'
sharpe 0.78832025
sharpe_error 0.73567516
sharpe_probability 0.85804120
sharpe_length 55.19374443
max_drawdown 0.14467296
ulcer 0.06118429
pain 0.03998969
omega 1.77978339
gain_to_pain 0.77978339
tail_ratio 1.17483108
k_ratio 0.80863337
returns 24.00000000
periods 12.00000000
END
# .2123711247 × √12 is the error of a year.
for form in 'tn-report summary -O csv <months.csv' 'cat months.csv | tn-report summary -O csv' 'tn-report summary plain.csv --periods 12 -O csv'; do
    eval "$form" >figures
    is "the same: $form" "$(figure sharpe)" 0.78832025
done
run tn-report summary plain.csv -O csv
stderr_like 'without dates it says what it takes for granted' '252 returns a year'
tr ',' ';' <months.csv | sed 's/$/\r/' >other.csv
tn-report summary other.csv -O csv >figures
is 'semicolons, and lines of Windows' "$(figure sharpe)" 0.78832025
awk -F, 'NR == 1 {print "date,close,Return,note"; next} {print $1 ",\"1,00\"," $2 * 100 "%,x"}' months.csv >wide.csv
tn-report summary wide.csv -O csv >figures
is 'of several columns the one called return, in percent' "$(figure sharpe)" 0.78832025
tn-quote bars -s sim AAPL -n 100 | tn-backtest run -q momentum >run.ndjson
is 'beside a run' "$(tn-report summary run.ndjson months.csv -O csv | awk -F, '$4 == "sharpe"' | grep -c .)" 2

bad() { # DESC LINES…: exit 3
    local desc=$1
    shift
    printf '%s\n' "$@" >bad.csv
    exits "$desc" 3 tn-report summary bad.csv
}
bad 'a word' 'date,return' 2020-01-31,0.1 2020-02-29,x
stderr_like 'names the line' "bad.csv: line 3: 'x' is not a return"
bad 'no date' 'date,return' 2020-01-31,0.1 tomorrow,0.2
bad 'dates that go back' 2020-01-31,0.1 2020-01-30,0.2
bad 'a loss of more than all' 2020-01-31,-1.5
bad 'three columns without a name' a,b,c 2020-01-31,1,2
bad 'a heading alone' date,return
bad 'out of range' 2020-01-31,1e300
bad 'a first line without a heading that has no return' 2020-01-31,n/a 2020-02-29,0.1
bad 'a comma in the decimals' date,return 2020-01-31,0,01 2020-02-29,0,02
stderr_like 'says so' 'line 2 has 3 columns, the first one has 2'
bad 'values instead of returns' Date,NAV 2020-01-31,1.00 2020-02-29,1.01
stderr_like 'says that too' "'NAV' has values, not returns"
printf '%s\n' date,return 2020-01-31,0.8 2020-02-29,-0.5 2020-03-31,0.4 >percent.csv
run tn-report summary percent.csv -O csv
stderr_like 'percent without a sign is asked about' 'half of the returns are beyond 30 %'
exits 'nothing' 0 tn-report summary /dev/null
finish
