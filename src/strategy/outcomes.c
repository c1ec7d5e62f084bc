/* Many symbols, many sources: which signals are opportunities, when each wish ends, which bars measure what. */
#include "strategy/outcomes.h"

#include "base/list.h"
#include "base/names.h"
#include "market/bar_times.h"
#include "strategy/opportunity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SYMBOLS_MAX   100000
#define WISHES_MAX    10000000 /* signals that wait for their bars */
#define INTERVALS_MAX 16       /* of one symbol */
#define TEXT_MAX      4096

/* A signal that no bar has reached yet. */
struct wish {
    struct signal signal;
    int source;
    size_t number; /* in the order in which they came */
};

/* The latest id of a source in a symbol: what is repeated under it says nothing new. */
struct seen {
    int source;
    char id[ID_SIZE];
};

struct followed {
    char symbol[SYMBOL_SIZE];
    struct {
        struct interval interval;
        int64_t end;
        dec close;
    } last[INTERVALS_MAX];
    int lasts;
    int64_t newest; /* the latest end of any of them; TIME_NONE before the first */
    int64_t split;  /* the moment of the last one */
    bool adjusted;  /* its bars say that they are */
    struct wish *wish;
    size_t wishes, wish_capacity, taken;
    bool unsorted;
    struct seen *seen;
    size_t seens, seen_capacity;
    struct opportunity *first, **last_place;
};

struct outcomes {
    struct outcome_terms terms;
    struct names symbols, sources, actions;
    struct followed **followed; /* by the symbol's index */
    size_t count, capacity, wishes;
    uint64_t open, unseen;
    struct buf text;
};

struct outcomes *outcomes_new(const struct outcome_terms *terms, struct error *error)
{
    struct outcomes *outcomes = calloc(1, sizeof *outcomes);
    if (outcomes == NULL) {
        error_memory(error);
        return NULL;
    }
    outcomes->terms = *terms;
    names_init(&outcomes->symbols);
    names_init(&outcomes->sources);
    names_init(&outcomes->actions);
    buf_init(&outcomes->text, TEXT_MAX);
    return outcomes;
}

static void followed_free(struct followed *followed)
{
    for (struct opportunity *o = followed->first, *next; o != NULL; o = next) {
        next = o->next;
        free(o);
    }
    free(followed->wish);
    free(followed->seen);
    free(followed);
}

void outcomes_free(struct outcomes *outcomes)
{
    if (outcomes == NULL)
        return;
    for (size_t i = 0; i < outcomes->count; i++)
        followed_free(outcomes->followed[i]);
    free(outcomes->followed);
    names_clear(&outcomes->symbols);
    names_clear(&outcomes->sources);
    names_clear(&outcomes->actions);
    buf_clear(&outcomes->text);
    free(outcomes);
}

static struct followed *followed_new(const char *symbol, struct error *error)
{
    struct followed *followed = calloc(1, sizeof *followed);
    if (followed == NULL) {
        error_memory(error);
        return NULL;
    }
    (void)snprintf(followed->symbol, sizeof followed->symbol, "%s", symbol);
    followed->newest = followed->split = TIME_NONE;
    followed->last_place = &followed->first;
    return followed;
}

static struct followed *find(struct outcomes *outcomes, const char *symbol, struct error *error)
{
    const int64_t index = names_add(&outcomes->symbols, str_of(symbol), error);
    if (index < 0)
        return NULL;
    if ((size_t)index < outcomes->count)
        return outcomes->followed[index];
    if (index >= SYMBOLS_MAX) {
        error_set(error, EXIT_INPUT, "more than %d symbols", SYMBOLS_MAX);
        return NULL;
    }
    struct followed *followed = followed_new(symbol, error);
    if (followed == NULL ||
        list_grow(&outcomes->followed, &outcomes->capacity, outcomes->count, sizeof *outcomes->followed, error) != 0) {
        free(followed);
        return NULL;
    }
    return outcomes->followed[outcomes->count++] = followed;
}

