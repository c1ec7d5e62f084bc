/* Lists of marks, read and written. */
#include "record/marks.h"

#include "record/record.h"
#include "record/scan.h"
#include "record/schema.h"

#include <inttypes.h>

void marks_open(struct marks *marks, enum record_type type, const void *value)
{
    *marks = (struct marks){.single = false};
    if (type == RECORD_EQUITY) {
        const struct equity *point = value;
        marks->mark.time = point->time;
        memcpy(marks->mark.account, point->account, sizeof marks->mark.account);
        marks->rest = point->marks;
        return;
    }
    marks->mark = *(const struct mark *)value;
    marks->rest = marks->mark.marks;
    marks->single = marks->rest.n == 0;
    marks->mark.marks = (struct str){NULL, 0};
}

/* A string without its quotes, escapes decoded. */
static int read_symbol(char symbol[static SYMBOL_SIZE], struct str raw, struct error *error)
{
    const char *p = raw.p + 1, *const end = raw.p + raw.n - 1;
    size_t n = 0;
    while (p < end && n < SYMBOL_SIZE) {
        char unit[4];
        const size_t length = text_unit(&p, unit);
        for (size_t i = 0; i < length && n < SYMBOL_SIZE; i++)
            symbol[n++] = unit[i];
    }
    const struct str text = {symbol, n};
    if (symbol_check(text, error) != 0)
        return -1;
    symbol[n] = '\0';
    return 0;
}

static int read_entry(struct mark *mark, struct str entry, struct error *error)
{
    static const enum value_kind kinds[] = {VALUE_STRING, VALUE_STRING, VALUE_STRING, VALUE_NUMBER};
    struct field part[4], more;
    size_t parts = 0;
    while (parts < 4 && raw_next(&entry, &part[parts]) && part[parts].kind == kinds[parts])
        parts++;
    if (parts < 4 || raw_next(&entry, &more))
        return error_set(error, EXIT_INPUT, "not [symbol, interval, bar, price]");
    const struct str interval = part[1].value, bar = part[2].value, price = part[3].value;
    if (read_symbol(mark->symbol, part[0].value, error) != 0 ||
        interval_parse(&mark->interval, interval.p + 1, interval.n - 2, error) < 0 ||
        time_parse(&mark->bar, bar.p + 1, bar.n - 2, error) != 0 ||
        dec_parse(&mark->price, price.p, price.n, error) != 0)
        return -1;
    return mark->price > 0 ? 0 : error_set(error, EXIT_INPUT, "a price that is not above 0");
}

int marks_next(struct marks *marks, struct error *error)
{
    struct field entry;
    if (marks->single || !raw_next(&marks->rest, &entry)) {
        const bool one = marks->single;
        marks->single = false;
        return one;
    }
    marks->entry++;
    if (entry.kind == VALUE_ARRAY && read_entry(&marks->mark, entry.value, error) == 0)
        return 1;
    if (!error_is_set(error))
        error_set(error, EXIT_INPUT, "not [symbol, interval, bar, price]");
    error_recode(error, EXIT_INPUT);
    error_prefix(error, "field 'marks', %" PRId64, marks->entry);
    return -1;
}

void marks_add(struct buf *list, const struct mark *mark)
{
    char interval[INTERVAL_TEXT_MAX];
    interval[interval_format(interval, mark->interval)] = '\0';
    buf_add_text(list, list->n == 0 ? "[[" : ",[");
    json_add_string(list, str_of(mark->symbol));
    buf_add_text(list, ",\"");
    buf_add_text(list, interval);
    buf_add_text(list, "\",");
    json_add_time(list, mark->bar);
    buf_add_char(list, ',');
    json_add_dec(list, mark->price);
    buf_add_char(list, ']');
}
