/* tn-quote: fetches what can be asked for. The commands are in src/tn-quote/. */
#include "tn-quote/commands.h"

#include "feed/input.h"
#include "show/style.h"

static const struct option_spec source_options[] = {
    {"source", 's', OPTION_TEXT, "SOURCE",
     "csv:PATH, sim, alpaca …, a configured source (default: the only one), or several: a,b,c", NULL, 0, 0},
    CALENDAR_OPTION("the exchange's sessions (default: the source's, else nyse)"),
    {"now", 0, OPTION_TIME, "TIME", "time to use as the present (default: now)", NULL, 0, 0},
    {"record", 0, OPTION_FILE, "DIR", "keep the answers of servers in this folder", NULL, 0, 0},
    {"replay", 0, OPTION_FILE, "DIR", "read answers from this folder and contact no server", NULL, 0, 0},
    {0},
};

static const struct option_spec which_options[] = {
    {"watchlist", 'w', OPTION_FILE, "FILE", "read symbols from a file, one per line, # for comments", NULL, 0, 0},
    {"from", 0, OPTION_TIME, "TIME", "only what begins at or after this time", NULL, 0, 0},
    {"to", 0, OPTION_TIME, "TIME", "only what begins before this time", NULL, 0, 0},
    {"where", 0, OPTION_TEXT, "EXPR", "only records for which this holds, see tn-expr(7)", NULL, 0, 0},
    {"strict", 0, OPTION_FLAG, NULL, "stop at the first bad line or failing symbol", NULL, 0, 0},
    {0},
};

static const struct option_spec file_options[] = {
    {"actions", 0, OPTION_FILE, "FILE", "splits, dividends and the like in addition to the source's", NULL, 0, 0},
    {"csv-tz", 0, OPTION_TEXT, "ZONE", "zone of times without an offset (default: the exchange's)", NULL, 0, 0},
    {"columns", 0, OPTION_TEXT, "NAMES", "columns of the file by position: time,open,high,low,close,volume", NULL, 0,
     0},
    {"dates", 0, OPTION_WORD, "ORDER", "order of day and month (default: detected)", "dmy mdy ymd", 0, 0},
    {"decimal", 0, OPTION_WORD, "MARK", "decimal mark (default: detected)", ". ,", 0, 0},
    {"stamps", 0, OPTION_WORD, "WHICH", "whether times are starts or ends of bars (default: detected)", "start end", 0,
     0},
    {"adjusted", 0, OPTION_WORD, "HOW", "how the file's prices are adjusted (default: detected)", "raw split total", 0,
     0},
    {"accept", 0, OPTION_TEXT, "JUMPS", "true price jumps to accept: 'AAPL 2020-08-31, XYZ 2003-02-18'", NULL, 0, 0},
    {"seed", 0, OPTION_COUNT, "N", "seed of the synthetic market (default 1)", NULL, 0, INT64_MAX},
    {0},
};

static const struct option_spec bars_options[] = {
    {"interval", 'i', OPTION_TEXT, "INTERVAL", "1m 5m 15m 30m 1h 4h 1d 1w 1mo … (default 1d)", NULL, 0, 0},
    {"last", 'n', OPTION_COUNT, "N", "only the last N bars of each symbol", NULL, 1, 100000000},
    {"adjust", 0, OPTION_WORD, "HOW", "adjust prices to the last bar: for splits, dividends or both (total)",
     "raw split dividend total", 0, 0},
    {"extended", 0, OPTION_FLAG, NULL, "include bars before and after the session", NULL, 0, 0},
    {0},
};

static const struct option_spec agree_options[] = {
    {"agree", 0, OPTION_PERCENT, "PERCENT", "with several sources: how far closes may differ (default 0.5%)", NULL, 0,
     0},
    {0},
};

static const struct option_spec cache_options[] = {
    {"offline", 0, OPTION_FLAG, NULL, "use the cache only and contact no server", NULL, 0, 0},
    {"fresh", 0, OPTION_FLAG, NULL, "request everything again, and compare it with the cache", NULL, 0, 0},
    {0},
};

static const struct option_spec doctor_options[] = {
    {"apply", 0, OPTION_FILE, "FILE", "accept the repairs in this file; they are kept beside the data", NULL, 0, 0},
    {0},
};

static const struct option_spec ask_options[] = {
    {"last", 'n', OPTION_COUNT, "N", "only the last N records", NULL, 1, 100000000},
    {0},
};

