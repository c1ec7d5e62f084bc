#!/usr/bin/env bash
. "$(dirname "$0")/lib.sh"
needs python3 make
run make -C "$TOP" build/release/test-expr
ok 'random expressions on random records are answered as in Python' \
    python3 "$TOP/tests/cli/expressions.py" "$TOP/build/release/test-expr" 50000
note "$out"
finish
