/* Goals beside what a run does: the state of each by its interval, computed by hand. */
#include "stat/goals.h"

#include "base/time.h"
#include "tap.h"

#include <math.h>

#define DAY(n) ((INT64_C(20000) + (n)) * TIME_DAY + 21 * TIME_HOUR)

static struct metrics metrics;

/* Days of +1 % and −0.5 % in turns, 252 returns. */
static void fill(void)
{
    struct error error = {0};
    double value = 100000;
    metrics_init(&metrics, NULL);
    require(metrics_equity(&metrics, DAY(0), 100000 * DEC_ONE, 0, &error) == 0);
    for (int i = 1; i <= 252; i++) {
        value *= i % 2 == 1 ? 1.01 : 0.995;
        require(metrics_equity(&metrics, DAY(i), (dec)llround(value * 100) * (DEC_ONE / 100), 0, &error) == 0);
    }
    for (int i = 0; i < 40; i++)
        metrics_trade(&metrics,
                      &(struct metrics_trade){
                          .entered = DAY(i), .left = DAY(i + 1), .pnl = i < 26 ? DEC_ONE : -DEC_ONE, .risk = DEC_NONE});
    require(metrics_finish(&metrics, &error) == 0);
}

static struct goal_view judge(enum goal goal, double wanted, double measured)
{
    struct goal_view view[GOALS];
    struct error error = {0};
    double want[GOALS], have[GOALS];
    for (int i = 0; i < GOALS; i++)
        want[i] = have[i] = NAN;
    want[goal] = wanted;
    have[goal] = measured;
    require(goals_judge(want, have, &metrics, view, &error) == 1 && view[0].goal == goal);
    return view[0];
}

int main(void)
{
    fill();
    /* 26 of 40: Wilson, z = 1.959964: (0.65 + z²/80 ± z √(0.65 · 0.35 / 40 + z²/6400)) / (1 + z²/40) = 0.4951, 0.7787
     * (the formula of 1927, worked out with bc). */
    struct goal_view view = judge(GOAL_WIN_RATE, 0.45, 0.65);
    check(fabs(view.low - 0.4951) < 5e-5 && fabs(view.high - 0.7787) < 5e-5, "winning trades have Wilson's interval");
    check(view.state == GOAL_MET, "a goal below it is met");
    check(judge(GOAL_WIN_RATE, 0.5, 0.65).state == GOAL_OPEN, "one within it is open");
    check(judge(GOAL_WIN_RATE, 0.8, 0.65).state == GOAL_MISSED, "one above it is missed");
    /* Logarithms: ln 1.01 = 0.00995033, ln 0.995 = −0.00501254; deviation of 126 each around the mean
     * √(252/251) · 0.00748144 = 0.00749633; t(251, 95 %) = 1.96946; half = 1.96946 · 0.00749633 / √252 = 0.00093002;
     * a year's (252): ± 0.234367. Around r = 0.25: e^(ln 1.25 ∓ 0.234367) − 1 = −0.01116, 0.58013. */
    view = judge(GOAL_RETURN, 0.1, 0.25);
    check(fabs(view.low - -0.01114) < 2e-4 && fabs(view.high - 0.58013) < 3e-4, "the yearly return has Student's");
    check(view.state == GOAL_OPEN, "and chance may decide");
    /* The real drawdown is one day of −0.5 %; in other orders losing days follow each other. */
    view = judge(GOAL_DRAWDOWN, 0.5, 0.005);
    check(view.low >= 0.005 - 1e-9 && view.high > view.low && view.high < 0.5 && view.state == GOAL_MET,
          "a drawdown has that of other histories of the same days");
    const struct goal_view again = judge(GOAL_DRAWDOWN, 0.5, 0.005);
    check(again.low == view.low && again.high == view.high, "the same each time");
    check(judge(GOAL_DRAWDOWN, 0.001, 0.005).state == GOAL_MISSED, "at most is the other way round");
    check(judge(GOAL_COSTS, 0.01, 0.008).state == GOAL_MET && judge(GOAL_COSTS, 0.01, 0.02).state == GOAL_MISSED,
          "costs have no interval: met or missed");
    check(judge(GOAL_SHARPE, 1, NAN).state == GOAL_UNKNOWN, "without a figure it is unknown");
    /* 252 days are 252 / 365.25 years; 1 % of the mean equity in that time is 1.449 % a year. */
    check(fabs(goal_yearly_costs(&metrics, 0.01 * metrics.mean_equity) - 0.01 * 365.25 / 252) < 1e-9,
          "costs are a year's, of the mean equity");
    metrics_clear(&metrics);
    struct error error = {0};
    metrics_init(&metrics, NULL);
    require(metrics_equity(&metrics, DAY(0), 100000 * DEC_ONE, 0, &error) == 0 &&
            metrics_finish(&metrics, &error) == 0);
    view = judge(GOAL_DRAWDOWN, 0.1, 0);
    check(isnan(view.low) && view.state == GOAL_OPEN, "of one point there is no interval, and nothing is sure");
    check(isnan(goal_yearly_costs(&metrics, 5)), "nor costs of a year");
    metrics_clear(&metrics);
    return done();
}
