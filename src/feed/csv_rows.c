/* The rows of a CSV text, cut where they stand. */
#include "feed/csv_rows.h"

#define FIELD_MAX (64 * 1024) /* bytes of one field */

void csv_rows_init(struct csv_rows *rows, struct str text, char separator)
{
    *rows = (struct csv_rows){.p = text.p, .end = text.p + text.n, .separator = separator, .line = 1};
}

static int bad_quote(const struct csv_rows *rows, struct error *error)
{
    return error_set(error, EXIT_INPUT, "line %llu: missing closing quote, or a quote inside a field",
                     (unsigned long long)rows->line);
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

static bool is_blank(const struct csv_rows *rows, char c)
{
    return (c == ' ' || c == '\t') && c != rows->separator;
}

static void skip_blanks(struct csv_rows *rows)
{
    while (rows->p < rows->end && is_blank(rows, *rows->p))
        rows->p++;
}

/* After the opening quote. */
static int quoted(struct csv_rows *rows, struct str *field, uint64_t *lines, struct error *error)
{
    const char *begin = rows->p;
    for (;;) {
        const char *quote = memchr(rows->p, '"', (size_t)(rows->end - rows->p));
        if (quote == NULL)
            return bad_quote(rows, error);
        rows->p = quote + 1;
        if (rows->p == rows->end || *rows->p != '"') {
            *field = (struct str){begin, (size_t)(quote - begin)};
            break;
        }
        rows->p++; /* doubled */
    }
    for (const char *p = begin; (p = memchr(p, '\n', (size_t)(rows->p - p))) != NULL; p++)
        ++*lines;
    skip_blanks(rows);
    if (rows->p < rows->end && *rows->p != rows->separator && !is_line_end(*rows->p))
        return bad_quote(rows, error);
    return 0;
}

static int plain(struct csv_rows *rows, struct str *field, struct error *error)
{
    const char *begin = rows->p, *p = begin;
    const char separator = rows->separator, *const end = rows->end;
    while (p < end && *p != separator && *p != '\n' && *p != '\r' && *p != '"')
        p++;
    if (p < end && *p == '"')
        return bad_quote(rows, error);
    rows->p = p;
    while (p > begin && (p[-1] == ' ' || p[-1] == '\t'))
        p--;
    *field = (struct str){begin, (size_t)(p - begin)};
    return 0;
}

static int take_field(struct csv_rows *rows, struct csv_fields *fields, uint64_t *lines, struct error *error)
{
    struct str field = {NULL, 0};
    skip_blanks(rows);
    const bool quote = rows->p < rows->end && *rows->p == '"';
    rows->p += quote;
    if ((quote ? quoted(rows, &field, lines, error) : plain(rows, &field, error)) < 0)
        return -1;
    if (field.n > FIELD_MAX)
        return error_set(error, EXIT_INPUT, "line %llu: a field is longer than %d bytes",
                         (unsigned long long)rows->line, FIELD_MAX);
    if (fields->count < CSV_FIELDS_MAX)
        fields->field[fields->count] = field;
    fields->count++;
    return 0;
}

/* Past the end of the row; CR, LF and CRLF end one. */
static void end_row(struct csv_rows *rows)
{
    if (rows->p < rows->end && *rows->p == '\r')
        rows->p += rows->p + 1 < rows->end && rows->p[1] == '\n' ? 2 : 1;
    else if (rows->p < rows->end)
        rows->p++;
}

static int take_row(struct csv_rows *rows, struct csv_fields *fields, struct error *error)
{
    uint64_t lines = 1;
    fields->line = rows->line;
    fields->count = 0;
    while (rows->separator == ' ' && rows->p < rows->end && (*rows->p == ' ' || *rows->p == '\t'))
        rows->p++;
    while (take_field(rows, fields, &lines, error) == 0) {
        if (rows->p == rows->end || is_line_end(*rows->p)) {
            end_row(rows);
            rows->line += lines;
            return 0;
        }
        do
            rows->p++;
        while (rows->separator == ' ' && rows->p < rows->end && (*rows->p == ' ' || *rows->p == '\t'));
    }
    return -1;
}

int csv_rows_next(struct csv_rows *rows, struct csv_fields *fields, struct error *error)
{
    while (rows->p < rows->end) {
        if (take_row(rows, fields, error) < 0)
            return -1;
        if (fields->count > 1 || fields->field[0].n > 0)
            return 1;
    }
    return 0;
}
