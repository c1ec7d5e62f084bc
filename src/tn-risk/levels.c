/* Levels waiting to be sized. */
#include "tn-risk/commands.h"

#include <stdio.h>
#include <stdlib.h>

struct level {
    struct signal signal; /* reason, basis and horizon point into `text` */
    struct buf text;
    uint64_t came; /* place of its last signal among all */
};

struct levels {
    struct names names; /* strategy, a newline, symbol */
    struct level *level;
    const struct level **sorted; /* by `came`; made by levels_sort */
    size_t count, capacity;
    uint64_t seen;
};

struct levels *levels_new(struct error *error)
{
    struct levels *levels = calloc(1, sizeof *levels);
    if (levels == NULL) {
        error_memory(error);
        return NULL;
    }
    names_init(&levels->names);
    return levels;
}

void levels_free(struct levels *levels)
{
    if (levels == NULL)
        return;
    for (size_t i = 0; i < levels->capacity; i++)
        buf_clear(&levels->level[i].text);
    names_clear(&levels->names);
    free(levels->level);
    free(levels->sorted);
    free(levels);
}

static int grow(struct levels *levels, struct error *error)
{
    const size_t capacity = levels->capacity == 0 ? 16 : 2 * levels->capacity;
    struct level *list = realloc(levels->level, capacity * sizeof *list);
    if (list == NULL)
        return error_memory(error);
    for (size_t i = levels->capacity; i < capacity; i++)
        buf_init(&list[i].text, RECORD_LINE_MAX);
    levels->level = list;
    const struct level **sorted = realloc(levels->sorted, capacity * sizeof(const struct level *));
    if (sorted == NULL)
        return error_memory(error);
    levels->sorted = sorted;
    levels->capacity = capacity;
    return 0;
}

int levels_add(struct levels *levels, const struct signal *signal, struct error *error)
{
    char name[STRATEGY_SIZE + SYMBOL_SIZE + 1];
    (void)snprintf(name, sizeof name, "%s\n%s", signal->strategy, signal->symbol);
    const int64_t index = names_add(&levels->names, str_of(name), error);
    if (index < 0)
        return -1;
    if ((size_t)index == levels->count) {
        if (levels->count == levels->capacity && grow(levels, error) != 0)
            return -1;
        levels->count++;
    }
    struct level *level = &levels->level[index];
    const struct str parts[] = {signal->reason, signal->basis, signal->horizon};
    struct str *const kept[] = {&level->signal.reason, &level->signal.basis, &level->signal.horizon};
    level->signal = *signal;
    level->came = levels->seen++;
    buf_reset(&level->text);
    for (int i = 0; i < 3; i++)
        buf_add_str(&level->text, parts[i]);
    if (buf_check(&level->text, error) != 0)
        return -1;
    size_t start = 0;
    for (int i = 0; i < 3; i++) {
        *kept[i] = (struct str){level->text.p + start, parts[i].n};
        start += parts[i].n;
    }
    return 0;
}

size_t levels_count(const struct levels *levels)
{
    return levels->count;
}

static int by_coming(const void *a, const void *b)
{
    const struct level *const *x = a, *const *y = b;
    return ((*x)->came > (*y)->came) - ((*x)->came < (*y)->came);
}

void levels_sort(struct levels *levels)
{
    for (size_t i = 0; i < levels->count; i++)
        levels->sorted[i] = &levels->level[i];
    if (levels->count > 0)
        qsort(levels->sorted, levels->count, sizeof(const struct level *), by_coming);
}

const struct signal *levels_at(const struct levels *levels, size_t index)
{
    return &levels->sorted[index]->signal;
}

void levels_reset(struct levels *levels)
{
    names_clear(&levels->names);
    names_init(&levels->names);
    levels->count = 0;
}
