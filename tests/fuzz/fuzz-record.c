/* Lines of the wire: the fast path agrees with the portable one, and what has been read can be written and read again.
 */
#include "record/reader.h"
#include "record/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Decode, encode, scan, decode, encode: the second text is the first. */
static void write_again(struct buf *out, const struct record *record)
{
    static struct record again;
    struct error error = {0};
    struct buf first, second, scratch;
    void *value = calloc(1, schema_table[record->type].size);
    require(value != NULL);
    buf_init(&first, 8 * RECORD_LINE_MAX);
    buf_init(&second, 8 * RECORD_LINE_MAX);
    buf_init(&scratch, RECORD_LINE_MAX + 64);
    if (record_decode(record, value, &error) != 0) {
        buf_printf(out, "= %s\n", error.text);
    } else {
        record_encode(&first, record->type, value);
        buf_add_str(out, buf_str(&first));
        again.scratch = &scratch;
        if (first.n <= RECORD_LINE_MAX) {
            require(record_scan(&again, first.p, first.n - 1, &error) == 0);
            require(record_decode(&again, value, &error) == 0);
            record_encode(&second, again.type, value);
            require(str_equal(buf_str(&first), buf_str(&second)));
        }
    }
    buf_clear(&first);
    buf_clear(&second);
    buf_clear(&scratch);
    free(value);
}

static void read_all(struct buf *out, int path, const char *file)
{
    struct error error = {0};
    struct reader *reader = reader_open(file, NULL, NULL, &error);
    const struct record *record;
    require(reader != NULL);
    reader_path(reader, path);
    for (int got; (got = reader_next(reader, &record, &error)) != 0;) {
        int64_t known;
        if (got < 0) {
            require(error.code == EXIT_INPUT);
            buf_printf(out, "- %s\n", error.text);
        } else {
            buf_printf(out, "+ %d", (int)record->type);
            for (int i = 0; i < record->fields; i++)
                buf_printf(out, " %.*s %.*s %d %d %d", STR_ARG(record->field[i].key), STR_ARG(record->field[i].value),
                           (int)record->field[i].kind, record->field[i].escaped, record->field[i].whole);
            (void)record_known(record, &known, &error);
            error_clear(&error);
            if (schema_table[record->type].members > 0)
                write_again(out, record);
        }
        error_clear(&error);
    }
    reader_close(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char file[64];
    const int fd = memfd_create("lines", 0);
    require(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    (void)snprintf(file, sizeof file, "/proc/self/fd/%d", fd);
    struct buf want, got;
    buf_init(&want, SIZE_MAX / 4);
    buf_init(&got, SIZE_MAX / 4);
    read_all(&want, 0, file);
    for (int path = 1; path <= 2; path++) {
        buf_reset(&got);
        read_all(&got, path, file);
        require(str_equal(buf_str(&want), buf_str(&got)));
    }
    buf_clear(&want);
    buf_clear(&got);
    (void)close(fd);
    return 0;
}
