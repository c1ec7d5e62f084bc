/* Configuration: flags > TN_* environment > $XDG_CONFIG_HOME/truenorth/config > /etc/xdg/truenorth/config > defaults.
 *
 * Every setting is a line of config_table: section, name, default, what it means; config_words.h says how the file is
 * written:
 *
 *     account paper { currency = USD  commission_per_share = 0.005  max_position = 5% }
 *     source daily { kind = csv  path = /data/daily  csv_tz = America/New_York }
 *     instrument ES { tick_size = 0.25  multiplier = 50 }
 *
 * `account`, `source` and `instrument` sections bear a title; the others do not. An unknown key or section is an error
 * with the nearest word, the file and the line; so is a setting given twice. The environment form of `max_position` is
 * TN_MAX_POSITION: it counts for settings that say so in the table (`environment`), and never for `mode`. */
#ifndef TN_BASE_CONFIG_H
#define TN_BASE_CONFIG_H

#include "base/dec.h"
#include "base/error.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

enum setting_kind { SETTING_TEXT, SETTING_COUNT, SETTING_DECIMAL, SETTING_PERCENT, SETTING_FLAG, SETTING_WORD };

struct setting {
    const char *section; /* "account", "source", "instrument", "network", "schedule", "display" … */
    const char *name;
    enum setting_kind kind;
    const char *standard; /* text of the default, NULL for none */
    const char *words;    /* SETTING_WORD */
    bool environment;
    bool positive; /* SETTING_DECIMAL: zero is refused; negative values always are */
    const char *summary;
};

extern const struct setting config_table[];
extern const int config_count;

struct config;

/* Reads the files and the environment; a file that is not there is no error. Errors in what they say are
 * EXIT_USAGE and name file and line, or the variable; a file that cannot be read is EXIT_SYSTEM. */
struct config *config_open(struct error *error);
/* The folder of the configuration, nothing being read. */
int config_place(char path[static PATH_MAX], struct error *error);
/* The same without the environment's settings (its folders are the same). */
struct config *config_open_files(struct error *error);
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
/* Do sections of this name bear a title? */
bool config_is_titled(const char *section);
/* Titles of a titled section that the files define, in file order. */
int config_titles(const struct config *config, const char *section);
const char *config_title(const struct config *config, const char *section, int index);

/* Folders of the user: "config", "data", "state", "cache". With TN_HOME they are TN_HOME itself, TN_HOME/data,
 * TN_HOME/state and TN_HOME/cache (and no file but TN_HOME/config is read); else the XDG ones with /truenorth. Made
 * (0700) on first use. The text lives as long as the configuration. */
const char *config_folder(const struct config *config, const char *which, struct error *error);
/* The same without making it. */
const char *config_folder_name(const struct config *config, const char *which);
/* The user's file, whether it exists or not. */
const char *config_file(const struct config *config);

#endif
