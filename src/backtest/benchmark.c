/* Buying and holding the bars that a run has read: what doing nothing would have come to.
 *
 * The opening cash is parted evenly among the symbols. Each part buys its symbol at the close of its first bar, in
 * fractions and without costs, and waits in cash until then; splits change the shares, dividends are kept as cash. One
 * number a symbol is enough for that, since the parts need not be known before the end. Where the result is read, its
 * figures are those of a run, by its values at the ends of days. */
#include "backtest/internal.h"
#include "stat/day.h"

#include <math.h>

static struct stake *stake_of(struct backtest *backtest, int slot, struct error *error)
{
    while (backtest->stakes <= (size_t)slot) {
        if (list_grow(&backtest->stake, &backtest->stake_capacity, backtest->stakes, sizeof *backtest->stake, error) !=
            0)
            return NULL;
        backtest->stake[backtest->stakes++] = (struct stake){.paid = 0};
    }
    return &backtest->stake[slot];
}

static int end_day(struct backtest *backtest, struct error *error)
{
    if (list_grow(&backtest->stake_day, &backtest->stake_day_capacity, backtest->stake_days,
                  sizeof *backtest->stake_day, error) != 0)
        return -1;
    const bool again =
        backtest->stake_days > 0 && backtest->stake_day[backtest->stake_days - 1].time == backtest->stake_time;
    struct stake_day *day = &backtest->stake_day[again ? backtest->stake_days - 1 : backtest->stake_days++];
    *day = (struct stake_day){.time = backtest->stake_time};
    for (size_t i = 0; i < backtest->stakes; i++) {
        const struct stake *stake = &backtest->stake[i];
        if (stake->paid == 0)
            continue;
        day->gain += (stake->shares * stake->price + stake->cash) / stake->paid - 1;
        day->held += stake->shares * stake->price / stake->paid;
    }
    return 0;
}

/* A bar is about to come: what is before its day is over. */
static int begin_day(struct backtest *backtest, int64_t end, struct error *error)
{
    const struct zone *zone = backtest->options.calendar->zone;
    if (backtest->stake_days == 0) { /* the beginning, where nothing is gained */
        backtest->stake_time = end;
        if (end_day(backtest, error) != 0)
            return -1;
    } else if (end > backtest->stake_day_ends && end_day(backtest, error) != 0) {
        return -1;
    }
    if (end > backtest->stake_day_ends || backtest->stake_days == 1)
        backtest->stake_day_ends = day_end(zone, day_of(zone, end));
    backtest->stake_time = end;
    return 0;
}

static int follow_days(struct backtest *backtest, struct stake *stake, const struct bars *bars, struct error *error)
{
    const size_t at = (size_t)(stake - backtest->stake);
    for (size_t i = 0; i < bars->count; i++) {
        if (begin_day(backtest, bars->end[i], error) != 0)
            return -1;
        backtest->stake[at].price = (double)bars->close[i];
    }
    return 0;
}

int backtest_hold(struct backtest *backtest, int slot, const struct bars *bars, struct error *error)
{
    struct stake *stake = (size_t)slot < backtest->stakes ? &backtest->stake[slot] : stake_of(backtest, slot, error);
    if (stake == NULL)
        return -1;
    if (stake->paid == 0)
        *stake = (struct stake){.paid = (double)bars->close[0], .shares = 1};
    if (backtest->options.write != NULL && stake->price == 0)
        stake->price = (double)bars->close[0];
    if (backtest->options.write != NULL)
        return follow_days(backtest, stake, bars, error);
    stake->price = (double)bars->close[bars->count - 1];
    return 0;
}

/* Under another symbol it is the same stake, unless that one is held already. */
static int rename_stake(struct backtest *backtest, int slot, const char *symbol, struct error *error)
{
    const int other = ledger_slot(&backtest->ledger, symbol, error);
    struct stake *to = other < 0 ? NULL : stake_of(backtest, other, error);
    if (to == NULL)
        return -1;
    if (to->paid == 0) {
        *to = backtest->stake[slot];
        backtest->stake[slot] = (struct stake){.paid = 0};
    }
    return 0;
}

