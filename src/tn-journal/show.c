/* tn-journal show and why: events as a table for people, as the records they are for programs. */
#include "tn-journal/commands.h"

#include "journal/history.h"
#include "journal/summary.h"
#include "record/flow.h"
#include "record/schema.h"
#include "show/table.h"

#include <stdio.h>

static const struct column show_columns[] = {
    {.key = "seq", .kind = COLUMN_COUNT},
    {.key = "time", .kind = COLUMN_TIME},
    {.key = "account", .kind = COLUMN_TEXT, .rank = 8},
    {.key = "mode", .kind = COLUMN_TEXT, .rank = 9},
    {.key = "type", .kind = COLUMN_TEXT},
    {.key = "symbol", .kind = COLUMN_TEXT},
    {.key = "id", .kind = COLUMN_TEXT, .rank = 7},
    {.key = "text", .title = "what", .kind = COLUMN_TEXT, .fold = true},
    {.key = "recorded", .kind = COLUMN_TIME, .data_only = true},
};

static const struct column why_columns[] = {
    {.key = "time", .kind = COLUMN_TIME},
    {.key = "type", .kind = COLUMN_TEXT},
    {.key = "symbol", .kind = COLUMN_TEXT},
    {.key = "id", .kind = COLUMN_TEXT},
    {.key = "text", .title = "what", .kind = COLUMN_TEXT, .fold = true},
    {.key = "depth", .kind = COLUMN_COUNT, .data_only = true},
};

struct listing {
    struct style style;
    struct table *table;
    struct flow *flow; /* instead of the table, for -O json */
    struct summary summary;
    struct buf text;
};

static void listing_close(struct listing *listing)
{
    table_free(listing->table);
    summary_clear(&listing->summary);
    buf_clear(&listing->text);
    style_clear(&listing->style);
}

static int listing_open(struct listing *listing, const struct invocation *invocation, const struct column *columns,
                        int count, struct error *error)
{
    *listing = (struct listing){0};
    if (style_init(&listing->style, invocation, NULL, error) != 0)
        return -1;
    summary_init(&listing->summary);
    buf_init(&listing->text, RECORD_LINE_MAX + 1);
    if (listing->style.format == FORMAT_JSON) {
        const struct flow_options options = {
            .program = invocation_program(invocation), .invocation = invocation, .producer = true};
        listing->flow = flow_open(&options, error);
    } else {
        listing->table = table_new(NULL, columns, count, error);
    }
    if (listing->flow != NULL || listing->table != NULL)
        return 0;
    listing_close(listing);
    return -1;
}

/* The end of the listing: what was gathered goes out; the exit code. */
static enum exit_code listing_end(struct listing *listing, bool found, struct error *error)
{
    enum exit_code code = EXIT_DONE;
    if (listing->flow != NULL) {
        if (error_is_set(error))
            flow_failed(listing->flow, "journal", error->code, error->text);
        code = flow_close(listing->flow, error);
    } else if (!error_is_set(error) && found) {
        (void)table_show(listing->table, &listing->style, error);
    }
    listing_close(listing);
    return exit_worst(code, error->code);
}

static int write_record(struct listing *listing, const struct event *event, struct error *error)
{
    buf_reset(&listing->text);
    buf_add_str(&listing->text, event->record);
    buf_add_char(&listing->text, '\n');
    if (buf_check(&listing->text, error) != 0)
        return -1;
    return flow_write_line(listing->flow, schema_type(event->type), buf_str(&listing->text), error);
}

static const char *mode_word(enum mode mode)
{
    return mode == MODE_LIVE ? "LIVE" : mode_text(mode);
}

static int show_event(void *context, const struct event *event, int depth, struct error *error)
{
    struct listing *listing = context;
    struct summary *summary = &listing->summary;
    (void)depth;
    if (listing->flow != NULL)
        return write_record(listing, event, error);
    if (summary_of(summary, event->record, error) != 0)
        return -1;
    table_count(listing->table, event->seq);
    table_time(listing->table, summary->time);
    table_str(listing->table, event->account);
    table_text(listing->table, mode_word(event->mode));
    table_str(listing->table, event->type);
    table_text(listing->table, summary->symbol);
    table_text(listing->table, summary->id);
    table_str(listing->table, buf_str(&summary->text));
    table_time(listing->table, event->recorded);
    return 0;
}

