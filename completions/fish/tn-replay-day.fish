# fish completion of tn-replay-day, made by scripts/dev/make-completions from its command table
complete -c tn-replay-day -f
complete -c tn-replay-day -l keep -x -d 'keep the replayed home of each run in this folder'
complete -c tn-replay-day -s q -l quiet -d 'print nothing if everything is identical'
complete -c tn-replay-day -s h -l help -d 'print this help'
