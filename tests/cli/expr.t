#!/usr/bin/env bash
. "$(dirname "$0")/lib.sh"
needs python3 make
unit test-expr
ok 'random expressions on random records are answered as in Python' \
    python3 "$TOP/tests/cli/expressions.py" "$unit" 50000
note "$out"
finish
