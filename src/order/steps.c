/* The table of reports. */
#include "order/steps.h"

#include <assert.h>

#define S(stage_, request_, flags_)                                                                                    \
    {                                                                                                                  \
        .stage = STAGE_##stage_, .request = REQUEST_##request_, .flags = (flags_)                                      \
    }
#define COLUMNS 7

#define OLD_NEWS                                                                                                       \
    {                                                                                                                  \
        S(NEW, SUBMIT, 0), S(NEW, REPLACE, 0), S(NEW, CANCEL, 0), S(WORKING, NONE, 0), S(WORKING, REPLACE, 0),         \
            S(WORKING, CANCEL, 0), S(OVER, NONE, 0)                                                                    \
    }
#define ENDS                                                                                                           \
    {                                                                                                                  \
        S(OVER, NONE, STEP_END), S(OVER, NONE, STEP_END), S(OVER, NONE, STEP_END), S(OVER, NONE, STEP_END),            \
            S(OVER, NONE, STEP_END), S(OVER, NONE, STEP_END), S(OVER, NONE, 0)                                         \
    }

/* What is asked of an order that is new: submit, replace (once it works), cancel; of one that works: nothing, replace,
 * cancel; of one that is over nothing. A venue is right: what it says happened, happened; what it says of an order that
 * is over, and that is no fill, is late. */
static const struct order_step table[REPORTS][COLUMNS] = {
    [REPORT_ACCEPTED] = {S(WORKING, NONE, STEP_ACCEPT), S(WORKING, REPLACE, STEP_ACCEPT),
                         S(WORKING, CANCEL, STEP_ACCEPT), S(WORKING, NONE, 0), S(WORKING, REPLACE, 0),
                         S(WORKING, CANCEL, 0), S(OVER, NONE, 0)},
    [REPORT_REJECTED] = ENDS,
    [REPORT_FILL] = {S(WORKING, NONE, STEP_BOOK), S(WORKING, REPLACE, STEP_BOOK), S(WORKING, CANCEL, STEP_BOOK),
                     S(WORKING, NONE, STEP_BOOK), S(WORKING, REPLACE, STEP_BOOK), S(WORKING, CANCEL, STEP_BOOK),
                     S(OVER, NONE, STEP_BOOK | STEP_ALERT)},
    [REPORT_CANCELLED] = ENDS,
    /* It may have filled meanwhile, or be at its end: only the venue knows. The cancel of one that may never have
     * arrived is not given up. */
    [REPORT_CANCEL_REJECTED] = {S(NEW, SUBMIT, 0), S(NEW, REPLACE, 0), S(NEW, CANCEL, STEP_ASK), S(WORKING, NONE, 0),
                                S(WORKING, REPLACE, 0), S(WORKING, NONE, STEP_DROP | STEP_ASK | STEP_ALERT),
                                S(OVER, NONE, 0)},
    /* Other terms that nobody has asked for may be old ones, told again: the venue is asked. */
    [REPORT_REPLACED] = {S(WORKING, NONE, STEP_ACCEPT | STEP_ASK), S(WORKING, REPLACE, STEP_ACCEPT | STEP_ASK),
                         S(WORKING, CANCEL, STEP_ACCEPT), S(WORKING, NONE, STEP_ASK), S(WORKING, REPLACE, STEP_TERMS),
                         S(WORKING, CANCEL, STEP_TERMS), S(OVER, NONE, 0)},
    [REPORT_REPLACE_REJECTED] = {S(NEW, SUBMIT, STEP_ASK), S(NEW, REPLACE, STEP_ASK), S(NEW, CANCEL, 0),
                                 S(WORKING, NONE, 0), S(WORKING, NONE, STEP_DROP | STEP_ASK | STEP_ALERT),
                                 S(WORKING, CANCEL, 0), S(OVER, NONE, 0)},
    [REPORT_EXPIRED] = ENDS,
    [REPORT_TRIGGERED] = {S(WORKING, NONE, STEP_ACCEPT | STEP_TERMS), S(WORKING, REPLACE, STEP_ACCEPT | STEP_TERMS),
                          S(WORKING, CANCEL, STEP_ACCEPT | STEP_TERMS), S(WORKING, NONE, STEP_TERMS),
                          S(WORKING, REPLACE, STEP_TERMS), S(WORKING, CANCEL, STEP_TERMS), S(OVER, NONE, 0)},
    [REPORT_TRAILED] = {S(WORKING, NONE, STEP_ACCEPT | STEP_TERMS), S(WORKING, REPLACE, STEP_ACCEPT | STEP_TERMS),
                        S(WORKING, CANCEL, STEP_ACCEPT | STEP_TERMS), S(WORKING, NONE, STEP_TERMS),
                        S(WORKING, REPLACE, STEP_TERMS), S(WORKING, CANCEL, STEP_TERMS), S(OVER, NONE, 0)},
    [REPORT_NO_ANSWER] = {S(NEW, SUBMIT, STEP_ASK), S(NEW, REPLACE, STEP_ASK), S(NEW, CANCEL, STEP_ASK),
                          S(WORKING, NONE, STEP_ASK), S(WORKING, REPLACE, STEP_ASK), S(WORKING, CANCEL, STEP_ASK),
                          S(OVER, NONE, 0)},
    [REPORT_STANDING] = {S(WORKING, NONE, STEP_ACCEPT | STEP_TERMS | STEP_SURE),
                         S(WORKING, REPLACE, STEP_ACCEPT | STEP_TERMS | STEP_SURE | STEP_AGAIN),
                         S(WORKING, CANCEL, STEP_ACCEPT | STEP_TERMS | STEP_SURE | STEP_AGAIN),
                         S(WORKING, NONE, STEP_TERMS | STEP_SURE),
                         S(WORKING, REPLACE, STEP_TERMS | STEP_SURE | STEP_AGAIN),
                         S(WORKING, CANCEL, STEP_TERMS | STEP_SURE | STEP_AGAIN), S(OVER, NONE, 0)},
    /* A new one never arrived, and says by now what was to be replaced. One that worked and is unknown has ended where
       nobody looked. */
    [REPORT_NOT_FOUND] = {S(NEW, SUBMIT, STEP_SURE | STEP_AGAIN), S(NEW, SUBMIT, STEP_TERMS | STEP_SURE | STEP_AGAIN),
                          S(OVER, NONE, STEP_END), S(OVER, NONE, STEP_END | STEP_ALERT),
                          S(OVER, NONE, STEP_END | STEP_ALERT), S(OVER, NONE, STEP_END | STEP_ALERT), S(OVER, NONE, 0)},
    /* Of one of which no fill has come: the fill is on its way, or was never told. */
    [REPORT_BUST] = {S(NEW, SUBMIT, STEP_ASK), S(NEW, REPLACE, STEP_ASK), S(NEW, CANCEL, STEP_ASK),
                     S(WORKING, NONE, STEP_UNDO | STEP_ALERT), S(WORKING, REPLACE, STEP_UNDO | STEP_ALERT),
                     S(WORKING, CANCEL, STEP_UNDO | STEP_ALERT), S(OVER, NONE, STEP_UNDO | STEP_ALERT)},
};

