/* What happens to an account, and what it holds. */
#ifndef TN_RECORD_TYPES_ACCOUNT_H
#define TN_RECORD_TYPES_ACCOUNT_H

#include "record/types/member.h"

/* clang-format off */
#define ORDER_UPDATE_MEMBERS(M, AS, T)                                                                                 \
    M(T, TIME, time, NEED)                                                                                             \
    M(T, SYMBOL, symbol, 0)                                                                                            \
    M(T, TEXT, account, 0, ID_SIZE)                                                                                    \
    M(T, TEXT, order_id, NEED, ID_SIZE)                                                                                \
    M(T, WORD, status, NEED, order_status)                                                                             \
    M(T, TEXT, broker_id, 0, ID_SIZE)                                                                                  \
    M(T, DEC, filled_quantity, NATURAL)                                                                                \
    M(T, DEC, quantity, ABOVE) /* the order's, from now on: an exit follows its position */                            \
    M(T, DEC, average_price, ABOVE)                                                                                    \
    M(T, DEC, limit_price, ABOVE) /* the order's, from now on: it was replaced, … */                                   \
    M(T, DEC, stop_price, ABOVE)  /* … or it trails */                                                                 \
    M(T, FLAG, triggered, 0)      /* 1: its stop_price has set it off, from now on it is a limit or market order */    \
    M(T, DEC, active_price, ABOVE) /* measured by R, which the next part of its entry has changed */                   \
    M(T, DEC, even_price, ABOVE)                                                                                       \
    M(T, DEC, fall, ABOVE)                                                                                             \
    M(T, TEXT, reason, 0, KEY_SIZE)                                                                                    \
    M(T, INTEGER, revision, NATURAL)                                                                                   \
    M(T, WORD, mode, 0, mode)

#define FILL_MEMBERS(M, AS, T)                                                                                         \
    M(T, TIME, time, NEED)                                                                                             \
    M(T, SYMBOL, symbol, NEED)                                                                                         \
    M(T, TEXT, id, NEED, ID_SIZE)                                                                                      \
    M(T, TEXT, order_id, NEED, ID_SIZE)                                                                                \
    M(T, TEXT, account, NEED, ID_SIZE)                                                                                 \
    M(T, TEXT, strategy, 0, STRATEGY_SIZE)                                                                             \
    M(T, WORD, role, 0, role)                                                                                          \
    M(T, WORD, side, NEED, side)                                                                                       \
    M(T, DEC, quantity, NEED | ABOVE)                                                                                  \
    M(T, DEC, price, NEED | NATURAL) /* 0: of what is worth nothing */                                                 \
    M(T, TEXT, currency, 0, WORD_SIZE)                                                                                 \
    M(T, DEC, multiplier, ABOVE)                                                                                       \
    M(T, DEC, commission, 0) /* commission and fees are disjoint; rebates negative */                                  \
    M(T, DEC, fees, 0)                                                                                                 \
    M(T, DEC, slippage, 0) /* what an assumption about it took, >= 0; absent: none was made */                         \
    M(T, DEC, mfe, 0) /* how far what it closes went for us, … */                                                      \
    M(T, DEC, mae, 0) /* … and against us: money, <= 0; before costs */                                                \
    M(T, SYMBOL, pair, 0) /* where `currency` is not the account's: their pair, … */                                   \
    M(T, DEC, rate, ABOVE) /* … and its price then; */                                                                 \
    M(T, SYMBOL, cross_pair, 0) /* of a cross rate that is one with a third currency, and this that one's with … */    \
    M(T, DEC, cross_rate, ABOVE) /* … the account's */                                                                 \
    M(T, TEXT, liquidity, 0, WORD_SIZE) /* maker, taker */                                                             \
    M(T, TEXT, venue, 0, ID_SIZE)                                                                                      \
    M(T, TEXT, lot, 0, ID_SIZE) /* the fill that opened the lot which this one closes first */                         \
    M(T, TIME, settles, 0) /* when its money may be spent, of a cash account; absent: at once */                       \
    M(T, WORD, mode, 0, mode)                                                                                          \
    M(T, TEXT, corrects, 0, ID_SIZE)

