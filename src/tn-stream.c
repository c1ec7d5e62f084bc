/* tn-stream: delivers what arrives by itself. The commands are in src/tn-stream/. */
#include "tn-stream/commands.h"

static const struct option_spec replay_options[] = {
    {"bars", 0, OPTION_TEXT, "INTERVAL", "bars in place of trades: 1s 1m 5m 1h 1d tick:500 volume:10000 value:1000000",
     NULL, 0, 0},
    {"complete", 0, OPTION_FLAG, NULL, "the files hold all there is: their end closes the last bars", NULL, 0, 0},
    {"extended", 0, OPTION_FLAG, NULL, "bars before and after the session too", NULL, 0, 0},
    CALENDAR_OPTION("the exchange's sessions, for --bars (default nyse)"),
    {"where", 0, OPTION_TEXT, "EXPR", "only records for which this holds, see tn-expr(7)", NULL, 0, 0},
    {"strict", 0, OPTION_FLAG, NULL, "stop at the first bad line", NULL, 0, 0},
    {0},
};

static const struct option_spec *const replay_tables[] = {replay_options, NULL};

static const struct command commands[] = {
    {
        .name = "replay",
        .operands = "FILE…",
        .summary = "play records from files again, merged by time, as fast as they can be read",
        .options = replay_tables,
        .operands_low = 1,
        .operands_high = -1,
        .example = "tn-stream replay monday.ndjson news.ndjson --bars 1m",
        .filter = false,
        .run = stream_replay,
    },
};

static const struct program program = {
    .name = "tn-stream",
    .summary = "deliver what arrives by itself: recorded data played again",
    .commands = commands,
    .count = sizeof commands / sizeof *commands,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
