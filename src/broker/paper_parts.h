/* What the files of the paper account share. */
#ifndef TN_BROKER_PAPER_PARTS_H
#define TN_BROKER_PAPER_PARTS_H

#include "broker/mark_list.h"
#include "broker/paper.h"
#include "broker/rates.h"
#include "record/record.h"

/* A record appended in this transaction, to be told once it is durable. */
struct pending {
    enum record_type type;
    size_t start;
};

struct paper {
    struct paper_options options;
    struct account account;
    struct ledger *ledger; /* the account's */
    struct order_manager manager;
    const struct broker *broker; /* the one of its mode */
    struct venue *venue;
    struct fee_state fees;
    struct record record; /* of an order found in the journal */
    bool begun;           /* a transaction is open … */
    int64_t begun_at;     /* … since this monotonic time */
    bool dirty;           /* something was appended since paper_record_done */
    int64_t moment;
    int64_t unfinished;     /* the moment that whoever traded before has not finished, TIME_NONE: he has */
    bool concerned;         /* the moment changed something … */
    bool barred;            /* … and a bar did: it gets an equity point */
    enum adjusted adjusted; /* of the bars of this stream */
    struct mark_list marks; /* what the bars of this moment have marked */
    struct buf lines;
    struct pending *pending;
    size_t pendings, pending_capacity;
    struct buf scratch;
    struct buf found; /* the line of an order from the journal */
    char *sync_path;
    char *halt_path;
    char *clock_path;        /* of net/clock.h */
    bool clock_off;          /* it was, for an order */
    struct halt_file *halts; /* as read at the beginning of this transaction, which appends what was new in it */
    struct rate_bars rates;
    struct names batch; /* actions that were applied since it was opened: of one batch, none corrects another */
};

/* Appends an event of the transaction that is open, to be told after the commit: the context is the paper account. */
int paper_store(void *context, enum record_type type, const void *value, struct error *error);

#endif
