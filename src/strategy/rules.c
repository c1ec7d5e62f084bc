/* Rule files at work: the position they want, bar by bar. */
#include "strategy/rules.h"

#include "expr/steps.h"
#include "strategy/rule_set.h"

#include <math.h>

/* What a series wants, and since when. Prices are in its basis; what is of the bar of the decision stays as it was. */
struct stance {
    enum want side;                  /* WANT_NONE until it can be judged */
    int64_t held;                    /* bars since the decision, or since an entry at a price was reached */
    int64_t armed_long, armed_short; /* bars left to confirm in */
    int wait;                        /* bars left for an entry at a price; 0: at the market, or reached */
    bool filled;                     /* by the bars */
    bool own_over;                   /* of a unit: its own exits have ended it, the others go on */
    int units;                       /* how many the bars have reached */
    double price;                    /* of the entry; NaN: at the market */
    double size, add, distance;      /* units; between them; from the price of an entry to its stop */
    double newest;                   /* the entry of the last unit */
    double scale;                    /* of the columns, as dividends alone have made it; 0 before the first bar */
    double stop, target, figure[RULE_EXITS_MAX];
    struct rule_trade first, own; /* of the first unit and, where it is another, of the runner's own */
};

int rule_set_lookback(const struct rule_set *set)
{
    return program_lookback(set->program);
}

int rule_set_units(const struct rule_set *set)
{
    return set->units;
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
    *stance = (struct stance){.side = WANT_NONE, .stop = NAN, .target = NAN, .price = NAN};
    program_init(set->program, (char *)state + stance_size());
}

/* The answers of one bar: row i of a column for each root, NULL where the file does not say it. */
struct answers {
    const double *const *column;
    size_t i;
};

static double value(const struct answers *answers, int root)
{
    return answers->column[root] == NULL ? (double)NAN : answers->column[root][answers->i];
}

static bool yes(const struct answers *answers, int root)
{
    return answers->column[root] != NULL && answers->column[root][answers->i] == 1;
}

static bool enters(const struct rule_set *set, bool is_short)
{
    return set->root[is_short ? ENTER_SHORT : ENTER_LONG] != NULL || set->at[is_short] != ORDER_NONE;
}

/* Entries and exits are known. */
static bool can_judge(const struct rule_set *set, const struct answers *answers)
{
    for (int i = ENTER_LONG; i <= EXIT_SHORT; i++)
        if (set->root[i] != NULL && isnan(answers->column[i][answers->i]))
            return false;
    for (int k = 0; k < 2; k++)
        if (set->at[k] != ORDER_NONE && set->root[k == 0 ? ENTER_LONG : ENTER_SHORT] == NULL &&
            isnan(value(answers, AT_LONG + k)))
            return false;
    return true;
}

/* An entry that is asked for, and confirmed where that is wanted. */
static bool is_asked(const struct rule_set *set, const struct answers *answers, bool is_short, int64_t *armed)
{
    const enum rule_root root = is_short ? ENTER_SHORT : ENTER_LONG;
    const bool allowed = set->root[WHEN] == NULL || yes(answers, WHEN);
    const bool asks = set->root[root] == NULL || yes(answers, (int)root); /* a price alone asks on every bar */
    if (set->confirm_within == 0)
        return allowed && asks;
    if (asks)
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
    double price = value(answers, (int)(is_short && !mirrored ? of_short : of_long));
    if (is_short && mirrored)
        price = 2 * close - price;
    return price > 0 ? price : (double)NAN;
}

static double stop_of(const struct rule_set *set, const struct answers *answers, bool is_short, double close)
{
    return protective(answers, is_short, STOP, STOP_SHORT, set->mirrored[0], close);
}

static double target_of(const struct rule_set *set, const struct answers *answers, bool is_short, double close)
{
    return protective(answers, is_short, TARGET, TARGET_SHORT, set->mirrored[1], close);
}