int outcomes_signal(struct outcomes *outcomes, const struct signal *signal, struct error *error)
{
    struct followed *followed = find(outcomes, signal->symbol, error);
    const int64_t source = names_add(&outcomes->sources, str_of(signal->strategy), error);
    if (followed == NULL || source < 0)
        return -1;
    if (followed->newest != TIME_NONE && signal->time < followed->newest) {
        error_set(error, EXIT_INPUT, "signal '%s' is older than the last bar of %s before it", signal->id,
                  signal->symbol);
        error_hint(error, "name its file with --signal-file, which is read before all bars");
        return -1;
    }
    if (outcomes->wishes == WISHES_MAX)
        return error_set(error, EXIT_INPUT, "more than %d signals wait for bars", WISHES_MAX);
    if (list_grow(&followed->wish, &followed->wish_capacity, followed->wishes, sizeof *followed->wish, error) != 0)
        return -1;
    if (followed->wishes > followed->taken && signal->time < followed->wish[followed->wishes - 1].signal.time)
        followed->unsorted = true;
    struct wish *wish = &followed->wish[followed->wishes];
    *wish = (struct wish){*signal, (int)source, followed->wishes};
    wish->signal.horizon = wish->signal.reason = wish->signal.basis = (struct str){NULL, 0};
    followed->wishes++;
    outcomes->wishes++;
    return 0;
}

static int compare_wishes(const void *a, const void *b)
{
    const struct wish *x = a, *y = b;
    if (x->signal.time != y->signal.time)
        return x->signal.time < y->signal.time ? -1 : 1;
    return x->number < y->number ? -1 : 1;
}

/* False where the same id came just before. */
static int note_seen(struct followed *followed, const struct wish *wish, bool *fresh, struct error *error)
{
    struct seen *seen = NULL;
    for (size_t i = 0; i < followed->seens && seen == NULL; i++)
        if (followed->seen[i].source == wish->source)
            seen = &followed->seen[i];
    if (seen == NULL) {
        if (list_grow(&followed->seen, &followed->seen_capacity, followed->seens, sizeof *seen, error) != 0)
            return -1;
        seen = &followed->seen[followed->seens++];
        *seen = (struct seen){.source = wish->source};
    }
    *fresh = strcmp(seen->id, wish->signal.id) != 0;
    memcpy(seen->id, wish->signal.id, sizeof seen->id);
    return 0;
}

static int follow(struct outcomes *outcomes, struct followed *followed, const struct wish *wish, struct error *error)
{
    struct session session;
    bool fresh;
    if (note_seen(followed, wish, &fresh, error) != 0)
        return -1;
    if (!fresh)
        return 0;
    for (struct opportunity *o = followed->first; o != NULL; o = o->next)
        if (o->source == wish->source && o->ends == TIME_NONE && o->outcome.side != wish->signal.side)
            o->ends = wish->signal.time;
    if (wish->signal.side == WANT_FLAT)
        return 0;
    if (calendar_current_or_next(
            symbol_calendar(outcomes->terms.calendars, outcomes->terms.calendar, wish->signal.symbol),
            wish->signal.time, &session, error) != 0)
        return -1;
    struct opportunity *o = malloc(sizeof *o);
    if (o == NULL)
        return error_memory(error);
    opportunity_init(o, &wish->signal, session.close);
    o->source = wish->source;
    if (outcomes->terms.interval.unit != INTERVAL_NONE)
        o->outcome.interval = outcomes->terms.interval;
    *followed->last_place = o;
    followed->last_place = &o->next;
    return 0;
}

/* Takes note of the signals of before a moment. */
static int take_wishes(struct outcomes *outcomes, struct followed *followed, int64_t before, struct error *error)
{
    if (followed->taken == followed->wishes)
        return 0;
    if (followed->unsorted)
        qsort(followed->wish + followed->taken, followed->wishes - followed->taken, sizeof *followed->wish,
              compare_wishes);
    followed->unsorted = false;
    while (followed->taken < followed->wishes && followed->wish[followed->taken].signal.time < before) {
        if (follow(outcomes, followed, &followed->wish[followed->taken], error) != 0)
            return -1;
        followed->taken++;
        outcomes->wishes--;
    }
    if (followed->taken == followed->wishes)
        followed->taken = followed->wishes = 0;
    return 0;
}

