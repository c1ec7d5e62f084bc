/* The steps of a program: arithmetic and truths of three values column by column, windows with their state. */
#include "expr/steps.h"

#include "base/math.h"
#include "base/time.h"
#include "expr/coarse.h"
#include "expr/tree.h"
#include "market/calendar.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* State of everything that remembers values: the last `count` of them in a ring. */
struct ring {
    int64_t seen;    /* bars */
    int64_t unknown; /* bar of the last NaN, counted from 1; 0: none yet */
    int64_t held;    /* bar on which a condition last held; the sum of a count; the length of a run */
    double last;     /* the value before; the extreme of a window */
    double value[];
};

double step_scale(int price, int volume, const struct columns *in)
{
    const double of_price = in->price_scale == 0 ? 1 : in->price_scale;
    const double of_volume = in->volume_scale == 0 ? 1 : in->volume_scale;
    double scale = 1;
    for (int i = 0; i < price; i++)
        scale *= of_price;
    for (int i = 0; i > price; i--)
        scale /= of_price;
    for (int i = 0; i < volume; i++)
        scale *= of_volume;
    for (int i = 0; i > volume; i--)
        scale /= of_volume;
    return scale;
}

static size_t ring_length(const struct step *step)
{
    switch (step->op) {
    case STEP_HISTORY:
    case STEP_WINDOW:
        return (size_t)step->count;
    case STEP_VALUE_WHEN:
        return (size_t)step->count + 1;
    case STEP_CROSSES:
        return 2;
    default:
        return 0;
    }
}

size_t step_state_size(const struct step *step)
{
    const size_t unit = _Alignof(max_align_t);
    if (step->op == STEP_INDICATOR)
        return indicator_size(&step->use);
    if (step->op == STEP_AT)
        return coarse_size(step->inner);
    if (step->op != STEP_WITHIN && step->op != STEP_SINCE && ring_length(step) == 0)
        return 0;
    return (sizeof(struct ring) + ring_length(step) * sizeof(double) + unit - 1) / unit * unit;
}

void step_init(const struct step *step, void *state)
{
    if (step->op == STEP_INDICATOR) {
        indicator_init(&step->use, state);
    } else if (step->op == STEP_AT) {
        coarse_init(step->inner, state);
    } else if (step_state_size(step) > 0) {
        struct ring *ring = state;
        ring->last = NAN;
        for (size_t i = 0; i < ring_length(step); i++)
            ring->value[i] = NAN;
    }
}

static void run_constant(const struct step *step, const struct columns *in, double *out)
{
    double value = step->number;
    if (step->kind == 1)
        value = NAN;
    else if (step->price == 1 && step->volume == 0) /* exact where the basis is that of the day */
        value = step->counts * (step_scale(1, 0, in) / (double)DEC_ONE);
    else
        value *= step_scale(step->price, step->volume, in);
    for (size_t i = 0; i < in->n; i++)
        out[i] = value;
}

/* The date of a bar: that of its session where the columns say it, else of its start in UTC. */
static int64_t day_of(const struct columns *in, size_t i)
{
    if (in->session != NULL)
        return in->session[i];
    const int64_t time = in->time[i];
    return time >= 0 ? time / TIME_DAY : -((-time + TIME_DAY - 1) / TIME_DAY);
}

/* From the open of the day's session to the bar's end, or from there to its close; unknown on a day without one. */
static double minutes(int kind, int64_t day, const struct columns *in, size_t i)
{
    struct session session;
    struct error ignored;
    int64_t end;
    error_clear(&ignored);
    if (in->calendar == NULL)
        session = (struct session){.open = day * TIME_DAY,
                                   .close = __builtin_mul_overflow(day + 1, TIME_DAY, &end) ? INT64_MAX : end};
    else if (calendar_session(in->calendar, day, &session, &ignored) != 1)
        return NAN;
    const int64_t from = kind == BARS_SINCE_OPEN ? session.open : in->end[i];
    const int64_t to = kind == BARS_SINCE_OPEN ? in->end[i] : session.close;
    return (double)(to - from) / (double)TIME_MINUTE;
}

static void run_bars(const struct step *step, const struct columns *in, double *out)
{
    const double *const columns[] = {in->open, in->high, in->low, in->close, in->volume};
    if (step->kind <= BARS_VOLUME) {
        for (size_t i = 0; i < in->n; i++)
            out[i] = columns[step->kind][i];
        return;
    }
    for (size_t i = 0; i < in->n; i++) {
        const int64_t day = day_of(in, i);
        if (step->kind >= BARS_SINCE_OPEN) {
            out[i] = minutes(step->kind, day, in, i);
            continue;
        }
        const struct date date = date_from_days(day);
        out[i] = step->kind == BARS_WEEKDAY ? (date_weekday(day) + 6) % 7 + 1
                 : step->kind == BARS_MONTH ? date.month
                                            : date.day;
    }
}

