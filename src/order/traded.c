/* What the symbols of an account are: said before they are traded, and carried out when they end. */
#include "order/internal.h"

#include <stdio.h>
#include <string.h>

/* As a record. */
static struct instrument_facts facts_of(const struct order_manager *manager, const char *symbol,
                                        const struct instrument *instrument, int64_t time)
{
    const struct ledger *ledger = manager->ledger;
    struct instrument_facts facts = {.time = time,
                                     .kind = instrument->kind,
                                     .settlement_unit = DEC_NONE,
                                     .tick_size = instrument->tick_size,
                                     .lot_size = instrument->lot_size,
                                     .multiplier = instrument->multiplier,
                                     .strike = DEC_NONE,
                                     .expiry = instrument->expiry == 0 ? TIME_NONE : instrument->expiry,
                                     .valid_from = instrument->first_day == 0 ? TIME_NONE : instrument->first_day,
                                     .valid_to = instrument->last_day == 0 ? TIME_NONE : instrument->last_day};
    memcpy(facts.account, ledger->terms.account, sizeof facts.account);
    (void)snprintf(facts.symbol, sizeof facts.symbol, "%s", symbol);
    (void)snprintf(facts.sector, sizeof facts.sector, "%s", instrument->sector);
    (void)snprintf(facts.currency, sizeof facts.currency, "%s",
                   instrument->currency[0] == '\0' ? ledger->terms.currency : instrument->currency);
    return facts;
}

int orders_say_instrument(struct order_manager *manager, const char *symbol, int slot, int64_t time,
                          struct error *error)
{
    struct ledger *ledger = manager->ledger;
    const struct instrument *instrument = manager->instrument(manager->context, symbol, error);
    if (instrument == NULL)
        return -1;
    if (manager->marks && ledger_trades_as_other(ledger, slot, instrument)) {
        const struct instrument_facts facts = facts_of(manager, symbol, instrument, time);
        if (orders_emit(manager, RECORD_INSTRUMENT, &facts, error) != 0)
            return -1;
    }
    return ledger_compare(ledger, slot, instrument, error);
}

/* A position of an instance in what has ended: sold or bought back at the last price. */
static int close_expired(struct order_manager *manager, int index, int64_t ends, const char *cause, struct error *error)
{
    struct ledger *ledger = manager->ledger;
    const struct holding *holding = &ledger->holding[index];
    char order_id[ID_SIZE];
    struct execution fill = {.slot = holding->slot,
                             .holding = index,
                             .role = ROLE_EXIT,
                             .side = holding->quantity > 0 ? SIDE_SELL : SIDE_BUY_TO_COVER,
                             .time = ends,
                             .quantity = holding->quantity > 0 ? holding->quantity : -holding->quantity,
                             .price = ledger->symbol_state[holding->slot].mark,
                             .multiplier = holding->multiplier,
                             .slippage = DEC_NONE,
                             .lot = ""};
    if (orders_name(manager, order_id, "te", cause, holding->strategy, error) != 0 ||
        ledger_amount(ledger, fill.slot, fill.quantity, fill.price, fill.multiplier, &fill.amount, error) != 0)
        return -1;
    return orders_book(manager, &fill, order_id, error);
}

static int settle(struct order_manager *manager, int slot, int64_t ends, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    const struct ledger_symbol_state *at = &ledger->symbol_state[slot];
    const char *symbol = ledger_symbol(ledger, slot);
    char cause[ID_SIZE], text[200], price[DEC_TEXT_MAX], marked[TIME_TEXT_MAX];
    (void)snprintf(cause, sizeof cause, "expiry-%s-%lld", symbol, (long long)at->instrument->expiry);
    while (at->open_order != NULL)
        if (orders_update(manager, at->open_order, STATUS_EXPIRED, ends, "its instrument has expired", error) != 0)
            return -1;
    if (at->open > 0) {
        price[dec_format(price, at->mark)] = '\0';
        marked[time_format(marked, at->marked)] = '\0';
        (void)snprintf(text, sizeof text,
                       "it has expired: the position is closed at its last price, %s of %s. Exercise, delivery and "
                       "settlement prices are not modelled",
                       price, marked);
        if (orders_warn(manager, symbol, ends, cause, "instrument expired", text, error) != 0)
            return -1;
    }
    for (int i = 0; i < ledger->symbol_state[slot].holdings; i++) {
        const int index = ledger->symbol_state[slot].holding[i];
        if (ledger->holding[index].quantity != 0 && close_expired(manager, index, ends, cause, error) != 0)
            return -1;
    }
    return orders_wake(manager, error);
}

int orders_settle_expired(struct order_manager *manager, int64_t known, struct error *error)
{
    struct ledger *ledger = manager->ledger;
    for (size_t i = 0; i < ledger->slots; i++) {
        const int64_t ends = ledger_expiry(ledger, &ledger->symbol_state[i]);
        if (ends <= known && orders_concerns(ledger, (int)i) && settle(manager, (int)i, ends, error) != 0)
            return -1;
    }
    ledger_note_expiries(ledger, known);
    return 0;
}
