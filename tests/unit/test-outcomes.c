/* Signals followed through bars: every figure is worked out by hand in the comments. */
#include "base/zone.h"
#include "record/record.h"
#include "strategy/leaders.h"
#include "strategy/outcomes.h"
#include "tap.h"

#include <math.h>
#include <stdlib.h>

#define KEPT 64

static struct error error;
static struct calendar always;
static struct {
    struct signal_outcome of[KEPT];
    char after[KEPT][256];
    int count;
} got;

static int keep(void *context, const struct signal_outcome *outcome, struct error *problem)
{
    (void)context;
    (void)problem;
    if (got.count < KEPT) {
        (void)snprintf(got.after[got.count], sizeof got.after[0], "%.*s", (int)outcome->after.n,
                       outcome->after.n > 0 ? outcome->after.p : "");
        got.of[got.count++] = *outcome;
    }
    return 0;
}

static struct outcomes *begin(int64_t most, int after)
{
    struct outcome_terms terms = {
        .calendar = &always, .most = most, .after = {after}, .afters = after > 0, .emit = keep};
    got.count = 0;
    error_clear(&error);
    return outcomes_new(&terms, &error);
}

static dec cents(double price)
{
    return (dec)llround(price * 100) * (DEC_ONE / 100);
}

static int64_t day(int n)
{
    return (19723 + (int64_t)n) * TIME_DAY; /* day 0 is 2024-01-01 */
}

/* The bar of day n: it opens at that midnight and is known at the next. */
static int bar(struct outcomes *outcomes, int n, double open, double high, double low, double close)
{
    struct bar value;
    record_blank(RECORD_BAR, &value);
    value.time = day(n);
    value.end = day(n + 1);
    value.interval = (struct interval){INTERVAL_DAY, 1};
    memcpy(value.symbol, "X", 2);
    value.open = cents(open);
    value.high = cents(high);
    value.low = cents(low);
    value.close = cents(close);
    return outcomes_bar(outcomes, &value, &error);
}

/* At the end of the bar of day n - 1, so that day n is the first to enter. 0 is no price. */
static int want(struct outcomes *outcomes, int n, enum want side, double stop, double target)
{
    struct signal signal;
    record_blank(RECORD_SIGNAL, &signal);
    signal.time = signal.decided = day(n);
    memcpy(signal.symbol, "X", 2);
    memcpy(signal.strategy, "s", 2);
    (void)snprintf(signal.id, sizeof signal.id, "%d%s", n, want_text(side));
    signal.side = side;
    signal.stop = stop > 0 ? cents(stop) : DEC_NONE;
    signal.target = target > 0 ? cents(target) : DEC_NONE;
    return outcomes_signal(outcomes, &signal, &error);
}

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-12;
}

static void check_end(enum outcome_end ended, double entry, double leave, double r, const char *name)
{
    const struct signal_outcome *o = &got.of[0];
    check(got.count == 1 && o->ended == ended && o->entry == cents(entry) && o->exit == cents(leave) && near(o->r, r),
          "%s: %s at %g, %g R (got %d: %s, %.4f R)", name, outcome_end_text(ended), leave, r, got.count,
          outcome_end_text(o->ended), o->r);
}

