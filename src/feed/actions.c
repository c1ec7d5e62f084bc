/* A sorted set of corporate actions, each with the id that its content gives it. */
#include "feed/actions.h"

#include "base/list.h"

#include <stdio.h>
#include <stdlib.h>

struct stored_action {
    struct action action;
    char ex_date[TIME_TEXT_MAX], pay_date[TIME_TEXT_MAX], announced[TIME_TEXT_MAX];
    size_t place; /* among those added: keeps the sort stable */
};

void action_set_init(struct action_set *set)
{
    *set = (struct action_set){.sorted = true};
}

void action_set_clear(struct action_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        free(set->stored[i]);
    free(set->stored);
    sha256_free(set->hash);
    action_set_init(set);
}

static int derive_id(struct action_set *set, struct action *action, const char *date, struct error *error)
{
    if (set->hash == NULL && (set->hash = sha256_new(error)) == NULL)
        return -1;
    char text[512], cash[DEC_TEXT_MAX] = "";
    if (action->cash != DEC_NONE)
        dec_format(cash, action->cash);
    const int n = snprintf(text, sizeof text, "action\n%s\n%s\n%s\n%lld\n%lld\n%s\n%s", action->symbol,
                           action_kind_text(action->kind), date, (long long)action->new_shares,
                           (long long)action->old_shares, cash, action->new_symbol);
    uint8_t digest[SHA256_SIZE];
    if (sha256_of(set->hash, text, (size_t)n, digest, error) < 0)
        return -1;
    hash_base32(action->id, digest, 80);
    return 0;
}

static void keep_date(char *kept, struct str date)
{
    if (date.n < TIME_TEXT_MAX) {
        memcpy(kept, date.p == NULL ? "" : date.p, date.n);
        kept[date.n] = '\0';
    }
}

int action_set_add(struct action_set *set, const struct action *action, int64_t ex_date,
                   const struct calendar *calendar, struct error *error)
{
    if (list_grow(&set->stored, &set->capacity, set->count, sizeof(struct stored_action *), error) != 0)
        return -1;
    struct stored_action *stored = malloc(sizeof *stored);
    if (stored == NULL)
        return error_memory(error);
    *stored = (struct stored_action){.action = *action, .place = set->count};
    date_format(stored->ex_date, date_from_days(ex_date));
    keep_date(stored->pay_date, action->pay_date);
    keep_date(stored->announced, action->announced);
    stored->action.ex_date = str_of(stored->ex_date);
    stored->action.pay_date = str_of(stored->pay_date);
    stored->action.announced = str_of(stored->announced);
    stored->action.time = calendar_midnight(calendar, ex_date);
    if (stored->action.id[0] == '\0' && derive_id(set, &stored->action, stored->ex_date, error) < 0) {
        free(stored);
        return -1;
    }
    set->stored[set->count++] = stored;
    set->sorted = false;
    return 0;
}

int action_compare(const struct action *a, const struct action *b)
{
    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    return (a->kind > b->kind) - (a->kind < b->kind);
}

static int compare(const void *first, const void *second)
{
    const struct stored_action *a = *(struct stored_action *const *)first, *b = *(struct stored_action *const *)second;
    const int order = action_compare(&a->action, &b->action);
    if (order != 0)
        return order;
    return a->place < b->place ? -1 : a->place > b->place;
}

const struct action *action_set_get(struct action_set *set, size_t index)
{
    require(index < set->count);
    if (!set->sorted) {
        qsort(set->stored, set->count, sizeof *set->stored, compare);
        set->sorted = true;
    }
    return &set->stored[index]->action;
}
