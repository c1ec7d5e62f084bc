/* How far each open lot went for us and against us, by the bars since its entry (J. Sweeney, "Maximum Adverse
 * Excursion", 1997). A lot that came to be at the open of a bar has been through all of it; of the bar in whose course
 * it came to be only the close is certain, and of the one in which it is left the price at which it is. */
#include "backtest/internal.h"

static struct excursion *find(const struct backtest *backtest, uint64_t fill)
{
    for (size_t i = 0; i < backtest->excursions; i++)
        if (backtest->excursion[i].fill == fill)
            return &backtest->excursion[i];
    return NULL;
}

int backtest_open_excursion(struct backtest *backtest, const struct execution *fill, struct error *error)
{
    if (list_grow(&backtest->excursion, &backtest->excursion_capacity, backtest->excursions,
                  sizeof *backtest->excursion, error) != 0)
        return -1;
    backtest->excursion[backtest->excursions++] = (struct excursion){.fill = fill->number,
                                                                     .slot = fill->slot,
                                                                     .sign = side_sign(fill->side),
                                                                     .since = fill->time,
                                                                     .entry = fill->price,
                                                                     .high = fill->price,
                                                                     .low = fill->price};
    return 0;
}

void backtest_drop_excursion(struct backtest *backtest, uint64_t fill)
{
    struct excursion *of = find(backtest, fill);
    if (of != NULL)
        *of = backtest->excursion[--backtest->excursions];
}

static void note(struct excursion *of, const struct bars *bars)
{
    int64_t early = 0;
    for (size_t i = 0; i < bars->count; i++)
        early |= bars->opens[i] - of->since;
    if (early >= 0) { /* all of them are whole: nearly always */
        dec most = of->high, least = of->low;
        for (size_t i = 0; i < bars->count; i++) {
            most = bars->high[i] > most ? bars->high[i] : most;
            least = bars->low[i] < least ? bars->low[i] : least;
        }
        of->high = most;
        of->low = least;
        return;
    }
    for (size_t i = 0; i < bars->count; i++) {
        const bool whole = bars->opens[i] >= of->since;
        const dec high = whole ? bars->high[i] : bars->close[i], low = whole ? bars->low[i] : bars->close[i];
        if (bars->end[i] < of->since)
            continue;
        of->high = high > of->high ? high : of->high;
        of->low = low < of->low ? low : of->low;
    }
}

void backtest_note_excursions(struct backtest *backtest, int slot, const struct bars *bars)
{
    for (size_t i = 0; i < backtest->excursions; i++)
        if (backtest->excursion[i].slot == slot)
            note(&backtest->excursion[i], bars);
}

static int out_of_range(struct error *error)
{
    return error_set(error, EXIT_STATE, "a number in the run is out of range");
}

/* Of a quantity of a lot, when it is left at a price. */
static int measure(const struct backtest *backtest, const struct excursion *of, dec quantity, dec price, dec multiplier,
                   struct left_lot *left, struct error *error)
{
    const dec high = price > of->high ? price : of->high, low = price < of->low ? price : of->low;
    const dec best = of->sign > 0 ? high - of->entry : of->entry - low;
    const dec worst = of->sign > 0 ? low - of->entry : of->entry - high;
    return ledger_amount(&backtest->ledger, of->slot, quantity, best, multiplier, &left->mfe, error) != 0 ||
                   ledger_amount(&backtest->ledger, of->slot, quantity, worst, multiplier, &left->mae, error) != 0
               ? -1
               : 0;
}

int backtest_leave_lots(struct backtest *backtest, struct execution *fill, struct error *error)
{
    const struct holding *holding = &backtest->ledger.holding[fill->holding];
    dec rest = fill->quantity, mfe = 0, mae = 0;
    bool known = true;
    backtest->lefts = backtest->lefts_taken = 0;
    for (const struct lot *lot = NULL;
         rest > 0 && (lot = ledger_lot_after(&backtest->ledger, holding, fill->lot, lot)) != NULL;) {
        const dec held = lot->quantity < 0 ? -lot->quantity : lot->quantity;
        const dec part = held < rest ? held : rest;
        const struct excursion *of = find(backtest, lot->number);
        struct left_lot left = {DEC_NONE, DEC_NONE};
        rest -= part;
        if (list_grow(&backtest->left, &backtest->left_capacity, backtest->lefts, sizeof *backtest->left, error) != 0)
            return -1;
        if (of != NULL && measure(backtest, of, part, fill->price, fill->multiplier, &left, error) != 0)
            return -1;
        known = known && of != NULL;
        if (of != NULL && (dec_add(&mfe, mfe, left.mfe) != 0 || dec_add(&mae, mae, left.mae) != 0))
            return out_of_range(error);
        backtest->left[backtest->lefts++] = left;
    }
    if (known && backtest->lefts > 0) {
        fill->mfe = mfe;
        fill->mae = mae;
    }
    return 0;
}

int backtest_split_excursions(struct backtest *backtest, const struct action *action, struct error *error)
{
    const int slot = ledger_find_slot(&backtest->ledger, action->symbol);
    if (action->kind != ACTION_SPLIT || action->new_shares <= 0 || action->old_shares <= 0)
        return 0;
    for (size_t i = 0; i < backtest->excursions; i++) {
        struct excursion *of = &backtest->excursion[i];
        dec *const price[] = {&of->entry, &of->high, &of->low};
        if (of->slot != slot || of->since >= action->time)
            continue;
        for (int k = 0; k < 3; k++)
            if (dec_multiply_divide(price[k], *price[k], action->old_shares, action->new_shares, ROUND_HALF_EVEN) != 0)
                return out_of_range(error);
    }
    return 0;
}

void backtest_rename_excursions(struct backtest *backtest, int from, int to)
{
    for (size_t i = 0; i < backtest->excursions; i++)
        if (backtest->excursion[i].slot == from)
            backtest->excursion[i].slot = to;
}
