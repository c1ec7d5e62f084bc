/* Keeping an answer: compared with what is there, so that corrections are seen and prices of different bases never
 * stand beside each other. */
#include "base/num.h"
#include "feed/cache_parts.h"

#include <math.h>
#include <stdlib.h>

/* What a source's own rounding moves from one answer to the next: a millionth of the price. */
static bool is_moved(dec before, dec after)
{
    const dec difference = before > after ? before - after : after - before;
    return difference > before / 1000000 + 1;
}

static bool is_price_moved(const struct bar *a, const struct bar *b)
{
    return is_moved(a->open, b->open) || is_moved(a->high, b->high) || is_moved(a->low, b->low) ||
           is_moved(a->close, b->close);
}

static bool is_same_number(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-9 * fabs(a);
}

static bool is_same(const struct bar *a, const struct bar *b)
{
    return a->open == b->open && a->high == b->high && a->low == b->low && a->close == b->close && a->vwap == b->vwap &&
           a->end == b->end && is_same_number(a->volume, b->volume) && is_same_number(a->trades, b->trades);
}

static int put(struct cache *cache, int64_t series, const struct bar *bar, struct error *error)
{
    struct statement *statement = cache_statement(cache, CACHE_PUT, error);
    if (statement == NULL)
        return -1;
    statement_bind_int(statement, 1, series);
    statement_bind_int(statement, 2, bar->time);
    cache_bind(statement, 3, bar->session);
    statement_bind_int(statement, 4, bar->end);
    statement_bind_int(statement, 5, bar->open);
    statement_bind_int(statement, 6, bar->high);
    statement_bind_int(statement, 7, bar->low);
    statement_bind_int(statement, 8, bar->close);
    statement_bind_real(statement, 9, bar->volume);
    cache_bind(statement, 10, bar->vwap);
    statement_bind_real(statement, 11, bar->trades);
    return statement_run(statement, error);
}

/* Run a statement of a series and up to two times. */
static int run(struct cache *cache, enum cache_statement which, int64_t series, int64_t a, int64_t b, int parameters,
               struct error *error)
{
    struct statement *statement = cache_statement(cache, which, error);
    if (statement == NULL)
        return -1;
    statement_bind_int(statement, 1, series);
    if (parameters > 1)
        cache_bind(statement, 2, a);
    if (parameters > 2)
        cache_bind(statement, 3, b);
    return statement_run(statement, error);
}

static int note_correction(struct cache *cache, int64_t series, const struct bar *before, const struct bar *after,
                           int64_t clock, struct error *error)
{
    struct statement *statement = cache_statement(cache, CACHE_CORRECTED, error);
    if (statement == NULL)
        return -1;
    statement_bind_int(statement, 1, series);
    statement_bind_int(statement, 2, before->time);
    statement_bind_int(statement, 3, clock);
    statement_bind_int(statement, 4, before->close);
    cache_bind(statement, 5, after == NULL ? TIME_NONE : after->close);
    statement_bind_real(statement, 6, before->volume);
    statement_bind_real(statement, 7, after == NULL ? NAN : after->volume);
    return statement_run(statement, error);
}

/* Add a stretch to what is known; those that touch it become one. */
static int cover(struct cache *cache, int64_t series, struct cache_range range, struct error *error)
{
    struct statement *statement = cache_statement(cache, CACHE_UNCOVER, error);
    if (statement == NULL)
        return -1;
    statement_bind_int(statement, 1, series);
    statement_bind_int(statement, 2, range.from);
    statement_bind_int(statement, 3, range.to);
    int got;
    while ((got = statement_step(statement, error)) == 1) {
        const int64_t start = statement_int(statement, 0), finish = statement_int(statement, 1);
        range.from = start < range.from ? start : range.from;
        range.to = finish > range.to ? finish : range.to;
    }
    return got < 0 ? -1 : run(cache, CACHE_COVER, series, range.from, range.to, 3, error);
}

