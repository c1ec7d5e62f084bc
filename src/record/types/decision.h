/* Decisions: what is wanted, ordered, refused. */
#ifndef TN_RECORD_TYPES_DECISION_H
#define TN_RECORD_TYPES_DECISION_H

#include "record/types/member.h"

/* clang-format off */
/* How far a trailing stop stays from the best price: one of an amount, a percentage of that price, a multiple of the
 * average true range as it was when the order was decided. */
#define TRAIL_MEMBERS(M, AS, T)                                                                                        \
    M(T, DEC, trail_amount, ABOVE)                                                                                     \
    M(T, DEC, trail_percent, ABOVE)                                                                                    \
    M(T, DEC, trail_atr, ABOVE) /* times … */                                                                          \
    M(T, DEC, atr, ABOVE)       /* … this */

/* One of the legs of an order. */
#define LEG_MEMBERS(M, AS, T)                                                                                          \
    M(T, WORD, role, 0, role)                                                                                          \
    M(T, WORD, order_type, 0, order_type)                                                                              \
    M(T, DEC, limit_price, ABOVE)                                                                                      \
    M(T, DEC, stop_price, ABOVE)                                                                                       \
    TRAIL_MEMBERS(M, AS, T)                                                                                            \
    M(T, WORD, time_in_force, 0, time_in_force)                                                                        \
    M(T, DEC, offset, ABOVE)        /* its price is so far from the fill of the entry, … */                            \
    M(T, DEC, r, ABOVE)             /* … or so many times R: the distance of that and the first stop */                \
    M(T, DEC, share, ABOVE)         /* of the position; absent: all of it, or what the others leave */                 \
    M(T, DEC, active_price, ABOVE)  /* a trail that begins when the price is there, … */                               \
    M(T, DEC, active_r, ABOVE)      /* … or so many R in favour */                                                     \
    M(T, DEC, even_r, ABOVE)        /* the stop goes to break-even when the price is so many R in favour, … */         \
    M(T, FLAG, even_after_target, 0) /* … or a target has filled */                                                    \
    M(T, DEC, fall, ABOVE)          /* the target comes so much nearer with each bar */                                \
    M(T, INTEGER, bars, NATURAL)    /* an exit when so many bars have closed since the fill, … */                      \
    M(T, INTEGER, sessions, NATURAL) /* … or sessions */

#define SIGNAL_MEMBERS(M, AS, T)                                                                                       \
    M(T, TIME, time, NEED) /* when the bar it speaks of became known */                                                \
    M(T, SYMBOL, symbol, NEED)                                                                                         \
    M(T, TEXT, id, NEED, ID_SIZE)                                                                                      \
    M(T, TEXT, strategy, NEED, STRATEGY_SIZE)                                                                          \
    M(T, WORD, side, NEED, want)                                                                                       \
    M(T, TIME, decided, NEED) /* when the wanted side last changed */                                                  \
    M(T, INTEGER, age, NATURAL) /* closed bars of its series after the one that decided it; 0: none, or not said */    \
    M(T, FLAG, initial, 0) /* 1: the side has not changed since the first bar the strategy could judge */              \
    M(T, INTERVAL, interval, 0)                                                                                        \
    M(T, DOUBLE, strength, NATURAL) /* 0–1 */                                                                          \
    M(T, DOUBLE, units, NATURAL)                                                                                       \
    M(T, DEC, price, ABOVE) /* raw prices of the day, like stop and target */                                          \
    M(T, DEC, stop, ABOVE)                                                                                             \
    M(T, DEC, target, ABOVE)                                                                                           \
    M(T, WORD, entry, 0, order_type) /* market, stop or limit … */                                                     \
    M(T, DEC, entry_price, ABOVE)    /* … at this, … */                                                                \
    M(T, INTEGER, entry_bars, NATURAL) /* … good for so many bars; 0: until it is withdrawn */                         \
    M(T, LEGS, exits, 0)                                                                                               \
    M(T, FLAG, moves, 0) /* 1: of what is held, too, this level moves the stop, only nearer, and the target */         \
    M(T, STR, horizon, 0)                                                                                              \
    M(T, OBJECT, reason, 0)                                                                                            \
    M(T, TEXT, cause, 0, KEY_SIZE)                                                                                     \
    M(T, OBJECT, basis, 0)

