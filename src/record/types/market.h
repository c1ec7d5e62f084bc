/* The market's records: what happened out there, the same for everybody. */
#ifndef TN_RECORD_TYPES_MARKET_H
#define TN_RECORD_TYPES_MARKET_H

#include "record/types/member.h"

/* clang-format off */
#define BAR_MEMBERS(M, AS, T)                                                                                          \
    M(T, TIME, time, NEED) /* start; 1d and longer: midnight of the session date in the exchange's zone */             \
    M(T, SYMBOL, symbol, NEED)                                                                                         \
    M(T, INTERVAL, interval, NEED)                                                                                     \
    M(T, DAY, session, 0) /* days since 1970 of the session date, 1d and longer */                                     \
    M(T, TIME, end, 0) /* when it became known; always set after reading (time + interval when not written) */         \
    M(T, DEC, open, NEED | ABOVE)                                                                                      \
    M(T, DEC, high, NEED | ABOVE)                                                                                      \
    M(T, DEC, low, NEED | ABOVE)                                                                                       \
    M(T, DEC, close, NEED | ABOVE)                                                                                     \
    M(T, DOUBLE, volume, NATURAL)                                                                                      \
    M(T, DEC, vwap, ABOVE)                                                                                             \
    M(T, DOUBLE, trades, NATURAL)                                                                                      \
    M(T, DOUBLE, open_interest, NATURAL) /* contracts open at the end, as far as known then */                         \
    M(T, WORD, adjusted, 0, adjusted)                                                                                  \
    M(T, TEXT, source, 0, ID_SIZE)                                                                                     \
    M(T, WORD, closing, 0, bar_closing) /* of 1d */                                                                        \
    M(T, FLAG, final, 0)

#define QUOTE_MEMBERS(M, AS, T)                                                                                        \
    M(T, TIME, time, NEED)                                                                                             \
    M(T, SYMBOL, symbol, NEED)                                                                                         \
    M(T, DEC, bid, NATURAL)                                                                                            \
    M(T, DOUBLE, bid_size, NATURAL)                                                                                    \
    M(T, DEC, ask, NATURAL)                                                                                            \
    M(T, DOUBLE, ask_size, NATURAL)                                                                                    \
    M(T, TEXT, source, 0, ID_SIZE)                                                                                     \
    M(T, TIME, received, 0)

#define TRADE_MEMBERS(M, AS, T)                                                                                        \
    M(T, TIME, time, NEED)                                                                                             \
    M(T, SYMBOL, symbol, NEED)                                                                                         \
    M(T, DEC, price, NEED | ABOVE)                                                                                     \
    M(T, DEC, quantity, NEED | ABOVE)                                                                                  \
    M(T, WORD, side, 0, side) /* the aggressor's */                                                                    \
    M(T, STR, conditions, 0)                                                                                           \
    M(T, WORD, effect, 0, trade_effect)                                                                                \
    M(T, TEXT, source, 0, ID_SIZE)                                                                                     \
    M(T, TEXT, id, 0, ID_SIZE) /* the venue's, within the symbol */                                                    \
    M(T, FLAG, canceled, 0) /* takes back the trade of this id, time, price and quantity */                            \
    M(T, TIME, received, 0) /* when it became known; absent: at `time` */

#define BOOK_MEMBERS(M, AS, T)                                                                                         \
    M(T, TIME, time, NEED)                                                                                             \
    M(T, SYMBOL, symbol, NEED)                                                                                         \
    M(T, ARRAY, bids, 0)                                                                                               \
    M(T, ARRAY, asks, 0)                                                                                               \
    M(T, FLAG, snapshot, 0)                                                                                            \
    M(T, TEXT, source, 0, ID_SIZE)                                                                                     \
    M(T, TIME, received, 0)

