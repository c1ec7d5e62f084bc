/* tn-signal: turns bars into indicators and signals. The commands are in src/tn-signal/. */
#include "feed/rule_file.h"
#include "tn-signal/commands.h"

static const struct option_spec calendar_options[] = {
    CALENDAR_OPTION("calendar of the sessions (default nyse)"),
    {0},
};
static const struct option_spec *const flow_option_tables[] = {input_options, input_pass_option, calendar_options,
                                                               NULL};
static const struct option_spec run_options[] = {
    {"latest", 0, OPTION_FLAG, NULL, "write only the last signal of each symbol, at the end of the input", NULL, 0, 0},
    {0},
};
static const struct option_spec *const run_option_tables[] = {
    input_options, input_pass_option, input_times_option, calendar_options, run_options, strategy_exec_options, NULL};
static const struct option_spec *const add_option_tables[] = {input_options, input_pass_option, calendar_options,
                                                              add_options, NULL};
static const struct option_spec rank_options[] = {
    {"top", 0, OPTION_COUNT, "N", "only the first N", NULL, 1, 100000},
    {"bottom", 0, OPTION_COUNT, "N", "only the last N; with --top, both", NULL, 1, 100000},
    {"each", 0, OPTION_FLAG, NULL, "at every time, not only at the end of the input", NULL, 0, 0},
    {"neutral", 0, OPTION_FLAG, NULL, "subtract the mean of the symbol's sector", NULL, 0, 0},
    {0},
};
static const struct option_spec alert_options[] = {
    {"level", 0, OPTION_WORD, "LEVEL", "how urgent the alerts are (default warning)", "info warning critical", 0, 0},
    {"cooldown", 0, OPTION_COUNT, "BARS", "no second alert for a symbol within this many bars", NULL, 1, 100000},
    {"once", 0, OPTION_WORD, "PERIOD", "at most one alert per symbol in each day, week or month", "day week month", 0,
     0},
    {0},
};
static const struct option_spec *const rank_option_tables[] = {input_options, input_pass_option, calendar_options,
                                                               rank_options, NULL};
static const struct option_spec *const alert_option_tables[] = {input_options, input_pass_option, calendar_options,
                                                                alert_options, NULL};
static const struct option_spec *const explain_option_tables[] = {input_options, calendar_options, style_options, NULL};
static const struct option_spec *const track_option_tables[] = {input_options, input_pass_option, track_options, NULL};
static const struct option_spec *const leaders_option_tables[] = {input_options, leaders_options, NULL};
static const struct option_spec *const regime_option_tables[] = {input_options, input_pass_option, regime_options,
                                                                 NULL};
static const struct option_spec *const rotation_option_tables[] = {input_options, input_pass_option, rotation_options,
                                                                   NULL};
static const struct option_spec *const consensus_option_tables[] = {input_options, input_pass_option, consensus_options,
                                                                    NULL};
static const struct option_spec *const sign_option_tables[] = {input_options, sign_options, NULL};
static const struct option_spec *const key_option_tables[] = {NULL};
static const struct option_spec *const list_option_tables[] = {style_options, NULL};

