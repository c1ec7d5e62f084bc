/* Files of corporate actions: CSV with a header, or `action` records. */
#include "base/file.h"
#include "base/num.h"
#include "feed/actions.h"
#include "feed/csv_columns.h"
#include "feed/csv_dates.h"
#include "feed/csv_file.h"
#include "feed/csv_text.h"
#include "record/reader.h"
#include "record/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum column { DATE, SYMBOL, KIND, NEW, OLD, RATIO, CASH, CURRENCY, NEW_SYMBOL, PAY_DATE, COLUMNS };

static const struct {
    const char *name;
    enum column column;
} known[] = {
    {"date", DATE},        {"exdate", DATE},   {"symbol", SYMBOL},     {"ticker", SYMBOL},
    {"kind", KIND},        {"type", KIND},     {"action", KIND},       {"new", NEW},
    {"old", OLD},          {"ratio", RATIO},   {"split", RATIO},       {"cash", CASH},
    {"amount", CASH},      {"dividend", CASH}, {"currency", CURRENCY}, {"newsymbol", NEW_SYMBOL},
    {"paydate", PAY_DATE},
};

struct actions_reader {
    struct action_set *set;
    const struct feed_request *request;
    const char *path;
    int at[COLUMNS];
    const struct csv_fields *fields;
    enum csv_dates dates;
};

static int find_columns(struct actions_reader *reader, const struct csv_fields *fields, struct error *error)
{
    for (int i = 0; i < COLUMNS; i++)
        reader->at[i] = -1;
    for (int i = 0; i < fields->count && i < CSV_FIELDS_MAX; i++) {
        char plain[32];
        csv_plain_name(plain, fields->field[i]);
        for (size_t k = 0; k < sizeof known / sizeof *known; k++)
            if (strcmp(plain, known[k].name) == 0 && reader->at[known[k].column] < 0)
                reader->at[known[k].column] = i;
    }
    if (reader->at[DATE] >= 0 && reader->at[SYMBOL] >= 0 && reader->at[KIND] >= 0)
        return 0;
    (void)error_set(error, EXIT_INPUT, "line %llu: no column for the date, the symbol or the kind",
                    (unsigned long long)fields->line);
    error_hint(error, "the first line names the columns: date,symbol,kind,new,old,cash");
    return -1;
}

static struct str field_of(const struct actions_reader *reader, enum column column)
{
    const int at = reader->at[column];
    return at < 0 || at >= reader->fields->count ? STR("") : reader->fields->field[at];
}

static int copy_text(char *to, size_t size, struct str text, const char *what, struct error *error)
{
    bool printable = text.n < size && (text.n == 0 || text.p[0] != '/');
    for (size_t i = 0; i < text.n && printable; i++)
        printable = text.p[i] > ' ' && text.p[i] <= '~';
    if (!printable)
        return error_set(error, EXIT_INPUT, "%s '" STR_FMT "' is not 1 to %zu printable characters", what,
                         text.n > 40 ? 40 : (int)text.n, text.p, size - 1);
    memcpy(to, text.p, text.n);
    to[text.n] = '\0';
    return 0;
}

static int shares_of(const struct actions_reader *reader, struct action *action, struct error *error)
{
    const struct str new = field_of(reader, NEW), old = field_of(reader, OLD), ratio = field_of(reader, RATIO);
    char text[64];
    if (new.n == 0 && old.n == 0 && ratio.n == 0)
        return 0;
    if (new.n == 0 || old.n == 0 || new.n + old.n + 2 > sizeof text)
        return csv_split_parse(&action->new_shares, &action->old_shares, ratio, error);
    const int n = snprintf(text, sizeof text, STR_FMT ":" STR_FMT, STR_ARG(new), STR_ARG(old));
    return csv_split_parse(&action->new_shares, &action->old_shares, (struct str){text, (size_t)n}, error);
}

