/* From the cache as far as it goes: what is missing is planned, asked for in groups of the same stretch, kept, and read
 * back. The bars beside a gap are asked for again with it, so that corrections and late adjustments are found. */
#include "base/list.h"
#include "feed/rest_parts.h"
#include "market/bar_times.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    OVERLAP = 5,    /* bars that are asked for again */
    GROUPS_MAX = 8, /* more stretches than that are made longer until some are the same */
    ROUNDS_MAX = 4  /* of planning and asking: another basis is found in the first, all of it had in the second */
};
#define SETTLED        (3 * TIME_DAY) /* a bar that is absent so long after its end will not come */
#define ACTIONS_SETTLE (10 * TIME_DAY)
#define ACTIONS_AGE    TIME_HOUR

struct job {
    size_t symbol;
    bool actions;
    struct cache_range range;
};

struct plan {
    struct rest_source *source;
    const struct fetch_query *query;
    struct cache_key key;
    char origin[PATH_MAX];
    struct cache_range wanted; /* of finished bars */
    int64_t unfinished;        /* where the first bar begins that is not finished */
    bool at_end;               /* the wanted stretch goes up to now */
    struct job *job;
    size_t jobs, capacity;
    struct cache_range *missing;
    size_t missing_count, missing_capacity;
    const char **name; /* of a group's symbols */
};

/* Where the first bar begins whose end is after a moment. */
static int first_after(const struct calendar *calendar, struct interval interval, bool extended, int64_t moment,
                       int64_t *start, struct error *error)
{
    struct session session;
    struct bar_slot slot;
    if (extended && !interval_is_daily(interval)) {
        const int found = bar_slot(calendar, interval, true, moment, &slot, error);
        if (found == 1)
            *start = slot.start;
        else if (found == 0 && calendar_next(calendar, calendar_date(calendar, moment), &session, error) == 0)
            *start = calendar_midnight(calendar, session.date);
        return error_is_set(error) ? -1 : 0;
    }
    if (calendar_current_or_next(calendar, moment, &session, error) < 0)
        return -1;
    if (interval_is_daily(interval)) {
        struct period period;
        if (calendar_period(calendar, interval, session.date, &period, error) < 0)
            return -1;
        *start = calendar_midnight(calendar, period.first.date);
        return 0;
    }
    *start = session.open;
    return moment < session.open || bar_slot(calendar, interval, false, moment, &slot, error) != 1
               ? (error_is_set(error) ? -1 : 0)
               : (*start = slot.start, 0);
}

static int after(const struct plan *plan, int64_t moment, int64_t *start, struct error *error)
{
    return first_after(plan->source->request->calendar, plan->source->interval, plan->key.extended, moment, start,
                       error);
}

/* ---- what is asked for ---- */

static int add_job(struct plan *plan, size_t symbol, bool actions, struct cache_range range, struct error *error)
{
    if (range.from < TIME_DAY)
        range.from = TIME_DAY;
    if (range.from >= range.to)
        return 0;
    if (list_grow(&plan->job, &plan->capacity, plan->jobs, sizeof *plan->job, error) != 0)
        return -1;
    plan->job[plan->jobs++] = (struct job){symbol, actions, range};
    return 0;
}

/* A stretch that is missing, and the kept bars beside it. */
static int add_missing(struct plan *plan, size_t symbol, struct cache_range range, struct error *error)
{
    struct rest_series *series = &plan->source->series[symbol];
    int64_t time;
    if (series->done.from <= range.from && range.from < series->done.to)
        range.from = series->done.to;
    if (series->done.from < range.to && range.to <= series->done.to)
        range.to = series->done.from;
    if (range.from >= range.to)
        return 0;
    if (range.to == plan->wanted.to)
        range.to = plan->query->to;
    const int before = cache_neighbour(plan->source->rest->cache, series->kept.id, range.from, OVERLAP, &time, error);
    if (before == 1)
        range.from = time;
    const int behind =
        before < 0 ? -1 : cache_neighbour(plan->source->rest->cache, series->kept.id, range.to, -OVERLAP, &time, error);
    if (behind == 1)
        range.to = time + TIME_SECOND;
    return behind < 0 ? -1 : add_job(plan, symbol, false, range, error);
}