enum exit_code journal_show(struct invocation *invocation, struct error *error)
{
    struct home home;
    struct listing listing;
    const struct history_filter filter = {
        .type = option_text(invocation, "type", NULL),
        .account = option_text(invocation, "account", NULL),
        .since = option_time(invocation, "since", TIME_NONE),
        .until = option_time(invocation, "until", TIME_NONE),
        .count = option_count(invocation, "last", 0),
    };
    if (filter.type != NULL && !event_kind(schema_type(str_of(filter.type)))) {
        error_set(error, EXIT_USAGE, "'%s' is not a type of event", filter.type);
        error_hint(error, "order order_update fill cash action instrument note adjustment mark equity halt alert "
                          "refusal cancel replace signal");
        return EXIT_USAGE;
    }
    if (home_open(&home, JOURNAL_READ, error) != 0)
        return error->code;
    enum exit_code code = EXIT_DONE;
    if (listing_open(&listing, invocation, show_columns, sizeof show_columns / sizeof *show_columns, error) == 0) {
        const int64_t shown = journal_history(home.journal, &filter, show_event, &listing, error);
        code = listing_end(&listing, shown > 0, error);
        if (shown == 0 && !error_is_set(error)) {
            error_set(error, EXIT_NO, "the journal has no such event");
            if (filter.account != NULL)
                error_hint(error, "tn-order accounts lists the accounts");
        }
    }
    home_close(&home);
    return exit_worst(code, error->code);
}

static int why_event(void *context, const struct event *event, int depth, struct error *error)
{
    struct listing *listing = context;
    struct summary *summary = &listing->summary;
    if (listing->flow != NULL) /* what stands inside a record goes with it */
        return event->seq > 0 ? write_record(listing, event, error) : 0;
    if ((event->seq > 0 ? summary_of(summary, event->record, error) : summary_of_part(summary, event, error)) != 0)
        return -1;
    buf_reset(&listing->text);
    buf_printf(&listing->text, "%*s" STR_FMT, 2 * depth, "", STR_ARG(event->type));
    if (buf_check(&listing->text, error) != 0)
        return -1;
    table_time(listing->table, summary->time);
    table_str(listing->table, buf_str(&listing->text));
    table_text(listing->table, summary->symbol);
    table_text(listing->table, summary->id);
    table_str(listing->table, buf_str(&summary->text));
    table_count(listing->table, depth);
    return 0;
}

enum exit_code journal_tell_why(struct invocation *invocation, struct error *error)
{
    struct home home;
    struct listing listing;
    const char *id = invocation_operand_list(invocation)[0];
    if (home_open(&home, JOURNAL_READ, error) != 0)
        return error->code;
    enum exit_code code = EXIT_DONE;
    if (listing_open(&listing, invocation, why_columns, sizeof why_columns / sizeof *why_columns, error) == 0) {
        char latest[ID_SIZE];
        int found = journal_why(home.journal, id, why_event, &listing, error);
        if (found == 0 && (found = journal_latest_entry(home.journal, NULL, id, latest, error)) >= 0) {
            const int entered = found == 1 ? journal_why(home.journal, latest, why_event, &listing, error) : 0;
            found = entered < 0 ? -1 : journal_why_not(home.journal, id, why_event, &listing, error);
            found = found == 0 ? entered : found;
        }
        if (found == 0) {
            error_set(
                error, EXIT_NO,
                "the journal has no order, fill or signal with the id '%s', and no order or refusal in such a symbol",
                id);
            error_hint(error, "tn-journal show lists the events");
        }
        code = listing_end(&listing, found == 1, error);
    }
    home_close(&home);
    return exit_worst(code, error->code);
}
