/* Ranges, and the cells they make. */
#include "strategy/grid.h"

#include "base/num.h"
#include "base/random.h"
#include "indicator/parameter.h"
#include "record/record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void grid_init(struct grid *grid, const struct strategy *strategy, enum grid_method method, uint64_t cells,
               uint64_t seed)
{
    *grid = (struct grid){.strategy = strategy, .method = method, .cells = cells, .seed = seed};
}

void grid_clear(struct grid *grid)
{
    for (int i = 0; i < grid->ranges; i++) {
        free(grid->range[i].value);
        free(grid->range[i].place);
    }
    grid->ranges = 0;
}

bool grid_is_range(const char *text)
{
    const char *equals = strchr(text, '=');
    return equals != NULL && equals > text && memchr(text, ':', (size_t)(equals - text)) == NULL &&
           memchr(text, '/', (size_t)(equals - text)) == NULL;
}

static const struct parameter *parameter_of(const struct grid *grid, const struct range *range)
{
    return &grid->strategy->parameter[range->parameter];
}

/* One value of a list, as it would stand behind "sma-cross:". */
static int read_value(const struct grid *grid, const struct range *range, struct str text, double *value,
                      struct error *error)
{
    const struct parameter *parameter = parameter_of(grid, range);
    double one[1];
    struct parameter alone = *parameter;
    if (text.n == 0)
        return error_set(error, EXIT_USAGE, "%s=%s: a value is empty", parameter->name, range->text);
    if (parameters_parse(one, &alone, 1, text, grid->strategy->name, error) != 0)
        return -1;
    *value = one[0];
    return 0;
}

static int take_list(const struct grid *grid, struct range *range, struct error *error)
{
    struct str rest = str_of(range->text);
    range->value = calloc(rest.n + 1, sizeof *range->value);
    if (range->value == NULL)
        return error_memory(error);
    for (bool more = true; more;) {
        const char *comma = rest.n == 0 ? NULL : memchr(rest.p, ',', rest.n);
        const struct str one = {rest.p, comma == NULL ? rest.n : (size_t)(comma - rest.p)};
        double *value = &range->value[range->count];
        if (read_value(grid, range, one, value, error) != 0)
            return -1;
        for (uint64_t i = 0; i < range->count; i++)
            if (range->value[i] == *value)
                return error_set(error, EXIT_USAGE, "%s=%s: a value is named twice", parameter_of(grid, range)->name,
                                 range->text);
        range->count++;
        more = comma != NULL;
        rest = (struct str){one.p + one.n + more, rest.n - one.n - more};
    }
    return 0;
}

/* A thousandth of the width or less, of the form 10^k. */
static dec fine_step(dec width)
{
    dec step = DEC_ONE * 1000000;
    while (step > 1 && step > width / 1000)
        step /= 10;
    return step;
}

static int take_steps(const struct grid *grid, struct range *range, dec high, bool stepped, struct error *error)
{
    const struct parameter *parameter = parameter_of(grid, range);
    const char *name = parameter->name, *text = range->text;
    if (high < range->low)
        return error_set(error, EXIT_USAGE, "%s=%s: the end is below the beginning", name, text);
    const dec width = high - range->low;
    if (!stepped && !parameter->whole && grid->method == GRID_ALL && width > 0) {
        error_set(error, EXIT_USAGE, "%s=%s: a step is missing", name, text);
        error_hint(error, "%s=%s/0.1, or --random N", name, text);
        return -1;
    }
    if (!stepped)
        range->step = parameter->whole ? DEC_ONE : fine_step(width);
    if (range->step <= 0)
        return error_set(error, EXIT_USAGE, "%s=%s: the step must be above 0", name, text);
    if (parameter->whole && (range->low % DEC_ONE != 0 || range->step % DEC_ONE != 0))
        return error_set(error, EXIT_USAGE, "%s=%s: %s is a whole number", name, text, name);
    range->count = (uint64_t)(width / range->step) + 1;
    if (range->count > GRID_VALUES_MAX)
        return error_set(error, EXIT_USAGE, "%s=%s: more than %d values", name, text, GRID_VALUES_MAX);
    const double first = dec_to_double(range->low),
                 last = dec_to_double(range->low + (dec)(range->count - 1) * range->step);
    if (!(first >= parameter->low && last <= parameter->high))
        return error_set(error, EXIT_USAGE, "%s: %s=%s is not within %g and %g", grid->strategy->name, name, text,
                         parameter->low, parameter->high);
    return 0;
}

