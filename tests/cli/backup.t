#!/usr/bin/env bash
# tn-journal backup and tn-backup: copies that are sound, whatever is written meanwhile; what is kept; what a full disk,
# a disk that is not mounted, a damaged copy and a second run do; the status of a job, and who is told.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs flock sqlite3

note_event() { printf '{"type":"note","time":"2026-01-02T15:00:00Z","id":"%s","text":"x"}\n' "$@" | tn-journal record >/dev/null; }
status_of() { sed -n 's/.*"'"$2"'":"\{0,1\}\([^",}]*\).*/\1/p' "$TN_HOME/state/jobs/$1"; }
tn-order open paper --cash 1000 --now 2026-01-02T14:00:00Z 2>/dev/null
note_event n1 n2 n3

# --- tn-journal backup ---
ok 'a copy' tn-journal backup one.db
stdout_like 'says what it holds' "^4 events are in 'one.db', sound, head [0-9a-f]{64}$"
is 'the head is that of the journal' "$(tn-journal verify one.db)" "$(tn-journal verify)"
is 'the copy is for its owner alone' "$(stat -c %a one.db one.db-head)" $'600\n600'
is 'nothing else is left' "$(echo *)" 'home one.db one.db-head tn'
before=$(sha256sum one.db)
exits 'never replaces a file' 2 tn-journal backup one.db
is 'which stays' "$(sha256sum one.db)" "$before"
exits 'a folder that is not there is an error' 10 tn-journal backup none/x.db
ok 'as it was after two events' tn-journal backup --events 2 two.db
is 'a journal of its own' "$(tn-journal verify two.db | cut -c1-18)" '2 events are sound'
is 'with its events and no other' "$(sqlite3 two.db 'SELECT group_concat(type) FROM event')" 'cash,note'
is 'whose first events are the same rows' "$(sqlite3 two.db 'SELECT hex(hash) FROM event WHERE seq = 2')" \
    "$(sqlite3 "$TN_HOME/data/journal.db" 'SELECT hex(hash) FROM event WHERE seq = 2')"
exits 'more than there are is a mistake' 2 tn-journal backup --events 9 nine.db
mkdir -p back/data && chmod 700 back back/data
cp two.db back/data/journal.db && cp two.db-head back/data/journal.db-head
TN_HOME=$WORK/back note_event n9
is 'a copy put back goes on' "$(TN_HOME=$WORK/back tn-journal verify | cut -c1-18)" '3 events are sound'
is 'in WAL mode as every journal' "$(sqlite3 back/data/journal.db 'PRAGMA journal_mode')" wal
if sqlite3 two.db "DELETE FROM event" 2>/dev/null; then result 1 'events of a copy cannot be deleted either'; else result 0 'events of a copy cannot be deleted either'; fi

# fault-018: others write all the while; each copy is sound by itself and holds a prefix of what was written.
(for i in $(seq 40); do note_event "a$i" "b$i" "c$i"; done) &
writer=$! wrong=''
for i in 1 2 3 4 5 6; do
    tn-journal backup "while$i.db" >/dev/null 2>&1 || wrong+=" $i:$?"
    tn-journal verify "while$i.db" >/dev/null 2>&1 || wrong+=" verify$i"
done
wait $writer
is 'fault-018: copies taken while others write are sound' "$wrong" ''
wrong=''
for i in 1 2 3 4 5 6; do
    seq=$(sqlite3 "while$i.db" 'SELECT max(seq) FROM event')
    [ "$(sqlite3 "while$i.db" "SELECT hex(hash) FROM event WHERE seq = $seq")" = \
        "$(sqlite3 "$TN_HOME/data/journal.db" "SELECT hex(hash) FROM event WHERE seq = $seq")" ] || wrong+=" $i"
done
is 'fault-018: each is a beginning of the journal' "$wrong" ''
rm -f while* two.db* one.db*

# A damaged journal is no backup.
cp -r "$TN_HOME" broken
sqlite3 broken/data/journal.db "DROP TRIGGER event_kept; UPDATE event SET record = replace(record, '1000', '9000') WHERE seq = 1"
exits 'fault-087: a journal that was changed is not copied' 9 env TN_HOME=broken tn-journal backup bad.db
is 'and leaves no file' "$(echo bad*)" 'bad*'

