/* A book, or the part of it that lies in a period: what the reports of a day, a month or a whole run are made of. */
#ifndef TN_REPORT_PART_H
#define TN_REPORT_PART_H

#include "show/account_report.h"
#include "stat/daily.h"

struct part {
    const struct account_report *account_report;
    int64_t from, to; /* moments from ≤ t < to */
    bool whole;       /* nothing of the book lies outside */
    struct metrics metrics;
    struct daily daily;
    size_t first_point, end_point; /* of the book's equity; the one before the first is where the period starts */
    const struct round_trip **round_trip; /* that ended in it; owned, the trips are the book's */
    size_t round_trips;
    size_t fills, orders, refusals; /* counts in it */
    dec paid;                       /* in, less out */
};

int part_init(struct part *part, const struct account_report *account_report, int64_t from, int64_t to,
              struct error *error);
void part_clear(struct part *part);
/* A figure by its index in metric_table: the book's own for the whole of it, else worked out from the part. */
double part_figure(const struct part *part, int metric);
double part_figure_named(const struct part *part, const char *metric);

#endif
