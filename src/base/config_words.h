/* The words of a configuration file: names, values and the signs { } =, with the place of each. */
#ifndef TN_BASE_CONFIG_WORDS_H
#define TN_BASE_CONFIG_WORDS_H

#include "base/buf.h"

struct place {
    int line, column; /* from 1; a column is a character, not a byte */
};

enum config_word_kind { WORD_END, WORD_TEXT, WORD_SIGN };

struct config_words {
    const char *path; /* for messages */
    const char *p, *end;
    struct place at; /* of p */
    /* The word that was read last: */
    enum config_word_kind kind;
    char sign;          /* one of {}=,()+ */
    struct place place; /* where it begins */
    struct buf text;    /* owned */
};

void config_words_init(struct config_words *words, const char *path, struct str text);
void config_words_clear(struct config_words *words);
/* The next word. -1: a quote, comment or escape that is none. */
int config_words_next(struct config_words *words, struct error *error);
/* "PATH:LINE:COLUMN: …" of EXIT_USAGE. -1. */
int config_refuse(const struct config_words *words, struct place place, struct error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
