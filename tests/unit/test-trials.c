/* How the best of many trials is judged. Figures by hand. */
#include "backtest/trials.h"
#include "record/record.h"
#include "tap.h"

#include <math.h>

static struct trials trials;

static const struct trial *add(const char *run, const char *strategy, int64_t returns, double sharpe)
{
    static struct trial trial;
    struct error error = {0};
    record_blank(RECORD_TRIAL, &trial);
    (void)snprintf(trial.run, sizeof trial.run, "%s", run);
    (void)snprintf(trial.strategy, sizeof trial.strategy, "%s", strategy);
    trial.symbols = str_of("AAPL MSFT");
    trial.first = 0;
    trial.last = 1000 * TIME_DAY;
    trial.returns = returns;
    trial.periods = 252;
    trial.sharpe = sharpe;
    trial.skewness = 0;
    trial.kurtosis = 3;
    require(trials_add(&trials, &trial, &error) == 1);
    return &trial;
}

int main(void)
{
    struct trial_family family;
    trials_init(&trials);
    (void)add("other", "momentum", 1000, 0.9);
    const struct trial best = *add("best", "sma-cross:fast=5,slow=20", 1000, 0.10);
    trials_judge(&trials, &best, &family);
    check(family.trials == 1 && family.variance == 0, "one trial of its strategy has no spread");
    (void)add("long", "sma-cross:fast=6,slow=20", 1000, 0.05);
    trials_judge(&trials, &best, &family);
    check(family.trials == 2 && fabs(family.variance - 0.00125) < 1e-12, "0.10 and 0.05: variance 0.05^2 / 2");
    trials_clear(&trials);

    /* 0.20 of a quarter of the returns is the luck of 0.10 of all. */
    trials_init(&trials);
    (void)add("best", "sma-cross:fast=5,slow=20", 1000, 0.10);
    (void)add("short", "sma-cross:fast=6,slow=20", 250, 0.20);
    trials_judge(&trials, &best, &family);
    check(family.trials == 2 && family.variance < 1e-12, "a short trial counts by the luck it had time for");
    trials_clear(&trials);
    return done();
}
