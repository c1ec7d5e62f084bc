/* Several sources as one feed. */
#include "feed/agree.h"

#include "base/arena.h"
#include "base/list.h"
#include "base/num.h"
#include "record/record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define TEXTS_MAX (256u << 20)

struct agree_feed {
    const struct feed_request *request;
    struct agree_sources *sources;
    struct names symbols;
    struct gathered part[AGREE_PARTS]; /* what each source gave */
    struct arena texts;
};

/* What comes out of a symbol, in order. */
struct feed_stream {
    struct feed_item *item;
    size_t count, capacity, next;
};

/* What a source gave of a symbol; NULL: it said nothing of it. */
static struct gathered_series *series_of(struct agree_feed *feed, size_t symbol, size_t source)
{
    const int64_t index = names_find(&feed->part[source].symbols, str_of(feed->symbols.name[symbol]));
    return index < 0 ? NULL : &feed->part[source].series[index];
}

static void agree_close(void *opened)
{
    struct agree_feed *feed = opened;
    for (size_t i = 0; i < AGREE_PARTS; i++)
        gathered_clear(&feed->part[i]);
    names_clear(&feed->symbols);
    arena_clear(&feed->texts);
    free(feed);
}

static int agree_open(void **opened, const struct feed_request *request, struct error *error)
{
    struct agree_feed *feed = calloc(1, sizeof *feed);
    if (feed == NULL)
        return error_memory(error);
    feed->request = request;
    feed->sources = request->agree;
    names_init(&feed->symbols);
    for (size_t i = 0; i < AGREE_PARTS; i++)
        gathered_init(&feed->part[i]);
    arena_init(&feed->texts, TEXTS_MAX);
    *opened = feed;
    return 0;
}

static int agree_symbols(void *opened, struct names *symbols, struct error *error)
{
    (void)opened;
    (void)symbols;
    return error_set(error, EXIT_USAGE, "which symbols? to compare sources, name them");
}

/* ---- reading ---- */

static int tell_status(const struct agree_feed *feed, const char *source, enum stream_state state, const char *symbol,
                       const char *message, struct error *error)
{
    struct status status;
    record_blank(RECORD_STATUS, &status);
    status.time = feed->request->now;
    status.state = state;
    (void)snprintf(status.source, sizeof status.source, "%s", source);
    (void)snprintf(status.symbol, sizeof status.symbol, "%s", symbol);
    (void)snprintf(status.message, sizeof status.message, "%s", message);
    return feed->sources->status(feed->sources->context, &status, error);
}

/* A source that cannot be had at all fails for every symbol; the others go on. */
static int source_failed(struct agree_feed *feed, size_t source, struct error *error)
{
    const struct agree_source *failed = &feed->sources->source[source];
    return tell_status(feed, failed->name, STREAM_STATE_DOWN, "", failed->failure.text, error);
}

static int read_source(struct agree_feed *feed, size_t at, struct names *symbols, struct error *error)
{
    struct agree_source *source = &feed->sources->source[at];
    if (!error_is_set(&source->failure) &&
        gather(&feed->part[at], source->feed, &source->request, symbols, source->actions, &source->failure) < 0 &&
        source->failure.code == EXIT_SYSTEM) {
        *error = source->failure;
        return -1;
    }
    if (error_is_set(&source->failure))
        return source_failed(feed, at, error);
    /* One that has nothing of any symbol is down as a whole, whatever the reason. */
    size_t failed = 0;
    for (size_t i = 0; i < feed->symbols.count; i++) {
        const struct gathered_series *series = series_of(feed, i, at);
        failed += series == NULL || error_is_set(&series->failure) ? 1 : 0;
    }
    if (failed < feed->symbols.count || failed < 2)
        return 0;
    const struct gathered_series *first = series_of(feed, 0, at);
    if (first != NULL)
        source->failure = first->failure;
    return source_failed(feed, at, error);
}

