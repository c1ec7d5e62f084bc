/* The rows of a strategy: one piece of memory for all of its columns. */
#include "strategy/strategy.h"

#include <math.h>
#include <stdlib.h>

#define DOUBLES (5 + LEVEL_FIGURES_MAX + STRATEGY_REASONS_MAX)

int levels_reserve(struct levels *levels, size_t rows, struct error *error)
{
    levels_clear(levels);
    if (rows <= levels->capacity)
        return 0;
    const size_t each = DOUBLES * sizeof(double) + sizeof(struct stretch) + sizeof(size_t) + sizeof(enum want) + 1;
    void *memory = calloc(rows, each);
    if (memory == NULL)
        return error_memory(error);
    free(levels->memory);
    double *column = memory;
    double **const columns[] = {&levels->strength, &levels->units, &levels->stop, &levels->target, &levels->entry};
    for (size_t i = 0; i < DOUBLES * rows; i++)
        column[i] = NAN;
    for (int i = 0; i < 5; i++, column += rows)
        *columns[i] = column;
    for (int i = 0; i < LEVEL_FIGURES_MAX; i++, column += rows)
        levels->figure[i] = column;
    for (int i = 0; i < STRATEGY_REASONS_MAX; i++, column += rows)
        levels->reason[i] = column;
    levels->stretch = (struct stretch *)column;
    levels->answer = (size_t *)(levels->stretch + rows);
    levels->side = (enum want *)(levels->answer + rows);
    levels->anew = (bool *)(levels->side + rows);
    levels->memory = memory;
    levels->capacity = rows;
    return 0;
}

void levels_free(struct levels *levels)
{
    free(levels->memory);
    *levels = (struct levels){.count = 0};
}

const struct stretch *levels_stretch(const struct levels *levels, size_t row)
{
    size_t low = 0, high = levels->stretches;
    require(row < levels->count && high > 0);
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (levels->stretch[middle].from <= row)
            low = middle;
        else
            high = middle;
    }
    return &levels->stretch[low];
}