/* Entry 100, stop 98 (risk 2), target 105. */
static void test_ends(void)
{
    struct outcomes *o = begin(0, 0);
    (void)want(o, 1, WANT_LONG, 98, 105);
    (void)bar(o, 1, 100, 106, 99, 101); /* the target in the bar of the entry does not count */
    (void)bar(o, 2, 101, 105, 99, 104); /* touched is not traded through */
    check(got.count == 0, "a target in the bar of the entry, and one only touched, are not reached");
    (void)bar(o, 3, 104, 105.01, 98.5, 105);
    check_end(ENDED_TARGET, 100, 105, 2.5, "a target traded through");
    check(near(got.of[0].mfe, 0.06) && near(got.of[0].mae_r, 0.75) && got.of[0].bars == 3,
          "6 %% in favour on the first day, 0.75 R against on the third");
    outcomes_free(o);

    o = begin(0, 0);
    (void)want(o, 1, WANT_LONG, 98, 105);
    (void)bar(o, 1, 100, 101, 99, 101);
    (void)bar(o, 2, 102, 110, 98, 105); /* both in one bar: the stop */
    check_end(ENDED_STOP, 100, 98, -1, "stop and target in one bar");
    check(got.of[0].both == 1 && near(got.of[0].mfe, 0.02),
          "which is said, and the high may have come later: only the open");
    outcomes_free(o);

    o = begin(0, 0);
    (void)want(o, 1, WANT_LONG, 98, 105);
    (void)bar(o, 1, 100, 101, 97, 101);
    check_end(ENDED_STOP, 100, 98, -1, "the stop on the day of the entry");
    check(got.of[0].both == -1, "the target was not there");
    outcomes_free(o);

    o = begin(0, 0);
    (void)want(o, 1, WANT_LONG, 98, 105);
    (void)bar(o, 1, 100, 101, 99, 101);
    (void)bar(o, 2, 96, 99, 95, 98); /* a gap through the stop: the open */
    check_end(ENDED_STOP, 100, 96, -2, "a gap through the stop");
    check(got.of[0].left == day(2), "at the open");
    outcomes_free(o);

    o = begin(0, 0);
    (void)want(o, 1, WANT_SHORT, 102, 95);
    (void)bar(o, 1, 100, 101, 99, 99);
    (void)bar(o, 2, 94, 101, 93, 98); /* a gap through the target of a short: the better open */
    check_end(ENDED_TARGET, 100, 94, 3, "a gap through the target of a short");
    outcomes_free(o);

    o = begin(2, 0);
    (void)want(o, 1, WANT_SHORT, 102, 0);
    (void)bar(o, 1, 100, 101, 99, 99);
    (void)bar(o, 2, 99, 101.5, 98, 101);
    check_end(ENDED_BARS, 100, 101, -0.5, "no more than two bars");
    check(near(got.of[0].mfe, 0.02) && near(got.of[0].mae, 0.015), "98 in favour, 101.5 against");
    outcomes_free(o);
}

static void test_entries(void)
{
    struct outcomes *o = begin(0, 0);
    (void)want(o, 1, WANT_LONG, 98, 0);
    (void)bar(o, 1, 98, 101, 97, 100);
    check(got.count == 1 && got.of[0].ended == ENDED_BEYOND_STOP && got.of[0].entry == DEC_NONE,
          "an open at the stop enters nothing");
    outcomes_free(o);

    o = begin(0, 0);
    (void)want(o, 1, WANT_LONG, 98, 0);
    (void)bar(o, 2, 100, 101, 97, 100);
    check(got.count == 1 && got.of[0].ended == ENDED_MISSED, "the session went by without a bar");
    outcomes_free(o);

    o = begin(0, 0);
    (void)want(o, 1, WANT_LONG, 98, 0);
    (void)want(o, 1, WANT_FLAT, 0, 0);
    (void)bar(o, 1, 100, 101, 99, 100);
    check(got.count == 1 && got.of[0].ended == ENDED_MISSED, "taken back before it could be entered");
    outcomes_free(o);

    o = begin(0, 0);
    (void)bar(o, 1, 100, 101, 99, 100);
    (void)want(o, 2, WANT_LONG, 98, 0);
    (void)bar(o, 2, 100, 101, 99, 100);
    (void)want(o, 2, WANT_LONG, 98, 0);
    check(error.code == EXIT_INPUT, "a signal after its bars is refused");
    error_clear(&error);
    (void)want(o, 3, WANT_LONG, 1, 0); /* another id */
    (void)want(o, 4, WANT_SHORT, 120, 0);
    check(bar(o, 3, 104, 105, 103, 104) == 0 && bar(o, 4, 106, 107, 105, 106) == 0, "two more bars");
    check(got.count == 2 && got.of[0].ended == ENDED_SIGNAL && got.of[0].exit == cents(106) && near(got.of[0].r, 3) &&
              got.of[1].exit == cents(106) && got.of[1].entry == cents(104),
          "the other side ends both at the open of 106: 6 / 2 R of the first");
    check(outcomes_finish(o, &error) == 0 && got.count == 3 && got.of[2].side == WANT_SHORT &&
              got.of[2].ended == ENDED_OPEN && got.of[2].exit == DEC_NONE && got.of[2].gain == 0,
          "and is itself still open at the end");
    check(bar(o, 4, 106, 107, 105, 106) != 0 && error.code == EXIT_INPUT, "a bar that comes twice is refused");
    outcomes_free(o);
}

