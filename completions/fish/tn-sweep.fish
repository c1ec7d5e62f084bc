# fish completion of tn-sweep, made by scripts/dev/make-completions from its command table
complete -c tn-sweep -f
complete -c tn-sweep -s d -l directory -x -d 'where the parts are; made when it is not there'
complete -c tn-sweep -s n -l shards -x -d 'how many parts a new sweep has (default: one for each core)'
complete -c tn-sweep -l jobs -x -d 'parts that make runs at a time (default: one for each core)'
complete -c tn-sweep -l plan -d 'only write down what is to be run'
complete -c tn-sweep -l shard -x -d 'run this part alone, if it is missing'
complete -c tn-sweep -l status -d 'say which parts are missing; 5 when some are'
complete -c tn-sweep -l merge -d 'only merge what is there'
complete -c tn-sweep -s q -l quiet -d 'say nothing when all went well'
complete -c tn-sweep -s h -l help -d 'print this help'
