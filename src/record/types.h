/* The records as C values: what tn-records(5) says, field by field.
 *
 * In every struct: a time is nanoseconds UTC, TIME_NONE when absent; a `dec` is DEC_NONE when absent; a double is NaN
 * when absent; text is "" when absent; an enum is its 0 (…_NONE) when absent; a flag is -1 when absent, else 0 or 1.
 * `struct str` fields point into the line the record was read from and live until the next line is read: a `raw` one is
 * JSON text, carried unread; any other is decoded text. */
#ifndef TN_RECORD_TYPES_H
#define TN_RECORD_TYPES_H

#include "base/dec.h"
#include "base/str.h"
#include "base/time.h"
#include "record/interval.h"

enum record_type {
    RECORD_UNKNOWN, /* a type this program does not know: passes under --pass */
    RECORD_BAR,
    RECORD_QUOTE,
    RECORD_TRADE,
    RECORD_BOOK,
    RECORD_ACTION,
    RECORD_INSTRUMENT,
    RECORD_CONTRACT,
    RECORD_NEWS,
    RECORD_EVENT,
    RECORD_GAP,
    RECORD_ANOMALY,
    RECORD_STATUS,
    RECORD_MATCH,
    RECORD_SIGNAL,
    RECORD_ORDER,
    RECORD_CANCEL,
    RECORD_REPLACE,
    RECORD_REFUSAL,
    RECORD_ORDER_UPDATE,
    RECORD_FILL,
    RECORD_POSITION,
    RECORD_ACCOUNT,
    RECORD_CASH,
    RECORD_ADJUSTMENT,
    RECORD_EQUITY,
    RECORD_RESULT,
    RECORD_RISK,
    RECORD_ALERT,
    RECORD_NOTE,
    RECORD_HEARTBEAT,
    RECORD_SYNC,
    RECORD_END,
    RECORD_MARK,
    RECORD_HALT,
    RECORD_TYPES
};

#define SYMBOL_SIZE   33  /* 1–32 printable ASCII characters, no '/' first, and the NUL */
#define ID_SIZE       65  /* record ids, account and source names */
#define STRATEGY_SIZE 129 /* a strategy instance: name and parameters */
#define KEY_SIZE      129 /* type/interval/time/symbol */

enum side { SIDE_NONE, SIDE_BUY, SIDE_SELL, SIDE_SELL_SHORT, SIDE_BUY_TO_COVER };
enum want { WANT_NONE, WANT_LONG, WANT_SHORT, WANT_FLAT }; /* the side of a signal */
enum order_type {
    ORDER_NONE,
    ORDER_MARKET,
    ORDER_LIMIT,
    ORDER_STOP,
    ORDER_STOP_LIMIT,
    ORDER_TRAILING_STOP,
    ORDER_MARKET_IF_TOUCHED,
    ORDER_LIMIT_IF_TOUCHED,
    ORDER_MARKET_ON_OPEN,
    ORDER_MARKET_ON_CLOSE
};
enum time_in_force { TIF_NONE, TIF_DAY, TIF_GTC, TIF_GTD, TIF_IOC, TIF_FOK, TIF_OPG, TIF_CLS };
enum order_class { CLASS_NONE, CLASS_SIMPLE, CLASS_BRACKET, CLASS_OCO, CLASS_OTO };
enum role { ROLE_NONE, ROLE_ENTRY, ROLE_EXIT, ROLE_STOP, ROLE_TARGET };
enum order_status {
    STATUS_NONE,
    STATUS_PENDING_NEW,
    STATUS_ACCEPTED,
    STATUS_PARTIALLY_FILLED,
    STATUS_FILLED,
    STATUS_CANCELED,
    STATUS_REJECTED,
    STATUS_EXPIRED,
    STATUS_REPLACED,
    STATUS_PENDING_CANCEL,
    STATUS_UNKNOWN
};
enum mode { MODE_NONE, MODE_BACKTEST, MODE_PAPER, MODE_LIVE };
enum adjusted { ADJUSTED_NONE, ADJUSTED_RAW, ADJUSTED_SPLIT, ADJUSTED_TOTAL };
enum action_kind { ACTION_NONE, ACTION_SPLIT, ACTION_DIVIDEND, ACTION_SPINOFF, ACTION_RENAME, ACTION_DELIST };
enum alert_level { ALERT_NONE, ALERT_INFO, ALERT_WARNING, ALERT_CRITICAL };
enum cash_kind {
    CASH_NONE,
    CASH_DEPOSIT,
    CASH_WITHDRAWAL,
    CASH_DIVIDEND,
    CASH_INTEREST,
    CASH_FUNDING,
    CASH_FEE,
    CASH_TAX,
    CASH_FX,
    CASH_ASSIGNMENT
};

