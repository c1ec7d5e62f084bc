/* tn-backtest: runs strategies over history. */
#include "broker/account_terms.h"
#include "feed/input.h"
#include "feed/rule_file.h"
#include "tn-backtest/commands.h"
#include "tn-backtest/study.h"

static const struct option_spec run_option_table[] = {
    {"account", 'a', OPTION_TEXT, "NAME", "trade on this account's terms (default: backtest)", NULL, 0, 0},
    {"cash", 0, OPTION_DECIMAL, "MONEY", "opening cash (default: the account's, 100000)", NULL, 0, 0},
    {"signals", 0, OPTION_FLAG, NULL,
     "trade the signals and orders of the input, each after its bar, instead of strategies", NULL, 0, 0},
    {"orders", 0, OPTION_FLAG, NULL, "include orders, their updates and refusals", NULL, 0, 0},
    {"fills", 0, OPTION_WORD, "MODEL", "how bars fill orders, or range (default: the account's, conservative)",
     TERMS_FILLS " range", 0, 0},
    {0},
};

static const struct option_spec *const run_options[] = {run_option_table,
                                                        strategy_exec_options,
                                                        input_options,
                                                        account_terms_limit_options,
                                                        account_terms_cost_options,
                                                        NULL};

static const struct option_spec sweep_option_table[] = {
    {"shard", 0, OPTION_TEXT, "PART", "run only this part, such as 2/8, for tn-backtest merge", NULL, 0, 0},
    {"halving", 0, OPTION_COUNT, "N", "run all on few days, one in N on more, and so on", NULL, 2, 1000},
    {"resume", 0, OPTION_FILE, "FILE", "keep results in FILE, and continue from there", NULL, 0, 0},
    {0},
};

static const struct option_spec *const sweep_options[] = {study_terms_options,        strategy_exec_options,
                                                          study_input_options,        study_grid_options,
                                                          study_objective_options,    sweep_option_table,
                                                          study_jobs_option,          account_terms_limit_options,
                                                          account_terms_cost_options, NULL};
static const struct option_spec *const walk_options[] = {walk_option_table,          study_terms_options,
                                                         strategy_exec_options,      study_input_options,
                                                         study_grid_options,         study_objective_options,
                                                         study_jobs_option,          account_terms_limit_options,
                                                         account_terms_cost_options, NULL};
static const struct option_spec *const montecarlo_options[] = {
    montecarlo_option_table, study_terms_options,         strategy_exec_options,      study_input_options,
    study_jobs_option,       account_terms_limit_options, account_terms_cost_options, NULL};
static const struct option_spec *const check_options[] = {study_terms_options,        strategy_exec_options,
                                                          study_input_options,        account_terms_limit_options,
                                                          account_terms_cost_options, NULL};
static const struct option_spec *const diff_options[] = {diff_option_table, input_options, NULL};
static const struct option_spec *const merge_options[] = {NULL};

static const struct option_spec pack_option_table[] = {
    {"account", 'a', OPTION_TEXT, "NAME", "account whose calendar is used (default: backtest)", NULL, 0, 0},
    {"out", 'o', OPTION_FILE, "FILE", "write this file", NULL, 0, 0},
    {0},
};
static const struct option_spec *const pack_options[] = {pack_option_table, study_input_options,
                                                         account_terms_calendar_option, NULL};

static const struct command commands[] = {
    {
        .name = "run",
        .operands = "[STRATEGY…] [FILE…]",
        .summary = "run strategies over bars: fills, equity, positions and a result",
        .options = run_options,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-quote bars -s sim AAPL -n 1000 | tn-backtest run sma-cross:fast=10,slow=30 | tn-report summary",
        .filter = true,
        .run = backtest_run,
    },
    {
        .name = "sweep",
        .operands = "[STRATEGY] [RANGE…] [FILE…]",
        .summary = "run a strategy with many values of its parameters",
        .options = sweep_options,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-backtest sweep sma-cross 'fast=5..50/5' 'slow=20..200/10' bars.ndjson > sweep.ndjson",
        .filter = true,
        .run = backtest_sweep,
    },
    {
        .name = "walk",
        .operands = "[STRATEGY] [RANGE…] [FILE…]",
        .summary = "choose values on some days, trade the days that follow, and repeat",
        .options = walk_options,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-backtest walk sma-cross 'fast=5..50/5' 'slow=20..200/10' --train 500 --test 125 bars.ndjson",
        .filter = true,
        .run = backtest_walk_forward,
    },
    {
        .name = "montecarlo",
        .operands = "[STRATEGY] [FILE…]",
        .summary = "the range of a result: reordered or missed trades, nearby parameters",
        .options = montecarlo_options,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-backtest montecarlo sma-cross:fast=10,slow=30 bars.ndjson",
        .filter = true,
        .run = backtest_montecarlo,
    },
    {
        .name = "check",
        .operands = "[STRATEGY] [FILE…]",
        .summary = "test whether a result is sound, with a verdict",
        .options = check_options,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-backtest check sma-cross:fast=10,slow=30 bars.ndjson",
        .filter = true,
        .run = backtest_check,
    },
    {
        .name = "pack",
        .operands = "[FILE…]",
        .summary = "pack bars into a file of columns that runs read quickly",
        .options = pack_options,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-backtest pack bars.ndjson -o bars.pack",
        .filter = true,
        .run = backtest_pack,
    },
    {
        .name = "diff",
        .operands = "[STRATEGY…] [FILE…]",
        .summary = "run an account's strategies again and pair each order with the journal's",
        .options = diff_options,
        .operands_high = -1,
        .filter = true,
        .example = "tn-backtest diff -a paper --from 2026-11-23 bars.ndjson | tn-report diff",
        .run = backtest_diff,
    },
    {
        .name = "merge",
        .operands = "FILE…",
        .summary = "merge the shards of a sweep",
        .options = merge_options,
        .operands_low = 1,
        .operands_high = -1,
        .example = "tn-backtest merge shard-*.ndjson > sweep.ndjson",
        .run = backtest_merge,
    },
};

static const struct program program = {
    .name = "tn-backtest",
    .summary = "run strategies over history",
    .commands = commands,
    .count = sizeof commands / sizeof *commands,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
