/* The text of a rule file, statement by statement, and the words and numbers in one. */
#ifndef TN_STRATEGY_RULE_TEXT_H
#define TN_STRATEGY_RULE_TEXT_H

#include "base/error.h"
#include "base/str.h"

#define STATEMENT_MAX 4096

/* One statement of the file: its line, and its text with continuation lines joined. */
struct statement_text {
    int line;
    char text[STATEMENT_MAX];  /* whoever reads it cuts it up */
    char whole[STATEMENT_MAX]; /* as it came */
};

struct rule_source {
    const char *file;
    struct str rest;
    int line;
};

/* 1: the next statement; 0: no more; -1. A line that begins with a blank goes on with the one before it. */
int rule_next_statement(struct rule_source *source, struct statement_text *statement, struct error *error);

bool rule_is_letter(char c);
const char *rule_skip_blanks(const char *p);
/* What somebody means by a statement that is none, of `count` words that begin one. */
void rule_hint_statement(const char *word, const char *const *words, int count, struct error *error);
/* A word between blanks of any kind: where it is, NULL where it is not. */
char *rule_find_word(char *text, const char *word);
/* Cuts the blanks at the end off. Its length. */
size_t rule_trim(char *text);
/* Does the text begin with this word? Then *rest is what follows it. */
bool rule_begins(const char *text, const char *word, const char **rest);
/* A number at *p, which is moved behind it and the blanks that follow. EXIT_USAGE or EXIT_INPUT. */
int rule_take_number(const char **p, double *number, struct error *error);
/* "… WORD N bars" at the end of a text: cuts WORD and what follows off. The text of N, NULL where it does not end so.
 */
char *rule_cut_bars(char *text, const char *word);
/* "N bars" or "N bar": cuts the word off; false without it. */
bool rule_cut_unit(char *text, const char *unit);

#define RULE_BARS_MAX 100000

#endif
