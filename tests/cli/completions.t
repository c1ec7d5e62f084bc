#!/usr/bin/env bash
# The checked-in completions are those of the command tables, and the shells take them.
# shellcheck source=tests/cli/lib.sh disable=SC2016,SC2031
. "$(dirname "$0")/lib.sh"

ok 'completions are made from the tables' "$TOP/scripts/dev/make-completions" "$WORK/fresh"
is 'and are those in completions/ (else run scripts/dev/make-completions)' \
    "$(diff -ru "$TOP/completions" fresh | head -40)" ''

# complete WORD…: what bash offers for the last word.
complete_words() {
    local file
    # shellcheck disable=SC1090 # the files under test
    (
        for file in "$TOP"/completions/bash/*; do . "$file" || exit 1; done
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
        "_${1//-/_}"
        printf '%s\n' "${COMPREPLY[@]}" | sort | tr '\n' ' '
    )
}
for file in "$TOP"/completions/bash/*; do
    ok "bash reads ${file##*/}" bash -n "$file"
done
is 'bash: commands' "$(complete_words tn "do")" 'doctor '
is 'bash: help for a command' "$(complete_words tn help con)" 'config '
is 'bash: long options' "$(complete_words tn config --out)" '--output '
is 'bash: the words of an option' "$(complete_words tn config -O t)" 'table tsv '
is 'bash: with an equals sign' "$(complete_words tn config --output = j)" 'json '
is 'bash: a common option' "$(complete_words tn doctor --log)" '--log-json '
is 'bash: a program behind tn' "$(complete_words tn signal ru)" 'run '
touch file.ndjson
is 'bash: files' "$(complete_words tn-signal run -f fil)" 'file.ndjson '
tn-order open paper --cash 1000 --now 2026-03-01 2>/dev/null
is 'bash: strategies, and files beside them' "$(complete_words tn-signal run mom) $(complete_words tn-backtest run fil)" 'momentum  file.ndjson '
is 'bash: indicators' "$(complete_words tn-signal add rs) $(complete_words tn-report chart --with macd)" 'rsi  macd '
is 'bash: intervals' "$(complete_words tn-quote bars -i 1)" '15m 1d 1h 1m 1mo 1w '
is 'bash: accounts' "$(complete_words tn-order positions -a pa)" 'paper '
is 'bash: record types' "$(complete_words tn-journal show -t order)" 'order order_flow order_update '
is 'bash: sources' "$(complete_words tn-quote bars -s s)" 'sim '
printf '%s\n' '{"type":"order","time":"2026-03-02T13:00:00Z","symbol":"XOM","id":"mine-1","side":"buy","quantity":1,"order_type":"market","time_in_force":"gtc","role":"entry","reference_price":1}' \
    '{"type":"end","status":0,"complete":true,"failed":{},"counts":{}}' | tn-order submit --now 2026-03-02T13:00:00Z >submitted
is 'bash: working orders and their symbols' "$(complete_words tn-order cancel '')" 'XOM mine-1 '
is 'bash: the scripts' "$(complete_words tn-morning-scan --wat) $(complete_words tn-morning-scan --strategy mom)" '--watchlist  momentum '

if command -v zsh >/dev/null; then
    for file in "$TOP"/completions/zsh/*; do ok "zsh reads ${file##*/}" zsh -n "$file"; done
    run zsh -fc 'fpath=("$1" $fpath); autoload -Uz compinit; compinit -u -D; print -r -- $_comps[tn] $_comps[tn-signal]' zsh "$TOP/completions/zsh"
    is 'zsh finds them by name' "$out" '_tn _tn-signal'
else
    skip 'zsh reads its completions' 'zsh is not installed'
fi
if command -v fish >/dev/null; then
    for file in "$TOP"/completions/fish/*; do ok "fish reads ${file##*/}" fish -n "$file"; done
    fish_words() { fish --no-config -c 'for file in $argv[2..]; source $file; end; complete -C $argv[1]' "$1" "$TOP"/completions/fish/* | cut -f1 | sort | tr '\n' ' '; }
    is 'fish: commands' "$(fish_words 'tn do')" 'doctor '
    is 'fish: the words of an option' "$(fish_words 'tn config --output ')" 'csv json table tsv '
    is 'fish: strategies' "$(fish_words 'tn-signal run mom')" 'momentum '
    is 'fish: accounts' "$(fish_words 'tn-order positions -a pa')" 'paper '
    is 'fish: the scripts' "$(fish_words 'tn-morning-scan --strategy mom')" 'momentum '
    is 'fish: long options' "$(fish_words 'tn config --asc')" '--ascii '
else
    skip 'fish reads its completions' 'fish is not installed'
fi
finish
