/* Rule files at work: the position they want, bar by bar. */
#include "strategy/rules.h"

#include "expr/steps.h"
#include "strategy/rule_set.h"

#include <math.h>

/* What a series wants, and since when. Prices are in its basis. */
struct stance {
    enum want side;                  /* WANT_NONE until it can be judged */
    int64_t held;                    /* bars since */
    int64_t armed_long, armed_short; /* bars left to confirm in */
    double stop, target;
};

int rule_set_lookback(const struct rule_set *set)
{
    return program_lookback(set->program);
}

static size_t stance_size(void)
{
    const size_t unit = _Alignof(max_align_t);
    return (sizeof(struct stance) + unit - 1) / unit * unit;
}

size_t rule_set_size(const struct rule_set *set)
{
    return stance_size() + program_size(set->program);
}

void rule_set_init(const struct rule_set *set, void *state)
{
    struct stance *stance = state;
    *stance = (struct stance){.side = WANT_NONE, .stop = NAN, .target = NAN};
    program_init(set->program, (char *)state + stance_size());
}

/* The answers of one bar. */
struct answers {
    double value[ROOTS];
};

static bool yes(const struct answers *answers, enum rule_root root)
{
    return answers->value[root] == 1;
}

/* Entries and exits are known. */
static bool can_judge(const struct rule_set *set, const struct answers *answers)
{
    for (int i = ENTER_LONG; i <= EXIT_SHORT; i++)
        if (set->root[i] != NULL && isnan(answers->value[i]))
            return false;
    return true;
}

/* Has the position's own stop or target been reached in the bar? Then it is over, whatever became of the orders. */
static bool is_over(const struct stance *stance, double high, double low)
{
    if (stance->side == WANT_LONG)
        return low <= stance->stop || high >= stance->target;
    return high >= stance->stop || low <= stance->target;
}

/* An entry that is asked for, and confirmed where that is wanted. */
static bool is_asked(const struct rule_set *set, const struct answers *answers, enum rule_root root, int64_t *armed)
{
    const bool allowed = set->root[WHEN] == NULL || yes(answers, WHEN);
    if (set->confirm_within == 0)
        return allowed && yes(answers, root);
    if (yes(answers, root))
        *armed = set->confirm_within;
    const bool asked = *armed > 0 && yes(answers, CONFIRM) && allowed;
    *armed -= *armed > 0;
    if (asked)
        *armed = 0;
    return asked;
}

static double protective(const struct answers *answers, bool is_short, enum rule_root of_long, enum rule_root of_short,
                         bool mirrored, double close)
{
    double price = answers->value[is_short && !mirrored ? of_short : of_long];
    if (is_short && mirrored)
        price = 2 * close - price;
    return price > 0 ? price : (double)NAN;
}

static void decide(const struct rule_set *set, struct stance *stance, const struct answers *answers, double high,
                   double low, double close)
{
    if (stance->side == WANT_NONE) {
        if (!can_judge(set, answers))
            return;
        stance->side = WANT_FLAT;
    }
    stance->held++;
    if (stance->side != WANT_FLAT && (yes(answers, stance->side == WANT_LONG ? EXIT_LONG : EXIT_SHORT) ||
                                      is_over(stance, high, low) || (set->hold > 0 && stance->held >= set->hold)))
        stance->side = WANT_FLAT;
    if (yes(answers, EXIT_LONG))
        stance->armed_long = 0;
    if (yes(answers, EXIT_SHORT))
        stance->armed_short = 0;
    const bool up = set->root[ENTER_LONG] != NULL && is_asked(set, answers, ENTER_LONG, &stance->armed_long);
    const bool down = set->root[ENTER_SHORT] != NULL && is_asked(set, answers, ENTER_SHORT, &stance->armed_short);
    const enum want side = up == down ? WANT_NONE : up ? WANT_LONG : WANT_SHORT; /* both: neither */
    if (side == WANT_NONE || side == stance->side)
        return;
    if ((side == WANT_LONG && yes(answers, EXIT_LONG)) || (side == WANT_SHORT && yes(answers, EXIT_SHORT)))
        return;
    const bool is_short = side == WANT_SHORT;
    *stance = (struct stance){.side = side,
                              .stop = protective(answers, is_short, STOP, STOP_SHORT, set->mirrored[0], close),
                              .target = protective(answers, is_short, TARGET, TARGET_SHORT, set->mirrored[1], close)};
}

const struct program *rule_set_program(const struct rule_set *set)
{
    return set->program;
}

static void run_program(struct rule_set *set, void *state, const struct columns *in, double column[ROOTS][COLUMNS_MAX])
{
    double *out[ROOTS];
    for (int i = 0; i < ROOTS; i++)
        out[i] = column[i];
    program_run(set->program, (char *)state + stance_size(), in, out);
}

void rule_set_answer(struct rule_set *set, void *state, const struct columns *in, struct rule_answer *answer)
{
    double column[ROOTS][COLUMNS_MAX];
    struct answers answers;
    run_program(set, state, in, column);
    for (int i = 0; i < ROOTS; i++)
        answers.value[i] = column[i][0];
    int price, volume;
    (void)program_powers(set->program, RANK, &price, &volume);
    answer->rank = answers.value[RANK] / step_scale(price, volume, in); /* symbols are compared, of one day */
    answer->allowed = set->root[WHEN] == NULL || yes(&answers, WHEN);
    answer->strength = set->root[STRENGTH] != NULL ? answers.value[STRENGTH] : (double)NAN;
    answer->weight = set->root[WEIGHT] != NULL ? answers.value[WEIGHT] : (double)NAN;
    for (int is_short = 0; is_short < 2; is_short++) {
        answer->stop[is_short] = protective(&answers, is_short == 1, STOP, STOP_SHORT, set->mirrored[0], in->close[0]);
        answer->target[is_short] =
            protective(&answers, is_short == 1, TARGET, TARGET_SHORT, set->mirrored[1], in->close[0]);
    }
    for (int k = 0; k < set->strategy.reasons; k++)
        answer->reason[k] = set->reason[k].figure < 0
                                ? answer->rank
                                : program_figure(set->program, set->reason[k].root, set->reason[k].figure, in, 0);
}

void rule_set_run(struct rule_set *set, void *state, const struct columns *in, struct levels *levels)
{
    double column[ROOTS][COLUMNS_MAX];
    struct stance *stance = state;
    run_program(set, state, in, column);
    for (size_t i = 0; i < in->n; i++) {
        const size_t row = levels->count + i;
        struct answers answers;
        for (int k = 0; k < ROOTS; k++)
            answers.value[k] = column[k][i];
        decide(set, stance, &answers, in->high[i], in->low[i], in->close[i]);
        const bool is_short = stance->side == WANT_SHORT, any = stance->side == WANT_LONG || is_short;
        levels->side[row] = stance->side;
        levels->strength[row] = set->root[STRENGTH] != NULL && any ? answers.value[STRENGTH] : (double)NAN;
        levels->stop[row] =
            any ? protective(&answers, is_short, STOP, STOP_SHORT, set->mirrored[0], in->close[i]) : (double)NAN;
        levels->target[row] =
            any ? protective(&answers, is_short, TARGET, TARGET_SHORT, set->mirrored[1], in->close[i]) : (double)NAN;
        for (int k = 0; k < set->strategy.reasons; k++)
            levels->reason[k][row] = program_figure(set->program, set->reason[k].root, set->reason[k].figure, in, i);
    }
}
