/* What scan, rank, alert and explain have in common: a rule over an input of bars. */
#ifndef TN_SIGNAL_SCANNING_H
#define TN_SIGNAL_SCANNING_H

#include "base/buf.h"
#include "exchange/exchange.h"
#include "strategy/scan.h"
#include "tn-signal/commands.h"

struct scanning {
    const struct invocation *invocation;
    const char *rule;
    struct scan *scan;
    struct input *input;
    struct buf text;
    int (*each)(struct scanning *scanning, struct scan_result *result, struct error *error); /* may be NULL */
    const char *symbol; /* only its bars; NULL: all */
    uint64_t bars;
    int64_t clock;   /* the end of the last bar */
    struct bar *bar; /* of the moment that is not complete, when the rule waits for that */
    size_t kept, bar_capacity;
    struct exchange exchange;
};

/* Opens rule and input, and reads it to its end. -1 with the error; the caller closes. */
int scan_all(struct scanning *scanning, const char *rule, char *const *files, bool question, bool sink,
             struct error *error);
enum exit_code scan_close(struct scanning *scanning, enum exit_code code, struct error *error);

#endif
