#!/usr/bin/env bash
# Replacing a file, killed and failing at every system call of it: the old or the new file is there, whole.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs strace
subject=$TOP/build/release/test-file
[ -x "$subject" ] || subject=$BIN/test-file
strace -o /dev/null true 2>/dev/null || { echo '1..0 # SKIP strace may not trace here'; finished=yes; exit 0; }

ok 'the subject runs' "$subject" --replace file old
is 'and replaces' "$(cat file)" old

# The calls of one replacement, in order, after the program has started: from the temporary file on.
strace -o calls "$subject" --replace file new
mapfile -t calls < <(sed -n '/file\.[A-Za-z0-9]\{6\}", .*O_CREAT/,$p' calls | sed -n 's/^\([a-z0-9_]*\)(.*/\1/p' | grep -v '^exit')
is 'a replacement is open, write, fchmod, fsync, close, rename, and the folder' "${calls[*]}" \
    'openat write fchmod fsync close rename openat fsync close'

number() { # of a call among those of its name, up to line $1 of the trace
    head -n "$1" calls | grep -c "^$2("
}
first=$(grep -n 'file\.[A-Za-z0-9]\{6\}", .*O_CREAT' calls | cut -d: -f1)
broken='' left='' codes=''
for i in "${!calls[@]}"; do
    call=${calls[$i]}
    when=$(number $((first + i)) "$call")
    rm -f file file.*
    echo old >file
    # in a subshell: the shell that ran it says "Killed"
    (strace -o /dev/null -e trace="$call" -e inject="$call:signal=KILL:when=$when" "$subject" --replace file new; exit $?) 2>/dev/null
    [ $? -eq 137 ] || codes+=" $call/$i"
    [[ $(cat file) = old || $(cat file) = new ]] || broken+=" $call/$i"
done
is 'fault-014: killed at every system call' "$codes" ''
is 'fault-014: the old or the new file is there, whole' "$broken" ''

broken='' codes=''
for i in "${!calls[@]}"; do
    call=${calls[$i]}
    [ "$call" = close ] && [ "$i" -gt 5 ] && continue # of the folder: everything has happened
    when=$(number $((first + i)) "$call")
    rm -f file file.*
    echo old >file
    strace -o /dev/null -e trace="$call" -e inject="$call:error=EIO:when=$when" "$subject" --replace file new 2>.said
    [ $? -eq 10 ] || codes+=" $call/$i"
    grep -q "cannot write 'file': Input/output error" .said || codes+=" $call/$i: $(cat .said)"
    [[ $(cat file) = old || $i -gt 5 ]] || broken+=" $call/$i"
    left+=$(ls file.* 2>/dev/null)
done
is 'fault-014: a disk that fails at any of them: 10, and the file is named' "$codes" ''
is 'fault-014: the old file stays' "$broken" ''
is 'fault-014: and no other' "$left" ''
finish
