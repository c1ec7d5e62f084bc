/* Compiling trees into steps, one for each different part, and running them. */
#include "expr/program_parts.h"

#include "base/list.h"

#include <math.h>
#include <stdlib.h>

#define STEPS_MAX 4096

static int compile(struct program *program, const struct node *node, struct error *error);

static bool same_step(const struct step *a, const struct step *b)
{
    if (a->op != b->op || a->kind != b->kind || a->count != b->count || a->a != b->a || a->b != b->b || a->c != b->c ||
        a->price != b->price || a->volume != b->volume || a->output != b->output)
        return false;
    if (a->op == STEP_AT)
        return a->inner == b->inner;
    if (a->op == STEP_CONSTANT)
        return a->number == b->number && a->counts == b->counts && a->bare == b->bare;
    if (a->op != STEP_INDICATOR)
        return true;
    if (a->use.indicator != b->use.indicator)
        return false;
    for (int i = 0; i < a->use.indicator->parameters; i++)
        if (a->use.parameter[i] != b->use.parameter[i])
            return false;
    return true;
}

int program_add_step(struct program *program, const struct step *step, struct error *error)
{
    for (size_t i = 0; i < program->steps; i++)
        if (same_step(&program->step[i], step))
            return (int)i;
    if (program->steps == STEPS_MAX)
        return error_set(error, EXIT_USAGE, "a rule of more than %d parts", STEPS_MAX);
    if (list_grow(&program->step, &program->step_capacity, program->steps, sizeof *program->step, error) != 0)
        return -1;
    struct step *added = &program->step[program->steps];
    *added = *step;
    added->state = program->size;
    program->size += step_state_size(added);
    return (int)program->steps++;
}

static const struct step *at(const struct program *program, int step)
{
    return &program->step[step];
}

/* A step in plain units of the day. */
static int make_plain(struct program *program, int of, struct error *error)
{
    const struct step *step = at(program, of);
    if (step->bare || (step->price == 0 && step->volume == 0))
        return of;
    return program_add_step(program,
                            &(struct step){.op = STEP_UNSCALE,
                                           .a = of,
                                           .b = -1,
                                           .c = -1,
                                           .kind = step->price,
                                           .count = step->volume,
                                           .lookback = step->lookback},
                            error);
}

/* A bare constant at the scale of a power. */
static int make_scaled(struct program *program, int of, int price, int volume, struct error *error)
{
    struct step step = *at(program, of);
    if (price == 0 && volume == 0)
        return of;
    step.op = STEP_CONSTANT;
    step.price = price;
    step.volume = volume;
    step.bare = false;
    return program_add_step(program, &step, error);
}

/* Brings two operands to one power: *a and *b may become other steps. */
static int unify(struct program *program, int *a, int *b, struct error *error)
{
    const struct step first = *at(program, *a), second = *at(program, *b);
    if (first.bare && second.bare)
        return 0;
    if (first.bare)
        return (*a = make_scaled(program, *a, second.price, second.volume, error)) < 0 ? -1 : 0;
    if (second.bare)
        return (*b = make_scaled(program, *b, first.price, first.volume, error)) < 0 ? -1 : 0;
    if (first.price == second.price && first.volume == second.volume)
        return 0;
    return (*a = make_plain(program, *a, error)) < 0 || (*b = make_plain(program, *b, error)) < 0 ? -1 : 0;
}

static int most(int a, int b)
{
    return a > b ? a : b;
}

static int compile_constant(struct program *program, const struct node *node, struct error *error)
{
    struct step step = {.op = STEP_CONSTANT, .a = -1, .b = -1, .c = -1, .bare = true};
    if (node->type == TYPE_NUMBER) {
        step.number = value_as_double(&node->constant);
        step.counts = node->constant.exact ? (double)node->constant.decimal : step.number * (double)DEC_ONE;
    } else {
        step.number = step.counts = node->type == TYPE_TRUTH ? node->constant.truth : (double)NAN;
        step.bare = node->type != TYPE_TRUTH;
        step.kind = node->type == TYPE_NULL; /* NaN is not itself: told by this */
        if (node->type == TYPE_NULL)
            step.number = step.counts = 0;
    }
    return program_add_step(program, &step, error);
}

