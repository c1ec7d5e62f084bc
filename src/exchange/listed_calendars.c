/* Opens the calendars of symbols. */
#include "exchange/listed_calendars.h"

#include "base/list.h"

#include <stdlib.h>
#include <string.h>

static const struct calendar *of_symbol(void *context, const char *symbol)
{
    const struct listed_calendars *calendars = context;
    const int64_t index = names_find(&calendars->listed->symbols, str_of(symbol));
    return index < 0 ? NULL : calendars->own[index];
}

/* One that is open already, else opened; NULL: error. */
static const struct calendar *find(struct listed_calendars *calendars, const char *name, struct error *error)
{
    for (size_t i = 0; i < calendars->exchanges; i++)
        if (strcmp(calendar_name(&calendars->exchange[i]->calendar), name) == 0)
            return &calendars->exchange[i]->calendar;
    if (list_grow(&calendars->exchange, &calendars->capacity, calendars->exchanges, sizeof *calendars->exchange,
                  error) != 0)
        return NULL;
    struct exchange *exchange = calloc(1, sizeof *exchange);
    if (exchange == NULL) {
        error_memory(error);
        return NULL;
    }
    calendars->exchange[calendars->exchanges++] = exchange;
    return exchange_open(exchange, name, error) == 0 ? &exchange->calendar : NULL;
}

int listed_calendars_open(struct listed_calendars *calendars, const struct instruments *listed, const char *usual,
                          struct error *error)
{
    const size_t count = listed->symbols.count;
    *calendars = (struct listed_calendars){.listed = listed, .calendars = {.of = of_symbol, .context = calendars}};
    if ((calendars->own = calloc(count + 1, sizeof *calendars->own)) == NULL)
        return error_memory(error);
    for (size_t i = 0; i < count; i++) {
        const char *name = listed->list[i].calendar;
        if (name[0] == '\0' || strcmp(name, usual) == 0)
            continue;
        if ((calendars->own[i] = find(calendars, name, error)) != NULL)
            continue;
        error_prefix(error, "instruments.ndjson: %s", listed->symbols.name[i]);
        listed_calendars_close(calendars);
        return -1;
    }
    return 0;
}

void listed_calendars_close(struct listed_calendars *calendars)
{
    for (size_t i = 0; i < calendars->exchanges; i++) {
        exchange_close(calendars->exchange[i]);
        free(calendars->exchange[i]);
    }
    free(calendars->exchange);
    free(calendars->own);
    *calendars = (struct listed_calendars){.listed = NULL};
}

const struct symbol_calendars *listed_calendars_of(const struct listed_calendars *calendars)
{
    return calendars->exchanges > 0 ? &calendars->calendars : NULL;
}
