/* Makes coarser bars of finer ones. */
#include "market/resample.h"

#include <math.h>

/* Where a fine bar goes: the coarse bar's times and what tells whether its beginning was seen. */
struct target {
    int64_t time, end, session;
    int64_t opens; /* when its trading begins */
};

int resample_init(struct resample *resample, struct interval interval, const struct calendar *calendar, bool extended,
                  struct error *error)
{
    bool timed = interval.unit >= INTERVAL_SECOND && interval.unit <= INTERVAL_MONTH;
    bool days = interval.unit == INTERVAL_DAY && interval.count != 1;
    bool long_intraday = timed && !interval_is_daily(interval) && interval_end(interval, 0) > TIME_DAY;
    bool long_daily = (interval.unit == INTERVAL_WEEK && interval.count > 52) ||
                      (interval.unit == INTERVAL_MONTH && interval.count > 12);
    if (!timed || days || long_intraday || long_daily) {
        char text[INTERVAL_TEXT_MAX];
        interval_format(text, interval);
        error_set(error, EXIT_USAGE, "bars cannot be resampled to '%s'", text);
        error_hint(error, "intervals up to 24h, 1d, 1w to 52w and 1mo to 12mo can be made of finer bars");
        return -1;
    }
    *resample = (struct resample){.interval = interval, .calendar = calendar, .extended = extended};
    resample->newest = INT64_MIN;
    return 0;
}

static int misfit(const struct resample *resample, const struct bar *bar, const char *why, struct error *error)
{
    char from[INTERVAL_TEXT_MAX], to[INTERVAL_TEXT_MAX], time[TIME_TEXT_MAX];
    interval_format(from, bar->interval);
    interval_format(to, resample->interval);
    time_format(time, bar->time);
    return error_set(error, EXIT_INPUT, "the %s bar of %s cannot be resampled to %s: %s", from, time, to, why);
}

/* 1: *target is set; 0: the bar is not wanted (outside of the regular session); -1: error. */
static int find_target(const struct resample *resample, const struct bar *bar, struct target *target,
                       struct error *error)
{
    const struct calendar *calendar = resample->calendar;
    struct bar_slot slot;
    struct period period;
    if (!interval_is_daily(resample->interval)) {
        int found = bar_slot(calendar, resample->interval, resample->extended, bar->time, &slot, error);
        if (found == 1)
            *target = (struct target){slot.start, slot.end, TIME_NONE, slot.start};
        return found;
    }
    int64_t date = bar_session_date(calendar, bar);
    struct session session;
    int found = calendar_session(calendar, date, &session, error);
    if (found == 0 && interval_is_daily(bar->interval))
        return misfit(resample, bar, "the calendar has no session that day", error);
    if (found != 1)
        return found;
    if (!interval_is_daily(bar->interval) && (bar->time < session.open || bar->time >= session.close))
        return 0;
    found = calendar_period(calendar, resample->interval, date, &period, error);
    if (found != 1)
        return found;
    *target = (struct target){calendar_midnight(calendar, period.first.date), period.last.close, period.first.date,
                              period.first.open};
    return 1;
}

static void add(struct resample *resample, const struct bar *part)
{
    struct bar *bar = &resample->bar;
    if (part->high > bar->high)
        bar->high = part->high;
    if (part->low < bar->low)
        bar->low = part->low;
    bar->close = part->close;
    bar->volume += part->volume;
    bar->trades += part->trades;
    bar->open_interest = part->open_interest;
    /* A part without volume has no say, whether its vwap is known or not. */
    if (part->volume != 0)
        resample->weighted += dec_to_double(part->vwap) * part->volume;
}

static void begin(struct resample *resample, const struct bar *part, const struct target *target, int64_t part_opens)
{
    struct bar *bar = &resample->bar;
    *bar = *part;
    bar->interval = resample->interval;
    bar->time = target->time;
    bar->end = target->end;
    bar->session = target->session;
    bar->volume = bar->trades = 0;
    bar->final = -1;
    resample->weighted = 0;
    /* Either the input began before this bar, or with its very beginning. */
    resample->whole = resample->newest != INT64_MIN || part_opens <= target->opens;
    resample->open = true;
    add(resample, part);
}

static int finish(struct resample *resample, struct bar *out)
{
    struct bar *bar = &resample->bar;
    resample->open = false;
    bar->vwap = DEC_NONE;
    if (bar->volume > 0 && isfinite(resample->weighted) &&
        dec_from_double(&bar->vwap, resample->weighted / bar->volume, ROUND_HALF_EVEN))
        bar->vwap = DEC_NONE;
    if (!resample->whole)
        return 0;
    *out = *bar;
    return 1;
}

int resample_advance(struct resample *resample, int64_t moment, struct bar *out)
{
    return resample->open && moment >= resample->bar.end ? finish(resample, out) : 0;
}

static void rescale(dec *price, const struct action *action)
{
    dec scaled;
    if (dec_multiply_divide(&scaled, *price, action->old_shares, action->new_shares, ROUND_HALF_EVEN) == 0 &&
        scaled > 0)
        *price = scaled;
}

void resample_action(struct resample *resample, const struct action *action)
{
    struct bar *bar = &resample->bar;
    if (!resample->open || action->kind != ACTION_SPLIT || action->new_shares <= 0 || action->old_shares <= 0)
        return;
    rescale(&bar->open, action);
    rescale(&bar->high, action);
    rescale(&bar->low, action);
    rescale(&bar->close, action);
    /* Price × volume stays what it was, so `weighted` does too. */
    bar->volume = bar->volume * (double)action->new_shares / (double)action->old_shares;
}

int resample_push(struct resample *resample, const struct bar *bar, struct bar out[static 2], struct error *error)
{
    struct target target = {0};
    int64_t opens;
    if (interval_compare(bar->interval, resample->interval) >= 0 || bar->interval.unit > INTERVAL_MONTH)
        return misfit(resample, bar, "it is not finer", error);
    if (bar->time < resample->newest)
        return misfit(resample, bar, "it is out of order", error);
    int found = find_target(resample, bar, &target, error);
    if (found < 0 || bar_opens(resample->calendar, bar, &opens, error))
        return -1;
    if (found == 1 && bar->end > target.end)
        return misfit(resample, bar, "it does not lie within one bar", error);
    int count = resample_advance(resample, bar->time, &out[0]);
    if (found == 1) {
        require(!resample->open || resample->bar.time == target.time);
        if (resample->open)
            add(resample, bar);
        else
            begin(resample, bar, &target, opens);
    }
    resample->newest = bar->end;
    return count + resample_advance(resample, bar->end, &out[count]);
}
