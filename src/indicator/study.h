/* Several indicators over many series: what `tn-signal add` puts on every bar. */
#ifndef TN_INDICATOR_STUDY_H
#define TN_INDICATOR_STUDY_H

#include "indicator/series.h"
#include "record/record.h"

#define STUDY_FIELDS_MAX 64

struct study;

/* One field per output, in the order of the indicators. Two of the same name are refused (EXIT_USAGE). */
struct study *study_new(const struct indicator_use *uses, int count, struct error *error);
void study_free(struct study *study);
int study_fields(const struct study *study);
const char *study_field(const struct study *study, int field);

int study_action(struct study *study, const struct action *action, struct error *error);
/* The figures after this bar, in prices and volumes of the day; NaN while warming up, and for a bar that is not final,
 * which no indicator sees. EXIT_INPUT: a bar that is not after the last one of its series, too many series. */
int study_bar(struct study *study, const struct bar *bar, double values[static STUDY_FIELDS_MAX], struct error *error);
/* Append the bar's line with the figures as its last fields (null for NaN), LF included. Fields of these names that it
 * had before give way; everything else stays as it is. */
int study_write(const struct study *study, const struct record *record, const double *values, struct buf *out,
                struct error *error);

#endif