/* A 2:1 split while held: entry 100, stop 90 of the old share. */
static void test_actions(void)
{
    struct action action;
    struct outcomes *o = begin(0, 3);
    (void)want(o, 1, WANT_LONG, 90, 0);
    (void)bar(o, 1, 100, 104, 99, 102);
    record_blank(RECORD_ACTION, &action);
    memcpy(action.symbol, "X", 2);
    memcpy(action.id, "a", 2);
    action.time = day(2);
    action.kind = ACTION_SPLIT;
    action.new_shares = 2;
    action.old_shares = 1;
    check(outcomes_action(o, &action, &error) == 0 && outcomes_action(o, &action, &error) == 0, "a split, told twice");
    memcpy(action.id, "b", 2);
    action.kind = ACTION_DIVIDEND;
    action.cash = cents(0.5); /* of each of the two shares */
    check(outcomes_action(o, &action, &error) == 0, "a dividend");
    (void)bar(o, 2, 51, 55, 50, 54);   /* 102, and 1 paid */
    (void)bar(o, 3, 46, 47, 44.5, 46); /* the stop is at 45 - 0.5 now: 89, and 1 paid, of 100 */
    check_end(ENDED_STOP, 100, 44.5, -1, "through a split and a dividend");
    check_text(got.after[0], "{\"3\":-0.7}", "after three bars 92 and 1 paid: -7 of 10");
    check(near(got.of[0].mfe, 0.11), "the high of 55 is 110, and 1 paid");
    outcomes_free(o);

    o = begin(0, 0);
    (void)want(o, 1, WANT_LONG, 90, 0);
    (void)bar(o, 1, 100, 104, 99, 102);
    action.kind = ACTION_RENAME;
    memcpy(action.id, "c", 2);
    memcpy(action.new_symbol, "Y", 2);
    check(outcomes_action(o, &action, &error) == 0, "a new name");
    memcpy(action.symbol, "Y", 2);
    memcpy(action.id, "d", 2);
    action.kind = ACTION_DELIST;
    check(outcomes_action(o, &action, &error) == 0 && strcmp(got.of[0].symbol, "Y") == 0, "goes on under it");
    check_end(ENDED_DELISTED, 100, 102, 0.2, "until it is listed no more");
    outcomes_free(o);
}

static struct leader ranked[4];
static int ranks;

static int keep_leader(void *context, const struct leader *leader, struct error *problem)
{
    (void)context;
    (void)problem;
    ranked[ranks++] = *leader;
    return 0;
}

static void add(struct leaders *leaders, const char *source, enum outcome_end ended, double gain, int n)
{
    struct signal_outcome outcome;
    record_blank(RECORD_OUTCOME, &outcome);
    outcome.time = day(n);
    (void)snprintf(outcome.strategy, sizeof outcome.strategy, "%s", source);
    (void)snprintf(outcome.signal, sizeof outcome.signal, "%d", n);
    outcome.ended = ended;
    outcome.bars = 4;
    if (ended != ENDED_MISSED) {
        outcome.gain = gain;
        outcome.risk = 0.02;
        outcome.r = gain / 0.02;
        outcome.mfe = outcome.mae = 0.01;
    }
    check(leaders_add(leaders, &outcome, &error) == 0, "an outcome of %s", source);
}