/* The kept bars that an answer speaks of. */
struct kept {
    struct bar *bar;
    size_t count, capacity;
};

/* Has the oldest bar that both have another price? Dividends and splits move all that was before. */
static bool is_rebased(const struct kept *kept, const struct cache_answer *answer)
{
    for (size_t i = 0, k = 0; i < answer->bars && k < kept->count;) {
        const struct bar *bar = &answer->bar[i], *old = &kept->bar[k];
        if (bar->time == old->time)
            return is_price_moved(old, bar);
        i += bar->time < old->time;
        k += old->time < bar->time;
    }
    return false;
}

static int keep_bar(struct cache *cache, int64_t series, const struct bar *old, const struct bar *bar, int64_t clock,
                    struct cache_change *change, struct error *error)
{
    if (old != NULL && is_same(old, bar))
        return 0;
    if (old == NULL) {
        change->added++;
    } else if (is_price_moved(old, bar) || !is_same_number(old->volume, bar->volume)) {
        change->corrected++;
        if (note_correction(cache, series, old, bar, clock, error) < 0)
            return -1;
        if (is_price_moved(old, bar)) {
            change->before = *old;
            change->after = *bar;
        }
    }
    return put(cache, series, bar, error);
}

static int withdraw(struct cache *cache, int64_t series, const struct bar *old, const struct cache_answer *answer,
                    struct cache_change *change, struct error *error)
{
    if (old->time >= answer->known_to) /* it may come yet */
        return 0;
    change->withdrawn++;
    change->before = *old;
    change->after = (struct bar){.time = TIME_NONE};
    return note_correction(cache, series, old, NULL, answer->clock, error) < 0
               ? -1
               : run(cache, CACHE_DELETE, series, old->time, 0, 2, error);
}

static int keep_bars(struct cache *cache, int64_t series, const struct kept *kept, const struct cache_answer *answer,
                     struct cache_change *change, struct error *error)
{
    size_t k = 0;
    for (size_t i = 0; i < answer->bars; i++) {
        const struct bar *bar = &answer->bar[i];
        for (; k < kept->count && kept->bar[k].time < bar->time; k++)
            if (withdraw(cache, series, &kept->bar[k], answer, change, error) < 0)
                return -1;
        const struct bar *old = k < kept->count && kept->bar[k].time == bar->time ? &kept->bar[k++] : NULL;
        if (keep_bar(cache, series, old, bar, answer->clock, change, error) < 0)
            return -1;
    }
    for (; k < kept->count; k++)
        if (withdraw(cache, series, &kept->bar[k], answer, change, error) < 0)
            return -1;
    return 0;
}

/* Is there a bar that the answer does not speak of? */
static int has_others(struct cache *cache, int64_t series, struct cache_range asked, struct error *error)
{
    int64_t time;
    const int before = cache_neighbour(cache, series, asked.from, 1, &time, error);
    return before != 0 ? before : cache_neighbour(cache, series, asked.to, -1, &time, error);
}

/* Throw away what is on another basis than the answer. 1: the answer itself is the older one. */
static int rebase(struct cache *cache, struct cache_series *series, const struct cache_answer *answer,
                  struct cache_change *change, struct error *error)
{
    if (series->fetched != TIME_NONE && series->fetched > answer->clock) {
        change->outdated = true;
        return 1;
    }
    change->rebased = true;
    series->epoch++;
    series->actions_from = series->actions_asked = TIME_NONE; /* adjusted amounts are on the other basis too */
    return run(cache, CACHE_CLEAR_BARS, series->id, answer->asked.from, answer->asked.to, 3, error) < 0 ||
                   run(cache, CACHE_CLEAR_COVERED, series->id, 0, 0, 1, error) < 0 ||
                   run(cache, CACHE_DELETE_ACTIONS, series->id, INT32_MIN, INT32_MAX, 3, error) < 0 ||
                   run(cache, CACHE_ACTIONS_ASKED, series->id, TIME_NONE, TIME_NONE, 3, error) < 0 ||
                   run(cache, CACHE_EPOCH, series->id, 0, 0, 1, error) < 0
               ? -1
               : 0;
}

