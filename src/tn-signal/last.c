/* Keeps levels as rows and makes records of the last ones alone: most of the time of a scan went into the others. */
#include "tn-signal/last.h"

#include "base/list.h"
#include "base/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct kept {
    struct runner *runner;
    int number;
    struct bar bar;
    struct level_row row;
    bool there, worded; /* a level; it is a line already */
    struct buf line;
    uint64_t came;
};

struct last_levels {
    struct names keys; /* "NUMBER SYMBOL INTERVAL" */
    struct kept *list;
    size_t capacity;
    uint64_t seen;
    size_t next; /* the likely one: merged streams go round and round */
};

struct last_levels *last_levels_new(struct error *error)
{
    struct last_levels *last = calloc(1, sizeof *last);
    if (last == NULL) {
        error_memory(error);
        return NULL;
    }
    names_init(&last->keys);
    return last;
}

void last_levels_free(struct last_levels *last)
{
    if (last == NULL)
        return;
    for (size_t i = 0; i < last->keys.count; i++)
        buf_clear(&last->list[i].line);
    free(last->list);
    names_clear(&last->keys);
    free(last);
}

static bool is_of(const struct kept *kept, int number, const struct bar *bar)
{
    return kept->number == number && strcmp(kept->bar.symbol, bar->symbol) == 0 &&
           interval_equal(kept->bar.interval, bar->interval);
}

static struct kept *find(struct last_levels *last, int number, const struct bar *bar, struct error *error)
{
    const size_t next = last->next < last->keys.count ? last->next : 0;
    if (last->keys.count > 0 && is_of(&last->list[next], number, bar)) {
        last->next = next + 1;
        return &last->list[next];
    }
    char key[16 + SYMBOL_SIZE + INTERVAL_TEXT_MAX];
    size_t n = (size_t)snprintf(key, sizeof key, "%d %s ", number, bar->symbol);
    n += interval_format(key + n, bar->interval);
    const size_t known = last->keys.count;
    if (list_grow(&last->list, &last->capacity, known, sizeof *last->list, error) != 0)
        return NULL;
    const int64_t index = names_add(&last->keys, (struct str){key, n}, error);
    if (index < 0)
        return NULL;
    if (last->keys.count > known) {
        last->list[index] = (struct kept){.number = number};
        buf_init(&last->list[index].line, RECORD_LINE_MAX + 1);
    }
    last->next = (size_t)index + 1;
    return &last->list[index];
}

static int word(struct kept *kept, struct error *error)
{
    struct signal signal;
    if (kept->worded)
        return 0;
    if (runner_row_signal(kept->runner, &kept->row, &kept->bar, &signal, error) != 0)
        return -1;
    buf_reset(&kept->line);
    record_encode(&kept->line, RECORD_SIGNAL, &signal);
    kept->worded = true;
    return buf_check(&kept->line, error);
}

int last_levels_bar(struct last_levels *last, int number, struct runner *runner, const struct bar *bar,
                    struct error *error)
{
    struct level_row row;
    const int got = runner_bar_row(runner, bar, &row, error);
    struct kept *kept = got <= 0 ? NULL : find(last, number, bar, error);
    if (kept == NULL)
        return got == 0 ? 0 : -1;
    kept->runner = runner;
    kept->bar = *bar;
    kept->row = row;
    kept->there = true;
    kept->worded = false;
    kept->came = last->seen++;
    return runner_waits(runner) ? word(kept, error) : 0;
}

int last_levels_action(struct last_levels *last, const struct action *action, struct error *error)
{
    for (size_t i = 0; i < last->keys.count; i++) {
        struct kept *kept = &last->list[i];
        if (kept->there && strcmp(kept->bar.symbol, action->symbol) == 0 && word(kept, error) != 0)
            return -1;
    }
    return 0;
}

static int by_coming(const void *a, const void *b)
{
    const struct kept *x = a, *y = b;
    return (x->came > y->came) - (x->came < y->came);
}

int last_levels_write(struct last_levels *last, struct flow *flow, struct error *error)
{
    if (last->keys.count > 0)
        qsort(last->list, last->keys.count, sizeof *last->list, by_coming);
    for (size_t i = 0; i < last->keys.count; i++) {
        struct kept *kept = &last->list[i];
        if (kept->there &&
            (word(kept, error) != 0 || flow_write_line(flow, RECORD_SIGNAL, buf_str(&kept->line), error) != 0))
            return -1;
    }
    return 0;
}
