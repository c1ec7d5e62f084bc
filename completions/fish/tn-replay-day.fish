# fish completion of tn-replay-day, made by scripts/dev/make-completions from its command table
complete -c tn-replay-day -f
complete -c tn-replay-day -l keep -x -d 'leave the replayed home of each run there, to be looked at'
complete -c tn-replay-day -s q -l quiet -d 'say nothing when all is the same'
complete -c tn-replay-day -s h -l help -d 'print this help'