#define ORDER_MEMBERS(M, AS, T)                                                                                        \
    M(T, TIME, time, NEED) /* the moment that decided it */                                                            \
    M(T, SYMBOL, symbol, NEED)                                                                                         \
    M(T, TEXT, id, NEED, ID_SIZE)                                                                                      \
    M(T, TEXT, account, 0, ID_SIZE)                                                                                    \
    M(T, WORD, side, NEED, side)                                                                                       \
    M(T, DEC, quantity, NEED | ABOVE)                                                                                  \
    M(T, WORD, order_type, NEED, order_type)                                                                           \
    M(T, DEC, limit_price, ABOVE)                                                                                      \
    M(T, DEC, stop_price, ABOVE) /* what sets it off; of a trailing stop, where it is now */                           \
    TRAIL_MEMBERS(M, AS, T)                                                                                            \
    M(T, DEC, active_price, ABOVE) /* a trail that begins when the price is there */                                   \
    M(T, TIME, active_time, 0)     /* trades from then on */                                                           \
    M(T, DEC, even_price, ABOVE)   /* a stop that goes to break-even when the price is there, … */                     \
    M(T, FLAG, even_after_target, 0) /* … or a target of the same entry has filled */                                  \
    M(T, DEC, fall, ABOVE)         /* a limit that comes so much nearer with each bar of `interval` */                 \
    M(T, INTEGER, bars, NATURAL)   /* of `interval` that close: then an entry ends, or a time exit trades */           \
    M(T, INTERVAL, interval, 0)                                                                                        \
    M(T, WORD, time_in_force, 0, time_in_force)                                                                        \
    M(T, TIME, valid_until, 0)                                                                                         \
    M(T, DAY, expires, 0) /* the date of gtd, days since 1970 */                                                       \
    AS(T, WORD, order_class, "class", 0, order_class)                                                                  \
    M(T, LEGS, legs, 0)                                                                                                \
    M(T, WORD, role, 0, role)                                                                                          \
    M(T, TEXT, parent, 0, ID_SIZE) /* of a protective leg: the entry it protects */                                    \
    M(T, TEXT, oco, 0, ID_SIZE)    /* of the orders that say the same, the first to fill cancels the others */         \
    M(T, TEXT, oto, 0, ID_SIZE)    /* sent when the order of this id has filled */                                     \
    M(T, FLAG, reduce_only, 0)                                                                                         \
    M(T, TEXT, lot, 0, ID_SIZE)    /* the fill that opened the lot to close, before others */                          \
    M(T, INTEGER, attempt, NATURAL)                                                                                    \
    M(T, INTEGER, age, NATURAL) /* of the decision when it was sized, as in a signal */                                \
    M(T, TEXT, strategy, 0, STRATEGY_SIZE)                                                                             \
    M(T, TEXT, signal, 0, ID_SIZE) /* the signal it was made from */                                                   \
    M(T, DEC, reference_price, ABOVE) /* what it was sized on; limits value an unfilled market order with it */        \
    M(T, OBJECT, risk, 0) /* what the sizing used */                                                                   \
    M(T, WORD, mode, 0, mode)                                                                                          \
    M(T, TEXT, cause, 0, KEY_SIZE)                                                                                     \
    M(T, OBJECT, basis, 0)

/* A scan's hit. */
#define MATCH_MEMBERS(M, AS, T)                                                                                        \
    M(T, TIME, time, NEED) /* when the bar became known */                                                             \
    M(T, SYMBOL, symbol, NEED)                                                                                         \
    M(T, INTERVAL, interval, 0)                                                                                        \
    M(T, STR, rule, NEED)                                                                                              \
    M(T, DEC, price, ABOVE) /* its close */                                                                            \
    M(T, OBJECT, figures, 0)                                                                                           \
    M(T, TEXT, cause, 0, KEY_SIZE)

/* What became of a signal, traded or not. */
#define OUTCOME_MEMBERS(M, AS, T)                                                                                      \
    M(T, TIME, time, NEED) /* the end of the last bar that it was measured by: then it is known */                     \
    M(T, SYMBOL, symbol, NEED)                                                                                         \
    M(T, TEXT, signal, NEED, ID_SIZE)                                                                                  \
    M(T, TEXT, strategy, NEED, STRATEGY_SIZE)                                                                          \
    M(T, WORD, side, NEED, want)                                                                                       \
    M(T, TIME, decided, 0)                                                                                             \
    M(T, INTERVAL, interval, 0) /* of the bars it was measured by */                                                   \
    M(T, WORD, ended, NEED, outcome_end)                                                                               \
    M(T, TIME, entered, 0) /* when that bar opened */                                                                  \
    M(T, DEC, entry, ABOVE) /* prices of the day, before costs */                                                      \
    M(T, DEC, stop, ABOVE)                                                                                             \
    M(T, DEC, target, ABOVE)                                                                                           \
    M(T, TIME, left, 0) /* when that bar opened, or, for what happened within it, ended */                             \
    M(T, DEC, exit, ABOVE)                                                                                             \
    M(T, INTEGER, bars, NATURAL) /* from that of the entry to that of the exit, both counted */                        \
    M(T, FLAG, both, 0) /* 1: stop and target lay within one bar, and the stop was taken */                            \
    M(T, DOUBLE, risk, ABOVE) /* from entry to stop, as a fraction of the entry; of mfe, mae and return likewise */    \
    M(T, DOUBLE, mfe, NATURAL)                                                                                         \
    M(T, DOUBLE, mae, NATURAL)                                                                                         \
    AS(T, DOUBLE, gain, "return", 0)                                                                                   \
    M(T, DOUBLE, mfe_r, NATURAL)                                                                                       \
    M(T, DOUBLE, mae_r, NATURAL)                                                                                       \
    M(T, DOUBLE, r, 0)                                                                                                 \
    M(T, OBJECT, after, 0) /* {"5":R after the close of the fifth bar} */                                              \
    M(T, OBJECT, after_return, 0)

