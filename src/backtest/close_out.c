/* Leaving everything behind the last bar: what a window of a walk ends with. */
#include "backtest/internal.h"

#include <stdio.h>
#include <string.h>

/* More than anybody holds: where a model goes by the volume of a bar, this one has enough. */
#define VOLUME 1e15

/* What is known of no bar: the interval of the trade that fills the exits. */
static const struct interval at_once = {.unit = INTERVAL_SECOND, .count = 1};

static int submit_exit(struct backtest *backtest, const struct holding *holding, int number, struct error *error)
{
    const struct ledger *ledger = &backtest->ledger;
    struct order order;
    struct refusal refusal;
    record_blank(RECORD_ORDER, &order);
    order.time = backtest->moment;
    (void)snprintf(order.id, sizeof order.id, "close-out-%d", number);
    memcpy(order.symbol, ledger_symbol(ledger, holding->slot), strlen(ledger_symbol(ledger, holding->slot)) + 1);
    memcpy(order.account, ledger->terms.account, sizeof order.account);
    memcpy(order.strategy, holding->strategy, sizeof order.strategy);
    order.role = ROLE_EXIT;
    order.side = holding->quantity > 0 ? SIDE_SELL : SIDE_BUY_TO_COVER;
    order.quantity = holding->quantity > 0 ? holding->quantity : -holding->quantity;
    order.order_type = ORDER_MARKET;
    order.time_in_force = TIF_GTC;
    order.mode = ledger->terms.mode;
    return orders_submit(&backtest->manager, &order, order.time, &refusal, error) < 0 ? -1 : 0;
}

int backtest_close_out(struct backtest *backtest, dec *equity, struct error *error)
{
    struct ledger *ledger = &backtest->ledger;
    struct worth worth;
    if (backtest_flush(backtest, error) != 0)
        return -1;
    if (backtest->moment != TIME_NONE && backtest_reach(backtest, backtest->moment + 1, error) != 0)
        return -1;
    while (ledger->open_orders > 0)
        if (orders_cancel(&backtest->manager, ledger->open_order[0]->order.id, backtest->moment, "the window ends",
                          error) < 0)
            return -1;
    for (size_t i = 0; i < ledger->holdings; i++)
        if (ledger->holding[i].quantity != 0 && submit_exit(backtest, &ledger->holding[i], (int)i, error) != 0)
            return -1;
    for (size_t slot = 0; slot < ledger->slots; slot++) {
        const dec mark = ledger->symbol_state[slot].mark;
        const struct candle last = {.time = backtest->moment,
                                    .opens = backtest->moment,
                                    .end = backtest->moment,
                                    .open = mark,
                                    .high = mark,
                                    .low = mark,
                                    .close = mark,
                                    .volume = VOLUME};
        const struct bars bars = bars_of(&last);
        if (ledger->symbol_state[slot].working > 0 && mark != DEC_NONE &&
            backtest_pass_bar(backtest, (int)slot, at_once, &bars, error) != 0)
            return -1;
    }
    if (ledger_worth(ledger, &worth, error) != 0)
        return -1;
    *equity = worth.equity;
    return 0;
}
