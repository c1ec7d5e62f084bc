/* What a fill costs by the rules of a schedule. */
#include "cost/fees.h"

#include "base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RAW_ONE ((fee_raw)DEC_ONE * DEC_ONE)

static const struct fee_rounding cents = {.rounding = ROUND_HALF_EVEN, .unit = DEC_ONE / 100};

/* A part of an order, or all of it so far, as the rules look at it; and what the account traded in the days before. */
struct amounts {
    dec quantity, amount, volume;
};

/* The rules that hold for it, by name; NULL: none does, and nothing is due. */
struct bill {
    const struct fee_rule *rule[FEE_NAMES_MAX];
    fee_raw raw[FEE_NAMES_MAX];
};

void fee_schedule_init(struct fee_schedule *schedule)
{
    *schedule = (struct fee_schedule){.read = INT64_MIN};
}

void fee_schedule_clear(struct fee_schedule *schedule)
{
    for (size_t i = 0; i < schedule->texts; i++)
        free(schedule->text[i]);
    free(schedule->text);
    free(schedule->rule);
    free(schedule->carry);
    fee_schedule_init(schedule);
}

void fee_state_init(struct fee_state *state)
{
    *state = (struct fee_state){.day = INT64_MIN, .month = INT64_MIN};
    for (int i = 0; i <= FEE_VOLUME_DAYS; i++)
        state->past[i].day = INT64_MIN;
    names_init(&state->symbols);
}

void fee_state_clear(struct fee_state *state)
{
    names_clear(&state->symbols);
}

static int out_of_range(const struct fee_trade *trade, struct error *error)
{
    return error_set(error, EXIT_STATE, "%s: the fees of a fill are out of range", trade->symbol);
}

/* "ES" is ES itself and its months, ESZ6 or /ESZ2026. */
static bool is_root(struct str root, const char *symbol)
{
    symbol += symbol[0] == '/';
    if (strncmp(symbol, root.p, root.n) != 0)
        return false;
    symbol += root.n;
    if (symbol[0] == '\0')
        return true;
    const size_t digits = strspn(symbol + 1, "0123456789");
    return strchr("FGHJKMNQUVXZ", symbol[0]) != NULL && digits >= 1 && digits <= 4 && symbol[1 + digits] == '\0';
}

static bool is_for(const struct fee_rule *rule, const char *symbol)
{
    struct str left = rule->symbols;
    if (left.n == 0)
        return true;
    for (;;) {
        const char *bar = memchr(left.p, '|', left.n);
        const size_t n = bar == NULL ? left.n : (size_t)(bar - left.p);
        if (is_root((struct str){left.p, n}, symbol))
            return true;
        if (bar == NULL)
            return false;
        left = (struct str){bar + 1, left.n - n - 1};
    }
}

static bool holds(const struct fee_condition *condition, const struct fee_trade *trade, const struct amounts *of)
{
    const dec value = condition->measure == FEE_PRICE    ? trade->price
                      : condition->measure == FEE_AMOUNT ? of->amount
                      : condition->measure == FEE_VOLUME ? of->volume
                                                         : of->quantity;
    switch (condition->order) {
    case FEE_LESS:
        return value < condition->value;
    case FEE_AT_MOST:
        return value <= condition->value;
    case FEE_MORE:
        return value > condition->value;
    case FEE_AT_LEAST:
        return value >= condition->value;
    }
    return false;
}

static bool fits(const struct fee_rule *rule, const struct fee_trade *trade, const struct amounts *all)
{
    const struct amounts fill = {trade->quantity, trade->amount, all->volume};
    const struct amounts *of = rule->scope == FEE_BY_ORDER ? all : &fill;
    if ((rule->sides != 0 && (rule->sides & (trade->buys ? 1U : 2U)) == 0) ||
        (rule->effects != 0 && (rule->effects & (trade->opens ? 1U : 2U)) == 0) ||
        (rule->liquidity != 0 && (rule->liquidity & 1U << trade->liquidity) == 0))
        return false;
    for (int i = 0; i < rule->conditions; i++)
        if (!holds(&rule->condition[i], trade, of))
            return false;
    return true;
}