/* The position that is decided on a bar; false where it cannot be: what it needs is not known, or no amount. */
static bool begin(const struct rule_set *set, const struct answers *answers, enum want side, double close,
                  struct stance *stance)
{
    const bool is_short = side == WANT_SHORT, at_price = set->at[is_short] != ORDER_NONE;
    *stance = (struct stance){.side = side,
                              .price = at_price ? value(answers, AT_LONG + is_short) : (double)NAN,
                              .wait = at_price ? set->at_bars[is_short] : 0,
                              .scale = stance->scale,
                              .size = value(answers, SIZE),
                              .add = value(answers, ADD),
                              .stop = stop_of(set, answers, is_short, close),
                              .target = target_of(set, answers, is_short, close)};
    stance->distance = fabs((at_price ? stance->price : close) - stance->stop);
    bool whole = (!at_price || stance->price > 0) && (set->root[SIZE] == NULL || stance->size > 0) &&
                 (set->units < 2 || stance->add > 0) && !(set->needs_stop && isnan(stance->stop));
    for (int i = 0; i < set->exits; i++) {
        stance->figure[i] = value(answers, EXIT_FIGURE + i);
        whole &= set->root[EXIT_FIGURE + i] == NULL || stance->figure[i] > 0;
        if (set->exit[i].kind == RULE_STOP)
            stance->distance = stance->figure[i];
    }
    return whole;
}

static void begin_trade(const struct rule_set *set, const struct stance *stance, struct rule_trade *trade, int sign,
                        double entry, double stop)
{
    trade->stop = stop;
    trade->target = stance->target;
    for (int i = 0; i < set->exits; i++)
        trade->figure[i] = stance->figure[i];
    rule_trade_begin(set, trade, sign, entry);
}

/* Does the bar reach the price of an entry? *entry: where that fills, at the open where that is beyond it already. */
static bool reaches(enum order_type type, double price, int sign, const struct rule_bar *bar, double *entry,
                    bool *course)
{
    const double best = sign > 0 ? bar->high : bar->low, worst = sign > 0 ? bar->low : bar->high;
    const bool stop = type == ORDER_STOP;
    const bool at_open = stop ? sign * (bar->open - price) >= 0 : sign * (price - bar->open) > 0;
    *entry = at_open ? bar->open : price;
    *course = !at_open;
    return stop ? sign * (best - price) >= 0 : sign * (price - worst) > 0;
}

static double unit_price(const struct stance *stance, int unit, int sign)
{
    return (stance->first.entry + sign * unit * stance->add) * (sign > 0 ? stance->first.lift : 1);
}

/* The units beyond the first, from the bar after its own. True when the stop of the newest ends all. */
static bool pass_units(const struct rule_set *set, struct stance *stance, int unit, int sign,
                       const struct rule_bar *bar, bool first)
{
    double entry;
    bool course;
    if (unit > 0 && stance->units > unit && !stance->own_over)
        stance->own_over = rule_trade_bar(set, &stance->own, sign, bar, false, false);
    while (!first && stance->units < set->units &&
           reaches(ORDER_STOP, unit_price(stance, stance->units, sign), sign, bar, &entry, &course)) {
        stance->newest = entry;
        if (stance->units++ != unit)
            continue;
        begin_trade(set, stance, &stance->own, sign, entry, entry - sign * stance->distance);
        stance->own_over = rule_trade_bar(set, &stance->own, sign, bar, true, course);
    }
    const double worst = sign > 0 ? bar->low : bar->high;
    return stance->units > 1 && sign * (worst - (stance->newest - sign * stance->distance)) <= 0;
}

/* A bar of what is wanted. True when that is over: its own exits have ended it, or it was not reached in its time. */
static bool pass_bar(const struct rule_set *set, struct stance *stance, int unit, const struct rule_bar *bar)
{
    const bool is_short = stance->side == WANT_SHORT, first = !stance->filled;
    const int sign = is_short ? -1 : 1;
    bool course = false;
    double entry = bar->open;
    if (stance->wait > 0 && !reaches(set->at[is_short], stance->price, sign, bar, &entry, &course))
        return --stance->wait == 0;
    if (first) {
        begin_trade(set, stance, &stance->first, sign, entry, stance->stop);
        stance->newest = entry;
        stance->units = 1;
        stance->wait = 0;
        stance->filled = true;
    }
    stance->held++;
    const bool over = rule_trade_bar(set, &stance->first, sign, bar, first, course);
    return (set->units > 1 && pass_units(set, stance, unit, sign, bar, first)) || over;
}

