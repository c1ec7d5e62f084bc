/* The part of a book that lies in a period. */
#include "tn-report/part.h"

#include <stdlib.h>
#include <string.h>

static bool is_in(const struct part *part, int64_t time)
{
    return time != TIME_NONE && time >= part->from && time < part->to;
}

/* Money paid since the point before, up to this moment. */
static int paid_until(const struct part *part, int64_t time, size_t *next, dec *sum, struct error *error)
{
    const struct account_report *account_report = part->account_report;
    *sum = 0;
    for (; *next < account_report->payments && account_report->payment[*next].time <= time; (*next)++)
        if (dec_add(sum, *sum, account_report->payment[*next].amount) != 0)
            return error_set(error, EXIT_INPUT, "the sum of cash is out of range");
    return 0;
}

/* The curve from the last point before the period on. */
static int take_curve(struct part *part, struct error *error)
{
    const struct account_report *account_report = part->account_report;
    part->first_point = 0;
    while (part->first_point < account_report->points && account_report->equity[part->first_point].time < part->from)
        part->first_point++;
    part->end_point = part->first_point;
    while (part->end_point < account_report->points && account_report->equity[part->end_point].time < part->to)
        part->end_point++;
    part->whole = part->first_point == 0 && part->end_point == account_report->points;
    size_t paid = 0;
    const size_t start = part->first_point > 0 ? part->first_point - 1 : 0;
    for (size_t i = start; i < part->end_point; i++) {
        const struct equity *point = &account_report->equity[i];
        dec sum;
        if (paid_until(part, point->time, &paid, &sum, error) != 0)
            return -1;
        if (i == start)
            sum = 0;
        else if (sum != 0 && metrics_flow(&part->metrics, sum, error) != 0)
            return -1;
        if (metrics_equity(&part->metrics, point->time, point->equity, point->exposure, error) != 0 ||
            daily_point(&part->daily, point->time, dec_to_double(point->equity), dec_to_double(sum), error) != 0 ||
            dec_add(&part->paid, part->paid, sum) != 0)
            return -1;
    }
    return 0;
}

static int take_round_trips(struct part *part, struct error *error)
{
    const struct account_report *account_report = part->account_report;
    part->round_trip = calloc(account_report->round_trips + 1, sizeof(const struct round_trip *));
    if (part->round_trip == NULL)
        return error_memory(error);
    for (size_t i = 0; i < account_report->round_trips; i++) {
        const struct round_trip *round_trip = &account_report->round_trip[i];
        if (!is_in(part, round_trip->left))
            continue;
        part->round_trip[part->round_trips++] = round_trip;
        const struct metrics_trade trade = {.entered = round_trip->entered,
                                            .left = round_trip->left,
                                            .pnl = round_trip->pnl,
                                            .mfe = round_trip->mfe,
                                            .mae = round_trip->mae,
                                            .risk = round_trip->risk};
        metrics_trade(&part->metrics, &trade);
    }
    return 0;
}

int part_init(struct part *part, const struct account_report *account_report, int64_t from, int64_t to,
              struct error *error)
{
    *part = (struct part){.account_report = account_report, .from = from, .to = to};
    metrics_init(&part->metrics, &account_report->metrics.options);
    daily_init(&part->daily, account_report->metrics.options.zone);
    if (take_curve(part, error) != 0 || take_round_trips(part, error) != 0)
        return -1;
    for (size_t i = 0; i < account_report->fills; i++) {
        const struct fill_line *fill = &account_report->fill[i];
        if (!is_in(part, fill->time))
            continue;
        part->fills++;
        metrics_fill(&part->metrics, fill->value, fill->cost, fill->slippage);
    }
    for (size_t i = 0; i < account_report->orders; i++)
        if (is_in(part, account_report->order[i].time))
            ++*(account_report->order[i].refused ? &part->refusals : &part->orders);
    return metrics_finish(&part->metrics, error);
}

void part_clear(struct part *part)
{
    metrics_clear(&part->metrics);
    daily_clear(&part->daily);
    free(part->round_trip);
}

double part_figure(const struct part *part, int metric)
{
    return part->whole ? account_report_figure(part->account_report, metric)
                       : metric_table[metric].figure(&part->metrics);
}

double part_figure_named(const struct part *part, const char *metric)
{
    return part_figure(part, (int)(metric_find(metric) - metric_table));
}