static int compile_bars(struct program *program, const struct node *node, struct error *error)
{
    enum { DATES = INPUT_TIME | INPUT_SESSION };
    static const unsigned inputs[] = {INPUT_OPEN, INPUT_HIGH, INPUT_LOW, INPUT_CLOSE, INPUT_VOLUME,
                                      DATES,      DATES,      DATES,     DATES,       DATES};
    program->inputs |= inputs[node->column];
    return program_add_step(program,
                            &(struct step){.op = STEP_BARS,
                                           .a = -1,
                                           .b = -1,
                                           .c = -1,
                                           .kind = (int)node->column,
                                           .price = node->column <= BARS_CLOSE,
                                           .volume = node->column == BARS_VOLUME},
                            error);
}

static void set_powers(const struct program *program, struct step *step, const struct indicator_use *use, int output,
                       int source)
{
    const struct output *of = &use->indicator->output[output];
    if (source < 0) {
        indicator_powers(use, output, &step->price, &step->volume);
        return;
    }
    step->price = of->price_power * at(program, source)->price;
    step->volume = of->volume_power + of->price_power * at(program, source)->volume;
}

static int compile_indicator(struct program *program, const struct node *node, struct error *error)
{
    struct step step = {
        .op = STEP_INDICATOR, .a = -1, .b = -1, .c = -1, .use = node->use, .lookback = indicator_lookback(&node->use)};
    if (node->first != NULL) {
        if ((step.a = compile(program, node->first, error)) < 0)
            return -1;
        step.lookback += at(program, step.a)->lookback;
        program->inputs |= node->use.indicator->inputs & ~(unsigned)(INPUT_SOURCE | INPUT_OTHER);
    } else {
        program->inputs |= indicator_inputs(&node->use);
    }
    /* All of its outputs are computed at once, into columns of their own. */
    set_powers(program, &step, &node->use, 0, step.a);
    const int first = program_add_step(program, &step, error);
    for (int i = 1; i < node->use.indicator->outputs && first >= 0; i++) {
        struct step output = {.op = STEP_OUTPUT, .a = first, .b = -1, .c = -1, .output = i, .lookback = step.lookback};
        set_powers(program, &output, &node->use, i, step.a);
        const int made = program_add_step(program, &output, error);
        if (made < 0)
            return -1;
        require(made == first + i);
    }
    return first < 0 ? -1 : first + node->output;
}

/* Whatever looks at one other step, and keeps its power unless it is a count or a truth. */
static int compile_one(struct program *program, const struct node *node, struct step step, bool power,
                       struct error *error)
{
    step.a = compile(program, node->first, error);
    if (step.a < 0)
        return -1;
    step.b = step.c = -1;
    step.price = power ? at(program, step.a)->price : 0;
    step.volume = power ? at(program, step.a)->volume : 0;
    if (step.op != STEP_IS_NULL && step.op != STEP_IS_KNOWN)
        step.lookback += at(program, step.a)->lookback;
    return program_add_step(program, &step, error);
}

static int compile_window(struct program *program, const struct node *node, struct error *error)
{
    const bool moves = node->window == WINDOW_RISING || node->window == WINDOW_FALLING;
    const struct step step = {
        .op = STEP_WINDOW, .kind = (int)node->window, .count = node->count, .lookback = (int)node->count - !moves};
    return compile_one(program, node, step, node->window == WINDOW_HIGHEST || node->window == WINDOW_LOWEST, error);
}

