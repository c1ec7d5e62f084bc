/* What each report of a venue does to an order: one table, by how far the order is and what was asked of the venue
 * last. The order manager goes by it, tests walk all of it, and tn-order(1) prints it. */
#ifndef TN_ORDER_STEPS_H
#define TN_ORDER_STEPS_H

#include "base/buf.h"
#include "ledger/report.h"

/* How far an order is: an order that is over has no open order. */
enum order_stage { STAGE_NEW, STAGE_WORKING, STAGE_OVER, STAGES };

enum {
    STEP_ACCEPT = 1 << 0, /* it works, as far as that was in question */
    STEP_BOOK = 1 << 1,   /* the fill counts, with everything that follows from it */
    STEP_END = 1 << 2,    /* it is over, by the word of the report */
    STEP_TERMS = 1 << 3,  /* it says from now on what the report says; what is asked of it besides is asked still */
    STEP_DROP = 1 << 4,   /* what was asked is given up, unless more has been asked since: it works on as it is */
    STEP_ASK = 1 << 5,    /* nobody knows: the venue is asked about the order before anything is sent again */
    STEP_AGAIN = 1 << 6,  /* what is asked and has not been done is sent again */
    STEP_ALERT = 1 << 7,  /* told as an alert besides */
    STEP_UNDO = 1 << 8,   /* a fill is taken back */
    STEP_SURE = 1 << 9,   /* there is no doubt any more */
};

struct order_step {
    enum order_stage stage;     /* … afterwards, where the quantity leaves it open and nothing ends it */
    enum order_request request; /* what is asked afterwards, as far as it has not been done */
    unsigned flags;             /* 0: the report is old news */
};

/* Every pair has a row for every report: nothing that a venue says stops the account. */
const struct order_step *order_step(enum order_stage stage, enum order_request request, enum report_kind kind);
/* The words of the table: "accept", "book", … joined by commas, "-" for old news. */
void order_step_text(const struct order_step *step, struct buf *out);
const char *report_kind_text(enum report_kind kind);
const char *order_stage_text(enum order_stage stage);
const char *order_request_text(enum order_request request);

#endif