/* A source of signals by its outcomes. */
#define LEADER_MEMBERS(M, AS, T)                                                                                       \
    M(T, TIME, time, NEED) /* of the newest outcome */                                                                 \
    M(T, TEXT, strategy, NEED, STRATEGY_SIZE)                                                                          \
    M(T, INTEGER, rank, NATURAL)                                                                                       \
    M(T, INTEGER, outcomes, ALWAYS | NATURAL) /* that count: entered and left */                                       \
    M(T, INTEGER, open, ALWAYS | NATURAL)                                                                              \
    M(T, INTEGER, missed, ALWAYS | NATURAL)                                                                            \
    M(T, FLAG, enough, 0) /* 1: 30 outcomes or more */                                                                 \
    M(T, DOUBLE, confidence, NATURAL) /* of the intervals */                                                           \
    M(T, DOUBLE, hit, NATURAL) /* the share of outcomes above 0 */                                                     \
    M(T, DOUBLE, hit_low, NATURAL)                                                                                     \
    M(T, DOUBLE, hit_high, NATURAL)                                                                                    \
    AS(T, DOUBLE, gain, "return", 0) /* the mean */                                                                    \
    AS(T, DOUBLE, gain_low, "return_low", 0)                                                                           \
    AS(T, DOUBLE, gain_high, "return_high", 0)                                                                         \
    M(T, INTEGER, with_r, ALWAYS | NATURAL) /* outcomes that had a stop */                                             \
    M(T, DOUBLE, r, 0)                                                                                                 \
    M(T, DOUBLE, r_low, 0)                                                                                             \
    M(T, DOUBLE, r_high, 0)                                                                                            \
    M(T, DOUBLE, profit_factor, NATURAL)                                                                               \
    M(T, DOUBLE, mfe, NATURAL) /* means */                                                                             \
    M(T, DOUBLE, mae, NATURAL)                                                                                         \
    M(T, DOUBLE, bars, NATURAL)

/* The state of a market, by rules. */
#define REGIME_MEMBERS(M, AS, T)                                                                                       \
    M(T, TIME, time, NEED) /* when the bar became known */                                                             \
    M(T, SYMBOL, symbol, NEED)                                                                                         \
    M(T, INTERVAL, interval, 0)                                                                                        \
    M(T, WORD, trend, NEED, trend)                                                                                     \
    M(T, WORD, volatility, NEED, volatility)                                                                           \
    M(T, TIME, since, 0) /* the end of the bar since which both are so */                                              \
    M(T, INTEGER, age, NATURAL) /* closed bars since */                                                                \
    M(T, DEC, price, ABOVE)                                                                                            \
    M(T, OBJECT, figures, 0)                                                                                           \
    M(T, TEXT, cause, 0, KEY_SIZE)

/* A symbol among others, held against a benchmark. */
#define ROTATION_MEMBERS(M, AS, T)                                                                                     \
    M(T, TIME, time, NEED)                                                                                             \
    M(T, SYMBOL, symbol, NEED)                                                                                         \
    M(T, INTERVAL, interval, 0)                                                                                        \
    M(T, SYMBOL, against, NEED)                                                                                        \
    M(T, INTEGER, rank, NATURAL)                                                                                       \
    M(T, INTEGER, of, NATURAL)                                                                                         \
    AS(T, DOUBLE, gain, "return", 0)                                                                                   \
    M(T, DOUBLE, excess, 0) /* over the benchmark's */                                                                 \
    M(T, DOUBLE, ratio, 0)                                                                                             \
    M(T, DOUBLE, momentum, 0)                                                                                          \
    M(T, WORD, quadrant, 0, quadrant)                                                                                  \
    M(T, DEC, price, ABOVE)                                                                                            \
    M(T, TEXT, cause, 0, KEY_SIZE)

