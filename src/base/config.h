/* Configuration: flags > TN_* environment > $XDG_CONFIG_HOME/truenorth/config > /etc/xdg/truenorth/config > defaults.
 *
 * Every setting is a line of config_table: section, name, default, what it means; the file is read by libconfuse:
 *
 *     account paper { currency = USD  commission_per_share = 0.005  max_position = 5% }
 *     source daily { kind = csv  path = /data/daily  csv_tz = America/New_York }
 *     instrument ES { tick_size = 0.25  multiplier = 50 }
 *
 * `account`, `source` and `instrument` sections bear a title; the others do not. An unknown key or section is an error
 * with the nearest word, the file and the line. The environment form of `max_position` is TN_MAX_POSITION: it counts
 * for settings that say so in the table (`environment`), and never for `mode`. */
#ifndef TN_BASE_CONFIG_H
#define TN_BASE_CONFIG_H

#include "base/dec.h"
#include "base/error.h"

#include <stdbool.h>

enum setting_kind { SETTING_TEXT, SETTING_COUNT, SETTING_DECIMAL, SETTING_PERCENT, SETTING_FLAG, SETTING_WORD };

struct setting {
    const char *section; /* "account", "source", "instrument", "display" … */
    const char *name;
    enum setting_kind kind;
    const char *standard; /* text of the default, NULL for none */
    const char *words;    /* SETTING_WORD */
    bool environment;
    const char *summary;
};

extern const struct setting config_table[];
extern const int config_count;

struct config;

struct config *config_open(struct error *error);
void config_free(struct config *config);
/* The text in force of a setting (title "" for sections without one; an unknown title has the defaults); NULL when it
 * has no value. `origin` (may be NULL) gets "default", "TN_MAX_POSITION", "…/config:12". */
const char *config_text(const struct config *config, const char *section, const char *title, const char *name,
                        const char **origin);
/* The same, typed; config_open has checked that every value fits its kind. A setting without a value gives DEC_NONE,
 * -1, false. Percent gives the fraction: 5% is 0.05. */
dec config_decimal(const struct config *config, const char *section, const char *title, const char *name);
int64_t config_integer(const struct config *config, const char *section, const char *title, const char *name);
bool config_flag(const struct config *config, const char *section, const char *title, const char *name);
/* Titles of a titled section that the files define, in file order. */
int config_titles(const struct config *config, const char *section);
const char *config_title(const struct config *config, const char *section, int index);

/* Folders of the user: TN_HOME/config|data|state|cache, else the XDG ones with /truenorth; made (0700) on first use.
 * The text lives as long as the configuration. */
const char *config_folder(const struct config *config, const char *which, struct error *error);

#endif