/* Prices that are adjusted, and actions that come with the bars, may change although no bar is missing: their end is
 * asked for again on each new date. */
static bool is_old(const struct plan *plan, const struct rest_series *series)
{
    const struct adapter *adapter = plan->source->rest->adapter;
    const struct calendar *calendar = plan->source->request->calendar;
    return plan->at_end && (adapter->adjusted != ADJUSTED_RAW || adapter->actions_in_bars) &&
           series->done.from == series->done.to &&
           (series->kept.asked == TIME_NONE ||
            calendar_date(calendar, series->kept.asked) < calendar_date(calendar, plan->query->now));
}

/* Actions are kept with the moment at which they were asked for, so they are asked for up to it, however early the bars
 * end. */
static int plan_actions(struct plan *plan, size_t symbol, struct error *error)
{
    const struct cache_series *kept = &plan->source->series[symbol].kept;
    if (plan->source->series[symbol].actions_done)
        return 0;
    const struct calendar *calendar = plan->source->request->calendar;
    const struct fetch_query *query = plan->query;
    const int64_t next = (query->now / TIME_SECOND + 1) * TIME_SECOND, to = query->to > next ? query->to : next;
    if (kept->actions_from == TIME_NONE || kept->actions_from > query->from || plan->source->rest->fresh)
        return add_job(plan, symbol, true, (struct cache_range){query->from, to}, error);
    const bool known = query->to <= kept->actions_asked - ACTIONS_SETTLE ||
                       (query->now - kept->actions_asked < ACTIONS_AGE &&
                        calendar_date(calendar, kept->actions_asked) >= calendar_date(calendar, query->now));
    const int64_t from = kept->actions_asked - ACTIONS_SETTLE;
    return known ? 0 : add_job(plan, symbol, true, (struct cache_range){from, to}, error);
}

static int plan_symbol(struct plan *plan, size_t symbol, int round, struct error *error)
{
    struct rest_series *series = &plan->source->series[symbol];
    struct cache *cache = plan->source->rest->cache;
    const int64_t epoch = series->kept.epoch;
    const size_t jobs = plan->jobs;
    if (cache_find(cache, &plan->key, plan->source->symbols.name[symbol], &series->kept, error) < 0)
        return -1;
    if (series->kept.epoch != epoch) {
        series->done = (struct cache_range){0, 0};
        series->actions_done = false;
    }
    if (round == 0 && plan->source->rest->fresh) {
        if (add_job(plan, symbol, false, (struct cache_range){plan->query->from, plan->query->to}, error) < 0)
            return -1;
    } else {
        plan->missing_count = 0;
        if (cache_missing(cache, series->kept.id, plan->wanted, &plan->missing, &plan->missing_count,
                          &plan->missing_capacity, error) < 0)
            return -1;
        for (size_t i = 0; i < plan->missing_count; i++)
            if (add_missing(plan, symbol, plan->missing[i], error) < 0)
                return -1;
    }
    int64_t time;
    if (plan->jobs == jobs && is_old(plan, series)) {
        const int before = cache_neighbour(cache, series->kept.id, plan->wanted.to, OVERLAP, &time, error);
        if (before < 0 ||
            (before == 1 && add_job(plan, symbol, false, (struct cache_range){time, plan->query->to}, error) < 0))
            return -1;
    }
    return rest_asks_actions(plan->source->rest->adapter) ? plan_actions(plan, symbol, error) : 0;
}

/* ---- asking ---- */

