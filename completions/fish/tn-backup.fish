# fish completion of tn-backup, made by scripts/dev/make-completions from its command table
complete -c tn-backup -f
complete -c tn-backup -l folder -x -d 'folder for the copies (default: backup in section schedule of the configuration)'
complete -c tn-backup -l days -x -d 'keep the newest backup of each of the last N days that have one (default 14)'
complete -c tn-backup -l weeks -x -d 'keep the newest backup of each of the last N weeks that have one (default 12)'
complete -c tn-backup -l now -x -d 'use this time as the present, for tests'
complete -c tn-backup -s q -l quiet -d 'print nothing on success'
complete -c tn-backup -s h -l help -d 'print this help'
