/* Any text as a line of an overlay: it is refused with a message, or its repair reads back from its own text as the
 * same, and a bar that it changes makes sense still. */
#include "feed/repairs.h"
#include "market/validate.h"
#include "record/record.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void apply(const struct repair_rule *rule)
{
    struct repair_rule copy = *rule;
    const struct repairs repairs = {.rule = &copy, .count = 1};
    struct error error;
    struct bar bar;
    bool changed = false;
    error_clear(&error);
    record_blank(RECORD_BAR, &bar);
    memcpy(bar.symbol, rule->symbol, sizeof bar.symbol);
    bar.interval = rule->interval;
    bar.time = rule->repair.from;
    bar.end = bar.time + 1;
    bar.open = 100 * DEC_ONE;
    bar.high = 101 * DEC_ONE;
    bar.low = 99 * DEC_ONE;
    bar.close = 100 * DEC_ONE;
    bar.volume = 1000;
    if (repairs_bar(&repairs, &bar, &changed) == 1 && (bar.high < bar.low || bar.low <= 0))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct record record;
    struct error error;
    struct anomaly anomaly;
    struct repair_rule rule, again;
    struct str source;
    struct buf scratch, text;
    char name[ID_SIZE];
    error_clear(&error);
    buf_init(&scratch, RECORD_LINE_MAX);
    buf_init(&text, RECORD_LINE_MAX);
    record.scratch = &scratch;
    if (record_scan(&record, (const char *)data, size, &error) == 0 && record.type == RECORD_ANOMALY &&
        record_decode(&record, &anomaly, &error) == 0 && anomaly.repair.n > 0) {
        memcpy(rule.symbol, anomaly.symbol, sizeof rule.symbol);
        if (repair_parse(anomaly.repair, &source, &rule, &error) == 0 && source.n < sizeof name &&
            memchr(source.p, '\\', source.n) == NULL) {
            memcpy(name, source.p, source.n);
            name[source.n] = '\0';
            repair_format(&text, name, rule.interval, &rule.repair);
            if (repair_parse(buf_str(&text), &source, &again, &error) < 0 || again.repair.kind != rule.repair.kind ||
                again.repair.from != rule.repair.from || again.repair.to != rule.repair.to)
                abort();
            apply(&rule);
        }
    }
    if (!error_is_set(&error) && size == 0)
        abort();
    buf_clear(&scratch);
    buf_clear(&text);
    return 0;
}
