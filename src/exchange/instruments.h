/* What symbols are, as a file says it: instruments.ndjson beside the configuration, `instrument` records
 * (tn-records(5)), one a line. Of a symbol that comes twice the later line counts, so that a source's answers can be
 * appended. */
#ifndef TN_EXCHANGE_INSTRUMENTS_H
#define TN_EXCHANGE_INSTRUMENTS_H

#include "base/names.h"
#include "market/instrument.h"

#define INSTRUMENTS_FILE_MAX (64 << 20) /* bytes */

struct instruments {
    struct names symbols;
    struct instrument *list; /* by index in `symbols`; DEC_NONE for what is not said */
    size_t capacity;
};

void instruments_init(struct instruments *instruments);
void instruments_clear(struct instruments *instruments);
/* Reads a file; one that is not there is none. EXIT_USAGE names file and line. */
int instruments_read(struct instruments *instruments, const char *path, struct error *error);
/* What the file says of a symbol, NULL when nothing. */
const struct instrument *instruments_find(const struct instruments *instruments, const char *symbol);

#endif
