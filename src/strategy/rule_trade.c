/* What became of a position that rules want, by the bars: when its own stop, parts, trail or time have ended it. The
 * order manager does the same with orders (order/legs.c, order/trail.c), whose prices are on ticks and pay costs; where
 * the two differ by that, the position is left when the rules think so. */
#include "strategy/rule_set.h"

#include <math.h>

/* Nothing is left of a position of this share: sums of a third and two thirds are not exact. */
#define NOTHING 1e-9

/* The nearer of two stops; NaN is none. */
static double nearer(double a, double b, int sign)
{
    return isnan(a) || sign * (b - a) > 0 ? b : a;
}

static bool is_beyond(double price, double level, int sign)
{
    return sign * (price - level) > 0;
}

static bool is_stopped(double worst, double stop, int sign)
{
    return sign * (worst - stop) <= 0;
}

static double trail_from(const struct rule_trade *trade, const struct rule_exit *exit, int place, int sign, double best)
{
    const double amount = isnan(exit->percent) ? trade->figure[place] * trade->lift : best * exit->percent / 100;
    return best - sign * amount;
}

void rule_trade_begin(const struct rule_set *set, struct rule_trade *trade, int sign, double entry)
{
    trade->entry = entry;
    trade->left = trade->lift = 1;
    trade->trail = NAN;
    trade->taken = 0;
    trade->bars = trade->sessions = 0;
    trade->due = false;
    for (int i = 0; i < set->exits; i++) {
        const struct rule_exit *exit = &set->exit[i];
        if (exit->kind == RULE_STOP)
            trade->stop = entry - sign * trade->figure[i];
        if (exit->kind == RULE_TRAIL && isnan(exit->r))
            trade->trail = trail_from(trade, exit, i, sign, entry);
    }
    const double first = isnan(trade->stop) ? trade->trail : trade->stop;
    trade->distance = fabs(entry - first);
}

/* A dividend lowers sell stops and buy limits by about as much as the price falls, and leaves all else (FINRA Rule
 * 5330, ledger/actions.c). Here prices do not fall by it: those that it lowers stay. */
void rule_trade_lift(struct rule_trade *trade, int sign, double factor)
{
    trade->lift *= factor;
    if (sign > 0) {
        trade->target *= factor;
    } else {
        trade->stop *= factor;
        trade->trail *= factor;
    }
}

/* Where a part is sold. */
static double price_of(const struct rule_trade *trade, const struct rule_exit *exit, int place, int sign)
{
    const double away = isnan(exit->r) ? trade->figure[place] : exit->r * trade->distance;
    const double fallen = isnan(exit->fall) ? 0 : exit->fall * trade->distance * (double)trade->bars;
    return (trade->entry + sign * (away - fallen)) * (sign > 0 ? trade->lift : 1);
}

/* Parts that the bar has gone through; the stop goes to break-even with the first of them where that is said. */
static void sell_parts(const struct rule_set *set, struct rule_trade *trade, int sign, const struct rule_bar *bar)
{
    const double best = sign > 0 ? bar->high : bar->low;
    bool sold = false;
    for (int i = 0; i < set->exits; i++) {
        const struct rule_exit *exit = &set->exit[i];
        if (exit->kind != RULE_PART || (trade->taken & (1U << i)) != 0 ||
            !is_beyond(best, price_of(trade, exit, i, sign), sign))
            continue;
        trade->taken |= 1U << i;
        trade->left -= isnan(exit->share) ? trade->left : exit->share;
        sold = true;
    }
    for (int i = 0; sold && i < set->exits; i++)
        if (set->exit[i].kind == RULE_EVEN && isnan(set->exit[i].r))
            trade->stop = nearer(trade->stop, trade->entry * trade->lift, sign);
}

/* What the bar means for the stops from its end on. */
static void move_stops(const struct rule_set *set, struct rule_trade *trade, int sign, double best)
{
    for (int i = 0; i < set->exits; i++) {
        const struct rule_exit *exit = &set->exit[i];
        const double from = (trade->entry + sign * exit->r * trade->distance) * trade->lift; /* NaN: at once */
        const bool waits = sign * (best - from) < 0;
        if (exit->kind == RULE_TRAIL && (!isnan(trade->trail) || !waits))
            trade->trail = nearer(trade->trail, trail_from(trade, exit, i, sign, best), sign);
        if (exit->kind == RULE_EVEN && !isnan(exit->r) && !waits)
            trade->stop = nearer(trade->stop, trade->entry * trade->lift, sign);
    }
}

static bool closes(const struct rule_set *set, struct rule_trade *trade, bool session_ends)
{
    bool closed = false;
    trade->bars++;
    trade->sessions += session_ends;
    for (int i = 0; i < set->exits; i++) {
        const struct rule_exit *exit = &set->exit[i];
        closed |= exit->kind == RULE_CLOSE && session_ends;
        trade->due |= (exit->kind == RULE_BARS && trade->bars >= exit->count) ||
                      (exit->kind == RULE_SESSIONS && trade->sessions >= exit->count);
    }
    return closed;
}

bool rule_trade_bar(const struct rule_set *set, struct rule_trade *trade, int sign, const struct rule_bar *bar,
                    bool first, bool course)
{
    const double worst = sign > 0 ? bar->low : bar->high, best = sign > 0 ? bar->high : bar->low;
    if (trade->due || is_stopped(worst, trade->stop, sign) || is_stopped(worst, trade->trail, sign))
        return true;
    if (!first) {
        sell_parts(set, trade, sign, bar);
        if (trade->left < NOTHING || is_beyond(best, trade->target, sign))
            return true;
    }
    move_stops(set, trade, sign, course ? bar->close : best);
    return closes(set, trade, bar->session_ends);
}