#define ADJUSTMENT_MEMBERS(M, AS, T)                                                                                   \
    M(T, TIME, time, 0)                                                                                                \
    M(T, TEXT, id, 0, ID_SIZE)                                                                                         \
    M(T, SYMBOL, symbol, 0)                                                                                            \
    M(T, TEXT, account, 0, ID_SIZE)                                                                                    \
    M(T, DEC, from, 0) /* what the journal had, … */                                                                   \
    M(T, DEC, to, 0) /* … and what it has now */                                                                       \
    M(T, STR, reason, 0)                                                                                               \
    M(T, TEXT, cause, 0, KEY_SIZE) /* the action that was held back */

#define POSITION_MEMBERS(M, AS, T)                                                                                     \
    M(T, TIME, time, 0)                                                                                                \
    M(T, SYMBOL, symbol, NEED)                                                                                         \
    M(T, TEXT, account, NEED, ID_SIZE)                                                                                 \
    M(T, TEXT, strategy, 0, STRATEGY_SIZE)                                                                             \
    M(T, DEC, quantity, NEED) /* signed */                                                                             \
    M(T, DEC, average_price, 0)                                                                                        \
    M(T, DEC, market_price, 0)                                                                                         \
    M(T, DEC, unrealized, 0)                                                                                           \
    M(T, DEC, realized, 0)                                                                                             \
    M(T, DEC, account_unrealized, 0) /* the same in the account's currency, where that is another: at the last */      \
    M(T, DEC, account_realized, 0)   /* rate, and at those of their days */                                            \
    M(T, TEXT, currency, 0, WORD_SIZE)                                                                                 \
    M(T, TIME, opened, 0)                                                                                              \
    M(T, DEC, unprotected, 0) /* of the quantity, unsigned: what no working stop sells */                              \
    M(T, DEC, risk, 0)        /* what the stops of its entries would have cost */                                      \
    M(T, DEC, mfe, 0)         /* best and worst unrealized profit since it was opened, neither below 0 */              \
    M(T, DEC, mae, 0)                                                                                                  \
    M(T, DOUBLE, r, 0) /* unrealized / risk */                                                                         \
    M(T, WORD, mode, 0, mode)

#define ACCOUNT_MEMBERS(M, AS, T)                                                                                      \
    M(T, TIME, time, 0)                                                                                                \
    M(T, TEXT, account, NEED, ID_SIZE)                                                                                 \
    M(T, TEXT, currency, 0, WORD_SIZE)                                                                                 \
    M(T, DEC, cash, 0)                                                                                                 \
    M(T, DEC, equity, 0)                                                                                               \
    M(T, DEC, buying_power, 0)                                                                                         \
    M(T, DEC, day_pnl, 0)                                                                                              \
    M(T, SYMBOL, pair, 0) /* of a currency that is not the account's: as a fill's */                                   \
    M(T, DEC, rate, ABOVE)                                                                                             \
    M(T, SYMBOL, cross_pair, 0)                                                                                        \
    M(T, DEC, cross_rate, ABOVE)                                                                                       \
    M(T, TIME, rated, 0)                                                                                               \
    M(T, FLAG, halted, 0)                                                                                              \
    M(T, WORD, mode, 0, mode)

