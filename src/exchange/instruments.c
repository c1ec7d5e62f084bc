/* What symbols are, as a file says it. */
#include "exchange/instruments.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/list.h"
#include "record/record.h"
#include "record/types.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void instruments_init(struct instruments *instruments)
{
    *instruments = (struct instruments){.list = NULL};
    names_init(&instruments->symbols);
}

void instruments_clear(struct instruments *instruments)
{
    names_clear(&instruments->symbols);
    free(instruments->list);
    instruments->list = NULL;
}

/* A positive decimal, DEC_NONE when the record does not have it. */
static int take_size(const struct record *record, const char *key, dec *size, struct error *error)
{
    const struct field *field = record_field(record, key);
    *size = DEC_NONE;
    if (field == NULL || field->kind == VALUE_NULL)
        return 0;
    if (field->kind != VALUE_NUMBER || dec_parse(size, field->value.p, field->value.n, error) != 0 || *size <= 0) {
        error_clear(error);
        return error_set(error, EXIT_USAGE, "%s is not a positive decimal", key);
    }
    return 0;
}

static int take_record(struct instruments *instruments, const struct record *record, struct error *error)
{
    struct instrument instrument;
    struct str symbol = {NULL, 0};
    const struct field *field = record_field(record, "symbol");
    if (record->type != RECORD_INSTRUMENT)
        return error_set(error, EXIT_USAGE, "not an instrument record");
    if (field == NULL || field->kind != VALUE_STRING || record_text(record, field, &symbol, error) != 0 ||
        symbol.n == 0 || symbol.n >= SYMBOL_SIZE) {
        error_clear(error);
        return error_set(error, EXIT_USAGE, "it names no symbol");
    }
    if (take_size(record, "tick_size", &instrument.tick_size, error) != 0 ||
        take_size(record, "lot_size", &instrument.lot_size, error) != 0 ||
        take_size(record, "multiplier", &instrument.multiplier, error) != 0)
        return -1;
    const int64_t index = names_add(&instruments->symbols, symbol, error);
    if (index < 0)
        return -1;
    while ((size_t)index >= instruments->capacity)
        if (list_grow(&instruments->list, &instruments->capacity, instruments->capacity, sizeof *instruments->list,
                      error) != 0)
            return -1;
    instruments->list[index] = instrument;
    return 0;
}

static int take_line(struct instruments *instruments, struct record *record, struct str line, struct error *error)
{
    while (line.n > 0 && strchr(" \t\r", line.p[line.n - 1]) != NULL)
        line.n--;
    if (line.n == 0)
        return 0;
    if (record_scan(record, line.p, line.n, error) != 0)
        return -1;
    return record->type == RECORD_END ? 0 : take_record(instruments, record, error);
}

int instruments_read(struct instruments *instruments, const char *path, struct error *error)
{
    struct buf text, scratch;
    struct record *record = calloc(1, sizeof *record);
    if (record == NULL)
        return error_memory(error);
    buf_init(&text, INSTRUMENTS_FILE_MAX);
    buf_init(&scratch, RECORD_LINE_MAX);
    record->scratch = &scratch;
    int result = access(path, F_OK) != 0 ? 0 : file_read_any(path, &text, error);
    struct str rest = buf_str(&text);
    for (int number = 1; result == 0 && rest.n > 0; number++) {
        const char *end = memchr(rest.p, '\n', rest.n);
        const size_t n = end == NULL ? rest.n : (size_t)(end - rest.p);
        result = take_line(instruments, record, (struct str){rest.p, n}, error);
        rest = (struct str){rest.p + n + (end != NULL), rest.n - n - (end != NULL)};
        if (result != 0) {
            error_recode(error, EXIT_USAGE);
            error_prefix(error, "%s:%d", path, number);
        }
    }
    buf_clear(&scratch);
    buf_clear(&text);
    free(record);
    return result;
}

const struct instrument *instruments_find(const struct instruments *instruments, const char *symbol)
{
    const int64_t index = names_find(&instruments->symbols, str_of(symbol));
    return index < 0 ? NULL : &instruments->list[index];
}
