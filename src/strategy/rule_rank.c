/* Rankings of rule files: whom they choose, and when. */
#include "strategy/rule_set.h"
#include "strategy/rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool rule_set_ranks(const struct rule_set *set)
{
    return set->root[RANK] != NULL;
}

bool rule_set_covers(const struct rule_set *set, const char *symbol)
{
    for (int i = 0; i < set->amongs; i++)
        if (strcmp(set->among[i], symbol) == 0)
            return true;
    return set->amongs == 0;
}

static int compare(const void *a, const void *b)
{
    const struct rule_candidate *x = *(struct rule_candidate *const *)a, *y = *(struct rule_candidate *const *)b;
    if (x->answer->rank != y->answer->rank)
        return x->answer->rank > y->answer->rank ? -1 : 1;
    return strcmp(x->symbol, y->symbol);
}

/* Of so many candidates; of a percentage at least one. */
static size_t count_picks(const struct picks *picks, size_t of)
{
    double count = picks->percent ? floor(picks->count / 100 * (double)of) : picks->count;
    if (picks->percent && picks->count > 0 && count < 1)
        count = 1;
    return count < (double)of ? (size_t)count : of;
}

int rule_set_choose(const struct rule_set *set, struct rule_candidate *list, size_t count, struct error *error)
{
    struct rule_candidate **ranked = calloc(count + 1, sizeof *ranked), *spare = NULL;
    size_t known = 0, chosen = 0;
    if (ranked == NULL)
        return error_memory(error);
    for (size_t i = 0; i < count; i++) {
        list[i].side = WANT_FLAT;
        if (set->otherwise[0] != '\0' && strcmp(list[i].symbol, set->otherwise) == 0)
            spare = &list[i];
        else if (!isnan(list[i].answer->rank))
            ranked[known++] = &list[i];
    }
    qsort(ranked, known, sizeof *ranked, compare);
    /* Places are those among all that are ranked; who may not be entered leaves his empty. */
    const size_t top = count_picks(&set->top, known), bottom = count_picks(&set->bottom, known);
    for (size_t i = 0; i < top; i++)
        if (ranked[i]->answer->allowed) {
            ranked[i]->side = WANT_LONG;
            chosen++;
        }
    for (size_t i = 0; i < bottom && known - 1 - i >= top; i++)
        if (ranked[known - 1 - i]->answer->allowed) {
            ranked[known - 1 - i]->side = WANT_SHORT;
            chosen++;
        }
    if (chosen == 0 && known > 0 && spare != NULL)
        spare->side = WANT_LONG;
    free(ranked);
    return 0;
}

static int64_t period_of(enum rebalance rebalance, int64_t date)
{
    const struct date of = date_from_days(date);
    switch (rebalance) {
    case REBALANCE_WEEK:
        return (date + 3 + 7 * 10000) / 7; /* 1970-01-01 was a Thursday */
    case REBALANCE_MONTH:
        return of.year * 12 + of.month;
    case REBALANCE_QUARTER:
        return of.year * 4 + (of.month - 1) / 3 + 1;
    default:
        return date + 100000;
    }
}

bool rule_set_is_due(const struct rule_set *set, const struct calendar *calendar, struct interval interval, int64_t end,
                     int64_t *last, int64_t *seen)
{
    struct calendar always;
    struct session session, next;
    struct error ignored;
    error_clear(&ignored);
    if (calendar == NULL) {
        require(calendar_init(&always, "always", NULL, &ignored) == 0);
        calendar = &always;
    }
    /* The session that the bar is of: the last one that was open before its end. */
    if (calendar_session_at(calendar, end - 1, &session, &ignored) != 1 &&
        calendar_last_completed(calendar, end, &session, &ignored) != 0)
        return false;
    const int64_t period = period_of(set->rebalance, session.date), before = *seen;
    *seen = period;
    if (*last == period)
        return false;
    /* A period that ended without its last bar is made up for with the first bar after it. */
    const bool missed = before != 0 && before != period && *last != before;
    const bool closed = interval_is_daily(interval) || end >= session.close;
    const bool ends = closed && calendar_next(calendar, session.date, &next, &ignored) == 0 &&
                      period_of(set->rebalance, next.date) != period;
    if (ends)
        *last = period;
    else if (missed)
        *last = before;
    return ends || missed;
}
