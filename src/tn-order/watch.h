/* What tn-order positions --watch knows beyond the account: how far prices went for and against each position since it
 * was opened, what was risked, and the latest prices of a stream. */
#ifndef TN_ORDER_WATCH_H
#define TN_ORDER_WATCH_H

#include "broker/account.h"
#include "show/account_report.h"

struct excursions;

/* Reads the account's events from the first on; `account` must outlive it. */
struct excursions *excursions_open(const struct account *account, struct error *error);
void excursions_close(struct excursions *excursions); /* NULL is allowed */
/* What was written since. */
int excursions_catch_up(struct excursions *excursions, struct error *error);
/* A price of the market: of a bar (high, low, close), trade or quote (its middle). Others are passed over; EXIT_INPUT
 * for a line that is no record. */
int excursions_line(struct excursions *excursions, struct str line, struct error *error);
/* Fills in risk, mfe, mae and r of a position that the account's ledger told, and restates price and profit where the
 * stream has a newer price. DEC_NONE and NAN where they are not known. */
int excursions_position(const struct excursions *excursions, const struct holding *holding, struct position *position,
                        struct error *error);

#endif
