/* Fees as dated rules: what a broker, an exchange and the state take of a fill.
 *
 * A schedule comes from a file (fee_file.c, tn-fees(5)). Of the rules of one name, the last in the file whose date and
 * conditions fit a fill holds; a name none of whose rules covers the date is an error, since a missing rate is not 0.
 * Amounts are exact until a rule rounds them: products of two `dec`, counts of 1e-16.
 *
 * A rule counts over all fills of an order so far, over a day, or for each fill: what is charged is what all of it
 * costs less what was charged, so that a fill more or less changes nothing. The order counts as if all of it had filled
 * as its last fill did; what counts by the day is limited fill by fill.
 *
 * The volume of a condition is that of the 30 days before the fill's: it is the same for all fills of a day. */
#ifndef TN_COST_FEES_H
#define TN_COST_FEES_H

#include "base/dec.h"
#include "base/names.h"
#include "base/str.h"
#include "cost/carry.h"
#include "record/types.h"

#include <stdbool.h>

__extension__ typedef __int128 fee_raw; /* money in 1e-16 */

#define FEE_NAME_SIZE 24
#define FEE_NAMES_MAX 24 /* in a schedule */
#define FEE_PARTS_MAX 6

enum fee_liquidity { FEE_TAKER, FEE_MAKER, FEE_OPENING, FEE_CLOSING };
enum fee_unit {
    FEE_PER_UNIT,  /* of quantity: a share, a contract, a coin */
    FEE_OF_AMOUNT, /* a fraction of quantity x price x multiplier */
    FEE_FLAT,
    FEE_OF_FEES, /* a fraction of other fees */
};
enum fee_scope { FEE_BY_ORDER, FEE_BY_FILL, FEE_BY_DAY, FEE_BY_DAY_AND_SYMBOL };
enum fee_measure { FEE_PRICE, FEE_AMOUNT, FEE_QUANTITY, FEE_VOLUME };
enum fee_order { FEE_LESS, FEE_AT_MOST, FEE_MORE, FEE_AT_LEAST };

struct fee_rounding {
    enum rounding rounding;
    dec unit; /* 0: none */
};

struct fee_limit {
    dec value;  /* DEC_NONE: none */
    bool share; /* a fraction of the amount */
};

struct fee_rule {
    int name;         /* index into the schedule's */
    int64_t from, to; /* days since 1970, both inclusive */
    /* Conditions; bits 1 << value, 0: any. */
    unsigned sides, effects, liquidity; /* buy 1, sell 2; open 1, close 2 */
    int64_t level;                      /* -1: any */
    struct str symbols;                 /* "ES|NQ": n 0: any; points into the schedule's text */
    struct fee_condition {
        enum fee_measure measure;
        enum fee_order order;
        dec value;
    } condition[3];
    int conditions;
    /* What is charged. */
    enum fee_unit unit;
    dec rate;
    int of[FEE_PARTS_MAX], parts; /* names, of FEE_OF_FEES */
    struct fee_tier {
        dec from, rate; /* for units beyond this quantity of the month */
    } tier[6];
    int tiers;
    struct fee_limit least, most; /* the second goes before the first */
    struct fee_rounding round[2]; /* one after the other */
    enum fee_scope scope;
};

struct fee_schedule {
    char label[64], digest[65]; /* its name, and the SHA-256 of its texts, hex; "" where nobody has set them */
    char title[128], currency[9];
    int64_t read; /* the day on which its sources were read; INT64_MIN: it does not say */
    char name[FEE_NAMES_MAX][FEE_NAME_SIZE];
    int names;
    struct fee_rule *rule;
    size_t rules, capacity;
    struct carry_rule *carry; /* what holding costs, carry.h */
    size_t carries, carry_capacity;
    struct fee_rounding total; /* of the sum of an order, whose parts are then not rounded; unit 0: none */
    int64_t level;
    char **text; /* of the files */
    size_t texts, text_capacity;
};

#define FEE_VOLUME_DAYS 30

/* What a day, a month and the 30 days before a day of the account have brought so far. */
struct fee_state {
    int64_t day, month;
    fee_raw raw[FEE_NAMES_MAX];
    dec charged[FEE_NAMES_MAX];
    dec quantity;         /* of the month */
    struct names symbols; /* "NAME\nSYMBOL", charged today */
    dec volume;           /* the amounts of the FEE_VOLUME_DAYS days before `day` */
    struct fee_day {
        int64_t day;
        dec amount;
    } past[FEE_VOLUME_DAYS + 1]; /* by day modulo their number */
};

struct fee_trade {
    const char *symbol;
    bool buys, opens;
    enum fee_liquidity liquidity;
    int64_t day;                 /* of the exchange, as days since 1970 */
    dec quantity, price, amount; /* of the fill */
    dec filled, notional;        /* of the order before it */
};

struct fee_charge {
    dec commission; /* `commission` and `brokerage` */
    dec fees;       /* all others; rebates negative */
};

void fee_schedule_init(struct fee_schedule *schedule);
void fee_schedule_clear(struct fee_schedule *schedule);
/* Adds the rules of a file's text. EXIT_INPUT names `file` and the line. `include` gets the names of other schedules,
 * in the place where the file has them; NULL refuses them. */
int fee_schedule_read(struct fee_schedule *schedule, const char *file, struct str text,
                      int (*include)(void *context, struct str name, struct error *error), void *context,
                      struct error *error);

void fee_state_init(struct fee_state *state);
void fee_state_clear(struct fee_state *state);
/* What a fill costs, to cents unless a rule says otherwise. The state only notes that a day has begun. EXIT_USAGE where
 * no rule of a name covers the fill, EXIT_STATE out of range. */
int fee_charge(const struct fee_schedule *schedule, struct fee_state *state, const struct fee_trade *trade,
               struct fee_charge *charge, struct error *error);
/* The same fill has happened: the day and the month have it. */
int fee_book(const struct fee_schedule *schedule, struct fee_state *state, const struct fee_trade *trade,
             struct error *error);
/* A fill of days gone by, in their order, before those that are booked: it counts for the volume only. */
int fee_remember(struct fee_state *state, const struct fee_trade *trade, struct error *error);

#endif