struct bar {
    char symbol[SYMBOL_SIZE];
    int64_t time;    /* start; 1d and longer: midnight of the session date in the exchange's zone */
    int64_t end;     /* when it became known; always set after reading (time + interval when not written) */
    int64_t session; /* days since 1970 of the session date, 1d and longer; TIME_NONE when absent */
    struct interval interval;
    dec open, high, low, close;
    double volume;
    dec vwap;
    double trades;
    enum adjusted adjusted;
    char source[ID_SIZE];
    int final;
};

struct quote {
    char symbol[SYMBOL_SIZE];
    int64_t time;
    dec bid, ask;
    double bid_size, ask_size;
    char source[ID_SIZE];
};

struct trade {
    char symbol[SYMBOL_SIZE];
    int64_t time;
    dec price;
    dec quantity;
    enum side side; /* the aggressor's */
    struct str conditions;
    char source[ID_SIZE];
};

struct action {
    char symbol[SYMBOL_SIZE];
    int64_t time; /* midnight of the ex-date in the exchange's zone: before that session's first bar */
    char id[ID_SIZE];
    char account[ID_SIZE]; /* in the journal: the account it happened to */
    enum action_kind kind;
    int64_t new_shares, old_shares; /* "new" and "old": 7 and 1 for a 7:1 split; 0 when absent */
    dec cash;                       /* per share */
    char currency[9];
    char new_symbol[SYMBOL_SIZE];
    dec basis_share;
    struct str announced, ex_date, pay_date; /* dates */
};

struct signal {
    char symbol[SYMBOL_SIZE];
    int64_t time; /* when the bar it speaks of became known */
    char id[ID_SIZE];
    char strategy[STRATEGY_SIZE];
    enum want side;
    int64_t decided; /* when the wanted side last changed */
    int initial;     /* 1: the side has not changed since the first bar the strategy could judge */
    struct interval interval;
    double strength; /* 0–1 */
    double units;
    dec price, stop, target; /* raw prices of the day */
    struct str horizon;
    struct str reason; /* raw object */
    char cause[KEY_SIZE];
    struct str basis; /* raw */
};

struct leg {
    enum role role;
    enum order_type order_type;
    dec limit_price, stop_price;
};

struct order {
    char symbol[SYMBOL_SIZE];
    int64_t time; /* the moment that decided it */
    char id[ID_SIZE];
    char account[ID_SIZE];
    enum side side;
    dec quantity;
    enum order_type order_type;
    dec limit_price, stop_price;
    enum time_in_force time_in_force;
    int64_t valid_until;
    enum order_class order_class; /* "class" */
    struct leg legs[2];
    int leg_count;
    enum role role;
    char parent[ID_SIZE]; /* of a protective leg: the entry it protects */
    int reduce_only;
    int64_t attempt;
    char strategy[STRATEGY_SIZE];
    char signal[ID_SIZE]; /* the signal it was made from */
    dec reference_price;  /* what it was sized on; limits value an unfilled market order with it */
    struct str risk;      /* raw object: what the sizing used */
    enum mode mode;
    char cause[KEY_SIZE];
    struct str basis; /* raw */
};

struct cancel {
    int64_t time;
    char account[ID_SIZE];
    char order_id[ID_SIZE];
    char reason[ID_SIZE];
};

struct refusal {
    char symbol[SYMBOL_SIZE];
    int64_t time;
    char account[ID_SIZE];
    char strategy[STRATEGY_SIZE];
    char order_id[ID_SIZE];
    char code[ID_SIZE]; /* DAILY_LOSS_LIMIT … */
    dec limit, observed;
    struct str message;
    char cause[KEY_SIZE];
    enum mode mode;
};

