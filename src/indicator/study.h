/* Several indicators over many series: what `tn-signal add` puts on every bar. */
#ifndef TN_INDICATOR_STUDY_H
#define TN_INDICATOR_STUDY_H

#include "indicator/series.h"
#include "record/record.h"

#define STUDY_FIELDS_MAX 64

struct study;

struct study_terms {
    const struct calendar *calendar;          /* of sessions; it must live as long as the study. NULL: days of UTC */
    const struct symbol_calendars *calendars; /* of symbols that have one of their own; NULL: none has */
    const char *against;                      /* the symbol whose closes are the second series; NULL: there is none */
};

/* One field per output, in the order of the indicators. EXIT_USAGE: two of the same name; one that needs a second
 * series where there is none. */
struct study *study_new(const struct indicator_use *uses, int count, const struct study_terms *terms,
                        struct error *error);
void study_free(struct study *study);
int study_fields(const struct study *study);
const char *study_field(const struct study *study, int field);

/* Did bars come for which the second series, which came after them, was too late? */
bool study_was_late(const struct study *study);

int study_action(struct study *study, const struct action *action, struct error *error);
/* The figures after this bar, in prices and volumes of the day; NaN while warming up, and for a bar that is not final,
 * which no indicator sees. The second series has a value where its bar of the same interval and end came before.
 * EXIT_INPUT: a bar that is not after the last one of its series, too many series. */
int study_bar(struct study *study, const struct bar *bar, double values[static STUDY_FIELDS_MAX], struct error *error);
/* Append the bar's line with the figures as its last fields (null for NaN), LF included. Fields of these names that it
 * had before give way; everything else stays as it is. */
int study_write(const struct study *study, const struct record *record, const double *values, struct buf *out,
                struct error *error);

#endif
