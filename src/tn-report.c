/* tn-report: shows what happened, the same way for a backtest, paper and live. The commands are in src/tn-report/. */
#include "tn-report/commands.h"

#include "feed/input.h"

static const struct option_spec summary_options[] = {
    {.name = "explain", .kind = OPTION_FLAG, .summary = "show the formula and the source of every figure instead"},
    {.name = "sessions",
     .kind = OPTION_COUNT,
     .argument = "N",
     .summary = "trading days a year (default 252; 365 where trading never stops)",
     .low = 1,
     .high = 366},
    {.name = "periods",
     .kind = OPTION_COUNT,
     .argument = "N",
     .summary = "returns a year of a file of returns (default: what its dates say)",
     .low = 1,
     .high = 1000000},
    {.name = "risk-free",
     .kind = OPTION_PERCENT,
     .argument = "RATE",
     .summary = "yearly rate that the Sharpe and Sortino ratios take off (default 0)"},
    {.name = NULL},
};

static const struct option_spec chart_options[] = {
    {.name = "with",
     .kind = OPTION_LIST,
     .argument = "INDICATOR",
     .summary = "draw this indicator too: sma:20, rsi:14 (tn-signal list shows them)"},
    {.name = "interval",
     .letter = 'i',
     .kind = OPTION_TEXT,
     .argument = "INTERVAL",
     .summary = "bars of this interval (default: that of the first bar)"},
    {.name = "last",
     .letter = 'n',
     .kind = OPTION_COUNT,
     .argument = "N",
     .summary =
         "only the last N bars, 0 for all (default 250; as text, as many as have a column of their own, 90 at most)",
     .low = 0,
     .high = 1000000},
    {.name = NULL},
};

static const struct option_spec plan_options[] = {
    {.name = "folder",
     .kind = OPTION_FILE,
     .argument = "FOLDER",
     .summary = "write TODAYS_TRADES_YYYY-MM-DD.md into this folder (default: standard output)"},
    {.name = NULL},
};

static const struct option_spec *const plan_tables[] = {plan_options, source_options, style_options, NULL};

static const struct option_spec overlay_options[] = {
    {.name = "overlay",
     .kind = OPTION_FILE,
     .argument = "FILE",
     .summary = "draw the levels, zones, lines, fibs and notes of this file (tn-report levels proposes some)"},
    {.name = "heikin-ashi", .kind = OPTION_FLAG, .summary = "Heikin-Ashi bars instead of the prices"},
    {.name = NULL},
};

static const struct option_spec *const summary_tables[] = {summary_options, source_options, style_options, NULL};
static const struct option_spec *const list_tables[] = {source_options, style_options, NULL};
static const struct option_spec *const equity_tables[] = {out_option, scale_options, source_options, style_options,
                                                          NULL};
static const struct option_spec *const chart_tables[] = {chart_options,  overlay_options, out_option, scale_options,
                                                         source_options, style_options,   NULL};

static const struct option_spec sessions_option[] = {
    {.name = "sessions",
     .kind = OPTION_COUNT,
     .argument = "N",
     .summary = "trading days a year (default 252; 365 where trading never stops)",
     .low = 1,
     .high = 366},
    {.name = NULL},
};

static const struct option_spec *const document_tables[] = {document_options, sessions_option, source_options,
                                                            style_options, NULL};
static const struct option_spec *const period_tables[] = {document_options, date_options,  sessions_option,
                                                          source_options,   style_options, NULL};

static const struct option_spec *const sweep_tables[] = {sweep_options, source_options, style_options, NULL};
static const struct option_spec *const levels_tables[] = {levels_options, source_options, style_options, NULL};

static const struct option_spec *const sources_tables[] = {sources_options, style_options, NULL};
static const struct option_spec *const scan_tables[] = {input_options, style_options, NULL};

