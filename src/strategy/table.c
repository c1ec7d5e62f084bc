/* The table of strategies, and reading "sma-cross:fast=10,slow=30" into an instance. */
#include "strategy/table.h"

#include "base/command.h"
#include "indicator/parameter.h"
#include "strategy/foreign.h"
#include "strategy/rules.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

const struct strategy *const strategy_table[] = {
    &strategy_sma_cross, &strategy_momentum,        &strategy_mean_reversion,     &strategy_rsi2,
    &strategy_breakout,  &strategy_volume_breakout, &strategy_bollinger_breakout,
};
const int strategy_count = (int)(sizeof strategy_table / sizeof strategy_table[0]);

static int unknown_strategy(struct str name, struct error *error)
{
    const char *words[sizeof strategy_table / sizeof strategy_table[0]];
    for (int i = 0; i < strategy_count; i++)
        words[i] = strategy_table[i]->name;
    char word[64];
    (void)snprintf(word, sizeof word, STR_FMT, (int)(name.n < 63 ? name.n : 63), name.p);
    error_set(error, EXIT_USAGE, "there is no strategy '%s'", word);
    const char *near = nearest_word(word, words, strategy_count);
    if (near != NULL)
        error_hint(error, "did you mean %s?", near);
    else
        error_hint(error, "tn-signal list shows them all");
    return -1;
}

/* The name with every parameter that is not at its default: two spellings of one instance have one name. */
int strategy_name_instance(struct strategy_use *use, struct error *error)
{
    const struct strategy *strategy = use->strategy;
    int used = snprintf(use->instance, sizeof use->instance, "%s", strategy->name);
    char separator = ':';
    for (int i = 0; i < strategy->parameters; i++) {
        if (use->parameter[i] == strategy->parameter[i].standard)
            continue;
        char number[PARAMETER_TEXT_MAX];
        parameter_text(&strategy->parameter[i], use->parameter[i], number);
        const size_t room = sizeof use->instance - (size_t)used;
        const int n = snprintf(use->instance + used, room, "%c%s=%s", separator, strategy->parameter[i].name, number);
        if (n < 0 || (size_t)n >= room)
            return error_set(error, EXIT_USAGE, "%s: name and parameters are longer than %d bytes", strategy->name,
                             STRATEGY_SIZE - 1);
        used += n;
        separator = ',';
    }
    return 0;
}

/* The indicators an instance goes by; theirs are the ranges that its own parameters left open. */
static int read_needs(struct strategy_use *use, struct error *error)
{
    struct need need[STRATEGY_NEEDS_MAX];
    use->needs = use->strategy->needs(use->parameter, need);
    use->inputs = use->strategy->inputs;
    require(use->needs <= STRATEGY_NEEDS_MAX);
    for (int i = 0; i < use->needs; i++) {
        if (indicator_use_parse(&use->need[i], need[i].indicator, error) != 0)
            return -1;
        if (use->need[i].indicator->repaints)
            return error_set(error, EXIT_USAGE, "%s: %s repaints, so no signal may use it", use->strategy->name,
                             use->need[i].indicator->name);
        use->inputs |= indicator_inputs(&use->need[i]);
    }
    return 0;
}

static const struct strategy *find_strategy(struct str name)
{
    for (int i = 0; i < strategy_count; i++)
        if (str_is(name, strategy_table[i]->name))
            return strategy_table[i];
    return NULL;
}

bool strategy_is_named(const char *text)
{
    size_t length;
    return rules_are_named(text, &length) || find_strategy((struct str){text, length}) != NULL;
}

