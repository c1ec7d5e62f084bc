/* Records scanned, decoded and encoded: what tn-records(5) says of single lines. */
#include "record/bar.h"
#include "record/record.h"
#include "record/schema.h"
#include "tap.h"

#include <math.h>
#include <stdlib.h>

static struct buf scratch, out;
static struct record record;
static struct error error;

static int scan(const char *line)
{
    record.scratch = &scratch;
    error_clear(&error);
    return record_scan(&record, line, strlen(line), &error);
}

static const char *refusal(const char *line, void *value)
{
    if (scan(line) == 0 && record_decode(&record, value, &error) == 0)
        return "accepted";
    return error.text;
}

static const char *encoded(enum record_type type, const void *value)
{
    buf_reset(&out);
    record_encode(&out, type, value);
    out.p[out.n - 1] = '\0';
    return out.p;
}

static void test_bar(void)
{
    static const char line[] =
        "{\"type\":\"bar\",\"time\":\"2026-11-20T14:30:00Z\",\"symbol\":\"AAPL\",\"interval\":\"1m\",\"open\":185.12,"
        "\"high\":185.5,\"low\":184.00000001,\"close\":185,\"volume\":123456,\"final\":true}";
    struct bar bar;
    check(scan(line) == 0, "a bar is scanned");
    check(record.type == RECORD_BAR && record.fields == 10, "with its type and fields");
    check(record_decode(&record, &bar, &error) == 0, "and decoded");
    check(bar.open == INT64_C(18512000000) && bar.low == INT64_C(18400000001) && bar.vwap == DEC_NONE,
          "prices exactly");
    check(bar.volume == 123456 && isnan(bar.trades), "volume");
    /* date -u -d 2026-11-20T14:30:00Z +%s */
    check(bar.time == INT64_C(1795185000) * TIME_SECOND, "time");
    check(bar.end == bar.time + TIME_MINUTE, "end is time + interval");
    check(strcmp(bar.symbol, "AAPL") == 0 && bar.final == 1 && bar.session == TIME_NONE, "the rest");
    check_text(encoded(RECORD_BAR, &bar), line, "and encoded again to the byte");
}

static void test_refusals(void)
{
    struct bar bar;
    struct order order;
    check_text(refusal("{\"type\":\"bar\",\"time\":\"2026-11-20T14:30:00Z\",\"symbol\":\"A\",\"interval\":\"1m\","
                       "\"open\":1,\"high\":1,\"low\":1,\"close\":NaN}",
                       &bar),
               "not JSON: 'N' where a value should be, at byte 108", "fault-054 NaN as a price");
    check_text(refusal("{\"type\":\"order\",\"time\":\"2026-11-20T14:30:00Z\",\"symbol\":\"A\",\"id\":\"x\","
                       "\"side\":\"buy\",\"quantity\":1,\"order_type\":\"limit\",\"limit_price\":\"\"}",
                       &order),
               "field 'limit_price': a string, not a number", "fault-054 \"\" as a price");
}

