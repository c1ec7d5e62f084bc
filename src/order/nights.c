/* What holding costs, once for the nights between two sessions.
 *
 * A session ends for the account with the first roll of its trading day at the session's close or later. The nights
 * from there to the same roll of the next session are charged with what is held at the first of them: three from a
 * Friday to a Monday. That follows from the calendar, the bars and the fills alone, whenever it is looked at: a restart
 * charges nothing twice, and an account that nobody looked at for a week is charged night by night. */
#include "base/time.h"
#include "order/internal.h"

#include <stdio.h>
#include <string.h>

struct nights {
    int64_t roll;
    struct carry_nights of;
};

static int charge(struct order_manager *manager, const struct nights *nights, enum cash_kind kind, const char *symbol,
                  const char *strategy, int currency, dec amount, struct error *error)
{
    char text[64], what[SYMBOL_SIZE + 64], date[TIME_TEXT_MAX];
    struct ledger *ledger = manager->ledger;
    struct cash cash = {.time = nights->roll,
                        .kind = kind,
                        .amount = amount,
                        .rate = DEC_NONE,
                        .cross_rate = DEC_NONE,
                        .settlement_unit = DEC_NONE};
    dec *const sum = kind == CASH_BORROW            ? &manager->night.borrow
                     : kind == CASH_CREDIT_INTEREST ? &manager->night.credit
                                                    : &manager->night.interest;
    dec own;
    if (amount == 0)
        return 0;
    if (ledger_convert(ledger, currency, amount, 1, ROUND_HALF_EVEN, &own, error) != 0)
        return -1;
    if (own != DEC_NONE && dec_add(sum, *sum, own) != 0)
        return error_set(error, EXIT_STATE, "the cost of holding is out of range");
    (void)date_format(date, date_from_days(nights->of.first));
    (void)snprintf(text, sizeof text, "%d night%s from %s", nights->of.count, nights->of.count == 1 ? "" : "s", date);
    (void)snprintf(what, sizeof what, "%s %lld %s", cash_kind_text(kind), (long long)nights->roll, symbol);
    (void)snprintf(cash.symbol, sizeof cash.symbol, "%s", symbol);
    (void)snprintf(cash.strategy, sizeof cash.strategy, "%s", strategy);
    memcpy(cash.account, ledger->terms.account, sizeof cash.account);
    (void)snprintf(cash.currency, sizeof cash.currency, "%s", ledger_currency_code(ledger, currency));
    const struct money_rate rate = ledger_rate_before(ledger, currency, nights->roll);
    ledger_say_rate(ledger, &rate, cash.pair, &cash.rate, cash.cross_pair, &cash.cross_rate);
    cash.reference = str_of(text);
    return orders_name(manager, cash.id, "tc", what, strategy, error) == 0
               ? orders_event(manager, RECORD_CASH, &cash, error)
               : -1;
}

/* What is owed, or lies idle, in the account's own currency: cash less what is short. The money of short sales is held
 * against them and earns nothing. */
static int charge_interest(struct order_manager *manager, const struct nights *nights, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    const __int128 shorts = (ledger->gross - ledger->value) / 2;
    dec held, balance, interest;
    if (dec_narrow(&held, shorts) != 0 || dec_subtract(&balance, ledger->cash, held) != 0)
        return error_set(error, EXIT_STATE, "the balance is out of range");
    const bool owed = balance < 0;
    if (carry_interest(manager->costs.carry, owed ? CARRY_DEBIT : CARRY_CREDIT, owed ? -balance : balance, &nights->of,
                       &interest, error) != 0)
        return -1;
    return charge(manager, nights, owed ? CASH_MARGIN_INTEREST : CASH_CREDIT_INTEREST, "", "", 0,
                  owed ? -interest : interest, error);
}