int backtest_hold_action(struct backtest *backtest, const struct action *action, struct error *error)
{
    const int slot = ledger_find_slot(&backtest->ledger, action->symbol);
    if (slot < 0 || (size_t)slot >= backtest->stakes || backtest->stake[slot].paid == 0)
        return 0;
    const size_t known = backtest->stake_actions.count;
    const int64_t index = names_add(&backtest->stake_actions, str_of(action->id), error);
    if (index < 0 || (size_t)index < known)
        return index < 0 ? -1 : 0;
    struct stake *stake = &backtest->stake[slot];
    if (action->kind == ACTION_SPLIT && action->new_shares > 0 && action->old_shares > 0) {
        const double ratio = (double)action->new_shares / (double)action->old_shares;
        stake->shares *= ratio;
        stake->price /= ratio;
    } else if (action->kind == ACTION_DIVIDEND && action->cash != DEC_NONE) {
        stake->cash += stake->shares * (double)action->cash;
    } else if (action->kind == ACTION_RENAME && action->new_symbol[0] != '\0') {
        return rename_stake(backtest, slot, action->new_symbol, error);
    }
    return 0;
}

/* What the account would be worth in dec units, when that was so many shares of its opening cash. */
static dec value_of(const struct backtest *backtest, double share)
{
    const double value = (double)backtest->options.cash * share;
    return value < (double)DEC_MAX ? (dec)(value + 0.5) : DEC_MAX;
}

/* All figures, from the values at the ends of days. */
static int write_figures(struct backtest *backtest, uint64_t symbols, struct buf *out, struct error *error)
{
    struct metrics metrics;
    const struct metrics_options sessions = {.sessions = calendar_sessions(backtest->options.calendar),
                                             .zone = backtest->options.calendar->zone};
    const double parts = (double)symbols;
    int status = 0;
    metrics_init(&metrics, &sessions);
    for (size_t i = 0; status == 0 && i < backtest->stake_days; i++) {
        const struct stake_day *day = &backtest->stake_day[i];
        status = metrics_equity(&metrics, day->time, value_of(backtest, 1 + day->gain / parts),
                                value_of(backtest, day->held / parts), error);
    }
    if (status == 0 && (status = metrics_finish(&metrics, error)) == 0) {
        const size_t at = out->n;
        metrics_json(&metrics, out);
        if (out->n > at)
            out->p[at] = ',';
    }
    metrics_clear(&metrics);
    return status;
}

int backtest_write_benchmark(struct backtest *backtest, struct buf *out, struct error *error)
{
    double sum = 0;
    uint64_t symbols = 0;
    for (size_t i = 0; i < backtest->stakes; i++) {
        const struct stake *stake = &backtest->stake[i];
        if (stake->paid == 0)
            continue;
        sum += (stake->shares * stake->price + stake->cash) / stake->paid - 1;
        symbols++;
    }
    if (symbols == 0) {
        buf_add_text(out, "{}");
        return 0;
    }
    buf_printf(out, "{\"name\":\"buy and hold\",\"symbols\":%llu", (unsigned long long)symbols);
    if (backtest->options.write != NULL) {
        if (end_day(backtest, error) != 0)
            return -1;
        return write_figures(backtest, symbols, out, error);
    }
    const double gain = sum / (double)symbols;
    const double years = (double)(backtest->last - backtest->first) / (365.25 * (double)TIME_DAY);
    const double rate = years * 365.25 < 1 ? NAN : pow(1 + gain, 1 / years) - 1;
    buf_add_text(out, ",\"return\":");
    json_add_double(out, gain);
    buf_add_text(out, ",\"cagr\":");
    json_add_double(out, isfinite(rate) ? rate : NAN);
    buf_add_char(out, '}');
    return 0;
}