static int agree_prepare(void *opened, const struct names *symbols, struct error *error)
{
    struct agree_feed *feed = opened;
    struct names copy;
    for (size_t i = 0; i < symbols->count; i++)
        if (feed_symbol_is_valid(str_of(symbols->name[i])) &&
            names_add(&feed->symbols, str_of(symbols->name[i]), error) < 0)
            return -1;
    for (size_t at = 0; at < feed->sources->count; at++) {
        int result = 0;
        names_init(&copy);
        for (size_t i = 0; i < feed->symbols.count && result == 0; i++)
            result = names_add(&copy, str_of(feed->symbols.name[i]), error) < 0 ? -1 : 0;
        if (result == 0 && copy.count > 0)
            result = read_source(feed, at, &copy, error);
        names_clear(&copy);
        if (result < 0)
            return -1;
    }
    return 0;
}

/* ---- what comes out ---- */

/* "alpaca:iex" where the user said alpaca; what the user said where that is a name of the configuration. */
static const char *bar_source(const struct agree_feed *feed, size_t source, const struct bar *bar)
{
    const char *name = feed->sources->source[source].name;
    return strncmp(bar->source, name, strlen(name)) == 0 ? bar->source : name;
}

static struct feed_item *add_item(struct feed_stream *stream, enum record_type type, struct error *error)
{
    if (list_grow(&stream->item, &stream->capacity, stream->count, sizeof *stream->item, error) != 0)
        return NULL;
    struct feed_item *item = &stream->item[stream->count++];
    *item = (struct feed_item){.type = type};
    return item;
}

/* {"alpaca:iex":0,"yahoo":0.00012}, to a millionth. */
static char *deltas_text(struct agree_feed *feed, const struct agreed *row, struct error *error)
{
    struct buf text;
    buf_init(&text, 4096);
    buf_add_char(&text, '{');
    for (size_t p = 0; p < feed->sources->count; p++) {
        if (isnan(row->delta[p]))
            continue;
        if (text.n > 1)
            buf_add_char(&text, ',');
        json_add_string(&text, str_of(feed->sources->source[p].name));
        buf_add_char(&text, ':');
        json_add_double(&text, round(row->delta[p] * 1e6) / 1e6 + 0.0);
    }
    buf_add_char(&text, '}');
    char *kept = buf_check(&text, error) < 0 ? NULL : arena_text(&feed->texts, buf_str(&text), error);
    buf_clear(&text);
    return kept;
}

static void describe(char message[static MESSAGE_SIZE], const struct agree_feed *feed, const struct agreed *row,
                     size_t part, const char *date)
{
    const char *name = feed->sources->source[part].name;
    switch (row->how) {
    case AGREED_WITHHELD:
        if (isnan(row->consensus))
            (void)snprintf(message, MESSAGE_SIZE, "%s of %s is left out: nobody else has a close to compare", date,
                           name);
        else if (row->outlier[part])
            (void)snprintf(message, MESSAGE_SIZE, "%s of %s is left out: its close is %+.2f %% from the others'", date,
                           name, row->delta[part] * 100);
        else
            (void)snprintf(message, MESSAGE_SIZE, "%s is left out: the sources' closes do not agree", date);
        break;
    case AGREED_FILLED:
        (void)snprintf(message, MESSAGE_SIZE, "%s has no bar of %s: it is that of %s", name, date,
                       feed->sources->source[row->part].name);
        break;
    default:
        (void)snprintf(message, MESSAGE_SIZE, "%s's close of %s is %+.2f %% from the others'", name, date,
                       row->delta[part] * 100);
    }
}

static int add_anomaly(struct agree_feed *feed, struct feed_stream *stream, const struct agreed *row, size_t part,
                       const struct bar *shown, struct error *error)
{
    struct feed_item *item = add_item(stream, RECORD_ANOMALY, error);
    char date[TIME_TEXT_MAX];
    if (item == NULL)
        return -1;
    record_blank(RECORD_ANOMALY, &item->anomaly);
    struct anomaly *anomaly = &item->anomaly;
    item->begins = row->bar->time;
    anomaly->time = row->bar->end;
    anomaly->check = row->how == AGREED_FILLED ? ANOMALY_GAP : ANOMALY_DISAGREE;
    memcpy(anomaly->symbol, row->bar->symbol, sizeof anomaly->symbol);
    if (shown != NULL)
        anomaly->observed = shown->close;
    /* On the basis of the chosen source; of another part it would not be comparable. */
    if (!isnan(row->consensus) &&
        dec_from_double(&anomaly->expected, round(row->consensus * 1e4) / 1e4, ROUND_HALF_EVEN) < 0)
        anomaly->expected = DEC_NONE;
    const char *sources = deltas_text(feed, row, error);
    if (sources == NULL)
        return -1;
    anomaly->deltas = str_of(sources);
    (void)date_format(date, date_from_days(row->bar->session != TIME_NONE
                                               ? row->bar->session
                                               : calendar_date(feed->request->calendar, row->bar->time)));
    describe(anomaly->message, feed, row, part, date);
    return 0;
}