/* Who traded how much at which prices in an interval, and how wide and deep the market was (market/order_flow.h). */
#define ORDER_FLOW_MEMBERS(M, AS, T)                                                                                   \
    M(T, TIME, time, NEED) /* start of the interval */                                                                 \
    M(T, SYMBOL, symbol, NEED)                                                                                         \
    M(T, INTERVAL, interval, NEED)                                                                                     \
    M(T, DAY, session, 0) /* of 1d */                                                                                  \
    M(T, TIME, end, NEED) /* when it became known */                                                                   \
    M(T, DOUBLE, volume, NATURAL)                                                                                      \
    M(T, INTEGER, trades, ALWAYS | NATURAL)                                                                            \
    M(T, DOUBLE, buy, NATURAL) /* by the aggressor's side; what is decided */                                          \
    M(T, DOUBLE, sell, NATURAL)                                                                                        \
    M(T, DOUBLE, delta, 0)         /* buy less sell */                                                                 \
    M(T, DOUBLE, session_delta, 0) /* since the session's beginning */                                                 \
    M(T, DOUBLE, imbalance, 0)     /* delta / (buy + sell) */                                                          \
    M(T, DEC, vwap, ABOVE)                                                                                             \
    M(T, DOUBLE, largest, NATURAL) /* quantity of the largest trade */                                                 \
    M(T, INTEGER, large_trades, NATURAL)                                                                               \
    M(T, DOUBLE, large, NATURAL) /* their volume */                                                                    \
    M(T, DEC, control, NATURAL)  /* the row with the most volume: its lower edge */                                    \
    M(T, DEC, value_low, NATURAL)                                                                                      \
    M(T, DEC, value_high, NATURAL)                                                                                     \
    M(T, INTEGER, quotes, ALWAYS | NATURAL)                                                                            \
    M(T, DOUBLE, spread, NATURAL) /* means by the time that each stood */                                              \
    M(T, DOUBLE, spread_low, NATURAL)                                                                                  \
    M(T, DOUBLE, spread_high, NATURAL)                                                                                 \
    M(T, DOUBLE, effective, NATURAL) /* spread: twice the distance of trades from the middle, by volume */             \
    M(T, DOUBLE, bid_depth, NATURAL)                                                                                   \
    M(T, DOUBLE, ask_depth, NATURAL)                                                                                   \
    M(T, DOUBLE, depth_imbalance, 0) /* (bid - ask) / (bid + ask) of the depths */                                     \
    M(T, TEXT, source, 0, ID_SIZE)   /* of trades, quotes and books: those of another have records of their own */     \
    M(T, ARRAY, profile, 0)

/* Data known to be missing. */
#define GAP_MEMBERS(M, AS, T)                                                                                          \
    M(T, TIME, time, 0)                                                                                                \
    M(T, SYMBOL, symbol, 0) /* absent: of all of the source */                                                         \
    M(T, TIME, from, 0)                                                                                                \
    M(T, TIME, to, 0)                                                                                                  \
    M(T, INTERVAL, interval, 0)                                                                                        \
    M(T, STR, reason, 0)                                                                                               \
    M(T, TEXT, source, 0, ID_SIZE)                                                                                     \
    M(T, FLAG, healed, 0) /* what was missing has been fetched and written before this record */

/* How a source is. */
#define STATUS_MEMBERS(M, AS, T)                                                                                       \
    M(T, TIME, time, 0)                                                                                                \
    M(T, SYMBOL, symbol, 0) /* absent: all of the source */                                                            \
    M(T, TEXT, source, 0, ID_SIZE)                                                                                     \
    M(T, WORD, state, 0, stream_state)                                                                                 \
    M(T, TIME, since, 0)                                                                                               \
    M(T, INTEGER, attempt, NATURAL)                                                                                    \
    M(T, INTEGER, dropped, NATURAL) /* records that a slow reader did not get, so far */                               \
    M(T, TEXT, message, 0, MESSAGE_SIZE)

#define ACTION_MEMBERS(M, AS, T)                                                                                       \
    M(T, TIME, time, NEED) /* midnight of the ex-date in the exchange's zone: before that session's first bar */       \
    M(T, SYMBOL, symbol, NEED)                                                                                         \
    M(T, TEXT, id, NEED, ID_SIZE)                                                                                      \
    M(T, TEXT, account, 0, ID_SIZE) /* in the journal: the account it happened to */                                   \
    M(T, WORD, kind, NEED, action_kind)                                                                                \
    AS(T, INTEGER, new_shares, "new", ABOVE) /* 7 and 1 for a 7:1 split */                                             \
    AS(T, INTEGER, old_shares, "old", ABOVE)                                                                           \
    M(T, DEC, cash, NATURAL) /* per share */                                                                             \
    M(T, TEXT, currency, 0, WORD_SIZE)                                                                                 \
    M(T, SYMBOL, new_symbol, 0)                                                                                        \
    M(T, SYMBOL, old_symbol, 0) /* of a roll: the contract before, */                                                  \
    M(T, DEC, old_close, ABOVE) /* and the closes that join the two */                                                 \
    M(T, DEC, new_close, ABOVE)                                                                                        \
    M(T, DEC, basis_share, NATURAL)                                                                                    \
    M(T, DATE, announced, 0)                                                                                           \
    M(T, DATE, ex_date, 0)                                                                                             \
    M(T, TEXT, corrects, 0, ID_SIZE) /* held back: the action, applied already, that it seems to correct */            \
    M(T, DATE, pay_date, 0)

