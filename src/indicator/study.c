/* Steps several indicators over every series and writes their figures onto the bars. */
#include "indicator/study.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define FIELD_SIZE 96

struct part {
    struct indicator_use use;
    size_t at; /* of its state within the state of a series */
    int field; /* of its first output */
};

/* The last close of the second series in an interval, and the last end for which it was looked for in vain. */
struct beside {
    struct interval interval;
    int64_t end, missed;
    double close;
};

#define BESIDE_MAX 32 /* intervals of one stream */

struct study {
    struct series_set *set;
    struct part *part;
    int parts, fields;
    unsigned inputs; /* of all of them */
    char against[SYMBOL_SIZE];
    struct beside beside[BESIDE_MAX];
    int besides;
    bool late;
    int price_power[STUDY_FIELDS_MAX], volume_power[STUDY_FIELDS_MAX];
    char field[STUDY_FIELDS_MAX][FIELD_SIZE];
};

static void init_parts(void *state, const void *context)
{
    const struct study *study = context;
    for (int i = 0; i < study->parts; i++) {
        const struct part *part = &study->part[i];
        indicator_init(&part->use, (char *)state + part->at);
    }
}

static int add_field(struct study *study, const struct indicator_use *use, int output, struct error *error)
{
    if (study->fields == STUDY_FIELDS_MAX)
        return error_set(error, EXIT_USAGE, "more than %d fields to add", STUDY_FIELDS_MAX);
    char *name = study->field[study->fields];
    if (indicator_use_field(use, output, name, FIELD_SIZE, error) != 0)
        return -1;
    for (int i = 0; i < study->fields; i++)
        if (strcmp(study->field[i], name) == 0)
            return error_set(error, EXIT_USAGE, "%s is named twice", name);
    indicator_powers(use, output, &study->price_power[study->fields], &study->volume_power[study->fields]);
    study->fields++;
    return 0;
}

static int refuse_alone(const struct indicator_use *use, struct error *error)
{
    error_set(error, EXIT_USAGE, "%s needs a second series", use->indicator->name);
    error_hint(error, "tn-signal add takes a symbol with --against; other=volume takes one of the same bars");
    return -1;
}

struct study *study_new(const struct indicator_use *uses, int count, const struct study_terms *terms,
                        struct error *error)
{
    struct study *study = calloc(1, sizeof *study);
    size_t size = 0;
    if (study == NULL || (study->part = calloc((size_t)count, sizeof *study->part)) == NULL) {
        error_memory(error);
        goto failed;
    }
    (void)snprintf(study->against, sizeof study->against, "%s", terms->against != NULL ? terms->against : "");
    for (int i = 0; i < count; i++) {
        if ((indicator_inputs(&uses[i]) & INPUT_OTHER) != 0 && terms->against == NULL &&
            refuse_alone(&uses[i], error) != 0)
            goto failed;
        study->part[study->parts++] = (struct part){uses[i], size, study->fields};
        for (int output = 0; output < uses[i].indicator->outputs; output++)
            if (add_field(study, &uses[i], output, error) != 0)
                goto failed;
        study->inputs |= indicator_inputs(&uses[i]);
        size += indicator_size(&uses[i]);
    }
    study->set = series_set_new(size, init_parts, study, error);
    if (study->set != NULL) {
        series_set_calendar(study->set, terms->calendar, terms->calendars);
        return study;
    }
failed:
    study_free(study);
    return NULL;
}

void study_free(struct study *study)
{
    if (study == NULL)
        return;
    series_set_free(study->set);
    free(study->part);
    free(study);
}

int study_fields(const struct study *study)
{
    return study->fields;
}

const char *study_field(const struct study *study, int field)
{
    require(field >= 0 && field < study->fields);
    return study->field[field];
}

int study_action(struct study *study, const struct action *action, struct error *error)
{
    return series_set_action(study->set, action, error);
}

bool study_was_late(const struct study *study)
{
    return study->late;
}

