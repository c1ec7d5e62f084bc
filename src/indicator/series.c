/* Keeps the states of many series and the adjustment of their symbols. */
#include "indicator/series.h"

#include "base/names.h"
#include "market/adjust.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct entry {
    struct series series;
    struct interval interval;
    struct security **securities; /* of the set, and the place there of the one whose bars these are */
    size_t security;
    bool counted; /* tick, volume and value bars */
    int64_t last; /* start of the last bar; its end for counted ones */
    struct entry *next;
    max_align_t state[];
};

struct security {
    struct adjust adjust;
    double close;  /* the last raw close of any interval, NaN before */
    bool adjusted; /* its bars are adjusted already: there is no raw close that an action could be held against */
    struct entry *first;
};

struct series_set {
    size_t size;
    void (*init)(void *state, const void *context);
    const void *context;
    const struct calendar *calendar;
    const struct symbol_calendars *calendars;
    struct names symbols;
    struct names actions; /* "SYMBOL\nID" of those applied: an action that comes twice counts once */
    size_t *held_by;      /* by symbol: which security bears the name now */
    size_t held;
    struct security *security;
    size_t securities, entries;
};

struct series_set *series_set_new(size_t size, void (*init)(void *state, const void *context), const void *context,
                                  struct error *error)
{
    struct series_set *set = calloc(1, sizeof *set);
    if (set == NULL) {
        error_memory(error);
        return NULL;
    }
    set->size = size;
    set->init = init;
    set->context = context;
    names_init(&set->symbols);
    names_init(&set->actions);
    return set;
}

void series_set_free(struct series_set *set)
{
    if (set == NULL)
        return;
    for (size_t i = 0; i < set->securities; i++)
        for (struct entry *entry = set->security[i].first, *next; entry != NULL; entry = next) {
            next = entry->next;
            free(entry);
        }
    names_clear(&set->symbols);
    names_clear(&set->actions);
    free(set->held_by);
    free(set->security);
    free(set);
}

void series_set_each(const struct series_set *set, void (*each)(void *context, const void *state), void *context)
{
    for (size_t i = 0; i < set->securities; i++)
        for (const struct entry *entry = set->security[i].first; entry != NULL; entry = entry->next)
            each(context, entry->series.state);
}

void series_set_calendar(struct series_set *set, const struct calendar *calendar,
                         const struct symbol_calendars *calendars)
{
    set->calendar = calendar;
    set->calendars = calendars;
}

static bool is_power_of_two(size_t n)
{
    return (n & (n - 1)) == 0;
}

/* The array with room for one more element, NULL when out of memory; it grows at powers of two. */
static void *grow(void *array, size_t count, size_t size, struct error *error)
{
    if (count != 0 && !is_power_of_two(count))
        return array;
    void *bigger = reallocarray(array, count == 0 ? 1 : 2 * count, size);
    if (bigger == NULL)
        error_memory(error);
    return bigger;
}

static int add_security(struct series_set *set, size_t *index, struct error *error)
{
    if (set->securities == SERIES_MAX)
        return error_set(error, EXIT_INPUT, "more than %d symbols", SERIES_MAX);
    struct security *security = grow(set->security, set->securities, sizeof *security, error);
    if (security == NULL)
        return -1;
    set->security = security;
    *index = set->securities++;
    security[*index] = (struct security){.close = NAN};
    adjust_init(&security[*index].adjust);
    return 0;
}

static int find_security(struct series_set *set, const char *symbol, struct security **security, struct error *error)
{
    const int64_t name = names_add(&set->symbols, str_of(symbol), error);
    if (name < 0)
        return -1;
    if ((size_t)name == set->held) {
        size_t *held_by = grow(set->held_by, set->held, sizeof *held_by, error);
        if (held_by == NULL)
            return -1;
        set->held_by = held_by;
        if (add_security(set, &held_by[set->held], error) != 0)
            return -1;
        set->held++;
    }
    *security = &set->security[set->held_by[name]];
    return 0;
}