/* Something for every kind of member; together they fulfil what record_check asks of each type. */
static void fill(const struct schema *schema, void *value)
{
    for (int i = 0; i < schema->members; i++) {
        const struct member *member = &schema->member[i];
        char *const at = (char *)value + member->offset;
        switch ((enum member_kind)member->kind) {
        case MEMBER_SYMBOL:
            memcpy(at, "BRK.B", 6);
            break;
        case MEMBER_TEXT:
            memcpy(at, member->size > 9 ? "$(x); \"\\\t\xc3\xa9" : "USD", member->size > 9 ? 12 : 4);
            break;
        case MEMBER_STR:
            memcpy(at, &STR("a \"b\" \\ \n\x01 \xf0\x9f\x98\x80"), sizeof(struct str));
            break;
        case MEMBER_DATE:
            memcpy(at, &STR("2026-11-20"), sizeof(struct str));
            break;
        case MEMBER_OBJECT:
            memcpy(at, &STR("{\"a\":[1,{\"b\":null}]}"), sizeof(struct str));
            break;
        case MEMBER_ARRAY:
            memcpy(at, &STR("[\"a\",\"b\"]"), sizeof(struct str));
            break;
        case MEMBER_DEC: /* a stop limit order has no trail; one of the legs has */
            memcpy(at,
                   &(dec){strstr(member->name, "trail") == NULL && strcmp(member->name, "atr") != 0 ? 150000001
                                                                                                    : DEC_NONE},
                   sizeof(dec));
            break;
        case MEMBER_DOUBLE:
            memcpy(at, &(double){0.125}, sizeof(double));
            break;
        case MEMBER_INTEGER:
            memcpy(at, &(int64_t){3}, sizeof(int64_t));
            break;
        case MEMBER_TIME:
            memcpy(at, &(int64_t){INT64_C(1795185000123456789) + (strcmp(member->name, "end") == 0)}, sizeof(int64_t));
            break;
        case MEMBER_DAY:
            memcpy(at, &(int64_t){20777}, sizeof(int64_t));
            break;
        case MEMBER_INTERVAL:
            memcpy(at, &(struct interval){INTERVAL_TICK, 500}, sizeof(struct interval));
            break;
        case MEMBER_WORD:
            memcpy(at,
                   &(int){strcmp(member->name, "order_type") == 0 ? (int)ORDER_STOP_LIMIT
                          : strcmp(member->name, "entry") == 0    ? (int)ORDER_STOP
                                                                  : 1},
                   sizeof(int));
            break;
        case MEMBER_FLAG:
            memcpy(at, &(int){1}, sizeof(int));
            break;
        case MEMBER_LEGS: {
            struct leg *const legs = (struct leg *)(void *)at;
            *legs_count(legs) = 2;
            legs[0] = leg_blank();
            legs[0].role = ROLE_STOP;
            legs[0].order_type = ORDER_STOP;
            legs[0].stop_price = 5 * DEC_ONE;
            legs[1] = leg_blank();
            legs[1].role = ROLE_STOP;
            legs[1].order_type = ORDER_TRAILING_STOP;
            legs[1].trail_percent = 7 * DEC_ONE;
        } break;
        }
    }
}

/* What record_decode says to the record that `value` makes. */
static const char *verdict(enum record_type type, const void *value)
{
    static union {
        struct bar bar;
        struct order order;
        struct fill fill;
        char room[4096];
    } back;
    return refusal(encoded(type, value), &back);
}

static void test_every_type(void)
{
    static _Alignas(16) char value[4096], back[4096];
    for (int type = RECORD_UNKNOWN + 1; type < RECORD_TYPES; type++) {
        const struct schema *schema = &schema_table[type];
        if (schema->members == 0)
            continue;
        require(schema->size <= sizeof value);
        record_blank((enum record_type)type, value);
        fill(schema, value);
        char *first = strdup(encoded((enum record_type)type, value));
        int absent = 0;
        for (int i = 0; i < schema->members; i++)
            absent += strstr(first, schema->member[i].lead) == NULL &&
                      strstr(schema->member[i].name, "trail") == NULL && strcmp(schema->member[i].name, "atr") != 0;
        check(absent == 0, "%s: every field is written", schema->name);
        if (type == RECORD_MARK) { /* it is of one bar or of a list, not of both */
            ((struct mark *)(void *)value)->marks.n = 0;
            free(first);
            first = strdup(encoded(RECORD_MARK, value));
        }
        if (check(scan(first) == 0 && record_decode(&record, back, &error) == 0, "%s: what was written is read",
                  schema->name))
            check_text(encoded((enum record_type)type, back), first, "and is the same");
        else
            printf("# %s: %s\n", first, error.text);
        free(first);
        for (int i = 0; i < schema->members; i++) {
            const struct member *member = &schema->member[i];
            char want[128];
            record_blank((enum record_type)type, value);
            fill(schema, value);
            if ((member->flags & ABOVE) != 0 && member->kind == MEMBER_DEC) {
                memset(value + member->offset, 0, sizeof(dec));
                (void)snprintf(want, sizeof want, "field '%s': not above zero", member->name);
                check_text(verdict((enum record_type)type, value), want, "fault-055 zero");
            }
            member_blank(member, value);
            if ((member->flags & NEED) == 0 || (member->flags & ALWAYS) != 0)
                continue;
            (void)snprintf(want, sizeof want, "%s without '%s'", schema->name, member->name);
            check_text(verdict((enum record_type)type, value), want, "a required field missing");
        }
    }
}

