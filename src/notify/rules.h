/* What is worth telling: rules over records.
 *
 * A rule names the types of record it looks at, a question about them (tn-expr(7)), and what to say. It tells of
 * events, each of them once; or, with `state`, of a state: once when its answer becomes yes for a key, and again only
 * after it was no in between (or when `repeat` has passed).
 *
 * The standard rules are a table here; a section `alert NAME` of the configuration changes the standard rule of that
 * name, or adds a rule. */
#ifndef TN_NOTIFY_RULES_H
#define TN_NOTIFY_RULES_H

#include "base/config.h"
#include "record/record.h"

struct rule {
    const char *name;
    const char *record; /* types, separated by spaces */
    const char *when;   /* NULL: always */
    const char *key;    /* a template; NULL: the record's id, or else its bytes */
    bool state;
    enum alert_level level; /* ALERT_NONE: as the record says, else warning */
    int repeat;             /* minutes after which the same key is told again; 0: never */
    const char *title, *text;
    bool asked; /* goes only to channels whose `rules` name it */
};

extern const struct rule rule_table[];
extern const int rule_count;
/* Is there a standard rule of that name that goes only where it is asked for? */
bool rule_is_asked(const char *name);

/* What a rule found in a record. Texts live until the next rules_next. */
struct finding {
    const struct rule *rule;
    struct str key, title, text;
    enum alert_level level;
    bool holds; /* of a state: it is now; of an event: true */
};

struct rules;

/* The standard rules and those of the configuration; EXIT_USAGE names the rule that cannot be read. `config` must
 * outlive it. */
struct rules *rules_open(const struct config *config, struct error *error);
void rules_close(struct rules *rules);
int rules_count(const struct rules *rules);
const struct rule *rules_at(const struct rules *rules, int index);
/* Begin with a record; then 1 and what the next rule found in it, 0 for no more, -1: a rule's question does not fit the
 * record (EXIT_INPUT). */
void rules_begin(struct rules *rules, const struct record *record);
int rules_next(struct rules *rules, struct finding *finding, struct error *error);

#endif