/* Of each name the rules of the latest date that covers the trade; of those the last that fits. */
static int pick(const struct fee_schedule *schedule, const struct fee_trade *trade, const struct amounts *all,
                struct bill *bill, struct error *error)
{
    int64_t since[FEE_NAMES_MAX];
    *bill = (struct bill){{NULL}, {0}};
    for (int i = 0; i < schedule->names; i++)
        since[i] = INT64_MIN;
    for (size_t i = 0; i < schedule->rules; i++) {
        const struct fee_rule *rule = &schedule->rule[i];
        if (trade->day < rule->from || trade->day > rule->to || rule->from < since[rule->name] ||
            (rule->level >= 0 && rule->level != schedule->level) || !is_for(rule, trade->symbol))
            continue;
        if (rule->from > since[rule->name])
            bill->rule[rule->name] = NULL;
        since[rule->name] = rule->from;
        if (fits(rule, trade, all))
            bill->rule[rule->name] = rule;
    }
    for (int i = 0; i < schedule->names; i++)
        if (since[i] == INT64_MIN) {
            char date[TIME_TEXT_MAX];
            (void)date_format(date, date_from_days(trade->day));
            error_set(error, EXIT_USAGE, "fees: no '%s' rate for %s on %s", schedule->name[i], trade->symbol, date);
            error_hint(error, "write your own file that includes this one and adds the rate: tn-fees(5)");
            return -1;
        }
    return 0;
}

/* The price of a quantity of the month, from nothing on: each part at the rate of its tier. */
static fee_raw by_tiers(const struct fee_rule *rule, dec quantity)
{
    fee_raw raw = 0;
    dec from = 0, rate = rule->rate;
    for (int i = 0; i <= rule->tiers; i++) {
        const dec until = i == rule->tiers || rule->tier[i].from > quantity ? quantity : rule->tier[i].from;
        if (until > from)
            raw += (fee_raw)(until - from) * rate;
        from = until;
        rate = i < rule->tiers ? rule->tier[i].rate : rate;
    }
    return raw;
}

static fee_raw limit_of(const struct fee_limit *limit, dec amount)
{
    return (fee_raw)limit->value * (limit->share ? amount : DEC_ONE);
}

/* What a rule asks, exactly. `month`: the quantity of the month before. */
static int ask(const struct fee_rule *rule, const struct amounts *of, dec month, const fee_raw *raws, fee_raw *raw)
{
    dec all;
    switch (rule->unit) {
    case FEE_PER_UNIT:
        if (dec_add(&all, month, of->quantity) != 0)
            return -1;
        *raw = rule->tiers == 0 ? (fee_raw)of->quantity * rule->rate : by_tiers(rule, all) - by_tiers(rule, month);
        break;
    case FEE_OF_AMOUNT:
        *raw = (fee_raw)of->amount * rule->rate;
        break;
    case FEE_FLAT:
        *raw = (fee_raw)rule->rate * DEC_ONE;
        break;
    case FEE_OF_FEES: {
        fee_raw sum = 0;
        for (int i = 0; i < rule->parts; i++)
            if (__builtin_add_overflow(sum, raws[rule->of[i]], &sum))
                return -1;
        if (__builtin_mul_overflow(sum, (fee_raw)rule->rate, raw))
            return -1;
        *raw /= DEC_ONE;
        break;
    }
    }
    if (rule->least.value != DEC_NONE && *raw < limit_of(&rule->least, of->amount))
        *raw = limit_of(&rule->least, of->amount);
    if (rule->most.value != DEC_NONE && *raw > limit_of(&rule->most, of->amount))
        *raw = limit_of(&rule->most, of->amount);
    return 0;
}

/* To a multiple of a unit. */
static int round_raw(fee_raw raw, const struct fee_rounding *how, dec *result)
{
    const fee_raw unit = (fee_raw)how->unit * DEC_ONE, size = raw < 0 ? -raw : raw, rest = size % unit;
    fee_raw whole = size / unit;
    if ((how->rounding == ROUND_UP && rest > 0) || (how->rounding == ROUND_HALF_UP && rest >= unit - rest) ||
        (how->rounding == ROUND_HALF_EVEN && (rest > unit - rest || (rest == unit - rest && whole % 2 != 0))))
        whole++;
    if (whole > DEC_MAX / how->unit)
        return -1;
    *result = (raw < 0 ? -1 : 1) * (dec)whole * how->unit;
    return 0;
}

static int round_by(const struct fee_rule *rule, fee_raw raw, dec *result)
{
    if (rule->round[0].unit == 0)
        return round_raw(raw, &cents, result);
    return round_raw(raw, &rule->round[0], result) != 0 ||
                   (rule->round[1].unit != 0 && round_raw((fee_raw)*result * DEC_ONE, &rule->round[1], result) != 0)
               ? -1
               : 0;
}