static int compile_plain(struct program *program, const struct node *node, struct error *error)
{
    struct step step = {.op = STEP_PLAIN, .kind = (int)node->plain, .b = -1, .c = -1};
    if ((step.a = compile(program, node->first, error)) < 0)
        return -1;
    if (node->plain >= PLAIN_MAX) {
        if ((step.b = compile(program, node->first->next, error)) < 0 || unify(program, &step.a, &step.b, error) != 0)
            return -1;
        step.lookback = at(program, step.b)->lookback;
    } else if (node->plain != PLAIN_ABS && (step.a = make_plain(program, step.a, error)) < 0) {
        return -1;
    }
    const struct step *of = at(program, step.a);
    step.lookback = most(step.lookback, of->lookback);
    step.price = node->plain == PLAIN_SIGN ? 0 : of->price;
    step.volume = node->plain == PLAIN_SIGN ? 0 : of->volume;
    return program_add_step(program, &step, error);
}

/* Two operands whose result is a truth, or keeps their one power. */
static int compile_two(struct program *program, const struct node *node, struct error *error)
{
    static const struct {
        enum operation op;
        enum step_op step;
        bool power;
    } map[] = {{OP_AND, STEP_AND, false},
               {OP_OR, STEP_OR, false},
               {OP_EQUAL, STEP_EQUAL, false},
               {OP_DIFFERENT, STEP_DIFFERENT, false},
               {OP_LESS, STEP_LESS, false},
               {OP_AT_MOST, STEP_AT_MOST, false},
               {OP_MORE, STEP_MORE, false},
               {OP_AT_LEAST, STEP_AT_LEAST, false},
               {OP_ADD, STEP_ADD, true},
               {OP_SUBTRACT, STEP_SUBTRACT, true},
               {OP_REMAINDER, STEP_REMAINDER, true},
               {OP_CROSSES, STEP_CROSSES, false},
               {OP_COALESCE, STEP_COALESCE, true}};
    struct step step = {.c = -1};
    bool power = false;
    for (size_t i = 0; i < sizeof map / sizeof *map; i++)
        if (map[i].op == node->op) {
            step.op = map[i].step;
            power = map[i].power;
        }
    if ((step.a = compile(program, node->first, error)) < 0 ||
        (step.b = compile(program, node->first->next, error)) < 0)
        return -1;
    if (node->op != OP_AND && node->op != OP_OR && unify(program, &step.a, &step.b, error) != 0)
        return -1;
    const struct step *a = at(program, step.a), *b = at(program, step.b);
    step.lookback = most(a->lookback, b->lookback);
    if (power) {
        step.price = a->price;
        step.volume = a->volume;
        step.bare = a->bare && b->bare;
    }
    if (node->op == OP_COALESCE)
        step.lookback = b->lookback < a->lookback ? b->lookback : a->lookback;
    if (node->op == OP_CROSSES) {
        step.kind = node->direction;
        step.lookback++;
    }
    return program_add_step(program, &step, error);
}

static int compile_product(struct program *program, const struct node *node, struct error *error)
{
    const bool divide = node->op == OP_DIVIDE;
    struct step step = {.op = divide ? STEP_DIVIDE : STEP_MULTIPLY, .c = -1};
    if ((step.a = compile(program, node->first, error)) < 0 ||
        (step.b = compile(program, node->first->next, error)) < 0)
        return -1;
    const struct step *a = at(program, step.a), *b = at(program, step.b);
    step.price = a->price + (divide ? -b->price : b->price);
    step.volume = a->volume + (divide ? -b->volume : b->volume);
    step.bare = a->bare && b->bare;
    step.lookback = most(a->lookback, b->lookback);
    return program_add_step(program, &step, error);
}

static int compile_if(struct program *program, const struct node *node, struct error *error)
{
    struct step step = {.op = STEP_IF};
    if ((step.a = compile(program, node->first, error)) < 0 ||
        (step.b = compile(program, node->first->next, error)) < 0 ||
        (step.c = compile(program, node->first->next->next, error)) < 0 || unify(program, &step.b, &step.c, error) != 0)
        return -1;
    const struct step *b = at(program, step.b), *c = at(program, step.c);
    step.price = b->bare ? c->price : b->price;
    step.volume = b->bare ? c->volume : b->volume;
    step.lookback = most(at(program, step.a)->lookback, most(b->lookback, c->lookback));
    return program_add_step(program, &step, error);
}