static int add_row(struct agree_feed *feed, struct feed_stream *stream, const struct agreement *agreement,
                   const struct agreed *row, struct error *error)
{
    const size_t chosen = agreement->chosen;
    if (row->how != AGREED_YES && add_anomaly(feed, stream, row, chosen, row->refused, error) < 0)
        return -1;
    for (size_t p = 0; p < feed->sources->count; p++)
        if (p != chosen && row->outlier[p] && !agree_is_unfit(&agreement->score[p]) &&
            add_anomaly(feed, stream, row, p, NULL, error) < 0)
            return -1;
    if (row->how == AGREED_WITHHELD)
        return 0;
    struct feed_item *item = add_item(stream, RECORD_BAR, error);
    if (item == NULL)
        return -1;
    item->bar = *row->bar;
    (void)snprintf(item->bar.source, sizeof item->bar.source, "%s", bar_source(feed, row->part, row->bar));
    if (isnan(row->consensus))
        return 0;
    item->deltas = deltas_text(feed, row, error);
    return item->deltas == NULL ? -1 : 0;
}

/* The actions of the chosen source among its bars, by the time they became known. */
static int add_all(struct agree_feed *feed, struct feed_stream *stream, size_t symbol,
                   const struct agreement *agreement, struct error *error)
{
    struct gathered_series *chosen = series_of(feed, symbol, agreement->chosen);
    require(chosen != NULL);
    struct action_set *actions = &chosen->actions;
    size_t next = 0;
    for (size_t i = 0; i <= agreement->rows; i++) {
        while (next < actions->count &&
               (i == agreement->rows || action_set_get(actions, next)->time <= agreement->row[i].bar->time)) {
            struct feed_item *item = add_item(stream, RECORD_ACTION, error);
            if (item == NULL)
                return -1;
            item->action = *action_set_get(actions, next++);
        }
        if (i < agreement->rows && add_row(feed, stream, agreement, &agreement->row[i], error) < 0)
            return -1;
    }
    return 0;
}

/* Say which sources were passed over, and count. */
static int tally(struct agree_feed *feed, size_t symbol, const struct agreement *agreement, struct error *error)
{
    const char *name = feed->symbols.name[symbol];
    char message[MESSAGE_SIZE];
    for (size_t p = 0; p < feed->sources->count; p++) {
        struct agree_tally *its = &feed->sources->tally[p];
        const struct agree_score *score = &agreement->score[p];
        const struct gathered_series *series = series_of(feed, symbol, p);
        const size_t count = series == NULL ? 0 : series->count;
        const struct agree_source *source = &feed->sources->source[p];
        const bool unfit = agree_is_unfit(score);
        its->symbols++;
        its->failed += count == 0;
        its->compared += score->compared;
        its->outliers += score->outliers;
        its->missing += score->missing;
        its->unfit += unfit;
        its->behind += score->behind > 0 && count > 0;
        if (unfit) {
            (void)snprintf(message, sizeof message, "%zu of %zu closes are more than %g %% from the others'",
                           score->outliers, score->compared, feed->sources->tolerance * 100);
            if (tell_status(feed, source->name, STREAM_STATE_DOWN, name, message, error) < 0)
                return -1;
        } else if (count == 0 && !error_is_set(&source->failure)) {
            if (tell_status(feed, source->name, STREAM_STATE_DOWN, name,
                            series == NULL ? "it says nothing of it" : series->failure.text, error) < 0)
                return -1;
        } else if (score->behind > 0 && count > 0) {
            (void)snprintf(message, sizeof message, "it lacks the last %zu %s that others have", score->behind,
                           score->behind == 1 ? "bar" : "bars");
            if (tell_status(feed, source->name, STREAM_STATE_STALE, name, message, error) < 0)
                return -1;
        }
    }
    return 0;
}

