/* What a trade of the consolidated tapes of US stocks does to a bar, by its sale conditions.
 *
 * The rules are those for consolidated figures of the output specifications of CTA's CTS (tapes A and B) and UTP's UTDF
 * (tape C); the numbers are Massive's, GET /v3/reference/conditions, whose `update_rules` say the same. */
#ifndef TN_MARKET_SALE_CONDITIONS_H
#define TN_MARKET_SALE_CONDITIONS_H

#include "base/str.h"
#include "record/types.h"

struct sale {
    struct str codes; /* separated by spaces; those that are not known say nothing */
    bool numbers;     /* they are Massive's numbers, not the letters of the tape */
    char tape;        /* of the stock: 'A' listed at NYSE, 'B' at another exchange, 'C' at Nasdaq */
    char exchange;    /* of the trade, by its letter: N NYSE, Q Nasdaq, P Arca, A American, Z Cboe BZX; 0: another */
    char auction;     /* tape B: the exchange that had the closing auction, which lists the stock; 0: not known */
};

/* EFFECT_ALL for an ordinary trade. An official close that is not the listing exchange's does nothing. */
enum trade_effect sale_effect(const struct sale *sale);

#endif