static int kind_of(struct action *action, struct str text, struct error *error)
{
    for (int kind = ACTION_SPLIT; kind <= ACTION_DELIST; kind++)
        if (str_is(text, action_kind_text((enum action_kind)kind)))
            action->kind = (enum action_kind)kind;
    return action->kind != ACTION_NONE
               ? 0
               : error_set(error, EXIT_INPUT, "'" STR_FMT "' is not split, dividend, spinoff, rename or delist",
                           text.n > 40 ? 40 : (int)text.n, text.p);
}

/* What each kind cannot do without. */
static int check(const struct action *action, struct error *error)
{
    if (action->symbol[0] == '\0')
        return error_set(error, EXIT_INPUT, "no symbol");
    if (action->kind == ACTION_SPLIT && (action->new_shares <= 0 || action->old_shares <= 0))
        return error_set(error, EXIT_INPUT, "a split without new and old shares");
    if (action->kind == ACTION_DIVIDEND && (action->cash == DEC_NONE || action->cash <= 0))
        return error_set(error, EXIT_INPUT, "a dividend without cash above zero");
    if ((action->kind == ACTION_RENAME || action->kind == ACTION_SPINOFF) && action->new_symbol[0] == '\0')
        return error_set(error, EXIT_INPUT, "a %s without new symbol", action_kind_text(action->kind));
    return 0;
}

static int decode(const struct actions_reader *reader, struct action *action, int64_t *date, struct error *error)
{
    record_blank(RECORD_ACTION, action);
    const struct str written = field_of(reader, DATE), cash = field_of(reader, CASH);
    struct csv_time time;
    if (csv_time_parse(&time, written.p, written.n, reader->dates, error) < 0 ||
        copy_text(action->symbol, sizeof action->symbol, field_of(reader, SYMBOL), "symbol", error) < 0 ||
        copy_text(action->currency, sizeof action->currency, field_of(reader, CURRENCY), "currency", error) < 0 ||
        copy_text(action->new_symbol, sizeof action->new_symbol, field_of(reader, NEW_SYMBOL), "new symbol", error) <
            0 ||
        kind_of(action, field_of(reader, KIND), error) < 0)
        return -1;
    *date = csv_time_date(&time, reader->request->csv_zone);
    if (action->kind == ACTION_SPLIT && shares_of(reader, action, error) < 0)
        return -1;
    if (cash.n > 0 && dec_parse(&action->cash, cash.p, cash.n, error) < 0)
        return -1;
    if (action->kind == ACTION_SPLIT && action->cash == 0)
        action->cash = DEC_NONE;
    struct csv_time paid;
    action->pay_date = field_of(reader, PAY_DATE);
    if (action->pay_date.n > 0 &&
        csv_time_parse(&paid, action->pay_date.p, action->pay_date.n, reader->dates, error) < 0)
        return -1;
    return check(action, error);
}

static int take_row(struct actions_reader *reader, const struct csv_fields *fields, struct error *error)
{
    const struct feed_request *request = reader->request;
    struct action action;
    int64_t date;
    reader->fields = fields;
    if (decode(reader, &action, &date, error) < 0)
        return request->bad(request->context, reader->path, fields->line, error);
    return action_set_add(reader->set, &action, date, request->calendar, error);
}

/* The file's dates once more, under an order. */
struct date_rows {
    struct actions_reader *reader;
    struct csv_rows begin, rows;
    struct csv_fields fields;
};

static int next_date(void *context, enum csv_dates dates, struct csv_time *time)
{
    struct date_rows *list = context;
    struct error ignored = {0};
    while (csv_rows_next(&list->rows, &list->fields, &ignored) == 1) {
        list->reader->fields = &list->fields;
        const struct str text = field_of(list->reader, DATE);
        if (csv_time_parse(time, text.p, text.n, dates, &ignored) == 0)
            return 1;
        error_clear(&ignored);
    }
    return 0;
}

static void rewind_dates(void *context)
{
    struct date_rows *list = context;
    list->rows = list->begin;
}

