/* The lines of a schedule of fees that say what holding costs, tn-fees(5):
 *
 *     benchmark FROM[..TO]: RATE
 *     debit|credit FROM[..TO]: RATE [, RATE beyond AMOUNT …] [, days 365]
 *     borrow FROM[..TO]: [for A|B] RATE [, of SHARE] [, up STEP] [, lots of QUANTITY] [, days 365]
 *
 * A rate is "5.25%", "benchmark", "benchmark + 1.5%" or "benchmark - 0.5%", a year. */
#include "base/list.h"
#include "cost/fee_lines.h"

#include <string.h>

#define RULES_MAX 65536

static bool find_kind(struct str key, enum carry_kind *kind)
{
    static const char *const names[CARRY_KINDS] = {"benchmark", "debit", "credit", "borrow"};
    for (int i = 0; i < CARRY_KINDS; i++)
        if (str_is(key, names[i])) {
            *kind = (enum carry_kind)i;
            return true;
        }
    return false;
}

bool carry_is_key(struct str key)
{
    enum carry_kind kind;
    return find_kind(key, &kind);
}

static int read_percent(const struct fee_reading *reading, struct str word, dec *rate)
{
    bool share;
    word = fee_trim(word);
    if (fee_read_number(reading, word, rate, &share) != 0)
        return -1;
    return share && *rate<100 * DEC_ONE && * rate> - 100 * DEC_ONE
               ? 0
               : fee_wrong(reading, "not a yearly rate in percent, below 10000 %", word);
}

/* A rate; what is behind it is left in *text. */
static int read_rate(const struct fee_reading *reading, struct str *text, struct carry_tier *tier)
{
    const struct str first = fee_next_word(text);
    tier->over = str_is(first, "benchmark");
    if (!tier->over)
        return read_percent(reading, first, &tier->rate);
    struct str rest = *text;
    const struct str sign = fee_next_word(&rest);
    const bool plus = str_is(sign, "+"), minus = str_is(sign, "-");
    if (!plus && !minus)
        return 0;
    *text = rest;
    if (read_percent(reading, fee_next_word(text), &tier->rate) != 0)
        return -1;
    if (tier->rate < 0)
        return fee_wrong(reading, "two signs", sign);
    tier->rate = minus ? -tier->rate : tier->rate;
    return 0;
}

/* A number above 0 behind some words, which is all there is. */
static int read_above(const struct fee_reading *reading, struct str text, bool percent, dec *value)
{
    bool share;
    text = fee_trim(text);
    if (fee_read_number(reading, text, value, &share) != 0)
        return -1;
    return share == percent && *value > 0
               ? 0
               : fee_wrong(reading, percent ? "not a percentage" : "not a number above 0", text);
}

static int read_tier(const struct fee_reading *reading, struct carry_rule *rule, struct str text)
{
    const struct str all = text;
    struct carry_tier *tier = &rule->tier[rule->tiers];
    if (rule->tiers == CARRY_TIERS_MAX)
        return fee_wrong(reading, "too many tiers", all);
    if (read_rate(reading, &text, tier) != 0)
        return -1;
    if (!str_is(fee_next_word(&text), "beyond"))
        return fee_wrong(reading, "not a clause: RATE beyond AMOUNT, days 360 or 365; for borrow: of, up, lots of",
                         all);
    if (read_above(reading, text, false, &tier->from) != 0)
        return -1;
    if (tier->from <= rule->tier[rule->tiers - 1].from)
        return fee_wrong(reading, "a tier that is not above the one before", all);
    rule->tiers++;
    return 0;
}

static int read_days(const struct fee_reading *reading, struct carry_rule *rule, struct str text)
{
    text = fee_trim(text);
    if (!str_is(text, "360") && !str_is(text, "365"))
        return fee_wrong(reading, "not the length of a year: 360 or 365", text);
    rule->days = str_is(text, "360") ? 360 : 365;
    return 0;
}

static int read_clause(const struct fee_reading *reading, struct carry_rule *rule, struct str text)
{
    struct str rest = text;
    const struct str first = fee_next_word(&rest);
    if (str_is(first, "days"))
        return read_days(reading, rule, rest);
    if (rule->kind == CARRY_BORROW && str_is(first, "of"))
        return read_above(reading, rest, true, &rule->share);
    if (rule->kind == CARRY_BORROW && str_is(first, "up"))
        return read_above(reading, rest, false, &rule->step);
    if (rule->kind == CARRY_BORROW && str_is(first, "lots") && str_is(fee_next_word(&rest), "of"))
        return read_above(reading, rest, false, &rule->lot);
    return read_tier(reading, rule, text);
}

int carry_read(const struct fee_reading *reading, struct str key, struct str rest)
{
    struct fee_schedule *schedule = reading->schedule;
    struct carry_rule rule = {.to = INT64_MAX, .days = 360, .tiers = 1};
    if (!find_kind(key, &rule.kind))
        return fee_wrong(reading, "not a line of a schedule", key);
    const struct str dates = fee_cut(&rest, ':');
    if (schedule->carries == RULES_MAX)
        return fee_wrong(reading, "too many rates", dates);
    if (fee_read_dates(reading, dates, &rule.from, &rule.to) != 0)
        return -1;
    if (rule.to < rule.from)
        return fee_wrong(reading, "it ends before it begins", dates);
    struct str head = fee_cut(&rest, ','), after = head;
    if (rule.kind == CARRY_BORROW && str_is(fee_next_word(&after), "for")) {
        rule.symbols = fee_next_word(&after);
        head = after;
        if (rule.symbols.n == 0)
            return fee_wrong(reading, "a symbol is missing", dates);
    }
    if (read_rate(reading, &head, &rule.tier[0]) != 0)
        return -1;
    head = fee_trim(head);
    if (head.n > 0)
        return fee_wrong(reading, "a comma is missing after the rate", head);
    if (rule.kind == CARRY_BENCHMARK && (rule.tier[0].over || rest.n > 0))
        return fee_wrong(reading, "not a benchmark, which is one rate", dates);
    while (rest.n > 0)
        if (read_clause(reading, &rule, fee_cut(&rest, ',')) != 0)
            return -1;
    if (list_grow(&schedule->carry, &schedule->carry_capacity, schedule->carries, sizeof *schedule->carry,
                  reading->error) != 0)
        return -1;
    schedule->carry[schedule->carries++] = rule;
    return 0;
}