static int emit(struct outcomes *outcomes, const struct followed *followed, struct opportunity *o, struct error *error)
{
    memcpy(o->outcome.symbol, followed->symbol, sizeof o->outcome.symbol);
    return opportunity_finish(o, &outcomes->terms, &outcomes->text, error) == 0
               ? outcomes->terms.emit(outcomes->terms.context, &o->outcome, error)
               : -1;
}

/* The place of an interval among those of a symbol. */
static int find_last(struct followed *followed, struct interval interval, struct error *error)
{
    int i = 0;
    while (i < followed->lasts && !interval_equal(followed->last[i].interval, interval))
        i++;
    if (i == INTERVALS_MAX)
        return error_set(error, EXIT_INPUT, "%s has bars of more than %d intervals", followed->symbol, INTERVALS_MAX);
    if (i == followed->lasts) {
        followed->last[i].interval = interval;
        followed->last[i].end = TIME_NONE;
        followed->lasts++;
    }
    return i;
}

static int step_all(struct outcomes *outcomes, struct followed *followed, const struct bar *bar, int64_t opens,
                    struct error *error)
{
    const struct opportunity_bar step = {
        .opens = opens,
        .end = bar->end,
        .open = bar->open,
        .high = bar->high,
        .low = bar->low,
        .close = bar->close,
        .split = followed->split != TIME_NONE && opens < followed->split,
    };
    int result = 0;
    for (struct opportunity **place = &followed->first; *place != NULL && result == 0;) {
        struct opportunity *o = *place;
        if (o->outcome.interval.unit == INTERVAL_NONE)
            o->outcome.interval = bar->interval;
        if (!interval_equal(o->outcome.interval, bar->interval) || !opportunity_step(o, &step, &outcomes->terms)) {
            place = &o->next;
            continue;
        }
        result = emit(outcomes, followed, o, error);
        *place = o->next;
        if (followed->last_place == &o->next)
            followed->last_place = place;
        free(o);
    }
    return result;
}

int outcomes_bar(struct outcomes *outcomes, const struct bar *bar, struct error *error)
{
    struct followed *followed = find(outcomes, bar->symbol, error);
    int64_t opens;
    const struct interval wanted = outcomes->terms.interval;
    if (followed == NULL || bar_opens(symbol_calendar(outcomes->terms.calendars, outcomes->terms.calendar, bar->symbol),
                                      bar, &opens, error) != 0)
        return -1;
    if (wanted.unit != INTERVAL_NONE && !interval_equal(wanted, bar->interval))
        return 0;
    const int last = find_last(followed, bar->interval, error);
    if (last < 0)
        return -1;
    if (followed->last[last].end != TIME_NONE && bar->end <= followed->last[last].end)
        return error_set(error, EXIT_INPUT, "a bar of %s that is not after the last one", bar->symbol);
    followed->last[last].end = bar->end;
    followed->last[last].close = bar->close;
    followed->newest = bar->end > followed->newest || followed->newest == TIME_NONE ? bar->end : followed->newest;
    followed->adjusted = bar->adjusted == ADJUSTED_SPLIT || bar->adjusted == ADJUSTED_TOTAL;
    if (take_wishes(outcomes, followed, bar->end, error) != 0)
        return -1;
    return step_all(outcomes, followed, bar, opens, error);
}

/* What is followed goes on under the new name, together with what was said under that already. */
static int rename_followed(struct outcomes *outcomes, struct followed *old, const char *name, struct error *error)
{
    struct followed *fresh = followed_new(old->symbol, error);
    struct followed *to = fresh == NULL ? NULL : find(outcomes, name, error);
    if (to == NULL || to == old) {
        free(fresh);
        return to == NULL ? -1 : 0;
    }
    for (size_t i = to->taken; i < to->wishes; i++) {
        if (list_grow(&old->wish, &old->wish_capacity, old->wishes, sizeof *old->wish, error) != 0) {
            free(fresh);
            return -1;
        }
        old->wish[old->wishes] = to->wish[i];
        old->wish[old->wishes].number = old->wishes;
        old->wishes++;
        old->unsorted = true;
    }
    *old->last_place = to->first;
    old->last_place = to->first == NULL ? old->last_place : to->last_place;
    to->first = NULL;
    const int64_t before = names_find(&outcomes->symbols, str_of(old->symbol));
    const int64_t after = names_find(&outcomes->symbols, str_of(name));
    (void)snprintf(old->symbol, sizeof old->symbol, "%s", name);
    outcomes->followed[after] = old;
    outcomes->followed[before] = fresh;
    followed_free(to);
    return 0;
}

