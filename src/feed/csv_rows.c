/* The rows of a CSV file, with libcsv. Its callbacks only collect the fields of a row; a row is handed on when it is
 * whole. */
#include "feed/csv_rows.h"

#include "base/buf.h"

#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define FIELD_MAX (64 * 1024) /* bytes of one field */
#define ROW_MAX   (1024 * 1024)

struct reader {
    int (*row)(void *context, const struct csv_fields *fields, struct error *error);
    void *context;
    bool stopped, any;
    bool after_return; /* the last row ended with CR: an LF now belongs to it */
    uint64_t next;     /* the line where the next row begins */
    struct buf text;   /* the fields of the row, one after the other */
    size_t begin[CSV_FIELDS_MAX + 1];
    struct csv_fields fields;
    struct error *error;
};

/* libcsv lets a field grow without limit otherwise; its error is then "out of memory". */
static void *field_realloc(void *p, size_t size)
{
    return size > FIELD_MAX ? NULL : realloc(p, size);
}

static void on_field(void *bytes, size_t count, void *context)
{
    struct reader *reader = context;
    if (reader->stopped)
        return;
    if (reader->fields.count < CSV_FIELDS_MAX) {
        reader->begin[reader->fields.count] = reader->text.n;
        buf_add(&reader->text, bytes, count);
        reader->begin[reader->fields.count + 1] = reader->text.n;
    }
    reader->fields.count++;
    for (const char *p = bytes; count > 0 && (p = memchr(p, '\n', (size_t)((char *)bytes + count - p))) != NULL; p++)
        reader->next++; /* a quoted field may hold line ends */
}

static void hand_on(struct reader *reader)
{
    struct csv_fields *fields = &reader->fields;
    if (buf_check(&reader->text, reader->error) < 0) {
        error_prefix(reader->error, "line %llu", (unsigned long long)fields->line);
        reader->stopped = true;
        return;
    }
    const int count = fields->count < CSV_FIELDS_MAX ? fields->count : CSV_FIELDS_MAX;
    for (int i = 0; i < count; i++)
        fields->field[i] = (struct str){reader->text.p + reader->begin[i], reader->begin[i + 1] - reader->begin[i]};
    reader->any = true;
    reader->stopped = reader->row(reader->context, fields, reader->error) != 0;
}

static void on_row(int end, void *context)
{
    struct reader *reader = context;
    if (reader->stopped)
        return;
    if (end == '\n' && reader->after_return && reader->fields.count == 0) {
        reader->after_return = false;
        return;
    }
    reader->after_return = end == '\r';
    reader->fields.line = reader->next++;
    if (reader->fields.count > 1 || reader->text.n > 0)
        hand_on(reader);
    reader->fields.count = 0;
    buf_reset(&reader->text);
}

/* The separator of the header line: the first of comma, semicolon and tab that it has. */
static unsigned char separator_of(const char *bytes, size_t count)
{
    const char *line_end = memchr(bytes, '\n', count);
    const size_t n = line_end == NULL ? count : (size_t)(line_end - bytes);
    static const char candidate[] = {',', ';', '\t'};
    for (size_t i = 0; i < sizeof candidate; i++)
        if (memchr(bytes, candidate[i], n) != NULL)
            return (unsigned char)candidate[i];
    return ',';
}

static int parse_failed(struct csv_parser *parser, const struct reader *reader, struct error *error)
{
    const char *why = csv_error(parser) == CSV_ENOMEM ? "a field is longer than 65536 bytes"
                                                      : "a quote is not closed or stands inside a field";
    return error_set(error, EXIT_INPUT, "line %llu: %s", (unsigned long long)reader->next, why);
}

static int parse_file(int fd, struct csv_parser *parser, struct reader *reader, struct error *error)
{
    char bytes[64 * 1024];
    bool first = true;
    while (!reader->stopped) {
        const ssize_t got = read(fd, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_system(error, "cannot read");
        size_t n = (size_t)got;
        const char *p = bytes;
        if (first) {
            if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) { /* a byte order mark: spreadsheets write it */
                p += 3;
                n -= 3;
            }
            csv_set_delim(parser, separator_of(p, n));
            first = false;
        }
        if (got == 0) {
            if (csv_fini(parser, on_field, on_row, reader) != 0)
                return parse_failed(parser, reader, error);
            break;
        }
        if (csv_parse(parser, p, n, on_field, on_row, reader) != n)
            return parse_failed(parser, reader, error);
    }
    if (error_is_set(error))
        return -1;
    return reader->any ? 0 : error_set(error, EXIT_INPUT, "it is empty");
}

int csv_rows_read(const char *path, int (*row)(void *context, const struct csv_fields *fields, struct error *error),
                  void *context, struct error *error)
{
    struct csv_parser parser;
    struct reader reader = {.row = row, .context = context, .next = 1, .error = error};
    const bool standard_input = strcmp(path, "-") == 0;
    const int fd = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        const enum exit_code code = errno == ENOENT || errno == ENOTDIR ? EXIT_UNAVAILABLE : EXIT_SYSTEM;
        (void)error_system(error, "cannot read '%s'", path);
        error->code = code;
        return -1;
    }
    buf_init(&reader.text, ROW_MAX);
    int result = -1;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0) {
        (void)error_memory(error);
    } else {
        csv_set_realloc_func(&parser, field_realloc);
        result = parse_file(fd, &parser, &reader, error);
        csv_free(&parser);
    }
    if (result < 0)
        error_prefix(error, "cannot read '%s'", path);
    buf_clear(&reader.text);
    if (!standard_input)
        close(fd);
    return result;
}
