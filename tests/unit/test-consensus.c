/* Votes of sources: the cases were worked out by hand. */
#include "base/time.h"
#include "record/record.h"
#include "strategy/consensus.h"
#include "tap.h"

#include <math.h>

static struct error error;
static struct {
    struct signal of[64];
    int count;
} got;

static int keep(void *context, const struct signal *signal, struct error *problem)
{
    (void)context;
    (void)problem;
    if (got.count < 64)
        got.of[got.count++] = *signal;
    return 0;
}

static int64_t day(int n)
{
    return (19723 + (int64_t)n) * TIME_DAY;
}

static struct consensus *begin(struct consensus_terms terms)
{
    got.count = 0;
    error_clear(&error);
    terms.name = "all";
    terms.emit = keep;
    return consensus_new(&terms, &error);
}

static int say(struct consensus *consensus, const char *source, int n, enum want side)
{
    struct signal signal;
    record_blank(RECORD_SIGNAL, &signal);
    signal.time = signal.decided = day(n);
    memcpy(signal.symbol, "X", 2);
    (void)snprintf(signal.strategy, sizeof signal.strategy, "%s", source);
    memcpy(signal.id, "i", 2);
    signal.side = side;
    signal.price = 10 * DEC_ONE;
    signal.stop = side == WANT_LONG ? 9 * DEC_ONE : DEC_NONE;
    return consensus_signal(consensus, &signal, &error);
}

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-12;
}

/* The cases of a vote, three of those present: (1 1 1 0 0) long; (1 1 -1 0 .) flat, two of four are 50 %; (1 1 1 -1 -1)
 * long though two are short; (1 . . . 1) nobody knows; (-1 -1 -1 0 1) short. 9 is not present. */
static void test_votes(void)
{
    static const int rows[5][5] = {
        {1, 1, 1, 0, 0}, {1, 1, -1, 0, 9}, {1, 1, 1, -1, -1}, {1, 9, 9, 9, 1}, {-1, -1, -1, 0, 1}};
    static const enum want want[5] = {WANT_LONG, WANT_FLAT, WANT_LONG, WANT_NONE, WANT_SHORT};
    static const char *const names[5] = {"a", "b", "c", "d", "e"};
    for (int row = 0; row < 5; row++)
        for (int turn = 0; turn < 2; turn++) { /* in whatever order they speak */
            struct consensus *c = begin((struct consensus_terms){.agreement = 0.6, .quorum = 3});
            for (int i = 0; i < 5; i++) {
                const int k = turn == 0 ? i : 4 - i, vote = rows[row][k];
                if (vote != 9)
                    check(say(c, names[k], 1, vote > 0 ? WANT_LONG : vote < 0 ? WANT_SHORT : WANT_FLAT) == 0, "said");
            }
            check(got.count == 0, "a moment is voted on when it is over");
            check(consensus_advance(c, INT64_MAX, &error) == 0, "the end");
            check(want[row] == WANT_NONE ? got.count == 0 && consensus_silent(c) == 1
                                         : got.count == 1 && got.of[0].side == want[row],
                  "row %d", row);
            consensus_free(c);
        }
}

static enum want result(enum conflict_rule conflict, double agreement, int longs, int shorts, int flats)
{
    struct consensus *c = begin((struct consensus_terms){.agreement = agreement, .quorum = 1, .conflict = conflict});
    char name[16];
    for (int i = 0; i < longs + shorts + flats; i++) {
        (void)snprintf(name, sizeof name, "s%d", i);
        (void)say(c, name, 1, i < longs ? WANT_LONG : i < longs + shorts ? WANT_SHORT : WANT_FLAT);
    }
    (void)consensus_advance(c, INT64_MAX, &error);
    const enum want side = got.count == 1 ? got.of[0].side : WANT_NONE;
    consensus_free(c);
    return side;
}

static void test_conflicts(void)
{
    check(result(CONFLICT_MAJORITY, 0.6, 3, 2, 0) == WANT_LONG, "majority: 3 of 5 are 60 %%");
    check(result(CONFLICT_NET, 0.6, 3, 2, 0) == WANT_FLAT, "net: 1 of 5 is 20 %%");
    check(result(CONFLICT_NET, 0.6, 4, 1, 0) == WANT_LONG, "net: 3 of 5");
    check(result(CONFLICT_VETO, 0.6, 4, 1, 0) == WANT_FLAT, "veto: one is against");
    check(result(CONFLICT_VETO, 0.6, 4, 0, 1) == WANT_LONG, "veto: to be flat is not to be against");
    check(result(CONFLICT_MAJORITY, 0.5, 2, 2, 0) == WANT_FLAT, "two against two");
    check(result(CONFLICT_MAJORITY, 1, 0, 3, 0) == WANT_SHORT, "all are short");
}

