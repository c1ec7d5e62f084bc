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
static void add_cost(struct ledger *ledger, const struct ticket *ticket, int sign)
{
    struct ledger_slot *slot = &ledger->slot[ticket->slot];
    if (ticket->cost == DEC_NONE) {
        slot->unpriced += sign;
        ledger->unpriced += sign;
        return;
    }
    slot->entry_cost += sign * (__int128)ticket->cost;
    __int128 *const need = slot->currency == 0 ? &ledger->entry_need : &ledger->money[slot->currency - 1].entry_need;
    *need += sign * (__int128)ledger_own_money(ledger, ticket->order.side, ticket->cost);
}

static dec cost_of(const struct ticket *ticket)
{
    const dec rest = ticket->order.quantity - ticket->filled;
    dec cost = 0;
    return rest != 0 && order_cost(&ticket->order, rest, ticket->multiplier, &cost) != 0 ? DEC_NONE : cost;
}

/* Of a few entries nobody keeps a sum: most accounts have one, and ask once. */
void ledger_count_cost(struct ledger *ledger, struct ticket *ticket)
{
    ticket->counted = ticket->entry && ledger->by_id != NULL;
    if (!ticket->counted)
        return;
    ticket->cost = cost_of(ticket);
    add_cost(ledger, ticket, 1);
}

void ledger_discount_cost(struct ledger *ledger, struct ticket *ticket)
{
    if (ticket->counted)
        add_cost(ledger, ticket, -1);
    ticket->counted = false;
}

void ledger_recost(struct ledger *ledger, struct ticket *ticket)
{
    ledger_discount_cost(ledger, ticket);
    ledger_count_cost(ledger, ticket);
}

void ledger_take_costs(struct ledger *ledger, int slot, int currency)
{
    struct ledger_slot *at = &ledger->slot[slot];
    for (struct ticket *ticket = at->ticket; ticket != NULL; ticket = ticket->next)
        ledger_discount_cost(ledger, ticket);
    at->currency = currency;
    for (struct ticket *ticket = at->ticket; ticket != NULL; ticket = ticket->next)
        ledger_count_cost(ledger, ticket);
}

static int add_up(const struct ledger *ledger, dec *sum, const struct ticket *ticket, bool own)
{
    const dec cost = ticket->entry ? cost_of(ticket) : 0;
    return cost == DEC_NONE ? -1 : dec_add(sum, *sum, own ? ledger_own_money(ledger, ticket->order.side, cost) : cost);
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
    for (size_t i = 0; i < ledger->tickets; i++)
        if (ledger->slot[ledger->ticket[i]->slot].currency == currency &&
            add_up(ledger, cost, ledger->ticket[i], own) != 0)
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
        const __int128 sum = own ? ledger->entry_need : ledger->slot[slot].entry_cost;
        if ((own ? ledger->unpriced : ledger->slot[slot].unpriced) > 0 || sum > DEC_MAX)
            return -1;
        *cost = (dec)sum;
        return 0;
    }
    for (const struct ticket *ticket = slot < 0 ? NULL : ledger->slot[slot].ticket; ticket != NULL;
         ticket = ticket->next)
        if (add_up(ledger, cost, ticket, own) != 0)
            return -1;
    for (size_t i = 0; slot < 0 && i < ledger->tickets; i++)
        if (add_up(ledger, cost, ledger->ticket[i], own) != 0)
            return -1;
    return 0;
}
