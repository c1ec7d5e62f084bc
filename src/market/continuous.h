/* Which contract of a future stands for the whole at each session, and what joins one to the next.
 *
 * Contracts' bars come in order of time, all of one interval. When the first bar of a later session shows that a
 * session is over, its figures decide which contract the next one is taken from; so nothing looks ahead, and a rolled
 * series is the same whenever it is asked for. A series never goes back to a contract that expires earlier.
 *
 *   date      the last session of a contract is the N-th before the day it expires
 *   volume    to the later contract of the largest volume, once that is above the present contract's
 *   interest  the same by open interest at the session's end
 *
 * The first session only chooses: by volume or interest the largest, by date the nearest. A contract that is known to
 * have expired is left in any case. Two contracts are joined at the closes of the last session in which both traded. */
#ifndef TN_MARKET_CONTINUOUS_H
#define TN_MARKET_CONTINUOUS_H

#include "market/calendar.h"

enum roll_rule { ROLL_DATE, ROLL_VOLUME, ROLL_INTEREST };
enum join { JOIN_NONE, JOIN_DIFFERENCE, JOIN_RATIO };

struct contract {
    char symbol[SYMBOL_SIZE];
    int64_t expiry; /* days since 1970, TIME_NONE when it is not known */
    int64_t month;  /* of its name, counted from year 0; -1 when the name says none */
    int64_t last;   /* by date: its last session */
    /* Of the session that is being gathered. */
    bool traded;
    dec close;
    double volume, interest;
    /* The last session in which it and the present contract traded, TIME_NONE for none, and their closes. */
    int64_t joined;
    dec old_close, new_close;
};

struct continuous {
    enum roll_rule rule;
    int64_t days;                    /* by date: sessions before expiry */
    const struct calendar *calendar; /* the caller's */
    struct contract *contract;       /* in the order they were added */
    size_t contracts, capacity;
    int current;     /* -1: none chosen yet */
    int64_t session; /* that is being gathered, TIME_NONE before the first */
};

/* From one contract to the next. */
struct roll {
    int from, to;
    int64_t decided; /* the session whose figures decided */
    int64_t session; /* the first that is taken from the new one */
    int64_t joined;  /* the session of the closes */
    dec old_close, new_close;
};

void continuous_init(struct continuous *series, enum roll_rule rule, int64_t days, const struct calendar *calendar);
void continuous_clear(struct continuous *series);

/* The month that a contract's name says behind its root, "H2026", "H26" or "H6", counted from year 0 (the year times
 * 12, plus 0 for January); -1: none. One digit is the first such year from `year` on. */
int64_t contract_month(const char *code, int year);

/* A contract that was not there before: its index. EXIT_USAGE when nothing says where it stands among the others, or,
 * by date, when it expires. */
int continuous_add(struct continuous *series, const char *symbol, int64_t month, int64_t expiry, struct error *error);

enum { CONTINUOUS_USED = 1, CONTINUOUS_ROLLED = 2 };

/* The next bar, of a contract: CONTINUOUS_USED when the series takes it, CONTINUOUS_ROLLED when before it the contract
 * changed, as *roll says. -1: out of order, without the figure that decides, a date that the calendar does not know, or
 * two contracts that never traded in one session. */
int continuous_push(struct continuous *series, int contract, const struct bar *bar, struct roll *roll,
                    struct error *error);

/* How the prices of a stretch between two rolls are put on the basis of another: added, then multiplied. */
struct join_step {
    dec add;
    double multiply;
};

/* The step of each of `rolls` + 1 stretches, on the basis of the last or the first of them; -1: out of range. */
int continuous_steps(struct join_step *step, const struct roll *roll, size_t rolls, enum join join, bool first);
/* Put a bar on another basis. EXIT_INPUT when a price does not stay above zero. */
int continuous_join(struct bar *bar, const struct join_step *step, struct error *error);

#endif