/* The place of an interval; NULL for more intervals than there is room for. */
static struct beside *find_beside(struct study *study, struct interval interval)
{
    for (int i = 0; i < study->besides; i++)
        if (interval_equal(study->beside[i].interval, interval))
            return &study->beside[i];
    if (study->besides == BESIDE_MAX)
        return NULL;
    struct beside *beside = &study->beside[study->besides++];
    *beside = (struct beside){.interval = interval, .end = TIME_NONE, .missed = TIME_NONE, .close = NAN};
    return beside;
}

/* The close of the second series at the end of this bar. */
static double close_beside(struct study *study, const struct bar *bar, double close)
{
    struct beside *beside = find_beside(study, bar->interval);
    if (beside == NULL)
        return NAN;
    if (strcmp(bar->symbol, study->against) == 0) {
        study->late = study->late || beside->missed == bar->end;
        beside->end = bar->end;
        beside->close = close;
    } else if (beside->end != bar->end) {
        beside->missed = bar->end;
        return NAN;
    }
    return beside->close;
}

int study_bar(struct study *study, const struct bar *bar, double values[static STUDY_FIELDS_MAX], struct error *error)
{
    if (bar->final == 0) {
        for (int i = 0; i < study->fields; i++)
            values[i] = NAN;
        return 0;
    }
    const struct candle candle = candle_of_bar(bar);
    const struct bars bars = bars_of(&candle);
    struct series *series = series_set_find(study->set, bar->symbol, bar->interval, error);
    if (series == NULL || series_step(series, &bars, bar->adjusted, bar->symbol, error) != 0)
        return -1;
    struct column_block block;
    const bool alone = study->against[0] == '\0';
    double other = NAN;
    series_columns(series, &bars, study->inputs | (alone ? 0u : INPUT_CLOSE), UNIT_CURRENCY, &block);
    if (!alone)
        other = close_beside(study, bar, block.close[0]);
    block.columns.other = &other;
    for (int i = 0; i < study->parts; i++) {
        const struct part *part = &study->part[i];
        double *out[INDICATOR_OUTPUTS_MAX];
        for (int k = 0; k < part->use.indicator->outputs; k++)
            out[k] = values + part->field + k;
        indicator_run(&part->use, (char *)series->state + part->at, &block.columns, out);
    }
    for (int i = 0; i < study->fields; i++)
        values[i] = series_of_day(series, values[i], study->price_power[i], study->volume_power[i]);
    return 0;
}

static bool is_ours(const struct study *study, struct str key)
{
    for (int i = 0; i < study->fields; i++)
        if (str_is(key, study->field[i]))
            return true;
    return false;
}

/* The line without its closing brace, and without fields of our names. */
static int write_others(const struct study *study, const struct record *record, struct buf *out)
{
    int kept = 0;
    for (int i = 0; i < record->fields; i++)
        kept += !is_ours(study, record->field[i].key);
    if (kept == record->fields) {
        size_t length = record->line.n;
        while (length > 0 && record->line.p[length - 1] != '}')
            length--;
        buf_add(out, record->line.p, length > 0 ? length - 1 : 0);
        return kept;
    }
    char before = '{';
    for (int i = 0; i < record->fields; i++) {
        const struct field *field = &record->field[i];
        if (is_ours(study, field->key))
            continue;
        buf_add_char(out, before);
        buf_add_char(out, '"');
        buf_add_str(out, field->key);
        buf_add_text(out, "\":");
        buf_add_str(out, field->value);
        before = ',';
    }
    return kept;
}

int study_write(const struct study *study, const struct record *record, const double *values, struct buf *out,
                struct error *error)
{
    const size_t start = out->n;
    if (write_others(study, record, out) + study->fields > RECORD_FIELD_MAX)
        return error_set(error, EXIT_INPUT, "more than %d fields with those to add", RECORD_FIELD_MAX);
    for (int i = 0; i < study->fields; i++) {
        buf_add_text(out, ",\"");
        buf_add_text(out, study->field[i]);
        buf_add_text(out, "\":");
        json_add_double(out, values[i]);
    }
    buf_add_text(out, "}\n");
    if (buf_check(out, error) != 0)
        return -1;
    if (out->n - start > (size_t)RECORD_LINE_MAX)
        return error_set(error, EXIT_INPUT, "longer than %d bytes with the fields to add", RECORD_LINE_MAX);
    return 0;
}
