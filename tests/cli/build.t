#!/usr/bin/env bash
# The build: what makes an object be built again and what does not, several makes at a time, and what is installed.
# shellcheck source=tests/cli/lib.sh disable=SC2317 # ok calls the functions
. "$(dirname "$0")/lib.sh"
needs make gcc
object=$WORK/objects/src/base/dec.o
# In a folder of its own, so that nothing under test is built again.
build() { env MAKEFLAGS= make -C "$TOP" --no-print-directory VARIANT=debug B="$WORK/objects" "$@" "$object"; }

ok 'an object in a folder of its own' build
stdout_like 'is compiled' "^cc $object"
build_again() { run build "$@" && [ "$code" -eq 0 ] && grep -c '^cc ' <<<"$out"; }
is 'and not a second time' "$(build_again)" 0
is 'nor when the Makefile has changed' "$(build_again -W Makefile)" 0
is 'but when a header has' "$(build_again -W src/base/dec.h)" 1
is 'or a flag' "$(build_again CFLAGS=-DOTHER)" 1
is 'and back again' "$(build_again)" 1

# A make that comes while another compares the command with that of the last time: tests run make beside each other.
mkdir between
cat >between/cmp <<END
#!/bin/sh
PATH=\${PATH#*:}
MAKEFLAGS= make -s -C "$TOP" VARIANT=debug B="$WORK/objects" "$object" >&2
exec cmp "\$@"
END
chmod +x between/cmp
PATH=$WORK/between:$PATH ok 'two makes at a time do not disturb each other' build
is 'and compile nothing' "$(grep -c '^cc ' <<<"$out")" 0
is 'nothing but objects stays behind' "$(cd objects && find . -type f ! -name '*.[do]')" ./commands

# What is installed is what was tested, finds its files there, and goes as it came.
install_to() { make -s -C "$TOP" "$1" DESTDIR="$WORK/placed" PREFIX=/opt/north; }
ok 'install' install_to install
differ=''
for program in "$WORK"/placed/opt/north/bin/*; do
    name=${program##*/} tested=$TOP/build/release/${program##*/}
    cmp -s "$program" "$tested" || differ+=" $name"
done
is 'programs and scripts are those of the build' "$differ" ''
is 'all of them' "$(cd placed/opt/north/bin && echo tn-* tn)" "$(cd "$TOP/build/release" && find . -maxdepth 1 -name 'tn-*' -executable ! -name '*.*[a-z]' | sed 's|^\./||' | sort | xargs) tn"
installed() { env -i HOME="$HOME" TN_HOME="$TN_HOME" LC_ALL=C PATH="$WORK/placed/opt/north/bin:/usr/bin:/bin" "$@"; }
ok 'an installed program runs' installed tn quote bars -s sim AAPL -n 3
ok 'and reads the sources of its own share' installed tn-quote sources
stdout_like 'by the installed helper' '"source":"kraken".*"title":"Kraken"'
ok 'so does a script' installed tn-morning-scan -s sim -w <(echo AAPL) --now 2024-06-03T12:00:00Z
stdout_like 'to its report' '^MORNING SCAN of account paper'
is 'systemd starts programs where they are' "$(grep -h '^ExecStart=' placed/opt/north/lib/systemd/user/*.service |
    grep -vc '^ExecStart=.*/opt/north/bin/tn-*')" 0
ok 'uninstall' install_to uninstall
is 'leaves no file' "$(find placed -type f -o -type l)" ''
finish
