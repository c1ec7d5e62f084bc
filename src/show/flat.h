/* The fields of an object inside a record: metrics, assumptions, params. */
#ifndef TN_SHOW_FLAT_H
#define TN_SHOW_FLAT_H

#include "record/record.h"

/* Call `each` for every field of a raw object, in order, with its name and its value as text (of strings, what is
 * between the quotes, escapes left as they are). Not an object: nothing is called. */
void flat_each(struct str object, void (*each)(void *context, struct str name, struct str value), void *context);
/* The number of a name; NaN when it is not there or no number. */
double flat_number(struct str object, const char *name);
/* The text of a name, as flat_each gives it; empty when it is not there. */
struct str flat_text(struct str object, const char *name);

#endif
