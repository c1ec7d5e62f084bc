/* Sources by what became of their signals. */
#include "strategy/leaders.h"

#include "base/list.h"
#include "base/names.h"
#include "record/record.h"
#include "stat/confidence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define OUTCOMES_MAX 50000000

/* What is kept of an outcome: enough to put them in one order, whatever the input's was. */
struct kept {
    double gain, r, mfe, mae;
    int64_t time, bars;
    char symbol[SYMBOL_SIZE], signal[ID_SIZE];
};

struct source {
    struct kept *kept;
    size_t count, capacity;
    int64_t open, missed, newest;
    struct leader leader;
    double key;
};

struct leaders {
    struct leaders_terms terms;
    struct names names;
    struct source *source;
    size_t count, capacity, outcomes;
};

struct leaders *leaders_new(const struct leaders_terms *terms, struct error *error)
{
    struct leaders *leaders = calloc(1, sizeof *leaders);
    if (leaders == NULL) {
        error_memory(error);
        return NULL;
    }
    leaders->terms = *terms;
    names_init(&leaders->names);
    return leaders;
}

void leaders_free(struct leaders *leaders)
{
    if (leaders == NULL)
        return;
    for (size_t i = 0; i < leaders->count; i++)
        free(leaders->source[i].kept);
    free(leaders->source);
    names_clear(&leaders->names);
    free(leaders);
}

static bool counts(const struct signal_outcome *outcome)
{
    return outcome->ended != ENDED_OPEN && outcome->ended != ENDED_MISSED && outcome->ended != ENDED_BEYOND_STOP &&
           !isnan(outcome->gain);
}

double outcome_return(const struct signal_outcome *outcome, double cost)
{
    return counts(outcome) ? outcome->gain - cost : (double)NAN;
}

double outcome_r(const struct signal_outcome *outcome, double cost)
{
    return counts(outcome) && outcome->risk > 0 ? outcome->r - cost / outcome->risk : (double)NAN;
}

static struct source *find(struct leaders *leaders, const char *name, struct error *error)
{
    const int64_t index = names_add(&leaders->names, str_of(name), error);
    if (index < 0)
        return NULL;
    if ((size_t)index == leaders->count) {
        if (list_grow(&leaders->source, &leaders->capacity, leaders->count, sizeof *leaders->source, error) != 0)
            return NULL;
        leaders->source[leaders->count++] = (struct source){.newest = TIME_NONE};
    }
    return &leaders->source[index];
}

int leaders_add(struct leaders *leaders, const struct signal_outcome *outcome, struct error *error)
{
    struct source *source = find(leaders, outcome->strategy, error);
    if (source == NULL)
        return -1;
    if (source->newest == TIME_NONE || outcome->time > source->newest)
        source->newest = outcome->time;
    if (!counts(outcome)) {
        *(outcome->ended == ENDED_OPEN ? &source->open : &source->missed) += 1;
        return 0;
    }
    if (leaders->outcomes++ == OUTCOMES_MAX)
        return error_set(error, EXIT_INPUT, "more than %d outcomes", OUTCOMES_MAX);
    if (list_grow(&source->kept, &source->capacity, source->count, sizeof *source->kept, error) != 0)
        return -1;
    struct kept *kept = &source->kept[source->count++];
    *kept = (struct kept){.gain = outcome_return(outcome, leaders->terms.cost),
                          .r = outcome_r(outcome, leaders->terms.cost),
                          .mfe = outcome->mfe,
                          .mae = outcome->mae,
                          .time = outcome->time,
                          .bars = outcome->bars};
    memcpy(kept->symbol, outcome->symbol, sizeof kept->symbol);
    memcpy(kept->signal, outcome->signal, sizeof kept->signal);
    return 0;
}

static int compare_kept(const void *a, const void *b)
{
    const struct kept *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    const int order = strcmp(x->symbol, y->symbol);
    return order != 0 ? order : strcmp(x->signal, y->signal);
}

