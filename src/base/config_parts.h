/* The inside of a configuration, for the files of base/ that fill it; others use config.h. */
#ifndef TN_BASE_CONFIG_PARTS_H
#define TN_BASE_CONFIG_PARTS_H

#include "base/config.h"
#include "base/names.h"

#define FOLDERS 4

/* A title seen (setting NULL) or a value given, in the order of the files; of a setting that comes again the first is
 * kept. */
struct entry {
    const struct setting *setting;
    const char *section; /* of section_list */
    char *title, *text, *origin;
};

struct config {
    struct entry *entries;
    size_t count, capacity;
    struct names keys; /* of entries, by their index */
    char *file;
    char *folder[FOLDERS];
};

const struct setting *setting_find(const char *section, const char *name);
/* Does the text fit the setting's kind? `number` (may be NULL) gets a count, a decimal, a fraction or a flag. */
int setting_read(const struct setting *setting, const char *text, int64_t *number, struct error *why);
int entry_add(struct config *config, const struct setting *setting, const char *section, const char *title,
              const char *text, const char *origin, struct error *error);
const struct entry *entry_find(const struct config *config, const struct setting *setting, const char *title);

/* Add what a file says; one that is not there says nothing. */
int config_read_file(struct config *config, const char *path, struct error *error);

#endif