/* Can what was compared be used? */
static int check_agreement(const struct agree_feed *feed, const struct agreement *agreement, size_t having,
                           const struct error *failure, struct error *error)
{
    if (having == 0 && error_is_set(failure))
        *error = *failure;
    else if (having == 0)
        (void)error_set(error, EXIT_UNAVAILABLE, "no source has it");
    else if (having == 1)
        (void)error_set(error, EXIT_UNAVAILABLE, "only one of %zu sources has it", feed->sources->count);
    else if (agreement->chosen == AGREE_PARTS ||
             (agreement->doubtful > 1 && agreement->doubtful * 20 > agreement->rows))
        (void)error_set(error, EXIT_UNAVAILABLE, "the sources do not agree within %g %%: %zu of %zu closes",
                        feed->sources->tolerance * 100, agreement->doubtful, agreement->rows);
    if (!error_is_set(error))
        return 0;
    error_hint(error, "name one of them with -s to get its bars");
    return -1;
}

static int fill(struct agree_feed *feed, struct feed_stream *stream, size_t symbol, struct error *error)
{
    struct agree_part part[AGREE_PARTS] = {{.bars = 0}};
    const struct action **list[AGREE_PARTS] = {NULL};
    struct agreement agreement = {.row = NULL};
    const size_t count = feed->sources->count;
    const struct gathered_series *first = series_of(feed, symbol, 0);
    const struct error *failure = first == NULL || error_is_set(&feed->sources->source[0].failure)
                                      ? &feed->sources->source[0].failure
                                      : &first->failure;
    size_t having = 0;
    int result = 0;
    for (size_t p = 0; p < count && result == 0; p++) {
        struct gathered_series *series = series_of(feed, symbol, p);
        if (series == NULL || series->count == 0)
            continue;
        having++;
        list[p] = calloc(series->actions.count + 1, sizeof **list);
        if (list[p] == NULL) {
            result = error_memory(error);
            break;
        }
        for (size_t k = 0; k < series->actions.count; k++)
            list[p][k] = action_set_get(&series->actions, k);
        part[p] = (struct agree_part){
            .adjusted = series->bar[0].adjusted == ADJUSTED_NONE ? ADJUSTED_RAW : series->bar[0].adjusted,
            .bar = series->bar,
            .bars = series->count,
            .action = list[p],
            .actions = series->actions.count,
            .knows_actions = feed->sources->source[p].knows_actions,
        };
    }
    if (result == 0)
        result = agree(&agreement, part, count, feed->sources->tolerance, error);
    if (result == 0)
        result = tally(feed, symbol, &agreement, error);
    if (result == 0)
        result = check_agreement(feed, &agreement, having, failure, error);
    if (result == 0)
        result = add_all(feed, stream, symbol, &agreement, error);
    agreement_clear(&agreement);
    for (size_t p = 0; p < count; p++)
        free(list[p]);
    return result;
}

static void agree_stop(struct feed_stream *stream)
{
    free(stream->item);
    free(stream);
}

static struct feed_stream *agree_start(void *opened, const char *symbol, struct error *error)
{
    struct agree_feed *feed = opened;
    const int64_t index = names_find(&feed->symbols, str_of(symbol));
    struct feed_stream *stream = calloc(1, sizeof *stream);
    require(index >= 0);
    if (stream == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    if (fill(feed, stream, (size_t)index, error) == 0)
        return stream;
    agree_stop(stream);
    return NULL;
}

static int agree_next(struct feed_stream *stream, struct feed_item *item, struct error *error)
{
    (void)error;
    if (stream->next == stream->count)
        return 0;
    *item = stream->item[stream->next++];
    return 1;
}

const struct feed feed_agree = {
    .name = "agree",
    .summary = "several sources, compared",
    .open = agree_open,
    .close = agree_close,
    .symbols = agree_symbols,
    .prepare = agree_prepare,
    .start = agree_start,
    .next = agree_next,
    .stop = agree_stop,
};
