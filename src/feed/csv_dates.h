/* In which order a file writes the numbers of its dates. */
#ifndef TN_FEED_CSV_DATES_H
#define TN_FEED_CSV_DATES_H

#include "feed/csv_time.h"
#include "market/calendar.h"

/* Gathered row by row. */
struct csv_date_evidence {
    unsigned possible;   /* the orders under which every date so far is one */
    bool seen, dotted;   /* a date that needs an order; one with dots */
    uint64_t against[5]; /* by order: the first line that rules it out */
};

void csv_date_evidence_init(struct csv_date_evidence *evidence);
void csv_date_evidence_add(struct csv_date_evidence *evidence, const struct csv_time *time, uint64_t line);

/* The dates of a file once more, under an order: 1 with the next one, 0 at the end. */
struct csv_date_list {
    int (*next)(void *context, enum csv_dates dates, struct csv_time *time);
    void (*rewind)(void *context);
    void *context;
};

/* The order of all dates: DATES_ANY when none needs one. Dots mean the day first, `month_first` the month, unless a row
 * rules it out. Otherwise the one order is taken under which every date is a session and none goes back and forth;
 * *by_sessions says so. EXIT_INPUT, with --dates as hint, when two rows contradict each other or nothing decides. */
int csv_dates_decide(enum csv_dates *dates, bool *by_sessions, const struct csv_date_evidence *evidence,
                     bool month_first, const struct csv_date_list *list, const struct calendar *calendar,
                     const struct zone *zone, struct error *error);

#endif
