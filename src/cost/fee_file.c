/* Schedules of fees from their files, tn-fees(5): one rule a line.
 *
 *     fee NAME FROM[..TO]: [CONDITION …] RATE [, CLAUSE …]
 *
 * What holding costs is read by carry_file.c. */
#include "cost/fee_lines.h"

#include "base/list.h"

#include <stdlib.h>
#include <string.h>

#define RULES_MAX 4096

static int name_index(const struct fee_reading *reading, struct str word, bool add)
{
    struct fee_schedule *schedule = reading->schedule;
    for (int i = 0; i < schedule->names; i++)
        if (str_is(word, schedule->name[i]))
            return i;
    if (!add)
        return fee_wrong(reading, "not a fee defined above", word);
    if (word.n == 0 || word.n >= FEE_NAME_SIZE)
        return fee_wrong(reading, "not the name of a fee", word);
    for (size_t i = 0; i < word.n; i++)
        if (strchr("abcdefghijklmnopqrstuvwxyz0123456789-", word.p[i]) == NULL)
            return fee_wrong(reading, "not the name of a fee: lower-case letters, digits and '-'", word);
    if (schedule->names == FEE_NAMES_MAX)
        return fee_wrong(reading, "too many fees", word);
    memcpy(schedule->name[schedule->names], word.p, word.n);
    schedule->name[schedule->names][word.n] = '\0';
    return schedule->names++;
}

/* "price>=0.10" */
static int read_condition(const struct fee_reading *reading, struct str word)
{
    static const struct {
        const char *name;
        enum fee_measure measure;
    } measures[] = {{"price", FEE_PRICE}, {"amount", FEE_AMOUNT}, {"quantity", FEE_QUANTITY}, {"volume", FEE_VOLUME}};
    struct fee_rule *rule = reading->rule;
    size_t n = 0;
    while (n < word.n && word.p[n] != '<' && word.p[n] != '>')
        n++;
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
        if (!str_is((struct str){word.p, n}, measures[i].name))
            continue;
        const bool less = word.p[n] == '<', equal = n + 1 < word.n && word.p[n + 1] == '=';
        const size_t from = n + 1 + equal;
        struct fee_condition condition = {.measure = measures[i].measure,
                                          .order = less ? (equal ? FEE_AT_MOST : FEE_LESS)
                                                        : (equal ? FEE_AT_LEAST : FEE_MORE)};
        if (rule->conditions == 3)
            return fee_wrong(reading, "too many comparisons", word);
        if (dec_parse(&condition.value, word.p + from, word.n - from, NULL) != 0)
            return fee_wrong(reading, "not a comparison with a number", word);
        rule->condition[rule->conditions++] = condition;
        return 0;
    }
    return fee_wrong(reading, "not price, amount, quantity or volume", word);
}

/* Is a word a condition that stands alone? 1, 0. */
static int take_flag(struct fee_rule *rule, struct str word)
{
    static const struct {
        const char *word;
        unsigned sides, effects, liquidity;
    } flags[] = {{"buy", 1, 0, 0},
                 {"sell", 2, 0, 0},
                 {"open", 0, 1, 0},
                 {"close", 0, 2, 0},
                 {"taker", 0, 0, 1U << FEE_TAKER},
                 {"maker", 0, 0, 1U << FEE_MAKER},
                 {"at-opening", 0, 0, 1U << FEE_OPENING},
                 {"at-closing", 0, 0, 1U << FEE_CLOSING}};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (str_is(word, flags[i].word)) {
            rule->sides |= flags[i].sides;
            rule->effects |= flags[i].effects;
            rule->liquidity |= flags[i].liquidity;
            return 1;
        }
    return 0;
}

static int read_level(const struct fee_reading *reading, struct str word)
{
    dec level;
    if (dec_parse(&level, word.p, word.n, NULL) != 0 || level < 0 || level % DEC_ONE != 0 || level > 1000 * DEC_ONE)
        return fee_wrong(reading, "not a level: 0, 1, 2 …", word);
    reading->rule->level = level / DEC_ONE;
    return 0;
}

/* Conditions until the word that is the rate; it is left in *word. */
static int read_conditions(const struct fee_reading *reading, struct str *text, struct str *word)
{
    for (;;) {
        *word = fee_next_word(text);
        if (word->n == 0 || strchr("0123456789-+.", word->p[0]) != NULL)
            return 0;
        if (take_flag(reading->rule, *word))
            continue;
        if (str_is(*word, "for")) {
            reading->rule->symbols = fee_next_word(text);
            if (reading->rule->symbols.n == 0)
                return fee_wrong(reading, "a symbol is missing", *word);
        } else if (str_is(*word, "level")) {
            if (read_level(reading, fee_next_word(text)) != 0)
                return -1;
        } else if (memchr(word->p, '<', word->n) != NULL || memchr(word->p, '>', word->n) != NULL) {
            if (read_condition(reading, *word) != 0)
                return -1;
        } else {
            return fee_wrong(reading,
                             "not a condition: buy sell open close maker taker at-opening at-closing, for, level, a "
                             "comparison",
                             *word);
        }
    }
}

