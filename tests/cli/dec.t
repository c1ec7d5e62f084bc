#!/usr/bin/env bash
. "$(dirname "$0")/lib.sh"
needs python3 make
unit test-dec
ok 'a million random operations agree with Python' python3 "$TOP/tests/cli/arithmetic.py" dec "$unit"
note "$out"
finish
