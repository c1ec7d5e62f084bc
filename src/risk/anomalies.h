/* Symbols whose prices nobody vouches for: a jump as by a split that no action names, or as by another unit. Entries in
 * them are refused from then on; exits go. */
#ifndef TN_RISK_ANOMALIES_H
#define TN_RISK_ANOMALIES_H

#include "base/names.h"
#include "record/types.h"

struct anomalies {
    struct names symbols;
    int64_t *since; /* by symbol: the time of the first */
    size_t capacity;
    size_t count; /* of all that came */
};

void anomalies_init(struct anomalies *anomalies);
void anomalies_clear(struct anomalies *anomalies);
/* Takes note of one; those of checks other than `split` and `unit` are no reason to refuse anything. */
int anomalies_add(struct anomalies *anomalies, const struct anomaly *anomaly, struct error *error);
/* Is an entry that was decided at this time to be refused? */
bool anomalies_refuse(const struct anomalies *anomalies, const char *symbol, int64_t time);
/* The refusal of such an entry, without mode, account and order: those are the caller's. */
void anomalies_refusal(struct refusal *refusal, const struct signal *signal);

#endif