/* "per share", "per million", "an order", "of commission+exchange"; with "%" alone: of the amount. */
static int read_unit(const struct fee_reading *reading, struct str text, bool share)
{
    struct fee_rule *rule = reading->rule;
    const struct str all = fee_trim(text), first = fee_next_word(&text);
    struct str rest = fee_trim(text);
    if (share && (all.n == 0 || (str_is(first, "of") && str_is(rest, "amount")))) {
        rule->unit = FEE_OF_AMOUNT;
        return 0;
    }
    if (share && str_is(first, "of")) {
        rule->unit = FEE_OF_FEES;
        while (rest.n > 0) {
            if (rule->parts == FEE_PARTS_MAX)
                return fee_wrong(reading, "the sum has too many fees", all);
            const int index = name_index(reading, fee_cut(&rest, '+'), false);
            if (index < 0)
                return -1;
            rule->of[rule->parts++] = index;
        }
        return rule->parts > 0 ? 0 : fee_wrong(reading, "a percentage of nothing", all);
    }
    if (!share && str_is(first, "per") && (str_is(rest, "share") || str_is(rest, "contract") || str_is(rest, "unit"))) {
        rule->unit = FEE_PER_UNIT;
        return 0;
    }
    if (!share && str_is(first, "per") && str_is(rest, "million")) {
        if (rule->rate % 1000000 != 0)
            return fee_wrong(reading, "the rate has more than 2 decimals", all);
        rule->rate /= 1000000;
        rule->unit = FEE_OF_AMOUNT;
        return 0;
    }
    if (!share && all.n == 0) {
        rule->unit = FEE_FLAT;
        return 0;
    }
    return fee_wrong(reading, "not a unit: per share, per contract, per million, % of amount or of other fees", all);
}

static int read_limit(const struct fee_reading *reading, struct str text, struct fee_limit *limit)
{
    text = fee_trim(text);
    return fee_read_number(reading, text, &limit->value, &limit->share);
}

static int read_tier(const struct fee_reading *reading, struct str rate, struct str text)
{
    struct fee_rule *rule = reading->rule;
    const struct str from = fee_next_word(&text), all = {rate.p, (size_t)(text.p + text.n - rate.p)};
    bool shares[2];
    struct fee_tier tier;
    if (!str_is(fee_trim(text), "a month"))
        return fee_wrong(reading, "not a tier: RATE beyond QUANTITY a month", all);
    if (fee_read_number(reading, rate, &tier.rate, &shares[0]) != 0 ||
        fee_read_number(reading, from, &tier.from, &shares[1]) != 0)
        return -1;
    if (shares[0] || shares[1] || rule->unit != FEE_PER_UNIT || rule->scope == FEE_BY_DAY)
        return fee_wrong(reading, "tiers are only for rates per share", all);
    if (rule->tiers == 6 || tier.from <= (rule->tiers == 0 ? 0 : rule->tier[rule->tiers - 1].from))
        return fee_wrong(reading, "too many tiers, or not above the one before", all);
    rule->tier[rule->tiers++] = tier;
    return 0;
}

static int read_rounding(const struct fee_reading *reading, struct str how, struct str unit,
                         struct fee_rounding *rounding)
{
    static const struct {
        const char *word;
        enum rounding rounding;
    } words[] = {{"up", ROUND_UP}, {"down", ROUND_DOWN}, {"half-up", ROUND_HALF_UP}, {"half-even", ROUND_HALF_EVEN}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is(how, words[i].word)) {
            rounding->rounding = words[i].rounding;
            unit = fee_trim(unit);
            if (dec_parse(&rounding->unit, unit.p, unit.n, NULL) != 0 || rounding->unit <= 0)
                return fee_wrong(reading, "not a step to round to", unit);
            return 0;
        }
    return fee_wrong(reading, "not a clause: at least, at most, up, down, half-up, half-even, a day, a fill, a tier",
                     how);
}

static int read_clause(const struct fee_reading *reading, struct str text)
{
    struct fee_rule *rule = reading->rule;
    struct str rest = text;
    const struct str first = fee_next_word(&rest);
    struct str second_rest = rest;
    const struct str second = fee_next_word(&second_rest);
    if (str_is(first, "at") && str_is(second, "least"))
        return read_limit(reading, second_rest, &rule->least);
    if (str_is(first, "at") && str_is(second, "most"))
        return read_limit(reading, second_rest, &rule->most);
    if (str_is(second, "beyond"))
        return read_tier(reading, first, second_rest);
    if (str_is(text, "an order"))
        return 0;
    if (str_is(text, "a fill") || str_is(text, "a day") || str_is(text, "a day and symbol")) {
        rule->scope = text.n > 5 && text.p[2] == 'd' ? FEE_BY_DAY_AND_SYMBOL
                      : text.p[2] == 'd'             ? FEE_BY_DAY
                                                     : FEE_BY_FILL;
        return 0;
    }
    if (rule->round[1].unit != 0)
        return fee_wrong(reading, "rounded twice", text);
    return read_rounding(reading, first, rest, &rule->round[rule->round[0].unit != 0]);
}