/* The fee for all that is short of a symbol is shared by its instances; the last one pays the rest. */
static int charge_borrow(struct order_manager *manager, const struct nights *nights, int slot, struct error *error)
{
    struct ledger *ledger = manager->ledger;
    const struct ledger_symbol_state *at = &ledger->symbol_state[slot];
    const struct carry_nights of = {
        .first = nights->of.first, .count = nights->of.count, .unit = ledger_unit(ledger, at->currency)};
    dec fee, left = 0, part;
    for (int i = 0; i < at->holdings; i++) {
        const struct holding *holding = &ledger->holding[at->holding[i]];
        if (holding->quantity < 0 && holding->multiplier == DEC_ONE &&
            dec_subtract(&left, left, holding->quantity) != 0)
            return error_set(error, EXIT_STATE, "a position is out of range");
    }
    if (left == 0 || at->mark == DEC_NONE)
        return 0;
    if (carry_borrow(manager->costs.carry, ledger_symbol(ledger, slot), left, at->mark, &of, &fee, error) != 0)
        return -1;
    for (int i = 0; i < at->holdings; i++) {
        const struct holding *holding = &ledger->holding[at->holding[i]];
        if (holding->quantity >= 0 || holding->multiplier != DEC_ONE)
            continue;
        if (dec_multiply_divide(&part, fee, -holding->quantity, left, ROUND_HALF_EVEN) != 0 ||
            dec_round(&part, part, of.unit, ROUND_HALF_EVEN) != 0)
            return error_set(error, EXIT_STATE, "a borrow fee is out of range");
        left += holding->quantity;
        fee -= part;
        if (charge(manager, nights, CASH_BORROW, ledger_symbol(ledger, slot), holding->strategy, at->currency, -part,
                   error) != 0)
            return -1;
    }
    return 0;
}

/* Interest first: of what was owed before the fees. */
static int charge_all(struct order_manager *manager, const struct nights *nights, struct error *error)
{
    struct ledger *ledger = manager->ledger;
    if (charge_interest(manager, nights, error) != 0)
        return -1;
    for (size_t slot = 0; slot < ledger->slots; slot++)
        if (ledger->symbol_state[slot].quantity < 0 && charge_borrow(manager, nights, (int)slot, error) != 0)
            return -1;
    return 0;
}

/* The roll that ends a session for the account. */
static int64_t end_of(const struct ledger *ledger, const struct session *session)
{
    return ledger_next_roll(&ledger->terms, session->close);
}

/* The first one at `since` or later, and the nights behind it. */
static int find_nights(const struct order_manager *manager, int64_t since, struct nights *nights, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    const struct calendar *calendar = manager->calendar;
    struct session session;
    if (calendar_current_or_next(calendar, since - TIME_DAY, &session, error) != 0)
        return -1;
    while ((nights->roll = end_of(ledger, &session)) < since)
        if (calendar_next(calendar, session.date, &session, error) != 0)
            return -1;
    int64_t next;
    do {
        if (calendar_next(calendar, session.date, &session, error) != 0)
            return -1;
    } while ((next = end_of(ledger, &session)) <= nights->roll);
    nights->of = (struct carry_nights){.first = ledger_day_date(ledger, nights->roll),
                                       .count = (int)((next - nights->roll + TIME_DAY / 2) / TIME_DAY),
                                       .unit = ledger->terms.settlement_unit};
    return 0;
}

/* Nights that cost nothing leave no event. What a restart knows of them is the last point: they were looked at before
 * it, by what was owed and short then. */
static int64_t uncharged_since(const struct order_manager *manager)
{
    const struct ledger *ledger = manager->ledger;
    int64_t since = ledger->traded > ledger->carried ? ledger->traded : ledger->carried + 1;
    since = ledger->point > since ? ledger->point : since;
    return manager->night.known && manager->night.roll > since ? manager->night.roll : since;
}

int orders_charge_nights(struct order_manager *manager, int64_t known, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    while (ledger->traded != TIME_NONE) {
        struct nights nights;
        if (find_nights(manager, uncharged_since(manager), &nights, error) != 0)
            return -1;
        manager->night.known = true;
        manager->night.roll = nights.roll;
        if (nights.roll >= known)
            break;
        if (charge_all(manager, &nights, error) != 0)
            return -1;
        manager->night.roll++; /* the next one */
    }
    return 0;
}