/* True when a decision is made: what is wanted is wanted anew. */
static bool decide(const struct rule_set *set, struct stance *stance, int unit, const struct answers *answers,
                   const struct rule_bar *bar)
{
    if (stance->side == WANT_NONE) {
        if (!can_judge(set, answers))
            return false;
        stance->side = WANT_FLAT;
    }
    bool expired = false;
    if (stance->side != WANT_FLAT) {
        const bool over = pass_bar(set, stance, unit, bar);
        expired = set->hold > 0 && stance->held >= set->hold;
        if (over || expired || yes(answers, stance->side == WANT_LONG ? EXIT_LONG : EXIT_SHORT))
            stance->side = WANT_FLAT;
    }
    if (yes(answers, EXIT_LONG))
        stance->armed_long = 0;
    if (yes(answers, EXIT_SHORT))
        stance->armed_short = 0;
    const bool up = enters(set, false) && is_asked(set, answers, false, &stance->armed_long);
    const bool down = enters(set, true) && is_asked(set, answers, true, &stance->armed_short);
    const enum want side = up == down ? WANT_NONE : up ? WANT_LONG : WANT_SHORT; /* both: neither */
    if (side == WANT_NONE || side == stance->side || expired)
        return false;
    if ((side == WANT_LONG && yes(answers, EXIT_LONG)) || (side == WANT_SHORT && yes(answers, EXIT_SHORT)))
        return false;
    struct stance decided = {.scale = stance->scale};
    if (!begin(set, answers, side, bar->close, &decided))
        return false;
    *stance = decided;
    return true;
}

const struct program *rule_set_program(const struct rule_set *set)
{
    return set->program;
}

static void run_program(struct rule_set *set, void *state, const struct columns *in, const double *column[ROOTS])
{
    program_step_all(set->program, (char *)state + stance_size(), in);
    for (int i = 0; i < ROOTS; i++)
        column[i] = program_answers(set->program, i);
}

void rule_set_answer(struct rule_set *set, void *state, const struct columns *in, struct rule_answer *answer)
{
    const double *column[ROOTS];
    const struct answers answers = {column, 0};
    run_program(set, state, in, column);
    int price, volume;
    (void)program_powers(set->program, RANK, &price, &volume);
    answer->rank = value(&answers, RANK) / step_scale(price, volume, in); /* symbols are compared, of one day */
    answer->allowed = set->root[WHEN] == NULL || yes(&answers, WHEN);
    answer->strength = value(&answers, STRENGTH);
    answer->weight = value(&answers, WEIGHT);
    for (int is_short = 0; is_short < 2; is_short++) {
        answer->stop[is_short] = stop_of(set, &answers, is_short == 1, in->close[0]);
        answer->target[is_short] = target_of(set, &answers, is_short == 1, in->close[0]);
    }
    for (int k = 0; k < set->exits; k++) {
        answer->figure[k] = value(&answers, EXIT_FIGURE + k);
        answer->allowed &= set->root[EXIT_FIGURE + k] == NULL || answer->figure[k] > 0;
    }
    for (int k = 0; k < set->strategy.reasons; k++)
        answer->reason[k] = set->reason[k].figure < 0
                                ? answer->rank
                                : program_figure(set->program, set->reason[k].root, set->reason[k].figure, in, 0);
}

/* What an entry at a price stands on is that of its decision; one at the market may be made a bar late, with the stop
 * of then. */
static void write_position(const struct rule_set *set, const struct stance *stance, const struct answers *answers,
                           double close, struct levels *levels, size_t row)
{
    const bool is_short = stance->side == WANT_SHORT, frozen = !isnan(stance->price);
    levels->entry[row] = stance->price;
    levels->units[row] = frozen ? stance->size : value(answers, SIZE);
    levels->stop[row] = frozen ? stance->stop : stop_of(set, answers, is_short, close);
    levels->target[row] = frozen ? stance->target : target_of(set, answers, is_short, close);
    for (int k = 0; k < set->exits; k++)
        levels->figure[k][row] = stance->figure[k];
}

/* A unit waits at its price from the bar in which the first was filled until all is over. */
static void write_unit(const struct rule_set *set, const struct stance *stance, int unit, struct levels *levels,
                       size_t row)
{
    const int sign = stance->side == WANT_SHORT ? -1 : 1;
    if ((stance->side != WANT_LONG && stance->side != WANT_SHORT) || !stance->filled || stance->own_over) {
        levels->side[row] = stance->side == WANT_NONE ? WANT_NONE : WANT_FLAT;
        return;
    }
    levels->entry[row] = unit_price(stance, unit, sign);
    levels->units[row] = stance->size;
    levels->stop[row] = levels->entry[row] - sign * stance->distance;
    levels->target[row] = stance->target;
    for (int k = 0; k < set->exits; k++)
        levels->figure[k][row] = stance->figure[k];
}