/* a: returns 2 %, −1 %, 5 %, 2 %: R 1, −0.5, 2.5, 1: mean 1, s √(4.5 / 3) = 1.224745, t of 3 degrees 3.182446:
 * ± 1.948842. Wilson of 3 of 4: (0.75 + 0.48018) / 1.96036 = 0.62752, ± 1.95996 / 1.96036 √(0.046875 + 0.060023). */
static void test_leaders(void)
{
    struct leaders_terms terms = {.by = LEADERS_BY_R, .confidence = 0.95};
    double low[2];
    for (int turn = 0; turn < 2; turn++) {
        struct leaders *leaders = leaders_new(&terms, &error);
        static const double gains[] = {0.02, -0.01, 0.05, 0.02};
        ranks = 0;
        add(leaders, "single", ENDED_STOP, 0.5, 9);
        for (int i = 0; i < 4; i++) {
            const int n = turn == 0 ? i : 3 - i;
            add(leaders, "a", n == 1 ? ENDED_STOP : ENDED_TARGET, gains[n], n);
        }
        add(leaders, "a", ENDED_OPEN, 9, 10);
        add(leaders, "a", ENDED_MISSED, 9, 11);
        add(leaders, "b", ENDED_BARS, 0.001, 1);
        add(leaders, "b", ENDED_BARS, 0.0011, 2);
        check(leaders_rank(leaders, keep_leader, NULL, &error) == 0 && ranks == 3, "three sources");
        low[turn] = ranked[1].r_low;
        leaders_free(leaders);
    }
    check(memcmp(&low[0], &low[1], sizeof low[0]) == 0, "the same bits in whatever order they came");
    const struct leader *a = &ranked[1];
    check(strcmp(ranked[0].strategy, "b") == 0 && ranked[0].rank == 1,
          "first whose low end is highest: b, hardly varied");
    check(strcmp(a->strategy, "a") == 0 && a->rank == 2 && a->outcomes == 4 && a->open == 1 && a->missed == 1,
          "a: four outcomes, one open, one missed");
    check(near(a->r, 1) && fabs(a->r_low - (1 - 1.948842)) < 1e-6 && fabs(a->r_high - 2.948842) < 1e-6,
          "mean of 1 R from -0.9488 to 2.9488");
    check(a->hit == 0.75 && fabs(a->hit_low - 0.30064) < 1e-4 && fabs(a->hit_high - 0.95441) < 1e-4,
          "3 of 4: 0.3006 to 0.9544");
    check(near(a->gain, 0.02) && near(a->profit_factor, 9) && a->enough == 0 && a->bars == 4,
          "9 %% won for each 1 %% lost");
    check(strcmp(ranked[2].strategy, "single") == 0 && ranked[2].rank == 0, "one outcome has no rank");

    /* A round trip of 1 % takes half an R of a risk of 2 %. */
    terms.cost = 0.01;
    struct leaders *leaders = leaders_new(&terms, &error);
    ranks = 0;
    add(leaders, "a", ENDED_TARGET, 0.02, 1);
    add(leaders, "a", ENDED_TARGET, 0.005, 2);
    check(leaders_rank(leaders, keep_leader, NULL, &error) == 0, "with costs");
    check(near(ranked[0].r, (0.5 - 0.25) / 2) && ranked[0].hit == 0.5 && near(ranked[0].gain, 0.0025),
          "less half an R each");
    leaders_free(leaders);
}

int main(void)
{
    if (calendar_init(&always, "always", NULL, &error) != 0)
        return 1;
    test_ends();
    test_entries();
    test_actions();
    test_leaders();
    return done();
}