#define BAR_OF(fields)                                                                                                 \
    "{\"type\":\"bar\",\"time\":\"2026-11-20T14:30:00Z\",\"symbol\":\"A\",\"interval\":\"1m\"," fields "}"
#define ORDER_OF(fields)                                                                                               \
    "{\"type\":\"order\",\"time\":\"2026-11-20T14:30:00Z\",\"symbol\":\"A\",\"id\":\"x\",\"side\":\"buy\"," fields "}"

static void test_values(void)
{
    static const struct {
        const char *line, *verdict, *description;
    } cases[] = {
        {BAR_OF("\"open\":1,\"high\":2,\"low\":1,\"close\":null"), "bar without 'close'", "fault-054 null as a price"},
        {BAR_OF("\"open\":1,\"high\":2,\"low\":1,\"close\":\"1\""), "field 'close': a string, not a number",
         "a price in quotes"},
        {BAR_OF("\"open\":1,\"high\":2,\"low\":1,\"close\":true"), "field 'close': true, not a number",
         "a price that is true"},
        {BAR_OF("\"open\":1,\"high\":2,\"low\":1,\"close\":-1"), "field 'close': not above zero",
         "fault-055 a negative price"},
        {BAR_OF("\"open\":1,\"high\":2,\"low\":3,\"close\":2"), "high 2 is below low 3", "high below low"},
        {BAR_OF("\"open\":3,\"high\":2,\"low\":1,\"close\":2"), "high 2 is below open 3", "open above high"},
        {BAR_OF("\"open\":1,\"high\":2,\"low\":1,\"close\":0.5"), "close 0.5 is below low 1", "close below low"},
        {BAR_OF("\"open\":1,\"high\":2,\"low\":1,\"close\":1.5,\"volume\":-1"), "field 'volume': below zero",
         "a negative volume"},
        {BAR_OF("\"open\":1e0,\"high\":20e-1,\"low\":1.000000000,\"close\":1.50"), "accepted", "exponents and zeros"},
        {ORDER_OF("\"quantity\":0,\"order_type\":\"market\""), "field 'quantity': not above zero",
         "fault-055 a quantity of zero"},
        {ORDER_OF("\"quantity\":1,\"order_type\":\"limit\""), "limit order without 'limit_price'",
         "a limit order without limit"},
        {ORDER_OF("\"quantity\":1,\"order_type\":\"limit\",\"limit_price\":null"), "limit order without 'limit_price'",
         "fault-054 null as a limit never makes a market order"},
        {ORDER_OF("\"quantity\":1,\"order_type\":\"market\",\"limit_price\":5"), "market order with 'limit_price'",
         "fault-054 a market order with a limit"},
        {ORDER_OF("\"quantity\":90000000000,\"order_type\":\"limit\",\"limit_price\":1000"),
         "quantity times price is out of range", "fault-056 quantity times price"},
        {ORDER_OF("\"quantity\":1,\"order_type\":\"markt\""),
         "field 'order_type': 'markt' is not one of: market limit stop stop_limit trailing_stop market_if_touched "
         "limit_if_touched market_on_open market_on_close",
         "an unknown word"},
        {ORDER_OF("\"quantity\":1,\"order_type\":\"market\",\"legs\":[{\"role\":\"stop\"}]"),
         "field 'legs': a leg without its role, order_type or price", "a leg without a price"},
        {ORDER_OF("\"quantity\":1,\"order_type\":\"market\",\"legs\":[{\"role\":\"stop\",\"order_type\":\"stop\","
                  "\"stop_price\":0}]"),
         "field 'legs': field 'stop_price': not above zero", "fault-055 a stop at zero"},
        {ORDER_OF("\"quantity\":1,\"order_type\":\"trailing_stop\""),
         "trailing_stop order without 'trail_amount', 'trail_percent' or 'trail_atr'", "a trail by nothing"},
        {ORDER_OF("\"quantity\":1,\"order_type\":\"trailing_stop\",\"trail_amount\":1,\"trail_percent\":2"),
         "trailing_stop order with more than one of 'trail_amount', 'trail_percent' and 'trail_atr'", "by two things"},
        {ORDER_OF("\"quantity\":1,\"order_type\":\"trailing_stop\",\"trail_atr\":3"),
         "trailing_stop order with only one of 'trail_atr' and 'atr'", "by three of nobody knows what"},
        {ORDER_OF("\"quantity\":1,\"order_type\":\"trailing_stop\",\"trail_percent\":100"),
         "field 'trail_percent' is not below 100", "by all there is"},
        {ORDER_OF("\"quantity\":1,\"order_type\":\"stop\",\"stop_price\":5,\"trail_amount\":1"),
         "stop order with a trail", "a stop that trails is called so"},
        {ORDER_OF("\"quantity\":1,\"order_type\":\"stop_limit\",\"limit_price\":5"),
         "stop_limit order without 'stop_price'", "a stop limit order without its stop"},
        {ORDER_OF("\"quantity\":1,\"order_type\":\"market_if_touched\",\"stop_price\":5,\"limit_price\":5"),
         "market_if_touched order with 'limit_price'", "a market order with a limit"},
        {ORDER_OF("\"quantity\":1,\"order_type\":\"market_on_open\",\"time_in_force\":\"cls\""),
         "market_on_open order with the time_in_force 'cls'", "on open, at the close"},
        {ORDER_OF("\"quantity\":1,\"order_type\":\"market\",\"legs\":[{\"role\":\"target\",\"order_type\":\"stop\","
                  "\"stop_price\":5}]"),
         "field 'legs': a leg without its role, order_type or price", "a target that stops"},
        {ORDER_OF("\"quantity\":1,\"order_type\":\"market\",\"legs\":[{\"role\":\"stop\","
                  "\"order_type\":\"trailing_stop\"}]"),
         "field 'legs': trailing_stop order without 'trail_amount', 'trail_percent' or 'trail_atr'",
         "a leg that trails by nothing"},
        {ORDER_OF("\"quantity\":1,\"order_type\":\"market\",\"cause\":7"), "field 'cause': a number, not a string",
         "a number as text"},
    };
    struct order value;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_text(refusal(cases[i].line, &value), cases[i].verdict, cases[i].description);
    /* The two old words are read as what they meant, and never written. */
    check(scan(ORDER_OF("\"quantity\":1,\"order_type\":\"market_on_open\"")) == 0 &&
              record_decode(&record, &value, &error) == 0 && value.order_type == ORDER_MARKET &&
              value.time_in_force == TIF_OPG,
          "market_on_open is a market order, opg");
    check(scan(ORDER_OF("\"quantity\":1,\"order_type\":\"market_on_close\",\"time_in_force\":\"day\"")) == 0 &&
              record_decode(&record, &value, &error) == 0 && value.order_type == ORDER_MARKET &&
              value.time_in_force == TIF_CLS,
          "market_on_close is one, cls");
    const char *const digits = refusal(ORDER_OF("\"quantity\":1.123456789,\"order_type\":\"market\""), &value);
    check(strstr(digits, "field 'quantity': '1.123456789'") == digits, "an order never rounds: %s", digits);
    const char *const large = refusal(ORDER_OF("\"quantity\":1e308,\"order_type\":\"market\""), &value);
    check(strstr(large, "field 'quantity': '1e308'") == large, "fault-055 1e308: %s", large);
}

