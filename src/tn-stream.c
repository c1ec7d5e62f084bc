/* tn-stream: delivers what arrives by itself. The commands are in src/tn-stream/. */
#include "feed/input.h"
#include "stream/webhook.h"
#include "tn-stream/commands.h"

static const struct option_spec live_options[] = {
    {"source", 's', OPTION_TEXT, "NAME[,NAME…]",
     "alpaca:iex, binance, coinbase, kite, kraken, massive:futures, tradier, or sources of the configuration", NULL, 0,
     0},
    {"watchlist", 'w', OPTION_FILE, "FILE", "symbols from a file, one a line; read again at SIGHUP", NULL, 0, 0},
    {"take", 0, OPTION_TEXT, "WHAT", "trades,quotes,bars,book,news (default trades,quotes; with --bars: trades)", NULL,
     0, 0},
    {"bars", 0, OPTION_TEXT, "INTERVAL",
     "bars in place of trades: 1s 1m 1h 1d tick:500 volume:9000 value:100000 range:0.25 renko:1", NULL, 0, 0},
    {"extended", 0, OPTION_FLAG, NULL, "bars before and after the session too", NULL, 0, 0},
    CALENDAR_OPTION("the exchange's sessions (default: the first source's)"),
    {"grace", 0, OPTION_COUNT, "MILLISECONDS", "how long a bar waits for late trades (default 1000)", NULL, 0, 60000},
    {"official", 0, OPTION_COUNT, "SECONDS",
     "how long a day's bar waits for the official close, where the feed tells it (default 900)", NULL, 0, 7200},
    {"depth", 0, OPTION_COUNT, "N", "levels of a side of the book (default 10)", NULL, 1, 1000},
    {"every", 0, OPTION_COUNT, "MILLISECONDS",
     "a symbol's book at most once in this time; 0: each change (default 100)", NULL, 0, 60000},
    {"stale", 0, OPTION_COUNT, "SECONDS", "least silence of a busy symbol that is told (default 10)", NULL, 1, 3600},
    {"memory", 0, OPTION_COUNT, "MIB", "memory for a slow reader (default 16)", NULL, 1, 4096},
    {"conflate", 0, OPTION_FLAG, NULL, "of quotes and books that wait for a slow reader, only the latest of a symbol",
     NULL, 0, 0},
    {"where", 0, OPTION_TEXT, "EXPR", "only records for which this holds, see tn-expr(7)", NULL, 0, 0},
    {0},
};

static const struct option_spec replay_options[] = {
    {"bars", 0, OPTION_TEXT, "INTERVAL",
     "bars in place of trades: 1s 1m 1h 1d tick:500 volume:9000 value:100000 range:0.25 renko:1", NULL, 0, 0},
    {"from", 0, OPTION_TIME, "TIME", "nothing that became known before", NULL, 0, 0},
    {"to", 0, OPTION_TIME, "TIME", "nothing that became known at or after", NULL, 0, 0},
    {"speed", 0, OPTION_TEXT, "TIMES", "in the rhythm in which it was, so many times as fast (default: at once)", NULL,
     0, 0},
    {"grace", 0, OPTION_COUNT, "MILLISECONDS", "how long a bar waits for late trades (default 0; live: 1000)", NULL, 0,
     60000},
    {"official", 0, OPTION_COUNT, "SECONDS", "how long a day's bar waits for the official close (default 0; live: 900)",
     NULL, 0, 7200},
    {"complete", 0, OPTION_FLAG, NULL, "the files hold all there is: their end closes the last bars", NULL, 0, 0},
    {"extended", 0, OPTION_FLAG, NULL, "bars before and after the session too", NULL, 0, 0},
    CALENDAR_OPTION("the exchange's sessions, for --bars (default nyse)"),
    {"where", 0, OPTION_TEXT, "EXPR", "only records for which this holds, see tn-expr(7)", NULL, 0, 0},
    {"strict", 0, OPTION_FLAG, NULL, "stop at the first bad line", NULL, 0, 0},
    {0},
};

