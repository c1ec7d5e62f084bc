/* What the tests of the ledger, the limits and the order manager share: decimals as text, events in one line each. */
#ifndef TN_TESTS_MONEY_H
#define TN_TESTS_MONEY_H

#include "ledger/ledger.h"
#include "record/schema.h"
#include "tap.h"

#include <stdio.h>
#include <string.h>

/* "12.5" */
static inline dec d(const char *text)
{
    dec value = DEC_NONE;
    require(dec_parse(&value, text, strlen(text), NULL) == 0);
    return value;
}

static inline int64_t at(const char *text)
{
    int64_t time = TIME_NONE;
    require(time_parse(&time, text, strlen(text), NULL) == 0);
    return time;
}

static inline bool money_is(dec got, const char *want, int line, const char *name)
{
    char text[DEC_TEXT_MAX] = "none";
    if (got != DEC_NONE)
        (void)dec_format(text, got);
    return tap_text(text, want, line, name);
}

#define check_dec(got, want, name) money_is((got), (want), __LINE__, (name))

static inline struct ledger_terms money_terms(const struct zone *zone)
{
    return (struct ledger_terms){.account = "test",
                                 .currency = "USD",
                                 .mode = MODE_PAPER,
                                 .settlement_unit = DEC_ONE / 100,
                                 .zone = zone,
                                 .day_rolls = 17 * TIME_HOUR};
}

static inline int apply_cash(struct ledger *ledger, int64_t time, enum cash_kind kind, const char *amount,
                             struct error *error)
{
    struct cash cash = {.time = time,
                        .amount = d(amount),
                        .kind = kind,
                        .account = "test",
                        .currency = "USD",
                        .rate = DEC_NONE,
                        .cross_rate = DEC_NONE};
    (void)snprintf(cash.id, sizeof cash.id, "c%lld%s", (long long)time, amount);
    return ledger_apply(ledger, RECORD_CASH, &cash, error);
}

static inline struct fill make_fill(const char *id, int64_t time, const char *symbol, enum side side,
                                    const char *quantity, const char *price, const char *commission)
{
    struct fill fill = {.time = time,
                        .slippage = DEC_NONE,
                        .rate = DEC_NONE,
                        .cross_rate = DEC_NONE,
                        .side = side,
                        .quantity = d(quantity),
                        .price = d(price),
                        .commission = d(commission),
                        .fees = DEC_NONE,
                        .multiplier = DEC_ONE,
                        .account = "test",
                        .currency = "USD",
                        .mode = MODE_PAPER};
    (void)snprintf(fill.id, sizeof fill.id, "%s", id);
    (void)snprintf(fill.order_id, sizeof fill.order_id, "o-%.60s", id);
    (void)snprintf(fill.symbol, sizeof fill.symbol, "%s", symbol);
    (void)snprintf(fill.strategy, sizeof fill.strategy, "s");
    return fill;
}

static inline struct action make_split(const char *id, int64_t time, const char *symbol, int64_t new_shares,
                                       int64_t old_shares)
{
    struct action action = {.time = time,
                            .kind = ACTION_SPLIT,
                            .new_shares = new_shares,
                            .old_shares = old_shares,
                            .cash = DEC_NONE,
                            .basis_share = DEC_NONE,
                            .old_close = DEC_NONE,
                            .new_close = DEC_NONE,
                            .account = "test"};
    (void)snprintf(action.id, sizeof action.id, "%s", id);
    (void)snprintf(action.symbol, sizeof action.symbol, "%s", symbol);
    return action;
}

static inline struct action make_dividend(const char *id, int64_t time, const char *symbol, const char *cash)
{
    struct action action = make_split(id, time, symbol, 0, 0);
    action.kind = ACTION_DIVIDEND;
    action.cash = d(cash);
    return action;
}

static const struct interval one_day = {INTERVAL_DAY, 1};

static inline int apply_mark(struct ledger *ledger, const char *symbol, int64_t bar, int64_t known, const char *price,
                             struct error *error)
{
    struct mark mark = {.time = known, .bar = bar, .interval = one_day, .price = d(price), .account = "test"};
    (void)snprintf(mark.symbol, sizeof mark.symbol, "%s", symbol);
    return ledger_apply(ledger, RECORD_MARK, &mark, error);
}

static inline dec equity_of(const struct ledger *ledger)
{
    dec equity = DEC_NONE;
    struct error error = {0};
    return ledger_equity(ledger, &equity, &error) == 0 ? equity : DEC_NONE;
}

static inline struct leg make_leg(enum role role, enum order_type type, dec limit_price, dec stop_price)
{
    struct leg leg = leg_blank();
    leg.role = role;
    leg.order_type = type;
    leg.limit_price = limit_price;
    leg.stop_price = stop_price;
    return leg;
}

static inline struct order make_order(const char *id, int64_t time, const char *symbol, enum side side,
                                      const char *quantity, enum role role)
{
    struct order order = {.time = time,
                          .side = side,
                          .quantity = d(quantity),
                          .order_type = ORDER_MARKET,
                          .limit_price = DEC_NONE,
                          .stop_price = DEC_NONE,
                          .trail_amount = DEC_NONE,
                          .trail_percent = DEC_NONE,
                          .trail_atr = DEC_NONE,
                          .atr = DEC_NONE,
                          .active_price = DEC_NONE,
                          .active_time = TIME_NONE,
                          .even_price = DEC_NONE,
                          .even_after_target = -1,
                          .fall = DEC_NONE,
                          .reference_price = DEC_NONE,
                          .valid_until = TIME_NONE,
                          .expires = TIME_NONE,
                          .role = role,
                          .reduce_only = role == ROLE_EXIT ? 1 : -1,
                          .attempt = 1,
                          .account = "test",
                          .strategy = "s",
                          .mode = MODE_PAPER};
    (void)snprintf(order.id, sizeof order.id, "%s", id);
    (void)snprintf(order.symbol, sizeof order.symbol, "%s", symbol);
    (void)snprintf(order.signal, sizeof order.signal, "sg-%.60s", id);
    return order;
}

#endif