/* A number of a range, whole text. */
static int read_number(const struct grid *grid, const struct range *range, struct str text, dec *number,
                       struct error *error)
{
    if (dec_parse(number, text.p, text.n, NULL) != 0 || *number < -DEC_MAX / 4 || *number > DEC_MAX / 4)
        return error_set(error, EXIT_USAGE, "%s=%s: '" STR_FMT "' is not a number", parameter_of(grid, range)->name,
                         range->text, (int)(text.n < 40 ? text.n : 40), text.p);
    return 0;
}

static int take_range(const struct grid *grid, struct range *range, const char *dots, struct error *error)
{
    const char *text = range->text, *slash = strchr(dots, '/'), *end = text + strlen(text);
    dec high;
    if (parameter_of(grid, range)->word != NULL)
        return error_set(error, EXIT_USAGE, "%s=%s: its values are words: separate them with commas",
                         parameter_of(grid, range)->name, text);
    if (read_number(grid, range, (struct str){text, (size_t)(dots - text)}, &range->low, error) != 0 ||
        read_number(grid, range, (struct str){dots + 2, (size_t)((slash == NULL ? end : slash) - dots - 2)}, &high,
                    error) != 0 ||
        (slash != NULL &&
         read_number(grid, range, (struct str){slash + 1, (size_t)(end - slash - 1)}, &range->step, error) != 0))
        return -1;
    return take_steps(grid, range, high, slash != NULL, error);
}

static int find_parameter(const struct grid *grid, struct str name, struct error *error)
{
    const struct strategy *strategy = grid->strategy;
    char known[256] = "";
    for (int i = 0; i < strategy->parameters; i++) {
        if (str_is(name, strategy->parameter[i].name))
            return i;
        const size_t used = strlen(known);
        (void)snprintf(known + used, sizeof known - used, "%s%s", i > 0 ? ", " : "", strategy->parameter[i].name);
    }
    error_set(error, EXIT_USAGE, "%s has no parameter '" STR_FMT "'", strategy->name, (int)(name.n < 40 ? name.n : 40),
              name.p);
    error_hint(error, known[0] == '\0' ? "it has none" : "it has %s", known);
    return -1;
}

int grid_add(struct grid *grid, const char *text, struct error *error)
{
    const size_t length = strcspn(text, "=");
    const int parameter = find_parameter(grid, (struct str){text, length}, error);
    if (parameter < 0)
        return -1;
    for (int i = 0; i < grid->ranges; i++)
        if (grid->range[i].parameter == parameter)
            return error_set(error, EXIT_USAGE, "%s has two ranges", grid->strategy->parameter[parameter].name);
    require(grid->ranges < STRATEGY_PARAMS_MAX);
    struct range *range = &grid->range[grid->ranges++];
    *range = (struct range){.parameter = parameter};
    const char *values = text[length] == '=' ? text + length + 1 : "";
    if (strlen(values) >= sizeof range->text)
        return error_set(error, EXIT_USAGE, "%.40s…: a range has at most %zu bytes", text, sizeof range->text - 1);
    memcpy(range->text, values, strlen(values) + 1);
    const char *dots = strstr(range->text, "..");
    return dots == NULL ? take_list(grid, range, error) : take_range(grid, range, dots, error);
}

