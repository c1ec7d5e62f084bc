/* Intents on their way. */
#include "broker/courier.h"

#include "base/list.h"

#include <stdlib.h>
#include <string.h>

#define DOUBLINGS 6 /* of the patience, from question to question */

struct errand {
    char order_id[ID_SIZE];
    enum order_request request;
    int64_t question, due;
};

static int wait_for(struct courier *courier, struct error *error);

/* Those whose time is over go, and where they are still waited for, the account hears of the silence. */
static int on_time(void *context, int64_t now, struct error *error)
{
    struct courier *courier = context;
    courier->timer = 0;
    for (size_t i = 0; i < courier->errands;) {
        const struct errand errand = courier->errand[i];
        if (errand.due > now) {
            i++;
            continue;
        }
        courier->errand[i] = courier->errand[--courier->errands];
        struct report report = {.kind = REPORT_NO_ANSWER,
                                .order_id = errand.order_id,
                                .time = courier->wall + now,
                                .reason = "",
                                .filled = DEC_NONE,
                                .stop_price = DEC_NONE,
                                .limit_price = DEC_NONE,
                                .new_quantity = DEC_NONE};
        if (orders_is_awaited(courier->manager->ledger, errand.order_id, errand.request, errand.question) &&
            courier->report(courier->context, &report, error) != 0)
            return -1;
    }
    return courier_send(courier, error);
}

static int wait_for(struct courier *courier, struct error *error)
{
    const bool early = loop_monotonic(courier->loop) < courier->ready;
    int64_t next = early ? courier->ready : INT64_MAX;
    for (size_t i = 0; i < courier->errands; i++)
        next = courier->errand[i].due < next ? courier->errand[i].due : next;
    if (next == INT64_MAX || (courier->timer != 0 && courier->due <= next))
        return 0;
    if (courier->timer != 0)
        loop_cancel(courier->loop, courier->timer);
    courier->due = next;
    courier->timer = loop_timer(courier->loop, next, on_time, courier, error);
    return courier->timer < 0 ? -1 : 0;
}

/* It takes the place of an earlier one of the same kind, whose answer has come. */
static int note(struct courier *courier, const struct intent *intent, struct error *error)
{
    const unsigned doublings = !intent->ask ? 0 : intent->tries > DOUBLINGS ? DOUBLINGS : intent->tries - 1;
    size_t at = 0;
    while (at < courier->errands && (courier->errand[at].request != intent->request ||
                                     strcmp(courier->errand[at].order_id, intent->order->id) != 0))
        at++;
    if (list_grow(&courier->errand, &courier->errand_capacity, at, sizeof *courier->errand, error) != 0)
        return -1;
    courier->errands += at == courier->errands;
    struct errand *errand = &courier->errand[at];
    *errand = (struct errand){.request = intent->request,
                              .question = intent->question,
                              .due = loop_monotonic(courier->loop) + (courier->patience << doublings)};
    memcpy(errand->order_id, intent->order->id, sizeof errand->order_id);
    return 0;
}

int courier_send(struct courier *courier, struct error *error)
{
    struct intent intent;
    while (loop_monotonic(courier->loop) >= courier->ready && orders_next_intent(courier->manager, &intent))
        if (note(courier, &intent, error) != 0 ||
            (intent.ask ? courier->broker->ask(courier->venue, intent.order->id, intent.question, error)
                        : courier->broker->send(courier->venue, &intent, error)) != 0)
            return -1;
    return wait_for(courier, error);
}

int courier_resume(struct courier *courier, struct error *error)
{
    const int64_t now = loop_monotonic(courier->loop);
    orders_resume(courier->manager, courier->wall + now);
    courier->ready = courier->manager->ledger->open_orders > 0 ? now + courier->patience : now;
    return courier_send(courier, error);
}

void courier_clear(struct courier *courier)
{
    if (courier->timer != 0)
        loop_cancel(courier->loop, courier->timer);
    free(courier->errand);
    courier->errand = NULL;
    courier->errands = courier->errand_capacity = 0;
    courier->timer = 0;
}
