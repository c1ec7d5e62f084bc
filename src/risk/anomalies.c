/* Symbols whose prices nobody vouches for. */
#include "risk/anomalies.h"

#include "base/list.h"

#include <stdio.h>
#include <stdlib.h>

void anomalies_init(struct anomalies *anomalies)
{
    *anomalies = (struct anomalies){.since = NULL};
    names_init(&anomalies->symbols);
}

void anomalies_clear(struct anomalies *anomalies)
{
    names_clear(&anomalies->symbols);
    free(anomalies->since);
    *anomalies = (struct anomalies){.since = NULL};
}

int anomalies_add(struct anomalies *anomalies, const struct anomaly *anomaly, struct error *error)
{
    if (anomaly->check != ANOMALY_SPLIT && anomaly->check != ANOMALY_UNIT)
        return 0;
    const size_t known = anomalies->symbols.count;
    if (list_grow(&anomalies->since, &anomalies->capacity, known, sizeof *anomalies->since, error) != 0)
        return -1;
    const int64_t index = names_add(&anomalies->symbols, str_of(anomaly->symbol), error);
    if (index < 0)
        return -1;
    if (anomalies->symbols.count > known || anomaly->time < anomalies->since[index])
        anomalies->since[index] = anomaly->time;
    anomalies->count++;
    return 0;
}

bool anomalies_refuse(const struct anomalies *anomalies, const char *symbol, int64_t time)
{
    if (anomalies->symbols.count == 0)
        return false;
    const int64_t index = names_find(&anomalies->symbols, str_of(symbol));
    return index >= 0 && time >= anomalies->since[index];
}

void anomalies_refusal(struct refusal *refusal, const struct signal *signal)
{
    *refusal = (struct refusal){.time = signal->time, .limit = DEC_NONE, .observed = DEC_NONE};
    memcpy(refusal->symbol, signal->symbol, sizeof refusal->symbol);
    memcpy(refusal->strategy, signal->strategy, sizeof refusal->strategy);
    memcpy(refusal->cause, signal->id, sizeof signal->id);
    (void)snprintf(refusal->code, sizeof refusal->code, "ANOMALY");
    (void)snprintf(refusal->message, sizeof refusal->message,
                   "its prices jump as by a split or a change of unit, and the jump has not been accepted");
}
