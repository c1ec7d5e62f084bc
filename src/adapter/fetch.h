/* Asking a source: many symbols, page after page, several requests at once; what comes back is records. */
#ifndef TN_ADAPTER_FETCH_H
#define TN_ADAPTER_FETCH_H

#include "adapter/adapter.h"
#include "market/calendar.h"
#include "record/record.h"

struct fetch_query {
    const char *command;       /* "bars" … */
    const char *const *symbol; /* none for what is not about symbols */
    size_t symbols;
    struct interval interval;        /* one of the adapter's, for bars */
    int64_t from, to, now;           /* from <= time < to; all are set */
    int64_t limit;                   /* how many records are wanted; 0: all */
    const char *feed;                /* "" for the adapter's first */
    const char *text;                /* what is searched for; "" */
    const struct calendar *calendar; /* whose dates are meant */
};

struct fetch_sink {
    /* A record, strictly scanned, its figures exact. */
    int (*record)(void *context, const struct record *record, struct error *error);
    /* These symbols (all of a request's) cannot be had. */
    int (*failed)(void *context, const char *const *symbol, size_t symbols, const struct error *failure,
                  struct error *error);
    /* A record that makes no sense: `error` says why; 0 with the error cleared to go on. */
    int (*bad)(void *context, struct error *error);
    /* Something that the user should know of the answer; may be NULL. */
    void (*note)(void *context, const char *const *symbol, size_t symbols, const char *text);
    void *context;
};

/* Until all is there or has failed. -1 only when a function of the sink, or the machine, says so. */
int fetch_all(struct adapter *adapter, struct http *http, const struct fetch_query *query,
              const struct fetch_sink *sink, struct error *error);

#endif
