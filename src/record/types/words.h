/* The words of the wire and the enums that stand for them. Each list makes an enum, its words and its NAME_text: a word
 * is added here and in tn-records(5), nowhere else. 0 (…_NONE) is absent. */
#ifndef TN_RECORD_TYPES_WORDS_H
#define TN_RECORD_TYPES_WORDS_H

/* clang-format off */
#define SIDE_WORDS(W)                                                                                                  \
    W(SIDE_BUY, "buy")                                                                                                 \
    W(SIDE_SELL, "sell")                                                                                               \
    W(SIDE_SELL_SHORT, "sell_short")                                                                                   \
    W(SIDE_BUY_TO_COVER, "buy_to_cover")

/* The side of a signal. */
#define WANT_WORDS(W)                                                                                                  \
    W(WANT_LONG, "long")                                                                                               \
    W(WANT_SHORT, "short")                                                                                             \
    W(WANT_FLAT, "flat")

#define ORDER_TYPE_WORDS(W)                                                                                            \
    W(ORDER_MARKET, "market")                                                                                          \
    W(ORDER_LIMIT, "limit")                                                                                            \
    W(ORDER_STOP, "stop")                                                                                              \
    W(ORDER_STOP_LIMIT, "stop_limit")                                                                                  \
    W(ORDER_TRAILING_STOP, "trailing_stop")                                                                            \
    W(ORDER_MARKET_IF_TOUCHED, "market_if_touched")                                                                    \
    W(ORDER_LIMIT_IF_TOUCHED, "limit_if_touched")                                                                      \
    W(ORDER_MARKET_ON_OPEN, "market_on_open")                                                                          \
    W(ORDER_MARKET_ON_CLOSE, "market_on_close")

#define TIME_IN_FORCE_WORDS(W)                                                                                         \
    W(TIF_DAY, "day")                                                                                                  \
    W(TIF_GTC, "gtc")                                                                                                  \
    W(TIF_GTD, "gtd")                                                                                                  \
    W(TIF_IOC, "ioc")                                                                                                  \
    W(TIF_FOK, "fok")                                                                                                  \
    W(TIF_OPG, "opg")                                                                                                  \
    W(TIF_CLS, "cls")

#define ORDER_CLASS_WORDS(W)                                                                                           \
    W(CLASS_SIMPLE, "simple")                                                                                          \
    W(CLASS_BRACKET, "bracket")                                                                                        \
    W(CLASS_OCO, "oco")                                                                                                \
    W(CLASS_OTO, "oto")

#define ROLE_WORDS(W)                                                                                                  \
    W(ROLE_ENTRY, "entry")                                                                                             \
    W(ROLE_EXIT, "exit")                                                                                               \
    W(ROLE_STOP, "stop")                                                                                               \
    W(ROLE_TARGET, "target")                                                                                           \
    W(ROLE_TIME, "time")

#define ORDER_STATUS_WORDS(W)                                                                                          \
    W(STATUS_PENDING_NEW, "pending_new")                                                                               \
    W(STATUS_ACCEPTED, "accepted")                                                                                     \
    W(STATUS_PARTIALLY_FILLED, "partially_filled")                                                                     \
    W(STATUS_FILLED, "filled")                                                                                         \
    W(STATUS_CANCELED, "canceled")                                                                                     \
    W(STATUS_REJECTED, "rejected")                                                                                     \
    W(STATUS_EXPIRED, "expired")                                                                                       \
    W(STATUS_REPLACED, "replaced")                                                                                     \
    W(STATUS_PENDING_CANCEL, "pending_cancel")                                                                         \
    W(STATUS_UNKNOWN, "unknown")                                                                                       \
    W(STATUS_PENDING_REPLACE, "pending_replace")

#define MODE_WORDS(W)                                                                                                  \
    W(MODE_BACKTEST, "backtest")                                                                                       \
    W(MODE_PAPER, "paper")                                                                                             \
    W(MODE_LIVE, "live")

