/* What decided the result of a run or an account: from the `result` of a backtest, else counted from its records. */
#ifndef TN_SHOW_OUTCOME_H
#define TN_SHOW_OUTCOME_H

#include "show/account_report.h"
#include "stat/outcome.h"

struct outcome_view {
    struct outcome outcome;
    struct str no_trades;          /* the reason as a result has it, escapes left as they are; n 0 for none */
    double hold_return, hold_cagr; /* of buying and holding the same bars; NaN when not known */
};

/* After account_report_finish. `no_trades` lives as long as the book. */
void outcome_read(struct outcome_view *view, const struct account_report *account_report);

#endif