/* What an order has cost when it has filled so much: its raw fees by name. */
static int bill_order(const struct fee_schedule *schedule, const struct fee_trade *trade, const struct amounts *all,
                      dec month, struct bill *bill, struct error *error)
{
    if (pick(schedule, trade, all, bill, error) != 0)
        return -1;
    for (int pass = 0; pass < 2; pass++) /* fees of fees last */
        for (int i = 0; i < schedule->names; i++) {
            const struct fee_rule *rule = bill->rule[i];
            if (rule != NULL && rule->scope == FEE_BY_ORDER && (rule->unit == FEE_OF_FEES) == (pass == 1) &&
                ask(rule, all, month, bill->raw, &bill->raw[i]) != 0)
                return out_of_range(trade, error);
        }
    return 0;
}

static bool is_of_broker(const char *name)
{
    return strcmp(name, "commission") == 0 || strcmp(name, "brokerage") == 0;
}

/* The rounded sums of a bill: the broker's, and all. */
static int sum_bill(const struct fee_schedule *schedule, const struct bill *bill, struct fee_charge *sum)
{
    fee_raw all = 0, brokers = 0;
    dec part, total;
    *sum = (struct fee_charge){0, 0};
    for (int i = 0; i < schedule->names; i++) {
        const struct fee_rule *rule = bill->rule[i];
        if (rule == NULL || rule->scope != FEE_BY_ORDER)
            continue;
        const bool of_broker = is_of_broker(schedule->name[i]);
        if (schedule->total.unit != 0) {
            brokers += of_broker ? bill->raw[i] : 0;
            if (__builtin_add_overflow(all, bill->raw[i], &all))
                return -1;
        } else if (round_by(rule, bill->raw[i], &part) != 0 ||
                   dec_add(of_broker ? &sum->commission : &sum->fees, of_broker ? sum->commission : sum->fees, part) !=
                       0) {
            return -1;
        }
    }
    if (schedule->total.unit == 0)
        return 0;
    return round_raw(all, &schedule->total, &total) != 0 || round_raw(brokers, &cents, &sum->commission) != 0 ||
                   dec_subtract(&sum->fees, total, sum->commission) != 0
               ? -1
               : 0;
}

#define KEY_MAX (FEE_NAME_SIZE + SYMBOL_SIZE + 2)

/* The key of a fee that is due once for a symbol and day. */
static struct str key_of(char key[static KEY_MAX], const struct fee_schedule *schedule, int name, const char *symbol)
{
    (void)snprintf(key, KEY_MAX, "%s\n%s", schedule->name[name], symbol);
    return str_of(key);
}

/* What is not of an order: of this fill, or of the day. `day` are the sums after it. */
static int charge_others(const struct fee_schedule *schedule, const struct fee_state *state,
                         const struct fee_trade *trade, const struct bill *bill, dec month, struct bill *day,
                         struct fee_charge *charge)
{
    const struct amounts fill = {trade->quantity, trade->amount, state->volume};
    for (int i = 0; i < schedule->names; i++) {
        const struct fee_rule *rule = bill->rule[i];
        char key[KEY_MAX];
        fee_raw raw = 0;
        dec part = 0;
        if (rule == NULL || rule->scope == FEE_BY_ORDER)
            continue;
        if (ask(rule, &fill, month, bill->raw, &raw) != 0)
            return -1;
        if (rule->scope == FEE_BY_FILL) {
            if (round_by(rule, raw, &part) != 0)
                return -1;
        } else if (rule->scope == FEE_BY_DAY) {
            if (rule->unit == FEE_FLAT && day->raw[i] != 0)
                raw = 0;
            if (__builtin_add_overflow(day->raw[i], raw, &day->raw[i]) || round_by(rule, day->raw[i], &part) != 0 ||
                dec_subtract(&part, part, state->charged[i]) != 0)
                return -1;
        } else if (names_find(&state->symbols, key_of(key, schedule, i, trade->symbol)) < 0 &&
                   round_by(rule, raw, &part) != 0) {
            return -1;
        }
        dec *of = is_of_broker(schedule->name[i]) ? &charge->commission : &charge->fees;
        if (dec_add(of, *of, part) != 0)
            return -1;
    }
    return 0;
}