static const struct option_spec search_options[] = {
    {"save", 0, OPTION_FLAG, NULL, "add the results to instruments.ndjson, beside the configuration", NULL, 0, 0},
    {0},
};

static const struct option_spec news_options[] = {
    {"about", 0, OPTION_TEXT, "WORDS", "only news that contain these words, where the source can search", NULL, 0, 0},
    {0},
};

static const struct option_spec keep_options[] = {
    {"source", 's', OPTION_TEXT, "SOURCE", "only data of this source, such as alpaca:iex", NULL, 0, 0},
    {"prune", 0, OPTION_COUNT, "DAYS", "delete what has not been requested for this many days", NULL, 1, 36500},
    {"forget", 0, OPTION_FLAG, NULL, "delete what is named; it is requested again when needed", NULL, 0, 0},
    {0},
};

static const struct option_spec *const bars_tables[] = {bars_options,  source_options, agree_options, cache_options,
                                                        which_options, file_options,   NULL};
static const struct option_spec *const doctor_tables[] = {bars_options,   source_options, agree_options,
                                                          cache_options,  which_options,  file_options,
                                                          doctor_options, style_options,  NULL};
static const struct option_spec *const actions_tables[] = {source_options, cache_options, which_options, file_options,
                                                           NULL};
static const struct option_spec *const cache_tables[] = {keep_options, style_options, NULL};
static const struct option_spec chain_options[] = {
    {"seed", 0, OPTION_COUNT, "N", "-s sim: seed of the synthetic market (default 1)", NULL, 0, INT64_MAX},
    {0},
};
static const struct option_spec *const chain_tables[] = {chain_options, ask_options, source_options, which_options,
                                                         NULL};
static const struct option_spec *const ask_tables[] = {ask_options, source_options, which_options, NULL};
static const struct option_spec *const search_tables[] = {search_options, ask_options, source_options, which_options,
                                                          NULL};
static const struct option_spec *const news_tables[] = {news_options, ask_options, source_options, which_options, NULL};
static const struct option_spec *const sessions_tables[] = {sessions_options, style_options, NULL};
static const struct option_spec *const sources_tables[] = {style_options, NULL};
static const struct option_spec *const watch_tables[] = {watch_options, source_options, style_options, NULL};
static const struct option_spec *const login_tables[] = {login_options, NULL};
static const struct option_spec *const check_tables[] = {source_options + 1, style_options, NULL};

static const struct option_spec continuous_options[] = {
    {"roll", 0, OPTION_WORD, "WHEN", "when to roll to the next contract (default volume)", "date volume interest", 0,
     0},
    {"days", 0, OPTION_COUNT, "N", "--roll date: sessions before a contract expires (default 5)", NULL, 0, 250},
    {"adjust", 0, OPTION_WORD, "HOW", "how prices of two contracts are joined (default difference)",
     "none difference ratio", 0, 0},
    {"anchor", 0, OPTION_WORD, "WHICH", "the contract whose prices are kept (default last)", "last first", 0, 0},
    {"as", 0, OPTION_TEXT, "SYMBOL", "the symbol of the series (default: ROOT)", NULL, 0, 0},
    CALENDAR_OPTION("the exchange's sessions (default: the instrument's, else cme-equity)"),
    {0},
};
static const struct option_spec *const continuous_tables[] = {continuous_options, input_options, input_pass_option,
                                                              NULL};