static void test_text(void)
{
    struct note note;
    /* The letters of the line, decoded by hand: e-acute C3 A9, U+1F600 F0 9F 98 80. */
    check(scan("{\"type\":\"note\",\"time\":\"2026-11-20\",\"id\":\"\\u00e9\\/\",\"text\":\"\\ud83d\\ude00 "
               "\\\"x\\\"\\n\"}") == 0 &&
              record_decode(&record, &note, &error) == 0,
          "a note with escapes");
    check_text(note.id, "\xc3\xa9/", "an id with escapes");
    check(str_is(note.text, "\xf0\x9f\x98\x80 \"x\"\n"), "fault-082 text with escapes");
    const struct field *const field = record_field(&record, "text");
    struct str again;
    check(record_text(&record, field, &again, &error) == 0 && again.p == note.text.p,
          "read twice, it is the same text");
    static const char symbol[] = "{\"type\":\"note\",\"time\":\"2026-11-20\",\"symbol\":\"%s\"}";
    static const char *const odd[][2] = {
        {"$(rm -rf x); 'a' --b", "accepted"},
        {"/etc", "field 'symbol': a symbol that starts with '/'"},
        {"", "field 'symbol': not 1 to 32 characters long"},
        {"123456789012345678901234567890123", "field 'symbol': not 1 to 32 characters long"},
        {"A\\tB", "field 'symbol': a character that is not printable ASCII"},
        {"\xc3\xa9", "field 'symbol': a character that is not printable ASCII"},
    };
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        char line[128];
        (void)snprintf(line, sizeof line, symbol, odd[i][0]); /* NOLINT: a format of ours */
        check_text(refusal(line, &note), odd[i][1], "fault-082 an odd symbol");
    }
}

