/* What is asked of a venue that answers later. What is asked is in the ledger, by events; what is on its way is known
 * to this process alone, so that after a restart the venue is asked first.
 *
 * Of one order there is one thing on its way at a time, but for a cancel, which waits for nothing but the answer to a
 * question: so an answer is to what was sent last, and what is asked meanwhile is sent when it has come. */
#include "order/internal.h"

#include <string.h>

#define BIT(request) (1U << (request))
#define ASKED        (1U << 8)  /* a question is on its way */
#define UNSURE       (1U << 9)  /* this process has not heard yet how the order stands */
#define MORE         (1U << 10) /* more was asked since the replace was sent */

#define SILENCES 5 /* so many questions without an answer are told */

enum order_stage orders_stage(const struct open_order *open_order)
{
    return open_order == NULL                                                    ? STAGE_OVER
           : open_order->status == STATUS_PENDING_NEW && open_order->filled == 0 ? STAGE_NEW
                                                                                 : STAGE_WORKING;
}

bool orders_in_doubt(const struct open_order *open_order)
{
    return open_order->doubt || (open_order->sent & UNSURE) != 0;
}

/* Nobody else has ever heard of it. */
static bool is_ours(const struct open_order *open_order)
{
    return open_order->sleeps || (orders_stage(open_order) == STAGE_NEW && !orders_in_doubt(open_order) &&
                                  (open_order->sent & BIT(REQUEST_SUBMIT)) == 0);
}

static bool is_news(dec wanted, dec now)
{
    return wanted > 0 && wanted != now;
}

/* What is wanted of an open order, for when the fold has let go of it. */
static struct replace wanted_of(const struct open_order *open_order)
{
    return (struct replace){.quantity = open_order->wanted.quantity,
                            .limit_price = open_order->wanted.limit_price,
                            .stop_price = open_order->wanted.stop_price};
}

static bool is_open(const struct replace *wanted, const struct order *order)
{
    return is_news(wanted->quantity, order->quantity) || is_news(wanted->limit_price, order->limit_price) ||
           is_news(wanted->stop_price, order->stop_price);
}

static int emit_asked(struct order_manager *manager, const struct open_order *open_order, enum order_status status,
                      const struct replace *wanted, int64_t time, const char *reason, struct error *error)
{
    struct order_update update = orders_update_of(manager, open_order, status, time, reason);
    if (wanted != NULL) {
        update.quantity = wanted->quantity;
        update.limit_price = wanted->limit_price;
        update.stop_price = wanted->stop_price;
    }
    return orders_event(manager, RECORD_ORDER_UPDATE, &update, error);
}

/* The order says something else from now on. */
static int emit_terms(struct order_manager *manager, const struct open_order *open_order, const struct replace *terms,
                      int64_t time, struct error *error)
{
    struct order_update update = orders_update_of(manager, open_order, open_order->status, time, "replaced");
    update.quantity = terms->quantity;
    update.limit_price = terms->limit_price;
    update.stop_price = terms->stop_price;
    update.revision = open_order->revision + 1;
    return orders_event(manager, RECORD_ORDER_UPDATE, &update, error);
}

int orders_ask_cancel(struct order_manager *manager, struct open_order *open_order, enum order_status status,
                      int64_t time, const char *reason, struct error *error)
{
    if (is_ours(open_order))
        return orders_update(manager, open_order, status, time, reason, error);
    return open_order->request == REQUEST_CANCEL
               ? 0
               : emit_asked(manager, open_order, STATUS_PENDING_CANCEL, NULL, time, reason, error);
}

/* A REPLACE asks for what differs from what the venue says, or will say. */
int orders_ask_replace(struct order_manager *manager, struct open_order *open_order, const struct replace *replace,
                       int64_t time, const char *reason, struct error *error)
{
    const struct order *order = &open_order->order;
    const bool asked = open_order->request == REQUEST_REPLACE;
    if (open_order->request == REQUEST_CANCEL)
        return 0;
    struct order until = *order; /* what it will say */
    if (asked && open_order->wanted.quantity > 0)
        until.quantity = open_order->wanted.quantity;
    if (asked && open_order->wanted.limit_price > 0)
        until.limit_price = open_order->wanted.limit_price;
    if (asked && open_order->wanted.stop_price > 0)
        until.stop_price = open_order->wanted.stop_price;
    if (!is_open(replace, &until))
        return 0;
    if (is_ours(open_order))
        return emit_terms(manager, open_order, replace, time, error);
    if ((open_order->sent & BIT(REQUEST_REPLACE)) != 0)
        open_order->sent |= MORE;
    return emit_asked(manager, open_order, STATUS_PENDING_REPLACE, replace, time, reason, error);
}

