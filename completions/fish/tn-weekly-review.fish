# fish completion of tn-weekly-review, made by scripts/dev/make-completions from its command table
complete -c tn-weekly-review -f
complete -c tn-weekly-review -s a -l account -x -a '(tn-order accounts -O tsv 2>/dev/null | tail -n +2 | cut -f1)' -d 'the account (default: the only one configured, else paper)'
complete -c tn-weekly-review -s o -l out -r -F -d 'the weekly report (default: weeks/DATE.html in the data folder)'
complete -c tn-weekly-review -l now -x -d 'use this time as the present, for replays and tests'
complete -c tn-weekly-review -l force -d 'review a week that has already been reviewed'
complete -c tn-weekly-review -s q -l quiet -d 'print only what needs attention'
complete -c tn-weekly-review -s h -l help -d 'print this help'
