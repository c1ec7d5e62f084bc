#!/usr/bin/env bash
# The scanner against Python's json, on generated lines.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs python3 make
unit test-scan
python3 "$TOP/tests/cli/wire.py" make 30000 >lines.ndjson
for path in 0 1 2; do
    "$unit" $path lines.ndjson >verdicts
    ok "path $path accepts, reads and refuses 30 000 lines as Python does" \
        python3 "$TOP/tests/cli/wire.py" check lines.ndjson verdicts
    note "$out"
done

# How the bytes arrive makes no difference, nor how long the lines are.
python3 "$TOP/tests/cli/wire.py" long >long.ndjson
cat lines.ndjson >>long.ndjson
"$unit" 0 long.ndjson >want
# 35 × 30 000 is the first length above 1 MiB; the longest array has 941 890 bytes.
is 'fault-077 lines over 1 MiB are refused' "$(grep -c 'longer than 1048576 bytes' want)" 5
for path in 1 2; do
    "$unit" $path long.ndjson >got
    same "path $path reads long lines as the portable one does" got want
    python3 "$TOP/tests/cli/wire.py" drip long.ndjson | "$unit" $path - |
        sed 's/^- standard input:/- long.ndjson:/' >got
    same "path $path reads them in pieces of odd sizes" got want
done
finish