static int compile_value_when(struct program *program, const struct node *node, struct error *error)
{
    struct step step = {.op = STEP_VALUE_WHEN, .count = node->count, .c = -1};
    if ((step.a = compile(program, node->first, error)) < 0 ||
        (step.b = compile(program, node->first->next, error)) < 0)
        return -1;
    const struct step *of = at(program, step.b);
    step.price = of->price;
    step.volume = of->volume;
    step.lookback = most(at(program, step.a)->lookback, of->lookback);
    return program_add_step(program, &step, error);
}

static int compile_new(struct program *program, const struct node *node, struct error *error)
{
    struct node folded = *node;
    if (node->op != OP_CONSTANT && node_is_constant(node)) {
        node_fold(node, &folded.constant);
        folded.type = folded.constant.type;
        return compile_constant(program, &folded, error);
    }
    switch (node->op) {
    case OP_CONSTANT:
        return compile_constant(program, node, error);
    case OP_BARS:
        return compile_bars(program, node, error);
    case OP_INDICATOR:
        return compile_indicator(program, node, error);
    case OP_SAME:
        return compile(program, node->same, error);
    case OP_HISTORY:
        if (node->count == 0)
            return compile(program, node->first, error);
        return compile_one(program, node,
                           (struct step){.op = STEP_HISTORY, .count = node->count, .lookback = (int)node->count}, true,
                           error);
    case OP_WITHIN:
        return compile_one(program, node, (struct step){.op = STEP_WITHIN, .count = node->count}, false, error);
    case OP_SINCE:
        return compile_one(program, node, (struct step){.op = STEP_SINCE}, false, error);
    case OP_NOT:
        return compile_one(program, node, (struct step){.op = STEP_NOT}, false, error);
    case OP_NEGATE:
        return compile_one(program, node, (struct step){.op = STEP_NEGATE}, true, error);
    case OP_IS_NULL:
        return compile_one(program, node, (struct step){.op = STEP_IS_NULL}, false, error);
    case OP_IS_KNOWN:
        return compile_one(program, node, (struct step){.op = STEP_IS_KNOWN}, false, error);
    case OP_WINDOW:
        return compile_window(program, node, error);
    case OP_PLAIN:
        return compile_plain(program, node, error);
    case OP_MULTIPLY:
    case OP_DIVIDE:
        return compile_product(program, node, error);
    case OP_IF:
        return compile_if(program, node, error);
    case OP_VALUE_WHEN:
        return compile_value_when(program, node, error);
    case OP_AT:
        return program_compile_at(program, node, error);
    case OP_OF:
        return program_compile_of(program, node, error);
    case OP_KNOWN:
        return program_compile_known(program, node, error);
    default:
        return compile_two(program, node, error);
    }
}

static int compile(struct program *program, const struct node *node, struct error *error)
{
    for (size_t i = 0; i < program->places; i++)
        if (program->place[i].node == node)
            return program->place[i].step;
    const int step = compile_new(program, node, error);
    if (step < 0 ||
        list_grow(&program->place, &program->place_capacity, program->places, sizeof *program->place, error) != 0)
        return -1;
    program->place[program->places++] = (struct place){node, step};
    return step;
}

int program_step(const struct program *program, const struct node *node)
{
    for (size_t i = 0; i < program->places; i++)
        if (program->place[i].node == node)
            return program->place[i].step;
    require(!"a node that was compiled");
    return -1;
}

/* The names of figures are the text of what was written; parts of other trees (let) have theirs. */
static int add_figures(struct program *program, int root, const struct node *node, struct error *error)
{
    if (node->op == OP_SAME)
        return add_figures(program, root, node->same, error);
    if (node->op == OP_AT || node->op == OP_OF) /* its parts are another program's */
        return 0;
    for (const struct node *part = node->first; part != NULL; part = part->next) {
        if (part->type == TYPE_TRUTH || !node_is_comparison(node)) {
            if (add_figures(program, root, part, error) != 0)
                return -1;
            continue;
        }
        const int step = program_step(program, part);
        bool there = at(program, step)->op == STEP_CONSTANT;
        for (size_t i = 0; i < program->figures && !there; i++)
            there = program->figure[i].root == root && program->figure[i].step == step;
        if (there)
            continue;
        if (list_grow(&program->figure, &program->figure_capacity, program->figures, sizeof *program->figure, error) !=
            0)
            return -1;
        program->figure[program->figures++] = (struct figure){root, step, node_text(part)};
    }
    return 0;
}

