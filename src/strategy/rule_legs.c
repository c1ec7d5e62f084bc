/* What a signal of a rule file says of its entry and its exits. */
#include "record/schema.h"
#include "strategy/rule_set.h"
#include "strategy/rules.h"

#include <math.h>
#include <stdio.h>

/* An amount of price, of the day. */
static int amount_of_day(const struct series *series, double value, dec *amount, struct error *error)
{
    const double count = nearbyint(series_of_day(series, value, 1, 0));
    if (!(count < 0x1p63))
        return error_set(error, EXIT_INPUT, "the distance of an exit is out of range");
    *amount = count > 0 ? (dec)count : DEC_NONE;
    return 0;
}

/* Multiples and shares are what somebody has typed: a few digits. */
static dec decimal(double value)
{
    dec result;
    return isnan(value) || dec_from_double(&result, value, ROUND_HALF_EVEN) != 0 ? DEC_NONE : result;
}

/* The stop, where something is said of it that a price alone does not say. */
static bool add_stop(const struct rule_set *set, const struct strategy_use *use, struct signal *signal, dec distance)
{
    struct leg leg = leg_blank();
    bool own = false;
    leg.role = ROLE_STOP;
    leg.order_type = ORDER_STOP;
    for (int i = 0; i < set->exits; i++) {
        const struct rule_exit *exit = &set->exit[i];
        if (exit->kind == RULE_EVEN && isnan(exit->r))
            leg.even_after_target = 1;
        else if (exit->kind == RULE_EVEN)
            leg.even_r = decimal(exit->r);
        own |= exit->kind == RULE_EVEN || exit->kind == RULE_STOP;
    }
    /* Of a unit it lies as far from its own fill as that of the first from its. */
    if (distance == DEC_NONE && use->unit > 0 && signal->stop != DEC_NONE && signal->entry_price != DEC_NONE) {
        distance = signal->entry_price > signal->stop ? signal->entry_price - signal->stop
                                                      : signal->stop - signal->entry_price;
        own = true;
    }
    if (!own || (distance == DEC_NONE && signal->stop == DEC_NONE))
        return false;
    if (distance != DEC_NONE)
        leg.offset = distance;
    else
        leg.stop_price = signal->stop;
    signal->exits[signal->leg_count++] = leg;
    return true;
}

static void add_exit(const struct rule_exit *exit, dec amount, struct signal *signal)
{
    struct leg leg = leg_blank();
    leg.role = exit->kind == RULE_PART ? ROLE_TARGET : exit->kind == RULE_TRAIL ? ROLE_STOP : ROLE_TIME;
    leg.order_type = exit->kind == RULE_PART    ? ORDER_LIMIT
                     : exit->kind == RULE_TRAIL ? ORDER_TRAILING_STOP
                                                : ORDER_MARKET;
    if (exit->kind == RULE_PART) {
        leg.share = decimal(exit->share);
        leg.r = decimal(exit->r);
        leg.offset = amount;
        leg.fall = decimal(exit->fall);
    } else if (exit->kind == RULE_TRAIL) {
        leg.trail_percent = decimal(exit->percent);
        leg.trail_amount = amount;
        leg.active_r = decimal(exit->r);
    } else if (exit->kind == RULE_BARS) {
        leg.bars = exit->count;
    } else if (exit->kind == RULE_SESSIONS) {
        leg.sessions = exit->count;
    } else {
        leg.time_in_force = TIF_CLS;
    }
    signal->exits[signal->leg_count++] = leg;
}

int rule_set_describe(const struct strategy_use *use, const struct series *series, const struct levels *levels,
                      size_t row, struct signal *signal, struct error *error)
{
    const struct rule_set *set = use->rules;
    const double entry = levels->entry[row];
    dec amount[RULE_EXITS_MAX], distance = DEC_NONE;
    if (signal->side == WANT_FLAT)
        return 0;
    if (!isnan(entry)) {
        if (amount_of_day(series, entry, &signal->entry_price, error) != 0)
            return -1;
        signal->entry = use->unit > 0 ? ORDER_STOP : set->at[signal->side == WANT_SHORT];
        signal->entry_bars = use->unit > 0 ? 0 : set->at_bars[signal->side == WANT_SHORT];
    }
    for (int i = 0; i < set->exits; i++) {
        amount[i] = DEC_NONE;
        if (set->root[EXIT_FIGURE + i] == NULL)
            continue;
        if (!isnan(levels->figure[i][row]) && amount_of_day(series, levels->figure[i][row], &amount[i], error) != 0)
            return -1;
        if (amount[i] == DEC_NONE) { /* nobody enters without it; who is in has his own */
            signal->price = DEC_NONE;
            return 0;
        }
        if (set->exit[i].kind == RULE_STOP)
            distance = amount[i];
    }
    (void)add_stop(set, use, signal, distance);
    for (int i = 0; i < set->exits; i++)
        if (set->exit[i].kind != RULE_STOP && set->exit[i].kind != RULE_EVEN)
            add_exit(&set->exit[i], amount[i], signal);
    return 0;
}