#define CASH_MEMBERS(M, AS, T)                                                                                         \
    M(T, TIME, time, NEED)                                                                                             \
    M(T, SYMBOL, symbol, 0)                                                                                            \
    M(T, TEXT, id, NEED, ID_SIZE)                                                                                      \
    M(T, TEXT, account, NEED, ID_SIZE)                                                                                 \
    M(T, TEXT, strategy, 0, STRATEGY_SIZE)                                                                             \
    M(T, TEXT, currency, NEED, WORD_SIZE)                                                                              \
    M(T, DEC, amount, NEED)                                                                                            \
    M(T, WORD, kind, NEED, cash_kind)                                                                                  \
    M(T, SYMBOL, pair, 0) /* as a fill's */                                                                            \
    M(T, DEC, rate, ABOVE)                                                                                             \
    M(T, SYMBOL, cross_pair, 0)                                                                                        \
    M(T, DEC, cross_rate, ABOVE)                                                                                       \
    M(T, STR, reference, 0)                                                                                            \
    M(T, DEC, settlement_unit, ABOVE) /* of the first: what the account's money rounds to, … */                        \
    M(T, WORD, lot_order, 0, lot_order) /* … and which lots a fill closes first */

#define EQUITY_MEMBERS(M, AS, T)                                                                                       \
    M(T, TIME, time, NEED)                                                                                             \
    M(T, TEXT, account, 0, ID_SIZE)                                                                                    \
    M(T, DEC, equity, 0)                                                                                               \
    M(T, DEC, cash, 0)                                                                                                 \
    M(T, DEC, exposure, 0)                                                                                             \
    M(T, ARRAY, marks, 0) /* what the bars of this moment have marked (record/marks.h) */                              \
    M(T, WORD, mode, 0, mode)

/* The paper account has seen a bar, or those of a list, that no equity point tells of yet: no bar works twice. */
#define MARK_MEMBERS(M, AS, T)                                                                                         \
    M(T, TIME, time, NEED) /* when the bar became known */                                                             \
    M(T, SYMBOL, symbol, 0)                                                                                            \
    M(T, TEXT, account, NEED, ID_SIZE)                                                                                 \
    M(T, INTERVAL, interval, 0)                                                                                        \
    M(T, TIME, bar, 0) /* start of the bar */                                                                          \
    M(T, DEC, price, ABOVE) /* its close */                                                                            \
    M(T, ARRAY, marks, 0) /* these four of several (record/marks.h) */

/* What the events so far make of an account, by the digest of its state (ledger/state.h): binds a saved state to them. */
#define CHECKPOINT_MEMBERS(M, AS, T)                                                                                   \
    M(T, TIME, time, NEED) /* the account's latest moment */                                                           \
    M(T, TEXT, account, NEED, ID_SIZE)                                                                                 \
    M(T, INTEGER, n, NEED | NATURAL) /* how many of its events that are */                                             \
    M(T, INTEGER, format, NEED | ABOVE)                                                                                \
    M(T, TEXT, day_rolls, 0, KEY_SIZE) /* "17:00 America/New_York": how its days are counted */                        \
    M(T, TEXT, digest, NEED, KEY_SIZE) /* SHA-256, hex */

/* The kill switch of an account. */
#define HALT_MEMBERS(M, AS, T)                                                                                         \
    M(T, TIME, time, NEED)                                                                                             \
    M(T, TEXT, account, NEED, ID_SIZE)                                                                                 \
    M(T, FLAG, halted, NEED) /* 1 halt, 0 resume */                                                                    \
    M(T, FLAG, all, 0) /* 1: cancel the protective exits too */                                                        \
    M(T, STR, reason, 0)

#define RESULT_MEMBERS(M, AS, T)                                                                                       \
    M(T, TIME, time, 0)                                                                                                \
    M(T, TEXT, run, NEED, ID_SIZE)                                                                                     \
    M(T, TEXT, strategy, 0, STRATEGY_SIZE)                                                                             \
    M(T, OBJECT, params, 0)                                                                                            \
    M(T, OBJECT, metrics, 0)                                                                                           \
    M(T, STR, input, 0) /* SHA-256 of the bars, hex */                                                                 \
    M(T, OBJECT, assumptions, 0)                                                                                       \
    M(T, INTEGER, seed, ALWAYS)                                                                                        \
    M(T, TEXT, version, 0, ID_SIZE)                                                                                    \
    M(T, OBJECT, outcome, 0)                                                                                           \
    M(T, OBJECT, benchmark, 0)                                                                                         \
    M(T, OBJECT, range, 0) /* of its figures, over fill models */

