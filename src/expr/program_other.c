/* Programs within a program: over coarser bars of the series itself, and over the bars of other symbols. */
#include "expr/program_parts.h"

#include "base/list.h"

#include <stdio.h>
#include <string.h>

/* A program of this part alone; the outer one owns it. */
static struct program *add_inner(struct program *program, const struct node *node, const char *symbol,
                                 struct error *error)
{
    if (list_grow(&program->inner, &program->inner_capacity, program->inners, sizeof *program->inner, error) != 0)
        return NULL;
    struct program *made = program_of_node(node, error);
    if (made == NULL)
        return NULL;
    struct inner *inner = &program->inner[program->inners++];
    *inner = (struct inner){.program = made};
    (void)snprintf(inner->symbol, sizeof inner->symbol, "%s", symbol);
    return made;
}

int program_compile_at(struct program *program, const struct node *node, struct error *error)
{
    struct program *inner = add_inner(program, node->first, "", error);
    if (inner == NULL)
        return -1;
    const struct step *last = &inner->step[inner->root[0]];
    program->inputs |= inner->inputs | INPUT_PRICES | INPUT_TIME;
    /* In coarse bars, of which each takes at least one bar: how many more, only the series knows. */
    const struct step step = {.op = STEP_AT,
                              .a = -1,
                              .b = -1,
                              .c = -1,
                              .price = last->price,
                              .volume = last->volume,
                              .lookback = inner->lookback,
                              .inner = inner,
                              .interval = node->interval};
    return program_add_step(program, &step, error);
}

int program_compile_of(struct program *program, const struct node *node, struct error *error)
{
    int index = 0;
    for (size_t i = 0; i < program->inners; i++)
        index += program->inner[i].symbol[0] != '\0';
    struct program *inner = add_inner(program, node->first, node->name.p, error);
    if (inner == NULL)
        return -1;
    /* In units of the day: the other symbol has factors of its own. */
    const struct step step = {.op = STEP_OF, .a = -1, .b = -1, .c = -1, .kind = index, .lookback = inner->lookback};
    return program_add_step(program, &step, error);
}

int program_compile_known(struct program *program, const struct node *node, struct error *error)
{
    struct known_ask ask = {.what = node->known, .period = (enum known_period)node->count};
    const struct str text = node_text(node);
    int index = 0;
    (void)snprintf(ask.name, sizeof ask.name, STR_FMT, STR_ARG(node->name));
    (void)snprintf(ask.text, sizeof ask.text, STR_FMT, STR_ARG(text));
    while (index < program->knowns &&
           (program->known[index].what != ask.what || program->known[index].period != ask.period ||
            strcmp(program->known[index].name, ask.name) != 0))
        index++;
    if (index == PROGRAM_KNOWN_MAX)
        return error_set(error, EXIT_USAGE, "a rule uses more than %d events and figures", PROGRAM_KNOWN_MAX);
    if (index == program->knowns)
        program->known[program->knowns++] = ask;
    program->inputs |= INPUT_TIME | INPUT_SESSION;
    return program_add_step(program, &(struct step){.op = STEP_KNOWN, .a = -1, .b = -1, .c = -1, .kind = index}, error);
}

int program_known(const struct program *program)
{
    return program->knowns;
}

const struct known_ask *program_known_at(const struct program *program, int index)
{
    return &program->known[index];
}

static const struct inner *other_at(const struct program *program, int index)
{
    for (size_t i = 0; i < program->inners; i++)
        if (program->inner[i].symbol[0] != '\0' && index-- == 0)
            return &program->inner[i];
    return NULL;
}

int program_others(const struct program *program)
{
    int count = 0;
    while (other_at(program, count) != NULL)
        count++;
    return count;
}

const char *program_other_symbol(const struct program *program, int index)
{
    return other_at(program, index)->symbol;
}

struct program *program_other(const struct program *program, int index)
{
    return other_at(program, index)->program;
}

bool program_wants_calendar(const struct program *program)
{
    if ((program->inputs & INPUT_SESSION) != 0)
        return true;
    for (size_t i = 0; i < program->inners; i++)
        if (program->inner[i].symbol[0] == '\0' || program_wants_calendar(program->inner[i].program))
            return true;
    return false;
}

int program_check_interval(const struct program *program, struct interval interval, struct error *error)
{
    for (size_t i = 0; i < program->steps; i++) {
        const struct step *step = &program->step[i];
        char own[INTERVAL_TEXT_MAX], asked[INTERVAL_TEXT_MAX];
        if (step->op != STEP_AT || (!interval_is_counted(interval) && interval_compare(interval, step->interval) <= 0))
            continue;
        own[interval_format(own, interval)] = '\0';
        asked[interval_format(asked, step->interval)] = '\0';
        error_set(error, EXIT_INPUT, "the rule uses %s bars, which cannot be made from %s bars", asked, own);
        error_hint(error, "use finer bars");
        return -1;
    }
    for (size_t i = 0; i < program->inners; i++)
        if (program->inner[i].symbol[0] != '\0' &&
            program_check_interval(program->inner[i].program, interval, error) != 0)
            return -1;
    return 0;
}