static int compare_jobs(const void *a, const void *b)
{
    const struct job *x = a, *y = b;
    if (x->actions != y->actions)
        return x->actions - y->actions;
    if (x->range.from != y->range.from)
        return (x->range.from > y->range.from) - (x->range.from < y->range.from);
    if (x->range.to != y->range.to)
        return (x->range.to > y->range.to) - (x->range.to < y->range.to);
    return (x->symbol > y->symbol) - (x->symbol < y->symbol);
}

static size_t group_size(const struct plan *plan, size_t at)
{
    const struct job *first = &plan->job[at];
    size_t end = at + 1;
    while (end < plan->jobs && plan->job[end].actions == first->actions &&
           plan->job[end].range.from == first->range.from && plan->job[end].range.to == first->range.to)
        end++;
    return end - at;
}

/* Few requests for many symbols are better than many that ask for little: each stretch becomes 1, 2, 4 … days. */
static void make_groups(struct plan *plan)
{
    size_t groups = 0;
    qsort(plan->job, plan->jobs, sizeof *plan->job, compare_jobs);
    for (size_t i = 0; i < plan->jobs; i += group_size(plan, i))
        groups++;
    if (groups <= GROUPS_MAX)
        return;
    for (size_t i = 0; i < plan->jobs; i++) {
        struct cache_range *range = &plan->job[i].range;
        int64_t length = TIME_DAY;
        if (!plan->job[i].actions)
            range->to = plan->query->to;
        while (length < range->to - range->from && length < 16384 * TIME_DAY)
            length *= 2;
        range->from = range->to - length < range->from ? range->to - length : range->from;
        if (range->from < TIME_DAY)
            range->from = TIME_DAY;
    }
    qsort(plan->job, plan->jobs, sizeof *plan->job, compare_jobs);
    size_t kept = 1;
    for (size_t i = 1; i < plan->jobs; i++)
        if (compare_jobs(&plan->job[kept - 1], &plan->job[i]) != 0)
            plan->job[kept++] = plan->job[i];
    plan->jobs = kept;
}

static void tell_change(const struct plan *plan, const char *symbol, const struct cache_change *change)
{
    const struct feed_request *request = plan->source->request;
    char text[400], date[TIME_TEXT_MAX], before[DEC_TEXT_MAX], after[DEC_TEXT_MAX];
    if (change->rebased)
        request->note(request->context, symbol,
                      "its prices are on another basis since they were kept; all are asked for again");
    if (change->corrected + change->withdrawn == 0 || change->rebased)
        return;
    if (change->before.time == TIME_NONE) {
        (void)snprintf(text, sizeof text, "%zu volumes are others than before", change->corrected);
        request->note(request->context, symbol, text);
        return;
    }
    const struct bar *bar = &change->before;
    (void)date_format(date, date_from_days(bar_session_date(request->calendar, bar)));
    (void)dec_format(before, bar->close);
    if (change->after.time == TIME_NONE) {
        (void)snprintf(text, sizeof text, "%s has withdrawn %zu %s; the last is of %s, with the close %s",
                       plan->key.source, change->withdrawn, change->withdrawn == 1 ? "bar" : "bars", date, before);
    } else {
        (void)dec_format(after, change->after.close);
        (void)snprintf(text, sizeof text, "%s has corrected %zu %s; the last is of %s: its close was %s, and is %s",
                       plan->key.source, change->corrected, change->corrected == 1 ? "bar" : "bars", date, before,
                       after);
    }
    request->warn(request->context, symbol, text, NULL);
}

/* Only finished bars of the stretch. */
static void cut(const struct plan *plan, struct rest_series *series, struct cache_range range)
{
    size_t kept = 0;
    rest_series_sort(series);
    for (size_t i = 0; i < series->count; i++)
        if (series->bar[i].time >= range.from && series->bar[i].time < range.to &&
            series->bar[i].end <= plan->query->now)
            series->bar[kept++] = series->bar[i];
    series->count = kept;
}

/* How far the absence of a bar says that there is none. A server may be late with the last ones, and the present moment
 * may be one that has not come yet. */
