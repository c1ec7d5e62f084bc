/* tn-quote bars and tn-quote actions: everything the merged feed delivers, written as records. */
#include "tn-quote/commands.h"

/* A line for --where: as a filter after us would see it. */
struct question {
    struct record record;
    struct buf line, scratch;
};

/* 1: the record is wanted and in question->line; 0: it is not. */
static int ask(struct question *question, const struct setup *setup, enum record_type type, const void *value,
               struct error *error)
{
    buf_reset(&question->line);
    record_encode(&question->line, type, value);
    if (buf_check(&question->line, error) < 0 ||
        record_scan(&question->record, question->line.p, question->line.n - 1, error) < 0)
        return -1;
    return expr_test(setup->where, &question->record, error);
}

/* A bar with what the sources that were compared say of its close. */
static int write_compared(struct setup *setup, struct question *question, const struct feed_item *item,
                          struct error *error)
{
    struct buf *line = &question->line;
    buf_reset(line);
    record_encode(line, RECORD_BAR, &item->bar);
    if (buf_check(line, error) < 0)
        return -1;
    require(line->n > 2 && line->p[line->n - 2] == '}');
    line->n -= 2;
    buf_printf(line, ",\"deltas\":%s}\n", item->deltas);
    if (buf_check(line, error) < 0)
        return -1;
    if (setup->where != NULL) {
        if (record_scan(&question->record, line->p, line->n - 1, error) < 0)
            return -1;
        const int wanted = expr_test(setup->where, &question->record, error);
        if (wanted != 1)
            return wanted == 0 ? 0 : error->code == EXIT_INPUT ? flow_bad(setup->flow, error) : -1;
    }
    return flow_write_line(setup->flow, RECORD_BAR, buf_str(line), error);
}

static int write_item(struct setup *setup, struct question *question, const struct feed_item *item, struct error *error)
{
    if (item->type == RECORD_BAR && item->deltas != NULL)
        return write_compared(setup, question, item, error);
    const void *value = item->type == RECORD_BAR       ? (const void *)&item->bar
                        : item->type == RECORD_ANOMALY ? (const void *)&item->anomaly
                        : item->type == RECORD_GAP     ? (const void *)&item->gap
                                                       : &item->action;
    /* Prices cannot be read without the actions between them. */
    if (setup->where == NULL || item->type == RECORD_ANOMALY || item->type == RECORD_GAP ||
        (item->type == RECORD_ACTION && !setup->merged_feed.only_actions))
        return flow_write(setup->flow, item->type, value, error);
    const int wanted = ask(question, setup, item->type, value, error);
    if (wanted < 0)
        return error->code == EXIT_INPUT ? flow_bad(setup->flow, error) : -1;
    return wanted == 0 ? 0 : flow_write_line(setup->flow, item->type, buf_str(&question->line), error);
}

static int write_all(struct setup *setup, struct error *error)
{
    const struct feed_item *item;
    struct question question = {.record = {.scratch = &question.scratch}};
    struct merged_feed *merged_feed = merged_feed_open(&setup->merged_feed, error);
    if (merged_feed == NULL)
        return -1;
    buf_init(&question.line, RECORD_LINE_MAX + 1);
    buf_init(&question.scratch, RECORD_LINE_MAX);
    int got;
    while ((got = merged_feed_next(merged_feed, &item, error)) == 1)
        if ((got = write_item(setup, &question, item, error)) < 0)
            break;
    buf_clear(&question.line);
    buf_clear(&question.scratch);
    merged_feed_close(merged_feed);
    return got;
}

static enum exit_code deliver(struct setup *setup, struct error *error)
{
    if (setup_read(setup, error) < 0 || write_all(setup, error) < 0)
        flow_failed(setup->flow, invocation_program(setup->invocation), error->code, error->text);
    const enum exit_code code = flow_close(setup->flow, error);
    setup_close(setup);
    return code;
}

static int parse_interval(struct interval *interval, const struct invocation *invocation, struct error *error)
{
    const char *text = option_text(invocation, "interval", "1d");
    if (interval_parse(interval, text, strlen(text), error) < 0) {
        error_recode(error, EXIT_USAGE);
        return -1;
    }
    if (interval_is_counted(*interval)) {
        (void)error_set(error, EXIT_USAGE, "%s bars are built from trades", text);
        error_hint(error, "tn-stream replay --bars %s builds them", text);
        return -1;
    }
    return 0;
}

static enum adjusted wanted_basis(const char *word)
{
    for (int basis = ADJUSTED_RAW; basis <= ADJUSTED_DIVIDEND; basis++)
        if (strcmp(word, adjusted_text((enum adjusted)basis)) == 0)
            return (enum adjusted)basis;
    return ADJUSTED_NONE;
}

int quote_setup(struct setup *setup, const struct invocation *invocation, bool silent, struct error *error)
{
    struct interval interval;
    if (parse_interval(&interval, invocation, error) < 0 || setup_open_as(setup, invocation, silent, error) < 0)
        return -1;
    setup->request.interval = interval;
    setup->request.last = option_count(invocation, "last", 0);
    setup->request.extended = option_flag(invocation, "extended");
    setup->request.wanted = wanted_basis(option_text(invocation, "adjust", ""));
    for (size_t i = 0; i < setup->agree.count; i++) {
        struct feed_request *request = &setup->agree.source[i].request;
        request->interval = interval;
        request->last = setup->request.last;
        request->extended = setup->request.extended;
    }
    return 0;
}

enum exit_code quote_bars(struct invocation *invocation, struct error *error)
{
    struct setup setup;
    return quote_setup(&setup, invocation, false, error) < 0 ? error->code : deliver(&setup, error);
}

enum exit_code quote_actions(struct invocation *invocation, struct error *error)
{
    struct setup setup;
    if (setup_open(&setup, invocation, error) < 0)
        return error->code;
    setup.merged_feed.only_actions = true;
    return deliver(&setup, error);
}
