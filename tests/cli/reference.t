#!/usr/bin/env bash
# tn-backtest run against a second simulator, written in Python from the pages alone, on random worlds: every fill,
# every equity point and every refusal, under seven fill models. With TN_SOAK many more of them.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs python3

worlds=150
[ -z "$TN_SOAK" ] || worlds=5000
ok "$worlds random worlds agree with the reference simulator" python3 "$TOP/tests/cli/reference.py" 1 "$worlds"
note "$out"
finish
