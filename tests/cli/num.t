#!/usr/bin/env bash
. "$(dirname "$0")/lib.sh"
needs python3 make
unit test-num
ok 'a million random doubles and numbers agree with Python, no text longer than its shortest' python3 "$TOP/tests/cli/arithmetic.py" num "$unit"
note "$out"
finish
