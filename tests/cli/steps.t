#!/usr/bin/env bash
# The table of reports in tn-order(1) is the one that the order manager goes by.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs make
unit test-steps
sed -n '/^\.Ss Brokers that answer later/,/^\.Ss Output/{/^\.It [a-z_]* Ta/p}' "$TOP/man/man1/tn-order.1" >page
ok 'the table of the order manager' "$unit" page
is 'tn-order(1) has it, line by line (else: build/release/test-steps page)' "$(cat page)" "$out"
ok 'it is as long as it should be' test "$(grep -c . <page)" -gt 30
finish