static const struct command commands[] = {
    {
        .name = "add",
        .operands = "INDICATOR… [FILE…]",
        .summary = "add indicators to every bar, null while they warm up",
        .options = add_option_tables,
        .operands_low = 1,
        .operands_high = -1,
        .example = "tn-quote bars -s sim AAPL -n 60 | tn-signal add sma:20 rsi:14 bbands:20,2",
        .filter = true,
        .run = signal_add,
    },
    {
        .name = "run",
        .operands = "[STRATEGY…] [FILE…]",
        .summary = "run strategies: after every bar, the position of each",
        .options = run_option_tables,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-quote bars -s sim AAPL MSFT -n 300 | tn-signal run sma-cross:fast=20,slow=50 momentum",
        .filter = true,
        .run = signal_run,
    },
    {
        .name = "scan",
        .operands = "RULE [FILE…]",
        .summary = "the symbols for whose last bar a rule holds, at the end of the input",
        .options = flow_option_tables,
        .operands_low = 1,
        .operands_high = -1,
        .example = "tn-quote bars -s sim AAPL MSFT XOM JPM -n 250 | tn-signal scan 'close > sma(50) and rsi(2) < 30'",
        .filter = true,
        .run = signal_scan,
    },
    {
        .name = "rank",
        .operands = "EXPR [FILE…]",
        .summary = "the symbols by a figure, largest first, at the end of the input",
        .options = rank_option_tables,
        .operands_low = 1,
        .operands_high = -1,
        .example = "tn-quote bars -s sim AAPL MSFT XOM JPM -n 250 | tn-signal rank 'close / close[120] - 1' --top 2",
        .filter = true,
        .run = signal_rank,
    },
    {
        .name = "alert",
        .operands = "RULE [FILE…]",
        .summary = "an alert on each bar on which a rule becomes true",
        .options = alert_option_tables,
        .operands_low = 1,
        .operands_high = -1,
        .example = "tn-quote bars -s sim AAPL -n 250 | tn-signal alert 'close crosses above sma(50)'",
        .filter = true,
        .run = signal_alert,
    },
    {
        .name = "explain",
        .operands = "SYMBOL RULE [FILE…]",
        .summary = "the result of each part of a rule for the last bar of a symbol",
        .options = explain_option_tables,
        .operands_low = 2,
        .operands_high = -1,
        .example = "tn-quote bars -s sim AAPL -n 250 | tn-signal explain AAPL 'close > sma(50) and rsi(2) < 30'",
        .filter = true,
        .run = signal_explain,
    },
    {
        .name = "track",
        .operands = "[FILE…]",
        .summary = "the outcome of every signal, traded or not",
        .options = track_option_tables,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-quote bars -s sim AAPL MSFT -n 500 | tn-signal run -p momentum rsi-2 | tn-signal track",
        .filter = true,
        .run = signal_track,
    },
    {
        .name = "leaders",
        .operands = "[FILE…]",
        .summary = "sources of signals ranked by their outcomes, at the end of the input",
        .options = leaders_option_tables,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-signal track --signal-file letters.csv bars.ndjson | tn-signal leaders --by return",
        .filter = true,
        .run = signal_leaders,
    },
    {
        .name = "regime",
        .operands = "[FILE…]",
        .summary = "after every bar: bull, bear or sideways, calm or volatile",
        .options = regime_option_tables,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-quote bars -s sim SPY -n 600 | tn-signal regime --changes",
        .filter = true,
        .run = signal_regime,
    },
    {
        .name = "rotation",
        .operands = "[FILE…]",
        .summary = "symbols by their strength against a benchmark, at the end of the input",
        .options = rotation_option_tables,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-quote bars -s sim SPY XLK XLE XLF XLV -n 250 | tn-signal rotation --against SPY",
        .filter = true,
        .run = signal_rotation,
    },
    {
        .name = "consensus",
        .operands = "[FILE…]",
        .summary = "combine the signals of several sources into one",
        .options = consensus_option_tables,
        .operands_low = 0,
        .operands_high = -1,
        .example =
            "tn-quote bars -s sim AAPL MSFT -n 400 | tn-signal run momentum breakout vote.tn | tn-signal consensus",
        .filter = true,
        .run = signal_consensus,
    },
    {
        .name = "key",
        .operands = "FILE",
        .summary = "make a key pair: FILE is private, FILE.pub is public",
        .options = key_option_tables,
        .operands_low = 1,
        .operands_high = 1,
        .example = "tn-signal key mine",
        .filter = false,
        .run = signal_key,
    },
    {
        .name = "sign",
        .operands = "[FILE…]",
        .summary = "pass records on, and sign them at the end",
        .options = sign_option_tables,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-signal sign --key mine signals.ndjson > signed.ndjson",
        .filter = true,
        .run = signal_sign,
    },
    {
        .name = "check",
        .operands = "[FILE…]",
        .summary = "pass on only records that a trusted key has signed",
        .options = sign_option_tables,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-signal check --key mine.pub signed.ndjson | tn-risk size",
        .filter = true,
        .run = signal_check,
    },
    {
        .name = "list",
        .operands = "[STRATEGY|INDICATOR…]",
        .summary = "show the indicators and strategies with their parameters and defaults",
        .options = list_option_tables,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-signal list momentum:lookback=252",
        .filter = false,
        .run = signal_list,
    },
};

static const struct program program = {
    .name = "tn-signal",
    .summary = "turn bars into indicators and signals",
    .commands = commands,
    .count = sizeof commands / sizeof *commands,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