static void run_indicator(const struct step *step, void *state, const struct columns *in, double *room, int index)
{
    double *out[INDICATOR_OUTPUTS_MAX];
    struct columns of = *in;
    for (int i = 0; i < step->use.indicator->outputs; i++)
        out[i] = room + (size_t)(index + i) * COLUMNS_MAX;
    if (step->a >= 0)
        of.source = room + (size_t)step->a * COLUMNS_MAX;
    indicator_run(&step->use, state, &of, out);
}

static double truth(bool yes)
{
    return yes ? 1 : 0;
}

static double compare(enum step_op op, double a, double b)
{
    if (isnan(a) || isnan(b))
        return NAN;
    switch (op) {
    case STEP_EQUAL:
        return truth(a == b);
    case STEP_DIFFERENT:
        return truth(a != b);
    case STEP_LESS:
        return truth(a < b);
    case STEP_AT_MOST:
        return truth(a <= b);
    case STEP_MORE:
        return truth(a > b);
    default:
        return truth(a >= b);
    }
}

static double finite_or_none(double value)
{
    return isfinite(value) ? value : (double)NAN;
}

static double plain(int kind, double a, double b)
{
    switch ((enum plain)kind) {
    case PLAIN_ABS:
        return fabs(a);
    case PLAIN_SIGN:
        return isnan(a) ? a : (a > 0) - (a < 0);
    case PLAIN_FLOOR:
        return floor(a);
    case PLAIN_CEIL:
        return ceil(a);
    case PLAIN_SQRT:
        return a < 0 ? (double)NAN : sqrt(a);
    case PLAIN_LOG:
        return a > 0 ? math_log(a) : (double)NAN;
    case PLAIN_EXP:
        return finite_or_none(math_exp(a));
    case PLAIN_MAX:
        return isnan(a) || isnan(b) ? (double)NAN : a > b ? a : b;
    case PLAIN_MIN:
        return isnan(a) || isnan(b) ? (double)NAN : a < b ? a : b;
    }
    return NAN;
}

static double combine(const struct step *step, double a, double b, double c)
{
    switch (step->op) {
    case STEP_AND:
        return a == 0 || b == 0 ? 0 : isnan(a) || isnan(b) ? (double)NAN : 1;
    case STEP_OR:
        return a == 1 || b == 1 ? 1 : isnan(a) || isnan(b) ? (double)NAN : 0;
    case STEP_NOT:
        return isnan(a) ? a : 1 - a;
    case STEP_IS_NULL:
        return truth(isnan(a));
    case STEP_IS_KNOWN:
        return truth(!isnan(a));
    case STEP_ADD:
        return finite_or_none(a + b);
    case STEP_SUBTRACT:
        return finite_or_none(a - b);
    case STEP_MULTIPLY:
        return finite_or_none(a * b);
    case STEP_DIVIDE:
        return finite_or_none(a / b);
    case STEP_REMAINDER:
        return b == 0 ? (double)NAN : finite_or_none(fmod(a, b));
    case STEP_NEGATE:
        return -a;
    case STEP_PLAIN:
        return plain(step->kind, a, b);
    case STEP_COALESCE:
        return isnan(a) ? b : a;
    case STEP_IF:
        return isnan(a) ? a : a != 0 ? b : c;
    default:
        return compare(step->op, a, b);
    }
}

static double next_history(const struct step *step, struct ring *ring, double value)
{
    double *place = &ring->value[ring->seen++ % step->count];
    const double before = *place;
    *place = value;
    return before;
}

/* a > b now, and not on the bar before (a[1] <= b[1]); unknown when one of the four is. */
static double next_crosses(const struct step *step, struct ring *ring, double a, double b)
{
    const double a1 = ring->value[0], b1 = ring->value[1];
    ring->value[0] = a;
    ring->value[1] = b;
    if (isnan(a) || isnan(b) || isnan(a1) || isnan(b1))
        return NAN;
    const bool above = a > b && a1 <= b1, below = a < b && a1 >= b1;
    return truth(step->kind > 0 ? above : step->kind < 0 ? below : above || below);
}

static double next_within(const struct step *step, struct ring *ring, double value)
{
    const int64_t now = ++ring->seen;
    if (isnan(value))
        ring->unknown = now;
    else if (value != 0)
        ring->held = now;
    if (ring->held > 0 && now - ring->held < step->count)
        return 1;
    return now < step->count || (ring->unknown > 0 && now - ring->unknown < step->count) ? (double)NAN : 0;
}

static double next_since(struct ring *ring, double value)
{
    const int64_t now = ++ring->seen;
    if (!isnan(value) && value != 0)
        ring->held = now;
    return ring->held > 0 ? (double)(now - ring->held) : (double)NAN;
}

