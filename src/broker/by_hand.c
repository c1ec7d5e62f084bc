/* What a person does to a paper account: cancels of a symbol, an entry once more, money changed. */
#include "broker/paper_parts.h"

#include <string.h>

/* Working orders of a symbol, or of all of them (""): entries and those by hand; with `all` also exits and the legs of
 * positions. What is left is counted. */
int paper_cancel_symbol(struct paper *paper, const char *symbol, bool all, int64_t now, int *left, struct error *error)
{
    const struct ledger *ledger = paper->ledger;
    int cancelled = 0;
    *left = 0;
    if (paper_begin(paper, error) != 0)
        return -1;
    for (size_t i = ledger->open_orders; i-- > 0;) {
        const struct order *order = &ledger->open_order[i]->order;
        if (symbol[0] != '\0' && strcmp(order->symbol, symbol) != 0)
            continue;
        const bool by_hand = order->signal[0] == '\0' && !order_is_leg(order);
        if (!all && order->role != ROLE_ENTRY && !by_hand) {
            ++*left;
            continue;
        }
        char id[ID_SIZE];
        memcpy(id, order->id, sizeof id);
        if (orders_cancel(&paper->manager, id, now, "by hand", error) < 0)
            return -1;
        cancelled++;
    }
    return cancelled;
}

/* An entry of this account that ended without a fill, from the journal. */
static int find_ended(struct paper *paper, const char *order_id, struct order *order, struct error *error)
{
    struct event event;
    char fill_id[ID_SIZE];
    const int found = journal_find(paper->account.journal, RECORD_ORDER, order_id, &event, error);
    if (found < 0)
        return -1;
    if (found == 0 || !str_is(event.account, paper->ledger->terms.account))
        return error_set(error, EXIT_NO, "no order %s in account '%s'", order_id, paper->ledger->terms.account);
    /* A copy: the order's texts point into its line, and the journal's own is gone with the next question to it. */
    buf_reset(&paper->found);
    buf_add_str(&paper->found, event.record);
    buf_reset(&paper->scratch);
    if (buf_check(&paper->found, error) != 0 ||
        record_scan(&paper->record, paper->found.p, paper->found.n, error) != 0 ||
        record_decode(&paper->record, order, error) != 0)
        return -1;
    if (order->role != ROLE_ENTRY)
        return error_set(error, EXIT_NO, "order %s is not an entry: exits are repeated automatically", order_id);
    if (ledger_open_order(paper->ledger, order_id) != NULL)
        return error_set(error, EXIT_NO, "order %s is still working", order_id);
    orders_fill_id(fill_id, order_id, 1);
    const int filled = journal_find(paper->account.journal, RECORD_FILL, fill_id, &event, error);
    return filled == 1 ? error_set(error, EXIT_NO, "order %s has filled: another entry needs a new decision", order_id)
                       : filled;
}

int paper_again(struct paper *paper, const char *order_id, int64_t now, struct error *error)
{
    struct event event;
    struct order order;
    char latest[ID_SIZE];
    if (paper_begin(paper, error) != 0)
        return -1;
    const int known = journal_find(paper->account.journal, RECORD_ORDER, order_id, &event, error);
    const int named =
        known == 0 ? journal_latest_entry(paper->account.journal, paper->ledger->terms.account, order_id, latest, error)
                   : known;
    if (named < 0)
        return -1;
    if (known == 0 && named == 1)
        order_id = latest;
    if (find_ended(paper, order_id, &order, error) != 0)
        return -1;
    const int slot = ledger_find_slot(paper->ledger, order.symbol);
    const struct holding *holding = ledger_holding(paper->ledger, order.strategy, slot);
    if (holding != NULL && holding->quantity != 0)
        return error_set(error, EXIT_NO, "order %s: its strategy has a position in %s", order_id, order.symbol);
    if (slot >= 0 && paper->ledger->symbol_state[slot].split > order.time)
        return error_set(error, EXIT_NO, "order %s: %s has split since, so its quantity and prices are wrong", order_id,
                         order.symbol);
    const char *signal = order.signal[0] != '\0' ? order.signal : order.id;
    order.attempt++;
    order.age = 0; /* decided anew, by hand */
    order.oto[0] = '\0';
    order.time = now;
    if (order.time_in_force != TIF_GTD) /* how long it works follows from its time in force and from now */
        order.valid_until = TIME_NONE;
    if (order_id_make(order.id, paper->account.terms.hash, order.account, signal, ROLE_ENTRY, order.attempt, error) !=
        0)
        return -1;
    const int repeated = journal_find(paper->account.journal, RECORD_ORDER, order.id, &event, error);
    if (repeated != 0)
        return repeated < 0 ? -1
                            : error_set(error, EXIT_NO, "order %s was already repeated, as %s", order_id, order.id);
    return paper_submit(paper, &order, now, error);
}

int paper_event(struct paper *paper, enum record_type type, const void *value, struct error *error)
{
    return paper_begin(paper, error) == 0 && paper_store(paper, type, value, error) == 0
               ? ledger_apply(paper->ledger, type, value, error)
               : -1;
}

const struct ledger *paper_ledger(const struct paper *paper)
{
    return paper->ledger;
}

struct journal *paper_journal(const struct paper *paper)
{
    return paper->account.journal;
}
