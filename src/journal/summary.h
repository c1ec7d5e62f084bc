/* An event in a few words, for tables. */
#ifndef TN_JOURNAL_SUMMARY_H
#define TN_JOURNAL_SUMMARY_H

#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"

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
/* Of a raw object inside a record (a basis, a reason): "side long, price 182.35". The same. */
int summary_of_object(struct summary *summary, struct str object, struct error *error);

#endif
