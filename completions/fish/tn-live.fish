# fish completion of tn-live, made by scripts/dev/make-completions from its command table
complete -c tn-live -f
complete -c tn-live -s s -l source -x -a '(echo sim; tn config source -O tsv 2>/dev/null | tail -n +2 | cut -f2 | grep -vxF \'*\' | sort -u)' -d 'the live feed, as for tn-stream live -s'
complete -c tn-live -s w -l watchlist -r -F -d 'symbols, one per line; SIGHUP reads it again'
complete -c tn-live -l strategy -x -a '(tn-signal list -O tsv 2>/dev/null | awk -F"\t" \'$1 == "strategy" {print $2}\')' -d 'a strategy or rule file; may be repeated'
complete -c tn-live -l exec -x -d 'a strategy that is a program with arguments; may be repeated'
complete -c tn-live -s a -l account -x -a '(tn-order accounts -O tsv 2>/dev/null | tail -n +2 | cut -f1)' -d 'the account (default: paper); opened if it is not open'
complete -c tn-live -s i -l interval -x -d 'interval of the bars (default 1m)'
complete -c tn-live -l history -x -d 'load this many bars of each symbol before the live ones (default 0)'
complete -c tn-live -l calendar -x -d 'sessions of the exchange (default nyse, for crypto feeds always)'
complete -c tn-live -l extended -d 'include bars before and after the session'
complete -c tn-live -l record -x -d 'record the feed, for tn-stream replay'
complete -c tn-live -s h -l help -d 'print this help'
