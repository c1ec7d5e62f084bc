/* What a report knows of one account or one run of a backtest: the records of it, folded.
 *
 * Money comes from the ledger, figures from the metrics; here they are only gathered: equity points, round trips with
 * their prices and what was risked, what became of each order, what was refused. */
#ifndef TN_SHOW_BOOK_H
#define TN_SHOW_BOOK_H

#include "ledger/ledger.h"
#include "market/calendar.h"
#include "record/record.h"
#include "show/chart.h"
#include "stat/metrics.h"

/* A round trip: what an exit order closed of what an entry order had opened. */
struct round_trip {
    char symbol[SYMBOL_SIZE];
    char strategy[STRATEGY_SIZE];
    dec quantity; /* signed as the position was */
    int64_t entered, left;
    dec entry_amount, exit_amount; /* Σ quantity × price, for the average prices */
    dec cost;                      /* of the lots, signed, fees included */
    dec dividends;                 /* paid while it was held, negative for a short one */
    dec pnl;                       /* after costs, dividends included */
    dec mfe, mae;                  /* the most it was ahead and behind while open; DEC_NONE: not known */
    dec risk;                      /* DEC_NONE when the entry had no stop */
    enum role exit_role;
    char entry_order[ID_SIZE], exit_order[ID_SIZE];
};

/* An order, or something refused before it became one. */
struct order_line {
    struct order order; /* without its `struct str` fields; when only updates were seen, what they and its fill tell */
    bool refused;       /* a refusal record: `code` and `text` say why */
    int64_t time;       /* of the last word on it */
    enum order_status status;
    dec filled, average_price;
    dec stop;          /* of the entry, in prices of the day; DEC_NONE for none */
    bool stop_placed;  /* it is that of the protective order, not of the leg */
    char why[192];     /* what the sizing was told: the side, since when, the strategy's figures */
    char cut[ID_SIZE]; /* the limit that made an entry smaller, "" for none */
    char code[ID_SIZE];
    dec limit, observed; /* of a refusal */
    char text[256];
};

struct fill_line {
    int64_t time;
    int order;                 /* index of its order line, -1 for none */
    dec price;                 /* in prices of the day: a split changes it */
    dec value, cost, slippage; /* money: quantity × price × multiplier, commission and fees, DEC_NONE when not known */
    struct rate rate;          /* of the money of the fill in the account's, in which the figures are */
    enum role role;
    char symbol[SYMBOL_SIZE];
    char order_id[ID_SIZE];
    bool buy;
    bool again; /* an earlier fill was of the same order */
};

/* Money paid in, or out when negative, in the account's currency. */
struct payment {
    int64_t time;
    dec amount;
};

/* Money in a currency without a rate yet: it is paid in with the first point that knows what it is worth. */
struct unrated_payment {
    char currency[CURRENCY_SIZE];
    dec amount;
};

struct account_report {
    enum mode mode;
    char account[ID_SIZE];
    char currency[9];
    char name[STRATEGY_SIZE + 16]; /* what a column or curve of it is called; the report's to set */
    struct calendar calendar;      /* of an account's sessions; rules NULL: days without a point are no days */
    struct ledger ledger;
    struct metrics metrics;
    int64_t first, last; /* of fills and equity points; TIME_NONE before any */

    struct equity *equity; /* points as read, or worked out from marks where none were */
    size_t points, point_capacity;
    uint64_t unknown; /* points whose equity nobody knew: they are left out */
    bool has_equity;  /* equity records were read */
    bool has_opening; /* the first point is the opening deposit */
    struct payment *payment;
    size_t payments, payment_capacity;
    struct unrated_payment *unrated;
    size_t unrateds, unrated_capacity;
    struct round_trip *round_trip;
    size_t round_trips, round_trip_capacity;
    struct order_line *order;
    size_t orders, order_capacity;
    struct fill_line *fill;
    size_t fills, fill_capacity;
    struct position *position; /* position records as read; the last of each strategy and symbol */
    size_t positions, position_capacity;
    bool halted; /* the last word of the kill switch */
    struct names fill_ids, filled_orders, order_ids, round_trip_keys, position_keys;
    const struct fill *now; /* the fill being applied */
    struct fill last_fill;  /* the last one taken */

    struct buf result_line;       /* the result record of a run, "" for none */
    struct record *result_record; /* it, scanned */
    struct buf result_scratch;
    struct result result;
};

/* LOTS_NONE: its lots are closed in the account's own order. */
struct account_report *account_report_new(enum mode mode, const char *account, const struct metrics_options *options,
                                          enum lot_order lots, struct error *error);
void account_report_free(struct account_report *account_report);
/* Take a decoded record of this account: ORDER ORDER_UPDATE REFUSAL FILL CASH ACTION MARK EQUITY POSITION HALT; others
 * are ignored. A fill whose id was taken before is ignored too. Errors of the value: EXIT_INPUT; of what does not fit
 * together: EXIT_STATE. */
int account_report_take(struct account_report *account_report, enum record_type type, const void *value,
                        struct error *error);
int account_report_take_result(struct account_report *account_report, const struct record *record, struct error *error);
/* Works the metrics out. Nothing may be taken after it. With a calendar, sessions in which the account held nothing and
 * so got no point count as what they were: days without a change. */
int account_report_finish(struct account_report *account_report, struct error *error);
/* A figure by its index in metric_table: the result record's where it has metrics, else worked out here. */
double account_report_figure(const struct account_report *account_report, int metric);

/* trips.c: hear of a closed lot / of a dividend, which is of a round trip that is over where no lot is left that it was
 * paid on / average prices, DEC_NONE out of range. */
int account_report_lot_close(void *context, const struct lot_close *lot_close, struct error *error);
int account_report_late_dividend(struct account_report *account_report, const struct cash *cash, struct error *error);
dec round_trip_entry_price(const struct round_trip *round_trip);
dec round_trip_exit_price(const struct round_trip *round_trip);
/* An amount as a part of what was paid or risked, whatever its sign; NaN where that is not known or 0. */
double round_trip_ratio(dec amount, dec whole);

#endif
