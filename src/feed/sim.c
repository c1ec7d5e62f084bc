/* The feed "sim": the synthetic market by the exchange calendar. Days are stepped from the first one on, which costs
 * little; only the minutes of days that are wanted are made. A daily bar is exactly what its minutes add up to, and a
 * minute what its seconds do. */
#include "feed/actions.h"
#include "feed/sim_model.h"
#include "record/record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct sim_source {
    const struct feed_request *request;
    bool actions;
};

struct feed_stream {
    const struct sim_source *source;
    char name[SYMBOL_SIZE];
    struct sim_market market;
    struct sim_symbol symbol;
    struct session session; /* the day stepped to */
    int64_t from, until;    /* deliver days from this date on; stop before this moment */
    struct interval interval;
    bool u_shaped;
    struct action_set actions; /* of the day */
    size_t next_action;
    int next, count; /* bars of the day */
    struct sim_candle minute[SIM_MINUTES_MAX], second[SIM_SECONDS];
};

static int sim_open(void **opened, const struct feed_request *request, struct error *error)
{
    const bool actions = str_is(str_of(request->argument), "actions");
    if (request->argument[0] != '\0' && !actions)
        return error_set(error, EXIT_USAGE, "source sim has no feed '%s', only sim and sim:actions", request->argument);
    struct sim_source *source = malloc(sizeof *source);
    if (source == NULL)
        return error_memory(error);
    *source = (struct sim_source){request, actions};
    *opened = source;
    return 0;
}

static void sim_close(void *opened)
{
    free(opened);
}

static int sim_symbols(void *opened, struct names *symbols, struct error *error)
{
    (void)opened;
    (void)symbols;
    return error_set(error, EXIT_USAGE, "source sim has every symbol: name some");
}

/* How many sessions back the last `request->last` bars surely begin. */
static int64_t sessions_for(const struct feed_request *request)
{
    const int64_t count = request->interval.count, most = INT64_C(1000000);
    int64_t per_bar = 1, bars = request->last;
    switch (request->interval.unit) {
    case INTERVAL_MONTH:
        per_bar = 31;
        break;
    case INTERVAL_WEEK:
        per_bar = 7;
        break;
    case INTERVAL_DAY:
        break;
    default: { /* a shortened session of New York has 210 minutes */
        const int64_t length = interval_end(request->interval, 0);
        const int64_t bars_a_day = length > 0 && length < 210 * TIME_MINUTE ? 210 * TIME_MINUTE / length : 1;
        return bars / bars_a_day + 2;
    }
    }
    if (bars > most || count > most)
        return most;
    return bars * count * per_bar + 2 * count * per_bar;
}

/* The first date whose bars are wanted. */
static int64_t first_date(const struct feed_request *request, int64_t until)
{
    int64_t from = 0;
    if (request->from != TIME_NONE) /* bars of weeks and months begin before the sessions in them */
        from = calendar_date(request->calendar, request->from) - (interval_is_daily(request->interval) ? 1 : 0);
    if (request->last > 0) {
        /* In the longest case New York trades 4 of 7 days. */
        const int64_t back = calendar_date(request->calendar, until) - sessions_for(request) * 7 / 4 - 14;
        from = back > from ? back : from;
    }
    return from;
}

static void sim_stop(struct feed_stream *stream)
{
    if (stream == NULL)
        return;
    action_set_clear(&stream->actions);
    free(stream);
}

static struct feed_stream *sim_start(void *opened, const char *symbol, struct error *error)
{
    const struct sim_source *source = opened;
    const struct feed_request *request = source->request;
    struct feed_stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    stream->source = source;
    (void)snprintf(stream->name, sizeof stream->name, "%s", symbol);
    sim_market_init(&stream->market, request->seed);
    sim_symbol_init(&stream->symbol, request->seed, symbol);
    action_set_init(&stream->actions);
    stream->interval = interval_is_daily(request->interval)        ? (struct interval){INTERVAL_DAY, 1}
                       : request->interval.unit == INTERVAL_SECOND ? (struct interval){INTERVAL_SECOND, 1}
                                                                   : (struct interval){INTERVAL_MINUTE, 1};
    stream->u_shaped = !str_is(str_of(calendar_name(request->calendar)), "always");
    stream->until = request->to != TIME_NONE && request->to < request->now ? request->to : request->now;
    stream->from = first_date(request, stream->until);
    const int64_t known = calendar_first_date(request->calendar);
    stream->session.date = (request->begins > known ? request->begins : known) - 1;
    return stream;
}