/* What was swept, by what all of its cells have in common; a `cell` is a run with one combination of values. */
#define SWEEP_MEMBERS(M, AS, T)                                                                                        \
    M(T, TIME, time, 0) /* of the last bar */                                                                          \
    M(T, TEXT, sweep, NEED, ID_SIZE)                                                                                   \
    M(T, TEXT, strategy, NEED, STRATEGY_SIZE)                                                                          \
    M(T, OBJECT, params, 0)                                                                                            \
    M(T, OBJECT, ranges, 0)                                                                                            \
    M(T, TEXT, method, 0, ID_SIZE)                                                                                     \
    M(T, STR, where, 0)                                                                                                \
    M(T, STR, symbols, 0) /* with a space between */                                                                   \
    M(T, INTEGER, cells, ALWAYS | NATURAL) /* of the ranges */                                                         \
    M(T, INTEGER, kept, ALWAYS | NATURAL) /* of them, here */                                                          \
    M(T, INTEGER, halving, 0) /* one in so many was kept in each round, */                                             \
    M(T, TEXT, by, 0, ID_SIZE) /* by this metric */                                                                    \
    M(T, TEXT, shard, 0, ID_SIZE) /* "2/8" */                                                                          \
    M(T, INTEGER, seed, ALWAYS)                                                                                        \
    M(T, STR, input, 0) /* SHA-256 of the bars, hex */                                                                 \
    M(T, STR, rules, 0) /* SHA-256 of the rule file, hex */                                                            \
    M(T, OBJECT, assumptions, 0)                                                                                       \
    M(T, TEXT, version, 0, ID_SIZE)

#define CELL_MEMBERS(M, AS, T)                                                                                         \
    M(T, TEXT, sweep, NEED, ID_SIZE)                                                                                   \
    M(T, INTEGER, cell, NEED | ALWAYS | NATURAL)                                                                       \
    M(T, TEXT, run, 0, ID_SIZE)                                                                                        \
    M(T, TEXT, strategy, 0, STRATEGY_SIZE)                                                                             \
    M(T, OBJECT, params, 0)                                                                                            \
    M(T, OBJECT, metrics, 0)                                                                                           \
    M(T, OBJECT, outcome, 0)

/* A choice on some days, and what came of it on those that follow. */
#define FOLD_MEMBERS(M, AS, T)                                                                                         \
    M(T, TEXT, walk, NEED, ID_SIZE)                                                                                    \
    M(T, INTEGER, fold, NEED | ALWAYS | NATURAL)                                                                       \
    M(T, TIME, train_from, NEED)                                                                                       \
    M(T, TIME, train_until, NEED) /* not itself of the days */                                                         \
    M(T, TIME, test_from, NEED)                                                                                        \
    M(T, TIME, test_until, NEED)                                                                                       \
    M(T, INTEGER, cells, ALWAYS)                                                                                       \
    M(T, TEXT, strategy, 0, STRATEGY_SIZE) /* absent: none was good enough */                                          \
    M(T, DOUBLE, best, 0) /* of the objective */                                                                       \
    M(T, OBJECT, train, 0) /* metrics */                                                                               \
    M(T, OBJECT, test, 0)

