/* tn-stream: delivers what arrives by itself. The commands are in src/tn-stream/. */
#include "feed/input.h"
#include "stream/webhook.h"
#include "tn-stream/commands.h"

static const struct option_spec live_options[] = {
    {"source", 's', OPTION_TEXT, "NAME[,NAME…]",
     "alpaca:iex, binance, coinbase, kite, kraken, massive:futures, tradier, or configured sources", NULL, 0, 0},
    {"watchlist", 'w', OPTION_FILE, "FILE", "read symbols from a file, one per line; again at SIGHUP", NULL, 0, 0},
    {"take", 0, OPTION_TEXT, "WHAT", "trades,quotes,bars,book,news (default trades,quotes; with --bars: trades)", NULL,
     0, 0},
    {"bars", 0, OPTION_TEXT, "INTERVAL",
     "bars instead of trades: 1s 1m 1h 1d tick:500 volume:9000 value:100000 range:0.25 renko:1", NULL, 0, 0},
    {"extended", 0, OPTION_FLAG, NULL, "include bars before and after the session", NULL, 0, 0},
    CALENDAR_OPTION("the exchange's sessions (default: the first source's)"),
    {"grace", 0, OPTION_COUNT, "MILLISECONDS", "how long a bar waits for late trades (default 1000)", NULL, 0, 60000},
    {"official", 0, OPTION_COUNT, "SECONDS",
     "how long daily bars wait for the official close, where the feed reports it (default 900)", NULL, 0, 7200},
    {"depth", 0, OPTION_COUNT, "N", "levels on each side of the book (default 10)", NULL, 1, 1000},
    {"every", 0, OPTION_COUNT, "MILLISECONDS",
     "write a symbol's book at most once in this time; 0: each change (default 100)", NULL, 0, 60000},
    {"stale", 0, OPTION_COUNT, "SECONDS", "shortest silence of an active symbol that is reported (default 10)", NULL, 1,
     3600},
    {"memory", 0, OPTION_COUNT, "MIB", "memory for a slow reader (default 16)", NULL, 1, 4096},
    {"conflate", 0, OPTION_FLAG, NULL, "for a slow reader, keep only the latest quote and book of each symbol", NULL, 0,
     0},
    {"where", 0, OPTION_TEXT, "EXPR", "only records for which this holds, see tn-expr(7)", NULL, 0, 0},
    {0},
};

static const struct option_spec replay_options[] = {
    {"bars", 0, OPTION_TEXT, "INTERVAL",
     "bars instead of trades: 1s 1m 1h 1d tick:500 volume:9000 value:100000 range:0.25 renko:1", NULL, 0, 0},
    {"from", 0, OPTION_TIME, "TIME", "only what became known at or after this time", NULL, 0, 0},
    {"to", 0, OPTION_TIME, "TIME", "only what became known before this time", NULL, 0, 0},
    {"speed", 0, OPTION_TEXT, "TIMES", "real time, this many times as fast (default: full speed)", NULL, 0, 0},
    {"grace", 0, OPTION_COUNT, "MILLISECONDS", "how long a bar waits for late trades (default 0; live: 1000)", NULL, 0,
     60000},
    {"official", 0, OPTION_COUNT, "SECONDS", "how long daily bars wait for the official close (default 0; live: 900)",
     NULL, 0, 7200},
    {"complete", 0, OPTION_FLAG, NULL, "the files are complete: their end closes the last bars", NULL, 0, 0},
    {"extended", 0, OPTION_FLAG, NULL, "include bars before and after the session", NULL, 0, 0},
    CALENDAR_OPTION("the exchange's sessions, for --bars (default nyse)"),
    {"where", 0, OPTION_TEXT, "EXPR", "only records for which this holds, see tn-expr(7)", NULL, 0, 0},
    {"strict", 0, OPTION_FLAG, NULL, "stop at the first bad line", NULL, 0, 0},
    {0},
};

static const struct option_spec record_options[] = {
    {"pass", 'p', OPTION_FLAG, NULL, "pass every line on as well", NULL, 0, 0},
    {"rotate", 0, OPTION_COUNT, "MIB", "begin a new file at this size (default 256)", NULL, 1, 1048576},
    {0},
};

static const struct option_spec webhook_options[] = {
    {"address", 0, OPTION_TEXT, "ADDRESS", "local address to listen on (default 127.0.0.1)", NULL, 0, 0},
    {"port", 0, OPTION_COUNT, "PORT", "port to listen on, 0 for any free one (default 8787)", NULL, 0, 65535},
    {0},
};

static const struct option_spec flow_options[] = {
    {"interval", 'i', OPTION_TEXT, "INTERVAL", "1s 1m 30m 1h 1d (default 1m)", NULL, 0, 0},
    {"tick", 0, OPTION_TEXT, "SIZE", "height of a row of the profile (default 0.01)", NULL, 0, 0},
    {"area", 0, OPTION_TEXT, "PERCENT", "share of the volume in the value area (default 70)", NULL, 0, 0},
    {"large", 0, OPTION_TEXT, "QUANTITY", "count trades of at least this quantity", NULL, 0, 0},
    {"rows", 0, OPTION_FLAG, NULL, "include the profile itself: price, bought, sold, undecided", NULL, 0, 0},
    {"grace", 0, OPTION_COUNT, "MILLISECONDS", "how long an interval waits for late records (default 0)", NULL, 0,
     60000},
    {"complete", 0, OPTION_FLAG, NULL, "the input is complete: its end closes the last intervals", NULL, 0, 0},
    {"extended", 0, OPTION_FLAG, NULL, "include what is before and after the session", NULL, 0, 0},
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
        .summary = "deliver live feeds as they arrive: trades, quotes, bars, books, news",
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
        .summary = "record standard input, compressed; a crash loses one second at most",
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
        .summary = "replay files and recordings, merged by time, at full speed or in real time",
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
        .summary = "order flow from trades, quotes and books: profile, delta, imbalance, spread, depth",
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
        .summary = "turn web posts, such as TradingView alerts, into records",
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
    .summary = "deliver live market data, record it, and replay recordings",
    .commands = commands,
    .count = sizeof commands / sizeof *commands,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