/* A decision that is one half-life old counts a half: after 10 days the long of a is 0.5 against the short of 1. */
static void test_decay(void)
{
    struct consensus *c = begin((struct consensus_terms){.agreement = 0.6, .quorum = 1, .half_life = 10 * TIME_DAY});
    (void)say(c, "a", 0, WANT_LONG);
    (void)say(c, "b", 10, WANT_SHORT);
    (void)say(c, "b", 60, WANT_SHORT); /* that of a is below 1/16 now */
    (void)consensus_advance(c, INT64_MAX, &error);
    check(got.count == 3 && got.of[0].side == WANT_LONG, "alone");
    check(got.of[1].side == WANT_SHORT && near(got.of[1].strength, 1 / 1.5), "0.5 against 1: two thirds are short");
    check(near(got.of[2].strength, 1), "what is old is not asked any more");
    check(got.of[1].decided == day(10) && got.of[2].decided == day(10) && got.of[2].age == 1, "since then");
    check(strcmp(got.of[1].id, got.of[2].id) == 0 && strcmp(got.of[0].id, got.of[1].id) != 0, "one id a decision");
    consensus_free(c);
}

static void add_outcomes(struct consensus *c, const char *source, int n, int count, double r)
{
    struct signal_outcome outcome;
    record_blank(RECORD_OUTCOME, &outcome);
    (void)snprintf(outcome.strategy, sizeof outcome.strategy, "%s", source);
    memcpy(outcome.symbol, "X", 2);
    outcome.time = day(n);
    outcome.ended = ENDED_TARGET;
    outcome.risk = 0.01;
    outcome.gain = r / 100;
    outcome.r = r;
    bool good = true;
    for (int i = 0; i < count; i++) {
        (void)snprintf(outcome.signal, sizeof outcome.signal, "%s%d", source, i);
        good &= consensus_outcome(c, &outcome, &error) == 0;
    }
    check(good, "%d outcomes of %s", count, source);
}

/* a: 60 outcomes of 0.3 R, b: 40 of 0.1 R, c: 30, which are not enough. M = 0.2. a: s = 1/2, 0.5 + 0.5 × 1.5 = 1.25;
 * b: s = 1/4, 0.75 + 0.25 × 0.5 = 0.875; c: 1. Those of day 5 are not known on day 1. */
static void test_weights(void)
{
    struct consensus *c = begin((struct consensus_terms){.agreement = 0.6, .quorum = 1});
    add_outcomes(c, "b", 5, 40, 0.1);
    add_outcomes(c, "a", 5, 60, 0.3);
    add_outcomes(c, "c", 5, 30, 9);
    for (int n = 1; n < 9; n += 7) {
        (void)say(c, "a", n, WANT_LONG);
        (void)say(c, "b", n, WANT_SHORT);
        (void)say(c, "c", n, WANT_LONG);
    }
    check(say(c, "a", 3, WANT_LONG) != 0 && error.code == EXIT_INPUT, "a signal after later ones is refused");
    error_clear(&error);
    check(say(c, "all", 8, WANT_SHORT) == 0, "its own are left out");
    (void)consensus_advance(c, INT64_MAX, &error);
    check(got.count == 2 && near(got.of[0].strength, 2.0 / 3), "equal while nothing is known");
    check(near(got.of[1].strength, 2.25 / 3.125), "then 1.25 and 1 of 3.125 (got %.6f)", got.of[1].strength);
    check(got.of[1].stop == 9 * DEC_ONE && got.of[1].price == 10 * DEC_ONE, "the stop of the heaviest on its side");
    consensus_free(c);

    /* Losers go down to 30 / n: 300 outcomes of -1 R beside one who earns: 0.1 against 1.9 (M = 0.5). */
    c = begin((struct consensus_terms){.agreement = 0.6, .quorum = 1});
    add_outcomes(c, "a", 0, 300, -1);
    add_outcomes(c, "b", 0, 300, 1);
    (void)say(c, "a", 1, WANT_LONG);
    (void)say(c, "b", 1, WANT_SHORT);
    (void)consensus_advance(c, INT64_MAX, &error);
    check(got.count == 1 && got.of[0].side == WANT_SHORT && near(got.of[0].strength, 1.9 / 2), "a record of losses");
    consensus_free(c);
}

int main(void)
{
    test_votes();
    test_conflicts();
    test_decay();
    test_weights();
    return done();
}