static int add_actions(struct feed_stream *stream, struct error *error)
{
    const struct sim_symbol *symbol = &stream->symbol;
    struct action action;
    record_blank(RECORD_ACTION, &action);
    memcpy(action.symbol, stream->name, sizeof action.symbol);
    if (symbol->split_new > 0) {
        action.kind = ACTION_SPLIT;
        action.new_shares = symbol->split_new;
        action.old_shares = 1;
    } else if (symbol->cash_cents > 0) {
        action.kind = ACTION_DIVIDEND;
        action.cash = symbol->cash_cents * (DEC_ONE / 100);
        (void)snprintf(action.currency, sizeof action.currency, "USD");
    } else {
        return 0;
    }
    return action_set_add(&stream->actions, &action, stream->session.date, stream->source->request->calendar, error);
}

/* On to the next day that is wanted: 1; 0: there is none yet. */
static int next_day(struct feed_stream *stream, struct error *error)
{
    const struct feed_request *request = stream->source->request;
    do {
        struct session session;
        if (calendar_next(request->calendar, stream->session.date, &session, error) < 0) {
            error_clear(error); /* the end of what the calendar knows */
            return 0;
        }
        stream->session = session;
        if (session.open >= stream->until)
            return 0;
        sim_market_step(&stream->market, session.date);
        sim_symbol_step(&stream->symbol, &stream->market, session.date, stream->source->actions);
    } while (stream->session.date < stream->from);
    if (add_actions(stream, error) < 0)
        return -1;
    const int64_t minutes = (stream->session.close - stream->session.open) / TIME_MINUTE;
    const int count = minutes > SIM_MINUTES_MAX ? SIM_MINUTES_MAX : (int)minutes;
    sim_minutes(stream->minute, count, stream->u_shaped, &stream->symbol, &stream->market, stream->session.date);
    stream->next = 0;
    stream->count = stream->interval.unit == INTERVAL_DAY      ? 1
                    : stream->interval.unit == INTERVAL_SECOND ? count * SIM_SECONDS
                                                               : count;
    if (stream->interval.unit == INTERVAL_DAY)
        stream->minute[0] = sim_join(stream->minute, count);
    return 1;
}

static void fill_bar(struct feed_stream *stream, struct bar *bar)
{
    const struct feed_request *request = stream->source->request;
    const struct sim_candle *candle;
    *bar = (struct bar){.interval = stream->interval,
                        .session = TIME_NONE,
                        .vwap = DEC_NONE,
                        .trades = NAN,
                        .open_interest = NAN,
                        .final = -1,
                        .adjusted = ADJUSTED_RAW};
    if (stream->interval.unit == INTERVAL_DAY) {
        candle = &stream->minute[0];
        bar->session = stream->session.date;
        bar->time = calendar_midnight(request->calendar, stream->session.date);
        bar->end = stream->session.close;
    } else if (stream->interval.unit == INTERVAL_SECOND) {
        const int index = stream->next / SIM_SECONDS, second = stream->next % SIM_SECONDS;
        if (second == 0)
            sim_seconds(stream->second, &stream->minute[index], index, &stream->symbol, stream->session.date);
        candle = &stream->second[second];
        bar->time = stream->session.open + stream->next * TIME_SECOND;
        bar->end = bar->time + TIME_SECOND;
    } else {
        candle = &stream->minute[stream->next];
        bar->time = stream->session.open + stream->next * TIME_MINUTE;
        bar->end = bar->time + TIME_MINUTE;
    }
    bar->open = candle->open * (DEC_ONE / 100);
    bar->high = candle->high * (DEC_ONE / 100);
    bar->low = candle->low * (DEC_ONE / 100);
    bar->close = candle->close * (DEC_ONE / 100);
    bar->volume = (double)candle->volume;
    memcpy(bar->symbol, stream->name, sizeof bar->symbol);
    /* Always "sim", whatever the source is called: nobody shall take it for a market. */
    (void)snprintf(bar->source, sizeof bar->source, "sim");
    stream->next++;
}

static int sim_next(struct feed_stream *stream, struct feed_item *item, struct error *error)
{
    if (stream->next_action >= stream->actions.count && stream->next >= stream->count) {
        const int more = next_day(stream, error);
        if (more != 1)
            return more;
    }
    if (stream->next_action < stream->actions.count) {
        item->type = RECORD_ACTION;
        item->action = *action_set_get(&stream->actions, stream->next_action++);
        return 1;
    }
    item->type = RECORD_BAR;
    fill_bar(stream, &item->bar);
    return 1;
}

const struct feed feed_sim = {
    .name = "sim",
    .argument = NULL,
    .summary = "a synthetic market; sim:actions also splits and pays dividends",
    .open = sim_open,
    .close = sim_close,
    .symbols = sim_symbols,
    .start = sim_start,
    .next = sim_next,
    .stop = sim_stop,
};