#define ADJUSTED_WORDS(W)                                                                                              \
    W(ADJUSTED_RAW, "raw")                                                                                             \
    W(ADJUSTED_SPLIT, "split")                                                                                         \
    W(ADJUSTED_TOTAL, "total")                                                                                         \
    W(ADJUSTED_DIVIDEND, "dividend")                                                                                   \
    W(ADJUSTED_DIFFERENCE, "difference")                                                                               \
    W(ADJUSTED_RATIO, "ratio")

#define ACTION_KIND_WORDS(W)                                                                                           \
    W(ACTION_SPLIT, "split")                                                                                           \
    W(ACTION_DIVIDEND, "dividend")                                                                                     \
    W(ACTION_SPINOFF, "spinoff")                                                                                       \
    W(ACTION_RENAME, "rename")                                                                                         \
    W(ACTION_DELIST, "delist")                                                                                         \
    W(ACTION_ROLL, "roll")

#define ANOMALY_CHECK_WORDS(W)                                                                                         \
    W(ANOMALY_SPIKE, "spike")                                                                                          \
    W(ANOMALY_VOLUME, "volume")                                                                                        \
    W(ANOMALY_GAP, "gap")                                                                                              \
    W(ANOMALY_STALE, "stale")                                                                                          \
    W(ANOMALY_DISAGREE, "disagree")                                                                                    \
    W(ANOMALY_ZERO, "zero")                                                                                            \
    W(ANOMALY_SPLIT, "split")                                                                                          \
    W(ANOMALY_UNIT, "unit")                                                                                            \
    W(ANOMALY_DIVIDEND, "dividend")                                                                                    \
    W(ANOMALY_ZONE, "zone")                                                                                            \
    W(ANOMALY_REUSE, "reuse")                                                                                          \
    W(ANOMALY_PARTIAL, "partial") \
    W(ANOMALY_CROSSED, "crossed")                                                                                      \
    W(ANOMALY_LATE, "late")                                                                                            \
    W(ANOMALY_CANCELED, "canceled")                                                                                    \
    W(ANOMALY_OFFICIAL, "official")

/* What a trade does to the bar it is in; absent: all that a trade does. */
#define TRADE_EFFECT_WORDS(W)                                                                                          \
    W(EFFECT_RANGE, "range")       /* high, low and volume; open and close only of a bar that has no others */         \
    W(EFFECT_VOLUME, "volume")     /* volume alone */                                                                  \
    W(EFFECT_EXTENDED, "extended") /* all of it before and after the session; within it volume alone */                \
    W(EFFECT_AUCTION, "auction")   /* all of it, for the session that it closes */                                     \
    W(EFFECT_CLOSE, "close")       /* no trade: the official close of its session */                                   \
    W(EFFECT_NOTHING, "nothing")

/* What the close of a day's bar is; absent: the last trade of the session. */
#define CLOSING_WORDS(W)                                                                                               \
    W(CLOSING_AUCTION, "auction")                                                                                      \
    W(CLOSING_OFFICIAL, "official")

/* What an instrument is. */
#define INSTRUMENT_KIND_WORDS(W)                                                                                       \
    W(INSTRUMENT_KIND_STOCK, "stock")                                                                                  \
    W(INSTRUMENT_KIND_FUND, "fund")                                                                                    \
    W(INSTRUMENT_KIND_INDEX, "index")                                                                                  \
    W(INSTRUMENT_KIND_FUTURE, "future")                                                                                \
    W(INSTRUMENT_KIND_OPTION, "option")                                                                                \
    W(INSTRUMENT_KIND_CURRENCY, "currency")                                                                            \
    W(INSTRUMENT_KIND_CRYPTO, "crypto")                                                                                \
    W(INSTRUMENT_KIND_BOND, "bond")                                                                                    \
    W(INSTRUMENT_KIND_SERIES, "series")

