#!/usr/bin/env bash
. "$(dirname "$0")/lib.sh"
needs python3 make
run make -C "$TOP" build/release/test-dec
ok 'a million random operations agree with Python' python3 "$TOP/tests/cli/arithmetic.py" dec "$TOP/build/release/test-dec"
note "$out"
finish
