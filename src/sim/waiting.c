/* Orders that are sent when another has filled. What the end of that one means for them the ledger knows (`due`); here
 * it is done, once nobody walks over the working orders. */
#include "sim/internal.h"

#include <string.h>

/* An exit is for what there is to sell by now. */
static int size_exit(struct engine *engine, const struct ticket *ticket, int64_t time, bool *over, struct error *error)
{
    struct order order = ticket->order;
    struct refusal refusal;
    const struct instrument *instrument = engine->instrument(engine->context, order.symbol, error);
    if (instrument == NULL)
        return -1;
    order.quantity = ticket->order.quantity - ticket->filled;
    const int refused = risk_check(engine->ledger, &engine->limits, instrument, &order, &refusal, error);
    if (refused <= 0)
        return refused;
    *over = strcmp(refusal.code, "EXIT_EXCEEDS_POSITION") != 0 || refusal.limit <= 0;
    return *over ? engine_update(engine, ticket, STATUS_CANCELED, time, refusal.code, error)
                 : engine_resize(engine, ticket, refusal.limit, time, error);
}

static int wake(struct engine *engine, const struct ticket *ticket, struct error *error)
{
    const int64_t time = ticket->due_at;
    bool over = false;
    if (ticket->due == DUE_CANCEL)
        return engine_update(engine, ticket, STATUS_CANCELED, time, "oto", error);
    if (order_is_reducing(&ticket->order) && size_exit(engine, ticket, time, &over, error) != 0)
        return -1;
    return over ? 0 : engine_update(engine, ticket, STATUS_ACCEPTED, time, "oto", error);
}

int engine_wake_due(struct engine *engine, struct error *error)
{
    const struct ledger *ledger = engine->ledger;
    while (ledger->due > 0) { /* the end of one may be what another waits for */
        size_t i = 0;
        while (ledger->ticket[i]->due == DUE_NOTHING)
            i++;
        if (wake(engine, ledger->ticket[i], error) != 0)
            return -1;
    }
    return 0;
}