static int known_to(const struct plan *plan, const struct rest_series *series, int64_t *to, struct error *error)
{
    const int64_t now = plan->query->now, clock = plan->source->rest->clock;
    int64_t settled = now;
    if (after(plan, (now < clock ? now : clock) - SETTLED, &settled, error) < 0)
        return -1;
    *to = settled;
    if (series->count > 0 && after(plan, series->bar[series->count - 1].end, to, error) < 0)
        return -1;
    *to = *to < settled ? settled : *to;
    *to = *to < plan->unfinished ? *to : plan->unfinished;
    return 0;
}

static int keep_actions(struct plan *plan, const struct job *job, struct error *error)
{
    struct rest_series *series = &plan->source->series[job->symbol];
    const int64_t clock = plan->source->rest->clock, now = plan->query->now < clock ? plan->query->now : clock;
    series->actions_done = true;
    return cache_keep_actions(plan->source->rest->cache, &series->kept, job->range, now,
                              plan->source->request->calendar, &series->actions, error);
}

/* What this run has asked for it does not ask for again, even if a late bar is still absent. */
static void note_done(const struct plan *plan, struct rest_series *series, const struct job *job,
                      const struct cache_change *change)
{
    struct cache_range range = job->range;
    if (plan->at_end && range.to == plan->query->to && range.to < plan->wanted.to)
        range.to = plan->wanted.to;
    if (change->outdated)
        range = (struct cache_range){0, 0};
    else if (!change->rebased && series->done.from < series->done.to) {
        range.from = series->done.from < range.from ? series->done.from : range.from;
        range.to = series->done.to > range.to ? series->done.to : range.to;
    }
    series->done = range;
    if (change->rebased)
        series->actions_done = false;
}

static int keep_bars(struct plan *plan, const struct job *job, struct error *error)
{
    struct rest_source *source = plan->source;
    struct rest_series *series = &source->series[job->symbol];
    struct cache_change change;
    struct cache_answer answer = {
        .asked = job->range,
        .now = plan->query->now,
        .clock = source->rest->clock,
        .at_end = plan->at_end && job->range.to == plan->query->to,
    };
    cut(plan, series, job->range);
    answer.bar = series->bar;
    answer.bars = series->count;
    if (known_to(plan, series, &answer.known_to, error) < 0)
        return -1;
    if (series->bad)
        answer.known_to = job->range.from;
    if (cache_keep(source->rest->cache, &plan->key, &series->kept, &answer, &change, error) < 0)
        return -1;
    if (change.empty)
        (void)error_set(&series->failure, EXIT_UNAVAILABLE, "%s: it has no bars where it had some before",
                        source->rest->adapter->name);
    if (change.empty)
        return 0;
    tell_change(plan, source->symbols.name[job->symbol], &change);
    source->rest->adapter->tally.corrected += (int64_t)(change.corrected + change.withdrawn);
    note_done(plan, series, job, &change);
    return change.outdated || !source->rest->adapter->actions_in_bars ? 0 : keep_actions(plan, job, error);
}

static int keep_group(struct plan *plan, const struct job *job, size_t jobs, struct error *error)
{
    struct rest_source *source = plan->source;
    struct cache *cache = source->rest->cache;
    int result = cache_begin(cache, true, error);
    for (size_t i = 0; i < jobs && result == 0; i++) {
        struct rest_series *series = &source->series[job[i].symbol];
        if (error_is_set(&series->failure))
            continue;
        result = cache_make(cache, &plan->key, source->symbols.name[job[i].symbol], source->rest->clock, &series->kept,
                            error);
        if (result == 0 && job->actions)
            result = keep_actions(plan, &job[i], error);
        else if (result == 0)
            result = keep_bars(plan, &job[i], error);
    }
    if (result == 0)
        result = cache_commit(cache, error);
    cache_rollback(cache);
    return result;
}