static const struct command commands[] = {
    {.name = "summary",
     .operands = "[FILE…]",
     .summary = "figures of each run or account, side by side",
     .options = summary_tables,
     .operands_high = -1,
     .example = "tn-quote bars -s sim AAPL -n 500 | tn-backtest run sma-cross | tn-report summary",
     .run = report_summary},
    {.name = "trades",
     .operands = "[FILE…]",
     .summary = "round trips: when, at what prices, what came of each",
     .options = list_tables,
     .operands_high = -1,
     .example = "tn-report trades run.ndjson -O csv",
     .run = report_trades},
    {.name = "positions",
     .operands = "[FILE…]",
     .summary = "what is held",
     .options = list_tables,
     .operands_high = -1,
     .example = "tn-report positions --journal -a paper",
     .run = report_positions},
    {.name = "orders",
     .operands = "[FILE…]",
     .summary = "what was ordered, what became of it, what was refused and why",
     .options = list_tables,
     .operands_high = -1,
     .example = "tn-risk size < signals.ndjson | tn-order submit | tn-report orders -O table",
     .run = report_orders},
    {.name = "plan",
     .operands = "[FILE…]",
     .summary = "the orders that are to work, in Markdown, to read before the open",
     .options = plan_tables,
     .operands_high = -1,
     .example = "tn-risk size signals.ndjson | tee orders.ndjson | tn-report plan --folder .",
     .run = report_plan},
    {.name = "equity",
     .operands = "[FILE…]",
     .summary = "equity and drawdown, as a chart or as points",
     .options = equity_tables,
     .operands_high = -1,
     .example = "tn-report equity run.ndjson -o equity.svg",
     .run = report_equity},
    {.name = "chart",
     .operands = "[SYMBOL] [FILE…]",
     .summary = "candles with volume, indicators and own fills",
     .options = chart_tables,
     .operands_high = -1,
     .example = "tn-quote bars -s sim AAPL -n 250 | tn-report chart AAPL --with sma:20 --with rsi:14 -o aapl.png",
     .run = report_chart},
    {.name = "strategy",
     .operands = "[FILE…]",
     .summary = "the whole report of a run or account: a page of HTML, or text",
     .options = document_tables,
     .operands_high = -1,
     .example = "tn-report strategy run.ndjson bars.ndjson -o report.html",
     .run = report_strategy},
    {.name = "compare",
     .operands = "[FILE…]",
     .summary = "runs or accounts side by side, with their curves and correlations",
     .options = document_tables,
     .operands_high = -1,
     .example = "tn-report compare momentum.ndjson sma-cross.ndjson -o compare.html",
     .run = report_compare},
    {.name = "day",
     .operands = "[FILE…]",
     .summary = "what happened on a day: P&L, trades, orders, refusals",
     .options = period_tables,
     .operands_high = -1,
     .example = "tn-report day --journal -a paper",
     .run = report_day},
    {.name = "week",
     .operands = "[FILE…]",
     .summary = "the same of a week, from Monday",
     .options = period_tables,
     .operands_high = -1,
     .example = "tn-report week --journal -a paper -o week.html",
     .run = report_week},
    {.name = "month",
     .operands = "[FILE…]",
     .summary = "the same of a month",
     .options = period_tables,
     .operands_high = -1,
     .example = "tn-report month --journal -a paper --date 2026-03-01 -o march.html",
     .run = report_month},
    {.name = "year",
     .operands = "[FILE…]",
     .summary = "the same of a year",
     .options = period_tables,
     .operands_high = -1,
     .example = "tn-report year run.ndjson --date 2020-01-01 -o 2020.html",
     .run = report_year},
    {.name = "sweep",
     .operands = "[FILE…]",
     .summary = "the best cells of a sweep",
     .options = sweep_tables,
     .operands_low = 0,
     .operands_high = -1,
     .filter = true,
     .example = "tn-backtest sweep sma-cross 'fast=5..50/5' bars.ndjson | tn-report sweep --by calmar",
     .run = report_sweep},
    {.name = "levels",
     .operands = "[FILE…]",
     .summary = "support and resistance: prices at which bars turned more than once",
     .options = levels_tables,
     .operands_high = -1,
     .example = "tn-quote bars -s sim AAPL -n 250 | tn-report levels > levels.txt",
     .run = report_levels},
    {.name = "sources",
     .operands = "",
     .summary = "how sources of market data did: failures, freshness, agreement, calls a month",
     .options = sources_tables,
     .operands_high = 0,
     .example = "tn-report sources --days 90",
     .run = report_sources},
    {.name = "scan",
     .operands = "[FILE…]",
     .summary = "what tn-signal scan, rank, rotation, regime, track or leaders found, as a table",
     .options = scan_tables,
     .operands_high = -1,
     .example = "tn-quote bars -s sim AAPL MSFT XOM -n 250 | tn-signal scan 'close > sma(50)' | tn-report scan",
     .filter = true,
     .run = report_scan},
    {.name = "desk",
     .operands = "[FILE…]",
     .summary = "one screen: worth, positions, working orders, refusals of today",
     .options = list_tables,
     .operands_high = -1,
     .example = "tn-report desk --journal -a paper",
     .run = report_desk},
};

static const struct program program = {
    .name = "tn-report",
    .summary = "show trades, positions, figures and charts of a backtest, paper or live account",
    .commands = commands,
    .count = sizeof commands / sizeof *commands,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
