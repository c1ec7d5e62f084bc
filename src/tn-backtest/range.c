/* The range of a run: pessimistic, base, optimistic. */
#include "tn-backtest/range.h"

#include "record/record.h"

#include <math.h>
#include <string.h>

static struct backtest *open_run(const struct backtest_options *options, const char *model, struct error *error)
{
    struct backtest_options other = *options;
    other.fills.model = fill_model_find(model);
    other.write = NULL;
    other.result = NULL;
    other.trade = NULL;
    require(other.fills.model != NULL);
    return backtest_new(&other, error);
}

int range_open(struct range *range, const struct backtest_options *options, struct error *error)
{
    *range = (struct range){.base = fill_model_of(&options->fills)};
    buf_init(&range->text, 65536);
    range->low = open_run(options, "pessimistic", error);
    range->high = range->low == NULL ? NULL : open_run(options, "optimistic", error);
    return range->high == NULL ? -1 : 0;
}

void range_clear(struct range *range)
{
    backtest_free(range->low);
    backtest_free(range->high);
    buf_clear(&range->text);
    *range = (struct range){0};
}

int range_take(struct range *range, int (*take)(struct backtest *backtest, void *context, struct error *error),
               void *context, struct error *error)
{
    if (range->low == NULL)
        return 0;
    if (take(range->low, context, error) == 0 && take(range->high, context, error) == 0)
        return 0;
    if (error->code == EXIT_INPUT) /* the base has taken it: it is no bad line */
        error_recode(error, EXIT_STATE);
    return -1;
}

/* Of some figures more is not better, nor is less: a count, a length, an error. */
static bool has_better(const struct metric *metric)
{
    static const char *const neither[] = {
        "start_equity",     "sharpe_error",  "sharpe_length",  "kurtosis",      "periods",
        "expectancy_error", "exposure",      "time_in_market", "holding_days",  "turnover",
        "volatility",       "skewness",      "win_rate_low",   "win_rate_high", "commission",
        "slippage",         "losing_streak", "costs",          "best_day",      "tail_ratio"};
    if (metric->unit == METRIC_COUNT)
        return false;
    for (size_t i = 0; i < sizeof neither / sizeof *neither; i++)
        if (strcmp(metric->name, neither[i]) == 0)
            return false;
    return true;
}

/* Where there is a better, the pessimistic run is no better than the base, and that no better than the optimistic one.
 */
static bool is_in_order(const struct metric *metric, double low, double base, double high)
{
    if (!has_better(metric) || isnan(low) || isnan(base) || isnan(high))
        return true;
    return metric_less_is_better(metric) ? low >= base && base >= high : low <= base && base <= high;
}

int range_write(struct range *range, const struct metrics *base, struct str *text, struct error *error)
{
    struct buf *out = &range->text;
    const struct metrics *low = backtest_metrics(range->low), *high = backtest_metrics(range->high);
    int out_of_order = 0;
    buf_printf(out, "{\"low\":\"pessimistic\",\"base\":\"%s\",\"high\":\"optimistic\",\"metrics\":", range->base->name);
    for (int i = 0; i < metric_count; i++) {
        const struct metric *metric = &metric_table[i];
        const double figure[] = {metric->figure(low), metric->figure(base), metric->figure(high)};
        buf_printf(out, "%c\"%s\":", i == 0 ? '{' : ',', metric->name);
        for (int k = 0; k < 3; k++) {
            buf_add_char(out, k == 0 ? '[' : ',');
            json_add_double(out, figure[k]);
        }
        buf_add_char(out, ']');
    }
    buf_add_text(out, "},\"out_of_order\":[");
    for (int i = 0; i < metric_count; i++) {
        const struct metric *metric = &metric_table[i];
        if (!is_in_order(metric, metric->figure(low), metric->figure(base), metric->figure(high)))
            buf_printf(out, "%s\"%s\"", out_of_order++ == 0 ? "" : ",", metric->name);
    }
    buf_add_text(out, "]}");
    *text = buf_str(out);
    return buf_check(out, error);
}