/* The short way of writing a bar against the tables. */
static void test_bar_forms(void)
{
    static const int64_t times[] = {0, INT64_C(1795185000000000000), INT64_C(1795185000500000000), INT64_MAX};
    static const struct interval intervals[] = {
        {INTERVAL_MINUTE, 1}, {INTERVAL_DAY, 1}, {INTERVAL_MONTH, 1}, {INTERVAL_TICK, 500}, {INTERVAL_SECOND, 90}};
    static const double doubles[] = {0, 1, 123456, 0.5, 1e300, 12345678.25, 99999999, 100000000};
    static const dec prices[] = {1, 100000000, 150000000, 18512000000, 999999000000, 1000000000000, INT64_MAX};
    int wrong = 0;
    for (unsigned i = 0; i < 20000 && wrong == 0; i++) {
        struct bar bar;
        record_blank(RECORD_BAR, &bar);
        unsigned bits = i * 2654435761u;
        (void)snprintf(bar.symbol, sizeof bar.symbol, "%s", bits % 5 == 0 ? "a \"b\"" : "AAPL");
        bar.interval = intervals[bits / 5 % 5];
        bar.time = times[bits / 25 % 4] - (bits / 25 % 4 == 3 ? 40 * TIME_DAY : 0);
        bar.end = interval_end(bar.interval, bar.time);
        if (bits / 100 % 3 == 0 && bar.end < INT64_MAX - TIME_HOUR)
            bar.end += TIME_HOUR;
        bar.session = bits / 300 % 4 == 0 ? 20000 : TIME_NONE;
        bar.open = prices[bits / 1200 % 7];
        bar.high = prices[bits / 8400 % 7];
        bar.low = prices[bits / 58800 % 7];
        bar.close = prices[bits / 411600 % 7];
        bar.volume = bits % 9 == 0 ? NAN : doubles[bits % 8];
        bar.trades = bits % 4 == 0 ? doubles[bits % 7] : NAN;
        bar.vwap = bits % 3 == 0 ? prices[bits % 7] : DEC_NONE;
        bar.adjusted = bits % 11 == 0 ? ADJUSTED_SPLIT : ADJUSTED_NONE;
        bar.final = (int)(bits % 3) - 1;
        (void)snprintf(bar.source, sizeof bar.source, "%s", bits % 6 == 0 ? "sim" : bits % 6 == 1 ? "\xc3\xa9" : "");
        char *const first = strdup(encoded(RECORD_BAR, &bar));
        buf_reset(&out);
        record_encode_by_tables(&out, RECORD_BAR, &bar);
        out.p[out.n - 1] = '\0';
        wrong += strcmp(out.p, first) != 0;
        if (wrong > 0)
            printf("# got  %s\n# want %s\n", first, out.p);
        free(first);
    }
    check(wrong == 0, "20 000 bars are written as the tables say");
}

