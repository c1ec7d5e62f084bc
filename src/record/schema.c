/* The tables of record types, their fields and their words. */
#include "record/schema.h"
#include "record/record.h"

#include <math.h>
#include <stddef.h>

/* NOLINTBEGIN(bugprone-macro-parentheses): names of types and fields take none */
#define WORDS(name, ...)                                                                                               \
    static const char *const name##_list[] = {"", __VA_ARGS__};                                                        \
    static const struct words name = {name##_list, (int)(sizeof name##_list / sizeof name##_list[0])}

WORDS(side_words, "buy", "sell", "sell_short", "buy_to_cover");
WORDS(want_words, "long", "short", "flat");
WORDS(order_type_words, "market", "limit", "stop", "stop_limit", "trailing_stop", "market_if_touched",
      "limit_if_touched", "market_on_open", "market_on_close");
WORDS(time_in_force_words, "day", "gtc", "gtd", "ioc", "fok", "opg", "cls");
WORDS(order_class_words, "simple", "bracket", "oco", "oto");
WORDS(role_words, "entry", "exit", "stop", "target");
WORDS(order_status_words, "pending_new", "accepted", "partially_filled", "filled", "canceled", "rejected", "expired",
      "replaced", "pending_cancel", "unknown");
WORDS(mode_words, "backtest", "paper", "live");
WORDS(adjusted_words, "raw", "split", "total");
WORDS(action_kind_words, "split", "dividend", "spinoff", "rename", "delist");
WORDS(alert_level_words, "info", "warning", "critical");
WORDS(cash_kind_words, "deposit", "withdrawal", "dividend", "interest", "funding", "fee", "tax", "fx", "assignment");

#define MEMBER(type, field, text, kind_, flags_, words_)                                                               \
    {                                                                                                                  \
        .name = text, .words = words_, .offset = offsetof(struct type, field),                                         \
        .size = sizeof(((struct type *)0)->field), .kind = MEMBER_##kind_, .flags = flags_,                            \
        .name_length = sizeof(text) - 1, .lead = ",\"" text "\":", .lead_length = sizeof(text) + 3,                    \
    }
#define FIELD(type, field, kind, flags) MEMBER(type, field, #field, kind, flags, NULL)
#define WORD(type, field, words, flags) MEMBER(type, field, #field, WORD, flags, &words)
/* NOLINTEND(bugprone-macro-parentheses) */
#define NEED    MEMBER_REQUIRED
#define ABOVE   MEMBER_POSITIVE
#define NATURAL MEMBER_NATURAL

static const struct member bar_members[] = {
    FIELD(bar, time, TIME, NEED),
    FIELD(bar, symbol, SYMBOL, NEED),
    FIELD(bar, interval, INTERVAL, NEED),
    FIELD(bar, session, DAY, 0),
    FIELD(bar, end, TIME, 0),
    FIELD(bar, open, DEC, NEED | ABOVE),
    FIELD(bar, high, DEC, NEED | ABOVE),
    FIELD(bar, low, DEC, NEED | ABOVE),
    FIELD(bar, close, DEC, NEED | ABOVE),
    FIELD(bar, volume, DOUBLE, NATURAL),
    FIELD(bar, vwap, DEC, ABOVE),
    FIELD(bar, trades, DOUBLE, NATURAL),
    WORD(bar, adjusted, adjusted_words, 0),
    FIELD(bar, source, TEXT, 0),
    FIELD(bar, final, FLAG, 0),
};
static const struct member quote_members[] = {
    FIELD(quote, time, TIME, NEED),  FIELD(quote, symbol, SYMBOL, NEED),
    FIELD(quote, bid, DEC, NATURAL), FIELD(quote, bid_size, DOUBLE, NATURAL),
    FIELD(quote, ask, DEC, NATURAL), FIELD(quote, ask_size, DOUBLE, NATURAL),
    FIELD(quote, source, TEXT, 0),
};
static const struct member trade_members[] = {
    FIELD(trade, time, TIME, NEED),         FIELD(trade, symbol, SYMBOL, NEED),
    FIELD(trade, price, DEC, NEED | ABOVE), FIELD(trade, quantity, DEC, NEED | ABOVE),
    WORD(trade, side, side_words, 0),       FIELD(trade, conditions, STR, 0),
    FIELD(trade, source, TEXT, 0),
};
static const struct member action_members[] = {
    FIELD(action, time, TIME, NEED),
    FIELD(action, symbol, SYMBOL, NEED),
    FIELD(action, id, TEXT, NEED),
    FIELD(action, account, TEXT, 0),
    WORD(action, kind, action_kind_words, NEED),
    MEMBER(action, new_shares, "new", INTEGER, ABOVE, NULL),
    MEMBER(action, old_shares, "old", INTEGER, ABOVE, NULL),
    FIELD(action, cash, DEC, ABOVE),
    FIELD(action, currency, TEXT, 0),
    FIELD(action, new_symbol, SYMBOL, 0),
    FIELD(action, basis_share, DEC, NATURAL),
    FIELD(action, announced, DATE, 0),
    FIELD(action, ex_date, DATE, 0),
    FIELD(action, pay_date, DATE, 0),
};
static const struct member signal_members[] = {
    FIELD(signal, time, TIME, NEED),
    FIELD(signal, symbol, SYMBOL, NEED),
    FIELD(signal, id, TEXT, NEED),
    FIELD(signal, strategy, TEXT, NEED),
    WORD(signal, side, want_words, NEED),
    FIELD(signal, decided, TIME, NEED),
    FIELD(signal, initial, FLAG, 0),
    FIELD(signal, interval, INTERVAL, 0),
    FIELD(signal, strength, DOUBLE, NATURAL),
    FIELD(signal, units, DOUBLE, NATURAL),
    FIELD(signal, price, DEC, ABOVE),
    FIELD(signal, stop, DEC, ABOVE),
    FIELD(signal, target, DEC, ABOVE),
    FIELD(signal, horizon, STR, 0),
    FIELD(signal, reason, OBJECT, 0),
    FIELD(signal, cause, TEXT, 0),
    FIELD(signal, basis, OBJECT, 0),
};
static const struct member order_members[] = {
    FIELD(order, time, TIME, NEED),
    FIELD(order, symbol, SYMBOL, NEED),
    FIELD(order, id, TEXT, NEED),
    FIELD(order, account, TEXT, 0),
    WORD(order, side, side_words, NEED),
    FIELD(order, quantity, DEC, NEED | ABOVE),
    WORD(order, order_type, order_type_words, NEED),
    FIELD(order, limit_price, DEC, ABOVE),
    FIELD(order, stop_price, DEC, ABOVE),
    WORD(order, time_in_force, time_in_force_words, 0),
    FIELD(order, valid_until, TIME, 0),
    MEMBER(order, order_class, "class", WORD, 0, &order_class_words),
    FIELD(order, legs, LEGS, 0),
    WORD(order, role, role_words, 0),
    FIELD(order, parent, TEXT, 0),
    FIELD(order, reduce_only, FLAG, 0),
    FIELD(order, attempt, INTEGER, NATURAL),
    FIELD(order, strategy, TEXT, 0),
    FIELD(order, signal, TEXT, 0),
    FIELD(order, reference_price, DEC, ABOVE),
    FIELD(order, risk, OBJECT, 0),
    WORD(order, mode, mode_words, 0),
    FIELD(order, cause, TEXT, 0),
    FIELD(order, basis, OBJECT, 0),
};
static const struct member leg_members[] = {
    WORD(leg, role, role_words, 0),
    WORD(leg, order_type, order_type_words, 0),
    FIELD(leg, limit_price, DEC, ABOVE),
    FIELD(leg, stop_price, DEC, ABOVE),
};
static const struct member cancel_members[] = {
    FIELD(cancel, time, TIME, NEED),
    FIELD(cancel, account, TEXT, 0),
    FIELD(cancel, order_id, TEXT, NEED),
    FIELD(cancel, reason, TEXT, 0),
};
static const struct member refusal_members[] = {
    FIELD(refusal, time, TIME, NEED),  FIELD(refusal, symbol, SYMBOL, 0),  FIELD(refusal, account, TEXT, 0),
    FIELD(refusal, strategy, TEXT, 0), FIELD(refusal, order_id, TEXT, 0),  FIELD(refusal, code, TEXT, NEED),
    FIELD(refusal, limit, DEC, 0),     FIELD(refusal, observed, DEC, 0),   FIELD(refusal, message, STR, 0),
    FIELD(refusal, cause, TEXT, 0),    WORD(refusal, mode, mode_words, 0),
};
static const struct member order_update_members[] = {
    FIELD(order_update, time, TIME, NEED),
    FIELD(order_update, symbol, SYMBOL, 0),
    FIELD(order_update, account, TEXT, 0),
    FIELD(order_update, order_id, TEXT, NEED),
    WORD(order_update, status, order_status_words, NEED),
    FIELD(order_update, broker_id, TEXT, 0),
    FIELD(order_update, filled_quantity, DEC, NATURAL),
    FIELD(order_update, average_price, DEC, ABOVE),
    FIELD(order_update, reason, TEXT, 0),
    FIELD(order_update, revision, INTEGER, NATURAL),
    WORD(order_update, mode, mode_words, 0),
};
static const struct member fill_members[] = {
    FIELD(fill, time, TIME, NEED),         FIELD(fill, symbol, SYMBOL, NEED),  FIELD(fill, id, TEXT, NEED),
    FIELD(fill, order_id, TEXT, NEED),     FIELD(fill, account, TEXT, NEED),   FIELD(fill, strategy, TEXT, 0),
    WORD(fill, role, role_words, 0),       WORD(fill, side, side_words, NEED), FIELD(fill, quantity, DEC, NEED | ABOVE),
    FIELD(fill, price, DEC, NEED | ABOVE), FIELD(fill, currency, TEXT, 0),     FIELD(fill, multiplier, DEC, ABOVE),
    FIELD(fill, commission, DEC, 0),       FIELD(fill, fees, DEC, 0),          FIELD(fill, slippage, DEC, 0),
    FIELD(fill, liquidity, TEXT, 0),       FIELD(fill, venue, TEXT, 0),        WORD(fill, mode, mode_words, 0),
    FIELD(fill, corrects, TEXT, 0),
};
static const struct member position_members[] = {
    FIELD(position, time, TIME, 0),        FIELD(position, symbol, SYMBOL, NEED),
    FIELD(position, account, TEXT, NEED),  FIELD(position, strategy, TEXT, 0),
    FIELD(position, quantity, DEC, NEED),  FIELD(position, average_price, DEC, 0),
    FIELD(position, market_price, DEC, 0), FIELD(position, unrealized, DEC, 0),
    FIELD(position, realized, DEC, 0),     FIELD(position, currency, TEXT, 0),
    FIELD(position, opened, TIME, 0),      WORD(position, mode, mode_words, 0),
};
static const struct member account_members[] = {
    FIELD(account_state, time, TIME, 0),      FIELD(account_state, account, TEXT, NEED),
    FIELD(account_state, currency, TEXT, 0),  FIELD(account_state, cash, DEC, 0),
    FIELD(account_state, equity, DEC, 0),     FIELD(account_state, buying_power, DEC, 0),
    FIELD(account_state, day_pnl, DEC, 0),    FIELD(account_state, halted, FLAG, 0),
    WORD(account_state, mode, mode_words, 0),
};
static const struct member cash_members[] = {
    FIELD(cash, time, TIME, NEED),    FIELD(cash, symbol, SYMBOL, 0),          FIELD(cash, id, TEXT, NEED),
    FIELD(cash, account, TEXT, NEED), FIELD(cash, strategy, TEXT, 0),          FIELD(cash, currency, TEXT, NEED),
    FIELD(cash, amount, DEC, NEED),   WORD(cash, kind, cash_kind_words, NEED), FIELD(cash, reference, STR, 0),
};
static const struct member equity_members[] = {
    FIELD(equity, time, TIME, NEED), FIELD(equity, account, TEXT, 0), FIELD(equity, equity, DEC, NEED),
    FIELD(equity, cash, DEC, 0),     FIELD(equity, exposure, DEC, 0), WORD(equity, mode, mode_words, 0),
};
static const struct member result_members[] = {
    FIELD(result, time, TIME, 0),          FIELD(result, run, TEXT, NEED),
    FIELD(result, strategy, TEXT, 0),      FIELD(result, params, OBJECT, 0),
    FIELD(result, metrics, OBJECT, 0),     FIELD(result, input, STR, 0),
    FIELD(result, assumptions, OBJECT, 0), FIELD(result, seed, INTEGER, MEMBER_ALWAYS),
    FIELD(result, version, TEXT, 0),       FIELD(result, outcome, OBJECT, 0),
    FIELD(result, benchmark, OBJECT, 0),
};
static const struct member note_members[] = {
    FIELD(note, time, TIME, NEED), FIELD(note, symbol, SYMBOL, 0), FIELD(note, id, TEXT, 0),
    FIELD(note, about, TEXT, 0),   FIELD(note, tags, ARRAY, 0),    FIELD(note, text, STR, 0),
};
static const struct member heartbeat_members[] = {
    FIELD(heartbeat, time, TIME, NEED),
    FIELD(heartbeat, source, TEXT, 0),
    FIELD(heartbeat, last, TIME, 0),
};
static const struct member sync_members[] = {
    FIELD(sync, time, TIME, 0),
    FIELD(sync, account, TEXT, NEED),
    FIELD(sync, token, TEXT, NEED),
    FIELD(sync, n, INTEGER, MEMBER_ALWAYS | NATURAL),
};
static const struct member end_members[] = {
    FIELD(end, time, TIME, 0),        FIELD(end, status, INTEGER, NEED | NATURAL | MEMBER_ALWAYS),
    FIELD(end, complete, FLAG, NEED), FIELD(end, failed, OBJECT, 0),
    FIELD(end, counts, OBJECT, 0),
};
static const struct member mark_members[] = {
    FIELD(mark, time, TIME, NEED),         FIELD(mark, symbol, SYMBOL, NEED), FIELD(mark, account, TEXT, NEED),
    FIELD(mark, interval, INTERVAL, NEED), FIELD(mark, bar, TIME, NEED),      FIELD(mark, price, DEC, NEED | ABOVE),
};
static const struct member alert_members[] = {
    FIELD(alert, time, TIME, NEED),
    FIELD(alert, id, TEXT, 0),
    FIELD(alert, symbol, SYMBOL, 0),
    FIELD(alert, account, TEXT, 0),
    WORD(alert, level, alert_level_words, 0),
    FIELD(alert, title, STR, 0),
    FIELD(alert, text, STR, 0),
    FIELD(alert, cause, TEXT, 0),
    WORD(alert, mode, mode_words, 0),
};
static const struct member halt_members[] = {
    FIELD(halt, time, TIME, NEED), FIELD(halt, account, TEXT, NEED), FIELD(halt, halted, FLAG, NEED),
    FIELD(halt, all, FLAG, 0),     FIELD(halt, reason, STR, 0),
};

/* NOLINTNEXTLINE(bugprone-macro-parentheses) */
#define TABLE(members_, type) .member = members_, .members = sizeof members_ / sizeof members_[0], .size = sizeof(type)

const struct schema schema_table[RECORD_TYPES] = {
    [RECORD_UNKNOWN] = {.name = ""},
    [RECORD_BAR] = {"bar", TABLE(bar_members, struct bar)},
    [RECORD_QUOTE] = {"quote", TABLE(quote_members, struct quote)},
    [RECORD_TRADE] = {"trade", TABLE(trade_members, struct trade)},
    [RECORD_BOOK] = {.name = "book"},
    [RECORD_ACTION] = {"action", TABLE(action_members, struct action)},
    [RECORD_INSTRUMENT] = {.name = "instrument"},
    [RECORD_CONTRACT] = {.name = "contract"},
    [RECORD_NEWS] = {.name = "news"},
    [RECORD_EVENT] = {.name = "event"},
    [RECORD_GAP] = {.name = "gap"},
    [RECORD_ANOMALY] = {.name = "anomaly"},
    [RECORD_STATUS] = {.name = "status"},
    [RECORD_MATCH] = {.name = "match"},
    [RECORD_SIGNAL] = {"signal", TABLE(signal_members, struct signal)},
    [RECORD_ORDER] = {"order", TABLE(order_members, struct order)},
    [RECORD_CANCEL] = {"cancel", TABLE(cancel_members, struct cancel)},
    [RECORD_REPLACE] = {.name = "replace"},
    [RECORD_REFUSAL] = {"refusal", TABLE(refusal_members, struct refusal)},
    [RECORD_ORDER_UPDATE] = {"order_update", TABLE(order_update_members, struct order_update)},
    [RECORD_FILL] = {"fill", TABLE(fill_members, struct fill)},
    [RECORD_POSITION] = {"position", TABLE(position_members, struct position)},
    [RECORD_ACCOUNT] = {"account", TABLE(account_members, struct account_state)},
    [RECORD_CASH] = {"cash", TABLE(cash_members, struct cash)},
    [RECORD_ADJUSTMENT] = {.name = "adjustment"},
    [RECORD_EQUITY] = {"equity", TABLE(equity_members, struct equity)},
    [RECORD_RESULT] = {"result", TABLE(result_members, struct result)},
    [RECORD_RISK] = {.name = "risk"},
    [RECORD_ALERT] = {"alert", TABLE(alert_members, struct alert)},
    [RECORD_NOTE] = {"note", TABLE(note_members, struct note)},
    [RECORD_HEARTBEAT] = {"heartbeat", TABLE(heartbeat_members, struct heartbeat)},
    [RECORD_SYNC] = {"sync", TABLE(sync_members, struct sync)},
    [RECORD_END] = {"end", TABLE(end_members, struct end)},
    [RECORD_MARK] = {"mark", TABLE(mark_members, struct mark)},
    [RECORD_HALT] = {"halt", TABLE(halt_members, struct halt)},
};

const struct schema leg_schema = {"leg", TABLE(leg_members, struct leg)};

enum record_type schema_type(struct str name)
{
    for (int type = RECORD_UNKNOWN + 1; type < RECORD_TYPES; type++)
        if (str_is(name, schema_table[type].name))
            return (enum record_type)type;
    return RECORD_UNKNOWN;
}

int schema_member(const struct schema *schema, struct str name)
{
    for (int i = 0; i < schema->members; i++)
        if (schema->member[i].name_length == name.n && memcmp(schema->member[i].name, name.p, name.n) == 0)
            return i;
    return -1;
}

void member_blank(const struct member *member, void *value)
{
    char *const at = (char *)value + member->offset;
    switch ((enum member_kind)member->kind) {
    case MEMBER_DEC:
    case MEMBER_TIME:
    case MEMBER_DAY:
        memcpy(at, &(int64_t){INT64_MIN}, sizeof(int64_t));
        break;
    case MEMBER_DOUBLE:
        memcpy(at, &(double){NAN}, sizeof(double));
        break;
    case MEMBER_FLAG:
        memcpy(at, &(int){-1}, sizeof(int));
        break;
    default:
        memset(at, 0, member->size);
        break;
    }
}

void record_blank(enum record_type type, void *value)
{
    const struct schema *schema = &schema_table[type];
    memset(value, 0, schema->size);
    for (int i = 0; i < schema->members; i++)
        member_blank(&schema->member[i], value);
}

static const char *word(const struct words *words, int value)
{
    return value >= 0 && value < words->count ? words->word[value] : "";
}

const char *side_text(enum side side)
{
    return word(&side_words, (int)side);
}

const char *want_text(enum want want)
{
    return word(&want_words, (int)want);
}

const char *order_type_text(enum order_type type)
{
    return word(&order_type_words, (int)type);
}

const char *time_in_force_text(enum time_in_force tif)
{
    return word(&time_in_force_words, (int)tif);
}

const char *role_text(enum role role)
{
    return word(&role_words, (int)role);
}

const char *order_status_text(enum order_status status)
{
    return word(&order_status_words, (int)status);
}

const char *mode_text(enum mode mode)
{
    return word(&mode_words, (int)mode);
}

const char *cash_kind_text(enum cash_kind kind)
{
    return word(&cash_kind_words, (int)kind);
}

const char *action_kind_text(enum action_kind kind)
{
    return word(&action_kind_words, (int)kind);
}

const char *record_type_text(enum record_type type)
{
    return (int)type >= 0 && type < RECORD_TYPES ? schema_table[type].name : "";
}

bool record_is_control(enum record_type type)
{
    switch (type) {
    case RECORD_REFUSAL:
    case RECORD_GAP:
    case RECORD_ANOMALY:
    case RECORD_STATUS:
    case RECORD_ALERT:
    case RECORD_HEARTBEAT:
    case RECORD_SYNC:
        return true;
    default:
        return false;
    }
}

bool record_is_market(enum record_type type)
{
    switch (type) {
    case RECORD_BAR:
    case RECORD_QUOTE:
    case RECORD_TRADE:
    case RECORD_BOOK:
    case RECORD_ACTION:
    case RECORD_INSTRUMENT:
    case RECORD_CONTRACT:
    case RECORD_NEWS:
    case RECORD_EVENT:
        return true;
    default:
        return false;
    }
}