struct order_update {
    char symbol[SYMBOL_SIZE];
    int64_t time;
    char account[ID_SIZE];
    char order_id[ID_SIZE];
    enum order_status status;
    char broker_id[ID_SIZE];
    dec filled_quantity, average_price;
    char reason[KEY_SIZE];
    int64_t revision;
    enum mode mode;
};

struct fill {
    char symbol[SYMBOL_SIZE];
    int64_t time;
    char id[ID_SIZE];
    char order_id[ID_SIZE];
    char account[ID_SIZE];
    char strategy[STRATEGY_SIZE];
    enum role role;
    enum side side;
    dec quantity, price;
    char currency[9];
    dec multiplier;
    dec commission, fees; /* disjoint; rebates negative */
    dec slippage;         /* what an assumption about it took, >= 0; DEC_NONE: none was made */
    char liquidity[9];    /* maker, taker */
    char venue[ID_SIZE];
    enum mode mode;
    char corrects[ID_SIZE];
};

struct position {
    char symbol[SYMBOL_SIZE];
    int64_t time;
    char account[ID_SIZE];
    char strategy[STRATEGY_SIZE];
    dec quantity; /* signed */
    dec average_price, market_price, unrealized, realized;
    char currency[9];
    int64_t opened;
    enum mode mode;
};

struct account_state {
    int64_t time;
    char account[ID_SIZE];
    char currency[9];
    dec cash, equity, buying_power, day_pnl;
    int halted;
    enum mode mode;
};

struct cash {
    char symbol[SYMBOL_SIZE];
    int64_t time;
    char id[ID_SIZE];
    char account[ID_SIZE];
    char strategy[STRATEGY_SIZE];
    char currency[9];
    dec amount;
    enum cash_kind kind;
    struct str reference;
};

struct equity {
    int64_t time;
    char account[ID_SIZE];
    dec equity, cash, exposure;
    enum mode mode;
};

struct result {
    int64_t time;
    char run[ID_SIZE];
    char strategy[STRATEGY_SIZE];
    struct str params, metrics, input, assumptions; /* raw but for input: SHA-256 of the bars, hex */
    struct str outcome, benchmark;                  /* raw objects */
    int64_t seed;
    char version[ID_SIZE];
};

struct note {
    char symbol[SYMBOL_SIZE];
    int64_t time;
    char id[ID_SIZE];
    char about[KEY_SIZE];
    struct str tags, text; /* tags: raw array */
};

struct heartbeat {
    int64_t time;
    char source[ID_SIZE];
    int64_t last;
};

struct sync {
    int64_t time;
    char account[ID_SIZE];
    char token[ID_SIZE];
    int64_t n;
};

struct end {
    int64_t time;
    int64_t status;
    int complete;
    struct str failed, counts; /* raw objects */
};

/* The paper account has seen this bar: one per symbol the account is concerned with, so that no bar works twice. */
struct mark {
    char symbol[SYMBOL_SIZE];
    int64_t time; /* when the bar became known */
    char account[ID_SIZE];
    struct interval interval;
    int64_t bar; /* start of the bar */
    dec price;   /* its close */
};

/* The kill switch of an account. */
struct alert {
    int64_t time;
    char id[ID_SIZE];
    char symbol[SYMBOL_SIZE];
    char account[ID_SIZE];
    enum alert_level level;
    struct str title, text;
    char cause[KEY_SIZE];
    enum mode mode;
};

struct halt {
    int64_t time;
    char account[ID_SIZE];
    int halted; /* 1 halt, 0 resume */
    int all;    /* 1: cancel the protective exits too; -1: not said */
    struct str reason;
};

/* "sell_short" … ; "" for 0. The tables are those of tn-records(5). */
const char *side_text(enum side side);
const char *want_text(enum want want);
const char *order_type_text(enum order_type type);
const char *time_in_force_text(enum time_in_force tif);
const char *role_text(enum role role);
const char *order_status_text(enum order_status status);
const char *mode_text(enum mode mode);
const char *record_type_text(enum record_type type);
const char *cash_kind_text(enum cash_kind kind);
const char *action_kind_text(enum action_kind kind);

#endif
