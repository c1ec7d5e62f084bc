/* The table of strategies, and reading "sma-cross:fast=10,slow=30" into an instance. */
#include "strategy/table.h"

#include "base/command.h"
#include "base/num.h"
#include "indicator/parameter.h"

#include <stdio.h>
#include <string.h>

const struct strategy *const strategy_table[] = {
    &strategy_sma_cross,
    &strategy_momentum,
    &strategy_mean_reversion,
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
static int name_instance(struct strategy_use *use, struct error *error)
{
    const struct strategy *strategy = use->strategy;
    int used = snprintf(use->instance, sizeof use->instance, "%s", strategy->name);
    char separator = ':';
    for (int i = 0; i < strategy->parameters; i++) {
        if (use->parameter[i] == strategy->parameter[i].standard)
            continue;
        char number[NUM_TEXT_MAX];
        number[num_format(number, use->parameter[i])] = '\0';
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

int strategy_use_parse(struct strategy_use *use, const char *text, struct error *error)
{
    const char *colon = strchr(text, ':');
    const struct str name = {text, colon != NULL ? (size_t)(colon - text) : strlen(text)};
    use->strategy = NULL;
    for (int i = 0; i < strategy_count; i++)
        if (str_is(name, strategy_table[i]->name))
            use->strategy = strategy_table[i];
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
    return name_instance(use, error);
}
