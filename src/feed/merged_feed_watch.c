/* Watches the bars of a symbol for jumps that no action explains. */
#include "feed/merged_feed_watch.h"

#include "market/bar_times.h"
#include "market/jump.h"

#include <stdio.h>

void merged_feed_watch_action(struct merged_feed_watch *watch, const struct action *action)
{
    dec scaled;
    if (action->kind == ACTION_RENAME || action->kind == ACTION_SPINOFF)
        watch->close = 0; /* what a spun-off part is worth is not known */
    if (action->kind == ACTION_SPLIT && watch->close > 0 && action->new_shares > 0 &&
        dec_multiply_divide(&scaled, watch->close, action->old_shares, action->new_shares, ROUND_HALF_EVEN) == 0)
        watch->close = scaled;
}

/* Is "SYMBOL DATE" in the list of the source's section? */
static bool is_accepted(const char *list, const char *symbol, const char *date)
{
    const size_t n = strlen(symbol);
    while (list != NULL && *list != '\0') {
        list += strspn(list, " ,;\n\t");
        if (strncmp(list, symbol, n) == 0 && list[n] == ' ' && strncmp(list + n + strspn(list + n, " "), date, 10) == 0)
            return true;
        list += strcspn(list, ",;\n");
    }
    return false;
}

static void describe(char message[static MESSAGE_SIZE], const struct merged_feed_watch *watch, const struct jump *jump,
                     const struct bar *bar, const char *date)
{
    char before[DEC_TEXT_MAX], open[DEC_TEXT_MAX];
    dec_format(before, watch->close);
    dec_format(open, bar->open);
    if (jump->check == ANOMALY_SPLIT)
        (void)snprintf(message, MESSAGE_SIZE,
                       "%s opens at %s after %s, as after a %lld:%lld split, and no split is known", date, open, before,
                       (long long)jump->new_shares, (long long)jump->old_shares);
    else
        (void)snprintf(message, MESSAGE_SIZE, "%s opens at %s after %s, as in another unit (%s%lld)", date, open,
                       before, jump->new_shares > 1 ? "a part in " : "times ",
                       (long long)(jump->new_shares > 1 ? jump->new_shares : jump->old_shares));
}

/* A high or low that is no price of the bar: a stop or target would fill at it. */
static bool find_misprint(const struct bar *bar, int64_t date, const struct feed_request *request,
                          struct anomaly *anomaly)
{
    const dec upper = bar->open > bar->close ? bar->open : bar->close;
    const dec lower = bar->open > bar->close ? bar->close : bar->open;
    const bool high = jump_is_misprint(bar->high, upper);
    char day[TIME_TEXT_MAX], price[DEC_TEXT_MAX], near[DEC_TEXT_MAX];
    if (!high && !jump_is_misprint(bar->low, lower))
        return false;
    date_format(day, date_from_days(date));
    if (is_accepted(request->accepted, bar->symbol, day))
        return false;
    *anomaly = (struct anomaly){.time = bar->end,
                                .check = ANOMALY_UNIT,
                                .observed = high ? bar->high : bar->low,
                                .expected = high ? upper : lower};
    memcpy(anomaly->symbol, bar->symbol, sizeof anomaly->symbol);
    dec_format(price, anomaly->observed);
    dec_format(near, anomaly->expected);
    (void)snprintf(anomaly->message, MESSAGE_SIZE, "%s has a %s of %s beside an open or close of %s: a misprint?", day,
                   high ? "high" : "low", price, near);
    return true;
}

int merged_feed_watch_bar(struct merged_feed_watch *watch, const struct bar *bar, const struct feed_request *request,
                          struct anomaly *anomaly)
{
    struct jump jump;
    char date[TIME_TEXT_MAX];
    /* Most bars move little: without a look at the calendar they are passed over. */
    const bool far = watch->close > 0 && (bar->open > watch->close / 5 * 9 || bar->open < watch->close / 20 * 11);
    const int64_t today = far || interval_is_daily(bar->interval) ? bar_session_date(request->calendar, bar) : 0;
    bool found = false;
    if (far && jump_find(&jump, watch->close, bar->open)) {
        const bool new_session =
            interval_is_daily(bar->interval) || calendar_date(request->calendar, watch->date) != today;
        date_format(date, date_from_days(today));
        found = new_session && !is_accepted(request->accepted, bar->symbol, date);
    }
    if (found) {
        *anomaly =
            (struct anomaly){.time = bar->end, .check = jump.check, .observed = bar->open, .expected = watch->close};
        memcpy(anomaly->symbol, bar->symbol, sizeof anomaly->symbol);
        describe(anomaly->message, watch, &jump, bar, date);
    }
    watch->close = bar->close;
    watch->date = bar->time;
    if (!found && (bar->high / 5 > bar->close || bar->close / 5 > bar->low))
        found = find_misprint(bar, bar_session_date(request->calendar, bar), request, anomaly);
    return found;
}

void merged_feed_watch_warn(const struct anomaly *anomaly, const struct feed_request *request)
{
    char hint[256];
    if (anomaly->check != ANOMALY_SPLIT && anomaly->check != ANOMALY_UNIT) {
        request->warn(request->context, anomaly->symbol, anomaly->message, NULL);
        return;
    }
    (void)snprintf(hint, sizeof hint,
                   anomaly->check == ANOMALY_SPLIT ? "--actions FILE names a split; --adjusted split says that prices "
                                                     "have it; --accept '%s %.10s' that it is true"
                                                   : "mend the file; --accept '%s %.10s' says that it is true",
                   anomaly->symbol, anomaly->message);
    request->warn(request->context, anomaly->symbol, anomaly->message, hint);
}