#define CANCEL_MEMBERS(M, AS, T)                                                                                       \
    M(T, TIME, time, NEED)                                                                                             \
    M(T, TEXT, account, 0, ID_SIZE)                                                                                    \
    M(T, TEXT, order_id, NEED, ID_SIZE)                                                                                \
    M(T, TEXT, reason, 0, ID_SIZE)

#define REPLACE_MEMBERS(M, AS, T)                                                                                      \
    M(T, TIME, time, NEED)                                                                                             \
    M(T, TEXT, account, 0, ID_SIZE)                                                                                    \
    M(T, TEXT, order_id, NEED, ID_SIZE)                                                                                \
    M(T, DEC, quantity, ABOVE) /* what is new of the order */                                                          \
    M(T, DEC, limit_price, ABOVE)                                                                                      \
    M(T, DEC, stop_price, ABOVE)

#define REFUSAL_MEMBERS(M, AS, T)                                                                                      \
    M(T, TIME, time, NEED)                                                                                             \
    M(T, SYMBOL, symbol, 0)                                                                                            \
    M(T, TEXT, account, 0, ID_SIZE)                                                                                    \
    M(T, TEXT, strategy, 0, STRATEGY_SIZE)                                                                             \
    M(T, TEXT, order_id, 0, ID_SIZE)                                                                                   \
    M(T, TEXT, code, NEED, ID_SIZE) /* DAILY_LOSS_LIMIT … */                                                           \
    M(T, DEC, limit, 0)                                                                                                \
    M(T, DEC, observed, 0)                                                                                             \
    M(T, TEXT, message, 0, MESSAGE_SIZE)                                                                               \
    M(T, TEXT, cause, 0, KEY_SIZE)                                                                                     \
    M(T, WORD, mode, 0, mode)

/* R and NAME as in market.h. */
#define DECISION_RECORDS(R, NAME)                                                                                      \
    R(MATCH, match, match, MATCH_MEMBERS, .summary = "{rule}[, {figures}]")                                            \
    R(SIGNAL, signal, signal, SIGNAL_MEMBERS, .event = EVENT | EVENT_BYTES | EVENT_COMMON | EVENT_REPEATS,             \
      .summary = "{side}[ at {price}][, {entry}][ {entry_price}][ stop {stop}][ target {target}][ {exits}], {strategy}[, decided {decided}][, {reason}]")   \
    R(ORDER, order, order, ORDER_MEMBERS, .event = EVENT | EVENT_OF_ACCOUNT | EVENT_NEEDS_LEDGER, .table = "orders",   \
      .index = "signal parent", .more = "status TEXT DEFAULT 'pending_new', filled_quantity NUMERIC,"                  \
      " average_price NUMERIC,"                                                                                        \
      " broker_id TEXT, reason TEXT, updated TEXT",                                                                    \
      .summary = "{side} {quantity}[ {order_type-limit-stop-stop_limit}][ limit {limit_price}][ stop {stop_price}]"    \
                 "[ by {trail_amount}][ by {trail_percent} %][ by {trail_atr} x {atr}]"                                \
                 "[, {role}][ of {strategy}][, {legs}]")                                                               \
    R(OUTCOME, outcome, signal_outcome, OUTCOME_MEMBERS,                                                               \
      .summary = "{side} of {strategy}: {ended}[ at {exit}][, entered at {entry}][, {r} R][, return {return}]")        \
    R(LEADER, leader, leader, LEADER_MEMBERS, .summary = "{strategy}: rank {rank}, {outcomes} outcomes[, {r} R]")      \
    R(REGIME, regime, regime, REGIME_MEMBERS, .summary = "{trend}, {volatility}[ since {since}][, {figures}]")         \
    R(ROTATION, rotation, rotation, ROTATION_MEMBERS,                                                                  \
      .summary = "rank {rank} against {against}[, {quadrant}][, return {return}]")                                     \
    R(CANCEL, cancel, cancel, CANCEL_MEMBERS, .event = EVENT | EVENT_BYTES, .summary = "cancel[: {reason}]")           \
    R(REPLACE, replace, replace, REPLACE_MEMBERS, .event = EVENT | EVENT_BYTES,                                        \
      .summary = "replace:[ quantity {quantity}][ limit {limit_price}][ stop {stop_price}]")                           \
    R(REFUSAL, refusal, refusal, REFUSAL_MEMBERS, .control = true, .event = EVENT | EVENT_BYTES,                       \
      .summary = "{code}[: {message}][, limit {limit}][, observed {observed}][, of {strategy}]")
/* clang-format on */

RECORD_STRUCT(LEG, leg, leg, LEG_MEMBERS)
DECISION_RECORDS(RECORD_STRUCT, RECORD_NO_STRUCT)

#endif
