# fish completion of tn-end-of-day, made by scripts/dev/make-completions from its command table
complete -c tn-end-of-day -f
complete -c tn-end-of-day -s w -l watchlist -r -F -d 'symbols, one per line'
complete -c tn-end-of-day -s s -l source -x -a '(echo sim; tn config source -O tsv 2>/dev/null | tail -n +2 | cut -f2 | grep -vxF \'*\' | sort -u)' -d 'source of the bars, as for tn-quote -s'
complete -c tn-end-of-day -s a -l account -x -a '(tn-order accounts -O tsv 2>/dev/null | tail -n +2 | cut -f1)' -d 'the account (default: the only one configured, else paper); opened if it is not open'
complete -c tn-end-of-day -s n -l last -x -d 'bars of history for each symbol (default 250)'
complete -c tn-end-of-day -l from -x -d 'history from this day on, instead of a number of bars'
complete -c tn-end-of-day -l actions -r -F -d 'splits and dividends in addition to those of the source'
complete -c tn-end-of-day -l bars -r -F -d 'use records from tn-quote bars instead of requesting them'
complete -c tn-end-of-day -l now -x -d 'use this time as the present, for replays and tests'
complete -c tn-end-of-day -l force -d 'run even if no session has been completed since the last run'
complete -c tn-end-of-day -s q -l quiet -d 'no report if nothing was filled, ended, paid or failed'
complete -c tn-end-of-day -s h -l help -d 'print this help'