/* What no rule may be. */
static int check_rule(const struct fee_reading *reading, struct str line)
{
    const struct fee_rule *rule = reading->rule;
    if (rule->to < rule->from)
        return fee_wrong(reading, "it ends before it begins", line);
    if (rule->scope != FEE_BY_ORDER && rule->unit == FEE_OF_FEES)
        return fee_wrong(reading, "a percentage of fees applies to an order", line);
    if (rule->scope == FEE_BY_DAY_AND_SYMBOL && rule->unit != FEE_FLAT)
        return fee_wrong(reading, "only a flat fee can be once a day and symbol", line);
    for (int i = 0; i < rule->parts; i++)
        if (rule->of[i] == rule->name)
            return fee_wrong(reading, "a percentage of itself", line);
    return 0;
}

static int read_fee(struct fee_reading *reading, struct str text)
{
    struct fee_schedule *schedule = reading->schedule;
    const struct str line = fee_trim(text);
    struct str head = fee_cut(&text, ':');
    bool share;
    if (schedule->rules == RULES_MAX)
        return fee_wrong(reading, "too many rules", line);
    if (list_grow(&schedule->rule, &schedule->capacity, schedule->rules, sizeof *schedule->rule, reading->error) != 0)
        return -1;
    struct fee_rule *rule = reading->rule = &schedule->rule[schedule->rules];
    *rule = (struct fee_rule){.level = -1, .to = INT64_MAX, .least.value = DEC_NONE, .most.value = DEC_NONE};
    if ((rule->name = name_index(reading, fee_next_word(&head), true)) < 0)
        return -1;
    if (fee_read_dates(reading, head, &rule->from, &rule->to) != 0)
        return -1;
    struct str charge = fee_cut(&text, ','), word;
    if (read_conditions(reading, &charge, &word) != 0)
        return -1;
    if (word.n == 0)
        return fee_wrong(reading, "a rate is missing", line);
    if (fee_read_number(reading, word, &rule->rate, &share) != 0 || read_unit(reading, charge, share) != 0)
        return -1;
    while (text.n > 0)
        if (read_clause(reading, fee_cut(&text, ',')) != 0)
            return -1;
    if (check_rule(reading, line) != 0)
        return -1;
    schedule->rules++;
    return 0;
}

static int copy_text(const struct fee_reading *reading, struct str word, char *to, size_t size)
{
    if (word.n == 0 || word.n >= size)
        return fee_wrong(reading, "empty or too long", word);
    memcpy(to, word.p, word.n);
    to[word.n] = '\0';
    return 0;
}

static int read_line(struct fee_reading *reading, struct str line,
                     int (*include)(void *context, struct str name, struct error *error), void *context)
{
    struct fee_schedule *schedule = reading->schedule;
    struct str rest = line;
    const struct str key = fee_next_word(&rest);
    if (str_is(key, "fee"))
        return read_fee(reading, rest);
    if (carry_is_key(key))
        return carry_read(reading, key, rest);
    rest = fee_trim(rest);
    if (str_is(key, "title:"))
        return copy_text(reading, rest, schedule->title, sizeof schedule->title);
    if (str_is(key, "currency:"))
        return copy_text(reading, rest, schedule->currency, sizeof schedule->currency);
    if (str_is(key, "source:"))
        return rest.n > 0 ? 0 : fee_wrong(reading, "a source is missing", line);
    if (str_is(key, "read:"))
        return fee_read_day(reading, rest, &schedule->read);
    if (str_is(key, "total:")) {
        const struct str how = fee_next_word(&rest);
        return read_rounding(reading, how, rest, &schedule->total);
    }
    if (!str_is(key, "include:"))
        return fee_wrong(
            reading, "not title, currency, source, read, total, include, fee, benchmark, debit, credit or borrow", key);
    if (include == NULL)
        return fee_wrong(reading, "not included here", rest);
    if (include(context, rest, reading->error) == 0)
        return 0;
    error_prefix(reading->error, "%s: line %u", reading->file, reading->line);
    return -1;
}

int fee_schedule_read(struct fee_schedule *schedule, const char *file, struct str text,
                      int (*include)(void *context, struct str name, struct error *error), void *context,
                      struct error *error)
{
    struct fee_reading reading = {.schedule = schedule, .file = file, .error = error};
    if (list_grow(&schedule->text, &schedule->text_capacity, schedule->texts, sizeof *schedule->text, error) != 0)
        return -1;
    if (text.n > 0 && memchr(text.p, '\0', text.n) != NULL)
        return error_set(error, EXIT_INPUT, "%s: not a text", file);
    char *copy = malloc(text.n + 1);
    if (copy == NULL)
        return error_memory(error);
    if (text.n > 0)
        memcpy(copy, text.p, text.n);
    schedule->text[schedule->texts++] = copy;
    struct str left = {copy, text.n};
    while (left.n > 0) {
        reading.line++;
        struct str line = fee_cut(&left, '\n');
        line = fee_cut(&line, '#');
        if (line.n > 0 && read_line(&reading, line, include, context) != 0)
            return -1;
    }
    return 0;
}
