/* tn-notify: tells people what matters. The commands are in src/tn-notify/. */
#include "tn-notify/commands.h"

static const struct option_spec send_options[] = {
    {"queue", 0, OPTION_FLAG, NULL, "only queue messages; tn-notify deliver delivers them", NULL, 0, 0},
    {0},
};
static const struct option_spec pass_options[] = {
    {"pass", 'p', OPTION_FLAG, NULL, "pass every record on, for the next program of a pipeline", NULL, 0, 0},
    {0},
};
static const struct option_spec journal_options[] = {
    {"all", 0, OPTION_FLAG, NULL, "in the first run, include what the journal already holds", NULL, 0, 0},
    {0},
};
static const struct option_spec deliver_options[] = {
    {"every", 0, OPTION_COUNT, "SECONDS", "run until SIGTERM, processing the queue at this interval", NULL, 1, 3600},
    {0},
};
static const struct option_spec queue_options[] = {
    {"all", 0, OPTION_FLAG, NULL, "include delivered messages", NULL, 0, 0},
    {0},
};
static const struct option_spec change_options[] = {
    {"all", 0, OPTION_FLAG, NULL, "all messages", NULL, 0, 0},
    {0},
};

static const struct option_spec file_options[] = {
    {"title", 0, OPTION_TEXT, "TEXT", "the subject (default: the name of the file)", NULL, 0, 0},
    {0},
};

static const struct option_spec *const file_tables[] = {file_options, NULL};
static const struct option_spec *const send_tables[] = {input_options, pass_options, send_options, NULL};
static const struct option_spec *const journal_tables[] = {journal_options, send_options, NULL};
static const struct option_spec *const deliver_tables[] = {deliver_options, NULL};
static const struct option_spec *const no_tables[] = {NULL};
static const struct option_spec *const style_tables[] = {style_options, NULL};
static const struct option_spec *const queue_tables[] = {queue_options, style_options, NULL};
static const struct option_spec *const change_tables[] = {change_options, NULL};

static const struct command commands[] = {
    {
        .name = "send",
        .operands = "",
        .summary = "send messages for records that the alert rules select: fills, refusals, alerts, stale sources",
        .options = send_tables,
        .operands_low = 0,
        .operands_high = 0,
        .example = "tn-order positions -O json | tn-notify send",
        .filter = true,
        .run = notify_send,
    },
    {
        .name = "journal",
        .operands = "",
        .summary = "the same for events added to the journal since the last run",
        .options = journal_tables,
        .operands_low = 0,
        .operands_high = 0,
        .example = "tn-notify journal",
        .filter = false,
        .run = notify_journal,
    },
    {
        .name = "deliver",
        .operands = "",
        .summary = "deliver the messages in the queue",
        .options = deliver_tables,
        .operands_low = 0,
        .operands_high = 0,
        .example = "tn-notify deliver --every 5",
        .filter = false,
        .run = notify_deliver,
    },
    {
        .name = "test",
        .operands = "CHANNEL…",
        .summary = "send a test message to channels at once",
        .options = no_tables,
        .operands_low = 1,
        .operands_high = -1,
        .example = "tn-notify test phone",
        .filter = false,
        .run = notify_test,
    },
    {
        .name = "channels",
        .operands = "",
        .summary = "list the configured channels",
        .options = style_tables,
        .operands_low = 0,
        .operands_high = 0,
        .example = "tn-notify channels",
        .filter = false,
        .run = notify_channels,
    },
    {
        .name = "rules",
        .operands = "",
        .summary = "print the alert rules in force, as sections of the configuration",
        .options = no_tables,
        .operands_low = 0,
        .operands_high = 0,
        .example = "tn-notify rules",
        .filter = false,
        .run = notify_rules,
    },
    {
        .name = "queue",
        .operands = "",
        .summary = "list messages that wait, have failed, or are critical and not acknowledged",
        .options = queue_tables,
        .operands_low = 0,
        .operands_high = 0,
        .example = "tn-notify queue --all",
        .filter = false,
        .run = notify_queue,
    },
    {
        .name = "acknowledge",
        .operands = "[ID…]",
        .summary = "acknowledge critical messages, which stops their escalation",
        .options = change_tables,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-notify acknowledge --all",
        .filter = false,
        .run = notify_acknowledge,
    },
    {
        .name = "again",
        .operands = "[ID…]",
        .summary = "try failed messages again",
        .options = change_tables,
        .operands_low = 0,
        .operands_high = -1,
        .example = "tn-notify again 12",
        .filter = false,
        .run = notify_again,
    },
    {
        .name = "file",
        .operands = "CHANNEL FILE…",
        .summary = "mail files, such as a report, at once",
        .options = file_tables,
        .operands_low = 2,
        .operands_high = -1,
        .example = "tn-notify file post friday.html --title 'the week'",
        .filter = false,
        .run = notify_file,
    },
    {
        .name = "bot",
        .operands = "[NAME]",
        .summary = "answer questions by messenger: status, positions, P&L, risk, why, chart; halt with a code",
        .options = no_tables,
        .operands_low = 0,
        .operands_high = 1,
        .example = "tn-notify bot -v",
        .filter = false,
        .run = notify_bot,
    },
};

static const struct program program = {
    .name = "tn-notify",
    .summary = "send alerts by mail, phone, desktop or any command",
    .commands = commands,
    .count = sizeof commands / sizeof *commands,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
