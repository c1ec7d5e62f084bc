/* tn-quote check: does an adapter keep what tn-adapters(5) asks? The same questions for every one of them. */
#include "tn-quote/commands.h"

#include "base/list.h"
#include "tn-quote/listing.h"

#include <stdio.h>
#include <stdlib.h>

#define BARS 20

static const char *const keys[] = {"check", "result", "detail", NULL};

/* What one question brought. */
struct catch
{
    struct bar *bar;
    size_t bars, capacity, records;
    struct error bad, failure; /* the first of each */
};

struct checking {
    struct setup *setup;
    struct listing *list;
    const char *symbol;
    struct fetch_query query;
    bool failed;
};

static void catch_clear(struct catch *catch)
{
    free(catch->bar);
    *catch = (struct catch){.bars = 0};
}

static int on_record(void *context, const struct record *record, struct error *error)
{
    struct catch *catch = context;
    catch->records++;
    if (record->type != RECORD_BAR)
        return 0;
    if (list_grow(&catch->bar, &catch->capacity, catch->bars, sizeof *catch->bar, error) != 0)
        return -1;
    if (record_decode(record, &catch->bar[catch->bars], error) == 0) {
        catch->bars++;
        return 0;
    }
    if (error->code != EXIT_INPUT)
        return -1;
    if (!error_is_set(&catch->bad))
        catch->bad = *error;
    error_clear(error);
    return 0;
}

static int on_failed(void *context, const char *const *symbol, size_t symbols, const struct error *failure,
                     struct error *error)
{
    struct catch *catch = context;
    (void)symbol;
    (void)symbols;
    (void)error;
    if (!error_is_set(&catch->failure))
        catch->failure = *failure;
    return 0;
}

static int on_bad(void *context, struct error *error)
{
    struct catch *catch = context;
    if (!error_is_set(&catch->bad))
        catch->bad = *error;
    error_clear(error);
    return 0;
}

static int fetch(struct checking *checking, const struct fetch_query *query, struct catch *catch, struct error *error)
{
    const struct fetch_sink sink = {.record = on_record, .failed = on_failed, .bad = on_bad, .context = catch};
    *catch = (struct catch){.bars = 0};
    return fetch_all(checking->setup->rest.adapter, checking->setup->rest.http, query, &sink, error);
}

__attribute__((format(printf, 4, 5))) static void report(struct checking *checking, const char *name, bool passed,
                                                         const char *format, ...)
{
    char detail[400];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    listing_cell(checking->list, name);
    listing_cell(checking->list, passed ? "pass" : "fail");
    listing_cell(checking->list, detail);
    checking->failed |= !passed;
}

/* Nothing failed and nothing was senseless; else the reason is reported. */
static bool is_clean(struct checking *checking, const char *name, const struct catch *catch)
{
    const struct error *why = error_is_set(&catch->failure) ? &catch->failure : &catch->bad;
    if (!error_is_set(why))
        return true;
    report(checking, name, false, "%s", why->text);
    return false;
}

/* ---- bars ---- */

/* The date or moment by which a bar is told from others. */
static int64_t mark_of(const struct checking *checking, const struct bar *bar)
{
    if (!interval_is_daily(bar->interval))
        return bar->time;
    return bar->session == TIME_NONE ? calendar_date(&checking->setup->calendar, bar->time) : bar->session;
}

static void check_order(struct checking *checking, const struct catch *catch)
{
    size_t turns = 0;
    for (size_t i = 1; i < catch->bars; i++)
        turns += mark_of(checking, &catch->bar[i]) <= mark_of(checking, &catch->bar[i - 1]);
    /* Newest first, or pages from the newest on, are put in order; the same bar twice is told by its volume. */
    report(checking, "order", true, turns == 0 ? "oldest first" : "not oldest first: put in order (%zu)", turns);
}

static void check_range(struct checking *checking, const struct catch *catch)
{
    const struct calendar *calendar = &checking->setup->calendar;
    const struct fetch_query *query = &checking->query;
    size_t outside = 0;
    for (size_t i = 0; i < catch->bars; i++) {
        const struct bar *bar = &catch->bar[i];
        const bool daily = interval_is_daily(bar->interval);
        const int64_t mark = mark_of(checking, bar);
        outside += daily ? mark < calendar_date(calendar, query->from) || mark > calendar_date(calendar, query->to - 1)
                         : mark < query->from || mark >= query->to;
    }
    report(checking, "range", outside == 0, "%zu of %zu bars are outside of what was asked for", outside, catch->bars);
}

static void check_fresh(struct checking *checking, const struct catch *catch)
{
    char text[TIME_TEXT_MAX];
    int64_t newest = INT64_MIN;
    for (size_t i = 0; i < catch->bars; i++)
        if (catch->bar[i].time > newest)
            newest = catch->bar[i].time;
    (void)time_format(text, newest);
    report(checking, "fresh", checking->query.now - newest < 8 * TIME_DAY, "the newest bar is of %s", text);
}

static bool same_bar(const struct bar *a, const struct bar *b)
{
    return a->open == b->open && a->high == b->high && a->low == b->low && a->close == b->close;
}