int cache_keep(struct cache *cache, const struct cache_key *key, struct cache_series *series,
               const struct cache_answer *answer, struct cache_change *change, struct error *error)
{
    struct kept kept = {NULL, 0, 0};
    *change = (struct cache_change){.before.time = TIME_NONE, .after.time = TIME_NONE};
    int result = cache_load(cache, key, "", series->id, answer->asked, &kept.bar, &kept.count, &kept.capacity, error);
    change->empty = answer->bars == 0 && kept.count > 0;
    if (change->empty) {
        free(kept.bar);
        return 0;
    }
    if (result == 0 && is_rebased(&kept, answer) && (result = has_others(cache, series->id, answer->asked, error)) == 1)
        result = rebase(cache, series, answer, change, error);
    if (result == 0)
        result = keep_bars(cache, series->id, &kept, answer, change, error);
    free(kept.bar);
    if (result != 0)
        return result < 0 ? -1 : 0;
    const bool whole = answer->at_end || answer->known_to < answer->asked.to; /* no bar is finished after its end */
    const struct cache_range known = {answer->asked.from, whole ? answer->known_to : answer->asked.to};
    if (known.from < known.to && cover(cache, series->id, known, error) < 0)
        return -1;
    const int64_t asked = answer->now < answer->clock ? answer->now : answer->clock; /* not a moment still to come */
    if (answer->at_end && (series->asked == TIME_NONE || series->asked < asked))
        series->asked = asked;
    if (series->fetched == TIME_NONE || series->fetched < answer->clock)
        series->fetched = answer->clock;
    return run(cache, CACHE_ASKED, series->id, series->asked, series->fetched, 3, error);
}

static int put_action(struct cache *cache, int64_t series, int64_t date, const struct action *action,
                      struct error *error)
{
    struct statement *statement = cache_statement(cache, CACHE_PUT_ACTION, error);
    if (statement == NULL)
        return -1;
    statement_bind_int(statement, 1, series);
    statement_bind_int(statement, 2, date);
    statement_bind_int(statement, 3, action->kind);
    statement_bind_int(statement, 4, action->new_shares);
    statement_bind_int(statement, 5, action->old_shares);
    cache_bind(statement, 6, action->cash);
    cache_bind(statement, 7, action->basis_share);
    statement_bind_text(statement, 8, str_of(action->currency));
    statement_bind_text(statement, 9, str_of(action->new_symbol));
    statement_bind_text(statement, 10, action->announced);
    statement_bind_text(statement, 11, action->pay_date);
    return statement_run(statement, error);
}

int cache_keep_actions(struct cache *cache, struct cache_series *series, struct cache_range asked, int64_t now,
                       const struct calendar *calendar, struct action_set *actions, struct error *error)
{
    const int64_t first = calendar_date(calendar, asked.from), last = calendar_date(calendar, asked.to - 1);
    if (run(cache, CACHE_DELETE_ACTIONS, series->id, first, last, 3, error) < 0)
        return -1;
    for (size_t i = 0; i < actions->count; i++) {
        const struct action *action = action_set_get(actions, i);
        const int64_t date = calendar_date(calendar, action->time);
        if (date >= first && date <= last && put_action(cache, series->id, date, action, error) < 0)
            return -1;
    }
    if (series->actions_from == TIME_NONE || series->actions_from > asked.from)
        series->actions_from = asked.from;
    if (series->actions_asked == TIME_NONE || series->actions_asked < now)
        series->actions_asked = now;
    return run(cache, CACHE_ACTIONS_ASKED, series->id, series->actions_from, series->actions_asked, 3, error);
}
