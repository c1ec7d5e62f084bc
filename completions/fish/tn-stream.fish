# fish completion of tn-stream, made by scripts/dev/make-completions from its command table
complete -c tn-stream -f
complete -c tn-stream -n __fish_use_subcommand -a replay -d 'play records from files again, merged by time, as fast as they can be read'
complete -c tn-stream -n __fish_use_subcommand -a help -d 'explain a command'
complete -c tn-stream -n '__fish_seen_subcommand_from help' -a 'replay help'
complete -c tn-stream -s h -l help -d 'print this help, examples first'
complete -c tn-stream -s V -l version -d 'print the version'
complete -c tn-stream -s v -l verbose -d 'say what is decided; twice for details'
complete -c tn-stream -s q -l quiet -d 'errors only'
complete -c tn-stream -l no-color -d 'no colour, on a terminal either'
complete -c tn-stream -l no-progress -d 'no progress line'
complete -c tn-stream -l log-json -d 'messages as records on standard error'
complete -c tn-stream -n '__fish_seen_subcommand_from replay' -l bars -x -a '(printf \'%s\n\' 1m 5m 15m 30m 1h 4h 1d 1w 1mo)' -d 'bars in place of trades: 1s 1m 5m 1h 1d tick:500 volume:10000 value:1000000'
complete -c tn-stream -n '__fish_seen_subcommand_from replay' -l complete -d 'the files hold all there is: their end closes the last bars'
complete -c tn-stream -n '__fish_seen_subcommand_from replay' -l extended -d 'bars before and after the session too'
complete -c tn-stream -n '__fish_seen_subcommand_from replay' -l calendar -x -d 'the exchange\'s sessions, for --bars (default nyse)'
complete -c tn-stream -n '__fish_seen_subcommand_from replay' -l where -x -d 'only records for which this holds, see tn-expr(7)'
complete -c tn-stream -n '__fish_seen_subcommand_from replay' -l strict -d 'stop at the first bad line'
complete -c tn-stream -n '__fish_seen_subcommand_from replay' -F
