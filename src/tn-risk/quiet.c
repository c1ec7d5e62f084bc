/* Levels that need no question to tn-order. What an instance holds changes by its own orders alone, and a decision is
 * good for one entry: so a level that is repeated without a change wants nothing more once its position is held, or was
 * and is gone, or while it is flat and nothing works that could make a position. */
#include "tn-risk/quiet.h"

#include "base/list.h"
#include "base/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A level when it was sized last. */
struct last_level {
    char id[ID_SIZE];
    int64_t decided;
    enum want side;
    bool quiet;
};

struct quiet {
    struct names names; /* strategy, a newline, symbol */
    struct last_level *level;
    size_t capacity;
};

struct quiet *quiet_new(struct error *error)
{
    struct quiet *quiet = calloc(1, sizeof *quiet);
    if (quiet == NULL) {
        error_memory(error);
        return NULL;
    }
    names_init(&quiet->names);
    return quiet;
}

void quiet_free(struct quiet *quiet)
{
    if (quiet == NULL)
        return;
    names_clear(&quiet->names);
    free(quiet->level);
    free(quiet);
}

static struct str name_of(const struct signal *signal, char name[static STRATEGY_SIZE + SYMBOL_SIZE + 1])
{
    (void)snprintf(name, STRATEGY_SIZE + SYMBOL_SIZE + 1, "%s\n%s", signal->strategy, signal->symbol);
    return str_of(name);
}

/* Can nothing come of the same level again, whatever the bars bring? */
static bool is_settled(const struct ledger *ledger, const struct signal *signal)
{
    const int slot = ledger_find_slot(ledger, signal->symbol);
    const int index = ledger_find_holding(ledger, signal->strategy, slot);
    if (signal->moves == 1 || signal->side == WANT_NONE)
        return false;
    if (index < 0)
        return signal->side == WANT_FLAT;
    const struct holding *holding = &ledger->holding[index];
    const int held = (holding->quantity > 0) - (holding->quantity < 0);
    const int wanted = signal->side == WANT_LONG ? 1 : signal->side == WANT_SHORT ? -1 : 0;
    const bool spent = holding->entry_signal[0] != '\0' &&
                       (strcmp(holding->entry_signal, signal->id) == 0 || signal->decided <= holding->entry_time);
    if (wanted != 0 && !spent)
        return false;
    if (held != 0)
        return held == wanted;
    for (const struct open_order *open_order = ledger->symbol_state[slot].open_order; open_order != NULL;
         open_order = open_order->next)
        if (open_order->holding == index)
            return false;
    return true;
}

int quiet_note(struct quiet *quiet, const struct ledger *ledger, const struct signal *signal, bool in_step,
               struct error *error)
{
    char name[STRATEGY_SIZE + SYMBOL_SIZE + 1];
    const int64_t index = names_add(&quiet->names, name_of(signal, name), error);
    if (index < 0 || list_grow(&quiet->level, &quiet->capacity, (size_t)index, sizeof *quiet->level, error) != 0)
        return -1;
    struct last_level *last = &quiet->level[index];
    memcpy(last->id, signal->id, sizeof last->id);
    last->decided = signal->decided;
    last->side = signal->side;
    last->quiet = in_step && is_settled(ledger, signal);
    return 0;
}

static bool is_quiet(const struct quiet *quiet, const struct signal *signal)
{
    char name[STRATEGY_SIZE + SYMBOL_SIZE + 1];
    const int64_t index = names_find(&quiet->names, name_of(signal, name));
    if (index < 0)
        return false;
    const struct last_level *last = &quiet->level[index];
    return last->quiet && signal->moves != 1 && signal->side == last->side && signal->decided == last->decided &&
           strcmp(signal->id, last->id) == 0;
}

bool quiet_are(const struct quiet *quiet, struct levels *levels)
{
    levels_sort(levels);
    for (size_t i = 0; i < levels_count(levels); i++)
        if (!is_quiet(quiet, levels_at(levels, i)))
            return false;
    return true;
}