#define OPTION_RIGHT_WORDS(W)                                                                                          \
    W(RIGHT_CALL, "call")                                                                                              \
    W(RIGHT_PUT, "put")

#define OPTION_STYLE_WORDS(W)                                                                                          \
    W(STYLE_AMERICAN, "american")                                                                                      \
    W(STYLE_EUROPEAN, "european")

#define STREAM_STATE_WORDS(W)                                                                                          \
    W(STREAM_STATE_CONNECTED, "connected")                                                                             \
    W(STREAM_STATE_RECONNECTING, "reconnecting")                                                                       \
    W(STREAM_STATE_STALE, "stale")                                                                                     \
    W(STREAM_STATE_DOWN, "down")

/* How an order of the journal differs from that of a re-run. */
#define DIFFERENCE_KIND_WORDS(W)                                                                                       \
    W(DIFFERENCE_SAME, "same")                                                                                         \
    W(DIFFERENCE_PRICE, "price")                                                                                       \
    W(DIFFERENCE_QUANTITY, "quantity")                                                                                 \
    W(DIFFERENCE_PARTIAL, "partial")                                                                                   \
    W(DIFFERENCE_LATE, "late")                                                                                         \
    W(DIFFERENCE_REFUSED, "refused")                                                                                   \
    W(DIFFERENCE_MISSED, "missed")                                                                                     \
    W(DIFFERENCE_EXTRA, "extra")                                                                                       \
    W(DIFFERENCE_DATA, "data")                                                                                         \
    W(DIFFERENCE_CASH, "cash")

#define ALERT_LEVEL_WORDS(W)                                                                                           \
    W(ALERT_INFO, "info")                                                                                              \
    W(ALERT_WARNING, "warning")                                                                                        \
    W(ALERT_CRITICAL, "critical")

#define CHECK_STATE_WORDS(W)                                                                                           \
    W(CHECK_OK, "ok")                                                                                                  \
    W(CHECK_WARN, "warn")                                                                                              \
    W(CHECK_FAIL, "fail")

#define CASH_KIND_WORDS(W)                                                                                             \
    W(CASH_DEPOSIT, "deposit")                                                                                         \
    W(CASH_WITHDRAWAL, "withdrawal")                                                                                   \
    W(CASH_DIVIDEND, "dividend")                                                                                       \
    W(CASH_INTEREST, "interest")                                                                                       \
    W(CASH_FUNDING, "funding")                                                                                         \
    W(CASH_FEE, "fee")                                                                                                 \
    W(CASH_TAX, "tax")                                                                                                 \
    W(CASH_FX, "fx")                                                                                                   \
    W(CASH_ASSIGNMENT, "assignment")                                                                                   \
    W(CASH_MARGIN_INTEREST, "margin_interest")                                                                         \
    W(CASH_CREDIT_INTEREST, "credit_interest")                                                                         \
    W(CASH_BORROW, "borrow")

/* How what a signal asked for ended. */
#define OUTCOME_END_WORDS(W)                                                                                           \
    W(ENDED_STOP, "stop")                                                                                              \
    W(ENDED_TARGET, "target")                                                                                          \
    W(ENDED_SIGNAL, "signal")                                                                                          \
    W(ENDED_BARS, "bars")                                                                                              \
    W(ENDED_DELISTED, "delisted")                                                                                      \
    W(ENDED_MISSED, "missed")                                                                                          \
    W(ENDED_BEYOND_STOP, "beyond_stop")                                                                                \
    W(ENDED_OPEN, "open")

#define TREND_WORDS(W)                                                                                                 \
    W(TREND_BULL, "bull")                                                                                              \
    W(TREND_BEAR, "bear")                                                                                              \
    W(TREND_SIDEWAYS, "sideways")

#define VOLATILITY_WORDS(W)                                                                                            \
    W(VOLATILITY_CALM, "calm")                                                                                         \
    W(VOLATILITY_VOLATILE, "volatile")