/* What was traded in the days before one. */
static int sum_volume(struct fee_state *state, int64_t day)
{
    state->volume = 0;
    for (int i = 0; i <= FEE_VOLUME_DAYS; i++) {
        const struct fee_day *past = &state->past[i];
        if (past->day < day && past->day >= day - FEE_VOLUME_DAYS &&
            dec_add(&state->volume, state->volume, past->amount) != 0)
            return -1;
    }
    return 0;
}

/* The day and the month of a fill begin. -1: out of range. */
static int turn(struct fee_state *state, int64_t day)
{
    const struct date date = date_from_days(day);
    const int64_t month = date.year * INT64_C(12) + date.month;
    if (state->day != day) {
        memset(state->raw, 0, sizeof state->raw);
        memset(state->charged, 0, sizeof state->charged);
        names_clear(&state->symbols);
        names_init(&state->symbols);
        if (sum_volume(state, day) != 0)
            return -1;
    }
    if (state->month != month)
        state->quantity = 0;
    state->day = day;
    state->month = month;
    return 0;
}

int fee_remember(struct fee_state *state, const struct fee_trade *trade, struct error *error)
{
    const int64_t days = FEE_VOLUME_DAYS + 1, index = (trade->day % days + days) % days;
    struct fee_day *past = &state->past[index];
    if (past->day > trade->day) /* more than 30 days before what is known */
        return 0;
    if (past->day < trade->day)
        *past = (struct fee_day){.day = trade->day};
    return dec_add(&past->amount, past->amount, trade->amount) != 0 ? out_of_range(trade, error) : 0;
}

/* All that a fill brings: the bill of its order before and after it, and what the day has come to. */
struct account_of {
    struct bill before, after, day;
};

static int work_out(const struct fee_schedule *schedule, struct fee_state *state, const struct fee_trade *trade,
                    struct account_of *of, struct error *error)
{
    struct amounts before = {trade->filled, trade->notional, 0}, after;
    memset(of, 0, sizeof *of);
    if (dec_add(&after.quantity, trade->filled, trade->quantity) != 0 ||
        dec_add(&after.amount, trade->notional, trade->amount) != 0 || turn(state, trade->day) != 0)
        return out_of_range(trade, error);
    before.volume = after.volume = state->volume;
    const dec month = state->quantity > trade->filled ? state->quantity - trade->filled : 0;
    memcpy(of->day.raw, state->raw, sizeof of->day.raw);
    return bill_order(schedule, trade, &after, month, &of->after, error) != 0 ||
                   (trade->filled > 0 && bill_order(schedule, trade, &before, month, &of->before, error) != 0)
               ? -1
               : 0;
}

int fee_charge(const struct fee_schedule *schedule, struct fee_state *state, const struct fee_trade *trade,
               struct fee_charge *charge, struct error *error)
{
    struct account_of of;
    struct fee_charge charged;
    if (work_out(schedule, state, trade, &of, error) != 0)
        return -1;
    if (sum_bill(schedule, &of.after, charge) != 0 || sum_bill(schedule, &of.before, &charged) != 0 ||
        dec_subtract(&charge->commission, charge->commission, charged.commission) != 0 ||
        dec_subtract(&charge->fees, charge->fees, charged.fees) != 0 ||
        charge_others(schedule, state, trade, &of.after, state->quantity, &of.day, charge) != 0)
        return out_of_range(trade, error);
    return 0;
}

int fee_book(const struct fee_schedule *schedule, struct fee_state *state, const struct fee_trade *trade,
             struct error *error)
{
    struct account_of of;
    struct fee_charge charge = {0, 0};
    if (fee_remember(state, trade, error) != 0) /* first: it was traded, though no rate may be for it */
        return -1;
    if (work_out(schedule, state, trade, &of, error) != 0)
        return -1;
    if (charge_others(schedule, state, trade, &of.after, state->quantity, &of.day, &charge) != 0)
        return out_of_range(trade, error);
    for (int i = 0; i < schedule->names; i++) {
        const struct fee_rule *rule = of.after.rule[i];
        char key[KEY_MAX];
        if (rule != NULL && rule->scope == FEE_BY_DAY) {
            state->raw[i] = of.day.raw[i];
            if (round_by(rule, of.day.raw[i], &state->charged[i]) != 0)
                return out_of_range(trade, error);
        }
        if (rule != NULL && rule->scope == FEE_BY_DAY_AND_SYMBOL &&
            names_add(&state->symbols, key_of(key, schedule, i, trade->symbol), error) < 0)
            return -1;
    }
    return dec_add(&state->quantity, state->quantity, trade->quantity) != 0 ? out_of_range(trade, error) : 0;
}
