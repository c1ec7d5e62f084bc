/* An event in a few words, for tables. */
#ifndef TN_JOURNAL_SUMMARY_H
#define TN_JOURNAL_SUMMARY_H

#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"
#include "db/events.h"

#include <stdint.h>

#define SUMMARY_ID_SIZE 129

struct summary {
    int64_t time; /* TIME_NONE when it has none */
    char symbol[33];
    char id[SUMMARY_ID_SIZE]; /* its id, or the one of the order it is about; "" */
    struct buf text;          /* "buy 10 market, entry of sma-cross" */
};

void summary_init(struct summary *summary);
void summary_clear(struct summary *summary);
/* Of any record; one that cannot be read is given as it stands. Fails for want of memory only. */
int summary_of(struct summary *summary, struct str record, struct error *error);
/* Of what stands inside a record (history.h): "long at 182.35, fast 181.2, slow 179.9, wanted since 2026-02-27". */
int summary_of_part(struct summary *summary, const struct event *part, struct error *error);

#endif