# --- tn-backup ---
mkdir usb
back() { tn-backup --folder usb "$@"; }
ok 'a first backup' back --now 2026-10-01T18:00:00Z
stdout_like 'says what is in it' "^124 events are in 'usb/journal-2026-10-01T180000Z.db', sound"
is 'its status is a job record' "$(status_of backup type) $(status_of backup name) $(status_of backup status)" 'job backup 0'
like 'which says when it was done' "$(status_of backup succeeded)" '^20[0-9-]+T[0-9:]+Z$'
ok 'again, with nothing new' back --now 2026-10-01T19:00:00Z
stdout_like 'checks the newest' "^Nothing new since 'journal-2026-10-01T180000Z.db': 124 events are sound"
is 'and adds none' "$(ls usb)" $'journal-2026-10-01T180000Z.db\njournal-2026-10-01T180000Z.db-head'
touch usb/journal.db usb/journal-mine.db usb/notes
# Two a day on the days below; kept are two days and three weeks (ISO weeks 40 to 44: Mondays 09-28, 10-05, … 10-26).
for day in 2026-10-02 2026-10-05 2026-10-09 2026-10-14 2026-10-30; do
    for hour in 06 18; do
        note_event "$day-$hour"
        back --days 2 --weeks 3 --now "${day}T$hour:00:00Z" -q >>said 2>&1
    done
done
is 'kept: the newest of two days, of three weeks (10-30 W44, 10-14 W42, 10-09 W41)' "$(cd usb && echo journal-2*.db)" \
    'journal-2026-10-09T180000Z.db journal-2026-10-14T180000Z.db journal-2026-10-30T180000Z.db'
is 'with their heads, and with what is not ours' "$(find usb -type f ! -name 'journal-2*db' -printf '%f\n' | sort)" \
    "$(printf '%s\n' journal-2026-10-{09,14,30}T180000Z.db-head journal-mine.db journal.db notes)"
is '-q says nothing' "$(cat said)" ''

exits 'a folder that is not there' 5 tn-backup --folder unmounted
stderr_like 'is asked about' 'hint: is its disk mounted'
is 'the status says so' "$(status_of backup status) $(status_of backup text)" "5 'unmounted' does not exist"
like 'and still when it was done last' "$(status_of backup succeeded)" '^20'
exits 'no folder at all' 2 tn-backup
stderr_like 'names the setting' 'schedule \{ backup = FOLDER \}'
printf 'schedule { backup = "%s/usb" backup_days = 1 backup_weeks = 0 }\n' "$WORK" >"$TN_HOME/config"
note_event last
ok 'the folder of the configuration' tn-backup --now 2026-11-02T18:00:00Z
is 'and its numbers' "$(cd usb && echo journal-2*.db)" 'journal-2026-11-02T180000Z.db'

# A newest copy that has rotted is found although nothing is new.
at=$(grep -abo '"id":"n2"' usb/journal-2026-11-02T180000Z.db | head -n 1 | cut -d: -f1)
printf '"id":"n7"' | dd of=usb/journal-2026-11-02T180000Z.db bs=1 seek="$at" conv=notrunc status=none
exits 'fault-016: a copy that has rotted is found' 9 tn-backup --now 2026-11-03T18:00:00Z
is 'fault-016: it is left as it is' "$(cd usb && echo journal-2*.db)" 'journal-2026-11-02T180000Z.db'
rm usb/journal-2*

# fault-005: a disk that takes no more: nothing half-written, the code of the disk, the status.
note_event full
exits 'fault-005: a full disk is 10' 10 bash -c 'ulimit -f 40; tn-backup --now 2026-11-04T18:00:00Z'
is 'fault-005: and leaves no file' "$(compgen -G 'usb/*2026*')" ''
is 'fault-005: the status says it' "$(status_of backup status)" 10

# fault-021, fault-022: a second run; one whose holder was killed.
mkfifo hold
flock "$TN_HOME/state/backup.lock" cat hold &
exec 8>hold
within 30 is_locked "$TN_HOME/state/backup.lock"
exits 'fault-021: a run that overlaps ends with 5' 5 tn-backup --now 2026-11-05T18:00:00Z
stderr_like 'fault-021: and says why' 'another run is in progress'
is 'fault-021: the status is that of the other' "$(status_of backup status)" 10
exec 8>&-
wait
ok 'fault-022: the next run works' tn-backup --now 2026-11-05T18:00:00Z -q

# Who is told: a job that fails once, again only after it worked.
printf 'schedule { backup = "%s/usb" }\nchannel file { kind = command command = "tee -a %s/told" }\n' "$WORK" "$WORK" >"$TN_HOME/config"
for folder in gone gone usb gone; do tn-backup --folder $folder -q 2>/dev/null; done
is 'a failed job is told once, and once more after it worked' "$(grep -o 'backup ended with 5' told | wc -l)" 2
exits 'an unknown option' 2 tn-backup --frob
exits 'invalid number' 2 tn-backup --days x
exits 'no days at all' 2 tn-backup --days 0
exits 'a time that is none' 2 tn-backup --now soon-ish
finish
