/* What symbols are, as a file says it: instruments.ndjson beside the configuration, `instrument` records
 * (tn-records(5)), one a line. Of a symbol that comes twice the later line adds to the earlier and goes before it,
 * field by field, so that a source's answers can be appended. Sections `instrument` of the configuration go before
 * both. */
#ifndef TN_EXCHANGE_INSTRUMENTS_H
#define TN_EXCHANGE_INSTRUMENTS_H

#include "base/arena.h"
#include "base/config.h"
#include "base/names.h"
#include "record/types.h"

#include <limits.h>

#define INSTRUMENTS_FILE_MAX (64 << 20) /* bytes */

struct instruments {
    struct names symbols;
    struct instrument_facts *list; /* by index in `symbols`; its names are in `texts` */
    size_t capacity;
    struct arena texts;
};

void instruments_init(struct instruments *instruments);
void instruments_clear(struct instruments *instruments);
/* The file's place. */
int instruments_path(const struct config *config, char path[static PATH_MAX], struct error *error);
/* Reads a file; one that is not there is none. EXIT_USAGE names file and line. */
int instruments_read(struct instruments *instruments, const char *path, struct error *error);
/* Takes one more record: 1, or 0 when it says nothing new (its time and source aside). */
int instruments_take(struct instruments *instruments, const struct instrument_facts *facts, struct error *error);
/* What is said of a symbol, by the file and by its section of the configuration; blank where nothing is. Its name is
 * good as long as `instruments` is. */
void instruments_facts(const struct instruments *instruments, const struct config *config, const char *symbol,
                       struct instrument_facts *facts);

#endif