static double next_value_when(const struct step *step, struct ring *ring, double holds, double value)
{
    const int64_t length = step->count + 1;
    if (!isnan(holds) && holds != 0)
        ring->value[ring->seen++ % length] = value;
    return ring->seen > step->count ? ring->value[(ring->seen - 1 - step->count) % length] : (double)NAN;
}

/* Rising and falling: so many steps in the same direction. */
static double next_run(const struct step *step, struct ring *ring, double value)
{
    const double before = ring->last;
    const int64_t now = ++ring->seen;
    ring->last = value;
    if (isnan(value))
        ring->unknown = now;
    const bool moved = step->kind == WINDOW_RISING ? value > before : value < before;
    ring->held = moved ? ring->held + 1 : 0;
    if (ring->held >= step->count)
        return 1;
    return now <= step->count || (ring->unknown > 0 && now - ring->unknown <= step->count) ? (double)NAN : 0;
}

static double extreme(const struct step *step, const struct ring *ring)
{
    double found = ring->value[0];
    for (int64_t i = 1; i < step->count; i++)
        found = (step->kind == WINDOW_HIGHEST) == (ring->value[i] > found) ? ring->value[i] : found;
    return found;
}

static double next_window(const struct step *step, struct ring *ring, double value)
{
    if (step->kind == WINDOW_RISING || step->kind == WINDOW_FALLING)
        return next_run(step, ring, value);
    double *place = &ring->value[ring->seen % step->count];
    const double gone = *place;
    const int64_t now = ++ring->seen;
    *place = value;
    if (isnan(value))
        ring->unknown = now;
    ring->held += (!isnan(value) && value != 0) - (!isnan(gone) && gone != 0);
    if (now < step->count || (ring->unknown > 0 && now - ring->unknown < step->count)) {
        ring->last = NAN; /* the extreme is looked for anew once all are known */
        return NAN;
    }
    switch ((enum window)step->kind) {
    case WINDOW_COUNT:
        return (double)ring->held;
    case WINDOW_ANY:
        return truth(ring->held > 0);
    case WINDOW_ALL:
        return truth(ring->held == step->count);
    default:
        break;
    }
    const bool better = step->kind == WINDOW_HIGHEST ? value >= ring->last : value <= ring->last;
    if (better)
        ring->last = value;
    else if (isnan(ring->last) || gone == ring->last)
        ring->last = extreme(step, ring);
    return ring->last;
}

static double remember(const struct step *step, struct ring *ring, double a, double b)
{
    switch (step->op) {
    case STEP_HISTORY:
        return next_history(step, ring, a);
    case STEP_CROSSES:
        return next_crosses(step, ring, a, b);
    case STEP_WITHIN:
        return next_within(step, ring, a);
    case STEP_SINCE:
        return next_since(ring, a);
    case STEP_VALUE_WHEN:
        return next_value_when(step, ring, a, b);
    default:
        return next_window(step, ring, a);
    }
}

void step_run(const struct step *step, void *state, const struct columns *in, double *room, int index)
{
    double *out = room + (size_t)index * COLUMNS_MAX;
    const double *a = room + (size_t)(step->a < 0 ? 0 : step->a) * COLUMNS_MAX;
    const double *b = step->b < 0 ? a : room + (size_t)step->b * COLUMNS_MAX;
    const double *c = step->c < 0 ? a : room + (size_t)step->c * COLUMNS_MAX;
    switch (step->op) {
    case STEP_CONSTANT:
        run_constant(step, in, out);
        return;
    case STEP_BARS:
        run_bars(step, in, out);
        return;
    case STEP_INDICATOR:
        run_indicator(step, state, in, room, index);
        return;
    case STEP_OUTPUT:
        return;
    case STEP_AT:
        coarse_run(step->inner, step->interval, state, in, out);
        return;
    case STEP_OF:
        for (size_t i = 0; i < in->n; i++)
            out[i] = in->others == NULL ? (double)NAN : in->others[step->kind][i];
        return;
    case STEP_KNOWN:
        for (size_t i = 0; i < in->n; i++)
            out[i] = in->known == NULL ? (double)NAN : in->known[step->kind][i];
        return;
    case STEP_UNSCALE: {
        const double scale = step_scale(step->kind, (int)step->count, in);
        for (size_t i = 0; i < in->n; i++)
            out[i] = a[i] / scale;
        return;
    }
    case STEP_HISTORY:
    case STEP_CROSSES:
    case STEP_WITHIN:
    case STEP_WINDOW:
    case STEP_SINCE:
    case STEP_VALUE_WHEN:
        for (size_t i = 0; i < in->n; i++)
            out[i] = remember(step, state, a[i], b[i]);
        return;
    default:
        for (size_t i = 0; i < in->n; i++)
            out[i] = combine(step, a[i], b[i], c[i]);
    }
}
