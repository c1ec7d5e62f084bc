/* What holding costs: interest on what is owed and on what lies idle, and the fee for borrowed shares.
 *
 * The rates are dated lines of a schedule of fees (carry_file.c, tn-fees(5)), yearly, by the parts of an amount, over a
 * benchmark where the line says so; a benchmark below 0 counts as 0, and so does a rate. Of the lines of a kind the
 * latest that covers a day counts, of these the last that fits the symbol. A kind without any line costs nothing; one
 * with lines of which none covers a day is an error, as for fees.
 *
 * A night is charged amount × rate ÷ 360 or 365; the nights of one charge are added up exactly and rounded half up,
 * once. Sources: Interactive Brokers and Alpaca, margin, interest and stock loan pages, read 2026-11-26. */
#ifndef TN_COST_CARRY_H
#define TN_COST_CARRY_H

#include "base/dec.h"
#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>

enum carry_kind { CARRY_BENCHMARK, CARRY_DEBIT, CARRY_CREDIT, CARRY_BORROW, CARRY_KINDS };

#define CARRY_TIERS_MAX 8

struct carry_tier {
    dec from;  /* of the amount beyond this … */
    dec rate;  /* … a year, a fraction */
    bool over; /* the benchmark */
};

struct carry_rule {
    enum carry_kind kind;
    int64_t from, to;   /* days since 1970, both inclusive */
    struct str symbols; /* of a borrow fee, "GME|AMC"; n 0: any */
    struct carry_tier tier[CARRY_TIERS_MAX];
    int tiers;
    int64_t days; /* of a year: 360 or 365 */
    dec share, step,
        lot; /* of a borrow fee: of the price so much, up to a step; quantities up to a lot; 0: as they are */
};

struct fee_schedule;

/* Some nights in a row. */
struct carry_nights {
    int64_t first; /* the date of the day before the first, days since 1970 */
    int count;
    dec unit; /* what the charge is rounded to */
};

/* Does a schedule say anything of a kind? Of any but the benchmark? */
bool carry_has(const struct fee_schedule *schedule, enum carry_kind kind);
bool carry_is_there(const struct fee_schedule *schedule);
/* Interest on an amount of money, above 0, that was owed (CARRY_DEBIT) or had (CARRY_CREDIT); not below 0. */
int carry_interest(const struct fee_schedule *schedule, enum carry_kind kind, dec amount,
                   const struct carry_nights *nights, dec *interest, struct error *error);
/* The fee for so many borrowed shares, above 0, at a price. */
int carry_borrow(const struct fee_schedule *schedule, const char *symbol, dec quantity, dec price,
                 const struct carry_nights *nights, dec *fee, struct error *error);
/* Adds lines for all days: plain yearly rates, 360 days; 0 adds none. */
int carry_add_plain(struct fee_schedule *schedule, dec debit, dec credit, dec borrow, struct error *error);

#endif