int orders_stand(struct order_manager *manager, struct open_order *open_order, const struct standing *to, bool told,
                 const struct report *report, struct error *error)
{
    const struct replace wanted = to->wanted;
    const bool works = to->stage != STAGE_NEW;
    const bool asks = to->request == REQUEST_REPLACE || to->request == REQUEST_CANCEL;
    const bool drops = open_order->request != REQUEST_NONE && open_order->request != to->request &&
                       to->request != REQUEST_CANCEL; /* a cancel takes the place of a replace */
    const enum order_status status = !works                   ? STATUS_PENDING_NEW
                                     : open_order->filled > 0 ? STATUS_PARTIALLY_FILLED
                                                              : STATUS_ACCEPTED;
    if ((told || drops || (open_order->doubt && !to->doubt) || (works && orders_stage(open_order) == STAGE_NEW)) &&
        orders_update(manager, open_order, status, report->time,
                      report->kind == REPORT_NOT_FOUND ? "not found" : report->reason, error) != 0)
        return -1;
    if (asks && open_order->request != to->request &&
        emit_asked(manager, open_order, to->request == REQUEST_CANCEL ? STATUS_PENDING_CANCEL : STATUS_PENDING_REPLACE,
                   to->request == REQUEST_CANCEL ? NULL : &wanted, report->time, "", error) != 0)
        return -1;
    return to->doubt && !open_order->doubt ? orders_update(manager, open_order, STATUS_UNKNOWN, report->time, "", error)
                                           : 0;
}

struct standing orders_standing(const struct open_order *open_order)
{
    return (struct standing){.stage = orders_stage(open_order),
                             .request = open_order_request(open_order),
                             .doubt = open_order->doubt,
                             .wanted = wanted_of(open_order)};
}

/* What a report of this kind is the answer to is not on its way any more. */
static void note_answer(struct open_order *open_order, const struct order_step *step, enum report_kind kind)
{
    if ((step->flags & STEP_SURE) != 0)
        open_order->sent = open_order->silent = 0;
    if ((step->flags & STEP_ACCEPT) != 0)
        open_order->sent &= ~BIT(REQUEST_SUBMIT);
    if (kind == REPORT_CANCEL_REJECTED)
        open_order->sent &= ~BIT(REQUEST_CANCEL);
    else if (kind == REPORT_REPLACED || kind == REPORT_REPLACE_REJECTED)
        open_order->sent &= ~(BIT(REQUEST_REPLACE) | MORE);
    else if (kind == REPORT_NO_ANSWER)
        open_order->sent &= ~ASKED;
}

static struct replace terms_of(const struct report *report)
{
    return (struct replace){
        .quantity = report->new_quantity, .limit_price = report->limit_price, .stop_price = report->stop_price};
}

/* The terms that a venue says, or that were wanted of an order that it has never heard of. 1: with them the order has
 * filled, and is over; -1. */
static int take_terms(struct order_manager *manager, struct open_order *open_order, const struct report *report,
                      struct error *error)
{
    const struct order *order = &open_order->order;
    struct replace terms = report->kind == REPORT_NOT_FOUND ? wanted_of(open_order) : terms_of(report);
    terms.quantity = is_news(terms.quantity, order->quantity) ? terms.quantity : DEC_NONE;
    terms.limit_price = is_news(terms.limit_price, order->limit_price) ? terms.limit_price : DEC_NONE;
    terms.stop_price = is_news(terms.stop_price, order->stop_price) ? terms.stop_price : DEC_NONE;
    if (terms.quantity > 0 && terms.quantity <= open_order->filled)
        return orders_update(manager, open_order, STATUS_CANCELED, report->time, "replaced by what has filled",
                             error) == 0
                   ? 1
                   : -1;
    return is_open(&terms, order) ? emit_terms(manager, open_order, &terms, report->time, error) : 0;
}

