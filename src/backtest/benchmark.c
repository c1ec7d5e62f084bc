/* Buying and holding the bars that a run has read: what doing nothing would have come to.
 *
 * The opening cash is parted evenly among the symbols. Each part buys its symbol at the close of its first bar, in
 * fractions and without costs, and waits in cash until then; splits change the shares, dividends are kept as cash. One
 * number a symbol is enough for that, since the parts need not be known before the end. */
#include "backtest/internal.h"

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

int backtest_hold(struct backtest *backtest, int slot, const struct bars *bars, struct error *error)
{
    struct stake *stake = (size_t)slot < backtest->stakes ? &backtest->stake[slot] : stake_of(backtest, slot, error);
    if (stake == NULL)
        return -1;
    if (stake->paid == 0)
        *stake = (struct stake){.paid = (double)bars->close[0], .shares = 1};
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

void backtest_write_benchmark(const struct backtest *backtest, struct buf *out)
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
        return;
    }
    const double gain = sum / (double)symbols;
    const double years = (double)(backtest->last - backtest->first) / (365.25 * (double)TIME_DAY);
    const double rate = years * 365.25 < 1 ? NAN : pow(1 + gain, 1 / years) - 1;
    buf_printf(out, "{\"name\":\"buy and hold\",\"symbols\":%llu,\"return\":", (unsigned long long)symbols);
    json_add_double(out, gain);
    buf_add_text(out, ",\"cagr\":");
    json_add_double(out, isfinite(rate) ? rate : NAN);
    buf_add_char(out, '}');
}
