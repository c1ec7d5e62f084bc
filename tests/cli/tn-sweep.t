#!/usr/bin/env bash
# tn-sweep: parts by make, lost parts, folders of other sweeps; the whole is what one run writes.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq make

tn-quote bars -s sim AAPL -n 200 --now 2026-03-02 >'my bars.ndjson'
sweep=(sma-cross 'fast=3,5' 'slow=10..30/10' --where 'fast * 3 < slow' 'my bars.ndjson')
tn-backtest sweep -q "${sweep[@]}" >whole.ndjson
run tn-sweep -d 'a grid' -n 3 -- "${sweep[@]}"
is 'exit code' "$code" 0
same 'the whole is what one run writes, names with spaces and all' 'a grid/sweep.ndjson' whole.ndjson
is 'nothing half-written is left' "$(find 'a grid' -type f -printf '%f\n' | sort | paste -sd' ')" 'Makefile plan shard-1.ndjson shard-2.ndjson shard-3.ndjson sweep.ndjson'
rm 'a grid/shard-2.ndjson' 'a grid/sweep.ndjson'
exits 'a lost part' 5 tn-sweep -d 'a grid' --status
stderr_like 'is named' 'missing of 3 parts: 2$'
exits 'is missing when they are merged' 5 tn-sweep -d 'a grid' --merge
touch -d '2020-01-01' 'a grid/shard-1.ndjson'
mkdir elsewhere
ok 'and run again alone, from anywhere' env -C elsewhere tn-sweep -q -d '../a grid'
same 'to the same whole' 'a grid/sweep.ndjson' whole.ndjson
is 'the others were left as they were' "$(find 'a grid/shard-1.ndjson' ! -newermt 2020-01-02 | grep -c .)" 1
ok 'planned' tn-sweep -q -d planned --plan -n 2 -- "${sweep[@]}"
ok 'the first' tn-sweep -q -d planned --shard 1
ok 'by make' make -s -C planned -j 2
ok 'merged' tn-sweep -q -d planned --merge
same 'the same once more' planned/sweep.ndjson whole.ndjson
exits 'a folder of another sweep' 9 tn-sweep -d planned -- momentum lookback=5,10 'my bars.ndjson'
sed 's/"seed":0/"seed":1/; s/"sweep":"sw/"sweep":"sx/' planned/shard-1.ndjson >strange && mv strange planned/shard-1.ndjson
exits 'a part of another sweep' 9 tn-sweep -d planned --merge
exits 'a sweep that cannot be' 5 tn-sweep -d bad -n 2 -- sma-cross fast=5..1 'my bars.ndjson'
stderr_like 'says why' 'the end is below the beginning'
is 'and leaves no part' "$(find bad -type f -printf '%f\n' | sort | paste -sd' ')" 'Makefile plan'
exits 'no folder' 2 tn-sweep
exits 'no sweep yet' 2 tn-sweep -d nowhere
exits 'an unknown option' 2 tn-sweep -d x --nope
exits 'no number' 2 tn-sweep -d x -n 0 -- sma-cross fast=1
exits 'a part that there is not' 2 tn-sweep -d planned --shard 3
finish