int orders_carry_out(struct order_manager *manager, struct open_order *open_order, const struct order_step *step,
                     const struct report *report, struct error *error)
{
    struct standing to = orders_standing(open_order);
    const bool has_terms =
        report->kind == REPORT_REPLACED || report->kind == REPORT_STANDING || report->kind == REPORT_NOT_FOUND;
    const struct replace said = terms_of(report);
    const bool more = (open_order->sent & MORE) != 0;
    const dec before = open_order->order.quantity;
    const int holding = open_order->holding;
    const bool reduces = order_is_reducing(&open_order->order);
    note_answer(open_order, step, report->kind);
    /* Terms that are known are no news, whoever tells them. */
    if (report->kind == REPORT_REPLACED && (step->flags & STEP_ASK) != 0 && (step->flags & STEP_ACCEPT) == 0 &&
        !is_open(&said, &open_order->order))
        return 0;
    if (has_terms && (step->flags & STEP_TERMS) != 0) {
        const int over = take_terms(manager, open_order, report, error);
        if (over != 0)
            return over < 0 ? -1 : 0;
    }
    to.stage = step->stage;
    if ((step->flags & STEP_DROP) == 0 || !more)
        to.request = step->request;
    if (to.request == REQUEST_REPLACE && !is_open(&to.wanted, &open_order->order))
        to.request = REQUEST_NONE;
    to.doubt = (to.doubt && (step->flags & STEP_SURE) == 0) || (step->flags & STEP_ASK) != 0;
    if (orders_stand(manager, open_order, &to, report->kind == REPORT_NOT_FOUND, report, error) != 0)
        return -1;
    /* Nobody reduces by more than there is, whatever the venue makes of it. */
    return reduces && open_order->order.quantity > before ? orders_fit(manager, holding, 0, report->time, error) : 0;
}

int orders_note_doubt(struct order_manager *manager, struct open_order *open_order, int64_t time, struct error *error)
{
    return open_order->doubt ? 0 : orders_update(manager, open_order, STATUS_UNKNOWN, time, "", error);
}

int orders_doubt_all(struct order_manager *manager, int slot, int64_t time, struct error *error)
{
    for (struct open_order *open_order = manager->ledger->symbol_state[slot].open_order; open_order != NULL;
         open_order = open_order->next)
        if (!is_ours(open_order) && orders_note_doubt(manager, open_order, time, error) != 0)
            return -1;
    return 0;
}

bool orders_is_answer(const struct open_order *open_order, const struct report *report)
{
    return report->question != 0 && report->question == open_order->question && (open_order->sent & ASKED) != 0;
}

bool orders_is_silent(const struct open_order *open_order)
{
    return open_order->silent == SILENCES;
}

void orders_note_fill(struct open_order *open_order)
{
    open_order->sent &= ~BIT(REQUEST_SUBMIT);
}

/* What is to be sent of an order: REQUEST_NONE: nothing. */
static enum order_request next_request(const struct open_order *open_order)
{
    const enum order_request request = open_order->request;
    if (request == REQUEST_CANCEL && (open_order->sent & BIT(REQUEST_CANCEL)) == 0 &&
        (orders_stage(open_order) != STAGE_NEW || (open_order->sent & BIT(REQUEST_SUBMIT)) != 0))
        return REQUEST_CANCEL;
    if ((open_order->sent & (BIT(REQUEST_SUBMIT) | BIT(REQUEST_REPLACE) | BIT(REQUEST_CANCEL))) != 0)
        return REQUEST_NONE;
    if (orders_stage(open_order) == STAGE_NEW)
        return REQUEST_SUBMIT;
    return request == REQUEST_REPLACE ? REQUEST_REPLACE : REQUEST_NONE;
}

bool orders_next_intent(struct order_manager *manager, struct intent *intent)
{
    const struct ledger *ledger = manager->ledger;
    for (size_t i = 0; i < ledger->open_orders; i++) {
        struct open_order *open_order = ledger->open_order[i];
        const bool ask = orders_in_doubt(open_order);
        const enum order_request request = ask ? REQUEST_NONE : next_request(open_order);
        if (open_order->sleeps || open_order->planned ||
            (ask ? (open_order->sent & ASKED) != 0 : request == REQUEST_NONE))
            continue;
        open_order->sent |= ask ? ASKED : BIT(request);
        if (ask) {
            open_order->question = ++manager->questions;
            open_order->silent++;
        }
        *intent = (struct intent){.ask = ask,
                                  .request = request,
                                  .question = ask ? open_order->question : 0,
                                  .tries = open_order->silent,
                                  .order = &open_order->order,
                                  .wanted = wanted_of(open_order)};
        return true;
    }
    return false;
}

bool orders_is_awaited(const struct ledger *ledger, const char *order_id, enum order_request request, int64_t question)
{
    const struct open_order *open_order = ledger_open_order(ledger, order_id);
    if (open_order == NULL)
        return false;
    return question != 0 ? (open_order->sent & ASKED) != 0 && open_order->question == question
                         : (open_order->sent & BIT(request)) != 0;
}

void orders_resume(struct order_manager *manager, int64_t question)
{
    const struct ledger *ledger = manager->ledger;
    manager->questions = question;
    for (size_t i = 0; i < ledger->open_orders; i++) {
        struct open_order *open_order = ledger->open_order[i];
        open_order->sent = open_order->sleeps ? 0 : UNSURE;
        open_order->silent = 0;
    }
}