/* Day first or month first, for all of the file. */
static int decide_dates(struct actions_reader *reader, const struct csv_rows *rows, struct error *error)
{
    const struct feed_request *request = reader->request;
    struct date_rows list = {.reader = reader, .begin = *rows, .rows = *rows};
    const struct csv_date_list dates = {.next = next_date, .rewind = rewind_dates, .context = &list};
    struct csv_date_evidence evidence;
    struct csv_time time;
    bool by_sessions;
    reader->dates = request->csv.dates;
    if (reader->dates != DATES_ANY)
        return 0;
    csv_date_evidence_init(&evidence);
    while (next_date(&list, DATES_ANY, &time) == 1)
        csv_date_evidence_add(&evidence, &time, list.fields.line);
    const int result = csv_dates_decide(&reader->dates, &by_sessions, &evidence, false, &dates, request->calendar,
                                        request->csv_zone, error);
    reader->fields = NULL;
    return result;
}

static int read_csv(struct actions_reader *reader, struct str text, struct error *error)
{
    struct csv_rows rows;
    struct csv_fields fields;
    csv_rows_init(&rows, text, csv_separator_find(text));
    int got = csv_rows_next(&rows, &fields, error);
    if (got == 0)
        return error_set(error, EXIT_INPUT, "it is empty");
    if (got < 0 || find_columns(reader, &fields, error) < 0 || decide_dates(reader, &rows, error) < 0)
        return -1;
    while ((got = csv_rows_next(&rows, &fields, error)) == 1)
        if ((got = take_row(reader, &fields, error)) < 0)
            break;
    reader->fields = NULL;
    return got;
}

/* The ex-date of a record: as written, else the date of its time in the exchange's zone. */
static int record_date(const struct action *action, const struct calendar *calendar, int64_t *date, struct error *error)
{
    struct date written;
    if (action->ex_date.n == 0) {
        *date = calendar_date(calendar, action->time);
        return 0;
    }
    if (date_parse(&written, action->ex_date.p, action->ex_date.n, error) < 0)
        return -1;
    if (written.year < CSV_YEAR_FIRST || written.year > CSV_YEAR_LAST)
        return error_set(error, EXIT_INPUT, "field 'ex_date' is not within %d to %d", CSV_YEAR_FIRST, CSV_YEAR_LAST);
    *date = date_to_days(written);
    return 0;
}

static int read_records(struct action_set *set, const char *path, const struct feed_request *request,
                        struct error *error)
{
    struct reader *reader = reader_open(path, NULL, NULL, error);
    if (reader == NULL)
        return -1;
    const struct record *record;
    int got;
    while ((got = reader_next(reader, &record, error)) != 0) {
        struct action action;
        int64_t date = 0;
        int result = 0;
        if (got == 1 && record->type != RECORD_ACTION)
            continue;
        if (got < 0 || record_decode(record, &action, error) < 0 ||
            record_date(&action, request->calendar, &date, error) < 0 ||
            action_set_add(set, &action, date, request->calendar, error) < 0)
            result = error->code == EXIT_INPUT ? request->bad(request->context, path, reader_line_number(reader), error)
                                               : -1;
        if (result < 0)
            break;
    }
    reader_close(reader);
    return error_is_set(error) ? -1 : 0;
}

/* 1: the file begins with a brace, as records do; 0: it does not; -1: it cannot be read. */
static int holds_records(const char *path, struct error *error)
{
    char c = '\0';
    const int fd = file_open_any(path, error);
    if (fd < 0)
        return -1;
    const ssize_t got = read(fd, &c, 1);
    if (got < 0)
        (void)error_system(error, "cannot read '%s'", path);
    close(fd);
    return got < 0 ? -1 : c == '{';
}

int action_set_read(struct action_set *set, const char *path, const struct feed_request *request, struct error *error)
{
    struct actions_reader reader = {.set = set, .request = request, .path = path};
    const int records = holds_records(path, error);
    if (records != 0)
        return records < 0 ? -1 : read_records(set, path, request, error);
    struct buf text;
    int result = csv_text_read(path, &text, error);
    if (result == 0 && (result = read_csv(&reader, buf_str(&text), error)) < 0 && error->code == EXIT_INPUT)
        error_prefix(error, "cannot read '%s'", path);
    buf_clear(&text);
    return result;
}