static int column_of(enum order_stage stage, enum order_request request)
{
    switch (stage) {
    case STAGE_NEW:
        return request == REQUEST_CANCEL ? 2 : request == REQUEST_REPLACE;
    case STAGE_WORKING:
        return request == REQUEST_CANCEL ? 5 : request == REQUEST_REPLACE ? 4 : 3;
    default:
        return 6;
    }
}

const struct order_step *order_step(enum order_stage stage, enum order_request request, enum report_kind kind)
{
    return &table[kind][column_of(stage, request)];
}

void order_step_text(const struct order_step *step, struct buf *out)
{
    static const char *const words[] = {"accept", "book",  "end",   "terms", "drop",
                                        "ask",    "again", "alert", "undo",  "sure"};
    bool any = false;
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++) {
        if ((step->flags & 1U << i) == 0)
            continue;
        buf_add_text(out, any ? ", " : "");
        buf_add_text(out, words[i]);
        any = true;
    }
    if (!any)
        buf_add_text(out, "-");
}

const char *report_kind_text(enum report_kind kind)
{
    static const char *const words[] = {"accepted",  "rejected",         "fill",      "canceled",  "cancel_rejected",
                                        "replaced",  "replace_rejected", "expired",   "triggered", "trailed",
                                        "no_answer", "standing",         "not_found", "bust"};
    static_assert(sizeof words / sizeof *words == REPORTS, "one word for each");
    return kind < REPORTS ? words[kind] : "place_over";
}

const char *order_stage_text(enum order_stage stage)
{
    static const char *const words[] = {"new", "working", "over"};
    return words[stage];
}

const char *order_request_text(enum order_request request)
{
    static const char *const words[] = {"none", "submit", "replace", "cancel"};
    return words[request];
}
