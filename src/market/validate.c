/* Checks of bars and trades. */
#include "market/validate.h"

#include "base/num.h"

#include <math.h>
#include <string.h>

static int check_price(const char *name, dec price, struct error *error)
{
    char text[DEC_TEXT_MAX];
    if (price == DEC_NONE)
        return error_set(error, EXIT_INPUT, "%s is missing", name);
    if (price > 0)
        return 0;
    dec_format(text, price);
    return error_set(error, EXIT_INPUT, "%s %s is not above zero", name, text);
}

/* The message accuses the high or else the low, whichever of them is compared. */
static int check_order(const char *upper_name, dec upper, const char *lower_name, dec lower, struct error *error)
{
    char high[DEC_TEXT_MAX], low[DEC_TEXT_MAX];
    if (upper >= lower)
        return 0;
    dec_format(high, upper);
    dec_format(low, lower);
    if (strcmp(upper_name, "high") == 0)
        return error_set(error, EXIT_INPUT, "high %s is below %s %s", high, lower_name, low);
    return error_set(error, EXIT_INPUT, "low %s is above %s %s", low, upper_name, high);
}

static int check_count(const char *name, double value, struct error *error)
{
    char text[NUM_TEXT_MAX];
    if (isinf(value))
        return error_set(error, EXIT_INPUT, "%s is infinite", name);
    if (isnan(value) || value >= 0)
        return 0;
    num_format(text, value);
    return error_set(error, EXIT_INPUT, "%s %s is negative", name, text);
}

static int check_times(const struct bar *bar, struct error *error)
{
    char time[TIME_TEXT_MAX], end[TIME_TEXT_MAX];
    if (bar->time == TIME_NONE || bar->end == TIME_NONE)
        return error_set(error, EXIT_INPUT, "%s is missing", bar->time == TIME_NONE ? "time" : "end");
    bool instant = interval_end(bar->interval, 0) == 0;
    if (bar->end > bar->time || (instant && bar->end == bar->time))
        return 0;
    time_format(time, bar->time);
    time_format(end, bar->end);
    return error_set(error, EXIT_INPUT, "end %s is not after time %s", end, time);
}

int bar_validate(const struct bar *bar, struct error *error)
{
    if (check_price("open", bar->open, error) || check_price("high", bar->high, error) ||
        check_price("low", bar->low, error) || check_price("close", bar->close, error))
        return -1;
    if (check_order("high", bar->high, "low", bar->low, error) ||
        check_order("high", bar->high, "open", bar->open, error) ||
        check_order("high", bar->high, "close", bar->close, error) ||
        check_order("open", bar->open, "low", bar->low, error) ||
        check_order("close", bar->close, "low", bar->low, error))
        return -1;
    if (bar->vwap != DEC_NONE && check_price("vwap", bar->vwap, error))
        return -1;
    if (check_count("volume", bar->volume, error) || check_count("trades", bar->trades, error) ||
        check_count("open_interest", bar->open_interest, error))
        return -1;
    return check_times(bar, error);
}

int trade_validate(const struct trade *trade, struct error *error)
{
    return check_price("price", trade->price, error) || check_price("quantity", trade->quantity, error) ? -1 : 0;
}

bool action_is_in_prices(enum adjusted adjusted, enum action_kind kind)
{
    if (kind == ACTION_RENAME || kind == ACTION_DELIST)
        return false;
    if (kind == ACTION_ROLL)
        return adjusted == ADJUSTED_DIFFERENCE || adjusted == ADJUSTED_RATIO;
    return adjusted == ADJUSTED_TOTAL || (adjusted == ADJUSTED_SPLIT && kind != ACTION_DIVIDEND) ||
           (adjusted == ADJUSTED_DIVIDEND && kind == ACTION_DIVIDEND);
}