static int delist(struct outcomes *outcomes, struct followed *followed, int64_t time, struct error *error)
{
    int result = 0;
    while (followed->first != NULL && result == 0) {
        struct opportunity *o = followed->first;
        dec close = DEC_NONE;
        for (int i = 0; i < followed->lasts; i++)
            if (interval_equal(followed->last[i].interval, o->outcome.interval))
                close = followed->last[i].close;
        opportunity_end(o, ENDED_DELISTED, close, time);
        result = emit(outcomes, followed, o, error);
        followed->first = o->next;
        free(o);
    }
    if (followed->first == NULL)
        followed->last_place = &followed->first;
    return result;
}

int outcomes_action(struct outcomes *outcomes, const struct action *action, struct error *error)
{
    char key[SYMBOL_SIZE + ID_SIZE];
    const int n = snprintf(key, sizeof key, "%s\n%s", action->symbol, action->id);
    const size_t known = outcomes->actions.count;
    struct followed *followed = find(outcomes, action->symbol, error);
    if (followed == NULL || names_add(&outcomes->actions, (struct str){key, (size_t)n}, error) < 0)
        return -1;
    if (outcomes->actions.count == known)
        return 0; /* one that comes twice counts once */
    if (take_wishes(outcomes, followed, action->time, error) != 0)
        return -1;
    if (action->kind == ACTION_RENAME)
        return rename_followed(outcomes, followed, action->new_symbol, error);
    if (action->kind == ACTION_DELIST)
        return delist(outcomes, followed, action->time, error);
    if (followed->adjusted)
        return 0;
    if (action->kind == ACTION_SPLIT && (action->new_shares <= 0 || action->old_shares <= 0))
        return error_set(error, EXIT_INPUT, "%s: a split without positive new and old", action->symbol);
    if (action->kind == ACTION_SPLIT)
        followed->split = action->time;
    for (struct opportunity *o = followed->first; o != NULL; o = o->next) {
        if (action->kind == ACTION_SPLIT)
            opportunity_split(o, action->new_shares, action->old_shares);
        else if (action->kind == ACTION_DIVIDEND && action->cash != DEC_NONE)
            opportunity_dividend(o, action->cash);
    }
    return 0;
}

static int compare_symbols(const void *a, const void *b)
{
    const struct followed *const *x = a, *const *y = b;
    return strcmp((*x)->symbol, (*y)->symbol);
}

int outcomes_finish(struct outcomes *outcomes, struct error *error)
{
    int result = 0;
    if (outcomes->count > 1) /* the names are asked no more */
        qsort(outcomes->followed, outcomes->count, sizeof *outcomes->followed, compare_symbols);
    for (size_t i = 0; i < outcomes->count && result == 0; i++) {
        struct followed *followed = outcomes->followed[i];
        result = take_wishes(outcomes, followed, INT64_MAX, error);
        for (struct opportunity *o = followed->first; o != NULL && result == 0; o = o->next) {
            if (o->stage != OPPORTUNITY_LEFT) {
                outcomes->open++;
                outcomes->unseen += o->stage == OPPORTUNITY_WAITING;
                opportunity_end(o, ENDED_OPEN, DEC_NONE, o->outcome.time);
            }
            result = emit(outcomes, followed, o, error);
        }
    }
    return result;
}

uint64_t outcomes_open(const struct outcomes *outcomes, uint64_t *unseen)
{
    *unseen = outcomes->unseen;
    return outcomes->open;
}