/* What a symbol is. */
#define INSTRUMENT_MEMBERS(M, AS, T)                                                                                   \
    M(T, TIME, time, 0) /* when it was said */                                                                         \
    M(T, SYMBOL, symbol, NEED)                                                                                         \
    M(T, TEXT, account, 0, ID_SIZE) /* in the journal: the account that has traded it as this */                       \
    M(T, WORD, kind, 0, instrument_kind)                                                                               \
    M(T, STR, name, 0)                                                                                                 \
    M(T, TEXT, exchange, 0, ID_SIZE)                                                                                   \
    M(T, TEXT, calendar, 0, ID_SIZE)                                                                                   \
    M(T, TEXT, sector, 0, ID_SIZE)                                                                                     \
    M(T, TEXT, currency, 0, WORD_SIZE)                                                                                 \
    M(T, DEC, settlement_unit, ABOVE) /* the smallest amount of money that changes hands */                            \
    M(T, DEC, tick_size, ABOVE)       /* smallest price step */                                                        \
    M(T, DEC, lot_size, ABOVE)        /* smallest quantity step */                                                     \
    M(T, DEC, multiplier, ABOVE)      /* money per point of price and unit of quantity */                              \
    M(T, SYMBOL, underlying, 0)                                                                                        \
    M(T, DAY, expiry, 0) /* the last day it trades */                                                                  \
    M(T, DEC, strike, ABOVE)                                                                                           \
    M(T, WORD, right, 0, option_right)                                                                                 \
    M(T, WORD, style, 0, option_style)                                                                                 \
    M(T, DAY, valid_from, 0)                                                                                           \
    M(T, DAY, valid_to, 0)                                                                                             \
    M(T, TEXT, source, 0, ID_SIZE) /* who said it */

#define ANOMALY_MEMBERS(M, AS, T)                                                                                      \
    M(T, TIME, time, NEED) /* when it became known */                                                                  \
    M(T, SYMBOL, symbol, NEED)                                                                                         \
    M(T, WORD, check, NEED, anomaly_check)                                                                             \
    M(T, DEC, observed, 0)                                                                                             \
    M(T, DEC, expected, 0)                                                                                             \
    M(T, ARRAY, sources, 0)                                                                                            \
    M(T, OBJECT, deltas, 0) /* by source: its close / the median - 1 */                                                \
    M(T, OBJECT, repair, 0) /* what would mend it (tn-quote doctor) */                                                 \
    M(T, OBJECT, bar, 0)    /* as it should have been (tn-stream) */                                                   \
    M(T, TEXT, message, 0, MESSAGE_SIZE)

/* R(ID, name, struct, members, traits), or NAME(ID, name, traits): a type that no program here reads or writes. */
#define MARKET_RECORDS(R, NAME)                                                                                        \
    R(BAR, bar, bar, BAR_MEMBERS, .market = true,                                                                      \
      .summary = "{interval} open {open} high {high} low {low} close {close}")                                         \
    R(QUOTE, quote, quote, QUOTE_MEMBERS, .market = true)                                                              \
    R(TRADE, trade, trade, TRADE_MEMBERS, .market = true)                                                              \
    R(ORDER_FLOW, order_flow, order_flow, ORDER_FLOW_MEMBERS, .market = true)                                          \
    R(BOOK, book, market_book, BOOK_MEMBERS, .market = true)                                                           \
    R(ACTION, action, action, ACTION_MEMBERS, .market = true,                                                          \
      .event = EVENT | EVENT_BYTES | EVENT_COMMON | EVENT_NEEDS_LEDGER, .key = "account id",                           \
      .summary = "{kind}[ {new}:{old}][ {cash}][ {currency}][ to {new_symbol}]")                                       \
    R(INSTRUMENT, instrument, instrument_facts, INSTRUMENT_MEMBERS, .market = true,                                    \
      .event = EVENT | EVENT_COMMON | EVENT_AS_IT_CAME,                                                                \
      .summary = "[{kind}][ {name}][ tick {tick_size}][ multiplier {multiplier}][ until {expiry}]")                    \
    NAME(CONTRACT, contract, .market = true)                                                                           \
    NAME(NEWS, news, .market = true)                                                                                   \
    NAME(EVENT, event, .market = true)                                                                                 \
    R(GAP, gap, gap, GAP_MEMBERS, .control = true, .summary = "[{reason}]")                                            \
    R(ANOMALY, anomaly, anomaly, ANOMALY_MEMBERS, .control = true, .summary = "{check}[ {message}]")                   \
    R(STATUS, status, status, STATUS_MEMBERS, .control = true, .summary = "{state}[ {message}]")
/* clang-format on */

MARKET_RECORDS(RECORD_STRUCT, RECORD_NO_STRUCT)

#endif
