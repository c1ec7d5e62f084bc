/* Where the rows of a file lie in time: starts, ends and sessions of its bars. */
#ifndef TN_FEED_CSV_PLACE_H
#define TN_FEED_CSV_PLACE_H

#include "feed/csv_interval.h"
#include "feed/csv_series.h"

/* Interval, adjustment and stamps of a file whose rows are in order of time. EXIT_INPUT when nothing says them. */
int csv_series_measure(struct csv_series *series, struct csv_grid *grid, const struct csv_facts *facts,
                       const struct feed_request *request, struct error *error);

/* Does a split of a row show between its prices and those of the row before? True for one too small to tell. */
bool csv_split_is_in_prices(const struct csv_entry *entry, const struct csv_entry *before);

enum csv_verdict {
    CSV_KEPT,
    CSV_OUTSIDE,    /* of the sessions */
    CSV_UNFINISHED, /* of a day, week or month that was not over when the file was written */
    CSV_BAD,        /* with an error */
};

struct csv_place {
    const struct csv_grid *grid;
    const struct feed_request *request;
    bool at_end;
    bool as_written;        /* midnights with an offset are dates */
    bool week_begins;       /* weeks and months are dated where they begin */
    struct session session; /* of the row before */
};

void csv_place_init(struct csv_place *place, const struct csv_series *series, const struct csv_grid *grid,
                    const struct feed_request *request);
/* Sets start, end and date. `before` is the last row kept, `newest`: it is the file's last row. */
enum csv_verdict csv_place_row(struct csv_place *place, struct csv_entry *entry, const struct csv_entry *before,
                               bool newest, struct error *error);

#endif
