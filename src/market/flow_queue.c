/* A sorted array whose front is given up in blocks. */
#include "market/flow_queue.h"

#include "base/list.h"

#include <stdlib.h>
#include <string.h>

void flow_queue_init(struct flow_queue *queue)
{
    *queue = (struct flow_queue){.tick = NULL};
}

void flow_queue_clear(struct flow_queue *queue)
{
    free(queue->tick);
    flow_queue_init(queue);
}

/* What has been taken makes room once it is as much as what waits, so that each is moved once on the whole. */
static void give_up_front(struct flow_queue *queue)
{
    const size_t waiting = queue->count - queue->first;
    if (queue->first < waiting)
        return;
    if (waiting > 0)
        memmove(queue->tick, queue->tick + queue->first, waiting * sizeof *queue->tick);
    queue->first = 0;
    queue->count = waiting;
}

int flow_queue_add(struct flow_queue *queue, const struct flow_tick *tick, struct error *error)
{
    if (queue->count - queue->first >= FLOW_QUEUE_MAX)
        return error_set(error, EXIT_INPUT, "too many records are ahead of the stream");
    give_up_front(queue);
    if (list_grow(&queue->tick, &queue->capacity, queue->count, sizeof *queue->tick, error) < 0)
        return -1;
    size_t at = queue->count++;
    for (; at > queue->first && queue->tick[at - 1].time > tick->time; at--)
        queue->tick[at] = queue->tick[at - 1];
    queue->tick[at] = *tick;
    return 0;
}

bool flow_queue_take(struct flow_queue *queue, int64_t moment, struct flow_tick *tick)
{
    if (queue->first == queue->count || queue->tick[queue->first].time > moment)
        return false;
    *tick = queue->tick[queue->first++];
    return true;
}

static bool is_same(const struct flow_tick *a, const struct flow_tick *b)
{
    return !a->quote && a->lane == b->lane && a->price == b->price && a->quantity == b->quantity &&
           (a->id != 0 && b->id != 0 ? a->id == b->id : a->time == b->time);
}

bool flow_queue_take_back(struct flow_queue *queue, const struct flow_tick *trade)
{
    size_t i = queue->count;
    while (i > queue->first && !is_same(&queue->tick[i - 1], trade))
        i--;
    if (i == queue->first)
        return false;
    memmove(&queue->tick[i - 1], &queue->tick[i], (queue->count - i) * sizeof *queue->tick);
    queue->count--;
    return true;
}
