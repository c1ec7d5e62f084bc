/* Interest and borrow fees of some nights. */
#include "cost/carry.h"

#include "base/list.h"
#include "base/time.h"
#include "cost/fees.h"

#include <stdio.h>
#include <string.h>

/* 360 and 365 both divide it: shares of a year add up without a rounding in between. */
#define YEAR (360 * 365)

static const char *const names[CARRY_KINDS] = {"benchmark", "debit", "credit", "borrow"};

bool carry_has(const struct fee_schedule *schedule, enum carry_kind kind)
{
    for (size_t i = 0; schedule != NULL && i < schedule->carries; i++)
        if (schedule->carry[i].kind == kind)
            return true;
    return false;
}

bool carry_is_there(const struct fee_schedule *schedule)
{
    return carry_has(schedule, CARRY_DEBIT) || carry_has(schedule, CARRY_CREDIT) || carry_has(schedule, CARRY_BORROW);
}

static bool is_for(const struct carry_rule *rule, const char *symbol)
{
    struct str left = rule->symbols;
    while (left.n > 0) {
        const char *bar = memchr(left.p, '|', left.n);
        const size_t n = bar == NULL ? left.n : (size_t)(bar - left.p);
        if (str_is((struct str){left.p, n}, symbol))
            return true;
        left = bar == NULL ? (struct str){bar, 0} : (struct str){bar + 1, left.n - n - 1};
    }
    return rule->symbols.n == 0;
}

/* The line that counts on a day; NULL: error. */
static const struct carry_rule *find_rule(const struct fee_schedule *schedule, enum carry_kind kind, const char *symbol,
                                          int64_t day, struct error *error)
{
    const struct carry_rule *found = NULL;
    for (size_t i = 0; i < schedule->carries; i++) {
        const struct carry_rule *rule = &schedule->carry[i];
        if (rule->kind == kind && day >= rule->from && day <= rule->to && is_for(rule, symbol) &&
            (found == NULL || rule->from >= found->from))
            found = rule;
    }
    if (found == NULL) {
        char date[TIME_TEXT_MAX];
        (void)date_format(date, date_from_days(day));
        error_set(error, EXIT_USAGE, "fees: no '%s' rate%s%s on %s", names[kind], symbol[0] == '\0' ? "" : " for ",
                  symbol, date);
        error_hint(error, "write your own file that includes this one and adds the rate: tn-fees(5)");
    }
    return found;
}

static int overflow(struct error *error)
{
    return error_set(error, EXIT_STATE, "the cost of holding is out of range");
}

/* What a night costs by a line, in 1e-16 of money ÷ YEAR. */
static int night(const struct fee_schedule *schedule, const struct carry_rule *rule, dec amount, int64_t day,
                 fee_raw *raw, struct error *error)
{
    dec benchmark = 0;
    fee_raw sum = 0;
    for (int i = 0; i < rule->tiers; i++)
        if (rule->tier[i].over) {
            const struct carry_rule *base = find_rule(schedule, CARRY_BENCHMARK, "", day, error);
            if (base == NULL)
                return -1;
            benchmark = base->tier[0].rate > 0 ? base->tier[0].rate : 0;
            break;
        }
    for (int i = 0; i < rule->tiers && amount > rule->tier[i].from; i++) {
        const struct carry_tier *tier = &rule->tier[i];
        const dec until = i + 1 < rule->tiers && rule->tier[i + 1].from < amount ? rule->tier[i + 1].from : amount;
        dec rate = tier->rate;
        if (tier->over && dec_add(&rate, rate, benchmark) != 0)
            return overflow(error);
        if (rate > 0)
            sum += (fee_raw)(until - tier->from) * rate;
    }
    return __builtin_mul_overflow(sum, (fee_raw)(YEAR / rule->days), raw) ? overflow(error) : 0;
}

static int add_night(fee_raw *sum, fee_raw raw, struct error *error)
{
    return __builtin_add_overflow(*sum, raw, sum) ? overflow(error) : 0;
}

static int round_sum(fee_raw sum, dec unit, dec *result, struct error *error)
{
    const fee_raw step = (fee_raw)YEAR * DEC_ONE * unit, rest = sum % step;
    const fee_raw whole = sum / step + (rest >= step - rest);
    if (whole > DEC_MAX / unit)
        return overflow(error);
    *result = (dec)whole * unit;
    return 0;
}

int carry_interest(const struct fee_schedule *schedule, enum carry_kind kind, dec amount,
                   const struct carry_nights *nights, dec *interest, struct error *error)
{
    fee_raw sum = 0;
    *interest = 0;
    for (int i = 0; amount > 0 && carry_has(schedule, kind) && i < nights->count; i++) {
        fee_raw raw = 0;
        const struct carry_rule *rule = find_rule(schedule, kind, "", nights->first + i, error);
        if (rule == NULL || night(schedule, rule, amount, nights->first + i, &raw, error) != 0 ||
            add_night(&sum, raw, error) != 0)
            return -1;
    }
    return round_sum(sum, nights->unit, interest, error);
}

/* The money that a fee for borrowed shares is a part of. */
static int lent(const struct carry_rule *rule, dec quantity, dec price, dec *amount, struct error *error)
{
    if ((rule->lot > 0 && dec_round(&quantity, quantity, rule->lot, ROUND_UP) != 0) ||
        (rule->share > 0 && dec_multiply(&price, price, rule->share, ROUND_HALF_EVEN) != 0) ||
        (rule->step > 0 && dec_round(&price, price, rule->step, ROUND_UP) != 0) ||
        dec_multiply(amount, quantity, price, ROUND_HALF_EVEN) != 0)
        return overflow(error);
    return 0;
}

int carry_borrow(const struct fee_schedule *schedule, const char *symbol, dec quantity, dec price,
                 const struct carry_nights *nights, dec *fee, struct error *error)
{
    fee_raw sum = 0;
    *fee = 0;
    for (int i = 0; quantity > 0 && carry_has(schedule, CARRY_BORROW) && i < nights->count; i++) {
        fee_raw raw = 0;
        dec amount = 0;
        const struct carry_rule *rule = find_rule(schedule, CARRY_BORROW, symbol, nights->first + i, error);
        if (rule == NULL || lent(rule, quantity, price, &amount, error) != 0 ||
            night(schedule, rule, amount, nights->first + i, &raw, error) != 0 || add_night(&sum, raw, error) != 0)
            return -1;
    }
    return round_sum(sum, nights->unit, fee, error);
}

int carry_add_plain(struct fee_schedule *schedule, dec debit, dec credit, dec borrow, struct error *error)
{
    const dec rates[CARRY_KINDS] = {0, debit, credit, borrow};
    for (int kind = CARRY_DEBIT; kind < CARRY_KINDS; kind++) {
        if (rates[kind] == 0)
            continue;
        if (list_grow(&schedule->carry, &schedule->carry_capacity, schedule->carries, sizeof *schedule->carry, error) !=
            0)
            return -1;
        schedule->carry[schedule->carries++] = (struct carry_rule){.kind = (enum carry_kind)kind,
                                                                   .from = INT64_MIN,
                                                                   .to = INT64_MAX,
                                                                   .tier = {{.rate = rates[kind]}},
                                                                   .tiers = 1,
                                                                   .days = 360};
    }
    return 0;
}
