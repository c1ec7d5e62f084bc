/* Repairs that the user has accepted: kept in a file of their own beside the data, an overlay, and applied to what is
 * read. What was read stays as it is.
 *
 * A repair is an anomaly record whose `repair` says what to do:
 *     {"source":"csv:/data/daily","interval":"1d","do":"scale","from":TIME,"to":TIME,"price":0.01,"volume":1}
 *     do: scale (also "fields":"low close"), drop, split (new, old), cash (cash), forget (action), fetch
 * Times are those of the bars it is about: from <= time < to. */
#ifndef TN_FEED_REPAIRS_H
#define TN_FEED_REPAIRS_H

#include "base/buf.h"
#include "feed/actions.h"
#include "market/doctor.h"

struct repair_rule {
    char symbol[SYMBOL_SIZE];
    struct interval interval;
    struct repair repair;
};

struct repairs {
    struct repair_rule *rule;
    size_t count, capacity;
    char *path; /* of the overlay */
};

void repairs_init(struct repairs *repairs);
void repairs_clear(struct repairs *repairs);

/* Append what a repair of a source does, as a JSON object. */
void repair_format(struct buf *out, const char *source, struct interval interval, const struct repair *repair);
/* Read it back; *source points into the text. EXIT_INPUT says what is wrong. */
int repair_parse(struct str text, struct str *source, struct repair_rule *rule, struct error *error);

/* The path of a source's overlay in a folder. */
int repairs_path(char **path, const char *folder, const char *source, struct error *error);
/* Read a source's overlay; one that is not there has no rules. */
int repairs_read(struct repairs *repairs, const char *folder, const char *source, struct error *error);
/* Put the repairs of anomaly records into the overlays of their sources, each once. Nothing is written when a line is
 * wrong. *kept counts those that were not there yet, *fetch those that only ask for the data again. */
int repairs_keep(const char *folder, const char *file, size_t *kept, size_t *fetch, struct error *error);

/* 1: the bar stays, changed or not; 0: it is left out. */
int repairs_bar(const struct repairs *repairs, struct bar *bar, bool *changed);
/* The same for an action; *cash changes its amount. */
int repairs_action(const struct repairs *repairs, struct action *action, bool *changed);
/* Add the splits that they name. */
int repairs_add_splits(const struct repairs *repairs, const struct calendar *calendar, struct action_set *actions,
                       struct error *error);
/* How many concern a symbol. */
size_t repairs_of(const struct repairs *repairs, const char *symbol);

#endif
