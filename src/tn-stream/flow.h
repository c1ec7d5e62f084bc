/* tn-stream flow: what its files share. */
#ifndef TN_STREAM_COMMAND_FLOW_H
#define TN_STREAM_COMMAND_FLOW_H

#include "base/names.h"
#include "exchange/exchange.h"
#include "feed/input.h"
#include "market/book.h"
#include "market/flow_queue.h"
#include "market/order_flow.h"
#include "stream/line.h"
#include "tn-stream/commands.h"

enum { SIDE_LEVELS = 1000 };

struct lane { /* of a symbol of a source */
    char source[ID_SIZE];
    struct flow_meter meter;
    struct book book;
    bool has_books; /* then its quotes say nothing new */
};

struct due {
    struct order_flow flow;
    uint32_t lane;
};

struct flowing {
    const struct invocation *invocation;
    struct flow_terms terms;
    struct input *input;
    struct names symbols; /* "SYMBOL SOURCE", of the lanes */
    struct lane *lane;
    size_t lane_capacity;
    struct due *due;
    size_t due_capacity;
    struct flow_queue queue; /* what is ahead of `moment` */
    int64_t grace;
    int64_t moment;   /* the latest at which something became known, less the grace */
    int64_t next_end; /* of the intervals that have begun */
    bool rows;
    struct buf text; /* the rows of those that are due */
    struct book_level *level[BOOK_SIDES];
    uint64_t taken, late, outside, canceled;
};

/* The options into `terms`, `grace` and `rows`. */
int flow_options_read(struct flowing *flowing, struct error *error);

#endif