int grid_add_own(struct grid *grid, struct error *error)
{
    const struct strategy *strategy = grid->strategy;
    for (int i = 0; i < strategy->parameters; i++) {
        const struct parameter *parameter = &strategy->parameter[i];
        char low[NUM_TEXT_MAX], high[NUM_TEXT_MAX], step[NUM_TEXT_MAX] = "", text[192];
        if (!parameter->ranged)
            continue;
        low[num_format(low, parameter->low)] = '\0';
        high[num_format(high, parameter->high)] = '\0';
        if (parameter->step > 0)
            step[num_format(step, parameter->step)] = '\0';
        (void)snprintf(text, sizeof text, "%s=%s..%s%s%s", parameter->name, low, high, step[0] != '\0' ? "/" : "",
                       step);
        if (grid_add(grid, text, error) != 0)
            return -1;
    }
    if (grid->ranges > 0)
        return 0;
    error_set(error, EXIT_USAGE, "%s: nothing varies", strategy->name);
    error_hint(error, "name a range, such as '%s=5..50/5'",
               strategy->parameters > 0 ? strategy->parameter[0].name : "fast");
    return -1;
}

/* What is drawn for a cell: a stream of numbers of its own. */
static void draw_init(struct random *random, const struct grid *grid, uint64_t cell, uint64_t attempt)
{
    random_init(random, grid->seed);
    const uint64_t base = random_next(random);
    random_init(random, base ^ cell * UINT64_C(0x9e3779b97f4a7c15));
    const uint64_t own = random_next(random);
    random_init(random, own ^ attempt * UINT64_C(0xbf58476d1ce4e5b9));
}

/* Each range is cut into as many parts as there are cells: which part a cell has is a permutation. */
static int shuffle_parts(struct grid *grid, struct error *error)
{
    for (int r = 0; r < grid->ranges; r++) {
        struct range *range = &grid->range[r];
        range->place = calloc(grid->cells, sizeof *range->place);
        if (range->place == NULL)
            return error_memory(error);
        struct random random;
        draw_init(&random, grid, UINT64_MAX - (uint64_t)r, 0);
        for (uint64_t i = 0; i < grid->cells; i++) {
            const uint64_t other = random_below(&random, i + 1);
            range->place[i] = range->place[other];
            range->place[other] = (uint32_t)i;
        }
    }
    return 0;
}

int grid_begin(struct grid *grid, struct error *error)
{
    require(grid->ranges > 0);
    if (grid->method == GRID_ALL) {
        grid->cells = 1;
        for (int i = 0; i < grid->ranges; i++)
            if (__builtin_mul_overflow(grid->cells, grid->range[i].count, &grid->cells) ||
                grid->cells > GRID_CELLS_MAX) {
                error_set(error, EXIT_USAGE, "the ranges make more than %d cells", GRID_CELLS_MAX);
                error_hint(error, "larger steps, or --random N");
                return -1;
            }
    }
    require(grid->cells > 0 && grid->cells <= GRID_CELLS_MAX);
    return grid->method == GRID_LATIN ? shuffle_parts(grid, error) : 0;
}

static double value_at(const struct range *range, uint64_t k)
{
    return range->value != NULL ? range->value[k] : dec_to_double(range->low + (dec)k * range->step);
}

void grid_values(const struct grid *grid, uint64_t cell, uint64_t attempt, double *parameter)
{
    struct random random;
    require(cell < grid->cells);
    if (grid->method != GRID_ALL)
        draw_init(&random, grid, cell, attempt);
    for (int r = grid->ranges; r-- > 0;) {
        const struct range *range = &grid->range[r];
        uint64_t k = 0;
        if (grid->method == GRID_ALL) {
            k = cell % range->count;
            cell /= range->count;
        } else if (grid->method == GRID_RANDOM) {
            k = random_below(&random, range->count);
        } else {
            const double place = (double)range->place[cell] + random_uniform(&random);
            k = (uint64_t)(place * (double)range->count / (double)grid->cells);
            k = k < range->count ? k : range->count - 1;
        }
        parameter[range->parameter] = value_at(range, k);
    }
}

void grid_json(const struct grid *grid, struct buf *out)
{
    buf_add_char(out, '{');
    for (int i = 0; i < grid->ranges; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        json_add_string(out, str_of(parameter_of(grid, &grid->range[i])->name));
        buf_add_char(out, ':');
        json_add_string(out, str_of(grid->range[i].text));
    }
    buf_add_char(out, '}');
}