/* Relative strength, and whether it grows. */
#define QUADRANT_WORDS(W)                                                                                              \
    W(QUADRANT_LEADING, "leading")                                                                                     \
    W(QUADRANT_WEAKENING, "weakening")                                                                                 \
    W(QUADRANT_LAGGING, "lagging")                                                                                     \
    W(QUADRANT_IMPROVING, "improving")

#define LOT_ORDER_WORDS(W)                                                                                             \
    W(LOTS_FIFO, "fifo")                                                                                               \
    W(LOTS_LIFO, "lifo")                                                                                               \
    W(LOTS_HIGHEST_COST, "highest_cost")

/* X(name, absent, list): enum name, name_words, name_text. */
#define ALL_WORDS(X)                                                                                                   \
    X(side, SIDE_NONE, SIDE_WORDS)                                                                                     \
    X(want, WANT_NONE, WANT_WORDS)                                                                                     \
    X(order_type, ORDER_NONE, ORDER_TYPE_WORDS)                                                                        \
    X(time_in_force, TIF_NONE, TIME_IN_FORCE_WORDS)                                                                    \
    X(order_class, CLASS_NONE, ORDER_CLASS_WORDS)                                                                      \
    X(role, ROLE_NONE, ROLE_WORDS)                                                                                     \
    X(order_status, STATUS_NONE, ORDER_STATUS_WORDS)                                                                   \
    X(mode, MODE_NONE, MODE_WORDS)                                                                                     \
    X(adjusted, ADJUSTED_NONE, ADJUSTED_WORDS)                                                                         \
    X(action_kind, ACTION_NONE, ACTION_KIND_WORDS)                                                                     \
    X(anomaly_check, ANOMALY_NONE, ANOMALY_CHECK_WORDS)                                                                \
    X(trade_effect, EFFECT_ALL, TRADE_EFFECT_WORDS)                                                                    \
    X(bar_closing, CLOSING_NONE, CLOSING_WORDS)                                                                            \
    X(instrument_kind, INSTRUMENT_KIND_NONE, INSTRUMENT_KIND_WORDS)                                                    \
    X(option_right, RIGHT_NONE, OPTION_RIGHT_WORDS)                                                                    \
    X(option_style, STYLE_NONE, OPTION_STYLE_WORDS)                                                                    \
    X(stream_state, STREAM_STATE_NONE, STREAM_STATE_WORDS)                                                             \
    X(difference_kind, DIFFERENCE_NONE, DIFFERENCE_KIND_WORDS)                                                         \
    X(alert_level, ALERT_NONE, ALERT_LEVEL_WORDS)                                                                      \
    X(check_state, CHECK_NONE, CHECK_STATE_WORDS)                                                                      \
    X(cash_kind, CASH_NONE, CASH_KIND_WORDS)                                                                           \
    X(lot_order, LOTS_NONE, LOT_ORDER_WORDS)                                                                           \
    X(outcome_end, ENDED_NONE, OUTCOME_END_WORDS)                                                                      \
    X(trend, TREND_NONE, TREND_WORDS)                                                                                  \
    X(volatility, VOLATILITY_NONE, VOLATILITY_WORDS)                                                                   \
    X(quadrant, QUADRANT_NONE, QUADRANT_WORDS)
/* clang-format on */

/* NOLINTBEGIN(bugprone-macro-parentheses): names take none */
#define WORD_VALUE(value, text)           , value
#define WORD_ENUM(name, absent, list)     enum name { absent list(WORD_VALUE) };
#define WORD_FUNCTION(name, absent, list) const char *name##_text(enum name value);
ALL_WORDS(WORD_ENUM)
ALL_WORDS(WORD_FUNCTION) /* side_text(SIDE_SELL_SHORT) is "sell_short"; "" for 0 */
#undef WORD_FUNCTION
#undef WORD_ENUM
/* NOLINTEND(bugprone-macro-parentheses) */

#endif
