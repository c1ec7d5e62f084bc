/* tn-journal: keeps the one true history, and answers from it. The commands are in src/tn-journal/. */
#include "tn-journal/commands.h"

static const struct option_spec record_option_table[] = {
    {"strict", 0, OPTION_FLAG, NULL, "stop at the first bad line", NULL, 0, 0},
    {"pass", 'p', OPTION_FLAG, NULL, "pass market records on, in order", NULL, 0, 0},
    {0},
};
static const struct option_spec show_option_table[] = {
    {"type", 't', OPTION_TEXT, "TYPE", "only records of this type", NULL, 0, 0},
    {"account", 'a', OPTION_TEXT, "NAME", "only this account's", NULL, 0, 0},
    {"since", 0, OPTION_TIME, "TIME", "only what happened at this time or later", NULL, 0, 0},
    {"until", 0, OPTION_TIME, "TIME", "only what happened before this time", NULL, 0, 0},
    {"last", 'n', OPTION_COUNT, "N", "only the last N", NULL, 1, 1000000000},
    {0},
};

static const struct option_spec adjust_option_table[] = {
    {"account", 'a', OPTION_TEXT, "NAME", "the account (default: the only one configured, else paper)", NULL, 0, 0},
    {"reason", 0, OPTION_TEXT, "TEXT", "the reason, for the journal", NULL, 0, 0},
    {"now", 0, OPTION_TIME, "TIME", "use this time as the present, for replays and tests", NULL, 0, 0},
    {0},
};

static const struct option_spec verify_option_table[] = {
    {"new-head", 0, OPTION_FLAG, NULL, "recreate a missing journal.db-head; no event is lost", NULL, 0, 0},
    {0},
};

static const struct option_spec backup_option_table[] = {
    {"events", 0, OPTION_COUNT, "N", "only the first N events: the journal as it was then", NULL, 0, INT64_MAX},
    {0},
};

static const struct option_spec *const backup_options[] = {backup_option_table, NULL};
static const struct option_spec *const verify_options[] = {verify_option_table, NULL};
static const struct option_spec *const adjust_options[] = {adjust_option_table, NULL};
static const struct option_spec *const record_options[] = {record_option_table, NULL};
static const struct option_spec *const show_options[] = {show_option_table, style_options, NULL};
static const struct option_spec *const answer_options[] = {style_options, NULL};
static const struct option_spec *const no_options[] = {NULL};

static const struct command commands[] = {
    {
        .name = "record",
        .operands = "[FILE…]",
        .summary = "add events to the journal, each once, and pass them on when they are on disk",
        .options = record_options,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-journal record fills.ndjson > acknowledged.ndjson",
        .filter = true,
        .run = journal_record,
    },
    {
        .name = "adjust",
        .operands = "ID",
        .summary = "accept a corrected corporate action that was held back",
        .options = adjust_options,
        .operands_low = 1,
        .operands_high = 1,
        .example = "tn-journal adjust fakv7mnp6o2bc4hd --reason 'the vendor corrected it'",
        .run = journal_adjust,
    },
    {
        .name = "show",
        .operands = "",
        .summary = "show events, oldest first",
        .options = show_options,
        .operands_low = 0,
        .operands_high = 0,
        .example = "tn-journal show --type fill --since 2026-11-01 -n 20",
        .run = journal_show,
    },
    {
        .name = "why",
        .operands = "ID|SYMBOL",
        .summary = "show what led to an order, fill or signal, and what became of it",
        .options = answer_options,
        .operands_low = 1,
        .operands_high = 1,
        .example = "tn-journal why tnb3vcn2u5xw7kq4da",
        .run = journal_tell_why,
    },
    {
        .name = "verify",
        .operands = "[JOURNAL]",
        .summary = "check that nothing in the journal was lost or changed",
        .options = verify_options,
        .operands_low = 0,
        .operands_high = 1,
        .example = "tn-journal verify",
        .run = journal_check_all,
    },
    {
        .name = "rebuild",
        .operands = "",
        .summary = "recompute the query tables from the events",
        .options = no_options,
        .operands_low = 0,
        .operands_high = 0,
        .example = "tn-journal rebuild",
        .run = journal_rebuild_tables,
    },
    {
        .name = "backup",
        .operands = "FILE",
        .summary = "copy the journal to a new file while others write, and verify the copy",
        .options = backup_options,
        .operands_low = 1,
        .operands_high = 1,
        .example = "tn-journal backup /media/usb/journal-2026-11-26.db",
        .run = journal_back_up,
    },
    {
        .name = "query",
        .operands = "SQL",
        .summary = "run an SQL query, which cannot change anything",
        .options = answer_options,
        .operands_low = 1,
        .operands_high = 1,
        .example = "tn-journal query 'SELECT symbol, sum(quantity) FROM fills GROUP BY symbol' -O csv",
        .run = journal_answer,
    },
};

static const struct program program = {
    .name = "tn-journal",
    .summary = "keep the history of every account, and answer from it",
    .commands = commands,
    .count = sizeof commands / sizeof *commands,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
