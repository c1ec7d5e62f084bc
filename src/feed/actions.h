/* Corporate actions from outside: of a file, or of the dividend and split columns of price files. */
#ifndef TN_FEED_ACTIONS_H
#define TN_FEED_ACTIONS_H

#include "base/hash.h"
#include "feed/feed.h"

/* Which of two actions of a symbol comes first: by time; on one day a split is before a dividend, whose cash is for
 * each share that there is after it, as the prices of that day are; 0: neither. */
int action_compare(const struct action *a, const struct action *b);

/* Actions in that order, then as they were added. */
struct action_set {
    struct stored_action **stored;
    size_t count, capacity;
    bool sorted;
    struct sha256 *hash; /* made when first needed */
};

void action_set_init(struct action_set *set);
void action_set_clear(struct action_set *set);

/* Adds a copy. time, ex_date and, when it is empty, id are set from the ex-date (days since 1970): the time is the
 * date's midnight in the calendar's zone, the id the first 80 bits of SHA-256 over what the action says. */
int action_set_add(struct action_set *set, const struct action *action, int64_t ex_date,
                   const struct calendar *calendar, struct error *error);

/* Reads a file of `action` records, or CSV with a header: date (or ex_date), symbol, kind, and as needed new, old
 * ratio), cash (or amount), currency, new_symbol, pay_date. Bad lines go to request->bad. */
int action_set_read(struct action_set *set, const char *path, const struct feed_request *request, struct error *error);

/* Sorts when something was added since. The action and its slices live until the set is cleared. */
const struct action *action_set_get(struct action_set *set, size_t index);

#endif
