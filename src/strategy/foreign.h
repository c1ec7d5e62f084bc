/* A strategy that is another program: it gets the bars of a moment, then a `sync` record, and answers with what it
 * wants and the same record (tn-strategies(7), PROGRAMS).
 *
 * How a program is started and talked with is not known here: whoever does input and output gives a door to it. */
#ifndef TN_STRATEGY_FOREIGN_H
#define TN_STRATEGY_FOREIGN_H

#include "strategy/strategy.h"

/* As the functions of base/coprocess.h. */
struct foreign_door {
    void *(*start)(const char *const *argv, const char *instance, int64_t patience, struct error *error);
    int (*ask)(void *process, struct str lines, struct error *error);
    int (*line)(void *process, struct str *line, struct error *error);
    uint64_t (*lines)(const void *process);
    void (*close_input)(void *process);
    int (*wait)(void *process, struct error *error);
    void (*stop)(void *process);
};

struct foreign;

/* The instance of a command line, split without a shell (base/words.h). "{fast=20}" within a word is a parameter with
 * its default. Named after the program, and behind a colon the words after it. `patience`: ns for the answer to a
 * moment. EXIT_USAGE says what is wrong. strategy_use_clear gives back what it takes. */
int strategy_use_program(struct strategy_use *use, const char *command, int64_t patience,
                         const struct foreign_door *door, struct error *error);
/* The same with these values. */
int strategy_use_program_again(struct strategy_use *use, const struct foreign *foreign, const double *parameter,
                               struct error *error);
void foreign_free(struct foreign *foreign); /* NULL is allowed */

/* For the runner: one program that runs. Errors name the program, the moment and the line. EXIT_INPUT: a bad record of
 * its; EXIT_UNAVAILABLE: it does not do as agreed. Nothing of the moment counts then, and the run cannot go on. */
struct foreign_run;

struct foreign_run *foreign_run_new(const struct strategy_use *use, struct error *error);
void foreign_run_free(struct foreign_run *run); /* ends the program; NULL is allowed */
/* An action, a bar of the moment: it will be told. */
int foreign_run_action(struct foreign_run *run, const struct action *action, struct error *error);
int foreign_run_bar(struct foreign_run *run, const struct bar *bar, struct error *error);
/* The moment is complete: asks. At most RUNNER_AHEAD_MAX moments may be under way, asked and not heard. */
int foreign_run_ask(struct foreign_run *run, struct error *error);
/* Reads the answer to the oldest of them; nothing when there is none. */
int foreign_run_hear(struct foreign_run *run, struct error *error);
/* The next bar of a series that was heard and has not been asked for so: each can be found once. */
size_t foreign_run_find(struct foreign_run *run, const char *symbol, struct interval interval);
/* What it said to that bar, NULL: nothing. Of the signal, strength, units, prices, entry, exits, horizon and reason are
 * its own; until the first bar after the last answer. */
const struct signal *foreign_run_signal(const struct foreign_run *run, size_t index);
/* No more moments: it must end, and well. */
int foreign_run_finish(struct foreign_run *run, struct error *error);

#endif