int strategy_use_parse(struct strategy_use *use, const char *text, struct error *error)
{
    const char *colon = strchr(text, ':');
    const struct str name = {text, strcspn(text, ":")};
    *use = (struct strategy_use){.strategy = find_strategy(name)};
    if (use->strategy == NULL)
        return unknown_strategy(name, error);
    const struct strategy *strategy = use->strategy;
    if (colon != NULL && colon[1] == '\0')
        return error_set(error, EXIT_USAGE, "%s: parameters are missing after ':'", strategy->name);
    if (parameters_parse(use->parameter, strategy->parameter, strategy->parameters,
                         colon != NULL ? str_of(colon + 1) : STR(""), strategy->name, error) != 0)
        return -1;
    if (strategy->check != NULL && strategy->check(use->parameter, error) != 0)
        return -1;
    return read_needs(use, error) != 0 ? -1 : strategy_name_instance(use, error);
}

int strategy_units(const struct strategy_use *use)
{
    return use->rules == NULL ? 1 : rule_set_units(use->rules);
}

int strategy_use_unit(struct strategy_use *unit, const struct strategy_use *use, int number, struct error *error)
{
    *unit = *use;
    unit->unit = number;
    const int n = snprintf(unit->instance, sizeof unit->instance, "%s%cunit=%d", use->instance,
                           strchr(use->instance, ':') == NULL ? ':' : ',', number + 1);
    if (n < 0 || (size_t)n >= sizeof unit->instance)
        return error_set(error, EXIT_USAGE, "%s: name and parameters are longer than %d bytes", use->strategy->name,
                         STRATEGY_SIZE - 1);
    return 0;
}

void strategy_use_clear(struct strategy_use *use)
{
    if (use->unit == 0) {
        rule_set_free(use->rules);
        foreign_free(use->foreign);
    }
    use->rules = NULL;
    use->foreign = NULL;
}

int strategy_lookback(const struct strategy_use *use)
{
    if (use->rules != NULL)
        return rule_set_lookback(use->rules);
    int most = use->strategy->lookback != NULL ? use->strategy->lookback(use->parameter) : 0;
    for (int i = 0; i < use->needs; i++) {
        const int lookback = indicator_lookback(&use->need[i]);
        most = lookback > most ? lookback : most;
    }
    return most;
}

static size_t own_size(const struct strategy_use *use)
{
    const size_t unit = _Alignof(max_align_t);
    return (use->strategy->size(use->parameter) + unit - 1) / unit * unit;
}

size_t strategy_size(const struct strategy_use *use)
{
    if (use->rules != NULL)
        return rule_set_size(use->rules);
    if (use->foreign != NULL) /* it keeps its own */
        return 0;
    size_t size = own_size(use);
    for (int i = 0; i < use->needs; i++)
        size += indicator_size(&use->need[i]);
    return size;
}

void strategy_init(const struct strategy_use *use, void *state)
{
    if (use->rules != NULL) {
        rule_set_init(use->rules, state);
        return;
    }
    if (use->foreign != NULL)
        return;
    char *at = (char *)state + own_size(use);
    use->strategy->init(state, use->parameter);
    for (int i = 0; i < use->needs; i++) {
        indicator_init(&use->need[i], at);
        at += indicator_size(&use->need[i]);
    }
}

void strategy_run(const struct strategy_use *use, void *state, const struct columns *in, struct levels *levels)
{
    double column[STRATEGY_COLUMNS_MAX][COLUMNS_MAX];
    const double *needed[STRATEGY_COLUMNS_MAX];
    int used = 0;
    if (use->rules != NULL) {
        rule_set_run(use->rules, use->unit, state, in, levels);
        return;
    }
    char *at = (char *)state + own_size(use);
    for (int i = 0; i < use->needs; i++) {
        double *out[INDICATOR_OUTPUTS_MAX];
        const int outputs = use->need[i].indicator->outputs;
        require(used + outputs <= STRATEGY_COLUMNS_MAX);
        for (int k = 0; k < outputs; k++)
            needed[used] = out[k] = column[used], used++;
        indicator_run(&use->need[i], at, in, out);
        at += indicator_size(&use->need[i]);
    }
    use->strategy->run(state, in, needed, levels);
}
