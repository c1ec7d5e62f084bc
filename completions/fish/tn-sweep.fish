# fish completion of tn-sweep, made by scripts/dev/make-completions from its command table
complete -c tn-sweep -f
complete -c tn-sweep -s d -l directory -x -d 'folder of the parts; created if it does not exist'
complete -c tn-sweep -s n -l shards -x -d 'number of parts of a new sweep (default: one per core)'
complete -c tn-sweep -l jobs -x -d 'number of parts that make runs in parallel (default: one per core)'
complete -c tn-sweep -l plan -d 'only store what is to be run'
complete -c tn-sweep -l shard -x -d 'run only this part, unless it exists'
complete -c tn-sweep -l status -d 'list the missing parts; exit code 5 if there are any'
complete -c tn-sweep -l merge -d 'only merge the existing parts'
complete -c tn-sweep -s q -l quiet -d 'print nothing on success'
complete -c tn-sweep -s h -l help -d 'print this help'
