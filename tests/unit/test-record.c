/* Records scanned, decoded and encoded: what tn-records(5) says of single lines. */
#include "record/record.h"
#include "record/schema.h"
#include "tap.h"

#include <math.h>

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

/* For tests/cli/records.t: "TYPE FIELD [required]", or "TYPE". */
static void list_tables(bool fields)
{
    for (int type = RECORD_UNKNOWN + 1; type < RECORD_TYPES; type++) {
        const struct schema *schema = &schema_table[type];
        if (!fields)
            printf("%s\n", schema->name);
        for (int i = 0; fields && i < schema->members; i++)
            printf("%s %s%s\n", schema->name, schema->member[i].name,
                   (schema->member[i].flags & MEMBER_REQUIRED) != 0 ? " required" : "");
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
    buf_clear(&scratch);
    buf_clear(&out);
    return done();
}