/* What tn-journal show says; each worked out from the template of its type in record/types/. */
static void test_words(void)
{
    static const char moment[] = "\"time\":\"2026-11-20T14:30:00Z\",\"account\":\"a\",\"symbol\":\"A\",";
    static const struct {
        const char *type, *fields, *words;
    } cases[] = {
        {"order", "\"id\":\"x\",\"side\":\"buy\",\"quantity\":10,\"order_type\":\"market\"", "buy 10 market"},
        {"order",
         "\"id\":\"x\",\"side\":\"sell\",\"quantity\":1.5,\"order_type\":\"stop_limit\",\"limit_price\":89,"
         "\"stop_price\":90,\"role\":\"exit\",\"strategy\":\"s\",\"legs\":[{\"role\":\"stop\",\"order_type\":"
         "\"stop\",\"stop_price\":90},{\"role\":\"target\",\"order_type\":\"limit\",\"limit_price\":110}]",
         "sell 1.5 limit 89 stop 90, exit of s, stop 90, target 110"},
        {"fill",
         "\"id\":\"f\",\"order_id\":\"x\",\"side\":\"buy\",\"quantity\":10,\"price\":5.25,\"commission\":0,"
         "\"fees\":-0.01",
         "buy 10 at 5.25, fees -0.01"},
        {"action", "\"id\":\"s\",\"kind\":\"split\",\"new\":7,\"old\":2", "split 7:2"},
        {"halt", "\"halted\":false", "resumed"},
        {"halt", "\"halted\":true,\"reason\":\"enough\"", "halted: enough"},
        {"alert", "\"title\":\"t\"", "t"},
        {"alert", "\"title\":\"t\",\"text\":\"all of it\"", "all of it"},
        {"signal",
         "\"id\":\"x\",\"strategy\":\"s\",\"side\":\"long\",\"decided\":\"2026-11-19T21:00:00Z\",\"reason\":"
         "{\"bar\":1,\"fast\":10.2,\"trend\":{\"up\":true},\"as\":\"new\"}",
         "long, s, decided 2026-11-19T21:00:00Z, fast 10.2, trend (up true), as new"},
    };
    static union record_value value;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char line[1024];
        (void)snprintf(line, sizeof line, "{\"type\":\"%s\",%s%s}", cases[i].type, moment, cases[i].fields);
        buf_reset(&out);
        if (check(scan(line) == 0 && record_decode(&record, &value, &error) == 0, "%s: %s", line, error.text) &&
            check(record_describe(&out, record.type, &value), "has words"))
            check_text(out.p, cases[i].words, "and these");
    }
}

static void test_known(void)
{
    static const struct {
        const char *line;
        int64_t seconds;
        const char *description;
    } cases[] = {
        {BAR_OF("\"x\":1"), 1795185060, "a bar at its end"},
        {BAR_OF("\"end\":\"2026-11-20T21:00:00Z\""), 1795208400, "a bar at the end it names"},
        {"{\"type\":\"news\",\"time\":\"2026-11-20T14:30:00Z\",\"first_seen\":\"2026-11-20T14:31:00Z\"}", 1795185060,
         "news when first seen"},
        {"{\"type\":\"trade\",\"time\":\"2026-11-20T14:30:00Z\"}", 1795185000, "a trade at its time"},
        {"{\"type\":\"mine\",\"time\":\"2026-11-20T09:30:00-05:00\"}", 1795185000, "an unknown type at its time"},
    };
    int64_t known = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check(scan(cases[i].line) == 0 && record_known(&record, &known, &error) == 0 &&
                  known == cases[i].seconds * TIME_SECOND,
              "known: %s", cases[i].description);
    check(scan("{\"type\":\"end\"}") == 0 && record_known(&record, &known, &error) == 0 && known == TIME_NONE,
          "known: an end at no time");
    struct bar bar;
    char key[KEY_SIZE];
    check(scan(BAR_OF("\"open\":1,\"high\":2,\"low\":1,\"close\":2")) == 0 && record_decode(&record, &bar, &error) == 0,
          "a bar");
    bar_key(key, &bar);
    check_text(key, "bar/1m/2026-11-20T14:30:00Z/A", "its key");
}

/* For tests/cli/records.t: "TYPE FIELD [required]", or "TYPE". */
static void list_tables(bool fields)
{
    for (int type = RECORD_UNKNOWN + 1; type < RECORD_TYPES; type++) {
        const struct schema *schema = &schema_table[type];
        if (!fields)
            printf("%s\n", schema->name);
        for (int i = 0; fields && i < schema->members; i++)
            printf("%s %s%s\n", schema->name, schema->member[i].name,
                   (schema->member[i].flags & NEED) != 0 ? " required" : "");
    }
}

int main(int argc, char **argv)
{
    if (argc == 2) {
        list_tables(strcmp(argv[1], "fields") == 0);
        return 0;
    }
    buf_init(&scratch, RECORD_LINE_MAX + 64);
    buf_init(&out, RECORD_LINE_MAX);
    test_bar();
    test_refusals();
    test_every_type();
    test_values();
    test_text();
    test_bar_forms();
    test_known();
    test_words();
    buf_clear(&scratch);
    buf_clear(&out);
    return done();
}