/* Room for the columns; NULL, and the program freed, where that or what came before failed. */
static struct program *finish(struct program *program, int result, struct error *error)
{
    if (result == 0 && (program->room = calloc(program->steps + 1, COLUMNS_MAX * sizeof *program->room)) == NULL)
        result = error_memory(error);
    if (result == 0)
        return program;
    program_free(program);
    return NULL;
}

struct program *program_compile(const struct expr *const *roots, int count, uint32_t prices, struct error *error)
{
    struct program *program = calloc(1, sizeof *program);
    if (program == NULL) {
        error_memory(error);
        return NULL;
    }
    require(count <= PROGRAM_ROOTS_MAX);
    int result = 0;
    for (; program->roots < count && result == 0; program->roots++) {
        const int i = program->roots;
        program->expr[i] = roots[i];
        program->root[i] = -1;
        if (roots[i] == NULL)
            continue;
        program->root[i] = compile(program, roots[i]->root, error);
        if (program->root[i] >= 0 && (prices >> i & 1) != 0 && at(program, program->root[i])->bare)
            program->root[i] = make_scaled(program, program->root[i], 1, 0, error);
        result = program->root[i] < 0 ? -1 : add_figures(program, i, roots[i]->root, error);
        if (result == 0)
            program->lookback = most(program->lookback, at(program, program->root[i])->lookback);
    }
    return finish(program, result, error);
}

struct program *program_of_node(const struct node *node, struct error *error)
{
    struct program *program = calloc(1, sizeof *program);
    if (program == NULL) {
        error_memory(error);
        return NULL;
    }
    program->roots = 1;
    program->root[0] = compile(program, node, error);
    if (program->root[0] >= 0)
        program->lookback = at(program, program->root[0])->lookback;
    return finish(program, program->root[0] < 0 ? -1 : 0, error);
}

void program_free(struct program *program)
{
    if (program == NULL)
        return;
    free(program->step);
    free(program->place);
    free(program->figure);
    for (size_t i = 0; i < program->inners; i++)
        program_free(program->inner[i].program);
    free(program->inner);
    free(program->room);
    free(program);
}

unsigned program_inputs(const struct program *program)
{
    return program->inputs;
}

int program_lookback(const struct program *program)
{
    return program->lookback;
}

size_t program_size(const struct program *program)
{
    return program->size;
}

void program_init(const struct program *program, void *state)
{
    for (size_t i = 0; i < program->steps; i++)
        step_init(&program->step[i], (char *)state + program->step[i].state);
}

void program_step_all(struct program *program, void *state, const struct columns *in)
{
    for (size_t i = 0; i < program->steps; i++)
        step_run(&program->step[i], (char *)state + program->step[i].state, in, program->room, (int)i);
}

const double *program_answers(const struct program *program, int root)
{
    return program->root[root] < 0 ? NULL : program_column(program, program->root[root]);
}

void program_run(struct program *program, void *state, const struct columns *in, double *const *out)
{
    program_step_all(program, state, in);
    for (int i = 0; i < program->roots; i++)
        for (size_t k = 0; k < in->n; k++)
            out[i][k] = program->root[i] < 0 ? (double)NAN : program_column(program, program->root[i])[k];
}

bool program_powers(const struct program *program, int root, int *price, int *volume)
{
    const struct step *step = program->root[root] < 0 ? NULL : at(program, program->root[root]);
    *price = step == NULL ? 0 : step->price;
    *volume = step == NULL ? 0 : step->volume;
    return step != NULL && !step->bare;
}
