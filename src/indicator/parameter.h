/* Parameters of indicators and strategies as the user writes them: "20", "12,26,9", "n=20,k=2.5". */
#ifndef TN_INDICATOR_PARAMETER_H
#define TN_INDICATOR_PARAMETER_H

#include "indicator/indicator.h"

#define PARAMETER_TEXT_MAX 64

/* A value as it would be written: the word, or the shortest number that is read as the same. */
void parameter_text(const struct parameter *parameter, double value, char text[static PARAMETER_TEXT_MAX]);

/* Fill value[0 … count) with the defaults and then with what `text` says, by position or by name, positions first.
 * Refused (EXIT_USAGE): an unknown name or word (with the nearest), one given twice, no number, out of range, not whole
 * where it must be, too many. `what` names the owner in messages: "sma". */
int parameters_parse(double *value, const struct parameter *parameter, int count, struct str text, const char *what,
                     struct error *error);

#endif
