/* Files of signals, of whatever source: `signal` records, or CSV with a header. */
#ifndef TN_FEED_SIGNALS_FILE_H
#define TN_FEED_SIGNALS_FILE_H

#include "market/calendar.h"

struct signals_file {
    const struct calendar *calendar; /* whose zone times without an offset are of */
    /* Each signal, in the order of the file; its texts live until it returns. */
    int (*take)(void *context, const struct signal *signal, struct error *error);
    /* A line that is no signal, or that `take` refused with EXIT_INPUT; the message names file and line. 0 to go on
     * after clearing the error, -1 to stop. */
    int (*bad)(void *context, struct error *error);
    void *context;
    enum exit_code status; /* the worst that the file's `end` records say */
};

/* CSV has columns for the time (or date), the symbol and the side; as far as there are, also for the source (or
 * strategy; else the name of the file without its ending), stop, target, price, interval and id. A side is long, short
 * or flat; buy is long, sell_short is short, sell, exit, close and cover are flat. A date alone is known when it is
 * over: at the midnight that ends it in the calendar's zone. An id that is not there is made as that of a level, over
 * source, symbol, side and time. Other records than signals are left out. */
int signals_file_read(const char *path, struct signals_file *file, struct error *error);
/* The same of CSV that is there already; `name` is the source of rows that name none. */
int signals_file_parse(struct str text, const char *path, const char *name, struct signals_file *file,
                       struct error *error);

#endif
