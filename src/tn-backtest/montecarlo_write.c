/* What came of the paths of one method. */
#include "record/record.h"
#include "stat/confidence.h"
#include "tn-backtest/montecarlo.h"

#include <stdio.h>
#include <stdlib.h>

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* {"p5":…,"p25":…,"p50":…,"p75":…,"p95":…} of what is sorted. */
static void add_quantiles(struct buf *out, const double *sorted, size_t count)
{
    static const int shares[] = {5, 25, 50, 75, 95};
    for (int i = 0; i < 5; i++) {
        buf_printf(out, "%c\"p%d\":", i == 0 ? '{' : ',', shares[i]);
        json_add_double(out, sorted_quantile(sorted, count, shares[i] / 100.0));
    }
    buf_add_char(out, '}');
}

static void add_share(struct buf *out, uint64_t hits, uint64_t n)
{
    const struct confidence interval = wilson_interval(hits, n, 0.95);
    buf_add_text(out, "{\"probability\":");
    json_add_double(out, (double)hits / (double)n);
    buf_add_text(out, ",\"low\":");
    json_add_double(out, interval.low);
    buf_add_text(out, ",\"high\":");
    json_add_double(out, interval.high);
    buf_add_char(out, '}');
}

static void add_method(const struct montecarlo *all, struct buf *out)
{
    buf_add_text(out, "{\"ruin\":");
    json_add_double(out, all->source.ruin);
    buf_add_text(out, ",\"goal\":");
    json_add_double(out, all->goal);
    if (all->method == PATH_MISSED || all->method == PATH_JITTER) {
        buf_printf(out, ",\"%s\":", path_method_names[all->method]);
        json_add_double(out, all->method == PATH_MISSED ? all->source.missed : all->jitter);
    } else if (all->method != PATH_SHUFFLE) {
        buf_add_text(out, ",\"block\":");
        json_add_double(out, all->method == PATH_BLOCK ? all->source.block : all->source.stationary);
    }
    buf_add_char(out, '}');
}

/* What came of the paths of one method. */
int montecarlo_write(struct montecarlo *all, struct error *error)
{
    const size_t n = all->paths;
    double *figures = calloc(2 * n, sizeof *figures);
    struct buf text[5];
    uint64_t ruined = 0, reached = 0;
    if (figures == NULL)
        return error_memory(error);
    for (size_t i = 0; i < n; i++) {
        figures[i] = all->path[i].gain;
        figures[n + i] = all->path[i].drawdown;
        ruined += all->path[i].ruined;
        reached += all->path[i].gain >= all->goal;
    }
    qsort(figures, n, sizeof *figures, compare_doubles);
    qsort(figures + n, n, sizeof *figures, compare_doubles);
    for (int i = 0; i < 5; i++)
        buf_init(&text[i], 4096);
    add_method(all, &text[0]);
    add_quantiles(&text[1], figures, n);
    add_quantiles(&text[2], figures + n, n);
    add_share(&text[3], ruined, n);
    add_share(&text[4], reached, n);
    struct montecarlo_paths record = {.time = history_last(all->study.history),
                                      .paths = (int64_t)n,
                                      .seed = (int64_t)all->source.seed,
                                      .trades = (int64_t)all->source.trades,
                                      .days = (int64_t)all->source.days,
                                      .base_return = all->gain,
                                      .base_drawdown = all->drawdown,
                                      .terms = buf_str(&text[0]),
                                      .gain = buf_str(&text[1]),
                                      .drawdown = buf_str(&text[2]),
                                      .ruin = buf_str(&text[3]),
                                      .goal = buf_str(&text[4])};
    memcpy(record.run, all->run_id, sizeof record.run);
    memcpy(record.strategy, all->study.subject.use.instance, sizeof record.strategy);
    (void)snprintf(record.method, sizeof record.method, "%s", path_method_names[all->method]);
    int status = 0;
    for (int i = 0; i < 5; i++)
        status = status != 0 || buf_check(&text[i], error) != 0 ? -1 : 0;
    if (status == 0)
        status = flow_write(input_flow(all->study.input), RECORD_MONTECARLO, &record, error);
    say(all->study.invocation, 0,
        "%s: return %.2f %% to %.2f %% (one run %.2f %%), drawdown to %.2f %% (%.2f %%), ruin %.2f %%, goal %.2f %%",
        path_method_names[all->method], 100 * sorted_quantile(figures, n, 0.05),
        100 * sorted_quantile(figures, n, 0.95), 100 * all->gain, 100 * sorted_quantile(figures + n, n, 0.95),
        100 * all->drawdown, 100 * (double)ruined / (double)n, 100 * (double)reached / (double)n);
    for (int i = 0; i < 5; i++)
        buf_clear(&text[i]);
    free(figures);
    return status;
}
