#!/usr/bin/env bash
# The scanner against Python's json, on generated lines.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs python3 make
run make -C "$TOP" build/release/test-scan
python3 "$TOP/tests/cli/wire.py" make 30000 >lines.ndjson
for path in 0 1 2; do
    "$TOP/build/release/test-scan" $path lines.ndjson >verdicts
    ok "path $path accepts, reads and refuses 30 000 lines as Python does" \
        python3 "$TOP/tests/cli/wire.py" check lines.ndjson verdicts
    note "$out"
done
finish