static void take_means(struct source *source, struct leader *leader, double *value, double confidence)
{
    double won = 0, lost = 0, mfe = 0, mae = 0, bars = 0, mean;
    size_t wins = 0, with_r = 0;
    for (size_t i = 0; i < source->count; i++) {
        const struct kept *kept = &source->kept[i];
        value[i] = kept->gain;
        *(kept->gain > 0 ? &won : &lost) += fabs(kept->gain);
        wins += kept->gain > 0;
        mfe += kept->mfe;
        mae += kept->mae;
        bars += (double)kept->bars;
    }
    const double count = (double)source->count;
    struct confidence interval = wilson_interval(wins, source->count, confidence);
    leader->hit = (double)wins / count;
    leader->hit_low = interval.low;
    leader->hit_high = interval.high;
    interval = mean_interval(value, source->count, confidence, &leader->gain);
    leader->gain_low = interval.low;
    leader->gain_high = interval.high;
    leader->profit_factor = lost > 0 ? won / lost : (double)NAN;
    leader->mfe = mfe / count;
    leader->mae = mae / count;
    leader->bars = bars / count;
    for (size_t i = 0; i < source->count; i++)
        if (!isnan(source->kept[i].r))
            value[with_r++] = source->kept[i].r;
    interval = mean_interval(value, with_r, confidence, &mean);
    leader->with_r = (int64_t)with_r;
    leader->r = mean;
    leader->r_low = interval.low;
    leader->r_high = interval.high;
}

static int work_out(struct leaders *leaders, size_t index, struct error *error)
{
    struct source *source = &leaders->source[index];
    struct leader *leader = &source->leader;
    record_blank(RECORD_LEADER, leader);
    leader->time = source->newest;
    (void)memcpy(leader->strategy, leaders->names.name[index], strlen(leaders->names.name[index]) + 1);
    leader->outcomes = (int64_t)source->count;
    leader->open = source->open;
    leader->missed = source->missed;
    leader->enough = source->count >= LEADERS_ENOUGH;
    leader->confidence = leaders->terms.confidence;
    source->key = (double)NAN;
    if (source->count == 0)
        return 0;
    double *value = calloc(source->count, sizeof *value);
    if (value == NULL)
        return error_memory(error);
    qsort(source->kept, source->count, sizeof *source->kept, compare_kept);
    take_means(source, leader, value, leaders->terms.confidence);
    free(value);
    source->key = leaders->terms.by == LEADERS_BY_R        ? leader->r_low
                  : leaders->terms.by == LEADERS_BY_RETURN ? leader->gain_low
                                                           : leader->hit_low;
    return 0;
}

static int compare_sources(const void *a, const void *b)
{
    const struct source *x = a, *y = b;
    if (isnan(x->key) != isnan(y->key))
        return isnan(x->key) ? 1 : -1;
    if (!isnan(x->key) && x->key != y->key)
        return x->key > y->key ? -1 : 1;
    return strcmp(x->leader.strategy, y->leader.strategy);
}

int leaders_rank(struct leaders *leaders, int (*each)(void *context, const struct leader *leader, struct error *error),
                 void *context, struct error *error)
{
    for (size_t i = 0; i < leaders->count; i++)
        if (work_out(leaders, i, error) != 0)
            return -1;
    if (leaders->count > 1) /* the names are asked no more */
        qsort(leaders->source, leaders->count, sizeof *leaders->source, compare_sources);
    int64_t rank = 0;
    for (size_t i = 0; i < leaders->count; i++) {
        struct source *source = &leaders->source[i];
        const bool shared = i > 0 && source->key == leaders->source[i - 1].key;
        rank = shared ? rank : (int64_t)i + 1;
        source->leader.rank = isnan(source->key) ? 0 : rank; /* absent: too few outcomes for an interval */
        if (each(context, &source->leader, error) != 0)
            return -1;
    }
    return 0;
}