/* What could have come of a run in another order, or with some of it missing. */
#define MONTECARLO_MEMBERS(M, AS, T)                                                                                   \
    M(T, TIME, time, 0)                                                                                                \
    M(T, TEXT, run, NEED, ID_SIZE)                                                                                     \
    M(T, TEXT, strategy, 0, STRATEGY_SIZE)                                                                             \
    M(T, TEXT, method, NEED, ID_SIZE)                                                                                  \
    M(T, INTEGER, paths, ALWAYS)                                                                                       \
    M(T, INTEGER, seed, ALWAYS)                                                                                        \
    M(T, INTEGER, trades, ALWAYS)                                                                                      \
    M(T, INTEGER, days, ALWAYS)                                                                                        \
    M(T, DOUBLE, base_return, 0)                                                                                       \
    M(T, DOUBLE, base_drawdown, 0)                                                                                     \
    M(T, OBJECT, terms, 0)                                                                                             \
    AS(T, OBJECT, gain, "return", 0) /* quantiles */                                                                   \
    M(T, OBJECT, drawdown, 0)                                                                                          \
    M(T, OBJECT, ruin, 0)                                                                                              \
    M(T, OBJECT, goal, 0)

/* One doubt about a result, and its answer. */
#define CHECK_MEMBERS(M, AS, T)                                                                                        \
    M(T, TIME, time, 0)                                                                                                \
    M(T, TEXT, strategy, 0, STRATEGY_SIZE)                                                                             \
    M(T, TEXT, name, NEED, ID_SIZE)                                                                                    \
    M(T, TEXT, grade, NEED, ID_SIZE)                                                                                   \
    M(T, STR, text, 0)                                                                                                 \
    M(T, DOUBLE, return_before, 0)                                                                                     \
    M(T, DOUBLE, return_after, 0)                                                                                      \
    M(T, DOUBLE, sharpe_before, 0)                                                                                     \
    M(T, DOUBLE, sharpe_after, 0)

/* An order of an account beside that of a re-run over the same bars. */
#define DIFFERENCE_MEMBERS(M, AS, T)                                                                                   \
    M(T, TIME, time, NEED) /* when it was decided */                                                                   \
    M(T, SYMBOL, symbol, 0)                                                                                            \
    M(T, TEXT, account, 0, ID_SIZE)                                                                                    \
    M(T, TEXT, strategy, 0, STRATEGY_SIZE)                                                                             \
    M(T, TEXT, order_id, NEED, ID_SIZE)                                                                                \
    M(T, WORD, kind, NEED, difference_kind)                                                                            \
    M(T, WORD, side, 0, side)                                                                                          \
    M(T, WORD, role, 0, role)                                                                                          \
    M(T, DEC, filled, NATURAL) /* absent: there was no such order */                                                   \
    M(T, DEC, price, ABOVE)    /* mean of its fills */                                                                 \
    M(T, TIME, filled_at, 0)   /* the last of them */                                                                  \
    M(T, DEC, rerun_filled, NATURAL)                                                                                   \
    M(T, DEC, rerun_price, ABOVE)                                                                                      \
    M(T, TIME, rerun_filled_at, 0)                                                                                     \
    M(T, DEC, money, 0) /* what it brought more than in the re-run */                                                  \
    M(T, TEXT, cause, 0, MESSAGE_SIZE)

/* A line of the trial ledger. */
#define TRIAL_MEMBERS(M, AS, T)                                                                                        \
    M(T, TEXT, run, NEED, ID_SIZE)                                                                                     \
    M(T, TEXT, sweep, 0, ID_SIZE)                                                                                      \
    M(T, TEXT, strategy, NEED, STRATEGY_SIZE)                                                                          \
    M(T, STR, symbols, 0)                                                                                              \
    M(T, TIME, first, NEED)                                                                                            \
    M(T, TIME, last, NEED)                                                                                             \
    M(T, INTEGER, returns, NEED)                                                                                       \
    M(T, DOUBLE, periods, NEED) /* a year */                                                                           \
    M(T, DOUBLE, sharpe, NEED) /* of one period */                                                                     \
    M(T, DOUBLE, skewness, 0)                                                                                          \
    M(T, DOUBLE, kurtosis, 0)                                                                                          \
    M(T, DOUBLE, reality_p, 0) /* of the sweep whose best it is, … */                                                  \
    M(T, DOUBLE, overfitting, 0) /* … and its probability */                                                     \
    M(T, TEXT, version, 0, ID_SIZE)