/* Every bar of `part` is in `whole`, with the same prices. */
static size_t differing(const struct checking *checking, const struct catch *part, const struct catch *whole)
{
    size_t different = 0;
    for (size_t i = 0; i < part->bars; i++) {
        bool found = false;
        for (size_t k = 0; k < whole->bars && !found; k++)
            found = mark_of(checking, &part->bar[i]) == mark_of(checking, &whole->bar[k]) &&
                    same_bar(&part->bar[i], &whole->bar[k]);
        different += !found;
    }
    return different;
}

/* A part of the range is asked for again: history must not depend on how it is asked for. */
static int check_again(struct checking *checking, const struct catch *whole, struct error *error)
{
    struct fetch_query half = checking->query;
    struct catch again;
    half.from += (half.to - half.from) / 2;
    if (fetch(checking, &half, &again, error) < 0) {
        catch_clear(&again);
        return -1;
    }
    if (is_clean(checking, "again", &again)) {
        const size_t different = differing(checking, &again, whole);
        report(checking, "again", different == 0 && again.bars > 0,
               "%zu of %zu bars differ when a part is asked for again", different, again.bars);
    }
    catch_clear(&again);
    return 0;
}

static int check_unknown(struct checking *checking, struct error *error)
{
    static const char *const name[] = {"ZZZZZQQQ"};
    struct fetch_query query = checking->query;
    struct catch catch;
    query.symbol = name;
    query.symbols = 1;
    if (fetch(checking, &query, &catch, error) < 0) {
        catch_clear(&catch);
        return -1;
    }
    report(checking, "unknown", catch.bars == 0, "a symbol that does not exist: %s",
           error_is_set(&catch.failure) ? catch.failure.text
           : catch.bars == 0            ? "nothing"
                                        : "it has bars");
    catch_clear(&catch);
    return 0;
}

static int check_bars(struct checking *checking, struct error *error)
{
    struct setup *setup = checking->setup;
    struct catch whole;
    setup->request.last = BARS;
    setup->request.interval = setup->rest.adapter->interval[setup->rest.adapter->intervals - 1];
    if (rest_range(&setup->rest, &setup->request, &checking->query, error) < 0)
        return -1;
    checking->query.command = "bars";
    int result = fetch(checking, &checking->query, &whole, error);
    if (result == 0 && is_clean(checking, "bars", &whole)) {
        report(checking, "bars", whole.bars > 0, "%zu bars of %s", whole.bars, checking->symbol);
        if (whole.bars > 0) {
            check_order(checking, &whole);
            check_range(checking, &whole);
            check_fresh(checking, &whole);
            result = check_again(checking, &whole, error);
        }
    }
    if (result == 0)
        result = check_unknown(checking, error);
    catch_clear(&whole);
    return result;
}

/* ---- all of it ---- */

static int check_other(struct checking *checking, const char *command, struct error *error)
{
    struct fetch_query query = checking->query;
    struct catch catch;
    query.command = command;
    query.text = strcmp(command, "search") == 0 ? checking->symbol : "";
    query.interval = (struct interval){INTERVAL_NONE, 0};
    if (query.now == 0) {
        query.now = checking->setup->request.now;
        query.to = (query.now / TIME_SECOND + 1) * TIME_SECOND;
        query.from = query.to - 30 * TIME_DAY;
    }
    if (strcmp(command, "search") == 0)
        query.symbols = 0;
    const int result = fetch(checking, &query, &catch, error);
    if (result == 0 && is_clean(checking, command, &catch))
        report(checking, command, true, "%zu records", catch.records);
    catch_clear(&catch);
    return result;
}

static int check_all(struct checking *checking, struct error *error)
{
    const struct adapter *adapter = checking->setup->rest.adapter;
    report(checking, "describe", true, "%s at %s", adapter->title, adapter->origin);
    if (adapter_can(adapter, "bars") && check_bars(checking, error) < 0)
        return -1;
    for (int i = 0; i < adapter->commands; i++)
        if (strcmp(adapter->command[i], "bars") != 0 && check_other(checking, adapter->command[i], error) < 0)
            return -1;
    return 0;
}

enum exit_code quote_check(struct invocation *invocation, struct error *error)
{
    struct setup setup;
    char *const *operand = invocation_operand_list(invocation);
    const char *symbol[] = {operand[1]};
    if (setup_open_named(&setup, invocation, operand[0], error) < 0)
        return error->code;
    struct checking checking = {.setup = &setup, .symbol = operand[1]};
    checking.query = (struct fetch_query){
        .symbol = symbol, .symbols = 1, .feed = setup.rest.feed, .text = "", .calendar = &setup.calendar};
    if (setup.rest.adapter == NULL)
        (void)error_set(error, EXIT_USAGE, "%s is not a network source: there is nothing to check", operand[0]);
    else if ((checking.list = listing_open(keys, invocation, error)) != NULL && check_all(&checking, error) == 0)
        (void)listing_show(checking.list, error);
    listing_close(checking.list);
    setup_close(&setup);
    return error_is_set(error) ? error->code : checking.failed ? EXIT_NO : EXIT_DONE;
}
