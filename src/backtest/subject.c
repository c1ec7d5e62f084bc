/* Instances of one strategy, and running them. */
#include "backtest/subject.h"

#include "base/file.h"
#include "indicator/parameter.h"
#include "strategy/foreign.h"
#include "strategy/rules.h"

#include <stdlib.h>
#include <string.h>

int subject_open(struct subject *subject, const char *text, struct error *error)
{
    size_t length;
    *subject = (struct subject){.in_file = rules_are_named(text, &length)};
    buf_init(&subject->rules, RULE_FILE_MAX);
    if (text[length] == ':' && text[length + 1] == '\0')
        return error_set(error, EXIT_USAGE, "%s parameters are missing after ':'", text);
    if ((subject->name = strndup(text, length)) == NULL)
        return error_memory(error);
    if (!subject->in_file)
        return strategy_use_parse(&subject->use, text, error);
    if (file_read_any(subject->name, &subject->rules, error) != 0)
        return -1;
    return strategy_use_rules(&subject->use, subject->name, buf_str(&subject->rules),
                              text[length] == ':' ? text + length + 1 : "", error);
}

void subject_close(struct subject *subject)
{
    strategy_use_clear(&subject->use);
    buf_clear(&subject->rules);
    free(subject->name);
    *subject = (struct subject){.name = NULL};
}

bool subject_permits(const struct subject *subject, const double *parameter)
{
    struct error ignored = {0};
    const struct strategy *strategy = subject->use.strategy;
    return strategy->check == NULL || strategy->check(parameter, &ignored) == 0;
}

int subject_use(const struct subject *subject, const double *parameter, struct strategy_use *use, struct error *error)
{
    const struct strategy *strategy = subject->use.strategy;
    struct buf text;
    if (subject->use.foreign != NULL)
        return strategy_use_program_again(use, subject->use.foreign, parameter, error);
    buf_init(&text, 4096);
    if (!subject->in_file)
        buf_add_text(&text, subject->name);
    for (int i = 0; i < strategy->parameters; i++) {
        char value[PARAMETER_TEXT_MAX];
        parameter_text(&strategy->parameter[i], parameter[i], value);
        buf_printf(&text, "%s%s=%s", i > 0 ? "," : subject->in_file ? "" : ":", strategy->parameter[i].name, value);
    }
    int status = buf_check(&text, error);
    if (status == 0 && subject->in_file)
        status = strategy_use_rules(use, subject->name, buf_str(&subject->rules), text.n > 0 ? text.p : "", error);
    else if (status == 0)
        status = strategy_use_parse(use, text.p, error);
    buf_clear(&text);
    return status;
}

int subject_units(const struct strategy_use *use, struct strategy_use units[static RULE_UNITS_MAX], struct error *error)
{
    const int count = strategy_units(use);
    units[0] = *use;
    for (int i = 1; i < count; i++)
        if (strategy_use_unit(&units[i], use, i, error) != 0)
            return 0;
    return count;
}

struct backtest *subject_run(const struct backtest_options *terms, const struct history *history,
                             const struct strategy_use *use, const struct history_part *part,
                             const struct result_sink *sink, struct error *error)
{
    struct backtest_options options = *terms;
    struct strategy_use units[RULE_UNITS_MAX];
    options.strategies = units;
    if ((options.count = subject_units(use, units, error)) == 0)
        return NULL;
    options.orders = false;
    options.write = NULL;
    options.result = sink == NULL ? NULL : sink->take;
    options.trade = sink == NULL ? NULL : sink->trade;
    options.context = sink == NULL ? NULL : sink->context;
    options.input = history_input(history);
    options.closes = history_closes(history);
    struct backtest *backtest = backtest_new(&options, error);
    if (backtest != NULL && history_play(history, backtest, part, error) == 0 && backtest_finish(backtest, error) == 0)
        return backtest;
    backtest_free(backtest);
    return NULL;
}
