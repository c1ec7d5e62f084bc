# fish completion of tn-morning-scan, made by scripts/dev/make-completions from its command table
complete -c tn-morning-scan -f
complete -c tn-morning-scan -s w -l watchlist -r -F -d 'symbols, one per line'
complete -c tn-morning-scan -s s -l source -x -a '(echo sim; tn config source -O tsv 2>/dev/null | tail -n +2 | cut -f2 | grep -vxF \'*\' | sort -u)' -d 'source of the bars, as for tn-quote -s'
complete -c tn-morning-scan -s a -l account -x -a '(tn-order accounts -O tsv 2>/dev/null | tail -n +2 | cut -f1)' -d 'the account (default: the only one configured, else paper); opened if it is not open'
complete -c tn-morning-scan -l strategy -x -a '(tn-signal list -O tsv 2>/dev/null | awk -F"\t" \'$1 == "strategy" {print $2}\')' -d 'a strategy with its parameters; may be repeated (default: breakout and rsi-2)'
complete -c tn-morning-scan -s n -l last -x -d 'bars of history for each symbol (default 250)'
complete -c tn-morning-scan -l from -x -d 'history from this day on, instead of a number of bars'
complete -c tn-morning-scan -l actions -r -F -d 'splits and dividends in addition to those of the source'
complete -c tn-morning-scan -l bars -r -F -d 'use records from tn-quote bars instead of requesting them'
complete -c tn-morning-scan -l now -x -d 'use this time as the present, for replays and tests'
complete -c tn-morning-scan -l force -d 'run even if no session has been completed since the last run'
complete -c tn-morning-scan -s q -l quiet -d 'no report if nothing was filled, ordered, refused or failed'
complete -c tn-morning-scan -s h -l help -d 'print this help'
