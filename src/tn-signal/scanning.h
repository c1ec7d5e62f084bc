/* What scan, rank, alert and explain have in common: a rule over an input of bars. */
#ifndef TN_SIGNAL_SCANNING_H
#define TN_SIGNAL_SCANNING_H

#include "base/buf.h"
#include "exchange/trading_hours.h"
#include "strategy/scan.h"
#include "tn-signal/commands.h"

struct scanning {
    const struct invocation *invocation;
    const char *rule;
    struct scan *scan;
    struct input *input;
    struct buf text;
    void *context;
    /* 1: taken; 0: refused and told; -1. May be NULL */
    int (*take_instrument)(struct scanning *scanning, const struct record *record, struct error *error);
    int (*each)(struct scanning *scanning, struct scan_result *result, struct error *error); /* may be NULL */
    const char *symbol; /* only its bars; NULL: all */
    uint64_t bars;
    int64_t clock;   /* the end of the last bar */
    struct bar *bar; /* of the moment that is not complete, when the rule waits for that */
    size_t kept, bar_capacity;
    struct trading_hours hours; /* opened only where sessions matter */
};

/* Opens rule and input, and reads it to its end. -1 with the error; the caller closes. */
int scan_all(struct scanning *scanning, const char *rule, char *const *files, bool question, bool sink,
             struct error *error);
/* Of each interval the newest bar says when now is: a symbol without it has stopped, or was not fetched. */
int64_t scanning_newest(const struct scan_result *const *list, size_t count, struct interval interval);
/* The match of a result, with the figures in scanning->text. */
int scanning_write_match(struct scanning *scanning, const struct scan_result *result, struct error *error);
enum exit_code scan_close(struct scanning *scanning, enum exit_code code, struct error *error);

#endif
