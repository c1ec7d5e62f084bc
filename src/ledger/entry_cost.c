/* What working entries may cost: of a symbol, and of buying power. */
#include "ledger/internal.h"

int order_cost(const struct order *order, dec quantity, dec multiplier, dec *cost)
{
    dec price = order->limit_price != DEC_NONE ? order->limit_price : order->reference_price, scaled = quantity;
    /* DEC_NONE is below every price. A sale at a limit may bring more than that. */
    if ((order->limit_price == DEC_NONE || side_sign(order->side) < 0) && order->stop_price > price)
        price = order->stop_price;
    if (price == DEC_NONE ||
        (multiplier != DEC_ONE && dec_multiply(&scaled, quantity, multiplier, ROUND_HALF_EVEN) != 0))
        return -1;
    return dec_multiply(cost, scaled, price, ROUND_HALF_EVEN);
}

dec ledger_own_money(const struct ledger *ledger, enum side side, dec cost)
{
    if (side_sign(side) < 0)
        return cost / 2;
    return ledger->terms.loan == 0 ? cost : cost - (dec)((__int128)cost * ledger->terms.loan / DEC_ONE);
}

/* Adds what an entry costs to the sums, or takes it off. */
static void add_cost(struct ledger *ledger, const struct open_order *open_order, int sign)
{
    struct ledger_symbol_state *state = &ledger->symbol_state[open_order->slot];
    if (open_order->cost == DEC_NONE) {
        state->unpriced += sign;
        ledger->unpriced += sign;
        return;
    }
    state->entry_cost += sign * (__int128)open_order->cost;
    __int128 *const need = state->currency == 0 ? &ledger->entry_need : &ledger->money[state->currency - 1].entry_need;
    *need += sign * (__int128)ledger_own_money(ledger, open_order->order.side, open_order->cost);
}

static dec cost_of(const struct open_order *open_order)
{
    const dec rest = open_order->order.quantity - open_order->filled;
    dec cost = 0;
    return rest != 0 && order_cost(&open_order->order, rest, open_order->multiplier, &cost) != 0 ? DEC_NONE : cost;
}

/* Of a few entries nobody keeps a sum: most accounts have one, and ask once. */
void ledger_count_cost(struct ledger *ledger, struct open_order *open_order)
{
    open_order->counted = open_order->entry && ledger->by_id != NULL;
    if (!open_order->counted)
        return;
    open_order->cost = cost_of(open_order);
    add_cost(ledger, open_order, 1);
}

void ledger_discount_cost(struct ledger *ledger, struct open_order *open_order)
{
    if (open_order->counted)
        add_cost(ledger, open_order, -1);
    open_order->counted = false;
}

void ledger_recost(struct ledger *ledger, struct open_order *open_order)
{
    ledger_discount_cost(ledger, open_order);
    ledger_count_cost(ledger, open_order);
}

void ledger_take_costs(struct ledger *ledger, int slot, int currency)
{
    struct ledger_symbol_state *at = &ledger->symbol_state[slot];
    for (struct open_order *open_order = at->open_order; open_order != NULL; open_order = open_order->next)
        ledger_discount_cost(ledger, open_order);
    at->currency = currency;
    for (struct open_order *open_order = at->open_order; open_order != NULL; open_order = open_order->next)
        ledger_count_cost(ledger, open_order);
}

static int add_up(const struct ledger *ledger, dec *sum, const struct open_order *open_order, bool own)
{
    const dec cost = open_order->entry ? cost_of(open_order) : 0;
    return cost == DEC_NONE ? -1
                            : dec_add(sum, *sum, own ? ledger_own_money(ledger, open_order->order.side, cost) : cost);
}

/* What the entries of a currency need of buying power, or cost, in it. */
static int cost_in(const struct ledger *ledger, int currency, bool own, dec *cost)
{
    *cost = 0;
    if (ledger->by_id != NULL && own) {
        const __int128 sum = currency == 0 ? ledger->entry_need : ledger->money[currency - 1].entry_need;
        *cost = (dec)sum;
        return ledger->unpriced > 0 || sum > DEC_MAX ? -1 : 0;
    }
    for (size_t i = 0; i < ledger->open_orders; i++)
        if (ledger->symbol_state[ledger->open_order[i]->slot].currency == currency &&
            add_up(ledger, cost, ledger->open_order[i], own) != 0)
            return -1;
    return 0;
}

/* Of all currencies, in the account's: where there are several. */
static int cost_of_all(const struct ledger *ledger, bool own, dec *cost)
{
    struct error ignored = {0};
    *cost = 0;
    for (int i = 0; (size_t)i <= ledger->currencies; i++) {
        dec part = 0, worth = 0;
        if (cost_in(ledger, i, own, &part) != 0 ||
            (part != 0 && ledger_convert(ledger, i, part, 1, ROUND_UP, &worth, &ignored) != 0) || worth == DEC_NONE ||
            dec_add(cost, *cost, worth) != 0)
            return -1;
    }
    return 0;
}

int ledger_entry_cost_in(const struct ledger *ledger, int currency, dec *cost)
{
    return cost_in(ledger, currency, false, cost);
}

int ledger_entry_cost(const struct ledger *ledger, int slot, bool own, dec *cost)
{
    if (slot < 0 && ledger->currencies > 0)
        return cost_of_all(ledger, own, cost);
    *cost = 0;
    if (ledger->by_id != NULL && (slot < 0) == own) {
        const __int128 sum = own ? ledger->entry_need : ledger->symbol_state[slot].entry_cost;
        if ((own ? ledger->unpriced : ledger->symbol_state[slot].unpriced) > 0 || sum > DEC_MAX)
            return -1;
        *cost = (dec)sum;
        return 0;
    }
    for (const struct open_order *open_order = slot < 0 ? NULL : ledger->symbol_state[slot].open_order;
         open_order != NULL; open_order = open_order->next)
        if (add_up(ledger, cost, open_order, own) != 0)
            return -1;
    for (size_t i = 0; slot < 0 && i < ledger->open_orders; i++)
        if (add_up(ledger, cost, ledger->open_order[i], own) != 0)
            return -1;
    return 0;
}
