/* What rules know beside bars: events and the figures of companies, each from when it was known.
 *
 * An event is known from its place in the input on: to bars that end after the last one before it. One that says a date
 * later than its time (announced ahead) is not known before that time either, and no figure (fact, observation) is. */
#ifndef TN_STRATEGY_KNOWN_H
#define TN_STRATEGY_KNOWN_H

#include "expr/program.h"
#include "market/calendar.h"
#include "record/record.h"

struct known_event {
    int64_t time;
    int64_t after;            /* the end of the last bar before it; TIME_NONE: of all bars */
    int64_t date;             /* the day it is about, days since 1970; INT64_MIN: that of its time */
    int64_t start, end;       /* of the period of a figure; INT64_MIN: not said */
    double value;             /* of a figure; NaN: none */
    char symbol[SYMBOL_SIZE]; /* "": of all */
    char kind[24], title[128];
};

/* From an `event` record; `after` is the caller's. EXIT_INPUT. */
int known_event_read(struct known_event *event, const struct record *record, struct error *error);

struct known;

/* Of the events that a program asks for; the calendar may be NULL (days of UTC) and must live as long. */
struct known *known_new(const struct program *program, const struct calendar *calendar, struct error *error);
void known_free(struct known *known); /* NULL is allowed */
/* Takes note of an event, where the program asks for its kind. */
int known_add(struct known *known, const struct known_event *event, struct error *error);
/* The figures of some bars of a symbol, into *columns: a column for each thing that is asked for, until the next call.
 * `columns` has the bars' ends and sessions. */
int known_columns(struct known *known, const char *symbol, struct columns *columns, struct error *error);
/* What is asked for and of which nothing was ever known, as the rule says it; NULL: nothing. */
const char *known_missing(const struct known *known);

#endif