static int ask(struct plan *plan, bool *broken, struct error *error)
{
    struct rest_source *source = plan->source;
    make_groups(plan);
    for (size_t at = 0, jobs; at < plan->jobs; at += jobs) {
        const struct job *job = &plan->job[at];
        struct fetch_query query = *plan->query;
        jobs = group_size(plan, at);
        query.symbols = 0;
        query.symbol = plan->name;
        query.from = job->range.from;
        query.to = job->range.to;
        for (size_t i = 0; i < jobs; i++) {
            struct rest_series *series = &source->series[job[i].symbol];
            if (error_is_set(&series->failure))
                continue;
            rest_series_clear(series);
            plan->name[query.symbols++] = source->symbols.name[job[i].symbol];
        }
        if (query.symbols == 0)
            continue;
        *broken = false;
        if (rest_fetch(source, &query, job->actions ? "actions" : "bars", error) < 0)
            return -1;
        *broken = true;
        if (keep_group(plan, job, jobs, error) < 0)
            return -1;
    }
    return 0;
}

/* ---- reading ---- */

static void fail_incomplete(struct plan *plan)
{
    for (size_t i = 0; i < plan->jobs; i++)
        (void)error_set(&plan->source->series[plan->job[i].symbol].failure, EXIT_UNAVAILABLE,
                        "%s: its prices changed while they were read", plan->source->rest->adapter->name);
}

static int load(struct plan *plan, struct error *error)
{
    struct rest_source *source = plan->source;
    const struct fetch_query *query = plan->query;
    for (size_t i = 0; i < source->symbols.count; i++) {
        struct rest_series *series = &source->series[i];
        if (error_is_set(&series->failure)) {
            int64_t time;
            if (series->failure.hint[0] == '\0' && series->kept.id > 0 &&
                cache_neighbour(source->rest->cache, series->kept.id, plan->wanted.to, 1, &time, error) == 1)
                error_hint(&series->failure, "--offline uses the cache");
            continue;
        }
        rest_series_clear(series);
        if (series->kept.id > 0 && (cache_load(source->rest->cache, &plan->key, source->symbols.name[i],
                                               series->kept.id, (struct cache_range){query->from, plan->wanted.to},
                                               &series->bar, &series->count, &series->capacity, error) < 0 ||
                                    cache_load_actions(source->rest->cache, source->symbols.name[i], series->kept.id,
                                                       (struct cache_range){query->from, query->to},
                                                       source->request->calendar, &series->actions, error) < 0))
            return -1;
    }
    return error_is_set(error) ? -1 : 0;
}

/* A hole between kept bars would look like days without trading. */
static int check_offline(struct plan *plan, struct error *error)
{
    struct rest_source *source = plan->source;
    size_t late = 0;
    const char *example = NULL;
    char from[TIME_TEXT_MAX], to[TIME_TEXT_MAX], text[300];
    for (size_t i = 0; i < source->symbols.count; i++) {
        struct rest_series *series = &source->series[i];
        if (series->kept.id == 0) {
            (void)error_set(&series->failure, EXIT_UNAVAILABLE, "it is not in the cache of %s", plan->key.source);
            error_hint(&series->failure, "without --offline it is requested");
            continue;
        }
        plan->missing_count = 0;
        if (cache_missing(source->rest->cache, series->kept.id, plan->wanted, &plan->missing, &plan->missing_count,
                          &plan->missing_capacity, error) < 0)
            return -1;
        for (size_t k = 0; k < plan->missing_count; k++) {
            const struct cache_range hole = plan->missing[k];
            if (hole.to == plan->wanted.to) {
                late++;
                example = source->symbols.name[i];
                (void)time_format(from, hole.from);
            } else if (hole.from != plan->wanted.from) {
                (void)time_format(from, hole.from);
                (void)time_format(to, hole.to);
                (void)error_set(&series->failure, EXIT_UNAVAILABLE, "the cache of %s has no bars from %s to %s",
                                plan->key.source, from, to);
                error_hint(&series->failure, "without --offline it is requested");
            }
        }
    }
    if (late == 0)
        return 0;
    (void)snprintf(text, sizeof text, "%zu of %zu symbols are kept only in part: %s to %s", late, source->symbols.count,
                   example, from);
    source->request->warn(source->request->context, plan->key.source, text, NULL);
    return 0;
}