/* The series go on under the new name; the old name, should it come again, is somebody else. */
static int rename_security(struct series_set *set, const struct action *action, struct error *error)
{
    struct security *security;
    size_t fresh = 0;
    if (action->new_symbol[0] == '\0')
        return error_set(error, EXIT_INPUT, "%s: a rename without a new symbol", action->symbol);
    if (strcmp(action->symbol, action->new_symbol) == 0)
        return 0;
    if (find_security(set, action->symbol, &security, error) != 0 ||
        find_security(set, action->new_symbol, &security, error) != 0 || add_security(set, &fresh, error) != 0)
        return -1;
    const int64_t before = names_find(&set->symbols, str_of(action->symbol));
    const int64_t after = names_find(&set->symbols, str_of(action->new_symbol));
    set->held_by[after] = set->held_by[before];
    set->held_by[before] = fresh;
    return 0;
}

static int apply_action(struct series_set *set, const struct action *action, struct error *error)
{
    struct security *security;
    if (action->kind == ACTION_RENAME)
        return rename_security(set, action, error);
    if (find_security(set, action->symbol, &security, error) != 0)
        return -1;
    const bool known = isfinite(security->close); /* without a price before it a dividend changes nothing */
    if (adjust_action(&security->adjust, action, &security->close))
        return 0;
    if (action->kind == ACTION_DIVIDEND && security->adjusted)
        return 0;
    if (action->kind == ACTION_SPLIT)
        return error_set(error, EXIT_INPUT, "%s: a split without positive new and old", action->symbol);
    if (action->kind == ACTION_DIVIDEND && known)
        return error_set(error, EXIT_INPUT, "%s: a dividend that is not between zero and the last close",
                         action->symbol);
    return 0;
}

int series_set_action(struct series_set *set, const struct action *action, struct error *error)
{
    char key[SYMBOL_SIZE + ID_SIZE];
    const int n = snprintf(key, sizeof key, "%s\n%s", action->symbol, action->id);
    const struct str name = {key, (size_t)n};
    if (action->id[0] == '\0')
        return apply_action(set, action, error);
    if (names_find(&set->actions, name) >= 0)
        return 0;
    if (apply_action(set, action, error) != 0 || names_add(&set->actions, name, error) < 0)
        return -1;
    return 0;
}

static struct entry *find_entry(struct series_set *set, size_t index, const char *symbol, struct interval interval,
                                struct error *error)
{
    struct entry **place = &set->security[index].first;
    for (; *place != NULL; place = &(*place)->next)
        if (interval_equal((*place)->interval, interval))
            return *place;
    if (set->entries == SERIES_MAX) {
        error_set(error, EXIT_INPUT, "more than %d series", SERIES_MAX);
        return NULL;
    }
    struct entry *entry = calloc(1, sizeof *entry + set->size);
    if (entry == NULL) {
        error_memory(error);
        return NULL;
    }
    entry->interval = interval;
    entry->counted = interval_is_counted(interval);
    entry->securities = &set->security;
    entry->security = index;
    entry->last = TIME_NONE;
    entry->series.state = entry->state;
    entry->series.interval = interval;
    entry->series.calendar = symbol_calendar(set->calendars, set->calendar, symbol);
    set->init(entry->state, set->context);
    set->entries++;
    *place = entry;
    return entry;
}

static int refuse_order(const struct entry *entry, const char *symbol, struct error *error)
{
    char text[INTERVAL_TEXT_MAX];
    text[interval_format(text, entry->interval)] = '\0';
    return error_set(error, EXIT_INPUT, "%s: a %s bar that is not after the last one", symbol, text);
}

struct series *series_set_find(struct series_set *set, const char *symbol, struct interval interval,
                               struct error *error)
{
    struct security *security;
    if (find_security(set, symbol, &security, error) != 0)
        return NULL;
    struct entry *entry = find_entry(set, (size_t)(security - set->security), symbol, interval, error);
    return entry == NULL ? NULL : &entry->series;
}

