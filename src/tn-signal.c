/* tn-signal: turns bars into indicators and signals. The commands are in src/tn-signal/. */
#include "tn-signal/commands.h"

static const struct option_spec *const flow_option_tables[] = {input_options, input_pass_option, NULL};
static const struct option_spec *const add_option_tables[] = {input_options, input_pass_option, add_options, NULL};
static const struct option_spec *const list_option_tables[] = {style_options, NULL};

static const struct command commands[] = {
    {
        .name = "add",
        .operands = "INDICATOR… [FILE…]",
        .summary = "put indicators on every bar, null while they warm up",
        .options = add_option_tables,
        .operands_low = 1,
        .operands_high = -1,
        .example = "tn-quote bars -s sim AAPL -n 60 | tn-signal add sma:20 rsi:14 bbands:20,2",
        .filter = true,
        .run = signal_add,
    },
    {
        .name = "run",
        .operands = "STRATEGY… [FILE…]",
        .summary = "run strategies: after every bar the position each one wants",
        .options = flow_option_tables,
        .operands_low = 1,
        .operands_high = -1,
        .example = "tn-quote bars -s sim AAPL MSFT -n 300 | tn-signal run sma-cross:fast=20,slow=50 momentum",
        .filter = true,
        .run = signal_run,
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