static inline void write_row(const struct rule_set *set, const struct stance *stance, int unit,
                             const double *const *column, const struct columns *in, struct levels *levels, size_t i)
{
    const size_t row = levels->count + i;
    const struct answers answers = {column, i};
    levels->side[row] = stance->side;
    if (set->priced || unit > 0) {
        levels->strength[row] = levels->stop[row] = levels->target[row] = NAN;
        levels->entry[row] = levels->units[row] = NAN;
    }
    if (set->priced && (stance->side == WANT_LONG || stance->side == WANT_SHORT)) {
        levels->strength[row] = value(&answers, STRENGTH);
        if (unit == 0)
            write_position(set, stance, &answers, in->close[i], levels, row);
    }
    if (unit > 0)
        write_unit(set, stance, unit, levels, row);
}

static bool is_yes(const double *column, size_t i)
{
    return column != NULL && column[i] == 1;
}

/* The bars from the i-th on in which nothing can happen: nobody enters or leaves, and no stop or target is reached.
 * Nearly all are like that, and deciding about each of them is most of the work. */
static size_t count_quiet(const struct rule_set *set, const struct stance *stance, const double *const *column,
                          const struct columns *in, size_t i)
{
    size_t end = i;
    if (set->confirm_within > 0 || set->hold > 0 || set->exits > 0 || set->units > 1 || set->at[0] != ORDER_NONE ||
        set->at[1] != ORDER_NONE)
        return 0;
    if (stance->side == WANT_FLAT) {
        while (end < in->n && !is_yes(column[ENTER_LONG], end) && !is_yes(column[ENTER_SHORT], end))
            end++;
        return end - i;
    }
    if (!stance->filled || stance->side == WANT_NONE)
        return 0;
    const bool is_long = stance->side == WANT_LONG;
    const double *leaves = column[is_long ? EXIT_LONG : EXIT_SHORT],
                 *turns = column[is_long ? ENTER_SHORT : ENTER_LONG];
    const double *worst = is_long ? in->low : in->high, *best = is_long ? in->high : in->low;
    const int sign = is_long ? 1 : -1;
    const double stop = sign * stance->first.stop, target = sign * stance->first.target; /* NaN: none */
    while (end < in->n && !is_yes(leaves, end) && !is_yes(turns, end) && !(sign * worst[end] <= stop) &&
           !(sign * best[end] > target))
        end++;
    return end - i;
}

/* A dividend since the bars before. A split changes the scales of price and volume by inverse factors. */
static void heed_dividends(const struct rule_set *set, struct stance *stance, const struct columns *in)
{
    const double scale = in->price_scale * in->volume_scale, factor = scale / stance->scale;
    const bool none = stance->scale == 0 || fabs(factor - 1) < 1e-12;
    const int sign = stance->side == WANT_SHORT ? -1 : 1;
    stance->scale = scale;
    if (none || (stance->side != WANT_LONG && stance->side != WANT_SHORT))
        return;
    if (sign > 0) {
        stance->target *= factor;
    } else {
        stance->stop *= factor;
        stance->newest *= factor;
    }
    if ((sign > 0) == (set->at[sign < 0] == ORDER_STOP)) /* buy stops and sell limits stand above the price */
        stance->price *= factor;
    rule_trade_lift(&stance->first, sign, factor);
    rule_trade_lift(&stance->own, sign, factor);
}

void rule_set_run(struct rule_set *set, int unit, void *state, const struct columns *in, struct levels *levels)
{
    const double *column[ROOTS];
    struct stance *stance = state;
    run_program(set, state, in, column);
    levels->renews = unit == 0;
    heed_dividends(set, stance, in);
    for (size_t i = 0; i < in->n; i++) {
        const size_t quiet = count_quiet(set, stance, column, in, i);
        for (size_t k = 0; k < quiet; k++, i++) {
            levels->anew[levels->count + i] = false;
            write_row(set, stance, unit, column, in, levels, i);
        }
        if (i == in->n)
            break;
        const struct answers answers = {column, i};
        const struct rule_bar bar = {in->open[i], in->high[i], in->low[i], in->close[i], yes(&answers, SESSION_ENDS)};
        levels->anew[levels->count + i] = decide(set, stance, unit, &answers, &bar);
        write_row(set, stance, unit, column, in, levels, i);
    }
    for (int k = 0; k < set->strategy.reasons; k++) /* the value that a ranking goes by is no figure: rule_set_answer */
        if (set->reason[k].figure >= 0)
            program_figure_column(set->program, set->reason[k].root, set->reason[k].figure, in,
                                  levels->reason[k] + levels->count);
}