/* Bars of trades may share a start; no two others may. */
static bool are_in_order(const struct entry *entry, const struct bars *bars)
{
    const int64_t *now = entry->counted ? bars->end : bars->time;
    if (bars->count == 0)
        return true;
    if (now[0] > entry->last && times_rise(now, bars->count)) /* TIME_NONE is before every time */
        return true;
    bool ordered = entry->counted && now[0] >= entry->last;
    for (size_t i = 1; ordered && i < bars->count; i++)
        ordered = now[i] >= now[i - 1];
    return ordered;
}

int series_step(struct series *series, const struct bars *bars, enum adjusted adjusted, const char *symbol,
                struct error *error)
{
    struct entry *entry = (struct entry *)(void *)series; /* its first member */
    struct security *security = &(*entry->securities)[entry->security];
    if (!are_in_order(entry, bars))
        return refuse_order(entry, symbol, error);
    const bool already = adjusted == ADJUSTED_SPLIT || adjusted == ADJUSTED_TOTAL;
    series->price_factor = already ? 1 : security->adjust.price;
    series->volume_factor = already ? 1 : security->adjust.volume;
    if (bars->count == 0)
        return 0;
    const size_t last = bars->count - 1;
    entry->last = entry->counted ? bars->end[last] : bars->time[last];
    security->close = dec_to_double(bars->close[last]);
    security->adjusted = already;
    return 0;
}

static void price_column(const dec *price, size_t count, double factor, enum price_unit unit, double *restrict column)
{
    if (unit == UNIT_COUNT)
        for (size_t i = 0; i < count; i++)
            column[i] = (double)price[i] * factor;
    else
        for (size_t i = 0; i < count; i++)
            column[i] = dec_to_double(price[i]) * factor;
}

static int64_t session_of(const struct calendar *calendar, int64_t time)
{
    if (calendar != NULL)
        return calendar_date(calendar, time);
    return time / TIME_DAY - (time % TIME_DAY < 0);
}

void series_columns(const struct series *series, const struct bars *bars, unsigned inputs, enum price_unit unit,
                    struct column_block *block)
{
    const double price = series->price_factor;
    require(bars->count <= COLUMNS_MAX);
    block->columns = (struct columns){.n = bars->count,
                                      .open = block->open,
                                      .high = block->high,
                                      .low = block->low,
                                      .close = block->close,
                                      .volume = block->volume,
                                      .time = bars->time,
                                      .end = bars->end,
                                      .session = block->session,
                                      .price_scale = price * (unit == UNIT_COUNT ? (double)DEC_ONE : 1),
                                      .volume_scale = series->volume_factor,
                                      .interval = series->interval,
                                      .calendar = series->calendar};
    if ((inputs & INPUT_OPEN) != 0)
        price_column(bars->open, bars->count, price, unit, block->open);
    if ((inputs & INPUT_HIGH) != 0)
        price_column(bars->high, bars->count, price, unit, block->high);
    if ((inputs & INPUT_LOW) != 0)
        price_column(bars->low, bars->count, price, unit, block->low);
    if ((inputs & INPUT_CLOSE) != 0)
        price_column(bars->close, bars->count, price, unit, block->close);
    for (size_t i = 0; (inputs & INPUT_VOLUME) != 0 && i < bars->count; i++)
        block->volume[i] = bars->volume[i] * series->volume_factor;
    for (size_t i = 0; (inputs & INPUT_SESSION) != 0 && i < bars->count; i++)
        block->session[i] = session_of(series->calendar, bars->time[i]);
}

double series_of_day(const struct series *series, double value, int price_power, int volume_power)
{
    for (int i = 0; i < price_power; i++)
        value /= series->price_factor;
    for (int i = 0; i < volume_power; i++)
        value /= series->volume_factor;
    for (int i = 0; i > price_power; i--)
        value *= series->price_factor;
    for (int i = 0; i > volume_power; i--)
        value *= series->volume_factor;
    return value;
}
