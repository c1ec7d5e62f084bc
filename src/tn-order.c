/* tn-order: gets orders executed, on paper, and knows what became of them. The commands are in src/tn-order/. */
#include "tn-order/commands.h"

static const struct option_spec account_option[] = {
    {"account", 'a', OPTION_TEXT, "NAME", "the account (default: the only one configured, else paper)", NULL, 0, 0},
    {0},
};

static const struct option_spec now_option[] = {
    {"now", 0, OPTION_TIME, "TIME", "use this time as the present, for replays and tests", NULL, 0, 0},
    {0},
};

static const struct option_spec open_option[] = {
    {"cash", 0, OPTION_DECIMAL, "MONEY", "opening cash (default: the configuration's, 100000)", NULL, 0, 0},
    {0},
};

static const struct option_spec submit_option[] = {
    {"allow-failed", 0, OPTION_FLAG, NULL, "submit the rest if something failed upstream", NULL, 0, 0},
    {"dry-run", 0, OPTION_FLAG, NULL, "show what would happen, without doing it", NULL, 0, 0},
    {0},
};

static const struct option_spec halt_option[] = {
    {"all", 0, OPTION_FLAG, NULL, "cancel the protective exits too", NULL, 0, 0},
    {0},
};

static const struct option_spec reason_option[] = {
    {"reason", 0, OPTION_TEXT, "TEXT", "the reason, for the journal", NULL, 0, 0},
    {0},
};

static const struct option_spec cancel_option[] = {
    {"all", 0, OPTION_FLAG, NULL, "exits and protective legs too; without a name, every order of the account", NULL, 0,
     0},
    {0},
};

static const struct option_spec replace_option[] = {
    {"quantity", 0, OPTION_DECIMAL, "N", "its total quantity, filled part included", NULL, 0, 0},
    {"limit", 0, OPTION_DECIMAL, "PRICE", "its new limit price", NULL, 0, 0},
    {"stop", 0, OPTION_DECIMAL, "PRICE", "its new stop price", NULL, 0, 0},
    {0},
};

static const struct option_spec convert_option[] = {
    {"for", 0, OPTION_DECIMAL, "AMOUNT", "the amount received, instead of the last rate", NULL, 0, 0},
    {0},
};

static const struct option_spec watch_option[] = {
    {"watch", 0, OPTION_FLAG, NULL, "refresh until q is pressed, with R, MFE and MAE; once without a terminal", NULL, 0,
     0},
    {"every", 0, OPTION_COUNT, "MILLISECONDS", "time between updates (default 1000)", NULL, 100, 3600000},
    {0},
};

static const struct option_spec *const watch_options[] = {account_option, watch_option, style_options, NULL};
static const struct option_spec *const open_options[] = {open_option, now_option, NULL};
static const struct option_spec *const submit_options[] = {account_option, submit_option,      now_option,
                                                           input_options,  input_times_option, NULL};
static const struct option_spec *const run_options[] = {account_option, input_options, input_times_option, NULL};
static const struct option_spec *const settle_options[] = {account_option, input_options, NULL};
static const struct option_spec *const ask_options[] = {account_option, style_options, NULL};
static const struct option_spec *const list_options[] = {style_options, NULL};
static const struct option_spec *const cancel_options[] = {account_option, cancel_option, now_option, NULL};
static const struct option_spec *const replace_options[] = {account_option, replace_option, now_option, NULL};
static const struct option_spec *const convert_options[] = {account_option, convert_option, now_option, NULL};
static const struct option_spec *const hand_options[] = {account_option, now_option, NULL};
static const struct option_spec *const halt_options[] = {account_option, halt_option, reason_option, now_option, NULL};
static const struct option_spec *const resume_options[] = {account_option, reason_option, now_option, NULL};

static const struct command commands[] = {
    {"open", "ACCOUNT", "open a paper account with cash", open_options, 1, 1, "tn-order open paper --cash 100000",
     false, order_open},
    {"submit", "[FILE…]", "submit a batch of orders, all of it or nothing", submit_options, 0, -1,
     "tn-signal run momentum < bars.ndjson | tn-risk size | tn-order submit | tn-report orders", true, order_submit},
    {"run", "[FILE…]", "trade a stream: each order as it comes, each bar as it passes", run_options, 0, -1,
     "tn-stream replay bars.ndjson | tn-signal run sma-cross -p | tn-risk size --session -p | tn-order run", true,
     order_run},
    {"settle", "[FILE…]", "apply bars to the paper account, each bar once", settle_options, 0, -1,
     "tn-quote bars -w watch.txt -n 5 | tn-order settle", true, order_settle},
    {"positions", "[FILE…]", "show the open positions", watch_options, 0, -1,
     "tn-order positions\ntn-stream live -s kraken -w pairs.txt --take quotes | tn-order positions --watch -", false,
     order_positions},
    {"account", "", "show cash, equity and the day's profit", ask_options, 0, 0, "tn-order account -O json", false,
     order_account},
    {"orders", "", "show the working orders", ask_options, 0, 0, "tn-order orders", false, order_orders},
    {"accounts", "", "list the accounts", list_options, 0, 0, "tn-order accounts", false, order_accounts},
    {"cancel", "[ID|SYMBOL…]", "cancel working orders", cancel_options, 0, -1, "tn-order cancel JPM", false,
     order_cancel},
    {"replace", "ID", "change a working order", replace_options, 1, 1, "tn-order replace mine-1 --stop 142.50", false,
     order_replace},
    {"again", "ID|SYMBOL", "repeat an entry that ended without a fill", hand_options, 1, 1, "tn-order again JPM", false,
     order_again},
    {"convert", "[AMOUNT] FROM TO", "convert money into another currency", convert_options, 2, 3,
     "tn-order convert 5000 USD EUR", false, order_convert},
    {"halt", "", "the kill switch: no new entries, working ones cancelled", halt_options, 0, 0,
     "tn-order halt --reason 'something is odd'", false, order_halt},
    {"resume", "", "let a halted account trade again", resume_options, 0, 0, "tn-order resume", false, order_resume},
};

static const struct program program = {
    .name = "tn-order",
    .summary = "execute orders on paper and track them",
    .commands = commands,
    .count = sizeof commands / sizeof *commands,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
