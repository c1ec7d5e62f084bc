/* Trades and quotes that wait for their moment, so that order flow is measured in the order in which they happened,
 * whatever the order in which they came: the earliest first, those of one moment as they came. */
#ifndef TN_MARKET_FLOW_QUEUE_H
#define TN_MARKET_FLOW_QUEUE_H

#include "record/types.h"

#include <stddef.h>

#define FLOW_QUEUE_MAX 1000000

/* A trade, or the best prices and what stands at them. */
struct flow_tick {
    int64_t time;
    uint32_t lane; /* of its symbol: the caller's number */
    bool quote;
    enum side side; /* of a trade, and the rest of it */
    uint64_t id;    /* digest of the venue's, 0 for none */
    dec price, quantity;
    dec bid, ask; /* of a quote */
    double bid_size, ask_size;
};

struct flow_queue {
    struct flow_tick *tick;
    size_t first, count, capacity; /* those that wait: from `first` to before `count` */
};

void flow_queue_init(struct flow_queue *queue);
void flow_queue_clear(struct flow_queue *queue);
/* EXIT_INPUT when FLOW_QUEUE_MAX wait: their times are far ahead of those of the stream. */
int flow_queue_add(struct flow_queue *queue, const struct flow_tick *tick, struct error *error);
/* The first whose moment has come; false: none. */
bool flow_queue_take(struct flow_queue *queue, int64_t moment, struct flow_tick *tick);
/* A trade is taken back: true when it was still waiting, and is gone. */
bool flow_queue_take_back(struct flow_queue *queue, const struct flow_tick *trade);

#endif
