#!/usr/bin/env bash
# scripts/demo: the main job from bars to reports, from any folder, in a folder of its own that is gone afterwards.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
mkdir tmp elsewhere
export TMPDIR=$WORK/tmp
cd elsewhere || exit 1

TN_MAX_POSITION=nonsense ok 'runs from any folder, whatever the environment says' "$TOP/scripts/demo"
is 'nine chapters' "$(grep -c '^=== [1-9]\. ' <<<"$out")" 9
stdout_like 'bars' '^\{"type":"bar",.*"symbol":"JPM".*"source":"sim"\}'
stdout_like 'signals' '^\{"type":"signal",.*"strategy":"momentum"'
stdout_like 'orders' '^2026-10-01 08:00 +momentum +XOM +buy +32 +market .* accepted '
stdout_like 'a refusal that says why' ' refused .*MAX_POSITION: '
stdout_like 'fills, each entry with its stop' '^2026-10-01 09:30 +momentum +XOM +buy +32 .* entry +filled +32 +153\.60 '
stdout_like 'positions' '^2026-10-01 16:00 +XOM +momentum +32 +153\.60 '
stdout_like 'the journal verifies' '^[0-9]+ events are sound'
stdout_like 'and knows why' 'fill +XOM +tn[a-z2-7]+\.1 +sell 32 at 145\.7, stop of momentum'
stdout_like 'round trips' '^momentum +XOM +long +32 .*-252\.80 .* stop$'
stdout_like 'figures side by side' '^ +momentum +sma-cross:fast=5,slow=15$'
unlike 'the second time nothing fills or is ordered' "$(sed -n '/^=== 6/,/^=== 7/p' <<<"$out")" '"type":"(order|fill)"'
is 'nothing is left behind' "$(find "$TMPDIR" "$TN_HOME" . -mindepth 1)" ''
first=$out
run "$TOP/scripts/demo"
same_but() { sed -E 's/[^ ]*true-north-demo[^ ,]*//; s/head [0-9a-f]{64}/head/' <<<"$1"; }
is 'it shows the same every time' "$(same_but "$out")" "$(same_but "$first")"
ok 'leaves the folder when asked' "$TOP/scripts/demo" --keep
folder=$(sed -n 's/^the demo is in \(.*\): export.*/\1/p' <<<"$out")
TN_HOME=$folder/home ok 'to go on with' tn-order positions
exits 'an option that it does not know' 2 "$TOP/scripts/demo" --fast
finish
