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
stdout_like 'signals' '^\{"type":"signal",.*"strategy":"momentum:lookback=40,skip=5"'
stdout_like 'orders' '^2026-03-02 07:00 +JPM +buy +169 +market .* accepted '
stdout_like 'a refusal that says why' '^ +LATE: decided 16 bars ago'
stdout_like 'fills, each entry with its stop' '^2026-03-02 +JPM +buy +169 .* filled +29\.75$'
stdout_like 'positions' '^2026-03-02 16:00 +JPM +169 +0 +29\.75 '
stdout_like 'the journal verifies' '^[0-9]+ events are sound'
stdout_like 'and knows why' '^ +buy 34 at 147\.35, entry of sma-cross'
stdout_like 'round trips' '^AAPL +long +2026-03-02 +2026-03-09 .*-238\.00 '
stdout_like 'figures of both runs' '^ +momentum:lookback=40,skip=5$'
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