static const struct command commands[] = {
    {
        .name = "bars",
        .operands = "[SYMBOL…]",
        .summary = "bars, and corporate actions between them, merged by time",
        .options = bars_tables,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-quote bars -s sim AAPL MSFT -i 1d -n 250\n"
                   "tn-quote bars -s csv:prices -w watch.txt --from 2024-01-01",
        .filter = false,
        .run = quote_bars,
    },
    {
        .name = "actions",
        .operands = "[SYMBOL…]",
        .summary = "corporate actions alone",
        .options = actions_tables,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-quote actions -s sim:actions AAPL --from 2020-01-01",
        .filter = false,
        .run = quote_actions,
    },
    {
        .name = "quotes",
        .operands = "[SYMBOL…]",
        .summary = "the latest bid and ask",
        .options = ask_tables,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-quote quotes -s binance BTC/USDT",
        .filter = false,
        .run = quote_quotes,
    },
    {
        .name = "chain",
        .operands = "[SYMBOL…]",
        .summary = "the options of an underlying",
        .options = chain_tables,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-quote chain -s tradier SPY --where 'expiry == \"2026-12-18\"'\n"
                   "tn-quote chain -s sim AAPL --where 'right == \"put\" and delta > -0.3'",
        .filter = false,
        .run = quote_chain,
    },
    {
        .name = "news",
        .operands = "[SYMBOL…]",
        .summary = "headlines, of the last three days unless --from is given",
        .options = news_tables,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-quote news -s alpaca AAPL --from 2026-11-20",
        .filter = false,
        .run = quote_news,
    },
    {
        .name = "events",
        .operands = "[SYMBOL…]",
        .summary = "filings and economic figures, by when they became known",
        .options = ask_tables,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-quote events -s edgar AAPL --from 2026-01-01\n"
                   "tn-quote events -s fred DGS10",
        .filter = false,
        .run = quote_events,
    },
    {
        .name = "search",
        .operands = "WORD…",
        .summary = "symbols by name",
        .options = search_tables,
        .operands_low = 1,
        .operands_high = -1,
        .example = "tn-quote search -s edgar berkshire\n"
                   "tn-quote search -s coinbase btc --save",
        .filter = false,
        .run = quote_search,
    },
    {
        .name = "instruments",
        .operands = "[SYMBOL…]",
        .summary = "what is known about symbols: ticks, lots, multipliers, expiries",
        .options = sources_tables,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-quote instruments ESZ2026",
        .filter = false,
        .run = quote_instruments,
    },
    {
        .name = "continuous",
        .operands = "ROOT [FILE…]",
        .summary = "one series made of the bars of a future's contracts",
        .options = continuous_tables,
        .operands_low = 1,
        .operands_high = -1,
        .example = "tn-quote bars -s csv:futures | tn-quote continuous ES > es.ndjson\n"
                   "tn-quote continuous CL contracts.ndjson --roll date --days 3 --adjust ratio --anchor first",
        .filter = true,
        .run = quote_continuous,
    },
    {
        .name = "watch",
        .operands = "[SYMBOL…]",
        .summary = "a table of the latest quotes, updated continuously",
        .options = watch_tables,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-quote watch -s binance BTC/USDT ETH/USDT --every 10",
        .filter = false,
        .run = quote_watch,
    },
    {
        .name = "sessions",
        .operands = "[CALENDAR]",
        .summary = "the sessions of a market, for two weeks unless --to is given",
        .options = sessions_tables,
        .operands_low = 0,
        .operands_high = 1,
        .example = "tn-quote sessions cme-equity --from 2026-11-23 --to 2026-12-01\n"
                   "tn-quote sessions --last 2 --next 2",
        .filter = false,
        .run = quote_sessions,
    },
    {
        .name = "sources",
        .operands = "",
        .summary = "the sources, and what each can deliver",
        .options = sources_tables,
        .operands_low = 0,
        .operands_high = 0,
        .example = "tn-quote sources",
        .filter = false,
        .run = quote_sources,
    },
    {
        .name = "cache",
        .operands = "[SYMBOL]",
        .summary = "show or delete cached answers of sources",
        .options = cache_tables,
        .operands_low = 0,
        .operands_high = 1,
        .example = "tn-quote cache\n"
                   "tn-quote cache --prune 90\n"
                   "tn-quote cache -s alpaca:iex AAPL --forget",
        .filter = false,
        .run = quote_cache,
    },
    {
        .name = "doctor",
        .operands = "[SYMBOL…]",
        .summary = "find faults in the data, and propose repairs",
        .options = doctor_tables,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-quote doctor -s csv:prices -O table\n"
                   "tn-quote doctor -s alpaca,yahoo AAPL -n 500 > found.ndjson\n"
                   "tn-quote doctor --apply found.ndjson",
        .filter = false,
        .run = quote_doctor,
    },
    {
        .name = "login",
        .operands = "SOURCE",
        .summary = "log in with a browser, where a source requires it each day or week",
        .options = login_tables,
        .operands_low = 1,
        .operands_high = 1,
        .example = "tn-quote login schwab",
        .filter = false,
        .run = quote_login,
    },
    {
        .name = "check",
        .operands = "SOURCE SYMBOL",
        .summary = "test whether an adapter follows the rules of tn-adapters(5)",
        .options = check_tables,
        .operands_low = 2,
        .operands_high = 2,
        .example = "tn-quote check binance BTC/USDT",
        .filter = false,
        .run = quote_check,
    },
};

static const struct program program = {
    .name = "tn-quote",
    .summary = "fetch market data: bars, quotes, chains, news and events, from files and servers",
    .commands = commands,
    .count = sizeof commands / sizeof *commands,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