static int plan_all(struct plan *plan, int round, struct error *error)
{
    plan->jobs = 0;
    for (size_t i = 0; i < plan->source->symbols.count; i++)
        if (!error_is_set(&plan->source->series[i].failure) && plan_symbol(plan, i, round, error) < 0)
            return -1;
    if (plan->source->rest->offline) {
        plan->jobs = 0;
        return check_offline(plan, error);
    }
    return 0;
}

/* Note that they are still wanted; that this fails does no harm. */
static void note_use(const struct plan *plan)
{
    struct rest_source *source = plan->source;
    struct error ignored;
    bool stale = false;
    error_clear(&ignored);
    for (size_t i = 0; i < source->symbols.count && !stale; i++)
        stale = source->series[i].kept.id > 0 && source->rest->clock - source->series[i].kept.used > TIME_DAY;
    if (source->rest->offline || !stale || cache_begin(source->rest->cache, true, &ignored) < 0)
        return;
    for (size_t i = 0; i < source->symbols.count; i++)
        if (source->series[i].kept.id > 0 && cache_make(source->rest->cache, &plan->key, source->symbols.name[i],
                                                        source->rest->clock, &source->series[i].kept, &ignored) < 0)
            break;
    if (!error_is_set(&ignored))
        (void)cache_commit(source->rest->cache, &ignored);
    cache_rollback(source->rest->cache);
}

static int run_rounds(struct plan *plan, bool *broken, struct error *error)
{
    struct cache *cache = plan->source->rest->cache;
    for (int round = 0;; round++) {
        *broken = true;
        if (cache_begin(cache, false, error) < 0)
            return -1;
        int result = plan_all(plan, round, error);
        const bool last = plan->jobs == 0 || round == ROUNDS_MAX;
        if (result == 0 && last) {
            fail_incomplete(plan);
            result = load(plan, error);
        }
        cache_rollback(cache);
        if (result < 0 || last)
            return result;
        if (ask(plan, broken, error) < 0)
            return -1;
    }
}

/* Which server, or which program, with its arguments. */
static void describe_origin(char origin[static PATH_MAX], const struct adapter *adapter)
{
    size_t n = 0;
    if (adapter->argv == NULL) {
        (void)snprintf(origin, PATH_MAX, "%s%s", adapter->origin, adapter->path);
        return;
    }
    origin[0] = '\0';
    for (int i = 0; adapter->argv[i] != NULL && n < PATH_MAX; i++)
        n += (size_t)snprintf(origin + n, PATH_MAX - n, "%s%s", i == 0 ? "" : " ", adapter->argv[i]);
}

int rest_prepare_cached(struct rest_source *source, const struct fetch_query *query, bool *broken, struct error *error)
{
    const struct feed_request *request = source->request;
    struct plan plan = {
        .source = source,
        .query = query,
        .at_end = query->to >= query->now,
        .key =
            {
                .source = source->name,
                .calendar = calendar_name(request->calendar),
                .interval = source->interval,
                .adjusted = source->rest->adapter->adjusted,
                .extended = request->extended && !interval_is_daily(source->interval),
            },
    };
    describe_origin(plan.origin, source->rest->adapter);
    plan.key.origin = plan.origin;
    if (after(&plan, query->now, &plan.unfinished, error) < 0)
        return -1;
    plan.wanted = (struct cache_range){query->from, query->to < plan.unfinished ? query->to : plan.unfinished};
    if (plan.at_end)
        plan.wanted.to = plan.unfinished;
    plan.name = calloc(source->symbols.count + 1, sizeof *plan.name);
    int result = plan.name == NULL ? error_memory(error) : run_rounds(&plan, broken, error);
    if (result == 0)
        note_use(&plan);
    free(plan.name);
    free(plan.job);
    free(plan.missing);
    return result;
}