static const struct option_spec record_options[] = {
    {"pass", 'p', OPTION_FLAG, NULL, "write every line on as well", NULL, 0, 0},
    {"rotate", 0, OPTION_COUNT, "MIB", "begin another file when one has this size (default 256)", NULL, 1, 1048576},
    {0},
};

static const struct option_spec webhook_options[] = {
    {"address", 0, OPTION_TEXT, "ADDRESS", "of this machine, to listen on (default 127.0.0.1)", NULL, 0, 0},
    {"port", 0, OPTION_COUNT, "PORT", "to listen on; 0 for any (default 8787)", NULL, 0, 65535},
    {0},
};

static const struct option_spec flow_options[] = {
    {"interval", 'i', OPTION_TEXT, "INTERVAL", "of time: 1s 1m 30m 1h 1d (default 1m)", NULL, 0, 0},
    {"tick", 0, OPTION_TEXT, "SIZE", "height of a row of the profile (default 0.01)", NULL, 0, 0},
    {"area", 0, OPTION_TEXT, "PERCENT", "of the volume that the value area holds (default 70)", NULL, 0, 0},
    {"large", 0, OPTION_TEXT, "QUANTITY", "count trades of at least this quantity", NULL, 0, 0},
    {"rows", 0, OPTION_FLAG, NULL, "the profile itself: price, bought, sold, undecided", NULL, 0, 0},
    {"grace", 0, OPTION_COUNT, "MILLISECONDS", "how long an interval waits for what is late (default 0)", NULL, 0,
     60000},
    {"complete", 0, OPTION_FLAG, NULL, "the input is all there is: its end closes the last intervals", NULL, 0, 0},
    {"extended", 0, OPTION_FLAG, NULL, "before and after the session too", NULL, 0, 0},
    CALENDAR_OPTION("the exchange's sessions (default nyse)"),
    {0},
};

static const struct option_spec *const flow_tables[] = {flow_options, input_pass_option, input_options, NULL};
static const struct option_spec *const webhook_tables[] = {webhook_options, NULL};
static const struct option_spec *const record_tables[] = {record_options, NULL};
static const struct option_spec *const live_tables[] = {live_options, NULL};
static const struct option_spec *const replay_tables[] = {replay_options, NULL};

static const struct command commands[] = {
    {
        .name = "live",
        .operands = "[SYMBOL…]",
        .summary = "what live feeds send, as it comes: trades, quotes, bars, books, news",
        .options = live_tables,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-stream live -s kraken BTC/USD ETH/USD\n"
                   "tn-stream live -s alpaca:iex -w watch.txt --bars 1m",
        .filter = false,
        .run = stream_live,
    },
    {
        .name = "record",
        .operands = "FOLDER",
        .summary = "keep what standard input brings, compressed, so that a crash costs a second at most",
        .options = record_tables,
        .operands_low = 1,
        .operands_high = 1,
        .example = "tn-stream live -s kraken BTC/USD | tn-stream record ticks",
        .filter = false,
        .run = stream_record,
    },
    {
        .name = "replay",
        .operands = "FILE…",
        .summary = "play files and recordings again, merged by time, at once or in their own rhythm",
        .options = replay_tables,
        .operands_low = 1,
        .operands_high = -1,
        .example = "tn-stream replay monday.ndjson news.ndjson --bars 1m",
        .filter = false,
        .run = stream_replay,
    },
    {
        .name = "flow",
        .operands = "[FILE…]",
        .summary = "order flow of trades, quotes and books: profile, delta, imbalance, spread, depth",
        .options = flow_tables,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-stream replay ticks | tn-stream flow -i 30m --tick 0.05",
        .filter = true,
        .run = stream_flow,
    },
    {
        .name = "webhook",
        .operands = "",
        .summary = "posts of others, such as alerts of TradingView, as records",
        .options = webhook_tables,
        .operands_low = 0,
        .operands_high = 0,
        .example = "tn-stream webhook | tn-risk size --session -p | tn-order run",
        .filter = false,
        .run = webhook_run,
    },
};

static const struct program program = {
    .name = "tn-stream",
    .summary = "deliver what arrives by itself: live feeds, and recordings of them",
    .commands = commands,
    .count = sizeof commands / sizeof *commands,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
