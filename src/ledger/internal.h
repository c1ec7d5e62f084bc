/* What the files of the ledger share with each other and nobody else. */
#ifndef TN_LEDGER_INTERNAL_H
#define TN_LEDGER_INTERNAL_H

#include "base/list.h"
#include "ledger/ledger.h"

/* Adds to a holding's and its symbol's quantity and keeps the account's value in step. */
int ledger_move(struct ledger *ledger, struct holding *holding, dec change, struct error *error);
/* Sets a symbol's mark and keeps the account's value in step; refuses one at which the position has no value in range.
 */
int ledger_set_mark(struct ledger *ledger, struct ledger_symbol_state *state, dec price, struct error *error);

/* money.c: a slot is new: is it a pair that gives a rate? / add the worth, what is held or what may be spent of other
 * currencies that have ever had a rate / is there money in it? / cash comes or goes / a pair was marked. */
void ledger_find_rates(struct ledger *ledger, int slot);
int ledger_add_worths(const struct ledger *ledger, dec *equity, struct error *error);
int ledger_add_exposures(const struct ledger *ledger, dec *exposure, struct error *error);
int ledger_add_powers(const struct ledger *ledger, dec *power, struct error *error);
void ledger_note_exposed(struct ledger *ledger, int currency);
int ledger_add_cash(struct ledger *ledger, int currency, dec amount, struct error *error);
int ledger_note_rate(struct ledger *ledger, int slot, struct error *error);

static inline __int128 ledger_magnitude(__int128 value)
{
    return value < 0 ? -value : value;
}

/* The value of a single symbol stays in the range of a dec, so that no sum of them can leave 128 bits. */
static inline bool ledger_is_value(__int128 value)
{
    const __int128 limit = (__int128)DEC_MAX * DEC_ONE;
    return value <= limit && value >= -limit;
}

/* traded.c: a symbol is traded as an instrument; of no account: not this one's affair. */
int ledger_apply_instrument(struct ledger *ledger, const struct instrument_facts *facts, struct error *error);
static inline void ledger_note_traded(struct ledger *ledger, int64_t time)
{
    if (time > ledger->traded)
        ledger->traded = time;
}

/* power.c: adds what long positions of a currency, by its `value` and `gross`, let the account borrow in it. */
int ledger_add_loan(const struct ledger *ledger, __int128 value, __int128 gross, dec *power);

/* cash.c */
int ledger_apply_cash(struct ledger *ledger, const struct cash *cash, struct error *error);

/* lots.c */
int ledger_apply_fill(struct ledger *ledger, const struct fill *record, struct error *error);
/* Gives the cash of a dividend, or the fee for borrowing them, to the lots it was paid on. Money that fits to none is
 * the account's only. */
int ledger_share_dividend(struct ledger *ledger, const struct cash *cash, struct error *error);
/* actions.c */
int ledger_apply_action(struct ledger *ledger, const struct action *action, struct error *error);
/* An adjustment that was accepted: the action it is about is held back no longer. What it changed are other events. */
void ledger_apply_adjustment(struct ledger *ledger, const struct adjustment *adjustment);
/* An open order that is added after dividends which came after its decision: its prices are of before them. A split is
 * another matter: such an order is refused. */
int ledger_adjust_late(struct ledger *ledger, struct open_order *open_order, struct error *error);
/* book.c */
int ledger_apply_order(struct ledger *ledger, const struct order *order, struct error *error);
int ledger_apply_update(struct ledger *ledger, const struct order_update *update, struct error *error);
/* Adds an order that worked when a state was saved: nothing is spent or counted. */
struct open_order *ledger_restore_order(struct ledger *ledger, const struct order *order, int slot, int holding,
                                        struct error *error);
/* Its place among the working orders. */
size_t ledger_index_of(const struct ledger *ledger, const struct open_order *open_order);
/* Does an open order wait for another, and is that one over since a moment? */
void ledger_set_due(struct ledger *ledger, struct open_order *open_order, bool sleeps, enum due due, int64_t time);
/* entry_cost.c: a working entry counts with what it may cost / no more. */
void ledger_count_cost(struct ledger *ledger, struct open_order *open_order);
void ledger_discount_cost(struct ledger *ledger, struct open_order *open_order);
/* Gives a symbol in which nothing is held another currency; what its working entries may cost goes over. */
void ledger_take_costs(struct ledger *ledger, int slot, int currency);
/* Remembers an exit's attempt. */
int ledger_note_attempt(struct ledger *ledger, const char *signal, int64_t attempt, struct error *error);
/* Names the working orders that must go; whoever trades the account cancels them. */
void ledger_apply_halt(struct ledger *ledger, const struct halt *halt);
void ledger_clear_book(struct ledger *ledger);

int ledger_overflow(struct error *error, const char *what);

#endif
