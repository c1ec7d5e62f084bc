/* Coarser bars of finer ones, in columns, and a program over them. */
#include "expr/coarse.h"

#include "market/bar_times.h"

#include <math.h>

struct coarse {
    int64_t begin, end, opens, session; /* of the open one */
    int64_t newest;                     /* end of the last fine bar that came; TIME_NONE before the first */
    bool open, whole;
    double price[4], volume; /* open high low close */
    double value;            /* of the last one that closed */
};

static size_t own_size(void)
{
    const size_t unit = _Alignof(max_align_t);
    return (sizeof(struct coarse) + unit - 1) / unit * unit;
}

size_t coarse_size(const struct program *inner)
{
    return own_size() + program_size(inner);
}

void coarse_init(const struct program *inner, void *state)
{
    struct coarse *coarse = state;
    *coarse = (struct coarse){.newest = TIME_NONE, .value = NAN};
    program_init(inner, (char *)state + own_size());
}

/* The bar is complete: it has its say. */
static void finish(struct program *inner, struct interval interval, struct coarse *coarse, const struct columns *in)
{
    coarse->open = false;
    if (!coarse->whole)
        return;
    const struct columns one = {.n = 1,
                                .open = &coarse->price[0],
                                .high = &coarse->price[1],
                                .low = &coarse->price[2],
                                .close = &coarse->price[3],
                                .volume = &coarse->volume,
                                .time = &coarse->begin,
                                .end = &coarse->end,
                                .session = &coarse->session,
                                .price_scale = in->price_scale,
                                .volume_scale = in->volume_scale,
                                .interval = interval,
                                .calendar = in->calendar};
    double *const out[] = {&coarse->value};
    program_run(inner, (char *)coarse + own_size(), &one, out);
}

/* Where a bar belongs: *to gets the times of that coarse bar. False: nowhere. */
static bool find_place(struct interval interval, const struct calendar *calendar, const struct columns *in, size_t row,
                       struct coarse *to)
{
    struct error ignored;
    struct bar_slot slot;
    struct period period;
    struct session session;
    const int64_t time = in->time[row];
    error_clear(&ignored);
    if (!interval_is_daily(interval)) {
        if (bar_slot(calendar, interval, false, time, &slot, &ignored) != 1)
            return false;
        *to = (struct coarse){.begin = slot.start, .end = slot.end, .opens = slot.start, .session = slot.session.date};
        return true;
    }
    const int64_t date = calendar_date(calendar, time);
    if (calendar_session(calendar, date, &session, &ignored) != 1 ||
        (!interval_is_daily(in->interval) && (time < session.open || time >= session.close)) ||
        calendar_period(calendar, interval, date, &period, &ignored) != 1)
        return false;
    *to = (struct coarse){.begin = calendar_midnight(calendar, period.first.date),
                          .end = period.last.close,
                          .opens = interval_is_daily(in->interval) ? calendar_midnight(calendar, period.first.date)
                                                                   : period.first.open,
                          .session = period.first.date};
    return true;
}

static void add(struct coarse *coarse, const struct columns *in, size_t row, bool volumes)
{
    if (in->high[row] > coarse->price[1])
        coarse->price[1] = in->high[row];
    if (in->low[row] < coarse->price[2])
        coarse->price[2] = in->low[row];
    coarse->price[3] = in->close[row];
    coarse->volume += volumes ? in->volume[row] : (double)NAN;
}

static void take(struct coarse *coarse, struct interval interval, const struct calendar *calendar,
                 const struct columns *in, size_t row, bool volumes)
{
    struct coarse place;
    const int64_t time = in->time[row];
    if (!coarse->open || time < coarse->opens || time >= coarse->end) {
        if (!find_place(interval, calendar, in, row, &place))
            return;
        coarse->begin = place.begin;
        coarse->end = place.end;
        coarse->opens = place.opens;
        coarse->session = place.session;
        coarse->open = true;
        /* Either the series began before this bar, or with its very beginning. */
        coarse->whole = coarse->newest != TIME_NONE || time <= place.opens;
        coarse->price[0] = in->open[row];
        coarse->price[1] = in->high[row];
        coarse->price[2] = in->low[row];
        coarse->volume = 0;
    }
    add(coarse, in, row, volumes);
}

void coarse_run(struct program *inner, struct interval interval, void *state, const struct columns *in, double *out)
{
    struct coarse *coarse = state;
    struct calendar always;
    struct error ignored;
    const struct calendar *calendar = in->calendar;
    const bool volumes = (program_inputs(inner) & INPUT_VOLUME) != 0;
    error_clear(&ignored);
    if (calendar == NULL) {
        require(calendar_init(&always, "always", NULL, &ignored) == 0);
        calendar = &always;
    }
    for (size_t i = 0; i < in->n; i++) {
        if (coarse->open && in->time[i] >= coarse->end)
            finish(inner, interval, coarse, in);
        take(coarse, interval, calendar, in, i, volumes);
        if (coarse->open && in->end[i] >= coarse->end)
            finish(inner, interval, coarse, in);
        coarse->newest = in->end[i];
        out[i] = coarse->value;
    }
}
