/* tn-risk: turns signals into sized, permitted orders. The commands are in src/tn-risk/. */
#include "tn-risk/commands.h"

static const struct option_spec size_option[] = {
    {"account", 'a', OPTION_TEXT, "NAME", "the account (default: the only one configured, else paper)", NULL, 0, 0},
    {"session", 0, OPTION_FLAG, NULL, "size moment by moment, in step with tn-order run", NULL, 0, 0},
    {"sync-timeout", 0, OPTION_COUNT, "SECONDS", "how long --session waits for an answer (default 5)", NULL, 1, 3600},
    {"now", 0, OPTION_TIME, "TIME", "use this time as the present, for replays and tests", NULL, 0, 0},
    {0},
};

static const struct option_spec *const size_options[] = {size_option, input_options, input_pass_option,
                                                         account_terms_limit_options, NULL};

static const struct command commands[] = {
    {"size", "[FILE…]", "turn signals into orders within the account's limits", size_options, 0, -1,
     "tn-quote bars -w watch.txt -n 250 | tn-signal run momentum | tn-risk size | tn-order submit", true, risk_size},
};

static const struct program program = {
    .name = "tn-risk",
    .summary = "turn signals into sized, permitted orders",
    .commands = commands,
    .count = sizeof commands / sizeof *commands,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
