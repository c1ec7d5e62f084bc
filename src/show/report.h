/* The records a report is made of, from a pipe, files or elsewhere, sorted into books (show/account_report.h).
 *
 * A book is an account in a mode. A `result` record ends the book of a backtest: what follows under the same account is
 * the next run, so that several runs can be shown side by side. Records without a mode go to the book of their account.
 * Bars, corporate actions and refusals are kept for those who ask; other records are left out. */
#ifndef TN_SHOW_REPORT_H
#define TN_SHOW_REPORT_H

#include "expr/expr.h"
#include "record/flow.h"
#include "show/account_report.h"
#include "show/style.h"

struct report_options {
    const char *program;
    const struct invocation *invocation; /* see flow_options; NULL is allowed */
    char *const *files;                  /* NULL-terminated; none: standard input */
    bool records;                        /* read files or standard input */
    bool journal;                        /* read the journal */
    const char *account;                 /* only this one; NULL for all */
    const char *where;   /* an expression that records must fulfil, corporate actions aside; NULL for all */
    enum lot_order lots; /* close lots in this order, LOTS_NONE: in the account's own */
    bool strict, quiet;
    struct metrics_options metrics;
    /* Called for bars and actions, in order; may be NULL. */
    int (*market)(void *context, const struct record *record, struct error *error);
    void *context;
};

struct report {
    struct report_options options;
    struct expr *where;
    struct account_report **account_report;
    size_t books, capacity;
    char source[256];      /* what was read, for the head */
    enum exit_code status; /* bad lines, and what the input's end said */
};

int report_init(struct report *report, const struct report_options *options, struct error *error);
/* Read files (NULL-terminated; none: standard input). Bad lines are reported, counted and skipped, as in every filter;
 * the report's status says so. */
int report_read(struct report *report, char *const *files, struct error *error);
/* Take one record; `mode` is what the journal says of it, MODE_NONE: what it says itself. */
int report_take(struct report *report, const struct record *record, enum mode mode, struct error *error);
/* A book more, for what is no record; the report's. NULL: out of memory. */
struct account_report *report_book(struct report *report, enum mode mode, const char *account, struct error *error);
/* Name what was read, for the head. */
void report_source(struct report *report, const char *source);
/* Work out the figures, when everything was taken. */
int report_finish(struct report *report, struct error *error);
void report_clear(struct report *report);

/* Append what stands above every report, for a table: mode, account or run, dates, source, assumptions, input, seed,
 * version. */
void report_head(const struct report *report, const struct style *style, struct buf *out);
/* Append "; costs none; input …" of what all books share, for the head of a document; nothing where there is none. */
int report_terms(const struct report *report, struct buf *out, struct error *error);
/* "BACKTEST", "PAPER", "LIVE"; "MODE NOT STATED" when no record said. */
const char *account_report_mode(const struct account_report *account_report);

#endif
