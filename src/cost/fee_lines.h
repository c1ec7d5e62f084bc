/* The words of a line of a schedule of fees, tn-fees(5): what fee_file.c and carry_file.c share. */
#ifndef TN_COST_FEE_LINES_H
#define TN_COST_FEE_LINES_H

#include "cost/fees.h"

struct fee_reading {
    struct fee_schedule *schedule;
    const char *file;
    unsigned line;
    struct error *error;
    struct fee_rule *rule; /* being read */
};

/* "FILE: line N: 'WORD' is WHAT"; -1. */
int fee_wrong(const struct fee_reading *reading, const char *what, struct str word);
struct str fee_trim(struct str text);
/* What is before a character, which goes too; all of it where there is none. */
struct str fee_cut(struct str *text, char at);
struct str fee_next_word(struct str *text);
/* A number, a fraction where "%" is behind it. */
int fee_read_number(const struct fee_reading *reading, struct str word, dec *value, bool *share);
int fee_read_day(const struct fee_reading *reading, struct str word, int64_t *day);
/* "FROM" or "FROM..TO", both inclusive; without TO *to is left as it is. */
int fee_read_dates(const struct fee_reading *reading, struct str text, int64_t *from, int64_t *to);

/* carry_file.c: is it the first word of a line about what holding costs? / The rest of that line. */
bool carry_is_key(struct str key);
int carry_read(const struct fee_reading *reading, struct str key, struct str rest);

#endif
