/* Running an indicator: its source, values that are missing, figures that are none. */
#include "indicator/indicator.h"

#include <float.h>
#include <math.h>

#define VALUE_MAX 1e100 /* beyond it squares and products would overflow */

enum source {
    SOURCE_CLOSE,
    SOURCE_OPEN,
    SOURCE_HIGH,
    SOURCE_LOW,
    SOURCE_HL2,
    SOURCE_HLC3,
    SOURCE_OHLC4,
    SOURCE_VOLUME
};

const char *const source_words[] = {"close", "open", "high", "low", "hl2", "hlc3", "ohlc4", "volume", NULL};
const char *const other_words[] = {"series", "close", "open", "high", "low", "hl2", "hlc3", "ohlc4", "volume", NULL};

static const unsigned source_inputs[] = {
    INPUT_CLOSE, INPUT_OPEN, INPUT_HIGH, INPUT_LOW, INPUT_HIGH | INPUT_LOW, INPUT_RANGE, INPUT_PRICES, INPUT_VOLUME,
};

/* The value of the parameter with these words, -1 when the indicator has none. */
static int word_of(const struct indicator_use *use, const char *const *words)
{
    for (int i = 0; i < use->indicator->parameters; i++)
        if (use->indicator->parameter[i].word == words)
            return (int)use->parameter[i];
    return -1;
}

int indicator_lookback(const struct indicator_use *use)
{
    return use->indicator->lookback(use->parameter);
}

int indicator_stable(const struct indicator_use *use)
{
    return use->indicator->stable != NULL ? use->indicator->stable(use->parameter) : indicator_lookback(use);
}

unsigned indicator_inputs(const struct indicator_use *use)
{
    unsigned inputs = use->indicator->inputs & ~(unsigned)(INPUT_SOURCE | INPUT_OTHER);
    if ((use->indicator->inputs & INPUT_SOURCE) != 0)
        inputs |= source_inputs[word_of(use, source_words)];
    if ((use->indicator->inputs & INPUT_OTHER) != 0) {
        const int other = word_of(use, other_words);
        inputs |= other > 0 ? source_inputs[other - 1] : (unsigned)INPUT_OTHER;
    }
    return inputs;
}

void indicator_powers(const struct indicator_use *use, int output, int *price, int *volume)
{
    const struct output *of = &use->indicator->output[output];
    const bool of_volume = word_of(use, source_words) == SOURCE_VOLUME;
    *price = of_volume ? 0 : of->price_power;
    *volume = of->volume_power + (of_volume ? of->price_power : 0);
}

size_t indicator_size(const struct indicator_use *use)
{
    const size_t unit = _Alignof(max_align_t);
    const struct indicator *indicator = use->indicator;
    return ((indicator->size != NULL ? indicator->size(use->parameter) : indicator->bytes) + unit - 1) / unit * unit;
}

void indicator_init(const struct indicator_use *use, void *state)
{
    use->indicator->init(state, use->parameter);
}

/* The column of a source: one there is, or worked out into `room`. */
static const double *source_column(const struct columns *in, int source, double *room)
{
    switch ((enum source)source) {
    case SOURCE_OPEN:
        return in->open;
    case SOURCE_HIGH:
        return in->high;
    case SOURCE_LOW:
        return in->low;
    case SOURCE_HL2:
        for (size_t i = 0; i < in->n; i++)
            room[i] = (in->high[i] + in->low[i]) / 2;
        return room;
    case SOURCE_HLC3:
        for (size_t i = 0; i < in->n; i++)
            room[i] = (in->high[i] + in->low[i] + in->close[i]) / 3;
        return room;
    case SOURCE_OHLC4:
        for (size_t i = 0; i < in->n; i++)
            room[i] = (in->open[i] + in->high[i] + in->low[i] + in->close[i]) / 4;
        return room;
    case SOURCE_VOLUME:
        return in->volume;
    case SOURCE_CLOSE:
        break;
    }
    return in->close;
}

static size_t count_missing(const double *column, size_t n)
{
    size_t missing = 0;
    for (size_t i = 0; i < n; i++)
        missing += fabs(column[i]) <= VALUE_MAX ? 0u : 1u;
    return missing;
}

static const int64_t *times_from(const int64_t *column, size_t i)
{
    return column == NULL ? NULL : column + i;
}

static const double *values_from(const double *column, size_t i)
{
    return column == NULL ? NULL : column + i;
}

static void run_part(const struct indicator *indicator, void *state, const struct columns *in, double *const *out,
                     size_t from, size_t to)
{
    const struct columns part = {.n = to - from,
                                 .open = values_from(in->open, from),
                                 .high = values_from(in->high, from),
                                 .low = values_from(in->low, from),
                                 .close = values_from(in->close, from),
                                 .volume = values_from(in->volume, from),
                                 .time = times_from(in->time, from),
                                 .end = times_from(in->end, from),
                                 .session = times_from(in->session, from),
                                 .source = values_from(in->source, from),
                                 .other = values_from(in->other, from)};
    double *row[INDICATOR_OUTPUTS_MAX];
    for (int k = 0; k < indicator->outputs; k++)
        row[k] = out[k] + from;
    indicator->run(state, &part, row);
}

/* Bars of which a value is missing are passed over. */
static void run_parts(const struct indicator *indicator, void *state, const struct columns *in, double *const *out,
                      const double *const *check, int checks)
{
    for (size_t i = 0, from = 0; i <= in->n; i++) {
        bool there = i < in->n;
        for (int k = 0; k < checks && there; k++)
            there = fabs(check[k][i]) <= VALUE_MAX;
        if (there)
            continue;
        if (i > from)
            run_part(indicator, state, in, out, from, i);
        for (int k = 0; k < indicator->outputs && i < in->n; k++)
            out[k][i] = NAN;
        from = i + 1;
    }
}

void indicator_run(const struct indicator_use *use, void *state, const struct columns *in, double *const *out)
{
    const struct indicator *indicator = use->indicator;
    const unsigned inputs = indicator->inputs;
    const double *check[3];
    double source[COLUMNS_MAX], other[COLUMNS_MAX];
    struct columns all = *in;
    int checks = 0;
    size_t missing = 0;
    require(in->n <= COLUMNS_MAX);
    if (in->n == 0)
        return;
    /* Prices of bars are there; what somebody computed, and volumes, may not be. */
    if ((inputs & INPUT_SOURCE) != 0) {
        const int word = word_of(use, source_words);
        if (all.source != NULL || word == SOURCE_VOLUME)
            check[checks++] = all.source != NULL ? all.source : all.volume;
        if (all.source == NULL)
            all.source = source_column(in, word, source);
    }
    if ((inputs & INPUT_OTHER) != 0) {
        const int word = word_of(use, other_words);
        if (word == 0 || word == 1 + SOURCE_VOLUME)
            check[checks++] = word == 0 ? all.other : all.volume;
        if (word > 0)
            all.other = source_column(in, word - 1, other);
        require(all.other != NULL);
    }
    if ((inputs & INPUT_VOLUME) != 0)
        check[checks++] = all.volume;
    for (int k = 0; k < checks; k++)
        missing += count_missing(check[k], all.n);
    if (missing == 0)
        indicator->run(state, &all, out);
    else
        run_parts(indicator, state, &all, out, check, checks);
    for (int k = 0; k < indicator->outputs && !indicator->finite; k++)
        for (size_t i = 0; i < all.n; i++)
            out[k][i] = fabs(out[k][i]) <= DBL_MAX ? out[k][i] : NAN;
}