/* R and NAME as in market.h. */
#define ACCOUNT_RECORDS(R, NAME)                                                                                       \
    R(ORDER_UPDATE, order_update, order_update, ORDER_UPDATE_MEMBERS,                                                  \
      .event = EVENT | EVENT_BYTES | EVENT_OF_ACCOUNT | EVENT_NEEDS_LEDGER,                                            \
      .table = "order_updates", .index = "order_id",                                                                   \
      .summary = "{status}[, filled {filled_quantity}][ at {average_price}][: {reason}]")                              \
    R(FILL, fill, fill, FILL_MEMBERS, .event = EVENT | EVENT_OF_ACCOUNT | EVENT_NEEDS_LEDGER,                          \
      .table = "fills", .index = "order_id",                                                                           \
      .summary = "{side} {quantity} at {price}[, {role}][ of {strategy}][, commission {commission-0}]"                 \
                 "[, fees {fees-0}]")                                                                                  \
    R(POSITION, position, position, POSITION_MEMBERS)                                                                  \
    R(ACCOUNT, account, account_state, ACCOUNT_MEMBERS)                                                                \
    R(CASH, cash, cash, CASH_MEMBERS, .event = EVENT | EVENT_OF_ACCOUNT | EVENT_NEEDS_LEDGER, .table = "cash",         \
      .summary = "{kind} {amount} {currency}[, {reference}]")                                                          \
    R(ADJUSTMENT, adjustment, adjustment, ADJUSTMENT_MEMBERS, .event = EVENT | EVENT_OF_ACCOUNT | EVENT_NEEDS_LEDGER)                                                    \
    R(EQUITY, equity, equity, EQUITY_MEMBERS, .event = EVENT | EVENT_BYTES | EVENT_OF_ACCOUNT | EVENT_NEEDS_LEDGER,    \
      .table = "equity", .index = "account",                                                                           \
      .summary = "{equity}[, cash {cash}][, exposure {exposure}]")                                                     \
    R(SWEEP, sweep, sweep_head, SWEEP_MEMBERS)                                                                         \
    R(CELL, cell, sweep_cell, CELL_MEMBERS)                                                                            \
    R(FOLD, fold, fold, FOLD_MEMBERS)                                                                                  \
    R(MONTECARLO, montecarlo, montecarlo_paths, MONTECARLO_MEMBERS)                                                    \
    R(CHECK, check, check_result, CHECK_MEMBERS)                                                                       \
    R(DIFFERENCE, difference, difference, DIFFERENCE_MEMBERS, .summary = "{kind}[ {money}][: {cause}]")                \
    R(TRIAL, trial, trial, TRIAL_MEMBERS)                                                                              \
    R(RESULT, result, result, RESULT_MEMBERS)                                                                          \
    NAME(RISK, risk)                                                                                                   \
    R(MARK, mark, mark, MARK_MEMBERS, .event = EVENT | EVENT_BYTES | EVENT_OF_ACCOUNT | EVENT_NEEDS_LEDGER,            \
      .key = "account interval bar symbol", .summary = "seen[: {interval} bar][, close {price}][: {marks}]")           \
    R(CHECKPOINT, checkpoint, checkpoint, CHECKPOINT_MEMBERS, .event = EVENT | EVENT_OF_ACCOUNT,                       \
      .key = "account n", .summary = "the account after its event {n}")                                                \
    R(HALT, halt, halt, HALT_MEMBERS, .event = EVENT | EVENT_OF_ACCOUNT,                                               \
      .summary = "{halted?halted:resumed}[: {reason}]")
/* clang-format on */

ACCOUNT_RECORDS(RECORD_STRUCT, RECORD_NO_STRUCT)

#endif
